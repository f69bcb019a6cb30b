//! Any article -> everything that is found in it, and its rows.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let found = onrecord_fuzz::PIPELINE.annotate(onrecord_fuzz::article(bytes));
    onrecord_fuzz::check_found(&found);
    onrecord_fuzz::check_tables(&found);
});
