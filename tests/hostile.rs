//! Hostile texts: none may cost a stage more than linear time, or much memory.
//!
//! `HOSTILE_BYTES=10000000 HOSTILE=bracket cargo test --profile quick --test hostile survey -- --ignored --nocapture` prints what
//! texts of so many bytes cost, for the kinds whose names have these letters, stage by stage.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use onrecord::{
    attribute,
    gazetteer::Gazetteer,
    mention,
    model::Article,
    pipeline::{LIMITS, Pipeline},
    quote, resolve,
    table::{Dialect, Document, Rows, TABLES, Totals},
    text,
};
use peak_alloc::PeakAlloc;
use std::{
    fmt::Write,
    sync::{LazyLock, Mutex},
    time::Duration,
};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Gazetteer::embedded().expect("the gazetteers load")).expect("the weights load"));

/// One test at a time: memory is that of the whole process.
static TURN: Mutex<()> = Mutex::new(());

/// Kinds of text that are one piece again and again.
const REPEATED: &[(&str, &str)] = &[
    ("straight marks", "\""),
    ("straight marks, spaced", "\" "),
    ("opening marks", "“"),
    ("closing marks, spaced", "” "),
    ("pairs of marks", "“”"),
    ("marks around words", "“a” "),
    ("marks around capitals", "\"A\" "),
    ("opening marks and words", "“a b "),
    ("closing marks and words", "a b” "),
    ("straight marks and words", "\"a b c "),
    ("low marks", "„a "),
    ("guillemets", "«a "),
    ("digraphs", "``a '' "),
    ("marks on lines", "\"a\n"),
    ("open marks in paragraphs", "“Xxx a b.\n\n"),
    ("closed marks in paragraphs", "“We go,” Vero said.\n\n"),
    ("single marks", "'"),
    ("single marks, spaced", "' "),
    ("curly single marks", "‘’ "),
    ("single marks around words", "'a' "),
    ("single marks in double ones", "“‘a’” "),
    ("open single marks", "‘a b "),
    ("mixed marks", "\"“'‘„«a»”’ "),
    ("apostrophes in words", "a'b'c'd "),
    ("one long word of apostrophes", "a'"),
    ("possessives", "Ruiz's "),
    ("possessives of words", "dog's "),
    ("capital letters", "A"),
    ("capital letters, spaced", "A "),
    ("initials", "A. B. C. "),
    ("dotted acronym", "A."),
    ("a word in capitals", "RUIZ "),
    ("acronyms", "NATO "),
    ("unlisted capitals", "QZX "),
    ("one capitalized word", "Vero "),
    ("one known surname", "Putin "),
    ("one known name", "Vladimir Putin "),
    ("a known name with commas", "Vladimir Putin, "),
    ("a known place", "Paris "),
    ("a known organization", "European Union "),
    ("a title and a name", "Mr. Vero "),
    ("titles", "President "),
    ("titles in lower case", "president "),
    ("long title", "Deputy Prime Minister and Minister of Foreign Affairs "),
    ("roles", "spokesman for the minister of "),
    ("names in one sentence", "John Vero and Mira Ruiz, "),
    ("names and sentences", "John Vero met Mira Ruiz. "),
    ("name lists", "Vero, Ruiz, Halmar and Ozgun, "),
    ("names joined by hyphens", "Vero-"),
    ("names joined by ampersands", "Vero & "),
    ("of the of the", "of the "),
    ("Bank of the", "Bank of the "),
    ("particles", "van der "),
    ("ministries", "Ministry of Agriculture, Fisheries, "),
    ("nicknames", "Karl \"Ox\" "),
    ("demonyms", "South African "),
    ("organizations in brackets", "Vero Zun (VZ) "),
    ("said", "said "),
    ("he said", "he said "),
    ("he said that", "he said that "),
    ("he said that, with stops", "He said that. "),
    ("X said Y said", "Vero said Ruiz said "),
    ("X said that", "Vero said that "),
    ("said X", "said Vero, "),
    ("quoted, said X", "\"a b,\" said Vero. "),
    ("quoted, said X, no stop", "\"a b,\" said Vero "),
    ("quoted, he said", "\"We will go,\" he said. "),
    ("quoted in paragraphs", "\"We will go,\" he said.\n"),
    ("quoted alone in paragraphs", "\"We will go there.\"\n"),
    ("split quotation", "\"We will,\" said Vero, \"go there.\" "),
    ("according to", "according to "),
    ("according to X", "according to Vero, "),
    ("colons", ": "),
    ("capitalized word and colon", "Vero: "),
    ("transcript", "Vero: we will go.\n"),
    ("who", "who said, who "),
    ("claims", "Vero's claim that "),
    ("asked whether", "asked whether he told her that "),
    ("aside, aside", "he, who said, "),
    ("pronouns", "he "),
    ("pronouns in sentences", "He went. "),
    ("she said in sentences", "She said it. "),
    ("the diplomat", "The diplomat said it. "),
    ("open round brackets", "("),
    ("open square brackets, spaced", "[ "),
    ("brackets around words", "(a) "),
    ("brackets and capitals", "(A "),
    ("closing brackets", ") "),
    ("braces", "{"),
    ("angle brackets", "<a> "),
    ("line feeds", "\n"),
    ("carriage returns", "\r\n"),
    ("blank lines", "a\n\n"),
    ("short lines", "a\n"),
    ("capitalized lines", "Vero\n"),
    ("lines of two", "Vero Zun\nsaid it\n"),
    ("wrapped lines", "the harbour master said on Tuesday that every ship in the\n"),
    ("dated lines", "Vero goes on\n3 May 2021\n"),
    ("byline lines", "By Mira Vero\n"),
    ("line separators", "a\u{2028}"),
    ("almost line separators", "…"),
    ("periods", "."),
    ("periods, spaced", ". "),
    ("words and periods", "a. "),
    ("capitals and periods", "Mr. "),
    ("stops and marks", ".\" "),
    ("question marks", "?"),
    ("commas", ","),
    ("commas and words", "a, "),
    ("semicolons", "a; "),
    ("hyphens", "-"),
    ("hyphenated words", "a-"),
    ("dashes", "— "),
    ("words and dashes", "a — "),
    ("spaces", " "),
    ("tabs", "\t"),
    ("non-breaking spaces", "\u{a0}"),
    ("digits", "1"),
    ("numbers", "1 "),
    ("decimal numbers", "1.5,"),
    ("dates", "3 May 2021, "),
    ("date parts", "2021-05-03 "),
    ("clock", "10:30 p.m. "),
    ("results of matches", "Norway beat Ghana 2-1, "),
    ("percentages", "5% $5 "),
    ("zero-width spaces", "\u{200b}"),
    ("zero-width joiners in a word", "a\u{200d}"),
    ("soft hyphens", "a\u{ad}b "),
    ("byte order marks", "\u{feff}"),
    ("combining marks", "\u{301}"),
    ("a word of combining marks", "a\u{301}\u{323}"),
    ("expanding characters", "\u{fdfa} "),
    ("expanding characters in a word", "\u{fdfa}"),
    ("emoji", "👩‍👩‍👧 "),
    ("right to left", "שלום "),
    ("Arabic", "قال الوزير. "),
    ("bidirectional controls", "\u{202e}a\u{202c} "),
    ("Chinese", "新华社北京电。"),
    ("Cyrillic", "Путин сказал, "),
    ("one long word", "a"),
    ("one long number", "1a"),
    ("one long word of digits and commas", "1,"),
    ("entities", "&quot;"),
    ("entities and words", "&ldquo;a&rdquo; "),
    ("broken entities", "&amp"),
    ("tweets", "@Vero #Ruiz "),
    ("tweet handles", "@a "),
    ("addresses", "https://a.example/b "),
    ("one long address", "www.a"),
    ("almost addresses", "http:/ www "),
    ("replacement characters", "\u{fffd}"),
    ("control characters", "\u{1}"),
    ("bullets", "• "),
    ("headings", "Related articles\n"),
    ("agency credits", "Harbour Wire reports, "),
    ("datelines", "PARIS, May 3 (Reuters) - "),
    ("dateline without end", "Paris, "),
    ("boilerplate", "All rights reserved. "),
    ("single marks in brackets", "(‘a’ b "),
    ("turns of one letter", "A: He went.\n"),
    ("questions of one letter", "Q: Did he go?\n"),
    ("counterparts", "His counterpart said it. "),
    ("the company said", "The company said so. "),
    ("questions", "“Who?” he asked. “What?” "),
    ("labels", "Mr. Vero:\n“We go.”\n"),
    ("invisible characters in names", "Vero \u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b} Zun "),
];

/// A made-up word for each number.
fn word(mut number: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "da", "fe", "gi", "ho", "ju", "ka", "le", "mi",
        "no", "ru",
    ];
    let mut out = String::new();
    for _ in 0..4 {
        out.push_str(SYLLABLES[number % SYLLABLES.len()]);
        number /= SYLLABLES.len();
    }
    out
}

/// The same, capitalized.
fn name(number: usize) -> String {
    let mut out = word(number);
    out[..1].make_ascii_uppercase();
    out
}

/// The first cells of a gazetteer.
fn cells(table: &str) -> Vec<String> {
    let path = format!("{}/gazetteers/{table}.csv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the gazetteers are there");
    text.lines()
        .skip(1)
        .filter_map(|line| line.split([',', ';']).next())
        .map(|cell| cell.trim_matches('"').to_string())
        .collect()
}

static GIVEN: LazyLock<Vec<String>> = LazyLock::new(|| cells("given_names"));
static SURNAMES: LazyLock<Vec<String>> = LazyLock::new(|| cells("surnames"));

fn pick(list: &[String], number: usize) -> &str {
    &list[number % list.len()]
}

/// Adds the piece with a number to a text.
type Piece = fn(&mut String, usize);

/// Kinds of text that are made of numbered pieces.
const NUMBERED: &[(&str, Piece)] = &[
    ("distinct capitalized words", |out, i| put(out, format_args!("{} ", name(i)))),
    ("distinct capitalized words in sentences", |out, i| put(out, format_args!("{} went. ", name(i)))),
    ("distinct words", |out, i| put(out, format_args!("{} ", word(i)))),
    ("distinct names", |out, i| put(out, format_args!("{} {}, ", name(i * 7), name(i)))),
    ("distinct people", |out, i| put(out, format_args!("{} {} went. ", pick(&GIVEN, i), name(i)))),
    ("distinct known names", |out, i| put(out, format_args!("{} {} went. ", pick(&GIVEN, i), pick(&SURNAMES, i / 7)))),
    ("distinct people in one sentence", |out, i| put(out, format_args!("{} {}, ", pick(&GIVEN, i), name(i)))),
    ("known surnames", |out, i| put(out, format_args!("{} ", pick(&SURNAMES, i)))),
    ("surnames with titles", |out, i| put(out, format_args!("Mr. {} said so. ", pick(&SURNAMES, i)))),
    ("distinct speakers", |out, i| {
        put(out, format_args!("“We will go there,” said {} {}. ", pick(&GIVEN, i), name(i)))
    }),
    ("distinct surnames that speak", |out, i| put(out, format_args!("“We will go there,” said {}. ", name(i)))),
    ("distinct speakers in paragraphs", |out, i| {
        put(
            out,
            format_args!("“We will go to {},” said {} {}.\n\nHe said: “No.”\n\n", word(i), pick(&GIVEN, i), name(i)),
        )
    }),
    ("distinct quotations", |out, i| {
        put(out, format_args!("“We go to {} and {} now,” he said. ", word(i), word(i + 77)))
    }),
    ("distinct organizations", |out, i| put(out, format_args!("{} {} Holdings said so. ", name(i), name(i / 20)))),
    ("acronyms and organizations", |out, i| {
        let name = format!("{} {} {} Bank", name(i), name(i / 3), name(i / 7));
        let initials: String = name.split(' ').filter_map(|word| word.chars().next()).collect();
        put(out, format_args!("{name} ({initials}) and {initials} went. "))
    }),
    ("distinct acronyms", |out, i| put(out, format_args!("{} went. ", word(i)[..6].to_uppercase()))),
    ("distinct towns", |out, i| put(out, format_args!("He lives in {}. ", name(i)))),
    ("distinct roles", |out, i| {
        put(out, format_args!("{} {}, the {} minister of {}, went. ", pick(&GIVEN, i), name(i), word(i), word(i / 3)))
    }),
    ("brackets deeper and deeper", |out, i| out.push_str(if i % 2 == 0 { "(a " } else { "[b " })),
    ("surnames one letter apart", |out, i| put(out, format_args!("Maria {}ova went. ", name(i)))),
    ("numbers that grow", |out, i| put(out, format_args!("{i} "))),
    ("distinct roles of one person", |out, i| put(out, format_args!("the {} minister, Carl Vero, went. ", word(i)))),
    ("spellings of one name", |out, i| put(out, format_args!("Carl {}Vero went. ", "\u{200b}".repeat(1 + i % 60)))),
    ("organizations and the company", |out, i| {
        put(out, format_args!("{} Holdings acted. The company said so. ", name(i)))
    }),
    ("distinct tweets", |out, i| put(out, format_args!("@{} ", word(i)))),
];

/// A small generator of pseudo-random numbers (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }
}

/// Adds formatted text; that cannot fail.
fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

fn numbered(piece: Piece, bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 100);
    let mut number = 0;
    while out.len() < bytes {
        piece(&mut out, number);
        number += 1;
    }
    out
}

/// Pieces of all kinds in random order, each repeated up to `most` times.
fn mixed(seed: u64, most: usize, bytes: usize) -> String {
    let mut random = Random(seed);
    let mut out = String::with_capacity(bytes + 100);
    while out.len() < bytes {
        let kind = random.below(REPEATED.len() + NUMBERED.len());
        for _ in 0..=random.below(most) {
            match REPEATED.get(kind) {
                Some((_, piece)) => out.push_str(piece),
                None => NUMBERED[kind - REPEATED.len()].1(&mut out, random.below(160_000)),
            }
        }
        if random.below(3) == 0 {
            out.push(' ');
        }
    }
    out
}

/// A kind of hostile article: its name, and how one of so many bytes is made.
struct Kind {
    name: String,
    make: Box<dyn Fn(usize) -> Article>,
}

fn kinds() -> Vec<Kind> {
    let mut out = Vec::new();
    let mut add = |name: &str, make: Box<dyn Fn(usize) -> Article>| out.push(Kind { name: name.to_string(), make });
    let body = |text: String| Article { id: "1".into(), text, ..Article::default() };
    for (name, piece) in REPEATED {
        add(name, Box::new(move |bytes| body(repeated(piece, bytes))));
    }
    for (name, piece) in NUMBERED {
        add(name, Box::new(move |bytes| body(numbered(*piece, bytes))));
    }
    for (name, piece) in [("nested round brackets", "()"), ("nested marks", "“”"), ("nested single marks", "‘’")]
    {
        let (open, close) = piece.split_at(piece.len() / 2);
        add(
            name,
            Box::new(move |bytes| {
                body(repeated(&format!("{open}a "), bytes / 2) + &repeated(&format!("{close} a"), bytes / 2))
            }),
        );
    }
    // Many people, and then as many words that may refer to them.
    for (title, piece) in [
        ("people and pronouns", "He went. "),
        ("people and quoted pronouns", "“We go,” he said. "),
        ("people and unattributed quotations", "“We will not go there.”\n\n"),
        ("people and descriptions", "The minister said so. "),
        ("people and one surname", "Mr. Bakelimo said so. "),
    ] {
        add(
            title,
            Box::new(move |bytes| {
                let people =
                    |out: &mut String, i| put(out, format_args!("{} {} went there. ", pick(&GIVEN, i), name(i)));
                body(numbered(people, bytes / 2) + &repeated(piece, bytes / 2))
            }),
        );
    }
    add(
        "people of one name and pronouns",
        Box::new(move |bytes| {
            body(
                repeated("John Vero and Carl Zun, the minister, went there. ", bytes / 2)
                    + &repeated("He said: “No.” ", bytes / 2),
            )
        }),
    );
    // Something long that many rows may repeat.
    let long = |piece: &'static str, rest: &'static str| -> Box<dyn Fn(usize) -> Article> {
        Box::new(move |bytes| body(repeated(piece, bytes / 2) + rest + &repeated("“We go,” Vero said. ", bytes / 2)))
    };
    add(
        "long given name",
        Box::new(move |bytes| {
            body(format!("Carl{} Vero went. ", repeated("o", bytes / 2)) + &repeated("Vero said so. ", bytes / 2))
        }),
    );
    add("long role", long("deputy ", "minister Carl Vero said so. "));
    add(
        "long role of long words",
        long(
            "deputyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy ",
            "minister Carl Vero said so. ",
        ),
    );
    add(
        "name over long white space",
        Box::new(move |bytes| {
            body(format!("Carl{}Vero went. ", repeated(" ", bytes / 2)) + &repeated("Vero said so. ", bytes / 2))
        }),
    );
    add(
        "name over invisible characters",
        Box::new(move |bytes| {
            body(
                format!("Carl {} Vero went. ", repeated("\u{200b}", bytes / 2))
                    + &repeated("Vero said so. ", bytes / 2),
            )
        }),
    );
    add("long group of speakers", long("some of the ", "engineers said so. They said so. "));
    add(
        "long outlet and author",
        Box::new(move |bytes| Article {
            outlet: Some(repeated("Herald ", bytes / 4)),
            author: Some(repeated("Mira ", bytes / 4)),
            published: Some(repeated("May 3 ", bytes / 4)),
            ..body(repeated("“We go,” Vero said. ", bytes / 4))
        }),
    );
    // A headline that the body repeats.
    for (name, piece) in [("long headline", "Vero says we go "), ("long quoted headline", "Vero: “We go” ")] {
        add(
            name,
            Box::new(move |bytes| Article {
                title: Some(repeated(piece, bytes / 2)),
                ..body(repeated("“We go there,” Vero said. ", bytes / 2))
            }),
        );
    }
    add(
        "headline of quotations",
        Box::new(move |bytes| {
            let quoted =
                |out: &mut String, i: usize| put(out, format_args!("“{} {} {}” ", word(i), word(i / 7), word(i / 3)));
            let said = |out: &mut String, i: usize| {
                put(out, format_args!("“{} {} {},” Vero said. ", word(i), word(i / 7), word(i / 3)))
            };
            Article { title: Some(numbered(quoted, bytes / 2)), ..body(numbered(said, bytes / 2)) }
        }),
    );
    for (name, most) in [("mixture", 1), ("mixture of runs", 30), ("mixture of long runs", 3_000)] {
        for seed in [1, 2, 3] {
            add(
                &format!("{name} {seed}"),
                Box::new(move |bytes| body(mixed(seed * 0x9e37_79b9_7f4a_7c15, most, bytes))),
            );
        }
    }
    out
}

/// What an article cost.
#[derive(Clone, Copy)]
struct Cost {
    time: Duration,
    /// The most memory that was in use at once, the article apart.
    memory: usize,
}

/// Everything that a worker does with an article.
fn process(article: Article) -> usize {
    let annotated = PIPELINE.annotate(article);
    let document = Document::new(&annotated, 0.0);
    let mut bytes = 0;
    for table in TABLES {
        let mut rows = Rows::new(table.schema(), Dialect::default());
        table.article(&document, &mut rows);
        bytes += rows.finish().expect("rows in memory").0.len();
    }
    let mut totals = Totals::bounded(2_000_000, None);
    totals.add(&document);
    bytes + totals.articles as usize
}

fn cost(article: Article) -> Cost {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let start = clock();
    process(article);
    Cost { time: clock() - start, memory: ALLOCATED.peak_usage().saturating_sub(before) }
}

/// The time that this thread has computed.
#[cfg(unix)]
fn clock() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Elsewhere the clock on the wall has to do.
#[cfg(not(unix))]
fn clock() -> Duration {
    static START: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// Sizes of the texts that are compared, in bytes: large enough for time to be measured, and for what is quadratic up to a
/// bound to have reached it.
const SMALL: usize = 100_000;
const TIMES: usize = 4;

/// A text four times as large may take no more than so many times as long; quadratic time would be sixteen times.
const RATIO: f64 = 9.0;
/// Below this nothing is compared: clocks and caches would be measured.
const SHORT: Duration = Duration::from_millis(4);
/// However often it is tried, a text may not be slower than this, in bytes of text a second of computing. The target is four times as
/// much; this leaves room for slow machines.
const SLOWEST: f64 = 250_000.0;
/// The most memory for each byte of the text, in bytes, old and new room of growing lists taken together; and what is allowed for
/// a short text.
const MEMORY: usize = 250;
const BASE: usize = 8 << 20;

/// Twice as large is twice as slow at most, or nearly so, for every kind.
#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimization")]
fn no_text_takes_more_than_linear_time_or_much_memory() {
    let _turn = TURN.lock();
    process((kinds()[0].make)(1_000));
    let mut failures = Vec::new();
    for kind in kinds() {
        let (mut short, mut long) = (Duration::MAX, Duration::MAX);
        let size = SMALL * TIMES;
        let mut failure = String::new();
        // A busy machine may disturb a measurement, but not all of them.
        for _ in 0..4 {
            short = short.min(cost((kind.make)(SMALL)).time);
            let cost = cost((kind.make)(size));
            long = long.min(cost.time);
            let ratio = long.as_secs_f64() / short.max(SHORT).as_secs_f64();
            let rate = size as f64 / long.as_secs_f64();
            failure.clear();
            if ratio > RATIO {
                failure = format!("{long:?} is {ratio:.1} times {short:?}");
            } else if rate < SLOWEST {
                failure = format!("{rate:.0} bytes a second");
            } else if cost.memory > size * MEMORY + BASE {
                failure = format!("{} bytes of memory for each byte", cost.memory / size);
            } else {
                break;
            }
        }
        if !failure.is_empty() {
            failures.push(format!("{}: {failure}", kind.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Whether an article passes a limit, which must then be told; those of the samples pass none.
#[test]
fn passed_limits_are_remarked() {
    let _turn = TURN.lock();
    let limits = |text: String| {
        let found = PIPELINE.annotate(Article { id: "1".into(), text, ..Article::default() });
        let mut codes: Vec<&str> = found.diagnostics.iter().map(|d| d.code).filter(|c| LIMITS.contains(c)).collect();
        codes.dedup();
        codes.join(", ")
    };
    for (text, expected) in [
        (repeated("Vero ", 300_000), "long sentence, too many names"),
        (repeated("He said that it was. ", 600_000), "too many statements"),
        (repeated("word ", 4_900), ""),
        (repeated("word ", 6_000), "long sentence"),
    ] {
        let start = text[..20].to_string();
        assert_eq!(limits(text), expected, "{start}");
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    for entry in std::fs::read_dir(folder).expect("the samples are there") {
        let path = entry.expect("a readable folder").path();
        let text = std::fs::read_to_string(&path).expect("the samples are text");
        assert_eq!(limits(text), "", "{}", path.display());
    }
}

fn wanted(name: &str) -> bool {
    std::env::var("HOSTILE").is_ok_and(|part| name.contains(&part)) || std::env::var("HOSTILE").is_err()
}

#[test]
#[ignore = "prints what hostile texts cost, for a person"]
fn survey() {
    let bytes: usize = std::env::var("HOSTILE_BYTES").ok().and_then(|bytes| bytes.parse().ok()).unwrap_or(1_000_000);
    let gazetteer = Gazetteer::embedded().expect("the gazetteers load");
    let names = mention::Model::load(&gazetteer).expect("the weights load");
    let quotations = attribute::Model::load(&gazetteer).expect("the weights load");
    let extents = quote::Model::load(&gazetteer).expect("the weights load");
    LazyLock::force(&PIPELINE);
    process((kinds()[0].make)(1000));
    println!("{:>7} {:>7} {:>7}   text mention resolve quote attribute (ms; peak bytes per byte)", "MB/s", "ms", "B/B");
    for kind in kinds().iter().filter(|kind| wanted(&kind.name)) {
        let article = (kind.make)(bytes);
        let size = article.text.len() + article.title.as_ref().map_or(0, String::len);
        let mut stages = String::new();
        let mut stage = |name: &mut dyn FnMut()| {
            let before = ALLOCATED.current_usage();
            ALLOCATED.reset_peak_usage();
            let start = clock();
            name();
            let memory = ALLOCATED.peak_usage().saturating_sub(before);
            let _ =
                write!(stages, " {:>5.0}/{:<4.0}", (clock() - start).as_secs_f64() * 1e3, memory as f64 / size as f64);
        };
        let (mut segments, mut found, mut resolved, mut quoted) = (None, None, None, None);
        stage(&mut || segments = Some(text::segment(&article, &gazetteer)));
        let segments = segments.expect("made");
        stage(&mut || found = Some(mention::find(&segments, &gazetteer, &names, false)));
        stage(&mut || resolved = found.take().map(|found| resolve::resolve(&segments, &gazetteer, found)));
        let resolved = resolved.expect("made");
        stage(&mut || quoted = Some(quote::find(&segments, &gazetteer, &extents, &resolved)));
        let (stretches, statements) = quoted.expect("made");
        stage(&mut || {
            let statements = (&stretches[..], &statements[..]);
            attribute::attribute(&segments, &gazetteer, &quotations, &resolved, statements, false);
        });
        drop((segments, resolved, stretches, statements));
        let cost = cost(article);
        let seconds = cost.time.as_secs_f64();
        let (rate, memory) = (size as f64 / 1e6 / seconds, cost.memory as f64 / size as f64);
        println!("{rate:>7.2} {:>7.0} {memory:>7.0}  {stages}  {}", seconds * 1e3, kind.name);
    }
}
