//! Patterns of spaCy's EntityRuler and SpanRuler, and of Prodigy, as JSON Lines.

use super::{
    Format,
    entry::Entry,
    input::{Input, Lines},
    out::Out,
};
use crate::error::Result;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Lines of patterns.
pub(super) struct Spacy;

const LONGEST: usize = 16 << 20;

#[derive(Deserialize)]
struct Rule {
    label: String,
    pattern: Pattern,
    #[serde(default)]
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Pattern {
    Phrase(String),
    Tokens(Vec<Map<String, Value>>),
}

impl Format for Spacy {
    fn name(&self) -> &'static str {
        "spacy"
    }

    fn expected(&self) -> &'static str {
        "patterns of spaCy's EntityRuler: a JSON object with label and pattern on every line"
    }

    fn source(&self) -> &'static str {
        "patterns of spaCy's EntityRuler"
    }

    fn licence(&self) -> &'static str {
        "as their author says"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let lines = Lines { longest: LONGEST, expected: self.expected(), skip: |_, _| false };
        lines.each(input, out, |text, out| match serde_json::from_str(text) {
            Ok(rule) => take(rule, out).map(Ok),
            Err(error) => Ok(Err(error.to_string())),
        })
    }
}

fn take(rule: Rule, out: &mut Out<'_>) -> Result<()> {
    let name = match rule.pattern {
        Pattern::Phrase(text) => Ok(text),
        Pattern::Tokens(tokens) => joined(&tokens),
    };
    let name = match name {
        Ok(name) => name,
        Err(reason) => {
            out.drop(reason, &rule.label);
            return Ok(());
        }
    };
    let Some((kind, class)) = out.class("spacy", &[&rule.label], &format!("{}: {name}", rule.label)) else {
        return Ok(());
    };
    let entry = Entry { class, ..Entry::new(&name, kind) };
    match rule.id.filter(|id| !id.is_empty()) {
        Some(id) => out.part(&format!("{}\u{1f}{id}", kind.as_str()), 0, Entry { id, ..entry }),
        None => out.entry(entry),
    }
}

/// The text that a list of tokens stands for, if each is a plain word.
fn joined(tokens: &[Map<String, Value>]) -> std::result::Result<String, &'static str> {
    let mut text = String::new();
    for token in tokens {
        let mut attributes = token.iter();
        let (Some((attribute, value)), None) = (attributes.next(), attributes.next()) else {
            return Err("a pattern of attributes");
        };
        let lower = match attribute.to_ascii_uppercase().as_str() {
            "ORTH" | "TEXT" => false,
            "LOWER" => true,
            _ => return Err("a pattern of attributes"),
        };
        let Some(word) = value.as_str() else { return Err("a pattern of attributes") };
        let glued = word.starts_with(|c: char| !c.is_alphanumeric()) || text.ends_with(['-', '/', '\'', '’']);
        if !text.is_empty() && !glued {
            text.push(' ');
        }
        let mut chars = word.chars();
        match chars.next().filter(|_| lower) {
            // The pattern fits any letter case; names are written with capitals.
            Some(first) => text.extend(first.to_uppercase().chain(chars)),
            None => text.push_str(word),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_joined_where_each_is_a_word() {
        for (json, expected) in [
            (r#"[{"LOWER":"san"},{"LOWER":"cordaro"}]"#, Ok("San Cordaro")),
            (r#"[{"ORTH":"Vela"},{"TEXT":"-"},{"TEXT":"Marsh"}]"#, Ok("Vela-Marsh")),
            (r#"[{"ORTH":"Vela"},{"TEXT":"'s"}]"#, Ok("Vela's")),
            (r#"[{"LOWER":"the","OP":"?"}]"#, Err("a pattern of attributes")),
            (r#"[{"TEXT":{"REGEX":"^V"}}]"#, Err("a pattern of attributes")),
            (r#"[{"POS":"PROPN"}]"#, Err("a pattern of attributes")),
        ] {
            let tokens: Vec<Map<String, Value>> = serde_json::from_str(json).unwrap();
            assert_eq!(joined(&tokens), expected.map(str::to_string), "{json}");
        }
    }
}
