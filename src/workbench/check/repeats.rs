//! What comes again: rows, names, ids, and forms with two types.

use super::{cells::one, findings::Findings, header::Row};
use crate::{
    model::EntityType,
    token::{self, fold_into},
};
use rustc_hash::FxHashMap;

/// The most keys of which is kept where they stood first; some 25 bytes each.
const MOST: usize = 8_000_000;
/// The most bits of each half of the filter: 64 MB.
const BITS: u64 = 1 << 29;

/// What of a row can come again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key<'r> {
    /// The whole row, in one file.
    Row(usize, &'r csv::StringRecord),
    /// A name with its type.
    Name(&'r str, EntityType),
    /// A name with its type and what tells it from its namesakes.
    Namesake(&'r str, EntityType, String),
    /// An id in a column.
    Id(&'static str, &'r str),
    /// A form, whatever its type.
    Form(&'r str),
}

impl<'r> Key<'r> {
    /// All keys of a row.
    pub(super) fn each(row: &Row<'r>, file: usize, mut take: impl FnMut(Key<'r>)) {
        let name = row.get("name");
        let Some(kind) = EntityType::parse(row.get("type")).filter(|_| !name.is_empty()) else { return };
        take(Key::Row(file, row.record));
        take(Key::Name(name, kind));
        take(Key::Namesake(name, kind, told_by(row)));
        for column in ["id", "wikidata", "geonames"] {
            let id = row.get(column);
            if !id.is_empty() {
                take(Key::Id(column, id));
            }
        }
        for form in std::iter::once(name).chain(row.list("aliases")) {
            take(Key::Form(form));
        }
    }

    pub(super) fn hash(&self) -> u64 {
        let mut text = String::with_capacity(64);
        match self {
            Key::Row(file, record) => {
                text.push_str(&format!("r{file}"));
                for cell in *record {
                    text.push('\u{1f}');
                    text.push_str(cell);
                }
            }
            Key::Name(name, kind) => text.extend(["n", kind.as_str(), name]),
            Key::Namesake(name, kind, told) => text.extend(["t", kind.as_str(), name, "\u{1f}", told]),
            Key::Id(column, id) => text.extend(["i", column, "\u{1f}", id]),
            Key::Form(form) => {
                text.push('f');
                fold_into(form, &mut text);
            }
        }
        token::hash(&text)
    }
}

/// What tells an entry from its namesakes.
fn told_by(row: &Row<'_>) -> String {
    let cells = ["id", "wikidata", "geonames", "country", "latitude", "longitude"].map(|column| row.get(column));
    if cells.iter().all(|cell| cell.is_empty()) { String::new() } else { cells.join("\u{1f}") }
}

/// Which hashes came twice, and perhaps some more: bits set by the first and by the second time.
#[derive(Debug)]
pub(super) struct Filter {
    once: Vec<u64>,
    twice: Vec<u64>,
}

impl Filter {
    /// For files of so many bytes.
    pub(super) fn new(bytes: u64) -> Self {
        let words = (bytes.saturating_mul(2).clamp(1 << 12, BITS).next_power_of_two() / 64) as usize;
        Filter { once: vec![0; words], twice: vec![0; words] }
    }

    pub(super) fn add(&mut self, hash: u64) {
        let (word, bit) = self.place(hash);
        self.twice[word] |= self.once[word] & bit;
        self.once[word] |= bit;
    }

    fn has(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.twice[word] & bit != 0
    }

    /// The number of words is a power of two.
    fn place(&self, hash: u64) -> (usize, u64) {
        ((hash >> 6) as usize & (self.once.len() - 1), 1 << (hash & 63))
    }
}

/// Where something stood first.
#[derive(Clone, Copy, Debug)]
struct Place {
    file: u32,
    line: u64,
    /// Whether nothing told it from namesakes.
    bare: bool,
}

/// Where keys that come again stood first.
#[derive(Debug)]
pub(super) struct Repeats {
    filter: Filter,
    first: FxHashMap<u64, Place>,
    full: bool,
    files: Vec<String>,
}

impl Repeats {
    pub(super) fn new(filter: Filter) -> Self {
        Repeats { filter, first: FxHashMap::default(), full: false, files: Vec::new() }
    }

    /// Tells what of a row was there before.
    pub(super) fn look(&mut self, row: &Row<'_>, file: usize, findings: &mut Findings) {
        if self.files.len() <= file {
            self.files.resize(file, String::new());
            self.files.push(findings.file_name());
        }
        let bare = told_by(row).is_empty();
        let here = Place { file: file as u32, line: findings.current_line(), bare };
        let mut repeated = false;
        Key::each(row, file, |key| {
            let hash = key.hash();
            if !self.filter.has(hash) {
                return;
            }
            if let Key::Form(form) = key {
                return self.types(form, hash, row, here, findings);
            }
            let Some(first) = self.note(hash, here, findings) else { return };
            let place = self.told(first, here);
            match key {
                Key::Row(..) => {
                    repeated = true;
                    let message = format!("repeats {place} cell for cell, and counts once");
                    findings.warn("duplicate row", "", row.get("name"), message, "delete one of the two");
                }
                // A row that is repeated whole is told as that.
                _ if repeated => {}
                Key::Name(name, _) if bare || first.bare => {
                    repeated = true;
                    let message = format!("is also the name in {place}, and nothing tells the two apart");
                    let fix = "join the rows, or give both an id or a country";
                    findings.warn("duplicate name", "name", name, message, fix);
                }
                Key::Namesake(name, ..) => {
                    let message = format!("is also the name in {place}, with the same ids and facts");
                    findings.warn("duplicate name", "name", name, message, "join the rows, aliases and all");
                    repeated = true;
                }
                Key::Id(column, id) => {
                    let message = format!("is also the id in {place}");
                    let fix = "join the rows if they mean the same, else correct one of the ids";
                    findings.warn("duplicate id", column, id, message, fix);
                }
                _ => {}
            }
        });
    }

    /// Tells a form that an earlier row has as something of another type.
    fn types(&mut self, form: &str, hash: u64, row: &Row<'_>, here: Place, findings: &mut Findings) {
        let Some(kind) = EntityType::parse(row.get("type")) else { return };
        let of = |kind: EntityType| hash.wrapping_add(1 + kind.index() as u64);
        self.note(of(kind), here, findings);
        if !row.get("match").is_empty() {
            return;
        }
        for other in EntityType::ALL.into_iter().filter(|other| *other != kind) {
            let Some(first) = self.first.get(&of(other)) else { continue };
            let message = format!("is also a form of {} in {}", one(other), self.told(*first, here));
            let fix = "if both are right, write `weak` under `match` in both rows";
            let column = if form == row.get("name") { "name" } else { "aliases" };
            findings.warn("two types", column, form, message, fix);
        }
    }

    /// Where `key` stood first, if it was there before.
    fn note(&mut self, key: u64, here: Place, findings: &mut Findings) -> Option<Place> {
        if let Some(first) = self.first.get(&key) {
            return Some(*first);
        }
        if self.first.len() < MOST {
            self.first.insert(key, here);
        } else if !self.full {
            self.full = true;
            let message = "more than eight million names or ids come again: from here on not all of them are told";
            findings.warn("too many repeats", "", "", message, "mend what is told, and check again");
        }
        None
    }

    fn told(&self, place: Place, here: Place) -> String {
        if place.file == here.file {
            return format!("line {}", place.line);
        }
        let name = self.files.get(place.file as usize).map_or("", String::as_str);
        format!("{name}:{}", place.line)
    }
}
