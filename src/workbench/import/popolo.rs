//! Popolo: people and organizations of politics in one JSON document, read piece by piece.

use super::{Format, entry::Entry, input::Input, out::Out};
use crate::error::{Error, Result};
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{cell::Cell, fmt, rc::Rc};

/// A document of people and organizations.
pub(super) struct Popolo;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Record {
    id: Option<String>,
    name: Option<String>,
    other_names: Option<Vec<OtherName>>,
    identifiers: Option<Vec<Identifier>>,
    gender: Option<String>,
    classification: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OtherName {
    name: Option<String>,
    lang: Option<String>,
    note: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Identifier {
    scheme: Option<String>,
    identifier: Option<String>,
}

impl Format for Popolo {
    fn name(&self) -> &'static str {
        "popolo"
    }

    fn expected(&self) -> &'static str {
        "a JSON document of Popolo: an object with a list of `persons` or `organizations`"
    }

    fn source(&self) -> &'static str {
        "Popolo data"
    }

    fn licence(&self) -> &'static str {
        "as the publisher says; of EveryPolitician not stated, and not to be bundled"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let path = input.path.clone();
        let mut failed = None;
        let left = Rc::new(Cell::new(MOST));
        let mut json = serde_json::Deserializer::from_reader(Capped { inner: input.bytes(), left: Rc::clone(&left) });
        let read = Document { out, number: 0, left, failed: &mut failed }.deserialize(&mut json);
        if let Some(error) = failed {
            return Err(error);
        }
        read.and_then(|()| json.end()).map_err(|error| {
            let line = error.line() as u64;
            let message = format!("{error}; expected is {}", self.expected());
            Error::format(message).at_path(&path).at_line(line)
        })
    }
}

/// The most bytes of a record, which is kept whole.
const MOST: u64 = 64 << 20;

/// Lets so many bytes pass.
struct Capped<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: std::io::Read> std::io::Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left.get() == 0 {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "a record of more than 64 MB"));
        }
        let length = self.inner.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(length as u64));
        Ok(length)
    }
}

/// Reads the document; an error of `out` goes to `failed`.
struct Document<'d, 'a> {
    out: &'d mut Out<'a>,
    number: u64,
    left: Rc<Cell<u64>>,
    failed: &'d mut Option<Error>,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> std::result::Result<(), A::Error> {
        self.left.set(MOST);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "persons" | "organizations" | "areas" => {
                    let list = List { list: &key, document: &mut self };
                    map.next_value_seed(list)?;
                }
                _ => {
                    // What is passed over is not kept.
                    self.left.set(u64::MAX);
                    map.next_value::<IgnoredAny>()?;
                }
            }
            self.left.set(MOST);
        }
        Ok(())
    }
}

struct List<'l, 'd, 'a> {
    list: &'l str,
    document: &'l mut Document<'d, 'a>,
}

impl<'de> DeserializeSeed<'de> for List<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.list)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<(), A::Error> {
        let document = self.document;
        while let Some(record) = list.next_element::<Record>()? {
            document.left.set(MOST);
            document.number += 1;
            document.out.row(document.number);
            if let Err(error) = take(self.list, record, document.out) {
                *document.failed = Some(error);
                return Err(de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

fn take(list: &str, record: Record, out: &mut Out<'_>) -> Result<()> {
    let name = record.name.unwrap_or_default();
    let Some((kind, mut class)) = out.class("popolo", &[list], &name) else { return Ok(()) };
    let mut aliases = Vec::new();
    for other in record.other_names.unwrap_or_default() {
        let form = other.name.unwrap_or_default();
        match other.lang.filter(|language| !language.is_empty() && !out.options.has_language(language)) {
            Some(_) => out.drop_alias("language is not asked for", &form),
            None if other.note.is_some_and(|note| note.starts_with("multilingual")) => {
                out.drop_alias("of no known language", &form);
            }
            None => aliases.push(form),
        }
    }
    let identifiers = record.identifiers.unwrap_or_default();
    let wikidata = identifiers.into_iter().find(|known| known.scheme.as_deref() == Some("wikidata"));
    class = record.classification.filter(|_| class.is_empty()).map_or(class, |finer| finer.to_lowercase());
    let entry = Entry {
        class,
        aliases,
        wikidata: wikidata.and_then(|known| known.identifier).unwrap_or_default(),
        gender: record.gender.unwrap_or_default(),
        ..Entry::new(&name, kind)
    };
    match record.id.filter(|id| !id.is_empty()) {
        // Ids of people and organizations need not differ.
        Some(id) => out.part(&format!("{list}/{id}"), 0, Entry { id: format!("popolo:{id}"), ..entry }),
        None => out.entry(entry),
    }
}
