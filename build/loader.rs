//! Reads the files of the manifest and makes the image of them.

use crate::{
    error::{Error, Result},
    gazetteer::{
        Cue, Ending, Flags, GazetteerSource, ImageWriter, Lists, NamesBuilder, Section, Suffixes, WeightTable, each_row,
    },
    lexicon::LexiconBuilder,
    model::Gender,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Everything that the files tell.
pub(crate) struct Loader {
    pub(crate) lexicon: LexiconBuilder,
    pub(crate) names: NamesBuilder,
    pub(crate) cues: Vec<Cue>,
    pub(crate) suffixes: Vec<(String, Ending)>,
    pub(crate) boilerplate: Vec<(String, String, bool)>,
    /// Forms of given names: hash of the folded name, and number of the group.
    pub(crate) variants: BTreeMap<u64, u64>,
    pub(crate) groups: u64,
    /// Hash of the folded demonym -> country.
    pub(crate) demonyms: BTreeMap<u64, String>,
    weights: Vec<(String, WeightTable)>,
}

impl Loader {
    pub(crate) fn new() -> Self {
        Loader {
            lexicon: LexiconBuilder::new(),
            names: NamesBuilder::default(),
            cues: Vec::new(),
            suffixes: Vec::new(),
            boilerplate: Vec::new(),
            variants: BTreeMap::new(),
            groups: 0,
            demonyms: BTreeMap::new(),
            weights: Vec::new(),
        }
    }

    /// Takes in a file by its role in the manifest.
    pub(crate) fn file(&mut self, name: &str, role: &str, text: &str) -> Result<()> {
        let sha256 = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        self.names.source(GazetteerSource { name: name.to_string(), rows: 0, sha256, embedded: true });
        let rows = if role.starts_with("weights") {
            self.weights.push((role.to_string(), WeightTable::parse(text)?));
            0
        } else {
            each_row(name, text.as_bytes(), required_columns(role), |row| self.row(role, row))?
        };
        if let Some(source) = self.names.last_source() {
            source.rows = rows;
        }
        Ok(())
    }

    /// Sets `flags` on the word `form`; forms of several words are left alone.
    pub(crate) fn flag(&mut self, form: &str, flags: Flags) {
        self.lexicon.flag(form, flags);
    }

    /// The whole image.
    pub(crate) fn finish(self) -> Result<Vec<u8>> {
        let mut writer = ImageWriter::default();
        let words = self.lexicon.finish(&mut writer);
        let variants: Vec<[u64; 2]> = self.variants.into_iter().map(|(hash, group)| [hash, group]).collect();
        writer.add(Section::Variants, &variants);
        let mut countries: Vec<String> = self.demonyms.values().cloned().collect();
        countries.sort_unstable();
        countries.dedup();
        let number = |country: &String| countries.binary_search(country).map_or(0, |at| at as u64);
        let demonyms: Vec<[u64; 2]> = self.demonyms.iter().map(|(hash, country)| [*hash, number(country)]).collect();
        writer.add(Section::Demonyms, &demonyms);
        let names = self.names.finish(&mut writer);
        let lists = Lists {
            words,
            cues: self.cues,
            suffixes: Suffixes::new(self.suffixes),
            boilerplate: self.boilerplate,
            countries,
            weights: self.weights,
            names,
        };
        let lists = postcard::to_stdvec(&lists).map_err(|error| Error::gazetteer(error.to_string()))?;
        writer.add(Section::Lists, &lists);
        Ok(writer.finish())
    }
}

pub(crate) fn gender(cell: &str) -> Gender {
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
