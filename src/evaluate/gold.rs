//! Annotated articles.

use crate::error::{Error, Result};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

/// A range of Unicode code points, end exclusive.
pub type Points = (usize, usize);

/// One annotated article.
#[derive(Clone, Debug, Deserialize)]
pub struct Gold {
    /// Its id, as in the tables.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// The text that offsets count in.
    pub text: String,
    /// The title, where it is a field of its own: names and quotations in it are not scored.
    #[serde(default)]
    pub title: Option<String>,
    /// Names; absent if the article is not annotated for them.
    #[serde(default)]
    pub entities: Option<Vec<Name>>,
    /// Where names are neither right nor wrong.
    #[serde(default)]
    pub ignore: Vec<Range>,
    /// Quotations; absent if the article is not annotated for them.
    #[serde(default)]
    pub attributions: Option<Vec<Attribution>>,
    /// Where quotations are neither right nor wrong.
    #[serde(default)]
    pub discuss: Vec<Points>,
    /// Where quotations are neither right nor wrong.
    #[serde(default)]
    pub discard: Vec<Points>,
}

/// A range without more.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Range {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// One name.
#[derive(Clone, Debug, Deserialize)]
pub struct Name {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// Its type, in the words of any of the usual schemes.
    #[serde(rename = "type")]
    pub kind: String,
    /// Further types that are right too.
    #[serde(default)]
    pub alt: Vec<String>,
}

/// One quotation with its source.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Attribution {
    /// Its parts.
    pub content: Vec<Points>,
    /// `direct`, `mixed` or `indirect`.
    pub kind: String,
    /// The words that stand for the speaker in the text.
    #[serde(default)]
    pub source_text: Option<String>,
    /// The head of these words.
    #[serde(default)]
    pub source_head: Option<String>,
    /// `pronoun`, `nominal`, `named_person`, ...
    #[serde(default)]
    pub source_class: Option<String>,
    /// The speaker's name, where it is known.
    #[serde(default)]
    pub speaker_name: Option<String>,
    /// `person` or `org`.
    #[serde(default)]
    pub speaker_type: Option<String>,
}

/// Which articles of a file to take: a third is kept for scoring, so that nothing is fitted on what it is scored by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All articles.
    #[default]
    All,
    /// Two thirds, for fitting.
    Fit,
    /// The other third, for scoring only.
    Score,
}

impl Part {
    /// Whether the article with this id belongs to the part. It depends on the id alone: the first byte of its SHA-256.
    pub fn holds(self, id: &str) -> bool {
        let score = Sha256::digest(id.as_bytes()).first().is_some_and(|byte| byte.is_multiple_of(3));
        match self {
            Part::All => true,
            Part::Fit => !score,
            Part::Score => score,
        }
    }
}

/// Reads the annotated articles of `part`, at most `limit` of them.
///
/// # Errors
/// A file that cannot be read, or a line that is no annotated article.
pub fn load(path: &Path, part: Part, limit: Option<usize>) -> Result<Vec<Gold>> {
    let file = File::open(path).map_err(|error| Error::io(path, error))?;
    let mut gold = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        if limit.is_some_and(|limit| gold.len() >= limit) {
            break;
        }
        let line = line.map_err(|error| Error::io(path, error).at_line(number as u64 + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        let article: Gold = serde_json::from_str(&line).map_err(|error| {
            Error::format(format!("is no annotated article: {error}")).at_path(path).at_line(number as u64 + 1)
        })?;
        if part.holds(&article.id) {
            gold.push(article);
        }
    }
    Ok(gold)
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<String, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => Ok(text.trim().to_string()),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("`id` must be text or a number")),
    }
}
