//! Collects the evidence about each possible name of a sentence.

use super::{
    document::Document,
    form::Form,
    reasons::{List, R},
};
use crate::{
    gazetteer::{Flags, Spelling},
    token::{Kind, Shape},
};
use std::ops::Range;

/// Collects evidence for the names of one sentence.
pub(super) struct Reasons<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) range: Range<usize>,
    shouted: bool,
    headline: bool,
    title: bool,
    /// Whether the next sentence begins with "he" or "she".
    pronoun_next: bool,
}

impl<'d, 'a> Reasons<'d, 'a> {
    pub(super) fn new(document: &'d Document<'a>, sentence: usize) -> Self {
        let segments = document.segments;
        let part = &segments.sentences[sentence];
        let next = segments.sentences.get(sentence + 1).map(|next| &segments.tokens[next.tokens.clone()]);
        let pronoun = |word| document.gazetteer.lexicon.flags(word).intersects(Flags::HE | Flags::SHE);
        Reasons {
            document,
            range: part.tokens.clone(),
            shouted: document.shouted[sentence],
            headline: document.headline[sentence],
            title: part.number == 0,
            pronoun_next: next.and_then(<[_]>::first).is_some_and(|first| pronoun(first.word)),
        }
    }

    pub(super) fn flags(&self, at: usize) -> Flags {
        self.document.flags(at)
    }

    /// A word that a dictionary has and that no list of names has, or that the article also writes in lower case.
    pub(super) fn is_common(&self, at: usize) -> bool {
        const COMMON: Flags = Flags::COMMON
            .union(Flags::TITLE)
            .union(Flags::ROLE)
            .union(Flags::ROLE_PLURAL)
            .union(Flags::BODY)
            .union(Flags::DOCUMENT);
        const NAMED: Flags = Flags::GIVEN.union(Flags::SURNAME).union(Flags::IN_PERSON);
        let flags = self.flags(at);
        flags.intersects(COMMON) && (!flags.intersects(NAMED) || self.document.words.is_lower_too(at))
    }

    pub(super) fn is_unknown(&self, at: usize) -> bool {
        const KNOWN: Flags = Flags::COMMON
            .union(Flags::GIVEN)
            .union(Flags::SURNAME)
            .union(Flags::IN_PERSON)
            .union(Flags::IN_PLACE)
            .union(Flags::IN_ORGANIZATION)
            .union(Flags::TITLE)
            .union(Flags::ROLE)
            .union(Flags::DEMONYM)
            .union(Flags::DEMONYM_ADJ)
            .union(Flags::MONTH)
            .union(Flags::DAY);
        !self.flags(at).intersects(KNOWN)
    }

    /// Collects the evidence about the name `start..end`; returns the number of its form, for which the context weighs apart. There is
    /// none if nothing is known but its tokens.
    pub(super) fn of_name(&self, start: usize, end: usize, out: &mut List) -> Option<usize> {
        out.clear();
        out.add(R::Always);
        let form = Form::read(self, start, end)?;
        out.add(match form.count {
            1 => R::Words1,
            2 => R::Words2,
            3 => R::Words3,
            4 => R::Words4,
            _ => R::Words5,
        });
        let kinds = self.gazetteer(start, end, out);
        self.person_form(&form, out);
        self.other_form(start, end, &form, out);
        self.common(&form, out);
        self.before(start, end, out);
        self.after(start, end, out);
        self.described_before(start, out);
        self.described_after(end, out);
        self.contest(start, end, out);
        self.spelling(form.last, out);
        self.place_in_text(start, end, form.first, out);
        out.add_if(form.one() && form.capital && self.document.words.is_lower_too(form.first), R::DocLower);
        Some(form.number(kinds))
    }

    /// What the letters of an unlisted word tell: of a name of several words the last one counts.
    fn spelling(&self, last: usize, out: &mut List) {
        if !self.is_unknown(last) {
            return;
        }
        let Some((kind, odds)) = self.document.words.spelling(last) else { return };
        let sure = odds > 2.0;
        out.add(match (kind, sure) {
            (Spelling::Person, false) => R::SpelledPerson,
            (Spelling::Person, true) => R::SpelledPersonSure,
            (Spelling::Place, false) => R::SpelledPlace,
            (Spelling::Place, true) => R::SpelledPlaceSure,
            (Spelling::Organization, false) => R::SpelledOrganization,
            (Spelling::Organization, true) => R::SpelledOrganizationSure,
            (Spelling::Ordinary, false) => R::SpelledOrdinary,
            (Spelling::Ordinary, true) => R::SpelledOrdinarySure,
        });
    }

    fn place_in_text(&self, start: usize, end: usize, first: usize, out: &mut List) {
        let is_mark = |at: usize| matches!(self.document.token(at).kind, Kind::Double | Kind::Single);
        let inner = start > self.range.start;
        let at_start = self.opens(start);
        let one = end == start + 1;
        let listed = one && self.is_covered(start);
        let mark_before = inner && is_mark(start - 1);
        let quoted = mark_before && end < self.range.end && is_mark(end);
        let after_mark = mark_before
            || inner && (self.document.token(start - 1).is(':') || self.document.token(start - 1).is_dash());
        if at_start {
            out.add(R::SentenceStart);
            out.add_if(self.is_common(first), R::SentenceStartCommon);
            out.add_if(one && !listed && self.flags(first).intersects(Flags::COMMON), R::StartWord);
        }
        out.add_if(after_mark, R::AfterColon);
        out.add_if(at_start && self.pronoun_next, R::PronounNext);
        out.add_if(quoted, R::Quoted);
        self.style(out);
    }

    /// Whether nothing but a mark stands before the token at `at` in its sentence.
    fn opens(&self, at: usize) -> bool {
        at == self.range.start || at == self.range.start + 1 && !self.document.token(at - 1).is_word()
    }

    /// Whether a gazetteer name covers the token at `at`.
    fn is_covered(&self, at: usize) -> bool {
        self.document.listed.covered[at].1 > 0
    }

    fn style(&self, out: &mut List) {
        out.add_if(self.headline, R::Headline);
        out.add_if(self.shouted, R::Shouted);
        out.add_if(self.title, R::InTitle);
    }

    /// Collects the evidence that the capitalized token `at` is no part of a name.
    pub(super) fn of_outside(&self, at: usize, out: &mut List) {
        let document = self.document;
        let shape = document.token(at).shape;
        let flags = self.flags(at);
        let first = self.opens(at);
        let common = self.is_common(at);
        let goes_on = at + 1 < self.range.end && document.token(at + 1).is_capitalized();
        // "weaver" is a trade, Weaver a surname.
        let named = flags.intersects(Flags::GIVEN | Flags::SURNAME);
        let hit = self.is_covered(at);
        out.clear();
        out.add(R::Always);
        out.add_if(common, R::CommonOne);
        out.add_if(first, R::SentenceStart);
        out.add_if(first && common, R::SentenceStartCommon);
        out.add_if(first && !goes_on && !hit && flags.intersects(Flags::COMMON), R::StartWord);
        out.add_if(flags.intersects(Flags::FUNCTION), R::FunctionOne);
        out.add_if(flags.intersects(Flags::VERB), R::VerbOne);
        out.add_if(flags.contains(Flags::TITLE) && !named, R::OneTitle);
        out.add_if(flags.intersects(Flags::ROLE | Flags::ROLE_PLURAL) && !named, R::RoleLast);
        out.add_if(flags.intersects(Flags::DEMONYM | Flags::DEMONYM_ADJ), R::OneDemonym);
        out.add_if(flags.contains(Flags::MONTH), R::MonthOne);
        out.add_if(flags.contains(Flags::DAY), R::Day);
        out.add_if(flags.contains(Flags::AMBIGUOUS_WORD), R::AmbiguousOne);
        out.add_if(flags.intersects(Flags::GIVEN), R::OneGiven);
        out.add_if(flags.contains(Flags::SURNAME), R::OneSurname);
        out.add_if(flags.intersects(Flags::ORG_LAST | Flags::ORG_FIRST), R::OneOrg);
        out.add_if(flags.contains(Flags::PLACE_LAST), R::OnePlaceWord);
        out.add_if(flags.contains(Flags::OTHER_LAST), R::OneOther);
        out.add_if(document.listed.demonym_at(at) != (0, 0), R::OneDemonym);
        out.add_if(document.listed.other_at(at) != (0, 0), R::OtherName);
        out.add_if(flags.contains(Flags::OTHER_ACRONYM), R::OtherAcronym);
        out.add_if(self.short_title(at), R::TitleShort);
        out.add_if(flags.contains(Flags::AFTER_NAME), R::AfterName);
        out.add_if(document.is_common_acronym(at), R::DocAcronymLower);
        out.add_if(self.other_follows(at + 1), R::NextOther);
        out.add_if(hit, R::GazInside);
        out.add_if(self.is_unknown(at), R::UnknownOne);
        out.add_if(shape == Shape::Upper, R::Acronym);
        out.add_if(shape == Shape::Initial, R::OneLetter);
        out.add_if(document.words.is_lower_too(at), R::DocLower);
        self.style(out);
    }
}
