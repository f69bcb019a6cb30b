//! Dates in eight bytes each: a run keeps two for every entity.

use super::arena::{Arena, Text};
use std::{borrow::Cow, cmp::Ordering};

/// A date as articles tell it (ISO 8601, with or without time and zone), or none. What is written in another way lies in an
/// [`Arena`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Date(u64);

/// What a date holds; the lowest bits of a [`Date`]. 0 is no date.
const DAY: u64 = 1;
const MINUTE: u64 = 2;
const SECOND: u64 = 3;
const OTHER: u64 = 4;
/// Bits for that.
const FORM: u32 = 3;
/// Bits for the zone: 0 for none, 1 for `Z`, else minutes east of Greenwich and [`ZERO`].
const ZONE: u32 = 12;
const ZERO: i64 = 2048;
/// Bytes of the longest one that is packed.
const LONGEST: usize = "2024-03-02T10:00:00+04:00".len();
/// Bits of everything below the day, which are the form, the zone, hour, minute and second.
const BELOW_DAY: u32 = FORM + ZONE + 5 + 6 + 6;

impl Date {
    /// Packs `text`.
    pub(super) fn new(text: &str, arena: &mut Arena) -> Date {
        if text.is_empty() {
            return Date::default();
        }
        let packed = packed(text).filter(|date| date.spelled().is_some_and(|same| same == text));
        packed.unwrap_or_else(|| Date(arena.push(text).bits() << FORM | OTHER))
    }

    /// The date as it was told.
    pub(super) fn text(self, arena: &Arena) -> Cow<'_, str> {
        match self.spelled() {
            Some(text) => text.into(),
            None => self.other().map_or("", |text| arena.get(text)).into(),
        }
    }

    /// The same date in another arena.
    pub(super) fn moved(self, from: &Arena, to: &mut Arena) -> Date {
        self.other().map_or(self, |text| Date::new(from.get(text), to))
    }

    /// Compares as the texts do. That of `other` lies in `others`.
    pub(super) fn compare(self, arena: &Arena, other: Date, others: &Arena) -> Ordering {
        let is_packed = |date: Date| matches!(date.form(), DAY | MINUTE | SECOND);
        let (day, other_day) = (self.0 >> BELOW_DAY, other.0 >> BELOW_DAY);
        let alike = (self.0 ^ other.0) & ((1 << (FORM + ZONE)) - 1) == 0;
        if self.0 == 0 || other.0 == 0 {
            // No date is an empty text.
            return self.0.cmp(&other.0);
        }
        match is_packed(self) && is_packed(other) {
            true if alike || day != other_day => self.0.cmp(&other.0),
            _ => self.text(arena).cmp(&other.text(others)),
        }
    }

    /// The text of a date that is written in another way.
    pub(super) fn other(self) -> Option<Text> {
        (self.form() == OTHER).then(|| Text::of_bits(self.0 >> FORM))
    }

    fn form(self) -> u64 {
        self.0 & ((1 << FORM) - 1)
    }

    /// The date again, if it is packed.
    fn spelled(self) -> Option<String> {
        let form = self.form();
        let mut rest = self.0 >> FORM;
        let mut take = |bits: u32| {
            let value = rest & ((1 << bits) - 1);
            rest >>= bits;
            value
        };
        let [zone, second, minute, hour, day, month, year] = [ZONE, 6, 6, 5, 5, 4, 14].map(&mut take);
        if !matches!(form, DAY | MINUTE | SECOND) {
            return None;
        }
        let mut text = String::with_capacity(LONGEST);
        let mut push = |mark: &str, number: u64| {
            text.push_str(mark);
            text.extend([number / 10, number % 10].map(|digit| char::from(b'0' + digit as u8)));
        };
        push("", year / 100);
        push("", year % 100);
        push("-", month);
        push("-", day);
        if form == DAY {
            return Some(text);
        }
        push("T", hour);
        push(":", minute);
        if form == SECOND {
            push(":", second);
        }
        match zone as i64 {
            0 => {}
            1 => text.push('Z'),
            zone => {
                let east = zone - ZERO;
                let sign = if east < 0 { "-" } else { "+" };
                push(sign, east.unsigned_abs() / 60);
                push(":", east.unsigned_abs() % 60);
            }
        }
        Some(text)
    }
}

/// Packs a date that is written in the usual way; what is written in another may come out wrong.
fn packed(text: &str) -> Option<Date> {
    let number = |from: usize, to: usize, most: u64| {
        let digits = text.get(from..to).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse::<u64>().ok().filter(|number| *number <= most)
    };
    let day = number(0, 4, 9999)? << 9 | number(5, 7, 15)? << 5 | number(8, 10, 31)?;
    let (mut time, mut zone, mut form) = (0, 0, DAY);
    if text.len() > 10 {
        time = number(11, 13, 31)? << 12 | number(14, 16, 63)? << 6;
        let seconds = text.as_bytes().get(16) == Some(&b':');
        if seconds {
            time |= number(17, 19, 63)?;
        }
        form = if seconds { SECOND } else { MINUTE };
        let after = if seconds { 19 } else { 16 };
        zone = match text.as_bytes().get(after) {
            None => 0,
            Some(b'Z') => 1,
            Some(sign) => {
                let minutes = number(after + 1, after + 3, 24)? * 60 + number(after + 4, after + 6, 59)?;
                let east = if *sign == b'-' { -(minutes as i64) } else { minutes as i64 };
                (east + ZERO) as u64
            }
        };
    }
    Some(Date(day << BELOW_DAY | time << (ZONE + FORM) | zone << FORM | form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const USUAL: &[&str] = &[
        "2020-10-11",
        "0001-01-01",
        "9999-12-31",
        "2020-10-11T00:00",
        "2020-10-11T12:30Z",
        "2020-10-11T12:30:59",
        "2020-10-11T12:30:59Z",
        "2020-10-11T12:30:59+04:00",
        "2020-10-11T12:30-11:30",
        "2020-10-11T12:30:00+00:00",
    ];
    const UNUSUAL: &[&str] = &[
        "",
        "2020",
        "2020-10",
        "in spring",
        "2020-10-11 12:30",
        "2020-10-11T12:30:59.5Z",
        "2020-10-11T12:30-00:00",
        "é",
    ];

    #[test]
    fn dates_come_back_as_they_were_and_compare_as_texts() {
        let mut arena = Arena::default();
        let all: Vec<&str> = USUAL.iter().chain(UNUSUAL).copied().collect();
        for one in &all {
            let date = Date::new(one, &mut arena);
            assert_eq!(date.text(&arena), *one);
            assert_eq!(date.other().is_some(), UNUSUAL.contains(one) && !one.is_empty(), "{one}");
            for other in &all {
                let second = Date::new(other, &mut arena);
                assert_eq!(date.compare(&arena, second, &arena), one.cmp(other), "{one} {other}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(one in "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?|\\PC{0,30}",
                               other in "[0-9]{4}-[0-1][0-9]-[0-2][0-9](T[0-2][0-9]:[0-5][0-9](:[0-9]{2})?(Z|[+-]0[0-9]:[0-9]{2})?)?") {
            let mut arena = Arena::default();
            let (a, b) = (Date::new(&one, &mut arena), Date::new(&other, &mut arena));
            prop_assert_eq!(a.text(&arena), &one[..]);
            prop_assert_eq!(b.text(&arena), &other[..]);
            prop_assert_eq!(a.compare(&arena, b, &arena), one.cmp(&other));
        }
    }
}
