//! STRING -> zones, paragraphs, sentences and tokens of one article, with what its metadata lines say.

mod credit;
mod date;
mod lines;
mod sentences;
mod zones;

pub use date::{iso_date, normalized as normalized_date};

use crate::{
    gazetteer::Gazetteer,
    model::{Article, Diagnostic, Span, Zone},
    token::{self, Token},
};
use std::ops::Range;

/// What a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Headline.
    Title,
    /// Running text.
    Body,
    /// "By Mira Delgado".
    Byline,
    /// Dates, section names, "Published:" lines.
    Metadata,
    /// Sidebars, footers, share lines, text in other languages.
    Boilerplate,
}

impl Part {
    /// The zone of tables; `None` where nothing is looked for.
    pub fn zone(self) -> Option<Zone> {
        match self {
            Part::Title => Some(Zone::Title),
            Part::Body => Some(Zone::Body),
            _ => None,
        }
    }
}

/// One paragraph.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Its bytes, without white space around.
    pub span: Span,
    /// What it is.
    pub part: Part,
    /// Number among the body's paragraphs, from 1; 0 if it is none.
    pub number: u32,
    /// Its tokens, without a dateline. Empty unless title or body.
    pub tokens: Range<usize>,
    /// Its sentences.
    pub sentences: Range<usize>,
}

/// One sentence.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Its tokens, without an agency's credit.
    pub tokens: Range<usize>,
    /// Index of its paragraph.
    pub paragraph: usize,
    /// Number in the body, from 1; 0 in the title.
    pub number: u32,
}

/// The parts of one article's text. All spans are bytes of [`Segments::text`].
#[derive(Clone, Debug)]
pub struct Segments {
    /// The title field, an empty line and the body; or the body alone.
    pub text: String,
    /// Where the body begins.
    pub body_start: usize,
    /// The headline.
    pub title: Option<Span>,
    /// Tokens of title and body.
    pub tokens: Vec<Token>,
    /// All paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Sentences of title and body.
    pub sentences: Vec<Sentence>,
    /// For each token, the sentence that holds it, or the one before it.
    sentence_of: Vec<u32>,
    /// Publication date in ISO 8601; empty if unknown.
    pub published: String,
    /// Publisher; empty if unknown.
    pub outlet: String,
    /// Author; empty if unknown.
    pub author: String,
    /// Remarks.
    pub diagnostics: Vec<Diagnostic>,
}

impl Segments {
    /// The tokens of a sentence.
    pub fn sentence_tokens(&self, sentence: usize) -> &[Token] {
        self.sentences.get(sentence).map_or(&[], |s| &self.tokens[s.tokens.clone()])
    }

    /// The bytes from the first to the last of `tokens`.
    pub fn span(&self, tokens: Range<usize>) -> Span {
        match (self.tokens.get(tokens.start), tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) if first.start <= last.end => Span::new(first.start as usize, last.end as usize),
            _ => Span::default(),
        }
    }

    /// The text of one token.
    pub fn word(&self, token: usize) -> &str {
        self.tokens.get(token).map_or("", |t| t.text(&self.text))
    }

    /// The first token that begins at or after byte `at`.
    pub fn token_at(&self, at: usize) -> usize {
        self.tokens.partition_point(|t| (t.start as usize) < at)
    }

    /// The sentence that holds token `token`, or the one before it.
    #[inline]
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentence_of.get(token).map_or(self.sentences.len().saturating_sub(1), |sentence| *sentence as usize)
    }
}

/// Splits an article into its parts.
pub fn segment(article: &Article, gazetteer: &Gazetteer) -> Segments {
    let (text, body_start) = match article.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => (format!("{title}\n\n{}", article.text), title.len() + 2),
        None => (article.text.clone(), 0),
    };
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let lines = lines::paragraphs(&text, body_start).into_iter().map(|span| {
        let first = tokens.len();
        token::tokenize_range(&text, span.start, span.end, &mut tokens);
        zones::Line { span, tokens: first..tokens.len(), part: Part::Body }
    });
    let lines = lines.collect();
    gazetteer.lexicon.number(&text, &mut tokens);
    let zoned = zones::classify(&text, &tokens, body_start, lines, gazetteer);
    let given = |value: &Option<String>| value.as_deref().map(str::trim).unwrap_or("").to_string();
    let mut out = Segments {
        text,
        body_start,
        title: None,
        tokens: Vec::with_capacity(tokens.len()),
        paragraphs: Vec::with_capacity(zoned.lines.len()),
        sentences: Vec::new(),
        sentence_of: Vec::new(),
        published: article.published.as_deref().map(|d| date::normalized(d, &gazetteer.lexicon)).unwrap_or_default(),
        outlet: given(&article.outlet),
        author: given(&article.author),
        diagnostics: Vec::new(),
    };
    for (slot, found) in
        [(&mut out.published, zoned.published), (&mut out.outlet, zoned.outlet), (&mut out.author, zoned.author)]
    {
        if slot.is_empty() {
            *slot = found;
        }
    }
    let mut body = 0;
    for line in zoned.lines {
        let number = if line.part == Part::Body { body + 1 } else { 0 };
        body = body.max(number);
        if line.part == Part::Title && out.title.is_none() {
            out.title = Some(line.span);
        }
        add_paragraph(&mut out, &line, number, &tokens[line.tokens.clone()], gazetteer);
    }
    out.sentence_of.reserve_exact(out.tokens.len());
    for (i, next) in out.sentences.iter().skip(1).enumerate() {
        out.sentence_of.resize(next.tokens.start, i as u32);
    }
    out.sentence_of.resize(out.tokens.len(), out.sentences.len().saturating_sub(1) as u32);
    out
}

/// Adds a paragraph; `tokens` are those of its line.
fn add_paragraph(out: &mut Segments, line: &zones::Line, number: u32, tokens: &[Token], gazetteer: &Gazetteer) {
    let (span, part) = (line.span, line.part);
    let first = out.tokens.len();
    let paragraph = out.paragraphs.len();
    let dateline =
        if part == Part::Body && number <= 3 { zones::dateline(span.of(&out.text), gazetteer) } else { None };
    let first_sentence = out.sentences.len();
    if part.zone().is_some() {
        match dateline {
            Some(dateline) => {
                token::tokenize_range(&out.text, span.start + dateline.length, span.end, &mut out.tokens);
                gazetteer.lexicon.number(&out.text, &mut out.tokens[first..]);
                if out.outlet.is_empty() {
                    out.outlet = dateline.agency;
                }
            }
            None => out.tokens.extend_from_slice(tokens),
        }
        let mut number = if part == Part::Body { out.sentences.last().map_or(0, |s| s.number) } else { 0 };
        for tokens in sentences::split(&out.text, &out.tokens, first..out.tokens.len(), &gazetteer.lexicon) {
            number += u32::from(part == Part::Body);
            let (tokens, agency) = credit::cut(&out.text, &out.tokens, tokens, gazetteer);
            if out.outlet.is_empty() {
                out.outlet = agency;
            }
            out.sentences.push(Sentence { tokens, paragraph, number });
        }
    }
    let sentences = first_sentence..out.sentences.len();
    out.paragraphs.push(Paragraph { span, part, number, tokens: first..out.tokens.len(), sentences });
}
