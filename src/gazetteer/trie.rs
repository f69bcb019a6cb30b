//! Sequences of word numbers -> values. One hash lookup a step; every match that starts at a token is found,
//! so that the choice between shorter and longer ones is made afterwards, with the context known.

use rustc_hash::FxHashMap;

/// Maps sequences of word numbers to values.
#[derive(Clone, Debug)]
pub struct Trie<V> {
    edges: FxHashMap<u64, u32>,
    values: Vec<Vec<V>>,
}

impl<V> Default for Trie<V> {
    fn default() -> Self {
        Trie { edges: FxHashMap::default(), values: vec![Vec::new()] }
    }
}

impl<V> Trie<V> {
    /// Adds `value` under `words`; several values may stand under one sequence. Empty sequences are not stored.
    pub fn insert(&mut self, words: &[u32], value: V) {
        if words.is_empty() {
            return;
        }
        let mut node = 0u32;
        for word in words {
            let next = self.values.len() as u32;
            node = *self.edges.entry(key(node, *word)).or_insert(next);
            if node == next {
                self.values.push(Vec::new());
            }
        }
        self.values[node as usize].push(value);
    }

    /// The node reached from `node` (0 is the root) by `word`.
    pub fn step(&self, node: u32, word: u32) -> Option<u32> {
        self.edges.get(&key(node, word)).copied()
    }

    /// The values of `node`.
    pub fn values(&self, node: u32) -> &[V] {
        self.values.get(node as usize).map_or(&[], Vec::as_slice)
    }

    /// The values stored under exactly `words`.
    pub fn get(&self, words: &[u32]) -> &[V] {
        let mut node = 0;
        for word in words {
            match self.step(node, *word) {
                Some(next) => node = next,
                None => return &[],
            }
        }
        if words.is_empty() { &[] } else { self.values(node) }
    }

    /// Calls `found(length, values)` for every stored sequence that `words` begins with, shortest first.
    pub fn walk<'t>(&'t self, words: impl Iterator<Item = u32>, mut found: impl FnMut(usize, &'t [V])) {
        let mut node = 0;
        for (i, word) in words.enumerate() {
            match self.step(node, word) {
                Some(next) => node = next,
                None => return,
            }
            let values = self.values(node);
            if !values.is_empty() {
                found(i + 1, values);
            }
        }
    }
}

fn key(node: u32, word: u32) -> u64 {
    u64::from(node) << 32 | u64::from(word)
}
