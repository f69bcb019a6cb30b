//! The weights of both passes side by side, so that evidence is summed once for both.

use super::COLUMNS;
use crate::evidence::Weights;

/// A sum of weights for each of [`COLUMNS`].
pub(super) type Sums = [f32; COLUMNS.len()];

/// The weights of the first pass and of the others, by number of reason.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scales {
    rows: Vec<[f32; BOTH]>,
}

/// The columns of both passes.
const BOTH: usize = 2 * COLUMNS.len();

impl Scales {
    /// The column for leaving a word out of all names; those before it are the types.
    pub(super) const OUTSIDE: usize = COLUMNS.len() - 1;

    pub(super) fn new(first: &Weights, second: &Weights) -> Scales {
        let cell =
            |reason: usize, at: usize| [first, second][at / COLUMNS.len()].get(reason as u16, at % COLUMNS.len());
        let rows = (0..first.rows()).map(|reason| std::array::from_fn(|at| cell(reason, at)));
        Scales { rows: rows.collect() }
    }

    /// What these reasons weigh with the weights of each pass. A call of its own keeps the sums in registers.
    #[inline(never)]
    pub(super) fn sum(&self, reasons: &[u16]) -> [Sums; 2] {
        let mut sums = [0.0; BOTH];
        for reason in reasons {
            let row = &self.rows[*reason as usize];
            for at in 0..BOTH {
                sums[at] += row[at];
            }
        }
        let [a, b, c, d, e, f, g, h] = sums;
        [[a, b, c, d], [e, f, g, h]]
    }

    /// Adds what these reasons weigh with the weights of one pass.
    pub(super) fn add(&self, pass: usize, sums: &mut Sums, reasons: impl Iterator<Item = u16>) {
        let first = pass * COLUMNS.len();
        reasons.for_each(|reason| {
            let row = &self.rows[reason as usize][first..first + COLUMNS.len()];
            for (sum, cell) in sums.iter_mut().zip(row) {
                *sum += cell;
            }
        });
    }

    /// The same for leaving a word out of all names.
    pub(super) fn add_outside(&self, pass: usize, sum: f32, reasons: impl Iterator<Item = u16>) -> f32 {
        let column = pass * COLUMNS.len() + Self::OUTSIDE;
        reasons.fold(sum, |sum, reason| sum + self.rows[reason as usize][column])
    }
}
