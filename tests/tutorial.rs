//! `docs/tutorial.md`, done word for word: its commands are run, its edits made as a spreadsheet would make them, and what it says
//! they print is what they print.
//!
//! | in the tutorial | here |
//! | --- | --- |
//! | a block of `sh` | its commands, run in a folder with nothing but `data/tutorial` |
//! | a block of `text` behind it | what they print, times apart |
//! | `<!-- edit A save B -->` and a table | cells of A that are written over, saved as B |
//! | `<!-- add to A -->` and a table | rows that are added to A |
//!
//! `BLESS=1 cargo test --test tutorial` writes what is printed into the tutorial: read the difference.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_tutorial_is_true() {
    let place = tempfile::tempdir().unwrap();
    let articles = place.path().join("data/tutorial");
    fs::create_dir_all(&articles).unwrap();
    for file in fs::read_dir(root().join("data/tutorial")).unwrap().map(|entry| entry.unwrap().path()) {
        fs::copy(&file, articles.join(file.file_name().unwrap())).unwrap();
    }
    let path = root().join("docs/tutorial.md");
    let tutorial = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = tutorial.lines().collect();
    let (mut at, mut out, mut printed, mut commands, mut edits) = (0, Vec::new(), None::<String>, 0, 0);
    while at < lines.len() {
        let line = lines[at];
        out.push(line.to_string());
        at += 1;
        if let Some(language) = line.strip_prefix("```") {
            let end = at + lines[at..].iter().position(|line| *line == "```").unwrap();
            let block = lines[at..end].join("\n");
            at = end + 1;
            if language == "sh" {
                printed = Some(run(&block, place.path()));
                commands += 1;
                out.push(block);
            } else {
                let printed = printed.take().unwrap_or_else(|| panic!("line {end}: nothing was printed before it"));
                if std::env::var_os("BLESS").is_none() {
                    assert_eq!(timeless(&block), timeless(&printed), "docs/tutorial.md, line {}", end - 1);
                }
                out.push(printed);
            }
            out.push("```".to_string());
        } else if let Some(task) = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) {
            let table: Vec<Vec<&str>> = lines[at..]
                .iter()
                .skip_while(|line| line.is_empty())
                .take_while(|line| line.starts_with('|'))
                .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
                .filter(|row: &Vec<&str>| !row[0].starts_with("---"))
                .collect();
            match *task.split(' ').collect::<Vec<_>>() {
                ["edit", from, "save", to] => edit(&place.path().join(from), &place.path().join(to), &table[1..]),
                ["add", "to", file] => add(&place.path().join(file), &table),
                _ => panic!("nobody knows how to {task}"),
            }
            edits += 1;
        }
        if let Some((_, picture)) = line.split_once("](pictures/") {
            let picture = root().join("docs/pictures").join(picture.trim_end_matches(')'));
            let bytes = fs::metadata(&picture).unwrap_or_else(|error| panic!("{}: {error}", picture.display())).len();
            assert!(bytes < 150_000, "{} has {bytes} bytes", picture.display());
        }
    }
    assert!(commands >= 8 && edits == 2, "{commands} blocks of commands and {edits} edits were found");
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, out.join("\n") + "\n").unwrap();
    }
}

/// What the commands print, errors and progress last.
fn run(commands: &str, place: &Path) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_onrecord"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh").args(["-e", "-c", commands]).current_dir(place).env("PATH", path).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert!(output.status.success(), "{commands}\n{}", text(&output.stderr));
    let all = text(&output.stdout) + &text(&output.stderr);
    all.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// How long something took is another time every time.
fn timeless(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(" in ") {
        Some((before, rest)) if rest.ends_with(" articles a second)") => before,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Writes over some cells, and saves the table as a spreadsheet program does in half of Europe.
fn edit(from: &Path, to: &Path, edits: &[Vec<&str>]) {
    let mut reader = csv::Reader::from_path(from).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_string).collect()).collect();
    for edit in edits {
        let (name, kind) = edit[0].split_once(", ").unwrap_or((edit[0], ""));
        let wanted = |row: &&mut Vec<String>| row[column("name")] == name && row[column("type")].starts_with(kind);
        let row = rows.iter_mut().find(wanted).unwrap_or_else(|| panic!("{} has no row {}", from.display(), edit[0]));
        row[column(edit[1])] = edit[2].to_string();
    }
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(&header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    fs::write(to, writer.into_inner().unwrap()).unwrap();
}

/// Adds rows to a table.
fn add(file: &Path, table: &[Vec<&str>]) {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_writer(fs::read(file).unwrap());
    for row in &table[1..] {
        let cell = |name: &str| table[0].iter().position(|column| *column == name).map_or("", |place| row[place]);
        writer.write_record(header.iter().map(cell)).unwrap();
    }
    fs::write(file, writer.into_inner().unwrap()).unwrap();
}
