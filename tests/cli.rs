//! The whole program, through its binary.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// The header of every table, word for word as the documentation has it.
const HEADERS: &[(&str, &str)] = &[
    (
        "articles",
        "article_id,source,record,title,published,outlet,author,url,characters,paragraphs,mentions,quotes,language,remarks,duplicate_of",
    ),
    ("mentions", "article_id,entity_id,type,name,surface,start,end,paragraph,sentence,role,method,confidence,zone"),
    (
        "entities",
        "entity_id,type,name,surfaces,country,latitude,longitude,wikidata,geonames,known,mentions,articles,quotes,\
         first_published,last_published",
    ),
    (
        "quotes",
        "quote_id,article_id,published,outlet,title,speaker,speaker_id,speaker_surface,speaker_role,cue,kind,quote,\
         spans,start,end,paragraph,medium,addressee,mentioned,method,confidence,zone,echo_of,co_speakers",
    ),
    ("cooccurrences", "source,target,type,weight,articles"),
    (
        "candidates",
        "name,type,aliases,id,wikidata,geonames,country,latitude,longitude,population,gender,roles,match,note,\
         mentions,articles,confidence,example",
    ),
    ("rejects", "source,record,byte_offset,reason,detail"),
];

/// A folder of its own for one test.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Runs the program here; `input` is its standard input.
    fn run_with(&self, args: &[&str], input: &[u8]) -> Output {
        let mut child = command(args)
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read its input closes it.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }

    fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, b"")
    }

    /// The rows of a table as cells by column.
    fn rows(&self, table: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.path(table)).unwrap();
        reader.deserialize().map(|row| row.unwrap()).collect()
    }

    fn column(&self, table: &str, column: &str) -> Vec<String> {
        self.rows(table).iter().map(|row| row[column].clone()).collect()
    }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.args(args);
    command
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const STORY: &str = "Storm closes port\n\n“We lost two boats,” said Mira Delgado, the harbour master of Lisbon.\n";

/// Examples stand in the last column of the tables of docs/tables.md, and come from the article that stands there too.
#[test]
fn the_examples_in_the_documentation_are_what_comes_out() {
    let docs = include_str!("../docs/tables.md");
    let article = docs.split("    {\"id\": \"port-1\"").nth(1).unwrap().split("\n\n").next().unwrap();
    let article = format!("{{\"id\": \"port-1\"{}", article.replace("\n    ", " "));
    let place = Place::new();
    place.write("dump/port.jsonl", article);
    assert_eq!(status(&place.run(&["extract", "dump/port.jsonl", "--out", "tables", "-q"])), Some(0));
    for table in ["articles", "mentions", "entities", "quotes", "cooccurrences", "candidates"] {
        let section = docs.split(&format!("## {table}.csv\n")).nth(1).unwrap().split("\n## ").next().unwrap();
        let (rows, mut examples) = (place.rows(&format!("tables/{table}.csv")), 0);
        for line in section.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<String> =
                line.replace("\\|", "\u{0}").split('|').map(|c| c.trim().replace('\u{0}', "|")).collect();
            let [_, column, _, example, _] = &cells[..] else { panic!("{table}: {line}") };
            let column = column.trim_matches('`');
            let found: Vec<&String> = rows.iter().map(|row| &row[column]).collect();
            assert!(example.is_empty() || found.contains(&example), "{table}.{column}: {example:?}, not of {found:?}");
            examples += usize::from(!example.is_empty());
        }
        assert!(examples >= 5, "{table}: {examples} examples");
    }
}

#[test]
fn every_table_is_written_with_its_header() {
    let place = Place::new();
    place.write("dump/a.txt", STORY);
    let output = place.run(&["extract", "dump", "--out", "out"]);
    assert_eq!(status(&output), Some(0), "{}", stderr(&output));
    for (table, header) in HEADERS {
        let text = fs::read_to_string(place.path(&format!("out/{table}.csv"))).unwrap();
        assert_eq!(text.lines().next(), Some(*header), "{table}");
    }
    let mut files: Vec<String> =
        fs::read_dir(place.path("out")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    let mut expected: Vec<String> = HEADERS.iter().map(|(table, _)| format!("{table}.csv")).collect();
    expected.extend(["datapackage.json".to_string(), "run.json".to_string()]);
    expected.sort();
    assert_eq!(files, expected);
    assert_eq!(place.column("out/articles.csv", "article_id"), ["a.txt"]);
    let summary = stdout(&output);
    for part in ["1 article and 0 rejects", "names", "quotations", "tables in out"] {
        assert!(summary.contains(part), "{part} in {summary}");
    }
    assert!(stderr(&output).is_empty(), "no progress where there is no terminal");
}

#[test]
fn bad_input_costs_its_own_record_and_is_told() {
    let place = Place::new();
    place.write("dump/good.txt", STORY);
    // Each row: file, content, record and byte offset of the reject, reason, part of the detail.
    type Row = (&'static str, &'static [u8], &'static str, &'static str, &'static str, &'static str);
    let rows: &[Row] = &[
        ("empty.jsonl", b"", "0", "0", "empty", "holds nothing"),
        ("empty.txt", b"", "0", "0", "empty", "holds nothing"),
        ("image.png", b"\x89PNG\r\n\x1a\n\0\0", "0", "0", "not text", "PNG"),
        ("json.jsonl", b"{\"text\":\"ok\"}\n{\"text\":\n", "2", "14", "bad json", "line 2, column 8"),
        ("json2.json", b"[{\"text\":\"ok\"},{\"text\" 1}]", "2", "15", "bad json", "line 1, column 9"),
        (
            "latin.jsonl",
            b"{\"text\":\"\xE2\x80\x9Cok\xE2\x80\x9D \x81 \x8D \x8F \x90\"}",
            "1",
            "0",
            "bad encoding",
            "offset 18",
        ),
        ("mixed.txt", b"\xE2\x80\x9Cok\xE2\x80\x9D but \x81\x8D", "1", "0", "bad encoding", "0x81"),
        ("notext.jsonl", b"{\"title\":\"no text\"}", "1", "0", "no text", "--text-field"),
        ("page.html", b"<!doctype html><p>Words.", "1", "0", "no text", "no article in the page"),
        ("spaces.txt", b" \n\t\n", "1", "0", "empty", "white space"),
        ("zero.bin", b"\0\0\0\0", "0", "0", "not text", "binary"),
        ("zero.txt", b"words\0\0\0\0words", "0", "0", "not text", ""),
    ];
    for (name, content, ..) in rows {
        place.write(&format!("dump/{name}"), content);
    }
    let output = place.run(&["extract", "dump", "--out", "out"]);
    assert_eq!(status(&output), Some(1), "{}", stderr(&output));
    let rejects = place.rows("out/rejects.csv");
    assert_eq!(rejects.len(), rows.len(), "{rejects:#?}");
    for (reject, (name, _, record, offset, reason, detail)) in rejects.iter().zip(rows) {
        assert_eq!(reject["source"], format!("dump/{name}"));
        assert_eq!(
            (&*reject["record"], &*reject["byte_offset"], &*reject["reason"]),
            (*record, *offset, *reason),
            "{name}"
        );
        assert!(reject["detail"].contains(detail), "{name}: {}", reject["detail"]);
    }
    assert_eq!(place.rows("out/articles.csv").len(), 3);
    assert!(stdout(&output).contains("rejects.csv"), "{}", stdout(&output));
}

#[test]
fn other_encodings_are_read_where_they_can_be_told() {
    let place = Place::new();
    let utf16: Vec<u8> = "\u{feff}Şəki “yes”".encode_utf16().flat_map(u16::to_be_bytes).collect();
    place.write("dump/a.txt", "\u{feff}With a mark");
    place.write("dump/b.txt", utf16);
    place.write("dump/c.txt", b"\x93We will see,\x94 she said in the caf\xE9 at Malm\xF6.");
    let output = place.run(&["extract", "dump", "--out", "out", "--emit-text"]);
    assert_eq!(status(&output), Some(0), "{}", stdout(&output));
    let texts = ["With a mark", "Şəki “yes”", "“We will see,” she said in the café at Malmö."];
    assert_eq!(place.column("out/texts.csv", "text"), texts);
}

#[test]
fn a_text_of_fifty_megabytes_costs_itself_alone() {
    let place = Place::new();
    place.write("big.txt", "word ".repeat(10_000_000));
    place.write("small.txt", STORY);
    let output = place.run(&["extract", "big.txt", "small.txt", "--out", "out"]);
    assert_eq!(status(&output), Some(1));
    assert_eq!(place.column("out/rejects.csv", "reason"), ["too large"]);
    assert_eq!(place.column("out/articles.csv", "article_id"), ["small.txt"]);
    place.write("long.jsonl", format!("{{\"text\":\"{}\"}}", "x".repeat(1_000_000)));
    let output = place.run(&["extract", "long.jsonl", "--out", "out2", "--max-text", "1"]);
    assert_eq!(status(&output), Some(1));
    assert!(place.column("out2/rejects.csv", "detail")[0].contains("1000000"));
}

#[test]
fn what_cannot_run_says_why() {
    let place = Place::new();
    place.write("a.txt", STORY);
    place.write("full/notes.txt", "mine");
    place.write("bad.csv", "name,kind\nX,person\n");
    for (args, part) in [
        (&["extract", "missing.txt", "--out", "out"][..], "missing.txt: "),
        (&["extract", "a.txt", "--out", "full"], "full: is not empty"),
        (&["extract", "full", "--out", "full", "--force"], "full: is an input too"),
        (&["extract", "a.txt", "--out", "a.txt/out"], "a.txt/out: "),
        (&["extract", "a.txt", "--out", "a.txt"], "a.txt: "),
        (&["extract", "a.txt", "--out", "out", "--gazetteer", "bad.csv"], "bad.csv: line 1: has no column `type`"),
        (&["extract", "a.txt", "--out", "out", "--gazetteer", "none.csv"], "none.csv: "),
        (&["extract", "a.txt", "--out", "out", "--format", "docx"], "docx"),
        (&["extract", "a.txt", "--out", "out", "--min-confidence", "7"], "from 0 to 1"),
        (&["extract", "a.txt"], "--out"),
        (&["extract", "--out", "out"], "INPUT"),
        (&["explain", "missing.txt"], "missing.txt: "),
        (&["explain", "a.txt", "--id", "x"], "no article with the id `x`"),
        (&["evaluate", "--gold", "missing.jsonl", "out"], "missing.jsonl: "),
        (&["evaluate", "--gold", "a.txt", "out"], "a.txt: line 1: is no annotated article"),
    ] {
        let output = place.run(args);
        assert_eq!(status(&output), Some(2), "{args:?}");
        assert!(stderr(&output).contains(part), "{args:?}: {}", stderr(&output));
        assert!(!place.path("out").exists(), "{args:?}");
    }
}

#[test]
fn tables_are_replaced_only_when_forced() {
    let place = Place::new();
    place.write("a.txt", STORY);
    assert_eq!(status(&place.run(&["extract", "a.txt", "--out", "out", "--emit-text"])), Some(0));
    place.write("out/notes.txt", "mine");
    assert_eq!(status(&place.run(&["extract", "a.txt", "--out", "out"])), Some(2));
    assert_eq!(status(&place.run(&["extract", "a.txt", "a.txt", "--out", "out", "--force"])), Some(0));
    assert_eq!(place.column("out/articles.csv", "article_id"), ["a.txt", "a.txt~2"]);
    assert!(!place.path("out/texts.csv").exists());
    assert_eq!(fs::read_to_string(place.path("out/notes.txt")).unwrap(), "mine");
}

/// Every file but `run.json`, which tells times.
fn tables(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()));
    named.filter(|(name, _)| name != "run.json").collect()
}

#[test]
fn tables_do_not_depend_on_threads() {
    let place = Place::new();
    let lines: String = (0..1300)
        .map(|i| match i % 9 {
            4 => "{\"broken\n".to_string(),
            _ => format!(
                "{{\"id\":{},\"text\":\"“Ship {i} is here,” said Mira Delgado in Lisbon.\",\"date\":\"2020-01-{:02}\"}}\n",
                i / 2,
                i % 28 + 1
            ),
        })
        .collect();
    place.write("d.jsonl", lines);
    for threads in ["1", "4"] {
        let output = place.run(&["extract", "d.jsonl", "--out", threads, "--threads", threads, "--emit-text"]);
        assert_eq!(status(&output), Some(1), "{}", stderr(&output));
    }
    assert!(tables(&place.path("1")) == tables(&place.path("4")));
    assert_eq!(place.rows("1/articles.csv").len() + place.rows("1/rejects.csv").len(), 1300);
}

#[test]
fn standard_input_is_read_and_its_format_told() {
    let place = Place::new();
    for (input, format, ids) in [
        (STORY, None, &["stdin"][..]),
        ("{\"text\":\"one\"}\n{\"id\":\"b\",\"text\":\"two\"}\n", None, &["stdin:1", "b"]),
        ("[{\"text\":\"one\"},\n{\"text\":\"two\"}]", None, &["stdin:1", "stdin:2"]),
        ("{\"text\":\"one\"}\n", Some("text"), &["stdin"]),
    ] {
        let mut args = vec!["extract", "-", "--out", "out", "--force", "--quiet"];
        args.extend(format.iter().flat_map(|format| ["--format", *format]));
        let output = place.run_with(&args, input.as_bytes());
        assert_eq!(status(&output), Some(0), "{}", stderr(&output));
        assert!(output.stdout.is_empty(), "quiet");
        assert_eq!(place.column("out/articles.csv", "article_id"), ids);
        assert!(place.column("out/articles.csv", "source").iter().all(|source| source == "stdin"));
    }
}

#[test]
fn a_limit_ends_the_run() {
    let place = Place::new();
    let lines: String = (0..2000).map(|i| format!("{{\"id\":\"n{i}\",\"text\":\"x\"}}\n")).collect();
    place.write("d.jsonl", lines);
    assert_eq!(status(&place.run(&["extract", "d.jsonl", "--out", "out", "--limit", "3"])), Some(0));
    assert_eq!(place.column("out/articles.csv", "article_id"), ["n0", "n1", "n2"]);
}

#[test]
fn fields_are_where_the_options_say() {
    let place = Place::new();
    place.write("d.jsonl", r#"{"id":"x","text":"no","meta":{"key":7,"who":["A","B"]},"Story":"yes","kop":"Head"}"#);
    let output = place.run(&[
        "extract",
        "d.jsonl",
        "--out",
        "out",
        "--emit-text",
        "--text-field",
        "story",
        "--id-field",
        "meta.key",
        "--title-field",
        "kop",
        "--author-field",
        "meta.who",
    ]);
    assert_eq!(status(&output), Some(0), "{}", stderr(&output));
    let row = &place.rows("out/articles.csv")[0];
    assert_eq!((&*row["article_id"], &*row["title"], &*row["author"]), ("7", "Head", "A; B"));
    assert_eq!(place.column("out/texts.csv", "text"), ["yes"]);
}

#[test]
fn formulas_are_guarded_unless_asked_not_to() {
    let place = Place::new();
    let json = serde_json::json!({
        "id": "@id", "title": "=HYPERLINK(\"x\")", "text": "+1 is a number.", "author": " -Ann", "source": "\u{1b}[31m=B",
    });
    place.write("d.jsonl", json.to_string());
    for (flag, guarded) in [(None, true), (Some("--no-guard"), false)] {
        let mut args = vec!["extract", "d.jsonl", "--out", "out", "--force", "--emit-text"];
        args.extend(flag);
        assert_eq!(status(&place.run(&args)), Some(0));
        let row = &place.rows("out/articles.csv")[0];
        let mark = if guarded { "'" } else { "" };
        assert_eq!(row["article_id"], format!("{mark}@id"));
        assert_eq!(row["title"], format!("{mark}=HYPERLINK(\"x\")"));
        assert_eq!(row["author"], format!("{mark}-Ann"));
        assert_eq!(row["outlet"], "[31m=B");
        assert_eq!(place.column("out/texts.csv", "text"), [format!("{mark}+1 is a number.")]);
        for (file, path) in [("run.json", "/options/guard"), ("datapackage.json", "/onrecord/formulaGuard")] {
            let json: serde_json::Value =
                serde_json::from_slice(&fs::read(place.path("out").join(file)).unwrap()).unwrap();
            assert_eq!(json.pointer(path), Some(&serde_json::json!(guarded)), "{file}");
        }
    }
}

#[test]
fn explain_shows_one_article_and_no_foreign_escapes() {
    let place = Place::new();
    place.write(
        "d.jsonl",
        "{\"id\":\"a\",\"text\":\"one two three.\"}\n{\"id\":\"b\",\"text\":\"then \\u001b[31mred <i>.\"}\n",
    );
    let shown = stdout(&place.run(&["explain", "d.jsonl"]));
    assert!(shown.starts_with("a\n") && shown.contains("one two three."), "{shown}");
    let shown = stdout(&place.run(&["explain", "d.jsonl", "--id", "b", "--color", "always"]));
    assert!(shown.contains("then [31mred <i>."), "{shown:?}");
    let shown = stdout(&place.run_with(&["explain", "-"], STORY.as_bytes()));
    assert!(shown.contains("harbour master"), "{shown}");
    let output = place.run(&["explain", "d.jsonl", "--id", "b", "--html", "page.html"]);
    assert_eq!((status(&output), stdout(&output)), (Some(0), String::new()));
    let page = fs::read_to_string(place.path("page.html")).unwrap();
    assert!(page.contains("red &lt;i&gt;.") && page.contains("default-src 'none'"), "{page}");
    place.write("bad.jsonl", "{\"id\":");
    let output = place.run(&["explain", "bad.jsonl"]);
    assert_eq!(status(&output), Some(2));
    assert!(stderr(&output).contains("bad json"), "{}", stderr(&output));
}

#[test]
fn evaluate_prints_what_the_gold_has() {
    let place = Place::new();
    let names = r#""entities":[{"start":0,"end":3,"type":"PERSON"}]"#;
    let quotations = r#""attributions":[{"content":[[0,3]],"kind":"direct","source_text":"Ann"}]"#;
    place.write("out/mentions.csv", "article_id,start,end,type,zone\na,0,3,person,body\n");
    place.write(
        "out/quotes.csv",
        "article_id,spans,kind,speaker,speaker_surface,confidence,zone\na,0-3,direct,Ann,Ann,0.9,body\n",
    );
    for (fields, parts, absent) in [
        (names.to_string(), &["names in 1 article\n", "exact    person          1.000"][..], "quotations"),
        (quotations.to_string(), &["quotations in 1 article\n", "attribution, strict"], "names in"),
        (format!("{names},{quotations}"), &["names in 1", "quotations in 1"], "nothing"),
    ] {
        place.write("gold.jsonl", format!("{{\"id\":\"a\",\"text\":\"Ann\",{fields}}}\n"));
        let shown = stdout(&place.run(&["evaluate", "--gold", "gold.jsonl", "out", "--errors", "2"]));
        assert!(parts.iter().all(|part| shown.contains(part)) && !shown.contains(absent), "{shown}");
        let json = place.run(&["evaluate", "--gold", "gold.jsonl", "out", "--json"]);
        let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(json["names"].is_null(), !fields.contains("entities"));
    }
}

#[test]
fn a_dump_inside_the_output_folder_does_not_read_the_tables() {
    let place = Place::new();
    place.write("dump/a.txt", STORY);
    for _ in 0..2 {
        assert_eq!(status(&place.run(&["extract", "dump", "--out", "dump/out", "--force"])), Some(0));
        assert_eq!(place.column("dump/out/articles.csv", "article_id"), ["a.txt"]);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_is_gone_costs_itself_alone() {
    let place = Place::new();
    place.write("dump/b.txt", STORY);
    std::os::unix::fs::symlink("nowhere", place.path("dump/a.txt")).unwrap();
    assert_eq!(status(&place.run(&["extract", "dump", "--out", "out"])), Some(1));
    let reject = &place.rows("out/rejects.csv")[0];
    assert_eq!((&*reject["source"], &*reject["reason"]), ("dump/a.txt", "unreadable"));
    assert_eq!(place.rows("out/articles.csv").len(), 1);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::new();
    place.write("long.txt", "A line of an article.\n".repeat(20_000));
    let mut child = command(&["explain", "long.txt"])
        .current_dir(place.0.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((status(&output), stderr(&output)), (Some(0), String::new()));
}

#[test]
fn names_of_files_and_members_command_nothing() {
    let place = Place::new();
    for name in ["=cmd.txt", "@x.txt"] {
        place.write(&format!("dump/{name}"), "“Yes,” said Mira Delgado, the mayor.\n");
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"two\nlines\x1B[31m\xE9.txt");
        fs::write(place.path("dump").join(name), "\0").unwrap();
    }
    let output = place.run(&["extract", "dump", "--out", "out"]);
    assert_eq!(status(&output), Some(if cfg!(unix) { 1 } else { 0 }), "{}", stderr(&output));
    assert_eq!(place.column("out/articles.csv", "article_id"), ["'=cmd.txt", "'@x.txt"]);
    assert_eq!(place.column("out/articles.csv", "source"), ["dump/=cmd.txt", "dump/@x.txt"]);
    assert!(!stderr(&output).contains('\u{1b}'));
    #[cfg(unix)]
    assert_eq!(place.column("out/rejects.csv", "source"), ["dump/two\u{FFFD}lines\u{FFFD}[31m\u{FFFD}.txt"]);
}

#[test]
fn packed_input_is_read_from_files_and_from_standard_input() {
    let foreign = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign");
    let place = Place::new();
    for (i, name) in ["gzip.jsonl.gz", "zstd.jsonl.zst", "python.zip", "python.csv"].into_iter().enumerate() {
        let bytes = fs::read(foreign.join(name)).unwrap();
        let [file, stdin] = ["file", "stdin"].map(|kind| format!("{kind}{i}"));
        let path = foreign.join(name);
        let output = place.run(&["extract", path.to_str().unwrap(), "--out", &file]);
        assert_eq!(status(&output), Some(0), "{}", stderr(&output));
        let output = place.run_with(&["extract", "-", "--out", &stdin], &bytes);
        assert_eq!(status(&output), Some(0), "{}", stderr(&output));
        for column in ["article_id", "title", "quotes", "characters"] {
            let columns = [&file, &stdin].map(|out| place.column(&format!("{out}/articles.csv"), column));
            assert_eq!((columns[0].len(), &columns[0]), (36, &columns[1]), "{name} {column}");
        }
    }
}

#[test]
fn limits_are_options() {
    let place = Place::new();
    let nested = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/python-nested.zip");
    let nested = nested.to_str().unwrap();
    for (options, reason) in [
        (["--max-depth", "2"], "too deep"),
        (["--max-members", "1"], "too large"),
        (["--max-memory", "1"], "too large"),
    ] {
        let options = options.as_slice();
        let output = place.run(&[&["extract", nested, "--force", "--out", "out"], options].concat());
        assert_eq!(status(&output), Some(1), "{}", stderr(&output));
        let reasons = place.column("out/rejects.csv", "reason");
        assert!(!reasons.is_empty() && reasons.iter().all(|found| found == reason), "{options:?}: {reasons:?}");
    }
}

/// What is looked for in a text is bounded, and the bound is an option.
#[test]
fn more_work_may_be_allowed() {
    let place = Place::new();
    // A sentence of 2,000 words, and one that names 250 people.
    const GIVEN: &[&str] = &[
        "Anna", "Boris", "Carla", "David", "Elena", "Farid", "Greta", "Henry", "Irina", "Jonas", "Karim", "Laura",
        "Murad", "Nadia", "Oscar", "Petra",
    ];
    const FAMILY: &[&str] = &[
        "Abbott", "Brandt", "Castro", "Dvorak", "Engel", "Fischer", "Garcia", "Hansen", "Ivanov", "Jensen", "Kowalski",
        "Lindgren", "Morales", "Novak", "Okafor", "Petrov",
    ];
    let people: Vec<String> =
        GIVEN.iter().flat_map(|given| FAMILY.iter().map(move |family| format!("{given} {family}"))).collect();
    let text = format!("{}.\n\nThere came {}.\n", "so it went on and on ".repeat(333).trim(), people.join(", "));
    place.write("a.txt", text);
    let mut seen = Vec::new();
    for work in ["1", "9"] {
        place.run(&["extract", "a.txt", "--force", "--out", "out", "--max-work", work]);
        let remarks = place.column("out/articles.csv", "remarks").remove(0);
        seen.push((remarks, place.column("out/cooccurrences.csv", "source").len()));
    }
    let [(usual, few), (none, many)] = &seen[..] else { panic!("{seen:?}") };
    assert!(usual.contains("long sentence") && usual.contains("crowded sentence"), "{usual}");
    assert!(none.is_empty() && many > few, "{seen:?}");
}
