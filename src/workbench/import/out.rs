//! What the readers of formats hand their rows to: counts, filters, and the order of names.

use super::{
    Options,
    classes::Classes,
    dropped::{Dropped, What},
    entry::Entry,
    sort::Sorter,
};
use crate::{
    error::{Error, Result},
    gazetteer::Gazetteer,
    model::EntityType,
    workbench::forms::Judge,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A file whose first rows are all wrong is not read to its end.
const WRONG: u64 = 100;

/// Takes entries.
pub(super) struct Out<'a> {
    pub(super) options: &'a Options,
    classes: Classes,
    judge: Judge<'a>,
    pub(super) dropped: Dropped,
    names: Sorter,
    parts: Sorter,
    /// All files that were read.
    pub(super) files: Vec<PathBuf>,
    /// Rows of all files.
    pub(super) rows: u64,
    /// Rows that became a part of another one's entry.
    pub(super) joined: u64,
    /// Rows of this file, and those of them that are not in its form.
    seen: u64,
    wrong: u64,
    first_wrong: Option<(u64, String)>,
}

/// What is known when all names are written.
pub(super) struct Finished {
    pub(super) dropped: Dropped,
    pub(super) joined: u64,
    /// The files that were read.
    pub(super) files: Vec<PathBuf>,
}

/// A part of an entry, and where it stood.
#[derive(Serialize, Deserialize)]
struct Part {
    entry: Entry,
    file: usize,
    line: u64,
}

impl<'a> Out<'a> {
    pub(super) fn new(options: &'a Options, gazetteer: &'a Gazetteer, beside: &Path) -> Result<Self> {
        Ok(Out {
            options,
            classes: Classes::load(options.classes.as_deref())?,
            judge: Judge::new(gazetteer),
            dropped: Dropped::default(),
            names: Sorter::new(beside, options.memory),
            parts: Sorter::new(beside, options.memory),
            files: Vec::new(),
            rows: 0,
            joined: 0,
            seen: 0,
            wrong: 0,
            first_wrong: None,
        })
    }

    /// The rows that follow are from this file.
    pub(super) fn file(&mut self, path: &Path) {
        self.files.push(path.to_path_buf());
        (self.seen, self.wrong, self.first_wrong) = (0, 0, None);
    }

    fn file_number(&self) -> usize {
        self.files.len().saturating_sub(1)
    }

    /// Counts a row of the source.
    pub(super) fn row(&mut self, line: u64) {
        self.rows += 1;
        self.seen += 1;
        self.dropped.at(self.file_number(), line);
    }

    /// The last row is not used.
    pub(super) fn drop(&mut self, reason: &'static str, value: &str) {
        self.dropped.add(What::Row, reason, value);
    }

    /// A form of the last row is not used.
    pub(super) fn drop_alias(&mut self, reason: &'static str, value: &str) {
        self.dropped.add(What::Alias, reason, value);
    }

    /// The last row is not in the form of its format.
    ///
    /// # Errors
    /// When all rows so far were so.
    pub(super) fn malformed(&mut self, detail: &str, value: &str, expected: &str, path: &Path) -> Result<()> {
        self.dropped.add(What::Row, "not in the form of the format", value);
        self.wrong += 1;
        let line = self.dropped.line();
        self.first_wrong.get_or_insert_with(|| (line, detail.to_string()));
        if self.wrong == self.seen && self.wrong >= WRONG { self.ended(expected, path) } else { Ok(()) }
    }

    /// Refuses a file of which most rows are not in its form.
    pub(super) fn ended(&mut self, expected: &str, path: &Path) -> Result<()> {
        match &self.first_wrong {
            Some((line, detail)) if self.wrong * 2 > self.seen => {
                let message = format!("{detail}; expected is {expected}");
                Err(Error::format(message).at_path(path).at_line(*line))
            }
            _ => Ok(()),
        }
    }

    /// The type and kind of the first of `classes` that the list has. Nothing if the row is not to be taken, which is counted.
    pub(super) fn class(&mut self, format: &str, classes: &[&str], value: &str) -> Option<(EntityType, String)> {
        let listed = classes.iter().find_map(|class| self.classes.get(format, class));
        let known = || classes.iter().find_map(|class| EntityType::parse(class)).map(|kind| (kind, String::new()));
        match listed {
            Some(Some(found)) => Some(found),
            Some(None) => {
                self.drop("class is not to be taken", value);
                None
            }
            None => {
                let found = known();
                if found.is_none() {
                    self.drop("class is not in the list", value);
                    classes.iter().take(1).for_each(|class| self.dropped.class(class));
                }
                found
            }
        }
    }

    /// The type and kind of the class that stands first in the list's eyes, without counting anything.
    pub(super) fn listed(&self, format: &str, class: &str) -> Option<Option<(EntityType, String)>> {
        self.classes.get(format, class)
    }

    /// Takes the entry of the last row.
    pub(super) fn entry(&mut self, entry: Entry) -> Result<()> {
        self.complete(entry)
    }

    /// Takes a part of the entry that goes by `key` in the source. Parts of a lower rank come first.
    pub(super) fn part(&mut self, key: &str, rank: u8, entry: Entry) -> Result<()> {
        let mut bytes = key.as_bytes().to_vec();
        bytes.extend([0, rank]);
        let part = Part { entry, file: self.file_number(), line: self.dropped.line() };
        self.parts.push(&bytes, &encode(&part)?)
    }

    /// Cleans an entry and puts it among the names.
    fn complete(&mut self, entry: Entry) -> Result<()> {
        let options = self.options;
        let Some(entry) = entry.clean(&mut self.judge, options.keep_doubtful, &mut self.dropped) else { return Ok(()) };
        let asked = |kind| options.types.is_empty() || options.types.contains(&kind);
        if !entry.kind.is_some_and(asked) {
            self.dropped.add(What::Row, "type is not asked for", &entry.name);
            return Ok(());
        }
        if entry.kind == Some(EntityType::Place)
            && options.min_population > 0
            && entry.population.parse().unwrap_or(0) < options.min_population
        {
            self.dropped.add(What::Row, "fewer inhabitants than asked for", &entry.name);
            return Ok(());
        }
        let [name, kind, ..] = entry.cells();
        let key = [name, kind, &entry.id].join("\0");
        self.names.push(key.as_bytes(), &encode(&entry)?)
    }

    /// Puts the parts of entries together, and calls `take` with every entry in the order of names.
    pub(super) fn finish(mut self, mut take: impl FnMut(&Entry) -> Result<()>) -> Result<Finished> {
        let beside = Path::new("");
        let parts = std::mem::replace(&mut self.parts, Sorter::new(beside, None));
        let mut open: Option<(Vec<u8>, Part, u64)> = None;
        parts.each(|key, value| {
            let key = &key[..key.len().saturating_sub(1)];
            let part: Part = decode(value)?;
            match &mut open {
                Some((same, whole, count)) if *same == key => {
                    self.dropped.at(part.file, part.line);
                    for alias in whole.entry.join(part.entry) {
                        self.dropped.add(What::Alias, "more than 1000 aliases", &alias);
                    }
                    *count += 1;
                }
                _ => {
                    let before = open.replace((key.to_vec(), part, 1));
                    before.map_or(Ok(()), |(_, whole, count)| self.whole(whole, count))?;
                }
            }
            Ok(())
        })?;
        open.map_or(Ok(()), |(_, whole, count)| self.whole(whole, count))?;
        let names = std::mem::replace(&mut self.names, Sorter::new(beside, None));
        let mut last: Option<Entry> = None;
        names.each(|_, value| {
            let entry: Entry = decode(value)?;
            match &mut last {
                Some(before) if *before == entry => {
                    self.dropped.at(0, 0);
                    self.dropped.add(What::Row, "same as another row", &entry.name);
                }
                Some(before) if !entry.id.is_empty() && before.cells()[..4] == entry.cells()[..4] => {
                    self.joined += 1;
                    let aliases: Vec<String> =
                        entry.aliases.iter().filter(|alias| !before.aliases.contains(alias)).cloned().collect();
                    before.join(Entry { aliases, ..entry });
                    before.aliases.sort_unstable();
                }
                _ => {
                    let before = last.replace(entry);
                    before.map_or(Ok(()), |before| take(&before))?;
                }
            }
            Ok(())
        })?;
        last.map_or(Ok(()), |last| take(&last))?;
        Ok(Finished { dropped: self.dropped, joined: self.joined, files: self.files })
    }

    /// An entry whose `count` parts are together.
    fn whole(&mut self, whole: Part, count: u64) -> Result<()> {
        self.dropped.at(whole.file, whole.line);
        if whole.entry.kind.is_none() {
            let value = whole.entry.aliases.first().unwrap_or(&whole.entry.name);
            (0..count).for_each(|_| self.dropped.add(What::Row, "belongs to nothing that was taken", value));
            return Ok(());
        }
        self.joined += count - 1;
        self.complete(whole.entry)
    }
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(|error| Error::format(error.to_string()))
}

fn decode<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|error| Error::format(format!("a file for sorting was damaged: {error}")))
}
