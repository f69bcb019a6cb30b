//! `rejects.csv`: one row per record that could not be read.

use super::{Kind::*, Rows, Schema, Table, column};
use crate::model::Reject;

/// The table of rejects.
pub(super) struct Rejects;

static SCHEMA: Schema = Schema {
    name: "rejects",
    about: "One row per record that could not be read: articles + rejects = records read.",
    columns: &[
        column("source", Text, "The file."),
        column("record", Integer, "Number of the record in that file, from 1; 0 for the file as a whole."),
        column("byte_offset", Integer, "Offset of the record's first byte in that file, from 0."),
        column(
            "reason",
            OneOf(&[
                "empty",
                "not text",
                "bad encoding",
                "bad json",
                "no text",
                "too large",
                "bad table",
                "bad markup",
                "bad archive",
                "too deep",
                "changed",
                "unreadable",
                "internal error",
            ]),
            "Why, in short.",
        ),
        column("detail", Text, "What exactly was wrong."),
    ],
    key: &[],
    references: &[],
};

impl Table for Rejects {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn reject(&self, reject: &Reject, rows: &mut Rows) {
        rows.text(&reject.source);
        rows.number(reject.record);
        rows.number(reject.byte_offset);
        rows.word(&reject.reason);
        rows.text(&reject.detail);
        rows.end();
    }
}
