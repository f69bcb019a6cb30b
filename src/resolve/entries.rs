//! Which of the gazetteer's entries a name means: by country, neighbours and population.

use super::clusters::Cluster;
use crate::{
    gazetteer::Gazetteer,
    model::{EntityType, Found},
};
use rustc_hash::FxHashMap;

/// How often each country speaks from the names of the article that can mean only one.
pub(super) fn countries<'g>(gazetteer: &'g Gazetteer, found: &[Found]) -> FxHashMap<&'g str, u32> {
    let mut out: FxHashMap<&str, u32> = FxHashMap::default();
    for name in found {
        let mut seen = name.entries.iter().map(|e| gazetteer.entry(*e).country());
        if let Some(first) = seen.next().filter(|country| !country.is_empty())
            && seen.all(|country| country == first)
        {
            *out.entry(first).or_default() += 1;
        }
    }
    out
}

/// The entry that a cluster means, if the gazetteer has any.
pub(super) fn choose(gazetteer: &Gazetteer, cluster: &Cluster<'_>, countries: &FxHashMap<&str, u32>) -> Option<u32> {
    if let [only] = cluster.entries[..] {
        return Some(only);
    }
    let scored = cluster.entries.iter().map(|entry| (*entry, score(gazetteer, cluster, *entry, countries)));
    // Of equals, the one that stands first in the gazetteers.
    scored.max_by(|(a, x), (b, y)| x.total_cmp(y).then(b.cmp(a))).map(|(entry, _)| entry)
}

fn score(gazetteer: &Gazetteer, cluster: &Cluster<'_>, entry: u32, countries: &FxHashMap<&str, u32>) -> f32 {
    let entry = gazetteer.entry(entry);
    let mut score = match entry.class() {
        "country" | "territory" | "continent" => 6.0,
        "capital" => 3.5,
        "region" | "sea" | "conflict area" => 2.0,
        "admin1" => 1.0,
        _ => 0.0,
    };
    if entry.kind() == EntityType::Place && entry.population() > 0 {
        score += (entry.population() as f32).log10() / 2.0;
    }
    if let Some(count) = countries.get(entry.country()) {
        score += 1.0 + (*count as f32).ln_1p();
    }
    if cluster.countries.contains(&entry.country()) {
        score += 2.0;
    }
    if !entry.is_embedded() {
        score += 4.0;
    }
    score
}
