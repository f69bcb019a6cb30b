//! Speakers of quotations that have no cue of their own.

use super::{Link, Said, Scene};
use crate::model::{EntityType, Speaker, Statement};

/// The speaker of a floating quotation: who spoke before it, else whom the sentence before introduces.
pub(super) fn link(scene: &Scene<'_>, statement: &Statement, said: &[Said]) -> Link {
    let start = statement.start();
    let paragraph = statement.paragraph;
    if let Some(last) = said.last() {
        let gap = paragraph.saturating_sub(last.paragraph);
        let floated = said.iter().rev().take_while(|s| s.floating).count() as i32;
        let subject = introduced(scene, last.tokens.end, start);
        let speaker = Speaker { surface: None, ..last.speaker.clone() };
        let confidence = match (gap, last.direct) {
            (0, _) => 0.92,
            (1, true) => 0.88,
            (1, false) => 0.75,
            _ => 0.0,
        };
        match subject {
            // A new subject between: it is the one who speaks now.
            Some(entity) if last.speaker.entity != Some(entity) => {
                return Link { speaker: person(scene, entity), rule: "floating: new subject before", confidence: 0.6 };
            }
            _ if confidence > 0.0 => {
                let decay = 0.8f32.powi((floated - 2).max(0));
                return Link { speaker, rule: "floating: who spoke last", confidence: confidence * decay };
            }
            _ => {}
        }
    }
    let from = scene.segments.paragraphs[paragraph.saturating_sub(1)].tokens.start;
    match introduced(scene, from, start) {
        Some(entity) => Link { speaker: person(scene, entity), rule: "floating: introduced before", confidence: 0.6 },
        None => Link { rule: "floating: nobody near", confidence: 0.45, ..Link::default() },
    }
}

fn person(scene: &Scene<'_>, entity: usize) -> Speaker {
    Speaker {
        entity: Some(entity),
        name: scene.names.entities[entity].name.clone(),
        role: scene.names.profiles[entity].role.clone(),
        ..Speaker::default()
    }
}

/// The last person that is a subject between two tokens.
fn introduced(scene: &Scene<'_>, from: usize, to: usize) -> Option<usize> {
    let found = scene
        .names
        .within(from..to)
        .rev()
        .find(|m| scene.subjects[*m] && scene.names.mentions[*m].kind == EntityType::Person);
    found.map(|m| scene.names.mentions[m].entity)
}
