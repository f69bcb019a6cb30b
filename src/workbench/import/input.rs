//! The files of a source: unpacked, line by line or row by row, in bounded memory.

use super::out::Out;
use crate::{
    error::{Error, Result},
    read,
    workbench::rows::Rows,
};
use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

/// The most bytes of memory for unpacking.
const UNPACKING: u64 = 550_000_000;

/// One file of a source.
pub(super) struct Input {
    pub(super) path: PathBuf,
    reader: Box<dyn BufRead>,
    buffer: Vec<u8>,
    line: u64,
}

/// What a line holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'l> {
    Text(&'l str),
    /// Longer than allowed, or not UTF-8; with what is to be said of it.
    Bad(&'static str),
}

/// How the lines of a format are read.
pub(super) struct Lines {
    /// The most bytes of one.
    pub longest: usize,
    /// What they look like, for messages.
    pub expected: &'static str,
    /// Tells lines that are no rows, by number and text.
    pub skip: fn(u64, &str) -> bool,
}

/// Whether a line has the form of its format; else what is wrong with it.
pub(super) type Form = std::result::Result<(), String>;

impl Lines {
    /// Hands each row of `input` to `take`. A line that cannot be read, or that has not the form of the format, costs itself.
    ///
    /// # Errors
    /// What the file or a decompressor says, and of `take`; a file of which most lines have another form.
    pub(super) fn each<'o>(
        self,
        input: &mut Input,
        out: &mut Out<'o>,
        mut take: impl FnMut(&str, &mut Out<'o>) -> Result<Form>,
    ) -> Result<()> {
        let path = input.path.clone();
        while let Some((line, text)) = input.line(self.longest)? {
            if matches!(text, Line::Text(text) if (self.skip)(line, text)) {
                continue;
            }
            out.row(line);
            let (form, text) = match text {
                Line::Text(text) => (take(text, out)?, text),
                Line::Bad(detail) => (Err(detail.to_string()), ""),
            };
            if let Err(detail) = form {
                out.malformed(&detail, text, self.expected, &path)?;
            }
        }
        Ok(())
    }
}

impl Input {
    /// Opens a file, or standard input for `-`.
    ///
    /// # Errors
    /// A file that cannot be read, and archives and encodings that no source comes in.
    pub(super) fn open(path: &Path) -> Result<Input> {
        let fail = |error| Error::io(path, error);
        let inner = read::unpacked(path, UNPACKING).map_err(fail)?;
        let mut reader = BufReader::with_capacity(1 << 17, inner);
        let head = reader.fill_buf().map_err(fail)?;
        let wrong = match head {
            [] => Some("holds nothing"),
            [b'P', b'K', 3, 4, ..] => Some("is a ZIP archive: unpack it and name the file in it"),
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("is UTF-16: save it as UTF-8"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            return Err(Error::format(wrong).at_path(path));
        }
        if head.starts_with(b"\xEF\xBB\xBF") {
            reader.consume(3);
        }
        Ok(Input { path: path.to_path_buf(), reader: Box::new(reader), buffer: Vec::new(), line: 0 })
    }

    /// The next line that is not empty, with its number, without white space at its end.
    ///
    /// # Errors
    /// What the file or a decompressor says.
    pub(super) fn line(&mut self, most: usize) -> Result<Option<(u64, Line<'_>)>> {
        loop {
            self.buffer.clear();
            self.line += 1;
            let fail = |error| Error::io(&self.path, error).at_line(self.line);
            let length = (&mut self.reader).take(most as u64 + 1).read_until(b'\n', &mut self.buffer).map_err(fail)?;
            if length == 0 {
                return Ok(None);
            }
            if length > most && self.buffer.last() != Some(&b'\n') {
                self.buffer = Vec::new();
                skip_line(&mut self.reader).map_err(|error| Error::io(&self.path, error).at_line(self.line))?;
                return Ok(Some((self.line, Line::Bad("the line is too long"))));
            }
            // Tabs at the end of a line are columns.
            while self.buffer.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
                self.buffer.pop();
            }
            if !self.buffer.is_empty() {
                break;
            }
        }
        let line = std::str::from_utf8(&self.buffer).map_or(Line::Bad("the line is not UTF-8"), Line::Text);
        Ok(Some((self.line, line)))
    }

    /// The file as a table.
    pub(super) fn rows(&mut self, delimiter: u8) -> Rows<&mut Box<dyn BufRead>> {
        Rows::new(&mut self.reader, &self.path, delimiter)
    }

    /// The first bytes, as far as they are there.
    ///
    /// # Errors
    /// What the file or a decompressor says.
    pub(super) fn head(&mut self) -> Result<&[u8]> {
        self.reader.fill_buf().map_err(|error| Error::io(&self.path, error))
    }

    /// The file as bytes.
    pub(super) fn bytes(&mut self) -> &mut Box<dyn BufRead> {
        &mut self.reader
    }
}

fn skip_line(reader: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        match bytes.iter().position(|b| *b == b'\n') {
            Some(at) => {
                reader.consume(at + 1);
                return Ok(());
            }
            None => {
                let length = bytes.len();
                reader.consume(length);
            }
        }
    }
}
