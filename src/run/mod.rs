//! The run: batches of articles -> workers -> tables, in input order.
//!
//! One thread reads, a pool of workers annotates and renders, one thread writes. A batch takes a set of buffers when it is
//! read, and the writer gives them back when its rows are written: so no more than a few batches are in memory, however
//! long the input, and none waits for another stage. Workers render rows into their own buffers; the writer puts the buffers in input
//! order. What is written therefore does not depend on the number of workers.
//!
//! This is the only room that knows rayon.

mod output;
mod record;
mod render;

use crate::{
    error::{Error, ErrorKind, Result},
    pipeline::Pipeline,
    read::{self, Flow, Inputs, Job, Parsed, Reason, Workers},
    table::{TABLES, Table, Totals, Written},
};
use output::Output;
use rayon::prelude::*;
use render::{Buffers, Rendered, Renderer};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
    time::{Duration, Instant},
};

/// What to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that the tables are written to.
    pub out: PathBuf,
    /// How to read.
    pub read: read::Options,
    /// Number of workers; 0 for one per core.
    pub threads: usize,
    /// Whether tables of an earlier run in `out` may be replaced.
    pub force: bool,
    /// Whether text that a spreadsheet would take for a formula gets a leading apostrophe.
    pub guard: bool,
    /// Whether `texts.csv` is written too.
    pub emit_text: bool,
    /// Mentions and quotations below this confidence (0 to 1) are left out.
    pub min_confidence: f32,
    /// The most pairs of entities that are kept for `cooccurrences.csv`, some 30 bytes each. When there are more, a quarter is
    /// dropped: those that share fewest sentences, and of these the ones seen longest ago in the input.
    pub max_pairs: usize,
}

impl Options {
    /// The usual way, into the folder `out`.
    pub fn new(out: impl Into<PathBuf>) -> Self {
        Options {
            out: out.into(),
            read: read::Options::default(),
            threads: 0,
            force: false,
            guard: true,
            emit_text: false,
            min_confidence: 0.0,
            max_pairs: 2_000_000,
        }
    }

    fn tables(&self) -> Vec<&'static dyn Table> {
        TABLES.iter().copied().filter(|table| self.emit_text || !table.optional()).collect()
    }
}

/// How far a run is. Counts are of what has been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the inputs.
    pub bytes: u64,
    /// Articles.
    pub articles: u64,
    /// Rejects.
    pub rejects: u64,
}

/// Who is told how far a run is, and may stop it.
pub trait Observer: Sync {
    /// Called whenever a batch has been written.
    fn progress(&self, _progress: Progress) {}

    /// Asked before each batch is read; a run that is stopped fails with [`ErrorKind::Interrupted`].
    fn stopped(&self) -> bool {
        false
    }
}

/// An observer that does not look.
#[derive(Clone, Copy, Debug)]
pub struct Unobserved;

impl Observer for Unobserved {}

/// What came out of a run.
#[derive(Clone, Debug)]
pub struct Report {
    /// The folder with the tables.
    pub out: PathBuf,
    /// The tables.
    pub tables: Vec<Written>,
    /// Sums over the run.
    pub totals: Totals,
    /// Bytes of the inputs.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
}

/// Annotates `inputs` and writes the tables.
///
/// # Errors
/// An output folder that cannot be used or written, or an observer that stopped the run. Nothing in the inputs is an
/// error: what cannot be read is a row of `rejects.csv`. After an error the folder holds no new table.
pub fn run(pipeline: &Pipeline, inputs: &Inputs, options: &Options, observer: &dyn Observer) -> Result<Report> {
    let (started, clock) = (jiff::Timestamp::now(), Instant::now());
    if inputs.paths().iter().any(|input| same(input, &options.out)) {
        let message = "is an input too: name another folder for the tables";
        return Err(Error::usage(message).at_path(&options.out));
    }
    let tables = options.tables();
    let mut output = Output::create(&options.out, &tables, options.force)?;
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, Into::into),
        threads => threads,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|i| format!("{WORKER}{i}"))
        .build()
        .map_err(|error| Error::usage(format!("cannot start {threads} workers: {error}")))?;
    let read_options = read::Options { skip: Some(options.out.clone()), ..options.read.clone() };
    let renderer = Renderer { annotate: &|article| pipeline.annotate(article), tables: &tables, options };

    let (give_back, free) = channel::<Buffers>();
    for _ in 0..2 * threads + 2 {
        let _ = give_back.send(vec![Vec::new(); tables.len()]);
    }
    let (done, finished) = channel::<(u64, Result<Rendered>)>();
    let sums = Totals::bounded(options.max_pairs);
    let mut records = 0;
    let (mut totals, bytes) = std::thread::scope(|threads| {
        let writer = threads.spawn(|| write(&mut output, finished, give_back, sums, observer));
        pool.in_place_scope(|workers| {
            let mut ordinal = 0;
            records = read::read(inputs, &read_options, &Pool(&pool, pipeline), &mut |batch| {
                if observer.stopped() {
                    return Flow::Break(());
                }
                // There is nobody to wait for when the writer has failed, and its error is what the run returns.
                let Ok(buffers) = free.recv() else { return Flow::Break(()) };
                let (renderer, done, number) = (&renderer, done.clone(), ordinal);
                workers.spawn(move |_| {
                    let _ = done.send((number, renderer.batch(&batch, buffers)));
                });
                ordinal += 1;
                Flow::Continue(())
            });
        });
        drop(done);
        writer.join().unwrap_or_else(|_| Err(Error::format("the writer failed")))
    })?;
    if observer.stopped() {
        return Err(Error::new(ErrorKind::Interrupted));
    }
    nothing_is_lost(records, &totals)?;
    pipeline.gazetteer().check()?;
    pool.install(|| {
        let tables = output.tables().par_iter_mut();
        tables.try_for_each(|table| render::whole(table, &totals, options.guard))
    })?;
    let report = |tables| Report {
        out: options.out.clone(),
        tables,
        totals: std::mem::take(&mut totals),
        bytes,
        elapsed: clock.elapsed(),
    };
    output.finish(report, |report| {
        vec![
            ("datapackage.json", crate::table::data_package(&report.tables, options.guard)),
            ("run.json", record::run_record(report, pipeline, inputs, options, started)),
        ]
    })
}

/// The workers, as the reader sees them.
struct Pool<'p>(&'p rayon::ThreadPool, &'p Pipeline);

impl Workers for Pool<'_> {
    fn work(&self, jobs: Vec<Job>) -> Vec<Parsed> {
        let one = |job: Job| {
            render::catch(job).unwrap_or_else(|message| Err((Reason::Internal, render::please_report(&message))))
        };
        self.0.install(|| jobs.into_par_iter().map(one).collect())
    }

    fn date<'d>(&self, published: &'d str) -> Cow<'d, str> {
        Cow::Owned(self.1.date(published))
    }
}

/// Checks that every record that was read has become an article or a reject, or was not asked for.
fn nothing_is_lost(records: u64, totals: &Totals) -> Result<()> {
    let Totals { articles, rejects, passed_over, .. } = totals;
    if records == articles + rejects + passed_over {
        return Ok(());
    }
    let counts = format!("{articles} articles, {rejects} rejects and {passed_over} passed over");
    Err(Error::format(render::please_report(&format!("{records} records were read, but there are {counts}"))))
}

/// Whether two paths lead to the same place.
fn same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Names of worker threads begin with this; a program may want its panic hook to pass over them, since a panic there is
/// caught and becomes a reject.
pub const WORKER: &str = "onrecord-worker-";

/// A buffer that one large article has made larger than this is not used again, in bytes.
const LARGE: usize = 4 << 20;

/// Writes what workers have rendered, in input order. Returns the sums, and the bytes read.
fn write(
    output: &mut Output,
    finished: Receiver<(u64, Result<Rendered>)>,
    give_back: Sender<Buffers>,
    mut totals: Totals,
    observer: &dyn Observer,
) -> Result<(Totals, u64)> {
    let (mut bytes, mut next) = (0, 0);
    let mut waiting = BTreeMap::new();
    for (ordinal, rendered) in finished {
        waiting.insert(ordinal, rendered?);
        while let Some(rendered) = waiting.remove(&next) {
            let mut buffers = Buffers::new();
            for (table, (rows, count)) in output.tables().iter_mut().zip(rendered.tables) {
                table.append(&rows, count)?;
                buffers.push(if rows.capacity() > LARGE { Vec::new() } else { rows });
            }
            totals.merge(&rendered.totals);
            bytes = rendered.bytes;
            next += 1;
            observer.progress(Progress { bytes, articles: totals.articles, rejects: totals.rejects });
            // Nobody needs it once everything is read.
            let _ = give_back.send(buffers);
        }
    }
    Ok((totals, bytes))
}

#[cfg(test)]
mod tests;
