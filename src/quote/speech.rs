//! Speech or not: scare quotes, titles of works, nicknames, words as words, slogans.

use super::View;
use crate::{
    gazetteer::{Flags, PhraseKind},
    model::Stretch,
};

/// Whether a stretch that nothing attributes can be speech by itself.
pub(super) fn is_speech(view: &View<'_>, stretch: &Stretch) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let tokens = &view.segments.tokens[stretch.inner.clone()];
    if named(view, stretch) {
        return false;
    }
    // "Songs of the Harbour," "The Long Tide.": the capitals of a title, unless somebody shouts.
    let shouted = tokens.iter().any(|t| t.is('!') || t.is('?'));
    let alone = stretch.start() == view.segments.paragraphs[stretch.paragraph].tokens.start;
    if !shouted && !alone && title_case(view, stretch) {
        return false;
    }
    let words = tokens.iter().filter(|t| t.is_word()).count();
    let finite = tokens
        .iter()
        .any(|t| lexicon.is(t, Flags::AUX | Flags::VERB_PAST | Flags::VERB_S) || lexicon.is(t, Flags::PRON_SPEECH));
    let stopped = tokens.last().is_some_and(|t| t.is(',') || t.is_stop());
    let capital = tokens.first().is_some_and(|t| t.is_capitalized());
    match words {
        0 => false,
        1..=3 => stopped && capital && finite,
        _ => capital && (stopped || finite && words > 5),
    }
}

/// Whether all words of a stretch but small ones are capitalized.
pub(super) fn title_case(view: &View<'_>, stretch: &Stretch) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let tokens = view.segments.tokens[stretch.inner.clone()].iter();
    let small = Flags::DET | Flags::PREP | Flags::CCONJ;
    let mut words = tokens.filter(|t| t.is_word() && !lexicon.is(t, Flags::PRON_SPEECH));
    words.all(|t| t.is_capitalized() || lexicon.is(t, small))
}

/// Whether the words before a stretch show that it names something: a title, a nickname, a word as a word, a sign.
pub(super) fn named(view: &View<'_>, stretch: &Stretch) -> bool {
    if nickname(view, stretch) {
        return true;
    }
    let start = stretch.start();
    let paragraph = view.segments.paragraphs[stretch.paragraph].tokens.start;
    let lexicon = &view.gazetteer.lexicon;
    let tokens = &view.segments.tokens;
    (paragraph.max(start.saturating_sub(4))..start).any(|at| {
        let mut hit = false;
        lexicon.phrases_at(&tokens[at..start], |length, phrase| {
            hit |= at + length == start
                && phrase.kind == PhraseKind::Context
                && is_naming(&lexicon.contexts[phrase.index as usize]);
        });
        hit
    })
}

/// "Karl "The Rock" Brandt": a few words between parts of a name.
pub(super) fn nickname(view: &View<'_>, stretch: &Stretch) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let tokens = &view.segments.tokens;
    let paragraph = view.segments.paragraphs[stretch.paragraph].tokens.start;
    let (before, after) = (stretch.start().checked_sub(1).filter(|b| *b >= paragraph), stretch.end());
    let given =
        before.is_some_and(|b| tokens[b].is_capitalized() && lexicon.is(&tokens[b], Flags::GIVEN | Flags::IN_PERSON));
    let surname = tokens.get(after).is_some_and(|t| t.is_capitalized() && !t.is_double());
    let closed = tokens[stretch.inner.clone()].last().is_some_and(|t| t.is(',') || t.is_stop());
    stretch.inner.len() <= 4 && given && surname && !closed
}

fn is_naming(kind: &str) -> bool {
    ["title", "name", "word", "scare", "sign"].contains(&kind)
}
