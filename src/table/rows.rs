//! Cells and rows: the only door to the CSV writer, and the guard against formulas.

use super::Schema;
use crate::error::{Error, Result};

/// Rows of one table, rendered into memory.
pub struct Rows {
    writer: csv::Writer<Vec<u8>>,
    failed: Option<csv::Error>,
    scratch: String,
    digits: itoa::Buffer,
    guard: bool,
    columns: usize,
    cells: usize,
    count: u64,
}

impl Rows {
    /// No rows yet. With `guard`, text that a spreadsheet would take for a formula gets a leading apostrophe.
    pub fn new(schema: &Schema, guard: bool) -> Self {
        Rows {
            writer: csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new()),
            failed: None,
            scratch: String::new(),
            digits: itoa::Buffer::new(),
            guard,
            columns: schema.columns.len(),
            cells: 0,
            count: 0,
        }
    }

    /// Adds a cell of text from outside: white space that breaks the line becomes one space, other control characters
    /// are left out, formulas are guarded.
    pub fn text(&mut self, text: &str) {
        self.joined([text], "");
    }

    /// Adds a cell of several texts from outside, joined by `joint`.
    pub fn joined<'t>(&mut self, parts: impl IntoIterator<Item = &'t str>, joint: &str) {
        let mut cell = std::mem::take(&mut self.scratch);
        cell.clear();
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                cell.push_str(joint);
            }
            push_clean(&mut cell, part);
        }
        if self.guard && is_formula(&cell) {
            cell.insert(0, '\'');
        }
        self.cell(cell.as_bytes());
        self.scratch = cell;
    }

    /// Adds a cell of text that must stay as long as it is, since offsets count in it: control characters other than
    /// line ends and tabs become U+FFFD, and a guard is the only thing ever put before it.
    pub fn verbatim(&mut self, text: &str) {
        let odd = |c: char| is_control(c) && !matches!(c, '\n' | '\r' | '\t');
        let mut cell = std::mem::take(&mut self.scratch);
        cell.clear();
        if self.guard && is_formula(text.trim_start_matches(odd)) {
            cell.push('\'');
        }
        cell.extend(text.chars().map(|c| if odd(c) { '\u{FFFD}' } else { c }));
        self.cell(cell.as_bytes());
        self.scratch = cell;
    }

    /// Adds a cell of one of our own words, which need no guard.
    pub fn word(&mut self, word: &str) {
        self.cell(word.as_bytes());
    }

    /// Adds a cell that should be a number but comes from outside.
    pub fn numeric(&mut self, number: &str) {
        if number.parse::<f64>().is_ok() { self.word(number) } else { self.text(number) }
    }

    /// Adds a whole number.
    pub fn number(&mut self, number: u64) {
        let mut digits = self.digits;
        self.cell(digits.format(number).as_bytes());
    }

    /// Adds a probability with two decimals.
    pub fn confidence(&mut self, confidence: f32) {
        let hundredths = (confidence.clamp(0.0, 1.0) * 100.0).round() as u8;
        let cell = [b'0' + hundredths / 100, b'.', b'0' + hundredths / 10 % 10, b'0' + hundredths % 10];
        self.cell(&cell);
    }

    /// Ends the row.
    pub fn end(&mut self) {
        debug_assert_eq!(self.cells, self.columns, "a row has as many cells as the table has columns");
        let written = self.writer.write_record(None::<&[u8]>);
        self.keep(written);
        self.cells = 0;
        self.count += 1;
    }

    /// The rendered bytes and the number of rows.
    ///
    /// # Errors
    /// Rows of unequal length, which only a fault in a table can cause.
    pub fn finish(self) -> Result<(Vec<u8>, u64)> {
        if let Some(error) = self.failed {
            return Err(Error::format(error.to_string()));
        }
        let bytes = self.writer.into_inner().map_err(|error| Error::format(error.to_string()))?;
        Ok((bytes, self.count))
    }

    fn cell(&mut self, bytes: &[u8]) {
        self.cells += 1;
        let written = self.writer.write_field(bytes);
        self.keep(written);
    }

    fn keep(&mut self, written: csv::Result<()>) {
        if let Err(error) = written {
            self.failed.get_or_insert(error);
        }
    }
}

/// The header row of a table, with its line end.
pub fn header(schema: &Schema) -> Vec<u8> {
    let names: Vec<&str> = schema.columns.iter().map(|column| column.name).collect();
    let mut line = names.join(",").into_bytes();
    line.push(b'\n');
    line
}

/// Whether a spreadsheet may take `cell` for a formula: its first character, spaces apart, is one of `= + - @`, a tab
/// or line end, or a full-width form of one.
///
/// The list is OWASP's ("CSV Injection"), with the full-width forms that some programs fold.
pub fn is_formula(cell: &str) -> bool {
    let invisible = |c: char| {
        c.is_whitespace() && !matches!(c, '\t' | '\r' | '\n')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
    };
    cell.trim_start_matches(invisible).starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// C0, DEL and C1.
fn is_control(c: char) -> bool {
    c.is_control()
}

fn push_clean(cell: &mut String, text: &str) {
    if !text.bytes().any(|b| b < 0x20 || b == 0x7F || b == 0xC2) {
        cell.push_str(text);
        return;
    }
    let mut broken = false;
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => {
                let kept = cell.trim_end_matches(' ').len();
                cell.truncate(kept);
                cell.push(' ');
                broken = true;
            }
            ' ' if broken => {}
            c if is_control(c) => {}
            c => {
                cell.push(c);
                broken = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Kind, column};
    use super::*;

    const ONE: Schema =
        Schema { name: "one", about: "", columns: &[column("cell", Kind::Text, "")], key: &[], references: &[] };

    fn rendered(guard: bool, fill: impl Fn(&mut Rows)) -> String {
        let mut rows = Rows::new(&ONE, guard);
        fill(&mut rows);
        rows.end();
        String::from_utf8(rows.finish().unwrap().0).unwrap()
    }

    #[test]
    fn text_from_outside_is_cleaned_and_guarded() {
        for (text, guarded, bare) in [
            ("plain", "plain\n", "plain\n"),
            ("", "\"\"\n", "\"\"\n"),
            ("a,\"b\"", "\"a,\"\"b\"\"\"\n", "\"a,\"\"b\"\"\"\n"),
            ("one \r\n\t two\n", "one two \n", "one two \n"),
            ("a\u{0}b\u{1b}[31mc\u{85}\u{7f}é", "ab[31mcé\n", "ab[31mcé\n"),
            ("=1+1", "'=1+1\n", "=1+1\n"),
            (" \u{a0}=1", "' \u{a0}=1\n", " \u{a0}=1\n"),
            ("\u{1}=1", "'=1\n", "=1\n"),
            ("\u{feff}@x", "'\u{feff}@x\n", "\u{feff}@x\n"),
            ("-", "'-\n", "-\n"),
            ("+994 12", "'+994 12\n", "+994 12\n"),
            ("\t=x", "' =x\n", " =x\n"),
            ("＝1", "'＝1\n", "＝1\n"),
            ("— dash", "— dash\n", "— dash\n"),
            ("'=1", "'=1\n", "'=1\n"),
        ] {
            assert_eq!(rendered(true, |rows| rows.text(text)), guarded, "{text:?}");
            assert_eq!(rendered(false, |rows| rows.text(text)), bare, "{text:?}");
        }
    }

    #[test]
    fn verbatim_text_keeps_its_length() {
        for (text, cell) in
            [("a\r\nb\tc", "\"a\r\nb\tc\"\n"), ("a\u{0}\u{9b}b", "a\u{fffd}\u{fffd}b\n"), ("\u{1}=x", "'\u{fffd}=x\n")]
        {
            assert_eq!(rendered(true, |rows| rows.verbatim(text)), cell);
        }
    }

    #[test]
    fn numbers_have_their_forms() {
        for (confidence, cell) in
            [(0.0, "0.00\n"), (0.994, "0.99\n"), (0.996, "1.00\n"), (0.05, "0.05\n"), (7.0, "1.00\n")]
        {
            assert_eq!(rendered(true, |rows| rows.confidence(confidence)), cell);
        }
        assert_eq!(rendered(true, |rows| rows.numeric("-12.5")), "-12.5\n");
        assert_eq!(rendered(true, |rows| rows.numeric("-cmd")), "'-cmd\n");
        assert_eq!(rendered(true, |rows| rows.number(120)), "120\n");
    }

    #[test]
    fn headers_name_the_columns() {
        const TWO: Schema = Schema {
            columns: &[Column { name: "a", ..ONE.columns[0] }, Column { name: "b", ..ONE.columns[0] }],
            ..ONE
        };
        assert_eq!(header(&TWO), b"a,b\n");
    }
}
