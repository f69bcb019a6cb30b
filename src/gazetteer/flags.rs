//! What a single word can be, as the word lists say.

use crate::token::Token;
use bitflags::bitflags;

bitflags! {
    /// What a single folded word can be; a word can be many things.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Flags: u128 {
        /// Determiner ("the", "every").
        const DET = 1 << 0;
        /// Preposition.
        const PREP = 1 << 1;
        /// Coordinating conjunction.
        const CCONJ = 1 << 2;
        /// Subordinating conjunction.
        const SCONJ = 1 << 3;
        /// Auxiliary or modal, contractions included.
        const AUX = 1 << 4;
        /// Negation.
        const NEG = 1 << 5;
        /// Question word or relative.
        const WH = 1 << 6;
        /// Number word.
        const NUM = 1 << 7;
        /// Adverb.
        const ADV = 1 << 8;
        /// Pronoun of any kind.
        const PRON = 1 << 9;
        /// Interjection.
        const INTJ = 1 << 10;
        /// Common noun.
        const NOUN = 1 << 11;
        /// Common adjective.
        const ADJ = 1 << 12;
        /// Base form of a verb.
        const VERB_BASE = 1 << 13;
        /// Third person singular.
        const VERB_S = 1 << 14;
        /// Past tense.
        const VERB_PAST = 1 << 15;
        /// Past participle.
        const VERB_PART = 1 << 16;
        /// Gerund or present participle.
        const VERB_ING = 1 << 17;
        /// Form of a verb that only people or bodies take as subject.
        const VERB_PERSON = 1 << 18;
        /// Given name of men.
        const GIVEN_MALE = 1 << 19;
        /// Given name of women.
        const GIVEN_FEMALE = 1 << 20;
        /// Given name that is also a common word, month or place.
        const GIVEN_WEAK = 1 << 21;
        /// Surname.
        const SURNAME = 1 << 22;
        /// Surname that is also a common word or place.
        const SURNAME_WEAK = 1 << 23;
        /// Particle inside names ("bin", "van").
        const PARTICLE = 1 << 24;
        /// What stands after a name ("Jr", "III").
        const AFTER_NAME = 1 << 25;
        /// Honorific or office that stands before a name.
        const TITLE = 1 << 26;
        /// Honorific ("Mr"): always followed by a name.
        const HONORIFIC = 1 << 27;
        /// Noun for a person ("diplomat").
        const ROLE = 1 << 28;
        /// Plural noun for people ("residents").
        const ROLE_PLURAL = 1 << 29;
        /// Noun for a body that speaks ("ministry").
        const BODY = 1 << 30;
        /// Noun for a text that speaks ("statement").
        const DOCUMENT = 1 << 31;
        /// Month.
        const MONTH = 1 << 32;
        /// Day of the week.
        const DAY = 1 << 33;
        /// "today", "yesterday".
        const WHEN = 1 << 34;
        /// Demonym used as a noun.
        const DEMONYM = 1 << 35;
        /// Demonym used as an adjective.
        const DEMONYM_ADJ = 1 << 36;
        /// Ends the name of an organization, seldom anything else.
        const ORG_LAST = 1 << 37;
        /// May end the name of an organization.
        const ORG_LAST_WEAK = 1 << 38;
        /// Begins the name of an organization ("Ministry of").
        const ORG_FIRST = 1 << 39;
        /// Ends the name of a place ("River").
        const PLACE_LAST = 1 << 40;
        /// Begins the name of a place ("Mount").
        const PLACE_FIRST = 1 << 41;
        /// Stands beside the name of a place ("city").
        const PLACE_CONTEXT = 1 << 42;
        /// Abbreviation that is followed by a period.
        const ABBREVIATION = 1 << 43;
        /// A form of a cue verb.
        const CUE = 1 << 44;
        /// Subject pronoun of the third person ("he").
        const PRON_SUBJECT = 1 << 45;
        /// First or second person pronoun.
        const PRON_SPEECH = 1 << 46;
        /// Part of some person's name in a gazetteer.
        const IN_PERSON = 1 << 47;
        /// Part of some place's name in a gazetteer.
        const IN_PLACE = 1 << 48;
        /// Part of some organization's name in a gazetteer.
        const IN_ORGANIZATION = 1 << 49;
        /// Portfolio word of a ministry ("Finance").
        const PORTFOLIO = 1 << 50;
        /// Listed as ambiguous between a name and a common word.
        const AMBIGUOUS_WORD = 1 << 51;
        /// Place word used between or before names without being part ("city of").
        const ORG_ANY = 1 << 52;
        /// Last word of a known person's name.
        const KNOWN_SURNAME = 1 << 53;
        /// Preposition before places ("in").
        const LOCATIVE = 1 << 54;
        /// Preposition of movement ("to").
        const DIRECTIVE = 1 << 55;
        /// A form of "be".
        const BE = 1 << 56;
        /// A form of "have".
        const HAVE = 1 << 57;
        /// "that", "whether".
        const THAT = 1 << 58;
        /// "and", "or".
        const AND = 1 << 59;
        /// Begins a contrasting clause ("while").
        const BUT = 1 << 60;
        /// "of".
        const OF = 1 << 61;
        /// "to".
        const TO = 1 << 62;
        /// "by".
        const BY = 1 << 63;
        /// "with".
        const WITH = 1 << 64;
        /// "for".
        const FOR = 1 << 65;
        /// "the".
        const THE = 1 << 66;
        /// "a", "an".
        const INDEFINITE = 1 << 67;
        /// Relative pronoun ("who", "which").
        const WHO = 1 << 68;
        /// Denies ("not", "never").
        const NOT = 1 << 69;
        /// Preposition that joins a role to its object ("of", "for", "to").
        const LINK = 1 << 70;
        /// Stands for content that is not given ("said so").
        const SO = 1 << 71;
        /// Begins an indirect question ("how").
        const IF = 1 << 72;
        /// The other party with the same role.
        const COUNTERPART = 1 << 73;
        /// "others", "both".
        const OTHER = 1 << 74;
        /// "as".
        const AS = 1 << 75;
        /// "former".
        const FORMER = 1 << 76;
        /// Word that begins with an apostrophe for what is left out ('em).
        const ELIDED = 1 << 77;
        /// "which".
        const WHICH = 1 << 78;
        /// "where".
        const WHERE = 1 << 79;
        /// Names an example of the noun before it ("including", "called").
        const EXAMPLE = 1 << 80;
        /// Ends the name of a building, a site or a line of transport.
        const SITE = 1 << 81;
        /// Word of reports on sport.
        const SPORT = 1 << 82;
        /// Stands between or beside the two sides of a contest ("against", "beat").
        const CONTEST = 1 << 83;
        /// Ends the name of an event, a law, a work or a product: what is no mention.
        const OTHER_LAST = 1 << 84;
        /// Legal form of a company ("Ltd"): may follow a comma.
        const LEGAL_FORM = 1 << 85;
        /// Acronym that is a common noun or a currency ("LNG").
        const OTHER_ACRONYM = 1 << 86;
        /// Ends like the name of an organization ("-bank").
        const ORG_SUFFIX = 1 << 87;
        /// Unit of time ("last week").
        const UNIT = 1 << 88;
        /// Picks one of a row of times ("last week", "this year").
        const NEAR = 1 << 89;
        /// Pronoun for a man.
        const HE = 1 << 90;
        /// Pronoun for a woman.
        const SHE = 1 << 91;
        /// Pronoun for a thing or body.
        const IT = 1 << 92;
        /// Pronoun for several.
        const THEY = 1 << 93;
        /// Verb of an agency's credit: "..., Harbour Wire reports".
        const CREDIT_VERB = 1 << 94;
        /// Begins a clause that tells why ("because").
        const REASON = 1 << 95;
        /// Begins a clause that tells when ("after").
        const TIME = 1 << 96;
        /// Begins a clause that tells under which condition ("if").
        const CONDITION = 1 << 97;
    }
}

impl Flags {
    /// What a token can be, if the lexicon has numbered it.
    #[inline]
    pub fn of(token: &Token) -> Flags {
        Flags::from_bits_truncate(token.bits)
    }

    /// Given name of either gender.
    pub const GIVEN: Flags = Flags::GIVEN_MALE.union(Flags::GIVEN_FEMALE);
    /// Any finite or non-finite verb form.
    pub const VERB: Flags =
        Flags::VERB_BASE.union(Flags::VERB_S).union(Flags::VERB_PAST).union(Flags::VERB_PART).union(Flags::VERB_ING);
    /// Words of grammar rather than of content.
    pub const FUNCTION: Flags = Flags::DET
        .union(Flags::PREP)
        .union(Flags::CCONJ)
        .union(Flags::SCONJ)
        .union(Flags::AUX)
        .union(Flags::NEG)
        .union(Flags::WH)
        .union(Flags::PRON)
        .union(Flags::INTJ);
    /// Words that a dictionary has in lower case.
    pub const COMMON: Flags =
        Flags::FUNCTION.union(Flags::NUM).union(Flags::ADV).union(Flags::NOUN).union(Flags::ADJ).union(Flags::VERB);
}

impl Flags {
    /// The flag of a class of `grammar.csv`.
    #[allow(dead_code, reason = "for the build script")]
    pub(crate) fn of_class(class: &str) -> Option<Flags> {
        Some(match class {
            "locative" => Flags::LOCATIVE,
            "directive" => Flags::DIRECTIVE,
            "be" => Flags::BE,
            "have" => Flags::HAVE,
            "that" => Flags::THAT,
            "and" => Flags::AND,
            "but" => Flags::BUT,
            "of" => Flags::OF,
            "to" => Flags::TO,
            "by" => Flags::BY,
            "with" => Flags::WITH,
            "for" => Flags::FOR,
            "the" => Flags::THE,
            "indefinite" => Flags::INDEFINITE,
            "who" => Flags::WHO,
            "which" => Flags::WHICH,
            "where" => Flags::WHERE,
            "example" => Flags::EXAMPLE,
            "not" => Flags::NOT,
            "link" => Flags::LINK,
            "so" => Flags::SO,
            "if" => Flags::IF,
            "counterpart" => Flags::COUNTERPART,
            "other" => Flags::OTHER,
            "as" => Flags::AS,
            "former" => Flags::FORMER,
            "elided" => Flags::ELIDED,
            "unit" => Flags::UNIT,
            "near" => Flags::NEAR,
            "reason" => Flags::REASON,
            "time" => Flags::TIME,
            "condition" => Flags::CONDITION,
            _ => return None,
        })
    }
}
