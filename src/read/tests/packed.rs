//! Compressed data and archives, sound, damaged and hostile.

use super::*;
use std::io::Write;

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// A ZIP archive of deflated members.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    for (name, bytes) in members {
        let builder = archive.new_file(rawzip::path::EntryPath::verbatim(name.as_bytes()));
        let (mut entry, config) = builder.compression_method(rawzip::CompressionMethod::DEFLATE).start().unwrap();
        let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default());
        let mut writer = config.wrap(encoder);
        writer.write_all(bytes).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap()
}

/// A tar archive.
fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = ::tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

fn read_with(name: &str, bytes: &[u8], options: &Options) -> Vec<String> {
    short(&unpacked(name, bytes, options))
}

fn read_all(name: &str, bytes: &[u8]) -> Vec<String> {
    read_with(name, bytes, &Options::default())
}

/// Files that other programs wrote, of every kind.
const FOREIGN: &[(&str, &[u8])] = &[
    ("a.jsonl.gz", include_bytes!("../../../tests/foreign/python.jsonl.gz")),
    ("a.jsonl.bz2", include_bytes!("../../../tests/foreign/python.jsonl.bz2")),
    ("a.jsonl.xz", include_bytes!("../../../tests/foreign/python.jsonl.xz")),
    ("a.jsonl.zst", include_bytes!("../../../tests/foreign/zstd-frames.jsonl.zst")),
    ("a.tar", include_bytes!("../../../tests/foreign/gnu.tar")),
    ("a.txz", include_bytes!("../../../tests/foreign/pax.txz")),
    ("a.tar.gz", include_bytes!("../../../tests/foreign/python.tar.gz")),
    ("a.zip", include_bytes!("../../../tests/foreign/infozip.zip")),
    ("b.zip", include_bytes!("../../../tests/foreign/infozip-pipe.zip")),
    ("c.zip", include_bytes!("../../../tests/foreign/python.zip")),
    ("d.zip", include_bytes!("../../../tests/foreign/7zip-bzip2.zip")),
    ("e.zip", include_bytes!("../../../tests/foreign/python-nested.zip")),
    ("f.zip", include_bytes!("../../../tests/foreign/7zip-deflate64.zip")),
    ("g.zip", include_bytes!("../../../tests/foreign/python-lzma.zip")),
    ("a.csv", include_bytes!("../../../tests/foreign/python-excel.csv")),
    ("a.tsv", include_bytes!("../../../tests/foreign/python-utf16.tsv")),
];

fn articles(items: &[Item]) -> Vec<&Article> {
    let mut articles = Vec::new();
    for item in items {
        if let Item::Article { article, .. } = item {
            articles.push(article);
        }
    }
    articles
}

#[test]
fn layers_are_taken_off_and_names_tell_the_format() {
    let (json, text) = (&b"{\"text\":\"one\"}\n{\"text\":\"two\"}\n"[..], &b"one"[..]);
    for (name, bytes, expected) in [
        ("a.jsonl.gz", gzip(json), &["a.jsonl.gz:1|one", "a.jsonl.gz:2|two"][..]),
        ("a.json.GZ.bz2", bzip2(&gzip(json)), &["a.json.GZ.bz2:1|one", "a.json.GZ.bz2:2|two"]),
        ("a.txt.zst", zstd(text), &["a.txt.zst|one"]),
        // Without a name, by the content.
        ("stdin", zstd(json), &["stdin:1|one", "stdin:2|two"]),
        ("a.gz", [gzip(text), gzip(text), vec![0; 9]].concat(), &["a.gz|oneone"]),
        ("a.bz2", [bzip2(text), bzip2(text)].concat(), &["a.bz2|oneone"]),
        ("a.txt.zst", [zstd(text), zstd(text)].concat(), &["a.txt.zst|oneone"]),
        ("a.txt.gz", gzip(b""), &["empty@0: the file holds nothing"]),
        ("a.txt.gz", gzip(b"\x00\x01\x02\x03"), &["not text@0: binary data"]),
        // What is called so but is not.
        ("a.txt.gz", b"plain".to_vec(), &["a.txt.gz|plain"]),
    ] {
        assert_eq!(read_all(name, &bytes), expected, "{name}");
    }
}

#[test]
fn what_came_before_the_damage_stays() {
    let lines: String =
        (0..20_000).map(|i| format!("{{\"id\":\"{i}\",\"text\":\"{}\"}}\n", i * 7919 % 10_007)).collect();
    for (name, packed) in
        [("gzip", gzip(lines.as_bytes())), ("bzip2", bzip2(lines.as_bytes())), ("Zstandard", zstd(lines.as_bytes()))]
    {
        let mut wrong = packed.clone();
        let place = wrong.len() * 9 / 10;
        wrong[place] ^= 0x55;
        for (bytes, is_whole) in [(&packed[..packed.len() - 9], true), (&wrong[..], false)] {
            let items = unpacked("a.jsonl", bytes, &Options::default());
            let count = articles(&items).len();
            let Some(Item::Reject(reject)) = items.last() else { panic!("{name}: no reject") };
            // bzip2 packs 900 kB together.
            assert!(count > 0 || name == "bzip2", "{name}: nothing came before");
            // Where nothing came before, it is the file that cannot be read.
            let record = if items.len() > 1 { items.len() as u64 } else { 0 };
            assert_eq!((reject.reason.as_str(), reject.record), ("bad archive", record), "{name}");
            assert!(reject.detail.contains(&format!("{name} data")), "{}", reject.detail);
            if is_whole {
                assert_eq!(items.len(), count + 1, "{name}");
                assert!(reject.detail.contains("end too early"), "{name}: {}", reject.detail);
                let before: usize = lines.lines().take(count).map(|line| line.len() + 1).sum();
                assert_eq!(reject.byte_offset, before as u64, "{name}: the offset of the first record that is lost");
            }
        }
    }
    assert_eq!(
        read_all("a.jsonl.gz", &[gzip(b"{\"text\":\"one\"}\n"), b"more".to_vec()].concat()),
        [
            "a.jsonl.gz:1|one",
            "bad archive@15: the gzip data are damaged after 15 bytes of content: something else follows the end of the stream"
        ]
    );
}

#[test]
fn members_are_sources_of_their_own() {
    let members: &[(&str, &[u8])] = &[
        ("z/b.jsonl", b"{\"text\":\"one\"}\n{\"text\":\n{\"text\":\"two\"}\n"),
        ("a.txt", b"three"),
        ("z/", b""),
        (".hidden/x.txt", b"no"),
        ("__MACOSX/a.txt", b"no"),
        ("./z/.c.txt", b"no"),
        ("../../etc/x\n.txt", b"four"),
        ("/abs\\d.txt", b"five"),
        ("a.txt", b"six"),
        ("e.bin", b"\0\x01"),
        ("=f.txt", b""),
    ];
    let expected = [
        "d!z/b.jsonl:1|one",
        "bad json@15: line 2, column 8: EOF while parsing a value",
        "d!z/b.jsonl:3|two",
        "d!a.txt|three",
        "d!../../etc/x\u{FFFD}.txt|four",
        "d!/abs/d.txt|five",
        "d!a.txt~2|six",
        "not text@0: binary data",
        "empty@0: the file holds nothing",
    ];
    let kinds = [tar(members), zip(members), gzip(&tar(members))];
    for (kind, bytes) in ["tar", "zip", "tar.gz"].iter().zip(kinds) {
        assert_eq!(read_all("d", &bytes), expected, "{kind}");
        let sources: Vec<_> = unpacked("d", &bytes, &Options::default())
            .into_iter()
            .map(|item| match item {
                Item::Article { article, .. } => (article.source, article.record),
                Item::Reject(reject) => (reject.source, reject.record),
            })
            .collect();
        assert_eq!(sources[1], ("d!z/b.jsonl".to_string(), 2), "{kind}");
        assert_eq!(sources[8], ("d!=f.txt".to_string(), 0), "{kind}");
    }
    assert_eq!(read_all("d.tar", &tar(&[("x/", b"")])), ["empty@0: the archive holds no file, or only hidden ones"]);
    assert_eq!(read_all("d.tar", &tar(&[(".x", b"x")])), ["empty@0: the archive holds no file, or only hidden ones"]);
    // Without the two blocks at its end, something may be missing.
    assert_eq!(
        read_all("d.tar", &tar(&[("x.txt", b"x")])[..1024]),
        ["d.tar!x.txt|x", "bad archive@1024: the end of the archive is missing"]
    );
    assert_eq!(read_all("d.tar", &[0; 1024]), ["empty@0: the archive holds no file, or only hidden ones"]);
    assert_eq!(read_all("d.zip", &zip(&[])), ["empty@0: the archive holds no file, or only hidden ones"]);
}

#[test]
fn a_zip_file_on_disk_is_read_by_seeking() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    let bytes = zip(&[("a.txt", b"one"), ("b.txt", &b"two ".repeat(100_000))]);
    std::fs::write(&path, &bytes).unwrap();
    // Memory is for archives in archives.
    let options = Options { max_memory: 10, ..Options::default() };
    let inputs = Inputs::new(vec![path]).unwrap();
    let (mut items, mut read_bytes) = (Vec::new(), 0);
    read(&inputs, &options, &Alone, &mut |batch| {
        read_bytes = batch.bytes;
        items.extend(batch.items);
        Flow::Continue(())
    });
    assert_eq!(articles(&items).len(), 2, "{:?}", items.len());
    assert_eq!(read_bytes, bytes.len() as u64);
    let nested = tar(&[("a.zip", &bytes), ("c.txt", b"three")]);
    assert_eq!(
        read_with("d.tar", &nested, &options),
        [
            "too large@0: a ZIP archive within something else must fit into 10 bytes of memory; see --max-memory",
            "d.tar!c.txt|three"
        ]
    );
}

#[test]
fn a_damaged_member_costs_itself() {
    let long: String = (0..40_000).map(|i| format!("{} ", i * 7919 % 10_007)).collect();
    let members: &[(&str, &[u8])] = &[("a.txt", b"one"), ("b.txt", long.as_bytes()), ("c.txt", b"three")];
    let mut bytes = zip(members);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    let found = read_all("d.zip", &bytes);
    assert_eq!((found[0].as_str(), found[2].as_str(), found.len()), ("d.zip!a.txt|one", "d.zip!c.txt|three", 3));
    assert!(found[1].starts_with("bad archive@0: the data of the member are damaged"), "{}", found[1]);

    let mut bytes = tar(members);
    bytes[512 + 512 + 100] ^= 0x40;
    let found = read_all("d.tar", &bytes);
    assert_eq!(
        found,
        [
            "d.tar!a.txt|one",
            "bad archive@1024: no header of a member; what follows is lost up to the next one",
            "d.tar!c.txt|three"
        ]
    );
}

#[test]
fn an_archive_that_was_cut_off_is_read_as_far_as_it_goes() {
    let long: String = (0..40_000).map(|i| format!("{} ", i * 7919 % 10_007)).collect();
    let members: &[(&str, &[u8])] = &[("a.txt", b"one"), ("b.txt", b"two"), ("c.txt", long.as_bytes())];
    for (name, bytes) in [("d.zip", zip(members)), ("d.tar", tar(members)), ("e.zip", FOREIGN[7].1.to_vec())] {
        let found = read_all(name, &bytes[..bytes.len() / 2]);
        let kept = found.iter().filter(|line| line.contains(".txt|")).count();
        let expected = if name == "e.zip" { 5..=9 } else { 2..=2 };
        assert!(expected.contains(&kept), "{name}: {found:?}");
        assert_eq!(found.len(), kept + 2, "{name}: the member and the rest: {found:?}");
        assert!(found[kept..].iter().all(|line| line.starts_with("bad archive@")), "{found:?}");
    }
}

#[test]
fn what_is_packed_too_deep_is_told() {
    let mut bytes = b"text".to_vec();
    for depth in 0..7 {
        let options = Options { max_depth: 3, ..Options::default() };
        let found = read_with("a.txt", &bytes, &options);
        match depth {
            0..=3 => assert!(found[0].ends_with("|text"), "{depth}: {found:?}"),
            _ => assert_eq!(found, ["too deep@0: it is packed more than 3 times; see --max-depth"], "{depth}"),
        }
        bytes = match depth % 3 {
            0 => gzip(&bytes),
            1 => tar(&[("a.txt", &bytes)]),
            _ => zip(&[("a.txt", &bytes)]),
        };
    }
}

#[test]
fn traps_are_not_unpacked() {
    let zeros = vec![b' '; 150 << 20];
    let options = Options { max_text: 1 << 40, ..Options::default() };
    for bytes in [zstd(&zeros), gzip(&zeros)] {
        let found = read_with("a.jsonl", &bytes, &options);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("too large@0: ") && found[0].contains("--max-ratio"), "{found:?}");
    }
    // The same within an archive, whose other members are read.
    let found = read_with("a.tar", &tar(&[("a.jsonl.zst", &zstd(&zeros)), ("b.txt", b"text")]), &options);
    assert!(found[0].starts_with("too large@0: ") && found[1] == "a.tar!b.txt|text", "{found:?}");
    let options = Options { max_unpacked: 1000, ..Options::default() };
    let found = read_with("a.txt.gz", &gzip(&zeros[..2000]), &options);
    assert_eq!(found, ["too large@0: more than 1000 bytes come out of it; see --max-unpacked"]);
    // A window of 128 MB.
    let options = Options { max_memory: 1 << 20, ..Options::default() };
    let long = include_bytes!("../../../tests/foreign/zstd.jsonl.zst");
    let mut many = vec![0; 3 << 20];
    let mut state = 1u32;
    many.fill_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'a' + (state >> 28) as u8
    });
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.long_distance_matching(true).unwrap();
    encoder.window_log(27).unwrap();
    encoder.write_all(&many).unwrap();
    let found = read_with("a.txt.zst", &encoder.finish().unwrap(), &options);
    assert!(found[0].starts_with("too large@0: ") && found[0].contains("--max-memory"), "{found:?}");
    assert_eq!(read_all("a.jsonl.zst", long).len(), 36);
    let found = read_with("a.jsonl.xz", FOREIGN[2].1, &options);
    assert!(found[0].starts_with("too large@0: ") && found[0].contains("--max-memory"), "{found:?}");
}

#[test]
fn there_are_only_so_many_members() {
    let members: Vec<(String, &[u8])> = (0..5).map(|i| (format!("{i}.txt"), &b"text"[..])).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let options = Options { max_members: 3, ..Options::default() };
    for bytes in [tar(&members), zip(&members)] {
        let found = read_with("d", &bytes, &options);
        assert_eq!(found[..3], ["d!0.txt|text", "d!1.txt|text", "d!2.txt|text"]);
        assert!(found[3].starts_with("too large@") && found[3].ends_with("more than 3 members; see --max-members"));
        assert_eq!(found.len(), 4);
    }
}

#[test]
fn documents_are_no_archives() {
    for first in ["[Content_Types].xml", "mimetype"] {
        let found = read_all("a.docx", &zip(&[(first, b"x"), ("word/document.xml", b"<w/>")]));
        assert_eq!(found, ["not text@0: an office document or a book, which this version does not read"]);
    }
}

#[test]
fn long_names_have_an_end() {
    let mut header = ::tar::Header::new_gnu();
    header.set_entry_type(::tar::EntryType::GNULongName);
    header.set_path("././@LongLink").unwrap();
    header.set_size(1 << 33);
    header.set_cksum();
    let bytes = [header.as_bytes().to_vec(), vec![b'x'; 1 << 20]].concat();
    let found = read_all("a.tar", &bytes);
    assert!(found[0].starts_with("bad archive@0: a name of 8589934592 bytes"), "{found:?}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]

    /// Whatever is cut off and whatever is turned around in it, a file gives articles and rejects.
    #[test]
    fn damaged_files_give_articles_and_rejects(
        file in 0..FOREIGN.len(),
        end in 0.0..1.2f64,
        flips in proptest::collection::vec((0.0..1.0f64, 1..=255u8), 0..4),
    ) {
        let (name, bytes) = FOREIGN[file];
        let mut bytes = bytes[..((bytes.len() as f64 * end) as usize).min(bytes.len())].to_vec();
        let intact = bytes.len() == FOREIGN[file].1.len() && flips.is_empty();
        for (place, mask) in flips {
            let place = (bytes.len() as f64 * place) as usize;
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= mask;
            }
        }
        let items = unpacked(name, &bytes, &Options { max_depth: 6, ..Options::default() });
        proptest::prop_assert!(!items.is_empty());
        proptest::prop_assert!(!intact || articles(&items).len() == items.len());
        for item in &items {
            match item {
                Item::Article { article, .. } => proptest::prop_assert!(!article.text.trim().is_empty()),
                Item::Reject(reject) => proptest::prop_assert!(!reject.reason.is_empty() && !reject.detail.is_empty()),
            }
        }
    }
}

/// Every place at which a small file of every kind can be cut off.
#[test]
fn every_beginning_of_a_file_is_read() {
    let members: &[(&str, &[u8])] = &[("a.txt", b"one"), ("b.jsonl", b"{\"text\":\"two\"}\n")];
    let json = b"{\"text\":\"one\"}\n{\"text\":\"two\"}\n";
    for bytes in [zip(members), tar(members), gzip(json), bzip2(json), zstd(json), zip(&[("a.zip", &zip(members))])] {
        let whole = unpacked("a", &bytes, &Options::default());
        let all = articles(&whole);
        for end in 0..bytes.len() {
            let items = unpacked("a", &bytes[..end], &Options::default());
            let found = articles(&items);
            assert!(found.iter().all(|article| all.contains(article)) || end < 10, "{end}: {:?}", short(&items));
            assert!(!items.is_empty(), "{end}");
        }
    }
}
