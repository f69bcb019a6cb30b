//! Phrases of the word lists as a compiled gazetteer holds them: a hash table of (node, word) -> node, and the phrases of each
//! node. Every phrase that starts at a token is found, so that the choice between shorter and longer ones is made
//! afterwards, with the context known.

use super::{
    CueForm, Phrase, PhraseKind,
    image::{Image, Section},
    layer::{START, extend, slot},
};

/// Beside the end of a node's phrases: whether any step leads on from it.
pub(crate) const GOES_ON: u32 = 1 << 31;

/// One step: from a node by a word to a node. The root, 0, is no step's end.
pub(crate) type Step = [u32; 4];

/// Phrases by the numbers of their words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrases {
    slots: &'static [Step],
    ends: &'static [u32],
    values: &'static [u32],
}

impl Phrases {
    pub(super) fn new(image: &'static Image) -> Self {
        Phrases {
            slots: image.slice(Section::PhraseSlots),
            ends: image.slice(Section::PhraseEnds),
            values: image.slice(Section::PhraseValues),
        }
    }

    /// The node reached from `node` (0 is the root) by `word`.
    pub(super) fn step(&self, node: u32, word: u32) -> Option<u32> {
        let mut at = slot(step_key(node, word), self.slots.len());
        for _ in 0..self.slots.len() {
            let [from, by, to, _] = self.slots[at];
            if to == 0 {
                return None;
            }
            if from == node && by == word {
                return Some(to);
            }
            at = if at + 1 == self.slots.len() { 0 } else { at + 1 };
        }
        None
    }

    /// Whether any step leads on from `node`.
    pub(super) fn goes_on(&self, node: u32) -> bool {
        self.ends.get(node as usize).is_some_and(|end| end & GOES_ON != 0)
    }

    /// The phrases of `node`.
    pub(super) fn values(&self, node: u32) -> impl Iterator<Item = Phrase> + use<> {
        let end = |node: usize| self.ends.get(node).map_or(0, |end| end & !GOES_ON) as usize;
        let start = (node as usize).checked_sub(1).map_or(0, end);
        self.values.get(start..end(node as usize)).unwrap_or_default().iter().filter_map(|code| decode(*code))
    }

    /// The phrases of exactly `words`.
    pub(super) fn get(&self, words: &[u32]) -> impl Iterator<Item = Phrase> + use<> {
        let node = words.iter().try_fold(0, |node, word| self.step(node, *word));
        self.values(node.unwrap_or(0))
    }
}

/// The key of a step.
pub(crate) fn step_key(node: u32, word: u32) -> u64 {
    extend(START, u64::from(node) << 32 | u64::from(word))
}

/// A phrase as a number: its kind, which form of a cue, and its row.
#[allow(dead_code, reason = "for the build script")]
pub(crate) fn encode(phrase: Phrase) -> u32 {
    let (kind, form) = match phrase.kind {
        PhraseKind::Title => (0, 0),
        PhraseKind::Role => (1, 0),
        PhraseKind::Medium => (2, 0),
        PhraseKind::Demonym => (3, 0),
        PhraseKind::Other => (4, 0),
        PhraseKind::Context => (5, 0),
        PhraseKind::Cue(form) => (6, form as u32),
    };
    kind << 28 | form << 24 | phrase.index & 0xff_ffff
}

fn decode(code: u32) -> Option<Phrase> {
    let kind = match code >> 28 {
        0 => PhraseKind::Title,
        1 => PhraseKind::Role,
        2 => PhraseKind::Medium,
        3 => PhraseKind::Demonym,
        4 => PhraseKind::Other,
        5 => PhraseKind::Context,
        6 => PhraseKind::Cue(*CueForm::ALL.get((code >> 24 & 0xf) as usize)?),
        _ => return None,
    };
    Some(Phrase { kind, index: code & 0xff_ffff })
}
