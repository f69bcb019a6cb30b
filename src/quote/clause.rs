//! Cues with their subjects: "Ruiz said", "said Ruiz, a nurse", ", adding", "and warned".

use super::{
    View,
    extent::{clause_starts, has_finite, maybe_finite},
    group,
    nominal::nominal,
    passive::undergone,
    phrase,
    reported::{REPORTING_RATE, reported},
    subject::{act_before, agent, closes_inversion, head_of_relative, inherit, main_phrase, plural_subject, purposive},
};
use crate::{
    gazetteer::{Cue, CueForm, CueKind, Flags, PhraseKind, Sense, Strength, That},
    model::EntityType,
    token::{Kind, Shape},
};
use std::ops::Range;

/// A cue and what belongs to it.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    /// The cue's tokens.
    pub cue: Range<usize>,
    /// Its number in the gazetteer.
    pub number: u32,
    /// Which form of the verb it is.
    pub form: CueForm,
    /// The noun phrase that speaks; empty if it is not there.
    pub subject: Range<usize>,
    /// First token of subject and cue.
    pub start: usize,
    /// One past the last token of cue, subject and apposition.
    pub end: usize,
    /// Whether the subject comes from the clause before: ", adding", "and warned".
    pub inherited: bool,
    /// Whether the verb stands before its subject.
    pub inverted: bool,
    /// Whether it denies that something was said.
    pub negated: bool,
    /// What stands before a passive and is its content: "The plan was condemned by Ruiz"; else empty.
    pub object: Range<usize>,
    /// Whether it is "according to" and its kin.
    pub according: bool,
    /// Whether the word mostly reports: only then does it end the content of the clause before it.
    pub firm: bool,
}

impl Clause {
    /// The gazetteer's cue.
    pub(super) fn cue_of<'a>(&self, view: &View<'a>) -> &'a Cue {
        &view.gazetteer.cues[self.number as usize]
    }
}

/// Least share of the occurrences of a word that are cues for it to end what another says.
const FIRM_RATE: f32 = 0.4;

/// The clauses of a sentence, outside quotation marks, in text order.
pub(super) fn find(view: &View<'_>, sentence: Range<usize>) -> Vec<Clause> {
    let mut out: Vec<Clause> = Vec::new();
    let mut at = sentence.start;
    while at < sentence.end {
        if view.inside[at] > 0 {
            at = view.stretch(at).map_or(at + 1, |s| s.end().max(at + 1));
            continue;
        }
        let low = out.last().map_or(sentence.start, |c| c.cue.end);
        match read(view, &sentence, low, at, &out) {
            Some(clause) => {
                at = clause.cue.end.max(at + 1);
                out.push(clause);
            }
            None => at += 1,
        }
    }
    out
}

fn read(view: &View<'_>, sentence: &Range<usize>, low: usize, at: usize, earlier: &[Clause]) -> Option<Clause> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let rest = &tokens[at..sentence.end];
    if !tokens[at].is_word() || !lexicon.begins_cue(rest) || view.names.mention_at(at).is_some() {
        return None;
    }
    // The longest cue; of equals a verb rather than a noun ("warning").
    let mut best = None;
    let mut noun_number = None;
    lexicon.phrases_at(rest, |length, phrase| {
        let PhraseKind::Cue(_) = phrase.kind else { return };
        let noun = view.gazetteer.cues[phrase.index as usize].kind == CueKind::Noun;
        if noun && length == 1 {
            noun_number = Some(phrase.index);
        }
        // "The sign read": where past and base are one word, the past needs no plural subject.
        let past = matches!(phrase.kind, PhraseKind::Cue(CueForm::Past));
        if best.is_none_or(|(known, known_noun, _)| length > known || known_noun && !noun || past && !noun) {
            best = Some((length, noun, phrase));
        }
    });
    let (length, _, found) = best?;
    let PhraseKind::Cue(form) = found.kind else { return None };
    let cue = &view.gazetteer.cues[found.index as usize];
    let end = at + length;
    if cue.strength == Strength::Reject || view.inside[end - 1] > 0 {
        return None;
    }
    let title = tokens[at].shape != Shape::Lower && at > sentence.start;
    if title && view.segments.sentences[view.segments.sentence_of(at)].number != 0 {
        return None;
    }
    let base = Clause {
        cue: at..end,
        number: found.index,
        form,
        subject: at..at,
        start: at,
        end,
        inherited: false,
        inverted: false,
        negated: false,
        object: at..at,
        according: false,
        firm: if cue.rate < 0.0 { cue.strength >= Strength::Medium } else { cue.rate_of(form) >= FIRM_RATE },
    };
    match cue.kind {
        CueKind::Preposition => according(view, sentence, base),
        CueKind::Noun => nominal(view, sentence, low, base, earlier),
        CueKind::Verb | CueKind::Phrase => {
            let mut named = base.clone();
            let noun_too = lexicon.is(&tokens[at], Flags::NOUN) && matches!(form, CueForm::Base | CueForm::Third);
            let plain = base.clone();
            let found = verb(view, sentence, low, cue, base, earlier).or_else(|| {
                named.number = noun_number.unwrap_or(named.number);
                named.cue.end = if noun_number.is_some() { at + 1 } else { named.cue.end };
                named.end = named.cue.end;
                if noun_too || noun_number.is_some() { nominal(view, sentence, low, named, earlier) } else { None }
            });
            found.or_else(|| reported(view, sentence, low, plain, earlier))
        }
    }
}

/// "according to NP".
fn according(view: &View<'_>, sentence: &Range<usize>, mut clause: Clause) -> Option<Clause> {
    let subject = phrase::after(view, clause.cue.end, sentence.end)?;
    let lexicon = &view.gazetteer.lexicon;
    let first = &view.segments.tokens[subject.start];
    // "according to plan": no determiner, no name, no one who speaks.
    let firm = phrase::speaks(view, &subject) || lexicon.is(first, Flags::DET | Flags::PRON) || subject.len() > 1;
    // "according to plan": a bare noun for a text is the manner, not a source.
    let noun = &view.segments.tokens[subject.start];
    let manner = subject.len() == 1
        && !noun.is_capitalized()
        && lexicon.is(noun, Flags::DOCUMENT)
        && !lexicon.is(noun, Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY)
        && !view.segments.word(subject.start).ends_with('s');
    if manner {
        return None;
    }
    if !firm || clause.cue.len() < 2 && !phrase::speaks(view, &subject) {
        return None;
    }
    // "According to Okafor, the river is closed": a clause behind the comma is no apposition.
    let end = phrase::skip_apposition_of_name(view, subject.end, sentence.end);
    let clause_behind = end >= sentence.end || has_finite(view, &(subject.end..end));
    clause.end = if clause_behind { subject.end } else { end };
    clause.subject = subject;
    clause.according = true;
    Some(clause)
}

fn verb(
    view: &View<'_>,
    sentence: &Range<usize>,
    low: usize,
    cue: &Cue,
    mut clause: Clause,
    earlier: &[Clause],
) -> Option<Clause> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let (at, form) = (clause.cue.start, clause.form);
    let group = group::group(view, low, at);
    clause.negated = group.negated;
    clause.start = group.start;
    let passive = group.be && matches!(form, CueForm::Past | CueForm::Participle) && cue.kind == CueKind::Verb;
    if passive && group.start > sentence.start {
        // "Ruiz was asked whether it would rain": nobody is named who asked.
        let asked = cue.sense == Sense::Ask && !group.infinitive;
        return agent(view, sentence, clause.clone())
            .or_else(|| undergone(view, sentence, low, &clause))
            .or_else(|| asked.then_some(clause));
    }
    if passive || form == CueForm::Participle && group.start == at {
        return None;
    }
    if group.infinitive {
        if form != CueForm::Base {
            return None;
        }
        // "Brandt went on to suggest that", "Brandt, who was quick to say that".
        if let Some(act) = act_before(view, sentence.start, group.start - 1) {
            let start = group::group(view, sentence.start, act).start;
            let own = phrase::before(view, sentence.start, start).filter(|s| {
                let pronoun = s.len() == 1 && lexicon.is(&tokens[s.start], Flags::PRON_SUBJECT);
                pronoun || phrase::speaks(view, s) || clause.firm && phrase::maybe_name(view, s)
            });
            if let Some(subject) = own {
                clause.start = subject.start;
                clause.subject = subject;
                return Some(clause);
            }
        } else if !purposive(view, sentence.start, group.start) {
            return None;
        }
        clause.inherited = true;
        return inherit(view, sentence, clause, earlier);
    }
    let before = group.start.checked_sub(1).filter(|b| *b >= sentence.start);
    // "4,118 votes", "the claims", "fresh attacks": nouns.
    let counted = before.is_some_and(|b| {
        group.start == at
            && (tokens[b].kind == Kind::Number
                || lexicon.is(&tokens[b], Flags::DET | Flags::ADJ)
                    && !lexicon.is(&tokens[b], Flags::NOUN | Flags::PRON | Flags::NUM | Flags::OTHER))
    });
    if counted && matches!(form, CueForm::Base | CueForm::Third) && lexicon.is(&tokens[at], Flags::NOUN) {
        return None;
    }
    let joined = before
        .is_some_and(|b| view.inside[b] == 0 && lexicon.is(&tokens[b], Flags::AND | Flags::BUT) && tokens[b].is_word());
    let after_mark = before.is_none_or(|b| view.inside[b] > 0);
    let comma = before.is_some_and(|b| tokens[b].is(',') || tokens[b].is_dash());
    // "Asked whether it would rain, Ruiz left", "when asked about tolls": nobody is named who asked.
    let asked = cue.sense == Sense::Ask && form == CueForm::Past && cue.that != That::Never;
    let when = |t: usize| {
        let who = lexicon.is(&tokens[t], Flags::WHO) && phrase::before(view, sentence.start, at).is_some();
        lexicon.is(&tokens[t], Flags::SCONJ | Flags::IF) && !who
    };
    if asked && at.checked_sub(1).filter(|b| *b >= sentence.start).is_none_or(when) {
        clause.start = at;
        return agent(view, sentence, clause.clone()).or(Some(clause));
    }
    // "As reported by the port, Q".
    let as_by = before.is_some_and(|b| b == sentence.start && lexicon.is(&tokens[b], Flags::AS))
        && group.start == at
        && tokens.get(clause.cue.end).is_some_and(|t| lexicon.is(t, Flags::BY));
    if as_by && matches!(form, CueForm::Past | CueForm::Participle) {
        let subject = phrase::after(view, clause.cue.end + 1, sentence.end).filter(|s| phrase::speaks(view, s))?;
        clause.end = subject.end;
        clause.subject = subject;
        return Some(clause);
    }
    // "Having said that it would rain, Ruiz left."
    let having = group.start < at && lexicon.is(&tokens[group.start], Flags::HAVE) && before.is_none();
    if having
        && matches!(form, CueForm::Past | CueForm::Participle)
        && !lexicon.is(&tokens[group.start], Flags::VERB_S | Flags::VERB_PAST | Flags::VERB_BASE)
    {
        clause.form = CueForm::Gerund;
        clause.inherited = true;
        return inherit(view, sentence, clause, earlier);
    }
    if form == CueForm::Gerund && !group.be {
        let preposition = before.is_some_and(|b| lexicon.is(&tokens[b], Flags::PREP | Flags::SCONJ));
        let closed =
            before.is_some_and(|b| b > 0 && view.inside[b] > 0 && (tokens[b - 1].is(',') || tokens[b - 1].is_stop()));
        // "The paper quoted an aide as saying": the aide.
        let quoted = before.filter(|b| *b > low && lexicon.is(&tokens[*b], Flags::AS));
        let aide = quoted.and_then(|b| phrase::before(view, low, b));
        // "The mayor was quoted by a paper as saying": the mayor.
        let by = |s: &Range<usize>| s.start > low && lexicon.is(&tokens[s.start - 1], Flags::BY);
        let quoter = aide.clone().filter(by);
        if let Some(subject) = quoter.and_then(|s| whom_quoted(view, sentence, low, s.start - 1)) {
            clause.start = subject.start;
            clause.subject = subject;
            return Some(clause);
        }
        if let Some(subject) = aide.filter(|s| !by(s)) {
            clause.start = subject.start;
            clause.subject = subject;
            return Some(clause);
        }
        if comma || joined || closed || preposition || before.is_none() {
            clause.inherited = true;
            return inherit(view, sentence, clause, earlier);
        }
        // "The town began calling for": the subject of the verb before.
        let verb = before.filter(|b| {
            lexicon.is(&tokens[*b], Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_BASE)
                && !lexicon.is(&tokens[*b], Flags::NOUN | Flags::ROLE | Flags::BODY | Flags::AUX)
                && view.inside[*b] == 0
                && view.names.mention_at(*b).is_none()
        });
        if let Some(verb) = verb {
            let start = group::group(view, sentence.start, verb).start;
            let own = phrase::before(view, sentence.start, start).filter(|s| phrase::speaks(view, s));
            if let Some(subject) = own {
                clause.start = subject.start;
                clause.subject = subject;
                return Some(clause);
            }
        }
        // "a statement saying that": the noun before.
        let subject = phrase::before(view, low, group.start).filter(|s| phrase::speaks(view, s));
        let Some(subject) = subject else {
            // "fired back a response saying that": whoever acts.
            let that = tokens.get(clause.cue.end).is_some_and(|t| lexicon.is(t, Flags::THAT | Flags::PRON_SUBJECT));
            if !that || !clause.firm {
                return None;
            }
            clause.inherited = true;
            return inherit(view, sentence, clause, earlier);
        };
        clause.start = subject.start;
        clause.subject = subject;
        return Some(clause);
    }
    // "..., said Ruiz": behind a mark or a comma, with a subject behind.
    let may_invert = cue.can_invert
        && group.start == at
        && matches!(form, CueForm::Past | CueForm::Third)
        && (after_mark && before.is_some() || comma);
    // "Shelby, who heads the committee, said Brainard's donations ...": the comma closes an apposition.
    // "Ruiz warned the mayor, Brandt, during the talks, said a town official": a name inside what an earlier clause tells
    // stands before no apposition.
    let told = |s: &Range<usize>| {
        let next = tokens.get(s.end + 1);
        earlier.last().is_some_and(|e| s.start >= e.cue.end && e.firm)
            && next.is_some_and(|t| lexicon.is(t, Flags::PREP) && !lexicon.is(t, Flags::SCONJ))
    };
    let apposed = comma
        && phrase::before(view, sentence.start, group.start).is_some_and(|s| {
            !told(&s)
                && s.clone().any(|t| {
                    view.names.mention_at(t).is_some_and(|m| view.names.mentions[m].kind == EntityType::Person)
                })
        });
    if may_invert && !apposed {
        let pronoun_only = |s: &Range<usize>| s.len() == 1 && lexicon.is(&tokens[s.start], Flags::PRON);
        let named = phrase::after(view, clause.cue.end, sentence.end).filter(|s| {
            // Behind "said" and a mark any capitalized word is a name.
            // So is any short noun phrase with a number: "wrote one commenter".
            let counted = lexicon.is(&tokens[s.start], Flags::NUM) && s.len() > 1;
            let name = after_mark && clause.firm && (tokens[s.start].is_capitalized() || counted) && s.len() <= 3;
            (phrase::speaks(view, s) || name)
                && !lexicon.is(&tokens[s.start], Flags::THAT)
                && (!pronoun_only(s) || cue.sense == Sense::Say && lexicon.is(&tokens[s.start], Flags::PRON_SUBJECT))
        });
        let next_quoted = named.as_ref().is_none_or(|s| s.end >= sentence.end || closes_inversion(view, s.end));
        // "Brandt, a lawyer, said his clients and others had left": a clause of its own follows.
        let content = comma && {
            let stop = |t: &usize| {
                tokens[*t].is(',')
                    || view.inside[*t] > 0
                    || lexicon.is(&tokens[*t], Flags::SCONJ | Flags::WHO | Flags::BUT) && *t > clause.cue.end
            };
            let limit = (clause.cue.end..sentence.end).find(stop).unwrap_or(sentence.end);
            limit > clause.cue.end + 1
                && (clause_starts(view, clause.cue.end, limit) || maybe_finite(view, &(clause.cue.end..limit)))
        };
        if let Some(subject) = named.filter(|_| next_quoted && !content) {
            clause.inverted = true;
            clause.end = phrase::skip_apposition_of_name(view, subject.end, sentence.end);
            clause.subject = subject;
            return Some(clause);
        }
    }
    if joined {
        clause.inherited = true;
        if let Some(found) = inherit(view, sentence, clause.clone(), earlier) {
            return Some(found);
        }
        // "The court overruled them and said": whatever the verb between, the sentence's own subject goes on.
        if cue.strength == Strength::Strong
            && matches!(form, CueForm::Past | CueForm::Third)
            && clause.firm
            && let Some(subject) = main_phrase(view, sentence.start, group.start)
        {
            clause.subject = subject;
            return Some(clause);
        }
        clause.inherited = false;
    }
    let subject = if after_mark {
        // "Brandt, citing "old rules," said": the mark closes an aside between subject and verb.
        phrase::before_aside(view, sentence.start, group.start)?
    } else {
        let relative = head_of_relative(view, sentence.start, group.start);
        match relative.or_else(|| phrase::before(view, sentence.start, group.start)) {
            Some(subject) => subject,
            // "Brandt offered him a seat, then said he would wait."
            None if comma && group.start < at => {
                clause.inherited = true;
                return inherit(view, sentence, clause, earlier);
            }
            // "He cited the budget, denounced the tolls and said": one of a row of verbs.
            None if comma
                && clause.firm
                && form == CueForm::Past
                && cue.rate_of(form) >= REPORTING_RATE
                && !tokens.get(clause.cue.end).is_none_or(|t| lexicon.is(t, Flags::PREP)) =>
            {
                clause.inherited = true;
                return inherit(view, sentence, clause, earlier);
            }
            // "Veterans seen at the rally, among them Brandt, said": the sentence's own subject.
            None if comma && cue.strength == Strength::Strong && earlier.iter().all(|c| c.subject.is_empty()) => {
                main_phrase(view, sentence.start, group.start)?
            }
            None => return None,
        }
    };
    // "Ruiz's remarks had", "his attacks on": a possessive makes the word a noun.
    let last = &tokens[subject.end - 1];
    let possessive = lexicon.is(last, Flags::DET) && lexicon.is(last, Flags::PRON);
    let owned = last.kind == Kind::Possessive || possessive && subject.len() == 1 && !last.is_capitalized();
    if owned && subject.end == group.start && lexicon.is(&tokens[at], Flags::NOUN) && form != CueForm::Past {
        return None;
    }
    let pronoun = subject.len() == 1 && lexicon.is(&tokens[subject.start], Flags::PRON);
    let reports = clause.firm && (cue.rate >= 0.0 || cue.strength == Strength::Strong);
    let speaks = pronoun
        || phrase::speaks(view, &subject)
        || reports && phrase::maybe_name(view, &subject)
        || group::is_contraction(view, subject.end - 1);
    let homograph = cue.noun_homograph && matches!(form, CueForm::Base | CueForm::Third);
    let plural = group.modal || cue.kind == CueKind::Phrase || form != CueForm::Base || plural_subject(view, &subject);
    // "The ceasefire declared on Friday held": a participle.
    let next = tokens.get(clause.cue.end).filter(|_| clause.cue.end < sentence.end);
    let participle = form == CueForm::Past
        && group.start == at
        && !speaks
        && next.is_some_and(|t| lexicon.is(t, Flags::PREP) && !lexicon.is(t, Flags::THAT));
    if participle {
        return None;
    }
    if !plural || homograph && !speaks || !speaks && cue.strength != Strength::Strong {
        return None;
    }
    clause.start = subject.start;
    clause.subject = subject;
    Some(clause)
}

/// "Ruiz was quoted by an agency as saying": who stands before the passive whose "by" is at `by`.
fn whom_quoted(view: &View<'_>, sentence: &Range<usize>, low: usize, by: usize) -> Option<Range<usize>> {
    let tokens = &view.segments.tokens;
    let verb = by.checked_sub(1).filter(|v| *v > low && view.gazetteer.lexicon.is(&tokens[*v], Flags::CUE))?;
    let group = group::group(view, low, verb);
    let subject = phrase::before(view, sentence.start, group.start).filter(|_| group.be)?;
    let pronoun = subject.len() == 1 && view.gazetteer.lexicon.is(&tokens[subject.start], Flags::PRON_SUBJECT);
    (pronoun || phrase::speaks(view, &subject) || phrase::maybe_name(view, &subject)).then_some(subject)
}
