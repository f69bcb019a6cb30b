//! One name to be, as a source gives it: its parts put together, and what cannot be used taken out.

use super::dropped::{Dropped, What};
use crate::{
    model::EntityType,
    workbench::{
        check::level,
        facts::{degrees, is_code, is_formula, is_number, is_wikidata, turned},
        forms::{Doubt, Judge},
    },
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most aliases of an entry.
const ALIASES: usize = 1000;

/// What is known of one entity; what is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: Option<EntityType>,
    pub(super) class: String,
    pub(super) aliases: Vec<String>,
    pub(super) id: String,
    pub(super) wikidata: String,
    pub(super) geonames: String,
    pub(super) country: String,
    pub(super) latitude: String,
    pub(super) longitude: String,
    pub(super) population: String,
    pub(super) gender: String,
    pub(super) roles: String,
    pub(super) matching: String,
    pub(super) note: String,
}

impl Entry {
    /// An entry with a name.
    pub(super) fn new(name: &str, kind: EntityType) -> Entry {
        Entry { name: name.to_string(), kind: Some(kind), ..Entry::default() }
    }

    /// Adds what a further part of the source knows: what is known already stays, another name becomes an alias. Returns
    /// aliases that are too many.
    pub(super) fn join(&mut self, other: Entry) -> Vec<String> {
        let other_name = if self.name.is_empty() {
            self.name = other.name;
            None
        } else {
            Some(other.name).filter(|name| !name.is_empty() && *name != self.name)
        };
        self.kind = self.kind.or(other.kind);
        for (mine, theirs) in [
            (&mut self.class, other.class),
            (&mut self.id, other.id),
            (&mut self.wikidata, other.wikidata),
            (&mut self.geonames, other.geonames),
            (&mut self.country, other.country),
            (&mut self.latitude, other.latitude),
            (&mut self.longitude, other.longitude),
            (&mut self.population, other.population),
            (&mut self.gender, other.gender),
            (&mut self.roles, other.roles),
            (&mut self.matching, other.matching),
            (&mut self.note, other.note),
        ] {
            if mine.is_empty() {
                *mine = theirs;
            }
        }
        let mut new: Vec<String> = other_name.into_iter().chain(other.aliases).collect();
        let room = ALIASES.saturating_sub(self.aliases.len()).min(new.len());
        let too_many = new.split_off(room);
        self.aliases.append(&mut new);
        too_many
    }

    /// The cells in the order of the gazetteer's columns.
    pub(super) fn cells(&self) -> [&str; 15] {
        let kind = self.kind.map_or("", EntityType::as_str);
        let Entry { name, id, wikidata, geonames, country, latitude, longitude, population, gender, .. } = self;
        let Entry { roles, matching, note, class, .. } = self;
        [
            name, kind, "", id, wikidata, geonames, country, latitude, longitude, population, gender, roles, matching,
            note, class,
        ]
    }

    /// Levels the name and the cells, and takes out what cannot be used, with its reasons. Nothing is left of an entry that
    /// has no name which a text could have.
    pub(super) fn clean(mut self, judge: &mut Judge<'_>, keep: bool, dropped: &mut Dropped) -> Option<Entry> {
        let Some(kind) = self.kind else {
            dropped.add(What::Row, "no type", &self.name);
            return None;
        };
        self.name = level(&self.name);
        if kind == EntityType::Person
            && let Some(turned) = turned(&self.name)
        {
            dropped.add(What::Alias, "family name first", &self.name);
            self.name = turned;
        }
        if let Some(reason) = refused(&self.name) {
            dropped.add(What::Row, reason, &self.name);
            return None;
        }
        match judge.doubt(&self.name, kind) {
            Some(doubt @ (Doubt::NoWord | Doubt::OneLetter | Doubt::Number)) => {
                dropped.add(What::Row, doubt.as_str(), &self.name);
                return None;
            }
            Some(_) if self.matching.is_empty() => self.matching = "weak".to_string(),
            _ => {}
        }
        self.aliases(kind, judge, keep, dropped);
        self.facts(dropped);
        Some(self)
    }

    fn aliases(&mut self, kind: EntityType, judge: &mut Judge<'_>, keep: bool, dropped: &mut Dropped) {
        let mut seen = BTreeSet::new();
        let mut kept = Vec::new();
        for alias in std::mem::take(&mut self.aliases) {
            let alias = level(&alias);
            if alias.is_empty() || alias == self.name || seen.contains(&alias) {
                dropped.add(What::Alias, "repeated or empty", &alias);
                continue;
            }
            let reason = refused(&alias)
                .or_else(|| (kind == EntityType::Person && turned(&alias).is_some()).then_some("family name first"))
                .or_else(|| judge.doubt(&alias, kind).filter(|_| !keep).map(Doubt::as_str))
                .or_else(|| (kept.len() >= ALIASES).then_some("more than 1000 aliases"));
            match reason {
                Some(reason) => dropped.add(What::Alias, reason, &alias),
                None => {
                    seen.insert(alias.clone());
                    kept.push(alias);
                }
            }
        }
        kept.sort_unstable();
        self.aliases = kept;
    }

    fn facts(&mut self, dropped: &mut Dropped) {
        let code = self.country.to_ascii_uppercase();
        let gender = match self.gender.to_ascii_lowercase().as_str() {
            "m" | "male" => "m",
            "f" | "female" => "f",
            _ => "",
        };
        let mut check = |cell: &mut String, fits: bool, instead: &str, reason| {
            *cell = cell.trim().to_string();
            if !fits {
                if !cell.is_empty() {
                    dropped.add(What::Cell, reason, cell);
                }
                cell.clear();
            } else if !instead.is_empty() {
                *cell = instead.to_string();
            }
        };
        let places = (degrees(self.latitude.trim(), 90.0), degrees(self.longitude.trim(), 180.0));
        let placed = matches!(places, (Some(north), Some(east)) if north != 0.0 || east != 0.0);
        check(&mut self.country, is_code(&code), &code, "no country code");
        check(&mut self.gender, !gender.is_empty(), gender, "no known gender");
        check(&mut self.latitude, placed, "", "no coordinates");
        check(&mut self.longitude, placed, "", "no coordinates");
        let fits = is_number(self.population.trim());
        check(&mut self.population, fits, "", "no number of inhabitants");
        let fits = is_wikidata(self.wikidata.trim());
        check(&mut self.wikidata, fits, "", "no Wikidata item");
        let fits = is_number(self.geonames.trim());
        check(&mut self.geonames, fits, "", "no GeoNames number");
        let fits = matches!(self.matching.trim(), "exact" | "weak");
        check(&mut self.matching, fits, "", "no way to match");
        for cell in [&mut self.id, &mut self.note, &mut self.class] {
            *cell = level(cell);
        }
        let roles: Vec<String> = self.roles.split('|').map(level).filter(|role| !role.is_empty()).collect();
        self.roles = roles.join("|");
        for cell in [&mut self.id, &mut self.note, &mut self.class, &mut self.roles] {
            if is_formula(cell) {
                dropped.add(What::Cell, "begins like a formula", cell);
                cell.clear();
            }
        }
    }
}

/// Why no gazetteer can have this form.
fn refused(form: &str) -> Option<&'static str> {
    if form.is_empty() {
        Some("no name")
    } else if is_formula(form) {
        Some("begins like a formula")
    } else if form.contains('|') {
        Some("holds a |")
    } else if form.chars().count() > crate::gazetteer::LONGEST {
        Some("more than 1000 characters")
    } else {
        None
    }
}
