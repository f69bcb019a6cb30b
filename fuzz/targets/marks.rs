//! Any text -> stretches between quotation marks and statements, without names.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{model::Resolved, quote, text};
use std::sync::LazyLock;

static EXTENTS: LazyLock<quote::Model> =
    LazyLock::new(|| quote::Model::load(onrecord_fuzz::PIPELINE.gazetteer()).expect("the weights load"));

fuzz_target!(|bytes: &[u8]| {
    let gazetteer = onrecord_fuzz::PIPELINE.gazetteer();
    let segments = text::segment(&onrecord_fuzz::article(bytes), gazetteer);
    onrecord_fuzz::check_tokens(&segments.text, &segments.tokens);
    let count = segments.tokens.len();
    for pair in segments.sentences.windows(2) {
        assert!(pair[0].tokens.end <= pair[1].tokens.start && pair[1].tokens.end <= count);
    }
    let mut names = Resolved::default();
    names.index(count);
    let (stretches, statements) = quote::find(&segments, gazetteer, &EXTENTS, &names);
    for stretch in &stretches {
        assert!(stretch.start() < stretch.end() && stretch.end() <= count, "{stretch:?}");
        assert!(stretch.start() <= stretch.inner.start && stretch.inner.end <= stretch.end(), "{stretch:?}");
    }
    assert!(stretches.windows(2).all(|pair| pair[0].end() <= pair[1].start()), "stretches overlap");
    assert!(statements.is_sorted_by_key(|s| (s.start(), s.end())), "statements are out of order");
    for statement in &statements {
        assert!(!statement.parts.is_empty(), "{statement:?}");
        assert!(statement.parts.iter().all(|p| p.start < p.end && p.end <= count), "{statement:?}");
        let ranges = [&statement.cue, &statement.subject, &statement.addressee, &statement.clause];
        assert!(ranges.iter().all(|r| r.start <= r.end && r.end <= count), "{statement:?}");
    }
});
