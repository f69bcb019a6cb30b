//! One open file: its first bytes for telling the format, then everything, as UTF-8 where it was UTF-16.

use super::{Reason, encoding, walk::File};
use std::{
    fmt, fs,
    io::{self, BufRead, BufReader, Cursor, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

/// How much of a file is looked at to tell its format, in bytes.
const HEAD: u64 = 1 << 16;

/// One open file, standard input, or a member of an archive.
pub struct Source {
    path: Option<PathBuf>,
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
            Some(path) => Box::new(Watched::open(path)?),
            None => Box::new(io::stdin()),
        };
        let source = Source::layered(&file.name, &file.stem, Box::new(Counted { raw, counter }))?;
        Ok(Source { path: file.path.clone(), ..source })
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
            path: None,
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

    /// Where the file is that holds just these bytes, for formats that jump about in it; `None` for standard input and
    /// for what was unpacked or decoded.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
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

/// A file of which is known at its end whether it is still what it was at its beginning.
struct Watched {
    file: fs::File,
    opened: Stamp,
}

/// What tells versions of a file apart.
type Stamp = (u64, Option<SystemTime>);

impl Watched {
    fn open(path: &Path) -> io::Result<Watched> {
        let file = fs::File::open(path)?;
        let opened = stamp(&file)?;
        Ok(Watched { file, opened })
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        if count == 0 && !buffer.is_empty() && stamp(&self.file)? != self.opened {
            return Err(io::Error::other(HasChanged));
        }
        Ok(count)
    }
}

fn stamp(file: &fs::File) -> io::Result<Stamp> {
    let metadata = file.metadata()?;
    // Devices and pipes have neither a size nor a time that means anything.
    let modified = metadata.is_file().then(|| metadata.modified().ok()).flatten();
    Ok((if metadata.is_file() { metadata.len() } else { 0 }, modified))
}

/// The error of a file that changed while it was read.
#[derive(Debug)]
struct HasChanged;

impl fmt::Display for HasChanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file changed while it was read; what was read before stays")
    }
}

impl std::error::Error for HasChanged {}

/// What a failure to read is called in tables.
pub(super) fn reason(error: &io::Error) -> Reason {
    match error.get_ref() {
        Some(inner) if inner.is::<HasChanged>() => Reason::Changed,
        _ => Reason::Unreadable,
    }
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
