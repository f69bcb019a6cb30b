//! NAMES -> a checked, searchable gazetteer, and the word lists beside it. The only room that knows the columns of
//! the CSV files in `gazetteers/`.
//!
//! Everything is keyed by folded words (see [`crate::token::fold()`]): the [`Lexicon`] numbers them, a [`Trie`] over these
//! numbers holds names and phrases. A text token is looked up once; all matching after that works on numbers.

mod cues;
mod entry;
mod flags;
mod letters;
mod lexicon;
mod lists;
mod load;
mod table;
mod trie;
mod words;

pub use cues::{Cue, CueForm, CueKind, Sense, Strength, That};
pub use entry::{Alias, Case, Entry, Matching};
pub use flags::Flags;
pub use letters::{Letters, Spelling};
pub use lexicon::{Lexicon, NounNumber, Phrase, PhraseKind, Role, Title};
pub use lists::{Boilerplate, Suffixes};
pub use load::{Gazetteer, GazetteerSource, entity_id};
pub use trie::Trie;
