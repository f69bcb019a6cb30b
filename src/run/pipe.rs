//! A stream of JSON Lines -> a line of JSON for each record, in order, as soon as it is done: for programs that talk with this one
//! through pipes. Nothing is kept from record to record, so that memory is bounded however long the stream is.
//!
//! Bytes are taken as they come, and the whole lines among them are a batch: one line of a source that waits for its answer, many
//! of one that is fast. Batches are worked on at the same time and written in input order, each at once.

use super::{Observer, Progress, Seen, ordered::in_order, render, workers};
use crate::{
    error::{Error, Result},
    model::{Article, Reject},
    pipeline::Pipeline,
    read::{self, Flow, Item, Line, Lines, Reason},
    table::{Document, Objects},
};
use std::{
    io::{self, Read, Write},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    time::Duration,
};

/// The most bytes that are taken at once.
const PIECE: usize = 1 << 17;
/// How long to wait for input before looking whether somebody wants to stop.
pub(super) const TICK: Duration = Duration::from_millis(50);

/// How to read and what to tell.
#[derive(Debug)]
pub struct Piping<'o> {
    /// How to read. Of these options, those about files, samples, conditions and duplicates do not matter.
    pub read: &'o read::Options,
    /// Number of workers; 0 for one per core.
    pub threads: usize,
    /// Mentions and quotations below this confidence (0 to 1) are left out.
    pub min_confidence: f32,
}

/// A batch as it was read, and as it is written.
type Whole = (Vec<u8>, Vec<Line>);
type Written = (Vec<u8>, Seen);

/// Annotates the records of `input`, JSON Lines, and writes a line for each to `output`, in order; it is flushed whenever a
/// batch is done. When it ends otherwise than by the end of `input`, the thread that reads `input` may stay until that says
/// something.
///
/// # Errors
/// Of `input` and `output`; an observer that stopped it. Records that came before are written, if `output` takes them.
pub fn pipe(
    pipeline: &Pipeline,
    options: &Piping<'_>,
    input: Box<dyn Read + Send>,
    output: &mut (dyn Write + Send),
    observer: &dyn Observer,
) -> Result<Seen> {
    let pool = workers(options.threads)?;
    let pieces = pieces(input)?;
    let annotate = |article| pipeline.annotate(article);
    let worker = Worker { annotate: &annotate, options };
    let (mut failed, mut seen, mut bytes) = (None, Seen::default(), 0);
    let mut read = |emit: &mut dyn FnMut(Whole) -> Flow, given_up: &dyn Fn() -> bool| {
        let mut lines = Some(Lines::new(options.read));
        while !given_up() {
            let whole = match pieces.recv_timeout(TICK) {
                Ok(Ok(piece)) => lines.as_mut().map(|lines| lines.push(&piece)),
                Ok(Err(error)) => {
                    failed = Some(Error::io("standard input", error));
                    return;
                }
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => lines.take().map(Lines::finish),
            };
            let Some(whole) = whole else { return };
            if !whole.1.is_empty() && emit(whole).is_break() {
                return;
            }
        }
    };
    let mut take = |batch: Result<Written>| {
        let (written, more) = batch?;
        let all = output.write_all(&written).and_then(|()| output.flush());
        all.map_err(|error| Error::io("standard output", error))?;
        seen.articles += more.articles;
        seen.rejects += more.rejects;
        bytes += written.len() as u64;
        let Seen { articles, rejects } = seen;
        observer.progress(Progress { bytes, articles, rejects, catching_up: false });
        Ok(())
    };
    in_order(&pool, &mut read, &|whole| worker.batch(&whole), &mut take, observer)?;
    match failed {
        Some(error) => Err(error),
        None => pipeline.gazetteer().check().map(|()| seen),
    }
}

/// What comes of `input`, read by a thread of its own: one that waits for input cannot be asked to stop. It ends when nobody takes
/// any more.
pub(super) fn pieces(mut input: Box<dyn Read + Send>) -> Result<Receiver<io::Result<Vec<u8>>>> {
    let (sender, pieces) = sync_channel(1);
    let reader = std::thread::Builder::new().name("input".to_string());
    let started = reader.spawn(move || {
        let mut buffer = vec![0; PIECE];
        loop {
            let piece = match input.read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => Ok(buffer[..count].to_vec()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let last = piece.is_err();
            if sender.send(piece).is_err() || last {
                return;
            }
        }
    });
    started.map_err(|error| Error::usage(format!("cannot start a thread that reads: {error}")))?;
    Ok(pieces)
}

/// What a worker needs.
struct Worker<'w> {
    annotate: &'w (dyn Fn(Article) -> crate::model::Annotated + Sync),
    options: &'w Piping<'w>,
}

impl Worker<'_> {
    /// Does a batch. A record on which the program fails becomes an error of its own.
    fn batch(&self, (whole, lines): &Whole) -> Result<Written> {
        let (mut out, mut seen, mut objects) = (Vec::with_capacity(whole.len()), Seen::default(), Objects::default());
        for line in lines {
            let before = out.len();
            let outcome = render::catch(|| self.line(line, whole, &mut objects, &mut out));
            let rejected = outcome.unwrap_or_else(|message| {
                out.truncate(before);
                objects = Objects::default();
                Ok(Some(line.reject(Reason::Internal, render::please_report(&message))))
            })?;
            match rejected {
                Some(reject) => {
                    objects.reject(&reject, &mut out)?;
                    seen.rejects += 1;
                }
                None => seen.articles += 1,
            }
        }
        Ok((out, seen))
    }

    /// Does one record; returns why it is no article, if it is none.
    fn line(&self, line: &Line, whole: &[u8], objects: &mut Objects, out: &mut Vec<u8>) -> Result<Option<Reject>> {
        match line.item(whole, self.options.read) {
            Item::Reject(reject) => Ok(Some(reject)),
            Item::Article { article, .. } => {
                let annotated = (self.annotate)(article);
                objects.article(&Document::new(&annotated, self.options.min_confidence), out)?;
                Ok(None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Annotated;

    #[test]
    fn a_panic_costs_one_record() {
        let annotate = |article: Article| -> Annotated { panic!("cannot swallow {}", article.id) };
        let read = read::Options::default();
        let options = Piping { read: &read, threads: 1, min_confidence: 0.0 };
        let worker = Worker { annotate: &annotate, options: &options };
        let whole = Lines::new(&read).push(b"{\"id\": \"b\", \"text\": \"x\"}\n{}\n");
        let (out, seen) = worker.batch(&whole).unwrap();
        assert_eq!(seen, Seen { articles: 0, rejects: 2 });
        let out = String::from_utf8(out).unwrap();
        let (first, second) = out.trim_end().split_once('\n').unwrap();
        let expected = "{\"error\":{\"record\":1,\"byte_offset\":0,\"reason\":\"internal error\",\
                        \"detail\":\"please report this: cannot swallow b\"}}";
        assert_eq!(first, expected);
        assert!(second.starts_with("{\"error\":{\"record\":2,\"byte_offset\":25,\"reason\":\"no text\""), "{second}");
    }
}
