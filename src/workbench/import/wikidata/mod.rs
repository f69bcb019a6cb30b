//! Wikidata's JSON dump: one item a line, as <https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html> has it.
//! Of every item only what a gazetteer can use is kept while it is parsed.

mod item;

use super::{
    Format,
    entry::Entry,
    input::{Input, Lines},
    out::Out,
    sparql::gender,
};
use crate::error::Result;
use item::{Claims, Item, Wanted};

/// The dump.
pub(super) struct Wikidata;

/// The longest line: the largest items have a few million bytes.
const LONGEST: usize = 64 << 20;

impl Format for Wikidata {
    fn name(&self) -> &'static str {
        "wikidata"
    }

    fn expected(&self) -> &'static str {
        "a JSON dump of Wikidata: `[` on the first line, then a JSON object with id, type and labels on every line"
    }

    fn source(&self) -> &'static str {
        "https://www.wikidata.org/"
    }

    fn licence(&self) -> &'static str {
        "CC0 1.0"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let languages: Vec<String> = out.options.languages().into_iter().map(str::to_string).collect();
        let bracket = |_, text: &str| matches!(bare(text), "[" | "]" | "");
        let lines = Lines { longest: LONGEST, expected: self.expected(), skip: bracket };
        lines.each(input, out, |text, out| match (Wanted { languages: &languages }).parse(bare(text)) {
            Ok(item) => take(item, &languages, out).map(Ok),
            Err(error) => Ok(Err(error.to_string())),
        })
    }
}

/// An item without what makes the lines of a dump one array.
fn bare(line: &str) -> &str {
    line.trim().trim_end_matches(',')
}

fn take(item: Item, languages: &[String], out: &mut Out<'_>) -> Result<()> {
    let Item { id, kind, mut labels, aliases, claims, sitelinks } = item;
    if kind != "item" {
        out.drop("not an item", &id);
        return Ok(());
    }
    // The name in the first language that has one; "mul" stands for all.
    let order = languages.iter().map(String::as_str).chain(["mul"]);
    let found = order.filter_map(|language| labels.iter().position(|(known, _)| known == language)).next();
    let Some(found) = found else {
        out.drop("no label in the languages asked for", &id);
        return Ok(());
    };
    let (_, name) = labels.swap_remove(found);
    let Claims { classes, latitude, longitude, country, geonames, population, sex } = claims;
    let taken = classes.iter().find(|class| matches!(out.listed("wikidata", class), Some(Some(_))));
    let classes: Vec<&str> = taken.or(classes.first()).map(String::as_str).into_iter().collect();
    let Some((kind, class)) = out.class("wikidata", &classes, &format!("{id} {name}")) else { return Ok(()) };
    if sitelinks < out.options.min_sitelinks {
        out.drop("fewer sitelinks than asked for", &format!("{id} {name}"));
        return Ok(());
    }
    labels.sort();
    let others = labels.into_iter().map(|(_, label)| label);
    out.entry(Entry {
        class,
        aliases: others.chain(aliases).filter(|alias| *alias != name).collect(),
        wikidata: id.clone(),
        id,
        latitude,
        longitude,
        country,
        geonames,
        population,
        gender: gender(&sex),
        note: format!("sitelinks {sitelinks}"),
        ..Entry::new(&name, kind)
    })
}
