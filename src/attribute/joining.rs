//! Quotations without an attribution that go on with the one before them.

use super::{
    Link, Said, Scene, Weighed,
    floating::NAMED_BEHIND,
    told::{mentioned, words},
};
use crate::{
    model::{Quotation, QuotationKind, Statement},
    token::Kind,
};

/// Whether a quotation without an attribution goes on with the one before it, between which nobody else speaks: a
/// paragraph of its own right behind it, or a sentence of its own in the same paragraph, by the same speaker.
pub(super) fn runs_on(
    scene: &Scene<'_>,
    statement: &Statement,
    link: &Link,
    last: &Said<'_>,
    before: &Weighed,
) -> bool {
    let start = statement.start();
    if !statement.floating
        || !before.told
        || before.quotation.kind == QuotationKind::Indirect
        || last.tokens.end > start
    {
        return false;
    }
    if last.last_paragraph == statement.paragraph {
        return link.speaker.entity == last.entity && is_sentence(scene, statement);
    }
    let other = link.rule == NAMED_BEHIND && link.speaker.entity != last.entity;
    statement.frame == "floating paragraph"
        && !other
        && last.last_paragraph + 1 == statement.paragraph
        && (rest(scene, last.tokens.end)..start).all(|t| !scene.segments.tokens[t].is_word())
}

/// Whether a statement between marks begins and ends as a sentence does.
fn is_sentence(scene: &Scene<'_>, statement: &Statement) -> bool {
    let tokens = &scene.segments.tokens;
    let (start, end) = (statement.start(), statement.end());
    let mark = |t: usize| matches!(tokens[t].kind, Kind::Double | Kind::Single);
    let begins = (start..end).find(|t| !mark(*t)).is_some_and(|t| tokens[t].is_capitalized());
    let opens = start == 0
        || tokens[start - 1].is_stop()
        || mark(start - 1)
        || scene.segments.sentences[scene.segments.sentence_of(start)].tokens.start == start;
    let ends = (start..end).rev().find(|t| !mark(*t)).is_some_and(|t| tokens[t].is_stop());
    begins && opens && ends && tokens.get(end).is_none_or(|t| !t.is(','))
}

/// The end of the sentence that holds the token before `end`: "..., Delgado told reporters in the rain."
fn rest(scene: &Scene<'_>, end: usize) -> usize {
    let sentence = &scene.segments.sentences[scene.segments.sentence_of(end.max(1) - 1)].tokens;
    sentence.end.max(end)
}

/// Adds a statement to the quotation that it goes on with.
pub(super) fn join(scene: &Scene<'_>, statement: &Statement, last: &mut Said<'_>, quotation: &mut Quotation) {
    for part in &statement.parts {
        quotation.parts.push(scene.segments.span(part.clone()));
        quotation.words.push(words(scene, part.clone()));
        mentioned(scene, part, &mut quotation.mentioned);
    }
    last.tokens.end = last.tokens.end.max(statement.end());
    let sentence = scene.segments.sentence_of(statement.end().max(1) - 1);
    last.last_paragraph = scene.segments.sentences[sentence].paragraph;
}
