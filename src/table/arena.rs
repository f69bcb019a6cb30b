//! Where the sums over a run keep their texts: all in one string, with eight bytes for each. A run meets millions of
//! names; a string of its own for each would cost more than the names.

use serde::{Deserialize, Serialize};

/// A text in an [`Arena`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Text(u64);

/// Bits of a [`Text`] that hold its length; the others hold where it begins.
const LENGTH: u32 = 24;

/// Most texts of a chain, which is gone through at each count: no name is spelled in so many ways.
const CHAIN: usize = 1_000;

/// Room for a date with time and zone, so that one date can take the place of another.
const DATE: usize = 25;

impl Text {
    fn new(start: usize, length: usize) -> Text {
        Text((start as u64) << LENGTH | length as u64)
    }

    fn start(self) -> usize {
        (self.0 >> LENGTH) as usize
    }

    fn len(self) -> usize {
        (self.0 & ((1 << LENGTH) - 1)) as usize
    }
}

/// Texts, and how often each was seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Arena {
    text: String,
    counts: Vec<Count>,
}

/// How often a text was seen, as a link in a chain.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Count {
    text: Text,
    next: u32,
    count: u32,
}

/// Some texts with how often each was seen, in order of first sight: the number of the first one in [`Arena::counts`], from
/// 1; 0 if there is none.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Chain(u32);

impl Arena {
    pub(super) fn get(&self, text: Text) -> &str {
        &self.text[text.start()..text.start() + text.len()]
    }

    /// Everything in it, for [`Arena::of`].
    pub(super) fn parts(&self) -> (&str, &[Count]) {
        (&self.text, &self.counts)
    }

    /// The arena of these parts; `None` if they cannot be those of one.
    pub(super) fn of(text: String, counts: Vec<Count>) -> Option<Arena> {
        let arena = Arena { text, counts };
        // Links lead forward, so a chain ends.
        let leads_on = |(at, count): (usize, &Count)| {
            let next = count.next as usize;
            arena.has(count.text) && (next == 0 || next > at + 1 && next <= arena.counts.len())
        };
        arena.counts.iter().enumerate().all(leads_on).then_some(arena)
    }

    /// Whether `text` lies in it.
    pub(super) fn has(&self, text: Text) -> bool {
        self.text.get(text.start()..text.start().saturating_add(text.len())).is_some()
    }

    /// Whether `chain` begins in it.
    pub(super) fn has_chain(&self, chain: Chain) -> bool {
        chain.0 as usize <= self.counts.len()
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
        Text::new(start, text.len())
    }

    /// Adds a date that [`Arena::replace_date`] may replace.
    pub(super) fn push_date(&mut self, date: &str) -> Text {
        let text = self.push(date);
        self.text.extend(std::iter::repeat_n(' ', DATE.saturating_sub(date.len())));
        text
    }

    /// Puts `date` where `old` was. An unusual one, for which there is no room, is added.
    pub(super) fn replace_date(&mut self, old: Text, date: &str) -> Text {
        let room = self.text.get(old.start()..old.start().saturating_add(date.len()));
        if old.len() == 0 || old.len() > DATE || date.len() > DATE || room.is_none() {
            return self.push_date(date);
        }
        self.text.replace_range(old.start()..old.start() + date.len(), date);
        Text::new(old.start(), date.len())
    }

    /// Counts `text` `count` times more, unless it is new and the chain is full.
    pub(super) fn count(&mut self, chain: &mut Chain, text: &str, count: u32) {
        let mut last = 0;
        let mut at = chain.0;
        let mut length = 0;
        while at > 0 {
            length += 1;
            let link = self.counts[at as usize - 1];
            if self.get(link.text) == text {
                let sum = &mut self.counts[at as usize - 1].count;
                *sum = sum.saturating_add(count);
                return;
            }
            (last, at) = (at, link.next);
        }
        if length >= CHAIN {
            return;
        }
        let text = self.push(text);
        self.counts.push(Count { text, next: 0, count });
        let new = self.counts.len() as u32;
        match last {
            0 => chain.0 = new,
            last => self.counts[last as usize - 1].next = new,
        }
    }

    /// The texts of a chain with their counts, in order of first sight.
    pub(super) fn counted(&self, chain: Chain) -> impl Iterator<Item = (&str, u32)> {
        let mut at = chain.0;
        std::iter::from_fn(move || {
            let link = self.counts.get((at as usize).checked_sub(1)?)?;
            at = link.next;
            Some((self.get(link.text), link.count))
        })
    }

    /// The texts of a chain, most frequent first, ties in order of first sight.
    pub(super) fn ranked(&self, chain: Chain) -> impl Iterator<Item = &str> {
        let mut order: Vec<(&str, u32)> = self.counted(chain).collect();
        order.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        order.into_iter().map(|(text, _)| text)
    }

    /// The most frequent text of a chain; empty if it has none.
    pub(super) fn first(&self, chain: Chain) -> &str {
        self.counted(chain).reduce(|best, next| if next.1 > best.1 { next } else { best }).map_or("", |(text, _)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_in_order_of_first_sight() {
        let mut arena = Arena::default();
        let (mut names, mut others) = (Chain::default(), Chain::default());
        for (name, count) in [("Akar", 1), ("Hulusi Akar", 2), ("", 1), ("Akar", 1)] {
            arena.count(&mut names, name, count);
            arena.count(&mut others, "x", 1);
        }
        assert_eq!(arena.counted(names).collect::<Vec<_>>(), [("Akar", 2), ("Hulusi Akar", 2), ("", 1)]);
        arena.count(&mut names, "Hulusi Akar", 1);
        assert_eq!(arena.ranked(names).collect::<Vec<_>>(), ["Hulusi Akar", "Akar", ""]);
        assert_eq!((arena.first(names), arena.first(others), arena.first(Chain::default())), ("Hulusi Akar", "x", ""));
    }

    #[test]
    fn dates_take_the_place_of_dates() {
        let mut arena = Arena::default();
        let first = arena.push_date("2020-10-11");
        let other = arena.push("next");
        let length = arena.text.len();
        let second = arena.replace_date(first, "2020-10-10T12:00:00+04:00");
        let third = arena.replace_date(second, "2019");
        assert_eq!((arena.get(third), arena.get(other), arena.text.len()), ("2019", "next", length));
        let unusual = arena.replace_date(third, "sometime in the early spring of 2019");
        let usual = arena.replace_date(unusual, "2018");
        assert_eq!(arena.get(usual), "2018");
        assert_eq!(arena.get(other), "next");
    }
}
