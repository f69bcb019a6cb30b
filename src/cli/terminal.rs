//! `explain` in the terminal.

use super::view::View;
use crate::report::Piece;
use anstyle::{AnsiColor, Style};
use std::fmt::{self, Write as _};

/// Everything as text: with colours, or with brackets in their place.
pub(super) fn render(view: &View, colors: bool) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = fill(&mut out, view, colors);
    out
}

fn fill(out: &mut String, view: &View, colors: bool) -> fmt::Result {
    let bold = if colors { Style::new().bold() } else { Style::new() };
    let dim = if colors { Style::new().dimmed() } else { Style::new() };
    writeln!(out, "{bold}{}{bold:#}", view.id)?;
    for (name, value) in &view.facts {
        writeln!(out, "{dim}{name}: {value}{dim:#}")?;
    }
    writeln!(out)?;
    for piece in &view.pieces {
        let kind = piece.name.checked_sub(1).and_then(|i| view.names.get(i)).map_or("", |name| name.kind);
        if colors { colored(out, piece, kind)? } else { marked(out, piece, kind)? }
    }
    writeln!(out, "\n\n{bold}names{bold:#}")?;
    for (i, name) in view.names.iter().enumerate() {
        let style = if colors { style(name.kind) } else { Style::new() };
        write!(out, "{:>4}  {style}{}{style:#}  {}  {}", i + 1, name.surface, name.kind, name.confidence)?;
        write!(out, "  {}  → {} ({})", name.method, name.entity, name.id)?;
        writeln!(out, "{}", if name.role.is_empty() { String::new() } else { format!("  role: {}", name.role) })?;
        for corrected in &name.corrected {
            writeln!(out, "      {bold}{corrected}{bold:#}")?;
        }
        reasons(out, &name.evidence, dim)?;
    }
    for (surface, corrected) in &view.no_names {
        writeln!(out, "   -  {surface}  no name  {bold}{corrected}{bold:#}")?;
    }
    writeln!(out, "\n{bold}quotations{bold:#}")?;
    for (i, quotation) in view.quotations.iter().enumerate() {
        let speaker = if quotation.speaker.is_empty() { "nobody that can be told" } else { &quotation.speaker };
        write!(out, "{:>4}  {}  {}  by {bold}{speaker}{bold:#}", i + 1, quotation.kind, quotation.confidence)?;
        let said = [("as", &quotation.surface), ("role", &quotation.role), ("cue", &quotation.cue)];
        for (name, value) in said.iter().filter(|(_, value)| !value.is_empty()) {
            write!(out, "  {name}: {value}")?;
        }
        for (name, value) in &quotation.details {
            write!(out, "  {name}: {value}")?;
        }
        writeln!(out, "  rule: {}", quotation.method)?;
        writeln!(out, "      {}", quotation.words)?;
        reasons(out, &quotation.evidence, dim)?;
    }
    Ok(())
}

fn colored(out: &mut String, piece: &Piece, kind: &str) -> fmt::Result {
    let style = if piece.quotation > 0 { style(kind).underline() } else { style(kind) };
    write!(out, "{style}{}{style:#}", piece.text)
}

fn marked(out: &mut String, piece: &Piece, kind: &str) -> fmt::Result {
    if piece.part_starts {
        write!(out, "{{{}: ", piece.quotation)?;
    }
    if piece.name_starts {
        out.push('[');
    }
    out.push_str(&piece.text);
    if piece.name_ends {
        write!(out, "|{kind}]")?;
    }
    if piece.part_ends {
        out.push('}');
    }
    Ok(())
}

fn reasons(out: &mut String, evidence: &[(String, String)], style: Style) -> fmt::Result {
    if evidence.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = evidence.iter().map(|(name, weight)| format!("{name} {weight}")).collect();
    writeln!(out, "      {style}{}{style:#}", all.join(", "))
}

/// The colour of a type of names.
fn style(kind: &str) -> Style {
    let color = match kind {
        "person" => AnsiColor::Cyan,
        "place" => AnsiColor::Green,
        "organization" => AnsiColor::Yellow,
        _ => return Style::new(),
    };
    Style::new().fg_color(Some(color.into())).bold()
}
