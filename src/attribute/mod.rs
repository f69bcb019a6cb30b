//! QUOTATIONS + MENTIONS -> attributions: who the subject of each statement is, how and to whom it was said.

mod antecedent;
mod description;
mod echo;
mod floating;
mod medium;
mod phrases;
mod reasons;
mod speaker;
mod timeline;
mod trust;

pub use antecedent::{Candidate, Ranking};
pub use reasons::{ANTECEDENT_COLUMNS, ANTECEDENT_GIVEN, ANTECEDENT_NAMES, TRUST_COLUMNS, TRUST_NAMES};

use crate::{
    error::Result,
    evidence::{self, Weights},
    gazetteer::{Flags, Gazetteer, Sense},
    model::{
        EntityType, Evidence, Gender, Quotation, QuotationKind, Resolved, Span, Speaker, Statement, Stretch, Zone,
    },
    text::Segments,
    token::{self, Kind},
};
use antecedent::Asked;
use reasons::T;
use rustc_hash::FxHashMap;
use std::ops::Range;
use timeline::{Place, Timeline};

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
        let text = gazetteer.weights("weights_quotations");
        Ok(Model {
            antecedents: Weights::read(text, "antecedent", ANTECEDENT_NAMES, ANTECEDENT_COLUMNS)?,
            trust: Weights::read(text, "trust", TRUST_NAMES, TRUST_COLUMNS)?,
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
    /// For each mention, what it is in its clause.
    pub places: Vec<Place>,
    /// For each mention, whether it is the first name of its sentence.
    pub firsts: Vec<bool>,
    /// For each sentence, how many with words of the writer's own there are up to it.
    pub narration: Vec<u32>,
    /// For each entity, its number of mentions.
    pub counts: Vec<usize>,
    /// For each entity, whether the headline names it.
    pub in_title: Vec<bool>,
    /// For each entity, whether the first paragraph names it.
    pub in_lede: Vec<bool>,
    /// For each entity, its gender, and whether only pronouns near its name tell it.
    pub genders: Vec<(Gender, bool)>,
    /// The person of each folded surname; nobody where several have it.
    pub surnames: FxHashMap<String, Option<usize>>,
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
            places: Vec::new(),
            firsts: Vec::new(),
            narration: Vec::new(),
            counts: vec![0; entities],
            in_title: vec![false; entities],
            in_lede: vec![false; entities],
            genders: Vec::new(),
            surnames: FxHashMap::default(),
        };
        for (i, entity) in names.entities.iter().enumerate().filter(|(_, e)| e.kind == EntityType::Person) {
            if let Some(last) = entity.name.split_whitespace().next_back() {
                let slot = scene.surnames.entry(token::fold(last)).or_insert(Some(i));
                *slot = slot.filter(|known| *known == i);
            }
        }
        for mention in &names.mentions {
            scene.counts[mention.entity] += 1;
            scene.in_title[mention.entity] |= mention.zone == Zone::Title;
            scene.in_lede[mention.entity] |= mention.zone == Zone::Body && mention.paragraph <= 1;
        }
        scene.narration = timeline::narration(&scene);
        (scene.places, scene.firsts) = timeline::places(&scene);
        scene.genders = timeline::genders(&scene);
        scene
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
pub(crate) struct Said {
    pub speaker: Speaker,
    /// Where it ends.
    pub last_paragraph: usize,
    /// First and one past the last token of content and clause.
    pub tokens: Range<usize>,
    pub addressee: Option<usize>,
    pub medium: String,
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
const FLOOR: f32 = 0.15;
/// The same for words between quotation marks: of these most are found, so that a doubtful one costs more than it
/// brings. Both figures are where F1 of words and speakers is highest on annotated news.
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
    let all = weigh_all(&scene, model, stretches, statements, explain);
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
    weigh_all(&scene, model, stretches, statements, false)
}

fn weigh_all(
    scene: &Scene<'_>,
    model: &Model,
    stretches: &[Stretch],
    statements: &[Statement],
    explain: bool,
) -> Vec<Weighed> {
    let neighbours = neighbours(scene, statements);
    let mut timeline = Timeline::new(scene);
    let mut said: Vec<Said> = Vec::new();
    let mut out = Vec::with_capacity(statements.len());
    let mut exchange = medium::Exchange::default();
    // The statement that reaches furthest so far.
    let mut widest: Option<&Statement> = None;
    for (statement, neighbours) in statements.iter().zip(neighbours) {
        if let (Some(last), Some(before)) = (said.last_mut(), out.last_mut())
            && runs_on(scene, statement, last, before)
        {
            join(scene, statement, last, &mut before.quotation);
            if !before.reasons.contains(&T::RunsOn.number()) {
                before.reasons.push(T::RunsOn.number());
                before.quotation.confidence = confidence(model, &before.reasons);
            }
            continue;
        }
        exchange.follow(scene, statement);
        let pronoun = subject_pronoun(scene, statement);
        let until = pronoun.unwrap_or(statement.subject.start.max(statement.clause.start).max(statement.start()));
        while let Some(at) = timeline.pop(until) {
            let sentence = scene.segments.sentence_of(at);
            let asked = Asked {
                weights: &model.antecedents,
                timeline: &timeline,
                said: &said,
                paragraph: scene.segments.sentences[sentence].paragraph,
                content: &[],
                not: None,
                goes_on: false,
            };
            let ranking = speaker::wanted_by(scene, at).and_then(|w| antecedent::find(scene, &w, at, &asked));
            if let Some(entity) = ranking.and_then(|r| r.candidates.get(r.best)?.entity) {
                timeline.push(scene, at, entity);
            }
        }
        let cue = statement.cue_number.and_then(|number| scene.gazetteer.cues.get(number as usize));
        let asked = Asked {
            weights: &model.antecedents,
            timeline: &timeline,
            said: &said,
            paragraph: statement.paragraph,
            content: &statement.parts,
            not: None,
            goes_on: cue.is_some_and(|cue| cue.sense == Sense::Continue),
        };
        let link = if statement.floating {
            floating::link(scene, statement, &asked)
        } else {
            speaker::link(scene, statement, &asked)
        };
        let repaired = statement.parts.iter().any(|p| {
            let first = stretches.partition_point(|s| s.end() <= p.start);
            stretches[first..].iter().take_while(|s| s.start() < p.end).any(|s| s.repaired)
        });
        let (start, end) = (statement.start(), statement.end());
        let around = trust::Circumstances {
            kind: kind(scene, statement),
            repaired,
            neighbours,
            inside: widest.is_some_and(|w| w.parts.iter().any(|p| p.start <= start && end <= p.end)),
        };
        if widest.is_none_or(|w| w.end() < end) {
            widest = Some(statement);
        }
        let reasons = trust::evidence(scene, statement, &link, &around);
        let confidence = confidence(model, &reasons);
        let found = medium::read(scene, statement, &link, &asked, &mut exchange);
        let unnamed = said.last().map(|last| last.speaker.name.clone()).unwrap_or_default();
        if let (Some(at), Some(entity)) = (pronoun, link.speaker.entity) {
            timeline.push(scene, at, entity);
        }
        let told = confidence >= FLOOR;
        if told {
            let from = if statement.clause.is_empty() { start } else { start.min(statement.clause.start) };
            let sentence = scene.segments.sentence_of(end.max(start + 1) - 1);
            said.push(Said {
                speaker: link.speaker.clone(),
                last_paragraph: scene.segments.sentences[sentence].paragraph,
                tokens: from..end.max(statement.clause.end),
                addressee: found.addressee_entity,
                medium: found.medium.clone(),
                medium_paragraph: found.medium_paragraph,
                pronoun: pronoun.is_some(),
            });
        }
        let mut weighed = Weighed {
            quotation: quotation(scene, statement, &link, found, confidence),
            reasons,
            ranking: None,
            unnamed,
            told,
        };
        if explain {
            weighed.quotation.evidence = explained(model, &link, &weighed.reasons);
        }
        weighed.ranking = link.ranking;
        out.push(weighed);
    }
    out
}

/// How probable words and speaker are right.
fn confidence(model: &Model, reasons: &[u16]) -> f32 {
    evidence::probability(model.trust.sum(reasons, 0)).clamp(0.01, 0.99)
}

/// Whether a paragraph that is nothing but a quotation goes on with the one before it, which somebody speaks and behind
/// which nothing stands but its own clause.
fn runs_on(scene: &Scene<'_>, statement: &Statement, last: &Said, before: &Weighed) -> bool {
    statement.floating
        && statement.frame == "floating paragraph"
        && before.told
        && before.quotation.kind != QuotationKind::Indirect
        && last.last_paragraph + 1 == statement.paragraph
        && last.tokens.end <= statement.start()
        && (rest(scene, last.tokens.end)..statement.start()).all(|t| !scene.segments.tokens[t].is_word())
}

/// The end of the sentence that holds the token before `end`: "..., Delgado told reporters in the rain."
fn rest(scene: &Scene<'_>, end: usize) -> usize {
    let sentence = &scene.segments.sentences[scene.segments.sentence_of(end.max(1) - 1)].tokens;
    sentence.end.max(end)
}

/// Adds a statement to the quotation that it goes on with.
fn join(scene: &Scene<'_>, statement: &Statement, last: &mut Said, quotation: &mut Quotation) {
    for part in &statement.parts {
        quotation.parts.push(scene.segments.span(part.clone()));
        quotation.words.push(words(scene, part.clone()));
        mentioned(scene, part, &mut quotation.mentioned);
    }
    last.tokens.end = last.tokens.end.max(statement.end());
    let sentence = scene.segments.sentence_of(statement.end().max(1) - 1);
    last.last_paragraph = scene.segments.sentences[sentence].paragraph;
}

/// Adds the entities named in a part, each once.
fn mentioned(scene: &Scene<'_>, part: &Range<usize>, out: &mut Vec<usize>) {
    for mention in &scene.names.mentions[scene.names.within(part.clone())] {
        if !out.contains(&mention.entity) {
            out.push(mention.entity);
        }
    }
}

/// The token of a pronoun that is the whole subject: "he said".
fn subject_pronoun(scene: &Scene<'_>, statement: &Statement) -> Option<usize> {
    let at = statement.subject.start;
    let pronoun = statement.subject.len() == 1
        && scene.gazetteer.lexicon.is(scene.segments.tokens.get(at)?, Flags::HE | Flags::SHE);
    pronoun.then_some(at)
}

/// For each statement, how many have their clause in the same sentence.
fn neighbours(scene: &Scene<'_>, statements: &[Statement]) -> Vec<usize> {
    let at = |s: &Statement| scene.segments.sentence_of(if s.clause.is_empty() { s.start() } else { s.clause.start });
    let sentences: Vec<usize> = statements.iter().map(at).collect();
    let mut counts = vec![0; scene.segments.sentences.len() + 1];
    for sentence in &sentences {
        counts[*sentence] += 1;
    }
    sentences.iter().map(|sentence| counts[*sentence]).collect()
}

/// What speaks for and against a quotation and its speaker, strongest first.
fn explained(model: &Model, link: &Link, reasons: &[u16]) -> Vec<Evidence> {
    let strongest = |weights: &Weights, reasons: &[u16], column: usize| {
        let all = reasons.iter().map(|r| Evidence { name: weights.name(*r), weight: weights.get(*r, column) });
        let mut all: Vec<Evidence> = all.filter(|e| e.weight != 0.0).collect();
        all.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        all
    };
    let mut out = strongest(&model.trust, reasons, 0);
    if let Some((ranking, best)) = link.ranking.as_ref().and_then(|r| Some((r, r.candidates.get(r.best)?))) {
        out.extend(strongest(&model.antecedents, &best.reasons, ranking.column));
    }
    out
}

fn quotation(
    scene: &Scene<'_>,
    statement: &Statement,
    link: &Link,
    found: medium::Found,
    confidence: f32,
) -> Quotation {
    let segments = scene.segments;
    let paragraph = &segments.paragraphs[statement.paragraph];
    let parts: Vec<Span> = statement.parts.iter().map(|p| segments.span(p.clone())).collect();
    let words = statement.parts.iter().map(|p| words(scene, p.clone())).collect();
    let mut inside = Vec::new();
    for part in &statement.parts {
        mentioned(scene, part, &mut inside);
    }
    Quotation {
        parts,
        words,
        kind: kind(scene, statement),
        cue: (!statement.cue.is_empty()).then(|| segments.span(statement.cue.clone())),
        speaker: link.speaker.clone(),
        medium: found.medium,
        addressee: found.addressee,
        mentioned: inside,
        method: statement.frame,
        confidence,
        zone: paragraph.part.zone().unwrap_or(Zone::Body),
        paragraph: paragraph.number,
        echo_of: None,
        evidence: Vec::new(),
    }
}

/// Direct if all words stand between marks, mixed if some do.
fn kind(scene: &Scene<'_>, statement: &Statement) -> QuotationKind {
    let words = || {
        let tokens = statement.parts.iter().flat_map(|p| p.clone());
        tokens.filter(|t| matches!(scene.segments.tokens[*t].kind, Kind::Word | Kind::Number))
    };
    if words().all(|t| scene.quoted[t]) {
        QuotationKind::Direct
    } else if words().any(|t| scene.quoted[t]) {
        QuotationKind::Mixed
    } else {
        QuotationKind::Indirect
    }
}

/// A part without its outer marks, a leading "that" and a comma at its end.
fn words(scene: &Scene<'_>, part: Range<usize>) -> Span {
    let tokens = &scene.segments.tokens;
    let is_mark = |t: usize| matches!(tokens[t].kind, Kind::Double | Kind::Single);
    let (mut start, mut end) = (part.start, part.end);
    if start < end && is_mark(start) && scene.quoted[start..end].iter().all(|q| *q) {
        start += 1;
        if end > start && is_mark(end - 1) {
            end -= 1;
        }
    } else if start < end && scene.quoted[start..end].iter().all(|q| *q) && is_mark(end - 1) {
        end -= 1;
    }
    while start < end && !scene.quoted[start] && scene.gazetteer.lexicon.is(&tokens[start], Flags::THAT) {
        start += 1;
    }
    if end > start + 1 && tokens[end - 1].is(',') {
        end -= 1;
    }
    scene.segments.span(start..end)
}
