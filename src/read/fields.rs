//! Which fields of a record are which, and a JSON object -> an article.

use super::{date, value};
use crate::model::Article;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::{borrow::Cow, fmt};

/// What a field of a record can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The article's own id.
    Id,
    /// The body text.
    Text,
    /// The headline.
    Title,
    /// The date of publication.
    Published,
    /// The publisher.
    Outlet,
    /// Author or byline.
    Author,
    /// The link.
    Url,
    /// The language of the text.
    Language,
}

impl Field {
    /// All of them.
    pub const ALL: [Field; USUAL.len()] = [
        Field::Id,
        Field::Text,
        Field::Title,
        Field::Published,
        Field::Outlet,
        Field::Author,
        Field::Url,
        Field::Language,
    ];
}

/// The usual names, best first, as [`fold`] writes them. They are those of news-please, Common Crawl's news sets,
/// NewsAPI, schema.org, RSS and MongoDB exports.
const USUAL: [(Field, &[&str]); 8] = [
    (Field::Id, &["id", "guid", "articleid", "docid", "documentid", "uuid"]),
    (
        Field::Text,
        &["text", "body", "content", "article", "maintext", "articlebody", "fulltext", "bodytext", "plaintext"],
    ),
    (Field::Title, &["title", "headline"]),
    (
        Field::Published,
        &[
            "date",
            "published",
            "datepublish",
            "pubdate",
            "datepublished",
            "publishedat",
            "publicationdate",
            "publishdate",
            "datetime",
        ],
    ),
    (
        Field::Outlet,
        &["source", "outlet", "publisher", "sourcedomain", "domain", "publication", "newspaper", "sitename"],
    ),
    (Field::Author, &["author", "authors", "byline", "creator"]),
    (Field::Url, &["url", "link", "uri", "webpage", "permalink"]),
    (Field::Language, &["language", "lang", "inlanguage", "languagecode", "langcode"]),
];

/// Where the fields of a record are found: under their usual names, or where the user says.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    named: [Option<String>; USUAL.len()],
}

impl Fields {
    /// Takes `field` from `path` alone: a key, or several joined by dots where objects lie in objects.
    pub fn set(&mut self, field: Field, path: &str) {
        self.named[field as usize] = Some(path.to_string());
    }

    /// The path that the user set for `field`.
    pub fn named(&self, field: Field) -> Option<&str> {
        self.named[field as usize].as_deref()
    }

    /// Reads one JSON object; `None` if it has no text.
    pub(super) fn article(&self, json: &str) -> serde_json::Result<Option<Article>> {
        let mut parser = serde_json::Deserializer::from_str(json);
        let found = Object(self).deserialize(&mut parser)?;
        parser.end()?;
        Ok(assemble(found))
    }

    /// Where in a table with columns of these `names` the fields are.
    pub(super) fn columns(&self, names: &[String]) -> Columns {
        let mut columns = Columns::default();
        let mut ranked: [Vec<(usize, usize)>; USUAL.len()] = Default::default();
        for (column, name) in names.iter().enumerate() {
            for (field, rank, _) in self.wanted(name).into_iter().filter(|(.., rest)| rest.is_empty()) {
                ranked[field as usize].push((rank, column));
            }
        }
        for (mut ranked, columns) in ranked.into_iter().zip(&mut columns.0) {
            ranked.sort_unstable();
            columns.extend(ranked.into_iter().map(|(_, column)| column));
        }
        columns
    }

    /// Says which fields were looked for in vain.
    pub(super) fn missing_text(&self) -> String {
        match self.named(Field::Text) {
            Some(path) => format!("the record has no text under `{path}`"),
            None => format!("the record has no text under any of {} (see --text-field)", usual_names(Field::Text)),
        }
    }

    /// What the top-level key `key` may hold: field, rank (0 is best) and the rest of the path.
    pub(super) fn wanted(&self, key: &str) -> Vec<(Field, usize, &str)> {
        let folded = fold(key);
        let mut wanted = Vec::new();
        for (field, usual) in USUAL {
            match self.named(field) {
                Some(path) if fold(path) == folded => wanted.push((field, 0, "")),
                Some(path) => {
                    if let Some((_, rest)) = path.split_once('.').filter(|(first, _)| fold(first) == folded) {
                        wanted.push((field, 1, rest));
                    }
                }
                None => wanted.extend(usual.iter().position(|name| *name == folded).map(|rank| (field, rank, ""))),
            }
        }
        wanted
    }
}

/// For each field, the columns of a table that may hold it, best first.
#[derive(Debug, Default)]
pub(super) struct Columns([Vec<usize>; USUAL.len()]);

impl Columns {
    /// Whether any column may hold the text.
    pub(super) fn have_text(&self) -> bool {
        !self.0[Field::Text as usize].is_empty()
    }

    /// Reads a row whose cell in a column is told by `cell`; `None` if it has no text.
    pub(super) fn article<'c>(&self, cell: impl Fn(usize) -> &'c str) -> Option<Article> {
        let mut found = Found::default();
        for (columns, value) in self.0.iter().zip(&mut found) {
            let filled = columns.iter().map(|column| cell(*column)).find(|cell| !cell.trim().is_empty());
            *value = filled.map(|cell| (0, Cow::Borrowed(cell)));
        }
        assemble(found)
    }
}

/// The usual names of a field, best first.
pub(super) fn usual_names(field: Field) -> String {
    USUAL[field as usize].1.join(", ")
}

/// What the column or key `name` usually holds.
pub(super) fn usual(name: &str) -> Option<Field> {
    let folded = fold(name.trim());
    USUAL.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(field, _)| *field)
}

/// An article of what was found for each field; `None` if it has no text.
pub(super) fn assemble(found: Found<'_>) -> Option<Article> {
    let [id, text, title, published, outlet, author, url, language] = found.map(|best| best.map(|(_, value)| value));
    let text = text.filter(|text| !text.trim().is_empty())?;
    let trimmed = |value: Option<Cow<'_, str>>| value.map(|v| v.trim().to_string()).filter(|v| !v.is_empty());
    Some(Article {
        id: trimmed(id).unwrap_or_default().chars().filter(|c| !c.is_control()).collect(),
        title: trimmed(title),
        published: trimmed(published),
        outlet: trimmed(outlet),
        author: trimmed(author),
        url: trimmed(url),
        language: trimmed(language),
        text: text.into_owned(),
        ..Article::default()
    })
}

/// For each field the best value so far with its rank.
pub(super) type Found<'de> = [Option<(usize, Cow<'de, str>)>; USUAL.len()];

/// Reads an object and keeps the wanted fields; everything else is passed over without being stored.
struct Object<'f>(&'f Fields);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Found<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Found<'de>, M::Error> {
        let mut found = Found::default();
        // Keys are strings.
        while let Some(value::Field::Text(key)) = map.next_key()? {
            let wanted = self.0.wanted(&key);
            if wanted.is_empty() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            match map.next_value()? {
                value::Field::Text(text) => keep_text(&mut found, &wanted, text),
                value::Field::Other(value) => keep_other(&mut found, &wanted, &value),
            }
        }
        Ok(found)
    }
}

/// Keeps a string for those fields that want it; there is nothing in it to descend into.
pub(super) fn keep_text<'de>(found: &mut Found<'de>, wanted: &[(Field, usize, &str)], text: Cow<'de, str>) {
    let whole = |path: &str| path.split('.').all(str::is_empty);
    let mut slots: Vec<(Field, usize)> = wanted.iter().filter(|w| whole(w.2)).map(|w| (w.0, w.1)).collect();
    slots.retain(|(field, rank)| is_better(&found[*field as usize], *rank) && !text.trim().is_empty());
    let Some((last, rank)) = slots.pop() else { return };
    for (field, rank) in slots {
        found[field as usize] = Some((rank, text.clone()));
    }
    found[last as usize] = Some((rank, text));
}

/// Keeps the text of a value that is no string, or of what lies in it.
pub(super) fn keep_other(found: &mut Found<'_>, wanted: &[(Field, usize, &str)], value: &Value) {
    for (field, rank, path) in wanted {
        let slot = &mut found[*field as usize];
        if is_better(slot, *rank)
            && let Some(text) = descend(value, path).and_then(|value| plain(value, *field))
        {
            *slot = Some((*rank, Cow::Owned(text)));
        }
    }
}

fn is_better<T>(best: &Option<(usize, T)>, rank: usize) -> bool {
    best.as_ref().is_none_or(|(best, _)| *best > rank)
}

/// The value at `path` (keys joined by dots, numbers for places in arrays) below `value`.
fn descend<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|key| !key.is_empty()).try_fold(value, |value, key| match value {
        Value::Object(map) => {
            map.get(key).or_else(|| map.iter().find(|(name, _)| fold(name) == fold(key)).map(|(_, value)| value))
        }
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Members of an object or a structure that say what it is, best first: those of MongoDB's extended JSON, and the nested names of
/// NewsAPI and schema.org.
pub(super) const MEMBERS: [&str; 5] = ["$oid", "$date", "name", "text", "value"];

/// A value as text: arrays joined, objects by their name; `None` if it holds no text.
fn plain(value: &Value, field: Field) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if field == Field::Published => date::from_number(number),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => {
            let joint = if field == Field::Text { "\n\n" } else { "; " };
            list.iter().filter_map(|value| plain(value, field)).collect::<Vec<_>>().join(joint)
        }
        Value::Object(map) => {
            let key = MEMBERS.into_iter().find_map(|key| map.get(key))?;
            plain(key, field)?
        }
        Value::Null | Value::Bool(_) => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// A key in lower case, without what joins its words: `date_publish`, `datePublish` and `date-publish` are one.
pub(super) fn fold(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}
