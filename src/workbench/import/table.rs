//! Any CSV table, its columns named by the user; and tables with a header for the formats that are such.

use super::{Format, entry::Entry, input::Input, out::Out};
use crate::{
    error::{Error, Result},
    model::EntityType,
    workbench::{COLUMNS, rows::Rows},
};
use std::{io::BufRead, path::PathBuf};

/// A table of the user's own.
pub(super) struct Table;

/// A table whose columns go by their names.
pub(super) struct Columns<'i> {
    rows: Rows<&'i mut Box<dyn BufRead>>,
    header: Vec<String>,
    expected: &'static str,
    path: PathBuf,
    cells: Vec<String>,
}

impl<'i> Columns<'i> {
    /// Reads the header, in which all of `required` must be.
    ///
    /// # Errors
    /// What the file says; a column that is not there.
    pub(super) fn open(input: &'i mut Input, delimiter: u8, required: &[&str], expected: &'static str) -> Result<Self> {
        let path = input.path.clone();
        let mut rows = input.rows(delimiter);
        rows.next()?;
        let header: Vec<String> =
            rows.record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_string()).collect();
        let table = Columns { rows, header, expected, path, cells: Vec::new() };
        match required.iter().find(|column| !table.has(column)) {
            None => Ok(table),
            Some(missing) => {
                let have: String = table.header.join(", ").chars().take(200).collect();
                let message = format!("has no column `{missing}` (its columns: {have}); expected is {expected}");
                Err(Error::format(message).at_path(&table.path).at_line(1))
            }
        }
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name == column)
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Reads the next row that has the form of the header.
    ///
    /// # Errors
    /// What the file says, or that all rows are wrong.
    pub(super) fn next(&mut self, out: &mut Out<'_>) -> Result<bool> {
        while self.rows.next()? {
            out.row(self.rows.line);
            let (cells, columns) = (self.rows.record.len(), self.header.len());
            let detail = match csv::StringRecord::from_byte_record(self.rows.record.clone()) {
                Err(_) => "the row is not UTF-8".to_string(),
                Ok(_) if cells != columns => format!("the row has {cells} cells, and the header has {columns}"),
                Ok(record) => {
                    self.cells = record.iter().map(|cell| cell.trim().to_string()).collect();
                    return Ok(true);
                }
            };
            let shown = String::from_utf8_lossy(self.rows.record.get(0).unwrap_or_default()).into_owned();
            out.malformed(&detail, &shown, self.expected, &self.path)?;
        }
        Ok(false)
    }

    /// The trimmed cell of a column; empty if there is none.
    pub(super) fn get(&self, column: &str) -> String {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).cloned().unwrap_or_default()
    }
}

impl Format for Table {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn expected(&self) -> &'static str {
        "a CSV or TSV table with a header; --map name=COLUMN,type=COLUMN says which columns to take"
    }

    fn source(&self) -> &'static str {
        "a table of the user's"
    }

    fn licence(&self) -> &'static str {
        "as its author says"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let map = &out.options.map;
        if let Some((column, _)) = map.iter().find(|(column, _)| !COLUMNS.contains(&column.as_str())) {
            return Err(Error::usage(format!(
                "--map: `{column}` is no column of a gazetteer ({})",
                COLUMNS.join(", ")
            )));
        }
        let of = |column: &str| {
            map.iter().find(|(known, _)| known == column).map_or(column.to_string(), |(_, theirs)| theirs.clone())
        };
        let only = out.options.only_type();
        let mut required = vec![of("name")];
        required.extend(only.is_none().then(|| of("type")));
        required.extend(map.iter().map(|(_, theirs)| theirs.clone()));
        let delimiter = delimiter(input.head()?);
        let required: Vec<&str> = required.iter().map(String::as_str).collect();
        let path = input.path.clone();
        let mut table = Columns::open(input, delimiter, &required, self.expected()).map_err(|error| {
            let without = only.is_none() && !map.iter().any(|(column, _)| column == "type");
            if without { hint(error, &path) } else { error }
        })?;
        while table.next(out)? {
            let cell = |column: &str| table.get(&of(column));
            let name = cell("name");
            let class = cell("type");
            let (kind, finer) = match only.filter(|_| class.is_empty() || !table.has(&of("type"))) {
                Some(kind) => (kind, String::new()),
                None => match out.class("csv", &[&class], &format!("{class}: {name}")) {
                    Some(found) => found,
                    None => continue,
                },
            };
            let entry = entry(&name, kind, &finer, cell);
            if entry.id.is_empty() { out.entry(entry)? } else { out.part(&entry.id.clone(), 0, entry)? }
        }
        Ok(())
    }
}

/// Says what helps against a missing column of types.
fn hint(error: Error, path: &std::path::Path) -> Error {
    let line = error.location().line.unwrap_or(1);
    let told = match error.kind() {
        crate::error::ErrorKind::Format(message) => message.clone(),
        _ => return error,
    };
    Error::format(format!("{told}; or --type person, if all names are of one type")).at_path(path).at_line(line)
}

fn entry(name: &str, kind: EntityType, finer: &str, cell: impl Fn(&str) -> String) -> Entry {
    let class = cell("kind");
    Entry {
        class: if class.is_empty() { finer.to_string() } else { class },
        aliases: cell("aliases").split('|').filter(|alias| !alias.trim().is_empty()).map(str::to_string).collect(),
        id: cell("id"),
        wikidata: cell("wikidata"),
        geonames: cell("geonames"),
        country: cell("country"),
        latitude: cell("latitude"),
        longitude: cell("longitude"),
        population: cell("population"),
        gender: cell("gender"),
        roles: cell("roles"),
        matching: cell("match"),
        note: cell("note"),
        ..Entry::new(name, kind)
    }
}

/// The mark that the first line has most often.
fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |mark: u8| line.iter().filter(|b| **b == mark).count();
    // Of equal ones the last counts.
    [b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}
