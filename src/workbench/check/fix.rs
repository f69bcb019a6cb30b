//! A cleaned copy of a file of names: only what is safe to mend without a person.

use crate::{
    error::{Error, Result},
    token,
    workbench::{facts::is_invisible, output::Place, rows::Rows},
};
use rustc_hash::FxHashSet;
use std::{fs::File, path::Path};
use unicode_normalization::UnicodeNormalization;

/// What was mended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fixed {
    /// Rows of the copy, the header apart.
    pub rows: u64,
    /// Cells whose white space, invisible characters or normal form were mended, or that held an alias twice.
    pub cells: u64,
    /// Rows left out because an earlier one is the same.
    pub duplicates: u64,
}

/// Writes `file` to `out` with white space levelled, characters in normal form C, empty and repeated aliases and repeated
/// rows left out.
///
/// # Errors
/// A file that cannot be read, that is not UTF-8, or a copy that is there already and not to be replaced (`force`).
pub fn fix(file: &Path, out: &Path, force: bool) -> Result<Fixed> {
    let input = File::open(file).map_err(|error| Error::io(file, error))?;
    let place = Place::new(out, &[file.to_path_buf()], force)?;
    let mut rows = Rows::new(input, file, b',');
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(place.create()?);
    let mut fixed = Fixed::default();
    let mut seen = FxHashSet::default();
    let mut aliases = None;
    let mut header = true;
    while rows.next()? {
        let record = csv::StringRecord::from_byte_record(rows.record.clone()).map_err(|_| {
            Error::gazetteer("is not UTF-8: save the file as CSV in UTF-8").at_path(file).at_line(rows.line)
        })?;
        let mut clean: Vec<String> = record.iter().map(level).collect();
        if let Some(list) = aliases.and_then(|at: usize| clean.get_mut(at)) {
            *list = distinct(list);
        }
        if header {
            aliases = clean.iter().position(|cell| cell.eq_ignore_ascii_case("aliases"));
        } else if !seen.insert(token::hash(&clean.join("\u{1f}"))) {
            fixed.duplicates += 1;
            continue;
        } else {
            fixed.rows += 1;
        }
        header = false;
        fixed.cells += record.iter().zip(&clean).filter(|(before, after)| before != after).count() as u64;
        writer.write_record(&clean).map_err(|error| Error::gazetteer(error.to_string()).at_path(out))?;
    }
    let file = writer.into_inner().map_err(|error| Error::io(out, error.into_error()))?;
    place.finish(file)?;
    Ok(fixed)
}

/// A cell in normal form C, its white space levelled, without what nobody sees.
pub(in crate::workbench) fn level(cell: &str) -> String {
    let plain = |c: char| c.is_whitespace() || c.is_control();
    let text: String = cell.chars().filter(|c| !is_invisible(*c)).nfc().collect();
    text.split(plain).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A list without empty and repeated values.
fn distinct(list: &str) -> String {
    let mut seen = FxHashSet::default();
    let values = list.split('|').map(str::trim).filter(|value| !value.is_empty() && seen.insert(*value));
    values.collect::<Vec<_>>().join("|")
}
