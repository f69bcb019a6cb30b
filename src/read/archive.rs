//! ARCHIVES -> their members: each is a source of its own, in the order of the archive, and never touches the disk.
//!
//! A member is called by the archive, an exclamation mark and its path: `dump.zip!2020/oct.jsonl`. That path is but a name:
//! nothing is ever written to it. Folders, links and devices hold nothing, and hidden members are left out as hidden files
//! are.

use super::{
    Flow, Options, Reason, Sink, Source, encoding,
    limits::{self, Budget},
    read_source, source, tar, whole, zip,
};
use crate::model::Reject;
use std::{
    io::{self, Read},
    rc::Rc,
};

/// A kind of archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Archive {
    Zip,
    Tar,
}

impl Archive {
    /// What kind of archive `source` is, if any.
    pub(super) fn of(source: &Source) -> Option<Archive> {
        if zip::recognizes(source.head()) {
            Some(Archive::Zip)
        } else if tar::recognizes(source.head(), source.extension()) {
            Some(Archive::Tar)
        } else {
            None
        }
    }
}

/// Hands every record of every member of `source` to `sink`.
pub(super) fn read(archive: Archive, source: &mut Source, options: &Options, sink: &mut Sink<'_>) -> Flow {
    if source.depth() >= source.budget().depth {
        let error = source::too_deep(source.budget());
        return sink.reject(whole(source.name(), limits::reason(&error), error.to_string()));
    }
    let mut members = Members {
        name: source.name().to_string(),
        stem: source.stem().to_string(),
        depth: source.depth() + 1,
        budget: Rc::clone(source.budget()),
        number: 0,
        told: 0,
        options,
        sink,
    };
    match archive {
        Archive::Zip => zip::read(source, &mut members),
        Archive::Tar => tar::read(source, &mut members),
    }?;
    if members.told == 0 {
        let detail = "the archive holds no file, or only hidden ones".to_string();
        return members.sink.reject(whole(source.name(), Reason::Empty, detail));
    }
    Flow::Continue(())
}

/// Where kinds of archives hand their members.
pub(super) struct Members<'m, 's> {
    name: String,
    stem: String,
    depth: usize,
    /// What the archive shares with everything else in the same file of the input.
    pub budget: Rc<Budget>,
    /// How many members there were, readable or not, hidden ones too.
    number: u64,
    /// How many of them, or of faults, were told to the sink.
    told: u64,
    options: &'m Options,
    sink: &'m mut Sink<'s>,
}

impl Members<'_, '_> {
    /// Takes the member `path`, which holds `raw` bytes.
    pub(super) fn member(&mut self, path: &[u8], raw: Box<dyn Read + '_>) -> Flow {
        let Some(name) = self.next(path) else { return Flow::Continue(()) };
        let archive = (self.name.as_str(), self.stem.as_str());
        match Source::member(archive, &name, raw, self.depth, Rc::clone(&self.budget)) {
            Ok(mut source) => read_source(&mut source, self.options, self.sink),
            Err(error) => {
                let name = format!("{}!{name}", self.name);
                self.sink.reject(whole(&name, limits::reason(&error), error.to_string()))
            }
        }
    }

    /// Takes note that the member `path` cannot be read.
    pub(super) fn lost(&mut self, path: &[u8], reason: Reason, detail: String) -> Flow {
        let Some(name) = self.next(path) else { return Flow::Continue(()) };
        self.sink.reject(whole(&format!("{}!{name}", self.name), reason, detail))
    }

    /// Takes note that the archive itself is damaged at byte `byte_offset`.
    pub(super) fn damaged(&mut self, byte_offset: u64, error: &io::Error) -> Flow {
        self.number += 1;
        self.told += 1;
        let reject = whole(&self.name, limits::reason_in_archive(error), error.to_string());
        self.sink.reject(Reject { record: self.number, byte_offset, ..reject })
    }

    /// Whether there are more members than allowed, which is then said.
    pub(super) fn are_too_many(&mut self, byte_offset: u64) -> bool {
        let many = self.number >= self.budget.members;
        if many {
            let detail = format!("the archive has more than {} members; see --max-members", self.budget.members);
            let reject = whole(&self.name, Reason::TooLarge, detail);
            self.told += 1;
            // Nothing follows: whoever breaks may as well go on.
            let _ = self.sink.reject(Reject { record: self.number + 1, byte_offset, ..reject });
        }
        many
    }

    /// Counts a member, and tells how it is called; `None` if it is hidden.
    fn next(&mut self, path: &[u8]) -> Option<String> {
        self.number += 1;
        let name = name_of(path);
        let hidden = |part: &str| (part.starts_with('.') && part != "." && part != "..") || part == "__MACOSX";
        if name.split('/').any(hidden) {
            return None;
        }
        self.told += 1;
        Some(if name.is_empty() { self.number.to_string() } else { name })
    }
}

/// A member's path as tables show it: without characters that command anything, and with `/` between its parts.
fn name_of(path: &[u8]) -> String {
    let decoded = encoding::decode(path).unwrap_or_else(|_| String::from_utf8_lossy(path));
    let name: String = decoded
        .chars()
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .map(|c| if c == '\\' { '/' } else { c })
        .collect();
    name.trim_start_matches("./").to_string()
}
