//! Goes through the statements of an article in text order: the speaker, medium and addressee of each, and how far it
//! can be trusted.

use super::{
    FLOOR, Link, Model, Said, Scene, Weighed,
    antecedent::{self, Asked},
    floating, joining, medium,
    reasons::T,
    speaker,
    timeline::Timeline,
    told::{kind, quotation},
    trust,
};
use crate::{
    evidence::{self, Weights},
    gazetteer::{Flags, Sense},
    model::{Evidence, Statement, Stretch},
    token::Kind,
};
use std::ops::Range;

/// What is kept of each statement besides what is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Nothing.
    Told,
    /// What spoke for and against it, in words.
    Evidence,
    /// All candidates.
    Rankings,
}

/// All statements with what speaks for and against them.
pub(super) fn weigh_all(
    scene: &Scene<'_>,
    model: &Model,
    stretches: &[Stretch],
    statements: &[Statement],
    keep: Keep,
) -> Vec<Weighed> {
    let neighbours = neighbours(scene, statements);
    let mut timeline = Timeline::new(scene);
    let mut said: Vec<Said<'_>> = Vec::with_capacity(statements.len());
    let mut out: Vec<Weighed> = Vec::with_capacity(statements.len());
    let mut exchange = medium::Exchange::default();
    // The statement that reaches furthest so far.
    let mut widest: Option<&Statement> = None;
    for (statement, neighbours) in statements.iter().zip(neighbours) {
        // Times and figures alone are nobody's words: Gates: "10:30".
        if !statement.parts.iter().any(|p| p.clone().any(|t| scene.segments.tokens[t].kind == Kind::Word)) {
            continue;
        }
        exchange.follow(scene, statement);
        let pronoun = subject_pronoun(scene, statement);
        let until = pronoun.unwrap_or(statement.subject.start.max(statement.clause.start).max(statement.start()));
        while let Some(at) = timeline.pop(until) {
            let sentence = scene.segments.sentence_of(at);
            let asked = Asked {
                weights: &model.antecedents,
                timeline: &timeline,
                said: &said,
                weighed: &out,
                paragraph: scene.segments.sentences[sentence].paragraph,
                content: &[],
                not: None,
                goes_on: false,
            };
            let ranking = speaker::wanted_by(scene, at).and_then(|w| antecedent::find(scene, &w, at, &asked));
            if let Some(entity) = ranking.and_then(|r| r.candidates.get(r.best)?.entity) {
                timeline.push(scene, at, entity);
            }
        }
        let cue = statement.cue_number.and_then(|number| scene.gazetteer.cues.get(number as usize));
        let asked = Asked {
            weights: &model.antecedents,
            timeline: &timeline,
            said: &said,
            weighed: &out,
            paragraph: statement.paragraph,
            content: &statement.parts,
            not: None,
            goes_on: cue.is_some_and(|cue| cue.sense == Sense::Continue),
        };
        let link = if statement.floating {
            floating::link(scene, statement, &asked)
        } else {
            speaker::link(scene, statement, &asked)
        };
        let goes_on = said.last().zip(out.last());
        let goes_on = goes_on.is_some_and(|(last, before)| joining::runs_on(scene, statement, &link, last, before));
        if goes_on {
            if let (Some(last), Some(before)) = (said.last_mut(), out.last_mut()) {
                joining::join(scene, statement, last, &mut before.quotation);
                if !before.reasons.contains(&T::RunsOn.number()) {
                    before.reasons.push(T::RunsOn.number());
                    before.quotation.confidence = confidence(model, &before.reasons);
                }
            }
            continue;
        }
        let repaired = statement.parts.iter().any(|p| {
            let first = stretches.partition_point(|s| s.end() <= p.start);
            stretches[first..].iter().take_while(|s| s.start() < p.end).any(|s| s.repaired)
        });
        let (start, end) = (statement.start(), statement.end());
        let around = trust::Circumstances {
            kind: kind(scene, statement),
            repaired,
            neighbours,
            inside: widest.is_some_and(|w| holds(&w.parts, start, end)),
        };
        if widest.is_none_or(|w| w.end() < end) {
            widest = Some(statement);
        }
        let reasons = trust::evidence(scene, statement, &link, &around);
        let confidence = confidence(model, &reasons);
        let found = medium::read(scene, statement, &link, &asked, &mut exchange);
        if let (Some(at), Some(entity)) = (pronoun, link.speaker.entity) {
            timeline.push(scene, at, entity);
        }
        let told = confidence >= FLOOR;
        if told {
            let from = if statement.clause.is_empty() { start } else { start.min(statement.clause.start) };
            let sentence = scene.segments.sentence_of(end.max(start + 1) - 1);
            said.push(Said {
                entity: link.speaker.entity,
                quotation: out.len(),
                last_paragraph: scene.segments.sentences[sentence].paragraph,
                tokens: from..end.max(statement.clause.end),
                addressee: found.addressee_entity,
                medium: found.medium,
                medium_paragraph: found.medium_paragraph,
                pronoun: pronoun.is_some(),
            });
        }
        let mut weighed = Weighed {
            quotation: quotation(scene, statement, &link, around.kind, found, confidence),
            reasons,
            ranking: None,
            unnamed: String::new(),
            told,
        };
        if keep == Keep::Evidence {
            weighed.quotation.evidence = explained(model, &link, &weighed.reasons);
            weighed.quotation.evidence.extend(strongest(statement.ending.evidence.iter().copied()));
        }
        // Hundreds of candidates for each quotation are much, where nobody asks for them.
        weighed.ranking = link.ranking.filter(|_| keep == Keep::Rankings);
        out.push(weighed);
    }
    out
}

/// Whether one of some parts, which are in text order, holds the tokens from `start` to `end`.
fn holds(parts: &[Range<usize>], start: usize, end: usize) -> bool {
    let next = parts.partition_point(|part| part.start <= start);
    next.checked_sub(1).is_some_and(|last| end <= parts[last].end)
}

/// How probable words and speaker are right.
fn confidence(model: &Model, reasons: &[u16]) -> f32 {
    evidence::probability(model.trust.sum(reasons, 0)).clamp(0.01, 0.99)
}

/// The token of a pronoun that is the whole subject: "he said".
fn subject_pronoun(scene: &Scene<'_>, statement: &Statement) -> Option<usize> {
    let at = statement.subject.start;
    let pronoun = statement.subject.len() == 1
        && scene.gazetteer.lexicon.is(scene.segments.tokens.get(at)?, Flags::HE | Flags::SHE);
    pronoun.then_some(at)
}

/// For each statement, how many have their clause in the same sentence.
fn neighbours(scene: &Scene<'_>, statements: &[Statement]) -> Vec<usize> {
    let at = |s: &Statement| scene.segments.sentence_of(if s.clause.is_empty() { s.start() } else { s.clause.start });
    let sentences: Vec<usize> = statements.iter().map(at).collect();
    let mut counts = vec![0; scene.segments.sentences.len() + 1];
    for sentence in &sentences {
        counts[*sentence] += 1;
    }
    sentences.iter().map(|sentence| counts[*sentence]).collect()
}

/// What speaks for and against a quotation and its speaker, strongest first.
fn explained(model: &Model, link: &Link, reasons: &[u16]) -> Vec<Evidence> {
    let named = |weights: &Weights, reasons: &[u16], column: usize| {
        strongest(reasons.iter().map(|r| Evidence { name: weights.name(*r), weight: weights.get(*r, column) }))
    };
    let mut out = named(&model.trust, reasons, 0);
    if let Some((ranking, best)) = link.ranking.as_ref().and_then(|r| Some((r, r.candidates.get(r.best)?))) {
        out.extend(named(&model.antecedents, ranking.reasons(best), ranking.column));
    }
    out
}

/// Evidence that weighs anything, strongest first.
fn strongest(evidence: impl Iterator<Item = Evidence>) -> Vec<Evidence> {
    let mut all: Vec<Evidence> = evidence.filter(|e| e.weight != 0.0).collect();
    all.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    all
}
