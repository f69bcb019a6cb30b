//! Files that no format reads: how to tell them, and what to call them in a message.

/// First bytes of kinds of files that are no text, and what to call them.
const MAGIC: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "an office document or a book"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"\x04\x22\x4D\x18", "LZ4-compressed data"),
    (b"\x1F\x9D", "data compressed by compress"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"{\\rtf", "an RTF document"),
    (b"\xD0\xCF\x11\xE0", "an old office document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7FELF", "a program"),
];

/// Endings of names of files that are text, but not the text of one article.
const ENDINGS: &[(&str, &str)] =
    &[("css", "a style sheet"), ("js", "a script"), ("svg", "a drawing"), ("rtf", "an RTF document")];

/// What markup begins with, in lower case.
const MARKUP: &[(&[u8], &str)] = &[
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<?xml", "an XML document"),
    (b"<rss", "an XML document"),
    (b"warc/1.", "a WARC file"),
];

/// Whether a file that begins with `head` is no text. `head` is UTF-8 or an 8-bit encoding.
pub(super) fn is_binary(head: &[u8]) -> bool {
    let control = head.iter().filter(|b| matches!(b, 0x01..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F)).count();
    find(MAGIC, head).is_some() || head.contains(&0) || control * 20 > head.len()
}

/// Whether text that begins with `head` is markup.
pub(super) fn is_markup(head: &[u8]) -> bool {
    markup(head).is_some()
}

/// Whether the ending of a file's name says that it is not the text of one article.
pub(super) fn is_other(extension: &str) -> bool {
    ENDINGS.iter().any(|(ending, _)| *ending == extension)
}

/// What data that begins with `head` is, if it is told.
pub(super) fn kind(head: &[u8]) -> Option<&'static str> {
    find(MAGIC, head)
}

/// What a file is, for a message.
pub(super) fn describe(extension: &str, head: &[u8]) -> String {
    let by_name = || ENDINGS.iter().find(|(ending, _)| *ending == extension).map(|(_, kind)| *kind);
    match kind(head).or_else(by_name) {
        Some(kind) => format!("{kind}, which this version does not read"),
        None => "binary data".to_string(),
    }
}

fn markup(head: &[u8]) -> Option<&'static str> {
    let start = head.trim_ascii_start();
    find(MARKUP, &start[..start.len().min(16)].to_ascii_lowercase())
}

fn find(kinds: &[(&[u8], &'static str)], head: &[u8]) -> Option<&'static str> {
    kinds.iter().find(|(bytes, _)| head.starts_with(bytes)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_binary_from_text() {
        let rows: &[(&[u8], bool)] = &[
            (b"Some text.\r\n\tMore.", false),
            ("şəhər “…”".as_bytes(), false),
            (b"with a bell \x07 in a longer line of text", false),
            (b"\x00\x01\x02", true),
            (b"%PDF-1.7", true),
            (b"\x1F\x8B\x08", true),
            (b"\x02\x03\x04\x05", true),
        ];
        for (head, binary) in rows {
            assert_eq!(is_binary(head), *binary, "{head:?}");
        }
    }

    #[test]
    fn calls_files_by_what_they_are() {
        for (extension, head, kind) in [
            ("", &b"7z\xBC\xAF\x27\x1C\x00"[..], "a 7z archive, which this version does not read"),
            ("", b"\n<!DOCTYPE HTML>\0", "binary data"),
            ("bin", b"\0\0", "binary data"),
        ] {
            assert_eq!(describe(extension, head), kind);
        }
    }
}
