//! Sorting more than fits into memory: runs in files without a name, merged.

use crate::{
    error::{Error, Result},
    workbench::output::nameless,
};
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, Write},
    path::{Path, PathBuf},
};

/// The most bytes of records in memory.
const MEMORY: usize = 24 << 20;
/// The most runs: so many files are open at once.
const RUNS: usize = 48;
/// The most bytes read ahead in each run.
const AHEAD: usize = 1 << 15;

/// What is called with keys and values.
type Take<'t> = dyn FnMut(&[u8], &[u8]) -> Result<()> + 't;

/// Takes records in any order and gives them back by their keys; equal keys in the order in which they came.
#[derive(Debug)]
pub(super) struct Sorter {
    beside: PathBuf,
    bytes: Vec<u8>,
    /// For each record where its key begins, where it ends, and where the record ends.
    records: Vec<[u32; 3]>,
    runs: Vec<File>,
    /// Runs made so far, which gives each a name.
    made: usize,
    most: usize,
}

impl Sorter {
    /// Files are made beside this path, and called after it.
    pub(super) fn new(beside: &Path, most: Option<usize>) -> Self {
        let most = most.unwrap_or(MEMORY);
        Sorter { beside: beside.to_path_buf(), bytes: Vec::new(), records: Vec::new(), runs: Vec::new(), made: 0, most }
    }

    pub(super) fn push(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        let start = self.bytes.len();
        if start > 0 && start + key.len() + value.len() + 12 * self.records.len() > self.most {
            self.spill()?;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
        self.records.push([start, start + key.len(), self.bytes.len()].map(|at| at as u32));
        Ok(())
    }

    /// Calls `take` with keys and values in the order of keys.
    pub(super) fn each(mut self, mut take: impl FnMut(&[u8], &[u8]) -> Result<()>) -> Result<()> {
        if self.runs.is_empty() {
            self.sort();
            for [start, middle, end] in self.records.iter().map(|record| record.map(|at| at as usize)) {
                take(&self.bytes[start..middle], &self.bytes[middle..end])?;
            }
            return Ok(());
        }
        self.spill()?;
        (self.bytes, self.records) = (Vec::new(), Vec::new());
        let runs = std::mem::take(&mut self.runs);
        self.merge(runs, &mut |key, value| take(key, value))
    }

    fn sort(&mut self) {
        let (bytes, records) = (&self.bytes, &mut self.records);
        records.sort_by(|a, b| bytes[a[0] as usize..a[1] as usize].cmp(&bytes[b[0] as usize..b[1] as usize]));
    }

    fn fail(&self, error: io::Error) -> Error {
        Error::io(&self.beside, io::Error::new(error.kind(), format!("sorting in this folder: {error}")))
    }

    fn file(&mut self) -> Result<File> {
        self.made += 1;
        nameless(&self.beside, self.made).map_err(|error| self.fail(error))
    }

    /// Writes what is in memory as a run.
    fn spill(&mut self) -> Result<()> {
        self.sort();
        let mut out = BufWriter::with_capacity(1 << 18, self.file()?);
        for [start, middle, end] in self.records.iter().map(|record| record.map(|at| at as usize)) {
            write(&mut out, &self.bytes[start..middle], &self.bytes[middle..end]).map_err(|error| self.fail(error))?;
        }
        self.runs.push(out.into_inner().map_err(|error| self.fail(error.into_error()))?);
        self.bytes.clear();
        self.records.clear();
        if self.runs.len() >= RUNS {
            let runs = std::mem::take(&mut self.runs);
            let mut out = BufWriter::with_capacity(1 << 18, self.file()?);
            let beside = self.beside.clone();
            self.merge(runs, &mut |key, value| write(&mut out, key, value).map_err(|error| Error::io(&beside, error)))?;
            self.runs.push(out.into_inner().map_err(|error| self.fail(error.into_error()))?);
        }
        Ok(())
    }

    fn merge(&self, runs: Vec<File>, take: &mut Take<'_>) -> Result<()> {
        let fail = |error| self.fail(error);
        let mut readers = Vec::new();
        let mut heads = BinaryHeap::new();
        for (number, mut file) in runs.into_iter().enumerate() {
            file.rewind().map_err(fail)?;
            let mut reader = BufReader::with_capacity(AHEAD, file);
            heads.extend(read(&mut reader).map_err(fail)?.map(|(key, value)| Reverse((key, number, value))));
            readers.push(reader);
        }
        while let Some(Reverse((key, number, value))) = heads.pop() {
            take(&key, &value)?;
            if let Some(reader) = readers.get_mut(number) {
                heads.extend(read(reader).map_err(fail)?.map(|(key, value)| Reverse((key, number, value))));
            }
        }
        Ok(())
    }
}

fn write(out: &mut impl Write, key: &[u8], value: &[u8]) -> io::Result<()> {
    out.write_all(&(key.len() as u32).to_le_bytes())?;
    out.write_all(&(value.len() as u32).to_le_bytes())?;
    out.write_all(key)?;
    out.write_all(value)
}

type Record = (Vec<u8>, Vec<u8>);

fn read(input: &mut impl Read) -> io::Result<Option<Record>> {
    let mut lengths = [0; 8];
    match input.read_exact(&mut lengths) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let [a, b, c, d, e, f, g, h] = lengths;
    let mut part = |bytes| {
        let mut part = vec![0; u32::from_le_bytes(bytes) as usize];
        input.read_exact(&mut part).map(|()| part)
    };
    Ok(Some((part([a, b, c, d])?, part([e, f, g, h])?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_give_the_same_order_as_memory() {
        let folder = tempfile::tempdir().unwrap();
        let records: Vec<(String, String)> =
            (0..20_000u64).map(|i| ((i * 7919 % 1009).to_string(), i.to_string())).collect();
        let mut expected = records.clone();
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        for most in [None, Some(100), Some(5000), Some(100_000)] {
            let mut sorter = Sorter::new(&folder.path().join("names.csv"), most);
            for (key, value) in &records {
                sorter.push(key.as_bytes(), value.as_bytes()).unwrap();
            }
            let mut found = Vec::new();
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let take = |key: &[u8], value: &[u8]| {
                found.push((text(key), text(value)));
                Ok(())
            };
            sorter.each(take).unwrap();
            assert_eq!(found, expected, "{most:?}");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left over");
        }
    }
}
