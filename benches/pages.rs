//! How fast articles are found in web pages, in bytes of HTML per second of one thread.
//!
//! The pages are those of `tests/pages`, in whose articles a test finds what is wanted; every timed run must find as many
//! bytes of text as the first. Run it with `cargo bench --bench pages`.

// A bench that cannot read its samples should stop with a message; there is nobody to hand an error to.
#![allow(clippy::expect_used)]

use divan::{Bencher, black_box, counter::BytesCount};
use onrecord::read::{self, Flow, Inputs, Item};
use std::{fmt::Write, fs, path::Path, path::PathBuf, sync::LazyLock};

/// How often the pages are taken.
const TIMES: usize = 20;

static PAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the pages are there").map(|entry| entry.expect("a page").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    files.sort();
    files.iter().map(|path| fs::read(path).expect("a page can be read")).collect()
});

fn dump(name: &str, content: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).expect("the bench can write");
    path
}

/// The pages as a crawler writes them.
static WARC: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut warc = Vec::new();
    for page in (0..TIMES).flat_map(|_| PAGES.iter()) {
        let answer = [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", &page[..]].concat();
        let mut header = String::new();
        let _ = write!(
            header,
            "WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        warc.extend([header.as_bytes(), &answer, b"\r\n\r\n"].concat());
    }
    dump("pages.warc", &warc)
});

/// The texts of the pages as items of a feed.
static FEED: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut feed = String::from("<rss><channel><title>Feed</title>");
    for text in (0..TIMES * 4).flat_map(|_| found(&WARC).1) {
        let paragraphs = text.split("\n\n").map(|p| format!("<p>{}</p>", p.replace('&', "&amp;"))).collect::<String>();
        let _ = write!(feed, "<item><title>T</title><description><![CDATA[{paragraphs}]]></description></item>");
        if feed.len() > 4 << 20 {
            break;
        }
    }
    dump("pages.rss", (feed + "</channel></rss>").as_bytes())
});

/// Bytes of text that are found in a file, and the texts.
fn found(path: &Path) -> (usize, Vec<String>) {
    let inputs = Inputs::new(vec![path.to_path_buf()]).expect("the file is there");
    let mut texts = Vec::new();
    read::read(&inputs, &read::Options::default(), &read::Alone, &mut |batch| {
        for item in batch.items {
            if let Item::Article { article, .. } = item {
                texts.push(article.text);
            }
        }
        Flow::Continue(())
    });
    (texts.iter().map(String::len).sum(), texts)
}

fn main() {
    divan::main();
}

fn run(bencher: Bencher<'_, '_>, path: &Path) {
    let expected = found(path).0;
    assert!(expected > 0, "nothing is found");
    let bytes = fs::metadata(path).expect("the file is there").len();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let bytes = black_box(found(path)).0;
        assert_eq!(bytes, expected);
    });
}

#[divan::bench]
fn a_warc(bencher: Bencher<'_, '_>) {
    run(bencher, &WARC);
}

#[divan::bench]
fn b_feed(bencher: Bencher<'_, '_>) {
    run(bencher, &FEED);
}
