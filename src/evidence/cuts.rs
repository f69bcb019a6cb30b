//! The probabilities of [`Lattice`](super::Lattice) for weights that are given: fast sums over all ways to cut a few tokens into pieces
//! with labels and single tokens that are left out.
//!
//! From the last token to the first, each place gets the sum of all ways ahead of it, and each step from there its share of
//! that sum. The probability of a step is its share times the probability that a way comes by. Nothing can overflow, as
//! each place sums relative to its likeliest step.

/// How many labels a piece can have.
pub const LABELS: usize = 3;
/// Numbers that are computed together: those of all labels, and that of leaving a token out.
const LANES: usize = LABELS + 1;

/// Some tokens as one piece.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// The logarithm of the weight of each label.
    pub scores: [f32; LABELS],
}

/// A piece that is worth telling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick {
    /// Its number among the pieces.
    pub piece: u32,
    /// Its label.
    pub label: u32,
    /// Its probability.
    pub probability: f32,
}

/// A place between two tokens.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// The logarithm of the sum of all ways ahead.
    ahead: f64,
    /// How probable it is that a way goes on by leaving out one token.
    stays: f32,
    /// How probable it is that a way comes by.
    reached: f32,
    /// What can be gained ahead, and the pick that it begins with.
    gain: f32,
    best: Option<Pick>,
}

/// Room for the sums, to be used again and again.
#[derive(Debug, Default)]
pub struct Cuts {
    /// For each piece and label, the probability.
    shares: Vec<[f32; LABELS]>,
    places: Vec<Place>,
    picks: Vec<Pick>,
}

impl Cuts {
    /// The pieces that together gain most, each being worth its probability less `worth`. `pieces` are sorted by start;
    /// `outside` holds the score of leaving out each token.
    pub fn picks(&mut self, pieces: &[Piece], outside: &[f32], worth: f32) -> &[Pick] {
        if let ([piece], [stay]) = (pieces, outside) {
            return self.pick_one(piece, *stay, worth);
        }
        self.shares.clear();
        self.shares.resize(pieces.len(), [0.0; LABELS]);
        self.places.clear();
        self.places.resize(outside.len() + 1, Place::default());
        self.sum_ahead(pieces, outside);
        self.spread(pieces);
        self.pick(pieces, worth);
        &self.picks
    }

    /// One token that is a piece or not: there is nothing else to it, and it is the most frequent case.
    fn pick_one(&mut self, piece: &Piece, stay: f32, worth: f32) -> &[Pick] {
        let most = highest(piece).max(stay);
        let [a, b, c] = piece.scores;
        let [a, b, c, stay] = exp([a - most, b - most, c - most, stay - most]);
        let scale = 1.0 / (stay + sum(&[a, b, c]));
        let shares = (0..).zip([a, b, c]);
        let probabilities = shares.map(|(label, share)| Pick { piece: 0, label, probability: share * scale });
        self.picks.clear();
        let worthy = probabilities.filter(|pick| pick.probability > worth);
        self.picks.extend(worthy.max_by(|a, b| a.probability.total_cmp(&b.probability)));
        &self.picks
    }

    /// The shares of all steps in the ways ahead of the place where they begin.
    fn sum_ahead(&mut self, pieces: &[Piece], outside: &[f32]) {
        let mut last = pieces.len();
        for at in (0..outside.len()).rev() {
            let first = pieces[..last].iter().rposition(|piece| piece.start != at).map_or(0, |before| before + 1);
            let (here, shares) = (&pieces[first..last], &mut self.shares[first..last]);
            last = first;
            let stay = self.places[at + 1].ahead + f64::from(outside[at]);
            if here.is_empty() {
                self.places[at] = Place { ahead: stay, stays: 1.0, ..Place::default() };
                continue;
            }
            let score = |piece: &Piece| f64::from(highest(piece)) + self.places[piece.end].ahead;
            let most = here.iter().map(score).fold(stay, f64::max);
            let (mut share_of_stay, mut total) = (0.0, 0.0);
            for (piece, shares) in here.iter().zip(&mut *shares) {
                let beyond = (self.places[piece.end].ahead - most) as f32;
                let [a, b, c] = piece.scores;
                let [a, b, c, stay] = exp([a + beyond, b + beyond, c + beyond, (stay - most) as f32]);
                *shares = [a, b, c];
                share_of_stay = stay;
                total += sum(shares);
            }
            total += share_of_stay;
            let scale = 1.0 / total;
            self.places[at].ahead = most + f64::from(total.ln());
            self.places[at].stays = share_of_stay * scale;
            for share in shares.iter_mut().flatten() {
                *share *= scale;
            }
        }
    }

    /// Turns the shares into probabilities.
    fn spread(&mut self, pieces: &[Piece]) {
        self.places[0].reached = 1.0;
        let mut next = 0;
        for at in 0..self.places.len() - 1 {
            let Place { reached, stays, .. } = self.places[at];
            self.places[at + 1].reached += reached * stays;
            while let Some(piece) = pieces.get(next).filter(|piece| piece.start == at) {
                let shares = &mut self.shares[next];
                for share in shares.iter_mut() {
                    *share *= reached;
                }
                self.places[piece.end].reached += sum(shares);
                next += 1;
            }
        }
    }

    /// The best picks ahead of each place, and then those from the first place on.
    fn pick(&mut self, pieces: &[Piece], worth: f32) {
        let tokens = self.places.len() - 1;
        let mut left = pieces.len();
        let worthy = |share: &f32| *share > worth;
        for at in (0..tokens).rev() {
            let mut gain = self.places[at + 1].gain;
            while left > 0 && pieces[left - 1].start == at {
                left -= 1;
                for (label, probability) in (0..).zip(self.shares[left]).filter(|(_, share)| worthy(share)) {
                    let sum = probability - worth + self.places[pieces[left].end].gain;
                    if sum > gain {
                        gain = sum;
                        self.places[at].best = Some(Pick { piece: left as u32, label, probability });
                    }
                }
            }
            self.places[at].gain = gain;
        }
        self.picks.clear();
        let mut at = 0;
        while at < tokens {
            let best = self.places[at].best;
            self.picks.extend(best);
            at = best.map_or(at + 1, |pick| pieces[pick.piece as usize].end);
        }
    }
}

fn highest(piece: &Piece) -> f32 {
    let [a, b, c] = piece.scores;
    a.max(b).max(c)
}

fn sum(shares: &[f32; LABELS]) -> f32 {
    let [a, b, c] = shares;
    a + b + c
}

/// The exponentials of numbers that are not above zero, to about seven digits: a polynomial between two powers of two (as in
/// Cephes, Moshier 1992). Written for all lanes at once, and the same on every machine.
#[inline(always)]
fn exp(x: [f32; LANES]) -> [f32; LANES] {
    /// Adding it rounds to a whole number, which then stands in the last bits.
    const ROUND: f32 = 12_582_912.0;
    /// The logarithm of two in two parts; multiples of the first are exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let mut out = [0.0; LANES];
    for (x, out) in x.into_iter().zip(&mut out) {
        let x = x.max(-87.0);
        let rounded = x * std::f32::consts::LOG2_E + ROUND;
        let power = rounded - ROUND;
        let r = x - power * LN_2[0] - power * LN_2[1];
        let p = ((1.987_569_1e-4 * r + 1.398_2e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2;
        let fraction = ((p * r + 0.166_666_65) * r + 0.5) * r * r + r + 1.0;
        let exponent = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
        *out = fraction * f32::from_bits(exponent);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Choice, Lattice};

    #[test]
    fn exponentials_are_those_of_the_library() {
        for x in (0..8700).map(|x| -x as f32 / 100.0) {
            let expected = x.exp();
            assert!((exp([x; LANES])[0] - expected).abs() <= 3e-7 * expected, "{x}");
        }
    }

    /// Names of one label over four tokens, as pieces and as a lattice.
    fn small() -> (Vec<Piece>, Vec<f32>, Lattice) {
        let spans = [(0, 1), (0, 2), (1, 2), (1, 4), (3, 4)];
        let scores = [0.5, 2.0, -0.5, 2.5, 40.0];
        let piece = |((start, end), score)| Piece { start, end, scores: [score, -99.0, -99.0] };
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
        for (shares, expected) in cuts.shares.iter().zip(&posterior.inside) {
            assert!((shares[0] - expected).abs() < 1e-5, "{shares:?} {expected}");
        }
    }

    #[test]
    fn picks_are_the_pieces_that_together_gain_most() {
        let (pieces, outside, _) = small();
        let mut cuts = Cuts::default();
        let picks: Vec<u32> = cuts.picks(&pieces, &outside, 0.3).iter().map(|pick| pick.piece).collect();
        assert_eq!(picks, [1, 4]);
        assert!(cuts.picks(&pieces, &outside, 0.99).is_empty());
        assert!(cuts.picks(&[], &[], 0.3).is_empty());
    }

    #[test]
    fn one_token_alone_is_decided_as_among_others() {
        let piece = Piece { start: 0, end: 1, scores: [0.5, 1.5, -1.0] };
        let mut cuts = Cuts::default();
        let [alone] = *cuts.picks(&[piece], &[0.25], 0.3) else { panic!("one pick") };
        let [beside] = *cuts.picks(&[piece], &[0.25, 3.0], 0.3) else { panic!("one pick") };
        assert_eq!((alone.piece, alone.label), (beside.piece, beside.label));
        assert!((alone.probability - beside.probability).abs() < 1e-6);
    }
}
