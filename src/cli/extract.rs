//! `extract`: the main job.

use super::{
    Outcome,
    progress::Bar,
    shared::{Names, Reading},
    summary,
};
use crate::{
    error::{Error, Result},
    read::{self, Condition, Inputs, Sample, language_code},
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
    #[command(flatten)]
    choice: Choice,
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

/// What help calls the options of [`Choice`].
const CHOICE: &str = "Which articles";

/// Which articles to take.
#[derive(clap::Args, Debug)]
struct Choice {
    /// Stop after this many articles.
    #[arg(help_heading = CHOICE, long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Take only articles whose record meets this condition, such as date>=2020-01-01, date<2021, outlet=Reuters, outlet~herald
    /// or language=en; given several times, all must hold.
    ///
    /// It is about date, language, outlet, title, author, url, source (the file) or id, then =, !=, ~ (contains) or !~, for
    /// dates <, <=, > or >= too, then a value; case does not matter. A date may be a year, a month or a day. What the record
    /// does not say meets no condition; a date in the text does not count. Articles passed over are in no table, and
    /// counted in run.json.
    #[arg(help_heading = CHOICE, long = "where", value_name = "COND")]
    conditions: Vec<Condition>,
    /// Take a share of the articles, such as 0.01 or 1%, by a hash of seed and id: the same articles in every run,
    /// and in whatever files they are if they have ids of their own.
    #[arg(help_heading = CHOICE, long, value_name = "RATE", value_parser = share)]
    sample: Option<f64>,
    /// With another seed, --sample takes other articles.
    #[arg(help_heading = CHOICE, long, value_name = "N", default_value_t = 0, hide_default_value = true, requires = "sample")]
    seed: u64,
    /// Look for names and quotations only in articles in this language (ISO 639-1, such as en; several joined by commas), by
    /// the record's field or, where it has none, by the text; the others are rows in articles.csv alone.
    #[arg(help_heading = CHOICE, long, value_name = "CODE", value_delimiter = ',', value_parser = language)]
    language: Vec<String>,
    /// Look for names and quotations only in the first of several articles with the same text; the others are rows in
    /// articles.csv alone, with the id of the first in duplicate_of.
    #[arg(help_heading = CHOICE, long)]
    skip_duplicates: bool,
    /// Do not compare texts: saves some 40 bytes of memory an article, and leaves duplicate_of empty.
    #[arg(help_heading = CHOICE, long, conflicts_with = "skip_duplicates")]
    no_duplicates: bool,
}

impl Choice {
    /// Adds this to how the input is read.
    fn options(&self, reading: read::Options) -> read::Options {
        read::Options {
            limit: self.limit,
            conditions: self.conditions.clone(),
            sample: self.sample.map(|rate| Sample { rate, seed: self.seed }),
            languages: self.language.clone(),
            duplicates: !self.no_duplicates,
            skip_duplicates: self.skip_duplicates,
            ..reading
        }
    }
}

fn share(text: &str) -> std::result::Result<f64, String> {
    let (number, whole) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    match number.trim().parse::<f64>() {
        Ok(value) if (0.0..=whole).contains(&value) => Ok(value / whole),
        _ => Err("a number from 0 to 1, or from 0% to 100%".to_string()),
    }
}

fn language(text: &str) -> std::result::Result<String, String> {
    language_code(text).ok_or_else(|| "no language that is known: give a code of ISO 639-1 such as en".to_string())
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
        read: read::Options { skip: Some(args.out.clone()), ..args.choice.options(args.reading.options()) },
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
        let is_worker = std::thread::current().name().is_some_and(|name| name.starts_with(run::WORKER));
        if !is_worker && !read::is_guarded() {
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
