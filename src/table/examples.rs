//! Where the texts around candidates are kept.

use crate::error::Result;
use std::fmt::Debug;

/// The texts around the first mentions of candidates: most of what a run knows of a name, and needed at its end only. So they
/// are kept outside memory.
pub trait Examples: Debug + Send + Sync {
    /// Keeps `text`; returns where, in bytes.
    ///
    /// # Errors
    /// One that cannot be kept.
    fn keep(&self, text: &str) -> Result<u64>;

    /// The text of `length` bytes that is kept at `place`.
    ///
    /// # Errors
    /// One that cannot be read again.
    fn example(&self, place: u64, length: usize) -> Result<String>;
}
