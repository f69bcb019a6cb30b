//! Runs of ASCII letters and digits, eight bytes at a time in an ordinary number, on any machine.

use super::hash::hash_short;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// A run of ASCII letters and digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// Number of bytes.
    pub length: usize,
    /// Whether no more than one of them is a letter.
    pub one_letter: bool,
    /// Whether there is a lower-case letter.
    pub has_lower: bool,
    /// The hash of the run in lower case; 0 if it is longer than sixteen bytes.
    pub hash: u64,
}

/// The run within eight bytes.
struct Part {
    length: usize,
    /// The highest bit of every byte that is a letter.
    letters: u64,
    /// The same for lower-case ones.
    lower: u64,
    /// The bytes in lower case, zeros behind them.
    folded: u64,
}

impl Part {
    #[inline(always)]
    fn at(bytes: &[u8]) -> Part {
        let chunk = load(bytes);
        let (letters, digits) = (letters(chunk), digits(chunk));
        // The bits of the first byte that is no part of the run, and of all behind it, are cleared.
        let length = ((!(letters | digits) & HIGH).trailing_zeros() / 8) as usize;
        let part = if length == 8 { u64::MAX } else { (1 << (8 * length)) - 1 };
        // Letters differ in this bit from those of the other case; it is moved to the highest of the byte.
        let (letters, small) = (letters & part, chunk << 2);
        Part { length, letters, lower: letters & small, folded: (chunk | (letters & !small) >> 2) & part }
    }
}

impl Run {
    /// The run at the start of `bytes`.
    #[inline(always)]
    pub(super) fn at(bytes: &[u8]) -> Run {
        let first = Part::at(bytes);
        // Most words are shorter than eight letters.
        if first.length < 8 {
            return Run {
                length: first.length,
                one_letter: is_one(first.letters),
                has_lower: first.lower != 0,
                hash: hash_short(first.folded, 0),
            };
        }
        Run::longer(bytes, &first)
    }

    fn longer(bytes: &[u8], first: &Part) -> Run {
        let second = Part::at(&bytes[8..]);
        let hash = hash_short(first.folded, second.folded);
        let (mut length, mut last) = (8 + second.length, second.length);
        let (mut letters, mut lower) =
            (first.letters.count_ones() + second.letters.count_ones(), first.lower | second.lower);
        while last == 8 {
            let part = Part::at(&bytes[length..]);
            last = part.length;
            length += last;
            letters += part.letters.count_ones();
            lower |= part.lower;
        }
        Run { length, one_letter: letters <= 1, has_lower: lower != 0, hash: if length > 16 { 0 } else { hash } }
    }
}

/// Whether no more than one bit is set.
fn is_one(bits: u64) -> bool {
    bits & bits.wrapping_sub(1) == 0
}

/// The first eight bytes, the first one lowest; zeros where there are fewer.
#[inline(always)]
fn load(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)),
    }
}

/// The highest bit of every byte of `chunk` that is at least `least`. Bytes must be below 128.
fn at_least(chunk: u64, least: u8) -> u64 {
    (chunk + u64::from(0x80 - least) * ONES) & HIGH
}

/// The highest bit of every byte that is an ASCII letter.
fn letters(chunk: u64) -> u64 {
    let small = (chunk | (0x20 * ONES)) & !HIGH;
    at_least(small, b'a') & !at_least(small, b'z' + 1) & !chunk
}

/// The highest bit of every byte that is an ASCII digit.
fn digits(chunk: u64) -> u64 {
    let small = chunk & !HIGH;
    at_least(small, b'0') & !at_least(small, b'9' + 1) & !chunk
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, byte by byte.
    fn slow(bytes: &[u8]) -> Run {
        let run: Vec<u8> = bytes.iter().copied().take_while(u8::is_ascii_alphanumeric).collect();
        let folded = String::from_utf8(run.to_ascii_lowercase()).unwrap();
        Run {
            length: run.len(),
            one_letter: run.iter().filter(|byte| byte.is_ascii_alphabetic()).count() <= 1,
            has_lower: run.iter().any(u8::is_ascii_lowercase),
            hash: if run.len() > 16 { 0 } else { crate::token::hash(&folded) },
        }
    }

    #[test]
    fn runs_of_all_bytes_and_lengths() {
        for byte in 0..=255u8 {
            for at in 0..20 {
                let mut bytes = *b"Abc9Defg0hijKLmn7opQrst";
                bytes[at] = byte;
                for end in [at, at + 1, bytes.len()] {
                    assert_eq!(Run::at(&bytes[..end]), slow(&bytes[..end]), "{byte} at {at} of {end}");
                }
            }
        }
        assert_eq!(Run::at(b""), slow(b""));
    }
}
