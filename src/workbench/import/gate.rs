//! GATE's gazetteers: `lists.def`, which names lists with their types, and the `.lst` files beside it.

use super::{
    Format,
    entry::Entry,
    input::{Input, Line, Lines},
    out::Out,
};
use crate::error::{Error, Result};
use std::path::{Component, Path};

/// A list of lists.
pub(super) struct Gate;

const LONGEST: usize = 1 << 20;
/// What stands between the parts of a line.
const SEPARATOR: char = ':';

impl Format for Gate {
    fn name(&self) -> &'static str {
        "gate"
    }

    fn expected(&self) -> &'static str {
        "GATE's lists.def: file.lst:majorType:minorType on every line, and the .lst files beside it"
    }

    fn source(&self) -> &'static str {
        "gazetteers of GATE"
    }

    fn licence(&self) -> &'static str {
        "LGPL-3.0 if of GATE's ANNIE, and not to be bundled; else as their author says"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let path = input.path.clone();
        let wrong = |line, detail: String| {
            Error::format(format!("{detail}; expected is {}", self.expected())).at_path(&path).at_line(line)
        };
        while let Some((line, text)) = input.line(LONGEST)? {
            let text = match text {
                Line::Bad(detail) => return Err(wrong(line, detail.to_string())),
                Line::Text(text) => text,
            };
            let mut parts = text.trim().split(SEPARATOR);
            let (Some(file), Some(major)) = (parts.next().filter(|file| file.ends_with(".lst")), parts.next()) else {
                return Err(wrong(line, "the line names no list and type".to_string()));
            };
            let (minor, language) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let inside = Path::new(file).components().all(|part| matches!(part, Component::Normal(_)));
            if !inside {
                return Err(wrong(line, format!("`{file}` is not in the folder of the list")));
            }
            let list = path.with_file_name("").join(file);
            let nothing = std::fs::metadata(&list).is_ok_and(|about| about.len() == 0);
            if nothing {
                continue;
            }
            out.file(&list);
            let mut entries = Input::open(&list).map_err(|error| wrong(line, error.to_string()))?;
            let passed = !language.is_empty() && !out.options.has_language(language);
            self.list(&mut entries, [&format!("{major}.{minor}"), major, minor], passed, out)?;
            out.ended(self.expected(), &list)?;
        }
        Ok(())
    }
}

impl Gate {
    /// Reads the entries of one list.
    fn list(&self, input: &mut Input, classes: [&str; 3], passed: bool, out: &mut Out<'_>) -> Result<()> {
        let lines = Lines { longest: LONGEST, expected: self.expected(), skip: |_, _| false };
        lines.each(input, out, |text, out| {
            let mut parts = text.trim().split(SEPARATOR);
            let name = parts.next().unwrap_or("");
            if passed {
                out.drop("language is not asked for", name);
                return Ok(Ok(()));
            }
            let Some((kind, class)) = out.class("gate", &classes, &format!("{}: {name}", classes[1])) else {
                return Ok(Ok(()));
            };
            let mut entry = Entry { class, ..Entry::new(name, kind) };
            for (feature, value) in parts.filter_map(|part| part.split_once('=')) {
                match feature {
                    "gender" => entry.gender = value.to_string(),
                    "ISO2" => entry.country = value.to_string(),
                    _ => {}
                }
            }
            out.entry(entry).map(Ok)
        })
    }
}
