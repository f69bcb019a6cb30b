//! COMPRESSED BYTES -> bytes: gzip, Zstandard, bzip2 and xz, told by their first bytes. Files of several streams, as
//! parallel compressors and appending write them, are read to their end.

use super::{
    limits::{Budget, Unpacked},
    walk::STDIN,
};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    rc::Rc,
};

/// A way of compressing one stream of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

/// Endings of file names that say nothing but how the file is compressed, and what they stand for.
const ENDINGS: &[(&str, &str)] = &[
    ("gz", ""),
    ("gzip", ""),
    ("zst", ""),
    ("zstd", ""),
    ("bz2", ""),
    ("bzip2", ""),
    ("xz", ""),
    ("tgz", ".tar"),
    ("tzst", ".tar"),
    ("tbz", ".tar"),
    ("tbz2", ".tar"),
    ("txz", ".tar"),
];

/// How much of the compressed data is read at a time.
const CHUNK: usize = 1 << 17;

impl Compression {
    /// How a file that begins with `head` is compressed.
    pub(super) fn of(head: &[u8]) -> Option<Compression> {
        match head {
            [0x1F, 0x8B, 8, ..] => Some(Compression::Gzip),
            // A frame, or one that is to be skipped.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Compression::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', b'&', b'S', b'Y', ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Some(Compression::Bzip2),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Compression::Xz),
            _ => None,
        }
    }

    /// What the data are called in messages.
    fn kind(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip data",
            Compression::Zstd => "Zstandard data",
            Compression::Bzip2 => "bzip2 data",
            Compression::Xz => "xz data",
        }
    }

    /// What `raw` bytes hold.
    ///
    /// # Errors
    /// Of the decompressor, where it has no memory.
    pub(super) fn unpack<'a>(self, raw: impl Read + 'a, budget: &Rc<Budget>) -> io::Result<Unpacked<'a>> {
        Ok(Unpacked::new(self.decoder(raw, budget.memory())?, self.kind(), budget))
    }

    /// What `raw` bytes hold, within `memory` bytes of it but without any other limit.
    ///
    /// # Errors
    /// Of the decompressor, where it has no memory.
    pub(super) fn decoder<'a>(self, raw: impl Read + 'a, memory: u64) -> io::Result<Box<dyn Read + 'a>> {
        let input = BufReader::with_capacity(CHUNK, raw);
        Ok(match self {
            Compression::Gzip => Box::new(Streams::<flate2::bufread::GzDecoder<_>, _>::new(input)),
            Compression::Bzip2 => Box::new(Streams::<bzip2::bufread::BzDecoder<_>, _>::new(input)),
            Compression::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(input)?;
                // The window is what the decompressor must remember: 8 MB as a rule, up to 2 GB after `zstd --long=31`.
                decoder.window_log_max(memory.max(1 << 10).ilog2().clamp(10, 31))?;
                Box::new(Zstd(decoder))
            }
            Compression::Xz => {
                let limit = u32::try_from(memory >> 10).unwrap_or(u32::MAX - 1);
                Box::new(lzma_rust2::XzReader::new_mem_limit(input, true, limit))
            }
        })
    }
}

/// What the file at `path`, or standard input, holds: unpacked if it is compressed, within `memory` bytes.
///
/// # Errors
/// A file that cannot be opened or read, or a decompressor without memory.
pub fn unpacked(path: &Path, memory: u64) -> io::Result<Box<dyn Read>> {
    let mut raw: Box<dyn Read> =
        if path == Path::new(STDIN) { Box::new(io::stdin().lock()) } else { Box::new(File::open(path)?) };
    let mut head = Vec::new();
    raw.by_ref().take(16).read_to_end(&mut head)?;
    let compression = Compression::of(&head);
    let whole = io::Cursor::new(head).chain(raw);
    match compression {
        Some(compression) => compression.decoder(whole, memory),
        None => Ok(Box::new(whole)),
    }
}

/// `name` without the endings that only say how the file is compressed, of which there are at most `layers`.
pub(super) fn inner_name(name: &str, layers: usize) -> String {
    let mut inner = name.to_string();
    for _ in 0..layers {
        let Some((stem, ending)) = inner.rsplit_once('.') else { break };
        let ending = ending.to_ascii_lowercase();
        let Some((_, instead)) = ENDINGS.iter().find(|(known, _)| *known == ending) else { break };
        inner = format!("{stem}{instead}");
    }
    inner
}

/// A Zstandard stream whose need for memory is told by the kind of its error.
struct Zstd<'a, R: BufRead>(zstd::stream::read::Decoder<'a, R>);

impl<R: BufRead> Read for Zstd<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The library's only errors are texts.
        self.0.read(buffer).map_err(|error| match error.to_string() {
            text if text.contains("too much memory") => io::Error::new(io::ErrorKind::OutOfMemory, text),
            _ => error,
        })
    }
}

/// A decompressor of one stream.
trait Stream<R>: Read {
    /// What a stream begins with.
    const FIRST: u8;
    fn new(input: R) -> Self;
    /// The input behind the end of the stream.
    fn rest(self) -> R;
}

impl<R: BufRead> Stream<R> for flate2::bufread::GzDecoder<R> {
    const FIRST: u8 = 0x1F;
    fn new(input: R) -> Self {
        flate2::bufread::GzDecoder::new(input)
    }
    fn rest(self) -> R {
        self.into_inner()
    }
}

impl<R: BufRead> Stream<R> for bzip2::bufread::BzDecoder<R> {
    const FIRST: u8 = b'B';
    fn new(input: R) -> Self {
        bzip2::bufread::BzDecoder::new(input)
    }
    fn rest(self) -> R {
        self.into_inner()
    }
}

/// Streams one after the other. Zero bytes behind one are passed over, as tapes and block devices leave them; anything
/// else is an error.
enum Streams<S, R> {
    Inside(S),
    Between(R),
    Ended,
}

impl<R: BufRead, S: Stream<R>> Streams<S, R> {
    fn new(input: R) -> Self {
        Streams::Inside(S::new(input))
    }
}

impl<R: BufRead, S: Stream<R>> Read for Streams<S, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            *self = match std::mem::replace(self, Streams::Ended) {
                Streams::Ended => return Ok(0),
                Streams::Inside(mut stream) => {
                    let count = stream.read(buffer);
                    if !matches!(count, Ok(0)) || buffer.is_empty() {
                        *self = Streams::Inside(stream);
                        return count;
                    }
                    Streams::Between(stream.rest())
                }
                Streams::Between(mut input) => {
                    let bytes = input.fill_buf()?;
                    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                    match bytes.get(zeros) {
                        None if bytes.is_empty() => return Ok(0),
                        None => {
                            input.consume(zeros);
                            Streams::Between(input)
                        }
                        Some(first) if *first == S::FIRST => {
                            input.consume(zeros);
                            Streams::Inside(S::new(input))
                        }
                        Some(_) => {
                            let message = "something else follows the end of the stream";
                            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                        }
                    }
                }
            };
        }
    }
}
