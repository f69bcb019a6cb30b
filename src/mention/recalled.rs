//! Evidence in the rest of the article, as the pass before saw it: the same name elsewhere, longer names that hold it, and the names
//! beside it, since lists hold names of one type and what is owned tells of its owner.

use super::{document::Document, memory::Memory, reasons::R};
use crate::{gazetteer::Flags, model::EntityType, token::Kind};
use std::ops::Range;

/// Collects evidence from the memory of an article for the names of one sentence.
pub(super) struct Recalled<'d, 'a> {
    document: &'d Document<'a>,
    memory: &'d Memory,
    range: Range<usize>,
}

impl<'d, 'a> Recalled<'d, 'a> {
    pub(super) fn new(document: &'d Document<'a>, sentence: usize, memory: &'d Memory) -> Self {
        Recalled { document, memory, range: document.segments.sentences[sentence].tokens.clone() }
    }

    /// Evidence about the name `start..end`.
    pub(super) fn of_name(&self, start: usize, end: usize, out: &mut Vec<u16>) {
        let mut add = |reason: R| out.push(reason as u16);
        self.elsewhere(start, end, &mut add);
        self.neighbours(start, end, &mut add);
    }

    /// Evidence that the token `at` is no part of a name.
    pub(super) fn of_outside(&self, at: usize, out: &mut Vec<u16>) {
        let id = self.document.ids[at];
        for (holds, reason) in [
            (self.memory.form(&[id]).iter().any(|b| *b > 0.5), R::DocOften),
            (self.memory.last(id) > 0.5, R::DocLast),
            (self.memory.part(id).iter().any(|b| *b > 0.5), R::DocPartOrg),
        ] {
            if holds {
                out.push(reason as u16);
            }
        }
    }

    fn elsewhere(&self, start: usize, end: usize, add: &mut impl FnMut(R)) {
        let (document, memory) = (self.document, self.memory);
        let ids = &document.ids[start..end];
        let beliefs = memory.form(ids);
        for (belief, reason) in beliefs.iter().zip([R::DocPerson, R::DocPlace, R::DocOrg]) {
            if *belief > 0.5 {
                add(reason);
            }
        }
        add(match memory.count(ids) {
            0 => R::DocNever,
            1 => R::DocOnce,
            _ => R::DocOften,
        });
        let mut words = (start..end).filter(|t| document.token(*t).is_word());
        let Some(first) = words.next() else { return };
        let Some(last) = words.next_back() else {
            let id = document.ids[first];
            let part = memory.part(id);
            for (holds, reason) in [
                (memory.last(id) > 0.5, R::DocLast),
                (memory.first(id) > 0.5, R::DocFirst),
                (part[1] > 0.5, R::DocPartPlace),
                (part[2] > 0.5, R::DocPartOrg),
                (memory.acronym(document.segments.word(first), document.token(first).shape) > 0.3, R::DocAcronym),
            ] {
                if holds {
                    add(reason);
                }
            }
            return;
        };
        if memory.last(document.ids[last]) > 0.5 {
            add(R::DocLastOfTwo);
        }
        let person = |t: usize| document.token(t).is_word() && memory.form(&[document.ids[t]])[0] > 0.5;
        if (start..end).any(person) {
            add(R::DocPersonInside);
        }
    }

    fn neighbours(&self, start: usize, end: usize, add: &mut impl FnMut(R)) {
        let memory = self.memory;
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

    fn flags_at(&self, at: usize) -> Flags {
        self.document.flags[at]
    }

    /// Whether the token stands between the members of a list.
    fn joins(&self, at: usize) -> bool {
        let token = self.document.token(at);
        token.is(',') || token.is('&') || token.is(';') || self.flags_at(at).contains(Flags::AND)
    }

    /// Where the member of a list before the one at `start` ends: commas, "and" and an article are passed over.
    fn list_end_before(&self, start: usize) -> Option<usize> {
        let mut at = start;
        if at > self.range.start && self.flags_at(at - 1).contains(Flags::THE) {
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
        if joined > 0 && at < self.range.end && self.flags_at(at).contains(Flags::THE) {
            at += 1;
        }
        (joined > 0 && at < self.range.end).then_some(at)
    }
}
