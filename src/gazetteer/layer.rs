//! Some files of names, compiled together: a hash table over the words of their forms.
//!
//! The key of a form is a hash over the hashes of its folded words, one after the other, so that the key of a form's
//! beginning is known when that of the whole is computed. A filter of bits (blocked, after Bloom 1970 and Putze, Sanders and
//! Singler 2007) holds the keys of all forms and those of all their beginnings: it tells whether words of a text need to be
//! looked up, and whether a name may go on behind them. The table has buckets of 64 bytes, which is what a processor reads at
//! once: a byte tells which of a bucket's keys can be the one that is looked for, and beside it lies the place of the record,
//! whose text decides.

use super::{
    Alias, Case, Entry, Flags,
    buckets::{Buckets, Probe},
    bytes::bring,
    entry::{ACRONYM, ARTICLE, CANONICAL, CAPITALS, Cursor, FORM, GROUP, kind, matching},
    image::{Image, Section},
    lexicon::{
        NAME_ALONE, OWN_NAME_ALONE, SECOND_OF_NAME, SECOND_OF_NAME_LOWER, SECOND_OF_OWN_NAME, SECOND_OF_OWN_NAME_LOWER,
        STARTS_NAME, STARTS_NAME_LOWER, token_hash,
    },
};
use crate::{
    error::{Error, Result},
    token::{self, Token},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One file of names or words, for the record of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GazetteerSource {
    /// File name, or the path that the user gave.
    pub name: String,
    /// Number of rows.
    pub rows: usize,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Whether it is part of the program.
    pub embedded: bool,
}

/// What a compiled gazetteer of names tells of itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct About {
    /// The files that it was made from.
    pub sources: Vec<GazetteerSource>,
    /// Finer kinds of entries; the first is empty.
    pub classes: Vec<String>,
    /// Countries of entries; the first is empty.
    pub countries: Vec<String>,
    /// Number of entries.
    pub entries: u64,
    /// Number of forms.
    pub forms: u64,
    /// Buckets that keys of names are spread over; those that find theirs full go on behind, beyond the last if need be.
    pub name_buckets: u64,
    /// The same for words, which have slots.
    pub part_slots: u64,
    /// Checksum of the lexicon that [`Section::Overlay`] is for.
    pub lexicon: u64,
    /// Which state of the CSV file a file beside it was compiled from; 0 if it stands for itself.
    pub stamp: u64,
}

/// Compiled names.
#[derive(Debug)]
pub(super) struct Layer {
    image: Arc<Image>,
    about: About,
    number: u32,
    first_source: usize,
}

/// How many bits of an entry's number are its place; the rest is the layer.
const PLACE_BITS: u32 = 29;
/// The most layers that a gazetteer can have.
pub(super) const LAYERS: usize = 1 << (32 - PLACE_BITS);
/// The most bytes of records in a layer.
pub(super) const RECORDS: usize = 2 << PLACE_BITS;

/// The key of no words at all.
pub(super) const START: u64 = 0x243f_6a88_85a3_08d3;

/// The key of some words and one more.
pub(super) fn extend(key: u64, word: u64) -> u64 {
    let product = u128::from(key ^ word) * u128::from(0x9e37_79b9_7f4a_7c15u64);
    (product >> 64) as u64 ^ product as u64
}

/// The position of a key in a table of `length` slots (Lemire 2019).
pub(crate) fn slot(key: u64, length: usize) -> usize {
    ((u128::from(key) * length as u128) >> 64) as usize
}

/// The bits of the key of a whole form in its word of the filter.
pub(super) fn whole_bits(key: u64) -> u64 {
    1 << (key >> 8 & 63) | 1 << (key >> 14 & 63) | 1 << (key >> 20 & 63)
}

/// The same for the key of words that a form goes on behind.
pub(super) fn beginning_bits(key: u64) -> u64 {
    whole_bits(key >> 18)
}

impl Layer {
    /// The names in `image`, as layer `number`.
    pub(super) fn new(image: Arc<Image>, about: About, number: usize, first_source: usize) -> Result<Layer> {
        let layer = Layer { image, about, number: number as u32, first_source };
        if layer.records().len() > RECORDS {
            return Err(Error::gazetteer(super::image::DAMAGED));
        }
        Ok(layer)
    }

    /// What the image tells of itself, if it holds nothing but names.
    pub(super) fn about(image: &Image) -> Result<About> {
        postcard::from_bytes(image.slice(Section::Lists)).map_err(|_| Error::gazetteer(super::image::DAMAGED))
    }

    pub(super) fn image(&self) -> &Image {
        &self.image
    }

    pub(super) fn records(&self) -> &[u8] {
        self.image.slice(Section::Records)
    }

    pub(super) fn class(&self, number: u64) -> &str {
        self.about.classes.get(number as usize).map_or("", String::as_str)
    }

    pub(super) fn country(&self, number: u64) -> &str {
        self.about.countries.get(number as usize).map_or("", String::as_str)
    }

    /// The number of a source of this layer among all of the gazetteer.
    pub(super) fn source(&self, number: u64) -> usize {
        self.first_source + (number as usize).min(self.about.sources.len().saturating_sub(1))
    }

    pub(super) fn is_first(&self) -> bool {
        self.number == 0
    }

    pub(super) fn lexicon_checksum(&self) -> u64 {
        self.about.lexicon
    }

    /// The layer and the place in it of an entry's number.
    pub(super) fn split(entry: u32) -> (usize, usize) {
        ((entry >> PLACE_BITS) as usize, (entry as usize & ((1 << PLACE_BITS) - 1)) * 2)
    }

    /// The number of the entry at this place.
    pub(super) fn number_of(&self, at: usize) -> u32 {
        self.number << PLACE_BITS | (at / 2) as u32
    }

    /// All entries, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < self.records().len() {
                let here = at;
                let mut cursor = Cursor { bytes: self.records(), at };
                let head = cursor.byte();
                match head & GROUP {
                    GROUP => {
                        let count = cursor.number() as usize;
                        cursor.at = cursor.at.saturating_add(count.saturating_mul(4));
                    }
                    FORM => {
                        let form = cursor.byte();
                        cursor.place();
                        cursor.text_bytes();
                        if form & CAPITALS != 0 {
                            cursor.number();
                        }
                    }
                    _ => {
                        let form = cursor.byte();
                        cursor.text_bytes();
                        if form & CAPITALS != 0 {
                            cursor.number();
                        }
                        if head & super::entry::FULL != 0 {
                            cursor.skip_facts();
                        }
                    }
                }
                at = cursor.at.next_multiple_of(2);
                if head & FORM == 0 {
                    return Some(Entry { layer: self, at: here });
                }
            }
            None
        })
    }

    /// The arrays, for many look-ups.
    pub(super) fn names(&self) -> Names<'_> {
        Names {
            buckets: Buckets::new(self.image.slice(Section::NameBuckets), self.about.name_buckets as usize),
            filter: self.image.slice(Section::NameFilter),
            records: self.records(),
            number: self.number,
        }
    }

    /// The slot of a word that is part of a name, and what names it is part of, as bits of [`PARTS`].
    pub(super) fn part(&self, hash: u64) -> Option<(u32, u16)> {
        let (tags, flags) = (self.image.slice::<u16>(Section::PartTags), self.image.slice::<u8>(Section::PartFlags));
        let tag = part_tag(hash);
        let start = slot(hash, self.about.part_slots as usize);
        let run = tags.get(start..)?.iter().take_while(|found| **found != 0);
        let at = start + run.into_iter().position(|found| *found == tag)?;
        flags.get(at).map(|flags| (at as u32, of_byte(*flags)))
    }

    /// What the word in this slot is part of.
    pub(super) fn part_flags(&self, slot: u32) -> u128 {
        parts_of(self.image.slice::<u8>(Section::PartFlags).get(slot as usize).copied().map_or(0, of_byte))
    }

    /// Words of the lexicon that the names make more of: (number, flags).
    pub(super) fn overlay(&self) -> impl Iterator<Item = (u32, u16)> {
        let all = self.image.slice::<u32>(Section::Overlay);
        all.iter().map(|both| (both & ((1 << WORD_BITS) - 1), (both >> WORD_BITS) as u16))
    }
}

/// How many bits of an element of [`Section::Overlay`] are the number of a word; the rest is what names make more of it.
const WORD_BITS: u32 = 23;

/// An element of [`Section::Overlay`].
pub(super) fn overlaid(word: u32, parts: u16) -> u32 {
    debug_assert!(word < 1 << WORD_BITS, "the lexicon has fewer than eight million words");
    word | u32::from(parts) << WORD_BITS
}

/// The two bytes that stand for a word in the table of words; 0 is an empty slot.
pub(super) fn part_tag(hash: u64) -> u16 {
    (hash as u16).max(1)
}

/// What a word of a name can be, bit by bit.
pub(super) const PARTS: [u128; 9] = [
    Flags::IN_PERSON.bits(),
    Flags::IN_PLACE.bits(),
    Flags::IN_ORGANIZATION.bits(),
    Flags::KNOWN_SURNAME.bits(),
    STARTS_NAME,
    STARTS_NAME_LOWER,
    NAME_ALONE,
    SECOND_OF_NAME,
    SECOND_OF_NAME_LOWER,
];

/// Bits of [`PARTS`] for the byte about a word of which the lexicon knows nothing. It has no place for the last of them: such a
/// word may be the second one in lower case too.
fn of_byte(flags: u8) -> u16 {
    u16::from(flags) | u16::from(flags >> 7) << 8
}

/// The bits of the lexicon for those of a layer of the user.
#[inline]
pub(super) fn parts_of(bits: u16) -> u128 {
    /// For all there are.
    const ALL: [u128; 1 << PARTS.len()] = {
        let mut all = [0; 1 << PARTS.len()];
        let mut bits = 1;
        while bits < all.len() {
            let lowest = bits.trailing_zeros();
            let part = match PARTS[lowest as usize] {
                NAME_ALONE => OWN_NAME_ALONE,
                SECOND_OF_NAME => SECOND_OF_OWN_NAME,
                SECOND_OF_NAME_LOWER => SECOND_OF_OWN_NAME_LOWER,
                part => part,
            };
            all[bits] = all[bits & (bits - 1)] | part;
            bits += 1;
        }
        all
    };
    ALL[bits as usize % ALL.len()]
}

/// A record that words which may be a form may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// Which words.
    pub wanted: u32,
    /// Half of where it lies.
    pub place: u32,
}

/// The arrays of a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'g> {
    buckets: Buckets<'g>,
    filter: &'g [u64],
    records: &'g [u8],
    number: u32,
}

impl<'g> Names<'g> {
    /// Has the filter brought near where it tells of a key.
    #[inline]
    pub(super) fn bring_filter(&self, key: u64) {
        bring(self.filter, slot(key, self.filter.len()));
    }

    /// Whether the words of this key, two or more, may be a form, and whether one may go on behind them.
    #[inline]
    pub(super) fn may_be(&self, key: u64) -> (bool, bool) {
        // Without a branch, since nobody can foretell it.
        let word = self.filter.get(slot(key, self.filter.len())).copied().unwrap_or(0);
        (word & whole_bits(key) == whole_bits(key), word & beginning_bits(key) == beginning_bits(key))
    }

    /// Where the search for a key begins.
    #[inline]
    pub(super) fn probe(&self, key: u64) -> Probe {
        self.buckets.probe(key)
    }

    /// Appends all records that the key of a probe may have.
    #[inline]
    pub(super) fn records_of(&self, probe: &Probe, wanted: u32, out: &mut Vec<Record>) {
        self.buckets.places_of(probe, |place, is_one| {
            bring(self.records, place as usize * 2);
            // Without a branch, since nobody can foretell it.
            out.push(Record { wanted, place });
            out.truncate(out.len() - usize::from(!is_one));
        });
    }

    /// Calls `found` for every form in the record at this place (halved) whose words are those of `tokens`, `words` in number, in
    /// the order of the files.
    pub(super) fn forms(&self, place: u32, words: usize, text: &str, tokens: &[Token], mut found: impl FnMut(Alias)) {
        let at = place as usize * 2;
        if self.records.get(at).is_some_and(|head| head & GROUP == GROUP) {
            let mut cursor = Cursor { bytes: self.records, at: at + 1 };
            let count = cursor.number().min(self.records.len() as u64 / 4);
            for _ in 0..count {
                let place = cursor.place() as usize * 2;
                self.form(place, words, text, tokens, &mut found);
            }
        } else {
            self.form(at, words, text, tokens, &mut found);
        }
    }

    fn form(&self, at: usize, words: usize, text: &str, tokens: &[Token], found: &mut impl FnMut(Alias)) {
        let mut cursor = Cursor { bytes: self.records, at };
        let (head, form) = (cursor.byte(), cursor.byte());
        let entry = if head & FORM != 0 { cursor.place() } else { (at / 2) as u32 };
        let written = cursor.text_bytes();
        if !is_form(written, text, tokens) {
            return;
        }
        let article = form & ARTICLE != 0;
        let capitals = if form & CAPITALS != 0 { cursor.number() as u32 } else { all_capitals(words, article) };
        found(Alias {
            entry: self.number << PLACE_BITS | entry,
            kind: kind(head),
            case: if form & ACRONYM != 0 { Case::Acronym } else { Case::Name },
            matching: matching(head),
            canonical: form & CANONICAL != 0,
            article,
            capitals,
            literal: capitals == 0 && is_literal(written, text, tokens),
        });
    }
}

/// The letter case of a form of `words` words that all begin with an upper-case letter, an article in front apart.
pub(super) fn all_capitals(words: usize, article: bool) -> u32 {
    let all = if words >= 32 { u32::MAX } else { (1 << words) - 1 };
    all & !u32::from(article)
}

/// Whether the words of `form` are those of `tokens`: letter for letter, mostly; else word by word, by the hashes of their
/// folded forms.
fn is_form(form: &[u8], text: &str, tokens: &[Token]) -> bool {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return false };
    // Without a text nothing is told but by the words themselves.
    let written = text.as_bytes().get(first.start as usize..last.end as usize).unwrap_or_default();
    // The period of "Inc." is a token of its own.
    let plain = form.strip_suffix(b".").unwrap_or(form);
    if plain == written || plain.eq_ignore_ascii_case(written) {
        return true;
    }
    // Another key with the same tag: seldom does it begin with the same letter.
    if let ([a, ..], [b, ..]) = (form, written)
        && a.is_ascii_alphabetic()
        && b.is_ascii_alphabetic()
        && !a.eq_ignore_ascii_case(b)
    {
        return false;
    }
    let Ok(form) = std::str::from_utf8(form) else { return false };
    let hashes = || tokens.iter().filter(|token| !token.is('.')).map(|token| token.hash);
    let mut buffer = String::new();
    // Mostly white space is all that parts words: "Bogotá D.C." Then they need not be cut as in a text, which takes longer.
    if form.split(' ').map(|word| token::hash_word(word, &mut buffer)).eq(hashes()) {
        return true;
    }
    let own = token::tokens(form).filter(|token| !token.is('.')).map(|token| token_hash(&token, form, &mut buffer));
    own.eq(hashes())
}

/// Whether `tokens` are written as `form` is. White space may be of another kind, and the period of an abbreviation is no
/// token of the name.
#[cold]
fn is_literal(form: &[u8], text: &str, tokens: &[Token]) -> bool {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return false };
    let (Some(written), Ok(form)) = (text.get(first.start as usize..last.end as usize), std::str::from_utf8(form))
    else {
        return false;
    };
    words(written).eq(words(form))
}

/// What white space parts, without a period at the end.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.strip_suffix('.').unwrap_or(text).split_whitespace()
}
