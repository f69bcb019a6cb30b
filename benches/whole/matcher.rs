//! The two ways to find names that are compared: ours, and aho-corasick.

use aho_corasick::{AhoCorasick, MatchKind};
use onrecord::{
    gazetteer::Gazetteer,
    token::{self, Token},
};

/// Tokens that are searched together, as the program does it.
const STRETCH: usize = 500;

/// The matcher of the program alone: how many names of the gazetteer stand in `text`, short and long ones. Everything that the
/// program does with a text anyway, cutting it into words and looking these up, is done before. When the matcher
/// changes, this is the one function to adapt.
pub(crate) fn count_names(gazetteer: &Gazetteer, text: &str, tokens: &[Token]) -> u64 {
    let mut search = gazetteer.search(text, tokens);
    let stretches = (0..tokens.len()).step_by(STRETCH);
    stretches.map(|start| search.names([start..(start + STRETCH).min(tokens.len())], |_| true).len() as u64).sum()
}

/// The words of `text`, with what the lists know of them.
pub(crate) fn words(gazetteer: &Gazetteer, text: &str) -> Vec<Token> {
    let mut tokens = token::tokenize(text);
    gazetteer.lexicon.number(text, &mut tokens);
    tokens
}

/// Aho-corasick as its documentation advises for many patterns: it chooses the automaton by itself.
pub(crate) fn automaton(forms: &[String]) -> AhoCorasick {
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(forms).expect("the automaton can be built")
}

/// The bare search: how many of the forms stand in `text`, whole words or not.
pub(crate) fn count_forms(automaton: &AhoCorasick, text: &str) -> u64 {
    automaton.find_iter(text).count() as u64
}
