//! Precision, recall and F1 of tables against annotated articles.
//!
//! The annotated articles are JSON Lines, one article a line: `id`, `text`, and `entities` (names), `attributions`
//! (quotations) or both; offsets are Unicode code points into `text`, end exclusive. The same file is a dump:
//! `extract` it, then evaluate the tables.
//!
//! The figures follow the definitions of the independent scorers that the project is measured by, down to the order in
//! which ties are matched, and agree with them to three decimals.

mod detail;
mod gold;
mod matching;
mod names;
mod quotations;
mod speaker;
mod tables;

pub use detail::{Bin, Calibration, ClassScores, Judged, Sort, Told, agreements, is_speaker, judge};
pub use gold::{Attribution, Gold, Name, Part, Points, Range, load};
pub use names::{Counts, NameError, NameScores, TypeScores, score_names};
pub use quotations::{KindScores, QuotationError, QuotationScores, UnitScores, score_quotations};

/// How many were found, how many were there, and how many of each are right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prf {
    /// Share of what was found that is right, 0 to 1.
    pub precision: f64,
    /// Share of what is there that was found, 0 to 1.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

impl Prf {
    /// `right_found` of `found` are right; `right_there` of `there` were found.
    fn new(right_found: u64, found: u64, right_there: u64, there: u64) -> Self {
        let share = |part: u64, whole: u64| if whole > 0 { part as f64 / whole as f64 } else { 0.0 };
        let (precision, recall) = (share(right_found, found), share(right_there, there));
        Prf { precision, recall, f1: harmonic(precision, recall) }
    }
}

fn harmonic(a: f64, b: f64) -> f64 {
    if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
}

#[cfg(test)]
mod tests;
