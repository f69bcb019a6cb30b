//! `quotes.csv`: one row per quotation.

use super::{Document, Kind::*, Rows, Schema, Table, ZONES, column};

/// The table of quotations.
pub(super) struct Quotes;

static SCHEMA: Schema = Schema {
    name: "quotes",
    about: "One row per quotation, in text order.",
    columns: &[
        column("quote_id", Id, "article_id, # and the number of the quotation in its article, from 1."),
        column("article_id", Id, "The article."),
        column("published", Date, "Date or date-time of the article (ISO 8601)."),
        column("outlet", Text, "Publisher of the article."),
        column("title", Text, "Headline of the article."),
        column("speaker", Text, "Canonical name; for an unnamed source its description; empty if nobody can be told."),
        column("speaker_id", Id, "Entity of the speaker; empty for an unnamed source."),
        column("speaker_surface", Text, "The words that stand for the speaker in the text."),
        column("speaker_role", Text, "Title or function of the speaker, as the article gives it."),
        column("cue", Text, "The word or phrase that introduces the quotation."),
        column("kind", OneOf(&["direct", "mixed", "indirect"]), "All, part or none of it lies in quotation marks."),
        column("quote", Text, "The words without outer quotation marks; parts joined by ' … '."),
        column("spans", Text, "The parts, marks included, as start-end in Unicode code points, joined by ';'."),
        column("start", Integer, "First character of the first part: offset in Unicode code points, from 0."),
        column("end", Integer, "One past the last character of the last part: offset in Unicode code points."),
        column("paragraph", Integer, "Paragraph of the body where it begins, from 1; 0 for the title."),
        column("medium", Text, "tweet, phone call, interview, ..., where the text says so."),
        column("addressee", Text, "To whom it was said, where the text says so."),
        column("mentioned", Text, "Names of the entities inside it, joined by ' | '."),
        column("method", Text, "The rule that attributed it."),
        column("confidence", Confidence, "Probability that words and speaker are right."),
        column("zone", ZONES, "Title or body; where the title is a field of its own, offsets count in that field."),
        column("echo_of", Id, "The quotation of the body that this headline repeats."),
        column("co_speakers", Text, "Names of the others who said it together, joined by ' | '."),
    ],
    key: &["quote_id"],
    references: &[
        ("article_id", "articles", "article_id"),
        ("speaker_id", "entities", "entity_id"),
        ("echo_of", "quotes", "quote_id"),
    ],
};

impl Table for Quotes {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn article(&self, document: &Document<'_>, rows: &mut Rows) {
        let found = document.annotated;
        let (mut spans, mut digits, mut kept) = (String::new(), itoa::Buffer::new(), None);
        for (i, quotation) in document.quotations.iter().enumerate() {
            let speaker = &quotation.speaker;
            let entity = speaker.entity.and_then(|e| found.entities.get(e));
            let (start, end) = (
                quotation.parts.first().map_or(0, |part| document.code_points(*part).0),
                quotation.parts.last().map_or(0, |part| document.code_points(*part).1),
            );
            spans.clear();
            for part in &quotation.parts {
                let (start, end) = document.code_points(*part);
                if !spans.is_empty() {
                    spans.push(';');
                }
                spans.push_str(digits.format(start));
                spans.push('-');
                spans.push_str(digits.format(end));
            }
            rows.text(&document.quote_id(i));
            rows.again(&mut kept, |rows| {
                rows.text(&found.article.id);
                rows.text(&found.published);
                rows.text(&found.outlet);
                rows.text(document.title());
            });
            rows.text(&speaker.name);
            rows.text(entity.map_or("", |e| &e.id));
            rows.text(speaker.surface.map_or("", |span| document.surface(span)));
            rows.text(&speaker.role);
            rows.text(quotation.cue.map_or("", |span| document.surface(span)));
            rows.word(quotation.kind.as_str());
            rows.joined(quotation.words.iter().map(|span| document.surface(*span)), " … ");
            rows.word(&spans);
            rows.number(start);
            rows.number(end);
            rows.number(quotation.paragraph.into());
            rows.text(&quotation.medium);
            rows.text(&quotation.addressee);
            let names = quotation.mentioned.iter().filter_map(|e| found.entities.get(*e));
            rows.joined(names.map(|entity| entity.name.as_str()), " | ");
            rows.word(quotation.method);
            rows.confidence(quotation.confidence);
            rows.word(quotation.zone.as_str());
            rows.text(&document.echo_of(quotation));
            let others = speaker.others.iter().filter_map(|e| found.entities.get(*e));
            rows.joined(others.map(|entity| entity.name.as_str()), " | ");
            rows.end();
        }
    }
}
