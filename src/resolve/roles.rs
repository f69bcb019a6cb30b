//! The title or function that the text gives beside a name.

use super::clusters::level;
use crate::{
    gazetteer::{Flags, Gazetteer, Lexicon, PhraseKind},
    model::{EntityType, Found, Gender},
    text::Segments,
    token::{self, Kind, Token},
};
use std::ops::Range;

/// A role with what it tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Role<'g> {
    pub text: String,
    pub tokens: Range<usize>,
    pub classes: Vec<u16>,
    pub countries: Vec<&'g str>,
    pub gender: Gender,
    pub age: u32,
}

impl Role<'_> {
    /// Whether it tells nothing.
    fn is_empty(&self) -> bool {
        self.text.is_empty()
            && self.tokens.is_empty()
            && self.classes.is_empty()
            && self.countries.is_empty()
            && self.gender == Gender::Unknown
            && self.age == 0
    }

    /// The role itself, if it tells something: most names have none, and a text may have millions of names.
    pub(super) fn told(self) -> Option<Box<Self>> {
        (!self.is_empty()).then(|| Box::new(self))
    }
}

/// Longest role, in tokens.
const LONGEST: usize = 24;

/// Longest role, in bytes: it may be told with every quotation of its bearer.
const BYTES: usize = 400;

/// The role that stands beside a person's name: before it ("Turkey's defence minister Akar") or, in commas, after it.
pub(super) fn beside<'g>(segments: &Segments, gazetteer: &'g Gazetteer, found: &[Found], name: &Found) -> Role<'g> {
    let sentence = segments.sentences[name.sentence].tokens.clone();
    let before = before(segments, gazetteer, found, sentence.start, name.tokens.start);
    let age = match age_after(segments, name.tokens.end, sentence.end) {
        0 => age_before(segments, sentence.start, name.tokens.start),
        age => age,
    };
    let after = after(segments, gazetteer, found, name.tokens.end, sentence.end);
    let mut role = Role { age, ..Role::default() };
    let honorific = |range: &Range<usize>| {
        range
            .clone()
            .all(|t| gazetteer.lexicon.is(&segments.tokens[t], Flags::HONORIFIC) || !segments.tokens[t].is_word())
    };
    for range in [before.clone(), after.clone()].into_iter().flatten() {
        read(segments, gazetteer, range, &mut role);
    }
    let short = |range: &Range<usize>| segments.span(range.clone()).len() <= BYTES;
    let chosen = match (before.filter(short), after.filter(short)) {
        (Some(b), Some(a)) if honorific(&b) => a,
        (Some(b), _) => b,
        (None, Some(a)) => a,
        (None, None) => return role,
    };
    role.text = level(segments.span(chosen.clone()).of(&segments.text));
    role.tokens = chosen;
    role
}

/// Classes, countries and gender that the words of a role tell.
fn read<'g>(segments: &Segments, gazetteer: &'g Gazetteer, range: Range<usize>, role: &mut Role<'g>) {
    let lexicon = &gazetteer.lexicon;
    let mut at = range.start;
    while at < range.end {
        let rest = &segments.tokens[at..range.end];
        let found = lexicon.longest(rest, |kind| matches!(kind, PhraseKind::Title | PhraseKind::Role));
        if let Some((length, phrase)) = found {
            let (class, gender) = match phrase.kind {
                PhraseKind::Title => {
                    (lexicon.titles[phrase.index as usize].class, lexicon.titles[phrase.index as usize].gender)
                }
                _ => (lexicon.roles[phrase.index as usize].class, lexicon.roles[phrase.index as usize].gender),
            };
            // "adviser to President Delgado" makes nobody a president.
            let own = at == range.start || !follows_link(lexicon, segments, range.start, at);
            if own && !role.classes.contains(&class) {
                role.classes.push(class);
            }
            if own && role.gender == Gender::Unknown {
                role.gender = gender;
            }
            at += length;
            continue;
        }
        let token = &segments.tokens[at];
        let demonym = lexicon.is(token, Flags::DEMONYM | Flags::DEMONYM_ADJ);
        let country = if demonym { gazetteer.demonym_country(&token::fold(segments.word(at))) } else { "" };
        let country = if country.is_empty() { country_of(gazetteer, token) } else { country };
        if !country.is_empty() && !role.countries.contains(&country) {
            role.countries.push(country);
        }
        at += 1;
    }
}

fn country_of<'g>(gazetteer: &'g Gazetteer, token: &Token) -> &'g str {
    let aliases = if token.is_capitalized() { gazetteer.forms(std::slice::from_ref(token)) } else { Vec::new() };
    let country = aliases.iter().map(|a| gazetteer.entry(a.entry)).find(|e| e.class() == "country");
    country.map_or("", |entry| entry.country())
}

/// Whether "to", "for" or "of" stands between the start of the role and `at`.
fn follows_link(lexicon: &Lexicon, segments: &Segments, start: usize, at: usize) -> bool {
    (start..at).any(|t| lexicon.is(&segments.tokens[t], Flags::LINK))
}

/// The role that ends right before token `end`.
fn before(
    segments: &Segments,
    gazetteer: &Gazetteer,
    found: &[Found],
    start: usize,
    end: usize,
) -> Option<Range<usize>> {
    let tokens = &segments.tokens;
    let lexicon = &gazetteer.lexicon;
    let heads = |at: usize, stop: usize| {
        let (length, _) = lexicon.longest(&tokens[at..stop], |k| matches!(k, PhraseKind::Title | PhraseKind::Role))?;
        let mut after = at + length;
        while after < stop && tokens[after].is('.') {
            after += 1;
        }
        Some(after)
    };
    if end > start && tokens[end - 1].is(',') {
        // "Head of the Department, Hikmat Hajiyev": a role may open the sentence. Within it the description begins with its
        // article and the apposition closes: "where a doctor, Gabriela Ruiz, was waiting".
        let stop = end - 1;
        return opening(segments, gazetteer, found, start, stop).or_else(|| {
            let from = run_before(segments, gazetteer, found, start, stop);
            let article = from > start && lexicon.is(&tokens[from - 1], Flags::DET | Flags::PRON);
            let closes = tokens.get(end_of(found, end)).is_none_or(|t| t.is(',') || t.is_stop() || t.is_dash());
            (article && closes && (from..stop).any(|at| heads(at, stop) == Some(stop))).then_some(from..stop)
        });
    }
    // "foreign minister", "Judge President": a title or role noun right before the name.
    let from = run_before(segments, gazetteer, found, start, end);
    let mut head = (from..end).find(|at| heads(*at, end) == Some(end));
    let mut from = from;
    if head.is_none() {
        // "Minister of National Defence": the name of a body or portfolio between the noun and the name.
        let mut link = end;
        while link > start && end - link < LONGEST && is_name_word(lexicon, tokens, link - 1) {
            link -= 1;
        }
        let of = (link..end).find(|t| lexicon.is(&tokens[*t], Flags::OF | Flags::FOR | Flags::TO))?;
        if of + 1 >= end || lexicon.is(&tokens[end - 1], Flags::PREP | Flags::DET | Flags::AND) {
            return None;
        }
        from = run_before(segments, gazetteer, found, start, of);
        head = (from..of).find(|at| heads(*at, of) == Some(of));
    }
    let head = head?;
    // "Chief of Staff", "His Highness": phrases with a word that modifies nothing.
    let phrase = (start.max(from.saturating_sub(3))..from)
        .find(|at| heads(*at, end).is_some_and(|after| after > from) && !tokens[*at].is(','));
    let head = phrase.unwrap_or(head);
    let from = phrase.map_or(from, |at| run_before(segments, gazetteer, found, start, at).min(at));
    let mut first = from;
    // "to insult comrade Okafor": a verb is no part of the role.
    let verb = |at: usize| {
        let lower = tokens[at].is_word() && !tokens[at].is_capitalized();
        let subject = at > start && lexicon.is(&tokens[at - 1], Flags::TO | Flags::PRON | Flags::AUX);
        lower && lexicon.is(&tokens[at], Flags::VERB) && (subject || !lexicon.is(&tokens[at], Flags::NOUN | Flags::ADJ))
    };
    let grammar = Flags::DET | Flags::CCONJ | Flags::PREP;
    while first < head && (lexicon.is(&tokens[first], grammar) || tokens[first].kind == Kind::Possessive || verb(first))
    {
        first += 1;
    }
    (first < end).then_some(first..end)
}

/// Where the modifiers of a role noun that ends before `end` begin: no preposition and no name of a person among them.
fn run_before(segments: &Segments, gazetteer: &Gazetteer, found: &[Found], start: usize, end: usize) -> usize {
    let tokens = &segments.tokens;
    let lexicon = &gazetteer.lexicon;
    let mut from = end;
    while from > start && end - from < LONGEST && !ends_person(segments, gazetteer, found, from - 1) {
        let token = &tokens[from - 1];
        let role = lexicon.is(token, Flags::TITLE | Flags::ROLE | Flags::BODY) && !lexicon.is(token, Flags::LINK);
        let abbreviated = token.is('.') && !token.space_before;
        let ampersand = token.is('&');
        let hyphened = token.is_word() && from < end && tokens[from].is('-') && !tokens[from].space_before;
        // "Institute of National Development professor", "writer and broadcaster".
        let joins = from < end && from - 1 > start && {
            let (left, right) = (&tokens[from - 2], &tokens[from]);
            let office = Flags::TITLE | Flags::ROLE;
            lexicon.is(token, Flags::OF)
                && left.is_capitalized()
                && right.is_capitalized()
                && !lexicon.is(right, office)
                || lexicon.is(token, Flags::AND) && lexicon.is(left, office)
        };
        if !(role || abbreviated || joins || ampersand || hyphened || modifies(gazetteer, segments, from - 1)) {
            break;
        }
        from -= 1;
    }
    from
}

/// Whether a token can stand in the name of a body or portfolio behind a role noun ("of Foreign Affairs and Trade").
fn is_name_word(lexicon: &Lexicon, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    token.is_capitalized()
        || token.is('&')
        || token.is('-') && !token.space_before
        || token.is_word() && lexicon.is(token, Flags::OF | Flags::FOR | Flags::TO | Flags::THE | Flags::AND)
}

/// Whether another person's name ends with token `at`. It ends the role, unless a role noun follows it: "Aliyev aide Hikmet
/// Hajiyev".
fn ends_person(segments: &Segments, gazetteer: &Gazetteer, found: &[Found], at: usize) -> bool {
    let i = found.partition_point(|n| n.tokens.end < at + 1);
    let person = found.get(i).is_some_and(|n| n.kind == EntityType::Person && n.tokens.end == at + 1);
    let next = &segments.tokens[at + 1];
    person && !gazetteer.lexicon.is(next, Flags::ROLE | Flags::TITLE) && next.kind != Kind::Possessive
}

/// The role that a sentence opens with, up to the comma at `stop`.
fn opening(
    segments: &Segments,
    gazetteer: &Gazetteer,
    found: &[Found],
    start: usize,
    stop: usize,
) -> Option<Range<usize>> {
    let lexicon = &gazetteer.lexicon;
    let tokens = &segments.tokens;
    if stop - start > LONGEST
        || !(start..stop).all(|at| may_stand_in_role(gazetteer, segments, at))
        || (start..stop).any(|at| ends_person(segments, gazetteer, found, at))
    {
        return None;
    }
    let head = (start..stop).find(|at| {
        let rest = &tokens[*at..stop];
        let longest = lexicon.longest(rest, |kind| matches!(kind, PhraseKind::Title | PhraseKind::Role));
        longest.is_some_and(|(length, _)| {
            let after = at + length;
            let linked = after < stop && lexicon.is(&tokens[after], Flags::LINK);
            after == stop
                || linked && !lexicon.is(&tokens[stop - 1], Flags::PREP | Flags::DET)
                || role_follows(segments, gazetteer, after, stop)
        })
    })?;
    let mut first = head;
    while first > start && modifies(gazetteer, segments, first - 1) {
        first -= 1;
    }
    while first < head && lexicon.is(&tokens[first], Flags::DET | Flags::CCONJ | Flags::PREP) {
        first += 1;
    }
    Some(first..stop)
}

/// One past the name that begins at token `start`.
fn end_of(found: &[Found], start: usize) -> usize {
    let i = found.partition_point(|n| n.tokens.start < start);
    found.get(i).filter(|n| n.tokens.start == start).map_or(start, |n| n.tokens.end)
}

fn role_follows(segments: &Segments, gazetteer: &Gazetteer, from: usize, stop: usize) -> bool {
    from < stop && {
        let last = &segments.tokens[stop - 1];
        let last = if last.is('.') && stop - 1 > from { &segments.tokens[stop - 2] } else { last };
        gazetteer.lexicon.is(last, Flags::TITLE | Flags::ROLE)
    }
}

/// Whether a token can be part of a role before a name.
fn may_stand_in_role(gazetteer: &Gazetteer, segments: &Segments, at: usize) -> bool {
    let token = &segments.tokens[at];
    let lexicon = &gazetteer.lexicon;
    match token.kind {
        Kind::Possessive => true,
        Kind::Punctuation => token.is('-') || token.is('&') || token.is('.') && !token.space_before,
        Kind::Word if lexicon.is(token, Flags::TITLE | Flags::ROLE | Flags::BODY) => true,
        Kind::Word if token.is_capitalized() => true,
        Kind::Word => {
            lexicon.is(token, Flags::LINK | Flags::THE | Flags::AND) && !lexicon.is(token, Flags::WITH)
                || lexicon.is(token, Flags::ADJ | Flags::NOUN)
                    && !lexicon.is(token, Flags::PRON | Flags::WH | Flags::AUX)
        }
        _ => false,
    }
}

/// Whether a token modifies the role noun behind it.
fn modifies(gazetteer: &Gazetteer, segments: &Segments, at: usize) -> bool {
    let token = &segments.tokens[at];
    let lexicon = &gazetteer.lexicon;
    let grammar = Flags::PREP | Flags::DET | Flags::CCONJ | Flags::SCONJ | Flags::PRON | Flags::AUX | Flags::WH;
    match token.kind {
        Kind::Possessive => true,
        Kind::Punctuation => token.is('-') && !token.space_before,
        Kind::Word if lexicon.is(token, grammar) => {
            lexicon.is(token, Flags::AND)
                && at > 0
                && segments.tokens[at - 1].is_capitalized()
                && segments.tokens[at + 1].is_capitalized()
        }
        Kind::Word => token.is_capitalized() || lexicon.is(token, Flags::ADJ | Flags::NOUN | Flags::DEMONYM_ADJ),
        _ => false,
    }
}

/// The apposition after a name: ", assistant to the president,".
fn after(
    segments: &Segments,
    gazetteer: &Gazetteer,
    found: &[Found],
    end: usize,
    limit: usize,
) -> Option<Range<usize>> {
    let lexicon = &gazetteer.lexicon;
    let tokens = &segments.tokens;
    let mut at = end;
    if !(at < limit && (tokens[at].is(',') || tokens[at].is_dash() || tokens[at].is('('))) {
        return None;
    }
    at += 1;
    // ", 46, a nurse"
    if at + 1 < limit && tokens[at].kind == Kind::Number && tokens[at + 1].is(',') {
        at += 2;
    }
    let start = at;
    let mut stop = at;
    let mut role = false;
    while stop < limit && stop - start < LONGEST {
        let token = &tokens[stop];
        let flags = Flags::of(token);
        if token.is(',')
            || token.is_stop()
            || token.is_dash()
            || token.is(')')
            || token.is(':')
            || token.is(';')
            || matches!(token.kind, Kind::Double | Kind::Single)
        {
            break;
        }
        role = role
            || stop - start < 10
                && lexicon
                    .longest(&tokens[stop..limit], |kind| matches!(kind, PhraseKind::Title | PhraseKind::Role))
                    .is_some()
                && !follows_link(lexicon, segments, start, stop);
        let lower = !token.is_capitalized();
        // "said" may be a participle, but does not describe anybody; "based" may describe, but "took" does not.
        let finite = flags.intersects(Flags::VERB_PAST | Flags::VERB_S)
            && !flags.intersects(Flags::NOUN | Flags::ADJ)
            && (flags.contains(Flags::CUE) || !flags.contains(Flags::VERB_PART));
        let verb = flags.intersects(Flags::AUX) || finite;
        if lower && (verb || flags.contains(Flags::WH)) {
            break;
        }
        stop += 1;
    }
    let first = tokens.get(start)?;
    let opens = lexicon
        .is(first, Flags::DET | Flags::TITLE | Flags::ROLE | Flags::DEMONYM_ADJ | Flags::ADJ | Flags::NOUN)
        || first.is_capitalized();
    let i = found.partition_point(|n| n.tokens.start < start);
    let list = found.get(i).is_some_and(|n| n.tokens.start == start && n.kind == EntityType::Person);
    let pronoun =
        lexicon.is(first, Flags::PRON | Flags::CCONJ | Flags::PREP | Flags::SCONJ) && !lexicon.is(first, Flags::DET);
    // ", calling him a hero," describes nobody's office.
    let verb = lexicon.is(first, Flags::VERB_ING) && !lexicon.is(first, Flags::ADJ | Flags::ROLE | Flags::TITLE);
    let number = stop == start + 1 && lexicon.is(first, Flags::NUM);
    if !role || !opens || list || pronoun || verb || number {
        return None;
    }
    let mut first = start;
    while first < stop && lexicon.is(&tokens[first], Flags::DET) {
        first += 1;
    }
    (first < stop).then_some(first..stop)
}

/// The age in ", 46," after a name.
fn age_after(segments: &Segments, end: usize, limit: usize) -> u32 {
    if end + 2 > limit || !segments.tokens[end].is(',') {
        return 0;
    }
    let closed = segments.tokens.get(end + 2).is_none_or(|t| t.is(',') || t.is_stop() || t.is('-'));
    segments.word(end + 1).parse().ok().filter(|age| closed && (1..=120).contains(age)).unwrap_or(0)
}

/// The age in "22-year-old goalkeeper" before a name.
fn age_before(segments: &Segments, start: usize, end: usize) -> u32 {
    let tokens = &segments.tokens;
    let compound =
        |t: usize| tokens[t].kind == Kind::Number && t + 4 < end && tokens[t + 1].is('-') && tokens[t + 3].is('-');
    let found = (start.max(end.saturating_sub(10))..end).rev().find(|t| compound(*t));
    found.and_then(|t| segments.word(t).parse().ok()).filter(|age| (1..=120).contains(age)).unwrap_or(0)
}
