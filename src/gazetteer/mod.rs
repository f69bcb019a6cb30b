//! NAMES -> a compiled, checked gazetteer, and the word lists beside it. The only room that knows the columns of
//! the CSV files in `gazetteers/`.
//!
//! Everything is keyed by folded words (see [`crate::token::fold()`]), or by the hashes of these. A text token is looked up
//! once; all matching after that works on numbers. What comes with the program is compiled when it is built
//! (`build/main.rs`) and used as it lies there; a user's names are compiled when they are loaded, or beforehand into a file
//! that is mapped into memory.

mod buckets;
mod bytes;
mod classes;
mod compile;
mod corrections;
mod cues;
mod entry;
mod flags;
mod image;
mod layer;
mod letters;
mod lexicon;
mod lists;
mod load;
mod names;
mod phrases;
mod sheet;
mod table;
mod user;
mod weights;

pub(crate) use compile::{LONGEST, level};
pub use corrections::{Around, Corrections, Corrector, Match};
pub use cues::{Cue, CueForm, CueKind, Sense, Strength, That};
pub use entry::{Alias, Case, Entry, Matching, entity_id};
pub use flags::Flags;
pub use layer::GazetteerSource;
pub use letters::{Letters, Spelling};
pub use lexicon::{Lexicon, NounNumber, Phrase, PhraseKind, Role, Title};
pub use lists::{Boilerplate, Suffixes};
pub use load::Gazetteer;
pub(crate) use load::prepare;
pub use names::{Name, Search};
pub use sheet::{Sheet, SheetRow};
pub use user::compile;
pub(crate) use user::{LARGE, MOST_BYTES, MOST_LARGE, files_of, is_table_of_names};
pub use weights::WeightTable;
