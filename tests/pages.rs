//! HTML pages in the style of different news sites (`pages/`): the article that is found in each against the one that was
//! put in. The target: title and date right everywhere, at least 95 % of the words found, at most 5 % foreign ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    gazetteer::Gazetteer,
    model::Article,
    pipeline::Pipeline,
    read::{Alone, Flow, Inputs, Item, Options, read},
};
use serde_json::Value;
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

/// The articles of a file, and how many rejects there were.
fn articles(path: &Path) -> (Vec<Article>, Vec<String>) {
    let (mut articles, mut rejects) = (Vec::new(), Vec::new());
    let inputs = Inputs::new(vec![path.to_path_buf()]).unwrap();
    read(&inputs, &Options::default(), &Alone, &mut |batch| {
        for item in batch.items {
            match item {
                Item::Article { article, .. } => articles.push(article),
                Item::Reject(reject) => rejects.push(format!("{}: {}", reject.reason, reject.detail)),
            }
        }
        Flow::Continue(())
    });
    (articles, rejects)
}

/// How often each word stands in `text`.
fn words(text: &str) -> HashMap<String, usize> {
    let mut words = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *words.entry(word.to_lowercase()).or_default() += 1;
    }
    words
}

#[test]
fn articles_are_found_in_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut pages: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|e| e == "html"));
    pages.sort();
    assert!(pages.len() >= 13, "{pages:?}");
    let only = std::env::var("PAGE").ok();
    let pipeline = Pipeline::new(Gazetteer::embedded().unwrap()).unwrap();
    let mut faults = Vec::new();
    for path in pages.iter().filter(|path| only.as_ref().is_none_or(|only| path.ends_with(format!("{only}.html")))) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let expected: Value = serde_json::from_slice(&fs::read(path.with_extension("json")).unwrap()).unwrap();
        let (found, rejects) = articles(path);
        let [article] = &found[..] else {
            faults.push(format!("{name}: no article: {rejects:?}"));
            continue;
        };
        let wanted = expected["text"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect::<Vec<_>>();
        let (there, here) = (words(&wanted.join(" ")), words(&article.text));
        let common: usize = there.iter().map(|(word, n)| *n.min(here.get(word).unwrap_or(&0))).sum();
        let found = common as f64 / there.values().sum::<usize>() as f64;
        let foreign = 1.0 - common as f64 / here.values().sum::<usize>() as f64;
        println!("{name:12} found {:5.1} %, foreign {:5.1} %", found * 100.0, foreign * 100.0);
        if only.is_some() {
            println!("{article:#?}\n{}", article.text);
        }
        let mut fault = |what: String| faults.push(format!("{name}: {what}"));
        if found < 0.95 || foreign > 0.05 {
            fault(format!("found {found:.3}, foreign {foreign:.3}"));
        }
        let paragraphs: Vec<&str> = article.text.split("\n\n").collect();
        let whole = wanted.iter().filter(|paragraph| paragraphs.contains(*paragraph)).count();
        if whole * 10 < wanted.len() * 9 {
            fault(format!("{whole} of {} paragraphs are whole", wanted.len()));
        }
        let published = pipeline.annotate(article.clone()).published;
        for (what, got) in [
            ("title", article.title.clone()),
            ("date", published.get(..10).map(str::to_string)),
            ("author", article.author.clone()),
            ("outlet", article.outlet.clone()),
            ("url", article.url.clone()),
            ("language", article.language.clone()),
        ] {
            if expected[what].as_str().is_some() && expected[what].as_str() != got.as_deref() {
                fault(format!("{what} is {got:?}, not {}", expected[what]));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
