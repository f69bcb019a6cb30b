//! QUOTATIONS + MENTIONS -> attributions: who the subject of each statement is, how and to whom it was said.

mod antecedent;
mod echo;
mod floating;
mod medium;
mod speaker;

use crate::{
    gazetteer::{Flags, Gazetteer},
    model::{Evidence, Quotation, QuotationKind, Resolved, Span, Speaker, Statement, Stretch, Zone},
    text::Segments,
    token::Kind,
};
use std::ops::Range;

/// What the rules look at.
pub(crate) struct Scene<'a> {
    pub segments: &'a Segments,
    pub gazetteer: &'a Gazetteer,
    pub names: &'a Resolved,
    /// For each token, whether it stands between quotation marks.
    pub quoted: Vec<bool>,
    /// For each mention, whether it is the subject of its clause.
    pub subjects: Vec<bool>,
    /// For each entity, its number of mentions.
    pub counts: Vec<usize>,
}

/// A speaker with the rule that found it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    pub speaker: Speaker,
    /// Name of the rule.
    pub rule: &'static str,
    /// How sure it is, 0 to 1.
    pub confidence: f32,
}

/// What has been said so far, as far as later statements depend on it.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub speaker: Speaker,
    pub paragraph: usize,
    /// First and one past the last token of content and clause.
    pub tokens: Range<usize>,
    pub addressee: Option<usize>,
    pub medium: String,
    pub medium_paragraph: usize,
    pub floating: bool,
    pub direct: bool,
}

/// Confidence below which a statement is not told at all.
const FLOOR: f32 = 0.3;

/// Attributes all statements.
pub fn attribute(
    segments: &Segments,
    gazetteer: &Gazetteer,
    names: &Resolved,
    stretches: &[Stretch],
    statements: &[Statement],
    explain: bool,
) -> Vec<Quotation> {
    let mut quoted = vec![false; segments.tokens.len()];
    for stretch in stretches {
        quoted[stretch.start()..stretch.end()].fill(true);
    }
    let mut scene =
        Scene { segments, gazetteer, names, quoted, subjects: Vec::new(), counts: vec![0; names.entities.len()] };
    for mention in &names.mentions {
        scene.counts[mention.entity] += 1;
    }
    scene.subjects = (0..names.mentions.len()).map(|m| antecedent::is_subject(&scene, m)).collect();
    let mut said: Vec<Said> = Vec::new();
    let mut out = Vec::new();
    let mut exchange = medium::Exchange::default();
    for statement in statements {
        exchange.follow(&scene, statement);
        let link = if statement.floating {
            floating::link(&scene, statement, &said)
        } else {
            speaker::link(&scene, statement, &said)
        };
        let repaired = statement.parts.iter().any(|p| {
            let first = stretches.partition_point(|s| s.end() <= p.start);
            stretches[first..].iter().take_while(|s| s.start() < p.end).any(|s| s.repaired)
        });
        let marks = if repaired { 0.8 } else { 1.0 };
        let confidence = (statement.confidence * link.confidence * marks).clamp(0.05, 0.99);
        if confidence < FLOOR {
            continue;
        }
        let found = medium::read(&scene, statement, &link, &said, &mut exchange);
        let start =
            statement.start().min(if statement.clause.is_empty() { usize::MAX } else { statement.clause.start });
        let direct = kind(&scene, statement) != QuotationKind::Indirect;
        said.push(Said {
            speaker: link.speaker.clone(),
            paragraph: statement.paragraph,
            tokens: start..statement.end().max(statement.clause.end),
            addressee: found.addressee_entity,
            medium: found.medium.clone(),
            medium_paragraph: found.medium_paragraph,
            floating: statement.floating,
            direct,
        });
        out.push(quotation(&scene, statement, link, found, confidence, explain));
    }
    echo::mark(&scene, &mut out);
    out
}

fn quotation(
    scene: &Scene<'_>,
    statement: &Statement,
    link: Link,
    found: medium::Found,
    confidence: f32,
    explain: bool,
) -> Quotation {
    let segments = scene.segments;
    let paragraph = &segments.paragraphs[statement.paragraph];
    let parts: Vec<Span> = statement.parts.iter().map(|p| segments.span(p.clone())).collect();
    let words = statement.parts.iter().map(|p| words(scene, p.clone())).collect();
    let mut mentioned: Vec<usize> = Vec::new();
    for part in &statement.parts {
        for mention in &scene.names.mentions[scene.names.within(part.clone())] {
            if !mentioned.contains(&mention.entity) {
                mentioned.push(mention.entity);
            }
        }
    }
    let mut evidence = Vec::new();
    if explain {
        evidence.push(Evidence { name: statement.frame, weight: statement.confidence });
        evidence.push(Evidence { name: link.rule, weight: link.confidence });
    }
    Quotation {
        parts,
        words,
        kind: kind(scene, statement),
        cue: (!statement.cue.is_empty()).then(|| segments.span(statement.cue.clone())),
        speaker: link.speaker,
        medium: found.medium,
        addressee: found.addressee,
        mentioned,
        method: statement.frame,
        confidence,
        zone: paragraph.part.zone().unwrap_or(Zone::Body),
        paragraph: paragraph.number,
        echo_of: None,
        evidence,
    }
}

/// Direct if all words stand between marks, mixed if some do.
fn kind(scene: &Scene<'_>, statement: &Statement) -> QuotationKind {
    let words = || {
        let tokens = statement.parts.iter().flat_map(|p| p.clone());
        tokens.filter(|t| matches!(scene.segments.tokens[*t].kind, Kind::Word | Kind::Number))
    };
    if words().all(|t| scene.quoted[t]) {
        QuotationKind::Direct
    } else if words().any(|t| scene.quoted[t]) {
        QuotationKind::Mixed
    } else {
        QuotationKind::Indirect
    }
}

/// A part without its outer marks, a leading "that" and a comma at its end.
fn words(scene: &Scene<'_>, part: Range<usize>) -> Span {
    let tokens = &scene.segments.tokens;
    let is_mark = |t: usize| matches!(tokens[t].kind, Kind::Double | Kind::Single);
    let (mut start, mut end) = (part.start, part.end);
    if start < end && is_mark(start) && scene.quoted[start..end].iter().all(|q| *q) {
        start += 1;
        if end > start && is_mark(end - 1) {
            end -= 1;
        }
    } else if start < end && scene.quoted[start..end].iter().all(|q| *q) && is_mark(end - 1) {
        end -= 1;
    }
    while start < end && !scene.quoted[start] && scene.gazetteer.lexicon.is(&tokens[start], Flags::THAT) {
        start += 1;
    }
    if end > start + 1 && tokens[end - 1].is(',') {
        end -= 1;
    }
    scene.segments.span(start..end)
}
