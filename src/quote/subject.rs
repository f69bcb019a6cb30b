//! Whose words they are where no noun phrase stands right before the cue: the subject of the clause before, the one that
//! the sentence begins with, or the one behind the comma.

use super::{View, clause::Clause, phrase};
use crate::{
    gazetteer::{CueForm, Flags, PhraseKind, That},
    model::EntityType,
    token::{Kind, Shape},
};
use std::ops::Range;

/// Takes the subject of the clause before, else the subject that the sentence begins with.
pub(super) fn inherit(
    view: &View<'_>,
    sentence: &Range<usize>,
    mut clause: Clause,
    earlier: &[Clause],
) -> Option<Clause> {
    let open = |c: &&Clause| !c.subject.is_empty() && !c.according;
    let finite = clause.form != CueForm::Gerund;
    let own = |c: &&Clause| open(c) && !dependent(view, c, earlier, finite);
    if let Some(last) = earlier.iter().rev().find(own) {
        // "When Brandt said that it was late, Okafor left, warning that": the clause behind the comma is the main one.
        let led = last.start <= sentence.start + 1 && last.start > sentence.start && introduces(view, sentence.start);
        let main = if led { main_subject(view, last.end, clause.start, true) } else { None };
        clause.subject = main.unwrap_or_else(|| last.subject.clone());
        return Some(clause);
    }
    if let Some(last) = earlier.iter().rev().find(open) {
        clause.subject =
            main_subject(view, sentence.start, clause.start, false).unwrap_or_else(|| last.subject.clone());
        return Some(clause);
    }
    let subject = main_subject(view, sentence.start, clause.start, false).or_else(|| behind(view, sentence, &clause));
    // "Salas, citing the figures, said": the name right before the comma.
    let aside = || {
        let comma = clause.start.checked_sub(1).filter(|c| *c > sentence.start && view.segments.tokens[*c].is(','))?;
        phrase::before(view, sentence.start, comma)
            .filter(|s| clause.form == CueForm::Gerund && phrase::speaks(view, s))
    };
    clause.subject = subject.or_else(aside)?;
    Some(clause)
}

/// Whether a clause stands inside another: "the bill that bars it", "asked why Brandt spoke", "about Brandt vowing to go";
/// what follows the sentence goes on with the subject of the outer one.
fn dependent(view: &View<'_>, inner: &Clause, clauses: &[Clause], finite: bool) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    if inner.inherited || inner.inverted {
        return false;
    }
    let end = inner.subject.end;
    let next = end + usize::from(tokens.get(end).is_some_and(|t| t.is(',')));
    let relative = next < inner.cue.start && lexicon.is(&tokens[next], Flags::WHO | Flags::THAT);
    let gerund = finite && inner.form == CueForm::Gerund;
    let led =
        inner.start.checked_sub(1).is_some_and(|b| lexicon.is(&tokens[b], Flags::THAT | Flags::SCONJ | Flags::WH));
    let outer = clauses.iter().any(|c| !c.subject.is_empty() && !c.according && c.cue.end <= inner.start);
    relative || gerund || led && outer
}

/// Whether the first word of a sentence begins a phrase or clause before its main clause.
fn introduces(view: &View<'_>, start: usize) -> bool {
    let token = &view.segments.tokens[start];
    view.gazetteer.lexicon.is(token, Flags::PREP | Flags::SCONJ) && view.names.mention_at(start).is_none()
}

/// The subject behind the comma that closes a clause at the beginning: "After saying that A, Ruiz left."
fn behind(view: &View<'_>, sentence: &Range<usize>, clause: &Clause) -> Option<Range<usize>> {
    let tokens = &view.segments.tokens;
    if clause.form != CueForm::Gerund || clause.cue.start > sentence.start + 2 {
        return None;
    }
    let verb = Flags::AUX | Flags::VERB_PAST | Flags::VERB_S | Flags::ADV;
    let mut commas = (clause.cue.end..sentence.end).filter(|t| tokens[*t].is(',') || view.inside[*t] > 0).take(4);
    commas.find_map(|comma| {
        let subject = phrase::after(view, comma + 1, sentence.end).filter(|s| phrase::speaks(view, s))?;
        let next = tokens.get(subject.end).filter(|_| subject.end < sentence.end)?;
        view.gazetteer.lexicon.is(next, verb).then_some(subject)
    })
}

/// The noun phrase that a sentence begins with, if it can speak.
pub(super) fn main_phrase(view: &View<'_>, start: usize, limit: usize) -> Option<Range<usize>> {
    let lexicon = &view.gazetteer.lexicon;
    let small = |t: &usize| lexicon.is(&view.segments.tokens[*t], Flags::CCONJ | Flags::ADV) && *t < start + 2;
    let first = (start..limit).find(|t| !small(t))?;
    if lexicon.is(&view.segments.tokens[first], Flags::PREP | Flags::SCONJ) {
        return None;
    }
    phrase::after(view, first, limit).map(|s| without_verb(view, s)).filter(|s| phrase::speaks(view, s))
}

/// A phrase without a verb at its end that an object follows: "the bank left its rate", "the court overruled them".
fn without_verb(view: &View<'_>, phrase: Range<usize>) -> Range<usize> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let last = phrase.end - 1;
    let verb = Flags::VERB_PAST | Flags::VERB_PART;
    let flags = Flags::of(&tokens[last]);
    let may = flags.is_empty() || flags.intersects(verb) && !flags.intersects(Flags::NOUN | Flags::ROLE);
    let object =
        tokens.get(phrase.end).is_some_and(|t| lexicon.is(t, Flags::DET | Flags::PRON | Flags::PREP) && t.is_word());
    let plain = tokens[last].is_word() && tokens[last].shape == Shape::Lower && view.names.mention_at(last).is_none();
    if may && object && plain && phrase.len() > 1 { phrase.start..last } else { phrase }
}

/// The subject that a sentence begins with: the first name or noun phrase that a verb follows.
/// Behind "As the votes came in", and where `comma` says so, the main clause begins behind a comma.
pub(super) fn main_subject(view: &View<'_>, start: usize, limit: usize, comma: bool) -> Option<Range<usize>> {
    let first = (start..limit).find(|t| view.segments.tokens[*t].is(',') && view.inside[*t] == 0);
    match first.filter(|_| comma || introduces(view, start)).and_then(|first| first_subject(view, first + 1, limit)) {
        Some(subject) => Some(subject),
        None if comma => None,
        None => first_subject(view, start, limit),
    }
}

/// The first name or noun phrase from `start` on that begins a clause and has a verb behind it.
fn first_subject(view: &View<'_>, start: usize, limit: usize) -> Option<Range<usize>> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let mut at = start;
    while at < limit {
        if view.inside[at] > 0 {
            at += 1;
            continue;
        }
        let opens = at == start
            || tokens[at - 1].is(',')
            || lexicon.is(&tokens[at - 1], Flags::CCONJ | Flags::SCONJ | Flags::ADV)
            || view.inside[at - 1] > 0;
        if opens
            && !lexicon.is(&tokens[at], Flags::PREP)
            && let Some(phrase) = phrase::after(view, at, limit)
        {
            let whole = phrase.end;
            let phrase = without_verb(view, phrase);
            let cut = phrase.end < whole;
            let mut end = phrase::skip_apposition(view, phrase.end, limit);
            if end > phrase.end && end < limit {
                end += 1;
            }
            let verb = |t: usize| {
                t < limit
                    && (lexicon
                        .is(&tokens[t], Flags::AUX | Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_BASE | Flags::ADV)
                        || cut && t == phrase.end)
            };
            let person = phrase
                .clone()
                .any(|t| view.names.mention_at(t).is_some_and(|m| view.names.mentions[m].kind != EntityType::Place));
            if (verb(phrase.end) || verb(end)) && (person || phrase::speaks(view, &phrase)) {
                return Some(phrase);
            }
            at = phrase.end.max(at + 1);
            continue;
        }
        at += 1;
    }
    None
}

/// Longest relative clause without commas between a subject and its verb, in tokens.
const RELATIVE: usize = 14;

/// The noun that a relative clause without commas belongs to: "officials who know the plan said", "those who use it say".
pub(super) fn head_of_relative(view: &View<'_>, low: usize, end: usize) -> Option<Range<usize>> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let is = |t: usize, flags: Flags| lexicon.is(&tokens[t], flags) && view.names.mention_at(t).is_none();
    let last = end.checked_sub(1).filter(|l| *l > low && tokens[*l].is_word())?;
    let phrase = phrase::before(view, low, end).unwrap_or(last..end);
    // A subject of its own stands behind a conjunction or a clause, not behind a preposition or a verb.
    let lead = phrase.start.checked_sub(1).filter(|l| *l > low)?;
    let object = is(lead, Flags::PREP | Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_BASE | Flags::AUX);
    let subject = phrase.len() == 1 && is(phrase.start, Flags::PRON_SUBJECT | Flags::WHO);
    if subject || !object && phrase::speaks(view, &phrase) {
        return None;
    }
    let plain = |t: &usize| {
        (tokens[*t].kind != Kind::Punctuation || tokens[*t].is('-') && !tokens[*t].space_before)
            && view.inside[*t] == 0
            && !is(*t, Flags::CCONJ)
    };
    let who = (low.max(end.saturating_sub(RELATIVE))..phrase.start)
        .rev()
        .take_while(plain)
        .find(|t| is(*t, Flags::WHO | Flags::THAT))?;
    let verb = Flags::AUX | Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_BASE | Flags::ADV;
    // "officials whose houses were lost say"
    let owner = is(who, Flags::DET) && (who + 1..phrase.start).any(|t| is(t, Flags::AUX));
    if who == low || !owner && !is(who + 1, verb) {
        return None;
    }
    let head = phrase::before(view, low, who)?;
    let some = head.len() == 1 && is(head.start, Flags::OTHER | Flags::NUM | Flags::PRON) && is(who, Flags::WHO);
    (phrase::speaks(view, &head) || some).then_some(head)
}

/// Whether a subject can stand before the base form of a verb.
pub(super) fn plural_subject(view: &View<'_>, subject: &Range<usize>) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let last = &view.segments.tokens[subject.end - 1];
    let head = lexicon.is(last, Flags::ROLE_PLURAL | Flags::DEMONYM | Flags::OTHER | Flags::PRON_SPEECH);
    let they = lexicon.is(last, Flags::PRON_SUBJECT) && view.segments.word(subject.end - 1).len() == 4;
    let before = subject.start.checked_sub(1).map(|b| &view.segments.tokens[b]);
    // "Brandt and Okafor say", "critics like Brandt say".
    let listed = before.is_some_and(|b| lexicon.is(b, Flags::AND | Flags::PREP)) && last.is_capitalized();
    let many =
        listed || view.segments.tokens[subject.clone()].iter().any(|t| lexicon.is(t, Flags::AND | Flags::ROLE_PLURAL));
    // "those who use it say": the relative clause keeps the number to itself.
    let some = lexicon.is(last, Flags::DET)
        && view.segments.tokens.get(subject.end).is_some_and(|t| lexicon.is(t, Flags::WHO));
    head || they || many || some || view.segments.word(subject.end - 1).ends_with('s')
}

/// "It was announced by the palace that", "was accused by Ruiz of", "when asked by Ruiz about": who did it stands behind.
pub(super) fn agent(view: &View<'_>, sentence: &Range<usize>, mut clause: Clause) -> Option<Clause> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let by = Some(clause.cue.end).filter(|b| *b < sentence.end && lexicon.is(&tokens[*b], Flags::BY))?;
    let subject = phrase::after(view, by + 1, sentence.end).filter(|s| phrase::speaks(view, s))?;
    let cue = clause.cue_of(view);
    let at = skip_days(view, subject.end, sentence.end);
    let opens = tokens.get(at).filter(|_| at < sentence.end).is_some_and(|t| {
        let word = view.segments.word(at);
        cue.that != That::Never && lexicon.is(t, Flags::THAT | Flags::IF)
            || cue.prepositions.iter().any(|p| word == *p)
            || cue.takes_to
                && lexicon.is(t, Flags::TO)
                && tokens.get(at + 1).is_some_and(|t| lexicon.is(t, Flags::VERB_BASE))
    });
    clause.end = at;
    clause.subject = subject;
    opens.then_some(clause)
}

/// One past "on Thursday" or "Thursday" at `at`.
pub(super) fn skip_days(view: &View<'_>, at: usize, limit: usize) -> usize {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let day = |t: usize| t < limit && lexicon.is(&tokens[t], Flags::DAY | Flags::WHEN);
    if day(at) {
        at + 1
    } else if at < limit && lexicon.is(&tokens[at], Flags::PREP) && day(at + 1) {
        at + 2
    } else {
        at
    }
}

/// Most tokens of words such as "went on" or "was quick" before an infinitive.
const ACT: usize = 4;

/// First token of the words before the "to" at `to` that tell that what follows it was done: "went on to", "was quick to".
pub(super) fn act_before(view: &View<'_>, low: usize, to: usize) -> Option<usize> {
    let lexicon = &view.gazetteer.lexicon;
    let tokens = &view.segments.tokens;
    (low.max(to.saturating_sub(ACT))..to).find(|at| {
        let mut hit = false;
        lexicon.phrases_at(&tokens[*at..to], |length, phrase| {
            hit |= at + length == to
                && phrase.kind == PhraseKind::Context
                && lexicon.contexts[phrase.index as usize] == ACTS;
        });
        hit && view.inside[*at] == 0
    })
}

/// The kind of context in `quote_context.csv` that stands before what was done.
const ACTS: &str = "act";

/// Whether the infinitive whose "to" stands before `verb` tells what somebody did, as in "took the stage to argue", and
/// not what somebody wanted or was likely to do.
pub(super) fn purposive(view: &View<'_>, low: usize, verb: usize) -> bool {
    let Some(before) = verb.checked_sub(2).filter(|b| *b >= low) else { return false };
    let token = &view.segments.tokens[before];
    let lexicon = &view.gazetteer.lexicon;
    let name = view.names.mention_at(before).is_some();
    let noun =
        lexicon.is(token, Flags::NOUN) && before > low && lexicon.is(&view.segments.tokens[before - 1], Flags::DET);
    let word = token.is_word() && (noun || !lexicon.is(token, Flags::VERB | Flags::ADJ | Flags::AUX | Flags::NOT));
    view.inside[before] == 0 && (name || word)
}

/// Whether what follows an inverted subject fits: a stop, a comma, a preposition, a mark - not another verb.
pub(super) fn closes_inversion(view: &View<'_>, at: usize) -> bool {
    let token = &view.segments.tokens[at];
    let flags = Flags::of(token);
    !token.is_word() && token.kind != Kind::Possessive
        || view.inside[at] > 0
        || flags.intersects(
            Flags::PREP
                | Flags::CCONJ
                | Flags::WHO
                | Flags::SCONJ
                | Flags::ADV
                | Flags::DAY
                | Flags::WHEN
                | Flags::VERB_ING,
        ) && !flags.intersects(Flags::AUX)
}

/// One past a name without the period of its "Jr.": "Lars Brandt Jr. said".
pub(super) fn without_period(view: &View<'_>, low: usize, end: usize) -> usize {
    let tokens = &view.segments.tokens;
    let jr = end > low + 1
        && tokens[end - 1].is('.')
        && !tokens[end - 1].space_before
        && view.gazetteer.lexicon.is(&tokens[end - 2], Flags::AFTER_NAME);
    end - usize::from(jr)
}

/// A noun phrase that can speak without a word or a pronoun behind it: "Brandt herself", "officials there", "a source
/// close to him".
pub(super) fn without_word(view: &View<'_>, low: usize, last: usize) -> Option<Range<usize>> {
    let lexicon = &view.gazetteer.lexicon;
    let tokens = &view.segments.tokens;
    let token = &tokens[last];
    if !lexicon.is(token, Flags::ADV | Flags::PRON) || lexicon.is(token, Flags::DET | Flags::NOUN) {
        return None;
    }
    let object = lexicon.is(token, Flags::PRON) && last > low && lexicon.is(&tokens[last - 1], Flags::PREP);
    phrase::core(view, low, last - usize::from(object)).filter(|phrase| phrase::speaks(view, phrase))
}
