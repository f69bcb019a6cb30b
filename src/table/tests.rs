//! Tables of one small annotated article, cell by cell.

use super::*;
use crate::model::{
    Annotated, Article, Entity, EntityType, Facts, Gender, Mention, Method, Quotation, QuotationKind, Span, Speaker,
    Zone,
};

fn entity(id: &str, kind: EntityType, name: &str, known: bool) -> Entity {
    Entity { id: id.into(), kind, name: name.into(), known, gender: Gender::Unknown, facts: Facts::default() }
}

fn mention(text: &str, surface: &str, entity: usize, kind: EntityType, confidence: f32) -> Mention {
    let start = text.find(surface).unwrap();
    Mention {
        span: Span::new(start, start + surface.len()),
        entity,
        kind,
        role: String::new(),
        method: Method::Pattern,
        confidence,
        zone: if start < 10 { Zone::Title } else { Zone::Body },
        paragraph: 1,
        sentence: 1,
        evidence: Vec::new(),
    }
}

/// Title "Əli: “No”" as a field; the body holds a split quotation with a line end.
fn sample() -> Annotated {
    let (title, body) = ("Əli: “No”", "“No, we\nwill not,” said Əli Kərimli in Bakı, “ever.”");
    let text = format!("{title}\n\n{body}");
    let body_start = title.len() + 2;
    let part = |needle: &str, from: usize| {
        let start = from + text[from..].find(needle).unwrap();
        Span::new(start, start + needle.len())
    };
    let speaker = |surface: Span| Speaker {
        entity: Some(0),
        name: "Əli Kərimli".into(),
        surface: Some(surface),
        ..Speaker::default()
    };
    let quotation = |parts: Vec<Span>, words: Vec<Span>, surface: Span, zone, echo_of| Quotation {
        parts,
        words,
        kind: QuotationKind::Direct,
        cue: None,
        speaker: speaker(surface),
        medium: String::new(),
        addressee: String::new(),
        mentioned: vec![],
        method: "test",
        confidence: 0.9,
        zone,
        paragraph: u32::from(zone == Zone::Body),
        echo_of,
        evidence: vec![],
    };
    let (person, place) = (EntityType::Person, EntityType::Place);
    let mentions = vec![
        mention(&text, "Əli", 0, person, 0.8),
        mention(&text, "Əli Kərimli", 0, person, 0.95),
        mention(&text, "Bakı", 1, place, 0.5),
    ];
    let quotations = vec![
        quotation(vec![part("“No”", 0)], vec![part("No", 0)], part("Əli", 0), Zone::Title, Some(1)),
        quotation(
            vec![part("“No, we\nwill not,”", body_start), part("“ever.”", body_start)],
            vec![part("No, we\nwill not,", body_start), part("ever.", body_start)],
            part("Əli Kərimli", body_start),
            Zone::Body,
            None,
        ),
    ];
    Annotated {
        article: Article {
            id: "=a".into(),
            source: "d.jsonl".into(),
            record: 1,
            title: Some(title.into()),
            text: body.into(),
            ..Article::default()
        },
        body_start,
        title: Some(Span::new(0, title.len())),
        published: "2020-10-11".into(),
        paragraphs: 1,
        entities: vec![entity("per:əli-kərimli", person, "Əli Kərimli", false), entity("Q9248", place, "Baku", true)],
        mentions,
        quotations,
        pairs: vec![(0, 1)],
        pair_ends: vec![0, 1],
        text,
        ..Annotated::default()
    }
}

/// The rows of all tables for `annotated`, by name of the table.
fn tables(annotated: &Annotated, min_confidence: f32) -> Vec<(&'static str, String)> {
    let document = Document::new(annotated, min_confidence);
    let mut totals = Totals::default();
    totals.add(&document);
    TABLES
        .iter()
        .map(|table| {
            let mut rows = Rows::new(table.schema(), Dialect::default());
            table.article(&document, &mut rows);
            table.finish(&totals, &mut rows);
            (table.schema().name, String::from_utf8(rows.finish().unwrap().0).unwrap())
        })
        .collect()
}

#[test]
fn every_table_of_one_article() {
    let expected = [
        ("articles", "'=a,d.jsonl,1,Əli: “No”,2020-10-11,,,,52,1,3,2,,,\n"),
        (
            "mentions",
            "'=a,per:əli-kərimli,person,Əli Kərimli,Əli,0,3,1,1,,pattern,0.80,title\n\
             '=a,per:əli-kərimli,person,Əli Kərimli,Əli Kərimli,24,35,1,1,,pattern,0.95,body\n\
             '=a,Q9248,place,Baku,Bakı,39,43,1,1,,pattern,0.50,body\n",
        ),
        (
            "entities",
            "per:əli-kərimli,person,Əli Kərimli,Əli Kərimli | Əli,,,,,,no,2,1,1,2020-10-11,2020-10-11\n\
             Q9248,place,Baku,Bakı,,,,,,yes,1,1,0,2020-10-11,2020-10-11\n",
        ),
        (
            "quotes",
            "'=a#1,'=a,2020-10-11,,Əli: “No”,Əli Kərimli,per:əli-kərimli,Əli,,,direct,No,5-9,5,9,0,,,,test,0.90,title,'=a#2,\n\
             '=a#2,'=a,2020-10-11,,Əli: “No”,Əli Kərimli,per:əli-kərimli,Əli Kərimli,,,direct,\"No, we will not, … ever.\",0-18;45-52,0,52,1,,,,test,0.90,body,,\n",
        ),
        ("cooccurrences", "Q9248,per:əli-kərimli,Undirected,1,1\n"),
        ("candidates", "Əli Kərimli,person,Əli,per:əli-kərimli,,,,,,,,,,,2,1,0.88,Əli: “No”\n"),
        ("rejects", ""),
        ("texts", "'=a,Əli: “No”,\"“No, we\nwill not,” said Əli Kərimli in Bakı, “ever.”\"\n"),
    ];
    let got = tables(&sample(), 0.0);
    for ((name, rows), (wanted_name, wanted)) in got.iter().zip(expected) {
        assert_eq!((*name, rows.as_str()), (wanted_name, wanted));
    }
}

#[test]
fn a_threshold_drops_rows_but_keeps_ids_and_speakers() {
    let mut annotated = sample();
    annotated.quotations[0].confidence = 0.1;
    let got = tables(&annotated, 0.85);
    let of = |name: &str| got.iter().find(|(table, _)| *table == name).unwrap().1.as_str();
    assert!(of("articles").ends_with(",1,1,1,,,\n"), "{}", of("articles"));
    assert_eq!(of("mentions").lines().count(), 1);
    assert!(of("quotes").starts_with("'=a#2,"), "{}", of("quotes"));
    assert_eq!(of("cooccurrences"), "");
    let speaker_only = tables(&annotated, 0.96);
    assert_eq!(speaker_only[2].1, "");
    // Both have a mention that stays, but not in the sentence that they share.
    (annotated.mentions[1].confidence, annotated.mentions[2].confidence) = (0.5, 0.9);
    let apart = tables(&annotated, 0.7);
    assert_eq!((apart[1].1.lines().count(), apart[4].1.as_str()), (2, ""));
    assert_eq!(tables(&annotated, 0.4)[4].1.lines().count(), 1);
    annotated.mentions.clear();
    assert!(tables(&annotated, 0.0)[2].1.starts_with("per:əli-kərimli,person,Əli Kərimli,,,,,,,no,0,1,1,"));
}

#[test]
fn two_entities_with_one_id_are_one_in_the_run() {
    let mut annotated = sample();
    annotated.entities[1].id = annotated.entities[0].id.clone();
    let got = tables(&annotated, 0.0);
    assert_eq!(
        got[2].1,
        "per:əli-kərimli,person,Əli Kərimli,Əli Kərimli | Əli | Bakı,,,,,,no,3,1,1,2020-10-11,2020-10-11\n"
    );
    assert_eq!(got[4].1, "", "an entity does not occur with itself");
}

#[test]
fn totals_do_not_depend_on_how_articles_are_batched() {
    let articles: Vec<Annotated> = (0..6)
        .map(|i| {
            let mut annotated = sample();
            annotated.published = format!("2020-10-{:02}", 20 - i);
            annotated.entities[i % 2].name.push_str(if i < 3 { "" } else { "!" });
            annotated
        })
        .collect();
    let rendered = |batches: &[&[Annotated]]| {
        let mut all = Totals::default();
        for batch in batches {
            let mut totals = Totals::default();
            batch.iter().for_each(|annotated| totals.add(&Document::new(annotated, 0.0)));
            all.merge(&totals).unwrap();
        }
        TABLES
            .iter()
            .map(|table| {
                let mut rows = Rows::new(table.schema(), Dialect::default());
                table.finish(&all, &mut rows);
                rows.finish().unwrap().0
            })
            .collect::<Vec<_>>()
    };
    let one = rendered(&[&articles]);
    assert_eq!(rendered(&[&articles[..1], &articles[1..5], &articles[5..]]), one);
    assert_eq!(rendered(&articles.chunks(1).collect::<Vec<_>>()), one);
}

#[test]
fn references_lead_to_keys() {
    for table in TABLES {
        let schema = table.schema();
        let has = |name: &str| schema.columns.iter().any(|column| column.name == name);
        assert!(schema.key.iter().all(|key| has(key)), "{}", schema.name);
        for (column, other, key) in schema.references {
            assert!(has(column), "{}.{column}", schema.name);
            let other = TABLES.iter().map(|table| table.schema()).find(|schema| schema.name == *other).unwrap();
            assert_eq!(other.key, &[*key]);
        }
    }
}

#[test]
fn the_documentation_names_every_column_in_order() {
    let docs = include_str!("../../docs/tables.md");
    for table in TABLES {
        let schema = table.schema();
        let section = docs.split(&format!("## {}.csv\n", schema.name)).nth(1).unwrap_or_default();
        let section = section.split("\n## ").next().unwrap_or_default();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let names: Vec<&str> = rows.map(|(name, _)| name).take(schema.columns.len()).collect();
        let columns: Vec<&str> = schema.columns.iter().map(|column| column.name).collect();
        assert_eq!(names, columns, "docs/tables.md on {}", schema.name);
    }
}
