//! Descriptions that stand for somebody named elsewhere: "the diplomat", "Minister", "his counterpart", "the ministry".

use super::{
    Link, Scene,
    antecedent::{self, Asked, Wanted},
    reasons::PRONOUN,
};
use crate::{
    gazetteer::{Flags, NounNumber, Phrase, PhraseKind},
    model::{EntityType, Gender, Speaker},
    token::{self, Kind},
};
use std::ops::Range;

/// Names before a description that are looked at for the only body of an article, and statements for who spoke last.
const NEAR: usize = 500;

/// Probability from which somebody of unknown age may be "the 26-year-old".
const CLEAR: f32 = 0.4;

/// "the diplomat", "Minister", "his counterpart", "the ministry", "the 26-year-old".
pub(super) fn description(scene: &Scene<'_>, phrase: &Range<usize>, asked: &Asked<'_, '_>) -> Option<Link> {
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
    // The longest titles and roles that begin at a word.
    let mut longest: Vec<Phrase> = Vec::new();
    let mut at = phrase.start;
    while at < phrase.end {
        if at > phrase.start && lexicon.is(&tokens[at], Flags::LINK) {
            break;
        }
        let rest = &tokens[at..phrase.end];
        let mut length = 0;
        lexicon.phrases_at(rest, |l, phrase| {
            if matches!(phrase.kind, PhraseKind::Title | PhraseKind::Role) {
                if l > length {
                    longest.clear();
                    length = l;
                }
                longest.push(phrase);
            }
        });
        if length > 0 {
            if lexicon.is(&tokens[at], Flags::BODY) && length == 1 {
                body = Some(token::fold(scene.segments.word(at)));
            }
            wanted.classes.clear();
            for phrase in &longest {
                if phrase.kind == PhraseKind::Title {
                    wanted.classes.push(lexicon.titles[phrase.index as usize].class);
                    continue;
                }
                let role = &lexicon.roles[phrase.index as usize];
                wanted.classes.push(role.class);
                plural |= role.number == NounNumber::Plural;
                if wanted.gender == Gender::Unknown {
                    wanted.gender = role.gender;
                }
            }
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
        wanted.kinds = &[EntityType::Organization];
        wanted.words.push(word);
        wanted.classes.clear();
    } else if wanted.classes.iter().all(|c| Some(*c) == document) && wanted.age == 0 {
        return None;
    } else {
        wanted.kinds = &[EntityType::Person];
    }
    let rule = if wanted.age > 0 {
        "description: age"
    } else if wanted.kinds[0] == EntityType::Organization {
        "description: kind of body"
    } else {
        "description: role"
    };
    let ranking = antecedent::find(scene, &wanted, phrase.start, asked);
    // Whose age the article does not tell may be meant, but only if it is clear who.
    let clear = |ranking: &antecedent::Ranking| {
        let best = ranking.candidates.get(ranking.best);
        best.and_then(|b| b.entity.zip(Some(b.probability))).is_some_and(|(entity, probability)| {
            wanted.age == 0 || scene.names.profiles[entity].age == wanted.age || probability >= CLEAR
        })
    };
    if let Some(ranking) = ranking.filter(clear) {
        return Some(Link::of(ranking, rule));
    }
    if wanted.words.is_empty() || !definite || phrase.len() != 2 {
        return None;
    }
    // "the company": a body of which no list tells the kind, if the article has only one such.
    let open = |e: &usize| scene.names.entities[*e].kind == EntityType::Organization && !scene.names.entities[*e].known;
    let mut acting: Vec<usize> = Vec::new();
    for mention in scene.names.within(0..phrase.start).rev().take(NEAR) {
        let entity = scene.references[mention].entity;
        if scene.references[mention].place.is_subject() && open(&entity) && !acting.contains(&entity) {
            acting.push(entity);
            // Of two, neither is the only one.
            if acting.len() > 1 {
                break;
            }
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
fn counterpart_link(scene: &Scene<'_>, asked: &Asked<'_, '_>) -> Option<Link> {
    let last = asked.said.iter().rev().take(NEAR).find(|s| s.entity.is_some())?;
    let speaker = last.entity?;
    let other = last.addressee.or_else(|| scene.last_person_but(speaker))?;
    Some(Link {
        speaker: Speaker { entity: Some(other), ..Speaker::default() },
        rule: "description: counterpart",
        probability: 0.8,
        ..Link::default()
    })
}
