//! The folder of tables. Files have names ending in `.partial` until everything is written: a folder with `run.json`
//! holds complete tables, of one run.

use super::Report;
use crate::{
    error::{Error, Result},
    table::{TABLES, Table, Written, header},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Names of the files that are not tables; the last one is put in place last.
const OTHERS: [&str; 2] = ["datapackage.json", "run.json"];

/// The tables that are being written.
pub(super) struct Output {
    folder: PathBuf,
    created: bool,
    files: Vec<TableFile>,
    complete: bool,
}

/// One table that is being written.
pub(super) struct TableFile {
    pub table: &'static dyn Table,
    path: PathBuf,
    file: File,
    hash: Sha256,
    rows: u64,
    bytes: u64,
}

impl TableFile {
    /// Adds rendered bytes, which end `rows` rows.
    pub(super) fn append(&mut self, bytes: &[u8], rows: u64) -> Result<()> {
        self.rows += rows;
        if bytes.is_empty() {
            return Ok(());
        }
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|error| Error::io(&self.path, error))
    }
}

impl Output {
    /// Makes the folder, and in it an unfinished file for each of `tables`.
    ///
    /// # Errors
    /// A folder that cannot be made or written, or that is not empty and `force` is not given.
    pub(super) fn create(folder: &Path, tables: &[&'static dyn Table], force: bool) -> Result<Output> {
        let created = !folder.exists();
        fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
        let mut entries = fs::read_dir(folder).map_err(|error| Error::io(folder, error))?;
        if !force && entries.next().is_some() {
            let message = "is not empty: name another folder, or give --force to replace the tables in it";
            return Err(Error::usage(message).at_path(folder));
        }
        let mut output = Output { folder: folder.to_path_buf(), created, files: Vec::new(), complete: false };
        for table in tables {
            let path = output.partial(&file_name(*table));
            let file = File::create(&path).map_err(|error| Error::io(&path, error))?;
            let mut file = TableFile { table: *table, path, file, hash: Sha256::new(), rows: 0, bytes: 0 };
            file.append(&header(table.schema()), 0)?;
            output.files.push(file);
        }
        Ok(output)
    }

    /// The tables, in the order in which they were named.
    pub(super) fn tables(&mut self) -> &mut [TableFile] {
        &mut self.files
    }

    /// Puts everything in place: first the tables, then the files that `others` makes of the report, in its order.
    pub(super) fn finish(
        mut self,
        report: impl FnOnce(Vec<Written>) -> Report,
        others: impl FnOnce(&Report) -> Vec<(&'static str, Value)>,
    ) -> Result<Report> {
        let mut names = Vec::new();
        let mut written = Vec::new();
        for table in &self.files {
            let name = file_name(table.table);
            table.file.sync_all().map_err(|error| Error::io(&table.path, error))?;
            let sha256 = table.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            written.push(Written { schema: table.table.schema(), rows: table.rows, bytes: table.bytes, sha256 });
            names.push(name);
        }
        let report = report(written);
        for (name, value) in others(&report) {
            let path = self.partial(name);
            let save = || -> io::Result<()> {
                // As one text: written piece by piece, a short file takes thousands of calls.
                let mut text = serde_json::to_vec_pretty(&value)?;
                text.push(b'\n');
                let mut file = File::create(&path)?;
                file.write_all(&text)?;
                file.sync_all()
            };
            save().map_err(|error| Error::io(&path, error))?;
            names.push(name.to_string());
        }
        self.remove_old()?;
        for name in names {
            let path = self.folder.join(&name);
            fs::rename(self.partial(&name), &path).map_err(|error| Error::io(&path, error))?;
        }
        self.complete = true;
        Ok(report)
    }

    /// Removes the files of an earlier run; its record goes first, so that the folder never looks complete when it
    /// is not.
    fn remove_old(&self) -> Result<()> {
        let tables = TABLES.iter().map(|table| file_name(*table));
        for name in OTHERS.iter().rev().map(ToString::to_string).chain(tables) {
            let path = self.folder.join(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::io(&path, error)),
                _ => {}
            }
        }
        Ok(())
    }

    fn partial(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.partial"))
    }
}

impl Drop for Output {
    /// Leaves nothing unfinished behind.
    fn drop(&mut self) {
        if self.complete {
            return;
        }
        let tables = self.files.iter().map(|file| file_name(file.table));
        for name in tables.chain(OTHERS.map(str::to_string)) {
            let _ = fs::remove_file(self.partial(&name));
        }
        if self.created {
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

fn file_name(table: &dyn Table) -> String {
    format!("{}.csv", table.schema().name)
}
