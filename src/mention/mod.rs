//! TEXT + GAZETTEER -> mentions: every name with its span, type and probability.
//!
//! Each sentence becomes a lattice of possible names (from gazetteers and from form), each with named evidence. It is
//! decided three times: the first pass reads the sentences alone, the second also knows what the first found in the
//! rest of the article, and the last knows what the second found.

mod apposition;
mod around;
mod candidates;
mod contest;
mod document;
mod features;
mod form;
mod memory;
mod reasons;
mod recalled;

pub use reasons::{Ablation, COLUMNS, GIVEN, names, plain};

use crate::{
    error::Result,
    evidence::{Choice, Lattice, Posterior, Weights},
    gazetteer::Gazetteer,
    model::{EntityType, Evidence, Found},
    text::Segments,
};
use document::Document;
use memory::Memory;
use std::ops::Range;

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
}

impl Model {
    /// Reads the weights that stand in the gazetteers.
    ///
    /// # Errors
    /// A weights file that names unknown evidence or holds something that is no number.
    pub fn load(gazetteer: &Gazetteer) -> Result<Model> {
        let text = gazetteer.weights("weights_names");
        Ok(Model {
            first: Weights::read(text, "1", names(), COLUMNS)?,
            second: Weights::read(text, "2", names(), COLUMNS)?,
        })
    }
}

/// Finds the names in title and body.
pub fn find(segments: &Segments, gazetteer: &Gazetteer, model: &Model, explain: bool) -> Vec<Found> {
    let document = Document::new(segments, gazetteer);
    let mut out = Vec::new();
    for (sentence, lattice) in recall(&document, &[&model.first, &model.second]).iter().enumerate() {
        let (posterior, best) = decide(lattice, &model.second);
        for (choice, label) in best {
            let tokens = tokens(&document, sentence, &lattice.choices[choice]);
            let kind = EntityType::ALL[label];
            let entries = document.entries(tokens.clone(), kind);
            let evidence = if explain { reasons(lattice, choice, label, &model.second) } else { Vec::new() };
            let confidence = posterior.of(choice, label);
            out.push(Found { tokens, sentence, kind, confidence, entries, evidence });
        }
    }
    out
}

/// The lattices of an article after the passes with these weights, for fitting the next.
pub fn lattices(segments: &Segments, gazetteer: &Gazetteer, passes: &[&Weights]) -> Vec<Lattice> {
    recall(&Document::new(segments, gazetteer), passes)
}

/// The lattices of an article after a pass with each of `passes`: every pass reads what the one before found.
fn recall(document: &Document<'_>, passes: &[&Weights]) -> Vec<Lattice> {
    let sentences = 0..document.segments.sentences.len();
    let plain: Vec<Lattice> = sentences.clone().map(|sentence| candidates::lattice(document, sentence)).collect();
    let mut recalled: Option<Vec<Lattice>> = None;
    for weights in passes {
        let mut memory = Memory::new();
        for (sentence, lattice) in recalled.as_ref().unwrap_or(&plain).iter().enumerate() {
            let (posterior, best) = decide(lattice, weights);
            for (choice, label) in best {
                let tokens = tokens(document, sentence, &lattice.choices[choice]);
                memory.add(document, tokens, EntityType::ALL[label], posterior.of(choice, label));
            }
        }
        let next =
            sentences.clone().map(|sentence| candidates::recalled(document, sentence, &plain[sentence], &memory));
        recalled = Some(next.collect());
    }
    recalled.unwrap_or(plain)
}

/// The tokens of a possible name.
fn tokens(document: &Document<'_>, sentence: usize, piece: &Choice) -> Range<usize> {
    let first = document.segments.sentences[sentence].tokens.start;
    first + piece.start as usize..first + piece.end as usize
}

fn decide(lattice: &Lattice, weights: &Weights) -> (Posterior, Vec<(usize, usize)>) {
    let (inside, outside) = lattice.scores(weights);
    let posterior = lattice.posterior(&inside, &outside);
    let gains: Vec<f32> = posterior.inside.iter().map(|probability| probability - WORTH).collect();
    let best = lattice.best(&gains, &vec![0.0; lattice.tokens]);
    (posterior, best)
}

/// The evidence for a choice, strongest first.
fn reasons(lattice: &Lattice, choice: usize, label: usize, weights: &Weights) -> Vec<Evidence> {
    let evidence = lattice.evidence(&lattice.choices[choice]);
    let mut out: Vec<Evidence> =
        evidence.iter().map(|r| Evidence { name: weights.name(*r), weight: weights.get(*r, label) }).collect();
    out.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    out
}
