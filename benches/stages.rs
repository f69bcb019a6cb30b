//! How fast each stage is, in bytes of article text per second of one thread.
//!
//! The text is that of the sample articles, several times over. Each stage is run once beforehand, and what it finds is
//! counted; every timed run must find as much, so that a stage cannot become fast by doing less.
//!
//! Run it with `cargo bench --bench stages`; `benches/README.md` tells how to record the result.

// A bench that cannot read its samples should stop with a message; there is nobody to hand an error to.
#![allow(clippy::expect_used)]

use divan::{Bencher, black_box, counter::BytesCount};
use onrecord::{
    attribute,
    gazetteer::Gazetteer,
    mention,
    model::{Annotated, Article},
    pipeline::Pipeline,
    quote,
    read::{self, Flow, Inputs, Item},
    resolve,
    table::{Dialect, Document, Rows, TABLES, Totals},
    text::{self, Segments},
    token,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// How often the sample articles are taken.
const TIMES: usize = 4;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let gazetteer = Gazetteer::embedded().expect("the embedded gazetteers load");
    Pipeline::new(gazetteer).expect("the embedded weights load")
});

static ARTICLES: LazyLock<Vec<Article>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the sample articles are there")
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    files.sort();
    let read = |path: &PathBuf| fs::read_to_string(path).expect("a sample article can be read");
    let texts: Vec<String> = files.iter().map(read).collect();
    let repeated = (0..TIMES).flat_map(|_| texts.iter().cloned());
    repeated.map(|text| Article { text, ..Article::default() }).collect()
});

/// The same articles as JSON Lines.
static DUMP: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stages.jsonl");
    let lines = ARTICLES.iter().map(|article| serde_json::json!({ "text": article.text }).to_string() + "\n");
    fs::write(&path, lines.collect::<String>()).expect("the bench can write");
    path
});

static SEGMENTS: LazyLock<Vec<Segments>> =
    LazyLock::new(|| ARTICLES.iter().map(|article| text::segment(article, PIPELINE.gazetteer())).collect());

static MODEL: LazyLock<mention::Model> =
    LazyLock::new(|| mention::Model::load(PIPELINE.gazetteer()).expect("the embedded weights load"));

static EXTENTS: LazyLock<quote::Model> =
    LazyLock::new(|| quote::Model::load(PIPELINE.gazetteer()).expect("the embedded weights load"));

static SPEAKERS: LazyLock<attribute::Model> =
    LazyLock::new(|| attribute::Model::load(PIPELINE.gazetteer()).expect("the embedded weights load"));

fn main() {
    divan::main();
}

/// Times `stage` over all articles; it returns how much it found.
fn measure(bencher: Bencher<'_, '_>, stage: impl Fn() -> usize + Sync) {
    let expected = stage();
    assert!(expected > 0, "the stage finds nothing");
    let bytes: usize = ARTICLES.iter().map(|article| article.text.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| assert_eq!(black_box(stage()), expected));
}

/// The gazetteers and word lists that are part of the program, from CSV to ready.
#[divan::bench(sample_count = 10)]
fn load_gazetteers(bencher: Bencher<'_, '_>) {
    bencher.bench(|| Gazetteer::embedded().expect("the embedded gazetteers load").sources.len());
}

/// JSON Lines -> articles. Only here, bytes are those of the file.
#[divan::bench]
fn a_read(bencher: Bencher<'_, '_>) {
    let dump = DUMP.as_path();
    let bytes = dump.metadata().expect("the dump was written").len();
    let inputs = Inputs::new(vec![dump.to_path_buf()]).expect("the dump is there");
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let mut articles = 0;
        read::read(&inputs, &read::Options::default(), &read::Alone, &mut |batch| {
            articles += batch.items.iter().filter(|item| matches!(item, Item::Article { .. })).count();
            Flow::Continue(())
        });
        assert_eq!(articles, ARTICLES.len());
    });
}

/// Text -> tokens.
#[divan::bench]
fn a_tokenize(bencher: Bencher<'_, '_>) {
    measure(bencher, || ARTICLES.iter().map(|article| token::tokenize(&article.text).len()).sum());
}

/// Text -> zones, paragraphs, sentences, numbered tokens.
#[divan::bench]
fn b_segment(bencher: Bencher<'_, '_>) {
    let gazetteer = PIPELINE.gazetteer();
    measure(bencher, || ARTICLES.iter().map(|article| text::segment(article, gazetteer).sentences.len()).sum());
}

/// Text -> every form of a name that stands in it, short and long ones; it includes tokenizing.
#[divan::bench]
fn c_match(bencher: Bencher<'_, '_>) {
    let gazetteer = PIPELINE.gazetteer();
    measure(bencher, || {
        let forms = ARTICLES.iter().map(|article| {
            let mut tokens = token::tokenize(&article.text);
            gazetteer.lexicon.number(&article.text, &mut tokens);
            gazetteer.search(&article.text, &tokens).names([0..tokens.len()], |_| true).len()
        });
        forms.sum()
    });
}

/// Segments -> names, all passes.
#[divan::bench]
fn c_names(bencher: Bencher<'_, '_>) {
    let gazetteer = PIPELINE.gazetteer();
    measure(bencher, || SEGMENTS.iter().map(|part| mention::find(part, gazetteer, &MODEL, false).len()).sum());
}

/// Segments and names -> stretches between marks and statements: the content side of quotations alone.
#[divan::bench]
fn d_statements(bencher: Bencher<'_, '_>) {
    let gazetteer = PIPELINE.gazetteer();
    let names: Vec<_> = SEGMENTS
        .iter()
        .map(|part| resolve::resolve(part, gazetteer, mention::find(part, gazetteer, &MODEL, false)))
        .collect();
    measure(bencher, || {
        SEGMENTS.iter().zip(&names).map(|(part, names)| quote::find(part, gazetteer, &EXTENTS, names).1.len()).sum()
    });
}

/// Segments and names -> entities, statements, attributions.
#[divan::bench]
fn d_quotations(bencher: Bencher<'_, '_>) {
    let gazetteer = PIPELINE.gazetteer();
    let names: Vec<_> = SEGMENTS.iter().map(|part| mention::find(part, gazetteer, &MODEL, false)).collect();
    measure(bencher, || {
        let articles = SEGMENTS.iter().zip(&names);
        let quotations = articles.map(|(part, names)| {
            let names = resolve::resolve(part, gazetteer, names.clone());
            let (stretches, statements) = quote::find(part, gazetteer, &EXTENTS, &names);
            attribute::attribute(part, gazetteer, &SPEAKERS, &names, (&stretches, &statements), false).len()
        });
        quotations.sum()
    });
}

/// Statements -> quotations with their speakers, alone.
#[divan::bench]
fn d_speakers(bencher: Bencher<'_, '_>) {
    let gazetteer = PIPELINE.gazetteer();
    let prepared = SEGMENTS.iter().map(|part| {
        let names = resolve::resolve(part, gazetteer, mention::find(part, gazetteer, &MODEL, false));
        let statements = quote::find(part, gazetteer, &EXTENTS, &names);
        (part, names, statements)
    });
    let prepared: Vec<_> = prepared.collect();
    measure(bencher, || {
        let quotations = prepared.iter().map(|(part, names, (stretches, statements))| {
            attribute::attribute(part, gazetteer, &SPEAKERS, names, (stretches, statements), false).len()
        });
        quotations.sum()
    });
}

/// What was found -> rows of all tables.
#[divan::bench]
fn d_tables(bencher: Bencher<'_, '_>) {
    let annotated: Vec<Annotated> = ARTICLES.iter().map(|article| PIPELINE.annotate(article.clone())).collect();
    measure(bencher, || {
        let mut rows: Vec<Rows> = TABLES.iter().map(|table| Rows::new(table.schema(), Dialect::default())).collect();
        let mut totals = Totals::default();
        for annotated in &annotated {
            let document = Document::new(annotated, 0.0);
            for (table, rows) in TABLES.iter().zip(&mut rows) {
                table.article(&document, rows);
            }
            totals.add(&document);
        }
        let bytes = rows.into_iter().map(|rows| rows.finish().expect("rows can be rendered").0.len());
        bytes.sum::<usize>() + totals.articles as usize
    });
}

/// The whole pipeline: article in, everything found in it out.
#[divan::bench]
fn e_whole(bencher: Bencher<'_, '_>) {
    measure(bencher, || {
        let annotated = ARTICLES.iter().map(|article| PIPELINE.annotate(article.clone()));
        annotated.map(|found| found.mentions.len() + found.quotations.len()).sum()
    });
}
