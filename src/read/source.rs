//! One open file, unpacked: its first bytes for telling the format, then everything, as UTF-8 where it was UTF-16.

use super::{
    Options, Reason,
    compressed::{self, Compression},
    encoding::{self, Decoded},
    limits::{Budget, Fault},
    walk::File,
};
use encoding_rs::Encoding;
use rawzip::{FileReader, ReaderAt};
use std::{
    fs,
    io::{self, BufRead, BufReader, Cursor, Read},
    path::{Path, PathBuf},
    rc::Rc,
    sync::{Arc, atomic::AtomicU64},
    time::SystemTime,
};

/// How much of a file is looked at to tell its format, in bytes.
const HEAD: u64 = 1 << 16;

/// One open file, standard input, or a member of an archive.
pub struct Source<'a> {
    path: Option<PathBuf>,
    name: String,
    stem: String,
    extension: String,
    head: Vec<u8>,
    input: BufReader<Box<dyn Read + 'a>>,
    position: u64,
    lost: Option<u64>,
    /// Layers and archives around it.
    depth: usize,
    budget: Rc<Budget>,
    /// Whether its bytes are those of the file.
    plain: bool,
    /// The older encoding that its first bytes are in.
    encoding: Option<&'static Encoding>,
}

impl Source<'static> {
    /// Opens `file`; `counter` is told every byte that is read from it.
    pub(super) fn open(file: &File, options: &Options, counter: Arc<AtomicU64>) -> io::Result<Source<'static>> {
        let (raw, size): (Box<dyn Read>, _) = match &file.path {
            Some(path) => {
                let watched = Watched::open(path)?;
                // Some files that are no files tell no size.
                let size = watched.file.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len());
                (Box::new(watched), size.filter(|size| *size > 0))
            }
            None => (Box::new(io::stdin()), None),
        };
        let budget = Budget::new(options, size, counter);
        let source = Source::layered(&file.name, &file.stem, Box::new(Counted::new(raw, &budget)), 0, budget)?;
        Ok(Source { path: file.path.clone().filter(|_| source.plain), ..source })
    }

    /// A source that holds `bytes`, read with `options`.
    pub(super) fn with(name: &str, bytes: &[u8], options: &Options) -> io::Result<Source<'static>> {
        let budget = Budget::new(options, Some(bytes.len() as u64), Arc::default());
        let counted = Counted::new(Box::new(Cursor::new(bytes.to_vec())), &budget);
        Source::layered(name, name, Box::new(counted), 0, budget)
    }
}

impl<'a> Source<'a> {
    /// A source within an archive of `depth` layers and archives: `raw` is what the member `name` holds.
    pub(super) fn member(
        archive: (&str, &str),
        name: &str,
        raw: Box<dyn Read + 'a>,
        depth: usize,
        budget: Rc<Budget>,
    ) -> io::Result<Source<'a>> {
        Source::layered(&format!("{}!{name}", archive.0), &format!("{}!{name}", archive.1), raw, depth, budget)
    }

    /// Puts the layers that all formats share on top of `raw` bytes.
    fn layered(
        name: &str,
        stem: &str,
        raw: Box<dyn Read + 'a>,
        mut depth: usize,
        budget: Rc<Budget>,
    ) -> io::Result<Source<'a>> {
        let (mut head, mut raw) = peek(raw)?;
        let mut layers = 0;
        while let Some(compression) = Compression::of(&head) {
            if depth >= budget.depth {
                return Err(too_deep(&budget));
            }
            (depth, layers) = (depth + 1, layers + 1);
            (head, raw) = peek(Box::new(compression.unpack(Cursor::new(head).chain(raw), &budget)?))?;
        }
        let (mut position, mut plain) = (0, layers == 0);
        if let Some(utf16) = encoding::utf16(&head) {
            let decoded = encoding::Transcoder::new(utf16, Box::new(Cursor::new(head).chain(raw)));
            (head, raw) = peek(Box::new(decoded))?;
            plain = false;
        } else if head.starts_with(b"\xEF\xBB\xBF") {
            head.drain(..3);
            position = 3;
        }
        let inner = compressed::inner_name(name, layers);
        let extension = inner.rsplit(['/', '\\', '!']).next().and_then(|file| file.rsplit_once('.'));
        Ok(Source {
            path: None,
            name: name.to_string(),
            stem: stem.to_string(),
            extension: extension.map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default(),
            input: BufReader::with_capacity(HEAD as usize, Box::new(Cursor::new(head.clone()).chain(raw))),
            encoding: encoding::older(&head),
            head,
            position,
            lost: None,
            plain,
            depth,
            budget,
        })
    }

    /// Bytes of this source as text.
    ///
    /// # Errors
    /// A message, where they are no text.
    pub fn decode<'b>(&self, bytes: &'b [u8]) -> Result<Decoded<'b>, String> {
        encoding::decode_as(bytes, self.encoding)
    }

    /// Layers and archives around it.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The file that holds just these bytes, to jump about in it; `None` where [`Source::path`] is.
    ///
    /// # Errors
    /// Of the file.
    pub(super) fn plain(&self) -> io::Result<Option<Plain>> {
        let Some(path) = &self.path else { return Ok(None) };
        let watched = Watched::open(path)?;
        let reader = FileReader::from(watched.file.try_clone()?);
        Ok(Some(Plain { reader, watched, budget: Rc::clone(&self.budget) }))
    }

    /// What it shares with everything else in the same file of the input.
    pub(super) fn budget(&self) -> &Rc<Budget> {
        &self.budget
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

    /// Says that what cannot be read any more is record `record` (from 1), which begins at byte `start`.
    pub(super) fn lose(&mut self, record: u64, start: u64) {
        (self.lost, self.position) = (Some(record), start);
    }

    /// The record that cannot be read any more, where its format has told it.
    pub(super) fn lost(&self) -> Option<u64> {
        self.lost
    }

    /// Takes back `bytes` that were read last, up to the end of the file, to be read again.
    pub(super) fn give_back(&mut self, bytes: Vec<u8>) {
        self.position -= bytes.len() as u64;
        self.input = BufReader::with_capacity(HEAD as usize, Box::new(Cursor::new(bytes)));
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
        let (start, mut length) = (self.position, 0);
        loop {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    // What is lost begins with this line.
                    self.position = start;
                    return Err(error);
                }
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

/// What archives and layers that are packed too deep are told.
pub(super) fn too_deep(budget: &Budget) -> io::Error {
    let detail = format!("it is packed more than {} times; see --max-depth", budget.depth);
    Fault(Reason::TooDeep, detail).into()
}

/// The first bytes, and what comes after them. An error behind some bytes waits until they have been read.
fn peek<'a>(mut raw: Box<dyn Read + 'a>) -> io::Result<(Vec<u8>, Box<dyn Read + 'a>)> {
    let mut head = Vec::new();
    match raw.by_ref().take(HEAD).read_to_end(&mut head) {
        Ok(_) => Ok((head, raw)),
        Err(error) if head.is_empty() => Err(error),
        Err(error) => Ok((head, Box::new(Failing(Some(error)).chain(raw)))),
    }
}

/// Fails once.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// A file of which is known at its end whether it is still what it was at its beginning.
#[derive(Debug)]
pub(super) struct Watched {
    file: fs::File,
    opened: Stamp,
}

/// What tells versions of a file apart.
type Stamp = (u64, Option<SystemTime>);

impl Watched {
    pub(super) fn open(path: &Path) -> io::Result<Watched> {
        let file = fs::File::open(path)?;
        let opened = stamp(&file)?;
        Ok(Watched { file, opened })
    }

    /// The file itself.
    pub(super) fn file(&self) -> &fs::File {
        &self.file
    }

    /// Its length in bytes when it was opened; 0 for what is no plain file.
    pub(super) fn length(&self) -> u64 {
        self.opened.0
    }

    /// Fails if the file is not what it was.
    pub(super) fn check(&self) -> io::Result<()> {
        if stamp(&self.file)? == self.opened { Ok(()) } else { Err(changed()) }
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.check()?;
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
pub(super) fn changed() -> io::Error {
    let detail = "the file changed while it was read; what was read before stays";
    Fault(Reason::Changed, detail.to_string()).into()
}

/// Counts the bytes that pass.
struct Counted {
    raw: Box<dyn Read>,
    budget: Rc<Budget>,
}

impl Counted {
    fn new(raw: Box<dyn Read>, budget: &Rc<Budget>) -> Counted {
        Counted { raw, budget: Rc::clone(budget) }
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.raw.read(buffer)?;
        self.budget.take(count as u64);
        Ok(count)
    }
}

/// A file in which an archive jumps about.
pub(super) struct Plain {
    reader: FileReader,
    watched: Watched,
    budget: Rc<Budget>,
}

impl Plain {
    /// Bytes that the file has.
    pub(super) fn size(&self) -> u64 {
        self.watched.opened.0
    }

    /// Says that nothing more is wanted of it.
    ///
    /// # Errors
    /// If the file has changed by now.
    pub(super) fn finish(self) -> io::Result<()> {
        self.budget.take(self.size());
        self.watched.check()
    }
}

impl ReaderAt for Plain {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let count = self.reader.read_at(buffer, offset)?;
        self.budget.take(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
impl Source<'static> {
    /// A source that holds `bytes`.
    pub(super) fn of(name: &str, bytes: &[u8]) -> Source<'static> {
        Source::with(name, bytes, &Options::default()).unwrap()
    }
}
