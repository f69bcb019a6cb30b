//! The weights of both passes side by side, so that evidence is summed once for both.

use super::COLUMNS;
use crate::evidence::Weights;

/// A sum of weights for each of [`COLUMNS`].
pub(super) type Sums = [f32; COLUMNS.len()];

/// The weights of the first pass and of the others, by number of reason.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scales {
    rows: Vec<[Sums; 2]>,
}

impl Scales {
    /// The column for leaving a word out of all names; those before it are the types.
    pub(super) const OUTSIDE: usize = COLUMNS.len() - 1;

    pub(super) fn new(first: &Weights, second: &Weights) -> Scales {
        let row = |weights: &Weights, reason: usize| std::array::from_fn(|column| weights.get(reason as u16, column));
        Scales { rows: (0..first.rows()).map(|reason| [row(first, reason), row(second, reason)]).collect() }
    }

    /// What these reasons weigh with the weights of each pass.
    pub(super) fn sum(&self, reasons: &[u16]) -> [Sums; 2] {
        let mut sums = [[0.0; COLUMNS.len()]; 2];
        for reason in reasons {
            let row = &self.rows[*reason as usize];
            for (sums, row) in sums.iter_mut().zip(row) {
                add(sums, row);
            }
        }
        sums
    }

    /// Adds what these reasons weigh with the weights of one pass.
    pub(super) fn add(&self, pass: usize, sums: &mut Sums, reasons: impl Iterator<Item = u16>) {
        for reason in reasons {
            add(sums, &self.rows[reason as usize][pass]);
        }
    }

    /// The same for leaving a word out of all names.
    pub(super) fn add_outside(&self, pass: usize, sum: f32, reasons: impl Iterator<Item = u16>) -> f32 {
        reasons.fold(sum, |sum, reason| sum + self.rows[reason as usize][pass][Self::OUTSIDE])
    }
}

fn add(sums: &mut Sums, row: &Sums) {
    for (sum, cell) in sums.iter_mut().zip(row) {
        *sum += cell;
    }
}
