//! `cooccurrences.csv`: the network of entities that share a sentence.

use super::{Kind::*, RowsOfRun, Schema, Table, Totals, column};

/// The table of pairs.
pub(super) struct Cooccurrences;

static SCHEMA: Schema = Schema {
    name: "cooccurrences",
    about: "One row per pair of entities that share a sentence, heaviest first; Gephi reads it as a table of edges.",
    columns: &[
        column("source", Id, "One entity: the one whose id sorts first."),
        column("target", Id, "The other entity."),
        column("type", OneOf(&["Undirected"]), "Undirected, as Gephi writes it: neither comes first."),
        column("weight", Integer, "Number of sentences that mention both."),
        column("articles", Integer, "Number of articles with such a sentence."),
    ],
    key: &["source", "target"],
    references: &[("source", "entities", "entity_id"), ("target", "entities", "entity_id")],
};

impl Table for Cooccurrences {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn is_of_run(&self) -> bool {
        true
    }

    fn of_run<'t>(&self, totals: &'t Totals) -> Option<RowsOfRun<'t>> {
        let pairs = totals.ranked_pairs();
        Some(RowsOfRun::new(pairs.len(), move |number, rows| {
            let (source, target, weight, articles) = pairs.get(number);
            rows.text(source);
            rows.text(target);
            rows.word("Undirected");
            rows.number(weight.into());
            rows.number(articles.into());
            rows.end();
        }))
    }
}
