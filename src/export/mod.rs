//! Tables of a finished run -> other programs: one file per format.
//!
//! | format | what is written | for |
//! | --- | --- | --- |
//! | xlsx | one workbook, one sheet a table | Excel, LibreOffice |
//! | parquet | one file a table | DuckDB, pandas, polars, Spark |
//! | sqlite | one database with keys, indexes and a full-text index | SQLite, Datasette |
//! | jsonl | one file a table, or one table to a stream | everything else |
//! | gexf | the network of entities | Gephi |
//! | brat | a text and its annotations for each article | brat and what reads its format |
//!
//! Rows go through one by one, in bounded memory but for ids of nodes and names of files, and are checked as `finished` reads them. Cells come without the guard against
//! formulas. The same tables give the same bytes. What is written has another name until it is complete.

mod brat;
mod gexf;
mod jsonl;
mod parquet;
mod place;
mod source;
mod sqlite;
mod value;
mod xlsx;

use crate::{
    error::{Error, ErrorKind, Result},
    finished::Finished,
    table::{MOST_LINES, TABLES},
};
use place::Place;
use source::Source;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An Excel workbook.
    Xlsx,
    /// Parquet files.
    Parquet,
    /// An SQLite database.
    Sqlite,
    /// JSON Lines.
    Jsonl,
    /// A network in GEXF.
    Gexf,
    /// Standoff annotations.
    Brat,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 6] =
        [Format::Xlsx, Format::Parquet, Format::Sqlite, Format::Jsonl, Format::Gexf, Format::Brat];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Parquet => "parquet",
            Format::Sqlite => "sqlite",
            Format::Jsonl => "jsonl",
            Format::Gexf => "gexf",
            Format::Brat => "brat",
        }
    }
}

/// How to write it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only these tables; all of them if none is named.
    pub tables: Vec<String>,
    /// Only pairs that share at least so many sentences are in a network.
    pub min_weight: u64,
    /// Whether an earlier export may be replaced.
    pub force: bool,
    /// The most lines of a sheet, the header among them. No program opens more than [`MOST_LINES`].
    pub sheet_lines: u32,
}

impl Default for Options {
    /// All of everything; nothing is replaced.
    fn default() -> Self {
        let sheet_lines = u32::try_from(MOST_LINES).unwrap_or(u32::MAX);
        Options { tables: Vec::new(), min_weight: 1, force: false, sheet_lines }
    }
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// What there is of it: tables with their rows, nodes, files.
    pub counts: Vec<(String, u64)>,
    /// What a person should know.
    pub remarks: Vec<String>,
}

/// Writes the tables of `run` to `out`, a file or a folder.
///
/// # Errors
/// Tables that cannot be read or are not what the run has written, an output that is there already and is not to be forced, that
/// lies in the folder of the run or cannot be written; options that the format does not have. `stopped` gives
/// [`ErrorKind::Interrupted`]. After an error there is no output, and an earlier one is as it was.
pub fn export(
    run: &Finished,
    format: Format,
    out: &Path,
    options: &Options,
    stopped: &dyn Fn() -> bool,
) -> Result<Exported> {
    let source = Source::new(run, options, stopped)?;
    check(format, options)?;
    let single = one_file(format, out, &source);
    let place = match single {
        true => Place::file(out, run.folder(), options.force)?,
        false => Place::folder(out, run.folder(), options.force, format)?,
    };
    let mut exported = match format {
        Format::Xlsx => xlsx::write(&source, place.partial(), options.sheet_lines)?,
        Format::Sqlite => sqlite::write(&source, place.partial())?,
        Format::Brat => brat::write(&source, place.partial())?,
        Format::Parquet if single => parquet::write_file(&source, place.partial())?,
        Format::Parquet => parquet::write_folder(&source, place.partial())?,
        Format::Jsonl if !single => jsonl::write_folder(&source, place.partial())?,
        Format::Jsonl | Format::Gexf => {
            let path = place.partial();
            let mut file = BufWriter::new(File::create(path).map_err(|error| Error::io(path, error))?);
            to_stream(&source, format, &mut file, options).map_err(|error| at(error, path))?
        }
    };
    exported.remarks.extend(source.remarks(format));
    place.settle()?;
    Ok(exported)
}

/// Writes a table, or the network, to a stream.
///
/// # Errors
/// Those of [`export`], and formats that are no stream.
pub fn stream(
    run: &Finished,
    format: Format,
    out: &mut dyn Write,
    options: &Options,
    stopped: &dyn Fn() -> bool,
) -> Result<Exported> {
    let source = Source::new(run, options, stopped)?;
    check(format, options)?;
    match format {
        Format::Gexf => {}
        Format::Jsonl if source.only().is_some() => {}
        Format::Jsonl => return Err(Error::usage("one table at a time goes to standard output: name it with --table")),
        _ => {
            let message = format!("{} cannot be written to standard output: name a file or folder", format.name());
            return Err(Error::usage(message));
        }
    }
    let mut exported = to_stream(&source, format, out, options)?;
    exported.remarks.extend(source.remarks(format));
    Ok(exported)
}

fn to_stream(source: &Source<'_>, format: Format, out: &mut dyn Write, options: &Options) -> Result<Exported> {
    let exported = match (format, source.only()) {
        (Format::Gexf, _) => gexf::write(source, out, options.min_weight)?,
        (_, Some(name)) => jsonl::write(source, name, out)?,
        (_, None) => return Err(Error::usage("name one table with --table")),
    };
    out.flush().map_err(written)?;
    Ok(exported)
}

/// Whether `out` will be a file, not a folder. A single table may be a file of its own.
fn one_file(format: Format, out: &Path, source: &Source<'_>) -> bool {
    let ending = |name: &str| out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(name));
    match format {
        Format::Xlsx | Format::Sqlite | Format::Gexf => true,
        Format::Brat => false,
        Format::Parquet => source.only().is_some() && ending("parquet"),
        Format::Jsonl => source.only().is_some() && (ending("jsonl") || ending("ndjson")),
    }
}

/// Checks that the format has what is asked for.
fn check(format: Format, options: &Options) -> Result<()> {
    if matches!(format, Format::Gexf | Format::Brat) && !options.tables.is_empty() {
        let message = format!("{} is made from all tables that it needs: leave --table away", format.name());
        return Err(Error::usage(message));
    }
    if format != Format::Gexf && options.min_weight > 1 {
        return Err(Error::usage("--min-weight is for --to gexf"));
    }
    Ok(())
}

/// The tables that there can be.
pub fn table_names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.schema().name)
}

/// A failure to write to somewhere that has no name here.
fn written(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io(error))
}

/// Names the file, where nothing is named yet.
fn at(error: Error, path: &Path) -> Error {
    if error.location().path.is_none() && matches!(error.kind(), ErrorKind::Io(_)) {
        error.at_path(path)
    } else {
        error
    }
}
