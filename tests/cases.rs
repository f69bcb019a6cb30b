//! Rows of cases for the linguistic stages: `tests/cases/<stage>/*.toml`.
//!
//! A case is a short text and the rows that a stage should find in it. A row is a line of fields joined by `|`; the
//! stages' functions below tell which. In an expected row, fields left out at the end may be anything, and `*` at the
//! start or end of a field stands for any text.
//!
//! | key | meaning |
//! | --- | --- |
//! | `name` | the behaviour that the case shows |
//! | `text` | the article; white space around it is cut off |
//! | `title` | a title field of its own (optional) |
//! | `expect` | rows that must be there, each of them once |
//! | `absent` | rows that must not be there |
//! | `only` | `true`: nothing but the rows of `expect` may be there |
//! | `todo` | why the program does not pass it yet; when it does, the test fails until this line is deleted |
//!
//! `CASES=words cargo test --test cases -- --nocapture` prints what is found in the cases whose name has these words.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    gazetteer::Gazetteer,
    mention,
    model::{Annotated, Article, EntityType, Span, Stretch},
    pipeline::Pipeline,
    quote, resolve,
    text::{self, Part, Segments},
};
use serde::Deserialize;
use std::{
    collections::HashSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Gazetteer::embedded().expect("the gazetteers load")).expect("the weights load"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    title: Option<String>,
    #[serde(default)]
    expect: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    only: bool,
    todo: Option<String>,
}

/// `title|…`, `author|…`, `outlet|…`, `published|…` where the article has them, then its paragraphs as `body|…` or
/// `skipped|…`.
#[test]
fn zones() {
    check("zones", |article| {
        let found = text::segment(&article, PIPELINE.gazetteer());
        let mut rows = Vec::new();
        let title = found.title.map_or("", |title| title.of(&found.text));
        for (key, value) in
            [("title", title), ("author", &found.author), ("outlet", &found.outlet), ("published", &found.published)]
        {
            if !value.is_empty() {
                rows.push(format!("{key}|{value}"));
            }
        }
        for paragraph in &found.paragraphs {
            let key = match paragraph.part {
                Part::Title => continue,
                Part::Body => "body",
                _ => "skipped",
            };
            // Without a dateline.
            let tokens = found.span(paragraph.tokens.clone());
            let span = if tokens.is_empty() { paragraph.span } else { tokens };
            rows.push(format!("{key}|{}", span.of(&found.text)));
        }
        rows
    });
}

/// Each sentence.
#[test]
fn sentences() {
    check("sentences", |article| {
        let found = text::segment(&article, PIPELINE.gazetteer());
        found.sentences.iter().map(|s| found.span(s.tokens.clone()).of(&found.text).to_string()).collect()
    });
}

/// Each mention: `surface|type|entity name|role|method`.
#[test]
fn names() {
    check("names", |article| {
        let found = PIPELINE.annotate(article);
        let row = |m: &onrecord::model::Mention| {
            let entity = &found.entities[m.entity];
            let fields = [m.span.of(&found.text), m.kind.as_str(), &entity.name, &m.role, m.method.as_str()];
            fields.join("|")
        };
        found.mentions.iter().map(row).collect()
    });
}

/// Each stretch between quotation marks, marks included: `text|continues` or `text|repaired` or `text|`.
#[test]
fn marks() {
    check("marks", |article| {
        let gazetteer = PIPELINE.gazetteer();
        let segments = text::segment(&article, gazetteer);
        let model = mention::Model::load(gazetteer).expect("the weights load");
        let names = resolve::resolve(&segments, gazetteer, mention::find(&segments, gazetteer, &model, false));
        let extents = quote::Model::load(gazetteer).expect("the weights load");
        let (stretches, _) = quote::find(&segments, gazetteer, &extents, &names);
        let row = |stretch: &Stretch| {
            let flags = match (stretch.continues, stretch.repaired) {
                (true, true) => "continues repaired",
                (true, false) => "continues",
                (false, true) => "repaired",
                (false, false) => "",
            };
            format!("{}|{flags}", text_of(&segments, stretch))
        };
        stretches.iter().map(row).collect()
    });
}

fn text_of<'s>(segments: &'s Segments, stretch: &Stretch) -> &'s str {
    segments.span(stretch.start()..stretch.end()).of(&segments.text)
}

/// Each quotation: `kind|speaker|surface|cue|quote|addressee|medium|further speakers`.
#[test]
fn quotes() {
    check("quotes", |article| {
        let found = PIPELINE.annotate(article);
        found.quotations.iter().map(|quotation| quotation_row(&found, quotation)).collect()
    });
}

fn quotation_row(found: &Annotated, quotation: &onrecord::model::Quotation) -> String {
    let of = |span: Option<Span>| span.map_or("", |span| span.of(&found.text));
    let words: Vec<&str> = quotation.words.iter().map(|span| span.of(&found.text)).collect();
    let others = quotation.speaker.others.iter().map(|e| found.entities[*e].name.as_str());
    let others = others.collect::<Vec<_>>().join("; ");
    let fields = [
        quotation.kind.as_str(),
        &quotation.speaker.name,
        of(quotation.speaker.surface),
        of(quotation.cue),
        &words.join(" … "),
        &quotation.addressee,
        &quotation.medium,
        &others,
    ];
    fields.join("|")
}

/// Runs the cases of a stage and tells all failures at once.
fn check(stage: &str, rows_of: impl Fn(Article) -> Vec<String>) {
    let show = std::env::var("CASES").ok();
    let (mut failures, mut todo, mut names) = (String::new(), String::new(), HashSet::new());
    let (mut count, mut open) = (0, 0);
    for path in files(stage) {
        let text = fs::read_to_string(&path).expect("the file can be read");
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in file.case {
            count += 1;
            assert!(names.insert(case.name.clone()), "two cases of {stage} are named `{}`", case.name);
            assert!(
                case.only || !case.expect.is_empty() || !case.absent.is_empty(),
                "the case `{}` expects nothing",
                case.name
            );
            let article =
                Article { text: case.text.trim().to_string(), title: case.title.clone(), ..Article::default() };
            let rows = rows_of(article);
            let wrong = case.judge(&rows);
            if show.as_ref().is_some_and(|words| case.name.contains(words.as_str())) {
                println!("{stage}: {}\n    {}\n{wrong}", case.name, rows.join("\n    "));
            }
            match &case.todo {
                Some(reason) if wrong.is_empty() => {
                    let _ = writeln!(failures, "{}: now passes: delete its `todo` ({reason})\n", case.name);
                }
                Some(reason) => {
                    open += 1;
                    let _ = writeln!(todo, "    {}: {reason}", case.name);
                }
                None if wrong.is_empty() => {}
                None => {
                    let found = rows.join("\n        ");
                    let _ = writeln!(failures, "{}\n{wrong}    found\n        {found}\n", case.name);
                }
            }
        }
    }
    println!("{stage}: {count} cases, {open} of them to do\n{todo}");
    assert!(count > 0, "tests/cases/{stage} holds no cases");
    assert!(failures.is_empty(), "cases of {stage} that are not as expected:\n\n{failures}");
}

fn files(stage: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(stage);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

impl Case {
    /// What is wrong with the rows found; empty if nothing is.
    fn judge(&self, rows: &[String]) -> String {
        let mut wrong = String::new();
        let mut taken = vec![false; rows.len()];
        for expected in &self.expect {
            let free = (0..rows.len()).find(|i| !taken[*i] && matches(expected, &rows[*i]));
            match free {
                Some(i) => taken[i] = true,
                None => _ = writeln!(wrong, "    missing   {expected}"),
            }
        }
        for row in rows {
            if self.absent.iter().any(|absent| matches(absent, row)) {
                let _ = writeln!(wrong, "    forbidden {row}");
            }
        }
        if self.only {
            for (row, _) in rows.iter().zip(&taken).filter(|(_, taken)| !**taken) {
                let _ = writeln!(wrong, "    too many  {row}");
            }
        }
        wrong
    }
}

/// Whether `row` is as `expected` says.
fn matches(expected: &str, row: &str) -> bool {
    let mut fields = row.split('|');
    expected.split('|').all(|wanted| {
        let Some(field) = fields.next() else { return false };
        match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
            (Some(_), Some(_)) => field.contains(wanted.trim_matches('*')),
            (Some(end), None) => field.ends_with(end),
            (None, Some(start)) => field.starts_with(start),
            (None, None) => field == wanted,
        }
    })
}

#[test]
fn expected_rows_match_by_fields() {
    for (expected, row, fits) in [
        ("a|b", "a|b", true),
        ("a", "a|b", true),
        ("*|b", "a|b", true),
        ("a*|", "abc|", true),
        ("*c|b", "abc|b", true),
        ("*b*|b", "abc|b", true),
        ("*b|b", "abc|b", false),
        ("a|", "a|b", false),
        ("b", "a|b", false),
        ("a|b|c", "a|b", false),
        ("", "", true),
    ] {
        assert_eq!(matches(expected, row), fits, "{expected} / {row}");
    }
}

/// Every type has its cases.
#[test]
fn all_types_are_tested() {
    let texts: String = files("names").iter().map(|file| fs::read_to_string(file).expect("readable")).collect();
    for kind in EntityType::ALL {
        assert!(texts.contains(&format!("|{}|", kind.as_str())), "{kind:?}");
    }
}
