//! Which articles are taken, through the whole program: conditions, samples, languages and duplicates.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::{collections::BTreeMap, fs, path::Path, process::Command};
use tempfile::TempDir;

const DUMP: &str = r#"{"id":"a","date":"Sun, 11 Oct 2020 10:00:00 GMT","outlet":"Harbour Herald","language":"en-GB","text":"“We lost two boats,” said Mira Delgado, the harbour master of Lisbon."}
{"id":"b","date":"1 November 2020","outlet":"Reuters","text":"“We lost two boats,” said Mira Delgado, the harbour master of Lisbon.\n"}
{"id":"c","date":"2019-03-01","outlet":"Reuters","text":"“The port is open again,” Mira Delgado said on Friday."}
{"id":"d","date":1602410400,"outlet":"Hafenbote","text":"Die Hafenmeisterin Mira Delgado sagte am Sonntag in Lissabon, dass zwei Boote verloren gegangen seien."}
{"id":"e","text":"“No date is known,” said Mira Delgado, who runs the port of Lisbon."}
{"id":"f","date":
{"id":"g","date":"2020-10-12","outlet":"Reuters","lang":"fra","text":"Mira Delgado said nothing."}
"#;

/// Runs `extract` over the dump with `args`; returns the folder with `out`, and what was printed.
fn extract(args: &[&str]) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("dump.jsonl"), DUMP).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["extract", "dump.jsonl", "--out", "out"])
        .args(args)
        .current_dir(folder.path())
        .output()
        .unwrap();
    // The bad record comes after the ones that a limit allows.
    let status = i32::from(!args.contains(&"--limit"));
    assert_eq!(output.status.code(), Some(status), "{}", String::from_utf8_lossy(&output.stderr));
    (folder, String::from_utf8(output.stdout).unwrap())
}

fn rows(folder: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join("out").join(table)).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Ids of the articles, joined.
fn ids(args: &[&str]) -> String {
    let (folder, _) = extract(args);
    let record: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("out/run.json")).unwrap()).unwrap();
    let (articles, counts) = (rows(folder.path(), "articles.csv"), &record["counts"]);
    assert_eq!(counts["articles"], articles.len());
    if !args.contains(&"--limit") {
        assert_eq!(counts["records"], 7);
        assert_eq!(counts["passedOver"], 6 - articles.len());
    }
    articles.iter().map(|row| row["article_id"].as_str()).collect()
}

#[test]
fn conditions_pick_articles() {
    for (args, taken) in [
        (&[][..], "abcdeg"),
        (&["--where", "date>=2020"], "abdg"),
        (&["--where", "date=2020-10"], "adg"),
        (&["--where", "date=2020-10-11", "--where", "outlet~harbour"], "a"),
        (&["--where", "date<2020-11", "--where", "date>2019"], "adg"),
        (&["--where", "outlet!=Reuters"], "ad"),
        (&["--where", "language=en"], "a"),
        (&["--where", "source=dump.jsonl", "--limit", "2"], "ab"),
        (&["--where", "outlet=Reuters", "--limit", "2"], "bc"),
        (&["--where", "outlet=nobody"], ""),
        (&["--sample", "0"], ""),
        (&["--sample", "100%"], "abcdeg"),
    ] {
        assert_eq!(ids(args), taken, "{args:?}");
    }
}

#[test]
fn a_sample_does_not_depend_on_the_file() {
    let taken = ids(&["--sample", "50%", "--seed", "3"]);
    assert!((1..6).contains(&taken.len()), "{taken}");
    let folder = tempfile::tempdir().unwrap();
    for (i, line) in DUMP.lines().enumerate() {
        fs::write(folder.path().join(format!("{}.jsonl", 9 - i)), line).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["extract", ".", "--out", "out", "--sample", "0.5", "--seed", "3"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let mut again: Vec<String> =
        rows(folder.path(), "articles.csv").iter().map(|row| row["article_id"].clone()).collect();
    again.sort();
    assert_eq!(again.concat(), taken);
}

#[test]
fn a_wrong_condition_is_told_before_anything_is_read() {
    for (args, message) in [
        (["--where", "year>2020"], "a condition is one of date, language, outlet, title"),
        (["--where", "date>soon"], "`soon` is no date: write 2020, 2020-10 or 2020-10-11"),
        (["--language", "klingonish"], "give a code of ISO 639-1"),
        (["--sample", "2"], "a number from 0 to 1, or from 0% to 100%"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["extract", "-", "--out", "never"])
            .args(args)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains(message), "{stderr}");
    }
    assert!(!Path::new("never").exists());
}

#[test]
fn texts_seen_before_are_marked_and_may_be_skipped() {
    let found = |args: &[&str]| {
        let (folder, printed) = extract(args);
        let articles = rows(folder.path(), "articles.csv");
        let row = articles.iter().find(|row| row["article_id"] == "b").unwrap().clone();
        let mentions = rows(folder.path(), "mentions.csv").iter().filter(|row| row["article_id"] == "b").count();
        assert_eq!(
            articles.iter().filter(|row| !row["duplicate_of"].is_empty()).count(),
            usize::from(!row["duplicate_of"].is_empty())
        );
        (row["duplicate_of"].clone(), mentions, row["mentions"].clone(), printed)
    };
    let (original, mentions, column, printed) = found(&[]);
    assert_eq!((original.as_str(), column.as_str()), ("a", "2"));
    assert_eq!(mentions, 2);
    assert!(printed.contains("1 with the text of an earlier one\n"), "{printed}");
    let (original, mentions, column, printed) = found(&["--skip-duplicates"]);
    assert_eq!((original.as_str(), mentions, column.as_str()), ("a", 0, "0"));
    assert!(printed.contains("1 with the text of an earlier one · 1 not searched for names\n"), "{printed}");
    let (original, mentions, ..) = found(&["--no-duplicates"]);
    assert_eq!((original.as_str(), mentions), ("", 2));
}

#[test]
fn other_languages_are_rows_without_names() {
    let of = |args: &[&str]| {
        let (folder, _) = extract(args);
        let rows = rows(folder.path(), "articles.csv");
        let short = |row: &BTreeMap<String, String>| {
            format!("{}:{}{}", row["article_id"], row["language"], if row["mentions"] == "0" { "" } else { "+" })
        };
        rows.iter().map(short).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of(&[]), "a:en+ b:+ c:+ d:+ e:+ g:fr+");
    assert_eq!(of(&["--language", "en"]), "a:en+ b:en+ c:en+ d:de e:en+ g:fr");
    assert_eq!(of(&["--language", "French,de"]), "a:en b:en c:en d:de+ e:en g:fr+");
}

#[test]
fn the_field_of_the_language_can_be_named() {
    let (folder, _) = extract(&["--language-field", "outlet", "--language", "en"]);
    let languages: Vec<String> =
        rows(folder.path(), "articles.csv").iter().map(|row| row["language"].clone()).collect();
    assert_eq!(languages[0], "en", "an outlet is no language, so that the text is asked");
}
