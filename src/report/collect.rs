//! One pass over all articles: what is counted about them. Memory grows with what is listed, not with the articles.

use super::{
    dates,
    joined::{Article, Mention, Quote, kinds},
    lists::Lists,
};
use crate::{
    gazetteer::{Flags, Gazetteer},
    model::{QuotationKind, beginning},
    token,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most outlets and languages that are told apart; the rest is counted together.
const MOST_WORDS: usize = 5_000;

/// What is counted.
#[derive(Default)]
pub(super) struct Counts {
    /// For each entity that is listed.
    pub entities: Vec<Of>,
    pub articles: u64,
    pub duplicates: u64,
    pub undated: u64,
    pub characters: u64,
    pub mentions: Sure,
    pub quotes: Sure,
    /// Quotations by kind: direct, mixed, indirect; headlines that repeat one left out, here and below.
    pub kinds: [u64; 3],
    pub echoes: u64,
    pub named: u64,
    pub unnamed: u64,
    pub nobody: u64,
    pub outlets: Words,
    pub languages: Words,
    /// Mentions of each of [`kinds`].
    pub mentions_by_kind: [u64; 3],
}

/// What is counted about one entity.
#[derive(Default)]
pub(super) struct Of {
    /// Its first mention.
    pub first: Option<Place>,
    /// What it says, if it is one of the speakers.
    pub said: Option<Box<Said>>,
}

/// What one speaker says.
#[derive(Default)]
pub(super) struct Said {
    pub first: Option<Place>,
    /// Direct, mixed, indirect.
    pub kinds: [u64; 3],
    /// How the text calls the speaker: by name, by a pronoun, by a description, not at all.
    pub called: [u64; 4],
    pub days: BTreeMap<i32, u64>,
    pub undated: u64,
    /// Mentions inside what was said, by entity, and the first one.
    pub about: HashMap<usize, (u64, Place)>,
    pub sum: f64,
}

/// A place in an article.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub id: String,
    pub in_title: bool,
    pub start: u64,
    pub end: u64,
}

/// How sure something is: how many there are in each tenth, and the sum.
#[derive(Default)]
pub(super) struct Sure {
    pub tenths: [u64; 10],
    pub count: u64,
    pub sum: f64,
}

impl Sure {
    fn add(&mut self, confidence: f64) {
        let confidence = confidence.clamp(0.0, 1.0);
        // The small addition keeps 0.7 out of the tenth below it.
        self.tenths[((confidence * 10.0 + 1e-9) as usize).min(9)] += 1;
        self.count += 1;
        self.sum += confidence;
    }
}

/// How often each of some words comes.
#[derive(Default)]
pub(super) struct Words {
    pub counts: BTreeMap<String, u64>,
    pub rest: u64,
}

impl Words {
    fn add(&mut self, word: &str) {
        let word = beginning(word, 200);
        if let Some(count) = self.counts.get_mut(word) {
            *count += 1;
        } else if self.counts.len() < MOST_WORDS {
            self.counts.insert(word.to_string(), 1);
        } else {
            self.rest += 1;
        }
    }

    /// Most frequent first.
    pub(super) fn ranked(&self) -> Vec<(&str, u64)> {
        let mut ranked: Vec<_> = self.counts.iter().map(|(word, count)| (word.as_str(), *count)).collect();
        ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        ranked
    }
}

impl Counts {
    pub(super) fn new(lists: &Lists) -> Counts {
        let mut entities: Vec<Of> = lists.entities.iter().map(|_| Of::default()).collect();
        for speaker in &lists.speakers {
            if let Some(of) = entities.get_mut(*speaker) {
                of.said = Some(Box::default());
            }
        }
        Counts { entities, ..Counts::default() }
    }

    /// Counts one article, and tells which of the listed entities are in it, and which speakers it quotes.
    pub(super) fn add(&mut self, article: &Article, lists: &Lists, gazetteer: &Gazetteer) -> (Vec<usize>, Vec<usize>) {
        self.articles += 1;
        self.duplicates += u64::from(article.duplicate);
        self.characters += article.characters;
        self.outlets.add(&article.outlet);
        self.languages.add(&article.language);
        let day = dates::day(&article.published);
        self.undated += u64::from(day.is_none());
        let (mut inside, mut quoted) = (Vec::new(), Vec::new());
        // The forms of the speakers' names in this article.
        let mut forms: HashMap<usize, BTreeSet<&str>> = HashMap::new();
        for mention in &article.mentions {
            self.mentions.add(mention.confidence);
            let kind = kinds().iter().position(|kind| *kind == mention.kind).unwrap_or(0);
            self.mentions_by_kind[kind] += 1;
            let Some(place) = lists.places.get(&mention.entity) else { continue };
            inside.push(*place);
            if let Some(of) = self.entities.get_mut(*place) {
                of.first.get_or_insert_with(|| at(article, mention.in_title, mention.start, mention.end));
                if of.said.is_some() {
                    forms.entry(*place).or_default().insert(&mention.surface);
                }
            }
        }
        for quote in &article.quotes {
            self.quotes.add(quote.confidence);
            if quote.echo {
                self.echoes += 1;
                continue;
            }
            let kind = QuotationKind::ALL.iter().position(|kind| kind.as_str() == quote.kind).unwrap_or(2);
            self.kinds[kind] += 1;
            *match (quote.speaker_id.is_empty(), quote.speaker.is_empty()) {
                (false, _) => &mut self.named,
                (true, false) => &mut self.unnamed,
                (true, true) => &mut self.nobody,
            } += 1;
            let Some(speaker) = lists.places.get(&quote.speaker_id) else { continue };
            inside.push(*speaker);
            let Some(said) = self.entities.get_mut(*speaker).and_then(|of| of.said.as_mut()) else { continue };
            quoted.push(*speaker);
            said.first.get_or_insert_with(|| at(article, quote.in_title, quote.start, quote.end));
            said.kinds[kind] += 1;
            said.called[called(quote, forms.get(speaker), gazetteer)] += 1;
            said.sum += quote.confidence;
            match day {
                Some(day) => *said.days.entry(day).or_default() += 1,
                None => said.undated += 1,
            }
            for mention in inside_of(quote, &article.mentions) {
                let Some(about) = lists.places.get(&mention.entity).filter(|about| *about != speaker) else { continue };
                let place = || (0, at(article, mention.in_title, mention.start, mention.end));
                said.about.entry(*about).or_insert_with(place).0 += 1;
            }
        }
        for places in [&mut inside, &mut quoted] {
            places.sort_unstable();
            places.dedup();
        }
        (inside, quoted)
    }
}

fn at(article: &Article, in_title: bool, start: u64, end: u64) -> Place {
    Place { id: article.id.clone(), in_title, start, end }
}

/// The names inside what was said. Mentions come in text order, within the title and within the body.
pub(super) fn inside_of<'a>(quote: &'a Quote, mentions: &'a [Mention]) -> impl Iterator<Item = &'a Mention> {
    quote.spans.iter().flat_map(move |(start, end)| {
        let key = (!quote.in_title, *start);
        let first = mentions.partition_point(|mention| (!mention.in_title, mention.start) < key);
        let rest = mentions.get(first..).unwrap_or_default().iter();
        rest.take_while(move |mention| mention.in_title == quote.in_title && mention.end <= *end)
    })
}

/// How the text calls the speaker: by name, by a pronoun, by a description, not at all.
fn called(quote: &Quote, forms: Option<&BTreeSet<&str>>, gazetteer: &Gazetteer) -> usize {
    let words: Vec<String> =
        quote.surface.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(token::fold).collect();
    match words.as_slice() {
        [] => return 3,
        [word] if gazetteer.lexicon.flags(gazetteer.lexicon.get(word)).contains(Flags::PRON) => return 1,
        _ => {}
    }
    let of_name = |name: &str| {
        let mut parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() > 1);
        parts.any(|part| words.contains(&token::fold(part)))
    };
    let named = of_name(&quote.speaker) || forms.into_iter().flatten().any(|form| quote.surface.contains(form));
    if named { 0 } else { 2 }
}
