//! Weights of the evidence for names.

use crate::{
    error::{Error, Result},
    evaluate::Gold,
    evidence::{self, Example, Settings, Weights},
    gazetteer::Gazetteer,
    mention::{self, COLUMNS, GIVEN, NAMES},
    model::{Article, EntityType},
    text::{self, Segments},
};

/// Fits the weights of both passes of name tagging; returns the whole weights file.
///
/// # Errors
/// No annotated name in `articles`.
pub fn names(articles: &[Gold], gazetteer: &Gazetteer, settings: Settings) -> Result<String> {
    if articles.iter().all(|a| a.entities.as_ref().is_none_or(Vec::is_empty)) {
        return Err(Error::format("no article has annotated `entities`"));
    }
    let segmented: Vec<Annotated> = articles
        .iter()
        .map(|annotation| {
            let article = Article { id: annotation.id.clone(), text: annotation.text.clone(), ..Article::default() };
            Annotated { segments: text::segment(&article, gazetteer), names: byte_names(annotation) }
        })
        .collect();
    let mut first = Weights::zero(NAMES, COLUMNS);
    evidence::fit(&mut first, &examples(&segmented, gazetteer, None), settings);
    let mut second = first.clone();
    evidence::fit(&mut second, &examples(&segmented, gazetteer, Some(&first)), settings);
    for (reason, column, weight) in GIVEN {
        first.set(reason, column, *weight);
        second.set(reason, column, *weight);
    }
    Ok(format!("pass,evidence,{}\n{}{}", COLUMNS.join(","), first.write("1"), second.write("2")))
}

/// An article with its names as (start, end, label), in bytes.
struct Annotated {
    segments: Segments,
    names: Vec<(usize, usize, usize)>,
}

/// (start, end, label) in bytes.
fn byte_names(annotation: &Gold) -> Vec<(usize, usize, usize)> {
    let mut bytes: Vec<usize> = annotation.text.char_indices().map(|(at, _)| at).collect();
    bytes.push(annotation.text.len());
    let at = |point: usize| bytes.get(point).copied();
    let names = annotation.entities.iter().flatten();
    names.filter_map(|name| Some((at(name.start)?, at(name.end)?, EntityType::parse(&name.kind)?.index()))).collect()
}

fn examples(segmented: &[Annotated], gazetteer: &Gazetteer, first: Option<&Weights>) -> Vec<Example> {
    let mut out = Vec::new();
    for Annotated { segments, names } in segmented {
        for (sentence, lattice) in mention::lattices(segments, gazetteer, first).into_iter().enumerate() {
            let base = segments.sentences[sentence].tokens.start;
            let mut right = Vec::new();
            for (i, choice) in lattice.choices.iter().enumerate() {
                let span = segments.span(base + choice.start as usize..base + choice.end as usize);
                if let Some((_, _, label)) = names.iter().find(|(s, e, _)| *s == span.start && *e == span.end) {
                    right.push((i, *label));
                }
            }
            if !lattice.choices.is_empty() {
                out.push(Example { lattice, right });
            }
        }
    }
    out
}
