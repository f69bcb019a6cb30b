//! Loading: the embedded files first, then those that the user adds.

use super::{
    Alias, Boilerplate, Case, Cue, Entry, Flags, Lexicon, Matching, NounNumber, Phrase, PhraseKind, Role, Suffixes, Title,
    Trie, lists::Ending, table::{Row, Table},
};
use crate::{
    error::{Error, Result},
    model::{EntityType, Facts, Gender},
    token::{Shape, fold},
};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// One file of names or words, for the record of a run.
#[derive(Clone, Debug)]
pub struct GazetteerSource {
    /// File name, or the path that the user gave.
    pub name: String,
    /// Number of rows.
    pub rows: usize,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Whether it is part of the program.
    pub embedded: bool,
}

/// All names and word lists, ready to match.
#[derive(Debug)]
pub struct Gazetteer {
    /// The entities, embedded ones first, in the order of the files.
    pub entries: Vec<Entry>,
    /// The forms of all entries.
    pub names: Trie<Alias>,
    /// Word numbers, flags and phrases.
    pub lexicon: Lexicon,
    /// Cue verbs and phrases.
    pub cues: Vec<Cue>,
    /// Headings, footers and credits.
    pub boilerplate: Boilerplate,
    /// Endings of names.
    pub suffixes: Suffixes,
    /// The files that were loaded.
    pub sources: Vec<GazetteerSource>,
    given_groups: FxHashMap<String, u32>,
    demonym_countries: FxHashMap<String, String>,
    weights: FxHashMap<String, String>,
}

impl Gazetteer {
    /// The gazetteers that are part of the program.
    pub fn embedded() -> Result<Gazetteer> {
        Gazetteer::load(&[])
    }

    /// The embedded gazetteers and, on top of them, the CSV files of names (or folders of them) in `extra`.
    ///
    /// # Errors
    /// A file that cannot be read, or that is no gazetteer: the error names file, line and reason.
    pub fn load(extra: &[PathBuf]) -> Result<Gazetteer> {
        let mut loader = Loader::new()?;
        for (name, role, text) in embedded::FILES {
            loader.file(name, role, text, true)?;
        }
        for path in extra {
            loader.path(path)?;
        }
        loader.finish()
    }

    /// The text of a weights file, by its role in the manifest.
    pub fn weights(&self, role: &str) -> &str {
        self.weights.get(role).map_or("", String::as_str)
    }

    /// Whether two folded given names are forms of one name ("mike", "michael"), or the same.
    pub fn same_given_name(&self, a: &str, b: &str) -> bool {
        a == b || matches!((self.given_groups.get(a), self.given_groups.get(b)), (Some(x), Some(y)) if x == y)
    }

    /// The country code that a folded demonym tells; empty if none.
    pub fn demonym_country(&self, folded: &str) -> &str {
        self.demonym_countries.get(folded).map_or("", String::as_str)
    }
}

struct Loader {
    gazetteer: Gazetteer,
    boilerplate: Vec<(String, String, bool)>,
    ids: FxHashMap<String, u32>,
}

impl Loader {
    fn new() -> Result<Loader> {
        let gazetteer = Gazetteer {
            entries: Vec::new(),
            names: Trie::default(),
            lexicon: Lexicon::new(),
            cues: Vec::new(),
            boilerplate: Boilerplate::new(&[])?,
            suffixes: Suffixes::default(),
            sources: Vec::new(),
            given_groups: FxHashMap::default(),
            demonym_countries: FxHashMap::default(),
            weights: FxHashMap::default(),
        };
        Ok(Loader { gazetteer, boilerplate: Vec::new(), ids: FxHashMap::default() })
    }

    fn finish(mut self) -> Result<Gazetteer> {
        self.gazetteer.boilerplate = Boilerplate::new(&self.boilerplate)?;
        Ok(self.gazetteer)
    }

    /// A file, or every `.csv` of a folder in order of name.
    fn path(&mut self, path: &Path) -> Result<()> {
        let mut files = vec![path.to_path_buf()];
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(|error| Error::io(path, error))?;
            files = entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
            files.retain(|file| file.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")));
            files.sort();
        }
        for file in files {
            let bytes = std::fs::read(&file).map_err(|error| Error::io(&file, error))?;
            let text = String::from_utf8(bytes)
                .map_err(|error| Error::gazetteer(format!("is not UTF-8: {error}")).at_path(&file))?;
            self.file(&file.display().to_string(), "names", text.trim_start_matches('\u{feff}'), false)?;
        }
        Ok(())
    }

    fn file(&mut self, name: &str, role: &str, text: &str, embedded: bool) -> Result<()> {
        let sha256 = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        let mut rows = 0;
        if role.starts_with("weights") {
            self.gazetteer.weights.insert(role.to_string(), text.to_string());
        } else {
            let table = Table::parse(name, text, required_columns(role))?;
            rows = table.len();
            for row in table.rows() {
                self.row(role, row)?;
            }
        }
        self.gazetteer.sources.push(GazetteerSource { name: name.to_string(), rows, sha256, embedded });
        Ok(())
    }

    fn row(&mut self, role: &str, row: Row<'_>) -> Result<()> {
        match role {
            "names" => return self.name(row),
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
                    let word = self.gazetteer.lexicon.intern(&fold(row.get("form")));
                    self.gazetteer.lexicon.months.insert(word, month);
                }
            }
            "function_words" | "words" => self.flag(row.get("word"), word_flags(row)),
            "verbs" => self.verb(row),
            "org_words" => self.affix(row, Flags::ORG_FIRST, Flags::ORG_LAST, Flags::ORG_ANY),
            "place_words" => self.affix(row, Flags::PLACE_FIRST, Flags::PLACE_LAST, Flags::PLACE_CONTEXT),
            "ministries" => self.portfolio(row),
            "demonyms" => self.demonym(row),
            "media" => {
                let list = &mut self.gazetteer.lexicon;
                let index = list.media.len() as u32;
                list.media.push(row.get("medium").to_string());
                list.add_phrase(row.get("phrase"), Phrase { kind: PhraseKind::Medium, index });
            }
            // A weak context does not decide by itself, and there is nothing else here to decide with.
            "quote_context" if row.get("note").starts_with("weak") => {}
            "quote_context" => {
                let list = &mut self.gazetteer.lexicon;
                let index = list.contexts.len() as u32;
                list.contexts.push(row.get("kind").to_string());
                list.add_phrase(row.get("word"), Phrase { kind: PhraseKind::Context, index });
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
                let flag = Flags::of_class(class).ok_or_else(|| row.error(format!("`{class}` is no class of words")))?;
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

    /// Sets `flags` on the word `form`; forms of several words are left alone.
    fn flag(&mut self, form: &str, flags: Flags) {
        if let [(number, _)] = self.gazetteer.lexicon.intern_form(form)[..] {
            self.gazetteer.lexicon.add_flags(number, flags);
        }
    }

    fn name(&mut self, row: Row<'_>) -> Result<()> {
        let name = row.get("name");
        if name.is_empty() {
            return Err(row.error("`name` is empty"));
        }
        let kind = EntityType::parse(row.get("type")).ok_or_else(|| {
            row.error(format!("`{}` is no type: use person, place or organization", row.get("type")))
        })?;
        let matching = match row.get("match") {
            "exact" => Matching::Exact,
            "weak" => Matching::Weak,
            _ => Matching::Normal,
        };
        let population = row.get("population").parse().unwrap_or(0);
        let entry = Entry {
            id: self.id(row, kind),
            name: name.to_string(),
            kind,
            class: row.get("kind").to_string(),
            facts: Facts {
                country: row.get("country").to_string(),
                latitude: row.get("latitude").to_string(),
                longitude: row.get("longitude").to_string(),
                wikidata: row.get("wikidata").to_string(),
                geonames: row.get("geonames").to_string(),
            },
            population,
            gender: gender(row.get("gender")),
            roles: row.list("roles").map(str::to_string).collect(),
            matching,
            source: self.gazetteer.sources.len() as u16,
        };
        let number = self.gazetteer.entries.len() as u32;
        // A small town's name says little about a capitalized word by itself.
        let small = kind == EntityType::Place && (1..50_000).contains(&population);
        let matching = if small && matching == Matching::Normal && !name.contains(' ') { Matching::Weak } else { matching };
        self.gazetteer.entries.push(entry);
        self.form(name, number, kind, matching, true);
        for alias in row.list("aliases") {
            self.form(alias, number, kind, matching, false);
        }
        Ok(())
    }

    /// The stable id of a name: the file's own, else made from type, canonical name and, for places, country.
    fn id(&mut self, row: Row<'_>, kind: EntityType) -> String {
        let given = row.get("id");
        let mut id = if given.is_empty() {
            let country = if kind == EntityType::Place { row.get("country") } else { "" };
            entity_id(kind, row.get("name"), country)
        } else {
            given.to_string()
        };
        let uses = self.ids.entry(id.clone()).or_insert(0);
        *uses += 1;
        if *uses > 1 && given.is_empty() {
            // Two namesakes: the later file's finer kind, then a number, keeps them apart.
            id = format!("{id}~{}", *uses);
        }
        id
    }

    fn form(&mut self, form: &str, entry: u32, kind: EntityType, matching: Matching, canonical: bool) {
        let lexicon = &mut self.gazetteer.lexicon;
        let words = lexicon.intern_form(form);
        let Some(last) = words.len().checked_sub(1) else { return };
        let upper = words.iter().all(|(_, t)| !t.is_word() || matches!(t.shape, Shape::Upper | Shape::Initial));
        let acronym = upper && words.len() <= 3 && form.chars().filter(|c| c.is_uppercase()).count() >= 2;
        let capitals = words.iter().take(32).enumerate().filter(|(_, (_, t))| t.is_capitalized()).fold(0, |bits, (i, _)| bits | 1 << i);
        let part = match kind {
            EntityType::Person => Flags::IN_PERSON,
            EntityType::Place => Flags::IN_PLACE,
            EntityType::Organization => Flags::IN_ORGANIZATION,
        };
        for (i, (number, token)) in words.iter().enumerate() {
            if token.is_capitalized() {
                lexicon.add_flags(*number, part);
                if kind == EntityType::Person && i == last && last > 0 {
                    lexicon.add_flags(*number, Flags::KNOWN_SURNAME);
                }
            }
        }
        let case = if acronym { Case::Acronym } else { Case::Name };
        let alias = Alias { entry, case, matching, canonical, capitals };
        let numbers: Vec<u32> = words.iter().map(|(n, _)| *n).collect();
        self.gazetteer.names.insert(&numbers, alias);
        if form.contains('-') && words.iter().any(|(_, t)| t.is('-')) {
            let kept: Vec<_> = words.iter().filter(|(_, t)| !t.is('-')).collect();
            let capitals = kept.iter().take(32).enumerate().filter(|(_, (_, t))| t.is_capitalized()).fold(0, |bits, (i, _)| bits | 1 << i);
            let numbers: Vec<u32> = kept.iter().map(|(n, _)| *n).collect();
            self.gazetteer.names.insert(&numbers, Alias { capitals, ..alias });
        }
    }

    fn cue(&mut self, row: Row<'_>) -> Result<()> {
        let cue = Cue::read(row)?;
        let index = self.gazetteer.cues.len() as u32;
        let count = row.list("forms").count();
        for (i, form) in row.list("forms").enumerate() {
            let kind = PhraseKind::Cue(Cue::form(form, i, count));
            self.gazetteer.lexicon.add_phrase(form, Phrase { kind, index });
            self.flag(form, Flags::CUE);
        }
        self.gazetteer.cues.push(cue);
        Ok(())
    }

    fn variants(&mut self, row: Row<'_>) {
        let group = self.gazetteer.given_groups.len() as u32 + 1;
        for name in row.list("name").chain(row.list("variants")) {
            self.gazetteer.given_groups.entry(fold(name)).or_insert(group);
        }
    }

    fn suffix(&mut self, row: Row<'_>) {
        let suffix = fold(row.get("suffix"));
        match (row.get("kind"), row.get("gender")) {
            ("gender", "m") => self.gazetteer.suffixes.add(&suffix, Ending::Male),
            ("gender", "f") => self.gazetteer.suffixes.add(&suffix, Ending::Female),
            ("surname", _) => self.gazetteer.suffixes.add(&suffix, Ending::Surname),
            ("place", _) => self.gazetteer.suffixes.add(&suffix, Ending::Place),
            ("after-name", _) => self.flag(row.get("suffix"), Flags::AFTER_NAME),
            _ => {}
        }
    }

    fn title(&mut self, row: Row<'_>) {
        let form = row.get("title");
        let honorific = row.get("kind") == "honorific";
        let lexicon = &mut self.gazetteer.lexicon;
        let class = lexicon.class(row.get("class"));
        let index = lexicon.titles.len() as u32;
        lexicon.titles.push(Title { class, gender: gender(row.get("gender")), honorific });
        lexicon.add_phrase(form, Phrase { kind: PhraseKind::Title, index });
        let mut flags = Flags::TITLE;
        flags.set(Flags::HONORIFIC, honorific);
        self.flag(form, flags);
    }

    fn role(&mut self, row: Row<'_>) {
        let form = row.get("role");
        let lexicon = &mut self.gazetteer.lexicon;
        let class = lexicon.class(row.get("class"));
        let number = if row.get("number") == "plural" { NounNumber::Plural } else { NounNumber::Singular };
        let index = lexicon.roles.len() as u32;
        lexicon.roles.push(Role { class, gender: gender(row.get("gender")), number });
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
        let lexicon = &mut self.gazetteer.lexicon;
        let child = lexicon.class(row.get("class"));
        let mut above: Vec<u16> = row.list("parent").map(|parent| lexicon.class(parent)).collect();
        above.retain(|parent| *parent != child);
        lexicon.classes[child as usize].1.extend(above);
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
        let word = row.get("word").split(' ').next().unwrap_or("");
        let strong = !matches!(row.get("strength"), "weak");
        let flags = match row.get("position") {
            "first" => first,
            "last" if strong => last,
            "last" => Flags::ORG_LAST_WEAK,
            _ => context,
        };
        self.flag(if row.get("position") == "last" { row.get("word") } else { word }, flags);
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
        if !row.get("country").is_empty() {
            let country = row.get("country").to_string();
            self.gazetteer.demonym_countries.insert(fold(row.get("form")), country);
        }
    }
}

/// The id of an entity that no gazetteer has numbered: type, folded name and (for places) country, readable and
/// the same in every run.
pub fn entity_id(kind: EntityType, name: &str, country: &str) -> String {
    let mut slug = String::from(match kind {
        EntityType::Person => "per:",
        EntityType::Place => "loc:",
        EntityType::Organization => "org:",
    });
    let start = slug.len();
    for c in fold(name).chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if slug.len() > start && !slug.ends_with('-') && c != '\'' {
            slug.push('-');
        }
    }
    let trimmed = slug.trim_end_matches('-').len();
    slug.truncate(trimmed);
    if !country.is_empty() {
        slug.push('.');
        slug.push_str(&country.to_ascii_lowercase());
    }
    slug
}

fn weak(row: Row<'_>, flag: Flags) -> Flags {
    if row.get("match") == "weak" { flag } else { Flags::empty() }
}

fn gender(cell: &str) -> Gender {
    match cell {
        "m" => Gender::Male,
        "f" => Gender::Female,
        _ => Gender::Unknown,
    }
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

/// The columns that a file of a role must have.
fn required_columns(role: &str) -> &'static [&'static str] {
    match role {
        "names" => &["name", "type"],
        "cues" => &["lemma", "forms", "sense", "strength", "needs_that", "kind"],
        "given_names" | "surnames" => &["name"],
        "particles" => &["particle"],
        "given_variants" => &["name", "variants"],
        "suffixes" => &["suffix", "kind", "gender"],
        "titles" => &["title", "class", "kind"],
        "roles" => &["role", "class", "number"],
        "role_classes" => &["class", "parent"],
        "pronouns" => &["form", "person", "case"],
        "calendar" => &["form", "kind"],
        "function_words" | "words" => &["word", "pos"],
        "verbs" => &["base", "third", "past", "participle", "gerund"],
        "org_words" | "place_words" => &["word", "position"],
        "ministries" => &["portfolio"],
        "demonyms" => &["form", "kind", "country"],
        "media" => &["phrase", "medium"],
        "quote_context" => &["word", "kind"],
        "boilerplate" => &["phrase", "kind", "match"],
        "ambiguous" => &["form", "readings"],
        "grammar" => &["word", "class"],
        "abbreviations" => &["word"],
        _ => &[],
    }
}
