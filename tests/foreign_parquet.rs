//! Parquet files that other programs wrote (`tests/foreign/parquet/make.py`): each holds the same twelve articles.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    model::{Article, Reject},
    read::{self, Field, Fields, Flow, Inputs, Item, Options},
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const COUNT: usize = 12;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/parquet")
}

fn read_file(path: &Path, options: &Options) -> (Vec<Article>, Vec<Reject>) {
    let inputs = Inputs::new(vec![path.to_path_buf()]).unwrap();
    let (mut articles, mut rejects) = (Vec::new(), Vec::new());
    read::read(&inputs, options, &read::Alone, &mut |batch| {
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

/// The articles as JSON Lines has them.
fn expected() -> Vec<Article> {
    let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles.jsonl");
    let (articles, _) = read_file(&dump, &Options { limit: Some(COUNT as u64), ..Options::default() });
    articles
}

fn read_named(name: &str) -> (Vec<Article>, Vec<Reject>) {
    read_file(&folder().join(format!("{name}.parquet")), &Options::default())
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_string()
}

fn all() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "parquet")).collect();
    files.sort();
    files
}

/// Those that hold the articles in another form, and have a test of their own.
const OTHERS: &[&str] = &["pyarrow-nested", "pyarrow-nulls", "duckdb-encrypted"];

#[test]
fn every_file_holds_the_same_articles() {
    let expected = expected();
    assert_eq!(expected.len(), COUNT);
    let files = all();
    assert!(files.len() >= 30, "{files:?}");
    for path in files.iter().filter(|path| !OTHERS.contains(&name_of(path).as_str())) {
        let (articles, rejects) = read_file(path, &Options::default());
        let name = name_of(path);
        assert!(rejects.is_empty(), "{name}: {rejects:?}");
        assert_eq!(articles.len(), COUNT, "{name}");
        for (number, (article, expected)) in articles.iter().zip(&expected).enumerate() {
            assert_eq!((&article.id, &article.title), (&expected.id, &expected.title), "{name}");
            assert_eq!(article.text, expected.text, "{name}");
            assert_eq!(article.record, number as u64 + 1, "{name}");
            let authors = match number % 3 {
                0 => None,
                1 => Some("Mira Delgado".to_string()),
                _ => Some(format!("Mira Delgado; Author {number}")),
            };
            assert_eq!(article.author, authors, "{name}");
            let hour = 10 + number;
            let published = match name.as_str() {
                "pyarrow-date" => "2020-10-11".to_string(),
                "pyarrow-time-text" => format!("11 October 2020 {hour}:30:15 GMT"),
                "pyarrow-time-local" => format!("2020-10-11T{hour}:30:15"),
                _ => format!("2020-10-11T{hour}:30:15Z"),
            };
            assert_eq!(article.published.as_deref(), Some(published.as_str()), "{name}");
        }
    }
}

#[test]
fn the_sample_is_the_same_as_in_json_lines() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let read = |name: &str| {
        let (articles, rejects) = read_file(&data.join(name), &Options::default());
        assert!(rejects.is_empty());
        articles.into_iter().map(|article| Article { source: String::new(), ..article }).collect::<Vec<_>>()
    };
    let (rows, lines) = (read("articles.parquet"), read("articles.jsonl"));
    assert_eq!(rows.len(), 36);
    assert_eq!(rows, lines);
}

#[test]
fn groups_of_columns_are_descended() {
    let mut fields = Fields::default();
    for (field, path) in [
        (Field::Title, "meta.title"),
        (Field::Published, "meta.when"),
        (Field::Author, "meta.by"),
        (Field::Text, "doc.parts"),
    ] {
        fields.set(field, path);
    }
    let path = folder().join("pyarrow-nested.parquet");
    let (articles, rejects) = read_file(&path, &Options { fields: fields.clone(), ..Options::default() });
    assert!(rejects.is_empty(), "{rejects:?}");
    for (number, (article, expected)) in articles.iter().zip(expected()).enumerate() {
        assert_eq!((&article.id, &article.title), (&number.to_string(), &expected.title));
        assert_eq!(article.text, expected.text, "the parts of a text are paragraphs");
        assert_eq!(article.published, Some(format!("2020-10-11T{}:30:15Z", 10 + number)));
    }
    assert_eq!(articles[2].author.as_deref(), Some("Mira Delgado; Author 2"));
    fields.set(Field::Author, "meta.by.1.name");
    fields.set(Field::Text, "doc.parts.0");
    let (articles, _) = read_file(&path, &Options { fields, ..Options::default() });
    assert_eq!((articles[1].author.as_deref(), articles[2].author.as_deref()), (None, Some("Author 2")));
    assert_eq!(articles[3].text, expected()[3].text.split("\n\n").next().unwrap());
}

#[test]
fn rows_without_a_text_are_rejects() {
    let (articles, rejects) = read_named("pyarrow-nulls");
    let numbers = |numbers: Vec<u64>| numbers.into_iter().collect::<BTreeSet<u64>>();
    assert_eq!(numbers(rejects.iter().map(|reject| reject.record).collect()), numbers(vec![3, 6, 9, 12]));
    assert!(rejects.iter().all(|reject| reject.reason == "no text" && reject.byte_offset == 4), "{rejects:?}");
    assert_eq!(articles.len(), 8);
    assert_eq!(articles[0].id, expected()[0].id);
    assert_eq!(articles[1].id, "pyarrow-nulls.parquet:2", "a row without an id gets one");
    assert!(articles.iter().all(|article| article.title.is_none()));
    let (articles, rejects) = read_named("pyarrow-nested");
    assert!(articles.is_empty());
    assert_eq!((rejects.len(), rejects[0].reason.as_str(), rejects[0].record), (1, "no text", 0));
}

#[test]
fn an_encrypted_file_is_one_reject() {
    let (articles, rejects) = read_named("duckdb-encrypted");
    assert!(articles.is_empty());
    assert_eq!((rejects.len(), rejects[0].detail.as_str()), (1, "the file is encrypted"));
}

#[test]
fn a_damaged_page_costs_the_rest_of_its_group() {
    let whole = fs::read(folder().join("pyarrow-groups.parquet")).unwrap();
    let expected = expected();
    // The length of the seventh article's text, in the second of three groups of five, five and two rows.
    let words = expected[6].text.as_bytes();
    let at = (0..whole.len()).find(|at| whole[*at..].starts_with(words)).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("damaged.parquet");
    let mut damaged = whole.clone();
    damaged[at - 4..at].fill(0xFF);
    fs::write(&path, damaged).unwrap();
    let (articles, rejects) = read_file(&path, &Options::default());
    assert_eq!(rejects.len(), 1, "{rejects:?}");
    assert_eq!(rejects[0].reason, "bad table");
    assert!(rejects[0].record > 5 && rejects[0].record <= 7, "{rejects:?}");
    let detail = format!("rows {} to 10: damaged Parquet: ", rejects[0].record);
    assert!(rejects[0].detail.starts_with(&detail), "{rejects:?}");
    let kept: Vec<&str> = articles.iter().map(|article| article.id.as_str()).collect();
    let safe: Vec<&str> = expected.iter().map(|article| article.id.as_str()).collect();
    let before = rejects[0].record as usize - 1;
    assert_eq!(kept, [&safe[..before], &safe[10..]].concat());
    // What is wrong within a text costs that row alone.
    damaged = whole;
    damaged[at + 100..at + 200].fill(0xFF);
    fs::write(&path, damaged).unwrap();
    let (articles, rejects) = read_file(&path, &Options::default());
    assert_eq!(
        (articles.len(), rejects.len(), rejects[0].reason.as_str(), rejects[0].record),
        (11, 1, "bad encoding", 7)
    );
}

/// Whatever happens to a file, it is read to the end, in bounded memory, and every row is told of at most once.
#[test]
fn no_damage_ends_the_run() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("odd.parquet");
    // A fixed sequence: the same files in every run.
    let mut state = 0x9E37_79B9_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut outcomes = BTreeSet::new();
    for file in all() {
        let whole = fs::read(&file).unwrap();
        let footer = 8 + u32::from_le_bytes(whole[whole.len() - 8..whole.len() - 4].try_into().unwrap()) as usize;
        for turn in 0..40 {
            let mut odd = whole.clone();
            match turn % 4 {
                0 => odd.truncate(random(whole.len())),
                1 => (0..=random(8)).for_each(|_| odd[whole.len() - 1 - random(footer)] = random(256) as u8),
                2 => (0..=random(8)).for_each(|_| odd[random(whole.len())] ^= 1 << random(8)),
                _ => {
                    let at = random(whole.len());
                    let length = random(200).min(whole.len() - at);
                    odd.drain(at..at + length);
                }
            }
            fs::write(&path, &odd).unwrap();
            let (articles, rejects) = read_file(&path, &Options::default());
            assert!(!articles.is_empty() || !rejects.is_empty());
            let mut records: Vec<u64> = articles.iter().map(|article| article.record).collect();
            records.extend(rejects.iter().map(|reject| reject.record));
            let count = records.len();
            records.sort_unstable();
            records.dedup();
            assert_eq!(records.len(), count, "{file:?} {turn}");
            outcomes.extend(rejects.into_iter().map(|reject| reject.reason));
        }
    }
    assert!(outcomes.contains("bad table"), "{outcomes:?}");
}
