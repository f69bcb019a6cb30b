//! One news text with its metadata, and what takes its place when a record cannot be read.

use serde::Serialize;

/// One news text with its metadata, as the input holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Article {
    /// The input's own id, else made from path and record number; unique in a run.
    pub id: String,
    /// The file (and archive member) that held it.
    pub source: String,
    /// Number of the record in its source, from 1.
    pub record: u64,
    /// Headline, where the record gives it as a field of its own. A headline that is the first line of the
    /// text is found by the `text` room instead.
    pub title: Option<String>,
    /// Publication date as ISO 8601, from metadata.
    pub published: Option<String>,
    /// Publisher, from metadata.
    pub outlet: Option<String>,
    /// Author or byline, from metadata.
    pub author: Option<String>,
    /// Link, from metadata.
    pub url: Option<String>,
    /// Language of the text (ISO 639-1: `en`), from metadata or as detected.
    pub language: Option<String>,
    /// Id of the first article of the run that has the same text, if there is one before this.
    pub duplicate_of: Option<String>,
    /// Whether names and quotations are not to be looked for.
    pub skipped: bool,
    /// What was done to the text when it was read, such as `mojibake repaired`.
    pub remarks: Vec<&'static str>,
    /// The body text. It never changes: everything found is a byte span into it (or into the title).
    pub text: String,
}

/// A record that could not be read; one row of `rejects.csv`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// The file (and archive member).
    pub source: String,
    /// Number of the record in its source, from 1; 0 when the source as a whole could not be read.
    pub record: u64,
    /// Offset of the record's first byte in its source.
    pub byte_offset: u64,
    /// Short reason, from a fixed set: that of `read::Reason`.
    pub reason: String,
    /// What exactly was wrong, for a person.
    pub detail: String,
}
