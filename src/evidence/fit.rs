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

/// Fits `weights` (their values are the starting point) to `examples`; returns the mean loss per sentence.
pub fn fit(weights: &mut Weights, examples: &[Example], settings: Settings) -> f32 {
    let columns = weights.columns();
    let size = weights.cells_mut().len();
    let (mut mean, mut square) = (vec![0.0f32; size], vec![0.0f32; size]);
    let mut gradient = vec![0.0f32; size];
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
                loss += add_gradient(&examples[*i], weights, columns, &mut gradient);
            }
            steps += 1;
            let (fix_mean, fix_square) = (1.0 - 0.9f32.powi(steps), 1.0 - 0.999f32.powi(steps));
            let penalty = settings.penalty * part.len() as f32 / examples.len() as f32;
            for (cell, value) in weights.cells_mut().iter_mut().enumerate() {
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
