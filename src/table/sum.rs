//! Sums over the mentions of one entity: some seventy bytes, and its texts. A run has millions of them.

use super::{
    arena::{Arena, Chain, Forms, Seen, Text, ranked},
    dates::Date,
    examples::Examples,
};
use crate::{
    error::Result,
    model::{EntityType, Gender},
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, cmp::Ordering};

/// Sums over the mentions of one entity.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sum {
    pub id: Text,
    /// The text around the first mention, where examples are kept; only of entities that no gazetteer has, as are `roles`.
    pub example: Text,
    pub first_published: Date,
    pub last_published: Date,
    pub mentions: u64,
    pub confidence: u64,
    pub articles: u32,
    pub quotes: u32,
    /// Number of its [`crate::model::Facts`], from 1; 0 if there are none.
    pub facts: u32,
    pub forms: Forms,
    pub roles: Chain,
    pub kind: EntityType,
    pub known: bool,
    pub gender: Gender,
    pub disputed_gender: bool,
}

impl Sum {
    pub(super) fn new(arena: &mut Arena, id: &str, kind: EntityType, known: bool) -> Sum {
        Sum {
            id: arena.push(id),
            example: Text::default(),
            first_published: Date::default(),
            last_published: Date::default(),
            mentions: 0,
            confidence: 0,
            articles: 0,
            quotes: 0,
            facts: 0,
            forms: Forms::default(),
            roles: Chain::default(),
            kind,
            known,
            gender: Gender::Unknown,
            disputed_gender: false,
        }
    }

    /// Whether everything that it names lies in `arena` and among `facts` facts. Examples may lie elsewhere.
    pub(super) fn is_sound(&self, arena: &Arena, facts: usize, examples_elsewhere: bool) -> bool {
        let dates = [self.first_published, self.last_published];
        arena.has(self.id)
            && (examples_elsewhere || arena.has(self.example))
            && dates.iter().all(|date| date.other().is_none_or(|text| arena.has(text)))
            && self.facts as usize <= facts
            && arena.has_chains(self.forms, self.roles)
    }

    /// Takes the earlier of `first` and its own first date, and the later of `last` and its own last one; returns which of
    /// both were taken. The texts of its own lie in `arena`, those of the others in `texts`.
    pub(super) fn dated(&mut self, arena: &Arena, first: Date, last: Date, texts: &Arena) -> [bool; 2] {
        let (own, none) = (self.first_published, Date::default());
        let earlier = first != none && (own == none || first.compare(texts, own, arena) == Ordering::Less);
        let later = last.compare(texts, self.last_published, arena) == Ordering::Greater;
        if earlier {
            self.first_published = first;
        }
        if later {
            self.last_published = last;
        }
        [earlier, later]
    }

    pub(super) fn gendered(&mut self, gender: Gender, disputed: bool) {
        self.disputed_gender |= disputed || !self.gender.agrees(gender);
        if self.disputed_gender {
            self.gender = Gender::Unknown;
        } else if gender != Gender::Unknown {
            self.gender = gender;
        }
    }

    /// Adds the sums of the same entity over articles that come later, but for facts and the example.
    pub(super) fn merge(&mut self, arena: &mut Arena, later: &Sum, texts: &Arena) {
        self.gendered(later.gender, later.disputed_gender);
        let taken = self.dated(arena, later.first_published, later.last_published, texts);
        for (date, taken) in [&mut self.first_published, &mut self.last_published].into_iter().zip(taken) {
            if taken {
                *date = date.moved(texts, arena);
            }
        }
        self.known |= later.known;
        self.mentions += later.mentions;
        self.confidence += later.confidence;
        self.articles = self.articles.saturating_add(later.articles);
        self.quotes = self.quotes.saturating_add(later.quotes);
        for (text, seen) in texts.forms(later.forms) {
            arena.call(&mut self.forms, text, seen);
        }
        for (text, count) in texts.counted(later.roles) {
            arena.count(&mut self.roles, text, count);
        }
    }
}

/// Sums over the mentions of one entity, to look at.
#[derive(Clone, Copy)]
pub struct EntityTotal<'t> {
    pub(super) arena: &'t Arena,
    pub(super) facts: &'t [Text],
    pub(super) examples: Option<&'t dyn Examples>,
    pub(super) sum: &'t Sum,
}

impl<'t> EntityTotal<'t> {
    /// Its id.
    pub fn id(&self) -> &'t str {
        self.arena.get(self.sum.id)
    }

    /// Its type.
    pub fn kind(&self) -> EntityType {
        self.sum.kind
    }

    /// The canonical name that most articles use.
    pub fn name(&self) -> &'t str {
        let names = self.arena.forms(self.sum.forms);
        names.reduce(|best, next| if next.1.names > best.1.names { next } else { best }).map_or("", |(text, _)| text)
    }

    /// Whether a gazetteer has it.
    pub fn known(&self) -> bool {
        self.sum.known
    }

    /// What the gazetteer knows: country, latitude, longitude, Wikidata item and GeoNames number, as in
    /// [`crate::model::Facts`].
    pub fn facts(&self) -> [&'t str; 5] {
        let place = (self.sum.facts as usize).checked_sub(1).and_then(|at| self.facts.get(at));
        let Some(facts) = place else { return [""; 5] };
        let mut facts = self.arena.get(*facts).split('\n');
        std::array::from_fn(|_| facts.next().unwrap_or(""))
    }

    /// Gender of a person; unknown where articles disagree.
    pub fn gender(&self) -> Gender {
        self.sum.gender
    }

    /// Number of mentions.
    pub fn mentions(&self) -> u64 {
        self.sum.mentions
    }

    /// Number of articles that mention or quote it.
    pub fn articles(&self) -> u64 {
        self.sum.articles.into()
    }

    /// Number of quotations that it is the speaker of, without headlines that repeat one.
    pub fn quotes(&self) -> u64 {
        self.sum.quotes.into()
    }

    /// Earliest and latest date of its articles (ISO 8601); empty if none has one.
    pub fn published(&self) -> (Cow<'t, str>, Cow<'t, str>) {
        (self.sum.first_published.text(self.arena), self.sum.last_published.text(self.arena))
    }

    /// Mean confidence of the mentions, 0 to 1.
    pub fn confidence(&self) -> f32 {
        (self.sum.confidence as f64 / 1e4 / self.sum.mentions.max(1) as f64) as f32
    }

    /// The text around the first mention; only of an entity that no gazetteer has.
    ///
    /// # Errors
    /// Examples that cannot be read again.
    pub fn example(&self) -> Result<Cow<'t, str>> {
        match self.examples {
            Some(examples) => examples.example(self.sum.example.start(), self.sum.example.len()).map(Cow::from),
            // Sums that were loaded without the place of their examples have none.
            None if !self.arena.has(self.sum.example) => Ok("".into()),
            None => Ok(self.arena.get(self.sum.example).into()),
        }
    }

    /// The forms seen, most frequent first.
    pub fn surfaces(&self) -> impl Iterator<Item = &'t str> {
        self.ranked(|seen| seen.surfaces)
    }

    /// The full forms seen, most frequent first; only of an entity that no gazetteer has.
    pub fn aliases(&self) -> impl Iterator<Item = &'t str> {
        self.ranked(|seen| seen.aliases)
    }

    /// The roles seen beside the name, most frequent first; only of an entity that no gazetteer has.
    pub fn roles(&self) -> impl Iterator<Item = &'t str> {
        ranked(self.arena.counted(self.sum.roles))
    }

    fn ranked(&self, count: fn(Seen) -> u32) -> impl Iterator<Item = &'t str> {
        ranked(self.arena.forms(self.sum.forms).map(move |(text, seen)| (text, count(seen))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::arena::{Count, Form};

    /// What docs/performance.md tells of the memory for entities.
    #[test]
    fn an_entity_is_small() {
        assert_eq!((size_of::<Sum>(), size_of::<Form>(), size_of::<Count>()), (72, 24, 16));
    }
}
