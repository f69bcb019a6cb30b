//! `gazetteer check`: what is wrong in files of names.

use crate::{
    cli::{
        Outcome, print, say,
        shared::{counted, grouped, printable},
    },
    error::{Error, Result},
    workbench::check::{self, Finding, Report, Severity},
};
use clap::ValueEnum;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Tells what is wrong in files of names, where, and how to mend it.
///
/// An error is what `extract --gazetteer` refuses; a warning is what works, but is probably not what was meant: names that
/// stand twice or with two types, forms that are also common words, ids and coordinates that cannot be right, damaged
/// characters, columns that are not read. The exit status is 0 if nothing was found, 1 if something was, 2 if a file
/// could not be read.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  onrecord gazetteer check names.csv
  onrecord gazetteer check names/ --format csv > findings.csv
  onrecord gazetteer check names.csv --fix --out clean.csv")]
pub(super) struct Args {
    /// CSV files of names, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How findings are written.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// List at most N findings of each kind; all are counted.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Write a copy of the file in which white space, characters and repeated rows and aliases are mended; what needs a person stays.
    #[arg(long, requires = "out")]
    fix: bool,
    /// The copy to write with --fix.
    #[arg(short, long, value_name = "FILE", requires = "fix")]
    out: Option<PathBuf>,
    /// Replace the copy if it is there.
    #[arg(long, requires = "fix")]
    force: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// For people.
    Text,
    /// One row per finding.
    Csv,
    /// One document.
    Json,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    if let (true, Some(out)) = (args.fix, &args.out) {
        let [file] = args.paths.as_slice() else {
            return Err(Error::usage("--fix takes one file at a time"));
        };
        let fixed = check::fix(file, out, args.force)?;
        say(&format!(
            "{} written to {}: {} mended, {} left out",
            counted(fixed.rows, "row"),
            out.display(),
            counted(fixed.cells, "cell"),
            counted(fixed.duplicates, "repeated row"),
        ));
        return tell(args, &check::check(std::slice::from_ref(out), args.limit)?);
    }
    tell(args, &check::check(&args.paths, args.limit)?)
}

fn tell(args: &Args, report: &Report) -> Result<Outcome> {
    print(|out| match args.format {
        Form::Text => text(report, out),
        Form::Csv => csv(report, out),
        Form::Json => json(report, out),
    })?;
    Ok(if report.counts.is_empty() { Outcome::Clean } else { Outcome::Rejects })
}

fn text(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let Finding { file, line, column, severity, value, message, fix, .. } = finding;
        let file = printable(&file.display().to_string());
        let place = if *line == 0 { file } else { format!("{file}:{line}") };
        let column = if column.is_empty() { String::new() } else { format!("{}: ", printable(column)) };
        let value = if value.is_empty() { String::new() } else { format!("`{}` ", printable(value)) };
        writeln!(out, "{place}: {column}{}: {value}{}", severity.as_str(), printable(message))?;
        writeln!(out, "    {}", printable(fix))?;
    }
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    if !report.counts.is_empty() {
        writeln!(out)?;
    }
    for ((severity, kind), count) in &report.counts {
        let listed = report.findings.iter().filter(|finding| finding.kind == *kind && finding.severity == *severity);
        let listed = listed.count() as u64;
        let rest = if listed < *count { format!(" ({} of them listed)", grouped(listed)) } else { String::new() };
        writeln!(out, "{:>12}  {}, {kind}{rest}", grouped(*count), severity.as_str())?;
    }
    let (rows, files) = (counted(report.rows, "row"), counted(report.files as u64, "file"));
    writeln!(out, "{rows} in {files}: {}, {}", counted(errors, "error"), counted(warnings, "warning"))
}

fn csv(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "file,line,column,severity,kind,value,message,fix")?;
    for finding in &report.findings {
        let Finding { file, line, column, severity, kind, value, message, fix } = finding;
        let file = file.display().to_string();
        let texts = [&file, column, value, message, fix].map(|text| cell(text));
        let [file, column, value, message, fix] = texts;
        writeln!(out, "{file},{line},{column},{},{kind},{value},{message},{fix}", severity.as_str())?;
    }
    Ok(())
}

/// A quoted cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let clean = printable(text);
    let guard = if clean.trim_start().starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{guard}{}\"", clean.replace('"', "\"\""))
}

fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.findings.iter().map(|finding| {
        let Finding { file, line, column, severity, kind, value, message, fix } = finding;
        serde_json::json!({
            "file": file.display().to_string(), "line": line, "column": column, "severity": severity.as_str(),
            "kind": kind, "value": value, "message": message, "fix": fix,
        })
    });
    let counts = report.counts.iter().map(
        |((severity, kind), count)| serde_json::json!({ "severity": severity.as_str(), "kind": kind, "count": count }),
    );
    let document = serde_json::json!({
        "files": report.files, "rows": report.rows, "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning), "counts": counts.collect::<Vec<_>>(), "findings": findings.collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
