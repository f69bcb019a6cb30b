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

/// Words that a form of a layer may begin with.
#[derive(Clone, Copy, Debug)]
struct Walk {
    /// The key of the words.
    key: u64,
    words: Words,
    /// No form goes on behind this token.
    limit: u32,
    layer: u8,
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
                let starts = Starts::of(&tokens[first.min(limit)..], any_case);
                for at in bits(starts.alone).map(|place| first + place).filter(|at| can_begin(*at)) {
                    let walk = Walk::new(tokens, at);
                    for layer in bits((layers & Lexicon::has_name(&tokens[at])).into()) {
                        let probe = self.layers[layer].probe(walk.key);
                        self.wanted.push(Wanted { probe, words: walk.words, layer: layer as u8 });
                    }
                }
                for at in bits(starts.more).map(|place| first + place).filter(|at| can_begin(*at)) {
                    let Some(walk) = Walk::new(tokens, at).longer(self.tokens) else { continue };
                    for layer in bits((layers & Lexicon::has_second(&tokens[at + 1], any_case)).into()) {
                        self.layers[layer].bring_filter(walk.key);
                        self.walks.push(Walk { layer: layer as u8, ..walk });
                    }
                }
            }
        }
        while !self.walks.is_empty() {
            self.sift();
        }
        self.look_up(any_case);
        // Those of fewer words come first in `wanted`, then those of earlier files; what is sorted keeps it.
        self.found.sort_by_key(|name| name.begins);
    }

    /// Notes the words that may be a form, and leaves the walks that one may go on behind, with one word more.
    fn sift(&mut self) {
        let Search { layers, walks, wanted, tokens, .. } = self;
        for walk in &mut *walks {
            let layer = &layers[walk.layer as usize];
            let (whole, beginning) = layer.may_be(walk.key);
            // Without a branch, since nobody can foretell it.
            wanted.push(Wanted {
                probe: layer.probe(walk.key * u64::from(whole)),
                words: walk.words,
                layer: walk.layer,
            });
            wanted.truncate(wanted.len() - usize::from(!whole));
            // A walk that ends here goes on nowhere.
            walk.limit *= u32::from(beginning);
        }
        walks.retain_mut(|walk| {
            let longer = walk.longer(tokens);
            if let Some(longer) = longer {
                layers[walk.layer as usize].bring_filter(longer.key);
                *walk = longer;
            }
            longer.is_some()
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

impl Walk {
    /// The word at `at`.
    fn new(tokens: &[Token], at: usize) -> Walk {
        let token = &tokens[at];
        let words = Words { start: at as u32, end: at as u32 + 1, fits: !u32::from(is_lower(token)), count: 1 };
        Walk { key: extend(START, token.hash), words, limit: tokens.len() as u32, layer: 0 }
    }

    /// The same with one word more, if there is one.
    #[inline]
    fn longer(mut self, tokens: &[Token]) -> Option<Walk> {
        let Words { end, fits, count, .. } = &mut self.words;
        let rest = tokens.get(*end as usize..self.limit as usize)?;
        // Periods of abbreviations are no words: "St. Louis", "Washington D.C."
        let periods = rest.iter().take_while(|token| token.is('.') && !token.space_before).count();
        let token = rest.get(periods)?;
        *end += periods as u32 + 1;
        *fits &= !(u32::from(is_lower(token)).checked_shl((*count).into()).unwrap_or(0));
        *count = count.saturating_add(1);
        self.key = extend(self.key, token.hash);
        Some(self)
    }
}

/// For how much of everything a search for names makes room at once.
const ROOM: usize = 64;

/// How many tokens are looked at together.
const TOGETHER: usize = 64;

/// At which of the first [`TOGETHER`] tokens a name may begin, a bit for each.
struct Starts {
    /// The word may be one alone.
    alone: u64,
    /// The next word may be the second one of some.
    more: u64,
}

impl Starts {
    /// Nobody can foretell what a token is, so that there are no branches on it, which processors would guess wrong.
    fn of(tokens: &[Token], any_case: bool) -> Starts {
        let here = &tokens[..TOGETHER.min(tokens.len())];
        let begins = |token| u64::from(any_case | Lexicon::starts_name(token));
        let begins = here.iter().fold(0, |bits, token| bits >> 1 | begins(token) << (TOGETHER - 1));
        let mut starts = Starts { alone: 0, more: 0 };
        for at in bits(begins.checked_shr((TOGETHER - here.len()) as u32).unwrap_or(0)) {
            let second = tokens.get(at + 1).map_or(0, |next| Lexicon::has_second(next, any_case));
            starts.alone |= u64::from(Lexicon::has_name(&here[at]) != 0) << at;
            starts.more |= u64::from(second != 0) << at;
        }
        starts
    }
}

/// The places of the bits that are set, the lowest first.
#[inline]
fn bits(mut left: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = left.trailing_zeros() as usize;
        left &= left.checked_sub(1)?;
        Some(lowest)
    })
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
