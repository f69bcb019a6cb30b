//! Articles as JSON objects: the rows of all tables that an article has, in one line.

use super::{
    CellRow, Document, Kind, Rows, Schema, Table, Totals, Value, articles::Articles, entities::Entities,
    mentions::Mentions, quotes::Quotes, rejects::Rejects,
};
use crate::{
    error::{Error, Result},
    model::Reject,
};

/// Columns of `entities.csv` that say nothing of the entities of a single article.
pub(super) const OF_RUNS: &[&str] = &["articles", "first_published", "last_published"];

/// Writes articles and rejects as lines of JSON. Keys are the columns of the tables; what is empty there is null.
pub struct Objects {
    article: Part,
    mentions: Part,
    entities: Part,
    quotes: Part,
    reject: Part,
}

/// The rows of one table.
struct Part {
    table: &'static dyn Table,
    rows: Rows,
    keys: Vec<Key>,
}

/// A column that is written.
struct Key {
    place: usize,
    /// As it stands before the value.
    shown: String,
    kind: Kind,
}

impl Default for Objects {
    fn default() -> Self {
        Objects {
            article: Part::new(&Articles, &[]),
            mentions: Part::new(&Mentions, &[]),
            entities: Part::new(&Entities, OF_RUNS),
            quotes: Part::new(&Quotes, &[]),
            reject: Part::new(&Rejects, &["source"]),
        }
    }
}

impl Objects {
    /// Adds an article to `out`: `{"article": {...}, "mentions": [...], "entities": [...], "quotes": [...]}`, one line. Entities are
    /// the rows of `entities.csv` in a run over this article alone.
    ///
    /// # Errors
    /// Of a table.
    pub fn article(&mut self, document: &Document<'_>, out: &mut Vec<u8>) -> Result<()> {
        let mut totals = Totals::default();
        totals.add(document);
        out.extend_from_slice(b"{\"article\":");
        self.article.table.article(document, &mut self.article.rows);
        self.article.write(out)?;
        // One table after the other, since the rows of an endless article are many times as large as its text.
        for part in [&mut self.mentions, &mut self.entities, &mut self.quotes] {
            out.extend_from_slice(b",\"");
            out.extend_from_slice(part.schema().name.as_bytes());
            out.extend_from_slice(b"\":[");
            part.table.article(document, &mut part.rows);
            part.table.finish(&totals, &mut part.rows);
            part.write(out)?;
            out.push(b']');
        }
        out.extend_from_slice(b"}\n");
        Ok(())
    }

    /// Adds what could not be read to `out`: `{"error": {...}}`, one line.
    ///
    /// # Errors
    /// Of the table.
    pub fn reject(&mut self, reject: &Reject, out: &mut Vec<u8>) -> Result<()> {
        self.reject.table.reject(reject, &mut self.reject.rows);
        out.extend_from_slice(b"{\"error\":");
        self.reject.write(out)?;
        out.extend_from_slice(b"}\n");
        Ok(())
    }
}

impl Part {
    fn new(table: &'static dyn Table, without: &[&str]) -> Part {
        let columns = table.schema().columns.iter().enumerate();
        let keys = columns
            .filter(|(_, column)| !without.contains(&column.name))
            .map(|(place, column)| Key { place, shown: format!("\"{}\":", column.name), kind: column.kind })
            .collect();
        Part { table, rows: Rows::raw(table.schema()), keys }
    }

    fn schema(&self) -> &'static Schema {
        self.table.schema()
    }

    /// Moves the rows to `out`, with commas between them.
    fn write(&mut self, out: &mut Vec<u8>) -> Result<()> {
        for (i, row) in self.rows.cells()?.rows().enumerate() {
            out.extend_from_slice(if i > 0 { b",{" } else { b"{" });
            for (i, key) in self.keys.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(key.shown.as_bytes());
                let value = typed(&row, key)?;
                value.write_json(&mut *out).map_err(|error| Error::format(error.to_string()))?;
            }
            out.push(b'}');
        }
        self.rows.clear();
        Ok(())
    }
}

fn typed<'r>(row: &CellRow<'r>, key: &Key) -> Result<Value<'r>> {
    let cell = row.cell(key.place);
    Value::of(key.kind, cell).ok_or_else(|| Error::format(format!("{} {cell:?} is no number", key.shown)))
}
