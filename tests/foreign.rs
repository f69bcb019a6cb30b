//! Files that other programs wrote from `data/` are read as `data/` is. `tests/foreign/README.md` tells who wrote them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    model::{Article, Reject},
    read::{self, Alone, Inputs, Item, Options},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// What a file holds.
#[derive(Clone, Copy)]
enum Holds {
    /// So many articles of `articles.jsonl`, with all that is known of them.
    Records(usize),
    /// So many articles of `articles/`: nothing but their texts.
    Texts(usize),
    /// So many of both.
    Both(usize, usize),
}
use Holds::{Both, Records, Texts};

/// File, what it holds, and what is rejected (part of `source: reason: detail`).
const FILES: &[(&str, Holds, &[&str])] = &[
    ("python.csv", Records(36), &[]),
    ("python-excel.csv", Records(36), &[]),
    ("python.tsv", Records(36), &[]),
    ("python-utf16.tsv", Records(12), &[]),
    ("python-utf16be.csv", Records(12), &[]),
    ("python-1252.csv", Records(20), &[]),
    ("python-1254.csv", Records(20), &[]),
    ("libreoffice.csv", Records(36), &[]),
    ("libreoffice-semicolon.csv", Records(36), &[]),
    ("libreoffice-utf16.tsv", Records(36), &[]),
    ("gzip.jsonl.gz", Records(36), &[]),
    ("python.jsonl.gz", Records(36), &[]),
    ("bzip2.jsonl.bz2", Records(36), &[]),
    ("python.jsonl.bz2", Records(36), &[]),
    ("xz.jsonl.xz", Records(36), &[]),
    ("python.jsonl.xz", Records(36), &[]),
    ("zstd.jsonl.zst", Records(36), &[]),
    ("zstd-frames.jsonl.zst", Records(36), &[]),
    ("gnu.tar", Texts(12), &[]),
    ("gnu.tar.zst", Texts(12), &[]),
    ("pax.txz", Texts(12), &[]),
    ("v7.tar.bz2", Texts(9), &[]),
    ("python.tar.gz", Texts(12), &[]),
    // `zip -r` follows links, so that one text comes twice.
    ("infozip.zip", Texts(13), &[]),
    ("infozip-pipe.zip", Texts(13), &[]),
    ("infozip-encrypted.zip", Texts(1), &["!04-potter-interview.txt: unreadable: the member is encrypted"]),
    ("7zip-bzip2.zip", Texts(12), &[]),
    ("7zip-deflate.zip", Texts(12), &[]),
    ("7zip-deflate64.zip", Texts(12), &[]),
    ("7zip-lzma.zip", Texts(12), &[]),
    ("python.zip", Records(36), &[]),
    ("python-lzma.zip", Records(36), &[]),
    ("python-nested.zip", Both(36, 24), &[]),
];

#[test]
fn files_of_other_programs_are_read() {
    let (records, texts) = (records(), texts());
    let mut broken = Vec::new();
    for (file, holds, rejected) in FILES {
        let (articles, rejects) = read(&folder().join(file));
        let (mut of_records, mut of_texts, mut ids) = (0, 0, BTreeSet::new());
        for article in &articles {
            if !ids.insert(&article.id) {
                broken.push(format!("{file}: the id {} comes twice", article.id));
            }
            if records.get(&article.id).is_some_and(|record| *record == bare(article)) {
                of_records += 1;
            } else if texts.contains(&article.text) && article.title.is_none() && article.remarks.is_empty() {
                of_texts += 1;
            } else {
                broken.push(format!("{file}: {} is not what it should be: {article:?}", article.id));
            }
        }
        let expected = match *holds {
            Records(count) => (count, 0),
            Texts(count) => (0, count),
            Both(records, texts) => (records, texts),
        };
        if (of_records, of_texts) != expected {
            broken.push(format!("{file}: {of_records} records and {of_texts} texts, not {expected:?}"));
        }
        let told: Vec<String> = rejects.iter().map(|r| format!("{}: {}: {}", r.source, r.reason, r.detail)).collect();
        if told.len() != rejected.len() || told.iter().zip(*rejected).any(|(told, part)| !told.contains(part)) {
            broken.push(format!("{file}: rejects {told:?}"));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_file_is_in_the_list_and_in_the_readme() {
    let listed: BTreeSet<String> = FILES.iter().map(|(file, ..)| (*file).to_string()).collect();
    let others = ["README.md", "make.py", "parquet", "pipe_arrow.py"];
    let there = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> = there.filter(|name| !others.contains(&name.as_str())).collect();
    assert_eq!(listed, there);
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    for file in &listed {
        assert!(readme.contains(&format!("| `{file}` |")), "README.md does not name {file}");
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign")
}

/// Everything that `path` gives.
fn read(path: &Path) -> (Vec<Article>, Vec<Reject>) {
    let (mut articles, mut rejects) = (Vec::new(), Vec::new());
    read::read(&Inputs::new(vec![path.to_path_buf()]).unwrap(), &Options::default(), &Alone, &mut |batch| {
        for item in batch.items {
            match item {
                Item::Article { article, .. } => articles.push(article),
                Item::Reject(reject) => rejects.push(reject),
            }
        }
        ControlFlow::Continue(())
    });
    (articles, rejects)
}

/// An article without what tells where it came from.
fn bare(article: &Article) -> Article {
    Article { source: String::new(), record: 0, ..article.clone() }
}

/// The articles of `articles.jsonl` by their ids.
fn records() -> BTreeMap<String, Article> {
    let (articles, rejects) = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles.jsonl"));
    assert_eq!((articles.len(), rejects.len()), (36, 0));
    articles.iter().map(|article| (article.id.clone(), bare(article))).collect()
}

/// The texts of `articles/`.
fn texts() -> BTreeSet<String> {
    let (articles, rejects) = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles"));
    assert_eq!((articles.len(), rejects.len()), (36, 0));
    articles.into_iter().map(|article| article.text).collect()
}
