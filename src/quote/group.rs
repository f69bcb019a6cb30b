//! What stands between a subject and its verb: "have long said", "did not on Monday say".

use super::{View, phrase};
use crate::{gazetteer::Flags, token::Kind};

/// What stands between subject and verb.
pub(super) struct Group {
    /// First token of auxiliaries and adverbs before the verb.
    pub start: usize,
    pub be: bool,
    pub negated: bool,
    pub modal: bool,
    pub infinitive: bool,
}

/// The auxiliaries, adverbs and times before the verb at `at`.
pub(super) fn group(view: &View<'_>, low: usize, at: usize) -> Group {
    let tokens = &view.segments.tokens;
    let lexicon = &view.gazetteer.lexicon;
    let mut group = Group { start: at, be: false, negated: false, modal: false, infinitive: false };
    while group.start > low {
        let before = group.start - 1;
        if view.inside[before] > 0 || view.names.mention_at(before).is_some() {
            break;
        }
        let flags = Flags::of(&tokens[before]);
        if is_contraction(view, before) {
            group.be |= flags.contains(Flags::BE);
            break;
        }
        // "said on Thursday evening"
        let part = before > low
            && lexicon.is(&tokens[before], Flags::UNIT)
            && lexicon.is(&tokens[before - 1], Flags::DAY | Flags::WHEN);
        if part {
            group.start = before;
            continue;
        }
        // "joked last month", "has since said"
        let time = before > low && phrase::skip_time(view, before - 1, at) == before + 1;
        let since =
            before > low && flags.contains(Flags::ADV | Flags::SCONJ) && lexicon.is(&tokens[before - 1], Flags::HAVE);
        if time || since {
            group.start = before - 1;
            continue;
        }
        let day = flags.intersects(Flags::DAY | Flags::WHEN | Flags::MONTH) || tokens[before].kind == Kind::Number;
        if day && before > low && lexicon.is(&tokens[before - 1], Flags::PREP) {
            group.start = before - 1;
        } else if flags.intersects(Flags::DAY | Flags::WHEN) && !flags.intersects(Flags::NOUN | Flags::ADJ) {
            group.start = before;
        } else if flags.intersects(Flags::AUX | Flags::NOT | Flags::NEG)
            || flags.contains(Flags::ADV)
                && !flags.intersects(
                    Flags::NOUN | Flags::PRON | Flags::DET | Flags::PREP | Flags::OTHER | Flags::CCONJ | Flags::THAT,
                )
        {
            group.be |= flags.contains(Flags::BE);
            group.negated |= flags.intersects(Flags::NOT | Flags::NEG);
            group.modal |= flags.contains(Flags::AUX) && !flags.intersects(Flags::BE | Flags::HAVE);
            group.start = before;
        } else {
            group.infinitive = flags.contains(Flags::TO);
            break;
        }
    }
    group
}

/// "they've", "I'm": a pronoun and its auxiliary in one word.
pub(super) fn is_contraction(view: &View<'_>, at: usize) -> bool {
    let token = &view.segments.tokens[at];
    let both = Flags::of(token).contains(Flags::AUX.union(Flags::PRON));
    both && token.is_word() && view.segments.word(at).contains(['\'', '’'])
}
