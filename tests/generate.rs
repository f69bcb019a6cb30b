//! Made-up news is read as it was made: `generate`, `extract` and `evaluate` together.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use onrecord::{
    evaluate::{self, Part},
    gazetteer::Gazetteer,
    generate::{Dump, Names},
    pipeline::Pipeline,
    read::Inputs,
    run::{self, Unobserved},
};
use std::{
    fs::File,
    process::{Command, Output},
};

#[test]
fn nearly_all_that_was_put_into_a_dump_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let [names, articles, gold, tables] =
        ["names.csv", "dump.jsonl", "gold.jsonl", "tables"].map(|name| folder.path().join(name));
    let embedded = Gazetteer::embedded().unwrap();
    Names::new(&embedded, 1).unwrap().write(3_000, &mut File::create(&names).unwrap()).unwrap();
    let mut dump = Dump::new(&embedded, 1).unwrap();
    dump.draw_from(&mut File::open(&names).unwrap(), 50).unwrap();
    let made = dump.write(250, &mut File::create(&articles).unwrap(), Some(&mut File::create(&gold).unwrap())).unwrap();
    assert_eq!(made.articles, 250);

    let gazetteer = Gazetteer::load(std::slice::from_ref(&names)).unwrap();
    let pipeline = Pipeline::new(gazetteer).unwrap();
    let options = run::Options::new(&tables);
    let report = run::run(&pipeline, &Inputs::new(vec![articles]).unwrap(), &options, &Unobserved).unwrap();
    assert_eq!((report.totals.articles, report.totals.rejects), (made.articles, 0));

    let gold = evaluate::load(&gold, Part::All, None).unwrap();
    let found = evaluate::score_names(&gold, &tables).unwrap().exact.all().prf();
    assert!(found.precision > 0.97 && found.recall > 0.96, "names: {found:?}");
    let quotations = evaluate::score_quotations(&gold, &tables).unwrap();
    let whole = &quotations.units[0].kinds;
    let all = whole.iter().find(|(kind, _)| *kind == "all").unwrap().1;
    assert!(all.content.f1 > 0.97 && all.end_to_end.f1 > 0.96, "quotations: {all:?}");
}

fn generate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_onrecord")).arg("generate").args(arguments).output().unwrap()
}

#[test]
fn the_command_writes_the_same_bytes_each_time() {
    for arguments in [["gazetteer", "--count", "40", "--out", "-"], ["articles", "--count", "3", "--out", "-"]] {
        let [first, second] = [generate(&arguments), generate(&arguments)];
        assert!(first.status.success() && !first.stdout.is_empty());
        assert_eq!(first.stdout, second.stdout);
        assert_ne!(first.stdout, generate(&[&arguments[..], &["--seed", "2"]].concat()).stdout);
    }
}

#[test]
fn names_that_cannot_be_read_are_told() {
    let missing = generate(&["articles", "--names", "no/such.csv", "--out", "-"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8(missing.stderr).unwrap().contains("no/such.csv"));
}
