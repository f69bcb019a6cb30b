//! The reasons for and against an end of what is said, each with a name that the weights file, `explain` and readers
//! share.

use crate::evidence::reasons;

/// What ends: a clause, or a noun phrase or infinitive; each has weights of its own.
pub const END_COLUMNS: &[&str] = &["clause", "phrase"];

reasons! { E, END_NAMES, "The names of all reasons for an end, by number.":
    Rule "ends where the rules end it", RuleCut "ends where the rules cut it off", BehindRule "goes on behind where the rules end it",
    Stop "ends with the sentence", StopParticiple "ends with the sentence, of a participle", StopSure "ends with the sentence, cue nearly always speech", StopRare "ends with the sentence, cue seldom speech",
    Words1 "ends after one word", Words2 "ends after two or three words", Words4 "ends after four to six words", Words7 "ends after seven to twelve words", Words13 "ends after thirteen to twenty words", Words21 "ends after up to thirty words", Words31 "ends after more than thirty words",
    Left1 "one or two words left", Left3 "three to five words left", Left6 "six to ten words left", Left11 "eleven to twenty words left", Left21 "more words left",
    NoVerb "ends before any verb", CommaBefore "a comma before the end", CommasBefore "several commas before the end", CommaBehind "more commas behind the end", Leads "ends in a clause that leads to another",
    Other "another statement behind the end", QuotedBefore "ends between marks", QuotedBehind "words between marks behind the end", NoVerbBehind "no verb behind the end", Present "the present behind the end", Past "the past behind the end", Modal "a modal verb behind the end", Speaker "the speaker behind the end",
    Inserted "a comma and a verb behind what follows the end",
    NameWhich "a name before which", NameApposed "a name before an apposition", NameBefore "ends behind a name", Sentence "a sentence of its own behind the end",
    ByComma "ends at a comma", ByCommaInMarks "ends at a comma in marks", ByMarks "ends at a mark", ByDash "ends at a dash", ByBracket "ends at a bracket", ByColon "ends at a colon", BySemicolon "ends at a semicolon", BySpace "ends at no mark",
    Which "before which", Where "before where", Although "before although", Because "before because", If "before if", When "before when", As "before as", Gerund "before a gerund", CueGerund "before a gerund of speech", AndClause "before and with a clause", AndVerb "before and with a verb", And "before and", But "before but", With "before with", Example "before an example", Not "before not", Time "before a time", To "before to", Preposition "before a preposition", Participle "before a participle", Verb "before a verb", Clause "before a clause", A "before an article", The "before the article", Name "before a name", OtherWord "before another word",
    CommaWhich "mark before which", CommaWhere "mark before where", CommaAlthough "mark before although", CommaBecause "mark before because", CommaIf "mark before if", CommaWhen "mark before when", CommaAs "mark before as", CommaGerund "mark before a gerund", CommaCueGerund "mark before a gerund of speech", CommaAndClause "mark before and with a clause", CommaAndVerb "mark before and with a verb", CommaAnd "mark before and", CommaBut "mark before but", CommaWith "mark before with", CommaExample "mark before an example", CommaNot "mark before not", CommaTime "mark before a time", CommaTo "mark before to", CommaPreposition "mark before a preposition", CommaParticiple "mark before a participle", CommaVerb "mark before a verb", CommaClause "mark before a clause", CommaA "mark before an article", CommaThe "mark before the article", CommaName "mark before a name", CommaOtherWord "mark before another word",
}

impl E {
    /// The number of the reason.
    pub(super) fn number(self) -> u16 {
        self as u16
    }
}
