//! Single quotation marks: speech in British style and in headlines; apostrophes are none.

use crate::{
    gazetteer::{Flags, Gazetteer},
    model::Stretch,
    text::{Part, Segments},
    token::{Kind, Shape, Token},
};
use std::ops::Range;

/// Adds stretches between single marks: in the title, and in the body if it has no double ones and at least two that
/// look like speech.
pub(super) fn add(segments: &Segments, gazetteer: &Gazetteer, doubles: bool, out: &mut Vec<Stretch>) {
    let mut body: Vec<Stretch> = Vec::new();
    let mut speech = 0;
    let known = out.len();
    // Whether the paragraph before ends inside a quotation.
    let mut was_open = false;
    for (number, paragraph) in segments.paragraphs.iter().enumerate() {
        let title = paragraph.part == Part::Title;
        if !(title || paragraph.part == Part::Body && !doubles) {
            continue;
        }
        let begins = segments.paragraphs.get(number + 1).is_some_and(|next| {
            let start = next.tokens.start;
            next.part == Part::Body && !next.tokens.is_empty() && opens(&segments.tokens, gazetteer, start, start)
        });
        let runs_on = if title || !begins { None } else { unclosed(segments, gazetteer, paragraph.tokens.clone()) };
        let closed = pairs(segments, gazetteer, paragraph.tokens.clone());
        let closed = closed.into_iter().filter(|(_, close)| runs_on.is_none_or(|open| *close < open));
        let closed = closed.map(|(open, close)| (open, Some(close))).chain(runs_on.map(|open| (open, None)));
        let here = std::mem::replace(&mut was_open, runs_on.is_some());
        for (open, close) in closed {
            let end = close.unwrap_or(paragraph.tokens.end);
            let stretch = Stretch {
                open: Some(open),
                close,
                inner: open + 1..end,
                paragraph: number,
                continues: here && open == paragraph.tokens.start,
                repaired: false,
            };
            // Those between double marks are in text order.
            let behind = out[..known].partition_point(|s| s.end() <= stretch.start());
            let clash = out[..known].get(behind).is_some_and(|s| s.start() < stretch.end());
            if title && !clash {
                out.push(stretch);
            } else if !title {
                let last = &segments.tokens[end - 1];
                speech += usize::from(last.is(',') || last.is_stop());
                body.push(stretch);
            }
        }
    }
    if speech >= 2 {
        out.append(&mut body);
    }
}

/// The mark that opens a quotation which the end of its paragraph does not close: behind it no other mark opens or closes.
fn unclosed(segments: &Segments, gazetteer: &Gazetteer, range: Range<usize>) -> Option<usize> {
    let tokens = &segments.tokens;
    let last = range.end.checked_sub(1).filter(|l| *l > range.start && tokens[*l].is_stop())?;
    let single = |t: &usize| {
        let within = tokens.get(*t + 1).is_some_and(|next| !next.space_before && next.is_word());
        tokens[*t].kind == Kind::Single && (tokens[*t].space_before || *t == range.start || !within)
    };
    let mark = (range.start..last).rev().find(single)?;
    let led = mark == range.start || tokens[mark - 1].is(':') || tokens[mark - 1].is(',');
    (led && opens(tokens, gazetteer, mark, range.start)).then_some(mark)
}

/// Pairs of single marks in one paragraph.
fn pairs(segments: &Segments, gazetteer: &Gazetteer, range: Range<usize>) -> Vec<(usize, usize)> {
    let tokens = &segments.tokens;
    let mut out = Vec::new();
    let mut at = range.start;
    while at < range.end {
        if tokens[at].kind == Kind::Single && opens(tokens, gazetteer, at, range.start) {
            // What nothing closes here, nothing closes further on.
            let Some(close) = closer(tokens, gazetteer, at + 1, range.end) else { break };
            out.push((at, close));
            at = close;
        }
        at += 1;
    }
    out
}

fn opens(tokens: &[Token], gazetteer: &Gazetteer, at: usize, start: usize) -> bool {
    let token = &tokens[at];
    let Some(next) = tokens.get(at + 1) else { return false };
    let free = at == start
        || token.space_before
        || tokens[at - 1].is('(')
        || tokens[at - 1].is(':')
        || tokens[at - 1].is_dash();
    // '90s, 'em, 'til
    let elided = next.kind == Kind::Number || gazetteer.lexicon.is(next, Flags::ELIDED) && token.character != '‘';
    token.kind == Kind::Single && free && !next.space_before && next.kind != Kind::Single && !elided
}

/// Tokens behind a mark that may close within which a better one is looked for.
const REACH: usize = 1_000;

/// The mark that closes a stretch: the first after , . ! ? or before an attribution, else the last that can.
fn closer(tokens: &[Token], gazetteer: &Gazetteer, start: usize, end: usize) -> Option<usize> {
    let mut weak: Option<usize> = None;
    for at in start..end {
        if weak.is_some_and(|weak| at > weak + REACH) {
            break;
        }
        let token = &tokens[at];
        if token.kind != Kind::Single || at == start {
            // Another opening mark: what could close before it, does.
            continue;
        }
        if token.space_before {
            if weak.is_some() {
                break;
            }
            continue;
        }
        let after = tokens.get(at + 1).filter(|_| at + 1 < end);
        if after.is_some_and(|next| !next.space_before && next.is_word()) {
            continue;
        }
        let before = &tokens[at - 1];
        let stopped = before.is(',') || before.is_stop();
        let attributed = after.is_some_and(|next| {
            gazetteer.lexicon.is(next, Flags::CUE)
                && next.shape == Shape::Lower
                && gazetteer.lexicon.is(next, Flags::VERB_PAST | Flags::VERB_S)
        });
        if stopped || attributed {
            return Some(at);
        }
        let ends = after.is_none_or(|next| !next.is_word());
        if weak.is_none() || ends {
            weak = Some(at);
            if ends {
                break;
            }
        }
    }
    weak
}
