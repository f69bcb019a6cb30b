//! How words of each kind are spelled: what the letters of a word that no list has tell about it.
//!
//! A naive Bayes model (Cavnar and Trenkle 1994 counted the same groups of letters) over groups of three and four
//! letters, counted when the program is built in the gazetteers' own words: "Abdulrahmanov" has the letters of a surname, "Chilakalapudi" those of a
//! place. Counts are kept in a table of fixed size by hash, so that it is small and its order does not matter.

use super::image::{Image, Section};

/// What a word can be spelled like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Given names and surnames.
    Person,
    /// Words in names of places.
    Place,
    /// Words that only names of organizations have: brands, mostly.
    Organization,
    /// Words of the dictionary.
    Ordinary,
}

impl Spelling {
    /// All of them, by number.
    pub const ALL: [Spelling; 4] = [Spelling::Person, Spelling::Place, Spelling::Organization, Spelling::Ordinary];
}

const KINDS: usize = Spelling::ALL.len();
/// Groups of letters are told apart by this many slots.
pub(crate) const SLOTS: usize = 1 << 15;
/// Letters of a word that are looked at; the rest of a very long word tells nothing new.
const LONGEST: usize = 24;

/// The fitted model.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    /// Logarithm of how probable a group of letters is in each kind.
    table: &'static [[f32; KINDS]],
}

impl Letters {
    pub(super) fn new(image: &'static Image) -> Self {
        Letters { table: image.slice(Section::Letters) }
    }

    /// The kind that a folded word is spelled like, and how far it is ahead of the next, in log odds. Nothing for words of
    /// less than three letters.
    pub fn of(&self, folded: &str) -> Option<(Spelling, f32)> {
        if folded.chars().count() < 3 || self.table.len() != SLOTS {
            return None;
        }
        let mut sums = [0.0f32; KINDS];
        groups(folded, |slot| {
            for (sum, value) in sums.iter_mut().zip(&self.table[slot]) {
                *sum += value;
            }
        });
        let best = (0..KINDS).fold(0, |best, kind| if sums[kind] > sums[best] { kind } else { best });
        let next = (0..KINDS).filter(|kind| *kind != best).fold(f32::NEG_INFINITY, |next, kind| next.max(sums[kind]));
        Some((Spelling::ALL[best], sums[best] - next))
    }
}

/// The slots of all groups of three and four letters of `folded`, its beginning and end counted as letters.
pub(crate) fn groups(folded: &str, mut slot: impl FnMut(usize)) {
    let mut last = [0u32; 3];
    let letters = folded.chars().take(LONGEST).map(u32::from);
    for (i, letter) in std::iter::once(1).chain(letters).chain(std::iter::once(2)).enumerate() {
        let [a, b, c] = last;
        if i >= 2 {
            slot(hash([0, b, c, letter]));
        }
        if i >= 3 {
            slot(hash([a, b, c, letter]));
        }
        last = [b, c, letter];
    }
}

/// A slot for a group of letters, the same on every machine.
fn hash(group: [u32; 4]) -> usize {
    let mixed = group.iter().fold(0x9e37_79b9u32, |h, letter| (h ^ letter).wrapping_mul(0x85eb_ca6b).rotate_left(13));
    (mixed ^ mixed >> 16) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_by_the_letters_of_their_kin() {
        let letters = crate::gazetteer::Gazetteer::embedded().unwrap().letters;
        let kind = |word| letters.of(word).map(|(kind, _)| kind);
        assert_eq!(kind("abdulrakhmanov"), Some(Spelling::Person));
        assert_eq!(kind("chilakalapudi"), Some(Spelling::Place));
        assert_eq!(kind("xy"), None);
    }
}
