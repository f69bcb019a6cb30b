//! A dump of made-up articles as JSON Lines, and beside it what is known about them.

use super::{
    article::{self, Written},
    draft::{Draft, Points, Quotation},
    pool::Pool,
    sentences::Sentences,
};
use crate::{
    error::{Error, Result},
    gazetteer::Gazetteer,
    model::EntityType,
};
use std::io::{self, Read, Write};

/// A dump without end; how much of it is written is for the caller to say.
#[derive(Debug)]
pub struct Dump {
    pool: Pool,
    /// With curly marks, and with typewriter marks.
    sentences: [Sentences; 2],
    seed: u64,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Articles.
    pub articles: u64,
    /// Bytes of their bodies.
    pub bytes: u64,
    /// Names in the bodies.
    pub names: u64,
    /// Quotations in the bodies.
    pub quotations: u64,
}

impl Dump {
    /// The dump that belongs to `seed`; its names are those of `gazetteer`, and some that no gazetteer has.
    ///
    /// # Errors
    /// None, unless the lists that are part of the program are broken.
    pub fn new(gazetteer: &Gazetteer, seed: u64) -> Result<Dump> {
        let sentences = [Sentences::load(false)?, Sentences::load(true)?];
        // Names that no gazetteer has must not be those of a gazetteer that was made with the same seed.
        Ok(Dump { pool: Pool::new(gazetteer, !seed)?, sentences, seed })
    }

    /// Draws `share` of a hundred names from a gazetteer in CSV.
    ///
    /// # Errors
    /// What is no gazetteer, or lacks people, places or organizations.
    pub fn draw_from(&mut self, gazetteer: &mut dyn Read, share: usize) -> Result<()> {
        self.pool.add(gazetteer, share)
    }

    /// Writes `count` articles to `out`, and to `gold` the same articles with their names and quotations.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub fn write(&self, count: u64, out: &mut dyn Write, mut gold: Option<&mut dyn Write>) -> Result<Made> {
        let mut made = Made::default();
        let (mut draft, mut line) = (Draft::default(), Vec::new());
        for number in 0..count {
            let written = article::write((self.seed, number), &self.pool, &self.sentences, &mut draft);
            let id = format!("made-{:07}", number + 1);
            line.clear();
            record(&mut line, &id, &written, &draft).map_err(|error| Error::io("the dump", error))?;
            out.write_all(&line).map_err(|error| Error::io("the dump", error))?;
            if let Some(gold) = &mut gold {
                line.clear();
                annotated(&mut line, &id, &written, &draft).map_err(|error| Error::io("the gold", error))?;
                gold.write_all(&line).map_err(|error| Error::io("the gold", error))?;
            }
            made.articles += 1;
            made.bytes += draft.text.len() as u64;
            made.names += draft.names.len() as u64;
            made.quotations += draft.quotations.len() as u64;
        }
        Ok(made)
    }
}

/// Adds a key and its text.
fn text(line: &mut Vec<u8>, key: &str, value: &str) -> io::Result<()> {
    field(line, key);
    Ok(serde_json::to_writer(line, value)?)
}

/// Adds a key of the line's object.
fn field(line: &mut Vec<u8>, key: &str) {
    line.extend_from_slice(if line.is_empty() { b"{\"" } else { b",\"" });
    line.extend_from_slice(key.as_bytes());
    line.extend_from_slice(b"\":");
}

fn record(line: &mut Vec<u8>, id: &str, written: &Written, draft: &Draft) -> io::Result<()> {
    for (key, value) in [
        ("id", id),
        ("title", &written.title),
        ("date", &written.date),
        ("outlet", &written.outlet),
        ("author", &written.author),
        ("text", &draft.text),
    ] {
        text(line, key, value)?;
    }
    line.extend_from_slice(b"}\n");
    Ok(())
}

/// The form is that of `data/gold.jsonl`.
fn annotated(line: &mut Vec<u8>, id: &str, written: &Written, draft: &Draft) -> io::Result<()> {
    let place = Places::new(&draft.text);
    for (key, value) in [("id", id), ("title", &written.title), ("text", &draft.text)] {
        text(line, key, value)?;
    }
    field(line, "entities");
    list(line, &draft.names, |line, (span, kind)| {
        write!(line, "{{\"start\":{},\"end\":{},\"type\":\"{}\",\"text\":", span[0], span[1], label(*kind))?;
        serde_json::to_writer(&mut *line, place.slice(*span))?;
        line.push(b'}');
        Ok(())
    })?;
    field(line, "ignore");
    list(line, &draft.ignore, |line, span| write!(line, "{{\"start\":{},\"end\":{}}}", span[0], span[1]))?;
    field(line, "attributions");
    let mut number = 0;
    list(line, &draft.quotations, |line, quotation| {
        number += 1;
        attribution(line, number, quotation, &place)
    })?;
    line.extend_from_slice(b",\"discuss\":[],\"discard\":[]}\n");
    Ok(())
}

fn attribution(line: &mut Vec<u8>, number: usize, quotation: &Quotation, place: &Places<'_>) -> io::Result<()> {
    let joined: Vec<&str> = quotation.content.iter().map(|span| place.slice(*span)).collect();
    let spans = |line: &mut Vec<u8>, key: &str, spans: &[Points]| {
        write!(line, ",\"{key}\":")?;
        list(line, spans, |line, span| write!(line, "[{},{}]", span[0], span[1]))
    };
    write!(line, "{{\"id\":\"A{number}\"")?;
    spans(line, "content", &quotation.content)?;
    spans(line, "cue", quotation.cue.as_slice())?;
    spans(line, "source", quotation.source.as_slice())?;
    let speaker = quotation.speaker.as_ref();
    let kind = speaker.map(|(_, kind)| if *kind == EntityType::Person { "person" } else { "org" });
    for (key, value) in [
        ("content_text", Some(joined.join(" … ")).as_deref()),
        ("cue_text", quotation.cue.map(|span| place.slice(span))),
        ("source_text", quotation.source.map(|span| place.slice(span))),
        ("kind", Some(quotation.kind.as_str())),
        ("speaker_name", speaker.map(|(name, _)| name.as_str())),
        ("speaker_type", kind),
        ("source_class", Some(quotation.class)),
        ("source_head", Some(quotation.head.as_str())),
    ] {
        write!(line, ",\"{key}\":")?;
        serde_json::to_writer(&mut *line, &value)?;
    }
    line.extend_from_slice(b",\"speech_cue\":true}");
    Ok(())
}

/// Writes a JSON list.
fn list<T>(
    line: &mut Vec<u8>,
    items: &[T],
    mut write: impl FnMut(&mut Vec<u8>, &T) -> io::Result<()>,
) -> io::Result<()> {
    line.push(b'[');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            line.push(b',');
        }
        write(line, item)?;
    }
    line.push(b']');
    Ok(())
}

fn label(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Person => "PERSON",
        EntityType::Place => "PLACE",
        EntityType::Organization => "ORG",
    }
}

/// Where each code point of a text begins.
struct Places<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Places { text, starts: text.char_indices().map(|(at, _)| at).chain([text.len()]).collect() }
    }

    fn slice(&self, [start, end]: Points) -> &'t str {
        let at = |point: usize| self.starts.get(point).copied().unwrap_or(self.text.len());
        self.text.get(at(start)..at(end)).unwrap_or("")
    }
}
