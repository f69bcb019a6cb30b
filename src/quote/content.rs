//! What each cue introduces: the words before it, after it, or on both sides of it.

use super::{
    View,
    clause::{self, Clause},
    phrase, speech,
};
use crate::{
    gazetteer::{CueKind, Flags, Sense, Strength, That},
    model::{Statement, Zone},
    token::{Kind, Shape},
};
use std::ops::Range;

/// Longest way from a cue to its content, in tokens: addressee, medium, time.
const REACH: usize = 26;

/// Adds the statements of a paragraph.
pub(super) fn paragraph(view: &View<'_>, number: usize, out: &mut Vec<Statement>) {
    let first = out.len();
    if transcript(view, number, out) {
        return;
    }
    for sentence in view.sentences(number) {
        let before = out.len();
        let clauses = clause::find(view, sentence.clone());
        let mut floor = sentence.start;
        for i in 0..clauses.len() {
            read(view, number, &sentence, &clauses, i, &mut floor, out);
        }
        if before == out.len() {
            // Back over what was only mentioned beside the quotation: "Q," he said, referring to X. "Q."
            let quoted = out[first..].iter_mut().rev().take(3).find(|s| s.parts.iter().any(|p| any_quoted(view, p)));
            if let Some(last) = quoted {
                join_next(view, &sentence, last);
            }
        }
    }
}

/// A sentence that is nothing but a quotation goes on with the one before it: "Q," S V. "Q."
fn join_next(view: &View<'_>, sentence: &Range<usize>, last: &mut Statement) {
    let quoted = sentence.clone().all(|t| view.inside[t] > 0 || !view.segments.tokens[t].is_word());
    let follows = last.end().max(last.clause.end) <= sentence.start;
    // Behind a clause that closes its sentence the quotation goes on, whatever stood before it.
    let direct = last.end() <= last.cue.start || last.parts.iter().all(|p| all_quoted(view, p));
    let stretch = sentence.clone().find_map(|t| view.stretch(t));
    let adjacent = view.sentences(view.segments.sentences[view.segments.sentence_of(sentence.start)].paragraph);
    let before = adjacent.iter().filter(|s| s.end <= sentence.start).next_back();
    let next_to = before.is_some_and(|b| b.start < last.end().max(last.clause.end));
    if let Some(stretch) = stretch.filter(|_| quoted && follows && direct && next_to && last.frame != "participle") {
        last.clause.end = last.clause.end.max(sentence.end);
        last.parts.push(stretch.start()..stretch.end());
    }
}

pub(super) fn all_quoted(view: &View<'_>, range: &Range<usize>) -> bool {
    range.clone().all(|t| view.inside[t] > 0 || !matches!(view.segments.tokens[t].kind, Kind::Word | Kind::Number))
}

fn any_quoted(view: &View<'_>, range: &Range<usize>) -> bool {
    range.clone().any(|t| view.inside[t] > 0)
}

/// "Delgado: No deal today." - a speaker at the start of a paragraph and a colon.
fn transcript(view: &View<'_>, number: usize, out: &mut Vec<Statement>) -> bool {
    let part = &view.segments.paragraphs[number];
    let tokens = &view.segments.tokens;
    let range = part.tokens.clone();
    let Some(colon) = range.clone().take(9).find(|t| tokens[*t].is(':')) else { return false };
    let subject = range.start..colon;
    let lexicon = &view.gazetteer.lexicon;
    let verb = subject.clone().any(|t| lexicon.is(&tokens[t], Flags::AUX | Flags::CUE) && !tokens[t].is_capitalized());
    let named = view.names.mention_at(colon.saturating_sub(1)).is_some_and(|m| {
        view.names.tokens[m].end == colon && view.names.mentions[m].kind == crate::model::EntityType::Person
    });
    let content = colon + 1..trim_end(view, colon + 1, range.end);
    if subject.is_empty() || verb || !named || content.len() < 2 || any_quoted(view, &subject) {
        return false;
    }
    let quoted = view.inside.get(colon + 1).is_some_and(|i| *i > 0);
    let title = part.part.zone() == Some(Zone::Title);
    if !quoted && !title && !has_finite(view, &content) {
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
        clause: subject.start..colon + 1,
        subject,
        addressee: 0..0,
        frame: if title { "headline colon" } else { "transcript" },
        confidence: if quoted { 0.85 } else { 0.7 },
        paragraph: number,
        floating: false,
    });
    true
}

fn read(view: &View<'_>, number: usize, sentence: &Range<usize>, clauses: &[Clause], i: usize, floor: &mut usize, out: &mut Vec<Statement>) {
    let clause = &clauses[i];
    let found = if clause.according {
        according(view, sentence, clauses, i)
    } else {
        let after = opening(view, clause, sentence.end);
        let before = region_before(view, clauses, i, *floor, after.is_none());
        let beside = before.as_ref().is_some_and(|b| view.inside[b.end - 1] > 0);
        match (before, after) {
            // A mark right before the clause: "Q," S V ...
            (Some(before), after) if beside && governs_left(view, &before, after.as_ref()) => {
                Some(postposed(view, sentence, clauses, i, before, after))
            }
            // "Clinton, an aide said, "is very confident"": the clause stands between subject and verb.
            (Some(before), Some(after)) if after.comma && after.kind == Open::Quote && inserted(view, &before, after.start) => {
                Some(postposed(view, sentence, clauses, i, before, Some(after)))
            }
            (_, Some(after)) => preposed(view, sentence, clauses, i, after),
            (Some(before), None) => {
                let cue = clause.cue_of(view);
                let firm = cue.strength >= Strength::Medium && !clause.inherited;
                let comma = view.segments.tokens.get(clause.end).is_some_and(|t| t.is(','));
                let goes_on = comma && clause.end + 2 < sentence.end && has_finite(view, &(clause.end + 1..sentence.end));
                let fits = firm && (has_finite(view, &before) || any_quoted(view, &before) || goes_on && cue.strength == Strength::Strong);
                fits.then(|| postposed(view, sentence, clauses, i, before, None))
            }
            (None, None) => None,
        }
    };
    let Some(mut statement) = found else { return };
    statement.paragraph = number;
    if statement.end() <= clause.start || statement.frame.starts_with("split") {
        *floor = clause.end.max(statement.end());
    }
    let clash = out.iter().any(|other| {
        let quoted = |s: &Statement| s.parts.iter().all(|p| all_quoted(view, p));
        quoted(other) && quoted(&statement) && other.parts.iter().any(|p| statement.parts.iter().any(|q| p.start < q.end && q.start < p.end))
    });
    if !clash {
        out.push(statement);
    }
}

/// Whether a clause right behind a mark takes what stands before it, and not the clause that follows.
fn governs_left(view: &View<'_>, before: &Range<usize>, after: Option<&Opening>) -> bool {
    match after.map(|a| a.kind) {
        Some(Open::Colon) => false,
        Some(Open::That | Open::Bare) => all_quoted(view, before),
        _ => true,
    }
}

/// Whether a quotation that goes on behind a clause begins in mid-sentence, and no verb stands before the clause.
fn inserted(view: &View<'_>, before: &Range<usize>, mark: usize) -> bool {
    let first = view.segments.tokens.get(mark + 1);
    first.is_some_and(|t| t.is_word() && t.shape == Shape::Lower) && !has_finite(view, before)
}

fn statement(view: &View<'_>, clause: &Clause, parts: Vec<Range<usize>>, frame: &'static str, confidence: f32) -> Statement {
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
        subject: clause.subject.clone(),
        addressee: 0..0,
        clause: clause.start..clause.end,
        frame,
        confidence: confidence * strength * rare * denied,
        paragraph: 0,
        floating: false,
    }
}

/// The words before a clause that it can introduce: up to a comma or a closing mark right before it.
fn region_before(view: &View<'_>, clauses: &[Clause], i: usize, floor: usize, last_word: bool) -> Option<Range<usize>> {
    let clause = &clauses[i];
    let tokens = &view.segments.tokens;
    let last = clause.start.checked_sub(1).filter(|l| *l >= floor)?;
    let quoted = view.inside[last] > 0 || tokens[last].is(',') && last > floor && view.inside[last - 1] > 0;
    let stopped = tokens[last].is(',') || tokens[last].is_dash();
    if !quoted && !stopped {
        return None;
    }
    let end = if view.inside[last] > 0 { last + 1 } else { last };
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

/// "Q," S V - and "Q1," S V, "Q2".
fn postposed(
    view: &View<'_>,
    sentence: &Range<usize>,
    clauses: &[Clause],
    i: usize,
    before: Range<usize>,
    after: Option<Opening>,
) -> Statement {
    let clause = &clauses[i];
    let tokens = &view.segments.tokens;
    let direct = all_quoted(view, &before);
    let mut before = before;
    if let Some(stretch) = view.stretch(before.end - 1).filter(|_| !direct) {
        // Narration in front of a whole quoted sentence is no part of it: He paused. / At noon, "We stay," he said.
        let whole = tokens[stretch.inner.start].is_capitalized() && stretch.inner.len() > 3 && has_finite(view, &stretch.inner);
        let link = stretch.start() > before.start && (tokens[stretch.start() - 1].is(':') || tokens[stretch.start() - 1].is(','));
        if whole && link && !has_that(view, &(before.start..stretch.start())) {
            before.start = stretch.start();
        }
    }
    let finite = has_finite(view, &before);
    let mut parts = vec![before.clone()];
    let limit = clauses.get(i + 1).filter(|c| !c.according).map_or(sentence.end, |c| c.start.min(sentence.end));
    let mut end = clause.end;
    let next = next_stretch(view, clause.end, limit);
    let quoted = any_quoted(view, &before);
    let comma = tokens.get(clause.end).is_some_and(|t| t.is(',') || t.is_dash()) && clause.end < limit;
    match next {
        Some(at) if at - clause.end <= REACH && (quoted || at - clause.end <= 2) => {
            let stretch = view.stretch(at).map_or(at + 1..at + 1, |s| s.start()..s.end());
            let lower = tokens.get(stretch.start + 1).is_some_and(|t| t.shape == Shape::Lower);
            let runs_on = !direct && !finite || lower && !all_quoted(view, &(stretch.end..limit)) && !direct;
            let part_end = if runs_on { content_end(view, stretch.start, sentence, clauses, i, false) } else { stretch.end };
            parts.push(stretch.start..part_end.max(stretch.end));
            end = stretch.start;
        }
        // "The second pump, the engineer said, had never worked."
        None if comma && !direct && clause.end + 2 < limit => {
            let rest = clause.end + 1..content_end(view, clause.end + 1, sentence, clauses, i, false).min(limit);
            let first = &tokens[rest.start];
            let aside = view.gazetteer.lexicon.is(first, Flags::VERB_ING | Flags::WHO) && !first.is_capitalized();
            if !aside && rest.start < rest.end && (!finite || rest.len() > 2) {
                parts.push(rest);
            }
        }
        _ => {}
    }
    let _ = after;
    let frame = match (parts.len(), direct, clause.inverted) {
        (1, true, false) => "quote, speaker, verb",
        (1, true, true) => "quote, verb, speaker",
        (1, false, _) => "clause, speaker, verb",
        (_, true, _) => "split quote",
        (_, false, _) => "split clause",
    };
    let confidence = if direct { 0.97 } else if quoted { 0.88 } else { 0.82 };
    let mut found = statement(view, clause, parts, frame, confidence);
    found.clause = clause.start..end.max(clause.end);
    if !direct && next.is_none() {
        found.clause.end = sentence.end;
    }
    found
}

/// The first stretch behind a clause that a comma, a colon or a stop introduces, and that names nothing.
fn next_stretch(view: &View<'_>, from: usize, limit: usize) -> Option<usize> {
    let tokens = &view.segments.tokens;
    let mut at = from;
    while at < limit {
        let Some(stretch) = view.stretch(at) else {
            at += 1;
            continue;
        };
        let before = &tokens[at.saturating_sub(1)];
        let introduced = at == from || before.is(',') || before.is(':') || before.is_stop() || before.is_dash() || view.segments.word(at - 1).ends_with('.');
        if introduced && !speech::named(view, stretch) {
            return Some(at);
        }
        at = stretch.end().max(at + 1);
    }
    None
}

/// How a cue opens its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Quote,
    Colon,
    That,
    Bare,
    To,
    Object,
}

#[derive(Clone, Debug)]
struct Opening {
    start: usize,
    kind: Open,
    addressee: Range<usize>,
    /// A comma stands before the mark.
    comma: bool,
}

/// Where the content after a clause begins.
fn opening(view: &View<'_>, clause: &Clause, limit: usize) -> Option<Opening> {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let cue = clause.cue_of(view);
    let mut at = clause.end;
    let mut addressee = 0..0;
    let found = |start: usize, kind: Open, addressee: Range<usize>, comma: bool| Some(Opening { start, kind, addressee, comma });
    let mut first = true;
    while at < limit && at - clause.end < REACH {
        let token = &tokens[at];
        let flags = lexicon.flags(token.word);
        if view.inside[at] > 0 {
            let comma = at > clause.end && tokens[at - 1].is(',');
            return found(at, Open::Quote, addressee, comma);
        }
        if token.is(':') {
            return if at + 1 < limit { found(at + 1, Open::Colon, addressee, true) } else { None };
        }
        if token.is_stop() || token.is(';') {
            return None;
        }
        if token.is(',') || token.is_dash() {
            if at + 1 < limit && view.inside[at + 1] > 0 {
                return found(at + 1, Open::Quote, addressee, true);
            }
            // "said, in a statement, that ..."
            let close = (at + 1..limit.min(at + 14)).find(|t| tokens[*t].is(','))?;
            let next = close + 1;
            let that = next < limit && (lexicon.is(&tokens[next], Flags::THAT) || view.inside[next] > 0);
            if !that {
                return None;
            }
            at = next;
            continue;
        }
        if flags.contains(Flags::THAT) && cue.that != That::Never {
            return found(at, Open::That, addressee, false);
        }
        let question = matches!(cue.sense, Sense::Ask | Sense::Explain | Sense::Think | Sense::Say | Sense::Inform | Sense::Discuss);
        if flags.contains(Flags::IF) && question && cue.that != That::Never && has_finite(view, &(at + 1..limit.min(at + 14))) {
            return found(at, Open::That, addressee, false);
        }
        if flags.contains(Flags::TO) && at + 1 < limit && lexicon.is(&tokens[at + 1], Flags::VERB_BASE) && cue.takes_to {
            return found(at, Open::To, addressee, false);
        }
        if flags.contains(Flags::NOT) && cue.takes_to && at + 1 < limit && lexicon.is(&tokens[at + 1], Flags::TO) {
            return found(at, Open::To, addressee, false);
        }
        if first && cue.takes_addressee {
            if let Some(to) = phrase::after(view, at, limit) {
                let clause_follows = !cue.needs_addressee && to.end < limit && lexicon.is(&tokens[to.end], Flags::AUX | Flags::VERB_PAST | Flags::VERB_S) && !lexicon.is(&tokens[to.end], Flags::TO);
                // "urged a new cease-fire": without a clause behind it the phrase is the content itself.
                let leads = to.end >= limit || view.inside[to.end] > 0 || !tokens[to.end].is_stop() && !(tokens[to.end].is(',') && !view.inside.get(to.end + 1).is_some_and(|i| *i > 0));
                if !clause_follows && (leads || cue.that == That::Optional) {
                    at = to.end;
                    addressee = to;
                    first = false;
                    continue;
                }
            }
        }
        first = false;
        let small = flags.intersects(Flags::DAY | Flags::WHEN) || flags.contains(Flags::ADV) && !flags.intersects(Flags::DET | Flags::PRON | Flags::PREP | Flags::NOUN | Flags::NUM);
        if small && !subject_starts(view, at, limit) {
            at += 1;
            continue;
        }
        if flags.contains(Flags::PREP) && at == clause.end && cue.takes_preposition && subjectish(view, clause) {
            return found(at, Open::Object, addressee, false);
        }
        if flags.contains(Flags::PREP) && !flags.intersects(Flags::SCONJ | Flags::THAT) {
            let next = after_preposition(view, at, limit);
            if next.is_none() && !clause_starts(view, at, limit) {
                return None;
            }
            if let Some((end, object)) = next {
                if lexicon.is(token, Flags::TO) && (cue.takes_addressee || cue.takes_to_addressee) {
                    addressee = object;
                }
                at = end;
                continue;
            }
        }
        let loose = cue.strength == Strength::Strong && cue.that == That::Optional && loose_clause(view, at, limit);
        if (token.is_word() || token.kind == Kind::Number) && (loose || clause_starts(view, at, limit)) && (cue.that == That::Optional || clause.cue_of(view).kind == CueKind::Phrase) {
            return found(at, Open::Bare, addressee, false);
        }
        if at == clause.end.max(addressee.end) && (cue.takes_as || cue.takes_object) && subjectish(view, clause) {
            return found(at, Open::Object, addressee, false);
        }
        // Other words on the way: a quoted fragment inside the clause still belongs to it.
        let quoted = (at..limit).any(|t| view.inside[t] > 0);
        if quoted && token.is_word() && cue.strength >= Strength::Medium && at - clause.end <= 2 && cue.that != That::Never {
            return found(at, Open::Bare, addressee, false);
        }
        return None;
    }
    None
}

/// Objects are contents only of people and bodies.
fn subjectish(view: &View<'_>, clause: &Clause) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let pronoun = view.segments.tokens[clause.subject.clone()].iter().any(|t| lexicon.is(t, Flags::PRON_SUBJECT));
    pronoun || phrase::speaks(view, &clause.subject)
}

/// One past a prepositional phrase and its object, if what follows can still lead to content.
fn after_preposition(view: &View<'_>, at: usize, limit: usize) -> Option<(usize, Range<usize>)> {
    let object = phrase::after(view, at + 1, limit)?;
    Some((object.end, object))
}

fn subject_starts(view: &View<'_>, at: usize, limit: usize) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    lexicon.is(&view.segments.tokens[at], Flags::DET | Flags::PRON_SUBJECT) && clause_starts(view, at, limit)
}

/// Whether a clause begins at `at`: a noun phrase (or "there", "if") and a finite verb soon after.
fn clause_starts(view: &View<'_>, at: usize, limit: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    if lexicon.is(&tokens[at], Flags::SCONJ | Flags::IF) {
        return has_finite(view, &(at + 1..limit));
    }
    if lexicon.is(&tokens[at], Flags::SO) && at + 1 < limit && !lexicon.is(&tokens[at + 1], Flags::AUX | Flags::VERB_PAST | Flags::VERB_S) {
        return false;
    }
    for t in at + 1..limit.min(at + 16) {
        let token = &tokens[t];
        let flags = lexicon.flags(token.word);
        if token.is_stop() || token.is(';') || token.is(':') {
            return false;
        }
        if view.names.mention_at(t).is_some() || token.is_capitalized() {
            continue;
        }
        if flags.contains(Flags::AUX) || token.kind == Kind::Possessive && t + 1 < limit && lexicon.is(&tokens[t + 1], Flags::VERB_ING | Flags::ADV) {
            return true;
        }
        let verb = flags.intersects(Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_BASE);
        let noun = flags.intersects(Flags::NOUN | Flags::ADJ | Flags::PREP | Flags::DET);
        // A past form that may be a participle counts when a subject stands right before it.
        let after_subject = view.names.mention_at(t - 1).is_some()
            || lexicon.is(&tokens[t - 1], Flags::PRON_SUBJECT | Flags::PRON_SPEECH | Flags::NOUN | Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY | Flags::ADV | Flags::WHO | Flags::OTHER);
        let pronoun = lexicon.is(&tokens[t - 1], Flags::PRON_SUBJECT | Flags::PRON_SPEECH);
        if verb && after_subject && (!noun || pronoun) {
            return true;
        }
    }
    false
}

/// Whether something like a clause begins at `at`: behind "said" a few words with a form that can be a verb are one.
fn loose_clause(view: &View<'_>, at: usize, limit: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let words = tokens[at..limit].iter().filter(|t| t.is_word()).count();
    let opens = !lexicon.is(&tokens[at], Flags::SO | Flags::PREP | Flags::CCONJ | Flags::INTJ);
    let verb = |t: usize| lexicon.is(&tokens[t], Flags::VERB_S | Flags::VERB_PAST | Flags::VERB_BASE | Flags::AUX) && !lexicon.is(&tokens[t - 1], Flags::DET | Flags::PREP | Flags::ADJ);
    words >= 4 && opens && (at + 1..limit.min(at + 14)).any(verb)
}

/// S V "Q" / S V: Q / S V that Q / S V Q.
fn preposed(view: &View<'_>, sentence: &Range<usize>, clauses: &[Clause], i: usize, after: Opening) -> Option<Statement> {
    let clause = &clauses[i];
    let tokens = &view.segments.tokens;
    let start = after.start;
    let stretch = view.stretch(start).map(|s| s.start()..s.end());
    // The mark belongs to the next clause: S V, "Q," S2 V2.
    if let (Some(stretch), Some(next)) = (&stretch, clauses.get(i + 1)) {
        let near = next.start >= stretch.end && next.start - stretch.end <= 1 && !next.inherited && !next.according;
        if near && after.kind == Open::Quote && !after.comma {
            return None;
        }
    }
    let narrow = matches!(after.kind, Open::To | Open::Object);
    let end = content_end(view, start, sentence, clauses, i, narrow);
    let cue = clause.cue_of(view);
    let (parts, frame, confidence) = match (after.kind, stretch) {
        (Open::Quote | Open::Colon, Some(stretch)) => {
            let upper = tokens.get(stretch.start + 1).is_some_and(|t| t.shape != Shape::Lower || t.kind == Kind::Number);
            let separated = after.comma || after.kind == Open::Colon;
            if separated || upper && trim_end(view, stretch.end, end) <= stretch.end {
                let last = last_joined_stretch(view, stretch.end, end).unwrap_or(stretch.end);
                (vec![stretch.start..last], "speaker, verb, quote", 0.95)
            } else {
                (vec![stretch.start..end.max(stretch.end)], "speaker, verb, fragment", 0.9)
            }
        }
        (Open::Quote, None) => return None,
        (Open::Colon, None) => (vec![start..end], "speaker, verb, colon", 0.75),
        (Open::That, _) => (vec![start..end], "speaker, verb, that", 0.93),
        (Open::Bare, _) => (vec![start..end], "speaker, verb, clause", 0.85),
        (Open::To, _) => {
            // "urged both sides to hold fire": who is urged is part of what is asked for.
            let from = if after.addressee.is_empty() { start } else { after.addressee.start };
            (vec![from..end], "speaker, verb, to", 0.8)
        }
        (Open::Object, _) => {
            let sense = matches!(cue.sense, Sense::Criticise | Sense::Praise | Sense::Characterise | Sense::Emote | Sense::Request | Sense::Deny | Sense::Emphasise | Sense::Announce | Sense::Promise | Sense::Predict | Sense::Admit);
            let quoted = any_quoted(view, &(start..end));
            if !sense && !quoted || cue.rate >= 0.0 && cue.rate < 0.4 && !quoted {
                return None;
            }
            (vec![start..end], "speaker, verb, object", if quoted { 0.85 } else { 0.65 })
        }
    };
    if parts[0].is_empty() || parts[0].start >= parts[0].end || !parts[0].clone().any(|t| tokens[t].is_word()) {
        return None;
    }
    let weak = cue.strength <= Strength::Weak && !any_quoted(view, &parts[0]) && !(after.kind == Open::That && subjectish(view, clause));
    if weak && after.kind != Open::To && after.kind != Open::Object {
        return None;
    }
    let frame = if clause.inherited { "participle" } else { frame };
    let mut found = statement(view, clause, parts, frame, if clause.inherited { confidence * 0.95 } else { confidence });
    found.addressee = after.addressee;
    found.clause = clause.start..start;
    Some(found)
}

/// "said, "A" and "B"": the end of the last of several quotations with hardly a word between.
fn last_joined_stretch(view: &View<'_>, from: usize, end: usize) -> Option<usize> {
    let mut last = None;
    let mut at = from;
    while let Some(next) = (at..end.min(at + 5)).find(|t| view.inside[*t] > 0) {
        at = view.stretch(next)?.end();
        last = Some(at);
    }
    last
}

/// "According to S, Q" / "Q, according to S" / "Q1, according to S, Q2".
fn according(view: &View<'_>, sentence: &Range<usize>, clauses: &[Clause], i: usize) -> Option<Statement> {
    let clause = &clauses[i];
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    // Another clause behind a comma that closes the sentence governs all of it: "According to S, Q, she added."
    let governed = clauses.iter().skip(i + 1).any(|c| !c.according && !c.inherited && c.start > clause.end + 2 && tokens[c.start - 1].is(',') && opening(view, c, sentence.end).is_none());
    let lead = (sentence.start..clause.cue.start).all(|t| !tokens[t].is_word() || lexicon.is(&tokens[t], Flags::CCONJ | Flags::ADV));
    let parts = if lead {
        if governed {
            return None;
        }
        let start = (clause.end..sentence.end).find(|t| tokens[*t].is(','))? + 1;
        vec![start..content_end(view, start, sentence, clauses, i, false)]
    } else {
        let mut end = clause.cue.start;
        while end > sentence.start && (tokens[end - 1].is(',') || tokens[end - 1].is_dash()) && view.inside[end - 1] == 0 {
            end -= 1;
        }
        let start = clauses[..i].iter().rev().find(|c| !c.according && !c.subject.is_empty() && c.end < end).map_or(sentence.start, |_| sentence.start);
        let mut parts = vec![start..end];
        let comma = tokens.get(clause.end).is_some_and(|t| t.is(',')) && clause.end + 2 < sentence.end;
        if comma {
            let rest = clause.end + 1..content_end(view, clause.end + 1, sentence, clauses, i, false);
            if has_finite(view, &rest) {
                parts.push(rest);
            }
        }
        parts
    };
    if parts.iter().any(|p| p.start >= p.end) || !parts.iter().any(|p| p.clone().any(|t| tokens[t].is_word())) {
        return None;
    }
    let person = phrase::speaks(view, &clause.subject);
    Some(statement(view, clause, parts, "according to", if person { 0.88 } else { 0.7 }))
}

/// Where content that begins at `start` ends: before another clause of the same or a new speaker, else at the end of
/// the sentence.
fn content_end(view: &View<'_>, start: usize, sentence: &Range<usize>, clauses: &[Clause], i: usize, narrow: bool) -> usize {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let clause = &clauses[i];
    let mut end = sentence.end;
    let comma = |at: usize| at > start && (tokens[at - 1].is(',') || tokens[at - 1].is_dash());
    // "While Ruiz said A, Brandt said B."
    let lead = clause.start.min(clause.cue.start).checked_sub(1).filter(|l| *l >= sentence.start);
    let subordinate = lead.is_some_and(|l| lexicon.is(&tokens[l], Flags::BUT | Flags::SCONJ));
    for next in &clauses[i + 1..] {
        // "Cruz, who says A, said B": the subject stands before this clause.
        let outer = !next.inherited && !next.subject.is_empty() && next.subject.end <= clause.cue.start;
        let mut cut = if outer { next.cue.start } else { next.start };
        if cut <= start {
            continue;
        }
        if next.according {
            cut = next.cue.start;
            if comma(cut) {
                end = end.min(cut - 1);
            }
        } else if next.inherited {
            let and = lexicon.is(&tokens[cut - 1], Flags::AND | Flags::BUT);
            if and {
                cut -= 1;
            }
            // "said A and denied B" shares its subject; inside the content it would have one of its own.
            if comma(cut) || and {
                end = end.min(cut - usize::from(comma(cut)));
            }
        } else if outer && (start..cut).any(|t| tokens[t].is(',')) {
            end = end.min((start..cut).rev().find(|t| tokens[*t].is(',')).unwrap_or(cut));
        } else if subordinate && comma(cut) {
            end = end.min(cut - 1);
        } else if lexicon.is(&tokens[cut - 1], Flags::BUT) && comma(cut - 1) {
            end = end.min(cut - 2);
        }
    }
    let outside = |t: &usize| view.inside[*t] == 0;
    if let Some(semicolon) = (start..end).filter(outside).find(|t| tokens[*t].is(';')) {
        end = semicolon;
    }
    // A dash that is not one of two: what follows is the writer's.
    let dashes: Vec<usize> = (start..end).filter(outside).filter(|t| tokens[*t].is_dash() || tokens[*t].is('-') && tokens[*t].space_before).collect();
    if let [dash] = dashes[..] {
        if dash > start + 2 {
            end = dash;
        }
    }
    if narrow {
        let breaks = |t: &usize| {
            let next = &tokens[(*t + 1).min(end - 1)];
            let but = tokens[*t].is(',') && lexicon.is(next, Flags::BUT | Flags::AND) && has_finite(view, &(*t + 2..end.min(*t + 12)));
            let which = tokens[*t].is(',') && lexicon.is(next, Flags::WHO);
            let before = lexicon.is(&tokens[*t], Flags::SCONJ | Flags::PREP) && lexicon.is(next, Flags::VERB_ING) && !lexicon.is(&tokens[*t], Flags::LINK | Flags::BY);
            but || which || before
        };
        if let Some(cut) = (start + 1..end.saturating_sub(1)).filter(outside).find(breaks) {
            end = cut;
        }
    }
    trim_end(view, start, end)
}

/// `end` without closing punctuation outside marks.
fn trim_end(view: &View<'_>, start: usize, end: usize) -> usize {
    let mut end = end;
    while end > start {
        let token = &view.segments.tokens[end - 1];
        let loose = view.inside[end - 1] == 0 && (token.is_stop() || token.is(',') || token.is(';') || token.is_dash());
        if !loose {
            break;
        }
        end -= 1;
    }
    end
}

fn has_that(view: &View<'_>, range: &Range<usize>) -> bool {
    view.segments.tokens[range.clone()].iter().any(|t| view.gazetteer.lexicon.is(t, Flags::THAT))
}

/// Whether a finite verb stands in the range.
pub(super) fn has_finite(view: &View<'_>, range: &Range<usize>) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    range.clone().any(|t| {
        let token = &view.segments.tokens[t];
        let flags = lexicon.flags(token.word);
        let lower = token.shape == Shape::Lower;
        token.is_word() && lower && (flags.contains(Flags::AUX) || flags.intersects(Flags::VERB_PAST | Flags::VERB_S) && !flags.intersects(Flags::NOUN | Flags::ADJ | Flags::PREP))
    })
}
