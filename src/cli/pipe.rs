//! `pipe`: articles through standard input and output, for other programs.

use super::{
    Outcome,
    shared::{FieldNames, Names, probability},
    signals::Signals,
};
use crate::{
    error::{ErrorKind, Result},
    read,
    run::{self, Observer, Piping},
};
use std::io;

const EXAMPLES: &str = "\
Examples:
  onrecord pipe < news.jsonl > found.jsonl
  zstdcat dump.jsonl.zst | onrecord pipe --min-confidence 0.8 | jq -r '.quotes[]? | [.speaker, .quote] | @tsv'
  parallel --pipe --block 20M onrecord pipe -j 1 < news.jsonl > found.jsonl
  onrecord pipe --arrow < news.arrows > found.arrows";

/// Reads JSON Lines on standard input, and writes a line of JSON for each article on standard output.
///
/// Lines come in input order, as soon as they are done: {"article": {...}, "mentions": [...], "entities": [...], "quotes": [...]}
/// with the columns of the tables that extract writes, or {"error": {...}} for a line that is no article. Nothing is kept from
/// article to article, so the stream may have no end. With --arrow both are IPC streams of Apache Arrow, with a row for each row.
#[derive(clap::Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    names: Names,
    /// Read and write streams of Arrow: of each batch, the columns that hold an article's fields; then a batch with as many rows, whose
    /// nested columns have the names of the JSON.
    #[arg(long)]
    arrow: bool,
    /// Number of workers [by default one per core].
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// Leave out mentions and quotations less sure than this, from 0 to 1.
    #[arg(long, value_name = "X", default_value_t = 0.0, hide_default_value = true, value_parser = probability)]
    min_confidence: f32,
    /// Texts of this many megabytes or more are errors, and so are lines that are more than three times as long.
    #[arg(long, value_name = "MB", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1_000_000), help_heading = "Limits")]
    max_text: u64,
    /// Batches of Arrow that take more than this many megabytes of memory are refused.
    #[arg(long, value_name = "MB", default_value_t = 1000, requires = "arrow", value_parser = clap::value_parser!(u64).range(1..=1_000_000), help_heading = "Limits")]
    max_batch: u64,
    #[command(flatten)]
    fields: FieldNames,
}

/// Looks whether a signal asks to stop.
struct Watch(Signals);

impl Observer for Watch {
    fn stopped(&self) -> bool {
        self.0.stop()
    }
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    let read = read::Options {
        fields: args.fields.fields(),
        max_text: args.max_text.saturating_mul(1_000_000),
        max_memory: args.max_batch.saturating_mul(1_000_000),
        ..read::Options::default()
    };
    let pipeline = args.names.pipeline()?;
    super::quiet_panics();
    let signals = Signals::listen()?;
    let options = Piping { read: &read, threads: args.threads, min_confidence: args.min_confidence };
    let through = if args.arrow { run::pipe_arrow } else { run::pipe };
    let outcome = through(&pipeline, &options, Box::new(io::stdin()), &mut io::stdout(), &Watch(signals));
    match outcome {
        Ok(seen) if seen.rejects == 0 => Ok(Outcome::Clean),
        Ok(_) => Ok(Outcome::Rejects),
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted) => Ok(Outcome::Stopped(signals.status())),
        Err(error) => Err(error),
    }
}
