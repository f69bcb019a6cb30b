//! Speakers of quotations that have no cue of their own.

use super::{
    Link, Scene,
    antecedent::{self, Asked, Wanted},
    reasons::FLOATING,
};
use crate::{
    gazetteer::Flags,
    model::{EntityType, Gender, Speaker, Statement},
};

/// Paragraphs over which a quotation can belong to somebody without being told so.
const REACH: usize = 3;

/// The rule for a speaker who is named behind the quotation.
pub(super) const NAMED_BEHIND: &str = "floating: named behind";

/// Words behind a quotation among which its speaker may be named.
const BEHIND: usize = 10;

/// The speaker of a floating quotation: who spoke before it, or whom the sentences before introduce.
pub(super) fn link(scene: &Scene<'_>, statement: &Statement, asked: &Asked<'_, '_>) -> Link {
    let behind = signed(scene, statement.end()).or_else(|| behind(scene, statement.end()));
    let wanted = Wanted {
        behind,
        kinds: &[EntityType::Person, EntityType::Organization],
        gender: Gender::Unknown,
        unnamed: true,
        column: FLOATING,
        ..Wanted::default()
    };
    let nobody = Link { rule: "floating: nobody near", ..Link::default() };
    let Some(ranking) = antecedent::find(scene, &wanted, statement.start(), asked) else { return nobody };
    let last = asked.said.last().filter(|last| asked.paragraph.saturating_sub(last.last_paragraph) <= REACH);
    let Some(best) = ranking.candidates.get(ranking.best) else { return nobody };
    let goes_on = last.filter(|last| last.entity == best.entity);
    let named = behind.is_some_and(|m| best.entity == Some(scene.names.mentions[m].entity));
    let rule = match goes_on {
        _ if named => NAMED_BEHIND,
        Some(_) => "floating: who spoke last",
        None => "floating: introduced before",
    };
    let mut link = Link::of(ranking, rule);
    match goes_on {
        Some(last) => link.speaker = Speaker { surface: None, ..asked.speaker(last).clone() },
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

/// The name behind a quotation that a dash gives to it: "..." - Abel Thorsen, sexton; in the next paragraph too.
fn signed(scene: &Scene<'_>, end: usize) -> Option<usize> {
    let tokens = &scene.segments.tokens;
    tokens.get(end).filter(|t| (t.is_dash() || t.is('-')) && !scene.quoted[end])?;
    let mention = scene.names.tokens.partition_point(|t| t.start <= end);
    let (name, role) = (scene.names.tokens.get(mention)?, scene.names.roles.get(mention)?);
    if name.start != end + 1 && !(role.start == end + 1 && role.end == name.start) {
        return None;
    }
    // Nothing but the name and what describes it.
    let paragraph = scene.segments.sentences[scene.segments.sentence_of(end)].paragraph;
    let rest = name.end..scene.segments.paragraphs[paragraph].tokens.end;
    let closes = tokens.get(name.end).is_none_or(|t| t.is(',') || t.is_stop() || t.is('(')) || rest.is_empty();
    let person = scene.names.mentions[mention].kind == EntityType::Person;
    (closes && rest.len() <= SIGNATURE && person).then_some(mention)
}

/// Most words behind a name that signs a quotation.
const SIGNATURE: usize = 14;

/// The first name behind a quotation, in its sentence, that stands beside a cue: "..." sexton Abel Thorsen said.
fn behind(scene: &Scene<'_>, end: usize) -> Option<usize> {
    let lexicon = &scene.gazetteer.lexicon;
    let tokens = &scene.segments.tokens;
    let sentence = scene.segments.sentences[scene.segments.sentence_of(end.max(1) - 1)].tokens.end;
    let cue = |at: usize| {
        let token = tokens.get(at).filter(|_| at >= end && at < sentence && !scene.quoted[at]);
        token.is_some_and(|t| lexicon.is(t, Flags::CUE) && lexicon.is(t, Flags::VERB_PAST | Flags::VERB_S))
    };
    let mut names = scene.names.within(end..sentence.clamp(end, end + BEHIND));
    names.find(|m| {
        let name = &scene.names.tokens[*m];
        let kind = scene.names.mentions[*m].kind;
        kind != EntityType::Place
            && !scene.quoted[name.start]
            && (cue(name.end) || name.start > end && cue(name.start - 1))
    })
}
