//! `generate`: seeded dumps and gazetteers for benchmarks.

use super::{Outcome, print, shared::counted};
use crate::{
    error::{Error, Result},
    gazetteer,
    generate::{Dump, Names},
};
use clap::Subcommand;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// Makes dumps of invented news, and gazetteers of invented names, of any size.
///
/// The same seed gives the same bytes on any machine, and a smaller output is the beginning of a larger one. Nothing in them
/// is true.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Writes articles as JSON Lines, with known names and quotations.
    Articles(Articles),
    /// Writes a gazetteer of names, no two alike.
    Gazetteer(Gazetteer),
}

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  onrecord generate articles -n 20000 --out dump.jsonl --gold gold.jsonl")]
struct Articles {
    /// Number of articles.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1000)]
    count: u64,
    /// What the choices are made from.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Draw names from this gazetteer too.
    #[arg(long, value_name = "NAMES.csv")]
    names: Option<PathBuf>,
    /// Of a hundred names, how many are from that gazetteer.
    #[arg(long, value_name = "PERCENT", default_value_t = 50, value_parser = clap::value_parser!(u64).range(0..=100), requires = "names")]
    share: u64,
    /// The file to write; - for standard output.
    #[arg(short, long, value_name = "DUMP.jsonl")]
    out: PathBuf,
    /// Write here which names and quotations the articles hold, in the form that `evaluate` reads.
    #[arg(long, value_name = "GOLD.jsonl")]
    gold: Option<PathBuf>,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  onrecord generate gazetteer -n 1000000 --out names.csv")]
struct Gazetteer {
    /// Number of names.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10_000)]
    count: u64,
    /// What the choices are made from.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The file to write; - for standard output.
    #[arg(short, long, value_name = "NAMES.csv")]
    out: PathBuf,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    match &args.what {
        What::Articles(args) => articles(args),
        What::Gazetteer(args) => {
            let names = Names::new(&gazetteer::Gazetteer::embedded()?, args.seed)?;
            write(&args.out, |out| names.write(args.count, out))?;
            tell(&args.out, &counted(args.count, "name"))
        }
    }
}

fn articles(args: &Articles) -> Result<Outcome> {
    let mut dump = Dump::new(&gazetteer::Gazetteer::embedded()?, args.seed)?;
    if let Some(path) = &args.names {
        let mut file = File::open(path).map_err(|error| Error::io(path, error))?;
        dump.draw_from(&mut file, args.share as usize).map_err(|error| error.at_path(path))?;
    }
    let made = write(&args.out, |out| match &args.gold {
        None => dump.write(args.count, out, None),
        Some(gold) => write(gold, |gold| dump.write(args.count, out, Some(gold))),
    })?;
    let [articles, names, quotations] =
        [(made.articles, "article"), (made.names, "name"), (made.quotations, "quotation")]
            .map(|(count, word)| counted(count, word));
    tell(&args.out, &format!("{articles} with {names} and {quotations}"))
}

/// Opens `path`, or standard output for `-`, and writes to it.
fn write<T>(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
    let fail = |error| Error::io(path, error);
    let inner: Box<dyn Write> = if path == Path::new("-") {
        Box::new(std::io::stdout().lock())
    } else {
        Box::new(File::create(path).map_err(fail)?)
    };
    let mut out = BufWriter::with_capacity(1 << 20, inner);
    let made = write(&mut out).map_err(|error| error.at_path(path))?;
    out.flush().map_err(fail)?;
    Ok(made)
}

/// Says what was written, unless it went to standard output.
fn tell(path: &Path, what: &str) -> Result<Outcome> {
    if path != Path::new("-") {
        print(|out| writeln!(out, "{what} in {}", path.display()))?;
    }
    Ok(Outcome::Clean)
}
