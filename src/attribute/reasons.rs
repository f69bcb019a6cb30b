//! The reasons: what can speak for or against somebody being meant by a pronoun, a description or nothing at all, and
//! what can speak for or against a quotation being right; each with a name that the weights file, `explain` and
//! readers share.

use crate::evidence::reasons;

/// What a candidate is looked for: each has weights of its own.
pub const ANTECEDENT_COLUMNS: &[&str] = &["pronoun", "floating"];
/// The column of pronouns and descriptions.
pub(super) const PRONOUN: usize = 0;
/// The column of quotations without an attribution.
pub(super) const FLOATING: usize = 1;
/// The only decision about a whole quotation: its words and its speaker are right.
pub const TRUST_COLUMNS: &[&str] = &["right"];

reasons! { A, ANTECEDENT_NAMES, "The names of all reasons for an antecedent, by number.":
    Near0 "named in the same sentence", Near1 "named one sentence before", Near2 "named two sentences before", Near3 "named three to five sentences before", Near6 "named further before", NearAhead "named only behind", NearBehind "named beside a cue behind the quotation",
    Subject0 "subject in the same sentence", Subject1 "subject one sentence before", Subject2 "subject two sentences before", Subject3 "subject three to five sentences before", Subject6 "subject further before", SubjectNone "never a subject before",
    SameParagraph "subject in the same paragraph", PreviousParagraph "subject in the paragraph before", LastSubject "last subject of all that fit", LastNamed "last named of all that fit", LastPronoun "whom the last pronoun meant",
    FirstInSentence "first name of its sentence", Subordinate "subject of a subordinate clause", OpensParagraph "opens the paragraph", SinceStatement "subject since the last statement",
    AsObject "last named as an object", AsOwner "last named as an owner", AsModifier "last named before a noun", AsQuoted "last named inside a quotation",
    SpokeHere "spoke last, in the same paragraph", SpokeBefore "spoke last, one paragraph before", SpokeNear "spoke last, two or three paragraphs before", SpokeFar "spoke last, further before",
    SpokeSecond "spoke last but one", SpokeEarlier "spoke earlier", SpokeNever "has not spoken", GoesOn "spoke last, and the cue goes on", SpokeSame "spoke last, as a pronoun", SpokenTo "was spoken to last",
    InContent "named in the quotation", InTitle "in the title", InLede "in the first paragraph", MostNamed "most named of all that fit", Named1 "named once", Named2 "named two or three times", Named4 "named four to nine times", Named10 "named ten times or more",
    GenderKnown "gender known from name or title", GenderPronoun "gender told by pronouns near the name", GenderUnknown "gender unknown", InList "a known name", IsOrganization "an organization", IsUnnamed "an unnamed source",
    HasRole "has the role in the article", HasKnownRole "is known for the role", HasAge "of that age", SameCountry "of the same country",
}

/// Reasons that annotated articles cannot weigh, with weights by judgement: annotations do not say whom a description
/// means, and where a program has resolved their pronouns, it has often taken somebody whom the quotation itself names.
/// (Reason, column, weight).
pub const ANTECEDENT_GIVEN: &[(&str, &str, f32)] = &[
    ("has the role in the article", "pronoun", 2.0),
    ("of that age", "pronoun", 6.0),
    ("of the same country", "pronoun", 1.0),
    ("named in the quotation", "pronoun", -1.0),
    ("named beside a cue behind the quotation", "floating", 4.0),
    ("spoke last, and the cue goes on", "pronoun", 2.0),
    ("was spoken to last", "pronoun", -0.5),
];

reasons! { T, TRUST_NAMES, "The names of all reasons for trust in a quotation, by number.":
    Always "always",
    Direct "direct", Mixed "mixed", Indirect "indirect", MixedLittle "less than a quarter between marks", MixedMuch "three quarters between marks",
    FrameOther "another frame", FrameQsv "frame: quote, speaker, verb", FrameQvs "frame: quote, verb, speaker", FrameSplit "frame: split quote", FrameSvq "frame: speaker, verb, quote", FrameFragment "frame: speaker, verb, fragment", FrameThat "frame: speaker, verb, that", FrameClause "frame: speaker, verb, clause", FrameTo "frame: speaker, verb, to", FrameObject "frame: speaker, verb, object", FrameColon "frame: speaker, verb, colon", FrameCsv "frame: clause, speaker, verb", FrameSplitClause "frame: split clause", FrameAccording "frame: according to", FrameAs "frame: as said", FrameSigned "frame: signed quote", FrameBelow "frame: quote below", FrameParticiple "frame: participle", FrameTranscript "frame: transcript", FrameHeadline "frame: headline colon", FrameFloating "frame: floating", FrameFloatingParagraph "frame: floating paragraph",
    RuleOther "another kind of speaker", RulePerson "speaker: named person", RuleBody "speaker: named body", RuleApposed "speaker: named in apposition", RulePronoun "speaker: pronoun", RuleMany "speaker: pronoun for several", RuleDescription "speaker: description", RuleUnnamed "speaker: unnamed source", RuleDocument "speaker: document", RulePhrase "speaker: other phrase", RuleNone "speaker: nobody", RuleContinued "speaker: who spoke last", RuleIntroduced "speaker: introduced before", RuleBehind "speaker: named behind", RuleTurn "speaker: turn of an interview",
    Chosen95 "candidate sure to 0.95", Chosen85 "candidate sure to 0.85", Chosen70 "candidate sure to 0.7", Chosen50 "candidate sure to 0.5", Chosen0 "candidate less sure",
    Name95 "name sure to 0.95", Name80 "name sure to 0.8", Name0 "name less sure",
    Repaired "marks repaired", Words1 "one or two words", Words3 "three to five words", Words6 "six to ten words", Words11 "eleven to thirty words", Words31 "more than thirty words", Parts2 "two parts", Parts3 "more parts", RunsOn "runs on over paragraphs",
    CueStrong "cue strong", CueMedium "cue medium", CueWeak "cue weak", CueFrame "cue only in its frame", CueNone "no cue", Rate80 "cue nearly always speech", Rate60 "cue mostly speech", Rate30 "cue at times speech", Rate0 "cue seldom speech", RateUnknown "cue never counted",
    SenseSay "cue of saying", SenseThink "cue of thinking", SenseJudge "cue of judging", SenseAsk "cue of asking for", SenseOther "cue of another kind", Bent "cue is no finite verb",
    SubjectLong "long subject", SubjectFar "words between subject and cue", SubjectLower "subject begins in the middle of a phrase", NamelessFar "unnamed, with words between subject and cue", ParticipleSure "participle of a name or pronoun", DirectLong "direct, and more than thirty words", IndirectLong "indirect, and more than thirty words",
    Finite "a verb in the content", StopEnd "content ends the sentence", StartsSentence "content begins the sentence", StartsThat "content begins with that", StartsUpper "content begins with a capital", EndsOpen "content breaks off", Alone "only statement of its sentence", Several "one of several statements of its sentence", Inside "inside another quotation", Title "in the title",
    ColonBefore "a colon before", CommaBefore "a comma before", WordBefore "a word before",
    End95 "end sure to 0.95", End85 "end sure to 0.85", End70 "end sure to 0.7", End50 "end sure to 0.5", End0 "end less sure",
    Addressee "addressee told", FarBehind "content far behind the cue",
    CueNoun "cue a noun", Denied "not said", Modal "said only perhaps", ObjectRare "an object, and cue not mostly speech", ObjectShort "an object of one or two words", ObjectPronoun "an object that is a pronoun",
    Comma "a comma in the content", Commas "several commas in the content",
}

/// The same for trust: interviews with letters for their turns are rare in annotated news.
pub const TRUST_GIVEN: &[(&str, &str, f32)] = &[("speaker: turn of an interview", "right", 1.2)];

/// Parts of the evidence that can be left out of a fit, to see what they are worth: the beginnings of the names of their
/// reasons.
pub const PARTS: &[(&str, &[&str])] = &[
    (
        "distance",
        &[
            "named in the same",
            "named one sentence",
            "named two sentences",
            "named three to five",
            "named further",
            "named only",
            "subject in the same sentence",
            "subject one",
            "subject two",
            "subject three",
            "subject further",
            "never a subject",
        ],
    ),
    (
        "grammar",
        &[
            "last named as",
            "last named before",
            "last named inside",
            "last subject",
            "last named of",
            "first name of",
            "subject of a",
            "opens the",
            "subject in the same paragraph",
            "subject in the paragraph",
            "whom the last",
        ],
    ),
    ("turns", &["spoke", "has not spoken", "was spoken", "subject since"]),
    (
        "article",
        &["in the title", "in the first", "most named", "named once", "named two or", "named four", "named ten"],
    ),
    ("persons", &["gender", "a known name", "an organization", "an unnamed source"]),
    ("frame", &["frame:", "another frame"]),
    ("cue", &["cue", "no cue", "not said", "said only", "an object"]),
    (
        "speaker",
        &[
            "speaker:",
            "another kind",
            "candidate",
            "name sure",
            "name less",
            "long subject",
            "words between",
            "subject begins",
            "unnamed,",
            "participle",
        ],
    ),
    (
        "extent",
        &[
            "one or two words",
            "three to five words",
            "six to ten",
            "eleven",
            "more than thirty",
            "two parts",
            "more parts",
            "direct, and",
            "indirect, and",
            "a comma in",
            "several commas",
            "content",
            "end sure",
            "end less",
            "a verb in",
        ],
    ),
    (
        "marks",
        &[
            "direct",
            "mixed",
            "indirect",
            "less than a quarter",
            "three quarters",
            "marks",
            "runs on",
            "a colon",
            "a comma before",
            "a word before",
        ],
    ),
];

impl A {
    /// The number of the reason.
    pub(super) fn number(self) -> u16 {
        self as u16
    }
}

impl T {
    /// The number of the reason.
    pub(super) fn number(self) -> u16 {
        self as u16
    }

    /// The reason of a frame, by the name of the frame.
    pub(super) fn of_frame(frame: &str) -> u16 {
        let prefix = "frame: ";
        let named =
            |name: &&str| name.len() == prefix.len() + frame.len() && name.ends_with(frame) && name.starts_with(prefix);
        TRUST_NAMES.iter().position(named).map_or(T::FrameOther as u16, |at| at as u16)
    }
}
