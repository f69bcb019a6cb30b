//! XML documents that are rows of records: cut into records as they are read, and one record -> its elements.
//!
//! Documents are cut at the bytes of the tags that begin and end records, so that one of any length needs no more memory
//! than its longest record, and a record that is broken costs itself alone. Document types are passed over: entities that
//! they declare are never replaced and nothing outside is ever fetched.

use super::{Reason, Source, html, markup};
use quick_xml::{Reader, events::Event};
use std::{io, ops::Range};

/// How much of what stands before the first record is kept, in bytes.
const MOST_HEAD: usize = 1 << 16;
/// The longest name of an element that can begin a record.
const LONGEST_NAME: usize = 64;
/// Elements in elements deeper than this are a reject.
const DEEPEST: usize = 128;
/// Records with more elements than this are a reject.
const MOST_ELEMENTS: usize = 1_000_000;
/// Attributes of one element beyond this number are not kept.
const MOST_ATTRIBUTES: usize = 24;

/// Cuts a document into records: the outermost elements with one of some names.
pub(super) struct Cutter {
    names: &'static [&'static str],
    limit: u64,
    /// The record that was found last.
    pub bytes: Vec<u8>,
    /// Offset of its first byte.
    pub start: u64,
    /// What stands before the first record.
    pub head: Vec<u8>,
    /// The tag of a record that began where another had not ended.
    next: Option<(Vec<u8>, u64)>,
    any: bool,
}

/// A record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Whole,
    /// Its end is missing: another record begins in it, or the file ends.
    Open,
    TooLarge,
}

impl Cutter {
    pub(super) fn new(names: &'static [&'static str], limit: u64) -> Self {
        Cutter { names, limit, bytes: Vec::new(), start: 0, head: Vec::new(), next: None, any: false }
    }

    /// The next record; `None` at the end.
    pub(super) fn next(&mut self, source: &mut Source) -> io::Result<Option<Cut>> {
        self.bytes.clear();
        let mut name = None;
        if let Some((tag, start)) = self.next.take() {
            name = self.begin(&tag, start);
        }
        let (mut tag, mut over) = (Vec::new(), false);
        loop {
            // The text up to the next tag.
            let limit = self.limit;
            let kept = match name {
                Some(_) => Some((&mut self.bytes, limit)),
                None if !self.any => Some((&mut self.head, MOST_HEAD as u64)),
                None => None,
            };
            if !until(source, b'<', kept, &mut over)? {
                let Some(_) = name else { return Ok(None) };
                return Ok(Some(if over { Cut::TooLarge } else { Cut::Open }));
            }
            let start = source.position() - 1;
            let cut = self.tag(source, &mut tag)?;
            over |= cut && name.is_some();
            let plain = !matches!(tag.first(), Some(b'!' | b'?') | None);
            let ends = tag.first() == Some(&b'/');
            let found = if plain { self.named(&tag) } else { None };
            match (name, found) {
                (None, Some(_)) if !ends => {
                    name = self.begin(&tag, start);
                    over = false;
                    if tag.ends_with(b"/>") {
                        return Ok(Some(Cut::Whole));
                    }
                    continue;
                }
                (Some(open), Some(again)) if open == again && !ends && !tag.ends_with(b"/>") => {
                    self.next = Some((std::mem::take(&mut tag), start));
                    return Ok(Some(if over { Cut::TooLarge } else { Cut::Open }));
                }
                _ => {}
            }
            let (target, limit) = match name {
                Some(_) => (&mut self.bytes, limit),
                None if !self.any => (&mut self.head, MOST_HEAD as u64),
                None => continue,
            };
            if (target.len() + tag.len()) as u64 <= limit {
                target.push(b'<');
                target.extend_from_slice(&tag);
            } else {
                over = true;
            }
            if let (Some(open), Some(closed)) = (name, found)
                && ends
                && open == closed
            {
                return Ok(Some(if over { Cut::TooLarge } else { Cut::Whole }));
            }
        }
    }

    fn begin(&mut self, tag: &[u8], start: u64) -> Option<usize> {
        self.any = true;
        self.start = start;
        self.bytes.push(b'<');
        self.bytes.extend_from_slice(tag);
        self.named(tag)
    }

    /// Which of the names a tag has, whatever its prefix.
    fn named(&self, tag: &[u8]) -> Option<usize> {
        let tag = tag.strip_prefix(b"/").unwrap_or(tag);
        let end = tag.iter().take(LONGEST_NAME).position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))?;
        let name = &tag[..end];
        let local = memchr::memrchr(b':', name).map_or(name, |at| &name[at + 1..]);
        self.names.iter().position(|known| known.as_bytes() == local)
    }

    /// Reads a tag, a comment, a section of plain text or a document type, of which `<` has been read. Returns whether
    /// it is too long to be kept as a whole.
    fn tag(&self, source: &mut Source, tag: &mut Vec<u8>) -> io::Result<bool> {
        tag.clear();
        let mut over = false;
        let kinds: [(&[u8], &[u8]); 3] = [(b"!--", b"-->"), (b"![CDATA[", b"]]>"), (b"?", b"?>")];
        let mut tail = Vec::new();
        loop {
            tail.clear();
            let ended = until(source, b'>', Some((&mut tail, self.limit)), &mut over)?;
            let room = usize::try_from(self.limit).unwrap_or(usize::MAX).saturating_sub(tag.len());
            // Of a tag that is too long, the end is kept: it tells where it ends.
            if room < tail.len() {
                tag.truncate(tag.len().min(16));
                over = true;
            }
            tag.extend_from_slice(&tail);
            if !ended {
                return Ok(over);
            }
            tag.push(b'>');
            let special = kinds.iter().find(|(begin, _)| tag.starts_with(begin));
            let done = match special {
                Some((_, end)) => tag.ends_with(end),
                // A document type with declarations in it.
                None if tag.starts_with(b"!DOCTYPE") && tag.contains(&b'[') => {
                    tag.trim_ascii_end().strip_suffix(b">").is_some_and(|rest| rest.trim_ascii_end().ends_with(b"]"))
                }
                None => true,
            };
            if done {
                return Ok(over);
            }
        }
    }
}

/// Reads up to `end`, which is passed over, and keeps what stands before it up to a limit; whether it was found.
fn until(source: &mut Source, end: u8, mut kept: Option<(&mut Vec<u8>, u64)>, over: &mut bool) -> io::Result<bool> {
    loop {
        let chunk = source.fill()?;
        if chunk.is_empty() {
            return Ok(false);
        }
        let found = memchr::memchr(end, chunk);
        let taken = found.unwrap_or(chunk.len());
        if let Some((target, limit)) = &mut kept {
            if (target.len() + taken) as u64 <= *limit {
                target.extend_from_slice(&chunk[..taken]);
            } else {
                *over = true;
            }
        }
        source.consume(taken + usize::from(found.is_some()));
        if found.is_some() {
            return Ok(true);
        }
    }
}

/// One element of a record.
#[derive(Debug)]
pub(super) struct Element {
    /// Its name with the prefix of its namespace.
    pub name: String,
    /// The number of the element around it.
    pub parent: usize,
    attributes: Vec<(String, String)>,
    /// The text in it that is in no other element.
    pub text: String,
    /// Where its content stands in the document.
    inner: Range<usize>,
}

impl Element {
    /// Its name without prefix.
    pub(super) fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(&self.name)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The elements of a record, in order; the first is around all others.
#[derive(Debug, Default)]
pub(super) struct Elements {
    pub all: Vec<Element>,
    document: String,
}

impl Elements {
    /// Reads a record. What was read before a fault stays, with the fault beside it.
    pub(super) fn of(document: String) -> (Elements, Option<(Reason, String)>) {
        let mut elements = Elements { all: Vec::new(), document: String::new() };
        let fault = elements.read(&document).err();
        elements.document = document;
        (elements, fault)
    }

    fn read(&mut self, document: &str) -> Result<(), (Reason, String)> {
        let mut reader = Reader::from_str(document);
        reader.config_mut().allow_dangling_amp = true;
        let mut open: Vec<usize> = Vec::new();
        loop {
            let before = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| {
                (Reason::BadMarkup, format!("byte {} of the record: {error}", reader.error_position()))
            })?;
            let after = reader.buffer_position() as usize;
            match event {
                Event::Start(tag) => {
                    if open.len() >= DEEPEST {
                        return Err((Reason::TooDeep, format!("elements in elements deeper than {DEEPEST}")));
                    }
                    self.push(&tag, open.last().copied().unwrap_or(0), after)?;
                    open.push(self.all.len() - 1);
                }
                Event::Empty(tag) => self.push(&tag, open.last().copied().unwrap_or(0), after)?,
                Event::End(_) => {
                    if let Some(element) = open.pop() {
                        self.all[element].inner.end = before;
                    }
                }
                Event::Text(text) => self.text(open.last(), &text),
                Event::CData(text) => self.text(open.last(), &text),
                Event::GeneralRef(name) => {
                    // Those of XML and HTML; what a document declares itself stays as it stands.
                    self.text(open.last(), &markup::decoded(&format!("&{};", &*name)));
                }
                Event::Eof if open.is_empty() => return Ok(()),
                Event::Eof => return Err((Reason::BadMarkup, "the record ends within an element".to_string())),
                _ => {}
            }
        }
    }

    fn push(
        &mut self,
        tag: &quick_xml::events::BytesStart<'_>,
        parent: usize,
        at: usize,
    ) -> Result<(), (Reason, String)> {
        if self.all.len() >= MOST_ELEMENTS {
            return Err((Reason::TooLarge, format!("the record has more than {MOST_ELEMENTS} elements")));
        }
        let mut attributes = tag.attributes();
        let attributes = attributes.with_checks(false).filter_map(Result::ok).take(MOST_ATTRIBUTES);
        let attributes =
            attributes.map(|a| (a.key.as_ref().to_string(), markup::decoded(&a.value).into_owned())).collect();
        let name = tag.name().as_ref().to_string();
        self.all.push(Element { name, parent, attributes, text: String::new(), inner: at..at });
        Ok(())
    }

    fn text(&mut self, element: Option<&usize>, text: &str) {
        if let Some(element) = element {
            self.all[*element].text.push_str(text);
        }
    }

    /// All elements with the local name `name`.
    pub(super) fn named<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.all.iter().filter(move |element| element.local() == name)
    }

    /// Those that lie in the element `parent` directly.
    pub(super) fn children(&self, parent: usize) -> impl Iterator<Item = (usize, &Element)> {
        // Elements stand in the order in which they begin: what lies in one comes directly after it.
        let inner =
            self.all.iter().enumerate().skip(parent + 1).take_while(move |(_, element)| element.parent >= parent);
        inner.filter(move |(_, element)| element.parent == parent)
    }

    /// The first value of the attribute `name` of elements called `element`.
    pub(super) fn attribute<'e>(&'e self, element: &'e str, name: &str) -> Option<&'e str> {
        let values = self.named(element).filter_map(|element| element.attribute(name));
        values.map(str::trim).find(|value| !value.is_empty())
    }

    /// The text of the first element called `name`, with that of elements in it, in one line.
    pub(super) fn line(&self, name: &str) -> Option<String> {
        self.named(name).map(|element| self.line_of(element)).find(|line| !line.is_empty())
    }

    /// The text of `element` and of all in it, in one line.
    pub(super) fn line_of(&self, element: &Element) -> String {
        let inner = self.inner(element);
        let text = if inner.contains('<') { markup::without(&inner) } else { markup::decoded(element.text.as_str()) };
        markup::without(&text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The content of `element` as it stands, with sections of plain text written as HTML has them.
    pub(super) fn inner(&self, element: &Element) -> String {
        let inner = self.document.get(element.inner.clone()).unwrap_or_default();
        let mut pieces = inner.split("<![CDATA[");
        let mut written = pieces.next().unwrap_or_default().to_string();
        for piece in pieces {
            let (plain, rest) = piece.split_once("]]>").unwrap_or((piece, ""));
            written.push_str(&plain.replace('&', "&amp;").replace('<', "&lt;"));
            written.push_str(rest);
        }
        written
    }
}

/// Decodes a record of a document that begins with `head`, whose declaration may name an encoding.
pub(super) fn decode(bytes: &[u8], head: &[u8]) -> String {
    let declaration = head.trim_ascii_start();
    let label = declaration.starts_with(b"<?xml").then(|| {
        let end = memchr::memmem::find(declaration, b"?>").unwrap_or(declaration.len().min(256));
        let text = String::from_utf8_lossy(&declaration[..end]).into_owned();
        let value = text.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Some(value[1..].split(quote).next()?.to_string())
    });
    html::decode(bytes, label.flatten().as_deref()).into_owned()
}

/// The name of the outermost element of a document that begins with `head`.
pub(super) fn root(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head;
    for _ in 0..32 {
        rest = rest.trim_ascii_start();
        let end: &[u8] = match rest {
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', ..] if rest.contains(&b'[') && memchr::memchr(b'[', rest) < memchr::memchr(b'>', rest) => {
                b"]>"
            }
            [b'<', b'!', ..] => b">",
            [b'<', name @ ..] => {
                let end =
                    name.iter().take(LONGEST_NAME).position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))?;
                return Some(&name[..end]).filter(|name| !name.is_empty());
            }
            _ => return None,
        };
        rest = &rest[memchr::memmem::find(rest, end)? + end.len()..];
    }
    None
}
