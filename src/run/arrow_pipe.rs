//! A stream of Arrow -> a stream of Arrow: a row for each row, in order, batch by batch. For programs that talk with this one through
//! pipes and keep their data in columns.
//!
//! A batch is cut into pieces that are worked on at the same time, and what comes of them is joined again: who sends a batch gets
//! one with as many rows. Only what is very large is cut.

use super::{
    Observer, Piping, Pool, Progress, Seen,
    ordered::in_order,
    pipe::{TICK, pieces},
    render, workers,
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{Annotated, Article, Reject},
    pipeline::Pipeline,
    read::{ArrowStream, Batch, Flow, Item, Reason},
    table::{Document, Joined, Nested, nested_schema},
};
use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, SchemaRef};
use std::{
    io::{self, BufWriter, Read, Write},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
};

/// What is to be done, in order ...
enum Step {
    /// The input is a stream of articles.
    Begin,
    /// Some of its records.
    Records(Batch),
    /// A batch is complete, and so many bytes were read.
    Complete(u64),
    /// The stream is complete.
    End,
}

/// ... and what is done.
enum Done {
    Begin,
    Rows(Result<Vec<Rows>>),
    Complete(u64),
    End,
}

/// Rows of the output.
struct Rows {
    batches: Vec<RecordBatch>,
    seen: Seen,
}

/// Annotates the records of `input`, a stream of Arrow, and writes one with a row for each to `output`, in order; it is flushed
/// whenever a batch is done. Both are IPC streams; that of `output` looks like [`nested_schema`], and begins when the schema of
/// `input` is read. When it ends otherwise than by the end of `input`, the thread that reads `input` may stay until that says something.
///
/// # Errors
/// Of `input` and `output`; an input that is no stream of Arrow, is damaged or has no texts; an observer that stopped it. The rows
/// of records that came before are written, and `output` is ended, if it takes that.
pub fn pipe_arrow(
    pipeline: &Pipeline,
    options: &Piping<'_>,
    input: Box<dyn Read + Send>,
    output: &mut (dyn Write + Send),
    observer: &dyn Observer,
) -> Result<Seen> {
    let pool = workers(options.threads)?;
    let annotate = |article| pipeline.annotate(article);
    let worker = Worker { annotate: &annotate, options };
    let mut out = Output::new(output, observer);
    let mut input = Some(pieces(input)?);
    let mut failed = None;
    let mut read = |emit: &mut dyn FnMut(Step) -> Flow, given_up: &dyn Fn() -> bool| {
        if let Some(pieces) = input.take() {
            let input = Awaited { pieces, piece: Vec::new(), at: 0, given_up };
            failed = feed(input, options, &Pool(&pool, pipeline), emit).err();
        }
    };
    let outcome = in_order(&pool, &mut read, &|step| worker.step(step), &mut |done| out.take(done), observer);
    out.end()?;
    outcome?;
    match failed {
        Some(error) => Err(error),
        None => pipeline.gazetteer().check().map(|()| out.seen),
    }
}

/// Reads everything.
fn feed(
    input: Awaited<'_>,
    options: &Piping<'_>,
    workers: &Pool<'_>,
    emit: &mut dyn FnMut(Step) -> Flow,
) -> Result<()> {
    let mut stream = ArrowStream::open(input, options.read)?;
    let mut flow = emit(Step::Begin);
    while flow.is_continue() {
        let Some(read) = stream.batch(workers, &mut |batch| emit(Step::Records(batch)))? else {
            // Who waits for the end of the output should not have to close the input first.
            return if emit(Step::End).is_continue() { stream.end() } else { Ok(()) };
        };
        flow = read;
        if flow.is_continue() {
            flow = emit(Step::Complete(stream.position()));
        }
    }
    Ok(())
}

/// An input that says something or not: it is waited for as long as nobody has given up.
struct Awaited<'a> {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    /// How much of the piece was taken.
    at: usize,
    given_up: &'a dyn Fn() -> bool,
}

impl Read for Awaited<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            if (self.given_up)() {
                return Err(io::Error::other("nobody wants it any more"));
            }
            (self.piece, self.at) = match self.pieces.recv_timeout(TICK) {
                Ok(piece) => (piece?, 0),
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            };
        }
        let count = (&self.piece[self.at..]).read(into)?;
        self.at += count;
        Ok(count)
    }
}

/// What a worker needs.
struct Worker<'w> {
    annotate: &'w (dyn Fn(Article) -> Annotated + Sync),
    options: &'w Piping<'w>,
}

impl Worker<'_> {
    fn step(&self, step: Step) -> Done {
        match step {
            Step::Begin => Done::Begin,
            Step::Records(batch) => Done::Rows(render::surviving(&batch.items, &|items| self.items(items))),
            Step::Complete(bytes) => Done::Complete(bytes),
            Step::End => Done::End,
        }
    }

    fn items(&self, items: &[Item]) -> Result<Rows> {
        let (mut nested, mut seen) = (Nested::new(), Seen::default());
        for item in items {
            let too_large;
            let reject = match item {
                Item::Reject(reject) => reject,
                Item::Article { article, byte_offset } => {
                    let mut article = article.clone();
                    self.options.read.tell_language(&mut article);
                    let annotated = (self.annotate)(article);
                    if nested.article(&Document::new(&annotated, self.options.min_confidence))? {
                        seen.articles += 1;
                        continue;
                    }
                    too_large = beyond(&annotated.article, *byte_offset);
                    &too_large
                }
            };
            nested.reject(reject)?;
            seen.rejects += 1;
        }
        Ok(Rows { batches: nested.finish()?, seen })
    }
}

/// An article in which so much was found that no column can hold it.
fn beyond(article: &Article, byte_offset: u64) -> Reject {
    let detail = "what was found has more than 2 GB, which a column of Arrow cannot hold: lower --max-text".to_string();
    let reason = Reason::TooLarge.as_str().to_string();
    Reject { source: article.source.clone(), record: article.record, byte_offset, reason, detail }
}

/// Where the rows go.
struct Output<'o> {
    /// Before it begins.
    bare: Option<&'o mut (dyn Write + Send)>,
    /// From then on.
    writer: Option<StreamWriter<BufWriter<&'o mut (dyn Write + Send)>>>,
    schema: SchemaRef,
    observer: &'o dyn Observer,
    joined: Joined,
    /// Whether anything of the present batch is written.
    begun: bool,
    seen: Seen,
}

impl<'o> Output<'o> {
    fn new(output: &'o mut (dyn Write + Send), observer: &'o dyn Observer) -> Output<'o> {
        let schema = nested_schema();
        let joined = Joined::new(Arc::clone(&schema));
        Output { bare: Some(output), writer: None, schema, observer, joined, begun: false, seen: Seen::default() }
    }

    /// Writes what is done. After an error nothing is written any more.
    fn take(&mut self, done: Done) -> Result<()> {
        let taken = self.taken(done);
        if taken.is_err() {
            self.writer = None;
        }
        taken
    }

    fn taken(&mut self, done: Done) -> Result<()> {
        match done {
            Done::Begin => {
                let Some(output) = self.bare.take() else { return Ok(()) };
                let mut writer = StreamWriter::try_new(BufWriter::new(output), &self.schema).map_err(unwritten)?;
                writer.flush().map_err(unwritten)?;
                self.writer = Some(writer);
            }
            Done::Rows(rows) => {
                for rows in rows? {
                    rows.batches.into_iter().try_for_each(|batch| self.joined.push(batch))?;
                    self.seen.articles += rows.seen.articles;
                    self.seen.rejects += rows.seen.rejects;
                }
                let large = self.joined.take();
                self.write(&large)?;
            }
            Done::Complete(bytes) => {
                self.complete()?;
                let Seen { articles, rejects } = self.seen;
                self.observer.progress(Progress { bytes, articles, rejects, catching_up: false });
            }
            Done::End => self.end()?,
        }
        Ok(())
    }

    /// Writes what is left of a batch; one without rows is answered too.
    fn complete(&mut self) -> Result<()> {
        let mut rest = self.joined.take_all()?;
        if rest.is_empty() && !self.begun {
            rest.push(RecordBatch::new_empty(Arc::clone(&self.schema)));
        }
        self.write(&rest)?;
        self.begun = false;
        Ok(())
    }

    /// Ends the stream, if it has begun: what is there of a batch that never got complete belongs to it.
    fn end(&mut self) -> Result<()> {
        let rest = self.joined.take_all()?;
        self.write(&rest)?;
        match self.writer.take() {
            Some(mut writer) => writer.finish().map_err(unwritten),
            None => Ok(()),
        }
    }

    fn write(&mut self, batches: &[RecordBatch]) -> Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        for batch in batches {
            writer.write(batch).and_then(|()| writer.flush()).map_err(unwritten)?;
            self.begun = true;
        }
        Ok(())
    }
}

fn unwritten(error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, error) => Error::io("standard output", error),
        error => Error::new(ErrorKind::Format(format!("{error}: please report this"))),
    }
}
