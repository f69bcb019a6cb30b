//! A part of a run: which batches it does, and what it keeps of each, so that the parts can be joined to what one run would have
//! written.
//!
//! Every part reads the whole input: ids, duplicates and limits are then those of one run. The file `shard.onrecord` holds, for
//! every batch of the part, how much of each table it fills and its sums; the rows themselves are in the tables.

use super::{reading::Place, render::Rendered};
use crate::{
    error::{Error, Result},
    table::{Totals, read_frame, write_frame},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

/// One of several parts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    number: u64,
    of: u64,
}

impl Shard {
    /// Part `number` (from 1) of `of`.
    ///
    /// # Errors
    /// Numbers that are no such thing.
    pub fn new(number: u64, of: u64) -> Result<Shard> {
        if (1..=of).contains(&number) {
            return Ok(Shard { number, of });
        }
        Err(Error::usage(format!("there is no shard {number} of {of}: the first of four is 1/4, the last one 4/4")))
    }

    /// Which part it is, from 1.
    pub fn number(self) -> u64 {
        self.number
    }

    /// How many parts there are.
    pub fn of(self) -> u64 {
        self.of
    }

    /// Whether batch `batch`, from 0, is one of its own.
    pub(super) fn owns(self, batch: u64) -> bool {
        batch % self.of == self.number - 1
    }
}

/// What is known of a batch, or of the whole run; sums over the batch follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Entry {
    /// A batch.
    Batch {
        /// Where reading stood behind it.
        place: Place,
        /// For each table its bytes and rows.
        tables: Vec<(u64, u64)>,
    },
    /// There are no more.
    End {
        /// Where reading stood at its end.
        place: Place,
    },
}

/// The entry of a batch, as bytes.
///
/// # Errors
/// Sums of a size that no batch has.
pub(super) fn entry(rendered: &Rendered) -> Result<Vec<u8>> {
    let tables = rendered.tables.iter().map(|(rows, count)| (rows.len() as u64, *count)).collect();
    let mut bytes = Vec::new();
    let entry = Entry::Batch { place: rendered.place.clone(), tables };
    let write = write_frame(&mut bytes, &entry).and_then(|()| rendered.totals.save(&mut bytes));
    write.map_err(|error| Error::format(format!("a batch cannot be kept: {error}")))?;
    Ok(bytes)
}

/// The entry behind the last one, as bytes.
///
/// # Errors
/// A name of a source of a size that no name has.
pub(super) fn last_entry(place: &Place) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write_frame(&mut bytes, &Entry::End { place: place.clone() })
        .map_err(|error| Error::format(format!("the end cannot be kept: {error}")))?;
    Ok(bytes)
}

/// A file that is read once, from its beginning, and must be the one that a hash was taken of.
pub struct Checked {
    path: PathBuf,
    file: BufReader<File>,
    hash: Sha256,
    expected: String,
}

impl Checked {
    /// Opens `path`, whose SHA-256 should be `expected`.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub fn open(path: &Path, expected: &str) -> Result<Checked> {
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        let file = BufReader::with_capacity(1 << 18, file);
        Ok(Checked { path: path.to_path_buf(), file, hash: Sha256::new(), expected: expected.to_string() })
    }

    /// The next entry with its sums.
    pub(super) fn entry(&mut self) -> Result<(Entry, Totals)> {
        self.read_entry().map_err(|error| self.fails(error))
    }

    fn read_entry(&mut self) -> io::Result<(Entry, Totals)> {
        let entry: Entry = read_frame(self)?;
        let totals = if matches!(entry, Entry::Batch { .. }) { Totals::load(self)? } else { Totals::default() };
        Ok((entry, totals))
    }

    /// The failure to read it.
    pub(super) fn fails(&self, error: io::Error) -> Error {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => self.changed(),
            _ => Error::io(&self.path, error),
        }
    }

    /// Checks that it ends here, and that it was the right one.
    ///
    /// # Errors
    /// More bytes, or another hash.
    pub fn finish(mut self) -> Result<()> {
        let mut byte = [0];
        let count = self.file.read(&mut byte).map_err(|error| Error::io(&self.path, error))?;
        if count == 0 && super::growing::hexadecimal(&self.hash) == self.expected {
            return Ok(());
        }
        Err(self.changed())
    }

    fn changed(&self) -> Error {
        let message =
            "is damaged, or was changed since the run, as its SHA-256 is not the one in run.json: run extract again";
        Error::usage(message).at_path(&self.path)
    }
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_batch_belongs_to_one_shard() {
        for of in 1..6 {
            let shards: Vec<Shard> = (1..=of).map(|number| Shard::new(number, of).unwrap()).collect();
            for batch in 0..20 {
                assert_eq!(shards.iter().filter(|shard| shard.owns(batch)).count(), 1);
            }
        }
        for (number, of) in [(0, 3), (4, 3), (0, 0), (1, 0)] {
            assert!(Shard::new(number, of).is_err());
        }
    }
}
