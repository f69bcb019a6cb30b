//! Elements -> blocks: the paragraphs, headings and items of lists that a reader sees, with their texts.

use super::{
    dom::{Attribute, Dom},
    tag::Tag,
};
use std::ops::Range;

/// A stretch of text between two breaks of the page.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// The innermost block element around it.
    pub owner: u32,
    /// The first node in it, and the one after the last.
    pub nodes: Range<u32>,
    /// Where its text is in [`Blocks::text`].
    pub text: Range<usize>,
    /// How many bytes of it are links.
    pub linked: usize,
    /// Whether a part of it is marked as a time.
    pub timed: bool,
}

/// The blocks of a page in order.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub all: Vec<Block>,
    pub text: String,
}

impl Blocks {
    /// Cuts `dom` into blocks. What is never read (scripts, menus, pictures and their captions) has none.
    pub(super) fn of(dom: &Dom) -> Blocks {
        Cutter::new(dom, false).walk()
    }

    /// Cuts a piece of a page. Programs that add the elements of paragraphs later leave empty lines where these will be.
    pub(super) fn of_fragment(dom: &Dom) -> Blocks {
        Cutter::new(dom, true).walk()
    }

    /// Makes every line of a block a block where one of them is the headline: in old pages nothing but single breaks stands
    /// between date, headline and author. `is_headline` is asked for each line.
    pub(super) fn split_at_headline(&mut self, is_headline: &dyn Fn(&str) -> bool) {
        let found = self.all.iter().position(|block| {
            let text = self.text(block);
            text.contains('\n') && text.split('\n').any(is_headline)
        });
        let Some(found) = found else { return };
        let block = self.all[found].clone();
        let mut start = block.text.start;
        let lines: Vec<Block> = self
            .text(&block)
            .split('\n')
            .map(|line| {
                let text = start..start + line.len();
                start = text.end + 1;
                Block {
                    linked: block.linked.min(line.len()) * usize::from(block.density() > 0.5),
                    text,
                    ..block.clone()
                }
            })
            .filter(|line| !line.text.is_empty())
            .collect();
        self.all.splice(found..=found, lines);
    }

    /// The text of `block`.
    pub(super) fn text(&self, block: &Block) -> &str {
        &self.text[block.text.clone()]
    }
}

impl Block {
    /// Length of its text in bytes.
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    /// The share of its text that is links.
    pub(super) fn density(&self) -> f32 {
        self.linked as f32 / self.length().max(1) as f32
    }
}

/// The white space before what comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Space,
    Line,
}

/// Whether an element is shown as little as a script.
pub(super) fn is_hidden(dom: &Dom, node: u32) -> bool {
    match dom.nodes[node as usize].tag {
        Tag::Hidden | Tag::Script | Tag::Head => true,
        Tag::Text => false,
        _ => {
            dom.attribute(node, Attribute::Style).is_some_and(|style| {
                let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
                // Text that is for screen readers alone is clipped away.
                style.contains("display:none") || style.contains("clip:rect(0")
            }) || dom.attribute(node, Attribute::Hidden).is_some_and(|value| value != "false" && value != "until-found")
        }
    }
}

struct Cutter<'d> {
    dom: &'d Dom,
    fragment: bool,
    blocks: Blocks,
    /// Where the text of the block begins that is being read.
    start: usize,
    linked: usize,
    timed: bool,
    gap: Gap,
}

/// An element whose end matters.
struct Open {
    node: u32,
    end: u32,
    tag: Tag,
}

impl<'d> Cutter<'d> {
    fn new(dom: &'d Dom, fragment: bool) -> Self {
        Cutter { dom, fragment, blocks: Blocks::default(), start: 0, linked: 0, timed: false, gap: Gap::None }
    }

    fn walk(mut self) -> Blocks {
        let mut open: Vec<Open> = vec![Open { node: 0, end: self.dom.nodes.len() as u32, tag: Tag::Root }];
        let (mut first, mut breaks, mut verbatim) = (0u32, 0, 0);
        let mut node = 0u32;
        while let Some(found) = self.dom.nodes.get(node as usize) {
            while open.len() > 1 && open.last().is_some_and(|open| open.end <= node) {
                let Some(ended) = open.pop() else { break };
                verbatim -= usize::from(ended.tag == Tag::Verbatim);
                match ended.tag {
                    Tag::Quote => self.unquote(),
                    tag if tag.is_block() => {
                        self.flush(ended.node, first..node);
                        (first, breaks) = (node, 0);
                    }
                    _ => {}
                }
            }
            let tag = found.tag;
            if tag == Tag::Text {
                let text = self.dom.text(node);
                if breaks > 1 && !text.chars().all(is_space) {
                    self.flush(owner(&open), first..node);
                    first = node;
                }
                let bare = || open.last().is_some_and(|open| matches!(open.tag, Tag::Root | Tag::Page | Tag::Block));
                let verbatim = verbatim > 0 || self.fragment && bare();
                if self.string(text, found.linked, verbatim, &mut |cutter| {
                    cutter.flush(owner(&open), first..node);
                    first = node;
                }) {
                    breaks = 0;
                }
                node += 1;
                continue;
            }
            if tag == Tag::Break {
                breaks += 1;
                self.gap = Gap::Line;
            }
            self.timed |= tag == Tag::Time;
            if tag.is_block() {
                self.flush(owner(&open), first..node);
                (first, breaks) = (node, 0);
            }
            if is_hidden(self.dom, node) && tag != Tag::Root {
                // A hidden page is one that a script shows when it has been loaded.
                let all = found.end - node > self.dom.nodes.len() as u32 / 2 && tag != Tag::Hidden;
                if !all {
                    node = found.end;
                    continue;
                }
            }
            if (tag.is_block() || tag == Tag::Quote) && found.end > node + 1 {
                verbatim += usize::from(tag == Tag::Verbatim);
                open.push(Open { node, end: found.end, tag });
                if tag == Tag::Quote {
                    self.push("“", false);
                }
            }
            node += 1;
        }
        while let Some(ended) = open.pop() {
            if ended.tag == Tag::Quote {
                self.unquote();
            }
            if ended.tag.is_block() || open.is_empty() {
                self.flush(ended.node, first..node);
                first = node;
            }
        }
        self.blocks
    }

    /// Adds `text` to the block; whether there was more than white space in it. In verbatim text an empty line is all that
    /// tells paragraphs, which then `end`.
    fn string(&mut self, text: &str, linked: bool, verbatim: bool, end: &mut dyn FnMut(&mut Self)) -> bool {
        let (mut any, mut empty) = (false, false);
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                self.space();
                if verbatim && empty {
                    end(self);
                }
            }
            empty = i > 0;
            for word in line.split(is_space) {
                if !word.is_empty() {
                    self.push(word, linked);
                    (any, empty) = (true, false);
                }
                self.space();
            }
            // The last word has no space after it.
            if line.chars().next_back().is_some_and(|c| !is_space(c)) && self.gap == Gap::Space {
                self.gap = Gap::None;
            }
        }
        any
    }

    fn space(&mut self) {
        if self.gap == Gap::None {
            self.gap = Gap::Space;
        }
    }

    fn push(&mut self, word: &str, linked: bool) {
        let text = &mut self.blocks.text;
        let before = text.len();
        match self.gap {
            Gap::Space if before > self.start => text.push(' '),
            Gap::Line if before > self.start => text.push('\n'),
            _ => {}
        }
        self.gap = Gap::None;
        if word.bytes().all(|b| b != 0xC2 && b != 0xE2 && b != 0xEF && b >= 0x20) {
            text.push_str(word);
        } else {
            text.extend(word.chars().filter(|c| !is_nothing(*c)));
        }
        if linked {
            self.linked += text.len() - before;
        }
    }

    fn unquote(&mut self) {
        self.gap = Gap::None;
        self.push("”", false);
    }

    /// Ends the block.
    fn flush(&mut self, owner: u32, nodes: Range<u32>) {
        let end = self.blocks.text.len();
        if self.blocks.text[self.start..].chars().any(|c| !is_space(c)) {
            let (text, linked, timed) = (self.start..end, self.linked, self.timed);
            self.blocks.all.push(Block { owner, nodes, text, linked, timed });
            self.blocks.text.push('\n');
        } else {
            self.blocks.text.truncate(self.start);
        }
        self.start = self.blocks.text.len();
        (self.linked, self.timed, self.gap) = (0, false, Gap::None);
    }
}

fn owner(open: &[Open]) -> u32 {
    open.iter().rev().find(|open| open.tag.is_block()).map_or(0, |open| open.node)
}

/// White space of a page, hard spaces among it.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{200B}' || c == '\u{FEFF}'
}

/// Characters that say where a word may be broken, and control characters.
fn is_nothing(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{2060}' | '\u{200E}' | '\u{200F}') || c.is_control()
}
