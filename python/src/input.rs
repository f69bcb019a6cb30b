//! What Python hands over -> records, one after the other: rows of Arrow tables and batches, texts, dictionaries. They are taken as
//! they are needed, so that no more of an endless source is in memory than is worked on.
//!
//! Whatever belongs to Python is let go of by a thread that has the interpreter lock. Without it pyo3 puts it on a list behind a lock of
//! its own, which a process that is forked off at that moment would find locked for ever.

use crate::{
    capsule::{self, Rows, Stream},
    errors::{exception, usage},
};
use arrow_array::RecordBatch;
use arrow_schema::Schema;
use onrecord::read::{ArrowColumns, Fields, Gathered, Parsed, Reason, text_alone};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyIterator, PyList, PyString, PyTuple},
};
use serde_json::{Map, Number, Value};
use std::{sync::Arc, vec};

/// A value may lie so deep in others.
const DEEPEST: usize = 100;

/// Where records come from.
pub struct Input {
    fields: Arc<Fields>,
    source: Source,
    /// How many records of Python's own objects were taken; and how many at once.
    taken: u64,
    most: usize,
}

enum Source {
    /// One Arrow table; and the iterator that it came from, if there are several.
    Stream(Box<Table>, Option<Py<PyIterator>>),
    /// One Arrow batch.
    Rows(Box<(Columns, Rows)>, Option<Py<PyIterator>>),
    /// Anything that comes one after the other.
    Objects(Py<PyIterator>),
    Ended,
}

struct Table {
    columns: Columns,
    stream: Stream,
}

/// The columns of a table that are read.
struct Columns {
    schema: Schema,
    places: Vec<usize>,
    /// For a batch of these columns alone.
    picked: Arc<ArrowColumns>,
}

/// Some records that came together.
pub enum Chunk {
    /// Rows of a batch.
    Rows(Arc<ArrowColumns>, RecordBatch, usize),
    /// Objects of Python.
    Objects(vec::IntoIter<Parsed>),
}

impl Iterator for Chunk {
    type Item = Parsed;

    fn next(&mut self) -> Option<Parsed> {
        match self {
            Chunk::Rows(columns, batch, row) => {
                let at = (*row < batch.num_rows()).then_some(*row)?;
                *row += 1;
                Some(columns.record(batch, at))
            }
            Chunk::Objects(records) => records.next(),
        }
    }
}

impl Columns {
    fn new(schema: &Schema, fields: &Fields) -> PyResult<Columns> {
        let told = |error| exception(&error);
        let places = ArrowColumns::new(schema, fields).map_err(told)?.places();
        let alone = schema.project(&places).map_err(|error| PyValueError::new_err(error.to_string()))?;
        let picked = Arc::new(ArrowColumns::new(&alone, fields).map_err(told)?);
        Ok(Columns { schema: schema.clone(), places, picked })
    }

    fn chunk(&self, rows: &Rows) -> PyResult<Chunk> {
        let batch = rows.batch(&self.schema, &self.places).map_err(PyValueError::new_err)?;
        Ok(Chunk::Rows(Arc::clone(&self.picked), batch, 0))
    }
}

impl Input {
    /// What `object` holds. Of Python's own objects `most` are taken at once.
    ///
    /// # Errors
    /// An object that holds no records; a table without texts.
    pub fn new(object: &Bound<'_, PyAny>, fields: Arc<Fields>, most: usize) -> PyResult<Input> {
        let source = match arrow(object, &fields, None)? {
            Some(source) => source,
            None => {
                let is_one = object.is_instance_of::<PyString>()
                    || object.is_instance_of::<PyBytes>()
                    || object.is_instance_of::<PyByteArray>()
                    || object.is_instance_of::<PyDict>();
                let kind = object.get_type().name()?;
                if is_one {
                    let message =
                        format!("a {kind} is one record: give a list of texts or dictionaries, or an Arrow table");
                    return Err(PyTypeError::new_err(message));
                }
                let iterator = object.try_iter().map_err(|_| {
                    let message =
                        format!("a {kind} holds no records: give a list of texts or dictionaries, or an Arrow table");
                    PyTypeError::new_err(message)
                })?;
                Source::Objects(iterator.unbind())
            }
        };
        Ok(Input { fields, source, taken: 0, most })
    }

    /// The next records that come together; `None` at the end. To be called without the interpreter lock.
    ///
    /// # Errors
    /// Of the object; something that is no record.
    pub fn chunk(&mut self) -> PyResult<Option<Chunk>> {
        loop {
            let next = match &mut self.source {
                Source::Ended => return Ok(None),
                Source::Stream(table, rest) => match table.stream.rows() {
                    Ok(Some(rows)) => return table.columns.chunk(&rows).map(Some),
                    Ok(None) => rest.take().map_or(Source::Ended, Source::Objects),
                    Err(message) => return Err(PyValueError::new_err(message)),
                },
                Source::Rows(batch, rest) => {
                    let (columns, rows) = &**batch;
                    let chunk = columns.chunk(rows)?;
                    self.source = rest.take().map_or(Source::Ended, Source::Objects);
                    return Ok(Some(chunk));
                }
                Source::Objects(_) => {
                    let records = Python::attach(|py| {
                        let Source::Objects(iterator) = &self.source else { return Ok(Vec::new()) };
                        let iterator = iterator.bind(py).clone();
                        let (records, source) = take(&iterator, &self.fields, self.most, &mut self.taken)?;
                        // What is let go of here needs the lock.
                        if let Some(source) = source {
                            self.source = source;
                        }
                        Ok::<_, PyErr>(records)
                    })?;
                    if !records.is_empty() {
                        return Ok(Some(Chunk::Objects(records.into_iter())));
                    }
                    continue;
                }
            };
            self.source = next;
        }
    }
}

/// What `object` is, if it speaks Arrow. `rest` comes behind it.
fn arrow(object: &Bound<'_, PyAny>, fields: &Fields, rest: Option<Py<PyIterator>>) -> PyResult<Option<Source>> {
    // A class has methods too, but nothing to give.
    let has = |name: &str| Ok::<_, PyErr>(object.hasattr(name)? && !object.is_instance_of::<pyo3::types::PyType>());
    if has("__arrow_c_stream__")? {
        let stream = Stream::of(object)?;
        let columns = Columns::new(&stream.schema, fields)?;
        return Ok(Some(Source::Stream(Box::new(Table { columns, stream }), rest)));
    }
    if has("__arrow_c_array__")? {
        let (schema, rows) = capsule::array(object)?;
        return Ok(Some(Source::Rows(Box::new((Columns::new(&schema, fields)?, rows)), rest)));
    }
    Ok(None)
}

/// Takes up to `most` records, or fewer if an Arrow table or the end comes behind them, which is told too.
fn take(
    iterator: &Bound<'_, PyIterator>,
    fields: &Fields,
    most: usize,
    taken: &mut u64,
) -> PyResult<(Vec<Parsed>, Option<Source>)> {
    let (mut records, mut bytes) = (Vec::new(), 0);
    // Texts are copied: a few long ones are enough.
    while records.len() < most && bytes < 4 << 20 {
        let Some(object) = iterator.clone().next().transpose()? else { return Ok((records, Some(Source::Ended))) };
        let record = match record(&object, fields, *taken + 1)? {
            Some(record) => record,
            None => match arrow(&object, fields, Some(iterator.clone().unbind()))? {
                Some(source) => return Ok((records, Some(source))),
                None => {
                    let (kind, number) = (object.get_type().name()?, *taken + 1);
                    let message = format!("record {number} is a {kind}: give texts or dictionaries, or an Arrow table");
                    return Err(PyTypeError::new_err(message));
                }
            },
        };
        bytes += record.as_ref().map_or(0, |article| article.text.len());
        records.push(record);
        *taken += 1;
    }
    Ok((records, None))
}

/// The record that an object of Python is, if it is one.
fn record(object: &Bound<'_, PyAny>, fields: &Fields, number: u64) -> PyResult<Option<Parsed>> {
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Some(string(text).and_then(text_alone)));
    }
    let is_nothing = |object: &Bound<'_, PyAny>| {
        object.is_none() || object.cast::<PyFloat>().is_ok_and(|number| number.value().is_nan())
    };
    if is_nothing(object) {
        return Ok(Some(text_alone(String::new())));
    }
    let Ok(object) = object.cast::<PyDict>() else { return Ok(None) };
    let mut gathered = Gathered::new(fields);
    for (key, value) in object {
        let Ok(key) = key.cast::<PyString>() else { continue };
        let Ok(key) = string(key) else { continue };
        if !gathered.wants(&key) || is_nothing(&value) {
            continue;
        }
        let taken = match value.cast::<PyString>() {
            Ok(text) => string(text).map(|text| gathered.text(&key, text)),
            Err(_) => match json(&value, 0) {
                Ok(value) => value.map(|value| gathered.value(&key, &value)),
                Err(error) => return Err(usage(format!("record {number}, `{key}`: {}", error.value(object.py())))),
            },
        };
        if let Err((reason, detail)) = taken {
            return Ok(Some(Err((reason, format!("`{key}`: {detail}")))));
        }
    }
    Ok(Some(gathered.article()))
}

/// A string as text. Python's may hold halves of characters, which no text in UTF-8 can.
fn string(text: &Bound<'_, PyString>) -> Result<String, (Reason, String)> {
    text.to_cow().map(|text| text.into_owned()).map_err(|error| {
        let place = error.value(text.py()).getattr("start").and_then(|start| start.extract::<usize>());
        let detail = match place {
            Ok(place) => format!("character {} is a lone surrogate, which is no text", place + 1),
            Err(_) => "it is no text".to_string(),
        };
        (Reason::BadEncoding, detail)
    })
}

/// A value as JSON has it. Dates are as Python writes them in ISO 8601.
fn json(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Result<Value, (Reason, String)>> {
    if depth > DEEPEST {
        return Ok(Err((Reason::TooDeep, format!("values lie more than {DEEPEST} deep in each other"))));
    }
    if value.is_none() || value.is_instance_of::<PyBool>() {
        return Ok(Ok(Value::Null));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(string(text).map(Value::String));
    }
    if value.is_instance_of::<PyInt>() {
        let small = value.extract::<i64>().map(Number::from).or_else(|_| value.extract::<u64>().map(Number::from));
        return Ok(Ok(small.map_or_else(|_| Value::String(value.to_string()), Value::Number)));
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        return Ok(Ok(Number::from_f64(number.value()).map_or(Value::Null, Value::Number)));
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let mut list = Vec::new();
        for element in value.try_iter()? {
            match json(&element?, depth + 1)? {
                Ok(element) => list.push(element),
                Err(fault) => return Ok(Err(fault)),
            }
        }
        return Ok(Ok(Value::Array(list)));
    }
    if let Ok(object) = value.cast::<PyDict>() {
        let mut map = Map::new();
        for (key, value) in object {
            let Ok(key) = key.cast::<PyString>() else { continue };
            match (string(key), json(&value, depth + 1)?) {
                (Ok(key), Ok(value)) => drop(map.insert(key, value)),
                (Err(fault), _) | (_, Err(fault)) => return Ok(Err(fault)),
            }
        }
        return Ok(Ok(Value::Object(map)));
    }
    // Dates and times of Python, pandas and numpy.
    if value.hasattr("isoformat")? {
        let shown = value.call_method0("isoformat")?.to_string();
        return Ok(Ok(if shown == "NaT" { Value::Null } else { Value::String(shown) }));
    }
    let message = format!("a {} is no text, number, date, list or dictionary", value.get_type().name()?);
    Err(PyTypeError::new_err(message))
}

/// All records of an input; what it fails with stays in it.
pub struct Records<'i> {
    input: &'i mut Input,
    chunk: Option<Chunk>,
    /// What ended it, if it was not its end.
    pub failed: Option<PyErr>,
}

impl<'i> Records<'i> {
    pub fn of(input: &'i mut Input) -> Records<'i> {
        Records { input, chunk: None, failed: None }
    }
}

impl Iterator for Records<'_> {
    type Item = Parsed;

    fn next(&mut self) -> Option<Parsed> {
        loop {
            if let Some(record) = self.chunk.as_mut().and_then(Iterator::next) {
                return Some(record);
            }
            match self.input.chunk() {
                Ok(Some(chunk)) => self.chunk = Some(chunk),
                Ok(None) => return None,
                Err(error) => {
                    self.failed = Some(error);
                    return None;
                }
            }
        }
    }
}
