//! A statement with its speaker as a quotation: spans in bytes, what kind it is, which words it has.

use super::{Link, Scene, medium};
use crate::{
    gazetteer::Flags,
    model::{Quotation, QuotationKind, Span, Statement, Zone},
    token::Kind,
};
use std::ops::Range;

/// The quotation that a statement is.
pub(super) fn quotation(
    scene: &Scene<'_>,
    statement: &Statement,
    link: &Link,
    kind: QuotationKind,
    found: medium::Found<'_>,
    confidence: f32,
) -> Quotation {
    let segments = scene.segments;
    let paragraph = &segments.paragraphs[statement.paragraph];
    let parts: Vec<Span> = statement.parts.iter().map(|p| segments.span(p.clone())).collect();
    let words = statement.parts.iter().map(|p| words(scene, p.clone())).collect();
    let mut inside = Vec::new();
    scene.named.borrow_mut().quotation += 1;
    for part in &statement.parts {
        mentioned(scene, part, &mut inside);
    }
    Quotation {
        parts,
        words,
        kind,
        cue: (!statement.cue.is_empty()).then(|| segments.span(statement.cue.clone())),
        speaker: link.speaker.clone(),
        medium: found.medium.to_string(),
        addressee: found.addressee,
        mentioned: inside,
        method: statement.frame,
        confidence,
        zone: paragraph.part.zone().unwrap_or(Zone::Body),
        paragraph: paragraph.number,
        echo_of: None,
        evidence: Vec::new(),
    }
}

/// Direct if all words stand between marks, mixed if some do.
pub(super) fn kind(scene: &Scene<'_>, statement: &Statement) -> QuotationKind {
    let (mut marked, mut plain) = (false, false);
    for at in statement.parts.iter().flat_map(Clone::clone) {
        let word = matches!(scene.segments.tokens[at].kind, Kind::Word | Kind::Number);
        marked |= word && scene.quoted[at];
        plain |= word && !scene.quoted[at];
    }
    match (marked, plain) {
        (_, false) => QuotationKind::Direct,
        (true, true) => QuotationKind::Mixed,
        (false, true) => QuotationKind::Indirect,
    }
}

/// A part without its outer marks, a leading "that" and a comma at its end.
pub(super) fn words(scene: &Scene<'_>, part: Range<usize>) -> Span {
    let tokens = &scene.segments.tokens;
    let is_mark = |t: usize| matches!(tokens[t].kind, Kind::Double | Kind::Single);
    let (mut start, mut end) = (part.start, part.end);
    if start < end && is_mark(start) && scene.quoted[start..end].iter().all(|q| *q) {
        start += 1;
        if end > start && is_mark(end - 1) {
            end -= 1;
        }
    } else if start < end && scene.quoted[start..end].iter().all(|q| *q) && is_mark(end - 1) {
        end -= 1;
    }
    while start < end && !scene.quoted[start] && scene.gazetteer.lexicon.is(&tokens[start], Flags::THAT) {
        start += 1;
    }
    // "said that, on the whole, it held"
    if start > part.start && start + 1 < end && tokens[start].is(',') {
        start += 1;
    }
    if end > start + 1 && tokens[end - 1].is(',') {
        end -= 1;
    }
    scene.segments.span(start..end)
}

/// In which quotation each entity was named last: `quotation` counts those that were made, and is the number of the last.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    quotation: u32,
    last: Vec<u32>,
}

impl Named {
    pub(super) fn new(entities: usize) -> Named {
        Named { quotation: 0, last: vec![0; entities] }
    }
}

/// Adds the entities named in a part of the quotation made last, each once.
pub(super) fn mentioned(scene: &Scene<'_>, part: &Range<usize>, out: &mut Vec<usize>) {
    let Named { quotation, last } = &mut *scene.named.borrow_mut();
    for mention in &scene.names.mentions[scene.names.within(part.clone())] {
        if std::mem::replace(&mut last[mention.entity], *quotation) != *quotation {
            out.push(mention.entity);
        }
    }
}
