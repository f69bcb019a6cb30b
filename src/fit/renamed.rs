//! Copies of annotated articles in which people bear other names. Annotated news comes from few countries, and its names with it: in
//! West African news hardly anybody is called Weaver or Hunt, and what is learned from it does not hold in Ohio. The
//! copies have the same sentences and the gazetteers' given names and surnames, many of them common words.

use crate::{
    evaluate::Gold,
    gazetteer::{Flags, Gazetteer},
    model::EntityType,
    token,
};
use std::collections::HashMap;

/// One new surname in so many is any noun of the dictionary: every word can be a surname.
const NOUN: u64 = 6;

/// The words that new names are made of.
pub(super) struct Names<'g> {
    gazetteer: &'g Gazetteer,
    given: Vec<String>,
    surnames: Vec<String>,
    nouns: Vec<String>,
}

impl<'g> Names<'g> {
    pub(super) fn new(gazetteer: &'g Gazetteer) -> Self {
        let mut names = Names { gazetteer, given: Vec::new(), surnames: Vec::new(), nouns: Vec::new() };
        for (word, flags) in gazetteer.lexicon.words() {
            if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
                continue;
            }
            if flags.intersects(Flags::GIVEN) {
                names.given.push(capital(word));
            }
            if flags.contains(Flags::SURNAME) {
                names.surnames.push(capital(word));
            } else if flags.contains(Flags::NOUN) && !flags.intersects(Flags::GIVEN | Flags::FUNCTION | Flags::IN_PLACE)
            {
                names.nouns.push(capital(word));
            }
        }
        // A hash map has no order of its own.
        for list in [&mut names.given, &mut names.surnames, &mut names.nouns] {
            list.sort_unstable();
        }
        names
    }

    /// The copy of `article`, or nothing if nobody in it has a full name.
    pub(super) fn rename(&self, article: &Gold) -> Option<Gold> {
        let entities = article.entities.as_ref()?;
        let mut bytes: Vec<usize> = article.text.char_indices().map(|(at, _)| at).collect();
        bytes.push(article.text.len());
        let surface = |start: usize, end: usize| article.text.get(*bytes.get(start)?..*bytes.get(end)?);
        let mut random = Random::new(&article.id);
        let mut other: HashMap<String, String> = HashMap::new();
        let people = entities.iter().filter(|e| EntityType::parse(&e.kind) == Some(EntityType::Person));
        for person in people.clone() {
            let words: Vec<&str> = surface(person.start, person.end)?.split(' ').collect();
            let [first, .., last] = words[..] else { continue };
            if self.can_change(first) && self.can_change(last) {
                other.entry(token::fold(first)).or_insert_with(|| random.pick(&self.given).to_string());
                let surnames = if random.below(NOUN) == 0 { &self.nouns } else { &self.surnames };
                other.entry(token::fold(last)).or_insert_with(|| random.pick(surnames).to_string());
            }
        }
        if other.is_empty() {
            return None;
        }
        let mut copy = Gold { text: String::new(), entities: None, ..article.clone() };
        let mut named = Vec::with_capacity(entities.len());
        let mut order: Vec<_> = entities.iter().collect();
        order.sort_by_key(|entity| entity.start);
        let (mut at, mut points) = (0, 0);
        for entity in order {
            if entity.start < at {
                return None;
            }
            let between = surface(at, entity.start)?;
            copy.text.push_str(between);
            points += entity.start - at;
            let old = surface(entity.start, entity.end)?;
            let new = if EntityType::parse(&entity.kind) == Some(EntityType::Person) {
                let words = old.split(' ').map(|word| other.get(&token::fold(word)).map_or(word, String::as_str));
                words.collect::<Vec<_>>().join(" ")
            } else {
                old.to_string()
            };
            let length = new.chars().count();
            named.push(crate::evaluate::Name { start: points, end: points + length, ..entity.clone() });
            copy.text.push_str(&new);
            points += length;
            at = entity.end;
        }
        copy.text.push_str(surface(at, bytes.len() - 1)?);
        copy.entities = Some(named);
        Some(copy)
    }

    /// Whether a word of a name can be exchanged: initials, particles and words in other letters stay.
    fn can_change(&self, word: &str) -> bool {
        let flags = self.gazetteer.lexicon.flags(self.gazetteer.lexicon.get(&token::fold(word)));
        word.chars().count() > 2
            && word.chars().all(char::is_alphabetic)
            && word.starts_with(char::is_uppercase)
            && word.chars().skip(1).any(char::is_lowercase)
            && !flags.contains(Flags::PARTICLE)
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Numbers that depend on the article alone, so that the same articles give the same weights.
struct Random(u64);

impl Random {
    fn new(seed: &str) -> Self {
        Random(
            seed.bytes()
                .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)),
        )
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }

    fn pick<'l>(&mut self, list: &'l [String]) -> &'l str {
        let at = self.below(list.len() as u64) as usize;
        list.get(at).map_or("", String::as_str)
    }
}
