//! Reading a CSV file by the names of its columns.

use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use std::io::Read;

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    columns: &'t FxHashMap<String, usize>,
    record: &'t csv::StringRecord,
    file: &'t str,
}

/// Problems of one file that are told together.
const TOLD: usize = 20;

/// Calls `take` for every row of `input`, without keeping them; returns their number. `file` is for messages. Every column
/// of `required` must be there.
///
/// # Errors
/// What cannot be read as CSV, or rows that `take` refuses: up to twenty of these are told together.
pub(crate) fn each_row(
    file: &str,
    input: impl Read,
    required: &[&str],
    mut take: impl FnMut(Row<'_>) -> Result<()>,
) -> Result<usize> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let fail = |error: csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        Error::gazetteer(error.to_string()).at_path(file).at_line(line)
    };
    let header = reader.headers().map_err(fail)?.clone();
    let name = |cell: &str| cell.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
    let columns: FxHashMap<String, usize> = header.iter().enumerate().map(|(i, cell)| (name(cell), i)).collect();
    if let Some(missing) = required.iter().find(|column| !columns.contains_key(**column)) {
        let have: Vec<&str> = header.iter().collect();
        let message = format!("has no column `{missing}` (its columns: {})", have.join(", "));
        return Err(Error::gazetteer(message).at_path(file).at_line(1));
    }
    let mut record = csv::StringRecord::new();
    let mut rows = 0;
    let mut refused: Vec<Error> = Vec::new();
    while reader.read_record(&mut record).map_err(fail)? {
        rows += 1;
        match take(Row { columns: &columns, record: &record, file }) {
            Ok(()) => {}
            Err(error) if refused.len() + 1 < TOLD => refused.push(error),
            Err(error) => {
                refused.push(error);
                break;
            }
        }
    }
    if refused.len() < 2 {
        return refused.pop().map_or(Ok(rows), Err);
    }
    let list: Vec<String> = refused.iter().map(ToString::to_string).collect();
    let more = if refused.len() == TOLD { ", and perhaps more behind these" } else { "" };
    Err(Error::gazetteer(format!("{} rows cannot be used{more}:\n  {}", list.len(), list.join("\n  "))))
}

impl<'t> Row<'t> {
    /// The trimmed cell of `column`; empty if there is no such column or cell.
    pub(crate) fn get(&self, column: &str) -> &'t str {
        self.columns.get(column).and_then(|i| self.record.get(*i)).map_or("", str::trim)
    }

    /// The values of a cell that holds several, joined by `|`.
    pub(crate) fn list(&self, column: &str) -> impl Iterator<Item = &'t str> + use<'t> {
        self.get(column).split('|').map(str::trim).filter(|value| !value.is_empty())
    }

    /// All cells as they stand.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.record.iter()
    }

    /// An error about this row.
    pub(crate) fn error(&self, message: impl Into<String>) -> Error {
        let line = self.record.position().map_or(0, csv::Position::line);
        Error::gazetteer(message).at_path(self.file).at_line(line)
    }
}
