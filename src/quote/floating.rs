//! Quotations without a cue of their own: those that run on over paragraphs, and those that float behind a statement.

use super::{
    View,
    extent::{all_quoted, any_quoted},
    speech,
};
use crate::model::{Ending, Statement};
use std::{collections::HashMap, ops::Range};

/// Which statement holds each token: its index plus one, 0 for none.
struct Owners(Vec<u32>);

impl Owners {
    fn new(view: &View<'_>, statements: &[Statement]) -> Self {
        let mut owners = Owners(vec![0; view.segments.tokens.len()]);
        for (i, statement) in statements.iter().enumerate() {
            for part in &statement.parts {
                owners.claim(i, part.clone());
            }
        }
        owners
    }

    fn claim(&mut self, statement: usize, range: Range<usize>) {
        for owner in self.0[range].iter_mut().filter(|owner| **owner == 0) {
            *owner = statement as u32 + 1;
        }
    }

    /// The first statement that holds a part of `range`.
    fn of(&self, range: Range<usize>) -> Option<usize> {
        self.0[range].iter().find(|owner| **owner > 0).map(|owner| *owner as usize - 1)
    }
}

/// Joins stretches that go on from the paragraph before to the statement that holds their beginning.
pub(super) fn continue_stretches(view: &View<'_>, statements: &mut [Statement]) {
    if view.stretches.iter().all(|s| !s.continues) {
        return;
    }
    let mut owners = Owners::new(view, statements);
    for (i, stretch) in view.stretches.iter().enumerate() {
        if !stretch.continues || i == 0 {
            continue;
        }
        let previous = &view.stretches[i - 1];
        let (before, here) = (previous.start()..previous.end(), stretch.start()..stretch.end());
        match (owners.of(before.clone()), owners.of(here.clone())) {
            // The attribution stands in a later paragraph than the beginning: the beginning joins it.
            (None, Some(own)) => {
                owners.claim(own, before.clone());
                statements[own].parts.insert(0, before);
            }
            (Some(statement), None) => {
                owners.claim(statement, here.clone());
                statements[statement].parts.push(here);
            }
            _ => {}
        }
    }
}

/// Adds the stretches that nothing claims and that are speech.
pub(super) fn add(view: &View<'_>, statements: &mut Vec<Statement>) {
    if view.stretches.is_empty() {
        return;
    }
    let owners = Owners::new(view, statements);
    let mut found: Vec<Statement> = Vec::new();
    // The paragraph that was read last, and whether it has nothing but words in marks.
    let mut read = (usize::MAX, false);
    // Which quotation with a speaker ends before a token, its clause included.
    let mut ends: HashMap<usize, usize> = HashMap::new();
    for (i, statement) in statements.iter().enumerate() {
        let direct = statement.parts.iter().all(|p| all_quoted(view, p));
        let closed = statement.start() < statement.cue.start && statement.parts.iter().any(|p| any_quoted(view, p));
        if (direct || closed) && statement.frame != "participle" {
            // What else its last sentence tells stands between, but nobody else speaks there.
            let end = statement.end().max(statement.clause.end);
            let sentence = &view.segments.sentences[view.segments.sentence_of(end - 1)];
            let last = view.segments.paragraphs[sentence.paragraph].sentences.end;
            let closes = view.segments.sentence_of(end - 1) + 1 == last;
            ends.insert(if closes { view.segments.paragraphs[sentence.paragraph].tokens.end } else { end }, i);
        }
    }
    for (i, stretch) in view.stretches.iter().enumerate() {
        let range = stretch.start()..stretch.end();
        let plenty = view.has_plenty(statements.len() + found.len(), range.start);
        if plenty || owners.of(range.clone()).is_some() || !speech::is_speech(view, stretch) && !stretch.continues {
            continue;
        }
        // Right behind another floating one, or the rest of one that runs on over paragraphs.
        if let Some(last) = found.last_mut() {
            let adjacent = last.end() == range.start && last.paragraph == stretch.paragraph;
            if adjacent || stretch.continues && i > 0 && last.end() == view.stretches[i - 1].end() {
                last.parts.push(range);
                continue;
            }
        }
        if read.0 != stretch.paragraph {
            let mut tokens = view.segments.paragraphs[stretch.paragraph].tokens.clone();
            read = (stretch.paragraph, tokens.all(|t| view.inside[t] > 0 || !view.segments.tokens[t].is_word()));
        }
        let alone = read.1;
        // A paragraph of nothing but words in marks goes on with the quotation that the one before ends with.
        let part = |number: usize| view.segments.paragraphs[number].part;
        let last =
            ends.get(&range.start).filter(|l| alone && part(statements[**l].paragraph) == part(stretch.paragraph));
        if let Some(last) = last.copied() {
            statements[last].parts.push(range.clone());
            ends.insert(range.end, last);
            continue;
        }
        if stretch.continues {
            continue;
        }
        found.push(Statement {
            parts: vec![range.clone()],
            cue: 0..0,
            cue_number: None,
            cue_rate: -1.0,
            subject: 0..0,
            addressee: 0..0,
            clause: 0..0,
            frame: if alone { "floating paragraph" } else { "floating" },
            confidence: if alone { 0.8 } else { 0.6 },
            paragraph: stretch.paragraph,
            floating: true,
            ending: Ending::default(),
        });
    }
    statements.append(&mut found);
}
