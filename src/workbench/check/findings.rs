//! What was found, where, and what to do.

use std::{collections::BTreeMap, path::PathBuf};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// `extract` refuses the file.
    Error,
    /// It works, but is probably not what was meant.
    Warning,
}

impl Severity {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One thing that is wrong or doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u64,
    /// The column; empty for the row as a whole.
    pub column: String,
    /// How bad it is.
    pub severity: Severity,
    /// Which kind of finding, from a fixed set of words.
    pub kind: &'static str,
    /// What the cell holds, perhaps cut.
    pub value: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings, in the order of files, lines and columns; of each kind no more than asked for.
    pub findings: Vec<Finding>,
    /// For each severity and kind how many there were.
    pub counts: BTreeMap<(Severity, &'static str), u64>,
    /// Files that were checked.
    pub files: usize,
    /// Rows that were checked.
    pub rows: u64,
}

impl Report {
    /// How many findings of a severity there were.
    pub fn count(&self, severity: Severity) -> u64 {
        self.counts.iter().filter(|((of, _), _)| *of == severity).map(|(_, count)| count).sum()
    }
}

/// The most characters of a cell that are shown.
const SHOWN: usize = 80;

/// Takes findings at one place after the other.
#[derive(Debug)]
pub(super) struct Findings {
    report: Report,
    most: usize,
    file: PathBuf,
    line: u64,
    /// Rows seen so far.
    pub(super) rows: u64,
}

impl Findings {
    pub(super) fn new(most: usize) -> Self {
        Findings { report: Report::default(), most, file: PathBuf::new(), line: 0, rows: 0 }
    }

    /// What follows is in this file.
    pub(super) fn at(&mut self, file: PathBuf, line: u64) {
        (self.file, self.line) = (file, line);
    }

    /// What follows is in this line.
    pub(super) fn line(&mut self, line: u64) {
        self.line = line;
    }

    /// The file as messages call it.
    pub(super) fn file_name(&self) -> String {
        self.file.display().to_string()
    }

    pub(super) fn current_line(&self) -> u64 {
        self.line
    }

    /// What `extract` refuses.
    pub(super) fn error(
        &mut self,
        kind: &'static str,
        column: &str,
        value: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Error, kind, column, value, message.into(), fix.into());
    }

    /// What works, but is doubtful.
    pub(super) fn warn(
        &mut self,
        kind: &'static str,
        column: &str,
        value: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Warning, kind, column, value, message.into(), fix.into());
    }

    fn add(&mut self, severity: Severity, kind: &'static str, column: &str, value: &str, message: String, fix: String) {
        let count = self.report.counts.entry((severity, kind)).or_default();
        *count += 1;
        if *count > self.most as u64 {
            return;
        }
        let mut shown: String = value.chars().take(SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        let (file, line, column) = (self.file.clone(), self.line, column.to_string());
        self.report.findings.push(Finding { file, line, column, severity, kind, value: shown, message, fix });
    }

    /// All of it, in the order of `tables` and lines.
    pub(super) fn report(mut self, files: usize, tables: &[PathBuf]) -> Report {
        let place = |file: &PathBuf| tables.iter().position(|table| table == file);
        self.report.findings.sort_by_key(|finding| (place(&finding.file), finding.line));
        (self.report.files, self.report.rows) = (files, self.rows);
        self.report
    }
}
