//! The texts around candidates, in a file beside the tables until these are finished: one for each name that no gazetteer has
//! would be most of what a run keeps in memory.

use super::growing::Growing;
use crate::{
    error::{Error, Result},
    table::{Examples, WrittenFile},
};
use std::{
    fs::File,
    io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What the file would be called, if it were ever finished.
pub(super) const NAME: &str = "examples.onrecord";

/// So many bytes are written at once.
const BLOCK: usize = 1 << 16;

/// Texts in a file.
#[derive(Debug)]
pub(super) struct Kept(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    path: Arc<Path>,
    file: Growing,
    /// What is not written yet.
    waiting: Vec<u8>,
    /// The file, opened to be read.
    reader: Option<Arc<File>>,
}

impl Kept {
    /// Makes an empty file in `folder`.
    pub(super) fn create(folder: &Path) -> Result<Kept> {
        Growing::create(folder, NAME).map(Kept::of)
    }

    /// Opens the file again, of which `known` was known.
    pub(super) fn reopen(folder: &Path, known: &WrittenFile) -> Result<Kept> {
        Growing::reopen(folder, known).map(Kept::of)
    }

    fn of(file: Growing) -> Kept {
        let path = file.path().into();
        Kept(Mutex::new(Inner { path, file, waiting: Vec::with_capacity(BLOCK), reader: None }))
    }

    /// Makes sure that everything lies safely on the disk, and tells what that is.
    pub(super) fn sync(&self) -> Result<WrittenFile> {
        let mut inner = self.inner();
        inner.write()?;
        inner.file.sync()?;
        Ok(inner.file.written())
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Examples for Kept {
    fn keep(&self, text: &str) -> Result<u64> {
        let mut inner = self.inner();
        let place = inner.file.bytes() + inner.waiting.len() as u64;
        inner.waiting.extend_from_slice(text.as_bytes());
        if inner.waiting.len() >= BLOCK {
            inner.write()?;
        }
        Ok(place)
    }

    fn example(&self, place: u64, length: usize) -> Result<String> {
        let (path, file) = self.inner().reader()?;
        let mut text = vec![0; length];
        read_at(&file, place, &mut text).map_err(|error| Error::io(&*path, error))?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

/// Reads what lies at `place`, so many bytes as `text` has.
#[cfg(unix)]
fn read_at(file: &File, place: u64, text: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, text, place)
}

#[cfg(windows)]
fn read_at(file: &File, mut place: u64, mut text: &mut [u8]) -> io::Result<()> {
    while !text.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, text, place)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (text, place) = (&mut text[count..], place + count as u64);
    }
    Ok(())
}

impl Inner {
    /// The file with everything in it, to be read without keeping others from doing that.
    fn reader(&mut self) -> Result<(Arc<Path>, Arc<File>)> {
        self.write()?;
        let file = match &self.reader {
            Some(file) => file,
            None => {
                self.reader.insert(Arc::new(File::open(&self.path).map_err(|error| Error::io(&*self.path, error))?))
            }
        };
        Ok((Arc::clone(&self.path), Arc::clone(file)))
    }

    fn write(&mut self) -> Result<()> {
        self.file.append(&self.waiting, 0)?;
        self.waiting.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_also_after_a_stop() {
        let folder = tempfile::tempdir().unwrap();
        let text = |i: usize| "çə".repeat(i % 300);
        let kept = Kept::create(folder.path()).unwrap();
        let mut places: Vec<u64> = (0..500).map(|i| kept.keep(&text(i)).unwrap()).collect();
        let known = kept.sync().unwrap();
        kept.keep("lost").unwrap();
        kept.sync().unwrap();
        drop(kept);
        let kept = Kept::reopen(folder.path(), &known).unwrap();
        places.extend((500..1000).map(|i| kept.keep(&text(i)).unwrap()));
        for (i, place) in places.iter().enumerate().rev() {
            assert_eq!(kept.example(*place, text(i).len()).unwrap(), text(i));
        }
        assert!(kept.example(known.bytes * 9, 1).unwrap_err().to_string().contains(NAME));
    }
}
