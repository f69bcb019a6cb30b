//! Ids of articles: unique in a run, the same whatever the number of workers.

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

/// The ids given so far. It keeps 64 bits of each, 8 to 16 bytes of memory an article. Two ids that share them cost the
/// second one a needless suffix; in a run of a hundred million articles that happens with a probability of 0.0003.
#[derive(Debug, Default)]
pub(super) struct Ids {
    seen: FxHashSet<u64>,
    repeats: FxHashMap<u64, u64>,
}

impl Ids {
    /// `id` itself if it is new, else `id~2`, `id~3` and so on.
    pub(super) fn unique(&mut self, id: String) -> String {
        let id = shortened(id);
        let key = hash(&id);
        if self.seen.insert(key) {
            return id;
        }
        let mut number = self.repeats.get(&key).copied().unwrap_or(1);
        loop {
            number += 1;
            let next = format!("{id}~{number}");
            if self.seen.insert(hash(&next)) {
                self.repeats.insert(key, number);
                return next;
            }
        }
    }
}

/// The most bytes of an id: it stands in every row about its article.
pub(super) const LONGEST: usize = 500;

/// `id`, or, of one that is too long, its beginning and a hash of all of it.
pub(super) fn shortened(id: String) -> String {
    if id.len() <= LONGEST {
        return id;
    }
    let end = (0..=LONGEST - 17).rev().find(|end| id.is_char_boundary(*end)).unwrap_or(0);
    format!("{}~{:016x}", &id[..end], hash(&id))
}

fn hash(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_id_gets_a_suffix() {
        let mut ids = Ids::default();
        let given = ["a", "b", "a", "a~2", "a", "b"].map(|id| ids.unique(id.to_string()));
        assert_eq!(given, ["a", "b", "a~2", "a~2~2", "a~3", "b~2"]);
    }
}
