//! A reviewed `candidates.csv` -> a gazetteer, and corrections for what is no name.
//!
//! The habits of a person with a spreadsheet are taken as they are: rows that were deleted are refused, names and types that
//! were changed are changed, a name that was written over stays known as it was found, two rows that were given one name
//! are one entity. A surname alone is dropped, since it would be the name of all who have it. Who would rather mark than delete adds a column `ok`.

use crate::{
    error::{Error, Result},
    gazetteer::{Sheet, SheetRow, entity_id},
    model::EntityType,
    token,
    workbench::{COLUMNS, Doubt, Judge},
};
use std::collections::{BTreeMap, HashMap};

/// Columns of candidates that tell where a name was seen, and that a gazetteer has no use for.
const SEEN: [&str; 4] = ["mentions", "articles", "confidence", "example"];
/// Columns in which a person may mark rows.
const MARKS: [&str; 3] = ["ok", "keep", "accept"];
/// Columns that hold several values, joined by `|`.
const LISTS: [&str; 2] = ["aliases", "roles"];

/// Which rows to take.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Names of fewer articles are dropped.
    pub min_articles: u64,
    /// Only names of these types; all if there are none.
    pub types: Vec<EntityType>,
    /// Whether names are taken that many have.
    pub keep_doubtful: bool,
}

/// Why a row was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dropped {
    /// There is a column for marks, and it is empty or says no.
    Unmarked,
    /// It is marked as no name.
    NoName,
    /// Of another type than was asked for.
    OtherType,
    /// In fewer articles than was asked for.
    TooFewArticles,
    /// Its name is one that many have, and `match` says nothing.
    Doubtful,
    /// It has no name.
    Nameless,
    /// Its name is what a spreadsheet writes where it could not compute.
    SpreadsheetError,
    /// Its type is none.
    NoType,
    /// Its mark says neither yes nor no.
    OddMark,
}

impl Dropped {
    /// For a person.
    pub fn as_str(self) -> &'static str {
        match self {
            Dropped::Unmarked => "not marked as accepted",
            Dropped::NoName => "no name",
            Dropped::OtherType => "of another type",
            Dropped::TooFewArticles => "in too few articles",
            Dropped::Doubtful => "a surname, given name or common word alone",
            Dropped::Nameless => "without a name",
            Dropped::SpreadsheetError => "with a spreadsheet's error for a name",
            Dropped::NoType => "of no known type (use person, place or organization)",
            Dropped::OddMark => "with a mark that is neither yes nor no",
        }
    }

    /// Whether the row could not be used, though nobody has refused it.
    pub fn is_fault(self) -> bool {
        matches!(self, Dropped::Nameless | Dropped::SpreadsheetError | Dropped::NoType | Dropped::OddMark)
    }
}

/// Rows of names, one for each entity.
#[derive(Clone, Debug)]
pub struct Rows {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    /// By type and name.
    index: HashMap<(EntityType, String), Vec<usize>>,
}

/// A reviewed table.
#[derive(Clone, Debug)]
pub struct Candidates {
    sheet: Sheet,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Reviewed {
    /// Rows that were taken.
    pub taken: u64,
    /// Rows among them that joined another of the same name and type.
    pub joined: u64,
    /// How many rows were dropped, by reason, with the lines of the first ones.
    pub dropped: BTreeMap<Dropped, (u64, Vec<u64>)>,
    /// Surface forms that are no names.
    pub no_names: Vec<String>,
    /// Lines whose name was changed while nothing tells how the articles write it.
    pub lost: Vec<u64>,
}

impl Default for Rows {
    fn default() -> Self {
        Rows { columns: COLUMNS.iter().map(ToString::to_string).collect(), rows: Vec::new(), index: HashMap::new() }
    }
}

impl Rows {
    /// The rows of a gazetteer that is there already; they are kept as they are.
    ///
    /// # Errors
    /// A table without names and types, or with rows that have none.
    pub fn of(sheet: &Sheet) -> Result<Rows> {
        let mut out = Rows::default();
        sheet.require("name")?;
        sheet.require("type")?;
        out.add_columns(sheet, &[]);
        for row in sheet.rows() {
            let kind = kind_of(row).ok_or_else(|| row.error(format!("`{}` is no type", row.get("type"))))?;
            let cells = out.columns.iter().map(|column| row.get(column).to_string()).collect();
            out.push(kind, cells);
        }
        Ok(out)
    }

    fn add_columns(&mut self, sheet: &Sheet, but: &[&str]) {
        for column in sheet.columns().iter().filter(|column| !column.is_empty() && !but.contains(&column.as_str())) {
            if !self.columns.contains(column) {
                self.columns.push(column.clone());
            }
        }
        self.rows.iter_mut().for_each(|row| row.resize(self.columns.len(), String::new()));
    }

    fn push(&mut self, kind: EntityType, cells: Vec<String>) {
        self.index.entry((kind, cells[0].clone())).or_default().push(self.rows.len());
        self.rows.push(cells);
    }

    /// Adds a row, or joins it to one of the same type, name and id; tells whether it joined.
    fn add(&mut self, kind: EntityType, cells: Vec<String>) -> bool {
        let id = self.columns.iter().position(|column| column == "id").unwrap_or(0);
        let same = |row: &&usize| {
            let (known, own) = (&self.rows[**row][id], &cells[id]);
            known == own || [known, own].iter().any(|id| id.is_empty() || is_made(id))
        };
        let known = self.index.get(&(kind, cells[0].clone())).and_then(|rows| rows.iter().find(same)).copied();
        let Some(place) = known else {
            self.push(kind, cells);
            return false;
        };
        let name = cells[0].clone();
        // Of two ids that were made of names the one of this name stays, and one of the user's own in any case.
        let fits = |id: &str| !is_made(id) || is_slug(id, &name);
        for ((column, own), more) in self.columns.iter().zip(&mut self.rows[place]).zip(cells) {
            if LISTS.contains(&column.as_str()) {
                let mut all: Vec<&str> = own.split('|').map(str::trim).filter(|text| !text.is_empty()).collect();
                for text in more.split('|').map(str::trim).filter(|text| !text.is_empty()) {
                    if !all.contains(&text) {
                        all.push(text);
                    }
                }
                *own = all.join("|");
            } else if own.is_empty() || column == "id" && !more.is_empty() && is_made(own) && fits(&more) {
                *own = more;
            }
        }
        true
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The header and all rows; columns in which nothing stands are left out, name and type apart.
    pub fn table(&self) -> impl Iterator<Item = Vec<&str>> {
        let filled = |place: usize| place < 2 || self.rows.iter().any(|row| !row[place].is_empty());
        let kept: Vec<usize> = (0..self.columns.len()).filter(|place| filled(*place)).collect();
        std::iter::once(&self.columns)
            .chain(&self.rows)
            .map(move |row| kept.iter().map(|at| row[*at].as_str()).collect())
    }
}

impl Candidates {
    /// Takes a table that a person has reviewed.
    ///
    /// # Errors
    /// A table that is none of candidates.
    pub fn new(sheet: Sheet, settings: &Settings) -> Result<Candidates> {
        sheet.require("name")?;
        sheet.require("type")?;
        if settings.min_articles > 0 {
            sheet.require("articles")?;
        }
        Ok(Candidates { sheet })
    }

    /// Adds the names that a person has accepted to `rows`.
    ///
    /// # Errors
    /// A column for marks in which nothing is marked.
    pub fn review(&self, settings: &Settings, judge: &mut Judge<'_>, rows: &mut Rows) -> Result<Reviewed> {
        let mark = MARKS.into_iter().find(|column| self.sheet.has(column));
        if let Some(column) = mark
            && self.sheet.rows().len() > 0
            && self.sheet.rows().all(|row| row.get(column).is_empty())
        {
            let message =
                format!("has a column `{column}` in which no row is marked: mark rows with x, or delete the column");
            return Err(Error::gazetteer(message).at_path(&self.sheet.path).at_line(1));
        }
        let but: Vec<&str> = SEEN.into_iter().chain(MARKS).collect();
        rows.add_columns(&self.sheet, &but);
        let mut reviewed = Reviewed::default();
        for row in self.sheet.rows() {
            match verdict(row, mark, settings, judge) {
                Ok(kind) => {
                    reviewed.taken += 1;
                    let joined = rows.add(kind, cells(row, kind, &rows.columns, &mut reviewed.lost));
                    reviewed.joined += u64::from(joined);
                }
                Err(reason) => {
                    if reason == Dropped::NoName {
                        reviewed
                            .no_names
                            .extend([row.get("name")].into_iter().chain(row.list("aliases")).map(String::from));
                    }
                    let (count, lines) = reviewed.dropped.entry(reason).or_default();
                    *count += 1;
                    if lines.len() < 5 {
                        lines.push(row.line());
                    }
                }
            }
        }
        Ok(reviewed)
    }
}

fn kind_of(row: SheetRow<'_>) -> Option<EntityType> {
    EntityType::parse(row.get("type"))
}

/// Whether a cell says that the row is no name.
fn denies(cell: &str) -> bool {
    matches!(cell.to_lowercase().as_str(), "not a name" | "no name")
}

fn verdict(
    row: SheetRow<'_>,
    mark: Option<&str>,
    settings: &Settings,
    judge: &mut Judge<'_>,
) -> std::result::Result<EntityType, Dropped> {
    let (name, marked) = (row.get("name"), mark.map(|column| row.get(column).to_lowercase()));
    if name.is_empty() {
        return Err(Dropped::Nameless);
    }
    if name.starts_with('#') && name.ends_with(['?', '!', 'A']) && name[1..].chars().all(|c| !c.is_lowercase()) {
        return Err(Dropped::SpreadsheetError);
    }
    if denies(row.get("type")) || marked.as_deref().is_some_and(denies) {
        return Err(Dropped::NoName);
    }
    match marked.as_deref() {
        None | Some("x" | "y" | "yes" | "1" | "true" | "ok" | "wahr" | "vrai") => {}
        Some("" | "n" | "no" | "0" | "false" | "-" | "falsch" | "faux") => return Err(Dropped::Unmarked),
        Some(_) => return Err(Dropped::OddMark),
    }
    let kind = kind_of(row).ok_or(Dropped::NoType)?;
    if !settings.types.is_empty() && !settings.types.contains(&kind) {
        return Err(Dropped::OtherType);
    }
    let articles = row.get("articles").parse::<f64>().unwrap_or(0.0);
    if settings.min_articles > 0 && articles < settings.min_articles as f64 {
        return Err(Dropped::TooFewArticles);
    }
    // An entity called "Smith" would take every Smith of whom an article says no more.
    let told = settings.keep_doubtful || !row.get("match").is_empty();
    if !told && judge.doubt(&level(name), kind).is_some_and(Doubt::is_ambiguous) {
        return Err(Dropped::Doubtful);
    }
    Ok(kind)
}

/// The cells of an accepted row.
fn cells(row: SheetRow<'_>, kind: EntityType, columns: &[String], lost: &mut Vec<u64>) -> Vec<String> {
    let (name, id) = (level(row.get("name")), row.get("id"));
    let made = is_made(id);
    let mut aliases: Vec<String> = Vec::new();
    // A name that was written over: the articles go on writing it as they did.
    if made && slug(id) != slug(&entity_id(kind, &name, "")) {
        match row.list("aliases").chain(windows(row.get("example"))).find(|text| is_slug(id, text)) {
            Some(found) => aliases.push(level(found)),
            None => lost.push(row.line()),
        }
    }
    for alias in row.list("aliases").map(level) {
        if alias != name && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    }
    let cell = |column: &String| match column.as_str() {
        "name" => name.clone(),
        "type" => kind.as_str().to_string(),
        "aliases" => aliases.join("|"),
        // The entity stays the one that it was, unless its id says that it is of another type.
        "id" if made && !id.starts_with(&entity_id(kind, "", "")) => String::new(),
        "latitude" | "longitude" => decimal(row.get(column)),
        _ => row.get(column).to_string(),
    };
    columns.iter().map(cell).collect()
}

/// Whether an id was made of type and name.
fn is_made(id: &str) -> bool {
    ["per:", "loc:", "org:"].iter().any(|prefix| id.starts_with(prefix))
}

/// What of an id was made of the name.
fn slug(id: &str) -> &str {
    let slug = id.split_once(':').map_or(id, |(_, slug)| slug);
    slug.split(['.', '~']).next().unwrap_or(slug)
}

fn is_slug(id: &str, text: &str) -> bool {
    slug(&entity_id(EntityType::Person, text, "")) == slug(id)
}

/// The most words of a name that is looked for in an example.
const LONGEST: usize = 12;

/// All stretches of a text that begin and end with a word, short ones first.
fn windows(text: &str) -> impl Iterator<Item = &str> {
    let tokens: Vec<_> = token::tokens(text).collect();
    let is_word = |token: &&token::Token| matches!(token.kind, token::Kind::Word | token::Kind::Number);
    let mut found = Vec::new();
    for (at, first) in tokens.iter().enumerate().filter(|(_, token)| is_word(token)) {
        for last in tokens[at..].iter().take(LONGEST).filter(is_word) {
            found.extend(text.get(first.start as usize..last.end as usize));
        }
    }
    found.into_iter()
}

/// A number as every program reads it: a spreadsheet may have put a comma where the point was.
fn decimal(cell: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match cell.split_once(',') {
        Some((whole, part)) if digits(whole.trim_start_matches('-')) && digits(part) => format!("{whole}.{part}"),
        _ => cell.to_string(),
    }
}

/// A text whose white space is single spaces.
fn level(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
