//! What a Parquet file says of itself and what becomes of it. Files of other programs are read in `tests/foreign_parquet.rs`.

use super::{
    super::{Alone, Batch, Field, Item, Options, Sink, Source},
    *,
};
use parquet::{
    data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};

/// One column of a file to write: bytes, or numbers.
enum Values<'v> {
    Bytes(&'v [&'v [u8]]),
    Long(&'v [i64]),
    Int(&'v [i32]),
}

fn file(schema: &str, columns: &[Values<'_>]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut out = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut out, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for values in columns {
        let mut column = group.next_column().unwrap().unwrap();
        match values {
            Values::Bytes(values) => {
                let values: Vec<ByteArray> = values.iter().map(|value| value.to_vec().into()).collect();
                column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
            }
            Values::Long(values) => {
                column.typed::<Int64Type>().write_batch(values, None, None).unwrap();
            }
            Values::Int(values) => {
                column.typed::<Int32Type>().write_batch(values, None, None).unwrap();
            }
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    out
}

fn records(bytes: &[u8], options: &Options) -> Vec<String> {
    let mut lines = Vec::new();
    let mut emit = |batch: Batch| {
        lines.extend(batch.items.into_iter().map(|item| match item {
            Item::Article { article, .. } => {
                format!("{}|{}|{}", article.id, article.published.unwrap_or_default(), article.text)
            }
            Item::Reject(reject) => format!("{}#{}: {}", reject.reason, reject.record, reject.detail),
        }));
        Flow::Continue(())
    };
    let mut sink = Sink::new(options, &Alone, &mut emit);
    let mut source = Source::of("t.parquet", bytes);
    assert!(Parquet.recognizes(source.head()) || bytes.len() < 9 || bytes[0] == b'x');
    let _ = Parquet.read(&mut source, &mut sink).unwrap();
    sink.finish();
    lines
}

const SCHEMA: &str = "message m { required int64 id; required int32 date (DATE); required binary body; \
                      required binary text (STRING); required binary other (STRING); }";

fn table() -> Vec<u8> {
    file(
        SCHEMA,
        &[
            Values::Long(&[7, 8, 9]),
            Values::Int(&[18546, 0, -1]),
            Values::Bytes(&[b"body 1", b"body 2", b" "]),
            Values::Bytes(&[b"text 1", b" ", b"caf\xE9"]),
            Values::Bytes(&[b"o", b"o", b"o"]),
        ],
    )
}

#[test]
fn better_columns_win_and_empty_cells_do_not_count() {
    assert_eq!(
        records(&table(), &Options::default()),
        ["7|2020-10-11|text 1", "8|1970-01-01|body 2", "bad encoding#3: byte 4 of the value is no UTF-8"]
    );
}

#[test]
fn options_say_where_fields_are() {
    let mut options = Options::default();
    options.fields.set(Field::Text, "other");
    options.fields.set(Field::Id, "no such column");
    assert_eq!(
        records(&table(), &options),
        ["t.parquet:1|2020-10-11|o", "t.parquet:2|1970-01-01|o", "t.parquet:3|1969-12-31|o"]
    );
    options.fields.set(Field::Text, "elsewhere");
    assert_eq!(
        records(&table(), &options),
        ["no text#0: the record has no text under `elsewhere`, nor has any other of its 3 rows"]
    );
}

#[test]
fn a_file_that_is_none_is_one_reject() {
    let table = table();
    let with_tail = |size: u32, magic: &[u8]| {
        let mut bytes = table[..table.len() - 8].to_vec();
        bytes.extend(size.to_le_bytes());
        bytes.extend(magic);
        bytes
    };
    for (bytes, what) in [
        (table[..7].to_vec(), "bad table#0: damaged Parquet: the file is too short"),
        (table[..table.len() / 2].to_vec(), "bad table#0: damaged Parquet: the end of the file is missing"),
        (with_tail(100, b"PARE"), "bad table#0: the file is encrypted"),
        (with_tail(1 << 20, b"PAR1"), "bad table#0: damaged Parquet: the metadata is longer than the file"),
        (with_tail(u32::MAX, b"PAR1"), "too large#0: the metadata has 4294967295 bytes, the limit is 67108864"),
        (with_tail(3, b"PAR1"), "bad table#0: damaged Parquet:"),
        (with_tail(0, b"PAR1"), "bad table#0: damaged Parquet:"),
    ] {
        let found = records(&bytes, &Options::default());
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with(what), "{found:?}, not {what}");
    }
}

#[test]
fn rows_that_nothing_can_hold_are_not_counted_out() {
    let whole = table();
    let rows = [0x16, 6];
    // The number of rows of the file and of its group, made larger in place.
    let mut found = 0;
    for at in (0..whole.len() - 1).filter(|at| whole[*at..].starts_with(&rows)) {
        let mut bytes = whole.clone();
        bytes.splice(at..at + 2, [0x16, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F]);
        let tail = bytes.len() - 8;
        let size = u32::from_le_bytes(bytes[tail..tail + 4].try_into().unwrap()) + 4;
        bytes[tail..tail + 4].copy_from_slice(&size.to_le_bytes());
        let lines = records(&bytes, &Options::default());
        found += usize::from(lines[0].starts_with("too large#0: a file of "));
        assert!(lines.len() <= 4, "{lines:?}");
    }
    assert_eq!(found, 1);
}
