//! Lists that are no words of the lexicon: headings of boilerplate, and endings of names.

use super::Flags;
use crate::error::{Error, Result};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, Anchored, Input, MatchKind, StartKind};

/// Headings, footers and credits that are no article text. All are found in one scan from the start of a line.
#[derive(Clone, Debug)]
pub struct Boilerplate {
    matcher: AhoCorasick,
    whole_line: Vec<bool>,
    kinds: Vec<String>,
}

impl Boilerplate {
    /// Builds the matcher from rows of (phrase, kind, whether it must be the whole line).
    pub(super) fn new(rows: &[(String, String, bool)]) -> Result<Self> {
        let matcher = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(StartKind::Anchored)
            .build(rows.iter().map(|(phrase, _, _)| phrase))
            .map_err(|error| Error::gazetteer(format!("boilerplate phrases: {error}")))?;
        Ok(Boilerplate {
            matcher,
            whole_line: rows.iter().map(|row| row.2).collect(),
            kinds: rows.iter().map(|row| row.1.clone()).collect(),
        })
    }

    /// If `line` (trimmed) is boilerplate: its kind ("heading", "footer", ...) and the length in bytes of the phrase found.
    pub fn find(&self, line: &str) -> Option<(&str, usize)> {
        let found = self.matcher.find(Input::new(line).anchored(Anchored::Yes))?;
        let id = found.pattern().as_usize();
        let rest = &line[found.end()..];
        let ends_word = !rest.starts_with(|c: char| c.is_lowercase());
        let whole = rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
        // Pages glue a heading to the headline under it: "Latest newsStorm closes port".
        let glued = rest.starts_with(char::is_uppercase);
        (ends_word && (whole || glued || !self.whole_line[id])).then(|| (self.kinds[id].as_str(), found.end()))
    }
}

/// Endings of names and what they tell.
#[derive(Clone, Debug, Default)]
pub struct Suffixes {
    rows: Vec<(String, Ending)>,
}

/// What an ending tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Male,
    Female,
    Surname,
    Place,
    Organization,
}

impl Suffixes {
    pub(super) fn add(&mut self, suffix: &str, ending: Ending) {
        self.rows.push((suffix.trim_start_matches('-').to_string(), ending));
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
