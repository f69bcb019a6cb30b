//! The probabilities of [`Lattice`](super::Lattice) for weights that are given: fast sums over all ways to cut a few tokens into pieces
//! with labels and single tokens that are left out.
//!
//! From the last token to the first, each place gets the sum of all ways ahead of it, and each step from there its share of
//! that sum. The probability of a step is its share times the probability that a way comes by. Nothing can overflow, as
//! each place sums relative to its likeliest step.

/// How many labels a piece can have.
pub const LABELS: usize = 4;

/// A score that no label with a chance has.
pub const IMPOSSIBLE: f32 = -1e4;

/// Some tokens as one piece.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// The logarithm of the weight of each label; [`IMPOSSIBLE`] for those that do not exist.
    pub scores: [f32; LABELS],
}

/// A piece that is worth telling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick {
    /// Its number among the pieces.
    pub piece: usize,
    /// Its label.
    pub label: usize,
    /// Its probability.
    pub probability: f32,
}

/// Room for the sums, to be used again and again.
#[derive(Debug, Default)]
pub struct Cuts {
    /// For each piece and label, the probability.
    pieces: Vec<[f32; LABELS]>,
    /// For each place, the probability that it is left by one token outside of all pieces.
    stays: Vec<f32>,
    /// For each place between tokens, the logarithm of the sum of all ways ahead.
    ahead: Vec<f64>,
    /// For each place, the probability that a way comes by.
    reached: Vec<f32>,
    /// For each place, what can be gained ahead, and the pick that it begins with.
    gains: Vec<f32>,
    best: Vec<Option<Pick>>,
    picks: Vec<Pick>,
}

impl Cuts {
    /// The pieces that together gain most, each being worth its probability less `worth`. `pieces` are sorted by start;
    /// `outside` holds the score of leaving out each token.
    pub fn picks(&mut self, pieces: &[Piece], outside: &[f32], worth: f32) -> &[Pick] {
        self.sum_ahead(pieces, outside);
        self.spread(pieces);
        self.pick(pieces, worth);
        &self.picks
    }

    /// The shares of all steps in the ways ahead of the place where they begin.
    fn sum_ahead(&mut self, pieces: &[Piece], outside: &[f32]) {
        let tokens = outside.len();
        self.pieces.clear();
        self.pieces.resize(pieces.len(), [0.0; LABELS]);
        self.stays.clear();
        self.stays.resize(tokens, 1.0);
        self.ahead.clear();
        self.ahead.resize(tokens + 1, 0.0);
        let mut last = pieces.len();
        for at in (0..tokens).rev() {
            let first = pieces[..last].iter().rposition(|piece| piece.start != at).map_or(0, |before| before + 1);
            let stay = self.ahead[at + 1] + f64::from(outside[at]);
            let here = first..last;
            last = first;
            if here.is_empty() {
                self.ahead[at] = stay;
                continue;
            }
            let score = |piece: &Piece| f64::from(highest(piece.scores)) + self.ahead[piece.end];
            let most = pieces[here.clone()].iter().map(score).fold(stay, f64::max);
            let [stay, ..] = exp([(stay - most) as f32; LABELS]);
            let mut total = stay;
            for (piece, shares) in pieces[here.clone()].iter().zip(&mut self.pieces[here.clone()]) {
                let beyond = (self.ahead[piece.end] - most) as f32;
                *shares = exp(piece.scores.map(|score| score + beyond));
                total += sum(*shares);
            }
            self.ahead[at] = most + f64::from(total.ln());
            let scale = 1.0 / total;
            self.stays[at] = stay * scale;
            for shares in &mut self.pieces[here] {
                *shares = shares.map(|share| share * scale);
            }
        }
    }

    /// Turns the shares into probabilities.
    fn spread(&mut self, pieces: &[Piece]) {
        self.reached.clear();
        self.reached.resize(self.ahead.len(), 0.0);
        self.reached[0] = 1.0;
        let mut next = 0;
        for at in 0..self.stays.len() {
            let reached = self.reached[at];
            self.reached[at + 1] += reached * self.stays[at];
            while let Some(piece) = pieces.get(next).filter(|piece| piece.start == at) {
                self.pieces[next] = self.pieces[next].map(|share| share * reached);
                self.reached[piece.end] += sum(self.pieces[next]);
                next += 1;
            }
        }
    }

    /// The best picks ahead of each place, and then those from the first place on.
    fn pick(&mut self, pieces: &[Piece], worth: f32) {
        let tokens = self.stays.len();
        self.gains.clear();
        self.gains.resize(tokens + 1, 0.0);
        self.best.clear();
        self.best.resize(tokens, None);
        let mut left = pieces.len();
        for at in (0..tokens).rev() {
            self.gains[at] = self.gains[at + 1];
            while left > 0 && pieces[left - 1].start == at {
                left -= 1;
                for (label, probability) in self.pieces[left].into_iter().enumerate() {
                    let gain = probability - worth + self.gains[pieces[left].end];
                    if probability > worth && gain > self.gains[at] {
                        self.gains[at] = gain;
                        self.best[at] = Some(Pick { piece: left, label, probability });
                    }
                }
            }
        }
        self.picks.clear();
        let mut at = 0;
        while at < tokens {
            self.picks.extend(self.best[at]);
            at = self.best[at].map_or(at + 1, |pick| pieces[pick.piece].end);
        }
    }
}

fn highest(scores: [f32; LABELS]) -> f32 {
    scores.into_iter().fold(f32::NEG_INFINITY, f32::max)
}

fn sum(shares: [f32; LABELS]) -> f32 {
    shares.into_iter().sum()
}

/// The exponentials of numbers that are not above zero, to about seven digits: a polynomial between two powers of two (as in
/// Cephes, Moshier 1992). Written for all labels at once, and the same on every machine.
fn exp(x: [f32; LABELS]) -> [f32; LABELS] {
    /// Adding it rounds to a whole number, which then stands in the last bits.
    const ROUND: f32 = 12_582_912.0;
    /// The logarithm of two in two parts; multiples of the first are exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    x.map(|x| {
        let x = x.max(-87.0);
        let rounded = x * std::f32::consts::LOG2_E + ROUND;
        let power = rounded - ROUND;
        let r = x - power * LN_2[0] - power * LN_2[1];
        let mut p = 1.987_569_1e-4;
        for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5] {
            p = p * r + c;
        }
        let fraction = p * r * r + r + 1.0;
        let exponent = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
        fraction * f32::from_bits(exponent)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Choice, Lattice};

    #[test]
    fn exponentials_are_those_of_the_library() {
        for x in (0..8700).map(|x| -x as f32 / 100.0) {
            let expected = x.exp();
            assert!((exp([x; LABELS])[0] - expected).abs() <= 3e-7 * expected, "{x}");
        }
    }

    /// Names of one label over four tokens, as pieces and as a lattice.
    fn small() -> (Vec<Piece>, Vec<f32>, Lattice) {
        let spans = [(0, 1), (0, 2), (1, 2), (1, 4), (3, 4)];
        let scores = [0.5, 1.0, -0.5, 2.5, 40.0];
        let piece = |((start, end), score)| Piece { start, end, scores: [score, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE] };
        let choice = |(start, end): &(usize, usize)| Choice { start: *start as u32, end: *end as u32, reasons: (0, 0) };
        let lattice = Lattice { tokens: 4, choices: spans.iter().map(choice).collect(), ..Lattice::default() };
        (spans.into_iter().zip(scores).map(piece).collect(), vec![0.0, 0.25, 1.0, 38.0], lattice)
    }

    #[test]
    fn probabilities_are_those_of_the_lattice() {
        let (pieces, outside, lattice) = small();
        let mut cuts = Cuts::default();
        cuts.picks(&pieces, &outside, 0.3);
        let scores: Vec<f32> = pieces.iter().map(|piece| piece.scores[0]).collect();
        let posterior = lattice.posterior(&scores, &outside);
        for (shares, expected) in cuts.pieces.iter().zip(&posterior.inside) {
            assert!((shares[0] - expected).abs() < 1e-5, "{shares:?} {expected}");
        }
    }

    #[test]
    fn picks_are_the_pieces_that_together_gain_most() {
        let (pieces, outside, _) = small();
        let mut cuts = Cuts::default();
        let picks: Vec<usize> = cuts.picks(&pieces, &outside, 0.3).iter().map(|pick| pick.piece).collect();
        assert_eq!(picks, [1, 4]);
        assert!(cuts.picks(&pieces, &outside, 0.99).is_empty());
        assert!(cuts.picks(&[], &[], 0.3).is_empty());
    }
}
