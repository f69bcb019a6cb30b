//! Whom a pronoun, a description or a quotation without an attribution means: all that fit are weighed by named
//! reasons with fitted weights (a log-linear ranking), and the best has a probability.

use super::{
    Said, Scene, Weighed,
    reasons::{A, FLOATING},
    timeline::{Place, Reference, Timeline},
};
use crate::{
    evidence::Weights,
    model::{EntityType, Gender, Speaker},
};
use std::ops::Range;

/// What somebody must be to be meant.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub kinds: &'static [EntityType],
    pub gender: Gender,
    /// Classes of roles of which it must have one; empty if any will do.
    pub classes: Vec<u16>,
    /// Countries of which it must belong to one, if it belongs to any.
    pub countries: Vec<String>,
    /// Folded words that its name or roles must have one of.
    pub words: Vec<String>,
    pub age: u32,
    /// Whether names behind the place may be meant (from a headline).
    pub ahead: bool,
    /// Who is named beside a cue behind a quotation, in its sentence.
    pub behind: Option<usize>,
    /// Whether an unnamed source that spoke last may be meant.
    pub unnamed: bool,
    /// Column of the weights.
    pub column: usize,
}

/// From where somebody is looked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'s, 'a> {
    pub weights: &'s Weights,
    pub timeline: &'s Timeline,
    pub said: &'s [Said<'a>],
    /// The quotations so far.
    pub weighed: &'s [Weighed],
    pub paragraph: usize,
    /// The quotation's words, in which its speaker is seldom named.
    pub content: &'s [Range<usize>],
    /// Somebody who cannot be meant: the speaker, where the addressee is looked for.
    pub not: Option<usize>,
    /// Whether the cue says that somebody goes on ("added").
    pub goes_on: bool,
}

impl<'s> Asked<'s, '_> {
    /// Who said it.
    pub(super) fn speaker(&self, said: &Said<'_>) -> &'s Speaker {
        &self.weighed[said.quotation].quotation.speaker
    }
}

/// Somebody who may be meant.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Index into the entities; `None` for the unnamed source that spoke last.
    pub entity: Option<usize>,
    /// Share of this candidate, 0 to 1.
    pub probability: f32,
    /// Which of the ranking's reasons are its own.
    reasons: Range<usize>,
}

/// All that may be meant.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// Column of the weights.
    pub column: usize,
    /// In the order in which they were met, going back through the text.
    pub candidates: Vec<Candidate>,
    /// Index of the most probable candidate.
    pub best: usize,
    /// Those of all candidates, one list behind the other.
    reasons: Vec<u16>,
}

impl Ranking {
    /// Numbers of the reasons for and against a candidate.
    pub fn reasons(&self, candidate: &Candidate) -> &[u16] {
        &self.reasons[candidate.reasons.clone()]
    }
}

/// Names before (and, for a headline, behind) the place that are looked at.
const REACH: usize = 160;
/// Pronouns before the place that are looked at.
const PRONOUNS: usize = 12;
/// Statements before the place that are looked at.
const STATEMENTS: usize = 24;

/// Reasons of one candidate; more are rare.
const REASONS: usize = 16;

/// Where each entity stands in the list of a search. It is kept from one search to the next, so that none has to clear
/// or to build it.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    search: u32,
    /// For each entity, the search that met it last, and where it stands in its list if it fits.
    met: Vec<(u32, Option<u32>)>,
}

impl Slots {
    pub(super) fn new(entities: usize) -> Slots {
        Slots { search: 0, met: vec![(0, None); entities] }
    }
}

/// Room for those who may be meant; more is rare.
const SEEN: usize = 16;

/// How one entity is referred to before the place.
struct Seen {
    entity: usize,
    nearest: Reference,
    subject: Option<Reference>,
    /// Not only inside quotation marks.
    told: bool,
    ahead: bool,
}

/// All that fit, weighed; `None` if nobody does.
pub(super) fn find(scene: &Scene<'_>, wanted: &Wanted, at: usize, asked: &Asked<'_, '_>) -> Option<Ranking> {
    let seen = seen(scene, wanted, at, asked);
    let last = asked.said.last().filter(|last| wanted.unnamed && last.entity.is_none());
    let last = last.filter(|last| !asked.speaker(last).name.is_empty());
    let spoke = spoke(asked);
    let most = seen.iter().map(|s| scene.counts[s.entity]).max().unwrap_or(0);
    let latest = |reference: &dyn Fn(&Seen) -> Option<usize>| seen.iter().filter_map(reference).max();
    let last_subject = latest(&|s| s.subject.map(|r| r.token));
    let last_named = latest(&|s| (s.told && !s.ahead).then_some(s.nearest.token));
    let last_pronoun = asked.timeline.resolved.iter().rev().find(|r| r.token < at);
    let mut candidates = Vec::with_capacity(seen.len() + 1);
    let mut reasons = Vec::with_capacity((seen.len() + 1) * REASONS);
    for s in &seen {
        let first = reasons.len();
        let mut add = |holds: bool, reason: A| {
            if holds {
                reasons.push(reason.number());
            }
        };
        let behind = wanted.behind.is_some_and(|m| scene.references[m].entity == s.entity);
        add(behind, A::NearBehind);
        where_named(scene, s, at, asked, &mut add);
        add(s.subject.is_some_and(|r| Some(r.token) == last_subject), A::LastSubject);
        add(s.told && !s.ahead && Some(s.nearest.token) == last_named, A::LastNamed);
        add(last_pronoun.is_some_and(|r| r.entity == s.entity), A::LastPronoun);
        speech(s.entity, asked, &spoke, &mut add);
        add(scene.counts[s.entity] == most && most > 1, A::MostNamed);
        who(scene, wanted, s.entity, asked, &mut add);
        candidates.push(Candidate { entity: Some(s.entity), reasons: first..reasons.len(), probability: 0.0 });
    }
    if let Some(last) = last {
        let first = reasons.len();
        reasons.extend([A::IsUnnamed.number(), gap(last, asked.paragraph).number()]);
        candidates.push(Candidate { entity: None, reasons: first..reasons.len(), probability: 0.0 });
    }
    weigh(Ranking { column: wanted.column, candidates, best: 0, reasons }, asked.weights)
}

/// Turns sums into shares; the first of equals is the best, which is the one met last in the text.
fn weigh(mut ranking: Ranking, weights: &Weights) -> Option<Ranking> {
    let (column, reasons) = (ranking.column, &ranking.reasons);
    let mut highest = f32::NEG_INFINITY;
    for (i, candidate) in ranking.candidates.iter_mut().enumerate() {
        let sum = weights.sum(&reasons[candidate.reasons.clone()], column);
        candidate.probability = sum;
        if sum > highest {
            (highest, ranking.best) = (sum, i);
        }
    }
    let mut total = 0.0;
    for candidate in &mut ranking.candidates {
        candidate.probability = (candidate.probability - highest).exp();
        total += candidate.probability;
    }
    for candidate in &mut ranking.candidates {
        candidate.probability /= total;
    }
    (!ranking.candidates.is_empty()).then_some(ranking)
}

/// Everybody that fits and is referred to before the place, the nearest first.
fn seen(scene: &Scene<'_>, wanted: &Wanted, at: usize, asked: &Asked<'_, '_>) -> Vec<Seen> {
    let here = scene.names.within(0..at).end;
    let mut list: Vec<Seen> = Vec::with_capacity(SEEN);
    let mut slots = scene.slots.borrow_mut();
    let Slots { search, met } = &mut *slots;
    *search += 1;
    let mut take = |reference: &Reference, ahead: bool| {
        let entity = reference.entity;
        let slot = &mut met[entity];
        if slot.0 != *search {
            let fits = asked.not != Some(entity) && fits(scene, wanted, entity);
            *slot = (*search, fits.then_some(list.len() as u32));
            if fits {
                list.push(Seen { entity, nearest: *reference, subject: None, told: false, ahead });
            }
        }
        let Some(seen) = slot.1.and_then(|slot| list.get_mut(slot as usize)) else { return };
        // What stands between marks tells less than what the writer says.
        if !seen.told && reference.place != Place::Quoted {
            seen.nearest = *reference;
            seen.told = true;
        }
        if seen.subject.is_none() && reference.place.is_subject() && !ahead {
            seen.subject = Some(*reference);
        }
    };
    let resolved = &asked.timeline.resolved;
    let mut pronoun = resolved.partition_point(|r| r.token < at);
    let oldest = pronoun.saturating_sub(PRONOUNS);
    for reference in scene.references[here.saturating_sub(REACH)..here].iter().rev() {
        while pronoun > oldest && resolved[pronoun - 1].token > reference.token {
            pronoun -= 1;
            take(&resolved[pronoun], false);
        }
        take(reference, false);
    }
    if let Some(mention) = wanted.behind {
        take(&scene.references[mention], true);
    }
    if wanted.ahead {
        let ahead = scene.references[here..].iter().take(REACH);
        ahead.for_each(|reference| take(reference, true));
    }
    list
}

fn fits(scene: &Scene<'_>, wanted: &Wanted, entity: usize) -> bool {
    let lexicon = &scene.gazetteer.lexicon;
    if !(wanted.kinds.contains(&scene.kinds[entity].0) && wanted.gender.agrees(scene.genders[entity].0)) {
        return false;
    }
    let profile = &scene.names.profiles[entity];
    let class = wanted.classes.is_empty()
        || wanted
            .classes
            .iter()
            .any(|w| profile.classes.iter().chain(&profile.known_classes).any(|have| lexicon.class_covers(*w, *have)));
    let country = wanted.countries.is_empty()
        || profile.countries.is_empty()
        || wanted.countries.iter().any(|c| profile.countries.contains(c));
    let word = wanted.words.is_empty() || wanted.words.iter().any(|w| profile.words.contains(w));
    let age = wanted.age == 0 || profile.age == 0 || profile.age == wanted.age;
    class && country && word && age
}

/// How near it is referred to, and as what.
fn where_named(scene: &Scene<'_>, seen: &Seen, at: usize, asked: &Asked<'_, '_>, add: &mut impl FnMut(bool, A)) {
    if seen.ahead {
        add(true, A::NearAhead);
        return;
    }
    let sentence = |token: usize| scene.segments.sentence_of(token);
    let here = scene.narration[sentence(at)];
    let far = |reference: &Reference| here.saturating_sub(scene.narration[sentence(reference.token)]);
    let steps = [A::Near0, A::Near1, A::Near2, A::Near3, A::Near6];
    add(true, steps[step(far(&seen.nearest))]);
    let place = if seen.told { seen.nearest.place } else { Place::Quoted };
    add(place == Place::Object, A::AsObject);
    add(place == Place::Owner, A::AsOwner);
    add(place == Place::Modifier, A::AsModifier);
    add(place == Place::Quoted, A::AsQuoted);
    let Some(subject) = seen.subject else {
        add(true, A::SubjectNone);
        return;
    };
    let steps = [A::Subject0, A::Subject1, A::Subject2, A::Subject3, A::Subject6];
    add(true, steps[step(far(&subject))]);
    let paragraph = scene.segments.sentences[sentence(subject.token)].paragraph;
    add(paragraph == asked.paragraph, A::SameParagraph);
    add(paragraph + 1 == asked.paragraph, A::PreviousParagraph);
    add(subject.first, A::FirstInSentence);
    add(subject.place == Place::Subordinate, A::Subordinate);
    let opens = scene.segments.paragraphs[paragraph].tokens.start;
    let opening = scene.segments.paragraphs[paragraph].sentences.start;
    let opens = sentence(subject.token) == opening && subject.first && subject.token >= opens;
    add(opens && paragraph == asked.paragraph, A::OpensParagraph);
    let since = asked.said.last().is_some_and(|last| subject.token >= last.tokens.end);
    add(since, A::SinceStatement);
}

fn step(sentences: u32) -> usize {
    match sentences {
        0 => 0,
        1 => 1,
        2 => 2,
        3..=5 => 3,
        _ => 4,
    }
}

/// Who spoke before, each once, the last one first: (entity, index of the statement).
fn spoke(asked: &Asked<'_, '_>) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (i, said) in asked.said.iter().enumerate().rev().take(STATEMENTS) {
        if let Some(entity) = said.entity
            && !out.iter().any(|(e, _)| *e == entity)
        {
            out.push((entity, i));
        }
    }
    out
}

/// Who spoke last goes on speaking; who was spoken to does not.
fn speech(entity: usize, asked: &Asked<'_, '_>, spoke: &[(usize, usize)], add: &mut impl FnMut(bool, A)) {
    match spoke.iter().position(|(e, _)| *e == entity) {
        Some(0) => {
            let last = &asked.said[spoke[0].1];
            add(true, gap(last, asked.paragraph));
            add(asked.goes_on, A::GoesOn);
            add(last.pronoun, A::SpokeSame);
        }
        Some(1) => add(true, A::SpokeSecond),
        Some(_) => add(true, A::SpokeEarlier),
        None => add(true, A::SpokeNever),
    }
    add(asked.said.last().is_some_and(|last| last.addressee == Some(entity)), A::SpokenTo);
}

fn gap(last: &Said<'_>, paragraph: usize) -> A {
    match paragraph.saturating_sub(last.last_paragraph) {
        0 => A::SpokeHere,
        1 => A::SpokeBefore,
        2 | 3 => A::SpokeNear,
        _ => A::SpokeFar,
    }
}

/// What the article and the lists tell about it.
fn who(scene: &Scene<'_>, wanted: &Wanted, entity: usize, asked: &Asked<'_, '_>, add: &mut impl FnMut(bool, A)) {
    let names = scene.names;
    let inside = asked.content.iter().any(|part| {
        let named = &scene.references[names.within(part.clone())];
        named.iter().any(|r| r.entity == entity)
    });
    add(inside, A::InContent);
    add(scene.in_title[entity], A::InTitle);
    add(scene.in_lede[entity], A::InLede);
    add(
        true,
        match scene.counts[entity] {
            0 | 1 => A::Named1,
            2 | 3 => A::Named2,
            4..=9 => A::Named4,
            _ => A::Named10,
        },
    );
    let profile = &names.profiles[entity];
    let (kind, known) = scene.kinds[entity];
    if kind == EntityType::Person && (wanted.gender != Gender::Unknown || wanted.column == FLOATING) {
        add(
            true,
            match scene.genders[entity] {
                (Gender::Unknown, _) => A::GenderUnknown,
                (_, true) => A::GenderPronoun,
                (_, false) => A::GenderKnown,
            },
        );
    }
    add(known, A::InList);
    add(kind == EntityType::Organization, A::IsOrganization);
    if !wanted.classes.is_empty() {
        let covers = |have: &[u16]| {
            wanted.classes.iter().any(|w| have.iter().any(|h| scene.gazetteer.lexicon.class_covers(*w, *h)))
        };
        let here = covers(&profile.classes);
        add(here, A::HasRole);
        add(!here, A::HasKnownRole);
    }
    add(wanted.age > 0 && profile.age == wanted.age, A::HasAge);
    add(wanted.countries.iter().any(|c| profile.countries.contains(c)), A::SameCountry);
}
