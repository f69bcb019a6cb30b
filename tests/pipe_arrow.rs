//! `onrecord pipe --arrow`: its rows are the objects of `onrecord pipe`, and no stream, however damaged, does more than end it.
//!
//! With `ONRECORD_FOREIGN=1`, pyarrow (in the Python that `ONRECORD_PYTHON` names) must be there; it is passed over otherwise.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod place;

use arrow_array::{ArrayRef, BinaryArray, RecordBatch, StringArray};
use arrow_ipc::{
    CompressionType,
    reader::StreamReader,
    writer::{IpcWriteOptions, StreamWriter},
};
use onrecord::read::{Alone, ArrowStream, Flow, Options};
use peak_alloc::PeakAlloc;
use place::{Place, stderr};
use proptest::prelude::*;
use std::{
    io::Write,
    process::{Command, Output, Stdio},
    sync::Arc,
    thread,
};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A stream with batches of `rows` texts each.
fn stream(batches: usize, rows: usize, compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let batch = |number: usize| {
        let ids: Vec<String> = (0..rows).map(|row| format!("n{number}-{row}")).collect();
        let text = |id: &String| format!("“We wait,” said Mira Delgado of {id}. {}", "The quay is closed. ".repeat(20));
        let texts: Vec<String> = ids.iter().map(text).collect();
        let columns: [(&str, ArrayRef); 2] =
            [("id", Arc::new(StringArray::from(ids))), ("text", Arc::new(StringArray::from(texts)))];
        RecordBatch::try_from_iter(columns).unwrap()
    };
    let mut writer = StreamWriter::try_new_with_options(Vec::new(), &batch(0).schema(), options).unwrap();
    (0..batches).for_each(|number| writer.write(&batch(number)).unwrap());
    writer.into_inner().unwrap()
}

fn through(place: &Place, args: &str, input: Vec<u8>) -> Output {
    let mut child = place.command(args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = thread::spawn(move || {
        // A program that has seen enough goes away.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

/// How many rows each batch of a stream has; it must be readable to its end.
fn counts(stream: &[u8]) -> Vec<usize> {
    StreamReader::try_new(stream, None).unwrap().map(|batch| batch.unwrap().num_rows()).collect()
}

#[test]
fn a_batch_is_answered_by_one_with_as_many_rows_whatever_the_number_of_workers() {
    let place = Place::new();
    for compression in [None, Some(CompressionType::ZSTD), Some(CompressionType::LZ4_FRAME)] {
        let one = through(&place, "pipe --arrow -j 1", stream(3, 700, compression));
        assert_eq!(one.status.code(), Some(0), "{}", stderr(&one));
        assert_eq!(counts(&one.stdout), [700, 700, 700]);
        assert!(through(&place, "pipe --arrow -j 3", stream(3, 700, compression)).stdout == one.stdout);
    }
    let empty = through(&place, "pipe --arrow", stream(1, 0, None));
    assert_eq!((empty.status.code(), counts(&empty.stdout)), (Some(0), vec![0]));
}

#[test]
fn what_is_no_stream_is_told_and_what_came_before_is_written() {
    let place = Place::new();
    let whole = stream(3, 5, None);
    let texts: [(&str, ArrayRef); 1] = [("number", Arc::new(arrow_array::Int64Array::from(vec![1])))];
    let mut other = Vec::new();
    let batch = RecordBatch::try_from_iter(texts).unwrap();
    StreamWriter::try_new(&mut other, &batch.schema()).unwrap().finish().unwrap();
    for (input, part, rows) in [
        (Vec::new(), "is empty", None),
        (b"{\"text\": \"x\"}\n".to_vec(), "leave out --arrow", None),
        (b"PAR1....".to_vec(), "a Parquet file", None),
        (other, "the columns are `number`", None),
        (whole[..whole.len() - 40].to_vec(), "ends within batch 3 (record 11 and following)", Some(vec![5, 5])),
        ([whole.as_slice(), &whole].concat(), "more after the end of the stream", Some(vec![5, 5, 5])),
    ] {
        let output = through(&place, "pipe --arrow", input);
        assert_eq!(output.status.code(), Some(2), "{part}");
        assert!(stderr(&output).contains(part), "{part}: {}", stderr(&output));
        assert_eq!((!output.stdout.is_empty()).then(|| counts(&output.stdout)), rows, "{part}");
    }
    let large = through(&place, "pipe --arrow --max-batch 1", stream(1, 4000, None));
    assert_eq!(large.status.code(), Some(2));
    assert!(stderr(&large).contains("allow more with --max-batch"), "{}", stderr(&large));
}

#[test]
fn a_text_that_is_no_utf8_costs_its_row() {
    let place = Place::new();
    let texts: Vec<Option<&[u8]>> = vec![Some(b"One."), Some(b"caf\xE9"), None];
    let columns: [(&str, ArrayRef); 1] = [("text", Arc::new(BinaryArray::from(texts)))];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    let output = through(&place, "pipe --arrow", writer.into_inner().unwrap());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let answer = StreamReader::try_new(output.stdout.as_slice(), None).unwrap().next().unwrap().unwrap();
    let errors: Vec<bool> = (0..3).map(|row| answer.column_by_name("error").unwrap().is_valid(row)).collect();
    assert_eq!(errors, [false, true, true]);
}

/// How many records a stream has until it ends or cannot be read any more.
fn records(bytes: &[u8]) -> usize {
    let options = Options { max_memory: 4_000_000, ..Options::default() };
    let Ok(mut stream) = ArrowStream::open(bytes, &options) else { return 0 };
    let mut count = 0;
    while let Ok(Some(_)) = stream.batch(&Alone, &mut |batch| {
        count += batch.items.len();
        Flow::Continue(())
    }) {}
    count
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_costs_more_than_the_stream(
        which in 0..3usize,
        flips in proptest::collection::vec((any::<proptest::sample::Index>(), 0..8u8), 0..6),
        cut in any::<proptest::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let compression = [None, Some(CompressionType::ZSTD), Some(CompressionType::LZ4_FRAME)][which];
        let mut bytes = stream(2, 20, compression);
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let count = records(&bytes);
        prop_assert!(MEMORY.peak_usage() < before + 100_000_000, "{} bytes", MEMORY.peak_usage());
        prop_assert!(count <= 200_000, "{count} records");
    }
}

#[test]
fn pyarrow_reads_the_objects_of_the_pipe() {
    let python = std::env::var("ONRECORD_PYTHON").unwrap_or_else(|_| "python3".to_string());
    let has = Command::new(&python).args(["-c", "import pyarrow"]).output().is_ok_and(|output| output.status.success());
    if !has {
        assert!(std::env::var_os("ONRECORD_FOREIGN").is_none(), "no pyarrow, and ONRECORD_FOREIGN is set");
        println!("passed over: no pyarrow");
        return;
    }
    let root = env!("CARGO_MANIFEST_DIR");
    let script = format!("{root}/tests/foreign/pipe_arrow.py");
    let articles = format!("{root}/data/articles.jsonl");
    let output = Command::new(&python).args([&script, env!("CARGO_BIN_EXE_onrecord"), &articles]).output().unwrap();
    println!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", stderr(&output));
}
