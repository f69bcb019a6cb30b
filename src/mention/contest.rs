//! Evidence in reports on sport, where the name of a country or a town may be that of its team: "Norway beat Ghana 2-1".
//!
//! A team that is named after its place is an organization (the contract of `mentions.csv`); annotated corpora disagree about that,
//! so that these weights are given, not fitted.

use super::{
    document::Document,
    features::Reasons,
    reasons::{List, R},
};
use crate::{gazetteer::Flags, token::Kind};
use std::ops::Range;

impl Reasons<'_, '_> {
    pub(super) fn contest(&self, start: usize, end: usize, out: &mut List) {
        if !self.document.sport {
            return;
        }
        out.add(R::Sport);
        if !self.document.listed.is_place(start..end) {
            out.add_if(self.document.plays(start, end, &self.range), R::Side);
            out.add_if(self.document.score_at(end, &self.range), R::ScoreAfter);
            return;
        }
        let located = start > self.range.start && self.flags(start - 1).contains(Flags::LOCATIVE);
        if self.document.plays(start, end, &self.range) {
            out.add(R::Team);
        } else {
            out.add_if(!located && self.document.teams.contains(&self.document.key(start..end)), R::TeamElsewhere);
        }
    }
}

impl Document<'_> {
    /// Finds the places of the article that play.
    pub(super) fn find_teams(&mut self) {
        let mut teams = Vec::new();
        for sentence in &self.segments.sentences {
            for start in sentence.tokens.clone() {
                for hit in self.hits_at(start) {
                    if self.listed.is_place(start..hit.end()) && self.plays(start, hit.end(), &sentence.tokens) {
                        teams.push(self.key(start..hit.end()));
                    }
                }
            }
        }
        self.teams.extend(teams);
    }

    /// Whether a result begins at token `at`: "2-1".
    pub(super) fn score_at(&self, at: usize, sentence: &Range<usize>) -> bool {
        let token = |at: usize| sentence.contains(&at).then(|| self.token(at));
        let number = |at: usize| token(at).is_some_and(|t| t.kind == Kind::Number && t.end - t.start <= 3);
        number(at) && token(at + 1).is_some_and(|t| t.is_dash() || t.is('-')) && number(at + 2)
    }

    /// Whether what stands beside these tokens makes them a side in a contest: "against them", "they won", "they 2-1", "their
    /// goalkeeper".
    fn plays(&self, start: usize, end: usize, sentence: &Range<usize>) -> bool {
        let token = |at: usize| sentence.contains(&at).then(|| self.token(at));
        let is = |at: usize, flag: Flags| sentence.contains(&at) && self.flags(at).contains(flag);
        let mut before = start;
        if before > sentence.start && is(before - 1, Flags::THE) {
            before -= 1;
        }
        let back = |steps: usize| before.checked_sub(steps).filter(|at| *at >= sentence.start);
        let back_is = |steps: usize, flag: Flags| back(steps).is_some_and(|at| is(at, flag));
        // "lost to them", "victory over them".
        let through = back_is(1, Flags::PREP) && !back_is(1, Flags::LOCATIVE) && back_is(2, Flags::CONTEST);
        let score_after = self.score_at(end, sentence);
        let score_before = back(3).is_some_and(|at| self.score_at(at, sentence));
        let owner = token(end).is_some_and(|t| t.kind == Kind::Possessive);
        let owned = owner && (end + 1..end + 4).any(|at| is(at, Flags::SPORT));
        back_is(1, Flags::CONTEST)
            || through
            || is(end, Flags::CONTEST)
            || is(end, Flags::SPORT) && !self.token(end).is_capitalized()
            || score_after
            || score_before
            || owned
    }
}
