//! QUOTATIONS + MENTIONS -> attributions: who the subject of each statement is, how and to whom it was said.

mod antecedent;
mod description;
mod echo;
mod floating;
mod joining;
mod medium;
mod phrases;
mod reasons;
mod source;
mod speaker;
mod timeline;
mod told;
mod trust;
mod weigh;

pub use antecedent::{Candidate, Ranking};
pub use reasons::{
    ANTECEDENT_COLUMNS, ANTECEDENT_GIVEN, ANTECEDENT_NAMES, PARTS, TRUST_COLUMNS, TRUST_GIVEN, TRUST_NAMES,
};

use crate::{
    error::Result,
    evidence::Weights,
    gazetteer::Gazetteer,
    model::{EntityType, Gender, Quotation, QuotationKind, Resolved, Speaker, Statement, Stretch, Zone},
    text::Segments,
    token,
};
use antecedent::Slots;
use rustc_hash::FxHashMap;
use std::{
    cell::{OnceCell, RefCell},
    ops::Range,
};
use timeline::Reference;
use told::Named;
use weigh::Keep;

/// The fitted weights: whom a pronoun means, and how far a quotation can be trusted.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Of candidates for a pronoun, a description or a quotation without an attribution.
    pub antecedents: Weights,
    /// Of whole quotations.
    pub trust: Weights,
}

impl Model {
    /// Reads the weights that stand in the gazetteers.
    ///
    /// # Errors
    /// A weights file that names unknown evidence or holds something that is no number.
    pub fn load(gazetteer: &Gazetteer) -> Result<Model> {
        let table = gazetteer.weights("weights_quotations");
        Ok(Model {
            antecedents: Weights::read(table, "antecedent", ANTECEDENT_NAMES, ANTECEDENT_COLUMNS)?,
            trust: Weights::read(table, "trust", TRUST_NAMES, TRUST_COLUMNS)?,
        })
    }

    /// Weights that decide nothing, to begin a fit with.
    pub fn zero() -> Model {
        Model {
            antecedents: Weights::zero(ANTECEDENT_NAMES, ANTECEDENT_COLUMNS),
            trust: Weights::zero(TRUST_NAMES, TRUST_COLUMNS),
        }
    }
}

/// What the rules look at.
pub(crate) struct Scene<'a> {
    pub segments: &'a Segments,
    pub gazetteer: &'a Gazetteer,
    pub names: &'a Resolved,
    /// For each token, whether it stands between quotation marks.
    pub quoted: Vec<bool>,
    /// The mentions, with what each is in its clause.
    pub references: Vec<Reference>,
    /// For each sentence, how many with words of the writer's own there are up to it.
    pub narration: Vec<u32>,
    /// For each entity, its type, and whether a list knows it.
    pub kinds: Vec<(EntityType, bool)>,
    /// For each entity, its number of mentions.
    pub counts: Vec<usize>,
    /// For each entity, whether the headline names it.
    pub in_title: Vec<bool>,
    /// For each entity, whether the first paragraph names it.
    pub in_lede: Vec<bool>,
    /// For each entity, its gender, and whether only pronouns near its name tell it.
    pub genders: Vec<(Gender, bool)>,
    /// The person of each surname, by the hash of its folded form; nobody where several have it.
    surnames: OnceCell<FxHashMap<u64, Option<usize>>>,
    /// For each mention, the person who is the likeliest guest of an interview among those named up to it.
    guests: OnceCell<Vec<Option<usize>>>,
    /// The two persons who are named last.
    last_people: OnceCell<[Option<usize>; 2]>,
    /// Which entities the last quotation names.
    named: RefCell<Named>,
    /// What each search for somebody needs.
    slots: RefCell<Slots>,
}

impl<'a> Scene<'a> {
    fn new(segments: &'a Segments, gazetteer: &'a Gazetteer, names: &'a Resolved, stretches: &[Stretch]) -> Self {
        let mut quoted = vec![false; segments.tokens.len()];
        for stretch in stretches {
            quoted[stretch.start()..stretch.end()].fill(true);
        }
        let entities = names.entities.len();
        let mut scene = Scene {
            segments,
            gazetteer,
            names,
            quoted,
            references: Vec::new(),
            narration: Vec::new(),
            kinds: names.entities.iter().map(|e| (e.kind, e.known)).collect(),
            counts: vec![0; entities],
            in_title: vec![false; entities],
            in_lede: vec![false; entities],
            genders: Vec::new(),
            surnames: OnceCell::new(),
            guests: OnceCell::new(),
            last_people: OnceCell::new(),
            named: RefCell::new(Named::new(entities)),
            slots: RefCell::new(Slots::new(entities)),
        };
        for mention in &names.mentions {
            scene.counts[mention.entity] += 1;
            scene.in_title[mention.entity] |= mention.zone == Zone::Title;
            scene.in_lede[mention.entity] |= mention.zone == Zone::Body && mention.paragraph <= 1;
        }
        scene.narration = timeline::narration(&scene);
        scene.references = timeline::references(&scene);
        scene.genders = timeline::genders(&scene);
        scene
    }

    /// The only person whose last name, folded, has this hash.
    fn surnamed(&self, hash: u64) -> Option<usize> {
        let surnames = self.surnames.get_or_init(|| {
            let mut surnames = FxHashMap::default();
            let mut buffer = String::new();
            for (i, entity) in self.names.entities.iter().enumerate().filter(|(_, e)| e.kind == EntityType::Person) {
                if let Some(last) = entity.name.split_whitespace().next_back() {
                    let slot = surnames.entry(token::hash_word(last, &mut buffer)).or_insert(Some(i));
                    *slot = slot.filter(|known| *known == i);
                }
            }
            surnames
        });
        surnames.get(&hash).copied().flatten()
    }

    /// The likeliest guest of an interview among those who are named before token `at`: in the headline or at the beginning,
    /// and often.
    fn guest(&self, at: usize) -> Option<usize> {
        let guests = self.guests.get_or_init(|| {
            let rank = |e: usize| (self.in_title[e], self.in_lede[e], self.counts[e], std::cmp::Reverse(e));
            let people = self.names.mentions.iter().map(|m| (m.kind == EntityType::Person).then_some(m.entity));
            let better = |best: &mut Option<usize>, next: Option<usize>| {
                *best = best.iter().copied().chain(next).max_by_key(|e| rank(*e));
                Some(*best)
            };
            people.scan(None, better).collect()
        });
        self.names.within(0..at).end.checked_sub(1).and_then(|last| guests.get(last).copied().flatten())
    }

    /// The last person of the article who is not `entity`.
    fn last_person_but(&self, entity: usize) -> Option<usize> {
        let last = self.last_people.get_or_init(|| {
            let mut people =
                self.names.mentions.iter().rev().filter(|m| m.kind == EntityType::Person).map(|m| m.entity);
            let last = people.next();
            [last, people.find(|other| Some(*other) != last)]
        });
        last.iter().flatten().find(|person| **person != entity).copied()
    }
}

/// A speaker with the rule that found it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    pub speaker: Speaker,
    /// Name of the rule.
    pub rule: &'static str,
    /// Of the name, or of the candidate that was chosen; 0 to 1.
    pub probability: f32,
    /// All candidates, where there was a choice.
    pub ranking: Option<Ranking>,
    /// The tokens of the phrase.
    pub surface: Option<Range<usize>>,
}

impl Link {
    /// The best candidate as the speaker.
    fn of(ranking: Ranking, rule: &'static str) -> Link {
        let best = ranking.candidates.get(ranking.best);
        Link {
            speaker: Speaker { entity: best.and_then(|b| b.entity), ..Speaker::default() },
            rule,
            probability: best.map_or(0.0, |b| b.probability),
            ranking: Some(ranking),
            surface: None,
        }
    }
}

/// What has been said so far, as far as later statements depend on it.
#[derive(Clone, Debug)]
pub(crate) struct Said<'a> {
    /// The speaker, if it has a name.
    pub entity: Option<usize>,
    /// Which of the quotations so far it is.
    pub quotation: usize,
    /// Where it ends.
    pub last_paragraph: usize,
    /// First and one past the last token of content and clause.
    pub tokens: Range<usize>,
    pub addressee: Option<usize>,
    pub medium: &'a str,
    pub medium_paragraph: usize,
    /// Whether a pronoun stands for the speaker.
    pub pronoun: bool,
}

/// A quotation with everything that was weighed, for fitting.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// As it would be told.
    pub quotation: Quotation,
    /// Numbers of the reasons for trust.
    pub reasons: Vec<u16>,
    /// The candidates for its speaker, where there was a choice.
    pub ranking: Option<Ranking>,
    /// Name of the unnamed source that spoke last, which a candidate without entity stands for.
    pub unnamed: String,
    /// Whether later statements may depend on it.
    told: bool,
}

/// Confidence below which an indirect statement is not told at all, and nothing depends on it.
const FLOOR: f32 = 0.08;
/// The same for words between quotation marks: of these most are found, so that a doubtful one costs more than it
/// brings. Near both figures F1 of words, and of words and speakers, is highest on annotated news.
const FLOOR_MARKED: f32 = 0.25;

/// Attributes all statements that can be trusted enough to be told.
pub fn attribute(
    segments: &Segments,
    gazetteer: &Gazetteer,
    model: &Model,
    names: &Resolved,
    (stretches, statements): (&[Stretch], &[Statement]),
    explain: bool,
) -> Vec<Quotation> {
    let scene = Scene::new(segments, gazetteer, names, stretches);
    let keep = if explain { Keep::Evidence } else { Keep::Told };
    let all = weigh::weigh_all(&scene, model, stretches, statements, keep);
    let mut out: Vec<Quotation> = all.into_iter().map(|w| w.quotation).filter(is_told).collect();
    echo::mark(&scene, &mut out);
    out
}

/// Whether a quotation is sure enough to be told.
pub fn is_told(quotation: &Quotation) -> bool {
    match quotation.kind {
        QuotationKind::Indirect => quotation.confidence >= FLOOR,
        QuotationKind::Direct | QuotationKind::Mixed => quotation.confidence >= FLOOR_MARKED,
    }
}

/// All statements with what speaks for and against them, those that are not told among them.
pub fn weigh(
    segments: &Segments,
    gazetteer: &Gazetteer,
    model: &Model,
    names: &Resolved,
    (stretches, statements): (&[Stretch], &[Statement]),
) -> Vec<Weighed> {
    let scene = Scene::new(segments, gazetteer, names, stretches);
    let mut all = weigh::weigh_all(&scene, model, stretches, statements, Keep::Rankings);
    let mut spoke = String::new();
    for weighed in &mut all {
        weighed.unnamed.clone_from(&spoke);
        if weighed.told {
            spoke.clone_from(&weighed.quotation.speaker.name);
        }
    }
    all
}
