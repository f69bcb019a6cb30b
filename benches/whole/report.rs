//! What is told: one table of speeds, one of ratios.

use super::{Options, clock::Took};
use onrecord::report::grouped;
use std::{fmt::Write as _, fs, path::Path, process::Command, time::Duration};

/// One turn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) scan: Took,
    pub(crate) matcher: Took,
    /// The matcher with cutting the text into words.
    pub(crate) cut: Took,
    pub(crate) whole: Took,
}

/// Everything about one number of names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// Names added to the embedded ones.
    pub(crate) names: u64,
    /// Different forms of all names.
    pub(crate) forms: u64,
    pub(crate) articles: u64,
    /// Bytes of the bodies.
    pub(crate) text: u64,
    /// Bytes of the names with their aliases, and of the compiled gazetteer.
    pub(crate) bytes: (u64, u64),
    pub(crate) load: Took,
    /// Seconds until the first article is done, the shortest of several times.
    pub(crate) start: Took,
    pub(crate) build: Took,
    /// Bytes of the automaton.
    pub(crate) automaton: u64,
    pub(crate) scanned: u64,
    pub(crate) matched: u64,
    /// Articles, mentions and quotations of the whole way.
    pub(crate) found: Vec<u64>,
    pub(crate) samples: Vec<Sample>,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    /// One worker and two, with the embedded names.
    pub(crate) workers: Vec<(Took, Took)>,
    /// Seconds for a byte of a small dump and of a large one: their articles are not equally long.
    pub(crate) articles: Vec<(f64, f64)>,
    /// Seconds of the whole process on one short article, the shortest of several times.
    pub(crate) one_article: f64,
    /// Names, and the most memory with two workers in bytes.
    pub(crate) peaks: Vec<(u64, u64)>,
    pub(crate) elapsed: Duration,
}

impl Row {
    fn median(&self, of: impl Fn(&Sample) -> f64) -> f64 {
        median(self.samples.iter().map(of).collect())
    }

    /// Megabytes of text per second of computing.
    fn speed(&self, of: impl Fn(&Sample) -> Took) -> f64 {
        self.text as f64 / 1e6 / self.median(|sample| of(sample).busy)
    }

    fn label(&self) -> String {
        if self.names == 0 { "embedded".to_string() } else { format!("+ {}", grouped(self.names)) }
    }
}

impl Report {
    /// Prints the tables, and writes them down if that is wanted.
    pub(crate) fn tell(&self, options: &Options) {
        let tables = format!("{}\n{}", self.speeds(), self.ratios());
        println!("\n{}\n{tables}", self.about(options));
        let Some(path) = &options.record else { return };
        let date = output("date", &["-u", "+%Y-%m-%d"]);
        let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("benches/record/{date}-whole.md"));
        let path = if path.as_os_str().is_empty() { &usual } else { path };
        fs::write(path, format!("# {date}, whole\n\n{}\n{tables}", self.about(options)))
            .expect("the record is written");
        println!("written to {}", path.display());
    }

    fn about(&self, options: &Options) -> String {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
        let cores = std::thread::available_parallelism().map_or(1, Into::into);
        let text = &self.rows[0];
        let kind = match &options.articles {
            None => "made-up articles".to_string(),
            Some(path) => format!("articles of {}", path.file_name().map_or("-".into(), |name| name.to_string_lossy())),
        };
        let alone = median(text.samples.iter().map(|sample| sample.scan.busy / sample.scan.wall).collect());
        let rows = [
            ("commit", output("git", &["rev-parse", "--short", "HEAD"])),
            ("processor", format!("{}, {cores} cores", model.trim_start_matches([':', ' ', '\t']))),
            ("system", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
            ("Rust", output("rustc", &["--version"])),
            ("command", format!("`{}`", options.command)),
            ("text", format!("{} {kind}, {:.1} MB", grouped(text.articles), text.text as f64 / 1e6)),
            ("quiet", format!("a search on one thread had {:.0} % of a core", alone * 100.0)),
            ("rounds", format!("{}, in {:.0} s altogether", options.rounds, self.elapsed.as_secs_f64())),
        ];
        rows.iter().fold("| | |\n| --- | --- |\n".to_string(), |mut table, (name, value)| {
            let _ = writeln!(table, "| {name} | {value} |");
            table
        })
    }

    /// Medians for each number of names.
    fn speeds(&self) -> String {
        let mut table = String::from(
            "| names | forms | aho-corasick MB/s | matcher MB/s | words and matcher MB/s | whole MB/s | matcher / aho-corasick | words and matcher / aho-corasick | whole / aho-corasick | \
             load s | build aho-corasick s | aho-corasick MB | mentions | quotations |\n\
             | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n",
        );
        for row in &self.rows {
            let _ = writeln!(
                table,
                "| {} | {} | {:.0} | {:.0} | {:.0} | {:.2} | {:.2} | {:.2} | {:.4} | {:.3} | {:.2} | {:.0} | {} | {} |",
                row.label(),
                grouped(row.forms),
                row.speed(|sample| sample.scan),
                row.speed(|sample| sample.matcher),
                row.speed(|sample| sample.cut),
                row.speed(|sample| sample.whole),
                row.median(|sample| sample.scan.busy / sample.matcher.busy),
                row.median(|sample| sample.scan.busy / sample.cut.busy),
                row.median(|sample| sample.scan.busy / sample.whole.busy),
                row.load.busy,
                row.build.busy,
                row.automaton as f64 / 1e6,
                grouped(row.found[1]),
                grouped(row.found[2]),
            );
        }
        table
    }

    /// The other ratios and figures.
    fn ratios(&self) -> String {
        let mut table = String::from("| what | seen |\n| --- | --: |\n");
        let mut add = |what: &str, seen: String| {
            let _ = writeln!(table, "| {what} | {seen} |");
        };
        let between = |rows: (&Row, &Row), of: fn(&Sample) -> f64| {
            let pairs = rows.0.samples.iter().zip(&rows.1.samples);
            // Bytes differ a little from dump to dump.
            let text = rows.1.text as f64 / rows.0.text as f64;
            median(pairs.map(|(few, many)| of(few) / of(many) * text).collect())
        };
        if let [first, .., last] = &self.rows[..] {
            for row in &self.rows[1..] {
                let ratio = between((first, row), |sample| sample.whole.busy);
                add(&format!("whole, {} names / embedded", row.label()), format!("{ratio:.2}"));
            }
            let small = &self.rows[1];
            if small.names < last.names {
                let ratio = between((small, last), |sample| sample.matcher.busy);
                add(&format!("matcher, {} / {} names", last.label(), small.label()), format!("{ratio:.2}"));
            }
        }
        let workers = median(self.workers.iter().map(|(one, two)| one.wall / two.wall).collect());
        add("speed of two workers / one", format!("{workers:.2}"));
        if !self.articles.is_empty() {
            let ratio = median(self.articles.iter().map(|(few, many)| many / few).collect());
            add("time for an article, 100 times the articles / once", format!("{ratio:.3}"));
        }
        for (names, bytes) in &self.peaks {
            let label = if *names == 0 { "embedded".to_string() } else { format!("+ {}", grouped(*names)) };
            add(&format!("most memory, two workers, {label}, MB"), format!("{:.0}", *bytes as f64 / 1e6));
        }
        for row in &self.rows {
            let Took { wall, busy } = row.start;
            let start = format!("{:.1} ({:.1})", wall * 1e3, busy * 1e3);
            add(&format!("start to first article, {}, ms (of computing)", row.label()), start);
            if row.bytes.1 > 0 {
                let ratio = row.bytes.1 as f64 / row.bytes.0 as f64;
                add(&format!("compiled file / bytes of its names, {}", row.label()), format!("{ratio:.2}"));
            }
        }
        let one = self.one_article * 1e3;
        add("`extract` of one short article, whole process, ms", format!("{one:.1}"));
        table
    }
}

/// The middle one, or the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        length if length.is_multiple_of(2) => f64::midpoint(values[middle - 1], values[middle]),
        _ => values[middle],
    }
}

/// What a program prints, or a question mark.
fn output(program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let text = done.ok().filter(|done| done.status.success()).and_then(|done| String::from_utf8(done.stdout).ok());
    text.map_or_else(|| "?".to_string(), |text| text.trim().to_string())
}
