//! A column of a Parquet file -> one cell a row.

use super::super::{date, fields::Field};
use parquet::{
    basic::{ConvertedType, LogicalType, TimeUnit},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::DataType,
    errors::{ParquetError, Result},
    schema::types::ColumnDescriptor,
};

/// What a column holds in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    Null,
    /// A value as text, or several joined.
    Text(String),
    /// Bytes that are no text, and why.
    Bad(String),
}

/// How the values of a column are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'c> {
    pub column: &'c ColumnDescriptor,
    pub field: Field,
    /// Of a list, only the value at this place.
    pub pick: Option<usize>,
}

/// The next `count` rows of a column.
pub(super) fn next(reader: &mut ColumnReader, count: usize, shown: Shown<'_>) -> Result<Vec<Cell>> {
    let number = |n: i64| shown.number(n);
    match reader {
        ColumnReader::ByteArrayColumnReader(r) => rows(r, count, shown, |v| text(v.data())),
        ColumnReader::FixedLenByteArrayColumnReader(r) => rows(r, count, shown, |v| shown.fixed(v.data())),
        ColumnReader::Int32ColumnReader(r) => rows(r, count, shown, |v| number(shown.widened(*v))),
        ColumnReader::Int64ColumnReader(r) => rows(r, count, shown, |v| number(*v)),
        ColumnReader::Int96ColumnReader(r) => {
            rows(r, count, shown, |v| dated(date::from_instant(v.to_seconds(), 1, true)))
        }
        ColumnReader::FloatColumnReader(r) => rows(r, count, shown, |v| shown.float(f64::from(*v))),
        ColumnReader::DoubleColumnReader(r) => rows(r, count, shown, |v| shown.float(*v)),
        // A truth is no text, as in JSON.
        ColumnReader::BoolColumnReader(r) => rows(r, count, shown, |_| Cell::Null),
    }
}

fn rows<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    count: usize,
    shown: Shown<'_>,
    show: impl Fn(&T::T) -> Cell,
) -> Result<Vec<Cell>> {
    let (most_defined, most_repeated) = (shown.column.max_def_level(), shown.column.max_rep_level());
    let (mut defined, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let levels = (most_defined > 0).then_some(&mut defined);
    let (read, _, levels) =
        reader.read_records(count, levels, (most_repeated > 0).then_some(&mut repeated), &mut values)?;
    if read != count {
        return Err(ParquetError::General("the column has fewer rows than the table".to_string()));
    }
    let mut values = values.iter();
    let mut cells: Vec<Cell> = Vec::with_capacity(count);
    // The place in the list of the row.
    let mut place = 0;
    for level in 0..levels {
        if repeated.get(level).is_none_or(|level| *level == 0) {
            cells.push(Cell::Null);
            place = 0;
        }
        let is_there = defined.get(level).is_none_or(|level| *level == most_defined);
        if is_there
            && let (Some(cell), Some(value)) = (cells.last_mut(), values.next())
            && shown.pick.is_none_or(|pick| pick == place)
        {
            cell.join(show(value), shown.field);
        }
        place += 1;
    }
    if cells.len() == count {
        Ok(cells)
    } else {
        Err(ParquetError::General("the column has other rows than levels".to_string()))
    }
}

impl Cell {
    /// Adds the next value of a list, as lists in JSON are joined.
    fn join(&mut self, next: Cell, field: Field) {
        match (&mut *self, next) {
            (Cell::Text(text), Cell::Text(next)) => {
                text.push_str(if field == Field::Text { "\n\n" } else { "; " });
                text.push_str(&next);
            }
            (Cell::Null, next) | (Cell::Text(_), next @ Cell::Bad(_)) => *self = next,
            (Cell::Text(_), Cell::Null) | (Cell::Bad(_), _) => {}
        }
    }
}

fn text(bytes: &[u8]) -> Cell {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => Cell::Null,
        Ok(text) => Cell::Text(text.to_string()),
        Err(error) => Cell::Bad(format!("byte {} of the value is no UTF-8", error.valid_up_to() + 1)),
    }
}

impl Shown<'_> {
    fn fixed(&self, bytes: &[u8]) -> Cell {
        if matches!(self.column.logical_type_ref(), Some(LogicalType::Uuid)) {
            let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            let cut = |from: usize, to: usize| hex(bytes.get(from..to).unwrap_or_default());
            return Cell::Text([cut(0, 4), cut(4, 6), cut(6, 8), cut(8, 10), cut(10, 16)].join("-"));
        }
        text(bytes)
    }

    fn is_unsigned(&self) -> bool {
        use ConvertedType::{UINT_8, UINT_16, UINT_32, UINT_64};
        matches!(self.column.converted_type(), UINT_8 | UINT_16 | UINT_32 | UINT_64)
    }

    fn widened(&self, value: i32) -> i64 {
        if self.is_unsigned() { i64::from(value as u32) } else { i64::from(value) }
    }

    fn number(&self, value: i64) -> Cell {
        match (self.column.logical_type_ref(), self.column.converted_type()) {
            (Some(LogicalType::Date), _) | (_, ConvertedType::DATE) => dated(date::from_days(value)),
            (Some(LogicalType::Timestamp(kind)), _) => {
                let unit = match kind.unit {
                    TimeUnit::MILLIS => 1_000,
                    TimeUnit::MICROS => 1_000_000,
                    TimeUnit::NANOS => 1_000_000_000,
                };
                dated(date::from_instant(value, unit, kind.is_adjusted_to_u_t_c))
            }
            (_, ConvertedType::TIMESTAMP_MILLIS) => dated(date::from_instant(value, 1_000, true)),
            (_, ConvertedType::TIMESTAMP_MICROS) => dated(date::from_instant(value, 1_000_000, true)),
            // Sums of money and times of day are none of the fields.
            (Some(LogicalType::Decimal(_) | LogicalType::Time(_)), _) => Cell::Null,
            _ if self.field == Field::Published => Cell::Text(date::from_number(&value.into())),
            _ if self.is_unsigned() => Cell::Text((value as u64).to_string()),
            _ => Cell::Text(value.to_string()),
        }
    }

    fn float(&self, value: f64) -> Cell {
        match serde_json::Number::from_f64(value) {
            Some(number) if self.field == Field::Published => Cell::Text(date::from_number(&number)),
            Some(number) => Cell::Text(number.to_string()),
            None => Cell::Null,
        }
    }
}

/// A date as a cell.
fn dated(date: Option<String>) -> Cell {
    date.map_or(Cell::Null, Cell::Text)
}
