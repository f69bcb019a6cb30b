//! Made-up names: as many as wanted, no two alike, each told by its number alone.
//!
//! A name is a choice from lists: a given name and a surname, a stem of syllables and a word such as "River". Each shape
//! of names counts its choices through in an order that looks random, and cutting a name gives its choices back: that is why
//! no two are alike, and why none has to be remembered.

use super::{
    random::{Permutation, Random},
    sentences::Words,
};
use crate::{
    error::{Error, Result},
    gazetteer::{Flags, Gazetteer},
    model::{EntityType, Gender},
};
use std::io::{self, Write};

/// How many given names are common ones: these begin half of the names of people, as common first words do in real lists.
const COMMON: usize = 400;

/// A list of made-up names without end.
#[derive(Debug)]
pub struct Names {
    given: Vec<(String, Gender)>,
    surnames: Vec<String>,
    stems: Stems,
    place_first: Vec<String>,
    place_last: Vec<String>,
    org_last: Vec<String>,
    org_sector: Vec<String>,
    org_first: Vec<String>,
    countries: Vec<String>,
    shapes: Vec<(Shape, Permutation)>,
    seed: u64,
}

/// One made-up name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeName {
    /// The name, in words separated by single spaces.
    pub name: String,
    /// What it is the name of.
    pub kind: EntityType,
    /// Gender of a person.
    pub gender: Gender,
    /// Another form, for about every tenth name. Other names may have the same one.
    pub alias: String,
    /// Code of a country.
    pub country: String,
    /// Inhabitants of a place; 0 for others.
    pub population: u64,
}

/// How a name is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    /// A common given name and a surname.
    Common,
    /// Another given name and a surname.
    Person,
    /// Two given names and a surname.
    Long,
    /// A stem: "Marodale".
    Town,
    /// "Upper Marodale".
    First,
    /// "Marodale River".
    Last,
    /// "Marodale Bank".
    Body,
    /// "Marodale Textile Group".
    Sector,
    /// "University of Marodale".
    Of,
}

/// The shapes of twenty names in a row.
const TURNS: [Shape; 20] = {
    use Shape::{Body, Common, First, Last, Long, Of, Person, Sector, Town};
    [
        Common, Person, Town, Common, Sector, Person, Last, Common, Body, Long, //
        Person, First, Common, Of, Person, Last, Common, Sector, Person, Long,
    ]
};

impl Names {
    /// The list that belongs to `seed`; given names and surnames are those that `gazetteer` lists.
    ///
    /// # Errors
    /// None, unless the lists that are part of the program are broken.
    pub fn new(gazetteer: &Gazetteer, seed: u64) -> Result<Names> {
        let words = Words::load()?;
        let stems = Stems::new(&words);
        let (mut given, mut surnames) = listed(gazetteer);
        Random::new(0, 0).shuffle(&mut given);
        // A listed surname that the syllables can spell as well would make two equal names.
        surnames.retain(|name| !stems.spell(name));
        let [place_first, place_last, org_last, org_sector, org_first] =
            ["place_first", "place_last", "org_last", "org_sector", "org_first"].map(|list| words.all(list));
        let listed = gazetteer.entries().filter(|entry| entry.class() == "country");
        let mut countries: Vec<String> = listed.map(|entry| entry.country().to_string()).collect();
        countries.retain(|country| !country.is_empty());
        countries.sort();
        countries.dedup();
        let mut names = Names {
            given,
            surnames,
            stems,
            place_first,
            place_last,
            org_last,
            org_sector,
            org_first,
            countries,
            shapes: Vec::new(),
            seed,
        };
        for shape in TURNS {
            if !names.shapes.iter().any(|(known, _)| *known == shape) {
                let key = seed.wrapping_mul(64).wrapping_add(shape as u64);
                names.shapes.push((shape, Permutation::new(names.choices(shape), key)));
            }
        }
        Ok(names)
    }

    /// How many names a shape can make.
    fn choices(&self, shape: Shape) -> u64 {
        let count = |list: &[String]| list.len() as u64;
        let surnames = count(&self.surnames) + self.stems.surnames();
        let (common, given) = (self.common() as u64, self.given.len() as u64);
        let places = self.stems.places();
        match shape {
            Shape::Common => common * surnames,
            Shape::Person => (given - common) * surnames,
            Shape::Long => given * common * surnames,
            Shape::Town => places,
            Shape::First => places * count(&self.place_first),
            Shape::Last => places * count(&self.place_last),
            Shape::Body => places * count(&self.org_last),
            Shape::Sector => places * count(&self.org_last) * count(&self.org_sector),
            Shape::Of => places * count(&self.org_first),
        }
    }

    fn common(&self) -> usize {
        COMMON.min(self.given.len())
    }

    /// How many names there are before one would come again.
    pub fn len(&self) -> u64 {
        let rounds = self
            .shapes
            .iter()
            .map(|(shape, order)| order.size() / TURNS.iter().filter(|turn| *turn == shape).count().max(1) as u64);
        rounds.min().unwrap_or(0) * TURNS.len() as u64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Name number `number`, from 0. From [`Names::len`] on, names come again.
    pub fn get(&self, number: u64) -> MadeName {
        let (round, turn) = (number / TURNS.len() as u64, (number % TURNS.len() as u64) as usize);
        let shape = TURNS[turn];
        let alike = |turns: &[Shape]| turns.iter().filter(|turn| **turn == shape).count() as u64;
        let order = self.shapes.iter().find(|(known, _)| *known == shape).map(|(_, order)| order);
        let at = round * alike(&TURNS) + alike(&TURNS[..turn]);
        let choice = order.map_or(0, |order| order.get(at % order.size().max(1)));
        let mut random = Random::new(self.seed, number);
        let country = random.pick(&self.countries).cloned().unwrap_or_default();
        let mut made = MadeName { country, ..self.spell(shape, choice) };
        if made.kind == EntityType::Place {
            made.population = 1_000 + random.below(1_500) as u64 * random.below(1_500) as u64;
        }
        made
    }

    /// The name that stands for choice number `choice`.
    fn spell(&self, shape: Shape, choice: u64) -> MadeName {
        let mut choice = Choice(choice);
        let (mut name, mut alias, mut gender) = (String::new(), String::new(), Gender::Unknown);
        let kind = match shape {
            Shape::Common | Shape::Person | Shape::Long => EntityType::Person,
            Shape::Town | Shape::First | Shape::Last => EntityType::Place,
            Shape::Body | Shape::Sector | Shape::Of => EntityType::Organization,
        };
        match shape {
            Shape::Common | Shape::Person | Shape::Long => {
                let common = &self.given[..self.common()];
                let given = match shape {
                    Shape::Common => common,
                    Shape::Person => &self.given[self.common()..],
                    _ => &self.given[..],
                };
                let first = choice.pick(given).map_or("", |(first, of)| {
                    gender = *of;
                    first.as_str()
                });
                name.push_str(first);
                if shape == Shape::Long
                    && let Some((second, _)) = choice.pick(common)
                {
                    name.push(' ');
                    name.push_str(second);
                }
                let number = choice.next(self.surnames.len() + self.stems.surnames() as usize);
                let made = || self.stems.surname((number - self.surnames.len()) as u64);
                let surname = self.surnames.get(number).cloned().unwrap_or_else(made);
                name.push(' ');
                name.push_str(&surname);
                if shape == Shape::Long {
                    alias = format!("{first} {surname}");
                }
            }
            Shape::Town => name = self.stems.place(choice.0),
            Shape::First | Shape::Of => {
                let list = if shape == Shape::First { &self.place_first } else { &self.org_first };
                name = format!("{} {}", choice.word(list), self.stems.place(choice.0));
            }
            Shape::Last | Shape::Body => {
                let list = if shape == Shape::Last { &self.place_last } else { &self.org_last };
                let last = choice.word(list);
                name = format!("{} {last}", self.stems.place(choice.0));
            }
            Shape::Sector => {
                let (last, sector) = (choice.word(&self.org_last), choice.word(&self.org_sector));
                let stem = self.stems.place(choice.0);
                if choice.0.is_multiple_of(4) {
                    alias = format!("{stem} {sector}");
                }
                name = format!("{stem} {sector} {last}");
            }
        }
        MadeName { name, kind, gender, alias, country: String::new(), population: 0 }
    }

    /// Writes the first `count` names as a gazetteer.
    ///
    /// # Errors
    /// More names than there are, or an output that cannot be written.
    pub fn write(&self, count: u64, out: &mut dyn Write) -> Result<()> {
        if count > self.len() {
            return Err(Error::usage(format!("there are no more than {} names", self.len())));
        }
        self.rows(count, out).map_err(|error| Error::io("the gazetteer", error))
    }

    fn rows(&self, count: u64, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "name,type,aliases,country,population,gender")?;
        // No name has a comma or a quotation mark, so no cell needs to be quoted.
        for number in 0..count {
            let MadeName { name, kind, gender, alias, country, population } = self.get(number);
            let gender = match gender {
                Gender::Male => "m",
                Gender::Female => "f",
                Gender::Unknown => "",
            };
            write!(out, "{name},{},{alias},{country},", kind.as_str())?;
            if population > 0 {
                write!(out, "{population}")?;
            }
            writeln!(out, ",{gender}")?;
        }
        Ok(())
    }
}

/// A number that is taken apart into choices.
struct Choice(u64);

impl Choice {
    fn next(&mut self, size: usize) -> usize {
        let size = size.max(1) as u64;
        let index = self.0 % size;
        self.0 /= size;
        index as usize
    }

    fn pick<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        items.get(self.next(items.len()))
    }

    fn word<'i>(&mut self, list: &'i [String]) -> &'i str {
        self.pick(list).map_or("", String::as_str)
    }
}

/// Given names and surnames that are no other words, each once and in order.
fn listed(gazetteer: &Gazetteer) -> (Vec<(String, Gender)>, Vec<String>) {
    let other = Flags::GIVEN_WEAK
        .union(Flags::SURNAME_WEAK)
        .union(Flags::AMBIGUOUS_WORD)
        .union(Flags::NOUN)
        .union(Flags::ADJ)
        .union(Flags::ADV)
        .union(Flags::VERB_BASE)
        .union(Flags::TITLE)
        .union(Flags::IN_PLACE);
    let genders = Flags::GIVEN_MALE.union(Flags::GIVEN_FEMALE);
    let (mut given, mut surnames) = (Vec::new(), Vec::new());
    for (word, flags) in gazetteer.lexicon.words() {
        if flags.intersects(other) || word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
            continue;
        }
        let mut name = word.to_string();
        name[..1].make_ascii_uppercase();
        match flags.intersection(genders) {
            Flags::GIVEN_MALE => given.push((name.clone(), Gender::Male)),
            Flags::GIVEN_FEMALE => given.push((name.clone(), Gender::Female)),
            _ => {}
        }
        if flags.contains(Flags::SURNAME) {
            surnames.push(name);
        }
    }
    given.sort();
    surnames.sort();
    (given, surnames)
}

/// Words made of two syllables and an ending. Onsets have no vowels, nuclei nothing else, and endings begin with a
/// consonant: so a word can be cut in one way only, and no two choices spell the same.
#[derive(Debug)]
struct Stems {
    onsets: Vec<String>,
    nuclei: Vec<String>,
    places: Vec<String>,
    surnames: Vec<String>,
}

impl Stems {
    fn new(words: &Words) -> Stems {
        let [onsets, nuclei, places, surnames] =
            ["onset", "nucleus", "place_end", "surname_end"].map(|list| words.all(list));
        Stems { onsets, nuclei, places, surnames }
    }

    fn beginnings(&self) -> u64 {
        (self.onsets.len() * self.nuclei.len()).pow(2) as u64
    }

    fn places(&self) -> u64 {
        self.beginnings() * self.places.len() as u64
    }

    fn surnames(&self) -> u64 {
        self.beginnings() * self.surnames.len() as u64
    }

    fn place(&self, choice: u64) -> String {
        self.word(choice, &self.places)
    }

    fn surname(&self, choice: u64) -> String {
        self.word(choice, &self.surnames)
    }

    fn word(&self, choice: u64, endings: &[String]) -> String {
        let mut choice = Choice(choice);
        let mut word = String::with_capacity(16);
        for list in [&self.onsets[..], &self.nuclei, &self.onsets, &self.nuclei, endings] {
            word.push_str(choice.word(list));
        }
        if let Some(first) = word.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        word
    }

    /// Whether a word could be a made-up surname.
    fn spell(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        let mut rest = lower.as_str();
        for (list, vowels) in [(&self.onsets, false), (&self.nuclei, true), (&self.onsets, false), (&self.nuclei, true)]
        {
            let end = rest.find(|c| self.is_vowel(c) != vowels).unwrap_or(rest.len());
            if !list.iter().any(|part| *part == rest[..end]) {
                return false;
            }
            rest = &rest[end..];
        }
        self.surnames.iter().any(|ending| ending == rest)
    }

    fn is_vowel(&self, c: char) -> bool {
        self.nuclei.iter().any(|nucleus| nucleus.contains(c))
    }
}
