//! A stream of Arrow (IPC) as it comes, such as from a pipe: batch by batch, each row a record. Nothing is kept from batch to batch but
//! dictionaries.
//!
//! The crate that decodes batches believes what they say of their own sizes. So messages are cut and weighed here, and nothing is
//! decoded that would take more memory than is allowed; what panics on damaged ones is guarded. Only the columns that are
//! wanted are decoded.

use super::{
    ArrowColumns, Batch, Flow, Item, Memory, Options, Parsed, Reason, Workers, guarded, read_memory, stream::NAME,
    unknown,
};
use crate::{
    error::{Error, Result},
    model::Reject,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::{
    Endianness, Message, MessageHeader,
    convert::try_fb_to_schema,
    reader::{RecordBatchDecoder, read_dictionary},
    root_as_message,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use std::{
    collections::HashMap,
    io::{self, ErrorKind, Read},
    sync::Arc,
};

/// What errors call it.
const INPUT: &str = "standard input";
/// Before the length of a message, but not in streams of before 2019.
const MARK: [u8; 4] = [0xFF; 4];
/// What an Arrow file begins with: a stream follows, and behind that a table of contents.
const FILE: &[u8] = b"ARROW1\0\0";
/// The most bytes that tell what a batch holds: enough for some hundred thousand columns.
const MOST_HEAD: u64 = 64 << 20;
/// Rows that a batch may have without a single bit for each.
const BARE_ROWS: u64 = 1 << 16;
/// How many times more bytes may come out of compressed ones, where rows are counted against them.
const RATIO: u64 = 500;

/// Reads records from a stream.
#[derive(Debug)]
pub struct ArrowStream<'o, R> {
    input: Counted<R>,
    options: &'o Options,
    is_file: bool,
    /// All columns as they are decoded, and which of them are.
    schema: SchemaRef,
    places: Vec<usize>,
    /// Those alone.
    wanted: Schema,
    columns: ArrowColumns,
    dictionaries: HashMap<i64, ArrayRef>,
    /// How many bytes each of them takes.
    weights: HashMap<i64, u64>,
    batches: u64,
    records: u64,
}

/// A message as it came, with its body.
struct Framed {
    byte_offset: u64,
    head: Vec<u8>,
    body: Buffer,
}

impl<'o, R: Read> ArrowStream<'o, R> {
    /// Reads the schema. Batches take at most [`Options::max_memory`] each, and all dictionaries together too.
    ///
    /// # Errors
    /// Of `input`; what is no stream of Arrow; a schema without a column of texts.
    pub fn open(input: R, options: &'o Options) -> Result<ArrowStream<'o, R>> {
        let mut input = Counted { input, position: 0 };
        let mut first = [0; 8];
        let length = input.up_to(&mut first[..4])?;
        let is_file = first[..length] == FILE[..4];
        if is_file {
            input.up_to(&mut first[4..])?;
        }
        if is_file && first != FILE {
            return Err(no_stream(&first));
        }
        let start = if is_file { None } else { Some(&first[..length]) };
        let Some(framed) = input.framed(start, options.max_memory).map_err(|fault| match fault {
            Fault::Io(error) => Error::io(INPUT, error),
            Fault::Cut | Fault::Damaged(_) if !is_file && first[..4] != MARK => no_stream(&first[..length]),
            fault => fault.told("its schema"),
        })?
        else {
            let message = "is empty: a stream of Arrow has a schema, even if it has no rows";
            return Err(Error::format(message).at_path(INPUT));
        };
        let schema = schema(&framed.head).map_err(|what| {
            let message = format!("this is no stream of Arrow, or a damaged one: {what}");
            Error::format(message).at_path(INPUT)
        })?;
        let told = |error: Error| Error::usage(error.to_string()).at_path(INPUT);
        let places = ArrowColumns::new(&schema, &options.fields).map_err(told)?.places();
        let schema = Arc::new(Schema::new(schema.fields().iter().map(|field| lenient(field)).collect::<Vec<_>>()));
        let wanted = schema.project(&places).map_err(|error| Error::format(error.to_string()).at_path(INPUT))?;
        let columns = ArrowColumns::new(&wanted, &options.fields).map_err(told)?;
        Ok(ArrowStream {
            input,
            options,
            is_file,
            schema,
            places,
            wanted,
            columns,
            dictionaries: HashMap::new(),
            weights: HashMap::new(),
            batches: 0,
            records: 0,
        })
    }

    /// Reads the next batch and emits its records, `None` at the end of the stream. Nothing is kept of them; an id is not made unique.
    ///
    /// # Errors
    /// Of the input; a stream that is damaged or cut, or a batch that is too large.
    pub fn batch(&mut self, workers: &dyn Workers, emit: &mut dyn FnMut(Batch) -> Flow) -> Result<Option<Flow>> {
        let about = format!("batch {} (record {} and following)", self.batches + 1, self.records + 1);
        let Some((byte_offset, rows)) = self.rows().map_err(|fault| fault.told(&about))? else { return Ok(None) };
        let (columns, limit) = (&self.columns, self.options.max_record());
        let mut records = (0..rows.num_rows()).map(|row| fitting(columns.record(&rows, row), limit));
        let memory = Memory { source: NAME, before: self.records, together: false };
        let mut flow = Flow::Continue(());
        read_memory(memory, &mut records, self.options, workers, &mut |mut batch| {
            for item in &mut batch.items {
                match item {
                    Item::Article { byte_offset: at, .. } | Item::Reject(Reject { byte_offset: at, .. }) => {
                        *at = byte_offset
                    }
                }
            }
            flow = emit(batch);
            flow
        });
        self.batches += 1;
        self.records += rows.num_rows() as u64;
        Ok(Some(flow))
    }

    /// How many bytes were read.
    pub fn position(&self) -> u64 {
        self.input.position
    }

    /// Waits for the input to end behind the stream. Of a file, a table of contents comes there, which nobody needs.
    ///
    /// # Errors
    /// Of the input; anything behind the end of the stream.
    pub fn end(&mut self) -> Result<()> {
        if self.is_file || self.input.up_to(&mut [0])? == 0 {
            return Ok(());
        }
        let message = format!(
            "there is more after the end of the stream (byte {}), which was not read: streams cannot be joined by putting one \
             behind the other; run onrecord for each",
            self.input.position - 1
        );
        Err(Error::format(message).at_path(INPUT))
    }

    /// The rows of the next batch, with the columns that are wanted, and where it begins.
    fn rows(&mut self) -> std::result::Result<Option<(u64, RecordBatch)>, Fault> {
        loop {
            let Some(framed) = self.input.framed(None, self.options.max_memory)? else { return Ok(None) };
            let message = guarded(|| root_as_message(&framed.head)).map_err(Fault::Damaged)?;
            let message = message.map_err(|error| Fault::Damaged(error.to_string()))?;
            match message.header_type() {
                MessageHeader::RecordBatch => {
                    self.weigh(message.header_as_record_batch(), &framed.body)?;
                    let rows = self.decoded(message, &framed.body)?;
                    return Ok(Some((framed.byte_offset, rows)));
                }
                MessageHeader::DictionaryBatch => self.dictionary(message, &framed.body)?,
                MessageHeader::NONE => {}
                MessageHeader::Schema => return Err(Fault::damaged("a second schema")),
                other => return Err(Fault::Damaged(format!("a message of type {other:?}"))),
            }
        }
    }

    /// Refuses a batch that would take too much memory, or has many more rows than its bytes can hold. Returns how many bytes it takes
    /// when it is unpacked.
    fn weigh(&self, batch: Option<arrow_ipc::RecordBatch<'_>>, body: &[u8]) -> std::result::Result<u64, Fault> {
        let batch = batch.ok_or_else(|| Fault::damaged("no batch where one should be"))?;
        let (is_compressed, mut bytes) = (batch.compression().is_some(), 0u64);
        for buffer in batch.buffers().iter().flatten() {
            let range = usize::try_from(buffer.offset()).ok().zip(usize::try_from(buffer.length()).ok());
            let part = range
                .and_then(|(offset, length)| body.get(offset..offset.checked_add(length)?))
                .ok_or_else(|| Fault::damaged("a column lies outside of the batch"))?;
            // Before compressed bytes stands how many will come out; -1 means that they are not compressed.
            let claimed = match part.first_chunk::<8>() {
                Some(prefix) if is_compressed => i64::from_le_bytes(*prefix),
                _ => 0,
            };
            // What lies one over the other counts for each: decoding may copy it.
            bytes = bytes.saturating_add(u64::try_from(claimed).unwrap_or(0).max(part.len() as u64));
        }
        if bytes > self.options.max_memory {
            return Err(Fault::TooLarge(bytes, self.options.max_memory));
        }
        let rows = u64::try_from(batch.length()).map_err(|_| Fault::damaged("fewer than no rows"))?;
        let bits = (body.len() as u64).saturating_mul(if is_compressed { 8 * RATIO } else { 8 });
        if rows > bits.saturating_add(BARE_ROWS) {
            return Err(Fault::Damaged(format!("{rows} rows in {} bytes", body.len())));
        }
        Ok(bytes.max(body.len() as u64))
    }

    fn decoded(&self, message: Message<'_>, body: &Buffer) -> std::result::Result<RecordBatch, Fault> {
        let Some(batch) = message.header_as_record_batch() else { return Err(Fault::damaged("no batch")) };
        let decode = || {
            RecordBatchDecoder::try_new(body, batch, Arc::clone(&self.schema), &self.dictionaries, &message.version())?
                .with_projection(Some(&self.places))
                .read_record_batch()
        };
        flat(guarded(decode))
    }

    /// Takes note of the values that a column picks from, unless it is not wanted.
    fn dictionary(&mut self, message: Message<'_>, body: &Buffer) -> std::result::Result<(), Fault> {
        let batch = message.header_as_dictionary_batch().ok_or_else(|| Fault::damaged("no dictionary"))?;
        let id = batch.id();
        #[expect(deprecated, reason = "there is no other way to tell which column a dictionary belongs to")]
        let is_wanted = !self.wanted.fields_with_dict_id(id).is_empty();
        if !is_wanted {
            return Ok(());
        }
        let weight = self.weigh(batch.data(), body)?;
        let before = self.weights.remove(&id).filter(|_| batch.isDelta()).unwrap_or(0);
        let all = self.weights.values().fold(before.saturating_add(weight), |sum, weight| sum.saturating_add(*weight));
        if all > self.options.max_memory {
            return Err(Fault::TooLarge(all, self.options.max_memory));
        }
        self.weights.insert(id, before.saturating_add(weight));
        let read = || read_dictionary(body, batch, &self.wanted, &mut self.dictionaries, &message.version());
        flat(guarded(read))
    }
}

/// Why no more can be read.
#[derive(Debug)]
enum Fault {
    Io(io::Error),
    /// The input ended within a message.
    Cut,
    Damaged(String),
    /// So many bytes, and so many are allowed.
    TooLarge(u64, u64),
}

impl Fault {
    fn damaged(what: &str) -> Fault {
        Fault::Damaged(what.to_string())
    }

    /// For a person; `about` says what could not be read.
    fn told(self, about: &str) -> Error {
        let message = match self {
            Fault::Io(error) => return Error::io(INPUT, error),
            Fault::Cut => format!(
                "the stream ends within {about}: whatever writes it has been stopped; what came before is written"
            ),
            Fault::Damaged(what) => {
                format!("{about} of the stream is damaged: {what}; what came before is written")
            }
            Fault::TooLarge(bytes, most) => format!(
                "{about} takes {bytes} bytes of memory and {most} are allowed: write smaller batches, or allow more with --max-batch; \
                 what came before is written"
            ),
        };
        Error::format(message).at_path(INPUT)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Io(error)
    }
}

fn flat<T>(outcome: std::result::Result<std::result::Result<T, ArrowError>, String>) -> std::result::Result<T, Fault> {
    outcome.map_err(Fault::Damaged)?.map_err(|error| Fault::Damaged(error.to_string()))
}

/// What an input is that is no stream of Arrow.
fn no_stream(head: &[u8]) -> Error {
    let what = match head {
        [b'{' | b'[' | b' ' | b'\n' | b'\r' | b'\t' | b'"' | 0xEF, ..] => {
            "it may be JSON: leave out --arrow for JSON Lines"
        }
        [0x1F, 0x8B, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] => "it is compressed: unpack it on the way here",
        _ => unknown::kind(head).unwrap_or("it begins with something else"),
    };
    let hint = "write one with an IPC stream writer, such as pyarrow.ipc.new_stream";
    Error::format(format!("this is no stream of Arrow ({what}): {hint}")).at_path(INPUT)
}

/// Reads the first message.
fn schema(head: &[u8]) -> std::result::Result<Schema, String> {
    guarded(|| {
        let message = root_as_message(head).map_err(|error| error.to_string())?;
        let schema = message.header_as_schema().ok_or("it does not begin with a schema")?;
        if schema.endianness() != Endianness::Little {
            return Err("it was written by a big-endian machine, which this version does not read".to_string());
        }
        try_fb_to_schema(schema).map_err(|error| error.to_string())
    })
    .flatten()
}

/// A column as it is decoded: with texts as bytes, so that one that is no UTF-8 costs its row and not its batch, and null wherever
/// it likes.
fn lenient(field: &Field) -> Field {
    field.clone().with_data_type(bytes(field.data_type())).with_nullable(true)
}

fn bytes(of: &DataType) -> DataType {
    match of {
        DataType::Utf8 => DataType::Binary,
        DataType::LargeUtf8 => DataType::LargeBinary,
        DataType::Utf8View => DataType::BinaryView,
        DataType::Dictionary(key, values) => DataType::Dictionary(key.clone(), Box::new(bytes(values))),
        DataType::Struct(members) => DataType::Struct(members.iter().map(|member| lenient(member)).collect()),
        DataType::List(element) => DataType::List(Arc::new(lenient(element))),
        DataType::LargeList(element) => DataType::LargeList(Arc::new(lenient(element))),
        DataType::FixedSizeList(element, length) => DataType::FixedSizeList(Arc::new(lenient(element)), *length),
        other => other.clone(),
    }
}

/// The record, unless its fields together are longer than a line of JSON could be.
fn fitting(record: Parsed, limit: u64) -> Parsed {
    let article = record?;
    let others =
        [&article.title, &article.published, &article.outlet, &article.author, &article.url, &article.language];
    let lengths = others.into_iter().flatten().chain([&article.id, &article.text]).map(String::len);
    let length = lengths.sum::<usize>() as u64;
    if length > limit {
        return Err((Reason::TooLarge, format!("the fields of the record have {length} bytes, the limit is {limit}")));
    }
    Ok(article)
}

/// The input, and how many bytes of it were read.
#[derive(Debug)]
struct Counted<R> {
    input: R,
    position: u64,
}

impl<R: Read> Counted<R> {
    /// Reads as many bytes as `into` has, or as there are.
    fn up_to(&mut self, into: &mut [u8]) -> Result<usize> {
        self.fill(into).map_err(|error| Error::io(INPUT, error))
    }

    fn fill(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() {
            match self.input.read(&mut into[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.position += filled as u64;
        Ok(filled)
    }

    /// Reads `length` bytes. Memory is taken as they come: a length is a claim.
    fn exactly(&mut self, length: u64) -> std::result::Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < length {
            let (before, rest) = (bytes.len(), length - bytes.len() as u64);
            let step = usize::try_from(rest).unwrap_or(usize::MAX).min(before.max(1 << 16));
            bytes.try_reserve_exact(step).map_err(|error| Fault::Io(io::Error::new(ErrorKind::OutOfMemory, error)))?;
            bytes.resize(before + step, 0);
            if self.fill(&mut bytes[before..])? < step {
                return Err(Fault::Cut);
            }
        }
        Ok(bytes)
    }

    /// Reads the next message, whose first bytes may have been read already; `None` at the end of the stream.
    fn framed(&mut self, first: Option<&[u8]>, most: u64) -> std::result::Result<Option<Framed>, Fault> {
        let byte_offset = self.position - first.map_or(0, |first| first.len() as u64);
        let mut length = [0; 4];
        let count = match first {
            Some(first) => {
                length[..first.len()].copy_from_slice(first);
                first.len()
            }
            None => self.fill(&mut length)?,
        };
        match count {
            // Writers may end a stream by closing it.
            0 => return Ok(None),
            4 if length == MARK && self.fill(&mut length)? < 4 => return Err(Fault::Cut),
            4 => {}
            _ => return Err(Fault::Cut),
        }
        let length = i32::from_le_bytes(length);
        if length == 0 {
            return Ok(None);
        }
        let length = u64::try_from(length).map_err(|_| Fault::damaged("a message of less than no bytes"))?;
        if length > MOST_HEAD.min(most) {
            return Err(Fault::Damaged(format!("a message whose description has {length} bytes")));
        }
        let head = self.exactly(length)?;
        let body = guarded(|| root_as_message(&head).map(|message| message.bodyLength())).map_err(Fault::Damaged)?;
        let body = body.map_err(|error| Fault::Damaged(error.to_string()))?;
        let body = u64::try_from(body).map_err(|_| Fault::damaged("a batch of less than no bytes"))?;
        if body > most {
            return Err(Fault::TooLarge(body, most));
        }
        let body = Buffer::from_vec(self.exactly(body)?);
        Ok(Some(Framed { byte_offset, head, body }))
    }
}
