//! Any bytes -> records, in each format. The first byte chooses the format: one of `FORMATS`, or none, so that name and content
//! tell it; a format that is added there is tried here without a change. The second byte chooses limits and the ending of
//! the file's name.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::read::{FORMATS, Item, Options, is_guarded, read_bytes};
use std::{collections::HashSet, ops::ControlFlow, panic};

/// A panic is a finding, unless it is one of the crate for Parquet, which are expected: they become rejects.
fn tell_findings_only() {
    let abort = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !is_guarded() {
            abort(panic);
        }
    }));
}

fuzz_target!(init: tell_findings_only(), |bytes: &[u8]| {
    let [format, more, bytes @ ..] = bytes else { return };
    let format = FORMATS.get(usize::from(*format) % (FORMATS.len() + 1)).copied();
    let options = Options { format, max_text: if more & 1 == 0 { 1_000 } else { 50_000_000 }, ..Options::default() };
    let endings: Vec<&str> = FORMATS.iter().flat_map(|format| format.extensions()).copied().chain([""]).collect();
    let name = format!("fuzz.{}", endings[usize::from(more >> 1) % endings.len()]);
    let mut ids = HashSet::new();
    read_bytes(&name, bytes, &options, &mut |batch| {
        for item in batch.items {
            match item {
                Item::Article { article, .. } => {
                    assert!(!article.id.is_empty() && ids.insert(article.id.clone()), "an id comes twice");
                    assert!(!article.text.trim().is_empty() && article.source.starts_with(&name) && article.record > 0);
                    assert!((article.text.len() as u64) < options.max_text);
                }
                Item::Reject(reject) => assert!(!reject.reason.is_empty() && reject.source.starts_with(&name), "{reject:?}"),
            }
        }
        ControlFlow::Continue(())
    });
});
