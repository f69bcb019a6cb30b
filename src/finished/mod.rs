//! Tables of a finished run -> rows again, for everything that stands on tables: exports, reports, the workbench.
//!
//! What is read is checked: the header against the columns of this version, every row against the number of its cells, the
//! number of rows and the hash of each file against `run.json`. Cells come as they were before spreadsheets were guarded
//! against.

use crate::{
    error::{Error, Result},
    run::{Checked, FinishedRun},
    table::{Dialect, Kind, Schema, Written, WrittenFile, unguarded},
};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The folder of a finished run.
#[derive(Clone, Debug)]
pub struct Finished {
    folder: PathBuf,
    run: FinishedRun,
}

impl Finished {
    /// Opens `folder`.
    ///
    /// # Errors
    /// A folder that cannot be read, that holds no run, one that is not finished, or one of another version.
    pub fn open(folder: &Path) -> Result<Finished> {
        Ok(Finished { folder: folder.to_path_buf(), run: FinishedRun::open(folder)? })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All of `run.json`.
    pub fn record(&self) -> &Value {
        &self.run.record
    }

    /// The tables that there are, in the order of the contract.
    pub fn tables(&self) -> &[Written] {
        &self.run.tables
    }

    /// Begins to read the table called `name`.
    ///
    /// # Errors
    /// A table that the run has not written, a file that cannot be opened, columns of another version.
    pub fn table(&self, name: &str) -> Result<Reader> {
        let written = self.tables().iter().find(|written| written.schema.name == name);
        let missing = || Error::usage(format!("the run has written no table of {name}")).at_path(&self.folder);
        let written = written.ok_or_else(missing)?;
        let mut waiting = written.files.clone();
        waiting.reverse();
        let mut reader = Reader {
            folder: self.folder.clone(),
            schema: written.schema,
            dialect: self.run.dialect,
            waiting,
            open: None,
            record: csv::StringRecord::new(),
        };
        reader.next_file()?;
        Ok(reader)
    }
}

/// The rows of one table, from all its files.
pub struct Reader {
    folder: PathBuf,
    schema: &'static Schema,
    dialect: Dialect,
    /// The files that come after, the next one last.
    waiting: Vec<WrittenFile>,
    open: Option<Open>,
    record: csv::StringRecord,
}

/// A file that is being read.
struct Open {
    path: PathBuf,
    reader: csv::Reader<Checked>,
    /// Rows that should still come.
    left: u64,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    schema: &'static Schema,
    dialect: Dialect,
    record: &'r csv::StringRecord,
}

impl Reader {
    /// What the table looks like.
    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// The place of the column called `name` among the cells of a row.
    ///
    /// # Errors
    /// A column that the table has not.
    pub fn column(&self, name: &str) -> Result<usize> {
        let place = self.schema.columns.iter().position(|column| column.name == name);
        place.ok_or_else(|| Error::usage(format!("the table of {} has no column {name}", self.schema.name)))
    }

    /// The places of several columns.
    ///
    /// # Errors
    /// A column that the table has not.
    pub fn columns<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N]> {
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(names) {
            *place = self.column(name)?;
        }
        Ok(places)
    }

    /// The next row, if there is one.
    ///
    /// # Errors
    /// A file that cannot be read, that is cut short or was changed since the run.
    pub fn read(&mut self) -> Result<Option<Row<'_>>> {
        loop {
            let Some(open) = &mut self.open else { return Ok(None) };
            let more = open.reader.read_record(&mut self.record);
            if more.map_err(|error| fails(&open.path, error))? {
                let Some(left) = open.left.checked_sub(1) else { return Err(changed(&open.path)) };
                open.left = left;
                return Ok(Some(Row { schema: self.schema, dialect: self.dialect, record: &self.record }));
            }
            if let Some(Open { path, reader, left }) = self.open.take() {
                if left > 0 {
                    return Err(changed(&path));
                }
                reader.into_inner().finish()?;
            }
            self.next_file()?;
        }
    }

    /// Opens the next file, if there is one.
    fn next_file(&mut self) -> Result<()> {
        let Some(file) = self.waiting.pop() else { return Ok(()) };
        let path = self.folder.join(&file.name);
        let mut reader = csv::Reader::from_reader(Checked::open(&path, &file.sha256)?);
        let header = reader.headers().map_err(|error| fails(&path, error))?;
        if !header.iter().eq(self.dialect.columns(self.schema).map(|column| column.name)) {
            let message = "has other columns than this version of onrecord writes, so it was changed since the run: run extract again";
            return Err(Error::usage(message).at_path(path));
        }
        self.open = Some(Open { path, reader, left: file.rows });
        Ok(())
    }
}

impl<'r> Row<'r> {
    /// The cell at `place`, as it was before spreadsheets were guarded against; empty where there is none.
    pub fn cell(&self, place: usize) -> &'r str {
        let cell = self.record.get(place).unwrap_or_default();
        let text = self
            .schema
            .columns
            .get(place)
            .is_some_and(|column| matches!(column.kind, Kind::Text | Kind::Id | Kind::Date | Kind::Number));
        if self.dialect.guard && text { unguarded(cell) } else { cell }
    }

    /// The cell at `place` as a whole number.
    ///
    /// # Errors
    /// A cell that holds something else.
    pub fn integer(&self, place: usize) -> Result<u64> {
        self.cell(place).parse().map_err(|_| self.odd(place, "whole number"))
    }

    /// The cell at `place` as a number; `None` if it is empty.
    ///
    /// # Errors
    /// A cell that holds something else.
    pub fn number(&self, place: usize) -> Result<Option<f64>> {
        match self.cell(place) {
            "" => Ok(None),
            cell => cell.parse().map(Some).map_err(|_| self.odd(place, "number")),
        }
    }

    /// All cells, in the order of the columns.
    pub fn cells(&self) -> impl Iterator<Item = &'r str> {
        let row = *self;
        (0..self.schema.columns.len()).map(move |place| row.cell(place))
    }

    /// The columns whose text `extract --excel` has cut in this row, joined by ` | `; empty if it is whole.
    pub fn truncated(&self) -> &'r str {
        self.record.get(self.schema.columns.len()).unwrap_or_default()
    }

    /// The line of the file in which it begins, from 1.
    pub fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    fn odd(&self, place: usize, what: &str) -> Error {
        let column = self.schema.columns.get(place).map_or("?", |column| column.name);
        let message = format!("{}: the cell of {column} is no {what}: {:?}", self.schema.name, self.cell(place));
        Error::format(message).at_line(self.line())
    }
}

fn fails(path: &Path, error: csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    let message = match error.into_kind() {
        csv::ErrorKind::Io(error) => return Error::io(path, error),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!("has {len} cells, and not {expected_len}"),
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_string(),
        kind => format!("{kind:?}"),
    };
    let message = format!("{message}: the table is cut short, or was changed since the run; run extract again");
    Error::format(message).at_path(path).at_line(line)
}

fn changed(path: &Path) -> Error {
    let message =
        "is cut short, or was changed since the run, as it has not the rows that run.json tells: run extract again";
    Error::usage(message).at_path(path)
}

#[cfg(test)]
mod tests;
