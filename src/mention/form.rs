//! The words of a possible name, read once for all evidence in them.

use super::{features::Reasons, words::Look};
use crate::{
    gazetteer::Flags,
    token::{Kind, Shape, Token},
};

/// What the words of a possible name are, one by one and together.
pub(super) struct Form {
    /// How many words it has.
    pub count: usize,
    /// The token of its first word, and what that is.
    pub first: usize,
    pub first_flags: Flags,
    pub first_shape: Shape,
    pub first_look: Look,
    pub first_common: bool,
    /// The token of its last word, and what that is.
    pub last: usize,
    pub last_flags: Flags,
    pub last_shape: Shape,
    pub last_common: bool,
    /// Whether the last word is a surname by the lists, not by its ending.
    pub listed_surname: bool,
    /// What any of its words can be.
    pub any: Flags,
    /// What any word between the first and the last can be.
    pub inner: Flags,
    /// What any word in lower case behind the first token can be.
    pub small: Flags,
    pub inner_initial: bool,
    pub inner_capital: bool,
    pub all_upper: bool,
    pub digit: bool,
    /// Whether any word begins with a capital letter.
    pub capital: bool,
    // Of its capitalized words:
    pub all_given: bool,
    pub all_common: bool,
    pub any_common: bool,
    pub all_unknown: bool,
    // Of what stands between them:
    pub other_join: bool,
    pub hyphen: bool,
    pub lower_hyphen: bool,
    pub possessive: bool,
    pub ampersand: bool,
    pub number: bool,
}

impl Form {
    /// Reads the words of `start..end`; nothing if there is none. Where there are only numbers ("1MDB"), they are the words.
    pub(super) fn read(reasons: &Reasons<'_, '_>, start: usize, end: usize) -> Option<Form> {
        let document = reasons.document;
        let first_of = |kind: Kind| (start..end).find(|at| document.token(*at).kind == kind);
        let (first, kind) = match first_of(Kind::Word) {
            Some(first) => (first, Kind::Word),
            None => (first_of(Kind::Number)?, Kind::Number),
        };
        let last = (first + 1..end).rfind(|at| document.token(*at).kind == kind).unwrap_or(first);
        let mut form = Form::of(reasons, first, last);
        for at in start..end {
            let token = document.token(at);
            match token.kind {
                Kind::Word => {
                    form.add_word(reasons, at, token);
                    if token.shape == Shape::Lower && at > start {
                        form.add_small_word(reasons.flags(at), document.token(at - 1));
                    }
                }
                Kind::Possessive => form.possessive = true,
                Kind::Number => {
                    if kind == Kind::Number {
                        form.add_word(reasons, at, token);
                    }
                    form.number = true;
                }
                Kind::Punctuation => {
                    form.hyphen |= token.is('-');
                    form.ampersand |= token.is('&');
                }
                _ => {}
            }
        }
        if !form.capital {
            (form.all_given, form.all_common, form.all_unknown) = (false, false, false);
        }
        Some(form)
    }

    /// What can be told by the first and the last word.
    fn of(reasons: &Reasons<'_, '_>, first: usize, last: usize) -> Form {
        let document = reasons.document;
        let last_flags = reasons.flags(last);
        let first_common = reasons.is_common(first);
        Form {
            count: 0,
            first,
            first_flags: reasons.flags(first),
            first_shape: document.token(first).shape,
            first_look: document.look(first),
            first_common,
            last,
            last_flags,
            last_shape: document.token(last).shape,
            last_common: if last == first { first_common } else { reasons.is_common(last) },
            listed_surname: last_flags.contains(Flags::SURNAME) && document.token(last).word != 0,
            any: Flags::empty(),
            inner: Flags::empty(),
            small: Flags::empty(),
            inner_initial: false,
            inner_capital: false,
            all_upper: true,
            digit: false,
            capital: false,
            all_given: true,
            all_common: true,
            any_common: false,
            all_unknown: true,
            other_join: false,
            hyphen: false,
            lower_hyphen: false,
            possessive: false,
            ampersand: false,
            number: false,
        }
    }

    fn add_word(&mut self, reasons: &Reasons<'_, '_>, at: usize, token: &Token) {
        let flags = reasons.flags(at);
        let look = reasons.document.look(at);
        self.count += 1;
        self.any |= flags;
        self.digit |= look.digit;
        self.inner_capital |= look.inner_capital && token.shape == Shape::Capital;
        self.all_upper &= token.shape == Shape::Upper;
        if at != self.first && at != self.last {
            self.inner |= flags;
            self.inner_initial |= token.shape == Shape::Initial;
        }
        if token.is_capitalized() {
            self.capital = true;
            let common = if at == self.first { self.first_common } else { reasons.is_common(at) };
            self.all_given &= flags.intersects(Flags::GIVEN);
            self.all_common &= common;
            self.any_common |= common;
            self.all_unknown &= reasons.is_unknown(at);
        }
    }

    fn add_small_word(&mut self, flags: Flags, before: &Token) {
        self.small |= flags;
        if !flags.intersects(Flags::OF | Flags::AND | Flags::FOR) {
            let hyphen = before.is('-');
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
