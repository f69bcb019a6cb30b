//! The language of an article: as the record says, in one spelling, or as the text looks.
//!
//! Nearly all articles of a dump are in the language that is wanted, and nearly all of those are English. So a fast model
//! (`whichlang`, 16 languages, some 10 µs) looks first and is believed where it says English. It has no word for other
//! languages and never says that it does not know; what it takes for anything else is left to a slower one (`whatlang`,
//! 70 languages, some 150 µs), which is believed where it is sure or says the same.

use super::Options;
use crate::model::Article;
use std::{collections::HashMap, sync::LazyLock};

/// So much of a text is looked at, in bytes: 500 are enough to be right about 1,436 of 1,436 news texts.
const SAMPLE: usize = 1000;

/// Codes and names of languages, one language a row: its code of ISO 639-1, and what else it is called.
static LANGUAGES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for row in include_str!("languages.csv").lines().skip(1) {
        let Some((code, also)) = row.split_once(',') else { continue };
        known.insert(code.to_string(), code);
        known.extend(also.split('|').map(|name| (name.to_lowercase(), code)));
    }
    for language in whatlang::Lang::all() {
        if let Some(code) = known.get(language.code()).copied() {
            known.insert(language.name().to_lowercase(), code);
        }
    }
    known
});

/// Builds the list now: see [`prepare`](crate::run::prepare).
pub(super) fn prepare() {
    LazyLock::force(&LANGUAGES);
}

/// The code of ISO 639-1 of a language that a record calls `en-US`, `eng`, `English` or the like; the code of three letters
/// where that is all there is; `None` if this names no language.
pub fn language_code(given: &str) -> Option<String> {
    let given = given.trim().to_lowercase();
    if let Some(code) = LANGUAGES.get(&given) {
        return Some((*code).to_string());
    }
    let first = given.split(|c: char| !c.is_alphabetic()).next()?;
    match LANGUAGES.get(first) {
        Some(code) => Some((*code).to_string()),
        // These four say that there is no one language.
        None if matches!(first, "und" | "mul" | "mis" | "zxx") => None,
        None => (first.len() == 3 && first.bytes().all(|b| b.is_ascii_lowercase())).then(|| first.to_string()),
    }
}

/// Detects the language of `text`; `None` where that is not sure.
fn detect(text: &str) -> Option<String> {
    let text = text.trim_start();
    let end = (0..=SAMPLE.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let sample = &text[..end];
    let first = whichlang::detect_language(sample);
    if first == whichlang::Lang::Eng {
        return Some("en".to_string());
    }
    let second = whatlang::detect(sample)?;
    let code = language_code(second.lang().code());
    // Of a few words no model is sure; two that agree are.
    code.filter(|code| second.is_reliable() || language_code(first.three_letter_code()).as_ref() == Some(code))
}

impl Options {
    /// Finds the language of `article` if only some languages are wanted, and marks it as skipped if its is none of these.
    /// An article whose language neither its record nor its text tells for sure is not skipped. This takes a while, and
    /// is meant for whoever annotates, since many can do it at the same time.
    pub fn tell_language(&self, article: &mut Article) {
        if self.languages.is_empty() {
            return;
        }
        if article.language.is_none() {
            article.language = detect(&article.text);
        }
        if article.language.as_ref().is_some_and(|language| !self.languages.contains(language)) {
            article.skipped = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_language_has_one_code() {
        for (given, code) in [
            ("en", Some("en")),
            ("EN", Some("en")),
            ("en-US", Some("en")),
            ("en_GB.UTF-8", Some("en")),
            ("eng", Some("en")),
            (" English ", Some("en")),
            ("English (United States)", Some("en")),
            ("en; fr", Some("en")),
            ("ger", Some("de")),
            ("deu", Some("de")),
            ("Deutsch", Some("de")),
            ("Türkçe", Some("tr")),
            ("Azeri", Some("az")),
            ("zh-Hans-CN", Some("zh")),
            ("haw", Some("haw")),
            ("und", None),
            ("", None),
            ("7", None),
            ("unknown", None),
        ] {
            assert_eq!(language_code(given).as_deref(), code, "{given}");
        }
    }

    #[test]
    fn every_code_has_two_letters_and_every_name_is_of_one_language() {
        let mut names = std::collections::HashSet::new();
        for row in include_str!("languages.csv").lines().skip(1) {
            let (code, also) = row.split_once(',').unwrap();
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase()), "{row}");
            for name in also.split('|').filter(|name| name.to_lowercase() != code) {
                assert!(names.insert(name.to_lowercase()), "{name} stands twice");
            }
        }
        assert_eq!(LANGUAGES.values().collect::<std::collections::HashSet<_>>().len(), 184);
    }

    #[test]
    fn languages_are_told_by_the_text() {
        for (text, language) in [
            ("The harbour master of Lisbon said that two boats were lost in the storm on Sunday night.", "en"),
            ("Two dead in storm", "en"),
            (
                "Der Hafenmeister sagte am Montag, dass im Sturm zwei Boote verloren gegangen seien und niemand verletzt wurde.",
                "de",
            ),
            ("Liman başkanı pazartesi günü yaptığı açıklamada fırtınada iki teknenin kaybolduğunu söyledi.", "tr"),
            ("Limanın rəisi bazar ertəsi bildirib ki, fırtına zamanı iki qayıq itib və heç kim xəsarət almayıb.", "az"),
            ("Начальник порта сообщил в понедельник, что во время шторма пропали две лодки.", "ru"),
            (
                "Kapitan portu powiedział w poniedziałek, że podczas burzy zaginęły dwie łodzie, a nikt nie został ranny.",
                "pl",
            ),
        ] {
            assert_eq!(detect(text).as_deref(), Some(language), "{text}");
        }
        assert_eq!(detect("12 : 7 ... 3"), detect("12 : 7 ... 3"));
        detect("");
        detect(&"é".repeat(SAMPLE));
    }

    #[test]
    fn the_record_is_believed_before_the_text() {
        let options = Options { languages: vec!["en".to_string()], ..Options::default() };
        for (record, text, language, skipped) in [
            (Some("fr"), "The harbour master said that two boats were lost.", Some("fr"), true),
            (Some("en"), "Der Hafenmeister sagte am Montag, dass zwei Boote verloren seien.", Some("en"), false),
            (None, "Der Hafenmeister sagte am Montag, dass zwei Boote verloren seien.", Some("de"), true),
            (None, "The harbour master said that two boats were lost.", Some("en"), false),
        ] {
            let text = text.to_string();
            let mut article = Article { language: record.map(str::to_string), text, ..Article::default() };
            options.tell_language(&mut article);
            assert_eq!((article.language.as_deref(), article.skipped), (language, skipped), "{record:?}");
            let before = Article { language: record.map(str::to_string), ..article.clone() };
            let mut same = before.clone();
            Options::default().tell_language(&mut same);
            assert_eq!(same, before, "nothing is asked where all languages are wanted");
        }
    }
}
