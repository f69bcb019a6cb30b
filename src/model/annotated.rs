//! Everything that was found in one article.

use super::{Article, Entity, Mention, Quotation, Span};

/// A remark about the text that costs nothing but may interest a reader, such as a repaired quotation mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Short name of the finding.
    pub code: &'static str,
    /// Where, in bytes of [`Annotated::text`].
    pub span: Span,
}

/// A correction of a person's that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Number of its line, from 0, among all corrections of the run.
    pub line: u32,
    /// What it was applied to, in bytes of [`Annotated::text`].
    pub span: Span,
}

/// One article with everything that was found in it.
#[derive(Clone, Debug, Default)]
pub struct Annotated {
    /// The article as it was read.
    pub article: Article,
    /// The text that all spans count in: the title field, an empty line and the body, or the body alone
    /// where the record has no title field.
    pub text: String,
    /// Where the body begins in [`Annotated::text`]: spans before it lie in the title field.
    pub body_start: usize,
    /// The headline: the title field, else the first line of the text if that is one.
    pub title: Option<Span>,
    /// Publication date as ISO 8601: metadata first, then what the text says.
    pub published: String,
    /// Publisher, from metadata or a credit in the text.
    pub outlet: String,
    /// Author, from metadata or the byline.
    pub author: String,
    /// Number of body paragraphs.
    pub paragraphs: u32,
    /// The entities, in order of their first mention.
    pub entities: Vec<Entity>,
    /// The mentions, in text order.
    pub mentions: Vec<Mention>,
    /// The quotations, in text order.
    pub quotations: Vec<Quotation>,
    /// Pairs of entities that share a sentence, each pair and sentence once, smaller index first.
    pub pairs: Vec<(usize, usize)>,
    /// For each sentence with mentions, in text order, where its pairs end among `pairs`.
    pub pair_ends: Vec<usize>,
    /// Remarks.
    pub diagnostics: Vec<Diagnostic>,
    /// Corrections that were applied, in text order.
    pub corrections: Vec<Correction>,
}
