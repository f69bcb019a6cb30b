//! The rows of tables that are scored, by article.

use super::gold::{Gold, Points};
use crate::{
    error::{Error, Result},
    table::unguarded,
};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

/// One row of `mentions.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub span: Points,
    pub kind: String,
}

/// One part of a row of `quotes.csv`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Piece {
    pub span: Points,
    pub kind: String,
    /// The words in the text, else the name.
    pub surface: String,
    /// The name.
    pub speaker: String,
    /// The speaker's id.
    pub id: String,
    /// The rule that found it.
    pub method: String,
    /// How sure the row is.
    pub confidence: f64,
    /// Parts with the same number are one quotation.
    pub quotation: usize,
}

/// The rows of one file by article id.
pub(super) type ByArticle<T> = HashMap<String, Vec<T>>;

/// The rows of `mentions.csv` in `folder`.
pub(super) fn mentions(folder: &Path, gold: &[Gold]) -> Result<ByArticle<Mention>> {
    let mut found = ByArticle::new();
    read(folder, "mentions", gold, ["start", "end", "type"], |_, id, [start, end, kind]| {
        let span = (start.parse().ok()?, end.parse().ok()?);
        found.entry(id).or_default().push(Mention { span, kind: kind.to_string() });
        Some(())
    })?;
    Ok(found)
}

/// The rows of `quotes.csv` in `folder`, cut into their parts.
pub(super) fn quotations(folder: &Path, gold: &[Gold]) -> Result<ByArticle<Piece>> {
    let mut found = ByArticle::new();
    let columns = ["spans", "kind", "speaker_surface", "speaker", "confidence", "?speaker_id", "?method"];
    read(folder, "quotes", gold, columns, |quotation, id, cells| {
        let [spans, kind, surface, speaker, confidence, speaker_id, method] = cells;
        let pieces = found.entry(id).or_default();
        for span in spans.split(';').map(str::trim).filter(|span| !span.is_empty()) {
            let (start, end) = span.split_once('-')?;
            pieces.push(Piece {
                span: (start.parse().ok()?, end.parse().ok()?),
                kind: kind.trim().to_lowercase(),
                surface: if surface.is_empty() { speaker } else { surface }.trim().to_string(),
                speaker: speaker.trim().to_string(),
                id: speaker_id.to_string(),
                method: method.to_string(),
                confidence: confidence.parse().ok()?,
                quotation,
            });
        }
        Some(())
    })?;
    Ok(found)
}

/// Hands every row of the table `name` about an article of `gold` to `take`: its number, its article and the cells of `columns`.
/// Rows in a title that is a field of its own are left out: their offsets do not count in the text. A column with a question
/// mark may be missing, its cells are empty then.
fn read<const N: usize>(
    folder: &Path,
    name: &str,
    gold: &[Gold],
    columns: [&str; N],
    mut take: impl FnMut(usize, String, [&str; N]) -> Option<()>,
) -> Result<()> {
    let mut number = 0;
    read_file(&folder.join(format!("{name}.csv")), gold, columns, &mut number, &mut take)?;
    // A table that was split goes on in numbered files.
    let parts = (2..).map(|part| folder.join(format!("{name}-{part}.csv")));
    parts.take_while(|path| path.exists()).try_for_each(|path| read_file(&path, gold, columns, &mut number, &mut take))
}

fn read_file<const N: usize>(
    path: &Path,
    gold: &[Gold],
    columns: [&str; N],
    number: &mut usize,
    take: &mut impl FnMut(usize, String, [&str; N]) -> Option<()>,
) -> Result<()> {
    let fail = |error: csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        let message = error.to_string();
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Error::io(path, error),
            _ => Error::format(message).at_path(path).at_line(line),
        }
    };
    let wanted: HashSet<&str> = gold.iter().map(|article| article.id.as_str()).collect();
    let titled: HashSet<&str> = gold
        .iter()
        .filter(|g| g.title.as_deref().is_some_and(|t| !t.trim().is_empty()))
        .map(|g| g.id.as_str())
        .collect();
    let mut reader = csv::Reader::from_path(path).map_err(fail)?;
    let header = reader.headers().map_err(fail)?.clone();
    let place = |name: &str| {
        let missing = || Error::format(format!("has no column `{name}`")).at_path(path).at_line(1);
        header.iter().position(|cell| cell == name).ok_or_else(missing)
    };
    let id_place = place("article_id")?;
    let zone_place = place("zone").ok();
    let mut places = [usize::MAX; N];
    for (slot, name) in places.iter_mut().zip(columns) {
        *slot = match name.strip_prefix('?') {
            Some(name) => place(name).unwrap_or(usize::MAX),
            None => place(name)?,
        };
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(fail)? {
        let cell = |place: usize| record.get(place).unwrap_or("");
        let id = unguarded(cell(id_place));
        let in_title = zone_place.is_some_and(|place| cell(place) == "title") && titled.contains(id);
        if wanted.contains(id) && !in_title && take(*number, id.to_string(), places.map(cell)).is_none() {
            let line = record.position().map_or(0, csv::Position::line);
            return Err(Error::format("an offset is no number").at_path(path).at_line(line));
        }
        *number += 1;
    }
    Ok(())
}
