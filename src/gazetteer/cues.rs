//! Cue verbs and phrases: the words that introduce speech, with their grammar.

use serde::{Deserialize, Serialize};

/// How much a cue needs around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Strength {
    /// Shows that what follows is no speech.
    Reject,
    /// Only in the listed construction.
    Frame,
    /// Needs an attached quoted span, or `that` and a human subject.
    Weak,
    /// Needs an attached quoted span, or `that`, or stands after its content.
    Medium,
    /// A subject and the verb beside the content suffice.
    Strong,
}

/// Whether an unquoted clause after the verb needs a `that`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum That {
    /// Only with that, whether, a question word or to.
    Needed,
    /// A bare clause is fine.
    Optional,
    /// No unquoted clause at all.
    Never,
}

/// The part of speech of a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CueKind {
    /// A verb.
    Verb,
    /// Several words that act as a verb ("was quoted as saying").
    Phrase,
    /// A noun ("claim").
    Noun,
    /// Stands before the source ("according to").
    Preposition,
}

/// What sort of speech act a cue names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Sense {
    Say,
    Write,
    Inform,
    Continue,
    Reply,
    Ask,
    Announce,
    Assert,
    Explain,
    Emphasise,
    Admit,
    Agree,
    Deny,
    Criticise,
    Praise,
    Request,
    Predict,
    Promise,
    Think,
    Imply,
    Characterise,
    Manner,
    Decide,
    Discuss,
    Emote,
    According,
    Nominal,
}

/// Which form of a cue verb a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CueForm {
    /// "say", "to say".
    Base,
    /// "says".
    Third,
    /// "said" (past tense or participle).
    Past,
    /// "given": participle only.
    Participle,
    /// "saying".
    Gerund,
}

/// One cue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cue {
    /// Its dictionary form.
    pub lemma: String,
    /// What sort of speech act it names.
    pub sense: Sense,
    /// How much it needs around it.
    pub strength: Strength,
    /// Whether a clause after it needs a `that`.
    pub that: That,
    /// Whether the verb may stand before its subject.
    pub can_invert: bool,
    /// Whether it takes an addressee as object ("told").
    pub takes_addressee: bool,
    /// Whether the addressee must be there.
    pub needs_addressee: bool,
    /// Takes "to" and a verb as content ("promised to pay").
    pub takes_to: bool,
    /// Takes a noun phrase and "as" ("described the plan as").
    pub takes_as: bool,
    /// The addressee stands behind a preposition ("said to").
    pub takes_to_addressee: bool,
    /// Takes a noun phrase as content ("condemned the attack").
    pub takes_object: bool,
    /// Takes an indirect question ("described how").
    pub takes_question: bool,
    /// Prepositions that open a noun phrase as content ("complained about the delay"), folded.
    pub prepositions: Vec<String>,
    /// Part of speech.
    pub kind: CueKind,
    /// Base and -s forms are commonly nouns.
    pub noun_homograph: bool,
    /// Share of its occurrences that are cues, as counted on annotated news; negative if not known.
    pub rate: f32,
    /// The same for each form in the order of [`CueForm`], drawn towards that of the verb where a form is rare.
    pub(crate) rates: [f32; 5],
}

impl CueForm {
    /// All of them, by number.
    pub(super) const ALL: [CueForm; 5] =
        [CueForm::Base, CueForm::Third, CueForm::Past, CueForm::Participle, CueForm::Gerund];
}

impl Cue {
    /// Share of the occurrences of this form of the verb that are cues; negative if not known.
    pub fn rate_of(&self, form: CueForm) -> f32 {
        self.rates[form as usize]
    }

    /// The same, and for a cue that was never counted the mean of those that need as much around them.
    pub fn likely(&self, form: CueForm) -> f32 {
        match (self.rate_of(form), self.strength) {
            (rate, _) if rate >= 0.0 => rate,
            (_, Strength::Strong) => 0.64,
            (_, Strength::Medium) => 0.49,
            (_, Strength::Weak) => 0.32,
            _ => 0.0,
        }
    }
}
