//! FollowTheMoney entities as JSON Lines, as OpenSanctions and OCCRP's Aleph write them.

use super::{
    Format,
    entry::Entry,
    input::{Input, Lines},
    out::Out,
};
use crate::error::Result;
use serde::Deserialize;

/// Lines of entities.
pub(super) struct Ftm;

const LONGEST: usize = 16 << 20;

#[derive(Deserialize)]
struct Entity {
    id: String,
    schema: String,
    #[serde(default)]
    caption: String,
    properties: Properties,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Properties {
    name: Vec<String>,
    alias: Vec<String>,
    weak_alias: Vec<String>,
    country: Vec<String>,
    nationality: Vec<String>,
    jurisdiction: Vec<String>,
    gender: Vec<String>,
    wikidata_id: Vec<String>,
}

impl Format for Ftm {
    fn name(&self) -> &'static str {
        "ftm"
    }

    fn expected(&self) -> &'static str {
        "FollowTheMoney entities: a JSON object with id, schema and properties on every line"
    }

    fn source(&self) -> &'static str {
        "FollowTheMoney entities, for instance of https://www.opensanctions.org/"
    }

    fn licence(&self) -> &'static str {
        "CC BY-NC 4.0 if of OpenSanctions, and not to be bundled; else as the publisher says"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let lines = Lines { longest: LONGEST, expected: self.expected(), skip: |_, _| false };
        lines.each(input, out, |text, out| match serde_json::from_str(text) {
            Ok(entity) => take(entity, out).map(Ok),
            Err(error) => Ok(Err(error.to_string())),
        })
    }
}

fn take(entity: Entity, out: &mut Out<'_>) -> Result<()> {
    let Entity { id, schema, caption, properties } = entity;
    let Some((kind, class)) = out.class("ftm", &[&schema], &format!("{schema}: {caption}")) else { return Ok(()) };
    for alias in &properties.weak_alias {
        out.drop_alias("weak alias", alias);
    }
    let mut names = properties.name;
    let name = if caption.is_empty() && !names.is_empty() { names.remove(0) } else { caption };
    names.retain(|other| *other != name);
    names.extend(properties.alias);
    let countries = properties.nationality.iter().chain(&properties.jurisdiction).chain(&properties.country);
    let first = |list: &[String]| list.first().cloned().unwrap_or_default();
    let entry = Entry {
        class,
        aliases: names,
        country: first_code(countries.map(String::as_str)),
        gender: first(&properties.gender).chars().filter(|c| c.is_alphabetic()).collect(),
        wikidata: first(&properties.wikidata_id),
        id: id.clone(),
        ..Entry::new(&name, kind)
    };
    out.part(&id, 0, entry)
}

/// The first that is a code of two letters: bodies such as the EU and states of the past have longer ones.
pub(super) fn first_code<'c>(mut codes: impl Iterator<Item = &'c str>) -> String {
    let is_code = |code: &&str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()) && *code != "eu";
    codes.find(is_code).map_or(String::new(), str::to_ascii_uppercase)
}
