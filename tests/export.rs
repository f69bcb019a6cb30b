//! Exports of a run with cells that spreadsheets spoil: every cell comes back as it was, from every format, and what cannot be
//! exported is refused.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod nasty;
mod place;

use calamine::{Data, Reader as _};
use nasty::{Whole, cut, tables};
use onrecord::table::{Column, Kind};
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};
use place::{Place, stderr};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// A place with a run over the nasty articles in `run`.
fn place(options: &str) -> Place {
    let place = Place::new();
    place.write("d.jsonl", nasty::dump());
    place.done(&format!("extract d.jsonl --out run -q --emit-text {options}"));
    place
}

/// A number as text that both sides agree on.
fn number(cell: &str) -> String {
    cell.parse::<f64>().map_or_else(|_| format!("{cell} is no number"), |number| number.to_string())
}

fn is_number(column: &Column) -> bool {
    matches!(column.kind, Kind::Integer | Kind::Number | Kind::Confidence)
}

/// A cell as formats with types have it; `None` if it is empty.
fn typed(column: &Column, cell: &str) -> Option<String> {
    match column.kind {
        _ if cell.is_empty() => None,
        Kind::YesNo => Some((cell == "yes").to_string()),
        _ if is_number(column) => Some(number(cell)),
        _ => Some(cell.to_string()),
    }
}

fn is_whole_day(cell: &str) -> bool {
    cell.len() == 10 && cell.bytes().filter(|b| *b == b'-').count() == 2
}

/// Compares all sheets of a workbook with the tables.
fn assert_sheets(path: &std::path::Path, tables: &[Whole]) {
    let mut book = calamine::open_workbook_auto(path).unwrap();
    for Whole { schema, rows } in tables {
        let sheets = (1..).map(|n| if n == 1 { schema.name.to_string() } else { format!("{}-{n}", schema.name) });
        let sheets: Vec<String> = sheets.take_while(|name| book.sheet_names().contains(name)).collect();
        let mut found: Vec<Vec<Data>> = Vec::new();
        for name in &sheets {
            assert!(book.worksheet_formula(name).unwrap().is_empty(), "{name} has a formula");
            let range = book.worksheet_range(name).unwrap();
            let mut lines = range.rows();
            let header: Vec<String> = lines.next().unwrap().iter().map(ToString::to_string).collect();
            let mut names: Vec<&str> = schema.columns.iter().map(|column| column.name).collect();
            names.extend(schema.has_text().then_some("truncated"));
            assert_eq!(header, names, "{name}");
            found.extend(lines.map(<[Data]>::to_vec));
        }
        assert_eq!(found.len(), rows.len(), "{}", schema.name);
        for (cells, row) in found.iter().zip(rows) {
            let mut shortened = Vec::new();
            for ((column, cell), found) in schema.columns.iter().zip(row).zip(cells) {
                let expected = cut(cell);
                let what = format!("{}.{}: {found:?}", schema.name, column.name);
                match found {
                    Data::Empty => assert_eq!(expected, "", "{what}"),
                    Data::Float(found) => {
                        assert!(is_number(column), "{what}");
                        assert_eq!(found.to_string(), number(cell), "{what}");
                    }
                    Data::DateTime(found) => {
                        let (year, month, day, ..) = found.to_ymd_hms_milli();
                        assert_eq!(format!("{year}-{month:02}-{day:02}"), expected, "{what}");
                    }
                    Data::String(found) => {
                        assert!(!is_number(column), "{what}");
                        let is_date = column.kind == Kind::Date && is_whole_day(cell) && cell.as_str() >= "1900";
                        assert!(!is_date, "{what} is no date");
                        assert_eq!(*found, expected, "{what}");
                    }
                    other => panic!("{what}: {other:?}"),
                }
                if expected != *cell {
                    shortened.push(column.name);
                }
            }
            let told = if schema.has_text() { cells.last().unwrap().to_string() } else { String::new() };
            assert_eq!(told, shortened.join(" | "), "{}", schema.name);
        }
    }
}

#[test]
fn every_cell_of_a_workbook_is_what_it_was() {
    let place = place("");
    let tables = tables(&place.path("run"));
    let output = place.run("export run --to xlsx --out all.xlsx");
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("cells were cut"), "{}", stderr(&output));
    assert_sheets(&place.path("all.xlsx"), &tables);
}

#[test]
fn a_table_that_is_longer_than_a_sheet_goes_on_in_another() {
    use onrecord::{export, finished::Finished};
    let place = place("");
    let run = Finished::open(&place.path("run")).unwrap();
    let options = export::Options { sheet_lines: 11, ..export::Options::default() };
    export::export(&run, export::Format::Xlsx, &place.path("all.xlsx"), &options, &|| false).unwrap();
    assert_sheets(&place.path("all.xlsx"), &tables(&place.path("run")));
    let book = calamine::open_workbook_auto(place.path("all.xlsx")).unwrap();
    assert!(book.sheet_names().contains(&"mentions-3".to_string()), "{:?}", book.sheet_names());
}

#[test]
fn every_cell_of_a_database_is_what_it_was() {
    let place = place("");
    place.done("export run --to sqlite --out news.db");
    let database = rusqlite::Connection::open(place.path("news.db")).unwrap();
    for Whole { schema, rows } in tables(&place.path("run")) {
        let columns: Vec<String> = schema.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let query = format!("SELECT {} FROM \"{}\" ORDER BY rowid", columns.join(", "), schema.name);
        let mut query = database.prepare(&query).unwrap();
        let mut found = query.query([]).unwrap();
        for row in &rows {
            let cells = found.next().unwrap().unwrap();
            for (place, (column, cell)) in schema.columns.iter().zip(row).enumerate() {
                use rusqlite::types::Value::{Integer, Null, Real, Text};
                let found = match cells.get::<_, rusqlite::types::Value>(place).unwrap() {
                    Null => None,
                    Integer(yes) if column.kind == Kind::YesNo => Some((yes == 1).to_string()),
                    Integer(number) => Some(number.to_string()),
                    Real(number) => Some(number.to_string()),
                    Text(text) => Some(text),
                    other => panic!("{other:?}"),
                };
                assert_eq!(found, typed(column, cell), "{}.{}", schema.name, column.name);
            }
        }
        assert!(found.next().unwrap().is_none());
    }
    let count = |query: &str| database.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_eq!(count("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    assert!(count("SELECT count(*) FROM pragma_foreign_key_list('quotes')") >= 3);
    assert!(count("SELECT count(*) FROM sqlite_stat1") > 0);
    // The index finds words, with or without accents, and follows what happens to the table.
    let boats = |word: &str| count(&format!("SELECT count(*) FROM quotes_fts WHERE quotes_fts MATCH '{word}'"));
    let all = count("SELECT count(*) FROM quotes WHERE quote LIKE '%boats%'");
    assert!(all > 20 && boats("boats") == all, "{all} {}", boats("boats"));
    database.execute_batch("PRAGMA foreign_keys = OFF; VACUUM; DELETE FROM quotes WHERE number = 2; UPDATE quotes SET quote = 'Zanzibar' WHERE number = 4").unwrap();
    assert_eq!((boats("boats"), boats("zanzibar")), (all - 2, 1));
    database.execute_batch("INSERT INTO quotes_fts(quotes_fts, rank) VALUES ('integrity-check', 1)").unwrap();
}

#[test]
fn every_cell_of_parquet_files_is_what_it_was_and_days_are_days() {
    let place = place("");
    place.done("export run --to parquet --out parquet");
    let mut days = 0;
    for Whole { schema, rows } in tables(&place.path("run")) {
        let file = fs::File::open(place.path("parquet").join(format!("{}.parquet", schema.name))).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let found: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(found.len(), rows.len(), "{}", schema.name);
        for (found, row) in found.iter().zip(&rows) {
            let cells: BTreeMap<&str, &Field> =
                found.get_column_iter().map(|(name, field)| (name.as_str(), field)).collect();
            for (column, cell) in schema.columns.iter().zip(row) {
                let found = match cells[column.name] {
                    Field::Null => None,
                    Field::Str(text) => Some(text.clone()),
                    Field::Long(number) => Some(number.to_string()),
                    Field::Double(number) => Some(number.to_string()),
                    Field::Bool(yes) => Some(yes.to_string()),
                    other => panic!("{other:?}"),
                };
                assert_eq!(found, typed(column, cell), "{}.{}", schema.name, column.name);
                if column.kind == Kind::Date {
                    let day = match cells[format!("{}_date", column.name).as_str()] {
                        Field::Null => None,
                        // Days since 1970.
                        Field::Date(day) => Some(*day),
                        other => panic!("{other:?}"),
                    };
                    let expected = match cell.get(..10) {
                        Some("2024-05-01") => Some(19_844),
                        Some("1850-01-31") => Some(-43_799),
                        _ => None,
                    };
                    assert_eq!(day, expected, "{cell}");
                    days += usize::from(day.is_some());
                }
            }
        }
    }
    assert!(days > 20);
    place.done("export run --to parquet --table quotes --out quotes.parquet");
    assert_eq!(
        fs::read(place.path("quotes.parquet")).unwrap(),
        fs::read(place.path("parquet/quotes.parquet")).unwrap()
    );
}

#[test]
fn every_cell_of_json_lines_is_what_it_was() {
    let place = place("");
    place.done("export run --to jsonl --out json");
    for Whole { schema, rows } in tables(&place.path("run")) {
        let name = schema.name;
        let text = fs::read_to_string(place.path("json").join(format!("{name}.jsonl"))).unwrap();
        assert_eq!(text.lines().count(), rows.len(), "{name}");
        for (line, row) in text.lines().zip(&rows) {
            let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
            assert!(object.keys().eq(schema.columns.iter().map(|column| column.name)));
            for ((column, cell), found) in schema.columns.iter().zip(row).zip(object.values()) {
                let found = match found {
                    serde_json::Value::Null => None,
                    serde_json::Value::String(text) => Some(text.clone()),
                    serde_json::Value::Number(number) => Some(number.as_f64().unwrap().to_string()),
                    other => Some(other.to_string()),
                };
                assert_eq!(found, typed(column, cell), "{name}.{}", column.name);
            }
        }
        let streamed = place.run(&format!("export run --to jsonl --table {name} --out -"));
        assert_eq!(streamed.stdout, text.as_bytes());
    }
}

#[test]
fn a_network_has_its_entities_and_their_pairs() {
    let place = place("");
    place.write("e.jsonl", "{\"id\": \"x\", \"text\": \"Mira Delgado & Sons met Tom Ferreira in Lisbon, Reuters said. Mira Delgado left Lisbon for Porto.\"}");
    place.done("extract d.jsonl e.jsonl --out run2 -q");
    let all = tables(&place.path("run2"));
    let rows = |name: &str| &all.iter().find(|table| table.schema.name == name).unwrap().rows;
    for min_weight in [1, 3] {
        place.done(&format!("export run2 --to gexf --min-weight {min_weight} --out n.gexf --force"));
        let text = fs::read_to_string(place.path("n.gexf")).unwrap();
        let streamed = place.run(&format!("export run2 --to gexf --min-weight {min_weight} --out -"));
        assert_eq!(streamed.stdout, text.as_bytes());
        let (mut nodes, mut edges, mut deepest) = (BTreeMap::new(), BTreeSet::new(), 0);
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            use quick_xml::events::Event;
            let event = reader.read_event().unwrap();
            let (Event::Start(tag) | Event::Empty(tag)) = &event else {
                if matches!(event, Event::Eof) {
                    break;
                }
                continue;
            };
            deepest += 1;
            let value = |name: &str| {
                let found = tag.attributes().map(Result::unwrap).find(|a| a.key.as_ref() == name)?;
                Some(quick_xml::escape::unescape(&found.value).unwrap().into_owned())
            };
            match tag.name().as_ref() {
                "node" => assert!(nodes.insert(value("id").unwrap(), value("label").unwrap()).is_none()),
                "edge" => {
                    edges.insert((value("source").unwrap(), value("target").unwrap(), value("weight").unwrap()));
                }
                _ => {}
            }
        }
        let heavy = |row: &&Vec<String>| row[3].parse::<u64>().unwrap() >= min_weight;
        let expected: BTreeSet<_> = rows("cooccurrences")
            .iter()
            .filter(heavy)
            .map(|row| (row[0].clone(), row[1].clone(), row[3].clone()))
            .collect();
        assert_eq!(edges, expected);
        assert!(!edges.is_empty() && deepest > edges.len());
        let ends: BTreeSet<&String> = edges.iter().flat_map(|(a, b, _)| [a, b]).collect();
        assert_eq!(nodes.keys().collect::<BTreeSet<_>>(), ends);
        for row in rows("entities").iter().filter(|row| nodes.contains_key(&row[0])) {
            assert_eq!(nodes[&row[0]], row[2]);
        }
    }
}

#[test]
fn annotations_point_at_the_words() {
    let place = place("");
    place.write(
        "e.txt",
        "Harbour talks fail in Lisbon\n\n“We lost two boats,” said Mira Delgado.\n\nShe added: “We\nmay lose more.”",
    );
    place.done("extract d.jsonl e.txt --out run2 -q --emit-text");
    place.done("export run2 --to brat --out brat");
    let all = tables(&place.path("run2"));
    let rows = |name: &str| &all.iter().find(|table| table.schema.name == name).unwrap().rows;
    let (mut kinds, mut speakers, mut discontinuous) = (BTreeMap::<String, usize>::new(), 0, 0);
    let mut texts = 0;
    for entry in fs::read_dir(place.path("brat")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "ann") {
            continue;
        }
        texts += 1;
        let text: Vec<char> = fs::read_to_string(path.with_extension("txt")).unwrap().chars().collect();
        for line in fs::read_to_string(&path).unwrap().lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            if line.starts_with('R') {
                speakers += 1;
            }
            if !line.starts_with('T') {
                continue;
            }
            let (kind, spans) = parts[1].split_once(' ').unwrap();
            *kinds.entry(kind.to_string()).or_default() += 1;
            let spans: Vec<&str> = spans.split(';').collect();
            discontinuous += usize::from(spans.len() > 1);
            let words: Vec<String> = spans
                .iter()
                .map(|span| {
                    let (start, end) = span.split_once(' ').unwrap();
                    text[start.parse().unwrap()..end.parse().unwrap()].iter().collect()
                })
                .collect();
            assert_eq!(words.join(" "), parts[2], "{line}");
            assert!(!parts[2].contains(['\n', '\r']));
        }
    }
    assert_eq!(texts, rows("articles").len());
    assert_eq!(kinds["Quotation"], rows("quotes").len());
    assert_eq!(kinds.values().sum::<usize>(), rows("quotes").len() + rows("mentions").len());
    assert!(speakers > 20 && discontinuous > 20, "{speakers} {discontinuous}");
    let configuration = fs::read_to_string(place.path("brat/annotation.conf")).unwrap();
    assert!(kinds.keys().all(|kind| configuration.lines().any(|line| line == kind)), "{kinds:?}");
    // Where the title is a field, its rows count in the first line of the text.
    let annotated = fs::read_to_string(place.path("brat/e.ann")).unwrap();
    assert!(annotated.contains("Place 22 28\tLisbon"), "{annotated}");
}

#[test]
fn tables_in_several_files_or_for_spreadsheets_give_the_same_export() {
    let place = Place::new();
    place.dump("d.jsonl", 300);
    place.done("extract d.jsonl --out whole -q --emit-text");
    place.done("extract d.jsonl --out split -q --emit-text --split-rows 100 --no-guard");
    place.done("extract d.jsonl --out excel -q --emit-text --split-rows 150 --excel");
    let formats =
        [("xlsx", "x.xlsx"), ("sqlite", "x.db"), ("parquet", "p"), ("jsonl", "j"), ("gexf", "n"), ("brat", "b")];
    for (to, out) in formats {
        for run in ["whole", "split", "excel"] {
            place.done(&format!("export {run} --to {to} --out {run}-{out}"));
        }
    }
    // The clock moves on, by more than the two seconds that archives count in, and nothing in an export may tell the time.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    for (to, out) in formats {
        place.done(&format!("export whole --to {to} --out again-{out}"));
        for other in ["split", "excel", "again"] {
            let (one, other) = (place.path(&format!("whole-{out}")), place.path(&format!("{other}-{out}")));
            if one.is_dir() {
                let names = |folder: &std::path::Path| -> BTreeSet<_> {
                    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
                };
                assert_eq!(names(&one), names(&other));
                for name in names(&one) {
                    assert!(fs::read(one.join(&name)).unwrap() == fs::read(other.join(&name)).unwrap(), "{name:?}");
                }
            } else {
                assert!(fs::read(&one).unwrap() == fs::read(&other).unwrap(), "{}", other.display());
            }
        }
    }
}

#[test]
fn tables_for_spreadsheets_have_their_form_and_say_so() {
    let place = place("--excel");
    for (name, text) in place.tables("run") {
        if let Some(table) = name.strip_suffix(".csv") {
            let text = String::from_utf8(text).unwrap();
            assert!(text.starts_with("\u{feff}\"") && text.ends_with("\"\r\n"), "{name}");
            let header = text.lines().next().unwrap();
            assert_eq!(header.ends_with(",\"truncated\""), table != "cooccurrences", "{header}");
        }
    }
    let record = place.record("run");
    assert_eq!((&record["options"]["excel"], &record["options"]["splitRows"]), (&true.into(), &1_048_575.into()));
    let package: serde_json::Value =
        serde_json::from_slice(&fs::read(place.path("run/datapackage.json")).unwrap()).unwrap();
    assert_eq!((&package["onrecord"]["excel"], &package["onrecord"]["longestCell"]), (&true.into(), &32_767.into()));
    for resource in package["resources"].as_array().unwrap() {
        assert_eq!(resource["encoding"], "utf-8-sig");
        assert_eq!(resource["dialect"]["lineTerminator"], "\r\n");
    }
}

#[test]
fn what_was_cut_for_spreadsheets_is_told() {
    let place = place("--excel");
    let output = place.run("export run --to jsonl --out json");
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("rows have text that extract --excel had cut"), "{}", stderr(&output));
    place.refused("export run --to brat --out brat", "run extract again without it");
    place.done("export run --to xlsx --out x.xlsx");
    let mut book = calamine::open_workbook_auto(place.path("x.xlsx")).unwrap();
    let range = book.worksheet_range("texts").unwrap();
    assert_eq!(range.rows().next_back().unwrap().last().unwrap().to_string(), "title | text");
}

#[test]
fn nothing_is_overwritten_and_nothing_half_is_left() {
    let place = place("");
    place.write("mine.xlsx", "mine");
    place.write("folder/mine.txt", "mine");
    place.write("folder/notes.doc", "mine");
    place.write("full/old.parquet", "old");
    for (args, part) in [
        ("export run --to xlsx --out mine.xlsx", "is there already"),
        ("export run --to xlsx --out folder --force", "is a folder"),
        ("export run --to parquet --out mine.xlsx --force", "is a file"),
        ("export run --to brat --out folder --force", "holds notes.doc"),
        ("export run --to jsonl --out full --force", "holds old.parquet"),
        ("export run --to parquet --out full", "is not empty"),
        ("export run --to parquet --out run --force", "lies in the folder of the tables, or is it"),
        ("export run --to sqlite --out run/news.db", "lies in the folder"),
        ("export run --to sqlite --out nowhere/news.db", "there is no such folder"),
        ("export run --to sqlite --out -", "cannot be written to standard output"),
        ("export run --to jsonl --out -", "name it with --table"),
        ("export run --to gexf --table quotes --out n.gexf", "leave --table away"),
        ("export run --to xlsx --min-weight 2 --out n.xlsx", "--min-weight is for"),
        ("export folder --to xlsx --out n.xlsx", "there is no run.json"),
        ("export nowhere --to xlsx --out n.xlsx", "nowhere"),
        ("export run --to doc --out n.doc", "invalid value 'doc'"),
        ("extract d.jsonl --out mine.xlsx --force", "is a file: name a folder"),
        ("export mine.xlsx --to xlsx --out n.xlsx", "is a file: name the folder"),
    ] {
        place.refused(args, part);
    }
    #[cfg(unix)]
    {
        let socket = std::os::unix::net::UnixListener::bind(place.path("socket")).unwrap();
        place.refused("export run --to sqlite --out socket --force", "is a device or a pipe");
        drop(socket);
        fs::remove_file(place.path("socket")).unwrap();
    }
    place.done("extract d.jsonl --out bare -q");
    place.refused("export bare --to brat --out brat", "--emit-text");
    place.refused("export bare --to jsonl --table texts --out -", "--emit-text");
    // Tables that were cut short or changed, whatever reads them.
    let quotes = fs::read(place.path("run/quotes.csv")).unwrap();
    place.write("run/quotes.csv", &quotes[..quotes.len() / 2]);
    for (to, out) in [("xlsx", "mine.xlsx"), ("sqlite", "n.db"), ("parquet", "full"), ("jsonl", "j"), ("brat", "b")] {
        let output = place.run(&format!("export run --to {to} --out {out} --force"));
        assert_eq!(output.status.code(), Some(2), "{to}");
        let told = stderr(&output);
        assert!(told.contains("quotes.csv") && told.contains("run extract again"), "{to}: {told}");
    }
    place.write("run/quotes.csv", &quotes);
    let record = fs::read_to_string(place.path("run/run.json")).unwrap();
    place.write("run/run.json", record.replacen("\"version\": \"", "\"version\": \"9.", 1));
    place.refused("export run --to xlsx --out n.xlsx", "run extract again");
    for (name, content) in [("mine.xlsx", "mine"), ("folder/mine.txt", "mine"), ("full/old.parquet", "old")] {
        assert_eq!(fs::read_to_string(place.path(name)).unwrap(), content);
    }
    let names: BTreeSet<String> = fs::read_dir(place.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().eq(["bare", "d.jsonl", "folder", "full", "mine.xlsx", "run"]), "{names:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::new();
    place.dump("d.jsonl", 400);
    place.done("extract d.jsonl --out run -q");
    for args in ["export run --to jsonl --table mentions --out -", "export run --to gexf --out -"] {
        let mut child = place.command(args).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{args}");
    }
}

#[test]
fn an_export_that_is_stopped_leaves_nothing() {
    use onrecord::{error::ErrorKind, export, finished::Finished};
    let place = Place::new();
    place.dump("d.jsonl", 300);
    place.done("extract d.jsonl --out run -q --emit-text");
    let run = Finished::open(&place.path("run")).unwrap();
    fs::create_dir(place.path("new")).unwrap();
    for format in export::Format::ALL {
        // Once at once, and once in the middle.
        for patience in [0, 2] {
            let asked = std::cell::Cell::new(0);
            let stopped = || asked.replace(asked.get() + 1) >= patience;
            let options = export::Options::default();
            let error = export::export(&run, format, &place.path("new/x"), &options, &stopped).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Interrupted), "{}: {error}", format.name());
            assert_eq!(fs::read_dir(place.path("new")).unwrap().count(), 0, "{}", format.name());
        }
    }
}

#[test]
fn an_earlier_export_is_replaced_when_asked() {
    let place = place("");
    for (to, out) in [("xlsx", "x.xlsx"), ("parquet", "p")] {
        place.done(&format!("export run --to {to} --out {out}"));
        place.refused(&format!("export run --to {to} --out {out}"), "--force");
        place.done(&format!("export run --to {to} --out {out} --force"));
    }
    // What a link leads to is replaced, and the link stays.
    #[cfg(unix)]
    for (to, link, out) in [("xlsx", "link", "x.xlsx"), ("parquet", "way", "p")] {
        std::os::unix::fs::symlink(out, place.path(link)).unwrap();
        place.refused(&format!("export run --to {to} --out {link}"), "--force");
        place.done(&format!("export run --to {to} --out {link} --force"));
        assert!(place.path(link).is_symlink() && !place.path(out).is_symlink(), "{to}");
    }
    // What an export that was killed has left is in nobody's way.
    place.write("q.partial/quotes.parquet", "half");
    place.write("y.xlsx.partial", "half");
    place.done("export run --to parquet --out q");
    place.done("export run --to xlsx --out y.xlsx");
    assert!(!place.path("q.partial").exists() && !place.path("y.xlsx.partial").exists());
    // But another's is.
    place.write("z.partial/thesis.doc", "mine");
    place.refused("export run --to parquet --out z", "is in the way");
    assert!(place.path("z.partial/thesis.doc").exists());
}
