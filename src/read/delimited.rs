//! CSV and TSV: a header row that names the columns as JSON records name their fields, and a record per row. A row that is
//! wrong costs itself, and a quotation mark that is never closed costs the lines up to the next one that is a sound row.

use super::{
    Flow, Format, Options, Reason, Sink, Source,
    encoding::Decoded,
    fields::{self, Columns},
    rows::{Row, Rows},
};
use std::io;

/// A table whose cells are separated by commas, semicolons, tabs or vertical bars.
#[derive(Debug)]
pub(super) struct Delimited;

/// What may separate cells, the most usual first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

impl Format for Delimited {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv", "tab"]
    }

    /// Without its name, only a table whose header has the usual name of a text and of something else is one: an article
    /// may begin with a list.
    fn recognizes(&self, head: &[u8]) -> bool {
        let Some(end) = memchr::memchr2(b'\n', b'\r', head) else { return false };
        let Ok(line) = std::str::from_utf8(&head[..end]) else { return false };
        let mut splitter = Splitter::new(delimiter(head, ""));
        let names = splitter.split(line);
        let known: Vec<_> = names.iter().filter_map(|name| fields::usual(name)).collect();
        known.len() > 1 && known.contains(&fields::Field::Text) && names.iter().all(|name| name.len() < 64)
    }

    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let Some((mut table, mut rows)) = Table::open(source, sink.options())? else { return Ok(Flow::Continue(())) };
        if !table.columns.have_text() {
            return Ok(sink.record(source, 0, 0, Reason::NoText, table.missing_text()));
        }
        loop {
            let row = match rows.next(source) {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(table.settle(source, sink, None)),
                Err(error) => {
                    let flow = table.settle(source, sink, None);
                    source.lose(table.record + 1, rows.offset());
                    return if flow.is_break() { Ok(flow) } else { Err(error) };
                }
            };
            let flow = table.row(source, sink, &mut rows, &row);
            if flow.is_break() {
                return Ok(flow);
            }
        }
    }
}

/// What separates the cells of a file that begins with `head`: that under which most of the header's names are known, or
/// else that under which there are most.
fn delimiter(head: &[u8], extension: &str) -> u8 {
    let end = memchr::memchr2(b'\n', b'\r', head).unwrap_or(head.len());
    let line = String::from_utf8_lossy(&head[..end]);
    let score = |delimiter: u8| {
        let mut splitter = Splitter::new(delimiter);
        let names = splitter.split(&line);
        let known = names.iter().filter(|name| fields::usual(name).is_some()).count();
        let named = names.len() > 1 && delimiter == b'\t' && extension != "csv" && !extension.is_empty();
        (named, known, names.len())
    };
    // Of several that are as good, the first counts.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

/// A table that is read.
struct Table {
    splitter: Splitter,
    names: Vec<String>,
    columns: Columns,
    record: u64,
    /// A row with marks that do not fit, whose end has not been found yet.
    broken: Option<Broken>,
}

struct Broken {
    record: u64,
    byte_offset: u64,
    line: u64,
    what: String,
}

impl Table {
    /// Reads the header; `None` if there is nothing.
    fn open(source: &mut Source, options: &Options) -> io::Result<Option<(Table, Rows)>> {
        let limit = usize::try_from(options.max_record()).unwrap_or(usize::MAX);
        let mut delimiter = delimiter(source.head(), source.extension());
        let mut rows = Rows::new(source, delimiter, limit);
        let mut first = rows.next(source)?;
        // Excel's own way to name the delimiter.
        if let Some([b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', named]) = first.as_ref().map(|row| rows.bytes(row)) {
            delimiter = *named;
            rows.set_delimiter(delimiter);
            first = rows.next(source)?;
        }
        let Some(header) = first else { return Ok(None) };
        let bytes = rows.bytes(&header);
        let text = source.decode(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), |decoded| decoded.text);
        let mut splitter = Splitter::new(delimiter);
        let names: Vec<String> = splitter.split(&text).iter().map(|name| name.trim().to_string()).collect();
        rows.expect(names.len());
        let columns = options.fields.columns(&names);
        Ok(Some((Table { splitter, names, columns, record: 0, broken: None }, rows)))
    }

    /// Takes a row. If its marks do not fit, only its first line is taken, and what follows is looked at again.
    fn row(&mut self, source: &Source, sink: &mut Sink<'_>, rows: &mut Rows, row: &Row) -> Flow {
        let (line, byte_offset) = (row.line, row.byte_offset);
        if row.is_too_long {
            self.record += 1;
            let detail = format!("line {line}: the row has more than {} bytes", rows.limit());
            self.settle(source, sink, Some(line))?;
            return sink.record(source, self.record, byte_offset, Reason::TooLarge, detail);
        }
        let decoded = source.decode(rows.bytes(row));
        let Decoded { text, remark } = match decoded {
            Ok(decoded) => decoded,
            Err(detail) => {
                self.settle(source, sink, Some(line))?;
                self.record += 1;
                let detail = format!("line {line}: {detail}");
                return sink.record(source, self.record, byte_offset, Reason::BadEncoding, detail);
            }
        };
        let cells = self.splitter.split(&text);
        let surplus = cells.get(self.names.len()..).unwrap_or_default();
        let fits = cells.len() >= self.names.len() && surplus.iter().all(|cell| cell.is_empty());
        if fits && row.fault.is_none() {
            let article = self.columns.article(|column| cells.get(column).map_or("", |cell| *cell));
            self.settle(source, sink, Some(line))?;
            self.record += 1;
            return match article {
                Some(mut article) => {
                    article.remarks.extend(remark);
                    sink.article(source, self.record, byte_offset, article)
                }
                None => {
                    let detail = format!("line {line}: the row has no text");
                    sink.record(source, self.record, byte_offset, Reason::NoText, detail)
                }
            };
        }
        let (found, wanted) = (cells.len(), self.names.len());
        let lines_back = (row.lines > 1 || row.fault.is_some()) && rows.go_back(row);
        if self.broken.is_some() {
            return Flow::Continue(());
        }
        self.record += 1;
        let what = match row.fault {
            Some(fault) => format!("line {line}: {fault}"),
            None => format!("line {line}: the row has {found} cells, the header has {wanted}"),
        };
        if lines_back {
            self.broken = Some(Broken { record: self.record, byte_offset, line, what });
            return Flow::Continue(());
        }
        sink.record(source, self.record, byte_offset, Reason::BadTable, what)
    }

    /// Tells of the row whose marks did not fit, now that the next sound row is found, or the end.
    fn settle(&mut self, source: &Source, sink: &mut Sink<'_>, next: Option<u64>) -> Flow {
        let Some(Broken { record, byte_offset, line, what }) = self.broken.take() else { return Flow::Continue(()) };
        let detail = match next {
            Some(next) if next == line + 1 => what,
            Some(next) => format!("{what}; it is lost up to line {next}, which is a row again"),
            None => format!("{what}; no row follows"),
        };
        sink.record(source, record, byte_offset, Reason::BadTable, detail)
    }

    fn missing_text(&self) -> String {
        let shown: Vec<String> = self.names.iter().take(30).map(|name| name.chars().take(40).collect()).collect();
        let more = if self.names.len() > shown.len() { ", ..." } else { "" };
        format!("no column holds a text; there are: {}{more} (see --text-column)", shown.join(", "))
    }
}

/// Splits rows into cells.
struct Splitter {
    reader: csv_core::Reader,
    cells: Vec<u8>,
    ends: Vec<usize>,
}

impl Splitter {
    fn new(delimiter: u8) -> Splitter {
        let reader = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Splitter { reader, cells: Vec::new(), ends: vec![0; 64] }
    }

    /// The cells of a row.
    fn split(&mut self, row: &str) -> Vec<&str> {
        self.reader.reset();
        // Line ends within cells are no ends here: the row is one row.
        self.cells.resize(row.len() + 1, 0);
        let (mut input, mut written, mut count) = (row.as_bytes(), 0, 0);
        loop {
            let (result, taken, more, ended) =
                self.reader.read_record(input, &mut self.cells[written..], &mut self.ends[count..]);
            (input, written, count) = (&input[taken..], written + more, count + ended);
            match result {
                csv_core::ReadRecordResult::InputEmpty => {}
                csv_core::ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                csv_core::ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                csv_core::ReadRecordResult::Record | csv_core::ReadRecordResult::End => break,
            }
        }
        let mut start = 0;
        let ends = self.ends[..count].iter().map(|end| std::mem::replace(&mut start, *end)..*end);
        ends.map(|cell| self.cells.get(cell).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or_default())
            .collect()
    }
}
