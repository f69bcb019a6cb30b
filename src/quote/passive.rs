//! Passives whose agent is told: "The plan was condemned by Ruiz" says what "Ruiz condemned the plan" does.

use super::{View, clause::Clause, content::statement, ends, extent::content_end, phrase, subject::skip_days};
use crate::{
    gazetteer::Flags,
    model::{Ending, Statement},
};
use std::ops::Range;

/// Least share of the occurrences of a form that are cues for what stands before its passive to be its content.
const UNDERGONE_RATE: f32 = 0.4;

/// "The plan was condemned by Ruiz": the clause of the one behind "by", with what stands before the verb as its content.
pub(super) fn undergone(view: &View<'_>, sentence: &Range<usize>, low: usize, clause: &Clause) -> Option<Clause> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let cue = clause.cue_of(view);
    let at = skip_days(view, clause.cue.end, sentence.end);
    let by = Some(at).filter(|b| *b < sentence.end && lexicon.is(&tokens[*b], Flags::BY))?;
    let subject = phrase::after(view, by + 1, sentence.end).filter(|s| phrase::speaks(view, s))?;
    let object = phrase::before(view, low, clause.start)?;
    let first = &tokens[object.start];
    let pronoun = object.len() == 1 && lexicon.is(first, Flags::PRON) && view.names.mention_at(object.start).is_none();
    if !cue.takes_object || cue.likely(clause.form) < UNDERGONE_RATE || pronoun || object.end > clause.start {
        return None;
    }
    Some(Clause { end: subject.end, subject, object, ..clause.clone() })
}

/// "Q was condemned by S" - and "Q1 was accused by S of Q2".
pub(super) fn passive(view: &View<'_>, sentence: &Range<usize>, clauses: &[Clause], i: usize) -> Statement {
    let clause = &clauses[i];
    let mut parts = vec![clause.object.clone()];
    let mut ending = Ending::default();
    // "was criticized by Brandt for hiding the bills"
    let reason = view.segments.tokens.get(clause.end).filter(|_| clause.end + 1 < sentence.end);
    if reason.is_some_and(|t| view.gazetteer.lexicon.is(t, Flags::FOR | Flags::AS)) {
        let rule = content_end(view, clause.end, sentence, clauses, i, true);
        let open = ends::Open { sentence, clauses, clause: i, start: clause.end, rule, phrase: true };
        let end;
        (end, ending) = ends::choose(view, &open);
        parts.push(clause.end..end);
    }
    let mut found = statement(view, clause, parts, "speaker, verb, object", 0.72);
    found.ending = ending;
    found
}
