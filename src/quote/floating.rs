//! Quotations without a cue of their own: those that run on over paragraphs, and those that float behind a statement.

use super::{View, speech};
use crate::model::Statement;
use std::ops::Range;

/// Joins stretches that go on from the paragraph before to the statement that holds their beginning.
pub(super) fn continue_stretches(view: &View<'_>, statements: &mut [Statement]) {
    for (i, stretch) in view.stretches.iter().enumerate() {
        if !stretch.continues || i == 0 || claimed(statements, &(stretch.start()..stretch.end())) {
            continue;
        }
        let previous = &view.stretches[i - 1];
        let range = previous.start()..previous.end();
        if let Some(statement) =
            statements.iter_mut().find(|s| s.parts.iter().any(|p| p.start < range.end && range.start < p.end))
        {
            statement.parts.push(stretch.start()..stretch.end());
        }
    }
}

fn claimed(statements: &[Statement], range: &Range<usize>) -> bool {
    statements.iter().any(|s| s.parts.iter().any(|p| p.start < range.end && range.start < p.end))
}

/// Adds the stretches that nothing claims and that are speech.
pub(super) fn add(view: &View<'_>, statements: &mut Vec<Statement>) {
    let mut found: Vec<Statement> = Vec::new();
    for (i, stretch) in view.stretches.iter().enumerate() {
        let range = stretch.start()..stretch.end();
        if claimed(statements, &range) || !speech::is_speech(view, stretch) && !stretch.continues {
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
        if stretch.continues {
            continue;
        }
        let paragraph = view.segments.paragraphs[stretch.paragraph].tokens.clone();
        let alone = paragraph.clone().all(|t| view.inside[t] > 0 || !view.segments.tokens[t].is_word());
        found.push(Statement {
            parts: vec![range.clone()],
            cue: 0..0,
            cue_number: None,
            subject: 0..0,
            addressee: 0..0,
            clause: 0..0,
            frame: if alone { "floating paragraph" } else { "floating" },
            confidence: if alone { 0.8 } else { 0.6 },
            paragraph: stretch.paragraph,
            floating: true,
        });
    }
    statements.append(&mut found);
}
