//! How the CSV of a run is written: as most programs like it best, or as spreadsheets need it.

use super::{Column, Kind, Schema, column};

/// The form of the files of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Whether text that a spreadsheet would take for a formula gets a leading apostrophe.
    pub guard: bool,
    /// Whether the files are such as spreadsheets open at once and keep whole: a byte order mark, CR LF at the end of rows,
    /// every cell in quotation marks, texts of at most [`MOST_UNITS`], and a column [`TRUNCATED`] that tells which were cut.
    pub excel: bool,
}

impl Default for Dialect {
    /// Guarded, and not for spreadsheets alone.
    fn default() -> Self {
        Dialect { guard: true, excel: false }
    }
}

/// The most that a cell of a spreadsheet holds, in UTF-16 code units ("Excel specifications and limits").
pub const MOST_UNITS: usize = 32_767;

/// The most rows that a sheet has, the header among them.
pub const MOST_LINES: u64 = 1_048_576;

/// The column at the end of tables for spreadsheets: which cells of the row were cut.
pub const TRUNCATED: Column = column(
    "truncated",
    Kind::Text,
    "The columns of this row whose text was cut to 32,767 UTF-16 code units, which is all that a cell of a spreadsheet holds; joined by ' | '.",
);

impl Dialect {
    /// The columns of a table in this form.
    pub fn columns(self, schema: &Schema) -> impl Iterator<Item = Column> {
        schema.columns.iter().copied().chain((self.excel && schema.has_text()).then_some(TRUNCATED))
    }

    /// What rows end with.
    pub(super) fn line_end(self) -> &'static [u8] {
        if self.excel { b"\r\n" } else { b"\n" }
    }
}

impl Schema {
    /// Whether it has text that may be cut. Ids are never cut, since rows are joined by them.
    pub fn has_text(&self) -> bool {
        self.columns.iter().any(|column| column.kind == Kind::Text)
    }
}

/// The header row of a table with its line end, and all that comes before it.
pub fn header(schema: &Schema, dialect: Dialect) -> Vec<u8> {
    let names = dialect.columns(schema).map(|column| column.name);
    let mut line = match dialect.excel {
        true => format!("\u{FEFF}{}", names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",")),
        false => names.collect::<Vec<_>>().join(","),
    }
    .into_bytes();
    line.extend_from_slice(dialect.line_end());
    line
}

/// How many bytes of `text` a cell of a spreadsheet holds; `None` if it holds all of them. A character is never cut in two.
pub fn fitting(text: &str) -> Option<usize> {
    // No character has more code units than bytes.
    if text.len() <= MOST_UNITS {
        return None;
    }
    let mut units = 0;
    text.char_indices().find_map(|(at, c)| {
        units += c.len_utf16();
        (units > MOST_UNITS).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_cut_whole() {
        for (text, bytes) in [
            ("x".repeat(MOST_UNITS), None),
            ("x".repeat(MOST_UNITS + 1), Some(MOST_UNITS)),
            ("ə".repeat(MOST_UNITS), None),
            // Two code units each: the last half of one has no room.
            ("👩".repeat(16_383), None),
            ("👩".repeat(16_384), Some(16_383 * 4)),
            (format!("x{}", "👩".repeat(16_383)), None),
            (format!("xx{}", "👩".repeat(16_383)), Some(2 + 16_382 * 4)),
        ] {
            assert_eq!(fitting(&text), bytes, "{} bytes", text.len());
        }
    }

    #[test]
    fn headers_name_the_columns() {
        const TWO: Schema = Schema {
            name: "two",
            about: "",
            columns: &[column("a", Kind::Id, ""), column("b", Kind::Integer, "")],
            key: &[],
            references: &[],
        };
        let excel = Dialect { excel: true, ..Dialect::default() };
        assert_eq!(header(&TWO, Dialect::default()), b"a,b\n");
        assert_eq!(header(&TWO, excel), "\u{FEFF}\"a\",\"b\"\r\n".as_bytes());
        const TEXT: Schema = Schema { columns: &[column("a", Kind::Text, "")], ..TWO };
        assert_eq!(header(&TEXT, excel), "\u{FEFF}\"a\",\"truncated\"\r\n".as_bytes());
    }
}
