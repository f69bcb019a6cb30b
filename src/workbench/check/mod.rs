//! FILES OF NAMES -> findings: what `extract` would refuse, and what works but is probably wrong.
//!
//! Files are read twice: first to learn which names and ids come again, then to tell everything. So memory grows with what
//! is repeated, not with what is there.

mod cells;
mod findings;
mod fix;
mod header;
mod repeats;
mod text;

pub use findings::{Finding, Report, Severity};
pub(super) use fix::level;
pub use fix::{Fixed, fix};

use super::{forms::Judge, rows::Rows};
use crate::{
    error::{Error, Result},
    gazetteer::{self, Gazetteer},
};
use findings::Findings;
use header::Header;
use repeats::{Filter, Key, Repeats};
use rustc_hash::FxHashSet;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

/// Checks the gazetteers at `paths`, each a file or a folder of them. Of each kind of finding, `most` are kept and all are
/// counted.
///
/// # Errors
/// A file or folder that cannot be read, or a folder without any gazetteer.
pub fn check(paths: &[PathBuf], most: usize) -> Result<Report> {
    let mut files = Vec::new();
    for path in paths {
        fs::metadata(path).map_err(|error| Error::io(path, error))?;
        let found = gazetteer::files_of(path)?;
        if found.is_empty() {
            return Err(Error::gazetteer("holds no CSV file and no compiled gazetteer").at_path(path));
        }
        files.extend(found);
    }
    let (others, tables): (Vec<PathBuf>, Vec<PathBuf>) =
        files.into_iter().partition(|file| !gazetteer::is_table_of_names(file));
    let gazetteer = Gazetteer::embedded()?;
    let mut checker = Checker::new(&gazetteer, most);
    checker.others(&others);
    checker.sizes(&tables)?;
    let mut filter = Filter::new(total(&tables)?);
    for (number, file) in tables.iter().enumerate() {
        each_row(file, |rows, header| {
            if let Ok(record) = csv::StringRecord::from_byte_record(rows.record.clone()) {
                Key::each(&header.row(&record), number, |key| filter.add(key.hash()));
            }
            Ok(())
        })?;
    }
    checker.repeats = Repeats::new(filter);
    for (number, file) in tables.iter().enumerate() {
        checker.file(file, number)?;
    }
    Ok(checker.findings.report(tables.len() + others.len(), &tables))
}

/// The bytes of all files.
fn total(files: &[PathBuf]) -> Result<u64> {
    let size = |file: &PathBuf| fs::metadata(file).map(|about| about.len()).map_err(|error| Error::io(file, error));
    files.iter().map(size).sum()
}

/// Calls `take` for every row behind the header.
fn each_row(path: &Path, mut take: impl FnMut(&mut Rows<File>, &Header) -> Result<()>) -> Result<()> {
    let file = File::open(path).map_err(|error| Error::io(path, error))?;
    let mut rows = Rows::new(file, path, b',');
    rows.next()?;
    let header = Header::new(&rows.record);
    while rows.next()? {
        take(&mut rows, &header)?;
    }
    Ok(())
}

/// Where a cell stands, and what may be said of it.
struct Checker<'g> {
    gazetteer: &'g Gazetteer,
    judge: Judge<'g>,
    countries: FxHashSet<String>,
    findings: Findings,
    repeats: Repeats,
}

impl<'g> Checker<'g> {
    fn new(gazetteer: &'g Gazetteer, most: usize) -> Self {
        Checker {
            gazetteer,
            judge: Judge::new(gazetteer),
            countries: cells::countries(gazetteer),
            findings: Findings::new(most),
            repeats: Repeats::new(Filter::new(0)),
        }
    }

    /// Weights and compiled gazetteers: whether they load is all there is to know.
    fn others(&mut self, files: &[PathBuf]) {
        for file in files {
            if let Err(error) = Gazetteer::load(std::slice::from_ref(file)) {
                self.findings.at(file.clone(), 0);
                let fix = "make the file anew with the command that wrote it";
                self.findings.error("does not load", "", "", error.to_string(), fix);
            }
        }
    }

    /// What is too much for one gazetteer.
    fn sizes(&mut self, files: &[PathBuf]) -> Result<()> {
        let mut large = 0;
        for file in files {
            large += usize::from(fs::metadata(file).map_err(|error| Error::io(file, error))?.len() >= gazetteer::LARGE);
        }
        if let Some(file) = files.first().filter(|_| large > gazetteer::MOST_LARGE) {
            self.findings.at(file.clone(), 0);
            let message = format!("is one of {large} large files, and {} can be used", gazetteer::MOST_LARGE);
            self.findings.error("too many files", "", "", message, "join some of them");
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, number: usize) -> Result<()> {
        self.findings.at(path.to_path_buf(), 1);
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        let mut rows = Rows::new(file, path, b',');
        rows.next()?;
        let header = Header::new(&rows.record);
        if !header.check(&rows.record, &mut self.findings) {
            return Ok(());
        }
        let mut bytes = 0;
        while rows.next()? {
            self.findings.line(rows.line);
            self.findings.rows += 1;
            text::shape(&rows.record, header.cells(), rows.lines(), &mut self.findings);
            match csv::StringRecord::from_byte_record(rows.record.clone()) {
                Ok(record) => {
                    let row = header.row(&record);
                    bytes += cells::bytes(&row);
                    self.row(&row);
                    self.repeats.look(&row, number, &mut self.findings);
                }
                Err(error) => {
                    let column = header.name(error.utf8_error().field());
                    text::foreign_bytes(&error.into_byte_record(), column, &mut self.findings);
                }
            }
        }
        if bytes > gazetteer::MOST_BYTES {
            self.findings.line(0);
            let message = format!("holds more names than one file may ({bytes} bytes of {})", gazetteer::MOST_BYTES);
            self.findings.error("too large", "", "", message, "cut the file in two");
        }
        Ok(())
    }
}
