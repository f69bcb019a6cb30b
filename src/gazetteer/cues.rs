//! Cue verbs and phrases: the words that introduce speech, with their grammar.

use super::table::Row;
use crate::error::Result;

/// How much a cue needs around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum That {
    /// Only with that, whether, a question word or to.
    Needed,
    /// A bare clause is fine.
    Optional,
    /// No unquoted clause at all.
    Never,
}

/// The part of speech of a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug)]
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
    /// Prepositions that open a noun phrase as content ("complained about the delay"), folded.
    pub prepositions: Vec<String>,
    /// Part of speech.
    pub kind: CueKind,
    /// Base and -s forms are commonly nouns.
    pub noun_homograph: bool,
    /// Share of its occurrences that are cues, as counted on annotated news; negative if not known.
    pub rate: f32,
    /// The same for each form in the order of [`CueForm`], drawn towards that of the verb where a form is rare.
    rates: [f32; 5],
}

impl Sense {
    fn parse(word: &str) -> Option<Sense> {
        use Sense::*;
        Some(match word {
            "say" => Say,
            "write" => Write,
            "inform" => Inform,
            "continue" => Continue,
            "reply" => Reply,
            "ask" => Ask,
            "announce" => Announce,
            "assert" => Assert,
            "explain" => Explain,
            "emphasise" => Emphasise,
            "admit" => Admit,
            "agree" => Agree,
            "deny" => Deny,
            "criticise" => Criticise,
            "praise" => Praise,
            "request" => Request,
            "predict" => Predict,
            "promise" => Promise,
            "think" => Think,
            "imply" => Imply,
            "characterise" => Characterise,
            "manner" => Manner,
            "decide" => Decide,
            "discuss" => Discuss,
            "emote" => Emote,
            "according" => According,
            "nominal" => Nominal,
            _ => return None,
        })
    }
}

impl Cue {
    /// Reads a row of `cue_verbs.csv`.
    pub(super) fn read(row: Row<'_>) -> Result<Cue> {
        let bad = |column: &str| row.error(format!("`{}` is no value of column `{column}`", row.get(column)));
        let has = |value: &str| row.list("complements").any(|c| c == value);
        Ok(Cue {
            lemma: row.get("lemma").to_string(),
            sense: Sense::parse(row.get("sense")).ok_or_else(|| bad("sense"))?,
            strength: match row.get("strength") {
                "strong" => Strength::Strong,
                "medium" => Strength::Medium,
                "weak" => Strength::Weak,
                "frame" => Strength::Frame,
                "reject" => Strength::Reject,
                _ => return Err(bad("strength")),
            },
            that: match row.get("needs_that") {
                "yes" => That::Needed,
                "no" => That::Optional,
                "never" => That::Never,
                _ => return Err(bad("needs_that")),
            },
            can_invert: row.get("can_invert") == "yes",
            takes_addressee: matches!(row.get("addressee"), "required" | "optional"),
            needs_addressee: row.get("addressee") == "required",
            takes_to: has("to VP") || has("NP to VP") || has("NP to be"),
            takes_as: has("NP as Q") || has("NP (as) Q") || has("NP Q") || has("NP as NP"),
            takes_to_addressee: row.get("addressee").starts_with("optional:"),
            takes_object: row.list("complements").any(|c| {
                let object = ["NP of ", "NP for ", "NP on ", "NP(", "the "];
                c == "NP" || object.iter().any(|o| c.starts_with(o))
            }),
            prepositions: prepositions(&row),
            kind: match row.get("kind") {
                "verb" => CueKind::Verb,
                "phrase" => CueKind::Phrase,
                "noun" => CueKind::Noun,
                "preposition" => CueKind::Preposition,
                _ => return Err(bad("kind")),
            },
            noun_homograph: row.get("noun_homograph") == "yes",
            rate: row.get("rate").parse().unwrap_or(-1.0),
            rates: rates(&row),
        })
    }

    /// Share of the occurrences of this form of the verb that are cues; negative if not known.
    pub fn rate_of(&self, form: CueForm) -> f32 {
        self.rates[form as usize]
    }

    /// Which form of the verb number `index` of `count` listed forms is.
    pub(super) fn form(word: &str, index: usize, count: usize) -> CueForm {
        if word.split(' ').next().is_some_and(|first| first.ends_with("ing")) && index > 0 {
            CueForm::Gerund
        } else {
            match (index, count) {
                (0, _) => CueForm::Base,
                (1, _) => CueForm::Third,
                (3, 5) => CueForm::Participle,
                _ => CueForm::Past,
            }
        }
    }
}

/// How many occurrences the rate of the whole verb is worth beside that of a form.
const PRIOR: f32 = 4.0;

/// The rates of the forms: `stated=0.82/40` is 0.82 of forty occurrences.
fn rates(row: &Row<'_>) -> [f32; 5] {
    let all: f32 = row.get("rate").parse().unwrap_or(-1.0);
    let mut rates = [all; 5];
    let count = row.list("forms").count();
    for (i, form) in row.list("forms").enumerate() {
        let counted = row.list("form_rates").find_map(|entry| {
            let (rate, count) = entry.strip_prefix(form)?.strip_prefix('=')?.split_once('/')?;
            Some((rate.parse::<f32>().ok()?, count.parse::<f32>().ok()?))
        });
        if let Some((rate, seen)) = counted.filter(|_| all >= 0.0) {
            rates[Cue::form(form, i, count) as usize] = (rate * seen + all * PRIOR) / (seen + PRIOR);
        }
    }
    rates
}

/// The prepositions of complements such as `over/about NP`.
fn prepositions(row: &Row<'_>) -> Vec<String> {
    let complements = row.list("complements").filter_map(|c| c.strip_suffix(" NP"));
    let lower = complements.filter(|c| c.starts_with(char::is_lowercase) && !c.starts_with("the ") && !c.contains(' '));
    lower.flat_map(|c| c.split('/')).map(str::to_string).collect()
}
