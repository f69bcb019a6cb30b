//! How a run begins: anew, where it was stopped, or not at all since it is done.

use super::{
    Options, Report, checkpoint,
    folder::{Folder, RECORD, State},
    output::Output,
    reading::{Marks, Place},
    record,
};
use crate::{
    error::{Error, Result},
    table::{Table, Totals, WrittenFile},
};
use serde_json::Value;
use std::{fs, path::Path};

/// How a run begins.
pub(super) enum Start {
    /// There is something to do.
    Begun {
        output: Output,
        totals: Totals,
        position: Box<checkpoint::Position>,
        /// Whether it goes on where another one was stopped.
        resumed: bool,
    },
    /// It was done before.
    Done(Report),
}

/// What is to be run.
pub(super) struct Task<'t> {
    pub options: &'t Options,
    pub tables: &'t [&'static dyn Table],
    /// That of `run.json`.
    pub identity: &'t Value,
    pub started: String,
}

/// Looks what is in the output folder, and begins.
///
/// # Errors
/// A folder that cannot be used for this run.
pub(super) fn start(task: Task<'_>, remark: &dyn Fn(&str)) -> Result<Start> {
    let options = task.options;
    let folder = Folder::open(&options.out)?;
    let state = folder.state()?;
    if options.resume {
        match state {
            State::Complete => return done(&folder, &task),
            State::Unfinished => return go_on(folder, task, remark),
            State::Empty => remark("there is nothing to resume: beginning anew"),
            State::Other => return Err(not_empty(&options.out)),
        }
    } else if !options.force {
        match state {
            State::Empty => {}
            State::Unfinished => return Err(unfinished(&options.out)),
            State::Other | State::Complete => return Err(not_empty(&options.out)),
        }
    }
    anew(folder, task)
}

/// Makes the folder at `path` ready for tables that are written at once.
///
/// # Errors
/// A folder that cannot be used, or is not empty and not to be forced.
pub(super) fn prepare(path: &Path, force: bool) -> Result<Folder> {
    let folder = Folder::open(path)?;
    match folder.state()? {
        State::Empty => {}
        _ if force => clear(&folder)?,
        State::Unfinished => {
            let message = "holds tables that are not finished: give --force to throw them away";
            return Err(Error::usage(message).at_path(path));
        }
        State::Other | State::Complete => return Err(not_empty(path)),
    }
    Ok(folder)
}

/// Throws away what a run has left unfinished. One that had only files to put in place puts them: its record knows which tables
/// are its own, and they go when others take their place.
fn clear(folder: &Folder) -> Result<()> {
    if let Ok(Some((checkpoint::State::Settling(settlement), _))) = checkpoint::load(folder.path()) {
        folder.settle(&settlement)?;
    }
    folder.clear(&[])
}

fn anew(folder: Folder, task: Task<'_>) -> Result<Start> {
    clear(&folder)?;
    let options = task.options;
    let output = Output::create(folder, task.tables, options.layout(), options.shard)?;
    let position = checkpoint::Position {
        identity: task.identity.to_string(),
        shard: options.shard,
        started: task.started,
        seconds: 0.0,
        resumed: 0,
        place: Place::default(),
        marks: Marks::default(),
        records: 0,
        tables: Vec::new(),
        ledger: None,
        examples: WrittenFile::default(),
    };
    let (position, totals) = (Box::new(position), Totals::bounded(options.max_pairs, Some(output.examples())));
    Ok(Start::Begun { output, totals, position, resumed: false })
}

fn go_on(folder: Folder, task: Task<'_>, remark: &dyn Fn(&str)) -> Result<Start> {
    let options = task.options;
    let (state, mut totals) = match checkpoint::load(folder.path())? {
        Some(loaded) => loaded,
        None => {
            remark("the run was stopped before its first checkpoint: beginning anew");
            return anew(folder, task);
        }
    };
    let mut position = match state {
        checkpoint::State::Reading(position) => position,
        checkpoint::State::Settling(settlement) => {
            check(&record_of(&folder, &[RECORD, &format!("{RECORD}.partial")])?, &task, folder.path())?;
            folder.settle(&settlement)?;
            return done(&folder, &task);
        }
    };
    let then = serde_json::from_str(&position.identity).unwrap_or_default();
    differs(record::difference(&then, position.shard, task.identity, options.shard), folder.path())?;
    position.resumed += 1;
    let output = Output::reopen(folder, task.tables, options.layout(), &position)?;
    totals.keep_in(output.examples());
    Ok(Start::Begun { output, totals, position, resumed: true })
}

/// The report of a run that was done before.
fn done(folder: &Folder, task: &Task<'_>) -> Result<Start> {
    let found = record_of(folder, &[RECORD])?;
    check(&found, task, folder.path())?;
    let report = record::report(&found, folder.path());
    let odd = || Error::usage("is no record of a run of this program").at_path(folder.path().join(RECORD));
    report.map(Start::Done).ok_or_else(odd)
}

/// The first record there is, by name.
fn record_of(folder: &Folder, names: &[&str]) -> Result<Value> {
    let paths: Vec<_> = names.iter().map(|name| folder.path().join(name)).collect();
    let Some(path) = paths.iter().rev().find(|path| path.exists()) else { return Ok(Value::Null) };
    let text = fs::read(path).map_err(|error| Error::io(path, error))?;
    Ok(serde_json::from_slice(&text).unwrap_or_default())
}

/// Checks that a record is that of the same run.
fn check(found: &Value, task: &Task<'_>, folder: &Path) -> Result<()> {
    differs(record::difference(found, record::shard(found), task.identity, task.options.shard), folder)
}

fn differs(difference: Option<String>, folder: &Path) -> Result<()> {
    let Some(difference) = difference else { return Ok(()) };
    let message = format!("holds another run: {difference}. Give the same again, or begin anew with --force");
    Err(Error::usage(message).at_path(folder))
}

fn not_empty(folder: &Path) -> Error {
    let message = "is not empty: name another folder, or give --force to replace the tables in it";
    Error::usage(message).at_path(folder)
}

fn unfinished(folder: &Path) -> Error {
    let message = "holds a run that is not finished: give --resume to go on with it, or --force to begin anew";
    Error::usage(message).at_path(folder)
}
