//! STRING -> zones, paragraphs, sentences and tokens of one article, with what its metadata lines say.

mod credit;
mod date;
mod lines;
mod sentences;
mod zones;

pub use date::{iso_date, normalized as normalized_date};

use crate::{
    gazetteer::{Around, Gazetteer},
    model::{Article, Diagnostic, Span, Zone, beginning},
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
    /// How many times the usual work the article may cost: the factor of all limits on what is looked for in a text.
    pub work: usize,
}

impl Segments {
    /// The tokens of a sentence.
    pub fn sentence_tokens(&self, sentence: usize) -> &[Token] {
        self.sentences.get(sentence).map_or(&[], |s| &self.tokens[s.tokens.clone()])
    }

    /// The sentence and its paragraph, as corrections look at them.
    pub fn around(&self, sentence: usize) -> Around<'_> {
        let paragraph = self.sentences.get(sentence).map_or(0, |sentence| sentence.paragraph);
        let tokens = self.paragraphs.get(paragraph).map_or(&[][..], |known| &self.tokens[known.tokens.clone()]);
        Around { sentence: (sentence, self.sentence_tokens(sentence)), paragraph: (paragraph, tokens) }
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

/// Builds what this stage otherwise builds when an article first needs it.
pub(crate) fn prepare() {
    date::prepare();
    zones::prepare();
}

/// Splits an article into its parts.
pub fn segment(article: &Article, gazetteer: &Gazetteer) -> Segments {
    segment_for(article, gazetteer, 1)
}

/// The same for an article that may cost `work` times the usual work.
pub fn segment_for(article: &Article, gazetteer: &Gazetteer, work: usize) -> Segments {
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
    if tokens.capacity() > ROOMY && tokens.capacity() > tokens.len() + tokens.len() / 4 {
        tokens.shrink_to_fit();
    }
    gazetteer.lexicon.number(&text, &mut tokens);
    let zoned = zones::classify(&text, &tokens, body_start, lines, gazetteer);
    let given = |value: &Option<String>| short(value.as_deref().unwrap_or("")).to_string();
    let mut out = Segments {
        text,
        body_start,
        title: None,
        tokens,
        paragraphs: Vec::with_capacity(zoned.lines.len()),
        sentences: Vec::new(),
        sentence_of: Vec::new(),
        published: article
            .published
            .as_deref()
            .map(|d| date::normalized(short(d), &gazetteer.lexicon))
            .unwrap_or_default(),
        outlet: given(&article.outlet),
        author: given(&article.author),
        diagnostics: Vec::new(),
        work,
    };
    for (slot, found) in
        [(&mut out.published, zoned.published), (&mut out.outlet, zoned.outlet), (&mut out.author, zoned.author)]
    {
        if slot.is_empty() {
            *slot = found;
        }
    }
    let mut datelines = keep_live(&mut out, zoned.lines, gazetteer).into_iter().peekable();
    for paragraph in 0..out.paragraphs.len() {
        let agency = datelines.next_if(|(at, _)| *at == paragraph).map(|(_, agency)| agency);
        if let Some(agency) = agency.filter(|_| out.outlet.is_empty()) {
            out.outlet = agency;
        }
        add_sentences(&mut out, paragraph, gazetteer);
    }
    out.sentence_of.reserve_exact(out.tokens.len());
    for (i, next) in out.sentences.iter().skip(1).enumerate() {
        out.sentence_of.resize(next.tokens.start, i as u32);
    }
    out.sentence_of.resize(out.tokens.len(), out.sentences.len().saturating_sub(1) as u32);
    out
}

/// Most bytes of a date, an outlet or an author: they stand in many rows.
const SHORT: usize = 500;

/// A value of the metadata without white space around, as far as it can be one.
fn short(value: &str) -> &str {
    beginning(value.trim(), SHORT).trim_end()
}

/// Tokens for which room is given back if they are not there.
const ROOMY: usize = 100_000;

/// Makes the lines paragraphs, and leaves no tokens but those of title and body, datelines apart; returns the agencies of
/// these with their paragraphs. The tokens move within their list: a second one would be the largest thing that this stage
/// holds.
fn keep_live(out: &mut Segments, lines: Vec<zones::Line>, gazetteer: &Gazetteer) -> Vec<(usize, String)> {
    let mut agencies = Vec::new();
    let (mut kept, mut body) = (0, 0);
    // How far the tokens ahead have moved, since what follows a dateline was cut into tokens anew.
    let mut moved = 0isize;
    for line in lines {
        let number = if line.part == Part::Body { body + 1 } else { 0 };
        body = body.max(number);
        if line.part == Part::Title && out.title.is_none() {
            out.title = Some(line.span);
        }
        let mut tokens = line.tokens.start.saturating_add_signed(moved)..line.tokens.end.saturating_add_signed(moved);
        let early = line.part == Part::Body && number <= DATELINES;
        if let Some(found) = early.then(|| zones::dateline(line.span.of(&out.text), gazetteer)).flatten() {
            let mut behind = Vec::new();
            token::tokenize_range(&out.text, line.span.start + found.length, line.span.end, &mut behind);
            gazetteer.lexicon.number(&out.text, &mut behind);
            let end = tokens.start + behind.len();
            moved += end as isize - tokens.end as isize;
            out.tokens.splice(tokens.clone(), behind);
            tokens.end = end;
            agencies.push((out.paragraphs.len(), found.agency));
        }
        let first = kept;
        if line.part.zone().is_some() {
            out.tokens.copy_within(tokens.clone(), kept);
            kept += tokens.len();
        }
        let sentences = 0..0;
        out.paragraphs.push(Paragraph { span: line.span, part: line.part, number, tokens: first..kept, sentences });
    }
    out.tokens.truncate(kept);
    agencies
}

/// Paragraphs of the body that may begin with a dateline.
const DATELINES: u32 = 3;

/// Splits a paragraph into its sentences.
fn add_sentences(out: &mut Segments, paragraph: usize, gazetteer: &Gazetteer) {
    let Paragraph { part, tokens, .. } = out.paragraphs[paragraph].clone();
    let first = out.sentences.len();
    let mut number = if part == Part::Body { out.sentences.last().map_or(0, |s| s.number) } else { 0 };
    let longest = sentences::LONGEST.saturating_mul(out.work);
    for tokens in sentences::split(&out.text, &out.tokens, tokens, &gazetteer.lexicon, longest) {
        if tokens.len() == longest && out.diagnostics.is_empty() {
            out.diagnostics.push(Diagnostic { code: "long sentence", span: out.span(tokens.clone()) });
        }
        number += u32::from(part == Part::Body);
        let (tokens, agency) = credit::cut(&out.text, &out.tokens, tokens, gazetteer);
        if out.outlet.is_empty() {
            out.outlet = agency;
        }
        out.sentences.push(Sentence { tokens, paragraph, number });
    }
    out.paragraphs[paragraph].sentences = first..out.sentences.len();
}
