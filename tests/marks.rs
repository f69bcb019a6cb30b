//! What is still found after quotation marks were deleted or turned at random, and how the time grows with texts that are
//! nothing but marks, cues or capitals.
//!
//! The texts are the sample articles; with `EVALUATION=articles.jsonl` also the annotated articles of that file, whose
//! quotations are then the measure.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    gazetteer::Gazetteer, mention, model::Article, pipeline::Pipeline, quote, resolve, text, text::Segments,
};
use std::{
    fs,
    path::Path,
    sync::LazyLock,
    time::{Duration, Instant},
};

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Gazetteer::embedded().expect("the gazetteers load")).expect("the weights load"));

static EXTENTS: LazyLock<quote::Model> =
    LazyLock::new(|| quote::Model::load(PIPELINE.gazetteer()).expect("the weights load"));

static MODEL: LazyLock<mention::Model> =
    LazyLock::new(|| mention::Model::load(PIPELINE.gazetteer()).expect("the weights load"));

/// A small generator: the same numbers on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// A stretch between marks: its bytes, marks included, and its letters and digits.
type Words = (std::ops::Range<usize>, String);

/// What stands between marks.
fn stretches(text: &str) -> Vec<Words> {
    let article = Article { text: text.to_string(), ..Article::default() };
    let segments = text::segment(&article, PIPELINE.gazetteer());
    let found = quote::find(&segments, PIPELINE.gazetteer(), &EXTENTS, &onrecord::model::Resolved::default()).0;
    let words = |s: &onrecord::model::Stretch| {
        let whole = segments.span(s.start()..s.end());
        (whole.start..whole.end, letters(segments.span(s.inner.clone()).of(&segments.text)))
    };
    found.iter().map(words).filter(|(_, words)| !words.is_empty()).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The texts, each with the words between marks that should be found.
fn texts() -> Vec<(String, Vec<Words>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let mut paths: Vec<_> = fs::read_dir(folder).expect("the samples").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let samples = paths.iter().map(|path| fs::read_to_string(path).expect("readable"));
    let mut out: Vec<(String, Vec<Words>)> = samples.map(|text| (text.clone(), stretches(&text))).collect();
    if let Ok(path) = std::env::var("EVALUATION") {
        let gold = onrecord::evaluate::load(Path::new(&path), onrecord::evaluate::Part::All, None).expect("articles");
        out.extend(gold.into_iter().map(|article| {
            let wanted = stretches(&article.text);
            (article.text, wanted)
        }));
    }
    out
}

const MARKS: [char; 6] = ['"', '“', '”', '«', '»', '„'];

/// The share of the wanted stretches that are found in the broken texts; with `others` only of those whose own marks are
/// whole.
fn share(breaks: usize, others: bool, mut change: impl FnMut(char, &mut Dice) -> Option<char>) -> f64 {
    let mut dice = Dice(7);
    let (mut kept, mut all) = (0usize, 0usize);
    for (text, wanted) in texts() {
        for _ in 0..3 {
            let marks: Vec<usize> = text.char_indices().filter(|(_, c)| MARKS.contains(c)).map(|(at, _)| at).collect();
            let chosen: Vec<usize> = (0..breaks.min(marks.len())).map(|_| marks[dice.below(marks.len())]).collect();
            let mut broken = String::with_capacity(text.len());
            for (at, c) in text.char_indices() {
                let new = if chosen.contains(&at) { change(c, &mut dice) } else { Some(c) };
                broken.extend(new);
            }
            let mut found = stretches(&broken);
            for (bytes, words) in &wanted {
                if others && chosen.iter().any(|at| bytes.contains(at)) {
                    continue;
                }
                all += 1;
                if let Some(i) = found.iter().position(|(_, f)| f == words) {
                    kept += 1;
                    found.swap_remove(i);
                }
            }
        }
    }
    assert!(all > 500, "too few quotations in the texts");
    kept as f64 / all as f64
}

#[test]
fn one_mark_deleted_at_random_costs_hardly_anything() {
    let (others, every) = (share(1, true, |_, _| None), share(1, false, |_, _| None));
    println!("one mark deleted: {others:.4} of the other stretches are found with the same words, {every:.4} of all");
    // Where nothing tells the end of the stretch that lost its mark, it cannot be found.
    assert!(others >= 0.99 && every >= 0.91, "{others:.4} {every:.4}");
}

#[test]
fn marks_made_straight_cost_hardly_anything() {
    let share = share(40, false, |_, _| Some('"'));
    println!("up to forty marks made straight: {share:.4} of the stretches are found with the same words");
    assert!(share >= 0.99, "{share:.4}");
}

#[test]
fn marks_turned_at_random_cost_hardly_anything() {
    let share = share(2, false, |_, dice| Some(MARKS[dice.below(5)]));
    println!("two marks exchanged: {share:.4} of the stretches are found with the same words");
    assert!(share >= 0.985, "{share:.4}");
}

/// The time of the quotation stage for `piece` repeated to about `bytes` bytes: the best of three.
fn time(piece: &str, bytes: usize) -> Duration {
    let gazetteer = PIPELINE.gazetteer();
    let article = Article {
        text: format!("Mira Delgado left the town at noon.\n\nShe went {}", piece.repeat(bytes / piece.len())),
        ..Article::default()
    };
    let segments: Segments = text::segment(&article, gazetteer);
    let names = resolve::resolve(&segments, gazetteer, mention::find(&segments, gazetteer, &MODEL, false));
    let once = || {
        let start = Instant::now();
        let found = quote::find(&segments, gazetteer, &EXTENTS, &names);
        assert!(found.0.len() <= article.text.len());
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

/// Eight times the text takes about eight times as long, never sixty-four; the slack is for a busy machine.
#[test]
fn the_time_grows_with_the_text_and_no_faster() {
    for piece in [
        "\"",
        "“”",
        "' ",
        "( ",
        "Okafor ",
        "OKAFOR, ",
        "said that ",
        "he said that ",
        "Okafor said that Delgado said ",
        "he said and warned ",
        "to say ",
        "adding that, ",
        "after saying that, ",
        "according to Okafor, ",
        "which Okafor said, ",
        "as Okafor said, ",
        "Okafor's claim that ",
        "he said - ",
        "asked, ",
        "\"No,\" he said, ",
        "\"No dam held.\" ",
        "\"No,\" he said. \"Yes.\"\n\n",
        "\"No dam will hold.\"\n\n",
        "Brandt: I left.\n\nOkafor: I did not.\n\n",
    ] {
        let (short, long) = (time(piece, 15_000), time(piece, 120_000));
        println!("{piece:?}: {short:?} for 15 KB, {long:?} for 120 KB");
        let most = short * 16 + Duration::from_millis(200);
        assert!(long <= most, "{piece:?}: {short:?} for 15 KB, but {long:?} for 120 KB");
    }
}
