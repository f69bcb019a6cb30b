//! GeoNames: `cities15000.txt`, `allCountries.txt`, and the table of alternate names, as <https://download.geonames.org/export/dump/>
//! describes them.

use super::{
    Format,
    entry::Entry,
    input::{Input, Lines},
    out::Out,
};
use crate::{error::Result, workbench::facts::is_number};

/// Tables of places.
pub(super) struct GeoNames;

/// The longest line.
const LONGEST: usize = 1 << 20;
/// What the table of alternate names looks like.
pub(super) const ALTERNATE: &str =
    "GeoNames' alternateNamesV2.txt: 8 to 10 columns separated by tabs, the first two of them numbers";
/// Languages of alternate names that are no languages.
const NO_LANGUAGES: &[&str] =
    &["link", "post", "iata", "icao", "faac", "abbr", "tcid", "unlc", "phon", "piny", "fr_1793"];
/// What each part of an entry knows better: the English name, the place itself, further names.
const PREFERRED: u8 = 0;
const PLACE: u8 = 1;
const FURTHER: u8 = 2;

impl Format for GeoNames {
    fn name(&self) -> &'static str {
        "geonames"
    }

    fn expected(&self) -> &'static str {
        "a table of GeoNames such as cities15000.txt: 19 columns separated by tabs, without a header"
    }

    fn source(&self) -> &'static str {
        "https://www.geonames.org/"
    }

    fn licence(&self) -> &'static str {
        "CC BY 4.0"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let lines = Lines { longest: LONGEST, expected: self.expected(), skip: |_, _| false };
        lines.each(input, out, |text, out| {
            let cells: Vec<&str> = text.split('\t').collect();
            if cells.len() == 19 && is_number(cells[0]) {
                place(&cells, out).map(Ok)
            } else {
                Ok(Err(format!("the line has {} columns, and the first is `{}`", cells.len(), short(cells[0]))))
            }
        })
    }
}

/// The beginning of a cell, for messages.
pub(super) fn short(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn place(cells: &[&str], out: &mut Out<'_>) -> Result<()> {
    let &[id, name, plain, others, latitude, longitude, class, code, country, ..] = cells else { return Ok(()) };
    let full = format!("{class}.{code}");
    let Some((kind, finer)) = out.class("geonames", &[&full, class], &format!("{full} {name}")) else { return Ok(()) };
    let population = cells.get(14).copied().filter(|count| *count != "0").unwrap_or("");
    let mut aliases = vec![plain.to_string()];
    if out.options.alternate_names.is_none() {
        for other in others.split(',').filter(|other| !other.is_empty()) {
            match unfit(other) {
                Some(reason) => out.drop_alias(reason, other),
                None => aliases.push(other.to_string()),
            }
        }
    }
    aliases.retain(|alias| *alias != name && !alias.is_empty());
    let entry = Entry {
        class: finer,
        aliases,
        id: format!("geonames:{id}"),
        geonames: id.to_string(),
        country: country.to_string(),
        latitude: latitude.to_string(),
        longitude: longitude.to_string(),
        population: population.to_string(),
        ..Entry::new(name, kind)
    };
    out.part(id, PLACE, entry)
}

/// Why a name without a language is not taken: codes of airports stand among them, and names in all scripts.
fn unfit(name: &str) -> Option<&'static str> {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    if name.chars().count() < 3 {
        Some("fewer than three letters")
    } else if letters().all(char::is_uppercase) {
        Some("all in capitals: perhaps a code")
    } else if !letters().all(|c| c < '\u{250}' || matches!(c, '\u{1E00}'..='\u{1EFF}')) {
        Some("not in Latin letters, and of no known language")
    } else {
        None
    }
}

/// Reads the table of alternate names: each row adds to the place with its number, if that was taken.
pub(super) fn alternate_names(input: &mut Input, out: &mut Out<'_>) -> Result<()> {
    Lines { longest: LONGEST, expected: ALTERNATE, skip: |_, _| false }.each(input, out, |text, out| {
        let cells: Vec<&str> = text.split('\t').collect();
        let &[number, place, language, name, ref marks @ ..] = cells.as_slice() else {
            return Ok(Err(format!("the line has {} columns", cells.len())));
        };
        if !(4..=6).contains(&marks.len()) || !is_number(number) || !is_number(place) {
            return Ok(Err(format!("the line has {} columns, and the first is `{}`", cells.len(), short(number))));
        }
        let marked = |at: usize| marks.get(at) == Some(&"1");
        if language == "wkdt" {
            out.part(place, FURTHER, Entry { wikidata: name.to_string(), ..Entry::default() })?;
        } else if NO_LANGUAGES.contains(&language) {
            out.drop("a code, a link or the like", name);
        } else if marked(3) {
            out.drop("a name of the past", name);
        } else if !language.is_empty() && !out.options.has_language(language) {
            out.drop("language is not asked for", name);
        } else if let Some(reason) = unfit(name).filter(|_| language.is_empty()) {
            out.drop(reason, name);
        } else if marked(0) && out.options.languages()[0] == language {
            out.part(place, PREFERRED, Entry { name: name.to_string(), ..Entry::default() })?;
        } else {
            out.part(place, FURTHER, Entry { aliases: vec![name.to_string()], ..Entry::default() })?;
        }
        Ok(Ok(()))
    })
}
