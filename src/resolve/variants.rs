//! When two spellings can be one name.

/// Whether two folded words are the same but for one letter (replaced, added or dropped); only for words of six
/// letters and more, where that is no other name by chance.
pub(super) fn one_letter_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 5 || long.len() < 6 || long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(&long).take_while(|(x, y)| x == y).count();
    let skip = usize::from(short.len() == long.len());
    short[(same + skip).min(short.len())..] == long[(same + 1).min(long.len())..]
}

/// The spelling that transliterations share: what differs between usual systems is levelled.
pub(super) fn skeleton(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let (text, length) = match rest {
            _ if rest.starts_with("kh") => ("h", 2),
            _ if rest.starts_with("yev") || rest.starts_with("iev") => ("ev", 3),
            _ if rest.starts_with("off") && rest.len() == 3 => ("ov", 3),
            _ if rest.starts_with("ph") => ("f", 2),
            _ if rest.starts_with("ou") => ("u", 2),
            _ if rest.starts_with("iy") || rest.starts_with("yy") || rest.starts_with("ij") => ("i", 2),
            _ => match c {
                'y' | 'j' => ("i", 1),
                'w' => ("v", 1),
                'q' => ("k", 1),
                'e' => ("a", 1),
                '\'' => ("", 1),
                _ => ("", 0),
            },
        };
        let (piece, length) = if length == 0 { (&rest[..c.len_utf8()], c.len_utf8()) } else { (text, length) };
        if !(out.ends_with(piece) && piece.len() == 1) {
            out.push_str(piece);
        }
        rest = &rest[length..];
    }
    out
}

/// Whether two folded surnames are the male and female form of one ("abdullayev", "abdullayeva").
pub(super) fn gender_pair(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
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
