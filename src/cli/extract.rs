//! `extract`: the main job.

use super::{
    Outcome,
    progress::Bar,
    shared::{Names, Reading, probability},
    signals::Signals,
    summary,
};
use crate::{
    error::{ErrorKind, Result},
    read::{self, Condition, Inputs, Sample, language_code},
    run::{self, Shard},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

const EXAMPLES: &str = "\
Examples:
  onrecord extract articles/ --out tables
  onrecord extract news.jsonl.zst --out tables --gazetteer names.csv
  onrecord extract dump.csv --out tables --text-column body --date-column day
  onrecord extract crawl/*.warc.gz --out tables --language en --skip-duplicates
  onrecord extract news.jsonl --out tables --where 'date>=2020-10' --where outlet~herald
  onrecord extract news.jsonl --out trial --sample 1% --seed 7
  onrecord extract news.jsonl --out tables --resume";

/// Writes the tables of names and quotations in articles.
///
/// The tables (articles, mentions, entities, quotes, cooccurrences, candidates, rejects) are UTF-8 CSV; run.json tells
/// what was run and datapackage.json what each column holds. Rows are in input order and do not depend on the number of
/// workers.
#[derive(clap::Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// Files, folders (read with all that is in them), or - for standard input.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Folder for the tables; it is made if it is not there.
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    names: Names,
    /// Replace the tables of an earlier run, or begin an unfinished one anew; other files in the folder are left alone.
    #[arg(long)]
    force: bool,
    /// Go on with a run that was stopped, in whatever way: give the same command again, with this.
    #[arg(long, conflicts_with = "force")]
    resume: bool,
    /// Lose at most about so many seconds of work when the program is killed [0: after every batch, whatever it costs].
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds)]
    checkpoint: f64,
    /// Do only part I of N, in a folder of its own; `onrecord merge` joins the parts.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
    /// Begin a new file of a table (mentions-2.csv, ...) after N rows, for spreadsheets that take no more than 1,048,576 lines.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(100..))]
    split_rows: Option<u64>,
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
    /// Write files that spreadsheets open at once and keep whole: with a byte order mark, CR LF and every cell in quotation
    /// marks, a new file before 1,048,576 lines, and texts of more than 32,767 UTF-16 code units cut, which the last column
    /// tells (`truncated`).
    #[arg(long)]
    excel: bool,
    /// Do not put an apostrophe before text that a spreadsheet would take for a formula.
    #[arg(long)]
    no_guard: bool,
    #[command(flatten)]
    shown: summary::Args,
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

fn seconds(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1e6).contains(&value) => Ok(value),
        _ => Err("a number of seconds from 0 to a million".to_string()),
    }
}

fn shard(text: &str) -> std::result::Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    let (number, of) = numbers.ok_or("two numbers such as 1/4")?;
    Shard::new(number, of).map_err(|error| error.to_string())
}

/// How to go on after a failure.
const GO_ON: &str = "when the cause is gone, give the same command with --resume (in place of --force)";

/// What is said when a signal has stopped the run.
fn stopped(out: &Path) -> String {
    format!(
        "stopped; what is done so far is kept in {}: give the same command with --resume (in place of --force) to go on",
        out.display()
    )
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    let inputs = Inputs::new(args.inputs.clone())?;
    let options = run::Options {
        read: read::Options { skip: Some(args.out.clone()), ..args.choice.options(args.reading.options()) },
        threads: args.threads,
        force: args.force,
        resume: args.resume,
        checkpoint: Duration::from_secs_f64(args.checkpoint),
        shard: args.shard,
        split_rows: args.split_rows,
        guard: !args.no_guard,
        excel: args.excel,
        emit_text: args.emit_text,
        min_confidence: args.min_confidence,
        max_pairs: args.max_pairs,
        ..run::Options::new(&args.out)
    };
    let pipeline = args.names.pipeline()?;
    super::quiet_panics();
    let signals = Signals::listen()?;
    let bar = Bar::new(|| inputs.total_bytes(&options.read), signals, args.shown.quiet());
    let outcome = run::run(&pipeline, &inputs, &options, &bar);
    bar.clear();
    let report = match outcome {
        Ok(report) => report,
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted) => {
            super::say(&stopped(&args.out));
            return Ok(Outcome::Stopped(signals.status()));
        }
        Err(error) => {
            if matches!(error.kind(), ErrorKind::Io(_)) && run::is_unfinished(&args.out) {
                super::say(&error.to_string());
                super::say(&format!("what is done so far is kept in {}: {GO_ON}", args.out.display()));
                return Ok(Outcome::Failed);
            }
            return Err(error);
        }
    };
    if report.done_before && !args.shown.quiet() {
        super::say(&format!("{}: this run is complete, nothing was left to do", args.out.display()));
    }
    summary::show(&report, args.shown)
}
