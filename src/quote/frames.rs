//! The frames: quotation or clause before the cue, behind it, on both sides, and "according to".

use super::{
    View,
    clause::Clause,
    content::statement,
    ends,
    extent::{all_quoted, any_quoted, content_end, has_finite, has_that, trim_end},
    opening::{Open, Opening, REACH, opening, subjectish},
    phrase, speech,
    tail::object_end,
};
use crate::{
    gazetteer::{CueKind, Flags, Sense, Strength},
    model::{Statement, Stretch},
    token::{Kind, Shape},
};
use std::ops::Range;

/// Least share of a verb's occurrences that are cues for a bare noun phrase to be its content.
const OBJECT_RATE: f32 = 0.06;

/// The same where a preposition of its own leads to it.
const TOPIC_RATE: f32 = 0.02;

/// "Q," S V - and "Q1," S V, "Q2".
pub(super) fn postposed(
    view: &View<'_>,
    sentence: &Range<usize>,
    clauses: &[Clause],
    i: usize,
    before: Range<usize>,
) -> Statement {
    let clause = &clauses[i];
    let tokens = &view.segments.tokens;
    let mut before = before;
    // "Some left ("I want my dues back," wrote Brandt)": a bracket that is still open begins anew.
    let bracket = before.clone().rev().find(|t| view.inside[*t] == 0 && (tokens[*t].is('(') || tokens[*t].is(')')));
    if let Some(bracket) = bracket.filter(|t| tokens[*t].is('(') && *t + 1 < before.end) {
        before.start = bracket + 1;
    }
    let direct = all_quoted(view, &before);
    if let Some(stretch) = view.stretch(before.end - 1).filter(|_| !direct) {
        // Narration in front of a whole quoted sentence is no part of it: He paused. / At noon, "We stay," he said.
        let whole =
            tokens[stretch.inner.start].is_capitalized() && stretch.inner.len() > 3 && has_finite(view, &stretch.inner);
        let link = stretch.start() > before.start
            && (tokens[stretch.start() - 1].is(':') || tokens[stretch.start() - 1].is(','));
        if whole && link && !has_that(view, &(before.start..stretch.start())) {
            before.start = stretch.start();
        }
    }
    let finite = has_finite(view, &before);
    let mut parts = vec![before.clone()];
    // "The detour, the police said, adds ten minutes": a verb right behind the comma is the content's own.
    let next_clause = clauses.get(i + 1).filter(|c| !c.according && (c.cue.start > clause.end + 1 || c.inherited));
    let limit = next_clause.map_or(sentence.end, |c| c.start.max(clause.end).min(sentence.end));
    let mut end = clause.end;
    let next = next_stretch(view, clause.end, limit);
    let quoted = any_quoted(view, &before);
    let told = told(view, clause, limit);
    let comma = tokens.get(told).is_some_and(|t| t.is(',') || t.is_dash()) && told < limit;
    match next {
        Some(at) if at - clause.end <= REACH && (quoted || at - clause.end <= 2) => {
            let stretch = view.stretch(at).map_or(at + 1..at + 1, |s| s.start()..s.end());
            let lower = tokens.get(stretch.start + 1).is_some_and(|t| t.shape == Shape::Lower);
            let runs_on = !direct && !finite || lower && !all_quoted(view, &(stretch.end..limit)) && !direct;
            let part_end =
                if runs_on { content_end(view, stretch.start, sentence, clauses, i, false) } else { stretch.end };
            parts.push(stretch.start..part_end.max(stretch.end));
            end = stretch.start;
        }
        // ""We are worried," the members wrote, that the dam may break."
        None if direct
            && comma
            && tokens.get(clause.end + 1).is_some_and(|t| view.gazetteer.lexicon.is(t, Flags::THAT)) =>
        {
            let rest = clause.end + 1..content_end(view, clause.end + 1, sentence, clauses, i, false);
            if rest.len() > 2 {
                parts.push(rest);
            }
        }
        // "The second pump, the engineer said, had never worked."
        None if comma && !direct && told + 2 < sentence.end => {
            // A clause that nothing separates from the rest belongs to it: "If it rains, he said, he would suggest rest."
            let own = clauses[i + 1..].iter().find(|c| !c.according && separated(view, clause, c));
            let limit = own.map_or(sentence.end, |c| c.start.max(clause.end)).min(sentence.end);
            let rest = told + 1..content_end(view, told + 1, sentence, clauses, i, false).min(limit);
            let first = &tokens[rest.start];
            let lexicon = &view.gazetteer.lexicon;
            // Behind a complete clause "a policy that ..." is the writer's, as is "adding" or "who".
            let noun = finite && lexicon.is(first, Flags::INDEFINITE) && !opens_subordinate(view, &before);
            // "The dam held, said Brandt, but the gates did not": a new clause behind an inverted one is too.
            let turn = finite && clause.inverted && lexicon.is(first, Flags::CCONJ);
            let time = finite && lexicon.is(first, Flags::AS);
            let aside =
                (lexicon.is(first, Flags::VERB_ING | Flags::WHO) || noun || turn || time) && !first.is_capitalized();
            if !aside && rest.start < rest.end && (!finite || rest.len() > 2) {
                parts.push(rest);
            }
        }
        _ => {}
    }
    let frame = match (parts.len(), direct, clause.inverted) {
        (1, true, false) => "quote, speaker, verb",
        (1, true, true) => "quote, verb, speaker",
        (1, false, _) => "clause, speaker, verb",
        (_, true, _) => "split quote",
        (_, false, _) => "split clause",
    };
    let confidence = if direct {
        0.97
    } else if quoted {
        0.88
    } else {
        0.82
    };
    let mut found = statement(view, clause, parts, frame, confidence);
    // What follows the clause tells medium and time, up to the next part of the content.
    let tail = if found.parts.len() > 1 { end.max(clause.end) } else { limit.max(clause.end) };
    found.clause = clause.start..tail;
    if clause.cue_of(view).takes_addressee && !clause.inverted {
        found.addressee = phrase::after(view, clause.cue.end, tail).unwrap_or(0..0);
    }
    found
}

/// One past the addressee, the time and the place behind a clause: "The answer, Ruiz told them on Friday, was simple."
pub(super) fn told(view: &View<'_>, clause: &Clause, limit: usize) -> usize {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let takes = clause.cue_of(view).takes_addressee && !clause.inverted;
    let found = if takes { phrase::after(view, clause.end, limit) } else { None };
    let mut at = found.map_or(clause.end, |f| f.end);
    for _ in 0..4 {
        let Some(token) = tokens.get(at).filter(|_| at < limit && view.inside[at] == 0) else { break };
        let time = phrase::skip_time(view, at, limit);
        if time > at {
            at = time;
        } else if lexicon.is(token, Flags::DAY | Flags::WHEN) {
            at += 1;
        } else if lexicon.is(token, Flags::PREP) && !lexicon.is(token, Flags::TO | Flags::SCONJ) {
            let Some(object) = phrase::after(view, at + 1, limit) else { break };
            at = object.end;
        } else {
            break;
        }
    }
    at
}

/// "As S noted, Q".
pub(super) fn as_said(
    view: &View<'_>,
    sentence: &Range<usize>,
    clauses: &[Clause],
    i: usize,
    start: usize,
) -> Option<Statement> {
    let part = start..content_end(view, start, sentence, clauses, i, false);
    let quoted = any_quoted(view, &part);
    (quoted || has_finite(view, &part)).then(|| statement(view, &clauses[i], vec![part], "as said", 0.8))
}

/// Whether a comma, a dash, a conjunction or a mark stands between a later clause and what is before it.
fn separated(view: &View<'_>, clause: &Clause, next: &Clause) -> bool {
    let Some(before) = next.start.checked_sub(1).filter(|b| *b > clause.end) else { return false };
    let token = &view.segments.tokens[before];
    let joins = view.gazetteer.lexicon.is(token, Flags::CCONJ | Flags::BUT);
    next.inherited || next.inverted || token.is(',') || token.is_dash() || joins || view.inside[before] > 0
}

/// Whether a clause begins with "if" or "when", so that more of it must follow.
fn opens_subordinate(view: &View<'_>, range: &Range<usize>) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let first = range.clone().find(|t| !lexicon.is(&view.segments.tokens[*t], Flags::CCONJ));
    first.is_some_and(|t| lexicon.is(&view.segments.tokens[t], Flags::SCONJ | Flags::IF | Flags::BUT))
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
        let introduced = at == from
            || before.is(',')
            || before.is(':')
            || before.is_stop()
            || before.is_dash()
            || view.segments.word(at - 1).ends_with('.');
        // "told "Harbour and Friends"": a programme that is spoken to.
        let programme = (at == from || view.gazetteer.lexicon.is(before, Flags::PREP))
            && stretch.inner.len() <= 5
            && speech::title_case(view, stretch)
            && !tokens[stretch.inner.end - 1].is('!');
        if introduced && !programme && !speech::named(view, stretch) {
            return Some(at);
        }
        at = stretch.end().max(at + 1);
    }
    None
}

/// S V "Q" / S V: Q / S V that Q / S V Q.
pub(super) fn preposed(
    view: &View<'_>,
    sentence: &Range<usize>,
    clauses: &[Clause],
    i: usize,
    after: Opening,
) -> Option<Statement> {
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
    // "said in his book, "Songs of the Harbour,"": a title.
    let titled = |s: &Stretch| speech::title_case(view, s) && !view.segments.tokens[s.inner.end - 1].is('!');
    let way = after.comma && start > clause.end + 3;
    // "The museum shows "Boats at Dusk" until June": nothing is said.
    let shown =
        !after.comma && clause.cue_of(view).strength <= Strength::Weak && clause.cue_of(view).sense == Sense::Imply;
    if after.kind == Open::Quote && (way || shown) && view.stretch(start).is_some_and(titled) {
        return None;
    }
    let narrow = matches!(after.kind, Open::To | Open::Object);
    let end = content_end(view, start, sentence, clauses, i, narrow);
    let cue = clause.cue_of(view);
    let (parts, frame, confidence) = match (after.kind, stretch) {
        (Open::Quote | Open::Colon, Some(stretch)) => {
            let upper =
                tokens.get(stretch.start + 1).is_some_and(|t| t.shape != Shape::Lower || t.kind == Kind::Number);
            let separated = after.comma || after.kind == Open::Colon;
            // "shouted "Keep the ball down" from the stand": a place is no part of it.
            let tail = stretch.end..trim_end(view, stretch.end, end);
            let place = cue.sense == Sense::Manner && !any_quoted(view, &tail) && !has_finite(view, &tail);
            if separated || upper && (tail.is_empty() || place) {
                let last = last_joined_stretch(view, stretch.end, end).unwrap_or(stretch.end);
                (vec![stretch.start..last], "speaker, verb, quote", 0.95)
            } else {
                let end = comma_end(view, start, end).unwrap_or(end.max(stretch.end));
                (vec![stretch.start..end], "speaker, verb, fragment", 0.9)
            }
        }
        (Open::Quote, None) => return None,
        (Open::Colon, None) => (vec![start..end], "speaker, verb, colon", 0.75),
        (Open::That, _) => (vec![start..end], "speaker, verb, that", 0.93),
        (Open::Bare, _) => (vec![start..end], "speaker, verb, clause", 0.85),
        // "hopes to sail" is an attitude, and so is what a thing threatens.
        (Open::To, _) if !subjectish(view, clause) || cue.sense == Sense::Think => return None,
        (Open::To, _) => {
            // "declined to comment": there is nothing to tell.
            let silent = cue.sense == Sense::Deny
                && view.gazetteer.lexicon.is(&tokens[(start + 1).min(end - 1)], Flags::CUE)
                && end <= start + 2;
            if silent {
                return None;
            }
            // "urged both sides to hold fire": who is urged is part of what is asked for.
            let from = if after.addressee.is_empty() { start } else { after.addressee.start };
            (vec![from..end], "speaker, verb, to", 0.8)
        }
        (Open::Object, _) => {
            // An attitude ("backed the plan") is no statement, nor is a verb that is mostly none.
            let attitude = matches!(cue.sense, Sense::Agree | Sense::Think | Sense::Decide);
            let quoted = any_quoted(view, &(start..end));
            let least = if after.preposition { TOPIC_RATE } else { OBJECT_RATE };
            // "called the office": without a second part nothing is called anything.
            // "called him a liar", "called the rules unfair": what he or they are called stands behind them.
            let first = &tokens[start];
            let (pronoun, last) = (view.gazetteer.lexicon.is(first, Flags::PRON), &tokens[end - 1]);
            let own = pronoun && !view.gazetteer.lexicon.is(first, Flags::DET) && end > start + 1
                || end > start + 2
                    && view.gazetteer.lexicon.is(last, Flags::ADJ)
                    && !view.gazetteer.lexicon.is(last, Flags::NOUN);
            let whole = !own && phrase::after(view, start, end).is_some_and(|p| p.end >= end);
            if !quoted && cue.takes_as && !cue.takes_object && whole {
                return None;
            }
            // "Speaking of the flood, Ruiz said": what leads to a statement is none.
            if clause.inherited && clause.cue.start == sentence.start && cue.sense == Sense::Discuss && !quoted {
                return None;
            }
            // "reports, citing the union": what another cue tells is no object of this one, unless it is denied.
            let other = Flags::of(&tokens[start]).contains(Flags::VERB_ING.union(Flags::CUE));
            if other && !after.preposition && !matches!(cue.sense, Sense::Deny | Sense::Admit) {
                return None;
            }
            let noun = cue.kind == CueKind::Noun;
            if !quoted && (attitude && !after.preposition || !noun && cue.likely(clause.form) < least) {
                return None;
            }
            let end = if noun { nominal_end(view, start, end) } else { end };
            let end = trim_end(view, start, object_end(view, start, end));
            let end = comma_end(view, start, end).unwrap_or(end);
            (vec![start..end], "speaker, verb, object", if quoted { 0.85 } else { 0.72 })
        }
    };
    if parts[0].is_empty() || parts[0].start >= parts[0].end || !parts[0].clone().any(|t| tokens[t].is_word()) {
        return None;
    }
    // "the plan that the neighbours fear most is cheap": of a relative clause only what surely reports says more.
    let relative = clause.subject.start.checked_sub(1).is_some_and(|t| {
        view.gazetteer.lexicon.is(&tokens[t], Flags::THAT | Flags::WHO | Flags::IF) && after.kind == Open::Bare
    });
    let weak = cue.strength <= Strength::Weak
        && !any_quoted(view, &parts[0])
        && !(matches!(after.kind, Open::That | Open::Bare) && subjectish(view, clause) && !relative);
    if weak && after.kind != Open::To && after.kind != Open::Object {
        return None;
    }
    let mut parts = parts;
    let open = matches!(after.kind, Open::That | Open::Bare | Open::To | Open::Object);
    let ending = open.then(|| {
        let open =
            ends::Open { sentence, clauses, clause: i, start: parts[0].start, rule: parts[0].end, phrase: narrow };
        ends::choose(view, &open)
    });
    let ending = ending.map(|(end, ending)| {
        parts[0].end = end;
        ending
    });
    let frame = if clause.inherited { "participle" } else { frame };
    let mut found =
        statement(view, clause, parts, frame, if clause.inherited { confidence * 0.95 } else { confidence });
    found.addressee = after.addressee;
    found.clause = clause.start..start;
    found.ending = ending.unwrap_or_default();
    Some(found)
}

/// Where content ends whose only quoted words have a comma inside their closing mark: "called it "a shame," which few did".
/// An "and" goes on with it.
fn comma_end(view: &View<'_>, start: usize, end: usize) -> Option<usize> {
    let tokens = &view.segments.tokens;
    let first = (start..end).find(|t| view.inside[*t] > 0)?;
    let stretch = view.stretch(first)?;
    let close = stretch.end();
    let comma = tokens.get(stretch.inner.end.checked_sub(1)?)?.is(',');
    let on = view.gazetteer.lexicon.is(tokens.get(close)?, Flags::AND);
    (comma && close < end && !on && !any_quoted(view, &(close..end))).then_some(close)
}

/// Where the object of a noun ends if its own verb follows: "his attacks on the judge were read with care".
fn nominal_end(view: &View<'_>, start: usize, end: usize) -> usize {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let verb = |t: &usize| {
        let past = lexicon.is(&tokens[*t], Flags::VERB_PAST | Flags::VERB_S)
            && !lexicon.is(&tokens[*t], Flags::NOUN | Flags::ADJ | Flags::PREP | Flags::VERB_PART);
        tokens[*t].shape == Shape::Lower && (past || lexicon.is(&tokens[*t], Flags::AUX))
    };
    let Some(cut) = (start + 1..end).find(verb) else { return end };
    let clause = (start..cut).any(|t| lexicon.is(&tokens[t], Flags::THAT | Flags::WHO | Flags::WH));
    if clause { end } else { cut }
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
pub(super) fn according(view: &View<'_>, sentence: &Range<usize>, clauses: &[Clause], i: usize) -> Option<Statement> {
    let clause = &clauses[i];
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    // Another clause behind a comma that closes the sentence governs all of it: "According to S, Q, she added."
    let governed = clauses.iter().skip(i + 1).any(|c| {
        !c.according
            && !c.inherited
            && c.start > clause.end + 2
            && tokens[c.start - 1].is(',')
            && opening(view, c, sentence.end).is_none()
    });
    let lead = (sentence.start..clause.cue.start)
        .all(|t| !tokens[t].is_word() || lexicon.is(&tokens[t], Flags::CCONJ | Flags::ADV));
    let that = clause.cue.start.checked_sub(2).filter(|t| *t >= sentence.start);
    let inserted = that.is_some_and(|t| tokens[t + 1].is(',') && lexicon.is(&tokens[t], Flags::THAT));
    // "Nobody was hurt, the mayor said, according to first reports": the mayor's clause has the last word on all before it.
    let told = i.checked_sub(1).map(|p| &clauses[p]).is_some_and(|p| {
        !p.according
            && !p.inherited
            && p.cue_of(view).strength == Strength::Strong
            && p.end + 1 == clause.cue.start
            && tokens[p.end].is(',')
            && p.start > sentence.start + 2
            && tokens[p.start - 1].is(',')
            && !clause.subject.clone().any(|t| view.names.mention_at(t).is_some())
    });
    if governed || inserted || told {
        return None;
    }
    let parts = if lead {
        let start = (clause.end..sentence.end).find(|t| tokens[*t].is(','))? + 1;
        vec![start..content_end(view, start, sentence, clauses, i, false)]
    } else {
        let mut end = clause.cue.start;
        while end > sentence.start
            && (tokens[end - 1].is(',') || tokens[end - 1].is_dash())
            && view.inside[end - 1] == 0
        {
            end -= 1;
        }
        // "(the figure is closer to four, according to Brandt)": only what the bracket holds.
        let bracket =
            (sentence.start..end).rev().find(|t| view.inside[*t] == 0 && (tokens[*t].is('(') || tokens[*t].is(')')));
        let start = bracket.filter(|t| tokens[*t].is('(') && *t + 1 < end).map_or(sentence.start, |t| t + 1);
        let mut parts = vec![start..end];
        let comma = tokens.get(clause.end).is_some_and(|t| t.is(',')) && clause.end + 2 < sentence.end;
        if comma {
            let rest = clause.end + 1..content_end(view, clause.end + 1, sentence, clauses, i, false);
            // "according to Brandt, a pollster who was there": the source's own apposition.
            let joins = lexicon.is(&tokens[rest.start], Flags::AND | Flags::BUT | Flags::WHO | Flags::INDEFINITE);
            if !joins && has_finite(view, &rest) {
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
