//! The laws of the house: who may import whom, how long a file may be, which room is the door to which crate, and what
//! the files in `gazetteers/` look like.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use unicode_normalization::UnicodeNormalization;
use walkdir::WalkDir;

/// Every room and the rooms that it may import from. Each names only rooms above it: there are no circles.
const ROOMS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("whole", &["error"]),
    ("model", &[]),
    ("token", &["error", "model"]),
    ("gazetteer", &["error", "model", "token"]),
    ("text", &["error", "model", "token", "gazetteer"]),
    ("evidence", &["error", "model", "token", "gazetteer"]),
    // These four exchange plain data; none knows another.
    ("mention", &["error", "model", "token", "gazetteer", "text", "evidence"]),
    ("resolve", &["error", "model", "token", "gazetteer", "text", "evidence"]),
    ("quote", &["error", "model", "token", "gazetteer", "text", "evidence"]),
    ("attribute", &["error", "model", "token", "gazetteer", "text", "evidence"]),
    (
        "pipeline",
        &["error", "model", "token", "gazetteer", "text", "evidence", "mention", "resolve", "quote", "attribute"],
    ),
    ("read", &["error", "model"]),
    ("workbench", &["error", "whole", "model", "token", "gazetteer", "read"]),
    ("table", &["error", "model"]),
    ("run", &["error", "model", "gazetteer", "pipeline", "read", "table"]),
    ("finished", &["error", "run", "table"]),
    ("export", &["error", "whole", "read", "table", "finished"]),
    ("review", &["error", "model", "token", "gazetteer", "workbench", "table"]),
    ("report", &["error", "model", "token", "gazetteer", "finished"]),
    ("evaluate", &["error", "model", "table"]),
    ("generate", &["error", "model", "gazetteer"]),
    (
        "fit",
        &[
            "error",
            "model",
            "token",
            "gazetteer",
            "text",
            "evidence",
            "mention",
            "resolve",
            "quote",
            "attribute",
            "evaluate",
        ],
    ),
    (
        "cli",
        &[
            "error",
            "whole",
            "model",
            "gazetteer",
            "evidence",
            "mention",
            "pipeline",
            "read",
            "workbench",
            "table",
            "run",
            "finished",
            "export",
            "review",
            "report",
            "evaluate",
            "generate",
            "fit",
        ],
    ),
    ("main", &["cli"]),
];

/// Crates (and one module of the standard library) that only some rooms may use.
const DOORS: &[(&str, &[&str])] = &[
    ("rayon", &["run"]),
    ("indicatif", &["cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("toml", &["cli"]),
    ("data_encoding", &["report"]),
    ("strsim", &["workbench", "cli"]),
    ("ctrlc", &["cli"]),
    ("signal_hook", &["cli"]),
    ("anstream", &["cli"]),
    ("anstyle", &["cli"]),
    ("minijinja", &["report"]),
    ("walkdir", &["read"]),
    ("html5gum", &["read"]),
    ("quick_xml", &["read"]),
    ("flate2", &["read"]),
    ("brotli_decompressor", &["read"]),
    ("zstd", &["read"]),
    ("chardetng", &["read"]),
    ("encoding_rs", &["gazetteer", "read"]),
    ("flate2", &["read"]),
    ("parquet", &["read", "export"]),
    ("arrow_array", &["read", "table", "run"]),
    ("arrow_schema", &["read", "table", "run"]),
    ("arrow_buffer", &["read", "table"]),
    ("arrow_ipc", &["read", "run"]),
    ("arrow_select", &["table"]),
    ("rust_xlsxwriter", &["export"]),
    ("rusqlite", &["export"]),
    ("snap", &["read"]),
    ("zstd", &["read"]),
    ("lz4_flex", &["read"]),
    ("brotli_decompressor", &["read"]),
    ("whatlang", &["read"]),
    ("whichlang", &["read"]),
    ("bzip2", &["read"]),
    ("lzma_rust2", &["read"]),
    ("deflate64", &["read"]),
    ("rawzip", &["read"]),
    ("tar", &["read"]),
    ("csv_core", &["read"]),
    ("itoa", &["table"]),
    ("csv", &["gazetteer", "evidence", "workbench", "finished", "review", "evaluate", "generate"]),
    ("hashbrown", &["read", "table"]),
    (
        "serde_json",
        &["read", "workbench", "table", "run", "finished", "export", "report", "evaluate", "generate", "cli"],
    ),
    ("sha2", &["gazetteer", "run", "report", "evaluate"]),
    ("jiff", &["text", "read", "run", "export", "report"]),
    ("aho_corasick", &["gazetteer"]),
    ("oorandom", &["generate"]),
    ("memmap2", &["gazetteer"]),
    ("postcard", &["gazetteer", "workbench", "table", "run"]),
    ("bytemuck", &["gazetteer"]),
    ("xxhash_rust", &["token", "gazetteer", "read", "run"]),
    ("unicode_normalization", &["token", "workbench"]),
    ("std::fs", &["whole", "gazetteer", "read", "workbench", "run", "export", "review", "evaluate", "cli"]),
];

/// The most lines of code in a file.
const LONGEST: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One source file without comments and without its tests.
struct Source {
    path: PathBuf,
    room: String,
    code: String,
    has_caption: bool,
}

/// Every file of the library and the program, in order of paths.
fn sources() -> Vec<Source> {
    sources_in("src")
}

/// Those and every file of the Python package.
fn all_sources() -> Vec<Source> {
    let python = sources_in("python/src").into_iter();
    let python = python.map(|source| Source { path: Path::new("python/src").join(&source.path), ..source });
    sources().into_iter().chain(python).collect()
}

fn sources_in(folder: &str) -> Vec<Source> {
    let files =
        WalkDir::new(root().join(folder)).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    files
        .filter(|path| path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs"))
        .map(|path| {
            let below = path.strip_prefix(root().join(folder)).unwrap();
            let first = below.components().next().unwrap().as_os_str().to_string_lossy();
            let room = first.trim_end_matches(".rs").to_string();
            let text = fs::read_to_string(&path).unwrap();
            Source { room, code: code(&text), has_caption: text.starts_with("//! "), path: below.to_path_buf() }
        })
        .collect()
}

/// The lines of code: no comments, no blank lines, nothing from `#[cfg(test)]` on where that opens the tests.
fn code(text: &str) -> String {
    let mut lines = Vec::new();
    let mut all = text.lines().map(str::trim).peekable();
    while let Some(line) = all.next() {
        if line == "#[cfg(test)]" && all.peek().is_some_and(|next| next.starts_with("mod tests")) {
            break;
        }
        if !line.is_empty() && !line.starts_with("//") {
            lines.push(line.split(" // ").next().unwrap_or(line));
        }
    }
    lines.join("\n")
}

/// The rooms that `code` reaches through `crate::`, grouped imports included.
fn imports(code: &str) -> BTreeSet<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(name(rest));
            continue;
        };
        let (mut depth, mut start) = (0, true);
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if start && depth == 0 && !c.is_whitespace() => {
                    found.insert(name(&group[i..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn rooms_import_only_from_rooms_below_them() {
    let law: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    for (i, (room, below)) in ROOMS.iter().enumerate() {
        let known = |name: &str| ROOMS[..i].iter().any(|(earlier, _)| *earlier == name);
        assert!(below.iter().all(|name| known(name)), "{room} would close a circle");
    }
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.room != "lib") {
        let Some(allowed) = law.get(source.room.as_str()) else {
            broken.push(format!("{} is in no room of the law", source.path.display()));
            continue;
        };
        for room in imports(&source.code).iter().filter(|room| **room != source.room) {
            if !allowed.contains(&room.as_str()) {
                broken.push(format!("{} imports from {room}", source.path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_stay_short() {
    let lengths = all_sources().into_iter().map(|source| (source.code.lines().count(), source.path));
    let long: Vec<_> = lengths.filter(|(lines, _)| *lines > LONGEST).collect();
    assert!(long.is_empty(), "more than {LONGEST} lines of code: {long:?}");
}

#[test]
fn each_crate_has_its_door() {
    let mut broken = Vec::new();
    for source in sources() {
        for (name, rooms) in DOORS {
            let path = format!("{name}::");
            let import = format!("use {name}::");
            let grouped = name.strip_prefix("std::").is_some_and(|module| {
                let uses = source.code.match_indices("use std::{").map(|(at, _)| &source.code[at..]);
                uses.map(|rest| rest.split(';').next().unwrap_or(rest)).any(|list| {
                    list.split(['{', ',', '}']).any(|part| {
                        let part = part.trim();
                        part == module || part.starts_with(&format!("{module}::"))
                    })
                })
            });
            let used = source.code.contains(&import)
                || grouped
                || source.code.match_indices(&path).any(|(at, _)| {
                    !source.code[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':'))
                });
            if used && !rooms.contains(&source.room.as_str()) {
                broken.push(format!("{} uses {name}", source.path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Mapping a file, asking for memory before it is wanted, and taking tables from another program in the same process (Arrow's C
/// interface), are the things that cannot be done without.
#[test]
fn two_files_have_unsafe_code() {
    let is_unsafe =
        |source: &Source| ["unsafe {", "unsafe fn", "unsafe impl"].iter().any(|word| source.code.contains(word));
    let unsafe_ones: Vec<_> = all_sources().into_iter().filter(is_unsafe).collect();
    let paths: Vec<_> = unsafe_ones.iter().map(|source| source.path.as_path()).collect();
    assert_eq!(paths, [Path::new("gazetteer/bytes.rs"), Path::new("python/src/capsule.rs")]);
}

/// In a process that is forked off, what another thread was just building stays half built. So whatever is built when it is first needed
/// can be built beforehand, apart from what no extraction needs (`run::prepare` calls these; reasons have their names from loading on).
#[test]
fn what_is_built_late_can_be_built_before() {
    let elsewhere = ["cli", "evaluate", "generate", "fit"];
    let late = |source: &&Source| ["LazyLock::new(", "OnceLock::new("].iter().any(|word| source.code.contains(word));
    let sources = all_sources();
    let late: Vec<&Source> = sources.iter().filter(late).filter(|s| !elsewhere.contains(&&*s.room)).collect();
    assert!(late.len() > 5, "{}", late.len());
    for source in late.into_iter().filter(|source| source.path != Path::new("mention/reasons.rs")) {
        assert!(source.code.contains("fn prepare("), "{} builds late and has no `prepare`", source.path.display());
    }
}

#[test]
fn nothing_is_called_utils() {
    let vague = ["util", "utils", "helper", "helpers", "misc", "common"];
    for source in all_sources() {
        let parts = source.path.iter().map(|part| part.to_string_lossy());
        assert!(!parts.clone().any(|part| vague.contains(&part.trim_end_matches(".rs"))), "{}", source.path.display());
    }
}

#[test]
fn every_file_says_what_it_is() {
    for source in all_sources() {
        assert!(source.has_caption, "{} has no caption", source.path.display());
    }
}

#[test]
fn the_manifest_and_the_gazetteers_agree() {
    let folder = root().join("gazetteers");
    let mut named = BTreeSet::from(["manifest.csv".to_string()]);
    let mut broken = Vec::new();
    for row in csv::Reader::from_path(folder.join("manifest.csv")).unwrap().records() {
        let row = row.unwrap();
        if !named.insert(row[0].to_string()) {
            broken.push(format!("manifest.csv names {} twice", &row[0]));
        }
        if row.iter().take(4).any(str::is_empty) {
            broken.push(format!("manifest.csv: {} needs role, source and licence", &row[0]));
        }
    }
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> = files.filter(|name| name.ends_with(".csv")).collect();
    broken.extend(named.difference(&there).map(|name| format!("manifest.csv names {name}, which is not there")));
    broken.extend(there.difference(&named).map(|name| format!("manifest.csv does not name {name}")));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn gazetteers_are_clean() {
    let mut broken = Vec::new();
    for entry in fs::read_dir(root().join("gazetteers")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "csv") {
            continue;
        }
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = String::from_utf8(fs::read(&path).unwrap()).unwrap_or_else(|_| panic!("{file} is not UTF-8"));
        let mut fault = |what: &str| broken.push(format!("{file}: {what}"));
        if text.starts_with('\u{feff}') {
            fault("begins with a byte order mark");
        }
        if text.contains('\r') {
            fault("has carriage returns");
        }
        if !text.ends_with('\n') {
            fault("does not end with a line end");
        }
        if text.nfc().ne(text.chars()) {
            fault("is not in normal form C");
        }
        let mut seen = BTreeMap::new();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    fault(&error.to_string());
                    continue;
                }
            };
            let line = row.position().map_or(0, csv::Position::line);
            if row.iter().any(|cell| cell.trim() != cell) {
                fault(&format!("line {line}: a cell has white space at its edge"));
            }
            if let Some(first) = seen.insert(row.iter().map(str::to_string).collect::<Vec<_>>(), line) {
                fault(&format!("line {line} repeats line {first}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_reader_of_imports_reads_imports() {
    for (code, expected) in [
        ("use crate::model::Span;", vec!["model"]),
        ("use crate::{\nerror::{Error, Result},\nmodel::{self, Span},\ntext,\n};", vec!["error", "model", "text"]),
        ("let x = crate::token::fold(y); mycrate::z();", vec!["token"]),
        ("use super::x;", vec![]),
    ] {
        assert_eq!(imports(code).into_iter().collect::<Vec<_>>(), expected, "{code}");
    }
}
