//! Any bytes -> names of a user's: a CSV file, or a compiled gazetteer if they begin like one. What is accepted is looked for
//! in a text, and everything that it tells of its entries is read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{gazetteer::Gazetteer, token};
use std::cell::RefCell;

thread_local! {
    static GAZETTEER: RefCell<Gazetteer> = RefCell::new(Gazetteer::embedded().expect("the gazetteers load"));
}

/// Words of the seeds, so that their names are found.
const TEXT: &str = "Yorvik Dremmelstad met the DIS-9 in Upper Quennaby, and Y. Dremmelstad of the Dremmelstad Institute of \
    Salt went on to Quennaby. A, Jan and Maria of Oslo saw a B and an NGO.";

fuzz_target!(|bytes: &[u8]| {
    GAZETTEER.with_borrow_mut(|gazetteer| {
        if gazetteer.replace_added(bytes).is_err() {
            return;
        }
        // Damage of a compiled file is seen at the end of a run only; until then it must do no harm.
        let own = String::from_utf8_lossy(bytes);
        for text in [TEXT, &own] {
            let mut tokens = token::tokenize(text);
            tokens.truncate(1_000);
            gazetteer.lexicon.number(text, &mut tokens);
            let mut search = gazetteer.search(text, &tokens);
            for name in search.names([0..tokens.len()], |_| true) {
                let (begins, range) = (name.begins as usize, name.tokens());
                assert!(begins <= range.start && range.start < range.end && range.end <= tokens.len());
                let entry = gazetteer.entry(name.alias.entry);
                let _ = (entry.id(), entry.facts(), entry.population(), entry.source(), entry.roles().count());
                let _ = (entry.gender(), entry.class(), gazetteer.role_classes(name.alias.entry));
            }
        }
        // The entries of the program come first, and there are many: one case in some goes through them all.
        if bytes.len().is_multiple_of(64) {
            assert!(gazetteer.entries().map(|entry| entry.name().len()).sum::<usize>() > 0);
        }
    });
});
