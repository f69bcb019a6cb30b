//! A table as spreadsheet programs save it -> its rows by the names of their columns. What a person has edited may come back
//! with another separator, line end or encoding, and with columns moved or gone: none of that changes what it says.

use super::user::hexadecimal;
use crate::error::{Error, Result};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// The most bytes of such a file: no spreadsheet program opens more.
const LARGEST: u64 = 1 << 29;

/// A table that was read whole.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Where it lies.
    pub path: PathBuf,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// What it was read as if it is not UTF-8.
    encoding: Option<&'static str>,
    /// Names of the columns, in lower case.
    columns: Vec<String>,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// One row with something in it.
#[derive(Clone, Copy, Debug)]
pub struct SheetRow<'s> {
    sheet: &'s Sheet,
    line: u64,
    record: &'s csv::StringRecord,
}

impl Sheet {
    /// Reads a file.
    ///
    /// # Errors
    /// A file that cannot be read, that is too large, in no encoding that can be told, or no table.
    pub fn open(path: &Path) -> Result<Sheet> {
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| Error::io(path, error))?;
        if bytes.len() as u64 > LARGEST {
            let message = "is larger than any spreadsheet (512 MB): it is no table that a person has edited";
            return Err(Error::gazetteer(message).at_path(path));
        }
        Sheet::parse(&bytes, path)
    }

    /// Reads what lies in memory; `path` is for messages.
    ///
    /// # Errors
    /// As those of [`Sheet::open`].
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Sheet> {
        let fail = |message: String| Error::gazetteer(message).at_path(path);
        let (mut text, encoding) = decoded(bytes).map_err(|message| fail(message.to_string()))?;
        // Lines are counted by their feeds.
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        // Excel may name the separator in a line of its own.
        let (separator, text, skipped) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
            Some((named, rest)) if named.len() == 1 => (named.as_bytes()[0], rest, 1),
            _ => (separator(&text), text.as_str(), 0),
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(text.as_bytes());
        let line = |position: Option<&csv::Position>| position.map_or(0, csv::Position::line) + skipped;
        let odd = |error: csv::Error| fail(error.to_string()).at_line(line(error.position()));
        let header = reader.headers().map_err(odd)?;
        let columns: Vec<String> = header.iter().map(|cell| cell.trim().to_lowercase()).collect();
        if columns.iter().all(String::is_empty) {
            return Err(fail("has no header row that names its columns".into()).at_line(1));
        }
        let twice = |(i, column): &(usize, &String)| !column.is_empty() && columns[..*i].contains(column);
        if let Some((_, column)) = columns.iter().enumerate().find(twice) {
            return Err(fail(format!("has two columns `{column}`: delete one of them")).at_line(1));
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(odd)?;
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                rows.push((line(record.position()), record));
            }
        }
        let sha256 = hexadecimal(&Sha256::digest(bytes));
        Ok(Sheet { path: path.to_path_buf(), sha256, encoding, columns, rows })
    }

    /// What a person should be told of how it was read: an encoding that does not have all letters.
    pub fn remark(&self) -> Option<String> {
        let encoding = self.encoding.filter(|encoding| encoding.starts_with("windows"))?;
        let what = "letters that this encoding has not may be lost: save as CSV UTF-8";
        Some(format!("{}: is not UTF-8 and was read as {encoding}; {what}", self.path.display()))
    }

    /// Whether there is a column of this name.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known == column)
    }

    /// Checks that there is a column of this name.
    ///
    /// # Errors
    /// Names the columns that there are.
    pub fn require(&self, column: &str) -> Result<()> {
        if self.has(column) {
            return Ok(());
        }
        let message = format!("has no column `{column}` (its columns: {})", self.columns.join(", "));
        Err(Error::gazetteer(message).at_path(&self.path).at_line(1))
    }

    /// The names of the columns, in lower case.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows that are not empty.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = SheetRow<'_>> {
        self.rows.iter().map(|(line, record)| SheetRow { sheet: self, line: *line, record })
    }
}

impl<'s> SheetRow<'s> {
    /// The cell of `column` without white space around it and without the apostrophe that guards against formulas; empty if
    /// there is no such column or cell.
    pub fn get(self, column: &str) -> &'s str {
        let place = self.sheet.columns.iter().position(|known| known == column);
        unguarded(place.and_then(|place| self.record.get(place)).map_or("", str::trim))
    }

    /// The values of a cell that holds several, joined by `|`.
    pub fn list(self, column: &str) -> impl Iterator<Item = &'s str> {
        self.get(column).split('|').map(str::trim).filter(|value| !value.is_empty())
    }

    /// The line where it begins, from 1.
    pub fn line(self) -> u64 {
        self.line
    }

    /// An error about this row.
    pub fn error(self, message: impl Into<String>) -> Error {
        Error::gazetteer(message).at_path(&self.sheet.path).at_line(self.line)
    }
}

/// A cell without the apostrophe that tables put before what a spreadsheet would take for a formula.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(cell)
}

/// The text, and what it was read as if it is not UTF-8.
fn decoded(bytes: &[u8]) -> std::result::Result<(String, Option<&'static str>), &'static str> {
    let whole = |encoding: &'static Encoding, bytes, name: Option<&'static str>, broken| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or(broken)?;
        Ok((text.into_owned(), name))
    };
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let name = (encoding != UTF_8).then(|| encoding.name());
        return whole(encoding, &bytes[mark..], name, "is cut short or damaged: save it again as CSV UTF-8");
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
    {
        return Ok((text.to_string(), None));
    }
    let zeros = |odd: usize| bytes.iter().take(64).skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let encoding = match (zeros(0), zeros(1)) {
        (0, 0) => WINDOWS_1252,
        (0, _) => UTF_16LE,
        (_, 0) => UTF_16BE,
        _ => return Err("is no text: save the table as CSV UTF-8"),
    };
    let (text, name) =
        whole(encoding, bytes, Some(encoding.name()), "is in no encoding that can be told: save it as CSV UTF-8")?;
    // No spreadsheet program writes control characters.
    if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("is no text: save the table as CSV UTF-8");
    }
    Ok((text, name))
}

/// The separator that the header row has most of, outside quotation marks.
fn separator(text: &str) -> u8 {
    let (mut counts, mut quoted) = ([0u32; 3], false);
    const SEPARATORS: [u8; 3] = *b",;\t";
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(at) = SEPARATORS.iter().position(|separator| *separator == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let best = (0..3).rev().max_by_key(|at| counts[*at]).unwrap_or(0);
    SEPARATORS[best]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_a_table_or_an_error(
            head in prop::sample::select(vec!["", "name,note\n", "\u{feff}\"name\";note\r\n", "sep=\t\nname\tnote\n"]),
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            text in "[a-z\"',;\t\r\n|#é]{0,80}",
        ) {
            for rest in [&bytes[..], text.as_bytes()] {
                if let Ok(sheet) = Sheet::parse(&[head.as_bytes(), rest].concat(), Path::new("t.csv")) {
                    for row in sheet.rows() {
                        prop_assert!(row.line() > 1, "the header is the first line");
                        row.list("name").for_each(drop);
                    }
                }
            }
        }
    }

    fn cells(bytes: &[u8]) -> Vec<(u64, String, String)> {
        let sheet = Sheet::parse(bytes, Path::new("t.csv")).unwrap();
        sheet.rows().map(|row| (row.line(), row.get("name").to_string(), row.get("note").to_string())).collect()
    }

    #[test]
    fn all_ways_of_saving_say_the_same() {
        let plain = "name,note\nZoë Åkesson,\"a, b; c\"\n\n,,\n'-Foo, 'bar'\n";
        let expected =
            vec![(2, "Zoë Åkesson".to_string(), "a, b; c".to_string()), (5, "-Foo".to_string(), "'bar'".to_string())];
        assert_eq!(cells(plain.as_bytes()), expected);
        let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let semicolons = "\"NOTE\";\"Name \"\r\n\"a, b; c\";\"Zoë Åkesson\"\r\n\r\n;;\r\n'bar';'-Foo\r\n";
        let tabs = "note\tname\na, b; c\tZoë Åkesson\n\n\t\n'bar'\t'-Foo\n";
        for text in [semicolons, tabs, &semicolons.replace("\r\n", "\n")] {
            let with_mark = format!("\u{feff}{text}");
            let latin: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
            for bytes in [
                text.as_bytes().to_vec(),
                with_mark.clone().into_bytes(),
                wide(&with_mark, u16::to_le_bytes),
                wide(&with_mark, u16::to_be_bytes),
                wide(text, u16::to_le_bytes),
                wide(text, u16::to_be_bytes),
                latin,
            ] {
                assert_eq!(cells(&bytes), expected, "{}", String::from_utf8_lossy(&bytes));
            }
        }
        let named = format!("sep=;\r\n{semicolons}");
        assert_eq!(cells(named.as_bytes()).iter().map(|row| row.0).collect::<Vec<_>>(), [3, 6]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for (bytes, message) in [
            (&b""[..], "has no header row"),
            (b"PK\x03\x04\x00\x00\x00\x00\x07", "is no text"),
            (b"name,x\nA\x81B\x02,c", "is no text"),
            (b"name,name\nA,B", "two columns `name`"),
            (b"\xff\xfen\x00a\x00m", "cut short"),
        ] {
            let error = Sheet::parse(bytes, Path::new("t.csv")).unwrap_err().to_string();
            assert!(error.starts_with("t.csv: ") && error.contains(message), "{error}");
        }
        let sheet = Sheet::parse(b"a,b\n", Path::new("t.csv")).unwrap();
        assert!(sheet.require("name").unwrap_err().to_string().contains("(its columns: a, b)"));
    }
}
