//! The thread that writes: what workers have rendered, in input order, and a checkpoint now and then.

use super::{
    Observer, Progress, checkpoint,
    output::{Lying, Output},
    render::{Buffers, Rendered},
};
use crate::{
    error::{Error, Result},
    table::Totals,
};
use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender},
    },
    time::{Duration, Instant},
};

/// A buffer that one large article has made larger than this is not used again, in bytes.
const LARGE: usize = 4 << 20;
/// How long to wait for a batch before looking at the clock.
const TICK: Duration = Duration::from_millis(100);
/// A reader that has not come back so many ticks after the run was stopped waits for an input that may never come.
const PATIENCE: u32 = 10;
/// Checkpoints take at most one part in so many of the time: there may be much to write down.
const SHARE: u32 = 20;

/// Writes the tables of a run.
pub(super) struct Writer<'o> {
    pub output: Output,
    /// Sums over what has been written.
    pub totals: Totals,
    /// How far it is; tables and seconds are filled in when a checkpoint is written.
    pub position: checkpoint::Position,
    observer: &'o dyn Observer,
    began: Instant,
    earlier: Duration,
    every: Duration,
    due: Instant,
    /// Whether a checkpoint holds all that has been written.
    safe: bool,
}

impl<'o> Writer<'o> {
    /// Goes on from `position`; writes a checkpoint whenever `every` has passed. `safe` says whether there is one already.
    pub(super) fn new(
        output: Output,
        totals: Totals,
        position: checkpoint::Position,
        (every, safe): (Duration, bool),
        observer: &'o dyn Observer,
    ) -> Writer<'o> {
        let began = Instant::now();
        let earlier = Duration::try_from_secs_f64(position.seconds).unwrap_or_default();
        Writer { output, totals, position, observer, began, earlier, every, due: began + every, safe }
    }

    /// Writes what is `finished` until nobody sends any more. `handed` counts the batches that workers have been given.
    pub(super) fn write(
        &mut self,
        finished: Receiver<(u64, Result<Rendered>)>,
        give_back: Sender<Buffers>,
        handed: &AtomicU64,
    ) -> Result<()> {
        let (mut next, mut waiting, mut idle) = (0, BTreeMap::new(), 0);
        loop {
            match finished.recv_timeout(TICK) {
                Ok((ordinal, rendered)) => {
                    waiting.insert(ordinal, rendered?);
                    while let Some(rendered) = waiting.remove(&next) {
                        let buffers = self.batch(rendered)?;
                        // Nobody needs them once everything is read.
                        let _ = give_back.send(buffers);
                        next += 1;
                    }
                    idle = 0;
                }
                Err(RecvTimeoutError::Timeout) if self.observer.stopped() && next == handed.load(Ordering::Acquire) => {
                    idle += 1;
                    if idle == PATIENCE {
                        self.checkpoint()?;
                        self.observer.halted();
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if !self.safe && self.position.records > 0 && Instant::now() >= self.due {
                self.checkpoint()?;
            }
        }
    }

    fn batch(&mut self, rendered: Rendered) -> Result<Buffers> {
        let mut buffers = Buffers::new();
        self.safe = false;
        self.output.note(&rendered.entry)?;
        for (table, (rows, count)) in self.output.tables().iter_mut().zip(rendered.tables) {
            table.append(&rows, count)?;
            buffers.push(if rows.capacity() > LARGE { Vec::new() } else { rows });
        }
        self.totals.merge(&rendered.totals)?;
        self.position.records += rendered.records;
        self.position.marks.pass(&rendered.place);
        self.position.place = rendered.place;
        self.observer.progress(self.told());
        Ok(buffers)
    }

    /// How far it is, for people.
    pub(super) fn told(&self) -> Progress {
        let (articles, rejects) = (self.totals.articles, self.totals.rejects);
        Progress { bytes: self.position.place.bytes, articles, rejects, catching_up: false }
    }

    /// How long the run has worked, with what it did before it was stopped.
    pub(super) fn elapsed(&self) -> Duration {
        self.earlier + self.began.elapsed()
    }

    /// Writes a checkpoint, unless there is one of this place.
    pub(super) fn checkpoint(&mut self) -> Result<()> {
        if self.safe {
            return Ok(());
        }
        let begun = Instant::now();
        let Lying { tables, ledger, examples } = self.output.sync()?;
        (self.position.tables, self.position.ledger, self.position.examples) = (tables, ledger, examples);
        self.position.seconds = self.elapsed().as_secs_f64();
        self.output.checkpoint(self.position.clone(), &self.totals)?;
        self.safe = true;
        let done = Instant::now();
        // Who asks for one after every batch knows what it costs.
        self.due = done + if self.every.is_zero() { self.every } else { self.every.max((done - begun) * SHARE) };
        Ok(())
    }

    /// Checks that nothing was lost on the way.
    pub(super) fn account(&self) -> Result<()> {
        account(&self.output, &self.totals, self.position.records)
    }
}

/// Checks that every one of `records` became an article or a reject or was not asked for, and that every sum has its rows.
pub(super) fn account(output: &Output, totals: &Totals, records: u64) -> Result<()> {
    for (what, count, rows) in [
        ("records", records, totals.articles + totals.rejects + totals.passed_over),
        ("articles", totals.articles, output.rows("articles")),
        ("rejects", totals.rejects, output.rows("rejects")),
        ("mentions", totals.mentions.iter().sum(), output.rows("mentions")),
        ("quotations", totals.quotations.iter().sum(), output.rows("quotes")),
    ] {
        agree(what, count, rows)?;
    }
    Ok(())
}

/// Checks that all of `count` things came through.
pub(super) fn agree(what: &str, count: u64, rows: u64) -> Result<()> {
    if count == rows {
        return Ok(());
    }
    Err(Error::format(format!("the accounts do not agree: of {count} {what}, {rows} came through. Please report this")))
}
