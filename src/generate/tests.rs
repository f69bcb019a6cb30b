//! Tests of made-up news and names.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use super::{
    random::{Permutation, Random},
    *,
};
use crate::gazetteer::Gazetteer;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{collections::HashSet, sync::LazyLock};

/// Names of our own, so that what is made of them does not change with the gazetteers.
const NAMES: &str = "\
name,type,gender
Amina Okello,person,f
Tomas Lindqvist,person,m
Rosa Delgado Vega,person,f
Jorma Salonen,person,m
Ewa Kaczmarek,person,f
Hugo Brandt,person,m
Salome Dzidzava,person,f
Farid Mansuri,person,m
Greta Holm,person,f
Ravi Deshpande,person,m
Ines Carvalho,person,f
Turku,place,
Gävle,place,
Lake Victoria,place,
Homa Bay,place,
Kutaisi,place,
Lakeside Rescue Council,organization,
Bank of Gävle,organization,
Khazar Lines,organization,
";

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::embedded().unwrap());

/// Half of its names are ours.
static DUMP: LazyLock<Dump> = LazyLock::new(|| dump(5, 50));

fn dump(seed: u64, share: usize) -> Dump {
    let mut dump = Dump::new(&GAZETTEER, seed).unwrap();
    dump.draw_from(&mut NAMES.as_bytes(), share).unwrap();
    dump
}

fn made(dump: &Dump, count: u64) -> (String, String) {
    let (mut out, mut gold) = (Vec::new(), Vec::new());
    dump.write(count, &mut out, Some(&mut gold)).unwrap();
    (String::from_utf8(out).unwrap(), String::from_utf8(gold).unwrap())
}

/// If this fails after a change to `data/generate` or to this room, take the new values: figures of benchmarks made before
/// cannot be compared with those made after.
#[test]
fn a_seed_gives_the_same_bytes_everywhere() {
    let (out, gold) = made(&dump(7, 100), 20);
    assert_ne!(out.lines().last(), made(&DUMP, 20).0.lines().last());
    let hash =
        |text: &str| Sha256::digest(text.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect::<String>();
    assert_eq!((hash(&out).as_str(), hash(&gold).as_str()), ("3669bcd3766c5995", "7096b79c6c37b5a1"));
    let mut random = Random::new(1, 2);
    let numbers: Vec<usize> = (0..6).map(|_| random.below(1000)).collect();
    assert_eq!(numbers, [619, 24, 699, 133, 91, 690]);
}

#[test]
fn a_small_dump_is_the_beginning_of_a_large_one() {
    let (few, many) = (made(&DUMP, 5), made(&DUMP, 9));
    assert!(many.0.starts_with(&few.0) && many.1.starts_with(&few.1));
}

#[test]
fn spans_slice_to_names_and_quotations() {
    let (out, gold) = made(&DUMP, 60);
    let (mut names, mut quotations) = (0, 0);
    for (record, annotated) in out.lines().zip(gold.lines()) {
        let [record, annotated] = [record, annotated].map(|line| serde_json::from_str::<Value>(line).unwrap());
        assert_eq!([&record["id"], &record["text"]], [&annotated["id"], &annotated["text"]]);
        let text: Vec<char> = annotated["text"].as_str().unwrap().chars().collect();
        let slice = |start: &Value, end: &Value| {
            text[start.as_u64().unwrap() as usize..end.as_u64().unwrap() as usize].iter().collect::<String>()
        };
        for name in annotated["entities"].as_array().unwrap() {
            let said = slice(&name["start"], &name["end"]);
            assert_eq!(said, name["text"].as_str().unwrap());
            assert!(said.starts_with(char::is_uppercase) && said.ends_with(char::is_alphabetic), "{said}");
            names += 1;
        }
        for quotation in annotated["attributions"].as_array().unwrap() {
            let parts = quotation["content"].as_array().unwrap();
            let said: Vec<String> = parts.iter().map(|part| slice(&part[0], &part[1])).collect();
            assert_eq!(said.join(" … "), quotation["content_text"].as_str().unwrap());
            let marked = said.iter().all(|part| part.starts_with(['“', '"']));
            assert_eq!(marked, quotation["kind"] == "direct", "{said:?}");
            let cue = &quotation["cue"][0];
            assert_eq!(slice(&cue[0], &cue[1]), quotation["cue_text"].as_str().unwrap());
            let source = quotation["source_text"].as_str().unwrap();
            assert!(
                source.to_lowercase().contains(&quotation["source_head"].as_str().unwrap().to_lowercase()),
                "{source}"
            );
            quotations += 1;
        }
    }
    assert!(names > 1000 && quotations > 300, "{names} names, {quotations} quotations");
}

#[test]
fn no_two_names_are_alike() {
    let names = Names::new(&GAZETTEER, 1).unwrap();
    assert!(names.len() > 5_000_000, "{}", names.len());
    let mut seen = HashSet::new();
    // Numbers far apart as well, so that every shape is far into its choices.
    for number in (0..60_000).chain((4_900_000..4_950_000).step_by(3)) {
        let made = names.get(number);
        assert!(seen.insert(made.name.clone()), "{made:?} comes twice");
        assert!(!made.name.contains([',', '"']) && made.name == made.name.trim(), "{made:?}");
    }
    assert_eq!(names.get(4_900_003), names.get(4_900_003));
    assert_ne!(names.get(5), Names::new(&GAZETTEER, 2).unwrap().get(5));
}

#[test]
fn a_permutation_gives_each_number_once() {
    for size in [1, 2, 3, 4, 5, 63, 64, 65, 1000] {
        let order = Permutation::new(size, 9);
        let all: HashSet<u64> = (0..size).map(|at| order.get(at)).collect();
        assert!(all.len() as u64 == size && all.iter().all(|number| *number < size), "{size}");
    }
}

#[test]
fn a_gazetteer_without_what_articles_need_is_refused() {
    for (text, message) in [
        ("form,type\nAmina Okello,person\n", "has no columns"),
        ("name,type\nAmina Okello,person\nTurku,place\n", "has no organization"),
    ] {
        let error = Dump::new(&GAZETTEER, 1).unwrap().draw_from(&mut text.as_bytes(), 50).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
}
