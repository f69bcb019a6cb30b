//! A folder of its own for one test, with dumps in it, and the program run there.

#![allow(dead_code, reason = "not every file of tests needs all of it")]

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// The program, to be run here, with these words separated by spaces as its arguments.
    pub fn command(&self, args: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.args(args.split_whitespace()).current_dir(self.0.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &str) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs the program, which must succeed.
    pub fn done(&self, args: &str) {
        let output = self.run(args);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{args}: {}", stderr(&output));
    }

    /// Runs the program, which must refuse with a message that holds `part`.
    pub fn refused(&self, args: &str, part: &str) {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(2), "{args}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{args}: {}", stderr(&output));
    }

    /// Every file of a folder but `run.json`, which tells times.
    pub fn tables(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let files = fs::read_dir(self.path(folder)).unwrap().map(|entry| entry.unwrap().path());
        let named =
            files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()));
        named.filter(|(name, _)| name != "run.json").collect()
    }

    /// Two folders must hold the same tables, and records that differ in times alone.
    pub fn assert_same(&self, one: &str, other: &str, about: &str) {
        let (a, b) = (self.tables(one), self.tables(other));
        assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{about}: {one}, {other}");
        for (name, content) in &a {
            assert!(*content == b[name], "{about}: {name} differs in {one} and {other}");
        }
        let record = |folder: &str| {
            let mut record = self.record(folder);
            for key in ["started", "seconds", "resumed"] {
                record.as_object_mut().unwrap().remove(key);
            }
            record["options"].as_object_mut().unwrap().remove("threads");
            record
        };
        assert_eq!(record(one), record(other), "{about}");
    }

    pub fn record(&self, folder: &str) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.path(folder).join("run.json")).unwrap()).unwrap()
    }

    /// A made-up dump of `count` articles, with some records that cannot be read and some ids that repeat.
    pub fn dump(&self, name: &str, count: usize) -> PathBuf {
        self.done(&format!("generate articles -n {count} --out plain.jsonl"));
        let plain = fs::read_to_string(self.path("plain.jsonl")).unwrap();
        fs::remove_file(self.path("plain.jsonl")).unwrap();
        let mut dump = String::new();
        for (i, line) in plain.lines().enumerate() {
            match i % 40 {
                7 => dump += "{\"id\": 7, \"text\":\n",
                19 => dump += &format!("{line}\n{line}\n"),
                31 => dump += "{\"title\": \"nothing to read\"}\n\n",
                _ => dump += &format!("{line}\n"),
            }
        }
        self.write(name, dump)
    }

    /// The same as a folder of text files in folders.
    pub fn folder(&self, name: &str, count: usize) {
        self.done(&format!("generate articles -n {count} --out plain.jsonl"));
        let plain = fs::read_to_string(self.path("plain.jsonl")).unwrap();
        fs::remove_file(self.path("plain.jsonl")).unwrap();
        for (i, line) in plain.lines().enumerate() {
            let article: serde_json::Value = serde_json::from_str(line).unwrap();
            let path = format!("{name}/{:02}/story {i}.txt", i % 23);
            match i % 50 {
                9 => self.write(&path, ""),
                29 => self.write(&path, b"\x89PNG\r\n\x1a\n\0\0"),
                _ => self.write(&path, format!("{}\n\n{}", article["title"], article["text"].as_str().unwrap())),
            };
        }
    }
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Sends a signal by its name.
#[cfg(unix)]
pub fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(status.unwrap().success());
}

/// Waits until `ready`, for a minute at most.
pub fn wait_until(what: &str, mut ready: impl FnMut() -> bool) {
    let start = Instant::now();
    while !ready() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what} did not happen");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Writes to the standard input of a program that may have gone away.
pub fn feed(child: &mut Child, bytes: &[u8]) {
    let _ = child.stdin.as_mut().unwrap().write_all(bytes);
}

/// Whether a folder holds a checkpoint.
pub fn has_checkpoint(folder: &Path) -> bool {
    folder.join("onrecord.checkpoint").exists()
}
