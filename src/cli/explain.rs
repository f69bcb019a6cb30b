//! `explain`: one article with its names and quotations, and why they were found.

use super::{
    Outcome, page, print,
    shared::{Names, Reading},
    terminal,
    view::View,
};
use crate::{
    error::{Error, Result},
    model::Article,
    read::{self, Flow, Inputs, Item},
};
use clap::ValueEnum;
use std::path::PathBuf;

/// Shows one article with its names and quotations, and the evidence for each.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  onrecord explain article.txt
  onrecord explain news.jsonl --id a17 --html a17.html")]
pub(super) struct Args {
    /// A file, or - for standard input; of a dump with several articles the first one is shown.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Show the article with this id.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Write a page instead, which needs nothing but itself.
    #[arg(long, value_name = "OUT.html")]
    html: Option<PathBuf>,
    /// When to use colours; without them names and quotations are marked by brackets.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
    #[command(flatten)]
    names: Names,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    let inputs = Inputs::new(vec![args.file.clone()])?;
    let article = find(&inputs, &args.reading.options(), args.id.as_deref())?;
    let pipeline = args.names.pipeline()?;
    let annotated = pipeline.explain(article);
    pipeline.gazetteer().check()?;
    let view = View::of(&annotated);
    if let Some(path) = &args.html {
        std::fs::write(path, page::render(&view)?).map_err(|error| Error::io(path, error))?;
        return Ok(Outcome::Clean);
    }
    let colors = match args.color {
        Color::Auto => anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
        always => always == Color::Always,
    };
    print(|out| out.write_all(terminal::render(&view, colors).as_bytes()))?;
    Ok(Outcome::Clean)
}

/// The first article, or the one with the id `id`.
fn find(inputs: &Inputs, options: &read::Options, id: Option<&str>) -> Result<Article> {
    let mut found = None;
    let mut reject = None;
    read::read(inputs, options, &read::Alone, &mut |batch| {
        for item in batch.items {
            match item {
                Item::Article { article, .. } if id.is_none_or(|id| id == article.id) => {
                    found = Some(article);
                    return Flow::Break(());
                }
                Item::Article { .. } => {}
                Item::Reject(first) => reject = reject.take().or(Some(first)),
            }
        }
        Flow::Continue(())
    });
    found.ok_or_else(|| match (id, reject) {
        (Some(id), _) => Error::usage(format!("holds no article with the id `{id}`")).at_path(&inputs.paths()[0]),
        (None, Some(reject)) => Error::format(format!("{}: {}", reject.reason, reject.detail)).at_path(reject.source),
        (None, None) => Error::usage("holds no article").at_path(&inputs.paths()[0]),
    })
}
