//! What stands in the body of an article and is no part of its text: links to other articles, bylines, dates, quotations
//! that are shown once more, headings of what was left out.

use super::{
    body::{Page, ends_sentence, letters, names},
    signal::Signals,
    tag::Tag,
};

impl Page<'_> {
    /// Takes away what is no text of the article though it stands in it.
    pub(super) fn trim(&self, chosen: &mut Vec<usize>) {
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
        let is_heading = |block: usize| matches!(tag(block), Tag::Heading(_)) && !ends_sentence(text(block));
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
