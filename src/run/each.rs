//! Work on every article that ends in no tables: done by all workers, handed on in input order, a few batches in memory.

use super::{Observer, Pool, Progress, ordered::in_order, render, workers};
use crate::{
    error::Result,
    model::{Article, Reject},
    pipeline::Pipeline,
    read::{self, Batch, Flow, Inputs, Item},
};

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Articles that were worked on.
    pub articles: u64,
    /// Records that could not be read, or worked on.
    pub rejects: u64,
}

/// What came of one record.
enum Done<T> {
    Worked(T),
    Rejected(Reject),
}

/// How to read.
#[derive(Debug)]
pub struct Reading<'r> {
    /// What to read.
    pub inputs: &'r Inputs,
    /// How.
    pub options: &'r read::Options,
    /// Number of workers; 0 for one per core.
    pub threads: usize,
}

/// Does `work` on every article, and gives `take` what comes of it, in input order. Records that cannot be read go to
/// `reject`. `pipeline` reads dates.
///
/// # Errors
/// Of `take`; an observer that stopped it.
pub fn each_article<T: Send>(
    pipeline: &Pipeline,
    reading: &Reading<'_>,
    work: &(dyn Fn(Article) -> T + Sync),
    take: &mut (dyn FnMut(T) -> Result<()> + Send),
    reject: &mut (dyn FnMut(&Reject) + Send),
    observer: &dyn Observer,
) -> Result<Seen> {
    let pool = workers(reading.threads)?;
    let one = |item: Item| match item {
        Item::Reject(reject) => Done::Rejected(reject),
        Item::Article { mut article, byte_offset } => {
            let about = (article.source.clone(), article.record);
            let worked = render::catch(|| {
                reading.options.tell_language(&mut article);
                work(article)
            });
            worked.map_or_else(
                |message| {
                    let (source, record) = about;
                    let (reason, detail) = ("internal error".to_string(), render::please_report(&message));
                    Done::Rejected(Reject { source, record, byte_offset, reason, detail })
                },
                Done::Worked,
            )
        }
    };
    let batch = |batch: Batch| (batch.bytes, batch.items.into_iter().map(one).collect::<Vec<_>>());
    let mut seen = Seen::default();
    let mut take = |(bytes, items): (u64, Vec<Done<T>>)| {
        for item in items {
            match item {
                Done::Worked(worked) => {
                    seen.articles += 1;
                    take(worked)?;
                }
                Done::Rejected(rejected) => {
                    seen.rejects += 1;
                    reject(&rejected);
                }
            }
        }
        let Seen { articles, rejects } = seen;
        observer.progress(Progress { bytes, articles, rejects, catching_up: false });
        Ok(())
    };
    let workers = Pool(&pool, pipeline);
    let mut read = |emit: &mut dyn FnMut(Batch) -> Flow, _: &dyn Fn() -> bool| {
        read::read(reading.inputs, reading.options, &workers, emit);
    };
    in_order(&pool, &mut read, &batch, &mut take, observer)?;
    Ok(seen)
}
