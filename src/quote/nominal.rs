//! Nouns for what somebody said: "Ruiz's claim that", "a warning by the port that", "Ruiz made a call for".

use super::{View, clause::Clause, group::group, phrase, subject::inherit};
use crate::{
    gazetteer::{CueForm, Flags, That},
    token::{Kind, Shape},
};
use std::ops::Range;

/// The clause that a noun opens, with its owner before it, its author behind "by", or who made or issued it.
pub(super) fn nominal(
    view: &View<'_>,
    sentence: &Range<usize>,
    low: usize,
    mut clause: Clause,
    earlier: &[Clause],
) -> Option<Clause> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let at = clause.cue.end;
    let behind = opens(view, &clause, at, sentence.end);
    if !behind {
        // "a warning by the port that"
        let by = Some(at).filter(|b| *b < sentence.end && lexicon.is(&tokens[*b], Flags::BY))?;
        let author = phrase::after(view, by + 1, sentence.end).filter(|s| phrase::speaks(view, s))?;
        if !opens(view, &clause, author.end, sentence.end) {
            return None;
        }
        clause.end = author.end;
        clause.subject = author;
        return Some(clause);
    }
    let adjective =
        |t: usize| lexicon.is(&tokens[t], Flags::ADJ | Flags::ADV) && !lexicon.is(&tokens[t], Flags::DET | Flags::PRON);
    let mut start = clause.cue.start;
    while start > low && start + 3 > clause.cue.start && adjective(start - 1) {
        start -= 1;
    }
    let owner = start.checked_sub(1).filter(|o| *o >= low && view.inside[*o] == 0)?;
    let pronoun = lexicon.is(&tokens[owner], Flags::PRON) && lexicon.is(&tokens[owner], Flags::DET);
    let indefinite = lexicon.is(&tokens[owner], Flags::INDEFINITE | Flags::NEG);
    if indefinite {
        return made(view, sentence, owner, clause, earlier);
    }
    let whose = lexicon.is(&tokens[owner], Flags::WHO | Flags::PRON_SPEECH);
    let own = pronoun && !whose && lexicon.is(&tokens[owner], Flags::HE | Flags::SHE | Flags::IT | Flags::THEY);
    clause.subject = if own {
        owner..owner + 1
    } else if tokens[owner].kind == Kind::Possessive {
        phrase::before(view, low, owner).filter(|s| phrase::speaks(view, s))?
    } else {
        return None;
    };
    clause.start = clause.subject.start;
    Some(clause)
}

/// Whether content begins at `at`, behind the noun: with "that", an infinitive or a preposition of the noun's own.
fn opens(view: &View<'_>, clause: &Clause, at: usize, limit: usize) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let cue = clause.cue_of(view);
    let Some(token) = view.segments.tokens.get(at).filter(|_| at < limit && view.inside[at] == 0) else { return false };
    let verb = view.segments.tokens.get(at + 1).is_some_and(|t| lexicon.is(t, Flags::VERB_BASE));
    lexicon.is(token, Flags::THAT) && cue.that != That::Never
        || cue.takes_to && lexicon.is(token, Flags::TO) && verb
        || cue.prepositions.iter().any(|p| view.segments.word(at) == *p)
}

/// "Ruiz made an urgent call for": the subject of the verb before the article at `article`.
fn made(
    view: &View<'_>,
    sentence: &Range<usize>,
    article: usize,
    mut clause: Clause,
    earlier: &[Clause],
) -> Option<Clause> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let verb = article.checked_sub(1).filter(|v| *v > sentence.start && view.inside[*v] == 0)?;
    let acts = lexicon.is(&tokens[verb], Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_ING)
        && !lexicon.is(&tokens[verb], Flags::BE | Flags::PREP)
        && tokens[verb].shape == Shape::Lower;
    if !acts {
        return None;
    }
    let start = group(view, sentence.start, verb).start;
    let subject = phrase::before(view, sentence.start, start)
        .filter(|s| phrase::speaks(view, s) && !lexicon.is(&tokens[verb], Flags::VERB_ING));
    if let Some(subject) = subject {
        clause.start = subject.start;
        clause.subject = subject;
        return Some(clause);
    }
    clause.form = CueForm::Past;
    clause.inherited = true;
    inherit(view, sentence, clause, earlier)
}
