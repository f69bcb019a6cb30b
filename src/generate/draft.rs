//! An article while it is written: its text, and where names and quotations stand in it.

use crate::model::EntityType;

/// A range of Unicode code points, end exclusive.
pub(super) type Points = [usize; 2];

/// A text that grows, with what is known about it.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub text: String,
    /// Length of `text` in code points.
    points: usize,
    pub names: Vec<(Points, EntityType)>,
    /// Where names are neither right nor wrong.
    pub ignore: Vec<Points>,
    pub quotations: Vec<Quotation>,
    opened: Option<usize>,
}

/// A quotation that was written.
#[derive(Clone, Debug, Default)]
pub(super) struct Quotation {
    pub content: Vec<Points>,
    pub cue: Option<Points>,
    pub source: Option<Points>,
    pub kind: String,
    /// `named`, `pronoun` or `nominal`.
    pub class: &'static str,
    pub head: String,
    /// Name and type of the speaker, if known.
    pub speaker: Option<(String, EntityType)>,
}

impl Draft {
    /// Forgets everything, so that the memory can be used again.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.points = 0;
        self.names.clear();
        self.ignore.clear();
        self.quotations.clear();
        self.opened = None;
    }

    /// Adds text.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.points += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    /// Adds a number.
    pub(super) fn number(&mut self, number: usize) {
        self.push(&number.to_string());
    }

    /// Adds a name.
    pub(super) fn name(&mut self, name: &str, kind: EntityType) {
        let start = self.points;
        self.push(name);
        self.names.push(([start, self.points], kind));
    }

    /// Writes the letter at byte `at` as a capital, if it is ASCII.
    pub(super) fn capital(&mut self, at: usize) {
        if let Some(letter) = self.text.get_mut(at..at + 1) {
            letter.make_ascii_uppercase();
        }
    }

    /// Marks the beginning of a stretch.
    pub(super) fn open(&mut self) {
        self.opened = Some(self.points);
    }

    /// The stretch from the last beginning to here.
    pub(super) fn close(&mut self) -> Points {
        [self.opened.take().unwrap_or(self.points), self.points]
    }
}
