//! Corrections: what each kind of line does and where it holds, lines that cannot be used, and runs with corrections; reviewed
//! candidates and differences, through the whole program.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod place;

use onrecord::{gazetteer::Gazetteer, model::Article, pipeline::Pipeline};
use place::{Place, stderr};
use std::{fs, process::Output};

const HEADER: &str = "action,surface,article_id,context,instead_of,entity,type,name\n";

fn pipeline(lines: &str) -> Result<Pipeline, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("corrections.csv");
    fs::write(&file, format!("{HEADER}{lines}\n")).unwrap();
    let short = |error: onrecord::error::Error| error.to_string().replace(&format!("{}/", folder.path().display()), "");
    Pipeline::new(Gazetteer::load_corrected(&[folder.path().to_path_buf()], &[]).map_err(short)?).map_err(short)
}

/// The names of an article, as `surface = id`, and the speakers of its quotations, as `says: id`.
fn found(pipeline: &Pipeline, id: &str, text: &str) -> Vec<String> {
    let article = Article { id: id.into(), text: text.into(), ..Article::default() };
    let found = pipeline.annotate(article);
    let names = found.mentions.iter().map(|mention| {
        let entity = &found.entities[mention.entity];
        assert_eq!(entity.kind, mention.kind, "{mention:?}");
        format!("{} = {}", mention.span.of(&found.text), entity.id)
    });
    let says = found
        .quotations
        .iter()
        .filter_map(|quotation| Some(format!("says: {}", found.entities[quotation.speaker.entity?].id)));
    names.chain(says).collect()
}

/// What a line does: (what it shows, lines, id of the article, its text, what must be there, what must not).
type Row = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const HARBOR: &str = "Port chief Jon Bekker said on Monday that the harbor would reopen. \"We are ready,\" he told reporters. \
    The mayor, Lena Drost, met Bekker at the quay.";
const SMITHS: &str = "Smith, who plays baseball, said he would come.\n\nSmith, a lawyer, said he would not.";

const ROWS: &[Row] = &[
    (
        "a form is an entity that the gazetteers have",
        "is,Brightwater,,,,loc:vaasa.fi,,",
        "a",
        "The council of Brightwater met on Monday.",
        &["Brightwater = loc:vaasa.fi"],
        &[],
    ),
    (
        "a form is a new entity, found by name and type",
        "is,The Iron Fox,,,,,person,Mirja Soll",
        "a",
        "The Iron Fox said the ship would sail.",
        &["The Iron Fox = per:mirja-soll", "says: per:mirja-soll"],
        &[],
    ),
    (
        "a name that the gazetteers have is told by name alone",
        "is,The Gulf Town,,,,,,Vaasa",
        "a",
        "The Gulf Town is calm.",
        &["The Gulf Town = loc:vaasa.fi"],
        &[],
    ),
    (
        "pronouns and short forms follow a corrected name",
        "is,Jon Bekker,,,,,person,Johan Bekker-Lund",
        "a",
        HARBOR,
        &["Jon Bekker = per:johan-bekker-lund", "Bekker = per:johan-bekker-lund", "says: per:johan-bekker-lund"],
        &["says: per:jon-bekker"],
    ),
    (
        "what is corrected as no name is none, and nothing within it",
        "not a name,Lena Drost",
        "a",
        HARBOR,
        &["Jon Bekker = per:jon-bekker"],
        &["Lena Drost = per:lena-drost", "Drost = per:drost", "Lena = per:lena"],
    ),
    (
        "a longer name around what is no name stays",
        "not a name,Bekker",
        "a",
        HARBOR,
        &["Jon Bekker = per:jon-bekker"],
        &["Bekker = per:jon-bekker"],
    ),
    (
        "a longer name around a corrected one stays",
        "is,Washington,,,,,organization,Washington Club",
        "a",
        "George Washington Okafor met Washington on Monday.",
        &["George Washington Okafor = per:george-washington-okafor", "Washington = org:washington-club"],
        &[],
    ),
    (
        "a name wrongly joined to a word is taken apart by two lines",
        "not a name,Fresh Tuesday Lindqvist\nis,Lindqvist,,,,,person,Karin Lindqvist",
        "a",
        "Fresh Tuesday Lindqvist said no.",
        &["Lindqvist = per:karin-lindqvist"],
        &[],
    ),
    (
        "the longest of two corrections wins",
        "is,Norrvik,,,,,place,Norrvik\nis,Norrvik Steel Works,,,,,organization,Norrvik Steel",
        "a",
        "The strike at Norrvik Steel Works went on, and Norrvik waited.",
        &["Norrvik Steel Works = org:norrvik-steel", "Norrvik = loc:norrvik"],
        &[],
    ),
    (
        "a form is of a type",
        "type,Lena Drost,,,,,place,",
        "a",
        HARBOR,
        &["Lena Drost = loc:lena-drost"],
        &["Lena Drost = per:lena-drost"],
    ),
    (
        "of a form of another type the gazetteer's entry of that type is taken",
        "type,Georgia,,,,,person,",
        "a",
        "Georgia said she would come.",
        &["Georgia = per:georgia"],
        &[],
    ),
    (
        "capital letters count",
        "is,the harbor,,,,,place,Harbor",
        "a",
        "The harbor is closed. \u{2014} Yes, the harbor is.",
        &["the harbor = loc:harbor"],
        &["The harbor = loc:harbor"],
    ),
    (
        "a headline in capitals is a form with capitals",
        "is,Bekker,,,,,person,Johan Lund",
        "a",
        "BEKKER WINS THE VOTE ON THE HARBOR\n\nThe vote was held on Monday, the city said in a statement.",
        &["BEKKER = per:johan-lund"],
        &[],
    ),
    (
        "a possessive is no part of a form",
        "is,Bekker's,,,,,person,Johan Lund",
        "a",
        "The house is Bekker's now.",
        &["Bekker = per:johan-lund"],
        &[],
    ),
    (
        "a line holds in its article",
        "is,Jon Bekker,b,,,,person,Jon Bekker-Ruiz",
        "b",
        HARBOR,
        &["Jon Bekker = per:jon-bekker-ruiz"],
        &[],
    ),
    (
        "and not in others",
        "is,Jon Bekker,b,,,,person,Jon Bekker-Ruiz",
        "a",
        HARBOR,
        &["Jon Bekker = per:jon-bekker"],
        &["Jon Bekker = per:jon-bekker-ruiz"],
    ),
    (
        "a line holds where its context stands in the paragraph, and says nothing about the same name elsewhere",
        "is,Smith,,baseball,,,person,Bo Smith",
        "a",
        SMITHS,
        &["Smith = per:bo-smith", "Smith = per:smith", "says: per:bo-smith", "says: per:smith"],
        &[],
    ),
    (
        "one of several contexts is enough",
        "is,Smith,,cricket | a lawyer,,,person,Bo Smith",
        "a",
        SMITHS,
        &["Smith = per:bo-smith", "Smith = per:smith"],
        &[],
    ),
    (
        "context in the sentence wins over context in the paragraph",
        "is,Smith,,baseball,,,person,Bo Smith\nis,Smith,,lawyer,,,person,Al Smith",
        "a",
        "Smith, who plays baseball, said he would come. Smith, a lawyer, said he would not.",
        &["Smith = per:bo-smith", "Smith = per:al-smith"],
        &[],
    ),
    (
        "article and context win over article, that over context, that over none",
        "is,Smith,,,,,person,Cy Smith\nis,Smith,,baseball,,,person,Bo Smith\nis,Smith,a,,,,person,Di Smith\nis,Smith,a,lawyer,,,person,Al Smith",
        "a",
        SMITHS,
        &["Smith = per:di-smith", "Smith = per:al-smith"],
        &["Smith = per:bo-smith", "Smith = per:cy-smith"],
    ),
    (
        "in another article the context wins over none",
        "is,Smith,,,,,person,Cy Smith\nis,Smith,,baseball,,,person,Bo Smith\nis,Smith,a,,,,person,Di Smith",
        "z",
        SMITHS,
        &["Smith = per:bo-smith", "Smith = per:cy-smith"],
        &["Smith = per:di-smith"],
    ),
    (
        "an exception to what is no name",
        "not a name,Smith\nis,Smith,,baseball,,,person,Bo Smith",
        "a",
        SMITHS,
        &["Smith = per:bo-smith"],
        &["Smith = per:smith"],
    ),
    (
        "two entities are one",
        "merge,,,,per:lena-drost,per:jon-bekker,,Jon Bekker",
        "a",
        HARBOR,
        &["Lena Drost = per:jon-bekker", "Jon Bekker = per:jon-bekker"],
        &["Lena Drost = per:lena-drost"],
    ),
    (
        "an entity becomes one of another type",
        "merge,,,,per:lena-drost,loc:vaasa.fi,,",
        "a",
        HARBOR,
        &["Lena Drost = loc:vaasa.fi"],
        &[],
    ),
    (
        "merges are followed to their end",
        "merge,,,,per:jon-bekker,per:b,,B\nmerge,,,,per:b,per:c,,C\nis,The Quay Man,,,,per:b,,",
        "a",
        "Port chief Jon Bekker said the ship would sail. The Quay Man left.",
        &["Jon Bekker = per:c", "says: per:c", "The Quay Man = per:c"],
        &[],
    ),
    (
        "a form of an entity is another one",
        "split,Bekker,,,per:jon-bekker,,person,Ida Bekker",
        "a",
        HARBOR,
        &["Jon Bekker = per:jon-bekker", "Bekker = per:ida-bekker"],
        &["Bekker = per:jon-bekker"],
    ),
    (
        "in one article an entity is another one",
        "split,,a,,per:jon-bekker,,person,Ida Bekker",
        "a",
        HARBOR,
        &["Jon Bekker = per:ida-bekker", "Bekker = per:ida-bekker", "says: per:ida-bekker"],
        &["Jon Bekker = per:jon-bekker"],
    ),
    (
        "a split may name what merges made",
        "merge,,,,per:lena-drost,per:jon-bekker,,Jon Bekker\nsplit,Bekker,,,per:jon-bekker,,person,Ida Bekker",
        "a",
        HARBOR,
        &["Lena Drost = per:jon-bekker", "Bekker = per:ida-bekker"],
        &[],
    ),
];

#[test]
fn lines_do_what_they_say() {
    for (name, lines, id, text, expected, absent) in ROWS {
        let pipeline = pipeline(lines).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = found(&pipeline, id, text);
        for row in *expected {
            assert!(found.iter().any(|one| one == row), "{name}: no `{row}` in {found:#?}");
        }
        for row in *absent {
            assert!(!found.iter().any(|one| one == row), "{name}: `{row}` in {found:#?}");
        }
    }
}

#[test]
fn lines_that_cannot_be_used_are_refused() {
    for (lines, message) in [
        ("frobnicate,X", "corrections.csv: line 2: `frobnicate` is no action"),
        (",X", "line 2: `action` is empty"),
        ("is,,,,,,person,Bo Smith", "line 2: `surface` is empty"),
        ("is,...,,,,,person,Bo Smith", "line 2: `surface` holds no word"),
        ("is,Smith", "line 2: says not who it is"),
        ("is,Smith,,,per:x,,person,Bo Smith", "leave `instead_of` empty, or write split"),
        ("is,Smith,,?!,,,person,Bo Smith", ""),
        ("is,Smith,,|,,,person,Bo Smith", "`context` holds no word"),
        ("is,Smith,,,,,persn,Bo Smith", "`persn` is no type"),
        ("is,Smith,,,,,,Bo Zzsmith", "no gazetteer has \"Bo Zzsmith\": fill in its `type`"),
        ("is,Smith,,,,Q0000,,", "no gazetteer has the entity `Q0000`: fill in its `name` and `type`"),
        ("is,Smith,,,,per:bo-zzsmith,,", "no gazetteer has the entity `per:bo-zzsmith`"),
        ("is,Smith,,,,per:Bo Smith,,Bo Smith", "that of \"Bo Smith\" would be `per:bo-smith`"),
        ("is,Smith,,,,loc:vaasa.fi,person,", "the entity loc:vaasa.fi is a place, and `type` says person"),
        ("is,Smith,,,,per:bo-zzsmith,place,Bo", "the entity per:bo-zzsmith is a person, and `type` says place"),
        ("type,Smith", "`type` is empty"),
        ("type,Smith,,,,,person,Bo", "names an entity, which has its own type"),
        ("merge,,,,,per:a,,A", "`instead_of` is empty"),
        ("merge,Smith,,,per:b,per:a,,A", "or write split"),
        ("merge,,,,Q0000,per:a,,A", "no gazetteer has the entity `Q0000`"),
        ("merge,,,,per:a,per:a,,A", "line 2: merges an entity with itself"),
        ("merge,,,,per:a,per:b,,B\nmerge,,,,per:b,per:a,,A", "line 2: merges in a circle"),
        ("split,,,,per:a,per:b,,B", "takes all of the entity"),
        ("merge,,,,per:a,per:b,,B\nmerge,,,,per:a,per:c,,C", "line 3: contradicts line 2"),
        (
            "not a name,Smith\ntype,Smith,,,,,person",
            "line 3: contradicts line 2, which says something else of \"Smith\"",
        ),
        ("is,Smith,x,y,,,person,A\nis,Smith,x,y,,,person,B", "line 3: contradicts line 2"),
        ("split,S,,,per:a,,person,B\nsplit,S,,,per:a,,person,C", "line 3: contradicts line 2"),
        (
            "is,A,,,,per:b,,Bo\nis,C,,,,per:b,,Bert",
            "line 3: says that per:b is \"Bert\", a person; a line before it says \"Bo\"",
        ),
        (
            "is,A,,,,,person,B\nis,A,,,,,person,C\nnot a name,A\nis,D,,,,,person,B",
            "2 corrections cannot be used:\n  corrections.csv: line 3: contradicts line 2",
        ),
        ("x,A\ny,B", "2 corrections cannot be used:\n  corrections.csv: line 2: "),
    ] {
        match pipeline(lines) {
            Ok(_) => assert!(message.is_empty(), "{lines}: not refused"),
            Err(error) => assert!(!message.is_empty() && error.contains(message), "{lines}: {error}"),
        }
    }
    let long = format!("is,{},,,,,person,A", "Word ".repeat(41));
    assert!(pipeline(&long).unwrap_err().contains("more than 40 words"));
}

#[test]
fn the_file_may_come_from_any_spreadsheet() {
    let place = Place::new();
    place.write("a.txt", "The Iron Fox said the ship would sail.");
    let text =
        "\u{feff}NOTE;Surface;Action;Name;Type\r\n\"mine; really\";The Iron Fox;Is;Mirja Soll;Person\r\n;;;;\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [("utf8.csv", text.as_bytes()), ("utf16.csv", &utf16)] {
        place.write(name, bytes);
        place.done(&format!("extract a.txt --out t --force -q --corrections {name}"));
        let mentions = fs::read_to_string(place.path("t/mentions.csv")).unwrap();
        assert!(
            mentions.contains("per:mirja-soll,person,Mirja Soll,The Iron Fox,0,12,1,1,,gazetteer,1.00,body"),
            "{mentions}"
        );
    }
    // An older encoding is read, and told: it has not all letters.
    place.write("old.csv", b"action;surface;type;name\nis;The Iron Fox;person;Zo\xeb Soll\n");
    let output = place.run("extract a.txt --out t --force -q --corrections old.csv");
    assert!(stderr(&output).contains("old.csv: is not UTF-8 and was read as windows-1252"), "{}", stderr(&output));
    assert!(fs::read_to_string(place.path("t/mentions.csv")).unwrap().contains("Zoë Soll"));
    place.write("odd.csv", "action,surface,articel\nis,X,a\n");
    place.refused("extract a.txt --out t --force --corrections odd.csv", "`articel` is no column of corrections");
    place.write("none.csv", "surface,type\nX,person\n");
    place.refused("extract a.txt --out t --force --corrections none.csv", "has no column `action`");
    place.refused("extract a.txt --out t --force --corrections nowhere.csv", "nowhere.csv");
    place.write("names/corrections.csv", "action,surface\nnot a name,X\n");
    place.refused("gazetteer compile names/corrections.csv --out n.onrecord", "holds corrections, which are no names");
}

const LINES: &str = "action,surface,context,instead_of,entity,type,name\n\
    is,Tell No One,,,,person,Mirja Soll\n\
    not a name,Never Seen Anywhere,,,,,\n\
    merge,,,per:lena-drost,per:jon-bekker,,Jon Bekker\n";

#[test]
fn unused_lines_are_told_and_counted() {
    let place = Place::new();
    place.write("a.txt", HARBOR);
    place.write("names/corrections.csv", LINES);
    let output = place.run("extract a.txt --out t --gazetteer names");
    let unused = |line| format!("corrections.csv: line {line}: this correction was never applied");
    assert!(stderr(&output).contains(&unused(2)) && stderr(&output).contains(&unused(3)), "{}", stderr(&output));
    assert!(!stderr(&output).contains(&unused(4)), "{}", stderr(&output));
    let counts = &place.record("t")["counts"]["corrections"].clone();
    assert_eq!((&counts["lines"], &counts["applied"], &counts["times"]), (&3.into(), &1.into(), &1.into()), "{counts}");
    assert_eq!(counts["unused"].as_array().unwrap().len(), 2);
    assert!(counts["unused"][0].as_str().unwrap().ends_with("corrections.csv:2"), "{counts}");
    // Named twice, the file counts once.
    place.done("extract a.txt --out t --force --gazetteer names --corrections names/corrections.csv");
    assert_eq!(place.record("t")["counts"]["corrections"], *counts);
    place.done("extract a.txt --out plain");
    assert!(place.record("plain")["counts"]["corrections"].is_null());
    // What only corrections know is known: it is no candidate any more.
    let candidates = fs::read_to_string(place.path("t/candidates.csv")).unwrap();
    assert!(!candidates.contains("Bekker"), "{candidates}");
}

#[test]
fn explain_tells_the_line() {
    let place = Place::new();
    place.write("a.txt", HARBOR);
    place.write("c.csv", format!("{HEADER}split,Bekker,,,per:jon-bekker,,person,Ida Bekker\nnot a name,Lena Drost\n"));
    let output = place.run("explain a.txt --corrections c.csv");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(
        shown.contains(
            "Bekker  person  1.00  gazetteer  → Ida Bekker (per:ida-bekker)\n      corrected by c.csv line 2"
        ),
        "{shown}"
    );
    assert!(shown.contains("Lena Drost  no name  corrected by c.csv line 3"), "{shown}");
    place.done("explain a.txt --corrections c.csv --html page.html");
    let page = fs::read_to_string(place.path("page.html")).unwrap();
    assert!(page.contains("corrected by c.csv line 2") && page.contains("no name"), "{page}");
}

/// Corrections of what is in a made-up dump.
fn corrections_of_dump(place: &Place) -> String {
    place.done("extract d.jsonl --out plain -q");
    let entities = fs::read_to_string(place.path("plain/entities.csv")).unwrap();
    let rows: Vec<Vec<&str>> = entities.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let ids: Vec<&str> = rows.iter().map(|row| row[0]).filter(|id| !id.contains('"')).collect();
    let surface = |row: usize| rows[row][3].split(" | ").next().unwrap();
    let mut lines = HEADER.to_string();
    lines += &format!("is,{},,,,,person,Ada Okonjo-Vance\n", surface(0));
    lines += &format!("not a name,{}\n", surface(1));
    lines += &format!("type,{},,the,,,organization,\n", surface(2));
    lines += &format!("merge,,,,{},{},person,Zed Mulligan\n", ids[3], "per:zed-mulligan");
    lines += &format!("split,,,Monday | Tuesday,{},,organization,The Quay Board\n", ids[4]);
    lines += "is,Never Seen Anywhere,,,,,person,Nobody\n";
    lines
}

#[test]
fn workers_shards_and_stops_change_nothing() {
    let place = Place::new();
    place.dump("d.jsonl", 900);
    let lines = corrections_of_dump(&place);
    place.write("names/corrections.csv", &lines);
    place.done("extract d.jsonl --out whole -q --gazetteer names --threads 1");
    let unused = place.record("whole")["counts"]["corrections"]["unused"].clone();
    assert_eq!(unused.as_array().map(Vec::len), Some(1), "all others are applied: {unused}");
    assert_ne!(place.tables("plain")["mentions.csv"], place.tables("whole")["mentions.csv"]);
    place.done("extract d.jsonl --out many -q --gazetteer names --threads 7");
    place.assert_same("whole", "many", "workers");
    for number in 1..=3 {
        let output = place.run(&format!("extract d.jsonl --out s{number} -q --gazetteer names --shard {number}/3"));
        assert!(!stderr(&output).contains("never applied"), "a part cannot tell: {}", stderr(&output));
    }
    let output = place.run("merge s1 s2 s3 --out merged -q");
    place.assert_same("whole", "merged", "shards");
    assert!(stderr(&output).contains("line 7: this correction was never applied"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("line 6"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn a_stopped_run_goes_on_with_the_same_corrections_only() {
    use place::{has_checkpoint, signal, wait_until};
    let place = Place::new();
    place.dump("d.jsonl", 1500);
    let lines = corrections_of_dump(&place);
    place.write("names/corrections.csv", &lines);
    place.done("extract d.jsonl --out whole -q --gazetteer names");
    let command = "extract d.jsonl --out t --gazetteer names --checkpoint 0";
    let mut child = place.command(command).spawn().unwrap();
    wait_until("a checkpoint", || has_checkpoint(&place.path("t")) || child.try_wait().unwrap().is_some());
    signal(&child, "INT");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    place.write("names/corrections.csv", format!("{lines}not a name,Another Thing\n"));
    place.refused(&format!("{command} --resume"), "corrections.csv has changed");
    place.write("names/corrections.csv", &lines);
    place.done(&format!("{command} --resume"));
    place.assert_same("whole", "t", "stopped and gone on");
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const REVIEWED: &str = "name,type,aliases,id,articles,ok,example,colour\n\
    Jon Bekker,person,,per:jon-beker,3,x,\"The port chief, \"\"Jon Beker,\"\" said so.\",red\n\
    Lena Drost,place,,per:lena-drost,2,yes,,\n\
    Lost Name,person,,per:other-name,2,1,nothing here,\n\
    Jon Bekker,person,J. Bekker,,1,X,,\n\
    Norrvik Steel,not a name,Norrvik Steel Works,org:norrvik-steel,9,,,\n\
    Refused One,person,,,9,no,,\n\
    Not Marked,person,,,9,,,\n\
    Typeless,persn,,,9,x,,\n\
    #NAME?,person,,,9,x,,\n\
    ,person,,,9,x,,\n\
    Doubtful,person,,,9,perhaps,,\n";

#[test]
fn reviewed_candidates_become_names_and_corrections() {
    let place = Place::new();
    place.write("c.csv", REVIEWED);
    let output = place.run("gazetteer candidates c.csv --out names/n.csv --corrections names/corrections.csv");
    assert_eq!(output.status.code(), Some(2), "there is no such folder: {}", stderr(&output));
    fs::create_dir(place.path("names")).unwrap();
    let output = place.run("gazetteer candidates c.csv --out names/n.csv --corrections names/corrections.csv");
    assert_eq!(output.status.code(), Some(1), "some rows could not be used: {}", stderr(&output));
    let names = fs::read_to_string(place.path("names/n.csv")).unwrap();
    let expected = "name,type,aliases,id,colour\nJon Bekker,person,Jon Beker|J. Bekker,per:jon-beker,red\nLena Drost,place,,,\nLost Name,person,,per:other-name,\n";
    assert_eq!(names, expected);
    let shown = stdout(&output);
    for part in [
        "3 names from 4 rows in names/n.csv",
        "1 joined another",
        "2 dropped: not marked as accepted (line 7, 8)",
        "1 dropped: no name (line 6)",
        "1 dropped: without a name (line 11)",
        "1 dropped: with a spreadsheet's error for a name (line 10)",
        "1 dropped: of no known type",
        "1 dropped: with a mark that is neither yes nor no (line 12)",
        "2 new corrections in names/corrections.csv",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(stderr(&output).contains("c.csv: line 4: the name was changed"), "{}", stderr(&output));
    let corrections = fs::read_to_string(place.path("names/corrections.csv")).unwrap();
    assert!(
        corrections.contains("\nnot a name,Norrvik Steel,,,,,,,\nnot a name,Norrvik Steel Works,"),
        "{corrections}"
    );
    // Nothing is overwritten, what is added is added once, and the outcome is a gazetteer.
    place.refused("gazetteer candidates c.csv --out names/n.csv", "is there already");
    let again = place.run("gazetteer candidates c.csv --into names/n.csv --corrections names/corrections.csv");
    assert!(
        stdout(&again).contains("0 names from 4 rows") && stdout(&again).contains("0 new corrections"),
        "{}",
        stdout(&again)
    );
    assert_eq!(fs::read_to_string(place.path("names/n.csv")).unwrap(), expected);
    place.write("a.txt", "Port chief Jon Beker said Norrvik Steel Works would close.");
    place.done("extract a.txt --out t --gazetteer names");
    let mentions = fs::read_to_string(place.path("t/mentions.csv")).unwrap();
    assert!(
        mentions.contains("per:jon-beker,person,Jon Bekker,Jon Beker") && !mentions.contains("Norrvik"),
        "{mentions}"
    );
}

#[test]
fn candidates_that_cannot_be_used_are_refused() {
    let place = Place::new();
    for (content, options, message) in [
        ("a,b\n1,2\n", "", "has no column `name`"),
        ("name,b\n1,2\n", "", "has no column `type`"),
        ("name,type\nBo,person\n", "--min-articles 2", "has no column `articles`"),
        ("name,type,ok\nBo,person,\n", "", "in which no row is marked"),
        ("name,type\nBo,\n", "", "holds no name that was accepted"),
        ("name,type,articles\nBo,person,1\n", "--min-articles 2", "1 in too few articles"),
        ("name,type\nBo,person\n", "--types place", "1 of another type"),
        ("name,type\nObama,person\nI,person\nHouse,organization\n", "", "3 a surname, given name or common word alone"),
        ("PK\u{3}\u{4}\0\0\u{1}", "", "is no text"),
    ] {
        place.write("c.csv", content);
        place.refused(&format!("gazetteer candidates c.csv --out n.csv {options}"), message);
        assert!(!place.path("n.csv").exists());
    }
    place.write("c.csv", "name,type,match\nObama,person,\nHouse,organization,weak\nGuccifer,person,\n");
    let output = place.run("gazetteer candidates c.csv --out names.csv");
    assert!(stdout(&output).contains("1 dropped: a surname, given name or common word alone (line 2)"));
    assert!(stderr(&output).contains("--keep-doubtful"), "{}", stderr(&output));
    assert_eq!(
        fs::read_to_string(place.path("names.csv")).unwrap(),
        "name,type,match\nHouse,organization,weak\nGuccifer,person,\n"
    );
    place.done("gazetteer candidates c.csv --out names.csv --force --keep-doubtful");
    assert!(fs::read_to_string(place.path("names.csv")).unwrap().contains("\nObama,person,"));
    place.refused("gazetteer candidates c.csv --out c.csv --force", "is named twice");
    place.refused("gazetteer candidates none.csv --out n.csv", "none.csv");
}

#[test]
fn differences_are_told_and_written() {
    let place = Place::new();
    place.write(
        "d.jsonl",
        format!("{}\n{}\nbroken\n", article("a1", HARBOR), article("a2", "=Norrvik waited, Lena Drost said.")),
    );
    place.write("new/n.csv", "name,type\nJon Bekker,organization\n");
    place
        .write("new/corrections.csv", format!("{HEADER}not a name,Norrvik\nis,Lena Drost,,,,,person,Lena Drost-Aho\n"));
    let output = place.run("gazetteer diff embedded new d.jsonl --out diff.csv");
    assert_eq!(output.status.code(), Some(1), "one record could not be read: {}", stderr(&output));
    let shown = stdout(&output);
    assert!(shown.contains("2 articles compared, 2 differ, 1 could not be read"), "{shown}");
    let table = fs::read_to_string(place.path("diff.csv")).unwrap();
    assert!(table.starts_with("article_id,table,what,surface,start,end,old,new\n"), "{table}");
    for row in [
        "a1,mentions,type,Jon Bekker,11,21,\"Jon Bekker (person, per:jon-bekker)\",\"Jon Bekker (organization, org:jon-bekker)\"\n",
        "a2,mentions,entity,Lena Drost,17,27,\"Lena Drost (person, per:lena-drost)\",\"Lena Drost-Aho (person, per:lena-drost-aho)\"\n",
        "a2,quotes,speaker,",
    ] {
        assert!(table.contains(row), "{row} in {table}");
    }
    place.refused("gazetteer diff embedded new d.jsonl --out diff.csv", "is there already");
    place.refused("gazetteer diff nowhere new d.jsonl", "nowhere");
    // Back again, the same with signs changed; with itself nothing.
    let back = stdout(&place.run("gazetteer diff new - d.jsonl -j 3"));
    assert!(back.contains("(organization, org:jon-bekker)  →  Jon Bekker (person, per:jon-bekker)"), "{back}");
    let none = stdout(&place.run("gazetteer diff new new d.jsonl"));
    assert!(none.contains("0 differ") && none.contains("names       no change"), "{none}");
    assert!(!place.path("diff.csv.partial").exists());
}

#[test]
fn differences_do_not_depend_on_workers() {
    let place = Place::new();
    place.dump("d.jsonl", 600);
    let lines = corrections_of_dump(&place);
    place.write("names/corrections.csv", &lines);
    for threads in [1, 5] {
        place.done(&format!("gazetteer diff - names d.jsonl --out d{threads}.csv --threads {threads}"));
    }
    let [one, five] = ["d1.csv", "d5.csv"].map(|name| fs::read_to_string(place.path(name)).unwrap());
    assert!(one == five && one.lines().count() > 20, "{} rows", one.lines().count());
}

fn article(id: &str, text: &str) -> String {
    serde_json::json!({ "id": id, "text": text }).to_string()
}
