//! What the cells beside a name must look like: ids, codes, coordinates, numbers.

/// Whether this is the id of a Wikidata item.
pub(super) fn is_wikidata(text: &str) -> bool {
    text.strip_prefix('Q').is_some_and(is_number)
}

/// Whether this is a number without a sign or a leading zero.
pub(super) fn is_number(text: &str) -> bool {
    text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() && !text.starts_with('0')
}

/// Whether this has the form of an ISO 3166-1 alpha-2 code.
pub(super) fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// Degrees as written, if they are a number from -`most` to `most`.
pub(super) fn degrees(text: &str, most: f64) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|degrees: &f64| plain && degrees.abs() <= most)
}

/// The id of a Wikidata item in a link to it.
pub(super) fn wikidata_of(text: &str) -> Option<&str> {
    let id = text.trim_end_matches('/').rsplit(['/', '#', ':']).next()?;
    is_wikidata(id).then_some(id)
}

/// Whether a character is seen by nobody and means nothing in a name.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether a spreadsheet would take this for a formula.
pub(super) fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// "Given Family" for "Family, Given"; nothing for other texts.
pub(super) fn turned(text: &str) -> Option<String> {
    let (family, given) = text.split_once(", ")?;
    let starts = |part: &str| part.trim().chars().next().is_some_and(char::is_uppercase);
    let both = starts(family) && starts(given) && !given.contains(',');
    both.then(|| format!("{} {}", given.trim(), family.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_told_from_what_only_looks_like_them() {
        for (text, expected) in
            [("Q5", true), ("q5", false), ("Q", false), ("Q05", false), ("5", false), ("Q5x", false)]
        {
            assert_eq!(is_wikidata(text), expected, "{text}");
        }
        for (text, expected) in [
            ("1.5", Some(1.5)),
            ("-90", Some(-90.0)),
            ("90.1", None),
            ("1,5", None),
            ("NaN", None),
            ("inf", None),
            ("", None),
        ] {
            assert_eq!(degrees(text, 90.0), expected, "{text}");
        }
        assert_eq!(wikidata_of("http://www.wikidata.org/entity/Q60"), Some("Q60"));
        assert_eq!(wikidata_of("wd:Q60"), Some("Q60"));
        assert_eq!(wikidata_of("http://www.wikidata.org/entity/P60"), None);
        assert_eq!(turned("Okafor, Ada").as_deref(), Some("Ada Okafor"));
        for text in ["Ada Okafor", "Washington, D.C., USA", "Okafor, the minister"] {
            assert_eq!(turned(text), None, "{text}");
        }
    }
}
