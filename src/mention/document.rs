//! One article as the tagger sees it: what each token can be, and where gazetteer names begin.

use crate::{
    gazetteer::{Alias, Flags, Gazetteer, PhraseKind, Search, Spelling},
    model::EntityType,
    text::{Part, Segments},
    token::{self, Kind, Shape, Token},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// An article reports on sport if one token in so many is a word of sport.
const SPORT_SHARE: usize = 70;

/// A form of the gazetteer found at some tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub end: usize,
    pub alias: Alias,
}

/// One article with what the lists say about its tokens.
pub(super) struct Document<'a> {
    pub segments: &'a Segments,
    pub gazetteer: &'a Gazetteer,
    /// What each token can be.
    pub flags: Vec<Flags>,
    /// A number for each word: the lexicon's, or one of this article's own for words that it does not have.
    pub ids: Vec<u32>,
    /// Words that the article also writes in lower case.
    pub lower: FxHashSet<u32>,
    /// Gazetteer forms by the token where they begin, in order.
    hits: Vec<(u32, Hit)>,
    /// For each token, how far a title phrase that ends before it reaches back (0: none).
    pub title_before: Vec<u8>,
    /// For each token, the demonym of several words that covers it; empty if none.
    pub demonyms: Vec<(u32, u32)>,
    /// For each token, the listed name of something else (an event, a law ...) that covers it; empty if none.
    pub others: Vec<(u32, u32)>,
    /// Acronyms that the article sets in brackets behind the lower-case words that they stand for.
    pub common_acronyms: FxHashSet<u32>,
    /// For each sentence, whether it is written in capitals or as a headline.
    pub shouted: Vec<bool>,
    /// For each sentence, whether most of its words are capitalized.
    pub headline: Vec<bool>,
    /// Whether the article reports on sport.
    pub sport: bool,
    /// Places that play in a report on sport, as the numbers of their words.
    pub teams: FxHashSet<Vec<u32>>,
    /// What each word that no list has is spelled like, by its number.
    spelled: FxHashMap<u32, (Spelling, f32)>,
}

impl<'a> Document<'a> {
    pub(super) fn new(segments: &'a Segments, gazetteer: &'a Gazetteer) -> Self {
        let tokens = &segments.tokens;
        let mut document = Document {
            segments,
            gazetteer,
            flags: Vec::with_capacity(tokens.len()),
            ids: Vec::with_capacity(tokens.len()),
            lower: FxHashSet::default(),
            hits: Vec::new(),
            title_before: vec![0; tokens.len() + 1],
            demonyms: vec![(0, 0); tokens.len()],
            others: vec![(0, 0); tokens.len()],
            common_acronyms: FxHashSet::default(),
            shouted: Vec::new(),
            headline: Vec::new(),
            sport: false,
            teams: FxHashSet::default(),
            spelled: FxHashMap::default(),
        };
        document.read_words();
        let search = gazetteer.search(&segments.text, tokens);
        for sentence in &segments.sentences {
            document.read_sentence(&search, sentence.tokens.clone(), segments.paragraphs[sentence.paragraph].part);
        }
        document.sport = document.reports_on_sport();
        // A hit behind an article begins one token after the place where it was found.
        document.hits.sort_by_key(|(start, _)| *start);
        if document.sport {
            document.find_teams();
        }
        document
    }

    fn read_words(&mut self) {
        let mut own: FxHashMap<String, u32> = FxHashMap::default();
        let known = 1 << 30;
        for token in &self.segments.tokens {
            let mut flags = self.gazetteer.lexicon.flags(token.word);
            let mut id = token.word;
            if id == 0 && matches!(token.kind, Kind::Word | Kind::Number) {
                let folded = token::fold(token.text(&self.segments.text));
                if token.is_capitalized() {
                    flags |= self.gazetteer.suffixes.of(&folded);
                }
                let next = known + own.len() as u32;
                id = *own.entry(folded).or_insert_with_key(|folded| {
                    if let Some(spelling) = self.gazetteer.letters.of(folded).filter(|_| token.is_capitalized()) {
                        self.spelled.insert(next, spelling);
                    }
                    next
                });
            }
            if token.is_word() && token.shape == Shape::Lower {
                self.lower.insert(id);
            }
            self.flags.push(flags);
            self.ids.push(id);
        }
    }

    /// Whether enough words of sport and results of matches stand in the article.
    fn reports_on_sport(&self) -> bool {
        let words = self.flags.iter().filter(|flags| flags.contains(Flags::SPORT)).count();
        let sentences = self.segments.sentences.iter().map(|sentence| sentence.tokens.clone());
        let results =
            sentences.map(|range| range.clone().filter(|at| self.score_at(*at, &range)).count()).sum::<usize>();
        let sport = words + 3 * results;
        sport >= 4 && sport * SPORT_SHARE >= self.segments.tokens.len()
    }

    /// What the unlisted word at `at` is spelled like, and how surely.
    pub(super) fn spelling(&self, at: usize) -> Option<(Spelling, f32)> {
        self.spelled.get(&self.ids[at]).copied()
    }

    fn read_sentence(&mut self, search: &Search<'_>, range: Range<usize>, part: Part) {
        let words = self.segments.tokens[range.clone()].iter().filter(|t| t.is_word() && t.shape != Shape::Initial);
        let (mut all, mut upper, mut capital) = (0, 0, 0);
        for token in words {
            all += 1;
            upper += usize::from(token.shape == Shape::Upper);
            capital += usize::from(token.shape != Shape::Lower);
        }
        self.shouted.push(all >= 3 && upper * 10 >= all * 7);
        self.headline.push(all >= 4 && capital * 10 >= all * if part == Part::Title { 6 } else { 7 });
        for start in range.clone() {
            if self.segments.tokens[start].kind != Kind::Word && self.segments.tokens[start].kind != Kind::Number {
                continue;
            }
            let hits = &mut self.hits;
            search
                .names_at(start, range.end, |name, alias| hits.push((name.start as u32, Hit { end: name.end, alias })));
            if start > range.start
                && self.segments.tokens[start - 1].is('(')
                && self.abbreviates_lower(start, range.start)
            {
                self.common_acronyms.insert(self.ids[start]);
            }
            let rest = &self.segments.tokens[start..range.end];
            if let Some((length, _)) = self.gazetteer.lexicon.longest(rest, |kind| kind == PhraseKind::Demonym)
                && length > 1
            {
                self.demonyms[start..start + length].fill((start as u32, (start + length) as u32));
            }
            if rest[0].is_capitalized()
                && let Some((length, _)) = self.gazetteer.lexicon.longest(rest, |kind| kind == PhraseKind::Other)
            {
                // "Cold War" is none in "Cold War Museum".
                let goes_on = rest.get(length).is_some_and(Token::is_capitalized);
                let covered = &mut self.others[start..start + length];
                if covered[0] == (0, 0) && !goes_on {
                    covered.fill((start as u32, (start + length) as u32));
                }
            }
            if let Some((length, _)) = self.gazetteer.lexicon.longest(rest, |kind| kind == PhraseKind::Title) {
                let mut end = start + length;
                if self.segments.tokens.get(end).is_some_and(|t| t.is('.') && !t.space_before) {
                    end += 1;
                }
                let before = &mut self.title_before[end];
                *before = (*before).max((end - start).min(255) as u8);
            }
        }
    }

    /// Whether the acronym at `at`, behind a bracket, has the initials of the words before, which are written in lower case:
    /// "liquefied natural gas (LNG)".
    fn abbreviates_lower(&self, at: usize, from: usize) -> bool {
        let tokens = &self.segments.tokens;
        let word = tokens[at].text(&self.segments.text);
        let letters: Vec<char> = word.chars().filter(|c| c.is_uppercase()).flat_map(char::to_lowercase).collect();
        if letters.len() < 2 || tokens[at].shape == Shape::Lower {
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

    /// The gazetteer forms that begin at token `start`.
    pub(super) fn hits_at(&self, start: usize) -> impl Iterator<Item = Hit> + '_ {
        let first = self.hits.partition_point(|(at, _)| (*at as usize) < start);
        self.hits[first..].iter().take_while(move |(at, _)| *at as usize == start).map(|(_, hit)| *hit)
    }

    /// The gazetteer's entries of type `kind` whose form is exactly `tokens`.
    pub(super) fn entries(&self, tokens: Range<usize>, kind: EntityType) -> Vec<u32> {
        let mut out: Vec<u32> = self
            .hits_at(tokens.start)
            .filter(|hit| hit.end == tokens.end)
            .map(|hit| hit.alias.entry)
            .filter(|entry| self.gazetteer.entry(*entry).kind() == kind)
            .collect();
        out.dedup();
        out
    }

    pub(super) fn token(&self, at: usize) -> &Token {
        &self.segments.tokens[at]
    }
}
