//! Sums over the run. Each batch has its own, and they are merged in input order, so that the outcome does not depend
//! on who finished first. All sums are of whole numbers, so that it does not depend on the batches either.

use super::{
    Document,
    arena::{Arena, Seen, Text, hash},
    dates::Date,
    examples::Examples,
    pairs::{Pair, Pairs},
    sum::{EntityTotal, Sum},
};
use crate::{
    error::Result,
    model::{Entity, EntityType, Facts, Method, QuotationKind, Span},
};
use hashbrown::HashTable;
use rustc_hash::FxHashSet;
use std::{
    cmp::{Ordering, Reverse},
    sync::{Arc, OnceLock},
};

/// The most bytes of text on each side of a candidate's example.
const EXAMPLE: usize = 90;

/// Sums over some articles. An entity costs some 110 bytes beside its texts.
#[derive(Debug, Default)]
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
    /// [`Facts`], each followed by a line end.
    pub(super) facts: Vec<Text>,
    /// Where examples are kept, if not in `arena`.
    pub(super) examples: Option<Arc<dyn Examples>>,
    /// The entities by their ids.
    pub(super) index: HashTable<Slot>,
    /// The entities in order of their ids, from when somebody asks for that until there is a new one.
    pub(super) by_id: OnceLock<Vec<u32>>,
    pub(super) pairs: Pairs,
    pub(super) max_pairs: Option<usize>,
    /// Number of sums that were merged into this one.
    pub(super) merged: u32,
}

/// An entity in the index: its number, and 32 bits of the hash of its id, so that growing need not look at ids.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    hash: u32,
    place: u32,
}

impl Slot {
    fn new(id: &str, place: u32) -> Slot {
        Slot { hash: (hash(id) >> 32) as u32, place }
    }

    /// The hash by which it is found. An index looks at the highest and lowest bits, so all 32 are spread over them.
    fn spread(&self) -> u64 {
        u64::from(self.hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

/// Where an article's entities are among those of the run.
struct Places {
    /// When the article was published.
    published: Date,
    /// By the article's own numbers.
    of: Vec<Option<u32>>,
    /// All of them.
    entered: FxHashSet<u32>,
}

impl Totals {
    /// Sums over a run, in which at most `max_pairs` pairs of entities are kept in memory, and examples elsewhere.
    pub fn bounded(max_pairs: usize, examples: Option<Arc<dyn Examples>>) -> Totals {
        Totals { max_pairs: Some(max_pairs), examples, ..Totals::default() }
    }

    /// Counts one article and what was found in it, without sums over its entities.
    pub fn count(&mut self, document: &Document<'_>) {
        self.articles += 1;
        let found = document.annotated;
        self.duplicates += u64::from(found.article.duplicate_of.is_some());
        self.skipped += u64::from(found.article.skipped);
        self.corrected(found.corrections.iter().map(|applied| (applied.line as usize, 1)));
        for mention in &document.mentions {
            self.mentions[mention.kind.index()] += 1;
        }
        for quotation in &document.quotations {
            self.quotations[quotation.kind as usize] += 1;
        }
    }

    /// Adds one article.
    pub fn add(&mut self, document: &Document<'_>) {
        self.count(document);
        let found = document.annotated;
        // Where each of the article's entities is in `self.entities`; those that no row names are not entered.
        let mut places = Places {
            published: Date::new(&found.published, &mut self.arena),
            of: vec![None; found.entities.len()],
            entered: FxHashSet::default(),
        };
        for mention in &document.mentions {
            let Some(place) = self.enter(document, &mut places, mention.entity) else { continue };
            let (total, arena) = (&mut self.entities[place], &mut self.arena);
            total.mentions += 1;
            total.confidence += (f64::from(mention.confidence) * 1e4 + 0.5) as u64;
            let surface = one_line(document.surface(mention.span));
            let aliases = u32::from(!total.known && mention.method != Method::Coreference);
            arena.call(&mut total.forms, &surface, Seen { surfaces: 1, aliases, ..Seen::default() });
            if !total.known {
                if !mention.role.is_empty() {
                    arena.count(&mut total.roles, &mention.role, 1);
                }
                if total.example == Text::default() {
                    total.example = arena.push(&around(&found.text, mention.span));
                }
            }
        }
        for quotation in &document.quotations {
            let Some(speaker) = quotation.speaker.entity else { continue };
            if let Some(place) = self.enter(document, &mut places, speaker) {
                let quotes = &mut self.entities[place].quotes;
                *quotes = quotes.saturating_add(u32::from(!document.is_echo(quotation)));
            }
        }
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (a, b) in &*document.pairs {
            let place = |entity: usize| places.of.get(entity).copied().flatten();
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
            total.facts = added(&mut self.facts, &mut self.arena, &joined(entity));
        }
        total.gendered(entity.gender, false);
        if !entered {
            total.articles += 1;
            self.arena.call(&mut total.forms, &entity.name, Seen { names: 1, ..Seen::default() });
            total.dated(&self.arena, places.published, places.published, &self.arena);
        }
        Some(place as usize)
    }

    /// The place of the entity `id`, and whether it is new.
    fn place(&mut self, id: &str, kind: EntityType, known: bool) -> Option<(u32, bool)> {
        let (entities, arena) = (&mut self.entities, &mut self.arena);
        let place = u32::try_from(entities.len()).ok()?;
        let new = Slot::new(id, place);
        let same = |slot: &Slot| slot.hash == new.hash && arena.get(entities[slot.place as usize].id) == id;
        if let Some(known) = self.index.find(new.spread(), same) {
            return Some((known.place, false));
        }
        entities.push(Sum::new(arena, id, kind, known));
        self.index.insert_unique(new.spread(), new, Slot::spread);
        self.by_id.take();
        Some((place, true))
    }

    /// Keeps examples in `examples` from now on, and looks for those that were kept elsewhere there.
    pub fn keep_in(&mut self, examples: Arc<dyn Examples>) {
        self.examples = Some(examples);
    }

    /// Makes the entities findable by their ids.
    pub(super) fn index_again(&mut self) {
        self.index.clear();
        for (place, entity) in self.entities.iter().enumerate() {
            let slot = Slot::new(self.arena.get(entity.id), place as u32);
            self.index.insert_unique(slot.spread(), slot, Slot::spread);
        }
    }

    /// Adds the sums over the articles that come next in the input. `later` has its examples itself.
    ///
    /// # Errors
    /// An example that cannot be kept.
    pub fn merge(&mut self, later: &Totals) -> Result<()> {
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
                let facts = (entity.facts as usize).checked_sub(1).and_then(|at| later.facts.get(at));
                let facts = later.arena.get(facts.copied().unwrap_or_default());
                total.facts = added(&mut self.facts, &mut self.arena, facts);
            }
            total.merge(&mut self.arena, entity, &later.arena);
            if total.example == Text::default() && entity.example != Text::default() {
                let example = later.arena.get(entity.example);
                total.example = match &self.examples {
                    Some(examples) => Text::new(examples.keep(example)?, example.len()),
                    None => self.arena.push(example),
                };
            }
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
        Ok(())
    }

    /// The places of the entities, most mentioned first, ties in order of ids.
    pub(super) fn ranked(&self) -> Vec<u32> {
        self.in_order(|_| true, |entity| Reverse(entity.mentions()))
    }

    /// The places of the entities that pass `filter`, in the order of `key`, ties in order of ids. Ten bytes for each are needed to order
    /// them.
    pub(super) fn in_order<K: Ord>(
        &self,
        filter: impl Fn(&EntityTotal<'_>) -> bool,
        key: impl Fn(&EntityTotal<'_>) -> K,
    ) -> Vec<u32> {
        let mut order = self.by_id().to_vec();
        order.retain(|place| filter(&self.entity(*place)));
        order.sort_by_key(|place| key(&self.entity(*place)));
        order
    }

    /// Puts the entities in order of their ids, with a `sort` that may use several threads. What needs that order makes it otherwise.
    pub fn rank(&self, sort: impl FnOnce(&mut [u32], &(dyn Fn(&u32, &u32) -> Ordering + Sync))) {
        self.by_id.get_or_init(|| {
            let id = |place: &u32| self.arena.get(self.entities[*place as usize].id);
            let mut order: Vec<u32> = (0..self.entities.len() as u32).collect();
            sort(&mut order, &|a, b| id(a).cmp(id(b)));
            order
        });
    }

    /// All entities in order of their ids, which are compared once, however many tables need an order.
    fn by_id(&self) -> &[u32] {
        self.rank(|order, compare| order.sort_unstable_by(compare));
        self.by_id.get().map_or(&[], Vec::as_slice)
    }

    /// The `count` entities with most quotations, ties in order of ids.
    pub fn speakers(&self, count: usize) -> impl Iterator<Item = EntityTotal<'_>> {
        let order = self.in_order(|entity| entity.quotes() > 0, |entity| Reverse(entity.quotes()));
        order.into_iter().take(count).map(|place| self.entity(place))
    }

    /// The pairs, heaviest first, ties in order of ids.
    pub(super) fn ranked_pairs(&self) -> RankedPairs<'_> {
        let by_id = self.by_id();
        let mut ranks = vec![0u32; by_id.len()];
        for (rank, place) in by_id.iter().enumerate() {
            ranks[*place as usize] = rank as u32;
        }
        let ids: Vec<Text> = by_id.iter().map(|place| self.entities[*place as usize].id).collect();
        let pairs = self.pairs.list();
        let ranked = move |place: u32| ranks[place as usize];
        let keys = pairs.iter().enumerate().map(|(at, pair)| {
            let (a, b) = (ranked(pair.places.0), ranked(pair.places.1));
            [!pair.weight, a.min(b), a.max(b), at as u32]
        });
        let mut order: Vec<[u32; 4]> = keys.collect();
        order.sort_unstable();
        RankedPairs { arena: &self.arena, pairs, ids, order }
    }

    /// The entity at a place.
    pub(super) fn entity(&self, place: u32) -> EntityTotal<'_> {
        EntityTotal {
            arena: &self.arena,
            facts: &self.facts,
            examples: self.examples.as_deref(),
            sum: &self.entities[place as usize],
        }
    }
}

/// What [`Totals::ranked_pairs`] gives.
pub(super) struct RankedPairs<'t> {
    arena: &'t Arena,
    pairs: &'t [Pair],
    /// Of all entities, in order.
    ids: Vec<Text>,
    /// Weight (in reverse), both entities and the place of the pair.
    order: Vec<[u32; 4]>,
}

impl RankedPairs<'_> {
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// Of one of them, the ids of both, and the sentences and articles that they share.
    pub(super) fn get(&self, number: usize) -> (&str, &str, u32, u32) {
        let [_, a, b, at] = self.order[number];
        let (Pair { weight, articles, .. }, of) =
            (self.pairs[at as usize], |rank: u32| self.arena.get(self.ids[rank as usize]));
        (of(a), of(b), weight, articles)
    }
}

/// Adds a text to `facts`; returns its number, 0 if it is empty.
fn added(facts: &mut Vec<Text>, arena: &mut Arena, text: &str) -> u32 {
    if text.is_empty() {
        return 0;
    }
    facts.push(arena.push(text));
    facts.len() as u32
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
