//! Evidence in the names beside a name, as the first pass saw them: lists hold names of one type, and what is owned tells of
//! its owner.

use super::{features::Reasons, reasons::R};
use crate::{gazetteer::Flags, model::EntityType, token::Kind};

impl Reasons<'_, '_> {
    pub(super) fn neighbours(&self, start: usize, end: usize, add: &mut impl FnMut(R)) {
        let Some(memory) = self.memory else { return };
        if let Some(kind) = self.list_end_before(start).and_then(|at| memory.ending_at(at)) {
            add(match kind {
                EntityType::Person => R::ListPersonLeft,
                EntityType::Place => R::ListPlaceLeft,
                EntityType::Organization => R::ListOrgLeft,
            });
        }
        if let Some(kind) = self.list_start_after(end).and_then(|at| memory.starting_at(at)) {
            add(match kind {
                EntityType::Person => R::ListPersonRight,
                EntityType::Place => R::ListPlaceRight,
                EntityType::Organization => R::ListOrgRight,
            });
        }
        let owner = start.checked_sub(1).filter(|p| *p > self.range.start);
        if let Some(p) = owner.filter(|p| self.document.token(*p).kind == Kind::Possessive)
            && let Some(kind) = memory.ending_at(p)
        {
            add(match kind {
                EntityType::Person => R::OwnedByPerson,
                EntityType::Place => R::OwnedByPlace,
                EntityType::Organization => R::OwnedByOrg,
            });
        }
    }

    /// Whether the token stands between the members of a list.
    fn joins(&self, at: usize) -> bool {
        let token = self.document.token(at);
        token.is(',') || token.is('&') || token.is(';') || self.flags(at).contains(Flags::AND)
    }

    /// Where the member of a list before the one at `start` ends: commas, "and" and an article are passed over.
    fn list_end_before(&self, start: usize) -> Option<usize> {
        let mut at = start;
        if at > self.range.start && self.flags(at - 1).contains(Flags::THE) {
            at -= 1;
        }
        let mut joined = 0;
        while joined < 2 && at > self.range.start && self.joins(at - 1) {
            at -= 1;
            joined += 1;
        }
        (joined > 0).then_some(at)
    }

    /// Where the member of a list after the one that ends at `end` begins.
    fn list_start_after(&self, end: usize) -> Option<usize> {
        let mut at = end;
        let mut joined = 0;
        while joined < 2 && at < self.range.end && self.joins(at) {
            at += 1;
            joined += 1;
        }
        if joined > 0 && at < self.range.end && self.flags(at).contains(Flags::THE) {
            at += 1;
        }
        (joined > 0 && at < self.range.end).then_some(at)
    }
}
