//! What holds for every text, however strange, and how little one broken quotation mark costs.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    gazetteer::Gazetteer,
    model::{Annotated, Article, QuotationKind, Span},
    pipeline::Pipeline,
};
use proptest::{prelude::*, test_runner::Config};
use std::{collections::HashSet, fs, path::Path, sync::LazyLock};

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Gazetteer::embedded().expect("the gazetteers load")).expect("the weights load"));

fn annotate(title: Option<&str>, text: &str) -> Annotated {
    PIPELINE.annotate(Article { title: title.map(str::to_string), text: text.to_string(), ..Article::default() })
}

/// Asserts everything that must hold for `found`.
fn assert_sound(found: &Annotated) -> Result<(), TestCaseError> {
    let text = &found.text;
    let fits = |span: Span| span.start < span.end && text.get(span.start..span.end).is_some();
    let probability = |p: f32| (0.0..=1.0).contains(&p);
    prop_assert!(text.ends_with(&found.article.text), "the text is the article's own");
    prop_assert!(found.title.is_none_or(fits));
    prop_assert!(found.diagnostics.iter().all(|d| text.get(d.span.start..d.span.end).is_some()));

    prop_assert!(found.mentions.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "mentions overlap");
    for mention in &found.mentions {
        prop_assert!(fits(mention.span), "{:?}", mention);
        prop_assert!(probability(mention.confidence), "{:?}", mention);
        let entity = found.entities.get(mention.entity);
        prop_assert!(entity.is_some_and(|entity| entity.kind == mention.kind), "{:?}", mention);
        let surface = mention.span.of(text);
        prop_assert!(surface.trim() == surface && surface.chars().any(char::is_alphanumeric), "`{}`", surface);
    }
    let mentioned: HashSet<usize> = found.mentions.iter().map(|m| m.entity).collect();
    for (i, entity) in found.entities.iter().enumerate() {
        prop_assert!(mentioned.contains(&i), "{:?} has no mention", entity);
        prop_assert!(!entity.id.is_empty() && !entity.name.is_empty());
    }
    let ids: HashSet<&str> = found.entities.iter().map(|e| e.id.as_str()).collect();
    prop_assert_eq!(ids.len(), found.entities.len(), "two entities share an id");
    prop_assert!(found.pairs.iter().all(|(a, b)| a < b && *b < found.entities.len()));

    let starts: Vec<usize> = found.quotations.iter().map(|q| q.start()).collect();
    prop_assert!(starts.is_sorted(), "quotations are not in text order");
    for quotation in &found.quotations {
        prop_assert!(!quotation.parts.is_empty());
        prop_assert_eq!(quotation.parts.len(), quotation.words.len());
        prop_assert!(quotation.parts.iter().all(|part| fits(*part)), "{:?}", quotation);
        prop_assert!(quotation.parts.windows(2).all(|pair| pair[0].end <= pair[1].start), "{:?}", quotation);
        for (part, words) in quotation.parts.iter().zip(&quotation.words) {
            // A `that` with nothing behind it: see the case "that with nothing behind it" in tests/cases/quotes.
            if part.of(text) == "that" {
                continue;
            }
            prop_assert!(part.contains(*words) && text.get(words.start..words.end).is_some(), "{:?}", quotation);
        }
        prop_assert!(quotation.cue.is_none_or(fits));
        prop_assert!(quotation.speaker.surface.is_none_or(fits), "{:?}", quotation.speaker);
        let entities = found.entities.len();
        prop_assert!(quotation.speaker.entity.iter().chain(&quotation.speaker.others).all(|e| *e < entities));
        prop_assert!(quotation.mentioned.iter().all(|e| *e < entities));
        prop_assert!(probability(quotation.confidence), "{:?}", quotation);
        prop_assert!(quotation.echo_of.is_none_or(|of| of < found.quotations.len()));
    }
    Ok(())
}

/// What the tables show of an article, for comparing two runs.
fn outline(found: &Annotated) -> String {
    format!("{:?}{:?}{:?}{:?}", found.entities, found.mentions, found.quotations, found.paragraphs)
}

/// Pieces of which news is made, sound and broken ones.
const PIECES: &[&str] = &[
    "\"",
    "“",
    "”",
    "„",
    "«",
    "»",
    "‘",
    "’",
    "'",
    "``",
    "''",
    "‹",
    "›",
    "″",
    "&quot;",
    "&ldquo;",
    "&rdquo;",
    "&#8217;",
    "&amp;",
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\n\n",
    "\r\n",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{301}",
    ",",
    ".",
    ". ",
    "!",
    "?",
    "…",
    ":",
    " — ",
    " – ",
    "(",
    ")",
    "[",
    "]",
    "Mira Delgado",
    "Delgado",
    "Tomas Okafor",
    "Ankara",
    "Harbour Wire",
    "Dr.",
    "President",
    "the ministry",
    "U.S.",
    "O'Hara",
    "al-Najjar",
    "Nagorno-Karabakh",
    "Əliyev",
    "said",
    "says",
    "told",
    "added",
    "wrote",
    "asked",
    "according to",
    "adding that",
    "that",
    "he",
    "she",
    "they",
    "it",
    "the bridge is closed",
    "two boats sank",
    "and",
    "but",
    "in",
    "of",
    "on Monday",
    "By Mira Delgado",
    "Q:",
    "A:",
    "LISBON —",
    "Published Date: 09:10 | 3 May 2021",
    "2021-05-03",
    "Read also",
    "Follow us",
    "5",
    "12\"",
    "'90s",
    "тест",
    "東京",
    "🎉",
    "é",
    "\u{202e}",
    "www.example.org/a?b",
    "-",
    "- ",
    "…\"",
];

fn news() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(PIECES), prop::bool::weighted(0.7)), 0..70).prop_map(|pieces| {
        pieces.into_iter().fold(String::new(), |text, (piece, spaced)| text + piece + if spaced { " " } else { "" })
    })
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_text_is_annotated_soundly(text in "\\PC{0,200}|.{0,200}|[ -~\n“”‘’«»…—]{0,300}") {
        assert_sound(&annotate(None, &text))?;
    }

    #[test]
    fn any_title_and_text_are_annotated_soundly(title in "\\PC{0,60}", text in news()) {
        assert_sound(&annotate(Some(&title), &text))?;
    }

    #[test]
    fn text_made_of_pieces_of_news_is_annotated_soundly(text in news()) {
        let found = annotate(None, &text);
        assert_sound(&found)?;
        prop_assert_eq!(outline(&found), outline(&annotate(None, &text)), "two runs differ");
    }
}

/// A file of corrections: cells of words that news has, and of some that mean something there.
fn corrections() -> impl Strategy<Value = String> {
    let word = "(Ann|Lee|Ray|Paris|Minister|the|said|Bank|of|Georgia|Mr|Monday|\\PC{1,3})";
    let surface = format!("{word}( {word}){{0,2}}");
    let words = || proptest::string::string_regex(&surface).expect("a pattern");
    let line = (0..5usize, words(), words(), 0..4usize, "(per:ann-lee|loc:paris|per:ray|loc:paris.fr|)");
    let line = line.prop_map(|(action, surface, other, kind, id)| {
        let action = ["is", "not a name", "type", "merge", "split"][action];
        let kind = ["person", "place", "organization", ""][kind];
        let (surface, other) = (surface.replace('"', ""), other.replace('"', ""));
        let context = if other.len() % 3 == 0 { "said | Monday" } else { "" };
        match action {
            "merge" => format!("merge,,,{id},\"{other}\",{kind}\n"),
            "split" => format!("split,\"{surface}\",{context},{id},\"{other}\",{kind}\n"),
            "is" => format!("is,\"{surface}\",{context},,\"{other}\",{kind}\n"),
            _ => format!("{action},\"{surface}\",{context},,,{kind}\n"),
        }
    });
    prop::collection::vec(line, 1..12)
        .prop_map(|lines| "action,surface,context,instead_of,name,type\n".to_string() + &lines.concat())
}

/// The pipeline with those of the corrections that can be used.
fn corrected(corrections: &str) -> Pipeline {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("corrections.csv");
    let mut lines: Vec<&str> = corrections.lines().collect();
    loop {
        fs::write(&file, lines.join("\n")).expect("writable");
        match Gazetteer::load_corrected(&[], std::slice::from_ref(&file)) {
            Ok(gazetteer) => return Pipeline::new(gazetteer).expect("the weights load"),
            // The last line may be the one that contradicts another, or is none.
            Err(error) => assert!(lines.pop().is_some() && !lines.is_empty(), "{error}"),
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 150, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_corrections_leave_what_is_found_sound(lines in corrections(), title in "\\PC{0,60}", text in news()) {
        let pipeline = corrected(&lines);
        let article = || Article { title: Some(title.clone()), text: text.clone(), ..Article::default() };
        let found = pipeline.annotate(article());
        assert_sound(&found)?;
        prop_assert!(found.corrections.iter().all(|applied| found.text.get(applied.span.start..applied.span.end).is_some()));
        prop_assert_eq!(outline(&found), outline(&pipeline.annotate(article())), "two runs differ");
    }
}

fn articles() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let mut paths: Vec<_> = fs::read_dir(folder).expect("the samples").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(path).expect("readable"))
    };
    paths.iter().map(read).collect()
}

#[test]
fn the_sample_articles_are_annotated_soundly() {
    for (name, text) in articles() {
        let found = annotate(None, &text);
        assert_sound(&found).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(outline(&found), outline(&annotate(None, &text)), "{name}: two runs differ");
    }
}

/// An article cut off anywhere, as a broken download leaves it, is still annotated.
#[test]
fn articles_cut_off_anywhere_are_annotated_soundly() {
    for (name, text) in articles() {
        for at in (0..text.len()).step_by(97).filter(|at| text.is_char_boundary(*at)) {
            for part in [&text[..at], &text[at..]] {
                assert_sound(&annotate(None, part)).unwrap_or_else(|error| panic!("{name} at {at}: {error}"));
            }
        }
    }
}

/// The direct quotations: where they lie and their words, one string a part.
fn direct(found: &Annotated) -> Vec<(Span, Vec<String>)> {
    let direct = found.quotations.iter().filter(|q| q.kind == QuotationKind::Direct);
    let words = |q: &onrecord::model::Quotation| q.words.iter().map(|w| w.of(&found.text).to_string()).collect();
    direct.map(|q| (Span::new(q.start(), q.end()), words(q))).collect()
}

/// One mark deleted, or turned to face the other way, costs no other quotation of the article: measured over every mark
/// of every sample article.
#[test]
fn one_broken_mark_costs_no_other_quotation() {
    let (mut kept, mut all) = ([0u32; 2], [0u32; 2]);
    let mut lost = Vec::new();
    for (name, text) in articles() {
        let quotations = direct(&annotate(None, &text));
        for (at, mark) in text.match_indices(['"', '“', '”', '«', '»', '„']) {
            let turned = match mark {
                "“" => "”",
                "”" => "“",
                "«" => "»",
                "»" => "«",
                _ => "“",
            };
            for (kind, new) in ["", turned].into_iter().enumerate() {
                let broken = format!("{}{new}{}", &text[..at], &text[at + mark.len()..]);
                let found: HashSet<Vec<String>> =
                    direct(&annotate(None, &broken)).into_iter().map(|(_, words)| words).collect();
                for (span, words) in &quotations {
                    if (span.start..span.end).contains(&at) {
                        continue;
                    }
                    all[kind] += 1;
                    if found.contains(words) {
                        kept[kind] += 1;
                    } else if lost.len() < 20 {
                        lost.push(format!("{name}, {mark} at {at} -> `{new}`: {}", words.join(" … ")));
                    }
                }
            }
        }
    }
    for (kind, name, floor) in [(0, "deleted", 0.985), (1, "turned", 0.995)] {
        assert!(all[kind] > 500, "too few marks in the samples");
        let share = f64::from(kept[kind]) / f64::from(all[kind]);
        println!("a mark {name}: {} of {} other direct quotations are still found ({share:.4})", kept[kind], all[kind]);
        assert!(share >= floor, "a mark {name}: {share:.4} is under {floor}\n{}", lost.join("\n"));
    }
    println!("{}", lost.join("\n"));
}
