//! Blocks -> the article: which part of a page is its text.
//!
//! The way is that of readability programs: every block gives weight to what lies around it, the more the longer it is and
//! the fewer links it has, and the element with most weight is the body. Around this stands what pages of news sites need:
//! names of classes (`signal.rs`), the headline, which says where the article begins and which of several articles is
//! meant, leads that stand apart, and sentences that are shown twice.

use super::{
    blocks::{Block, Blocks},
    dom::{Attribute, Dom},
    signal::Signals,
    tag::Tag,
};

/// The weight that reaches an element from what lies in it, where several children have some: below 1, so that the
/// innermost element that holds all paragraphs has most.
const DECAY: f32 = 0.7;
/// The same between the cells of a table: where they hold pages, their columns are different things.
const TABLE_DECAY: f32 = 0.5;
/// What may be no part of an article is left out if it has less than this share of the page's text.
const SMALL_SHARE: f32 = 0.35;
/// An element that is named as an article or its body is one if it has this many bytes.
const SOME_BYTES: f32 = 100.0;
/// An article is around its headline: the element around it that has this many bytes of text ...
const ARTICLE_BYTES: f32 = 600.0;
/// ... or this share of what the best element has.
const ARTICLE_SHARE: f32 = 0.4;

/// The article in a page.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Numbers of its blocks, in order.
    pub blocks: Vec<usize>,
    /// The number of the block that is the headline.
    pub headline: Option<usize>,
    /// Blocks near the headline that may tell author and date.
    pub about: Vec<usize>,
}

/// What is known of a page before its article is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known<'k> {
    pub title: Option<&'k str>,
    pub author: Option<&'k str>,
}

/// Finds the article.
pub(super) fn find(dom: &Dom, blocks: &Blocks, known: Known<'_>) -> Body {
    let page = Page::new(dom, blocks, known);
    let Some(top) = page.top() else { return Body::default() };
    let chosen = page.chosen(top);
    let (lead, about) = page.before(&chosen);
    let length = |blocks: &mut dyn Iterator<Item = &usize>| blocks.map(|b| page.blocks.all[*b].length()).sum::<usize>();
    if length(&mut chosen.iter().filter(|block| page.is_teaser(**block))) * 2 > length(&mut chosen.iter()) {
        // A page of teasers leads to articles and is none.
        return Body { headline: page.headline, ..Body::default() };
    }
    let mut all: Vec<usize> = lead.into_iter().chain(chosen).collect();
    all.dedup();
    page.trim(&mut all);
    Body { blocks: all, headline: page.headline, about }
}

/// Blocks of a fragment, such as the content of an item of a feed: all but what is marked as something else.
pub(super) fn all(dom: &Dom, blocks: &Blocks) -> Vec<usize> {
    let page = Page::new(dom, blocks, Known::default());
    let mut all: Vec<usize> = (0..blocks.all.len()).filter(|block| page.is_text(*block)).collect();
    page.trim(&mut all);
    if all.is_empty() { (0..blocks.all.len()).collect() } else { all }
}

pub(super) struct Page<'p> {
    pub dom: &'p Dom,
    pub blocks: &'p Blocks,
    pub known: Known<'p>,
    pub headline: Option<usize>,
    /// For each node whether it is left out.
    out: Vec<bool>,
    /// For each node the weight of the blocks in it.
    sums: Vec<f32>,
    /// For each node the weight that decides.
    scores: Vec<f32>,
}

impl<'p> Page<'p> {
    fn new(dom: &'p Dom, blocks: &'p Blocks, known: Known<'p>) -> Self {
        let count = dom.nodes.len();
        let (out, sums, scores) = (vec![false; count], vec![0.0; count], vec![0.0; count]);
        let mut page = Page { dom, blocks, known, headline: None, out, sums, scores };
        page.headline = page.find_headline();
        page.sum(false);
        page.leave_out();
        page.sum(true);
        page
    }

    /// How much a block says for what is around it, about its length in bytes.
    fn weight(&self, number: usize) -> f32 {
        let block = &self.blocks.all[number];
        let length = block.length().min(1500) as f32;
        let density = block.density();
        if density > 0.5 {
            return 0.0;
        }
        let own = match self.dom.nodes[block.owner as usize].tag {
            Tag::Heading(_) => 0.1,
            Tag::Item => 0.4,
            _ => 1.0,
        };
        // Lines of menus and forms are short and no sentences.
        let sentence = if length < 80.0 && !ends_sentence(self.blocks.text(block)) { 0.2 } else { 1.0 };
        let teaser = if self.is_teaser(number) { 0.02 } else { 1.0 };
        length * (1.0 - density) * (1.0 - density) * own * sentence * teaser
    }

    /// Whether a block tells of another article: in a small element, behind a title that is a link.
    fn is_teaser(&self, number: usize) -> bool {
        let all = &self.blocks.all;
        let Some(title) = number.checked_sub(1).map(|before| &all[before]) else { return false };
        if title.density() < 0.9 {
            return false;
        }
        let around = self.dom.nodes[all[number].owner as usize].parent;
        let holds = |block: Option<&Block>| block.is_some_and(|block| self.dom.is_in(block.owner, around));
        around > 0
            && holds(Some(title))
            && !holds(number.checked_sub(4).map(|i| &all[i]))
            && !holds(all.get(number + 3))
    }

    /// Adds up the weights of blocks in each element; only of those that are not left out if `decisive`, which also gives
    /// the scores.
    fn sum(&mut self, decisive: bool) {
        self.sums.fill(0.0);
        let mut own = vec![0.0f32; self.sums.len()];
        for (number, block) in self.blocks.all.iter().enumerate() {
            if !(decisive && self.out[block.owner as usize]) {
                own[block.owner as usize] += self.weight(number);
            }
        }
        // Children stand behind their parents: from the end, every element is complete when its turn comes.
        let mut contributors = vec![0u32; self.sums.len()];
        let mut below = vec![0.0f32; self.sums.len()];
        for i in (0..self.sums.len()).rev() {
            self.sums[i] += own[i];
            let several = contributors[i] + u32::from(own[i] > 0.0) > 1;
            let node = &self.dom.nodes[i];
            let decay = if matches!(node.tag, Tag::Row | Tag::Table) { TABLE_DECAY } else { DECAY };
            let mut score = own[i] + if several { below[i] * decay } else { below[i] };
            if node.signals.contains(Signals::BODY) {
                score *= 1.3;
            }
            self.scores[i] = score;
            let parent = node.parent as usize;
            if i > 0 && self.sums[i] > 0.0 {
                self.sums[parent] += self.sums[i];
                below[parent] += score;
                contributors[parent] += 1;
            }
        }
    }

    /// Marks what is no part of any article.
    fn leave_out(&mut self) {
        let total = self.sums[0].max(1.0);
        let bodies: Vec<u32> = self.bodies().collect();
        let images: Vec<u32> = self.dom.elements().filter(|(_, node)| node.tag == Tag::Image).map(|(i, _)| i).collect();
        let has = |places: &[u32], from: u32, end: u32| {
            let next = places.partition_point(|place| *place < from);
            places.get(next).is_some_and(|place| *place < end)
        };
        let headline = self.headline.map(|block| self.blocks.all[block].owner);
        for i in 0..self.dom.nodes.len() {
            let node = &self.dom.nodes[i];
            if i > 0 && self.out[node.parent as usize] {
                self.out[i] = true;
                continue;
            }
            if matches!(node.tag, Tag::Text | Tag::Root | Tag::Page) {
                continue;
            }
            let number = i as u32;
            let around =
                headline.is_some_and(|headline| self.dom.is_in(headline, number)) || has(&bodies, number, node.end);
            if around {
                continue;
            }
            let small = self.sums[i] < SMALL_SHARE * total;
            let role = self.dom.attribute(number, Attribute::Role).unwrap_or("");
            let beside = node.tag == Tag::Beside
                || node.signals.intersects(Signals::BESIDE)
                || matches!(
                    role,
                    "navigation"
                        | "complementary"
                        | "contentinfo"
                        | "search"
                        | "banner"
                        | "dialog"
                        | "menu"
                        | "menubar"
                        | "alertdialog"
                        | "tooltip"
                        | "toolbar"
                );
            let about = node.signals.intersects(Signals::ABOUT) && self.sums[i] < 0.1 * total && self.sums[i] < 400.0;
            // A table around a picture is there for its caption.
            let caption = node.tag == Tag::Table && self.sums[i] < 200.0 && has(&images, number, node.end);
            self.out[i] = node.signals.intersects(Signals::FOREIGN) || small && beside || about || caption;
        }
    }

    /// Elements that are named as the body of an article, and have some text.
    fn bodies(&self) -> impl Iterator<Item = u32> {
        self.dom
            .elements()
            .filter(|(i, node)| node.signals.contains(Signals::BODY) || self.is_body(*i))
            .map(|(i, _)| i)
            .filter(|i| self.sums[*i as usize] >= SOME_BYTES)
    }

    /// Whether an element is marked as the body.
    fn is_body(&self, node: u32) -> bool {
        self.dom.attribute(node, Attribute::ItemProp).is_some_and(|value| value.contains("articleBody"))
    }

    fn is_text(&self, block: usize) -> bool {
        !self.out[self.blocks.all[block].owner as usize]
    }

    /// The block that is the headline: the one that repeats the known title, else the first heading of the first level.
    fn find_headline(&self) -> Option<usize> {
        let tag = |block: &Block| self.dom.nodes[block.owner as usize].tag;
        let all = &self.blocks.all;
        let title = self.known.title.map(letters).filter(|title| !title.is_empty());
        let repeats = |block: &Block| {
            title.as_ref().is_some_and(|title| {
                let text = self.blocks.text(block);
                text.len() < 2 * title.len() + 60 && {
                    let text = letters(text);
                    text == *title
                        || text.len() > 12
                            && (title.starts_with(&text) || title.ends_with(&text) || text.starts_with(title.as_str()))
                }
            })
        };
        let rank = |block: &Block| match tag(block) {
            Tag::Heading(1) => 0,
            Tag::Heading(_) => 1,
            _ if block.density() > 0.5 => 3,
            _ => 2,
        };
        let repeated = (0..all.len()).filter(|i| repeats(&all[*i])).min_by_key(|i| (rank(&all[*i]), *i));
        repeated.or_else(|| all.iter().position(|block| tag(block) == Tag::Heading(1)))
    }

    /// The element whose text is the article's.
    fn top(&self) -> Option<u32> {
        let best = self.best(0)?;
        let marked: Vec<u32> = (1..self.dom.nodes.len() as u32)
            .filter(|node| self.dom.nodes[*node as usize].tag != Tag::Text && self.is_body(*node))
            .take(2)
            .collect();
        if let [body] = marked[..]
            && self.sums[body as usize] >= 0.5 * self.sums[best as usize]
        {
            return Some(body);
        }
        let Some(headline) = self.headline else { return Some(best) };
        let bodies: Vec<u32> = self.bodies().collect();
        let named = |node: u32| {
            let has_body = bodies.iter().any(|body| self.dom.is_in(*body, node));
            has_body || self.dom.nodes[node as usize].tag == Tag::Article && self.sums[node as usize] >= SOME_BYTES
        };
        let enough = ARTICLE_BYTES.min(ARTICLE_SHARE * self.sums[best as usize]);
        let mut around = self.blocks.all[headline].owner;
        while around > 0 && self.sums[around as usize] < enough && !named(around) {
            around = self.dom.nodes[around as usize].parent;
        }
        self.best(around).or(Some(best))
    }

    /// The element in `root` with the highest score; of equal ones, the innermost.
    fn best(&self, root: u32) -> Option<u32> {
        let mut best = None;
        let mut highest = 0.0;
        for i in root..self.dom.nodes[root as usize].end {
            let score = self.scores[i as usize];
            if score > 0.0 && score >= highest && self.dom.nodes[i as usize].tag != Tag::Text {
                (best, highest) = (Some(i), score);
            }
        }
        best
    }

    /// The blocks of `top`, and of what stands beside it and belongs to it.
    fn chosen(&self, top: u32) -> Vec<usize> {
        let mut parts = vec![top];
        let mut inner = top;
        let headline = self.headline.map(|block| self.blocks.all[block].owner);
        for _ in 0..4 {
            let holds_headline = headline.is_some_and(|headline| self.dom.is_in(headline, inner));
            let tag = self.dom.nodes[inner as usize].tag;
            if inner == 0 || holds_headline || matches!(tag, Tag::Article | Tag::Page | Tag::Cell) {
                break;
            }
            let parent = self.dom.nodes[inner as usize].parent;
            self.add_siblings(parent, inner, &mut parts);
            inner = parent;
        }
        (0..self.blocks.all.len())
            .filter(|block| {
                let owner = self.blocks.all[*block].owner;
                self.is_text(*block) && parts.iter().any(|part| self.dom.is_in(owner, *part))
            })
            .collect()
    }

    /// Adds the children of `parent` that are like `inner` and have text of their own.
    fn add_siblings(&self, parent: u32, inner: u32, parts: &mut Vec<u32>) {
        let like = &self.dom.nodes[inner as usize];
        let mut child = parent + 1;
        while child < self.dom.nodes[parent as usize].end {
            let node = &self.dom.nodes[child as usize];
            let bare = node.tag == Tag::Paragraph && !node.signals.intersects(Signals::ABOUT);
            let alike = node.tag == like.tag && node.likeness == like.likeness || bare;
            // Beyond a number of parts this would cost too much, and is no article.
            if child != inner && alike && parts.len() < 64 && self.sums[child as usize] > 60.0 {
                parts.push(child);
            }
            child = node.end;
        }
    }

    /// What stands between the headline and the first of `chosen`: the lead, and blocks that tell author and date.
    fn before(&self, chosen: &[usize]) -> (Vec<usize>, Vec<usize>) {
        let (mut lead, mut about) = (Vec::new(), Vec::new());
        let Some(first) = chosen.first().copied() else { return (lead, about) };
        let from = self.headline.map_or(first, |headline| (headline + 1).min(first));
        let mut past_byline = false;
        for block in from..first {
            let found = &self.blocks.all[block];
            let text = self.blocks.text(found);
            if found.length() < 200 {
                about.push(block);
            }
            let marked = self.has_signal(found.owner, Signals::LEAD);
            let about = found.timed
                || self.has_signal(found.owner, Signals::ABOUT)
                || found.length() < 120 && self.known.author.is_some_and(|author| names(text, author));
            past_byline |= about;
            let tag = self.dom.nodes[found.owner as usize].tag;
            let long = found.length() >= 40 && (ends_sentence(text) || matches!(tag, Tag::Heading(2)));
            let reads = long || marked && found.length() >= 20;
            let fits = found.density() < 0.3 && tag != Tag::Item && !about && self.is_text(block);
            if fits && reads && (marked || !past_byline) && lead.len() < 3 && found.length() < 1200 {
                lead.push(block);
            }
        }
        if let Some(headline) = self.headline {
            about.extend((headline.saturating_sub(3)..headline).filter(|b| self.blocks.all[*b].length() < 120));
        }
        about.extend(chosen.iter().copied().take(3).filter(|b| self.blocks.all[*b].length() < 120));
        (lead, about)
    }

    pub(super) fn has_signal(&self, node: u32, signal: Signals) -> bool {
        let mut node = node;
        for _ in 0..3 {
            if self.dom.nodes[node as usize].signals.intersects(signal) {
                return true;
            }
            node = self.dom.nodes[node as usize].parent;
        }
        false
    }
}

/// The letters and digits of `text`, in lower case.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `text` ends as sentences do.
pub(super) fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '”', '’', '\'', ')', ' ']);
    end.ends_with(['.', '!', '?', '…', ':'])
}

/// Whether one of the names in `author` stands in `text`.
pub(super) fn names(text: &str, author: &str) -> bool {
    author.split([';', ',']).map(str::trim).any(|name| name.len() > 3 && text.contains(name))
}
