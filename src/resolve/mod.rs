//! MENTIONS -> entities, within one article: short forms, spelling variants and acronyms find their full name, the
//! gazetteer's entry is chosen, and roles beside names are read.

mod clusters;
mod entries;
mod roles;
mod variants;

use crate::{
    gazetteer::Gazetteer,
    model::{Entity, EntityType, Found, Gender, Mention, Method, Profile, Resolved},
    text::Segments,
    token::Token,
};
use clusters::Clusters;
use rustc_hash::FxHashMap;

/// Joins names to entities.
pub fn resolve(segments: &Segments, gazetteer: &Gazetteer, found: Vec<Found>) -> Resolved {
    let mut out = Resolved::default();
    let roles: Vec<roles::Role> = found
        .iter()
        .map(|name| match name.kind {
            EntityType::Person => roles::beside(segments, gazetteer, &found, name),
            _ => roles::Role::default(),
        })
        .collect();
    let clusters = Clusters::new(segments, gazetteer, &found, &roles);
    let countries = entries::countries(gazetteer, &found);
    let mut numbers = vec![usize::MAX; clusters.list.len()];
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for ((i, name), role) in found.iter().enumerate().zip(&roles) {
        let cluster = &clusters.list[clusters.of[i]];
        let slot = &mut numbers[clusters.of[i]];
        if *slot == usize::MAX {
            let entry = entries::choose(gazetteer, cluster, &countries);
            let mut entity = entity(gazetteer, cluster, entry);
            if let Some(country) = team_of(gazetteer, &segments.tokens[name.tokens.clone()], &entity) {
                entity.known = true;
                entity.facts.country = country;
            }
            // Two clusters that mean one entry of the gazetteer are one entity.
            *slot = *known.entry(entity.id.clone()).or_insert(out.entities.len());
            if *slot == out.entities.len() {
                out.entities.push(entity);
                out.profiles.push(profile(gazetteer, cluster, entry));
            }
        }
        let part = &segments.sentences[name.sentence];
        let paragraph = &segments.paragraphs[part.paragraph];
        let Some(zone) = paragraph.part.zone() else { continue };
        let own = clusters.words[i].len();
        let method = if !name.entries.is_empty() {
            Method::Gazetteer
        } else if own < cluster.longest {
            Method::Coreference
        } else {
            Method::Pattern
        };
        let span = segments.span(name.tokens.clone());
        out.mentions.push(Mention {
            span,
            entity: *slot,
            kind: name.kind,
            role: role.text.clone(),
            method,
            confidence: name.confidence,
            zone,
            paragraph: paragraph.number,
            sentence: part.number,
            evidence: name.evidence.clone(),
        });
        out.tokens.push(name.tokens.clone());
        out.roles.push(role.tokens.clone());
    }
    out
}

fn entity(gazetteer: &Gazetteer, cluster: &clusters::Cluster, entry: Option<u32>) -> Entity {
    match entry.map(|e| gazetteer.entry(e)) {
        Some(entry) => Entity {
            id: entry.id(),
            kind: entry.kind(),
            name: entry.name().to_string(),
            known: true,
            gender: if cluster.gender == Gender::Unknown { entry.gender() } else { cluster.gender },
            facts: entry.facts(),
        },
        None => Entity {
            id: crate::gazetteer::entity_id(cluster.kind, &cluster.name, ""),
            kind: cluster.kind,
            name: cluster.name.clone(),
            known: false,
            gender: cluster.gender,
            facts: Default::default(),
        },
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

fn profile(gazetteer: &Gazetteer, cluster: &clusters::Cluster, entry: Option<u32>) -> Profile {
    let mut profile = Profile {
        gender: cluster.gender,
        classes: cluster.classes.clone(),
        countries: cluster.countries.clone(),
        words: cluster.words.clone(),
        age: cluster.age,
        role: cluster.role.clone(),
        ..Profile::default()
    };
    if let Some(entry) = entry.map(|e| gazetteer.entry(e)) {
        if profile.gender == Gender::Unknown {
            profile.gender = entry.gender();
        }
        for role in entry.roles() {
            roles::classes_of(gazetteer, role, &mut profile.known_classes);
        }
        // "the company", "the ministry": the kind of a body stands for it as a word of its name does.
        profile.words.extend(entry.class().split(' ').map(str::to_string));
        if !entry.country().is_empty() && !profile.countries.iter().any(|country| country == entry.country()) {
            profile.countries.push(entry.country().to_string());
        }
    }
    profile
}
