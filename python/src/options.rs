//! Options as Python gives them -> options of the library. They go by the names of the command line.

use crate::errors::usage;
use onrecord::{
    read::{self, Condition, Field, Fields, Format, Sample, format_named, language_code},
    run::Shard,
};
use pyo3::prelude::*;
use std::path::PathBuf;

/// One path, or several.
#[derive(FromPyObject)]
pub enum Paths {
    One(PathBuf),
    Several(Vec<PathBuf>),
}

impl Paths {
    pub fn all(self) -> Vec<PathBuf> {
        match self {
            Paths::One(path) => vec![path],
            Paths::Several(paths) => paths,
        }
    }
}

/// One word, or several.
#[derive(FromPyObject)]
pub enum Words {
    One(String),
    Several(Vec<String>),
}

impl Words {
    pub fn all(self) -> Vec<String> {
        match self {
            Words::One(word) => vec![word],
            Words::Several(words) => words,
        }
    }
}

/// Where the fields of a record are.
pub fn fields(named: [(Field, Option<String>); 8]) -> Fields {
    let mut fields = Fields::default();
    for (field, path) in named {
        if let Some(path) = path {
            fields.set(field, &path);
        }
    }
    fields
}

/// A share from 0 to 1.
pub fn probability(name: &str, value: f64) -> PyResult<f64> {
    match (0.0..=1.0).contains(&value) {
        true => Ok(value),
        false => Err(usage(format!("{name}={value}: a number from 0 to 1"))),
    }
}

/// A number within bounds.
pub fn within(name: &str, value: u64, least: u64, most: u64) -> PyResult<u64> {
    match (least..=most).contains(&value) {
        true => Ok(value),
        false => Err(usage(format!("{name}={value}: a number from {least} to {most}"))),
    }
}

/// Codes of languages.
pub fn languages(given: Vec<String>) -> PyResult<Vec<String>> {
    let code = |language: &String| {
        let message = "no language that is known: give a code of ISO 639-1 such as en";
        language_code(language).ok_or_else(|| usage(format!("language={language:?}: {message}")))
    };
    given.iter().map(code).collect()
}

/// A format by its name.
pub fn format(name: &str) -> PyResult<&'static dyn Format> {
    let names = || read::FORMATS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    format_named(name).ok_or_else(|| usage(format!("format={name:?}: no such format; there are {}", names())))
}

/// A part of a run, such as `1/4`.
pub fn shard(text: &str) -> PyResult<Shard> {
    let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    let (number, of) = numbers.ok_or_else(|| usage(format!("shard={text:?}: two numbers such as 1/4")))?;
    Shard::new(number, of).map_err(|error| usage(format!("shard={text:?}: {error}")))
}

/// Conditions, such as `date>=2020`.
pub fn conditions(given: Vec<String>) -> PyResult<Vec<Condition>> {
    let condition =
        |text: &String| text.parse::<Condition>().map_err(|message| usage(format!("where={text:?}: {message}")));
    given.iter().map(condition).collect()
}

/// A share of all articles.
pub fn sample(rate: Option<f64>, seed: u64) -> PyResult<Option<Sample>> {
    rate.map(|rate| Ok(Sample { rate: probability("sample", rate)?, seed })).transpose()
}
