//! A JSON value, of which a string is not copied before it is wanted: nearly all fields of nearly all records are strings.

use serde::de::{
    Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor,
    value::{MapAccessDeserializer, SeqAccessDeserializer},
};
use serde_json::{Number, Value};
use std::{borrow::Cow, fmt};

/// A value of a record.
pub(super) enum Field<'de> {
    /// A string; borrowed from the record if it has no escapes.
    Text(Cow<'de, str>),
    /// Anything else.
    Other(Value),
}

impl<'de> Deserialize<'de> for Field<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyField)
    }
}

struct AnyField;

impl<'de> Visitor<'de> for AnyField {
    type Value = Field<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Field<'de>, E> {
        Ok(Field::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Field<'de>, E> {
        Ok(Field::Text(Cow::Owned(text.to_string())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Field<'de>, E> {
        Ok(Field::Text(Cow::Owned(text)))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Field<'de>, E> {
        Ok(Field::Other(Value::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Field<'de>, E> {
        Ok(Field::Other(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Field<'de>, E> {
        Ok(Field::Other(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Field<'de>, E> {
        Ok(Field::Other(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_unit<E: Error>(self) -> Result<Field<'de>, E> {
        Ok(Field::Other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Field<'de>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(list)).map(Field::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field<'de>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Field::Other)
    }
}
