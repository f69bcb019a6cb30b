//! Where in the article each person and body is referred to, by name or by a pronoun, and what each of them is in its
//! clause.

use super::Scene;
use crate::{
    gazetteer::Flags,
    model::{EntityType, Gender, Mention},
    token::Kind,
};
use std::ops::Range;

/// What a name is in its clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Subject of a main clause.
    Subject,
    /// Subject of a clause behind "that", "when" ...
    Subordinate,
    /// Anything else that the clause is about.
    Object,
    /// Has something: "Delgado's house".
    Owner,
    /// Stands before a noun: "Delgado aide Tomas Okafor".
    Modifier,
    /// Between quotation marks.
    Quoted,
}

impl Place {
    /// Whether a verb follows that tells what this one does.
    pub fn is_subject(self) -> bool {
        matches!(self, Place::Subject | Place::Subordinate)
    }
}

/// One reference to an entity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    pub token: usize,
    pub entity: usize,
    pub place: Place,
    /// Whether it is the first one of its sentence outside quotation marks.
    pub first: bool,
}

/// Pronouns as subjects that have been resolved so far, in text order, and those to come.
#[derive(Clone, Debug, Default)]
pub(super) struct Timeline {
    pub resolved: Vec<Reference>,
    pending: Vec<usize>,
    next: usize,
}

impl Timeline {
    /// Finds the pronouns of an article.
    pub fn new(scene: &Scene<'_>) -> Timeline {
        let mut pending = Vec::new();
        for (at, (token, quoted)) in scene.segments.tokens.iter().zip(&scene.quoted).enumerate() {
            let flags = Flags::of(token);
            if flags.intersects(Flags::HE | Flags::SHE) && flags.contains(Flags::PRON_SUBJECT) && !quoted {
                pending.push(at);
            }
        }
        Timeline { resolved: Vec::new(), pending, next: 0 }
    }

    /// The next pronoun before token `until` that nobody has resolved.
    pub fn pop(&mut self, until: usize) -> Option<usize> {
        let at = self.pending.get(self.next).copied().filter(|at| *at < until)?;
        self.next += 1;
        Some(at)
    }

    /// Takes in whom the pronoun at token `at` means. Pronouns before it that are still to come stay unresolved.
    pub fn push(&mut self, scene: &Scene<'_>, at: usize, entity: usize) {
        while self.pending.get(self.next).is_some_and(|next| *next <= at) {
            self.next += 1;
        }
        if self.resolved.last().is_some_and(|last| last.token >= at) {
            return;
        }
        let sentence = &scene.segments.sentences[scene.segments.sentence_of(at)].tokens;
        let named = scene.names.within(sentence.start.min(at)..at).any(|m| scene.references[m].place != Place::Quoted);
        self.resolved.push(Reference { token: at, entity, place: Place::Subject, first: !named });
    }
}

/// For each sentence, how many sentences before it have words of the writer's own: those within a long quotation do not
/// make its surroundings farther.
pub(super) fn narration(scene: &Scene<'_>) -> Vec<u32> {
    let mut count = 0;
    let own = |s: &crate::text::Sentence| {
        s.tokens.clone().any(|t| !scene.quoted[t] && scene.segments.tokens[t].kind == Kind::Word)
    };
    let sentences = scene.segments.sentences.iter();
    sentences
        .map(|sentence| {
            count += u32::from(own(sentence));
            count
        })
        .collect()
}

/// The mentions as references to their entities, with what each is in its clause.
pub(super) fn references(scene: &Scene<'_>) -> Vec<Reference> {
    let mut last_sentence = usize::MAX;
    let mentions = scene.names.mentions.iter().zip(&scene.names.tokens).enumerate();
    let reference = |(i, (mention, tokens)): (usize, (&Mention, &Range<usize>))| {
        let place = place(scene, i);
        let sentence = scene.segments.sentence_of(tokens.start);
        let counts = place != Place::Quoted && mention.kind != EntityType::Place;
        let first = counts && sentence != last_sentence;
        if counts {
            last_sentence = sentence;
        }
        Reference { token: tokens.start, entity: mention.entity, place, first }
    };
    mentions.map(reference).collect()
}

/// What a mention is: a subject if a verb follows and no preposition stands before.
fn place(scene: &Scene<'_>, mention: usize) -> Place {
    let tokens = &scene.segments.tokens;
    let lexicon = &scene.gazetteer.lexicon;
    let name = &scene.names.tokens[mention];
    let role = &scene.names.roles[mention];
    let start = if !role.is_empty() && role.end == name.start { role.start } else { name.start };
    let sentence = &scene.segments.sentences[scene.segments.sentence_of(name.start)].tokens;
    if scene.quoted[name.start] {
        return Place::Quoted;
    }
    if tokens.get(name.end).is_some_and(|t| t.kind == Kind::Possessive) {
        return Place::Owner;
    }
    if let Some(next) = tokens.get(name.end).filter(|_| name.end < sentence.end) {
        let noun = lexicon.is(next, Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY | Flags::TITLE);
        if noun && !next.is_capitalized() && !lexicon.is(next, Flags::VERB | Flags::AUX) {
            return Place::Modifier;
        }
    }
    let mut before = start;
    while before > sentence.start && lexicon.is(&tokens[before - 1], Flags::DET | Flags::ADJ) {
        before -= 1;
    }
    if before > sentence.start && lexicon.is(&tokens[before - 1], Flags::PREP) {
        let while_or_after = lexicon.is(&tokens[before - 1], Flags::SCONJ);
        if !while_or_after {
            return Place::Object;
        }
    }
    let mut after = name.end;
    if after < sentence.end && tokens[after].is('(') {
        let close = (after + 1..sentence.end.min(after + 8)).find(|t| tokens[*t].is(')'));
        after = close.map_or(after, |c| c + 1);
    }
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
    if !(verb || inverted || before == sentence.start) {
        return Place::Object;
    }
    let linked = before > sentence.start && lexicon.is(&tokens[before - 1], Flags::SCONJ | Flags::THAT | Flags::WH);
    if linked && before - 1 > sentence.start { Place::Subordinate } else { Place::Subject }
}

/// Sentences behind a name in which a pronoun may tell its gender.
const AFTER: usize = 2;

/// The gender of each person: from name, title or gazetteer; else from the pronouns that follow where nobody else is
/// named ("Ashkii Yazzie left the mine in May. She ..."). Told by pronouns: `true`.
pub(super) fn genders(scene: &Scene<'_>) -> Vec<(Gender, bool)> {
    let names = scene.names;
    let mut votes = vec![(0, 0); names.entities.len()];
    let pronouns = Pronouns::new(scene);
    let others = others_behind(scene);
    // The sentence that is being read, who was named in it first, and whether anybody else was.
    let mut here = (usize::MAX, usize::MAX, false);
    for (i, mention) in names.mentions.iter().enumerate().filter(|(_, m)| m.kind == EntityType::Person) {
        let sentence = scene.segments.sentence_of(names.tokens[i].start);
        if here.0 != sentence {
            here = (sentence, mention.entity, false);
        }
        here.2 |= here.1 != mention.entity;
        let unknown = names.entities[mention.entity].kind == EntityType::Person
            && names.profiles[mention.entity].gender == Gender::Unknown;
        if !unknown || scene.quoted[names.tokens[i].start] || here.2 {
            continue;
        }
        let paragraph = scene.segments.sentences[sentence].paragraph;
        let until = scene.segments.sentences.get(sentence + AFTER).map_or(usize::MAX, |s| s.tokens.start);
        let until = until.min(scene.segments.paragraphs[paragraph].tokens.end);
        let other = others[i].map_or(usize::MAX, |m| names.tokens[m as usize].start);
        let (he, she) = pronouns.within(names.tokens[i].end..until.min(other));
        votes[mention.entity].0 += he;
        votes[mention.entity].1 += she;
    }
    let told = votes.iter().zip(&names.profiles).map(|((he, she), profile)| match profile.gender {
        Gender::Unknown if *he > *she => (Gender::Male, true),
        Gender::Unknown if *she > *he => (Gender::Female, true),
        gender => (gender, false),
    });
    told.collect()
}

/// For each mention of a person, the next one of another person.
fn others_behind(scene: &Scene<'_>) -> Vec<Option<u32>> {
    let mentions = &scene.names.mentions;
    let mut out = vec![None; mentions.len()];
    let mut next: Option<usize> = None;
    for i in (0..mentions.len()).rev().filter(|i| mentions[*i].kind == EntityType::Person) {
        let same = |next: &usize| mentions[*next].entity == mentions[i].entity;
        out[i] = next.and_then(|next| if same(&next) { out[next] } else { Some(next as u32) });
        next = Some(i);
    }
    out
}

/// Where "he" and "she" stand outside quotation marks, each in its forms.
struct Pronouns {
    he: Vec<usize>,
    she: Vec<usize>,
}

impl Pronouns {
    fn new(scene: &Scene<'_>) -> Pronouns {
        let mut out = Pronouns { he: Vec::new(), she: Vec::new() };
        for (at, token) in scene.segments.tokens.iter().enumerate().filter(|(at, _)| !scene.quoted[*at]) {
            let flags = Flags::of(token);
            if flags.contains(Flags::HE) {
                out.he.push(at);
            }
            if flags.contains(Flags::SHE) {
                out.she.push(at);
            }
        }
        out
    }

    /// How many of each stand in these tokens.
    fn within(&self, tokens: Range<usize>) -> (usize, usize) {
        let count = |of: &[usize]| {
            let before = |end: usize| of.partition_point(|at| *at < end);
            before(tokens.end).saturating_sub(before(tokens.start))
        };
        (count(&self.he), count(&self.she))
    }
}
