//! The texts and names that are measured with.

use onrecord::{
    gazetteer::{self, Gazetteer},
    generate::{Dump, Made, Names},
    model::Article,
    pipeline::Pipeline,
    read::{self, Flow, Inputs, Item},
};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// What all choices are made from.
const SEED: u64 = 20_261_127;

static EMBEDDED: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::embedded().expect("the embedded gazetteers load"));

/// The folder for everything that is made.
pub(crate) fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole");
    fs::create_dir_all(&folder).expect("the folder for the bench can be made");
    folder
}

/// Makes a gazetteer of `count` names.
pub(crate) fn names(count: u64) -> PathBuf {
    let path = folder().join(format!("names-{count}.csv"));
    write(&path, |out| {
        Names::new(&EMBEDDED, SEED).expect("the lists are there").write(count, out).expect("it can be written")
    });
    path
}

/// The gazetteer as the program loads it fastest: compiled.
pub(crate) fn compiled(csv: &Path) -> PathBuf {
    let out = csv.with_extension("onrecord");
    gazetteer::compile(&[csv.to_path_buf()], &out).expect("the names can be compiled");
    out
}

/// Makes a dump of `count` articles; half of their names are from `names`.
pub(crate) fn dump(name: &str, count: u64, names: Option<&Path>) -> (PathBuf, Made) {
    let path = folder().join(format!("{name}.jsonl"));
    let mut dump = Dump::new(&EMBEDDED, SEED).expect("the lists are there");
    if let Some(names) = names {
        let mut file = File::open(names).expect("the names can be read");
        dump.draw_from(&mut file, 50).expect("the names can stand in articles");
    }
    let made = write(&path, |out| dump.write(count, out, None).expect("it can be written"));
    (path, made)
}

fn write<T>(path: &Path, write: impl FnOnce(&mut dyn Write) -> T) -> T {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).expect("the bench can write"));
    let made = write(&mut out);
    out.flush().expect("the bench can write");
    made
}

/// How long the names and aliases of a gazetteer are altogether.
pub(crate) fn bytes_of_names(csv: &Path) -> u64 {
    let rows = rows(csv, ["name", "aliases"]);
    rows.iter().flatten().map(|cell| cell.len() as u64).sum()
}

/// The articles of a dump.
pub(crate) fn read(dump: &Path) -> Vec<Article> {
    let inputs = Inputs::new(vec![dump.to_path_buf()]).expect("the dump is there");
    let mut articles = Vec::new();
    read::read(&inputs, &read::Options::default(), &read::Alone, &mut |batch| {
        articles.extend(batch.items.into_iter().filter_map(|item| match item {
            Item::Article { article, .. } => Some(article),
            Item::Reject(..) => None,
        }));
        Flow::Continue(())
    });
    articles
}

/// The pipeline with the embedded names and those of `names`.
pub(crate) fn pipeline(names: Option<&Path>) -> Pipeline {
    let extra: Vec<PathBuf> = names.map(Path::to_path_buf).into_iter().collect();
    let gazetteer = Gazetteer::load(&extra).expect("the gazetteers load");
    Pipeline::new(gazetteer).expect("the weights load")
}

/// The cells of some columns of a CSV file.
fn rows<const N: usize>(path: &Path, columns: [&str; N]) -> Vec<[String; N]> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).expect("the file can be read");
    let header = reader.headers().expect("it has a header").clone();
    let places = columns.map(|column| header.iter().position(|cell| cell == column));
    let rows = reader.records().map(|row| {
        let row = row.expect("it is CSV");
        places.map(|place| place.and_then(|place| row.get(place)).unwrap_or("").to_string())
    });
    rows.collect()
}

/// All forms that the pipeline knows, each once: names and aliases, embedded and of `names` (CSV).
pub(crate) fn forms(names: Option<&Path>) -> Vec<String> {
    let mut forms = Vec::new();
    let mut add = |name: &str, aliases: &str| {
        let all = [name].into_iter().chain(aliases.split('|')).map(str::trim);
        forms.extend(all.filter(|form| !form.is_empty()).map(str::to_string));
    };
    let embedded = Path::new(env!("CARGO_MANIFEST_DIR")).join("gazetteers");
    let manifest = rows(&embedded.join("manifest.csv"), ["file", "role"]);
    let mut files: Vec<PathBuf> =
        manifest.into_iter().filter(|[_, role]| role == "names").map(|[file, _]| embedded.join(file)).collect();
    files.extend(names.map(Path::to_path_buf));
    for [name, aliases] in files.iter().flat_map(|file| rows(file, ["name", "aliases"])) {
        add(&name, &aliases);
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}
