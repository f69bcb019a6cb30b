//! The whole way, from a dump to tables, beside a bare search for the same names in the same text: ratios.
//!
//! `cargo bench --bench whole` takes about a minute; `-- --full` takes more text, more names and more repeats. Every number
//! of names has a process of its own that loads once and then waits; the processes take turns, so that what slows the
//! machine down for a while slows all of them, and ratios are formed within a turn. What is found is counted and
//! compared every time.

// A bench that cannot go on should stop with a message; there is nobody to hand an error to.
#![allow(clippy::expect_used, clippy::panic)]

mod child;
mod clock;
mod matcher;
mod material;
mod parent;
mod report;

use std::path::PathBuf;

/// What to measure.
#[derive(Clone, Debug)]
struct Options {
    /// Real news in place of made-up news.
    articles: Option<PathBuf>,
    /// Number of made-up articles.
    count: u64,
    /// Sizes of the gazetteers that are added to the embedded names.
    names: Vec<u64>,
    /// How often everything is measured.
    rounds: usize,
    /// Where to write the results.
    record: Option<PathBuf>,
    /// The command, for the record.
    command: String,
}

const USAGE: &str = "options, behind `cargo bench --bench whole --`:
  --full               20,000 articles, up to 5,000,000 names, 7 rounds [else 1,000, 1,000,000, 3]
  --articles FILE      articles of your own (JSON Lines) in place of made-up ones
  --count N            number of made-up articles
  --names N,N,...      how many names are added to the embedded ones
  --rounds N           how often everything is measured; the medians are told
  --record [FILE]      write the results down [benches/record/DATE-whole.md]";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|word| word == child::WORD) {
        child::serve(&arguments[1..]);
        return;
    }
    if arguments.iter().any(|word| word == "--help") {
        println!("{USAGE}");
        return;
    }
    match options(&arguments) {
        Ok(options) => parent::measure(&options),
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            std::process::exit(2);
        }
    }
}

fn options(arguments: &[String]) -> Result<Options, String> {
    let full = arguments.iter().any(|word| word == "--full");
    let given: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| *word != "--bench").collect();
    let mut options = Options {
        articles: None,
        count: if full { 20_000 } else { 1_000 },
        names: if full { vec![10_000, 100_000, 1_000_000, 5_000_000] } else { vec![10_000, 100_000, 1_000_000] },
        rounds: if full { 7 } else { 3 },
        record: None,
        command: format!("cargo bench --bench whole -- {}", given.join(" ")).trim_end_matches([' ', '-']).to_string(),
    };
    let mut words = given.into_iter().peekable();
    let number = |text: &str| text.replace('_', "").parse::<u64>().map_err(|_| format!("{text} is no number"));
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word {
            "--full" => {}
            "--articles" => options.articles = Some(PathBuf::from(value()?)),
            "--count" => options.count = number(value()?)?.max(100),
            "--names" => options.names = value()?.split(',').map(number).collect::<Result<_, _>>()?,
            "--rounds" => options.rounds = number(value()?)?.max(1) as usize,
            "--record" => {
                let file = words.next_if(|next| !next.starts_with("--")).map(PathBuf::from);
                options.record = Some(file.unwrap_or_default());
            }
            _ => return Err(format!("unknown option {word}")),
        }
    }
    options.names.sort_unstable();
    Ok(options)
}
