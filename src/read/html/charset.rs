//! The character set of a page: a byte order mark, what the server says, what the page says, and else what it looks like.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// How far into a page its own word about its character set is looked for: browsers take 1024 bytes, pages more.
const HEAD: usize = 4096;

/// Decodes a page or an XML document; `label` is what the server said of it. Bytes that mean nothing become U+FFFD.
pub(in crate::read) fn decode<'b>(bytes: &'b [u8], label: Option<&str>) -> Cow<'b, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    if let Some(encoding) = super::super::encoding::utf16(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    // Old labels on pages that have long been UTF-8 are common; text that is UTF-8 by chance is not.
    if let Ok(text) = std::str::from_utf8(bytes) {
        let declared = declared(bytes, label);
        if declared.is_none_or(|encoding| encoding == UTF_8 || encoding.is_single_byte()) || text.is_ascii() {
            return Cow::Borrowed(text);
        }
    }
    let encoding = match declared(bytes, label) {
        Some(encoding) if encoding != UTF_8 => encoding,
        // Some bytes that are wrong do not make it another encoding.
        Some(_) if is_mostly_utf8(bytes) => UTF_8,
        _ if is_mostly_utf8(bytes) => UTF_8,
        _ => {
            let mut detector = chardetng::EncodingDetector::new();
            detector.feed(bytes, true);
            detector.guess(None, false)
        }
    };
    encoding.decode_without_bom_handling(bytes).0
}

fn declared(bytes: &[u8], label: Option<&str>) -> Option<&'static Encoding> {
    let known = |label: &[u8]| match Encoding::for_label(label)? {
        // A page that can say so in ASCII is not in UTF-16.
        encoding if !encoding.is_ascii_compatible() => Some(UTF_8),
        encoding if encoding.name() == "x-user-defined" => Some(WINDOWS_1252),
        encoding => Some(encoding),
    };
    label.and_then(|label| known(label.trim_matches(['"', '\'', ' ']).as_bytes())).or_else(|| {
        let head = &bytes[..bytes.len().min(HEAD)];
        let found = label_in(head, b"charset").or_else(|| {
            // `<?xml version="1.0" encoding="..."?>`
            let declaration = head.trim_ascii_start().strip_prefix(b"<?xml")?;
            let end = memchr::memmem::find(declaration, b"?>")?;
            label_in(&declaration[..end], b"encoding")
        });
        found.and_then(known)
    })
}

/// What stands behind `key` and an equals sign in `head`.
fn label_in<'h>(head: &'h [u8], key: &[u8]) -> Option<&'h [u8]> {
    for at in memchr::memmem::find_iter(&head.to_ascii_lowercase(), key) {
        let rest = head[at + key.len()..].trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value).trim_ascii_start();
        let end = value.iter().position(|b| !b.is_ascii_alphanumeric() && !b"-_.:+".contains(b)).unwrap_or(value.len());
        if end > 0 {
            return Some(&value[..end]);
        }
    }
    None
}

/// Whether nearly all bytes outside ASCII are UTF-8.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| !b.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    good > 10 * bad
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_decoded_by_what_is_said_and_seen() {
        let rows: &[(&[u8], Option<&str>, &str)] = &[
            (b"<meta charset=windows-1252>caf\xE9", None, "<meta charset=windows-1252>café"),
            (b"caf\xE9 \x93a\x94", Some("iso-8859-1"), "café “a”"),
            (b"\xE7\xE0", Some("windows-1251"), "за"),
            (
                b"<META content='text/html; Charset = \"windows-1254\"'>\xFE",
                None,
                "<META content='text/html; Charset = \"windows-1254\"'>ş",
            ),
            ("<meta charset='iso-8859-1'>é".as_bytes(), None, "<meta charset='iso-8859-1'>é"),
            (b"\xEF\xBB\xBFa", Some("windows-1252"), "a"),
            (b"<?xml version='1.0' encoding='ISO-8859-2'?>\xB1", None, "<?xml version='1.0' encoding='ISO-8859-2'?>ą"),
            (b"<meta charset=utf-16>ok", None, "<meta charset=utf-16>ok"),
            (b"<meta charset=nonsense>ok", Some("also nonsense"), "<meta charset=nonsense>ok"),
            ("“éééééé” \u{e9}".as_bytes().split_last().unwrap().1, None, "“éééééé” \u{fffd}"),
        ];
        for (bytes, label, text) in rows {
            assert_eq!(decode(bytes, *label), *text);
        }
    }
}
