//! Shards joined to what one run would have written, byte for byte; tables in several files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod place;

use place::{Place, has_checkpoint, wait_until};
use std::{fs, path::Path};

/// Does `extract` in one run and in `of` shards, and joins them.
fn compare(place: &Place, extract: &str, of: u64) {
    place.done(&format!("{extract} --out whole -q --force"));
    let folders: Vec<String> = (1..=of).map(|number| format!("shard-{number}")).collect();
    for (number, folder) in (1..).zip(&folders) {
        place.done(&format!("{extract} --out {folder} --shard {number}/{of} -q --force"));
    }
    // In any order.
    let named: Vec<&str> = folders.iter().rev().map(String::as_str).collect();
    place.done(&format!("merge {} --out merged --force", named.join(" ")));
    place.assert_same("whole", "merged", &format!("{extract} in {of}"));
}

#[test]
fn shards_of_the_samples_are_the_whole() {
    let place = Place::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let (articles, gold) = (data.join("articles"), data.join("gold.jsonl"));
    for of in [1, 2, 3] {
        compare(&place, &format!("extract {} {}", articles.display(), gold.display()), of);
    }
}

#[test]
fn shards_of_a_dump_are_the_whole() {
    let place = Place::new();
    place.dump("d.jsonl", 1200);
    for (options, of) in [
        ("", 3),
        ("--max-pairs 500", 4),
        ("--min-confidence 0.8 --emit-text --no-guard", 2),
        ("--split-rows 777 --emit-text --max-pairs 2000", 3),
        ("--split-rows 500 --emit-text --excel", 3),
        ("--limit 500", 2),
        // More shards than batches: some have nothing to do.
        ("--limit 300", 9),
    ] {
        compare(&place, &format!("extract d.jsonl {options}"), of);
    }
    let record = place.record("shard-2");
    assert_eq!((&record["shard"]["number"], &record["shard"]["of"]), (&2.into(), &9.into()));
}

#[test]
fn an_input_without_records_has_shards_too() {
    let place = Place::new();
    fs::create_dir(place.path("empty")).unwrap();
    compare(&place, "extract empty", 3);
}

#[cfg(unix)]
#[test]
fn a_shard_that_was_killed_goes_on() {
    let place = Place::new();
    place.dump("d.jsonl", 2000);
    place.done("extract d.jsonl --out whole -q");
    let shard = "extract d.jsonl --out one --shard 1/2 -q";
    let mut child = place.command(&format!("{shard} --checkpoint 0")).spawn().unwrap();
    wait_until("a checkpoint", || has_checkpoint(&place.path("one")) || child.try_wait().unwrap().is_some());
    child.kill().unwrap();
    child.wait().unwrap();
    place.done("extract d.jsonl --out two --shard 2/2 -q");
    place.refused("merge one two --out merged", "one: holds a run that is not finished");
    place.done(&format!("{shard} --resume"));
    place.done("merge one two --out merged");
    place.assert_same("whole", "merged", "after a kill");
}

#[test]
fn what_is_no_set_of_shards_is_refused() {
    let place = Place::new();
    place.dump("d.jsonl", 700);
    place.dump("e.jsonl", 701);
    for number in 1..=3 {
        place.done(&format!("extract d.jsonl --out s{number} --shard {number}/3 -q"));
    }
    place.done("extract d.jsonl --out whole -q");
    place.done("extract d.jsonl --out half --shard 1/2 -q");
    place.done("extract d.jsonl --out sure --shard 2/3 --min-confidence 0.9 -q");
    place.done("extract e.jsonl --out other --shard 2/3 -q");
    place.write("full/notes.txt", "mine");
    for (folders, part) in [
        ("s1 s3", "shard 2/3 is missing"),
        ("s1 s2 s3 s2", "is shard 2/3, and so is"),
        ("s1 s2 s3 half", "half: is no shard of the run in s1: it is one of 2 shards"),
        ("s1 sure s3", "sure: is no shard of the run in s1: the option min-confidence was 0.0 and is 0.9"),
        ("s1 other s3", "other: is no shard of the run in s1: the input was [\"d.jsonl\"]"),
        ("whole s1", "whole: is no shard"),
        ("s1 s2 s3 nowhere", "nowhere"),
        ("full", "full: holds no tables of a run"),
    ] {
        place.refused(&format!("merge {folders} --out out"), part);
        assert!(!place.path("out").exists(), "{folders}");
    }
    place.refused("merge s1 s2 s3 --out full", "is not empty");
    place.write("killed/mentions.csv.partial", "article_id,ent");
    place.refused("merge s1 s2 s3 --out killed", "killed: holds tables that are not finished: give --force");
    place.done("merge s1 s2 s3 --out killed --force");
    place.assert_same("whole", "killed", "a merge after one that was killed");
    place.refused("merge s1 s2 s3 --out s1 --force", "s1: is one of the shards too");
    // An input that is called the same and is another one.
    let good = fs::read_to_string(place.path("d.jsonl")).unwrap();
    place.write("d.jsonl", good.replacen("said", "told", 1));
    place.done("extract d.jsonl --out changed --shard 2/3 -q");
    place.refused("merge s1 changed s3 --out out", "has read another input than the other shards");
    // Damage anywhere is found.
    for name in ["quotes.csv", "articles.csv", "shard.onrecord"] {
        let path = place.path("s2").join(name);
        let good = fs::read(&path).unwrap();
        let mut flipped = good.clone();
        flipped[good.len() / 2] ^= 1;
        for bad in [&flipped[..], &good[..good.len() - 1], &[&good[..], b"x"].concat(), b""] {
            fs::write(&path, bad).unwrap();
            place.refused("merge s1 s2 s3 --out out", name);
            assert!(!place.path("out").exists(), "{name}");
        }
        fs::write(&path, good).unwrap();
    }
    place.done("merge s1 s2 s3 --out out");
    place.assert_same("whole", "out", "mended");
}

#[test]
fn tables_are_split_between_rows() {
    let place = Place::new();
    place.dump("d.jsonl", 400);
    place.done("extract d.jsonl --out whole --emit-text -q");
    place.done("extract d.jsonl --out split --emit-text --split-rows 150 -q");
    let (whole, split) = (place.record("whole"), place.record("split"));
    let package: serde_json::Value =
        serde_json::from_slice(&fs::read(place.path("split/datapackage.json")).unwrap()).unwrap();
    let rows = |path: &Path| -> Vec<csv::StringRecord> {
        csv::Reader::from_path(path).unwrap().into_records().map(|row| row.unwrap()).collect()
    };
    for (i, table) in split["tables"].as_array().unwrap().iter().enumerate() {
        let name = table["name"].as_str().unwrap();
        let all = rows(&place.path("whole").join(format!("{name}.csv")));
        let files: Vec<String> = match table["files"].as_array() {
            Some(files) => files.iter().map(|file| file["path"].as_str().unwrap().to_string()).collect(),
            None => vec![table["path"].as_str().unwrap().to_string()],
        };
        assert_eq!(files.len(), all.len().div_ceil(150).max(1), "{name}");
        let mut found = Vec::new();
        for (number, file) in (1..).zip(&files) {
            let expected = if number == 1 { format!("{name}.csv") } else { format!("{name}-{number}.csv") };
            assert_eq!(*file, expected);
            let part = rows(&place.path("split").join(file));
            assert!(number == files.len() || part.len() == 150, "{file} has {} rows", part.len());
            found.extend(part);
        }
        assert!(found == all, "{name}");
        assert_eq!(table["rows"], whole["tables"][i]["rows"]);
        let paths = &package["resources"][i]["path"];
        let listed: Vec<&str> = match paths.as_array() {
            Some(paths) => paths.iter().map(|path| path.as_str().unwrap()).collect(),
            None => vec![paths.as_str().unwrap()],
        };
        assert_eq!(listed, files);
    }
    // Fewer files take the place of many.
    place.done("extract d.jsonl --out split --emit-text --force -q");
    place.assert_same("whole", "split", "forced");
    place.refused("extract d.jsonl --out few --split-rows 5", "--split-rows");
}

#[test]
fn split_tables_are_evaluated_as_whole_ones() {
    let place = Place::new();
    place.done("generate articles -n 300 --out d.jsonl --gold gold.jsonl");
    place.done("extract d.jsonl --out whole -q");
    place.done("extract d.jsonl --out split --split-rows 300 -q");
    assert!(place.path("split/quotes-3.csv").exists());
    let figures = |folder: &str| place.run(&format!("evaluate --gold gold.jsonl {folder} --json")).stdout;
    assert!(figures("whole") == figures("split") && !figures("whole").is_empty());
}
