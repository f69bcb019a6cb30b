//! What was left out of the names, why, and where it stood.

use std::collections::BTreeMap;

/// Of each reason so many are told with their place; all are counted.
const TOLD: usize = 1000;
/// The most classes that are counted each by itself.
const CLASSES: usize = 100_000;
/// The most characters of a value that are shown.
const SHOWN: usize = 200;

/// What was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A row or record of the source.
    Row,
    /// One form of a name.
    Alias,
    /// A fact beside a name.
    Cell,
}

impl What {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            What::Row => "row",
            What::Alias => "alias",
            What::Cell => "cell",
        }
    }
}

/// One thing that was left out, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Number of the file among those of the source.
    pub file: usize,
    /// Line, or number of the record in a JSON document.
    pub line: u64,
    /// What the source has, perhaps cut.
    pub value: String,
}

/// All that was left out for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

/// All that was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// By what it was, and the reason.
    pub groups: BTreeMap<(What, &'static str), Group>,
    /// Classes of the source that the list of classes does not have, with the number of rows.
    pub classes: BTreeMap<String, u64>,
    file: usize,
    line: u64,
}

impl Dropped {
    /// What follows stood here.
    pub(super) fn at(&mut self, file: usize, line: u64) {
        (self.file, self.line) = (file, line);
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn add(&mut self, what: What, reason: &'static str, value: &str) {
        let (file, line) = (self.file, self.line);
        let group = self.groups.entry((what, reason)).or_default();
        group.count += 1;
        if group.examples.len() < TOLD {
            let value = value.chars().take(SHOWN).collect();
            group.examples.push(Example { file, line, value });
        }
    }

    /// Counts a class that the list does not have.
    pub(super) fn class(&mut self, class: &str) {
        let shown: String = class.chars().take(SHOWN).collect();
        if self.classes.len() < CLASSES || self.classes.contains_key(&shown) {
            *self.classes.entry(shown).or_default() += 1;
        }
    }

    /// How many of a kind were left out.
    pub fn count(&self, what: What) -> u64 {
        self.groups.iter().filter(|((of, _), _)| *of == what).map(|(_, group)| group.count).sum()
    }
}
