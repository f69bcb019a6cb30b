//! Text that turns out to be HTML, in whatever format it came: the `content` of a JSON record, a column of a table.

use super::{Parsed, html};
use crate::model::Article;
use html5gum::{
    Span, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};
use std::{borrow::Cow, convert::Infallible};

/// Tags beyond this number are not looked at: by then it is known what a text is.
const MOST_TAGS: usize = 64;

/// Whether `text` is HTML: it begins with an element and has others or an end, or several of its paragraphs are elements.
/// A text that merely mentions a tag is none.
pub(super) fn is_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut ends, mut blocks) = (0, 0);
    let begins = text.trim_start().starts_with('<') && {
        let start = text.trim_start().as_bytes();
        html::is_page(start) || tag(start).is_some_and(|tag| tag.kind != Kind::Other)
    };
    for at in memchr::memchr_iter(b'<', bytes).take(MOST_TAGS) {
        let Some(tag) = tag(&bytes[at..]) else { continue };
        let after = bytes.get(at + tag.length).copied();
        // A tag that is spoken of stands like a word.
        let in_place = after.is_none_or(|next| matches!(next, b'<' | b'\n' | b'\r'))
            || at > 0 && !bytes[at - 1].is_ascii_whitespace();
        ends += usize::from(tag.is_end || tag.kind == Kind::Break);
        blocks += usize::from(in_place && (tag.is_end && tag.kind == Kind::Block || tag.kind == Kind::Break));
        if begins && ends > 0 || blocks > 1 {
            return true;
        }
    }
    false
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Block,
    Break,
    Inline,
    Other,
}

struct Tag {
    kind: Kind,
    is_end: bool,
    length: usize,
}

/// The tag that `bytes` begin with.
fn tag(bytes: &[u8]) -> Option<Tag> {
    let rest = bytes.strip_prefix(b"<")?;
    let (is_end, name) = rest.strip_prefix(b"/").map_or((false, rest), |name| (true, name));
    let end = name.iter().position(|b| !b.is_ascii_alphanumeric())?;
    let kind = match name[..end].to_ascii_lowercase().as_slice() {
        b"p" | b"div" | b"li" | b"ul" | b"ol" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"blockquote"
        | b"table" | b"tr" | b"td" | b"section" | b"article" | b"figure" | b"header" | b"pre" | b"main" | b"body"
        | b"center" => Kind::Block,
        b"br" => Kind::Break,
        b"a" | b"b" | b"i" | b"em" | b"strong" | b"span" | b"font" | b"img" | b"u" => Kind::Inline,
        _ => Kind::Other,
    };
    let close = memchr::memchr(b'>', &name[end..name.len().min(4096)])?;
    Some(Tag { kind, is_end, length: bytes.len() - name.len() + end + close + 1 })
}

/// Takes tags and entities out of the title of a record.
pub(super) fn mend_title(article: &mut Article) {
    if let Some(title) = article.title.as_mut().filter(|title| title.contains(['&', '<'])) {
        *title = without(title).trim().to_string();
    }
}

/// Makes of an article whose text is HTML one whose text is text. What the record says about it counts more than what
/// the page says.
pub(super) fn read(article: Article) -> Parsed {
    let mut remarks = article.remarks;
    remarks.push("html");
    if html::is_page(article.text.as_bytes()) {
        let page = html::page(&article.text)?;
        return Ok(Article {
            title: article.title.or(page.title),
            published: article.published.or(page.published),
            outlet: article.outlet.or(page.outlet),
            author: article.author.or(page.author),
            url: article.url.or(page.url),
            language: article.language.or(page.language),
            text: page.text,
            remarks,
            ..article
        });
    }
    let text = html::fragment(&article.text)?;
    Ok(Article { text, remarks, ..article })
}

/// `text` with its entities decoded, if it has any.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if has_entity(text) { Cow::Owned(strings(&text.replace('<', "&lt;"))) } else { Cow::Borrowed(text) }
}

/// A line of text without tags, and with its entities decoded; those that were encoded twice as well.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let tagged = memchr::memchr_iter(b'<', text.as_bytes()).any(|at| tag(&text.as_bytes()[at..]).is_some());
    if !tagged {
        return decoded(text);
    }
    let once = strings(text);
    if has_entity(&once) { Cow::Owned(decoded(&once).into_owned()) } else { Cow::Owned(once) }
}

/// Whether `text` has an entity: `&amp;`, `&#8217;`.
pub(super) fn has_entity(text: &str) -> bool {
    memchr::memchr_iter(b'&', text.as_bytes()).any(|at| {
        let rest = &text.as_bytes()[at + 1..];
        let end = rest.iter().take(32).position(|b| *b == b';').unwrap_or(0);
        let name = rest[..end].strip_prefix(b"#").unwrap_or(&rest[..end]);
        end > 1 && !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric)
    })
}

/// The strings between the tags of `markup`.
fn strings(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let callback = |event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        if let CallbackEvent::String { value } = event {
            text.push_str(&String::from_utf8_lossy(value));
        }
        None
    };
    let _ = Tokenizer::new_with_emitter(markup, CallbackEmitter::new(callback)).finish();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_told_from_text_that_speaks_of_it() {
        for (text, expected) in [
            ("<p>One.</p><p>Two.</p>", true),
            ("  <div class=\"x\">One.</div>", true),
            ("One.<br>Two.<br/>Three.", true),
            ("One.</p>\n<p>Two.</p>\n<p>Three.", true),
            ("<!DOCTYPE html><html><body>x</body></html>", true),
            ("<a href=\"x\">Link</a> and text", true),
            ("Plain words.", false),
            ("The tag <b> makes text bold, and </b> ends it.", false),
            ("Use <p> and <div> and then </p> and </div> to end them.", false),
            ("<Applause> He said </applause>", false),
            ("a < b and c > d", false),
            ("<html> is a tag.", false),
            ("", false),
            ("<", false),
        ] {
            assert_eq!(is_markup(text), expected, "{text}");
        }
    }

    #[test]
    fn entities_are_decoded_and_lone_ampersands_kept() {
        for (text, expected) in [
            ("Mayor&#8217;s &quot;day&quot;", "Mayor’s \"day\""),
            ("R&D; AT&T", "R&D; AT&T"),
            ("A &amp; B < C", "A & B < C"),
            ("<i>A</i> &amp;#8217; B", "A ’ B"),
            ("I <3 you &hellip;", "I <3 you …"),
        ] {
            assert_eq!(without(text), expected, "{text}");
        }
    }
}
