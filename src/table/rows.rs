//! Cells and rows: the only place that writes CSV. [`Rows::raw`] keeps bare cells instead, for those who make something else of
//! them, and [`Rows::typed`] makes columns of Arrow.
//!
//! Cells are written straight into the buffer of their table or column. Nearly all of them need no care, which one look at their
//! bytes tells; the others are put right where they stand.

use super::{
    Cells, Column, Dialect, Kind, Schema,
    columns::{Columns, Sizes},
    dialect::fitting,
    outside::{begins_formula, is_clean, needs_guard, push_clean},
};
use crate::error::{Error, Result};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::ops::Range;

/// Of cells that are not CSV.
const BARE: Dialect = Dialect { guard: false, excel: false };
/// A buffer keeps room for so many bytes when its rows are thrown away.
const KEPT: usize = 1 << 18;

/// Rows of one table, rendered into memory.
pub struct Rows {
    bytes: Vec<u8>,
    form: Form,
    failed: Option<Error>,
    dialect: Dialect,
    columns: &'static [Column],
    /// The columns of this row whose text was cut.
    cut: Vec<&'static str>,
    cells: usize,
    count: u64,
}

/// What becomes of cells.
enum Form {
    Csv,
    /// Bare cells, and where each of them ends.
    Bare(Vec<usize>),
    Typed(Box<Columns>),
}

impl Rows {
    /// No rows yet.
    pub fn new(schema: &Schema, dialect: Dialect) -> Self {
        Rows {
            bytes: Vec::new(),
            form: Form::Csv,
            failed: None,
            dialect,
            columns: schema.columns,
            cut: Vec::new(),
            cells: 0,
            count: 0,
        }
    }

    /// Bare cells, one after the other: nothing is quoted or guarded, and no row or cell is told from the next by a byte. See
    /// [`Rows::cells`].
    pub fn raw(schema: &Schema) -> Self {
        Rows { form: Form::Bare(Vec::new()), ..Rows::new(schema, BARE) }
    }

    /// Columns of Arrow. `arrow` is what [`arrow_schema()`](super::arrow_schema()) makes of `schema`. See [`Rows::batches`].
    pub fn typed(schema: &Schema, arrow: SchemaRef) -> Self {
        Rows::of_columns(schema, Columns::new(schema.columns, Some(arrow)))
    }

    /// Fills `columns`, which are those of `schema`.
    pub(super) fn of_columns(schema: &Schema, columns: Columns) -> Self {
        Rows { form: Form::Typed(Box::new(columns)), ..Rows::new(schema, BARE) }
    }

    /// The columns so far.
    ///
    /// # Errors
    /// What a table has failed with, or rows that are none of [`Rows::typed`].
    pub(super) fn columns(&mut self) -> Result<&mut Columns> {
        match (self.failed.take(), &mut self.form) {
            (Some(error), _) => Err(error),
            (None, Form::Typed(columns)) => Ok(columns),
            (None, _) => Err(Error::format("rows of text have no columns")),
        }
    }

    /// How much the columns hold, for [`Rows::reserve`]; nothing if there are none.
    pub fn sizes(&self) -> Sizes {
        if let Form::Typed(columns) = &self.form { columns.sizes() } else { Sizes::default() }
    }

    /// Makes room for as much as `like` says, if there are columns.
    pub fn reserve(&mut self, like: &Sizes) {
        if let Form::Typed(columns) = &mut self.form {
            columns.reserve(like);
        }
    }

    /// All rows as batches of Arrow, in order; none if there are no rows.
    ///
    /// # Errors
    /// What a table has failed with, a cell too long for a column of Arrow, or rows that are none of [`Rows::typed`].
    pub fn batches(mut self) -> Result<Vec<RecordBatch>> {
        self.columns()?;
        if let Form::Typed(columns) = self.form { columns.batches() } else { Ok(Vec::new()) }
    }

    /// The bare cells so far.
    ///
    /// # Errors
    /// What a table has failed with, or rows that are none of [`Rows::raw`].
    pub fn cells(&mut self) -> Result<Cells<'_>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let Form::Bare(ends) = &self.form else { return Err(Error::format("only raw rows have bare cells")) };
        let text = std::str::from_utf8(&self.bytes).map_err(|error| Error::format(error.to_string()))?;
        Ok(Cells::new(self.columns.len(), text, ends))
    }

    /// Throws away the rows so far, and most of the memory that many of them have taken.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(KEPT);
        self.cut.clear();
        (self.cells, self.count) = (0, 0);
        match &mut self.form {
            Form::Csv => {}
            Form::Bare(ends) => {
                ends.clear();
                ends.shrink_to(KEPT);
            }
            Form::Typed(columns) => columns.truncate(0, 0),
        }
    }

    /// Renders into `buffer`, whose content is thrown away.
    pub fn into_buffer(self, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        Rows { bytes: buffer, ..self }
    }

    /// Adds a cell of text from outside: white space that breaks the line becomes one space, other control characters
    /// are left out, formulas are guarded.
    pub fn text(&mut self, text: &str) {
        let typed = matches!(self.form, Form::Typed(_));
        if typed && is_clean(text.as_bytes()) && self.column(text) {
            return;
        }
        self.joined([text], "");
    }

    /// Adds a cell of several texts from outside, joined by `joint`.
    pub fn joined<'t>(&mut self, parts: impl IntoIterator<Item = &'t str>, joint: &str) {
        let guard = self.dialect.guard;
        let (bytes, start) = self.open();
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                bytes.extend_from_slice(joint.as_bytes());
            }
            if is_clean(part.as_bytes()) {
                bytes.extend_from_slice(part.as_bytes());
            } else {
                push_clean(bytes, start, part);
            }
        }
        if guard && begins_formula(&bytes[start..]) {
            bytes.insert(start, b'\'');
        }
        self.cut(start);
        self.close(start);
    }

    /// Adds a cell of text that must stay as long as it is, since offsets count in it: control characters other than
    /// line ends and tabs become U+FFFD, and a guard is the only thing ever put before it.
    pub fn verbatim(&mut self, text: &str) {
        let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        let guard = self.dialect.guard;
        let (bytes, start) = self.open();
        if guard && needs_guard(text.trim_start_matches(odd)) {
            bytes.push(b'\'');
        }
        for (i, part) in text.split(odd).enumerate() {
            if i > 0 {
                bytes.extend_from_slice("\u{FFFD}".as_bytes());
            }
            bytes.extend_from_slice(part.as_bytes());
        }
        self.cut(start);
        self.close(start);
    }

    /// Adds a cell of one of our own words, which need no guard.
    pub fn word(&mut self, word: &str) {
        if self.column(word) {
            return;
        }
        let (bytes, start) = self.open();
        bytes.extend_from_slice(word.as_bytes());
        self.close(start);
    }

    /// Adds a cell that should be a number but comes from outside.
    pub fn numeric(&mut self, number: &str) {
        if number.parse::<f64>().is_ok() { self.word(number) } else { self.text(number) }
    }

    /// Adds a whole number.
    pub fn number(&mut self, number: u64) {
        if let Form::Typed(columns) = &mut self.form
            && columns.integer(self.cells, number)
        {
            self.cells += 1;
            return;
        }
        let (bytes, start) = self.open();
        bytes.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        self.close_number(start);
    }

    /// Adds a probability with two decimals.
    pub fn confidence(&mut self, confidence: f32) {
        // As `round`, which is a call on processors without an instruction for it.
        let hundredths = (f64::from(confidence.clamp(0.0, 1.0) * 100.0) + 0.5) as u8;
        if let Form::Typed(columns) = &mut self.form
            && columns.hundredths(self.cells, hundredths)
        {
            self.cells += 1;
            return;
        }
        let (bytes, start) = self.open();
        let digit = |digit: u8| b'0' + digit;
        bytes.extend([digit(hundredths / 100), b'.', digit(hundredths / 10 % 10), digit(hundredths % 10)]);
        self.close_number(start);
    }

    /// Adds the cells that `render` adds, or copies those that it added before: most rows of an article share some. `kept`
    /// belongs to this article.
    pub fn again(&mut self, kept: &mut Option<Kept>, render: impl FnOnce(&mut Self)) {
        if !kept.as_ref().is_some_and(|kept| self.copy(kept)) {
            let (first, cut) = (self.cells, self.cut.len());
            let start = self.bytes.len() + usize::from(first > 0 && matches!(self.form, Form::Csv));
            render(self);
            let cells = first..self.cells;
            let text = |ends| At::Text { bytes: start..self.bytes.len(), ends, cut: self.cut[cut..].to_vec() };
            let at = match &self.form {
                Form::Csv => text(0),
                Form::Bare(ends) => text(ends.len() - cells.len()),
                Form::Typed(columns) => At::Row(columns.place()),
            };
            *kept = (!cells.is_empty()).then_some(Kept { cells, at });
        }
    }

    /// Adds the cells in `kept` again; returns whether they are still there.
    fn copy(&mut self, Kept { cells, at }: &Kept) -> bool {
        match at {
            At::Text { bytes, ends: first, cut } => {
                let (_, start) = self.open();
                self.cells += cells.len() - 1;
                self.bytes.extend_from_within(bytes.clone());
                if let Form::Bare(ends) = &mut self.form {
                    for at in *first..first + cells.len() {
                        ends.push(ends[at] - bytes.start + start);
                    }
                }
                self.cut.extend_from_slice(cut);
            }
            At::Row(row) => {
                let Form::Typed(columns) = &mut self.form else { return false };
                if !columns.repeat(cells.clone(), *row) {
                    return false;
                }
                self.cells = cells.end;
            }
        }
        true
    }

    /// Ends the row.
    pub fn end(&mut self) {
        debug_assert_eq!(self.cells, self.columns.len(), "a row has as many cells as the table has columns");
        if let Form::Typed(columns) = &mut self.form
            && let Err(error) = columns.end()
        {
            self.fail(error);
        }
        if !matches!(self.form, Form::Csv) {
            self.cells = 0;
            self.count += 1;
            return;
        }
        // A row of one empty cell would be an empty line, which readers pass over.
        if self.columns.len() == 1 && !self.dialect.excel && matches!(self.bytes.last(), None | Some(b'\n')) {
            self.bytes.extend(b"\"\"");
        }
        if self.dialect.excel && self.columns.iter().any(|column| column.kind == Kind::Text) {
            let cut = std::mem::take(&mut self.cut).join(" | ");
            self.word(&cut);
        }
        self.bytes.extend_from_slice(self.dialect.line_end());
        self.cells = 0;
        self.count += 1;
    }

    /// Whether the table has ended with an error.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Ends the table with an error, which [`Rows::finish`] tells.
    pub fn fail(&mut self, error: Error) {
        self.failed.get_or_insert(error);
    }

    /// The rendered bytes, and the number of rows.
    ///
    /// # Errors
    /// What a table has failed with.
    pub fn finish(self) -> Result<(Vec<u8>, u64)> {
        match self.failed {
            Some(error) => Err(error),
            None => Ok((self.bytes, self.count)),
        }
    }

    /// Adds a cell to the next column, if there are columns and that is one of texts: most cells go this way.
    fn column(&mut self, text: &str) -> bool {
        let Form::Typed(columns) = &mut self.form else { return false };
        let taken = columns.text(self.cells, text);
        self.cells += usize::from(taken);
        taken
    }

    /// Begins a cell; returns what its bytes are added to, and where they begin there.
    fn open(&mut self) -> (&mut Vec<u8>, usize) {
        let place = self.cells;
        self.cells += 1;
        let bytes = match &mut self.form {
            Form::Typed(columns) => columns.open(place),
            form => {
                if place > 0 && matches!(form, Form::Csv) {
                    self.bytes.push(b',');
                }
                &mut self.bytes
            }
        };
        let start = bytes.len();
        (bytes, start)
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
        if self.dialect.excel || !matches!(self.form, Form::Csv) {
            self.close(start);
        }
    }

    /// Ends the cell that began at `start`: puts it between quotation marks if it needs them.
    fn close(&mut self, start: usize) {
        match &mut self.form {
            Form::Csv => {}
            Form::Bare(ends) => return ends.push(self.bytes.len()),
            Form::Typed(columns) => {
                let closed = columns.close(self.cells - 1, start);
                return closed.unwrap_or_else(|error| self.fail(error));
            }
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
    /// Their numbers in the row.
    cells: Range<usize>,
    at: At,
}

/// Where they are.
#[derive(Clone, Debug)]
enum At {
    /// In these bytes, and the columns among them whose text was cut. Of bare cells, which of all ends is that of the first one.
    Text { bytes: Range<usize>, ends: usize, cut: Vec<&'static str> },
    /// In this row of columns, as [`Columns::place`] says.
    Row((usize, usize)),
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

#[cfg(test)]
mod tests {
    use super::super::{MOST_UNITS, column, unguarded};
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
