//! What a person has corrected about entities: which one a name is, which two are one, and which mentions are another one.

use super::{clusters::Cluster, words::Spellings};
use crate::{
    gazetteer::{Corrector, Gazetteer},
    model::{Entity, Found, Gender, Profile, Resolved},
    text::Segments,
};

/// Makes names what a person has said they are: what the gazetteers have of the same form says nothing then.
pub(super) fn enter(corrector: &Corrector<'_>, found: &mut [Found]) {
    for name in found {
        let target = name.correction.and_then(|line| corrector.corrections.target(line));
        if let Some(target) = target {
            name.entries.clear();
            name.entries.extend(corrector.corrections.entry(target));
        }
    }
}

/// The entity that a person has said a cluster is, with its number in the gazetteer if that has it.
pub(super) fn pinned(
    corrector: Option<&Corrector<'_>>,
    gazetteer: &Gazetteer,
    cluster: &Cluster<'_>,
) -> Option<(Entity, Option<u32>)> {
    let ((target, _), corrections) = cluster.pin.zip(corrector.map(|corrector| corrector.corrections))?;
    let mut entity = corrections.entity(target, gazetteer)?;
    if cluster.gender != Gender::Unknown {
        entity.gender = cluster.gender;
    }
    Some((entity, corrections.entry(target)))
}

/// Applies merges to an entity: it becomes the one that a line names. Returns the line.
pub(super) fn merge(corrector: &Corrector<'_>, gazetteer: &Gazetteer, entity: &mut Entity) -> Option<u32> {
    let corrections = corrector.corrections;
    let (line, target) = match corrections.merged(&entity.id) {
        Some((line, target)) => (Some(line), target),
        // What only corrections know has their name everywhere.
        None => (None, corrections.new_entity(&entity.id)?),
    };
    let merged = corrections.entity(target, gazetteer)?;
    let gender = if merged.gender == Gender::Unknown { entity.gender } else { merged.gender };
    *entity = Entity { gender, ..merged };
    line
}

/// The number of the entity that a mention of entity `number` becomes by a split, if it becomes another one. `id` is that of
/// its entity without merges: lines may name it as it was before them, or as it is after.
pub(super) fn split(
    corrector: &mut Corrector<'_>,
    (segments, gazetteer, name): (&Segments, &Gazetteer, &Found),
    id: &str,
    number: usize,
    out: &mut Resolved,
    known: &mut Spellings,
) -> Option<usize> {
    let ids = [id, out.entities[number].id.as_str()];
    let (line, target) = corrector.split(ids, &segments.tokens[name.tokens.clone()], segments.around(name.sentence))?;
    let mut entity = corrector.corrections.entity(target, gazetteer)?;
    merge(corrector, gazetteer, &mut entity);
    corrector.applied.push((line, name.tokens.clone()));
    let place = known.intern(&entity.id) as usize;
    if place == out.entities.len() {
        // What the article says beside the name it says of both.
        let mut profile = out.profiles.get(number).cloned().unwrap_or_default();
        match entity.gender {
            Gender::Unknown => entity.gender = profile.gender,
            gender => profile.gender = gender,
        }
        out.entities.push(entity);
        out.profiles.push(profile);
    }
    Some(place)
}

/// Leaves out entities of which splits have taken every mention.
pub(super) fn compact(out: &mut Resolved) {
    let mut numbers = vec![usize::MAX; out.entities.len()];
    out.mentions.iter().for_each(|mention| numbers[mention.entity] = 0);
    if !numbers.contains(&usize::MAX) {
        return;
    }
    for (next, number) in numbers.iter_mut().filter(|number| **number == 0).enumerate() {
        *number = next;
    }
    let mut kept = numbers.iter().map(|number| *number != usize::MAX);
    out.entities.retain(|_| kept.next().unwrap_or(false));
    let mut kept = numbers.iter().map(|number| *number != usize::MAX);
    out.profiles.retain(|_| kept.next().unwrap_or(false));
    out.mentions.iter_mut().for_each(|mention| mention.entity = numbers[mention.entity]);
}

/// Adds what another cluster of the same entity tells about it.
pub(super) fn join(profile: &mut Profile, more: Profile) {
    if profile.gender == Gender::Unknown {
        profile.gender = more.gender;
    }
    for class in more.classes {
        if !profile.classes.contains(&class) {
            profile.classes.push(class);
        }
    }
    for (list, more) in [(&mut profile.countries, &more.countries), (&mut profile.words, &more.words)] {
        for text in more.iter() {
            if !list.iter().any(|known| known == text) {
                list.push(text);
            }
        }
    }
    if profile.age == 0 {
        profile.age = more.age;
    }
    if profile.role.is_empty() {
        profile.role = more.role;
    }
}
