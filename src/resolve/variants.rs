//! When two spellings can be one name.

/// Whether two folded words are the same but for one letter (replaced, added or dropped); only for words of six
/// letters and more, where that is no other name by chance.
pub(super) fn one_letter_apart(a: &str, b: &str) -> bool {
    // One letter is not both the first and the last: most pairs of words end here.
    let (first, last) = (|word: &str| word.bytes().next(), |word: &str| word.bytes().next_back());
    if a.len().min(b.len()) < 5 || first(a) != first(b) && last(a) != last(b) {
        return false;
    }
    if a.is_ascii() && b.is_ascii() {
        return one_apart(a.as_bytes(), b.as_bytes());
    }
    one_apart(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
}

fn one_apart<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 5 || long.len() < 6 || long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let skip = usize::from(short.len() == long.len());
    short[(same + skip).min(short.len())..] == long[(same + 1).min(long.len())..]
}

/// The spelling that transliterations share: what differs between usual systems is levelled.
pub(super) fn skeleton(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    skeleton_into(word, &mut out);
    out
}

/// Writes the [`skeleton`] of `word` into `out`, which must be empty.
pub(super) fn skeleton_into(word: &str, out: &mut String) {
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let (piece, length) = match rest.as_bytes() {
            [b'k', b'h', ..] => ("h", 2),
            [b'y' | b'i', b'e', b'v', ..] => ("ev", 3),
            b"off" => ("ov", 3),
            [b'p', b'h', ..] => ("f", 2),
            [b'o', b'u', ..] => ("u", 2),
            [b'i' | b'y', b'y', ..] | [b'i', b'j', ..] => ("i", 2),
            [b'y' | b'j', ..] => ("i", 1),
            [b'w', ..] => ("v", 1),
            [b'q', ..] => ("k", 1),
            [b'e', ..] => ("a", 1),
            [b'\'', ..] => ("", 1),
            _ => (&rest[..c.len_utf8()], c.len_utf8()),
        };
        if !(piece.len() == 1 && out.ends_with(piece)) {
            out.push_str(piece);
        }
        rest = &rest[length..];
    }
}

/// Whether two folded surnames are the male and female form of one ("abdullayev", "abdullayeva").
pub(super) fn gender_pair(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if !long.ends_with('a') || long.len() - short.len() > 2 {
        return false;
    }
    let pair = |male: &str, female: &str| {
        short.strip_suffix(male).is_some_and(|stem| long.strip_suffix(female).is_some_and(|other| stem == other))
    };
    pair("ov", "ova")
        || pair("ev", "eva")
        || pair("in", "ina")
        || pair("sky", "skaya")
        || pair("ski", "ska")
        || pair("iy", "aya")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_are_one_name() {
        for (a, b) in [("hikmat", "hikmet"), ("sergei", "sergey"), ("zelenskyy", "zelensky"), ("khasanov", "hasanov")] {
            assert_eq!(skeleton(a), skeleton(b), "{a} {b}");
        }
        for (a, b) in [("akar", "agar"), ("hasanov", "aliyev"), ("bayramov", "bahramli")] {
            assert_ne!(skeleton(a), skeleton(b), "{a} {b}");
        }
    }

    #[test]
    fn one_letter_makes_a_slip_only_in_long_words() {
        for (a, b, expected) in [
            ("abdullayev", "abdullayeva", true),
            ("absheron", "abheron", true),
            ("mubariz", "mubaris", true),
            ("akar", "akan", false),
            ("hasanov", "hasanova", true),
            ("smith", "smyth", false),
            ("nasirov", "nazirli", false),
        ] {
            assert_eq!(one_letter_apart(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn male_and_female_forms() {
        assert!(gender_pair("nasirov", "nasirova"));
        assert!(!gender_pair("nasirov", "nasirli"));
    }
}
