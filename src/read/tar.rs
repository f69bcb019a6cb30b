//! Tar archives: members one after the other, read as they come. A damaged header costs the members up to the next sound
//! one.

use super::{Flow, Reason, Source, archive::Members, limits::Fault};
use ::tar::{EntryType, Header, PaxExtensions};
use std::io::{self, Read};

/// Everything in a tar archive begins at a multiple of this.
const BLOCK: usize = 512;
/// The longest name or list of properties that is taken from an archive, in bytes; file systems allow 4096.
const LONGEST_NAME: u64 = 1 << 16;

/// Whether a file of that name that begins with `head` is a tar archive. Those of old are told by their checksum alone,
/// which is not enough without the name.
pub(super) fn recognizes(head: &[u8], extension: &str) -> bool {
    let Some(block) = head.get(..BLOCK) else { return false };
    let named = extension == "tar";
    let empty = named && block.iter().all(|byte| *byte == 0);
    empty || (is_header(block) && (named || block[257..].starts_with(b"ustar")))
}

/// Whether `block` is the header of a member, by its checksum.
fn is_header(block: &[u8]) -> bool {
    let sum: u32 =
        block.iter().enumerate().map(|(i, b)| u32::from(if (148..156).contains(&i) { b' ' } else { *b })).sum();
    block.len() == BLOCK && block[0] != 0 && Header::from_byte_slice(block).cksum().is_ok_and(|told| told == sum)
}

/// What headers before a member's own say of it.
#[derive(Default)]
struct Told {
    path: Option<Vec<u8>>,
    size: Option<u64>,
}

/// Hands every member of the archive `source` to `members`.
pub(super) fn read(source: &mut Source, members: &mut Members<'_, '_>) -> Flow {
    let (mut told, mut lost, mut ended) = (Told::default(), false, false);
    loop {
        let start = source.position();
        let mut block = [0; BLOCK];
        match read_block(source, &mut block) {
            Ok(0) if ended => return Flow::Continue(()),
            Ok(0) => return members.damaged(start, &io::Error::other("the end of the archive is missing")),
            Ok(BLOCK) => {}
            Ok(_) if block.iter().all(|byte| *byte == 0) => return Flow::Continue(()),
            Ok(_) => return members.damaged(start, &io::Error::other("the archive ends within a header")),
            Err(error) => return members.damaged(start, &error),
        }
        // The end, which is not always the end: archives are also appended to each other.
        if block.iter().all(|byte| *byte == 0) {
            ended = true;
            continue;
        }
        if !is_header(&block) {
            if !lost {
                let error = io::Error::other("no header of a member; what follows is lost up to the next one");
                members.damaged(start, &error)?;
            }
            lost = true;
            continue;
        }
        (lost, ended) = (false, false);
        if members.are_too_many(start) {
            return Flow::Continue(());
        }
        let header = Header::from_byte_slice(&block);
        let size = match header.entry_size() {
            Ok(size) => told.size.unwrap_or(size),
            Err(error) => {
                members.damaged(start, &error)?;
                lost = true;
                continue;
            }
        };
        let mut content = Content { left: size, source };
        let kind = header.entry_type();
        let mut flow = Flow::Continue(());
        match kind {
            EntryType::GNULongName | EntryType::XHeader => match content.extension() {
                Ok(bytes) if kind == EntryType::XHeader => told.learn(&bytes),
                Ok(bytes) => told.path = Some(bytes.split(|byte| *byte == 0).next().unwrap_or_default().to_vec()),
                Err(error) => flow = members.damaged(start, &error),
            },
            EntryType::GNULongLink | EntryType::XGlobalHeader => {}
            _ => {
                let told = std::mem::take(&mut told);
                let path = told.path.unwrap_or_else(|| header.path_bytes().into_owned());
                flow = match kind {
                    EntryType::Link
                    | EntryType::Symlink
                    | EntryType::Char
                    | EntryType::Block
                    | EntryType::Fifo
                    | EntryType::Directory => Flow::Continue(()),
                    EntryType::GNUSparse => {
                        let detail = "a file with holes in the manner of GNU tar is not supported".to_string();
                        members.lost(&path, Reason::Unreadable, detail)
                    }
                    // Old archives write folders as files whose names end so.
                    _ if path.ends_with(b"/") => Flow::Continue(()),
                    _ => members.member(&path, Box::new(&mut content)),
                };
            }
        }
        flow?;
        if let Err(error) = content.pass_over(size) {
            return members.damaged(source.position(), &error);
        }
    }
}

impl Told {
    /// Takes what is needed from a list of properties.
    fn learn(&mut self, bytes: &[u8]) {
        for property in PaxExtensions::new(bytes).flatten() {
            match property.key_bytes() {
                b"path" => self.path = Some(property.value_bytes().to_vec()),
                b"size" => self.size = property.value().ok().and_then(|size| size.parse().ok()),
                _ => {}
            }
        }
    }
}

/// Reads a block, or less at the end.
fn read_block(source: &mut Source, block: &mut [u8; BLOCK]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < BLOCK {
        let bytes = source.fill()?;
        if bytes.is_empty() {
            break;
        }
        let count = bytes.len().min(BLOCK - filled);
        block[filled..filled + count].copy_from_slice(&bytes[..count]);
        source.consume(count);
        filled += count;
    }
    Ok(filled)
}

/// What a member holds.
struct Content<'m, 'a> {
    left: u64,
    source: &'m mut Source<'a>,
}

impl Read for Content<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        let bytes = self.source.fill()?;
        let count = bytes.len().min(buffer.len()).min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if count == 0 {
            return Err(Fault(Reason::BadArchive, format!("the archive ends {} bytes too early", self.left)).into());
        }
        buffer[..count].copy_from_slice(&bytes[..count]);
        self.source.consume(count);
        self.left -= count as u64;
        Ok(count)
    }
}

impl Content<'_, '_> {
    /// The whole of a header that is a member by itself.
    fn extension(&mut self) -> io::Result<Vec<u8>> {
        if self.left > LONGEST_NAME {
            return Err(io::Error::other(format!("a name of {} bytes, the limit is {LONGEST_NAME}", self.left)));
        }
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Goes to the end of a member of `size` bytes and of its last block, which may be missing at the very end.
    fn pass_over(mut self, size: u64) -> io::Result<()> {
        io::copy(&mut self, &mut io::sink())?;
        let block = BLOCK as u64;
        let mut padding = ((block - size % block) % block) as usize;
        while padding > 0 {
            let count = self.source.fill()?.len().min(padding);
            if count == 0 {
                break;
            }
            self.source.consume(count);
            padding -= count;
        }
        Ok(())
    }
}
