//! Cells as text: encodings, white space, what nobody sees, and letters that only look right.

use super::findings::Findings;
use crate::{
    read,
    workbench::facts::{is_formula, is_invisible},
};
use unicode_normalization::is_nfc;

/// A row that takes more lines than this has probably lost a quotation mark.
const LINES: u64 = 20;

/// Tells rows that do not fit the header.
pub(super) fn shape(record: &csv::ByteRecord, columns: usize, lines: u64, findings: &mut Findings) {
    if lines > LINES {
        let message = format!("takes {lines} lines");
        let fix = "if a quotation mark is missing, close it; within a cell, double it";
        findings.warn("long row", "", "", message, fix);
    }
    let cells = record.len();
    if cells > columns {
        let message = format!("has {cells} cells, and the header has {columns}");
        findings.warn("more cells", "", "", message, "put cells that hold commas in quotation marks");
    } else if cells < columns {
        let message = format!("has {cells} cells, and the header has {columns}");
        findings.warn("fewer cells", "", "", message, "write the missing commas");
    }
}

/// Tells bytes that are no UTF-8.
pub(super) fn foreign_bytes(record: &csv::ByteRecord, column: &str, findings: &mut Findings) {
    let cell = record.iter().find(|cell| std::str::from_utf8(cell).is_err()).unwrap_or_default();
    let shown = String::from_utf8_lossy(cell);
    findings.error("bad encoding", column, &shown, "is not UTF-8", "save the file as CSV in UTF-8");
}

/// Tells what is wrong with the characters of a cell.
pub(super) fn characters(column: &str, cell: &str, findings: &mut Findings) {
    if is_formula(cell) && !matches!(column, "latitude" | "longitude") {
        let message = "begins like a formula, and a spreadsheet would take it for one";
        findings.warn("formula", column, cell, message, "delete the first character, or put a letter before it");
    }
    if cell.is_ascii() && !cell.contains(|c: char| c.is_control() || c == ' ') {
        return;
    }
    if cell.trim() != cell {
        findings.warn("white space", column, cell, "has white space at its edge", "delete it");
    }
    let inner = cell.trim();
    if inner.contains(|c: char| c.is_whitespace() && c != ' ' && c != '\n' && c != '\t' && c != '\r') {
        findings.warn("white space", column, cell, "holds a space of an unusual kind", "write a plain space");
    } else if inner.contains("  ") || inner.contains(['\n', '\t', '\r']) {
        let message = "holds a line break, a tab or several spaces in a row";
        findings.warn("white space", column, cell, message, "write a single space");
    }
    if let Some(c) = inner.chars().find(|c| c.is_control() && !c.is_whitespace()) {
        let message = format!("holds the control character U+{:04X}", c as u32);
        findings.warn("control character", column, cell, message, "delete it");
    }
    if cell.is_ascii() {
        return;
    }
    if let Some(c) = inner.chars().find(|c| is_invisible(*c)) {
        let what = if c == '\u{FEFF}' { "a byte order mark" } else { "a character that nobody sees" };
        let message = format!("holds {what}, U+{:04X}", c as u32);
        findings.warn("invisible character", column, cell, message, "delete it");
    }
    if inner.contains(char::REPLACEMENT_CHARACTER) {
        let message = "holds U+FFFD, which stands for a character that was lost";
        findings.warn("mojibake", column, cell, message, "write the character that is meant");
    }
    let mended = read::mend_mojibake(inner);
    if mended != inner {
        let message = "was decoded wrongly before it came here";
        findings.warn("mojibake", column, cell, message, format!("write `{mended}`"));
    }
    if !is_nfc(cell) {
        let message = "is not in normal form C: letters and their marks are written apart";
        findings.warn("not NFC", column, cell, message, "let `--fix` write it so");
    }
}

/// Tells a word whose letters are of scripts that look alike.
pub(super) fn scripts(column: &str, form: &str, findings: &mut Findings) {
    if form.is_ascii() {
        return;
    }
    for word in form.split(|c: char| !c.is_alphanumeric()) {
        let latin = word.contains(|c: char| script(c) == Some("Latin"));
        let Some(other) = word.chars().find(|c| matches!(script(*c), Some("Cyrillic" | "Greek"))).filter(|_| latin)
        else {
            continue;
        };
        let script = script(other).unwrap_or_default();
        let message = format!("mixes scripts: {other} (U+{:04X}) is {script}", other as u32);
        findings.warn("mixed scripts", column, form, message, "write the word with letters of one script");
        return;
    }
}

/// The script of a letter, of those that are mistaken for each other.
fn script(c: char) -> Option<&'static str> {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Some("Latin"),
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => Some("Greek"),
        '\u{400}'..='\u{52F}' => Some("Cyrillic"),
        _ => None,
    }
}
