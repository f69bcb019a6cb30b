//! The word lists: what each row of each list does to the lexicon.

use crate::{
    cues,
    error::Result,
    gazetteer::{Ending, Flags, NounNumber, Phrase, PhraseKind, Role, Row, Title},
    loader::{Loader, gender},
    token::{self, fold},
};

impl Loader {
    /// Takes in one row of a file with this role.
    pub(crate) fn row(&mut self, role: &str, row: Row<'_>) -> Result<()> {
        match role {
            "names" => return self.names.add(row, &mut self.lexicon),
            "cues" => return self.cue(row),
            "given_names" => {
                let gender = match row.get("gender") {
                    "m" => Flags::GIVEN_MALE,
                    "f" => Flags::GIVEN_FEMALE,
                    _ => Flags::GIVEN,
                };
                self.flag(row.get("name"), gender | weak(row, Flags::GIVEN_WEAK));
            }
            "surnames" => self.flag(row.get("name"), Flags::SURNAME | weak(row, Flags::SURNAME_WEAK)),
            "particles" => self.flag(row.get("particle").trim_end_matches('-'), Flags::PARTICLE),
            "given_variants" => self.variants(row),
            "suffixes" => self.suffix(row),
            "titles" => self.title(row),
            "roles" => self.role(row),
            "role_classes" => self.class(row),
            "pronouns" => self.pronoun(row),
            "calendar" => {
                self.flag(row.get("form"), calendar_flags(row.get("kind")));
                if let ("month", Ok(month)) = (row.get("kind"), row.get("number").parse()) {
                    let word = self.lexicon.intern(&fold(row.get("form")));
                    self.lexicon.lists.months.push((word, month));
                }
            }
            "function_words" | "words" => self.flag(row.get("word"), word_flags(row)),
            "verbs" => self.verb(row),
            "org_words" => self.affix(row, Flags::ORG_FIRST, Flags::ORG_LAST, Flags::ORG_ANY),
            "place_words" => self.affix(row, Flags::PLACE_FIRST, Flags::PLACE_LAST, Flags::PLACE_CONTEXT),
            "other_words" => {
                let acronym = row.get("position") == "acronym";
                self.flag(row.get("word"), if acronym { Flags::OTHER_ACRONYM } else { Flags::OTHER_LAST });
            }
            "other_names" => {
                let list = &mut self.lexicon;
                list.add_phrase(row.get("form"), Phrase { kind: PhraseKind::Other, index: 0 });
            }
            "topic_words" => {
                let flag = if row.get("topic") == "contest" { Flags::CONTEST } else { Flags::SPORT };
                self.flag(row.get("word"), flag);
            }
            "ministries" => self.portfolio(row),
            "demonyms" => self.demonym(row),
            "media" => {
                let list = &mut self.lexicon;
                let index = list.lists.media.len() as u32;
                list.lists.media.push(row.get("medium").to_string());
                list.add_phrase(row.get("phrase"), Phrase { kind: PhraseKind::Medium, index });
            }
            // A weak context does not decide by itself, and there is nothing else here to decide with.
            "quote_context" if row.get("note").starts_with("weak") => {}
            "quote_context" => {
                let list = &mut self.lexicon;
                let index = list.lists.contexts.len() as u32;
                list.lists.contexts.push(row.get("kind").to_string());
                list.add_phrase(row.get("word"), Phrase { kind: PhraseKind::Context, index });
                if row.get("kind").starts_with("credit verb") {
                    self.flag(row.get("word"), Flags::CREDIT_VERB);
                }
            }
            "boilerplate" => {
                if row.get("note").starts_with("weak") {
                    return Ok(());
                }
                let whole = row.get("match") != "start";
                self.boilerplate.push((row.get("phrase").to_string(), row.get("kind").to_string(), whole));
            }
            "abbreviations" => self.flag(row.get("word"), Flags::ABBREVIATION),
            "grammar" => {
                let class = row.get("class");
                let flag =
                    Flags::of_class(class).ok_or_else(|| row.error(format!("`{class}` is no class of words")))?;
                self.flag(row.get("word"), flag);
            }
            "ambiguous" => {
                if row.list("readings").any(|reading| reading == "word") {
                    self.flag(row.get("form"), Flags::AMBIGUOUS_WORD);
                }
            }
            other => return Err(row.error(format!("`{other}` is no role that a file can have"))),
        }
        Ok(())
    }

    fn cue(&mut self, row: Row<'_>) -> Result<()> {
        let cue = cues::read(row)?;
        let index = self.cues.len() as u32;
        let count = row.list("forms").count();
        for (i, form) in row.list("forms").enumerate() {
            let kind = PhraseKind::Cue(cues::form(form, i, count));
            self.lexicon.add_phrase(form, Phrase { kind, index });
            self.flag(form, Flags::CUE);
        }
        self.cues.push(cue);
        Ok(())
    }

    fn variants(&mut self, row: Row<'_>) {
        self.groups += 1;
        let group = self.groups;
        for name in row.list("name").chain(row.list("variants")) {
            self.variants.entry(token::hash(&fold(name))).or_insert(group);
        }
    }

    fn suffix(&mut self, row: Row<'_>) {
        let suffix = fold(row.get("suffix"));
        let ending = match (row.get("kind"), row.get("gender")) {
            ("gender", "m") => Ending::Male,
            ("gender", "f") => Ending::Female,
            ("surname", _) => Ending::Surname,
            ("organization", _) => Ending::Organization,
            ("place", _) => Ending::Place,
            ("after-name", _) => return self.flag(row.get("suffix"), Flags::AFTER_NAME),
            _ => return,
        };
        self.suffixes.push((suffix.trim_start_matches('-').to_string(), ending));
    }

    fn title(&mut self, row: Row<'_>) {
        let form = row.get("title");
        let honorific = row.get("kind") == "honorific";
        let lexicon = &mut self.lexicon;
        let class = lexicon.class(row.get("class"));
        let index = lexicon.lists.titles.len() as u32;
        lexicon.lists.titles.push(Title { class, gender: gender(row.get("gender")), honorific });
        lexicon.add_phrase(form, Phrase { kind: PhraseKind::Title, index });
        let mut flags = Flags::TITLE;
        flags.set(Flags::HONORIFIC, honorific);
        self.flag(form, flags);
    }

    fn role(&mut self, row: Row<'_>) {
        let form = row.get("role");
        let lexicon = &mut self.lexicon;
        let class = lexicon.class(row.get("class"));
        let number = if row.get("number") == "plural" { NounNumber::Plural } else { NounNumber::Singular };
        let index = lexicon.lists.roles.len() as u32;
        lexicon.lists.roles.push(Role { class, gender: gender(row.get("gender")), number });
        lexicon.add_phrase(form, Phrase { kind: PhraseKind::Role, index });
        let flags = match row.get("class") {
            "organization" => Flags::BODY | Flags::NOUN,
            "document" => Flags::DOCUMENT | Flags::NOUN,
            _ if number == NounNumber::Plural => Flags::ROLE_PLURAL | Flags::NOUN,
            _ => Flags::ROLE | Flags::NOUN,
        };
        self.flag(form, flags);
    }

    fn class(&mut self, row: Row<'_>) {
        let lexicon = &mut self.lexicon;
        let child = lexicon.class(row.get("class"));
        let mut above: Vec<u16> = row.list("parent").map(|parent| lexicon.class(parent)).collect();
        above.retain(|parent| *parent != child);
        lexicon.lists.classes[child as usize].1.extend(above);
        lexicon.close_classes();
    }

    fn pronoun(&mut self, row: Row<'_>) {
        let third = row.get("person") == "3" && row.list("case").any(|case| case == "subject");
        let mut flags = Flags::PRON;
        flags.set(Flags::PRON_SUBJECT, third);
        flags.set(Flags::PRON_SPEECH, matches!(row.get("person"), "1" | "2"));
        flags |= match (row.get("gender"), row.get("number"), row.get("person")) {
            ("m", _, "3") => Flags::HE,
            ("f", _, "3") => Flags::SHE,
            ("n", _, "3") => Flags::IT,
            (_, "plural", "3") => Flags::THEY,
            _ => Flags::empty(),
        };
        self.flag(row.get("form"), flags);
    }

    fn verb(&mut self, row: Row<'_>) {
        let mut person = Flags::empty();
        person.set(Flags::VERB_PERSON, row.get("subject") == "person");
        for (column, flag) in [
            ("base", Flags::VERB_BASE),
            ("third", Flags::VERB_S),
            ("past", Flags::VERB_PAST),
            ("participle", Flags::VERB_PART),
            ("gerund", Flags::VERB_ING),
        ] {
            self.flag(row.get(column), flag | person);
        }
    }

    fn affix(&mut self, row: Row<'_>, first: Flags, last: Flags, context: Flags) {
        let strong = !matches!(row.get("strength"), "weak");
        let flags = match row.get("position") {
            "first" => first,
            "last" if strong => last,
            "last" => Flags::ORG_LAST_WEAK,
            _ => context,
        } | site(row);
        let flags = if row.get("note") == "legal form" { flags | Flags::LEGAL_FORM } else { flags };
        // "Gulf of" begins a name by its first word; of other positions only single words can be told.
        let word = row.get("word");
        let first_word = word.split(' ').next().unwrap_or("");
        self.flag(if row.get("position") == "first" { first_word } else { word }, flags);
    }

    fn portfolio(&mut self, row: Row<'_>) {
        for word in row.get("portfolio").split(' ').filter(|w| w.starts_with(char::is_uppercase)) {
            self.flag(word.trim_end_matches(','), Flags::PORTFOLIO);
        }
    }

    fn demonym(&mut self, row: Row<'_>) {
        let flags = match row.get("kind") {
            "adjective" => Flags::DEMONYM_ADJ,
            "noun" => Flags::DEMONYM,
            _ => Flags::DEMONYM | Flags::DEMONYM_ADJ,
        };
        self.flag(row.get("form"), flags);
        let list = &mut self.lexicon;
        list.add_phrase(row.get("form"), Phrase { kind: PhraseKind::Demonym, index: 0 });
        if !row.get("country").is_empty() {
            let country = row.get("country").to_string();
            self.demonyms.insert(token::hash(&fold(row.get("form"))), country);
        }
    }
}

/// Buildings, sites and lines of transport: places that annotators and readers take for organizations, or the other way
/// round, so that they are weighed apart.
fn site(row: Row<'_>) -> Flags {
    let is_site = ["building or site", "street or transport"].iter().any(|kind| row.get("note").starts_with(kind));
    if is_site { Flags::SITE } else { Flags::empty() }
}

fn weak(row: Row<'_>, flag: Flags) -> Flags {
    if row.get("match") == "weak" { flag } else { Flags::empty() }
}

fn calendar_flags(kind: &str) -> Flags {
    match kind {
        "month" => Flags::MONTH,
        "day" => Flags::DAY,
        _ => Flags::WHEN,
    }
}

fn word_flags(row: Row<'_>) -> Flags {
    row.list("pos").fold(Flags::empty(), |flags, pos| {
        flags
            | match pos {
                "det" => Flags::DET,
                "prep" => Flags::PREP,
                "cconj" => Flags::CCONJ,
                "sconj" => Flags::SCONJ,
                "aux" => Flags::AUX,
                "neg" => Flags::NEG,
                "wh" => Flags::WH,
                "num" => Flags::NUM,
                "adv" => Flags::ADV,
                "pron" => Flags::PRON,
                "intj" => Flags::INTJ,
                "noun" => Flags::NOUN,
                "adj" => Flags::ADJ,
                _ => Flags::empty(),
            }
    })
}
