//! Weights of the evidence for names.

use super::renamed::Names;
use crate::{
    error::{Error, Result},
    evaluate::Gold,
    evidence::Choice,
    evidence::{self, Example, Settings, Weights},
    gazetteer::Flags,
    gazetteer::Gazetteer,
    mention::{self, COLUMNS, GIVEN},
    model::{Article, EntityType},
    text::{self, Segments},
};

/// Copies of each article with other names. More of them make the weights depend less on which names chance gave.
const COPIES: u64 = 2;
/// What a copy counts, beside an article as it is.
const COPY: f32 = 0.5;

/// Fits the weights of both passes of name tagging; returns the whole weights file.
///
/// # Errors
/// No annotated name in `articles`.
pub fn names(articles: &[Gold], gazetteer: &Gazetteer, settings: Settings) -> Result<String> {
    if articles.iter().all(|a| a.entities.as_ref().is_none_or(Vec::is_empty)) {
        return Err(Error::format("no article has annotated `entities`"));
    }
    let names = &Names::new(gazetteer);
    let copies: Vec<Gold> =
        (0..COPIES).flat_map(|copy| articles.iter().filter_map(move |a| names.rename(a, copy))).collect();
    let segmented: Vec<Annotated> = articles
        .iter()
        .chain(&copies)
        .enumerate()
        .map(|(i, annotation)| {
            let article = Article { id: annotation.id.clone(), text: annotation.text.clone(), ..Article::default() };
            Annotated {
                segments: text::segment(&article, gazetteer),
                names: byte_names(annotation),
                weight: if i < articles.len() { 1.0 } else { COPY },
            }
        })
        .collect();
    let settings = Settings { plain: mention::plain(), ..settings };
    let mut first = Weights::zero(mention::names(), COLUMNS);
    evidence::fit(&mut first, &examples(&segmented, gazetteer, &[]), settings);
    let mut second = first.clone();
    evidence::fit(&mut second, &examples(&segmented, gazetteer, &[&first]), settings);
    let recalled = examples(&segmented, gazetteer, &[&first, &second]);
    evidence::fit(&mut second, &recalled, settings);
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
    weight: f32,
}

/// (start, end, label) in bytes.
fn byte_names(annotation: &Gold) -> Vec<(usize, usize, usize)> {
    let mut bytes: Vec<usize> = annotation.text.char_indices().map(|(at, _)| at).collect();
    bytes.push(annotation.text.len());
    let at = |point: usize| bytes.get(point).copied();
    let names = annotation.entities.iter().flatten();
    names.filter_map(|name| Some((at(name.start)?, at(name.end)?, EntityType::parse(&name.kind)?.index()))).collect()
}

/// Whether an annotated organization follows a demonym directly. Some corpora cut the demonym off ("European" | "Union"), since they
/// annotate it as a name of its own; here the longest name counts, so that such sentences would teach the wrong thing.
fn cut(choice: &Choice, label: usize, base: usize, segments: &Segments, gazetteer: &Gazetteer) -> bool {
    let demonym = Flags::DEMONYM | Flags::DEMONYM_ADJ;
    let before = (base + choice.start as usize).checked_sub(1).map(|at| &segments.tokens[at]);
    label == EntityType::Organization.index()
        && choice.end - choice.start > 1
        && before.is_some_and(|token| gazetteer.lexicon.is(token, demonym))
}

fn examples(segmented: &[Annotated], gazetteer: &Gazetteer, passes: &[&Weights]) -> Vec<Example> {
    let mut out = Vec::new();
    for Annotated { segments, names, weight } in segmented {
        for (sentence, lattice) in mention::lattices(segments, gazetteer, passes).into_iter().enumerate() {
            let base = segments.sentences[sentence].tokens.start;
            let mut right = Vec::new();
            for (i, choice) in lattice.choices.iter().enumerate() {
                let span = segments.span(base + choice.start as usize..base + choice.end as usize);
                if let Some((_, _, label)) = names.iter().find(|(s, e, _)| *s == span.start && *e == span.end) {
                    right.push((i, *label));
                }
            }
            if !lattice.choices.is_empty()
                && !right.iter().any(|(i, label)| cut(&lattice.choices[*i], *label, base, segments, gazetteer))
            {
                out.push(Example { lattice, right, weight: *weight });
            }
        }
    }
    out
}
