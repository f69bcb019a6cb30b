//! Evidence in the name itself: its words, their letters, and how they are joined.

use super::{
    features::Reasons,
    form::Form,
    reasons::{List, R},
};
use crate::{
    gazetteer::Flags,
    token::{Kind, Shape},
};

const DEMONYM: Flags = Flags::DEMONYM.union(Flags::DEMONYM_ADJ);

/// What tells of the kind of a name. Most words of names are none of these, and are passed over at once.
const TELLING: Flags = DEMONYM
    .union(Flags::ORG_LAST)
    .union(Flags::ORG_LAST_WEAK)
    .union(Flags::ORG_FIRST)
    .union(Flags::ORG_SUFFIX)
    .union(Flags::PORTFOLIO)
    .union(Flags::PLACE_LAST)
    .union(Flags::PLACE_FIRST)
    .union(Flags::PLACE_CONTEXT)
    .union(Flags::OTHER_LAST)
    .union(Flags::SITE)
    .union(Flags::AFTER_NAME)
    .union(Flags::TITLE)
    .union(Flags::ROLE)
    .union(Flags::ROLE_PLURAL)
    .union(Flags::MONTH)
    .union(Flags::DAY);

impl Reasons<'_, '_> {
    pub(super) fn person_form(&self, form: &Form, out: &mut List) {
        let (first, last) = (form.first_flags, form.last_flags);
        let given = first.intersects(Flags::GIVEN);
        let weak = first.contains(Flags::GIVEN_WEAK);
        let surname = last.contains(Flags::SURNAME);
        let weak_surname = last.contains(Flags::SURNAME_WEAK);
        let listed = form.listed_surname;
        let known = last.contains(Flags::KNOWN_SURNAME);
        if form.one() {
            out.add_if(given && !weak, R::OneGiven);
            out.add_if(listed && !weak_surname, R::OneSurname);
            out.add_if(surname && !listed, R::OneSuffix);
            out.add_if(known, R::OneKnown);
            return;
        }
        out.add_if(given && !weak, R::FirstGiven);
        out.add_if(given && weak, R::FirstGivenWeak);
        out.add_if(form.all_given, R::OnlyGiven);
        out.add_if(listed && !weak_surname, R::LastSurname);
        out.add_if(surname && weak_surname, R::LastSurnameWeak);
        out.add_if(surname && !listed, R::LastSuffix);
        out.add_if(known, R::LastKnown);
        out.add_if(given && surname, R::GivenSurname);
        out.add_if(form.first_shape == Shape::Initial, R::FirstInitial);
        out.add_if(form.inner_initial, R::InnerInitial);
        out.add_if(form.inner.contains(Flags::PARTICLE), R::Particle);
    }

    pub(super) fn other_form(&self, start: usize, end: usize, form: &Form, out: &mut List) {
        if end - start > 1 {
            out.add_if(form.small.contains(Flags::OF), R::Of);
            out.add_if(form.small.contains(Flags::AND), R::And);
            out.add_if(form.small.contains(Flags::FOR), R::For);
            out.add_if(form.other_join, R::OtherJoin);
            out.add_if(form.hyphen, R::Hyphen);
            out.add_if(form.lower_hyphen, R::HyphenLower);
            out.add_if(form.possessive, R::Possessive);
            out.add_if(form.ampersand, R::Ampersand);
            out.add_if(form.number, R::Digit);
            out.add_if(self.document.token(end - 1).kind == Kind::Number, R::EndDigit);
        }
        out.add_if(form.capital && self.document.token(start).shape == Shape::Lower, R::StartParticle);
        out.add_if(form.first_look.apostrophe, R::Apostrophe);
        if form.one() {
            self.one_word(start, end, form, out);
        } else {
            self.several_words(start, end, form, out);
        }
    }

    /// The form of a name of one word, which may have a number or a mark beside it.
    fn one_word(&self, start: usize, end: usize, form: &Form, out: &mut List) {
        let word = form.first_flags;
        let upper = form.first_shape == Shape::Upper;
        let telling = word.intersects(TELLING);
        if telling {
            out.add_if(word.intersects(Flags::ORG_LAST | Flags::ORG_FIRST), R::OneOrg);
            out.add_if(word.contains(Flags::ORG_LAST_WEAK), R::OneOrgWeak);
            out.add_if(word.contains(Flags::PORTFOLIO), R::Portfolio);
            out.add_if(word.contains(Flags::PLACE_LAST), R::OnePlaceWord);
            out.add_if(self.short_title(form.first), R::TitleShort);
            out.add_if(word.contains(Flags::AFTER_NAME), R::AfterName);
        }
        if end - start > 1 {
            out.add_if(self.party_and_state(start, end), R::LetterHyphen);
            out.add_if(self.lists_portfolios(start, end), R::Portfolios);
        }
        out.add_if(word.contains(Flags::OTHER_ACRONYM) && upper, R::OtherAcronym);
        out.add_if(self.document.is_common_acronym(form.first), R::DocAcronymLower);
        self.listed_otherwise(start, end, out);
        out.add_if(form.digit, R::DigitInside);
        if telling {
            out.add_if(word.contains(Flags::OTHER_LAST), R::OneOther);
            out.add_if(word.contains(Flags::ORG_SUFFIX), R::OrgSuffix);
            out.add_if(word.contains(Flags::PLACE_CONTEXT), R::PlaceContextIn);
        }
        out.add_if(word.intersects(DEMONYM) || self.is_demonym(start, end), R::OneDemonym);
        if telling {
            // "weaver" is a trade, Weaver a surname.
            out.add_if(word.contains(Flags::TITLE) && !word.intersects(Flags::GIVEN | Flags::SURNAME), R::OneTitle);
            out.add_if(word.contains(Flags::DAY), R::Day);
            out.add_if(word.contains(Flags::MONTH), R::MonthOne);
        }
        out.add_if(upper, R::Acronym);
        out.add_if(upper && form.first_look.letters <= 2, R::AcronymShort);
        out.add_if(form.inner_capital, R::MixedCase);
        out.add_if(form.first_look.letters == 1, R::OneLetter);
    }

    fn several_words(&self, start: usize, end: usize, form: &Form, out: &mut List) {
        let (first, last, inner) = (form.first_flags, form.last_flags, form.inner);
        let org_of = || self.flags(form.first + 1).intersects(Flags::OF | Flags::FOR);
        let telling = form.any.intersects(TELLING);
        if telling {
            out.add_if(last.contains(Flags::ORG_LAST), R::LastOrg);
            out.add_if(last.contains(Flags::ORG_LAST_WEAK), R::LastOrgWeak);
            out.add_if(first.contains(Flags::ORG_FIRST), R::FirstOrg);
            out.add_if(first.contains(Flags::ORG_FIRST) && org_of(), R::OrgOf);
            out.add_if(inner.intersects(Flags::ORG_LAST | Flags::ORG_FIRST), R::InnerOrg);
            out.add_if(form.any.contains(Flags::PORTFOLIO), R::Portfolio);
            out.add_if(last.contains(Flags::PLACE_LAST), R::LastPlace);
            out.add_if(first.contains(Flags::PLACE_FIRST), R::FirstPlace);
        }
        out.add_if(self.party_and_state(start, end), R::LetterHyphen);
        out.add_if(self.lists_portfolios(start, end), R::Portfolios);
        self.listed_otherwise(start, end, out);
        out.add_if(form.digit, R::DigitInside);
        if telling {
            out.add_if(last.contains(Flags::OTHER_LAST), R::LastOther);
            out.add_if(inner.contains(Flags::OTHER_LAST), R::InsideOther);
            out.add_if(last.contains(Flags::SITE), R::LastSite);
            out.add_if(first.contains(Flags::SITE), R::FirstSite);
            out.add_if(last.contains(Flags::ORG_SUFFIX), R::OrgSuffix);
            out.add_if(inner.contains(Flags::SITE), R::SiteInside);
            out.add_if(form.any.contains(Flags::PLACE_CONTEXT), R::PlaceContextIn);
            out.add_if(first.intersects(DEMONYM), R::FirstDemonym);
        }
        out.add_if(self.is_demonym(start, end), R::OneDemonym);
        out.add_if(last.intersects(DEMONYM), R::LastDemonym);
        out.add_if(inner.intersects(DEMONYM), R::InnerDemonym);
        out.add_if(self.document.listed.title_within(start..end), R::TitleFirst);
        if telling {
            out.add_if(inner.contains(Flags::TITLE), R::TitleInside);
            out.add_if(last.intersects(Flags::ROLE | Flags::ROLE_PLURAL), R::RoleLast);
            out.add_if(inner.intersects(Flags::ROLE | Flags::ROLE_PLURAL), R::RoleInside);
            out.add_if(form.any.contains(Flags::MONTH), R::Month);
            out.add_if(form.any.contains(Flags::DAY), R::Day);
        }
        out.add_if(form.first_shape == Shape::Upper, R::AcronymFirst);
        out.add_if(form.last_shape == Shape::Upper, R::AcronymLast);
        out.add_if(form.inner_capital, R::MixedCase);
        out.add_if(form.all_upper, R::AllUpperName);
    }

    /// Whether the name is, or lies in, what is listed as a demonym or as something else.
    fn listed_otherwise(&self, start: usize, end: usize, out: &mut List) {
        if !self.document.listed.has_covers() {
            return;
        }
        let name = (start as u32, end as u32);
        let (demonym, other) = (self.document.listed.demonym_at(start), self.document.listed.other_at(start));
        // "Rica" of "Costa Rican" begins or ends inside a demonym.
        let cut_left = demonym != (0, 0) && demonym.0 < name.0;
        out.add_if(cut_left || self.document.listed.demonym_at(end - 1).1 > name.1, R::PartDemonym);
        out.add_if(other == name, R::OtherName);
        out.add_if(other.1 >= name.1 && other.0 <= name.0 && other != name, R::InOtherName);
    }

    /// Whether the word is a title cut short, with its period and a name behind it: "Sen. Okafor".
    pub(super) fn short_title(&self, at: usize) -> bool {
        self.flags(at).contains(Flags::TITLE)
            && at + 2 < self.range.end
            && self.document.token(at + 1).is('.')
            && !self.document.token(at + 1).space_before
            && self.document.token(at + 2).is_capitalized()
    }

    /// Whether the name is that of a party, cut to a letter, and of a place: "D-Ohio".
    fn party_and_state(&self, start: usize, end: usize) -> bool {
        end - start > 2
            && self.document.token(start + 1).is('-')
            && self.document.segments.word(start).chars().count() == 1
            && self.document.listed.place_at(start + 2)
    }

    /// Whether the name is that of a ministry with several portfolios: "Ministry of Agriculture, Fisheries and Forestry".
    fn lists_portfolios(&self, start: usize, end: usize) -> bool {
        self.flags(start).contains(Flags::ORG_FIRST)
            && self.flags(end - 1).contains(Flags::PORTFOLIO)
            && (start..end).any(|at| self.document.token(at).is(','))
    }

    /// Whether these tokens are a demonym of several words.
    fn is_demonym(&self, start: usize, end: usize) -> bool {
        self.document.listed.demonym_at(start) == (start as u32, end as u32)
    }

    pub(super) fn common(&self, form: &Form, out: &mut List) {
        let first = form.first_flags;
        if form.one() {
            let unlisted = self.document.token(form.first).word == 0;
            out.add_if(form.first_common, R::CommonOne);
            out.add_if(!form.any_common, R::CommonNone);
            out.add_if(first.intersects(Flags::FUNCTION), R::FunctionOne);
            out.add_if(first.contains(Flags::DET), R::DetFirst);
            out.add_if(first.intersects(Flags::VERB), R::VerbOne);
            out.add_if(first.contains(Flags::AMBIGUOUS_WORD), R::AmbiguousOne);
            out.add_if(self.is_unknown(form.first), R::UnknownOne);
            out.add_if(unlisted && first.contains(Flags::PLACE_LAST), R::PlaceSuffix);
            return;
        }
        out.add_if(form.first_common, R::CommonFirst);
        out.add_if(form.last_common, R::CommonLast);
        out.add_if(form.all_common, R::CommonAll);
        out.add_if(!form.any_common, R::CommonNone);
        out.add_if(first.intersects(Flags::FUNCTION - Flags::DET), R::FunctionFirst);
        out.add_if(first.contains(Flags::DET), R::DetFirst);
        let verb = first.intersects(Flags::VERB) && !first.intersects(Flags::NOUN | Flags::GIVEN);
        out.add_if(verb, R::VerbFirst);
        out.add_if(self.is_unknown(form.first), R::UnknownFirst);
        out.add_if(self.is_unknown(form.last), R::UnknownLast);
        out.add_if(form.all_unknown, R::UnknownAll);
    }
}
