//! What a run found, in a dozen lines.

use super::{
    Outcome,
    shared::{counted, grouped, printable},
};
use crate::{
    error::Result,
    finished::Finished,
    model::{EntityType, QuotationKind},
    run::Report,
};
use std::{collections::BTreeMap, fmt::Write as _};

/// How many speakers are named.
const SPEAKERS: usize = 10;

/// What to show of a finished run.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(super) struct Args {
    /// Show neither progress nor summary.
    #[arg(short, long)]
    quiet: bool,
    /// Show statistics too: speed, memory, rows and bytes of each table.
    #[arg(long, conflicts_with = "quiet")]
    stats: bool,
}

impl Args {
    /// Whether to show nothing.
    pub(super) fn quiet(self) -> bool {
        self.quiet
    }
}

/// Shows the summary of a finished run, if it is wanted. How the command ended.
pub(super) fn show(report: &Report, args: Args) -> Result<Outcome> {
    if !args.quiet {
        let reasons = if args.stats { reasons(report)? } else { Vec::new() };
        match super::print(|out| out.write_all(of(report, args.stats, &reasons).as_bytes())) {
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
fn of(report: &Report, stats: bool, reasons: &[(String, u64)]) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = fill(&mut text, report);
    if stats {
        let _ = statistics(&mut text, report, reasons);
    }
    text
}

/// What a run has cost, and what it has written.
fn statistics(text: &mut String, report: &Report, reasons: &[(String, u64)]) -> std::fmt::Result {
    let totals = &report.totals;
    let seconds = report.elapsed.as_secs_f64().max(1e-3);
    let articles = totals.articles.max(1) as f64;
    let [mentions, quotations] = [totals.mentions.iter().sum::<u64>(), totals.quotations.iter().sum()];
    writeln!(text, "\nstatistics")?;
    let mut line = |name: &str, value: String| writeln!(text, "    {name:<20} {value:>18}");
    line("seconds", format!("{seconds:.3}"))?;
    line("bytes a second", grouped((report.bytes as f64 / seconds) as u64))?;
    line("mentions an article", format!("{:.2}", mentions as f64 / articles))?;
    line("quotations an article", format!("{:.2}", quotations as f64 / articles))?;
    if let Some(bytes) = peak_memory() {
        line("most memory", megabytes(bytes))?;
    }
    writeln!(text, "\n    {:<20} {:>18} {:>18}", "table", "rows", "bytes")?;
    for table in &report.tables {
        writeln!(text, "    {:<20} {:>18} {:>18}", table.schema.name, grouped(table.rows()), grouped(table.bytes()))?;
    }
    for (place, (reason, count)) in reasons.iter().enumerate() {
        if place == 0 {
            writeln!(text, "\n    {:<20} {:>18}", "reject", "records")?;
        }
        writeln!(text, "    {reason:<20} {:>18}", grouped(*count))?;
    }
    Ok(())
}

/// Why records were rejected, and how many for each reason, the most frequent first. No sum of the run has that, so the table is
/// read again.
fn reasons(report: &Report) -> Result<Vec<(String, u64)>> {
    if report.totals.rejects == 0 {
        return Ok(Vec::new());
    }
    let mut counts = BTreeMap::new();
    let mut table = Finished::open(&report.out)?.table("rejects")?;
    let place = table.column("reason")?;
    while let Some(row) = table.read()? {
        *counts.entry(row.cell(place).to_string()).or_insert(0) += 1;
    }
    let mut reasons: Vec<_> = counts.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(reasons)
}

/// The largest resident set of this process so far, in bytes, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
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
    for (place, speaker) in totals.speakers(SPEAKERS).enumerate() {
        if place == 0 {
            writeln!(text, "\nmost quoted")?;
        }
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
