//! The files that an import writes: names, what was left out, and the manifest.

use super::{
    dropped::{Dropped, What},
    out::{Finished, Out},
};
use crate::{
    error::{Error, Result},
    workbench::{COLUMNS, facts::is_formula, output::Place},
};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// The columns of a manifest of gazetteers.
const MANIFEST: [&str; 5] = ["file", "role", "source", "licence", "note"];

/// How much was written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) names: [u64; 3],
    pub(super) aliases: u64,
}

fn fail(path: &Path) -> impl Fn(csv::Error) -> Error {
    move |error| Error::format(error.to_string()).at_path(path)
}

/// Where it is told what was left out of `out`.
pub(super) fn dropped_file(out: &Path) -> Result<PathBuf> {
    if out.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("csv")) {
        return Err(Error::usage(format!("{} must end in .csv, as files of names do", out.display())));
    }
    Ok(out.with_extension("dropped.csv"))
}

/// Writes all names; the file is not in its place yet.
pub(super) fn names(sink: Out<'_>, place: &Place, out: &Path) -> Result<(Counts, BufWriter<File>, Finished)> {
    let mut writer = csv::Writer::from_writer(place.create()?);
    writer.write_record(COLUMNS).map_err(fail(out))?;
    let mut counts = Counts::default();
    let finished = sink.finish(|entry| {
        let mut cells = entry.cells().map(str::to_string);
        cells[2] = entry.aliases.join("|");
        if let Some(kind) = entry.kind {
            counts.names[kind.index()] += 1;
        }
        counts.aliases += entry.aliases.len() as u64;
        writer.write_record(&cells).map_err(fail(out))
    })?;
    let file = writer.into_inner().map_err(|error| Error::io(out, error.into_error()))?;
    Ok((counts, file, finished))
}

/// Writes what was left out: one row each for the first of a reason, one with their number for the rest.
pub(super) fn dropped(dropped: &Dropped, files: &[PathBuf], place: &Place, path: &Path) -> Result<BufWriter<File>> {
    let mut writer = csv::Writer::from_writer(place.create()?);
    let fail = fail(path);
    writer.write_record(["what", "reason", "count", "file", "line", "value"]).map_err(&fail)?;
    let file = |number: usize| files.get(number).map_or(String::new(), |file| file.display().to_string());
    for ((what, reason), group) in &dropped.groups {
        for example in &group.examples {
            let line = if example.line == 0 { String::new() } else { example.line.to_string() };
            let file = if example.line == 0 { String::new() } else { file(example.file) };
            let row = [what.as_str(), reason, "1", &file, &line, &guarded(&example.value)];
            writer.write_record(row).map_err(&fail)?;
        }
        let rest = group.count - group.examples.len() as u64;
        if rest > 0 {
            let row = [what.as_str(), reason, &rest.to_string(), "", "", "(further ones)"];
            writer.write_record(row).map_err(&fail)?;
        }
    }
    for (class, count) in &dropped.classes {
        // These rows are counted above; here is what the list of classes would have to name.
        let row = ["class", "class is not in the list", &count.to_string(), "", "", &guarded(class)];
        writer.write_record(row).map_err(&fail)?;
    }
    writer.into_inner().map_err(|error| Error::io(path, error.into_error()))
}

/// A value that no spreadsheet takes for a formula and no terminal for a command.
fn guarded(value: &str) -> String {
    let clean: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if is_formula(&clean) { format!("'{clean}") } else { clean }
}

impl What {
    /// All of them, in the order of tables.
    pub const ALL: [What; 3] = [What::Row, What::Alias, What::Cell];
}

/// The manifest in a folder of gazetteers.
#[derive(Debug)]
pub(super) struct Manifest {
    path: PathBuf,
    place: Place,
    rows: Vec<csv::StringRecord>,
}

impl Manifest {
    /// The one beside `out`, or a new one.
    ///
    /// # Errors
    /// A file of that name that is no manifest.
    pub(super) fn beside(out: &Path, inputs: &[PathBuf]) -> Result<Manifest> {
        let path = out.with_file_name("manifest.csv");
        if path == out {
            return Err(Error::usage("manifest.csv is the name of the list of gazetteers: choose another name"));
        }
        let place = Place::new(&path, inputs, true)?;
        let mut rows = Vec::new();
        if path.exists() {
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(&path).map_err(fail(&path))?;
            if reader.headers().map_err(fail(&path))?.iter().ne(MANIFEST) {
                let message = format!(
                    "is there already, and is no manifest of gazetteers (its columns should be {}): move it, or choose another folder",
                    MANIFEST.join(", ")
                );
                return Err(Error::format(message).at_path(&path).at_line(1));
            }
            rows = reader.records().collect::<std::result::Result<_, _>>().map_err(fail(&path))?;
        }
        Ok(Manifest { path, place, rows })
    }

    /// Writes it with a row for `out`.
    pub(super) fn write(mut self, out: &Path, source: &str, licence: &str, note: &str) -> Result<PathBuf> {
        let file = out.file_name().unwrap_or_default().to_string_lossy();
        self.rows.retain(|row| row.get(0) != Some(&*file));
        self.rows.push(csv::StringRecord::from(vec![&*file, "names", source, licence, note]));
        self.rows.sort_by(|a, b| a.get(0).cmp(&b.get(0)));
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(self.place.create()?);
        writer.write_record(MANIFEST).map_err(fail(&self.path))?;
        for row in &self.rows {
            writer.write_record(row).map_err(fail(&self.path))?;
        }
        let mut file = writer.into_inner().map_err(|error| Error::io(&self.path, error.into_error()))?;
        file.flush().map_err(|error| Error::io(&self.path, error))?;
        self.place.finish(file)?;
        Ok(self.path)
    }
}
