//! Which class of a source is which type: a list that users may replace.

use crate::{
    error::{Error, Result},
    model::EntityType,
    workbench::rows::Rows,
};
use rustc_hash::FxHashMap;
use std::{fs::File, io::Read, path::Path};

/// The list that comes with the program.
const EMBEDDED: &str = include_str!("../../../gazetteers/import_classes.csv");

/// Types and finer kinds by format and class.
#[derive(Debug)]
pub(super) struct Classes {
    by_format: FxHashMap<(String, String), Option<(EntityType, String)>>,
}

impl Classes {
    /// The list in the file, or that of the program.
    ///
    /// # Errors
    /// A file that cannot be read, or rows that say nothing of use.
    pub(super) fn load(path: Option<&Path>) -> Result<Classes> {
        match path {
            None => Classes::read(EMBEDDED.as_bytes(), Path::new("import_classes.csv")),
            Some(path) => Classes::read(File::open(path).map_err(|error| Error::io(path, error))?, path),
        }
    }

    fn read(input: impl Read, path: &Path) -> Result<Classes> {
        let mut rows = Rows::new(input, path, b',');
        rows.next()?;
        let text = |cell: Option<&[u8]>| String::from_utf8_lossy(cell.unwrap_or_default()).trim().to_string();
        let header: Vec<String> = rows.record.iter().map(|cell| text(Some(cell)).to_ascii_lowercase()).collect();
        let at = |column: &str| {
            let missing = || {
                Error::gazetteer(format!(
                    "has no column `{column}`; a list of classes has format, class, type and kind"
                ))
            };
            let place = header.iter().position(|cell| cell.trim_start_matches('\u{feff}') == column);
            place.ok_or_else(|| missing().at_path(path).at_line(1))
        };
        let [format, class, kind, finer] = [at("format")?, at("class")?, at("type")?, at("kind")?];
        let mut by_format = FxHashMap::default();
        while rows.next()? {
            let cell = |at| text(rows.record.get(at));
            let word = cell(kind);
            let Some(known) = EntityType::parse(&word).map(Some).or_else(|| word.is_empty().then_some(None)) else {
                let message = format!(
                    "`{word}` is no type: use person, place or organization, or nothing to leave the class out"
                );
                return Err(Error::gazetteer(message).at_path(path).at_line(rows.line));
            };
            by_format.insert((cell(format), cell(class)), known.map(|known| (known, cell(finer))));
        }
        Ok(Classes { by_format })
    }

    /// The type and kind of a class; nothing if the list does not have it, nothing within if it says to leave it out.
    pub(super) fn get(&self, format: &str, class: &str) -> Option<Option<(EntityType, String)>> {
        self.by_format.get(&(format.to_string(), class.to_string())).cloned()
    }
}
