//! What differs between two readings of one article: names and quotations that came, went, or mean somebody else.

use crate::{
    model::{Annotated, Entity, Mention, Quotation, Span},
    table::Document,
};
use std::collections::HashMap;

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A row of `mentions.csv`.
    Mentions,
    /// A row of `quotes.csv`.
    Quotes,
}

impl Part {
    /// The name of the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Mentions => "mentions",
            Part::Quotes => "quotes",
        }
    }
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
    /// It takes other words.
    Span,
    /// It is of another type.
    Type,
    /// It means another entity.
    Entity,
    /// The same entity has another name.
    Name,
    /// Somebody else speaks.
    Speaker,
}

impl ChangeKind {
    /// All kinds, in the order of the summary.
    pub const ALL: [ChangeKind; 7] = [
        ChangeKind::Added,
        ChangeKind::Removed,
        ChangeKind::Span,
        ChangeKind::Type,
        ChangeKind::Entity,
        ChangeKind::Name,
        ChangeKind::Speaker,
    ];

    /// The word of the table.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Span => "words",
            ChangeKind::Type => "type",
            ChangeKind::Entity => "entity",
            ChangeKind::Name => "name",
            ChangeKind::Speaker => "speaker",
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its table.
    pub part: Part,
    /// What has changed.
    pub kind: ChangeKind,
    /// The words of the article; of a long quotation the first ones.
    pub surface: String,
    /// Offsets in code points, as in the table.
    pub start: u64,
    /// One past the end.
    pub end: u64,
    /// Who or what it was; empty if it was not there.
    pub old: String,
    /// Who or what it is.
    pub new: String,
}

/// The changes of one article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Its id.
    pub article: String,
    /// In text order, names before quotations.
    pub list: Vec<Change>,
}

/// What differs between two readings of one article. Confidences, roles and media are not compared.
pub fn changes(old: &Annotated, new: &Annotated) -> Changes {
    let mut list = mentions(old, new);
    list.extend(quotations(old, new));
    Changes { article: new.article.id.clone(), list }
}

/// A thing in the text, with what is compared.
struct Thing<'a> {
    span: Span,
    surface: String,
    told: String,
    differs: &'a dyn Fn(usize, usize) -> Option<ChangeKind>,
}

fn mentions(old: &Annotated, new: &Annotated) -> Vec<Change> {
    let differs = |a: usize, b: usize| {
        let (a, b) = (&old.mentions[a], &new.mentions[b]);
        let (x, y) = (old.entities.get(a.entity)?, new.entities.get(b.entity)?);
        differing([
            (a.span != b.span, ChangeKind::Span),
            (a.kind != b.kind, ChangeKind::Type),
            (x.id != y.id, ChangeKind::Entity),
            (x.name != y.name, ChangeKind::Name),
        ])
    };
    let things = |from: &Annotated| -> Vec<Thing<'_>> {
        let thing = |mention: &Mention| Thing {
            span: mention.span,
            surface: shown(mention.span.of(&from.text)),
            told: from.entities.get(mention.entity).map_or_else(String::new, told),
            differs: &differs,
        };
        from.mentions.iter().map(thing).collect()
    };
    compared(Part::Mentions, things(old), things(new), new)
}

fn quotations(old: &Annotated, new: &Annotated) -> Vec<Change> {
    let differs = |a: usize, b: usize| {
        let (x, y) = (&old.quotations[a], &new.quotations[b]);
        let speaker = |from: &Annotated, quotation: &Quotation| {
            let entity = quotation.speaker.entity.and_then(|entity| from.entities.get(entity));
            (entity.map(|entity| entity.id.clone()), quotation.speaker.name.clone())
        };
        differing([(x.parts != y.parts, ChangeKind::Span), (speaker(old, x) != speaker(new, y), ChangeKind::Speaker)])
    };
    let things = |from: &Annotated| -> Vec<Thing<'_>> {
        let thing = |quotation: &Quotation| {
            let words: Vec<&str> = quotation.words.iter().map(|span| span.of(&from.text)).collect();
            let entity = quotation.speaker.entity.and_then(|entity| from.entities.get(entity));
            Thing {
                span: Span::new(quotation.start(), quotation.end()),
                surface: shown(&words.join(" … ")),
                told: entity.map_or_else(|| quotation.speaker.name.clone(), told),
                differs: &differs,
            }
        };
        from.quotations.iter().map(thing).collect()
    };
    compared(Part::Quotes, things(old), things(new), new)
}

/// The first thing that differs.
fn differing<const N: usize>(all: [(bool, ChangeKind); N]) -> Option<ChangeKind> {
    all.into_iter().find(|(differs, _)| *differs).map(|(_, kind)| kind)
}

/// Pairs the things of both readings: those of the same words, then those that share some, in order.
fn compared(part: Part, before: Vec<Thing<'_>>, after: Vec<Thing<'_>>, new: &Annotated) -> Vec<Change> {
    let mut same: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
    for (place, thing) in before.iter().enumerate().rev() {
        same.entry((thing.span.start, thing.span.end)).or_default().push(place);
    }
    let mut partner: Vec<Option<usize>> =
        after.iter().map(|thing| same.get_mut(&(thing.span.start, thing.span.end))?.pop()).collect();
    let mut taken = vec![false; before.len()];
    partner.iter().flatten().for_each(|place| taken[*place] = true);
    // What shares words, both lists being in text order.
    let mut next = 0;
    for (thing, partner) in after.iter().zip(&mut partner).filter(|(_, partner)| partner.is_none()) {
        while next < before.len() && (taken[next] || before[next].span.end <= thing.span.start) {
            next += 1;
        }
        if next < before.len() && before[next].span.overlaps(thing.span) {
            taken[next] = true;
            *partner = Some(next);
        }
    }
    let change = |kind, thing: &Thing<'_>, old: &str, new: &str| {
        let (surface, old, new) = (thing.surface.clone(), old.to_string(), new.to_string());
        (thing.span, Change { part, kind, surface, start: 0, end: 0, old, new })
    };
    let mut all = Vec::new();
    for (place, thing) in after.iter().enumerate() {
        match partner[place] {
            None => all.push(change(ChangeKind::Added, thing, "", &thing.told)),
            Some(was) => {
                if let Some(kind) = (thing.differs)(was, place) {
                    let was = &before[was];
                    let old = if kind == ChangeKind::Span {
                        format!("{}: {}", was.surface, was.told)
                    } else {
                        was.told.clone()
                    };
                    all.push(change(kind, thing, &old, &thing.told));
                }
            }
        }
    }
    for (thing, _) in before.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        all.push(change(ChangeKind::Removed, thing, &thing.told, ""));
    }
    if all.is_empty() {
        return Vec::new();
    }
    all.sort_by_key(|(span, _)| *span);
    // Both readings are of one text.
    let document = Document::new(new, 0.0);
    all.into_iter()
        .map(|(span, change)| {
            let (start, end) = document.code_points(span);
            Change { start, end, ..change }
        })
        .collect()
}

/// The most characters of a surface that are shown.
const SHOWN: usize = 200;

fn shown(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", &words[..cut]),
        None => words,
    }
}

fn told(entity: &Entity) -> String {
    format!("{} ({}, {})", entity.name, entity.kind.as_str(), entity.id)
}
