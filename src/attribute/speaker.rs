//! The speaker that a subject names: a name, a pronoun, a description, an unnamed source.

use super::{
    Link, Scene,
    antecedent::{self, Asked, Wanted},
    description::description,
    phrases::{self, completed},
    reasons::PRONOUN,
    source,
};
use crate::{
    gazetteer::Flags,
    model::{EntityType, Gender, Speaker, Statement, beginning},
    token::Kind,
};
use std::ops::Range;

/// The speaker of a statement that has a subject.
pub(super) fn link(scene: &Scene<'_>, statement: &Statement, asked: &Asked<'_, '_>) -> Link {
    let subject = statement.subject.clone();
    if subject.is_empty() {
        return Link { rule: "no subject", ..Link::default() };
    }
    // "The town released a statement saying": the statement speaks for who released it.
    let subject = phrases::issuer(scene, &subject).unwrap_or_else(|| source::whole(scene, statement));
    // "Ruiz's claim that": the noun behind the owner is the cue.
    let owner = source::owns_cue(scene, statement);
    let mut link = if owner { resolve_whole(scene, subject, asked) } else { resolve(scene, subject, asked) };
    if statement.frame == TRANSCRIPT
        && link.speaker.entity.is_none()
        && let Some(turn) = turn(scene, statement)
    {
        return turn;
    }
    if link.speaker.entity.is_none()
        && !link.speaker.name.is_empty()
        && let Some(surface) = link.surface.clone()
    {
        let mut better = phrases::trimmed(scene, &surface);
        if better == surface && !owner && source::relative(scene, statement).is_none() {
            better = phrases::extended(scene, statement, &surface);
        }
        if better != surface {
            link.speaker.name = one_line(scene, &better);
            link.speaker.surface = Some(scene.segments.span(better));
        }
    }
    if let Some(pronoun) = source::relative(scene, statement)
        && link.surface.is_some()
    {
        link.speaker.surface = Some(scene.segments.span(pronoun));
    }
    link
}

/// "A: Only the tenors.": the one letter of an interview's answer stands for the guest, that of a question for nobody
/// who is named.
fn turn(scene: &Scene<'_>, statement: &Statement) -> Option<Link> {
    let label = statement.subject.clone();
    if label.len() != 1 || scene.segments.word(label.start).chars().count() != 1 {
        return None;
    }
    let surface = Some(scene.segments.span(label.clone()));
    if asks(scene, statement) {
        let speaker = Speaker { surface, ..Speaker::default() };
        return Some(Link { speaker, rule: "turn: who asks", ..Link::default() });
    }
    let guest = scene.guest(label.start)?;
    let speaker = Speaker {
        entity: Some(guest),
        name: scene.names.entities[guest].name.clone(),
        role: scene.names.profiles[guest].role.clone(),
        surface,
        ..Speaker::default()
    };
    Some(Link { speaker, rule: "turn: the guest", probability: 0.85, ..Link::default() })
}

/// Whether a turn, or most turns under its letter, end with a question mark.
fn asks(scene: &Scene<'_>, statement: &Statement) -> bool {
    let tokens = &scene.segments.tokens;
    let end = statement.end();
    let last = end.saturating_sub(2).max(statement.start())..(end + 1).min(tokens.len());
    if tokens[last].iter().any(|t| t.is('?')) {
        return true;
    }
    let letter = scene.segments.word(statement.subject.start);
    let (mut turns, mut questions) = (0, 0);
    // The nearest turns tell enough, and keep the time linear.
    let near = statement.paragraph.saturating_sub(TURNS)..statement.paragraph + TURNS;
    for paragraph in scene.segments.paragraphs.iter().take(near.end).skip(near.start) {
        let range = paragraph.tokens.clone();
        let opens = range.len() > 2 && tokens[range.start + 1].is(':') && scene.segments.word(range.start) == letter;
        turns += usize::from(opens);
        questions += usize::from(opens && tokens[range].iter().rev().take(2).any(|t| t.is('?')));
    }
    questions * 2 > turns
}

/// How many paragraphs before and behind a turn its letter is looked for.
const TURNS: usize = 12;

/// The frame of an interview's turns.
const TRANSCRIPT: &str = "transcript";

/// The entity that a noun phrase stands for, for speakers and addressees alike.
pub(super) fn resolve(scene: &Scene<'_>, phrase: Range<usize>, asked: &Asked<'_, '_>) -> Link {
    resolve_whole(scene, completed(scene, phrase), asked)
}

/// The same for a phrase that ends where it ends.
fn resolve_whole(scene: &Scene<'_>, phrase: Range<usize>, asked: &Asked<'_, '_>) -> Link {
    let surface = scene.segments.span(phrase.clone());
    let mut link = named(scene, &phrase)
        .or_else(|| apposed(scene, &phrase))
        .or_else(|| pronoun(scene, &phrase, asked))
        .or_else(|| surnamed(scene, &phrase))
        .or_else(|| description(scene, &phrase, asked))
        .unwrap_or_else(|| unnamed(scene, &phrase));
    if link.speaker.surface.is_none() {
        link.speaker.surface = Some(surface);
    }
    link.surface = Some(phrase.clone());
    if let Some(entity) = link.speaker.entity {
        link.speaker.name.clone_from(&scene.names.entities[entity].name);
        if link.speaker.role.is_empty() {
            link.speaker.role.clone_from(&scene.names.profiles[entity].role);
        }
        // A name that stands only inside the quotation does not speak it.
        let inside: usize =
            asked.content.iter().map(|p| scene.names.within(p.clone())).map(|m| count_of(scene, entity, m)).sum();
        if inside > 0 && inside == scene.counts[entity] {
            return Link {
                rule: "only inside",
                speaker: Speaker { surface: Some(surface), ..Speaker::default() },
                ..Link::default()
            };
        }
    }
    link
}

/// How many of the mentions refer to an entity.
fn count_of(scene: &Scene<'_>, entity: usize, mentions: Range<usize>) -> usize {
    scene.names.mentions[mentions].iter().filter(|m| m.entity == entity).count()
}

/// The head of the phrase is a name: not a possessor, not the object of a preposition, not before a role noun.
fn named(scene: &Scene<'_>, phrase: &Range<usize>) -> Option<Link> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let inside: Vec<usize> = scene.names.within(phrase.clone()).collect();
    let mut heads = Vec::new();
    let mut linked = false;
    let mut at = phrase.start;
    while at < phrase.end {
        if let Some(m) = inside.iter().copied().find(|m| scene.names.tokens[*m].start == at) {
            let name = scene.names.tokens[m].clone();
            let kind = scene.names.mentions[m].kind;
            let role = &scene.names.roles[m];
            let own_role = !role.is_empty() && role.end == name.start;
            let owner = tokens.get(name.end).is_some_and(|t| t.kind == Kind::Possessive) && name.end < phrase.end;
            let modifier = name.end < phrase.end
                && !lexicon.is(&tokens[name.end], Flags::AND | Flags::LINK)
                && !tokens[name.end].is(',')
                && !lexicon.is(&tokens[name.end], Flags::AFTER_NAME);
            if !owner && !modifier && (!linked || own_role && kind == EntityType::Person) && kind != EntityType::Place {
                heads.push(m);
            }
            at = name.end;
            continue;
        }
        let within_role = inside
            .iter()
            .any(|m| scene.names.roles[*m].contains(&at) && scene.names.roles[*m].end == scene.names.tokens[*m].start);
        if lexicon.is(&tokens[at], Flags::LINK) && !within_role {
            linked = true;
        }
        if lexicon.is(&tokens[at], Flags::AND) {
            linked = false;
        }
        at += 1;
    }
    let first = *heads.first()?;
    let people: Vec<usize> =
        heads.iter().copied().filter(|m| scene.names.mentions[*m].kind == EntityType::Person).collect();
    let (head, others) = match people.split_first() {
        // "Delgado aide Tomas Okafor": the last name, unless they are joined by "and".
        Some((first, rest)) if !rest.is_empty() => {
            let joined = (scene.names.tokens[*first].end..phrase.end).any(|t| lexicon.is(&tokens[t], Flags::AND));
            if joined { (*first, rest.to_vec()) } else { (rest[rest.len() - 1], Vec::new()) }
        }
        Some((first, _)) => (*first, Vec::new()),
        None => (first, Vec::new()),
    };
    let mention = &scene.names.mentions[head];
    Some(Link {
        speaker: Speaker {
            entity: Some(mention.entity),
            others: others.iter().map(|m| scene.names.mentions[*m].entity).collect(),
            role: mention.role.clone(),
            ..Speaker::default()
        },
        rule: if mention.kind == EntityType::Person { "named person" } else { "named body" },
        probability: mention.confidence,
        ..Link::default()
    })
}

/// "The mayor, Kagiso Mokwena, said", "a friend, actor Piet Lund of the Tarnby Stage": the name stands in apposition to
/// the description.
fn apposed(scene: &Scene<'_>, phrase: &Range<usize>) -> Option<Link> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let first = tokens.get(phrase.start)?;
    if lexicon.is(first, Flags::PRON) && phrase.len() == 1 {
        return None;
    }
    tokens.get(phrase.end).filter(|t| t.is(',') || t.is_dash())?;
    let start = phrase.end + 1;
    let mention = scene.names.tokens.partition_point(|t| t.start < start);
    let name = scene.names.tokens.get(mention)?;
    let role = &scene.names.roles[mention];
    let begins = name.start == start || role.start == start && role.end == name.start;
    let closed = tokens.get(name.end).is_none_or(|t| {
        t.is(',') || t.is_dash() || t.is_stop() || t.is('(') || lexicon.is(t, Flags::WHO | Flags::LINK)
    });
    if !begins || !closed || scene.quoted[name.start] || scene.names.mentions[mention].kind != EntityType::Person {
        return None;
    }
    let role = scene.segments.span(phrase.clone()).of(&scene.segments.text);
    Some(Link {
        speaker: Speaker {
            entity: Some(scene.names.mentions[mention].entity),
            role: bare_role(scene, phrase, role),
            ..Speaker::default()
        },
        rule: "named in apposition",
        probability: scene.names.mentions[mention].confidence,
        ..Link::default()
    })
}

/// "Mr. Okafor", "Senator Okafor", "Weaver": a surname of the article that was not told to be one here, perhaps since it
/// is also a word. With a title before a name that nobody knows, it is no description of somebody else.
fn surnamed(scene: &Scene<'_>, phrase: &Range<usize>) -> Option<Link> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let last = phrase.end.checked_sub(1).map(|at| &tokens[at])?;
    let article = lexicon.is(&tokens[phrase.start], Flags::DET | Flags::PRON | Flags::NUM);
    if article || !last.is_capitalized() || last.kind != Kind::Word {
        return None;
    }
    match scene.surnamed(last.hash) {
        Some(entity) => Some(Link {
            speaker: Speaker { entity: Some(entity), ..Speaker::default() },
            rule: "named person",
            probability: 0.8,
            ..Link::default()
        }),
        None => {
            let titled = phrase.len() > 1 && lexicon.is(&tokens[phrase.start], Flags::TITLE);
            let name = titled && !lexicon.is(last, Flags::TITLE | Flags::ROLE | Flags::BODY);
            (name || lexicon.is(&tokens[phrase.start], Flags::HONORIFIC)).then(|| unnamed(scene, phrase))
        }
    }
}

/// A description without its article.
fn bare_role(scene: &Scene<'_>, phrase: &Range<usize>, text: &str) -> String {
    let article = scene.gazetteer.lexicon.is(&scene.segments.tokens[phrase.start], Flags::DET);
    let rest = if article { text.get(scene.segments.word(phrase.start).len()..).unwrap_or(text) } else { text };
    level(rest)
}

/// Most bytes of a description that stands for a name: it may be told with every quotation.
const LONGEST: usize = 600;

/// The text of some tokens on one line.
pub(super) fn one_line(scene: &Scene<'_>, phrase: &Range<usize>) -> String {
    let text = scene.segments.span(phrase.clone()).of(&scene.segments.text);
    level(text)
}

/// A text with single spaces for white space, without what is too long.
fn level(text: &str) -> String {
    let mut out = text.split_whitespace().collect::<Vec<_>>().join(" ");
    out.truncate(beginning(&out, LONGEST).len());
    out
}

/// "he", "she", "it", "they".
fn pronoun(scene: &Scene<'_>, phrase: &Range<usize>, asked: &Asked<'_, '_>) -> Option<Link> {
    let lexicon = &scene.gazetteer.lexicon;
    let token = &scene.segments.tokens[phrase.start];
    if phrase.len() != 1 || !lexicon.is(token, Flags::PRON) {
        return None;
    }
    if lexicon.is(token, Flags::PRON_SPEECH) {
        return Some(Link { rule: "first person", ..Link::default() });
    }
    if lexicon.is(token, Flags::THEY) {
        return Some(several(scene, phrase.start, asked));
    }
    let wanted = wanted_by(scene, phrase.start)?;
    Some(match antecedent::find(scene, &wanted, phrase.start, asked) {
        Some(ranking) => Link::of(ranking, "pronoun"),
        None => Link { rule: "pronoun without antecedent", ..Link::default() },
    })
}

/// What a pronoun of the third person singular asks for.
pub(super) fn wanted_by(scene: &Scene<'_>, at: usize) -> Option<Wanted> {
    let lexicon = &scene.gazetteer.lexicon;
    let token = &scene.segments.tokens[at];
    let mut wanted = Wanted { column: PRONOUN, ..Wanted::default() };
    if lexicon.is(token, Flags::HE | Flags::SHE) {
        wanted.kinds = &[EntityType::Person];
        wanted.gender = if lexicon.is(token, Flags::HE) { Gender::Male } else { Gender::Female };
    } else if lexicon.is(token, Flags::IT) {
        wanted.kinds = &[EntityType::Organization];
    } else {
        return None;
    }
    Some(wanted)
}

/// "they": the speakers of the last joint statement, the last group or body that spoke, or the group that the sentence
/// before is about.
fn several(scene: &Scene<'_>, at: usize, asked: &Asked<'_, '_>) -> Link {
    let group = |s: &&super::Said<'_>| {
        let speaker = asked.speaker(s);
        !speaker.others.is_empty() || speaker.entity.is_none() && !speaker.name.is_empty()
    };
    let last = asked.said.iter().rev().take(3).find(group);
    let subject = phrases::group_before(scene, at);
    match (last, subject) {
        (last, Some(subject)) if last.is_none_or(|last| last.tokens.end <= subject.start) => Link {
            speaker: Speaker { name: one_line(scene, &subject), ..Speaker::default() },
            rule: "pronoun: the group named before",
            ..Link::default()
        },
        (Some(last), _) => Link {
            speaker: Speaker { surface: None, ..asked.speaker(last).clone() },
            rule: "pronoun: the group that spoke last",
            ..Link::default()
        },
        (None, _) => Link { rule: "pronoun for several", ..Link::default() },
    }
}

/// A source that the text does not name: its description is kept.
fn unnamed(scene: &Scene<'_>, phrase: &Range<usize>) -> Link {
    let name = one_line(scene, phrase);
    let lexicon = &scene.gazetteer.lexicon;
    let tokens = &scene.segments.tokens[phrase.clone()];
    let human = tokens
        .iter()
        .any(|t| lexicon.is(t, Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY | Flags::TITLE | Flags::DEMONYM));
    let document = tokens.iter().any(|t| lexicon.is(t, Flags::DOCUMENT));
    let rule = if human {
        "unnamed source"
    } else if document {
        "document"
    } else {
        "other phrase"
    };
    Link { speaker: Speaker { name, ..Speaker::default() }, rule, ..Link::default() }
}
