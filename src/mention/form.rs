//! Evidence in the name itself: what the gazetteers say of it, and its form.

use super::{
    features::Reasons,
    reasons::{List, R},
    words::Look,
};
use crate::{
    gazetteer::{Case, Entry, Flags, Matching},
    model::EntityType,
    token::{Kind, Shape},
};

/// The words of a possible name, read once.
pub(super) struct Form {
    /// How many words it has.
    pub count: usize,
    /// The token of its first word.
    pub first: usize,
    /// The token of its last word.
    pub last: usize,
    first_flags: Flags,
    last_flags: Flags,
    /// What any of its words can be.
    any: Flags,
    /// What any word between the first and the last can be.
    inner: Flags,
    inner_initial: bool,
    /// Whether the last word is a surname by the lists, not by its ending.
    listed_surname: bool,
    first_look: Look,
    first_shape: Shape,
    last_shape: Shape,
    digit: bool,
    inner_capital: bool,
    all_upper: bool,
    // Of its capitalized words:
    all_given: bool,
    all_common: bool,
    any_common: bool,
    all_unknown: bool,
    first_common: bool,
    last_common: bool,
    // Of what stands between them:
    of: bool,
    and: bool,
    for_: bool,
    other_join: bool,
    hyphen: bool,
    lower_hyphen: bool,
    possessive: bool,
    ampersand: bool,
    number: bool,
}

impl Form {
    /// Reads the words of `start..end`; nothing if there is none.
    pub(super) fn read(reasons: &Reasons<'_, '_>, start: usize, end: usize) -> Option<Form> {
        let document = reasons.document;
        let mut words = (start..end).filter(|at| document.token(*at).is_word());
        let first = words.next()?;
        let last = words.next_back().unwrap_or(first);
        let mut form = Form::of(reasons, first, last);
        for at in start..end {
            let token = document.token(at);
            match token.kind {
                Kind::Word => {
                    form.add_word(reasons, at);
                    if token.shape == Shape::Lower && at > start {
                        form.add_small_word(reasons, at);
                    }
                }
                Kind::Possessive => form.possessive = true,
                Kind::Number => form.number = true,
                Kind::Punctuation => {
                    form.hyphen |= token.is('-');
                    form.ampersand |= token.is('&');
                }
                _ => {}
            }
        }
        Some(form)
    }

    fn of(reasons: &Reasons<'_, '_>, first: usize, last: usize) -> Form {
        let document = reasons.document;
        let token = document.token(first);
        let last_flags = reasons.flags(last);
        Form {
            count: 0,
            first,
            last,
            first_flags: reasons.flags(first),
            last_flags,
            any: Flags::empty(),
            inner: Flags::empty(),
            inner_initial: false,
            listed_surname: last_flags.contains(Flags::SURNAME) && document.token(last).word != 0,
            first_look: document.look(first),
            first_shape: token.shape,
            last_shape: document.token(last).shape,
            digit: false,
            inner_capital: false,
            all_upper: true,
            all_given: true,
            all_common: true,
            any_common: false,
            all_unknown: true,
            first_common: reasons.is_common(first),
            last_common: reasons.is_common(last),
            of: false,
            and: false,
            for_: false,
            other_join: false,
            hyphen: false,
            lower_hyphen: false,
            possessive: false,
            ampersand: false,
            number: false,
        }
    }

    fn add_word(&mut self, reasons: &Reasons<'_, '_>, at: usize) {
        let shape = reasons.document.token(at).shape;
        let flags = reasons.flags(at);
        let look = reasons.document.look(at);
        self.count += 1;
        self.any |= flags;
        self.digit |= look.digit;
        self.inner_capital |= look.inner_capital && shape == Shape::Capital;
        self.all_upper &= shape == Shape::Upper;
        if at != self.first && at != self.last {
            self.inner |= flags;
            self.inner_initial |= shape == Shape::Initial;
        }
        if shape != Shape::Lower {
            let common = reasons.is_common(at);
            self.all_given &= flags.intersects(Flags::GIVEN);
            self.all_common &= common;
            self.any_common |= common;
            self.all_unknown &= reasons.is_unknown(at);
        }
    }

    fn add_small_word(&mut self, reasons: &Reasons<'_, '_>, at: usize) {
        let flags = reasons.flags(at);
        self.of |= flags.contains(Flags::OF);
        self.and |= flags.contains(Flags::AND);
        self.for_ |= flags.contains(Flags::FOR);
        if !flags.intersects(Flags::OF | Flags::AND | Flags::FOR) {
            let hyphen = reasons.document.token(at - 1).is('-');
            self.lower_hyphen |= hyphen;
            self.other_join |= !hyphen && !flags.contains(Flags::PARTICLE);
        }
    }

    /// Whether it has one word.
    pub(super) fn one(&self) -> bool {
        self.count == 1
    }

    /// Its number among the [`FORMS`](super::reasons::FORMS), if the gazetteers list it as `kinds`.
    pub(super) fn number(&self, kinds: [bool; 3]) -> usize {
        let like_person = self.first_flags.intersects(Flags::GIVEN) && !self.first_flags.contains(Flags::GIVEN_WEAK)
            || self.first_shape == Shape::Initial
            || self.last_flags.contains(Flags::KNOWN_SURNAME)
            || self.listed_surname && !self.last_flags.contains(Flags::SURNAME_WEAK);
        match (kinds, self.one()) {
            ([false, false, false], true) if self.first_shape == Shape::Upper => 6,
            ([false, false, false], true) if self.first_common => 5,
            ([false, false, false], true) => 4,
            ([false, false, false], false) if like_person => 7,
            ([false, false, false], false) => 8,
            ([true, false, false], _) => 0,
            ([false, true, false], _) => 1,
            ([false, false, true], _) => 2,
            _ => 3,
        }
    }
}

impl Reasons<'_, '_> {
    /// Collects what the gazetteers say; returns as which types they list the name.
    pub(super) fn gazetteer(&self, start: usize, end: usize, out: &mut List) -> [bool; 3] {
        let listed = &self.document.listed;
        let mut kinds = [false; 3];
        let mut seen = 0u64;
        let mut once = |holds: bool, reason: R| {
            let bit = 1 << reason as u16;
            out.add_if(holds && seen & bit == 0, reason);
            seen |= bit * u64::from(holds);
        };
        for hit in listed.hits_of(start..end) {
            let entry = self.document.gazetteer.entry(hit.alias.entry);
            let weak = hit.alias.matching == Matching::Weak;
            let organization = hit.alias.kind == EntityType::Organization;
            let user = !entry.is_embedded();
            kinds[hit.alias.kind.index()] = true;
            once(true, listed_as(entry, hit.alias.kind, weak));
            once(hit.alias.article, R::GazArticle);
            once(
                end - start > 1 && !weak,
                [R::GazPersonPhrase, R::GazPlacePhrase, R::GazOrgPhrase][hit.alias.kind.index()],
            );
            once(organization && hit.alias.case == Case::Acronym, R::GazAcronym);
            once(user, [R::UserPerson, R::UserPlace, R::UserOrg][hit.alias.kind.index()]);
        }
        let count = kinds.iter().filter(|kind| **kind).count();
        out.add_if(count == 0, R::GazNone);
        out.add_if(count > 1, R::GazBoth);
        let (from, to) = listed.covered[start];
        let (from, to) = (from as usize, to as usize);
        out.add_if(from <= start && to >= end && to - from > end - start, R::GazLonger);
        if end - start > 1 {
            self.listed_inside(start, end, out);
        }
        kinds
    }

    fn listed_inside(&self, start: usize, end: usize, out: &mut List) {
        let mut kinds = [false; 3];
        let (mut place_first, mut place_last) = (false, false);
        for at in start..end {
            let hits = self.document.hits_at(at).iter();
            for hit in hits.filter(|hit| hit.end <= end && (at > start || hit.end < end)) {
                kinds[hit.alias.kind.index()] = true;
                place_first |= hit.alias.kind == EntityType::Place && at == start;
                place_last |= hit.alias.kind == EntityType::Place && hit.end == end;
            }
        }
        out.add_if(kinds != [false; 3], R::GazInside);
        out.add_if(place_last, R::GazPlaceLast);
        out.add_if(place_first, R::GazPlaceFirst);
        out.add_if(kinds[EntityType::Organization.index()], R::GazOrgInside);
        out.add_if(kinds[EntityType::Person.index()], R::GazPersonInside);
    }

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
        out.add_if(form.of, R::Of);
        out.add_if(form.and, R::And);
        out.add_if(form.for_, R::For);
        out.add_if(form.other_join, R::OtherJoin);
        out.add_if(form.hyphen, R::Hyphen);
        out.add_if(form.lower_hyphen, R::HyphenLower);
        out.add_if(form.possessive, R::Possessive);
        out.add_if(form.ampersand, R::Ampersand);
        out.add_if(form.number, R::Digit);
        out.add_if(self.document.token(end - 1).kind == Kind::Number, R::EndDigit);
        out.add_if(self.document.token(start).shape == Shape::Lower, R::StartParticle);
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
        out.add_if(word.intersects(Flags::ORG_LAST | Flags::ORG_FIRST), R::OneOrg);
        out.add_if(word.contains(Flags::ORG_LAST_WEAK), R::OneOrgWeak);
        out.add_if(word.contains(Flags::PORTFOLIO), R::Portfolio);
        out.add_if(word.contains(Flags::PLACE_LAST), R::OnePlaceWord);
        out.add_if(self.short_title(form.first), R::TitleShort);
        out.add_if(word.contains(Flags::AFTER_NAME), R::AfterName);
        out.add_if(self.party_and_state(start, end), R::LetterHyphen);
        out.add_if(self.lists_portfolios(start, end), R::Portfolios);
        out.add_if(word.contains(Flags::OTHER_ACRONYM) && upper, R::OtherAcronym);
        out.add_if(self.document.is_common_acronym(form.first), R::DocAcronymLower);
        self.listed_otherwise(start, end, out);
        out.add_if(form.digit, R::DigitInside);
        out.add_if(word.contains(Flags::OTHER_LAST), R::OneOther);
        out.add_if(word.contains(Flags::ORG_SUFFIX), R::OrgSuffix);
        out.add_if(word.contains(Flags::PLACE_CONTEXT), R::PlaceContextIn);
        out.add_if(word.intersects(DEMONYM) || self.is_demonym(start, end), R::OneDemonym);
        // "weaver" is a trade, Weaver a surname.
        out.add_if(word.contains(Flags::TITLE) && !word.intersects(Flags::GIVEN | Flags::SURNAME), R::OneTitle);
        out.add_if(word.contains(Flags::DAY), R::Day);
        out.add_if(word.contains(Flags::MONTH), R::MonthOne);
        out.add_if(upper, R::Acronym);
        out.add_if(upper && form.first_look.letters <= 2, R::AcronymShort);
        out.add_if(form.inner_capital, R::MixedCase);
        out.add_if(form.first_look.letters == 1, R::OneLetter);
    }

    fn several_words(&self, start: usize, end: usize, form: &Form, out: &mut List) {
        let (first, last, inner) = (form.first_flags, form.last_flags, form.inner);
        let org_of = || self.flags(form.first + 1).intersects(Flags::OF | Flags::FOR);
        out.add_if(last.contains(Flags::ORG_LAST), R::LastOrg);
        out.add_if(last.contains(Flags::ORG_LAST_WEAK), R::LastOrgWeak);
        out.add_if(first.contains(Flags::ORG_FIRST), R::FirstOrg);
        out.add_if(first.contains(Flags::ORG_FIRST) && org_of(), R::OrgOf);
        out.add_if(inner.intersects(Flags::ORG_LAST | Flags::ORG_FIRST), R::InnerOrg);
        out.add_if(form.any.contains(Flags::PORTFOLIO), R::Portfolio);
        out.add_if(last.contains(Flags::PLACE_LAST), R::LastPlace);
        out.add_if(first.contains(Flags::PLACE_FIRST), R::FirstPlace);
        out.add_if(self.party_and_state(start, end), R::LetterHyphen);
        out.add_if(self.lists_portfolios(start, end), R::Portfolios);
        self.listed_otherwise(start, end, out);
        out.add_if(form.digit, R::DigitInside);
        out.add_if(last.contains(Flags::OTHER_LAST), R::LastOther);
        out.add_if(inner.contains(Flags::OTHER_LAST), R::InsideOther);
        out.add_if(last.contains(Flags::SITE), R::LastSite);
        out.add_if(first.contains(Flags::SITE), R::FirstSite);
        out.add_if(last.contains(Flags::ORG_SUFFIX), R::OrgSuffix);
        out.add_if(inner.contains(Flags::SITE), R::SiteInside);
        out.add_if(form.any.contains(Flags::PLACE_CONTEXT), R::PlaceContextIn);
        out.add_if(first.intersects(DEMONYM), R::FirstDemonym);
        out.add_if(self.is_demonym(start, end), R::OneDemonym);
        out.add_if(last.intersects(DEMONYM), R::LastDemonym);
        out.add_if(inner.intersects(DEMONYM), R::InnerDemonym);
        out.add_if(self.document.listed.title_within(start..end), R::TitleFirst);
        out.add_if(inner.contains(Flags::TITLE), R::TitleInside);
        out.add_if(last.intersects(Flags::ROLE | Flags::ROLE_PLURAL), R::RoleLast);
        out.add_if(inner.intersects(Flags::ROLE | Flags::ROLE_PLURAL), R::RoleInside);
        out.add_if(form.any.contains(Flags::MONTH), R::Month);
        out.add_if(form.any.contains(Flags::DAY), R::Day);
        out.add_if(form.first_shape == Shape::Upper, R::AcronymFirst);
        out.add_if(form.last_shape == Shape::Upper, R::AcronymLast);
        out.add_if(form.inner_capital, R::MixedCase);
        out.add_if(form.all_upper, R::AllUpperName);
    }

    /// Whether the name is, or lies in, what is listed as a demonym or as something else.
    fn listed_otherwise(&self, start: usize, end: usize, out: &mut List) {
        if !self.document.listed.has_covers {
            return;
        }
        let name = (start as u32, end as u32);
        let (demonym, other) = (self.document.listed.demonyms[start], self.document.listed.others[start]);
        // "Rica" of "Costa Rican" begins or ends inside a demonym.
        let cut_left = demonym != (0, 0) && demonym.0 < name.0;
        out.add_if(cut_left || self.document.listed.demonyms[end - 1].1 > name.1, R::PartDemonym);
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
        self.document.listed.demonyms[start] == (start as u32, end as u32)
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

const DEMONYM: Flags = Flags::DEMONYM.union(Flags::DEMONYM_ADJ);

/// What an entry with a form of the text speaks for.
fn listed_as(entry: Entry<'_>, kind: EntityType, weak: bool) -> R {
    match (kind, weak) {
        (EntityType::Person, false) => R::GazPerson,
        (EntityType::Person, true) => R::GazPersonWeak,
        (EntityType::Place, _) => match (entry.class(), weak) {
            ("country" | "territory" | "continent", _) => R::GazCountry,
            (_, true) => R::GazPlaceWeak,
            ("capital", _) => R::GazCapital,
            ("city", _) => match entry.population() {
                0 | 200_000.. => R::GazBigCity,
                50_000.. => R::GazTown,
                _ => R::GazVillage,
            },
            ("admin1" | "region" | "district" | "conflict area", _) => R::GazRegion,
            _ => R::GazOtherPlace,
        },
        (EntityType::Organization, true) => R::GazOrgWeak,
        (EntityType::Organization, false) => match entry.class() {
            "media" | "news agency" => R::GazMedia,
            "club" | "league" | "sports body" => R::GazClub,
            _ => R::GazOrg,
        },
    }
}
