//! Sums over the run. Each batch has its own, and they are merged in input order, so that the outcome does not depend
//! on who finished first. All sums are of whole numbers, so that it does not depend on the batches either.

use super::{
    Document,
    arena::{Arena, Chain, Text},
    pairs::Pairs,
};
use crate::model::{Entity, EntityType, Facts, Gender, Method, QuotationKind, Span};
use hashbrown::HashTable;
use rustc_hash::{FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

/// The most bytes of text on each side of a candidate's example.
const EXAMPLE: usize = 90;

/// Sums over some articles. An entity costs some 150 bytes beside its texts.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Number of articles.
    pub articles: u64,
    /// Number of rejects.
    pub rejects: u64,
    /// Number of records that were not asked for.
    pub passed_over: u64,
    /// Number of articles that have the text of an earlier one.
    pub duplicates: u64,
    /// Number of articles in which names and quotations were not looked for: duplicates and other languages.
    pub skipped: u64,
    /// Mentions by type, in the order of [`EntityType::ALL`].
    pub mentions: [u64; EntityType::ALL.len()],
    /// Quotations by kind, in the order of [`QuotationKind::ALL`].
    pub quotations: [u64; QuotationKind::ALL.len()],
    /// Sentences shared by pairs of entities that were dropped for want of room.
    pub dropped_pairs: u64,
    /// How often each line of the corrections was applied, by number; shorter where the last ones were not.
    pub corrections: Vec<u64>,
    pub(super) entities: Vec<Sum>,
    pub(super) arena: Arena,
    /// The entities by their ids.
    pub(super) index: HashTable<u32>,
    pub(super) pairs: Pairs,
    pub(super) max_pairs: Option<usize>,
    /// Number of sums that were merged into this one.
    pub(super) merged: u32,
}

/// Sums over the mentions of one entity.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sum {
    id: Text,
    /// [`Facts`], each followed by a line end.
    facts: Text,
    /// The text around the first mention; only of entities that no gazetteer has, as are `aliases` and `roles`.
    example: Text,
    first_published: Text,
    last_published: Text,
    mentions: u64,
    articles: u64,
    quotes: u64,
    confidence: u64,
    names: Chain,
    surfaces: Chain,
    aliases: Chain,
    roles: Chain,
    kind: EntityType,
    known: bool,
    gender: Gender,
    disputed_gender: bool,
}

/// Sums over the mentions of one entity, to look at.
#[derive(Clone, Copy, Debug)]
pub struct EntityTotal<'t> {
    arena: &'t Arena,
    sum: &'t Sum,
}

impl<'t> EntityTotal<'t> {
    /// Its id.
    pub fn id(&self) -> &'t str {
        self.arena.get(self.sum.id)
    }

    /// Its type.
    pub fn kind(&self) -> EntityType {
        self.sum.kind
    }

    /// The canonical name that most articles use.
    pub fn name(&self) -> &'t str {
        self.arena.first(self.sum.names)
    }

    /// Whether a gazetteer has it.
    pub fn known(&self) -> bool {
        self.sum.known
    }

    /// What the gazetteer knows: country, latitude, longitude, Wikidata item and GeoNames number, as in [`Facts`].
    pub fn facts(&self) -> [&'t str; 5] {
        let mut facts = self.arena.get(self.sum.facts).split('\n');
        std::array::from_fn(|_| facts.next().unwrap_or(""))
    }

    /// Gender of a person; unknown where articles disagree.
    pub fn gender(&self) -> Gender {
        self.sum.gender
    }

    /// Number of mentions.
    pub fn mentions(&self) -> u64 {
        self.sum.mentions
    }

    /// Number of articles that mention or quote it.
    pub fn articles(&self) -> u64 {
        self.sum.articles
    }

    /// Number of quotations that it is the speaker of, without headlines that repeat one.
    pub fn quotes(&self) -> u64 {
        self.sum.quotes
    }

    /// Earliest and latest date of its articles (ISO 8601); empty if none has one.
    pub fn published(&self) -> (&'t str, &'t str) {
        (self.arena.get(self.sum.first_published), self.arena.get(self.sum.last_published))
    }

    /// Mean confidence of the mentions, 0 to 1.
    pub fn confidence(&self) -> f32 {
        (self.sum.confidence as f64 / 1e4 / self.sum.mentions.max(1) as f64) as f32
    }

    /// The text around the first mention; only of an entity that no gazetteer has.
    pub fn example(&self) -> &'t str {
        self.arena.get(self.sum.example)
    }

    /// The forms seen, most frequent first.
    pub fn surfaces(&self) -> impl Iterator<Item = &'t str> {
        self.arena.ranked(self.sum.surfaces)
    }

    /// The full forms seen, most frequent first; only of an entity that no gazetteer has.
    pub fn aliases(&self) -> impl Iterator<Item = &'t str> {
        self.arena.ranked(self.sum.aliases)
    }

    /// The roles seen beside the name, most frequent first; only of an entity that no gazetteer has.
    pub fn roles(&self) -> impl Iterator<Item = &'t str> {
        self.arena.ranked(self.sum.roles)
    }
}

impl Sum {
    fn new(arena: &mut Arena, id: &str, kind: EntityType, known: bool) -> Sum {
        Sum {
            id: arena.push(id),
            facts: Text::default(),
            example: Text::default(),
            first_published: Text::default(),
            last_published: Text::default(),
            mentions: 0,
            articles: 0,
            quotes: 0,
            confidence: 0,
            names: Chain::default(),
            surfaces: Chain::default(),
            aliases: Chain::default(),
            roles: Chain::default(),
            kind,
            known,
            gender: Gender::Unknown,
            disputed_gender: false,
        }
    }

    /// Whether everything that it names lies in `arena`.
    pub(super) fn is_sound(&self, arena: &Arena) -> bool {
        let texts = [self.id, self.facts, self.example, self.first_published, self.last_published];
        let chains = [self.names, self.surfaces, self.aliases, self.roles];
        texts.iter().all(|text| arena.has(*text)) && chains.iter().all(|chain| arena.has_chain(*chain))
    }

    fn dated(&mut self, arena: &mut Arena, first: &str, last: &str) {
        let own = arena.get(self.first_published);
        if !first.is_empty() && (own.is_empty() || first < own) {
            self.first_published = arena.replace_date(self.first_published, first);
        }
        if last > arena.get(self.last_published) {
            self.last_published = arena.replace_date(self.last_published, last);
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

    /// Adds the sums of the same entity over articles that come later.
    fn merge(&mut self, arena: &mut Arena, later: &Sum, texts: &Arena) {
        self.gendered(later.gender, later.disputed_gender);
        self.dated(arena, texts.get(later.first_published), texts.get(later.last_published));
        self.known |= later.known;
        self.mentions += later.mentions;
        self.articles += later.articles;
        self.quotes += later.quotes;
        self.confidence += later.confidence;
        for (chain, more) in [
            (&mut self.names, later.names),
            (&mut self.surfaces, later.surfaces),
            (&mut self.aliases, later.aliases),
            (&mut self.roles, later.roles),
        ] {
            for (text, count) in texts.counted(more) {
                arena.count(chain, text, count);
            }
        }
        if self.example == Text::default() {
            self.example = arena.push(texts.get(later.example));
        }
    }
}

/// Where an article's entities are among those of the run.
struct Places {
    /// By the article's own numbers.
    of: Vec<Option<u32>>,
    /// All of them.
    entered: FxHashSet<u32>,
}

impl Totals {
    /// Sums over a run, in which at most `max_pairs` pairs of entities are kept in memory.
    pub fn bounded(max_pairs: usize) -> Totals {
        Totals { max_pairs: Some(max_pairs), ..Totals::default() }
    }

    /// Adds one article.
    pub fn add(&mut self, document: &Document<'_>) {
        self.articles += 1;
        let found = document.annotated;
        self.duplicates += u64::from(found.article.duplicate_of.is_some());
        self.skipped += u64::from(found.article.skipped);
        self.corrected(found.corrections.iter().map(|applied| (applied.line as usize, 1)));
        // Where each of the article's entities is in `self.entities`; those that no row names are not entered.
        let mut places = Places { of: vec![None; found.entities.len()], entered: FxHashSet::default() };
        for mention in &document.mentions {
            self.mentions[mention.kind.index()] += 1;
            let Some(place) = self.enter(document, &mut places, mention.entity) else { continue };
            let (total, arena) = (&mut self.entities[place], &mut self.arena);
            total.mentions += 1;
            total.confidence += (f64::from(mention.confidence) * 1e4).round() as u64;
            let surface = one_line(document.surface(mention.span));
            arena.count(&mut total.surfaces, &surface, 1);
            if !total.known {
                if mention.method != Method::Coreference {
                    arena.count(&mut total.aliases, &surface, 1);
                }
                if !mention.role.is_empty() {
                    arena.count(&mut total.roles, &mention.role, 1);
                }
                if total.example == Text::default() {
                    total.example = arena.push(&around(&found.text, mention.span));
                }
            }
        }
        for quotation in &document.quotations {
            self.quotations[quotation.kind as usize] += 1;
            let Some(speaker) = quotation.speaker.entity else { continue };
            if let Some(place) = self.enter(document, &mut places, speaker) {
                self.entities[place].quotes += u64::from(!document.is_echo(quotation));
            }
        }
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (a, b) in &found.pairs {
            let place = |entity: usize| {
                let kept = document.mentioned.get(entity).copied().unwrap_or(false);
                places.of.get(entity).copied().flatten().filter(|_| kept)
            };
            if let (Some(a), Some(b)) = (place(*a), place(*b))
                && a != b
            {
                pairs.push((a.min(b), a.max(b)));
            }
        }
        pairs.sort_unstable();
        for run in pairs.chunk_by(|a, b| a == b) {
            self.pairs.add(run[0], run.len() as u32, 1, self.merged);
        }
    }

    /// Adds how often lines of the corrections were applied.
    fn corrected(&mut self, counts: impl Iterator<Item = (usize, u64)>) {
        for (line, count) in counts {
            if self.corrections.len() <= line {
                self.corrections.resize(line + 1, 0);
            }
            self.corrections[line] += count;
        }
    }

    /// The place of the article's entity number `number` in `self.entities`.
    fn enter(&mut self, document: &Document<'_>, places: &mut Places, number: usize) -> Option<usize> {
        if let Some(place) = places.of.get(number)? {
            return Some(*place as usize);
        }
        let found = document.annotated;
        let entity = found.entities.get(number)?;
        let (place, new) = self.place(&entity.id, entity.kind, entity.known)?;
        // Two entities of an article may have one id: they are one entity of the run, and one article all the same.
        let entered = !places.entered.insert(place);
        places.of[number] = Some(place);
        let total = &mut self.entities[place as usize];
        if new {
            total.facts = self.arena.push(&joined(entity));
        }
        total.gendered(entity.gender, false);
        if !entered {
            total.articles += 1;
            self.arena.count(&mut total.names, &entity.name, 1);
            total.dated(&mut self.arena, &found.published, &found.published);
        }
        Some(place as usize)
    }

    /// The place of the entity `id`, and whether it is new.
    fn place(&mut self, id: &str, kind: EntityType, known: bool) -> Option<(u32, bool)> {
        let (entities, arena) = (&mut self.entities, &mut self.arena);
        let hash_of = hash(id);
        if let Some(place) = self.index.find(hash_of, |at| arena.get(entities[*at as usize].id) == id) {
            return Some((*place, false));
        }
        let place = u32::try_from(entities.len()).ok()?;
        entities.push(Sum::new(arena, id, kind, known));
        self.index.insert_unique(hash_of, place, |at| hash(arena.get(entities[*at as usize].id)));
        Some((place, true))
    }

    /// Makes the entities findable by their ids.
    pub(super) fn index_again(&mut self) {
        let id = |at: &u32| hash(self.arena.get(self.entities[*at as usize].id));
        self.index.clear();
        for at in 0..self.entities.len() as u32 {
            self.index.insert_unique(id(&at), at, id);
        }
    }

    /// Adds the sums over the articles that come next in the input.
    pub fn merge(&mut self, later: &Totals) {
        self.articles += later.articles;
        self.rejects += later.rejects;
        self.passed_over += later.passed_over;
        self.duplicates += later.duplicates;
        self.skipped += later.skipped;
        self.dropped_pairs += later.dropped_pairs;
        for (sum, count) in self.mentions.iter_mut().zip(later.mentions) {
            *sum += count;
        }
        for (sum, count) in self.quotations.iter_mut().zip(later.quotations) {
            *sum += count;
        }
        self.corrected(later.corrections.iter().copied().enumerate());
        let mut places = Vec::with_capacity(later.entities.len());
        for entity in &later.entities {
            let place = self.place(later.arena.get(entity.id), entity.kind, entity.known);
            places.push(place.map(|(place, _)| place));
            let Some((place, new)) = place else { continue };
            let total = &mut self.entities[place as usize];
            if new {
                total.facts = self.arena.push(later.arena.get(entity.facts));
            }
            total.merge(&mut self.arena, entity, &later.arena);
        }
        for pair in later.pairs.list() {
            let (a, b) = pair.places;
            if let (Some(a), Some(b)) = (places[a as usize], places[b as usize]) {
                self.pairs.add((a, b), pair.weight, pair.articles, self.merged);
            }
        }
        self.merged += 1;
        if let Some(most) = self.max_pairs {
            self.dropped_pairs += self.pairs.shrink(most);
        }
    }

    /// The entities, most mentioned first, ties in order of ids.
    pub fn ranked(&self) -> Vec<EntityTotal<'_>> {
        let mut order: Vec<EntityTotal<'_>> = self.all().collect();
        order.sort_unstable_by(|a, b| b.mentions().cmp(&a.mentions()).then_with(|| a.id().cmp(b.id())));
        order
    }

    /// The `count` entities with most quotations, ties in order of ids.
    pub fn speakers(&self, count: usize) -> Vec<EntityTotal<'_>> {
        let mut order: Vec<EntityTotal<'_>> = self.all().filter(|entity| entity.quotes() > 0).collect();
        order.sort_unstable_by(|a, b| b.quotes().cmp(&a.quotes()).then_with(|| a.id().cmp(b.id())));
        order.truncate(count);
        order
    }

    /// The pairs: ids of both, sentences and articles that they share; heaviest first, ties in order of ids.
    pub(super) fn ranked_pairs(&self) -> impl Iterator<Item = (&str, &str, u32, u32)> {
        let id = |place: u32| self.arena.get(self.entities[place as usize].id);
        // Ids are compared once; pairs are then in the order of their ranks.
        let mut by_id: Vec<u32> = (0..self.entities.len() as u32).collect();
        by_id.sort_unstable_by_key(|place| id(*place));
        let mut ranks = vec![0u32; by_id.len()];
        for (rank, place) in by_id.iter().enumerate() {
            ranks[*place as usize] = rank as u32;
        }
        let mut order: Vec<(std::cmp::Reverse<u32>, u32, u32, u32)> = Vec::with_capacity(self.pairs.list().len());
        order.extend(self.pairs.list().iter().map(|pair| {
            let (a, b) = (ranks[pair.places.0 as usize], ranks[pair.places.1 as usize]);
            (std::cmp::Reverse(pair.weight), a.min(b), a.max(b), pair.articles)
        }));
        order.sort_unstable();
        order
            .into_iter()
            .map(move |(weight, a, b, articles)| (id(by_id[a as usize]), id(by_id[b as usize]), weight.0, articles))
    }

    fn all(&self) -> impl Iterator<Item = EntityTotal<'_>> {
        self.entities.iter().map(|sum| EntityTotal { arena: &self.arena, sum })
    }
}

fn hash(id: &str) -> u64 {
    let mut hasher = FxHasher::default();
    id.hash(&mut hasher);
    hasher.finish()
}

/// The facts about an entity as one text; empty if there are none.
fn joined(entity: &Entity) -> String {
    if entity.facts == Facts::default() {
        return String::new();
    }
    let Facts { country, latitude, longitude, wikidata, geonames } = &entity.facts;
    [country, latitude, longitude, wikidata, geonames].map(|fact| one_line(fact)).join("\n")
}

/// A name without line ends.
fn one_line(surface: &str) -> std::borrow::Cow<'_, str> {
    if surface.bytes().any(|b| b < 0x20 || b == 0x7F || b == 0xC2) && surface.contains(char::is_control) {
        surface.split_whitespace().collect::<Vec<_>>().join(" ").into()
    } else {
        surface.into()
    }
}

/// The words around `span` on its own line, cut between words. No more of the text is looked at than is shown.
fn around(text: &str, span: Span) -> String {
    let bytes = text.as_bytes();
    let (low, high) = (span.start.saturating_sub(EXAMPLE), span.end.saturating_add(EXAMPLE).min(bytes.len()));
    let (Some(before), Some(after)) = (bytes.get(low..span.start), bytes.get(span.end..high)) else {
        return String::new();
    };
    let ends_line = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(|byte| *byte == b'\n');
    let (first, cut_before) = match before.iter().rposition(|byte| *byte == b'\n') {
        Some(line) => (low + line + 1, false),
        None if ends_line(low.checked_sub(1)) => (low, false),
        None => (before.iter().position(|byte| *byte == b' ').map_or(span.start, |space| low + space), true),
    };
    let (last, cut_after) = match after.iter().position(|byte| *byte == b'\n') {
        Some(line) => (span.end + line, false),
        None if ends_line(Some(high)) => (high, false),
        None => (span.end + after.iter().rposition(|byte| *byte == b' ').unwrap_or(0), true),
    };
    let ellipsis = |cut: bool| if cut { "…" } else { "" };
    format!("{}{}{}", ellipsis(cut_before), text.get(first..last).unwrap_or("").trim(), ellipsis(cut_after))
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
