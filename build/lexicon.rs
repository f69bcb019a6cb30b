//! Puts the lexicon together: numbers words, gathers what each can be, and the phrases that they form.

use crate::{
    gazetteer::{
        Flags, GOES_ON, IN_CUE, IN_MEDIUM, ImageWriter, Phrase, PhraseKind, STARTS_OTHER, STARTS_PHRASE, STARTS_TITLE,
        Section, Spelling, Step, Vocabulary, WordLists, WordSlot, encode, fold_token, slot, step_key,
    },
    letters::LetterCounts,
    token,
};
use rustc_hash::FxHashMap;

/// The lexicon while it grows.
pub(crate) struct LexiconBuilder {
    /// By hash.
    numbers: FxHashMap<u64, u32>,
    words: Vec<Box<str>>,
    /// What each word can be, and what begins with it.
    flags: Vec<u128>,
    /// (node, word) -> node, and the phrases of each node.
    steps: FxHashMap<(u32, u32), u32>,
    phrases: Vec<Vec<Phrase>>,
    pub(crate) lists: WordLists,
}

impl LexiconBuilder {
    pub(crate) fn new() -> Self {
        LexiconBuilder {
            numbers: FxHashMap::default(),
            // Number 0 is the unknown word.
            words: vec!["".into()],
            flags: vec![0],
            steps: FxHashMap::default(),
            phrases: vec![Vec::new()],
            lists: WordLists::default(),
        }
    }

    /// The number of a folded word; made if need be.
    pub(crate) fn intern(&mut self, folded: &str) -> u32 {
        let number = self.words.len() as u32;
        let known = *self.numbers.entry(token::hash(folded)).or_insert(number);
        if known != number {
            assert_eq!(&*self.words[known as usize], folded, "two words with one hash: change the hash");
            return known;
        }
        self.words.push(folded.into());
        self.flags.push(0);
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
            self.flags[number as usize] |= flags.bits();
        }
    }

    pub(crate) fn add_phrase(&mut self, form: &str, phrase: Phrase) {
        let words = self.intern_form(form);
        let Some(first) = words.first() else { return };
        self.flags[*first as usize] |= match phrase.kind {
            PhraseKind::Title | PhraseKind::Demonym => STARTS_PHRASE | STARTS_TITLE,
            PhraseKind::Other => STARTS_PHRASE | STARTS_OTHER,
            _ => STARTS_PHRASE,
        };
        let within = match phrase.kind {
            PhraseKind::Cue(_) => Some(IN_CUE),
            PhraseKind::Medium => Some(IN_MEDIUM),
            _ => None,
        };
        match (within, &words[..]) {
            (Some(within), [word]) => self.flags[*word as usize] |= within.alone,
            (Some(within), [first, second, ..]) => {
                self.flags[*first as usize] |= within.first;
                self.flags[*second as usize] |= within.second;
            }
            _ => {}
        }
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
        // One slot in three is empty, so that most words are found where they are first looked for.
        let mut slots: Vec<WordSlot> = vec![[0; 2]; self.words.len() * 3 / 2];
        let (mut ends, mut text) = (Vec::new(), Vec::new());
        for (number, word) in (0..).zip(&self.words) {
            text.extend_from_slice(word.as_bytes());
            ends.push(text.len() as u32);
            if number == 0 {
                continue;
            }
            let hash = token::hash(word);
            let mut at = slot(hash, slots.len());
            while slots[at][1] != 0 {
                at = (at + 1) % slots.len();
            }
            slots[at] = [hash, number];
        }
        writer.add(Section::WordSlots, &slots);
        writer.add(Section::WordFlags, &self.flags);
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
        for (from, _) in self.steps.keys() {
            ends[*from as usize] |= GOES_ON;
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
            let flags = Flags::from_bits_truncate(*flags);
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
    fn add(&mut self, folded: &str, hash: u64, parts: u128) {
        let known = if folded.is_empty() { self.numbers.get(&hash).copied() } else { Some(self.intern(folded)) };
        if let Some(number) = known {
            self.flags[number as usize] |= parts;
        }
    }

    fn is_article(&self, hash: u64) -> bool {
        self.numbers.get(&hash).is_some_and(|number| self.flags[*number as usize] & Flags::THE.bits() != 0)
    }
}
