//! The sentences of a paragraph as quotations see them: an attribution belongs to what it attributes, and a new sentence
//! behind a closing mark is none of it.

use super::{
    View, clause,
    extent::{any_quoted, has_finite},
    opening::{Open, REACH, opening},
};
use crate::gazetteer::{Flags, Strength};
use std::ops::Range;

/// Most tokens outside marks that a sentence can have.
const LONGEST: usize = 250;

/// The sentences of a paragraph; an attribution behind a closing mark belongs to what it attributes: "Who pays?" Ruiz
/// asked reporters on Monday.
pub(super) fn sentences(view: &View<'_>, number: usize) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for sentence in view.sentences(number) {
        match out.last_mut() {
            Some(last) if view.inside[last.end - 1] > 0 && attributes(view, &sentence, last.end) => {
                last.end = sentence.end;
            }
            _ => match closed(view, &sentence) {
                // "It is over." Ruiz said, twice, that he would go.
                Some(end) => {
                    out.push(sentence.start..end);
                    split_long(view, end..sentence.end, &mut out);
                }
                None => split_long(view, sentence, &mut out),
            },
        }
    }
    out
}

/// The end of the first quoted sentence in a sentence, if a new one follows that does not attribute it.
fn closed(view: &View<'_>, sentence: &Range<usize>) -> Option<usize> {
    if !any_quoted(view, sentence) {
        return None;
    }
    let tokens = &view.segments.tokens;
    let mut at = sentence.start;
    while at < sentence.end {
        let Some(stretch) = view.stretch(at) else {
            at += 1;
            continue;
        };
        let (end, first) = (stretch.end(), at == sentence.start);
        at = end.max(at + 1);
        let last = stretch.inner.end.checked_sub(1).map(|t| &tokens[t]);
        let stopped = stretch.close.is_some() && last.is_some_and(|t| t.is('.') || !first && t.is_stop());
        let goes_on = end + 2 < sentence.end && view.inside[end] == 0 && tokens[end].is_capitalized();
        if !stopped || !goes_on || !has_finite(view, &stretch.inner) {
            continue;
        }
        let rest = end..sentence.end;
        // In mid-sentence only what speaks anew is a sentence of its own: "was asked, "Who pays?" He answered, "I do.""
        if if first { !attributes(view, &rest, end) } else { speaks_anew(view, &rest) } {
            return Some(end);
        }
    }
    None
}

/// Whether a clause with content of its own behind it begins a sentence.
fn speaks_anew(view: &View<'_>, sentence: &Range<usize>) -> bool {
    let near = sentence.start..sentence.end.min(sentence.start + REACH);
    let clauses = clause::find(view, near.clone());
    let first = clauses.first().filter(|c| c.start == sentence.start && !c.inherited && !c.inverted);
    first.is_some_and(|c| opening(view, c, near.end).is_some_and(|o| o.comma || o.kind == Open::That))
}

/// Cuts what no sentence ever is: so many words outside marks without a stop. It keeps the time linear in the text.
fn split_long(view: &View<'_>, sentence: Range<usize>, out: &mut Vec<Range<usize>>) {
    if sentence.len() <= LONGEST {
        out.push(sentence);
        return;
    }
    let (mut start, mut outside) = (sentence.start, 0);
    for t in sentence.clone() {
        outside += usize::from(view.inside[t] == 0);
        if outside > LONGEST {
            out.push(start..t);
            (start, outside) = (t, 0);
        }
    }
    out.push(start..sentence.end);
}

/// Whether a sentence is a clause of a cue and nothing else, so that it speaks of the quotation that ends at `end`.
fn attributes(view: &View<'_>, sentence: &Range<usize>, end: usize) -> bool {
    // Behind a full stop the quotation is often complete: only verbs that always report take it.
    let tokens = &view.segments.tokens;
    let last = end.checked_sub(2).map(|t| &tokens[t]);
    let asked = last.is_some_and(|t| t.is('?') || t.is('!'));
    if view.inside[sentence.start] > 0 || sentence.len() > REACH && !asked {
        return false;
    }
    let near = sentence.start..sentence.end.min(sentence.start + REACH);
    let clauses = clause::find(view, near);
    let Some(clause) = clauses.first().filter(|c| c.start == sentence.start && !c.inherited && !c.according) else {
        return false;
    };
    // "Who pays?" Ruiz asked, repeating a charge - that the mayor had lied - from the debate.
    let aside = asked
        && clause.end + 1 < sentence.end
        && tokens[clause.end].is(',')
        && view.inside[clause.end + 1] == 0
        && view.gazetteer.lexicon.is(&tokens[clause.end + 1], Flags::VERB_ING);
    let least = if asked { Strength::Medium } else { Strength::Strong };
    clause.cue_of(view).strength >= least && !clause.negated && (aside || opening(view, clause, sentence.end).is_none())
}
