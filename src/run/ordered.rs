//! The heart of all work that writes no files: batches as they are read -> workers -> what comes of them, in input order, with a few
//! batches in memory.

use super::Observer;
use crate::{
    error::{Error, ErrorKind, Result},
    read::Flow,
};
use std::{collections::BTreeMap, sync::mpsc::channel};

/// Takes batches, and says whether to go on.
pub(super) type Emit<'e, B> = &'e mut dyn FnMut(B) -> Flow;

/// Tells whether nobody takes any more.
pub(super) type GivenUp<'g> = &'g dyn Fn() -> bool;

/// Has `read` hand over batches, does `work` on each, and gives `take` what comes of them, in the order in which they came. `read`
/// runs on this thread, `take` on one of its own. Where `read` waits for its input, it can ask whether nobody takes any more.
///
/// # Errors
/// Of `take`; an observer that stopped it.
pub(super) fn in_order<B: Send, T: Send>(
    pool: &rayon::ThreadPool,
    read: &mut dyn FnMut(Emit<'_, B>, GivenUp<'_>),
    work: &(dyn Fn(B) -> T + Sync),
    take: &mut (dyn FnMut(T) -> Result<()> + Send),
    observer: &dyn Observer,
) -> Result<()> {
    let (give_back, free) = channel::<()>();
    for _ in 0..2 * pool.current_num_threads() + 2 {
        let _ = give_back.send(());
    }
    let (done, finished) = channel::<(u64, T)>();
    let outcome = std::thread::scope(|scope| {
        let taker = scope.spawn(move || {
            let (mut next, mut waiting) = (0, BTreeMap::new());
            for (number, outcome) in finished {
                waiting.insert(number, outcome);
                while let Some(outcome) = waiting.remove(&next) {
                    take(outcome)?;
                    next += 1;
                    let _ = give_back.send(());
                }
            }
            Ok(())
        });
        pool.in_place_scope(|scope| {
            let mut number = 0;
            let mut emit = |batch| {
                // Who takes has failed if there is nothing to wait for, and that is what is told.
                if observer.stopped() || free.recv().is_err() {
                    return Flow::Break(());
                }
                let (done, at) = (done.clone(), number);
                number += 1;
                scope.spawn(move |_| {
                    let _ = done.send((at, work(batch)));
                });
                Flow::Continue(())
            };
            read(&mut emit, &|| observer.stopped() || taker.is_finished());
        });
        drop(done);
        taker.join().unwrap_or_else(|_| Err(Error::format("a thread of this program failed: please report this")))
    });
    if observer.stopped() {
        return Err(Error::new(ErrorKind::Interrupted));
    }
    outcome
}
