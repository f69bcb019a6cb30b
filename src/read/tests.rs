//! Rows of inputs and what comes out of them.

mod folders;
mod markup;
mod packed;
mod tables;

use super::*;
use crate::model::Article;

/// Everything that `bytes`, as a file called `name`, give: whatever is packed in them.
fn unpacked(name: &str, bytes: &[u8], options: &Options) -> Vec<Item> {
    let mut items = Vec::new();
    let mut emit = |batch: Batch| {
        items.extend(batch.items);
        Flow::Continue(())
    };
    let mut sink = Sink::new(options, &Alone, &mut emit);
    let _ = match Source::with(name, bytes, options) {
        Ok(mut source) => read_source(&mut source, options, &mut sink),
        Err(error) => sink.reject(whole(name, limits::reason(&error), error.to_string())),
    };
    sink.finish();
    items
}

/// Everything that the inputs `paths` give.
fn walked(paths: &[&std::path::Path], options: &Options) -> Vec<Item> {
    let inputs = Inputs::new(paths.iter().map(|path| path.to_path_buf()).collect()).unwrap();
    let mut items = Vec::new();
    read(&inputs, options, &Alone, &mut |batch| {
        items.extend(batch.items);
        Flow::Continue(())
    });
    items
}

/// Everything that `bytes`, as a file called `name`, give.
fn records(name: &str, bytes: &[u8], options: &Options) -> Vec<Item> {
    let mut items = Vec::new();
    let mut emit = |batch: Batch| {
        items.extend(batch.items);
        Flow::Continue(())
    };
    let mut sink = Sink::new(options, &Alone, &mut emit);
    let mut source = Source::of(name, bytes);
    let format = options.format.or_else(|| format_of(&source)).unwrap();
    let _ = format.read(&mut source, &mut sink).unwrap();
    sink.finish();
    items
}

/// One short line for each record: `id|text`, or `reason@byte: detail`.
fn short(items: &[Item]) -> Vec<String> {
    items
        .iter()
        .map(|item| match item {
            Item::Article { article, .. } => format!("{}|{}", article.id, article.text),
            Item::Reject(reject) => format!("{}@{}: {}", reject.reason, reject.byte_offset, reject.detail),
        })
        .collect()
}

fn article(json: &str, fields: &Fields) -> Article {
    fields.article(json).unwrap().unwrap()
}

#[test]
fn formats_are_told_by_name_and_content() {
    for (name, head, format) in [
        ("a.txt", "Text.", "text"),
        ("a.txt", "{\"id\": 1, \"text\": \"x\"}\n{\"id\": 2}\n", "text"),
        ("a.jsonl", "not json", "jsonl"),
        ("a.json", "{\"id\": 1, \"text\": \"x\"}\n{\"id\": 2}\n", "jsonl"),
        ("a.json", "{\n  \"id\": 1,\n  \"text\": \"x\"\n}\n", "json"),
        ("a.json", "[{\"id\": 1}]", "json"),
        ("a.json", "oops", "jsonl"),
        ("stdin", "{\"id\": 1, \"te\n{\"id\": 2}\n", "jsonl"),
        ("stdin", "[\n {\"id\": 1}\n]", "json"),
        ("stdin", "[Photo] The mayor said.", "text"),
        ("stdin", "{curly} start", "text"),
        ("stdin", "Ganja, October 11.", "text"),
        ("a.dat", "Plain words.", "text"),
        ("a.txt", "<html> is a tag.", "text"),
    ] {
        let source = Source::of(name, head.as_bytes());
        assert_eq!(format_of(&source).map(Format::name), Some(format), "{name} {head}");
    }
    for (name, head) in
        [("a.dat", &b"\x00\x01\x02\x03"[..]), ("a.txt", b"\x89PNG\r\n"), ("a.jsonl", b"7z\xBC\xAF\x27\x1C")]
    {
        assert!(format_of(&Source::of(name, head)).is_none(), "{name}");
    }
}

#[test]
fn fields_are_found_by_their_usual_names() {
    let newsplease = r#"{"filename":"x","title":" T ","maintext":"B","date_publish":"2020-10-11 10:00:00","authors":["A","C"],"source_domain":"d.com","url":"u"}"#;
    let newsapi = r#"{"source":{"id":null,"name":"Herald"},"author":"A; C","title":"T","publishedAt":"2020-10-11 10:00:00","content":"B","url":"u"}"#;
    let mongo = r#"{"_id":{"$oid":"5f8"},"Headline":"T","BODY":"B","pubDate":{"$date":1602410400000},"byline":[{"name":"A"},{"name":"C"}],"outlet":"d.com","link":"u"}"#;
    for (json, id, published, outlet) in [
        (newsplease, "", "2020-10-11 10:00:00", "d.com"),
        (newsapi, "", "2020-10-11 10:00:00", "Herald"),
        (mongo, "5f8", "2020-10-11T10:00:00Z", "d.com"),
    ] {
        let expected = Article {
            id: id.into(),
            title: Some("T".into()),
            published: Some(published.into()),
            outlet: Some(outlet.into()),
            author: Some("A; C".into()),
            url: Some("u".into()),
            text: "B".into(),
            ..Article::default()
        };
        assert_eq!(article(json, &Fields::default()), expected, "{json}");
    }
}

#[test]
fn better_names_win_and_empty_values_do_not_count() {
    for (json, text) in [
        (r#"{"content":"c","text":"t"}"#, "t"),
        (r#"{"text":"","content":"c"}"#, "c"),
        (r#"{"text":null,"body":["p","q"]}"#, "p\n\nq"),
        (r#"{"text":7}"#, "7"),
    ] {
        assert_eq!(article(json, &Fields::default()).text, text, "{json}");
    }
    for json in [r#"{"title":"T"}"#, r#"{"text":" \n"}"#, r#"{"text":true}"#, "{}"] {
        assert!(Fields::default().article(json).unwrap().is_none(), "{json}");
    }
}

#[test]
fn options_say_where_fields_are() {
    for (path, json) in [
        ("story", r#"{"text":"no","Story":"yes"}"#),
        ("doc.main.0", r#"{"text":"no","doc":{"MAIN":["yes","no"]}}"#),
        ("og.text", r#"{"og.text":"yes","og":{"text":"no"}}"#),
    ] {
        let mut fields = Fields::default();
        fields.set(Field::Text, path);
        assert_eq!(article(json, &fields).text, "yes", "{path}");
    }
}

#[test]
fn a_bad_line_costs_itself_alone() {
    let lines = "{\"id\":1,\"text\":\"a\"}\n\n{\"id\":2,\"text\":\n{\"text\":\"b\"}\r\n[1]\n{\"id\":1,\"text\":\"c\"}\n{\"id\":4}\n{\"id\":5,\"text\":\"caf\u{e9}\"}";
    let mut bytes = lines.as_bytes().to_vec();
    bytes.extend(b"\n{\"id\":6,\"text\":\"caf\xE9 au lait\"}\n{\"id\":7,\"text\":\"caf\xC3\xA9 \xE9 !\"}");
    assert_eq!(
        short(&records("d.jsonl", &bytes, &Options::default())),
        [
            "1|a",
            "bad json@21: line 3, column 15: EOF while parsing a value",
            "d.jsonl:3|b",
            "bad json@51: line 5, column 1: invalid type: sequence, expected an object",
            "1~2|c",
            "no text@75: the record has no text under any of text, body, content, article, maintext, articlebody, fulltext, bodytext, plaintext (see --text-field)",
            "5|café",
            "6|café au lait",
            "7|café é !",
        ]
    );
}

#[test]
fn arrays_and_single_objects_are_read() {
    for (json, expected) in [
        (r#"[{"id":"a","text":"x } \" {"}, {"text":"y"}]"#, &["a|x } \" {", "d.json:2|y"][..]),
        ("[]", &[]),
        ("{\n \"id\": \"a\",\n \"text\": \"x\"\n}\n{\n \"text\": \"y\"\n}", &["a|x", "d.json:2|y"]),
        (
            "[\n{\"id\":\"a\" \"text\":\"x\"},\n7,\n{\"text\":\"y\"},\n{\"text\":\"z\"",
            &[
                "bad json@2: line 2, column 11: expected `,` or `}`",
                "bad json@25: line 3: expected an object",
                "d.json:3|y",
                "bad json@42: line 5, column 11: EOF while parsing an object",
            ],
        ),
    ] {
        let options = Options { format: format_named("json"), ..Options::default() };
        assert_eq!(short(&records("d.json", json.as_bytes(), &options)), expected, "{json}");
    }
}

#[test]
fn an_odd_quotation_mark_hides_no_other_object() {
    let sound = |id: usize| format!("{{\"id\": \"{id}\", \"text\": \"A sound one, with a {{ and a \\\" in it.\"}}");
    let bad = "{\"id\": \"x\", \"text\": \"It\" breaks off: \"so.}";
    for (open, joint, close) in [("[\n", ",\n", "\n]"), ("", "\n", "\n"), ("[\n  ", ",\n  ", "\n]\n")] {
        let mut objects: Vec<String> = (1..=6).map(sound).collect();
        objects[2] = bad.to_string();
        let json = format!("{open}{}{close}", objects.join(joint));
        let options = Options { format: format_named("json"), ..Options::default() };
        let found = records("a.json", json.as_bytes(), &options);
        let ids: Vec<String> = short(&found).iter().map(|line| line.chars().take(8).collect()).collect();
        let wanted = ["1|A soun", "2|A soun", "bad json", "4|A soun", "5|A soun", "6|A soun"];
        assert_eq!(ids, wanted, "{json}");
        let Item::Reject(reject) = &found[2] else { panic!("a reject") };
        assert_eq!(reject.byte_offset, json.find(bad).unwrap() as u64);
    }
    // Many of them cost no more than some times the file.
    let many = format!("{bad}\n").repeat(20_000);
    let options = Options { format: format_named("json"), ..Options::default() };
    assert!(!records("a.json", many.as_bytes(), &options).is_empty());
}

#[test]
fn values_in_values_have_an_end() {
    for (open, close) in [("[", "]"), ("{\"x\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let lines = format!("{{\"text\":{deep},\"body\":\"a\"}}\n{{\"other\":{deep},\"text\":\"b\"}}\n");
        let found = short(&records("a.jsonl", lines.as_bytes(), &Options::default()));
        assert!(found[0].starts_with("too deep@0: line 1, column "), "{found:?}");
        // What nobody wants is passed over, however deep.
        assert_eq!(found[1..], ["a.jsonl:2|b"]);
    }
}

#[test]
fn texts_that_were_decoded_wrongly_are_mended_in_every_format() {
    for (name, bytes) in [
        ("a.jsonl", "{\"title\":\"CafÃ©\",\"text\":\"â€œYesâ€\u{9d}\"}"),
        ("a.csv", "title,text\nCafÃ©,â€œYesâ€\u{9d}\n"),
    ] {
        let items = records(name, bytes.as_bytes(), &Options::default());
        let [Item::Article { article, .. }] = &items[..] else { panic!("{items:?}") };
        assert_eq!((article.title.as_deref(), article.text.as_str()), (Some("Café"), "“Yes”"));
        assert_eq!(article.remarks, ["mojibake repaired"]);
    }
}

#[test]
fn a_file_is_of_one_encoding() {
    // Alone, the second line could be of many encodings.
    let turkish = "{\"text\":\"Şanlıurfa Büyükşehir Belediyesi başkanı dün İstanbul'da konuştu; çünkü öğrenciler gelmişti.\"}\n{\"text\":\"Ağrı\"}\n";
    let russian = "{\"text\":\"Глава города сказал, что дорога будет открыта, и жители смогут вернуться домой.\"}\n{\"text\":\"Уфа\"}\n";
    let polish = "{\"text\":\"Burmistrz powiedział, że mieszkańcy będą mogli wrócić do domów; śnieg leżał w całej okolicy, również w Łodzi.\"}\n{\"text\":\"Łódź\"}\n";
    for (text, encoding) in [
        (turkish, encoding_rs::WINDOWS_1254),
        (russian, encoding_rs::WINDOWS_1251),
        (polish, encoding_rs::WINDOWS_1250),
    ] {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy);
        let found = short(&records("a.jsonl", &bytes, &Options::default()));
        let wanted = short(&records("a.jsonl", text.as_bytes(), &Options::default()));
        assert_eq!(found, wanted, "{}", encoding.name());
    }
}

#[test]
fn long_texts_are_rejected_and_limits_kept() {
    let options = Options { max_text: 10, ..Options::default() };
    for (name, bytes, expected) in [
        ("a.txt", "123456789", "a.txt|123456789"),
        ("a.txt", "1234567890", "too large@0: the file has 10 bytes or more, which is the limit for one text"),
        ("a.jsonl", r#"{"text":"1234567890"}"#, "too large@0: the text has 10 bytes, the limit is 10"),
        ("a.txt", "\u{feff}  \n", "empty@0: the file holds nothing but white space"),
    ] {
        assert_eq!(short(&records(name, bytes.as_bytes(), &options)), [expected]);
    }
    let options = Options { limit: Some(2), ..Options::default() };
    let lines = "{\"text\":\"a\"}\nbad\n{\"text\":\"b\"}\n{\"text\":\"c\"}\n";
    assert_eq!(records("a.jsonl", lines.as_bytes(), &options).len(), 3);
}

#[test]
fn a_line_longer_than_any_text_is_not_kept() {
    let options = Options { max_text: 10, ..Options::default() };
    let line = format!("{{\"text\":\"{}\"}}\n{{\"text\":\"next\"}}", "x".repeat(3 << 20));
    let found = short(&records("a.jsonl", line.as_bytes(), &options));
    assert!(found[0].starts_with("too large@0: line 1 has"), "{found:?}");
    assert_eq!(found[1], "a.jsonl:2|next");
}

#[test]
fn utf16_and_marks_are_read_by_every_format() {
    let line = "{\"id\":\"a\",\"text\":\"“Yes,” she said.\"}\n";
    let utf16: Vec<u8> =
        "\u{feff}".chars().chain(line.chars()).collect::<String>().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = format!("\u{feff}{line}");
    for bytes in [&utf16[..], marked.as_bytes()] {
        assert_eq!(short(&records("a.jsonl", bytes, &Options::default())), ["a|“Yes,” she said."]);
    }
}

#[test]
fn a_missing_input_is_told_at_once() {
    let error = Inputs::new(vec!["/no/such/thing".into()]).unwrap_err();
    assert!(error.to_string().starts_with("/no/such/thing: "), "{error}");
    assert!(Inputs::new(vec![]).is_err());
}

proptest::proptest! {
    /// Whatever the bytes, every format reads them to the end, and every record is an article or a reject.
    #[test]
    fn no_bytes_are_too_odd(
        bytes in proptest::collection::vec(
            proptest::prelude::prop_oneof![
                proptest::prelude::any::<u8>(),
                proptest::sample::select(&b"{}[]\",:\\\n texid10\0\xEF\xBB\xBF\xFF\xFE"[..]),
            ],
            0..300,
        ),
        format in 0..FORMATS.len(),
    ) {
        let options = Options { format: Some(FORMATS[format]), ..Options::default() };
        for item in records("a.x", &bytes, &options) {
            match item {
                Item::Article { article, .. } => proptest::prop_assert!(!article.text.trim().is_empty()),
                Item::Reject(reject) => proptest::prop_assert!(!reject.reason.is_empty()),
            }
        }
        let _ = format_of(&Source::of("a.x", &bytes));
    }
}

#[test]
fn records_behind_a_job_wait_for_it() {
    let mut items = Vec::new();
    let mut emit = |batch: Batch| {
        items.extend(batch.items);
        Flow::Continue(())
    };
    let options = Options { limit: Some(4), ..Options::default() };
    let mut sink = Sink::new(&options, &Alone, &mut emit);
    let source = Source::of("a.x", b"x");
    let article = |text: &str| Article { text: text.into(), ..Article::default() };
    let job = |result: Parsed| -> Job { Box::new(move || result) };
    let _ = sink.article(&source, 1, 0, article("one"));
    let _ = sink.job(&source, 2, 10, 5, job(Ok(article("two"))));
    let _ = sink.article(&source, 3, 20, article("three"));
    let _ = sink.job(&source, 4, 30, 5, job(Err((Reason::BadMarkup, "no page".into()))));
    let _ = sink.job(&source, 5, 40, 5, job(Ok(Article { id: "own".into(), ..article("four") })));
    let _ = sink.article(&source, 6, 50, article("more than the limit"));
    sink.finish();
    assert_eq!(short(&items), ["a.x:1|one", "a.x:2|two", "a.x:3|three", "bad markup@30: no page", "own|four"]);
}
