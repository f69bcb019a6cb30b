//! The first row of a file of names: which column is which, and names of columns that nearly fit.

use super::findings::Findings;
use crate::workbench::COLUMNS;

/// Names of columns in other tables, and what they are called here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("label", "name"),
    ("entity", "name"),
    ("entity_type", "type"),
    ("category", "type"),
    ("synonyms", "aliases"),
    ("also_known_as", "aliases"),
    ("surfaces", "aliases"),
    ("entity_id", "id"),
    ("wikidata_id", "wikidata"),
    ("qid", "wikidata"),
    ("geoname_id", "geonames"),
    ("geonameid", "geonames"),
    ("geonames_id", "geonames"),
    ("country_code", "country"),
    ("iso2", "country"),
    ("lat", "latitude"),
    ("lon", "longitude"),
    ("lng", "longitude"),
    ("long", "longitude"),
    ("pop", "population"),
    ("inhabitants", "population"),
    ("sex", "gender"),
    ("position", "roles"),
    ("matching", "match"),
    ("notes", "note"),
    ("comment", "note"),
];

/// Which cell of a row belongs to which column.
#[derive(Debug)]
pub(super) struct Header {
    /// For each of [`COLUMNS`] its place.
    places: Vec<Option<usize>>,
    names: Vec<String>,
}

/// A row as the program reads it.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    header: &'r Header,
    pub(super) record: &'r csv::StringRecord,
}

impl<'r> Row<'r> {
    /// The trimmed cell of a column.
    pub(super) fn get(&self, column: &str) -> &'r str {
        self.raw(column).trim()
    }

    /// The cell of a column as it stands.
    pub(super) fn raw(&self, column: &str) -> &'r str {
        let place = COLUMNS.iter().position(|known| *known == column).and_then(|at| self.header.places[at]);
        place.and_then(|at| self.record.get(at)).unwrap_or("")
    }

    /// The values of a cell that holds several.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &'r str> + use<'r> {
        self.get(column).split('|').map(str::trim).filter(|value| !value.is_empty())
    }
}

impl Header {
    /// As the loader reads it: of two columns of one name the last one counts.
    pub(super) fn new(record: &csv::ByteRecord) -> Self {
        let clean = |cell: &[u8]| {
            let cell = String::from_utf8_lossy(cell);
            cell.trim().trim_start_matches('\u{feff}').to_ascii_lowercase()
        };
        let names: Vec<String> = record.iter().map(clean).collect();
        let places = COLUMNS.iter().map(|column| names.iter().rposition(|name| name == column)).collect();
        Header { places, names }
    }

    /// How many columns there are.
    pub(super) fn cells(&self) -> usize {
        self.names.len()
    }

    /// The name of a column by its place.
    pub(super) fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    pub(super) fn row<'r>(&'r self, record: &'r csv::StringRecord) -> Row<'r> {
        Row { header: self, record }
    }

    /// Tells what is wrong with the header; false if the rows cannot be read by it.
    pub(super) fn check(&self, record: &csv::ByteRecord, findings: &mut Findings) -> bool {
        if record.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
            let message = match record.get(0) {
                Some([0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) => "is UTF-16",
                _ => "is not UTF-8",
            };
            findings.error("bad encoding", "", "", message, "save the file as CSV in UTF-8");
            return false;
        }
        for (i, name) in self.names.iter().enumerate() {
            if name.is_empty() {
                findings.warn("column name", "", "", format!("column {} has no name", i + 1), "name or delete it");
            } else if self.names[..i].contains(name) {
                let message = "stands twice in the header, and the last one counts";
                findings.warn("column name", name, name, message, "delete one of them");
            } else if let Some(meant) = meant(name).filter(|meant| !self.names.iter().any(|other| other == meant)) {
                let message = format!("is no column that the program reads; perhaps `{meant}` is meant");
                findings.warn("column name", name, name, message, format!("write `{meant}`"));
            }
        }
        let missing: Vec<&str> =
            ["name", "type"].into_iter().filter(|column| !self.names.iter().any(|name| name == column)).collect();
        for column in &missing {
            let single = self.names.len() == 1 && self.names[0].contains([';', '\t']);
            let fix = match self.names.iter().find(|name| meant(name) == Some(column)) {
                Some(name) => format!("write `{column}` for `{name}`"),
                None if single => "separate the columns by commas".to_string(),
                None => format!("add the column `{column}` to the first line"),
            };
            let columns = self.names.join(", ");
            findings.error("no column", column, "", format!("has no column `{column}` (its columns: {columns})"), fix);
        }
        missing.is_empty()
    }
}

/// What a column that the program does not read seems to mean.
fn meant(name: &str) -> Option<&'static str> {
    let plain = name.replace([' ', '-', '.'], "_");
    if COLUMNS.contains(&name) || name.len() < 2 {
        return None;
    }
    let elsewhere = ELSEWHERE.iter().find(|(there, _)| *there == plain).map(|(_, here)| *here);
    elsewhere.or_else(|| {
        let most = if plain.len() < 5 { 1 } else { 2 };
        COLUMNS.iter().copied().find(|column| strsim::levenshtein(&plain, column) <= most)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_told() {
        for (name, expected) in [
            ("alias", Some("aliases")),
            ("names", Some("name")),
            ("lat", Some("latitude")),
            ("country code", Some("country")),
            ("geoname-id", Some("geonames")),
            ("example", None),
            ("mentions", None),
            ("confidence", None),
            ("typ", Some("type")),
            ("name", None),
        ] {
            assert_eq!(meant(name), expected, "{name}");
        }
    }
}
