//! The tables of a finished run -> one page to look at, which needs nothing but itself.
//!
//! Everything is counted over all articles, in one pass and in memory that depends on what is listed, not on how many articles
//! there are. A second pass fetches the articles that can be read in the page.

mod collect;
mod dates;
mod facts;
mod joined;
mod lists;
mod map;
mod page;
mod pieces;
mod reader;
mod relations;
mod sample;
mod timeline;

pub use page::{grouped, render};
pub use pieces::{Piece, is_unsafe, pieces, printable};

use crate::{error::Result, finished::Finished, gazetteer::Gazetteer};
use collect::Counts;
use facts::Facts;
use joined::Joined;
use lists::Lists;
use page::Page;
use reader::Reading;
use sample::Chooser;

/// What a report should be like.
#[derive(Clone, Debug)]
pub struct Options {
    /// What it is called.
    pub title: String,
    /// The most articles that can be read in it.
    pub articles: usize,
}

/// The report about a run, as HTML.
///
/// # Errors
/// Tables that cannot be read, that were changed since the run, or that do not belong together.
pub fn report(finished: &Finished, options: &Options) -> Result<String> {
    let gazetteer = Gazetteer::embedded()?;
    let lists = Lists::read(finished)?;
    let total = finished.tables().iter().find(|table| table.schema.name == "articles");
    let total = total.map_or(0, |table| table.files.iter().map(|file| file.rows).sum());
    let mut counts = Counts::new(&lists);
    let mut chooser = Chooser::new(options.articles, total, &lists);
    let mut joined = Joined::open(finished, false)?;
    while let Some(article) = joined.next(|_| true)? {
        let (inside, quoted) = counts.add(&article, &lists, &gazetteer);
        chooser.offer(&article, inside, &quoted);
    }
    let unknown = lists.unknown.iter().map(|row| row.entity);
    let chosen = chooser.choose(&lists.speakers, unknown.chain(0..lists.entities.len()));
    let reading = Reading::read(finished, &lists, &chosen)?;
    let facts = Facts::read(finished, &lists, &counts)?;
    let has_texts = joined::has_texts(finished);
    Page::of(&options.title, facts, &lists, &counts, reading, has_texts).render()
}
