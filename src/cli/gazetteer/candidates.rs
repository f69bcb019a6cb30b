//! `gazetteer candidates`: a reviewed candidates.csv becomes a file of names.

use super::super::{
    Outcome, print, say,
    shared::{counted, grouped},
};
use crate::{
    error::{Error, Result},
    gazetteer::{Gazetteer, Sheet},
    model::EntityType,
    review::{self, Candidates, Dropped, Rows, Settings},
    whole,
    workbench::Judge,
};
use std::path::{Path, PathBuf};

/// Turns a reviewed candidates.csv into a file of names for `--gazetteer`.
///
/// Open candidates.csv in a spreadsheet, delete the rows that are wrong, mend names and types, save. Or add a column `ok` and
/// mark the right rows with x. A name that was mended stays known as the articles write it; rows with one name and type become one.
/// How the spreadsheet saves (separator, encoding, order of columns) does not matter.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  onrecord gazetteer candidates tables/candidates.csv --out names/harbor.csv\n  \
    onrecord gazetteer candidates reviewed.csv --into names/harbor.csv --corrections names/corrections.csv")]
pub(super) struct Args {
    /// The reviewed table.
    #[arg(value_name = "CANDIDATES.csv")]
    file: PathBuf,
    /// The file of names to write.
    #[arg(short, long, value_name = "NAMES.csv", required_unless_present = "into")]
    out: Option<PathBuf>,
    /// Add the names to this file instead, which is made if it is not there; what it holds stays.
    #[arg(long, value_name = "NAMES.csv", conflicts_with_all = ["out", "force"])]
    into: Option<PathBuf>,
    /// Add what is marked `not a name` (as its type, or in the column `ok`) to this file of corrections.
    #[arg(long, value_name = "CORRECTIONS.csv")]
    corrections: Option<PathBuf>,
    /// Drop names of fewer articles.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    min_articles: u64,
    /// Take only names of these types.
    #[arg(long, value_name = "TYPE", value_delimiter = ',', value_parser = kind)]
    types: Vec<EntityType>,
    /// Take surnames, given names and common words that stand alone too. They would be this one wherever they stand.
    #[arg(long)]
    keep_doubtful: bool,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
}

fn kind(text: &str) -> std::result::Result<EntityType, String> {
    EntityType::parse(text).ok_or_else(|| "person, place or organization".to_string())
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    let settings =
        Settings { min_articles: args.min_articles, types: args.types.clone(), keep_doubtful: args.keep_doubtful };
    let Some(path) = args.out.as_ref().or(args.into.as_ref()) else { return Err(Error::usage("name a file by --out")) };
    if same(path, &args.file)
        || args.corrections.as_ref().is_some_and(|other| same(other, &args.file) || same(other, path))
    {
        return Err(
            Error::usage("is named twice: what is read and what is written must be files of their own").at_path(path)
        );
    }
    if args.out.is_some() {
        whole::check_free(path, args.force)?;
    }
    let sheet = Sheet::open(&args.file)?;
    if let Some(remark) = sheet.remark() {
        say(&remark);
    }
    let mut rows = match &args.into {
        Some(into) if into.exists() => Rows::of(&Sheet::open(into)?)?,
        _ => Rows::default(),
    };
    let before = rows.len();
    let gazetteer = Gazetteer::embedded()?;
    let reviewed = Candidates::new(sheet, &settings)?.review(&settings, &mut Judge::new(&gazetteer), &mut rows)?;
    if reviewed.taken == 0 && reviewed.no_names.is_empty() {
        let reasons: Vec<String> =
            reviewed.dropped.iter().map(|(reason, (count, _))| format!("{count} {}", reason.as_str())).collect();
        let reasons = if reasons.is_empty() { "it has no rows".to_string() } else { reasons.join(", ") };
        let message = format!("holds no name that was accepted, and nothing was written: {reasons}");
        return Err(Error::gazetteer(message).at_path(&args.file));
    }
    let corrected = match &args.corrections {
        Some(file) => Some((file, corrections(file, &reviewed.no_names)?)),
        None => None,
    };
    if let Some((file, (table, _))) = &corrected {
        review::write_rows(file, table)?;
    }
    review::write_rows(path, rows.table())?;
    print(|out| {
        let names = counted((rows.len() - before) as u64, "name");
        writeln!(out, "{names} from {} in {}", counted(reviewed.taken, "row"), path.display())?;
        if reviewed.joined > 0 {
            writeln!(out, "{:>7} joined another of the same name and type", grouped(reviewed.joined))?;
        }
        for (reason, (count, lines)) in &reviewed.dropped {
            let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
            let more = if *count > lines.len() as u64 { " ..." } else { "" };
            writeln!(out, "{:>7} dropped: {} (line {}{more})", grouped(*count), reason.as_str(), lines.join(", "))?;
        }
        if let Some((file, (_, count))) = &corrected {
            writeln!(out, "{} in {}", counted(*count, "new correction"), file.display())?;
        }
        Ok(())
    })?;
    if corrected.is_none() && !reviewed.no_names.is_empty() {
        say("what is marked as no name was only dropped: with --corrections FILE the next run will know it");
    }
    if reviewed.dropped.contains_key(&Dropped::Doubtful) {
        say(
            "a name that many have would be taken for this one everywhere: write the full name, or `weak` under `match`, \
             or use --keep-doubtful",
        );
    }
    for line in reviewed.lost.iter().take(10) {
        let told = "the name was changed, and nothing tells how the articles write it: add that to `aliases`";
        say(&format!("{}: line {line}: {told}", args.file.display()));
    }
    let faults = reviewed.dropped.keys().any(|reason: &Dropped| reason.is_fault());
    Ok(if faults { Outcome::Rejects } else { Outcome::Clean })
}

/// The columns of corrections.
const COLUMNS: [&str; 9] =
    ["action", "surface", "article_id", "context", "instead_of", "entity", "type", "name", "note"];

/// All rows of a file of corrections with those for `no_names`, and how many of them are new.
fn corrections(file: &Path, no_names: &[String]) -> Result<(Vec<Vec<String>>, u64)> {
    let mut table = vec![COLUMNS.map(str::to_string).to_vec()];
    if file.exists() {
        let sheet = Sheet::open(file)?;
        sheet.require("action")?;
        let own = sheet.columns().iter().filter(|column| !COLUMNS.contains(&column.replace(' ', "_").as_str()));
        if let Some(column) = own.into_iter().find(|column| !column.is_empty()) {
            return Err(Error::gazetteer(format!("`{column}` is no column of corrections")).at_path(file).at_line(1));
        }
        for row in sheet.rows() {
            let cell = |column: &str| match row.get(column) {
                "" => row.get(&column.replace('_', " ")).to_string(),
                cell => cell.to_string(),
            };
            table.push(COLUMNS.map(cell).to_vec());
        }
    }
    let before = table.len();
    for surface in no_names {
        let known = |row: &Vec<String>| row[1] == *surface && row[2].is_empty() && row[3].is_empty();
        if !table.iter().skip(1).any(known) {
            let row = COLUMNS.map(|column| match column {
                "action" => "not a name".to_string(),
                "surface" => surface.clone(),
                _ => String::new(),
            });
            table.push(row.to_vec());
        }
    }
    let new = table.len() - before;
    Ok((table, new as u64))
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
