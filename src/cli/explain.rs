//! `explain`: to come.

use super::Outcome;
use crate::error::{Error, Result};

/// To come.
#[derive(clap::Args, Debug)]
pub(super) struct Args {}

/// Runs the command.
pub(super) fn run(_args: &Args) -> Result<Outcome> {
    Err(Error::usage("to come"))
}
