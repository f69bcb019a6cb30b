//! Corrections that a person has made: lines of a `corrections.csv`, which win over everything that is found.
//!
//! A line says that a surface form is a certain entity, of a certain type, or no name; that two entities are one; or that
//! some mentions of an entity are another one. It may hold in one article only, or only where certain words stand in the same
//! paragraph. `docs/corrections.md` tells all of it to users.

mod check;
mod lines;

use super::{Entry, Gazetteer, GazetteerSource, layer::START, layer::extend, lexicon::token_hash};
use crate::{
    error::Result,
    model::{Entity, EntityType, Facts, Gender},
    token::{self, Kind, Shape, Token},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{cmp::Reverse, ops::Range, path::PathBuf};

/// All corrections, ready to apply.
#[derive(Debug, Default)]
pub struct Corrections {
    lines: Vec<Line>,
    files: Vec<PathBuf>,
    remarks: Vec<String>,
    targets: Vec<Target>,
    /// Keys of all beginnings of surface forms.
    beginnings: FxHashSet<u64>,
    /// By the key of their words, the surface forms of lines that make or unmake names.
    surfaces: FxHashMap<u64, Vec<Surface>>,
    /// By the id of the entity that goes: the line, and what it becomes in the end.
    merges: FxHashMap<String, (u32, u32)>,
    /// By the id of the entity that is split: lines.
    splits: FxHashMap<String, Vec<u32>>,
    /// Entities that only corrections know, by their ids.
    new: FxHashMap<String, u32>,
}

/// What a line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Is,
    NoName,
    Type,
    Merge,
    Split,
}

/// One line.
#[derive(Debug)]
pub(super) struct Line {
    file: usize,
    line: u64,
    action: Action,
    /// The surface form as it stands in the file; may be empty for a split.
    surface: String,
    words: Vec<Word>,
    article: String,
    /// Phrases of which one must stand in the paragraph; anywhere if there are none. Each as the hashes of its words.
    context: Vec<Vec<u64>>,
    /// The same as it stands in the file, for messages and comparisons.
    context_text: String,
    /// The entity that goes (`merge`) or is split.
    instead_of: String,
    /// The entity that it is.
    target: Option<u32>,
    /// The type that it is.
    kind: Option<EntityType>,
}

/// A word of a surface form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    hash: u64,
    capitalized: bool,
    upper: bool,
}

/// An entity that a line names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    id: String,
    kind: EntityType,
    name: String,
    /// Its number in the gazetteer, if that has it.
    entry: Option<u32>,
}

/// Lines about one surface form.
#[derive(Debug)]
struct Surface {
    text: String,
    words: Vec<Word>,
    /// Lines for all articles, and those for single ones, in the order of the file.
    general: Vec<u32>,
    single: FxHashMap<String, Vec<u32>>,
}

/// A surface form found at some tokens, and the line that decides about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Tokens that it takes.
    pub tokens: usize,
    /// The line.
    pub line: u32,
    /// The type of the name that it is; nothing if it is none.
    pub kind: Option<EntityType>,
}

impl Corrections {
    /// Reads `files`. Ids are looked up in `gazetteer`, which becomes richer by the names of the files.
    ///
    /// # Errors
    /// A file that cannot be read, lines that say nothing or contradict each other.
    pub(super) fn load(gazetteer: &mut Gazetteer, files: &[PathBuf]) -> Result<Corrections> {
        let mut out = Corrections::default();
        let mut raw = Vec::new();
        for file in files {
            let sheet = super::Sheet::open(file)?;
            let first = raw.len();
            lines::read(&sheet, out.files.len(), &mut raw)?;
            out.files.push(file.clone());
            out.remarks.extend(sheet.remark());
            gazetteer.sources.push(GazetteerSource {
                name: file.display().to_string(),
                rows: raw.len() - first,
                sha256: sheet.sha256,
                embedded: false,
            });
        }
        lines::resolve(&mut out, raw, gazetteer)?;
        check::check(&mut out)?;
        for number in 0..out.lines.len() {
            out.index(number as u32);
        }
        Ok(out)
    }

    fn index(&mut self, number: u32) {
        let line = &self.lines[number as usize];
        match line.action {
            Action::Is | Action::NoName | Action::Type => {
                let mut key = START;
                for word in &line.words {
                    key = extend(key, word.hash);
                    self.beginnings.insert(key);
                }
                let same = self.surfaces.entry(key).or_default();
                let place = same.iter().position(|surface| surface.text == line.surface).unwrap_or(same.len());
                if place == same.len() {
                    let (text, words) = (line.surface.clone(), line.words.clone());
                    same.push(Surface { text, words, general: Vec::new(), single: FxHashMap::default() });
                }
                let lines = match line.article.as_str() {
                    "" => &mut same[place].general,
                    article => same[place].single.entry(article.to_string()).or_default(),
                };
                lines.push(number);
            }
            Action::Split => self.splits.entry(line.instead_of.clone()).or_default().push(number),
            // `check` has followed them to their ends.
            Action::Merge => {}
        }
    }

    /// What a person should be told of how the files were read.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// For each file its name, and the lines where its corrections stand, in the order of their numbers.
    pub fn places(&self) -> impl Iterator<Item = (String, Vec<u64>)> {
        self.files.iter().enumerate().map(|(number, file)| {
            let lines = self.lines.iter().filter(|line| line.file == number).map(|line| line.line);
            (file.display().to_string(), lines.collect())
        })
    }

    /// What a person is told of a line: "corrected by corrections.csv line 3".
    pub fn told(&self, number: u32) -> String {
        let Some(line) = self.lines.get(number as usize) else { return String::new() };
        let file = self.files[line.file].file_name().map(|name| name.to_string_lossy().into_owned());
        format!("corrected by {} line {}", file.unwrap_or_default(), line.line)
    }

    /// The entity that a line names.
    pub fn target(&self, number: u32) -> Option<u32> {
        self.lines.get(number as usize).and_then(|line| line.target)
    }

    /// Whether a line holds only where certain words stand.
    pub fn has_context(&self, number: u32) -> bool {
        self.lines.get(number as usize).is_some_and(|line| !line.context.is_empty())
    }

    /// The number in the gazetteer of an entity that lines name, if that has it.
    pub fn entry(&self, target: u32) -> Option<u32> {
        self.targets.get(target as usize).and_then(|target| target.entry)
    }

    /// An entity that lines name.
    pub fn entity(&self, target: u32, gazetteer: &Gazetteer) -> Option<Entity> {
        let target = self.targets.get(target as usize)?;
        let entry = target.entry.map(|entry| gazetteer.entry(entry));
        Some(Entity {
            id: target.id.clone(),
            kind: target.kind,
            name: target.name.clone(),
            known: true,
            gender: entry.map_or(Gender::Unknown, Entry::gender),
            facts: entry.map_or_else(Facts::default, Entry::facts),
        })
    }

    /// The line that merges the entity `id` into another, and that other.
    pub fn merged(&self, id: &str) -> Option<(u32, u32)> {
        self.merges.get(id).copied()
    }

    /// The entity that only corrections know by this id.
    pub fn new_entity(&self, id: &str) -> Option<u32> {
        self.new.get(id).copied()
    }

    /// The corrections as one article sees them.
    pub fn of_article<'c>(&'c self, article: &'c str) -> Corrector<'c> {
        Corrector { corrections: self, article, contexts: FxHashMap::default(), applied: Vec::new() }
    }
}

impl Line {
    /// The type of the name that it makes.
    fn makes(&self, targets: &[Target]) -> Option<EntityType> {
        self.kind.or_else(|| self.target.map(|target| targets[target as usize].kind))
    }
}

/// The corrections as one article sees them, and those that were applied to it.
#[derive(Debug)]
pub struct Corrector<'c> {
    /// All of them.
    pub corrections: &'c Corrections,
    article: &'c str,
    /// Whether the context of a line stands in a sentence or a paragraph.
    contexts: FxHashMap<(u32, Stretch), bool>,
    /// Lines that were applied, each with the tokens that it was applied to.
    pub applied: Vec<(u32, Range<usize>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stretch {
    Sentence(usize),
    Paragraph(usize),
}

/// Where a name stands: its sentence and its paragraph, each with its number in the article.
#[derive(Clone, Copy, Debug)]
pub struct Around<'t> {
    /// Number and tokens.
    pub sentence: (usize, &'t [Token]),
    /// Number and tokens.
    pub paragraph: (usize, &'t [Token]),
}

impl Corrector<'_> {
    /// Calls `found` for every surface form that begins with the first of `tokens`.
    pub fn at(&mut self, text: &str, tokens: &[Token], around: Around<'_>, mut found: impl FnMut(Match)) {
        let (mut key, mut words) = (START, 0);
        for (at, token) in tokens.iter().enumerate() {
            // Periods of abbreviations are no words: "St. Louis", "Washington D.C."
            if is_period(token) && words > 0 {
                continue;
            }
            words += 1;
            key = extend(key, token.hash);
            if !self.corrections.beginnings.contains(&key) {
                return;
            }
            if let Some(line) = self.best(key, text, &tokens[..=at], around) {
                let kind = self.corrections.lines[line as usize].makes(&self.corrections.targets);
                found(Match { tokens: at + 1, line, kind });
            }
        }
    }

    /// The most specific line for these tokens; of equals the one that is written as the text is, then the first.
    fn best(&mut self, key: u64, text: &str, tokens: &[Token], around: Around<'_>) -> Option<u32> {
        let corrections = self.corrections;
        let mut best = None;
        for surface in corrections.surfaces.get(&key)?.iter().filter(|surface| is_surface(&surface.words, tokens)) {
            let ends = tokens.first().zip(tokens.last());
            let written = ends.and_then(|(a, b)| text.get(a.start as usize..b.end as usize)) == Some(&surface.text);
            let single = surface.single.get(self.article).into_iter().flatten();
            for line in single.chain(&surface.general) {
                let Some(closeness) = self.closeness(*line, around) else { continue };
                let rank = (closeness, written, Reverse(*line));
                best = best.max(Some(rank));
            }
        }
        best.map(|(_, _, Reverse(line))| line)
    }

    /// The line that makes a mention of one of the entities `ids` with these tokens another entity, and that one.
    pub fn split(&mut self, ids: [&str; 2], tokens: &[Token], around: Around<'_>) -> Option<(u32, u32)> {
        let corrections = self.corrections;
        let mut best = None;
        for line in ids.iter().filter_map(|id| corrections.splits.get(*id)).flatten() {
            let known = &corrections.lines[*line as usize];
            let fits = (known.article.is_empty() || known.article == self.article)
                && (known.words.is_empty() || is_surface(&known.words, tokens));
            if let Some(closeness) = fits.then(|| self.closeness(*line, around)).flatten() {
                best = best.max(Some((closeness, known.words.len(), Reverse(*line))));
            }
        }
        let (_, _, Reverse(line)) = best?;
        Some((line, corrections.lines[line as usize].target?))
    }

    /// How narrowly a line says that it holds here; nothing if it does not. Its article must be this one.
    fn closeness(&mut self, line: u32, around: Around<'_>) -> Option<u8> {
        let known = &self.corrections.lines[line as usize];
        let article = 4 * u8::from(!known.article.is_empty());
        if known.context.is_empty() {
            return Some(article);
        }
        let (sentence, paragraph) = (around.sentence, around.paragraph);
        if self.stands(line, Stretch::Sentence(sentence.0), sentence.1) {
            return Some(article + 2);
        }
        self.stands(line, Stretch::Paragraph(paragraph.0), paragraph.1).then_some(article + 1)
    }

    /// Whether the context of a line stands in these tokens. They are compared once.
    fn stands(&mut self, line: u32, stretch: Stretch, tokens: &[Token]) -> bool {
        let context = &self.corrections.lines[line as usize].context;
        *self.contexts.entry((line, stretch)).or_insert_with(|| {
            context.iter().any(|phrase| {
                tokens.windows(phrase.len()).any(|words| words.iter().zip(phrase).all(|(t, hash)| t.hash == *hash))
            })
        })
    }
}

/// Whether tokens are a surface form: the same words, with capital letters where it has them and nowhere else.
fn is_surface(words: &[Word], tokens: &[Token]) -> bool {
    let mut tokens =
        tokens.iter().enumerate().filter(|(i, token)| *i == 0 || !is_period(token)).map(|(_, token)| token);
    let same = |word: &Word| {
        tokens.next().is_some_and(|token| {
            let upper = !word.upper || matches!(token.shape, Shape::Upper | Shape::Initial);
            token.hash == word.hash && token.is_capitalized() == word.capitalized && upper
        })
    };
    words.iter().all(same) && tokens.next().is_none()
}

fn is_period(token: &Token) -> bool {
    token.is('.') && !token.space_before
}

/// The words of a surface form, without a possessive at the end.
pub(super) fn words_of(surface: &str) -> Vec<Word> {
    let mut buffer = String::new();
    let mut tokens: Vec<Token> = token::tokens(surface).collect();
    tokens.truncate(tokens.len() - usize::from(tokens.last().is_some_and(|last| last.kind == Kind::Possessive)));
    let words = tokens.iter().enumerate().filter(|(i, token)| *i == 0 || !is_period(token));
    let upper = |token: &Token| token.shape == Shape::Upper;
    words
        .map(|(_, token)| Word {
            hash: token_hash(token, surface, &mut buffer),
            capitalized: token.is_capitalized(),
            upper: upper(token),
        })
        .collect()
}
