//! CSV files row by row, in memory that does not depend on what they hold: a quotation mark that is never closed makes a
//! row of all that follows.

use crate::error::{Error, Result};
use std::{
    cell::Cell,
    io::{self, Read},
    path::{Path, PathBuf},
    rc::Rc,
};

/// The most bytes that a row can have.
const LONGEST_ROW: u64 = 64 << 20;

/// The rows of a file.
pub(super) struct Rows<R> {
    reader: csv::Reader<Capped<R>>,
    left: Rc<Cell<u64>>,
    path: PathBuf,
    /// The row that was read last.
    pub(super) record: csv::ByteRecord,
    /// The line that it begins in.
    pub(super) line: u64,
}

impl<R: Read> Rows<R> {
    /// Rows may have any number of cells.
    pub(super) fn new(inner: R, path: &Path, delimiter: u8) -> Self {
        let left = Rc::new(Cell::new(LONGEST_ROW));
        let capped = Capped { inner, left: Rc::clone(&left) };
        let mut builder = csv::ReaderBuilder::new();
        builder.flexible(true).has_headers(false).delimiter(delimiter).buffer_capacity(1 << 16);
        let reader = builder.from_reader(capped);
        Rows { reader, left, path: path.to_path_buf(), record: csv::ByteRecord::new(), line: 1 }
    }

    /// Reads the next row; false if there is none.
    ///
    /// # Errors
    /// What the file or a decompressor says, and rows without end.
    pub(super) fn next(&mut self) -> Result<bool> {
        self.left.set(LONGEST_ROW);
        let read = self.reader.read_byte_record(&mut self.record);
        let more = read.map_err(|error| {
            let line = self.reader.position().line();
            let message = error.to_string();
            match error.into_kind() {
                csv::ErrorKind::Io(error) => Error::io(&self.path, error).at_line(line),
                _ => Error::gazetteer(message).at_path(&self.path).at_line(line),
            }
        })?;
        self.line = self.record.position().map_or(0, csv::Position::line);
        Ok(more)
    }

    /// How many lines the last row takes, and perhaps one more.
    pub(super) fn lines(&self) -> u64 {
        self.reader.position().line().saturating_sub(self.line)
    }
}

/// Lets so many bytes pass.
struct Capped<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            let message = "a row of more than 64 MB: a closing quotation mark seems to be missing before it ends";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let length = self.inner.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(length as u64));
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_end_is_refused() {
        let endless = b"name,type\n\"a".chain(io::repeat(b'x'));
        let mut rows = Rows::new(endless, Path::new("x.csv"), b',');
        assert!(rows.next().unwrap());
        let error = rows.next().unwrap_err().to_string();
        assert!(error.contains("x.csv: line 2") && error.contains("64 MB"), "{error}");
    }
}
