//! Names and what they refer to.

use super::Span;
use serde::{Deserialize, Serialize};

/// The kinds of entities that are tagged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EntityType {
    /// A human being.
    Person,
    /// A country, city, region, water, building or other location.
    Place,
    /// A body of people: company, ministry, party, team, agency.
    Organization,
}

impl EntityType {
    /// All types, in the order of the tables.
    pub const ALL: [EntityType; 3] = [EntityType::Person, EntityType::Place, EntityType::Organization];

    /// The word used in tables and gazetteers.
    pub fn as_str(self) -> &'static str {
        match self {
            EntityType::Person => "person",
            EntityType::Place => "place",
            EntityType::Organization => "organization",
        }
    }

    /// Reads the word used in tables and gazetteers, in any case, with the abbreviations of other tools.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "person" | "per" | "people" => EntityType::Person,
            "place" | "loc" | "location" | "gpe" => EntityType::Place,
            "organization" | "organisation" | "org" => EntityType::Organization,
            _ => return None,
        })
    }

    /// Position in [`EntityType::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// Grammatical gender of a person, for pronouns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Gender {
    /// Nothing tells.
    #[default]
    Unknown,
    /// "he".
    Male,
    /// "she".
    Female,
}

impl Gender {
    /// Whether one person can have both genders.
    pub fn agrees(self, other: Gender) -> bool {
        self == other || self == Gender::Unknown || other == Gender::Unknown
    }
}

/// Where in an article something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// The headline.
    Title,
    /// The running text.
    Body,
}

impl Zone {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Zone::Title => "title",
            Zone::Body => "body",
        }
    }
}

/// How a mention was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// A gazetteer has the name.
    Gazetteer,
    /// No gazetteer has it: found by its form and context.
    Pattern,
    /// A short form of a name that stands elsewhere in the article.
    Coreference,
}

impl Method {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Gazetteer => "gazetteer",
            Method::Pattern => "pattern",
            Method::Coreference => "coreference",
        }
    }
}

/// A named, weighted reason for (positive) or against (negative) a decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Name of the reason, as in the weights file.
    pub name: &'static str,
    /// Its weight, in units of log odds.
    pub weight: f32,
}

/// What a gazetteer knows about an entity; empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// Degrees north, as the source writes them.
    pub latitude: String,
    /// Degrees east, as the source writes them.
    pub longitude: String,
    /// Wikidata item.
    pub wikidata: String,
    /// GeoNames number.
    pub geonames: String,
}

/// What mentions refer to: one canonical name and id, within an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Stable id: the gazetteer's, else made from type and canonical name.
    pub id: String,
    /// Its type.
    pub kind: EntityType,
    /// Canonical name.
    pub name: String,
    /// Whether a gazetteer has it.
    pub known: bool,
    /// Gender, for persons.
    pub gender: Gender,
    /// Facts from the gazetteer.
    pub facts: Facts,
}

/// One occurrence of a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The name alone, without title, article, possessive or quotation marks; bytes of [`super::Annotated::text`].
    pub span: Span,
    /// Index into [`super::Annotated::entities`].
    pub entity: usize,
    /// The entity's type.
    pub kind: EntityType,
    /// Title or function that the text gives beside the name; empty if none.
    pub role: String,
    /// How it was found.
    pub method: Method,
    /// Calibrated probability that span and type are right, 0 to 1.
    pub confidence: f32,
    /// Title or body.
    pub zone: Zone,
    /// Paragraph in the body, from 1; 0 for the title.
    pub paragraph: u32,
    /// Sentence in the body, from 1; 0 for the title.
    pub sentence: u32,
    /// Why it was decided so; filled only when asked for.
    pub evidence: Vec<Evidence>,
}
impl Mention {
    /// Whether both stand in one sentence of the body, or in the title.
    pub fn shares_sentence(&self, other: &Mention) -> bool {
        (self.zone, self.sentence) == (other.zone, other.sentence)
    }
}
