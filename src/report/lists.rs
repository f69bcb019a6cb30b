//! What the report lists: the first rows of the tables about the whole run.

use super::joined::{kind, kinds};
use crate::{error::Result, finished::Finished};
use std::collections::HashMap;

/// Entities of each type in the list of entities.
pub(super) const PER_TYPE: usize = 150;
/// Speakers that are counted one by one.
pub(super) const SPEAKERS: usize = 40;
/// Dots on the map.
pub(super) const DOTS: usize = 400;
/// Unknown names.
pub(super) const UNKNOWN: usize = 60;

/// Everything that has a row, a dot or a cell in the report.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub entities: Vec<Entity>,
    /// Where an id stands among them.
    pub places: HashMap<String, usize>,
    /// The most quoted first.
    pub speakers: Vec<usize>,
    pub unknown: Vec<Unknown>,
    /// Entities of each of [`kinds`], and how many of them a gazetteer has.
    pub distinct: [(u64, u64); 3],
    /// Entities that are the speaker of something.
    pub speaking: u64,
    /// Places with coordinates.
    pub located: u64,
    /// Rows of candidates.csv.
    pub candidates: u64,
    /// The earliest and the latest date of an article.
    pub published: Option<(String, String)>,
}

/// One row of entities.csv.
#[derive(Clone, Debug, Default)]
pub(super) struct Entity {
    pub id: String,
    pub kind: &'static str,
    pub name: String,
    pub surfaces: String,
    pub country: String,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
    pub known: bool,
    pub mentions: u64,
    pub articles: u64,
    pub quotes: u64,
    pub first: String,
    pub last: String,
    /// Whether it is in the list of entities.
    pub listed: bool,
    /// Whether it is a dot on the map.
    pub dot: bool,
}

/// One row of candidates.csv.
#[derive(Clone, Debug)]
pub(super) struct Unknown {
    pub entity: usize,
    pub roles: String,
    pub confidence: f64,
    pub example: String,
}

impl Lists {
    /// Reads both tables once.
    pub(super) fn read(finished: &Finished) -> Result<Lists> {
        let mut lists = Lists::default();
        let mut quoted: Vec<(u64, u64, Entity)> = Vec::new();
        let mut row_number = 0;
        let mut reader = finished.table("entities")?;
        let places = reader.columns([
            "entity_id",
            "type",
            "name",
            "surfaces",
            "country",
            "latitude",
            "longitude",
            "known",
            "mentions",
            "articles",
            "quotes",
            "first_published",
            "last_published",
        ])?;
        let [id, of, name, surfaces, country, latitude, longitude, known, mentions, articles, quotes, first, last] =
            places;
        while let Some(row) = reader.read()? {
            let text = |place| row.cell(place).to_string();
            let latitude = row.number(latitude)?.filter(|degrees| degrees.abs() <= 90.0);
            let longitude = row.number(longitude)?.filter(|degrees| degrees.abs() <= 180.0);
            let mut entity = Entity {
                kind: kind(row.cell(of)),
                position: latitude.zip(longitude),
                known: row.cell(known) == "yes",
                mentions: row.integer(mentions)?,
                quotes: row.integer(quotes)?,
                ..Entity::default()
            };
            row_number += 1;
            lists.widen(row.cell(first), row.cell(last));
            let place = kinds().iter().position(|kind| *kind == entity.kind).unwrap_or(0);
            let (of_kind, known_ones) = &mut lists.distinct[place];
            entity.listed = *of_kind < PER_TYPE as u64;
            *of_kind += 1;
            *known_ones += u64::from(entity.known);
            if entity.kind == "place" && entity.position.is_some() {
                entity.dot = lists.located < DOTS as u64;
                lists.located += 1;
            }
            lists.speaking += u64::from(entity.quotes > 0);
            let least = quoted.get(SPEAKERS - 1).map_or(0, |(quotes, _, _)| *quotes);
            let speaks = entity.quotes > least;
            if !(entity.listed || entity.dot || speaks) {
                continue;
            }
            (entity.id, entity.name, entity.surfaces) = (text(id), text(name), text(surfaces));
            (entity.country, entity.first, entity.last) = (text(country), text(first), text(last));
            entity.articles = row.integer(articles)?;
            if speaks {
                let place = quoted.partition_point(|(quotes, _, _)| *quotes >= entity.quotes);
                quoted.insert(place, (entity.quotes, row_number, entity.clone()));
                quoted.truncate(SPEAKERS);
            }
            if entity.listed || entity.dot {
                lists.add(entity);
            }
        }
        lists.speakers = quoted.into_iter().map(|(_, _, entity)| lists.add(entity)).collect();
        lists.read_unknown(finished)?;
        Ok(lists)
    }

    fn read_unknown(&mut self, finished: &Finished) -> Result<()> {
        let mut reader = finished.table("candidates")?;
        let columns =
            ["id", "type", "name", "aliases", "country", "mentions", "articles", "roles", "confidence", "example"];
        let [id, of, name, aliases, country, mentions, articles, roles, confidence, example] =
            reader.columns(columns)?;
        while let Some(row) = reader.read()? {
            self.candidates += 1;
            if self.unknown.len() == UNKNOWN {
                continue;
            }
            let text = |place| row.cell(place).to_string();
            let entity = self.add(Entity {
                id: text(id),
                kind: kind(row.cell(of)),
                name: text(name),
                surfaces: text(aliases),
                country: text(country),
                mentions: row.integer(mentions)?,
                articles: row.integer(articles)?,
                ..Entity::default()
            });
            let confidence = row.number(confidence)?.unwrap_or(0.0);
            self.unknown.push(Unknown { entity, roles: text(roles), confidence, example: text(example) });
        }
        Ok(())
    }

    /// Where it stands, if it is there already or not.
    fn add(&mut self, entity: Entity) -> usize {
        let place = *self.places.entry(entity.id.clone()).or_insert(self.entities.len());
        if place == self.entities.len() {
            self.entities.push(entity);
        }
        place
    }

    fn widen(&mut self, first: &str, last: &str) {
        if first.is_empty() || last.is_empty() {
            return;
        }
        match &mut self.published {
            None => self.published = Some((first.to_string(), last.to_string())),
            Some((earliest, latest)) => {
                if first < earliest.as_str() {
                    *earliest = first.to_string();
                }
                if last > latest.as_str() {
                    *latest = last.to_string();
                }
            }
        }
    }
}
