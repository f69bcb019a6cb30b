//! Entries of the gazetteers of names, and their forms, as they lie in a compiled gazetteer.
//!
//! | record | bytes |
//! | --- | --- |
//! | entry | type, strictness, gender and whether facts follow (1), form (1), name, letter case?, facts? |
//! | further form | 128 and type and strictness of the entry (1), form (1), half the place of the entry (4), form's text, letter case? |
//! | several forms of the same words | 192 (1), their number, half the place of each (4 each) |
//!
//! A text is its length and its bytes; lengths and other numbers are written in groups of seven bits, the lowest first
//! (LEB128). Records begin at even places.

use super::layer::Layer;
use crate::{
    model::{EntityType, Facts, Gender},
    token::fold,
};

/// How strictly a form must fit the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Capital letters where the alias has them, or all capitals.
    Normal,
    /// Letter for letter.
    Exact,
    /// As `Normal`, but the form alone is weak evidence: it is also a common word or very ambiguous.
    Weak,
}

/// What letter case a form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Ordinary name: words that are capitalized in the alias are capitalized in the text.
    Name,
    /// Acronym: upper case in the text too.
    Acronym,
}

/// One form of an entry.
#[derive(Clone, Copy, Debug)]
pub struct Alias {
    /// Number of the entry, for [`super::Gazetteer::entry`].
    pub entry: u32,
    /// Type of the entry.
    pub kind: EntityType,
    /// Letter case that the text must have.
    pub case: Case,
    /// How strictly the form must fit.
    pub matching: Matching,
    /// Whether this is the canonical name itself.
    pub canonical: bool,
    /// Whether the first word is an article, which must be there and is no part of the name.
    pub article: bool,
    /// Bit i is set if word i of the form begins with an upper-case letter (first 32 words).
    pub capitals: u32,
    /// Whether the text has it letter for letter; told only of forms of which no word begins with an upper-case letter.
    pub literal: bool,
}

/// The bits of an entry's first byte that those of its further forms have too: type and strictness.
pub(super) const TOLD: u8 = 0x0f;
/// Set if facts follow: a byte that tells which, numbers first.
pub(super) const FULL: u8 = 0x40;
pub(super) const CLASS: u8 = 1;
pub(super) const COUNTRY: u8 = 2;
pub(super) const POPULATION: u8 = 4;
pub(super) const SOURCE: u8 = 8;
pub(super) const NAMESAKE: u8 = 16;
/// The facts that are numbers.
pub(super) const NUMBERS: u8 = CLASS | COUNTRY | POPULATION | SOURCE | NAMESAKE;
pub(super) const ID: u8 = 32;
pub(super) const COORDINATES: u8 = 64;
/// Wikidata, GeoNames and roles.
pub(super) const MORE: u8 = 128;
pub(super) const FORM: u8 = 0x80;
pub(super) const GROUP: u8 = 0xc0;
/// Bits of the byte that tells of a form.
pub(super) const CANONICAL: u8 = 1;
pub(super) const ACRONYM: u8 = 2;
pub(super) const ARTICLE: u8 = 4;
/// Set unless every word begins with an upper-case letter, the article apart: which ones do is written then.
pub(super) const CAPITALS: u8 = 8;

/// One entity of a gazetteer: a view of its record. What the record does not tell is empty.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'g> {
    pub(super) layer: &'g Layer,
    pub(super) at: usize,
}

impl<'g> Entry<'g> {
    /// Its number, for [`super::Gazetteer::entry`].
    pub(super) fn place(self) -> u32 {
        self.layer.number_of(self.at)
    }

    fn head(self) -> u8 {
        self.layer.records().get(self.at).copied().unwrap_or(0)
    }

    /// Type.
    pub fn kind(self) -> EntityType {
        kind(self.head())
    }

    /// Gender of a person.
    pub fn gender(self) -> Gender {
        match self.head() >> 4 & 3 {
            1 => Gender::Male,
            2 => Gender::Female,
            _ => Gender::Unknown,
        }
    }

    /// How strictly forms must fit.
    pub fn matching(self) -> Matching {
        matching(self.head())
    }

    /// Canonical name.
    pub fn name(self) -> &'g str {
        Cursor { bytes: self.layer.records(), at: self.at + 2 }.text()
    }

    /// Behind the name, and which facts stand there.
    fn facts_at(self) -> (Cursor<'g>, u8) {
        let mut cursor = Cursor { bytes: self.layer.records(), at: self.at };
        let head = cursor.byte();
        let form = cursor.byte();
        cursor.text_bytes();
        if form & CAPITALS != 0 {
            cursor.number();
        }
        let facts = if head & FULL != 0 { cursor.byte() } else { 0 };
        (cursor, facts)
    }

    /// A fact that is a number; 0 if the record does not tell it.
    fn number(self, fact: u8) -> u64 {
        let (mut cursor, facts) = self.facts_at();
        if facts & fact == 0 {
            return 0;
        }
        cursor.skip((facts & (fact - 1)).count_ones()).number()
    }

    /// The facts that are texts: id, latitude, longitude, Wikidata, GeoNames and roles.
    fn texts(self) -> [&'g str; 6] {
        let (mut cursor, facts) = self.facts_at();
        cursor.skip((facts & NUMBERS).count_ones());
        let mut out = [""; 6];
        for (fact, texts) in [(ID, 0..1), (COORDINATES, 1..3), (MORE, 3..6)] {
            if facts & fact != 0 {
                out[texts].iter_mut().for_each(|text| *text = cursor.text());
            }
        }
        out
    }

    /// Finer kind as the file gives it ("capital", "ministry", "politician"); may be empty.
    pub fn class(self) -> &'g str {
        self.layer.class(self.number(CLASS))
    }

    /// ISO 3166-1 alpha-2 code, or what the file has in its place.
    pub fn country(self) -> &'g str {
        self.layer.country(self.number(COUNTRY))
    }

    /// Inhabitants; 0 if unknown.
    pub fn population(self) -> u64 {
        self.number(POPULATION)
    }

    /// Index into [`super::Gazetteer::sources`].
    pub fn source(self) -> usize {
        self.layer.source(self.number(SOURCE))
    }

    /// Whether it is part of the program, and not a user's.
    pub fn is_embedded(self) -> bool {
        self.layer.is_first()
    }

    /// Stable id: the file's own, else made from type, canonical name and, for places, country.
    pub fn id(self) -> String {
        let [given, ..] = self.texts();
        if !given.is_empty() {
            return given.to_string();
        }
        let country = if self.kind() == EntityType::Place { self.country() } else { "" };
        let id = entity_id(self.kind(), self.name(), country);
        // Two namesakes: a number keeps the later one apart.
        let namesake = self.number(NAMESAKE);
        if namesake > 1 { format!("{id}~{namesake}") } else { id }
    }

    /// Country, coordinates and outside ids.
    pub fn facts(self) -> Facts {
        let [_, facts @ .., _] = self.texts();
        let [latitude, longitude, wikidata, geonames] = facts.map(str::to_string);
        Facts { country: self.country().to_string(), latitude, longitude, wikidata, geonames }
    }

    /// Roles of a person, lower case.
    pub fn roles(self) -> impl Iterator<Item = &'g str> {
        let [.., roles] = self.texts();
        roles.split('|').filter(|role| !role.is_empty())
    }
}

/// The id of an entity that no gazetteer has numbered: type, folded name and (for places) country, readable and
/// the same in every run.
pub fn entity_id(kind: EntityType, name: &str, country: &str) -> String {
    let mut slug = String::with_capacity("per:".len() + name.len() + ".".len() + country.len());
    slug.push_str(match kind {
        EntityType::Person => "per:",
        EntityType::Place => "loc:",
        EntityType::Organization => "org:",
    });
    // What is neither letter nor digit parts words, but for apostrophes; nothing is parted at the ends.
    let (start, mut parted) = (slug.len(), false);
    let mut push = |c: char| {
        if c.is_alphanumeric() {
            if parted && slug.len() > start {
                slug.push('-');
            }
            slug.push(c);
            parted = false;
        } else {
            parted |= c != '\'';
        }
    };
    if name.is_ascii() {
        name.bytes().filter(|byte| *byte != b'.').for_each(|byte| push(char::from(byte.to_ascii_lowercase())));
    } else {
        fold(name).chars().for_each(push);
    }
    if !country.is_empty() {
        slug.push('.');
        slug.push_str(&country.to_ascii_lowercase());
    }
    slug
}

pub(super) fn kind(head: u8) -> EntityType {
    match head & 3 {
        0 => EntityType::Person,
        1 => EntityType::Place,
        _ => EntityType::Organization,
    }
}

pub(super) fn matching(head: u8) -> Matching {
    match head >> 2 & 3 {
        1 => Matching::Exact,
        2 => Matching::Weak,
        _ => Matching::Normal,
    }
}

/// Reads records. Behind the end of the bytes all numbers are 0 and all texts empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'g> {
    pub bytes: &'g [u8],
    pub at: usize,
}

impl<'g> Cursor<'g> {
    pub fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at = self.at.saturating_add(1);
        byte
    }

    pub fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    /// Passes over facts.
    pub fn skip_facts(&mut self) {
        let facts = self.byte();
        self.skip((facts & NUMBERS).count_ones());
        let texts =
            u8::from(facts & ID != 0) + 2 * u8::from(facts & COORDINATES != 0) + 3 * u8::from(facts & MORE != 0);
        for _ in 0..texts {
            self.text_bytes();
        }
    }

    /// Passes over `count` numbers.
    pub fn skip(&mut self, count: u32) -> &mut Self {
        for _ in 0..count {
            self.number();
        }
        self
    }

    pub fn place(&mut self) -> u32 {
        let bytes = self.bytes.get(self.at..self.at.saturating_add(4)).and_then(|b| b.try_into().ok());
        self.at = self.at.saturating_add(4);
        bytes.map_or(0, u32::from_le_bytes)
    }

    pub fn text_bytes(&mut self) -> &'g [u8] {
        let length = self.number() as usize;
        let end = self.at.saturating_add(length);
        let bytes = self.bytes.get(self.at..end).unwrap_or_default();
        self.at = end;
        bytes
    }

    pub fn text(&mut self) -> &'g str {
        std::str::from_utf8(self.text_bytes()).unwrap_or_default()
    }
}

/// Appends a number as [`Cursor::number`] reads it.
pub(super) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a text as [`Cursor::text`] reads it.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_read_as_written() {
        let mut bytes = Vec::new();
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        for number in numbers {
            put_number(&mut bytes, number);
        }
        put_text(&mut bytes, "Gəncə");
        let mut cursor = Cursor { bytes: &bytes, at: 0 };
        for number in numbers {
            assert_eq!(cursor.number(), number);
        }
        assert_eq!(cursor.text(), "Gəncə");
        assert_eq!((cursor.number(), cursor.text(), cursor.place()), (0, "", 0), "behind the end");
    }
}
