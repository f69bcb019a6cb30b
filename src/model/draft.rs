//! What the stages hand on to each other before it becomes a mention or a quotation. Ranges count tokens of the article.

use super::{Entity, EntityType, Evidence, Gender, Mention, Texts};
use std::ops::Range;

/// A name found in the text, before it is known which entity it refers to.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its sentence, as an index.
    pub sentence: usize,
    /// Its type.
    pub kind: EntityType,
    /// Probability that span and type are right.
    pub confidence: f32,
    /// The gazetteer's entries of this form and type, as indices.
    pub entries: Vec<u32>,
    /// Why, if it was asked for.
    pub evidence: Vec<Evidence>,
    /// The line of the corrections that makes it a name of this type, if one does.
    pub correction: Option<u32>,
}

/// What the article (and the gazetteer) tells about an entity, for pronouns and descriptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Gender, for persons.
    pub gender: Gender,
    /// Classes of the roles given in the article, as numbers of the lexicon.
    pub classes: Vec<u16>,
    /// Classes of the roles that the gazetteer gives.
    pub known_classes: Vec<u16>,
    /// Countries told by roles and gazetteer, ISO codes.
    pub countries: Texts,
    /// Folded words of the name and of all roles given in the article.
    pub words: Texts,
    /// Age in years where the article tells it; 0 if not.
    pub age: u32,
    /// The longest role given in the article.
    pub role: String,
}

/// All names of an article with the entities that they refer to.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The entities, in order of their first mention.
    pub entities: Vec<Entity>,
    /// What is known about each entity.
    pub profiles: Vec<Profile>,
    /// The mentions, in text order.
    pub mentions: Vec<Mention>,
    /// The tokens of each mention.
    pub tokens: Vec<Range<usize>>,
    /// The tokens of the role beside each mention, before or after it; empty if none.
    pub roles: Vec<Range<usize>>,
    /// For each token and the two behind the last, how many mentions begin before it.
    begun: Vec<u32>,
}

impl Resolved {
    /// Prepares the look-up of mentions by token, once all of them are there; they never overlap.
    pub fn index(&mut self, tokens: usize) {
        self.begun = Vec::with_capacity(tokens + 2);
        for (i, mention) in self.tokens.iter().enumerate() {
            self.begun.resize(mention.start + 1, i as u32);
        }
        self.begun.resize(tokens + 2, self.tokens.len() as u32);
    }

    /// How many mentions begin before token `at`.
    fn begun(&self, at: usize) -> usize {
        self.begun.get(at).map_or(self.tokens.len(), |begun| *begun as usize)
    }

    /// The mentions that lie within `tokens`, as a range of indices.
    pub fn within(&self, tokens: Range<usize>) -> Range<usize> {
        let (first, last) = (self.begun(tokens.start), self.begun(tokens.end));
        let torn = last.checked_sub(1).is_some_and(|last| self.tokens[last].end > tokens.end);
        first..(last - usize::from(torn)).max(first)
    }

    /// The mention that covers token `at`, as an index.
    #[inline]
    pub fn mention_at(&self, at: usize) -> Option<usize> {
        self.begun(at + 1).checked_sub(1).filter(|last| self.tokens[*last].end > at)
    }
}

/// A stretch between quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Token of the opening mark; `None` if it is missing or the stretch goes on from the paragraph before.
    pub open: Option<usize>,
    /// Token of the closing mark; `None` if it is missing or the stretch goes on in the next paragraph.
    pub close: Option<usize>,
    /// What stands between.
    pub inner: Range<usize>,
    /// Its paragraph, as an index.
    pub paragraph: usize,
    /// Whether it goes on from the stretch before it.
    pub continues: bool,
    /// Whether a missing mark had to be guessed.
    pub repaired: bool,
}

impl Stretch {
    /// First token, marks included.
    pub fn start(&self) -> usize {
        self.open.unwrap_or(self.inner.start)
    }

    /// One past the last token, marks included.
    pub fn end(&self) -> usize {
        self.close.map_or(self.inner.end, |close| close + 1)
    }
}

/// A statement found in the text, before it is known who its subject is.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Parts of the content in text order, quotation marks and `that` included.
    pub parts: Vec<Range<usize>>,
    /// The cue; empty if there is none.
    pub cue: Range<usize>,
    /// The number of the cue in the gazetteer, if there is one.
    pub cue_number: Option<u32>,
    /// Share of the occurrences of this form of the cue that are cues; negative if not known.
    pub cue_rate: f32,
    /// The noun phrase that speaks; empty if there is none.
    pub subject: Range<usize>,
    /// The noun phrase that is spoken to; empty if there is none.
    pub addressee: Range<usize>,
    /// Tokens around the content that belong to the attribution clause, for medium and time.
    pub clause: Range<usize>,
    /// Name of the rule that found it.
    pub frame: &'static str,
    /// Prior confidence of frame and cue.
    pub confidence: f32,
    /// Its paragraph, as an index.
    pub paragraph: usize,
    /// Whether it stands alone and the speaker must come from what is around.
    pub floating: bool,
    /// Why it ends where it does, where several ends were compared.
    pub ending: Ending,
}

/// Why a statement ends where it does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ending {
    /// How probable it is that the end agrees with what was said; 0 where no ends were compared.
    pub probability: f32,
    /// What speaks for and against it.
    pub evidence: Vec<Evidence>,
}

impl Statement {
    /// First token of the content.
    pub fn start(&self) -> usize {
        self.parts.first().map_or(0, |p| p.start)
    }

    /// One past the last token of the content.
    pub fn end(&self) -> usize {
        self.parts.last().map_or(0, |p| p.end)
    }
}
