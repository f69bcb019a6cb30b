//! CSV and TSV files, sound and broken.

use super::*;

fn table(name: &str, text: &str) -> Vec<String> {
    short(&records(name, text.as_bytes(), &Options::default()))
}

#[test]
fn tables_are_told_by_name_and_by_their_header() {
    for (name, head, format) in [
        ("a.csv", "whatever", "csv"),
        ("a.tsv", "whatever", "csv"),
        ("a.csv.gz", "x", "csv"),
        ("stdin", "id,title,text\n1,a,b\n", "csv"),
        ("stdin", "Article ID;Headline;Body\r\n", "csv"),
        ("stdin", "url\ttext\n", "csv"),
        ("stdin", "text\nBody and title, text and all.\n", "text"),
        ("stdin", "Title, date and place of the text are known.\n", "text"),
        ("stdin", "Salt, pepper, text\n", "text"),
        ("a.txt", "id,title,text\n1,a,b\n", "text"),
    ] {
        let mut source = Source::of(name.trim_end_matches(".gz"), head.as_bytes());
        if name.ends_with(".gz") {
            source = Source::of(name, &packed::gzip(head.as_bytes()));
        }
        assert_eq!(format_of(&source).map(Format::name), Some(format), "{name} {head}");
    }
}

#[test]
fn columns_are_named_as_json_fields_are() {
    let bytes = "\u{feff}_id;Headline;BODY;date_publish;authors;Source Domain;link;;Body\r\n7; T ;\"a\r\n\"\"b\"\"; c\";1602374400;A;d;u;;no\r\n";
    let items = records("a.csv", bytes.as_bytes(), &Options::default());
    let [Item::Article { article, byte_offset: 68 }] = &items[..] else { panic!("{items:?}") };
    let expected = Article {
        id: "7".into(),
        source: "a.csv".into(),
        record: 1,
        title: Some("T".into()),
        published: Some("2020-10-11T00:00:00Z".into()),
        outlet: Some("d".into()),
        author: Some("A".into()),
        url: Some("u".into()),
        text: "a\r\n\"b\"; c".into(),
        ..Article::default()
    };
    assert_eq!(*article, expected);
    let mut options = Options::default();
    options.fields.set(Field::Text, "story");
    options.fields.set(Field::Id, "no.");
    let found = records("a.csv", b"no.,text,Story\n1,no,yes\n2,no,\n", &options);
    assert_eq!(short(&found), ["1|yes", "no text@24: line 3: the row has no text"]);
}

#[test]
fn separators_are_told_by_the_header() {
    for (name, text) in [
        ("a.csv", "id,text\n1,a;b|c\td\n"),
        ("a.csv", "id;text\n1;\"a;b|c\td\"\n"),
        ("a.csv", "id|text\r1|\"a;b|c\td\"\r"),
        ("a.csv", "id\ttext, note; more\ttext\n1\tx\t\"a;b|c\td\"\n"),
        ("a.tsv", "id\ttext\n1\t\"a;b|c\td\"\n"),
        ("a.csv", "sep=|\nid|text\n1|\"a;b|c\td\"\n"),
        ("a.csv", "\"id\",\"text\"\n\n1,\"a;b|c\td\"\n\n\n"),
        ("a.csv", "id,text,\n1,a;b|c\td,,"),
        ("a.csv", "a,b,c,text,id\n,,,a;b|c\td,1\n"),
    ] {
        assert_eq!(table(name, text), ["1|a;b|c\td"], "{text}");
    }
}

#[test]
fn a_table_without_a_text_is_one_reject() {
    let told = "no text@0: no column holds a text; there are: a, b c,  (see --text-column)";
    assert_eq!(table("a.csv", "a,b c,\n1,2,3\n"), [told]);
    assert!(table("a.csv", &"x,".repeat(1000))[0].ends_with("x, x, ... (see --text-column)"));
}

#[test]
fn a_wrong_row_costs_itself() {
    assert_eq!(
        table("a.csv", "id,text,n\n1,a,\n2,b\n3,c,,4\n\"4\",\"d\",\"\"\n5,,\n6,\"e\" f \"g\",\n7,h, i,\n"),
        [
            "1|a",
            "bad table@15: line 3: the row has 2 cells, the header has 3",
            "bad table@19: line 4: the row has 4 cells, the header has 3",
            "4|d",
            "no text@37: line 6: the row has no text",
            "6|e f \"g\"",
            // What is surplus is empty.
            "7|h",
        ]
    );
}

#[test]
fn a_stray_mark_costs_no_more_than_it_must() {
    for (text, expected) in [
        // It is never closed.
        (
            "id,text\n1,a\n2,\"b\n3,c\n4,d\n",
            &["1|a", "bad table@12: line 3: a quotation mark is not closed", "3|c", "4|d"][..],
        ),
        ("id,text\n1,\"a", &["bad table@8: line 2: a quotation mark is not closed; no row follows"]),
        // It is closed by the opening mark of another row.
        (
            "id,text\n1,\"a\n2,\"b\"\n3,\"c\nd\"\n",
            &["bad table@8: line 2: a quotation mark stands within a cell", "2|b", "3|c\nd"],
        ),
        // A text of several lines without its first mark: its lines are no rows.
        (
            "id,text,x\n1,a\nb\n\nc\",y\n2,d,z\n",
            &[
                "bad table@10: line 2: the row has 2 cells, the header has 3",
                "bad table@14: line 3: the row has 1 cells, the header has 3",
                "bad table@17: line 5: the row has 2 cells, the header has 3",
                "2|d",
            ],
        ),
        // A mark within a text of several lines.
        (
            "id,text,x\n1,\"a\n\"b\nc\",y\n2,d,z\n",
            &[
                "bad table@10: line 2: a quotation mark stands within a cell; it is lost up to line 5, which is a row again",
                "2|d",
            ],
        ),
        // Too many cells in a row of several lines.
        (
            "id,text\n1,\"a\n\",\"b\"\n2,d\n",
            &[
                "bad table@8: line 2: the row has 3 cells, the header has 2; it is lost up to line 4, which is a row again",
                "2|d",
            ],
        ),
    ] {
        assert_eq!(table("a.csv", text), expected, "{text}");
    }
}

#[test]
fn a_row_is_no_longer_than_a_record() {
    let options = Options { max_text: 1000, ..Options::default() };
    let long = "x".repeat(2 << 20);
    for mark in ["", "\""] {
        let text = format!("id,text\n1,{mark}{long}\n2,b\n");
        let told = "too large@8: line 2: the row has more than 1051576 bytes";
        assert_eq!(short(&records("a.csv", text.as_bytes(), &options)), [told, "2|b"]);
    }
    // A text of many lines whose mark is lost.
    let text = format!("id,text\n1,\"a\n{}2,b\n", "x\n".repeat(1 << 20));
    let told =
        "bad table@8: line 2: a quotation mark is not closed; it is lost up to line 1048579, which is a row again";
    assert_eq!(short(&records("a.csv", text.as_bytes(), &options)), [told, "2|b"]);
}

/// Rows of many lines in marks are given back line by line: that must not take more than linear time.
#[test]
fn marks_against_the_reader_take_linear_time() {
    for line in ["a\",\"b\n", "\"\n", "\",\n", "\"\"\"\n", "\"a\"b\n", ",\"\n"] {
        let rows = format!("id,text\n\"{}", line.repeat(1_000_000));
        let start = std::time::Instant::now();
        let found = records("a.csv", rows.as_bytes(), &Options::default());
        assert!(!found.is_empty());
        assert!(start.elapsed().as_secs() < 20, "{line:?}: {:?}", start.elapsed());
    }
}
