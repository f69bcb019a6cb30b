//! Cells and rows: the only place that writes CSV, and the guard against formulas. [`Rows::raw`] keeps bare cells instead, for
//! those who make something else of them.
//!
//! Cells are written straight into the buffer of their table. Nearly all of them need no care, which one look at their
//! bytes tells; the others are put right where they stand.

use super::{Cells, Column, Dialect, Kind, Schema, dialect::fitting};
use crate::error::{Error, Result};
use std::ops::Range;

/// Takes bytes of whole rows, and the number of rows.
pub type Drain<'d> = &'d mut dyn FnMut(&[u8], u64) -> Result<()>;

/// A buffer that is drained is drained when it holds so many bytes.
const FULL: usize = 1 << 18;

/// Rows of one table, rendered into memory.
pub struct Rows<'d> {
    bytes: Vec<u8>,
    /// Where each cell ends, if bare cells are kept.
    ends: Option<Vec<usize>>,
    drain: Option<Drain<'d>>,
    failed: Option<Error>,
    digits: itoa::Buffer,
    dialect: Dialect,
    columns: &'static [Column],
    /// The columns of this row whose text was cut.
    cut: Vec<&'static str>,
    cells: usize,
    count: u64,
    /// Rows that were drained.
    drained: u64,
}

impl<'d> Rows<'d> {
    /// No rows yet.
    pub fn new(schema: &Schema, dialect: Dialect) -> Self {
        Rows {
            bytes: Vec::new(),
            ends: None,
            drain: None,
            failed: None,
            digits: itoa::Buffer::new(),
            dialect,
            columns: schema.columns,
            cut: Vec::new(),
            cells: 0,
            count: 0,
            drained: 0,
        }
    }

    /// Bare cells, one after the other: nothing is quoted or guarded, and no row or cell is told from the next by a byte. See
    /// [`Rows::cells`].
    pub fn raw(schema: &Schema) -> Self {
        Rows { ends: Some(Vec::new()), ..Rows::new(schema, Dialect { guard: false, excel: false }) }
    }

    /// The bare cells so far.
    ///
    /// # Errors
    /// What a table has failed with, or rows that are none of [`Rows::raw`].
    pub fn cells(&mut self) -> Result<Cells<'_>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let ends = self.ends.as_deref().ok_or_else(|| Error::format("rows of CSV have no bare cells"))?;
        let text = std::str::from_utf8(&self.bytes).map_err(|error| Error::format(error.to_string()))?;
        Ok(Cells::new(self.columns.len(), text, ends))
    }

    /// Throws away the rows so far, and most of the memory that many of them have taken.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(FULL);
        self.cut.clear();
        (self.cells, self.count, self.drained) = (0, 0, 0);
        if let Some(ends) = &mut self.ends {
            ends.clear();
            ends.shrink_to(FULL);
        }
    }

    /// Renders into `buffer`, whose content is thrown away.
    pub fn into_buffer(self, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        Rows { bytes: buffer, ..self }
    }

    /// As [`Rows::new`]; whenever many bytes have come together they go to `drain`, so that a table of any length needs
    /// little memory.
    pub fn drained(schema: &Schema, dialect: Dialect, drain: Drain<'d>) -> Self {
        Rows { drain: Some(drain), ..Rows::new(schema, dialect) }
    }

    /// Adds a cell of text from outside: white space that breaks the line becomes one space, other control characters
    /// are left out, formulas are guarded.
    pub fn text(&mut self, text: &str) {
        self.joined([text], "");
    }

    /// Adds a cell of several texts from outside, joined by `joint`.
    pub fn joined<'t>(&mut self, parts: impl IntoIterator<Item = &'t str>, joint: &str) {
        let start = self.open();
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                self.bytes.extend_from_slice(joint.as_bytes());
            }
            if is_clean(part.as_bytes()) {
                self.bytes.extend_from_slice(part.as_bytes());
            } else {
                push_clean(&mut self.bytes, start, part);
            }
        }
        if self.dialect.guard && begins_formula(&self.bytes[start..]) {
            self.bytes.insert(start, b'\'');
        }
        self.cut(start);
        self.close(start);
    }

    /// Adds a cell of text that must stay as long as it is, since offsets count in it: control characters other than
    /// line ends and tabs become U+FFFD, and a guard is the only thing ever put before it.
    pub fn verbatim(&mut self, text: &str) {
        let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        let start = self.open();
        if self.dialect.guard && needs_guard(text.trim_start_matches(odd)) {
            self.bytes.push(b'\'');
        }
        for (i, part) in text.split(odd).enumerate() {
            if i > 0 {
                self.bytes.extend_from_slice("\u{FFFD}".as_bytes());
            }
            self.bytes.extend_from_slice(part.as_bytes());
        }
        self.cut(start);
        self.close(start);
    }

    /// Adds a cell of one of our own words, which need no guard.
    pub fn word(&mut self, word: &str) {
        let start = self.open();
        self.bytes.extend_from_slice(word.as_bytes());
        self.close(start);
    }

    /// Adds a cell that should be a number but comes from outside.
    pub fn numeric(&mut self, number: &str) {
        if number.parse::<f64>().is_ok() { self.word(number) } else { self.text(number) }
    }

    /// Adds a whole number.
    pub fn number(&mut self, number: u64) {
        let start = self.open();
        self.bytes.extend_from_slice(self.digits.format(number).as_bytes());
        self.close_number(start);
    }

    /// Adds a probability with two decimals.
    pub fn confidence(&mut self, confidence: f32) {
        let hundredths = (confidence.clamp(0.0, 1.0) * 100.0).round() as u8;
        let start = self.open();
        let digit = |digit: u8| b'0' + digit;
        self.bytes.extend([digit(hundredths / 100), b'.', digit(hundredths / 10 % 10), digit(hundredths % 10)]);
        self.close_number(start);
    }

    /// Adds the cells that `render` adds, or copies those that it added before: most rows of an article share some. `kept`
    /// belongs to this article.
    pub fn again(&mut self, kept: &mut Option<Kept>, render: impl FnOnce(&mut Self)) {
        match kept {
            Some(kept) => {
                let start = self.open();
                self.cells += kept.cells - 1;
                self.bytes.extend_from_within(kept.bytes.clone());
                if let Some(ends) = &mut self.ends {
                    let first = kept.first_end;
                    for at in first..first + kept.cells {
                        ends.push(ends[at] - kept.bytes.start + start);
                    }
                }
                self.cut.extend_from_slice(&kept.cut);
            }
            None => {
                let (cells, cut) = (self.cells, self.cut.len());
                let start = self.bytes.len() + usize::from(cells > 0 && self.ends.is_none());
                let first_end = self.ends.as_ref().map_or(0, Vec::len);
                render(self);
                if self.cells > cells {
                    let cut = self.cut[cut..].to_vec();
                    let (bytes, cells) = (start..self.bytes.len(), self.cells - cells);
                    *kept = Some(Kept { bytes, cells, first_end, cut });
                }
            }
        }
    }

    /// Ends the row.
    pub fn end(&mut self) {
        debug_assert_eq!(self.cells, self.columns.len(), "a row has as many cells as the table has columns");
        if self.ends.is_some() {
            self.cells = 0;
            self.count += 1;
            return;
        }
        // A row of one empty cell would be an empty line, which readers pass over.
        if self.columns.len() == 1 && !self.dialect.excel && matches!(self.bytes.last(), None | Some(b'\n')) {
            self.bytes.extend(b"\"\"");
        }
        if self.dialect.excel && self.columns.iter().any(|column| column.kind == Kind::Text) {
            let start = self.open();
            self.bytes.extend_from_slice(self.cut.join(" | ").as_bytes());
            self.cut.clear();
            self.close(start);
        }
        self.bytes.extend_from_slice(self.dialect.line_end());
        self.cells = 0;
        self.count += 1;
        if self.bytes.len() >= FULL {
            self.hand_on();
        }
    }

    /// Ends the table with an error, which [`Rows::finish`] tells.
    pub fn fail(&mut self, error: Error) {
        self.failed.get_or_insert(error);
    }

    /// The rendered bytes, unless they were drained, and the number of rows.
    ///
    /// # Errors
    /// Of the drain.
    pub fn finish(mut self) -> Result<(Vec<u8>, u64)> {
        self.hand_on();
        match self.failed {
            Some(error) => Err(error),
            None => Ok((self.bytes, self.count)),
        }
    }

    fn hand_on(&mut self) {
        let Some(drain) = &mut self.drain else { return };
        if self.failed.is_none() {
            self.failed = drain(&self.bytes, self.count - self.drained).err();
        }
        self.drained = self.count;
        self.bytes.clear();
    }

    /// Begins a cell; returns where.
    fn open(&mut self) -> usize {
        if self.cells > 0 && self.ends.is_none() {
            self.bytes.push(b',');
        }
        self.cells += 1;
        self.bytes.len()
    }

    /// Cuts the text that began at `start`, if a spreadsheet would cut it and not tell.
    fn cut(&mut self, start: usize) {
        if !self.dialect.excel {
            return;
        }
        let column = self.columns.get(self.cells - 1).filter(|column| column.kind == Kind::Text);
        let end = std::str::from_utf8(&self.bytes[start..]).ok().and_then(fitting);
        if let (Some(column), Some(end)) = (column, end) {
            self.bytes.truncate(start + end);
            self.cut.push(column.name);
        }
    }

    /// Ends a cell that holds nothing that needs quotation marks.
    fn close_number(&mut self, start: usize) {
        if self.dialect.excel || self.ends.is_some() {
            self.close(start);
        }
    }

    /// Ends the cell that began at `start`: puts it between quotation marks if it needs them.
    fn close(&mut self, start: usize) {
        if let Some(ends) = &mut self.ends {
            ends.push(self.bytes.len());
            return;
        }
        let special = |b: &u8| matches!(b, b',' | b'"' | b'\r' | b'\n');
        if !self.dialect.excel && !self.bytes[start..].iter().fold(false, |any, b| any | special(b)) {
            return;
        }
        // A quotation mark within the cell is written twice.
        if memchr::memchr(b'"', &self.bytes[start..]).is_some() {
            let cell = self.bytes.split_off(start);
            for byte in cell {
                self.bytes.extend(std::iter::repeat_n(byte, if byte == b'"' { 2 } else { 1 }));
            }
        }
        self.bytes.insert(start, b'"');
        self.bytes.push(b'"');
    }
}

/// Cells that were rendered once: see [`Rows::again`].
#[derive(Clone, Debug)]
pub struct Kept {
    bytes: Range<usize>,
    cells: usize,
    /// Of bare cells, which of all ends is that of the first one.
    first_end: usize,
    /// The columns among them whose text was cut.
    cut: Vec<&'static str>,
}

/// Where the first `count` of the rows in `rendered` end, in bytes: line ends between quotation marks end none.
pub fn end_of_rows(rendered: &[u8], count: u64) -> usize {
    let (mut rows, mut quoted) = (0, false);
    for at in memchr::memchr2_iter(b'\n', b'"', rendered) {
        if rendered[at] == b'"' {
            quoted = !quoted;
        } else if !quoted {
            rows += 1;
            if rows == count {
                return at + 1;
            }
        }
    }
    rendered.len()
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

/// A cell without the apostrophe that guards spreadsheets.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| needs_guard(rest)).unwrap_or(cell)
}

/// Whether `cell` gets an apostrophe: a formula, and what would be one without the apostrophes that it has of its own, so that
/// one can be taken away again from all that have one.
fn needs_guard(cell: &str) -> bool {
    is_formula(cell.trim_start_matches('\''))
}

/// Whether the bytes of a cell begin a formula; what most cells begin with settles it.
fn begins_formula(cell: &[u8]) -> bool {
    match cell.first() {
        None | Some(b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z') => false,
        Some(_) => std::str::from_utf8(cell).is_ok_and(needs_guard),
    }
}

/// Whether a text has no control character: no byte of C0, no DEL, and no byte that begins one of C1.
fn is_clean(bytes: &[u8]) -> bool {
    !bytes.iter().fold(false, |any, b| any | (*b < 0x20 || *b == 0x7F || *b == 0xC2))
}

/// Adds `text` to the cell that began at `start`, without its control characters.
fn push_clean(bytes: &mut Vec<u8>, start: usize, text: &str) {
    let mut broken = false;
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => {
                while bytes.len() > start && bytes.last() == Some(&b' ') {
                    bytes.pop();
                }
                bytes.push(b' ');
                broken = true;
            }
            ' ' if broken => {}
            c if c.is_control() => {}
            c => {
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                broken = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MOST_UNITS, column};
    use super::*;

    const ONE: Schema =
        Schema { name: "one", about: "", columns: &[column("cell", Kind::Text, "")], key: &[], references: &[] };

    fn rendered(guard: bool, fill: impl Fn(&mut Rows)) -> String {
        let mut rows = Rows::new(&ONE, Dialect { guard, excel: false });
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
            ("'=1", "''=1\n", "'=1\n"),
            ("'tis", "'tis\n", "'tis\n"),
        ] {
            assert_eq!(rendered(true, |rows| rows.text(text)), guarded, "{text:?}");
            assert_eq!(rendered(false, |rows| rows.text(text)), bare, "{text:?}");
            let cell = |rendered: &str| {
                csv::Reader::from_reader(format!("x\n{rendered}").as_bytes()).records().next().unwrap().unwrap()[0]
                    .to_string()
            };
            assert_eq!(unguarded(&cell(guarded)), cell(bare), "{text:?}");
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
    fn rows_end_outside_quotation_marks() {
        let rendered = b"a,b\n\"x\ny\"\"\n\",c\n\"\"\n";
        let ends: Vec<usize> = (1..5).map(|count| end_of_rows(rendered, count)).collect();
        assert_eq!(ends, [4, 15, 18, 18]);
    }

    #[test]
    fn spreadsheets_get_quoted_cells_of_bounded_length_and_are_told_what_was_cut() {
        const MANY: Schema = Schema {
            columns: &[
                column("id", Kind::Id, ""),
                column("n", Kind::Integer, ""),
                column("sure", Kind::Confidence, ""),
                column("text", Kind::Text, ""),
                column("more", Kind::Text, ""),
            ],
            ..ONE
        };
        let long = "x".repeat(MOST_UNITS + 9);
        let mut rows = Rows::new(&MANY, Dialect { guard: true, excel: true });
        let mut kept = None;
        for text in ["a \"b\"", &long] {
            rows.text(&long);
            rows.number(7);
            rows.confidence(0.5);
            rows.verbatim(text);
            rows.again(&mut kept, |rows| rows.joined(["=", &long], ""));
            rows.end();
        }
        let (bytes, count) = rows.finish().unwrap();
        assert_eq!(count, 2);
        let (cut, guarded) = ("x".repeat(MOST_UNITS), format!("'={}", "x".repeat(MOST_UNITS - 2)));
        let first = format!("\"{long}\",\"7\",\"0.50\",\"a \"\"b\"\"\",\"{guarded}\",\"more\"\r\n");
        let second = format!("\"{long}\",\"7\",\"0.50\",\"{cut}\",\"{guarded}\",\"text | more\"\r\n");
        assert_eq!(end_of_rows(&bytes, 1), first.len());
        assert_eq!(String::from_utf8(bytes).unwrap(), first + &second);
    }
}
