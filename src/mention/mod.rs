//! TEXT + GAZETTEER -> mentions: every name with its span, type and probability.
//!
//! All possible names (from gazetteers and from form) are listed with named evidence, in clusters that are decided one by
//! one, three times: the first pass reads each alone, the second also knows what the first found in the rest of the
//! article, and the last knows what the second found.

mod apposition;
mod around;
mod candidates;
mod contest;
mod corrected;
mod document;
mod features;
mod form;
mod inside;
mod known;
mod listed;
mod memory;
mod passes;
mod reasons;
mod recalled;
mod weigh;
mod words;

pub use reasons::{Ablation, COLUMNS, GIVEN, names, plain};

use crate::{
    error::Result,
    evidence::{Lattice, Weights},
    gazetteer::{Corrector, Gazetteer},
    model::{Diagnostic, EntityType, Evidence, Found},
    text::Segments,
};
use corrected::Corrected;
use document::Document;
use passes::{Passes, Told};
use weigh::Scales;

/// A name is told if it is at least so probable. Where as much is lost by a name missed as by a false one (F1), the best threshold is half of
/// the F1 that is reached (Lipton, Elkan and Naryanaswamy 2014).
const WORTH: f32 = 0.34;

/// The fitted weights of both passes.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Sentences alone.
    pub first: Weights,
    /// With the rest of the article; used twice.
    pub second: Weights,
    /// Both, side by side.
    scales: Scales,
}

impl Model {
    /// Reads the weights that stand in the gazetteers.
    ///
    /// # Errors
    /// A weights file that names unknown evidence or holds something that is no number.
    pub fn load(gazetteer: &Gazetteer) -> Result<Model> {
        let table = gazetteer.weights("weights_names");
        let first = Weights::read(table, "1", names(), COLUMNS)?;
        let second = Weights::read(table, "2", names(), COLUMNS)?;
        Ok(Model { scales: Scales::new(&first, &second), first, second })
    }
}

/// Finds the names in title and body.
pub fn find(segments: &Segments, gazetteer: &Gazetteer, model: &Model, explain: bool) -> Vec<Found> {
    find_corrected(segments, gazetteer, model, None, explain, &mut Vec::new())
}

/// The same with what a person has corrected, and with a remark where there were too many possible names to try them all.
pub fn find_corrected(
    segments: &Segments,
    gazetteer: &Gazetteer,
    model: &Model,
    corrector: Option<&mut Corrector<'_>>,
    explain: bool,
    remarks: &mut Vec<Diagnostic>,
) -> Vec<Found> {
    let mut document = Document::new(segments, gazetteer);
    let mut corrector = corrector;
    document.corrected = corrector.as_mut().map(|corrector| Corrected::new(segments, corrector));
    let mut passes = Passes::new(&document, &model.scales, explain);
    passes.read(0);
    passes.read(1);
    passes.read(1);
    if let Some(at) = passes.names.scarce {
        remarks.push(Diagnostic { code: "too many names", span: segments.span(at..at + 1) });
    }
    let explained = |told: &Told| explained(&model.second, passes.evidence(told.name as usize), told.kind);
    let found = passes.told().iter().map(|told| {
        let tokens = passes.names.list[told.name as usize].tokens();
        Found {
            sentence: passes.names.clusters[told.cluster as usize].sentence as usize,
            kind: told.kind,
            confidence: told.probability,
            entries: document.entries(tokens.clone(), told.kind),
            evidence: if explain { explained(told) } else { Vec::new() },
            correction: document.corrected.as_ref().and_then(|corrected| corrected.line(&tokens)),
            tokens,
        }
    });
    let found: Vec<Found> = found.collect();
    if let (Some(corrector), Some(corrected)) = (corrector, &document.corrected) {
        let told: Vec<_> = found.iter().map(|name| name.tokens.clone()).collect();
        corrector.applied.extend(corrected.applied(&told));
    }
    found
}

/// The lattices of an article after the passes with these weights (none, the first, or both), for fitting the next.
pub fn lattices(segments: &Segments, gazetteer: &Gazetteer, passes: &[&Weights]) -> Vec<Lattice> {
    let document = Document::new(segments, gazetteer);
    let none = Weights::zero(names(), COLUMNS);
    let weights = |pass: usize| passes.get(pass).copied().unwrap_or(&none);
    let scales = Scales::new(weights(0), weights(1));
    let mut read = Passes::new(&document, &scales, true);
    for pass in 0..passes.len() {
        read.read(pass);
    }
    read.lattices()
}

/// The evidence for a name of type `kind`, strongest first.
fn explained(weights: &Weights, reasons: impl Iterator<Item = u16>, kind: EntityType) -> Vec<Evidence> {
    let mut out: Vec<Evidence> =
        reasons.map(|r| Evidence { name: weights.name(r), weight: weights.get(r, kind.index()) }).collect();
    out.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    out
}
