//! Which article was the first to have a text. News dumps are full of agency copy that many papers print word for word.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// The texts seen so far, in some 40 bytes each: 8 for the hash of the text, 6 to 11 for finding it, and the rest
/// for the article's id, which must be told when the text comes again. Ids are kept in compressed blocks.
///
/// Two texts count as the same if 64 bits of their hashes are. Among fifty million different texts, two share them with a
/// probability of 0.00007.
#[derive(Default)]
pub(super) struct Duplicates {
    /// Of the first articles, in input order.
    hashes: Vec<u64>,
    /// Places in `hashes`.
    places: HashTable<u32>,
    ids: Archive,
}

impl Duplicates {
    /// The id of the first article that had `text`, white space around it apart; `None` if this is the first, with `id`.
    pub(super) fn original(&mut self, text: &str, id: &str) -> Option<String> {
        let hash = xxh3_64(text.trim().as_bytes());
        let hashes = &self.hashes;
        let same = |place: &u32| hashes.get(*place as usize) == Some(&hash);
        if let Some(place) = self.places.find(hash, same) {
            return self.ids.get(*place as usize);
        }
        let place = u32::try_from(self.hashes.len()).ok()?;
        self.hashes.push(hash);
        self.ids.push(id);
        let hashes = &self.hashes;
        self.places.insert_unique(hash, place, |place| hashes.get(*place as usize).copied().unwrap_or_default());
        None
    }
}

/// Ids of a block are compressed together: enough to have much in common, few enough that one is soon found.
const BLOCK: usize = 128;

/// Strings by number, compressed.
struct Archive {
    /// Each with [`BLOCK`] ids.
    blocks: Vec<Box<[u8]>>,
    /// The ids since the last full block.
    open: Vec<u8>,
    in_open: usize,
    deflater: Compress,
}

impl Default for Archive {
    fn default() -> Self {
        let deflater = Compress::new(Compression::new(6), false);
        Archive { blocks: Vec::new(), open: Vec::new(), in_open: 0, deflater }
    }
}

impl Archive {
    /// Adds an id, of at most [`super::ids::LONGEST`] bytes.
    fn push(&mut self, id: &str) {
        self.open.extend((id.len() as u16).to_le_bytes());
        self.open.extend(id.as_bytes());
        self.in_open += 1;
        if self.in_open == BLOCK {
            self.close();
        }
    }

    /// Compresses the open block; it keeps its length before compression in front.
    fn close(&mut self) {
        let length = self.open.len() as u32;
        let mut block = length.to_le_bytes().to_vec();
        // Deflate never adds more than a few bytes to each 16 KB.
        block.reserve(self.open.len() + self.open.len() / 1000 + 64);
        let done = self.deflater.compress_vec(&self.open, &mut block, FlushCompress::Finish);
        debug_assert!(matches!(done, Ok(flate2::Status::StreamEnd)));
        self.deflater.reset();
        self.blocks.push(block.into_boxed_slice());
        self.open.clear();
        self.in_open = 0;
    }

    fn get(&self, number: usize) -> Option<String> {
        let Some(block) = self.blocks.get(number / BLOCK) else { return id_at(&self.open, number % BLOCK) };
        let (length, packed) = block.split_first_chunk::<4>()?;
        let mut block = Vec::with_capacity(u32::from_le_bytes(*length) as usize);
        Decompress::new(false).decompress_vec(packed, &mut block, FlushDecompress::Finish).ok()?;
        id_at(&block, number % BLOCK)
    }
}

/// The id at place `place` of a block.
fn id_at(mut block: &[u8], place: usize) -> Option<String> {
    for _ in 0..place {
        let (length, rest) = block.split_first_chunk::<2>()?;
        block = rest.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    let (length, rest) = block.split_first_chunk::<2>()?;
    let id = rest.get(..usize::from(u16::from_le_bytes(*length)))?;
    Some(String::from_utf8_lossy(id).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_article_with_a_text_is_told() {
        let mut seen = Duplicates::default();
        for (text, id, original) in [
            ("One.", "a", None),
            ("Two.", "b", None),
            ("\n One.\t", "c", Some("a")),
            ("one.", "d", None),
            ("Two.", "e", Some("b")),
            ("One.", "f", Some("a")),
        ] {
            assert_eq!(seen.original(text, id).as_deref(), original, "{id}");
        }
    }

    #[test]
    fn ids_come_back_out_of_every_block() {
        let mut seen = Duplicates::default();
        let id = |i: usize| format!("çə\n{}-{i}", "x".repeat(i % 7 * 100));
        for i in 0..1000 {
            assert_eq!(seen.original(&format!("text {i}"), &id(i)), None);
        }
        for i in (0..1000).rev() {
            assert_eq!(seen.original(&format!("text {i}"), "again"), Some(id(i)));
        }
    }

    /// Ids that have nothing in common but their form are the dearest of the usual ones.
    #[test]
    fn an_article_costs_forty_bytes_at_most() {
        let mut seen = Duplicates::default();
        let count = 400_000;
        for i in 0..count {
            let (a, b) = (xxh3_64(&[i as u8, (i >> 8) as u8, (i >> 16) as u8, 1]), xxh3_64(format!("{i}").as_bytes()));
            let id = format!("{:08x}-{:04x}-{:04x}-{:016x}", a >> 32, (a >> 16) & 0xFFFF, a & 0xFFFF, b);
            seen.original(&id, &id);
        }
        // Each block is an allocation of its own, which costs two words more than its bytes.
        let ids: usize = seen.ids.blocks.iter().map(|block| block.len() + 32).sum();
        let bytes = ids + seen.hashes.len() * 8 + seen.places.allocation_size();
        assert!(bytes / count <= 40, "{} bytes an article", bytes / count);
    }
}
