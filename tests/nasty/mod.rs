//! Articles whose cells spreadsheets like to spoil, and what a finished run holds of them.

#![allow(dead_code, reason = "each test that uses this uses a part of it")]

use onrecord::{
    finished::Finished,
    table::{MOST_UNITS, Schema},
};
use serde_json::json;
use std::path::Path;

/// Ids, titles, outlets and authors that look like numbers, dates, truths, formulas and markup, or are long.
const CELLS: &[&str] = &[
    "0001",
    "1E5",
    "12345678901234567890",
    "1-2",
    "2024-05-01",
    "March 1",
    "TRUE",
    "SEPT2",
    "=1+1",
    "=HYPERLINK(\"http://example.org\",\"x\")",
    "=cmd|' /C calc'!A0",
    "+994 12 404 00 00",
    "-1",
    "@SUM(A1:A9)",
    "'=1+1",
    "'tis",
    "\u{a0}=1",
    "＝1+1",
    "ə ş ç ğ ı “…”",
    "👩\u{200d}👩\u{200d}👧 and 🇦🇿",
    "a,b;\"c\"\td",
    "<b>&amp;</b>",
    "_x0041_",
    "ends with \\",
    " spaces around ",
];

/// One article for each of [`CELLS`], and one with longer texts than a cell holds. Dates are whole, partial or with a time.
pub fn dump() -> String {
    let text = "“=SUM(A1:A9) is no answer,” said Mira Delgado, the harbour master of Lisbon.\n\n“We lost two boats,” she \
                told Tom Ferreira in Lisbon, “and 🛥 we may lose ə more.”";
    let dates = ["2024-05-01", "2024", "2024-05", "2024-05-01T22:30:00+02:00", "1850-01-31", ""];
    let article = |i: usize, cell: &str| {
        let date = dates[i % dates.len()];
        json!({ "id": cell, "title": cell, "source": cell, "author": cell, "date": date, "url": "https://example.org/?a=1&b=2", "text": text })
    };
    let mut dump: Vec<String> = CELLS.iter().enumerate().map(|(i, cell)| article(i, cell).to_string()).collect();
    let mut long = article(3, "long");
    long["title"] = json!(format!("=x{}", "👩".repeat(20_000)));
    long["text"] =
        json!(format!("{text}\r\n\r\n\tA second line.\n\n{}", "The boats lay in the harbour. ".repeat(1500)));
    dump.push(long.to_string());
    dump.push("{\"id\": \"=broken\",".to_string());
    dump.join("\n")
}

/// One table: what it looks like, and its rows.
pub struct Whole {
    pub schema: &'static Schema,
    pub rows: Vec<Vec<String>>,
}

/// All tables of a run, as it has found them: without the guard.
pub fn tables(folder: &Path) -> Vec<Whole> {
    let run = Finished::open(folder).unwrap();
    let names = run.tables().iter().map(|table| table.schema.name);
    let read = |name| {
        let mut reader = run.table(name).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = reader.read().unwrap() {
            rows.push(row.cells().map(str::to_string).collect());
        }
        Whole { schema: reader.schema(), rows }
    };
    names.map(read).collect()
}

/// What a cell of a spreadsheet holds of a text.
pub fn cut(text: &str) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= MOST_UNITS
        })
        .collect()
}
