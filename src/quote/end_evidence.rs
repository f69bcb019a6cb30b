//! What speaks for and against an end: what stands before and behind it, what the rules say, and how much is left.

use super::{
    View,
    clause::Clause,
    end_reasons::E,
    ends::{By, Candidate, FAR, Open},
    extent::has_finite,
    phrase,
    tail::circumstance,
};
use crate::{
    gazetteer::Flags,
    token::{Kind, Shape},
};

/// Most tokens between two commas that belong together.
const INSERTED: usize = 24;

/// Most tokens behind an end in which a verb is looked for.
const AHEAD: usize = 14;

/// Collects the reasons for and against one end.
pub(super) fn evidence(
    view: &View<'_>,
    open: &Open<'_>,
    facts: &Facts<'_>,
    nth: usize,
    candidate: &Candidate,
    reasons: &mut Vec<u16>,
) {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let clause = &open.clauses[open.clause];
    // `E` lists what can stand at an end, and what can follow it, in the order of `By` and `Follows`.
    let mut add = |holds: bool, reason: E| {
        if holds {
            reasons.push(reason.number());
        }
    };
    let (end, next) = (candidate.end, candidate.next);
    let stop = candidate.by == By::Stop || end >= facts.last;
    let words = facts.words[nth];
    add(
        true,
        match words {
            0..=1 => E::Words1,
            2..=3 => E::Words2,
            4..=6 => E::Words4,
            7..=12 => E::Words7,
            13..=20 => E::Words13,
            21..=30 => E::Words21,
            _ => E::Words31,
        },
    );
    add(!facts.finite[nth], E::NoVerb);
    add(end == open.rule, E::Rule);
    add(end == open.rule && !stop, E::RuleCut);
    add(end > open.rule, E::BehindRule);
    let rate = clause.cue_of(view).rate_of(clause.form);
    if stop {
        add(true, E::Stop);
        add(clause.inherited, E::StopParticiple);
        add(rate >= 0.8, E::StopSure);
        add((0.0..0.4).contains(&rate), E::StopRare);
        return;
    }
    let left = facts.words.last().map_or(0, |all| all - words);
    add(
        true,
        match left {
            0..=2 => E::Left1,
            3..=5 => E::Left3,
            6..=10 => E::Left6,
            11..=20 => E::Left11,
            _ => E::Left21,
        },
    );
    let commas = facts.commas[nth];
    add(commas == 1, E::CommaBefore);
    add(commas > 1, E::CommasBefore);
    add(facts.commas.last().is_some_and(|all| all - commas > usize::from(tokens[end].is(','))), E::CommaBehind);
    add(facts.leads && commas == 0, E::Leads);
    // "the mayor, who called it a hoax, would go": what the content's own subject says is part of it.
    let other = facts.other.filter(|c| (end..next + 3).contains(&c.start.max(open.start)));
    add(other.is_some_and(|c| c.inherited || c.subject.end <= open.start || c.subject.end > end), E::Other);
    add(view.inside[end - 1] > 0, E::QuotedBefore);
    let behind = next..facts.last.min(next + AHEAD);
    add(behind.clone().any(|t| view.inside[t] > 0), E::QuotedBehind);
    let what = if next < facts.last { Some(follows(view, next, facts.last)) } else { None };
    let mark = !matches!(candidate.by, By::Space | By::Marks);
    let until = behind.clone().find(|t| *t > next && tokens[*t].is(',')).unwrap_or(behind.end);
    let finite = |t: usize| {
        lexicon.is(&tokens[t], Flags::AUX | Flags::VERB_PAST | Flags::VERB_S)
            && tokens[t].shape == Shape::Lower
            && !lexicon.is(&tokens[t], Flags::NOUN | Flags::PREP | Flags::ADJ)
    };
    let verb = (next..until).find(|t| view.inside[*t] == 0 && finite(*t));
    // "that the mayor, who called it a hoax, would go": the comma opens what another one closes.
    let closes = (next..facts.last.min(next + INSERTED).saturating_sub(1)).filter(|t| view.inside[*t] == 0);
    add(mark && closes.filter(|t| tokens[*t].is(',')).any(|t| finite(t + 1)), E::Inserted);
    let named = view.inside[end - 1] == 0 && view.names.mention_at(end - 1).is_some();
    add(named, E::NameBefore);
    add(named && mark && what == Some(Follows::Which), E::NameWhich);
    add(named && mark && matches!(what, Some(Follows::A | Follows::The)), E::NameApposed);
    let own = matches!(candidate.by, By::Marks | By::CommaInMarks)
        && end >= 2
        && tokens[end - 2].is_stop()
        && tokens.get(next).is_some_and(|t| t.is_capitalized());
    add(own, E::Sentence);
    add(verb.is_none(), E::NoVerbBehind);
    if let Some(verb) = verb {
        add(lexicon.is(&tokens[verb], Flags::VERB_S), E::Present);
        add(lexicon.is(&tokens[verb], Flags::VERB_PAST), E::Past);
        add(lexicon.is(&tokens[verb], Flags::AUX) && !lexicon.is(&tokens[verb], Flags::BE | Flags::HAVE), E::Modal);
    }
    let speaker = clause.subject.len() == 1
        && !clause.subject.is_empty()
        && (next..until).take(4).any(|t| {
            tokens[t].word == tokens[clause.subject.start].word && lexicon.is(&tokens[t], Flags::PRON | Flags::NOUN)
                || view.names.mention_at(t).is_some()
                    && view.names.mention_at(t).map(|m| view.names.mentions[m].entity)
                        == view.names.mention_at(clause.subject.start).map(|m| view.names.mentions[m].entity)
        });
    add(speaker, E::Speaker);
    reasons.push(E::ByComma.number() + candidate.by as u16);
    if let Some(what) = what {
        reasons.push(if mark { E::CommaWhich } else { E::Which }.number() + what as u16);
    }
}

/// What is the same for all ends of a statement.
pub(super) struct Facts<'a> {
    /// For each end, the number of words before it.
    words: Vec<usize>,
    /// For each end, whether a finite verb stands before it.
    finite: Vec<bool>,
    /// For each end, the number of commas before it.
    commas: Vec<usize>,
    /// One past the last token of the last end.
    last: usize,
    /// Whether the content begins with "if", "although" or the like, so that more must follow.
    leads: bool,
    /// The clause of the next statement, where one is.
    other: Option<&'a Clause>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(view: &View<'_>, open: &Open<'a>, candidates: &[Candidate]) -> Facts<'a> {
        let tokens = &view.segments.tokens;
        let lexicon = &view.gazetteer.lexicon;
        let mut facts = Facts {
            words: Vec::with_capacity(candidates.len()),
            finite: Vec::with_capacity(candidates.len()),
            commas: Vec::with_capacity(candidates.len()),
            last: candidates.last().map_or(open.rule, |c| c.end),
            leads: false,
            other: open.clauses.get(open.clause + 1),
        };
        let that = usize::from(lexicon.is(&tokens[open.start], Flags::THAT));
        facts.leads = tokens.get(open.start + that).is_some_and(|t| {
            lexicon.is(t, Flags::SCONJ | Flags::BUT | Flags::AS) && !lexicon.is(t, Flags::THAT | Flags::SO)
        });
        let (mut words, mut commas, mut finite, mut from) = (0, 0, false, open.start);
        for candidate in candidates {
            let end = candidate.end.min(open.start + FAR).max(from);
            for token in &tokens[from..end] {
                words += usize::from(token.is_word());
                commas += usize::from(token.is(','));
            }
            finite = finite || has_finite(view, &(from..end));
            from = end;
            facts.words.push(words);
            facts.finite.push(finite);
            facts.commas.push(commas);
        }
        facts
    }
}

/// The kinds of words that can stand behind an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
enum Follows {
    Which,
    Where,
    Although,
    Because,
    If,
    When,
    As,
    Gerund,
    CueGerund,
    AndClause,
    AndVerb,
    And,
    But,
    With,
    Example,
    Not,
    Time,
    To,
    Preposition,
    Participle,
    Verb,
    Clause,
    A,
    The,
    Name,
    Other,
}

/// What the words behind an end begin with.
fn follows(view: &View<'_>, at: usize, limit: usize) -> Follows {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    if view.inside[at] > 0 {
        return Follows::Other;
    }
    let mut at = at;
    let first = Flags::of(&tokens[at]);
    let link = Flags::SCONJ | Flags::CCONJ | Flags::PREP | Flags::DET | Flags::NOUN | Flags::PRON;
    if first.contains(Flags::ADV) && !first.intersects(link) && at + 1 < limit && view.inside[at + 1] == 0 {
        at += 1;
    }
    let token = &tokens[at];
    let flags = Flags::of(token);
    let named = view.names.mention_at(at).is_some();
    if named || !token.is_word() {
        return if clause(view, at, limit) { Follows::Clause } else { Follows::Name };
    }
    let noun = flags.intersects(Flags::NOUN | Flags::ADJ | Flags::PREP);
    match () {
        () if flags.contains(Flags::AND) => {
            let verb = tokens.get(at + 1).is_some_and(|t| {
                t.shape == Shape::Lower
                    && lexicon.is(t, Flags::VERB_PAST | Flags::VERB_S | Flags::AUX | Flags::VERB_BASE)
                    && !lexicon.is(t, Flags::NOUN | Flags::ADJ | Flags::PREP)
            });
            match at + 1 < limit {
                true if verb => Follows::AndVerb,
                true if clause(view, at + 1, limit) => Follows::AndClause,
                _ => Follows::And,
            }
        }
        () if flags.contains(Flags::WHICH) || flags.contains(Flags::WHO) => Follows::Which,
        () if flags.contains(Flags::REASON) => Follows::Because,
        () if flags.contains(Flags::CONDITION) => Follows::If,
        () if flags.contains(Flags::BUT) && flags.contains(Flags::SCONJ) => Follows::Although,
        () if flags.intersects(Flags::BUT | Flags::CCONJ) => Follows::But,
        () if flags.contains(Flags::NEAR) || flags.intersects(Flags::DAY | Flags::WHEN) => Follows::Time,
        () if flags.contains(Flags::AS) => Follows::As,
        () if flags.contains(Flags::WHERE) => Follows::Where,
        () if flags.contains(Flags::TIME) => Follows::When,
        () if flags.contains(Flags::EXAMPLE) => Follows::Example,
        () if flags.contains(Flags::NOT) => Follows::Not,
        () if flags.contains(Flags::WITH) => Follows::With,
        () if flags.contains(Flags::VERB_ING) && !noun => {
            if flags.contains(Flags::CUE) {
                Follows::CueGerund
            } else {
                Follows::Gerund
            }
        }
        () if flags.contains(Flags::TO) => Follows::To,
        () if flags.contains(Flags::PREP) && !flags.contains(Flags::DET) => {
            if circumstance(view, at, limit) {
                Follows::Time
            } else {
                Follows::Preposition
            }
        }
        () if flags.intersects(Flags::DET | Flags::PRON) && clause(view, at, limit) => Follows::Clause,
        () if flags.contains(Flags::INDEFINITE) => Follows::A,
        () if flags.intersects(Flags::DET) => Follows::The,
        () if flags.intersects(Flags::VERB_PAST | Flags::VERB_S | Flags::AUX) && !noun => {
            if flags.contains(Flags::VERB_PART) { Follows::Participle } else { Follows::Verb }
        }
        () if clause(view, at, limit) => Follows::Clause,
        () => Follows::Other,
    }
}

/// Whether a noun phrase with a finite verb right behind it begins at `at`.
fn clause(view: &View<'_>, at: usize, limit: usize) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let Some(subject) = phrase::after(view, at, limit.min(at + AHEAD)) else { return false };
    view.segments.tokens.get(subject.end).filter(|_| subject.end < limit && view.inside[subject.end] == 0).is_some_and(
        |t| {
            lexicon.is(t, Flags::AUX | Flags::VERB_PAST | Flags::VERB_S) && !lexicon.is(t, Flags::PREP)
                || t.kind == Kind::Possessive && subject.len() == 1
        },
    )
}
