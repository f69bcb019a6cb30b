//! Counts groups of letters in words of each kind.

use crate::gazetteer::{SLOTS, Spelling, groups};

const KINDS: usize = Spelling::ALL.len();

/// Counts the letters of words, kind by kind.
pub(crate) struct LetterCounts {
    table: Vec<[u32; KINDS]>,
}

impl LetterCounts {
    pub(crate) fn new() -> Self {
        LetterCounts { table: vec![[0; KINDS]; SLOTS] }
    }

    /// Counts a folded word of this kind.
    pub(crate) fn add(&mut self, folded: &str, kind: Spelling) {
        groups(folded, |slot| self.table[slot][kind as usize] += 1);
    }

    /// The logarithm of how probable each group is in each kind.
    pub(crate) fn finish(self) -> Vec<[f32; KINDS]> {
        let mut totals = [0u32; KINDS];
        for slot in &self.table {
            for (total, count) in totals.iter_mut().zip(slot) {
                *total += count;
            }
        }
        let log = |count: u32, total: u32| ((count as f32 + 0.3) / (total as f32 + 0.3 * SLOTS as f32)).ln();
        self.table.iter().map(|slot| std::array::from_fn(|kind| log(slot[kind], totals[kind]))).collect()
    }
}
