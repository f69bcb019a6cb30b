//! How probable it is that words and speaker of a quotation are right: a logistic model over named evidence, fitted on
//! annotated quotations.

use super::{Link, Scene, reasons::T};
use crate::{
    gazetteer::{CueKind, Flags, Sense, Strength},
    model::{QuotationKind, Statement, Zone},
    token::Kind,
};
use std::ops::Range;

/// The frame whose subject stands further before.
const PARTICIPLE: &str = "participle";

/// The frame whose content is a noun phrase.
const OBJECT: &str = "speaker, verb, object";

/// Most tokens between subject and cue that are looked at.
const GROUP: usize = 8;

/// What is known of a statement besides itself.
pub(super) struct Circumstances {
    pub kind: QuotationKind,
    /// Whether a missing mark had to be guessed.
    pub repaired: bool,
    /// Statements whose clause stands in the same sentence, this one among them.
    pub neighbours: usize,
    /// Whether it stands inside the words of another one.
    pub inside: bool,
}

/// Collects the evidence, as numbers of reasons.
pub(super) fn evidence(scene: &Scene<'_>, statement: &Statement, link: &Link, around: &Circumstances) -> Vec<u16> {
    let mut out = Vec::with_capacity(32);
    out.push(T::Always.number());
    out.push(T::of_frame(statement.frame));
    let mut add = |holds: bool, reason: T| {
        if holds {
            out.push(reason.number());
        }
    };
    let amounts = Amounts::of(scene, &statement.parts);
    let (words, marked) = (amounts.words, amounts.marked);
    add(
        true,
        match around.kind {
            QuotationKind::Direct => T::Direct,
            QuotationKind::Mixed => T::Mixed,
            QuotationKind::Indirect => T::Indirect,
        },
    );
    let mixed = around.kind == QuotationKind::Mixed;
    add(mixed && marked * 4 < words, T::MixedLittle);
    add(mixed && marked * 4 >= words * 3, T::MixedMuch);
    add(around.repaired, T::Repaired);
    add(
        true,
        match words {
            0..=2 => T::Words1,
            3..=5 => T::Words3,
            6..=10 => T::Words6,
            11..=30 => T::Words11,
            _ => T::Words31,
        },
    );
    add(statement.parts.len() == 2, T::Parts2);
    add(statement.parts.len() > 2, T::Parts3);
    add(words > 30 && around.kind == QuotationKind::Direct, T::DirectLong);
    add(words > 30 && around.kind == QuotationKind::Indirect, T::IndirectLong);
    add(around.neighbours == 1, T::Alone);
    add(around.neighbours > 2, T::Several);
    add(around.inside, T::Inside);
    add(scene.segments.paragraphs[statement.paragraph].part.zone() == Some(Zone::Title), T::Title);
    add(!statement.addressee.is_empty(), T::Addressee);
    speaker(link, &mut add);
    cue(scene, statement, &mut add);
    subject(scene, statement, link, &mut add);
    edges(scene, statement, &amounts, &mut add);
    out
}

/// What the content is made of.
#[derive(Default)]
struct Amounts {
    words: usize,
    /// Words between marks.
    marked: usize,
    /// Commas outside marks.
    commas: usize,
    /// Whether it has a finite verb.
    finite: bool,
}

impl Amounts {
    fn of(scene: &Scene<'_>, parts: &[Range<usize>]) -> Amounts {
        let lexicon = &scene.gazetteer.lexicon;
        let mut out = Amounts::default();
        for at in parts.iter().flat_map(Clone::clone) {
            let (token, quoted) = (&scene.segments.tokens[at], scene.quoted[at]);
            out.words += usize::from(token.is_word());
            out.marked += usize::from(token.is_word() && quoted);
            out.commas += usize::from(!quoted && token.is(','));
            out.finite = out.finite || lexicon.is(token, Flags::AUX | Flags::VERB_PAST | Flags::VERB_S);
        }
        out
    }
}

fn speaker(link: &Link, add: &mut impl FnMut(bool, T)) {
    let rule = link.rule;
    let (named, reason) = match rule {
        "named person" => (true, T::RulePerson),
        "named body" => (true, T::RuleBody),
        "named in apposition" => (true, T::RuleApposed),
        "pronoun" => (false, T::RulePronoun),
        "pronoun for several" => (false, T::RuleMany),
        _ if rule.starts_with("pronoun: ") => (false, T::RuleMany),
        "unnamed source" => (false, T::RuleUnnamed),
        "document" => (false, T::RuleDocument),
        "other phrase" => (false, T::RulePhrase),
        "no subject" | "floating: nobody near" | "turn: who asks" => (false, T::RuleNone),
        "floating: who spoke last" => (false, T::RuleContinued),
        "turn: the guest" => (false, T::RuleTurn),
        "floating: named behind" => (false, T::RuleBehind),
        "floating: introduced before" => (false, T::RuleIntroduced),
        _ if rule.starts_with("description") => (false, T::RuleDescription),
        _ => (false, T::RuleOther),
    };
    add(true, reason);
    if named {
        add(
            true,
            match link.probability {
                p if p >= 0.95 => T::Name95,
                p if p >= 0.8 => T::Name80,
                _ => T::Name0,
            },
        );
    } else if link.speaker.entity.is_some() {
        add(
            true,
            match link.probability {
                p if p >= 0.95 => T::Chosen95,
                p if p >= 0.85 => T::Chosen85,
                p if p >= 0.7 => T::Chosen70,
                p if p >= 0.5 => T::Chosen50,
                _ => T::Chosen0,
            },
        );
    }
}

fn cue(scene: &Scene<'_>, statement: &Statement, add: &mut impl FnMut(bool, T)) {
    let lexicon = &scene.gazetteer.lexicon;
    let Some(cue) = statement.cue_number.and_then(|number| scene.gazetteer.cues.get(number as usize)) else {
        add(true, T::CueNone);
        return;
    };
    add(
        true,
        match cue.strength {
            Strength::Strong => T::CueStrong,
            Strength::Medium => T::CueMedium,
            Strength::Weak => T::CueWeak,
            Strength::Frame | Strength::Reject => T::CueFrame,
        },
    );
    add(
        true,
        match statement.cue_rate {
            rate if rate < 0.0 => T::RateUnknown,
            rate if rate < 0.3 => T::Rate0,
            rate if rate < 0.6 => T::Rate30,
            rate if rate < 0.8 => T::Rate60,
            _ => T::Rate80,
        },
    );
    use Sense::*;
    add(
        true,
        match cue.sense {
            Say | Write | Inform | Continue | Reply | According => T::SenseSay,
            Think | Imply | Predict | Decide => T::SenseThink,
            Criticise | Praise | Characterise | Emote => T::SenseJudge,
            Ask | Request => T::SenseAsk,
            _ => T::SenseOther,
        },
    );
    add(cue.kind == CueKind::Noun, T::CueNoun);
    let object = statement.frame == OBJECT;
    add(object && cue.kind != CueKind::Noun && (0.0..0.6).contains(&statement.cue_rate), T::ObjectRare);
    let first = scene.segments.tokens.get(statement.cue.start);
    let finite = first.is_some_and(|t| lexicon.is(t, Flags::VERB_PAST | Flags::VERB_S | Flags::AUX | Flags::PREP));
    add(!finite, T::Bent);
}

fn subject(scene: &Scene<'_>, statement: &Statement, link: &Link, add: &mut impl FnMut(bool, T)) {
    let subject = &statement.subject;
    if subject.is_empty() {
        return;
    }
    let lexicon = &scene.gazetteer.lexicon;
    let tokens = &scene.segments.tokens;
    add(subject.len() > 8, T::SubjectLong);
    let cue = &statement.cue;
    let between = cue.start.saturating_sub(subject.end).max(subject.start.saturating_sub(cue.end));
    let far = !cue.is_empty() && between > 2;
    let group = || (subject.end..cue.start.max(subject.end)).take(GROUP).map(|t| Flags::of(&tokens[t]));
    // "did not say", and "no one says", of which the subject is "one".
    let nobody = subject.start.checked_sub(1).is_some_and(|t| {
        lexicon.is(&tokens[t], Flags::NEG) && lexicon.is(&tokens[t], Flags::DET) && statement.cue.start > t
    });
    add(nobody || group().any(|f| f.intersects(Flags::NOT | Flags::NEG)), T::Denied);
    let modal = |f: Flags| f.contains(Flags::AUX) && !f.intersects(Flags::BE | Flags::HAVE | Flags::NOT);
    add(group().any(modal), T::Modal);
    add(far, T::SubjectFar);
    add(far && link.speaker.entity.is_none(), T::NamelessFar);
    add(statement.frame == PARTICIPLE && link.speaker.entity.is_some(), T::ParticipleSure);
    let sentence = scene.segments.sentences[scene.segments.sentence_of(subject.start)].tokens.start;
    let torn = subject.start > sentence
        && tokens[subject.start - 1].kind == Kind::Word
        && tokens[subject.start].kind == Kind::Word
        && !lexicon.is(&tokens[subject.start], Flags::DET | Flags::PRON)
        && lexicon.is(&tokens[subject.start - 1], Flags::PREP | Flags::ADJ | Flags::NUM);
    add(torn, T::SubjectLower);
}

/// How the content begins and ends.
fn edges(scene: &Scene<'_>, statement: &Statement, amounts: &Amounts, add: &mut impl FnMut(bool, T)) {
    let lexicon = &scene.gazetteer.lexicon;
    let tokens = &scene.segments.tokens;
    let (start, end) = (statement.start(), statement.end());
    let (Some(first), Some(last)) = (tokens.get(start), end.checked_sub(1).and_then(|t| tokens.get(t))) else { return };
    add(amounts.finite, T::Finite);
    let sentences = &scene.segments.sentences;
    let (head, tail) = (&sentences[scene.segments.sentence_of(start)], &sentences[scene.segments.sentence_of(end - 1)]);
    add(start == head.tokens.start, T::StartsSentence);
    let before = start.checked_sub(1).and_then(|t| tokens.get(t)).filter(|_| statement.floating);
    add(before.is_some_and(|t| t.is(':')), T::ColonBefore);
    add(before.is_some_and(|t| t.is(',')), T::CommaBefore);
    add(before.is_some_and(|t| t.is_word()) && start > head.tokens.start, T::WordBefore);
    let stop = last.is_stop() || end + 1 >= tail.tokens.end;
    add(stop, T::StopEnd);
    let mark = tokens.get(end).is_some_and(|t| t.is(',') || t.is(';') || t.is_dash());
    let marked = matches!(last.kind, Kind::Double | Kind::Single);
    add(!stop && !mark && !marked, T::EndsOpen);
    add(lexicon.is(first, Flags::THAT), T::StartsThat);
    add(amounts.commas == 1, T::Comma);
    add(amounts.commas > 1, T::Commas);
    let object = statement.frame == OBJECT;
    add(object && end <= start + 2, T::ObjectShort);
    let pronoun = lexicon.is(first, Flags::PRON) && !lexicon.is(first, Flags::DET);
    add(object && pronoun && amounts.words == 1, T::ObjectPronoun);
    let inner = if matches!(first.kind, Kind::Double | Kind::Single) { tokens.get(start + 1) } else { Some(first) };
    add(inner.is_some_and(|t| t.is_capitalized()), T::StartsUpper);
    let sure = statement.ending.probability;
    add(
        sure > 0.0,
        match sure {
            p if p >= 0.95 => T::End95,
            p if p >= 0.85 => T::End85,
            p if p >= 0.7 => T::End70,
            p if p >= 0.5 => T::End50,
            _ => T::End0,
        },
    );
    let far = !statement.cue.is_empty() && start > statement.cue.end + 6;
    add(far, T::FarBehind);
}
