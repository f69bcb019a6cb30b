//! The words that the lists know: their numbers, what each can be, and the phrases that they form.

use super::{CueForm, Flags, Letters, Spelling, Trie, letters::LetterCounts};
use crate::{
    model::Gender,
    token::{self, Kind, Token},
};
use rustc_hash::FxHashMap;

/// What a phrase of the word lists is; the number says which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// What it is.
    pub kind: PhraseKind,
    /// Index into the list of that kind.
    pub index: u32,
}

/// The lists that phrases come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhraseKind {
    /// [`Lexicon::titles`].
    Title,
    /// [`Lexicon::roles`].
    Role,
    /// [`super::Gazetteer::cues`].
    Cue(CueForm),
    /// [`Lexicon::media`].
    Medium,
    /// A demonym; of several words, mostly ("Costa Rican").
    Demonym,
    /// The name of something that is no person, place or organization ("Cold War").
    Other,
    /// [`Lexicon::contexts`]: shows that a quoted span is no speech.
    Context,
}

/// A title that stands before a name.
#[derive(Clone, Debug)]
pub struct Title {
    /// Class of role, as in `role_classes.csv`.
    pub class: u16,
    /// Gender that it tells.
    pub gender: Gender,
    /// Whether it is only a form of address ("Mr").
    pub honorific: bool,
}

/// Whether a noun is one or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NounNumber {
    /// "diplomat".
    Singular,
    /// "diplomats".
    Plural,
}

/// A noun for people, bodies or documents.
#[derive(Clone, Debug)]
pub struct Role {
    /// Class of role, as in `role_classes.csv`.
    pub class: u16,
    /// Gender that it tells.
    pub gender: Gender,
    /// One or many.
    pub number: NounNumber,
}

/// Word numbers, flags and phrases.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    numbers: FxHashMap<Box<str>, u32>,
    flags: Vec<Flags>,
    genders: Vec<Gender>,
    phrase_starts: Vec<bool>,
    phrases: Trie<Phrase>,
    pub(super) months: FxHashMap<u32, u8>,
    /// Titles, by number.
    pub titles: Vec<Title>,
    /// Role nouns, by number.
    pub roles: Vec<Role>,
    /// Media: the medium that a phrase tells, by number.
    pub media: Vec<String>,
    /// Kinds of context that show that a quoted span is no speech ("title", "name", ...), by number.
    pub contexts: Vec<String>,
    /// Classes of roles: name and the numbers of all classes that a member also counts as.
    pub classes: Vec<(String, Vec<u16>)>,
}

impl Lexicon {
    pub(super) fn new() -> Self {
        let mut lexicon = Lexicon::default();
        // Number 0 is the unknown word.
        lexicon.flags.push(Flags::empty());
        lexicon.genders.push(Gender::Unknown);
        lexicon.phrase_starts.push(false);
        lexicon
    }

    /// The number of a folded word; made if need be.
    pub(super) fn intern(&mut self, folded: &str) -> u32 {
        if let Some(number) = self.numbers.get(folded) {
            return *number;
        }
        let number = self.flags.len() as u32;
        self.numbers.insert(folded.into(), number);
        self.flags.push(Flags::empty());
        self.genders.push(Gender::Unknown);
        self.phrase_starts.push(false);
        number
    }

    /// The numbers of the words of `form`, with its tokens; periods between words are left out.
    pub(super) fn intern_form(&mut self, form: &str) -> Vec<(u32, Token)> {
        let mut folded = String::new();
        let mut out = Vec::new();
        for token in token::tokenize(form) {
            if token.is('.') {
                continue;
            }
            folded.clear();
            fold_token(&token, form, &mut folded);
            out.push((self.intern(&folded), token));
        }
        out
    }

    pub(super) fn add_flags(&mut self, number: u32, flags: Flags) {
        self.flags[number as usize] |= flags;
    }

    pub(super) fn add_phrase(&mut self, form: &str, phrase: Phrase) {
        let words: Vec<u32> = self.intern_form(form).iter().map(|(number, _)| *number).collect();
        if let Some(first) = words.first() {
            self.phrase_starts[*first as usize] = true;
        }
        if !self.phrases.get(&words).contains(&phrase) {
            self.phrases.insert(&words, phrase);
        }
    }

    pub(super) fn class(&mut self, name: &str) -> u16 {
        let found = self.classes.iter().position(|(known, _)| known == name);
        let number = found.unwrap_or_else(|| {
            self.classes.push((name.to_string(), Vec::new()));
            self.classes.len() - 1
        });
        number as u16
    }

    /// Writes the numbers of their words into `tokens`.
    pub fn number(&self, text: &str, tokens: &mut [Token]) {
        let mut folded = String::new();
        for token in tokens {
            folded.clear();
            fold_token(token, text, &mut folded);
            token.word = self.numbers.get(folded.as_str()).copied().unwrap_or(0);
        }
    }

    /// Whether `word` is listed as a context of `kind` by itself.
    pub fn has_context(&self, word: &str, kind: &str) -> bool {
        self.is_context(self.get(&token::fold(word)), kind)
    }

    /// Whether the word with this number is listed as a context of `kind` by itself.
    pub fn is_context(&self, word: u32, kind: &str) -> bool {
        let phrases = || self.phrases.get(&[word]).iter().filter(|phrase| phrase.kind == PhraseKind::Context);
        self.phrase_starts.get(word as usize).copied().unwrap_or(false)
            && phrases().any(|phrase| self.contexts[phrase.index as usize] == kind)
    }

    /// The number of a month's name or abbreviation, from 1.
    pub fn month(&self, word: u32) -> Option<u8> {
        self.months.get(&word).copied()
    }

    /// The number of a folded word; 0 if unknown.
    pub fn get(&self, folded: &str) -> u32 {
        self.numbers.get(folded).copied().unwrap_or(0)
    }

    /// What the word with this number can be.
    pub fn flags(&self, word: u32) -> Flags {
        self.flags.get(word as usize).copied().unwrap_or_default()
    }

    /// All words with what each can be, in no order.
    pub fn words(&self) -> impl Iterator<Item = (&str, Flags)> {
        self.numbers.iter().map(|(word, number)| (&**word, self.flags(*number)))
    }

    /// Whether `token` is a word that can be any of `flags`.
    pub fn is(&self, token: &Token, flags: Flags) -> bool {
        self.flags(token.word).intersects(flags)
    }

    /// All phrases that `tokens` begin with, as (number of tokens, phrase); shorter ones first.
    pub fn phrases_at(&self, tokens: &[Token], mut found: impl FnMut(usize, Phrase)) {
        let Some(first) = tokens.first() else { return };
        if !self.phrase_starts.get(first.word as usize).copied().unwrap_or(false) {
            return;
        }
        let mut node = 0;
        for (i, token) in tokens.iter().enumerate() {
            // "Lt. Gen." is listed as "lt gen".
            if token.is('.') && !token.space_before && i > 0 {
                continue;
            }
            match self.phrases.step(node, token.word) {
                Some(next) => node = next,
                None => return,
            }
            for phrase in self.phrases.values(node) {
                found(i + 1, *phrase);
            }
        }
    }

    /// The longest phrase of a kind that `tokens` begin with.
    pub fn longest(&self, tokens: &[Token], want: impl Fn(PhraseKind) -> bool) -> Option<(usize, Phrase)> {
        let mut best = None;
        self.phrases_at(tokens, |length, phrase| {
            if want(phrase.kind) {
                best = Some((length, phrase));
            }
        });
        best
    }

    /// Whether a person of class `holder` can be meant by a description of class `description`.
    pub fn class_covers(&self, description: u16, holder: u16) -> bool {
        description == holder || self.classes.get(holder as usize).is_some_and(|(_, all)| all.contains(&description))
    }

    /// The number of a class by name.
    pub fn class_number(&self, name: &str) -> Option<u16> {
        self.classes.iter().position(|(known, _)| known == name).map(|i| i as u16)
    }
}

fn fold_token(token: &Token, text: &str, out: &mut String) {
    match token.kind {
        Kind::Word | Kind::Number => token::fold_into(token.text(text), out),
        Kind::Possessive => out.push_str("'s"),
        Kind::Double => out.push('"'),
        Kind::Single => out.push('\''),
        Kind::Punctuation => out.push(match token.character {
            '–' | '—' | '―' => '—',
            '‐' | '‑' => '-',
            other => other,
        }),
        Kind::Address => {}
    }
}

impl Lexicon {
    /// The spelling of all words so far. A word of the dictionary counts as that alone; names of people and of places count
    /// as both where they are both.
    pub(super) fn letters(&self) -> Letters {
        let mut counts = LetterCounts::new();
        for (word, number) in &self.numbers {
            if word.len() < 3 || !word.chars().all(|c| c.is_alphabetic() || c == '\'') {
                continue;
            }
            let flags = self.flags[*number as usize];
            let person = flags.intersects(Flags::GIVEN | Flags::SURNAME | Flags::IN_PERSON);
            let place = flags.contains(Flags::IN_PLACE);
            if flags.intersects(Flags::COMMON) {
                counts.add(word, Spelling::Ordinary);
                continue;
            }
            for (holds, kind) in [
                (person, Spelling::Person),
                (place, Spelling::Place),
                (!person && !place && flags.contains(Flags::IN_ORGANIZATION), Spelling::Organization),
            ] {
                if holds {
                    counts.add(word, kind);
                }
            }
        }
        counts.finish()
    }

    /// Makes the classes above each class complete: parents of parents too.
    pub(super) fn close_classes(&mut self) {
        loop {
            let mut grew = false;
            for i in 0..self.classes.len() {
                let above: Vec<u16> =
                    self.classes[i].1.iter().flat_map(|p| self.classes[*p as usize].1.iter().copied()).collect();
                for parent in above {
                    let own = &mut self.classes[i].1;
                    if parent as usize != i && !own.contains(&parent) {
                        own.push(parent);
                        grew = true;
                    }
                }
            }
            if !grew {
                return;
            }
        }
    }
}
