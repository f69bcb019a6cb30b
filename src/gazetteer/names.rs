//! Where names stand in a text: every form of every gazetteer, at every word.
//!
//! A form is found word by word, and each step may wait for memory: the filter, the tags, the places of records, the records. So
//! all words of a stretch of text go through one kind of look-up together, then through the next, and wait side by
//! side.

use super::{
    Alias, Case, Gazetteer, Lexicon, Matching,
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
    // Room for one stretch.
    walks: Vec<Walk>,
    records: Vec<(u32, Record)>,
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
    /// The layers that have forms which begin so, as bits.
    layers: u32,
}

impl<'g> Search<'g> {
    pub(super) fn new(gazetteer: &'g Gazetteer, text: &'g str, tokens: &'g [Token]) -> Self {
        let layers = gazetteer.layers.iter().map(|layer| layer.names()).collect();
        Search { layers, text, tokens, walks: Vec::new(), records: Vec::new(), found: Vec::new() }
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
        let layers = (1u32 << self.layers.len()) - 1;
        for range in ranges {
            let limit = range.end.min(self.tokens.len());
            for (at, token) in (range.start..limit).zip(self.tokens.get(range.start..limit).unwrap_or_default()) {
                if Lexicon::starts_name(token, any_case) && can_begin(at) {
                    let (start, limit) = (at as u32, limit as u32);
                    self.walks.push(Walk { key: START, start, end: start, limit, words: 0, fits: u32::MAX, layers });
                }
            }
        }
        while !self.walks.is_empty() {
            self.step();
            self.look_up();
            self.read(any_case);
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
            // Periods of abbreviations are no words: "St. Louis", "Washington D.C."
            let skipped = |token: &&Token| token.is('.') && !token.space_before;
            let rest = tokens.get(walk.end as usize..walk.limit as usize).unwrap_or_default();
            let periods = if walk.words == 0 { 0 } else { rest.iter().take_while(skipped).count() };
            let Some(token) = rest.get(periods) else { continue };
            walk.end += periods as u32 + 1;
            walk.key = extend(walk.key, token.hash);
            if walk.words < 32 && token.is_word() && !token.is_capitalized() {
                walk.fits &= !(1 << walk.words);
            }
            walk.words += 1;
            // With one layer, that the first word begins a form is known from the word itself.
            if walk.words > 1 || self.layers.len() > 1 {
                for (i, layer) in self.layers.iter().enumerate() {
                    walk.layers &= !(u32::from(!layer.begins(walk.key)) << i);
                }
            }
            self.walks[kept] = walk;
            kept += usize::from(walk.layers != 0);
        }
        self.walks.truncate(kept);
    }

    /// Finds the records that may hold forms of just the words of a walk.
    fn look_up(&mut self) {
        self.records.clear();
        for (at, walk) in self.walks.iter().enumerate() {
            for (i, layer) in self.layers.iter().enumerate().filter(|(i, _)| walk.layers >> i & 1 == 1) {
                layer
                    .slots_of(walk.key, |slot| self.records.push((at as u32, Record { layer: i as u32, place: slot })));
            }
        }
        for (_, record) in &mut self.records {
            record.place = self.layers[record.layer as usize].place_in(record.place);
        }
    }

    /// Reads the forms in these records.
    fn read(&mut self, any_case: bool) {
        let Search { layers, text, tokens, walks, records, found } = self;
        for (at, record) in records.iter() {
            let Walk { start, end, words, fits, .. } = walks[*at as usize];
            let form = &tokens[start as usize..end as usize];
            layers[record.layer as usize].forms(record.place, words as usize, text, form, |alias| {
                // In a damaged file the article may be all there is.
                let first = start + u32::from(alias.article && !any_case);
                if first < end && (any_case || has_case(&alias, fits, form)) {
                    found.push(Name { begins: start, start: first, end, alias });
                }
            });
        }
    }
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
