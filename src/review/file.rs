//! A CSV file that is written whole or not at all.

use crate::error::{Error, Result};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Writes `rows` (the first one names the columns) under another name first.
///
/// # Errors
/// What cannot be written; nothing is left over then.
pub fn write_rows<R, C>(path: &Path, rows: impl IntoIterator<Item = R>) -> Result<()>
where
    R: IntoIterator<Item = C>,
    C: AsRef<[u8]>,
{
    let mut partial = path.as_os_str().to_os_string();
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = PathBuf::from(partial);
    let write = || -> io::Result<()> {
        let mut out = csv::Writer::from_writer(BufWriter::new(File::create(&partial)?));
        for row in rows {
            out.write_record(row)?;
        }
        out.flush()?;
        let mut file = out.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        file.flush()?;
        file.get_ref().sync_all()?;
        fs::rename(&partial, path)
    };
    write().map_err(|error| {
        // What is left over is of no use; that it could not be written is what is told.
        let _ = fs::remove_file(&partial);
        Error::io(path, error)
    })
}
