//! Whether a quotation's speaker is right.

use super::{gold::Attribution, tables::Piece};
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// What is right about a speaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The words of the source are the same.
    pub exact: bool,
    /// The last name is the same.
    pub last: bool,
    /// The first names do not disagree either.
    pub full: bool,
    /// The words are right, or the last name is.
    pub right: bool,
    /// Right, or part of the words with their head.
    pub lenient: bool,
    /// Where the name is known, the last name is right; else right.
    pub resolved: bool,
}

/// Words that stand around names: titles, determiners, suffixes, pronouns.
static WORDS: LazyLock<HashMap<&'static str, HashSet<&'static str>>> = LazyLock::new(|| {
    let mut classes: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (word, class) in include_str!("speaker_words.csv").lines().skip(1).filter_map(|row| row.split_once(',')) {
        classes.entry(class).or_default().insert(word);
    }
    classes
});

fn is(class: &str, word: &str) -> bool {
    WORDS.get(class).is_some_and(|words| words.contains(word))
}

/// Judges the speaker of `piece` by that of `gold`.
pub(super) fn judge(piece: &Piece, gold: &Attribution) -> Verdict {
    let (surface, name) = (piece.surface.as_str(), piece.speaker.as_str());
    let mut verdict = Verdict::default();
    let Some(source) = gold.source_text.as_deref().filter(|text| !text.is_empty()) else {
        let none = surface.is_empty() && name.is_empty();
        return Verdict { right: none, lenient: none, resolved: none, ..verdict };
    };
    let known = gold.speaker_name.as_deref().filter(|name| !name.is_empty());
    let normal = normal(source);
    verdict.exact = [surface, name].iter().any(|said| !said.is_empty() && self::normal(said) == normal);
    if let Some(known) = known {
        same_name(&mut verdict, surface, name, known, gold.speaker_type.as_deref() == Some("org"));
    }
    let head = gold.source_head.as_deref().unwrap_or("").to_lowercase();
    let of_source = words(source);
    let partial = [surface, name].iter().any(|said| {
        let said = words(said);
        let near = |word: &String| of_source.contains(word) || is("title", word) || is("determiner", word);
        said.contains(&head) && said.iter().all(near)
    });
    let wrong_name =
        known.is_some() && !name.is_empty() && !verdict.last && gold.source_class.as_deref() != Some("pronoun");
    verdict.right = verdict.exact && !wrong_name || verdict.last;
    verdict.lenient = verdict.right || partial;
    verdict.resolved = if known.is_some() { verdict.last } else { verdict.right };
    verdict
}

/// What stands for the speaker of a row: the words in the text, the name, and the id that an entity has.
pub(super) fn sort(surface: &str, name: &str, id: &str) -> &'static str {
    if surface.is_empty() || surface == name && id.is_empty() && name.is_empty() {
        return "nobody told";
    }
    if is("pronoun", &words(surface).join(" ")) {
        return if id.is_empty() { "pronoun, nobody named" } else { "pronoun" };
    }
    if id.is_empty() {
        return "unnamed source";
    }
    let (ours, full) = (name_words(surface), name_words(name));
    let named = full.last().is_some_and(|last| ours.contains(last));
    match (id.starts_with("org:"), named, ours.len()) {
        (true, ..) => "organization",
        (false, false, _) => "description",
        (false, true, 1) => "surname",
        (false, true, _) => "full name",
    }
}

/// Judges the name first, then the words in the text; a wrong name is wrong whatever the words.
fn same_name(verdict: &mut Verdict, surface: &str, name: &str, known: &str, organization: bool) {
    let right = name_words(known);
    for said in [name, surface].into_iter().filter(|said| !said.is_empty()) {
        if is("pronoun", &words(said).join(" ")) {
            continue;
        }
        let ours = name_words(said);
        if ours.is_empty() || right.is_empty() {
            continue;
        }
        if organization {
            let (a, b): (HashSet<_>, HashSet<_>) = (ours.iter().collect(), right.iter().collect());
            if a.is_subset(&b) || b.is_subset(&a) {
                verdict.last = true;
                verdict.full = true;
            }
        } else if ours.last() == right.last() {
            verdict.last = true;
            let initial = |words: &[String]| words.first().and_then(|word| word.chars().next());
            verdict.full |= ours.len() < 2 || right.len() < 2 || initial(&ours) == initial(&right);
        }
        if said == name && !verdict.last {
            break;
        }
    }
}

/// Lower-case words without possessives and without punctuation around them.
fn words(text: &str) -> Vec<String> {
    let text: Vec<char> = text.replace('’', "'").to_lowercase().chars().collect();
    let ends = |at: usize| text.get(at).is_none_or(|c| c.is_whitespace());
    let mut kept = String::new();
    let mut i = 0;
    while let Some(c) = text.get(i) {
        let next = text.get(i + 1);
        if *c == '\'' && next == Some(&'s') && !text.get(i + 2).is_some_and(|c| is_word(*c)) {
            i += 2;
        } else if *c == 's' && next == Some(&'\'') && ends(i + 2) {
            kept.push('s');
            i += 2;
        } else {
            if *c != '\'' || !ends(i + 1) {
                kept.push(*c);
            }
            i += 1;
        }
    }
    let trimmed = kept.split_whitespace().map(|word| {
        let word = word.trim_start_matches(|c| !is_word(c) && !matches!(c, '@' | '#'));
        word.trim_end_matches(|c| !is_word(c))
    });
    trimmed.filter(|word| !word.is_empty()).map(str::to_string).collect()
}

/// The words without titles and determiners before them.
fn normal(text: &str) -> String {
    let all = words(text);
    let first = all.iter().position(|word| !is("title", word.trim_matches('.')) && !is("determiner", word));
    let rest: Vec<&str> = all[first.unwrap_or(all.len())..].iter().map(|word| word.trim_matches('.')).collect();
    let joined = rest.join(" ");
    if joined.is_empty() { all.join(" ") } else { joined }
}

/// The words of a name: up to a comma, bracket or dash, without titles before and suffixes behind.
fn name_words(text: &str) -> Vec<String> {
    let end = [",", " (", ";", " — ", " - "].iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    let mut kept: Vec<String> = words(&text[..end]).iter().map(|word| word.trim_matches('.').to_string()).collect();
    let first = kept.iter().position(|word| !is("title", word) && !is("determiner", word)).unwrap_or(kept.len());
    kept.drain(..first);
    while kept.last().is_some_and(|word| is("suffix", word)) {
        kept.pop();
    }
    kept
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_stripped() {
        for (text, expected) in [
            ("The Senator’s aides'", "the senator aides"),
            ("James' “plan,” it's", "james plan it"),
            ("U.S. 'quoted' @handle, --", "u.s quoted @handle"),
            ("boss's'", "boss"),
            ("rock's-bottom s'x", "rock-bottom s'x"),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
        for (text, expected) in [("The Sen. Ted Cruz", "ted cruz"), ("the president", "the president"), ("", "")] {
            assert_eq!(normal(text), expected);
        }
        for (text, expected) in [("Dr. Ann Lee Jr., 54", "ann lee"), ("Bob (Smith)", "bob"), ("Gov", "")] {
            assert_eq!(name_words(text).join(" "), expected);
        }
    }

    #[test]
    fn speakers_are_judged() {
        let gold = |source: &str, head: &str, class: &str, name: Option<&str>, kind: &str| Attribution {
            source_text: (!source.is_empty()).then(|| source.to_string()),
            source_head: Some(head.to_string()),
            source_class: Some(class.to_string()),
            speaker_name: name.map(str::to_string),
            speaker_type: Some(kind.to_string()),
            ..Attribution::default()
        };
        let cruz = gold("Sen. Ted Cruz", "Cruz", "named_person", Some("Ted Cruz"), "person");
        let he = gold("he", "he", "pronoun", Some("Ted Cruz"), "person");
        let aide = gold("a senior aide to Cruz", "aide", "nominal", None, "");
        let bank = gold("the Bank", "Bank", "named_org", Some("World Bank"), "org");
        let nobody = gold("", "", "none", None, "");
        // Letters: exact, last, full, right, lenient, resolved.
        for (gold, surface, speaker, expected) in [
            (&cruz, "Cruz", "Ted Cruz", "elfrmv"),
            (&cruz, "Cruz", "Cruz", "-lfrmv"),
            (&cruz, "Cruz", "Rafael Cruz", "-lfrmv"),
            (&cruz, "Sen. Ted Cruz", "Marco Rubio", "e---m-"),
            (&he, "he", "Ted Cruz", "elfrmv"),
            (&he, "he", "he", "e--rm-"),
            (&he, "he", "Marco Rubio", "e--rm-"),
            (&aide, "aide", "aide", "----m-"),
            (&aide, "a senior aide to Cruz", "", "e--rmv"),
            (&bank, "Bank", "the World Bank Group", "elfrmv"),
            (&nobody, "", "", "---rmv"),
            (&nobody, "he", "", "------"),
        ] {
            let piece = Piece {
                span: (0, 0),
                kind: String::new(),
                surface: surface.to_string(),
                speaker: speaker.to_string(),
                ..Piece::default()
            };
            let v = judge(&piece, gold);
            let letters =
                [(v.exact, 'e'), (v.last, 'l'), (v.full, 'f'), (v.right, 'r'), (v.lenient, 'm'), (v.resolved, 'v')];
            let got: String = letters.iter().map(|(yes, letter)| if *yes { *letter } else { '-' }).collect();
            assert_eq!(got, expected, "{surface} / {speaker} for {:?}", gold.source_text);
        }
    }
}
