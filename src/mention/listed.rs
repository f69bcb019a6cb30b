//! Where the forms of the gazetteers begin in an article, and which phrases of the word lists cover its tokens.

use crate::{
    gazetteer::{Alias, Gazetteer, Name, PhraseKind},
    model::EntityType,
    text::Segments,
    token::{Kind, Token},
};
use std::ops::Range;

/// So many forms an article may have, and one more for so many bytes of text before it: many times as many as news has.
/// Behind more of them, so many are taken at each token. A user's file may have a thousand towns of one name.
const PLENTY: usize = 100_000;
const BYTES_PER_HIT: usize = 4;
const FEW: usize = 4;

/// Names are looked for in so many tokens together; in a sentence more, if it is longer.
const STRETCH: usize = 500;

/// A form of the gazetteer found at some tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    end: u32,
    pub alias: Alias,
}

impl Hit {
    /// One past its last token.
    pub(super) fn end(&self) -> usize {
        self.end as usize
    }
}

/// A range of tokens, empty where there is none.
pub(super) type Cover = (u32, u32);

/// What the lists have at the tokens of an article.
pub(super) struct Listed {
    /// Gazetteer forms by the token where they begin.
    hits: Vec<Hit>,
    /// For each token, where its forms begin in `hits`; and one more.
    first_hit: Vec<u32>,
    /// Forms behind an article: they begin at the token behind the one where they were found.
    behind_article: Vec<Hit>,
    /// For each token, the longest gazetteer form that covers it.
    pub covered: Vec<Cover>,
    /// For each token, how far a title phrase that ends before it reaches back (0: none).
    pub title_before: Vec<u8>,
    /// For each token, the lengths of the title phrases that begin there, as bits: bit 2 is set for two tokens.
    titles: Vec<u32>,
    /// For each token, the demonym of several words that covers it. Most articles have none, and nothing here.
    demonyms: Vec<Cover>,
    /// For each token, the listed name of something else (an event, a law ...) that covers it; nothing if there is none.
    others: Vec<Cover>,
}

impl Listed {
    pub(super) fn new(segments: &Segments, gazetteer: &Gazetteer) -> Listed {
        let count = segments.tokens.len();
        let mut listed = Listed {
            hits: Vec::with_capacity(count / 2),
            first_hit: Vec::with_capacity(count + 1),
            behind_article: Vec::new(),
            covered: vec![(0, 0); count],
            title_before: vec![0; count + 1],
            titles: vec![0; count],
            demonyms: Vec::new(),
            others: Vec::new(),
        };
        let tokens = &segments.tokens;
        let mut search = gazetteer.search(&segments.text, tokens);
        let mut sentences = &segments.sentences[..];
        while let [first, ..] = sentences {
            let count = sentences.partition_point(|s| s.tokens.end <= first.tokens.start + STRETCH).max(1);
            let (stretch, rest) = sentences.split_at(count);
            let ranges = stretch.iter().map(|sentence| sentence.tokens.clone());
            let mut names = search.names(ranges, |at| can_begin(tokens, at));
            for sentence in stretch {
                names = listed.read(segments, sentence.tokens.clone(), gazetteer, names);
            }
            sentences = rest;
        }
        listed.first_hit.resize(count + 1, listed.hits.len() as u32);
        listed
    }

    /// Reads a sentence. `names` are those that begin in it or behind it; returns the latter.
    fn read<'n>(
        &mut self,
        segments: &Segments,
        sentence: Range<usize>,
        gazetteer: &Gazetteer,
        mut names: &'n [Name],
    ) -> &'n [Name] {
        let Segments { tokens, work, .. } = segments;
        // Tokens between two sentences have no forms.
        self.first_hit.resize(sentence.start, self.hits.len() as u32);
        for start in sentence.clone() {
            self.first_hit.push(self.hits.len() as u32);
            for at in 0..self.behind_article.len() {
                self.add(start, self.behind_article[at]);
            }
            self.behind_article.clear();
            let first = self.hits.len();
            while let Some((name, rest)) = names.split_first().filter(|(name, _)| name.begins as usize == start) {
                names = rest;
                // Of a form with hundreds of bearers again and again, a few will do.
                let plenty = first / work >= PLENTY + tokens[start].start as usize / BYTES_PER_HIT;
                if plenty && self.hits.len() >= first + FEW {
                    continue;
                }
                let hit = Hit { end: name.end, alias: name.alias };
                // What stands behind an article begins at the next token.
                if name.start == name.begins { self.add(start, hit) } else { self.behind_article.push(hit) }
            }
            if gazetteer.lexicon.begins_title(&tokens[start]) && can_begin(tokens, start) {
                self.find_phrases(tokens, start, sentence.end, gazetteer);
            }
        }
        names
    }

    fn add(&mut self, start: usize, hit: Hit) {
        self.hits.push(hit);
        for covered in &mut self.covered[start..hit.end()] {
            if hit.end - start as u32 > covered.1 - covered.0 {
                *covered = (start as u32, hit.end);
            }
        }
    }

    fn find_phrases(&mut self, tokens: &[Token], start: usize, limit: usize, gazetteer: &Gazetteer) {
        let (mut demonym, mut other, mut title) = (0, 0, 0);
        gazetteer.lexicon.phrases_at(&tokens[start..limit], |length, phrase| match phrase.kind {
            PhraseKind::Demonym => demonym = length,
            PhraseKind::Other => other = length,
            PhraseKind::Title => {
                title = length;
                self.titles[start] |= 1 << length.min(31);
            }
            _ => {}
        });
        let cover = |length: usize| (start as u32, (start + length) as u32);
        if demonym > 1 {
            self.demonyms.resize(tokens.len(), (0, 0));
            self.demonyms[start..start + demonym].fill(cover(demonym));
        }
        // "Cold War" is none in "Cold War Museum".
        let goes_on = |end: usize| end < limit && tokens[end].is_capitalized();
        if other > 0 && tokens[start].is_capitalized() && self.other_at(start) == (0, 0) && !goes_on(start + other) {
            self.others.resize(tokens.len(), (0, 0));
            self.others[start..start + other].fill(cover(other));
        }
        if title > 0 {
            let end = start + title;
            let end = end + usize::from(tokens.get(end).is_some_and(is_skipped));
            self.title_before[end] = self.title_before[end].max((end - start).min(255) as u8);
        }
    }

    /// Whether anything is covered by a demonym of several words or by the name of something else.
    pub(super) fn has_covers(&self) -> bool {
        !self.demonyms.is_empty() || !self.others.is_empty()
    }

    /// The demonym of several words that covers the token `at`.
    pub(super) fn demonym_at(&self, at: usize) -> Cover {
        self.demonyms.get(at).copied().unwrap_or_default()
    }

    /// The name of something else that covers the token `at`.
    pub(super) fn other_at(&self, at: usize) -> Cover {
        self.others.get(at).copied().unwrap_or_default()
    }

    /// The gazetteer forms that begin at token `start`.
    pub(super) fn hits_at(&self, start: usize) -> &[Hit] {
        &self.hits[self.first_hit[start] as usize..self.first_hit[start + 1] as usize]
    }

    /// The gazetteer forms that are exactly `tokens`.
    pub(super) fn hits_of(&self, tokens: Range<usize>) -> impl Iterator<Item = &Hit> + '_ {
        self.hits_at(tokens.start).iter().filter(move |hit| hit.end() == tokens.end)
    }

    /// Whether a place of the gazetteers begins at token `start`.
    pub(super) fn place_at(&self, start: usize) -> bool {
        self.hits_at(start).iter().any(|hit| hit.alias.kind == EntityType::Place)
    }

    /// Whether a gazetteer knows exactly these tokens as a place.
    pub(super) fn is_place(&self, tokens: Range<usize>) -> bool {
        self.hits_of(tokens).any(|hit| hit.alias.kind == EntityType::Place)
    }

    /// Whether the longest title phrase within `tokens` that begins with them ends before they do.
    pub(super) fn title_within(&self, tokens: Range<usize>) -> bool {
        let length = tokens.len().min(31);
        let fitting = self.titles[tokens.start] & (2u32 << length).wrapping_sub(1);
        fitting != 0 && fitting.ilog2() < length as u32
    }
}

/// Periods of abbreviations are no words: "St. Louis", "Washington D.C."
fn is_skipped(token: &Token) -> bool {
    token.is('.') && !token.space_before
}

/// Whether a name or a title can begin with the token.
fn can_begin(tokens: &[Token], at: usize) -> bool {
    matches!(tokens[at].kind, Kind::Word | Kind::Number) && !is_amount(tokens, at)
}

/// Whether the number at `at` tells how much money: "$3M" is not the company.
fn is_amount(tokens: &[Token], at: usize) -> bool {
    let sign = |before: &Token| before.is('$') || before.is('€') || before.is('£') || before.is('¥');
    tokens[at].kind == Kind::Number && !tokens[at].space_before && at > 0 && sign(&tokens[at - 1])
}
