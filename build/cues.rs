//! Reading `cue_verbs.csv`.

use crate::{
    error::Result,
    gazetteer::{Cue, CueForm, CueKind, Row, Sense, Strength, That},
};

/// Reads a row of `cue_verbs.csv`.
pub(crate) fn read(row: Row<'_>) -> Result<Cue> {
    let bad = |column: &str| row.error(format!("`{}` is no value of column `{column}`", row.get(column)));
    let has = |value: &str| row.list("complements").any(|c| c == value);
    Ok(Cue {
        lemma: row.get("lemma").to_string(),
        sense: sense(row.get("sense")).ok_or_else(|| bad("sense"))?,
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
        takes_question: row.list("complements").any(|c| matches!(c, "wh" | "how" | "NP wh" | "whether")),
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

/// Which form of the verb number `index` of `count` listed forms is.
pub(crate) fn form(word: &str, index: usize, count: usize) -> CueForm {
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

fn sense(word: &str) -> Option<Sense> {
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

/// How many occurrences the rate of the whole verb is worth beside that of a form.
const PRIOR: f32 = 4.0;

/// The rates of the forms: `stated=0.82/40` is 0.82 of forty occurrences.
fn rates(row: &Row<'_>) -> [f32; 5] {
    let all: f32 = row.get("rate").parse().unwrap_or(-1.0);
    let mut rates = [all; 5];
    let count = row.list("forms").count();
    for (i, word) in row.list("forms").enumerate() {
        let counted = row.list("form_rates").find_map(|entry| {
            let (rate, count) = entry.strip_prefix(word)?.strip_prefix('=')?.split_once('/')?;
            Some((rate.parse::<f32>().ok()?, count.parse::<f32>().ok()?))
        });
        if let Some((rate, seen)) = counted.filter(|_| all >= 0.0) {
            rates[form(word, i, count) as usize] = (rate * seen + all * PRIOR) / (seen + PRIOR);
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
