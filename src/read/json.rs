//! JSON files that are no JSON Lines: an array of objects, one object, or several after each other.
//!
//! The file is cut at the outermost objects, whose braces are counted, and each is parsed by itself: so an array of any
//! length needs no more memory than its largest object, and an object that is wrong costs only itself.

use super::{Flow, Format, Reason, Sink, Source, json_lines::json_record};
use std::io;

/// A JSON file.
#[derive(Debug)]
pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        let head = head.trim_ascii_start();
        opens_object(head) || head.strip_prefix(b"[").is_some_and(|rest| opens_object(rest.trim_ascii_start()))
    }

    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let limit = sink.options().max_record();
        let mut cutter = Cutter::new(limit);
        let mut record = 0;
        loop {
            let cut = cutter.next(source).inspect_err(|_| source.lose(record + 1, cutter.start))?;
            let Some(cut) = cut else { return Ok(Flow::Continue(())) };
            record += 1;
            if cutter.is_open {
                cutter.cut_again(source);
            }
            let flow = match cut {
                Cut::Object if cutter.bytes.len() as u64 > limit => {
                    let detail = format!("the record has more than {limit} bytes");
                    sink.record(source, record, cutter.start, Reason::TooLarge, detail)
                }
                Cut::Object => match source.decode(&cutter.bytes) {
                    Ok(json) => json_record(source, sink, record, cutter.start, cutter.start_line, &json),
                    Err(detail) => sink.record(source, record, cutter.start, Reason::BadEncoding, detail),
                },
                Cut::Stray(what) => {
                    let detail = format!("line {}: {what}", cutter.start_line);
                    sink.record(source, record, cutter.start, Reason::BadJson, detail)
                }
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
    }
}

/// Whether `bytes` begin with `{` and a key, or an empty object.
pub(super) fn opens_object(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"{").is_some_and(|rest| matches!(rest.trim_ascii_start().first(), None | Some(b'"' | b'}')))
}

/// What the cutter found.
enum Cut {
    /// An object, in [`Cutter::bytes`]; it may not be complete at the end of the file.
    Object,
    /// Something else than an object.
    Stray(&'static str),
}

/// Cuts a file at its outermost objects.
struct Cutter {
    bytes: Vec<u8>,
    limit: u64,
    start: u64,
    start_line: u64,
    line: u64,
    /// Offset of the line that the last byte stands in.
    line_start: u64,
    /// Where in its line the object begins.
    column: u64,
    /// Whether the file ends within the object.
    is_open: bool,
    /// Bytes that were read again.
    again: u64,
}

impl Cutter {
    fn new(limit: u64) -> Self {
        Cutter {
            bytes: Vec::new(),
            limit,
            start: 0,
            start_line: 1,
            line: 1,
            line_start: 0,
            column: 0,
            is_open: false,
            again: 0,
        }
    }

    /// The next object or stray token; `None` at the end of the file.
    fn next(&mut self, source: &mut Source) -> io::Result<Option<Cut>> {
        self.bytes.clear();
        self.is_open = false;
        loop {
            let Some(byte) = source.fill()?.first().copied() else { return Ok(None) };
            self.start = source.position();
            self.start_line = self.line;
            self.column = self.start.saturating_sub(self.line_start);
            match byte {
                b'{' => return self.object(source).map(Some),
                b'\n' => (self.line, self.line_start) = (self.line + 1, self.start + 1),
                b' ' | b'\t' | b'\r' | b',' | b'[' | b']' => {}
                _ => return self.stray(source).map(Some),
            }
            source.consume(1);
        }
    }

    fn object(&mut self, source: &mut Source) -> io::Result<Cut> {
        let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
        loop {
            let position = source.position();
            let chunk = source.fill()?;
            if chunk.is_empty() {
                self.is_open = true;
                return Ok(Cut::Object);
            }
            let mut used = chunk.len();
            for (i, byte) in chunk.iter().enumerate() {
                match byte {
                    b'\n' => (self.line, self.line_start) = (self.line + 1, position + i as u64 + 1),
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    b'{' if !in_string => depth += 1,
                    b'}' if !in_string => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    used = i + 1;
                    break;
                }
            }
            if self.bytes.len() as u64 <= self.limit {
                self.bytes.extend_from_slice(&chunk[..used]);
            }
            source.consume(used);
            if depth == 0 {
                return Ok(Cut::Object);
            }
        }
    }

    /// Cuts an object within which the file ends before the next line that begins an object and is indented no more: an odd
    /// quotation mark has hidden its end. The rest is read again, as long as that is not more than some times the file.
    fn cut_again(&mut self, source: &mut Source) {
        let whole = self.bytes.len() as u64;
        let starts = memchr::memchr_iter(b'\n', &self.bytes).map(|end| end + 1);
        let next = starts.clone().find(|start| {
            let line = &self.bytes[*start..];
            let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            indent as u64 <= self.column && opens_object(&line[indent..])
        });
        let Some(next) = next.filter(|_| whole <= self.limit) else { return };
        let again = whole - next as u64;
        if self.again + again > 8 * source.position() {
            return;
        }
        self.again += again;
        self.line = self.start_line + starts.take_while(|start| *start <= next).count() as u64;
        self.line_start = self.start + next as u64;
        source.give_back(self.bytes.split_off(next));
    }

    /// Passes over a value that is no object, up to the next comma, bracket or line.
    fn stray(&mut self, source: &mut Source) -> io::Result<Cut> {
        let (mut in_string, mut escaped) = (false, false);
        loop {
            let chunk = source.fill()?;
            let end = chunk.iter().position(|byte| {
                let ends = !in_string && matches!(byte, b',' | b'[' | b']' | b'{' | b'\n') || *byte == b'\n';
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    _ => {}
                }
                ends
            });
            let (used, last) = (end.unwrap_or(chunk.len()), end.is_some() || chunk.is_empty());
            source.consume(used);
            if last {
                return Ok(Cut::Stray("expected an object"));
            }
        }
    }
}
