//! What of the library's room is needed to write an image.

#[path = "../src/gazetteer/buckets.rs"]
mod buckets;
#[path = "../src/gazetteer/bytes.rs"]
mod bytes;
#[path = "../src/gazetteer/compile.rs"]
mod compile;
#[path = "../src/gazetteer/cues.rs"]
mod cues;
#[path = "../src/gazetteer/entry.rs"]
mod entry;
#[path = "../src/gazetteer/flags.rs"]
mod flags;
#[path = "../src/gazetteer/image.rs"]
mod image;
#[path = "../src/gazetteer/layer.rs"]
mod layer;
#[path = "../src/gazetteer/letters.rs"]
mod letters;
#[path = "../src/gazetteer/lexicon.rs"]
mod lexicon;
#[path = "../src/gazetteer/lists.rs"]
mod lists;
#[path = "../src/gazetteer/phrases.rs"]
mod phrases;
#[path = "../src/gazetteer/table.rs"]
mod table;
#[path = "../src/gazetteer/weights.rs"]
mod weights;

pub(crate) use compile::{NamesBuilder, Vocabulary};
pub(crate) use cues::{Cue, CueForm, CueKind, Sense, Strength, That};
pub(crate) use entry::{Alias, Case, Entry, Matching, entity_id};
pub(crate) use flags::Flags;
pub(crate) use image::{ImageWriter, Section};
pub(crate) use layer::{GazetteerSource, slot};
pub(crate) use letters::{SLOTS, Spelling, groups};
pub(crate) use lexicon::{
    IN_CUE, IN_MEDIUM, NounNumber, Phrase, PhraseKind, Role, STARTS_OTHER, STARTS_PHRASE, STARTS_TITLE, Title,
    WordSlot, fold_token,
};
pub(crate) use lists::{Ending, Lists, Suffixes, WordLists};
pub(crate) use phrases::{GOES_ON, Step, encode, step_key};
pub(crate) use table::{Row, each_row};
pub(crate) use weights::WeightTable;
