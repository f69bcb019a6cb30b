//! The output folder: who may write to it, what is in it, and how finished files are put in place.
//!
//! | what is there | what it is |
//! | --- | --- |
//! | `onrecord.lock` | somebody is writing here (or was: only the lock on it counts, not the file) |
//! | `*.csv.partial` | tables of a run that is not finished |
//! | `onrecord.checkpoint` | how to go on with it, or which files to put in place |
//! | `run.json` and none of the above | a finished run |

use super::{checkpoint, examples, growing::PARTIAL};
use crate::{
    error::{Error, Result},
    table::TABLES,
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// The record of a finished run.
pub(super) const RECORD: &str = "run.json";
/// What the tables hold.
pub(super) const PACKAGE: &str = "datapackage.json";
/// What a shard knows of its batches.
pub(super) const LEDGER: &str = "shard.onrecord";
/// The file that is locked.
const LOCK: &str = "onrecord.lock";

/// A folder that nobody else writes to.
pub(super) struct Folder {
    path: PathBuf,
    lock: Option<File>,
    created: bool,
}

/// What a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Empty,
    /// Something that no run has left unfinished and that is no finished run.
    Other,
    /// A run that is not finished.
    Unfinished,
    /// A finished run.
    Complete,
}

/// What is left to do when everything is written: written down before it begins, so that it can be done again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settlement {
    /// Files of an earlier run that have no successor, by name.
    pub obsolete: Vec<String>,
    /// The files to put in place; the record of the run comes last.
    pub files: Vec<String>,
}

/// One of the things that are left to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Remove(String),
    Place(String),
}

impl Folder {
    /// Makes the folder if it is not there, and locks it.
    ///
    /// # Errors
    /// A folder that cannot be made or written, or that somebody else is writing to.
    pub(super) fn open(path: &Path) -> Result<Folder> {
        if path.is_file() {
            return Err(Error::usage("is a file: name a folder for the tables").at_path(path));
        }
        let created = !path.exists();
        fs::create_dir_all(path).map_err(|error| Error::io(path, error))?;
        let mut folder = Folder { path: path.to_path_buf(), lock: None, created };
        folder.lock = Some(lock(&path.join(LOCK), path)?);
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Looks what is there.
    pub(super) fn state(&self) -> Result<State> {
        Folder::look(&self.path)
    }

    /// Looks what is in `folder`, without locking it.
    pub(super) fn look(folder: &Path) -> Result<State> {
        let mut state = State::Empty;
        for name in names(folder)? {
            state = match name.as_str() {
                LOCK => continue,
                name if is_unfinished(name) => return Ok(State::Unfinished),
                RECORD => State::Complete,
                _ if state == State::Empty => State::Other,
                _ => continue,
            };
        }
        Ok(state)
    }

    /// Removes what a run has left unfinished, but for the files called one of `kept`.
    pub(super) fn clear(&self, kept: &[String]) -> Result<()> {
        for name in names(&self.path)?.iter().filter(|name| is_unfinished(name)) {
            let of = name.strip_suffix(PARTIAL).unwrap_or(checkpoint::NAME);
            if !kept.iter().any(|kept| kept == of) {
                self.remove(name)?;
            }
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<()> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path, error)),
            _ => Ok(()),
        }
    }

    /// What is left to do when `files` are all written. Of the files that are there, those of an earlier run go: the usual ones
    /// and those that its record names, if they look like ours.
    pub(super) fn settlement(&self, files: Vec<String>) -> Result<Settlement> {
        let record = fs::read(self.path.join(RECORD)).unwrap_or_default();
        let record = String::from_utf8_lossy(&record).into_owned();
        let usual = |name: &str| {
            name == PACKAGE
                || name == LEDGER
                || TABLES.iter().any(|table| name.strip_suffix(".csv") == Some(table.schema().name))
        };
        let named = |name: &str| is_table(name) && record.contains(&format!("\"{name}\""));
        let mut obsolete = names(&self.path)?;
        obsolete.retain(|name| (usual(name) || named(name)) && !files.contains(name));
        obsolete.sort();
        Ok(Settlement { obsolete, files })
    }

    /// What has to be done, in order. The record of an earlier run goes first and that of this one comes last, so that the
    /// folder never looks complete when it is not.
    pub(super) fn steps(&self, settlement: &Settlement) -> Vec<Step> {
        let there = |name: &&String| self.path.join(name).exists();
        let waits = |name: &&String| self.path.join(format!("{name}{PARTIAL}")).exists();
        let record = settlement.files.last().filter(waits).filter(there);
        let removals = record.into_iter().chain(settlement.obsolete.iter().filter(there)).cloned().map(Step::Remove);
        removals.chain(settlement.files.iter().filter(waits).cloned().map(Step::Place)).collect()
    }

    /// Does one of the things that are left to do.
    pub(super) fn take(&self, step: &Step) -> Result<()> {
        match step {
            Step::Remove(name) => self.remove(name),
            Step::Place(name) => {
                let path = self.path.join(name);
                fs::rename(self.path.join(format!("{name}{PARTIAL}")), &path).map_err(|error| Error::io(&path, error))
            }
        }
    }

    /// Does everything that is left to do.
    pub(super) fn settle(&self, settlement: &Settlement) -> Result<()> {
        self.steps(settlement).iter().try_for_each(|step| self.take(step))?;
        if let Some(name) = settlement.files.iter().find(|name| !self.path.join(name).is_file()) {
            let message = "has vanished while the run was finished; begin anew with --force";
            return Err(Error::usage(message).at_path(self.path.join(name)));
        }
        self.sync()?;
        self.clear(&[])
    }

    /// Makes sure that names lie safely on the disk. Only Unix can do that.
    pub(super) fn sync(&self) -> Result<()> {
        sync(&self.path)
    }
}

impl Drop for Folder {
    /// Lets others write.
    fn drop(&mut self) {
        // First the file goes, then the lock: whoever opens the file from now on makes a new one.
        if self.lock.is_some() {
            let _ = fs::remove_file(self.path.join(LOCK));
        }
        self.lock = None;
        if self.created {
            // It goes only if it is empty.
            let _ = fs::remove_dir(&self.path);
        }
    }
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let list = || -> io::Result<Vec<String>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    };
    list().map_err(|error| Error::io(folder, error))
}

/// Makes sure that the names in a folder lie safely on the disk.
pub(super) fn sync(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Error::io(folder, error))?;
    }
    Ok(())
}

/// Locks the file at `path`. The system takes the lock away when the process ends, however it ends.
fn lock(path: &Path, folder: &Path) -> Result<File> {
    let taken =
        || Error::usage("another run is writing to this folder: wait for it, or name another one").at_path(folder);
    loop {
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(path);
        let file = open.map_err(|error| Error::io(path, error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken()),
            // Some network file systems know no locks. There, nobody is kept out.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(Error::io(path, error)),
        }
        // A run that has just ended may have removed the file after it was opened here.
        if is_at(&file, path) {
            return Ok(file);
        }
    }
}

/// Whether `file` is the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let number = |metadata: io::Result<fs::Metadata>| metadata.ok().map(|metadata| (metadata.dev(), metadata.ino()));
    let own = number(file.metadata());
    own.is_some() && own == number(fs::metadata(path))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Whether only an unfinished run leaves a file of this name.
fn is_unfinished(name: &str) -> bool {
    let name = match name.strip_suffix(PARTIAL) {
        Some(name) => name,
        None => return name == checkpoint::NAME,
    };
    matches!(name, RECORD | PACKAGE | LEDGER | checkpoint::NAME | examples::NAME) || is_table(name)
}

/// Whether a run that writes into the folder of `path` may replace it.
pub(super) fn is_output(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    is_unfinished(&name) || is_table(&name) || matches!(&*name, RECORD | PACKAGE | LEDGER)
}

/// Whether a file of a table is called so.
fn is_table(name: &str) -> bool {
    let Some(name) = name.strip_suffix(".csv") else { return false };
    TABLES.iter().any(|table| {
        let number = name.strip_prefix(table.schema().name);
        number.is_some_and(|rest| {
            rest.is_empty()
                || rest.strip_prefix('-').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        names.iter().for_each(|name| fs::write(folder.path().join(name), "x").unwrap());
        folder
    }

    #[test]
    fn what_is_there_is_told_by_names() {
        for (names, state) in [
            (&[][..], State::Empty),
            (&["onrecord.lock"], State::Empty),
            (&["notes.txt"], State::Other),
            (&["articles.csv"], State::Other),
            (&["articles.csv", "run.json"], State::Complete),
            (&["run.json", "zebra.txt"], State::Complete),
            (&["articles.csv", "run.json", "articles.csv.partial"], State::Unfinished),
            (&["run.json", "onrecord.checkpoint"], State::Unfinished),
            (&["mentions-12.csv.partial"], State::Unfinished),
            (&["onrecord.checkpoint.partial"], State::Unfinished),
            (&["mentions-x.csv.partial", "films.csv.partial", "mentions-.csv.partial"], State::Other),
        ] {
            let place = folder_with(names);
            let folder = Folder::open(place.path()).unwrap();
            assert_eq!(folder.state().unwrap(), state, "{names:?}");
            drop(folder);
            assert!(!place.path().join(LOCK).exists());
        }
    }

    #[test]
    fn one_run_at_a_time() {
        let place = folder_with(&[]);
        let first = Folder::open(place.path()).unwrap();
        let message = Folder::open(place.path()).err().unwrap().to_string();
        assert!(message.contains("another run is writing"), "{message}");
        drop(first);
        // A lock file alone locks nothing.
        fs::write(place.path().join(LOCK), "").unwrap();
        Folder::open(place.path()).unwrap();
    }

    #[test]
    fn of_an_earlier_run_only_its_own_files_go() {
        let names = ["quotes.csv", "quotes-2.csv", "quotes-3.csv", "texts.csv", "notes.csv", "shard.onrecord"];
        let place = folder_with(&names);
        fs::write(place.path().join(RECORD), "{\"path\": [\"quotes.csv\", \"quotes-2.csv\"], \"x\": \"notes.csv\"}")
            .unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let settlement = folder.settlement(vec!["quotes.csv".into(), RECORD.into()]).unwrap();
        assert_eq!(settlement.obsolete, ["quotes-2.csv", "shard.onrecord", "texts.csv"]);
    }
}
