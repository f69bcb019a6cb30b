//! Where an export goes: under another name until it is complete, and never over something that is not an export.

use super::Format;
use crate::{
    error::{Error, Result},
    whole,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What the names of unfinished outputs end with.
const PARTIAL: &str = ".partial";

/// A file or folder that is being written.
pub(super) struct Place {
    out: PathBuf,
    partial: PathBuf,
    /// Where a folder of an earlier export goes first.
    old: PathBuf,
    is_folder: bool,
    force: bool,
    settled: bool,
}

impl Place {
    /// A file at `out`.
    ///
    /// # Errors
    /// One that is there and is not to be forced, or a place where none can be.
    pub(super) fn file(out: &Path, run: &Path, force: bool) -> Result<Place> {
        let place = Place::new(out, run, None, force)?;
        whole::check_free(out, force)?;
        Ok(place)
    }

    /// A folder at `out`; it is made. An earlier one is replaced only if everything in it can be of an export to `format`.
    ///
    /// # Errors
    /// One that is there and is not to be forced or holds something else, or a place where none can be.
    pub(super) fn folder(out: &Path, run: &Path, force: bool, format: Format) -> Result<Place> {
        let place = Place::new(out, run, Some(format), force)?;
        if exists(out) && !out.is_dir() {
            return Err(Error::usage("is a file: name a folder").at_path(out));
        }
        if let Some(foreign) = foreign(out, format)? {
            let message = format!("holds {foreign}, which is of no export to {}: name another folder", format.name());
            return Err(Error::usage(message).at_path(out));
        }
        if exists(out) && !is_empty(out)? && !force {
            let message = "is not empty: name another folder, or give --force to replace the export in it";
            return Err(Error::usage(message).at_path(out));
        }
        fs::create_dir(&place.partial).map_err(|error| Error::io(&place.partial, error))?;
        Ok(place)
    }

    /// A place for a file, or for a folder of files of a format.
    fn new(out: &Path, run: &Path, folder_of: Option<Format>, force: bool) -> Result<Place> {
        // What a link leads to is replaced, not the link, and what is unfinished lies beside it.
        let linked = out.canonicalize().ok().filter(|_| out.is_symlink());
        let out = linked.as_deref().unwrap_or(out);
        let name = out.file_name().ok_or_else(|| Error::usage("is no name for an output").at_path(out))?;
        let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let missing = |_| Error::usage("there is no such folder: make it first").at_path(parent);
        let parent = parent.canonicalize().map_err(missing)?;
        let run = run.canonicalize().map_err(|error| Error::io(run, error))?;
        if parent.starts_with(&run) || exists(out) && out.canonicalize().is_ok_and(|out| run.starts_with(out)) {
            let message = "lies in the folder of the tables, or is it: name another place for the export";
            return Err(Error::usage(message).at_path(out));
        }
        let beside = |ending: &str| {
            let mut name = name.to_os_string();
            name.push(ending);
            out.with_file_name(name)
        };
        let (partial, old) = (beside(PARTIAL), beside(&format!(".old{PARTIAL}")));
        // What an export that was killed has left goes, and nothing else.
        for left in [&partial, &old].into_iter().filter(|path| exists(path)) {
            let ours = match folder_of {
                Some(format) => left.is_dir() && foreign(left, format)?.is_none(),
                None => left.is_file(),
            };
            if !ours {
                return Err(Error::usage("is in the way of the export: move it, or name another output").at_path(left));
            }
            remove(left)?;
        }
        Ok(Place { out: out.to_path_buf(), partial, old, is_folder: folder_of.is_some(), force, settled: false })
    }

    /// What it is called until it is complete.
    pub(super) fn partial(&self) -> &Path {
        &self.partial
    }

    /// Gives it its name. No folder that holds something takes a new name over another one that does, so for folders no more
    /// than the check at the beginning is needed.
    ///
    /// # Errors
    /// Something that has come there since, a file system that does not let it.
    pub(super) fn settle(mut self) -> Result<()> {
        if !self.is_folder {
            whole::put(&self.partial, &self.out, self.force)?;
            self.settled = true;
            return Ok(());
        }
        let move_to = |from: &Path, to: &Path| fs::rename(from, to).map_err(|error| Error::io(to, error));
        let replaced = exists(&self.out);
        if replaced {
            move_to(&self.out, &self.old)?;
        }
        if let Err(error) = move_to(&self.partial, &self.out) {
            if replaced {
                let _ = fs::rename(&self.old, &self.out);
            }
            return Err(error);
        }
        self.settled = true;
        if replaced { remove(&self.old) } else { Ok(()) }
    }
}

impl Drop for Place {
    /// Leaves nothing unfinished behind.
    fn drop(&mut self) {
        if !self.settled {
            let _ = remove(&self.partial);
        }
    }
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn is_empty(folder: &Path) -> Result<bool> {
    let mut entries = fs::read_dir(folder).map_err(|error| Error::io(folder, error))?;
    Ok(entries.next().is_none())
}

/// The name of something in `folder` that no export to `format` writes.
fn foreign(folder: &Path, format: Format) -> Result<Option<String>> {
    if !exists(folder) {
        return Ok(None);
    }
    let endings: &[&str] = match format {
        Format::Brat => &[".txt", ".ann", ".conf"],
        Format::Parquet => &[".parquet"],
        _ => &[".jsonl"],
    };
    for entry in fs::read_dir(folder).map_err(|error| Error::io(folder, error))? {
        let entry = entry.map_err(|error| Error::io(folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || !endings.iter().any(|ending| name.ends_with(ending)) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn remove(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(data) if data.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path, error)),
        _ => Ok(()),
    }
}
