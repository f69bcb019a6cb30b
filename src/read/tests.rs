//! Rows of inputs and what comes out of them.

mod folders;
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

/// An answer of a server in a WARC record, whose length is `off` bytes wrong.
fn warc_record(kind: &str, http: &str, body: &[u8], off: i64) -> Vec<u8> {
    let block = [http.as_bytes(), if http.is_empty() { b"" } else { b"\r\n" }, body].concat();
    let content = if http.is_empty() { "text/plain" } else { "application/http; msgtype=response" };
    let length = block.len() as i64 + off;
    let header = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <https://www.herald.example/{kind}>\r\nWARC-Date: 2020-01-02T03:04:05Z\r\nContent-Type: {content}\r\nContent-Length: {length}\r\n\r\n"
    );
    [header.as_bytes(), &block, b"\r\n\r\n"].concat()
}

const PAGE: &str = "<html lang=en><title>A bridge | The Herald</title><meta property=og:site_name content='The Herald'><h1>A bridge</h1><p>The council of Lindmere has voted for a new bridge, the mayor said on Monday.</p>";
const SENTENCE: &str = "The council of Lindmere has voted for a new bridge, the mayor said on Monday.";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n";

#[test]
fn pages_in_warc_files_are_read_and_the_rest_passed_over() {
    let mut file = warc_record("warcinfo", "", b"software: x", 0);
    file.extend(warc_record("request", "GET / HTTP/1.1\r\n", b"", 0));
    file.extend(warc_record("response", OK, PAGE.as_bytes(), 0));
    file.extend(warc_record("response", "HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\n", PAGE.as_bytes(), 0));
    file.extend(warc_record("response", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n", b"\x89PNG\n\n\0", 0));
    file.extend(warc_record("response", OK, b"<html><body></body></html>", 0));
    file.extend(warc_record("conversion", "", "Plain “text” of a page.\n".as_bytes(), 0));
    file.extend(warc_record("revisit", OK, b"", 0));
    let items = records("a.warc", &file, &Options::default());
    assert_eq!(items.len(), 3, "{items:?}");
    let Item::Article { article, byte_offset } = &items[0] else { panic!("{items:?}") };
    assert!(file[*byte_offset as usize..].starts_with(b"WARC/1.0\r\nWARC-Type: response"));
    assert_eq!((article.record, article.text.as_str()), (3, SENTENCE));
    let told = [&article.title, &article.outlet, &article.url, &article.language, &article.published];
    let told = told.map(|value| value.as_deref().unwrap_or("-"));
    assert_eq!(told, ["A bridge", "The Herald", "https://www.herald.example/response", "en", "-"]);
    let Item::Reject(reject) = &items[1] else { panic!("{items:?}") };
    assert_eq!((reject.record, reject.reason.as_str()), (6, "no text"));
    let Item::Article { article, .. } = &items[2] else { panic!("{items:?}") };
    assert_eq!((article.text.as_str(), article.outlet.as_deref()), ("Plain “text” of a page.", Some("herald.example")));
}

#[test]
fn a_damaged_warc_record_costs_itself_alone() {
    let good = || warc_record("response", OK, PAGE.as_bytes(), 0);
    let of = |middle: Vec<u8>| {
        let file = [good(), middle, good()].concat();
        records("a.warc", &file, &Options::default())
    };
    for (middle, articles, rejects) in [
        (warc_record("response", OK, PAGE.as_bytes(), 300), 3, 0),
        (warc_record("response", OK, PAGE.as_bytes(), -20), 3, 1),
        (warc_record("request", OK, b"", 1 << 40), 2, 0),
        (b"some stray words\nand lines\r\n".to_vec(), 2, 1),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n".to_vec(), 2, 1),
        (b"WARC/1.1\r\nContent-Length: nonsense\r\n\r\n\r\n".to_vec(), 2, 1),
    ] {
        let shown = String::from_utf8_lossy(&middle[..middle.len().min(150)]).into_owned();
        let items = of(middle);
        let found = items.iter().filter(|item| matches!(item, Item::Article { .. })).count();
        assert_eq!((found, items.len() - found), (articles, rejects), "{shown}\n{items:#?}");
    }
    let cut = good();
    let items = records("a.warc", &cut[..cut.len() - 30], &Options::default());
    assert!(short(&items)[0].starts_with("bad archive@0: the file ends after"), "{items:?}");
    let options = Options { max_text: 100, ..Options::default() };
    assert!(short(&records("a.warc", &good(), &options))[0].starts_with("too large@0"));
}

#[test]
fn feeds_are_read_item_by_item() {
    let rss = format!(
        "<?xml version='1.0' encoding='windows-1252'?><!DOCTYPE rss [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>\n<rss xmlns:content='c' xmlns:dc='d'><channel><title>The Herald</title><image><title>no</title></image><language>en-gb</language>\
<item><title>Mayor&#8217;s &amp;amp; caf\u{e9}</title><link>https://h/1</link><guid>g1</guid><pubDate>Wed, 02 Oct 2002 13:00:00 GMT</pubDate><dc:creator>A</dc:creator><description>short</description><content:encoded><![CDATA[<p>{SENTENCE}</p><p>Two &amp; more.</p>]]></content:encoded></item>\
<item><title>No text</title></item>\
<item><title>Broken</titel><description>x</description></item>\
<item><title>Never ends</title><description>x\
<item><title>Escaped</title><author>a@b.c (Ann Lee)</author><description>&lt;p&gt;One &amp;amp; two.&lt;/p&gt; &b; &nbsp;end</description></item></channel></rss>"
    );
    let bytes: Vec<u8> = rss.chars().map(|c| c as u8).collect();
    let items = records("a.rss", &bytes, &Options::default());
    let lines = short(&items);
    assert_eq!(lines[0], format!("g1|{SENTENCE}\n\nTwo & more."));
    assert!(
        lines[1].starts_with("no text@") && lines[2].starts_with("bad markup@") && lines[3].starts_with("bad markup@"),
        "{lines:?}"
    );
    assert_eq!(lines[4], "a.rss:5|One & two.\n\n&b; end");
    let Item::Article { article, .. } = &items[0] else { panic!("{items:?}") };
    let told = [&article.title, &article.published, &article.author, &article.outlet, &article.url, &article.language];
    let told = told.map(|value| value.as_deref().unwrap_or("-"));
    assert_eq!(told, ["Mayor’s & café", "2002-10-02T13:00:00Z", "A", "The Herald", "https://h/1", "en"]);
    let atom = "<feed xmlns='a' xml:lang='en'><title type='text'>The Herald</title><author><name>Desk</name></author><entry><title type='html'>A &amp;lt;b&amp;gt; title</title><link rel='self' href='no'/><link href='https://h/2'/><id>urn:2</id><updated>2020-01-02T03:04:05Z</updated><content type='xhtml'><div xmlns='x'><p>One.</p><p>Two.</p></div></content></entry><entry><id>3</id><summary>Just words &lt; 5.</summary></entry></feed>";
    let items = records("a.xml", atom.as_bytes(), &Options::default());
    assert_eq!(short(&items), ["urn:2|One.\n\nTwo.", "3|Just words < 5."]);
    let Item::Article { article, .. } = &items[0] else { panic!("{items:?}") };
    assert_eq!((article.author.as_deref(), article.url.as_deref()), (Some("Desk"), Some("https://h/2")));
}

#[test]
fn the_xml_of_agencies_is_read() {
    let nitf = "<nitf><head><title>x</title><docdata><doc-id id-string='n1'/><date.issue norm='20121205T114700+0100'/><doc.copyright holder='DNA'/></docdata></head><body><body.head><hedline><hl1>A &amp; B agree</hl1></hedline><byline>By <person>Ann Lee</person></byline><dateline><location>DUNMORE</location>, Dec 5</dateline></body.head><body.content><p>One <em>and</em> <![CDATA[<two>]]>.</p><media media-type='image'><media-caption>no</media-caption></media><hl2>Head</hl2><p>Three.</p></body.content><body.end><tagline>no</tagline></body.end></body></nitf>";
    let items = records("a.nitf", nitf.as_bytes(), &Options::default());
    assert_eq!(short(&items), ["n1|DUNMORE, Dec 5 — One and <two>.\n\nHead\n\nThree."]);
    let Item::Article { article, .. } = &items[0] else { panic!("{items:?}") };
    let told =
        [&article.title, &article.published, &article.author, &article.outlet].map(|v| v.as_deref().unwrap_or("-"));
    assert_eq!(told, ["A & B agree", "2012-12-05T11:47:00+01:00", "Ann Lee", "DNA"]);
    let g2 = format!(
        "<newsMessage xmlns='g'><itemSet><packageItem guid='p'><itemMeta/></packageItem><newsItem guid='urn:1' xml:lang='en-US'><itemMeta><provider qcode='n:dna'><name>Dunmore News</name></provider><versionCreated>2020-01-03T00:00:00Z</versionCreated></itemMeta><contentMeta><contentCreated>2020-01-02T00:00:00Z</contentCreated><by>By Bo Ek</by><headline>H</headline></contentMeta><contentSet><inlineXML contenttype='application/nitf+xml'>{nitf}</inlineXML></contentSet></newsItem><newsItem guid='urn:2'><contentSet><inlineXML><html xmlns='h'><head><title>t</title></head><body><p>X.</p></body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>"
    );
    let items = records("a.xml", g2.as_bytes(), &Options::default());
    let lines = short(&items);
    assert!(
        lines[0].starts_with("no text@") && lines[0].ends_with("the `packageItem` has no text of its own"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("urn:1|DUNMORE, Dec 5 — One and"), "{lines:?}");
    assert_eq!(lines[2], "urn:2|X.");
    let Item::Article { article, .. } = &items[1] else { panic!("{items:?}") };
    let told =
        [&article.title, &article.published, &article.author, &article.outlet].map(|v| v.as_deref().unwrap_or("-"));
    assert_eq!(told, ["H", "2012-12-05T11:47:00+01:00", "Bo Ek", "Dunmore News"]);
    for (xml, start) in [
        ("<sitemap><url/></sitemap>", "bad markup@0: an XML document (`sitemap`) without any of"),
        ("<rss><channel/></rss>", "bad markup@0: an XML document (`rss`) without any of item"),
    ] {
        assert!(short(&records("a.xml", xml.as_bytes(), &Options::default()))[0].starts_with(start), "{xml}");
    }
}

#[test]
fn markup_in_a_field_becomes_text() {
    let line = format!(
        "{{\"id\":1,\"title\":\"A &amp; B\",\"text\":\"<p>One &amp; two.</p><p>Three.</p>\"}}\n{{\"id\":2,\"text\":\"a <b> tag\"}}\n{{\"id\":3,\"title\":\"Own\",\"text\":\"{}\"}}\n{{\"id\":4,\"text\":\"<div><img src=x></div>\"}}\n",
        PAGE.replace('"', "'")
    );
    let items = records("a.jsonl", line.as_bytes(), &Options::default());
    let expected = ["1|One & two.\n\nThree.".to_string(), "2|a <b> tag".into(), format!("3|{SENTENCE}")];
    assert_eq!(short(&items)[..3], expected);
    assert!(short(&items)[3].starts_with("no text@"), "{items:?}");
    let Item::Article { article, .. } = &items[0] else { panic!("{items:?}") };
    assert_eq!((article.title.as_deref(), &article.remarks[..]), (Some("A & B"), &["html"][..]));
    let Item::Article { article, .. } = &items[2] else { panic!("{items:?}") };
    assert_eq!((article.title.as_deref(), article.outlet.as_deref()), (Some("Own"), Some("The Herald")));
}

#[test]
fn entities_and_depth_do_no_harm_in_xml() {
    let bomb = format!(
        "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>{}<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&x;</title><description>&i; words &x;</description></item></channel></rss>",
        ('b'..='i')
            .zip('a'..='h')
            .map(|(new, old)| format!("<!ENTITY {new} '{}'>", format!("&{old};").repeat(10)))
            .collect::<String>()
    );
    assert_eq!(short(&records("a.rss", bomb.as_bytes(), &Options::default())), ["a.rss:1|&i; words &x;"]);
    let n = 200_000;
    let whole =
        |inner: String| format!("<rss><channel><item><description>x</description>{inner}</item></channel></rss>");
    for xml in [
        whole(format!("{}{}", "<a>".repeat(n), "</a>".repeat(n))),
        whole("<author/>".repeat(n)),
        whole("<author><name>x</name></author>".repeat(n)),
        whole(format!("<a {}/>", "b='c' ".repeat(n))),
        whole("&amp;".repeat(n)),
        whole("<![CDATA[".repeat(n)),
        "<rss><channel>".to_string() + &"<item>".repeat(n),
        "<rss><channel>".to_string() + &"<item/>".repeat(n),
        "<rss><!DOCTYPE [".repeat(n / 10),
        "<rss><item>".to_string() + &"<!--".repeat(n),
        "<rss><item>".to_string() + &"<![CDATA[>".repeat(n),
        "<nitf>".to_string() + &"<body.content><p>".repeat(n / 10) + "</nitf>",
    ] {
        let start = std::time::Instant::now();
        let items = records(
            "a.xml",
            xml.as_bytes(),
            &Options { format: format_of(&Source::of("a.xml", xml.as_bytes())), ..Options::default() },
        );
        let taken = start.elapsed();
        assert!(taken.as_secs() < 8, "{taken:?} for {}", &xml[..80]);
        assert!(!items.is_empty(), "{}", &xml[..80]);
    }
}

/// One good file of each format, to be damaged.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let gzip = {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        io::Write::write_all(&mut packed, PAGE.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let packed = OK.to_string() + "Content-Encoding: gzip\r\n";
    let warc = [warc_record("response", OK, PAGE.as_bytes(), 0), warc_record("response", &packed, &gzip, 0)].concat();
    let rss = format!(
        "<rss><channel><title>T</title><item><title>A</title><description><![CDATA[<p>{SENTENCE}</p>]]></description></item><item><description>&lt;p&gt;x</description></item></channel></rss>"
    );
    let nitf = format!(
        "<newsMessage><itemSet><newsItem guid='1'><contentSet><inlineXML><nitf><body><body.head><hedline><hl1>A</hl1></hedline></body.head><body.content><p>{SENTENCE}</p></body.content></body></nitf></inlineXML></contentSet></newsItem></itemSet></newsMessage>"
    );
    vec![
        ("a.html", PAGE.as_bytes().to_vec()),
        ("a.warc", warc),
        ("a.rss", rss.into_bytes()),
        ("a.xml", nitf.into_bytes()),
    ]
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]

    /// Whatever is cut off or changed in a file, it is read to the end.
    #[test]
    fn damaged_files_are_read_to_the_end(
        which in 0..4usize,
        cut in 0.0..1.0f64,
        changes in proptest::collection::vec((0.0..1.0f64, proptest::prelude::any::<u8>()), 0..12),
        repeated in proptest::prelude::any::<bool>(),
    ) {
        let (name, mut bytes) = samples().swap_remove(which);
        let end = if cut < 0.5 { bytes.len() } else { (bytes.len() as f64 * cut) as usize };
        bytes.truncate(end);
        for (at, byte) in changes {
            let at = (bytes.len() as f64 * at) as usize;
            bytes[at] = byte;
        }
        if repeated {
            bytes.extend(samples().swap_remove(which).1);
        }
        let format = format_of(&Source::of(name, &bytes)).or(format_named("text"));
        for item in records(name, &bytes, &Options { format, ..Options::default() }) {
            match item {
                Item::Article { article, .. } => proptest::prop_assert!(!article.text.trim().is_empty()),
                Item::Reject(reject) => proptest::prop_assert!(!reject.reason.is_empty() && reject.reason != "internal error"),
            }
        }
    }

    /// Tags and pieces of tags in any order.
    #[test]
    fn no_markup_is_too_odd(
        pieces in proptest::collection::vec(
            proptest::sample::select(&[
                "<p>", "</p>", "<div class='article-body related'>", "</div>", "<a href=x>", "</a>", "<table><tr><td>", "</table>",
                "<h1>", "</h1>", "<li>", "<br>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&#8217;", "<q>",
                "</q>", "<pre>", "\n\n", "Words of a sentence that is long enough to count. ", "“é”", "<", ">", "<b", "\u{ad}", "\0",
                "<meta property=og:title content=x>", "<title>x</title>", "<item>", "</item>", "<blockquote>", "</blockquote>",
                "<article itemprop=articleBody>", "<time datetime=2020-01-02>", "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"",
            ][..]),
            0..60,
        ),
    ) {
        let page = pieces.concat();
        for format in ["html", "feed", "newsml", "warc", "text"] {
            let options = Options { format: format_named(format), ..Options::default() };
            for item in records("a.x", page.as_bytes(), &options) {
                if let Item::Article { article, .. } = item {
                    proptest::prop_assert!(!article.text.trim().is_empty() && (format != "html" || !article.text.contains("\n\n\n")), "{page}");
                }
            }
        }
    }
}
