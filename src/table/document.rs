//! One article as tables see it: what is kept of it, and its offsets in code points.

use super::Offsets;
use crate::model::{Annotated, Mention, Quotation, Span, beginning};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// Most bytes of a headline: it stands in the row of each quotation, and a million rows with a headline of a million bytes
/// would fill any disk.
const TITLE: usize = 1_000;

/// One annotated article, with the mentions and quotations that go into tables.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// Everything that was found.
    pub annotated: &'a Annotated,
    /// The mentions that are sure enough, in text order.
    pub mentions: Vec<&'a Mention>,
    /// The quotations that are sure enough, in text order.
    pub quotations: Vec<&'a Quotation>,
    /// The pairs of entities of which both have a mention that is kept in the sentence.
    pub pairs: Cow<'a, [(usize, usize)]>,
    kept: Vec<bool>,
    numbers: Vec<usize>,
    offsets: Offsets<'a>,
    body_start: usize,
}

impl<'a> Document<'a> {
    /// Leaves out mentions and quotations below `min_confidence` (0 to 1).
    pub fn new(annotated: &'a Annotated, min_confidence: f32) -> Self {
        let offsets = Offsets::new(&annotated.text);
        // As tables show it: who asks for 0.8 means every row that says 0.80.
        let sure = |confidence: f32| min_confidence <= 0.0 || (confidence * 100.0).round() / 100.0 >= min_confidence;
        let mentions: Vec<&Mention> = annotated.mentions.iter().filter(|m| sure(m.confidence)).collect();
        let pairs = match mentions.len() == annotated.mentions.len() {
            true => Cow::Borrowed(&annotated.pairs[..]),
            false => Cow::Owned(pairs(annotated, |mention| sure(mention.confidence))),
        };
        let kept: Vec<bool> = annotated.quotations.iter().map(|q| sure(q.confidence)).collect();
        let numbers: Vec<usize> = (0..kept.len()).filter(|i| kept[*i]).collect();
        let quotations = numbers.iter().map(|i| &annotated.quotations[*i]).collect();
        let body_start = offsets.code_points(annotated.body_start);
        Document { annotated, mentions, quotations, pairs, kept, numbers, offsets, body_start }
    }

    /// The text of a span; empty when the span does not fit the text.
    pub fn surface(&self, span: Span) -> &'a str {
        span.of(&self.annotated.text)
    }

    /// A span in Unicode code points: in the title field if it lies there, else in the body.
    pub fn code_points(&self, span: Span) -> (u64, u64) {
        let base = if span.start < self.annotated.body_start { 0 } else { self.body_start };
        let count = |at| self.offsets.code_points(at).saturating_sub(base) as u64;
        (count(span.start), count(span.end))
    }

    /// Length of the body in Unicode code points.
    pub fn characters(&self) -> u64 {
        self.code_points(Span::new(self.annotated.body_start, self.annotated.text.len())).1
    }

    /// The headline, as far as it is one; empty if there is none.
    pub fn title(&self) -> &'a str {
        beginning(self.annotated.title.map_or("", |span| self.surface(span)), TITLE)
    }

    /// The id of the kept quotation at `index` of [`Document::quotations`].
    pub fn quote_id(&self, index: usize) -> String {
        self.numbered(self.numbers.get(index).copied().unwrap_or(index))
    }

    /// The id of the quotation that `quotation` repeats; empty if it repeats none that is kept.
    pub fn echo_of(&self, quotation: &Quotation) -> String {
        let original = quotation.echo_of.filter(|i| self.kept.get(*i).copied().unwrap_or(false));
        original.map_or(String::new(), |i| self.numbered(i))
    }

    /// Whether `quotation` repeats one that is kept.
    pub fn is_echo(&self, quotation: &Quotation) -> bool {
        quotation.echo_of.is_some_and(|i| self.kept.get(i).copied().unwrap_or(false))
    }

    /// Numbers count all quotations of the article, so that a threshold does not change ids.
    fn numbered(&self, index: usize) -> String {
        let (id, mut digits) = (&self.annotated.article.id, itoa::Buffer::new());
        [id, "#", digits.format(index + 1)].concat()
    }
}

/// The pairs of entities of which both have a mention in the sentence that is to be kept.
fn pairs(annotated: &Annotated, keep: impl Fn(&Mention) -> bool) -> Vec<(usize, usize)> {
    let (mut out, mut start) = (Vec::new(), 0);
    let sentences = annotated.mentions.chunk_by(Mention::shares_sentence);
    for (sentence, end) in sentences.zip(&annotated.pair_ends) {
        let kept: FxHashSet<usize> = sentence.iter().filter(|mention| keep(mention)).map(|m| m.entity).collect();
        let here = annotated.pairs.get(start..*end).unwrap_or_default();
        out.extend(here.iter().filter(|(a, b)| kept.contains(a) && kept.contains(b)));
        start = *end;
    }
    out
}
