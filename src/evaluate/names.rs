//! Scores of names: exact span and type, overlap and type, span alone.

use super::{
    Prf,
    gold::{Gold, Points},
    matching::greedy,
    tables,
};
use crate::{error::Result, model::EntityType};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::Path,
};

/// Hits, false alarms and misses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Right.
    pub hits: u64,
    /// Found, but wrong.
    pub false_alarms: u64,
    /// There, but not found.
    pub misses: u64,
}

impl Counts {
    /// Precision, recall and F1.
    pub fn prf(self) -> Prf {
        Prf::new(self.hits, self.hits + self.false_alarms, self.hits, self.hits + self.misses)
    }
}

/// Counts by type, in the order of [`EntityType::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TypeScores(pub [Counts; EntityType::ALL.len()]);

impl TypeScores {
    /// The sum over all types.
    pub fn all(&self) -> Counts {
        self.0.iter().fold(Counts::default(), |sum, c| Counts {
            hits: sum.hits + c.hits,
            false_alarms: sum.false_alarms + c.false_alarms,
            misses: sum.misses + c.misses,
        })
    }
}

/// Scores of names.
#[derive(Clone, Debug, Default)]
pub struct NameScores {
    /// Number of annotated articles.
    pub articles: u64,
    /// Same span and type.
    pub exact: TypeScores,
    /// Spans that share a character, same type; one to one, largest overlap first.
    pub overlap: TypeScores,
    /// Same span, whatever the type.
    pub span: Counts,
    /// Names found in places that are not scored.
    pub ignored: u64,
    /// What went wrong with exact matching, most frequent first.
    pub errors: Vec<(NameError, u64)>,
}

/// One kind of error.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameError {
    /// Whether a name was missed; otherwise something was taken for one.
    pub missed: bool,
    /// The type: annotated if missed, else found.
    pub kind: EntityType,
    /// The text.
    pub surface: String,
    /// The type that the other side gives to the same span.
    pub other: Option<EntityType>,
}

/// Scores `mentions.csv` in `folder` on the articles of `gold` that have names.
///
/// # Errors
/// A table that cannot be read.
pub fn score_names(gold: &[Gold], folder: &Path) -> Result<NameScores> {
    let found = tables::mentions(folder, gold)?;
    let mut scores = NameScores::default();
    let mut errors = Errors::default();
    for article in gold {
        let Some(entities) = &article.entities else { continue };
        scores.articles += 1;
        let names: Vec<Annotated> = entities
            .iter()
            .filter_map(|name| {
                let kind = entity_type(&name.kind)?;
                let also = name.alt.iter().filter_map(|alt| entity_type(alt));
                Some(Annotated { span: (name.start, name.end), kind, kinds: also.chain([kind]).collect() })
            })
            .collect();
        let mentions: BTreeSet<(Points, Rank)> = found
            .get(&article.id)
            .into_iter()
            .flatten()
            .filter_map(|mention| Some((mention.span, Rank(entity_type(&mention.kind)?))))
            .collect();
        let ignored = |span: Points| {
            article.ignore.iter().any(|range| overlap(span, (range.start, range.end)) > 0)
                && !names.iter().any(|name| overlap(span, name.span) > 0)
        };
        let (skipped, kept): (Vec<_>, Vec<_>) = mentions.into_iter().partition(|(span, _)| ignored(*span));
        scores.ignored += skipped.len() as u64;
        let kept: Vec<(Points, EntityType)> = kept.into_iter().map(|(span, Rank(kind))| (span, kind)).collect();
        exact(&names, &kept, &mut scores.exact, |missed, kind, span, other| {
            errors.add(NameError { missed, kind, surface: slice(&article.text, span), other });
        });
        overlaps(&names, &kept, &mut scores.overlap);
        let (a, b): (HashSet<Points>, HashSet<Points>) =
            (kept.iter().map(|(span, _)| *span).collect(), names.iter().map(|name| name.span).collect());
        scores.span.hits += a.intersection(&b).count() as u64;
        scores.span.false_alarms += a.difference(&b).count() as u64;
        scores.span.misses += b.difference(&a).count() as u64;
    }
    scores.errors = errors.ranked();
    Ok(scores)
}

/// One annotated name.
struct Annotated {
    span: Points,
    kind: EntityType,
    kinds: Vec<EntityType>,
}

/// A type, ordered by the word that the scorers use.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Rank(EntityType);

impl Rank {
    fn word(self) -> &'static str {
        match self.0 {
            EntityType::Person => "PERSON",
            EntityType::Place => "PLACE",
            EntityType::Organization => "ORG",
        }
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.word().cmp(other.word())
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn exact(
    names: &[Annotated],
    kept: &[(Points, EntityType)],
    scores: &mut TypeScores,
    mut error: impl FnMut(bool, EntityType, Points, Option<EntityType>),
) {
    // Where two annotations share a span, the later one counts.
    let by_span: HashMap<Points, &Annotated> = names.iter().map(|name| (name.span, name)).collect();
    let mut hit: HashSet<Points> = HashSet::new();
    for (span, kind) in kept {
        match by_span.get(span) {
            Some(name) if name.kinds.contains(kind) && !hit.contains(span) => {
                scores.0[name.kind.index()].hits += 1;
                hit.insert(*span);
            }
            other => {
                scores.0[kind.index()].false_alarms += 1;
                error(false, *kind, *span, other.map(|name| name.kind));
            }
        }
    }
    for name in names.iter().filter(|name| !hit.contains(&name.span)) {
        scores.0[name.kind.index()].misses += 1;
        let other = kept.iter().find(|(span, _)| *span == name.span).map(|(_, kind)| *kind);
        error(true, name.kind, name.span, other);
    }
}

fn overlaps(names: &[Annotated], kept: &[(Points, EntityType)], scores: &mut TypeScores) {
    let mut candidates = Vec::new();
    for (i, (span, kind)) in kept.iter().enumerate() {
        for (j, name) in names.iter().enumerate() {
            let shared = overlap(*span, name.span);
            if shared > 0 && name.kinds.contains(kind) {
                candidates.push((shared as f64, i, j));
            }
        }
    }
    let (of_kept, of_names) = greedy(candidates, kept.len(), names.len());
    for (matched, (_, kind)) in of_kept.iter().zip(kept) {
        match matched {
            Some(j) => scores.0[names[*j].kind.index()].hits += 1,
            None => scores.0[kind.index()].false_alarms += 1,
        }
    }
    for (_, name) in of_names.iter().zip(names).filter(|(matched, _)| matched.is_none()) {
        scores.0[name.kind.index()].misses += 1;
    }
}

/// How many code points two ranges share.
fn overlap(a: Points, b: Points) -> usize {
    a.1.min(b.1).saturating_sub(a.0.max(b.0))
}

fn slice(text: &str, (start, end): Points) -> String {
    text.chars().skip(start).take(end.saturating_sub(start)).collect()
}

/// The type behind the labels of the usual schemes; `None` for what is not scored.
fn entity_type(label: &str) -> Option<EntityType> {
    let label = label.trim().to_uppercase();
    Some(match label.as_str() {
        "PER" | "PERSON" | "PEOPLE" | "PERS" | "I-PER" | "B-PER" | "HUMAN" | "NAME" => EntityType::Person,
        "LOC" | "LOCATION" | "GPE" | "PLACE" | "PLACES" | "FAC" | "FACILITY" | "CITY" | "COUNTRY"
        | "STATE_OR_PROVINCE" | "REGION" => EntityType::Place,
        "ORG" | "ORGANIZATION" | "ORGANISATION" | "ORGANIZATIONS" | "ORGANISATIONS" | "COMPANY" => {
            EntityType::Organization
        }
        _ => return None,
    })
}

/// Errors with their counts, in order of first sight.
#[derive(Default)]
struct Errors {
    counts: HashMap<NameError, (usize, u64)>,
}

impl Errors {
    fn add(&mut self, error: NameError) {
        let next = self.counts.len();
        self.counts.entry(error).or_insert((next, 0)).1 += 1;
    }

    fn ranked(self) -> Vec<(NameError, u64)> {
        let mut order: Vec<_> = self.counts.into_iter().collect();
        order.sort_by_key(|(_, (first, count))| (std::cmp::Reverse(*count), *first));
        order.into_iter().map(|(error, (_, count))| (error, count)).collect()
    }
}
