//! How and to whom something was said: "on Twitter", "during a phone call with his counterpart".

use super::{Link, Scene, antecedent::Asked, speaker};
use crate::{
    gazetteer::Flags,
    model::{EntityType, Statement},
};
use std::ops::Range;

/// Paragraphs for which a medium goes on being the medium of the same speaker.
const REACH: usize = 3;

/// Most tokens before a clause among which its medium is looked for; a text without stops is one sentence.
const FRONT: usize = 400;

/// Medium and addressee of one statement.
#[derive(Clone, Debug, Default)]
pub(super) struct Found<'a> {
    pub medium: &'a str,
    /// Where the text told the medium.
    pub medium_paragraph: usize,
    pub addressee: String,
    pub addressee_entity: Option<usize>,
}

/// A conversation that the text has announced: "A telephone conversation took place between A and B."
#[derive(Clone, Debug, Default)]
pub(super) struct Exchange<'a> {
    medium: &'a str,
    parties: Vec<usize>,
    paragraph: usize,
    seen: usize,
}

impl<'a> Exchange<'a> {
    /// Reads the sentences up to a statement for announcements.
    pub(super) fn follow(&mut self, scene: &Scene<'a>, statement: &Statement) {
        let until = scene.segments.sentence_of(statement.start().max(statement.clause.start));
        for sentence in self.seen..=until.min(scene.segments.sentences.len().saturating_sub(1)) {
            let tokens = scene.segments.sentences[sentence].tokens.clone();
            if scene.names.within(tokens.clone()).len() < 2 {
                continue;
            }
            let people = people_in(scene, &tokens);
            if people.len() != 2 {
                continue;
            }
            if let Some(medium) = phrase_in(scene, tokens.clone(), false).filter(|m| is_exchange(m)) {
                *self = Exchange {
                    medium,
                    parties: people,
                    paragraph: scene.segments.sentences[sentence].paragraph,
                    seen: sentence,
                };
            }
        }
        self.seen = self.seen.max(until + 1);
    }

    fn other(&self, speaker: usize, paragraph: usize) -> Option<usize> {
        let near = paragraph.saturating_sub(self.paragraph) <= REACH;
        let party = self.parties.contains(&speaker);
        self.parties.iter().copied().find(|p| *p != speaker).filter(|_| near && party)
    }
}

fn is_exchange(medium: &str) -> bool {
    ["phone call", "meeting", "conversation", "video call", "debate"].contains(&medium)
}

fn people_in(scene: &Scene<'_>, tokens: &Range<usize>) -> Vec<usize> {
    let mut out = Vec::new();
    for mention in &scene.names.mentions[scene.names.within(tokens.clone())] {
        if mention.kind == EntityType::Person && !out.contains(&mention.entity) {
            out.push(mention.entity);
            // Three are no two.
            if out.len() > 2 {
                break;
            }
        }
    }
    out
}

/// The medium that a phrase in these tokens tells, outside quotation marks; if `adverbial`, only one that begins with a
/// preposition ("on Facebook").
fn phrase_in<'a>(scene: &Scene<'a>, tokens: Range<usize>, adverbial: bool) -> Option<&'a str> {
    let lexicon = &scene.gazetteer.lexicon;
    for at in tokens.clone() {
        if scene.quoted[at] || adverbial && !lexicon.is(&scene.segments.tokens[at], Flags::PREP) {
            continue;
        }
        if let Some((_, medium)) = lexicon.medium_at(&scene.segments.tokens[at..tokens.end]) {
            return Some(medium);
        }
    }
    None
}

/// Medium and addressee of a statement: from its own clause, else from the exchange, else from the speaker's last one.
pub(super) fn read<'a>(
    scene: &Scene<'a>,
    statement: &Statement,
    link: &Link,
    asked: &Asked<'_, 'a>,
    exchange: &mut Exchange<'a>,
) -> Found<'a> {
    let mut found = Found { medium_paragraph: statement.paragraph, ..Found::default() };
    let lexicon = &scene.gazetteer.lexicon;
    let clause = statement.clause.clone();
    // "On Facebook, she wrote": what stands before the clause in its sentence counts too, the content excepted.
    let sentence = scene.segments.sentences[scene.segments.sentence_of(clause.start)].tokens.start;
    let front = sentence.max(content_before(statement, clause.start)).max(clause.start.saturating_sub(FRONT));
    let fronted = front..clause.start.max(sentence);
    if let Some(medium) = phrase_in(scene, clause.clone(), false).or_else(|| phrase_in(scene, fronted, true)) {
        found.medium = medium;
    }
    addressee(scene, statement, link, asked, &mut found);
    let interview = found.medium == "interview";
    if found.addressee.is_empty() && (interview || is_exchange(found.medium)) {
        // "during a phone call with Lavrov", "in an interview with Harbour Wire"
        let with = clause.clone().find(|t| !scene.quoted[*t] && lexicon.is(&scene.segments.tokens[*t], Flags::WITH));
        let other = with.and_then(|w| first_named(scene, w + 1..clause.end, interview));
        if let Some(other) = other.filter(|other| link.speaker.entity != Some(*other)) {
            set(scene, &mut found, other);
        }
    }
    let Some(speaker) = link.speaker.entity else { return found };
    if is_exchange(found.medium)
        && let Some(other) = found.addressee_entity.filter(|other| *other != speaker)
    {
        exchange.medium = found.medium;
        exchange.parties = vec![speaker, other];
        exchange.paragraph = statement.paragraph;
    }
    let other = exchange.other(speaker, statement.paragraph);
    if let Some(other) = other {
        exchange.paragraph = statement.paragraph;
        if found.addressee.is_empty() && (found.medium.is_empty() || found.medium == exchange.medium) {
            set(scene, &mut found, other);
        }
        if found.medium.is_empty() {
            found.medium = exchange.medium;
        }
    }
    if found.medium.is_empty() {
        let last = asked.said.iter().rev().take(50).find(|s| s.entity == Some(speaker));
        if let Some(last) =
            last.filter(|l| !l.medium.is_empty() && statement.paragraph.saturating_sub(l.medium_paragraph) <= REACH)
        {
            found.medium = last.medium;
            found.medium_paragraph = last.medium_paragraph;
        }
    }
    found
}

/// One past the content that stands before token `at`; 0 if none does.
fn content_before(statement: &Statement, at: usize) -> usize {
    statement.parts.iter().filter(|p| p.end <= at).map(|p| p.end).max().unwrap_or(0)
}

fn set(scene: &Scene<'_>, found: &mut Found<'_>, entity: usize) {
    found.addressee.clone_from(&scene.names.entities[entity].name);
    found.addressee_entity = Some(entity);
}

/// The first name among some tokens, if it is a person's, or that of a body if one will do.
fn first_named(scene: &Scene<'_>, tokens: Range<usize>, body: bool) -> Option<usize> {
    let found = scene.names.within(tokens).next().map(|m| &scene.names.mentions[m]);
    let fits = |kind: EntityType| kind == EntityType::Person || body && kind == EntityType::Organization;
    found.filter(|m| fits(m.kind)).map(|m| m.entity)
}

/// The indirect object of the cue.
fn addressee(scene: &Scene<'_>, statement: &Statement, link: &Link, asked: &Asked<'_, '_>, found: &mut Found<'_>) {
    let phrase = statement.addressee.clone();
    if phrase.is_empty() {
        return;
    }
    // Whoever speaks does not speak to himself.
    let asked = Asked { not: link.speaker.entity, content: &[], goes_on: false, ..*asked };
    let link = speaker::resolve(scene, phrase.clone(), &asked);
    let same = link.speaker.entity.is_some() && statement.subject == phrase;
    match link.speaker.entity.filter(|_| !same) {
        Some(entity) => set(scene, found, entity),
        None => {
            found.addressee = speaker::one_line(scene, &phrase);
        }
    }
}
