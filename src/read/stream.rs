//! JSON Lines as they come, such as from a pipe: whole lines are told as soon as they are there, and each is read by itself,
//! on whatever thread. Nothing is kept from line to line, so that a stream may have no end: ids are not made unique, and
//! articles that have the same text are not told.

use super::{Item, Options, Parsed, Reason, admit, encoding, json_lines, markup};
use crate::model::{Article, Reject};
use std::{mem, ops::Range};

/// What the stream is called in tables.
pub(super) const NAME: &str = "stdin";

/// Cuts a stream into lines.
#[derive(Debug)]
pub struct Lines {
    limit: u64,
    /// The beginning of a line whose end is not there yet; no more than `limit` bytes and a few.
    open: Vec<u8>,
    /// Length of that line so far, with what is not kept of it.
    length: u64,
    /// Offset of its first byte.
    start: u64,
    /// Lines and records before it.
    lines: u64,
    records: u64,
}

/// A line that is not blank.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which of all bytes handed out with it are the line.
    range: Range<usize>,
    /// Its length in bytes, with what is not kept of a line that is too long.
    length: u64,
    byte_offset: u64,
    number: u64,
    record: u64,
}

impl Lines {
    /// A stream that is to be read with `options`.
    pub fn new(options: &Options) -> Lines {
        Lines { limit: options.max_record(), open: Vec::new(), length: 0, start: 0, lines: 0, records: 0 }
    }

    /// Takes the next bytes of the stream. Returns the lines that end in them, and the bytes in which these are.
    pub fn push(&mut self, mut bytes: &[u8]) -> (Vec<u8>, Vec<Line>) {
        let (mut whole, mut lines) = (Vec::new(), Vec::new());
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            self.keep(&bytes[..end]);
            self.close(1, &mut whole, &mut lines);
            bytes = &bytes[end + 1..];
        }
        self.keep(bytes);
        (whole, lines)
    }

    /// As [`Lines::push`], at the end of the stream: the last line needs no end.
    pub fn finish(mut self) -> (Vec<u8>, Vec<Line>) {
        let (mut whole, mut lines) = (Vec::new(), Vec::new());
        self.close(0, &mut whole, &mut lines);
        (whole, lines)
    }

    /// Adds to the open line, as far as it is not too long already.
    fn keep(&mut self, bytes: &[u8]) {
        let room = usize::try_from(self.limit.saturating_add(1)).unwrap_or(usize::MAX).saturating_sub(self.open.len());
        self.open.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.length += bytes.len() as u64;
    }

    /// Ends the open line, whose end has `end` bytes.
    fn close(&mut self, end: u64, whole: &mut Vec<u8>, lines: &mut Vec<Line>) {
        self.lines += 1;
        let (length, byte_offset) = (mem::take(&mut self.length) + end, self.start);
        self.start += length;
        let mark = if self.lines == 1 && self.open.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        if self.open.ends_with(b"\r") {
            self.open.pop();
        }
        if self.open.get(mark..).is_some_and(|line| !line.trim_ascii().is_empty()) {
            self.records += 1;
            let from = whole.len();
            // Of a line that is too long nothing is needed but how long it is.
            match self.open.len() as u64 <= self.limit {
                true if from == 0 && mark == 0 => mem::swap(whole, &mut self.open),
                true => whole.extend_from_slice(&self.open[mark..]),
                false => {}
            }
            let byte_offset = byte_offset + mark as u64;
            let range = from..whole.len();
            lines.push(Line { range, length, byte_offset, number: self.lines, record: self.records });
        }
        self.open.clear();
        // One huge line should not take its memory for the rest of the stream.
        self.open.shrink_to(1 << 20);
    }
}

impl Line {
    /// Reads the line, one of those handed out with `whole`.
    pub fn item(&self, whole: &[u8], options: &Options) -> Item {
        match self.article(whole, options) {
            Ok(article) => Item::Article { article, byte_offset: self.byte_offset },
            Err((reason, detail)) => Item::Reject(self.reject(reason, detail)),
        }
    }

    /// The line as a record that could not be read.
    pub fn reject(&self, reason: Reason, detail: String) -> Reject {
        let (source, reason) = (NAME.to_string(), reason.as_str().to_string());
        Reject { source, record: self.record, byte_offset: self.byte_offset, reason, detail }
    }

    fn article(&self, whole: &[u8], options: &Options) -> Parsed {
        let limit = options.max_record();
        let bytes = whole.get(self.range.clone()).unwrap_or_default();
        if bytes.is_empty() {
            let detail = format!("line {} has {} bytes, the limit is {limit}", self.number, self.length);
            return Err((Reason::TooLarge, detail));
        }
        let decoded = encoding::decode_as(bytes, None)
            .map_err(|detail| (Reason::BadEncoding, format!("line {}: {detail}", self.number)))?;
        let mut article = json_lines::parsed(&options.fields, self.number, &decoded)?;
        markup::mend_title(&mut article);
        if markup::is_markup(&article.text) {
            article = markup::read(article)?;
        }
        if article.id.is_empty() {
            article.id = format!("{NAME}:{}", self.record);
        }
        let mut article = Article { source: NAME.to_string(), record: self.record, ..article };
        if let Some(fault) = admit::fault(&article, options) {
            return Err(fault);
        }
        admit::tidy(&mut article);
        admit::cut_id(&mut article);
        options.tell_language(&mut article);
        Ok(article)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a stream that comes in pieces of `size` bytes.
    fn items(stream: &[u8], size: usize, options: &Options) -> Vec<Item> {
        let mut lines = Lines::new(options);
        let mut items = Vec::new();
        let mut take = |(whole, lines): (Vec<u8>, Vec<Line>)| {
            items.extend(lines.iter().map(|line| line.item(&whole, options)));
        };
        for piece in stream.chunks(size) {
            take(lines.push(piece));
        }
        take(lines.finish());
        items
    }

    #[test]
    fn a_stream_in_pieces_is_read_as_a_file_is() {
        let long = format!("{{\"id\": \"{}\", \"text\": \"Long id.\"}}", "i".repeat(700));
        let huge = format!("{{\"text\": \"{}\"}}", "x".repeat(2 << 20));
        let mut stream = b"\xEF\xBB\xBF{\"id\": \"a\", \"text\": \"One.\"}\r\n\n  \n".to_vec();
        for line in [
            "{\"text\": \"<p>Two &amp; <b>more</b>.</p><p>And so on.</p>\", \"title\": \"A &amp; B\"}",
            "{\"id\": 1, \"text\":",
            "{\"title\": \"no text\"}",
            &huge,
            "[1]",
            &long,
            "{\"text\": \"Three.\", \"date\": \"2024-03-02\", \"author\": \"By Mira Delgado\", \"lang\": \"eng\"}",
        ] {
            stream.extend_from_slice(line.as_bytes());
            stream.push(b'\n');
        }
        stream.extend_from_slice(b"{\"text\": \"The caf\xE9 in Malm\xF6.\"}\n{\"text\": \"No line end.\"}");
        let options =
            Options { max_text: 1_000_000 / 3, format: crate::read::format_named("jsonl"), ..Options::default() };
        let mut file = Vec::new();
        crate::read::read_bytes("stdin", &stream, &options, &mut |batch| {
            file.extend(batch.items);
            crate::read::Flow::Continue(())
        });
        assert_eq!(file.len(), 10);
        assert_eq!(file.iter().filter(|item| matches!(item, Item::Reject(_))).count(), 4);
        for size in [1, 7, 4096, stream.len()] {
            assert_eq!(items(&stream, size, &options), file, "pieces of {size} bytes");
        }
    }

    #[test]
    fn no_more_is_kept_of_a_line_than_the_limit() {
        let options = Options { max_text: 1000, ..Options::default() };
        let mut lines = Lines::new(&options);
        for _ in 0..100 {
            assert!(lines.push(&vec![b'x'; 1 << 17]).1.is_empty());
        }
        assert!(lines.open.len() as u64 == options.max_record() + 1);
        let (whole, told) = lines.push(b"\n{\"text\": \"Next.\"}\n");
        assert!(whole.len() < 100 && lines.open.capacity() <= 1 << 20);
        let Item::Reject(reject) = told[0].item(&whole, &options) else { panic!("taken") };
        assert_eq!((reject.reason.as_str(), reject.record, reject.byte_offset), ("too large", 1, 0));
        assert!(matches!(told[1].item(&whole, &options), Item::Article { .. }));
    }
}
