//! What a person has reviewed -> gazetteers and corrections, and what a change of them changes.

mod candidates;
mod changes;
mod file;

pub use candidates::{Candidates, Dropped, Reviewed, Rows, Settings};
pub use changes::{Change, ChangeKind, Changes, Part, changes};
pub use file::write_rows;
