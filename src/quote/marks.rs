//! Pairing quotation marks: the cheapest way through a paragraph, so that one stray mark never shifts the rest.
//!
//! Glyphs are evidence of direction, never a condition. States: outside, inside, nested inside; a mark opens, closes or
//! is ignored at a cost that depends on how much it looks like opening or closing. State crosses a paragraph only where
//! the next one begins with a mark.

use super::singles;
use crate::{
    gazetteer::{Flags, Gazetteer},
    model::Stretch,
    text::{Part, Segments},
    token::{Kind, Token},
};
use std::ops::Range;

const OUT: usize = 0;
const IN: usize = 1;
const NESTED: usize = 2;

/// What a mark does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Ignore,
    Open,
    Close,
    /// Closes a stretch whose opening mark is missing: it began with the paragraph.
    CloseFromStart,
    /// The stretch before it has lost its closing mark; this one opens the next.
    Reopen,
    OpenNested,
    CloseNested,
}

/// All stretches of title and body, in text order.
pub(super) fn stretches(segments: &Segments, gazetteer: &Gazetteer) -> Vec<Stretch> {
    let mut out = Vec::new();
    let mut was_open = false;
    let live: Vec<usize> =
        (0..segments.paragraphs.len()).filter(|p| segments.paragraphs[*p].part.zone().is_some()).collect();
    for (i, paragraph) in live.iter().enumerate() {
        let part = &segments.paragraphs[*paragraph];
        let next_opens = live.get(i + 1).is_some_and(|next| {
            let next = &segments.paragraphs[*next];
            next.part == part.part && segments.tokens[next.tokens.clone()].first().is_some_and(Token::is_double)
        });
        let last = i + 1 == live.len();
        let reader = Reader {
            segments,
            gazetteer,
            range: part.tokens.clone(),
            paragraph: *paragraph,
            was_open,
            next_opens,
            last,
        };
        was_open = reader.read(&mut out) && next_opens;
    }
    let doubles = out.iter().any(|s| segments.paragraphs[s.paragraph].part == Part::Body);
    singles::add(segments, gazetteer, doubles, &mut out);
    out.sort_by_key(Stretch::start);
    out
}

struct Reader<'a> {
    segments: &'a Segments,
    gazetteer: &'a Gazetteer,
    range: Range<usize>,
    paragraph: usize,
    was_open: bool,
    next_opens: bool,
    last: bool,
}

impl Reader<'_> {
    /// Adds the stretches of the paragraph; tells whether the last one stays open.
    fn read(&self, out: &mut Vec<Stretch>) -> bool {
        let marks: Vec<usize> = self.range.clone().filter(|t| self.segments.tokens[*t].is_double()).collect();
        if marks.is_empty() {
            return false;
        }
        let scores: Vec<i32> = marks.iter().map(|m| self.score(*m)).collect();
        let acts = self.cheapest(&marks, &scores);
        self.collect(&marks, &acts, out)
    }

    /// How much a mark looks like opening (positive) or closing (negative), -5 to 5.
    fn score(&self, mark: usize) -> i32 {
        let tokens = &self.segments.tokens;
        let text = &self.segments.text;
        let token = &tokens[mark];
        let glyph = match token.character {
            '“' | '„' | '‟' | '«' | '〝' => 2,
            '”' | '»' | '〞' => -2,
            _ if token.text(text) == "''" => {
                if mark == self.range.start {
                    0
                } else {
                    -1
                }
            }
            _ => 0,
        };
        let before = text[..token.start as usize].chars().next_back();
        let left = match before {
            _ if mark == self.range.start || token.space_before => 2,
            Some('(' | '[' | '—' | '–' | '-' | '/' | ':' | '‘' | '\'') => 2,
            _ => -2,
        };
        let after = text[token.end as usize..].chars().next();
        let right = match after {
            None => -1,
            _ if mark + 1 >= self.range.end => -1,
            Some(c) if c.is_whitespace() => -1,
            Some('.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '—' | '–' | '\'' | '’') => -1,
            Some(_) => 1,
        };
        let mut score = glyph + left + right;
        let lexicon = &self.gazetteer.lexicon;
        let upper_next = tokens.get(mark + 1).is_some_and(Token::is_capitalized);
        let introduced = mark > self.range.start && {
            let before = &tokens[mark - 1];
            let word = if before.is(',') && mark > self.range.start + 1 { &tokens[mark - 2] } else { before };
            before.is(':') || lexicon.is(word, Flags::CUE) && lexicon.is(word, Flags::VERB_PAST | Flags::VERB_S)
        };
        if introduced && upper_next {
            score += 1;
        }
        if self.attribution_follows(mark + 1) {
            score -= 1;
        }
        score.clamp(-5, 5)
    }

    /// Whether an attribution ("Ruiz said", "said Ruiz", "he said") begins at token `at`.
    fn attribution_follows(&self, at: usize) -> bool {
        let lexicon = &self.gazetteer.lexicon;
        let window = &self.segments.tokens[at.min(self.range.end)..self.range.end.min(at + 5)];
        for (i, token) in window.iter().enumerate() {
            if lexicon.is(token, Flags::CUE)
                && !token.is_capitalized()
                && lexicon.is(token, Flags::VERB_PAST | Flags::VERB_S)
            {
                return true;
            }
            let name = token.is_capitalized()
                || lexicon.is(token, Flags::PRON_SUBJECT | Flags::DET | Flags::ROLE | Flags::BODY);
            let comma = i == 0 && token.is(',');
            if !(name || comma) {
                return false;
            }
        }
        false
    }

    /// Whether a mark can close what began with the paragraph: behind , . ! ? or a word with an attribution behind it
    /// that names somebody. (`The dam" held` has none.)
    fn closes_from_start(&self, mark: usize) -> bool {
        let tokens = &self.segments.tokens;
        let before = mark.checked_sub(1).map(|b| &tokens[b]);
        let stopped = before.is_some_and(|b| b.is(',') || b.is_stop());
        let lexicon = &self.gazetteer.lexicon;
        let named = tokens.get(mark + 1).is_some_and(|t| !lexicon.is(t, Flags::CUE) || t.is(','));
        (stopped || named) && self.attribution_follows(mark + 1)
    }

    fn ignore_cost(&self, mark: usize) -> f32 {
        let tokens = &self.segments.tokens;
        let token = &tokens[mark];
        let after_digit = mark > self.range.start && !token.space_before && tokens[mark - 1].kind == Kind::Number;
        let loose_right = mark + 1 >= self.range.end
            || tokens[mark + 1].space_before
            || tokens[mark + 1].is('-')
            || tokens[mark + 1].is(',');
        if after_digit && loose_right {
            0.5
        } else if token.space_before && loose_right {
            2.5
        } else {
            5.0
        }
    }

    /// The cheapest acts of all marks (Viterbi).
    fn cheapest(&self, marks: &[usize], scores: &[i32]) -> Vec<Act> {
        let cost = |score: i32| match score {
            2.. => 0.0,
            0..=1 => 1.0,
            -1 => 2.0,
            _ => 4.0,
        };
        let mut sums = [0.0f32, f32::INFINITY, f32::INFINITY];
        let mut back: Vec<[(usize, Act); 3]> = Vec::with_capacity(marks.len());
        for (i, mark) in marks.iter().enumerate() {
            let (open, close) = (cost(scores[i]), cost(-scores[i]));
            let ignore = self.ignore_cost(*mark);
            let directional = scores[i] >= 2 && matches!(self.segments.tokens[*mark].character, '“' | '„' | '«' | '〝');
            let mut next = [f32::INFINITY; 3];
            let mut step = [(OUT, Act::Ignore); 3];
            let mut offer = |from: usize, to: usize, act: Act, price: f32| {
                let sum = sums[from] + price;
                if sum < next[to] {
                    next[to] = sum;
                    step[to] = (from, act);
                }
            };
            let reopened = i == 0 && self.was_open && *mark == self.range.start;
            offer(OUT, IN, Act::Open, if reopened { 0.0 } else { open });
            if i == 0 && scores[i] <= -2 && self.closes_from_start(*mark) {
                offer(OUT, OUT, Act::CloseFromStart, 2.5);
            }
            offer(IN, OUT, Act::Close, close);
            offer(IN, IN, Act::Reopen, 2.5 + open);
            if directional {
                offer(IN, NESTED, Act::OpenNested, 3.0);
            }
            offer(NESTED, IN, Act::CloseNested, close);
            // Of two marks that could close, a comma or a stop shows the first: `"A," he said. B."` has lost one before B.
            let stopped = *mark > self.range.start && {
                let before = &self.segments.tokens[*mark - 1];
                before.is(',') || before.is_stop()
            };
            let late = if ignore >= 5.0 && scores[i] <= -2 && stopped { 0.1 } else { 0.0 };
            for state in [OUT, IN, NESTED] {
                offer(state, state, Act::Ignore, if state == OUT { ignore } else { ignore + late });
            }
            back.push(step);
            sums = next;
        }
        let open_end = if self.next_opens {
            0.0
        } else if self.last {
            3.0
        } else {
            4.0
        };
        sums[IN] += open_end;
        sums[NESTED] += 9.0;
        let mut state = [OUT, IN, NESTED].into_iter().min_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap_or(OUT);
        let mut acts = vec![Act::Ignore; marks.len()];
        for (i, step) in back.iter().enumerate().rev() {
            acts[i] = step[state].1;
            state = step[state].0;
        }
        acts
    }

    /// Turns acts into stretches; tells whether the last one stays open.
    fn collect(&self, marks: &[usize], acts: &[Act], out: &mut Vec<Stretch>) -> bool {
        let mut open: Option<usize> = None;
        for (mark, act) in marks.iter().zip(acts) {
            match act {
                Act::Open => open = Some(*mark),
                Act::Close => {
                    if let Some(start) = open.take() {
                        self.push(out, Some(start), Some(*mark), start + 1..*mark, false);
                    }
                }
                Act::CloseFromStart => self.push(out, None, Some(*mark), self.range.start..*mark, true),
                Act::Reopen => {
                    if let Some(start) = open.replace(*mark) {
                        let end = self.repair(start + 1, *mark);
                        self.push(out, Some(start), None, start + 1..end, true);
                    }
                }
                Act::Ignore | Act::OpenNested | Act::CloseNested => {}
            }
        }
        let Some(start) = open else { return false };
        // A mark at the start of the next paragraph goes on with this quotation, unless an attribution shows that it
        // should have been closed here.
        let end = self.repair(start + 1, self.range.end);
        let goes_on = self.next_opens && end == self.range.end;
        self.push(out, Some(start), None, start + 1..end, !goes_on);
        goes_on
    }

    fn push(
        &self,
        out: &mut Vec<Stretch>,
        open: Option<usize>,
        close: Option<usize>,
        inner: Range<usize>,
        repaired: bool,
    ) {
        if inner.is_empty() {
            return;
        }
        let continues = self.was_open && open == Some(self.range.start);
        out.push(Stretch { open, close, inner, paragraph: self.paragraph, continues, repaired });
    }

    /// Where a stretch without a closing mark ends: before the comma of an attribution, else at `limit`.
    fn repair(&self, start: usize, limit: usize) -> usize {
        let stops = |at: &usize| {
            let token = &self.segments.tokens[*at];
            (token.is(',') || token.is_stop()) && self.attribution_follows(at + 1)
        };
        (start..limit).find(stops).map_or(limit, |at| at + 1)
    }
}
