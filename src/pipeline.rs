//! The spine: an article in, everything found in it out. No input or output, no threads, no failure.

use crate::{
    attribute,
    error::Result,
    gazetteer::{self, Corrector, Gazetteer},
    mention,
    model::{Annotated, Article, Correction, Diagnostic, Mention, Quotation, Resolved},
    quote, resolve,
    text::{self, Segments},
};

/// Everything that annotating needs, loaded once and shared by all workers.
#[derive(Debug)]
pub struct Pipeline {
    gazetteer: Gazetteer,
    names: mention::Model,
    extents: quote::Model,
    quotations: attribute::Model,
    work: usize,
}

impl Pipeline {
    /// Prepares the stages.
    ///
    /// # Errors
    /// Weights in the gazetteer that do not have the expected form.
    pub fn new(gazetteer: Gazetteer) -> Result<Pipeline> {
        let names = mention::Model::load(&gazetteer)?;
        let quotations = attribute::Model::load(&gazetteer)?;
        let extents = quote::Model::load(&gazetteer)?;
        Ok(Pipeline { gazetteer, names, extents, quotations, work: 1 })
    }

    /// Allows an article `work` times the usual work (at least once): all limits on what is looked for in a text are so many
    /// times as high. They count things, not seconds, so that the outcome is the same on any machine.
    #[must_use]
    pub fn with_work(self, work: usize) -> Pipeline {
        Pipeline { work: work.max(1), ..self }
    }

    /// How many times the usual work an article may cost.
    pub fn work(&self) -> usize {
        self.work
    }

    /// Builds what belongs to this pipeline and is otherwise built when an article first needs it: see [`prepare`](crate::run::prepare).
    pub fn prepare(&self) {
        self.gazetteer.boilerplate.prepare();
    }

    /// The gazetteer in use.
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// Finds names and quotations in one article; of one that is to be skipped, only its metadata, paragraphs and length.
    pub fn annotate(&self, article: Article) -> Annotated {
        self.run(article, false)
    }

    /// As [`Pipeline::annotate`], with the evidence for every decision.
    pub fn explain(&self, article: Article) -> Annotated {
        self.run(article, true)
    }

    /// A date of publication as tables show it: ISO 8601, or as it stands if no date can be read in it.
    pub fn date(&self, published: &str) -> String {
        text::normalized_date(published, &self.gazetteer.lexicon)
    }

    fn run(&self, article: Article, explain: bool) -> Annotated {
        let gazetteer = &self.gazetteer;
        let mut segments = text::segment_for(&article, gazetteer, self.work);
        if article.skipped {
            return annotated(article, segments, Resolved::default(), Vec::new(), (Vec::new(), Vec::new()));
        }
        let mut remarks = std::mem::take(&mut segments.diagnostics);
        let mut corrector = gazetteer.corrections().map(|corrections| corrections.of_article(&article.id));
        let found =
            mention::find_corrected(&segments, gazetteer, &self.names, corrector.as_mut(), explain, &mut remarks);
        let names = resolve::resolve_corrected(&segments, gazetteer, found, corrector.as_mut());
        let corrections = corrector.map_or_else(Vec::new, |corrector| corrections(&segments, corrector));
        let (stretches, statements) = quote::find_and_remark(&segments, gazetteer, &self.extents, &names, &mut remarks);
        let statements = (&stretches[..], &statements[..]);
        let quotations = attribute::attribute(&segments, gazetteer, &self.quotations, &names, statements, explain);
        let pairs = pairs(&names, self.work, &mut remarks);
        segments.diagnostics = remarks;
        Annotated { corrections, ..annotated(article, segments, names, quotations, pairs) }
    }
}

/// Builds what the stages share and otherwise build when an article first needs it.
pub(crate) fn prepare() {
    gazetteer::prepare();
    text::prepare();
    mention::names();
}

fn annotated(
    article: Article,
    segments: Segments,
    names: Resolved,
    quotations: Vec<Quotation>,
    (pairs, pair_ends): Pairs,
) -> Annotated {
    Annotated {
        text: segments.text,
        body_start: segments.body_start,
        title: segments.title,
        published: segments.published,
        outlet: segments.outlet,
        author: segments.author,
        paragraphs: segments.paragraphs.iter().map(|p| p.number).max().unwrap_or(0),
        entities: names.entities,
        mentions: names.mentions,
        quotations,
        pairs,
        pair_ends,
        diagnostics: segments.diagnostics,
        corrections: Vec::new(),
        article,
    }
}

/// The corrections that were applied, in text order.
fn corrections(segments: &Segments, corrector: Corrector<'_>) -> Vec<Correction> {
    let spans = corrector.applied.into_iter().map(|(line, tokens)| Correction { line, span: segments.span(tokens) });
    let mut all: Vec<Correction> = spans.collect();
    all.sort_by_key(|applied| (applied.span.start, applied.span.end, applied.line));
    all
}

/// The codes of [`Diagnostic`]s that tell that a limit was passed: not all of the text was looked at as closely as news is. No
/// article that was ever written by a journalist gets there.
pub const LIMITS: &[&str] = &["long sentence", "crowded sentence", "too many names", "too many statements"];

/// Of a sentence that names more entities than this, such as a table of results on one line, only the first so many
/// make pairs: their number grows with the square.
const CROWD: usize = 200;

/// An article may have so many pairs, and one more for so many bytes; behind more of them, a sentence makes pairs of this many
/// entities only.
const PLENTY: usize = 100_000;
const BYTES_PER_PAIR: usize = 4;
const FEW: usize = 20;

/// Pairs of entities, and where those of each sentence end.
type Pairs = (Vec<(usize, usize)>, Vec<usize>);

/// Pairs of entities that share a sentence of the body or the title, each pair and sentence once. Remarks tell where there
/// were too many.
fn pairs(names: &Resolved, work: usize, remarks: &mut Vec<Diagnostic>) -> Pairs {
    let (mut out, mut ends) = (Vec::new(), Vec::new());
    for sentence in names.mentions.chunk_by(Mention::shares_sentence) {
        let mut here: Vec<usize> = sentence.iter().map(|m| m.entity).collect();
        here.sort_unstable();
        here.dedup();
        let plenty = out.len() / work > PLENTY + sentence[0].span.start / BYTES_PER_PAIR;
        let most = if plenty { FEW } else { CROWD.saturating_mul(work) };
        if here.len() > most {
            let span = sentence[0].span.cover(sentence[sentence.len() - 1].span);
            remarks.push(Diagnostic { code: "crowded sentence", span });
            here.truncate(most);
        }
        for (i, a) in here.iter().enumerate() {
            out.extend(here[i + 1..].iter().map(|b| (*a, *b)));
        }
        ends.push(out.len());
    }
    (out, ends)
}
