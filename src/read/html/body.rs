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

struct Page<'p> {
    dom: &'p Dom,
    blocks: &'p Blocks,
    known: Known<'p>,
    headline: Option<usize>,
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
    fn weight(&self, block: &Block) -> f32 {
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
        length * (1.0 - density) * (1.0 - density) * own * sentence
    }

    /// Adds up the weights of blocks in each element; only of those that are not left out if `decisive`, which also gives
    /// the scores.
    fn sum(&mut self, decisive: bool) {
        self.sums.fill(0.0);
        let mut own = vec![0.0f32; self.sums.len()];
        for block in &self.blocks.all {
            if !(decisive && self.out[block.owner as usize]) {
                own[block.owner as usize] += self.weight(block);
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
        let images: Vec<u32> = self.dom.elements().filter(|(_, node)| node.tag == Tag::Image).map(|(i, _)| i).collect();
        let has_image = |from: u32, end: u32| {
            let next = images.partition_point(|image| *image < from);
            images.get(next).is_some_and(|image| *image < end)
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
            let around = headline.is_some_and(|headline| self.dom.is_in(headline, number)) || self.is_body(number);
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
            let caption = node.tag == Tag::Table && self.sums[i] < 200.0 && has_image(number, node.end);
            self.out[i] = node.signals.intersects(Signals::FOREIGN) || small && beside || about || caption;
        }
    }

    /// Whether an element is marked as the body, or as something around it.
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
        let enough = ARTICLE_BYTES.min(ARTICLE_SHARE * self.sums[best as usize]);
        let mut around = self.blocks.all[headline].owner;
        while around > 0 && self.sums[around as usize] < enough {
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
            let reads = found.length() >= 40 && (ends_sentence(text) || marked || matches!(tag, Tag::Heading(2)));
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

    fn has_signal(&self, node: u32, signal: Signals) -> bool {
        let mut node = node;
        for _ in 0..3 {
            if self.dom.nodes[node as usize].signals.intersects(signal) {
                return true;
            }
            node = self.dom.nodes[node as usize].parent;
        }
        false
    }

    /// Takes away what is no text of the article though it stands in it.
    fn trim(&self, chosen: &mut Vec<usize>) {
        let tag = |block: usize| self.dom.nodes[self.blocks.all[block].owner as usize].tag;
        let text = |block: usize| self.blocks.text(&self.blocks.all[block]);
        let title = self.known.title.map(letters).unwrap_or_default();
        chosen.retain(|block| {
            let found = &self.blocks.all[*block];
            if self.headline == Some(*block)
                || !title.is_empty() && found.length() < 400 && letters(text(*block)) == title
            {
                return false;
            }
            // Lines above the headline tell the date or the section.
            if self.headline.is_some_and(|headline| *block < headline) && found.length() < 100 {
                return false;
            }
            // "Read more:" and a link; lists of links.
            let density = found.density();
            let link = density > 0.9 || density > 0.55 && found.length() < 200;
            let time = found.timed && found.length() < 40;
            let byline = found.length() < 60 && self.known.author.is_some_and(|author| names(text(*block), author));
            !(link || time || byline)
        });
        self.drop_repetitions(chosen);
        // A heading is for what follows it.
        let is_heading = |block: usize| matches!(tag(block), Tag::Heading(_));
        let mut kept: Vec<usize> = Vec::with_capacity(chosen.len());
        let mut below = chosen.iter().rev();
        let mut next: Option<usize> = None;
        for block in below.by_ref().copied() {
            let useless = is_heading(block) && next.is_none_or(|next| self.is_other_part(block, next));
            if !useless {
                next = Some(block);
                kept.push(block);
            }
        }
        kept.reverse();
        *chosen = kept;
    }

    /// Whether what followed the heading `block` was taken away: other blocks stood between it and `next`, and its
    /// parent holds nothing of what is left.
    fn is_other_part(&self, block: usize, next: usize) -> bool {
        if next == block + 1 {
            return false;
        }
        let parent = self.dom.nodes[self.blocks.all[block].owner as usize].parent;
        !self.dom.is_in(self.blocks.all[next].owner, parent)
    }

    /// Quotations that are shown once more beside the paragraph that has them, and paragraphs that stand there twice.
    fn drop_repetitions(&self, chosen: &mut Vec<usize>) {
        let text = |block: usize| self.blocks.text(&self.blocks.all[block]);
        let shown = |block: usize| {
            let owner = self.blocks.all[block].owner;
            self.has_signal(owner, Signals::PULL) || self.within(owner, Tag::BlockQuote)
        };
        let candidates: Vec<usize> = chosen.iter().copied().filter(|block| shown(*block)).take(64).collect();
        let mut repeated: Vec<usize> = Vec::new();
        if !candidates.is_empty() {
            let rest: String = chosen.iter().filter(|b| !candidates.contains(b)).map(|b| letters(text(*b))).collect();
            for block in candidates {
                let wanted = letters(text(block));
                let again = wanted.len() >= 15 && memchr::memmem::find(rest.as_bytes(), wanted.as_bytes()).is_some();
                // With the quotation goes the name of its speaker below it.
                let cites = self.blocks.all[block].length() < 60 && self.is_same_quote(block, repeated.last().copied());
                if again || cites {
                    repeated.push(block);
                }
            }
        }
        let mut seen = rustc_hash::FxHashSet::default();
        chosen.retain(|block| {
            let long = self.blocks.all[*block].length() >= 60;
            !repeated.contains(block) && (!long || seen.insert(text(*block)))
        });
    }

    fn within(&self, node: u32, tag: Tag) -> bool {
        let mut node = node;
        for _ in 0..3 {
            if self.dom.nodes[node as usize].tag == tag {
                return true;
            }
            node = self.dom.nodes[node as usize].parent;
        }
        false
    }

    /// Whether `block` stands in the same quotation as `other`: its source, for instance.
    fn is_same_quote(&self, block: usize, other: Option<usize>) -> bool {
        let Some(other) = other else { return false };
        let parent = |block: usize| self.dom.nodes[self.blocks.all[block].owner as usize].parent;
        other + 1 == block
            && (self.dom.is_in(self.blocks.all[block].owner, parent(other))
                || self.dom.is_in(self.blocks.all[other].owner, self.blocks.all[block].owner))
    }
}

/// The letters and digits of `text`, in lower case.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `text` ends as sentences do.
fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '”', '’', '\'', ')', ' ']);
    end.ends_with(['.', '!', '?', '…', ':'])
}

/// Whether one of the names in `author` stands in `text`.
fn names(text: &str, author: &str) -> bool {
    author.split([';', ',']).map(str::trim).any(|name| name.len() > 3 && text.contains(name))
}
