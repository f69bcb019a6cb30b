//! `extract`: the main job.

use super::{
    Outcome,
    progress::Bar,
    shared::{Names, Reading},
    summary,
};
use crate::{
    error::{Error, Result},
    read::{self, Inputs},
    run,
};
use std::{io::Write, path::PathBuf};

/// Writes the tables of names and quotations in articles.
///
/// The tables (articles, mentions, entities, quotes, cooccurrences, candidates, rejects) are UTF-8 CSV; run.json tells
/// what was run and datapackage.json what each column holds. Rows are in input order and do not depend on the number of
/// workers.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Files, folders (read with all that is in them), or - for standard input.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Folder for the tables; it is made if it is not there.
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    names: Names,
    /// Replace the tables of an earlier run; other files in the folder are left alone.
    #[arg(long)]
    force: bool,
    /// Number of workers [by default one per core].
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// Stop after this many articles.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Leave out mentions and quotations less sure than this, from 0 to 1.
    #[arg(long, value_name = "X", default_value_t = 0.0, hide_default_value = true, value_parser = probability)]
    min_confidence: f32,
    /// Keep at most N pairs of entities for cooccurrences.csv, about 30 bytes of memory each; the lightest are dropped first.
    #[arg(long, value_name = "N", default_value_t = 2_000_000)]
    max_pairs: usize,
    /// Write texts.csv too: the texts that the offsets count in.
    #[arg(long)]
    emit_text: bool,
    /// Do not put an apostrophe before text that a spreadsheet would take for a formula.
    #[arg(long)]
    no_guard: bool,
    /// Show neither progress nor summary.
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    reading: Reading,
}

fn probability(text: &str) -> std::result::Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("a number from 0 to 1".to_string()),
    }
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    let inputs = Inputs::new(args.inputs.clone())?;
    let options = run::Options {
        read: read::Options { limit: args.limit, skip: Some(args.out.clone()), ..args.reading.options() },
        threads: args.threads,
        force: args.force,
        guard: !args.no_guard,
        emit_text: args.emit_text,
        min_confidence: args.min_confidence,
        max_pairs: args.max_pairs,
        ..run::Options::new(&args.out)
    };
    let pipeline = args.names.pipeline()?;
    quiet_workers();
    let bar = Bar::new(&inputs, &options.read, args.quiet);
    bar.stop_on_signal()?;
    let outcome = run::run(&pipeline, &inputs, &options, &bar);
    bar.clear();
    let report = outcome?;
    if !args.quiet {
        match super::print(|out| out.write_all(summary::of(&report).as_bytes())) {
            Err(error) if !super::is_broken_pipe(&error) => return Err(error),
            _ => {}
        }
    }
    Ok(if report.totals.rejects > 0 { Outcome::Rejects } else { Outcome::Clean })
}

/// A panic of a worker is caught and becomes a row of `rejects.csv`; it need not be shouted as well.
fn quiet_workers() {
    let shout = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !std::thread::current().name().is_some_and(|name| name.starts_with(run::WORKER)) {
            shout(panic);
        }
    }));
}

impl Bar {
    /// Makes the first signal stop the run and the second one end the program.
    fn stop_on_signal(&self) -> Result<()> {
        let stop = self.stop();
        ctrlc::set_handler(move || {
            if stop.swap(true, std::sync::atomic::Ordering::SeqCst) {
                std::process::exit(130);
            }
            let message = "\nonrecord: stopping; press again to stop at once";
            let _ = writeln!(std::io::stderr(), "{message}");
        })
        .map_err(|error| Error::usage(format!("cannot listen for signals: {error}")))
    }
}
