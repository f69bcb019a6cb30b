//! The speaker that a subject names: a name, a pronoun, a description, an unnamed source.

use super::{
    Link, Scene,
    antecedent::{self, Asked, Wanted},
    reasons::PRONOUN,
};
use crate::{
    gazetteer::{Flags, NounNumber, PhraseKind},
    model::{EntityType, Gender, Speaker, Statement},
    token::{self, Kind},
};
use std::ops::Range;

/// The speaker of a statement that has a subject.
pub(super) fn link(scene: &Scene<'_>, statement: &Statement, asked: &Asked<'_>) -> Link {
    let subject = statement.subject.clone();
    if subject.is_empty() {
        return Link { rule: "no subject", ..Link::default() };
    }
    resolve(scene, subject, asked)
}

/// The entity that a noun phrase stands for, for speakers and addressees alike.
pub(super) fn resolve(scene: &Scene<'_>, phrase: Range<usize>, asked: &Asked<'_>) -> Link {
    let surface = scene.segments.span(phrase.clone());
    let mut link = named(scene, &phrase)
        .or_else(|| apposed(scene, &phrase))
        .or_else(|| pronoun(scene, &phrase, asked))
        .or_else(|| description(scene, &phrase, asked))
        .unwrap_or_else(|| unnamed(scene, &phrase));
    link.speaker.surface = Some(surface);
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

/// "The mayor, Kagiso Mokwena, said": the name stands in apposition to the description.
fn apposed(scene: &Scene<'_>, phrase: &Range<usize>) -> Option<Link> {
    let tokens = &scene.segments.tokens;
    let comma = tokens.get(phrase.end).is_some_and(|t| t.is(',') || t.is_dash());
    let mention =
        scene.names.mention_at(phrase.end + 1).filter(|m| comma && scene.names.tokens[*m].start == phrase.end + 1)?;
    let closed = tokens.get(scene.names.tokens[mention].end).is_none_or(|t| t.is(',') || t.is_dash() || t.is_stop());
    if !closed || scene.names.mentions[mention].kind != EntityType::Person {
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

/// A description without its article.
fn bare_role(scene: &Scene<'_>, phrase: &Range<usize>, text: &str) -> String {
    let article = scene.gazetteer.lexicon.is(&scene.segments.tokens[phrase.start], Flags::DET);
    let rest = if article { text.get(scene.segments.word(phrase.start).len()..).unwrap_or(text) } else { text };
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "he", "she", "it", "they".
fn pronoun(scene: &Scene<'_>, phrase: &Range<usize>, asked: &Asked<'_>) -> Option<Link> {
    let lexicon = &scene.gazetteer.lexicon;
    let token = &scene.segments.tokens[phrase.start];
    if phrase.len() != 1 || !lexicon.is(token, Flags::PRON) {
        return None;
    }
    if lexicon.is(token, Flags::PRON_SPEECH) {
        return Some(Link { rule: "first person", ..Link::default() });
    }
    if lexicon.is(token, Flags::THEY) {
        return Some(several(asked));
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
        wanted.kinds.push(EntityType::Person);
        wanted.gender = if lexicon.is(token, Flags::HE) { Gender::Male } else { Gender::Female };
    } else if lexicon.is(token, Flags::IT) {
        wanted.kinds.push(EntityType::Organization);
    } else {
        return None;
    }
    Some(wanted)
}

/// "they": the speakers of the last joint statement, or the last group or body that spoke.
fn several(asked: &Asked<'_>) -> Link {
    let group =
        |s: &&super::Said| !s.speaker.others.is_empty() || s.speaker.entity.is_none() && !s.speaker.name.is_empty();
    match asked.said.iter().rev().take(3).find(group) {
        Some(last) => Link {
            speaker: Speaker { surface: None, ..last.speaker.clone() },
            rule: "pronoun: the group that spoke last",
            ..Link::default()
        },
        None => Link { rule: "pronoun for several", ..Link::default() },
    }
}

/// "the diplomat", "Minister", "his counterpart", "the ministry", "the 26-year-old".
fn description(scene: &Scene<'_>, phrase: &Range<usize>, asked: &Asked<'_>) -> Option<Link> {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let first = &tokens[phrase.start];
    let definite = lexicon.is(first, Flags::THE);
    let possessive = lexicon.is(first, Flags::PRON) && phrase.len() > 1;
    let title_zone = scene.segments.sentences[scene.segments.sentence_of(phrase.start)].number == 0;
    let bare = !lexicon.is(first, Flags::DET | Flags::PRON | Flags::NUM) && (first.is_capitalized() || title_zone);
    let counterpart = phrase.clone().any(|t| lexicon.is(&tokens[t], Flags::COUNTERPART));
    if !(definite || bare || possessive && counterpart) {
        return None;
    }
    let mut wanted = Wanted { ahead: title_zone, column: PRONOUN, ..Wanted::default() };
    let mut plural = false;
    let mut body = None;
    let mut at = phrase.start;
    while at < phrase.end {
        if at > phrase.start && lexicon.is(&tokens[at], Flags::LINK) {
            break;
        }
        let rest = &tokens[at..phrase.end];
        if let Some((length, found)) =
            lexicon.longest(rest, |kind| matches!(kind, PhraseKind::Title | PhraseKind::Role))
        {
            if lexicon.is(&tokens[at], Flags::BODY) && length == 1 {
                body = Some(token::fold(scene.segments.word(at)));
            }
            wanted.classes.clear();
            lexicon.phrases_at(rest, |l, phrase| {
                if l == length {
                    match phrase.kind {
                        PhraseKind::Title => wanted.classes.push(lexicon.titles[phrase.index as usize].class),
                        PhraseKind::Role => {
                            let role = &lexicon.roles[phrase.index as usize];
                            wanted.classes.push(role.class);
                            plural |= role.number == NounNumber::Plural;
                            if wanted.gender == Gender::Unknown {
                                wanted.gender = role.gender;
                            }
                        }
                        _ => {}
                    }
                }
            });
            let _ = found;
            at += length;
            continue;
        }
        if let (Kind::Number, Ok(age)) = (tokens[at].kind, scene.segments.word(at).parse::<u32>())
            && tokens.get(at + 1).is_some_and(|t| t.is('-'))
            && (1..=120).contains(&age)
        {
            wanted.age = age;
        }
        let country = scene.gazetteer.demonym_country(&token::fold(scene.segments.word(at)));
        if !country.is_empty() {
            wanted.countries.push(country.to_string());
        }
        if let Some(m) = scene.names.mention_at(at) {
            let country = &scene.names.entities[scene.names.mentions[m].entity].facts.country;
            if !country.is_empty() {
                wanted.countries.push(country.clone());
            }
        }
        at += 1;
    }
    if counterpart {
        return counterpart_link(scene, asked);
    }
    // "the Portuguese": a demonym alone asks for a person of that country.
    let demonym = definite
        && phrase.len() == 2
        && !wanted.countries.is_empty()
        && lexicon.is(&tokens[phrase.end - 1], Flags::DEMONYM);
    if plural || wanted.classes.is_empty() && wanted.age == 0 && !demonym {
        return None;
    }
    let document = lexicon.class_number("document");
    if let Some(word) = body {
        wanted.kinds.push(EntityType::Organization);
        wanted.words.push(word);
        wanted.classes.clear();
    } else if wanted.classes.iter().all(|c| Some(*c) == document) && wanted.age == 0 {
        return None;
    } else {
        wanted.kinds.push(EntityType::Person);
    }
    let rule = if wanted.age > 0 {
        "description: age"
    } else if wanted.kinds[0] == EntityType::Organization {
        "description: kind of body"
    } else {
        "description: role"
    };
    if let Some(ranking) = antecedent::find(scene, &wanted, phrase.start, asked) {
        return Some(Link::of(ranking, rule));
    }
    if wanted.words.is_empty() || !definite || phrase.len() != 2 {
        return None;
    }
    // "the company": a body of which no list tells the kind, if the article has only one such.
    let open = |e: &usize| scene.names.entities[*e].kind == EntityType::Organization && !scene.names.entities[*e].known;
    let mut acting: Vec<usize> = Vec::new();
    for (place, mention) in scene.places.iter().zip(&scene.names.mentions) {
        if place.is_subject() && open(&mention.entity) && !acting.contains(&mention.entity) {
            acting.push(mention.entity);
        }
    }
    match acting[..] {
        [entity] => Some(Link {
            speaker: Speaker { entity: Some(entity), ..Speaker::default() },
            rule,
            probability: 0.6,
            ..Link::default()
        }),
        _ => None,
    }
}

/// "his counterpart": the other party of the exchange.
fn counterpart_link(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Link> {
    let last = asked.said.iter().rev().find(|s| s.speaker.entity.is_some())?;
    let speaker = last.speaker.entity?;
    let other = last.addressee.or_else(|| {
        let persons = scene.names.mentions.iter().filter(|m| m.kind == EntityType::Person && m.entity != speaker);
        persons.map(|m| m.entity).next_back()
    })?;
    Some(Link {
        speaker: Speaker { entity: Some(other), ..Speaker::default() },
        rule: "description: counterpart",
        probability: 0.8,
        ..Link::default()
    })
}

/// A source that the text does not name: its description is kept.
fn unnamed(scene: &Scene<'_>, phrase: &Range<usize>) -> Link {
    let text = scene.segments.span(phrase.clone()).of(&scene.segments.text);
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
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
