//! Collects the evidence about each possible name of a sentence.

use super::{
    document::Document,
    reasons::{R, is_context, of_form},
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
    /// For each token of the sentence, the end of the longest gazetteer name that covers it, and its start.
    pub(super) covered: Vec<(usize, usize)>,
}

impl<'d, 'a> Reasons<'d, 'a> {
    pub(super) fn new(document: &'d Document<'a>, sentence: usize) -> Self {
        let segments = document.segments;
        let part = &segments.sentences[sentence];
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
            range,
            shouted: document.shouted[sentence],
            headline: document.headline[sentence],
            title: part.number == 0,
            pronoun_next: segments.sentences.get(sentence + 1).is_some_and(|next| {
                segments.tokens[next.tokens.clone()]
                    .first()
                    .is_some_and(|first| document.gazetteer.lexicon.is(first, Flags::HE | Flags::SHE))
            }),
            covered,
        }
    }

    pub(super) fn flags(&self, at: usize) -> Flags {
        self.document.flags[at]
    }

    /// A word that a dictionary has and that no list of names has, or that the article also writes in lower case.
    pub(super) fn is_common(&self, at: usize) -> bool {
        let flags = self.flags(at);
        let named = Flags::GIVEN | Flags::SURNAME | Flags::IN_PERSON;
        flags
            .intersects(Flags::COMMON | Flags::TITLE | Flags::ROLE | Flags::ROLE_PLURAL | Flags::BODY | Flags::DOCUMENT)
            && (!flags.intersects(named) || self.document.lower.contains(&self.document.ids[at]))
    }

    pub(super) fn is_unknown(&self, at: usize) -> bool {
        let known =
            Flags::COMMON | Flags::GIVEN | Flags::SURNAME | Flags::IN_PERSON | Flags::IN_PLACE | Flags::IN_ORGANIZATION;
        !self.flags(at).intersects(
            known | Flags::TITLE | Flags::ROLE | Flags::DEMONYM | Flags::DEMONYM_ADJ | Flags::MONTH | Flags::DAY,
        )
    }

    /// Evidence about the name `start..end`.
    pub(super) fn of_name(&self, start: usize, end: usize, out: &mut Vec<u16>) {
        let from = out.len();
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
        self.described_before(start, &mut add);
        self.described_after(end, &mut add);
        self.contest(start, end, &mut add);
        self.spelling(&words, &mut add);
        self.place_in_text(start, end, first, &mut add);
        if words.len() == 1 && self.document.lower.contains(&self.document.ids[first]) {
            add(R::DocLower);
        }
        by_form(form(&out[from..]), from, out);
    }

    /// What the letters of an unlisted word tell: of a name of several words the last one counts.
    fn spelling(&self, words: &[usize], add: &mut impl FnMut(R)) {
        let Some(last) = words.last().filter(|last| self.is_unknown(**last)) else { return };
        let Some((kind, odds)) = self.document.spelling(*last) else { return };
        let sure = odds > 2.0;
        add(match (kind, sure) {
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

    fn place_in_text(&self, start: usize, end: usize, first: usize, add: &mut impl FnMut(R)) {
        let at_start =
            start == self.range.start || start == self.range.start + 1 && !self.document.token(start - 1).is_word();
        let quoted = start > self.range.start
            && end < self.range.end
            && matches!(self.document.token(start - 1).kind, Kind::Double | Kind::Single)
            && matches!(self.document.token(end).kind, Kind::Double | Kind::Single);
        let one = end == start + 1;
        let listed = one && self.covered[start - self.range.start].1 > 0;
        let after_mark = start > self.range.start
            && (self.document.token(start - 1).is(':')
                || matches!(self.document.token(start - 1).kind, Kind::Double | Kind::Single)
                || self.document.token(start - 1).is_dash());
        for (holds, reason) in [
            (at_start, R::SentenceStart),
            (at_start && self.is_common(first), R::SentenceStartCommon),
            (at_start && one && !listed && self.flags(first).intersects(Flags::COMMON), R::StartWord),
            (after_mark, R::AfterColon),
            (at_start && self.pronoun_next, R::PronounNext),
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

    /// Evidence that the capitalized token `at` is no part of a name.
    pub(super) fn of_outside(&self, at: usize, out: &mut Vec<u16>) {
        let mut add = |reason: R| out.push(reason as u16);
        let token = self.document.token(at);
        let flags = self.flags(at);
        let id = self.document.ids[at];
        let first = at == self.range.start || at == self.range.start + 1 && !self.document.token(at - 1).is_word();
        let common = self.is_common(at);
        let goes_on = at + 1 < self.range.end && self.document.token(at + 1).is_capitalized();
        // "weaver" is a trade, Weaver a surname.
        let named = flags.intersects(Flags::GIVEN | Flags::SURNAME);
        let hit = self.covered[at - self.range.start].1 > 0;
        add(R::Always);
        for (holds, reason) in [
            (common, R::CommonOne),
            (first, R::SentenceStart),
            (first && common, R::SentenceStartCommon),
            (first && !goes_on && !hit && flags.intersects(Flags::COMMON), R::StartWord),
            (flags.intersects(Flags::FUNCTION), R::FunctionOne),
            (flags.intersects(Flags::VERB), R::VerbOne),
            (flags.contains(Flags::TITLE) && !named, R::OneTitle),
            (flags.intersects(Flags::ROLE | Flags::ROLE_PLURAL) && !named, R::RoleLast),
            (flags.intersects(Flags::DEMONYM | Flags::DEMONYM_ADJ), R::OneDemonym),
            (flags.contains(Flags::MONTH), R::MonthOne),
            (flags.contains(Flags::DAY), R::Day),
            (flags.contains(Flags::AMBIGUOUS_WORD), R::AmbiguousOne),
            (flags.intersects(Flags::GIVEN), R::OneGiven),
            (flags.contains(Flags::SURNAME), R::OneSurname),
            (flags.intersects(Flags::ORG_LAST | Flags::ORG_FIRST), R::OneOrg),
            (flags.contains(Flags::PLACE_LAST), R::OnePlaceWord),
            (flags.contains(Flags::OTHER_LAST), R::OneOther),
            (self.document.demonyms[at] != (0, 0), R::OneDemonym),
            (self.document.others[at] != (0, 0), R::OtherName),
            (flags.contains(Flags::OTHER_ACRONYM), R::OtherAcronym),
            (self.short_title(at), R::TitleShort),
            (flags.contains(Flags::AFTER_NAME), R::AfterName),
            (self.document.common_acronyms.contains(&id), R::DocAcronymLower),
            (self.other_follows(at + 1), R::NextOther),
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
    }
}

/// The form of a name, as its evidence tells it: a number of [`FORMS`](super::reasons::FORMS).
pub(super) fn form(evidence: &[u16]) -> usize {
    let has = |reasons: &[R]| reasons.iter().any(|reason| evidence.contains(&(*reason as u16)));
    let listed = !has(&[R::GazNone]);
    let one = has(&[R::Words1]);
    match () {
        () if listed && has(&[R::GazBoth]) => 3,
        () if listed && has(&[R::GazPerson, R::GazPersonWeak]) => 0,
        () if listed && has(&[R::GazOrg, R::GazOrgWeak, R::GazMedia, R::GazClub]) => 2,
        () if listed => 1,
        () if one && has(&[R::Acronym]) => 6,
        () if one && has(&[R::CommonOne]) => 5,
        () if one => 4,
        () if has(&[R::FirstGiven, R::FirstInitial, R::LastKnown, R::LastSurname]) => 7,
        () => 8,
    }
}

/// Tells each reason of the context from `from` on again, for names of this form.
pub(super) fn by_form(form: usize, from: usize, out: &mut Vec<u16>) {
    for at in from..out.len() {
        if is_context(out[at]) {
            out.push(of_form(form, out[at]));
        }
    }
}
