//! Dates that records give as numbers, or in the forms of mail and of news agencies.

use jiff::{Timestamp, civil, fmt::rfc2822, tz::TimeZone};

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

/// A day, as the number of days since 1970, as ISO 8601; `None` if there is no such day.
pub(super) fn from_days(days: i64) -> Option<String> {
    let second = days.checked_mul(86_400).and_then(|second| Timestamp::from_second(second).ok());
    second.map(|time| civil(time).date().to_string())
}

/// A time since 1970 in parts of a second, of which there are `unit`, as ISO 8601; without a zone unless it is in `utc`. `None` if
/// there is no such time.
pub(super) fn from_instant(value: i64, unit: i64, utc: bool) -> Option<String> {
    let time = Timestamp::from_second(value.div_euclid(unit)).ok()?;
    Some(if utc { time.to_string() } else { civil(time).to_string() })
}

fn civil(time: Timestamp) -> civil::DateTime {
    time.to_zoned(TimeZone::UTC).datetime()
}

/// A date of a feed ("Wed, 02 Oct 2002 13:00:00 GMT") or of an agency ("20121205T114700+0100") as ISO 8601; others as they
/// stand.
pub(super) fn from_text(text: &str) -> String {
    let text = text.trim();
    if text.len() > 8
        && let Ok(number) = text.parse()
    {
        return from_number(&number);
    }
    if let Ok(zoned) = rfc2822::parse(text) {
        return zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().replace("+00:00", "Z");
    }
    let digits =
        |range: std::ops::Range<usize>| text.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(4..6), digits(6..8)) else {
        return text.to_string();
    };
    let date = format!("{year}-{month}-{day}");
    let (Some("T"), Some(hour), Some(minute)) = (text.get(8..9), digits(9..11), digits(11..13)) else {
        return if text.len() == 8 { date } else { text.to_string() };
    };
    let second = digits(13..15);
    let zone = text.get(if second.is_some() { 15 } else { 13 }..).unwrap_or_default();
    let zone = match zone.as_bytes() {
        [_, _, _, _, _] => format!("{}:{}", zone.get(..3).unwrap_or_default(), zone.get(3..).unwrap_or_default()),
        _ => zone.to_string(),
    };
    format!("{date}T{hour}:{minute}:{}{zone}", second.unwrap_or("00"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates_of_feeds_and_agencies_are_read() {
        for (text, date) in [
            (" Wed, 02 Oct 2002 13:00:00 GMT\n", "2002-10-02T13:00:00Z"),
            ("Wed, 02 Oct 2002 15:00:00 +0200", "2002-10-02T15:00:00+02:00"),
            ("2 Oct 2002 15:00 EST", "2002-10-02T15:00:00-05:00"),
            ("2002-10-02T13:00:00Z", "2002-10-02T13:00:00Z"),
            ("20121205T114700+0100", "2012-12-05T11:47:00+01:00"),
            ("20121205T1147Z", "2012-12-05T11:47:00Z"),
            ("20121205", "2012-12-05"),
            ("some day", "some day"),
            ("2012120é", "2012120é"),
        ] {
            assert_eq!(super::from_text(text), date);
        }
    }

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
