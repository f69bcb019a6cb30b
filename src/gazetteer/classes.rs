//! The classes of the roles that the gazetteers give a person ("foreign minister of Azerbaijan").

use super::{Flags, Gazetteer, PhraseKind};
use crate::token;

impl Gazetteer {
    /// Classes of the roles of an entry, as numbers of the lexicon.
    pub fn role_classes(&self, entry: u32) -> Vec<u16> {
        let lexicon = &self.lexicon;
        let mut classes = Vec::new();
        for role in self.entry(entry).roles() {
            let mut tokens = token::tokenize(role);
            lexicon.number(role, &mut tokens);
            for at in 0..tokens.len() {
                let longest = lexicon.longest(&tokens[at..], |k| matches!(k, PhraseKind::Title | PhraseKind::Role));
                if let Some((_, phrase)) = longest {
                    let class = match phrase.kind {
                        PhraseKind::Title => lexicon.titles[phrase.index as usize].class,
                        _ => lexicon.roles[phrase.index as usize].class,
                    };
                    if !classes.contains(&class) {
                        classes.push(class);
                    }
                }
                // "adviser to the president" is no president.
                if lexicon.is(&tokens[at], Flags::LINK) {
                    break;
                }
            }
        }
        classes
    }
}
