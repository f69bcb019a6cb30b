//! The table of `gazetteer diff`: what two readings of articles differ in. It is no table of a run.

use super::{Kind::*, Schema, column};

static SCHEMA: Schema = Schema {
    name: "differences",
    about: "One row per name or quotation that another gazetteer changes.",
    columns: &[
        column("article_id", Text, "The article."),
        column("table", OneOf(&["mentions", "quotes"]), "The table whose row it is."),
        column(
            "what",
            OneOf(&["added", "removed", "words", "type", "entity", "name", "speaker"]),
            "What has changed; the first of these if several have.",
        ),
        column("surface", Text, "The words of the article, at most 200 characters."),
        column("start", Integer, "First character, as in that table."),
        column("end", Integer, "One past the last character."),
        column("old", Text, "Who or what it was: name, type and id; empty if it was not there."),
        column("new", Text, "Who or what it is; empty if it is no longer there."),
    ],
    key: &[],
    references: &[],
};

/// What the table of differences looks like.
pub fn difference_schema() -> &'static Schema {
    &SCHEMA
}
