//! WORK ON FILES OF NAMES: what is wrong in those that a person wrote ([`check`]), and names from the files of other
//! programs ([`import`]).
//!
//! The room knows the columns of the gazetteers as their authors see them. What is refused is decided in `gazetteer`; a
//! property test keeps the two in step.

pub mod check;
pub mod import;

mod facts;
mod forms;
mod output;
mod rows;

pub use forms::{Doubt, Judge};

/// The columns that the program reads, in the order in which they are written.
pub const COLUMNS: &[&str] = &[
    "name",
    "type",
    "aliases",
    "id",
    "wikidata",
    "geonames",
    "country",
    "latitude",
    "longitude",
    "population",
    "gender",
    "roles",
    "match",
    "note",
    "kind",
];
