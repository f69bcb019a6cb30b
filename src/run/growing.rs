//! Files that only grow, and of which is known at any time what they hold.

use crate::{
    error::{Error, Result},
    table::{Dialect, MOST_LINES, Table, WrittenFile, end_of_rows, header},
};
use sha2::{Digest, Sha256};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// What the names of unfinished files end with.
pub(super) const PARTIAL: &str = ".partial";

/// A file that only grows. On disk its name ends in `.partial`.
#[derive(Debug)]
pub(super) struct Growing {
    name: String,
    path: PathBuf,
    file: File,
    hash: Sha256,
    rows: u64,
    bytes: u64,
    /// Whether it has grown since it was last made to lie safely on the disk.
    unsynced: bool,
}

impl Growing {
    /// Makes an empty file that will be called `name` in `folder`.
    pub(super) fn create(folder: &Path, name: &str) -> Result<Growing> {
        let path = folder.join(format!("{name}{PARTIAL}"));
        let file = File::create(&path).map_err(|error| Error::io(&path, error))?;
        Ok(Growing { name: name.to_string(), path, file, hash: Sha256::new(), rows: 0, bytes: 0, unsynced: true })
    }

    /// Opens a file again, and cuts off what it has grown beyond what was `known` of it.
    ///
    /// # Errors
    /// A file that does not hold what was known.
    pub(super) fn reopen(folder: &Path, known: &WrittenFile) -> Result<Growing> {
        let path = folder.join(format!("{}{PARTIAL}", known.name));
        let open = || -> io::Result<Option<(File, Sha256)>> {
            let mut file = OpenOptions::new().read(true).write(true).open(&path)?;
            let hash = hash_of(&mut file, known.bytes)?.filter(|hash| hexadecimal(hash) == known.sha256);
            let Some(hash) = hash else { return Ok(None) };
            file.set_len(known.bytes)?;
            file.seek(SeekFrom::End(0))?;
            Ok(Some((file, hash)))
        };
        let opened = open().map_err(|error| Error::io(&path, error))?;
        let differs = || {
            let message = "does not hold what the checkpoint says, so the run cannot go on; begin anew with --force";
            Error::usage(message).at_path(&path)
        };
        let (file, hash) = opened.ok_or_else(differs)?;
        let (name, rows, bytes) = (known.name.clone(), known.rows, known.bytes);
        Ok(Growing { name, path, file, hash, rows, bytes, unsynced: true })
    }

    /// Adds bytes, which end `rows` rows.
    pub(super) fn append(&mut self, bytes: &[u8], rows: u64) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.file.write_all(bytes).map_err(|error| Error::io(&self.path, error))?;
        self.hash.update(bytes);
        self.rows += rows;
        self.bytes += bytes.len() as u64;
        self.unsynced = true;
        Ok(())
    }

    /// Makes sure that everything lies safely on the disk.
    pub(super) fn sync(&mut self) -> Result<()> {
        if std::mem::take(&mut self.unsynced) {
            self.file.sync_data().map_err(|error| Error::io(&self.path, error))?;
        }
        Ok(())
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Its length in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What it holds.
    pub(super) fn written(&self) -> WrittenFile {
        let sha256 = hexadecimal(&self.hash);
        WrittenFile { name: self.name.clone(), rows: self.rows, bytes: self.bytes, sha256 }
    }
}

/// The hash of the first `length` bytes of `file`; `None` if it has not so many.
fn hash_of(file: &mut File, length: u64) -> io::Result<Option<Sha256>> {
    let (mut hash, mut left) = (Sha256::new(), length);
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let room = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let count = file.read(&mut buffer[..room])?;
        if count == 0 {
            return Ok(None);
        }
        hash.update(&buffer[..count]);
        left -= count as u64;
    }
    Ok(Some(hash))
}

/// A hash so far, as tables of hashes show it.
pub(super) fn hexadecimal(hash: &Sha256) -> String {
    hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How tables are laid out in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The form of the files.
    pub dialect: Dialect,
    /// The most rows of a file, the header apart; any number if there is none.
    pub split_rows: Option<u64>,
}

impl Layout {
    /// Files of at most `split_rows` rows, and of no more than a spreadsheet opens if they are meant for one.
    pub(super) fn new(dialect: Dialect, split_rows: Option<u64>) -> Layout {
        let sheet = dialect.excel.then_some(MOST_LINES - 1);
        Layout { dialect, split_rows: split_rows.into_iter().chain(sheet).min() }
    }

    fn most_rows(self) -> u64 {
        self.split_rows.unwrap_or(u64::MAX).max(1)
    }
}

/// One table that is being written, in one file or in several that follow each other.
pub(super) struct TableFile {
    pub table: &'static dyn Table,
    folder: PathBuf,
    layout: Layout,
    done: Vec<WrittenFile>,
    current: Growing,
}

impl TableFile {
    /// Begins the table.
    pub(super) fn create(folder: &Path, table: &'static dyn Table, layout: Layout) -> Result<TableFile> {
        let current = Growing::create(folder, &file_name(table, 1))?;
        let mut file = TableFile { table, folder: folder.to_path_buf(), layout, done: Vec::new(), current };
        file.current.append(&header(table.schema(), layout.dialect), 0)?;
        Ok(file)
    }

    /// Goes on with a table whose files were `known`.
    pub(super) fn reopen(
        folder: &Path,
        table: &'static dyn Table,
        layout: Layout,
        known: &[WrittenFile],
    ) -> Result<TableFile> {
        let Some((last, done)) = known.split_last() else { return TableFile::create(folder, table, layout) };
        for file in done {
            Growing::reopen(folder, file)?;
        }
        let current = Growing::reopen(folder, last)?;
        Ok(TableFile { table, folder: folder.to_path_buf(), layout, done: done.to_vec(), current })
    }

    /// The form of its files.
    pub(super) fn dialect(&self) -> Dialect {
        self.layout.dialect
    }

    /// Adds rendered bytes, which hold `rows` rows; those for which there is no room go to the next file.
    pub(super) fn append(&mut self, mut bytes: &[u8], mut rows: u64) -> Result<()> {
        loop {
            let room = self.layout.most_rows() - self.current.rows;
            if rows <= room {
                return self.current.append(bytes, rows);
            }
            let end = if room == 0 { 0 } else { end_of_rows(bytes, room) };
            self.current.append(&bytes[..end], room)?;
            (bytes, rows) = (&bytes[end..], rows - room);
            let next = Growing::create(&self.folder, &file_name(self.table, self.done.len() + 2))?;
            let mut full = std::mem::replace(&mut self.current, next);
            full.sync()?;
            self.done.push(full.written());
            self.current.append(&header(self.table.schema(), self.layout.dialect), 0)?;
        }
    }

    /// Makes sure that everything lies safely on the disk.
    pub(super) fn sync(&mut self) -> Result<()> {
        self.current.sync()
    }

    /// Its files.
    pub(super) fn written(&self) -> Vec<WrittenFile> {
        self.done.iter().cloned().chain([self.current.written()]).collect()
    }

    /// Number of rows so far.
    pub(super) fn rows(&self) -> u64 {
        self.done.iter().map(|file| file.rows).sum::<u64>() + self.current.rows
    }
}

/// The name of file `number` (from 1) of a table.
pub(super) fn file_name(table: &dyn Table, number: usize) -> String {
    match number {
        1 => format!("{}.csv", table.schema().name),
        _ => format!("{}-{number}.csv", table.schema().name),
    }
}
