//! ANNOTATED -> rows: one file per table behind [`TABLES`].
//!
//! Workers render the rows of their own articles into their own [`Rows`]; tables about the whole run are rendered at
//! its end from [`Totals`], which are merged in input order. Nothing here knows about files or threads.
//!
//! To add a table, write one file with a [`Table`] and name it in [`TABLES`]; describe it in `docs/tables.md`.

mod arena;
mod articles;
mod candidates;
mod cells;
mod columns;
mod cooccurrences;
mod dates;
mod dialect;
mod differences;
mod document;
mod entities;
mod examples;
mod mentions;
mod nested;
mod objects;
mod offsets;
mod outside;
mod package;
mod pairs;
mod quotes;
mod rejects;
mod rows;
mod state;
mod sum;
mod texts;
mod totals;
mod value;

pub use cells::{CellRow, Cells};
pub use columns::{Joined, Sizes, arrow_schema};
pub use dialect::{Dialect, MOST_LINES, MOST_UNITS, TRUNCATED, fitting, header};
pub use differences::difference_schema;
pub use document::Document;
pub use examples::Examples;
pub use nested::{Nested, nested_schema};
pub use objects::Objects;
pub use offsets::Offsets;
pub use outside::{is_formula, unguarded};
pub use package::{Written, WrittenFile, data_package};
pub use rows::{Kept, Rows, end_of_rows};
pub use state::{read_frame, write_frame};
pub use sum::EntityTotal;
pub use totals::Totals;
pub use value::Value;

use crate::model::Reject;
use std::{fmt, ops::Range};

/// Every table, in the order in which they are written and described.
pub const TABLES: &[&dyn Table] = &[
    &articles::Articles,
    &mentions::Mentions,
    &entities::Entities,
    &quotes::Quotes,
    &cooccurrences::Cooccurrences,
    &candidates::Candidates,
    &rejects::Rejects,
    &texts::Texts,
];

/// The tables of a run, with those that are written only when asked for or without.
pub fn chosen(optional: bool) -> Vec<&'static dyn Table> {
    TABLES.iter().copied().filter(|table| optional || !table.optional()).collect()
}

/// One table of the output.
pub trait Table: Sync {
    /// What it looks like.
    fn schema(&self) -> &'static Schema;

    /// Whether it is written only when asked for.
    fn optional(&self) -> bool {
        false
    }

    /// Whether it is about all articles together: it has its rows from [`Table::of_run`].
    fn is_of_run(&self) -> bool {
        false
    }

    /// Adds the rows of one article.
    fn article(&self, _document: &Document<'_>, _rows: &mut Rows) {}

    /// Adds the row of a record that could not be read.
    fn reject(&self, _reject: &Reject, _rows: &mut Rows) {}

    /// The rows about the whole run, if it has any.
    fn of_run<'t>(&self, _totals: &'t Totals) -> Option<RowsOfRun<'t>> {
        None
    }

    /// Adds them all.
    fn finish(&self, totals: &Totals, rows: &mut Rows) {
        if let Some(all) = self.of_run(totals) {
            all.render(0..all.count(), rows);
        }
    }
}

/// Adds the row of a number.
type Render<'t> = dyn Fn(usize, &mut Rows) + Send + Sync + 't;

/// The rows of a table about the whole run, in their order. Any of them can be rendered, also by several threads.
pub struct RowsOfRun<'t> {
    count: usize,
    render: Box<Render<'t>>,
}

impl<'t> RowsOfRun<'t> {
    /// `count` rows, of which `render` adds the one of a number.
    pub(crate) fn new(count: usize, render: impl Fn(usize, &mut Rows) + Send + Sync + 't) -> Self {
        RowsOfRun { count, render: Box::new(render) }
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds those of a range, up to one that cannot be made.
    pub fn render(&self, range: Range<usize>, rows: &mut Rows) {
        for number in range {
            if rows.has_failed() {
                return;
            }
            (self.render)(number, rows);
        }
    }
}

impl fmt::Debug for RowsOfRun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowsOfRun").field("count", &self.count).finish_non_exhaustive()
    }
}

impl fmt::Debug for dyn Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.schema().name)
    }
}

/// What a table looks like, for `datapackage.json`.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Name of the table: its file is `name.csv`.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// The columns, in order.
    pub columns: &'static [Column],
    /// The columns that tell rows apart; empty if none do.
    pub key: &'static [&'static str],
    /// Columns whose cells are found in another table: (column, table, its column).
    pub references: &'static [(&'static str, &'static str, &'static str)],
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// What it says, with units.
    pub about: &'static str,
}

/// What the cells of a column hold. Any cell may be empty unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Text by which rows are joined, never cut.
    Id,
    /// A date or date-time after ISO 8601, as far as it is known: `2024`, `2024-03`, `2024-03-02`, `2024-03-02T10:00:00Z`.
    Date,
    /// A whole number, never empty.
    Integer,
    /// A number with a fraction.
    Number,
    /// A probability, 0 to 1, two decimals, never empty.
    Confidence,
    /// `yes` or `no`.
    YesNo,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// Shorthand for the files of tables.
const fn column(name: &'static str, kind: Kind, about: &'static str) -> Column {
    Column { name, kind, about }
}

/// The words of `type` columns.
const TYPES: Kind = Kind::OneOf(&["person", "place", "organization"]);
/// The words of `zone` columns.
const ZONES: Kind = Kind::OneOf(&["title", "body"]);

#[cfg(test)]
mod tests;
