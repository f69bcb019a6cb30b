//! Articles as rows of Arrow: what [`Objects`](super::Objects) writes as lines of JSON, under the same names, in nested columns.
//!
//! A record has one row, whatever was found in it. Of an article `error` is null, and of a record that could not be read
//! everything else.

use super::{
    Document, Rows, Schema, Table, Totals,
    articles::Articles,
    columns::{Columns, LONGEST_ADDED, MOST_BYTES, described, failed, field},
    entities::Entities,
    mentions::Mentions,
    objects::OF_RUNS,
    quotes::Quotes,
    rejects::Rejects,
};
use crate::{
    error::{Error, Result},
    model::Reject,
};
use arrow_array::{ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, SchemaRef};
use std::{mem, sync::Arc};

/// Collects rows.
pub struct Nested {
    schema: SchemaRef,
    article: Part,
    lists: [Part; 3],
    error: Part,
    /// Of those that are in no batch yet.
    rows: usize,
    full: Vec<RecordBatch>,
}

/// What a row of a column is: one row of a table, or all that an article has there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    One,
    List,
}

/// The rows of one table, as a column.
struct Part {
    table: &'static dyn Table,
    shape: Shape,
    rows: Rows,
    /// The places of the columns that are kept, ...
    kept: Vec<usize>,
    /// ... and what they look like.
    fields: Fields,
    /// Rows and bytes that stand for whole rows of the column.
    whole: (usize, usize),
    /// For each row of the column whether it holds anything, ...
    present: Vec<bool>,
    /// ... and where its rows of the table end, with a 0 before all.
    ends: Vec<i32>,
}

/// What rows look like.
pub fn nested_schema() -> SchemaRef {
    Nested::new().schema
}

impl Default for Nested {
    fn default() -> Self {
        Nested::new()
    }
}

impl Nested {
    /// No rows yet.
    pub fn new() -> Nested {
        let list = |table, without| Part::new(table, Shape::List, without);
        let article = Part::new(&Articles, Shape::One, &[]);
        let lists = [list(&Mentions, &[]), list(&Entities, OF_RUNS), list(&Quotes, &[])];
        let error = Part::new(&Rejects, Shape::One, &["source"]);
        let mut columns = vec![described(Field::new("article", article.row(), true), "The article.")];
        for part in &lists {
            let Schema { name, about, .. } = *part.table.schema();
            columns.push(described(Field::new(name, DataType::List(part.element()), true), about));
        }
        columns.push(described(Field::new("error", error.row(), true), "Why the record is no article."));
        let schema = Arc::new(arrow_schema::Schema::new(columns));
        Nested { schema, article, lists, error, rows: 0, full: Vec::new() }
    }

    /// Adds an article. Entities are the rows of `entities.csv` in a run over this article alone. Returns whether it was added: its
    /// rows may be too long for a column of Arrow.
    ///
    /// # Errors
    /// Of a table.
    pub fn article(&mut self, document: &Document<'_>) -> Result<bool> {
        let mut totals = Totals::default();
        totals.add(document);
        let (mut fits, mut added) = (true, 0);
        for part in self.found() {
            part.table.article(document, &mut part.rows);
            if part.shape == Shape::List {
                part.table.finish(&totals, &mut part.rows);
            }
            let columns = part.rows.columns()?;
            fits &= columns.too_long().is_none();
            added += columns.bytes() - part.whole.1;
        }
        if !fits || added > LONGEST_ADDED {
            self.found().try_for_each(Part::undo)?;
            return Ok(false);
        }
        self.found().try_for_each(|part| part.end(true))?;
        self.error.pass()?;
        self.end().map(|()| true)
    }

    /// Adds what could not be read.
    ///
    /// # Errors
    /// Of the table.
    pub fn reject(&mut self, reject: &Reject) -> Result<()> {
        self.error.table.reject(reject, &mut self.error.rows);
        self.error.end(true)?;
        self.found().try_for_each(Part::pass)?;
        self.end()
    }

    /// The rows as batches, in order; none if there are no rows.
    ///
    /// # Errors
    /// None that a table of ours could bring about.
    pub fn finish(mut self) -> Result<Vec<RecordBatch>> {
        self.close()?;
        Ok(self.full)
    }

    /// What an article fills.
    fn found(&mut self) -> impl Iterator<Item = &mut Part> {
        [&mut self.article].into_iter().chain(&mut self.lists)
    }

    /// Ends a row, and the batch if it is long enough.
    fn end(&mut self) -> Result<()> {
        self.rows += 1;
        let parts = [&self.article].into_iter().chain(&self.lists).chain([&self.error]);
        if parts.map(|part| part.whole.1).sum::<usize>() >= MOST_BYTES { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<()> {
        if self.rows > 0 {
            let parts = [&mut self.article].into_iter().chain(&mut self.lists).chain([&mut self.error]);
            let columns = parts.map(Part::finish).collect::<Result<_>>()?;
            self.full.push(RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(failed)?);
        }
        self.rows = 0;
        Ok(())
    }
}

impl Part {
    fn new(table: &'static dyn Table, shape: Shape, without: &[&str]) -> Part {
        let columns = table.schema().columns.iter().enumerate();
        let (kept, fields): (Vec<usize>, Vec<Field>) = columns
            .filter(|(_, column)| !without.contains(&column.name))
            .map(|(place, column)| (place, field(column)))
            .unzip();
        let schema = table.schema();
        let rows = Rows::of_columns(schema, Columns::new(schema.columns, None));
        Part { table, shape, rows, kept, fields: fields.into(), whole: (0, 0), present: Vec::new(), ends: vec![0] }
    }

    fn row(&self) -> DataType {
        DataType::Struct(self.fields.clone())
    }

    fn element(&self) -> Arc<Field> {
        Arc::new(Field::new_list_field(self.row(), false))
    }

    /// Adds nothing to the column.
    fn pass(&mut self) -> Result<()> {
        if self.shape == Shape::One {
            self.rows.columns()?.pad();
        }
        self.end(false)
    }

    /// Throws away the rows that the table has more than before.
    fn undo(&mut self) -> Result<()> {
        let (rows, bytes) = self.whole;
        self.rows.columns()?.truncate(rows, bytes);
        Ok(())
    }

    /// Ends a row of the column: the rows that the table has more than before.
    fn end(&mut self, present: bool) -> Result<()> {
        let columns = self.rows.columns()?;
        self.whole = (columns.place().1, columns.bytes());
        self.present.push(present);
        let end = i32::try_from(self.whole.0).map_err(|_| Error::format("too many rows for a list of Arrow"))?;
        self.ends.push(end);
        Ok(())
    }

    /// The column.
    fn finish(&mut self) -> Result<ArrayRef> {
        let mut arrays = self.rows.columns()?.take()?;
        let mut place = 0..;
        arrays.retain(|_| place.next().is_some_and(|place| self.kept.contains(&place)));
        self.whole = (0, 0);
        let nulls = Some(NullBuffer::from(mem::take(&mut self.present)));
        let ends = mem::replace(&mut self.ends, vec![0]);
        let column: std::result::Result<ArrayRef, ArrowError> = match self.shape {
            Shape::One => StructArray::try_new(self.fields.clone(), arrays, nulls).map(|one| Arc::new(one) as ArrayRef),
            Shape::List => StructArray::try_new(self.fields.clone(), arrays, None)
                .and_then(|rows| {
                    ListArray::try_new(self.element(), OffsetBuffer::new(ends.into()), Arc::new(rows), nulls)
                })
                .map(|lists| Arc::new(lists) as ArrayRef),
        };
        column.map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Annotated, Article};
    use arrow_array::{Array, cast::AsArray, types};

    fn annotated(id: &str, text: &str) -> Annotated {
        let article = Article { id: id.into(), source: "d".into(), record: 1, text: text.into(), ..Article::default() };
        Annotated { text: text.into(), article, paragraphs: 1, ..Annotated::default() }
    }

    fn reject(record: u64, detail: &str) -> Reject {
        Reject { source: "d".into(), record, byte_offset: 7, reason: "no text".into(), detail: detail.into() }
    }

    #[test]
    fn a_record_is_a_row_and_what_it_is_not_is_null() {
        let mut nested = Nested::new();
        let found = annotated("a", "One.");
        nested.reject(&reject(1, "empty")).unwrap();
        assert!(nested.article(&Document::new(&found, 0.0)).unwrap());
        nested.reject(&reject(3, "none")).unwrap();
        let batches = nested.finish().unwrap();
        let [batch] = &batches[..] else { panic!("{batches:?}") };
        assert_eq!(batch.schema(), nested_schema());
        let names: Vec<_> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names, ["article", "mentions", "entities", "quotes", "error"]);
        for (column, article) in [(0, true), (1, true), (2, true), (3, true), (4, false)] {
            let present: Vec<bool> = (0..3).map(|row| batch.column(column).is_valid(row)).collect();
            assert_eq!(present, [!article, article, !article], "column {column}");
        }
        assert_eq!(batch.column(1).as_list::<i32>().value(1).len(), 0, "nothing found is an empty list");
        let error = batch.column(4).as_struct();
        assert_eq!(error.column_names(), ["record", "byte_offset", "reason", "detail"]);
        assert_eq!(error.column(0).as_primitive::<types::Int64Type>().values(), &[1, 0, 3]);
        let ids: Vec<_> = batch.column(0).as_struct().column(0).as_string::<i32>().iter().collect();
        assert_eq!(ids, [None, Some("a"), None]);
        assert!(Nested::new().finish().unwrap().is_empty());
    }

    #[test]
    fn a_batch_ends_before_it_is_too_long_for_a_column() {
        let long = "x".repeat(MOST_BYTES / 3);
        let mut nested = Nested::new();
        for record in 1..=5 {
            nested.reject(&reject(record, &long)).unwrap();
        }
        let counts: Vec<usize> = nested.finish().unwrap().iter().map(RecordBatch::num_rows).collect();
        assert_eq!(counts, [3, 2]);
    }
}
