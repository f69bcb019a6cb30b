//! Compiled gazetteers: what is accepted, what is refused and how it is told, and what a damaged file can do: nothing.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    gazetteer::{self, Gazetteer},
    model::Article,
    pipeline::Pipeline,
    token,
};
use proptest::{prelude::*, test_runner::Config};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

const NAMES: &str = "name,type,aliases,id,country,population,roles,match\n\
    Yorvik Dremmelstad,person,Y. Dremmelstad|Yorvik D.,,NO,,minister|mayor,\n\
    Upper Quennaby,place,Quennaby,own:1,GB,12000,,\n\
    Dremmelstad Institute of Salt,organization,DIS-9,,,,,weak\n\
    Yorvik Dremmelstad,person,,,SE,,,\n\
    Upper Quennaby,place,Quennaby,own:1,GB,12000,,\n";

const TEXT: &str = "Yorvik Dremmelstad met the DIS-9 in Upper Quennaby, and Y. Dremmelstad of the Dremmelstad Institute of \
    Salt went on to Quennaby.";

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content).expect("the file can be written");
    path
}

/// What a gazetteer finds in [`TEXT`], as text: tokens, name, id, and all that is known.
fn found(gazetteer: &Gazetteer) -> String {
    let mut tokens = token::tokenize(TEXT);
    gazetteer.lexicon.number(TEXT, &mut tokens);
    let mut search = gazetteer.search(TEXT, &tokens);
    let mut out = String::new();
    for at in 0..tokens.len() {
        for found in search.names([0..tokens.len()], |start| start == at) {
            let (name, entry) = (found.tokens(), gazetteer.entry(found.alias.entry));
            let roles: Vec<&str> = entry.roles().collect();
            let _ = writeln!(
                out,
                "{name:?} {} {} {} {:?} {:?} {} {:?} {}",
                entry.name(),
                entry.id(),
                entry.kind().as_str(),
                entry.matching(),
                entry.facts(),
                entry.population(),
                roles,
                entry.source(),
            );
        }
        let _ = writeln!(out, "{:?}", gazetteer.lexicon.flags(tokens[at].word));
    }
    out
}

#[test]
fn a_compiled_file_finds_what_its_csv_finds() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write(folder.path(), "own.csv", NAMES);
    let compiled = folder.path().join("own.onrecord");
    let made = gazetteer::compile(std::slice::from_ref(&csv), &compiled).expect("it compiles");
    assert_eq!((made.entries, made.duplicates), (4, 1));
    let loaded = Gazetteer::load(&[csv]).expect("the file loads");
    let mapped = Gazetteer::load(&[compiled]).expect("the compiled file loads");
    assert_eq!(found(&loaded), found(&mapped));
    for expected in ["per:yorvik-dremmelstad~2", "own:1", "[\"minister\", \"mayor\"]", "12000", "Weak", "IN_PERSON"] {
        assert!(found(&loaded).contains(expected), "{expected}: {}", found(&loaded));
    }
    let own = &loaded.sources[loaded.sources.len() - 1];
    assert_eq!((own.rows, own.sha256.len(), own.embedded), (5, 64, false));
}

#[test]
fn a_large_file_is_compiled_beside_itself_and_made_anew_when_it_changes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut csv = String::from(NAMES);
    for i in 0..50_000 {
        let _ = writeln!(csv, "Vosk{i} Lumera{i},person,,,,,,");
    }
    let path = write(folder.path(), "large.csv", &csv);
    let first = found(&Gazetteer::load(std::slice::from_ref(&path)).expect("the file loads"));
    let beside = folder.path().join("large.csv.onrecord");
    let made = fs::metadata(&beside).and_then(|about| about.modified()).expect("it was compiled");
    let again = Gazetteer::load(&[folder.path().to_path_buf()]).expect("the folder loads");
    again.check().expect("intact");
    assert_eq!(found(&again), first);
    assert_eq!(
        again.sources.iter().filter(|source| !source.embedded).count(),
        1,
        "the file beside it is no second one"
    );
    assert_eq!(fs::metadata(&beside).and_then(|about| about.modified()).expect("still there"), made);
    // Another size is another file.
    fs::write(&path, csv.replace("own:1", "own:12")).expect("the file can be written");
    assert!(found(&Gazetteer::load(std::slice::from_ref(&path)).expect("the file loads")).contains("own:12"));
    // A damaged one beside it is made anew, unless the damage is such that only its checksum tells.
    // (Under a new name first: what is mapped must not be cut short.)
    fs::rename(write(folder.path(), "other", b"onrecord"), &beside).expect("the file can be moved");
    assert!(found(&Gazetteer::load(&[path]).expect("the file loads")).contains("own:12"));
}

#[test]
fn bad_rows_are_told_with_file_and_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let long = "Vosk ".repeat(2000);
    for (name, csv, expected) in [
        ("empty", "name,type\nVosk,person\n,person\n".to_string(), "line 3: `name` is empty"),
        ("blank", "name,type\n\"\u{7}\u{1}\t\",person\n".to_string(), "line 2: `name` is empty"),
        ("long", format!("name,type\n{long},person\n"), "line 2: a name of more than 1000 characters"),
        ("alias", format!("name,type,aliases\nVosk,person,{long}\n"), "line 2: a name of more than 1000 characters"),
        ("type", "name,type\nVosk,human\n".to_string(), "line 2: `human` is no type"),
        ("column", "nom,type\nVosk,person\n".to_string(), "has no column `name`"),
        ("none", String::new(), "has no column `name`"),
    ] {
        let path = write(folder.path(), &format!("{name}.csv"), csv);
        let told = Gazetteer::load(std::slice::from_ref(&path)).expect_err(name).to_string();
        assert!(told.contains(expected) && told.contains(&format!("{name}.csv")), "{name}: {told}");
    }
    let many = format!("name,type\n{}", ",person\n".repeat(100));
    let told = Gazetteer::load(&[write(folder.path(), "many.csv", many)]).expect_err("many").to_string();
    assert!(told.starts_with("20 rows cannot be used") && told.contains("line 21"), "{told}");
    let told = Gazetteer::load(&[write(folder.path(), "latin.csv", b"name,type\nV\xf6sk,person\n")]);
    let told = told.expect_err("not UTF-8").to_string();
    assert!(told.contains("latin.csv") && told.contains("UTF-8"), "{told}");
}

/// A row counts once, whichever of the rows before it repeats.
#[test]
fn a_row_that_repeats_a_later_namesake_counts_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rows = "name,type,country\nUpper Quennaby,organization,SE\nUpper Quennaby,organization,NO\n\
        Upper Quennaby,organization,NO\nUpper Quennaby,organization,SE\n";
    let csv = write(folder.path(), "own.csv", rows);
    let made = gazetteer::compile(&[csv], &folder.path().join("own.onrecord")).expect("it compiles");
    assert_eq!((made.entries, made.duplicates), (2, 2));
}

/// Names and aliases of nothing but periods have no words; what stands behind them is still found.
#[test]
fn forms_without_words_hide_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write(folder.path(), "own.csv", "name,type,aliases\n...,place,.|..\nUpper Quennaby,place,...|Quennaby\n");
    let gazetteer = Gazetteer::load(&[csv]).expect("the file loads");
    let own = gazetteer.entries().filter(|entry| !entry.is_embedded());
    assert_eq!(own.map(|entry| entry.name().to_string()).collect::<Vec<_>>(), ["...", "Upper Quennaby"]);
    // The whole name, its alias inside it, and the alias by itself.
    assert_eq!(found(&gazetteer).matches("Upper Quennaby loc:upper-quennaby").count(), 3);
}

/// What a word can be is told by all files that have it, and of marks too: a word that only ends names in the first file may begin
/// one in the second.
#[test]
fn files_share_words_and_marks() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let compiled = |name: &str, rows: &str| {
        let csv = write(folder.path(), &format!("{name}.csv"), format!("name,type\n{rows}\n"));
        let path = folder.path().join(format!("{name}.onrecord"));
        gazetteer::compile(&[csv], &path).expect("it compiles");
        path
    };
    let files = [
        compiled("first", "Old Yorvik,place"),
        compiled("second", "Yorvik Dremmelstad,person"),
        compiled("third", "Yorvik,place\n\"Quennaby, and Y\",organization\nDremmelstad met,organization"),
    ];
    let told = found(&Gazetteer::load(&files).expect("the files load"));
    for expected in ["per:yorvik-dremmelstad", "loc:yorvik", "org:quennaby-and-y"] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
}

/// What is known of second words, in the program's lexicon ("of", "salt") or in the file alone, keeps no name from being found.
#[test]
fn second_words_have_the_letter_case_of_a_form() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rows =
        "name,type\nYorvik of Quennaby,person\nYorvik Salt,person\nYorvik dremmel,organization\nSt. Salt,place\n";
    let csv = write(folder.path(), "own.csv", rows);
    let compiled = folder.path().join("own.onrecord");
    gazetteer::compile(std::slice::from_ref(&csv), &compiled).expect("it compiles");
    for file in [csv, compiled] {
        let gazetteer = Gazetteer::load(&[file]).expect("the file loads");
        for (text, expected) in [
            ("Yorvik of Quennaby", "Yorvik of Quennaby"),
            ("YORVIK OF QUENNABY", "Yorvik of Quennaby"),
            ("Yorvik Of Quennaby", "Yorvik of Quennaby"),
            ("Yorvik of quennaby", ""),
            ("Yorvik Salt", "Yorvik Salt"),
            ("Yorvik salt", ""),
            ("Yorvik dremmel", "Yorvik dremmel"),
            ("Yorvik Dremmel", "Yorvik dremmel"),
            ("St. Salt", "St. Salt"),
            ("St. salt", ""),
        ] {
            let mut tokens = token::tokenize(text);
            gazetteer.lexicon.number(text, &mut tokens);
            let mut search = gazetteer.search(text, &tokens);
            let names = search.names([0..tokens.len()], |at| at == 0);
            let names: Vec<&str> = names.iter().map(|name| gazetteer.entry(name.alias.entry).name()).collect();
            assert!(names.iter().copied().eq(Some(expected).filter(|name| !name.is_empty())), "{text}: {names:?}");
        }
    }
}

#[test]
fn names_are_levelled() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = write(folder.path(), "own.csv", "name,type\n\"Upper\u{1}  \n Quennaby\",place\n");
    assert!(found(&Gazetteer::load(&[path]).expect("the file loads")).contains(" Upper Quennaby loc:upper-quennaby "));
}

#[test]
fn a_thousand_namesakes_are_all_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut csv = String::from("name,type,country\n");
    for i in 0..1000 {
        let _ = writeln!(csv, "Upper Quennaby,place,C{i}");
    }
    let gazetteer = Gazetteer::load(&[write(folder.path(), "own.csv", csv)]).expect("the file loads");
    assert_eq!(found(&gazetteer).matches("Upper Quennaby").count(), 1000);
}

#[test]
fn other_files_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let image = image();
    let mut version = image.clone();
    version[8] = 99;
    for (name, bytes, expected) in [
        ("cut", &image[..image.len() - 1], "was cut short"),
        ("head", &image[..12], "is no compiled gazetteer"),
        ("version", &version[..], "is a compiled gazetteer of version 99"),
    ] {
        let path = write(folder.path(), &format!("{name}.onrecord"), bytes);
        let told = Gazetteer::load(&[path]).expect_err(name).to_string();
        assert!(told.contains(expected) && told.contains(name), "{name}: {told}");
    }
    let mut flipped = image.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    let path = write(folder.path(), "flipped.onrecord", &flipped);
    let told = Gazetteer::load(&[path]).and_then(|gazetteer| gazetteer.check()).expect_err("flipped").to_string();
    assert!(told.contains("flipped.onrecord: is a damaged compiled gazetteer"), "{told}");
}

fn image() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write(folder.path(), "own.csv", NAMES);
    let out = folder.path().join("own.onrecord");
    gazetteer::compile(&[csv], &out).expect("it compiles");
    fs::read(out).expect("it can be read")
}

static IMAGE: LazyLock<Vec<u8>> = LazyLock::new(image);

/// A form that is nothing but an article, found by fuzzing.
#[test]
fn no_bit_that_turns_makes_a_name_without_words() {
    let mut gazetteer = Gazetteer::embedded().expect("the gazetteers load");
    let mut tokens = token::tokenize(TEXT);
    for (at, bit) in (0..IMAGE.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut bytes = IMAGE.clone();
        bytes[at] ^= 1 << bit;
        if gazetteer.replace_added(&bytes).is_err() {
            continue;
        }
        gazetteer.lexicon.number(TEXT, &mut tokens);
        let mut search = gazetteer.search(TEXT, &tokens);
        for name in search.names([0..tokens.len()], |_| true) {
            assert!(!name.tokens().is_empty(), "bit {bit} of byte {at}");
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    /// Whatever is wrong with a file, it is told, and nothing panics on the way there.
    #[test]
    fn no_damage_panics_or_goes_untold(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..6),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = IMAGE.clone();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        // The header's spare bytes mean nothing, and two flips of one bit are none.
        let same = |at: usize| bytes.get(at) == IMAGE.get(at);
        prop_assume!(bytes.len() != IMAGE.len() || (0..32).chain(64..bytes.len()).any(|at| !same(at)));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = write(folder.path(), "bad.onrecord", &bytes);
        if let Ok(gazetteer) = Gazetteer::load(&[path]) {
            found(&gazetteer);
            let entries = gazetteer.entries().filter(|entry| !entry.is_embedded());
            prop_assert!(entries.map(|entry| entry.id().len()).max() <= Some(bytes.len()));
            prop_assert!(gazetteer.check().is_err());
            if let Ok(pipeline) = Pipeline::new(gazetteer) {
                pipeline.annotate(Article { text: TEXT.to_string(), ..Article::default() });
            }
        }
    }
}
