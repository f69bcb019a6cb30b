//! Fitting weights on annotated sentences: maximum likelihood with a quadratic penalty, by Adam (Kingma and Ba 2015)
//! in a fixed order, so that the same input gives the same weights.

use super::{Lattice, Weights};

/// One annotated sentence: its lattice and the (choice, label) pairs that are right.
#[derive(Clone, Debug)]
pub struct Example {
    /// All possible names.
    pub lattice: Lattice,
    /// The right ones, in text order.
    pub right: Vec<(usize, usize)>,
    /// How much it counts.
    pub weight: f32,
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Times that all examples are gone through.
    pub rounds: usize,
    /// Step size of the first round; it falls to a tenth.
    pub step: f32,
    /// Penalty on squared weights, for the whole set of examples.
    pub penalty: f32,
    /// Reasons from this number on are details of others, and their penalty is [`Settings::detail`] times as high: what
    /// holds in general is put down to the plain reason.
    pub plain: usize,
    /// How much more a weight of a detail must earn.
    pub detail: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { rounds: 32, step: 0.05, penalty: 2.0, plain: usize::MAX, detail: 15.0 }
    }
}

/// One choice between candidates, some of which are right.
#[derive(Clone, Debug)]
pub struct Choosing {
    /// Column of the weights.
    pub column: usize,
    /// The evidence for each candidate, and whether it is right.
    pub candidates: Vec<(Vec<u16>, bool)>,
}

/// One thing that is right or not.
#[derive(Clone, Debug)]
pub struct Judging {
    /// Its evidence.
    pub reasons: Vec<u16>,
    /// Whether it is right.
    pub right: bool,
}

/// Fits `weights` (their values are the starting point) to `examples`, the cells `held` excepted; returns the mean loss per
/// sentence.
pub fn fit(weights: &mut Weights, examples: &[Example], held: &[usize], settings: Settings) -> f32 {
    let columns = weights.columns();
    descend(weights, examples, held, settings, |example, weights, gradient| {
        add_gradient(example, weights, columns, gradient)
    })
}

/// Fits a log-linear ranking: the probability of a candidate is its share of the exponentials of all sums. A share
/// `slips` of the annotations is taken to name anybody, so that no weight is bent to explain a slip. The cells `held`
/// keep the weights that they have.
pub fn fit_choices(
    weights: &mut Weights,
    examples: &[Choosing],
    slips: f32,
    held: &[usize],
    settings: Settings,
) -> f32 {
    let columns = weights.columns();
    descend(weights, examples, held, settings, |example, weights, gradient| {
        let sums: Vec<f32> = example.candidates.iter().map(|(r, _)| weights.sum(r, example.column)).collect();
        let highest = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let total: f32 = sums.iter().map(|sum| (sum - highest).exp()).sum();
        let shares: Vec<f32> = sums.iter().map(|sum| (sum - highest).exp() / total).collect();
        let right: f32 = example.candidates.iter().zip(&shares).filter(|((_, right), _)| *right).map(|(_, s)| s).sum();
        let chance = example.candidates.iter().filter(|(_, right)| *right).count() as f32 / shares.len() as f32;
        let likelihood = (1.0 - slips) * right + slips * chance;
        // How far the annotation is believed.
        let belief = (1.0 - slips) * right / likelihood.max(1e-9);
        for ((reasons, is_right), share) in example.candidates.iter().zip(&shares) {
            let wanted = if *is_right { share / right.max(1e-9) } else { 0.0 };
            for reason in reasons {
                gradient[*reason as usize * columns + example.column] += belief * (share - wanted);
            }
        }
        -likelihood.max(1e-9).ln()
    })
}

/// Fits a logistic model in the only column of `weights`, by Newton's method: few weights, so that the exact optimum is
/// cheap, and a model that is not at its optimum is not calibrated.
pub fn fit_odds(weights: &mut Weights, examples: &[Judging], penalty: f32) {
    let columns = weights.columns();
    let size = weights.cells_mut().len() / columns.max(1);
    let mut values: Vec<f64> = vec![0.0; size];
    for _ in 0..STEPS {
        let mut gradient: Vec<f64> = values.iter().map(|value| f64::from(penalty) * value).collect();
        let mut curvature = vec![0.0f64; size * size];
        for at in 0..size {
            curvature[at * size + at] = f64::from(penalty);
        }
        for example in examples {
            let sum: f64 = example.reasons.iter().map(|reason| values[*reason as usize]).sum();
            let probability = 1.0 / (1.0 + (-sum).exp());
            let error = probability - f64::from(u8::from(example.right));
            let weight = probability * (1.0 - probability);
            for a in &example.reasons {
                gradient[*a as usize] += error;
                for b in &example.reasons {
                    curvature[*a as usize * size + *b as usize] += weight;
                }
            }
        }
        let step = solve(curvature, gradient);
        for (value, step) in values.iter_mut().zip(&step) {
            *value -= step;
        }
        if step.iter().all(|step| step.abs() < 1e-6) {
            break;
        }
    }
    for (cell, value) in weights.cells_mut().iter_mut().step_by(columns.max(1)).zip(values) {
        *cell = value as f32;
    }
}

/// Steps of Newton's method; it needs about eight.
const STEPS: usize = 30;

/// Solves a system of linear equations with a positive definite matrix, by elimination.
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for pivot in 0..size {
        let diagonal = matrix[pivot * size + pivot];
        for row in pivot + 1..size {
            let factor = matrix[row * size + pivot] / diagonal;
            if factor != 0.0 {
                for column in pivot..size {
                    matrix[row * size + column] -= factor * matrix[pivot * size + column];
                }
                right[row] -= factor * right[pivot];
            }
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| matrix[row * size + column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row * size + row];
    }
    right
}

/// Goes down the gradient that `add` adds for each example, the cells `held` excepted.
fn descend<T>(
    weights: &mut Weights,
    examples: &[T],
    held: &[usize],
    settings: Settings,
    add: impl Fn(&T, &Weights, &mut [f32]) -> f32,
) -> f32 {
    let columns = weights.columns();
    let size = weights.cells_mut().len();
    let (mut mean, mut square) = (vec![0.0f32; size], vec![0.0f32; size]);
    let mut gradient = vec![0.0f32; size];
    let mut free = vec![true; size];
    for cell in held {
        free[*cell] = false;
    }
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let batch = 32;
    let mut steps = 0i32;
    let mut loss = 0.0;
    // The steps of the last rounds wander around the best weights: their mean is nearer to it than the last of them.
    let mut sum = vec![0.0f64; size];
    let mut summed = 0u32;
    for round in 0..settings.rounds {
        loss = 0.0;
        shuffle(&mut order, &mut random);
        let step = settings.step * (1.0 - 0.9 * round as f32 / settings.rounds as f32);
        for part in order.chunks(batch) {
            gradient.fill(0.0);
            for i in part {
                loss += add(&examples[*i], weights, &mut gradient);
            }
            steps += 1;
            let (fix_mean, fix_square) = (1.0 - 0.9f32.powi(steps), 1.0 - 0.999f32.powi(steps));
            let penalty = settings.penalty * part.len() as f32 / examples.len() as f32;
            for (cell, value) in weights.cells_mut().iter_mut().enumerate().filter(|(cell, _)| free[*cell]) {
                let detail = if cell / columns >= settings.plain { settings.detail } else { 1.0 };
                let g = gradient[cell] + penalty * detail * *value;
                mean[cell] = 0.9 * mean[cell] + 0.1 * g;
                square[cell] = 0.999 * square[cell] + 0.001 * g * g;
                *value -= step * (mean[cell] / fix_mean) / ((square[cell] / fix_square).sqrt() + 1e-6);
            }
            if round * 3 >= settings.rounds * 2 {
                summed += 1;
                for (total, value) in sum.iter_mut().zip(weights.cells_mut().iter()) {
                    *total += f64::from(*value);
                }
            }
        }
    }
    if summed > 0 {
        for (value, total) in weights.cells_mut().iter_mut().zip(&sum) {
            *value = (total / f64::from(summed)) as f32;
        }
    }
    loss / examples.len().max(1) as f32
}

/// The mean loss (negative log likelihood) per sentence.
pub fn loss(weights: &Weights, examples: &[Example]) -> f32 {
    let mut unused = vec![0.0; weights.columns() * weights.rows()];
    let sum: f32 = examples.iter().map(|e| add_gradient(e, weights, weights.columns(), &mut unused)).sum();
    sum / examples.len().max(1) as f32
}

/// Adds expected minus observed reasons; returns the negative log likelihood.
fn add_gradient(example: &Example, weights: &Weights, columns: usize, gradient: &mut [f32]) -> f32 {
    let lattice = &example.lattice;
    let labels = columns - 1;
    let (inside, outside) = lattice.scores(weights);
    let posterior = lattice.posterior(&inside, &outside);
    let mut add = |reasons: &[u16], column: usize, amount: f32| {
        for reason in reasons {
            gradient[*reason as usize * columns + column] += amount * example.weight;
        }
    };
    for (i, choice) in lattice.choices.iter().enumerate() {
        for label in 0..labels {
            let probability = posterior.of(i, label);
            if probability > 1e-6 {
                add(lattice.evidence(choice), label, probability);
            }
        }
    }
    for (token, probability) in posterior.outside.iter().enumerate() {
        add(lattice.outside_evidence(token), labels, *probability);
    }
    let mut score = 0.0;
    let mut named = vec![false; lattice.tokens];
    for (choice, label) in &example.right {
        let piece = &lattice.choices[*choice];
        score += inside[choice * labels + label];
        add(lattice.evidence(piece), *label, -1.0);
        named[piece.start as usize..piece.end as usize].fill(true);
    }
    for (token, _) in named.iter().enumerate().filter(|(_, named)| !**named) {
        score += outside[token];
        add(lattice.outside_evidence(token), labels, -1.0);
    }
    (posterior.log_total - score) * example.weight
}

fn shuffle(order: &mut [usize], random: &mut u64) {
    for i in (1..order.len()).rev() {
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(i, (*random >> 33) as usize % (i + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved() {
        let solution = solve(vec![4.0, 1.0, 1.0, 3.0], vec![1.0, 2.0]);
        assert!((solution[0] - 1.0 / 11.0).abs() < 1e-9 && (solution[1] - 7.0 / 11.0).abs() < 1e-9, "{solution:?}");
    }

    #[test]
    fn a_logistic_model_finds_the_shares() {
        let mut weights = Weights::zero(&["always", "seldom right"], &["right"]);
        let judging = |reasons: &[u16], right| Judging { reasons: reasons.to_vec(), right };
        let mut examples = vec![judging(&[0], true); 90];
        examples.extend(vec![judging(&[0], false); 10]);
        examples.extend(vec![judging(&[0, 1], true); 20]);
        examples.extend(vec![judging(&[0, 1], false); 80]);
        fit_odds(&mut weights, &examples, 1e-6);
        let probability = |reasons: &[u16]| super::super::probability(weights.sum(reasons, 0));
        assert!((probability(&[0]) - 0.9).abs() < 1e-3, "{}", probability(&[0]));
        assert!((probability(&[0, 1]) - 0.2).abs() < 1e-3, "{}", probability(&[0, 1]));
    }

    #[test]
    fn a_ranking_learns_which_candidate_is_right_and_holds_what_it_must() {
        let mut weights = Weights::zero(&["near", "far", "held"], &["pronoun"]);
        weights.set("held", "pronoun", -1.0);
        let candidates = |right: usize| (0..2).map(|i| (vec![i as u16, 2], i == right)).collect::<Vec<_>>();
        let example = |right| Choosing { column: 0, candidates: candidates(right) };
        let mut examples = vec![example(0); 80];
        examples.extend(vec![example(1); 20]);
        let held: Vec<usize> = weights.cell("held", "pronoun").into_iter().collect();
        fit_choices(&mut weights, &examples, 0.0, &held, Settings { penalty: 1e-3, ..Settings::default() });
        let odds = weights.get(0, 0) - weights.get(1, 0);
        assert!((odds - 4.0f32.ln()).abs() < 0.15, "{odds}");
        assert_eq!(weights.get(2, 0), -1.0);
    }
}
