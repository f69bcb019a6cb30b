//! Reading a CSV file by the names of its columns.

use crate::error::{Error, Result};
use std::collections::HashMap;

/// The rows of one CSV file, with cells reached by column name.
pub(super) struct Table {
    columns: HashMap<String, usize>,
    rows: Vec<csv::StringRecord>,
    name: String,
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    table: &'t Table,
    record: &'t csv::StringRecord,
}

impl Table {
    /// Parses `text`; `name` is for messages. Every column of `required` must be there.
    pub(super) fn parse(name: &str, text: &str, required: &[&str]) -> Result<Table> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let fail = |error: csv::Error| {
            let line = error.position().map_or(0, csv::Position::line);
            Error::gazetteer(error.to_string()).at_path(name).at_line(line)
        };
        let header = reader.headers().map_err(fail)?.clone();
        let columns: HashMap<String, usize> =
            header.iter().enumerate().map(|(i, cell)| (cell.trim().to_ascii_lowercase(), i)).collect();
        if let Some(missing) = required.iter().find(|column| !columns.contains_key(**column)) {
            let have: Vec<&str> = header.iter().collect();
            let message = format!("has no column `{missing}` (its columns: {})", have.join(", "));
            return Err(Error::gazetteer(message).at_path(name).at_line(1));
        }
        let rows = reader.records().collect::<std::result::Result<Vec<_>, _>>().map_err(fail)?;
        Ok(Table { columns, rows, name: name.to_string() })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { table: self, record })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

impl<'t> Row<'t> {
    /// The trimmed cell of `column`; empty if there is no such column or cell.
    pub(super) fn get(&self, column: &str) -> &'t str {
        self.table.columns.get(column).and_then(|i| self.record.get(*i)).map_or("", str::trim)
    }

    /// The values of a cell that holds several, joined by `|`.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &'t str> + use<'t> {
        self.get(column).split('|').map(str::trim).filter(|value| !value.is_empty())
    }

    /// An error about this row.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        let line = self.record.position().map_or(0, csv::Position::line);
        Error::gazetteer(message).at_path(self.table.name.as_str()).at_line(line)
    }
}
