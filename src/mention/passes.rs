//! The passes over an article: each decides all names anew, and knows what the one before found in the rest of the article.

use super::{
    WORTH,
    candidates::{Names, is_nameable},
    corrected,
    document::Document,
    memory::Memory,
    recalled::{Recall, Recollection},
    weigh::Scales,
};
use crate::{
    evidence::{Choice, Cuts, Lattice, Pick, Piece},
    model::EntityType,
};
use std::ops::Range;

/// A name that a pass tells.
#[derive(Clone, Copy)]
pub(super) struct Told {
    /// Its number in the list of possible names.
    pub name: u32,
    /// Its cluster.
    pub cluster: u32,
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
    /// What the pass before this one found.
    memory: Option<Memory>,
    /// What is recalled about each name, and about leaving each token out.
    recalled: Vec<Recollection>,
    recalled_outside: Vec<Recollection>,
    /// The names that the last pass tells, in order, and the weights that it used.
    told: Vec<Told>,
    weights: Option<usize>,
    // Room for one cluster.
    cuts: Cuts,
    pieces: Vec<Piece>,
    outside: Vec<f32>,
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
            weights: None,
            names,
            cuts: Cuts::default(),
            pieces: Vec::new(),
            outside: Vec::new(),
        }
    }

    /// One pass with the weights of this number.
    pub(super) fn read(&mut self, weights: usize) {
        self.remember();
        let former = std::mem::take(&mut self.told);
        let mut former = former.into_iter().peekable();
        let same_weights = self.weights.replace(weights) == Some(weights);
        for cluster in 0..self.names.clusters.len() {
            let changed = self.recall(cluster);
            while let Some(told) = former.next_if(|told| told.cluster == cluster as u32) {
                // What stands on the same evidence is decided as before.
                if same_weights && !changed {
                    self.told.push(told);
                }
            }
            if !same_weights || changed {
                self.decide(cluster, weights);
            }
        }
    }

    /// Remembers what the last pass found, if there was one.
    fn remember(&mut self) {
        if self.weights.is_none() {
            return;
        }
        self.memory = None;
        let mut memory = Memory::new(self.document, self.names.wordings);
        for told in &self.told {
            memory.add(self.document, &self.names.list[told.name as usize], told.kind, told.probability);
        }
        self.memory = Some(memory);
    }

    /// Recalls what the last pass found for the names of a cluster; tells whether that is something new.
    fn recall(&mut self, cluster: usize) -> bool {
        let Some(memory) = &self.memory else { return false };
        let cluster = &self.names.clusters[cluster];
        let (tokens, names) = (cluster.tokens(), cluster.names());
        let recall = Recall::new(self.document, cluster.sentence as usize, memory);
        let mut changed = false;
        for (name, known) in self.names.list[names.clone()].iter().zip(&mut self.recalled[names.clone()]) {
            let recalled = recall.of_name(name);
            changed |= recalled != *known;
            *known = recalled;
        }
        for at in tokens.clone().filter(|at| is_nameable(self.document, *at)) {
            let recalled = recall.of_outside(at);
            changed |= recalled != self.recalled_outside[at];
            self.recalled_outside[at] = recalled;
        }
        changed
    }

    /// Decides the names of a cluster.
    fn decide(&mut self, cluster: usize, weights: usize) {
        let (tokens, names) = (self.names.clusters[cluster].tokens(), self.names.clusters[cluster].names());
        self.pieces.clear();
        for (name, recalled) in self.names.list[names.clone()].iter().zip(&self.recalled[names.clone()]) {
            let [person, place, organization] = name.sums[weights];
            let mut scores = [person, place, organization, 0.0];
            self.scales.add(weights, &mut scores, recalled.reasons());
            self.scales.add(weights, &mut scores, recalled.reasons_of_form(name.form.into()));
            let [person, place, organization, _] = scores;
            let (start, end) = (name.start as usize - tokens.start, name.end as usize - tokens.start);
            self.pieces.push(Piece { start, end, scores: [person, place, organization] });
        }
        self.outside.clear();
        for (score, recalled) in self.names.outside[tokens.clone()].iter().zip(&self.recalled_outside[tokens.clone()]) {
            self.outside.push(self.scales.add_outside(weights, score[weights], recalled.reasons()));
        }
        if self.document.corrected.is_some() {
            let picks = self.corrected(&tokens, &names);
            self.told.extend(picks.iter().map(|pick| corrected::told(pick, names.start, cluster)));
            return;
        }
        let picks = self.cuts.picks(&self.pieces, &self.outside, WORTH);
        self.told.extend(picks.iter().map(|pick| corrected::told(pick, names.start, cluster)));
    }

    /// What is told of a cluster that is laid out, with what a person has corrected.
    fn corrected(&mut self, tokens: &Range<usize>, names: &Range<usize>) -> Vec<Pick> {
        let Some(corrected) = &self.document.corrected else { return Vec::new() };
        let list = &self.names.list[names.clone()];
        let tokens_of = |piece: u32| list[piece as usize].tokens();
        let piece_of = |tokens: &Range<usize>| {
            let key = (tokens.start as u32, tokens.end as u32);
            list.binary_search_by_key(&key, |name| (name.start, name.end)).ok().map(|place| place as u32)
        };
        let (cuts, pieces, outside) = (&mut self.cuts, &self.pieces, &self.outside);
        corrected::correct(corrected, tokens, tokens_of, piece_of, |applied| {
            if applied.is_empty() {
                return cuts.picks(pieces, outside, WORTH).to_vec();
            }
            let free = (0u32..).zip(pieces).filter(|(piece, _)| !corrected::touches(applied, &tokens_of(*piece)));
            let (numbers, free): (Vec<u32>, Vec<Piece>) = free.map(|(piece, known)| (piece, *known)).unzip();
            let picks = cuts.picks(&free, outside, WORTH).iter();
            picks.map(|pick| Pick { piece: numbers[pick.piece as usize], ..*pick }).collect()
        })
    }

    /// The names that the last pass tells.
    pub(super) fn told(&self) -> &[Told] {
        &self.told
    }

    /// The numbers of all reasons that decided a name, if they are kept.
    pub(super) fn evidence(&self, name: usize) -> impl Iterator<Item = u16> {
        let known = &self.names.list[name];
        let recalled = self.recalled[name];
        let known_reasons = self.names.evidence(self.names.name_reasons[name]).iter().copied();
        known_reasons.chain(recalled.reasons()).chain(recalled.reasons_of_form(known.form.into()))
    }

    /// The lattices of all sentences, with what is recalled of the last pass, if the evidence is kept.
    pub(super) fn lattices(&mut self) -> Vec<Lattice> {
        self.remember();
        for cluster in 0..self.names.clusters.len() {
            self.recall(cluster);
        }
        let mut names = 0..self.names.list.len();
        (0..self.document.segments.sentences.len()).map(|sentence| self.lattice(sentence, &mut names)).collect()
    }

    fn lattice(&self, sentence: usize, names: &mut Range<usize>) -> Lattice {
        let tokens = self.document.segments.sentences[sentence].tokens.clone();
        let recall = self.memory.as_ref().map(|memory| Recall::new(self.document, sentence, memory));
        let mut lattice = Lattice { tokens: tokens.len(), ..Lattice::default() };
        for at in tokens.clone() {
            while names.start < names.end && self.names.list[names.start].start as usize == at {
                let name = names.start;
                names.start += 1;
                let first = lattice.reasons.len() as u32;
                lattice.reasons.extend(self.evidence(name));
                let end = self.names.list[name].end - tokens.start as u32;
                let reasons = (first, lattice.reasons.len() as u32);
                lattice.choices.push(Choice { start: (at - tokens.start) as u32, end, reasons });
            }
            let first = lattice.reasons.len() as u32;
            lattice.reasons.extend_from_slice(self.names.evidence(self.names.outside_reasons[at]));
            if let Some(recall) = recall.as_ref().filter(|_| is_nameable(self.document, at)) {
                lattice.reasons.extend(recall.of_outside(at).reasons());
            }
            lattice.outside.push((first, lattice.reasons.len() as u32));
        }
        lattice
    }
}
