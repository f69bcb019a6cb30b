//! Dates that records give as numbers.

use jiff::Timestamp;

/// Seconds or milliseconds since 1970 as ISO 8601 in UTC; other numbers (a year, 20201011) as they stand.
pub(super) fn from_number(number: &serde_json::Number) -> String {
    let whole = number.as_i64().or_else(|| number.as_f64().map(|n| n as i64));
    let time = match whole {
        Some(n) if (100_000_000..100_000_000_000).contains(&n) => Timestamp::from_second(n).ok(),
        Some(n) if (100_000_000_000..100_000_000_000_000).contains(&n) => Timestamp::from_second(n / 1000).ok(),
        _ => None,
    };
    time.map_or_else(|| number.to_string(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_dates() {
        for (number, date) in [
            ("1602374400", "2020-10-11T00:00:00Z"),
            ("1602374400000", "2020-10-11T00:00:00Z"),
            ("1602374400.5", "2020-10-11T00:00:00Z"),
            ("20201011", "20201011"),
            ("2020", "2020"),
        ] {
            assert_eq!(super::from_number(&serde_json::from_str(number).unwrap()), date);
        }
    }
}
