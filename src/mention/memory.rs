//! What the first pass found in the article, as evidence for the second.

use super::document::Document;
use crate::{model::EntityType, token::Shape};
use rustc_hash::FxHashMap;
use std::{hash::Hasher, ops::Range};

/// Names of the article, as the first pass sees them.
pub(super) struct Memory {
    /// Strongest belief in each type by form.
    forms: FxHashMap<u64, [f32; 3]>,
    /// How often each form was taken for a name.
    counts: FxHashMap<u64, u32>,
    /// Words of full names of people: as last word, as first word.
    last: FxHashMap<u32, f32>,
    first: FxHashMap<u32, f32>,
    /// Single words inside names of organizations and places.
    parts: FxHashMap<u32, [f32; 3]>,
    /// Initials of organizations' names.
    initials: FxHashMap<String, f32>,
    /// The names as they follow each other: start, end and type.
    order: Vec<(u32, u32, EntityType)>,
}

impl Memory {
    pub(super) fn new() -> Self {
        Memory {
            forms: FxHashMap::default(),
            counts: FxHashMap::default(),
            last: FxHashMap::default(),
            first: FxHashMap::default(),
            parts: FxHashMap::default(),
            initials: FxHashMap::default(),
            order: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, document: &Document<'_>, tokens: Range<usize>, kind: EntityType, belief: f32) {
        self.order.push((tokens.start as u32, tokens.end as u32, kind));
        let key = form_key(&document.ids[tokens.clone()]);
        let forms = self.forms.entry(key).or_default();
        forms[kind.index()] = forms[kind.index()].max(belief);
        *self.counts.entry(key).or_default() += 1;
        let words: Vec<usize> = tokens.clone().filter(|t| document.token(*t).is_capitalized()).collect();
        if let ([first, .., last], EntityType::Person) = (words.as_slice(), kind) {
            raise(&mut self.last, document.ids[*last], belief);
            raise(&mut self.first, document.ids[*first], belief);
        }
        if words.len() > 1 {
            for word in &words {
                let part = self.parts.entry(document.ids[*word]).or_default();
                part[kind.index()] = part[kind.index()].max(belief);
            }
        }
        if kind == EntityType::Organization && words.len() > 1 {
            let initials: String = words
                .iter()
                .filter_map(|w| document.segments.word(*w).chars().next())
                .flat_map(char::to_uppercase)
                .collect();
            let belief = belief.max(self.initials.get(&initials).copied().unwrap_or(0.0));
            self.initials.insert(initials, belief);
        }
    }

    /// The type of the name that ends before token `at`.
    pub(super) fn ending_at(&self, at: usize) -> Option<EntityType> {
        let next = self.order.partition_point(|(start, _, _)| (*start as usize) < at);
        let (_, end, kind) = self.order.get(next.checked_sub(1)?)?;
        (*end as usize == at).then_some(*kind)
    }

    /// The type of the name that begins at token `at`.
    pub(super) fn starting_at(&self, at: usize) -> Option<EntityType> {
        let found = self.order.binary_search_by_key(&(at as u32), |(start, _, _)| *start).ok()?;
        Some(self.order[found].2)
    }

    /// Belief in each type for exactly this form.
    pub(super) fn form(&self, ids: &[u32]) -> [f32; 3] {
        self.forms.get(&form_key(ids)).copied().unwrap_or_default()
    }

    /// How often this form was taken for a name.
    pub(super) fn count(&self, ids: &[u32]) -> u32 {
        self.counts.get(&form_key(ids)).copied().unwrap_or(0)
    }

    /// Belief that the word is the last word of a person's full name.
    pub(super) fn last(&self, id: u32) -> f32 {
        self.last.get(&id).copied().unwrap_or(0.0)
    }

    /// Belief that the word is the first word of a person's full name.
    pub(super) fn first(&self, id: u32) -> f32 {
        self.first.get(&id).copied().unwrap_or(0.0)
    }

    /// Belief that the word is part of a longer name of each type.
    pub(super) fn part(&self, id: u32) -> [f32; 3] {
        self.parts.get(&id).copied().unwrap_or_default()
    }

    /// Belief that an acronym stands for an organization named in the article.
    pub(super) fn acronym(&self, word: &str, shape: Shape) -> f32 {
        if shape != Shape::Upper || self.initials.is_empty() {
            return 0.0;
        }
        let letters: String = word.chars().filter(|c| *c != '.').collect();
        self.initials.get(&letters).copied().unwrap_or(0.0)
    }
}

fn raise(map: &mut FxHashMap<u32, f32>, id: u32, belief: f32) {
    let value = map.entry(id).or_default();
    *value = value.max(belief);
}

fn form_key(ids: &[u32]) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    for id in ids {
        hasher.write_u32(*id);
    }
    hasher.finish()
}
