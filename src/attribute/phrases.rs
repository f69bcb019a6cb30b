//! Noun phrases around a subject: what belongs to it, who stands behind it, and the group that a sentence is about.

use super::Scene;
use crate::{
    gazetteer::Flags,
    model::{EntityType, Statement},
    token::Kind,
};
use std::ops::Range;

/// The frame whose subject stands further before.
const PARTICIPLE: &str = "participle";

/// Longest addition to a phrase, in tokens.
const LONGEST: usize = 24;

/// The phrase with the nouns that its last word belongs to: "Delgado" -> "Delgado's deputy campaign manager".
pub(super) fn completed(scene: &Scene<'_>, phrase: Range<usize>) -> Range<usize> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    if tokens.get(phrase.end).is_none_or(|t| t.kind != Kind::Possessive || scene.quoted[phrase.end]) {
        return phrase;
    }
    let sentence = scene.segments.sentences[scene.segments.sentence_of(phrase.start)].tokens.end;
    let nominal = Flags::NOUN | Flags::ADJ | Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY | Flags::DOCUMENT;
    let mut end = phrase.end + 1;
    while end < sentence.min(phrase.end + LONGEST) && !scene.quoted[end] {
        let token = &tokens[end];
        let flags = Flags::of(token);
        let verb = flags.intersects(Flags::AUX | Flags::CUE) && !flags.intersects(Flags::NOUN | Flags::ROLE);
        let word = token.kind == Kind::Word
            && (flags.intersects(nominal | Flags::TITLE | Flags::FORMER) || token.is_capitalized());
        let hyphen = token.is('-') && !token.space_before;
        // "Delgado's claim that": what was said is nobody who speaks.
        let that = tokens.get(end + 1).is_some_and(|t| lexicon.is(t, Flags::THAT));
        if that && flags.contains(Flags::CUE) {
            return phrase;
        }
        if verb || !(word || hyphen) {
            break;
        }
        end += 1;
    }
    if end > phrase.end + 1 { phrase.start..end } else { phrase }
}

/// Who released the statement that is said to speak: "Delgado issued a statement saying", "She sent a letter warning".
pub(super) fn issuer(scene: &Scene<'_>, phrase: &Range<usize>) -> Option<Range<usize>> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    // A statement or a letter, but not a sign on a door.
    let medium = |at: usize| lexicon.medium_at(&tokens[at..phrase.end]).is_some();
    let document = phrase.clone().any(|t| lexicon.is(&tokens[t], Flags::DOCUMENT) && medium(t));
    // "a letter to Okafor asking" is no letter of Okafor's.
    let link = phrase.clone().find(|t| lexicon.is(&tokens[*t], Flags::LINK | Flags::TO)).unwrap_or(phrase.end);
    let named = !scene.names.within(phrase.start..link).is_empty();
    if !document || named || !lexicon.is(&tokens[phrase.start], Flags::INDEFINITE) {
        return None;
    }
    let sentence = &scene.segments.sentences[scene.segments.sentence_of(phrase.start)].tokens;
    let mut verb = phrase.start.checked_sub(1)?;
    // "put out a statement"
    if verb > sentence.start && lexicon.is(&tokens[verb], Flags::ADV | Flags::PREP) {
        verb -= 1;
    }
    if verb <= sentence.start
        || !lexicon.is(&tokens[verb], Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_PART)
        || scene.quoted[verb]
    {
        return None;
    }
    // The last subject before the verb: a name, else a pronoun or a noun right before it.
    let names = scene.names.within(sentence.start..verb);
    let subject = names.rev().find(|m| scene.references[*m].place.is_subject() && scene.references[*m].first);
    if let Some(mention) = subject.filter(|m| scene.names.mentions[*m].kind != EntityType::Place) {
        // "The Okafor campaign released a statement saying"
        let name = scene.names.tokens[mention].clone();
        let noun = |t: &usize| {
            let token = &tokens[*t];
            lexicon.is(token, Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY)
                && !lexicon.is(token, Flags::VERB_PAST | Flags::VERB_S)
                && !token.is_capitalized()
        };
        let end = (name.end..verb).find(|t| !noun(t)).unwrap_or(verb);
        let article = name.start > sentence.start && lexicon.is(&tokens[name.start - 1], Flags::THE);
        return Some(if article && end > name.end { name.start - 1..end } else { name });
    }
    let mut end = verb;
    while end > sentence.start && lexicon.is(&tokens[end - 1], Flags::AUX | Flags::ADV) {
        end -= 1;
    }
    let last = end.checked_sub(1).filter(|last| *last >= sentence.start && !scene.quoted[*last])?;
    if lexicon.is(&tokens[last], Flags::PRON_SUBJECT) {
        return Some(last..end);
    }
    let speaks = Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY | Flags::TITLE;
    if !lexicon.is(&tokens[last], speaks) {
        return None;
    }
    let mut start = last;
    while start > sentence.start && lexicon.is(&tokens[start - 1], Flags::ADJ | Flags::NOUN | Flags::DEMONYM_ADJ) {
        start -= 1;
    }
    if start > sentence.start && lexicon.is(&tokens[start - 1], Flags::DET | Flags::PRON) {
        start -= 1;
    }
    Some(start..end)
}

/// The phrase of an unnamed source with what tells more about it: "an official who spoke on condition of anonymity", "a
/// lawyer familiar with the talks". Only behind the cue, where nothing else follows the phrase.
pub(super) fn extended(scene: &Scene<'_>, statement: &Statement, phrase: &Range<usize>) -> Range<usize> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let sentence = scene.segments.sentences[scene.segments.sentence_of(phrase.start)].tokens.end;
    let content = statement.parts.iter().map(|p| p.start).filter(|start| *start >= phrase.end).min();
    let behind = statement.cue.start < phrase.start;
    let limit = if behind { sentence } else { statement.cue.start };
    let limit = limit.min(content.unwrap_or(limit)).min(phrase.end + LONGEST);
    let at = phrase.end;
    let Some(first) = tokens.get(at).filter(|_| at < limit && !scene.quoted[at]) else { return phrase.clone() };
    // "Two poets, including Okafor, said": who belongs to the group is told between commas.
    if first.is(',') && !behind {
        let example = tokens.get(at + 1).is_some_and(|t| lexicon.is(t, Flags::EXAMPLE));
        let close = (at + 2..limit).rev().find(|t| tokens[*t].is(','));
        return close.filter(|_| example).map_or_else(|| phrase.clone(), |close| phrase.start..close);
    }
    // "a poll published Friday"
    if lexicon.is(&tokens[at - 1], Flags::VERB_PART) && lexicon.is(first, Flags::DAY) {
        return phrase.start..at + 1;
    }
    let relative = lexicon.is(first, Flags::WHO | Flags::THAT);
    // Not when or how it was said: "a diplomat on Monday", "a diplomat in an interview".
    let when = |at: usize| tokens.get(at).is_some_and(|t| lexicon.is(t, Flags::DAY | Flags::WHEN | Flags::MONTH));
    let medium = lexicon.medium_at(&tokens[at..limit]).is_some();
    let aside = when(at) || when(at + 1) || tokens.get(at + 1).is_some_and(|t| t.kind == Kind::Number) || medium;
    // Where the subject stands further before, its own verb follows it: "The clerk refused to answer, saying".
    let far = statement.frame == PARTICIPLE;
    let loose = !aside
        && !far
        && (lexicon.is(first, Flags::PREP | Flags::ADJ)
            || lexicon.is(first, Flags::VERB_PART | Flags::VERB_ING) && !lexicon.is(first, Flags::NOUN));
    if !(relative || loose) {
        return phrase.clone();
    }
    let ends = |at: &usize| {
        let token = &tokens[*at];
        scene.quoted[*at] || token.is(',') || token.is(';') || token.is(':') || token.is_stop() || token.is_dash()
    };
    let mut end = (at + 1..limit).find(ends).unwrap_or(limit);
    while !behind && end > at && lexicon.is(&tokens[end - 1], Flags::AUX | Flags::ADV) {
        end -= 1;
    }
    // "who spoke on condition of anonymity to describe the talks": a break in the phrase leaves no "to" behind.
    while end > at && lexicon.is(&tokens[end - 1], Flags::TO | Flags::AND) {
        end -= 1;
    }
    if end > at + 1 { phrase.start..end } else { phrase.clone() }
}

/// The phrase of an unnamed source without when and how it was said: "a diplomat in an interview", "a nurse on Monday".
pub(super) fn trimmed(scene: &Scene<'_>, phrase: &Range<usize>) -> Range<usize> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let aside = |at: &usize| {
        let when = tokens.get(at + 1).is_some_and(|t| lexicon.is(t, Flags::DAY | Flags::WHEN | Flags::MONTH));
        let rest = &tokens[*at..phrase.end];
        let medium = || lexicon.medium_at(rest).is_some();
        let preposition = !tokens[*at].is_capitalized() && lexicon.is(&tokens[*at], Flags::PREP);
        preposition && !lexicon.is(&tokens[*at], Flags::OF) && (when || medium())
    };
    phrase.start..(phrase.start + 1..phrase.end).find(aside).unwrap_or(phrase.end)
}

/// The group that the sentence before token `at` is about, of the same paragraph or the one before: "Police closed the
/// square."
pub(super) fn group_before(scene: &Scene<'_>, at: usize) -> Option<Range<usize>> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let sentence = scene.segments.sentence_of(at).checked_sub(1)?;
    let range = scene.segments.sentences[sentence].tokens.clone();
    let group = Flags::ROLE_PLURAL | Flags::BODY;
    for word in range.clone() {
        let Some(next) = tokens.get(word + 1).filter(|_| word + 1 < range.end) else { break };
        if scene.quoted[word] || lexicon.is(&tokens[word], Flags::AUX | Flags::VERB_PAST) {
            break;
        }
        let acts = lexicon.is(next, Flags::AUX | Flags::VERB_PAST | Flags::VERB_BASE);
        if !lexicon.is(&tokens[word], group) || !acts || scene.names.mention_at(word).is_some() {
            continue;
        }
        let mut start = word;
        while start > range.start
            && lexicon.is(&tokens[start - 1], Flags::ADJ | Flags::NOUN | Flags::DEMONYM_ADJ | Flags::DET)
        {
            start -= 1;
        }
        let object = start > range.start && lexicon.is(&tokens[start - 1], Flags::PREP);
        return (!object).then_some(start..word + 1);
    }
    None
}
