//! Sums over the run. Each batch has its own, and they are merged in input order, so that the outcome does not depend
//! on who finished first. All sums are of whole numbers, so that it does not depend on the batches either.

use super::Document;
use crate::model::{Entity, EntityType, Facts, Gender, Method, QuotationKind, Span};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// The most bytes of text on each side of a candidate's example.
const EXAMPLE: usize = 90;

/// Sums over some articles.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Number of articles.
    pub articles: u64,
    /// Number of rejects.
    pub rejects: u64,
    /// Mentions by type, in the order of [`EntityType::ALL`].
    pub mentions: [u64; EntityType::ALL.len()],
    /// Quotations by kind, in the order of [`QuotationKind::ALL`].
    pub quotations: [u64; QuotationKind::ALL.len()],
    entities: Vec<EntityTotal>,
    index: FxHashMap<String, u32>,
    pairs: FxHashMap<(u32, u32), Pair>,
}

/// Sums over the mentions of one entity.
#[derive(Clone, Debug)]
pub struct EntityTotal {
    /// Its id.
    pub id: String,
    /// Its type.
    pub kind: EntityType,
    /// Whether a gazetteer has it.
    pub known: bool,
    /// What the gazetteer knows.
    pub facts: Facts,
    /// Gender of a person; unknown where articles disagree.
    pub gender: Gender,
    /// Number of mentions.
    pub mentions: u64,
    /// Number of articles that mention or quote it.
    pub articles: u64,
    /// Number of quotations that it is the speaker of, without headlines that repeat one.
    pub quotes: u64,
    /// Earliest and latest date of its articles (ISO 8601); empty if none has one.
    pub first_published: String,
    /// See [`EntityTotal::first_published`].
    pub last_published: String,
    /// The text around the first mention; only of entities that no gazetteer has, as are the fields below.
    pub example: String,
    pub(super) surfaces: Counts,
    pub(super) aliases: Counts,
    pub(super) roles: Counts,
    names: Counts,
    confidence: u64,
    disputed_gender: bool,
}

/// How often two entities share a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pair {
    pub weight: u64,
    pub articles: u64,
}

/// How often each of some texts was seen, in order of first sight.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts(Vec<(String, u64)>);

impl Counts {
    fn add(&mut self, text: &str, count: u64) {
        match self.0.iter_mut().find(|(known, _)| known == text) {
            Some((_, sum)) => *sum += count,
            None => self.0.push((text.to_string(), count)),
        }
    }

    fn merge(&mut self, later: Counts) {
        for (text, count) in later.0 {
            self.add(&text, count);
        }
    }

    /// Most frequent first, ties in order of first sight.
    pub(super) fn ranked(&self) -> impl Iterator<Item = &str> {
        let mut order: Vec<&(String, u64)> = self.0.iter().collect();
        order.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        order.into_iter().map(|(text, _)| text.as_str())
    }
}

impl EntityTotal {
    fn new(entity: &Entity) -> Self {
        EntityTotal {
            id: entity.id.clone(),
            kind: entity.kind,
            known: entity.known,
            facts: entity.facts.clone(),
            gender: Gender::Unknown,
            mentions: 0,
            articles: 0,
            quotes: 0,
            first_published: String::new(),
            last_published: String::new(),
            example: String::new(),
            surfaces: Counts::default(),
            aliases: Counts::default(),
            roles: Counts::default(),
            names: Counts::default(),
            confidence: 0,
            disputed_gender: false,
        }
    }

    /// The canonical name that most articles use.
    pub fn name(&self) -> &str {
        self.names.ranked().next().unwrap_or("")
    }

    /// Mean confidence of the mentions, 0 to 1.
    pub fn confidence(&self) -> f32 {
        (self.confidence as f64 / 1e4 / self.mentions.max(1) as f64) as f32
    }

    fn dated(&mut self, first: &str, last: &str) {
        if !first.is_empty() && (self.first_published.is_empty() || *first < *self.first_published) {
            self.first_published = first.to_string();
        }
        if *last > *self.last_published {
            self.last_published = last.to_string();
        }
    }

    fn gendered(&mut self, gender: Gender, disputed: bool) {
        self.disputed_gender |= disputed || !self.gender.agrees(gender);
        if self.disputed_gender {
            self.gender = Gender::Unknown;
        } else if gender != Gender::Unknown {
            self.gender = gender;
        }
    }

    fn merge(&mut self, later: EntityTotal) {
        self.gendered(later.gender, later.disputed_gender);
        self.dated(&later.first_published, &later.last_published);
        self.known |= later.known;
        self.mentions += later.mentions;
        self.articles += later.articles;
        self.quotes += later.quotes;
        self.confidence += later.confidence;
        self.surfaces.merge(later.surfaces);
        self.aliases.merge(later.aliases);
        self.roles.merge(later.roles);
        self.names.merge(later.names);
        if self.example.is_empty() {
            self.example = later.example;
        }
    }
}

impl Totals {
    /// Adds one article.
    pub fn add(&mut self, document: &Document<'_>) {
        self.articles += 1;
        let found = document.annotated;
        // Where each of the article's entities is in `self.entities`; those that no row names are not entered.
        let mut places: Vec<Option<u32>> = vec![None; found.entities.len()];
        for mention in &document.mentions {
            self.mentions[mention.kind.index()] += 1;
            let Some(place) = self.enter(document, &mut places, mention.entity) else { continue };
            let total = &mut self.entities[place];
            total.mentions += 1;
            total.confidence += (f64::from(mention.confidence) * 1e4).round() as u64;
            let surface = one_line(document.surface(mention.span));
            total.surfaces.add(&surface, 1);
            if !total.known {
                if mention.method != Method::Coreference {
                    total.aliases.add(&surface, 1);
                }
                if !mention.role.is_empty() {
                    total.roles.add(&mention.role, 1);
                }
                if total.example.is_empty() {
                    total.example = around(&found.text, mention.span);
                }
            }
        }
        for quotation in &document.quotations {
            self.quotations[quotation.kind as usize] += 1;
            let Some(speaker) = quotation.speaker.entity else { continue };
            if let Some(place) = self.enter(document, &mut places, speaker) {
                self.entities[place].quotes += u64::from(document.echo_of(quotation).is_empty());
            }
        }
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (a, b) in &found.pairs {
            let place = |entity: usize| {
                let kept = document.mentioned.get(entity).copied().unwrap_or(false);
                places.get(entity).copied().flatten().filter(|_| kept)
            };
            if let (Some(a), Some(b)) = (place(*a), place(*b))
                && a != b
            {
                pairs.push((a.min(b), a.max(b)));
            }
        }
        pairs.sort_unstable();
        for run in pairs.chunk_by(|a, b| a == b) {
            let pair = self.pairs.entry(run[0]).or_default();
            pair.weight += run.len() as u64;
            pair.articles += 1;
        }
    }

    /// The place of the article's entity number `number` in `self.entities`.
    fn enter(&mut self, document: &Document<'_>, places: &mut [Option<u32>], number: usize) -> Option<usize> {
        if let Some(place) = places.get(number)? {
            return Some(*place as usize);
        }
        let found = document.annotated;
        let entity = found.entities.get(number)?;
        let place = match self.index.get(&entity.id) {
            Some(place) => *place,
            None => {
                let place = u32::try_from(self.entities.len()).ok()?;
                self.index.insert(entity.id.clone(), place);
                self.entities.push(EntityTotal::new(entity));
                place
            }
        };
        // Two entities of an article may have one id: they are one entity of the run, and one article all the same.
        let entered = places.contains(&Some(place));
        places[number] = Some(place);
        let total = &mut self.entities[place as usize];
        total.gendered(entity.gender, false);
        if !entered {
            total.articles += 1;
            total.names.add(&entity.name, 1);
            total.dated(&found.published, &found.published);
        }
        Some(place as usize)
    }

    /// Adds the sums over the articles that come next in the input.
    pub fn merge(&mut self, later: Totals) {
        self.articles += later.articles;
        self.rejects += later.rejects;
        for (sum, count) in self.mentions.iter_mut().zip(later.mentions) {
            *sum += count;
        }
        for (sum, count) in self.quotations.iter_mut().zip(later.quotations) {
            *sum += count;
        }
        let mut places = Vec::with_capacity(later.entities.len());
        for entity in later.entities {
            let next = self.entities.len() as u32;
            match self.index.entry(entity.id.clone()) {
                Entry::Occupied(known) => {
                    places.push(*known.get());
                    self.entities[*known.get() as usize].merge(entity);
                }
                Entry::Vacant(slot) => {
                    slot.insert(next);
                    places.push(next);
                    self.entities.push(entity);
                }
            }
        }
        for ((a, b), count) in later.pairs {
            let (a, b) = (places[a as usize], places[b as usize]);
            let pair = self.pairs.entry((a.min(b), a.max(b))).or_default();
            pair.weight += count.weight;
            pair.articles += count.articles;
        }
    }

    /// The entities, most mentioned first, ties in order of ids.
    pub fn ranked(&self) -> Vec<&EntityTotal> {
        let mut order: Vec<&EntityTotal> = self.entities.iter().collect();
        order.sort_unstable_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.id.cmp(&b.id)));
        order
    }

    /// The `count` entities with most quotations, ties in order of ids.
    pub fn speakers(&self, count: usize) -> Vec<&EntityTotal> {
        let mut order: Vec<&EntityTotal> = self.entities.iter().filter(|entity| entity.quotes > 0).collect();
        order.sort_unstable_by(|a, b| b.quotes.cmp(&a.quotes).then_with(|| a.id.cmp(&b.id)));
        order.truncate(count);
        order
    }

    /// The pairs with the ids of both, heaviest first, ties in order of ids.
    pub(super) fn ranked_pairs(&self) -> Vec<(&str, &str, Pair)> {
        let id = |place: u32| self.entities[place as usize].id.as_str();
        let mut order: Vec<(&str, &str, Pair)> =
            self.pairs.iter().map(|((a, b), pair)| (id(*a).min(id(*b)), id(*a).max(id(*b)), *pair)).collect();
        order.sort_unstable_by(|a, b| b.2.weight.cmp(&a.2.weight).then_with(|| (a.0, a.1).cmp(&(b.0, b.1))));
        order
    }
}

/// A name without line ends.
fn one_line(surface: &str) -> std::borrow::Cow<'_, str> {
    if surface.contains(char::is_control) {
        surface.split_whitespace().collect::<Vec<_>>().join(" ").into()
    } else {
        surface.into()
    }
}

/// The words around `span` on its own line, cut between words.
fn around(text: &str, span: Span) -> String {
    let (Some(before), Some(after)) = (text.get(..span.start), text.get(span.end..)) else { return String::new() };
    let before = before.rsplit('\n').next().unwrap_or("");
    let after = after.split('\n').next().unwrap_or("");
    let (mut first, mut last) = (before.len().saturating_sub(EXAMPLE), after.len().min(EXAMPLE));
    if first > 0 {
        first = before.as_bytes()[first..].iter().position(|b| *b == b' ').map_or(before.len(), |i| first + i);
    }
    if last < after.len() {
        last = after.as_bytes()[..last].iter().rposition(|b| *b == b' ').unwrap_or(0);
    }
    let ellipsis = |cut: bool| if cut { "…" } else { "" };
    let example = format!("{}{}{}", &before[first..], span.of(text), &after[..last]);
    format!("{}{}{}", ellipsis(first > 0), example.trim(), ellipsis(last < after.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_cut_between_words_of_one_line() {
        let long = "word ".repeat(40);
        for (before, after, example) in [
            ("One line.\nThe envoy ", " left.\nNext.", "The envoy Akar left.".to_string()),
            ("", "", "Akar".to_string()),
            (long.as_str(), " left", format!("…{}Akar left", "word ".repeat(17))),
            ("", &format!(" {long}"), format!("Akar{}…", " word".repeat(17))),
            ("", &"ə".repeat(100), "Akar…".to_string()),
        ] {
            let text = format!("{before}Akar{after}");
            assert_eq!(around(&text, Span::new(before.len(), before.len() + 4)), example);
        }
    }
}
