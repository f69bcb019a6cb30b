//! What the classes and ids of an element say of it.
//!
//! Sites name what they build: `related-posts`, `ArticleBody_root__x1`, `newsletter-signup`. The words in `names.csv` are
//! such names, not English that is looked for in texts. A name is cut at everything that is no letter and where small
//! letters meet capitals; pairs of words count as well, so that `mostRead` and `most-read` are one.

use bitflags::bitflags;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

bitflags! {
    /// What an element may be, by its names.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(super) struct Signals: u16 {
        /// Certainly no part of an article, however long: comments.
        const FOREIGN = 1;
        /// Hardly part of an article, unless most of the text is in it.
        const BESIDE = 1 << 1;
        /// The body of an article.
        const BODY = 1 << 2;
        /// The lead.
        const LEAD = 1 << 3;
        /// Author, date and the like.
        const ABOUT = 1 << 4;
        /// The author.
        const AUTHOR = 1 << 5;
        /// The date.
        const DATE = 1 << 6;
        /// A sentence of the article that is shown once more.
        const PULL = 1 << 7;
        /// The headline.
        const HEADLINE = 1 << 8;
        /// Text that can be had for money only.
        const PAYWALL = 1 << 9;
    }
}

/// What `class` (or an id) says.
pub(super) fn of_class(class: &str) -> Signals {
    let mut signals = Signals::empty();
    for name in class.split_ascii_whitespace() {
        signals |= of_words(name);
    }
    signals
}

/// What the name of an element that HTML does not have says.
pub(super) fn of_name(name: &[u8]) -> Signals {
    // AMP has elements of its own for everything around an article, and none for its text.
    if name.starts_with(b"amp-") {
        return Signals::BESIDE;
    }
    match std::str::from_utf8(name) {
        Ok(name) if name.contains('-') => of_words(name),
        _ => Signals::empty(),
    }
}

/// The longest name in the list.
const LONGEST: usize = 20;

fn of_words(name: &str) -> Signals {
    let mut signals = Signals::empty();
    // The word before and this one, in lower case, in one buffer.
    let (mut buffer, mut before, mut end) = ([0u8; 2 * LONGEST], 0, 0);
    let mut last = 0u8;
    for byte in name.bytes().chain([b' ']) {
        let splits = !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() && last.is_ascii_lowercase();
        last = byte;
        if splits && end > before {
            signals |= known(&buffer[before..end]);
            if before > 0 {
                signals |= known(&buffer[..end]);
            }
            buffer.copy_within(before..end, 0);
            (before, end) = (end - before, end - before);
        }
        if byte.is_ascii_alphabetic() {
            if end - before >= LONGEST {
                (before, end) = (0, 0);
            }
            if end < buffer.len() {
                buffer[end] = byte.to_ascii_lowercase();
                end += 1;
            }
        }
    }
    signals
}

/// What a name means, one a row: words of names of classes, in small letters; of pairs of words, both as one.
static NAMES: LazyLock<FxHashMap<&[u8], Signals>> = LazyLock::new(|| {
    let rows = include_str!("names.csv").lines().skip(1).filter_map(|row| row.split_once(','));
    rows.map(|(name, means)| (name.as_bytes(), meaning(means))).collect()
});

/// Builds the list now: see [`prepare`](crate::run::prepare).
pub(in crate::read) fn prepare() {
    LazyLock::force(&NAMES);
}

/// Signals by their names, with spaces between; what is none is empty, which a test looks for.
fn meaning(means: &str) -> Signals {
    means.split(' ').filter_map(|name| Signals::from_name(&name.to_ascii_uppercase())).collect()
}

/// One word, or two in a row written as one.
fn known(name: &[u8]) -> Signals {
    NAMES.get(name).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        for (class, signals) in [
            ("css-53u6y8 flex", Signals::empty()),
            ("ArticleBody_chunk__m1", Signals::BODY),
            ("article__body--full", Signals::BODY),
            ("mostRead x", Signals::BESIDE),
            ("jp-relatedposts", Signals::BESIDE),
            ("site-footer", Signals::BESIDE),
            ("comment-body", Signals::FOREIGN),
            ("header adapted reading", Signals::empty()),
            ("post-81 entry-content", Signals::BODY),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ads", Signals::BESIDE),
        ] {
            assert_eq!(of_class(class), signals, "{class}");
        }
    }

    #[test]
    fn the_list_of_names_is_sound() {
        let rows: Vec<_> = include_str!("names.csv").lines().skip(1).map(|row| row.split_once(',').unwrap()).collect();
        assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, and each name once");
        for (name, means) in rows {
            assert!(name.len() <= LONGEST && name.bytes().all(|byte| byte.is_ascii_lowercase()), "{name}");
            assert_eq!(meaning(means).iter().count(), means.split(' ').count(), "{name}: {means}");
        }
    }
}
