//! Where names stand in a text: every form of every gazetteer, at every word.

use super::{
    Alias, Case, Gazetteer, Lexicon, Matching,
    layer::{Names, START, extend},
};
use crate::token::{Shape, Token};
use std::ops::Range;

/// Looks for names in the tokens of one text. They must be numbered ([`super::Lexicon::number`]).
#[derive(Clone, Debug)]
pub struct Search<'g> {
    lexicon: &'g Lexicon,
    layers: Vec<Names<'g>>,
    text: &'g str,
    tokens: &'g [Token],
}

impl<'g> Search<'g> {
    pub(super) fn new(gazetteer: &'g Gazetteer, text: &'g str, tokens: &'g [Token]) -> Self {
        Search {
            lexicon: &gazetteer.lexicon,
            layers: gazetteer.layers.iter().map(|layer| layer.names()).collect(),
            text,
            tokens,
        }
    }

    /// Calls `found` with the tokens of every name that begins at token `start`, ends before token `limit` and has the letter
    /// case that its form asks for; shorter ones first, and of equal ones those of earlier files. An article that a
    /// form asks for must be there, and is no part of the name.
    pub fn names_at(&self, start: usize, limit: usize, mut found: impl FnMut(Range<usize>, Alias)) {
        let mut fits = u32::MAX;
        self.walk(false, start, limit, |words, end, forms| {
            let tokens = &self.tokens[start..end];
            if words <= 32 && tokens.last().is_some_and(|last| last.is_word() && !last.is_capitalized()) {
                fits &= !(1 << (words - 1));
            }
            forms(&mut |alias| {
                // In a damaged file the article may be all there is.
                let name = start + usize::from(alias.article)..end;
                if !name.is_empty() && has_case(&alias, fits, tokens) {
                    found(name, alias);
                }
            });
        });
    }

    /// Calls `found` with the number of tokens of every form that begins at token `start`, whatever its letter case.
    pub fn forms_at(&self, start: usize, mut found: impl FnMut(usize, Alias)) {
        self.walk(true, start, self.tokens.len(), |_, end, forms| forms(&mut |alias| found(end - start, alias)));
    }

    /// Walks on from `start` as long as any name goes on, be it of other letter case if `any_case` says so: calls `step` with the number of words so far, the token behind
    /// them, and what calls a function for every form of just these words.
    fn walk(
        &self,
        any_case: bool,
        start: usize,
        limit: usize,
        mut step: impl FnMut(usize, usize, &mut dyn FnMut(&mut dyn FnMut(Alias))),
    ) {
        if !self.tokens.get(start).is_some_and(|token| self.lexicon.starts_name(token, any_case)) {
            return;
        }
        let mut key = START;
        let mut words = 0;
        let mut alive = (1u32 << self.layers.len()) - 1;
        for at in start..limit.min(self.tokens.len()) {
            let token = &self.tokens[at];
            // Periods of abbreviations are no words: "St. Louis", "Washington D.C."
            if token.is('.') && !token.space_before && words > 0 {
                continue;
            }
            words += 1;
            key = extend(key, token.hash);
            for (i, layer) in self.layers.iter().enumerate() {
                if alive >> i & 1 == 1 && !layer.begins(key) {
                    alive &= !(1 << i);
                }
            }
            if alive == 0 {
                return;
            }
            step(words, at + 1, &mut |found| {
                for (i, layer) in self.layers.iter().enumerate() {
                    if alive >> i & 1 == 1 {
                        layer.forms(key, words, self.text, &self.tokens[start..=at], &mut *found);
                    }
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
