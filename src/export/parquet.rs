//! Parquet with real types: text, 64-bit integers, doubles, booleans; null where a cell is empty. Dates stay as they are, since
//! some are only years and some have a time; for each such column one of type DATE stands at the end, with the day where it is
//! known.

use super::{
    Exported,
    source::Source,
    value::{Value, day_of, value},
};
use crate::{
    error::{Error, Result},
    table::{Column, Kind, Schema},
};
use jiff::civil::Date;
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::Type,
};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    sync::Arc,
};

/// A group of rows ends after so many rows ...
const ROWS: usize = 1 << 17;
/// ... or so many bytes of text, of which there is one copy in memory.
const BYTES: usize = 1 << 26;

/// What the names of columns with days end with.
const DAY: &str = "_date";

/// Writes every table into a file of its own in `folder`.
pub(super) fn write_folder(source: &Source<'_>, folder: &Path) -> Result<Exported> {
    let mut exported = Exported::default();
    for name in source.names() {
        let rows = write(source, name, &folder.join(format!("{name}.parquet")))?;
        exported.counts.push(((*name).to_string(), rows));
    }
    Ok(exported)
}

/// Writes the only table into a file.
pub(super) fn write_file(source: &Source<'_>, path: &Path) -> Result<Exported> {
    let name = source.only().ok_or_else(|| Error::usage("name one table with --table"))?;
    let rows = write(source, name, path)?;
    Ok(Exported { counts: vec![(name.to_string(), rows)], remarks: Vec::new() })
}

/// Writes one table; how many rows it has.
fn write(source: &Source<'_>, name: &str, path: &Path) -> Result<u64> {
    let fails = |error: ParquetError| failed(error, path);
    let mut table = source.table(name)?;
    let schema = table.schema();
    let file = BufWriter::new(File::create(path).map_err(|error| Error::io(path, error))?);
    let compression = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_created_by(format!("onrecord version {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut writer =
        SerializedFileWriter::new(file, message(schema).map_err(fails)?, Arc::new(properties)).map_err(fails)?;
    let mut columns: Vec<Values> = schema.columns.iter().map(Values::of).collect();
    let days: Vec<usize> = dates(schema).map(|(place, _)| place).collect();
    columns.extend(days.iter().map(|_| Values::Days(Vec::new(), Vec::new())));
    let (mut rows, mut bytes) = (0, 0);
    while let Some(row) = table.read()? {
        let (cells, day_cells) = columns.split_at_mut(schema.columns.len());
        for (place, (column, values)) in schema.columns.iter().zip(cells).enumerate() {
            bytes += values.push(source.typed(value(&row, place, column)?, column));
        }
        for (place, values) in days.iter().zip(day_cells) {
            values.push_day(day_of(row.cell(*place)));
        }
        rows += 1;
        if rows == ROWS || bytes >= BYTES {
            group(&mut writer, &mut columns).map_err(fails)?;
            (rows, bytes) = (0, 0);
        }
    }
    if rows > 0 {
        group(&mut writer, &mut columns).map_err(fails)?;
    }
    writer.finish().map_err(fails)?;
    let file = writer.inner_mut();
    file.flush().and_then(|()| file.get_ref().sync_all()).map_err(|error| Error::io(path, error))?;
    Ok(table.count())
}

/// The columns that hold dates.
fn dates(schema: &Schema) -> impl Iterator<Item = (usize, &Column)> {
    schema.columns.iter().enumerate().filter(|(_, column)| column.kind == Kind::Date)
}

/// What the file says of its columns.
fn message(schema: &Schema) -> std::result::Result<Arc<Type>, ParquetError> {
    let field = |name: &str, physical, logical, repetition| {
        let field = Type::primitive_type_builder(name, physical).with_logical_type(logical).with_repetition(repetition);
        field.build().map(Arc::new)
    };
    let (required, optional) = (Repetition::REQUIRED, Repetition::OPTIONAL);
    let mut fields = Vec::new();
    for column in schema.columns {
        fields.push(match column.kind {
            Kind::Integer => field(column.name, Physical::INT64, None, required)?,
            Kind::Confidence => field(column.name, Physical::DOUBLE, None, required)?,
            Kind::Number => field(column.name, Physical::DOUBLE, None, optional)?,
            Kind::YesNo => field(column.name, Physical::BOOLEAN, None, optional)?,
            Kind::Text | Kind::Id | Kind::Date | Kind::OneOf(_) => {
                field(column.name, Physical::BYTE_ARRAY, Some(LogicalType::String), optional)?
            }
        });
    }
    for (_, column) in dates(schema) {
        fields.push(field(&format!("{}{DAY}", column.name), Physical::INT32, Some(LogicalType::Date), optional)?);
    }
    Type::group_type_builder(schema.name).with_fields(fields).build().map(Arc::new)
}

/// Cells of one column that are not written yet. Where there are levels, 1 stands for a cell that holds something, and 0 for
/// an empty one.
enum Values {
    Texts(Vec<ByteArray>, Vec<i16>),
    Integers(Vec<i64>),
    Confidences(Vec<f64>),
    Numbers(Vec<f64>, Vec<i16>),
    YesNos(Vec<bool>, Vec<i16>),
    Days(Vec<i32>, Vec<i16>),
}

impl Values {
    fn of(column: &Column) -> Values {
        match column.kind {
            Kind::Integer => Values::Integers(Vec::new()),
            Kind::Confidence => Values::Confidences(Vec::new()),
            Kind::Number => Values::Numbers(Vec::new(), Vec::new()),
            Kind::YesNo => Values::YesNos(Vec::new(), Vec::new()),
            Kind::Text | Kind::Id | Kind::Date | Kind::OneOf(_) => Values::Texts(Vec::new(), Vec::new()),
        }
    }

    /// Adds a cell; how many bytes it takes.
    fn push(&mut self, value: Value<'_>) -> usize {
        match (self, value) {
            (Values::Texts(texts, levels), Value::Text(text)) => {
                texts.push(ByteArray::from(text));
                levels.push(1);
                return text.len();
            }
            (Values::Integers(all), Value::Integer(number)) => all.push(number),
            (Values::Confidences(all), Value::Number(number)) => all.push(number),
            (Values::Numbers(all, levels), Value::Number(number)) => {
                all.push(number);
                levels.push(1);
            }
            (Values::YesNos(all, levels), Value::YesNo(yes)) => {
                all.push(yes);
                levels.push(1);
            }
            // Nothing, since the kind of the column has decided what else the value can be.
            (Values::Integers(all), _) => all.push(0),
            (Values::Confidences(all), _) => all.push(0.0),
            (
                Values::Texts(_, levels)
                | Values::Numbers(_, levels)
                | Values::YesNos(_, levels)
                | Values::Days(_, levels),
                _,
            ) => {
                levels.push(0);
            }
        }
        0
    }

    fn push_day(&mut self, day: Option<Date>) {
        let Values::Days(days, levels) = self else { return };
        let since = day.and_then(|day| day.since(Date::constant(1970, 1, 1)).ok()).map(|since| since.get_days());
        days.extend(since);
        levels.push(since.is_some().into());
    }

    /// Writes the column, and forgets it.
    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> std::result::Result<(), ParquetError> {
        match self {
            Values::Texts(values, levels) => put::<ByteArrayType, W>(group, values, Some(levels)),
            Values::Integers(values) => put::<Int64Type, W>(group, values, None),
            Values::Confidences(values) => put::<DoubleType, W>(group, values, None),
            Values::Numbers(values, levels) => put::<DoubleType, W>(group, values, Some(levels)),
            Values::YesNos(values, levels) => put::<BoolType, W>(group, values, Some(levels)),
            Values::Days(values, levels) => put::<Int32Type, W>(group, values, Some(levels)),
        }
    }
}

fn put<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &mut Vec<T::T>,
    mut levels: Option<&mut Vec<i16>>,
) -> std::result::Result<(), ParquetError> {
    let column = group.next_column()?;
    let mut column =
        column.ok_or_else(|| ParquetError::General("there are more columns than the schema has".into()))?;
    column.typed::<T>().write_batch(values, levels.as_deref().map(Vec::as_slice), None)?;
    column.close()?;
    values.clear();
    if let Some(levels) = &mut levels {
        levels.clear();
    }
    Ok(())
}

/// Writes a group of rows.
fn group<W: Write + Send>(
    writer: &mut SerializedFileWriter<W>,
    columns: &mut [Values],
) -> std::result::Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    columns.iter_mut().try_for_each(|values| values.write(&mut group))?;
    group.close().map(|_| ())
}

/// The error of this program for one of the crate.
fn failed(error: ParquetError, path: &Path) -> Error {
    match error {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => Error::io(path, *error),
            Err(error) => Error::format(error.to_string()).at_path(path),
        },
        error => Error::format(error.to_string()).at_path(path),
    }
}
