//! What one pass found in the article, as evidence for the next.

use super::{candidates::Name, document::Document};
use crate::model::EntityType;
use rustc_hash::FxHashSet;

/// A belief above this is remembered.
const BELIEVED: f32 = 0.5;

/// What is remembered about a word, as bits: it ends or begins the full name of a person, or is a part of a longer name of a
/// type (the three last bits, in the order of [`EntityType`]).
pub(super) mod word {
    pub const LAST: u8 = 1;
    pub const FIRST: u8 = 2;
    pub const PART: u8 = 4;
    pub const PART_PLACE: u8 = PART << super::EntityType::Place as u8;
    pub const PART_ORGANIZATION: u8 = PART << super::EntityType::Organization as u8;
}

/// What is remembered about a wording.
#[derive(Clone, Copy, Default)]
pub(super) struct Wording {
    /// The types that it is believed to have, as bits in the order of [`EntityType`].
    pub types: u8,
    /// How often it was taken for a name; 255 for more.
    pub count: u8,
}

/// Names of the article, as the last pass saw them.
pub(super) struct Memory {
    /// By the number of a wording; a single word has its own number.
    wordings: Vec<Wording>,
    /// By the number of a word.
    words: Vec<u8>,
    /// Initials of organizations' names.
    initials: FxHashSet<String>,
    /// The type of the name that begins at each token, and of the one that ends before it.
    starting: Vec<Option<EntityType>>,
    ending: Vec<Option<EntityType>>,
}

impl Memory {
    pub(super) fn new(document: &Document<'_>, wordings: usize) -> Self {
        let tokens = document.segments.tokens.len();
        Memory {
            wordings: vec![Wording::default(); wordings],
            words: vec![0; document.words.count() + 1],
            initials: FxHashSet::default(),
            starting: vec![None; tokens],
            ending: vec![None; tokens + 1],
        }
    }

    pub(super) fn add(&mut self, document: &Document<'_>, name: &Name, kind: EntityType, belief: f32) {
        self.starting[name.start as usize] = Some(kind);
        self.ending[name.end as usize] = Some(kind);
        let believed = belief > BELIEVED;
        let wording = &mut self.wordings[name.wording as usize];
        wording.types |= u8::from(believed) << kind.index();
        wording.count = wording.count.saturating_add(1);
        let capitalized = |at: &usize| document.token(*at).is_capitalized();
        let mut words = name.tokens().filter(capitalized);
        let (Some(first), Some(last)) = (words.next(), words.next_back()) else { return };
        if believed {
            if kind == EntityType::Person {
                self.words[document.words.numbers[last] as usize] |= word::LAST;
                self.words[document.words.numbers[first] as usize] |= word::FIRST;
            }
            for at in name.tokens().filter(capitalized) {
                self.words[document.words.numbers[at] as usize] |= word::PART << kind.index();
            }
        }
        if kind == EntityType::Organization {
            let letters = name.tokens().filter(capitalized).filter_map(|at| document.segments.word(at).chars().next());
            self.initials.insert(letters.flat_map(char::to_uppercase).collect());
        }
    }

    /// The type of the name that ends before token `at`.
    pub(super) fn ending_at(&self, at: usize) -> Option<EntityType> {
        self.ending[at]
    }

    /// The type of the name that begins at token `at`.
    pub(super) fn starting_at(&self, at: usize) -> Option<EntityType> {
        self.starting[at]
    }

    /// What is remembered about a wording.
    pub(super) fn wording(&self, number: u32) -> Wording {
        self.wordings[number as usize]
    }

    /// What is remembered about a word, as bits of [`word`].
    pub(super) fn word(&self, number: u32) -> u8 {
        self.words[number as usize]
    }

    /// Whether an acronym stands for an organization named in the article.
    pub(super) fn is_acronym(&self, acronym: &str) -> bool {
        !self.initials.is_empty() && self.initials.contains(&acronym.replace('.', ""))
    }
}
