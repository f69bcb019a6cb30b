//! Rows as columns of Arrow: the same columns as the CSV tables, with types, for programs that share memory with this one.
//!
//! What is empty in a table is null, whatever its type, as in all typed forms of the tables ([`Value`]). A column that must be a
//! number or a truth is null too where a cell is something else, which only a gazetteer of somebody's can bring about.

use super::{Cells, Column, Kind, Schema, Value};
use crate::error::{Error, Result};
use arrow_array::{
    ArrayRef, RecordBatch, RecordBatchOptions,
    builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder},
};
use arrow_schema::{ArrowError, DataType, Field, SchemaRef};
use std::{mem, sync::Arc};

/// Rows go into another batch when they have this many bytes of text: a column of one batch can hold no more than 2 GB ...
pub(super) const MOST_BYTES: usize = 64 << 20;
/// ... and the longest cell may have so many bytes.
pub(super) const LONGEST: usize = (i32::MAX as usize) - MOST_BYTES;

/// Collects rows of one table.
#[derive(Debug)]
pub struct Columns {
    schema: SchemaRef,
    columns: &'static [Column],
    values: Vec<Values>,
    rows: usize,
    bytes: usize,
    full: Vec<RecordBatch>,
}

/// The cells of a column.
#[derive(Debug)]
pub(super) enum Values {
    Texts(StringBuilder),
    Integers(Int64Builder),
    Numbers(Float64Builder),
    Truths(BooleanBuilder),
}

/// What a table looks like in Arrow. A column can be null unless its cells are never empty; what it says stands in its metadata, under
/// `description`.
pub fn arrow_schema(schema: &Schema) -> SchemaRef {
    Arc::new(arrow_schema::Schema::new(schema.columns.iter().map(field).collect::<Vec<_>>()))
}

/// One column of it.
pub(super) fn field(column: &Column) -> Field {
    let (of, nullable) = match column.kind {
        Kind::Integer => (DataType::Int64, false),
        Kind::Confidence => (DataType::Float64, false),
        Kind::Number => (DataType::Float64, true),
        Kind::YesNo => (DataType::Boolean, true),
        Kind::Text | Kind::Id | Kind::Date | Kind::OneOf(_) => (DataType::Utf8, true),
    };
    described(Field::new(column.name, of, nullable), column.about)
}

/// `field` with what it says.
pub(super) fn described(field: Field, about: &str) -> Field {
    field.with_metadata(std::collections::HashMap::from([("description".to_string(), about.to_string())]))
}

impl Columns {
    /// No rows of a table that looks like `schema` yet; `arrow` is what [`arrow_schema()`] makes of it.
    pub fn new(schema: &Schema, arrow: SchemaRef) -> Columns {
        let (values, columns) = (schema.columns.iter().map(Values::new).collect(), schema.columns);
        Columns { schema: arrow, columns, values, rows: 0, bytes: 0, full: Vec::new() }
    }

    /// Adds rows of that table.
    ///
    /// # Errors
    /// A cell that must be a number and is none, or is too long for Arrow.
    pub fn add(&mut self, cells: Cells<'_>) -> Result<()> {
        for row in cells.rows() {
            for (place, (column, values)) in self.columns.iter().zip(&mut self.values).enumerate() {
                let cell = row.cell(place);
                self.bytes += cell.len();
                if cell.len() > LONGEST {
                    let message =
                        format!("a {} of {} bytes is too long for a column of Arrow", column.name, cell.len());
                    return Err(Error::format(message));
                }
                values.push_cell(column, cell)?;
            }
            self.rows += 1;
            if self.bytes >= MOST_BYTES {
                self.close()?;
            }
        }
        Ok(())
    }

    /// The rows as batches, in order; none if there are no rows.
    ///
    /// # Errors
    /// None that a table of ours could bring about.
    pub fn finish(mut self) -> Result<Vec<RecordBatch>> {
        self.close()?;
        Ok(self.full)
    }

    fn close(&mut self) -> Result<()> {
        if self.rows > 0 {
            let arrays: Vec<ArrayRef> = self.values.iter_mut().map(Values::finish).collect();
            let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
            let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options);
            self.full.push(batch.map_err(failed)?);
        }
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Values {
    /// No cells of `column` yet.
    pub(super) fn new(column: &Column) -> Values {
        match column.kind {
            Kind::Integer => Values::Integers(Int64Builder::with_capacity(0)),
            Kind::Confidence | Kind::Number => Values::Numbers(Float64Builder::with_capacity(0)),
            Kind::YesNo => Values::Truths(BooleanBuilder::with_capacity(0)),
            Kind::Text | Kind::Id | Kind::Date | Kind::OneOf(_) => Values::Texts(StringBuilder::with_capacity(0, 0)),
        }
    }

    /// Adds a `cell` of `column`.
    ///
    /// # Errors
    /// A cell that must be a number and is none.
    pub(super) fn push_cell(&mut self, column: &Column, cell: &str) -> Result<()> {
        let value = Value::of(column.kind, cell);
        self.push(value.ok_or_else(|| Error::format(format!("the {} {cell:?} is no number", column.name)))?);
        Ok(())
    }

    /// Adds a cell of a row that is not there: nobody sees it, but a column that is never null must not be so here either.
    pub(super) fn pad(&mut self) {
        self.push(match self {
            Values::Integers(_) => Value::Integer(0),
            Values::Numbers(_) => Value::Number(0.0),
            Values::Texts(_) | Values::Truths(_) => Value::Empty,
        });
    }

    /// Adds a cell. The kind of the column has decided what it can be.
    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Values::Texts(texts), Value::Text(text)) => texts.append_value(text),
            (Values::Integers(integers), Value::Integer(number)) => integers.append_value(number),
            (Values::Numbers(numbers), Value::Number(number)) => numbers.append_value(number),
            (Values::Truths(truths), Value::YesNo(yes)) => truths.append_value(yes),
            (Values::Texts(texts), _) => texts.append_null(),
            (Values::Integers(integers), _) => integers.append_null(),
            (Values::Numbers(numbers), _) => numbers.append_null(),
            (Values::Truths(truths), _) => truths.append_null(),
        }
    }

    pub(super) fn finish(&mut self) -> ArrayRef {
        match self {
            Values::Texts(texts) => Arc::new(texts.finish()),
            Values::Integers(integers) => Arc::new(integers.finish()),
            Values::Numbers(numbers) => Arc::new(numbers.finish()),
            Values::Truths(truths) => Arc::new(truths.finish()),
        }
    }
}

/// Joins batches until each has so many rows: many small ones cost whoever reads them more than they hold.
const ROWS: usize = 1 << 16;

/// Batches of one table, of which small ones are joined as they come.
#[derive(Debug)]
pub struct Joined {
    schema: SchemaRef,
    whole: Vec<RecordBatch>,
    small: Vec<RecordBatch>,
    /// Of the small ones.
    rows: usize,
    bytes: usize,
}

impl Joined {
    /// No batches of a table that looks like `schema` yet.
    pub fn new(schema: SchemaRef) -> Joined {
        Joined { schema, whole: Vec::new(), small: Vec::new(), rows: 0, bytes: 0 }
    }

    /// Adds a batch.
    ///
    /// # Errors
    /// None that a table of ours could bring about.
    pub fn push(&mut self, batch: RecordBatch) -> Result<()> {
        self.rows += batch.num_rows();
        self.bytes += batch.get_array_memory_size();
        self.small.push(batch);
        if self.rows >= ROWS || self.bytes >= MOST_BYTES { self.join() } else { Ok(()) }
    }

    /// All batches, in order; none if there are no rows.
    ///
    /// # Errors
    /// None that a table of ours could bring about.
    pub fn finish(mut self) -> Result<Vec<RecordBatch>> {
        self.join()?;
        Ok(self.whole)
    }

    /// Takes away those that are large enough.
    pub fn take(&mut self) -> Vec<RecordBatch> {
        mem::take(&mut self.whole)
    }

    /// Takes away all, in order; none if there are no rows.
    ///
    /// # Errors
    /// None that a table of ours could bring about.
    pub fn take_all(&mut self) -> Result<Vec<RecordBatch>> {
        self.join()?;
        Ok(self.take())
    }

    fn join(&mut self) -> Result<()> {
        (self.rows, self.bytes) = (0, 0);
        let small = mem::take(&mut self.small);
        if !small.is_empty() {
            self.whole.push(arrow_select::concat::concat_batches(&self.schema, &small).map_err(failed)?);
        }
        Ok(())
    }
}

pub(super) fn failed(error: ArrowError) -> Error {
    Error::format(format!("{error}: please report this"))
}

#[cfg(test)]
mod tests {
    use super::super::{Rows, column};
    use super::*;
    use arrow_array::{Array, cast::AsArray, types};

    const FIVE: Schema = Schema {
        name: "five",
        about: "",
        columns: &[
            column("id", Kind::Id, "Its number."),
            column("n", Kind::Integer, ""),
            column("sure", Kind::Confidence, ""),
            column("north", Kind::Number, ""),
            column("known", Kind::YesNo, ""),
        ],
        key: &[],
        references: &[],
    };

    fn batches(rows: &[(&str, u64, &str, &str)]) -> Vec<RecordBatch> {
        let mut cells = Rows::raw(&FIVE);
        for (id, n, north, known) in rows {
            cells.text(id);
            cells.number(*n);
            cells.confidence(0.5);
            cells.numeric(north);
            cells.word(known);
            cells.end();
        }
        let mut columns = Columns::new(&FIVE, arrow_schema(&FIVE));
        columns.add(cells.cells().unwrap()).unwrap();
        columns.finish().unwrap()
    }

    #[test]
    fn cells_get_the_type_of_their_column_and_empty_ones_are_null() {
        let all = batches(&[("007", 1, "-1.5", "yes"), ("", 2, "", ""), ("=1", 3, "north", "no")]);
        let [batch] = &all[..] else { panic!("{all:?}") };
        let ids: Vec<_> = batch.column(0).as_string::<i32>().iter().collect();
        assert_eq!(ids, [Some("007"), None, Some("=1")]);
        assert_eq!(batch.column(1).as_primitive::<types::Int64Type>().values(), &[1, 2, 3]);
        assert_eq!(batch.column(2).as_primitive::<types::Float64Type>().value(2), 0.5);
        let north: Vec<_> = batch.column(3).as_primitive::<types::Float64Type>().iter().collect();
        assert_eq!(north, [Some(-1.5), None, None]);
        let known: Vec<_> = batch.column(4).as_boolean().iter().collect();
        assert_eq!(known, [Some(true), None, Some(false)]);
        let schema = batch.schema();
        assert_eq!(schema.field(0).metadata()["description"], "Its number.");
        let nullable: Vec<bool> = schema.fields().iter().map(|field| field.is_nullable()).collect();
        assert_eq!(nullable, [true, false, false, true, true]);
        assert!(batches(&[]).is_empty());
    }

    #[test]
    fn long_tables_are_cut_and_short_ones_joined() {
        let long = "x".repeat(MOST_BYTES / 4 + 1);
        let rows: Vec<_> = (0..9).map(|n| (long.as_str(), n, "", "")).collect();
        let all = batches(&rows);
        let counts: Vec<usize> = all.iter().map(RecordBatch::num_rows).collect();
        assert_eq!(counts, [4, 4, 1]);

        let mut joined = Joined::new(arrow_schema(&FIVE));
        for n in 0..ROWS as u64 + 5 {
            for batch in batches(&[("a", n, "", "")]) {
                joined.push(batch).unwrap();
            }
        }
        let joined = joined.finish().unwrap();
        let numbers: Vec<i64> = joined
            .iter()
            .flat_map(|batch| batch.column(1).as_primitive::<types::Int64Type>().values().to_vec())
            .collect();
        assert!(joined.len() < 100 && numbers.iter().enumerate().all(|(at, n)| at as i64 == *n));
        assert_eq!(numbers.len(), ROWS + 5);
        assert_eq!(Joined::new(arrow_schema(&FIVE)).finish().unwrap().len(), 0);
        assert_eq!(joined[0].column(0).null_count(), 0);
    }
}
