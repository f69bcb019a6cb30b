//! Rows of names -> the sections of a compiled gazetteer.

use super::{
    Flags, GazetteerSource,
    buckets::buckets,
    entry::{
        ACRONYM, ARTICLE, CANONICAL, CAPITALS, CLASS, COORDINATES, COUNTRY, FORM, FULL, GROUP, ID, MORE, NAMESAKE,
        POPULATION, SOURCE, TOLD, entity_id, put_number, put_text,
    },
    image::{ImageWriter, Section},
    layer::{About, PARTS, RECORDS, START, all_capitals, beginning_bits, extend, overlaid, part_tag, slot, whole_bits},
    lexicon::{
        NAME_ALONE, SECOND_OF_NAME, SECOND_OF_NAME_LOWER, STARTS_NAME, STARTS_NAME_LOWER, fold_token, token_hash,
    },
    table::Row,
};
use crate::{
    error::{Error, Result},
    model::EntityType,
    token::{self, Shape, Token},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// The longest name in characters.
pub(crate) const LONGEST: usize = 1000;

/// What takes in the words of names.
pub(crate) trait Vocabulary {
    /// A word of a name, and what it is part of: bits of the lexicon.
    fn add(&mut self, folded: &str, hash: u64, parts: u128);
    /// Whether this is the hash of an article.
    fn is_article(&self, hash: u64) -> bool;
}

/// Takes in rows of names.
#[derive(Debug, Default)]
pub(crate) struct NamesBuilder {
    about: About,
    records: Vec<u8>,
    /// Key and half the place of each form.
    forms: Vec<(u64, u32)>,
    /// Keys of all forms of two words or more, and of all beginnings of forms that have two or more.
    wholes: Vec<u64>,
    beginnings: Vec<u64>,
    /// For the hash of each id, how many entries it has.
    ids: FxHashMap<u64, u64>,
    /// Hashes of all rows, each with its file.
    rows: FxHashSet<u64>,
    classes: FxHashMap<String, u64>,
    countries: FxHashMap<String, u64>,
    duplicates: u64,
}

/// A form's words: the hash of each and its token, periods left out.
type Words = Vec<(u64, Token)>;

impl NamesBuilder {
    /// The rows that follow are from this file.
    pub(crate) fn source(&mut self, source: GazetteerSource) {
        self.about.sources.push(source);
    }

    /// The file that was named last.
    pub(crate) fn last_source(&mut self) -> Option<&mut GazetteerSource> {
        self.about.sources.last_mut()
    }

    /// Number of rows that were the same as an earlier one of their file.
    pub(crate) fn duplicates(&self) -> u64 {
        self.duplicates
    }

    /// Adds the entry of a row.
    ///
    /// # Errors
    /// No name, or one that is too long; no type; too many names for one compiled gazetteer.
    pub(crate) fn add(&mut self, row: Row<'_>, vocabulary: &mut impl Vocabulary) -> Result<()> {
        let name = level(row.get("name"));
        if name.is_empty() {
            return Err(row.error("`name` is empty"));
        }
        let kind = EntityType::parse(row.get("type"))
            .ok_or_else(|| row.error(format!("`{}` is no type: use person, place or organization", row.get("type"))))?;
        let too_long = |form: &str| form.len() > LONGEST && form.chars().count() > LONGEST;
        if too_long(&name) || row.list("aliases").any(too_long) {
            return Err(row.error(format!("a name of more than {LONGEST} characters")));
        }
        let Some(namesake) = self.namesake(row, kind, &name) else {
            self.duplicates += 1;
            return Ok(());
        };
        self.about.entries += 1;
        let head = kind.index() as u8
            | match row.get("match") {
                "exact" => 1,
                "weak" => 2,
                _ => 0,
            } << 2
            | match row.get("gender") {
                "m" => 1,
                "f" => 2,
                _ => 0,
            } << 4;
        let facts = self.facts(row, namesake);
        let entry = self.place(row)?;
        let head = if facts.is_empty() { head } else { head | FULL };
        // What a further form tells of its entry beside its place.
        let further = (FORM | head & TOLD, Some(entry));
        self.form(&name, kind, (head, None), vocabulary, CANONICAL);
        self.records.extend_from_slice(&facts);
        self.without_hyphens(&name, kind, further, vocabulary, CANONICAL);
        for alias in row.list("aliases") {
            let alias = level(alias);
            if alias.is_empty() {
                continue;
            }
            self.place(row)?;
            self.form(&alias, kind, further, vocabulary, 0);
            self.without_hyphens(&alias, kind, further, vocabulary, 0);
        }
        Ok(())
    }

    /// Half the place of the next record.
    fn place(&mut self, row: Row<'_>) -> Result<u32> {
        if self.records.len() + 64 * LONGEST > RECORDS {
            return Err(row.error("too many names for one file: cut it in two"));
        }
        Ok(self.even())
    }

    fn even(&mut self) -> u32 {
        self.records.resize(self.records.len().next_multiple_of(2), 0);
        (self.records.len() / 2) as u32
    }

    /// The how-manieth entry with its id this is; nothing if the same row was there before.
    fn namesake(&mut self, row: Row<'_>, kind: EntityType, name: &str) -> Option<u64> {
        // A separator that cells do not hold, so that "a", "b" is not "ab".
        let cells: Vec<&str> = row.cells().collect();
        let text = format!("{}\u{1f}{}", self.about.sources.len(), cells.join("\u{1f}"));
        if !self.rows.insert(token::hash(&text)) {
            return None;
        }
        let given = row.get("id");
        let country = if kind == EntityType::Place { row.get("country") } else { "" };
        let id = if given.is_empty() { Cow::from(entity_id(kind, name, country)) } else { Cow::from(given) };
        let count = self.ids.entry(token::hash(&id)).or_insert(0);
        *count += 1;
        Some(if given.is_empty() { *count } else { 1 })
    }

    fn facts(&mut self, row: Row<'_>, namesake: u64) -> Vec<u8> {
        let intern = |cell: &str, list: &mut Vec<String>, numbers: &mut FxHashMap<String, u64>| {
            if list.is_empty() {
                list.push(String::new());
            }
            if cell.is_empty() {
                return 0;
            }
            *numbers.entry(cell.to_string()).or_insert_with(|| {
                list.push(cell.to_string());
                list.len() as u64 - 1
            })
        };
        let numbers = [
            (CLASS, intern(row.get("kind"), &mut self.about.classes, &mut self.classes)),
            (COUNTRY, intern(row.get("country"), &mut self.about.countries, &mut self.countries)),
            (POPULATION, row.get("population").parse().unwrap_or(0)),
            (SOURCE, (self.about.sources.len() as u64).saturating_sub(1)),
            (NAMESAKE, if namesake > 1 { namesake } else { 0 }),
        ];
        let roles = row.list("roles").collect::<Vec<_>>().join("|");
        let texts = [
            (ID, vec![row.get("id")]),
            (COORDINATES, vec![row.get("latitude"), row.get("longitude")]),
            (MORE, vec![row.get("wikidata"), row.get("geonames"), &roles]),
        ];
        let mut out = vec![0];
        for (fact, number) in numbers.iter().filter(|(_, number)| *number > 0) {
            out[0] |= fact;
            put_number(&mut out, *number);
        }
        for (fact, texts) in texts.iter().filter(|(_, texts)| texts.iter().any(|text| !text.is_empty())) {
            out[0] |= fact;
            texts.iter().for_each(|text| put_text(&mut out, text));
        }
        if out[0] == 0 { Vec::new() } else { out }
    }

    /// Writes the record of a form, up to the facts: that of an entry, or of a further form of one.
    fn form(
        &mut self,
        form: &str,
        kind: EntityType,
        (head, entry): (u8, Option<u32>),
        vocabulary: &mut impl Vocabulary,
        canonical: u8,
    ) {
        let place = self.even();
        let words = words_of(form);
        let Some(last) = words.len().checked_sub(1) else {
            // A name of nothing but periods: it stands in the tables, and no text has it.
            self.write(form, &words, (head, entry), canonical);
            return;
        };
        let part = PARTS[kind.index()];
        let mut folded = String::new();
        for (i, (hash, token)) in words.iter().enumerate() {
            folded.clear();
            fold_token(token, form, &mut folded);
            let mut parts = place_of(i, &words);
            if token.is_capitalized() {
                parts |= part;
                if kind == EntityType::Person && i == last && last > 0 {
                    parts |= Flags::KNOWN_SURNAME.bits();
                }
            }
            vocabulary.add(&folded, *hash, parts);
        }
        let flags = canonical | flags_of(form, &words, kind, vocabulary);
        self.write(form, &words, (head, entry), flags);
        self.find_at(&words, place);
    }

    /// Makes the form of these words be found, whose record is at `place` (halved).
    fn find_at(&mut self, words: &Words, place: u32) {
        let mut key = START;
        for (i, (hash, _)) in words.iter().enumerate() {
            // What a word by itself can be, its flags tell.
            if i > 1 {
                self.beginnings.push(key);
            }
            key = extend(key, *hash);
        }
        if words.len() > 1 {
            self.wholes.push(key);
        }
        self.forms.push((key, place));
        self.about.forms += 1;
    }

    fn write(&mut self, form: &str, words: &Words, (head, entry): (u8, Option<u32>), flags: u8) {
        let capitals = capitals_of(words) & !u32::from(flags & ARTICLE != 0);
        let told = capitals != all_capitals(words.len(), flags & ARTICLE != 0);
        self.records.extend([head, if told { flags | CAPITALS } else { flags }]);
        if let Some(entry) = entry {
            self.records.extend(entry.to_le_bytes());
        }
        put_text(&mut self.records, form);
        if told {
            put_number(&mut self.records, u64::from(capitals));
        }
    }

    /// "Nagorno Karabakh" for "Nagorno-Karabakh".
    fn without_hyphens(
        &mut self,
        form: &str,
        kind: EntityType,
        further: (u8, Option<u32>),
        vocabulary: &mut impl Vocabulary,
        canonical: u8,
    ) {
        if !form.contains('-') {
            return;
        }
        let mut words = words_of(form);
        let all = words.len();
        let flags = canonical | flags_of(form, &words, kind, vocabulary);
        words.retain(|(_, token)| !token.is('-'));
        if words.is_empty() || words.len() == all {
            return;
        }
        for (i, (hash, _)) in words.iter().enumerate().take(2) {
            vocabulary.add("", *hash, place_of(i, &words));
        }
        let plain = form.replace('-', " ");
        let place = self.even();
        self.write(&plain, &words, further, flags);
        self.find_at(&words, place);
    }

    /// Adds the sections of the names to `writer`; what they tell of themselves is the caller's to write.
    pub(crate) fn finish(mut self, writer: &mut ImageWriter) -> About {
        // Stable, so that forms of the same words keep the order of the files.
        self.forms.sort_by_key(|(key, _)| *key);
        let mut keys: Vec<(u64, u32)> = Vec::with_capacity(self.forms.len());
        for same in self.forms.chunk_by(|a, b| a.0 == b.0) {
            let mut place = same[0].1;
            if same.len() > 1 {
                self.records.resize(self.records.len().next_multiple_of(2), 0);
                place = (self.records.len() / 2) as u32;
                self.records.push(GROUP);
                put_number(&mut self.records, same.len() as u64);
                same.iter().for_each(|(_, place)| self.records.extend(place.to_le_bytes()));
            }
            keys.push((same[0].0, place));
        }
        let (length, buckets) = buckets(&keys);
        self.about.name_buckets = length as u64;
        // Eight bits for each key: of those that are none, about one in twenty passes.
        self.beginnings.sort_unstable();
        self.beginnings.dedup();
        self.wholes.sort_unstable();
        self.wholes.dedup();
        let mut filter = vec![0u64; (self.wholes.len() + self.beginnings.len()) / 8 + 1];
        let words = filter.len();
        for (keys, bits) in [(&self.wholes, whole_bits as fn(u64) -> u64), (&self.beginnings, beginning_bits)] {
            keys.iter().for_each(|key| filter[slot(*key, words)] |= bits(*key));
        }
        writer.add(Section::NameBuckets, &buckets);
        writer.add(Section::NameFilter, &filter);
        writer.add(Section::Records, &self.records);
        self.about
    }
}

/// Where keys stand in a table.
struct Places {
    of: Vec<usize>,
    /// One past the last.
    end: usize,
}

/// Spreads sorted keys over a table in which one slot in five is empty. A key whose slot is taken stands in the next free one.
/// Returns the number of slots that keys are spread over, and the place of each.
fn spread(keys: impl ExactSizeIterator<Item = u64>) -> (usize, Places) {
    let length = keys.len() + keys.len() / 4 + 1;
    let mut free = 0;
    let of = keys.map(|key| {
        let at = slot(key, length).max(free);
        free = at + 1;
        at
    });
    let of: Vec<usize> = of.collect();
    (length, Places { of, end: length.max(free) })
}

/// Whether a form is an acronym, and whether it begins with an article: "the Guardian" is no name without it, but it is no
/// part of the name.
fn flags_of(form: &str, words: &Words, kind: EntityType, vocabulary: &impl Vocabulary) -> u8 {
    let upper = words.iter().all(|(_, t)| !t.is_word() || matches!(t.shape, Shape::Upper | Shape::Initial));
    let acronym = upper && words.len() <= 3 && form.chars().filter(|c| c.is_uppercase()).count() >= 2;
    let article = kind == EntityType::Organization && words.len() > 1 && vocabulary.is_article(words[0].0);
    (u8::from(acronym) * ACRONYM) | (u8::from(article) * ARTICLE)
}

/// What is told of word `i` of a form because of its place.
fn place_of(i: usize, words: &Words) -> u128 {
    let start = |token: &Token| if token.is_capitalized() { STARTS_NAME } else { STARTS_NAME_LOWER };
    match (i, &words[..]) {
        (0, [(_, only)]) => start(only) | NAME_ALONE,
        (0, [(_, first), ..]) => start(first),
        (1, [_, (_, second), ..]) if !second.is_capitalized() => SECOND_OF_NAME | SECOND_OF_NAME_LOWER,
        (1, _) => SECOND_OF_NAME,
        _ => 0,
    }
}

/// A cell with white space and control characters levelled to single spaces.
pub(crate) fn level(cell: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_whitespace() || c.is_control();
    if !cell.contains(|c: char| plain(c) && c != ' ') && !cell.contains("  ") {
        return Cow::Borrowed(cell);
    }
    Cow::Owned(cell.split(plain).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

fn words_of(form: &str) -> Words {
    let mut buffer = String::new();
    let tokens = token::tokenize(form).into_iter().filter(|token| !token.is('.'));
    tokens.map(|token| (token_hash(&token, form, &mut buffer), token)).collect()
}

fn capitals_of(words: &Words) -> u32 {
    let capital = words.iter().take(32).enumerate().filter(|(_, (_, token))| token.is_capitalized());
    capital.fold(0, |bits, (i, _)| bits | 1 << i)
}

/// The words of a user's names.
pub(super) struct Parts<'l> {
    pub(super) article: &'l dyn Fn(u64) -> bool,
    /// Bits of [`PARTS`], by hash.
    pub(super) parts: FxHashMap<u64, u16>,
}

impl Vocabulary for Parts<'_> {
    fn add(&mut self, _: &str, hash: u64, parts: u128) {
        let bits =
            PARTS.iter().enumerate().filter(|(_, part)| parts & **part != 0).fold(0, |bits, (i, _)| bits | 1 << i);
        *self.parts.entry(hash).or_default() |= bits;
    }

    fn is_article(&self, hash: u64) -> bool {
        (self.article)(hash)
    }
}

impl Parts<'_> {
    /// Adds the table of words, and which words of the lexicon (given by their hashes) the names make more of. Returns the
    /// number of slots that words are spread over.
    pub(super) fn finish(self, writer: &mut ImageWriter, lexicon: impl Iterator<Item = (u32, u64)>) -> u64 {
        let overlay: Vec<u32> = lexicon
            .filter_map(|(word, hash)| Some(overlaid(word, *self.parts.get(&hash).filter(|bits| **bits > 0)?)))
            .collect();
        let mut parts: Vec<(u64, u16)> = self.parts.into_iter().collect();
        parts.sort_unstable();
        let (length, places) = spread(parts.iter().map(|(hash, _)| *hash));
        let (mut tags, mut flags) = (vec![0u16; places.end], vec![0u8; places.end]);
        for ((hash, bits), at) in parts.iter().zip(places.of) {
            (tags[at], flags[at]) = (part_tag(*hash), *bits as u8);
        }
        writer.add(Section::PartTags, &tags);
        writer.add(Section::PartFlags, &flags);
        writer.add(Section::Overlay, &overlay);
        length as u64
    }
}

/// Refuses a file that cannot be told from others by its size.
pub(super) fn check_parts(parts: usize) -> Result<()> {
    if parts >= 1 << 26 { Err(Error::gazetteer("has too many different words: cut it in two")) } else { Ok(()) }
}
