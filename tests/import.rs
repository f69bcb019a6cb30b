//! Names from the files of other programs: every format from its sample to a mention in an article, files of the wrong
//! format, and files made to do harm. `BLESS=1` writes the expected files anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    gazetteer::Gazetteer,
    model::EntityType,
    workbench::{
        check::{Severity, check},
        import::{FORMATS, Options, What, format_named, import},
    },
};
use proptest::prelude::*;
use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// One sample: its format, its files, further arguments, and ids that the article's mentions must have.
struct Sample {
    format: &'static str,
    files: &'static [&'static str],
    args: &'static [&'static str],
    ids: &'static [&'static str],
}

const SAMPLES: &[Sample] = &[
    Sample { format: "geonames", files: &["geonames.txt"], args: &[], ids: &["geonames:99900001"] },
    Sample {
        format: "geonames",
        files: &["geonames.txt"],
        args: &["--alternate-names", "alternate.txt", "--min-population", "1000"],
        ids: &["geonames:99900001"],
    },
    Sample {
        format: "wikidata",
        files: &["wikidata.json"],
        args: &[],
        ids: &["Q999000001", "Q999000002", "Q999000003"],
    },
    Sample {
        format: "wikidata",
        files: &["wikidata.json"],
        args: &["--language", "fi", "--language", "en", "--type", "person", "--min-sitelinks", "1"],
        ids: &["Q999000002"],
    },
    Sample {
        format: "wikidata-sparql",
        files: &["sparql.csv"],
        args: &[],
        ids: &["Q999000001", "Q999000002", "Q999000003"],
    },
    Sample { format: "jrc-names", files: &["jrc.txt"], args: &[], ids: &["jrc:9990001", "jrc:9990002"] },
    Sample { format: "opensanctions", files: &["opensanctions.csv"], args: &[], ids: &["NK-sample1", "Q999000003"] },
    Sample { format: "ftm", files: &["ftm.jsonl"], args: &[], ids: &["NK-sample1", "NK-sample2"] },
    Sample { format: "popolo", files: &["popolo.json"], args: &[], ids: &["popolo:p1", "popolo:o1"] },
    Sample {
        format: "everypolitician",
        files: &["ep-names.csv", "ep-term.csv"],
        args: &[],
        ids: &["ep:11111111-aaaa-4444-8888-000000000001"],
    },
    Sample {
        format: "gate",
        files: &["gate/lists.def"],
        args: &[],
        ids: &["per:tamsin-orlebar", "loc:port-cassel.nz", "org:cassel-harbour-works"],
    },
    Sample {
        format: "spacy",
        files: &["spacy.jsonl"],
        args: &[],
        ids: &["tamsin-orlebar", "port-cassel", "org:cassel-harbour-works"],
    },
    Sample {
        format: "regexner",
        files: &["regexner.tsv"],
        args: &[],
        ids: &["per:tamsin-orlebar", "loc:port-cassel", "org:cassel-harbour-works"],
    },
    Sample {
        format: "csv",
        files: &["table.csv"],
        args: &["--map", "name=Label,type=Kind,aliases=Also,id=Key,country=ISO,latitude=North,longitude=East"],
        ids: &["desk-1", "desk-2", "desk-3"],
    },
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

fn onrecord(args: &[&str]) -> (i32, String, String) {
    let program = Command::new(env!("CARGO_BIN_EXE_onrecord")).current_dir(folder()).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (program.status.code().unwrap(), text(program.stdout), text(program.stderr))
}

/// Imports a sample through the program, and gives what it printed.
fn run(sample: &Sample, out: &Path) -> String {
    let mut args = vec!["gazetteer", "import", sample.format];
    args.extend(sample.files);
    args.extend(sample.args);
    args.extend(["--out", out.to_str().unwrap()]);
    let (status, stdout, stderr) = onrecord(&args);
    assert_eq!(status, 0, "{args:?}: {stderr}");
    stdout
}

fn rows(path: &Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(path).unwrap().records().map(Result::unwrap).collect()
}

#[test]
fn samples_give_the_expected_names_and_reasons() {
    for (number, sample) in SAMPLES.iter().enumerate() {
        let place = TempDir::new().unwrap();
        let out = place.path().join("names.csv");
        let told = run(sample, &out);
        let mut whole = told.replace(&format!("{}/", place.path().display()), "");
        for file in ["names.csv", "names.dropped.csv", "manifest.csv"] {
            whole.push_str(&format!("--- {file}\n{}", fs::read_to_string(place.path().join(file)).unwrap()));
        }
        let expected = folder().join(format!("expected/{:02}-{}.txt", number + 1, sample.format));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(expected.parent().unwrap()).unwrap();
            fs::write(&expected, &whole).unwrap();
        }
        assert_eq!(whole, fs::read_to_string(&expected).unwrap(), "{}", expected.display());
        let left: BTreeSet<_> = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 3, "{left:?}");
    }
}

#[test]
fn what_was_imported_passes_the_check_and_is_found_in_an_article_with_its_id() {
    for sample in SAMPLES {
        let place = TempDir::new().unwrap();
        let names = place.path().join("names");
        fs::create_dir(&names).unwrap();
        run(sample, &names.join("names.csv"));
        let report = check(std::slice::from_ref(&names), 100).unwrap();
        assert_eq!(report.count(Severity::Error), 0, "{}: {:?}", sample.format, report.findings);
        let tables = place.path().join("tables");
        let paths = ["--gazetteer", names.to_str().unwrap(), "--out", tables.to_str().unwrap(), "--quiet"];
        let (status, _, stderr) = onrecord(&[&["extract", "article.txt"], paths.as_slice()].concat());
        assert_eq!(status, 0, "{stderr}");
        let found: BTreeSet<String> = rows(&tables.join("mentions.csv")).iter().map(|row| row[1].to_string()).collect();
        for id in sample.ids {
            assert!(found.contains(*id), "{}: {id} is not among {found:?}", sample.format);
        }
    }
}

#[test]
fn every_row_is_a_name_or_joined_to_one_or_left_out_with_its_reason() {
    for sample in SAMPLES {
        let place = TempDir::new().unwrap();
        let out = place.path().join("names.csv");
        let told = run(sample, &out);
        let number = |line: &str| line.split(' ').next().unwrap().replace(',', "").parse::<u64>().unwrap();
        let read = number(told.lines().next().unwrap());
        let joined = told.lines().find(|line| line.contains(" joined ")).map_or(0, number);
        let left_out = rows(&out.with_extension("dropped.csv"));
        let dropped: u64 =
            left_out.iter().filter(|row| &row[0] == "row").map(|row| row[2].parse::<u64>().unwrap()).sum();
        let written = rows(&out).len() as u64;
        assert_eq!(read, written + joined + dropped, "{}\n{told}", sample.format);
        assert!(left_out.iter().all(|row| !row[1].is_empty()));
    }
}

fn options() -> Options {
    Options { memory: Some(300), ..Options::default() }
}

#[test]
fn sorting_in_files_gives_the_same_names() {
    for sample in SAMPLES.iter().filter(|sample| sample.args.is_empty()) {
        let place = TempDir::new().unwrap();
        let (a, b) = (place.path().join("a.csv"), place.path().join("b.csv"));
        let files: Vec<PathBuf> = sample.files.iter().map(|file| folder().join(file)).collect();
        let format = format_named(sample.format).unwrap();
        import(format, &files, &a, &Options::default()).unwrap();
        import(format, &files, &b, &options()).unwrap();
        assert_eq!(fs::read(a).unwrap(), fs::read(b).unwrap(), "{}", sample.format);
    }
}

#[test]
fn compressed_files_are_read_as_they_are() {
    let place = TempDir::new().unwrap();
    let plain = fs::read(folder().join("wikidata.json")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&plain).unwrap();
    let mut bzip = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip.write_all(&plain).unwrap();
    let packed = [gzip.finish().unwrap(), bzip.finish().unwrap(), zstd::encode_all(plain.as_slice(), 1).unwrap()];
    let expected = place.path().join("plain.csv");
    let format = format_named("wikidata").unwrap();
    import(format, &[folder().join("wikidata.json")], &expected, &Options::default()).unwrap();
    for (number, bytes) in packed.iter().enumerate() {
        let (file, out) = (place.path().join(format!("{number}.packed")), place.path().join(format!("{number}.csv")));
        fs::write(&file, bytes).unwrap();
        import(format, &[file], &out, &Options::default()).unwrap();
        assert_eq!(fs::read(out).unwrap(), fs::read(&expected).unwrap());
        let cut = place.path().join("cut.packed");
        fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
        let error = import(format, &[cut], &place.path().join("cut.csv"), &Options::default()).unwrap_err().to_string();
        assert!(error.contains("cut.packed"), "{error}");
        assert!(!place.path().join("cut.csv").exists());
    }
}

/// Formats that can read each other's samples.
const ALIKE: &[(&str, &str)] = &[("everypolitician", "opensanctions")];

#[test]
fn a_file_of_another_format_is_refused_and_nothing_is_written() {
    for format in FORMATS {
        for sample in SAMPLES.iter().filter(|sample| sample.format != format.name()) {
            let place = TempDir::new().unwrap();
            let files = [folder().join(sample.files[0])];
            let outcome = import(*format, &files, &place.path().join("names.csv"), &Options::default());
            if ALIKE.contains(&(format.name(), sample.format)) {
                continue;
            }
            let Err(error) = outcome else { panic!("{} reads a file of {}", format.name(), sample.format) };
            let message = error.to_string();
            assert!(
                message.contains(sample.files[0]) && message.contains("expected is"),
                "{}: {message}",
                format.name()
            );
            assert!(
                message.contains("line ") || message.contains("no row"),
                "{}, {}: {message}",
                format.name(),
                sample.format
            );
            assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0, "{message}");
        }
    }
}

#[test]
fn nothing_is_replaced_unless_that_is_asked_for() {
    let place = TempDir::new().unwrap();
    let (out, manifest) = (place.path().join("names.csv"), place.path().join("manifest.csv"));
    fs::write(&out, "mine").unwrap();
    let run = |extra: &[&str]| {
        let args = ["gazetteer", "import", "spacy", "spacy.jsonl", "--out", out.to_str().unwrap()];
        onrecord(&[&args, extra].concat())
    };
    let (status, _, stderr) = run(&[]);
    assert_eq!((status, fs::read_to_string(&out).unwrap().as_str()), (2, "mine"));
    assert!(stderr.contains("--force"), "{stderr}");
    fs::write(&manifest, "something,else\n1,2\n").unwrap();
    let (status, _, stderr) = run(&["--force"]);
    assert_eq!((status, fs::read_to_string(&out).unwrap().as_str()), (2, "mine"));
    assert!(stderr.contains("manifest.csv"), "{stderr}");
    fs::write(&manifest, "file,role,source,licence,note\nnames.csv,names,old,old,\nother.csv,names,kept,CC0,\n")
        .unwrap();
    let (status, ..) = run(&["--force", "--source", "https://example.org/patterns", "--licence", "CC0 1.0"]);
    assert_eq!(status, 0);
    let kept = rows(&manifest);
    assert_eq!(kept.len(), 2);
    assert_eq!((&kept[0][0], &kept[0][2], &kept[0][3]), ("names.csv", "https://example.org/patterns", "CC0 1.0"));
    assert_eq!((&kept[1][0], &kept[1][2]), ("other.csv", "kept"));
    let (status, _, stderr) = onrecord(&["gazetteer", "import", "csv", "table.csv", "--out", "table.csv", "--force"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("take the place"), "{stderr}");
}

/// A format, what a file of it holds, and what is left of it.
type Hostile = (&'static str, Vec<u8>, Result<usize, &'static str>);

fn hostile() -> Vec<Hostile> {
    let long = "Long ".repeat(2000);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let geonames = |name: &str| format!("9\t{name}\t{name}\t\t1\t1\tP\tPPL\tNZ\t\t\t\t\t\t5\t\t1\tX/Y\t2020-01-01\n");
    let good = geonames("Port Cassel");
    let item = |label: &str, rest: &str| {
        format!(
            "{{\"type\":\"item\",\"id\":\"Q9\",\"labels\":{{\"en\":{{\"value\":{label}}}}},\"claims\":{{\"P31\":[{{\"mainsnak\":{{\"datavalue\":{{\"value\":{{\"id\":\"Q5\"}}}}}}}}]}}{rest}}}\n"
        )
    };
    vec![
        ("geonames", geonames(&long).into_bytes(), Err("no row")),
        ("geonames", [good.as_bytes(), geonames(&long).as_bytes()].concat(), Ok(1)),
        ("geonames", [good.as_bytes(), b"9\tJos\xe9\n"].concat(), Ok(1)),
        ("geonames", [good.as_bytes(), &good.as_bytes()[..20]].concat(), Ok(1)),
        ("geonames", geonames("Port\u{7}\u{1b}[31m Cassel\u{202e}").into_bytes(), Ok(1)),
        ("geonames", geonames("=HYPERLINK(1)").into_bytes(), Err("formula")),
        ("geonames", vec![0; 100_000], Err("line 1")),
        ("geonames", vec![b'x'; 5 << 20], Err("too long")),
        ("geonames", Vec::new(), Err("holds nothing")),
        ("geonames", b"PK\x03\x04xxxx".to_vec(), Err("ZIP")),
        ("geonames", b"\xff\xfe1\x00\t\x00".to_vec(), Err("UTF-16")),
        ("wikidata", item("\"Tamsin Orlebar\"", &format!(",\"x\":{deep}")).into_bytes(), Ok(1)),
        ("wikidata", item(&format!("\"{long}\""), "").into_bytes(), Err("no row")),
        ("wikidata", item("\"Tamsin\\u0000 Orle\\u0007bar\"", "").into_bytes(), Ok(1)),
        ("wikidata", item("\"Tamsin\\ud800 Orlebar\"", "").into_bytes(), Err("expected is")),
        (
            "ftm",
            format!("{{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{{\"x\":{deep}}}}}").into_bytes(),
            Err("expected is"),
        ),
        ("popolo", format!("{{\"persons\":[{{\"name\":\"Tamsin Orlebar\"}}],\"x\":{deep}}}").into_bytes(), Ok(1)),
        ("popolo", b"{\"persons\":[{\"name\":\"Tamsin Orlebar\"}".to_vec(), Err("expected is")),
        ("popolo", format!("{{\"persons\":[{{\"x\":{deep}}}]}}").into_bytes(), Err("no row")),
        ("spacy", format!("{{\"label\":\"PERSON\",\"pattern\":{deep}}}").into_bytes(), Err("expected is")),
        ("gate", b"../import.rs.lst:person\n".to_vec(), Err("not in the folder")),
        ("gate", b"/etc/passwd.lst:person\n".to_vec(), Err("not in the folder")),
        ("gate", b"missing.lst:person\n".to_vec(), Err("missing.lst")),
        ("csv", b"name,type\n\"Tamsin Orlebar,person\n".to_vec(), Err("expected is")),
        ("csv", b"name,type\nA|B,person\nTamsin Orlebar,person\n".to_vec(), Ok(1)),
        ("csv", b"name,type,note,id\nTamsin Orlebar,person,=1+1,+2\n".to_vec(), Ok(1)),
        ("jrc-names", format!("1\tP\tu\t{}\n", "Tam+".repeat(300_000)).into_bytes(), Err("too long")),
        ("opensanctions", b"id,schema,name,aliases\na,Person,Tamsin Orlebar,\"\"\"\n".to_vec(), Ok(1)),
    ]
}

#[test]
fn hostile_files_cost_their_own_rows_or_are_refused_with_a_reason() {
    for (number, (format, bytes, expected)) in hostile().into_iter().enumerate() {
        let place = TempDir::new().unwrap();
        let (file, out) = (place.path().join("hostile.txt"), place.path().join("names.csv"));
        fs::write(&file, &bytes).unwrap();
        let outcome = import(format_named(format).unwrap(), &[file], &out, &options());
        match (outcome, expected) {
            (Ok(imported), Ok(names)) => {
                assert_eq!(imported.names.iter().sum::<u64>() as usize, names, "case {number}, {format}");
                assert_eq!(check(std::slice::from_ref(&out), 10).unwrap().count(Severity::Error), 0);
                let cells = rows(&out);
                let formula = |cell: &str| {
                    cell.starts_with(['=', '+', '@']) || (cell.starts_with('-') && cell.parse::<f64>().is_err())
                };
                assert!(!cells.iter().flatten().any(formula), "case {number}: {cells:?}");
                let told = fs::read_to_string(&imported.dropped_file).unwrap();
                assert!(!told.contains(|c: char| c.is_control() && c != '\n'), "case {number}");
            }
            (Err(error), Err(part)) => {
                let message = error.to_string();
                assert!(message.contains(part), "case {number}, {format}: {message}");
                assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "case {number}: nothing is left over");
            }
            (outcome, _) => panic!("case {number}, {format}: {outcome:?}"),
        }
    }
}

#[test]
fn one_entity_with_endless_aliases_keeps_a_thousand() {
    let place = TempDir::new().unwrap();
    let (file, out) = (place.path().join("jrc.txt"), place.path().join("names.csv"));
    let lines: String = (0..5000).map(|i| format!("7\tP\tu\tTamsin+Orlebar+{}\n", roman(i))).collect();
    fs::write(&file, lines).unwrap();
    let imported = import(format_named("jrc-names").unwrap(), &[file], &out, &Options::default()).unwrap();
    assert_eq!((imported.rows, imported.names, imported.joined), (5000, [1, 0, 0], 4999));
    assert_eq!(imported.aliases, 1000);
    assert_eq!(imported.dropped.count(What::Alias), 3999);
    let told: u64 = rows(&imported.dropped_file).iter().map(|row| row[2].parse::<u64>().unwrap()).sum();
    assert_eq!(told, 3999, "what is not told one by one is told by its number");
}

/// A word of its own for each number.
fn roman(mut number: u32) -> String {
    let mut word = String::from("X");
    for _ in 0..4 {
        word.push(char::from(b'a' + (number % 10) as u8));
        number /= 10;
    }
    word
}

#[test]
fn a_list_of_classes_of_ones_own_is_used() {
    let place = TempDir::new().unwrap();
    let (classes, out) = (place.path().join("classes.csv"), place.path().join("names.csv"));
    fs::write(
        &classes,
        "format,class,type,kind\nspacy,COLOUR,organization,paint\nspacy,PERSON,,\nspacy,GPE,place,town\n",
    )
    .unwrap();
    let options = Options { classes: Some(classes.clone()), ..Options::default() };
    let format = format_named("spacy").unwrap();
    let imported = import(format, &[folder().join("spacy.jsonl")], &out, &options).unwrap();
    assert_eq!(imported.names, [0, 1, 2], "persons are left out by the list, and `ORG` is a type by itself");
    fs::write(&classes, "format,class,type,kind\nspacy,GPE,planet,\n").unwrap();
    let error = import(format, &[folder().join("spacy.jsonl")], &place.path().join("b.csv"), &options).unwrap_err();
    assert!(error.to_string().contains("classes.csv: line 2"), "{error}");
}

/// How many random files are tried: `CASES` of them, if that is set.
fn cases(usual: u32) -> u32 {
    std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

/// The sample of a format.
fn sample_bytes(format: &str) -> Vec<u8> {
    let sample = SAMPLES.iter().find(|sample| sample.format == format).unwrap();
    fs::read(folder().join(sample.files[0])).unwrap()
}

fn never_panics(format: usize, bytes: &[u8]) {
    let place = TempDir::new().unwrap();
    let (file, out) = (place.path().join("random"), place.path().join("names.csv"));
    fs::write(&file, bytes).unwrap();
    let options = Options { types: vec![EntityType::Person], ..options() };
    match import(FORMATS[format], &[file], &out, &options) {
        Ok(imported) => {
            let dropped = imported.dropped.count(What::Row);
            assert_eq!(imported.rows, imported.names.iter().sum::<u64>() + imported.joined + dropped);
            assert_eq!(check(std::slice::from_ref(&out), 10).unwrap().count(Severity::Error), 0);
            Gazetteer::load(&[out]).unwrap();
        }
        Err(_) => assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left over"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_do_no_harm(format in 0..FORMATS.len(), bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        never_panics(format, &bytes);
    }

    #[test]
    fn samples_with_random_changes_do_no_harm(
        format in 0..FORMATS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..12),
        swap in any::<prop::sample::Index>(),
    ) {
        let mut bytes = sample_bytes(FORMATS[format].name());
        let marks = b"\t\n\",:;{}[]|\\ \xff\x00aA=";
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = marks[byte as usize % marks.len()],
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, marks[byte as usize % marks.len()]),
                _ => bytes.truncate(at.max(20)),
            }
        }
        let at = swap.index(bytes.len());
        bytes.rotate_left(if at % 5 == 0 { at } else { 0 });
        never_panics(format, &bytes);
    }
}
