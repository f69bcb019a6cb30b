//! Errors of the library as exceptions of Python, with the messages of the command line.

use onrecord::error::{Error, ErrorKind};
use pyo3::{
    PyErr,
    exceptions::{
        PyFileExistsError, PyFileNotFoundError, PyIsADirectoryError, PyNotADirectoryError, PyOSError, PyPermissionError,
    },
};
use std::io;

/// The classes of the package itself, which have several base classes and are therefore written in Python.
mod classes {
    #![allow(missing_docs, reason = "they are described where they are defined")]
    pyo3::import_exception!(onrecord._errors, OnrecordError);
    pyo3::import_exception!(onrecord._errors, UsageError);
    pyo3::import_exception!(onrecord._errors, GazetteerError);
    pyo3::import_exception!(onrecord._errors, TableError);
    pyo3::import_exception!(onrecord._errors, InterruptedRun);
}

/// An exception for an error of the library.
pub fn exception(error: &Error) -> PyErr {
    let message = error.to_string();
    match error.kind() {
        ErrorKind::Io(error) => match error.kind() {
            io::ErrorKind::NotFound => PyFileNotFoundError::new_err(message),
            io::ErrorKind::PermissionDenied => PyPermissionError::new_err(message),
            io::ErrorKind::AlreadyExists => PyFileExistsError::new_err(message),
            io::ErrorKind::IsADirectory => PyIsADirectoryError::new_err(message),
            io::ErrorKind::NotADirectory => PyNotADirectoryError::new_err(message),
            _ => PyOSError::new_err(message),
        },
        ErrorKind::Gazetteer(_) => classes::GazetteerError::new_err(message),
        ErrorKind::Format(_) => classes::TableError::new_err(message),
        ErrorKind::Usage(_) => classes::UsageError::new_err(message),
        ErrorKind::Interrupted => classes::InterruptedRun::new_err(message),
        _ => classes::OnrecordError::new_err(message),
    }
}

/// An argument that cannot be used.
pub fn usage(message: impl Into<String>) -> PyErr {
    classes::UsageError::new_err(message.into())
}
