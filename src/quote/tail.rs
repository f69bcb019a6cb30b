//! What stands behind the object of a cue and is no part of it: when, where and through what it was said.

use super::{View, phrase};
use crate::{
    gazetteer::Flags,
    token::{Kind, Shape},
};

/// Most tokens of an object that "by" and a gerund follow.
const SHORT: usize = 5;

/// The end of an object without the time, the medium and the asides behind it: "condemned the raid / on Friday / in a
/// speech, calling it a shame".
pub(super) fn object_end(view: &View<'_>, start: usize, end: usize) -> usize {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let outside = |t: &usize| view.inside[*t] == 0;
    // More of the object stands behind a time that a clause, "for" or a mark follows: "praised Brandt on Friday for".
    let last = (start..end).rev().find(|t| !plain(view, *t)).map_or(start, |t| t + 1);
    let time = (last.max(start + 1)..end).find(|t| circumstance(view, *t, end));
    // "attacked Brandt by reminding voters"
    let means = |t: &usize| {
        let gerund = tokens.get(*t + 1).is_some_and(|t| lexicon.is(t, Flags::VERB_ING));
        *t + 1 < end && lexicon.is(&tokens[*t], Flags::BY) && gerund
    };
    let means = (start + 1..end.min(start + SHORT)).filter(outside).find(means);
    let listed = |cut: usize| (start..cut).any(|t| lexicon.is(&tokens[t], Flags::VERB_ING));
    let quoted = |cut: usize| (cut..end).any(|t| view.inside[t] > 0);
    let aside = (start + 1..end).filter(outside).find(|t| aside(view, *t, end)).filter(|t| !listed(*t) && !quoted(*t));
    time.into_iter()
        .chain(aside)
        .chain(means)
        .min()
        .filter(|cut| (start..*cut).any(|t| tokens[t].is_word()))
        .unwrap_or(end)
}

/// Whether a token can stand in a time or a medium: outside marks, no conjunction, no "for" or "of", no finite verb.
fn plain(view: &View<'_>, at: usize) -> bool {
    let token = &view.segments.tokens[at];
    let flags = Flags::of(token);
    let clause = Flags::THAT | Flags::WHO | Flags::FOR | Flags::AUX | Flags::CCONJ | Flags::VERB_ING;
    let verb = flags.intersects(Flags::VERB_PAST) && !flags.intersects(Flags::NOUN | Flags::ADJ | Flags::PREP);
    // "in Hartford, Conn."
    let named = view.segments.tokens.get(at + 1).is_some_and(|t| t.is_capitalized() || t.kind == Kind::Number);
    let comma = token.is(',') && !named;
    let small = flags.contains(Flags::DET) && flags.intersects(Flags::THAT);
    view.inside[at] == 0 && (!flags.intersects(clause) || small || flags.contains(Flags::NOUN)) && !verb && !comma
}

/// Whether a time or a medium begins at `at`.
pub(super) fn circumstance(view: &View<'_>, at: usize, end: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let day = |t: usize| {
        let owned = tokens.get(t + 1).is_some_and(|next| next.kind == Kind::Possessive);
        t < end && lexicon.is(&tokens[t], Flags::DAY | Flags::MONTH) && tokens[t].is_capitalized() && !owned
    };
    let year = |t: usize| {
        let next = tokens.get(t + 1);
        t < end
            && tokens[t].kind == Kind::Number
            && view.segments.word(t).len() == 4
            && (t + 1 >= end || next.is_none_or(|n| !n.is_word() && n.kind != Kind::Possessive))
    };
    let preposition = lexicon.is(&tokens[at], Flags::PREP) && !lexicon.is(&tokens[at], Flags::OF);
    let time = |t: usize| phrase::skip_time(view, t, end) > t;
    if lexicon.is(&tokens[at - 1], Flags::PREP | Flags::DET) {
        return false;
    }
    if day(at) || time(at) {
        return true;
    }
    if !preposition {
        return false;
    }
    let medium = || lexicon.medium_at(&tokens[at..end]).is_some_and(|(length, _)| length > 1);
    day(at + 1) || year(at + 1) || at + 1 < end && time(at + 1) || medium()
}

/// Whether a comma at `at` ends the object: the writer goes on with "calling it", "who", or the speaker's next deed.
fn aside(view: &View<'_>, at: usize, end: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let Some(next) = tokens.get(at + 1).filter(|_| tokens[at].is(',') && at + 1 < end) else { return false };
    // ", with whom he had dined", ", an idea that others share"
    let whom =
        lexicon.is(next, Flags::PREP) && tokens.get(at + 2).is_some_and(|t| lexicon.is(t, Flags::WHO | Flags::IF));
    // ", even though it was late"
    let small = usize::from(lexicon.is(next, Flags::ADV) && !lexicon.is(next, Flags::SCONJ));
    let though = tokens.get(at + 1 + small).is_some_and(|t| lexicon.is(t, Flags::BUT) && lexicon.is(t, Flags::SCONJ));
    let called = lexicon.is(next, Flags::INDEFINITE)
        && (at + 3..end.min(at + 6)).any(|t| lexicon.is(&tokens[t], Flags::THAT | Flags::WHO))
        && (at + 2..end).any(|t| lexicon.is(&tokens[t], Flags::AUX | Flags::VERB_PAST | Flags::VERB_S));
    if whom || called || though {
        return true;
    }
    let gerund = lexicon.is(next, Flags::VERB_ING) && !lexicon.is(next, Flags::PREP | Flags::NOUN | Flags::ADJ);
    gerund && next.shape == Shape::Lower
}
