//! How a cue opens its content: with a mark, a colon, "that", a bare clause, "to" or an object; addressee, medium and time
//! on the way are stepped over.

use super::{
    View,
    clause::Clause,
    extent::{clause_starts, has_finite, loose_clause, maybe_finite},
    phrase,
};
use crate::{
    gazetteer::{CueKind, Flags, Sense, Strength, That},
    token::{Kind, Shape, Token},
};
use std::ops::Range;

/// Longest way from a cue to its content, in tokens.
pub(super) const REACH: usize = 26;

/// Most tokens of plain words between a cue and the mark that a comma introduces.
const PLAIN_WAY: usize = 8;

/// Least share of the occurrences of a form that are cues for words that may be a clause to be one.
const LOOSE_RATE: f32 = 0.85;

/// How a cue opens its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Quote,
    Colon,
    That,
    Bare,
    To,
    Object,
}

#[derive(Clone, Debug)]
pub(super) struct Opening {
    pub start: usize,
    pub kind: Open,
    pub addressee: Range<usize>,
    /// A comma stands before the mark.
    pub comma: bool,
    /// A preposition of the cue's own opens it: "spoke about the flood".
    pub preposition: bool,
}

/// Where the content after a clause begins.
pub(super) fn opening(view: &View<'_>, clause: &Clause, limit: usize) -> Option<Opening> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let cue = clause.cue_of(view);
    let mut at = clause.end;
    let mut addressee = 0..0;
    let found = |start: usize, kind: Open, addressee: Range<usize>, comma: bool| {
        Some(Opening { start, kind, addressee, comma, preposition: false })
    };
    let mut first = true;
    while at < limit && at - clause.end < REACH {
        let token = &tokens[at];
        let flags = Flags::of(token);
        if view.inside[at] > 0 {
            let comma = at > clause.end && tokens[at - 1].is(',');
            // "said on "The Morning Hour" that": a title on the way.
            let end = view.stretch(at).map_or(at + 1, |s| s.end());
            if !comma && end < limit && at > clause.end && lexicon.is(&tokens[end], Flags::THAT) {
                at = end;
                continue;
            }
            return found(at, Open::Quote, addressee, comma);
        }
        if token.is(':') {
            return if at + 1 < limit { found(at + 1, Open::Colon, addressee, true) } else { None };
        }
        if token.is_stop() || token.is(';') || clause.inverted && flags.contains(Flags::WHO) {
            return None;
        }
        // "argued - naming nobody - that": an aside between dashes, or hyphens that stand for them.
        if phrase::dash(token)
            && let Some(close) = (at + 1..limit.min(at + REACH)).find(|t| phrase::dash(&tokens[*t]))
            && tokens.get(close + 1).is_some_and(|t| lexicon.is(t, Flags::THAT))
            && close + 1 < limit
            && cue.that != That::Never
        {
            return found(close + 1, Open::That, addressee, false);
        }
        if token.is(',') || token.is_dash() {
            if at + 1 < limit && view.inside[at + 1] > 0 {
                return found(at + 1, Open::Quote, addressee, true);
            }
            // "said, in a statement, that ..."
            let close = (at + 1..limit.min(at + 14)).find(|t| tokens[*t].is(',') || view.inside[*t] > 0)?;
            // "Ruiz, who spoke to the paper, said, "Q"", "whom she supported, Ruiz said, "Q"": another cue stands between.
            let finite = Flags::VERB_PAST | Flags::VERB_S;
            let other = |t: &Token, forms: Flags| {
                lexicon.is(t, Flags::CUE) && lexicon.is(t, forms) && !lexicon.is(t, Flags::NOUN | Flags::PREP)
            };
            if other(&tokens[at + 1], finite | Flags::VERB_ING) || other(&tokens[close - 1], finite) {
                return None;
            }
            if view.inside[close] > 0 {
                return None;
            }
            let next = close + 1;
            let that = next < limit && (lexicon.is(&tokens[next], Flags::THAT) || view.inside[next] > 0);
            // "described, in plain words, a set of rules"
            let object = next < limit
                && at == clause.end
                && cue.takes_object
                && tokens[close].is(',')
                && lexicon.is(&tokens[at + 1], Flags::PREP)
                && lexicon.is(&tokens[next], Flags::DET)
                && subjectish(view, clause);
            if !that && object {
                return found(next, Open::Object, addressee, false);
            }
            if !that {
                return None;
            }
            at = next;
            continue;
        }
        if flags.contains(Flags::THAT) && cue.that != That::Never {
            return found(at, Open::That, addressee, false);
        }
        let question = cue.takes_question
            || matches!(
                cue.sense,
                Sense::Ask | Sense::Explain | Sense::Think | Sense::Say | Sense::Inform | Sense::Discuss
            );
        // "told the station when asked": that is when it was told.
        let asked = tokens.get(at + 1).is_some_and(|t| {
            lexicon.is(t, Flags::CUE) && lexicon.is(t, Flags::VERB_PART) && !lexicon.is(t, Flags::NOUN | Flags::ADJ)
        });
        // "told the story of six men who dived": the pronoun belongs to the noun.
        let relative = flags.contains(Flags::WHO) && !addressee.is_empty() && at == addressee.end;
        if flags.contains(Flags::IF) && (asked && at > clause.end || relative) {
            return None;
        }
        let which = flags.contains(Flags::WHICH) && cue.sense == Sense::Ask && at == clause.end.max(addressee.end);
        if (flags.contains(Flags::IF) || which)
            && question
            && (cue.takes_question || cue.sense == Sense::Discuss || cue.that != That::Never)
            && (has_finite(view, &(at + 1..limit.min(at + 14)))
                || maybe_finite(view, &(at + 1..limit.min(at + 14)))
                || at + 1 < limit && clause_starts(view, at + 1, limit))
        {
            return found(at, Open::That, addressee, false);
        }
        if flags.contains(Flags::TO) && cue.takes_to && infinitive(view, at, limit) {
            return found(at, Open::To, addressee, false);
        }
        // "vows to "defend the harbour"".
        let marked = view.stretch(at + 1).filter(|s| flags.contains(Flags::TO) && cue.takes_to && s.start() == at + 1);
        if marked.is_some_and(|s| lexicon.is(&tokens[s.inner.start], Flags::VERB_BASE)) {
            return found(at, Open::To, addressee, false);
        }
        if flags.contains(Flags::NOT) && cue.takes_to && at + 1 < limit && lexicon.is(&tokens[at + 1], Flags::TO) {
            // "asked not to be named": nothing is said of what the article is about.
            if tokens.get(at + 2).is_some_and(|t| lexicon.is(t, Flags::BE)) {
                return None;
            }
            return found(at, Open::To, addressee, false);
        }
        if first
            && cue.takes_addressee
            && !flags.intersects(Flags::DAY | Flags::WHEN | Flags::MONTH)
            && phrase::skip_time(view, at, limit) == at
            && let Some(to) = phrase::after(view, at, limit)
        {
            let clause_follows = !cue.needs_addressee
                && to.end < limit
                && lexicon.is(&tokens[to.end], Flags::AUX | Flags::VERB_PAST | Flags::VERB_S)
                && !lexicon.is(&tokens[to.end], Flags::TO);
            // "urged a new cease-fire": without a clause behind it the phrase is the content itself.
            let marked = |at: usize| view.inside.get(at).is_some_and(|i| *i > 0);
            let ends = to.end < limit && (tokens[to.end].is_stop() || tokens[to.end].is(',') && !marked(to.end + 1));
            let leads = !ends || marked(to.end);
            if !clause_follows && (leads || cue.that == That::Optional) {
                at = to.end;
                addressee = to;
                first = false;
                continue;
            }
        }
        first = false;
        let next = tokens.get(at + 1).filter(|_| at + 1 < limit);
        let owned = next.is_some_and(|t| t.kind == Kind::Possessive);
        // "said much of the plan", "said down-ballot races": no adverb of the verb.
        let amount = flags.intersects(Flags::DET | Flags::PRON | Flags::SO | Flags::NUM);
        let part = next.is_some_and(|t| lexicon.is(t, Flags::OF) && amount || t.is('-') && !t.space_before);
        let small = flags.intersects(Flags::DAY | Flags::WHEN) && !owned
            || flags.contains(Flags::ADV)
                && !part
                && !flags.intersects(Flags::DET | Flags::PRON | Flags::PREP | Flags::NOUN | Flags::NUM);
        if small && !subject_starts(view, at, limit) {
            at += 1;
            continue;
        }
        // "admitted to the paper that he knew": who is told, not what.
        let heard = Some(at).filter(|_| cue.that != That::Never && flags.contains(Flags::TO) && addressee.is_empty());
        let heard = heard.and_then(|at| phrase::after(view, at + 1, limit));
        if let Some(to) = heard.filter(|to| to.end < limit && lexicon.is(&tokens[to.end], Flags::THAT)) {
            at = to.end;
            addressee = to;
            continue;
        }
        let spoken = (clause.end..at).all(|t| lexicon.is(&tokens[t], Flags::ADV | Flags::DAY | Flags::WHEN));
        // "spoke at the town hall on Tuesday about": a place does not hide what only the cue's own preposition can open.
        let topic =
            !flags.intersects(Flags::LOCATIVE | Flags::DIRECTIVE | Flags::FOR | Flags::OF | Flags::WITH | Flags::BY);
        // "Asked about the dam, Ruiz smiled": nobody is named who asked.
        let nobody = cue.sense == Sense::Ask && clause.subject.is_empty();
        if (spoken || at == addressee.end || topic)
            && at + 1 < limit
            && cue.prepositions.iter().any(|p| view.segments.word(at) == *p)
            && (subjectish(view, clause) || cue.kind == CueKind::Noun || nobody)
        {
            return Some(Opening { start: at + 1, kind: Open::Object, addressee, comma: false, preposition: true });
        }
        let after_time = phrase::skip_time(view, at, limit);
        if after_time > at {
            at = after_time;
            continue;
        }
        // "Rick Snyder (R) to resign": a bracket behind the addressee.
        if token.is('(') && at == addressee.end {
            at = (at..limit.min(at + 8)).find(|t| tokens[*t].is(')'))? + 1;
            continue;
        }
        // "said about half of the towns had": a preposition before an amount is none.
        let amount = flags.contains(Flags::ADV)
            && tokens.get(at + 1).is_some_and(|t| t.kind == Kind::Number || lexicon.is(t, Flags::NUM))
            && (clause_starts(view, at + 1, limit) || loose_clause(view, at + 1, limit));
        // "proposed barring all ships"
        let gerund = cue.takes_object && at == clause.end && flags.contains(Flags::VERB_ING);
        if flags.contains(Flags::PREP) && !amount && !gerund && !flags.intersects(Flags::SCONJ | Flags::THAT) {
            let next = after_preposition(view, at, limit);
            if next.is_none() && !clause_starts(view, at, limit) {
                return None;
            }
            if let Some((end, object)) = next {
                if lexicon.is(token, Flags::TO) && (cue.takes_addressee || cue.takes_to_addressee) {
                    addressee = object;
                }
                at = end;
                continue;
            }
        }
        // "laws that the court said were void": the content's subject stands before the clause.
        let lead = clause.subject.start.checked_sub(1).map(|l| &tokens[l]);
        let outer = at == clause.end
            && !clause.inherited
            && clause.subject.end <= clause.cue.start
            && cue.that == That::Optional
            && cue.strength == Strength::Strong
            && lead.is_some_and(|l| lexicon.is(l, Flags::THAT | Flags::WHO | Flags::SO))
            && flags.intersects(Flags::AUX | Flags::VERB_PAST | Flags::VERB_S)
            && token.shape == Shape::Lower;
        if outer {
            return found(at, Open::Bare, addressee, false);
        }
        let infinitive = at + 1 < limit && flags.contains(Flags::TO) && lexicon.is(&tokens[at + 1], Flags::VERB_BASE);
        if infinitive && cue.that == That::Optional {
            return None;
        }
        if let Some(mark) = plain_way(view, at, limit) {
            return found(mark, Open::Quote, addressee, true);
        }
        if circumstance(view, clause, at, limit) {
            return None;
        }
        let sure = cue.sense == Sense::Say || cue.rate_of(clause.form) >= LOOSE_RATE;
        let loose = sure
            && cue.strength == Strength::Strong
            && cue.that == That::Optional
            && loose_clause(view, at + usize::from(amount), limit);
        if (token.is_word() || token.kind == Kind::Number)
            && (loose || clause_starts(view, at, limit))
            && (cue.that == That::Optional || clause.cue_of(view).kind == CueKind::Phrase)
        {
            return found(at, Open::Bare, addressee, false);
        }
        let object = cue.takes_as && !flags.contains(Flags::AS) || cue.takes_object && !flags.intersects(Flags::CCONJ);
        // "ordered him out"
        let particle = !addressee.is_empty() && flags.intersects(Flags::PREP | Flags::ADV);
        if at == clause.end.max(addressee.end) && object && !particle && subjectish(view, clause) {
            return found(at, Open::Object, addressee, false);
        }
        // Other words on the way: a quoted fragment inside the clause still belongs to it.
        let quoted = (at..limit).any(|t| view.inside[t] > 0);
        if quoted
            && token.is_word()
            && cue.strength >= Strength::Medium
            && at - clause.end <= 2
            && cue.that != That::Never
        {
            return found(at, Open::Bare, addressee, false);
        }
        return None;
    }
    None
}

/// Whether a clause begins at `at` that tells when or why something is said: "said as he opened the bridge". With a comma
/// somewhere behind it, it may lead to what is said; and "while" and the like may do so unless a quotation stands before.
fn circumstance(view: &View<'_>, clause: &Clause, at: usize, limit: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let token = &tokens[at];
    // "as many as forty"
    let amount = tokens.get(at + 2).is_some_and(|t| lexicon.is(t, Flags::AS));
    let behind = clause.start.checked_sub(1).is_some_and(|before| view.inside[before] > 0);
    let opens = if behind { Flags::AS | Flags::SCONJ } else { Flags::AS };
    token.shape == Shape::Lower
        && lexicon.is(token, opens)
        && !lexicon.is(token, Flags::THAT | Flags::IF)
        && !amount
        && at + 1 < limit
        && clause_starts(view, at + 1, limit)
        && !(at..limit).any(|t| view.inside[t] == 0 && tokens[t].is(','))
}

/// The mark of a whole sentence that a comma or a colon introduces, behind a few words without a verb: "wrote back, "Q"".
fn plain_way(view: &View<'_>, at: usize, limit: usize) -> Option<usize> {
    let tokens = &view.segments.tokens;
    let mark = (at + 1..limit.min(at + PLAIN_WAY)).find(|t| view.inside[*t] > 0)?;
    let capital = tokens.get(mark + 1).is_some_and(|t| t.is_capitalized() || t.kind == Kind::Single);
    let introduced = tokens[mark - 1].is(',') || tokens[mark - 1].is(':');
    let way = at..mark - 1;
    let plain = way.clone().all(|t| tokens[t].is_word() || tokens[t].kind == Kind::Number);
    (capital && introduced && plain && !has_finite(view, &way) && !maybe_finite(view, &way)).then_some(mark)
}

/// Whether "to" at `at` stands before a verb, with at most two adverbs between ("to at least try").
fn infinitive(view: &View<'_>, at: usize, limit: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let adverb = |t: &usize| lexicon.is(&tokens[*t], Flags::ADV) && !lexicon.is(&tokens[*t], Flags::DET | Flags::NOUN);
    let verb = |t: &usize| lexicon.is(&tokens[*t], Flags::VERB_BASE);
    let mut at = at + 1;
    while at < limit.min(at + 3) && !verb(&at) && adverb(&at) {
        at += 1;
    }
    at < limit && verb(&at)
}

/// Objects are contents only of people and bodies.
pub(super) fn subjectish(view: &View<'_>, clause: &Clause) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let pronoun = view.segments.tokens[clause.subject.clone()].iter().any(|t| lexicon.is(t, Flags::PRON_SUBJECT));
    pronoun || phrase::speaks(view, &clause.subject) || phrase::maybe_name(view, &clause.subject)
}

/// One past a prepositional phrase and its object, if what follows can still lead to content.
fn after_preposition(view: &View<'_>, at: usize, limit: usize) -> Option<(usize, Range<usize>)> {
    let lexicon = &view.gazetteer.lexicon;
    // "on Thursday operating profit rose": the day ends the phrase.
    let next = view.segments.tokens.get(at + 1).filter(|_| at + 1 < limit)?;
    let owner = view.segments.tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Possessive);
    if lexicon.is(next, Flags::DAY | Flags::WHEN | Flags::MONTH) && !owner {
        let number = view.segments.tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Number && at + 2 < limit);
        let end = at + 2 + usize::from(number);
        return Some((end, at + 1..end));
    }
    let object = phrase::after(view, at + 1, limit)?;
    Some((object.end, object))
}

fn subject_starts(view: &View<'_>, at: usize, limit: usize) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    lexicon.is(&view.segments.tokens[at], Flags::DET | Flags::PRON_SUBJECT) && clause_starts(view, at, limit)
}
