//! Where formats hand their records: ids, checks, limits and batches are the same for all of them.

use super::{Flow, Options, Reason, Source, ids::Ids, mojibake};
use crate::model::{Article, Reject};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A batch ends when its texts have this many bytes together: enough that handing it around costs nothing, few enough
/// that a small dump still gives work to many workers ...
const BATCH_BYTES: usize = 256 << 10;
/// ... or when it has this many records.
const BATCH_ITEMS: usize = 256;

/// One record of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Some records in input order. The same input gives the same batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The records.
    pub items: Vec<Item>,
    /// Bytes of the inputs that have been read up to the end of this batch, from the start of the run.
    pub bytes: u64,
}

/// What has become of a record of the input: an article, or the reason why it is none with the details.
pub type Parsed = Result<Article, (Reason, String)>;

/// The rest of the work on one record, such as finding the article in a page: it needs nothing but the record itself, so
/// that many can be done at the same time.
pub type Job = Box<dyn FnOnce() -> Parsed + Send>;

/// Who does the [`Job`]s.
pub trait Workers {
    /// Does all of `jobs`. The results are in the same order; a job that panics is a record with
    /// [`Reason::Internal`].
    fn work(&self, jobs: Vec<Job>) -> Vec<Parsed>;
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
    ids: Ids,
    bytes: Arc<AtomicU64>,
    records: u64,
    articles: u64,
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
            ids: Ids::default(),
            bytes: Arc::default(),
            records: 0,
            articles: 0,
            broken: false,
        }
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
        article.source = source.name().to_string();
        article.record = record;
        self.push(Waiting::Article(article, byte_offset), 0)
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

    /// Number of records so far, articles and rejects.
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// The counter that all sources add the bytes to that they read.
    pub(super) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes)
    }

    /// Hands on what is left.
    pub(super) fn finish(mut self) {
        // It breaks at the last article that is wanted, which is in the batch by then, or because nobody takes batches.
        let _ = if self.broken { Flow::Break(()) } else { self.settle() };
        if !self.broken && !self.batch.items.is_empty() {
            let _ = self.send();
        }
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

    /// Checks a record whose turn it is, and puts it into the batch.
    fn admit(&mut self, record: Waiting) -> Flow {
        let item = match record {
            Waiting::Article(mut article, byte_offset) => match self.fault(&article) {
                None => {
                    mojibake::mend_article(&mut article);
                    article.id = self.ids.unique(std::mem::take(&mut article.id));
                    self.articles += 1;
                    self.batch_bytes += article.text.len();
                    Item::Article { article, byte_offset }
                }
                Some((reason, detail)) => {
                    let (source, record) = (article.source, article.record);
                    Item::Reject(Reject { source, record, byte_offset, reason: reason.as_str().to_string(), detail })
                }
            },
            Waiting::Reject(reject) => Item::Reject(reject),
            // Jobs have become articles or rejects before.
            Waiting::Job { .. } => return Flow::Continue(()),
        };
        self.batch.items.push(item);
        if self.batch_bytes >= BATCH_BYTES || self.batch.items.len() >= BATCH_ITEMS {
            self.send()?;
        }
        if self.options.limit.is_some_and(|limit| self.articles >= limit) {
            // What waits comes after the last article that is wanted.
            self.queue.clear();
            self.jobs = 0;
            return Flow::Break(());
        }
        Flow::Continue(())
    }

    /// Why `article` is not taken.
    fn fault(&self, article: &Article) -> Option<(Reason, String)> {
        let (length, limit) = (article.text.len() as u64, self.options.max_text);
        if length >= limit {
            return Some((Reason::TooLarge, format!("the text has {length} bytes, the limit is {limit}")));
        }
        article.text.trim().is_empty().then(|| (Reason::NoText, "the record's text is empty".to_string()))
    }

    fn send(&mut self) -> Flow {
        self.batch.bytes = self.bytes.load(Ordering::Relaxed);
        self.batch_bytes = 0;
        let flow = (self.emit)(std::mem::take(&mut self.batch));
        self.broken = flow.is_break();
        flow
    }
}
