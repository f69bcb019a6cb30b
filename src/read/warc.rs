//! WARC files, as crawlers and archives of the web write them, and WET files, which hold the text of pages.
//!
//! A file is a row of records: a header of lines, and a block whose length the header tells. The number of an article or
//! reject is that of its WARC record. Records that hold no page are passed over: requests, metadata, records that point
//! at others, answers other than `200 OK`, pictures and scripts. Where a length is wrong, reading goes on at the next line
//! that begins a record.
//!
//! `WARC-Date` is when a page was fetched, not when the article was published, so it is not used.

use super::{Flow, Format, Parsed, Reason, Sink, Source, html, http, language_code, markup};
use crate::model::Article;
use std::io;

/// A WARC or WET file.
#[derive(Debug)]
pub(super) struct Warc;

/// The longest line of a header that is kept, and the most lines, of bytes.
const MOST_HEADER: u64 = 1 << 16;
const MOST_LINES: usize = 256;

/// How records begin. Version 0.17 and 0.18 are still about.
const START: &[u8] = b"WARC/";
/// What stands in a block only if its length is wrong.
const NEXT: &[u8] = b"\nWARC/1.";

impl Format for Warc {
    fn name(&self) -> &'static str {
        "warc"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["warc", "wet"]
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        is_start(head.trim_ascii_start())
    }

    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let (mut ahead, mut line, mut record) = (Ahead::default(), Vec::new(), 0);
        loop {
            let start = ahead.position(source);
            if ahead.line(source, &mut line).inspect_err(|_| source.lose(record + 1, start))? == 0 {
                return Ok(Flow::Continue(()));
            }
            if line.is_empty() {
                continue;
            }
            record += 1;
            let flow = if is_start(&line) {
                one(source, &mut ahead, sink, record, start).inspect_err(|_| source.lose(record, start))?
            } else {
                let end = ahead.stray(source).inspect_err(|_| source.lose(record, start))?;
                let detail = format!("{} bytes that belong to no WARC record", end - start);
                sink.record(source, record, start, Reason::BadArchive, detail)
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
    }
}

fn is_start(line: &[u8]) -> bool {
    line.starts_with(START) && line.get(START.len()).is_some_and(u8::is_ascii_digit)
}

/// What the header of a record tells.
#[derive(Debug, Default)]
struct Header {
    kind: String,
    content: String,
    url: Option<String>,
    /// Whether it is about the file itself, as the notes of wget are.
    is_note: bool,
    language: Option<String>,
    length: Option<u64>,
}

impl Header {
    fn read(source: &mut Source, ahead: &mut Ahead) -> io::Result<Header> {
        let (mut header, mut line) = (Header::default(), Vec::new());
        for _ in 0..MOST_LINES {
            if ahead.line(source, &mut line)? == 0 || line.is_empty() {
                break;
            }
            let text = String::from_utf8_lossy(&line);
            let Some((name, value)) = text.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => header.kind = value.to_ascii_lowercase(),
                "content-type" => header.content = value.to_ascii_lowercase(),
                "content-length" => header.length = value.parse().ok(),
                "warc-target-uri" => {
                    // Some writers put it between angle brackets.
                    let url = value.trim_start_matches('<').trim_end_matches('>');
                    header.is_note = url.starts_with("metadata:");
                    header.url = Some(url.to_string()).filter(|url| url.starts_with("http"));
                }
                "warc-identified-content-language" => {
                    let first = value.split(',').next().unwrap_or_default().trim();
                    header.language = language_code(first);
                }
                _ => {}
            }
        }
        Ok(header)
    }
}

/// Reads the record whose first line has been read; it began at byte `start`.
fn one(source: &mut Source, ahead: &mut Ahead, sink: &mut Sink<'_>, record: u64, start: u64) -> io::Result<Flow> {
    let header = Header::read(source, ahead)?;
    let Some(length) = header.length else {
        let detail = "the WARC record has no Content-Length".to_string();
        return Ok(sink.record(source, record, start, Reason::BadArchive, detail));
    };
    let limit = sink.options().max_text;
    let wanted = matches!(header.kind.as_str(), "response" | "resource" | "conversion");
    let mut block = Vec::new();
    // Of a page that is too long, enough is kept to see that it is one.
    let end = ahead.block(source, &mut block, length, if wanted { limit.max(MOST_HEADER) } else { 0 })?;
    if !wanted {
        return Ok(Flow::Continue(()));
    }
    let Some(found) = Found::of(&header, &block) else { return Ok(Flow::Continue(())) };
    if length >= limit && block.len() as u64 >= limit {
        let detail = format!("the page has {length} bytes, the limit is {limit}");
        return Ok(sink.record(source, record, start, Reason::TooLarge, detail));
    }
    if end == End::File {
        let detail = format!("the file ends after {} of {length} bytes of the record", block.len());
        return Ok(sink.record(source, record, start, Reason::BadArchive, detail));
    }
    let (url, language, bytes) = (header.url, header.language, block.len());
    let job = Box::new(move || found.article(&block, url, language, limit));
    Ok(sink.job(source, record, start, bytes, job))
}

/// What a record holds.
enum Found {
    /// An answer of a server with a page or a text.
    Answer(http::Answer),
    Page,
    Text,
}

impl Found {
    fn of(header: &Header, block: &[u8]) -> Option<Found> {
        let plain = header.content.starts_with("text/plain");
        match header.kind.as_str() {
            "conversion" if plain => Some(Found::Text),
            "response" if header.content.starts_with("application/http") || header.content.is_empty() => {
                let answer = http::Answer::of(block)?;
                let url = header.url.as_deref().unwrap_or_default();
                (answer.status == 200 && answer.is_page(block, url)).then_some(Found::Answer(answer))
            }
            "resource" if header.is_note => None,
            "resource" if plain => Some(Found::Text),
            "resource" | "conversion" if http::is_html(&header.content) => Some(Found::Page),
            _ => None,
        }
    }

    fn article(self, block: &[u8], url: Option<String>, language: Option<String>, limit: u64) -> Parsed {
        let article = match self {
            Found::Text => text(block)?,
            Found::Page => html::page(&html::decode(block, None))?,
            Found::Answer(answer) => {
                let body = answer.body(block, limit)?;
                let decoded = html::decode(&body, answer.charset());
                if answer.is_text() && !markup::is_markup(&decoded) {
                    Article { text: decoded.trim().to_string(), ..Article::default() }
                } else {
                    html::page(&decoded)?
                }
            }
        };
        let outlet = article.outlet.or_else(|| url.as_deref().and_then(http::host).map(str::to_string));
        let (url, language) = (url.or(article.url), article.language.or(language));
        Ok(Article { outlet, url, language, ..article })
    }
}

fn text(block: &[u8]) -> Parsed {
    let text = html::decode(block, None).trim().to_string();
    Ok(Article { text, ..Article::default() })
}

/// How the block of a record ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Where its length says.
    Length,
    /// Earlier, since another record began.
    Record,
    /// Earlier, with the file.
    File,
}

/// Bytes that were read and belong to the next record: the beginning of its first line.
#[derive(Default)]
struct Ahead(Vec<u8>);

impl Ahead {
    /// Offset of what is read next.
    fn position(&self, source: &Source) -> u64 {
        source.position() - self.0.len() as u64
    }

    /// Reads a line of a header; 0 at the end of the file.
    fn line(&mut self, source: &mut Source, line: &mut Vec<u8>) -> io::Result<u64> {
        if self.0.is_empty() {
            return source.read_line(line, MOST_HEADER);
        }
        *line = std::mem::take(&mut self.0);
        let mut length = line.len() as u64;
        // A whole line is put back with its end.
        if line.ends_with(b"\n") {
            *line = line.trim_ascii_end().to_vec();
            return Ok(length);
        }
        let mut rest = Vec::new();
        length += source.read_line(&mut rest, MOST_HEADER)?;
        line.extend(rest);
        Ok(length)
    }

    /// Reads a block of `length` bytes and keeps `limit` of them.
    fn block(&mut self, source: &mut Source, block: &mut Vec<u8>, length: u64, limit: u64) -> io::Result<End> {
        // The line before the block has ended.
        let mut tail = b"\n".to_vec();
        let mut left = length;
        while left > 0 {
            let chunk = source.fill()?;
            if chunk.is_empty() {
                return Ok(End::File);
            }
            let chunk = &chunk[..chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
            let split = (1..NEXT.len()).find(|k| tail.ends_with(&NEXT[..*k]) && chunk.starts_with(&NEXT[*k..]));
            if let Some(k) = split {
                block.truncate(block.len().saturating_sub(k));
                self.0 = NEXT[1..k].to_vec();
                return Ok(End::Record);
            }
            let next = memchr::memmem::find(chunk, NEXT);
            let taken = next.unwrap_or(chunk.len());
            let kept = usize::try_from(limit.saturating_sub(block.len() as u64)).unwrap_or(usize::MAX).min(taken);
            block.extend_from_slice(&chunk[..kept]);
            tail.extend_from_slice(&chunk[taken.saturating_sub(NEXT.len())..taken]);
            tail.drain(..tail.len().saturating_sub(NEXT.len()));
            source.consume(taken + usize::from(next.is_some()));
            if next.is_some() {
                return Ok(End::Record);
            }
            left -= taken as u64;
        }
        Ok(End::Length)
    }

    /// Passes over lines up to one that begins a record, which is read again. Returns its offset.
    fn stray(&mut self, source: &mut Source) -> io::Result<u64> {
        let mut line = Vec::new();
        loop {
            let start = self.position(source);
            if self.line(source, &mut line)? == 0 {
                return Ok(start);
            }
            if is_start(&line) {
                let length = usize::try_from(source.position() - start).unwrap_or(line.len());
                // It had one or two bytes at its end, which are read again as well.
                line.extend_from_slice(if length > line.len() + 1 { b"\r\n" } else { b"\n" });
                line.truncate(length);
                self.0 = line;
                return Ok(start);
            }
        }
    }
}
