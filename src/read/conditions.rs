//! `--where`: conditions on what a record says of its article.

use super::{Workers, language::language_code};
use crate::model::Article;
use std::{cmp::Ordering, fmt, str::FromStr};

/// One condition, such as `date>=2020-01-01` or `outlet~herald`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    what: What,
    relation: Relation,
    /// In lower case.
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Date,
    Language,
    Outlet,
    Title,
    Author,
    Url,
    Source,
    Id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Is,
    IsNot,
    Contains,
    ContainsNot,
    Before,
    UpTo,
    After,
    From,
}

const WHATS: &[(&str, What)] = &[
    ("date", What::Date),
    ("language", What::Language),
    ("outlet", What::Outlet),
    ("title", What::Title),
    ("author", What::Author),
    ("url", What::Url),
    ("source", What::Source),
    ("id", What::Id),
];

/// Longer ones first, since `>` begins `>=`.
const RELATIONS: &[(&str, Relation)] = &[
    ("!=", Relation::IsNot),
    ("!~", Relation::ContainsNot),
    (">=", Relation::From),
    ("<=", Relation::UpTo),
    ("=", Relation::Is),
    ("~", Relation::Contains),
    (">", Relation::After),
    ("<", Relation::Before),
];

impl Condition {
    /// Whether this holds for `article`. Where the record does not say what is asked for, it does not, whatever the
    /// relation.
    pub(super) fn holds(&self, article: &Article, workers: &dyn Workers) -> bool {
        let said = match self.what {
            What::Date => return article.published.as_deref().is_some_and(|date| self.dated(&workers.date(date))),
            What::Language => article.language.as_deref(),
            What::Outlet => article.outlet.as_deref(),
            What::Title => article.title.as_deref(),
            What::Author => article.author.as_deref(),
            What::Url => article.url.as_deref(),
            What::Source => Some(article.source.as_str()),
            What::Id => Some(article.id.as_str()),
        };
        let Some(said) = said.map(str::trim).filter(|said| !said.is_empty()) else { return false };
        match self.relation {
            Relation::Is => begins(said, &self.value) == Some(said.len()),
            Relation::IsNot => begins(said, &self.value) != Some(said.len()),
            Relation::Contains => contains(said, &self.value),
            Relation::ContainsNot => !contains(said, &self.value),
            Relation::Before | Relation::UpTo | Relation::After | Relation::From => false,
        }
    }

    /// Whether this holds for a date that tables would show as `iso`. A condition on a month or a year sees no more
    /// than the month or the year of it.
    fn dated(&self, iso: &str) -> bool {
        let is_date = iso.get(..10).is_some_and(is_day);
        let Some(date) = iso.get(..self.value.len()).filter(|_| is_date) else { return false };
        let order = date.cmp(self.value.as_str());
        match self.relation {
            Relation::Is => order == Ordering::Equal,
            Relation::IsNot => order != Ordering::Equal,
            Relation::Before => order == Ordering::Less,
            Relation::UpTo => order != Ordering::Greater,
            Relation::After => order == Ordering::Greater,
            Relation::From => order != Ordering::Less,
            Relation::Contains | Relation::ContainsNot => false,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = WHATS.iter().find(|(_, what)| *what == self.what).map_or("", |(name, _)| name);
        let sign = RELATIONS.iter().find(|(_, relation)| *relation == self.relation).map_or("", |(sign, _)| sign);
        write!(f, "{name}{sign}{}", self.value)
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Condition, String> {
        let end = text.find(['=', '~', '<', '>', '!']).ok_or_else(allowed)?;
        let (name, rest) = (text[..end].trim().to_lowercase(), &text[end..]);
        let what = WHATS.iter().find(|(word, _)| *word == name).map(|(_, what)| *what).ok_or_else(allowed)?;
        let (sign, relation) = RELATIONS
            .iter()
            .find(|(sign, _)| rest.starts_with(sign))
            .map(|(sign, r)| (*sign, *r))
            .ok_or_else(allowed)?;
        let value = rest[sign.len()..].trim().to_lowercase();
        if value.is_empty() {
            return Err(format!("nothing stands behind `{sign}`"));
        }
        let order = matches!(relation, Relation::Before | Relation::UpTo | Relation::After | Relation::From);
        let part = matches!(relation, Relation::Contains | Relation::ContainsNot);
        match what {
            What::Date if part => Err("a date goes with =, !=, <, <=, > and >= only".to_string()),
            What::Date if !is_day(&value) && !is_month(&value) && !is_year(&value) => {
                Err(format!("`{value}` is no date: write 2020, 2020-10 or 2020-10-11"))
            }
            _ if what != What::Date && order => Err(format!("{name} goes with =, !=, ~ and !~ only")),
            What::Language if part => Err("language goes with = and != only".to_string()),
            What::Language => match language_code(&value) {
                Some(value) => Ok(Condition { what, relation, value }),
                None => Err(format!("`{value}` is no language: give a code of ISO 639-1 such as en")),
            },
            _ => Ok(Condition { what, relation, value }),
        }
    }
}

fn allowed() -> String {
    let names: Vec<&str> = WHATS.iter().map(|(name, _)| *name).collect();
    format!(
        "a condition is one of {}, then =, !=, ~ (contains) or !~, for dates <, <=, > or >= too, then a value, as in \
         date>=2020-10 or outlet~herald",
        names.join(", ")
    )
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_month(text: &str) -> bool {
    text.split_once('-').is_some_and(|(year, month)| is_year(year) && is_number(month, 12))
}

fn is_day(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(month, day)| is_month(month) && is_number(day, 31))
}

fn is_number(text: &str, most: u8) -> bool {
    text.len() == 2
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.parse().is_ok_and(|n: u8| (1..=most).contains(&n))
}

/// How many bytes of `text` are `part`, which is in lower case, if it begins with that.
fn begins(text: &str, part: &str) -> Option<usize> {
    let mut wanted = part.chars();
    let mut next = wanted.next();
    for (at, c) in text.char_indices() {
        if next.is_none() {
            return Some(at);
        }
        for lower in c.to_lowercase() {
            if next != Some(lower) {
                return None;
            }
            next = wanted.next();
        }
    }
    next.is_none().then_some(text.len())
}

/// Whether `part`, which is in lower case, stands in `text` in whatever case.
fn contains(text: &str, part: &str) -> bool {
    text.char_indices().any(|(at, _)| begins(&text[at..], part).is_some())
}

#[cfg(test)]
mod tests {
    use super::{super::Alone, *};

    fn article() -> Article {
        let some = |text: &str| Some(text.to_string());
        Article {
            id: "A-1".into(),
            source: "dump/one.jsonl".into(),
            title: some("Şəhər: Storm closes port"),
            published: some("2020-10-11T10:00:00Z"),
            outlet: some("Harbour Herald"),
            language: some("en"),
            ..Article::default()
        }
    }

    #[test]
    fn conditions_hold_or_not() {
        for (condition, holds) in [
            ("date=2020", true),
            ("date=2020-10", true),
            ("date = 2020-10-11", true),
            ("date!=2020-10-11", false),
            ("date>=2020-10-11", true),
            ("date>2020-10-11", false),
            ("date>2020-10", false),
            ("date>2019", true),
            ("date<2021", true),
            ("date<2020-10", false),
            ("date<=2020-10", true),
            ("outlet=harbour herald", true),
            ("outlet=Harbour", false),
            ("outlet!=Reuters", true),
            ("outlet~HERALD", true),
            ("outlet!~herald", false),
            ("title~şəhər", true),
            ("Title~storm CLOSES", true),
            ("source~one.json", true),
            ("id=a-1", true),
            ("language=English", true),
            ("language=en-GB", true),
            ("language!=de", true),
            ("author~x", false),
            ("author!=x", false),
            ("url!~x", false),
        ] {
            assert_eq!(condition.parse::<Condition>().unwrap().holds(&article(), &Alone), holds, "{condition}");
        }
    }

    #[test]
    fn a_condition_is_shown_as_it_was_meant() {
        for (given, shown) in
            [("Date >= 2020-01", "date>=2020-01"), ("language=English", "language=en"), ("id!~X", "id!~x")]
        {
            assert_eq!(given.parse::<Condition>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_date_that_is_none_meets_no_condition() {
        for published in ["", "yesterday", "2020", "11 October", "2020-10-1x"] {
            let article = Article { published: Some(published.to_string()), ..article() };
            for condition in ["date>1800", "date<2100", "date!=2020"] {
                assert!(!condition.parse::<Condition>().unwrap().holds(&article, &Alone), "{published} {condition}");
            }
        }
    }

    #[test]
    fn a_condition_that_does_not_parse_says_what_would() {
        for (condition, message) in [
            ("2020", "a condition is one of date, language, outlet, title, author, url, source, id, then"),
            ("colour=red", "a condition is one of date,"),
            ("date!2020", "a condition is one of date,"),
            ("date>=last year", "`last year` is no date: write 2020, 2020-10 or 2020-10-11"),
            ("date=2020-13", "`2020-13` is no date"),
            ("date~2020", "a date goes with"),
            ("outlet>Reuters", "outlet goes with"),
            ("outlet=", "nothing stands behind `=`"),
            ("language=klingonish", "`klingonish` is no language"),
            ("language~e", "language goes with"),
        ] {
            let error = condition.parse::<Condition>().unwrap_err();
            assert!(error.starts_with(message), "{condition}: {error}");
        }
    }
}
