//! Agency credits: "..., Harbour Wire reports." is no statement of Harbour Wire's.

use crate::{
    gazetteer::{Flags, Gazetteer},
    token::Token,
};
use std::ops::Range;

/// Cuts an agency's credit off a sentence; returns what is left, and the agency's name.
pub(super) fn cut(
    text: &str,
    tokens: &[Token],
    sentence: Range<usize>,
    gazetteer: &Gazetteer,
) -> (Range<usize>, String) {
    let mut end = sentence.end;
    while end > sentence.start && tokens[end - 1].is_stop() {
        end -= 1;
    }
    // "..., Harbour Wire reports" at the end.
    let words = &tokens[sentence.start..end];
    if words.last().is_some_and(|last| Verb::of(last, gazetteer).is_some()) {
        for comma in (0..words.len()).rev().take(9).filter(|i| words[*i].is(',')) {
            if let Some(name) = reporting_agency(&words[comma + 1..], gazetteer) {
                // The sentence keeps its closing stop out of reach: what is cut stays cut.
                return (sentence.start..sentence.start + comma, span_text(text, name));
            }
        }
    }
    // "Harbour Wire reports that ..." and "Harbour Wire reports citing ..." at the start.
    for length in 2..=words.len().min(6) {
        if reporting_agency(&words[..length], gazetteer).is_some() && is_outlet(&words[..length - 1], gazetteer) {
            let next = words.get(length).map_or(0, |t| t.word);
            if gazetteer.lexicon.is_context(next, "credit") {
                let name = span_text(text, &words[..length - 1]);
                let skip = usize::from(!gazetteer.lexicon.is_context(next, "source"));
                return (sentence.start + length + skip..sentence.end, name);
            }
        }
    }
    (sentence, String::new())
}

/// A verb of reporting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    /// Whoever stands before it in capitals is an agency.
    Any,
    /// Only known outlets may stand before it.
    Known,
}

impl Verb {
    fn of(token: &Token, gazetteer: &Gazetteer) -> Option<Verb> {
        if !gazetteer.lexicon.is(token, Flags::CREDIT_VERB) {
            None
        } else if gazetteer.lexicon.is_context(token.word, "credit verb") {
            Some(Verb::Any)
        } else {
            Some(Verb::Known)
        }
    }
}

/// The agency's name if `words` are capitalized words and then a verb of reporting.
fn reporting_agency<'w>(words: &'w [Token], gazetteer: &Gazetteer) -> Option<&'w [Token]> {
    let (verb, name) = words.split_last()?;
    let verb = Verb::of(verb, gazetteer)?;
    let name = match name.first() {
        Some(first) if gazetteer.lexicon.is_context(first.word, "as") => &name[1..],
        _ => name,
    };
    let capitals = || {
        !name.is_empty()
            && name.len() <= 5
            && name.iter().all(|t| t.is_capitalized() || t.is('-') || t.is('.'))
            && !gazetteer.lexicon.is(&name[0], Flags::PRON | Flags::TITLE | Flags::GIVEN)
    };
    (verb == Verb::Any && capitals() || is_outlet(name, gazetteer)).then_some(name)
}

/// Whether `words` are the name of a news outlet.
pub(super) fn is_outlet(words: &[Token], gazetteer: &Gazetteer) -> bool {
    gazetteer.forms(words).iter().any(|alias| {
        let class = gazetteer.entry(alias.entry).class();
        class == "media" || class == "news agency"
    })
}

fn span_text(text: &str, words: &[Token]) -> String {
    match (words.first(), words.last()) {
        (Some(first), Some(last)) => text[first.start as usize..last.end as usize].to_string(),
        _ => String::new(),
    }
}
