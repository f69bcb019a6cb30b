//! `merge`: the tables of shards into those of one run.

use super::{Outcome, progress::Bar, signals::Signals, summary};
use crate::{
    error::{ErrorKind, Result},
    run,
};
use std::path::PathBuf;

/// Joins the tables of shards into exactly what one run would have written.
///
/// The folders are those of `onrecord extract --shard 1/N`, `2/N` ... `N/N` with the same input, options and gazetteers, in any
/// order. Only run.json tells the outcome from that of a run without shards: times, workers, how often it was resumed.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  onrecord extract news.jsonl --out part1 --shard 1/2
  onrecord extract news.jsonl --out part2 --shard 2/2
  onrecord merge part1 part2 --out tables")]
pub(super) struct Args {
    /// The folders of all shards.
    #[arg(required = true, value_name = "DIR")]
    shards: Vec<PathBuf>,
    /// Folder for the tables; it is made if it is not there.
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// Replace the tables of an earlier run, or of a merge that was killed; other files in the folder are left alone.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    shown: summary::Args,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    let signals = Signals::listen()?;
    let bar = Bar::new(|| None, signals, args.shown.quiet());
    let outcome = run::merge(&args.shards, &args.out, args.force, &bar);
    bar.clear();
    let report = match outcome {
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted) => {
            super::say("stopped; no tables were written");
            return Ok(Outcome::Stopped(signals.status()));
        }
        outcome => outcome?,
    };
    summary::show(&report, args.shown)
}
