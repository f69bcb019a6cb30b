//! Where formats hand their records: ids, checks, limits and batches are the same for all of them.

use super::{Flow, Options, Reason, Source, ids::Ids};
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

/// Takes records from formats, and hands them on in batches.
pub struct Sink<'a> {
    options: &'a Options,
    emit: &'a mut dyn FnMut(Batch) -> Flow,
    batch: Batch,
    batch_bytes: usize,
    ids: Ids,
    bytes: Arc<AtomicU64>,
    records: u64,
    articles: u64,
    broken: bool,
}

impl<'a> Sink<'a> {
    pub(super) fn new(options: &'a Options, emit: &'a mut dyn FnMut(Batch) -> Flow) -> Self {
        Sink {
            options,
            emit,
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
        let length = article.text.len() as u64;
        if length >= self.options.max_text {
            let detail = format!("the text has {length} bytes, the limit is {}", self.options.max_text);
            return self.record(source, record, byte_offset, Reason::TooLarge, detail);
        }
        if article.text.trim().is_empty() {
            let detail = "the record's text is empty".to_string();
            return self.record(source, record, byte_offset, Reason::NoText, detail);
        }
        if article.id.is_empty() {
            article.id = format!("{}:{record}", source.stem());
        }
        article.id = self.ids.unique(std::mem::take(&mut article.id));
        article.source = source.name().to_string();
        article.record = record;
        self.articles += 1;
        self.batch_bytes += article.text.len();
        self.push(Item::Article { article, byte_offset })
    }

    /// Takes note that record `record` (from 1) of `source`, which begins at byte `byte_offset`, cannot be read.
    pub fn record(&mut self, source: &Source, record: u64, byte_offset: u64, reason: Reason, detail: String) -> Flow {
        let reason = reason.as_str().to_string();
        self.reject(Reject { source: source.name().to_string(), record, byte_offset, reason, detail })
    }

    /// Takes note of something that cannot be read.
    pub fn reject(&mut self, reject: Reject) -> Flow {
        self.push(Item::Reject(reject))
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
        if !self.broken && !self.batch.items.is_empty() {
            let _ = self.send();
        }
    }

    fn push(&mut self, item: Item) -> Flow {
        self.records += 1;
        self.batch.items.push(item);
        if self.batch_bytes >= BATCH_BYTES || self.batch.items.len() >= BATCH_ITEMS {
            self.send()?;
        }
        if self.options.limit.is_some_and(|limit| self.articles >= limit) {
            Flow::Break(())
        } else {
            Flow::Continue(())
        }
    }

    fn send(&mut self) -> Flow {
        self.batch.bytes = self.bytes.load(Ordering::Relaxed);
        self.batch_bytes = 0;
        let flow = (self.emit)(std::mem::take(&mut self.batch));
        self.broken = flow.is_break();
        flow
    }
}
