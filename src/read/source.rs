//! One open file: its first bytes for telling the format, then everything, as UTF-8 where it was UTF-16.

use super::{encoding, walk::File};
use std::{
    io::{self, BufRead, BufReader, Cursor, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How much of a file is looked at to tell its format, in bytes.
const HEAD: u64 = 1 << 16;

/// One open file, standard input, or (in time) a member of an archive.
pub struct Source {
    name: String,
    stem: String,
    extension: String,
    head: Vec<u8>,
    input: BufReader<Box<dyn Read>>,
    position: u64,
}

impl Source {
    /// Opens `file`; `counter` is told every byte that is read from it.
    pub(super) fn open(file: &File, counter: Arc<AtomicU64>) -> io::Result<Source> {
        let raw: Box<dyn Read> = match &file.path {
            Some(path) => Box::new(std::fs::File::open(path)?),
            None => Box::new(io::stdin()),
        };
        Source::layered(&file.name, &file.stem, Box::new(Counted { raw, counter }))
    }

    /// Puts the layers that all formats share on top of `raw` bytes.
    pub(super) fn layered(name: &str, stem: &str, raw: Box<dyn Read>) -> io::Result<Source> {
        let (mut head, mut raw) = peek(raw)?;
        let mut position = 0;
        if let Some(utf16) = encoding::utf16(&head) {
            let decoded = encoding::Transcoder::new(utf16, Box::new(Cursor::new(head).chain(raw)));
            (head, raw) = peek(Box::new(decoded))?;
        } else if head.starts_with(b"\xEF\xBB\xBF") {
            head.drain(..3);
            position = 3;
        }
        let extension = name.rsplit(['/', '\\']).next().and_then(|file| file.rsplit_once('.'));
        Ok(Source {
            name: name.to_string(),
            stem: stem.to_string(),
            extension: extension.map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default(),
            input: BufReader::with_capacity(HEAD as usize, Box::new(Cursor::new(head.clone()).chain(raw))),
            head,
            position,
        })
    }

    /// How tables call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What ids made for its records begin with.
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// The ending of its name, in lower case, without the dot.
    pub fn extension(&self) -> &str {
        &self.extension
    }

    /// Its first bytes (up to 64 KB), without a byte order mark. They are read again by the methods below.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Offset in bytes of what is read next.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Reads up to the end, or a little more than `limit` bytes.
    ///
    /// # Errors
    /// Of the file.
    pub fn read_all(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.position += self.input.by_ref().take(limit.saturating_add(1)).read_to_end(&mut bytes)? as u64;
        Ok(bytes)
    }

    /// Reads one line into `line`, without its end. Returns its length in bytes with its end; 0 at the end of the
    /// file. Of a line longer than `limit` only the beginning is kept.
    ///
    /// # Errors
    /// Of the file.
    pub fn read_line(&mut self, line: &mut Vec<u8>, limit: u64) -> io::Result<u64> {
        line.clear();
        let mut length = 0;
        loop {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = memchr::memchr(b'\n', bytes);
            let taken = end.map_or(bytes.len(), |end| end + 1);
            if (line.len() as u64) < limit.saturating_add(1) {
                line.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
            }
            self.input.consume(taken);
            self.position += taken as u64;
            length += taken as u64;
            if end.is_some() || taken == 0 {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(length);
            }
        }
    }

    /// The bytes that are already there; empty at the end of the file. To be followed by [`Source::consume`].
    ///
    /// # Errors
    /// Of the file.
    pub fn fill(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    /// Marks `count` bytes of [`Source::fill`] as read.
    pub fn consume(&mut self, count: usize) {
        self.input.consume(count);
        self.position += count as u64;
    }
}

/// The first bytes, and what comes after them.
fn peek(mut raw: Box<dyn Read>) -> io::Result<(Vec<u8>, Box<dyn Read>)> {
    let mut head = Vec::new();
    raw.by_ref().take(HEAD).read_to_end(&mut head)?;
    Ok((head, raw))
}

/// Counts the bytes that pass.
struct Counted {
    raw: Box<dyn Read>,
    counter: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.raw.read(buffer)?;
        self.counter.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
impl Source {
    /// A source that holds `bytes`.
    pub(super) fn of(name: &str, bytes: &[u8]) -> Source {
        Source::layered(name, name, Box::new(Cursor::new(bytes.to_vec()))).unwrap()
    }
}
