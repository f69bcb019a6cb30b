//! All ways to cut a sentence into names and other words, each with its evidence, and how probable
//! each part is over all ways together (a semi-Markov model: Sarawagi and Cohen 2004, "Semi-Markov conditional random
//! fields for information extraction").

use super::{Weights, log_add};

/// One possible name: the words `start..end` as one piece.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// First token, within the sentence.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// Its evidence: a range of [`Lattice::reasons`].
    pub reasons: (u32, u32),
}

/// The possible names of one sentence and the evidence for leaving each token out of all names.
#[derive(Clone, Debug, Default)]
pub struct Lattice {
    /// Number of tokens.
    pub tokens: usize,
    /// Possible names, by start and then by end.
    pub choices: Vec<Choice>,
    /// For every token, a range of [`Lattice::reasons`]: evidence that it is no part of a name.
    pub outside: Vec<(u32, u32)>,
    /// Numbers of reasons.
    pub reasons: Vec<u16>,
}

/// Sums over all ways to cut the sentence.
#[derive(Clone, Debug)]
pub struct Posterior {
    labels: usize,
    /// Probability of every choice with every label, choice by choice.
    pub inside: Vec<f32>,
    /// Probability of every token to be outside of all names.
    pub outside: Vec<f32>,
    /// Logarithm of the sum over all ways.
    pub log_total: f32,
}

impl Posterior {
    /// Probability of choice `choice` with label `label`.
    pub fn of(&self, choice: usize, label: usize) -> f32 {
        self.inside[choice * self.labels + label]
    }
}

impl Lattice {
    /// The evidence of a choice.
    pub fn evidence(&self, choice: &Choice) -> &[u16] {
        &self.reasons[choice.reasons.0 as usize..choice.reasons.1 as usize]
    }

    /// The evidence for leaving token `token` out.
    pub fn outside_evidence(&self, token: usize) -> &[u16] {
        let (start, end) = self.outside[token];
        &self.reasons[start as usize..end as usize]
    }

    /// Scores of all choices with all labels, and of leaving each token out. The last column of `weights` is "outside".
    pub fn scores(&self, weights: &Weights) -> (Vec<f32>, Vec<f32>) {
        let labels = weights.columns() - 1;
        let mut inside = Vec::with_capacity(self.choices.len() * labels);
        let mut sums = vec![0.0; labels + 1];
        for choice in &self.choices {
            weights.sums(self.evidence(choice), &mut sums);
            inside.extend_from_slice(&sums[..labels]);
        }
        let outside = (0..self.tokens).map(|t| weights.sum(self.outside_evidence(t), labels)).collect();
        (inside, outside)
    }

    /// Probabilities of all parts.
    pub fn posterior(&self, inside: &[f32], outside: &[f32]) -> Posterior {
        let labels = if self.choices.is_empty() { 1 } else { inside.len() / self.choices.len() };
        let mut forward = vec![f32::NEG_INFINITY; self.tokens + 1];
        forward[0] = 0.0;
        let mut next = 0;
        for at in 0..self.tokens {
            forward[at + 1] = log_add(forward[at + 1], forward[at] + outside[at]);
            while next < self.choices.len() && self.choices[next].start as usize == at {
                let end = self.choices[next].end as usize;
                for label in 0..labels {
                    forward[end] = log_add(forward[end], forward[at] + inside[next * labels + label]);
                }
                next += 1;
            }
        }
        let mut backward = vec![f32::NEG_INFINITY; self.tokens + 1];
        backward[self.tokens] = 0.0;
        let mut next = self.choices.len();
        for at in (0..self.tokens).rev() {
            let mut sum = backward[at + 1] + outside[at];
            while next > 0 && self.choices[next - 1].start as usize == at {
                next -= 1;
                let after = backward[self.choices[next].end as usize];
                for label in 0..labels {
                    sum = log_add(sum, after + inside[next * labels + label]);
                }
            }
            backward[at] = sum;
        }
        let log_total = forward[self.tokens];
        let mut probabilities = Vec::with_capacity(inside.len());
        for (i, choice) in self.choices.iter().enumerate() {
            let around = forward[choice.start as usize] + backward[choice.end as usize] - log_total;
            probabilities.extend((0..labels).map(|label| (around + inside[i * labels + label]).exp()));
        }
        let outside = (0..self.tokens).map(|t| (forward[t] + outside[t] + backward[t + 1] - log_total).exp()).collect();
        Posterior { labels, inside: probabilities, outside, log_total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two tokens; names 0..1, 0..2 and 1..2 with one label.
    fn small() -> (Lattice, Vec<f32>, Vec<f32>) {
        let choice = |start, end| Choice { start, end, reasons: (0, 0) };
        let lattice = Lattice {
            tokens: 2,
            choices: vec![choice(0, 1), choice(0, 2), choice(1, 2)],
            outside: vec![(0, 0); 2],
            reasons: Vec::new(),
        };
        (lattice, vec![0.5, 1.0, -0.5], vec![0.0, 0.25])
    }

    #[test]
    fn probabilities_sum_over_all_ways() {
        let (lattice, inside, outside) = small();
        // The five ways, by hand.
        let ways: [f32; 5] = [0.0 + 0.25, 0.5 + 0.25, 1.0, 0.0 - 0.5, 0.5 - 0.5];
        let total: f32 = ways.iter().map(|w| w.exp()).sum();
        let posterior = lattice.posterior(&inside, &outside);
        assert!((posterior.log_total - total.ln()).abs() < 1e-5);
        assert!((posterior.of(1, 0) - ways[2].exp() / total).abs() < 1e-5);
        assert!((posterior.outside[0] - (ways[0].exp() + ways[3].exp()) / total).abs() < 1e-5);
    }
}
