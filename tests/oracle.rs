//! The gazetteer's matcher against two oracles that are too simple to be wrong: one that tries every form at every
//! word, and aho-corasick in its overlapping mode with a check for whole words.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use aho_corasick::AhoCorasick;
use onrecord::{
    gazetteer::{self, Gazetteer, Name, Search},
    model::{Article, Method},
    pipeline::Pipeline,
    token::{self, Kind, Shape, Token},
};
use proptest::{prelude::*, test_runner::Config};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

type Spans = BTreeSet<(usize, usize)>;

/// Few words, so that names overlap, nest and repeat; some begin like others, some are written in several ways.
const WORDS: [&str; 20] = [
    "Vosk", "Voskar", "Lume", "Lumera", "Tarn", "Ost", "Ostrel", "Quill", "Brenn", "Zed", "Gənzö", "O'Vosk", "van",
    "al", "VOSK", "Q.", "7Ost", "eTarn", "k.d.", "33",
];

fn name() -> impl Strategy<Value = String> {
    let joint = prop::sample::select(&[" ", " ", " ", "-"][..]);
    prop::collection::vec((prop::sample::select(&WORDS[..]), joint), 1..5).prop_map(|words| {
        let mut name = words.iter().fold(String::new(), |name, (word, joint)| name + word + joint);
        name.pop();
        name
    })
}

fn text() -> impl Strategy<Value = String> {
    const OTHERS: [&str; 18] = [
        "met", "in", "the", "Vos", "Lum", "Ostrels", "Ganzo", "gənzö", "O’VOSK", "Vosk's", "Van", "Q", "lume", "ZED",
        "7ost", "ETarn", "K.D.", "kd",
    ];
    let piece = prop_oneof![
        6 => prop::sample::select(&WORDS[..]).prop_map(str::to_string),
        2 => prop::sample::select(&OTHERS[..]).prop_map(str::to_string),
    ];
    let gap = prop::sample::select(&[" ", " ", " ", "-", ", ", ". ", "\n", "’s "][..]);
    prop::collection::vec((piece, gap), 0..25)
        .prop_map(|pieces| pieces.into_iter().fold(String::new(), |text, (piece, gap)| text + &piece + gap))
}

/// A gazetteer with these names of persons, each with the row's `match` column, in a file of its own.
fn file_of(folder: &Path, names: &[(String, &str)]) -> PathBuf {
    let path = folder.join("own.csv");
    let mut writer = csv::Writer::from_path(&path).expect("the file can be written");
    writer.write_record(["name", "type", "match"]).expect("a row");
    for (name, matching) in names {
        writer.write_record([name, "person", matching]).expect("a row");
    }
    writer.flush().expect("the file can be written");
    path
}

/// The words of a form: folded, and as they are written; periods are none.
fn words_of(form: &str) -> Vec<(String, String)> {
    let tokens = token::tokenize(form).into_iter().filter(|token| !token.is('.'));
    tokens.map(|token| (folded(&token, form), token.text(form).to_string())).collect()
}

fn folded(token: &Token, text: &str) -> String {
    match token.kind {
        Kind::Possessive => "'s".to_string(),
        Kind::Single => "'".to_string(),
        _ => token::fold(token.text(text)),
    }
}

fn begins_upper(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Tries every form at every word of the text. Returns where the words of a form stand, and where its letter case fits too.
fn naive(names: &[(String, &str)], text: &str) -> (Spans, Spans) {
    let tokens = token::tokenize(text);
    let (mut forms, mut fitting) = (Spans::new(), Spans::new());
    for (name, matching) in names {
        let all = words_of(name);
        let without: Vec<_> = all.iter().filter(|(word, _)| word != "-").cloned().collect();
        for wanted in BTreeSet::from([all.clone(), without]).into_iter().filter(|words| !words.is_empty()) {
            for at in 0..tokens.len() {
                if let Some(end) = stands_at(&wanted, text, &tokens, at) {
                    let here = &tokens[at..end];
                    let span = (here[0].start as usize, here[here.len() - 1].end as usize);
                    forms.insert(span);
                    let form = if wanted == all { name.clone() } else { name.replace('-', " ") };
                    let written = &text[span.0..span.1];
                    if has_case(&all, &wanted, matching, text, here, is_literal(&form, written)) {
                        fitting.insert(span);
                    }
                }
            }
        }
    }
    (forms, fitting)
}

/// Behind which token the words end, if they stand at `at`. A period right behind a word is none.
fn stands_at(wanted: &[(String, String)], text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let mut end = at;
    for (i, (word, _)) in wanted.iter().enumerate() {
        while i > 0 && tokens.get(end).is_some_and(|token| token.is('.') && !token.space_before) {
            end += 1;
        }
        tokens.get(end).filter(|token| folded(token, text) == *word)?;
        end += 1;
    }
    Some(end)
}

/// The same letters; white space may be another, and a period at the end is none of the name's.
fn is_literal(form: &str, written: &str) -> bool {
    let plain = |text: &str| text.strip_suffix('.').unwrap_or(text).split_whitespace().collect::<Vec<_>>().join(" ");
    plain(form) == plain(written)
}

/// Capitals where the form has them, all of them for an acronym, letter for letter where the gazetteer says so, and at least one,
/// unless the form has none and the text is written just so.
fn has_case(
    all: &[(String, String)],
    wanted: &[(String, String)],
    matching: &str,
    text: &str,
    here: &[Token],
    literal: bool,
) -> bool {
    let here: Vec<&Token> = here.iter().filter(|token| !token.is('.')).collect();
    let first = |word: &str| token::tokenize(word).into_iter().next();
    let is_word = |word: &str| first(word).is_some_and(|token| token.is_word());
    let is_upper = |token: &Token| !token.is_word() || matches!(token.shape, Shape::Upper | Shape::Initial);
    let upper = all.iter().all(|(_, word)| first(word).is_none_or(|token| is_upper(&token)));
    let letters = all.iter().flat_map(|(_, word)| word.chars()).filter(|c| c.is_uppercase()).count();
    let acronym = upper && all.len() <= 3 && letters >= 2;
    let form: Vec<bool> = wanted.iter().map(|(_, word)| is_word(word) && begins_upper(word)).collect();
    let capital: Vec<bool> = here.iter().map(|token| token.is_word() && begins_upper(token.text(text))).collect();
    form.iter().zip(&capital).zip(&here).all(|((form, capital), token)| !form || *capital || !token.is_word())
        && (!acronym || here.iter().all(|token| is_upper(token)))
        && (matching != "exact" || form == capital)
        && (form.contains(&true) || capital[0] || literal)
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

fn span(tokens: &[Token], start: usize, end: usize) -> (usize, usize) {
    (tokens[start].start as usize, tokens[end - 1].end as usize)
}

/// All places of the user's forms, and those where the letter case fits.
fn found(gazetteer: &Gazetteer, text: &str) -> (Spans, Spans) {
    let mut tokens = token::tokenize(text);
    gazetteer.lexicon.number(text, &mut tokens);
    let own = |entry: u32| !gazetteer.entry(entry).is_embedded();
    let mut search: Search<'_> = gazetteer.search(text, &tokens);
    let spans = |names: &[Name]| {
        let own = names.iter().filter(|name| own(name.alias.entry));
        own.map(|name| span(&tokens, name.tokens().start, name.tokens().end)).collect()
    };
    let fitting = spans(search.names([0..tokens.len()], |_| true));
    let any_case = |at: usize| {
        let forms = gazetteer.search(text, &tokens[at..]).forms().to_vec();
        let own = forms.into_iter().filter(|form| own(form.alias.entry));
        own.map(move |form| (at + form.begins as usize, at + form.end as usize))
    };
    let forms = (0..tokens.len()).flat_map(any_case).map(|(start, end)| span(&tokens, start, end)).collect();
    (forms, fitting)
}

proptest! {
    #![proptest_config(Config { cases: 256, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_matcher_finds_what_the_oracle_finds(
        names in prop::collection::vec((name(), prop::sample::select(&["", "exact", "weak"][..])), 1..20),
        texts in prop::collection::vec(text(), 4),
    ) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let csv = file_of(folder.path(), &names);
        let loaded = Gazetteer::load(std::slice::from_ref(&csv)).expect("the file loads");
        let compiled = folder.path().join("own.onrecord");
        gazetteer::compile(&[csv], &compiled).expect("the file compiles");
        let mapped = Gazetteer::load(&[compiled]).expect("the compiled file loads");
        mapped.check().expect("the compiled file is intact");
        for text in texts {
            let expected = naive(&names, &text);
            prop_assert_eq!(&found(&loaded, &text), &expected, "{}", &text);
            prop_assert_eq!(&found(&mapped, &text), &expected, "{}", &text);
        }
    }

    /// Plain names in plain text, against an automaton over its bytes.
    #[test]
    fn the_matcher_finds_what_the_automaton_finds(
        names in prop::collection::vec(prop::collection::vec(prop::sample::select(&WORDS[..10]), 1..4), 1..20),
        words in prop::collection::vec(prop::sample::select(&WORDS[..10]), 0..40),
    ) {
        let names: Vec<String> = names.into_iter().map(|words| words.join(" ")).collect();
        let text = words.join(" ");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let rows: Vec<(String, &str)> = names.iter().map(|name| (name.clone(), "")).collect();
        let loaded = Gazetteer::load(&[file_of(folder.path(), &rows)]).expect("the file loads");
        prop_assert_eq!(&found(&loaded, &text).1, &automaton(&names, &text), "{}", &text);
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
    fs::write(&path, OWN).expect("the file can be written");
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
        prop_assert_eq!(found(OWN_PIPELINE.gazetteer(), &text).0, automaton(&own_forms(), &text));
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

/// "1MDB", "eBay": such names are found where they are written so, each as an entity of its own.
#[test]
fn names_without_a_capitalized_word_are_mentioned() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("own.csv");
    let rows = "name,type\n7Quenna,organization\n9Dremm,organization\neYorvik,organization\nk.q. dremmel,person\n4M,organization\n";
    fs::write(&path, rows).expect("the file can be written");
    let pipeline = Pipeline::new(Gazetteer::load(&[path]).expect("the file loads")).expect("the weights load");
    let text = "The port was sold to 7Quenna on Monday.\n\n\
        Shares of 9Dremm and eYorvik fell by $4M, said the singer k.q. dremmel. The firm 4M said it would wait. \
        A 9dremm, an eyorvik and 7 Quennas are nothing at all.\n";
    let found = pipeline.annotate(Article { text: text.into(), ..Article::default() });
    let names: Vec<(&str, &str)> = found
        .mentions
        .iter()
        .map(|mention| (mention.span.of(&found.text), found.entities[mention.entity].name.as_str()))
        .collect();
    let expected = [
        ("7Quenna", "7Quenna"),
        ("9Dremm", "9Dremm"),
        ("eYorvik", "eYorvik"),
        ("k.q. dremmel", "k.q. dremmel"),
        ("4M", "4M"),
    ];
    assert_eq!(names, expected);
    assert!(found.mentions.iter().all(|mention| mention.method == Method::Gazetteer));
}
