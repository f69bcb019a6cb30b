//! A page -> its elements in the order in which they begin, in one array.
//!
//! The tokens come from `html5gum`, which follows the HTML standard. The tree is a plain one: what the standard says of
//! elements that end without being told to (paragraphs, list items, cells) is done, and formatting that overlaps is left
//! as it stands, since nothing is shown. So a page costs time and memory in proportion to its length, however deeply it is
//! nested or badly broken. Nothing in this folder calls itself for each level of nesting.

use super::{
    signal::{self, Signals},
    tag::Tag,
};
use html5gum::{
    Span, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};
use std::{convert::Infallible, hash::Hasher, ops::Range};

/// Elements that lie deeper than this are taken as part of what they lie in. Pages of news sites reach some 60.
const DEEPEST: usize = 256;
/// Pages with more elements and stretches of text than this are not read any further.
const MOST_NODES: usize = 4_000_000;
/// Attributes of one element beyond this number are not kept.
const MOST_ATTRIBUTES: usize = 16;

/// An attribute that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    Class,
    Content,
    DateTime,
    Hidden,
    Href,
    ItemProp,
    ItemType,
    Lang,
    Name,
    Property,
    Rel,
    Role,
    Style,
    Type,
}

impl Attribute {
    fn named(name: &[u8]) -> Option<Attribute> {
        Some(match name {
            b"class" | b"id" | b"data-component" | b"data-testid" | b"data-module" => Attribute::Class,
            b"content" => Attribute::Content,
            b"datetime" => Attribute::DateTime,
            b"hidden" | b"aria-hidden" => Attribute::Hidden,
            b"href" => Attribute::Href,
            b"itemprop" => Attribute::ItemProp,
            b"itemtype" => Attribute::ItemType,
            b"lang" | b"xml:lang" => Attribute::Lang,
            b"name" | b"http-equiv" => Attribute::Name,
            b"property" => Attribute::Property,
            b"rel" => Attribute::Rel,
            b"role" => Attribute::Role,
            b"style" => Attribute::Style,
            b"type" => Attribute::Type,
            _ => return None,
        })
    }
}

/// One element or stretch of text.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub tag: Tag,
    /// Whether it is text within a link.
    pub linked: bool,
    pub signals: Signals,
    /// What tells elements of the same kind in the same place: a hash of name and classes.
    pub likeness: u32,
    pub parent: u32,
    /// The number after that of the last node in it.
    pub end: u32,
    /// Text: a range of bytes in [`Dom::text`]. Elements: a range of [`Dom::attributes`].
    range: Range<u32>,
}

/// A page.
#[derive(Debug, Default)]
pub(super) struct Dom {
    pub nodes: Vec<Node>,
    text: String,
    attributes: Vec<(Attribute, Range<u32>)>,
    /// Whether there was more of it than is read.
    pub cut: bool,
}

impl Dom {
    /// Reads `page`.
    pub(super) fn parse(page: &str) -> Dom {
        let mut builder = Builder::new(page.len());
        let callback = |event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
            builder.event(&event);
            None
        };
        let mut emitter = CallbackEmitter::new(callback);
        emitter.naively_switch_states(true);
        // Neither a string nor this emitter can fail.
        let _ = Tokenizer::new_with_emitter(page, emitter).finish();
        builder.finish()
    }

    /// The text of a stretch of text; empty for elements.
    pub(super) fn text(&self, node: u32) -> &str {
        match &self.nodes[node as usize] {
            Node { tag: Tag::Text, range, .. } => self.slice(range),
            _ => "",
        }
    }

    /// All text in `node`.
    pub(super) fn whole_text(&self, node: u32) -> String {
        (node..self.nodes[node as usize].end).map(|i| self.text(i)).collect()
    }

    /// The value of `attribute` of an element; of several classes and ids, the first.
    pub(super) fn attribute(&self, node: u32, attribute: Attribute) -> Option<&str> {
        let node = &self.nodes[node as usize];
        if node.tag == Tag::Text {
            return None;
        }
        let kept = &self.attributes[node.range.start as usize..node.range.end as usize];
        kept.iter().find(|(kind, _)| *kind == attribute).map(|(_, range)| self.slice(range))
    }

    /// Elements in order, with their numbers.
    pub(super) fn elements(&self) -> impl Iterator<Item = (u32, &Node)> {
        (0u32..).zip(&self.nodes).filter(|(_, node)| node.tag != Tag::Text)
    }

    /// Whether `node` is `ancestor`, or lies in it.
    pub(super) fn is_in(&self, node: u32, ancestor: u32) -> bool {
        (ancestor..self.nodes[ancestor as usize].end).contains(&node)
    }

    fn slice(&self, range: &Range<u32>) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or("")
    }
}

/// An element that has not ended.
struct Open {
    node: u32,
    tag: Tag,
    name: u32,
}

/// Makes a [`Dom`] of tokens.
struct Builder {
    dom: Dom,
    open: Vec<Open>,
    /// How many paragraphs, items, rows and links are open: most elements need not look for them.
    paragraphs: usize,
    linked: bool,
    /// Elements that began deeper than the limit and have not ended.
    too_deep: usize,
    // The tag that is being read.
    tag: Tag,
    name: u32,
    likeness: rustc_hash::FxHasher,
    signals: Signals,
    first_attribute: u32,
    attribute: Option<Attribute>,
}

impl Builder {
    fn new(length: usize) -> Self {
        let mut dom = Dom::default();
        dom.nodes.reserve((length / 24).min(1 << 16));
        dom.text.reserve((length / 2).min(1 << 20));
        let root = Node {
            tag: Tag::Root,
            linked: false,
            signals: Signals::empty(),
            likeness: 0,
            parent: 0,
            end: 1,
            range: 0..0,
        };
        dom.nodes.push(root);
        Builder {
            dom,
            open: vec![Open { node: 0, tag: Tag::Root, name: 0 }],
            paragraphs: 0,
            linked: false,
            too_deep: 0,
            tag: Tag::Inline,
            name: 0,
            likeness: rustc_hash::FxHasher::default(),
            signals: Signals::empty(),
            first_attribute: 0,
            attribute: None,
        }
    }

    fn event(&mut self, event: &CallbackEvent<'_>) {
        if self.dom.cut {
            return;
        }
        match event {
            CallbackEvent::OpenStartTag { name } => self.begin(name),
            CallbackEvent::AttributeName { name } => {
                self.attribute = Attribute::named(name);
                // An attribute without a value has no other event.
                if self.attribute == Some(Attribute::Hidden) && *name == b"hidden" {
                    self.value(b"");
                    self.attribute = None;
                }
            }
            CallbackEvent::AttributeValue { value } => self.value(value),
            CallbackEvent::CloseStartTag { self_closing } => self.start(*self_closing),
            CallbackEvent::EndTag { name } => self.end_tag(name),
            CallbackEvent::String { value } => self.string(value),
            _ => {}
        }
    }

    fn begin(&mut self, name: &[u8]) {
        let name = local(name);
        self.tag = Tag::named(name);
        self.signals = if self.tag == Tag::Inline { signal::of_name(name) } else { Signals::empty() };
        self.name = hash(name);
        self.likeness = rustc_hash::FxHasher::default();
        self.likeness.write(name);
        self.first_attribute = self.dom.attributes.len() as u32;
        self.attribute = None;
    }

    fn value(&mut self, value: &[u8]) {
        let Some(attribute) = self.attribute.take() else { return };
        if self.dom.attributes.len() - self.first_attribute as usize >= MOST_ATTRIBUTES {
            return;
        }
        let value = String::from_utf8_lossy(value);
        if attribute == Attribute::Class {
            self.signals |= signal::of_class(&value);
            if !value.bytes().any(|b| b.is_ascii_digit()) {
                self.likeness.write(value.as_bytes());
            }
        }
        let start = self.dom.text.len() as u32;
        self.dom.text.push_str(&value);
        self.dom.attributes.push((attribute, start..self.dom.text.len() as u32));
    }

    /// Opens the element whose tag has been read.
    fn start(&mut self, self_closing: bool) {
        let tag = self.tag;
        self.close_implied(tag);
        // XML ends elements where they begin; HTML does so in drawings.
        let void = tag.is_void() || self_closing && matches!(tag, Tag::Inline | Tag::Hidden);
        if tag == Tag::Link {
            self.linked = self.has_href();
        }
        if !void && self.open.len() >= DEEPEST {
            self.too_deep += 1;
            self.dom.attributes.truncate(self.first_attribute as usize);
            return;
        }
        let attributes = self.first_attribute..self.dom.attributes.len() as u32;
        let node = self.push(tag, attributes);
        if !void {
            self.paragraphs += usize::from(tag == Tag::Paragraph);
            self.open.push(Open { node, tag, name: self.name });
        }
    }

    fn has_href(&self) -> bool {
        self.dom.attributes[self.first_attribute as usize..].iter().any(|(kind, _)| *kind == Attribute::Href)
    }

    fn push(&mut self, tag: Tag, range: Range<u32>) -> u32 {
        let node = self.dom.nodes.len() as u32;
        let parent = self.open.last().map_or(0, |open| open.node);
        let (signals, likeness) = match tag {
            Tag::Text => (Signals::empty(), 0),
            _ => (self.signals, self.likeness.finish() as u32),
        };
        self.dom.nodes.push(Node { tag, linked: self.linked, signals, likeness, parent, end: node + 1, range });
        self.dom.cut = self.dom.nodes.len() >= MOST_NODES || self.dom.text.len() >= u32::MAX as usize / 2;
        node
    }

    /// Ends what ends by itself before `tag` begins.
    fn close_implied(&mut self, tag: Tag) {
        if self.paragraphs > 0 && tag.ends_paragraph() {
            self.close(|open| open.tag == Tag::Paragraph, |open| matches!(open.tag, Tag::Cell | Tag::Table));
        }
        match tag {
            Tag::Item => {
                self.close(|open| open.tag == Tag::Item, |open| matches!(open.tag, Tag::List | Tag::Cell | Tag::Block))
            }
            Tag::Row => self.close(|open| open.tag == Tag::Row, |open| open.tag == Tag::Table),
            Tag::Cell => self.close(|open| open.tag == Tag::Cell, |open| matches!(open.tag, Tag::Table | Tag::Row)),
            Tag::Heading(_) if matches!(self.open.last(), Some(Open { tag: Tag::Heading(_), .. })) => self.pop(),
            // Browsers end the head at the first element that does not belong there.
            _ if !matches!(tag, Tag::Meta | Tag::Script | Tag::Title | Tag::Hidden | Tag::Void | Tag::Inline)
                && matches!(self.open.last(), Some(Open { tag: Tag::Head, .. })) =>
            {
                self.pop();
            }
            _ => {}
        }
    }

    fn end_tag(&mut self, name: &[u8]) {
        let name = local(name);
        let (tag, name) = (Tag::named(name), hash(name));
        if tag == Tag::Link {
            self.linked = false;
        }
        if tag.is_void() {
            return;
        }
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let barrier = |open: &Open| match tag {
            Tag::Table | Tag::Page => false,
            Tag::Row => open.tag == Tag::Table,
            _ if tag.is_block() => matches!(open.tag, Tag::Cell | Tag::Table),
            // What stands within a line does not end what stands around it.
            _ => open.tag.is_block(),
        };
        self.close(|open| open.name == name, barrier);
    }

    /// Closes the innermost open element that is `wanted`, and all in it; nothing where a `barrier` is in between.
    fn close(&mut self, wanted: impl Fn(&Open) -> bool, barrier: impl Fn(&Open) -> bool) {
        for i in (1..self.open.len()).rev() {
            if wanted(&self.open[i]) {
                while self.open.len() > i {
                    self.pop();
                }
                return;
            }
            if barrier(&self.open[i]) {
                return;
            }
        }
    }

    fn pop(&mut self) {
        if self.open.len() > 1
            && let Some(open) = self.open.pop()
        {
            self.paragraphs -= usize::from(open.tag == Tag::Paragraph);
            self.dom.nodes[open.node as usize].end = self.dom.nodes.len() as u32;
        }
    }

    fn string(&mut self, value: &[u8]) {
        // The content of these is never read.
        if self.open.last().is_some_and(|open| open.tag == Tag::Hidden) {
            return;
        }
        let start = self.dom.text.len() as u32;
        self.dom.text.push_str(&String::from_utf8_lossy(value));
        self.push(Tag::Text, start..self.dom.text.len() as u32);
    }

    fn finish(mut self) -> Dom {
        self.tag = Tag::Inline;
        let end = self.dom.nodes.len() as u32;
        for open in &self.open {
            self.dom.nodes[open.node as usize].end = end;
        }
        self.dom
    }
}

/// A name without the prefix of its namespace, which XHTML in XML may have.
fn local(name: &[u8]) -> &[u8] {
    memchr::memrchr(b':', name).map_or(name, |at| &name[at + 1..])
}

fn hash(name: &[u8]) -> u32 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(name);
    hasher.finish() as u32
}
