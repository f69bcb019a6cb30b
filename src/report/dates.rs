//! Dates of articles, and stretches of time to count in.

use jiff::{ToSpan, civil::Date};

/// Day 0.
const EPOCH: Date = Date::constant(1970, 1, 1);
/// The most stretches of a timeline.
const MOST: i32 = 48;

/// The day on which something of that ISO 8601 date was published, in days since 1970; a mere month or year counts as its first
/// day. `None` without a date.
pub(super) fn day(published: &str) -> Option<i32> {
    let whole = match published.len() {
        4 => format!("{published}-01-01"),
        7 => format!("{published}-01"),
        _ => published.get(..10)?.to_string(),
    };
    let date: Date = whole.parse().ok()?;
    date.since((jiff::Unit::Day, EPOCH)).ok().map(|span| span.get_days())
}

fn date(day: i32) -> Date {
    EPOCH.checked_add(day.days()).unwrap_or(EPOCH)
}

/// How a day is written.
pub(super) fn written(day: i32) -> String {
    date(day).to_string()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Days(i32),
    Months(i32),
}

/// Equal stretches of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretches {
    unit: Unit,
    first: i32,
    pub count: usize,
}

impl Stretches {
    /// As fine stretches from one day to another as fit.
    pub(super) fn between(first: i32, last: i32) -> Stretches {
        let months = [1, 3, 12, 60, 120, 600, 3000].map(Unit::Months);
        let mut units = [Unit::Days(1), Unit::Days(7)].into_iter().chain(months);
        let fits = |unit: &Unit| place(*unit, last).saturating_sub(place(*unit, first)) < MOST;
        let unit = units.find(fits).unwrap_or(Unit::Months(12_000));
        let (first, last) = (place(unit, first), place(unit, last));
        Stretches { unit, first, count: usize::try_from(last - first).unwrap_or(0) + 1 }
    }

    /// Which stretch a day falls in.
    pub(super) fn of(&self, day: i32) -> Option<usize> {
        usize::try_from(place(self.unit, day) - self.first).ok().filter(|i| *i < self.count)
    }

    /// How the stretch is called.
    pub(super) fn name(&self, stretch: usize) -> String {
        let number = self.first + i32::try_from(stretch).unwrap_or(0);
        match self.unit {
            Unit::Days(days) => written(number * days),
            Unit::Months(1) => format!("{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1),
            Unit::Months(3) => format!("{:04} Q{}", number.div_euclid(4), number.rem_euclid(4) + 1),
            Unit::Months(12) => number.to_string(),
            Unit::Months(months) => format!("{}–{}", number * months / 12, (number + 1) * months / 12 - 1),
        }
    }

    /// What one of them is.
    pub(super) fn unit(&self) -> &'static str {
        match self.unit {
            Unit::Days(1) => "day",
            Unit::Days(_) => "week, named by its first day",
            Unit::Months(1) => "month",
            Unit::Months(3) => "quarter",
            Unit::Months(12) => "year",
            Unit::Months(_) => "stretch of years",
        }
    }
}

/// The number of the stretch that holds a day, counted from the year 0 or from 1970.
fn place(unit: Unit, day: i32) -> i32 {
    match unit {
        Unit::Days(days) => day.div_euclid(days),
        Unit::Months(months) => {
            let date = date(day);
            (i32::from(date.year()) * 12 + i32::from(date.month()) - 1).div_euclid(months)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_any_length_are_days() {
        for (text, expected) in [
            ("1970-01-02", Some(1)),
            ("2024-03-01T10:20+04:00", Some(19783)),
            ("2024-03", Some(19783)),
            ("2024", Some(19723)),
            ("", None),
            ("soon", None),
            ("2024-13-01", None),
            ("həftəsonu-x", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
    }

    #[test]
    fn stretches_fit_and_hold_every_day_between() {
        for (first, last, unit, name) in [
            (19783, 19783, "day", "2024-03-01"),
            (19783, 19800, "day", "2024-03-01"),
            (19783, 20000, "week, named by its first day", "2024-02-29"),
            (19783, 20783, "month", "2024-03"),
            (19783, 23783, "quarter", "2024 Q1"),
            (10000, 23783, "year", "1997"),
            (-300_000, 23783, "stretch of years", "1100–1149"),
            (-719_000, 2_932_000, "stretch of years", "0–249"),
        ] {
            let stretches = Stretches::between(first, last);
            assert_eq!(stretches.unit(), unit, "{first} {last}");
            assert_eq!(stretches.name(0), name);
            assert_eq!((stretches.of(first), stretches.of(last)), (Some(0), Some(stretches.count - 1)));
            for outside in
                [first - 100_000, last + 100_000].into_iter().filter(|day| (-700_000..2_900_000).contains(day))
            {
                assert_eq!(stretches.of(outside), None, "{outside}");
            }
        }
    }
}
