//! `onrecord pipe`: its objects are the rows of `extract`, in order and at once, whatever comes in, in bounded memory.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod nasty;
mod place;

use onrecord::table::Kind;
use place::{Place, stderr, wait_until};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Output, Stdio},
    sync::mpsc::channel,
    thread,
    time::{Duration, Instant},
};

/// Columns of `entities.csv` that are about a run.
const OF_RUNS: &[&str] = &["articles", "first_published", "last_published"];

/// Runs a program on `input`.
fn through(place: &Place, args: &str, input: &[u8]) -> Output {
    let mut child = place.command(args).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let feeder = thread::spawn(move || {
        // A program that has seen enough goes away.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

/// What `pipe` answers, with its exit status.
fn answers(place: &Place, options: &str, input: &[u8]) -> (Vec<Value>, Option<i32>) {
    let output = through(place, &format!("pipe {options}"), input);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), output.status.code())
}

/// The rows of a table of a run over `input`, as the objects that `pipe` should make of them.
fn rows(place: &Place, folder: &str) -> BTreeMap<String, Vec<Value>> {
    let typed = |kind: Kind, cell: &str| match kind {
        Kind::Integer => json!(cell.parse::<u64>().unwrap()),
        Kind::Confidence => json!(cell.parse::<f64>().unwrap()),
        _ if cell.is_empty() => Value::Null,
        Kind::Number => json!(cell.parse::<f64>().unwrap()),
        Kind::YesNo => json!(cell == "yes"),
        _ => json!(cell),
    };
    let tables = nasty::tables(&place.path(folder)).into_iter().map(|table| {
        let object = |row: Vec<String>| {
            let cells = table.schema.columns.iter().zip(&row);
            Value::Object(cells.map(|(column, cell)| (column.name.to_string(), typed(column.kind, cell))).collect())
        };
        (table.schema.name.to_string(), table.rows.into_iter().map(object).collect())
    });
    tables.collect()
}

/// The articles among `answers`.
fn articles(answers: &[Value]) -> Vec<Value> {
    answers.iter().filter(|answer| answer.get("article").is_some()).cloned().collect()
}

/// All rows under `key` of all `answers`.
fn all(answers: &[Value], key: &str) -> Vec<Value> {
    answers.iter().filter_map(|answer| answer[key].as_array()).flatten().cloned().collect()
}

fn without(row: &Value, names: &[&str]) -> Value {
    let kept = row.as_object().unwrap().iter().filter(|(name, _)| !names.contains(&name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
}

#[test]
fn objects_are_the_rows_of_extract() {
    let place = Place::new();
    let sample = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/articles.jsonl")).unwrap();
    for (name, dump, options) in [
        ("sample", sample.as_slice(), ""),
        ("sure", &sample, "--min-confidence 0.8"),
        ("nasty", nasty::dump().as_bytes(), ""),
    ] {
        let run = format!("extract - --format jsonl --no-duplicates -q --out {name} {options}");
        let output = through(&place, &run, dump);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
        let (answers, _) = answers(&place, options, dump);
        let tables = rows(&place, name);
        let found: Vec<Value> = articles(&answers).iter().map(|answer| answer["article"].clone()).collect();
        assert_eq!(found, tables["articles"], "{name}");
        assert!(found.len() > 20);
        for table in ["mentions", "quotes"] {
            let found = all(&answers, table);
            assert!(!found.is_empty());
            assert_eq!(found, tables[table], "{name}: {table}");
        }
        let errors: Vec<Value> = answers.iter().filter_map(|answer| answer.get("error")).cloned().collect();
        let rejects: Vec<Value> = tables["rejects"].iter().map(|row| without(row, &["source"])).collect();
        assert_eq!(errors, rejects, "{name}");
    }
}

#[test]
fn entities_are_those_of_a_run_over_the_article_alone() {
    let place = Place::new();
    let sample = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/articles.jsonl")).unwrap();
    let (answers, status) = answers(&place, "", sample.as_bytes());
    assert_eq!(status, Some(0));
    let mut compared = 0;
    for (i, line) in sample.lines().enumerate().step_by(5) {
        let output = through(&place, &format!("extract - --format jsonl -q --out {i}"), line.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let alone: Vec<Value> =
            rows(&place, &i.to_string())["entities"].iter().map(|row| without(row, OF_RUNS)).collect();
        compared += alone.len();
        assert_eq!(answers[i]["entities"], Value::Array(alone), "line {i}");
    }
    assert!(compared > 20);
}

#[test]
fn bytes_do_not_depend_on_threads_or_on_how_the_stream_comes() {
    let place = Place::new();
    let dump = fs::read(place.dump("d.jsonl", 400)).unwrap();
    let one = through(&place, "pipe -j 1", &dump);
    assert_eq!(one.status.code(), Some(1));
    let lines = dump.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    assert_eq!(one.stdout.iter().filter(|byte| **byte == b'\n').count(), lines, "a line of input is a line of output");
    assert!(through(&place, "pipe -j 3", &dump).stdout == one.stdout);
    let mut child = place.command("pipe -j 2").stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = thread::spawn(move || {
        for piece in dump.chunks(1777) {
            stdin.write_all(piece).unwrap();
            stdin.flush().unwrap();
        }
    });
    assert!(child.wait_with_output().unwrap().stdout == one.stdout);
    feeder.join().unwrap();
}

#[test]
fn a_line_that_is_wrong_is_an_error_in_its_place() {
    let place = Place::new();
    let mut dump = b"{\"id\": \"a\", \"text\": \"One line.\"}\n\n   \r\n{\"id\": \n".to_vec();
    dump.extend(b"{\"id\": \"latin\", \"text\": \"The caf\xE9 in Malm\xF6.\"}\n{\"id\": \"zero\", \"text\": \"caf\xE9 \x00\"}\n");
    dump.extend(format!("{{\"id\": \"huge\", \"text\": \"{}\"}}\n", "x ".repeat(3_000_000)).bytes());
    dump.extend(b"[]\n{\"title\": \"none\"}\nnot json\n{\"text\": \"Same.\"}\n{\"id\": \"a\", \"text\": \"The last, without an end.\"}");
    let (answers, status) = answers(&place, "--max-text 1", &dump);
    assert_eq!(status, Some(1));
    let told: Vec<String> = answers
        .iter()
        .map(|answer| match answer.get("error") {
            Some(error) => format!("{} {}", error["record"], error["reason"].as_str().unwrap()),
            None => answer["article"]["article_id"].as_str().unwrap().to_string(),
        })
        .collect();
    let expected = [
        "a",
        "2 bad json",
        "latin",
        "4 bad encoding",
        "5 too large",
        "6 bad json",
        "7 no text",
        "8 bad json",
        "stdin:9",
        "a",
    ];
    assert_eq!(told, expected);
    assert_eq!(answers[1]["error"]["byte_offset"], 39);
    assert!(answers[1]["error"]["detail"].as_str().unwrap().starts_with("line 4, column "), "{}", answers[1]);
    let nothing = through(&place, "pipe", b"");
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(0), 0), "{}", stderr(&nothing));
}

/// A line of output within half a minute.
fn answer(out: &mut impl BufRead) -> Value {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap()
}

fn ended(child: &mut Child) -> Option<i32> {
    let mut status = None;
    wait_until("the end", || {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    status.unwrap().code()
}

#[test]
fn a_line_has_its_answer_while_the_input_stays_open() {
    let place = Place::new();
    let mut child = place.command("pipe -j 2").stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (sender, told) = channel();
    thread::spawn(move || {
        let mut out = BufReader::new(out);
        for _ in 0..20 {
            sender.send(answer(&mut out)).unwrap();
        }
    });
    let mut waits = Vec::new();
    for i in 0..20 {
        let line = format!("{{\"id\": \"n{i}\", \"text\": \"“We wait,” said Mira Delgado, the harbour master.\"}}\n");
        let asked = Instant::now();
        stdin.write_all(line.as_bytes()).unwrap();
        let answer = told.recv_timeout(Duration::from_secs(30)).expect("an answer");
        assert_eq!(answer["article"]["article_id"], format!("n{i}"));
        assert_eq!(answer["quotes"][0]["speaker"], "Mira Delgado");
        waits.push(asked.elapsed());
    }
    waits.sort_unstable();
    println!("median of the time to an answer: {:?}", waits[10]);
    drop(stdin);
    assert_eq!(ended(&mut child), Some(0));
}

#[test]
fn an_output_that_is_closed_is_no_failure_even_if_the_input_stays_open() {
    let place = Place::new();
    let mut child = place.command("pipe").stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut out) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let line = b"{\"id\": \"a\", \"text\": \"Mira Delgado waited.\"}\n";
    stdin.write_all(line).unwrap();
    assert_eq!(answer(&mut out)["article"]["article_id"], "a");
    drop(out);
    // The program may be gone after the first.
    let _ = stdin.write_all(line).and_then(|()| stdin.write_all(line));
    assert_eq!(ended(&mut child), Some(0));
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(told, "");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_though_it_waits_for_input() {
    let place = Place::new();
    for (name, status) in [("INT", 130), ("TERM", 143)] {
        let mut child = place.command("pipe").stdin(Stdio::piped()).spawn().unwrap();
        let (mut stdin, mut out) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        stdin.write_all(b"{\"id\": \"a\", \"text\": \"Mira Delgado waited.\"}\n").unwrap();
        assert_eq!(answer(&mut out)["article"]["article_id"], "a");
        place::signal(&child, name);
        assert_eq!(ended(&mut child), Some(status), "{name}");
    }
}

#[test]
fn options_are_those_of_extract() {
    let place = Place::new();
    place.write("names.csv", "name,type,id\nQuill Harbour Trust,organization,org:mine\n");
    let line = b"{\"meta\": {\"key\": \"k1\"}, \"story\": \"The Quill Harbour Trust paid for it.\"}\n";
    let (found, _) = answers(&place, "-g names.csv --id-field meta.key --text-field story", line);
    assert_eq!(found[0]["article"]["article_id"], "k1");
    assert_eq!(found[0]["mentions"][0]["entity_id"], "org:mine");
    assert_eq!(found[0]["entities"][0]["known"], true);
    place.refused("pipe --min-confidence 2", "a number from 0 to 1");
    place.refused("pipe -g missing.csv", "missing.csv");
}

/// The most memory that a process has taken so far, in kilobytes.
#[cfg(target_os = "linux")]
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_stream() {
    let place = Place::new();
    let mut child = place.command("pipe -j 2").stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let feeder = thread::spawn(move || {
        for i in 0..200_000 {
            let text = format!("{{\"id\": \"n{i}\", \"text\": \"Word {i} of Mira Delgado in Lisbon.\"}}\n");
            stdin.write_all(text.as_bytes()).unwrap();
        }
        stdin
    });
    let (mut lines, mut early, mut buffer) = (0, None, vec![0; 1 << 16]);
    let mut out = BufReader::new(out);
    while lines < 200_000 {
        let count = out.read(&mut buffer).unwrap();
        assert!(count > 0, "{lines} lines");
        lines += buffer[..count].iter().filter(|byte| **byte == b'\n').count();
        if lines > 40_000 && early.is_none() {
            early = peak(&child);
        }
    }
    let (early, late) = (early.unwrap(), peak(&child).unwrap());
    println!("most memory after 40,000 records: {early} KB, after 200,000: {late} KB");
    drop(feeder.join().unwrap());
    assert_eq!(ended(&mut child), Some(0));
    assert!(late < 120_000, "{late} KB");
    assert!(late < early + 10_000, "{early} KB, then {late} KB");
}
