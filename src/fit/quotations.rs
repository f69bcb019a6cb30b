//! Weights of the evidence for speakers and for trust in quotations.

use crate::{
    attribute::{
        self, ANTECEDENT_COLUMNS, ANTECEDENT_GIVEN, ANTECEDENT_NAMES, Model, PARTS, TRUST_COLUMNS, TRUST_GIVEN,
        TRUST_NAMES, Weighed,
    },
    error::{Error, Result},
    evaluate::{self, Gold, Told},
    evidence::{self, Choosing, Judging, Settings, Weights},
    gazetteer::Gazetteer,
    mention,
    model::{Article, Entity, Resolved, Statement, Stretch},
    quote::{self, END_COLUMNS},
    resolve,
    text::{self, Segments},
};

/// Who spoke before depends on the weights, and the weights on who spoke before: so often the articles are read.
const READINGS: usize = 4;
/// Agreement of the words from which an annotated speaker tells something about ours.
const SAME: f64 = 0.5;
/// Agreement of the words from which they are right.
const RIGHT: f64 = 0.8;
/// Share of the annotations of pronouns that are wrong, as the annotated articles were checked: most were made by a
/// program.
const SLIPS: f32 = 0.13;
/// Penalty on squared weights of antecedents: there are few examples.
const PENALTY: f32 = 4.0;

/// Fits whom pronouns and quotations without an attribution mean, and then how far quotations can be trusted; returns
/// the whole weights file.
///
/// # Errors
/// No annotated quotation in `articles`, or weights of names that cannot be read.
pub fn quotations(articles: &[Gold], gazetteer: &Gazetteer, settings: Settings, without: &[String]) -> Result<String> {
    let left = Left::new(without)?;
    if articles.iter().all(|a| a.attributions.as_ref().is_none_or(Vec::is_empty)) {
        return Err(Error::format("no article has annotated `attributions`"));
    }
    let names = mention::Model::load(gazetteer)?;
    let mut read: Vec<Read<'_>> = articles.iter().map(|gold| Read::new(gold, gazetteer, &names)).collect();
    let mut choices: Vec<Choosing> = Vec::new();
    for article in &read {
        article.ends(gazetteer, &mut choices);
    }
    let mut extents = quote::Model::zero();
    let few = Settings { rounds: settings.rounds * 2, penalty: PENALTY, ..settings };
    evidence::fit_choices(&mut extents.ends, &choices, 0.0, &[], few);
    for article in &mut read {
        article.state(gazetteer, &extents);
    }
    let mut model = Model::zero();
    for _ in 0..READINGS {
        let mut choices: Vec<Choosing> = Vec::new();
        for article in &read {
            article.choices(&article.weigh(gazetteer, &model), &mut choices);
        }
        model.antecedents = Weights::zero(ANTECEDENT_NAMES, ANTECEDENT_COLUMNS);
        let few = Settings { rounds: settings.rounds * 4, penalty: PENALTY, ..settings };
        let mut held = Vec::new();
        for choice in choices.iter_mut().flat_map(|c| &mut c.candidates) {
            choice.0.retain(|reason| !left.antecedent.contains(reason));
        }
        for (reason, column, weight) in ANTECEDENT_GIVEN.iter().filter(|given| !left.out(given.0)) {
            model.antecedents.set(reason, column, *weight);
            held.extend(model.antecedents.cell(reason, column));
        }
        evidence::fit_choices(&mut model.antecedents, &choices, SLIPS, &held, few);
        let mut judged: Vec<Judging> = Vec::new();
        for article in &read {
            article.judged(&article.weigh(gazetteer, &model), &mut judged);
        }
        for judged in &mut judged {
            judged.reasons.retain(|reason| !left.trust.contains(reason));
        }
        model.trust = Weights::zero(TRUST_NAMES, TRUST_COLUMNS);
        evidence::fit_odds(&mut model.trust, &judged, settings.penalty);
        for (reason, column, weight) in TRUST_GIVEN.iter().filter(|given| !left.out(given.0)) {
            model.trust.set(reason, column, *weight);
        }
    }
    let header: Vec<&str> = ANTECEDENT_COLUMNS.iter().chain(TRUST_COLUMNS).chain(END_COLUMNS).copied().collect();
    Ok(format!(
        "pass,evidence,{}\n{}{}{}",
        header.join(","),
        model.antecedents.write_in("antecedent", &header),
        extents.ends.write_in("end", &header),
        model.trust.write_in("trust", &header)
    ))
}

/// The reasons that are left out.
#[derive(Default)]
struct Left {
    beginnings: Vec<&'static str>,
    antecedent: Vec<u16>,
    trust: Vec<u16>,
}

impl Left {
    fn new(without: &[String]) -> Result<Left> {
        let mut left = Left::default();
        for part in without {
            let names = || PARTS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            let known = PARTS.iter().find(|(name, _)| name == part);
            let (_, beginnings) = known
                .ok_or_else(|| Error::format(format!("`{part}` is no part of the evidence; use one of {}", names())))?;
            left.beginnings.extend_from_slice(beginnings);
        }
        let numbers = |names: &[&str]| (0..names.len() as u16).filter(|n| left.out(names[usize::from(*n)])).collect();
        (left.antecedent, left.trust) = (numbers(ANTECEDENT_NAMES), numbers(TRUST_NAMES));
        Ok(left)
    }

    fn out(&self, reason: &str) -> bool {
        self.beginnings.iter().any(|beginning| reason.starts_with(beginning))
    }
}

/// An annotated article, read up to its statements: what does not depend on the weights.
struct Read<'g> {
    gold: &'g Gold,
    segments: Segments,
    names: Resolved,
    stretches: Vec<Stretch>,
    statements: Vec<Statement>,
    /// For each byte of the text, the number of characters before it.
    points: Vec<usize>,
}

impl<'g> Read<'g> {
    fn new(gold: &'g Gold, gazetteer: &Gazetteer, model: &mention::Model) -> Self {
        let article = Article { id: gold.id.clone(), text: gold.text.clone(), ..Article::default() };
        let segments = text::segment(&article, gazetteer);
        let found = mention::find(&segments, gazetteer, model, false);
        let names = resolve::resolve(&segments, gazetteer, found);
        let mut points = vec![0; gold.text.len() + 1];
        let mut count = 0;
        for (at, point) in points.iter_mut().enumerate() {
            *point = count;
            count += usize::from(gold.text.is_char_boundary(at));
        }
        Read { gold, segments, names, stretches: Vec::new(), statements: Vec::new(), points }
    }

    /// Finds the statements, with the ends that the weights tell.
    fn state(&mut self, gazetteer: &Gazetteer, extents: &quote::Model) {
        (self.stretches, self.statements) = quote::find(&self.segments, gazetteer, extents, &self.names);
    }

    /// The choices between ends of which an annotation tells the right one.
    fn ends(&self, gazetteer: &Gazetteer, out: &mut Vec<Choosing>) {
        let told = |start: usize, end: usize| {
            let span = self.segments.span(start..end);
            let point = |at: usize| self.points.get(at).copied().unwrap_or(0);
            Told { spans: vec![(point(span.start), point(span.end))], ..Told::default() }
        };
        for choice in quote::ends(&self.segments, gazetteer, &self.names) {
            let all: Vec<Told> = choice.ends.iter().map(|(end, _)| told(choice.start, *end)).collect();
            let agreements = evaluate::agreements(self.gold, &all);
            let best = agreements.iter().copied().fold(0.0, f64::max);
            if best < RIGHT || choice.ends.len() < 2 {
                continue;
            }
            let candidates = choice.ends.into_iter().zip(agreements);
            let candidates = candidates.map(|((_, reasons), agreement)| (reasons, agreement >= best));
            out.push(Choosing { column: choice.column, candidates: candidates.collect() });
        }
    }

    fn weigh(&self, gazetteer: &Gazetteer, model: &Model) -> Vec<Weighed> {
        let statements = (&self.stretches[..], &self.statements[..]);
        attribute::weigh(&self.segments, gazetteer, model, &self.names, statements)
    }

    fn told(&self, weighed: &[Weighed]) -> Vec<Told> {
        let point = |at: usize| self.points.get(at).copied().unwrap_or(0);
        let told = weighed.iter().map(|w| Told {
            spans: w.quotation.parts.iter().map(|part| (point(part.start), point(part.end))).collect(),
            surface: w.quotation.speaker.surface.map_or("", |s| s.of(&self.segments.text)).to_string(),
            speaker: w.quotation.speaker.name.clone(),
        });
        told.collect()
    }

    /// The choices between candidates of which an annotation tells the right one.
    fn choices(&self, weighed: &[Weighed], out: &mut Vec<Choosing>) {
        let told = self.told(weighed);
        for (w, judged) in weighed.iter().zip(evaluate::judge(self.gold, &told, SAME)) {
            let (Some(ranking), Some(gold)) = (&w.ranking, judged.gold) else { continue };
            let name = |e: Option<usize>| match e.and_then(|e| self.names.entities.get(e)) {
                Some(Entity { name, .. }) => name.clone(),
                None => w.unnamed.clone(),
            };
            let right = |e: Option<usize>| evaluate::is_speaker(&name(e), gold);
            let candidates = ranking.candidates.iter().map(|c| (ranking.reasons(c).to_vec(), right(c.entity)));
            let candidates: Vec<(Vec<u16>, bool)> = candidates.collect();
            let some = candidates.iter().any(|(_, right)| *right);
            if some && !candidates.iter().all(|(_, right)| *right) {
                out.push(Choosing { column: ranking.column, candidates });
            }
        }
    }

    /// What was weighed, right or wrong. What is told is matched with the annotations first, as `evaluate` does it; what
    /// is not told cannot take a match away from it.
    fn judged(&self, weighed: &[Weighed], out: &mut Vec<Judging>) {
        let all = self.told(weighed);
        let is_told: Vec<bool> = weighed.iter().map(|w| attribute::is_told(&w.quotation)).collect();
        let told: Vec<Told> = all.iter().zip(&is_told).filter(|(_, told)| **told).map(|(t, _)| t.clone()).collect();
        let mut of_told = evaluate::judge(self.gold, &told, RIGHT).into_iter();
        let of_all = evaluate::judge(self.gold, &all, RIGHT);
        for ((w, is_told), among_all) in weighed.iter().zip(is_told).zip(of_all) {
            let judged = if is_told { of_told.next().unwrap_or(among_all) } else { among_all };
            if !judged.ignored {
                out.push(Judging { reasons: w.reasons.clone(), right: judged.right });
            }
        }
    }
}
