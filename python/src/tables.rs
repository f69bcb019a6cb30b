//! What an extraction gives: its tables by name, each of which speaks Arrow.

use crate::capsule;
use arrow_array::{Array, RecordBatch};
use arrow_schema::SchemaRef;
use onrecord::{
    run::Tabulated,
    table::{self, TABLES},
};
use pyo3::{
    exceptions::{PyAttributeError, PyKeyError, PyValueError},
    prelude::*,
    types::PyCapsule,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The names of the tables, in the order in which they are described.
pub fn names(with_texts: bool) -> Vec<&'static str> {
    table::chosen(with_texts).into_iter().map(|table| table.schema().name).collect()
}

/// The tables that were made of some articles: `found.quotes` or `found["quotes"]`.
#[pyclass(frozen, mapping, module = "onrecord")]
pub struct Extraction {
    tabulated: Tabulated,
    /// What Python has of them, so that each is always the same object.
    shown: Mutex<BTreeMap<&'static str, Py<Table>>>,
}

impl Extraction {
    pub fn new(tabulated: Tabulated) -> Extraction {
        Extraction { tabulated, shown: Mutex::default() }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.tabulated.schemas().map(|schema| schema.name)
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Option<Py<Table>>> {
        let Some(name) = self.names().find(|known| *known == name) else { return Ok(None) };
        let Some((schema, batches)) = self.tabulated.table(name) else { return Ok(None) };
        let table = Py::new(py, Table { name, schema: Arc::clone(schema), batches: batches.to_vec() })?;
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(shown.entry(name).or_insert(table).clone_ref(py)))
    }

    fn must(&self, py: Python<'_>, name: &str) -> PyResult<Py<Table>> {
        let none = || PyAttributeError::new_err(format!("the table {name} was not asked for"));
        self.table(py, name)?.ok_or_else(none)
    }
}

#[pymethods]
impl Extraction {
    /// One row per article, in input order.
    #[getter]
    fn articles(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.must(py, "articles")
    }

    /// One row per mention of a name.
    #[getter]
    fn mentions(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.must(py, "mentions")
    }

    /// One row per distinct entity of all articles, most mentioned first.
    #[getter]
    fn entities(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.must(py, "entities")
    }

    /// One row per quotation.
    #[getter]
    fn quotes(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.must(py, "quotes")
    }

    /// Pairs of entities that share a sentence, as a weighted network.
    #[getter]
    fn cooccurrences(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.must(py, "cooccurrences")
    }

    /// Names that no gazetteer has, in the gazetteer's own columns.
    #[getter]
    fn candidates(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.must(py, "candidates")
    }

    /// One row per record that could not be read.
    #[getter]
    fn rejects(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.must(py, "rejects")
    }

    /// The texts that offsets count in, if they were asked for.
    #[getter]
    fn texts(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.table(py, "texts")?
            .ok_or_else(|| PyAttributeError::new_err("there is no table texts: give the Extractor emit_text=True"))
    }

    /// The names of the tables.
    fn keys(&self) -> Vec<&'static str> {
        self.names().collect()
    }

    /// Names and tables.
    fn items(&self, py: Python<'_>) -> PyResult<Vec<(&'static str, Py<Table>)>> {
        self.names().map(|name| Ok((name, self.must(py, name)?))).collect()
    }

    fn __getitem__(&self, py: Python<'_>, name: &str) -> PyResult<Py<Table>> {
        self.table(py, name)?.ok_or_else(|| PyKeyError::new_err(name.to_string()))
    }

    fn __contains__(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    fn __len__(&self) -> usize {
        self.names().count()
    }

    fn __iter__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(self.keys().into_pyobject(py)?.try_iter()?.into_any().unbind())
    }

    fn __repr__(&self) -> String {
        let Tabulated { articles, mentions, quotations, rejects, .. } = &self.tabulated;
        format!(
            "<onrecord.Extraction of {articles} articles: {mentions} mentions, {quotations} quotes, {rejects} rejects>"
        )
    }
}

/// One table, as batches of Arrow: `pyarrow.table(table)`, `polars.DataFrame(table)` and the like take it without copying, by
/// `__arrow_c_stream__`. As one batch (`pyarrow.record_batch(table)`) it is copied if it has several.
///
/// What is empty in a CSV is null. Each column says in its metadata, under `description`, what it holds.
#[pyclass(frozen, module = "onrecord")]
pub struct Table {
    name: &'static str,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// What `module` makes of `table` by its function `name`.
fn handed<'py>(table: &Bound<'py, Table>, module: &str, name: &str) -> PyResult<Bound<'py, PyAny>> {
    table.py().import(module)?.getattr(name)?.call1((table,))
}

#[pymethods]
impl Table {
    /// What it is called.
    #[getter]
    fn name(&self) -> &'static str {
        self.name
    }

    /// Number of rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.rows()
    }

    /// The names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// As a `pyarrow.Table`, without copying. Needs pyarrow.
    fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        handed(slf, "pyarrow", "table")
    }

    /// As a `pandas.DataFrame`. Needs pandas and pyarrow.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        handed(slf, "pyarrow", "table")?.call_method0("to_pandas")
    }

    /// As a `polars.DataFrame`, without copying. Needs polars.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        handed(slf, "polars", "DataFrame")
    }

    fn __len__(&self) -> usize {
        self.rows()
    }

    fn __repr__(&self) -> String {
        let (rows, columns) = (self.rows(), self.schema.fields().len());
        format!("<onrecord.Table {}: {rows} rows, {columns} columns>", self.name)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::export_schema(py, &self.schema)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface leaves it to us whether to change types.
        let _ = requested_schema;
        capsule::export_stream(py, Arc::clone(&self.schema), self.batches.clone())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        let _ = requested_schema;
        let whole = match &self.batches[..] {
            [] => RecordBatch::new_empty(Arc::clone(&self.schema)),
            [only] => only.clone(),
            several => py.detach(|| self.whole(several))?,
        };
        capsule::export_array(py, whole)
    }
}

impl Table {
    /// All batches as one.
    fn whole(&self, batches: &[RecordBatch]) -> PyResult<RecordBatch> {
        let too_much = || {
            let message = format!("{} is too large for one array of Arrow: take its batches as a stream", self.name);
            PyValueError::new_err(message)
        };
        // A column of texts holds 2 GB.
        let bytes: usize = batches.iter().map(RecordBatch::get_array_memory_size).sum();
        let most =
            self.schema.fields().iter().enumerate().map(|(place, _)| {
                batches.iter().map(|batch| batch.column(place).get_buffer_memory_size()).sum::<usize>()
            });
        if bytes > i32::MAX as usize && most.max().unwrap_or(0) > i32::MAX as usize {
            return Err(too_much());
        }
        arrow_select::concat::concat_batches(&self.schema, batches).map_err(|_| too_much())
    }
}

/// A table without rows: its columns, their types, and in the metadata of each what it says.
#[pyfunction]
pub fn schema(name: &str) -> PyResult<Table> {
    let table = TABLES.iter().map(|table| table.schema()).find(|schema| schema.name == name);
    let table = table.ok_or_else(|| PyKeyError::new_err(name.to_string()))?;
    Ok(Table { name: table.name, schema: table::arrow_schema(table), batches: Vec::new() })
}
