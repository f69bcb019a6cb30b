//! The passes over an article: each decides every sentence anew, and knows what the one before found in the others.

use super::{
    WORTH,
    candidates::{Names, is_nameable},
    document::Document,
    memory::Memory,
    recalled::{Recall, Recollection},
    weigh::{Scales, Sums},
};
use crate::{
    evidence::{Choice, Lattice},
    model::EntityType,
};
use std::ops::Range;

/// A name that a pass tells.
#[derive(Clone, Copy)]
pub(super) struct Told {
    /// Its number in the list of possible names.
    pub name: usize,
    /// Its sentence.
    pub sentence: usize,
    /// Its type.
    pub kind: EntityType,
    /// How probable it is.
    pub probability: f32,
}

/// The possible names of an article, read in passes.
pub(super) struct Passes<'d, 'a> {
    document: &'d Document<'a>,
    scales: &'d Scales,
    pub names: Names,
    /// What the last pass found.
    memory: Option<Memory>,
    /// What is recalled about each name, and about leaving each token out.
    recalled: Vec<Recollection>,
    recalled_outside: Vec<Recollection>,
    /// The names that the last pass tells, in order.
    told: Vec<Told>,
}

impl<'d, 'a> Passes<'d, 'a> {
    pub(super) fn new(document: &'d Document<'a>, scales: &'d Scales, keep: bool) -> Self {
        let names = Names::new(document, scales, keep);
        Passes {
            document,
            scales,
            memory: None,
            recalled: vec![Recollection::default(); names.list.len()],
            recalled_outside: vec![Recollection::default(); document.segments.tokens.len()],
            told: Vec::new(),
            names,
        }
    }

    /// One pass with the weights of this number; what it finds is remembered for the next.
    pub(super) fn read(&mut self, weights: usize) {
        self.decide_all(weights);
        let mut memory = Memory::new(self.document, self.names.wordings);
        for told in &self.told {
            memory.add(self.document, &self.names.list[told.name], told.kind, told.probability);
        }
        self.memory = Some(memory);
        self.recall();
    }

    pub(super) fn decide_all(&mut self, weights: usize) {
        self.told.clear();
        for sentence in 0..self.document.segments.sentences.len() {
            let names = self.names.of_sentence(sentence);
            if !names.is_empty() {
                self.decide(sentence, names, weights);
            }
        }
    }

    /// Recalls for all names what the last pass found.
    fn recall(&mut self) {
        let Some(memory) = &self.memory else { return };
        for sentence in 0..self.document.segments.sentences.len() {
            let recall = Recall::new(self.document, sentence, memory);
            for name in self.names.of_sentence(sentence) {
                self.recalled[name] = recall.of_name(&self.names.list[name]);
            }
            for at in self.document.segments.sentences[sentence].tokens.clone() {
                if is_nameable(self.document, at) {
                    self.recalled_outside[at] = recall.of_outside(at);
                }
            }
        }
    }

    fn decide(&mut self, sentence: usize, names: Range<usize>, weights: usize) {
        let tokens = self.document.segments.sentences[sentence].tokens.clone();
        let inside: Vec<f32> = names.clone().flat_map(|name| self.scores(name, weights)[..3].to_vec()).collect();
        let outside: Vec<f32> = tokens.clone().map(|at| self.outside_score(at, weights)).collect();
        let list = &self.names.list[names.clone()];
        let start = tokens.start as u32;
        let choices = list.iter().map(|n| Choice { start: n.start - start, end: n.end - start, reasons: (0, 0) });
        let lattice = Lattice { tokens: tokens.len(), choices: choices.collect(), ..Lattice::default() };
        let posterior = lattice.posterior(&inside, &outside);
        let gains: Vec<f32> = posterior.inside.iter().map(|probability| probability - WORTH).collect();
        for (choice, label) in lattice.best(&gains, &vec![0.0; lattice.tokens]) {
            let probability = posterior.of(choice, label);
            self.told.push(Told { name: names.start + choice, sentence, kind: EntityType::ALL[label], probability });
        }
    }

    /// What all evidence for a name weighs.
    fn scores(&self, name: usize, weights: usize) -> Sums {
        let recalled = self.recalled[name].reasons_by_form(self.names.list[name].form);
        let mut sums = self.names.list[name].sums[weights];
        self.scales.add(weights, &mut sums, recalled);
        sums
    }

    /// What all evidence for leaving a token out weighs.
    fn outside_score(&self, at: usize, weights: usize) -> f32 {
        let mut sums = [0.0, 0.0, 0.0, self.names.outside[at][weights]];
        self.scales.add(weights, &mut sums, self.recalled_outside[at].reasons());
        sums[Scales::OUTSIDE]
    }

    /// The names that the last pass tells.
    pub(super) fn told(&self) -> &[Told] {
        &self.told
    }

    /// The numbers of all reasons for a name, if they are kept.
    pub(super) fn evidence(&self, name: usize) -> impl Iterator<Item = u16> {
        let known = &self.names.list[name];
        let recalled = self.recalled[name].reasons_by_form(known.form);
        self.names.evidence(known.reasons).iter().copied().chain(recalled)
    }

    /// The lattice of a sentence with all evidence, if it is kept.
    pub(super) fn lattice(&self, sentence: usize) -> Lattice {
        let tokens = self.document.segments.sentences[sentence].tokens.clone();
        let mut lattice = Lattice { tokens: tokens.len(), ..Lattice::default() };
        let mut names = self.names.of_sentence(sentence).peekable();
        for at in tokens.clone() {
            while let Some(name) = names.next_if(|name| self.names.list[*name].start as usize == at) {
                let first = lattice.reasons.len() as u32;
                lattice.reasons.extend(self.evidence(name));
                let end = self.names.list[name].end - tokens.start as u32;
                let reasons = (first, lattice.reasons.len() as u32);
                lattice.choices.push(Choice { start: (at - tokens.start) as u32, end, reasons });
            }
            let first = lattice.reasons.len() as u32;
            lattice.reasons.extend_from_slice(self.names.evidence(self.names.outside_reasons[at]));
            lattice.reasons.extend(self.recalled_outside[at].reasons());
            lattice.outside.push((first, lattice.reasons.len() as u32));
        }
        lattice
    }
}
