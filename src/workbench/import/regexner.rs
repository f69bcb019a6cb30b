//! CoreNLP's RegexNER and TokensRegexNER: a table of patterns with their classes.

use super::{
    Format,
    entry::Entry,
    input::{Input, Lines},
    out::Out,
};
use crate::error::Result;

/// The table of patterns.
pub(super) struct RegexNer;

const LONGEST: usize = 1 << 20;

impl Format for RegexNer {
    fn name(&self) -> &'static str {
        "regexner"
    }

    fn expected(&self) -> &'static str {
        "CoreNLP's RegexNER: pattern, class and up to three further columns, separated by tabs"
    }

    fn source(&self) -> &'static str {
        "patterns of CoreNLP's RegexNER"
    }

    fn licence(&self) -> &'static str {
        "as their author says"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let header = |line, text: &str| line == 1 && text.starts_with("pattern\tner");
        Lines { longest: LONGEST, expected: self.expected(), skip: header }.each(input, out, |text, out| {
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            let is_class = |cell: &&str| {
                !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
            };
            let (Some(pattern), Some(class), 2..=5) =
                (cells.first(), cells.get(1).filter(|cell| is_class(cell)), cells.len())
            else {
                return Ok(Err(format!("the line has {} columns, or no class in the second", cells.len())));
            };
            if pattern.starts_with('(') && pattern.ends_with(')') {
                out.drop("a pattern of TokensRegex", pattern);
                return Ok(Ok(()));
            }
            let Some(name) = literal(pattern) else {
                out.drop("a regular expression", pattern);
                return Ok(Ok(()));
            };
            if let Some((kind, class)) = out.class("regexner", &[class], &name) {
                out.entry(Entry { class, ..Entry::new(&name, kind) })?;
            }
            Ok(Ok(()))
        })
    }
}

/// The text that a pattern stands for, if it stands for one only. A period is taken for itself, as authors of lists mean it.
fn literal(pattern: &str) -> Option<String> {
    let mut text = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next().filter(|c| !c.is_alphanumeric())?),
            '.' if matches!(chars.peek(), Some('*' | '+' | '?' | '{')) => return None,
            '*' | '+' | '?' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '^' | '$' => return None,
            c => text.push(c),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn patterns_of_one_text_are_told() {
        for (pattern, expected) in [
            ("St. Vela", Some("St. Vela")),
            (r"Vela \(North\)", Some("Vela (North)")),
            ("Vela|Vella", None),
            (".* University", None),
            (r"\w+ Vela", None),
            ("[Tt]he Vela", None),
            ("Vela\\", None),
        ] {
            assert_eq!(literal(pattern).as_deref(), expected, "{pattern}");
        }
    }
}
