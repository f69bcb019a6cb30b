//! The files in `gazetteers/` are code: every one is named in the manifest, clean, sorted, and holds only values that
//! the program knows.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::model::EntityType;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use unicode_normalization::is_nfc;

struct Sheet {
    name: String,
    text: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    fn cell<'r>(&self, row: &'r [String], name: &str) -> &'r str {
        self.column(name).and_then(|i| row.get(i)).map_or("", String::as_str)
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("gazetteers")
}

fn file_names() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".csv")).collect()
}

fn sheet(name: &str) -> Sheet {
    let bytes = fs::read(folder().join(name)).expect("the file can be read");
    let text = String::from_utf8(bytes).unwrap_or_else(|error| panic!("{name} is not UTF-8: {error}"));
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let record = |record: &csv::StringRecord| record.iter().map(str::to_string).collect::<Vec<_>>();
    let header = record(reader.headers().expect("a header"));
    let rows = reader.records().map(|row| record(&row.unwrap_or_else(|error| panic!("{name}: {error}")))).collect();
    Sheet { name: name.to_string(), text, header, rows }
}

fn sheets() -> Vec<Sheet> {
    file_names().iter().map(|name| sheet(name)).collect()
}

fn roles() -> BTreeMap<String, String> {
    let manifest = sheet("manifest.csv");
    let pair = |row: &Vec<String>| (manifest.cell(row, "file").to_string(), manifest.cell(row, "role").to_string());
    manifest.rows.iter().map(pair).collect()
}

/// Fails with all complaints, the first few of each file.
fn assert_none(complaints: impl IntoIterator<Item = (String, String)>) {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, complaint) in complaints {
        files.entry(file).or_default().push(complaint);
    }
    let mut text = String::new();
    for (file, list) in &files {
        text.push_str(&format!("{file}: {}\n  {}\n", list.len(), list[..list.len().min(5)].join("\n  ")));
    }
    assert!(files.is_empty(), "{text}");
}

#[test]
fn the_manifest_names_every_file_and_nothing_else() {
    let mut named: BTreeSet<String> = roles().into_keys().collect();
    assert_eq!(named.len(), sheet("manifest.csv").rows.len(), "a file is named twice");
    named.insert("manifest.csv".to_string());
    assert_eq!(named, file_names());
}

#[test]
fn every_file_has_a_source_and_a_licence() {
    let manifest = sheet("manifest.csv");
    for row in &manifest.rows {
        for column in ["role", "source", "licence"] {
            assert!(!manifest.cell(row, column).is_empty(), "{}: no {column}", row[0]);
        }
    }
}

#[test]
fn files_are_plain_utf8_with_line_feeds() {
    assert_none(sheets().into_iter().flat_map(|sheet| {
        let mut wrong = Vec::new();
        if sheet.text.starts_with('\u{feff}') {
            wrong.push("begins with a byte order mark");
        }
        if sheet.text.contains('\r') {
            wrong.push("has carriage returns");
        }
        if !sheet.text.ends_with('\n') {
            wrong.push("does not end with a line feed");
        }
        if !is_nfc(&sheet.text) {
            wrong.push("is not NFC");
        }
        let bad = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}');
        if sheet.text.contains(bad) {
            wrong.push("has control or invisible characters");
        }
        wrong.into_iter().map(|w| (sheet.name.clone(), w.to_string())).collect::<Vec<_>>()
    }));
}

#[test]
fn cells_are_trimmed_and_the_first_is_not_empty() {
    assert_none(sheets().into_iter().flat_map(|sheet| {
        let mut wrong = Vec::new();
        for row in &sheet.rows {
            let trimmed =
                row.iter().all(|cell| cell.trim() == cell && !cell.contains(['\n', '\t']) && !cell.contains("  "));
            if row[0].is_empty() || !trimmed {
                wrong.push((sheet.name.clone(), row.join(",")));
            }
        }
        wrong
    }));
}

#[test]
fn lists_in_cells_are_clean() {
    let lists = ["aliases", "roles", "forms", "variants", "readings", "pos", "form_rates", "complements", "case"];
    assert_none(sheets().into_iter().flat_map(|sheet| {
        let mut wrong = Vec::new();
        for row in &sheet.rows {
            for column in lists {
                let cell = sheet.cell(row, column);
                let parts: Vec<&str> = cell.split('|').collect();
                let distinct: BTreeSet<&&str> = parts.iter().collect();
                // The forms of a verb are told apart by their place: "put|puts|put|put|putting".
                let twice = distinct.len() < parts.len() && column != "forms";
                if !cell.is_empty() && (twice || parts.iter().any(|part| part.is_empty() || part.trim() != *part)) {
                    wrong.push((sheet.name.clone(), format!("{}: {column}: {cell}", row[0])));
                }
            }
        }
        wrong
    }));
}

#[test]
fn rows_are_unique_and_sorted_by_their_first_column() {
    assert_none(sheets().into_iter().flat_map(|sheet| {
        let mut wrong = Vec::new();
        let mut seen = BTreeSet::new();
        for (i, row) in sheet.rows.iter().enumerate() {
            if !seen.insert(row) {
                wrong.push((sheet.name.clone(), format!("twice: {}", row.join(","))));
            }
            if i > 0 && sheet.rows[i - 1][0] > row[0] {
                wrong.push((sheet.name.clone(), format!("`{}` stands before `{}`", sheet.rows[i - 1][0], row[0])));
            }
        }
        wrong
    }));
}

/// Two rows of a file of people or organizations never share a name; places do, in other countries or regions.
#[test]
fn people_and_organizations_have_one_row_each() {
    let roles = roles();
    assert_none(sheets().into_iter().flat_map(|sheet| {
        let wanted = roles.get(&sheet.name).is_some_and(|role| role == "names") && !sheet.name.starts_with("places");
        let twins = sheet.rows.windows(2).filter(|pair| wanted && pair[0][0] == pair[1][0]);
        twins.map(|pair| (sheet.name.clone(), pair[0][0].clone())).collect::<Vec<_>>()
    }));
}

/// "Xinhua" is a news agency and a town: that a form has several types is no slip where `ambiguous.csv` says so.
#[test]
fn forms_of_several_types_are_declared() {
    let roles = roles();
    let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for sheet in sheets().iter().filter(|sheet| roles.get(&sheet.name).is_some_and(|role| role == "names")) {
        for row in &sheet.rows {
            let forms = sheet.cell(row, "aliases").split('|').filter(|alias| !alias.is_empty());
            for form in forms.chain([sheet.cell(row, "name")]) {
                types.entry(form.to_string()).or_default().insert(sheet.cell(row, "type").to_string());
            }
        }
    }
    let declared = sheet("ambiguous.csv");
    let readings: BTreeMap<&str, BTreeSet<&str>> = declared
        .rows
        .iter()
        .map(|row| (row[0].as_str(), declared.cell(row, "readings").split('|').collect()))
        .collect();
    let several = types.iter().filter(|(_, types)| types.len() > 1);
    let missing = several.filter(|(form, types)| {
        readings.get(form.as_str()).is_none_or(|readings| types.iter().any(|kind| !readings.contains(kind.as_str())))
    });
    assert_none(missing.map(|(form, types)| ("ambiguous.csv".to_string(), format!("{form} lacks {types:?}"))));
}

/// What is listed as no mention is no name in a gazetteer.
#[test]
fn names_of_other_things_are_no_names() {
    let roles = roles();
    let other: BTreeSet<String> = sheet("other_names.csv").rows.into_iter().map(|row| row[0].clone()).collect();
    assert_none(sheets().into_iter().flat_map(|sheet| {
        let wanted = roles.get(&sheet.name).is_some_and(|role| role == "names");
        let both = sheet.rows.iter().filter(|row| wanted && other.contains(&row[0]));
        both.map(|row| (sheet.name.clone(), row[0].clone())).collect::<Vec<_>>()
    }));
}

#[test]
fn columns_of_fixed_values_hold_only_those() {
    let roles = roles();
    let allowed = |role: &str, column: &str| -> Option<&[&str]> {
        Some(match (role, column) {
            ("names", "type") => &["person", "place", "organization"],
            ("names", "gender") => &["", "f", "m", "x"],
            ("names", "match") => &["", "exact", "weak"],
            ("given_names", "gender") => &["f", "m", "x", ""],
            ("titles" | "roles", "gender") => &["", "f", "m"],
            ("titles", "kind") => &["honorific", "occupation", "office", "rank", "sport"],
            ("roles", "number") => &["plural", "singular"],
            ("pronouns", "gender") => &["f", "m", "n", "x"],
            ("pronouns", "number") => &["any", "plural", "singular"],
            ("pronouns", "person") => &["1", "2", "3"],
            ("boilerplate", "match") => &["line", "start"],
            ("boilerplate", "kind") => &["advert", "caption", "credit", "footer", "heading", "share"],
            ("calendar", "kind") => &["day", "month", "relative"],
            ("cues", "strength") => &["frame", "medium", "reject", "strong", "weak"],
            ("cues", "needs_that") => &["never", "no", "yes"],
            ("cues", "can_invert" | "noun_homograph") => &["no", "yes"],
            ("cues", "kind") => &["noun", "phrase", "preposition", "verb"],
            ("demonyms", "kind") => &["adjective", "both", "noun"],
            ("topic_words", "topic") => &["contest", "sport"],
            ("other_words", "position") => &["acronym", "last"],
            ("suffixes", "kind") => &["after-name", "gender", "organization", "place", "surname"],
            ("org_words", "position") => &["any", "first", "last"],
            ("org_words", "strength") => &["medium", "strong", "weak"],
            ("place_words", "position") => &["context", "first", "last"],
            ("verbs", "subject") => &["any", "person"],
            ("media", "kind") => &["noun", "phrase", "verb"],
            _ => return None,
        })
    };
    assert_none(sheets().into_iter().flat_map(|sheet| {
        let role = roles.get(&sheet.name).map_or("", String::as_str);
        let mut wrong = Vec::new();
        for (i, column) in sheet.header.iter().enumerate() {
            let Some(values) = allowed(role, column) else { continue };
            for row in sheet.rows.iter().filter(|row| !values.contains(&row[i].as_str())) {
                wrong.push((sheet.name.clone(), format!("{}: {column} is `{}`", row[0], row[i])));
            }
        }
        wrong
    }));
}

#[test]
fn facts_of_names_have_their_form() {
    let roles = roles();
    let code = |cell: &str| cell.len() == 2 && cell.bytes().all(|b| b.is_ascii_uppercase());
    let within = |cell: &str, most: f64| cell.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most);
    let number = |cell: &str| cell.parse::<u64>().is_ok();
    assert_none(sheets().into_iter().flat_map(|sheet| {
        let mut wrong = Vec::new();
        for row in sheet.rows.iter().filter(|_| roles.get(&sheet.name).is_some_and(|role| role == "names")) {
            for (column, fits) in [
                ("type", EntityType::parse(sheet.cell(row, "type")).is_some()),
                ("country", sheet.cell(row, "country").split('|').all(|cell| cell.is_empty() || code(cell))),
                ("latitude", sheet.cell(row, "latitude").is_empty() || within(sheet.cell(row, "latitude"), 90.0)),
                ("longitude", sheet.cell(row, "longitude").is_empty() || within(sheet.cell(row, "longitude"), 180.0)),
                ("population", sheet.cell(row, "population").is_empty() || number(sheet.cell(row, "population"))),
                ("geonames", sheet.cell(row, "geonames").is_empty() || number(sheet.cell(row, "geonames"))),
                ("wikidata", sheet.cell(row, "wikidata").is_empty() || sheet.cell(row, "wikidata").starts_with('Q')),
            ] {
                if !fits {
                    wrong.push((sheet.name.clone(), format!("{}: {column} is `{}`", row[0], sheet.cell(row, column))));
                }
            }
        }
        wrong
    }));
}

/// Classes of titles and roles are those of `role_classes.csv`, and so are their parents.
#[test]
fn classes_of_roles_exist() {
    let classes: BTreeSet<String> = sheet("role_classes.csv").rows.into_iter().map(|row| row[0].clone()).collect();
    assert_none(["titles.csv", "roles.csv", "role_classes.csv"].into_iter().flat_map(|name| {
        let sheet = sheet(name);
        let column = if name == "role_classes.csv" { "parent" } else { "class" };
        let mut wrong = Vec::new();
        for row in &sheet.rows {
            let cell = sheet.cell(row, column);
            if !cell.is_empty() && !cell.split('|').all(|class| classes.contains(class)) {
                wrong.push((sheet.name.clone(), format!("{}: no class `{cell}`", row[0])));
            }
        }
        wrong
    }));
}
