//! `export`: tables for other programs.

use super::{
    Outcome, print,
    shared::{grouped, printable},
    signals::Signals,
};
use crate::{
    error::{ErrorKind, Result},
    export::{self, Exported, Format, Options},
    finished::Finished,
};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Writes the tables of a finished run for other programs.
///
/// xlsx is a workbook with a sheet for each table; parquet and jsonl are folders with a file for each table (with one --table, a
/// file); sqlite is a database with keys and a full-text index on quotations; gexf is the network of entities, for Gephi; brat is a
/// folder with a text and its annotations for each article. Text comes as it is, without the apostrophes of the CSV.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The folder that extract or merge has written.
    #[arg(value_name = "DIR")]
    run: PathBuf,
    /// What to write.
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    to: Format,
    /// The file or folder to write, outside DIR; for gexf, and jsonl of one table, - is standard output.
    #[arg(short, long, value_name = "PATH")]
    out: PathBuf,
    /// Only this table; may be given several times.
    #[arg(long = "table", value_name = "NAME", value_parser = PossibleValuesParser::new(export::table_names()))]
    tables: Vec<String>,
    /// gexf: only pairs that share at least N sentences.
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true, value_parser = clap::value_parser!(u64).range(1..))]
    min_weight: u64,
    /// Replace an earlier export.
    #[arg(long)]
    force: bool,
    /// Do not tell what was written.
    #[arg(short, long)]
    quiet: bool,
}

/// What help shows at its end.
const EXAMPLES: &str = "Examples:
  onrecord export tables --to xlsx --out tables.xlsx
  onrecord export tables --to sqlite --out news.db
  onrecord export tables --to parquet --out parquet
  onrecord export tables --to jsonl --table quotes --out - | head
  onrecord export tables --to gexf --min-weight 3 --out network.gexf";

fn formats() -> impl TypedValueParser<Value = Format> {
    let known = PossibleValuesParser::new(Format::ALL.map(Format::name));
    known.map(|name| Format::ALL.into_iter().find(|format| format.name() == name).unwrap_or(Format::Xlsx))
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    super::quiet_panics();
    let signals = Signals::listen()?;
    let stopped = || signals.stop();
    let run = Finished::open(&args.run)?;
    let options =
        Options { tables: args.tables.clone(), min_weight: args.min_weight, force: args.force, ..Options::default() };
    let streams = args.out == Path::new("-");
    let outcome = if streams {
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let outcome = export::stream(&run, args.to, &mut out, &options, &stopped);
        out.flush().map_err(|error| crate::error::Error::io("standard output", error)).and(outcome)
    } else {
        export::export(&run, args.to, &args.out, &options, &stopped)
    };
    match outcome {
        Ok(exported) => {
            tell(args, &exported, streams)?;
            Ok(Outcome::Clean)
        }
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted) => {
            super::say(if streams { "stopped" } else { "stopped; nothing was written" });
            Ok(Outcome::Stopped(signals.status()))
        }
        Err(error) => Err(error),
    }
}

/// Says what was written, where that is not standard output itself, and what should be known about it in any case.
fn tell(args: &Args, exported: &Exported, streams: bool) -> Result<()> {
    if !args.quiet && !streams {
        let counts: Vec<String> =
            exported.counts.iter().map(|(name, count)| format!("{} {name}", grouped(*count))).collect();
        print(|out| writeln!(out, "{}: {}", printable(&args.out.to_string_lossy()), counts.join(", ")))?;
    }
    exported.remarks.iter().for_each(|remark| super::say(remark));
    Ok(())
}
