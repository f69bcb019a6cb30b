//! Paragraphs: lines of the text, unless the text is wrapped at a fixed width.

use crate::model::Span;

/// The paragraphs of `text`, without white space around: the title field before `body_start` first.
pub(super) fn paragraphs(text: &str, body_start: usize) -> Vec<Span> {
    let mut out = Vec::new();
    let title = trimmed(text, 0, body_start);
    if !title.is_empty() {
        out.push(title);
    }
    let mut block: Vec<Span> = Vec::new();
    let mut at = body_start;
    while at < text.len() {
        let end = line_end(text, at);
        let span = trimmed(text, at, end);
        at = end;
        if span.is_empty() {
            flush(text, &mut block, &mut out);
        } else {
            block.push(span);
        }
    }
    flush(text, &mut block, &mut out);
    out
}

/// One past the end of the line that begins at byte `start`: a line feed, or Unicode's separators of lines and paragraphs.
fn line_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut ends = memchr::memchr2_iter(b'\n', 0xE2, &bytes[start..]).map(|at| start + at);
    let ends = ends.find_map(|at| match bytes[at..] {
        [b'\n', ..] => Some(at + 1),
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => Some(at + 3),
        _ => None,
    });
    ends.unwrap_or(text.len())
}

fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let part = &text[start..end];
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    let lead = part.len() - part.trim_start_matches(blank).len();
    let body = part.trim_matches(blank);
    Span::new(start + lead, start + lead + body.len())
}

/// Ends a block of lines without an empty line between: one paragraph if it is wrapped, else one a line.
fn flush(text: &str, block: &mut Vec<Span>, out: &mut Vec<Span>) {
    match (is_wrapped(text, block), block.first(), block.last()) {
        (true, Some(first), Some(last)) => out.push(first.cover(*last)),
        _ => out.extend(block.iter().copied()),
    }
    block.clear();
}

/// Whether most lines break in mid-sentence at about the same width.
fn is_wrapped(text: &str, block: &[Span]) -> bool {
    let Some((_, lines)) = block.split_last() else { return false };
    if lines.len() < 2 {
        return false;
    }
    let broken = |line: &&Span| {
        let width = line.of(text).chars().count();
        (45..=100).contains(&width) && !line.of(text).ends_with(['.', '!', '?', '"', '”', '’', ':', ';'])
    };
    let widest = lines.iter().map(|line| line.len()).max().unwrap_or(0);
    let even = lines.iter().filter(|line| line.len() * 10 >= widest * 7).count();
    lines.iter().filter(broken).count() * 10 >= lines.len() * 7 && even * 10 >= lines.len() * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        paragraphs(text, 0).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn lines_are_paragraphs() {
        assert_eq!(texts("One.\nTwo.\r\n\n  Three. \n"), ["One.", "Two.", "Three."]);
    }

    #[test]
    fn separators_of_unicode_end_lines() {
        assert_eq!(texts("One “a”\u{2028}two…\u{2029}\n— three"), ["One “a”", "two…", "— three"]);
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let text = "The harbour master said on Tuesday that every ship in the\nport had been checked twice and that no more than three of\nthem would have to stay there.\n\nNext.";
        assert_eq!(texts(text).len(), 2);
    }
}
