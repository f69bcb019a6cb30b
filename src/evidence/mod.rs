//! Named, weighted reasons -> decisions with a probability.
//!
//! The weights stand in small CSV files in `gazetteers/`; `onrecord fit` writes them from annotated articles.

/// A list of reasons: an enumeration for the code, and the names that the weights file and readers share.
macro_rules! reasons {
    ($kind:ident, $names:ident, $about:literal: $($variant:ident $name:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        #[allow(dead_code, reason = "frames are looked up by their names")]
        pub(super) enum $kind { $($variant),* }
        #[doc = $about]
        pub const $names: &[&str] = &[$($name),*];
    };
}
pub(crate) use reasons;

mod cuts;
mod fit;
mod lattice;
mod weights;

pub use cuts::{Cuts, Pick, Piece};
pub use fit::{Choosing, Example, Judging, Settings, fit, fit_choices, fit_odds, loss};
pub use lattice::{Choice, Lattice, Posterior};
pub use weights::Weights;

/// The logistic function: log odds -> probability.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// log(exp(a) + exp(b)) without overflow.
pub(crate) fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}
