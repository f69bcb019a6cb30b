//! Feeds: RSS 2.0 and its older kin, RSS 1.0 (RDF) and Atom; one record for each item.

use super::{
    Flow, Format, Parsed, Reason, Sink, Source, html, language_code, markup, unknown,
    xml::{self, Cut, Cutter, Element, Elements},
};
use crate::model::Article;
use std::{io, sync::Arc};

/// A feed.
#[derive(Debug)]
pub(super) struct Feed;

impl Format for Feed {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rss", "atom", "rdf", "xml"]
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        matches!(xml::root(head), Some(b"rss" | b"feed" | b"rdf:RDF" | b"RDF")) && !unknown::is_binary(head)
    }

    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let mut channel = None;
        let whole = |bytes: Vec<u8>, channel: &Arc<Channel>| -> super::Job {
            let channel = Arc::clone(channel);
            Box::new(move || article(&bytes, &channel))
        };
        records(source, sink, &["item", "entry"], &mut |cutter| {
            let channel = channel.get_or_insert_with(|| Arc::new(Channel::of(&cutter.head)));
            whole(std::mem::take(&mut cutter.bytes), channel)
        })
    }
}

/// Hands each record of an XML document to `sink`; `job` makes its work.
pub(super) fn records(
    source: &mut Source,
    sink: &mut Sink<'_>,
    names: &'static [&'static str],
    job: &mut dyn FnMut(&mut Cutter) -> super::Job,
) -> io::Result<Flow> {
    let limit = sink.options().max_record();
    let mut cutter = Cutter::new(names, limit);
    let mut record = 0;
    while let Some(cut) = cutter.next(source).inspect_err(|_| source.lose(record + 1, cutter.start))? {
        record += 1;
        let (start, length) = (cutter.start, cutter.bytes.len());
        let flow = match cut {
            Cut::Whole => {
                let job = job(&mut cutter);
                sink.job(source, record, start, length, job)
            }
            Cut::Open => {
                let detail = "the element of the record does not end".to_string();
                sink.record(source, record, start, Reason::BadMarkup, detail)
            }
            Cut::TooLarge => {
                let detail = format!("the record has more than {limit} bytes");
                sink.record(source, record, start, Reason::TooLarge, detail)
            }
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
    if record == 0 {
        let root = xml::root(source.head()).map(|name| String::from_utf8_lossy(name).into_owned());
        let detail = match root {
            Some(root) => format!("an XML document (`{root}`) without any of {}", names.join(", ")),
            None => "no XML document".to_string(),
        };
        return Ok(sink.record(source, 0, 0, Reason::BadMarkup, detail));
    }
    Ok(Flow::Continue(()))
}

/// What holds for all items of a feed.
#[derive(Debug, Default)]
struct Channel {
    head: Vec<u8>,
    title: Option<String>,
    author: Option<String>,
    language: Option<String>,
}

impl Channel {
    fn of(head: &[u8]) -> Channel {
        // It ends where the first item begins: that it is not complete is no fault.
        let (elements, _) = Elements::of(xml::decode(head, head));
        let at = elements.all.iter().position(|element| matches!(element.local(), "channel" | "feed")).unwrap_or(0);
        let mut channel = Channel { head: head[..head.len().min(256)].to_vec(), ..Channel::default() };
        let lang = elements.all.get(at).and_then(|element| element.attribute("xml:lang"));
        channel.language = lang.and_then(language_code);
        for (number, child) in elements.children(at) {
            match child.local() {
                "title" => keep(&mut channel.title, elements.line_of(child)),
                "language" => channel.language = language_code(child.text.trim()).or(channel.language.take()),
                "author" => {
                    let name = elements.children(number).find(|(_, element)| element.local() == "name");
                    keep(&mut channel.author, name.map(|(_, name)| elements.line_of(name)).unwrap_or_default());
                }
                _ => {}
            }
        }
        channel
    }
}

fn keep(slot: &mut Option<String>, value: String) {
    if slot.is_none() && !value.is_empty() {
        *slot = Some(value);
    }
}

/// How good an element is as the text; 0 is best.
fn rank(element: &Element) -> Option<usize> {
    Some(match element.name.as_str() {
        "content:encoded" | "encoded" => 0,
        "content" | "atom:content" => 1,
        "yandex:full-text" | "full-text" | "fulltext" | "body" | "xhtml:body" => 2,
        "description" | "rss:description" => 3,
        "summary" | "atom:summary" => 4,
        _ => return None,
    })
}

fn article(bytes: &[u8], channel: &Channel) -> Parsed {
    let (elements, fault) = Elements::of(xml::decode(bytes, &channel.head));
    if let Some(fault) = fault {
        return Err(fault);
    }
    let mut article = Article::default();
    let mut text: Option<(usize, &Element)> = None;
    let (mut authors, mut updated) = (Vec::new(), None);
    for (number, child) in elements.children(0) {
        if let Some(rank) = rank(child)
            && text.is_none_or(|(best, _)| rank < best)
            && !(child.text.trim().is_empty() && elements.inner(child).trim().is_empty())
        {
            text = Some((rank, child));
        }
        let line = || elements.line_of(child);
        let inner = |name: &str| elements.children(number).find(|(_, element)| element.local() == name).map(|(_, e)| e);
        match child.local() {
            // Media elements have titles too.
            "title" if child.name == "title" || child.name.starts_with("atom") => keep(&mut article.title, line()),
            "link" => match child.attribute("href") {
                Some(href) if child.attribute("rel").is_none_or(|rel| rel == "alternate") => {
                    keep(&mut article.url, href.trim().to_string());
                }
                Some(_) => {}
                None => keep(&mut article.url, child.text.trim().to_string()),
            },
            "guid" | "id" if article.id.is_empty() => {
                article.id = child.text.trim().chars().filter(|c| !c.is_control()).take(500).collect();
            }
            "pubDate" | "date" | "published" | "issued" => keep(&mut article.published, child.text.trim().to_string()),
            "updated" | "modified" | "created" => keep(&mut updated, child.text.trim().to_string()),
            "creator" | "author" if !child.name.starts_with("media") => {
                let name = inner("name").map_or_else(line, |name| elements.line_of(name));
                // RSS has an address with the name in brackets.
                let bracketed = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
                let name = bracketed.filter(|_| name.contains('@')).unwrap_or(&name).trim().to_string();
                if !name.is_empty() && !authors.contains(&name) && authors.len() < 32 {
                    authors.push(name);
                }
            }
            "source" => {
                let title = inner("title").map_or_else(line, |title| elements.line_of(title));
                keep(&mut article.outlet, title);
            }
            "language" => article.language = language_code(child.text.trim()),
            _ => {}
        }
    }
    article.published = article.published.or(updated);
    article.author = Some(authors.join("; ")).filter(|names| !names.is_empty()).or_else(|| channel.author.clone());
    article.outlet = article.outlet.or_else(|| channel.title.clone());
    article.language = article.language.or_else(|| channel.language.clone());
    if article.url.is_none() && article.id.starts_with("http") {
        article.url = Some(article.id.clone());
    }
    let Some((_, text)) = text else {
        return Err((Reason::NoText, "the item has neither content nor description".to_string()));
    };
    article.text = match text.attribute("type") {
        Some("xhtml" | "application/xhtml+xml") => html::fragment(&elements.inner(text))?,
        Some("text" | "text/plain") => text.text.trim().to_string(),
        _ if text.text.trim().is_empty() && elements.inner(text).contains("<p") => {
            html::fragment(&elements.inner(text))?
        }
        _ if html::is_page(text.text.as_bytes()) => {
            markup::read(Article { text: text.text.clone(), ..Article::default() })?.text
        }
        _ => html::fragment(&text.text)?,
    };
    Ok(article)
}
