//! Whole runs over small folders.

use super::*;
use crate::gazetteer::Gazetteer;
use std::{fs, path::Path};

fn pipeline() -> Pipeline {
    Pipeline::new(Gazetteer::embedded().unwrap()).unwrap()
}

/// A dump of `count` articles, some of them bad.
fn dump(path: &Path, count: usize) {
    let lines: Vec<String> = (0..count)
        .map(|i| match i % 7 {
            3 => "{\"id\":".to_string(),
            5 => format!("{{\"id\":{i},\"text\":\"\"}}"),
            _ => {
                let text = format!("“We saw {i} ships,” said Mira Delgado in Lisbon. ").repeat(i % 5 * 4 + 1);
                format!("{{\"id\":\"a{}\",\"text\":{}}}", i / 2, serde_json::json!(text))
            }
        })
        .collect();
    fs::write(path, lines.join("\n")).unwrap();
}

/// Every file of a folder with its content, without the record of the run.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name != "run.json")
        .collect();
    files.sort();
    files
}

#[test]
fn tables_do_not_depend_on_the_number_of_workers() {
    let folder = tempfile::tempdir().unwrap();
    dump(&folder.path().join("d.jsonl"), 1400);
    let inputs = Inputs::new(vec![folder.path().join("d.jsonl")]).unwrap();
    let pipeline = pipeline();
    let mut outcomes = Vec::new();
    for threads in [1, 2, 5] {
        let out = folder.path().join(format!("out{threads}"));
        let options = Options { threads, emit_text: true, ..Options::new(&out) };
        let report = run(&pipeline, &inputs, &options, &Unobserved).unwrap();
        assert_eq!((report.totals.articles, report.totals.rejects), (1000, 400));
        assert_eq!(report.bytes, fs::metadata(folder.path().join("d.jsonl")).unwrap().len());
        outcomes.push(contents(&out));
    }
    assert_eq!(outcomes[0].len(), TABLES.len() + 1);
    assert!(outcomes.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_stopped_run_leaves_nothing() {
    struct Stop;
    impl Observer for Stop {
        fn stopped(&self) -> bool {
            true
        }
    }
    let folder = tempfile::tempdir().unwrap();
    dump(&folder.path().join("d.jsonl"), 10);
    let inputs = Inputs::new(vec![folder.path().join("d.jsonl")]).unwrap();
    let out = folder.path().join("out");
    let error = run(&pipeline(), &inputs, &Options::new(&out), &Stop).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Interrupted));
    assert!(!out.exists());
}

#[test]
fn a_folder_with_content_is_kept_unless_forced() {
    let folder = tempfile::tempdir().unwrap();
    dump(&folder.path().join("d.jsonl"), 3);
    let inputs = Inputs::new(vec![folder.path().join("d.jsonl")]).unwrap();
    let out = folder.path().join("out");
    let pipeline = pipeline();
    let go =
        |force, emit_text| run(&pipeline, &inputs, &Options { force, emit_text, ..Options::new(&out) }, &Unobserved);
    go(false, true).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let error = go(false, false).unwrap_err();
    assert!(error.to_string().contains("is not empty"), "{error}");
    assert!(out.join("texts.csv").exists());
    go(true, false).unwrap();
    assert!(!out.join("texts.csv").exists(), "a table of the earlier run would not fit the new ones");
    assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
    assert!(!contents(&out).iter().any(|(name, _)| name.ends_with(".partial")));
}

#[test]
fn the_record_tells_hashes_and_counts() {
    let folder = tempfile::tempdir().unwrap();
    dump(&folder.path().join("d.jsonl"), 14);
    let inputs = Inputs::new(vec![folder.path().join("d.jsonl")]).unwrap();
    let out = folder.path().join("out");
    run(&pipeline(), &inputs, &Options::new(&out), &Unobserved).unwrap();
    let read = |name: &str| serde_json::from_slice::<serde_json::Value>(&fs::read(out.join(name)).unwrap()).unwrap();
    let (record, package) = (read("run.json"), read("datapackage.json"));
    assert_eq!(record["counts"]["records"], 14);
    assert_eq!(record["counts"]["articles"], 10);
    for (table, resource) in record["tables"].as_array().unwrap().iter().zip(package["resources"].as_array().unwrap()) {
        use sha2::Digest;
        let bytes = fs::read(out.join(table["path"].as_str().unwrap())).unwrap();
        let hash: String = sha2::Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(table["sha256"], hash);
        assert_eq!(resource["hash"], format!("sha256:{hash}"));
        let rows = csv::Reader::from_reader(&bytes[..]).records().filter(|row| row.is_ok()).count();
        assert_eq!(table["rows"], rows, "{}", table["name"]);
    }
}

#[test]
fn a_lost_record_is_an_error() {
    let mut totals = Totals::default();
    (totals.articles, totals.rejects, totals.passed_over) = (5, 2, 3);
    assert!(nothing_is_lost(10, &totals).is_ok());
    for records in [9, 11] {
        let error = nothing_is_lost(records, &totals).unwrap_err().to_string();
        assert!(error.contains("5 articles, 2 rejects and 3 passed over"), "{error}");
    }
}
