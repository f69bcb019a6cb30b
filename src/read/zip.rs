//! ZIP archives: members are found through the directory at the end, so an archive is read from its file by seeking, or
//! from memory if it is in something else. An archive whose end is lost is read from its beginning, as far as it goes.

use super::{
    Flow, Reason, Source,
    archive::Members,
    compressed::Compression,
    limits::{self, Fault, Unpacked},
};
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, RangeReader, ReaderAt, ZipLocator};
use std::{
    io::{self, Read},
    rc::Rc,
};

/// Whether a file that begins with `head` is a ZIP archive of files. Office documents and books are ZIP archives too, but
/// their members are no files that anybody put there.
pub(super) fn recognizes(head: &[u8]) -> bool {
    (head.starts_with(LOCAL) || head.starts_with(b"PK\x05\x06")) && !is_document(head)
}

/// Whether `head` begins an office document or a book.
pub(super) fn is_document(head: &[u8]) -> bool {
    let first = head.strip_prefix(LOCAL).and_then(|rest| rest.get(26..));
    first.is_some_and(|name| name.starts_with(b"[Content_Types].xml") || name.starts_with(b"mimetype"))
}

/// What the header of a member begins with.
const LOCAL: &[u8] = b"PK\x03\x04";

/// Hands every member of the archive `source` to `members`.
pub(super) fn read(source: &mut Source, members: &mut Members<'_, '_>) -> Flow {
    match source.plain() {
        Ok(Some(file)) => {
            let size = file.size();
            directory(&file, size, members)?;
            match file.finish() {
                Ok(()) => Flow::Continue(()),
                Err(error) => members.damaged(size, &error),
            }
        }
        Ok(None) => {
            let limit = members.budget.memory();
            match source.read_all(limit) {
                Ok(bytes) if bytes.len() as u64 > limit => {
                    let detail = format!(
                        "a ZIP archive within something else must fit into {limit} bytes of memory; see --max-memory"
                    );
                    members.damaged(0, &Fault(Reason::TooLarge, detail).into())
                }
                Ok(bytes) => {
                    let (size, budget) = (bytes.len() as u64, Rc::clone(&members.budget));
                    budget.holding(size, || directory(&bytes, size, members))
                }
                Err(error) => members.damaged(0, &error),
            }
        }
        Err(error) => members.damaged(0, &error),
    }
}

/// Reads the members that the directory of the archive lists.
fn directory<R: ReaderAt>(archive: &R, size: u64, members: &mut Members<'_, '_>) -> Flow {
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = match ZipLocator::new().locate_in_reader(archive, &mut buffer, size) {
        Ok(archive) => archive,
        Err((archive, error)) => return salvage(archive, size, members, &io::Error::other(error)),
    };
    let mut entries = archive.entries(&mut buffer);
    loop {
        let entry = match entries.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => return Flow::Continue(()),
            Err(error) => return members.damaged(archive.directory_offset(), &io::Error::other(error)),
        };
        if entry.is_dir() || entry.mode().is_symlink() {
            continue;
        }
        if members.are_too_many(entry.local_header_offset()) {
            return Flow::Continue(());
        }
        let (path, method) = (entry.file_path(), entry.compression_method());
        let (path, size) = (path.as_bytes(), entry.uncompressed_size_hint());
        if entry.flags().is_encrypted() {
            members.lost(path, Reason::Unreadable, "the member is encrypted".to_string())?;
            continue;
        }
        let content = archive.get_entry(entry.wayfinder()).map_err(io::Error::other).and_then(|entry| {
            let decoder = decoder(method, entry.reader(), size, members.budget.memory())?;
            Ok(entry.verifying_reader(decoder))
        });
        match content {
            Ok(content) => {
                let unpacked = Unpacked::new(Box::new(content), "data of the member", &members.budget);
                members.member(path, Box::new(unpacked))?;
            }
            Err(error) => members.lost(path, limits::reason_in_archive(&error), error.to_string())?,
        }
    }
}

/// What the bytes of a member hold, `size` bytes as its header says.
fn decoder<'a>(
    method: CompressionMethod,
    raw: impl Read + 'a,
    size: u64,
    memory: u64,
) -> io::Result<Box<dyn Read + 'a>> {
    match method {
        CompressionMethod::STORE => Ok(Box::new(raw)),
        CompressionMethod::DEFLATE => Ok(Box::new(flate2::read::DeflateDecoder::new(raw))),
        // What Windows packs large files with.
        CompressionMethod::DEFLATE64 => Ok(Box::new(deflate64::Deflate64Decoder::new(raw))),
        CompressionMethod::LZMA => lzma(raw, size, memory),
        CompressionMethod::ZSTD | CompressionMethod::ZSTD_DEPRECATED => Compression::Zstd.decoder(raw, memory),
        CompressionMethod::BZIP2 => Compression::Bzip2.decoder(raw, memory),
        CompressionMethod::XZ => Compression::Xz.decoder(raw, memory),
        _ => {
            let detail = format!("the member is compressed by method {method}, which is not supported");
            Err(Fault(Reason::Unreadable, detail).into())
        }
    }
}

/// What a member packed by LZMA holds: two bytes of version, two of length, the properties, and data with or without a mark
/// at their end, so that their size must be known.
fn lzma<'a>(mut raw: impl Read + 'a, size: u64, memory: u64) -> io::Result<Box<dyn Read + 'a>> {
    let mut header = [0; 9];
    raw.read_exact(&mut header)?;
    let [_, _, 5, 0, properties, window @ ..] = header else {
        return Err(io::Error::other("the header of the LZMA data is damaged"));
    };
    let window = u32::from_le_bytes(window);
    if u64::from(window) > memory {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    let input = io::BufReader::new(raw);
    Ok(Box::new(lzma_rust2::LzmaReader::new_with_props(input, size, properties, window, None)?))
}

/// Reads an archive without a directory, as a copy that was cut off is: from its beginning, member by member.
fn salvage<R: ReaderAt>(archive: &R, size: u64, members: &mut Members<'_, '_>, error: &io::Error) -> Flow {
    let mut offset = 0;
    while let Some(member) = Local::at(archive, offset, size).filter(|_| !members.are_too_many(offset)) {
        offset = member.end;
        if member.path.ends_with(b"/") {
            continue;
        }
        if member.encrypted {
            members.lost(&member.path, Reason::Unreadable, "the member is encrypted".to_string())?;
            continue;
        }
        let raw = RangeReader::new(archive, member.start..member.end.min(size));
        let rest = Cut(member.end > size);
        match decoder(member.method, raw.chain(rest), u64::MAX, members.budget.memory()) {
            Ok(decoder) => {
                let unpacked = Unpacked::new(decoder, "data of the member", &members.budget);
                members.member(&member.path, Box::new(unpacked))?;
            }
            Err(error) => members.lost(&member.path, limits::reason_in_archive(&error), error.to_string())?,
        }
    }
    members.damaged(offset.min(size), &io::Error::other(format!("the directory of the archive is lost: {error}")))
}

/// A member as its own header tells it.
struct Local {
    path: Vec<u8>,
    method: CompressionMethod,
    encrypted: bool,
    start: u64,
    end: u64,
}

impl Local {
    /// The member whose header is at `offset` of an archive of `size` bytes.
    fn at<R: ReaderAt>(archive: &R, offset: u64, size: u64) -> Option<Local> {
        let mut header = [0; 30];
        archive.read_exact_at(&mut header, offset).ok()?;
        if !header.starts_with(LOCAL) {
            return None;
        }
        let short = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let (flags, method) = (short(6), CompressionMethod::new(short(8)));
        let mut length = u64::from(short(18)) | u64::from(short(20)) << 16;
        let mut names = vec![0; usize::from(short(26)) + usize::from(short(28))];
        archive.read_exact_at(&mut names, offset + 30).ok()?;
        let (path, extra) = names.split_at(usize::from(short(26)));
        let start = offset + 30 + names.len() as u64;
        if length == u64::from(u32::MAX) {
            // Zip64: the first extra field with number 1 holds the sizes, the packed one last.
            length = extra.get(12..20).and_then(|bytes| bytes.try_into().ok()).map_or(u64::MAX, u64::from_le_bytes);
        }
        let end = match length {
            // The length follows the data: they end where the next header begins.
            0 if flags & 8 != 0 => next_header(archive, start, size),
            _ => start.saturating_add(length),
        };
        Some(Local { path: path.to_vec(), method, encrypted: flags & 1 != 0, start, end })
    }
}

/// Where the first header behind `start` begins; `size` if there is none.
fn next_header<R: ReaderAt>(archive: &R, start: u64, size: u64) -> u64 {
    let (mut at, mut buffer) = (start, vec![0; 1 << 16]);
    let finder = memchr::memmem::Finder::new(LOCAL);
    while let Ok(count) = archive.read_at(&mut buffer, at) {
        match finder.find(&buffer[..count]) {
            Some(found) => return at + found as u64,
            None if count < LOCAL.len() => break,
            None => at += (count - LOCAL.len() + 1) as u64,
        }
    }
    size.max(start)
}

/// The end of what was read: an error if the file was cut off there.
struct Cut(bool);

impl Read for Cut {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        if self.0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(0) }
    }
}
