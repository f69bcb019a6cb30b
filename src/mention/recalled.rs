//! Evidence in the rest of the article, as the pass before saw it: the same name elsewhere, longer names that hold it, and the names
//! beside it, since lists hold names of one type and what is owned tells of its owner.

use super::{
    candidates::Name,
    document::Document,
    memory::{Memory, word},
    reasons::{R, of_form},
};
use crate::{
    gazetteer::Flags,
    model::EntityType,
    token::{Kind, Shape},
};
use std::ops::Range;

/// What the memory of an article can tell. [`Recollection`] is a set of these.
const ALL: [R; 22] = [
    R::DocPerson,
    R::DocPlace,
    R::DocOrg,
    R::DocNever,
    R::DocOnce,
    R::DocOften,
    R::DocLast,
    R::DocFirst,
    R::DocPartPlace,
    R::DocPartOrg,
    R::DocAcronym,
    R::DocLastOfTwo,
    R::DocPersonInside,
    R::ListPersonLeft,
    R::ListPlaceLeft,
    R::ListOrgLeft,
    R::ListPersonRight,
    R::ListPlaceRight,
    R::ListOrgRight,
    R::OwnedByPerson,
    R::OwnedByPlace,
    R::OwnedByOrg,
];

/// Bits of [`ALL`]; of three types in a row, the bit of the first.
mod bit {
    pub const NEVER: u32 = 3;
    pub const ONCE: u32 = 4;
    pub const OFTEN: u32 = 5;
    pub const LAST: u32 = 6;
    pub const FIRST: u32 = 7;
    pub const PART_PLACE: u32 = 8;
    pub const PART_ORGANIZATION: u32 = 9;
    pub const ACRONYM: u32 = 10;
    pub const LAST_OF_TWO: u32 = 11;
    pub const PERSON_INSIDE: u32 = 12;
    pub const LIST_LEFT: u32 = 13;
    pub const LIST_RIGHT: u32 = 16;
    pub const OWNED: u32 = 19;
}

/// What is recalled about one thing. Two that are equal weigh the same, so that nothing needs to be summed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Recollection(u32);

impl Recollection {
    fn set(&mut self, holds: bool, bit: u32) {
        self.0 |= u32::from(holds) << bit;
    }

    fn set_type(&mut self, kind: Option<EntityType>, bit: u32) {
        if let Some(kind) = kind {
            self.set(true, bit + kind.index() as u32);
        }
    }

    /// Its reasons, in order.
    pub(super) fn reasons(self) -> impl Iterator<Item = u16> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = ALL.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(*next as u16)
        })
    }

    /// Its reasons again, for names of form `form`.
    pub(super) fn reasons_of_form(self, form: usize) -> impl Iterator<Item = u16> {
        self.reasons().map(move |reason| of_form(form, reason))
    }
}

/// Recalls what the memory of an article has about the names of one sentence.
pub(super) struct Recall<'d, 'a> {
    document: &'d Document<'a>,
    memory: &'d Memory,
    range: Range<usize>,
}

impl<'d, 'a> Recall<'d, 'a> {
    pub(super) fn new(document: &'d Document<'a>, sentence: usize, memory: &'d Memory) -> Self {
        Recall { document, memory, range: document.segments.sentences[sentence].tokens.clone() }
    }

    /// Evidence about a name.
    pub(super) fn of_name(&self, name: &Name) -> Recollection {
        let mut out = Recollection::default();
        self.elsewhere(name, &mut out);
        self.neighbours(name.start as usize, name.end as usize, &mut out);
        out
    }

    /// Evidence that the token `at` is no part of a name.
    pub(super) fn of_outside(&self, at: usize) -> Recollection {
        let mut out = Recollection::default();
        let number = self.document.words.numbers[at];
        let known = self.memory.word(number);
        out.set(self.memory.wording(number).types != 0, bit::OFTEN);
        out.set(known & word::LAST != 0, bit::LAST);
        out.set(known >= word::PART, bit::PART_ORGANIZATION);
        out
    }

    fn elsewhere(&self, name: &Name, out: &mut Recollection) {
        let (document, memory) = (self.document, self.memory);
        let wording = memory.wording(name.wording);
        out.0 |= u32::from(wording.types);
        out.set(wording.count == 0, bit::NEVER);
        out.set(wording.count == 1, bit::ONCE);
        out.set(wording.count > 1, bit::OFTEN);
        let mut words = name.tokens().filter(|at| document.token(*at).is_word());
        let Some(first) = words.next() else { return };
        let Some(last) = words.next_back() else {
            let known = memory.word(document.words.numbers[first]);
            out.set(known & word::LAST != 0, bit::LAST);
            out.set(known & word::FIRST != 0, bit::FIRST);
            out.set(known & word::PART_PLACE != 0, bit::PART_PLACE);
            out.set(known & word::PART_ORGANIZATION != 0, bit::PART_ORGANIZATION);
            let upper = document.token(first).shape == Shape::Upper;
            out.set(upper && memory.is_acronym(document.segments.word(first)), bit::ACRONYM);
            return;
        };
        out.set(memory.word(document.words.numbers[last]) & word::LAST != 0, bit::LAST_OF_TWO);
        let person = 1 << EntityType::Person.index();
        let is_person =
            |at: usize| document.token(at).is_word() && memory.wording(document.words.numbers[at]).types & person != 0;
        out.set(name.tokens().any(is_person), bit::PERSON_INSIDE);
    }

    fn neighbours(&self, start: usize, end: usize, out: &mut Recollection) {
        let memory = self.memory;
        out.set_type(self.list_end_before(start).and_then(|at| memory.ending_at(at)), bit::LIST_LEFT);
        out.set_type(self.list_start_after(end).and_then(|at| memory.starting_at(at)), bit::LIST_RIGHT);
        let owner = start.checked_sub(1).filter(|p| *p > self.range.start);
        let owner = owner.filter(|p| self.document.token(*p).kind == Kind::Possessive);
        out.set_type(owner.and_then(|p| memory.ending_at(p)), bit::OWNED);
    }

    /// Whether the token stands between the members of a list.
    fn joins(&self, at: usize) -> bool {
        let token = self.document.token(at);
        token.is(',') || token.is('&') || token.is(';') || self.document.flags(at).contains(Flags::AND)
    }

    /// Where the member of a list before the one at `start` ends: commas, "and" and an article are passed over.
    fn list_end_before(&self, start: usize) -> Option<usize> {
        let mut at = start;
        if at > self.range.start && self.document.flags(at - 1).contains(Flags::THE) {
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
        if joined > 0 && at < self.range.end && self.document.flags(at).contains(Flags::THE) {
            at += 1;
        }
        (joined > 0 && at < self.range.end).then_some(at)
    }
}
