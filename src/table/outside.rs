//! Text from outside, as a cell may hold it: without control characters, and guarded where a spreadsheet would take it for a formula.

/// Whether a spreadsheet may take `cell` for a formula: its first character, spaces apart, is one of `= + - @`, a tab
/// or line end, or a full-width form of one.
///
/// The list is OWASP's ("CSV Injection"), with the full-width forms that some programs fold.
pub fn is_formula(cell: &str) -> bool {
    let invisible = |c: char| {
        c.is_whitespace() && !matches!(c, '\t' | '\r' | '\n')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
    };
    cell.trim_start_matches(invisible).starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell without the apostrophe that guards spreadsheets.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| needs_guard(rest)).unwrap_or(cell)
}

/// Whether `cell` gets an apostrophe: a formula, and what would be one without the apostrophes that it has of its own, so that
/// one can be taken away again from all that have one.
pub(super) fn needs_guard(cell: &str) -> bool {
    is_formula(cell.trim_start_matches('\''))
}

/// Whether the bytes of a cell begin a formula; what most cells begin with settles it.
pub(super) fn begins_formula(cell: &[u8]) -> bool {
    match cell.first() {
        None | Some(b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z') => false,
        Some(_) => std::str::from_utf8(cell).is_ok_and(needs_guard),
    }
}

/// Whether a text has no control character: no byte of C0, no DEL, and no byte that begins one of C1.
pub(super) fn is_clean(bytes: &[u8]) -> bool {
    // Most texts have some ten bytes, of which eight are looked at together: "determine if a word has a byte less than n" (S. E.
    // Anderson, "Bit Twiddling Hacks"). The last eight may overlap those before.
    const ONES: u64 = u64::MAX / 0xFF;
    let below = |word: u64, n: u64| word.wrapping_sub(ONES * n) & !word;
    let odd = |bytes: &[u8; 8]| {
        let word = u64::from_le_bytes(*bytes);
        (below(word, 0x20) | below(word ^ (ONES * 0x7F), 1) | below(word ^ (ONES * 0xC2), 1)) & (ONES << 7)
    };
    match bytes.last_chunk::<8>() {
        Some(last) => bytes.as_chunks::<8>().0.iter().fold(odd(last), |found, word| found | odd(word)) == 0,
        None => !bytes.iter().any(|b| *b < 0x20 || *b == 0x7F || *b == 0xC2),
    }
}

/// Adds `text` to the cell that began at `start`, without its control characters.
pub(super) fn push_clean(bytes: &mut Vec<u8>, start: usize, text: &str) {
    let mut broken = false;
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => {
                while bytes.len() > start && bytes.last() == Some(&b' ') {
                    bytes.pop();
                }
                bytes.push(b' ');
                broken = true;
            }
            ' ' if broken => {}
            c if c.is_control() => {}
            c => {
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                broken = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_clean;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn control_characters_are_seen_wherever_they_stand(bytes in prop::collection::vec(prop_oneof![20 => 0x20u8..0x7F, 1 => any::<u8>()], 0..40)) {
            let odd = |b: &u8| *b < 0x20 || *b == 0x7F || *b == 0xC2;
            prop_assert_eq!(is_clean(&bytes), !bytes.iter().any(odd));
        }
    }
}
