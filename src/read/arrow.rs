//! Rows of a table of Arrow -> records: the columns go by the names of the fields of JSON records, and hold what columns of
//! Parquet may hold.
//!
//! Text may be binary, as long as it is UTF-8; a value that is not costs its row alone.

use super::{Field, Fields, Parsed, Reason, date, fields};
use crate::error::{Error, Result};
use arrow_array::{
    Array, ArrayRef, RecordBatch, cast::AsArray, downcast_dictionary_array, downcast_integer_array, types,
};
use arrow_schema::{DataType, Schema, TimeUnit};
use std::borrow::Cow;

/// Names of columns that an error lists.
const LISTED: usize = 40;

/// Which columns of a table are which fields.
#[derive(Debug)]
pub struct ArrowColumns {
    columns: Vec<Picked>,
    missing_text: String,
}

/// A column that may hold a field, best first.
#[derive(Debug)]
struct Picked {
    field: Field,
    /// 0 is best; a column counts where better ones hold nothing.
    rank: usize,
    /// Its number among the columns of the table.
    place: usize,
    /// The way into it, if it holds structures or lists.
    path: Vec<String>,
}

impl ArrowColumns {
    /// Finds the fields in the schema of a table. A table of one column is a table of texts, whatever it is called.
    ///
    /// # Errors
    /// No column of texts; a field that the user named and that is not there, or holds what is no text, number or date.
    pub fn new(schema: &Schema, fields: &Fields) -> Result<ArrowColumns> {
        let (mut columns, mut unusable) = (Vec::new(), Vec::new());
        for (place, column) in schema.fields().iter().enumerate() {
            for (field, rank, rest) in fields.wanted(column.name()) {
                let path: Vec<String> = rest.split('.').filter(|key| !key.is_empty()).map(str::to_string).collect();
                match holds(column.data_type(), &path, field) {
                    true => columns.push(Picked { field, rank, place, path }),
                    false => unusable.push((field, column)),
                }
            }
        }
        if let ([only], None) = (&schema.fields()[..], fields.named(Field::Text))
            && columns.is_empty()
            && holds(only.data_type(), &[], Field::Text)
        {
            columns.push(Picked { field: Field::Text, rank: 0, place: 0, path: Vec::new() });
        }
        columns.sort_by_key(|column| column.rank);
        let has = |field| columns.iter().any(|column: &Picked| column.field == field);
        let mut wanted = Field::ALL.into_iter().filter(|field| *field == Field::Text || fields.named(*field).is_some());
        if let Some(field) = wanted.find(|field| !has(*field)) {
            let what = match (unusable.iter().find(|(of, _)| *of == field), fields.named(field)) {
                (Some((_, column)), _) => {
                    let (name, holds) = (column.name(), column.data_type());
                    let text = if field == Field::Text { "no texts" } else { "no texts, numbers or dates" };
                    format!("column `{name}` holds {holds}, {text}")
                }
                (None, Some(path)) => format!("there is no column `{path}`"),
                (None, None) => {
                    let usual = fields::usual_names(Field::Text);
                    format!("there is no column of texts: none is called {usual} (see --text-field)")
                }
            };
            return Err(Error::usage(format!("{what}; the columns are {}", listed(schema))));
        }
        Ok(ArrowColumns { columns, missing_text: fields.missing_text() })
    }

    /// The numbers of the columns that are read.
    pub fn places(&self) -> Vec<usize> {
        let mut places: Vec<usize> = self.columns.iter().map(|column| column.place).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Row `row` (from 0) of `batch`, which must have the columns of the schema, without id, source and number.
    ///
    /// # Errors
    /// A row without a text, or with one that is no UTF-8.
    pub fn record(&self, batch: &RecordBatch, row: usize) -> Parsed {
        let (mut found, mut bad) = (fields::Found::default(), None);
        for Picked { field, rank, place, path } in &self.columns {
            let slot = &mut found[*field as usize];
            let (None, Some(array)) = (&slot, batch.columns().get(*place)) else { continue };
            match cell(array, row, path, *field) {
                Cell::Text(text) => *slot = Some((*rank, text)),
                Cell::Bad(what) if *field == Field::Text => bad = bad.or(Some(what)),
                Cell::Null | Cell::Bad(_) => {}
            }
        }
        fields::assemble(found).ok_or_else(|| match bad {
            Some(what) => (Reason::BadEncoding, what),
            None => (Reason::NoText, self.missing_text.clone()),
        })
    }
}

fn listed(schema: &Schema) -> String {
    let names: Vec<String> = schema.fields().iter().take(LISTED).map(|field| format!("`{}`", field.name())).collect();
    match schema.fields().len() {
        0 => "none".to_string(),
        count if count > LISTED => format!("{} and {} more", names.join(", "), count - LISTED),
        _ => names.join(", "),
    }
}

/// The place among `names` of what `path` leads to, and the rest of the path.
fn member<'p>(names: &[&str], path: &'p [String]) -> Option<(usize, &'p [String])> {
    let place = |wanted: &str| names.iter().position(|name| *name == wanted);
    let Some((key, rest)) = path.split_first() else {
        return fields::MEMBERS.into_iter().find_map(place).map(|at| (at, path));
    };
    let folded = || names.iter().position(|name| fields::fold(name) == fields::fold(key));
    place(key).or_else(folded).map(|at| (at, rest))
}

/// Whether what `path` leads to in a column can be shown as text.
fn holds(of: &DataType, path: &[String], field: Field) -> bool {
    match of {
        DataType::Struct(members) => {
            let names: Vec<&str> = members.iter().map(|member| member.name().as_str()).collect();
            member(&names, path).is_some_and(|(at, rest)| holds(members[at].data_type(), rest, field))
        }
        DataType::List(element) | DataType::LargeList(element) | DataType::FixedSizeList(element, _) => {
            holds(element.data_type(), pick(path).map_or(path, |_| &path[1..]), field)
        }
        DataType::Dictionary(_, values) => holds(values, path, field),
        _ if !path.is_empty() => false,
        DataType::Null
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView => true,
        _ if field == Field::Text => false,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => true,
        DataType::Float32 | DataType::Float64 => true,
        other => other.is_integer(),
    }
}

/// The number that a path begins with: a place in a list.
fn pick(path: &[String]) -> Option<usize> {
    path.first().and_then(|key| key.parse().ok())
}

/// What a column holds in one row.
enum Cell<'a> {
    Null,
    Text(Cow<'a, str>),
    /// Bytes that are no text, and why.
    Bad(String),
}

/// What `path` leads to in row `row` of `array`.
fn cell<'a>(array: &'a dyn Array, row: usize, path: &[String], field: Field) -> Cell<'a> {
    if row >= array.len() || array.is_null(row) {
        return Cell::Null;
    }
    let number = |number: serde_json::Number| match field {
        Field::Published => date::from_number(&number),
        _ => number.to_string(),
    };
    let owned = |text: Option<String>| text.map_or(Cell::Null, |text| Cell::Text(Cow::Owned(text)));
    match array.data_type() {
        DataType::Utf8 => filled(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => filled(array.as_string::<i64>().value(row)),
        DataType::Utf8View => filled(array.as_string_view().value(row)),
        DataType::Binary => text(array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => text(array.as_binary::<i64>().value(row)),
        DataType::BinaryView => text(array.as_binary_view().value(row)),
        DataType::Dictionary(..) => {
            let key = downcast_dictionary_array!(
                array => array.key(row),
                _ => None
            );
            let values = array.as_any_dictionary_opt().map(|dictionary| dictionary.values());
            values.zip(key).map_or(Cell::Null, |(values, key)| cell(values, key, path, field))
        }
        DataType::Struct(_) => {
            let array = array.as_struct();
            let at = member(&array.column_names(), path);
            at.map_or(Cell::Null, |(at, rest)| cell(array.column(at), row, rest, field))
        }
        DataType::List(_) => joined(&array.as_list::<i32>().value(row), path, field),
        DataType::LargeList(_) => joined(&array.as_list::<i64>().value(row), path, field),
        DataType::FixedSizeList(..) => joined(&array.as_fixed_size_list().value(row), path, field),
        DataType::Date32 => owned(date::from_days(array.as_primitive::<types::Date32Type>().value(row).into())),
        DataType::Date64 => {
            owned(date::from_days(array.as_primitive::<types::Date64Type>().value(row).div_euclid(86_400_000)))
        }
        DataType::Timestamp(unit, zone) => {
            let (value, parts) = match unit {
                TimeUnit::Second => (array.as_primitive::<types::TimestampSecondType>().value(row), 1),
                TimeUnit::Millisecond => (array.as_primitive::<types::TimestampMillisecondType>().value(row), 1_000),
                TimeUnit::Microsecond => {
                    (array.as_primitive::<types::TimestampMicrosecondType>().value(row), 1_000_000)
                }
                TimeUnit::Nanosecond => {
                    (array.as_primitive::<types::TimestampNanosecondType>().value(row), 1_000_000_000)
                }
            };
            owned(date::from_instant(value, parts, zone.is_some()))
        }
        DataType::Float32 => {
            let value = array.as_primitive::<types::Float32Type>().value(row);
            owned(serde_json::Number::from_f64(value.into()).map(number))
        }
        DataType::Float64 => {
            let value = array.as_primitive::<types::Float64Type>().value(row);
            owned(serde_json::Number::from_f64(value).map(number))
        }
        _ => downcast_integer_array!(
            array => owned(Some(number(array.value(row).into()))),
            // Truths, sums of money and times of day are none of the fields.
            _ => Cell::Null
        ),
    }
}

/// The elements of a list, as lists in JSON are joined; only one of them where the path begins with a number.
fn joined<'a>(list: &ArrayRef, path: &[String], field: Field) -> Cell<'a> {
    let (places, path) = match pick(path) {
        Some(place) => (place..place.saturating_add(1), &path[1..]),
        None if is_nothing(list.data_type()) => return Cell::Null,
        None => (0..list.len(), path),
    };
    let mut joined = String::new();
    for place in places {
        match cell(list, place, path, field) {
            Cell::Text(text) => {
                if !joined.is_empty() {
                    joined.push_str(if field == Field::Text { "\n\n" } else { "; " });
                }
                joined.push_str(&text);
            }
            Cell::Bad(what) => return Cell::Bad(what),
            Cell::Null => {}
        }
    }
    if joined.is_empty() { Cell::Null } else { Cell::Text(joined.into()) }
}

/// Whether values of a type hold nothing and take no memory, so that a list of some bytes may claim to have billions.
fn is_nothing(of: &DataType) -> bool {
    match of {
        DataType::Null | DataType::FixedSizeList(_, 0) => true,
        DataType::FixedSizeList(element, _) => is_nothing(element.data_type()),
        DataType::Struct(members) => members.iter().all(|member| is_nothing(member.data_type())),
        _ => false,
    }
}

fn filled(text: &str) -> Cell<'_> {
    if text.trim().is_empty() { Cell::Null } else { Cell::Text(Cow::Borrowed(text)) }
}

fn text(bytes: &[u8]) -> Cell<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => filled(text),
        Err(error) => Cell::Bad(format!("byte {} of the value is no UTF-8", error.valid_up_to() + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Article;
    use arrow_array::{
        BinaryArray, DictionaryArray, Float64Array, Int64Array, LargeStringArray, ListArray, NullArray, StringArray,
        StringViewArray, StructArray, TimestampMillisecondArray, UInt8Array,
    };
    use std::sync::Arc;

    fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
    }

    fn records(batch: &RecordBatch, fields: &Fields) -> Vec<Parsed> {
        let columns = ArrowColumns::new(&batch.schema(), fields).unwrap();
        (0..batch.num_rows()).map(|row| columns.record(batch, row)).collect()
    }

    #[test]
    fn columns_of_every_kind_are_read() {
        let dictionary: DictionaryArray<types::Int8Type> = vec![Some("Herald"), None].into_iter().collect();
        let mut authors = arrow_array::builder::ListBuilder::new(arrow_array::builder::StringBuilder::new());
        authors.append_value([Some("Mira Delgado"), None, Some("Jon Ruiz")]);
        authors.append_null();
        let authors: ListArray = authors.finish();
        let meta = StructArray::from(vec![(
            Arc::new(arrow_schema::Field::new("Link", DataType::Utf8View, true)),
            Arc::new(StringViewArray::from(vec![Some("https://a.example/"), None])) as ArrayRef,
        )]);
        let batch = batch(vec![
            ("ID", Arc::new(Int64Array::from(vec![Some(7), None]))),
            ("body", Arc::new(LargeStringArray::from(vec!["One.", " "]))),
            ("text", Arc::new(StringArray::from(vec![None, Some("Two.")]))),
            (
                "date_publish",
                Arc::new(TimestampMillisecondArray::from(vec![1_602_374_400_000, -1]).with_timezone("UTC")),
            ),
            ("source", Arc::new(dictionary)),
            ("authors", Arc::new(authors)),
            ("meta", Arc::new(meta)),
            ("language", Arc::new(NullArray::new(2))),
            ("title", Arc::new(Float64Array::from(vec![f64::NAN, 1.5]))),
        ]);
        let mut fields = Fields::default();
        fields.set(Field::Url, "meta.link");
        let some = |text: &str| Some(text.to_string());
        let one = Article {
            id: "7".into(),
            published: some("2020-10-11T00:00:00Z"),
            outlet: some("Herald"),
            author: some("Mira Delgado; Jon Ruiz"),
            url: some("https://a.example/"),
            text: "One.".into(),
            ..Article::default()
        };
        let two = Article {
            published: some("1969-12-31T23:59:59Z"),
            title: some("1.5"),
            text: "Two.".into(),
            ..Article::default()
        };
        assert_eq!(records(&batch, &fields), [Ok(one), Ok(two)]);
        let slice = batch.slice(1, 1);
        assert_eq!(records(&slice, &fields)[0], records(&batch, &fields)[1]);
        fields.set(Field::Author, "authors.2");
        assert_eq!(records(&batch, &fields)[0].as_ref().unwrap().author, some("Jon Ruiz"));
    }

    #[test]
    fn a_row_without_a_text_costs_that_row() {
        let bytes: Vec<Option<&[u8]>> = vec![Some(b"caf\xE9"), None, Some(b""), Some(b"Fine.")];
        let batch = batch(vec![("text", Arc::new(BinaryArray::from(bytes)))]);
        let reasons: Vec<Option<Reason>> = records(&batch, &Fields::default())
            .into_iter()
            .map(|record| record.err().map(|(reason, _)| reason))
            .collect();
        assert_eq!(reasons, [Some(Reason::BadEncoding), Some(Reason::NoText), Some(Reason::NoText), None]);
    }

    #[test]
    fn a_column_alone_is_one_of_texts() {
        let batch = batch(vec![("", Arc::new(StringArray::from(vec!["One."])))]);
        assert_eq!(records(&batch, &Fields::default())[0].as_ref().unwrap().text, "One.");
    }

    #[test]
    fn what_is_missing_is_named() {
        let told = |columns: Vec<(&str, ArrayRef)>, field: Option<(Field, &str)>| {
            let mut fields = Fields::default();
            if let Some((field, path)) = field {
                fields.set(field, path);
            }
            ArrowColumns::new(&batch(columns).schema(), &fields).unwrap_err().to_string()
        };
        let numbers = || Arc::new(UInt8Array::from(vec![1])) as ArrayRef;
        let texts = || Arc::new(StringArray::from(vec!["One."])) as ArrayRef;
        assert_eq!(
            told(vec![("body_html", texts()), ("n", numbers())], None),
            "there is no column of texts: none is called text, body, content, article, maintext, articlebody, fulltext, \
             bodytext, plaintext (see --text-field); the columns are `body_html`, `n`"
        );
        assert_eq!(
            told(vec![("text", numbers()), ("n", texts())], None),
            "column `text` holds UInt8, no texts; the columns are `text`, `n`"
        );
        assert_eq!(
            told(vec![("text", texts()), ("n", texts())], Some((Field::Text, "story"))),
            "there is no column `story`; the columns are `text`, `n`"
        );
        let truths = Arc::new(arrow_array::BooleanArray::from(vec![true])) as ArrayRef;
        assert_eq!(
            told(vec![("text", texts()), ("day", truths)], Some((Field::Published, "day"))),
            "column `day` holds Boolean, no texts, numbers or dates; the columns are `text`, `day`"
        );
        assert_eq!(
            told(vec![("n", numbers())], None),
            "there is no column of texts: none is called text, body, content, article, maintext, articlebody, fulltext, \
             bodytext, plaintext (see --text-field); the columns are `n`"
        );
    }
}
