//! Speakers of quotations that have no cue of their own.

use super::{
    Link, Scene,
    antecedent::{self, Asked, Wanted},
    reasons::FLOATING,
};
use crate::model::{EntityType, Gender, Speaker, Statement};

/// Paragraphs over which a quotation can belong to somebody without being told so.
const REACH: usize = 3;

/// The speaker of a floating quotation: who spoke before it, or whom the sentences before introduce.
pub(super) fn link(scene: &Scene<'_>, statement: &Statement, asked: &Asked<'_>) -> Link {
    let wanted = Wanted {
        kinds: vec![EntityType::Person, EntityType::Organization],
        gender: Gender::Unknown,
        unnamed: true,
        column: FLOATING,
        ..Wanted::default()
    };
    let nobody = Link { rule: "floating: nobody near", ..Link::default() };
    let Some(ranking) = antecedent::find(scene, &wanted, statement.start(), asked) else { return nobody };
    let last = asked.said.last().filter(|last| asked.paragraph.saturating_sub(last.last_paragraph) <= REACH);
    let Some(best) = ranking.candidates.get(ranking.best) else { return nobody };
    let goes_on = last.filter(|last| last.speaker.entity == best.entity);
    let rule = if goes_on.is_some() { "floating: who spoke last" } else { "floating: introduced before" };
    let mut link = Link::of(ranking, rule);
    match goes_on {
        Some(last) => link.speaker = Speaker { surface: None, ..last.speaker.clone() },
        None => match link.speaker.entity {
            Some(entity) => {
                link.speaker.name.clone_from(&scene.names.entities[entity].name);
                link.speaker.role.clone_from(&scene.names.profiles[entity].role);
            }
            None => return nobody,
        },
    }
    link
}
