//! Rows of a `corrections.csv` -> lines, with the entities that they name looked up in the gazetteers.

use super::{
    super::{Gazetteer, Sheet, SheetRow, entity_id, lexicon::token_hash},
    Action, Corrections, Line, Target, words_of,
};
use crate::{
    error::{Error, Result},
    model::EntityType,
    token::{self, Kind, fold},
};
use rustc_hash::FxHashMap;

/// The columns that there are. A misspelt one would let a line hold everywhere, so there are no others.
const COLUMNS: [&str; 9] =
    ["action", "surface", "article_id", "context", "instead_of", "entity", "type", "name", "note"];
/// Problems of one file that are told together.
const TOLD: usize = 20;
/// The most words of a surface form.
const LONGEST: usize = 40;

/// A line whose entity has not been looked up.
pub(super) struct Raw {
    line: Line,
    entity: String,
    name: String,
    kind: Option<EntityType>,
    /// Makes an error about this row.
    place: (std::path::PathBuf, u64),
}

impl Raw {
    fn error(&self, message: impl Into<String>) -> Error {
        Error::gazetteer(message).at_path(&self.place.0).at_line(self.place.1)
    }
}

/// Reads the rows of file number `file`.
///
/// # Errors
/// Unknown columns; up to twenty rows that cannot be used are told together.
pub(super) fn read(sheet: &Sheet, file: usize, out: &mut Vec<Raw>) -> Result<()> {
    let unknown = |column: &&String| !column.is_empty() && !COLUMNS.contains(&column.replace(' ', "_").as_str());
    if let Some(column) = sheet.columns().iter().find(unknown) {
        let message = format!(
            "`{column}` is no column of corrections: use {}; remarks go into `note`",
            COLUMNS.map(|column| format!("`{column}`")).join(", ")
        );
        return Err(Error::gazetteer(message).at_path(&sheet.path).at_line(1));
    }
    sheet.require("action")?;
    together(sheet.rows().map(|row| self::row(row, sheet, file)), out)
}

/// Collects what could be made; up to twenty errors are told together.
fn together<T>(made: impl Iterator<Item = Result<T>>, out: &mut Vec<T>) -> Result<()> {
    let mut refused = Vec::new();
    for one in made {
        match one {
            Ok(one) => out.push(one),
            Err(error) => refused.push(error),
        }
        if refused.len() == TOLD {
            break;
        }
    }
    refuse(refused, TOLD)
}

/// One error of all that were found, if there are any. With `most` of them there may be more.
pub(super) fn refuse(mut refused: Vec<Error>, most: usize) -> Result<()> {
    if refused.len() < 2 {
        return refused.pop().map_or(Ok(()), Err);
    }
    let list: Vec<String> = refused.iter().map(ToString::to_string).collect();
    let more = if refused.len() == most { ", and perhaps more behind these" } else { "" };
    Err(Error::gazetteer(format!("{} corrections cannot be used{more}:\n  {}", list.len(), list.join("\n  "))))
}

fn row(row: SheetRow<'_>, sheet: &Sheet, file: usize) -> Result<Raw> {
    let get = |column: &str| match row.get(column) {
        "" => row.get(&column.replace('_', " ")),
        cell => cell,
    };
    let action = match get("action").to_lowercase().replace(['_', '-'], " ").as_str() {
        "is" => Action::Is,
        "not a name" | "no name" => Action::NoName,
        "type" => Action::Type,
        "merge" => Action::Merge,
        "split" => Action::Split,
        "" => return Err(row.error("`action` is empty: use is, not a name, type, merge or split")),
        other => return Err(row.error(format!("`{other}` is no action: use is, not a name, type, merge or split"))),
    };
    let (surface, article, context_text) = (level(get("surface")), get("article_id"), level(get("context")));
    let (instead_of, entity, name) = (get("instead_of"), get("entity"), level(get("name")));
    let kind = match get("type") {
        "" => None,
        word => Some(
            EntityType::parse(word)
                .ok_or_else(|| row.error(format!("`{word}` is no type: use person, place or organization")))?,
        ),
    };
    let names = !entity.is_empty() || !name.is_empty();
    let problem = match action {
        Action::Is | Action::NoName | Action::Type if surface.is_empty() => {
            "`surface` is empty: write the name as the text has it"
        }
        Action::Is | Action::Merge | Action::Split if !names => {
            "says not who it is: fill in `entity` (an entity_id of entities.csv), or `name` and `type`"
        }
        Action::Is if !instead_of.is_empty() => {
            "holds for every mention of that form, whatever it was: leave `instead_of` empty, or write split"
        }
        Action::Type if kind.is_none() => "`type` is empty: use person, place or organization",
        Action::Type if names => {
            "names an entity, which has its own type: write is, or leave `entity` and `name` empty"
        }
        Action::Merge | Action::Split if instead_of.is_empty() => {
            "`instead_of` is empty: write the entity_id that is wrong there"
        }
        Action::Merge if !surface.is_empty() || !article.is_empty() || !context_text.is_empty() => {
            "makes all of an entity another one: leave `surface`, `article_id` and `context` empty, or write split"
        }
        Action::Split if surface.is_empty() && article.is_empty() && context_text.is_empty() => {
            "takes all of the entity: say which part by `surface`, `article_id` or `context`, or write merge"
        }
        _ => "",
    };
    if !problem.is_empty() {
        return Err(row.error(problem));
    }
    let words = words_of(&surface);
    if !surface.is_empty()
        && !words.iter().zip(token::tokens(&surface)).any(|(_, t)| matches!(t.kind, Kind::Word | Kind::Number))
    {
        return Err(row.error(format!("`surface` holds no word: {surface:?}")));
    }
    if words.len() > LONGEST {
        return Err(row.error(format!("`surface` has more than {LONGEST} words: no name is so long")));
    }
    let context: Vec<Vec<u64>> = context_text.split('|').map(hashes).filter(|words| !words.is_empty()).collect();
    if context.is_empty() && !context_text.is_empty() {
        return Err(row.error(format!("`context` holds no word: {context_text:?}")));
    }
    let line = Line {
        file,
        line: row.line(),
        action,
        surface,
        words,
        article: article.to_string(),
        context,
        context_text,
        instead_of: instead_of.to_string(),
        target: None,
        kind: if action == Action::Type { kind } else { None },
    };
    let place = (sheet.path.clone(), row.line());
    Ok(Raw { line, entity: entity.to_string(), name, kind, place })
}

/// The hashes of a phrase's tokens.
fn hashes(phrase: &str) -> Vec<u64> {
    let mut buffer = String::new();
    token::tokens(phrase).map(|token| token_hash(&token, phrase, &mut buffer)).collect()
}

/// A text whose white space is single spaces.
fn level(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the gazetteers have of the ids and names in question.
#[derive(Default)]
struct Known {
    ids: FxHashMap<String, Option<u32>>,
    /// By name and type, entries of that name.
    names: FxHashMap<String, Vec<u32>>,
}

impl Known {
    fn look_up(raw: &[Raw], gazetteer: &Gazetteer) -> Known {
        let mut known = Known::default();
        for row in raw {
            for id in [&row.entity, &row.line.instead_of] {
                if !id.is_empty() {
                    known.ids.insert(id.clone(), None);
                }
            }
            if row.entity.is_empty() && !row.name.is_empty() {
                known.names.insert(row.name.clone(), Vec::new());
            }
        }
        for number in gazetteer.entry_numbers() {
            let entry = gazetteer.entry(number);
            if let Some(slot) = known.ids.get_mut(&entry.id()) {
                slot.get_or_insert(number);
            }
            if let Some(entries) = known.names.get_mut(entry.name()) {
                entries.push(number);
            }
        }
        known
    }
}

/// Looks up the entities and makes lines of the rows.
///
/// # Errors
/// An entity that nothing is known of.
pub(super) fn resolve(out: &mut Corrections, raw: Vec<Raw>, gazetteer: &Gazetteer) -> Result<()> {
    let known = Known::look_up(&raw, gazetteer);
    // What one line tells of a new entity holds for the others.
    let mut told: FxHashMap<&str, &Raw> = FxHashMap::default();
    for row in raw.iter().filter(|row| !row.name.is_empty() && !row.entity.is_empty()) {
        told.entry(&row.entity).or_insert(row);
    }
    let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
    let mut targets = Vec::new();
    let looked_up = raw.iter().map(|row| {
        let instead_of = &row.line.instead_of;
        if known.ids.get(instead_of).is_some_and(Option::is_none) {
            check_form(row, instead_of, "instead_of")?;
        }
        if row.entity.is_empty() && row.name.is_empty() || matches!(row.line.action, Action::NoName | Action::Type) {
            return Ok(None);
        }
        let target = target(row, &known, told.get(row.entity.as_str()).copied(), gazetteer)?;
        if let Some(number) = numbers.get(&target.id) {
            return same(row, &target, &targets[*number as usize]).map(|()| Some(*number));
        }
        let number = targets.len() as u32;
        numbers.insert(target.id.clone(), number);
        targets.push(target);
        Ok(Some(number))
    });
    let mut found = Vec::new();
    together(looked_up, &mut found)?;
    out.new = numbers.into_iter().filter(|(_, number)| targets[*number as usize].entry.is_none()).collect();
    out.targets = targets;
    out.lines = raw.into_iter().zip(found).map(|(row, target)| Line { target, ..row.line }).collect();
    Ok(())
}

fn target(row: &Raw, known: &Known, told: Option<&Raw>, gazetteer: &Gazetteer) -> Result<Target> {
    let of_entry = |number: u32| {
        let entry = gazetteer.entry(number);
        Target { id: entry.id(), kind: entry.kind(), name: entry.name().to_string(), entry: Some(number) }
    };
    let fits = |target: Target| match row.kind {
        Some(kind) if kind != target.kind => {
            let (id, has) = (&target.id, target.kind.as_str());
            Err(row.error(format!("the entity {id} is a {has}, and `type` says {}", kind.as_str())))
        }
        _ => Ok(target),
    };
    if row.entity.is_empty() {
        let all = known.names.get(&row.name).map_or(&[][..], Vec::as_slice);
        let of_kind = |number: &&u32| row.kind.is_none_or(|kind| gazetteer.entry(**number).kind() == kind);
        let entries: Vec<u32> = all.iter().filter(of_kind).copied().collect();
        return match (&entries[..], row.kind) {
            ([one], _) => Ok(of_entry(*one)),
            ([], None) => Err(row.error(format!("no gazetteer has {:?}: fill in its `type`", row.name))),
            ([], Some(kind)) => {
                Ok(Target { id: entity_id(kind, &row.name, ""), kind, name: row.name.clone(), entry: None })
            }
            (several, _) => {
                let ids: Vec<String> = several.iter().take(5).map(|number| gazetteer.entry(*number).id()).collect();
                Err(row.error(format!("{:?} can be {}: fill in which as `entity`", row.name, ids.join(" or "))))
            }
        };
    }
    if let Some(Some(number)) = known.ids.get(&row.entity) {
        return fits(of_entry(*number));
    }
    let kind = row.kind.or(told.and_then(|told| told.kind)).or(kind_of(&row.entity));
    let name = if row.name.is_empty() { told.map_or("", |told| &told.name) } else { &row.name };
    if name.is_empty() || kind.is_none() {
        let message = format!("no gazetteer has the entity `{}`: fill in its `name` and `type`", row.entity);
        return Err(row.error(message));
    }
    check_form(row, &row.entity, "entity")?;
    let kind = kind.unwrap_or(EntityType::Person);
    fits(Target {
        id: row.entity.clone(),
        kind: kind_of(&row.entity).unwrap_or(kind),
        name: name.to_string(),
        entry: None,
    })
}

/// Checks that two lines agree on what an entity is.
fn same(row: &Raw, one: &Target, other: &Target) -> Result<()> {
    if one == other {
        return Ok(());
    }
    let told = |target: &Target| format!("{:?}, a {}", target.name, target.kind.as_str());
    let message = format!("says that {} is {}; a line before it says {}", one.id, told(one), told(other));
    Err(row.error(message))
}

/// The type that an id of ours tells.
fn kind_of(id: &str) -> Option<EntityType> {
    match id.split_once(':')?.0 {
        "per" => Some(EntityType::Person),
        "loc" => Some(EntityType::Place),
        "org" => Some(EntityType::Organization),
        _ => None,
    }
}

/// Checks that an id which no gazetteer has can be one: those of names that no gazetteer has are made by rule, and an id of
/// one's own is made by naming it.
fn check_form(row: &Raw, id: &str, column: &str) -> Result<()> {
    let Some(kind) = kind_of(id) else {
        if column == "entity" {
            return Ok(());
        }
        let message = format!("`{column}`: no gazetteer has the entity `{id}`; copy the id from entities.csv");
        return Err(row.error(message));
    };
    let slug = &id[4..];
    let fine = |c: char| c.is_alphanumeric() && !c.is_uppercase() || matches!(c, '-' | '.' | '~');
    if !slug.is_empty() && slug.chars().all(fine) && fold(slug).len() >= slug.replace('.', "").len() {
        return Ok(());
    }
    let made = entity_id(kind, slug, "");
    Err(row.error(format!("`{column}`: `{id}` is no id of an entity; that of {slug:?} would be `{made}`")))
}
