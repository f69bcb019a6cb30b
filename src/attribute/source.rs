//! The whole noun phrase of a source: what stands before and behind the nouns nearest to the cue and belongs to them.

use super::Scene;
use crate::{gazetteer::Flags, model::Statement, token::Kind};
use std::ops::Range;

/// Longest addition to the left, in tokens.
const LONGEST: usize = 24;

/// The subject of a statement as the noun phrase it is: without the words that only lead to it or to the verb, and with
/// the parts that stand before a preposition, an "and", or a relative clause.
pub(super) fn whole(scene: &Scene<'_>, statement: &Statement) -> Range<usize> {
    let subject = trimmed(scene, statement.subject.clone());
    let sentence = scene.segments.sentences[scene.segments.sentence_of(subject.start)].tokens.start;
    let behind = !statement.cue.is_empty() && statement.cue.start <= subject.start;
    let subject = quantified(scene, sentence, subject);
    // Behind its cue a phrase begins where it begins; only before it may have been found from its end.
    if behind || subject.is_empty() {
        return subject;
    }
    let subject = owned(scene, sentence, subject);
    let subject = governed(scene, sentence, &subject).unwrap_or(subject);
    // "an army of engineers and clerks"
    let both = joined(scene, sentence, subject.clone(), true);
    governed(scene, sentence, &both)
        .or_else(|| behind_object(scene, sentence, &subject))
        .unwrap_or_else(|| joined(scene, sentence, subject, false))
}

/// "Ruiz thanked the crews and the captain said": the object of a verb is no part of the next subject.
fn behind_object(scene: &Scene<'_>, sentence: usize, phrase: &Range<usize>) -> Option<Range<usize>> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let verb = phrase.start.checked_sub(1).filter(|v| *v > sentence && !scene.quoted[*v])?;
    let acts = lexicon.is(&tokens[verb], Flags::VERB_PAST)
        && !lexicon.is(&tokens[verb], Flags::NOUN | Flags::ADJ)
        && scene.names.mention_at(verb).is_none();
    let inside = |at: usize| scene.names.mention_at(at).is_some();
    let and = phrase.clone().rev().find(|t| lexicon.is(&tokens[*t], Flags::AND) && !inside(*t));
    and.filter(|and| acts && *and > phrase.start && *and + 1 < phrase.end).map(|and| and + 1..phrase.end)
}

/// "Ruiz, who said that": the relative pronoun between a subject and its cue, which is what the text says of who spoke.
pub(super) fn relative(scene: &Scene<'_>, statement: &Statement) -> Option<Range<usize>> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let end = statement.subject.end;
    let at = end + usize::from(tokens.get(end).is_some_and(|t| t.is(',')));
    let pronoun = at < statement.cue.start && lexicon.is(&tokens[at], Flags::WHO | Flags::THAT);
    // "Ruiz, who heads the port, adding that": the comma closes the relative clause.
    let closed = statement.cue.start > at + 1 && tokens[statement.cue.start - 1].is(',');
    // "Drivers who have seen the plan said": the pronoun has a verb of its own, and is not who said it.
    let small = |t: &usize| {
        let adverb = lexicon.is(&tokens[*t], Flags::ADV) && !lexicon.is(&tokens[*t], Flags::VERB | Flags::PREP);
        adverb || lexicon.is(&tokens[*t], Flags::AUX)
    };
    let next = (at + 1..statement.cue.start).find(|t| !small(t));
    let own = next.is_some_and(|t| lexicon.is(&tokens[t], Flags::VERB) && !lexicon.is(&tokens[t], Flags::PREP));
    let noun = lexicon.is(tokens.get(at)?, Flags::DET) && lexicon.is(&tokens[at], Flags::WHO) && next.is_some();
    (pronoun && !closed && !own && !noun && !scene.quoted[at]).then_some(at..at + 1)
}

/// Whether the subject owns the cue, which is a noun: "Ruiz's claim that", "her latest warning that".
pub(super) fn owns_cue(scene: &Scene<'_>, statement: &Statement) -> bool {
    let tokens = &scene.segments.tokens;
    let (end, cue) = (statement.subject.end, statement.cue.start);
    let possessive = tokens.get(end).is_some_and(|t| t.kind == Kind::Possessive);
    let near = cue > end && cue <= end + 4 && statement.frame == "speaker, verb, that";
    possessive && near && (end + 1..cue).all(|t| scene.gazetteer.lexicon.is(&tokens[t], Flags::ADJ | Flags::NOUN))
}

/// Without "which" before it, and "have" or "and" behind it.
fn trimmed(scene: &Scene<'_>, phrase: Range<usize>) -> Range<usize> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let named = |at: usize| scene.names.mention_at(at).is_some();
    let (mut start, mut end) = (phrase.start, phrase.end);
    let leads = Flags::WHO | Flags::THAT;
    while start + 1 < end && !named(start) && !tokens[start].is_capitalized() && lexicon.is(&tokens[start], leads) {
        start += 1;
    }
    let trails = Flags::WHO | Flags::AND | Flags::BE | Flags::HAVE;
    while start + 1 < end && !named(end - 1) && !tokens[end - 1].is_capitalized() {
        let last = &tokens[end - 1];
        let aside = end < phrase.end && lexicon.is(last, Flags::ADV) && !lexicon.is(last, Flags::NOUN | Flags::PRON);
        if !(lexicon.is(last, trails) || aside) {
            break;
        }
        end -= 1;
    }
    // "Okafor Sunday night"
    let day = |at: &usize| lexicon.is(&tokens[*at], Flags::DAY) && named(*at - 1) && !named(*at);
    let end = (start + 1..end).find(day).unwrap_or(end);
    // "The party pushed back against Okafor", read as one phrase: the verb ends it.
    let verb = |at: &usize| {
        let token = &tokens[*at];
        let kinds = Flags::NOUN | Flags::ADJ | Flags::ROLE | Flags::TITLE | Flags::DEMONYM;
        lexicon.is(token, Flags::VERB_PAST | Flags::VERB_S | Flags::BE | Flags::HAVE)
            && !lexicon.is(token, kinds)
            && !named(*at)
            && !token.is_capitalized()
            && !tokens[*at - 1].is('-')
            && !lexicon.is(&tokens[*at - 1], Flags::DET | Flags::ADJ | Flags::ADV | Flags::WHO | Flags::THAT)
    };
    let end = (start + 1..end).find(verb).filter(|_| phrase.len() > 3).unwrap_or(end);
    start..end
}

/// "Okafor and Delgado have both said": the phrase before the auxiliary.
fn quantified(scene: &Scene<'_>, sentence: usize, phrase: Range<usize>) -> Range<usize> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let small = phrase.len() == 1 && lexicon.is(&tokens[phrase.start], Flags::OTHER | Flags::NUM | Flags::DET);
    if !small || tokens[phrase.start].is_capitalized() {
        return phrase;
    }
    let mut end = phrase.start;
    while end > sentence && lexicon.is(&tokens[end - 1], Flags::AUX) && scene.names.mention_at(end - 1).is_none() {
        end -= 1;
    }
    if end == phrase.start && scene.names.mention_at(end.saturating_sub(1)).is_none() {
        return phrase;
    }
    let start = nominal(scene, sentence, end);
    if start < end { start..end } else { phrase }
}

/// "Ruiz's aides", "the port's own rules": with the owner.
fn owned(scene: &Scene<'_>, sentence: usize, phrase: Range<usize>) -> Range<usize> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let mut start = phrase.start;
    // "the nearly finished report"
    if start > sentence + 1
        && lexicon.is(&tokens[start - 1], Flags::ADV)
        && lexicon.is(&tokens[start - 2], Flags::DET)
        && !scene.quoted[start - 1]
    {
        start -= 2;
    }
    let owner = start.checked_sub(2).filter(|owner| *owner >= sentence && !scene.quoted[*owner]);
    let Some(owner) = owner else { return start..phrase.end };
    let mark = &tokens[start - 1];
    let plural = mark.kind == Kind::Single
        && !mark.space_before
        && tokens[start].space_before
        && scene.segments.word(owner).ends_with(['s', 'S']);
    if mark.kind == Kind::Possessive || plural {
        start = nominal(scene, sentence, owner + 1).min(owner);
    }
    start..phrase.end
}

/// Where the nouns that end right before token `end` begin, with their determiner.
fn nominal(scene: &Scene<'_>, low: usize, end: usize) -> usize {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let kinds = Flags::NOUN
        | Flags::ADJ
        | Flags::ROLE
        | Flags::ROLE_PLURAL
        | Flags::BODY
        | Flags::DOCUMENT
        | Flags::TITLE
        | Flags::DEMONYM
        | Flags::DEMONYM_ADJ
        | Flags::NUM
        | Flags::OTHER
        | Flags::FORMER;
    let mut start = end;
    while start > low && !scene.quoted[start - 1] {
        let at = start - 1;
        if let Some(mention) = scene.names.mention_at(at).filter(|m| scene.names.tokens[*m].end == start) {
            let role = &scene.names.roles[mention];
            let name = &scene.names.tokens[mention];
            start = if !role.is_empty() && role.end == name.start { role.start } else { name.start }.max(low);
            continue;
        }
        let token = &tokens[at];
        let determiner = lexicon.is(token, Flags::DET)
            || lexicon.is(token, Flags::PRON) && !lexicon.is(token, Flags::WHO | Flags::THAT);
        if determiner {
            return at;
        }
        let hyphen = token.is('-') && !token.space_before || token.kind == Kind::Possessive || token.is('%');
        let compound = tokens.get(start).is_some_and(|t| t.is('-') && !t.space_before) && start < end;
        let noun = lexicon.is(token, kinds) && !lexicon.is(token, Flags::PREP | Flags::AUX);
        let capital = token.is_word() && token.is_capitalized() && !lexicon.is(token, Flags::FUNCTION);
        if !(hyphen || compound || noun || capital || token.kind == Kind::Number) {
            break;
        }
        start = at;
    }
    start
}

/// Whether a clause can begin at token `at`.
fn opens(scene: &Scene<'_>, sentence: usize, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|_| at > sentence) else { return true };
    let token = &scene.segments.tokens[before];
    let lexicon = &scene.gazetteer.lexicon;
    scene.quoted[before]
        || token.is(',')
        || token.is(';')
        || token.is(':')
        || token.is_dash()
        || lexicon.is(token, Flags::SCONJ | Flags::CCONJ | Flags::THAT | Flags::WHO)
            && !lexicon.is(token, Flags::EXAMPLE)
}

/// "People with knowledge of the plan", "a study by the institute", "one of the delegates", "advisers who ran the
/// numbers": no preposition governs a subject, so the phrase goes on to the left, up to where the clause begins.
fn governed(scene: &Scene<'_>, sentence: usize, phrase: &Range<usize>) -> Option<Range<usize>> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let before = phrase.start.checked_sub(1).filter(|b| *b > sentence && !scene.quoted[*b])?;
    let preposition = |at: usize| {
        lexicon.is(&tokens[at], Flags::PREP | Flags::LINK | Flags::OF)
            && !lexicon.is(&tokens[at], Flags::SCONJ | Flags::AUX)
            || lexicon.is(&tokens[at], Flags::EXAMPLE)
    };
    let lexical = Flags::VERB_PAST | Flags::VERB_PART | Flags::VERB_S | Flags::VERB_BASE | Flags::VERB_ING;
    let verb = |at: usize| lexicon.is(&tokens[at], lexical | Flags::AUX) && scene.names.mention_at(at).is_none();
    if !(preposition(before) || verb(before) && !lexicon.is(&tokens[before], Flags::NOUN | Flags::ADJ)) {
        return None;
    }
    // Left to where the clause begins: the head of the phrase is there, and no verb of its own stands between.
    let low = sentence.max(phrase.start.saturating_sub(LONGEST));
    let mut at = phrase.start;
    let mut relative = false;
    while at > low {
        let here = at - 1;
        let token = &tokens[here];
        let who = lexicon.is(token, Flags::WHO | Flags::THAT) && scene.names.mention_at(here).is_none();
        if who
            && here > low
            && lexicon.is(&tokens[here - 1], Flags::NOUN | Flags::ROLE | Flags::ROLE_PLURAL | Flags::OTHER)
        {
            relative = true;
            at = here;
            continue;
        }
        if opens(scene, sentence, at) {
            break;
        }
        at = here;
    }
    if !opens(scene, sentence, at) || at >= before {
        return None;
    }
    while at + 1 < before
        && lexicon.is(&tokens[at], Flags::ADV)
        && !lexicon.is(&tokens[at], Flags::PREP | Flags::DET | Flags::NUM | Flags::OTHER | Flags::ADJ | Flags::NOUN)
        && scene.names.mention_at(at).is_none()
    {
        at += 1;
    }
    let first = &tokens[at];
    // "In a letter to Okafor", "But for Okafor": what begins with a preposition is no subject.
    if scene.names.mention_at(at).is_none()
        && lexicon.is(first, Flags::PREP | Flags::SCONJ | Flags::AUX | Flags::ADV | Flags::VERB_ING)
        && !lexicon.is(first, Flags::DET | Flags::NUM | Flags::OTHER | Flags::ADJ)
    {
        return None;
    }
    let mut head = at;
    while head < before && !preposition(head) && !lexicon.is(&tokens[head], Flags::WHO | Flags::THAT | Flags::TO) {
        if verb(head) && !lexicon.is(&tokens[head], Flags::NOUN | Flags::ADJ) && head > at {
            break;
        }
        head += 1;
    }
    if head == at || nominal(scene, at, head) > at {
        return None;
    }
    // A finite verb outside a relative clause makes it a clause of its own.
    let finite = (head..phrase.start).any(|t| {
        let sure = lexicon.is(&tokens[t], Flags::AUX | Flags::VERB_S)
            || lexicon.is(&tokens[t], Flags::VERB_PAST) && !lexicon.is(&tokens[t], Flags::VERB_PART);
        sure && verb(t) && !lexicon.is(&tokens[t], Flags::NOUN | Flags::ADJ) && !lexicon.is(&tokens[t - 1], Flags::TO)
    });
    // A participle behind its noun needs a preposition or a time behind it: "published by", not "left the".
    let reduced = (verb(head) && !preposition(head)).then(|| tokens.get(head + 1)).flatten().is_none_or(|next| {
        lexicon.is(next, Flags::PREP | Flags::BY | Flags::DAY | Flags::WHEN | Flags::NEAR | Flags::ADV)
    });
    (relative || !finite && reduced).then_some(at..phrase.end)
}

/// "Nurses and their patients", "he and the engineers", "Okafor, Delgado and Ruiz": all of them, where the first stands
/// at the beginning of the clause.
fn joined(scene: &Scene<'_>, sentence: usize, phrase: Range<usize>, governed: bool) -> Range<usize> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let mut and = phrase.start;
    // "and even some technologists"
    if and > sentence + 1 && lexicon.is(&tokens[and - 1], Flags::ADV) && lexicon.is(&tokens[and - 2], Flags::AND) {
        and -= 1;
    }
    let Some(and) = and.checked_sub(1).filter(|a| *a > sentence && lexicon.is(&tokens[*a], Flags::AND)) else {
        return phrase;
    };
    // "Okafor left the hall, and the engineers said": with a comma it takes three to be a list.
    let comma = tokens[and - 1].is(',');
    let mut end = and - usize::from(comma);
    let mut best = phrase.start;
    let mut parts = 0;
    while end > sentence && parts < 6 {
        // "Okafor (R)"
        let closing = tokens[end - 1].is(')');
        let open = (sentence.max(end.saturating_sub(6))..end).rev().find(|t| tokens[*t].is('(')).filter(|_| closing);
        let start = nominal(scene, sentence, open.unwrap_or(end));
        if start >= end || scene.quoted[start] {
            break;
        }
        parts += 1;
        let ends = start == sentence || opens(scene, sentence, start) && !tokens[start - 1].is(',');
        if ends || governed && parts == 1 && !comma && lexicon.is(&tokens[start - 1], Flags::OF | Flags::LINK) {
            if parts > 1 || !comma {
                best = start;
            }
            break;
        }
        if !tokens[start - 1].is(',') {
            break;
        }
        // A comma may close what introduces the sentence; of three and more parts each is as good as the last.
        if parts == 1 && !comma || parts > 1 && comma {
            best = start;
        }
        end = start - 1;
    }
    best..phrase.end
}
