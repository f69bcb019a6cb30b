//! The hash of a folded word. It is written into compiled gazetteers, so it must be the same on every machine and in every
//! version. Words of up to sixteen bytes, nearly all, are two numbers that are multiplied (as wyhash does); longer ones go
//! through XXH3.

use super::fold_into;
use xxhash_rust::xxh3::xxh3_64;

/// Bytes of a word that are hashed as two numbers.
const SHORT: usize = 16;

/// The hash of a folded word.
pub fn hash(folded: &str) -> u64 {
    hash_bytes(folded.as_bytes())
}

fn hash_bytes(folded: &[u8]) -> u64 {
    if folded.len() > SHORT {
        return xxh3_64(folded);
    }
    let mut bytes = [0; SHORT];
    bytes[..folded.len()].copy_from_slice(folded);
    let whole = u128::from_le_bytes(bytes);
    hash_short(whole as u64, (whole >> 64) as u64)
}

/// The hash of a folded word of up to sixteen bytes, the first eight of which are `low` and the others `high` (the first byte
/// lowest, zeros behind the last).
pub(super) fn hash_short(low: u64, high: u64) -> u64 {
    let product = u128::from(low ^ 0xa076_1d64_78bd_642f) * u128::from(high ^ 0xe703_7ed1_a0b4_28db);
    let mixed = (product >> 64) as u64 ^ product as u64;
    let product = u128::from(mixed) * u128::from(0x8ebc_6af0_9c88_c6e3u64);
    (product >> 64) as u64 ^ product as u64
}

/// The hash of `word`, folded first. `buffer` is for words that need more than a change of case.
pub fn hash_word(word: &str, buffer: &mut String) -> u64 {
    let mut small = [0u8; 32];
    if word.len() <= small.len() && word.is_ascii() {
        let mut length = 0;
        for byte in word.bytes().filter(|byte| *byte != b'.') {
            small[length] = byte.to_ascii_lowercase();
            length += 1;
        }
        return hash_bytes(&small[..length]);
    }
    buffer.clear();
    fold_into(word, buffer);
    hash(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Kind, fold, tokenize};

    #[test]
    fn the_hash_of_a_word_is_that_of_its_folded_form() {
        let long = "Donaudampfschifffahrtsgesellschaft".repeat(3);
        for word in ["U.S.", "O’Hara", "Straße", "Gəncə", "a", "", "NATO", "Rechtsanwaltskam", long.as_str()] {
            assert_eq!(hash_word(word, &mut String::new()), hash(&fold(word)), "{word}");
        }
        // Compiled gazetteers rely on these.
        assert_eq!(hash("said"), 3_756_554_037_460_622_794);
        assert_eq!(hash("internationalization"), 13_203_098_398_148_750_391);
    }

    #[test]
    fn the_scanner_tells_the_same_hash() {
        let text = "The NATO-led A1 force's Abcdefgh abcdefghI Abcdefghijklmnop Abcdefghijklmnopq of Əliyev, R2-D2 x";
        let hashed: Vec<_> = tokenize(text).into_iter().filter(|token| token.hash != 0).collect();
        assert!(hashed.iter().filter(|token| token.kind == Kind::Word).count() >= 8);
        for token in hashed {
            assert_eq!(token.hash, hash(&fold(token.text(text))), "{}", token.text(text));
        }
    }
}
