//! One line of the dump, parsed without keeping what is not wanted: most of an item is names in languages that nobody
//! asked for, and statements about other things.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// What is kept of an item.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) kind: String,
    /// Languages and names.
    pub(super) labels: Vec<(String, String)>,
    pub(super) aliases: Vec<String>,
    pub(super) claims: Claims,
    pub(super) sitelinks: u64,
}

/// What is kept of its statements.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// P31, the preferred ones first.
    pub(super) classes: Vec<String>,
    /// P625, on Earth.
    pub(super) latitude: String,
    pub(super) longitude: String,
    /// P297.
    pub(super) country: String,
    /// P1566.
    pub(super) geonames: String,
    /// P1082.
    pub(super) population: String,
    /// P21.
    pub(super) sex: String,
}

/// Which languages are kept.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    pub(super) languages: &'w [String],
}

impl Wanted<'_> {
    pub(super) fn parse(self, text: &str) -> serde_json::Result<Item> {
        let mut json = serde_json::Deserializer::from_str(text);
        let item = self.deserialize(&mut json)?;
        json.end().map(|()| item)
    }

    fn has(self, language: &str) -> bool {
        language == "mul" || self.languages.iter().any(|known| known == language)
    }
}

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Item;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Item, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an item")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        let mut item = Item::default();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                "id" => item.id = map.next_value()?,
                "type" => item.kind = map.next_value()?,
                "labels" => {
                    let each = Each::new(
                        |language: &str, label: Value<'de>| {
                            item.labels.push((language.to_string(), label.value.into_owned()));
                        },
                        |language: &str| self.has(language),
                    );
                    map.next_value_seed(each)?;
                }
                "aliases" => {
                    let each = Each::new(
                        |_: &str, list: Vec<Value<'de>>| {
                            item.aliases.extend(list.into_iter().map(|alias| alias.value.into_owned()));
                        },
                        |language: &str| self.has(language),
                    );
                    map.next_value_seed(each)?;
                }
                "claims" => {
                    let claims = &mut item.claims;
                    let each =
                        Each::new(|property: &str, list: Vec<Statement<'de>>| claims.take(property, list), is_used);
                    map.next_value_seed(each)?;
                }
                "sitelinks" => {
                    let each = Each::new(|_: &str, _: IgnoredAny| item.sitelinks += 1, |_: &str| true);
                    map.next_value_seed(each)?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if item.id.is_empty() || item.kind.is_empty() {
            return Err(A::Error::custom("an object without id or type"));
        }
        Ok(item)
    }
}

fn is_used(property: &str) -> bool {
    matches!(property, "P31" | "P625" | "P297" | "P1566" | "P1082" | "P21")
}

/// A name in a language.
#[derive(Deserialize)]
struct Value<'v> {
    #[serde(borrow)]
    value: Cow<'v, str>,
}

/// A statement.
#[derive(Deserialize)]
struct Statement<'s> {
    #[serde(borrow)]
    mainsnak: Snak<'s>,
    #[serde(borrow, default)]
    rank: Cow<'s, str>,
}

#[derive(Deserialize)]
struct Snak<'s> {
    #[serde(borrow, default)]
    datavalue: Option<DataValue<'s>>,
}

#[derive(Deserialize)]
struct DataValue<'s> {
    #[serde(borrow)]
    value: Content<'s>,
}

/// The value of a property that is used: an id, coordinates, a quantity, a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content<'s> {
    Text(#[serde(borrow)] Cow<'s, str>),
    Object {
        #[serde(borrow, default)]
        id: Option<Cow<'s, str>>,
        #[serde(default)]
        latitude: Option<f64>,
        #[serde(default)]
        longitude: Option<f64>,
        #[serde(borrow, default)]
        globe: Option<Cow<'s, str>>,
        #[serde(borrow, default)]
        amount: Option<Cow<'s, str>>,
    },
    Other(IgnoredAny),
}

/// The Earth: there are coordinates of craters on the Moon.
const EARTH: &str = "Q2";

impl Claims {
    /// Takes the statements of a property: those of preferred rank go first, deprecated ones do not count.
    fn take(&mut self, property: &str, mut list: Vec<Statement<'_>>) {
        list.retain(|statement| statement.rank != "deprecated");
        list.sort_by_key(|statement| statement.rank != "preferred");
        for content in list.into_iter().filter_map(|statement| statement.mainsnak.datavalue).map(|data| data.value) {
            match (property, content) {
                ("P31", Content::Object { id: Some(id), .. }) => self.classes.push(id.into_owned()),
                ("P21", Content::Object { id: Some(id), .. }) => first(&mut self.sex, &id),
                ("P625", Content::Object { latitude: Some(north), longitude: Some(east), globe, .. }) => {
                    let elsewhere = globe.is_some_and(|globe| globe.rsplit('/').next() != Some(EARTH));
                    if !elsewhere && self.latitude.is_empty() {
                        (self.latitude, self.longitude) = (degrees(north), degrees(east));
                    }
                }
                ("P1082", Content::Object { amount: Some(amount), .. }) => {
                    first(&mut self.population, amount.trim_start_matches('+'));
                }
                ("P297", Content::Text(code)) => first(&mut self.country, &code),
                ("P1566", Content::Text(number)) => first(&mut self.geonames, &number),
                _ => {}
            }
        }
    }
}

fn first(cell: &mut String, value: &str) {
    if cell.is_empty() {
        cell.push_str(value);
    }
}

/// Degrees to the metre or so.
fn degrees(degrees: f64) -> String {
    let text = format!("{degrees:.5}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Calls a function for every value of an object whose key is wanted. An empty list stands for an empty object: so the
/// dumps write it.
struct Each<F, W, T> {
    take: F,
    wanted: W,
    value: PhantomData<T>,
}

impl<F, W, T> Each<F, W, T> {
    fn new(take: F, wanted: W) -> Self {
        Each { take, wanted, value: PhantomData }
    }
}

impl<'de, F: FnMut(&str, T), W: Fn(&str) -> bool, T: Deserialize<'de>> DeserializeSeed<'de> for Each<F, W, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(&str, T), W: Fn(&str) -> bool, T: Deserialize<'de>> Visitor<'de> for Each<F, W, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if (self.wanted)(&key) {
                let value = map.next_value()?;
                (self.take)(&key, value);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        match list.next_element::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("a list where an object should be")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> serde_json::Result<Item> {
        Wanted { languages: &["en".to_string()] }.parse(text)
    }

    #[test]
    fn deprecated_ranks_and_other_languages_and_worlds_are_passed_over() {
        let item = parse(
            r#"{"type":"item","id":"Q9","labels":{"en":{"language":"en","value":"Ve\u006ca"},"fi":{"language":"fi","value":"Veela"}},
            "aliases":{"fi":[{"value":"x"}],"en":[{"language":"en","value":"Vela City"}]},"sitelinks":{"enwiki":{},"fiwiki":{}},
            "claims":{"P31":[{"mainsnak":{"datavalue":{"value":{"id":"Q1"}}},"rank":"deprecated"},
                {"mainsnak":{"datavalue":{"value":{"id":"Q2"}}},"rank":"normal"},{"mainsnak":{"snaktype":"novalue"},"rank":"normal"},
                {"mainsnak":{"datavalue":{"value":{"id":"Q3"}}},"rank":"preferred"}],
              "P625":[{"mainsnak":{"datavalue":{"value":{"latitude":1,"longitude":2.5,"globe":"http://www.wikidata.org/entity/Q405"}}},"rank":"normal"},
                {"mainsnak":{"datavalue":{"value":{"latitude":-3.25,"longitude":4,"globe":"http://www.wikidata.org/entity/Q2"}}},"rank":"normal"}],
              "P1082":[{"mainsnak":{"datavalue":{"value":{"amount":"+120","unit":"1"}}},"rank":"normal"}],
              "P297":[{"mainsnak":{"datavalue":{"value":"VX","type":"string"}},"rank":"normal"}],
              "P9":[{"nonsense":[[[]]]}]}}"#,
        )
        .unwrap();
        assert_eq!(
            (item.labels, item.aliases),
            (vec![("en".to_string(), "Vela".to_string())], vec!["Vela City".to_string()])
        );
        assert_eq!(item.claims.classes, ["Q3", "Q2"]);
        assert_eq!((item.claims.latitude.as_str(), item.claims.longitude.as_str()), ("-3.25", "4"));
        assert_eq!((item.claims.population.as_str(), item.claims.country.as_str(), item.sitelinks), ("120", "VX", 2));
    }

    #[test]
    fn empty_lists_stand_for_empty_objects() {
        let item = parse(r#"{"type":"item","id":"Q9","labels":[],"aliases":[],"claims":[],"sitelinks":[]}"#).unwrap();
        assert!(item.labels.is_empty() && item.claims.classes.is_empty());
        for wrong in [r#"{"type":"item","id":"Q9","labels":[1]}"#, "[]", "{}", "7", r#"{"type":"item"}"#] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
