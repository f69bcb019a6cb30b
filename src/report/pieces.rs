//! A text -> pieces that lie wholly within or without each name and quotation, safe to show.

use crate::model::Span;
use serde::Serialize;

/// Characters of a cell, a title or a quotation in a list.
const LONGEST: usize = 1_000;

/// A stretch of text that lies wholly within or without each name and quotation.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The text, without what could command a terminal or reorder what stands around it.
    pub text: String,
    /// Number of the name that it belongs to, from 1; 0 if none.
    pub name: usize,
    /// Whether the name begins here.
    pub name_starts: bool,
    /// Whether the name ends here.
    pub name_ends: bool,
    /// Number of the quotation that it belongs to, from 1; 0 if none.
    pub quotation: usize,
    /// Whether a part of the quotation begins here.
    pub part_starts: bool,
    /// Whether a part of the quotation ends here.
    pub part_ends: bool,
}

/// Cuts the text wherever a name or a part of a quotation begins or ends; both come with their numbers, from 1. Where names (or
/// quotations) overlap, the first one is shown.
pub fn pieces(text: &str, names: Vec<(Span, usize)>, parts: Vec<(Span, usize)>) -> Vec<Piece> {
    let names = disjoint(names, text);
    let parts = disjoint(parts, text);
    let mut cuts: Vec<usize> = names.iter().chain(&parts).flat_map(|(span, _)| [span.start, span.end]).collect();
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    let within = |spans: &[(Span, usize)], piece: Span| {
        let place = spans.partition_point(|(span, _)| span.end <= piece.start);
        spans.get(place).copied().filter(|(span, _)| span.contains(piece))
    };
    let mut out = Vec::new();
    for cut in cuts.windows(2) {
        let span = Span::new(cut[0], cut[1]);
        let (name, part) = (within(&names, span), within(&parts, span));
        let characters = span.of(text).chars().map(|c| if c == '\t' { ' ' } else { c });
        out.push(Piece {
            text: characters.filter(|c| *c == '\n' || !is_unsafe(*c)).collect(),
            name: name.map_or(0, |(_, number)| number),
            name_starts: name.is_some_and(|(whole, _)| whole.start == span.start),
            name_ends: name.is_some_and(|(whole, _)| whole.end == span.end),
            quotation: part.map_or(0, |(_, number)| number),
            part_starts: part.is_some_and(|(whole, _)| whole.start == span.start),
            part_ends: part.is_some_and(|(whole, _)| whole.end == span.end),
        });
    }
    out
}

/// The spans in order, without those that begin inside an earlier one or do not fit the text.
fn disjoint(mut spans: Vec<(Span, usize)>, text: &str) -> Vec<(Span, usize)> {
    spans.sort();
    let mut end = 0;
    spans.retain(|(span, _)| {
        let fits = span.start >= end && !span.of(text).is_empty();
        if fits {
            end = span.end;
        }
        fits
    });
    spans
}

/// `text` on one line, without anything that could command a terminal or reorder what stands around it.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).filter(|c| !is_unsafe(*c)).collect()
}

/// What [`printable`] makes of `text`, cut where it is too long for a cell.
pub(super) fn line(text: &str) -> String {
    let end = text.char_indices().nth(LONGEST).map(|(at, _)| at);
    match end.and_then(|end| text.get(..end)) {
        Some(beginning) => printable(beginning) + "…",
        None => printable(text),
    }
}

/// Control characters, and the invisible ones that reorder what stands around them.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_spans_are_shown_once() {
        let text = "“Go, Lee,” said Ann\u{1b}[31m Ray.\nBye <b>.";
        let names = vec![(Span::new(8, 11), 1), (Span::new(0, 9), 2), (Span::new(500, 600), 3)];
        let cut = pieces(text, names, vec![(Span::new(0, 15), 1), (Span::new(3, 20), 2)]);
        let shown: String = cut.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(shown, "“Go, Lee,” said Ann[31m Ray.\nBye <b>.");
        assert_eq!(cut.iter().filter(|piece| piece.part_starts).count(), 1);
        assert_eq!(cut.iter().filter(|piece| piece.name_starts).map(|piece| piece.name).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn nothing_commands_the_terminal() {
        for (text, safe) in
            [("a\u{1b}[31mb", "a[31mb"), ("a\nb\tc\r", "a b c"), ("a\u{202e}b\u{9b}c", "abc"), ("əş", "əş")]
        {
            assert_eq!(printable(text), safe);
        }
    }
}
