//! Dates as news writes them -> ISO 8601.

use crate::{gazetteer::Lexicon, token::fold};
use jiff::civil::{Date, Time};
use regex::Regex;
use std::sync::LazyLock;

// English dates are ASCII, and patterns over all of Unicode's letters and digits take long to build.
static DATES: LazyLock<[Option<Regex>; 4]> = LazyLock::new(|| {
    [
        r"(?-u)\b(?P<y>\d{4})[-/.](?P<n>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?-u)\b(?P<d>\d{1,2})(?:st|nd|rd|th)?[ .\-]+(?:of )?(?P<m>[A-Za-z]{3,9})\.?,?[ .\-]+(?P<y>\d{4})\b",
        r"(?-u)\b(?P<m>[A-Za-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})\b",
        r"(?-u)\b(?P<y>\d{4})(?P<n>0[1-9]|1[0-2])(?P<d>[0-3]\d)\b",
    ]
    .map(|pattern| Regex::new(pattern).ok())
});

static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"(?i-u)\b(?P<h>[01]?\d|2[0-3]):(?P<min>[0-5]\d)(?::(?P<s>[0-5]\d))?(?:\.\d+)?\s*(?P<half>[ap]\.?m\.?\b)?\s*\(?(?:UTC|GMT)?\s*(?P<zone>Z\b|[+-]\d{2}:?\d{2}\b)?";
    Regex::new(pattern).ok()
});

/// Builds the patterns now: see [`prepare`](crate::run::prepare).
pub(super) fn prepare() {
    LazyLock::force(&DATES);
    LazyLock::force(&TIME);
}

/// A date found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// ISO 8601 date or date-time.
    pub iso: String,
    /// Whether the text gives a time of day.
    pub has_time: bool,
    /// How many bytes of the text are neither date nor time.
    pub rest: usize,
}

/// Whether `text` has the digits of a date: four in a row for a year, and others apart from them or eight in a row. Most
/// lines have not, and are spared the patterns.
fn may_hold_date(text: &str) -> bool {
    let (mut runs, mut longest) = (0, 0);
    let mut length = 0;
    for byte in text.bytes() {
        length = if byte.is_ascii_digit() { length + 1 } else { 0 };
        runs += usize::from(length == 1);
        longest = longest.max(length);
    }
    longest >= 8 || longest >= 4 && runs > 1
}

/// The first date in `text`, with the time of day if there is one.
pub(super) fn find(text: &str, lexicon: &Lexicon) -> Option<Found> {
    if !may_hold_date(text) {
        return None;
    }
    let (date, span) = DATES.iter().flatten().find_map(|pattern| {
        pattern.captures_iter(text).find_map(|found| {
            let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<i16>().ok());
            let month = match found.name("m") {
                Some(word) => i16::from(lexicon.month(lexicon.get(&fold(word.as_str())))?),
                None => number("n")?,
            };
            let date = Date::new(number("y")?, month.try_into().ok()?, number("d")?.try_into().ok()?).ok()?;
            (date.year() >= 1800).then(|| found.get(0).map(|all| (date, all.range())))?
        })
    })?;
    let mut iso = date.to_string();
    let mut rest = text.len() - span.len();
    let without = format!("{} {}", &text[..span.start], text[span.end..].trim_start_matches('T'));
    let mut has_time = false;
    if let Some(found) = TIME.as_ref().filter(|_| without.contains(':')).and_then(|time| time.captures(&without)) {
        let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<i8>().ok());
        let mut hour = number("h").unwrap_or(0);
        match found.name("half").map(|m| m.as_str().as_bytes()[0].to_ascii_lowercase()) {
            Some(b'p') if hour < 12 => hour += 12,
            Some(b'a') if hour == 12 => hour = 0,
            _ => {}
        }
        if let Ok(time) = Time::new(hour, number("min").unwrap_or(0), number("s").unwrap_or(0), 0) {
            has_time = true;
            iso.push_str(&time.strftime(if found.name("s").is_some() { "T%H:%M:%S" } else { "T%H:%M" }).to_string());
            if let Some(zone) = found.name("zone") {
                let zone = zone.as_str();
                let colon = zone.len() == 5;
                iso.push_str(&if colon { format!("{}:{}", &zone[..3], &zone[3..]) } else { zone.to_string() });
            }
            rest = rest.saturating_sub(found.get(0).map_or(0, |m| m.as_str().trim().len()));
        }
    }
    Some(Found { iso, has_time, rest })
}

/// A metadata date as ISO 8601, or as it stands if no date can be read in it.
pub fn normalized(value: &str, lexicon: &Lexicon) -> String {
    let iso = value.len() == 10 && iso_date(value) == value && value.parse::<Date>().is_ok_and(|d| d.year() >= 1800);
    if iso {
        return value.to_string();
    }
    find(value, lexicon).map_or_else(|| value.trim().to_string(), |found| found.iso)
}

/// The date part of an ISO 8601 date or date-time; empty if there is none.
pub fn iso_date(value: &str) -> &str {
    match value.get(..10) {
        Some(date) if date.as_bytes()[4] == b'-' && date.as_bytes()[7] == b'-' => date,
        _ => "",
    }
}
