//! `candidates.csv`: names that no gazetteer has, in the gazetteer's own columns.

use super::{Kind::*, RowsOfRun, Schema, TYPES, Table, Totals, column};
use crate::model::Gender;
use std::cmp::Reverse;

/// The table of candidates.
pub(super) struct Candidates;

static SCHEMA: Schema = Schema {
    name: "candidates",
    about: "One row per name that no gazetteer has, most frequent and surest first: correct it, save it as a gazetteer.",
    columns: &[
        column("name", Text, "Canonical name."),
        column("type", TYPES, "Type."),
        column("aliases", Text, "Other full forms seen, most frequent first, joined by '|'; short forms are left out."),
        column("id", Id, "Id: entity_id of the other tables."),
        column("wikidata", Id, "Wikidata item: for you to fill in."),
        column("geonames", Id, "GeoNames number: for you to fill in."),
        column("country", Text, "Country (ISO 3166-1 alpha-2), where the article tells."),
        column("latitude", Number, "Degrees north: for you to fill in."),
        column("longitude", Number, "Degrees east: for you to fill in."),
        column("population", Number, "Inhabitants: for you to fill in."),
        column("gender", OneOf(&["m", "f"]), "Gender of a person, where articles tell."),
        column("roles", Text, "Titles and functions seen beside the name, most frequent first, joined by '|'."),
        column("match", OneOf(&["exact", "weak"]), "How strictly the form must fit: for you to fill in."),
        column("note", Text, "For you."),
        column("mentions", Integer, "Rows in mentions.csv."),
        column("articles", Integer, "Articles that mention it."),
        column("confidence", Confidence, "Mean confidence of the mentions."),
        column("example", Text, "The text around the first mention."),
    ],
    key: &["id"],
    references: &[("id", "entities", "entity_id")],
};

impl Table for Candidates {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn is_of_run(&self) -> bool {
        true
    }

    fn of_run<'t>(&self, totals: &'t Totals) -> Option<RowsOfRun<'t>> {
        // What is compared is what is told: the next digit of a confidence is nobody's business.
        let told = |confidence: f32| (confidence * 100.0).round() as i32;
        let unknown = totals.in_order(
            |entity| !entity.known() && entity.mentions() > 0,
            |entity| Reverse((entity.mentions(), told(entity.confidence()))),
        );
        Some(RowsOfRun::new(unknown.len(), move |number, rows| {
            let entity = totals.entity(unknown[number]);
            let name = entity.name();
            rows.text(name);
            rows.word(entity.kind().as_str());
            rows.joined(entity.aliases().filter(|alias| *alias != name), "|");
            rows.text(entity.id());
            let [country, latitude, longitude, wikidata, geonames] = entity.facts();
            rows.text(wikidata);
            rows.text(geonames);
            rows.text(country);
            rows.numeric(latitude);
            rows.numeric(longitude);
            rows.word("");
            rows.word(match entity.gender() {
                Gender::Male => "m",
                Gender::Female => "f",
                Gender::Unknown => "",
            });
            rows.joined(entity.roles(), "|");
            rows.word("");
            rows.word("");
            rows.number(entity.mentions());
            rows.number(entity.articles());
            rows.confidence(entity.confidence());
            match entity.example() {
                Ok(example) => rows.text(&example),
                Err(error) => return rows.fail(error),
            }
            rows.end();
        }))
    }
}
