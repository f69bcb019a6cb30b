//! How often entities share a sentence, in bounded memory.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

/// How often two entities share a sentence.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Pair {
    /// The places of both, the smaller one first.
    pub places: (u32, u32),
    /// Sentences.
    pub weight: u32,
    /// Articles with such a sentence.
    pub articles: u32,
    /// When it was seen last: the number of the batch.
    seen: u32,
}

/// All pairs, 20 bytes each and 5 to 10 for finding them.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    list: Vec<Pair>,
    index: HashTable<u32>,
}

fn hash(places: (u32, u32)) -> u64 {
    let mut hasher = FxHasher::default();
    places.hash(&mut hasher);
    hasher.finish()
}

impl Pairs {
    /// The pairs that [`Pairs::list`] listed.
    pub(super) fn of(list: Vec<Pair>) -> Pairs {
        let mut pairs = Pairs { list, index: HashTable::new() };
        pairs.index_again();
        pairs
    }

    /// Adds to the counts of a pair.
    pub(super) fn add(&mut self, (a, b): (u32, u32), weight: u32, articles: u32, seen: u32) {
        let (places, list) = ((a.min(b), a.max(b)), &mut self.list);
        let hash_of = hash(places);
        if let Some(at) = self.index.find(hash_of, |at| list[*at as usize].places == places) {
            let pair = &mut list[*at as usize];
            pair.weight = pair.weight.saturating_add(weight);
            pair.articles = pair.articles.saturating_add(articles);
            pair.seen = seen;
            return;
        }
        list.push(Pair { places, weight, articles, seen });
        self.index.insert_unique(hash_of, list.len() as u32 - 1, |at| hash(list[*at as usize].places));
    }

    /// All pairs, in order of first sight.
    pub(super) fn list(&self) -> &[Pair] {
        &self.list
    }

    /// Drops pairs if there are more than `most`, so that three quarters of `most` are left: the lightest, and of these the
    /// ones seen longest ago. Returns how many sentences the dropped pairs shared. The order is a total one, so that the
    /// same input drops the same pairs.
    pub(super) fn shrink(&mut self, most: usize) -> u64 {
        if self.list.len() <= most {
            return 0;
        }
        let mut order: Vec<u32> = (0..self.list.len() as u32).collect();
        let excess = self.list.len() - (most - most / 4);
        let key = |at: &u32| {
            let pair = &self.list[*at as usize];
            (pair.weight, pair.seen, pair.places)
        };
        let excess = excess.min(order.len());
        if excess < order.len() {
            order.select_nth_unstable_by_key(excess, key);
        }
        let mut dropped = 0;
        for at in &order[..excess] {
            let pair = &mut self.list[*at as usize];
            dropped += u64::from(pair.weight);
            pair.weight = 0;
        }
        drop(order);
        self.list.retain(|pair| pair.weight > 0);
        self.index_again();
        dropped
    }

    fn index_again(&mut self) {
        self.index.clear();
        for (at, pair) in self.list.iter().enumerate() {
            let list = &self.list;
            self.index.insert_unique(hash(pair.places), at as u32, |at| hash(list[*at as usize].places));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lightest_and_oldest_are_dropped() {
        let mut pairs = Pairs::default();
        for (seen, places) in [(1, (0, 1)), (1, (1, 2)), (2, (3, 2)), (2, (2, 4)), (3, (0, 1)), (3, (1, 0))] {
            pairs.add(places, 1, 1, seen);
        }
        assert_eq!(pairs.shrink(4), 0);
        pairs.add((5, 6), 1, 1, 4);
        assert_eq!(pairs.shrink(4), 2);
        let left: Vec<_> = pairs.list().iter().map(|pair| (pair.places, pair.weight)).collect();
        assert_eq!(left, [((0, 1), 3), ((2, 4), 1), ((5, 6), 1)]);
        pairs.add((2, 4), 1, 1, 5);
        pairs.add((1, 2), 1, 1, 5);
        let left: Vec<_> = pairs.list().iter().map(|pair| (pair.places, pair.weight)).collect();
        assert_eq!(left, [((0, 1), 3), ((2, 4), 2), ((5, 6), 1), ((1, 2), 1)]);
        assert_eq!(pairs.shrink(0), 7);
        assert!(pairs.list().is_empty());
    }
}
