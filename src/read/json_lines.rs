//! JSON Lines: one object a line. A line that is wrong costs that line alone.

use super::{Fields, Flow, Format, Parsed, Reason, Sink, Source, encoding::Decoded};
use std::io;

/// A file of JSON Lines.
#[derive(Debug)]
pub(super) struct JsonLines;

impl Format for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson", "jsonlines", "json"]
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        let head = head.trim_ascii_start();
        let (first, rest) = match memchr::memchr(b'\n', head) {
            Some(end) => (&head[..end], head[end..].trim_ascii_start()),
            None => return super::json::opens_object(head),
        };
        super::json::opens_object(first)
            && (serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok() || rest.starts_with(b"{"))
    }

    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let limit = sink.options().max_record();
        let (mut line, mut number, mut record) = (Vec::new(), 0, 0);
        loop {
            let start = source.position();
            let length = source.read_line(&mut line, limit)?;
            if length == 0 {
                return Ok(Flow::Continue(()));
            }
            number += 1;
            if line.trim_ascii().is_empty() {
                continue;
            }
            record += 1;
            let flow = if line.len() as u64 > limit {
                let detail = format!("line {number} has {length} bytes, the limit is {limit}");
                sink.record(source, record, start, Reason::TooLarge, detail)
            } else {
                match source.decode(&line) {
                    Ok(json) => json_record(source, sink, record, start, number, &json),
                    Err(detail) => {
                        let detail = format!("line {number}: {detail}");
                        sink.record(source, record, start, Reason::BadEncoding, detail)
                    }
                }
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
    }
}

/// Takes one JSON object that begins at byte `start` and line `line` (from 1) of `source`.
pub(super) fn json_record(
    source: &Source,
    sink: &mut Sink<'_>,
    record: u64,
    start: u64,
    line: u64,
    json: &Decoded<'_>,
) -> Flow {
    match parsed(&sink.options().fields, line, json) {
        Ok(article) => sink.article(source, record, start, article),
        Err((reason, detail)) => sink.record(source, record, start, reason, detail),
    }
}

/// One JSON object that begins at line `line` (from 1), without id, source and record.
pub(super) fn parsed(fields: &Fields, line: u64, json: &Decoded<'_>) -> Parsed {
    match fields.article(&json.text) {
        Ok(Some(mut article)) => {
            article.remarks.extend(json.remark);
            Ok(article)
        }
        Ok(None) => Err((Reason::NoText, fields.missing_text())),
        Err(error) => {
            let full = error.to_string();
            let what = full.rsplit_once(" at line ").map_or(full.as_str(), |(what, _)| what);
            let line = line + (error.line() as u64).saturating_sub(1);
            let detail = format!("line {line}, column {}: {what}", error.column().max(1));
            // The parser's own limit of 128 values in values; it tells no kinds of syntax errors apart.
            let deep = what.starts_with("recursion limit");
            Err((if deep { Reason::TooDeep } else { Reason::BadJson }, detail))
        }
    }
}
