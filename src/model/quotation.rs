//! Reported speech and who is said to have said it.

use super::{Evidence, Span, Zone};

/// How much of a quotation stands inside quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuotationKind {
    /// All of it.
    Direct,
    /// Part of it.
    Mixed,
    /// None.
    Indirect,
}

impl QuotationKind {
    /// All kinds, in the order of the summary.
    pub const ALL: [QuotationKind; 3] = [QuotationKind::Direct, QuotationKind::Mixed, QuotationKind::Indirect];

    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            QuotationKind::Direct => "direct",
            QuotationKind::Mixed => "mixed",
            QuotationKind::Indirect => "indirect",
        }
    }
}

/// Who a quotation is attributed to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speaker {
    /// Index into [`super::Annotated::entities`]; `None` for an unnamed source or an unknown one.
    pub entity: Option<usize>,
    /// Further speakers of a joint statement, as indices into the entities.
    pub others: Vec<usize>,
    /// Canonical name, or the description of an unnamed source; empty if nobody can be told.
    pub name: String,
    /// The words that stand for the speaker in the text ("Akar", "he", "the diplomat").
    pub surface: Option<Span>,
    /// The role that the text gives; empty if none.
    pub role: String,
}

/// One quotation and its attribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Quotation {
    /// Its parts in text order: outer quotation marks, and the `that` or `whether` that introduces
    /// indirect speech, are included.
    pub parts: Vec<Span>,
    /// The words themselves, one span a part: without outer marks and without that `that`.
    pub words: Vec<Span>,
    /// Direct, mixed or indirect.
    pub kind: QuotationKind,
    /// The word or phrase that introduces it.
    pub cue: Option<Span>,
    /// Who said it.
    pub speaker: Speaker,
    /// `tweet`, `phone call`, `interview` ...; empty where the text does not say.
    pub medium: String,
    /// To whom it was said; empty where the text does not say.
    pub addressee: String,
    /// Entities named inside, as indices, in text order, each once.
    pub mentioned: Vec<usize>,
    /// Name of the rule that decided.
    pub method: &'static str,
    /// Probability that content and speaker are right, 0 to 1.
    pub confidence: f32,
    /// Title or body.
    pub zone: Zone,
    /// Paragraph in the body where it begins, from 1; 0 for the title.
    pub paragraph: u32,
    /// Index of the body's quotation that this headline repeats.
    pub echo_of: Option<usize>,
    /// Why it was attributed so; filled only when asked for.
    pub evidence: Vec<Evidence>,
}

impl Quotation {
    /// First byte of the first part.
    pub fn start(&self) -> usize {
        self.parts.first().map_or(0, |p| p.start)
    }

    /// One past the last byte of the last part.
    pub fn end(&self) -> usize {
        self.parts.last().map_or(0, |p| p.end)
    }
}
