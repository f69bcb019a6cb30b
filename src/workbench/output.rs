//! A file that is written under another name first and put in its place whole.

use crate::{
    error::{Error, Result},
    whole,
};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Where a file is to be.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    partial: PathBuf,
    force: bool,
}

impl Place {
    /// Refuses a place where a file is, unless it is to be replaced, and one that is read from.
    pub(super) fn new(path: &Path, inputs: &[PathBuf], force: bool) -> Result<Place> {
        let real = |path: &Path| fs::canonicalize(path).ok();
        let itself = real(path);
        if itself.is_some() && inputs.iter().any(|input| real(input) == itself) {
            return Err(Error::usage(format!("{} would take the place of what it is made from", path.display())));
        }
        whole::check_free(path, force)?;
        let mut partial = path.as_os_str().to_os_string();
        partial.push(format!(".{}.partial", std::process::id()));
        Ok(Place { path: path.to_path_buf(), partial: PathBuf::from(partial), force })
    }

    pub(super) fn create(&self) -> Result<BufWriter<File>> {
        let file = File::create(&self.partial).map_err(|error| Error::io(&self.path, error))?;
        Ok(BufWriter::with_capacity(1 << 16, file))
    }

    /// Puts what was written in its place.
    pub(super) fn finish(&self, mut file: BufWriter<File>) -> Result<()> {
        file.flush().map_err(|error| Error::io(&self.path, error))?;
        whole::put(&self.partial, &self.path, self.force)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Nothing is there if all went well.
        let _ = fs::remove_file(&self.partial);
    }
}

/// A file without a name in the folder of `beside`, which is gone when it is closed.
pub(super) fn nameless(beside: &Path, number: usize) -> io::Result<File> {
    let mut path = beside.as_os_str().to_os_string();
    path.push(format!(".{}.{number}.sorting", std::process::id()));
    let file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
    // Where an open file cannot lose its name, it stays until the system empties the folder.
    let _ = fs::remove_file(&path);
    Ok(file)
}
