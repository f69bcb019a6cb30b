//! NAMES FROM OTHER PROGRAMS -> a gazetteer: one file per format behind [`FORMATS`].
//!
//! Whatever is not taken is counted with its reason: rows = names + rows left out + rows joined to others. All is sorted
//! and joined in files beside the output, so memory is bounded for every format and size; only a list of classes, and
//! the counts of classes that it does not have, are kept whole.

mod classes;
mod dropped;
mod entry;
mod everypolitician;
mod ftm;
mod gate;
mod geonames;
mod input;
mod jrc;
mod opensanctions;
mod out;
mod popolo;
mod regexner;
mod sort;
mod spacy;
mod sparql;
mod table;
mod wikidata;
mod write;

pub use dropped::{Dropped, Example, Group, What};

use super::output::Place;
use crate::{
    error::{Error, Result},
    gazetteer::Gazetteer,
    model::EntityType,
};
use input::Input;
use out::{Finished, Out};
use std::path::{Path, PathBuf};

/// Every format.
pub const FORMATS: &[&dyn Format] = &[
    &geonames::GeoNames,
    &wikidata::Wikidata,
    &sparql::Sparql,
    &jrc::Jrc,
    &opensanctions::OpenSanctions,
    &ftm::Ftm,
    &popolo::Popolo,
    &everypolitician::EveryPolitician,
    &gate::Gate,
    &spacy::Spacy,
    &regexner::RegexNer,
    &table::Table,
];

/// A form in which other programs keep names.
#[allow(private_interfaces, reason = "formats are made here alone")]
pub trait Format: Sync {
    /// The word that the command takes.
    fn name(&self) -> &'static str;

    /// What a file of this format looks like, for messages.
    fn expected(&self) -> &'static str;

    /// Where the data are from, unless the user says something else.
    fn source(&self) -> &'static str;

    /// The licence of the data, unless the user says something else.
    fn licence(&self) -> &'static str;

    /// Hands the rows of a file to `out`.
    ///
    /// # Errors
    /// A file that cannot be read, or that is of another format.
    #[doc(hidden)]
    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()>;
}

impl std::fmt::Debug for dyn Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The format that goes by `name`.
pub fn format_named(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}

/// What to take, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Take these types only; none for all. Where a source tells no types, the only one is that of all its names.
    pub types: Vec<EntityType>,
    /// Languages of names, the first one that of the canonical name. None for English.
    pub languages: Vec<String>,
    /// Leave out places with fewer inhabitants.
    pub min_population: u64,
    /// Leave out Wikidata items with fewer sitelinks.
    pub min_sitelinks: u64,
    /// A list of classes in place of that of the program.
    pub classes: Option<PathBuf>,
    /// GeoNames' table of alternate names.
    pub alternate_names: Option<PathBuf>,
    /// Pairs of the gazetteer's column and that of the source, for tables.
    pub map: Vec<(String, String)>,
    /// Keep aliases that are also common words, given names and the like.
    pub keep_doubtful: bool,
    /// What the manifest says of the source.
    pub source: Option<String>,
    /// What the manifest says of the licence.
    pub licence: Option<String>,
    /// Whether files that are there may be replaced.
    pub force: bool,
    /// The most bytes to sort in memory, if not as usual. For tests.
    #[doc(hidden)]
    pub memory: Option<usize>,
}

impl Options {
    /// The languages asked for.
    fn languages(&self) -> Vec<&str> {
        if self.languages.is_empty() { vec!["en"] } else { self.languages.iter().map(String::as_str).collect() }
    }

    fn has_language(&self, language: &str) -> bool {
        self.languages().contains(&language)
    }

    /// The type of names whose source tells none.
    fn only_type(&self) -> Option<EntityType> {
        self.types.first().copied().filter(|_| self.types.len() == 1)
    }
}

/// What came of an import.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Imported {
    /// Rows or records of the source.
    pub rows: u64,
    /// Rows of the gazetteer, by type.
    pub names: [u64; 3],
    /// Aliases of these.
    pub aliases: u64,
    /// Rows that became a part of another one's name.
    pub joined: u64,
    /// What was left out.
    pub dropped: Dropped,
    /// Where it is told what was left out.
    pub dropped_file: PathBuf,
    /// The manifest beside the names.
    pub manifest: PathBuf,
    /// Where the data are from.
    pub source: String,
    /// The licence of the data.
    pub licence: String,
}

/// Writes the names of `files` to the gazetteer `out`, with what was left out and a manifest beside it.
///
/// # Errors
/// Files that cannot be read or are of another format, and places where something is already; nothing is written then.
pub fn import(format: &dyn Format, files: &[PathBuf], out: &Path, options: &Options) -> Result<Imported> {
    let mut inputs = files.to_vec();
    inputs.extend(options.alternate_names.clone());
    inputs.extend(options.classes.clone());
    let names = Place::new(out, &inputs, options.force)?;
    let beside = write::dropped_file(out)?;
    let left_out = Place::new(&beside, &inputs, options.force)?;
    let manifest = write::Manifest::beside(out, &inputs)?;
    let gazetteer = Gazetteer::embedded()?;
    let mut sink = Out::new(options, &gazetteer, out)?;
    for file in files {
        sink.file(file);
        let before = sink.rows;
        format.read(&mut Input::open(file)?, &mut sink)?;
        sink.ended(format.expected(), file)?;
        if sink.rows == before {
            let message = format!("holds no row; expected is {}", format.expected());
            return Err(Error::format(message).at_path(file));
        }
    }
    if let Some(file) = &options.alternate_names {
        sink.file(file);
        geonames::alternate_names(&mut Input::open(file)?, &mut sink)?;
        sink.ended(geonames::ALTERNATE, file)?;
    }
    let rows = sink.rows;
    let (counts, partial, Finished { dropped, joined, files: read }) = write::names(sink, &names, out)?;
    let written = counts.names.iter().sum::<u64>();
    if written == 0 {
        let reason = dropped.groups.iter().max_by_key(|(_, group)| group.count);
        let told = reason.map_or(String::new(), |((_, reason), group)| format!(" ({}: {reason})", group.count));
        let message = format!("no row can be used{told}, and nothing was written; expected is {}", format.expected());
        return Err(Error::format(message).at_path(files.first().map_or(out, PathBuf::as_path)));
    }
    let source = options.source.clone().unwrap_or_else(|| format.source().to_string());
    let licence = options.licence.clone().unwrap_or_else(|| format.licence().to_string());
    let told = write::dropped(&dropped, &read, &left_out, &beside)?;
    let plural = if written == 1 { "" } else { "s" };
    let note = format!("imported by `onrecord gazetteer import {}`; {written} name{plural}", format.name());
    let manifest_file = manifest.write(out, &source, &licence, &note)?;
    left_out.finish(told)?;
    names.finish(partial)?;
    let write::Counts { names, aliases } = counts;
    Ok(Imported {
        rows,
        names,
        aliases,
        joined,
        dropped,
        dropped_file: beside,
        manifest: manifest_file,
        source,
        licence,
    })
}
