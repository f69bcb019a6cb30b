//! Shards -> what one run would have written, byte for byte: their batches are gone through in the order of the input, as the
//! writer of one run would have done.

use super::{
    Observer, Progress, Report, Totals, finished,
    folder::RECORD,
    growing::Layout,
    output::Output,
    reading::Place,
    record, render,
    shard::{Checked, Entry, Shard},
    start, writer,
};
use crate::{
    error::{Error, ErrorKind, Result},
    table::{Dialect, Table, WrittenFile, chosen, header},
};
use serde_json::Value;
use std::{
    io::Read,
    path::{Path, PathBuf},
    time::Instant,
};

/// Joins the tables of all shards of a run, in `folders`, into `out`.
///
/// # Errors
/// Folders that are not all shards of one run, each once; a file in them that is damaged or was changed; an output folder
/// that cannot be used or written, or holds something and is not to be forced; an observer that stopped it. After an error
/// the output folder holds no new table.
pub fn merge(folders: &[PathBuf], out: &Path, force: bool, observer: &dyn Observer) -> Result<Report> {
    let (started, clock) = (record::now(), Instant::now());
    if folders.iter().any(|folder| super::same(folder, out)) {
        return Err(Error::usage("is one of the shards too: name another folder for the tables").at_path(out));
    }
    let mut parts = all(folders)?;
    let identity = identity(&parts[0].record);
    let options = Options::of(&identity).ok_or_else(|| odd(&parts[0].folder))?;
    let output = Output::create(start::prepare(out, force)?, &options.tables, options.layout, None)?;
    let totals = Totals::bounded(options.max_pairs, Some(output.examples()));
    let mut joined = Joined { output, totals, place: Place::default() };
    for part in &mut parts {
        part.open(&options.tables, options.layout.dialect)?;
    }
    let mut number = 0;
    while joined.batch(&mut parts, number)? {
        if observer.stopped() {
            return Err(Error::new(ErrorKind::Interrupted));
        }
        let (articles, rejects) = (joined.totals.articles, joined.totals.rejects);
        observer.progress(Progress { bytes: joined.place.bytes, articles, rejects, catching_up: false });
        number += 1;
    }
    for part in parts {
        part.finish(&joined.place)?;
    }
    let Joined { mut output, totals, place } = joined;
    writer::account(&output, &totals, place.records)?;
    render::whole(&super::workers(0)?, output.tables(), &totals)?;
    let (bytes, out) = (place.bytes, out.to_path_buf());
    let (_, unused_corrections) = record::corrections(&identity, &totals);
    let elapsed = clock.elapsed();
    let report = |tables| Report { out, tables, totals, unused_corrections, bytes, elapsed, done_before: false };
    output.finish(report, |report, _| {
        let course = record::Course { shard: None, started: &started, resumed: 0 };
        record::files(&identity, report, options.layout.dialect, &course)
    })
}

/// What a record says of how tables are written.
struct Options {
    tables: Vec<&'static dyn Table>,
    layout: Layout,
    max_pairs: usize,
}

impl Options {
    fn of(identity: &Value) -> Option<Options> {
        let options = &identity["options"];
        let texts = options["emitText"].as_bool()?;
        Some(Options {
            tables: chosen(texts),
            layout: Layout::new(record::dialect(options)?, options["splitRows"].as_u64()),
            max_pairs: usize::try_from(options["maxPairs"].as_u64()?).ok()?,
        })
    }
}

/// The part of a record that is the same for all shards.
fn identity(record: &Value) -> Value {
    let keys = ["program", "version", "inputs", "listing", "options", "gazetteers"];
    keys.iter().map(|key| ((*key).to_string(), record[*key].clone())).collect()
}

/// One shard.
struct Part {
    folder: PathBuf,
    record: Value,
    shard: Shard,
    ledger: Option<Checked>,
    tables: Vec<Rows>,
    /// Whether its last entry was read.
    ended: bool,
}

/// All shards of one run, in order.
///
/// # Errors
/// Where they are something else.
fn all(folders: &[PathBuf]) -> Result<Vec<Part>> {
    let mut parts = folders.iter().map(|folder| Part::of(folder)).collect::<Result<Vec<_>>>()?;
    let Some(first) = parts.first() else { return Err(Error::usage("name the folders of all shards of a run")) };
    for part in &parts[1..] {
        let (own, other) = (identity(&part.record), identity(&first.record));
        let differs = match record::difference(&other, None, &own, None) {
            None if part.shard.of() == first.shard.of() => continue,
            None => format!("it is one of {} shards and the other one of {}", part.shard.of(), first.shard.of()),
            Some(difference) => difference,
        };
        let message = format!("is no shard of the run in {}: {differs}", first.folder.display());
        return Err(Error::usage(message).at_path(&part.folder));
    }
    parts.sort_by_key(|part| part.shard.number());
    let of = parts[0].shard.of();
    for number in 1..=of {
        let mut found = parts.iter().filter(|part| part.shard.number() == number);
        match (found.next(), found.next()) {
            (None, _) => return Err(Error::usage(format!("shard {number}/{of} is missing: name all {of} folders"))),
            (Some(one), Some(other)) => {
                let message = format!("is shard {number}/{of}, and so is {}", one.folder.display());
                return Err(Error::usage(message).at_path(&other.folder));
            }
            _ => {}
        }
    }
    Ok(parts)
}

fn odd(folder: &Path) -> Error {
    Error::usage("holds no record of a shard that this version of onrecord can read").at_path(folder.join(RECORD))
}

impl Part {
    fn of(folder: &Path) -> Result<Part> {
        let record = finished::record_in(folder)?;
        record::ledger(&record).map_err(|error| error.at_path(folder))?;
        let shard = record::shard(&record).filter(|_| record["version"] == env!("CARGO_PKG_VERSION"));
        let shard = shard.ok_or_else(|| odd(folder))?;
        Ok(Part { folder: folder.to_path_buf(), record, shard, ledger: None, tables: Vec::new(), ended: false })
    }

    /// Opens what there is to be read of `tables`.
    fn open(&mut self, tables: &[&'static dyn Table], dialect: Dialect) -> Result<()> {
        let (path, sha256) = record::ledger(&self.record)?;
        let written = record::tables(&self.record).ok_or_else(|| odd(&self.folder))?;
        for table in tables {
            let schema = table.schema();
            let files = written.iter().find(|written| written.schema.name == schema.name).map(|written| &written.files);
            let mut files = files.ok_or_else(|| odd(&self.folder))?.clone();
            files.reverse();
            self.tables.push(Rows {
                folder: self.folder.clone(),
                header: header(schema, dialect),
                waiting: files,
                open: None,
                touched: false,
            });
        }
        self.ledger = Some(Checked::open(&self.folder.join(path), sha256)?);
        Ok(())
    }

    /// What comes next.
    fn entry(&mut self) -> Result<(Entry, Totals)> {
        self.ledger.as_mut().map_or_else(|| Err(odd(&self.folder)), Checked::entry)
    }

    /// Checks that nothing is left, and that it has read the input that ended at `end`.
    fn finish(mut self, end: &Place) -> Result<()> {
        if !self.ended && !matches!(self.entry()?, (Entry::End { place }, _) if place == *end) {
            return Err(other_input(&self.folder));
        }
        self.tables.into_iter().try_for_each(Rows::finish)?;
        self.ledger.map_or(Ok(()), Checked::finish)
    }
}

fn other_input(folder: &Path) -> Error {
    Error::usage("has read another input than the other shards").at_path(folder)
}

/// The rows of one table of a shard, from all its files.
struct Rows {
    folder: PathBuf,
    header: Vec<u8>,
    /// The files that come after, the next one last.
    waiting: Vec<WrittenFile>,
    open: Option<(Checked, u64)>,
    touched: bool,
}

impl Rows {
    /// Reads the next `length` bytes of rows into `buffer`.
    fn read(&mut self, mut length: u64, buffer: &mut Vec<u8>) -> Result<()> {
        buffer.clear();
        while length > 0 {
            let Some((file, left)) = &mut self.open else {
                if self.next()? {
                    continue;
                }
                let message = "holds fewer rows than its batches have";
                return Err(Error::usage(message).at_path(&self.folder));
            };
            let count = length.min(*left);
            let start = buffer.len();
            let read = file.take(count).read_to_end(buffer);
            read.map_err(|error| file.fails(error))?;
            if (buffer.len() - start) as u64 != count {
                return Err(file.fails(std::io::ErrorKind::UnexpectedEof.into()));
            }
            *left -= count;
            length -= count;
            self.close()?;
        }
        Ok(())
    }

    /// Opens the next file, if there is one.
    fn next(&mut self) -> Result<bool> {
        let Some(file) = self.waiting.pop() else { return Ok(false) };
        let mut checked = Checked::open(&self.folder.join(&file.name), &file.sha256)?;
        self.touched = true;
        let mut header = vec![0; self.header.len()];
        let read = checked.read_exact(&mut header);
        read.map_err(|error| checked.fails(error))?;
        if header != self.header {
            return Err(checked.fails(std::io::ErrorKind::InvalidData.into()));
        }
        self.open = Some((checked, file.bytes.saturating_sub(header.len() as u64)));
        self.close()?;
        Ok(true)
    }

    /// Closes the file, if all of it is read.
    fn close(&mut self) -> Result<()> {
        match self.open.take_if(|(_, left)| *left == 0) {
            Some((file, _)) => file.finish(),
            None => Ok(()),
        }
    }

    /// Checks that all rows were read, if any was: a table about the whole run has none that belong to a batch.
    fn finish(self) -> Result<()> {
        if self.touched && (self.open.is_some() || !self.waiting.is_empty()) {
            return Err(Error::usage("holds more rows than its batches have").at_path(&self.folder));
        }
        Ok(())
    }
}

/// What is written.
struct Joined {
    output: Output,
    totals: Totals,
    place: Place,
}

impl Joined {
    /// Adds batch `number`, from 0; false if there are no more.
    fn batch(&mut self, parts: &mut [Part], number: u64) -> Result<bool> {
        let turn = (number % parts.len() as u64) as usize;
        let part = &mut parts[turn];
        let (place, tables, totals) = match part.entry()? {
            (Entry::Batch { place, tables }, totals) => (place, tables, totals),
            (Entry::End { place }, _) => {
                part.ended = true;
                return if place == self.place { Ok(false) } else { Err(other_input(&part.folder)) };
            }
        };
        if place.batches != number + 1 || tables.len() != part.tables.len() {
            return Err(other_input(&part.folder));
        }
        let mut buffer = Vec::new();
        for ((rows, (bytes, count)), table) in part.tables.iter_mut().zip(tables).zip(self.output.tables()) {
            rows.read(bytes, &mut buffer)?;
            table.append(&buffer, count)?;
        }
        self.totals.merge(&totals)?;
        self.place = place;
        Ok(true)
    }
}
