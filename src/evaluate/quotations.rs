//! Scores of quotations: whether their words were found, and whether their speaker is right.

use super::{
    Prf,
    detail::{Calibration, ClassScores, Details, Sort},
    gold::{Attribution, Gold, Points},
    harmonic,
    matching::greedy,
    speaker::{self, Verdict},
    tables::{self, Piece},
};
use crate::error::Result;
use std::path::Path;

/// Groups of kinds that are scored together.
const GROUPS: [(&str, &[&str]); 5] = [
    ("direct+mixed", &["direct", "mixed"]),
    ("direct", &["direct"]),
    ("mixed", &["mixed"]),
    ("indirect", &["indirect"]),
    ("all", &["direct", "mixed", "indirect"]),
];

/// Scores of quotations.
#[derive(Clone, Debug, Default)]
pub struct QuotationScores {
    /// Number of annotated articles.
    pub articles: u64,
    /// Scores for both units and both thresholds.
    pub units: Vec<UnitScores>,
    /// Speakers of direct and mixed quotations found, by class of the annotated source (whole quotations, strict).
    pub classes: Vec<(String, ClassScores)>,
    /// Rows by the frame that found them (whole quotations, strict).
    pub frames: Vec<(String, Sort)>,
    /// Rows by what stands for the speaker (whole quotations, strict).
    pub speakers: Vec<(String, Sort)>,
    /// How far confidence can be trusted (whole quotations, strict).
    pub calibration: Calibration,
    /// What went wrong with whole quotations at the strict threshold, in order of the articles.
    pub errors: Vec<QuotationError>,
}

/// Scores for one unit and one threshold.
#[derive(Clone, Debug)]
pub struct UnitScores {
    /// `attribution` (a whole quotation) or `piece` (its parts, cut at line ends).
    pub unit: &'static str,
    /// `strict` (the letters and digits of both agree to 0.8, intersection over union) or `partial` (0.5).
    pub threshold: &'static str,
    /// Scores by group of kinds.
    pub kinds: Vec<(&'static str, KindScores)>,
    /// Quotations found in places that are not scored.
    pub ignored: u64,
}

/// Scores of the quotations of some kinds. Precision is over what was found to be of these kinds, recall over what is
/// annotated as such; matching does not look at kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KindScores {
    /// Annotated.
    pub gold: u64,
    /// Found.
    pub found: u64,
    /// Annotated and found.
    pub matched: u64,
    /// Of the words.
    pub content: Prf,
    /// Share of the matched ones whose speaker is right.
    pub speaker_right: f64,
    /// The same where the name is wanted if it is known.
    pub speaker_resolved: f64,
    /// The same where part of the words is enough.
    pub speaker_lenient: f64,
    /// Of words and speaker.
    pub end_to_end: Prf,
    /// F1 of words and speaker, where the name is wanted if it is known.
    pub end_to_end_resolved: f64,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotationError {
    /// `missed`, `spurious` or `speaker`.
    pub what: &'static str,
    /// The article.
    pub article: String,
    /// The kind, annotated if there is an annotation.
    pub kind: String,
    /// The beginning of the words.
    pub text: String,
    /// The annotated speaker, where there is one.
    pub gold: String,
    /// The speaker found, where there is one.
    pub found: String,
}

/// A quotation or a part of one: the letters and digits it covers, and where it comes from.
pub(super) struct Unit<'a, T> {
    pub points: Vec<u32>,
    pub kind: &'a str,
    pub of: &'a T,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    gold: u64,
    found: u64,
    matched_found: u64,
    right_found: u64,
    resolved_found: u64,
    matched: u64,
    right: u64,
    resolved: u64,
    lenient: u64,
}

/// Scores `quotes.csv` in `folder` on the articles of `gold` that have quotations.
///
/// # Errors
/// A table that cannot be read.
pub fn score_quotations(gold: &[Gold], folder: &Path) -> Result<QuotationScores> {
    let found = tables::quotations(folder, gold)?;
    let mut scores = QuotationScores::default();
    let annotated: Vec<(&Gold, &[Attribution])> =
        gold.iter().filter_map(|article| Some((article, article.attributions.as_deref()?))).collect();
    scores.articles = annotated.len() as u64;
    for unit in ["attribution", "piece"] {
        for (threshold, least) in [("strict", 0.8), ("partial", 0.5)] {
            let mut sums = [Sums::default(); GROUPS.len()];
            let mut ignored = 0;
            let mut errors = Vec::new();
            let mut details = Details::default();
            for (article, attributions) in &annotated {
                let pieces = found.get(&article.id).map_or(&[][..], Vec::as_slice);
                let text = Letters::new(&article.text);
                let units = if unit == "piece" {
                    (gold_pieces(&text, attributions), found_pieces(&text, pieces))
                } else {
                    (whole_gold(&text, attributions), whole_found(&text, pieces))
                };
                ignored += score_article(article, &text, &units, least, &mut sums, (&mut errors, &mut details));
            }
            if (unit, threshold) == ("attribution", "strict") {
                scores.errors = errors;
                scores.classes = details.classes();
                scores.calibration = details.calibration();
                scores.frames = details.frames();
                scores.speakers = details.speakers();
            }
            let kinds = GROUPS.iter().zip(sums).map(|((name, _), sums)| (*name, sums.scores())).collect();
            scores.units.push(UnitScores { unit, threshold, kinds, ignored });
        }
    }
    Ok(scores)
}

type Units<'a> = (Vec<Unit<'a, Attribution>>, Vec<Unit<'a, Piece>>);

/// Adds the counts of one article to `sums`; returns how many quotations were ignored.
fn score_article(
    article: &Gold,
    text: &Letters,
    (gold, found): &Units<'_>,
    least: f64,
    sums: &mut [Sums],
    (errors, details): (&mut Vec<QuotationError>, &mut Details),
) -> u64 {
    let (of_gold, of_found) = match_units(gold, found, text.len(), least);
    let unscored: Vec<bool> = text.mark(article.discuss.iter().chain(&article.discard));
    let mut ignored = 0;
    for (unit, matched) in found.iter().zip(&of_found) {
        let inside = unit.points.iter().filter(|at| unscored[**at as usize]).count();
        if matched.is_none() && inside > 0 && inside * 2 >= unit.points.len() {
            ignored += 1;
            continue;
        }
        let verdict = matched.map(|i| speaker::judge(unit.of, gold[i].of));
        if verdict.is_none() {
            errors.push(error("spurious", article, text, unit.kind, &unit.points, None, Some(unit.of)));
        }
        details.found(unit.of, verdict);
        for sums in groups(sums, unit.kind) {
            sums.found += 1;
            sums.matched_found += u64::from(verdict.is_some());
            sums.right_found += u64::from(verdict.is_some_and(|v| v.right));
            sums.resolved_found += u64::from(verdict.is_some_and(|v| v.resolved));
        }
    }
    for (unit, matched) in gold.iter().zip(&of_gold) {
        let ours = matched.map(|j| found[j].of);
        let verdict = ours.map(|piece| speaker::judge(piece, unit.of));
        if verdict.is_none_or(|v: Verdict| !v.resolved) {
            let what = if verdict.is_none() { "missed" } else { "speaker" };
            errors.push(error(what, article, text, unit.kind, &unit.points, Some(unit.of), ours));
        }
        details.annotated(unit.of, verdict);
        for sums in groups(sums, unit.kind) {
            sums.gold += 1;
            sums.matched += u64::from(verdict.is_some());
            sums.right += u64::from(verdict.is_some_and(|v| v.right));
            sums.resolved += u64::from(verdict.is_some_and(|v| v.resolved));
            sums.lenient += u64::from(verdict.is_some_and(|v| v.lenient));
        }
    }
    ignored
}

fn groups<'s>(sums: &'s mut [Sums], kind: &str) -> impl Iterator<Item = &'s mut Sums> {
    sums.iter_mut().zip(GROUPS).filter(move |(_, (_, kinds))| kinds.contains(&kind)).map(|(sums, _)| sums)
}

fn error(
    what: &'static str,
    article: &Gold,
    text: &Letters,
    kind: &str,
    points: &[u32],
    gold: Option<&Attribution>,
    found: Option<&Piece>,
) -> QuotationError {
    let named = |a: &Attribution| a.speaker_name.clone().or_else(|| a.source_text.clone()).unwrap_or_default();
    QuotationError {
        what,
        article: article.id.clone(),
        kind: kind.to_string(),
        text: text.excerpt(points),
        gold: gold.map(named).unwrap_or_default(),
        found: found.map(|p| if p.speaker.is_empty() { &p.surface } else { &p.speaker }).cloned().unwrap_or_default(),
    }
}

impl Sums {
    fn scores(self) -> KindScores {
        // Nothing found where nothing is to be found is perfect.
        let share = |part: u64, whole: u64, other: u64| match whole {
            0 => f64::from(u8::from(other == 0)),
            _ => part as f64 / whole as f64,
        };
        let prf = |found: u64, there: u64| {
            let precision = share(found, self.found, self.gold);
            let recall = share(there, self.gold, self.found);
            Prf { precision, recall, f1: harmonic(precision, recall) }
        };
        let of_matched = |count: u64| count as f64 / self.matched.max(1) as f64;
        KindScores {
            gold: self.gold,
            found: self.found,
            matched: self.matched,
            content: prf(self.matched_found, self.matched),
            speaker_right: of_matched(self.right),
            speaker_resolved: of_matched(self.resolved),
            speaker_lenient: of_matched(self.lenient),
            end_to_end: prf(self.right_found, self.right),
            end_to_end_resolved: prf(self.resolved_found, self.resolved).f1,
        }
    }
}

/// Matches quotations one to one by intersection over union of their letters and digits.
pub(super) fn match_units<A, B>(
    gold: &[Unit<'_, A>],
    found: &[Unit<'_, B>],
    length: usize,
    least: f64,
) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let mut owners: Vec<Vec<u32>> = vec![Vec::new(); length];
    for (j, unit) in found.iter().enumerate() {
        for at in &unit.points {
            owners[*at as usize].push(j as u32);
        }
    }
    let mut shared = vec![0u32; found.len()];
    let mut candidates = Vec::new();
    for (i, unit) in gold.iter().enumerate() {
        let mut touched: Vec<u32> = Vec::new();
        for j in unit.points.iter().flat_map(|at| &owners[*at as usize]) {
            if shared[*j as usize] == 0 {
                touched.push(*j);
            }
            shared[*j as usize] += 1;
        }
        for j in touched {
            let count = std::mem::take(&mut shared[j as usize]) as usize;
            let union = unit.points.len() + found[j as usize].points.len() - count;
            let score = count as f64 / union as f64;
            if score >= least {
                candidates.push((score, i, j as usize));
            }
        }
    }
    greedy(candidates, gold.len(), found.len())
}

pub(super) fn whole_gold<'a>(text: &Letters, attributions: &'a [Attribution]) -> Vec<Unit<'a, Attribution>> {
    let units = attributions.iter().map(|of| Unit { points: text.within(&of.content), kind: &of.kind, of });
    units.filter(|unit| !unit.points.is_empty()).collect()
}

/// The parts of one row are one quotation; its speaker is that of its first part.
fn whole_found<'a>(text: &Letters, pieces: &'a [Piece]) -> Vec<Unit<'a, Piece>> {
    let runs = pieces.chunk_by(|a, b| a.quotation == b.quotation);
    let units = runs.filter_map(|run| {
        let spans: Vec<Points> = run.iter().map(|piece| piece.span).collect();
        let of = run.first()?;
        Some(Unit { points: text.within(&spans), kind: &of.kind, of })
    });
    units.filter(|unit| !unit.points.is_empty()).collect()
}

fn gold_pieces<'a>(text: &Letters, attributions: &'a [Attribution]) -> Vec<Unit<'a, Attribution>> {
    let of_one = |of: &'a Attribution| {
        text.lines(&of.content).into_iter().map(move |points| Unit { points, kind: of.kind.as_str(), of })
    };
    attributions.iter().flat_map(of_one).collect()
}

fn found_pieces<'a>(text: &Letters, pieces: &'a [Piece]) -> Vec<Unit<'a, Piece>> {
    let of_one = |of: &'a Piece| {
        text.lines(&[of.span]).into_iter().map(move |points| Unit { points, kind: of.kind.as_str(), of })
    };
    pieces.iter().flat_map(of_one).collect()
}

/// A text by code points: only letters and digits count when spans are compared.
pub(super) struct Letters {
    chars: Vec<char>,
}

impl Letters {
    pub(super) fn new(text: &str) -> Self {
        Letters { chars: text.chars().collect() }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// Where the letters and digits within `spans` are, in order, each once.
    pub(super) fn within(&self, spans: &[Points]) -> Vec<u32> {
        let mut points: Vec<u32> = Vec::new();
        for (start, end) in spans {
            let end = (*end).min(self.len());
            points.extend((*start..end).filter(|at| self.chars[*at].is_alphanumeric()).map(|at| at as u32));
        }
        points.sort_unstable();
        points.dedup();
        points
    }

    /// The same for each span, and each line of a span.
    fn lines(&self, spans: &[Points]) -> Vec<Vec<u32>> {
        let mut out = Vec::new();
        for (start, end) in spans {
            let end = (*end).min(self.len()).max(*start);
            let line_ends = (*start..end).filter(|at| self.chars[*at] == '\n');
            let mut first = *start;
            for at in line_ends.chain([end]) {
                out.push(self.within(&[(first, at)]));
                first = at + 1;
            }
        }
        out.retain(|points| !points.is_empty());
        out
    }

    pub(super) fn mark<'s>(&self, spans: impl Iterator<Item = &'s Points>) -> Vec<bool> {
        let mut marked = vec![false; self.len()];
        for (start, end) in spans {
            let end = (*end).min(marked.len());
            if let Some(range) = marked.get_mut(*start..end) {
                range.fill(true);
            }
        }
        marked
    }

    /// The beginning of what `points` cover, on one line.
    fn excerpt(&self, points: &[u32]) -> String {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
        let (first, last) = (*first as usize, *last as usize + 1);
        let shown = last.min(first + 90);
        let mut text: String = self.chars[first..shown].iter().map(|c| if *c == '\n' { ' ' } else { *c }).collect();
        if shown < last {
            text.push('…');
        }
        text
    }
}
