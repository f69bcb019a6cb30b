//! Everything that is known, ready to match: what comes with the program, and what the user adds.

use super::{
    Alias, Boilerplate, Corrections, Cue, Entry, Letters, Lexicon, Search, Suffixes, WeightTable,
    bytes::Bytes,
    image::{Image, Section},
    layer::{GazetteerSource, LAYERS, Layer},
    lists::Lists,
    user,
};
use crate::{
    error::{Error, Result},
    token::{self, Token},
};
use std::{
    path::PathBuf,
    sync::{Arc, LazyLock},
};

/// The image that the build script made, at an address that is a multiple of 64, as its sections are in it.
#[repr(C, align(64))]
struct Aligned<B: ?Sized>(B);

static EMBEDDED: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/embedded.bin")));

/// The same, checked once.
static IMAGE: LazyLock<Option<Image>> = LazyLock::new(|| Image::open(Bytes::Program(&EMBEDDED.0)).ok());

/// Opens the image now: see [`prepare`](crate::run::prepare).
pub(crate) fn prepare() {
    LazyLock::force(&IMAGE);
}

/// All names and word lists, ready to match.
#[derive(Debug)]
pub struct Gazetteer {
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
    pub(super) layers: Vec<Arc<Layer>>,
    variants: &'static [[u64; 2]],
    demonyms: &'static [[u64; 2]],
    countries: Vec<String>,
    weights: Vec<(String, WeightTable)>,
    no_weights: WeightTable,
    /// The layers that lie in mapped files, whose checksums have not been looked at.
    mapped: Vec<(PathBuf, Arc<Layer>)>,
    corrections: Option<Box<Corrections>>,
}

impl Gazetteer {
    /// The gazetteers that are part of the program.
    ///
    /// # Errors
    /// None, unless the program itself is damaged.
    pub fn embedded() -> Result<Gazetteer> {
        let broken = || Error::gazetteer("the gazetteers in the program are damaged");
        let image = IMAGE.as_ref().ok_or_else(broken)?;
        let lists: Lists = postcard::from_bytes(image.slice(Section::Lists)).map_err(|_| broken())?;
        let names = Arc::new(Image::open(Bytes::Program(&EMBEDDED.0))?);
        let sources = lists.names.sources.clone();
        Ok(Gazetteer {
            lexicon: Lexicon::new(image, lists.words),
            cues: lists.cues,
            boilerplate: Boilerplate::new(lists.boilerplate),
            suffixes: lists.suffixes,
            letters: Letters::new(image),
            sources,
            layers: vec![Arc::new(Layer::new(names, lists.names, 0, 0)?)],
            variants: image.slice(Section::Variants),
            demonyms: image.slice(Section::Demonyms),
            countries: lists.countries,
            weights: lists.weights,
            no_weights: WeightTable::default(),
            mapped: Vec::new(),
            corrections: None,
        })
    }

    /// The embedded gazetteers and, on top of them, those in `extra`: CSV files of names, compiled gazetteers, or
    /// folders of both. A large CSV file is compiled into a file beside it, and read from there the next time.
    ///
    /// # Errors
    /// A file that cannot be read, or that is no gazetteer: the error names file, line and reason.
    pub fn load(extra: &[PathBuf]) -> Result<Gazetteer> {
        Gazetteer::load_corrected(extra, &[])
    }

    /// The same, with the corrections of these files beside those that lie at `extra` as `corrections.csv`.
    ///
    /// # Errors
    /// As those of [`Gazetteer::load`]; corrections that say nothing or contradict each other.
    pub fn load_corrected(extra: &[PathBuf], corrections: &[PathBuf]) -> Result<Gazetteer> {
        let mut gazetteer = Gazetteer::embedded()?;
        let mut files = user::add(&mut gazetteer, extra)?;
        for file in corrections {
            // The file of a folder may be named once more.
            let same =
                |other: &PathBuf| matches!((file.canonicalize(), other.canonicalize()), (Ok(a), Ok(b)) if a == b);
            if !files.iter().any(same) {
                files.push(file.clone());
            }
        }
        if !files.is_empty() {
            let loaded = Corrections::load(&mut gazetteer, &files)?;
            gazetteer.corrections = Some(Box::new(loaded)).filter(|loaded| !loaded.is_empty());
        }
        Ok(gazetteer)
    }

    /// What a person has corrected, if anything.
    pub fn corrections(&self) -> Option<&Corrections> {
        self.corrections.as_deref()
    }

    /// Adds compiled names, which lie in the mapped file `path` if there is one.
    pub(super) fn add_layer(&mut self, image: Image, path: Option<PathBuf>) -> Result<()> {
        if self.layers.len() == LAYERS {
            let most = LAYERS - 2;
            return Err(Error::gazetteer(format!("more than {most} large files of names: join some of them")));
        }
        let about = Layer::about(&image)?;
        let first = self.sources.len();
        self.sources.extend(about.sources.iter().cloned());
        let layer = Arc::new(Layer::new(Arc::new(image), about, self.layers.len(), first)?);
        self.lexicon.add_layer(Arc::clone(&layer), self.layers[0].image().checksum());
        self.mapped.extend(path.map(|path| (path, Arc::clone(&layer))));
        self.layers.push(layer);
        Ok(())
    }

    /// Takes `bytes`, a CSV file of names or a compiled gazetteer, in place of all names that were added so far. For fuzzing.
    ///
    /// # Errors
    /// As those of [`Gazetteer::load`].
    #[doc(hidden)]
    pub fn replace_added(&mut self, bytes: &[u8]) -> Result<()> {
        self.layers.truncate(1);
        self.mapped.clear();
        self.lexicon.drop_layers();
        let embedded = self.sources.iter().take_while(|source| source.embedded).count();
        self.sources.truncate(embedded);
        let image = user::image_of(self, bytes)?;
        self.add_layer(image, None)
    }

    pub(super) fn set_weights(&mut self, role: &str, table: WeightTable) {
        self.weights.retain(|(known, _)| known != role);
        self.weights.push((role.to_string(), table));
    }

    pub(super) fn lexicon_checksum(&self) -> u64 {
        self.layers[0].image().checksum()
    }

    /// Looks at the checksums of all mapped files. That reads them whole, so it is left to the end of a run: what was found
    /// may be wrong until then, and nothing should be told for good without it.
    ///
    /// # Errors
    /// A file whose bytes are not those that were written.
    pub fn check(&self) -> Result<()> {
        let damaged = self.mapped.iter().find(|(_, layer)| !layer.image().is_intact());
        damaged.map_or(Ok(()), |(path, _)| Err(Error::gazetteer(super::image::DAMAGED).at_path(path)))
    }

    /// The entry with this number.
    pub fn entry(&self, number: u32) -> Entry<'_> {
        let (layer, at) = Layer::split(number);
        Entry { layer: self.layers.get(layer).unwrap_or(&self.layers[0]), at }
    }

    /// All entries, the embedded ones first, in the order of the files.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.layers.iter().flat_map(|layer| layer.entries())
    }

    /// The numbers of all entries, in the same order.
    pub(super) fn entry_numbers(&self) -> impl Iterator<Item = u32> {
        self.entries().map(Entry::place)
    }

    /// Looks for names in `tokens` of `text`, which must be numbered.
    pub fn search<'a>(&'a self, text: &'a str, tokens: &'a [Token]) -> Search<'a> {
        Search::new(self, text, tokens)
    }

    /// The forms whose words are just those of `tokens` (numbered ones), whatever their letter case, in the order of the files.
    pub fn forms(&self, tokens: &[Token]) -> Vec<Alias> {
        let mut search = self.search("", tokens);
        let whole = |length: usize| tokens[length..].iter().all(|token| token.is('.'));
        let forms = search.forms().iter().filter(|form| whole(form.end as usize));
        forms.map(|form| form.alias).collect()
    }

    /// A file of weights, by its role in the manifest.
    pub fn weights(&self, role: &str) -> &WeightTable {
        self.weights.iter().find(|(known, _)| known == role).map_or(&self.no_weights, |(_, table)| table)
    }

    /// Whether two folded given names are forms of one name ("mike", "michael"), or the same.
    pub fn same_given_name(&self, a: &str, b: &str) -> bool {
        let group = |name: &str| by_hash(self.variants, name);
        a == b || group(a).is_some_and(|x| group(b) == Some(x))
    }

    /// The country code that a folded demonym tells; empty if none.
    pub fn demonym_country(&self, folded: &str) -> &str {
        let number = by_hash(self.demonyms, folded);
        number.and_then(|number| self.countries.get(number as usize)).map_or("", String::as_str)
    }
}

/// The value of a folded word in pairs of hash and value, sorted by hash.
fn by_hash(pairs: &[[u64; 2]], folded: &str) -> Option<u64> {
    let hash = token::hash(folded);
    pairs.binary_search_by_key(&hash, |pair| pair[0]).ok().map(|at| pairs[at][1])
}
