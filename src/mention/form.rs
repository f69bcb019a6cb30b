//! Evidence in the name itself: what the gazetteers say of it, and its form.

use super::{features::Reasons, reasons::R};
use crate::{
    gazetteer::{Case, Flags, Matching, PhraseKind},
    model::EntityType,
    token::{Kind, Shape},
};

impl Reasons<'_, '_> {
    pub(super) fn gazetteer(&self, start: usize, end: usize, add: &mut impl FnMut(R)) {
        let mut kinds = [false; 3];
        let mut seen: Vec<R> = Vec::new();
        for hit in self.document.hits_at(start).filter(|hit| hit.end == end) {
            let entry = self.document.gazetteer.entry(hit.alias.entry);
            let weak = hit.alias.matching == Matching::Weak;
            kinds[entry.kind().index()] = true;
            let reason = match (entry.kind(), weak, entry.class()) {
                (EntityType::Person, false, _) => R::GazPerson,
                (EntityType::Person, true, _) => R::GazPersonWeak,
                (EntityType::Place, _, "country" | "territory" | "continent") => R::GazCountry,
                (EntityType::Place, true, _) => R::GazPlaceWeak,
                (EntityType::Place, _, "capital") => R::GazCapital,
                (EntityType::Place, _, "city") if entry.population() == 0 || entry.population() >= 200_000 => {
                    R::GazBigCity
                }
                (EntityType::Place, _, "city") if entry.population() >= 50_000 => R::GazTown,
                (EntityType::Place, _, "city") => R::GazVillage,
                (EntityType::Place, _, "admin1" | "region" | "district" | "conflict area") => R::GazRegion,
                (EntityType::Place, _, _) => R::GazOtherPlace,
                (EntityType::Organization, true, _) => R::GazOrgWeak,
                (EntityType::Organization, _, "media" | "news agency") => R::GazMedia,
                (EntityType::Organization, _, "club" | "league" | "sports body") => R::GazClub,
                (EntityType::Organization, _, _) => R::GazOrg,
            };
            let mut once = |reason: R| {
                if !seen.contains(&reason) {
                    seen.push(reason);
                    add(reason);
                }
            };
            once(reason);
            if hit.alias.article {
                once(R::GazArticle);
            }
            if end - start > 1 && !weak {
                once([R::GazPersonPhrase, R::GazPlacePhrase, R::GazOrgPhrase][entry.kind().index()]);
            }
            if entry.kind() == EntityType::Organization && hit.alias.case == Case::Acronym {
                once(R::GazAcronym);
            }
            if !entry.is_embedded() {
                once([R::UserPerson, R::UserPlace, R::UserOrg][entry.kind().index()]);
            }
        }
        let count = kinds.iter().filter(|k| **k).count();
        if count == 0 {
            add(R::GazNone);
        } else if count > 1 {
            add(R::GazBoth);
        }
        let (from, to) = self.covered[start - self.range.start];
        if from <= start && to >= end && to - from > end - start {
            add(R::GazLonger);
        }
        if end - start < 2 {
            return;
        }
        let (mut inside, mut org, mut person) = (false, false, false);
        let (mut place_first, mut place_last) = (false, false);
        for at in start..end {
            for hit in self.document.hits_at(at).filter(|hit| hit.end <= end && (at > start || hit.end < end)) {
                inside = true;
                match hit.alias.kind {
                    EntityType::Place => {
                        place_first |= at == start;
                        place_last |= hit.end == end;
                    }
                    EntityType::Organization => org = true,
                    EntityType::Person => person = true,
                }
            }
        }
        for (holds, reason) in [
            (inside, R::GazInside),
            (place_last, R::GazPlaceLast),
            (place_first, R::GazPlaceFirst),
            (org, R::GazOrgInside),
            (person, R::GazPersonInside),
        ] {
            if holds {
                add(reason);
            }
        }
    }

    pub(super) fn person_form(&self, words: &[usize], first: usize, last: usize, add: &mut impl FnMut(R)) {
        let (f, l) = (self.flags(first), self.flags(last));
        let given = f.intersects(Flags::GIVEN);
        let weak = f.contains(Flags::GIVEN_WEAK);
        let surname = l.contains(Flags::SURNAME);
        let weak_surname = l.contains(Flags::SURNAME_WEAK);
        let listed = self.document.gazetteer.lexicon.flags(self.document.token(last).word).contains(Flags::SURNAME);
        if words.len() == 1 {
            for (holds, reason) in [
                (given && !weak, R::OneGiven),
                (surname && listed && !weak_surname, R::OneSurname),
                (surname && !listed, R::OneSuffix),
                (l.contains(Flags::KNOWN_SURNAME), R::OneKnown),
            ] {
                if holds {
                    add(reason);
                }
            }
            return;
        }
        let capitals = |t: &&usize| self.document.token(**t).is_capitalized();
        let all_given = words.iter().filter(capitals).all(|t| self.flags(*t).intersects(Flags::GIVEN));
        let shape = |t: usize| self.document.token(t).shape;
        let inner = &words[1..words.len() - 1];
        for (holds, reason) in [
            (given && !weak, R::FirstGiven),
            (given && weak, R::FirstGivenWeak),
            (all_given, R::OnlyGiven),
            (surname && listed && !weak_surname, R::LastSurname),
            (surname && weak_surname, R::LastSurnameWeak),
            (surname && !listed, R::LastSuffix),
            (l.contains(Flags::KNOWN_SURNAME), R::LastKnown),
            (given && surname, R::GivenSurname),
            (shape(first) == Shape::Initial, R::FirstInitial),
            (inner.iter().any(|t| shape(*t) == Shape::Initial), R::InnerInitial),
            (inner.iter().any(|t| self.flags(*t).contains(Flags::PARTICLE)), R::Particle),
        ] {
            if holds {
                add(reason);
            }
        }
    }

    pub(super) fn other_form(&self, start: usize, end: usize, words: &[usize], add: &mut impl FnMut(R)) {
        let (Some(&first), Some(&last)) = (words.first(), words.last()) else { return };
        let (f, l) = (self.flags(first), self.flags(last));
        let one = words.len() == 1;
        let token = |t: usize| self.document.token(t);
        let text = &self.document.segments.text;
        let mut small = [false; 4];
        let (mut hyphen, mut lower_hyphen, mut possessive, mut ampersand, mut digit) =
            (false, false, false, false, false);
        for t in start..end {
            let tok = token(t);
            match tok.kind {
                Kind::Word if tok.shape == Shape::Lower && t > start => {
                    let flags = self.flags(t);
                    small[0] |= flags.contains(Flags::OF);
                    small[1] |= flags.contains(Flags::AND);
                    small[2] |= flags.contains(Flags::FOR);
                    let other = !flags.intersects(Flags::OF | Flags::AND | Flags::FOR);
                    lower_hyphen |= other && token(t - 1).is('-');
                    small[3] |= other && !token(t - 1).is('-') && !flags.contains(Flags::PARTICLE);
                }
                Kind::Possessive => possessive = true,
                Kind::Number => digit = true,
                Kind::Punctuation => {
                    hyphen |= tok.is('-');
                    ampersand |= tok.is('&');
                }
                _ => {}
            }
        }
        let inner = if words.len() > 2 { &words[1..words.len() - 1] } else { &[] };
        let any = |flags: Flags| words.iter().any(|t| self.flags(*t).intersects(flags));
        let inner_any = |flags: Flags| inner.iter().any(|t| self.flags(*t).intersects(flags));
        let demonym = Flags::DEMONYM | Flags::DEMONYM_ADJ;
        let upper = |t: usize| token(t).shape == Shape::Upper;
        let word = token(first).text(text);
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let mixed = |t: &usize| {
            token(*t).shape == Shape::Capital && token(*t).text(text).chars().skip(2).any(char::is_uppercase)
        };
        for (holds, reason) in [
            (small[0], R::Of),
            (small[1], R::And),
            (small[2], R::For),
            (small[3], R::OtherJoin),
            (hyphen, R::Hyphen),
            (lower_hyphen, R::HyphenLower),
            (possessive, R::Possessive),
            (ampersand, R::Ampersand),
            (digit, R::Digit),
            (token(end - 1).kind == Kind::Number, R::EndDigit),
            (token(start).shape == Shape::Lower, R::StartParticle),
            (word.contains(['\'', '’']), R::Apostrophe),
            (!one && l.contains(Flags::ORG_LAST), R::LastOrg),
            (!one && l.contains(Flags::ORG_LAST_WEAK), R::LastOrgWeak),
            (!one && f.contains(Flags::ORG_FIRST), R::FirstOrg),
            (
                !one && f.contains(Flags::ORG_FIRST) && self.flags(first + 1).intersects(Flags::OF | Flags::FOR),
                R::OrgOf,
            ),
            (inner_any(Flags::ORG_LAST | Flags::ORG_FIRST), R::InnerOrg),
            (one && f.intersects(Flags::ORG_LAST | Flags::ORG_FIRST), R::OneOrg),
            (one && f.contains(Flags::ORG_LAST_WEAK), R::OneOrgWeak),
            (any(Flags::PORTFOLIO), R::Portfolio),
            (!one && l.contains(Flags::PLACE_LAST), R::LastPlace),
            (!one && f.contains(Flags::PLACE_FIRST), R::FirstPlace),
            (one && f.contains(Flags::PLACE_LAST), R::OnePlaceWord),
            (one && self.short_title(first), R::TitleShort),
            (one && f.contains(Flags::AFTER_NAME), R::AfterName),
            (self.party_and_state(start, end), R::LetterHyphen),
            (self.lists_portfolios(start, end), R::Portfolios),
            (one && f.contains(Flags::OTHER_ACRONYM) && upper(first), R::OtherAcronym),
            (one && self.document.common_acronyms.contains(&self.document.ids[first]), R::DocAcronymLower),
            (self.part_of_demonym(start, end), R::PartDemonym),
            (self.document.others[start] == (start as u32, end as u32), R::OtherName),
            (self.in_other_name(start, end), R::InOtherName),
            (words.iter().any(|t| token(*t).text(text).bytes().any(|b| b.is_ascii_digit())), R::DigitInside),
            (!one && l.contains(Flags::OTHER_LAST), R::LastOther),
            (inner_any(Flags::OTHER_LAST), R::InsideOther),
            (one && f.contains(Flags::OTHER_LAST), R::OneOther),
            (!one && l.contains(Flags::SITE), R::LastSite),
            (!one && f.contains(Flags::SITE), R::FirstSite),
            (l.contains(Flags::ORG_SUFFIX), R::OrgSuffix),
            (inner_any(Flags::SITE), R::SiteInside),
            (any(Flags::PLACE_CONTEXT), R::PlaceContextIn),
            (!one && f.intersects(demonym), R::FirstDemonym),
            (one && f.intersects(demonym) || self.is_demonym(start, end), R::OneDemonym),
            (!one && l.intersects(demonym), R::LastDemonym),
            (inner_any(demonym), R::InnerDemonym),
            (!one && self.title_at(start, end), R::TitleFirst),
            (inner_any(Flags::TITLE), R::TitleInside),
            // "weaver" is a trade, Weaver a surname.
            (one && f.contains(Flags::TITLE) && !f.intersects(Flags::GIVEN | Flags::SURNAME), R::OneTitle),
            (!one && l.intersects(Flags::ROLE | Flags::ROLE_PLURAL), R::RoleLast),
            (inner_any(Flags::ROLE | Flags::ROLE_PLURAL), R::RoleInside),
            (!one && any(Flags::MONTH), R::Month),
            (any(Flags::DAY), R::Day),
            (one && f.contains(Flags::MONTH), R::MonthOne),
            (one && upper(first), R::Acronym),
            (one && upper(first) && letters <= 2, R::AcronymShort),
            (!one && upper(first), R::AcronymFirst),
            (!one && upper(last), R::AcronymLast),
            (words.iter().any(mixed), R::MixedCase),
            (one && letters == 1, R::OneLetter),
            (!one && words.iter().all(|t| upper(*t)), R::AllUpperName),
        ] {
            if holds {
                add(reason);
            }
        }
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
        let letter = self.document.segments.word(start).chars().count() == 1;
        let place = || self.document.hits_at(start + 2).any(|hit| hit.alias.kind == EntityType::Place);
        letter && end > start + 2 && self.document.token(start + 1).is('-') && place()
    }

    /// Whether the name is that of a ministry with several portfolios: "Ministry of Agriculture, Fisheries and Forestry".
    fn lists_portfolios(&self, start: usize, end: usize) -> bool {
        self.flags(start).contains(Flags::ORG_FIRST)
            && self.flags(end - 1).contains(Flags::PORTFOLIO)
            && (start..end).any(|at| self.document.token(at).is(','))
    }

    /// Whether these tokens are a demonym of several words.
    fn is_demonym(&self, start: usize, end: usize) -> bool {
        self.document.demonyms[start] == (start as u32, end as u32)
    }

    /// Whether the name begins or ends inside a demonym of several words: "Rica" of "Costa Rican".
    fn part_of_demonym(&self, start: usize, end: usize) -> bool {
        let (from, _) = self.document.demonyms[start];
        let (_, to) = self.document.demonyms[end - 1];
        let cut_left = self.document.demonyms[start] != (0, 0) && (from as usize) < start;
        cut_left || to as usize > end
    }

    /// Whether the name lies inside the listed name of something else, and is not all of it.
    fn in_other_name(&self, start: usize, end: usize) -> bool {
        let (from, to) = self.document.others[start];
        to as usize >= end && (from as usize) <= start && (from as usize, to as usize) != (start, end)
    }

    /// Whether a title phrase begins at `start` and ends inside the name.
    fn title_at(&self, start: usize, end: usize) -> bool {
        let rest = &self.document.segments.tokens[start..end];
        self.document
            .gazetteer
            .lexicon
            .longest(rest, |kind| kind == PhraseKind::Title)
            .is_some_and(|(length, _)| start + length < end)
    }

    pub(super) fn common(&self, words: &[usize], first: usize, last: usize, add: &mut impl FnMut(R)) {
        let one = words.len() == 1;
        let capitals = || words.iter().filter(|t| self.document.token(**t).is_capitalized());
        let all = capitals().all(|t| self.is_common(*t));
        let none = !capitals().any(|t| self.is_common(*t));
        let (f, l) = (self.flags(first), self.flags(last));
        let unknown_all = capitals().all(|t| self.is_unknown(*t));
        let suffix = self.flags(last).contains(Flags::PLACE_LAST)
            && !self.document.gazetteer.lexicon.flags(self.document.token(last).word).contains(Flags::PLACE_LAST);
        for (holds, reason) in [
            (one && self.is_common(first), R::CommonOne),
            (!one && self.is_common(first), R::CommonFirst),
            (!one && self.is_common(last), R::CommonLast),
            (!one && all, R::CommonAll),
            (none, R::CommonNone),
            (one && f.intersects(Flags::FUNCTION), R::FunctionOne),
            (!one && f.intersects(Flags::FUNCTION - Flags::DET), R::FunctionFirst),
            (f.contains(Flags::DET), R::DetFirst),
            (one && f.intersects(Flags::VERB), R::VerbOne),
            (!one && f.intersects(Flags::VERB) && !f.intersects(Flags::NOUN | Flags::GIVEN), R::VerbFirst),
            (one && f.contains(Flags::AMBIGUOUS_WORD), R::AmbiguousOne),
            (one && self.is_unknown(first), R::UnknownOne),
            (!one && self.is_unknown(first), R::UnknownFirst),
            (!one && self.is_unknown(last), R::UnknownLast),
            (!one && unknown_all, R::UnknownAll),
            (suffix && (one || l.is_empty()), R::PlaceSuffix),
        ] {
            if holds {
                add(reason);
            }
        }
    }
}
