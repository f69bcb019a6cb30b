//! `texts.csv`: the texts that offsets count in; written only when asked for.

use super::{Document, Kind::*, Rows, Schema, Table, column};

/// The table of texts.
pub(super) struct Texts;

static SCHEMA: Schema = Schema {
    name: "texts",
    about: "One row per article: the texts that the offsets of the other tables count in.",
    columns: &[
        column("article_id", Id, "The article."),
        column("title", Text, "The title field, where the record has one; offsets of its rows count in it."),
        column("text", Text, "The body text, as it was read; a guarding apostrophe before it does not count."),
    ],
    key: &["article_id"],
    references: &[("article_id", "articles", "article_id")],
};

impl Table for Texts {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn optional(&self) -> bool {
        true
    }

    fn article(&self, document: &Document<'_>, rows: &mut Rows) {
        let article = &document.annotated.article;
        rows.text(&article.id);
        rows.verbatim(article.title.as_deref().unwrap_or(""));
        rows.verbatim(&article.text);
        rows.end();
    }
}
