//! The last resort for verbs that mostly report: whoever their subject is, the clause behind them is told.

use super::{
    View,
    clause::Clause,
    extent::clause_starts,
    group, phrase,
    subject::{inherit, main_phrase, main_subject},
};
use crate::gazetteer::{CueForm, Flags, That};
use std::ops::Range;

/// Least share of the occurrences of a form that are cues for a clause behind it to be told, whoever speaks.
pub(super) const REPORTING_RATE: f32 = 0.6;

/// The same for a clause with "that".
const REPORTING_THAT: f32 = 0.3;

/// Most tokens of a subject that is no noun phrase: "those around him".
const LONGEST_SUBJECT: usize = 6;

/// A verb that mostly reports, with "that" or a clause right behind it, whose subject the other rules do not find: "those
/// around him there, though few, acknowledge that".
pub(super) fn reported(
    view: &View<'_>,
    sentence: &Range<usize>,
    low: usize,
    mut clause: Clause,
    earlier: &[Clause],
) -> Option<Clause> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let cue = clause.cue_of(view);
    let end = clause.cue.end;
    let next = tokens.get(end).filter(|_| end < sentence.end && view.inside[end] == 0)?;
    let that = cue.that != That::Never
        && end + 1 < sentence.end
        && lexicon.is(next, Flags::THAT)
        && clause_starts(view, end + 1, sentence.end);
    let subject = Flags::PRON_SUBJECT | Flags::DET;
    let named = view.names.mention_at(end).is_some();
    let pronoun =
        cue.that == That::Optional && (lexicon.is(next, subject) || named) && clause_starts(view, end, sentence.end);
    let group = group::group(view, low, clause.cue.start);
    let done = matches!(clause.form, CueForm::Past | CueForm::Participle);
    if cue.likely(clause.form) < if that { REPORTING_THAT } else { REPORTING_RATE }
        || !(that || pronoun)
        || group.infinitive
        || group.be && done
    {
        return None;
    }
    clause.start = group.start;
    if clause.form == CueForm::Gerund && !group.be {
        clause.inherited = true;
        let first = || phrase::after(view, sentence.start, group.start);
        let plain = clause.clone();
        return inherit(view, sentence, clause, earlier).or_else(|| Some(Clause { subject: first()?, ..plain }));
    }
    let last = group.start.checked_sub(1).filter(|l| *l > sentence.start && view.inside[*l] == 0)?;
    // "Those around him, though few, acknowledge": what stands between commas is no part of the subject.
    let nearest = if tokens[last].is_word() {
        last..group.start
    } else {
        let opening = (sentence.start..last).rev().find(|t| tokens[*t].is(',')).filter(|_| tokens[last].is(','))?;
        Some(low.max(sentence.start)..opening).filter(|subject| (1..=LONGEST_SUBJECT).contains(&subject.len()))?
    };
    let subject = phrase::before(view, sentence.start, group.start)
        .or_else(|| main_phrase(view, sentence.start, group.start))
        .or_else(|| main_subject(view, sentence.start, group.start, false))
        .unwrap_or(nearest);
    clause.start = subject.start;
    clause.subject = subject;
    Some(clause)
}
