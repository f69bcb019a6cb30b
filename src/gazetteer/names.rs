//! Where names stand in a text: every form of every gazetteer, at every word.
//!
//! A form is found word by word, and each step may wait for memory: the filter, the buckets, the records. So
//! all words of a stretch of text go through one kind of look-up together, then through the next, and wait side by
//! side.

use super::{
    Alias, Case, Gazetteer, Lexicon, Matching,
    buckets::Probe,
    layer::{Names, Record, START, extend},
};
use crate::token::{Shape, Token};
use std::ops::Range;

/// Looks for names in the tokens of one text. They must be numbered ([`super::Lexicon::number`]).
#[derive(Clone, Debug)]
pub struct Search<'g> {
    layers: Vec<Names<'g>>,
    text: &'g str,
    tokens: &'g [Token],
    // Room for one stretch: words that may be a form alone, walks that may go on, and what is found for them.
    alone: Vec<Walk>,
    walks: Vec<Walk>,
    probes: Vec<(Record, Probe)>,
    records: Vec<Record>,
    found: Vec<Name>,
}

/// A form of the gazetteers that stands in a text.
#[derive(Clone, Debug)]
pub struct Name {
    /// The token where the form begins: the article, if it has one.
    pub begins: u32,
    /// The first token of the name. An article that a form asks for must be there, and is no part of the name.
    pub start: u32,
    /// One past its last token.
    pub end: u32,
    /// The form.
    pub alias: Alias,
}

impl Name {
    /// Its tokens.
    pub fn tokens(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Some words that a form may begin with.
#[derive(Clone, Copy, Debug)]
struct Walk {
    /// The key of the words.
    key: u64,
    start: u32,
    /// One past the last of them.
    end: u32,
    /// No form goes on behind this token.
    limit: u32,
    words: u32,
    /// Bit i is not set if word i begins in lower case.
    fits: u32,
    /// The layers that may have forms which begin so, as bits.
    layers: u32,
}

impl<'g> Search<'g> {
    pub(super) fn new(gazetteer: &'g Gazetteer, text: &'g str, tokens: &'g [Token]) -> Self {
        let layers = gazetteer.layers.iter().map(|layer| layer.names()).collect();
        Search {
            layers,
            text,
            tokens,
            alone: Vec::new(),
            walks: Vec::new(),
            probes: Vec::new(),
            records: Vec::new(),
            found: Vec::new(),
        }
    }

    /// All names that lie in one of the ranges of tokens, begin where `can_begin` lets them, and have the letter case
    /// that their form asks for: by start; shorter ones first, and of equal ones those of earlier files. For some hundred
    /// tokens at a time.
    pub fn names(
        &mut self,
        ranges: impl IntoIterator<Item = Range<usize>>,
        can_begin: impl Fn(usize) -> bool,
    ) -> &[Name] {
        self.find(ranges, can_begin, false);
        &self.found
    }

    /// All forms that begin with the first token, in any letter case, shorter ones first.
    pub fn forms(&mut self) -> &[Name] {
        self.find([0..self.tokens.len()], |at| at == 0, true);
        &self.found
    }

    fn find(
        &mut self,
        ranges: impl IntoIterator<Item = Range<usize>>,
        can_begin: impl Fn(usize) -> bool,
        any_case: bool,
    ) {
        self.found.clear();
        self.walks.clear();
        self.alone.clear();
        let layers = (1u32 << self.layers.len()) - 1;
        for range in ranges {
            let limit = range.end.min(self.tokens.len());
            let tokens = self.tokens.get(..limit).unwrap_or_default();
            for first in range.step_by(TOGETHER) {
                let Starts { begins, alone, second } = Starts::of(&tokens[first.min(limit)..], any_case);
                let mut left = begins & (alone | second >> 1);
                while left != 0 {
                    let place = left.trailing_zeros();
                    left &= left - 1;
                    let at = first + place as usize;
                    if !can_begin(at) {
                        continue;
                    }
                    let token = &tokens[at];
                    let lower = token.is_word() & !token.is_capitalized();
                    let walk = Walk {
                        key: extend(START, token.hash),
                        start: at as u32,
                        end: at as u32 + 1,
                        limit: limit as u32,
                        words: 1,
                        fits: !u32::from(lower),
                        layers: layers & Lexicon::has_name(token),
                    };
                    push_if(walk, &mut self.alone);
                    let goes_on = tokens.get(at + 1).map_or(0, Lexicon::has_second);
                    push_if(Walk { layers: layers & goes_on, ..walk }, &mut self.walks);
                }
            }
        }
        self.look_up(any_case, |search| &search.alone);
        while !self.walks.is_empty() {
            self.step();
            self.look_up(any_case, |search| &search.walks);
        }
        // Steps are in order, and the forms of a step; what is sorted keeps it.
        self.found.sort_by_key(|name| name.begins);
    }

    /// Takes one word more, and leaves the walks that any form goes on with.
    fn step(&mut self) {
        let tokens = self.tokens;
        let mut kept = 0;
        for at in 0..self.walks.len() {
            let mut walk = self.walks[at];
            let rest = tokens.get(walk.end as usize..walk.limit as usize).unwrap_or_default();
            // Periods of abbreviations are no words: "St. Louis", "Washington D.C."
            let periods = rest.iter().take_while(|token| token.is('.') && !token.space_before).count();
            let Some(token) = rest.get(periods) else { continue };
            walk.end += periods as u32 + 1;
            walk.key = extend(walk.key, token.hash);
            let lower = token.is_word() & !token.is_capitalized();
            walk.fits &= !(u32::from(lower).checked_shl(walk.words).unwrap_or(0));
            walk.words += 1;
            self.walks[kept] = walk;
            kept += 1;
        }
        self.walks.truncate(kept);
        for (i, layer) in self.layers.iter().enumerate() {
            for walk in &mut self.walks {
                walk.layers &= !(u32::from(!layer.begins(walk.key)) << i);
            }
        }
        self.walks.retain(|walk| walk.layers != 0);
    }

    /// Finds the records of forms of just the words of some walks, and reads them.
    fn look_up(&mut self, any_case: bool, walks: impl Fn(&Self) -> &[Walk]) {
        let (mut probes, mut records) = (std::mem::take(&mut self.probes), std::mem::take(&mut self.records));
        probes.clear();
        records.clear();
        for (at, walk) in (0..).zip(walks(self)) {
            for (i, layer) in (0..).zip(&self.layers) {
                probes.push(layer.probe(walk.key, at, i));
                probes.truncate(probes.len() - usize::from(walk.layers >> i & 1 == 0));
            }
        }
        for probe in &probes {
            self.layers[probe.0.layer as usize].records_of(probe, &mut records);
        }
        for record in &mut records {
            record.head = self.layers[record.layer as usize].head(record.place);
        }
        let mut found = std::mem::take(&mut self.found);
        for record in &records {
            let Walk { start, end, words, fits, .. } = walks(self)[record.walk as usize];
            let form = &self.tokens[start as usize..end as usize];
            self.layers[record.layer as usize].forms(*record, words as usize, self.text, form, |alias| {
                // In a damaged file the article may be all there is.
                let first = start + u32::from(alias.article && !any_case);
                if first < end && (any_case || has_case(&alias, fits, form)) {
                    found.push(Name { begins: start, start: first, end, alias });
                }
            });
        }
        (self.probes, self.records, self.found) = (probes, records, found);
    }
}

/// How many tokens are looked at together.
const TOGETHER: usize = 63;

/// What names can do with some tokens, a bit for each.
struct Starts {
    /// One begins there.
    begins: u64,
    /// It may be a name alone.
    alone: u64,
    /// It may be the second word of one. This is told of one token more.
    second: u64,
}

impl Starts {
    /// Of the first of these tokens. Nobody can foretell what a token is, so that there are no branches here, which processors
    /// would guess wrong.
    fn of(tokens: &[Token], any_case: bool) -> Starts {
        let mut starts = Starts { begins: 0, alone: 0, second: 0 };
        for (i, token) in tokens.iter().take(TOGETHER + 1).enumerate() {
            starts.begins |= u64::from(Lexicon::starts_name(token, any_case)) << i;
            starts.alone |= u64::from(Lexicon::has_name(token) != 0) << i;
            starts.second |= u64::from(Lexicon::has_second(token) != 0) << i;
        }
        starts.begins &= (1 << TOGETHER) - 1;
        starts
    }
}

/// Appends a walk if any layer is left for it, without a branch.
fn push_if(walk: Walk, walks: &mut Vec<Walk>) {
    walks.push(walk);
    walks.truncate(walks.len() - usize::from(walk.layers == 0));
}

/// Whether `tokens` have the letter case that a form asks for; bit i of `fits` is not set if word i begins in lower case.
fn has_case(alias: &Alias, fits: u32, tokens: &[Token]) -> bool {
    let capitals = alias.capitals & fits == alias.capitals;
    let words = |tokens| <[Token]>::iter(tokens).filter(|token| !token.is('.'));
    let upper = |t: &Token| !t.is_word() || matches!(t.shape, Shape::Upper | Shape::Initial);
    let acronym = alias.case == Case::Name || tokens.iter().all(upper);
    let exact = alias.matching != Matching::Exact
        || words(tokens).zip(0..32).all(|(t, i)| t.is_capitalized() == (alias.capitals >> i & 1 == 1));
    // No word of "1MDB" or "eBay" begins with a capital: in a text they are written like this, or begin with one.
    capitals && acronym && exact && (alias.capitals != 0 || alias.literal || tokens[0].is_capitalized())
}
