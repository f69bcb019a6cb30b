//! `gazetteer import`: names from the files of other programs.

use crate::{
    cli::{
        Outcome, print,
        shared::{counted, grouped, printable},
    },
    error::{Error, Result},
    model::EntityType,
    workbench::import::{self, FORMATS, Format, Options, What},
};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Makes a file of names from that of another program, of any size.
///
/// Beside names.csv it writes names.dropped.csv, which tells what was left out and why, and manifest.csv, which keeps the
/// source and licence. Compressed files (gzip, bzip2, xz, Zstandard) are read as they are, and - is standard input.
/// Names are sorted; the same input gives the same files. Which class of a source is which type stands in
/// gazetteers/import_classes.csv; --classes takes a list of your own.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  onrecord gazetteer import geonames cities15000.txt --out names/cities.csv --min-population 50000
  onrecord gazetteer import geonames FI.txt --alternate-names alternateNamesV2.txt --out names/fi.csv
  onrecord gazetteer import wikidata latest-all.json.bz2 --min-sitelinks 5 --out names/wikidata.csv
  onrecord gazetteer import gate ANNIE/lists.def --out names/annie.csv
  onrecord gazetteer import csv members.csv --map name=Member,roles=Office --type person --out names/members.csv

The licence of the data stays that of their source: OpenSanctions, for instance, is CC BY-NC 4.0. docs/gazetteers.md has
an example of every format.")]
pub(super) struct Args {
    /// What the files are.
    #[arg(value_name = "FORMAT", value_parser = formats())]
    format: &'static dyn Format,
    /// The files to read, - for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The file of names to write.
    #[arg(short, long, value_name = "NAMES.csv")]
    out: PathBuf,
    /// Take only names of this type (person, place, organization); may repeat. Where the source tells no type, it is this one.
    #[arg(long = "type", value_name = "TYPE", value_parser = entity_type)]
    types: Vec<EntityType>,
    /// Take names in this language (en, az ...); may repeat, and the first one gives the canonical name [default: en].
    #[arg(long = "language", value_name = "CODE")]
    languages: Vec<String>,
    /// Leave out places with fewer inhabitants.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    min_population: u64,
    /// Leave out Wikidata items that fewer wikis have a page on.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    min_sitelinks: u64,
    /// GeoNames' alternateNamesV2.txt, for names by language and Wikidata items.
    #[arg(long, value_name = "FILE")]
    alternate_names: Option<PathBuf>,
    /// A list of classes in place of the program's: CSV with format, class, type and kind.
    #[arg(long, value_name = "FILE")]
    classes: Option<PathBuf>,
    /// Which column is which, for csv: name=Label,type=Kind,id=Key.
    #[arg(long, value_name = "COLUMN=THEIRS,...", value_delimiter = ',', value_parser = pair)]
    map: Vec<(String, String)>,
    /// Keep aliases that are also common words, given names alone and the like.
    #[arg(long)]
    keep_doubtful: bool,
    /// Where the data are from, for the manifest [by default what is usual for the format].
    #[arg(long, value_name = "URL")]
    source: Option<String>,
    /// Under which licence, for the manifest [by default that of the usual source].
    #[arg(long, value_name = "TEXT")]
    licence: Option<String>,
    /// Replace the files if they are there.
    #[arg(long)]
    force: bool,
}

fn formats() -> impl TypedValueParser<Value = &'static dyn Format> {
    let names = FORMATS.iter().map(|format| format.name());
    PossibleValuesParser::new(names).try_map(|name| import::format_named(&name).ok_or("no such format"))
}

fn entity_type(word: &str) -> std::result::Result<EntityType, String> {
    EntityType::parse(word).ok_or_else(|| "use person, place or organization".to_string())
}

fn pair(text: &str) -> std::result::Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(ours, theirs)| !ours.is_empty() && !theirs.is_empty());
    let (ours, theirs) = parts.ok_or("write OURS=THEIRS, such as name=Label")?;
    Ok((ours.trim().to_string(), theirs.trim().to_string()))
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    let name = args.format.name();
    let only = |given: bool, option: &str, formats: &[&str]| {
        let wrong = given && !formats.contains(&name);
        let message = format!("{option} is for {} and means nothing for {name}", formats.join(" and "));
        if wrong { Err(Error::usage(message)) } else { Ok(()) }
    };
    only(args.alternate_names.is_some(), "--alternate-names", &["geonames"])?;
    only(!args.map.is_empty(), "--map", &["csv"])?;
    only(args.min_sitelinks > 0, "--min-sitelinks", &["wikidata"])?;
    only(args.min_population > 0, "--min-population", &["geonames", "wikidata", "wikidata-sparql", "csv"])?;
    let options = Options {
        types: args.types.clone(),
        languages: args.languages.clone(),
        min_population: args.min_population,
        min_sitelinks: args.min_sitelinks,
        classes: args.classes.clone(),
        alternate_names: args.alternate_names.clone(),
        map: args.map.clone(),
        keep_doubtful: args.keep_doubtful,
        source: args.source.clone(),
        licence: args.licence.clone(),
        force: args.force,
        ..Options::default()
    };
    let imported = import::import(args.format, &args.files, &args.out, &options)?;
    print(|out| tell(args, &imported, out))?;
    Ok(Outcome::Clean)
}

/// The most classes that are told.
const CLASSES: usize = 10;

fn tell(args: &Args, imported: &import::Imported, out: &mut dyn Write) -> io::Result<()> {
    let written: u64 = imported.names.iter().sum();
    let types = EntityType::ALL.iter().zip(imported.names).filter(|(_, count)| *count > 0);
    let types: Vec<String> = types.map(|(kind, count)| counted(count, kind.as_str())).collect();
    writeln!(out, "{} read", counted(imported.rows, "row"))?;
    let aliases = counted(imported.aliases, "alias").replace("aliass", "aliases");
    writeln!(
        out,
        "{} written to {} ({}), with {aliases}",
        counted(written, "name"),
        args.out.display(),
        types.join(", ")
    )?;
    if imported.joined > 0 {
        writeln!(out, "{} joined to another of the same entity", counted(imported.joined, "row"))?;
    }
    for what in What::ALL {
        for ((_, reason), group) in imported.dropped.groups.iter().filter(|((of, _), _)| *of == what) {
            writeln!(out, "{:>12}  {} left out: {reason}", grouped(group.count), what.as_str())?;
        }
    }
    let mut classes: Vec<(&String, &u64)> = imported.dropped.classes.iter().collect();
    classes.sort_by_key(|(class, count)| (std::cmp::Reverse(**count), *class));
    if !classes.is_empty() {
        let most: Vec<String> = classes
            .iter()
            .take(CLASSES)
            .map(|(class, count)| format!("{} ({})", printable(class), grouped(**count)))
            .collect();
        writeln!(out, "classes that the list does not have: {}", most.join(", "))?;
    }
    writeln!(out, "what was left out stands in {}", imported.dropped_file.display())?;
    writeln!(out, "source: {}", printable(&imported.source))?;
    writeln!(out, "licence: {} (kept in {})", printable(&imported.licence), imported.manifest.display())
}
