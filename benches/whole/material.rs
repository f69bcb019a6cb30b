//! The texts and names that are measured with.

use onrecord::{
    gazetteer::{Gazetteer, embedded_rows},
    generate::{Dump, Made, Names},
    model::Article,
    pipeline::Pipeline,
    read::{self, Flow, Inputs, Item},
};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// What all choices are made from.
const SEED: u64 = 20_261_127;

/// The folder for everything that is made.
pub(crate) fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole");
    fs::create_dir_all(&folder).expect("the folder for the bench can be made");
    folder
}

/// Makes a gazetteer of `count` names.
pub(crate) fn names(count: u64) -> PathBuf {
    let path = folder().join(format!("names-{count}.csv"));
    write(&path, |out| Names::new(SEED).expect("the lists are there").write(count, out).expect("it can be written"));
    path
}

/// The gazetteer as the program loads it fastest. When there is a compiled form, it is made here from the CSV.
pub(crate) fn compiled(csv: &Path) -> PathBuf {
    csv.to_path_buf()
}

/// Makes a dump of `count` articles; half of their names are from `names`.
pub(crate) fn dump(name: &str, count: u64, names: Option<&Path>) -> (PathBuf, Made) {
    let path = folder().join(format!("{name}.jsonl"));
    let mut dump = Dump::new(SEED).expect("the lists are there");
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

/// The articles of a dump.
pub(crate) fn read(dump: &Path) -> Vec<Article> {
    let inputs = Inputs::new(vec![dump.to_path_buf()]).expect("the dump is there");
    let mut articles = Vec::new();
    read::read(&inputs, &read::Options::default(), &mut |batch| {
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

/// All forms that the pipeline knows, each once: names and aliases, embedded and of `names` (CSV).
pub(crate) fn forms(names: Option<&Path>) -> Vec<String> {
    let mut forms = Vec::new();
    let mut add = |name: &str, aliases: &str| {
        let all = [name].into_iter().chain(aliases.split('|')).map(str::trim);
        forms.extend(all.filter(|form| !form.is_empty()).map(str::to_string));
    };
    for [name, aliases] in embedded_rows("names", ["name", "aliases"]).expect("the embedded files can be read") {
        add(&name, &aliases);
    }
    if let Some(path) = names {
        let text = fs::read_to_string(path).expect("the names can be read");
        for row in text.lines().skip(1) {
            let mut cells = row.split(',');
            let (name, _, aliases) = (cells.next(), cells.next(), cells.next());
            add(name.unwrap_or(""), aliases.unwrap_or(""));
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}
