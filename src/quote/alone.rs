//! Quotations that fill a paragraph and whose speaker stands in another line or behind a dash: "From Doris Hatch:" above
//! it, "— Commissioner Brandner" behind it.

use super::{
    View,
    clause::{self, Clause},
    opening::{REACH, opening},
    phrase,
};
use crate::{
    gazetteer::{Flags, Strength},
    model::{Ending, EntityType, Statement},
};
use std::ops::Range;

/// Most tokens of a name with its role behind a dash.
const SIGNATURE: usize = 12;

/// The statement that a paragraph of nothing but a quotation is, if the line above or its own end tells who speaks.
pub(super) fn find(view: &View<'_>, number: usize) -> Option<Statement> {
    let tokens = &view.segments.tokens;
    let range = view.segments.paragraphs[number].tokens.clone();
    let first = view.stretch(range.start).filter(|s| s.start() == range.start && !s.continues)?;
    let rest = first.end()..range.end;
    if (rest.clone()).all(|t| view.inside[t] > 0 || !tokens[t].is_word()) {
        let from = view.stretches.partition_point(|s| s.start() < range.start);
        let parts = view.stretches[from..].iter().take_while(|s| s.start() < range.end);
        let parts: Vec<_> = parts.map(|s| s.start()..s.end()).collect();
        return above(view, number, parts);
    }
    let dash = rest.start;
    let signed = tokens[dash].is_dash() || tokens[dash].is('-') && tokens[dash].space_before;
    let subject = dash + 1..range.end;
    let short = !subject.is_empty() && subject.len() <= SIGNATURE;
    let plain = subject.clone().all(|t| view.inside[t] == 0 && !tokens[t].is_stop() && !tokens[t].is_dash());
    let names = &view.names.mentions[view.names.within(subject.clone())];
    let person = names.iter().any(|m| m.kind == EntityType::Person);
    let verb = || clause::find(view, subject.clone());
    if !(signed && short && plain && person && verb().is_empty()) {
        return None;
    }
    let end = (subject.clone()).find(|t| tokens[*t].is(',')).unwrap_or(subject.end);
    Some(alone(first.start()..first.end(), subject.start..end, dash..dash + 1, number, "signed quote", 0.85))
}

/// The line above ends with a colon: a clause with a cue ("Brandt wrote:") or a name ("From Doris Hatch:").
fn above(view: &View<'_>, number: usize, parts: Vec<Range<usize>>) -> Option<Statement> {
    let before = number.checked_sub(1)?;
    let paragraph = &view.segments.paragraphs[before];
    if paragraph.part != view.segments.paragraphs[number].part {
        return None;
    }
    let sentence = &view.segments.sentences[paragraph.sentences.clone()].last()?.tokens;
    let colon = sentence.end.checked_sub(1).filter(|c| *c > sentence.start)?;
    if !view.segments.tokens[colon].is(':') || view.inside[colon] > 0 {
        return None;
    }
    let last = parts.first()?.start..parts.last()?.end;
    let reports =
        |c: &Clause| c.cue_of(view).strength >= Strength::Medium && !c.according && opening(view, c, colon).is_none();
    let near = colon.saturating_sub(REACH).max(sentence.start);
    let found = clause::find(view, sentence.clone()).into_iter().rfind(|c| c.cue.start >= near && reports(c));
    let mut statement = match found {
        // "What readers say:" is a heading.
        Some(clause) if view.gazetteer.lexicon.is(&view.segments.tokens[clause.start], Flags::WH) => return None,
        Some(clause) if !clause.subject.is_empty() => {
            let mut found = alone(last, clause.subject.clone(), clause.cue.clone(), number, "quote below", 0.9);
            found.cue_number = Some(clause.number);
            found
        }
        _ => {
            let subject = phrase::before(view, sentence.start, colon)?;
            let names = &view.names.mentions[view.names.within(subject.clone())];
            let person = names.iter().any(|m| m.kind == EntityType::Person);
            let short = colon - sentence.start <= SIGNATURE && subject.end == colon;
            if !(person && short) {
                return None;
            }
            alone(last, subject, colon..colon + 1, number, "quote below", 0.8)
        }
    };
    statement.parts = parts;
    Some(statement)
}

fn alone(
    part: Range<usize>,
    subject: Range<usize>,
    cue: Range<usize>,
    paragraph: usize,
    frame: &'static str,
    confidence: f32,
) -> Statement {
    Statement {
        parts: vec![part],
        clause: subject.start.min(cue.start)..subject.end.max(cue.end),
        cue,
        cue_number: None,
        cue_rate: -1.0,
        subject,
        addressee: 0..0,
        frame,
        confidence,
        paragraph,
        floating: false,
        ending: Ending::default(),
    }
}
