//! Pages, crawls, feeds and agency files that other programs wrote (`foreign-pages/`): the articles of `data/` are found in
//! them again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    model::{Article, Reject},
    read::{Alone, Flow, Inputs, Item, Options, read},
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Each file, the articles in it (numbers among those that `make.py` takes), and how many rejects it gives.
const FILES: &[(&str, &[usize], usize)] = &[
    ("feedgen.atom", &[0, 1, 2, 3, 4], 0),
    ("feedgen.rss", &[0, 1, 2, 3, 4], 0),
    ("chromium.html", &[5], 0),
    ("lxml-1252.html", &[1], 0),
    ("lxml-newsml-g2.xml", &[0, 1, 2, 3, 4], 0),
    ("lxml.html", &[0], 0),
    ("lxml.nitf", &[0], 0),
    ("lxml.xhtml", &[2], 0),
    ("markdown.html", &[3], 0),
    ("tidy.html", &[4], 0),
    ("warcio-1.0.warc", &[0, 1, 2, 3, 4], 0),
    ("warcio-1.1.warc", &[0, 1, 2, 3, 4], 0),
    ("warcio.wet", &[0, 1, 2, 3, 4], 0),
    // The list of pages is a page too, and no article.
    ("wget.warc", &[0, 1, 2, 3, 4], 1),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign-pages")
}

/// Everything that `path` gives.
fn items(path: &Path) -> (Vec<Article>, Vec<Reject>) {
    let (mut articles, mut rejects) = (Vec::new(), Vec::new());
    read(&Inputs::new(vec![path.to_path_buf()]).unwrap(), &Options::default(), &Alone, &mut |batch| {
        for item in batch.items {
            match item {
                Item::Article { article, .. } => articles.push(article),
                Item::Reject(reject) => rejects.push(reject),
            }
        }
        Flow::Continue(())
    });
    (articles, rejects)
}

/// The articles of `data/` that `make.py` takes.
fn originals() -> Vec<Value> {
    let lines = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles.jsonl")).unwrap();
    let all = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    all.filter(|article| ["title", "date", "url"].iter().all(|key| article[key].is_string())).take(6).collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn articles_are_found_in_files_of_other_programs() {
    let originals = originals();
    let mut faults = Vec::new();
    for (file, numbers, rejected) in FILES {
        let (articles, rejects) = items(&folder().join(file));
        if (articles.len(), rejects.len()) != (numbers.len(), *rejected) {
            faults.push(format!("{file}: {} articles, {rejects:?}", articles.len()));
            continue;
        }
        let is_markup = *file != "warcio.wet";
        for (article, original) in articles.iter().zip(numbers.iter().map(|number| &originals[*number])) {
            let wanted = |key: &str| original[key].as_str().unwrap_or_default();
            let mut fault = |what: &str| faults.push(format!("{file}, {}: {what}: {article:#?}", article.record));
            if words(&article.text) != words(wanted("text")) {
                fault("text");
            }
            let paragraphs = |text: &str| text.split("\n\n").filter(|p| !p.trim().is_empty()).count();
            if paragraphs(&article.text) != paragraphs(wanted("text")) {
                fault("paragraphs");
            }
            if is_markup && article.title.as_deref() != Some(wanted("title")) {
                fault("title");
            }
            let dated = is_markup && *file != "markdown.html";
            if dated && article.published.as_deref().and_then(|date| date.get(..10)) != wanted("date").get(..10) {
                fault("date");
            }
            let outlet = match *file {
                "feedgen.atom" | "feedgen.rss" => "Feed of the day",
                _ => wanted("outlet"),
            };
            if dated && article.outlet.as_deref() != Some(outlet) {
                fault("outlet");
            }
            let linked = file.starts_with("feedgen") || file.starts_with("warcio");
            if linked && article.url.as_deref() != Some(wanted("url")) {
                fault("url");
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_is_in_the_list_and_in_the_readme() {
    let listed: BTreeSet<String> = FILES.iter().map(|(file, ..)| (*file).to_string()).collect();
    let there = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> = there.filter(|name| !["README.md", "make.py"].contains(&name.as_str())).collect();
    assert_eq!(listed, there);
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    for file in &listed {
        assert!(readme.contains(&format!("| `{file}` |")), "README.md does not name {file}");
    }
}
