//! Parquet: a table in which each column lies by itself, so that only those that are needed are read.
//!
//! A file on disk is read by jumping about in it; one that comes out of an archive or from standard input is read into
//! memory first. Rows come in groups, and of a group no more than a few pages of each column are in memory. Record
//! numbers count rows from 1; the byte offset is that of the group that holds the row.
//!
//! Nothing that the file says of itself is believed before it is checked: the schema and the headers of pages in
//! `thrift.rs`, sizes and counts in `pages.rs`. The `parquet` crate decodes what is left. It may panic on bytes that are not
//! what they should be, and such a panic is caught.

mod cells;
mod columns;
mod pages;
mod thrift;

use super::{Flow, Format, Reason, Sink, Source, fields, guard::guarded, limits::reason, source::Watched};
use bytes::Bytes;
use cells::Cell;
use columns::{Column, Columns};
use pages::{Budget, Excess, Pages};
use parquet::{
    column::reader::{ColumnReader, get_column_reader},
    errors::{ParquetError, Result},
    file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData},
};
use std::{
    borrow::Cow,
    fs,
    io::{self, Read, Seek, SeekFrom},
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use thrift::Fault;

/// Metadata at the end of a file may have so many bytes.
const FOOTER: u64 = 64 << 20;
/// Rows are read together until they have about so many bytes ...
const BATCH_BYTES: u64 = 8 << 20;
/// ... or there are so many.
const BATCH_ROWS: u64 = 1024;
/// A file may have this many rows, and this many more for each of its bytes: some that hold nothing take next to no room.
const FREE_ROWS: u64 = 1 << 20;
const ROWS_A_BYTE: u64 = 16;

/// A Parquet file.
#[derive(Debug)]
pub(super) struct Parquet;

impl Format for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["parquet", "parq", "pq"]
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        head.starts_with(b"PAR1") || head.starts_with(b"PARE")
    }

    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let store = match source.path().map(Watched::open).transpose()? {
            Some(file) if file.file().metadata()?.is_file() => Store::File(file),
            _ => {
                // What cannot be jumped about in must fit into memory.
                let most = sink.options().max_memory;
                let bytes = source.read_all(most)?;
                if bytes.len() as u64 > most {
                    let detail = format!("more than {most} bytes of Parquet can only be read from a plain file");
                    return Ok(sink.record(source, 0, 0, Reason::TooLarge, detail));
                }
                Store::Memory(bytes.into())
            }
        };
        let counted = source.head().len() as u64;
        let mut table = match guarded(|| Table::open(store, sink)).unwrap_or_else(|message| Err(damaged(message))) {
            Ok(table) => table,
            Err((reason, detail)) => return Ok(sink.record(source, 0, 0, reason, detail)),
        };
        if table.store.on_disk() {
            table.progress = Some((sink.counter(), counted));
        }
        let flow = table.read(source, sink);
        if flow.is_continue()
            && let Store::File(file) = &*table.store
            && let Err(error) = file.check()
        {
            return Ok(sink.record(source, table.done + 1, 0, reason(&error), error.to_string()));
        }
        Ok(flow)
    }
}

fn damaged(what: impl ToString) -> (Reason, String) {
    (Reason::BadTable, format!("damaged Parquet: {}", what.to_string()))
}

/// Where the bytes of a file are.
#[derive(Debug)]
enum Store {
    File(Watched),
    Memory(Bytes),
}

impl Store {
    fn on_disk(&self) -> bool {
        matches!(self, Store::File(..))
    }

    fn length(&self) -> u64 {
        match self {
            Store::File(file) => file.length(),
            Store::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Some bytes, which must be there.
    fn read(&self, at: u64, length: u64) -> Result<Bytes> {
        let end = at.checked_add(length).filter(|end| *end <= self.length());
        let Some(end) = end else {
            return Err(ParquetError::General(format!("bytes {at} and following are beyond the end of the file")));
        };
        match self {
            Store::File(file) => {
                let mut file: &fs::File = file.file();
                let mut bytes = vec![0; length as usize];
                file.seek(SeekFrom::Start(at))?;
                file.read_exact(&mut bytes)?;
                Ok(bytes.into())
            }
            Store::Memory(bytes) => Ok(bytes.slice(at as usize..end as usize)),
        }
    }
}

/// An open file.
struct Table {
    store: Arc<Store>,
    metadata: ParquetMetaData,
    columns: Columns,
    budget: Arc<Budget>,
    /// Rows so far.
    done: u64,
    /// The counter of bytes for who watches, and what it has been told of this file.
    progress: Option<(Arc<AtomicU64>, u64)>,
}

impl Table {
    fn open(store: Store, sink: &Sink<'_>) -> std::result::Result<Table, (Reason, String)> {
        let length = store.length();
        let tail = length.checked_sub(8).ok_or_else(|| damaged("the file is too short"))?;
        let tail_bytes = store.read(tail, 8).map_err(damaged)?;
        let encrypted = || (Reason::BadTable, "the file is encrypted".to_string());
        let (size, magic) = tail_bytes.split_first_chunk::<4>().ok_or_else(|| damaged("the file is too short"))?;
        match magic {
            b"PAR1" => {}
            b"PARE" => return Err(encrypted()),
            _ => return Err(damaged("the end of the file is missing")),
        }
        let size = u64::from(u32::from_le_bytes(*size));
        if size > FOOTER {
            return Err((Reason::TooLarge, format!("the metadata has {size} bytes, the limit is {FOOTER}")));
        }
        let start = tail.checked_sub(size).ok_or_else(|| damaged("the metadata is longer than the file"))?;
        let footer = store.read(start, size).map_err(damaged)?;
        match thrift::check_footer(&footer) {
            Ok(false) => {}
            Ok(true) => return Err(encrypted()),
            Err(Fault::Deep) => {
                return Err((
                    Reason::TooDeep,
                    format!("groups of columns lie deeper than {} in each other", thrift::DEEPEST),
                ));
            }
            Err(_) => return Err(damaged("the metadata cannot be read")),
        }
        let metadata = ParquetMetaDataReader::decode_metadata(&footer).map_err(damaged)?;
        let mut rows: u64 = 0;
        for group in metadata.row_groups() {
            rows = rows.saturating_add(u64::try_from(group.num_rows()).map_err(damaged)?);
        }
        if rows > length.saturating_mul(ROWS_A_BYTE).saturating_add(FREE_ROWS) {
            return Err((Reason::TooLarge, format!("a file of {length} bytes says that it has {rows} rows")));
        }
        let options = sink.options();
        let columns = Columns::of(metadata.file_metadata().schema_descr(), &options.fields);
        if !columns.has_text() {
            return Err((
                Reason::NoText,
                format!("{}, nor has any other of its {rows} rows", options.fields.missing_text()),
            ));
        }
        let budget = Budget { spent: AtomicU64::new(0), limit: options.max_record().saturating_add(4 * BATCH_BYTES) };
        Ok(Table { store: Arc::new(store), metadata, columns, budget: Arc::new(budget), done: 0, progress: None })
    }

    fn read(&mut self, source: &Source, sink: &mut Sink<'_>) -> Flow {
        let rows: u64 = self.metadata.row_groups().iter().map(|group| group.num_rows() as u64).sum();
        for number in 0..self.metadata.num_row_groups() {
            let first = self.done;
            let group = self.metadata.row_group(number).clone();
            let end = first + group.num_rows() as u64;
            let offset = offset(&group);
            let mut failure = self.rows(&group, first, self.together(&group), source, sink, offset)?;
            if failure.is_some() {
                // Row by row, to keep those before the damage.
                failure = self.rows(&group, first, 1, source, sink, offset)?;
            }
            if let Some((reason, detail)) = failure {
                let rest =
                    if self.done + 1 < end { format!("rows {} to {end}", self.done + 1) } else { format!("row {end}") };
                sink.record(source, self.done + 1, offset, reason, format!("{rest}: {detail}"))?;
            }
            self.done = end;
            if let Some((counter, told)) = &mut self.progress {
                // Columns that were passed over count as read: what is left to do is what counts for who watches.
                let now = (u128::from(self.store.length()) * u128::from(end) / u128::from(rows.max(1))) as u64;
                counter.fetch_add(now.saturating_sub(*told), Ordering::Relaxed);
                *told = now.max(*told);
            }
        }
        Flow::Continue(())
    }

    /// How many rows of a group are read together.
    fn together(&self, group: &RowGroupMetaData) -> u64 {
        let bytes: u64 = self
            .columns
            .all()
            .filter_map(|column| group.columns().get(column.leaf))
            .map(|chunk| u64::try_from(chunk.uncompressed_size()).unwrap_or(u64::MAX))
            .fold(0, u64::saturating_add);
        let row = bytes / (group.num_rows() as u64).max(1);
        (BATCH_BYTES / row.max(1)).clamp(1, BATCH_ROWS)
    }

    /// Hands over the rows of a group that have not been handed over, `together` at a time. Where that is no longer
    /// possible, it says why.
    fn rows(
        &mut self,
        group: &RowGroupMetaData,
        first: u64,
        together: u64,
        source: &Source,
        sink: &mut Sink<'_>,
        offset: u64,
    ) -> ControlFlow<(), Option<(Reason, String)>> {
        let end = first + group.num_rows() as u64;
        let mut readers = match self.attempt(|table| table.readers(group)) {
            Ok(readers) => readers,
            Err(failure) => return ControlFlow::Continue(Some(failure)),
        };
        let mut at = first;
        while at < end {
            let count = together.min(end - at);
            let cells = match self.attempt(|table| table.columns.next(&mut readers, count as usize)) {
                Ok(cells) => cells,
                Err(failure) => return ControlFlow::Continue(Some(failure)),
            };
            at += count;
            if at > self.done {
                let passed = count - (at - self.done).min(count);
                self.hand_over(cells, passed as usize, source, sink, offset)?;
            }
        }
        ControlFlow::Continue(None)
    }

    /// Does something that a damaged file may make impossible.
    fn attempt<T>(&self, work: impl FnOnce(&Table) -> Result<T>) -> std::result::Result<T, (Reason, String)> {
        self.budget.spent.store(0, Ordering::Relaxed);
        match guarded(|| work(self)) {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(ParquetError::External(error))) if error.is::<Excess>() => {
                Err((Reason::TooLarge, error.to_string()))
            }
            Ok(Err(ParquetError::General(what))) => Err(damaged(what)),
            Ok(Err(error)) => Err(damaged(error)),
            Err(message) => Err(damaged(message)),
        }
    }

    fn readers(&self, group: &RowGroupMetaData) -> Result<Vec<ColumnReader>> {
        self.columns.all().map(|column| self.reader(group, column)).collect()
    }

    fn reader(&self, group: &RowGroupMetaData, column: &Column) -> Result<ColumnReader> {
        let chunk = group.columns().get(column.leaf);
        let chunk = chunk.ok_or_else(|| ParquetError::General("a group of rows misses a column".to_string()))?;
        if chunk.file_path().is_some() {
            return Err(ParquetError::General("a column lies in another file".to_string()));
        }
        let (at, length) = chunk.byte_range();
        let descriptor = chunk.column_descr_ptr();
        let pages = Pages {
            store: Arc::clone(&self.store),
            budget: Arc::clone(&self.budget),
            codec: chunk.compression(),
            repeated: descriptor.max_rep_level() > 0,
            optional: descriptor.max_def_level() > 0,
            at,
            end: at.saturating_add(length),
            peeked: None,
        };
        Ok(get_column_reader(descriptor, Box::new(pages)))
    }

    /// Makes articles of all rows but the first `passed`, which have been handed over before.
    fn hand_over(
        &mut self,
        cells: Vec<Vec<Cell>>,
        passed: usize,
        source: &Source,
        sink: &mut Sink<'_>,
        offset: u64,
    ) -> Flow {
        let count = cells.first().map_or(0, Vec::len);
        let mut cells: Vec<_> = cells.into_iter().map(|cells| cells.into_iter().skip(passed)).collect();
        for _ in passed..count {
            self.done += 1;
            let mut found = fields::Found::default();
            let mut bad = None;
            for (column, cells) in self.columns.all().zip(&mut cells) {
                match cells.next() {
                    Some(Cell::Text(text)) if found[column.field as usize].is_none() => {
                        found[column.field as usize] = Some((column.rank, Cow::Owned(text)));
                    }
                    Some(Cell::Bad(what)) if column.field == fields::Field::Text => bad = bad.or(Some(what)),
                    _ => {}
                }
            }
            match (fields::assemble(found), bad) {
                (Some(article), _) => sink.article(source, self.done, offset, article)?,
                (None, Some(what)) => sink.record(source, self.done, offset, Reason::BadEncoding, what)?,
                (None, None) => {
                    let detail = sink.options().fields.missing_text();
                    sink.record(source, self.done, offset, Reason::NoText, detail)?;
                }
            }
        }
        Flow::Continue(())
    }
}

/// Where the first column of a group of rows begins.
fn offset(group: &RowGroupMetaData) -> u64 {
    let starts = group.columns().iter().map(|chunk| chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset()));
    starts.filter_map(|start| u64::try_from(start).ok()).min().unwrap_or(0)
}

#[cfg(test)]
mod tests;
