//! Headlines that repeat a quotation of the body.

use super::Scene;
use crate::{
    gazetteer::Flags,
    model::{Quotation, Zone},
};

/// Share of a headline's words that the body's quotation must have.
const OVERLAP: f32 = 0.6;

/// Quotations of a headline that are looked for in the body.
const HEADLINE: usize = 20;

/// Sets `echo_of` of the headline's quotations.
pub(super) fn mark(scene: &Scene<'_>, quotations: &mut [Quotation]) {
    if quotations.iter().all(|q| q.zone != Zone::Title) {
        return;
    }
    let words: Vec<Vec<u64>> = quotations.iter().map(|q| content(scene, q)).collect();
    let said = |i: &usize| quotations[*i].zone == Zone::Title && !words[*i].is_empty();
    for i in (0..quotations.len()).filter(said).take(HEADLINE).collect::<Vec<_>>() {
        let best = (0..quotations.len())
            .filter(|j| quotations[*j].zone == Zone::Body && agree(&quotations[i], &quotations[*j]))
            .map(|j| (j, shared(&words[i], &words[j]) as f32 / words[i].len() as f32))
            .filter(|(_, share)| *share >= OVERLAP)
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        quotations[i].echo_of = best.map(|(j, _)| j);
    }
}

fn agree(a: &Quotation, b: &Quotation) -> bool {
    match (a.speaker.entity, b.speaker.entity) {
        (Some(x), Some(y)) => x == y,
        _ => true,
    }
}

/// How many of some words are among others, both of them sorted.
fn shared(some: &[u64], others: &[u64]) -> usize {
    let (some, others) = if some.len() <= others.len() { (some, others) } else { (others, some) };
    some.iter().filter(|word| others.binary_search(word).is_ok()).count()
}

/// The words of a quotation that carry it, as hashes of their folded forms, each once and sorted.
fn content(scene: &Scene<'_>, quotation: &Quotation) -> Vec<u64> {
    let segments = scene.segments;
    let mut out = Vec::new();
    for part in &quotation.words {
        let tokens = segments.token_at(part.start)..segments.token_at(part.end);
        for at in tokens {
            let token = &segments.tokens[at];
            if token.is_word() && !scene.gazetteer.lexicon.is(token, Flags::FUNCTION) {
                out.push(token.hash);
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
