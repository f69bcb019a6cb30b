//! Rows as columns of Arrow: the same columns as the CSV tables, with types, for programs that share memory with this one.
//!
//! What is empty in a table is null, whatever its type, as in all typed forms of the tables ([`Value`]). A column that must be a
//! number or a truth is null too where a cell is something else, which only a gazetteer of somebody's can bring about.

use super::{Column, Kind, Schema, Value};
use crate::error::{Error, Result};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, SchemaRef};
use std::{mem, ops::Range, sync::Arc};

/// Rows go into another batch when they have this many bytes of text: a column of one batch can hold no more than 2 GB.
pub(super) const MOST_BYTES: usize = 64 << 20;
/// The most bytes or rows for which there is room beforehand.
const MOST_RESERVED: usize = 1 << 20;
/// The most bytes of text in a column of one batch ...
const LONGEST: usize = i32::MAX as usize;
/// ... and in what is added to one at once, if all of it may stand in a column.
pub(super) const LONGEST_ADDED: usize = LONGEST - MOST_BYTES;

/// Rows of one table, column by column: what [`Rows::typed`](super::Rows::typed) fills.
#[derive(Debug)]
pub(super) struct Columns {
    columns: &'static [Column],
    filled: Vec<Filled>,
    /// What batches look like; none if somebody else makes batches of the columns.
    schema: Option<SchemaRef>,
    full: Vec<RecordBatch>,
    /// The bytes of a cell that is no text, until it is read.
    bare: Vec<u8>,
    rows: usize,
    /// Bytes of text in all cells.
    bytes: usize,
    longest: usize,
    /// A column with more text than one can hold.
    too_long: Option<&'static str>,
}

/// How much some columns hold: what the next ones will hold too, more or less.
#[derive(Clone, Debug, Default)]
pub struct Sizes {
    rows: usize,
    /// Bytes of text, by column.
    bytes: Vec<usize>,
}

/// The cells of a column so far.
#[derive(Debug)]
enum Filled {
    /// All texts, and where each ends, behind a 0.
    Texts(Vec<u8>, Vec<i32>),
    Integers(Vec<i64>),
    Confidences(Vec<f64>),
    Numbers(Vec<Option<f64>>),
    Truths(Vec<Option<bool>>),
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
    /// No rows yet of a table with these `columns`. With a `schema`, which [`arrow_schema()`] has made, they become batches of some
    /// size.
    pub(super) fn new(columns: &'static [Column], schema: Option<SchemaRef>) -> Columns {
        let filled = columns.iter().map(Filled::new).collect();
        Columns {
            columns,
            filled,
            schema,
            full: Vec::new(),
            bare: Vec::new(),
            rows: 0,
            bytes: 0,
            longest: LONGEST,
            too_long: None,
        }
    }

    /// How much they hold.
    pub(super) fn sizes(&self) -> Sizes {
        let bytes = |filled: &Filled| if let Filled::Texts(bytes, _) = filled { bytes.len() } else { 0 };
        Sizes { rows: self.rows, bytes: self.filled.iter().map(bytes).collect() }
    }

    /// Makes room for as much as `like` says, and an eighth more; for what is much more than news needs, it is made when it is
    /// needed.
    pub(super) fn reserve(&mut self, like: &Sizes) {
        let more = |size: usize| (size + size / 8).min(MOST_RESERVED);
        for (filled, size) in self.filled.iter_mut().zip(&like.bytes) {
            filled.reserve(more(like.rows), more(*size));
        }
    }

    /// Where the next row will be: the number of its batch, and its number there.
    pub(super) fn place(&self) -> (usize, usize) {
        (self.full.len(), self.rows)
    }

    /// Bytes of text in all cells.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes note that a row is whole.
    ///
    /// # Errors
    /// A cell that is too long for a column of batches.
    pub(super) fn end(&mut self) -> Result<()> {
        self.rows += 1;
        if self.schema.is_some() && (self.bytes >= MOST_BYTES || self.too_long.is_some()) {
            self.batch()?;
        }
        Ok(())
    }

    /// Makes a batch of the rows.
    fn batch(&mut self) -> Result<()> {
        if let Some(column) = self.too_long {
            return Err(Error::format(format!("a {column} is too long for a column of Arrow")));
        }
        let rows = self.rows;
        if let Some(schema) = self.schema.clone()
            && rows > 0
        {
            let options = RecordBatchOptions::new().with_row_count(Some(rows));
            let arrays = self.take()?;
            self.full.push(RecordBatch::try_new_with_options(schema, arrays, &options).map_err(failed)?);
        }
        Ok(())
    }

    /// The rows as batches, in order; none if there are no rows.
    ///
    /// # Errors
    /// As [`Columns::end`].
    pub(super) fn batches(mut self) -> Result<Vec<RecordBatch>> {
        self.batch()?;
        Ok(self.full)
    }

    /// Where the bytes of the next cell of column number `place` go. [`Columns::close`] ends the cell.
    pub(super) fn open(&mut self, place: usize) -> &mut Vec<u8> {
        match self.filled.get_mut(place) {
            Some(Filled::Texts(bytes, _)) => bytes,
            _ => &mut self.bare,
        }
    }

    /// Ends the cell that began at `start`.
    ///
    /// # Errors
    /// A cell that must be a number and is none.
    pub(super) fn close(&mut self, place: usize, start: usize) -> Result<()> {
        let (Some(filled), Some(column)) = (self.filled.get_mut(place), self.columns.get(place)) else { return Ok(()) };
        if let Filled::Texts(bytes, ends) = filled {
            if bytes.len() > self.longest {
                bytes.truncate(start);
                self.too_long = Some(column.name);
            }
            self.bytes += bytes.len() - start;
            ends.push(bytes.len() as i32);
            return Ok(());
        }
        let cell = std::str::from_utf8(&self.bare).unwrap_or_default();
        let value = Value::of(column.kind, cell);
        let wrong = value.is_none().then(|| format!("the {} {cell:?} is no number", column.name));
        // The column has a cell all the same: all have as many.
        filled.push(value.unwrap_or(Value::Empty));
        self.bare.clear();
        wrong.map_or(Ok(()), |wrong| Err(Error::format(wrong)))
    }

    /// Adds a text to column number `place`, if that is one of texts.
    pub(super) fn text(&mut self, place: usize, text: &str) -> bool {
        let Some(Filled::Texts(bytes, ends)) = self.filled.get_mut(place) else { return false };
        if bytes.len() + text.len() > self.longest {
            self.too_long = self.columns.get(place).map(|column| column.name);
        } else {
            bytes.extend_from_slice(text.as_bytes());
            self.bytes += text.len();
        }
        ends.push(bytes.len() as i32);
        true
    }

    /// Adds a whole number to column number `place`, if that is one of whole numbers.
    pub(super) fn integer(&mut self, place: usize, number: u64) -> bool {
        let Some(Filled::Integers(integers)) = self.filled.get_mut(place) else { return false };
        integers.push(i64::try_from(number).unwrap_or(i64::MAX));
        true
    }

    /// Adds a probability in hundredths to column number `place`, if that is one of probabilities.
    pub(super) fn hundredths(&mut self, place: usize, hundredths: u8) -> bool {
        let Some(Filled::Confidences(numbers)) = self.filled.get_mut(place) else { return false };
        numbers.push(f64::from(hundredths) / 100.0);
        true
    }

    /// Adds to each of the columns in `places` the cell that the row at `place` has there; returns whether that row is still there.
    pub(super) fn repeat(&mut self, places: Range<usize>, (batch, row): (usize, usize)) -> bool {
        if batch != self.full.len() {
            return false;
        }
        let columns = self.columns.get(places.clone()).unwrap_or_default();
        for (filled, column) in self.filled.get_mut(places).unwrap_or_default().iter_mut().zip(columns) {
            if let Filled::Texts(bytes, ends) = filled {
                let cell = ends[row] as usize..ends[row + 1] as usize;
                if bytes.len() + cell.len() > self.longest {
                    self.too_long = Some(column.name);
                } else {
                    self.bytes += cell.len();
                    bytes.extend_from_within(cell);
                }
                ends.push(bytes.len() as i32);
            } else {
                filled.repeat(row);
            }
        }
        true
    }

    /// Adds a row that nobody sees: a column that is never null must not be so here either.
    pub(super) fn pad(&mut self) {
        self.filled.iter_mut().for_each(Filled::pad);
        self.rows += 1;
    }

    /// Throws away all but the first `rows`. `bytes` is what [`Columns::bytes`] was then.
    pub(super) fn truncate(&mut self, rows: usize, bytes: usize) {
        self.filled.iter_mut().for_each(|filled| filled.truncate(rows));
        (self.rows, self.bytes, self.too_long) = (rows, bytes, None);
    }

    /// The name of a column whose cells were too long, and are left out.
    pub(super) fn too_long(&self) -> Option<&'static str> {
        self.too_long
    }

    /// Takes all rows away, as arrays.
    ///
    /// # Errors
    /// None that a table of ours could bring about.
    pub(super) fn take(&mut self) -> Result<Vec<ArrayRef>> {
        (self.rows, self.bytes) = (0, 0);
        self.filled.iter_mut().map(|filled| filled.take().map_err(failed)).collect()
    }
}

impl Filled {
    fn new(column: &Column) -> Filled {
        match column.kind {
            Kind::Integer => Filled::Integers(Vec::new()),
            Kind::Confidence => Filled::Confidences(Vec::new()),
            Kind::Number => Filled::Numbers(Vec::new()),
            Kind::YesNo => Filled::Truths(Vec::new()),
            Kind::Text | Kind::Id | Kind::Date | Kind::OneOf(_) => Filled::Texts(Vec::new(), vec![0]),
        }
    }

    fn reserve(&mut self, rows: usize, bytes: usize) {
        match self {
            Filled::Texts(text, ends) => {
                text.reserve(bytes);
                ends.reserve(rows);
            }
            Filled::Integers(integers) => integers.reserve(rows),
            Filled::Confidences(numbers) => numbers.reserve(rows),
            Filled::Numbers(numbers) => numbers.reserve(rows),
            Filled::Truths(truths) => truths.reserve(rows),
        }
    }

    /// Adds a cell that is no text. The kind of the column has decided what it can be.
    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Filled::Integers(integers), Value::Integer(number)) => integers.push(number),
            (Filled::Confidences(numbers), Value::Number(number)) => numbers.push(number),
            (Filled::Numbers(numbers), Value::Number(number)) => numbers.push(Some(number)),
            (Filled::Truths(truths), Value::YesNo(yes)) => truths.push(Some(yes)),
            (filled, _) => filled.pad(),
        }
    }

    fn pad(&mut self) {
        match self {
            Filled::Texts(bytes, ends) => ends.push(bytes.len() as i32),
            Filled::Integers(integers) => integers.push(0),
            Filled::Confidences(numbers) => numbers.push(0.0),
            Filled::Numbers(numbers) => numbers.push(None),
            Filled::Truths(truths) => truths.push(None),
        }
    }

    /// Adds the cell of row number `row` again, which is no text.
    fn repeat(&mut self, row: usize) {
        match self {
            Filled::Texts(..) => {}
            Filled::Integers(integers) => integers.push(integers[row]),
            Filled::Confidences(numbers) => numbers.push(numbers[row]),
            Filled::Numbers(numbers) => numbers.push(numbers[row]),
            Filled::Truths(truths) => truths.push(truths[row]),
        }
    }

    fn truncate(&mut self, rows: usize) {
        match self {
            Filled::Texts(bytes, ends) => {
                ends.truncate(rows + 1);
                bytes.truncate(ends.last().map_or(0, |end| *end as usize));
            }
            Filled::Integers(integers) => integers.truncate(rows),
            Filled::Confidences(numbers) => numbers.truncate(rows),
            Filled::Numbers(numbers) => numbers.truncate(rows),
            Filled::Truths(truths) => truths.truncate(rows),
        }
    }

    fn take(&mut self) -> std::result::Result<ArrayRef, ArrowError> {
        Ok(match self {
            Filled::Texts(bytes, ends) => {
                let (bytes, ends) = (mem::take(bytes), mem::replace(ends, vec![0]));
                let filled = BooleanBuffer::collect_bool(ends.len() - 1, |row| ends[row] < ends[row + 1]);
                let nulls = NullBuffer::new(filled);
                let nulls = (nulls.null_count() > 0).then_some(nulls);
                Arc::new(StringArray::try_new(OffsetBuffer::new(ends.into()), bytes.into(), nulls)?)
            }
            Filled::Integers(integers) => Arc::new(Int64Array::from(mem::take(integers))),
            Filled::Confidences(numbers) => Arc::new(Float64Array::from(mem::take(numbers))),
            Filled::Numbers(numbers) => Arc::new(Float64Array::from(mem::take(numbers))),
            Filled::Truths(truths) => Arc::new(BooleanArray::from(mem::take(truths))),
        })
    }
}

/// Joins batches until each has so many rows: many small ones cost whoever reads them more than they hold.
const ROWS: usize = 1 << 16;
/// A batch of so many rows stays as it is: to copy them would cost more than it saves.
const FEW: usize = 512;

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
        if batch.num_rows() >= FEW {
            self.join()?;
            self.whole.push(batch);
            return Ok(());
        }
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

    fn fill(rows: &mut Rows, cells: &[(&str, u64, &str, &str)]) {
        let mut kept = None;
        for (id, n, north, known) in cells {
            rows.text(id);
            rows.number(*n);
            rows.again(&mut kept, |rows| rows.confidence(0.5));
            rows.numeric(north);
            rows.word(known);
            rows.end();
        }
    }

    fn batches(cells: &[(&str, u64, &str, &str)]) -> Vec<RecordBatch> {
        let mut rows = Rows::typed(&FIVE, arrow_schema(&FIVE));
        fill(&mut rows, cells);
        rows.batches().unwrap()
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
    fn what_is_too_long_for_a_column_is_told_and_can_be_taken_back() {
        for schema in [Some(arrow_schema(&FIVE)), None] {
            let of_batches = schema.is_some();
            let columns = Columns { longest: 9, ..Columns::new(FIVE.columns, schema) };
            let mut rows = Rows::of_columns(&FIVE, columns);
            fill(&mut rows, &[("abcd", 1, "", "")]);
            let bytes = rows.columns().unwrap().bytes();
            fill(&mut rows, &[("efghi", 2, "2", "yes"), ("j", 3, "", "")]);
            if of_batches {
                let message = rows.batches().unwrap_err().to_string();
                assert!(message.contains("id is too long"), "{message}");
                continue;
            }
            assert_eq!(rows.columns().unwrap().too_long(), Some("id"));
            rows.columns().unwrap().truncate(1, bytes);
            assert_eq!(rows.columns().unwrap().too_long(), None);
            fill(&mut rows, &[("klmno", 4, "4", "no")]);
            let arrays = rows.columns().unwrap().take().unwrap();
            let ids: Vec<_> = arrays[0].as_string::<i32>().iter().collect();
            assert_eq!(ids, [Some("abcd"), Some("klmno")]);
            assert_eq!(arrays[1].as_primitive::<types::Int64Type>().values(), &[1, 4]);
            assert_eq!(arrays[4].as_boolean().iter().collect::<Vec<_>>(), [None, Some(false)]);
        }
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
        let large: Vec<_> = (0..FEW as u64).map(|n| ("b", ROWS as u64 + 5 + n, "", "")).collect();
        batches(&large).into_iter().try_for_each(|batch| joined.push(batch)).unwrap();
        joined.push(batches(&[("c", (ROWS + 5 + FEW) as u64, "", "")]).remove(0)).unwrap();
        let joined = joined.finish().unwrap();
        let numbers: Vec<i64> = joined
            .iter()
            .flat_map(|batch| batch.column(1).as_primitive::<types::Int64Type>().values().to_vec())
            .collect();
        assert!(joined.len() < 100 && numbers.iter().enumerate().all(|(at, n)| at as i64 == *n));
        assert_eq!(numbers.len(), ROWS + 5 + FEW + 1);
        let counts: Vec<usize> = joined.iter().map(RecordBatch::num_rows).collect();
        assert_eq!(counts, [ROWS, 5, FEW, 1]);
        assert_eq!(Joined::new(arrow_schema(&FIVE)).finish().unwrap().len(), 0);
        assert_eq!(joined[0].column(0).null_count(), 0);
    }
}
