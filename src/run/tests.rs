//! Whole runs over small folders.

use super::{
    folder::{PACKAGE, RECORD},
    *,
};
use crate::{gazetteer::Gazetteer, table::TABLES};
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

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

/// Stops the run after so many batches.
struct StopAfter(AtomicU64);

impl StopAfter {
    fn new(batches: u64) -> StopAfter {
        StopAfter(AtomicU64::new(batches))
    }
}

impl Observer for StopAfter {
    fn progress(&self, progress: Progress) {
        if !progress.catching_up {
            let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        }
    }

    fn stopped(&self) -> bool {
        self.0.load(Ordering::SeqCst) == 0
    }
}

#[test]
fn a_stopped_run_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    dump(&folder.path().join("d.jsonl"), 2800);
    let inputs = Inputs::new(vec![folder.path().join("d.jsonl")]).unwrap();
    let pipeline = pipeline();
    let options = |name: &str| Options {
        threads: 2,
        max_pairs: 1,
        emit_text: true,
        split_rows: Some(700),
        ..Options::new(folder.path().join(name))
    };
    run(&pipeline, &inputs, &options("whole"), &Unobserved).unwrap();
    for batches in [0, 1, 3] {
        let options = Options { resume: true, ..options(&format!("stopped{batches}")) };
        let mut stops = 0;
        let report = loop {
            match run(&pipeline, &inputs, &options, &StopAfter::new(batches)) {
                Ok(report) => break report,
                Err(error) => assert!(matches!(error.kind(), ErrorKind::Interrupted), "{error}"),
            }
            assert_eq!(folder::Folder::look(&options.out).unwrap(), folder::State::Unfinished);
            stops += 1;
            if stops == 20 {
                break run(&pipeline, &inputs, &options, &Unobserved).unwrap();
            }
        };
        assert!(stops > 0 && !report.done_before);
        assert!(contents(&options.out) == contents(&folder.path().join("whole")), "{batches}");
        assert!(run(&pipeline, &inputs, &options, &Unobserved).unwrap().done_before);
    }
}

/// Whatever is done of putting files in place, a run that goes on does the rest.
#[test]
fn a_run_that_was_stopped_while_it_was_finished_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    dump(&folder.path().join("d.jsonl"), 30);
    let inputs = Inputs::new(vec![folder.path().join("d.jsonl")]).unwrap();
    let pipeline = pipeline();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    // What is replaced has more tables and more files.
    let earlier = Options { emit_text: true, split_rows: Some(10), ..Options::new(&old) };
    run(&pipeline, &inputs, &earlier, &Unobserved).unwrap();
    run(&pipeline, &inputs, &Options::new(&new), &Unobserved).unwrap();
    let names: Vec<String> =
        TABLES.iter().filter(|table| !table.optional()).map(|table| growing::file_name(*table, 1)).collect();
    let names: Vec<String> = names.into_iter().chain([PACKAGE.into(), RECORD.into()]).collect();
    for done in 0.. {
        let out = folder.path().join(format!("out{done}"));
        fs::create_dir(&out).unwrap();
        for entry in fs::read_dir(&old).unwrap().map(|entry| entry.unwrap()) {
            fs::copy(entry.path(), out.join(entry.file_name())).unwrap();
        }
        for name in &names {
            fs::copy(new.join(name), out.join(format!("{name}.partial"))).unwrap();
        }
        let settled = {
            let half = folder::Folder::open(&out).unwrap();
            let settlement = half.settlement(names.clone()).unwrap();
            let state = checkpoint::State::Settling(settlement.clone());
            checkpoint::save(&out, &state, &Totals::default()).unwrap();
            let steps = half.steps(&settlement);
            steps.iter().take(done).for_each(|step| half.take(step).unwrap());
            done > steps.len()
        };
        let complete = run(&pipeline, &inputs, &Options { force: false, ..Options::new(&out) }, &Unobserved);
        assert!(complete.unwrap_err().to_string().contains("--resume"));
        let report = run(&pipeline, &inputs, &Options { resume: true, ..Options::new(&out) }, &Unobserved).unwrap();
        assert!(report.done_before && report.totals.articles > 0);
        assert!(contents(&out) == contents(&new), "after {done} steps");
        if settled {
            assert!(done > names.len() + 3, "the old files go too");
            break;
        }
    }
}

/// Whatever was done of putting files in place, a run that begins anew leaves none of them behind.
#[test]
fn a_run_that_was_stopped_while_it_was_finished_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    dump(&folder.path().join("d.jsonl"), 30);
    let inputs = Inputs::new(vec![folder.path().join("d.jsonl")]).unwrap();
    let pipeline = pipeline();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    let earlier = Options { emit_text: true, split_rows: Some(10), ..Options::new(&old) };
    run(&pipeline, &inputs, &earlier, &Unobserved).unwrap();
    run(&pipeline, &inputs, &Options::new(&new), &Unobserved).unwrap();
    let mut names: Vec<String> =
        contents(&old).into_iter().map(|(name, _)| name).filter(|name| name != RECORD).collect();
    names.push(RECORD.to_string());
    for done in 0..=names.len() {
        let out = folder.path().join(format!("out{done}"));
        fs::create_dir(&out).unwrap();
        for name in &names {
            fs::copy(old.join(name), out.join(format!("{name}.partial"))).unwrap();
        }
        {
            let half = folder::Folder::open(&out).unwrap();
            let settlement = half.settlement(names.clone()).unwrap();
            checkpoint::save(&out, &checkpoint::State::Settling(settlement.clone()), &Totals::default()).unwrap();
            half.steps(&settlement).iter().take(done).for_each(|step| half.take(step).unwrap());
        }
        run(&pipeline, &inputs, &Options { force: true, ..Options::new(&out) }, &Unobserved).unwrap();
        assert!(contents(&out) == contents(&new), "after {done} steps");
    }
}

#[test]
fn the_accounts_must_agree() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder::Folder::open(&folder.path().join("out")).unwrap();
    let mut output = output::Output::create(out, TABLES, Options::new("unused").layout(), None).unwrap();
    let totals = Totals::default();
    writer::account(&output, &totals, 0).unwrap();
    assert!(writer::account(&output, &totals, 1).unwrap_err().to_string().contains("of 1 records, 0"));
    output.tables()[1].append(b"row\n", 1).unwrap();
    assert!(writer::account(&output, &totals, 0).unwrap_err().to_string().contains("of 0 mentions, 1"));
}

#[test]
fn files_that_were_changed_are_not_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    dump(&folder.path().join("d.jsonl"), 1400);
    let inputs = Inputs::new(vec![folder.path().join("d.jsonl")]).unwrap();
    let pipeline = pipeline();
    let options = Options { resume: true, ..Options::new(folder.path().join("out")) };
    assert!(run(&pipeline, &inputs, &options, &StopAfter::new(2)).is_err());
    let path = options.out.join("articles.csv.partial");
    let good = fs::read(&path).unwrap();
    let goes_on = || run(&pipeline, &inputs, &options, &StopAfter::new(0)).unwrap_err().to_string();
    for bad in [&good[..good.len() - 1], &good[1..], b""] {
        fs::write(&path, bad).unwrap();
        let message = goes_on();
        assert!(message.contains("articles.csv.partial: does not hold what the checkpoint says"), "{message}");
    }
    fs::remove_file(&path).unwrap();
    assert!(goes_on().contains("articles.csv.partial: "));
    // What was written behind the checkpoint is cut off.
    fs::write(&path, [&good[..], b"half a ro"].concat()).unwrap();
    assert_eq!(goes_on(), "stopped by a signal");
    assert_eq!(fs::read(&path).unwrap(), good);
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
