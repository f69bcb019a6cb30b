//! The weights of both passes side by side, so that evidence is summed once for both.

use super::{
    COLUMNS,
    reasons::{is_context, plain},
};
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
        let row = |reason: usize| {
            let weighs = reason < plain() || is_context((reason % plain()) as u16);
            if weighs { std::array::from_fn(|at| cell(reason, at)) } else { [0.0; BOTH] }
        };
        let rows = (0..first.rows()).map(row);
        Scales { rows: rows.collect() }
    }

    /// What these plain reasons weigh with the weights of each pass, and again for names of form `form`. A call of its own keeps the
    /// sums in registers.
    #[inline(never)]
    pub(super) fn sum(&self, reasons: &[u16], form: Option<usize>) -> [Sums; 2] {
        let mut sums = [0.0; BOTH];
        let mut add = |rows: &[[f32; BOTH]]| {
            for reason in reasons {
                let row = &rows[*reason as usize];
                for at in 0..BOTH {
                    sums[at] += row[at];
                }
            }
        };
        let (plain, forms) = self.rows.split_at(plain());
        add(plain);
        // What is no context weighs nothing there.
        if let Some(of_form) = form.and_then(|form| forms.chunks_exact(plain.len()).nth(form)) {
            add(of_form);
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
