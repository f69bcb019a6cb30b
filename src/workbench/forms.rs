//! What makes a form of a name doubtful: it is a common word, a given name alone, a letter.

use crate::{
    gazetteer::{Flags, Gazetteer},
    model::EntityType,
    token::{self, Shape, Token},
};

/// Why a form should not stand by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It has nothing that a text could have as a word.
    NoWord,
    /// One letter or digit.
    OneLetter,
    /// Two letters that are no acronym.
    Short,
    /// A number.
    Number,
    /// It has no capital letter.
    NoCapital,
    /// A word that a dictionary has.
    CommonWord,
    /// A common noun in capitals ("LNG").
    CommonAcronym,
    /// "Finn", "Finns", "Finnish".
    Demonym,
    /// A given name without a surname.
    GivenName,
    /// A surname without a given name.
    Surname,
}

impl Doubt {
    /// The words used in tables.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Doubt::NoWord => "no word",
            Doubt::OneLetter => "one letter",
            Doubt::Short => "two letters",
            Doubt::Number => "number",
            Doubt::NoCapital => "no capital letter",
            Doubt::CommonWord => "common word",
            Doubt::CommonAcronym => "common acronym",
            Doubt::Demonym => "demonym",
            Doubt::GivenName => "given name alone",
            Doubt::Surname => "surname alone",
        }
    }

    /// Whether it is a name of many, or none at all, so that everybody called so would be taken for this one.
    pub fn is_ambiguous(self) -> bool {
        !matches!(self, Doubt::NoCapital | Doubt::CommonAcronym)
    }

    /// What it means.
    pub(super) fn message(self) -> &'static str {
        match self {
            Doubt::NoWord => "holds no word, so no text has it",
            Doubt::OneLetter => "is one letter, which would be found everywhere",
            Doubt::Short => "is two letters, which many texts have as something else",
            Doubt::Number => "is a number",
            Doubt::NoCapital => "has no capital letter, so it is found only where a text writes it just so",
            Doubt::CommonWord => "is also a common word",
            Doubt::CommonAcronym => "is an acronym of a common noun",
            Doubt::Demonym => "is a word for people from somewhere, which is no name of one body or person",
            Doubt::GivenName => "is a given name alone: everybody called so would be this one",
            Doubt::Surname => "is a surname alone; articles that give the full name need no such alias",
        }
    }
}

/// Looks at forms.
#[derive(Debug)]
pub struct Judge<'g> {
    gazetteer: &'g Gazetteer,
    tokens: Vec<Token>,
}

impl<'g> Judge<'g> {
    /// With what these gazetteers know of words.
    pub fn new(gazetteer: &'g Gazetteer) -> Self {
        Judge { gazetteer, tokens: Vec::new() }
    }

    /// What speaks against `form` as a form of something of this type.
    pub fn doubt(&mut self, form: &str, kind: EntityType) -> Option<Doubt> {
        self.tokens = token::tokenize(form);
        self.gazetteer.lexicon.number(form, &mut self.tokens);
        let mut words = self.tokens.iter().filter(|token| token.text(form).contains(char::is_alphanumeric));
        let Some(first) = words.next() else { return Some(Doubt::NoWord) };
        let letters = form.chars().filter(|c| c.is_alphanumeric()).take(3).count();
        let plain = form.chars().all(|c| c.is_numeric() || c.is_whitespace() || matches!(c, '.' | ',' | '-' | '/'));
        let cased = form.chars().any(|c| c.is_uppercase() || c.is_lowercase());
        if letters == 1 && (cased || plain) {
            return Some(Doubt::OneLetter);
        }
        if plain {
            return Some(Doubt::Number);
        }
        let alone = words.next().is_none();
        let flags = Flags::of(first);
        if alone && matches!(first.shape, Shape::Upper | Shape::Initial) {
            return flags.contains(Flags::OTHER_ACRONYM).then_some(Doubt::CommonAcronym);
        }
        if letters == 2 && form.contains(char::is_lowercase) {
            return Some(Doubt::Short);
        }
        if alone && kind != EntityType::Place && flags.intersects(Flags::DEMONYM | Flags::DEMONYM_ADJ) {
            return Some(Doubt::Demonym);
        }
        if alone && flags.intersects(Flags::COMMON | Flags::AMBIGUOUS_WORD | Flags::MONTH | Flags::DAY) {
            return Some(Doubt::CommonWord);
        }
        if !form.contains(char::is_uppercase) {
            return Some(Doubt::NoCapital);
        }
        if alone && kind == EntityType::Person {
            if flags.intersects(Flags::GIVEN) {
                return Some(Doubt::GivenName);
            }
            if flags.intersects(Flags::SURNAME | Flags::KNOWN_SURNAME) {
                return Some(Doubt::Surname);
            }
        }
        None
    }

    /// The title that the name of a person begins with ("President Okafor"), unless the gazetteers know the whole as a name.
    pub(super) fn title<'t>(&mut self, name: &'t str) -> Option<&'t str> {
        self.tokens = token::tokenize(name);
        self.gazetteer.lexicon.number(name, &mut self.tokens);
        let first = self.tokens.first()?;
        let flags = Flags::of(first);
        let is_title = self.tokens.len() > 1 && flags.intersects(Flags::TITLE) && !flags.intersects(Flags::GIVEN);
        (is_title && self.gazetteer.forms(&self.tokens).is_empty()).then(|| first.text(name))
    }

    /// The code of the country that goes by this name.
    pub(super) fn country(&mut self, name: &str) -> Option<&'g str> {
        self.tokens = token::tokenize(name);
        self.gazetteer.lexicon.number(name, &mut self.tokens);
        let entries = self.gazetteer.forms(&self.tokens).into_iter().map(|alias| self.gazetteer.entry(alias.entry));
        entries.filter(|entry| entry.class() == "country").map(|entry| entry.country()).next()
    }

    /// An entry of another type that has this form: its type and name.
    pub(super) fn other_type(&mut self, form: &str, kind: EntityType) -> Option<(EntityType, &'g str)> {
        self.tokens = token::tokenize(form);
        self.gazetteer.lexicon.number(form, &mut self.tokens);
        let forms = self.gazetteer.forms(&self.tokens);
        let same = forms.iter().any(|alias| alias.kind == kind);
        let other = forms.iter().find(|alias| !same && alias.kind != kind)?;
        Some((other.kind, self.gazetteer.entry(other.entry).name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubtful_forms_are_told() {
        let gazetteer = Gazetteer::embedded().unwrap();
        let mut judge = Judge::new(&gazetteer);
        let (person, place, organization) = (EntityType::Person, EntityType::Place, EntityType::Organization);
        for (form, kind, expected) in [
            ("Ada Okafor", person, None),
            ("Y", place, Some(Doubt::OneLetter)),
            ("7", place, Some(Doubt::OneLetter)),
            ("2020", organization, Some(Doubt::Number)),
            ("Oz", place, Some(Doubt::Short)),
            ("UK", place, None),
            ("G-7", organization, None),
            ("1&1", organization, Some(Doubt::NoCapital)),
            ("1MDB", organization, None),
            ("eBay", organization, None),
            ("k.d. lang", person, Some(Doubt::NoCapital)),
            ("WHO", organization, None),
            ("Table", organization, Some(Doubt::CommonWord)),
            ("Monday", person, Some(Doubt::CommonWord)),
            ("Michael", person, Some(Doubt::GivenName)),
            ("Obama", person, Some(Doubt::Surname)),
            ("Finnish", person, Some(Doubt::Demonym)),
            ("...", person, Some(Doubt::NoWord)),
            ("san cordaro", place, Some(Doubt::NoCapital)),
            ("京", place, Some(Doubt::NoCapital)),
            ("", place, Some(Doubt::NoWord)),
        ] {
            assert_eq!(judge.doubt(form, kind), expected, "{form}");
        }
        assert_eq!(judge.title("President Okafor"), Some("President"));
        assert_eq!(judge.title("Ada Okafor"), None);
        assert_eq!(judge.other_type("Finland", person).map(|(kind, _)| kind), Some(place));
        assert_eq!(judge.other_type("Finland", place), None);
    }
}
