//! Rows of small cases. Larger ones were compared with the independent scorers, to the last digit.

use super::*;
use crate::model::EntityType;
use std::{fs, path::PathBuf};
use tempfile::TempDir;

/// A folder with one annotated article and one table.
fn folder(gold: &str, table: &str, rows: &str) -> (TempDir, Vec<Gold>) {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("gold.jsonl");
    fs::write(&path, gold).unwrap();
    fs::write(folder.path().join(table), rows).unwrap();
    let gold = load(&path, Part::All, None).unwrap();
    (folder, gold)
}

#[test]
fn names_are_scored_three_ways() {
    //               0123456789012345678901234567890
    let text = "Əli met Ann Lee of Kent in Kent";
    // Each row: annotations, ignored places, mentions; hits, false alarms and misses: exact, overlap, span.
    let both = r#"{"start":8,"end":15,"type":"PER"},{"start":19,"end":23,"type":"ORG","alt":["LOC"]}"#;
    for (entities, ignore, mentions, expected) in [
        (both, "", "8,15,person\n19,23,organization", [[2, 0, 0], [2, 0, 0], [2, 0, 0]]),
        (both, "", "8,15,person\n19,23,place", [[2, 0, 0], [2, 0, 0], [2, 0, 0]]),
        (both, "", "8,15,place\n19,23,person", [[0, 2, 2], [0, 2, 2], [2, 0, 0]]),
        (both, "", "8,11,person\n12,15,person", [[0, 2, 2], [1, 1, 1], [0, 2, 2]]),
        (both, "", "8,15,person\n8,15,person\n0,3,person", [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
        (both, r#"{"start":0,"end":5}"#, "0,3,person", [[0, 0, 2], [0, 0, 2], [0, 0, 2]]),
        (both, r#"{"start":0,"end":30}"#, "8,12,person", [[0, 1, 2], [1, 0, 1], [0, 1, 2]]),
        (r#"{"start":0,"end":3,"type":"DATE"}"#, "", "0,3,misc", [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
    ] {
        let gold = format!(r#"{{"id":"a","text":"{text}","entities":[{entities}],"ignore":[{ignore}]}}"#);
        let rows: String = mentions.lines().map(|row| format!("a,{row}\n")).collect();
        let (folder, gold) = folder(&gold, "mentions.csv", &format!("article_id,start,end,type\n{rows}b,0,3,person\n"));
        let scores = score_names(&gold, folder.path()).unwrap();
        let counts = |c: Counts| [c.hits, c.false_alarms, c.misses];
        let got = [counts(scores.exact.all()), counts(scores.overlap.all()), counts(scores.span)];
        assert_eq!(got, expected, "{entities} / {mentions}");
    }
}

#[test]
fn errors_of_names_are_counted() {
    let gold = r#"{"id":"a","text":"Kent met Kent","entities":[{"start":0,"end":4,"type":"PER"},{"start":9,"end":13,"type":"PER"}]}"#;
    let (folder, gold) = folder(gold, "mentions.csv", "article_id,start,end,type\na,0,4,place\na,9,13,place\n");
    let error = |missed, kind, other| (NameError { missed, kind, surface: "Kent".to_string(), other: Some(other) }, 2);
    let (person, place) = (EntityType::Person, EntityType::Place);
    let errors = score_names(&gold, folder.path()).unwrap().errors;
    assert_eq!(errors, [error(false, place, person), error(true, person, place)]);
}

#[test]
fn quotations_are_scored_whole_and_in_pieces() {
    //          0         1         2         3         4
    //          0123456789012345678901234567890123456789012
    let text = "“Abcdefghij klmnop,” said Lee. “Qrst uvwxy.”";
    let source = r#""source_text":"Lee","source_head":"Lee","source_class":"named_person","speaker_name":"Ann Lee","speaker_type":"person""#;
    let split = format!(r#"{{"content":[[0,20],[31,44]],"kind":"direct",{source}}}"#);
    // Rows: spans, kind, speaker; strict whole quotations: gold, found, matched, resolved; strict pieces: the same.
    for (rows, whole, pieces) in [
        ("0-20;31-44,direct,Ann Lee", [1, 1, 1, 1], [2, 2, 2, 2]),
        ("1-18;32-42,direct,Ann Lee", [1, 1, 1, 1], [2, 2, 2, 2]),
        ("0-20;31-44,indirect,Ann Lee", [1, 0, 1, 1], [2, 0, 2, 2]),
        ("0-20;31-44,direct,Bob Ray", [1, 1, 1, 0], [2, 2, 2, 0]),
        ("0-20;31-44,direct,", [1, 1, 1, 1], [2, 2, 2, 2]),
        ("0-20,direct,Ann Lee", [1, 1, 0, 0], [2, 1, 1, 1]),
        ("0-20,direct,Ann Lee\n31-44,direct,Ann Lee", [1, 2, 0, 0], [2, 2, 2, 2]),
        ("", [1, 0, 0, 0], [2, 0, 0, 0]),
        ("21-30,direct,Ann Lee", [1, 0, 0, 0], [2, 0, 0, 0]),
    ] {
        let gold = format!(r#"{{"id":"a","text":"{text}","attributions":[{split}],"discuss":[[20,31]]}}"#);
        let rows: String = rows.lines().map(|row| format!("a,{row},Lee,0.9\n")).collect();
        let header = "article_id,spans,kind,speaker,speaker_surface,confidence\n";
        let (folder, gold) = folder(&gold, "quotes.csv", &format!("{header}{rows}"));
        let scores = score_quotations(&gold, folder.path()).unwrap();
        let of = |unit: &str| {
            let unit = scores.units.iter().find(|u| (u.unit, u.threshold) == (unit, "strict")).unwrap();
            let direct = unit.kinds.iter().find(|(kind, _)| *kind == "direct").unwrap().1;
            [direct.gold, direct.found, direct.matched, (direct.speaker_resolved * direct.matched as f64) as u64]
        };
        assert_eq!((of("attribution"), of("piece")), (whole, pieces), "{rows}");
    }
}

#[test]
fn speakers_are_counted_by_class_and_confidence_by_tenths() {
    //          0         1         2         3
    //          0123456789012345678901234567890123456
    let text = "“Abcdefghij,” said Lee. “Klmnop,” he.";
    let source = |class: &str, text: &str| {
        format!(
            r#""source_text":"{text}","source_head":"{text}","source_class":"{class}","speaker_name":"Ann Lee","speaker_type":"person""#
        )
    };
    let first = format!(r#"{{"content":[[0,13]],"kind":"direct",{}}}"#, source("named_person", "Lee"));
    let second = format!(r#"{{"content":[[24,33]],"kind":"direct",{}}}"#, source("pronoun", "he"));
    let gold = format!(r#"{{"id":"a","text":"{text}","attributions":[{first},{second}]}}"#);
    let rows = "article_id,spans,kind,speaker,speaker_surface,confidence\n\
                a,0-13,direct,Ann Lee,Lee,0.95\na,24-33,direct,Bob Ray,he,0.91\na,14-22,indirect,Bob Ray,he,0.45\n";
    let (folder, gold) = folder(&gold, "quotes.csv", rows);
    let scores = score_quotations(&gold, folder.path()).unwrap();
    let class = |name: &str| scores.classes.iter().find(|(class, _)| class == name).unwrap().1;
    let counts = |s: ClassScores| [s.gold, s.matched, s.right, s.resolved];
    assert_eq!(counts(class("named_person")), [1, 1, 1, 1]);
    // The pronoun itself is right, the name that it stands for is not.
    assert_eq!(counts(class("pronoun, name known")), [1, 1, 1, 0]);
    let calibration = &scores.calibration;
    assert_eq!((calibration.bins[9].rows, calibration.bins[9].right), (2, 1));
    assert_eq!((calibration.bins[4].rows, calibration.bins[4].right), (1, 0));
    assert!((calibration.error - (0.86 + 0.45) / 3.0).abs() < 1e-9, "{}", calibration.error);
    assert_eq!((calibration.sure_precision, calibration.sure_share), (0.5, 1.0));
}

#[test]
fn what_is_told_is_judged_as_rows_are() {
    let text = "“Abcdefghij,” said Lee.";
    let gold = format!(
        r#"{{"id":"a","text":"{text}","attributions":[{{"content":[[0,13]],"kind":"direct","source_text":"Lee","source_head":"Lee","source_class":"named_person","speaker_name":"Ann Lee","speaker_type":"person"}}],"discuss":[[14,22]]}}"#
    );
    let (_folder, gold) = folder(&gold, "quotes.csv", "");
    let told = |start, end, surface: &str, speaker: &str| Told {
        spans: vec![(start, end)],
        surface: surface.to_string(),
        speaker: speaker.to_string(),
    };
    for (told, expected) in [
        (told(0, 13, "Lee", "Ann Lee"), [true, true, false]),
        (told(0, 13, "Lee", "Bob Ray"), [true, false, false]),
        (told(1, 4, "Lee", "Ann Lee"), [false, false, false]),
        (told(14, 22, "Lee", "Ann Lee"), [false, false, true]),
    ] {
        let judged = judge(&gold[0], std::slice::from_ref(&told), 0.8);
        assert_eq!([judged[0].gold.is_some(), judged[0].right, judged[0].ignored], expected, "{told:?}");
    }
    let annotated = &gold[0].attributions.as_ref().unwrap()[0];
    assert!(is_speaker("Ann Lee", annotated) && !is_speaker("Bob Ray", annotated) && !is_speaker("", annotated));
}

#[test]
fn nothing_found_where_nothing_is_to_be_found_is_perfect() {
    let gold = r#"{"id":"a","text":"Nothing.","attributions":[]}"#;
    let (folder, gold) = folder(gold, "quotes.csv", "article_id,spans,kind,speaker,speaker_surface,confidence\n");
    for unit in score_quotations(&gold, folder.path()).unwrap().units {
        assert!(unit.kinds.iter().all(|(_, scores)| scores.content.f1 == 1.0));
    }
}

#[test]
fn rows_in_a_title_field_and_guarded_ids_are_understood() {
    let gold = r#"{"id":"-7","title":"Ann","text":"Ann","entities":[{"start":0,"end":3,"type":"PER"}]}"#;
    let rows = "article_id,start,end,type,zone\n'-7,0,3,place,title\n'-7,0,3,person,body\n";
    let (folder, gold) = folder(gold, "mentions.csv", rows);
    let all = score_names(&gold, folder.path()).unwrap().exact.all();
    assert_eq!((all.hits, all.false_alarms), (1, 0));
}

#[test]
fn parts_share_the_articles_between_them() {
    let ids: Vec<String> = (0..300).map(|i| format!("article-{i}")).collect();
    let score = ids.iter().filter(|id| Part::Score.holds(id)).count();
    assert!((70..130).contains(&score), "{score}");
    assert!(ids.iter().all(|id| Part::All.holds(id) && Part::Fit.holds(id) != Part::Score.holds(id)));
}

#[test]
fn what_cannot_be_read_is_told() {
    let (folder, gold) = folder(r#"{"id":1,"text":"x","entities":[]}"#, "mentions.csv", "article_id,start\n");
    let error = score_names(&gold, folder.path()).unwrap_err().to_string();
    assert!(error.contains("has no column `end`"), "{error}");
    let error = score_quotations(&gold, folder.path()).unwrap_err().to_string();
    assert!(error.contains("quotes.csv"), "{error}");
    let path = folder.path().join("bad.jsonl");
    fs::write(&path, "{\"id\":\"a\",\"text\":\"x\"}\n{\"text\":\"x\"}\n").unwrap();
    let error = load(&path, Part::All, None).unwrap_err().to_string();
    assert!(error.contains("line 2") && error.contains("`id`"), "{error}");
    assert_eq!(load(&path, Part::All, Some(1)).unwrap().len(), 1);
}
