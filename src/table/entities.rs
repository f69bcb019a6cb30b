//! `entities.csv`: one row per distinct entity of the run.

use super::{Kind::*, RowsOfRun, Schema, TYPES, Table, Totals, column};

/// The table of entities.
pub(super) struct Entities;

static SCHEMA: Schema = Schema {
    name: "entities",
    about: "One row per distinct entity of the run, most mentioned first.",
    columns: &[
        column("entity_id", Id, "Stable id: the gazetteer's, else made from type and canonical name."),
        column("type", TYPES, "Type of the entity."),
        column("name", Text, "Canonical name; where articles differ, the one used most."),
        column(
            "surfaces",
            Text,
            "The forms seen, most frequent first (of equals the canonical name), joined by ' | '.",
        ),
        column("country", Text, "Country (ISO 3166-1 alpha-2), from the gazetteer."),
        column("latitude", Number, "Degrees north, from the gazetteer."),
        column("longitude", Number, "Degrees east, from the gazetteer."),
        column("wikidata", Id, "Wikidata item, from the gazetteer."),
        column("geonames", Id, "GeoNames number, from the gazetteer."),
        column("known", YesNo, "Whether a gazetteer has it."),
        column("mentions", Integer, "Rows in mentions.csv."),
        column("articles", Integer, "Articles that mention or quote it."),
        column("quotes", Integer, "Quotations that it is the speaker of, without headlines that repeat one."),
        column("first_published", Date, "Earliest date of these articles (ISO 8601)."),
        column("last_published", Date, "Latest date of these articles (ISO 8601)."),
    ],
    key: &["entity_id"],
    references: &[],
};

impl Table for Entities {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn is_of_run(&self) -> bool {
        true
    }

    fn of_run<'t>(&self, totals: &'t Totals) -> Option<RowsOfRun<'t>> {
        let order = totals.ranked();
        Some(RowsOfRun::new(order.len(), move |number, rows| {
            let entity = totals.entity(order[number]);
            rows.text(entity.id());
            rows.word(entity.kind().as_str());
            rows.text(entity.name());
            rows.joined(entity.surfaces(), " | ");
            let [country, latitude, longitude, wikidata, geonames] = entity.facts();
            rows.text(country);
            rows.numeric(latitude);
            rows.numeric(longitude);
            rows.text(wikidata);
            rows.text(geonames);
            rows.word(if entity.known() { "yes" } else { "no" });
            rows.number(entity.mentions());
            rows.number(entity.articles());
            rows.number(entity.quotes());
            let (first, last) = entity.published();
            rows.text(&first);
            rows.text(&last);
            rows.end();
        }))
    }
}
