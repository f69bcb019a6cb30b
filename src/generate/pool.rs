//! The names that articles draw from: the embedded gazetteers, a gazetteer of the caller's, and names that nobody lists.

use super::{names::Names, random::Random, sentences::Words};
use crate::{
    error::{Error, Result},
    gazetteer::{Gazetteer, Matching},
    model::{EntityType, Gender},
};
use std::{
    collections::{HashMap, HashSet},
    io::Read,
};

/// How many names of a given gazetteer are kept at most; from a larger one, as many by chance.
const MOST: usize = 1_000_000;
/// Of a hundred people and organizations that are not from the given gazetteer, how many no gazetteer has.
const UNLISTED: usize = 25;
/// From how many inhabitants on a town of one word is well enough known to be told by its name.
const TOWN: u64 = 50_000;

/// A name.
#[derive(Clone, Debug, Default)]
pub(super) struct Name {
    pub name: String,
    pub gender: Gender,
}

/// Names by type.
#[derive(Clone, Debug, Default)]
struct ByKind([Vec<Name>; EntityType::ALL.len()]);

/// All names that articles draw from.
#[derive(Debug)]
pub(super) struct Pool {
    known: ByKind,
    given: Option<ByKind>,
    share: usize,
    unlisted: Names,
}

impl Pool {
    /// The names of `gazetteer` and names made with `seed` that no gazetteer has.
    pub(super) fn new(gazetteer: &Gazetteer, seed: u64) -> Result<Pool> {
        Ok(Pool { known: known(gazetteer)?, given: None, share: 0, unlisted: Names::new(gazetteer, seed)? })
    }

    /// Draws `share` of a hundred names from a gazetteer: CSV with the columns `name` and `type`, and `gender` if it is there.
    ///
    /// # Errors
    /// What is no gazetteer, or has no name that could be used.
    pub(super) fn add(&mut self, gazetteer: &mut dyn Read, share: usize) -> Result<()> {
        let fail = |error: csv::Error| {
            let line = error.position().map_or(0, csv::Position::line);
            Error::gazetteer(error.to_string()).at_line(line)
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(gazetteer);
        let header = reader.headers().map_err(fail)?.clone();
        let column = |name: &str| header.iter().position(|cell| cell.trim_start_matches('\u{feff}') == name);
        let (Some(name), Some(kind)) = (column("name"), column("type")) else {
            return Err(Error::gazetteer("has no columns `name` and `type`").at_line(1));
        };
        let gender = column("gender");
        // Reservoir sampling: each usable row is as likely to be kept as any other, whatever order they come in.
        let (mut kept, mut seen, mut random) = (Vec::new(), 0usize, Random::new(0, 0));
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(fail)? {
            let cell = |column: usize| record.get(column).unwrap_or("").trim();
            let Some(kind) = EntityType::parse(cell(kind)).filter(|kind| is_usable(cell(name), *kind)) else {
                continue;
            };
            let place = if kept.len() < MOST { kept.len() } else { random.below(seen + 1) };
            seen += 1;
            if place >= MOST {
                continue;
            }
            let gender = gender.map_or(Gender::Unknown, |column| gender_of(cell(column)));
            let name = (kind, Name { name: cell(name).to_string(), gender });
            match kept.get_mut(place) {
                Some(kept) => *kept = name,
                None => kept.push(name),
            }
        }
        let mut given = ByKind::default();
        for (kind, name) in kept {
            given.0[kind.index()].push(name);
        }
        if let Some(kind) = EntityType::ALL.into_iter().find(|kind| given.0[kind.index()].is_empty()) {
            return Err(Error::gazetteer(format!("has no {} whose name could stand in an article", kind.as_str())));
        }
        self.given = Some(given);
        self.share = share;
        Ok(())
    }

    /// A name of `kind`.
    pub(super) fn draw(&self, kind: EntityType, random: &mut Random) -> Name {
        if let Some(given) = &self.given
            && random.chance(self.share)
        {
            return random.pick(&given.0[kind.index()]).cloned().unwrap_or_default();
        }
        // Places that nobody lists say too little about what they are.
        if kind != EntityType::Place && random.chance(UNLISTED) {
            let numbers = self.unlisted.len() as usize;
            for _ in 0..100 {
                let made = self.unlisted.get(random.below(numbers) as u64);
                if made.kind == kind {
                    return Name { name: made.name, gender: made.gender };
                }
            }
        }
        random.pick(&self.known.0[kind.index()]).cloned().unwrap_or_default()
    }
}

/// The names of `gazetteer` that mean one thing whatever stands beside them.
fn known(gazetteer: &Gazetteer) -> Result<ByKind> {
    let surname_first: HashSet<String> = Words::load()?.all("surname_first").into_iter().collect();
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for entry in gazetteer.entries() {
        *owners.entry(entry.name()).or_default() += 1;
    }
    let mut known = ByKind::default();
    for entry in gazetteer.entries() {
        let (name, kind) = (entry.name(), entry.kind());
        let alone = owners.get(name) == Some(&1) && entry.matching() == Matching::Normal && is_usable(name, kind);
        let fits = match kind {
            EntityType::Person => !surname_first.contains(entry.country()),
            EntityType::Place => entry.population() >= TOWN,
            EntityType::Organization => name.contains(' '),
        };
        if alone && fits {
            known.0[kind.index()].push(Name { name: name.to_string(), gender: entry.gender() });
        }
    }
    Ok(known)
}

/// Whether a name can stand in any sentence: capitalized words of letters, a person's of two or three words.
fn is_usable(name: &str, kind: EntityType) -> bool {
    let word = |word: &str| {
        word.chars().count() > 2
            && word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || c == '-')
            && word.chars().any(char::is_lowercase)
    };
    let small = |part: &str| kind == EntityType::Organization && part.chars().all(char::is_lowercase);
    let words = name.split(' ').count();
    let fits = if kind == EntityType::Person { (2..=3).contains(&words) } else { words <= 6 };
    let edges = name.split(' ').next().is_some_and(word) && name.split(' ').next_back().is_some_and(word);
    fits && edges && name.split(' ').all(|part| word(part) || small(part))
}

fn gender_of(cell: &str) -> Gender {
    match cell {
        "m" => Gender::Male,
        "f" => Gender::Female,
        _ => Gender::Unknown,
    }
}
