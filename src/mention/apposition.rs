//! Evidence in descriptions beside a name ("Aktau, a port on the coast", "the lender, Halmar", "companies such as Halmar").

use super::{
    features::Reasons,
    reasons::{List, R},
};
use crate::{gazetteer::Flags, token::Kind};

/// Words of a description that are looked at for its noun.
const REACH: usize = 7;

/// What the noun of a description makes of the name beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Noun {
    Person,
    Body,
    Place,
}

impl Reasons<'_, '_> {
    pub(super) fn described_after(&self, end: usize, out: &mut List) {
        if end >= self.range.end {
            return;
        }
        let flags = self.flags(end);
        out.add_if(flags.contains(Flags::WHICH), R::NextWhich);
        out.add_if(flags.contains(Flags::WHERE), R::NextWhere);
        if self.document.token(end).is(',') && end + 1 < self.range.end {
            let next = self.flags(end + 1);
            if next.contains(Flags::WHICH) {
                out.add(R::NextCommaWhich);
            } else if next.contains(Flags::WHERE) {
                out.add(R::NextCommaWhere);
            } else if next.contains(Flags::WHO) {
                out.add(R::NextCommaWho);
            }
            if next.intersects(Flags::DET | Flags::INDEFINITE) {
                match self.noun_after(end + 2) {
                    Some(Noun::Body) => out.add(R::NextCommaBody),
                    Some(Noun::Place) => out.add(R::NextCommaPlaceWord),
                    Some(Noun::Person) => out.add(R::NextCommaRole),
                    None => {}
                }
            }
        }
        if flags.contains(Flags::BE)
            && end + 1 < self.range.end
            && self.flags(end + 1).intersects(Flags::DET | Flags::INDEFINITE)
        {
            match self.noun_after(end + 2) {
                Some(Noun::Person) => out.add(R::NextIsRole),
                Some(Noun::Body) => out.add(R::NextIsBody),
                Some(Noun::Place) => out.add(R::NextIsPlaceWord),
                None => {}
            }
        }
    }

    pub(super) fn described_before(&self, start: usize, out: &mut List) {
        let Some(p) = start.checked_sub(1).filter(|p| *p > self.range.start) else { return };
        if self.document.token(p).is(',') && self.opens_with_article(p) {
            match self.noun_at(p - 1) {
                Some(Noun::Person) => out.add(R::PrevCommaRole),
                Some(Noun::Body) => out.add(R::PrevCommaBody),
                Some(Noun::Place) => out.add(R::PrevCommaPlaceWord),
                None => {}
            }
        }
        let such_as = self.flags(p).contains(Flags::AS) && self.flags(p - 1).contains(Flags::DET);
        if such_as || self.flags(p).contains(Flags::EXAMPLE) {
            let mut noun = p.saturating_sub(1 + usize::from(such_as));
            if noun > self.range.start && self.document.token(noun).is(',') {
                noun -= 1;
            }
            if noun >= self.range.start {
                match self.noun_at(noun) {
                    Some(Noun::Person) => out.add(R::PrevExamplePeople),
                    Some(Noun::Body) => out.add(R::PrevExampleBodies),
                    Some(Noun::Place) => out.add(R::PrevExamplePlaces),
                    None => {}
                }
            }
        }
    }

    /// Whether the words before the comma at `comma` are a short description with an article: "the regional lender,".
    fn opens_with_article(&self, comma: usize) -> bool {
        let from = self.range.start.max(comma.saturating_sub(REACH));
        (from..comma)
            .rev()
            .take_while(|t| self.document.token(*t).is_word())
            .any(|t| self.flags(t).intersects(Flags::DET | Flags::INDEFINITE))
    }

    /// The noun of the description that begins at `at`: the last word of what can be a description, before a preposition, a
    /// verb or a mark.
    fn noun_after(&self, at: usize) -> Option<Noun> {
        let mut noun = None;
        for t in at..self.range.end.min(at + REACH) {
            let token = self.document.token(t);
            let flags = self.flags(t);
            let stops =
                Flags::PREP | Flags::WHO | Flags::WHICH | Flags::WHERE | Flags::AUX | Flags::CCONJ | Flags::THAT;
            // ", the police said," is no description.
            let says = flags.contains(Flags::CUE) && flags.intersects(Flags::VERB_PAST | Flags::VERB_S);
            if flags.contains(Flags::AUX) || says && !flags.intersects(Flags::NOUN) {
                return None;
            }
            if !token.is_word() && !token.is('-') && token.kind != Kind::Possessive || flags.intersects(stops) {
                break;
            }
            if !token.is_capitalized() {
                noun = self.noun_at(t).or(noun);
            }
        }
        noun
    }

    fn noun_at(&self, at: usize) -> Option<Noun> {
        let flags = self.flags(at);
        match () {
            () if flags.intersects(Flags::ROLE | Flags::ROLE_PLURAL) => Some(Noun::Person),
            () if flags.contains(Flags::BODY) => Some(Noun::Body),
            () if flags.contains(Flags::PLACE_CONTEXT) => Some(Noun::Place),
            () => None,
        }
    }
}
