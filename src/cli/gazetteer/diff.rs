//! `gazetteer diff`: what a change of names or corrections changes in articles.

use super::super::{
    Outcome,
    progress::Bar,
    say,
    shared::{Reading, counted, grouped, printable},
    signals::Signals,
};
use crate::{
    error::{Error, ErrorKind, Result},
    gazetteer::Gazetteer,
    model::{Article, Reject},
    pipeline::Pipeline,
    read::{self, Inputs},
    review::{self, Change, ChangeKind, Changes, Part},
    run::{self, Seen},
    table::{Dialect, Rows, Schema, difference_schema, header},
    whole,
};
use std::{
    collections::HashMap,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// Tells which names and quotations of articles change from one gazetteer to another.
///
/// Both are files of names, corrections, or folders of them, as for `--gazetteer`; `embedded` stands for what comes with the
/// program alone. Names count as changed that came, went, or have other words, another type, entity or name; quotations that
/// came, went, or have other words or another speaker.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  onrecord gazetteer diff embedded names/ articles.jsonl\n  \
    onrecord gazetteer diff names.old/ names/ articles/ --out diff.csv")]
pub(super) struct Args {
    /// The names as they were; `embedded` or - for those of the program alone.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The names as they are.
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Files, folders (read with all that is in them), or - for standard input.
    #[arg(required = true, value_name = "ARTICLES")]
    articles: Vec<PathBuf>,
    /// Write all changes to this table.
    #[arg(short, long, value_name = "DIFF.csv")]
    out: Option<PathBuf>,
    /// Replace a table that is there.
    #[arg(long, requires = "out")]
    force: bool,
    /// Stop after N articles.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Show so many changes.
    #[arg(long, value_name = "N", default_value_t = 20)]
    show: usize,
    /// Number of workers [by default one per core].
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// Do not put an apostrophe before text that a spreadsheet would take for a formula.
    #[arg(long)]
    no_guard: bool,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    if let Some(out) = &args.out {
        whole::check_free(out, args.force)?;
    }
    let inputs = Inputs::new(args.articles.clone())?;
    let [old, new] = [pipeline(&args.old)?, pipeline(&args.new)?];
    let options = read::Options { limit: args.limit, ..args.reading.options() };
    let signals = Signals::listen()?;
    let bar = Bar::new(|| inputs.total_bytes(&options), signals, false);
    let work = |article: Article| review::changes(&old.annotate(article.clone()), &new.annotate(article));
    let mut sums = Sums::new(args.show);
    let mut table = args
        .out
        .as_deref()
        .map(|out| Table::create(out, Dialect { guard: !args.no_guard, ..Dialect::default() }))
        .transpose()?;
    let mut take = |changes: Changes| {
        sums.add(&changes);
        table.as_mut().map_or(Ok(()), |table| table.add(&changes))
    };
    let mut rejected = Vec::new();
    let mut reject = |reject: &Reject| {
        if rejected.len() < 5 {
            rejected.push(format!("{} record {}: {}: {}", reject.source, reject.record, reject.reason, reject.detail));
        }
    };
    let reading = run::Reading { inputs: &inputs, options: &options, threads: args.threads };
    let outcome = run::each_article(&new, &reading, &work, &mut take, &mut reject, &bar);
    bar.clear();
    let seen = match outcome {
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted) => {
            say("stopped; nothing was written");
            return Ok(Outcome::Stopped(signals.status()));
        }
        outcome => outcome?,
    };
    [&old, &new].into_iter().try_for_each(|pipeline| pipeline.gazetteer().check())?;
    let written = table.map(Table::finish).transpose()?;
    super::super::print(|out| sums.print(out, seen, written.as_deref()))?;
    rejected.iter().for_each(|message| say(message));
    Ok(if seen.rejects > 0 { Outcome::Rejects } else { Outcome::Clean })
}

fn pipeline(path: &Path) -> Result<Pipeline> {
    if path == Path::new("-") || path == Path::new("embedded") {
        return Pipeline::new(Gazetteer::embedded()?);
    }
    fs::metadata(path).map_err(|error| Error::io(path, error))?;
    Pipeline::new(Gazetteer::load(&[path.to_path_buf()])?)
}

/// The most surface forms that are counted.
const FORMS: usize = 100_000;
/// How many of them are shown.
const SHOWN: usize = 10;

/// Counts of changes.
struct Sums {
    counts: HashMap<(bool, ChangeKind), u64>,
    articles: u64,
    forms: HashMap<String, u64>,
    shown: Vec<(String, Change)>,
    show: usize,
}

impl Sums {
    fn new(show: usize) -> Sums {
        Sums { counts: HashMap::new(), articles: 0, forms: HashMap::new(), shown: Vec::new(), show }
    }

    fn add(&mut self, changes: &Changes) {
        self.articles += u64::from(!changes.list.is_empty());
        for change in &changes.list {
            *self.counts.entry((change.part == Part::Quotes, change.kind)).or_default() += 1;
            if self.shown.len() < self.show {
                self.shown.push((changes.article.clone(), change.clone()));
            }
            if change.part == Part::Mentions && (self.forms.len() < FORMS || self.forms.contains_key(&change.surface)) {
                *self.forms.entry(change.surface.clone()).or_default() += 1;
            }
        }
    }

    fn print(&self, out: &mut dyn Write, seen: Seen, written: Option<&Path>) -> std::io::Result<()> {
        let articles = counted(seen.articles, "article");
        writeln!(
            out,
            "{articles} compared, {} differ, {} could not be read",
            grouped(self.articles),
            grouped(seen.rejects)
        )?;
        for (quotes, what) in [(false, "names"), (true, "quotations")] {
            let parts: Vec<String> = ChangeKind::ALL
                .iter()
                .filter_map(|kind| Some((kind, self.counts.get(&(quotes, *kind))?)))
                .map(|(kind, count)| format!("{} {}", kind.as_str(), grouped(*count)))
                .collect();
            let parts = if parts.is_empty() { "no change".to_string() } else { parts.join(" · ") };
            writeln!(out, "{what:<11} {parts}")?;
        }
        let mut forms: Vec<(&String, &u64)> = self.forms.iter().collect();
        forms.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        if !forms.is_empty() {
            writeln!(out, "\nnames that change most")?;
        }
        for (form, count) in forms.into_iter().take(SHOWN) {
            writeln!(out, "{:>9}   {}", grouped(*count), printable(form))?;
        }
        if !self.shown.is_empty() {
            writeln!(out, "\nchanges")?;
        }
        for (article, change) in &self.shown {
            let [old, new] =
                [&change.old, &change.new].map(|told| if told.is_empty() { "-".into() } else { printable(told) });
            let (table, kind, surface) = (change.part.as_str(), change.kind.as_str(), printable(&change.surface));
            writeln!(out, "  {}  {table} {kind}  {surface}\n      {old}  →  {new}", printable(article))?;
        }
        let all: u64 = self.counts.values().sum();
        if all > self.shown.len() as u64 {
            writeln!(out, "  and {}", counted(all - self.shown.len() as u64, "more change"))?;
        }
        match written {
            Some(path) => writeln!(out, "\nall changes: {}", path.display()),
            None => Ok(()),
        }
    }
}

/// The table of changes, under another name until it is whole.
struct Table {
    path: PathBuf,
    partial: PathBuf,
    file: Option<BufWriter<File>>,
    dialect: Dialect,
}

impl Table {
    fn create(path: &Path, dialect: Dialect) -> Result<Table> {
        let mut partial = path.as_os_str().to_os_string();
        partial.push(format!(".{}.partial", std::process::id()));
        let partial = PathBuf::from(partial);
        let file = File::create(&partial).map_err(|error| Error::io(path, error))?;
        let mut table = Table { path: path.to_path_buf(), partial, file: Some(BufWriter::new(file)), dialect };
        table.write(&header(schema(), dialect))?;
        Ok(table)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes));
        written.map_err(|error| Error::io(&self.path, error))
    }

    fn add(&mut self, changes: &Changes) -> Result<()> {
        let mut rows = Rows::new(schema(), self.dialect);
        for change in &changes.list {
            rows.text(&changes.article);
            rows.word(change.part.as_str());
            rows.word(change.kind.as_str());
            rows.text(&change.surface);
            rows.number(change.start);
            rows.number(change.end);
            rows.text(&change.old);
            rows.text(&change.new);
            rows.end();
        }
        let (bytes, _) = rows.finish()?;
        self.write(&bytes)
    }

    fn finish(mut self) -> Result<PathBuf> {
        let path = self.path.clone();
        let file = self.file.take();
        let written = file.map_or(Ok(()), |file| {
            file.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|file| file.sync_all())
        });
        written.and_then(|()| fs::rename(&self.partial, &path)).map_err(|error| Error::io(&path, error))?;
        Ok(path)
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        // Once it has its name there is nothing left of it.
        let _ = fs::remove_file(&self.partial);
    }
}

fn schema() -> &'static Schema {
    difference_schema()
}
