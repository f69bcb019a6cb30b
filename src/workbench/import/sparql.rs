//! The CSV that Wikidata's query service gives: one row for each combination of what was asked for.

use super::{Format, entry::Entry, input::Input, out::Out, table::Columns};
use crate::{error::Result, workbench::facts::wikidata_of};

/// A table of results.
pub(super) struct Sparql;

impl Format for Sparql {
    fn name(&self) -> &'static str {
        "wikidata-sparql"
    }

    fn expected(&self) -> &'static str {
        "CSV of Wikidata's query service with the columns item and itemLabel, and if you like altLabel, type, coordinates, country, population, geonames, gender and sitelinks"
    }

    fn source(&self) -> &'static str {
        "https://query.wikidata.org/"
    }

    fn licence(&self) -> &'static str {
        "CC0 1.0"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let path = input.path.clone();
        let mut table = Columns::open(input, b',', &["item", "itemLabel"], self.expected())?;
        let only = out.options.only_type();
        let typed = table.has("type");
        let links = ["coordinates", "coord", "location"].into_iter().find(|column| table.has(column)).unwrap_or("");
        while table.next(out)? {
            let (item, name) = (table.get("item"), table.get("itemLabel"));
            let Some(id) = wikidata_of(&item).map(str::to_string) else {
                out.malformed(&format!("`{item}` is no item"), &name, self.expected(), &path)?;
                continue;
            };
            if name == id {
                out.drop("no label in the language asked for", &id);
                continue;
            }
            let class = table.get("type");
            let (kind, finer) = match only.filter(|_| !typed || class.is_empty()) {
                Some(kind) => (kind, String::new()),
                None => match out.class("wikidata", &[wikidata_of(&class).unwrap_or(&class)], &name) {
                    Some(found) => found,
                    None => continue,
                },
            };
            let (latitude, longitude) = point(&table.get(links));
            let known = table.get("sitelinks");
            let aliases = ["altLabel", "itemAltLabel"].map(|column| table.get(column)).join("|");
            let entry = Entry {
                class: finer,
                aliases: aliases.split('|').filter(|alias| !alias.is_empty()).map(str::to_string).collect(),
                country: Some(table.get("country")).filter(|code| code.len() == 2).unwrap_or_default(),
                population: table.get("population"),
                geonames: table.get("geonames"),
                gender: gender(&table.get("gender")),
                note: if known.is_empty() { String::new() } else { format!("sitelinks {known}") },
                wikidata: id.clone(),
                id: id.clone(),
                latitude,
                longitude,
                ..Entry::new(&name, kind)
            };
            out.part(&id, 0, entry)?;
        }
        Ok(())
    }
}

/// Male or female, told by a word or by the item.
pub(super) fn gender(text: &str) -> String {
    let plain = wikidata_of(text).unwrap_or(text);
    let code = match plain {
        "Q6581097" | "male" | "m" => "m",
        "Q6581072" | "female" | "f" => "f",
        _ => "",
    };
    code.to_string()
}

/// Latitude and longitude of "Point(longitude latitude)".
fn point(text: &str) -> (String, String) {
    let inside = text.trim().strip_prefix("Point(").and_then(|rest| rest.strip_suffix(')'));
    let (longitude, latitude) = inside.and_then(|inside| inside.split_once(' ')).unwrap_or_default();
    (latitude.to_string(), longitude.to_string())
}
