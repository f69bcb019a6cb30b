//! Where the words behind a cue end: the few ends that are possible, each with named evidence, and the one that most
//! probably agrees with what was said.

use super::{
    View,
    clause::Clause,
    end_evidence::{Facts, evidence},
    end_reasons::{END_COLUMNS, END_NAMES},
    extent::trim_end,
    phrase,
    tail::circumstance,
};
use crate::{
    error::Result,
    evidence::Weights,
    gazetteer::{Flags, Gazetteer},
    model::{Ending, Evidence},
    token::{Kind, Shape},
};
use std::ops::Range;

/// Most ends of one statement that are compared: a bounded number keeps the time linear.
const MOST: usize = 24;
/// Most tokens behind the beginning that are looked at for an end.
pub(super) const FAR: usize = 160;
/// Agreement of two ends from which one is as good as the other.
const SAME: f32 = 0.8;

/// The fitted weights of the ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// One row a reason, one column for clauses and one for phrases.
    pub ends: Weights,
}

impl Model {
    /// Reads the weights that stand in the gazetteers.
    ///
    /// # Errors
    /// A weights file that names unknown evidence or holds something that is no number.
    pub fn load(gazetteer: &Gazetteer) -> Result<Model> {
        let table = gazetteer.weights("weights_quotations");
        Ok(Model { ends: Weights::read(table, "end", END_NAMES, END_COLUMNS)? })
    }

    /// Weights that decide nothing, to begin a fit with.
    pub fn zero() -> Model {
        Model { ends: Weights::zero(END_NAMES, END_COLUMNS) }
    }
}

/// All ends of one statement that were compared, for fitting.
#[derive(Clone, Debug)]
pub struct Ends {
    /// First token of the content.
    pub start: usize,
    /// The column of the weights.
    pub column: usize,
    /// One past the last token of the content, with the reasons for and against ending there.
    pub ends: Vec<(usize, Vec<u16>)>,
}

/// What is known of a statement whose end is looked for.
pub(super) struct Open<'a> {
    pub sentence: &'a Range<usize>,
    pub clauses: &'a [Clause],
    /// Which of the clauses introduces it.
    pub clause: usize,
    /// First token of the content.
    pub start: usize,
    /// Where the rules end it.
    pub rule: usize,
    /// Whether the content is a phrase, not a clause.
    pub phrase: bool,
}

/// Where the content most probably ends, and how sure that is.
pub(super) fn choose(view: &View<'_>, open: &Open<'_>) -> (usize, Ending) {
    let candidates = candidates(view, open);
    if let [only] = &candidates[..] {
        return (only.end, Ending { probability: 1.0, evidence: Vec::new() });
    }
    let mut reasons: Vec<u16> = Vec::with_capacity(candidates.len() * 12);
    let mut bounds = Vec::with_capacity(candidates.len());
    let facts = Facts::of(view, open, &candidates);
    for (nth, candidate) in candidates.iter().enumerate() {
        let first = reasons.len();
        evidence(view, open, &facts, nth, candidate, &mut reasons);
        bounds.push(first..reasons.len());
    }
    let column = usize::from(open.phrase);
    if let Some(record) = view.record {
        let ends = candidates.iter().zip(&bounds).map(|(c, b)| (c.end, reasons[b.clone()].to_vec()));
        record.borrow_mut().push(Ends { start: open.start, column, ends: ends.collect() });
    }
    let weights = &view.model.ends;
    let sums: Vec<f32> = bounds.iter().map(|b| weights.sum(&reasons[b.clone()], column)).collect();
    let highest = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let shares: Vec<f32> = sums.iter().map(|sum| (sum - highest).exp()).collect();
    let total: f32 = shares.iter().sum();
    let from = view.segments.tokens[open.start].start;
    let size = |end: usize| (view.segments.tokens[end - 1].end - from).max(1) as f32;
    // An end in the middle agrees with those on both sides of it.
    let agrees = |c: &Candidate| -> f32 {
        let own = size(c.end);
        let near = candidates.iter().zip(&shares).filter(|(other, _)| {
            let other = size(other.end);
            own.min(other) >= SAME * own.max(other)
        });
        near.map(|(_, share)| share).sum::<f32>() / total
    };
    let mut best = None;
    for (nth, candidate) in candidates.iter().enumerate() {
        let probability = agrees(candidate);
        let better = best.is_none_or(|(known, known_share, _)| {
            probability > known + 1e-3 || probability > known - 1e-3 && shares[nth] > known_share
        });
        if better {
            best = Some((probability, shares[nth], nth));
        }
    }
    let Some((probability, _, nth)) = best else { return (open.rule, Ending::default()) };
    let named = |reason: &u16| Evidence { name: weights.name(*reason), weight: weights.get(*reason, column) };
    let evidence = reasons[bounds[nth].clone()].iter().map(named).collect();
    (candidates[nth].end, Ending { probability, evidence })
}

/// A possible end.
pub(super) struct Candidate {
    /// One past the last token.
    pub end: usize,
    /// First token behind it that is a word.
    pub next: usize,
    /// What separates the two.
    pub by: By,
}

/// What stands at an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum By {
    Comma,
    /// A closing mark, with a comma inside it.
    CommaInMarks,
    /// A closing mark.
    Marks,
    Dash,
    Bracket,
    Colon,
    Semicolon,
    /// Nothing but a space.
    Space,
    /// The end of the sentence.
    Stop,
}

/// The ends that are compared, in text order: where the rules end the content, where the sentence ends, and where a mark, a
/// conjunction or a preposition stands between them.
fn candidates(view: &View<'_>, open: &Open<'_>) -> Vec<Candidate> {
    let tokens = &view.segments.tokens;
    let (start, limit) = (open.start, open.sentence.end);
    let last = trim_end(view, start, limit).max(open.rule);
    let mut out: Vec<Candidate> = Vec::with_capacity(8);
    for at in start + 1..last.min(start + FAR) {
        let Some(by) = boundary(view, open, at) else { continue };
        let end = trim_end(view, start, at);
        let next = if by == By::Space || matches!(by, By::Marks | By::CommaInMarks) { at } else { at + 1 };
        if end <= start || out.last().is_some_and(|c| c.end >= end) || next >= last {
            continue;
        }
        out.push(Candidate { end, next, by });
        if out.len() + 2 == MOST {
            break;
        }
    }
    for end in [open.rule, last] {
        let at = out.partition_point(|c| c.end < end);
        if out.get(at).is_none_or(|c| c.end != end) {
            let stop = end >= last;
            let by = match tokens.get(end).filter(|_| !stop) {
                None => By::Stop,
                Some(t) if t.is(',') => By::Comma,
                Some(t) if t.is_dash() => By::Dash,
                Some(t) if t.is(';') => By::Semicolon,
                Some(_) => By::Space,
            };
            let next = end + usize::from(!matches!(by, By::Space | By::Stop));
            out.insert(at, Candidate { end, next, by });
        }
    }
    out.retain(|c| c.end > start && tokens[start..c.end].iter().any(|t| matches!(t.kind, Kind::Word | Kind::Number)));
    out
}

/// What separates token `at` from the one before, if the content can end there.
fn boundary(view: &View<'_>, open: &Open<'_>, at: usize) -> Option<By> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    if view.inside[at] > 0 {
        return None;
    }
    let token = &tokens[at];
    if view.inside[at - 1] > 0 && token.is_word() {
        let comma = at > open.start + 1 && tokens[at - 2].is(',');
        return Some(if comma { By::CommaInMarks } else { By::Marks });
    }
    if token.is(',') {
        // "40,000", "in Hartford, Conn.": no end where no word or mark follows.
        return (!tokens.get(at + 1).is_some_and(|t| t.kind == Kind::Number && !t.space_before)).then_some(By::Comma);
    }
    if token.is('(') {
        return Some(By::Bracket);
    }
    if phrase::dash(token) {
        return Some(By::Dash);
    }
    if token.is(';') {
        return Some(By::Semicolon);
    }
    if token.is(':') {
        return Some(By::Colon);
    }
    let before = &tokens[at - 1];
    if !token.is_word() || !(before.is_word() || before.kind == Kind::Number || before.is(')')) {
        return None;
    }
    let flags = Flags::of(token);
    if token.shape != Shape::Lower || view.names.mention_at(at).is_some() {
        let time = flags.intersects(Flags::DAY) && circumstance(view, at, open.sentence.end);
        return time.then_some(By::Space);
    }
    let joins = flags.intersects(Flags::SCONJ | Flags::CCONJ | Flags::AS | Flags::WHO | Flags::BUT)
        && !flags.contains(Flags::THAT)
        || flags.contains(Flags::TO) && lexicon.is(tokens.get(at + 1)?, Flags::VERB_BASE);
    let preposition = flags.intersects(Flags::PREP) && !flags.intersects(Flags::OF | Flags::TO);
    let gerund = flags.contains(Flags::VERB_ING)
        && !flags.intersects(Flags::NOUN | Flags::ADJ | Flags::PREP)
        && !lexicon.is(before, Flags::PREP | Flags::AUX | Flags::ADV);
    let may = Flags::NEAR | Flags::DAY | Flags::WHEN | Flags::PREP;
    let time = || flags.intersects(may) && circumstance(view, at, open.sentence.end);
    (joins || gerund || preposition && (open.phrase || flags.intersects(Flags::WITH)) || time()).then_some(By::Space)
}
