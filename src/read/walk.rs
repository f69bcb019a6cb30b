//! What the user names -> files, in an order that does not depend on the machine.

use super::{Flow, Options, Reason};
use crate::{
    error::{Error, Result},
    model::Reject,
};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};
use walkdir::WalkDir;

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// Files, folders and standard input, as the user names them.
#[derive(Clone, Debug)]
pub struct Inputs(Vec<PathBuf>);

/// One file to read.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Where it is; `None` for standard input.
    pub path: Option<PathBuf>,
    /// How tables call it.
    pub name: String,
    /// What ids made for its records begin with: the path below the input that the user named.
    pub stem: String,
}

impl Inputs {
    /// Checks that everything named is there.
    ///
    /// # Errors
    /// A path that does not exist, or no path at all.
    pub fn new(paths: Vec<PathBuf>) -> Result<Inputs> {
        if paths.is_empty() {
            return Err(Error::usage("name at least one file or folder, or - for standard input"));
        }
        for path in paths.iter().filter(|path| path.as_os_str() != STDIN) {
            std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
        }
        Ok(Inputs(paths))
    }

    /// The paths as they were named.
    pub fn paths(&self) -> &[PathBuf] {
        &self.0
    }

    /// Sum of the sizes of all files in bytes; `None` where it cannot be known beforehand.
    pub fn total_bytes(&self, options: &Options) -> Option<u64> {
        let mut total = Some(0);
        let _ = self.walk(options, &mut |found| {
            let size = match found.map(|file| file.path) {
                Ok(Some(path)) => std::fs::metadata(path).ok().filter(|m| m.is_file()).map(|m| m.len()),
                Ok(None) => None,
                Err(_) => Some(0),
            };
            total = total.zip(size).map(|(a, b)| a + b);
            if total.is_some() { Flow::Continue(()) } else { Flow::Break(()) }
        });
        total
    }

    /// Names every file to be read, with its size in bytes; that of standard input is not known, nor that of a pipe.
    pub fn list(&self, options: &Options, visit: &mut dyn FnMut(&str, Option<u64>)) {
        let _ = self.walk(options, &mut |found| {
            match found {
                Ok(file) => {
                    let metadata = file.path.and_then(|path| std::fs::metadata(path).ok());
                    visit(&file.name, metadata.filter(|metadata| metadata.is_file()).map(|metadata| metadata.len()));
                }
                Err(reject) => visit(&reject.source, None),
            }
            Flow::Continue(())
        });
    }

    /// Visits every file: folders recursively in order of names, without hidden files.
    pub(super) fn walk(
        &self,
        options: &Options,
        visit: &mut dyn FnMut(std::result::Result<File, Reject>) -> Flow,
    ) -> Flow {
        let skip = options.skip.as_ref().and_then(|path| path.canonicalize().ok());
        for input in &self.0 {
            if input.as_os_str() == STDIN {
                visit(Ok(File { path: None, name: "stdin".to_string(), stem: "stdin".to_string() }))?;
            } else if input.is_dir() {
                walk_folder(input, skip.as_deref(), visit)?;
            } else {
                let stem = input.file_name().map_or_else(|| shown(input), |name| shown(Path::new(name)));
                visit(Ok(File { path: Some(input.clone()), name: shown(input), stem }))?;
            }
        }
        Flow::Continue(())
    }
}

fn walk_folder(
    root: &Path,
    skip: Option<&Path>,
    visit: &mut dyn FnMut(std::result::Result<File, Reject>) -> Flow,
) -> Flow {
    let mut links = Links::new(root);
    let wanted = |entry: &walkdir::DirEntry| {
        let hidden = entry.depth() > 0 && is_hidden(entry.file_name());
        let is_folder = entry.file_type().is_dir();
        let skipped = is_folder && skip.is_some_and(|skip| entry.path().canonicalize().is_ok_and(|path| path == skip));
        !hidden && !skipped
    };
    let mut walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(wanted);
    while let Some(entry) = walk.next() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let path = entry.into_path();
                let stem = shown(path.strip_prefix(root).unwrap_or(&path));
                visit(Ok(File { name: shown(&path), stem, path: Some(path) }))?;
            }
            Ok(entry) if entry.file_type().is_dir() => {
                if entry.depth() == 0 || !entry.path_is_symlink() {
                    continue;
                }
                match links.lead_to(entry.path()) {
                    Lead::Elsewhere => {}
                    Lead::Inside => walk.skip_current_dir(),
                    Lead::Above => {
                        walk.skip_current_dir();
                        let detail = "a link to a folder that holds the whole input".to_string();
                        visit(Err(unreadable(entry.path(), detail)))?;
                    }
                }
            }
            // To open one could wait for ever.
            Ok(entry) => {
                let detail = "a pipe, a socket or a device; name it by itself to read it".to_string();
                visit(Err(unreadable(entry.path(), detail)))?;
            }
            Err(error) => {
                let detail = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                visit(Err(unreadable(error.path().unwrap_or(root), detail)))?;
            }
        }
    }
    Flow::Continue(())
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn unreadable(path: &Path, detail: String) -> Reject {
    let (source, reason) = (shown(path), Reason::Unreadable.as_str().to_string());
    Reject { source, reason, detail, ..Reject::default() }
}

/// Links to folders. One that leads into what is walked anyway is not followed: it would give every article twice, and
/// folders with links to each other have endlessly many paths.
struct Links {
    root: Option<PathBuf>,
    followed: Vec<PathBuf>,
}

/// Where a link to a folder leads.
enum Lead {
    /// To what is walked anyway.
    Inside,
    /// To what holds the folder that is walked.
    Above,
    Elsewhere,
}

impl Links {
    fn new(root: &Path) -> Links {
        Links { root: root.canonicalize().ok(), followed: Vec::new() }
    }

    fn lead_to(&mut self, link: &Path) -> Lead {
        let Ok(target) = link.canonicalize() else { return Lead::Elsewhere };
        // What is hidden is walked only if a link leads to it.
        let walked = |below: &PathBuf| target.strip_prefix(below).is_ok_and(|rest| !rest.iter().any(is_hidden));
        if self.root.iter().chain(&self.followed).any(walked) {
            return Lead::Inside;
        }
        if self.root.iter().any(|root| root.starts_with(&target)) {
            return Lead::Above;
        }
        self.followed.push(target);
        Lead::Elsewhere
    }
}

/// A path as tables show it: on one line, and with `/`, so that tables do not depend on the system that wrote them.
fn shown(path: &Path) -> String {
    let shown = path.to_string_lossy();
    let shown = shown.replace(char::is_control, "\u{FFFD}");
    if std::path::MAIN_SEPARATOR == '/' { shown } else { shown.replace(std::path::MAIN_SEPARATOR, "/") }
}
