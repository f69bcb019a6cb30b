//! The sentences and words of made-up news, from `data/generate`.
//!
//! A sentence is text with slots in braces and with marks for what is known about it: `[` `]` around what is said, `<` `>`
//! around the cue, `|` on both sides of the words for the speaker. `¶` begins a paragraph. A slot that is written with a
//! capital begins with one. `data/README.md` lists the slots.

use super::random::Random;
use crate::error::{Error, Result};
use std::collections::{BTreeMap, HashMap};

const SENTENCES: &str = include_str!("../../data/generate/sentences.csv");
const WORDS: &str = include_str!("../../data/generate/words.csv");

/// Word lists; some words belong to one topic only.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// Words by list and topic, the topic empty for words of all topics.
    lists: BTreeMap<(String, String), Vec<String>>,
}

impl Words {
    pub(super) fn load() -> Result<Words> {
        let mut words = Words::default();
        for [list, topic, word] in rows("data/generate/words.csv", WORDS)? {
            words.lists.entry((list, topic)).or_default().push(word);
        }
        Ok(words)
    }

    /// The words of a list that belong to every topic.
    pub(super) fn all(&self, list: &str) -> Vec<String> {
        self.lists.get(&(list.to_string(), String::new())).cloned().unwrap_or_default()
    }

    /// The words of a list that fit `topic`.
    fn of(&self, list: &str, topic: &str) -> Vec<String> {
        let mut words = self.all(list);
        words.extend(self.lists.get(&(list.to_string(), topic.to_string())).into_iter().flatten().cloned());
        words
    }
}

/// What a sentence is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Use {
    Title,
    Lead,
    /// Tells about people, places and organizations.
    Fact,
    /// Tells without a name.
    Scene,
    /// Said word for word, a whole sentence.
    Say,
    /// The second half of a sentence that its attribution splits.
    Go,
    /// Reported in other words.
    That,
    /// A fragment between marks, for what is said of a thing.
    Scrap,
    /// Another one, for what people have.
    Scrap2,
    /// Quotes somebody for the first time.
    Intro,
    /// Quotes by surname somebody who was introduced.
    Again,
    /// Quotes the last speaker by pronoun.
    Pronoun,
    /// Quotes the last speaker by role.
    Described,
    /// Quotes an organization.
    Body,
    /// Quotes somebody without a name.
    Unnamed,
}

const USES: [(&str, Use); 15] = [
    ("title", Use::Title),
    ("lead", Use::Lead),
    ("fact", Use::Fact),
    ("scene", Use::Scene),
    ("say", Use::Say),
    ("go", Use::Go),
    ("that", Use::That),
    ("scrap", Use::Scrap),
    ("scrap2", Use::Scrap2),
    ("intro", Use::Intro),
    ("again", Use::Again),
    ("pronoun", Use::Pronoun),
    ("described", Use::Described),
    ("body", Use::Body),
    ("unnamed", Use::Unnamed),
];

/// One piece of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    /// A slot, and whether it begins with a capital.
    Slot(Slot, bool),
    Content,
    ContentEnd,
    Cue,
    CueEnd,
    /// Begins and ends the words for the speaker.
    Source,
}

/// What fills a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Person,
    Place,
    Organization,
    /// An outlet: an organization too.
    Outlet,
    Speaker,
    /// The speaker's last name.
    Last,
    He,
    Role,
    /// The role behind its article.
    ARole,
    Employer,
    Number,
    Date,
    Money,
    Percent,
    /// Another sentence.
    Sentence(Use),
    /// A word of the list with this number.
    List(usize),
}

/// The list that speakers' roles are taken from; it is the first of the lists.
const ROLE: &str = "role";

const SLOTS: [(&str, Slot); 19] = [
    ("person", Slot::Person),
    ("place", Slot::Place),
    ("org", Slot::Organization),
    ("outlet_org", Slot::Outlet),
    ("speaker", Slot::Speaker),
    ("last", Slot::Last),
    ("he", Slot::He),
    ("role", Slot::Role),
    ("a_role", Slot::ARole),
    ("employer", Slot::Employer),
    ("number", Slot::Number),
    ("date", Slot::Date),
    ("money", Slot::Money),
    ("percent", Slot::Percent),
    ("say", Slot::Sentence(Use::Say)),
    ("go", Slot::Sentence(Use::Go)),
    ("that", Slot::Sentence(Use::That)),
    ("scrap", Slot::Sentence(Use::Scrap)),
    ("scrap2", Slot::Sentence(Use::Scrap2)),
];

/// Who is meant by the words for the speaker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Nobody is quoted.
    None,
    Speaker,
    Last,
    Pronoun,
    Role,
    Organization,
    /// Nobody with a name; the head of the words.
    Nominal(String),
}

/// One sentence.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// `direct`, `mixed` or `indirect`; empty where nobody is quoted.
    pub kind: String,
    pub source: Source,
    pub pieces: Vec<Piece>,
}

/// All sentences and words, sorted by topic.
#[derive(Clone, Debug)]
pub(super) struct Sentences {
    sentences: Vec<Sentence>,
    by_topic: Vec<HashMap<Use, Vec<usize>>>,
    /// Words of each list, by topic.
    lists: Vec<Vec<Vec<String>>>,
    names: Vec<String>,
    pub outlets: Vec<String>,
}

impl Sentences {
    /// Reads them; `straight` takes typewriter marks in place of curly ones.
    pub(super) fn load(straight: bool) -> Result<Sentences> {
        let words = Words::load()?;
        let topics = words.all("topic");
        let mut all = Sentences {
            sentences: Vec::new(),
            by_topic: vec![HashMap::new(); topics.len()],
            lists: Vec::new(),
            names: Vec::new(),
            outlets: words.all("outlet"),
        };
        let roles: Vec<Vec<String>> = topics.iter().map(|topic| words.of(ROLE, topic)).collect();
        all.lists.push(roles);
        all.names.push(ROLE.to_string());
        for (number, [usage, topic, kind, source, text]) in
            rows("data/generate/sentences.csv", SENTENCES)?.into_iter().enumerate()
        {
            let fail = |what: &str| {
                Error::format(format!("{what}: {text}"))
                    .at_path("data/generate/sentences.csv")
                    .at_line(number as u64 + 2)
            };
            let (_, usage) = USES.iter().find(|(name, _)| *name == usage).ok_or_else(|| fail("unknown use"))?;
            let source = match source.split_once(':').unwrap_or((source.as_str(), "")) {
                ("", _) => Source::None,
                ("speaker", _) => Source::Speaker,
                ("last", _) => Source::Last,
                ("pronoun", _) => Source::Pronoun,
                ("role", _) => Source::Role,
                ("org", _) => Source::Organization,
                ("nominal", head) => Source::Nominal(head.to_string()),
                _ => return Err(fail("unknown source")),
            };
            let written = if straight { text.replace(['“', '”'], "\"").replace('’', "'") } else { text.clone() };
            let pieces = all.parse(&written, &words, &topics).ok_or_else(|| fail("unknown slot"))?;
            for (of, name) in all.by_topic.iter_mut().zip(&topics) {
                if topic.is_empty() || topic == *name {
                    of.entry(*usage).or_default().push(all.sentences.len());
                }
            }
            all.sentences.push(Sentence { kind, source, pieces });
        }
        Ok(all)
    }

    /// How many topics there are.
    pub(super) fn topics(&self) -> usize {
        self.by_topic.len()
    }

    /// A sentence for `usage`, if possible none of `used`, to which it is added.
    pub(super) fn pick(
        &self,
        usage: Use,
        topic: usize,
        random: &mut Random,
        used: &mut Vec<usize>,
    ) -> Option<&Sentence> {
        let fitting = self.by_topic.get(topic)?.get(&usage)?;
        let mut number = *random.pick(fitting)?;
        for _ in 0..4 {
            if !used.contains(&number) {
                break;
            }
            number = *random.pick(fitting)?;
        }
        used.push(number);
        self.sentences.get(number)
    }

    /// A word of a list.
    pub(super) fn word(&self, list: usize, topic: usize, random: &mut Random) -> &str {
        let words = self.lists.get(list).and_then(|by_topic| by_topic.get(topic));
        words.and_then(|words| random.pick(words)).map_or("", String::as_str)
    }

    /// What somebody is in articles of this topic.
    pub(super) fn role(&self, topic: usize, random: &mut Random) -> &str {
        self.word(0, topic, random)
    }

    fn parse(&mut self, text: &str, words: &Words, topics: &[String]) -> Option<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            let piece = match c {
                '[' => Piece::Content,
                ']' => Piece::ContentEnd,
                '<' => Piece::Cue,
                '>' => Piece::CueEnd,
                '|' => Piece::Source,
                '{' => {
                    let name: String = rest.by_ref().take_while(|c| *c != '}').collect();
                    let capital = name.starts_with(char::is_uppercase);
                    Piece::Slot(self.slot(&name.to_lowercase(), words, topics)?, capital)
                }
                '¶' => {
                    plain.push_str("\n\n");
                    continue;
                }
                _ => {
                    plain.push(c);
                    continue;
                }
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(piece);
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Some(pieces)
    }

    fn slot(&mut self, name: &str, words: &Words, topics: &[String]) -> Option<Slot> {
        if let Some((_, slot)) = SLOTS.iter().find(|(known, _)| *known == name) {
            return Some(*slot);
        }
        if let Some(list) = self.names.iter().position(|known| known == name) {
            return Some(Slot::List(list));
        }
        let by_topic: Vec<Vec<String>> = topics.iter().map(|topic| words.of(name, topic)).collect();
        if by_topic.iter().any(Vec::is_empty) {
            return None;
        }
        self.lists.push(by_topic);
        self.names.push(name.to_string());
        Some(Slot::List(self.names.len() - 1))
    }
}

/// The rows of a file that is part of the program, without its header.
fn rows<const N: usize>(name: &str, text: &str) -> Result<Vec<[String; N]>> {
    let fail = |error: csv::Error| Error::format(error.to_string()).at_path(name);
    let mut rows = Vec::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record.map_err(fail)?;
        rows.push(std::array::from_fn(|i| record.get(i).unwrap_or("").to_string()));
    }
    Ok(rows)
}
