//! The same articles in every format that is read: `data/formats/` gives the same rows whatever the file.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/formats")
}

/// Columns that tell where something was found, which differ from file to file.
const PLACES: [&str; 5] = ["article_id", "quote_id", "source", "record", "echo_of"];

/// What a run over one file found.
struct Tables {
    /// For each title its text.
    texts: BTreeMap<String, String>,
    /// Cells of the rows about articles, mentions and quotations, without [`PLACES`].
    rows: BTreeMap<&'static str, Vec<Vec<String>>>,
}

fn read(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut table = csv::Reader::from_path(path).expect("a table");
    table.deserialize().map(|row| row.expect("a row")).collect()
}

/// Runs the program on `input`, or on standard input where there is `stdin`.
fn extract(input: &str, stdin: Option<File>) -> Tables {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let out = temporary.path().join("tables");
    let done = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["extract", "--quiet", "--emit-text", input, "--out"])
        .arg(&out)
        .current_dir(folder())
        .stdin(stdin.map_or(Stdio::null(), Stdio::from))
        .output()
        .expect("the program runs");
    assert!(done.status.success(), "{input}: {}", String::from_utf8_lossy(&done.stderr));
    let articles = read(&out.join("articles.csv"));
    let titles: BTreeMap<&str, &str> =
        articles.iter().map(|row| (row["article_id"].as_str(), row["title"].as_str())).collect();
    let texts = read(&out.join("texts.csv"))
        .iter()
        .map(|row| (titles[row["article_id"].as_str()].to_string(), row["text"].clone()))
        .collect();
    let mut rows = BTreeMap::new();
    for table in ["articles", "mentions", "quotes"] {
        let cells = |row: &BTreeMap<String, String>| {
            let title = titles[row["article_id"].as_str()].to_string();
            let rest = row.iter().filter(|(column, _)| !PLACES.contains(&column.as_str()));
            std::iter::once(title).chain(rest.map(|(column, cell)| format!("{column}={cell}"))).collect::<Vec<_>>()
        };
        let mut all: Vec<Vec<String>> = read(&out.join(format!("{table}.csv"))).iter().map(cells).collect();
        all.sort();
        rows.insert(table, all);
    }
    Tables { texts, rows }
}

/// Compares `found` with `expected`, leaving out the columns in `but`.
fn compare(file: &str, expected: &Tables, found: &Tables, but: &[&str]) {
    assert_eq!(found.texts, expected.texts, "{file}: texts");
    for (table, rows) in &expected.rows {
        let kept = |rows: &[Vec<String>]| -> Vec<String> {
            let wanted = |cell: &&String| !but.iter().any(|column| cell.starts_with(&format!("{column}=")));
            rows.iter().map(|row| row.iter().filter(wanted).cloned().collect::<Vec<_>>().join("\t")).collect()
        };
        assert!(kept(&found.rows[table]) == kept(rows), "{file}: {table}\n{:#?}\n{:#?}", found.rows[table], rows);
    }
}

#[test]
fn every_format_gives_the_same_rows() {
    let expected = extract("articles.jsonl", None);
    assert_eq!(expected.texts.len(), 8);
    for (file, but) in [
        ("articles.json", &[][..]),
        ("articles.csv", &[]),
        ("articles.tsv", &[]),
        ("articles-utf16.csv", &[]),
        ("articles.parquet", &[]),
        ("articles.jsonl.gz", &[]),
        ("articles.jsonl.bz2", &[]),
        ("articles.jsonl.xz", &[]),
        ("articles.jsonl.zst", &[]),
        // These say which language they are in, feeds also at what time of the day they were published.
        ("articles.rss", &["language", "remarks", "published"]),
        ("articles.atom", &["language", "remarks", "published"]),
        ("html", &["language", "remarks"]),
        ("pages.zip", &["language", "remarks"]),
        ("articles.warc.gz", &["language", "remarks"]),
        // These have no link.
        ("nitf", &["url", "language"]),
        ("articles.newsml.xml", &["url", "language"]),
    ] {
        compare(file, &expected, &extract(file, None), but);
    }
}

#[test]
fn texts_without_metadata_give_the_same_articles() {
    let expected = extract("texts.tar.gz", None);
    assert_eq!(expected.texts.len(), 8);
    // The outlet of a crawled page is at least its host.
    compare("articles.warc.wet.gz", &expected, &extract("articles.warc.wet.gz", None), &["url", "outlet"]);
    let titles: BTreeSet<&String> = expected.texts.keys().collect();
    assert_eq!(titles, extract("articles.jsonl", None).texts.keys().collect());
}

#[test]
fn standard_input_is_told_by_content_alone() {
    let expected = extract("articles.jsonl", None);
    for file in fs::read_dir(folder()).expect("the folder").map(|entry| entry.expect("an entry").path()) {
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name").to_string();
        if file.is_dir() {
            continue;
        }
        let found = extract("-", Some(File::open(&file).expect("a file")));
        assert_eq!(found.texts.keys().collect::<Vec<_>>(), expected.texts.keys().collect::<Vec<_>>(), "{name}");
    }
}
