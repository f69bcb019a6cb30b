//! A few short texts in one string.

/// A few short texts, such as the words of a name, in one string: most entities have some, and a list of strings would cost
/// more than what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// The texts, each followed by a line end.
    joined: String,
}

impl Texts {
    /// None yet, with room for so many bytes of texts and line ends.
    pub fn with_capacity(bytes: usize) -> Texts {
        Texts { joined: String::with_capacity(bytes) }
    }

    /// Adds a text; one with a line end is taken for two.
    pub fn push(&mut self, text: &str) {
        self.joined.push_str(text);
        self.joined.push('\n');
    }

    /// The texts, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.joined.split_terminator('\n')
    }

    /// Whether `text` is one of them.
    pub fn contains(&self, text: &str) -> bool {
        self.iter().any(|own| own == text)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn holds_what_was_added() {
        let mut texts = Texts::default();
        assert!(texts.is_empty() && !texts.contains(""));
        texts.push("mira");
        texts.push("");
        texts.push("delgado");
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["mira", "", "delgado"]);
        assert!(texts.contains("") && texts.contains("delgado") && !texts.contains("gado"));
    }
}
