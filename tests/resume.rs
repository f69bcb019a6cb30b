//! Runs that are stopped in every way and go on: what comes out is byte for byte that of an unbroken run.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod place;

use place::{Place, feed, has_checkpoint, signal, stderr, wait_until};
use std::{
    fs,
    os::unix::process::ExitStatusExt,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

/// Numbers that look drawn by chance, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// How often a run is killed; `KILLS=120 cargo test --profile quick --test resume killed -- --nocapture` for many times.
fn kills() -> u32 {
    std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(5)
}

/// Kills runs of `extract` at moments drawn by chance and goes on with them, until so many were killed.
fn kill(place: &Place, extract: &str, seed: u64) {
    let begun = Instant::now();
    place.done(&format!("{extract} --out whole -q"));
    let whole = begun.elapsed();
    let (mut chance, mut killed, mut runs, mut checkpoints) = (Chance(seed), 0, 0, 0);
    while killed < kills() {
        let out = format!("out{runs}");
        let mut of_this_run = 0;
        loop {
            // In the end one is left in peace.
            let mut child =
                place.command(&format!("{extract} --out {out} -q --resume --checkpoint 0")).spawn().unwrap();
            if of_this_run < 6 {
                let moment = whole.as_micros() as u64 * (1 + chance.below(120)) / 100;
                wait_for(&mut child, Duration::from_micros(moment));
                let _ = child.kill();
            }
            let output = child.wait_with_output().unwrap();
            if output.status.signal() != Some(9) {
                assert!(matches!(output.status.code(), Some(0 | 1)), "{out}: {}", stderr(&output));
                break;
            }
            checkpoints += u32::from(has_checkpoint(&place.path(&out)));
            of_this_run += 1;
            killed += 1;
        }
        place.assert_same("whole", &out, &format!("killed {of_this_run} times"));
        fs::remove_dir_all(place.path(&out)).unwrap();
        runs += 1;
    }
    println!("{extract}: {killed} kills, {checkpoints} of them with a checkpoint, {runs} runs, all the same bytes");
    assert!(checkpoints > 0, "kills must hit runs that have something to lose");
}

/// Waits so long, or until the program ends.
fn wait_for(child: &mut Child, moment: Duration) {
    let start = Instant::now();
    while start.elapsed() < moment && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn killed_runs_over_json_lines_go_on() {
    let place = Place::new();
    place.dump("d.jsonl", 1500);
    kill(&place, "extract d.jsonl --max-pairs 3000 --emit-text --split-rows 3000 --excel", 0x9E37_79B9);
}

#[test]
fn killed_runs_over_a_folder_of_texts_go_on() {
    let place = Place::new();
    place.folder("texts", 1500);
    kill(&place, "extract texts --threads 2", 0xB529_7A4D);
}

#[test]
fn signals_stop_a_run_which_goes_on_later() {
    let place = Place::new();
    place.dump("d.jsonl", 1500);
    place.done("extract d.jsonl --out whole -q");
    for (name, status) in [("INT", 130), ("TERM", 143)] {
        let mut child = place.command(&format!("extract d.jsonl --out {name} --checkpoint 0")).spawn().unwrap();
        wait_until("a checkpoint", || has_checkpoint(&place.path(name)) || child.try_wait().unwrap().is_some());
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{}", stderr(&output));
        for part in ["stopping", "--resume"] {
            assert!(stderr(&output).contains(part), "{}", stderr(&output));
        }
        place.refused(&format!("extract d.jsonl --out {name}"), "give --resume to go on with it, or --force");
        place.done(&format!("extract d.jsonl --out {name} --resume"));
        place.assert_same("whole", name, name);
        assert_eq!(place.record(name)["resumed"], 1);
    }
}

/// A dump that comes through a pipe is sent again from its beginning.
#[test]
fn standard_input_is_sent_again() {
    let place = Place::new();
    let dump = fs::read(place.dump("d.jsonl", 1500)).unwrap();
    let piped = |args: &str| {
        let mut child = place.command(args).stdin(Stdio::piped()).spawn().unwrap();
        feed(&mut child, &dump);
        drop(child.stdin.take());
        child.wait_with_output().unwrap()
    };
    assert_eq!(piped("extract - --out whole -q").status.code(), Some(1));
    // The program waits for more, and a signal ends it all the same.
    let mut child = place.command("extract - --out out").stdin(Stdio::piped()).spawn().unwrap();
    feed(&mut child, &dump[..dump.len() / 2]);
    wait_until("rows", || fs::metadata(place.path("out/quotes.csv.partial")).is_ok_and(|file| file.len() > 1000));
    signal(&child, "TERM");
    let input = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    drop(input);
    assert_eq!(output.status.code(), Some(143), "{}", stderr(&output));
    assert!(has_checkpoint(&place.path("out")));
    assert_eq!(piped("extract - --out out --resume -q").status.code(), Some(1));
    place.assert_same("whole", "out", "piped");
}

/// A folder `stopped` with a run over `d.jsonl` that has a checkpoint.
fn stopped(options: &str) -> Place {
    let place = Place::new();
    place.dump("d.jsonl", 1500);
    place.write("names.csv", "name,type\nMira Delgado,person\n");
    let command = format!("extract d.jsonl --out stopped --checkpoint 0 --gazetteer names.csv {options}");
    let mut child = place.command(&command).spawn().unwrap();
    wait_until("a checkpoint", || has_checkpoint(&place.path("stopped")) || child.try_wait().unwrap().is_some());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(has_checkpoint(&place.path("stopped")), "the run was too short");
    place
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let place = stopped("--shard 1/2");
    let same = "extract d.jsonl --out stopped --gazetteer names.csv --shard 1/2 --resume";
    for (change, part) in [
        ("--min-confidence 0.5", "option min-confidence was 0.0 and is 0.5"),
        ("--emit-text", "option emit-text was false and is true"),
        ("--split-rows 500", "option split-rows was null and is 500"),
        ("--excel", "option excel was false and is true"),
        ("--text-field body", "option fields was {} and is {\"text\":\"body\"}"),
        ("--limit 10", "option limit was null and is 10"),
        ("names.csv", "the input was [\"d.jsonl\"] and is [\"d.jsonl\",\"names.csv\"]"),
    ] {
        place.refused(&format!("{same} {change}"), part);
    }
    place.refused(&same.replace("1/2", "2/2"), "it was shard 1/2 and is shard 2/2");
    place.refused(&same.replace("--shard 1/2", ""), "it was shard 1/2 and is the whole");
    place.refused(&same.replace("--gazetteer names.csv", ""), "the gazetteers are not the same: names.csv");
    place.refused(&format!("{same} --force"), "--force");
    place.write("names.csv", "name,type\nMira Delgada,person\n");
    place.refused(same, "the gazetteer names.csv has changed");
    place.write("names.csv", "name,type\nMira Delgado,person\n");
    let path = place.path("stopped/onrecord.checkpoint");
    let good = fs::read(&path).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let line = format!("onrecord checkpoint 2 of onrecord {version}\n");
    assert!(good.starts_with(line.as_bytes()));
    let older = [line.replace(version, "0.0.7").as_bytes(), &good[line.len()..]].concat();
    let mut flipped = good.clone();
    flipped[good.len() * 2 / 3] ^= 1;
    for (bad, part) in [
        (&older[..], "was written by onrecord 0.0.7"),
        (&flipped, "is damaged"),
        (&good[..good.len() / 2], "is damaged"),
        (b"", "is damaged"),
    ] {
        fs::write(&path, bad).unwrap();
        place.refused(same, part);
    }
    fs::write(&path, good).unwrap();
    place.done(same);
}

#[test]
fn an_input_that_has_changed_is_refused() {
    let place = stopped("");
    let same = "extract d.jsonl --out stopped --gazetteer names.csv --resume";
    let good = fs::read(place.path("d.jsonl")).unwrap();
    place.write("d.jsonl", [&good[..], b"{\"text\": \"one more\"}\n"].concat());
    place.refused(same, "the input was 1 files with");
    // As long as it was, but not the same.
    let mut other = good.clone();
    let at = other.windows(6).position(|bytes| bytes == b"text\":").unwrap() + 20;
    other[at] = if other[at] == b'x' { b'y' } else { b'x' };
    place.write("d.jsonl", other);
    place.refused(same, "it differs between its beginning and what was record");
    place.write("d.jsonl", " ".repeat(good.len()));
    place.refused(same, "the input is not what it was");
    place.write("d.jsonl", good);
    place.done(same);
    place.done("extract d.jsonl --out whole --gazetteer names.csv");
    place.assert_same("whole", "stopped", "restored");
}

#[test]
fn a_run_that_is_complete_is_not_done_again() {
    let place = Place::new();
    place.dump("d.jsonl", 50);
    // Where there is nothing to go on with, a run begins.
    let output = place.run("extract d.jsonl --out out --resume");
    assert!(stderr(&output).contains("there is nothing to resume"), "{}", stderr(&output));
    let before = fs::metadata(place.path("out/mentions.csv")).unwrap().modified().unwrap();
    let output = place.run("extract d.jsonl --out out --resume --threads 1");
    assert_eq!(output.status.code(), Some(1), "as the run itself");
    assert!(stderr(&output).contains("this run is complete"), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("48 articles and 3 rejects"));
    assert_eq!(fs::metadata(place.path("out/mentions.csv")).unwrap().modified().unwrap(), before);
    place.refused("extract d.jsonl --out out --resume --emit-text", "option emit-text was false and is true");
    place.refused("extract d.jsonl --out out", "is not empty");
    place.dump("d.jsonl", 51);
    place.refused("extract d.jsonl --out out --resume", "the input was 1 files with");
    // Files of somebody else are no run.
    place.write("mine/notes.txt", "mine");
    place.refused("extract d.jsonl --out mine --resume", "is not empty");
    assert_eq!(fs::read_dir(place.path("mine")).unwrap().count(), 1);
}

#[test]
fn what_was_unfinished_is_begun_anew_when_forced() {
    let place = stopped("--split-rows 500 --emit-text");
    place.done("extract d.jsonl --out stopped --force --limit 100");
    place.done("extract d.jsonl --out whole --limit 100");
    place.assert_same("whole", "stopped", "forced");
    // A run that was stopped before its first checkpoint has nothing to go on with.
    place.write("early/mentions.csv.partial", "article_id,ent");
    let output = place.run("extract d.jsonl --out early --resume --limit 100");
    assert!(stderr(&output).contains("stopped before its first checkpoint"), "{}", stderr(&output));
    place.assert_same("whole", "early", "begun anew");
}

#[test]
fn a_closed_standard_error_hurts_nobody() {
    let place = Place::new();
    place.dump("d.jsonl", 1500);
    let mut child = place.command("extract d.jsonl --out out --checkpoint 0").spawn().unwrap();
    drop((child.stderr.take(), child.stdout.take()));
    wait_until("a checkpoint", || has_checkpoint(&place.path("out")) || child.try_wait().unwrap().is_some());
    signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let mut child = place.command("extract d.jsonl --out out --resume").spawn().unwrap();
    drop((child.stderr.take(), child.stdout.take()));
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
