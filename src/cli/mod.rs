//! The command line: one file per command, and what they share.
//!
//! Exit status: 0 when all went well, 1 when it is done but some records could not be read, 2 when it could not be
//! done, 130 and 143 when it was stopped by SIGINT (Ctrl-C) and SIGTERM. A reader of our output that goes away is no failure.

mod config;
mod evaluate;
mod explain;
mod export;
mod extract;
mod fit;
mod gazetteer;
mod generate;
mod manual;
mod merge;
mod page;
mod pipe;
mod progress;
mod report;
mod shared;
mod signals;
mod summary;
mod terminal;
mod view;

use crate::{
    error::{Error, ErrorKind, Result},
    read, run,
};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

/// Turns dumps of news articles into tables of who said what, and about whom, what and where.
#[derive(Debug, Parser)]
#[command(name = "onrecord", version = VERSION, max_term_width = 100, after_long_help = manual::EXAMPLES)]
struct Cli {
    #[command(flatten)]
    config: config::Args,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Extract(Box<extract::Args>),
    Merge(merge::Args),
    Pipe(pipe::Args),
    Explain(Box<explain::Args>),
    Export(export::Args),
    Evaluate(evaluate::Args),
    Fit(fit::Args),
    Gazetteer(gazetteer::Args),
    Generate(generate::Args),
    Report(report::Args),
    Man(manual::Man),
    Completions(manual::Completions),
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

/// What `--version` prints: the gazetteers make as much of the tables as the program.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (gazetteers ", env!("ONRECORD_GAZETTEERS"), ")");

/// Parses the arguments of the process and runs the command.
pub fn main() -> ExitCode {
    let cli = match parse(env::args_os().collect()) {
        Ok(cli) => cli,
        Err(status) => return status,
    };
    let outcome = match cli.command {
        Command::Extract(args) => extract::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Pipe(args) => pipe::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Fit(args) => fit::run(&args),
        Command::Gazetteer(args) => gazetteer::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Man(args) => manual::man(&args),
        Command::Completions(args) => manual::completions(&args),
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

/// The command line, with defaults from a file; the exit status if there is nothing to run.
fn parse(args: Vec<OsString>) -> std::result::Result<Cli, ExitCode> {
    let (command, file) = config::apply(Cli::command(), &args).map_err(|error| {
        say(&error.to_string());
        ExitCode::from(2)
    })?;
    let parsed = command.try_get_matches_from(args).and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    parsed.map_err(|error| {
        // There is nowhere left to complain about a closed stderr.
        let _ = error.print();
        if let (true, Some(file)) = (error.use_stderr(), file) {
            say(&format!("{} gives defaults of options; --no-config leaves them out", file.display()));
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// Tells a person something, on standard error.
fn say(message: &str) {
    // There is nowhere left to complain about a closed stderr.
    let _ = writeln!(io::stderr(), "onrecord: {}", shared::printable(message));
}

/// Panics that are caught at once need not be shouted as well: that of a worker becomes a row of `rejects.csv`, that of a crate
/// which is guarded an error.
fn quiet_panics() {
    let shout = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_worker = std::thread::current().name().is_some_and(|name| name.starts_with(run::WORKER));
        if !is_worker && !read::is_guarded() {
            shout(panic);
        }
    }));
}

fn is_broken_pipe(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
}

/// Writes to standard output.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = io::stdout().lock();
    write(&mut out).and_then(|()| out.flush()).map_err(|error| Error::io("standard output", error))
}
