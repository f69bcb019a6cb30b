//! What a run found, in a dozen lines.

use super::{
    Outcome,
    shared::{counted, grouped, printable},
};
use crate::{
    error::Result,
    model::{EntityType, QuotationKind},
    run::Report,
};
use std::fmt::Write as _;

/// How many speakers are named.
const SPEAKERS: usize = 10;

/// Shows the summary of a finished run, unless `quiet`. How the command ended.
pub(super) fn show(report: &Report, quiet: bool) -> Result<Outcome> {
    if !quiet {
        match super::print(|out| out.write_all(of(report).as_bytes())) {
            Err(error) if !super::is_broken_pipe(&error) => return Err(error),
            _ => {}
        }
    }
    unused(report);
    Ok(if report.totals.rejects > 0 { Outcome::Rejects } else { Outcome::Clean })
}

/// Corrections of no effect that are named.
const UNUSED: usize = 10;

/// Tells a person which corrections had no effect.
fn unused(report: &Report) {
    let all = &report.unused_corrections;
    for (file, line) in all.iter().take(UNUSED) {
        super::say(&format!(
            "{file}: line {line}: this correction was never applied: nothing in the articles is as it says"
        ));
    }
    if all.len() > UNUSED {
        let more = counted((all.len() - UNUSED) as u64, "more correction");
        super::say(&format!("{more} had no effect: run.json names them"));
    }
}

/// The summary of a finished run.
fn of(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = fill(&mut text, report);
    text
}

fn fill(text: &mut String, report: &Report) -> std::fmt::Result {
    let totals = &report.totals;
    let out = printable(&report.out.to_string_lossy());
    let seconds = report.elapsed.as_secs_f64();
    writeln!(
        text,
        "{} and {} from {} in {seconds:.1} s ({} articles a second)",
        counted(totals.articles, "article"),
        counted(totals.rejects, "reject"),
        megabytes(report.bytes),
        grouped((totals.articles as f64 / seconds.max(1e-3)) as u64),
    )?;
    let choice = [
        (totals.passed_over, "passed over"),
        (totals.duplicates, "with the text of an earlier one"),
        (totals.skipped, "not searched for names"),
    ];
    let choice: Vec<String> =
        choice.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", grouped(*n))).collect();
    if !choice.is_empty() {
        writeln!(text, "{:<11} {:>9}   {}", "", "", choice.join(" · "))?;
    }
    writeln!(
        text,
        "{:<11} {:>9}   {}",
        "names",
        grouped(totals.mentions.iter().sum()),
        parts(EntityType::ALL.map(|kind| (kind.as_str(), totals.mentions[kind.index()])))
    )?;
    writeln!(
        text,
        "{:<11} {:>9}   {}",
        "quotations",
        grouped(totals.quotations.iter().sum()),
        parts(QuotationKind::ALL.map(|kind| (kind.as_str(), totals.quotations[kind as usize])))
    )?;
    let speakers = totals.speakers(SPEAKERS);
    if !speakers.is_empty() {
        writeln!(text, "\nmost quoted")?;
    }
    for speaker in speakers {
        writeln!(text, "{:>9}   {}", grouped(speaker.quotes()), printable(speaker.name()))?;
    }
    let names: Vec<&str> = report.tables.iter().map(|table| table.schema.name).collect();
    writeln!(text, "\ntables in {out}: {} (.csv)", names.join(", "))?;
    if totals.rejects > 0 {
        writeln!(text, "what could not be read, and why: {out}/rejects.csv")?;
    }
    Ok(())
}

fn parts<const N: usize>(counts: [(&str, u64); N]) -> String {
    counts.map(|(word, count)| format!("{word} {}", grouped(count))).join(" · ")
}

fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}
