//! All possible names of an article, with their evidence.

use super::{document::Document, features::Reasons, reasons::List, weigh::Scales};
use crate::{
    gazetteer::Flags,
    token::{Kind, Shape},
};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Longest name that form alone suggests, in tokens; gazetteer names may be longer.
const LONGEST: usize = 11;

/// Longest name, in bytes. White space counts, and invisible characters.
const LONGEST_BYTES: usize = 240;

/// So many possible names an article may have, and one more for so many bytes of text before it: several times as many as
/// news has. Behind more of them, only one is tried at each token until the text has made up for it. This bounds the memory for
/// runs of millions of capitals, of which each stretch could be a name.
const PLENTY: usize = 20_000;
const BYTES_PER_NAME: usize = 6;

/// The form of a name of which nothing but its tokens is known: one of [`FORMS`](super::reasons::FORMS).
const WORDLESS: usize = 1;

/// One possible name.
pub(super) struct Name {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// The number of its words in this order: equal for equal names. A single word has its own number.
    pub wording: u32,
    /// Its form: one of [`FORMS`](super::reasons::FORMS).
    pub form: u8,
    /// What its evidence weighs for each type with the weights of each pass.
    pub sums: [[f32; 3]; 2],
}

impl Name {
    /// Its tokens.
    pub(super) fn tokens(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Possible names that touch each other, so that they must be decided together, and no others.
pub(super) struct Cluster {
    /// Their sentence.
    pub sentence: u32,
    /// The tokens that they cover.
    tokens: Range<u32>,
    /// Their range in the list.
    names: Range<u32>,
}

impl Cluster {
    /// The tokens that the names cover.
    pub(super) fn tokens(&self) -> Range<usize> {
        self.tokens.start as usize..self.tokens.end as usize
    }

    /// Their range in the list.
    pub(super) fn names(&self) -> Range<usize> {
        self.names.start as usize..self.names.end as usize
    }
}

/// All possible names of an article, with the evidence that lies in their sentences.
pub(super) struct Names {
    /// The names, by start and then by end.
    pub list: Vec<Name>,
    /// The clusters that they form, in order.
    pub clusters: Vec<Cluster>,
    /// For each token, what speaks for leaving it out of all names weighs with the weights of each pass.
    pub outside: Vec<[f32; 2]>,
    /// The numbers of reasons, if they are kept.
    pub reasons: Vec<u16>,
    /// For each name, its evidence: a range of [`Names::reasons`]; nothing if they are not kept.
    pub name_reasons: Vec<(u32, u32)>,
    /// For each token, the evidence for leaving it out: a range of [`Names::reasons`].
    pub outside_reasons: Vec<(u32, u32)>,
    /// The first token behind too many of them.
    pub scarce: Option<usize>,
    /// How many wordings there are; those of several words follow the numbers of single words.
    pub wordings: usize,
}

impl Names {
    /// Finds the possible names and weighs them. Their evidence is kept if `keep` asks for it.
    pub(super) fn new(document: &Document<'_>, scales: &Scales, keep: bool) -> Names {
        let tokens = document.segments.tokens.len();
        let mut names = Names {
            list: Vec::with_capacity(tokens / 3),
            clusters: Vec::with_capacity(tokens / 8),
            outside: vec![[0.0; 2]; tokens],
            reasons: Vec::new(),
            name_reasons: Vec::new(),
            outside_reasons: vec![(0, 0); if keep { tokens } else { 0 }],
            scarce: None,
            wordings: document.words.count() + 1,
        };
        let mut numbers = FxHashMap::default();
        let mut list = List::new();
        let mut ends = Vec::new();
        for sentence in 0..document.segments.sentences.len() {
            let reasons = Reasons::new(document, sentence);
            for start in reasons.range.clone().filter(|at| begins_any(document, *at)) {
                find_ends(document, start, reasons.range.end, &mut ends);
                if names.list.len() / document.segments.work
                    >= PLENTY + document.token(start).start as usize / BYTES_PER_NAME
                {
                    names.scarce.get_or_insert(start);
                    few_ends(document, start, &mut ends);
                }
                if let Some(corrected) = &document.corrected {
                    corrected.add_end(start, &mut ends);
                }
                for end in &ends {
                    let form = reasons.of_name(start, *end, &mut list);
                    let sums = scales
                        .sum(list.numbers(), form)
                        .map(|[person, place, organization, _]| [person, place, organization]);
                    if keep {
                        form.into_iter().for_each(|form| list.add_by_form(form));
                        let kept = names.keep(&list);
                        names.name_reasons.push(kept);
                    }
                    let wording = names.wording(document, start..*end, &mut numbers);
                    let (start, end) = (start as u32, *end as u32);
                    let form = form.unwrap_or(WORDLESS) as u8;
                    names.list.push(Name { start, end, wording, form, sums });
                }
                names.cluster(sentence, start, ends.last().copied());
                // A token that no name covers is left out of all names, whatever speaks for that.
                if is_nameable(document, start) && (keep || names.covers(start)) {
                    reasons.of_outside(start, &mut list);
                    names.outside[start] = scales.sum(list.numbers(), None).map(|sums| sums[Scales::OUTSIDE]);
                    if keep {
                        names.outside_reasons[start] = names.keep(&list);
                    }
                }
            }
        }
        names
    }

    /// Takes the names from `start` on, the longest of which ends at `end`, into a cluster.
    fn cluster(&mut self, sentence: usize, start: usize, end: Option<usize>) {
        let Some(end) = end else { return };
        let (sentence, start, end, count) = (sentence as u32, start as u32, end as u32, self.list.len() as u32);
        let known =
            self.clusters.last_mut().filter(|cluster| cluster.sentence == sentence && start < cluster.tokens.end);
        match known {
            Some(cluster) => {
                cluster.tokens.end = cluster.tokens.end.max(end);
                cluster.names.end = count;
            }
            None => {
                let first = self.clusters.last().map_or(0, |cluster| cluster.names.end);
                self.clusters.push(Cluster { sentence, tokens: start..end, names: first..count });
            }
        }
    }

    fn covers(&self, at: usize) -> bool {
        self.clusters.last().is_some_and(|cluster| cluster.tokens.contains(&(at as u32)))
    }

    fn keep(&mut self, list: &List) -> (u32, u32) {
        let first = self.reasons.len() as u32;
        self.reasons.extend_from_slice(list.numbers());
        (first, self.reasons.len() as u32)
    }

    fn wording(&mut self, document: &Document<'_>, tokens: Range<usize>, numbers: &mut FxHashMap<u64, u32>) -> u32 {
        let word = document.words.numbers[tokens.start];
        if tokens.len() == 1 && word > 0 {
            return word;
        }
        let next = self.wordings as u32;
        let number = *numbers.entry(document.key(tokens)).or_insert(next);
        self.wordings += usize::from(number == next);
        number
    }

    /// The evidence in a range of reasons.
    pub(super) fn evidence(&self, range: (u32, u32)) -> &[u16] {
        &self.reasons[range.0 as usize..range.1 as usize]
    }
}

/// Whether any name may begin with the token, or leaving it out needs evidence: with most tokens neither.
fn begins_any(document: &Document<'_>, at: usize) -> bool {
    is_nameable(document, at)
        || !document.hits_at(at).is_empty()
        || document.flags(at).contains(Flags::PARTICLE)
        || document.corrected.is_some()
}

/// Whether leaving the token out of all names needs evidence.
pub(super) fn is_nameable(document: &Document<'_>, at: usize) -> bool {
    document.token(at).is_capitalized()
}

/// The ends of all possible names that begin at `start`, in order.
fn find_ends(document: &Document<'_>, start: usize, limit: usize, ends: &mut Vec<usize>) {
    ends.clear();
    if can_start(document, start, limit) {
        pattern_ends(document, start, limit, ends);
    }
    let hits = document.hits_at(start);
    if !hits.is_empty() {
        ends.extend(hits.iter().map(|hit| hit.end()).filter(|end| bytes(document, start..*end) <= LONGEST_BYTES));
        ends.sort_unstable();
        ends.dedup();
    }
}

/// Leaves one of the ends: that of the longest form of the gazetteers, else the first.
fn few_ends(document: &Document<'_>, start: usize, ends: &mut Vec<usize>) {
    let listed = document.hits_at(start).iter().map(|hit| hit.end()).max();
    let one = listed.filter(|end| ends.contains(end)).or(ends.first().copied());
    ends.clear();
    ends.extend(one);
}

/// How many bytes some tokens cover.
fn bytes(document: &Document<'_>, tokens: Range<usize>) -> usize {
    (document.token(tokens.end - 1).end - document.token(tokens.start).start) as usize
}

fn can_start(document: &Document<'_>, at: usize, limit: usize) -> bool {
    let token = document.token(at);
    if token.is_capitalized() {
        // The article is no part of a name, unless a gazetteer says so ("The Hague"), and a title cut short is none: "Sen.".
        let titled = document.flags(at).contains(Flags::TITLE)
            && !matches!(token.shape, Shape::Initial)
            && at + 2 < limit
            && document.token(at + 1).is('.')
            && !document.token(at + 1).space_before
            && document.token(at + 2).is_capitalized();
        return !titled && !document.flags(at).contains(Flags::THE);
    }
    // "al-Najjar", "van der Berg", "bin Salman"; "4Chan" and the like come from gazetteers.
    let particle =
        token.is_word() && document.flags(at).contains(Flags::PARTICLE) && !document.flags(at).intersects(Flags::DET);
    particle && document.segments.tokens[at + 1..limit].iter().take(3).any(|t| t.is_capitalized())
}

/// The ends that form allows for a name that begins at `start`.
fn pattern_ends(document: &Document<'_>, start: usize, limit: usize, ends: &mut Vec<usize>) {
    let mut joined = 0;
    let mut at = start;
    while at < limit.min(start + LONGEST) {
        let token = document.token(at);
        let flags = document.flags(at);
        let here = at;
        at += 1;
        if bytes(document, start..at) > LONGEST_BYTES {
            return;
        }
        match token.kind {
            Kind::Word if token.shape != Shape::Lower => {
                joined = 0;
                ends.push(at);
            }
            Kind::Word
                if here > start && flags.intersects(Flags::PREP | Flags::DET | Flags::CCONJ | Flags::PARTICLE) =>
            {
                joined += 1;
            }
            // "Min-ho", "Jong-un": what follows a hyphen may be in lower case.
            Kind::Word if here > start && document.token(here - 1).is('-') && !token.space_before => {
                // "Minsk Group-co-chaired" ends before the hyphen.
                if flags.intersects(Flags::VERB_PAST | Flags::VERB_PART | Flags::VERB_ING | Flags::ADJ)
                    || document.segments.tokens.get(at).is_some_and(|t| t.is('-') && !t.space_before)
                {
                    return;
                }
                ends.push(at);
            }
            Kind::Word if here == start => {}
            Kind::Number if here > start && !token.space_before => ends.push(at),
            Kind::Number if here > start => {
                joined = 0;
                ends.push(at);
            }
            Kind::Possessive => joined += 1,
            Kind::Punctuation if here > start && (token.is('-') || token.is('–')) && !token.space_before => {
                joined += 1
            }
            Kind::Punctuation if here > start && token.is('&') => joined += 1,
            Kind::Punctuation if here > start && token.is('.') && !token.space_before => {
                let before = document.token(here - 1);
                if document.flags(here - 1).contains(Flags::ABBREVIATION | Flags::AFTER_NAME)
                    || before.text(&document.segments.text).len() <= 4
                {
                    joined += 1;
                } else {
                    return;
                }
            }
            // Karl "Ox" Brandt
            Kind::Double | Kind::Single
                if here > start && token.space_before && nickname(document, here, limit).is_some() =>
            {
                at = nickname(document, here, limit).unwrap_or(at);
                joined += 1;
            }
            // "Ministry of Agriculture, Livestock and Fisheries", "Halmar Holdings Co., Ltd".
            Kind::Punctuation if here > start && token.is(',') && lists_on(document, here, limit) => joined += 1,
            Kind::Single if here > start && !token.space_before => joined += 1,
            _ => return,
        }
        if joined > 2 {
            return;
        }
    }
}

/// Whether the comma at `comma` may stand inside a name: between the portfolios of a ministry, or before the legal form of a company.
fn lists_on(document: &Document<'_>, comma: usize, limit: usize) -> bool {
    if comma + 1 >= limit || !document.token(comma + 1).is_capitalized() {
        return false;
    }
    let after = document.flags(comma + 1);
    let before = comma - 1 - usize::from(document.token(comma - 1).is('.'));
    after.contains(Flags::LEGAL_FORM) || (after & document.flags(before)).contains(Flags::PORTFOLIO)
}

/// The end of a nickname between quotation marks that opens at `mark`, if a name goes on behind it.
fn nickname(document: &Document<'_>, mark: usize, limit: usize) -> Option<usize> {
    let is_mark = |at: usize| matches!(document.token(at).kind, Kind::Double | Kind::Single);
    let close = (mark + 2..limit.min(mark + 5)).find(|at| is_mark(*at))?;
    let words = (mark + 1..close).all(|at| document.token(at).is_capitalized());
    (words && close + 1 < limit && document.token(close + 1).is_capitalized()).then_some(close + 1)
}
