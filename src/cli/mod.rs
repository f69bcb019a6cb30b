//! The command line: one file per command, and what they share.
//!
//! Exit status: 0 when all went well, 1 when it is done but some records could not be read, 2 when it could not be
//! done, 130 and 143 when it was stopped by SIGINT (Ctrl-C) and SIGTERM. A reader of our output that goes away is no failure.

mod evaluate;
mod explain;
mod extract;
mod fit;
mod gazetteer;
mod generate;
mod merge;
mod page;
mod progress;
mod report;
mod shared;
mod signals;
mod summary;
mod terminal;
mod view;

use crate::error::{Error, ErrorKind, Result};
use clap::{Parser, Subcommand};
use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Turns dumps of news articles into tables of who said what, and about whom, what and where.
#[derive(Debug, Parser)]
#[command(name = "onrecord", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Extract(Box<extract::Args>),
    Merge(merge::Args),
    Explain(Box<explain::Args>),
    Evaluate(evaluate::Args),
    Fit(fit::Args),
    Gazetteer(gazetteer::Args),
    Generate(generate::Args),
    Report(report::Args),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All went well.
    Clean,
    /// It is done, but some records could not be read.
    Rejects,
    /// It could not be done, and that has been said.
    Failed,
    /// A signal has stopped it, and that has been said; with the exit status for it.
    Stopped(u8),
}

/// Parses the arguments of the process and runs the command.
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Extract(args) => extract::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Fit(args) => fit::run(&args),
        Command::Gazetteer(args) => gazetteer::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Report(args) => report::run(&args),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Rejects) => ExitCode::from(1),
        Ok(Outcome::Failed) => ExitCode::from(2),
        Ok(Outcome::Stopped(status)) => ExitCode::from(status),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error.to_string());
            ExitCode::from(2)
        }
    }
}

/// Tells a person something, on standard error.
fn say(message: &str) {
    // There is nowhere left to complain about a closed stderr.
    let _ = writeln!(io::stderr(), "onrecord: {}", shared::printable(message));
}

fn is_broken_pipe(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
}

/// Writes to standard output.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = io::stdout().lock();
    write(&mut out).and_then(|()| out.flush()).map_err(|error| Error::io("standard output", error))
}
