//! What a cell holds, by the kind of its column.

use super::Kind;
use std::io;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'c> {
    /// Nothing: not known, or does not apply.
    Empty,
    /// Text.
    Text(&'c str),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    YesNo(bool),
}

impl<'c> Value<'c> {
    /// What `cell` holds in a column of this `kind`; `None` if it must be a number and is none. A cell of other numbers that
    /// holds something else is text: a gazetteer may say anything of where a place is.
    pub fn of(kind: Kind, cell: &'c str) -> Option<Value<'c>> {
        let finite = || cell.parse::<f64>().ok().filter(|number| number.is_finite());
        Some(match kind {
            Kind::Integer => Value::Integer(cell.parse().ok()?),
            Kind::Confidence => Value::Number(finite()?),
            _ if cell.is_empty() => Value::Empty,
            Kind::Number => finite().map_or(Value::Text(cell), Value::Number),
            Kind::YesNo => Value::YesNo(cell == "yes"),
            Kind::Text | Kind::Id | Kind::Date | Kind::OneOf(_) => Value::Text(cell),
        })
    }

    /// Writes it as JSON: nothing as `null`.
    ///
    /// # Errors
    /// Of `out`.
    pub fn write_json(self, mut out: impl io::Write) -> io::Result<()> {
        match self {
            Value::Empty => out.write_all(b"null"),
            Value::Text(text) => Ok(serde_json::to_writer(out, text)?),
            Value::Integer(number) => Ok(serde_json::to_writer(out, &number)?),
            Value::Number(number) => Ok(serde_json::to_writer(out, &number)?),
            Value::YesNo(yes) => Ok(serde_json::to_writer(out, &yes)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_get_the_type_of_their_column() {
        for (kind, cell, json) in [
            (Kind::Text, "", Some("null")),
            (Kind::Text, "a \"b\"\n\u{1}", Some("\"a \\\"b\\\"\\n\\u0001\"")),
            (Kind::Id, "007", Some("\"007\"")),
            (Kind::Integer, "12", Some("12")),
            (Kind::Integer, "", None),
            (Kind::Integer, "18446744073709551615", None),
            (Kind::Confidence, "0.50", Some("0.5")),
            (Kind::Confidence, "inf", None),
            (Kind::Number, "-3.25", Some("-3.25")),
            (Kind::Number, "NaN", Some("\"NaN\"")),
            (Kind::Number, "north", Some("\"north\"")),
            (Kind::YesNo, "yes", Some("true")),
            (Kind::YesNo, "no", Some("false")),
        ] {
            let written = Value::of(kind, cell).map(|value| {
                let mut json = Vec::new();
                value.write_json(&mut json).unwrap();
                String::from_utf8(json).unwrap()
            });
            assert_eq!(written.as_deref(), json, "{kind:?} {cell:?}");
        }
    }
}
