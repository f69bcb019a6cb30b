//! DUMP -> articles: one file per format behind [`FORMATS`], in bounded memory, in input order.
//!
//! [`read()`] walks the inputs, tells each file's format by its name and first bytes, and hands out [`Batch`]es of
//! articles and rejects. Nothing is dropped in silence: whatever cannot be read becomes a [`Reject`], and costs that
//! record alone.
//!
//! To add a format, write one file with a [`Format`] and name it in [`FORMATS`]. Layers that change bytes (compression,
//! UTF-16) belong in `source.rs`, and archives in `archive.rs`, so that every format has them.

mod admit;
mod archive;
mod arrow;
mod arrow_stream;
mod compressed;
mod conditions;
mod date;
mod delimited;
mod duplicates;
mod encoding;
mod feed;
mod fields;
mod guard;
mod html;
mod http;
mod ids;
mod json;
mod json_lines;
mod language;
mod limits;
mod markup;
mod memory;
mod mojibake;
mod newsml;
mod parquet;
mod rows;
mod sink;
mod source;
mod stream;
mod tar;
mod text;
mod unknown;
mod value;
mod walk;
mod warc;
mod xml;
mod zip;

pub use admit::Sample;
pub use arrow::ArrowColumns;
pub use arrow_stream::ArrowStream;
pub use compressed::unpacked;
pub use conditions::Condition;
pub use encoding::Decoded;
pub use fields::{Field, Fields};
pub use guard::{guarded, is_guarded};
pub use language::language_code;
pub use memory::{Gathered, Memory, read_memory, text_alone};
pub use mojibake::mend as mend_mojibake;
pub use sink::{Alone, Batch, Item, Job, Parsed, Sink, Workers};
pub use source::Source;
pub use stream::{Line, Lines};
pub use walk::{Inputs, STDIN};

use crate::model::Reject;
use archive::Archive;
use std::{fmt, io, ops::ControlFlow, path::PathBuf};

/// Whether to go on reading.
pub type Flow = ControlFlow<()>;

/// Every format, in the order in which content is tried.
pub const FORMATS: &[&dyn Format] = &[
    &parquet::Parquet,
    &json_lines::JsonLines,
    &json::Json,
    &warc::Warc,
    &newsml::NewsMl,
    &feed::Feed,
    &html::Html,
    &delimited::Delimited,
    &text::Text,
];

/// A kind of file that holds articles.
pub trait Format: Sync {
    /// The word that `--format` takes.
    fn name(&self) -> &'static str;

    /// Endings of file names, in lower case, without the dot.
    fn extensions(&self) -> &'static [&'static str];

    /// Whether the first bytes of a file (up to 64 KB) look like this format.
    fn recognizes(&self, head: &[u8]) -> bool;

    /// Hands every record of `source` to `sink` until it says stop.
    ///
    /// # Errors
    /// Only where the bytes cannot be read any further; a record that is wrong is a reject.
    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow>;
}

impl fmt::Debug for dyn Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How to read.
#[derive(Clone, Debug)]
pub struct Options {
    /// Takes every input for this format, whatever its name and content.
    pub format: Option<&'static dyn Format>,
    /// Where the fields of a record are.
    pub fields: Fields,
    /// Texts of this many bytes or more are rejected.
    pub max_text: u64,
    /// Most layers of compression and archives in each other.
    pub max_depth: usize,
    /// Most bytes of memory for unpacking: what a decompressor must remember, and archives within archives that are read by
    /// seeking. Also the most that a batch of an Arrow stream has.
    pub max_memory: u64,
    /// Most members of one archive.
    pub max_members: u64,
    /// Most bytes that come out of one compressed stream.
    pub max_unpacked: u64,
    /// Most bytes that come out of one byte of a file, looked at when 100 MB have come out.
    pub max_ratio: u64,
    /// Stops after this many articles.
    pub limit: Option<u64>,
    /// Articles that do not meet all of these are passed over.
    pub conditions: Vec<Condition>,
    /// Articles that this does not draw are passed over.
    pub sample: Option<Sample>,
    /// Whether articles are told that have the text of an earlier one.
    pub duplicates: bool,
    /// Whether names and quotations are not looked for in these.
    pub skip_duplicates: bool,
    /// The languages in whose articles names and quotations are looked for, as [`language_code`] writes them; none for
    /// all articles.
    pub languages: Vec<String>,
    /// A folder that is left out, such as the one that the tables are written to.
    pub skip: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            format: None,
            fields: Fields::default(),
            max_text: 50_000_000,
            max_depth: 4,
            max_memory: 550_000_000,
            max_members: 10_000_000,
            max_unpacked: 1_000_000_000_000,
            max_ratio: 500,
            limit: None,
            conditions: Vec::new(),
            sample: None,
            duplicates: true,
            skip_duplicates: false,
            languages: Vec::new(),
            skip: None,
        }
    }
}

impl Options {
    /// The most bytes that one record can have before its text is surely too long: JSON may write two bytes of text
    /// as six.
    fn max_record(&self) -> u64 {
        self.max_text.saturating_mul(3).saturating_add(1 << 20)
    }
}

/// Why a record was not read: the fixed set of words in `rejects.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A file without content.
    Empty,
    /// Binary data, or a format that is not known.
    NotText,
    /// Bytes that are text in no encoding that can be told.
    BadEncoding,
    /// JSON that does not parse.
    BadJson,
    /// A record without a text.
    NoText,
    /// A record whose text is longer than allowed.
    TooLarge,
    /// A table (CSV, Parquet) or a row of one that does not parse.
    BadTable,
    /// HTML or XML in which nothing can be found.
    BadMarkup,
    /// Compressed data or an archive that is damaged.
    BadArchive,
    /// Archives in archives, or values in values, deeper than allowed.
    TooDeep,
    /// A file that changed or vanished while it was read.
    Changed,
    /// A file that cannot be opened or read, or a member of an archive that is encrypted.
    Unreadable,
    /// A failure of this program.
    Internal,
}

impl Reason {
    /// The words used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Empty => "empty",
            Reason::NotText => "not text",
            Reason::BadEncoding => "bad encoding",
            Reason::BadJson => "bad json",
            Reason::NoText => "no text",
            Reason::TooLarge => "too large",
            Reason::BadTable => "bad table",
            Reason::BadMarkup => "bad markup",
            Reason::BadArchive => "bad archive",
            Reason::TooDeep => "too deep",
            Reason::Changed => "changed",
            Reason::Unreadable => "unreadable",
            Reason::Internal => "internal error",
        }
    }
}

/// Builds what this room otherwise builds when a record first needs it.
pub(crate) fn prepare() {
    html::prepare();
    language::prepare();
}

/// Reads `inputs` and hands over batches in input order, until they end or `emit` breaks. The same inputs and options give
/// the same batches, whoever the `workers` are. Returns how many records there were: as many as articles, rejects and
/// records passed over in the batches, unless `emit` breaks.
pub fn read(inputs: &Inputs, options: &Options, workers: &dyn Workers, emit: &mut dyn FnMut(Batch) -> Flow) -> u64 {
    let mut sink = Sink::new(options, workers, emit);
    // Whoever breaks wants no more: there is nothing to pass on.
    let _ = inputs.walk(options, &mut |found| match found {
        Ok(file) => read_file(&file, options, &mut sink),
        Err(reject) => sink.reject(reject),
    });
    sink.finish()
}

fn read_file(file: &walk::File, options: &Options, sink: &mut Sink<'_>) -> Flow {
    match Source::open(file, options, sink.counter()) {
        Ok(mut source) => read_source(&mut source, options, sink),
        Err(error) => sink.reject(whole(&file.name, limits::reason(&error), error.to_string())),
    }
}

/// As [`read()`], for one file called `name` whose `bytes` are in memory. For fuzzing.
#[doc(hidden)]
pub fn read_bytes(name: &str, bytes: &[u8], options: &Options, emit: &mut dyn FnMut(Batch) -> Flow) {
    let mut sink = Sink::new(options, &Alone, emit);
    let _ = match Source::with(name, bytes, options) {
        Ok(mut source) => read_source(&mut source, options, &mut sink),
        Err(error) => sink.reject(whole(name, limits::reason(&error), error.to_string())),
    };
    sink.finish();
}

fn read_source(source: &mut Source, options: &Options, sink: &mut Sink<'_>) -> Flow {
    if source.head().is_empty() {
        return sink.reject(whole(source.name(), Reason::Empty, "the file holds nothing".to_string()));
    }
    if let Some(archive) = Archive::of(source) {
        return archive::read(archive, source, options, sink);
    }
    let Some(format) = options.format.or_else(|| format_of(source)) else {
        let detail = unknown::describe(source.extension(), source.head());
        return sink.reject(whole(source.name(), Reason::NotText, detail));
    };
    let before = sink.records();
    match format.read(source, sink) {
        Ok(flow) => {
            flow?;
            if sink.records() == before {
                let detail = format!("the file holds no {} record", format.name());
                return sink.reject(whole(source.name(), Reason::Empty, detail));
            }
            Flow::Continue(())
        }
        Err(error) => sink.reject(Reject {
            record: source.lost().unwrap_or(sink.records() - before + 1),
            byte_offset: source.position(),
            ..whole(source.name(), limits::reason(&error), error.to_string())
        }),
    }
}

/// A source that cannot be read as a whole.
fn whole(source: &str, reason: Reason, detail: String) -> Reject {
    Reject { source: source.to_string(), reason: reason.as_str().to_string(), detail, ..Reject::default() }
}

/// The format that goes by `name`.
pub fn format_named(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}

/// Name first, then content: among formats that share an ending, content decides.
fn format_of(source: &Source) -> Option<&'static dyn Format> {
    let (head, extension) = (source.head(), source.extension());
    let named = || FORMATS.iter().copied().filter(|format| format.extensions().contains(&extension));
    let by_content = || FORMATS.iter().copied().find(|format| format.recognizes(head));
    named()
        .find(|format| format.recognizes(head))
        .or_else(|| named().next().filter(|_| !unknown::is_binary(head)))
        .or_else(|| by_content().filter(|_| !unknown::is_other(extension)))
}

#[cfg(test)]
mod tests;
