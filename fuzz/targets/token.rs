//! Any text -> tokens.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::token;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let tokens = token::tokenize(&text);
    onrecord_fuzz::check_tokens(&text, &tokens);
    assert!(token::tokens(&text).map(|t| (t.start, t.end)).eq(tokens.iter().map(|t| (t.start, t.end))));
    let folded = token::fold(&text);
    assert_eq!(token::fold(&folded), folded, "folding twice changes something");
});
