//! The XML of news agencies: NITF, NewsML-G2, and NewsML 1; one record for each item of news.

use super::{
    Flow, Format, Job, Parsed, Reason, Sink, Source, feed, html, language_code, unknown,
    xml::{self, Elements},
};
use crate::model::Article;
use std::io;

/// A file of NITF or NewsML.
#[derive(Debug)]
pub(super) struct NewsMl;

/// The elements that are records. Items that are no news (packages, which refer to items; concepts; plans) have no text,
/// and become rejects.
const RECORDS: &[&str] =
    &["newsItem", "NewsItem", "nitf", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"];

impl Format for NewsMl {
    fn name(&self) -> &'static str {
        "newsml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["newsml", "nitf", "xml"]
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        let root = xml::root(head).map(|name| name.rsplit(|b| *b == b':').next().unwrap_or(name));
        let known = |root: &[u8]| {
            RECORDS.iter().chain(&["newsMessage", "itemSet", "NewsML"]).any(|name| name.as_bytes() == root)
        };
        root.is_some_and(known) && !unknown::is_binary(head)
    }

    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        feed::records(source, sink, RECORDS, &mut |cutter| -> Job {
            let bytes = std::mem::take(&mut cutter.bytes);
            let head = cutter.head[..cutter.head.len().min(256)].to_vec();
            Box::new(move || article(&bytes, &head))
        })
    }
}

fn article(bytes: &[u8], head: &[u8]) -> Parsed {
    let (elements, fault) = Elements::of(xml::decode(bytes, head));
    if let Some(fault) = fault {
        return Err(fault);
    }
    let text = body(&elements)?;
    let line = |names: &[&str]| names.iter().find_map(|name| elements.line(name));
    let attribute = |element: &'static str, name: &str| elements.attribute(element, name);
    let root = elements.all.first();
    let own = |name: &str| root.and_then(|root| root.attribute(name)).map(str::to_string);
    let published = attribute("date.issue", "norm")
        .map(str::to_string)
        .or_else(|| line(&["contentCreated", "firstCreated", "FirstCreated", "versionCreated", "ThisRevisionCreated"]))
        .or_else(|| attribute("story.date", "norm").map(str::to_string))
        .or_else(|| attribute("pubdata", "date.publication").map(str::to_string));
    let provider = elements.named("provider").next().map(|provider| {
        let at = elements.all.iter().position(|element| std::ptr::eq(element, provider)).unwrap_or(0);
        let name =
            elements.children(at).find(|(_, child)| child.local() == "name").map(|(_, name)| elements.line_of(name));
        name.or_else(|| provider.attribute("literal").map(str::to_string)).unwrap_or_else(|| {
            provider.attribute("qcode").and_then(|q| q.split(':').nth(1)).unwrap_or_default().to_string()
        })
    });
    let outlet = provider
        .filter(|name| !name.is_empty())
        .or_else(|| attribute("pubdata", "name").map(str::to_string))
        .or_else(|| line(&["doc.copyright", "distributor", "CreditLine", "creditline"]))
        .or_else(|| attribute("doc.copyright", "holder").map(str::to_string))
        .or_else(|| attribute("Party", "FormalName").map(str::to_string));
    let language = own("xml:lang").or_else(|| attribute("language", "tag").map(str::to_string)).or_else(|| {
        attribute("inlineXML", "xml:lang").or_else(|| attribute("Language", "FormalName")).map(str::to_string)
    });
    let id = own("guid")
        .or_else(|| attribute("doc-id", "id-string").map(str::to_string))
        .or_else(|| line(&["PublicIdentifier"]))
        .unwrap_or_default();
    Ok(Article {
        id: id.trim().chars().filter(|c| !c.is_control()).take(500).collect(),
        title: line(&["headline", "hl1", "hedline", "HeadLine", "title"]),
        published,
        outlet,
        author: author(&elements),
        language: language.as_deref().and_then(language_code),
        text,
        ..Article::default()
    })
}

/// The text, with the dateline before it, where that is an element of its own.
fn body(elements: &Elements) -> Result<String, (Reason, String)> {
    let mut fault = None;
    for name in ["body.content", "body", "inlineXML", "inlineData", "DataContent"] {
        for element in elements.named(name) {
            match html::fragment(&elements.inner(element)) {
                Ok(text) => {
                    let dateline = elements.line("dateline").or_else(|| elements.line("DateLine")).unwrap_or_default();
                    let place = dateline.split([',', ' ']).next().unwrap_or_default();
                    if dateline.is_empty() || dateline.len() > 100 || text.starts_with(place) {
                        return Ok(text);
                    }
                    return Ok(format!("{} — {text}", dateline.trim_end_matches(['-', '–', '—', ' '])));
                }
                Err(why) => fault = Some(why),
            }
        }
    }
    let root = elements.all.first().map_or("", |root| root.local());
    Err(fault.unwrap_or_else(|| (Reason::NoText, format!("the `{root}` has no text of its own"))))
}

fn author(elements: &Elements) -> Option<String> {
    let byline = ["by", "byline", "ByLine"].iter().find_map(|name| elements.line(name));
    let name = byline.or_else(|| {
        let creator = elements.all.iter().position(|element| element.local() == "creator")?;
        elements.children(creator).find(|(_, child)| child.local() == "name").map(|(_, name)| elements.line_of(name))
    })?;
    Some(name.trim().to_string()).filter(|name| !name.is_empty())
}
