//! `report`: the tables of a finished run as one page to look at.

use super::{Outcome, shared::counted};
use crate::{
    error::{Error, Result},
    finished::Finished,
    report::{self, Options},
    whole,
};
use serde_json::Value;
use std::{
    ffi::OsString,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Makes one page to look at from the tables of a finished run.
///
/// It shows what was run and how sure it is, who is quoted most, when and about whom, the names by type, places on a map, names that
/// no gazetteer has, and articles with their names and quotations marked. The page needs nothing but itself: it loads nothing,
/// and can be mailed or printed. Texts of articles are in it if extract was run with --emit-text.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Example:\n  onrecord extract news/ --out tables --emit-text\n  onrecord report tables --out report.html"
)]
pub(super) struct Args {
    /// The folder that extract has written.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The page to write.
    #[arg(short, long, value_name = "REPORT.html")]
    out: PathBuf,
    /// Replace the page if it is there.
    #[arg(long)]
    force: bool,
    /// What the page is called [default: like the input of the run].
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The most articles that can be read in the page; where there are more, it says which were chosen.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(0..=2000))]
    articles: u16,
    /// Do not say what was written.
    #[arg(short, long)]
    quiet: bool,
}

/// What the run has read, in short: the folder of its tables is called `tables` more often than not.
fn input_of(finished: &Finished) -> String {
    let inputs = finished.record()["inputs"].as_array().map_or(&[][..], Vec::as_slice);
    let last = |input: &Value| Path::new(input.as_str()?).file_name().map(|name| name.to_string_lossy().into_owned());
    match (inputs.first().and_then(last), inputs.len()) {
        (Some(name), 1) if name == "-" => "Standard input".to_string(),
        (Some(name), 1) => name,
        (Some(name), more) => format!("{name} and {}", counted(more as u64 - 1, "other input")),
        (None, _) => "Report".to_string(),
    }
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    whole::check_free(&args.out, args.force)?;
    let finished = Finished::open(&args.folder)?;
    let title = args.title.clone().unwrap_or_else(|| input_of(&finished));
    let page = report::report(&finished, &Options { title, articles: args.articles.into() })?;
    write(&args.out, page.as_bytes())?;
    if !args.quiet {
        let kilobytes = counted(page.len().div_ceil(1000) as u64, "kilobyte");
        super::say(&format!("{} is written ({kilobytes}): open it in a browser", args.out.display()));
    }
    Ok(Outcome::Clean)
}

/// Writes beside it first, so that whatever happens there is the old file or the new one, and never a part.
fn write(path: &Path, text: &[u8]) -> Result<()> {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(format!(".partial-{}", std::process::id()));
    let beside = path.with_file_name(name);
    let written = fs::File::create_new(&beside)
        .and_then(|mut file| file.write_all(text).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // What is left of it is of no use to anybody.
        let _ = fs::remove_file(&beside);
        Error::io(path, error)
    })
}
