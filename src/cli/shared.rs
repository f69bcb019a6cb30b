//! Options that several commands take, and text for terminals.

pub(super) use crate::report::{grouped, printable};
use crate::{
    error::{Error, Result},
    gazetteer::Gazetteer,
    pipeline::Pipeline,
    read::{self, FORMATS, Field, Fields, Format},
};
use clap::{Args, builder::PossibleValuesParser, builder::TypedValueParser};
use std::path::PathBuf;

/// How to read the input.
#[derive(Args, Debug)]
pub(super) struct Reading {
    /// Take all input for this format, instead of telling it by name and content.
    #[arg(long, value_name = "FORMAT", value_parser = formats(), help_heading = "Input")]
    format: Option<&'static dyn Format>,
    /// Texts of this many megabytes or more are rejected.
    #[arg(long, value_name = "MB", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1_000_000), help_heading = "Limits")]
    max_text: u64,
    /// Archives and compressed files in each other are opened down to this depth; `a.tar.gz` is two deep.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(0..=100), help_heading = "Limits")]
    max_depth: u16,
    /// Unpacking takes at most this many megabytes of memory; `zstd --long=31` needs 2200.
    #[arg(long, value_name = "MB", default_value_t = 550, value_parser = clap::value_parser!(u64).range(1..=1_000_000), help_heading = "Limits")]
    max_memory: u64,
    /// Archives of more members than this are read no further.
    #[arg(long, value_name = "N", default_value_t = 10_000_000, help_heading = "Limits")]
    max_members: u64,
    /// Compressed files are read no further when this many gigabytes have come out of one.
    #[arg(long, value_name = "GB", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000), help_heading = "Limits")]
    max_unpacked: u64,
    /// Compressed files are read no further when this many times more came out than was read (from 100 MB on).
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..), help_heading = "Limits")]
    max_ratio: u64,
    #[command(flatten)]
    fields: FieldNames,
}

/// Where the fields of a record are.
#[derive(Args, Debug)]
pub(super) struct FieldNames {
    /// Field of JSON records or column of tables that holds the article's id; in JSON, a path such as `meta.id` leads into objects.
    #[arg(long, visible_alias = "id-column", value_name = "NAME", help_heading = "Input")]
    id_field: Option<String>,
    /// Field that holds the body text [by default the first of text, body, content, article, maintext, ...].
    #[arg(long, visible_alias = "text-column", value_name = "NAME", help_heading = "Input")]
    text_field: Option<String>,
    /// Field that holds the headline.
    #[arg(long, visible_alias = "title-column", value_name = "NAME", help_heading = "Input")]
    title_field: Option<String>,
    /// Field that holds the date of publication.
    #[arg(long, visible_alias = "date-column", value_name = "NAME", help_heading = "Input")]
    date_field: Option<String>,
    /// Field that holds the publisher.
    #[arg(long, visible_alias = "source-column", value_name = "NAME", help_heading = "Input")]
    source_field: Option<String>,
    /// Field that holds the author or byline.
    #[arg(long, visible_alias = "author-column", value_name = "NAME", help_heading = "Input")]
    author_field: Option<String>,
    /// Field that holds the link.
    #[arg(long, visible_alias = "url-column", value_name = "NAME", help_heading = "Input")]
    url_field: Option<String>,
    /// Field that holds the language of the text.
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    language_field: Option<String>,
}

impl FieldNames {
    /// As the reader takes them.
    pub(super) fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        for (field, path) in [
            (Field::Id, &self.id_field),
            (Field::Text, &self.text_field),
            (Field::Title, &self.title_field),
            (Field::Published, &self.date_field),
            (Field::Outlet, &self.source_field),
            (Field::Author, &self.author_field),
            (Field::Url, &self.url_field),
            (Field::Language, &self.language_field),
        ] {
            if let Some(path) = path {
                fields.set(field, path);
            }
        }
        fields
    }
}

impl Reading {
    /// As the reader takes it.
    pub(super) fn options(&self) -> read::Options {
        let max_text = self.max_text.saturating_mul(1_000_000);
        read::Options {
            format: self.format,
            fields: self.fields.fields(),
            max_text,
            max_depth: usize::from(self.max_depth),
            max_memory: self.max_memory.saturating_mul(1_000_000),
            max_members: self.max_members,
            max_unpacked: self.max_unpacked.saturating_mul(1_000_000_000),
            max_ratio: self.max_ratio,
            ..read::Options::default()
        }
    }
}

fn formats() -> impl TypedValueParser<Value = &'static dyn Format> {
    let names = FORMATS.iter().map(|format| format.name());
    PossibleValuesParser::new(names).try_map(|name| read::format_named(&name).ok_or("no such format"))
}

/// Which names to know.
#[derive(Args, Debug)]
pub(super) struct Names {
    /// Add the names of this CSV file, or of all CSV files in this folder; may be given several times.
    #[arg(short, long = "gazetteer", value_name = "PATH")]
    gazetteers: Vec<PathBuf>,
    /// Apply the corrections in this file, beside those in `corrections.csv` of a folder given as gazetteer; may be given several times.
    #[arg(long = "corrections", value_name = "FILE")]
    corrections: Vec<PathBuf>,
    /// Allow an article N times the usual work: sentences, possible names, statements and pairs beyond what any news has are
    /// looked at less closely, and `remarks` in articles.csv says so.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000), help_heading = "Limits")]
    max_work: u16,
}

impl Names {
    /// Loads the gazetteers and prepares the pipeline.
    pub(super) fn pipeline(&self) -> Result<Pipeline> {
        for path in self.gazetteers.iter().chain(&self.corrections) {
            std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
        }
        let gazetteer = Gazetteer::load_corrected(&self.gazetteers, &self.corrections)?;
        Ok(Pipeline::new(gazetteer)?.with_work(self.max_work.into()))
    }
}

/// A number from 0 to 1.
pub(super) fn probability(text: &str) -> std::result::Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("a number from 0 to 1".to_string()),
    }
}

/// A number and what it counts, in the plural where it should be.
pub(super) fn counted(count: u64, word: &str) -> String {
    format!("{} {word}{}", grouped(count), if count == 1 { "" } else { "s" })
}
