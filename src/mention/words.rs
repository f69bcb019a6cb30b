//! The words of one article: what each token can be, and which words the article writes with a capital letter.
//!
//! Words that no name can hold stay out of all tables but the flags: a word has a *number* only if the article capitalizes
//! it somewhere. What is remembered about words ([`super::memory`]) is an array over these numbers.

use crate::{
    gazetteer::{Flags, Gazetteer, Spelling},
    text::Segments,
    token::{self, Kind, Shape, Token},
};
use rustc_hash::FxHashMap;

/// The ids of words that the lexicon does not have begin here.
const OWN: u32 = 1 << 30;

/// What the tokens of an article can be.
pub(super) struct Words {
    /// What each token can be.
    pub flags: Vec<Flags>,
    /// An id for the word of each token: the lexicon's, or one of this article's own for words that it does not have.
    pub ids: Vec<u32>,
    /// For each token, the number of its word, from 1; 0 for a word that the article never capitalizes.
    pub numbers: Vec<u32>,
    /// By number: whether the article also writes the word in lower case.
    lower: Vec<bool>,
    /// What the letters of each capitalized token look like.
    looks: Vec<Look>,
    /// By id from [`OWN`] on: what the word is spelled like, and how surely.
    spelled: Vec<Option<(Spelling, f32)>>,
}

impl Words {
    pub(super) fn new(segments: &Segments, gazetteer: &Gazetteer) -> Words {
        let count = segments.tokens.len();
        let mut words = Words {
            // A loop of its own: the look-ups wait for memory side by side.
            flags: segments.tokens.iter().map(Flags::of).collect(),
            ids: Vec::with_capacity(count),
            numbers: vec![0; count],
            lower: vec![true],
            looks: Vec::with_capacity(count),
            spelled: Vec::new(),
        };
        let mut unlisted = Unlisted::default();
        let mut numbers = Numbers::new();
        for (at, token) in segments.tokens.iter().enumerate() {
            let mut id = token.word;
            if id == 0 && matches!(token.kind, Kind::Word | Kind::Number) {
                let endings;
                (id, endings) = unlisted.look_up(token, segments, gazetteer, &mut words.spelled);
                words.flags[at] |= endings;
            }
            let mut look = Look::default();
            if token.is_capitalized() {
                words.numbers[at] = numbers.make(id);
                look = Look::of(token.text(&segments.text));
            }
            words.looks.push(look);
            words.ids.push(id);
        }
        words.lower.resize(numbers.count + 1, false);
        let lower = |token: &Token| token.is_word() && token.shape == Shape::Lower;
        for (at, _) in segments.tokens.iter().enumerate().filter(|(_, token)| lower(token)) {
            let number = numbers.get(words.ids[at]);
            words.numbers[at] = number;
            words.lower[number as usize] = true;
        }
        words
    }

    /// How many words have a number; these begin at 1.
    pub(super) fn count(&self) -> usize {
        self.lower.len() - 1
    }

    /// Whether the article writes the word at `at` in lower case, here or elsewhere.
    pub(super) fn is_lower_too(&self, at: usize) -> bool {
        self.lower[self.numbers[at] as usize]
    }

    /// What the letters of the capitalized token `at` look like.
    pub(super) fn look(&self, at: usize) -> Look {
        self.looks[at]
    }

    /// What the unlisted word at `at` is spelled like, and how surely.
    pub(super) fn spelling(&self, at: usize) -> Option<(Spelling, f32)> {
        let own = self.ids[at].checked_sub(OWN)?;
        self.spelled[own as usize]
    }
}

/// What the letters of a word look like, whatever the word.
#[derive(Clone, Copy, Default)]
pub(super) struct Look {
    /// How many letters it has; 255 for more.
    pub letters: u8,
    /// Whether a capital stands behind its first two characters.
    pub inner_capital: bool,
    /// Whether it holds a digit.
    pub digit: bool,
    /// Whether it holds an apostrophe.
    pub apostrophe: bool,
}

impl Look {
    pub(super) fn of(word: &str) -> Look {
        let mut look = Look::default();
        for (i, c) in word.chars().enumerate() {
            look.letters = look.letters.saturating_add(u8::from(c.is_alphabetic()));
            look.inner_capital |= i >= 2 && c.is_uppercase();
            look.digit |= c.is_ascii_digit();
            look.apostrophe |= matches!(c, '\'' | '’');
        }
        look
    }
}

/// Words that the lexicon does not have.
#[derive(Default)]
struct Unlisted {
    /// By folded word: its number among them, and what its ending tells.
    seen: FxHashMap<Box<str>, (u32, Option<Flags>)>,
    folded: String,
}

impl Unlisted {
    /// The id of the word, and what its ending tells if it is capitalized.
    fn look_up(
        &mut self,
        token: &Token,
        segments: &Segments,
        gazetteer: &Gazetteer,
        spelled: &mut Vec<Option<(Spelling, f32)>>,
    ) -> (u32, Flags) {
        self.folded.clear();
        token::fold_into(token.text(&segments.text), &mut self.folded);
        let folded = self.folded.as_str();
        if !self.seen.contains_key(folded) {
            self.seen.insert(folded.into(), (OWN + spelled.len() as u32, None));
            spelled.push(gazetteer.letters.of(folded).filter(|_| token.is_capitalized()));
        }
        let Some((id, endings)) = self.seen.get_mut(folded) else { return (0, Flags::empty()) };
        let endings = if token.is_capitalized() {
            *endings.get_or_insert_with(|| gazetteer.suffixes.of(folded))
        } else {
            Flags::empty()
        };
        (*id, endings)
    }
}

/// Gives the capitalized words of an article their numbers.
struct Numbers {
    by_id: FxHashMap<u32, u32>,
    /// One bit for each value of the last bits of an id: most words are never capitalized, and found out here.
    seen: [u64; 64],
    count: usize,
}

impl Numbers {
    fn new() -> Numbers {
        Numbers { by_id: FxHashMap::with_capacity_and_hasher(256, Default::default()), seen: [0; 64], count: 0 }
    }

    fn slot(id: u32) -> (usize, u64) {
        (id as usize / 64 % 64, 1 << (id % 64))
    }

    fn make(&mut self, id: u32) -> u32 {
        let (slot, bit) = Self::slot(id);
        self.seen[slot] |= bit;
        let next = self.count as u32 + 1;
        let number = *self.by_id.entry(id).or_insert(next);
        self.count += usize::from(number == next);
        number
    }

    fn get(&self, id: u32) -> u32 {
        let (slot, bit) = Self::slot(id);
        if self.seen[slot] & bit == 0 { 0 } else { self.by_id.get(&id).copied().unwrap_or(0) }
    }
}
