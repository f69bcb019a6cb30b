//! Lists that are no words of the lexicon: headings of boilerplate, and endings of names.

use super::{Cue, Flags, Role, Title, WeightTable, layer::About};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// Everything of the word lists that is small.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Lists {
    pub words: WordLists,
    pub cues: Vec<Cue>,
    pub suffixes: Suffixes,
    /// Phrase, kind, and whether it must be the whole line.
    pub boilerplate: Vec<(String, String, bool)>,
    /// Countries of demonyms.
    pub countries: Vec<String>,
    /// Files of weights, by role.
    pub weights: Vec<(String, WeightTable)>,
    /// What the names tell of themselves.
    pub names: About,
}

/// What the lexicon's numbers stand for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct WordLists {
    pub months: Vec<(u32, u8)>,
    pub titles: Vec<Title>,
    pub roles: Vec<Role>,
    pub media: Vec<String>,
    pub contexts: Vec<String>,
    pub classes: Vec<(String, Vec<u16>)>,
}

/// Headings, footers and credits that are no article text. All are found in one scan from the start of a line.
#[derive(Debug)]
pub struct Boilerplate {
    rows: Vec<(String, String, bool)>,
    /// The first letters of all phrases: most lines begin with none of them.
    starts: FxHashSet<[u8; START]>,
    /// Bytes of the longest phrase.
    longest: usize,
    matcher: OnceLock<Option<AhoCorasick>>,
}

impl Boilerplate {
    /// From rows of (phrase, kind, whether it must be the whole line). The matcher is made when it is first asked.
    pub(super) fn new(rows: Vec<(String, String, bool)>) -> Self {
        let starts = rows.iter().map(|(phrase, _, _)| start_of(phrase, START)).collect();
        let longest = rows.iter().map(|(phrase, _, _)| phrase.len()).max().unwrap_or(0);
        Boilerplate { rows, starts, longest, matcher: OnceLock::new() }
    }

    fn matcher(&self) -> Option<&AhoCorasick> {
        let build = || {
            AhoCorasickBuilder::new()
                .match_kind(MatchKind::LeftmostLongest)
                .start_kind(StartKind::Anchored)
                // Built in a third of the time of the others, and a line is soon decided.
                .kind(Some(AhoCorasickKind::NoncontiguousNFA))
                .prefilter(false)
                .build(self.rows.iter().map(|(phrase, _, _)| phrase.to_ascii_lowercase()))
                .ok()
        };
        self.matcher.get_or_init(build).as_ref()
    }

    /// Builds the automaton now: see [`prepare`](crate::run::prepare).
    pub(crate) fn prepare(&self) {
        self.matcher();
    }

    /// If `line` (trimmed) is boilerplate: its kind ("heading", "footer", ...) and the length in bytes of the phrase found.
    pub fn find(&self, line: &str) -> Option<(&str, usize)> {
        // A phrase of fewer letters has zeros behind them.
        if !(1..=START).any(|length| self.starts.contains(&start_of(line, length))) {
            return None;
        }
        // Lower case on both sides: an automaton that knows both cases takes twice as long to build.
        let beginning = line.as_bytes()[..line.len().min(self.longest)].to_ascii_lowercase();
        let found = self.matcher()?.find(Input::new(&beginning).anchored(Anchored::Yes))?;
        let (_, kind, whole_line) = &self.rows[found.pattern().as_usize()];
        let rest = &line[found.end()..];
        let ends_word = !rest.starts_with(|c: char| c.is_lowercase());
        let whole = rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
        // Pages glue a heading to the headline under it: "Latest newsStorm closes port".
        let glued = rest.starts_with(char::is_uppercase);
        (ends_word && (whole || glued || !whole_line)).then(|| (kind.as_str(), found.end()))
    }
}

/// Bytes of a phrase that are looked at before all others.
const START: usize = 4;

/// The first `length` bytes of a text, ASCII letters in lower case, and zeros.
fn start_of(text: &str, length: usize) -> [u8; START] {
    let mut start = [0; START];
    for (slot, byte) in start.iter_mut().zip(text.bytes().take(length)) {
        *slot = byte.to_ascii_lowercase();
    }
    start
}

/// Endings of names and what they tell.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Suffixes {
    rows: Vec<(String, Ending)>,
}

/// What an ending tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ending {
    Male,
    Female,
    Surname,
    Place,
    Organization,
}

impl Suffixes {
    /// Of (ending, what it tells).
    #[allow(dead_code, reason = "for the build script")]
    pub(crate) fn new(rows: Vec<(String, Ending)>) -> Self {
        Suffixes { rows }
    }

    fn any(&self, folded: &str, wanted: Ending) -> bool {
        self.rows.iter().any(|(suffix, ending)| {
            *ending == wanted && folded.len() >= suffix.len() + 2 && folded.ends_with(suffix.as_str())
        })
    }

    /// What the ending of a folded word tells, as flags: a surname ([`Flags::SURNAME`]), a place
    /// ([`Flags::PLACE_LAST`]) or an organization ([`Flags::ORG_SUFFIX`]).
    pub fn of(&self, folded: &str) -> Flags {
        let mut flags = Flags::empty();
        flags.set(Flags::SURNAME, self.any(folded, Ending::Surname));
        flags.set(Flags::ORG_SUFFIX, self.any(folded, Ending::Organization));
        flags.set(Flags::PLACE_LAST, self.any(folded, Ending::Place));
        flags
    }

    /// The gender that a folded surname's ending tells.
    pub fn gender(&self, folded: &str) -> crate::model::Gender {
        if self.any(folded, Ending::Female) {
            crate::model::Gender::Female
        } else if self.any(folded, Ending::Male) {
            crate::model::Gender::Male
        } else {
            crate::model::Gender::Unknown
        }
    }
}
