//! What can go wrong around a run: full disks, two runs at a time, folders that cannot be used.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod place;

use place::{Place, feed, stderr, wait_until};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A small disk of its own, or none where mounting is not allowed.
struct Disk(PathBuf);

impl Disk {
    fn mount(path: PathBuf, kilobytes: u64, options: &str) -> Option<Disk> {
        fs::create_dir_all(&path).unwrap();
        let size = format!("size={kilobytes}k{options}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(&path).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Disk(path));
        }
        println!("not tested with a small disk: mounting is not allowed here");
        None
    }

    fn resize(&self, kilobytes: u64) {
        let size = format!("remount,size={kilobytes}k");
        assert!(Command::new("mount").args(["-o", &size]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// From no room for the first bytes to none for the last ones, in every format.
#[test]
fn an_export_to_a_full_disk_leaves_nothing() {
    let place = Place::new();
    place.dump("d.jsonl", 300);
    place.done("extract d.jsonl --out run --emit-text -q");
    let Some(disk) = Disk::mount(place.path("small"), 64, "") else { return };
    for (to, out) in
        [("xlsx", "x.xlsx"), ("sqlite", "x.db"), ("parquet", "p"), ("jsonl", "j"), ("gexf", "n.gexf"), ("brat", "b")]
    {
        let mut failed = 0;
        for kilobytes in [64, 128, 256, 512, 1024, 16_384] {
            disk.resize(kilobytes);
            let output = place.run(&format!("export run --to {to} --out small/{out} -q"));
            if output.status.code() == Some(0) {
                break;
            }
            failed += 1;
            let message = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{to}: {message}");
            assert!(message.contains(&format!("small/{out}.partial")) && !message.contains("panicked"), "{message}");
            assert_eq!(fs::read_dir(place.path("small")).unwrap().count(), 0, "{to}: {message}");
        }
        assert!(failed > 0 && failed < 6, "{to}: {failed}");
        let _ = fs::remove_file(place.path("small").join(out));
        let _ = fs::remove_dir_all(place.path("small").join(out));
    }
}

/// Sizes from too small for anything to nearly enough, so that tables, checkpoints and the end of a run hit the limit.
#[test]
fn a_full_disk_costs_nothing_but_time() {
    let place = Place::new();
    place.dump("d.jsonl", 1000);
    let extract = "extract d.jsonl --emit-text --max-pairs 20000 -q";
    place.done(&format!("{extract} --out whole"));
    let whole: u64 = place.tables("whole").values().map(|content| content.len() as u64 / 1024 + 4).sum();
    let (mut failed, mut in_checkpoint, mut at_the_end, mut resumed) = (0, 0, 0, 0);
    // With checkpoints after every batch, and so rarely that there is none.
    let sizes = [1, 6, 20, 40, 60, 75, 85, 95, 100, 104].map(|part| (part, 0));
    for (part, seconds) in sizes.into_iter().chain([30, 75, 85, 95, 99].map(|part| (part, 1000))) {
        let Some(disk) = Disk::mount(place.path("disk"), whole * part / 100 + 8, "") else { return };
        let output = place.run(&format!("{extract} --out disk/out --checkpoint {seconds}"));
        if output.status.code() != Some(1) {
            failed += 1;
            let message = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{part}: {message}");
            assert!(message.contains("No space left on device"), "{part}: {message}");
            in_checkpoint += u32::from(message.contains("onrecord.checkpoint"));
            let late = ["entities.csv", "cooccurrences.csv", "candidates.csv"];
            at_the_end += u32::from(late.iter().any(|name| message.contains(name)));
            assert!(!place.path("disk/out/run.json").exists(), "{part}");
            // As long as there is no room, the same happens again.
            let again = place.run(&format!("{extract} --out disk/out --resume --checkpoint {seconds}"));
            assert_eq!(again.status.code(), Some(2), "{part}: {}", stderr(&again));
            if place.path("disk/out").exists() {
                assert!(message.contains("give the same command with --resume"), "{part}: {message}");
            }
            disk.resize(whole * 4);
            place.done(&format!("{extract} --out disk/out --resume"));
            resumed += u32::from(place.record("disk/out")["resumed"].is_number());
        }
        place.assert_same("whole", "disk/out", &format!("{part} of a hundred parts"));
        drop(disk);
    }
    println!(
        "full {failed} times, {in_checkpoint} of them in a checkpoint and {at_the_end} in tables about the whole run; \
         {resumed} times there was a checkpoint to go on with"
    );
    assert!(failed >= 10 && in_checkpoint > 0 && at_the_end > 0 && resumed >= 5, "not everything was hit");
}

/// The limit on the size of a file is one that needs no right to mount.
#[test]
fn a_file_that_may_not_grow_costs_nothing_but_time() {
    let place = Place::new();
    place.dump("d.jsonl", 1000);
    let extract = "extract d.jsonl --max-pairs 20000 -q";
    place.done(&format!("{extract} --out whole"));
    for (number, kilobytes) in [4, 100, 400, 800].into_iter().enumerate() {
        // The shell counts in blocks of 512 bytes, or 1024; the signal that goes with the limit would kill.
        let program = env!("CARGO_BIN_EXE_onrecord");
        let script = format!(
            "trap '' XFSZ; ulimit -f {}; exec '{program}' {extract} --out out{number} --checkpoint 0",
            kilobytes * 2
        );
        let output = Command::new("sh").args(["-c", &script]).current_dir(place.path(".")).output().unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("File too large") && message.contains("with --resume"), "{message}");
        place.done(&format!("{extract} --out out{number} --resume"));
        place.assert_same("whole", &format!("out{number}"), "after a limit");
    }
}

#[test]
fn two_runs_do_not_write_into_one_folder() {
    let place = Place::new();
    place.write("a.txt", "“Two boats are lost,” said Mira Delgado.\n");
    let mut child = place.command("extract - --out out").stdin(Stdio::piped()).spawn().unwrap();
    wait_until("the last table", || place.path("out/rejects.csv.partial").exists());
    let before = fs::read_dir(place.path("out")).unwrap().count();
    for args in ["", "--force", "--resume"] {
        place.refused(&format!("extract a.txt --out out {args}"), "out: another run is writing to this folder");
    }
    assert_eq!(fs::read_dir(place.path("out")).unwrap().count(), before);
    feed(&mut child, b"{\"text\": \"One line.\"}\n");
    drop(child.stdin.take());
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
    assert!(!place.path("out/onrecord.lock").exists());
    // The file that a dead run has left locks nobody out.
    place.write("dead/onrecord.lock", "");
    place.done("extract a.txt --out dead");
    place.done("extract a.txt --out fresh");
    place.assert_same("fresh", "dead", "beside a lock file");
    assert!(!place.path("dead/onrecord.lock").exists());
}

#[test]
fn folders_that_cannot_be_used_say_why() {
    let place = Place::new();
    place.write("a.txt", "“Two boats are lost,” said Mira Delgado.\n");
    place.refused("extract a.txt --out a.txt", "a.txt: ");
    place.refused("extract a.txt --out a.txt/below", "a.txt/below: ");
    if let Some(disk) = Disk::mount(place.path("fixed"), 100, "") {
        fs::create_dir(disk.0.join("out")).unwrap();
        let fix = Command::new("mount").args(["-o", "remount,ro"]).arg(&disk.0).status().unwrap();
        assert!(fix.success());
        place.refused("extract a.txt --out fixed/out", "fixed/out/onrecord.lock: Read-only file system");
        place.refused("extract a.txt --out fixed/new", "fixed/new: Read-only file system");
    }
    // Names with spaces and signs are names like others.
    let out = place.path("my tables, 2020 (é)");
    let output = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["extract", "a.txt", "--split-rows", "100", "--out"])
        .arg(&out)
        .current_dir(place.path("."))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(out.join("run.json").exists());
}

/// Tables on another file system than the folder above them, and below an input.
#[test]
fn tables_may_lie_on_another_disk_below_the_input() {
    let place = Place::new();
    place.write("dump/a.txt", "“Two boats are lost,” said Mira Delgado.\n");
    place.write("dump/z.txt", "“Three boats are lost,” said Mira Delgado.\n");
    let Some(_disk) = Disk::mount(place.path("dump/disk"), 1000, "") else { return };
    for args in ["", "--resume", "--force"] {
        place.done(&format!("extract dump --out dump/disk/out {args}"));
        let articles = fs::read_to_string(place.path("dump/disk/out/articles.csv")).unwrap();
        assert_eq!(articles.lines().count(), 3, "{articles}");
    }
}

/// A file that is both an output of one run and the input of another is read like any other.
#[test]
fn an_input_inside_the_output_folder_is_told() {
    let place = Place::new();
    place.write("out/a.txt", "“Two boats are lost,” said Mira Delgado.\n");
    place.refused("extract out/a.txt --out out", "out: is not empty");
    place.refused("extract out --out out --force", "out: is an input too");
    place.done("extract out/a.txt --out out --force");
    assert!(Path::new(&place.path("out/a.txt")).exists());
    place.refused("extract out/articles.csv --out out --force", "out/articles.csv: is a table in the output folder");
}
