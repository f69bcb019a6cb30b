//! The page: templates, style and script into one file that needs nothing but itself.

use super::{
    collect::Counts,
    facts::Facts,
    lists::Lists,
    map::Map,
    pieces::line,
    reader::{ArticleView, Link, Reading},
    relations::Relations,
    timeline::Timeline,
};
use crate::error::{Error, Result};
use data_encoding::BASE64;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Speakers with a bar.
const SPEAKERS: usize = 25;

/// Forms of a name, or roles.
const FORMS: usize = 4;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");
/// Templates by name. The ending makes the engine escape everything that comes from tables.
const TEMPLATES: &[(&str, &str)] = &[
    ("report.html", include_str!("report.html")),
    ("facts.html", include_str!("facts.html")),
    ("speakers.html", include_str!("speakers.html")),
    ("timeline.html", include_str!("timeline.html")),
    ("entities.html", include_str!("entities.html")),
    ("relations.html", include_str!("relations.html")),
    ("map.html", include_str!("map.html")),
    ("unknown.html", include_str!("unknown.html")),
    ("reader.html", include_str!("reader.html")),
    ("macros.html", include_str!("macros.html")),
];

/// Everything that the templates show.
#[derive(Serialize)]
pub(super) struct Page {
    title: String,
    style: &'static str,
    script: &'static str,
    style_hash: String,
    script_hash: String,
    facts: Facts,
    speakers: Vec<SpeakerRow>,
    timeline: Timeline,
    entities: Vec<EntityRow>,
    relations: Relations,
    map: Map,
    unknown: Vec<UnknownRow>,
    candidates: u64,
    articles: Vec<ArticleView>,
    /// Articles in the run.
    all_articles: u64,
    has_texts: bool,
}

#[derive(Serialize)]
struct SpeakerRow {
    name: String,
    kind: &'static str,
    known: bool,
    quotes: u64,
    kinds: [u64; 3],
    called: [u64; 4],
    /// Widths of the bar's parts, of 100 for the most quoted.
    bar: [f64; 3],
    /// Mean confidence.
    confidence: String,
    link: Link,
}

#[derive(Serialize)]
struct EntityRow {
    name: String,
    kind: &'static str,
    surfaces: String,
    country: String,
    known: bool,
    mentions: u64,
    articles: u64,
    quotes: u64,
    first: String,
    last: String,
    link: Link,
}

#[derive(Serialize)]
struct UnknownRow {
    name: String,
    kind: &'static str,
    mentions: u64,
    articles: u64,
    confidence: String,
    roles: String,
    example: String,
    link: Link,
}

impl Page {
    /// Puts together what was counted and read.
    pub(super) fn of(
        title: &str,
        facts: Facts,
        lists: &Lists,
        counts: &Counts,
        reading: Reading,
        has_texts: bool,
    ) -> Page {
        let first = |i: usize| counts.entities.get(i).and_then(|of| of.first.as_ref());
        let entities = lists.entities.iter().enumerate().filter(|(_, entity)| entity.listed);
        let entities = entities.map(|(i, entity)| EntityRow {
            name: line(&entity.name),
            kind: entity.kind,
            surfaces: forms(&entity.surfaces, " | "),
            country: line(&entity.country),
            known: entity.known,
            mentions: entity.mentions,
            articles: entity.articles,
            quotes: entity.quotes,
            first: line(entity.first.get(..10).unwrap_or(&entity.first)),
            last: line(entity.last.get(..10).unwrap_or(&entity.last)),
            link: reading.entity(i, first(i)),
        });
        let mut entities: Vec<EntityRow> = entities.collect();
        entities.sort_by_key(|entity| std::cmp::Reverse(entity.mentions));
        let unknown = lists.unknown.iter().filter_map(|row| Some((row, lists.entities.get(row.entity)?)));
        let unknown = unknown.map(|(row, entity)| UnknownRow {
            name: line(&entity.name),
            kind: entity.kind,
            mentions: entity.mentions,
            articles: entity.articles,
            confidence: format!("{:.2}", row.confidence),
            roles: forms(&row.roles, "|"),
            example: line(&row.example),
            link: reading.entity(row.entity, first(row.entity)),
        });
        Page {
            title: line(title),
            style: STYLE,
            script: SCRIPT,
            style_hash: hash(STYLE),
            script_hash: hash(SCRIPT),
            speakers: speakers(lists, counts, &reading),
            timeline: Timeline::of(lists, counts, &reading),
            entities,
            relations: Relations::of(lists, counts, &reading),
            map: Map::of(lists, counts, &reading),
            unknown: unknown.collect(),
            candidates: lists.candidates,
            facts,
            articles: reading.articles,
            all_articles: counts.articles,
            has_texts,
        }
    }

    /// The page as text.
    pub(super) fn render(&self) -> Result<String> {
        render(TEMPLATES, self)
    }
}

/// Fills the first of some templates, which may include the others. Whatever comes from `view` is escaped where the name of the
/// template ends in `.html`.
///
/// # Errors
/// A template that does not fit what it is given.
pub fn render(templates: &[(&'static str, &'static str)], view: &impl Serialize) -> Result<String> {
    let fail = |error: minijinja::Error| Error::format(format!("the page cannot be made: {error:#}"));
    let mut engine = Environment::new();
    engine.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    engine.set_trim_blocks(true);
    engine.set_lstrip_blocks(true);
    engine.add_filter("grouped", grouped);
    for (name, text) in templates {
        engine.add_template(name, text).map_err(fail)?;
    }
    let first = templates.first().map_or("", |(name, _)| name);
    engine.get_template(first).and_then(|template| template.render(view)).map_err(fail)
}

/// The first of some forms or roles.
fn forms(joined: &str, joint: &str) -> String {
    let mut forms = joined.split(joint);
    let shown: Vec<String> = forms.by_ref().take(FORMS).map(line).collect();
    let more = if forms.next().is_some() { " …" } else { "" };
    shown.join(" · ") + more
}

fn speakers(lists: &Lists, counts: &Counts, reading: &Reading) -> Vec<SpeakerRow> {
    let said = lists.speakers.iter().take(SPEAKERS).filter_map(|speaker| {
        Some((*speaker, lists.entities.get(*speaker)?, counts.entities.get(*speaker)?.said.as_ref()?))
    });
    let most = lists.speakers.first().and_then(|speaker| lists.entities.get(*speaker)).map_or(1, |e| e.quotes.max(1));
    said.map(|(i, entity, said)| {
        let total: u64 = said.kinds.iter().sum();
        SpeakerRow {
            name: line(&entity.name),
            kind: entity.kind,
            known: entity.known,
            quotes: total,
            kinds: said.kinds,
            called: said.called,
            bar: said.kinds.map(|count| (1000.0 * count as f64 / most as f64).round() / 10.0),
            confidence: format!("{:.2}", said.sum / total.max(1) as f64),
            link: reading.said(i, said.first.as_ref()),
        }
    })
    .collect()
}

/// How a content security policy names the text of a script or a style.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64.encode(&Sha256::digest(text)))
}

/// A number with commas between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn hashes_are_written_as_browsers_want_them() {
        assert_eq!(hash("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }

    #[test]
    fn style_and_script_stay_within_their_elements() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--") && !text.contains('\r'));
        }
    }
}
