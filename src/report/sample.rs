//! Which articles the reader shows: all of them if there are few, else those that the lists of the report lead to, then
//! those with most quotations in each stretch of time. The same tables give the same choice.

use super::{dates, joined::Article, lists::Lists};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap, HashMap},
    rc::Rc,
};

/// Quotations beyond this count no more: lists of results and live blogs should not crowd out news.
const ENOUGH: usize = 20;

/// Chooses among articles as they come.
pub(super) struct Chooser {
    wanted: usize,
    total: u64,
    days: Option<(i32, i32)>,
    /// For every listed entity, the article that shows most; then for every one, the article that quotes it and shows most.
    best_for: Vec<Option<Rc<Pick>>>,
    /// For every stretch of time, and of the input where there is no date.
    best_in: HashMap<(bool, u64), (usize, u64)>,
    /// The articles with most quotations.
    most: BinaryHeap<Reverse<(usize, Reverse<u64>)>>,
}

/// An article that could be shown.
struct Pick {
    number: u64,
    /// How much it has to show.
    worth: usize,
    inside: Vec<usize>,
}

impl Chooser {
    /// Chooses `wanted` of `total` articles.
    pub(super) fn new(wanted: usize, total: u64, lists: &Lists) -> Chooser {
        let days = lists.published.as_ref().and_then(|(first, last)| dates::day(first).zip(dates::day(last)));
        let best_for = (0..2 * lists.entities.len()).map(|_| None).collect();
        Chooser { wanted, total, days, best_for, best_in: HashMap::new(), most: BinaryHeap::new() }
    }

    /// Whether all articles are shown.
    pub(super) fn all(&self) -> bool {
        self.total <= self.wanted as u64
    }

    /// Looks at an article in which the listed entities `inside` are, and of which it quotes `quoted`.
    pub(super) fn offer(&mut self, article: &Article, mut inside: Vec<usize>, quoted: &[usize]) {
        if self.all() || article.duplicate {
            return;
        }
        let quotes = article.quotes.len().min(ENOUGH);
        let worth = 2 * quotes + inside.len().min(ENOUGH);
        inside.extend(quoted.iter().map(|i| i + self.best_for.len() / 2));
        let better = |pick: &Option<Rc<Pick>>| pick.as_ref().is_none_or(|pick| pick.worth < worth);
        let improved: Vec<usize> =
            inside.iter().copied().filter(|i| self.best_for.get(*i).is_some_and(better)).collect();
        if !improved.is_empty() {
            let pick = Rc::new(Pick { number: article.number, worth, inside });
            for place in improved {
                self.best_for[place] = Some(Rc::clone(&pick));
            }
        }
        let best = self.best_in.entry(self.stretch(article)).or_insert((quotes, article.number));
        if best.0 < quotes {
            *best = (quotes, article.number);
        }
        self.most.push(Reverse((quotes, Reverse(article.number))));
        if self.most.len() > self.wanted {
            self.most.pop();
        }
    }

    /// The stretch that an article falls in: as many as articles are wanted.
    fn stretch(&self, article: &Article) -> (bool, u64) {
        let wanted = self.wanted.max(1) as u64;
        if let (Some((first, last)), Some(day)) = (self.days, dates::day(&article.published)) {
            let days = u64::try_from(i64::from(last) - i64::from(first)).unwrap_or(0) + 1;
            let day = u64::try_from(i64::from(day) - i64::from(first)).unwrap_or(0);
            return (true, day.min(days - 1) * wanted / days);
        }
        (false, (article.number - 1).min(self.total) * wanted / self.total.max(1))
    }

    /// The numbers of the chosen articles: first for the entities that should be seen speaking, then for those that should be
    /// seen at all.
    pub(super) fn choose(self, speaking: &[usize], seen: impl Iterator<Item = usize>) -> BTreeSet<u64> {
        if self.all() {
            return (1..=self.total).collect();
        }
        let mut chosen = BTreeSet::new();
        let mut shown = vec![false; self.best_for.len()];
        // At most three quarters for the lists, so that some are left to spread over time.
        let for_lists = self.wanted - self.wanted / 4;
        let order = speaking.iter().map(|i| i + self.best_for.len() / 2).chain(seen);
        for place in order {
            if chosen.len() >= for_lists {
                break;
            }
            let Some(Some(pick)) = self.best_for.get(place) else { continue };
            if !shown[place] && chosen.insert(pick.number) {
                pick.inside.iter().for_each(|i| shown[*i] = true);
            }
        }
        let mut stretches: Vec<_> = self.best_in.into_iter().filter(|(_, best)| !chosen.contains(&best.1)).collect();
        stretches.sort_unstable();
        let left = self.wanted - chosen.len();
        let taken = left.min(stretches.len());
        chosen.extend((0..taken).map(|i| stretches[i * stretches.len() / taken].1.1));
        let mut most: Vec<_> =
            self.most.into_iter().map(|Reverse((quotes, number))| (Reverse(quotes), number.0)).collect();
        most.sort_unstable();
        for (_, number) in most {
            if chosen.len() < self.wanted {
                chosen.insert(number);
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(wanted: usize, total: u64) -> Vec<u64> {
        let mut chooser = Chooser::new(wanted, total, &Lists::default());
        for number in 1..=total {
            chooser.offer(&Article { number, ..Article::default() }, vec![], &[]);
        }
        chooser.choose(&[], std::iter::empty()).into_iter().collect()
    }

    #[test]
    fn all_are_chosen_where_there_are_few_and_never_more_than_wanted() {
        assert_eq!(chosen(10, 3), [1, 2, 3]);
        assert!(chosen(0, 3).is_empty());
        for (wanted, total) in [(1, 2), (4, 8), (7, 1000), (100, 101)] {
            assert_eq!(chosen(wanted, total).len(), wanted, "{wanted} of {total}");
        }
    }

    #[test]
    fn without_anything_to_tell_them_apart_they_are_spread() {
        assert_eq!(chosen(4, 8), [1, 3, 5, 7]);
    }
}
