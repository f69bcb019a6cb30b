//! Names that a user adds: CSV files, compiled when they are loaded, or compiled gazetteers, mapped into memory.

use super::{
    Flags, Gazetteer, GazetteerSource, WeightTable,
    bytes::Bytes,
    compile::{LONGEST, NamesBuilder, Parts, check_parts},
    image::{Image, ImageWriter, Section},
    layer::{About, LAYERS, Layer, RECORDS},
    table,
};
use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{BufReader, Read, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// CSV files of so many bytes and more are compiled into a file beside them.
pub(crate) const LARGE: u64 = 1 << 20;
/// The most such files beside others.
pub(crate) const MOST_LARGE: usize = LAYERS - 2;
/// The most bytes that the names of one file can take when they are compiled.
pub(crate) const MOST_BYTES: u64 = (RECORDS - 64 * LONGEST) as u64;
/// What the name of such a file ends with.
const COMPILED: &str = "onrecord";

/// What a file of corrections is called, without its ending.
const CORRECTIONS: &str = "corrections";

/// What came of compiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compiled {
    /// Entries.
    pub entries: u64,
    /// Names and further forms.
    pub forms: u64,
    /// Rows that repeat an earlier one of their file, and were left out.
    pub duplicates: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Compiles CSV files of names into the file `out`.
///
/// # Errors
/// A file that cannot be read or written, or rows that cannot be used: the error names file, line and reason.
pub fn compile(files: &[PathBuf], out: &Path) -> Result<Compiled> {
    let gazetteer = Gazetteer::embedded()?;
    let mut builder = Builder::new(&gazetteer);
    for file in files {
        if holds_corrections(file) {
            let message = "holds corrections, which are no names: give it to extract as it is, by --corrections";
            return Err(Error::usage(message).at_path(file));
        }
        builder.file(file)?;
    }
    let duplicates = builder.names.duplicates();
    let (image, about) = builder.finish(0)?;
    write(&image, out).map_err(|error| Error::io(out, error))?;
    Ok(Compiled { entries: about.entries, forms: about.forms, duplicates, bytes: image.len() as u64 })
}

/// Adds the names that lie at `paths`; returns the files of corrections among them.
pub(super) fn add(gazetteer: &mut Gazetteer, paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let (mut small, mut corrections) = (Vec::new(), Vec::new());
    for path in paths {
        for file in files_of(path)? {
            // Weights fitted on one's own articles take the place of the embedded ones.
            let role = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("").to_string();
            if role.starts_with("weights_") {
                weights(gazetteer, &file, &role)?;
            } else if holds_corrections(&file) {
                corrections.push(file);
            } else if begins_as_image(&file)? {
                let image = Image::open(Bytes::map(&file)?).map_err(|error| error.at_path(&file))?;
                gazetteer.add_layer(image, Some(file))?;
            } else if fs::metadata(&file).map_err(|error| Error::io(&file, error))?.len() >= LARGE {
                let (image, mapped) = cached(gazetteer, &file)?;
                gazetteer.add_layer(image, mapped)?;
            } else {
                small.push(file);
            }
        }
    }
    if !small.is_empty() {
        let mut builder = Builder::new(gazetteer);
        for file in &small {
            builder.file(file)?;
        }
        let (image, _) = builder.finish(0)?;
        gazetteer.add_layer(Image::open(Bytes::owned(&image))?, None)?;
    }
    Ok(corrections)
}

/// What lies in memory: a compiled gazetteer, or else a CSV file.
pub(super) fn image_of(gazetteer: &Gazetteer, bytes: &[u8]) -> Result<Image> {
    if bytes.starts_with(MAGIC) {
        return Image::open(Bytes::owned(bytes));
    }
    let mut builder = Builder::new(gazetteer);
    builder.input(Path::new("memory"), bytes)?;
    let (image, _) = builder.finish(0)?;
    Image::open(Bytes::owned(&image))
}

/// What a compiled gazetteer begins with.
const MAGIC: &[u8; 8] = b"onrecord";

/// A file, or the gazetteers of a folder in order of name. What was compiled from another file of the folder is left out, and
/// so is what `gazetteer import` writes beside the names.
pub(crate) fn files_of(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let entries = fs::read_dir(path).map_err(|error| Error::io(path, error))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    files.sort();
    let has_extension = |file: &Path, wanted| file.extension().is_some_and(|e| e.eq_ignore_ascii_case(wanted));
    let compiled = |file: &PathBuf| has_extension(file, COMPILED) && !file.with_extension("").is_file();
    let beside = |file: &Path| {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("");
        name == "manifest.csv" || name.ends_with(".dropped.csv")
    };
    let names = |file: &PathBuf| has_extension(file, "csv") && !beside(file);
    Ok(files.iter().filter(|file| names(file) || compiled(file)).cloned().collect())
}

fn holds_corrections(file: &Path) -> bool {
    file.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case(CORRECTIONS))
}

/// Whether a file is taken for a table of names: neither weights, nor corrections, nor a compiled gazetteer.
pub(crate) fn is_table_of_names(file: &Path) -> bool {
    let weights = file.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| stem.starts_with("weights_"));
    !weights && !holds_corrections(file) && !begins_as_image(file).unwrap_or(false)
}

fn begins_as_image(file: &Path) -> Result<bool> {
    let mut head = [0; 8];
    let mut open = File::open(file).map_err(|error| Error::io(file, error))?;
    Ok(open.read_exact(&mut head).is_ok() && &head == MAGIC)
}

fn weights(gazetteer: &mut Gazetteer, file: &Path, role: &str) -> Result<()> {
    let bytes = fs::read(file).map_err(|error| Error::io(file, error))?;
    let sha256 = hexadecimal(&Sha256::digest(&bytes));
    let text =
        String::from_utf8(bytes).map_err(|error| Error::gazetteer(format!("is not UTF-8: {error}")).at_path(file))?;
    let table = WeightTable::parse(text.trim_start_matches('\u{feff}')).map_err(|error| error.at_path(file))?;
    gazetteer.set_weights(role, table);
    let name = file.display().to_string();
    gazetteer.sources.push(GazetteerSource { name, rows: 0, sha256, embedded: false });
    Ok(())
}

/// The compiled form of a large CSV file, and where it lies if it is mapped: the file beside it, made anew unless it is of
/// the same size and time of change. Where nothing can be written, it is compiled for this run alone.
fn cached(gazetteer: &Gazetteer, file: &Path) -> Result<(Image, Option<PathBuf>)> {
    let stamp = stamp(file)?;
    let mut name = file.as_os_str().to_os_string();
    name.push(format!(".{COMPILED}"));
    let beside = PathBuf::from(name);
    let fresh = |image: &Image| {
        let about = Layer::about(image).ok()?;
        (about.stamp == stamp && about.lexicon == gazetteer.lexicon_checksum()).then_some(())
    };
    if let Ok(image) = Bytes::map(&beside).and_then(Image::open)
        && fresh(&image).is_some()
    {
        return Ok((image, Some(beside)));
    }
    let mut builder = Builder::new(gazetteer);
    builder.file(file)?;
    let (image, _) = builder.finish(stamp)?;
    match write(&image, &beside).map_err(|error| Error::io(&beside, error)).and_then(|()| Bytes::map(&beside)) {
        Ok(bytes) => Ok((Image::open(bytes)?, Some(beside))),
        Err(_) => Ok((Image::open(Bytes::owned(&image))?, None)),
    }
}

/// What tells one state of a file from another: its size and when it was changed.
fn stamp(file: &Path) -> Result<u64> {
    let about = fs::metadata(file).map_err(|error| Error::io(file, error))?;
    let changed = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let text = format!("{} {}", about.len(), changed.as_nanos());
    Ok(crate::token::hash(&text))
}

/// Writes a whole file, under another name first.
fn write(image: &[u8], path: &Path) -> std::io::Result<()> {
    let mut partial = path.as_os_str().to_os_string();
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = PathBuf::from(partial);
    let written = File::create(&partial).and_then(|mut file| file.write_all(image).and_then(|()| file.sync_all()));
    written.and_then(|()| fs::rename(&partial, path)).inspect_err(|_| {
        // What is left over is of no use; that it could not be written is what is told.
        let _ = fs::remove_file(&partial);
    })
}

/// Compiles a user's CSV files.
struct Builder<'g> {
    gazetteer: &'g Gazetteer,
    names: NamesBuilder,
    parts: FxHashMap<u64, u16>,
}

impl<'g> Builder<'g> {
    fn new(gazetteer: &'g Gazetteer) -> Self {
        Builder { gazetteer, names: NamesBuilder::default(), parts: FxHashMap::default() }
    }

    fn file(&mut self, path: &Path) -> Result<()> {
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        self.input(path, BufReader::with_capacity(1 << 16, file))
    }

    fn input(&mut self, path: &Path, inner: impl Read) -> Result<()> {
        let mut input = Hashing { inner, sha256: Sha256::new() };
        let name = path.display().to_string();
        self.names.source(GazetteerSource { name: name.clone(), ..GazetteerSource::default() });
        let lexicon = &self.gazetteer.lexicon;
        let article = |hash| lexicon.flags(lexicon.number_of(hash)).contains(Flags::THE);
        let mut parts = Parts { article: &article, parts: std::mem::take(&mut self.parts) };
        let rows = table::each_row(&name, &mut input, &["name", "type"], |row| self.names.add(row, &mut parts))?;
        self.parts = parts.parts;
        check_parts(self.parts.len()).map_err(|error| error.at_path(path))?;
        if let Some(source) = self.names.last_source() {
            (source.rows, source.sha256) = (rows, hexadecimal(&input.sha256.finalize()));
        }
        Ok(())
    }

    fn finish(self, stamp: u64) -> Result<(Vec<u8>, About)> {
        let mut writer = ImageWriter::default();
        let part_slots =
            Parts { article: &|_| false, parts: self.parts }.finish(&mut writer, self.gazetteer.lexicon.hashes());
        let mut about = self.names.finish(&mut writer);
        about.part_slots = part_slots;
        (about.lexicon, about.stamp) = (self.gazetteer.lexicon_checksum(), stamp);
        let bytes = postcard::to_stdvec(&about).map_err(|error| Error::gazetteer(error.to_string()))?;
        writer.add(Section::Lists, &bytes);
        Ok((writer.finish(), about))
    }
}

/// Computes the SHA-256 of what is read.
struct Hashing<R> {
    inner: R,
    sha256: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.sha256.update(&buffer[..length]);
        Ok(length)
    }
}

/// Bytes in hexadecimal.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
