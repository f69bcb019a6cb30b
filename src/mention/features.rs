//! The evidence: what speaks for or against a stretch of words being a name of a type, each reason with a name that
//! weights files, `explain` and readers share.

use super::{document::Document, memory::Memory};
use crate::{
    gazetteer::{Flags, Matching, PhraseKind},
    model::EntityType,
    token::{Kind, Shape},
};
use std::ops::Range;

/// The decisions that evidence speaks for.
pub const COLUMNS: &[&str] = &["person", "place", "organization", "outside"];

macro_rules! reasons {
    ($($variant:ident $name:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub(super) enum R { $($variant),* }
        /// The names of all reasons, by number.
        pub const NAMES: &[&str] = &[$($name),*];
    };
}

reasons! {
    Always "always",
    Words1 "one word", Words2 "two words", Words3 "three words", Words4 "four words", Words5 "five or more words",
    GazPerson "gazetteer: person", GazPersonWeak "gazetteer: person, weak form",
    GazCountry "gazetteer: country", GazCapital "gazetteer: capital", GazBigCity "gazetteer: city", GazTown "gazetteer: town",
    GazRegion "gazetteer: region", GazOtherPlace "gazetteer: other place", GazPlaceWeak "gazetteer: place, weak form",
    GazOrg "gazetteer: organization", GazOrgWeak "gazetteer: organization, weak form", GazAcronym "gazetteer: acronym",
    GazMedia "gazetteer: outlet", GazClub "gazetteer: club", GazNone "in no gazetteer",
    GazBoth "gazetteer: several types", GazUser "gazetteer: added by the user",
    GazLonger "a longer gazetteer name covers it", GazInside "a gazetteer name inside", GazPlaceLast "ends with a known place", GazPlaceFirst "begins with a known place",
    GazOrgInside "a known organization inside", GazPersonInside "a known person inside",
    FirstGiven "first word a given name", FirstGivenWeak "first word a given name and a common word", OnlyGiven "nothing but given names",
    LastSurname "last word a surname", LastSurnameWeak "last word a surname and a common word", LastKnown "last word a known person's surname", LastSuffix "last word ends like a surname",
    OneGiven "a given name alone", OneSurname "a surname alone", OneKnown "a known person's surname alone", OneSuffix "ends like a surname",
    GivenSurname "given name and surname", FirstInitial "begins with an initial", InnerInitial "initial inside",
    Particle "particle inside", StartParticle "begins with a particle", HyphenLower "lower case after a hyphen", Hyphen "hyphen inside", Apostrophe "apostrophe inside", Possessive "possessive inside",
    UnknownOne "an unknown word alone", UnknownFirst "first word unknown", UnknownLast "last word unknown", UnknownAll "all words unknown",
    Of "of inside", And "and inside", For "for inside", OtherJoin "other small word inside", Ampersand "ampersand inside", Digit "number inside", EndDigit "ends with a number",
    LastOrg "last word makes organizations", LastOrgWeak "last word may make organizations", FirstOrg "first word makes organizations", InnerOrg "word of organizations inside", OneOrg "a word of organizations alone", OneOrgWeak "a possible word of organizations alone",
    Portfolio "portfolio inside",
    LastPlace "last word makes places", FirstPlace "first word makes places", OnePlaceWord "a word of places alone", PlaceSuffix "ends like a place", PlaceContextIn "word beside places inside",
    FirstDemonym "first word a demonym", OneDemonym "a demonym alone", LastDemonym "last word a demonym", InnerDemonym "demonym inside",
    TitleFirst "begins with a title", TitleInside "title inside", OneTitle "a title alone", RoleLast "ends with a role", RoleInside "role inside",
    CommonOne "a common word alone", CommonFirst "first word common", CommonLast "last word common", CommonAll "all words common", CommonNone "no common word",
    FunctionFirst "begins with a word of grammar", FunctionOne "a word of grammar alone", VerbOne "a verb alone", VerbFirst "begins with a verb", AmbiguousOne "ambiguous with a common word", DetFirst "begins with an article",
    Month "month inside", Day "weekday inside", MonthOne "a month alone",
    Acronym "acronym", AcronymShort "acronym of two letters", AcronymFirst "begins with an acronym", AcronymLast "ends with an acronym", MixedCase "capital inside a word", OneLetter "a single letter",
    AllUpperName "all in capitals, several words",
    SentenceStart "first in the sentence", SentenceStartCommon "first in the sentence and common", AfterColon "after a colon or mark", Headline "in a headline", Shouted "in capitals throughout", Quoted "between quotation marks",
    InTitle "in the title",
    RunLeft "more capitals before", RunRight "more capitals after", RunLeftCommon "a common capital word before", RunLeftName "a name word before", RunRightName "a name word after", RunRightOrg "a word of organizations after",
    PrevTitle "title before", PrevHonorific "honorific before", PrevRole "role before", PrevRoleComma "role and comma before", PrevTitleOf "title and of before",
    PrevIn "in, at or near before", PrevTo "to or from before", PrevOf "of before", PrevBy "by before", PrevWith "with before", PrevOtherPrep "other preposition before", PrevThe "the before", PrevA "a or an before",
    PrevAnd "and before", PrevComma "comma before", PrevCommaPlace "place and comma before", PrevDemonym "demonym before", PrevPossessive "possessive before", PrevCue "cue verb before", PrevVerb "verb before", PrevPlaceWord "place word before", PrevPlaceOf "place word and of before", PrevBody "word for a body before", PrevPlaceName "known place before", PrevHyphen "hyphen before", PrevBracket "bracket before", PrevNumber "number before", PrevAdjective "adjective before", PrevNoun "noun before", PrevAt "at-sign or hash before",
    PrevDirection "direction before",
    NextCue "cue verb after", NextPersonVerb "verb of people after", NextVerb "verb after", NextAux "auxiliary after", NextWho "who or which after", NextComma "comma after", NextCommaRole "comma and role after", NextCommaAge "comma and age after", NextCommaPlace "comma and place after", NextPossessive "possessive after", NextBracketAcronym "acronym in brackets after", NextBracket "bracket after", NextPlaceWord "place word after", NextBody "word for a body after", NextRole "role after", NextHyphen "hyphen after", NextAnd "and after", NextPrep "preposition after", NextOf "of after", NextNoun "noun after", NextNumber "number after", NextStop "end of sentence after", NextDay "date after", NextOrgWord "organization word after", NextFor "for after", NextDeath "apposition with the after",
    BothThe "the before, noun after", BracketAcronymOf "acronym of the words before",
    DocLower "also in lower case in the article", DocOften "often in the article", DocOnce "once in the article",
    DocPerson "a person elsewhere in the article", DocPlace "a place elsewhere in the article", DocOrg "an organization elsewhere in the article", DocNever "no name elsewhere in the article",
    DocLast "surname of a full name in the article", DocFirst "given name of a full name in the article", DocPartPlace "part of a longer place in the article", DocPartOrg "part of a longer organization in the article", DocAcronym "initials of an organization in the article", DocLastOfTwo "ends with a surname of the article", DocPersonInside "holds a person of the article",
}

/// Collects evidence for the names of one sentence.
pub(super) struct Reasons<'d, 'a> {
    document: &'d Document<'a>,
    memory: Option<&'d Memory>,
    range: Range<usize>,
    shouted: bool,
    headline: bool,
    title: bool,
    /// For each token of the sentence, the end of the longest gazetteer name that covers it, and its start.
    covered: Vec<(usize, usize)>,
}

impl<'d, 'a> Reasons<'d, 'a> {
    pub(super) fn new(document: &'d Document<'a>, sentence: usize, memory: Option<&'d Memory>) -> Self {
        let part = &document.segments.sentences[sentence];
        let range = part.tokens.clone();
        let mut covered = vec![(0, 0); range.len()];
        for start in range.clone() {
            for hit in document.hits_at(start) {
                for slot in &mut covered[start - range.start..hit.end - range.start] {
                    if hit.end - start > slot.1 - slot.0 {
                        *slot = (start, hit.end);
                    }
                }
            }
        }
        Reasons {
            document,
            memory,
            range,
            shouted: document.shouted[sentence],
            headline: document.headline[sentence],
            title: part.number == 0,
            covered,
        }
    }

    fn flags(&self, at: usize) -> Flags {
        self.document.flags[at]
    }

    /// A word that a dictionary has and that no list of names has, or that the article also writes in lower case.
    fn is_common(&self, at: usize) -> bool {
        let flags = self.flags(at);
        let named = Flags::GIVEN | Flags::SURNAME | Flags::IN_PERSON;
        flags.intersects(Flags::COMMON | Flags::TITLE | Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY | Flags::DOCUMENT)
            && (!flags.intersects(named) || self.document.lower.contains(&self.document.ids[at]))
    }

    fn is_unknown(&self, at: usize) -> bool {
        let known = Flags::COMMON | Flags::GIVEN | Flags::SURNAME | Flags::IN_PERSON | Flags::IN_PLACE | Flags::IN_ORGANIZATION;
        !self.flags(at).intersects(known | Flags::TITLE | Flags::ROLE | Flags::DEMONYM | Flags::DEMONYM_ADJ | Flags::MONTH | Flags::DAY)
    }

    /// Evidence about the name `start..end`.
    pub(super) fn of_name(&mut self, start: usize, end: usize, out: &mut Vec<u16>) {
        let mut add = |reason: R| out.push(reason as u16);
        add(R::Always);
        let words: Vec<usize> = (start..end).filter(|t| self.document.token(*t).is_word()).collect();
        let (Some(&first), Some(&last)) = (words.first(), words.last()) else {
            return;
        };
        add(match words.len() {
            1 => R::Words1,
            2 => R::Words2,
            3 => R::Words3,
            4 => R::Words4,
            _ => R::Words5,
        });
        self.gazetteer(start, end, &mut add);
        self.person_form(&words, first, last, &mut add);
        self.other_form(start, end, &words, &mut add);
        self.common(&words, first, last, &mut add);
        self.before(start, end, &mut add);
        self.after(start, end, &mut add);
        self.place_in_text(start, end, first, &mut add);
        self.article(start, end, &words, &mut add);
    }

    fn gazetteer(&self, start: usize, end: usize, add: &mut impl FnMut(R)) {
        let mut kinds = [false; 3];
        let mut seen: Vec<R> = Vec::new();
        for hit in self.document.hits_at(start).filter(|hit| hit.end == end) {
            let entry = &self.document.gazetteer.entries[hit.alias.entry as usize];
            let weak = hit.alias.matching == Matching::Weak;
            kinds[entry.kind.index()] = true;
            let reason = match (entry.kind, weak, entry.class.as_str()) {
                (EntityType::Person, false, _) => R::GazPerson,
                (EntityType::Person, true, _) => R::GazPersonWeak,
                (EntityType::Place, _, "country" | "territory" | "continent") => R::GazCountry,
                (EntityType::Place, true, _) => R::GazPlaceWeak,
                (EntityType::Place, _, "capital") => R::GazCapital,
                (EntityType::Place, _, "city") if entry.population == 0 || entry.population >= 200_000 => R::GazBigCity,
                (EntityType::Place, _, "city") => R::GazTown,
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
            if entry.kind == EntityType::Organization && hit.alias.case == crate::gazetteer::Case::Acronym {
                once(R::GazAcronym);
            }
            if !self.document.gazetteer.sources[entry.source as usize].embedded {
                once(R::GazUser);
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
                match self.document.gazetteer.entries[hit.alias.entry as usize].kind {
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

    fn person_form(&self, words: &[usize], first: usize, last: usize, add: &mut impl FnMut(R)) {
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

    fn other_form(&self, start: usize, end: usize, words: &[usize], add: &mut impl FnMut(R)) {
        let (Some(&first), Some(&last)) = (words.first(), words.last()) else { return };
        let (f, l) = (self.flags(first), self.flags(last));
        let one = words.len() == 1;
        let token = |t: usize| self.document.token(t);
        let text = &self.document.segments.text;
        let mut small = [false; 4];
        let (mut hyphen, mut lower_hyphen, mut possessive, mut ampersand, mut digit) = (false, false, false, false, false);
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
        let mixed = |t: &usize| token(*t).shape == Shape::Capital && token(*t).text(text).chars().skip(2).any(char::is_uppercase);
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
            (inner_any(Flags::ORG_LAST | Flags::ORG_FIRST), R::InnerOrg),
            (one && f.intersects(Flags::ORG_LAST | Flags::ORG_FIRST), R::OneOrg),
            (one && f.contains(Flags::ORG_LAST_WEAK), R::OneOrgWeak),
            (any(Flags::PORTFOLIO), R::Portfolio),
            (!one && l.contains(Flags::PLACE_LAST), R::LastPlace),
            (!one && f.contains(Flags::PLACE_FIRST), R::FirstPlace),
            (one && f.contains(Flags::PLACE_LAST), R::OnePlaceWord),
            (any(Flags::PLACE_CONTEXT), R::PlaceContextIn),
            (!one && f.intersects(demonym), R::FirstDemonym),
            (one && f.intersects(demonym), R::OneDemonym),
            (!one && l.intersects(demonym), R::LastDemonym),
            (inner_any(demonym), R::InnerDemonym),
            (!one && self.title_at(start, end), R::TitleFirst),
            (inner_any(Flags::TITLE), R::TitleInside),
            (one && f.contains(Flags::TITLE), R::OneTitle),
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

    /// Whether a title phrase begins at `start` and ends inside the name.
    fn title_at(&self, start: usize, end: usize) -> bool {
        let rest = &self.document.segments.tokens[start..end];
        self.document.gazetteer.lexicon.longest(rest, |kind| kind == PhraseKind::Title).is_some_and(|(length, _)| start + length < end)
    }

    fn common(&self, words: &[usize], first: usize, last: usize, add: &mut impl FnMut(R)) {
        let one = words.len() == 1;
        let capitals = || words.iter().filter(|t| self.document.token(**t).is_capitalized());
        let all = capitals().all(|t| self.is_common(*t));
        let none = !capitals().any(|t| self.is_common(*t));
        let (f, l) = (self.flags(first), self.flags(last));
        let unknown_all = capitals().all(|t| self.is_unknown(*t));
        let suffix = self.flags(last).contains(Flags::PLACE_LAST) && !self.document.gazetteer.lexicon.flags(self.document.token(last).word).contains(Flags::PLACE_LAST);
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

    fn place_in_text(&self, start: usize, end: usize, first: usize, add: &mut impl FnMut(R)) {
        let at_start = start == self.range.start || start == self.range.start + 1 && !self.document.token(start - 1).is_word();
        let quoted = start > self.range.start
            && end < self.range.end
            && matches!(self.document.token(start - 1).kind, Kind::Double | Kind::Single)
            && matches!(self.document.token(end).kind, Kind::Double | Kind::Single);
        let after_mark = start > self.range.start
            && (self.document.token(start - 1).is(':') || matches!(self.document.token(start - 1).kind, Kind::Double | Kind::Single) || self.document.token(start - 1).is_dash());
        for (holds, reason) in [
            (at_start, R::SentenceStart),
            (at_start && self.is_common(first), R::SentenceStartCommon),
            (after_mark, R::AfterColon),
            (quoted, R::Quoted),
            (self.headline, R::Headline),
            (self.shouted, R::Shouted),
            (self.title, R::InTitle),
        ] {
            if holds {
                add(reason);
            }
        }
    }

    fn before(&self, start: usize, end: usize, add: &mut impl FnMut(R)) {
        if self.document.title_before[start] > 0 {
            let from = start - self.document.title_before[start] as usize;
            let honorific = (from..start).any(|t| self.flags(t).contains(Flags::HONORIFIC));
            add(if honorific { R::PrevHonorific } else { R::PrevTitle });
        }
        let Some(p) = start.checked_sub(1).filter(|p| *p >= self.range.start) else { return };
        let token = self.document.token(p);
        let flags = self.flags(p);
        let text = &self.document.segments.text;
        let capital = token.is_capitalized();
        let before = p.checked_sub(1).filter(|b| *b >= self.range.start);
        let before_flags = before.map_or(Flags::empty(), |b| self.flags(b));
        let names = Flags::GIVEN | Flags::SURNAME | Flags::IN_PERSON;
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
            Kind::Punctuation if token.is('-') && !token.space_before => add(R::PrevHyphen),
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

    /// Whether a known place ends at token `at`.
    fn ends_place(&self, at: usize) -> bool {
        let (from, to) = self.covered[at - self.range.start];
        to == at + 1 && self.document.entries(from..to, EntityType::Place).first().is_some()
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

    fn after(&self, start: usize, end: usize, add: &mut impl FnMut(R)) {
        if end >= self.range.end {
            add(R::NextStop);
            return;
        }
        let token = self.document.token(end);
        let flags = self.flags(end);
        let text = &self.document.segments.text;
        let next = (end + 1 < self.range.end).then_some(end + 1);
        let next_flags = next.map_or(Flags::empty(), |n| self.flags(n));
        match token.kind {
            Kind::Possessive => add(R::NextPossessive),
            Kind::Number => add(R::NextNumber),
            Kind::Word if token.is_capitalized() => {
                add(R::RunRight);
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
                    () if flags.contains(Flags::CUE) && flags.intersects(Flags::VERB_PAST | Flags::VERB_S) => Some(R::NextCue),
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
                let age = next.is_some_and(|n| self.document.token(n).kind == Kind::Number && n + 1 < self.range.end && (self.document.token(n + 1).is(',') || self.document.token(n + 1).is('-')));
                let place = next.is_some_and(|n| self.document.hits_at(n).any(|h| self.document.gazetteer.entries[h.alias.entry as usize].kind == EntityType::Place));
                let role = (end + 1..self.range.end.min(end + 6)).take_while(|t| !self.document.token(*t).is(',')).any(|t| self.flags(t).intersects(Flags::ROLE | Flags::TITLE));
                for (holds, reason) in [(age, R::NextCommaAge), (place, R::NextCommaPlace), (role, R::NextCommaRole), (next_flags.contains(Flags::DET), R::NextDeath)] {
                    if holds {
                        add(reason);
                    }
                }
            }
            Kind::Punctuation if token.is('-') && !token.space_before => add(R::NextHyphen),
            Kind::Punctuation if token.is('(') => {
                add(R::NextBracket);
                if next.is_some_and(|n| self.document.token(n).shape == Shape::Upper && self.initials_before(end, self.document.segments.word(n))) {
                    add(R::NextBracketAcronym);
                }
            }
            Kind::Punctuation if token.is_stop() => add(R::NextStop),
            _ => {}
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

    fn article(&self, start: usize, end: usize, words: &[usize], add: &mut impl FnMut(R)) {
        let document = self.document;
        if words.len() == 1 && document.lower.contains(&document.ids[words[0]]) {
            add(R::DocLower);
        }
        let Some(memory) = self.memory else { return };
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
        if let [word] = words {
            let id = document.ids[*word];
            let part = memory.part(id);
            for (holds, reason) in [
                (memory.last(id) > 0.5, R::DocLast),
                (memory.first(id) > 0.5, R::DocFirst),
                (part[1] > 0.5, R::DocPartPlace),
                (part[2] > 0.5, R::DocPartOrg),
                (memory.acronym(document.segments.word(*word), document.token(*word).shape) > 0.3, R::DocAcronym),
            ] {
                if holds {
                    add(reason);
                }
            }
        } else if let Some(last) = words.last() {
            if memory.last(document.ids[*last]) > 0.5 {
                add(R::DocLastOfTwo);
            }
            if words.iter().any(|w| memory.form(&[document.ids[*w]])[0] > 0.5) {
                add(R::DocPersonInside);
            }
        }
    }

    /// Evidence that the capitalized token `at` is no part of a name.
    pub(super) fn of_outside(&mut self, at: usize, out: &mut Vec<u16>) {
        let mut add = |reason: R| out.push(reason as u16);
        let token = self.document.token(at);
        let flags = self.flags(at);
        let id = self.document.ids[at];
        let first = at == self.range.start || at == self.range.start + 1 && !self.document.token(at - 1).is_word();
        let common = self.is_common(at);
        let hit = self.covered[at - self.range.start].1 > 0;
        add(R::Always);
        for (holds, reason) in [
            (common, R::CommonOne),
            (first, R::SentenceStart),
            (first && common, R::SentenceStartCommon),
            (flags.intersects(Flags::FUNCTION), R::FunctionOne),
            (flags.intersects(Flags::VERB), R::VerbOne),
            (flags.contains(Flags::TITLE), R::OneTitle),
            (flags.intersects(Flags::ROLE | Flags::ROLE_PLURAL), R::RoleLast),
            (flags.intersects(Flags::DEMONYM | Flags::DEMONYM_ADJ), R::OneDemonym),
            (flags.contains(Flags::MONTH), R::MonthOne),
            (flags.contains(Flags::DAY), R::Day),
            (flags.contains(Flags::AMBIGUOUS_WORD), R::AmbiguousOne),
            (flags.intersects(Flags::GIVEN), R::OneGiven),
            (flags.contains(Flags::SURNAME), R::OneSurname),
            (flags.intersects(Flags::ORG_LAST | Flags::ORG_FIRST), R::OneOrg),
            (flags.contains(Flags::PLACE_LAST), R::OnePlaceWord),
            (hit, R::GazInside),
            (self.is_unknown(at), R::UnknownOne),
            (token.shape == Shape::Upper, R::Acronym),
            (token.shape == Shape::Initial, R::OneLetter),
            (self.document.lower.contains(&id), R::DocLower),
            (self.headline, R::Headline),
            (self.shouted, R::Shouted),
            (self.title, R::InTitle),
        ] {
            if holds {
                add(reason);
            }
        }
        if let Some(memory) = self.memory {
            let beliefs = memory.form(&[id]);
            if beliefs.iter().any(|b| *b > 0.5) {
                add(R::DocOften);
            }
            if memory.last(id) > 0.5 {
                add(R::DocLast);
            }
            if memory.part(id).iter().any(|b| *b > 0.5) {
                add(R::DocPartOrg);
            }
        }
    }
}
