//! The words of an article's names. Each distinct word has a number, so that names are compared as numbers; what is told
//! by its letters is worked out once.

use super::variants::skeleton_into;
use crate::{
    gazetteer::{Flags, Gazetteer},
    model::{EntityType, Found},
    text::Segments,
    token::{self, Kind},
};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHasher};
use std::hash::Hasher;

/// The words of all names.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The words of one name after the other, without small words.
    numbers: Vec<u32>,
    /// For each name where its words end.
    ends: Vec<u32>,
    /// For each name a hash of the bytes of its words.
    letters: Vec<u64>,
    /// The distinct words, and the skeletons of those of persons' names.
    spellings: Spellings,
    /// For each spelling that is a word its number in the lexicon; 0 if it is not there.
    lexicon: Vec<u32>,
    /// For each spelling the number of its skeleton, if that was asked for.
    skeletons: Vec<Option<u32>>,
    /// Words by their number in the lexicon.
    listed: FxHashMap<u32, u32>,
}

impl Words {
    pub(super) fn new(segments: &Segments, gazetteer: &Gazetteer, found: &[Found]) -> Words {
        let mut out = Words::with_capacity(found.len());
        let (mut tokens, mut buffer) = (Vec::new(), String::new());
        for name in found {
            content_words(segments, gazetteer, name, &mut tokens);
            let start = out.numbers.len();
            for token in &tokens {
                let number = out.number(segments, *token, &mut buffer);
                if name.kind == EntityType::Person && out.skeletons[number as usize].is_none() {
                    buffer.clear();
                    skeleton_into(out.folded(number), &mut buffer);
                    let skeleton = out.intern(&buffer, 0);
                    out.skeletons[number as usize] = Some(skeleton);
                }
                out.numbers.push(number);
            }
            out.ends.push(out.numbers.len() as u32);
            let mut hasher = FxHasher::default();
            out.numbers[start..]
                .iter()
                .flat_map(|word| out.folded(*word).bytes())
                .for_each(|byte| hasher.write_u8(byte));
            out.letters.push(hasher.finish());
        }
        out
    }

    /// Room for the words of `names` names, most of which have two and come more than once.
    fn with_capacity(names: usize) -> Words {
        Words {
            numbers: Vec::with_capacity(2 * names),
            ends: Vec::with_capacity(names),
            letters: Vec::with_capacity(names),
            spellings: Spellings {
                text: String::with_capacity(16 * names),
                ends: Vec::with_capacity(2 * names),
                index: FxHashMap::with_capacity_and_hasher(2 * names, FxBuildHasher),
            },
            lexicon: Vec::with_capacity(2 * names),
            skeletons: Vec::with_capacity(2 * names),
            listed: FxHashMap::with_capacity_and_hasher(names, FxBuildHasher),
        }
    }

    /// The words of name `i`.
    pub(super) fn of(&self, i: usize) -> &[u32] {
        let start = i.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[start as usize..self.ends[i] as usize]
    }

    /// The folded form of a word.
    pub(super) fn folded(&self, word: u32) -> &str {
        self.spellings.of(word)
    }

    /// The number of a word in the lexicon; 0 if it is not there.
    pub(super) fn lexicon(&self, word: u32) -> u32 {
        self.lexicon[word as usize]
    }

    /// Whether two words of persons' names are spellings of one word.
    pub(super) fn same_skeleton(&self, a: u32, b: u32) -> bool {
        a == b || self.skeletons[a as usize] == self.skeletons[b as usize]
    }

    /// Whether names `a` and `b` are the same but for where their words are parted.
    pub(super) fn same_letters(&self, a: usize, b: usize) -> bool {
        let letters = |name: usize| self.of(name).iter().flat_map(|word| self.folded(*word).bytes());
        self.letters[a] == self.letters[b] && letters(a).eq(letters(b))
    }

    fn number(&mut self, segments: &Segments, token: usize, buffer: &mut String) -> u32 {
        let listed = segments.tokens[token].word;
        if let Some(number) = self.listed.get(&listed) {
            return *number;
        }
        buffer.clear();
        token::fold_into(segments.word(token), buffer);
        let number = self.intern(buffer, listed);
        if listed != 0 {
            self.listed.insert(listed, number);
        }
        number
    }

    fn intern(&mut self, spelling: &str, listed: u32) -> u32 {
        let number = self.spellings.intern(spelling);
        if self.lexicon.len() == number as usize {
            self.lexicon.push(0);
            self.skeletons.push(None);
        }
        // What was only the skeleton of another word may turn out to be a word.
        self.lexicon[number as usize] |= listed;
        number
    }
}

/// Distinct texts with their numbers, all in one string.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    text: String,
    ends: Vec<usize>,
    /// Numbers by hash; a text whose hash is taken has the next free one.
    index: FxHashMap<u64, u32>,
}

impl Spellings {
    /// The number of `text`, which is the next one if it is new.
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        let mut key = hasher.finish();
        loop {
            match self.index.get(&key) {
                Some(number) if self.of(*number) == text => return *number,
                Some(_) => key = key.wrapping_add(1),
                None => break,
            }
        }
        let number = self.ends.len() as u32;
        self.index.insert(key, number);
        self.text.push_str(text);
        self.ends.push(self.text.len());
        number
    }

    fn of(&self, number: u32) -> &str {
        let end = self.ends[number as usize];
        let start = (number as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..end]
    }
}

/// Puts the tokens of the words that carry a name into `out`: capitalized ones, without "Jr" and the like.
fn content_words(segments: &Segments, gazetteer: &Gazetteer, name: &Found, out: &mut Vec<usize>) {
    let lexicon = &gazetteer.lexicon;
    let words = || name.tokens.clone().filter(|t| segments.tokens[*t].is_word());
    let carries = |t: &usize| {
        let (t, token) = (*t, &segments.tokens[*t]);
        if !token.is_capitalized() {
            return !lexicon.is(token, Flags::DET | Flags::PREP | Flags::CCONJ | Flags::PARTICLE);
        }
        let after = || lexicon.is(token, Flags::AFTER_NAME) && t + 1 == name.tokens.end && t > name.tokens.start;
        // "Al-Najjar" and "Van der Meulen" at the start of a sentence are "al-Najjar" and "van der Meulen".
        let hyphened = || segments.tokens.get(t + 1).is_some_and(|next| next.is('-'));
        let particle = || {
            t == name.tokens.start
                && lexicon.is(token, Flags::PARTICLE)
                && (hyphened() || !lexicon.is(token, Flags::GIVEN))
        };
        !after() && !particle()
    };
    out.clear();
    out.extend(words().filter(carries));
    if out.is_empty() {
        out.extend(words());
    }
    // "1MDB", "3M".
    if out.is_empty() {
        out.extend(name.tokens.clone().filter(|t| segments.tokens[*t].kind == Kind::Number));
    }
}
