//! How far content reaches: clauses, finite verbs, and where the words of another speaker or of the writer begin.

use super::{View, clause::Clause, phrase};
use crate::{
    gazetteer::{CueForm, Flags},
    token::{Kind, Shape},
};
use std::ops::Range;

/// Most tokens before the finite verb of a clause.
const SUBJECT: usize = 24;

/// How many commas of a clause without a speaker are tried as its end.
const COMMAS: usize = 8;

/// Whether a clause begins at `at`: a noun phrase (or "there", "if") and a finite verb soon after.
pub(super) fn clause_starts(view: &View<'_>, at: usize, limit: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    if lexicon.is(&tokens[at], Flags::SCONJ | Flags::IF) {
        return has_finite(view, &(at + 1..limit));
    }
    if lexicon.is(&tokens[at], Flags::SO)
        && at + 1 < limit
        && !lexicon.is(&tokens[at + 1], Flags::AUX | Flags::VERB_PAST | Flags::VERB_S | Flags::OF)
    {
        return false;
    }
    // "it's", "they're"
    let contracted = tokens.get(at + 1).filter(|_| at + 1 < limit).is_some_and(|t| t.kind == Kind::Possessive);
    if contracted && lexicon.is(&tokens[at], Flags::PRON_SUBJECT | Flags::PRON_SPEECH)
        || lexicon.is(&tokens[at], Flags::PRON) && lexicon.is(&tokens[at], Flags::AUX)
    {
        return true;
    }
    for t in at + 1..limit.min(at + SUBJECT) {
        let token = &tokens[t];
        let flags = Flags::of(token);
        if token.is_stop() || token.is(';') || token.is(':') {
            return false;
        }
        if view.names.mention_at(t).is_some() || token.is_capitalized() {
            continue;
        }
        if flags.contains(Flags::AUX)
            || token.kind == Kind::Possessive
                && t + 1 < limit
                && lexicon.is(&tokens[t + 1], Flags::VERB_ING | Flags::ADV)
        {
            return true;
        }
        let verb = flags.intersects(Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_BASE);
        let noun = flags.intersects(Flags::NOUN | Flags::ADJ | Flags::PREP | Flags::DET);
        // A past form that may be a participle counts when a subject stands right before it.
        let after_subject = view.names.mention_at(t - 1).is_some()
            || lexicon.is(
                &tokens[t - 1],
                Flags::PRON_SUBJECT
                    | Flags::PRON_SPEECH
                    | Flags::NOUN
                    | Flags::ROLE
                    | Flags::ROLE_PLURAL
                    | Flags::BODY
                    | Flags::ADV
                    | Flags::WHO
                    | Flags::OTHER,
            );
        let pronoun = lexicon.is(&tokens[t - 1], Flags::PRON_SUBJECT | Flags::PRON_SPEECH);
        if verb && after_subject && (!noun || pronoun) {
            return true;
        }
    }
    false
}

/// Whether something like a clause begins at `at`: behind "said" a few words with a form that can be a verb are one.
pub(super) fn loose_clause(view: &View<'_>, at: usize, limit: usize) -> bool {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let words = tokens[at..limit].iter().filter(|t| matches!(t.kind, Kind::Word | Kind::Number)).count();
    let opens = !lexicon.is(&tokens[at], Flags::SO | Flags::PREP | Flags::CCONJ | Flags::INTJ | Flags::TO);
    let verb = |t: usize| {
        lexicon.is(&tokens[t], Flags::VERB_S | Flags::VERB_PAST | Flags::VERB_BASE | Flags::AUX)
            && !lexicon.is(&tokens[t - 1], Flags::DET | Flags::PREP)
            && (!lexicon.is(&tokens[t - 1], Flags::ADJ) || lexicon.is(&tokens[t - 1], Flags::NOUN))
    };
    words >= 4 && opens && (at + 1..limit.min(at + SUBJECT)).any(verb)
}

pub(super) fn all_quoted(view: &View<'_>, range: &Range<usize>) -> bool {
    range.clone().all(|t| view.inside[t] > 0 || !matches!(view.segments.tokens[t].kind, Kind::Word | Kind::Number))
}

pub(super) fn any_quoted(view: &View<'_>, range: &Range<usize>) -> bool {
    view.inside.get(range.clone()).is_some_and(|inside| inside.iter().any(|stretch| *stretch > 0))
}

/// Where content that begins at `start` ends: before another clause of the same or a new speaker, else at the end of
/// the sentence.
pub(super) fn content_end(
    view: &View<'_>,
    start: usize,
    sentence: &Range<usize>,
    clauses: &[Clause],
    i: usize,
    narrow: bool,
) -> usize {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let clause = &clauses[i];
    let mut end = sentence.end;
    let comma = |at: usize| at > start && (tokens[at - 1].is(',') || tokens[at - 1].is_dash());
    // "While Ruiz said A, Brandt said B."
    let lead = clause.start.min(clause.cue.start).checked_sub(1).filter(|l| *l >= sentence.start);
    // "While only some said A, Brandt left."
    let adverb = lead.filter(|l| *l > sentence.start && lexicon.is(&tokens[*l], Flags::ADV));
    let lead = match adverb {
        Some(l) if lexicon.is(&tokens[l - 1], Flags::SCONJ) && !lexicon.is(&tokens[l], Flags::SCONJ) => Some(l - 1),
        _ => lead,
    };
    let subordinate = lead.is_some_and(|l| lexicon.is(&tokens[l], Flags::BUT | Flags::SCONJ));
    // "When Ruiz said A, the crowd left": the main clause is the writer's.
    // "Norton, which declined to comment, returned the rights": the comma closes the relative clause.
    let who = |t: usize| lexicon.is(&tokens[t], Flags::WHO) && view.names.mention_at(t).is_none();
    let group = clause.cue.start.checked_sub(1).filter(|g| *g >= sentence.start);
    let relative = group.is_some_and(|g| {
        (g.saturating_sub(2).max(sentence.start)..=g).any(who)
            || clause.subject.end <= clause.cue.start
                && clause.subject.start > sentence.start
                && who(clause.subject.start - 1)
    });
    if relative && !clause.inherited {
        let main = (start + 1..end).find(|t| {
            let verb = lexicon.is(&tokens[*t], Flags::AUX | Flags::VERB_PAST | Flags::VERB_S)
                && !lexicon.is(&tokens[*t], Flags::PREP | Flags::SCONJ)
                && tokens[*t].shape == Shape::Lower;
            view.inside[*t] == 0 && tokens[*t - 1].is(',') && verb
        });
        if let Some(main) = main {
            end = main;
        }
    }
    // So does the one that "asked by Brandt" opens.
    let nobody = clause.subject.is_empty()
        || clause.subject.start > clause.cue.end && lexicon.is(&tokens[clause.subject.start - 1], Flags::BY);
    // "In her statement condemning the raid, Brandt said": the sentence begins with what this clause is part of.
    let fronted = clause.form == CueForm::Gerund
        && lexicon.is(&tokens[sentence.start], Flags::PREP | Flags::SCONJ | Flags::VERB_ING)
        && view.names.mention_at(sentence.start).is_none()
        && !(sentence.start..clause.cue.start).any(|t| tokens[t].is(','));
    let leads = clause.inherited && clause.cue.start <= sentence.start + 2 || nobody || fronted;
    let within = subordinate && lead != Some(sentence.start) && !clause.inherited;
    if subordinate && !clause.inherited || leads {
        // "Asked whether Ruiz, the mayor, would go, Brandt left": the comma before a subject with its verb.
        let subject = |t: &usize| {
            tokens[*t - 1].is(',')
                && phrase::after(view, *t, end).is_some_and(|p| {
                    let verb = p.end < end
                        && lexicon.is(&tokens[p.end], Flags::VERB_PAST | Flags::VERB_S | Flags::AUX)
                        && !lexicon.is(&tokens[p.end], Flags::NOUN | Flags::PREP);
                    verb && (narrow || phrase::speaks(view, &p) || phrase::maybe_name(view, &p))
                })
        };
        let outside_comma = |t: &usize| view.inside[*t] == 0 && tokens[*t - 1].is(',');
        let own = if nobody || narrow || within || fronted {
            (start + 1..end).filter(outside_comma).take(COMMAS).find(subject)
        } else {
            None
        };
        let main = own.or_else(|| {
            if within {
                return None;
            }
            (start + 1..end).find(|t| {
                view.inside[*t] == 0
                    && (tokens[*t - 1].is(',') || view.inside[*t - 1] > 0 && *t > start + 2 && tokens[*t - 2].is(','))
                    && !lexicon.is(&tokens[*t], Flags::CCONJ | Flags::WHO | Flags::VERB_ING)
                    && (nobody || has_finite(view, &(start..*t)))
            })
        });
        if let Some(main) = main {
            end = main;
        }
    }
    let pronoun =
        |c: &Clause| c.subject.len() == 1 && lexicon.is(&tokens[c.subject.start], Flags::HE | Flags::SHE | Flags::THEY);
    for next in &clauses[i + 1..] {
        // "Cruz, who says A, said B": the subject stands before this clause.
        let outer = !next.inherited && !next.subject.is_empty() && next.subject.end <= clause.cue.start;
        let mut cut = if outer { next.cue.start } else { next.start };
        if cut <= start {
            continue;
        }
        if next.according {
            cut = next.cue.start;
            // "said that, according to Brandt, the dam held": a source within the content.
            if comma(cut) && cut > start + 2 {
                end = end.min(cut - 1);
            }
        } else if next.inherited {
            let and = lexicon.is(&tokens[cut - 1], Flags::AND | Flags::BUT);
            // "said the ministry asked for boats and warned that": the content has a subject of its own.
            let own = and && !comma(cut - 1) && next.subject.start >= start && next.subject.end <= cut;
            if !next.firm || own {
                continue;
            }
            if and {
                cut -= 1;
            }
            // "said A and denied B" shares its subject; inside the content it would have one of its own.
            if comma(cut) || and {
                end = end.min(cut - usize::from(comma(cut)));
            }
        } else if outer && (start..cut).any(|t| tokens[t].is(',')) {
            end = end.min((start..cut).rev().find(|t| tokens[*t].is(',')).unwrap_or(cut));
        } else if outer && relative && next.subject.end <= clause.subject.end.max(clause.cue.start) && next.firm {
            // "Critics who praised the plan warned that": the verb of the sentence's own subject.
            end = end.min(cut);
        } else if (subordinate || relative && next.firm) && comma(cut) {
            end = end.min(cut - 1);
        } else if lexicon.is(&tokens[cut - 1], Flags::BUT) && comma(cut - 1) {
            end = end.min(cut - 2);
        } else if lexicon.is(&tokens[cut - 1], Flags::AND)
            && next.firm
            && (narrow && cut > start + 1
                || cut > start + 2 && (comma(cut - 1) || view.inside[cut - 2] > 0 || pronoun(next)))
        {
            // "said A, and he denied B": a clause of its own.
            end = end.min(cut - 1);
        }
    }
    let outside = |t: &usize| view.inside[*t] == 0;
    // "called it "a mess," recalling the flood": behind a comma in marks the writer goes on.
    let closed = |t: &usize| {
        let mark = view.inside[*t] == 0 && *t > start + 2 && view.inside[*t - 1] > 0 && tokens[*t - 2].is(',');
        mark && tokens[*t].shape == Shape::Lower
            && (lexicon.is(&tokens[*t], Flags::VERB_ING) && !lexicon.is(&tokens[*t], Flags::PREP | Flags::NOUN)
                || lexicon.is(&tokens[*t], Flags::BUT) && lexicon.is(&tokens[*t], Flags::SCONJ))
    };
    if any_quoted(view, &(start..end))
        && let Some(aside) = (start..end).find(closed)
    {
        end = aside;
    }
    // "said that the town was lost: "We have nothing left," she said": the quotation has a clause of its own.
    let colon = |t: &usize| {
        let stretch = view.stretch(*t + 1).filter(|_| tokens[*t].is(':'));
        stretch.is_some_and(|s| clauses[i + 1..].iter().any(|c| c.start == s.end() && !c.inherited))
    };
    if let Some(colon) = (start + 2..end).filter(outside).find(colon) {
        end = colon;
    }
    if let Some(semicolon) = (start..end).filter(outside).find(|t| tokens[*t].is(';')) {
        end = semicolon;
    }
    // "had no will to talk, a charge that Brandt denied": what the writer calls it.
    let remark = |t: &usize| {
        tokens[*t].is(',')
            && tokens.get(*t + 3).is_some_and(|w| lexicon.is(w, Flags::THAT | Flags::WHO))
            && lexicon.is(&tokens[*t + 1], Flags::INDEFINITE)
            && lexicon.is(&tokens[*t + 2], Flags::CUE)
            && lexicon.is(&tokens[*t + 2], Flags::NOUN)
    };
    if let Some(cut) = (start + 2..end).filter(outside).find(remark) {
        end = cut;
    }
    // A dash that is not one of two: what follows is the writer's.
    let mut dashes = (start..end).filter(outside).filter(|t| phrase::dash(&tokens[*t]));
    if let (Some(dash), None) = (dashes.next(), dashes.next())
        && dash > start + 2
    {
        end = dash;
    }
    if narrow {
        let breaks = |t: &usize| {
            let next = &tokens[(*t + 1).min(end - 1)];
            let but = tokens[*t].is(',')
                && lexicon.is(next, Flags::BUT | Flags::AND)
                && has_finite(view, &(*t + 2..end.min(*t + 12)));
            let which = tokens[*t].is(',') && lexicon.is(next, Flags::WHO);
            let before = lexicon.is(&tokens[*t], Flags::SCONJ | Flags::PREP)
                && lexicon.is(next, Flags::VERB_ING)
                && !lexicon.is(&tokens[*t], Flags::LINK | Flags::BY | Flags::AS);
            but || which || before
        };
        if let Some(cut) = (start + 1..end.saturating_sub(1)).filter(outside).find(breaks) {
            end = cut;
        }
    }
    trim_end(view, start, end)
}

/// `end` without closing punctuation outside marks.
pub(super) fn trim_end(view: &View<'_>, start: usize, end: usize) -> usize {
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

pub(super) fn has_that(view: &View<'_>, range: &Range<usize>) -> bool {
    view.segments.tokens[range.clone()].iter().any(|t| view.gazetteer.lexicon.is(t, Flags::THAT))
}

/// Whether a finite verb stands in the range.
pub(super) fn has_finite(view: &View<'_>, range: &Range<usize>) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let tokens = &view.segments.tokens;
    range.clone().any(|t| {
        let token = &tokens[t];
        let flags = Flags::of(token);
        // "he's leaning"
        let pronoun = Flags::PRON_SUBJECT | Flags::PRON_SPEECH;
        if token.kind == Kind::Possessive && t > range.start && lexicon.is(&tokens[t - 1], pronoun)
            || flags.contains(Flags::AUX.union(Flags::PRON)) && token.is_word()
        {
            return true;
        }
        if !token.is_word() || token.shape != Shape::Lower {
            return false;
        }
        let verb = flags.intersects(Flags::VERB_PAST | Flags::VERB_S);
        let only = !flags.intersects(Flags::NOUN | Flags::ADJ | Flags::PREP);
        // A past form that may be an adjective is a verb behind a name, a day or an adverb.
        let behind = t > range.start
            && flags.contains(Flags::VERB_PAST)
            && (view.names.mention_at(t - 1).is_some()
                || lexicon.is(
                    &tokens[t - 1],
                    Flags::DAY | Flags::PRON_SUBJECT | Flags::ADV | Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY,
                ));
        flags.contains(Flags::AUX) || verb && (only || behind)
    })
}

/// Whether a form that can be a verb follows something that can be its subject.
pub(super) fn maybe_finite(view: &View<'_>, range: &Range<usize>) -> bool {
    let lexicon = &view.gazetteer.lexicon;
    let tokens = &view.segments.tokens;
    let subject = Flags::NOUN
        | Flags::PRON_SUBJECT
        | Flags::PRON_SPEECH
        | Flags::ROLE
        | Flags::ROLE_PLURAL
        | Flags::BODY
        | Flags::ADV;
    (range.start + 1..range.end).any(|t| {
        let verb = lexicon.is(&tokens[t], Flags::VERB_PAST | Flags::VERB_S | Flags::VERB_BASE);
        let behind = lexicon.is(&tokens[t - 1], subject) || view.names.mention_at(t - 1).is_some();
        verb && behind && tokens[t].shape == Shape::Lower
    })
}
