//! All possible names of a sentence, with their evidence.

use super::{
    document::Document,
    features::{Reasons, by_form, form},
    memory::Memory,
    recalled::Recalled,
};
use crate::{
    evidence::{Choice, Lattice},
    gazetteer::Flags,
    token::{Kind, Shape},
};

/// Longest name that form alone suggests, in tokens; gazetteer names may be longer.
const LONGEST: usize = 11;

/// The lattice of a sentence, with the evidence that lies in the sentence itself.
pub(super) fn lattice(document: &Document<'_>, sentence: usize) -> Lattice {
    let range = document.segments.sentences[sentence].tokens.clone();
    let mut lattice = Lattice { tokens: range.len(), ..Lattice::default() };
    let reasons = Reasons::new(document, sentence);
    let mut ends = Vec::new();
    for start in range.clone() {
        ends.clear();
        if can_start(document, start, range.end) {
            pattern_ends(document, start, range.end, &mut ends);
        }
        ends.extend(document.hits_at(start).map(|hit| hit.end));
        ends.sort_unstable();
        ends.dedup();
        for end in &ends {
            let first = lattice.reasons.len() as u32;
            reasons.of_name(start, *end, &mut lattice.reasons);
            let last = lattice.reasons.len() as u32;
            lattice.choices.push(Choice {
                start: (start - range.start) as u32,
                end: (*end - range.start) as u32,
                reasons: (first, last),
            });
        }
        let first = lattice.reasons.len() as u32;
        if is_nameable(document, start) {
            reasons.of_outside(start, &mut lattice.reasons);
        }
        lattice.outside.push((first, lattice.reasons.len() as u32));
    }
    lattice
}

/// The lattice `plain` of a sentence, with the evidence in the rest of the article added.
pub(super) fn recalled(document: &Document<'_>, sentence: usize, plain: &Lattice, memory: &Memory) -> Lattice {
    let first = document.segments.sentences[sentence].tokens.start;
    let recalled = Recalled::new(document, sentence, memory);
    let mut lattice = Lattice {
        tokens: plain.tokens,
        reasons: Vec::with_capacity(plain.reasons.len() * 5 / 4),
        ..Lattice::default()
    };
    let mut choices = plain.choices.iter().peekable();
    for (at, outside) in plain.outside.iter().enumerate() {
        while let Some(choice) = choices.next_if(|choice| choice.start as usize == at) {
            let from = lattice.reasons.len();
            lattice.reasons.extend_from_slice(plain.evidence(choice));
            let form = form(&lattice.reasons[from..]);
            let added = lattice.reasons.len();
            recalled.of_name(first + at, first + choice.end as usize, &mut lattice.reasons);
            by_form(form, added, &mut lattice.reasons);
            lattice.choices.push(Choice { reasons: (from as u32, lattice.reasons.len() as u32), ..*choice });
        }
        let from = lattice.reasons.len();
        lattice.reasons.extend_from_slice(plain.outside_evidence(at));
        if outside.0 < outside.1 {
            recalled.of_outside(first + at, &mut lattice.reasons);
        }
        lattice.outside.push((from as u32, lattice.reasons.len() as u32));
    }
    lattice
}

/// Whether a token left out of all names needs evidence for that.
fn is_nameable(document: &Document<'_>, at: usize) -> bool {
    document.token(at).is_capitalized()
}

fn can_start(document: &Document<'_>, at: usize, limit: usize) -> bool {
    let token = document.token(at);
    if token.is_capitalized() {
        // The article is no part of a name, unless a gazetteer says so ("The Hague"), and a title cut short is none: "Sen.".
        let titled = document.flags[at].contains(Flags::TITLE)
            && !matches!(token.shape, Shape::Initial)
            && at + 2 < limit
            && document.token(at + 1).is('.')
            && !document.token(at + 1).space_before
            && document.token(at + 2).is_capitalized();
        return !titled && !document.flags[at].contains(Flags::THE);
    }
    // "al-Najjar", "van der Berg", "bin Salman"; "4Chan" and the like come from gazetteers.
    let particle =
        token.is_word() && document.flags[at].contains(Flags::PARTICLE) && !document.flags[at].intersects(Flags::DET);
    particle && document.segments.tokens[at + 1..limit].iter().take(3).any(|t| t.is_capitalized())
}

/// The ends that form allows for a name that begins at `start`.
fn pattern_ends(document: &Document<'_>, start: usize, limit: usize, ends: &mut Vec<usize>) {
    let mut joined = 0;
    let mut at = start;
    while at < limit.min(start + LONGEST) {
        let token = document.token(at);
        let flags = document.flags[at];
        let here = at;
        at += 1;
        match token.kind {
            Kind::Word if token.shape != Shape::Lower => {
                joined = 0;
                ends.push(at);
            }
            Kind::Word
                if here > start && flags.intersects(Flags::PREP | Flags::DET | Flags::CCONJ | Flags::PARTICLE) =>
            {
                joined += 1;
            }
            // "Min-ho", "Jong-un": what follows a hyphen may be in lower case.
            Kind::Word if here > start && document.token(here - 1).is('-') && !token.space_before => {
                // "Minsk Group-co-chaired" ends before the hyphen.
                if flags.intersects(Flags::VERB_PAST | Flags::VERB_PART | Flags::VERB_ING | Flags::ADJ)
                    || document.segments.tokens.get(at).is_some_and(|t| t.is('-') && !t.space_before)
                {
                    return;
                }
                ends.push(at);
            }
            Kind::Word if here == start => {}
            Kind::Number if here > start && !token.space_before => ends.push(at),
            Kind::Number if here > start => {
                joined = 0;
                ends.push(at);
            }
            Kind::Possessive => joined += 1,
            Kind::Punctuation if here > start && (token.is('-') || token.is('–')) && !token.space_before => {
                joined += 1
            }
            Kind::Punctuation if here > start && token.is('&') => joined += 1,
            Kind::Punctuation if here > start && token.is('.') && !token.space_before => {
                let before = document.token(here - 1);
                if document.flags[here - 1].contains(Flags::ABBREVIATION | Flags::AFTER_NAME)
                    || before.text(&document.segments.text).len() <= 4
                {
                    joined += 1;
                } else {
                    return;
                }
            }
            // Karl "Ox" Brandt
            Kind::Double | Kind::Single
                if here > start && token.space_before && nickname(document, here, limit).is_some() =>
            {
                at = nickname(document, here, limit).unwrap_or(at);
                joined += 1;
            }
            // "Ministry of Agriculture, Livestock and Fisheries", "Halmar Holdings Co., Ltd".
            Kind::Punctuation if here > start && token.is(',') && lists_on(document, here, limit) => joined += 1,
            Kind::Single if here > start && !token.space_before => joined += 1,
            _ => return,
        }
        if joined > 2 {
            return;
        }
    }
}

/// Whether the comma at `comma` may stand inside a name: between the portfolios of a ministry, or before the legal form of a company.
fn lists_on(document: &Document<'_>, comma: usize, limit: usize) -> bool {
    if comma + 1 >= limit || !document.token(comma + 1).is_capitalized() {
        return false;
    }
    let after = document.flags[comma + 1];
    let before = comma - 1 - usize::from(document.token(comma - 1).is('.'));
    after.contains(Flags::LEGAL_FORM) || (after & document.flags[before]).contains(Flags::PORTFOLIO)
}

/// The end of a nickname between quotation marks that opens at `mark`, if a name goes on behind it.
fn nickname(document: &Document<'_>, mark: usize, limit: usize) -> Option<usize> {
    let is_mark = |at: usize| matches!(document.token(at).kind, Kind::Double | Kind::Single);
    let close = (mark + 2..limit.min(mark + 5)).find(|at| is_mark(*at))?;
    let words = (mark + 1..close).all(|at| document.token(at).is_capitalized());
    (words && close + 1 < limit && document.token(close + 1).is_capitalized()).then_some(close + 1)
}
