//! What a cell holds, by the kind of its column.

use crate::{
    error::{Error, Result},
    finished::Row,
    table::{Column, Kind},
};
use jiff::civil::Date;

pub(super) use crate::table::Value;

/// The cell of `column`, which stands at `place`.
///
/// # Errors
/// A cell that must be a number and is none.
pub(super) fn value<'r>(row: &Row<'r>, place: usize, column: &Column) -> Result<Value<'r>> {
    if let Some(value) = Value::of(column.kind, row.cell(place)) {
        return Ok(value);
    }
    if column.kind == Kind::Integer {
        let number = row.integer(place)?;
        return Err(Error::format(format!("the {} {number} is too large", column.name)).at_line(row.line()));
    }
    let message = format!("the {} {:?} is no number", column.name, row.cell(place));
    Err(Error::format(message).at_line(row.line()))
}

/// A whole day in ISO 8601, `2024-03-02`; `None` for anything else, such as a year or a date with a time.
pub(super) fn full_date(text: &str) -> Option<Date> {
    let digits = |range: std::ops::Range<usize>| text.as_bytes()[range].iter().all(u8::is_ascii_digit);
    if text.len() != 10 || !(digits(0..4) && digits(5..7) && digits(8..10)) {
        return None;
    }
    text.parse().ok()
}

/// The day of a date or date-time in ISO 8601, as it stands there, in whatever time zone.
pub(super) fn day_of(text: &str) -> Option<Date> {
    let day = text.get(..10)?;
    let rest = &text[10..];
    (rest.is_empty() || rest.starts_with(['T', ' '])).then(|| full_date(day))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_from_years_and_times() {
        for (text, date, day) in [
            ("2024-03-02", true, true),
            ("2024-02-30", false, false),
            ("2024", false, false),
            ("2024-03", false, false),
            ("2024-03-02T23:30:00+02:00", false, true),
            ("2024-03-02 23:30", false, true),
            ("2024-03-02x", false, false),
            ("20240302xx", false, false),
            ("2024−03-0", false, false),
            ("", false, false),
        ] {
            assert_eq!((full_date(text).is_some(), day_of(text).is_some()), (date, day), "{text:?}");
        }
    }
}
