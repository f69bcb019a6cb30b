//! Entries of the gazetteers of names, and their aliases.

use crate::model::{EntityType, Facts, Gender};

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

/// One entity of a gazetteer.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Stable id.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Type.
    pub kind: EntityType,
    /// Finer kind as the file gives it ("capital", "ministry", "politician"); may be empty.
    pub class: String,
    /// Country, coordinates and outside ids.
    pub facts: Facts,
    /// Inhabitants; 0 if unknown.
    pub population: u64,
    /// Gender of a person.
    pub gender: Gender,
    /// Roles of a person, lower case.
    pub roles: Vec<String>,
    /// How strictly forms must fit.
    pub matching: Matching,
    /// Index into [`super::Gazetteer::sources`].
    pub source: u16,
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
    /// Index into [`super::Gazetteer::entries`].
    pub entry: u32,
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
}
