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
    for comma in (0..words.len()).rev().take(9) {
        if !words[comma].is(',') {
            continue;
        }
        let rest = &words[comma + 1..];
        if let Some(name) = agency_and_verb(text, rest, gazetteer, rest.len()) {
            // The sentence keeps its closing stop out of reach: what is cut stays cut.
            return (sentence.start..sentence.start + comma, name);
        }
    }
    // "Harbour Wire reports that ..." and "Harbour Wire reports citing ..." at the start.
    for length in 2..=words.len().min(6) {
        if agency_and_verb(text, words, gazetteer, length).is_some() && is_outlet(&words[..length - 1], gazetteer) {
            let next = words.get(length).map_or("", |t| t.text(text));
            if gazetteer.lexicon.has_context(next, "credit") {
                let name = span_text(text, &words[..length - 1]);
                let skip = usize::from(!gazetteer.lexicon.has_context(next, "source"));
                return (sentence.start + length + skip..sentence.end, name);
            }
        }
    }
    (sentence, String::new())
}

/// The agency's name if the first `length` of `words` are capitalized words and then a verb of reporting.
fn agency_and_verb(text: &str, words: &[Token], gazetteer: &Gazetteer, length: usize) -> Option<String> {
    let words = words.get(..length)?;
    let words = match words.first() {
        Some(first) if gazetteer.lexicon.has_context(first.text(text), "as") => &words[1..],
        _ => words,
    };
    let (verb, name) = words.split_last()?;
    let verb = verb.text(text);
    let reports = gazetteer.lexicon.has_context(verb, "credit verb");
    let known = reports || gazetteer.lexicon.has_context(verb, "credit verb known");
    let capitals = !name.is_empty()
        && name.len() <= 5
        && name.iter().all(|t| t.is_capitalized() || t.is('-') || t.is('.'))
        && !gazetteer.lexicon.is(&name[0], Flags::PRON | Flags::TITLE | Flags::GIVEN);
    (reports && capitals || known && is_outlet(name, gazetteer)).then(|| span_text(text, name))
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
