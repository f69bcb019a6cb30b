//! What reading costs beside unpacking alone: a made-up dump, plain and compressed, is read with `read::read` on one thread,
//! and the programs that compressed it unpack it into nothing.
//!
//! `cargo bench --bench read` takes a minute; `-- 55000` takes a dump of 200 MB. Times are seconds of computing, the
//! least of some rounds in which everything takes its turn. Only Linux tells those of other programs.

// A bench that cannot go on should stop with a message; there is nobody to hand an error to.
#![allow(clippy::expect_used, clippy::panic)]

use onrecord::{
    gazetteer::Gazetteer,
    generate::Dump,
    pipeline::Pipeline,
    read::{self, Alone, Inputs, Item, Options},
};
use std::{
    fs::File,
    ops::ControlFlow,
    path::Path,
    process::{Command, Stdio},
};

/// Ending of the file, the command that writes it, and the one that unpacks it.
const WAYS: &[(&str, &[&str], &[&str])] = &[
    ("gz", &["gzip", "-6", "-c"], &["gzip", "-dc"]),
    ("zst", &["zstd", "-3", "-q", "-c"], &["zstd", "-q", "-dc"]),
    ("bz2", &["bzip2", "-c"], &["bzip2", "-dc"]),
    ("xz", &["xz", "-1", "-T1", "-c"], &["xz", "-T1", "-dc"]),
];

const ROUNDS: usize = 5;

fn main() {
    let count = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(15_000);
    let folder = tempfile::tempdir().expect("a folder for the dump");
    let plain = folder.path().join("dump.jsonl");
    let embedded = Gazetteer::embedded().expect("the names in the program");
    let mut file = File::create(&plain).expect("the dump can be written");
    Dump::new(&embedded, 1).and_then(|dump| dump.write(count, &mut file, None)).expect("the dump is made");
    let megabytes = plain.metadata().expect("the dump is there").len() as f64 / 1e6;
    let ways: Vec<_> = WAYS.iter().filter(|(ending, pack, _)| pack_with(pack, &plain, ending)).collect();

    let mut least = vec![(f64::MAX, f64::MAX); ways.len() + 1];
    for _ in 0..ROUNDS {
        least[0].0 = least[0].0.min(time_of(|| assert_eq!(read_all(&plain, 0, &mut Vec::new()), count)));
        for ((ending, _, unpack), least) in ways.iter().zip(&mut least[1..]) {
            let path = plain.with_extension(format!("jsonl.{ending}"));
            least.0 = least.0.min(time_of(|| assert_eq!(read_all(&path, 0, &mut Vec::new()), count, "{ending}")));
            least.1 = least.1.min(time_of_other(unpack, &path));
        }
    }
    let whole = whole_run(&plain, count);
    println!("{count} articles, {megabytes:.0} MB; least of {ROUNDS} rounds, seconds of computing on one thread\n");
    println!("| file | read | unpacked by its own program | more than plain | that program's time by ours |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let base = least[0].0;
    println!("| plain | {base:.2} | | | |");
    for ((ending, ..), (read, unpacked)) in ways.iter().zip(&least[1..]) {
        let more = read - base;
        println!("| {ending} | {read:.2} | {unpacked:.2} | {more:.2} | {:.2} |", unpacked / more);
    }
    println!(
        "\nThe pipeline alone takes {whole:.1} s for the same articles: reading JSON Lines adds {:.1} %.",
        base / whole * 100.0
    );
}

/// Reads everything; returns the number of articles, and keeps some `first` of them.
fn read_all(path: &Path, first: usize, kept: &mut Vec<Item>) -> u64 {
    let inputs = Inputs::new(vec![path.to_path_buf()]).expect("the dump is there");
    let mut count = 0;
    read::read(&inputs, &Options::default(), &Alone, &mut |batch| {
        count += batch.items.iter().filter(|item| matches!(item, Item::Article { .. })).count() as u64;
        if kept.len() < first {
            kept.extend(batch.items);
        }
        ControlFlow::Continue(())
    });
    count
}

/// Seconds of computing that the pipeline takes for all articles, told by a part of them.
fn whole_run(path: &Path, count: u64) -> f64 {
    let pipeline = Pipeline::new(Gazetteer::embedded().expect("the names in the program"));
    let pipeline = pipeline.expect("the embedded weights load");
    let mut items = Vec::new();
    read_all(path, 2000, &mut items);
    let share = items.len() as f64 / count as f64;
    let took = time_of(|| {
        for item in items {
            if let Item::Article { article, .. } = item {
                std::hint::black_box(pipeline.annotate(article));
            }
        }
    });
    took / share
}

fn pack_with(command: &[&str], plain: &Path, ending: &str) -> bool {
    let out = File::create(plain.with_extension(format!("jsonl.{ending}"))).expect("a file can be written");
    let done = Command::new(command[0]).args(&command[1..]).arg(plain).stdout(out).status();
    let there = done.is_ok_and(|status| status.success());
    if !there {
        println!("{} is not there: left out", command[0]);
    }
    there
}

fn time_of(work: impl FnOnce()) -> f64 {
    let before = busy();
    work();
    busy() - before
}

#[cfg(unix)]
fn busy() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Elsewhere the clock on the wall has to do.
#[cfg(not(unix))]
fn busy() -> f64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed().as_secs_f64()
}

/// Seconds of computing of another program that unpacks `path`.
fn time_of_other(command: &[&str], path: &Path) -> f64 {
    let before = of_children();
    let status = Command::new(command[0]).args(&command[1..]).arg(path).stdout(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{command:?}");
    of_children() - before
}

/// Seconds of computing of all programs that this one has started and waited for, in steps of a hundredth.
fn of_children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(f64::NAN);
    (ticks(13) + ticks(14)) / 100.0
}
