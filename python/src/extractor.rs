//! The extractor: gazetteers and options, loaded once, shared by all threads.

use crate::{
    errors::{exception, usage},
    input::{Input, Records},
    options::{self, Paths, Words, probability, within},
    tables::Extraction,
    watch::{Watch, warn},
};
use onrecord::{
    error::{Error, ErrorKind},
    gazetteer::{Corrections, Gazetteer},
    pipeline::Pipeline,
    read::{self, Field, Fields, Inputs, Memory},
    run::{self, Tabulated, Tabulating, Team},
    table::{TABLES, Table, chosen},
};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyDict};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Of Python's own objects so many are taken at once: the interpreter is asked for the lock each time.
const AT_ONCE: usize = 64;
/// Of texts and dictionaries that are handed over one by one, so many make a batch.
const BATCH: usize = 1000;

/// What the tables are called whose records are in memory.
const MEMORY: &str = "memory";

/// Gazetteers and options, loaded once. It may be shared by threads, sent to other processes (pickled) and used after a fork.
///
/// gazetteers: names to know beside those that are built in: a CSV file, a compiled one, a folder of CSV files, or a list of these.
/// corrections: a file of corrections, or a list of them.
/// max_work: allow an article so many times the usual work.
/// threads: number of workers; 0 for one per core. They are started at the first use, and anew in a process that was forked off.
/// min_confidence: leave out mentions and quotations less sure than this, from 0 to 1.
/// max_pairs: keep at most so many pairs of entities for `cooccurrences`, about 30 bytes each.
/// emit_text: make a table of texts too, in which the offsets count.
/// language: look for names and quotations only in articles in these languages (codes of ISO 639-1).
/// skip_duplicates: look for them only in the first of several articles with the same text.
/// no_duplicates: do not compare texts.
/// max_text: reject texts of this many megabytes or more.
/// id_field, text_field, ...: the key or column that holds a field, if it has no usual name; a path such as `meta.body` leads into
/// dictionaries and structures.
///
/// Raises OSError for a file that cannot be read, GazetteerError for one that does not have the expected form, UsageError for an
/// argument that cannot be used.
#[pyclass(frozen, module = "onrecord")]
pub struct Extractor {
    pipeline: Pipeline,
    read: read::Options,
    fields: Arc<Fields>,
    threads: usize,
    min_confidence: f32,
    emit_text: bool,
    max_pairs: usize,
    /// The arguments, to build another one in another process.
    given: Py<PyDict>,
    /// Only ever locked by a thread that has the interpreter lock, as a thread that forks has: so a new process never finds
    /// it locked by a thread that it does not have.
    team: Mutex<Option<Crew>>,
}

/// The workers of one process.
struct Crew {
    process: u32,
    team: Option<Arc<Team>>,
}

impl Drop for Crew {
    fn drop(&mut self) {
        // In a process that was forked off there are no such threads to end, and whatever they had locked stays so.
        if self.process != std::process::id() {
            std::mem::forget(self.team.take());
        }
    }
}

impl Extractor {
    fn team(&self, _: Python<'_>) -> PyResult<Arc<Team>> {
        let mut crew = self.team.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if let Some(Crew { process: of, team: Some(team) }) = &*crew
            && *of == process
        {
            return Ok(Arc::clone(team));
        }
        let team = Arc::new(Team::start(self.threads).map_err(|error| exception(&error))?);
        *crew = Some(Crew { process, team: Some(Arc::clone(&team)) });
        Ok(team)
    }

    /// All tables, or only those that are asked for.
    fn tables(&self, asked: Option<Words>) -> PyResult<Vec<&'static dyn Table>> {
        let Some(asked) = asked.map(Words::all) else { return Ok(chosen(self.emit_text)) };
        let known: Vec<&str> = TABLES.iter().map(|table| table.schema().name).collect();
        if let Some(unknown) = asked.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(usage(format!("tables={unknown:?}: there are {}", known.join(", "))));
        }
        Ok(TABLES.iter().copied().filter(|table| asked.iter().any(|name| name == table.schema().name)).collect())
    }

    fn tabulate(
        &self,
        team: &Team,
        tables: &[&'static dyn Table],
        memory: Memory<'_>,
        records: &mut dyn Iterator<Item = read::Parsed>,
    ) -> PyResult<Tabulated> {
        let options =
            Tabulating { read: &self.read, min_confidence: self.min_confidence, tables, max_pairs: self.max_pairs };
        let watch = Watch::new(None, None);
        run::tabulate(&self.pipeline, team, &options, memory, records, &watch)
            .map_err(|error| watch.failed().unwrap_or_else(|| exception(&error)))
    }
}

#[pymethods]
impl Extractor {
    #[new]
    #[pyo3(signature = (
        gazetteers=None, *, corrections=None, max_work=1, threads=0, min_confidence=0.0, max_pairs=2_000_000,
        emit_text=false, language=None, skip_duplicates=false, no_duplicates=false, max_text=50, id_field=None,
        text_field=None, title_field=None, date_field=None, source_field=None, author_field=None, url_field=None,
        language_field=None,
    ))]
    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn new(
        py: Python<'_>,
        gazetteers: Option<Paths>,
        corrections: Option<Paths>,
        max_work: u64,
        threads: usize,
        min_confidence: f64,
        max_pairs: usize,
        emit_text: bool,
        language: Option<Words>,
        skip_duplicates: bool,
        no_duplicates: bool,
        max_text: u64,
        id_field: Option<String>,
        text_field: Option<String>,
        title_field: Option<String>,
        date_field: Option<String>,
        source_field: Option<String>,
        author_field: Option<String>,
        url_field: Option<String>,
        language_field: Option<String>,
    ) -> PyResult<Extractor> {
        let gazetteers = gazetteers.map_or_else(Vec::new, Paths::all);
        let corrections = corrections.map_or_else(Vec::new, Paths::all);
        let language = language.map_or_else(Vec::new, Words::all);
        if skip_duplicates && no_duplicates {
            return Err(usage("skip_duplicates needs what no_duplicates leaves out: give one of them"));
        }
        let given = PyDict::new(py);
        for (name, field) in [
            ("id_field", &id_field),
            ("text_field", &text_field),
            ("title_field", &title_field),
            ("date_field", &date_field),
            ("source_field", &source_field),
            ("author_field", &author_field),
            ("url_field", &url_field),
            ("language_field", &language_field),
        ] {
            given.set_item(name, field)?;
        }
        given.set_item("gazetteers", &gazetteers)?;
        given.set_item("corrections", &corrections)?;
        given.set_item("max_work", max_work)?;
        given.set_item("threads", threads)?;
        given.set_item("min_confidence", min_confidence)?;
        given.set_item("max_pairs", max_pairs)?;
        given.set_item("emit_text", emit_text)?;
        given.set_item("language", &language)?;
        given.set_item("skip_duplicates", skip_duplicates)?;
        given.set_item("no_duplicates", no_duplicates)?;
        given.set_item("max_text", max_text)?;
        let fields = options::fields([
            (Field::Id, id_field),
            (Field::Text, text_field),
            (Field::Title, title_field),
            (Field::Published, date_field),
            (Field::Outlet, source_field),
            (Field::Author, author_field),
            (Field::Url, url_field),
            (Field::Language, language_field),
        ]);
        let read = read::Options {
            fields: fields.clone(),
            max_text: within("max_text", max_text, 1, 1_000_000)? * 1_000_000,
            languages: options::languages(language)?,
            duplicates: !no_duplicates,
            skip_duplicates,
            ..read::Options::default()
        };
        let min_confidence = probability("min_confidence", min_confidence)? as f32;
        let max_work = within("max_work", max_work, 1, 1000)? as usize;
        // With the interpreter lock, so that no process is forked off meanwhile.
        run::prepare();
        let pipeline =
            py.detach(|| pipeline(&gazetteers, &corrections, max_work)).map_err(|error| exception(&error))?;
        for remark in pipeline.gazetteer().corrections().map_or(&[][..], Corrections::remarks) {
            warn(py, remark)?;
        }
        let (fields, given, team) = (Arc::new(fields), given.unbind(), Mutex::new(None));
        Ok(Extractor { pipeline, read, fields, threads, min_confidence, emit_text, max_pairs, given, team })
    }

    /// Gives all tables of some articles: those that a run over the same records writes, row for row.
    ///
    /// articles: texts or dictionaries, in a list or anything else that can be gone through; a table of Arrow, or a batch; or
    /// several of these. Columns and keys go by the names of the fields of JSON records (`text` or `body`, `title`, `date`, ...).
    /// A text of `None` is a row in `rejects`, and so is one that is empty, too long or holds lone surrogates.
    ///
    /// All tables are in memory at the end: of what does not fit, take `extract_batches`. Ids are unique and duplicates known
    /// among these articles.
    ///
    /// tables: make only these, which takes less time; the others are not there.
    ///
    /// Raises UsageError if no column holds texts or there is no such table, TypeError for what is no record, and what the object
    /// itself raises.
    #[pyo3(signature = (articles, *, tables=None))]
    fn extract(&self, py: Python<'_>, articles: &Bound<'_, PyAny>, tables: Option<Words>) -> PyResult<Extraction> {
        let tables = self.tables(tables)?;
        let mut input = Input::new(articles, Arc::clone(&self.fields), AT_ONCE)?;
        let team = self.team(py)?;
        py.detach(|| {
            let mut records = Records::of(&mut input);
            let memory = Memory { source: MEMORY, before: 0, together: true };
            let tabulated = self.tabulate(&team, &tables, memory, &mut records)?;
            match records.failed {
                Some(error) => Err(error),
                None => Ok(Extraction::new(tabulated)),
            }
        })
    }

    /// Gives the tables of each batch of a stream, one after the other, in bounded memory: no batch is taken before the one before it
    /// is done.
    ///
    /// batches: a table of Arrow, a reader of batches, or anything that gives one of them after the other; of texts and dictionaries,
    /// a thousand are a batch. Workers share what is in one batch: it should hold some hundred articles.
    ///
    /// Each article is read by itself: ids are left as they are, `duplicate_of` is empty, and tables about all articles
    /// (`entities`, `cooccurrences`, `candidates`) are about their batch alone. What articles, mentions and quotes say does not
    /// depend on how the stream is cut.
    ///
    /// tables: make only these, which takes less time; the others are not there.
    #[pyo3(signature = (batches, *, tables=None))]
    fn extract_batches(slf: Bound<'_, Self>, batches: &Bound<'_, PyAny>, tables: Option<Words>) -> PyResult<Batches> {
        let tables = slf.get().tables(tables)?;
        let input = Input::new(batches, Arc::clone(&slf.get().fields), BATCH)?;
        Ok(Batches { extractor: slf.unbind(), tables, state: Mutex::new(Some((input, 0))) })
    }

    /// Reads files, and writes the tables into a folder, as `onrecord extract` does: CSV, in bounded memory, with checkpoints.
    ///
    /// inputs: a file or folder, or a list of them, in any format that the command line reads.
    /// out: the folder; it is made if it is not there.
    /// progress: called with a Progress some times a second, and at the end. What it raises stops the run and is raised here.
    /// resume: go on with a run that was stopped. force: replace the tables of an earlier one.
    /// sample: a share of the articles, from 0 to 1. where: conditions such as 'date>=2020-01-01'. shard: a part such as '1/4'.
    /// checkpoint: lose at most about so many seconds of work when the process is killed.
    /// max_memory: megabytes; max_unpacked: gigabytes. The other options are those of `onrecord extract`.
    ///
    /// KeyboardInterrupt stops the run in good order: what is done stays in the folder, and `resume=True` goes on with it.
    ///
    /// Raises OSError for what cannot be read or written, UsageError for arguments that cannot be used, such as a folder that holds
    /// tables already.
    #[pyo3(signature = (
        inputs, out, *, format=None, force=false, resume=false, checkpoint=5.0, shard=None, split_rows=None,
        excel=false, no_guard=false, limit=None, r#where=None, sample=None, seed=0, max_depth=4, max_memory=550,
        max_members=10_000_000, max_unpacked=1000, max_ratio=500, progress=None,
    ))]
    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn extract_path(
        &self,
        py: Python<'_>,
        inputs: Paths,
        out: PathBuf,
        format: Option<&str>,
        force: bool,
        resume: bool,
        checkpoint: f64,
        shard: Option<&str>,
        split_rows: Option<u64>,
        excel: bool,
        no_guard: bool,
        limit: Option<u64>,
        r#where: Option<Words>,
        sample: Option<f64>,
        seed: u64,
        max_depth: u64,
        max_memory: u64,
        max_members: u64,
        max_unpacked: u64,
        max_ratio: u64,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Report> {
        let told = |error: &Error| exception(error);
        let inputs = Inputs::new(inputs.all()).map_err(|error| told(&error))?;
        if !(0.0..=1e6).contains(&checkpoint) {
            return Err(usage(format!("checkpoint={checkpoint}: a number of seconds from 0 to a million")));
        }
        let mega = 1_000_000;
        let read = read::Options {
            format: format.map(options::format).transpose()?,
            limit: limit.map(|limit| within("limit", limit, 1, u64::MAX)).transpose()?,
            conditions: options::conditions(r#where.map_or_else(Vec::new, Words::all))?,
            sample: options::sample(sample, seed)?,
            max_depth: within("max_depth", max_depth, 0, 100)? as usize,
            max_memory: within("max_memory", max_memory, 1, mega)? * mega,
            max_members,
            max_unpacked: within("max_unpacked", max_unpacked, 1, 1_000_000_000)? * 1_000_000_000,
            max_ratio: within("max_ratio", max_ratio, 1, u64::MAX)?,
            skip: Some(out.clone()),
            ..self.read.clone()
        };
        let options = run::Options {
            read,
            threads: self.threads,
            force,
            resume,
            checkpoint: Duration::from_secs_f64(checkpoint),
            shard: shard.map(options::shard).transpose()?,
            split_rows: split_rows.map(|rows| within("split_rows", rows, 100, u64::MAX)).transpose()?,
            guard: !no_guard,
            excel,
            emit_text: self.emit_text,
            min_confidence: self.min_confidence,
            max_pairs: self.max_pairs,
            ..run::Options::new(&out)
        };
        let (watch, outcome) = py.detach(|| {
            let total = progress.as_ref().and_then(|_| inputs.total_bytes(&options.read));
            let watch = Watch::new(progress, total);
            let outcome = run::run(&self.pipeline, &inputs, &options, &watch);
            (watch, outcome)
        });
        let report = outcome.map_err(|error| match error.kind() {
            ErrorKind::Interrupted => watch.failed().unwrap_or_else(|| told(&error)),
            _ => told(&error),
        })?;
        watch.tell(py)?;
        Ok(Report::new(report))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, ())> {
        let py = slf.py();
        let partial = py.import("functools")?.getattr("partial")?;
        Ok((partial.call((slf.get_type(),), Some(slf.get().given.bind(py)))?, ()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let given = self.given.bind(py);
        let gazetteers = given.get_item("gazetteers")?.map_or_else(String::new, |paths| paths.to_string());
        Ok(format!("<onrecord.Extractor with gazetteers {gazetteers}>"))
    }
}

/// Loads the gazetteers.
fn pipeline(gazetteers: &[PathBuf], corrections: &[PathBuf], max_work: usize) -> Result<Pipeline, Error> {
    for path in gazetteers.iter().chain(corrections) {
        std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
    }
    let pipeline = Pipeline::new(Gazetteer::load_corrected(gazetteers, corrections)?)?.with_work(max_work);
    pipeline.prepare();
    Ok(pipeline)
}

/// The tables of each batch of a stream, one after the other.
#[pyclass(frozen, module = "onrecord")]
pub struct Batches {
    extractor: Py<Extractor>,
    tables: Vec<&'static dyn Table>,
    /// What is left, and how many records came before; nothing at the end.
    state: Mutex<Option<(Input, u64)>>,
}

#[pymethods]
impl Batches {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Extraction>> {
        let extractor = self.extractor.get();
        let team = extractor.team(py)?;
        let Ok(mut state) = self.state.try_lock() else {
            return Err(PyValueError::new_err("another thread takes the next batch already"));
        };
        // What fails has an end there.
        let Some((mut input, before)) = state.take() else { return Ok(None) };
        let done = py.detach(|| {
            let Some(mut chunk) = input.chunk()? else { return Ok(None) };
            let (mut records, memory) = (0, Memory { source: MEMORY, before, together: false });
            let mut counted = chunk.by_ref().inspect(|_| records += 1);
            let tabulated = extractor.tabulate(&team, &self.tables, memory, &mut counted)?;
            Ok::<_, PyErr>(Some((tabulated, before + records)))
        })?;
        Ok(done.map(|(tabulated, before)| {
            *state = Some((input, before));
            Extraction::new(tabulated)
        }))
    }
}

/// What came out of a run over files.
#[pyclass(frozen, get_all, module = "onrecord")]
pub struct Report {
    /// The folder with the tables.
    out: PathBuf,
    /// The number of rows of each table.
    rows: std::collections::BTreeMap<String, u64>,
    /// Articles.
    articles: u64,
    /// Records that could not be read.
    rejects: u64,
    /// Bytes of the inputs, of files as they lie on disk.
    bytes: u64,
    /// Seconds that it took, with what was done before it was stopped.
    elapsed: f64,
    /// Whether it was done before, and there was nothing left to do.
    done_before: bool,
}

impl Report {
    fn new(report: run::Report) -> Report {
        let rows = report.tables.iter().map(|table| (table.schema.name.to_string(), table.rows())).collect();
        let run::Report { out, totals, bytes, elapsed, done_before, .. } = report;
        let (articles, rejects) = (totals.articles, totals.rejects);
        Report { out, rows, articles, rejects, bytes, elapsed: elapsed.as_secs_f64(), done_before }
    }
}

#[pymethods]
impl Report {
    fn __repr__(&self) -> String {
        format!("<onrecord.Report of {}: {} articles, {} rejects>", self.out.display(), self.articles, self.rejects)
    }
}
