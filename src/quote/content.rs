//! What each cue introduces: the words before it, after it, or on both sides of it.

use super::{
    View, alone,
    clause::{self, Clause},
    extent::{all_quoted, any_quoted, has_finite, maybe_finite, trim_end},
    frames::{according, as_said, postposed, preposed, told},
    nested::{NEAR, drop_nested},
    opening::{Open, Opening, opening, subjectish},
    passive::passive,
    sentences::sentences,
    speech,
};
use crate::{
    gazetteer::{Flags, Strength, That},
    model::{Ending, EntityType, Statement, Zone},
    token::{Kind, Shape},
};
use std::{collections::HashMap, ops::Range};

/// Adds the statements of a paragraph.
pub(super) fn paragraph(view: &View<'_>, number: usize, out: &mut Vec<Statement>) {
    let first = out.len();
    if transcript(view, number, out) {
        return;
    }
    if let Some(found) = alone::find(view, number) {
        out.push(found);
        return;
    }
    let sentences = sentences(view, number);
    for (n, sentence) in sentences.iter().enumerate() {
        if view.has_plenty(out.len(), sentence.start) {
            continue;
        }
        let before = out.len();
        let clauses = clause::find(view, sentence.clone());
        let mut floor = sentence.start;
        for i in 0..clauses.len() {
            read(view, number, sentence, &clauses, i, &mut floor, out);
        }
        drop_nested(view, before, out);
        if before == out.len() && n > 0 {
            join_next(view, sentence, &sentences[n - 1], &mut out[first..]);
        }
    }
}

/// A sentence that is nothing but a quotation goes on with the one before it: "Q," S V. "Q."
fn join_next(view: &View<'_>, sentence: &Range<usize>, before: &Range<usize>, found: &mut [Statement]) {
    let tokens = &view.segments.tokens;
    let quoted = view.inside[sentence.clone()].iter().find(|stretch| **stretch > 0);
    let Some(stretch) = quoted.map(|stretch| &view.stretches[*stretch as usize - 1]) else { return };
    // "Then, "I left.""
    let small = |t: usize| t < sentence.start + 2 && view.gazetteer.lexicon.is(&tokens[t], Flags::ADV | Flags::CCONJ);
    let quoted = sentence.clone().all(|t| view.inside[t] > 0 || !tokens[t].is_word() || small(t));
    // ""Some doubt it, but most do not" any more.": what begins in marks goes on to the end of the sentence.
    let opens = stretch.start() == sentence.start && has_finite(view, &stretch.inner) && !speech::named(view, stretch);
    let part = if quoted {
        stretch.start()..stretch.end()
    } else if opens {
        let aside = tokens[stretch.end() - 2].is(',');
        stretch.start()..if aside { stretch.end() } else { trim_end(view, stretch.end(), sentence.end) }
    } else {
        return;
    };
    // Back over what was only mentioned beside the quotation: "Q," he said, referring to X. "Q."
    let last = found.iter_mut().rev().take(3).find(|s| {
        // The first and the last part stand for all: there may be many.
        let ends = || s.parts.first().into_iter().chain(s.parts.last());
        let direct = ends().all(|p| all_quoted(view, p));
        // Behind a clause that closes its sentence the quotation goes on, whatever stood before it.
        let closed = s.end() <= s.cue.start && ends().any(|p| any_quoted(view, p));
        let end = s.end().max(s.clause.end);
        (direct || closed) && end <= sentence.start && before.start < end && s.frame != "participle"
    });
    if let Some(last) = last {
        last.clause.end = last.clause.end.max(sentence.end);
        last.parts.push(part);
    }
}

/// "Delgado: No deal today." - a speaker at the start of a paragraph and a colon.
fn transcript(view: &View<'_>, number: usize, out: &mut Vec<Statement>) -> bool {
    let part = &view.segments.paragraphs[number];
    let Some(subject) = label(view, number) else { return false };
    let colon = subject.end;
    let named = view
        .names
        .mention_at(colon - 1)
        .is_some_and(|m| view.names.tokens[m].end == colon && view.names.mentions[m].kind == EntityType::Person);
    let title = part.part.zone() == Some(Zone::Title);
    // "Storm: No talks": in a headline the surname of somebody whom the article names is one, whatever else it means.
    let named = named || title && subject.len() == 1 && surname(view, subject.start);
    let content = colon + 1..trim_end(view, colon + 1, part.tokens.end);
    let quoted = view.inside.get(colon + 1).is_some_and(|i| *i > 0);
    // "Gates: "10:30""
    let silent = view.stretch(colon + 1).is_some_and(|s| !s.inner.clone().any(|t| view.segments.tokens[t].is_word()));
    if content.is_empty()
        || quoted && silent
        || !named && !view.turns[number]
        || named && !quoted && !title && !has_finite(view, &content)
    {
        return false;
    }
    let parts = match view.stretch(colon + 1).filter(|_| quoted) {
        Some(stretch) => vec![stretch.start()..stretch.end()],
        None => vec![content],
    };
    out.push(Statement {
        parts,
        cue: colon..colon + 1,
        cue_number: None,
        cue_rate: -1.0,
        clause: subject.start..colon + 1,
        subject,
        addressee: 0..0,
        frame: if title { "headline colon" } else { "transcript" },
        confidence: if quoted { 0.85 } else { 0.7 },
        paragraph: number,
        floating: false,
        ending: Ending::default(),
    });
    true
}

/// Whether a capitalized word is the last name of one person of the article.
fn surname(view: &View<'_>, at: usize) -> bool {
    let token = &view.segments.tokens[at];
    let word = view.segments.word(at);
    let people = view.names.entities.iter().filter(|e| e.kind == EntityType::Person);
    let full = people.filter(|e| e.name.split_whitespace().count() > 1);
    let same = full.filter(|e| e.name.split_whitespace().next_back() == Some(word));
    token.is_word() && token.is_capitalized() && same.count() == 1
}

/// The words before a colon near the start of a paragraph, if they can name who speaks.
fn label(view: &View<'_>, number: usize) -> Option<Range<usize>> {
    let tokens = &view.segments.tokens;
    let range = view.segments.paragraphs[number].tokens.clone();
    let colon = range.clone().take(9).find(|t| tokens[*t].is(':'))?;
    let subject = range.start..colon;
    let lexicon = &view.gazetteer.lexicon;
    let verb = subject.clone().any(|t| lexicon.is(&tokens[t], Flags::AUX | Flags::CUE) && !tokens[t].is_capitalized());
    (!subject.is_empty() && !verb && !any_quoted(view, &subject)).then_some(subject)
}

/// Which paragraphs are turns of an interview or a transcript: their label, capitalized and at most four words long,
/// stands before another paragraph too, and a different one as well.
pub(super) fn turns(view: &View<'_>) -> Vec<bool> {
    let tokens = &view.segments.tokens;
    let labels: Vec<Option<&str>> = (0..view.segments.paragraphs.len())
        .map(|n| {
            let range = label(view, n)?;
            let short = range.len() <= 4
                && range.clone().all(|t| tokens[t].is_capitalized() || tokens[t].is('-') || tokens[t].is('.'));
            short.then(|| view.segments.span(range).of(&view.segments.text))
        })
        .collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for label in labels.iter().flatten() {
        *counts.entry(label).or_default() += 1;
    }
    let turn = |label: &str| counts.len() > 1 && counts.get(label).is_some_and(|count| *count > 1);
    labels.iter().map(|label| label.is_some_and(turn)).collect()
}

fn read(
    view: &View<'_>,
    number: usize,
    sentence: &Range<usize>,
    clauses: &[Clause],
    i: usize,
    floor: &mut usize,
    out: &mut Vec<Statement>,
) {
    let clause = &clauses[i];
    let found = if !clause.object.is_empty() {
        Some(passive(view, sentence, clauses, i))
    } else if clause.according {
        according(view, sentence, clauses, i)
    } else if put_it(view, sentence, clause) {
        region_before(view, clauses, i, *floor, true).map(|before| postposed(view, sentence, clauses, i, before))
    } else if let Some(start) = comparison(view, sentence, clause) {
        as_said(view, sentence, clauses, i, start)
    } else {
        let after = opening(view, clause, sentence.end);
        let before = region_before(view, clauses, i, *floor, after.is_none());
        let beside = before.as_ref().is_some_and(|b| view.inside[b.end - 1] > 0);
        match (before, after) {
            // A mark right before the clause: "Q," S V ...
            (Some(before), after)
                if beside && !clause.inherited && governs_left(view, &before, after.as_ref(), i > 0) =>
            {
                Some(postposed(view, sentence, clauses, i, before))
            }
            // "Clinton, an aide said, "is very confident"": the clause stands between subject and verb.
            // What is "added" or "explained" behind a comma is what follows, though.
            (Some(before), Some(after))
                if after.comma
                    && after.kind == Open::Quote
                    && inserted(view, after.start)
                    && !(clause.inherited && beside) =>
            {
                Some(postposed(view, sentence, clauses, i, before))
            }
            // "This is not about tolls, Ruiz told his aides as he left.": what follows is when, not what.
            (Some(before), Some(after)) if circumstance(view, &after, sentence.end) && has_finite(view, &before) => {
                Some(postposed(view, sentence, clauses, i, before))
            }
            (before, Some(after)) => {
                let bare = after.kind == Open::Bare;
                let found = preposed(view, sentence, clauses, i, after);
                // "If it rains, Ruiz said the boats would stay": the condition is part of what is said.
                let condition = before.filter(|b| bare && !clause.inherited && conditional(view, b));
                found.map(|mut statement| {
                    if let Some(condition) = condition {
                        statement.parts.insert(0, condition);
                        statement.frame = "split clause";
                    }
                    statement
                })
            }
            (Some(before), None) => {
                let cue = clause.cue_of(view);
                let firm = cue.strength >= Strength::Medium && !clause.inherited;
                let end = told(view, clause, sentence.end);
                let comma = view.segments.tokens.get(end).is_some_and(|t| t.is(','));
                let goes_on = comma && end + 2 < sentence.end && predicate(view, end + 1, sentence.end);
                let headline =
                    view.segments.sentences[view.segments.sentence_of(before.start)].number == 0 && before.len() > 3;
                let quoted = any_quoted(view, &before);
                let fits = firm
                    && (quoted || closes(view, clause, sentence.end) && (goes_on || !adjunct(view, &before)))
                    && (maybe_finite(view, &before)
                        || headline
                        || has_finite(view, &before)
                        || quoted
                        || goes_on && cue.strength == Strength::Strong
                        || last_word(view, clause, end, sentence.end) && before.len() > 4);
                fits.then(|| postposed(view, sentence, clauses, i, before))
            }
            (None, None) => None,
        }
    };
    let Some(mut statement) = found else { return };
    // "Ruiz said that" and nothing more.
    let empty = !statement.parts.iter().flat_map(Clone::clone).any(|t| {
        let token = &view.segments.tokens[t];
        matches!(token.kind, Kind::Word | Kind::Number) && !view.gazetteer.lexicon.is(token, Flags::THAT)
    });
    if empty {
        return;
    }
    statement.paragraph = number;
    if statement.end() <= clause.start || statement.frame.starts_with("split") {
        *floor = clause.end.max(statement.end());
    }
    let mut near = out.iter().rev().take(NEAR).take_while(|other| other.paragraph == number);
    let clash = near.any(|other| {
        let quoted = |s: &Statement| s.parts.iter().all(|p| all_quoted(view, p));
        quoted(other)
            && quoted(&statement)
            && other.parts.iter().any(|p| statement.parts.iter().any(|q| p.start < q.end && q.start < p.end))
    });
    if !clash {
        out.push(statement);
    }
}

/// Whether a clause right behind a mark takes what stands before it, and not the clause that follows.
fn governs_left(view: &View<'_>, before: &Range<usize>, after: Option<&Opening>, earlier: bool) -> bool {
    match after.map(|a| a.kind) {
        Some(Open::Colon) => false,
        // "admitted that they had "been friends," he claimed they had not": the words flow into the mark from a clause
        // before, and this clause begins anew.
        Some(Open::That | Open::Bare) => {
            let flows = view.stretch(before.end - 1).and_then(|s| s.start().checked_sub(1));
            let flows = flows.is_some_and(|t| view.inside[t] == 0 && view.segments.tokens[t].is_word());
            all_quoted(view, before) && !(flows && earlier)
        }
        // ""It is over." He added, "I left."": a full stop closes the one, a comma opens the other.
        Some(Open::Quote) if after.is_some_and(|a| a.comma && !inserted(view, a.start)) => {
            // "Remarking on the "mess," Brandt said, "Leave it."": what leads to the clause is nothing that is said.
            let first = &view.segments.tokens[before.start];
            let leads = view.gazetteer.lexicon.is(first, Flags::VERB_ING | Flags::PREP)
                && !all_quoted(view, before)
                && !has_finite(view, before);
            !leads && !before.end.checked_sub(2).is_some_and(|t| view.segments.tokens[t].is('.'))
        }
        // "On "The Morning Hour," Ruiz praised the crew": a title is no speech.
        Some(Open::Object | Open::To) => {
            view.stretch(before.end - 1).is_none_or(|s| has_finite(view, &s.inner) || s.inner.len() > 6)
        }
        _ => true,
    }
}

/// Whether a clause behind unquoted words can be their attribution: its verb takes clauses, its subject can speak and is
/// no relative, and neither an object nor an infinitive follows.
fn closes(view: &View<'_>, clause: &Clause, limit: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let first = clause.subject.start;
    let relative = |t: usize| lexicon.is(&tokens[t], Flags::WHO | Flags::THAT) && view.names.mention_at(t).is_none();
    if clause.cue_of(view).that == That::Never
        || !subjectish(view, clause)
        || relative(first)
        || !clause.inverted && first > 0 && relative(first - 1)
        || !clause.inverted && (clause.subject.end..clause.cue.start).any(relative)
    {
        return false;
    }
    if clause.inverted {
        return true;
    }
    let at = told(view, clause, limit);
    let Some(token) = tokens.get(at).filter(|_| at < limit) else { return true };
    // "said during a speech to be a delegate": behind a circumstance the infinitive is not what is said.
    let circumstance = (clause.end..at).any(|t| lexicon.is(&tokens[t], Flags::PREP));
    let infinitive = !circumstance
        && lexicon.is(token, Flags::TO)
        && tokens.get(at + 1).is_some_and(|t| lexicon.is(t, Flags::VERB_BASE));
    let small = Flags::PREP | Flags::ADV | Flags::DAY | Flags::WHEN | Flags::SCONJ | Flags::CCONJ | Flags::WH;
    !infinitive && (!token.is_word() || view.inside[at] > 0 || lexicon.is(token, small))
}

/// Whether a verb that hardly does anything but report ends a sentence: then what stands before it is said, even where
/// no form of it is surely a finite verb.
fn last_word(view: &View<'_>, clause: &Clause, at: usize, end: usize) -> bool {
    let sure = clause.cue_of(view).rate_of(clause.form) >= 0.7;
    sure && (at >= end || view.segments.tokens[at].is_stop())
}

/// Whether words before a clause are only its time or reason: "When the dam broke, Ruiz said".
fn adjunct(view: &View<'_>, before: &Range<usize>) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let Some(first) = before.clone().find(|t| !lexicon.is(&tokens[*t], Flags::CCONJ)) else { return false };
    let commas = (first..before.end).any(|t| tokens[t].is(','));
    // "About 270 people have come": a preposition before an amount is none.
    let amount = first + 1 < before.end
        && (tokens[first + 1].kind == Kind::Number || lexicon.is(&tokens[first + 1], Flags::NUM))
        && lexicon.is(&tokens[first], Flags::ADV)
        && has_finite(view, before);
    // "Seeing the water led him to leave": a gerund as subject.
    let gerund = lexicon.is(&tokens[first], Flags::VERB_ING) && has_finite(view, before);
    lexicon.is(&tokens[first], Flags::SCONJ | Flags::PREP) && !commas && !amount && !gerund
}

/// "It was, as Ruiz put it, "a long night"": a verb of its own construction, between commas.
fn put_it(view: &View<'_>, sentence: &Range<usize>, clause: &Clause) -> bool {
    let tokens = &view.segments.tokens;
    let lead = clause.start.checked_sub(1).filter(|l| *l > sentence.start);
    let as_s = lead.is_some_and(|l| view.gazetteer.lexicon.is(&tokens[l], Flags::AS) && tokens[l - 1].is(','));
    as_s && clause.cue_of(view).strength == Strength::Frame && tokens.get(clause.end).is_some_and(|t| t.is(','))
}

/// "As Ruiz noted, Q": where the content behind the comma begins.
fn comparison(view: &View<'_>, sentence: &Range<usize>, clause: &Clause) -> Option<usize> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let lead = clause.start.checked_sub(1).filter(|l| *l >= sentence.start)?;
    let first = (sentence.start..lead).all(|t| lexicon.is(&tokens[t], Flags::CCONJ) || !tokens[t].is_word());
    let strong = clause.cue_of(view).strength >= Strength::Medium && !clause.inherited;
    let next = clause.end + 1;
    (lexicon.is(&tokens[lead], Flags::AS) && first && strong && next < sentence.end && tokens[clause.end].is(','))
        .then_some(next)
}

/// Whether words before a clause begin with "if" or the like.
fn conditional(view: &View<'_>, before: &Range<usize>) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let first = before.clone().find(|t| !lexicon.is(&view.segments.tokens[*t], Flags::CCONJ | Flags::ADV));
    first.is_some_and(|t| lexicon.is(&view.segments.tokens[t], Flags::CONDITION)) && !any_quoted(view, before)
}

/// Whether what opens behind a cue tells only when or why, to the end of the sentence.
fn circumstance(view: &View<'_>, after: &Opening, end: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    after.kind == Open::Bare
        && lexicon.is(&tokens[after.start], Flags::SCONJ)
        && !lexicon.is(&tokens[after.start], Flags::IF | Flags::THAT)
        && (after.start..end).all(|t| view.inside[t] == 0)
}

/// Whether what stands behind a clause can go on with a subject before it: with a finite verb, or a form that can be one
/// as its first word.
fn predicate(view: &View<'_>, at: usize, end: usize) -> bool {
    let first = &view.segments.tokens[at];
    let verb = view.gazetteer.lexicon.is(first, Flags::VERB_S | Flags::VERB_PAST) && first.shape == Shape::Lower;
    verb || has_finite(view, &(at..end)) || maybe_finite(view, &(at..end))
}

/// Whether a quotation that goes on behind a clause begins in mid-sentence.
fn inserted(view: &View<'_>, mark: usize) -> bool {
    let first = view.segments.tokens.get(mark + 1);
    first.is_some_and(|t| t.is_word() && t.shape == Shape::Lower)
}

/// A statement of a clause, with the confidence of its frame and cue.
pub(super) fn statement(
    view: &View<'_>,
    clause: &Clause,
    parts: Vec<Range<usize>>,
    frame: &'static str,
    confidence: f32,
) -> Statement {
    let cue = clause.cue_of(view);
    let strength = match cue.strength {
        Strength::Strong => 1.0,
        Strength::Medium => 0.93,
        _ => 0.8,
    };
    let rare = if (0.0..0.3).contains(&cue.rate) { 0.85 } else { 1.0 };
    let denied = if clause.negated { 0.7 } else { 1.0 };
    Statement {
        parts,
        cue: clause.cue.clone(),
        cue_number: Some(clause.number),
        cue_rate: cue.rate_of(clause.form),
        subject: clause.subject.clone(),
        addressee: 0..0,
        clause: clause.start..clause.end,
        frame,
        confidence: confidence * strength * rare * denied,
        paragraph: 0,
        floating: false,
        ending: Ending::default(),
    }
}

/// The words before a clause that it can introduce: up to a comma or a closing mark right before it.
fn region_before(view: &View<'_>, clauses: &[Clause], i: usize, floor: usize, last_word: bool) -> Option<Range<usize>> {
    let clause = &clauses[i];
    let tokens = &view.segments.tokens;
    let mut last = clause.start.checked_sub(1).filter(|l| *l >= floor)?;
    if last > floor && view.gazetteer.lexicon.is(&tokens[last], Flags::AS) && tokens[last - 1].is(',') {
        last -= 1;
    }
    let quoted = view.inside[last] > 0 || tokens[last].is(',') && last > floor && view.inside[last - 1] > 0;
    let stopped = tokens[last].is(',') || tokens[last].is_dash();
    if !quoted && !stopped {
        return None;
    }
    let end = if view.inside[last] > 0 { last + 1 } else { last };
    // ""Harbour Nights" star Mira Delgado said": a title before a noun, with nothing to close a quotation.
    let title = view
        .stretch(last)
        .is_some_and(|s| s.close == Some(last) && tokens[s.inner.end - 1].is_word() && speech::title_case(view, s));
    if title {
        return None;
    }
    let previous = clauses[..i].iter().rev().find(|c| !c.according && c.end > floor);
    let start = match previous {
        // Behind another clause, what stands in marks is this one's; a clause that has the last word governs all.
        Some(previous) if quoted => view.stretch(end - 1)?.start().max(previous.end),
        Some(_) if !last_word || clause.inherited => return None,
        _ => floor,
    };
    // A stretch that ends here may have begun in a sentence of its own.
    (start < end).then_some(start..end)
}
