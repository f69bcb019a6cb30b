//! HTML pages: the text of the article and what the page says about it, without all that stands around it.
//!
//! A page goes through plain arrays: tokens -> elements in order (`dom.rs`) -> blocks of text (`blocks.rs`) -> the blocks
//! that are the article (`body.rs`). All steps take time in proportion to the page.
//!
//! Crates that do this whole were tried and not taken: they keep captions, bylines and lists of other articles among the
//! text, and take time that grows with the square of the depth of a page.

mod about;
mod blocks;
mod body;
mod charset;
mod dom;
mod json_ld;
mod signal;
mod tag;
mod trim;

pub(super) use about::by;
pub(super) use charset::decode;
pub(super) use signal::prepare;

use super::{Flow, Format, Parsed, Reason, Sink, Source, markup, unknown};
use crate::model::Article;
use about::About;
use blocks::Blocks;
use body::{Body, Known};
use dom::Dom;
use std::io;

/// A file that is one HTML page.
#[derive(Debug)]
pub(super) struct Html;

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml", "shtml"]
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        is_page(head) && !unknown::is_binary(head)
    }

    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let limit = sink.options().max_text;
        let bytes = source.read_all(limit)?;
        if unknown::is_binary(source.head()) {
            let detail = unknown::describe(source.extension(), source.head());
            return Ok(sink.record(source, 1, 0, Reason::NotText, detail));
        }
        if bytes.len() as u64 >= limit {
            let detail = format!("the file has {limit} bytes or more, which is the limit for one text");
            return Ok(sink.record(source, 1, 0, Reason::TooLarge, detail));
        }
        let (id, length) = (source.stem().to_string(), bytes.len());
        let job = Box::new(move || page(&decode(&bytes, None)).map(|article| Article { id, ..article }));
        Ok(sink.job(source, 1, 0, length, job))
    }
}

/// Whether `head` begins as pages do: with a document type, `html`, or comments and an XML declaration before it.
pub(super) fn is_page(head: &[u8]) -> bool {
    let mut rest = head;
    for _ in 0..16 {
        rest = rest.trim_ascii_start();
        let end = match rest {
            [b'<', b'!', b'-', b'-', ..] => memchr::memmem::find(rest, b"-->").map(|at| at + 3),
            [b'<', b'?', ..] => memchr::memmem::find(rest, b"?>").map(|at| at + 2),
            _ => None,
        };
        let Some(end) = end else { break };
        rest = &rest[end..];
    }
    let start = rest[..rest.len().min(14)].to_ascii_lowercase();
    let begins =
        |word: &[u8]| start.strip_prefix(word).is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphanumeric));
    begins(b"<!doctype html") || [&b"<html"[..], b"<head", b"<body"].iter().any(|word| begins(word))
}

/// Texts of fewer bytes than this are what is left of a page without an article.
const SHORTEST: usize = 60;
/// Behind a paywall, texts of fewer bytes than this are no article.
const SHORTEST_PAID: usize = 300;

/// Reads the article in `page`.
pub(super) fn page(page: &str) -> Parsed {
    let dom = Dom::parse(page);
    if dom.cut {
        return Err((Reason::TooLarge, format!("the page has more than {} elements", dom.nodes.len())));
    }
    let mut about = About::of(&dom);
    let mut blocks = Blocks::of(&dom);
    if let Some(title) = about.title.as_deref().map(body::letters) {
        blocks.split_at_headline(&|line| line.len() > 20 && line.len() < 300 && title.contains(&body::letters(line)));
    }
    let blocks = blocks;
    let known = Known { title: about.title.as_deref(), author: about.author.as_deref() };
    let mut body = body::find(&dom, &blocks, known);
    about.complete(&dom, &blocks, &mut body);
    let text = joined(&blocks, &body.blocks);
    let text = match about.text.take() {
        Some(described) => better(text, &described, &blocks, &body),
        None => text,
    };
    let paid =
        about.free == Some(false) || dom.nodes.iter().any(|node| node.signals.contains(signal::Signals::PAYWALL));
    if text.len() < SHORTEST || paid && text.len() < SHORTEST_PAID {
        return Err(missing(&dom, &blocks, paid, text.len()));
    }
    Ok(Article {
        title: about.title,
        published: about.published,
        author: about.author,
        outlet: about.outlet,
        url: about.url,
        language: about.language,
        text,
        ..Article::default()
    })
}

/// Reads all text of `fragment`, a piece of a page such as the content of an item of a feed.
pub(super) fn fragment(fragment: &str) -> Result<String, (Reason, String)> {
    let dom = Dom::parse(fragment);
    if dom.cut {
        return Err((Reason::TooLarge, format!("the text has more than {} elements", dom.nodes.len())));
    }
    let blocks = Blocks::of_fragment(&dom);
    let text = joined(&blocks, &body::all(&dom, &blocks));
    if text.is_empty() {
        return Err((Reason::NoText, "the record's text is markup without any text".to_string()));
    }
    Ok(text)
}

fn joined(blocks: &Blocks, chosen: &[usize]) -> String {
    let mut text = String::with_capacity(chosen.iter().map(|block| blocks.all[*block].length() + 2).sum());
    for block in chosen {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(blocks.text(&blocks.all[*block]));
    }
    text
}

/// Which of two texts is the article: `shown` on the page, or `described` for machines, which is often without paragraphs.
fn better(shown: String, described: &str, blocks: &Blocks, body: &Body) -> String {
    let described = match markup::is_markup(described) {
        true => fragment(described).unwrap_or_default(),
        false => markup::decoded(described).trim().to_string(),
    };
    if shown.len() * 10 < described.len() * 6 {
        return described;
    }
    // Much more is shown than described: what is described tells which of the blocks are meant, if it tells them all.
    if described.len() > 800 && shown.len() > described.len() * 5 / 4 {
        let all = body::letters(&described);
        let known = |block: &usize| {
            let wanted = body::letters(blocks.text(&blocks.all[*block]));
            memchr::memmem::find(all.as_bytes(), wanted.as_bytes()).is_some()
        };
        let meant: Vec<usize> = body.blocks.iter().copied().filter(known).collect();
        let text = joined(blocks, &meant);
        if text.len() * 10 >= described.len() * 9 {
            return text;
        }
    }
    shown
}

/// Why a page has no article.
fn missing(dom: &Dom, blocks: &Blocks, paid: bool, length: usize) -> (Reason, String) {
    if dom.elements().count() < 2 {
        return (Reason::BadMarkup, "the page has no elements".to_string());
    }
    let (all, links) =
        blocks.all.iter().fold((0, 0), |(all, links), block| (all + block.length(), links + block.linked));
    let detail = match (all, paid) {
        (0, _) => "the page shows no text: it may be filled by a script".to_string(),
        (_, true) => format!("the article is behind a paywall: {length} bytes of it are in the page"),
        _ => format!("no article in the page: {all} bytes of text, {links} of them links"),
    };
    (Reason::NoText, detail)
}

#[cfg(test)]
mod tests;
