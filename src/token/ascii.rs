//! Runs of ASCII letters and digits, eight bytes at a time in an ordinary number, on any machine.

use super::hash::hash_short;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// A run of ASCII letters and digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// Number of bytes.
    pub length: usize,
    /// Upper-case letters.
    pub upper: u32,
    /// Lower-case letters.
    pub lower: u32,
    /// The hash of the run in lower case; 0 if it is longer than sixteen bytes.
    pub hash: u64,
}

impl Run {
    /// The run at the start of `bytes`.
    pub(super) fn at(bytes: &[u8]) -> Run {
        let mut run = Run::default();
        let (mut low, mut high) = (0, 0);
        loop {
            let chunk = load(&bytes[run.length..]);
            let (letters, digits) = (letters(chunk), digits(chunk));
            // The bits of the first byte that is no part of the run, and of all behind it, are cleared.
            let length = ((!(letters | digits) & HIGH).trailing_zeros() / 8) as usize;
            let part = if length == 8 { u64::MAX } else { (1 << (8 * length)) - 1 };
            // Letters differ in this bit from those of the other case; it is moved to the highest of the byte.
            let small = chunk << 2;
            let (upper, lower) = (letters & !small & part, letters & small & part);
            let folded = (chunk | upper >> 2) & part;
            match run.length {
                0 => low = folded,
                8 => high = folded,
                _ => {}
            }
            run.upper += upper.count_ones();
            run.lower += lower.count_ones();
            run.length += length;
            if length < 8 {
                break;
            }
        }
        if run.length <= 16 {
            run.hash = hash_short(low, high);
        }
        run
    }
}

/// The first eight bytes, the first one lowest; zeros where there are fewer.
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
        let count = |is: fn(&u8) -> bool| run.iter().filter(|byte| is(byte)).count() as u32;
        let folded = String::from_utf8(run.to_ascii_lowercase()).unwrap();
        Run {
            length: run.len(),
            upper: count(u8::is_ascii_uppercase),
            lower: count(u8::is_ascii_lowercase),
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
