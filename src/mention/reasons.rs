//! The reasons: what can speak for or against a stretch of words being a name of a type, each with a name that weights
//! files, `explain` and readers share.

use std::sync::LazyLock;

/// The decisions that evidence speaks for.
pub const COLUMNS: &[&str] = &["person", "place", "organization", "outside"];

macro_rules! reasons {
    ($($variant:ident $name:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub(super) enum R { $($variant),* }
        /// The names of the plain reasons, by number.
        const PLAIN: &[&str] = &[$($name),*];
    };
}

reasons! {
    Always "always",
    Words1 "one word", Words2 "two words", Words3 "three words", Words4 "four words", Words5 "five or more words",
    GazPerson "gazetteer: person", GazPersonWeak "gazetteer: person, weak form",
    GazCountry "gazetteer: country", GazCapital "gazetteer: capital", GazBigCity "gazetteer: city", GazTown "gazetteer: town", GazVillage "gazetteer: small town",
    GazRegion "gazetteer: region", GazOtherPlace "gazetteer: other place", GazPlaceWeak "gazetteer: place, weak form",
    GazOrg "gazetteer: organization", GazOrgWeak "gazetteer: organization, weak form", GazAcronym "gazetteer: acronym",
    GazMedia "gazetteer: outlet", GazClub "gazetteer: club", GazNone "in no gazetteer",
    GazArticle "gazetteer: with its article", GazPersonPhrase "gazetteer: person, several words", GazPlacePhrase "gazetteer: place, several words", GazOrgPhrase "gazetteer: organization, several words",
    GazBoth "gazetteer: several types", UserPerson "gazetteer: person, added by the user", UserPlace "gazetteer: place, added by the user", UserOrg "gazetteer: organization, added by the user",
    GazLonger "a longer gazetteer name covers it", GazInside "a gazetteer name inside", GazPlaceLast "ends with a known place", GazPlaceFirst "begins with a known place",
    GazOrgInside "a known organization inside", GazPersonInside "a known person inside",
    FirstGiven "first word a given name", FirstGivenWeak "first word a given name and a common word", OnlyGiven "nothing but given names",
    LastSurname "last word a surname", LastSurnameWeak "last word a surname and a common word", LastKnown "last word a known person's surname", LastSuffix "last word ends like a surname",
    OneGiven "a given name alone", OneSurname "a surname alone", OneKnown "a known person's surname alone", OneSuffix "ends like a surname",
    GivenSurname "given name and surname", FirstInitial "begins with an initial", InnerInitial "initial inside",
    Particle "particle inside", StartParticle "begins with a particle", HyphenLower "lower case after a hyphen", Hyphen "hyphen inside", Apostrophe "apostrophe inside", Possessive "possessive inside",
    UnknownOne "an unknown word alone", UnknownFirst "first word unknown", UnknownLast "last word unknown", UnknownAll "all words unknown",
    Of "of inside", And "and inside", For "for inside", OtherJoin "other small word inside", Ampersand "ampersand inside", Digit "number inside", EndDigit "ends with a number",
    LastOrg "last word makes organizations", LastOrgWeak "last word may make organizations", FirstOrg "first word makes organizations", InnerOrg "word of organizations inside", OrgOf "begins with a word of organizations and of", OneOrg "a word of organizations alone", OneOrgWeak "a possible word of organizations alone",
    Portfolio "portfolio inside",
    LastPlace "last word makes places", FirstPlace "first word makes places", OnePlaceWord "a word of places alone", PlaceSuffix "ends like a place", PlaceContextIn "word beside places inside",
    FirstDemonym "first word a demonym", OneDemonym "a demonym alone", LastDemonym "last word a demonym", InnerDemonym "demonym inside",
    TitleFirst "begins with a title", TitleInside "title inside", OneTitle "a title alone", RoleLast "ends with a role", RoleInside "role inside",
    CommonOne "a common word alone", CommonFirst "first word common", CommonLast "last word common", CommonAll "all words common", CommonNone "no common word",
    FunctionFirst "begins with a word of grammar", FunctionOne "a word of grammar alone", VerbOne "a verb alone", VerbFirst "begins with a verb", AmbiguousOne "ambiguous with a common word", DetFirst "begins with an article",
    Month "month inside", Day "weekday inside", MonthOne "a month alone",
    Acronym "acronym", AcronymShort "acronym of two letters", AcronymFirst "begins with an acronym", AcronymLast "ends with an acronym", MixedCase "capital inside a word", OneLetter "a single letter",
    AllUpperName "all in capitals, several words",
    SentenceStart "first in the sentence", SentenceStartCommon "first in the sentence and common", AfterColon "after a colon or mark", Headline "in a headline", Shouted "in capitals throughout", Quoted "between quotation marks",
    InTitle "in the title", PronounNext "he or she begins the next sentence",
    RunLeft "more capitals before", RunRight "more capitals after", RunLeftCommon "a common capital word before", RunLeftName "a name word before", RunRightName "a name word after", RunRightOrg "a word of organizations after",
    PrevTitle "title before", PrevHonorific "honorific before", PrevRole "role before", PrevRoleComma "role and comma before", PrevTitleOf "title and of before", PrevRoleFor "role and for or at before", StartWord "first in the sentence and a word of the dictionary",
    PrevIn "in, at or near before", PrevTo "to or from before", PrevOf "of before", PrevBy "by before", PrevWith "with before", PrevOtherPrep "other preposition before", PrevThe "the before", PrevA "a or an before",
    PrevAnd "and before", PrevAndPlace "place and and before", PrevAndPerson "person and and before", PrevComma "comma before", PrevCommaPlace "place and comma before", PrevDemonym "demonym before", PrevPossessive "possessive before", PrevCue "cue verb before", PrevVerb "verb before", PrevPlaceWord "place word before", PrevPlaceOf "place word and of before", PrevBody "word for a body before", PrevPlaceName "known place before", PrevHyphen "hyphen before", PrevBracket "bracket before", PrevNumber "number before", PrevAdjective "adjective before", PrevNoun "noun before", PrevAt "at-sign or hash before",
    NextCue "cue verb after", NextPersonVerb "verb of people after", NextVerb "verb after", NextAux "auxiliary after", NextWho "who or which after", NextComma "comma after", NextCommaRole "comma and role after", NextCommaAge "comma and age after", NextCommaPlace "comma and place after", NextPossessive "possessive after", NextBracketAcronym "acronym in brackets after", NextBracket "bracket after", NextPlaceWord "place word after", NextBody "word for a body after", NextRole "role after", NextHyphen "hyphen after", NextAnd "and after", NextAndPlace "and and place after", NextPrep "preposition after", NextOf "of after", NextNoun "noun after", NextNumber "number after", NextStop "end of sentence after", NextDay "date after", NextOrgWord "organization word after", NextFor "for after", NextDeath "apposition with the after",
    NextWhich "which after", NextWhere "where after", NextCommaWho "comma and who after", NextCommaWhich "comma and which after", NextCommaWhere "comma and where after",
    NextCommaBody "comma and body after", NextCommaPlaceWord "comma and place word after", NextIsRole "is or was and role after", NextIsBody "is or was and body after", NextIsPlaceWord "is or was and place word after",
    PrevCommaRole "role and comma before, with an article", PrevCommaBody "body and comma before", PrevCommaPlaceWord "place word and comma before", PrevExamplePeople "example of people", PrevExampleBodies "example of bodies", PrevExamplePlaces "example of places",
    OtherAcronym "acronym of a common noun", DocAcronymLower "initials of lower-case words in the article", PartDemonym "part of a demonym of several words", DigitInside "number inside a word", CurrencyAfter "currency sign after", PrefixBefore "prefix and hyphen before",
    TitleShort "title with a period before a name", AfterName "a word that follows names alone", Portfolios "portfolios in a row", LetterHyphen "letter and hyphen before a place",
    OtherName "listed as something else", InOtherName "part of a name listed as something else",
    LastOther "last word makes events, laws or works", InsideOther "word of events, laws or works inside", OneOther "a word of events, laws or works alone", NextOther "word of events, laws or works after", NextOtherLater "word of events, laws or works further on",
    LastSite "last word makes buildings", FirstSite "first word makes buildings", OrgSuffix "ends like an organization", SiteInside "word of buildings inside",
    Sport "in an article on sport", Side "side of a contest", ScoreAfter "result after", Team "place that plays", TeamElsewhere "place that plays elsewhere in the article",
    SpelledPerson "spelled like people", SpelledPersonSure "spelled much like people", SpelledPlace "spelled like places", SpelledPlaceSure "spelled much like places", SpelledOrganization "spelled like brands", SpelledOrganizationSure "spelled much like brands", SpelledOrdinary "spelled like words", SpelledOrdinarySure "spelled much like words",
    ListPersonLeft "in a list after a person", ListPlaceLeft "in a list after a place", ListOrgLeft "in a list after an organization", ListPersonRight "in a list before a person", ListPlaceRight "in a list before a place", ListOrgRight "in a list before an organization",
    OwnedByPerson "possessive of a person before", OwnedByPlace "possessive of a place before", OwnedByOrg "possessive of an organization before",
    BothThe "the before, noun after", BracketAcronymOf "acronym of the words before",
    DocLower "also in lower case in the article", DocOften "often in the article", DocOnce "once in the article",
    DocPerson "a person elsewhere in the article", DocPlace "a place elsewhere in the article", DocOrg "an organization elsewhere in the article", DocNever "no name elsewhere in the article",
    DocLast "surname of a full name in the article", DocFirst "given name of a full name in the article", DocPartPlace "part of a longer place in the article", DocPartOrg "part of a longer organization in the article", DocAcronym "initials of an organization in the article", DocLastOfTwo "ends with a surname of the article", DocPersonInside "holds a person of the article",
}

/// The evidence about one thing, in the order in which it was found.
pub(super) struct List {
    numbers: [u16; LONGEST],
    length: usize,
}

/// More than a list can hold: every reason once for itself and once for a form, and two of them twice.
const LONGEST: usize = 1024;

impl List {
    pub(super) fn new() -> List {
        List { numbers: [0; LONGEST], length: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    pub(super) fn add(&mut self, reason: R) {
        self.add_if(true, reason);
    }

    /// Adds `reason` if it `holds`. There is no branch: what holds for a name is hard to predict.
    #[inline(always)]
    pub(super) fn add_if(&mut self, holds: bool, reason: R) {
        self.numbers[self.length % LONGEST] = reason as u16;
        self.length += usize::from(holds);
    }

    /// Tells each reason of the context again, for names of this form.
    pub(super) fn add_by_form(&mut self, form: usize) {
        for at in 0..self.length {
            let reason = self.numbers[at % LONGEST];
            self.numbers[self.length % LONGEST] = of_form(form, reason);
            self.length += usize::from(is_context(reason));
        }
    }

    pub(super) fn numbers(&self) -> &[u16] {
        &self.numbers[..self.length]
    }
}

/// Forms of a possible name for which context is weighed apart: "in" before a word that no list has says more about it than
/// "in" before "Paris".
pub(super) const FORMS: &[&str] = &[
    "listed person",
    "listed place",
    "listed organization",
    "listed under several types",
    "unlisted word",
    "unlisted common word",
    "unlisted acronym",
    "unlisted, like a person",
    "unlisted, several words",
];

/// The number of reason `reason` for names of form `form`.
pub(super) fn of_form(form: usize, reason: u16) -> u16 {
    ((form + 1) * PLAIN.len()) as u16 + reason
}

/// Whether a reason lies in what stands around a name, so that it is weighed for each form apart.
pub(super) fn is_context(reason: u16) -> bool {
    reason >= R::SentenceStart as u16 && reason != R::Team as u16 && reason != R::TeamElsewhere as u16
}

/// How many of the reasons are plain; the others are details of these, by form.
pub fn plain() -> usize {
    PLAIN.len()
}

/// The names of all reasons, by number: the plain ones, then those of each form ("unlisted word: cue verb after").
pub fn names() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let of_forms = FORMS.iter().flat_map(|form| PLAIN.iter().map(move |plain| format!("{form}: {plain}")));
        let of_forms = of_forms.map(|name| &*Box::leak(name.into_boxed_str()));
        PLAIN.iter().copied().chain(of_forms).collect()
    });
    &NAMES
}

/// Parts of the evidence that can be left out, to see what each is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ablation {
    /// What gazetteers of names say.
    Gazetteers,
    /// Names that no gazetteer has.
    Patterns,
    /// What the rest of the article says.
    Article,
    /// What stands beside a name.
    Context,
    /// How an unlisted word is spelled.
    Letters,
    /// Weighing the context apart for each form of name.
    Forms,
    /// Copies of the articles with other names.
    Copies,
    /// How much each reason weighs: all count the same.
    Weights,
}

impl Ablation {
    /// All parts with their names.
    pub const ALL: &[(&str, Ablation)] = &[
        ("gazetteers", Ablation::Gazetteers),
        ("patterns", Ablation::Patterns),
        ("article", Ablation::Article),
        ("context", Ablation::Context),
        ("letters", Ablation::Letters),
        ("forms", Ablation::Forms),
        ("copies", Ablation::Copies),
        ("weights", Ablation::Weights),
    ];

    /// Whether reason number `reason` is left out.
    pub fn leaves_out(self, reason: usize) -> bool {
        let plain = reason % PLAIN.len();
        let name = PLAIN[plain];
        match self {
            Ablation::Gazetteers => {
                reason >= PLAIN.len() || ["gazetteer", "known", "listed"].iter().any(|word| name.contains(word))
            }
            Ablation::Article => {
                plain >= R::ListPersonLeft as usize && plain <= R::OwnedByOrg as usize || plain >= R::DocOften as usize
            }
            Ablation::Context => plain >= R::SentenceStart as usize && plain < R::ListPersonLeft as usize,
            Ablation::Letters => name.contains("spelled"),
            Ablation::Forms => reason >= PLAIN.len(),
            Ablation::Patterns | Ablation::Copies | Ablation::Weights => false,
        }
    }
}

/// Reasons that no annotated article can weigh, as no user's gazetteer stands behind it: what a user adds is meant to
/// be found, as the type that the user gave. (Reason, decision, weight), by judgement.
///
/// The same holds for teams named after their place, which are organizations by contract and places in some corpora.
///
/// "Sen. Okafor", "(D-Ohio)", "Diwali began", "US$5" and ministries of three portfolios are too rare in most news to be learned from it.
pub const GIVEN: &[(&str, &str, f32)] = &[
    ("title with a period before a name", "person", -5.0),
    ("title with a period before a name", "place", -5.0),
    ("title with a period before a name", "organization", -5.0),
    ("a word that follows names alone", "person", -4.0),
    ("a word that follows names alone", "place", -4.0),
    ("a word that follows names alone", "organization", -4.0),
    ("letter and hyphen before a place", "person", -5.0),
    ("letter and hyphen before a place", "place", -5.0),
    ("letter and hyphen before a place", "organization", -5.0),
    ("listed as something else", "person", -2.5),
    ("portfolios in a row", "organization", 5.0),
    ("gazetteer: with its article", "organization", 3.0),
    ("currency sign after", "place", -5.0),
    ("result after", "organization", 2.5),
    ("place that plays", "person", -2.0),
    ("place that plays", "place", 0.0),
    ("place that plays", "organization", 6.0),
    ("place that plays elsewhere in the article", "person", -2.0),
    ("place that plays elsewhere in the article", "place", 0.0),
    ("place that plays elsewhere in the article", "organization", 4.0),
    ("gazetteer: person, added by the user", "person", 6.0),
    ("gazetteer: person, added by the user", "place", -2.0),
    ("gazetteer: person, added by the user", "organization", -2.0),
    ("gazetteer: place, added by the user", "person", -2.0),
    ("gazetteer: place, added by the user", "place", 6.0),
    ("gazetteer: place, added by the user", "organization", -2.0),
    ("gazetteer: organization, added by the user", "person", -2.0),
    ("gazetteer: organization, added by the user", "place", -2.0),
    ("gazetteer: organization, added by the user", "organization", 6.0),
];
