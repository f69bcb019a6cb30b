//! Puts the lexicon together: numbers words, gathers what each can be, and the phrases that they form.

use crate::{
    gazetteer::{
        Flags, ImageWriter, Phrase, STARTS_PHRASE, Section, Spelling, Step, Vocabulary, WordLists, encode, fold_token,
        slot, step_key,
    },
    letters::LetterCounts,
    token,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// The lexicon while it grows.
pub(crate) struct LexiconBuilder {
    /// By hash.
    numbers: FxHashMap<u64, u32>,
    words: Vec<Box<str>>,
    flags: Vec<Flags>,
    /// (node, word) -> node, and the phrases of each node.
    steps: FxHashMap<(u32, u32), u32>,
    phrases: Vec<Vec<Phrase>>,
    /// Words that phrases begin with.
    starts: FxHashSet<u32>,
    pub(crate) lists: WordLists,
}

impl LexiconBuilder {
    pub(crate) fn new() -> Self {
        LexiconBuilder {
            numbers: FxHashMap::default(),
            // Number 0 is the unknown word.
            words: vec!["".into()],
            flags: vec![Flags::empty()],
            steps: FxHashMap::default(),
            phrases: vec![Vec::new()],
            starts: FxHashSet::default(),
            lists: WordLists::default(),
        }
    }

    /// The number of a folded word; made if need be.
    pub(crate) fn intern(&mut self, folded: &str) -> u32 {
        let number = self.words.len() as u32;
        let known = *self.numbers.entry(token::hash(folded)).or_insert(number);
        if known != number {
            return known;
        }
        self.words.push(folded.into());
        self.flags.push(Flags::empty());
        number
    }

    /// The numbers of the words of `form`; periods between words are left out.
    fn intern_form(&mut self, form: &str) -> Vec<u32> {
        let mut folded = String::new();
        let tokens = token::tokenize(form).into_iter().filter(|token| !token.is('.'));
        tokens
            .map(|token| {
                folded.clear();
                fold_token(&token, form, &mut folded);
                self.intern(&folded)
            })
            .collect()
    }

    /// Sets `flags` on the word `form`; forms of several words are left alone.
    pub(crate) fn flag(&mut self, form: &str, flags: Flags) {
        if let [number] = self.intern_form(form)[..] {
            self.flags[number as usize] |= flags;
        }
    }

    pub(crate) fn add_phrase(&mut self, form: &str, phrase: Phrase) {
        let words = self.intern_form(form);
        let Some(first) = words.first() else { return };
        self.starts.insert(*first);
        let mut node = 0;
        for word in words {
            let next = self.phrases.len() as u32;
            node = *self.steps.entry((node, word)).or_insert(next);
            if node == next {
                self.phrases.push(Vec::new());
            }
        }
        let own = &mut self.phrases[node as usize];
        if !own.contains(&phrase) {
            own.push(phrase);
        }
    }

    pub(crate) fn class(&mut self, name: &str) -> u16 {
        let found = self.lists.classes.iter().position(|(known, _)| known == name);
        let number = found.unwrap_or_else(|| {
            self.lists.classes.push((name.to_string(), Vec::new()));
            self.lists.classes.len() - 1
        });
        number as u16
    }

    /// Makes the classes above each class complete: parents of parents too.
    pub(crate) fn close_classes(&mut self) {
        let classes = &mut self.lists.classes;
        loop {
            let mut grew = false;
            for i in 0..classes.len() {
                let above: Vec<u16> =
                    classes[i].1.iter().flat_map(|p| classes[*p as usize].1.iter().copied()).collect();
                for parent in above {
                    let own = &mut classes[i].1;
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

    /// Adds the sections of words, phrases and letters.
    pub(crate) fn finish(self, writer: &mut ImageWriter) -> WordLists {
        self.write_words(writer);
        self.write_phrases(writer);
        writer.add(Section::Letters, &self.letters());
        self.lists
    }

    fn write_words(&self, writer: &mut ImageWriter) {
        let hashes: Vec<u64> = self.words.iter().map(|word| token::hash(word)).collect();
        // Two of the slots are empty for each that is not, so that most words are found where they are first looked for.
        let mut slots = vec![0u32; 3 * self.words.len()];
        let (mut ends, mut text) = (Vec::new(), Vec::new());
        for (number, (word, hash)) in self.words.iter().zip(&hashes).enumerate() {
            text.extend_from_slice(word.as_bytes());
            ends.push(text.len() as u32);
            if number == 0 {
                continue;
            }
            let mut at = slot(*hash, slots.len());
            while slots[at] != 0 {
                at = (at + 1) % slots.len();
            }
            slots[at] = number as u32;
        }
        let start = |word: u32| if self.starts.contains(&word) { STARTS_PHRASE } else { 0 };
        let flags: Vec<u128> = (0..).zip(&self.flags).map(|(word, flags)| flags.bits() | start(word)).collect();
        writer.add(Section::WordSlots, &slots);
        writer.add(Section::WordHashes, &hashes);
        writer.add(Section::WordFlags, &flags);
        writer.add(Section::WordEnds, &ends);
        writer.add(Section::WordText, &text);
    }

    fn write_phrases(&self, writer: &mut ImageWriter) {
        let mut steps: Vec<Step> = self.steps.iter().map(|((from, by), to)| [*from, *by, *to, 0]).collect();
        steps.sort_unstable();
        let mut slots: Vec<Step> = vec![[0; 4]; 2 * steps.len() + 1];
        for step in steps {
            let mut at = slot(step_key(step[0], step[1]), slots.len());
            while slots[at][2] != 0 {
                at = (at + 1) % slots.len();
            }
            slots[at] = step;
        }
        let (mut ends, mut values) = (Vec::new(), Vec::new());
        for phrases in &self.phrases {
            values.extend(phrases.iter().map(|phrase| encode(*phrase)));
            ends.push(values.len() as u32);
        }
        writer.add(Section::PhraseSlots, &slots);
        writer.add(Section::PhraseEnds, &ends);
        writer.add(Section::PhraseValues, &values);
    }

    /// The spelling of all words. A word of the dictionary counts as that alone; names of people and of places count
    /// as both where they are both.
    fn letters(&self) -> Vec<[f32; 4]> {
        let mut counts = LetterCounts::new();
        for (word, flags) in self.words.iter().zip(&self.flags) {
            if word.len() < 3 || !word.chars().all(|c| c.is_alphabetic() || c == '\'') {
                continue;
            }
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
}

impl Vocabulary for LexiconBuilder {
    fn add(&mut self, folded: &str, _: u64, parts: Flags) {
        let number = self.intern(folded);
        self.flags[number as usize] |= parts;
    }

    fn is_article(&self, hash: u64) -> bool {
        self.numbers.get(&hash).is_some_and(|number| self.flags[*number as usize].contains(Flags::THE))
    }
}
