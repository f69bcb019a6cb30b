//! The checkpoint: how to go on with a run that was stopped.
//!
//! The file begins with a line that a person can read. Frames follow: what is written below, and the sums over the run. A checksum
//! of all that ends it. It is written beside the old one and takes its place at once, so there is always a whole one.

use super::{
    folder::{self, Settlement},
    growing::PARTIAL,
    reading::{Marks, Place},
    shard::Shard,
};
use crate::{
    error::{Error, Result},
    table::{Totals, WrittenFile, read_frame, write_frame},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::Path,
};
use xxhash_rust::xxh3::Xxh3;

/// Name of the file.
pub(super) const NAME: &str = "onrecord.checkpoint";
/// What its first line begins with; the version of the program follows.
const MAGIC: &str = "onrecord checkpoint 2 of onrecord ";
/// The longest first line.
const LINE: u64 = 100;

/// How a run was begun, and how far it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Position {
    /// What was run: that of `run.json`, as JSON.
    pub identity: String,
    /// Which part of the batches it does.
    pub shard: Option<Shard>,
    /// When it was begun.
    pub started: String,
    /// How long it has worked.
    pub seconds: f64,
    /// How often it has gone on.
    pub resumed: u32,
    /// Where reading stood.
    pub place: Place,
    /// Some places before that.
    pub marks: Marks,
    /// Records in the batches that it has done.
    pub records: u64,
    /// The files of each table.
    pub tables: Vec<Vec<WrittenFile>>,
    /// What a shard knows of its batches.
    pub ledger: Option<WrittenFile>,
    /// The texts around candidates.
    pub examples: WrittenFile,
}

/// What is left to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum State {
    /// The rest of the input.
    Reading(Box<Position>),
    /// To put files in place.
    Settling(Settlement),
}

/// Writes the checkpoint of `folder`.
pub(super) fn save(folder: &Path, state: &State, totals: &Totals) -> Result<()> {
    let partial = folder.join(format!("{NAME}{PARTIAL}"));
    let write = || -> io::Result<()> {
        let mut out = Summed { inner: BufWriter::with_capacity(1 << 18, File::create(&partial)?), state: Xxh3::new() };
        writeln!(out, "{MAGIC}{}", env!("CARGO_PKG_VERSION"))?;
        write_frame(&mut out, state)?;
        if matches!(state, State::Reading(_)) {
            totals.save(&mut out)?;
        }
        let sum = out.state.digest128().to_le_bytes();
        out.write_all(&sum)?;
        out.inner.into_inner()?.sync_all()?;
        fs::rename(&partial, folder.join(NAME))
    };
    write().map_err(|error| Error::io(&partial, error))?;
    folder::sync(folder)
}

/// Reads the checkpoint of `folder`; `None` if there is none.
///
/// # Errors
/// One that is damaged or of another version of the program.
pub(super) fn load(folder: &Path) -> Result<Option<(State, Totals)>> {
    let path = folder.join(NAME);
    let file = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|error| Error::io(&path, error))?,
    };
    let mut input = Summed { inner: BufReader::with_capacity(1 << 18, file), state: Xxh3::new() };
    match read(&mut input) {
        Ok(Ok(found)) => Ok(Some(found)),
        Ok(Err(version)) => {
            let own = env!("CARGO_PKG_VERSION");
            let message = format!(
                "was written by onrecord {version}, and this is {own}: finish the run with that version, or begin anew with --force"
            );
            Err(Error::usage(message).at_path(path))
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
            Err(Error::usage("is damaged, so the run cannot go on; begin anew with --force").at_path(path))
        }
        Err(error) => Err(Error::io(path, error)),
    }
}

/// The inner error is the version of the program that wrote it.
fn read(input: &mut Summed<BufReader<File>>) -> io::Result<std::result::Result<(State, Totals), String>> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() as u64 <= LINE {
        input.read_exact(&mut byte)?;
        if byte == *b"\n" {
            break;
        }
        line.extend(byte);
    }
    let version = String::from_utf8(line).ok().and_then(|line| line.strip_prefix(MAGIC).map(str::to_string));
    let version = version.ok_or_else(damaged)?;
    if version != env!("CARGO_PKG_VERSION") {
        return Ok(Err(version.chars().filter(|c| !c.is_control()).collect()));
    }
    let state: State = read_frame(input)?;
    let totals = match &state {
        State::Reading(_) => Totals::load(input)?,
        State::Settling(_) => Totals::default(),
    };
    let sum = input.state.digest128().to_le_bytes();
    let mut rest = Vec::new();
    input.inner.by_ref().take(sum.len() as u64 + 1).read_to_end(&mut rest)?;
    if rest == sum { Ok(Ok((state, totals))) } else { Err(damaged()) }
}

/// A reader or writer of which the checksum so far is known.
struct Summed<T> {
    inner: T,
    state: Xxh3,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.state.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.state.update(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_anywhere_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let settlement = Settlement { obsolete: vec!["texts.csv".into()], files: vec!["run.json".into()] };
        save(folder.path(), &State::Settling(settlement.clone()), &Totals::default()).unwrap();
        let (state, _) = load(folder.path()).unwrap().unwrap();
        assert!(matches!(state, State::Settling(found) if found == settlement));
        let good = fs::read(&path).unwrap();
        let fails = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            load(folder.path()).err().map(|error| error.to_string()).unwrap_or_default()
        };
        for length in 0..good.len() {
            assert!(fails(&good[..length]).contains("is damaged"), "{length}");
        }
        assert!(fails(&[&good[..], b"x"].concat()).contains("is damaged"));
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 4;
            let message = fails(&bad);
            assert!(message.contains("is damaged") || message.contains("was written by"), "{at}: {message}");
        }
        let other = String::from_utf8_lossy(&good).replace(env!("CARGO_PKG_VERSION"), "9.9.9");
        assert!(fails(other.as_bytes()).contains("by onrecord 9.9.9"));
        fs::remove_file(&path).unwrap();
        assert!(load(folder.path()).unwrap().is_none());
    }
}
