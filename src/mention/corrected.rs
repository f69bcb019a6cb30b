//! What a person has corrected: names that are told whatever the evidence says, and names that are not.
//!
//! A correction takes the place of every name that the evidence tells at its words, within them or across their edges. A
//! longer name around them stays: who corrects "Washington" has not said anything about "George Washington". What is corrected
//! as no name takes everything within it away, but for what another line makes a name there.

use super::passes::Told;
use crate::{
    evidence::Pick,
    gazetteer::{Corrector, Match},
    model::EntityType,
    text::Segments,
};
use std::ops::Range;

/// The corrections at the words of an article.
#[derive(Debug, Default)]
pub(super) struct Corrected {
    /// Names to be told, in order; they do not overlap.
    names: Vec<Name>,
    /// What is no name, in order.
    none: Vec<(Range<usize>, u32)>,
    /// For each token how far what is no name reaches that begins before or at it; nothing if there is none.
    reach: Vec<u32>,
}

/// A name to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub tokens: Range<usize>,
    pub line: u32,
    pub kind: EntityType,
}

impl Corrected {
    /// Looks for the corrections of an article.
    pub(super) fn new(segments: &Segments, corrector: &mut Corrector<'_>) -> Corrected {
        let mut out = Corrected::default();
        let mut found: Vec<Name> = Vec::new();
        let mut taken = vec![false; segments.tokens.len()];
        for (number, sentence) in segments.sentences.iter().enumerate() {
            let around = segments.around(number);
            for start in sentence.tokens.clone() {
                let tokens = &segments.tokens[start..sentence.tokens.end];
                corrector.at(&segments.text, tokens, around, |Match { tokens, line, kind }| {
                    let tokens = start..start + tokens;
                    match kind {
                        Some(kind) => found.push(Name { tokens, line, kind }),
                        None => out.none.push((tokens, line)),
                    }
                });
            }
            // The longest wins, of equals the first.
            found.sort_by_key(|name| (std::cmp::Reverse(name.tokens.len()), name.tokens.start));
            let first = out.names.len();
            for name in found.drain(..) {
                let tokens = &mut taken[name.tokens.clone()];
                if !tokens.contains(&true) {
                    tokens.fill(true);
                    out.names.push(name);
                }
            }
            out.names[first..].sort_by_key(|name| name.tokens.start);
        }
        if !out.none.is_empty() {
            out.reach = vec![0; segments.tokens.len()];
            for (tokens, _) in &out.none {
                for (at, reach) in tokens.clone().zip(&mut out.reach[tokens.clone()]) {
                    *reach = (*reach).max(tokens.end.max(at) as u32);
                }
            }
        }
        out
    }

    /// The names to be told within `tokens`.
    pub(super) fn within(&self, tokens: &Range<usize>) -> &[Name] {
        let first = self.names.partition_point(|name| name.tokens.start < tokens.start);
        let last = self.names.partition_point(|name| name.tokens.start < tokens.end);
        &self.names[first..last.max(first)]
    }

    /// Whether `tokens` lie within what is no name.
    pub(super) fn is_none(&self, tokens: &Range<usize>) -> bool {
        self.reach.get(tokens.start).is_some_and(|reach| *reach as usize >= tokens.end)
    }

    /// Adds the end of the name to be told that begins at `start`, if there is one.
    pub(super) fn add_end(&self, start: usize, ends: &mut Vec<usize>) {
        if let [name, ..] = self.within(&(start..start + 1))
            && let Err(place) = ends.binary_search(&name.tokens.end)
        {
            ends.insert(place, name.tokens.end);
        }
    }

    /// The line that makes just these tokens a name.
    pub(super) fn line(&self, tokens: &Range<usize>) -> Option<u32> {
        self.within(tokens).first().filter(|name| name.tokens == *tokens).map(|name| name.line)
    }

    /// The lines that were applied, each with its tokens; `told` are the tokens of the names that are told, in order.
    pub(super) fn applied(&self, told: &[Range<usize>]) -> Vec<(u32, Range<usize>)> {
        let made = told.iter().filter_map(|tokens| Some((self.line(tokens)?, tokens.clone())));
        // What stands within a longer name was not asked about.
        let around = |tokens: &Range<usize>| {
            let before = told.partition_point(|name| name.start <= tokens.start);
            before.checked_sub(1).is_some_and(|name| told[name].end >= tokens.end && told[name] != *tokens)
        };
        let unmade =
            self.none.iter().filter(|(tokens, _)| !around(tokens)).map(|(tokens, line)| (*line, tokens.clone()));
        let mut all: Vec<_> = made.chain(unmade).collect();
        all.sort_by_key(|(line, tokens)| (tokens.start, tokens.end, *line));
        all
    }
}

/// How often the names of a cluster are decided anew: each time, a name that went may uncover a correction within it.
const ROUNDS: usize = 4;

/// Decides the names of a cluster again where corrections touch them. `tokens_of` tells the tokens of a piece (a possible name),
/// `decide` picks among the pieces that do not touch certain names. Returns what is told, by piece.
pub(super) fn correct(
    corrected: &Corrected,
    cluster: &Range<usize>,
    tokens_of: impl Fn(u32) -> Range<usize>,
    piece_of: impl Fn(&Range<usize>) -> Option<u32>,
    mut decide: impl FnMut(&[Name]) -> Vec<Pick>,
) -> Vec<Pick> {
    let wanted = corrected.within(cluster);
    let mut applied: Vec<Name> = Vec::new();
    let mut picks = Vec::new();
    for round in 0..ROUNDS {
        picks = decide(&applied);
        picks.retain(|pick: &Pick| !corrected.is_none(&tokens_of(pick.piece)));
        let kept: Vec<Range<usize>> = picks.iter().map(|pick| tokens_of(pick.piece)).collect();
        let within_longer = |name: &Name| {
            let before = kept.partition_point(|kept| kept.start <= name.tokens.start);
            before.checked_sub(1).is_some_and(|at| kept[at].end >= name.tokens.end && kept[at] != name.tokens)
        };
        let fresh: Vec<Name> =
            wanted.iter().filter(|name| !is_one(&applied, name) && !within_longer(name)).cloned().collect();
        if fresh.is_empty() {
            break;
        }
        applied.extend(fresh);
        applied.sort_by_key(|name| name.tokens.start);
        if round + 1 == ROUNDS {
            picks.retain(|pick| !touches(&applied, &tokens_of(pick.piece)));
        }
    }
    let forced = applied.iter().filter_map(|name| {
        Some(Pick { piece: piece_of(&name.tokens)?, label: name.kind.index() as u32, probability: 1.0 })
    });
    picks.extend(forced);
    picks.sort_by_key(|pick| tokens_of(pick.piece).start);
    picks
}

/// Whether a name is among those, which are in order.
fn is_one(names: &[Name], name: &Name) -> bool {
    names.binary_search_by_key(&name.tokens.start, |known| known.tokens.start).is_ok()
}

/// Whether any of the names, which are in order, shares a token with `tokens`.
pub(super) fn touches(names: &[Name], tokens: &Range<usize>) -> bool {
    let behind = names.partition_point(|name| name.tokens.end <= tokens.start);
    names.get(behind).is_some_and(|name| name.tokens.start < tokens.end)
}

/// What is told of a pick.
pub(super) fn told(pick: &Pick, first: usize, cluster: usize) -> Told {
    Told {
        name: first as u32 + pick.piece,
        cluster: cluster as u32,
        kind: EntityType::ALL[pick.label as usize],
        probability: pick.probability,
    }
}
