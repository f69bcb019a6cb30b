//! One article as the tagger sees it: what each token can be, where gazetteer names begin, and what kind of text it is.

use super::{
    corrected::Corrected,
    listed::{Hit, Listed},
    words::{Look, Words},
};
use crate::{
    gazetteer::{Flags, Gazetteer},
    model::EntityType,
    text::{Part, Segments},
    token::{Shape, Token},
};
use rustc_hash::FxHashSet;
use std::{hash::Hasher, ops::Range};

/// An article reports on sport if one token in so many is a word of sport.
const SPORT_SHARE: usize = 70;

/// One article with what the lists say about its tokens.
pub(super) struct Document<'a> {
    pub segments: &'a Segments,
    pub tokens: &'a [Token],
    pub gazetteer: &'a Gazetteer,
    pub words: Words,
    pub listed: Listed,
    /// By word number: acronyms that the article sets in brackets behind the lower-case words that they stand for.
    common_acronyms: Vec<bool>,
    /// For each sentence, whether it is written in capitals.
    pub shouted: Vec<bool>,
    /// For each sentence, whether most of its words are capitalized.
    pub headline: Vec<bool>,
    /// Whether the article reports on sport.
    pub sport: bool,
    /// Places that play in a report on sport, as keys of their words.
    pub teams: FxHashSet<u64>,
    /// What a person has corrected.
    pub corrected: Option<Corrected>,
}

impl<'a> Document<'a> {
    pub(super) fn new(segments: &'a Segments, gazetteer: &'a Gazetteer) -> Self {
        let words = Words::new(segments, gazetteer);
        let mut document = Document {
            segments,
            tokens: &segments.tokens,
            gazetteer,
            common_acronyms: vec![false; words.count() + 1],
            listed: Listed::new(segments, gazetteer),
            words,
            shouted: Vec::with_capacity(segments.sentences.len()),
            headline: Vec::with_capacity(segments.sentences.len()),
            sport: false,
            teams: FxHashSet::default(),
            corrected: None,
        };
        for sentence in &segments.sentences {
            document.read_case(sentence.tokens.clone(), segments.paragraphs[sentence.paragraph].part);
            document.read_acronyms(sentence.tokens.clone());
        }
        document.sport = document.reports_on_sport();
        if document.sport {
            document.find_teams();
        }
        document
    }

    /// Whether enough words of sport and results of matches stand in the article.
    fn reports_on_sport(&self) -> bool {
        let words = self.words.flags.iter().filter(|flags| flags.contains(Flags::SPORT)).count();
        let sentences = self.segments.sentences.iter().map(|sentence| sentence.tokens.clone());
        let results =
            sentences.map(|range| range.clone().filter(|at| self.score_at(*at, &range)).count()).sum::<usize>();
        let sport = words + 3 * results;
        sport >= 4 && sport * SPORT_SHARE >= self.tokens.len()
    }

    fn read_case(&mut self, range: Range<usize>, part: Part) {
        let words = self.tokens[range].iter().filter(|t| t.is_word() && t.shape != Shape::Initial);
        let (mut all, mut upper, mut capital) = (0, 0, 0);
        for token in words {
            all += 1;
            upper += usize::from(token.shape == Shape::Upper);
            capital += usize::from(token.shape != Shape::Lower);
        }
        self.shouted.push(all >= 3 && upper * 10 >= all * 7);
        self.headline.push(all >= 4 && capital * 10 >= all * if part == Part::Title { 6 } else { 7 });
    }

    fn read_acronyms(&mut self, range: Range<usize>) {
        for at in range.start + 1..range.end {
            if self.token(at - 1).is('(') && self.token(at).is_capitalized() && self.abbreviates_lower(at, range.start)
            {
                self.common_acronyms[self.words.numbers[at] as usize] = true;
            }
        }
    }

    /// Whether the acronym at `at`, behind a bracket, has the initials of the words before, which are written in lower case:
    /// "liquefied natural gas (LNG)".
    fn abbreviates_lower(&self, at: usize, from: usize) -> bool {
        let tokens = self.tokens;
        let word = tokens[at].text(&self.segments.text);
        let letters: Vec<char> = word.chars().filter(|c| c.is_uppercase()).flat_map(char::to_lowercase).collect();
        if letters.len() < 2 {
            return false;
        }
        let mut wanted = letters.iter().rev().peekable();
        let mut lower = 0;
        for token in tokens[from..at - 1].iter().rev().filter(|t| t.is_word()).take(letters.len() + 2) {
            let Some(letter) = wanted.peek() else { break };
            if token.text(&self.segments.text).chars().flat_map(char::to_lowercase).next() == Some(**letter) {
                wanted.next();
                lower += usize::from(!token.is_capitalized());
            }
        }
        wanted.peek().is_none() && lower * 2 > letters.len()
    }

    /// Whether the word at `at` is an acronym that the article explains with words in lower case.
    pub(super) fn is_common_acronym(&self, at: usize) -> bool {
        self.common_acronyms[self.words.numbers[at] as usize]
    }

    /// The gazetteer forms that begin at token `start`.
    pub(super) fn hits_at(&self, start: usize) -> &[Hit] {
        self.listed.hits_at(start)
    }

    /// The gazetteer's entries of type `kind` whose form is exactly `tokens`.
    pub(super) fn entries(&self, tokens: Range<usize>, kind: EntityType) -> Vec<u32> {
        let mut out: Vec<u32> =
            self.listed.hits_of(tokens).filter(|hit| hit.alias.kind == kind).map(|hit| hit.alias.entry).collect();
        out.dedup();
        out
    }

    /// A key for the words of `tokens`: the same for the same words.
    pub(super) fn key(&self, tokens: Range<usize>) -> u64 {
        let mut hasher = rustc_hash::FxHasher::default();
        for id in &self.words.ids[tokens] {
            hasher.write_u32(*id);
        }
        hasher.finish()
    }

    /// What the letters of the word at `at` look like.
    pub(super) fn look(&self, at: usize) -> Look {
        let token = self.token(at);
        if token.is_capitalized() { self.words.look(at) } else { Look::of(token.text(&self.segments.text)) }
    }

    pub(super) fn flags(&self, at: usize) -> Flags {
        self.words.flags[at]
    }

    pub(super) fn token(&self, at: usize) -> &Token {
        &self.tokens[at]
    }
}
