//! The hash of a folded word. It is written into compiled gazetteers, so it must be the same on every machine and in every
//! version: XXH3 (64 bits), whose results are fixed by its specification.

use super::fold_into;
use xxhash_rust::xxh3::xxh3_64;

/// The hash of a folded word.
pub fn hash(folded: &str) -> u64 {
    xxh3_64(folded.as_bytes())
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
        return xxh3_64(&small[..length]);
    }
    buffer.clear();
    fold_into(word, buffer);
    hash(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::fold;

    #[test]
    fn the_hash_of_a_word_is_that_of_its_folded_form() {
        let long = "Donaudampfschifffahrtsgesellschaft".repeat(3);
        for word in ["U.S.", "O’Hara", "Straße", "Gəncə", "a", "", "NATO", long.as_str()] {
            assert_eq!(hash_word(word, &mut String::new()), hash(&fold(word)), "{word}");
        }
        // Fixed by the specification; compiled gazetteers rely on it.
        assert_eq!(hash(""), 0x2d06_8005_38d3_94c2);
    }
}
