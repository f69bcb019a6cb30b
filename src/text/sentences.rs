//! Sentences that respect quotations: no break between a closing mark and its attribution.

use crate::{
    gazetteer::{Flags, Lexicon},
    token::{Kind, Shape, Token},
};
use std::ops::Range;

/// Most tokens of a sentence. What goes on for longer without a stop is no sentence; cut here, it costs no more time and
/// memory than as much text with stops, though the rules look at a sentence as a whole.
pub(super) const LONGEST: usize = 1_000;

/// Splits the tokens of one paragraph.
pub(super) fn split(
    text: &str,
    tokens: &[Token],
    range: Range<usize>,
    lexicon: &Lexicon,
    longest: usize,
) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = range.start;
    let mut i = range.start;
    while i < range.end {
        let end = after_stop(tokens, i, range.end);
        if end > i && breaks(text, tokens, i, end, range.end, lexicon) {
            push(&mut out, start..end, longest);
            start = end;
        }
        i = end.max(i + 1);
    }
    push(&mut out, start..range.end, longest);
    out
}

/// Adds a sentence, in pieces if it is too long.
fn push(out: &mut Vec<Range<usize>>, mut sentence: Range<usize>, longest: usize) {
    while sentence.len() > longest {
        out.push(sentence.start..sentence.start + longest);
        sentence.start += longest;
    }
    if !sentence.is_empty() {
        out.push(sentence);
    }
}

/// One past the stop at `i` with the marks and brackets that close behind it; `i` if there is no stop.
fn after_stop(tokens: &[Token], i: usize, end: usize) -> usize {
    let dotted = tokens[i].is_word() && matches!(tokens[i].shape, Shape::Upper | Shape::Initial);
    let ends_dotted = dotted && tokens.get(i + 1).is_none_or(|next| next.space_before || next.is_double());
    if !tokens[i].is_stop() && !ends_dotted {
        return i;
    }
    let mut j = i + 1;
    while j < end {
        let token = &tokens[j];
        let closes = matches!(token.kind, Kind::Double | Kind::Single) && !token.space_before
            || token.is_stop()
            || (token.is(')') || token.is(']')) && !token.space_before;
        if !closes {
            break;
        }
        j += 1;
    }
    j
}

/// Whether the stop at `i`, whose closing marks end at `end`, ends a sentence.
fn breaks(text: &str, tokens: &[Token], i: usize, end: usize, limit: usize, lexicon: &Lexicon) -> bool {
    if end >= limit {
        return true;
    }
    let next = &tokens[end];
    if !next.space_before && !next.is_double() {
        return false;
    }
    let closed = tokens[i + 1..end].iter().any(|t| t.is_double() || t.kind == Kind::Single);
    let starts_upper = next.is_capitalized();
    let starts = starts_upper
        || next.kind == Kind::Number
        || matches!(next.kind, Kind::Double | Kind::Single | Kind::Address)
        || next.is('(')
        || next.is('[')
        || next.is('#')
        || next.is('@')
        || next.is_dash()
        || next.is('•');
    if !starts {
        return false;
    }
    if closed && starts_upper && begins_attribution(tokens, end, limit, lexicon) {
        return false;
    }
    let common_next = lexicon.is(next, Flags::DET | Flags::PRON | Flags::PREP | Flags::SCONJ | Flags::AUX | Flags::WH);
    match tokens[i].kind {
        // "J." or "U.S.": a sentence ends there only if the next word is one of grammar.
        Kind::Word => tokens[i].text(text).ends_with('.') && starts_upper && common_next,
        _ if tokens[i].is('.') && i > 0 && !closed => {
            let before = &tokens[i - 1];
            let abbreviation = !tokens[i].space_before && lexicon.is(before, Flags::ABBREVIATION);
            let month = before.text(text).len() <= 4 && lexicon.is(before, Flags::MONTH) && next.kind == Kind::Number;
            // "Inc." may end a sentence; then a word of grammar begins the next.
            !(abbreviation && before.is_capitalized() && !(starts_upper && common_next) || month)
        }
        _ => true,
    }
}

/// Whether an attribution follows a closed quotation: one to four capitalized words or a pronoun, then a cue; or a
/// cue first. ("What?" Ruiz asked. / "Stop!" Said the guard.)
fn begins_attribution(tokens: &[Token], start: usize, limit: usize, lexicon: &Lexicon) -> bool {
    let window = &tokens[start..limit.min(start + 6)];
    for (i, token) in window.iter().enumerate() {
        let past = lexicon.is(token, Flags::CUE) && lexicon.is(token, Flags::VERB_PAST | Flags::VERB_S);
        if past && token.shape == Shape::Lower && i > 0 {
            // "Ruiz said he ..." begins a sentence of its own; "Ruiz said." or "Ruiz asked, ..." ends this one.
            return tokens[start + i + 1..limit].first().is_none_or(|t| t.is_stop() || t.is(','));
        }
        let name = token.is_capitalized() || lexicon.is(token, Flags::PRON_SUBJECT) || token.is('-');
        if !name {
            return false;
        }
    }
    false
}
