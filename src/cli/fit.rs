//! `fit`: weights of the evidence from annotated articles.

use super::{Outcome, print};
use crate::{
    error::{Error, Result},
    evaluate::{self, Part},
    evidence::Settings,
    fit,
    gazetteer::Gazetteer,
    mention::Ablation,
};
use clap::ValueEnum;
use std::path::PathBuf;

/// Fits the weights of the evidence for names, or for speakers and trust in quotations, on annotated articles.
///
/// The annotated articles are JSON Lines with `id`, `text` and `entities` (names) or `attributions` (quotations),
/// offsets in Unicode code points. The same input gives the same weights. Build the program with the file in `gazetteers/` to use them.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  onrecord fit gold.jsonl --out gazetteers/weights_names.csv
  onrecord fit --what quotations gold.jsonl --out gazetteers/weights_quotations.csv")]
pub(super) struct Args {
    /// The annotated articles.
    #[arg(required = true, value_name = "GOLD.jsonl")]
    gold: Vec<PathBuf>,
    /// What to fit.
    #[arg(long, value_name = "WHAT", default_value = "names")]
    what: What,
    /// The file to write.
    #[arg(long, value_name = "WEIGHTS.csv")]
    out: PathBuf,
    /// Leave a part of the evidence out, to see what it is worth; may repeat.
    #[arg(long, value_name = "PART", hide_short_help = true)]
    without: Vec<String>,
    /// Take only the part for fitting (two thirds), told by a hash of the id, and leave the rest for scoring.
    #[arg(long, value_name = "PART")]
    split: Option<Split>,
    /// Times that all articles are gone through.
    #[arg(long, default_value_t = Settings::default().rounds)]
    rounds: usize,
    /// Further gazetteers of names.
    #[arg(long, value_name = "PATH")]
    gazetteer: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Split {
    Fit,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Names,
    Quotations,
}

/// The part of the evidence with this name.
fn named(name: &String) -> Result<Ablation> {
    let found = Ablation::ALL.iter().find(|(known, _)| *known == name);
    let names: Vec<&str> = Ablation::ALL.iter().map(|(known, _)| *known).collect();
    let unknown = || Error::format(format!("`{name}` is no part of the evidence; use one of {}", names.join(", ")));
    found.map(|(_, part)| *part).ok_or_else(unknown)
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    let gazetteer = Gazetteer::load(&args.gazetteer)?;
    gazetteer.check()?;
    let part = if args.split.is_some() { Part::Fit } else { Part::All };
    let mut articles = Vec::new();
    for path in &args.gold {
        for gold in evaluate::load(path, part, None)? {
            articles.push(gold);
        }
    }
    let settings = Settings { rounds: args.rounds, ..Settings::default() };
    let text = match args.what {
        What::Names => {
            let without = args.without.iter().map(named).collect::<Result<Vec<_>>>()?;
            fit::names(&articles, &gazetteer, settings, &without)?
        }
        What::Quotations => fit::quotations(&articles, &gazetteer, settings, &args.without)?,
    };
    std::fs::write(&args.out, &text).map_err(|error| Error::io(&args.out, error))?;
    print(|out| {
        writeln!(out, "{} weights from {} articles in {}", text.lines().count() - 1, articles.len(), args.out.display())
    })?;
    Ok(Outcome::Clean)
}
