//! Which entity a pronoun or a description stands for: all that fit are scored by named reasons, the best wins.

use super::{Said, Scene};
use crate::{
    gazetteer::Flags,
    model::{EntityType, Gender},
};
use rustc_hash::{FxHashMap, FxHashSet};

/// What an entity must be to be meant.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub kinds: Vec<EntityType>,
    pub gender: Gender,
    /// Classes of roles of which it must have one; empty if any will do.
    pub classes: Vec<u16>,
    /// Countries of which it must belong to one, if it belongs to any.
    pub countries: Vec<String>,
    /// Folded words that its name or roles must have one of.
    pub words: Vec<String>,
    pub age: u32,
    /// Entities that cannot be meant.
    pub not: Vec<usize>,
    /// Whether names behind the place may be meant (from a headline).
    pub ahead: bool,
}

/// Names before (and, for a headline, behind) the place that are looked at.
const REACH: usize = 400;

/// The best entity, and how far it is before the next one.
pub(super) fn find(
    scene: &Scene<'_>,
    wanted: &Wanted,
    at: usize,
    paragraph: usize,
    said: &[Said],
) -> Option<(usize, f32)> {
    let here = scene.names.tokens.partition_point(|t| t.end <= at);
    let last = if wanted.ahead { (here + REACH).min(scene.names.mentions.len()) } else { here };
    // The best mention of each entity that fits.
    let mut scores: FxHashMap<usize, f32> = FxHashMap::default();
    let mut unfit: FxHashSet<usize> = FxHashSet::default();
    for mention in here.saturating_sub(REACH)..last {
        let entity = scene.names.mentions[mention].entity;
        if unfit.contains(&entity) {
            continue;
        }
        if !scores.contains_key(&entity) && !fits(scene, wanted, entity) {
            unfit.insert(entity);
            continue;
        }
        let score = score(scene, wanted, mention, at, paragraph);
        let best = scores.entry(entity).or_insert(f32::NEG_INFINITY);
        *best = best.max(score);
    }
    let with_speech = |(entity, score): (usize, f32)| (entity, score + speech(entity, paragraph, said));
    let mut scores: Vec<(usize, f32)> = scores.into_iter().map(with_speech).collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let best = *scores.first()?;
    let margin = scores.get(1).map_or(6.0, |next| best.1 - next.1);
    Some((best.0, margin))
}

fn fits(scene: &Scene<'_>, wanted: &Wanted, entity: usize) -> bool {
    let lexicon = &scene.gazetteer.lexicon;
    let (what, profile) = (&scene.names.entities[entity], &scene.names.profiles[entity]);
    let class = wanted.classes.is_empty()
        || wanted
            .classes
            .iter()
            .any(|w| profile.classes.iter().chain(&profile.known_classes).any(|have| lexicon.class_covers(*w, *have)));
    let country = wanted.countries.is_empty()
        || profile.countries.is_empty()
        || wanted.countries.iter().any(|c| profile.countries.contains(c));
    let word = wanted.words.is_empty() || wanted.words.iter().any(|w| profile.words.contains(w));
    wanted.kinds.contains(&what.kind)
        && !wanted.not.contains(&entity)
        && wanted.gender.agrees(profile.gender)
        && (wanted.age == 0 || profile.age == wanted.age)
        && class
        && country
        && word
}

/// How much speaks for one mention of an entity.
fn score(scene: &Scene<'_>, wanted: &Wanted, mention: usize, at: usize, paragraph: usize) -> f32 {
    let here = scene.segments.sentence_of(at);
    let tokens = &scene.names.tokens[mention];
    let entity = scene.names.mentions[mention].entity;
    let sentence = scene.segments.sentence_of(tokens.start);
    let far = paragraph.abs_diff(scene.segments.sentences[sentence].paragraph) as f32;
    let place = match (sentence == here, here.saturating_sub(sentence), scene.subjects[mention]) {
        (true, _, true) => 4.0,
        (_, 1, true) => 3.0,
        (_, _, true) if far < 1.0 => 2.0,
        (_, _, true) => 1.0,
        _ => -0.5,
    };
    let inside = if scene.quoted[tokens.start] { -2.5 } else { 0.0 };
    let unknown = wanted.gender != Gender::Unknown && scene.names.profiles[entity].gender == Gender::Unknown;
    let lede = if scene.names.mentions[mention].paragraph <= 1 { 0.5 } else { 0.0 };
    place + inside + lede - if unknown { 1.0 } else { 0.0 } - 0.9 * far.min(6.0)
}

/// Who spoke last goes on speaking; who was spoken to does not.
fn speech(entity: usize, paragraph: usize, said: &[Said]) -> f32 {
    let mut score = 0.0;
    for (back, last) in said.iter().rev().filter(|s| s.speaker.entity.is_some()).take(3).enumerate() {
        if last.speaker.entity == Some(entity) {
            score += match (back, paragraph.saturating_sub(last.paragraph)) {
                (0, 0..=1) => 5.0,
                (0, 2..=3) => 3.0,
                (1, 0..=2) => 2.0,
                _ => 0.5,
            };
            break;
        }
    }
    if said.last().is_some_and(|last| last.addressee == Some(entity)) {
        score -= 1.5;
    }
    score
}

/// Whether a mention is the subject of its clause: a verb follows, and no preposition stands before.
pub(super) fn is_subject(scene: &Scene<'_>, mention: usize) -> bool {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let name = &scene.names.tokens[mention];
    let role = &scene.names.roles[mention];
    let start = if !role.is_empty() && role.end == name.start { role.start } else { name.start };
    let sentence = &scene.segments.sentences[scene.segments.sentence_of(name.start)].tokens;
    if scene.quoted[name.start] || tokens.get(name.end).is_some_and(|t| t.kind == crate::token::Kind::Possessive) {
        return false;
    }
    let mut before = start;
    while before > sentence.start && lexicon.is(&tokens[before - 1], Flags::DET | Flags::ADJ) {
        before -= 1;
    }
    if before > sentence.start && lexicon.is(&tokens[before - 1], Flags::PREP) {
        return false;
    }
    let mut after = name.end;
    if after < sentence.end && tokens[after].is(',') {
        let close = (after + 1..sentence.end.min(after + 40)).find(|t| tokens[*t].is(','));
        after = close.map_or(sentence.end, |c| c + 1);
    }
    while after < sentence.end
        && lexicon.is(&tokens[after], Flags::ADV)
        && !lexicon.is(&tokens[after], Flags::AUX | Flags::VERB)
    {
        after += 1;
    }
    let verb = after < sentence.end
        && lexicon.is(&tokens[after], Flags::AUX | Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_BASE | Flags::WHO);
    let inverted = before > sentence.start
        && lexicon.is(&tokens[before - 1], Flags::CUE)
        && lexicon.is(&tokens[before - 1], Flags::VERB_PAST | Flags::VERB_S);
    verb || inverted || before == sentence.start
}
