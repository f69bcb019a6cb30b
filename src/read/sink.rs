//! Where formats hand their records: order, admission and batches are the same for all of them.

use super::{
    Flow, Options, Reason, Source,
    admit::{Admission, Verdict},
    markup,
};
use crate::model::{Article, Reject};
use serde::Serialize;
use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// A batch ends when its texts have this many bytes together: enough that handing it around costs nothing, few enough
/// that a small dump still gives work to many workers ...
const BATCH_BYTES: usize = 256 << 10;
/// ... or when it has this many records ...
const BATCH_ITEMS: usize = 256;
/// ... or when so many were passed over, so that one who looks for few articles sees that the run goes on, and can stop it.
const BATCH_PASSED_OVER: u64 = 4096;

/// One record of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Item {
    /// It was read.
    Article {
        /// The article.
        article: Article,
        /// Offset of the record's first byte in its source.
        byte_offset: u64,
    },
    /// It was not.
    Reject(Reject),
}

impl Item {
    /// The article, if it is one.
    pub fn article(&self) -> Option<&Article> {
        match self {
            Item::Article { article, .. } => Some(article),
            Item::Reject(_) => None,
        }
    }
}

/// Some records in input order. The same input gives the same batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The records.
    pub items: Vec<Item>,
    /// How many records among and before these were not asked for (`--where`, `--sample`).
    pub passed_over: u64,
    /// Bytes of the inputs that have been read up to the end of this batch, from the start of the run.
    pub bytes: u64,
}

impl Batch {
    /// Number of records, whatever became of them.
    pub fn records(&self) -> u64 {
        self.items.len() as u64 + self.passed_over
    }
}

/// What has become of a record of the input: an article, or the reason why it is none with the details.
pub type Parsed = Result<Article, (Reason, String)>;

/// The rest of the work on one record, such as finding the article in a page: it needs nothing but the record itself, so
/// that many can be done at the same time.
pub type Job = Box<dyn FnOnce() -> Parsed + Send>;

/// What reading leaves to others.
pub trait Workers {
    /// Does all of `jobs`. The results are in the same order. A job that panics should become a record with
    /// [`Reason::Internal`]; [`Alone`] lets it pass.
    fn work(&self, jobs: Vec<Job>) -> Vec<Parsed>;

    /// What tables show for `published`, a date as a record has it: conditions on dates are about this. Without an answer
    /// of one's own, ISO 8601 is all that is understood.
    fn date<'d>(&self, published: &'d str) -> Cow<'d, str> {
        Cow::Borrowed(published.trim())
    }
}

/// Does one job after the other, on the thread that reads.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Workers for Alone {
    fn work(&self, jobs: Vec<Job>) -> Vec<Parsed> {
        jobs.into_iter().map(|job| job()).collect()
    }
}

/// Jobs are done together when their records have this many bytes ...
const QUEUE_BYTES: usize = 4 << 20;
/// ... or when there are so many records in the queue.
const QUEUE_ITEMS: usize = 256;

/// A record that waits for the ones before it.
enum Waiting {
    Article(Article, u64),
    Reject(Reject),
    Job { job: Job, source: String, id: String, record: u64, byte_offset: u64 },
}

/// Takes records from formats, and hands them on in batches.
pub struct Sink<'a> {
    options: &'a Options,
    workers: &'a dyn Workers,
    emit: &'a mut dyn FnMut(Batch) -> Flow,
    queue: Vec<Waiting>,
    queue_bytes: usize,
    jobs: usize,
    batch: Batch,
    batch_bytes: usize,
    admission: Admission<'a>,
    bytes: Arc<AtomicU64>,
    records: u64,
    admitted: u64,
    broken: bool,
}

impl<'a> Sink<'a> {
    pub(super) fn new(options: &'a Options, workers: &'a dyn Workers, emit: &'a mut dyn FnMut(Batch) -> Flow) -> Self {
        Sink {
            options,
            workers,
            emit,
            queue: Vec::new(),
            queue_bytes: 0,
            jobs: 0,
            batch: Batch::default(),
            batch_bytes: 0,
            admission: Admission::new(options, workers),
            bytes: Arc::default(),
            records: 0,
            admitted: 0,
            broken: false,
        }
    }

    /// As [`Sink::new`], for a stream without end: nothing is kept from record to record.
    pub(super) fn forgetful(
        options: &'a Options,
        workers: &'a dyn Workers,
        emit: &'a mut dyn FnMut(Batch) -> Flow,
    ) -> Self {
        Sink { admission: Admission::forgetful(options, workers), ..Sink::new(options, workers, emit) }
    }

    /// How to read.
    pub fn options(&self) -> &'a Options {
        self.options
    }

    /// Takes the article that is record `record` (from 1) of `source` and begins at byte `byte_offset`. Its `id` may
    /// be empty; `source` and `record` are filled in here.
    pub fn article(&mut self, source: &Source, record: u64, byte_offset: u64, mut article: Article) -> Flow {
        if article.id.is_empty() {
            article.id = format!("{}:{record}", source.stem());
        }
        (article.source, article.record) = (source.name().to_string(), record);
        self.placed(byte_offset, article)
    }

    /// Takes an article with an id, a source and a record number.
    pub(super) fn placed(&mut self, byte_offset: u64, mut article: Article) -> Flow {
        markup::mend_title(&mut article);
        let bytes = article.text.len();
        if markup::is_markup(&article.text) {
            self.jobs += 1;
            let (source, id, record) = (article.source.clone(), article.id.clone(), article.record);
            let job: Job = Box::new(move || markup::read(article));
            return self.push(Waiting::Job { job, source, id, record, byte_offset }, bytes);
        }
        self.push(Waiting::Article(article, byte_offset), bytes)
    }

    /// Takes record `record` (from 1) of `source`, which begins at byte `byte_offset` and has some `bytes` bytes, of
    /// which `job` makes an article later.
    pub fn job(&mut self, source: &Source, record: u64, byte_offset: u64, bytes: usize, job: Job) -> Flow {
        self.jobs += 1;
        let (source, id) = (source.name().to_string(), format!("{}:{record}", source.stem()));
        self.push(Waiting::Job { job, source, id, record, byte_offset }, bytes)
    }

    /// Takes note that record `record` (from 1) of `source`, which begins at byte `byte_offset`, cannot be read.
    pub fn record(&mut self, source: &Source, record: u64, byte_offset: u64, reason: Reason, detail: String) -> Flow {
        let reason = reason.as_str().to_string();
        self.reject(Reject { source: source.name().to_string(), record, byte_offset, reason, detail })
    }

    /// Takes note of something that cannot be read.
    pub fn reject(&mut self, reject: Reject) -> Flow {
        self.push(Waiting::Reject(reject), 0)
    }

    /// Number of records so far, whatever becomes of them.
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// The counter that all sources add the bytes to that they read.
    pub(super) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes)
    }

    /// Hands on what is left. Returns how many records were decided on.
    pub(super) fn finish(mut self) -> u64 {
        // It breaks at the last article that is wanted, which is in the batch by then, or because nobody takes batches.
        let _ = if self.broken { Flow::Break(()) } else { self.settle() };
        if !self.broken && (!self.batch.items.is_empty() || self.batch.passed_over > 0) {
            let _ = self.send();
        }
        self.admitted
    }

    /// Records go on in the order in which they came: behind a job, they wait.
    fn push(&mut self, record: Waiting, bytes: usize) -> Flow {
        self.records += 1;
        if self.jobs == 0 {
            return self.admit(record);
        }
        self.queue.push(record);
        self.queue_bytes += bytes;
        if self.queue_bytes >= QUEUE_BYTES || self.queue.len() >= QUEUE_ITEMS {
            self.settle()?;
        }
        Flow::Continue(())
    }

    /// Does the jobs in the queue, and hands on everything in it.
    fn settle(&mut self) -> Flow {
        let mut jobs = Vec::with_capacity(self.jobs);
        let mut queue = Vec::with_capacity(self.queue.len());
        for waiting in self.queue.drain(..) {
            queue.push(match waiting {
                Waiting::Job { job, source, id, record, byte_offset } => {
                    jobs.push(job);
                    Err((source, id, record, byte_offset))
                }
                ready => Ok(ready),
            });
        }
        (self.jobs, self.queue_bytes) = (0, 0);
        let mut parsed = if jobs.is_empty() { Vec::new() } else { self.workers.work(jobs) }.into_iter();
        for waiting in queue {
            let record = match waiting {
                Ok(ready) => ready,
                Err((source, id, record, byte_offset)) => match parsed.next() {
                    Some(Ok(mut article)) => {
                        if article.id.is_empty() {
                            article.id = id;
                        }
                        (article.source, article.record) = (source, record);
                        Waiting::Article(article, byte_offset)
                    }
                    Some(Err((reason, detail))) => {
                        let reason = reason.as_str().to_string();
                        Waiting::Reject(Reject { source, record, byte_offset, reason, detail })
                    }
                    None => {
                        let (reason, detail) = (Reason::Internal.as_str().to_string(), "a job was lost".to_string());
                        Waiting::Reject(Reject { source, record, byte_offset, reason, detail })
                    }
                },
            };
            self.admit(record)?;
        }
        Flow::Continue(())
    }

    /// Decides on a record whose turn it is, and puts it into the batch.
    fn admit(&mut self, record: Waiting) -> Flow {
        self.admitted += 1;
        match record {
            Waiting::Article(article, byte_offset) => match self.admission.decide(article) {
                Verdict::Taken(article) => {
                    self.batch_bytes += article.text.len();
                    self.batch.items.push(Item::Article { article, byte_offset });
                }
                Verdict::Faulty(Article { source, record, .. }, reason, detail) => {
                    let reason = reason.as_str().to_string();
                    self.batch.items.push(Item::Reject(Reject { source, record, byte_offset, reason, detail }));
                }
                Verdict::PassedOver => self.batch.passed_over += 1,
            },
            Waiting::Reject(reject) => self.batch.items.push(Item::Reject(reject)),
            // Jobs have become articles or rejects before.
            Waiting::Job { .. } => {}
        }
        if self.batch_bytes >= BATCH_BYTES
            || self.batch.items.len() >= BATCH_ITEMS
            || self.batch.passed_over >= BATCH_PASSED_OVER
        {
            self.send()?;
        }
        if self.admission.is_full() {
            // What waits comes after the last article that is wanted.
            self.queue.clear();
            self.jobs = 0;
            return Flow::Break(());
        }
        Flow::Continue(())
    }

    fn send(&mut self) -> Flow {
        self.batch.bytes = self.bytes.load(Ordering::Relaxed);
        self.batch_bytes = 0;
        let flow = (self.emit)(std::mem::take(&mut self.batch));
        self.broken = flow.is_break();
        flow
    }
}
