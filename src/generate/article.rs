//! One made-up article: who and what it is about, and the order of its paragraphs.

use super::{
    draft::{Draft, Quotation},
    pool::{Name, Pool},
    random::Random,
    sentences::{Piece, Sentence, Sentences, Slot, Source, Use},
};
use crate::model::{EntityType, Gender};
use std::collections::HashSet;

/// The shortest and the longest body, in bytes; a paragraph that was begun is finished.
const LENGTHS: (usize, usize) = (1_500, 5_000);

/// An article that was made; its body, names and quotations are in the draft.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub title: String,
    pub date: String,
    pub outlet: String,
    pub author: String,
}

/// Somebody who speaks.
#[derive(Debug)]
struct Speaker {
    name: Name,
    last: String,
    role: String,
    employer: String,
    introduced: bool,
}

/// An article in the making.
struct Article<'a> {
    sentences: &'a Sentences,
    random: Random,
    draft: &'a mut Draft,
    topic: usize,
    used: Vec<usize>,
    speakers: Vec<Speaker>,
    /// Number of the one who speaks.
    speaking: usize,
    /// Others, and whether they were mentioned.
    people: Vec<(Name, bool)>,
    places: Vec<String>,
    bodies: Vec<String>,
    turns: [usize; 3],
}

/// Writes article number `number` of `seed` into `draft`.
pub(super) fn write((seed, number): (u64, u64), pool: &Pool, sentences: &[Sentences; 2], draft: &mut Draft) -> Written {
    let mut random = Random::new(seed, number);
    // Two in five papers use typewriter marks.
    let sentences = &sentences[usize::from(random.chance(40))];
    let topic = random.below(sentences.topics());
    let mut article = Article {
        sentences,
        random,
        draft,
        topic,
        used: Vec::new(),
        speakers: Vec::new(),
        speaking: 0,
        people: Vec::new(),
        places: Vec::new(),
        bodies: Vec::new(),
        turns: [0; 3],
    };
    article.gather(pool);
    article.draft.clear();
    article.sentence(Use::Title);
    let mut title = std::mem::take(&mut article.draft.text);
    if title.is_empty() {
        title.push_str(&article.places[0]);
    }
    article.draft.clear();
    let outlet = article.outlet();
    article.body(&outlet);
    let random = &mut article.random;
    let date = format!("{}-{:02}-{:02}", 2015 + random.below(11), 1 + random.below(12), 1 + random.below(28));
    let author = pool.draw(EntityType::Person, random).name;
    Written { title, date, outlet, author }
}

impl Article<'_> {
    /// Chooses people, places and organizations. No two people have the same last name.
    fn gather(&mut self, pool: &Pool) {
        let mut taken = HashSet::new();
        let speakers = 2 + self.random.below(3);
        let others = 2 + self.random.below(3);
        for _ in 0..4 + self.random.below(4) {
            self.places.push(pool.draw(EntityType::Place, &mut self.random).name);
        }
        for _ in 0..3 + self.random.below(3) {
            self.bodies.push(pool.draw(EntityType::Organization, &mut self.random).name);
        }
        while self.people.len() < speakers + others {
            let name = pool.draw(EntityType::Person, &mut self.random);
            let fresh = name.name.split(' ').all(|word| !taken.contains(word));
            if fresh || taken.len() > 100 {
                self.people.push((name.clone(), false));
            }
            taken.extend(name.name.split(' ').map(str::to_string));
        }
        for (name, _) in self.people.drain(..speakers) {
            let last = last_word(&name.name).to_string();
            let role = self.sentences.role(self.topic, &mut self.random).to_string();
            let employer = self.random.pick(&self.bodies).cloned().unwrap_or_default();
            self.speakers.push(Speaker { name, last, role, employer, introduced: false });
        }
    }

    fn outlet(&mut self) -> String {
        self.random.pick(&self.sentences.outlets).cloned().unwrap_or_default()
    }

    fn body(&mut self, outlet: &str) {
        let length = LENGTHS.0 + self.random.below(LENGTHS.1 - LENGTHS.0);
        if self.random.chance(25) {
            let place = self.places[0].to_uppercase();
            self.draft.open();
            self.draft.push(&format!("{place} ({outlet}) — "));
            let dateline = self.draft.close();
            self.draft.ignore.push(dateline);
        }
        self.sentence(Use::Lead);
        if self.random.chance(60) {
            self.more();
        }
        while self.draft.text.len() < length {
            self.draft.push("\n\n");
            match self.random.below(20) {
                0..=10 => {
                    self.narrate();
                    for _ in 0..1 + self.random.below(3) {
                        self.more();
                    }
                }
                11..=17 => self.speech(),
                18 => self.sentence(Use::Body),
                _ => self.sentence(Use::Unnamed),
            }
        }
    }

    /// A sentence in which nobody speaks; every second one has no name.
    fn narrate(&mut self) {
        let usage = if self.random.chance(52) { Use::Scene } else { Use::Fact };
        self.sentence(usage);
    }

    /// One more sentence in the paragraph.
    fn more(&mut self) {
        self.draft.push(" ");
        self.narrate();
    }

    /// Somebody speaks in one to three paragraphs.
    fn speech(&mut self) {
        self.speaking = self.random.below(self.speakers.len());
        let introduced = std::mem::replace(&mut self.speakers[self.speaking].introduced, true);
        self.sentence(if introduced { Use::Again } else { Use::Intro });
        for _ in 0..self.random.below(3) {
            if self.random.chance(30) {
                self.more();
            }
            self.draft.push("\n\n");
            let speaker = &self.speakers[self.speaking];
            let alone = self.speakers.iter().filter(|other| other.role == speaker.role).count() == 1;
            let gendered = speaker.name.gender != Gender::Unknown;
            let usage = match self.random.below(10) {
                0..=4 if gendered => Use::Pronoun,
                5 if alone && !introduced => Use::Described,
                _ => Use::Again,
            };
            self.sentence(usage);
        }
    }

    /// Writes a sentence, and what is known about it.
    fn sentence(&mut self, usage: Use) {
        let sentences = self.sentences;
        let Some(sentence) = sentences.pick(usage, self.topic, &mut self.random, &mut self.used) else { return };
        let mut quotation = self.quotation(sentence);
        let mut in_source = false;
        for piece in &sentence.pieces {
            match piece {
                Piece::Text(text) => self.draft.push(text),
                Piece::Content | Piece::Cue => self.draft.open(),
                Piece::ContentEnd => quotation.content.push(self.draft.close()),
                Piece::CueEnd => quotation.cue = Some(self.draft.close()),
                Piece::Source => {
                    in_source = !in_source;
                    if in_source {
                        self.draft.open();
                    } else {
                        quotation.source = Some(self.draft.close());
                    }
                }
                Piece::Slot(slot, capital) => {
                    let start = self.draft.text.len();
                    self.fill(*slot);
                    if *slot == Slot::Organization && in_source && sentence.source == Source::Organization {
                        let name = self.draft.text[start..].to_string();
                        quotation.head = last_word(&name).to_string();
                        quotation.speaker = Some((name, EntityType::Organization));
                    }
                    if *capital {
                        self.draft.capital(start);
                    }
                }
            }
        }
        if sentence.source != Source::None {
            self.draft.quotations.push(quotation);
        }
    }

    /// What is known about a quotation before it is written.
    fn quotation(&self, sentence: &Sentence) -> Quotation {
        let speaker = &self.speakers[self.speaking];
        let (class, head, person) = match &sentence.source {
            Source::None | Source::Organization => ("named", "", false),
            Source::Speaker | Source::Last => ("named", speaker.last.as_str(), true),
            Source::Pronoun => ("pronoun", pronoun(speaker.name.gender), true),
            Source::Role => ("nominal", last_word(&speaker.role), true),
            Source::Nominal(head) => ("nominal", head.as_str(), false),
        };
        let speaker = person.then(|| (speaker.name.name.clone(), EntityType::Person));
        Quotation { kind: sentence.kind.clone(), class, head: head.to_string(), speaker, ..Quotation::default() }
    }

    fn fill(&mut self, slot: Slot) {
        match slot {
            Slot::Person => {
                let turn = self.turn(EntityType::Person, self.people.len());
                let again = self.random.chance(50);
                let (name, mentioned) = &mut self.people[turn];
                let name = if *mentioned && again { last_word(&name.name) } else { &name.name };
                self.draft.name(name, EntityType::Person);
                *mentioned = true;
            }
            Slot::Place => {
                let turn = self.turn(EntityType::Place, self.places.len());
                self.draft.name(&self.places[turn], EntityType::Place);
            }
            Slot::Organization => {
                let turn = self.turn(EntityType::Organization, self.bodies.len());
                self.draft.name(&self.bodies[turn], EntityType::Organization);
            }
            Slot::Outlet => {
                let outlet = self.outlet();
                self.draft.push("the ");
                self.draft.name(&outlet, EntityType::Organization);
            }
            Slot::Speaker => self.draft.name(&self.speakers[self.speaking].name.name, EntityType::Person),
            Slot::Last => self.draft.name(&self.speakers[self.speaking].last, EntityType::Person),
            Slot::Employer => self.draft.name(&self.speakers[self.speaking].employer, EntityType::Organization),
            Slot::He => self.draft.push(pronoun(self.speakers[self.speaking].name.gender)),
            Slot::Role => self.draft.push(&self.speakers[self.speaking].role),
            Slot::ARole => {
                let role = &self.speakers[self.speaking].role;
                self.draft.push(if role.starts_with(['a', 'e', 'i', 'o', 'u']) { "an " } else { "a " });
                self.draft.push(role);
            }
            Slot::Number => self.draft.number(13 + self.random.below(86)),
            Slot::Date => self.draft.number(1 + self.random.below(28)),
            Slot::Money => {
                let millions = 2 + self.random.below(900);
                self.draft.push(&format!("${millions} million"));
            }
            Slot::Percent => {
                self.draft.number(2 + self.random.below(90));
                self.draft.push(" percent");
            }
            Slot::Sentence(usage) => self.sentence(usage),
            Slot::List(list) => {
                let word = self.sentences.word(list, self.topic, &mut self.random);
                self.draft.push(word);
            }
        }
    }

    /// The next of `length` names of `kind`, mostly in turn, so that no name stands twice in a row.
    fn turn(&mut self, kind: EntityType, length: usize) -> usize {
        let step = if length > 2 && self.random.chance(30) { 2 } else { 1 };
        let turn = &mut self.turns[kind.index()];
        *turn = (*turn + step) % length.max(1);
        *turn
    }
}

fn pronoun(gender: Gender) -> &'static str {
    if gender == Gender::Female { "she" } else { "he" }
}

fn last_word(text: &str) -> &str {
    text.rsplit(' ').next().unwrap_or(text)
}
