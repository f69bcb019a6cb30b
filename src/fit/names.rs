//! Weights of the evidence for names.

use super::renamed::Names;
use crate::{
    error::{Error, Result},
    evaluate::Gold,
    evidence::Choice,
    evidence::{self, Example, Settings, Weights},
    gazetteer::Flags,
    gazetteer::Gazetteer,
    mention::{self, Ablation, COLUMNS, GIVEN},
    model::{Article, EntityType},
    text::{self, Segments},
};

/// Copies of each article with other names. More of them make the weights depend less on which names chance gave.
const COPIES: u64 = 2;
/// What a copy counts, beside an article as it is.
const COPY: f32 = 0.5;
/// A weight that no evidence makes up for.
const NEVER: f32 = -30.0;

/// Fits the weights of both passes of name tagging, some parts of the evidence left out; returns the whole weights file.
///
/// # Errors
/// No annotated name in `articles`.
pub fn names(articles: &[Gold], gazetteer: &Gazetteer, settings: Settings, without: &[Ablation]) -> Result<String> {
    if articles.iter().all(|a| a.entities.as_ref().is_none_or(Vec::is_empty)) {
        return Err(Error::format("no article has annotated `entities`"));
    }
    let names = Names::new(gazetteer);
    let mut segmented: Vec<Annotated> = Vec::new();
    for (number, article) in articles.iter().enumerate() {
        segmented.push(Annotated::new(article, gazetteer, number, 1.0));
    }
    for (number, article) in articles.iter().enumerate() {
        let number_of_copies = if without.contains(&Ablation::Copies) { 0 } else { COPIES };
        let copies = (0..number_of_copies).filter_map(|copy| names.rename(article, copy));
        segmented.extend(copies.map(|copy| Annotated::new(&copy, gazetteer, number, COPY)));
    }
    let settings = Settings { plain: mention::plain(), ..settings };
    let held = left_out(without);
    let temperature = temperature(&segmented, gazetteer, &held, settings);
    let (mut first, second) = fit(&segmented, gazetteer, &held, settings);
    let mut second = second.cooled(temperature);
    for (reason, column, weight) in GIVEN {
        first.set(reason, column, *weight);
        second.set(reason, column, *weight);
    }
    if without.contains(&Ablation::Patterns) {
        for column in COLUMNS {
            first.set("in no gazetteer", column, NEVER);
            second.set("in no gazetteer", column, NEVER);
        }
    }
    if without.contains(&Ablation::Weights) {
        (first, second) = (first.signs(), second.signs());
    }
    Ok(format!("pass,evidence,{}\n{}{}", COLUMNS.join(","), first.write("1"), second.write("2")))
}

/// The cells of the weights that stay zero.
fn left_out(without: &[Ablation]) -> Vec<usize> {
    let cells = 0..mention::names().len() * COLUMNS.len();
    cells.filter(|cell| without.iter().any(|part| part.leaves_out(cell / COLUMNS.len()))).collect()
}

/// The weights of both passes.
fn fit(segmented: &[Annotated], gazetteer: &Gazetteer, held: &[usize], settings: Settings) -> (Weights, Weights) {
    let mut first = Weights::zero(mention::names(), COLUMNS);
    evidence::fit(&mut first, &examples(segmented, gazetteer, &[]), held, settings);
    let mut second = first.clone();
    evidence::fit(&mut second, &examples(segmented, gazetteer, &[&first]), held, settings);
    let recalled = examples(segmented, gazetteer, &[&first, &second]);
    evidence::fit(&mut second, &recalled, held, settings);
    (first, second)
}

/// How far weights fitted on articles are too sure of others: the temperature at which those fitted on four fifths of the
/// articles (and their copies) explain the last fifth best.
fn temperature(segmented: &[Annotated], gazetteer: &Gazetteer, held: &[usize], settings: Settings) -> f32 {
    let (unseen, seen): (Vec<&Annotated>, Vec<&Annotated>) = segmented.iter().partition(|a| a.article % 5 == 0);
    let unseen: Vec<Annotated> = unseen.into_iter().filter(|a| a.weight == 1.0).cloned().collect();
    let seen: Vec<Annotated> = seen.into_iter().cloned().collect();
    if seen.is_empty() || unseen.is_empty() {
        return 1.0;
    }
    let (first, second) = fit(&seen, gazetteer, held, settings);
    let unseen = examples(&unseen, gazetteer, &[&first, &second]);
    let tried = (20..=50).map(|t| t as f32 / 20.0).map(|t| (t, evidence::loss(&second.cooled(t), &unseen)));
    tried.fold((1.0, f32::INFINITY), |best, this| if this.1 < best.1 { this } else { best }).0
}

/// An article with its names as (start, end, label), in bytes.
#[derive(Clone)]
struct Annotated {
    segments: Segments,
    names: Vec<(usize, usize, usize)>,
    /// The number of the article, which its copies share.
    article: usize,
    weight: f32,
}

impl Annotated {
    fn new(gold: &Gold, gazetteer: &Gazetteer, article: usize, weight: f32) -> Self {
        let text = Article { id: gold.id.clone(), text: gold.text.clone(), ..Article::default() };
        Annotated { segments: text::segment(&text, gazetteer), names: byte_names(gold), article, weight }
    }
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
/// annotate it as a name of its own; here the longest name counts, so that such sentences would teach the wrong thing. A
/// single word stays, unless a gazetteer knows it with its demonym: "Cuban | Government" is what most would say.
fn cut(choice: &Choice, label: usize, base: usize, segments: &Segments, gazetteer: &Gazetteer) -> bool {
    let demonym = Flags::DEMONYM | Flags::DEMONYM_ADJ;
    let (start, end) = (base + choice.start as usize, base + choice.end as usize);
    let follows = |at: usize| at.checked_sub(1).is_some_and(|p| gazetteer.lexicon.is(&segments.tokens[p], demonym));
    if label != EntityType::Organization.index() || !follows(start) {
        return false;
    }
    let known = |from: usize| !gazetteer.forms(&segments.tokens[from..end]).is_empty();
    end - start > 1 || known(start - 1) || follows(start - 1) && known(start - 2)
}

fn examples(segmented: &[Annotated], gazetteer: &Gazetteer, passes: &[&Weights]) -> Vec<Example> {
    let mut out = Vec::new();
    for Annotated { segments, names, weight, .. } in segmented {
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
