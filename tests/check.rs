//! `gazetteer check`: what is told of files with known faults, and that it agrees with what is loaded.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    gazetteer::Gazetteer,
    workbench::check::{Report, Severity, check, fix},
};
use proptest::prelude::*;
use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

fn checked(bytes: &[u8]) -> (TempDir, Report) {
    let place = TempDir::new().unwrap();
    let file = place.path().join("names.csv");
    fs::write(&file, bytes).unwrap();
    let report = check(&[file], 1000).unwrap();
    (place, report)
}

/// Whether a file is told to have just these findings: line, column, severity, kind.
fn told(text: &str) -> Vec<String> {
    let (_, report) = checked(text.as_bytes());
    let severity =
        |finding: &onrecord::workbench::check::Finding| if finding.severity == Severity::Error { "!" } else { "" };
    report.findings.iter().map(|f| format!("{}:{}:{}{}", f.line, f.column, severity(f), f.kind)).collect()
}

const HEAD: &str =
    "name,type,aliases,id,wikidata,geonames,country,latitude,longitude,population,gender,roles,match,note";

#[test]
fn every_fault_is_told_in_its_line_and_column() {
    let none: &[&str] = &[];
    for (row, expected) in [
        ("Tamsin Orlebar,person,T. M. Orlebar,,Q99,,NZ,,,,f,chair of Cassel Harbour Works,,", none),
        ("Port Cassel,place,Cassel Harbour,,Q98,99,NZ,-42.1,172.3,81000,,,,", none),
        (",person,,,,,,,,,,,,", &["2:name:!empty name"]),
        ("\u{7},person,,,,,,,,,,,,", &["2:name:control character", "2:name:!empty name"]),
        ("Tamsin Orlebar,planet,,,,,,,,,,,,", &["2:type:!bad type"]),
        ("Tamsin Orlebar,,,,,,,,,,,,,", &["2:type:!bad type"]),
        ("Port Cassel,place,Y,,,,,,,,,,,", &["2:aliases:one letter"]),
        ("Port Cassel,place,Oz,,,,,,,,,,,", &["2:aliases:two letters"]),
        ("Port Cassel,place,2020,,,,,,,,,,,", &["2:aliases:number"]),
        ("Port Cassel,place,Table,,,,,,,,,,,", &["2:aliases:common word"]),
        ("Port Cassel,place,Table,,,,,,,,,,weak,", none),
        ("Port Cassel,place,port cassel,,,,,,,,,,,", &["2:aliases:no capital letter"]),
        ("Michael Orlebar,person,Michael,,,,,,,,,,,", &["2:aliases:given name alone"]),
        ("Michael Orlebar,person,Kowalski,,,,,,,,,,,", &["2:aliases:surname alone"]),
        ("Orlebar Club,organization,Finns,,,,,,,,,,,", &["2:aliases:demonym"]),
        ("Helsinki,person,,,,,,,,,,,,", &["2:name:two types"]),
        ("Port Cassel,place,A Cassel||B Cassel,,,,,,,,,,,", &["2:aliases:separator"]),
        ("Port Cassel,place,Cassel Harbour; Cassel Town,,,,,,,,,,,", &["2:aliases:separator"]),
        ("Port Cassel|Cassel,place,,,,,,,,,,,,", &["2:name:separator"]),
        ("Port Cassel,place,Port Cassel,,,,,,,,,,,", &["2:aliases:repeated alias"]),
        ("=Cassel,place,,,,,,,,,,,,", &["2:name:formula"]),
        ("Port Cassel,place,,,,,,,,,,,,@SUM(1)", &["2:note:formula"]),
        ("Port Cassel,place,,0042,,,,,,,,,,", &["2:id:bad id"]),
        ("Port Cassel,place,,,q98,,,,,,,,,", &["2:wikidata:bad id"]),
        ("Port Cassel,place,,,,gn99,,,,,,,,", &["2:geonames:bad id"]),
        ("Port Cassel,place,,,,,nz,,,,,,,", &["2:country:bad country"]),
        ("Port Cassel,place,,,,,New Zealand,,,,,,,", &["2:country:bad country"]),
        ("Port Cassel,place,,,,,XQ,,,,,,,", &["2:country:bad country"]),
        ("Port Cassel,place,,,,,,-42.1,,,,,,", &["2:longitude:bad coordinates"]),
        ("Port Cassel,place,,,,,,172.3,-42.1,,,,,", &["2:latitude:bad coordinates"]),
        ("Port Cassel,place,,,,,,\"42,1\",172.3,,,,,", &["2:latitude:bad coordinates"]),
        ("Port Cassel,place,,,,,,0,0,,,,,", &["2:latitude:bad coordinates"]),
        ("Port Cassel,place,,,,,,NaN,1,,,,,", &["2:latitude:bad coordinates"]),
        ("Port Cassel,place,,,,,,,,\"81,000\",,,,", &["2:population:bad number"]),
        ("Tamsin Orlebar,person,,,,,,,,,female,,,", &["2:gender:bad value"]),
        ("Tamsin Orlebar,person,,,,,,,,,,Minister of harbours,,", &["2:roles:bad value"]),
        ("Tamsin Orlebar,person,,,,,,,,,,,strict,", &["2:match:bad value"]),
        ("President Orlebar,person,,,,,,,,,,,,", &["2:name:title"]),
        ("\"Orlebar, Tamsin\",person,,,,,,,,,,,,", &["2:name:order of names"]),
        ("\"Tamsin Orlebar, Jr\",person,,,,,,,,,,,,", none),
        ("Tamsin “Tam” Orlebar,person,,,,,,,,,,,,", &["2:name:quotation marks"]),
        (" Port Cassel ,place,,,,,,,,,,,,", &["2:name:white space"]),
        ("Port  Cassel,place,,,,,,,,,,,,", &["2:name:white space"]),
        ("Port\u{a0}Cassel,place,,,,,,,,,,,,", &["2:name:white space"]),
        ("Port\u{feff}Cassel,place,,,,,,,,,,,,", &["2:name:invisible character"]),
        ("Port Ca\u{200b}ssel,place,,,,,,,,,,,,", &["2:name:invisible character"]),
        ("JosÃ© Orlebar,person,,,,,,,,,,,,", &["2:name:mojibake"]),
        ("Jos\u{fffd} Orlebar,person,,,,,,,,,,,,", &["2:name:mojibake"]),
        ("Jose\u{301} Orlebar,person,,,,,,,,,,,,", &["2:name:not NFC"]),
        ("Pоrt Cassel,place,,,,,,,,,,,,", &["2:name:mixed scripts"]),
        ("Port Cassel,place", &["2::fewer cells"]),
        ("Port Cassel,place,,,,,,,,,,,,,extra", &["2::more cells"]),
        ("Port Cassel,place,,,,,,,,,,,,\nPort Cassel,place,,,,,,,,,,,,", &["3::duplicate row"]),
        ("Port Cassel,place,,,,,,,,,,,,\nPort Cassel,place,Cassel Quay,,,,,,,,,,,", &["3:name:duplicate name"]),
        ("Port Cassel,place,,,,,NZ,,,,,,,\nPort Cassel,place,,,,,AU,,,,,,,", none),
        ("Port Cassel,place,,,,,NZ,,,,,,,\nPort Cassel,place,,,,,,,,,,,,", &["3:name:duplicate name"]),
        ("Port Cassel,place,,x1,,,,,,,,,,\nPort Tallow,place,,x1,,,,,,,,,,", &["3:id:duplicate id"]),
        ("Port Cassel,place,,,,,,,,,,,,\nPort Cassel,organization,,,,,,,,,,,,", &["3:name:two types"]),
        ("Port Cassel,place,,,,,,,,,,,,\nCassel Ltd,organization,Port Cassél,,,,,,,,,,weak,", none),
    ] {
        assert_eq!(told(&format!("{HEAD}\n{row}\n")), expected, "{row}");
    }
}

#[test]
fn faults_of_the_header_are_told() {
    for (text, expected) in [
        ("name,type\nTamsin Orlebar,person\n", &[] as &[&str]),
        ("\u{feff}Name,TYPE\nTamsin Orlebar,person\n", &[]),
        ("", &["1:name:!no column", "1:type:!no column"]),
        ("name,kind\nTamsin Orlebar,person\n", &["1:type:!no column"]),
        ("name;type\nTamsin Orlebar;person\n", &["1:name:!no column", "1:type:!no column"]),
        ("name,type,alias\nTamsin Orlebar,person,\n", &["1:alias:column name"]),
        ("name,type,type\nTamsin Orlebar,person,person\n", &["1:type:column name"]),
        ("name,type,\nTamsin Orlebar,person,\n", &["1::column name"]),
        ("name,type,mentions\nTamsin Orlebar,person,3\n", &[]),
    ] {
        assert_eq!(told(text), expected, "{text:?}");
    }
}

#[test]
fn long_names_are_errors_and_findings_say_what_to_do() {
    let long = "Aa ".repeat(400);
    assert_eq!(
        told(&format!("name,type,aliases\n{long},person,\nTam Orlebar,person,{long}\n")),
        ["2:name:white space", "2:name:!too long", "3:aliases:white space", "3:aliases:!too long",]
    );
    let (_, report) = checked(b"name,type,country\nPort Cassel,place,New Zealand\nOrlebar Club,org,UK\n");
    let fixes: Vec<&str> = report.findings.iter().map(|finding| finding.fix.as_str()).collect();
    assert_eq!(fixes, ["write NZ", "write GB"]);
}

#[test]
fn findings_beyond_the_limit_are_counted() {
    let rows: String = (0..50).map(|i| format!("Orlebar {i},planet\n")).collect();
    let place = TempDir::new().unwrap();
    let file = place.path().join("names.csv");
    fs::write(&file, format!("name,type\n{rows}")).unwrap();
    let report = check(&[file], 3).unwrap();
    assert_eq!((report.findings.len(), report.count(Severity::Error), report.rows), (3, 50, 50));
}

#[test]
fn several_files_are_checked_together_and_folders_leave_out_what_is_no_gazetteer() {
    let place = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(place.path().join(name), text).unwrap();
    write("a.csv", "name,type\nPort Cassel,place\n");
    write("b.csv", "name,type\nPort Cassel,person\n");
    write("manifest.csv", "file,role,source,licence,note\na.csv,names,me,CC0,\n");
    write("a.dropped.csv", "what,reason,count,file,line,value\n");
    write("weights_names.csv", "no weights\n");
    write("c.onrecord", "onrecord, but damaged");
    let report = check(&[place.path().to_path_buf()], 10).unwrap();
    let kinds: Vec<(&str, &str)> =
        report.findings.iter().map(|f| (f.file.file_name().unwrap().to_str().unwrap(), f.kind)).collect();
    assert_eq!(
        kinds,
        [("c.onrecord", "does not load"), ("weights_names.csv", "does not load"), ("b.csv", "two types")]
    );
    assert!(report.findings[2].message.contains("a.csv:2"), "{}", report.findings[2].message);
    assert!(check(&[place.path().join("none")], 10).is_err());
    assert!(check(&[TempDir::new().unwrap().path().to_path_buf()], 10).is_err());
}

#[test]
fn a_fixed_copy_has_none_of_what_can_be_mended() {
    let place = TempDir::new().unwrap();
    let (file, out) = (place.path().join("names.csv"), place.path().join("clean.csv"));
    let text = "\u{feff}name,type,aliases,note\n Port  Cassel ,place,Cassel Quay||Cassel Quay|Jose\u{301} Quay,\"a\nb\"\nPort Cassel,place,Cassel Quay|José Quay,a b\nPort\u{200b} Tallow,place,,\n";
    fs::write(&file, text).unwrap();
    let fixed = fix(&file, &out, false).unwrap();
    assert_eq!((fixed.rows, fixed.cells, fixed.duplicates), (2, 4, 1));
    let expected = "name,type,aliases,note\nPort Cassel,place,Cassel Quay|José Quay,a b\nPort Tallow,place,,\n";
    assert_eq!(fs::read_to_string(&out).unwrap(), expected);
    assert!(check(std::slice::from_ref(&out), 10).unwrap().counts.is_empty());
    assert!(fix(&file, &out, false).is_err(), "nothing is replaced");
    assert!(fix(&file, &file, true).is_err(), "nor is the file itself");
    fs::write(&file, b"name,type\nJos\xe9,person\n").unwrap();
    assert!(fix(&file, &out, true).unwrap_err().to_string().contains("line 2"));
    assert_eq!(fs::read_to_string(&out).unwrap(), expected);
}

fn onrecord(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_onrecord")).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_tells_in_three_forms_and_by_its_status() {
    let place = TempDir::new().unwrap();
    let (good, bad) = (place.path().join("good.csv"), place.path().join("bad.csv"));
    fs::write(&good, "name,type\nTamsin Orlebar,person\n").unwrap();
    fs::write(&bad, "name,type\n\u{1b}[31m=Orlebar,planet\n").unwrap();
    let (good, bad) = (good.to_str().unwrap(), bad.to_str().unwrap());
    assert_eq!(onrecord(&["gazetteer", "check", good]).0, Some(0));
    assert_eq!(onrecord(&["gazetteer", "check", &format!("{good}.none")]).0, Some(2));
    let (status, text, _) = onrecord(&["gazetteer", "check", bad]);
    assert_eq!(status, Some(1));
    assert!(text.contains(":2: type: error: `planet` is no type\n") && !text.contains('\u{1b}'), "{text}");
    let (_, table, _) = onrecord(&["gazetteer", "check", bad, "--format", "csv"]);
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[1][4], &rows[1][3]), (2, "bad type", "error"));
    let (_, document, _) = onrecord(&["gazetteer", "check", bad, "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!((document["errors"].as_u64(), document["findings"][1]["line"].as_u64()), (Some(1), Some(2)));
    let out = place.path().join("clean.csv");
    let (status, _, stderr) = onrecord(&["gazetteer", "check", bad, "--fix", "--out", out.to_str().unwrap()]);
    assert_eq!(status, Some(1), "the type is still wrong");
    assert!(stderr.contains("1 cell mended") && out.exists(), "{stderr}");
}

/// How many random files are tried: `CASES` of them, if that is set.
fn cases(usual: u32) -> u32 {
    std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

fn loads(file: &Path) -> bool {
    Gazetteer::load(&[file.to_path_buf()]).is_ok()
}

/// Cells that the loader may or may not like.
fn cell() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"Tamsin Orlebar".to_vec()),
        Just(b"person".to_vec()),
        Just(b" PLACE ".to_vec()),
        Just(b"planet".to_vec()),
        Just(Vec::new()),
        Just(b" \x07 ".to_vec()),
        Just(b"\xe9".to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        Just(b"\"a,\"\"b\"".to_vec()),
        Just(b"\"open".to_vec()),
        Just(b"a|b||c".to_vec()),
        Just([b"L".as_slice(), &[b'o'; 1000]].concat()),
        Just([b"L".as_slice(), &[b'o'; 999]].concat()),
        Just([b"x|".as_slice(), &[b'o'; 1001]].concat()),
        Just("ö".repeat(1000).into_bytes()),
        Just(b"\r".to_vec()),
        Just(b"\0".to_vec()),
        "[a-zA-Z .|,;\"']{0,12}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..6),
    ]
}

fn header() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => Just(b"name,type,aliases".to_vec()),
        1 => Just(b"\xef\xbb\xbfname,type,aliases".to_vec()),
        1 => Just(b" Name ,TYPE,name".to_vec()),
        1 => Just(b"name,kind,aliases".to_vec()),
        1 => Just(b"aliases,name,type".to_vec()),
        1 => Just(b"name,type,aliases\xff".to_vec()),
        1 => Just(Vec::new()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(600), failure_persistence: None, ..ProptestConfig::default() })]

    /// The loader is the judge: an error is told if, and only if, the file does not load.
    #[test]
    fn errors_are_just_what_is_refused(
        header in header(),
        rows in proptest::collection::vec(proptest::collection::vec(cell(), 1..4), 0..4),
        plain in any::<bool>(),
    ) {
        let mut bytes = header;
        for row in &rows {
            bytes.push(b'\n');
            if plain {
                bytes.extend(b"Tamsin Orlebar,person,");
            }
            bytes.extend(row.join(&b','));
        }
        let (place, report) = checked(&bytes);
        let file = place.path().join("names.csv");
        prop_assert_eq!(report.count(Severity::Error) == 0, loads(&file), "{:?} {:?}", String::from_utf8_lossy(&bytes), report.findings);
    }
}
