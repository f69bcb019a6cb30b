//! The one error type: what went wrong and where.

use std::{fmt, io, path::PathBuf};

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, and where. One pointer wide, so that results stay small.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    location: Location,
}

/// Where it went wrong; empty parts are unknown or do not apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The file or folder.
    pub path: Option<PathBuf>,
    /// Line in the file, from 1.
    pub line: Option<u64>,
    /// Record in the file, from 1.
    pub record: Option<u64>,
    /// Byte offset in the file.
    pub byte: Option<u64>,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Reading or writing failed.
    Io(io::Error),
    /// A gazetteer, word list or weights file does not have the expected form.
    Gazetteer(String),
    /// A table or annotated file does not have the expected form.
    Format(String),
    /// An option or argument cannot be used.
    Usage(String),
    /// The run was stopped by a signal.
    Interrupted,
}

impl Error {
    /// An error without a location.
    pub fn new(kind: ErrorKind) -> Self {
        Error(Box::new(Inner { kind, location: Location::default() }))
    }

    /// A failed read or write of `path`.
    pub fn io(path: impl Into<PathBuf>, error: io::Error) -> Self {
        Error::new(ErrorKind::Io(error)).at_path(path)
    }

    /// An option or argument that cannot be used.
    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Usage(message.into()))
    }

    /// A gazetteer that does not have the expected form.
    pub fn gazetteer(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Gazetteer(message.into()))
    }

    /// A table or annotated file that does not have the expected form.
    pub fn format(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Format(message.into()))
    }

    /// Adds the file.
    pub fn at_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.location.path = Some(path.into());
        self
    }

    /// Adds the line, from 1.
    pub fn at_line(mut self, line: u64) -> Self {
        self.0.location.line = Some(line);
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it went wrong.
    pub fn location(&self) -> &Location {
        &self.0.location
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.0.location;
        if let Some(path) = &place.path {
            write!(f, "{}: ", path.display())?;
        }
        if let Some(line) = place.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(record) = place.record {
            write!(f, "record {record}: ")?;
        }
        if let Some(byte) = place.byte {
            write!(f, "byte {byte}: ")?;
        }
        match &self.0.kind {
            ErrorKind::Io(error) => write!(f, "{error}"),
            ErrorKind::Gazetteer(message) | ErrorKind::Format(message) | ErrorKind::Usage(message) => {
                f.write_str(message)
            }
            ErrorKind::Interrupted => f.write_str("stopped by a signal"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}
