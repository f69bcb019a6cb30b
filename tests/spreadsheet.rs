//! The programs that people open tables with, where they are installed: LibreOffice, and what Python has. Every cell must come back
//! as it was written, and nothing may be a formula.
//!
//! A program that is not installed is passed over, and that is printed; with `ONRECORD_FOREIGN=1` it is a failure.
//! `ONRECORD_PYTHON` names the Python to ask. To see what was opened, and with which versions:
//!
//!     ONRECORD_FOREIGN=1 ONRECORD_PYTHON=.venv/bin/python cargo test --profile quick --test spreadsheet -- --nocapture

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod nasty;
mod place;

use calamine::{Data, Reader as _};
use nasty::{Whole, cut, tables};
use onrecord::table::Kind;
use place::Place;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// What a missing program costs.
fn passed_over(what: &str) {
    assert!(std::env::var_os("ONRECORD_FOREIGN").is_none(), "{what}, and ONRECORD_FOREIGN is set");
    println!("passed over: {what}");
}

/// What `program --version` says, if it is there.
fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_string())
}

/// A place with the nasty articles, and the tables of them in `plain` and, for spreadsheets, in `excel`.
fn place() -> Place {
    let place = Place::new();
    place.write("d.jsonl", nasty::dump());
    place.done("extract d.jsonl --out plain -q --emit-text");
    place.done("extract d.jsonl --out excel -q --emit-text --excel");
    place
}

/// LibreOffice opens `files` and saves them as workbooks in `out`.
fn open(place: &Place, files: &[PathBuf], filter: Option<&str>, out: &str) {
    let profile = format!("-env:UserInstallation=file://{}", place.path("profile").display());
    let started = Instant::now();
    let mut office = Command::new("soffice");
    office.args(["--headless", "--norestore", &profile]);
    office.args(filter.map(|filter| format!("--infilter={filter}")));
    office.args(["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]).arg(place.path(out)).args(files);
    let output = office.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    println!("LibreOffice opened {} files in {:.1} s", files.len(), started.elapsed().as_secs_f64());
}

/// All cells of a sheet, of which none may be a formula.
fn sheet(path: &Path, name: &str) -> Vec<Vec<Data>> {
    let mut book = calamine::open_workbook_auto(path).unwrap();
    let formulas = book.worksheet_formula(name).unwrap();
    assert!(formulas.used_cells().next().is_none(), "{name}: {:?}", formulas.used_cells().next());
    let range = book.worksheet_range(name).unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

/// The cells of a CSV file as they are written, guard and all; a line end within a cell is a line feed, as LibreOffice has it.
fn raw(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| row.iter().map(|cell| cell.replace("\r\n", "\n")).collect()).collect()
}

/// Compares a cell with what LibreOffice shows. It cuts what is too long and does not tell, and puts line ends of its own into
/// texts that have some and are longer than 16,000 characters.
fn assert_shown(cell: &str, found: &str, about: &str) {
    if cell == found {
        return;
    }
    assert!(cell.chars().count() > 16_000, "{about}: {cell:?} has become {found:?}");
    let (cell, found) = (cut(cell).replace('\n', ""), found.replace('\n', ""));
    assert!(cell.starts_with(&found) && cell.len() - found.len() < 10, "{about}: a long cell is another one");
}

/// CSV files of a folder.
fn csv_files(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "csv")).collect();
    files.sort();
    files
}

/// Commas, quotation marks, UTF-8, from the first line on.
const FORM: &str = "44,34,76,1";

#[test]
fn libreoffice_shows_every_cell_of_csv_as_it_was_written() {
    let Some(version) = version("soffice") else { return passed_over("soffice is not installed") };
    println!("{version}");
    let place = place();
    // All columns as text, as docs/recipes.md says; and for spreadsheets, quoted cells as text.
    let text: Vec<String> = (1..=40).map(|column| format!("{column}/2")).collect();
    for (folder, filter) in [
        ("plain", format!("CSV:{FORM},{},1033,false,false", text.join("/"))),
        ("excel", format!("CSV:{FORM},,1033,true,false")),
    ] {
        let files = csv_files(&place.path(folder));
        let out = format!("{folder}-opened");
        open(&place, &files, Some(&filter), &out);
        let (mut cells, mut long) = (0, 0);
        for file in files {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            let (rows, found) = (raw(&file), sheet(&place.path(&out).join(format!("{name}.xlsx")), &name));
            assert_eq!(found.len(), rows.len(), "{folder}/{name}");
            for (row, found) in rows.iter().zip(found) {
                for (place, cell) in row.iter().enumerate() {
                    match found.get(place).unwrap_or(&Data::Empty) {
                        Data::Empty => assert_eq!(cell, "", "{folder}/{name}"),
                        Data::String(found) => {
                            assert_shown(cell, found, &format!("{folder}/{name}"));
                            long += usize::from(cut(cell) != *cell);
                        }
                        other => panic!("{folder}/{name}: {cell:?} has become {other:?}"),
                    }
                    cells += 1;
                }
            }
        }
        assert_eq!(long > 0, folder == "plain");
        println!("{folder}: {cells} cells are as they were written ({long} were too long), none is a formula");
    }
}

#[test]
fn libreoffice_makes_no_formula_of_guarded_csv_whatever_is_asked() {
    if version("soffice").is_none() {
        return passed_over("soffice is not installed");
    }
    let place = place();
    place.done("extract d.jsonl --out bare -q --no-guard");
    // Numbers, dates and formulas are looked for.
    let filter = format!("CSV:{FORM},,1033,false,true");
    open(&place, &csv_files(&place.path("plain")), Some(&filter), "opened");
    for file in csv_files(&place.path("plain")) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        sheet(&place.path("opened").join(format!("{name}.xlsx")), &name);
    }
    // Without the guard there are some: the test can fail.
    open(&place, &[place.path("bare/articles.csv")], Some(&filter), "bare-opened");
    let mut book = calamine::open_workbook_auto(place.path("bare-opened/articles.xlsx")).unwrap();
    assert!(book.worksheet_formula("articles").unwrap().used_cells().count() > 0);
}

#[test]
fn libreoffice_shows_every_cell_of_a_workbook_as_it_was_written() {
    if version("soffice").is_none() {
        return passed_over("soffice is not installed");
    }
    let place = place();
    place.done("export plain --to xlsx --out all.xlsx");
    open(&place, &[place.path("all.xlsx")], None, "opened");
    let (mut cells, mut dates) = (0, 0);
    for Whole { schema, rows } in tables(&place.path("plain")) {
        let found = sheet(&place.path("opened/all.xlsx"), schema.name);
        assert_eq!(found.len(), rows.len() + 1, "{}", schema.name);
        for (row, found) in rows.iter().zip(&found[1..]) {
            for (place, (column, cell)) in schema.columns.iter().zip(row).enumerate() {
                // LibreOffice knows one kind of line end.
                let expected = cut(cell).replace("\r\n", "\n");
                let about = format!("{}.{}", schema.name, column.name);
                match found.get(place).unwrap_or(&Data::Empty) {
                    Data::Empty => assert_eq!(expected, "", "{about}"),
                    Data::String(found) => assert_shown(&expected, found, &about),
                    Data::DateTime(found) => {
                        let (year, month, day, ..) = found.to_ymd_hms_milli();
                        assert_eq!(format!("{year}-{month:02}-{day:02}"), expected, "{about}");
                        dates += 1;
                    }
                    Data::Float(found) => {
                        assert!(matches!(column.kind, Kind::Integer | Kind::Number | Kind::Confidence), "{about}");
                        assert_eq!(*found, cell.parse::<f64>().unwrap(), "{about}");
                    }
                    other => panic!("{about}: {cell:?} has become {other:?}"),
                }
                cells += 1;
            }
        }
    }
    assert!(dates > 10, "{dates} dates");
    println!("xlsx: {cells} cells are as they were written, {dates} of them dates, none is a formula");
}

#[test]
fn what_python_has_reads_the_tables_and_exports() {
    let python = std::env::var("ONRECORD_PYTHON").unwrap_or_else(|_| "python3".to_string());
    let Some(version) = version(&python) else { return passed_over(&format!("{python} is not installed")) };
    println!("{version}");
    let place = place();
    place.done("extract d.jsonl --out split -q --emit-text --excel --split-rows 100");
    place.done("extract d.jsonl --out bare -q --emit-text --no-guard");
    for (to, out) in [
        ("xlsx", "all.xlsx"),
        ("sqlite", "news.db"),
        ("parquet", "parquet"),
        ("jsonl", "json"),
        ("gexf", "network.gexf"),
    ] {
        place.done(&format!("export plain --to {to} --out {out}"));
    }
    // What the script should find: the cells without the guard.
    let whole: BTreeMap<&str, Vec<Vec<String>>> =
        tables(&place.path("plain")).into_iter().map(|table| (table.schema.name, table.rows)).collect();
    place.write("expected.json", serde_json::to_vec(&whole).unwrap());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spreadsheet/tables.py");
    let output = Command::new(python).arg(script).arg(place.path(".")).output().unwrap();
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}{errors}");
    print!("{said}");
    for line in said.lines().filter_map(|line| line.strip_prefix("missing: ")) {
        passed_over(line);
    }
    assert!(said.lines().any(|line| line.starts_with("read: sqlite3")), "{said}");
}
