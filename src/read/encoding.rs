//! BYTES -> text: which encoding they are in, or that they are no text at all.

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};
use std::{
    borrow::Cow,
    io::{self, Read},
    ops::Range,
};

/// The UTF-16 encoding of a file that begins with `head`: by its byte order mark, or because every other byte is zero,
/// as in Latin text.
pub(super) fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let pairs = head.len() / 2;
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match pairs {
        0..4 => None,
        _ if odd * 2 > pairs && even == 0 => Some(UTF_16LE),
        _ if even * 2 > pairs && odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Decodes text that should be UTF-8. Bytes that are not are decoded as the older encoding that they look like.
///
/// # Errors
/// A message, where the encoding cannot be told: zero bytes, UTF-8 with foreign bytes among it, or bytes that no
/// text has in the encoding that they look most like.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let bad = || format!("byte 0x{:02X} at offset {at} is no UTF-8", bytes.get(at).copied().unwrap_or(0));
    // A cut-off last character is the mark of a truncated file, not of another encoding.
    if error.error_len().is_none() && !bytes[..at].is_ascii() {
        return Err(format!("{}: the text ends within a character", bad()));
    }
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(bytes, true);
    let encoding = detector.guess(None, false);
    // The rest is sound UTF-8: another encoding would garble it.
    if bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii()) {
        return Err(format!("{}, although the rest is", bad()));
    }
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    let garbled = text.chars().any(|c| matches!(c, '\u{80}'..='\u{9F}' | '\0'));
    if malformed || garbled {
        return Err(format!("{}, and the text is no sound {} either", bad(), encoding.name()));
    }
    Ok(text)
}

/// Turns UTF-16 into UTF-8 as it is read. Halves of surrogate pairs become U+FFFD.
pub(super) struct Transcoder {
    decoder: Decoder,
    raw: Box<dyn Read>,
    input: Vec<u8>,
    output: Vec<u8>,
    ready: Range<usize>,
    ended: bool,
}

impl Transcoder {
    pub(super) fn new(encoding: &'static Encoding, raw: Box<dyn Read>) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        // Two bytes of UTF-16 become at most three of UTF-8, and a character may be pending.
        let (input, output) = (vec![0; 1 << 15], vec![0; 1 << 16]);
        Transcoder { decoder, raw, input, output, ready: 0..0, ended: false }
    }
}

impl Read for Transcoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.ended {
            let count = self.raw.read(&mut self.input)?;
            self.ended = count == 0;
            let (_, _, written, _) = self.decoder.decode_to_utf8(&self.input[..count], &mut self.output, self.ended);
            self.ready = 0..written;
        }
        let count = buffer.len().min(self.ready.len());
        buffer[..count].copy_from_slice(&self.output[self.ready.start..self.ready.start + count]);
        self.ready.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_can_be_told() {
        let rows: &[(&[u8], Result<&str, &str>)] = &[
            (b"plain", Ok("plain")),
            ("naïve — ‘ə’".as_bytes(), Ok("naïve — ‘ə’")),
            (b"The caf\xE9 in Malm\xF6 was closed, he said.", Ok("The café in Malmö was closed, he said.")),
            (b"\x93We will see,\x94 she said, and it\x92s over.", Ok("“We will see,” she said, and it’s over.")),
            ("“Sound” but \u{e9}".as_bytes().split_last().unwrap().1, Err("ends within a character")),
            (b"\xE2\x80\x9CSound\xE2\x80\x9D and \x93foreign\x94", Err("although the rest is")),
            (b"caf\xE9 \x00 zero", Err("no sound")),
        ];
        for (bytes, expected) in rows {
            match (decode(bytes), expected) {
                (Ok(text), Ok(wanted)) => assert_eq!(text, *wanted),
                (Err(message), Err(part)) => assert!(message.contains(part), "{message}"),
                (got, _) => panic!("{bytes:?}: {got:?}"),
            }
        }
    }

    #[test]
    fn reads_utf16_with_and_without_mark() {
        let text = "A “quiet” word 👩 here.\n";
        for mark in [true, false] {
            for big in [true, false] {
                let units =
                    mark.then_some(0xFEFF).into_iter().chain(text.repeat(9000).encode_utf16().collect::<Vec<_>>());
                let bytes: Vec<u8> = units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
                let encoding = utf16(&bytes).unwrap();
                assert_eq!(encoding, if big { UTF_16BE } else { UTF_16LE });
                let mut out = String::new();
                let mut reader = io::BufReader::new(Transcoder::new(encoding, Box::new(io::Cursor::new(bytes))));
                reader.read_to_string(&mut out).unwrap();
                assert!(out == text.repeat(9000));
            }
        }
    }
}
