//! MENTIONS -> entities, within one article: short forms, spelling variants and acronyms find their full name, the
//! gazetteer's entry is chosen, and roles beside names are read.

mod clusters;
mod corrected;
mod entries;
mod roles;
mod variants;
mod words;

use crate::{
    gazetteer::{Corrector, Gazetteer},
    model::{Entity, EntityType, Evidence, Found, Gender, Mention, Method, Profile, Resolved, Texts},
    text::Segments,
    token::Token,
};
use clusters::Clusters;
use roles::Role;
use words::Spellings;

/// Joins names to entities.
pub fn resolve(segments: &Segments, gazetteer: &Gazetteer, found: Vec<Found>) -> Resolved {
    resolve_corrected(segments, gazetteer, found, None)
}

/// The same with what a person has corrected.
pub fn resolve_corrected(
    segments: &Segments,
    gazetteer: &Gazetteer,
    mut found: Vec<Found>,
    mut corrector: Option<&mut Corrector<'_>>,
) -> Resolved {
    if let Some(corrector) = corrector.as_deref() {
        corrected::enter(corrector, &mut found);
    }
    let roles: Vec<Option<Box<Role<'_>>>> = found
        .iter()
        .map(|name| match name.kind {
            EntityType::Person => roles::beside(segments, gazetteer, &found, name).told(),
            _ => None,
        })
        .collect();
    // Nobody may have asked for it.
    let explained = found.iter().any(|name| !name.evidence.is_empty());
    let evidence = found.iter_mut().take(if explained { usize::MAX } else { 0 });
    let mut evidence: Vec<Vec<Evidence>> = evidence.map(|name| std::mem::take(&mut name.evidence)).collect();
    let mut clusters = Clusters::new(segments, gazetteer, &found, &roles, corrector.as_deref().map(|c| c.corrections));
    let countries = entries::countries(gazetteer, &found);
    let mut out = Resolved::default();
    out.mentions.reserve(found.len());
    out.tokens.reserve(found.len());
    out.roles.reserve(found.len());
    let mut numbers = vec![usize::MAX; clusters.list.len()];
    // The ids of `out.entities`.
    let mut known = Spellings::default();
    // By cluster: the id that it has without merges, and the line that merged it. Only where there are corrections.
    let mut unmerged = vec![(String::new(), None); if corrector.is_some() { clusters.list.len() } else { 0 }];
    for (i, (name, role)) in found.iter().zip(roles).enumerate() {
        let role = role.map(|role| *role).unwrap_or_default();
        let cluster = clusters.of[i];
        if numbers[cluster] == usize::MAX {
            let pinned = corrected::pinned(corrector.as_deref(), gazetteer, &clusters.list[cluster]);
            let (mut entity, entry) = pinned.unwrap_or_else(|| {
                let entry = entries::choose(gazetteer, &clusters.list[cluster], &countries);
                (entity(gazetteer, &clusters, cluster, entry), entry)
            });
            if let Some(country) = team_of(gazetteer, &segments.tokens[name.tokens.clone()], &entity) {
                entity.known = true;
                entity.facts.country = country;
            }
            if let Some(corrector) = corrector.as_deref() {
                let id = entity.id.clone();
                unmerged[cluster] = (id, corrected::merge(corrector, gazetteer, &mut entity));
            }
            // Two clusters that mean one entry of the gazetteer are one entity.
            let slot = known.intern(&entity.id) as usize;
            numbers[cluster] = slot;
            if slot == out.entities.len() {
                out.entities.push(entity);
                out.profiles.push(profile(gazetteer, &mut clusters, cluster, entry));
            } else if corrector.is_some() {
                corrected::join(&mut out.profiles[slot], profile(gazetteer, &mut clusters, cluster, entry));
            }
        }
        let (mut slot, mut kind, mut confidence, mut by_hand) =
            (numbers[cluster], name.kind, name.confidence, name.correction.is_some());
        if let Some(corrector) = corrector.as_deref_mut() {
            let place = (segments, gazetteer, name);
            if let Some(other) = corrected::split(corrector, place, &unmerged[cluster].0, slot, &mut out, &mut known) {
                (slot, confidence, by_hand) = (other, 1.0, true);
            } else if let Some(line) = unmerged[cluster].1 {
                corrector.applied.push((line, name.tokens.clone()));
            }
            kind = out.entities[slot].kind;
        }
        let part = &segments.sentences[name.sentence];
        let paragraph = &segments.paragraphs[part.paragraph];
        let Some(zone) = paragraph.part.zone() else { continue };
        let own = clusters.words.of(i).len();
        let method = if by_hand || !name.entries.is_empty() {
            Method::Gazetteer
        } else if own < clusters.list[cluster].longest {
            Method::Coreference
        } else {
            Method::Pattern
        };
        out.mentions.push(Mention {
            span: segments.span(name.tokens.clone()),
            entity: slot,
            kind,
            role: role.text,
            method,
            confidence,
            zone,
            paragraph: paragraph.number,
            sentence: part.number,
            evidence: evidence.get_mut(i).map(std::mem::take).unwrap_or_default(),
        });
        out.tokens.push(name.tokens.clone());
        out.roles.push(role.tokens);
    }
    if corrector.is_some() {
        corrected::compact(&mut out);
    }
    out.index(segments.tokens.len());
    out
}

fn entity(gazetteer: &Gazetteer, clusters: &Clusters<'_>, cluster: usize, entry: Option<u32>) -> Entity {
    let cluster = &clusters.list[cluster];
    match entry.map(|e| gazetteer.entry(e)) {
        Some(entry) => Entity {
            id: entry.id(),
            kind: entry.kind(),
            name: entry.name().to_string(),
            known: true,
            gender: if cluster.gender == Gender::Unknown { entry.gender() } else { cluster.gender },
            facts: entry.facts(),
        },
        None => {
            let name = clusters.canonical(cluster);
            Entity {
                id: crate::gazetteer::entity_id(cluster.kind, &name, ""),
                kind: cluster.kind,
                name,
                known: false,
                gender: cluster.gender,
                facts: Default::default(),
            }
        }
    }
}

/// The country of a team that bears the name of its place ("Norway beat Ghana"): it is as well known as the place.
fn team_of(gazetteer: &Gazetteer, name: &[Token], entity: &Entity) -> Option<String> {
    if entity.known || entity.kind != EntityType::Organization {
        return None;
    }
    let forms = gazetteer.forms(name);
    let entries = forms.iter().map(|alias| gazetteer.entry(alias.entry));
    let place = entries.filter(|entry| entry.kind() == EntityType::Place).max_by_key(|entry| entry.population())?;
    Some(place.country().to_string())
}

/// Room for the words of a name and the kind of its bearer, in bytes; more is rare.
const WORDS: usize = 48;

/// What is known about a cluster's entity. Its lists move there: a cluster is asked for them once.
fn profile(gazetteer: &Gazetteer, clusters: &mut Clusters<'_>, cluster: usize, entry: Option<u32>) -> Profile {
    let cluster = &mut clusters.list[cluster];
    let mut profile = Profile {
        gender: cluster.gender,
        classes: std::mem::take(&mut cluster.classes),
        age: cluster.age,
        role: std::mem::take(&mut cluster.role),
        words: Texts::with_capacity(WORDS),
        ..Profile::default()
    };
    cluster.countries.iter().for_each(|country| profile.countries.push(country));
    for word in clusters.words.of(cluster.fullest) {
        profile.words.push(clusters.words.folded(*word));
    }
    if let Some(number) = entry {
        profile.known_classes = gazetteer.role_classes(number);
        let entry = gazetteer.entry(number);
        if profile.gender == Gender::Unknown {
            profile.gender = entry.gender();
        }
        // "the company", "the ministry": the kind of a body stands for it as a word of its name does.
        entry.class().split(' ').for_each(|word| profile.words.push(word));
        if !entry.country().is_empty() && !profile.countries.iter().any(|country| country == entry.country()) {
            profile.countries.push(entry.country());
        }
    }
    profile
}
