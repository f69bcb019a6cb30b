//! The classes of the roles that the gazetteers give a person ("foreign minister of Azerbaijan"). Few of the many persons
//! are ever met, so they are read when one is first asked for.

use super::{Flags, Gazetteer, PhraseKind};
use crate::token;
use std::sync::OnceLock;

/// For each entry the classes of its roles, once they were asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Classes(Vec<OnceLock<Box<[u16]>>>);

impl Classes {
    pub(super) fn new(entries: usize) -> Classes {
        Classes(vec![OnceLock::new(); entries])
    }
}

impl Gazetteer {
    /// Classes of the roles of an entry, as numbers of the lexicon.
    pub fn role_classes(&self, entry: u32) -> &[u16] {
        let roles = &self.entries[entry as usize].roles;
        match self.classes.0.get(entry as usize) {
            Some(classes) if !roles.is_empty() => classes.get_or_init(|| self.read_classes(roles)),
            _ => &[],
        }
    }

    fn read_classes(&self, roles: &[String]) -> Box<[u16]> {
        let lexicon = &self.lexicon;
        let mut classes = Vec::new();
        for role in roles {
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
        classes.into_boxed_slice()
    }
}
