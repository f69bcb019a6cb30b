//! The gazetteer's matcher against two oracles that are too simple to be wrong: one that tries every name at every
//! word, and aho-corasick in its overlapping mode with a check for whole words.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use aho_corasick::AhoCorasick;
use onrecord::{
    gazetteer::{Gazetteer, Trie},
    model::{Article, Method},
    pipeline::Pipeline,
    token,
};
use proptest::{prelude::*, test_runner::Config};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::LazyLock,
};

type Spans = BTreeSet<(usize, usize)>;

/// Few words, so that names overlap, nest and repeat; some begin like others.
const WORDS: [&str; 10] = ["Vosk", "Voskar", "Lume", "Lumera", "Tarn", "Ost", "Ostrel", "Quill", "Brenn", "Zed"];

fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 1..4).prop_map(|words| words.join(" "))
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(&WORDS[..]).prop_map(str::to_string),
        2 => prop::sample::select(&["met", "in", "the", "Vos", "Lum", "Ostrels"][..]).prop_map(str::to_string),
    ];
    let gap = prop::sample::select(&[" ", " ", " ", ", ", ". ", "\n"][..]);
    prop::collection::vec((piece, gap), 0..25)
        .prop_map(|pieces| pieces.into_iter().fold(String::new(), |text, (piece, gap)| text + &piece + gap))
}

fn words_of(text: &str) -> Vec<&str> {
    token::tokenize(text).iter().map(|t| t.text(text)).collect()
}

/// Tries every name at every word of the text.
fn naive(names: &[String], text: &str) -> Spans {
    let tokens = token::tokenize(text);
    let mut found = Spans::new();
    for name in names {
        let wanted = words_of(name);
        for at in 0..tokens.len() {
            let here = tokens.get(at..at + wanted.len());
            if let Some(here) = here.filter(|here| here.iter().map(|t| t.text(text)).eq(wanted.iter().copied())) {
                found.insert((here[0].start as usize, here[here.len() - 1].end as usize));
            }
        }
    }
    found
}

/// Every match, overlapping ones too, that neither begins nor ends inside a word. The text's white space is made plain
/// first, as a name may be broken over two lines.
fn automaton(names: &[String], text: &str) -> Spans {
    let plain = text.replace('\n', " ");
    let word = |at: Option<u8>| at.is_some_and(|b| b.is_ascii_alphanumeric());
    let bytes = plain.as_bytes();
    let automaton = AhoCorasick::new(names).expect("the names compile");
    let matches = automaton.find_overlapping_iter(&plain);
    let whole = matches.filter(|m| {
        let before = m.start().checked_sub(1).and_then(|at| bytes.get(at).copied());
        !word(before) && !word(bytes.get(m.end()).copied())
    });
    whole.map(|m| (m.start(), m.end())).collect()
}

/// The program's own: numbered words, a trie, one walk from every word.
fn trie(names: &[String], text: &str) -> Spans {
    let mut numbers = BTreeMap::new();
    let mut trie = Trie::default();
    for name in names {
        let words: Vec<u32> = words_of(name)
            .into_iter()
            .map(|word| {
                let next = numbers.len() as u32 + 1;
                *numbers.entry(word.to_string()).or_insert(next)
            })
            .collect();
        trie.insert(&words, ());
    }
    let tokens = token::tokenize(text);
    let number = |t: &token::Token| numbers.get(t.text(text)).copied().unwrap_or(0);
    let mut found = Spans::new();
    for at in 0..tokens.len() {
        trie.walk(tokens[at..].iter().map(number), |length, _| {
            found.insert((tokens[at].start as usize, tokens[at + length - 1].end as usize));
        });
    }
    found
}

proptest! {
    #![proptest_config(Config { cases: 512, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_trie_finds_what_the_oracles_find(names in prop::collection::vec(name(), 1..20), text in text()) {
        let found = trie(&names, &text);
        prop_assert_eq!(&found, &naive(&names, &text));
        prop_assert_eq!(&found, &automaton(&names, &text));
    }

    #[test]
    fn a_stored_sequence_is_found_and_no_other(names in prop::collection::vec(prop::collection::vec(0u32..5, 1..5), 1..12), other in prop::collection::vec(0u32..5, 0..5)) {
        let mut trie = Trie::default();
        for (value, words) in names.iter().enumerate() {
            trie.insert(words, value);
        }
        let stored: Vec<usize> = (0..names.len()).filter(|i| names[*i] == other).collect();
        prop_assert_eq!(trie.get(&other), stored.as_slice());
    }
}

/// Names of a user's own file, with aliases; none of them is in the gazetteers that come with the program.
const OWN: &str = "name,type,aliases\n\
    Yorvik Dremmelstad,person,Y. Dremmelstad\n\
    Dremmelstad Institute,organization,Dremmelstad Institute of Salt|DIS-9\n\
    Upper Quennaby,place,Quennaby\n\
    Quennaby United,organization,\n\
    Salt Council of Upper Quennaby,organization,\n";

static OWN_PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("own.csv");
    std::fs::write(&path, OWN).expect("the file can be written");
    Pipeline::new(Gazetteer::load(&[path]).expect("the file loads")).expect("the weights load")
});

fn own_forms() -> Vec<String> {
    let mut reader = csv::Reader::from_reader(OWN.as_bytes());
    let mut forms = Vec::new();
    for row in reader.records() {
        let row = row.expect("a row");
        forms.push(row[0].to_string());
        forms.extend(row[2].split('|').filter(|alias| !alias.is_empty()).map(str::to_string));
    }
    forms
}

/// All places where the loaded gazetteer has one of the user's names.
fn loaded(text: &str) -> Spans {
    let gazetteer = OWN_PIPELINE.gazetteer();
    let own = gazetteer.sources.iter().position(|source| !source.embedded).expect("the user's file is loaded");
    let mut tokens = token::tokenize(text);
    gazetteer.lexicon.number(text, &mut tokens);
    let mut found = Spans::new();
    for at in 0..tokens.len() {
        gazetteer.names.walk(tokens[at..].iter().map(|t| t.word), |length, aliases| {
            if aliases.iter().any(|alias| gazetteer.entry(alias.entry).source() as usize == own) {
                found.insert((tokens[at].start as usize, tokens[at + length - 1].end as usize));
            }
        });
    }
    found
}

proptest! {
    #![proptest_config(Config { cases: 256, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_loaded_gazetteer_finds_what_the_oracle_finds(
        pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(own_forms()),
            prop::sample::select(vec!["Yorvik", "Salt", "Council", "of", "Upper", "met", "DIS", "Dremmelstads"]).prop_map(str::to_string),
        ], 0..15),
    ) {
        let text = pieces.join(" ");
        prop_assert_eq!(loaded(&text), automaton(&own_forms(), &text));
    }

    /// In a plain sentence every name is mentioned, the longest where they nest, and nothing inside it.
    #[test]
    fn mentions_are_the_longest_names(pieces in prop::collection::vec(prop::sample::select(vec![
        "Yorvik Dremmelstad", "Dremmelstad Institute", "Dremmelstad Institute of Salt", "Upper Quennaby", "Quennaby United",
        "Salt Council of Upper Quennaby",
    ]), 1..6)) {
        let mut text = String::new();
        let mut expected = Vec::new();
        for name in pieces {
            text.push_str("The visitors asked about ");
            expected.push((text.len(), text.len() + name.len()));
            let _ = writeln!(text, "{name} on the first day.\n");
        }
        let found = OWN_PIPELINE.annotate(Article { text, ..Article::default() });
        let from_gazetteer = found.mentions.iter().filter(|m| m.method == Method::Gazetteer);
        let spans: Vec<(usize, usize)> = from_gazetteer.map(|m| (m.span.start, m.span.end)).collect();
        prop_assert_eq!(spans, expected, "{}", found.text);
    }
}
