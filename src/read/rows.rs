//! Where the rows of a CSV file begin and end. Line ends within quotation marks belong to the row.
//!
//! A mark that is not closed would make the rest of the file one row. So a row is at most as long as a record may be, and
//! a row of several lines that turns out to be none can be given back: [`Rows::go_back`] goes on behind its first line.
//! What is looked at twice in this way is bounded, so that no file takes more than linear time.

use super::Source;
use std::{io, ops::Range};

/// One row, without its line end.
pub(super) struct Row {
    range: Range<usize>,
    /// Where the next line begins; the next row begins there or later.
    second: usize,
    /// Number of its first line, from 1.
    pub line: u64,
    /// How many lines it has.
    pub lines: u64,
    /// Offset of its first byte.
    pub byte_offset: u64,
    /// What is wrong with its marks.
    pub fault: Option<&'static str>,
    /// It is longer than a record may be, and not there.
    pub is_too_long: bool,
}

/// Cuts a source into rows.
pub(super) struct Rows {
    delimiter: u8,
    line_end: u8,
    limit: usize,
    columns: usize,
    buffer: Vec<u8>,
    /// Where the next row begins in the buffer, and the number of its line.
    next: usize,
    line: u64,
    /// Offset of the buffer's first byte.
    start: u64,
    ended: bool,
    /// Bytes that were looked at again.
    again: u64,
}

/// How a row ends.
enum End {
    /// Before this place, and the next one begins at that.
    At(usize, usize),
    /// Not yet.
    Open,
}

impl Rows {
    pub(super) fn new(source: &Source, delimiter: u8, limit: usize) -> Rows {
        let head = source.head();
        let old = !head.contains(&b'\n') && head.contains(&b'\r');
        Rows {
            delimiter,
            line_end: if old { b'\r' } else { b'\n' },
            limit,
            columns: usize::MAX,
            buffer: Vec::new(),
            next: 0,
            line: 1,
            start: source.position(),
            ended: false,
            again: 0,
        }
    }

    /// The most bytes that a row may have.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Offset of the next row.
    pub(super) fn offset(&self) -> u64 {
        self.start + self.next as u64
    }

    /// Rows have so many cells: one of several lines with more of them in marks is none.
    pub(super) fn expect(&mut self, columns: usize) {
        self.columns = columns;
    }

    pub(super) fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// The bytes of `row`, the last that [`Rows::next`] gave.
    pub(super) fn bytes(&self, row: &Row) -> &[u8] {
        self.buffer.get(row.range.clone()).unwrap_or_default()
    }

    /// The next row that is not blank.
    ///
    /// # Errors
    /// Of the source.
    pub(super) fn next(&mut self, source: &mut Source) -> io::Result<Option<Row>> {
        loop {
            if self.next > self.buffer.len() / 2 {
                self.buffer.drain(..self.next);
                self.start += self.next as u64;
                self.next = 0;
            }
            let Some(row) = self.cut(source)? else { return Ok(None) };
            if row.is_too_long || !self.bytes(&row).trim_ascii().is_empty() {
                return Ok(Some(row));
            }
        }
    }

    /// Gives back all lines of `row` but the first; `false` if too much has been looked at again already.
    pub(super) fn go_back(&mut self, row: &Row) -> bool {
        let again = self.next.saturating_sub(row.second) as u64;
        if self.again + again > 8 * (self.start + self.buffer.len() as u64) {
            return false;
        }
        self.again += again;
        (self.next, self.line) = (row.second.min(self.buffer.len()), row.line + 1);
        true
    }

    fn cut(&mut self, source: &mut Source) -> io::Result<Option<Row>> {
        let from = self.next;
        let mut scan = Scan { at: from, ..Scan::default() };
        let (end, next) = loop {
            match self.scan(&mut scan, from) {
                // Whether a row is too long must not depend on how much was read at once.
                End::At(end, next) if end - from > self.limit => {
                    let (line, byte_offset) = (self.line, self.offset());
                    (self.next, self.line) = (next, self.line + scan.lines + 1);
                    let lines = scan.lines + 1;
                    let row = Row { range: 0..0, second: 0, line, lines, byte_offset, fault: None, is_too_long: true };
                    return Ok(Some(row));
                }
                End::At(end, next) => break (end, next),
                End::Open if self.ended && from == self.buffer.len() => return Ok(None),
                End::Open if self.ended || self.buffer.len() - from > self.limit => {
                    let (line, byte_offset) = (self.line, self.offset());
                    if scan.is_quoted && (self.ended || scan.second.is_some()) {
                        scan.fault = Some("a quotation mark is not closed");
                        break (self.buffer.len(), self.buffer.len());
                    }
                    if self.ended {
                        break (self.buffer.len(), self.buffer.len());
                    }
                    self.pass_over(source)?;
                    let row =
                        Row { range: 0..0, second: 0, line, lines: 1, byte_offset, fault: None, is_too_long: true };
                    return Ok(Some(row));
                }
                End::Open => self.fill(source)?,
            }
        };
        let ends_line = self.buffer[from..end].ends_with(b"\r");
        let row = Row {
            range: from..end - usize::from(ends_line),
            second: scan.second.unwrap_or(next),
            line: self.line,
            lines: scan.lines + 1,
            byte_offset: self.offset(),
            fault: scan.fault,
            is_too_long: false,
        };
        (self.next, self.line) = (next, self.line + scan.lines + 1);
        Ok(Some(row))
    }

    /// Goes on looking for the end of the row that begins at `from`.
    fn scan(&self, scan: &mut Scan, from: usize) -> End {
        loop {
            let rest = &self.buffer[scan.at..];
            if scan.is_quoted {
                let Some(found) = memchr::memchr(b'"', rest) else {
                    scan.count(rest, scan.at, self.line_end);
                    scan.at = self.buffer.len();
                    return End::Open;
                };
                let mark = scan.at + found;
                let after = self.buffer.get(mark + 1).copied();
                if after.is_none() && !self.ended {
                    scan.count(&rest[..found], scan.at, self.line_end);
                    scan.at = mark;
                    return End::Open;
                }
                scan.count(&rest[..found], scan.at, self.line_end);
                if after == Some(b'"') {
                    scan.at = mark + 2;
                    continue;
                }
                (scan.is_quoted, scan.at) = (false, mark + 1);
                let closed = after.is_none_or(|byte| byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
                if !closed && scan.lines > 0 {
                    scan.fault = Some("a quotation mark stands within a cell");
                }
                continue;
            }
            let Some(found) = memchr::memchr2(b'"', self.line_end, rest) else {
                scan.at = self.buffer.len();
                return End::Open;
            };
            let at = scan.at + found;
            scan.at = at + 1;
            if self.buffer[at] == self.line_end {
                return End::At(at, at + 1);
            }
            if at == from || self.buffer[at - 1] == self.delimiter {
                scan.is_quoted = true;
                scan.cells += 1;
                if scan.lines > 0 && scan.cells > self.columns {
                    scan.fault = Some("a quotation mark is not closed");
                    return End::At(at, at);
                }
            }
        }
    }

    /// Reads more.
    fn fill(&mut self, source: &mut Source) -> io::Result<()> {
        let bytes = source.fill()?;
        let count = bytes.len();
        self.ended = count == 0;
        self.buffer.extend_from_slice(bytes);
        source.consume(count);
        Ok(())
    }

    /// Goes behind the end of a line that is longer than anything may be.
    fn pass_over(&mut self, source: &mut Source) -> io::Result<()> {
        self.start += self.buffer.len() as u64;
        self.buffer.clear();
        (self.next, self.line) = (0, self.line + 1);
        loop {
            let bytes = source.fill()?;
            let end = memchr::memchr(self.line_end, bytes);
            let count = end.map_or(bytes.len(), |end| end + 1);
            self.ended = count == 0;
            source.consume(count);
            self.start += count as u64;
            if end.is_some() || self.ended {
                return Ok(());
            }
        }
    }
}

/// How far the end of a row has been looked for.
#[derive(Default)]
struct Scan {
    at: usize,
    is_quoted: bool,
    /// Line ends within marks.
    lines: u64,
    /// Where the second line begins.
    second: Option<usize>,
    /// Cells that begin with a mark.
    cells: usize,
    fault: Option<&'static str>,
}

impl Scan {
    /// Counts the line ends in `quoted`, which begins at `at`.
    fn count(&mut self, quoted: &[u8], at: usize, line_end: u8) {
        let mut ends = memchr::memchr_iter(line_end, quoted);
        if let Some(first) = ends.next() {
            self.second.get_or_insert(at + first + 1);
            self.lines += 1 + ends.count() as u64;
        }
    }
}
