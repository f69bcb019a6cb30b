//! A compiled gazetteer as bytes: a header, a list of sections, and the sections, each an array of plain numbers or bytes.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..8 | `onrecord` |
//! | 8..12 | version of the format |
//! | 12..16 | number of sections |
//! | 16..24 | length of the file in bytes |
//! | 24..32 | XXH3 (64 bits) of everything behind the header, bytes 8..16 as its seed |
//! | 32..64 | zero |
//! | 64.. | for each section: number, zero, start, length (8, 8, 8 bytes), then the sections, each at a multiple of 64 |
//!
//! All numbers are little-endian. Nothing in here is ever read without a check of its bounds: a damaged file can give wrong
//! names, until its checksum is looked at, but no worse. `docs/gazetteer-format.md` describes the sections.

use super::bytes::Bytes;
use crate::error::{Error, Result};
use bytemuck::{AnyBitPattern, Pod};
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64_with_seed;

const MAGIC: [u8; 8] = *b"onrecord";
/// Raised whenever the meaning of any section changes, the folding of words included.
const VERSION: u32 = 3;
const HEADER: usize = 64;
const ENTRY: usize = 24;
/// Sections begin at multiples of what a processor reads at once; `Bytes` promises no more than 16 for the whole.
const ALIGN: usize = 64;

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Section {
    /// The lists that are small; in a file of names, what it tells of itself.
    Lists,
    /// Slots of the hash table of words.
    WordSlots,
    /// What each word can be.
    WordFlags,
    /// Where each word's text ends in [`Section::WordText`].
    WordEnds,
    /// All words, one behind the other.
    WordText,
    /// Slots of the hash table of phrases.
    PhraseSlots,
    /// Where each node's phrases end in [`Section::PhraseValues`].
    PhraseEnds,
    /// Phrases by node.
    PhraseValues,
    /// Logarithms of how probable groups of letters are.
    Letters,
    /// Groups of forms of given names, by hash.
    Variants,
    /// Countries of demonyms, by hash.
    Demonyms,
    /// The hash table of names.
    NameBuckets,
    /// Bits of all names of two words and more, and of all beginnings of such.
    NameFilter,
    /// Entries and their other forms.
    Records,
    /// Two bytes of the hash for each slot of the table of words in names.
    PartTags,
    /// What names each of these words is part of.
    PartFlags,
    /// Words of the lexicon that names make more of.
    Overlay,
}

const SECTIONS: usize = Section::Overlay as usize + 1;

/// A checked image.
#[derive(Debug)]
pub(super) struct Image {
    bytes: Bytes,
    ranges: [Range<usize>; SECTIONS],
}

impl Image {
    /// Reads the list of sections. Whether the sections hold what was written is [`Image::is_intact`]'s to tell.
    ///
    /// # Errors
    /// No compiled gazetteer, one of another version, or one that was cut short.
    pub(super) fn open(bytes: Bytes) -> Result<Image> {
        let all = bytes.as_slice();
        let fail = |message: &str| Err(Error::gazetteer(message));
        if all.len() < HEADER || all[..8] != MAGIC {
            return fail("is no compiled gazetteer");
        }
        let (version, count) = (u32_at(all, 8), u32_at(all, 12) as usize);
        if version != VERSION {
            return Err(Error::gazetteer(format!(
                "is a compiled gazetteer of version {version}, and this program reads version {VERSION}: compile it again"
            )));
        }
        if u64_at(all, 16) != all.len() as u64 {
            return fail(
                "is a compiled gazetteer that was cut short or has something behind its end: compile it again",
            );
        }
        if count > SECTIONS || HEADER + count * ENTRY > all.len() {
            return fail(DAMAGED);
        }
        let mut ranges = [const { 0..0 }; SECTIONS];
        for entry in all[HEADER..HEADER + count * ENTRY].chunks_exact(ENTRY) {
            let (number, start, length) = (u32_at(entry, 0) as usize, u64_at(entry, 8), u64_at(entry, 16));
            let end = start.checked_add(length).filter(|end| *end <= all.len() as u64);
            match (ranges.get_mut(number), end) {
                (Some(range), Some(end)) if (start as usize).is_multiple_of(ALIGN) => {
                    *range = start as usize..end as usize
                }
                _ => return fail(DAMAGED),
            }
        }
        Ok(Image { bytes, ranges })
    }

    /// Whether every byte is as it was written. Reads the whole file.
    pub(super) fn is_intact(&self) -> bool {
        let all = self.bytes.as_slice();
        checksum(all) == u64_at(all, 24)
    }

    /// A section as an array; empty if the image has none, or none of this shape.
    pub(super) fn slice<T: AnyBitPattern>(&self, section: Section) -> &[T] {
        let range = self.ranges[section as usize].clone();
        bytemuck::try_cast_slice(&self.bytes.as_slice()[range]).unwrap_or(&[])
    }

    /// The checksum: which image this is.
    pub(super) fn checksum(&self) -> u64 {
        u64_at(self.bytes.as_slice(), 24)
    }
}

/// Of everything but the spare bytes; the length is looked at apart.
fn checksum(all: &[u8]) -> u64 {
    xxh3_64_with_seed(&all[HEADER..], u64_at(all, 8))
}

/// What is said of a file that is not as it was written.
pub(super) const DAMAGED: &str = "is a damaged compiled gazetteer: compile it again";

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// Puts an image together.
#[derive(Debug, Default)]
pub(crate) struct ImageWriter {
    sections: Vec<(Section, Vec<u8>)>,
}

impl ImageWriter {
    /// Adds a section.
    pub(crate) fn add<T: Pod>(&mut self, section: Section, values: &[T]) {
        self.sections.push((section, bytemuck::cast_slice(values).to_vec()));
    }

    /// The whole image.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut out = vec![0; HEADER + self.sections.len() * ENTRY];
        for (i, (section, bytes)) in self.sections.iter().enumerate() {
            out.resize(out.len().next_multiple_of(ALIGN), 0);
            let start = out.len() as u64;
            let entry = &mut out[HEADER + i * ENTRY..][..ENTRY];
            entry[..4].copy_from_slice(&(*section as u32).to_le_bytes());
            entry[8..16].copy_from_slice(&start.to_le_bytes());
            entry[16..].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
            out.extend_from_slice(bytes);
        }
        let length = out.len() as u64;
        out[..8].copy_from_slice(&MAGIC);
        out[8..12].copy_from_slice(&VERSION.to_le_bytes());
        out[12..16].copy_from_slice(&(self.sections.len() as u32).to_le_bytes());
        out[16..24].copy_from_slice(&length.to_le_bytes());
        let checksum = checksum(&out);
        out[24..32].copy_from_slice(&checksum.to_le_bytes());
        out
    }
}

#[cfg(target_endian = "big")]
compile_error!("compiled gazetteers are little-endian, and are used as they lie in the file");

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Vec<u8> {
        let mut writer = ImageWriter::default();
        writer.add(Section::WordEnds, &[1u32, 2, 3]);
        writer.add(Section::Records, b"abc");
        writer.finish()
    }

    #[test]
    fn what_is_written_is_read() {
        let image = Image::open(Bytes::owned(&image())).unwrap();
        assert!(image.is_intact());
        assert_eq!(image.slice::<u32>(Section::WordEnds), [1, 2, 3]);
        assert_eq!(image.slice::<u8>(Section::Records), b"abc");
        assert_eq!(image.slice::<u8>(Section::Letters), b"");
        assert_eq!(image.slice::<u64>(Section::Records), [0u64; 0], "another shape");
    }

    /// A flip in the header's zeros apart, every damage is seen, at the latest by the checksum; none is read out of bounds.
    #[test]
    fn damage_is_seen() {
        let good = image();
        for length in 0..good.len() {
            assert!(Image::open(Bytes::owned(&good[..length])).is_err(), "cut to {length}");
        }
        for at in (0..32).chain(HEADER..good.len()) {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                if let Ok(image) = Image::open(Bytes::owned(&bad)) {
                    assert!(!image.is_intact(), "bit {bit} of byte {at}");
                    let _ = image.slice::<u32>(Section::WordEnds).iter().fold(0u32, |sum, x| sum ^ x);
                }
            }
        }
        let other = Image::open(Bytes::owned(b"name,type\n")).unwrap_err();
        assert_eq!(other.to_string(), "is no compiled gazetteer");
    }
}
