//! The two ways to find names that are compared: ours, and aho-corasick.

use aho_corasick::{AhoCorasick, MatchKind};
use onrecord::{gazetteer::Gazetteer, token};

/// The matcher of the program alone: how many names of the gazetteer stand in `text`, short and long ones. When the matcher
/// changes, this is the one function to adapt.
pub(crate) fn count_names(gazetteer: &Gazetteer, text: &str) -> u64 {
    let mut tokens = token::tokenize(text);
    gazetteer.lexicon.number(text, &mut tokens);
    let mut count = 0;
    let search = gazetteer.search(text, &tokens);
    for start in 0..tokens.len() {
        search.names_at(start, tokens.len(), |_, _| count += 1);
    }
    count
}

/// Aho-corasick as its documentation advises for many patterns: it chooses the automaton by itself.
pub(crate) fn automaton(forms: &[String]) -> AhoCorasick {
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(forms).expect("the automaton can be built")
}

/// The bare search: how many of the forms stand in `text`, whole words or not.
pub(crate) fn count_forms(automaton: &AhoCorasick, text: &str) -> u64 {
    automaton.find_iter(text).count() as u64
}
