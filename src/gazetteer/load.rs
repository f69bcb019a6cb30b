//! Loading: the embedded files first, then those that the user adds.

use super::{
    Alias, Boilerplate, Case, Cue, Entry, Flags, Letters, Lexicon, Matching, Suffixes, Trie,
    letters::LetterCounts,
    table::{Row, Table},
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
    /// How words of each kind are spelled.
    pub letters: Letters,
    /// The files that were loaded.
    pub sources: Vec<GazetteerSource>,
    pub(super) given_groups: FxHashMap<String, u32>,
    pub(super) demonym_countries: FxHashMap<String, String>,
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

pub(super) struct Loader {
    pub(super) gazetteer: Gazetteer,
    pub(super) boilerplate: Vec<(String, String, bool)>,
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
            letters: LetterCounts::new().finish(),
            sources: Vec::new(),
            given_groups: FxHashMap::default(),
            demonym_countries: FxHashMap::default(),
            weights: FxHashMap::default(),
        };
        Ok(Loader { gazetteer, boilerplate: Vec::new(), ids: FxHashMap::default() })
    }

    fn finish(mut self) -> Result<Gazetteer> {
        self.gazetteer.boilerplate = Boilerplate::new(&self.boilerplate)?;
        self.gazetteer.letters = self.gazetteer.lexicon.letters();
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
            // Weights fitted on one's own articles take the place of the embedded ones.
            let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
            let role = if stem.starts_with("weights_") { stem } else { "names" };
            self.file(&file.display().to_string(), role, text.trim_start_matches('\u{feff}'), false)?;
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

    /// Sets `flags` on the word `form`; forms of several words are left alone.
    pub(super) fn flag(&mut self, form: &str, flags: Flags) {
        if let [(number, _)] = self.gazetteer.lexicon.intern_form(form)[..] {
            self.gazetteer.lexicon.add_flags(number, flags);
        }
    }

    pub(super) fn name(&mut self, row: Row<'_>) -> Result<()> {
        let name = row.get("name");
        if name.is_empty() {
            return Err(row.error("`name` is empty"));
        }
        let kind = EntityType::parse(row.get("type"))
            .ok_or_else(|| row.error(format!("`{}` is no type: use person, place or organization", row.get("type"))))?;
        let matching = match row.get("match") {
            "exact" => Matching::Exact,
            "weak" => Matching::Weak,
            _ => Matching::Normal,
        };
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
            population: row.get("population").parse().unwrap_or(0),
            gender: gender(row.get("gender")),
            roles: row.list("roles").map(str::to_string).collect(),
            matching,
            source: self.gazetteer.sources.len() as u16,
        };
        let number = self.gazetteer.entries.len() as u32;
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
        let capitals = words
            .iter()
            .take(32)
            .enumerate()
            .filter(|(_, (_, t))| t.is_capitalized())
            .fold(0, |bits, (i, _)| bits | 1 << i);
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
        // "the Guardian": the article is no part of the name, but the name is not one without it.
        let article = kind == EntityType::Organization && last > 0 && lexicon.flags(words[0].0).contains(Flags::THE);
        let capitals = if article { capitals & !1 } else { capitals };
        let alias = Alias { entry, case, matching, canonical, capitals, article };
        let numbers: Vec<u32> = words.iter().map(|(n, _)| *n).collect();
        self.gazetteer.names.insert(&numbers, alias);
        if form.contains('-') && words.iter().any(|(_, t)| t.is('-')) {
            let kept: Vec<_> = words.iter().filter(|(_, t)| !t.is('-')).collect();
            let capitals = kept
                .iter()
                .take(32)
                .enumerate()
                .filter(|(_, (_, t))| t.is_capitalized())
                .fold(0, |bits, (i, _)| bits | 1 << i);
            let numbers: Vec<u32> = kept.iter().map(|(n, _)| *n).collect();
            self.gazetteer.names.insert(&numbers, Alias { capitals, ..alias });
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

pub(super) fn gender(cell: &str) -> Gender {
    match cell {
        "m" => Gender::Male,
        "f" => Gender::Female,
        _ => Gender::Unknown,
    }
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
        "other_names" => &["form", "kind"],
        "other_words" => &["word", "position"],
        "topic_words" => &["word", "topic"],
        "grammar" => &["word", "class"],
        "abbreviations" => &["word"],
        _ => &[],
    }
}
