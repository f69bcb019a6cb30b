//! Pages, crawls, feeds and the XML of agencies, sound and broken.

use super::*;

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

#[test]
fn a_record_with_too_long_a_section_is_no_record_without_it() {
    let options = Options { max_text: 1000, ..Options::default() };
    let long = "Words and > signs. ".repeat(300_000);
    let rss = format!(
        "<rss><channel><item><title>A</title><description><![CDATA[{long}]]></description></item><item><description>{SENTENCE}</description></item></channel></rss>"
    );
    let found = short(&records("a.rss", rss.as_bytes(), &options));
    assert!(found.len() == 2 && found[0].starts_with("too large"), "{found:?}");
    assert!(found[1].ends_with(SENTENCE), "{found:?}");
}

#[test]
fn dates_are_read_in_every_format_alike() {
    for (given, shown) in [
        ("Wed, 02 Oct 2002 13:00:00 GMT", "2002-10-02T13:00:00Z"),
        ("20121205T114700+0100", "2012-12-05T11:47:00+01:00"),
        ("1602374400", "2020-10-11T00:00:00Z"),
        ("2020-10-11", "2020-10-11"),
    ] {
        let rss = format!(
            "<rss><channel><item><pubDate>{given}</pubDate><description>{SENTENCE}</description></item></channel></rss>"
        );
        let csv = format!("date;text\n{given};{SENTENCE}\n");
        let jsonl = format!("{{\"date\":\"{given}\",\"text\":\"{SENTENCE}\"}}\n");
        for (name, file) in [("a.rss", rss), ("a.csv", csv), ("a.jsonl", jsonl)] {
            let found = records(name, file.as_bytes(), &Options::default());
            let [Item::Article { article, .. }] = &found[..] else { panic!("{name}: {found:?}") };
            assert_eq!(article.published.as_deref(), Some(shown), "{name}");
        }
    }
}
