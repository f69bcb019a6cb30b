//! `gazetteer`: work on the files of names themselves.

mod check;
mod import;

use super::{Outcome, print, shared::counted};
use crate::{
    error::{Error, Result},
    gazetteer,
};
use clap::Subcommand;
use std::path::PathBuf;

/// Works on files of names: checks them, makes them from those of other programs, compiles them.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Compile(Compile),
    Check(check::Args),
    Import(Box<import::Args>),
}

/// Compiles CSV files of names into one file for `--gazetteer`.
///
/// The file is mapped into memory, so that it is ready at once however large it is, and all processes share it. A row that
/// repeats another of its file counts once; white space and control characters inside a name are levelled to single spaces.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  onrecord gazetteer compile names.csv --out names.onrecord
  onrecord extract news.jsonl --out tables --gazetteer names.onrecord")]
struct Compile {
    /// The CSV files.
    #[arg(required = true, value_name = "NAMES.csv")]
    files: Vec<PathBuf>,
    /// The file to write.
    #[arg(long, value_name = "NAMES.onrecord")]
    out: PathBuf,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    match &args.command {
        Command::Compile(args) => compile(args),
        Command::Check(args) => check::run(args),
        Command::Import(args) => import::run(args),
    }
}

fn compile(args: &Compile) -> Result<Outcome> {
    if args.files.contains(&args.out) {
        return Err(Error::usage("the compiled file would take the place of what it is compiled from"));
    }
    let made = gazetteer::compile(&args.files, &args.out)?;
    print(|out| {
        let (entries, forms) = (counted(made.entries, "name"), counted(made.forms, "form"));
        writeln!(out, "{entries} with {forms} in {} ({})", args.out.display(), counted(made.bytes, "byte"))?;
        if made.duplicates > 0 {
            writeln!(out, "{} repeated an earlier row and counted once", counted(made.duplicates, "row"))?;
        }
        Ok(())
    })?;
    Ok(Outcome::Clean)
}
