//! Evidence in the words before and after a name.

use super::{features::Reasons, reasons::R};
use crate::{
    gazetteer::Flags,
    model::EntityType,
    token::{Kind, Shape},
};

impl Reasons<'_, '_> {
    pub(super) fn before(&self, start: usize, end: usize, add: &mut impl FnMut(R)) {
        if self.document.title_before[start] > 0 {
            let from = start - self.document.title_before[start] as usize;
            let honorific = (from..start).any(|t| self.flags(t).contains(Flags::HONORIFIC));
            add(if honorific { R::PrevHonorific } else { R::PrevTitle });
        }
        let Some(p) = start.checked_sub(1).filter(|p| *p >= self.range.start) else { return };
        let token = self.document.token(p);
        let flags = self.flags(p);
        // A word of grammar that opens the sentence has its capital for that alone.
        let opens = p == self.range.start && flags.intersects(Flags::FUNCTION);
        let capital = token.is_capitalized() && !opens;
        let before = p.checked_sub(1).filter(|b| *b >= self.range.start);
        let before_flags = before.map_or(Flags::empty(), |b| self.flags(b));
        let names = Flags::GIVEN | Flags::SURNAME | Flags::IN_PERSON;
        if flags.contains(Flags::AND) {
            if before.is_some_and(|b| self.ends_place(b)) {
                add(R::PrevAndPlace);
            }
            if before_flags.intersects(Flags::KNOWN_SURNAME | Flags::SURNAME)
                && before.is_some_and(|b| self.document.token(b).is_capitalized())
            {
                add(R::PrevAndPerson);
            }
        }
        if capital {
            add(R::RunLeft);
            add(if self.is_common(p) { R::RunLeftCommon } else { R::PrevNoun });
            if flags.intersects(names) && !self.is_common(p) {
                add(R::RunLeftName);
            }
        }
        match token.kind {
            Kind::Word if !capital || self.document.token(p).shape != Shape::Lower && p == self.range.start => {
                let prep = flags.contains(Flags::PREP);
                let reason = match () {
                    () if flags.contains(Flags::LOCATIVE) => Some(R::PrevIn),
                    () if flags.contains(Flags::DIRECTIVE) => Some(R::PrevTo),
                    () if flags.contains(Flags::OF) => Some(R::PrevOf),
                    () if flags.contains(Flags::BY) => Some(R::PrevBy),
                    () if flags.contains(Flags::WITH) => Some(R::PrevWith),
                    () if flags.contains(Flags::THE) => Some(R::PrevThe),
                    () if flags.contains(Flags::INDEFINITE) => Some(R::PrevA),
                    () if flags.contains(Flags::AND) => Some(R::PrevAnd),
                    () if prep => Some(R::PrevOtherPrep),
                    () => None,
                };
                if let Some(reason) = reason {
                    add(reason);
                }
                if flags.contains(Flags::OF) {
                    if before_flags.contains(Flags::PLACE_CONTEXT) {
                        add(R::PrevPlaceOf);
                    }
                    if before_flags.intersects(Flags::TITLE | Flags::ROLE) {
                        add(R::PrevTitleOf);
                    }
                } else if flags.intersects(Flags::FOR | Flags::LOCATIVE)
                    && before_flags.intersects(Flags::ROLE | Flags::BODY)
                {
                    add(R::PrevRoleFor);
                }
                for (holds, reason) in [
                    (flags.contains(Flags::CUE), R::PrevCue),
                    (flags.intersects(Flags::VERB) && !flags.contains(Flags::CUE), R::PrevVerb),
                    (flags.contains(Flags::NOUN), R::PrevNoun),
                    (flags.contains(Flags::ADJ), R::PrevAdjective),
                ] {
                    if holds {
                        add(reason);
                    }
                }
            }
            Kind::Possessive => add(R::PrevPossessive),
            Kind::Number => add(R::PrevNumber),
            Kind::Punctuation if token.is(',') => {
                add(R::PrevComma);
                if before.is_some_and(|b| self.ends_place(b)) {
                    add(R::PrevCommaPlace);
                }
                if before_flags.intersects(Flags::ROLE | Flags::TITLE) {
                    add(R::PrevRoleComma);
                }
            }
            Kind::Punctuation if token.is('-') && !token.space_before => {
                add(R::PrevHyphen);
                if before.is_some_and(|b| self.document.token(b).shape == Shape::Lower) {
                    add(R::PrefixBefore);
                }
            }
            Kind::Punctuation if token.is('(') => {
                add(R::PrevBracket);
                if end - start == 1 && self.initials_before(p, self.document.segments.word(start)) {
                    add(R::BracketAcronymOf);
                }
            }
            Kind::Punctuation if token.is('@') || token.is('#') => add(R::PrevAt),
            _ => {}
        }
        for (holds, reason) in [
            (flags.intersects(Flags::ROLE | Flags::ROLE_PLURAL), R::PrevRole),
            (flags.intersects(Flags::DEMONYM | Flags::DEMONYM_ADJ), R::PrevDemonym),
            (flags.contains(Flags::PLACE_CONTEXT), R::PrevPlaceWord),
            (flags.contains(Flags::BODY), R::PrevBody),
            (capital && self.ends_place(p), R::PrevPlaceName),
        ] {
            if holds {
                add(reason);
            }
        }
    }

    /// Whether the run of capitalized words at `at` ends with a word of events, laws or works.
    pub(super) fn other_follows(&self, at: usize) -> bool {
        let run = (at..self.range.end).take(6).take_while(|t| self.document.token(*t).is_capitalized());
        run.last().is_some_and(|last| self.flags(last).contains(Flags::OTHER_LAST))
    }

    /// Whether a known place ends at token `at`.
    fn ends_place(&self, at: usize) -> bool {
        let (from, to) = self.covered[at - self.range.start];
        to == at + 1 && !self.document.entries(from..to, EntityType::Place).is_empty()
    }

    /// Whether the capitalized words before the bracket at `bracket` have the letters of `word` as initials.
    fn initials_before(&self, bracket: usize, word: &str) -> bool {
        let letters: Vec<char> = word.chars().filter(|c| c.is_uppercase()).collect();
        if letters.len() < 2 {
            return false;
        }
        let mut wanted = letters.iter().rev();
        let mut want = wanted.next();
        for at in (self.range.start..bracket).rev().take(letters.len() * 2 + 2) {
            let token = self.document.token(at);
            if !token.is_capitalized() {
                continue;
            }
            let Some(letter) = want else { break };
            if self.document.segments.word(at).starts_with(*letter) {
                want = wanted.next();
            }
        }
        want.is_none()
    }

    pub(super) fn after(&self, start: usize, end: usize, add: &mut impl FnMut(R)) {
        if end >= self.range.end {
            add(R::NextStop);
            return;
        }
        let token = self.document.token(end);
        let flags = self.flags(end);
        let next = (end + 1 < self.range.end).then_some(end + 1);
        let next_flags = next.map_or(Flags::empty(), |n| self.flags(n));
        match token.kind {
            Kind::Possessive => add(R::NextPossessive),
            // The result of a match is no number of anything.
            Kind::Number if self.document.score_at(end, &self.range) => {}
            Kind::Number => add(R::NextNumber),
            Kind::Word if token.is_capitalized() => {
                add(R::RunRight);
                if flags.contains(Flags::OTHER_LAST) {
                    add(R::NextOther);
                } else if self.other_follows(end) {
                    add(R::NextOtherLater);
                }
                if flags.intersects(Flags::GIVEN | Flags::SURNAME | Flags::IN_PERSON) && !self.is_common(end) {
                    add(R::RunRightName);
                }
                if flags.intersects(Flags::ORG_LAST | Flags::ORG_LAST_WEAK) {
                    add(R::RunRightOrg);
                }
            }
            Kind::Word => {
                let reason = match () {
                    () if flags.contains(Flags::WHO) => Some(R::NextWho),
                    () if flags.contains(Flags::AND) => Some(R::NextAnd),
                    () if flags.contains(Flags::OF) => Some(R::NextOf),
                    () if flags.contains(Flags::FOR) => Some(R::NextFor),
                    () if flags.contains(Flags::AUX) => Some(R::NextAux),
                    () if flags.contains(Flags::CUE) && flags.intersects(Flags::VERB_PAST | Flags::VERB_S) => {
                        Some(R::NextCue)
                    }
                    () if flags.contains(Flags::VERB_PERSON) => Some(R::NextPersonVerb),
                    () if flags.intersects(Flags::VERB_PAST | Flags::VERB_S) => Some(R::NextVerb),
                    () if flags.contains(Flags::PREP) => Some(R::NextPrep),
                    () => None,
                };
                if let Some(reason) = reason {
                    add(reason);
                }
            }
            Kind::Punctuation if token.is(',') => {
                add(R::NextComma);
                let age = next.is_some_and(|n| {
                    self.document.token(n).kind == Kind::Number
                        && n + 1 < self.range.end
                        && (self.document.token(n + 1).is(',') || self.document.token(n + 1).is('-'))
                });
                let place = next.is_some_and(|n| self.document.hits_at(n).any(|h| h.alias.kind == EntityType::Place));
                // What an article opens is told by its noun, in `described_after`.
                let role = !next_flags.intersects(Flags::DET | Flags::INDEFINITE)
                    && (end + 1..self.range.end.min(end + 6))
                        .take_while(|t| !self.document.token(*t).is(','))
                        .any(|t| self.flags(t).intersects(Flags::ROLE | Flags::TITLE));
                for (holds, reason) in [
                    (age, R::NextCommaAge),
                    (place, R::NextCommaPlace),
                    (role, R::NextCommaRole),
                    (next_flags.contains(Flags::DET), R::NextDeath),
                ] {
                    if holds {
                        add(reason);
                    }
                }
            }
            Kind::Punctuation if token.is('-') && !token.space_before => add(R::NextHyphen),
            Kind::Punctuation if token.is('(') => {
                add(R::NextBracket);
                if next.is_some_and(|n| {
                    self.document.token(n).shape == Shape::Upper
                        && self.initials_before(end, self.document.segments.word(n))
                }) {
                    add(R::NextBracketAcronym);
                }
            }
            Kind::Punctuation if matches!(token.character, '$' | '€' | '£' | '¥') => add(R::CurrencyAfter),
            Kind::Punctuation if token.is_stop() => add(R::NextStop),
            _ => {}
        }
        let place_at = |at: usize| {
            let mut hits = self.document.hits_at(at);
            hits.any(|h| h.alias.kind == EntityType::Place)
        };
        if flags.contains(Flags::AND) && next.is_some_and(place_at) {
            add(R::NextAndPlace);
        }
        let lower = token.is_word() && !token.is_capitalized();
        let the = start > self.range.start && self.flags(start - 1).contains(Flags::DET);
        for (holds, reason) in [
            (flags.contains(Flags::PLACE_CONTEXT), R::NextPlaceWord),
            (flags.contains(Flags::BODY), R::NextBody),
            (flags.intersects(Flags::ROLE | Flags::ROLE_PLURAL), R::NextRole),
            (flags.intersects(Flags::DAY | Flags::MONTH), R::NextDay),
            (lower && flags.intersects(Flags::ORG_LAST), R::NextOrgWord),
            (lower && flags.contains(Flags::NOUN), R::NextNoun),
            (lower && the && flags.contains(Flags::NOUN), R::BothThe),
        ] {
            if holds {
                add(reason);
            }
        }
    }
}
