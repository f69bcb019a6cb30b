//! Copies of annotated articles in which people, places and organizations bear other names. Annotated news comes from few
//! countries, and its names with it: in West African news hardly anybody is called Weaver or Hunt, and Apple is no company that
//! says anything. What is learned from it alone does not hold in Ohio. The copies have the same sentences, with names from
//! the gazetteers in place of some, and people named by given names and surnames of all countries, some of them
//! common words.

use crate::{
    evaluate::{Gold, Name},
    gazetteer::{Flags, Gazetteer},
    model::EntityType,
    token,
};
use std::collections::HashMap;

/// One new surname in so many is any noun of the dictionary: every word can be a surname.
const NOUN: u64 = 6;
/// One person in so many becomes one whom the gazetteers know.
const KNOWN: u64 = 6;
/// One new surname in so many gets a particle ("van Hatcher").
const PARTICLE: u64 = 12;
/// One place or organization in so many gets another name.
const CHANGED: u64 = 2;
/// One organization of several words in so many that change becomes an invented one ("Hatcher Rovers").
const INVENTED: u64 = 4;
/// One given name in so many becomes one or two initials.
const INITIALS: u64 = 8;
/// One organization of a single word in so many becomes one that is also a common word ("Apple").
const AMBIGUOUS: u64 = 4;

/// The words and names that new names are made of.
pub(super) struct Names<'g> {
    gazetteer: &'g Gazetteer,
    given: Vec<String>,
    surnames: Vec<String>,
    nouns: Vec<String>,
    particles: Vec<String>,
    /// Given name and surname of known people.
    people: Vec<(&'g str, &'g str)>,
    countries: Vec<&'g str>,
    places: Vec<&'g str>,
    acronyms: Vec<&'g str>,
    ambiguous: Vec<&'g str>,
    /// Words that end names of organizations.
    last: Vec<String>,
    /// Organizations of one word, of two, of three and more.
    organizations: [Vec<&'g str>; 3],
}

impl<'g> Names<'g> {
    pub(super) fn new(gazetteer: &'g Gazetteer) -> Self {
        let mut names = Names {
            gazetteer,
            given: Vec::new(),
            surnames: Vec::new(),
            nouns: Vec::new(),
            particles: Vec::new(),
            people: Vec::new(),
            countries: Vec::new(),
            places: Vec::new(),
            acronyms: Vec::new(),
            ambiguous: Vec::new(),
            last: Vec::new(),
            organizations: Default::default(),
        };
        names.take_words();
        names.take_entries();
        names
    }

    fn take_words(&mut self) {
        for (word, flags) in self.gazetteer.lexicon.words() {
            if flags.contains(Flags::PARTICLE) && word.len() <= 3 {
                self.particles.push(word.to_string());
            }
            if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
                continue;
            }
            if flags.contains(Flags::ORG_LAST) {
                self.last.push(capital(word));
            }
            if flags.intersects(Flags::GIVEN) {
                self.given.push(capital(word));
            }
            if flags.contains(Flags::SURNAME) {
                self.surnames.push(capital(word));
            } else if flags.contains(Flags::NOUN) && !flags.intersects(Flags::GIVEN | Flags::FUNCTION | Flags::IN_PLACE)
            {
                self.nouns.push(capital(word));
            }
        }
        // A hash map has no order of its own.
        for list in [&mut self.given, &mut self.surnames, &mut self.nouns, &mut self.particles, &mut self.last] {
            list.sort_unstable();
        }
    }

    fn take_entries(&mut self) {
        for entry in self.gazetteer.entries() {
            let name = entry.name();
            let words = name.split(' ').count();
            match (entry.kind(), entry.class()) {
                (EntityType::Person, _) => {
                    if let Some((given, surname)) = name.split_once(' ').filter(|_| words == 2) {
                        self.people.push((given, surname));
                    }
                }
                (EntityType::Place, "country" | "territory") => self.countries.push(name),
                (EntityType::Place, "city" | "capital" | "admin1") if entry.population() >= 50_000 || words == 1 => {
                    self.places.push(name);
                }
                (EntityType::Place, _) => {}
                (EntityType::Organization, _) if words == 1 && !name.chars().any(char::is_lowercase) => {
                    self.acronyms.push(name);
                }
                (EntityType::Organization, _) => {
                    let flags = self.gazetteer.lexicon.flags(self.gazetteer.lexicon.get(&token::fold(name)));
                    if words == 1 && flags.intersects(Flags::COMMON) {
                        self.ambiguous.push(name);
                    }
                    self.organizations[words.min(3) - 1].push(name);
                }
            }
        }
    }

    /// Copy number `number` of `article`; nothing if its annotations overlap.
    pub(super) fn rename(&self, article: &Gold, number: u64) -> Option<Gold> {
        let mut entities: Vec<&Name> = article.entities.as_ref()?.iter().collect();
        entities.sort_by_key(|entity| entity.start);
        let mut bytes: Vec<usize> = article.text.char_indices().map(|(at, _)| at).collect();
        bytes.push(article.text.len());
        let surface = |start: usize, end: usize| article.text.get(*bytes.get(start)?..*bytes.get(end)?);
        let mut renaming = Renaming {
            names: self,
            random: Random::new(&article.id, number),
            words: HashMap::new(),
            whole: HashMap::new(),
        };
        for entity in &entities {
            renaming.learn(surface(entity.start, entity.end)?, EntityType::parse(&entity.kind)?);
        }
        let mut copy = Gold { text: String::new(), entities: None, ..article.clone() };
        let mut named = Vec::with_capacity(entities.len());
        let (mut at, mut points) = (0, 0);
        for entity in entities {
            if entity.start < at {
                return None;
            }
            copy.text.push_str(surface(at, entity.start)?);
            points += entity.start - at;
            let new = renaming.of(surface(entity.start, entity.end)?, EntityType::parse(&entity.kind)?);
            let length = new.chars().count();
            named.push(Name { start: points, end: points + length, ..entity.clone() });
            copy.text.push_str(&new);
            points += length;
            at = entity.end;
        }
        copy.text.push_str(surface(at, bytes.len() - 1)?);
        copy.entities = Some(named);
        Some(copy)
    }

    /// Whether a word of a person's name can be exchanged: initials, particles and words in other letters stay.
    fn can_change(&self, word: &str) -> bool {
        let flags = self.gazetteer.lexicon.flags(self.gazetteer.lexicon.get(&token::fold(word)));
        word.chars().count() > 2
            && word.chars().all(char::is_alphabetic)
            && word.starts_with(char::is_uppercase)
            && word.chars().skip(1).any(char::is_lowercase)
            && !flags.contains(Flags::PARTICLE)
    }
}

/// The new names of one article: who is named twice keeps one name.
struct Renaming<'n, 'g> {
    names: &'n Names<'g>,
    random: Random,
    /// New words for the words of people's names.
    words: HashMap<String, String>,
    /// New names of places and organizations; empty if they keep theirs.
    whole: HashMap<String, String>,
}

impl Renaming<'_, '_> {
    fn learn(&mut self, surface: &str, kind: EntityType) {
        if kind == EntityType::Person {
            self.learn_person(surface);
        } else if !self.whole.contains_key(surface) {
            let new = if self.random.below(CHANGED) > 0 {
                String::new()
            } else if kind == EntityType::Place {
                let list = if self.is_country(surface) { &self.names.countries } else { &self.names.places };
                self.random.pick(list).copied().unwrap_or("").to_string()
            } else {
                self.organization(surface)
            };
            self.whole.insert(surface.to_string(), new);
        }
    }

    fn learn_person(&mut self, surface: &str) {
        let words: Vec<&str> = surface.split(' ').collect();
        let [first, .., last] = words[..] else { return };
        if !self.names.can_change(first) || !self.names.can_change(last) {
            return;
        }
        let known = if self.random.below(KNOWN) == 0 { self.random.pick(&self.names.people).copied() } else { None };
        let (given, surname) = match known {
            Some((given, surname)) => (given.to_string(), surname.to_string()),
            None => (self.given_name(), self.surname()),
        };
        self.words.entry(token::fold(first)).or_insert(given);
        self.words.entry(token::fold(last)).or_insert(surname);
    }

    fn surname(&mut self) -> String {
        let list = if self.random.below(NOUN) == 0 { &self.names.nouns } else { &self.names.surnames };
        let surname = self.random.pick(list).map_or("", String::as_str);
        if self.random.below(PARTICLE) > 0 {
            return surname.to_string();
        }
        format!("{} {surname}", self.random.pick(&self.names.particles).map_or("", String::as_str))
    }

    fn given_name(&mut self) -> String {
        let mut initial = || char::from(b'A' + self.random.below(26) as u8);
        let initials = [initial(), initial()];
        match self.random.below(INITIALS) {
            0 if self.random.below(2) == 0 => format!("{}.", initials[0]),
            0 => format!("{}. {}.", initials[0], initials[1]),
            _ => self.random.pick(&self.names.given).cloned().unwrap_or_default(),
        }
    }

    fn is_country(&self, surface: &str) -> bool {
        self.names.countries.contains(&surface)
    }

    fn organization(&mut self, surface: &str) -> String {
        let words = surface.split(' ').count();
        if words > 1 && self.random.below(INVENTED) == 0 {
            let town = self.random.below(2) == 0;
            let first = if town { self.random.pick(&self.names.places).copied() } else { None };
            let first = first.or_else(|| self.random.pick(&self.names.surnames).map(String::as_str)).unwrap_or("");
            return format!("{first} {}", self.random.pick(&self.names.last).map_or("", String::as_str));
        }
        let list = if words == 1 && !surface.chars().any(char::is_lowercase) {
            &self.names.acronyms
        } else if words == 1 && self.random.below(AMBIGUOUS) == 0 {
            &self.names.ambiguous
        } else {
            &self.names.organizations[words.min(3) - 1]
        };
        self.random.pick(list).copied().unwrap_or("").to_string()
    }

    /// The new form of a name.
    fn of(&self, old: &str, kind: EntityType) -> String {
        if kind == EntityType::Person {
            let words = old.split(' ').map(|word| self.words.get(&token::fold(word)).map_or(word, String::as_str));
            return words.collect::<Vec<_>>().join(" ");
        }
        self.whole.get(old).filter(|new| !new.is_empty()).map_or(old, String::as_str).to_string()
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Numbers that depend on the article alone, so that the same articles give the same weights.
struct Random(u64);

impl Random {
    fn new(seed: &str, number: u64) -> Self {
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Random(seed.bytes().fold(0xcbf2_9ce4_8422_2325 ^ number, hash))
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        let at = self.below(list.len() as u64) as usize;
        list.get(at)
    }
}
