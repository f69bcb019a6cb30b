//! BYTES -> text: which encoding they are in, or that they are no text at all.

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
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

/// Bytes as text.
#[derive(Debug)]
pub struct Decoded<'b> {
    /// The text; borrowed if it was UTF-8.
    pub text: Cow<'b, str>,
    /// What was done to it, for [`Article::remarks`](crate::model::Article::remarks).
    pub remark: Option<&'static str>,
}

/// The remark on a text in which some bytes are of another encoding than the rest, or of none.
const REPAIRED: &str = "some bytes repaired";

/// Decodes text that should be UTF-8. Bytes that are not are decoded as the older encoding that they look like.
///
/// # Errors
/// A message, where the encoding cannot be told: zero bytes, or bytes that no text has in the encoding that they look
/// most like.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    decode_as(bytes, None).map(|decoded| decoded.text)
}

/// Decodes text that should be UTF-8, or else the encoding `likely`.
///
/// Where most of what is not ASCII is UTF-8, foreign bytes are decoded one by one as the older encoding that they look
/// like, and bytes that are nothing become U+FFFD: mixed sources and cut-off characters should not cost an article.
///
/// # Errors
/// As [`decode`].
pub(super) fn decode_as<'b>(bytes: &'b [u8], likely: Option<&'static Encoding>) -> Result<Decoded<'b>, String> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Decoded { text: Cow::Borrowed(text), remark: None }),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let bad = || format!("byte 0x{:02X} at offset {at} is no UTF-8", bytes.get(at).copied().unwrap_or(0));
    let (sound, foreign) = count(bytes);
    if sound * 4 > foreign {
        // Few bytes do not tell which encoding they are in.
        let likely = likely.or((foreign < 4).then_some(WINDOWS_1252));
        return mend(bytes, likely).ok_or_else(|| format!("{}, and too much else is not", bad()));
    }
    let encoding = likely.unwrap_or_else(|| guess(bytes));
    let (mut text, malformed) = encoding.decode_without_bom_handling(bytes);
    let garbled = text.chars().filter(|c| is_garbled(*c)).count();
    if malformed || garbled * 20 > foreign || text.contains('\0') {
        return match likely {
            // The first bytes of the file were of another encoding.
            Some(_) => decode_as(bytes, None),
            None => Err(format!("{}, and the text is no sound {} either", bad(), encoding.name())),
        };
    }
    if garbled > 0 {
        text = text.chars().map(|c| if is_garbled(c) { char::REPLACEMENT_CHARACTER } else { c }).collect();
    }
    Ok(Decoded { text, remark: (garbled > 0).then_some(REPAIRED) })
}

/// The older encoding of a file that begins with `head`, if that is not UTF-8. A whole file tells more than each of its
/// records.
pub(super) fn older(head: &[u8]) -> Option<&'static Encoding> {
    let (sound, foreign) = count(head);
    // One foreign byte may be a character that goes on behind the end.
    (sound * 4 < foreign && std::str::from_utf8(head).is_err_and(|error| error.error_len().is_some()))
        .then(|| guess(head))
}

/// How many characters beyond ASCII are UTF-8 in `bytes`, and how many pieces are not.
fn count(bytes: &[u8]) -> (usize, usize) {
    bytes.utf8_chunks().fold((0, 0), |(sound, foreign), chunk| {
        let characters = chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        (sound + characters, foreign + usize::from(!chunk.invalid().is_empty()))
    })
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(bytes, true);
    detector.guess(None, false)
}

/// What no text has: the control characters that undefined bytes of older encodings are decoded to.
fn is_garbled(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}')
}

/// Decodes UTF-8 with some foreign bytes; `None` if there is too much that cannot be decoded.
fn mend(bytes: &[u8], likely: Option<&'static Encoding>) -> Option<Decoded<'static>> {
    let encoding = likely.unwrap_or_else(|| {
        let foreign = bytes
            .utf8_chunks()
            .flat_map(|chunk| chunk.valid().bytes().filter(u8::is_ascii).chain(chunk.invalid().iter().copied()));
        guess(&foreign.collect::<Vec<u8>>())
    });
    let single = if encoding.is_single_byte() { encoding } else { WINDOWS_1252 };
    let (mut text, mut lost) = (String::with_capacity(bytes.len() + 8), 0);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        match chunk.invalid() {
            [] => {}
            [byte] if *byte < 0xC2 || chunks.peek().is_some() => {
                let (decoded, _) = single.decode_without_bom_handling(std::slice::from_ref(byte));
                let c = decoded.chars().next().filter(|c| !is_garbled(*c)).unwrap_or(char::REPLACEMENT_CHARACTER);
                lost += usize::from(c == char::REPLACEMENT_CHARACTER);
                text.push(c);
            }
            // The beginning of a character whose end is missing.
            _ => {
                lost += 1;
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    let is_text = lost <= 1 + bytes.len() / 50 && !text.contains('\0');
    is_text.then_some(Decoded { text: Cow::Owned(text), remark: Some(REPAIRED) })
}

/// Turns UTF-16 into UTF-8 as it is read. Halves of surrogate pairs become U+FFFD.
pub(super) struct Transcoder<'a> {
    decoder: Decoder,
    raw: Box<dyn Read + 'a>,
    input: Vec<u8>,
    output: Vec<u8>,
    ready: Range<usize>,
    ended: bool,
}

impl<'a> Transcoder<'a> {
    pub(super) fn new(encoding: &'static Encoding, raw: Box<dyn Read + 'a>) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        // Two bytes of UTF-16 become at most three of UTF-8, and a character may be pending.
        let (input, output) = (vec![0; 1 << 15], vec![0; 1 << 16]);
        Transcoder { decoder, raw, input, output, ready: 0..0, ended: false }
    }
}

impl Read for Transcoder<'_> {
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
        let long = "“Sound” words, and more of them. ".repeat(9);
        let rows: &[(&[u8], Result<&str, &str>)] = &[
            (b"plain", Ok("plain")),
            ("naïve — ‘ə’".as_bytes(), Ok("naïve — ‘ə’")),
            (b"The caf\xE9 in Malm\xF6 was closed, he said.", Ok("The café in Malmö was closed, he said.")),
            (b"\x93We will see,\x94 she said, and it\x92s over.", Ok("“We will see,” she said, and it’s over.")),
            (b"caf\xE9 \x00 zero", Err("no sound")),
            // The sequence C9 94 would be UTF-8 as well.
            (b"\x93CAF\xC9\x94 \x96 \x93Malm\xF6\x94 \x96 \x93Gar\xE7on\x94", Ok("“CAFÉ” – “Malmö” – “Garçon”")),
            (b"\xE2\x80\x9CSound\xE2\x80\x9D and \x93foreign\x94", Ok("“Sound” and “foreign” *")),
            (b"\xE2\x80\x9CSound\xE2\x80\x9D and caf\xE9.", Ok("“Sound” and café. *")),
            ("“Sound” but \u{e9}".as_bytes().split_last().unwrap().1, Ok("“Sound” but \u{FFFD} *")),
            ("“Sound” but “".as_bytes().split_last().unwrap().1, Ok("“Sound” but \u{FFFD} *")),
            (b"\xC3\xA9\xC3\xA9\xC3\xA9 \xE2\x80 \xE2\x80 \xE2\x80", Err("too much")),
        ];
        for (bytes, expected) in rows {
            let shown = decode_as(bytes, None).map(|found| found.text.into_owned() + found.remark.map_or("", |_| " *"));
            match (shown, expected) {
                (Ok(text), Ok(wanted)) => assert_eq!(text, *wanted),
                (Err(message), Err(part)) => assert!(message.contains(part), "{message}"),
                (got, _) => panic!("{bytes:?}: {got:?}"),
            }
        }
        let mut bytes = long.clone().into_bytes();
        bytes.extend(b"\x80 and \x9D");
        assert_eq!(decode(&bytes).unwrap(), format!("{long}€ and \u{FFFD}"));
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
