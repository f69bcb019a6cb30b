//! What a finished run says of itself, read again from its folder.

use super::{
    folder::{Folder, RECORD, State},
    record,
};
use crate::{
    error::{Error, Result},
    table::{Dialect, Written},
};
use serde_json::Value;
use std::{fs, path::Path};

/// A finished run.
#[derive(Clone, Debug)]
pub struct FinishedRun {
    /// All of `run.json`.
    pub record: Value,
    /// Its tables.
    pub tables: Vec<Written>,
    /// In what form they are.
    pub dialect: Dialect,
}

impl FinishedRun {
    /// Reads `run.json` in `folder`.
    ///
    /// # Errors
    /// A folder that cannot be read, that holds no run, one that is not finished, or one of another version.
    pub fn open(folder: &Path) -> Result<FinishedRun> {
        let record = record_in(folder)?;
        if record["program"] != "onrecord" {
            return Err(odd(folder));
        }
        if record["version"] != env!("CARGO_PKG_VERSION") {
            let message = format!(
                "holds tables of version {} of onrecord, and this is {}: run extract again",
                record["version"].as_str().unwrap_or("?"),
                env!("CARGO_PKG_VERSION")
            );
            return Err(Error::usage(message).at_path(folder));
        }
        let (tables, dialect) = (record::tables(&record), record::dialect(&record["options"]));
        let (tables, dialect) = tables.zip(dialect).ok_or_else(|| odd(folder))?;
        Ok(FinishedRun { record, tables, dialect })
    }
}

/// `run.json` in `folder`, whatever run it is about.
///
/// # Errors
/// A folder that cannot be read, that holds no run, or one that is not finished.
pub(super) fn record_in(folder: &Path) -> Result<Value> {
    if folder.is_file() {
        return Err(Error::usage("is a file: name the folder that extract has written").at_path(folder));
    }
    match Folder::look(folder)? {
        State::Unfinished => {
            let message = "holds a run that is not finished: go on with it first, with --resume";
            return Err(Error::usage(message).at_path(folder));
        }
        State::Empty | State::Other => {
            let message = "holds no tables of a run: there is no run.json; name a folder that extract has written";
            return Err(Error::usage(message).at_path(folder));
        }
        State::Complete => {}
    }
    let path = folder.join(RECORD);
    let text = fs::read(&path).map_err(|error| Error::io(&path, error))?;
    serde_json::from_slice(&text).map_err(|_| odd(folder))
}

fn odd(folder: &Path) -> Error {
    Error::usage("is no record of a run that this version of onrecord can read").at_path(folder.join(RECORD))
}
