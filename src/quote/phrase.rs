//! Noun phrases that can speak: names with their titles, nouns with what modifies them, appositions skipped.

use super::{
    View,
    group::is_contraction,
    subject::{without_period, without_word},
};
use crate::{
    gazetteer::Flags,
    token::{Kind, Token},
};
use std::ops::Range;

/// Longest apposition between a speaker and the verb, in tokens.
const APPOSITION: usize = 40;

/// What a noun phrase is made of.
const NOMINAL: Flags = Flags::NOUN
    .union(Flags::ADJ)
    .union(Flags::ROLE)
    .union(Flags::ROLE_PLURAL)
    .union(Flags::BODY)
    .union(Flags::DOCUMENT)
    .union(Flags::DEMONYM)
    .union(Flags::DEMONYM_ADJ)
    .union(Flags::NUM)
    .union(Flags::TITLE)
    .union(Flags::OTHER)
    .union(Flags::FORMER);

/// Nouns that can speak.
pub(super) const SPEAKING: Flags = Flags::ROLE
    .union(Flags::ROLE_PLURAL)
    .union(Flags::BODY)
    .union(Flags::DOCUMENT)
    .union(Flags::TITLE)
    .union(Flags::DEMONYM);

/// The noun phrase that ends right before token `end` and does not begin before `low`; an apposition between is skipped.
pub(super) fn before(view: &View<'_>, low: usize, end: usize) -> Option<Range<usize>> {
    let last = end.checked_sub(1).filter(|last| *last >= low)?;
    if view.inside[last] > 0 {
        return None;
    }
    let tokens = &view.segments.tokens;
    let token = &tokens[last];
    let lexicon = &view.gazetteer.lexicon;
    if token.is(',') || dash(token) || token.is(')') {
        return before_apposition(view, low, last);
    }
    let named = view.names.mention_at(last).is_some();
    if !named && lexicon.is(token, Flags::PRON_SUBJECT | Flags::PRON_SPEECH) && !lexicon.is(token, Flags::WHO) {
        return Some(last..end);
    }
    if !named && is_contraction(view, last) {
        return Some(last..end);
    }
    if !named && lexicon.is(token, Flags::WHO | Flags::THAT) {
        // "Ruiz, who said that": the noun before.
        let comma = last > low && tokens[last - 1].is(',');
        return core(view, low, last - usize::from(comma)).filter(|phrase| speaks(view, phrase));
    }
    core(view, low, end).or_else(|| without_word(view, low, last))
}

/// A dash, or a hyphen that stands for one.
pub(super) fn dash(token: &Token) -> bool {
    token.is_dash() || token.is('-') && token.space_before
}

/// The noun phrase before the apposition that closes at token `close`.
fn before_apposition(view: &View<'_>, low: usize, close: usize) -> Option<Range<usize>> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let closer = &tokens[close];
    let mut commas = 0;
    let mut relative = true;
    // The nearest phrase that can speak, unless a person's name stands before its own apposition.
    let mut first: Option<Range<usize>> = None;
    for at in (low.max(close.saturating_sub(APPOSITION))..close).rev() {
        let token = &tokens[at];
        if view.inside[at] > 0 && !closer.is(',') {
            return None;
        }
        if lexicon.is(token, Flags::CUE)
            && lexicon.is(token, Flags::VERB_PAST | Flags::VERB_S)
            && !lexicon.is(token, Flags::NOUN | Flags::ADJ)
            && !token.is_capitalized()
        {
            relative = false;
        }
        // "Brandt, a former judge who advises the bank, said": the verb is the relative clause's own.
        relative |= lexicon.is(token, Flags::WHO) && view.names.mention_at(at).is_none();
        let opens = closer.is(',') && token.is(',') || dash(closer) && dash(token) || closer.is(')') && token.is('(');
        if !opens {
            continue;
        }
        commas += 1;
        let inside_who = (at + 1..close).take(3).any(|t| lexicon.is(&tokens[t], Flags::WHO));
        if commas > 4 || !(relative || inside_who) {
            return first;
        }
        // "Patch, a former director, said": what a role explains is a name, known or not.
        let explained = closer.is(',')
            && at + 2 < close
            && (lexicon.is(&tokens[at + 1], Flags::WHO)
                || lexicon.is(&tokens[at + 1], Flags::INDEFINITE | Flags::FORMER)
                    && (at + 1..close).any(|t| lexicon.is(&tokens[t], Flags::ROLE | Flags::BODY)));
        // So is a capitalized word right behind a closing mark.
        let quoted = |phrase: &Range<usize>| phrase.start.checked_sub(1).is_some_and(|b| view.inside[b] > 0);
        let named = |phrase: &Range<usize>| {
            (explained || quoted(phrase)) && tokens[phrase.start].is_capitalized() && phrase.len() <= 3
        };
        if let Some(phrase) =
            core(view, low, bracketed(view, low, at)).filter(|phrase| speaks(view, phrase) || named(phrase))
        {
            let person = phrase.clone().any(|t| {
                view.names
                    .mention_at(t)
                    .is_some_and(|m| view.names.mentions[m].kind == crate::model::EntityType::Person)
            });
            if person {
                return Some(phrase);
            }
            first.get_or_insert(phrase);
        }
    }
    first
}

/// One past a time that begins at `at`, "last week" or "earlier this month": `at` itself if there is none.
pub(super) fn skip_time(view: &View<'_>, at: usize, limit: usize) -> usize {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let near = |t: usize| t < limit && lexicon.is(&tokens[t], Flags::NEAR);
    let first = at + usize::from(near(at) && near(at + 1));
    let unit = near(first) && first + 1 < limit && lexicon.is(&tokens[first + 1], Flags::UNIT);
    // "said this week's vote would fail": the time is the subject.
    let owned = tokens.get(first + 2).is_some_and(|t| t.kind == Kind::Possessive);
    if unit && !owned { first + 2 } else { at }
}

/// Whether a phrase has a capitalized word that can be the name of somebody nobody knows.
pub(super) fn maybe_name(view: &View<'_>, phrase: &Range<usize>) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let tokens = &view.segments.tokens;
    let capital = |t: usize| {
        tokens[t].is_capitalized()
            && view.names.mention_at(t).is_none()
            && !lexicon.is(&tokens[t], Flags::FUNCTION | Flags::DAY | Flags::MONTH | Flags::DEMONYM_ADJ)
    };
    let first = view.segments.sentences[view.segments.sentence_of(phrase.start)].tokens.start;
    phrase.clone().any(|t| capital(t) && t > first) || phrase.len() > 1 && phrase.clone().all(capital)
}

/// The noun phrase before an aside that ends with a closing mark right before token `end`: "Brandt, citing "old rules,"".
pub(super) fn before_aside(view: &View<'_>, low: usize, end: usize) -> Option<Range<usize>> {
    let stretch = view.stretch(end.checked_sub(1)?)?;
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let last = tokens.get(stretch.inner.end.checked_sub(1)?)?;
    let start = low.max(stretch.start().saturating_sub(APPOSITION));
    if !last.is(',') || stretch.start() <= start {
        return None;
    }
    let comma = (start..stretch.start()).rev().find(|t| tokens[*t].is(','))?;
    // "Brandt, the trader known as "Magpie," said" too.
    let aside = lexicon.is(&tokens[comma + 1], Flags::VERB_ING | Flags::WHO | Flags::THE | Flags::INDEFINITE);
    if !aside {
        return None;
    }
    core(view, low, bracketed(view, low, comma)).filter(|phrase| speaks(view, phrase))
}

/// Steps back over a bracket that closes before `end`: "Levin (Mich.)".
fn bracketed(view: &View<'_>, low: usize, end: usize) -> usize {
    let tokens = &view.segments.tokens;
    if end == low || !tokens[end - 1].is(')') {
        return end;
    }
    (low.max(end.saturating_sub(10))..end).rev().find(|t| tokens[*t].is('(')).unwrap_or(end)
}

/// Whether a phrase is a name of a person or body, or has a noun that can speak.
pub(super) fn speaks(view: &View<'_>, phrase: &Range<usize>) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    phrase.clone().any(|t| {
        let token = &view.segments.tokens[t];
        lexicon.is(token, SPEAKING | Flags::PRON_SUBJECT)
            || is_age(view, t, phrase.end)
            || view.names.mention_at(t).is_some_and(|m| view.names.mentions[m].kind != crate::model::EntityType::Place)
    })
}

/// "the 26-year-old": a number, a unit of time and the suffix, as the last words of a phrase.
fn is_age(view: &View<'_>, at: usize, end: usize) -> bool {
    let tokens = &view.segments.tokens;
    tokens[at].kind == Kind::Number
        && at + 5 == end
        && tokens[at + 1].is('-')
        && tokens[at + 3].is('-')
        && view.gazetteer.lexicon.is(&tokens[at + 4], Flags::ADJ)
}

/// The noun phrase that ends right before token `end`, without appositions.
pub(super) fn core(view: &View<'_>, low: usize, end: usize) -> Option<Range<usize>> {
    if end <= low {
        return None;
    }
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let end = without_period(view, low, end);
    let mut start = end;
    while start > low {
        let at = start - 1;
        if view.inside[at] > 0 {
            break;
        }
        if let Some(mention) = view.names.mention_at(at).filter(|m| view.names.tokens[*m].end == start) {
            let name = view.names.tokens[mention].clone();
            let role = view.names.roles[mention].clone();
            start = name.start.max(low);
            if !role.is_empty() && role.end == name.start && role.start >= low {
                start = role.start;
            }
            continue;
        }
        let token = &tokens[at];
        let flags = Flags::of(token);
        let determiner = flags.intersects(Flags::DET)
            || flags.contains(Flags::PRON)
                && !flags.intersects(Flags::PRON_SUBJECT | Flags::WHO | Flags::THAT)
                && start < end;
        if determiner {
            start = at;
            break;
        }
        let compound = start < end && tokens[start].is('-') && !tokens[start].space_before && token.is_word();
        // "The Times", "an inside source": what is also a preposition, between a determiner and a noun.
        let determined = at > low && lexicon.is(&tokens[at - 1], Flags::DET) && view.inside[at - 1] == 0;
        let odd = flags.intersects(Flags::PREP) && determined && (token.is_capitalized() || start < end);
        let nominal =
            compound || odd || flags.intersects(NOMINAL) && !flags.intersects(Flags::PREP | Flags::AUX | Flags::SCONJ);
        // A mark outside a quotation is that of a nickname: Darren "Spud" Hobley.
        let joins = token.kind == Kind::Possessive
            || token.is('-') && !token.space_before
            || token.is_double() && start < end && tokens[start].is_capitalized()
            || token.is_double() && at > low && tokens[at - 1].is_capitalized() && start < end
            || token.is('.') && start < end && !token.space_before;
        let participle = start < end
            && flags.intersects(Flags::VERB_PART | Flags::VERB_ING)
            && !flags.contains(Flags::CUE)
            && !tokens[start].is_word_boundary();
        let unknown =
            token.is_word() && (flags.is_empty() || token.is_capitalized() && !flags.intersects(Flags::FUNCTION));
        let amount = token.kind == Kind::Number || token.is('%');
        if nominal || joins || participle || unknown || amount {
            start = at;
        } else {
            break;
        }
    }
    let alone = Flags::NUM | Flags::OTHER | Flags::PRON;
    let last = &tokens[end - 1];
    if start == end
        || lexicon.is(last, Flags::DET) && !last.is_capitalized() && !(start + 1 == end && lexicon.is(last, alone))
    {
        return None;
    }
    // "officials in Kyiv", "a spokesman for the ministry": the phrase begins before the preposition.
    let link =
        start.checked_sub(1).filter(|l| *l > low && lexicon.is(&tokens[*l], Flags::LINK) && view.inside[*l] == 0);
    if let Some(link) = link {
        let nominal = lexicon.is(&tokens[link - 1], NOMINAL) || view.names.mention_at(link - 1).is_some();
        if nominal
            && !lexicon.is(&tokens[link - 1], Flags::DAY | Flags::MONTH | Flags::WHEN)
            && let Some(head) = core(view, low, link).filter(|head| speaks(view, head))
        {
            return Some(head.start..end);
        }
    }
    // "Brandt and Okafor"
    let and = start.checked_sub(1).filter(|a| *a > low && lexicon.is(&tokens[*a], Flags::AND));
    if let Some(and) = and {
        let both = view.names.mention_at(start.max(low)).is_some() || speaks(view, &(start..end));
        // "thanked the crews and Okafor said": nouns join nouns only, not a name behind an object.
        let nouns = view.names.mention_at(start.max(low)).is_none();
        if both
            && (nouns && lexicon.is(&tokens[and - 1], Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY)
                || view
                    .names
                    .mention_at(and - 1)
                    .is_some_and(|m| view.names.mentions[m].kind != crate::model::EntityType::Place))
            && let Some(first) = core(view, low, and)
        {
            return Some(first.start..end);
        }
    }
    // A phrase that begins with a preposition is no subject; "anti-toll activists" is one.
    let hyphen = tokens.get(start + 1).is_some_and(|t| t.is('-') && !t.space_before);
    (!lexicon.is(&tokens[start], Flags::PREP) || hyphen).then_some(start..end)
}

/// The noun phrase that begins at token `start`, at most up to `limit`.
pub(super) fn after(view: &View<'_>, start: usize, limit: usize) -> Option<Range<usize>> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let first = tokens.get(start).filter(|_| start < limit && view.inside[start] == 0)?;
    if lexicon.is(first, Flags::PRON)
        && !lexicon.is(first, Flags::DET | Flags::NUM | Flags::OTHER)
        && view.names.mention_at(start).is_none()
    {
        let possessive = tokens
            .get(start + 1)
            .is_some_and(|t| lexicon.is(t, NOMINAL) && !lexicon.is(t, Flags::VERB_S | Flags::VERB_PAST));
        if !possessive || lexicon.is(first, Flags::PRON_SUBJECT) {
            return (!lexicon.is(first, Flags::THAT | Flags::WHO)).then_some(start..start + 1);
        }
    }
    let mut end = start;
    let mut named = false;
    while end < limit && view.inside[end] == 0 {
        if let Some(mention) = view.names.mention_at(end) {
            end = view.names.tokens[mention].end;
            named = view.names.mentions[mention].kind == crate::model::EntityType::Person;
            // "Okafor's lawyer", "a senior Delgado adviser", "the Delgado campaign": the name belongs to the noun behind it.
            let determined = view.names.tokens[mention].start == start + 1 && lexicon.is(first, Flags::THE);
            let owned = tokens.get(end).is_some_and(|next| {
                next.kind == Kind::Possessive
                    || !next.is_capitalized()
                        && lexicon.is(next, Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY)
                        && (determined || !lexicon.is(next, Flags::VERB))
            });
            if named && !(owned && end < limit && view.inside[end] == 0) {
                break;
            }
            named = false;
            continue;
        }
        let token = &tokens[end];
        let flags = Flags::of(token);
        let grammar = flags
            .intersects(Flags::PREP | Flags::AUX | Flags::SCONJ | Flags::CCONJ | Flags::THAT | Flags::WHO)
            && !flags.intersects(Flags::DET);
        let determiner = flags.intersects(Flags::DET | Flags::PRON);
        let compound = token.is_word()
            && (end > start && tokens[end - 1].is('-') && !token.space_before
                || tokens.get(end + 1).is_some_and(|t| t.is('-') && !t.space_before));
        if compound && !determiner {
            end += 1;
            continue;
        }
        // "the same interview"
        let same = end == start + 1
            && lexicon.is(first, Flags::THE)
            && flags.contains(Flags::DET)
            && flags.contains(Flags::PRON);
        if determiner && end > start && !same || grammar && token.is_word() {
            break;
        }
        let nominal = flags.intersects(NOMINAL | Flags::DET | Flags::PRON | Flags::VERB_ING | Flags::VERB_PART)
            || flags.is_empty()
            || token.is_capitalized();
        let joins = token.kind == Kind::Possessive
            || token.is('-') && !token.space_before
            || token.is('.')
                && end > start
                && !token.space_before
                && end + 1 < limit
                && tokens[end + 1].is_capitalized()
                && end - start < 6
                && tokens[end - 1].is_capitalized();
        if joins || token.kind == Kind::Number || token.is_word() && nominal {
            end += 1;
        } else {
            break;
        }
    }
    // "one of those advisers"
    let part = end == start + 1
        && tokens.get(end).is_some_and(|t| lexicon.is(t, Flags::OF))
        && tokens.get(end + 1).is_some_and(|t| !lexicon.is(t, Flags::WHO))
        && lexicon.is(first, Flags::NUM | Flags::OTHER | Flags::DET)
        && !lexicon.is(first, Flags::THE | Flags::INDEFINITE);
    while end > start
        && !part
        && (tokens[end - 1].is('.') || lexicon.is(&tokens[end - 1], Flags::DET))
        && view.names.mention_at(end - 1).is_none()
    {
        end -= 1;
    }
    if end == start {
        // "told her": the owner's word is the object where no noun follows.
        let alone = tokens.get(start + 1).is_none_or(|t| !t.is_word() || start + 1 >= limit);
        return (alone && lexicon.is(first, Flags::PRON) && lexicon.is(first, Flags::SHE)).then_some(start..start + 1);
    }
    // "a spokesman for the ministry"
    let infinitive = |at: usize| lexicon.is(&tokens[at], Flags::TO) && lexicon.is(&tokens[at + 1], Flags::VERB_BASE);
    let dated =
        |at: usize| lexicon.is(&tokens[at], Flags::DAY | Flags::MONTH | Flags::WHEN) || tokens[at].kind == Kind::Number;
    let linked =
        !named && end + 1 < limit && lexicon.is(&tokens[end], Flags::LINK) && !infinitive(end) && !dated(end + 1);
    if linked
        && (part || lexicon.is(&tokens[end - 1], SPEAKING | Flags::NOUN))
        && let Some(more) = after(view, end + 1, limit)
    {
        end = more.end;
    }
    if end + 1 < limit
        && lexicon.is(&tokens[end], Flags::AND)
        && named
        && let Some(more) = after(view, end + 1, limit).filter(|more| speaks(view, more))
    {
        end = more.end;
    }
    Some(start..end)
}

/// One past the apposition that follows a phrase: `end` itself if there is none.
pub(super) fn skip_apposition(view: &View<'_>, end: usize, limit: usize) -> usize {
    let tokens = &view.segments.tokens;
    if end >= limit || !(tokens[end].is(',') || tokens[end].is_dash() || tokens[end].is('(')) || view.inside[end] > 0 {
        return end;
    }
    let closes = |t: &Token| if tokens[end].is('(') { t.is(')') } else { t.is(',') || t.is_dash() };
    let last = limit.min(end + APPOSITION);
    match (end + 1..last).find(|at| view.inside[*at] > 0 || closes(&tokens[*at]) && *at > end + 1) {
        Some(at) if view.inside[at] > 0 => return end,
        Some(at) => return at,
        None => {}
    }
    // It runs to the end of the sentence: "..., said Petrova, a nurse."
    limit.min(end + APPOSITION)
}

/// As [`skip_apposition`], but only over an apposition that describes: with a role, an age or a place in it.
pub(super) fn skip_apposition_of_name(view: &View<'_>, end: usize, limit: usize) -> usize {
    let tokens = &view.segments.tokens;
    let stop = skip_apposition(view, end, limit);
    let lexicon = &view.gazetteer.lexicon;
    let first = tokens.get(end + 1).filter(|_| end + 1 < stop);
    let describes = first.is_some_and(|t| {
        t.kind == Kind::Number && tokens.get(end + 2).is_some_and(|t| t.is(','))
            || lexicon.is(
                t,
                Flags::DET | Flags::ROLE | Flags::TITLE | Flags::WHO | Flags::OF | Flags::FORMER | Flags::DEMONYM_ADJ,
            )
            || view.names.mention_at(end + 1).is_some()
    });
    if describes { stop } else { end }
}
