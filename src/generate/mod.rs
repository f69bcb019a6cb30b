//! Seeds -> dumps of news and gazetteers of any size, for benchmarks and tests.
//!
//! What is made is plausible English, invented from beginning to end, and it is known which names and quotations it holds.
//! The same seed gives the same bytes on any machine: article number n depends on the seed and on n alone, and name
//! number n too, so that a smaller dump is the beginning of a larger one. Sentences and words stand in `data/generate`, names
//! come from the embedded gazetteers, from a gazetteer of the caller's, and from syllables.

mod article;
mod draft;
mod dump;
mod names;
mod pool;
mod random;
mod sentences;

pub use dump::{Dump, Made};
pub use names::{MadeName, Names};

#[cfg(test)]
mod tests;
