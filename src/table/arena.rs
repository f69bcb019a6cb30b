//! Where the sums over a run keep their texts: all in one string, with eight bytes for each. A run meets millions of
//! names; a string of its own for each would cost more than the names.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use std::{
    cmp::Reverse,
    hash::{Hash, Hasher},
};

/// A text in an [`Arena`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Text(u64);

/// Bits of a [`Text`] that hold its length; the others hold where it begins.
const LENGTH: u32 = 24;

/// Most texts of a chain, which is gone through at each count: no name is spelled in so many ways.
const CHAIN: usize = 1_000;

impl Text {
    pub(super) fn new(start: u64, length: usize) -> Text {
        Text(start << LENGTH | length as u64)
    }

    pub(super) fn start(self) -> u64 {
        self.0 >> LENGTH
    }

    pub(super) fn len(self) -> usize {
        (self.0 & ((1 << LENGTH) - 1)) as usize
    }

    /// All of it in 61 bits: no text begins beyond 137 GB.
    pub(super) fn bits(self) -> u64 {
        self.0
    }

    pub(super) fn of_bits(bits: u64) -> Text {
        Text(bits)
    }
}

/// Texts, and how often each was seen.
#[derive(Debug, Default)]
pub(super) struct Arena {
    text: String,
    forms: Vec<Form>,
    counts: Vec<Count>,
    /// The texts of `counts`, each of which is there once.
    shared: HashTable<Text>,
}

/// A text that was counted, as a link in a chain.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Link<T> {
    text: Text,
    next: u32,
    seen: T,
}

/// How often an entity was called so.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Articles in which it is the canonical name.
    pub names: u32,
    /// Mentions.
    pub surfaces: u32,
    /// Mentions that are no short forms.
    pub aliases: u32,
}

/// What an entity was called, with how often.
pub(super) type Form = Link<Seen>;
/// A text that many entities have, with how often one had it.
pub(super) type Count = Link<u32>;

/// Some [`Form`]s in order of first sight: the number of the first one, from 1; 0 if there is none.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Forms(u32);

/// Some [`Count`]s in order of first sight: the number of the first one, from 1; 0 if there is none.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Chain(u32);

/// Where a text is in a chain.
enum Place {
    /// In this link.
    At(usize),
    /// It is new, and comes behind the link with this number; 0 if the chain is empty.
    Behind(u32),
    /// It is new, and the chain is full.
    Full,
}

/// Looks for a text in the chain that begins with link number `first`.
fn find<T>(links: &[Link<T>], first: u32, is: impl Fn(Text) -> bool) -> Place {
    let (mut last, mut at, mut length) = (0, first, 0);
    while let Some(link) = (at as usize).checked_sub(1).and_then(|at| links.get(at)) {
        if is(link.text) {
            return Place::At(at as usize - 1);
        }
        length += 1;
        (last, at) = (at, link.next);
    }
    if length < CHAIN { Place::Behind(last) } else { Place::Full }
}

/// Adds a link behind the link number `last` of the chain that begins with `first`.
fn append<T>(links: &mut Vec<Link<T>>, first: &mut u32, last: u32, text: Text, seen: T) {
    links.push(Link { text, next: 0, seen });
    let new = links.len() as u32;
    match last {
        0 => *first = new,
        last => links[last as usize - 1].next = new,
    }
}

/// The links of the chain that begins with `first`, in order of first sight.
fn links<T: Copy>(links: &[Link<T>], first: u32) -> impl Iterator<Item = (Text, T)> {
    let mut at = first;
    std::iter::from_fn(move || {
        let link = links.get((at as usize).checked_sub(1)?)?;
        at = link.next;
        Some((link.text, link.seen))
    })
}

/// What [`Arena::parts`] gives.
pub(super) type Parts<'a> = (&'a str, &'a [Form], &'a [Count]);

impl Arena {
    pub(super) fn get(&self, text: Text) -> &str {
        let start = text.start() as usize;
        &self.text[start..start + text.len()]
    }

    /// Everything in it, for [`Arena::of`].
    pub(super) fn parts(&self) -> Parts<'_> {
        (&self.text, &self.forms, &self.counts)
    }

    /// The arena of these parts; `None` if they cannot be those of one.
    pub(super) fn of(text: String, forms: Vec<Form>, counts: Vec<Count>) -> Option<Arena> {
        let mut arena = Arena { text, forms, counts, shared: HashTable::new() };
        if !(arena.is_sound(&arena.forms) && arena.is_sound(&arena.counts)) {
            return None;
        }
        let Arena { text, counts, shared, .. } = &mut arena;
        let get = |place: Text| &text[place.start() as usize..place.start() as usize + place.len()];
        for count in counts {
            let hash_of = hash(get(count.text));
            if shared.find(hash_of, |known| get(*known) == get(count.text)).is_none() {
                shared.insert_unique(hash_of, count.text, |known| hash(get(*known)));
            }
        }
        Some(arena)
    }

    /// Whether the texts of all links lie in it, and the links lead forward, so that a chain ends.
    fn is_sound<T>(&self, links: &[Link<T>]) -> bool {
        let leads_on = |at: usize, next: usize| next == 0 || next > at + 1 && next <= links.len();
        links.iter().enumerate().all(|(at, link)| self.has(link.text) && leads_on(at, link.next as usize))
    }

    /// Whether `text` lies in it.
    pub(super) fn has(&self, text: Text) -> bool {
        let start = text.start() as usize;
        self.text.get(start..start.saturating_add(text.len())).is_some()
    }

    /// Whether both begin in it.
    pub(super) fn has_chains(&self, forms: Forms, chain: Chain) -> bool {
        forms.0 as usize <= self.forms.len() && chain.0 as usize <= self.counts.len()
    }

    /// Adds a text. Of one of 16 MB and more only the beginning is kept: no name and no date is so long.
    pub(super) fn push(&mut self, text: &str) -> Text {
        let mut end = text.len().min((1 << LENGTH) - 1);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        if text.is_empty() {
            return Text::default();
        }
        let start = self.text.len();
        self.text.push_str(text);
        Text::new(start as u64, text.len())
    }

    /// Counts `text` as often as `seen` says, unless it is new and the chain is full.
    pub(super) fn call(&mut self, chain: &mut Forms, text: &str, seen: Seen) {
        match find(&self.forms, chain.0, |known| self.get(known) == text) {
            Place::At(at) => {
                let own = &mut self.forms[at].seen;
                own.names = own.names.saturating_add(seen.names);
                own.surfaces = own.surfaces.saturating_add(seen.surfaces);
                own.aliases = own.aliases.saturating_add(seen.aliases);
            }
            Place::Behind(last) => {
                let text = self.push(text);
                append(&mut self.forms, &mut chain.0, last, text, seen);
            }
            Place::Full => {}
        }
    }

    /// Counts `text`, which many entities have, `count` times more, unless it is new and the chain is full.
    pub(super) fn count(&mut self, chain: &mut Chain, text: &str, count: u32) {
        match find(&self.counts, chain.0, |known| self.get(known) == text) {
            Place::At(at) => {
                let own = &mut self.counts[at].seen;
                *own = own.saturating_add(count);
            }
            Place::Behind(last) => {
                let text = self.share(text);
                append(&mut self.counts, &mut chain.0, last, text, count);
            }
            Place::Full => {}
        }
    }

    /// Adds a text, unless it is among those of `counts`.
    fn share(&mut self, text: &str) -> Text {
        let hash_of = hash(text);
        if let Some(known) = self.shared.find(hash_of, |known| self.get(*known) == text) {
            return *known;
        }
        let new = self.push(text);
        let Arena { text, shared, .. } = self;
        let get = |place: Text| &text[place.start() as usize..place.start() as usize + place.len()];
        shared.insert_unique(hash_of, new, |known| hash(get(*known)));
        new
    }

    /// The forms of a chain, in order of first sight.
    pub(super) fn forms(&self, chain: Forms) -> impl Iterator<Item = (&str, Seen)> {
        links(&self.forms, chain.0).map(|(text, seen)| (self.get(text), seen))
    }

    /// The texts of a chain with their counts, in order of first sight.
    pub(super) fn counted(&self, chain: Chain) -> impl Iterator<Item = (&str, u32)> {
        links(&self.counts, chain.0).map(|(text, count)| (self.get(text), count))
    }
}

/// The texts that were counted, most frequent first, ties in order of first sight.
pub(super) fn ranked<'a>(counted: impl Iterator<Item = (&'a str, u32)>) -> impl Iterator<Item = &'a str> {
    let mut order: Vec<(&str, u32)> = counted.filter(|(_, count)| *count > 0).collect();
    order.sort_by_key(|(_, count)| Reverse(*count));
    order.into_iter().map(|(text, _)| text)
}

/// The hash of a text.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_in_order_of_first_sight() {
        let mut arena = Arena::default();
        let (mut roles, mut others) = (Chain::default(), Chain::default());
        for (role, count) in [("mayor", 1), ("envoy", 2), ("", 1), ("mayor", 1)] {
            arena.count(&mut roles, role, count);
            arena.count(&mut others, "envoy", 1);
        }
        assert_eq!(arena.counted(roles).collect::<Vec<_>>(), [("mayor", 2), ("envoy", 2), ("", 1)]);
        arena.count(&mut roles, "envoy", 1);
        assert_eq!(ranked(arena.counted(roles)).collect::<Vec<_>>(), ["envoy", "mayor", ""]);
        assert_eq!(arena.counted(others).collect::<Vec<_>>(), [("envoy", 4)]);
        assert_eq!(arena.counted(Chain::default()).count(), 0);
        let (text, forms, counts) = arena.parts();
        assert_eq!(text, "mayorenvoy", "a text that many have is there once");
        let mut again = Arena::of(text.to_string(), forms.to_vec(), counts.to_vec()).unwrap();
        again.count(&mut roles, "mayor", 3);
        again.count(&mut others, "mayor", 1);
        assert_eq!((again.parts().0, ranked(again.counted(roles)).next()), ("mayorenvoy", Some("mayor")));
    }

    #[test]
    fn forms_are_counted_for_what_they_are() {
        let mut arena = Arena::default();
        let mut forms = Forms::default();
        let full = Seen { names: 0, surfaces: 1, aliases: 1 };
        arena.call(&mut forms, "Hulusi Akar", Seen { names: 1, ..Seen::default() });
        for (form, seen) in
            [("Akar", Seen { aliases: 0, ..full }), ("Hulusi Akar", full), ("Akar", Seen { aliases: 0, ..full })]
        {
            arena.call(&mut forms, form, seen);
        }
        let of = |count: fn(Seen) -> u32| {
            ranked(arena.forms(forms).map(move |(text, seen)| (text, count(seen)))).collect::<Vec<_>>()
        };
        assert_eq!(of(|seen| seen.names), ["Hulusi Akar"]);
        assert_eq!(of(|seen| seen.surfaces), ["Akar", "Hulusi Akar"]);
        assert_eq!(of(|seen| seen.aliases), ["Hulusi Akar"]);
    }
}
