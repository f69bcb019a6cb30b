//! A process that loads one gazetteer and measures when it is told to: one command a line, one answer a line.

use super::{
    clock::{Clock, Took, peak},
    matcher, material,
};
use aho_corasick::AhoCorasick;
use onrecord::{
    model::Article,
    pipeline::Pipeline,
    read::Inputs,
    run::{self, Unobserved},
};
use std::{
    io::{BufRead, Write},
    path::{Path, PathBuf},
};

/// The first argument of such a process.
pub(crate) const WORD: &str = "serve";

/// A sample of less than this many seconds is repeated within itself.
const SHORTEST: f64 = 0.25;
/// So many articles are cut into words before these are searched: their words stay in the processor's caches.
const AT_A_TIME: usize = 16;

struct Child {
    loaded: Option<PathBuf>,
    listed: Option<PathBuf>,
    out: PathBuf,
    articles: Vec<Article>,
    pipeline: Option<Pipeline>,
    automaton: Option<AhoCorasick>,
}

/// Does what standard input says. `arguments`: the gazetteer as the program loads it, and the same as CSV; `-` for none.
pub(crate) fn serve(arguments: &[String]) {
    let path = |at: usize| arguments.get(at).filter(|path| *path != "-").map(PathBuf::from);
    let mut child = Child {
        loaded: path(0),
        listed: path(1),
        out: material::folder().join(format!("tables-{}", std::process::id())),
        articles: Vec::new(),
        pipeline: None,
        automaton: None,
    };
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("the parent sends text");
        let (command, argument) = line.split_once(' ').unwrap_or((&line, ""));
        let (took, counts) = child.obey(command, argument);
        let counts: Vec<String> = counts.iter().map(u64::to_string).collect();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{} {} {}", took.wall, took.busy, counts.join(" ")).expect("the parent listens");
        out.flush().expect("the parent listens");
    }
    // Whatever was written here was only written to be measured.
    let _ = std::fs::remove_dir_all(&child.out);
}

impl Child {
    fn obey(&mut self, command: &str, argument: &str) -> (Took, Vec<u64>) {
        let clock = Clock::start();
        match command {
            // Everything that the program does before the first article.
            "load" => {
                self.pipeline = Some(material::pipeline(self.loaded.as_deref()));
                (clock.took(), vec![])
            }
            // The text that the searches go over; it is read beforehand.
            "read" => {
                self.articles = material::read(Path::new(argument));
                let bytes = self.articles.iter().map(|article| article.text.len() as u64).sum();
                (clock.took(), vec![self.articles.len() as u64, bytes])
            }
            "build" => {
                let forms = material::forms(self.listed.as_deref());
                let clock = Clock::start();
                let automaton = matcher::automaton(&forms);
                let took = clock.took();
                let size = automaton.memory_usage() as u64;
                self.automaton = Some(automaton);
                (took, vec![forms.len() as u64, size])
            }
            "scan" => {
                let automaton = self.automaton.as_ref().expect("`build` came before `scan`");
                repeat(|| self.sum(|article| matcher::count_forms(automaton, &article.text)))
            }
            "match" => self.search(),
            // The same with cutting the text into words.
            "cut" => {
                let gazetteer = self.pipeline().gazetteer();
                repeat(|| {
                    self.sum(|article| {
                        let words = matcher::words(gazetteer, &article.text);
                        matcher::count_names(gazetteer, &article.text, &words)
                    })
                })
            }
            "first" => {
                let found = self.pipeline().annotate(self.articles[0].clone());
                (clock.took(), vec![found.mentions.len() as u64])
            }
            "extract" => {
                let (workers, dump) = argument.split_once(' ').expect("`extract` has workers and a dump");
                let threads = workers.parse().expect("the number of workers is a number");
                let options = run::Options { threads, force: true, ..run::Options::new(&self.out) };
                let inputs = Inputs::new(vec![PathBuf::from(dump)]).expect("the dump is there");
                let clock = Clock::start();
                let report = run::run(self.pipeline(), &inputs, &options, &Unobserved).expect("the dump is extracted");
                let took = clock.took();
                let totals = report.totals;
                (took, vec![totals.articles, totals.mentions.iter().sum(), totals.quotations.iter().sum()])
            }
            "peak" => (clock.took(), vec![peak()]),
            _ => panic!("unknown command {line}", line = command),
        }
    }

    fn pipeline(&self) -> &Pipeline {
        self.pipeline.as_ref().expect("`load` came first")
    }

    /// The search alone: in words that were cut right before, as in the program, some articles at a time.
    fn search(&self) -> (Took, Vec<u64>) {
        let gazetteer = self.pipeline().gazetteer();
        let once = || {
            let (mut took, mut found) = (Took::default(), 0);
            for articles in self.articles.chunks(AT_A_TIME) {
                let words: Vec<_> = articles.iter().map(|article| matcher::words(gazetteer, &article.text)).collect();
                let clock = Clock::start();
                for (article, words) in articles.iter().zip(&words) {
                    found += matcher::count_names(gazetteer, &article.text, words);
                }
                let here = clock.took();
                took = Took { wall: took.wall + here.wall, busy: took.busy + here.busy };
            }
            (took, found)
        };
        repeat_timed(once)
    }

    fn sum(&self, count: impl Fn(&Article) -> u64) -> u64 {
        self.articles.iter().map(count).sum()
    }
}

/// Runs `work` until it has taken long enough to be measured; what it finds must be the same each time.
fn repeat(work: impl Fn() -> u64) -> (Took, Vec<u64>) {
    repeat_timed(|| {
        let clock = Clock::start();
        let found = work();
        (clock.took(), found)
    })
}

/// The same for work that takes its own time.
fn repeat_timed(work: impl Fn() -> (Took, u64)) -> (Took, Vec<u64>) {
    let (mut took, found) = work();
    let mut times = 1.0;
    while took.wall < SHORTEST {
        let (more, again) = work();
        assert_eq!(again, found, "the same text gave another count");
        took = Took { wall: took.wall + more.wall, busy: took.busy + more.busy };
        times += 1.0;
    }
    (Took { wall: took.wall / times, busy: took.busy / times }, vec![found])
}
