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
    // Room for one stretch: walks that may go on, words that may be a form, and what is found for these.
    walks: Vec<Walk>,
    wanted: Vec<Wanted>,
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

/// Some words of the text.
#[derive(Clone, Copy, Debug)]
struct Words {
    start: u32,
    /// One past the last of them.
    end: u32,
    /// Bit i is not set if word i begins in lower case.
    fits: u32,
    /// How many they are, periods apart.
    count: u16,
}

/// Words that a form may begin with.
#[derive(Clone, Copy, Debug)]
struct Walk {
    /// The key of the words.
    key: u64,
    words: Words,
    /// No form goes on behind this token.
    limit: u32,
    /// The layers that may have forms of these words, or some that begin with them, as bits.
    layers: u8,
    /// Those of them that may have more words behind.
    beginning: u8,
}

/// Words that may be a form of a layer.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    probe: Probe,
    words: Words,
    layer: u8,
}

impl<'g> Search<'g> {
    pub(super) fn new(gazetteer: &'g Gazetteer, text: &'g str, tokens: &'g [Token]) -> Self {
        let layers = gazetteer.layers.iter().map(|layer| layer.names()).collect();
        Search { layers, text, tokens, walks: Vec::new(), wanted: Vec::new(), records: Vec::new(), found: Vec::new() }
    }

    /// All names that lie in one of the ranges of tokens, begin where `can_begin` lets them, and have the letter case
    /// that their form asks for: by start; shorter ones first, and of equal ones those of earlier files. For some hundred
    /// tokens at a time.
    pub fn names(
        &mut self,
        ranges: impl IntoIterator<Item = Range<usize>>,
        can_begin: impl Fn(usize) -> bool,
    ) -> &[Name] {
        self.walks.reserve(ROOM);
        self.wanted.reserve(ROOM);
        self.records.reserve(ROOM);
        self.found.reserve(ROOM);
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
        self.wanted.clear();
        let layers = ((1u32 << self.layers.len()) - 1) as u8;
        for range in ranges {
            let limit = range.end.min(self.tokens.len());
            let tokens = self.tokens.get(..limit).unwrap_or_default();
            for first in range.step_by(TOGETHER) {
                let mut left = starts(&tokens[first.min(limit)..], any_case);
                while left != 0 {
                    let at = first + left.trailing_zeros() as usize;
                    left &= left - 1;
                    if !can_begin(at) {
                        continue;
                    }
                    let token = &tokens[at];
                    let fits = !u32::from(is_lower(token));
                    let walk = Walk {
                        key: extend(START, token.hash),
                        words: Words { start: at as u32, end: at as u32 + 1, fits, count: 1 },
                        limit: limit as u32,
                        layers: layers & Lexicon::has_name(token),
                        beginning: 0,
                    };
                    for (i, layer) in (0..).zip(&self.layers) {
                        want(&mut self.wanted, layer, &walk, i, walk.layers >> i & 1);
                    }
                    let goes_on = tokens.get(at + 1).map_or(0, |next| layers & Lexicon::has_second(next, any_case));
                    if goes_on != 0
                        && let Some(longer) = self.longer(Walk { layers: goes_on, ..walk })
                    {
                        self.walks.push(longer);
                    }
                }
            }
        }
        while !self.walks.is_empty() {
            self.sift();
            let mut walks = std::mem::take(&mut self.walks);
            walks.retain_mut(|walk| self.longer(*walk).map(|longer| *walk = longer).is_some());
            self.walks = walks;
        }
        self.look_up(any_case);
        // Those of fewer words come first in `wanted`, then those of earlier files; what is sorted keeps it.
        self.found.sort_by_key(|name| name.begins);
    }

    /// A walk with one word more, if there is one.
    #[inline]
    fn longer(&self, mut walk: Walk) -> Option<Walk> {
        let Words { end, fits, count, .. } = &mut walk.words;
        let rest = self.tokens.get(*end as usize..walk.limit as usize)?;
        // Periods of abbreviations are no words: "St. Louis", "Washington D.C."
        let periods = rest.iter().take_while(|token| token.is('.') && !token.space_before).count();
        let token = rest.get(periods)?;
        *end += periods as u32 + 1;
        *fits &= !(u32::from(is_lower(token)).checked_shl((*count).into()).unwrap_or(0));
        *count = count.saturating_add(1);
        walk.key = extend(walk.key, token.hash);
        for (i, layer) in self.layers.iter().enumerate() {
            layer.bring_filter(walk.key * u64::from(walk.layers >> i & 1));
        }
        Some(walk)
    }

    /// Notes the words that may be a form, and leaves the walks that one may go on behind.
    fn sift(&mut self) {
        for (i, layer) in (0..).zip(&self.layers) {
            for walk in &mut self.walks {
                // Where a layer is not asked, the same word of its filter is looked at, which is at hand.
                let asked = walk.layers >> i & 1;
                let (whole, beginning) = layer.may_be(walk.key * u64::from(asked));
                walk.beginning |= (u8::from(beginning) & asked) << i;
                want(&mut self.wanted, layer, walk, i, u8::from(whole) & asked);
            }
        }
        self.walks.retain_mut(|walk| {
            walk.layers = std::mem::take(&mut walk.beginning);
            walk.layers != 0
        });
    }

    /// Finds the records of the words that may be a form, and reads them.
    fn look_up(&mut self, any_case: bool) {
        let Search { layers, wanted, records, found, text, tokens, .. } = self;
        records.clear();
        for (at, Wanted { probe, layer, .. }) in (0..).zip(&*wanted) {
            layers[*layer as usize].records_of(probe, at, records);
        }
        for record in &*records {
            let Wanted { words: Words { start, end, fits, count }, layer, .. } = wanted[record.wanted as usize];
            let form = &tokens[start as usize..end as usize];
            layers[layer as usize].forms(record.place, count as usize, text, form, |alias| {
                // In a damaged file the article may be all there is.
                let first = start + u32::from(alias.article && !any_case);
                if first < end && (any_case || has_case(&alias, fits, form)) {
                    found.push(Name { begins: start, start: first, end, alias });
                }
            });
        }
    }
}

/// Appends the words of a walk if `wanted` is 1, and nothing if it is 0, without a branch: nobody can foretell it.
#[inline]
fn want(all: &mut Vec<Wanted>, layer: &Names<'_>, walk: &Walk, number: u8, wanted: u8) {
    all.push(Wanted { probe: layer.probe(walk.key * u64::from(wanted)), words: walk.words, layer: number });
    all.truncate(all.len() - usize::from(wanted ^ 1));
}

/// For how much of everything a search for names makes room at once.
const ROOM: usize = 64;

/// How many tokens are looked at together.
const TOGETHER: usize = 64;

/// At which of the first [`TOGETHER`] tokens a name may begin, a bit for each: the word may be one alone, or is followed by one that
/// may be the second of some. Nobody can foretell what a token is, so that there are no branches on it, which processors would
/// guess wrong.
fn starts(tokens: &[Token], any_case: bool) -> u64 {
    let here = &tokens[..TOGETHER.min(tokens.len())];
    let begins = |token| u64::from(any_case | Lexicon::starts_name(token));
    let mut begins = here.iter().fold(0, |bits, token| bits >> 1 | begins(token) << (TOGETHER - 1));
    begins = begins.checked_shr((TOGETHER - here.len()) as u32).unwrap_or(0);
    let mut starts = 0;
    while begins != 0 {
        let i = begins.trailing_zeros() as usize;
        begins &= begins - 1;
        let goes_on = tokens.get(i + 1).map_or(0, |next| Lexicon::has_second(next, any_case));
        starts |= u64::from(Lexicon::has_name(&here[i]) | goes_on != 0) << i;
    }
    starts
}

/// Whether a token is a word in lower case.
fn is_lower(token: &Token) -> bool {
    token.is_word() & !token.is_capitalized()
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
