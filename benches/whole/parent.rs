//! The plan: what is measured in which order, and the answers of the processes that measure.

use super::{
    Options,
    child::WORD,
    clock::Took,
    material,
    report::{Report, Row, Sample},
};
use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

/// The program as cargo built it for this bench.
const PROGRAM: &str = env!("CARGO_BIN_EXE_onrecord");

/// How many times larger the larger of two dumps is whose time for an article is compared.
const LARGER: u64 = 100;

/// How much of what was put into made-up news must be found.
const FOUND: f64 = 0.9;

/// A process that measures.
struct Server {
    process: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Server {
    fn start(loaded: Option<&Path>, listed: Option<&Path>) -> Server {
        let path = |path: Option<&Path>| path.map_or_else(|| PathBuf::from("-"), Path::to_path_buf);
        let mut process = Command::new(std::env::current_exe().expect("this program has a path"))
            .arg(WORD)
            .args([path(loaded), path(listed)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started again");
        let to = process.stdin.take();
        let from = BufReader::new(process.stdout.take().expect("its output is a pipe"));
        Server { process, to, from }
    }

    /// Sends a command and waits for what it took and counted.
    fn ask(&mut self, command: &str) -> (Took, Vec<u64>) {
        let to = self.to.as_mut().expect("it is still there");
        writeln!(to, "{command}").expect("the process listens");
        to.flush().expect("the process listens");
        let mut line = String::new();
        self.from.read_line(&mut line).expect("the process answers");
        let mut words = line.split_whitespace();
        let mut seconds = || words.next().and_then(|word| word.parse().ok());
        let (Some(wall), Some(busy)) = (seconds(), seconds()) else { panic!("`{command}` failed") };
        (Took { wall, busy }, words.map(|word| word.parse().expect("counts are numbers")).collect())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.to = None;
        let _ = self.process.wait();
    }
}

/// Everything for one number of names.
struct Size {
    server: Server,
    /// The gazetteer as the program loads it.
    loaded: Option<PathBuf>,
    dump: PathBuf,
    row: Row,
}

/// Measures everything and tells it.
pub(crate) fn measure(options: &Options) {
    let begun = Instant::now();
    let mut report = Report { one_article: f64::INFINITY, ..Report::default() };
    let mut sizes: Vec<Size> = Vec::new();
    for count in std::iter::once(0).chain(options.names.iter().copied()) {
        note(&format!("preparing {count} names"));
        sizes.push(prepare(count, options));
    }
    let dumps = dumps_of_two_sizes(options);
    let mut counts = Vec::new();
    for round in 1..=options.rounds {
        note(&format!("round {round} of {}", options.rounds));
        for size in &mut sizes {
            turn(size);
        }
        let first = &mut sizes[0];
        let (one, _) = extract(&mut first.server, 1, &first.dump);
        let (two, found) = extract(&mut first.server, 2, &first.dump);
        assert_eq!(found, first.row.found, "two workers find something else than one");
        report.workers.push((one, two));
        // This takes longer than all the rest, so it is done every second time.
        if let Some([few, many]) = dumps.as_ref().filter(|_| round % 2 == 1) {
            let small = extract(&mut first.server, 1, &few.0);
            let large = extract(&mut first.server, 1, &many.0);
            assert_eq!(large.1[0], small.1[0] * LARGER, "the larger dump has not {LARGER} times the articles");
            report.articles.push((small.0.busy / few.1 as f64, large.0.busy / many.1 as f64));
            counts.push((small.1, large.1));
        }
        report.one_article = (0..5).map(|_| one_article()).fold(report.one_article, f64::min);
    }
    assert!(counts.windows(2).all(|pair| pair[0] == pair[1]), "the same dump gave other counts");
    for size in &sizes {
        note(&format!("memory with {} names", size.row.names));
        report.peaks.push((size.row.names, memory(size)));
    }
    report.rows = sizes.into_iter().map(|size| size.row).collect();
    report.elapsed = begun.elapsed();
    report.tell(options);
}

/// Makes names and a dump for them, starts a process and lets it load. Starting is measured here, since it happens once.
fn prepare(count: u64, options: &Options) -> Size {
    let csv = (count > 0).then(|| material::names(count));
    let (dump, made) = match &options.articles {
        Some(path) => (path.clone(), None),
        None => {
            let (dump, made) = material::dump(&format!("dump-{count}"), options.count, csv.as_deref());
            (dump, Some(made))
        }
    };
    let loaded = csv.as_deref().map(material::compiled);
    let mut row = Row { names: count, ..Row::default() };
    if let (Some(csv), Some(loaded)) = (&csv, &loaded) {
        let compiled = loaded.metadata().expect("the compiled gazetteer is there").len();
        row.bytes = (material::bytes_of_names(csv), compiled);
    }
    let mut server = Server::start(loaded.as_deref(), csv.as_deref());
    let (_, text) = server.ask(&format!("read {}", dump.display()));
    (row.articles, row.text) = (text[0], text[1]);
    // The shortest of several times: the first time the files may not be in memory yet.
    row.load = server.ask("load").0;
    row.start = Took { wall: f64::INFINITY, busy: f64::INFINITY };
    for _ in 0..5 {
        let load = server.ask("load").0;
        let first = server.ask("first").0;
        row.load.busy = row.load.busy.min(load.busy);
        row.start.wall = row.start.wall.min(load.wall + first.wall);
        row.start.busy = row.start.busy.min(load.busy + first.busy);
    }
    let (took, built) = server.ask("build");
    (row.build, row.forms, row.automaton) = (took, built[0], built[1]);
    // Everything once, so that nothing is measured cold; what is found is the measure for all later times.
    row.scanned = server.ask("scan").1[0];
    row.matched = server.ask("match").1[0];
    row.found = extract(&mut server, 1, &dump).1;
    assert_eq!(row.found[0], row.articles, "articles were lost");
    assert!(row.scanned > 0 && row.matched > 0 && row.found.iter().all(|count| *count > 0), "nothing was found");
    if let Some(made) = made {
        let enough = |found: u64, put: u64| found as f64 >= FOUND * put as f64;
        assert_eq!(made.articles, row.articles, "articles were lost");
        assert!(enough(row.found[1], made.names), "{} of {} names found", row.found[1], made.names);
        assert!(enough(row.found[2], made.quotations), "{} of {} quotations found", row.found[2], made.quotations);
    }
    Size { server, loaded, dump, row }
}

/// The bare search, the matcher and the whole way, one after the other.
fn turn(size: &mut Size) {
    let (scan, found) = size.server.ask("scan");
    assert_eq!(found[0], size.row.scanned, "aho-corasick found another number of names");
    let (matcher, found) = size.server.ask("match");
    assert_eq!(found[0], size.row.matched, "the matcher found another number of names");
    let (cut, found) = size.server.ask("cut");
    assert_eq!(found[0], size.row.matched, "the matcher found another number of names");
    let (whole, found) = extract(&mut size.server, 1, &size.dump);
    assert_eq!(found, size.row.found, "the whole way found something else");
    size.row.samples.push(Sample { scan, matcher, cut, whole });
}

fn extract(server: &mut Server, workers: usize, dump: &Path) -> (Took, Vec<u64>) {
    server.ask(&format!("extract {workers} {}", dump.display()))
}

/// A dump and one that has a hundred times as many articles, with the bytes of their texts. Of real news there is only as
/// much as there is.
fn dumps_of_two_sizes(options: &Options) -> Option<[(PathBuf, u64); 2]> {
    let few = options.count.div_ceil(10);
    let made = |name: &str, count| {
        let (path, made) = material::dump(name, count, None);
        (path, made.bytes)
    };
    options.articles.is_none().then(|| [made("few", few), made("many", few * LARGER)])
}

/// The whole process of `extract` on one short article, in seconds.
fn one_article() -> f64 {
    let folder = material::folder();
    let (article, out) = (folder.join("one.txt"), folder.join("one-tables"));
    let text = "Mayor Amina Okello of Turku said the bridge would open on Friday.\n";
    std::fs::write(&article, text).expect("the bench can write");
    let clock = Instant::now();
    let done = Command::new(PROGRAM)
        .args(["extract", "--quiet", "--force", "--out"])
        .args([&out, &article])
        .status()
        .expect("the program can be started");
    let took = clock.elapsed().as_secs_f64();
    assert!(done.success(), "the program failed");
    took
}

/// The most memory of a process that does nothing but extract with two workers.
fn memory(size: &Size) -> u64 {
    let mut server = Server::start(size.loaded.as_deref(), None);
    server.ask("load");
    extract(&mut server, 2, &size.dump);
    server.ask("peak").1[0]
}

/// Says on standard error how far it is.
fn note(text: &str) {
    eprintln!("{text}");
}
