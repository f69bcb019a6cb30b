//! The network of entities that share a sentence, as GEXF 1.3. Nodes are the entities that have an edge.

use super::{
    Exported,
    source::Source,
    value::{Value, value},
    written,
};
use crate::{
    error::{Error, Result},
    table::{Column, Kind},
};
use std::{collections::HashSet, fmt::Write as _, io::Write};

/// What nodes tell beside their name: columns of entities.csv, with the types that GEXF has for them.
const ATTRIBUTES: [(&str, &str); 9] = [
    ("type", "string"),
    ("mentions", "long"),
    ("articles", "long"),
    ("quotes", "long"),
    ("country", "string"),
    ("latitude", "double"),
    ("longitude", "double"),
    ("wikidata", "string"),
    ("known", "boolean"),
];

/// Writes the pairs that share at least `min_weight` sentences, and their entities.
pub(super) fn write(source: &Source<'_>, out: &mut dyn Write, min_weight: u64) -> Result<Exported> {
    let joined = joined(source, min_weight)?;
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n\
         <meta><creator>onrecord</creator><description>Entities that share a sentence</description></meta>\n\
         <graph mode=\"static\" defaultedgetype=\"undirected\" idtype=\"string\">\n\
         <attributes class=\"node\">\n",
    );
    for (number, (name, kind)) in ATTRIBUTES.iter().enumerate() {
        let _ = writeln!(text, "<attribute id=\"{number}\" title=\"{name}\" type=\"{kind}\"/>");
    }
    text.push_str("</attributes>\n<attributes class=\"edge\">\n<attribute id=\"0\" title=\"articles\" type=\"long\"/>\n</attributes>\n<nodes>\n");
    let nodes = nodes(source, out, &mut text, &joined)?;
    text.push_str("</nodes>\n<edges>\n");
    let edges = edges(source, out, &mut text, min_weight)?;
    text.push_str("</edges>\n</graph>\n</gexf>\n");
    out.write_all(text.as_bytes()).map_err(written)?;
    if nodes != joined.len() as u64 {
        let message = format!("{} entities have an edge, and entities.csv has {nodes} of them", joined.len());
        return Err(Error::format(message).at_path(source.run().folder()));
    }
    Ok(Exported { counts: vec![("nodes".to_string(), nodes), ("edges".to_string(), edges)], remarks: Vec::new() })
}

/// The ids of all entities that have an edge.
fn joined(source: &Source<'_>, min_weight: u64) -> Result<HashSet<Box<str>>> {
    let mut table = source.table("cooccurrences")?;
    let [from, to, weight] = table.columns(["source", "target", "weight"])?;
    let mut joined = HashSet::new();
    while let Some(row) = table.read()? {
        if row.integer(weight)? < min_weight {
            continue;
        }
        for id in [row.cell(from), row.cell(to)] {
            if !joined.contains(id) {
                joined.insert(id.into());
            }
        }
    }
    Ok(joined)
}

fn nodes(source: &Source<'_>, out: &mut dyn Write, text: &mut String, joined: &HashSet<Box<str>>) -> Result<u64> {
    let mut table = source.table("entities")?;
    let [id, name] = table.columns(["entity_id", "name"])?;
    let attributes = table.columns(ATTRIBUTES.map(|(name, _)| name))?;
    let (schema, mut count) = (table.schema(), 0);
    while let Some(row) = table.read()? {
        if !joined.contains(row.cell(id)) {
            continue;
        }
        text.push_str("<node id=");
        quoted(text, row.cell(id));
        text.push_str(" label=");
        quoted(text, row.cell(name));
        text.push_str("><attvalues>");
        for (number, place) in attributes.iter().enumerate() {
            let Some(column) = schema.columns.get(*place) else { continue };
            attribute(text, number, source.typed(value(&row, *place, column)?, column), column);
        }
        text.push_str("</attvalues></node>\n");
        count += 1;
        hand_on(out, text)?;
    }
    Ok(count)
}

fn attribute(text: &mut String, number: usize, value: Value<'_>, column: &Column) {
    let start = text.len();
    let _ = write!(text, "<attvalue for=\"{number}\" value=");
    let _ = match value {
        Value::Empty if column.kind == Kind::Text => write!(text, "\"\""),
        Value::Empty => return text.truncate(start),
        Value::Text(cell) => {
            quoted(text, cell);
            Ok(())
        }
        Value::Integer(number) => write!(text, "\"{number}\""),
        Value::Number(number) => write!(text, "\"{number}\""),
        Value::YesNo(yes) => write!(text, "\"{yes}\""),
    };
    text.push_str("/>");
}

fn edges(source: &Source<'_>, out: &mut dyn Write, text: &mut String, min_weight: u64) -> Result<u64> {
    let mut table = source.table("cooccurrences")?;
    let [from, to, weight, articles] = table.columns(["source", "target", "weight", "articles"])?;
    let mut count = 0;
    while let Some(row) = table.read()? {
        let weight = row.integer(weight)?;
        if weight < min_weight {
            continue;
        }
        let _ = write!(text, "<edge id=\"{count}\" source=");
        quoted(text, row.cell(from));
        text.push_str(" target=");
        quoted(text, row.cell(to));
        let _ = writeln!(
            text,
            " weight=\"{weight}\"><attvalues><attvalue for=\"0\" value=\"{}\"/></attvalues></edge>",
            row.integer(articles)?
        );
        count += 1;
        hand_on(out, text)?;
    }
    Ok(count)
}

/// Writes what has come together, if it is much.
fn hand_on(out: &mut dyn Write, text: &mut String) -> Result<()> {
    if text.len() >= 1 << 16 {
        out.write_all(text.as_bytes()).map_err(written)?;
        text.clear();
    }
    Ok(())
}

/// Adds the value of an XML attribute with its quotation marks. Characters that XML does not have become U+FFFD.
fn quoted(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\t' => text.push_str("&#9;"),
            '\n' => text.push_str("&#10;"),
            '\r' => text.push_str("&#13;"),
            '\u{0}'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => text.push('\u{FFFD}'),
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_markup() {
        let mut text = String::new();
        quoted(&mut text, "a \"b\" <c> & 'd'\n\u{1}\u{FFFF}é👩");
        assert_eq!(text, "\"a &quot;b&quot; &lt;c&gt; &amp; 'd'&#10;\u{FFFD}\u{FFFD}é👩\"");
    }
}
