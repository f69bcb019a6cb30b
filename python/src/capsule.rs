//! The Arrow PyCapsule interface: tables that are shared with other programs in this process without being copied. This is the only
//! file with `unsafe` code, since the other side is C.
//!
//! Nothing that comes from there is believed: texts are taken for bytes until each has been looked at (Python makes arrays of whatever
//! bytes it is told), and [`Rows::batch`] checks every length and offset of the columns that are read. That the memory is there is all
//! that must be true, and no program could find that out.

#![allow(unsafe_code, reason = "Arrow's C interface")]

use arrow_array::{
    Array, RecordBatch, RecordBatchIterator, RecordBatchOptions, StructArray,
    ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type, to_ffi},
    ffi_stream::FFI_ArrowArrayStream,
    make_array,
};
use arrow_data::ArrayData;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyCapsule};
use std::{ffi::CStr, sync::Arc};

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// What a program gave away that is not what the interface says.
pub type Fault = String;

/// Rows that came from outside, not looked at yet.
pub struct Rows {
    data: ArrayData,
}

/// A stream of rows.
pub struct Stream {
    stream: FFI_ArrowArrayStream,
    /// What its rows look like, as the other side says.
    pub schema: Schema,
    /// The same, with bytes for texts.
    kind: DataType,
}

impl Stream {
    /// Takes the stream that `object` gives.
    ///
    /// # Errors
    /// Of the object; one that does not keep to the interface.
    pub fn of(object: &Bound<'_, PyAny>) -> PyResult<Stream> {
        let capsule: Bound<'_, PyCapsule> = object.call_method0("__arrow_c_stream__")?.cast_into()?;
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: by its name the capsule holds such a struct; it is moved out, and what is left in the capsule is released.
        let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
        let mut schema = FFI_ArrowSchema::empty();
        let code = match stream.release().and(stream.get_schema()) {
            // SAFETY: the function belongs to this stream, which is not released, and fills the struct.
            Some(get_schema) => unsafe { get_schema(&raw mut stream, &raw mut schema) },
            None => return Err(PyValueError::new_err("the Arrow stream was read before")),
        };
        if code != 0 {
            return Err(PyValueError::new_err(last_error(&mut stream, code)));
        }
        let (schema, kind) = described(&schema)?;
        Ok(Stream { stream, schema, kind })
    }

    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// What the other side says; one that does not keep to the interface.
    pub fn rows(&mut self) -> Result<Option<Rows>, Fault> {
        let mut array = FFI_ArrowArray::empty();
        let Some(get_next) = self.stream.get_next() else { return Ok(None) };
        // SAFETY: the function belongs to this stream, which is not released while `self` lives, and fills the struct.
        let code = unsafe { get_next(&raw mut self.stream, &raw mut array) };
        match (code, array.is_released()) {
            (0, true) => Ok(None),
            // SAFETY: the array has the type that the stream has told, but for texts, which lie in memory as bytes do.
            (0, false) => unsafe { rows(array, self.kind.clone()) }.map(Some),
            (code, _) => Err(last_error(&mut self.stream, code)),
        }
    }
}

/// Takes the rows that `object` gives at once, and what they look like.
///
/// # Errors
/// Of the object; one that does not keep to the interface.
pub fn array(object: &Bound<'_, PyAny>) -> PyResult<(Schema, Rows)> {
    let capsules = object.call_method0("__arrow_c_array__")?;
    let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = capsules.extract()?;
    let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
    // SAFETY: by its name the capsule holds such a struct, and it lives until the end of this function.
    let (schema, kind) = described(unsafe { schema.as_ref() })?;
    let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
    // SAFETY: by its name the capsule holds such a struct; it is moved out, and what is left in the capsule is released.
    let array = unsafe { FFI_ArrowArray::from_raw(array.as_ptr()) };
    if array.is_released() {
        return Err(PyValueError::new_err("the Arrow array was read before"));
    }
    // SAFETY: the array has the type that stands beside it, but for texts, which lie in memory as bytes do.
    let rows = unsafe { rows(array, kind) }.map_err(PyValueError::new_err)?;
    Ok((schema, rows))
}

/// # Safety
/// `array` must be of this `kind`.
unsafe fn rows(array: FFI_ArrowArray, kind: DataType) -> Result<Rows, Fault> {
    // A length that lies makes the crate panic, which is told as any other fault.
    // SAFETY: of the caller.
    let data = onrecord::read::guarded(|| unsafe { from_ffi_and_data_type(array, kind) });
    let data = data.unwrap_or_else(|message| Err(arrow_schema::ArrowError::CDataInterface(message)));
    Ok(Rows { data: data.map_err(|error| error.to_string())? })
}

/// What rows look like, and as what they are taken. An array that is no table is a table of one column.
fn described(schema: &FFI_ArrowSchema) -> PyResult<(Schema, DataType)> {
    if schema.release().is_none() {
        return Err(PyValueError::new_err("the Arrow schema was read before"));
    }
    let field = onrecord::read::guarded(|| Field::try_from(schema));
    let field = field.map_err(PyValueError::new_err)?.map_err(|error| PyValueError::new_err(error.to_string()))?;
    let kind = as_bytes(field.data_type());
    Ok(match field.data_type() {
        DataType::Struct(fields) => (Schema::new(fields.clone()), kind),
        _ => (Schema::new(vec![field]), kind),
    })
}

/// The type with bytes in place of texts.
fn as_bytes(kind: &DataType) -> DataType {
    let field = |field: &Field| Arc::new(field.clone().with_data_type(as_bytes(field.data_type())));
    match kind {
        DataType::Utf8 => DataType::Binary,
        DataType::LargeUtf8 => DataType::LargeBinary,
        DataType::Utf8View => DataType::BinaryView,
        DataType::Dictionary(keys, values) => DataType::Dictionary(keys.clone(), Box::new(as_bytes(values))),
        DataType::List(element) => DataType::List(field(element)),
        DataType::LargeList(element) => DataType::LargeList(field(element)),
        DataType::FixedSizeList(element, size) => DataType::FixedSizeList(field(element), *size),
        DataType::Struct(members) => DataType::Struct(members.iter().map(|member| field(member)).collect()),
        other => other.clone(),
    }
}

fn last_error(stream: &mut FFI_ArrowArrayStream, code: i32) -> Fault {
    let message = stream.get_last_error().and_then(|get_last_error| {
        // SAFETY: the function belongs to this stream; what it gives is null or a text that is there until the next call.
        let message = unsafe { get_last_error(&raw mut *stream).as_ref().map(|first| CStr::from_ptr(first)) };
        message.map(|message| message.to_string_lossy().into_owned())
    });
    message.unwrap_or_else(|| format!("the Arrow stream failed with error {code}"))
}

impl Rows {
    /// The columns at these `places`, checked, as a batch of their own.
    ///
    /// # Errors
    /// Data that are not what the interface says.
    pub fn batch(&self, schema: &Schema, places: &[usize]) -> Result<RecordBatch, Fault> {
        onrecord::read::guarded(|| self.checked(schema, places)).unwrap_or_else(Err)
    }

    fn checked(&self, schema: &Schema, places: &[usize]) -> Result<RecordBatch, Fault> {
        let (data, told) = (&self.data, |error: arrow_schema::ArrowError| format!("damaged Arrow data: {error}"));
        let is_table = matches!(data.data_type(), DataType::Struct(_));
        if is_table && data.nulls().is_some_and(|nulls| nulls.null_count() > 0) {
            return Err("some rows of the Arrow table are null as a whole".to_string());
        }
        let (mut fields, mut columns) = (Vec::new(), Vec::new());
        for place in places {
            let column = if is_table {
                let child = data.child_data().get(*place).ok_or("damaged Arrow data: columns are missing")?;
                if data.offset().checked_add(data.len()).is_none_or(|end| end > child.len()) {
                    return Err("damaged Arrow data: a column is shorter than the table".to_string());
                }
                child.slice(data.offset(), data.len())
            } else {
                data.clone()
            };
            column.validate_full().map_err(told)?;
            let name = schema.fields().get(*place).map_or("", |field| field.name());
            fields.push(Field::new(name, column.data_type().clone(), true));
            columns.push(make_array(column));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(data.len()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options).map_err(told)
    }
}

/// Gives a schema away.
///
/// # Errors
/// Of Python.
pub fn export_schema<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|error| PyValueError::new_err(error.to_string()))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// Gives a batch away.
///
/// # Errors
/// Of Python.
pub fn export_array<'py>(
    py: Python<'py>,
    batch: RecordBatch,
) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
    let schema = export_schema(py, &batch.schema())?;
    let data = StructArray::from(batch).into_data();
    let (array, _) = to_ffi(&data).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok((schema, PyCapsule::new_with_value(py, array, ARRAY)?))
}

/// Gives batches away, one after the other.
///
/// # Errors
/// Of Python.
pub fn export_stream<'py>(
    py: Python<'py>,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let reader = RecordBatchIterator::new(batches.into_iter().map(Ok), schema);
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}
