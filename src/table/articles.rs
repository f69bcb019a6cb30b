//! `articles.csv`: one row per article.

use super::{Document, Kind::*, Rows, Schema, Table, column};
use crate::model::Annotated;

/// The table of articles.
pub(super) struct Articles;

static SCHEMA: Schema = Schema {
    name: "articles",
    about: "One row per article, in input order.",
    columns: &[
        column("article_id", Id, "The input's own id, else made from path and record number; unique in a run."),
        column("source", Text, "The file that held the article."),
        column("record", Integer, "Number of the record in that file, from 1."),
        column("title", Text, "The headline: the record's field, else the first line of the text if it is one."),
        column("published", Date, "Date or date-time of publication (ISO 8601): metadata first, then the text."),
        column("outlet", Text, "The publisher."),
        column("author", Text, "The author or byline."),
        column("url", Text, "The link."),
        column("characters", Integer, "Length of the body text in Unicode code points."),
        column("paragraphs", Integer, "Number of body paragraphs."),
        column("mentions", Integer, "Rows of this article in mentions.csv."),
        column("quotes", Integer, "Rows of this article in quotes.csv."),
        column("language", Text, "Language of the text (ISO 639-1), as the record says or as detected."),
        column("remarks", Text, "What was done to the text or found odd in it, joined by ` | `."),
        column("duplicate_of", Id, "The first article that has the same text, if this is not it."),
    ],
    key: &["article_id"],
    references: &[],
};

impl Table for Articles {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn article(&self, document: &Document<'_>, rows: &mut Rows) {
        let found = document.annotated;
        rows.text(&found.article.id);
        rows.text(&found.article.source);
        rows.number(found.article.record);
        rows.text(document.title());
        rows.text(&found.published);
        rows.text(&found.outlet);
        rows.text(&found.author);
        rows.text(found.article.url.as_deref().unwrap_or(""));
        rows.number(document.characters());
        rows.number(found.paragraphs.into());
        rows.number(document.mentions.len() as u64);
        rows.number(document.quotations.len() as u64);
        rows.text(found.article.language.as_deref().unwrap_or(""));
        rows.text(&remarks(found));
        rows.text(found.article.duplicate_of.as_deref().unwrap_or(""));
        rows.end();
    }
}

/// Remarks of the reader and of the stages, each once.
fn remarks(found: &Annotated) -> String {
    let mut all = found.article.remarks.clone();
    for remark in &found.diagnostics {
        if !all.contains(&remark.code) {
            all.push(remark.code);
        }
    }
    all.join(" | ")
}
