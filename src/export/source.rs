//! The tables that an export reads, and what is to be told about them afterwards.

use super::{Format, Options, value::Value};
use crate::{
    error::{Error, ErrorKind, Result},
    finished::{Finished, Reader, Row},
    table::{Column, Kind, Schema},
};
use std::cell::Cell;

/// How many rows are read before somebody looks whether to stop.
const PATIENCE: u64 = 1 << 12;

/// The tables of a run, or some of them.
pub(super) struct Source<'e> {
    run: &'e Finished,
    names: Vec<&'static str>,
    only: bool,
    stopped: &'e dyn Fn() -> bool,
    /// Rows with text that `extract --excel` has cut.
    cut: Cell<u64>,
    /// Cells that should hold a number and do not.
    odd: Cell<u64>,
}

impl<'e> Source<'e> {
    /// The tables that the options name.
    ///
    /// # Errors
    /// One that the run has not written.
    pub(super) fn new(run: &'e Finished, options: &Options, stopped: &'e dyn Fn() -> bool) -> Result<Source<'e>> {
        let there: Vec<&'static str> = run.tables().iter().map(|table| table.schema.name).collect();
        if let Some(missing) = options.tables.iter().find(|name| !there.contains(&name.as_str())) {
            let how = if missing == "texts" { ": run extract again with --emit-text" } else { "" };
            let message = format!("the run has written no table of {missing}{how}; there are {}", there.join(", "));
            return Err(Error::usage(message).at_path(run.folder()));
        }
        let asked = |name: &&str| options.tables.is_empty() || options.tables.iter().any(|table| table == name);
        let only = !options.tables.is_empty();
        let names = there.into_iter().filter(asked).collect();
        Ok(Source { run, names, only, stopped, cut: Cell::new(0), odd: Cell::new(0) })
    }

    /// The run.
    pub(super) fn run(&self) -> &'e Finished {
        self.run
    }

    /// The names of the tables, in the order of the contract.
    pub(super) fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// The one table that was asked for.
    pub(super) fn only(&self) -> Option<&'static str> {
        match self.names[..] {
            [name] if self.only => Some(name),
            _ => None,
        }
    }

    /// Begins to read a table.
    pub(super) fn table(&self, name: &str) -> Result<Table<'_>> {
        Ok(Table { source: self, reader: self.run.table(name)?, count: 0 })
    }

    /// The value of a cell of `column`, for formats in which a column has one type: text where a number should be is left out,
    /// and told.
    pub(super) fn typed<'r>(&self, value: Value<'r>, column: &Column) -> Value<'r> {
        if column.kind == Kind::Number && matches!(value, Value::Text(_)) {
            self.odd.set(self.odd.get() + 1);
            return Value::Empty;
        }
        value
    }

    /// What a person should know.
    pub(super) fn remarks(&self, format: Format) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.cut.get() > 0 {
            remarks.push(format!(
                "{} rows have text that extract --excel had cut already: run extract without it to have it whole",
                self.cut.get()
            ));
        }
        if self.odd.get() > 0 {
            let name = format.name();
            remarks
                .push(format!("{} cells hold no number where one should be, and are empty in {name}", self.odd.get()));
        }
        remarks
    }
}

/// One table that is being read.
pub(super) struct Table<'s> {
    source: &'s Source<'s>,
    reader: Reader,
    count: u64,
}

impl Table<'_> {
    /// What it looks like.
    pub(super) fn schema(&self) -> &'static Schema {
        self.reader.schema()
    }

    /// Rows read so far.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The places of several columns.
    pub(super) fn columns<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N]> {
        self.reader.columns(names)
    }

    /// The next row, if there is one.
    pub(super) fn read(&mut self) -> Result<Option<Row<'_>>> {
        if self.count.is_multiple_of(PATIENCE) && (self.source.stopped)() {
            return Err(Error::new(ErrorKind::Interrupted));
        }
        let row = self.reader.read()?;
        if let Some(row) = &row {
            self.count += 1;
            if !row.truncated().is_empty() {
                self.source.cut.set(self.source.cut.get() + 1);
            }
        }
        Ok(row)
    }
}
