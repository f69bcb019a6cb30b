//! Finer figures of quotations: speakers by class of the annotated source, and how far confidence can be trusted.

use super::{
    gold::{Attribution, Gold, Points},
    quotations::{Letters, Unit, match_units, whole_gold},
    speaker::{self, Verdict},
    tables::Piece,
};
use std::collections::BTreeMap;

/// Speakers of one class of sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassScores {
    /// Annotated.
    pub gold: u64,
    /// Annotated and found.
    pub matched: u64,
    /// Of these, with the right speaker.
    pub right: u64,
    /// The same where the name is wanted if it is known.
    pub resolved: u64,
}

/// Rows of similar confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Rows.
    pub rows: u64,
    /// Sum of their confidences.
    pub confidence: f64,
    /// Rows whose words and speaker are right, the name wanted if it is known.
    pub right: u64,
}

/// How far confidence can be trusted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// Rows by tenths of confidence, the lowest first.
    pub bins: Vec<Bin>,
    /// Expected calibration error: the mean distance of confidence and share of right rows in the bins.
    pub error: f64,
    /// Share of right ones among the rows at 0.9 and above.
    pub sure_precision: f64,
    /// Share of all right rows that are at 0.9 and above.
    pub sure_share: f64,
}

/// Rows of one sort: of one frame, or with one sort of speaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// Rows.
    pub rows: u64,
    /// Whose words are right.
    pub words: u64,
    /// Whose words and speaker are right, the name wanted if it is known.
    pub right: u64,
}

/// Sums up what was found and what is annotated.
#[derive(Default)]
pub(super) struct Details {
    frames: BTreeMap<String, Sort>,
    speakers: BTreeMap<String, Sort>,
    classes: BTreeMap<String, ClassScores>,
    bins: [Bin; 10],
    sure: Bin,
}

/// The confidence that counts as sure.
const SURE: f64 = 0.9;

impl Details {
    /// A row of the table, with what is right about its speaker if its words are right.
    pub(super) fn found(&mut self, piece: &Piece, verdict: Option<Verdict>) {
        let (confidence, right) = (piece.confidence, verdict.is_some_and(|v| v.resolved));
        let frame = if piece.method.is_empty() { "not told" } else { &piece.method };
        let sort = speaker::sort(&piece.surface, &piece.speaker, &piece.id);
        for sums in
            [self.frames.entry(frame.to_string()).or_default(), self.speakers.entry(sort.to_string()).or_default()]
        {
            sums.rows += 1;
            sums.words += u64::from(verdict.is_some());
            sums.right += u64::from(right);
        }
        let bin = ((confidence * 10.0 + 1e-9) as usize).min(9);
        let sure = confidence + 1e-9 >= SURE;
        for bin in [Some(&mut self.bins[bin]), sure.then_some(&mut self.sure)].into_iter().flatten() {
            bin.rows += 1;
            bin.confidence += confidence;
            bin.right += u64::from(right);
        }
    }

    /// An annotated quotation, with what is right about the speaker of the row that matches it.
    pub(super) fn annotated(&mut self, gold: &Attribution, verdict: Option<Verdict>) {
        if gold.kind == "indirect" {
            return;
        }
        let mut class = gold.source_class.clone().unwrap_or_else(|| "none".to_string());
        if ["pronoun", "nominal"].contains(&class.as_str()) {
            let named = gold.speaker_name.as_deref().is_some_and(|name| !name.is_empty());
            class.push_str(if named { ", name known" } else { ", name unknown" });
        }
        let scores = self.classes.entry(class).or_default();
        scores.gold += 1;
        scores.matched += u64::from(verdict.is_some());
        scores.right += u64::from(verdict.is_some_and(|v| v.right));
        scores.resolved += u64::from(verdict.is_some_and(|v| v.resolved));
    }

    /// The classes, the most frequent first.
    pub(super) fn classes(&self) -> Vec<(String, ClassScores)> {
        let mut all: Vec<(String, ClassScores)> = self.classes.iter().map(|(name, s)| (name.clone(), *s)).collect();
        all.sort_by_key(|(_, scores)| std::cmp::Reverse(scores.gold));
        all
    }

    /// Rows by frame, the most frequent first.
    pub(super) fn frames(&self) -> Vec<(String, Sort)> {
        sorted(&self.frames)
    }

    /// Rows by sort of speaker, the most frequent first.
    pub(super) fn speakers(&self) -> Vec<(String, Sort)> {
        sorted(&self.speakers)
    }

    pub(super) fn calibration(&self) -> Calibration {
        let rows: u64 = self.bins.iter().map(|bin| bin.rows).sum();
        let right: u64 = self.bins.iter().map(|bin| bin.right).sum();
        let distance = self.bins.iter().map(|bin| (bin.confidence - bin.right as f64).abs()).sum::<f64>();
        let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
        Calibration {
            bins: self.bins.to_vec(),
            error: distance / rows.max(1) as f64,
            sure_precision: share(self.sure.right, self.sure.rows),
            sure_share: share(self.sure.right, right),
        }
    }
}

fn sorted(sums: &BTreeMap<String, Sort>) -> Vec<(String, Sort)> {
    let mut all: Vec<(String, Sort)> = sums.iter().map(|(name, s)| (name.clone(), *s)).collect();
    all.sort_by_key(|(_, sums)| std::cmp::Reverse(sums.rows));
    all
}

/// A quotation that was found, for fitting.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Its parts in code points, marks included.
    pub spans: Vec<Points>,
    /// The words that stand for the speaker.
    pub surface: String,
    /// The speaker's name.
    pub speaker: String,
}

/// What the annotation says about one that was found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judged<'g> {
    /// The annotated quotation that it matches.
    pub gold: Option<&'g Attribution>,
    /// Whether words and speaker are right, the name wanted if it is known.
    pub right: bool,
    /// Whether it lies where quotations are neither right nor wrong.
    pub ignored: bool,
}

/// Judges quotations of one article as [`super::score_quotations`] judges rows; words must agree to `least`.
pub fn judge<'g>(article: &'g Gold, told: &[Told], least: f64) -> Vec<Judged<'g>> {
    let text = Letters::new(&article.text);
    let annotated = article.attributions.as_deref().unwrap_or_default();
    let gold = whole_gold(&text, annotated);
    let found: Vec<Unit<'_, Told>> =
        told.iter().map(|of| Unit { points: text.within(&of.spans), kind: "", of }).collect();
    let (_, of_found) = match_units(&gold, &found, text.len(), least);
    let unscored = text.mark(article.discuss.iter().chain(&article.discard));
    let judged = found.iter().zip(of_found).map(|(unit, matched)| {
        let gold = matched.map(|i| gold[i].of);
        let piece = piece(&unit.of.surface, &unit.of.speaker);
        let inside = unit.points.iter().filter(|at| unscored[**at as usize]).count();
        Judged {
            gold,
            right: gold.is_some_and(|gold| speaker::judge(&piece, gold).resolved),
            ignored: gold.is_none() && inside > 0 && inside * 2 >= unit.points.len(),
        }
    });
    judged.collect()
}

/// How far each of several readings of one quotation agrees, in letters and digits, with the annotated one that any of
/// them fits best.
pub fn agreements(article: &Gold, readings: &[Told]) -> Vec<f64> {
    let text = Letters::new(&article.text);
    let readings: Vec<Vec<u32>> = readings.iter().map(|told| text.within(&told.spans)).collect();
    let mut best = vec![0.0; readings.len()];
    let mut most = 0.0;
    for unit in whole_gold(&text, article.attributions.as_deref().unwrap_or_default()) {
        let mut annotated = vec![false; text.len()];
        for at in &unit.points {
            annotated[*at as usize] = true;
        }
        let agreement = |points: &Vec<u32>| {
            let shared = points.iter().filter(|at| annotated[**at as usize]).count();
            shared as f64 / (points.len() + unit.points.len() - shared).max(1) as f64
        };
        let all: Vec<f64> = readings.iter().map(agreement).collect();
        let highest = all.iter().copied().fold(0.0, f64::max);
        if highest > most {
            (most, best) = (highest, all);
        }
    }
    best
}

/// Whether `name` is the speaker of an annotated quotation.
pub fn is_speaker(name: &str, gold: &Attribution) -> bool {
    !name.is_empty() && speaker::judge(&piece(name, name), gold).resolved
}

/// As the table has it: where no words stand for the speaker, the name does.
fn piece(surface: &str, speaker: &str) -> Piece {
    let surface = if surface.is_empty() { speaker } else { surface };
    Piece { surface: surface.trim().to_string(), speaker: speaker.trim().to_string(), ..Piece::default() }
}
