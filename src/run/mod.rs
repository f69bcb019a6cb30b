//! The run: batches of articles -> workers -> tables, in input order.
//!
//! One thread reads, a pool of workers annotates and renders, one thread writes. A batch takes a set of buffers when it is
//! read, and the writer gives them back when its rows are written: so no more than a few batches are in memory, however
//! long the input, and none waits for another stage. Workers render rows into their own buffers; the writer puts the buffers in input
//! order. What is written therefore does not depend on the number of workers.
//!
//! Now and then the writer puts down how far it is. A run that was stopped, in whatever way, reads the input again from its
//! beginning without annotating, up to where it was, and goes on from there (`reading`, `checkpoint`).
//!
//! This is the only room that knows rayon.

mod arrow_pipe;
mod checkpoint;
mod each;
mod examples;
mod finished;
mod folder;
mod growing;
mod merge;
mod ordered;
mod output;
mod pipe;
mod reading;
mod record;
mod render;
mod shard;
mod start;
mod tabulate;
mod writer;

pub use arrow_pipe::pipe_arrow;
pub use each::{Reading, Seen, each_article};
pub use finished::FinishedRun;
pub use merge::merge;
pub use pipe::{Piping, pipe};
pub use shard::{Checked, Shard};
pub use tabulate::{Tabulated, Tabulating, Team, prepare, tabulate};

use crate::{
    error::{Error, ErrorKind, Result},
    pipeline::Pipeline,
    read::{self, Flow, Inputs, Job, Parsed, Reason, Workers},
    table::{Dialect, Totals, Written, chosen},
};
use growing::Layout;
use rayon::prelude::*;
use reading::{Follower, Replay};
use render::{Buffers, Rendered, Renderer};
use start::{Start, Task};
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::channel,
    },
    time::Duration,
};
use writer::Writer;

/// What to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that the tables are written to.
    pub out: PathBuf,
    /// How to read.
    pub read: read::Options,
    /// Number of workers; 0 for one per core.
    pub threads: usize,
    /// Whether tables of an earlier run in `out` may be replaced, and what an unfinished one has left thrown away.
    pub force: bool,
    /// Whether to go on with the run in `out`, if it was stopped. One that was finished is not done again, and where there is
    /// none, one begins.
    pub resume: bool,
    /// How long the work may be that is lost when the program is killed; zero for a checkpoint after every batch. Checkpoints are
    /// rarer where there is much to write down, so that they take no more than a twentieth of the time.
    pub checkpoint: Duration,
    /// Which part of the run to do; all of it if there is none.
    pub shard: Option<Shard>,
    /// A table goes on in a new file after so many rows.
    pub split_rows: Option<u64>,
    /// Whether text that a spreadsheet would take for a formula gets a leading apostrophe.
    pub guard: bool,
    /// Whether files are such as spreadsheets open at once and keep whole: see [`Dialect::excel`].
    pub excel: bool,
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
            resume: false,
            checkpoint: Duration::from_secs(5),
            shard: None,
            split_rows: None,
            guard: true,
            excel: false,
            emit_text: false,
            min_confidence: 0.0,
            max_pairs: 2_000_000,
        }
    }

    /// The form of the tables.
    fn dialect(&self) -> Dialect {
        Dialect { guard: self.guard, excel: self.excel }
    }

    /// How the tables are laid out in files.
    fn layout(&self) -> Layout {
        Layout::new(self.dialect(), self.split_rows)
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
    /// Whether the run still reads what was done before it was stopped. `bytes` counts what was read then.
    pub catching_up: bool,
}

/// Who is told how far a run is, and may stop it.
pub trait Observer: Sync {
    /// Called whenever a batch has been written.
    fn progress(&self, _progress: Progress) {}

    /// Asked before each batch is read. A run that is stopped writes what is under way and a checkpoint, and fails with
    /// [`ErrorKind::Interrupted`].
    fn stopped(&self) -> bool {
        false
    }

    /// Called when a run that is stopped has written its checkpoint but cannot come back, since it waits for an input that says
    /// nothing, such as a pipe. A program may end itself here.
    fn halted(&self) {}

    /// Told what a person should know.
    fn remark(&self, _remark: &str) {}
}

/// An observer that does not look.
#[derive(Clone, Copy, Debug)]
pub struct Unobserved;

impl Observer for Unobserved {}

/// What came out of a run.
#[derive(Debug)]
pub struct Report {
    /// The folder with the tables.
    pub out: PathBuf,
    /// The tables.
    pub tables: Vec<Written>,
    /// Sums over the run.
    pub totals: Totals,
    /// Corrections that were never applied: their file and line. Those of a part of a run are not told, as another part may have
    /// applied them.
    pub unused_corrections: Vec<(String, u64)>,
    /// Bytes of the inputs.
    pub bytes: u64,
    /// How long it took, with what was done before it was stopped.
    pub elapsed: Duration,
    /// Whether it was done before, and there was nothing left to do. There are no sums over single entities then.
    pub done_before: bool,
}

/// Annotates `inputs` and writes the tables.
///
/// # Errors
/// An output folder that cannot be used or written, or an observer that stopped the run. Nothing in the inputs is an
/// error: what cannot be read is a row of `rejects.csv`. After an error the folder holds no new table; what the run has
/// done stays in unfinished files, and `resume` goes on with it.
pub fn run(pipeline: &Pipeline, inputs: &Inputs, options: &Options, observer: &dyn Observer) -> Result<Report> {
    check(inputs, options)?;
    let tables = chosen(options.emit_text);
    let read_options = read::Options { skip: Some(options.out.clone()), ..options.read.clone() };
    let listing = reading::listing(inputs, &read_options);
    let identity = record::identity(pipeline, inputs, listing, options);
    let task = Task { options, tables: &tables, identity: &identity, started: record::now() };
    let (output, totals, position, resumed) = match start::start(task, &|remark| observer.remark(remark))? {
        Start::Begun { output, totals, position, resumed } => (output, totals, position, resumed),
        Start::Done(report) => return Ok(report),
    };
    let replay = Replay::new(position.place.clone(), position.marks.clone());
    let mut writer = Writer::new(output, totals, *position, (options.checkpoint, resumed), observer);
    let pool = workers(options.threads)?;
    let renderer = Renderer { annotate: &|article| pipeline.annotate(article), tables: &tables, options };
    let follower = feed(&Pool(&pool, pipeline), &renderer, (inputs, &read_options), replay, &mut writer, observer)?;
    if observer.stopped() {
        writer.checkpoint()?;
        return Err(Error::new(ErrorKind::Interrupted));
    }
    writer.account()?;
    if options.shard.is_some() {
        writer.output.note(&shard::last_entry(follower.place())?)?;
    }
    pipeline.gazetteer().check()?;
    render::whole(&pool, writer.output.tables(), &writer.totals)?;
    let elapsed = writer.elapsed();
    let Writer { output, totals, position, .. } = writer;
    let bytes = follower.place().bytes;
    let unused_corrections =
        if options.shard.is_some() { Vec::new() } else { record::corrections(&identity, &totals).1 };
    let out = options.out.clone();
    let report = |tables| Report { out, tables, totals, unused_corrections, bytes, elapsed, done_before: false };
    output.finish(report, |report, ledger| {
        let shard = options.shard.zip(ledger);
        let course = record::Course { shard, started: &position.started, resumed: position.resumed };
        record::files(&identity, report, options.dialect(), &course)
    })
}

/// Checks what can be told without looking into the output folder.
fn check(inputs: &Inputs, options: &Options) -> Result<()> {
    if inputs.paths().iter().any(|input| same(input, &options.out)) {
        let message = "is an input too: name another folder for the tables";
        return Err(Error::usage(message).at_path(&options.out));
    }
    let replaced =
        |input: &&PathBuf| folder::is_output(input) && input.parent().is_some_and(|at| same(at, &options.out));
    if let Some(input) = inputs.paths().iter().find(replaced) {
        let message = "is a table in the output folder, which would be replaced: name another folder for the tables";
        return Err(Error::usage(message).at_path(input));
    }
    if options.resume && options.force {
        return Err(Error::usage("--resume goes on with a run and --force throws it away: give one of them"));
    }
    Ok(())
}

/// Reads everything, and hands to the workers and on to the `writer` what has not been done before. Returns how far it read:
/// to the end, unless the observer stopped it.
fn feed(
    workers: &Pool<'_>,
    renderer: &Renderer<'_>,
    (inputs, read_options): (&Inputs, &read::Options),
    mut replay: Replay,
    writer: &mut Writer<'_>,
    observer: &dyn Observer,
) -> Result<Follower> {
    let (give_back, free) = channel::<Buffers>();
    for _ in 0..2 * workers.0.current_num_threads() + 2 {
        let _ = give_back.send(vec![Vec::new(); renderer.tables.len()]);
    }
    let (done, finished) = channel::<(u64, Result<Rendered>)>();
    let (mut follower, mut refused, handed, before) = (Follower::default(), None, AtomicU64::new(0), writer.told());
    let mut decided = 0;
    std::thread::scope(|threads| {
        let handed = &handed;
        let writer = threads.spawn(move || writer.write(finished, give_back, handed));
        workers.0.in_place_scope(|scope| {
            decided = read::read(inputs, read_options, workers, &mut |batch| {
                if observer.stopped() {
                    return Flow::Break(());
                }
                let place = follower.add(&batch);
                match replay.is_behind(&place) {
                    Ok(false) => {}
                    Ok(true) => {
                        observer.progress(Progress { bytes: place.bytes, catching_up: true, ..before });
                        return Flow::Continue(());
                    }
                    Err(error) => {
                        refused = Some(error);
                        return Flow::Break(());
                    }
                }
                if renderer.options.shard.is_some_and(|shard| !shard.owns(place.batches - 1)) {
                    return Flow::Continue(());
                }
                // There is nobody to wait for when the writer has failed, and its error is what the run returns.
                let Ok(buffers) = free.recv() else { return Flow::Break(()) };
                let (done, number) = (done.clone(), handed.fetch_add(1, Ordering::Release));
                scope.spawn(move |_| {
                    let _ = done.send((number, renderer.batch(&batch, place, buffers)));
                });
                Flow::Continue(())
            });
        });
        drop(done);
        writer.join().unwrap_or_else(|_| Err(Error::format("the writer failed")))
    })?;
    match refused {
        Some(error) => Err(error),
        None if observer.stopped() => Ok(follower),
        None => {
            replay.check_end(follower.place())?;
            writer::agree("records read", decided, follower.place().records)?;
            Ok(follower)
        }
    }
}

/// Whether `folder` holds a run that was stopped.
pub fn is_unfinished(folder: &Path) -> bool {
    folder::Folder::look(folder).is_ok_and(|state| state == folder::State::Unfinished)
}

/// Starts `threads` workers, or one per core for 0.
fn workers(threads: usize) -> Result<rayon::ThreadPool> {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, Into::into),
        threads => threads,
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|i| format!("{WORKER}{i}"))
        .build()
        .map_err(|error| Error::usage(format!("cannot start {threads} workers: {error}")))
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

/// Whether two paths lead to the same place.
fn same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Names of worker threads begin with this; a program may want its panic hook to pass over them, since a panic there is
/// caught and becomes a reject.
pub const WORKER: &str = "onrecord-worker-";

#[cfg(test)]
mod tests;
