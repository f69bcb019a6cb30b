//! `mentions.csv`: one row per mention.

use super::{Document, Kind::*, Rows, Schema, TYPES, Table, ZONES, column};
use crate::model::EntityType;

/// The table of mentions.
pub(super) struct Mentions;

static SCHEMA: Schema = Schema {
    name: "mentions",
    about: "One row per occurrence of a name, in text order.",
    columns: &[
        column("article_id", Id, "The article."),
        column("entity_id", Id, "What the name refers to."),
        column("type", TYPES, "Type of the entity."),
        column("name", Text, "Canonical name of the entity."),
        column("surface", Text, "The name as the text has it; a line end within it is shown as a space."),
        column("start", Integer, "First character of the name: offset in Unicode code points, from 0."),
        column("end", Integer, "One past the last character of the name: offset in Unicode code points."),
        column("paragraph", Integer, "Paragraph of the body, from 1; 0 for the title."),
        column("sentence", Integer, "Sentence of the body, from 1; 0 for the title."),
        column("role", Text, "Title or function that the text gives beside the name."),
        column("method", OneOf(&["gazetteer", "pattern", "coreference"]), "How the mention was found."),
        column("confidence", Confidence, "Probability that span and type are right."),
        column("zone", ZONES, "Title or body; where the title is a field of its own, offsets count in that field."),
    ],
    key: &["article_id", "zone", "start", "end"],
    references: &[("article_id", "articles", "article_id"), ("entity_id", "entities", "entity_id")],
};

impl Table for Mentions {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn article(&self, document: &Document<'_>, rows: &mut Rows) {
        let found = document.annotated;
        let mut kept = vec![[const { None }; EntityType::ALL.len()]; found.entities.len()];
        for mention in &document.mentions {
            let Some(entity) = found.entities.get(mention.entity) else { continue };
            let (start, end) = document.code_points(mention.span);
            rows.again(&mut kept[mention.entity][mention.kind.index()], |rows| {
                rows.text(&found.article.id);
                rows.text(&entity.id);
                rows.word(mention.kind.as_str());
                rows.text(&entity.name);
            });
            rows.text(document.surface(mention.span));
            rows.number(start);
            rows.number(end);
            rows.number(mention.paragraph.into());
            rows.number(mention.sentence.into());
            rows.text(&mention.role);
            rows.word(mention.method.as_str());
            rows.confidence(mention.confidence);
            rows.word(mention.zone.as_str());
            rows.end();
        }
    }
}
