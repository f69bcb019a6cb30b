//! `man` and `completions`: what a package or a shell wants to know of the command line, made from the command line itself.

use super::{Cli, Outcome, print};
use crate::error::{Error, Result};
use clap::CommandFactory;
use clap_complete::Shell;
use std::{fs, path::PathBuf};

/// What the help of the program ends with.
pub(super) const EXAMPLES: &str = "\
Examples:
  onrecord extract articles/ --out tables            a folder of texts or pages
  onrecord extract news.jsonl.gz --out tables        a dump, compressed or not
  onrecord extract - --out tables < news.jsonl       standard input
  onrecord explain article.txt                       one article, and why
  onrecord evaluate --gold gold.jsonl tables         how good tables are

Exit status: 0 when all went well, 1 when it is done but some records could not be read, 2 when it could
not be done, 130 or 143 when it was stopped by Ctrl-C or SIGTERM.
Environment: ONRECORD_CONFIG names a file with defaults of options; NO_COLOR switches colours off.";

/// Writes manual pages, one for each command.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  onrecord man --out ~/.local/share/man/man1")]
pub(super) struct Man {
    /// The folder for the pages, such as ~/.local/share/man/man1; it is made if it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Prints a script that completes commands, options and formats in a shell.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  onrecord completions bash > ~/.local/share/bash-completion/completions/onrecord
  onrecord completions zsh > ~/.zfunc/_onrecord
  onrecord completions fish > ~/.config/fish/completions/onrecord.fish")]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs `man`.
pub(super) fn man(args: &Man) -> Result<Outcome> {
    fs::create_dir_all(&args.out).map_err(|error| Error::io(&args.out, error))?;
    clap_mangen::generate_to(Cli::command(), &args.out).map_err(|error| Error::io(&args.out, error))?;
    print(|out| {
        writeln!(out, "manual pages are in {}: man -l {}", args.out.display(), args.out.join("onrecord.1").display())
    })?;
    Ok(Outcome::Clean)
}

/// Runs `completions`.
pub(super) fn completions(args: &Completions) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "onrecord", &mut script);
    print(|out| out.write_all(&script))?;
    Ok(Outcome::Clean)
}
