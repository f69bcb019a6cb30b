//! What lines say of each other: contradictions are found before anything is read, and chains of merges followed to their end.

use super::{Action, Corrections, Line, lines::refuse};
use crate::error::{Error, Result};
use rustc_hash::FxHashMap;

/// Contradictions that are told together.
const TOLD: usize = 10;

/// Finds lines that contradict each other, and follows the merges.
///
/// # Errors
/// Names both lines; up to ten contradictions are told together.
pub(super) fn check(corrections: &mut Corrections) -> Result<()> {
    let mut said: FxHashMap<(u8, &str, &str, &str, &str), u32> = FxHashMap::default();
    let mut refused = Vec::new();
    for (number, line) in corrections.lines.iter().enumerate() {
        let group = match line.action {
            Action::Is | Action::NoName | Action::Type => 0,
            Action::Merge => 1,
            Action::Split => 2,
        };
        let key =
            (group, line.surface.as_str(), line.article.as_str(), line.context_text.as_str(), line.instead_of.as_str());
        let first = *said.entry(key).or_insert(number as u32);
        let other = &corrections.lines[first as usize];
        if outcome(other) != outcome(line) && refused.len() < TOLD {
            refused.push(contradiction(corrections, other, line));
        }
    }
    refuse(refused, TOLD)?;
    let mut merges: FxHashMap<String, (u32, u32)> = FxHashMap::default();
    for (number, line) in corrections.lines.iter().enumerate().filter(|(_, line)| line.action == Action::Merge) {
        let Some(target) = line.target else { continue };
        if corrections.targets[target as usize].id == line.instead_of {
            return Err(error(corrections, line, "merges an entity with itself"));
        }
        merges.entry(line.instead_of.clone()).or_insert((number as u32, target));
    }
    let mut ends = FxHashMap::default();
    for (id, (number, first)) in &merges {
        let (mut target, mut steps) = (*first, 0);
        while let Some((_, next)) = merges.get(&corrections.targets[target as usize].id) {
            target = *next;
            steps += 1;
            if steps > merges.len() {
                // Of the lines of a circle the first is told, whatever the order of the table.
                let circle = circle(corrections, &merges, id);
                let line = &corrections.lines[circle as usize];
                return Err(error(corrections, line, "merges in a circle: the entity that remains is merged too"));
            }
        }
        ends.insert(id.clone(), (*number, target));
    }
    corrections.merges = ends;
    Ok(())
}

/// The first line of a circle that merges from `id` on lead into.
fn circle(corrections: &Corrections, merges: &FxHashMap<String, (u32, u32)>, id: &str) -> u32 {
    let mut first = u32::MAX;
    let mut all: Vec<&String> = merges.keys().collect();
    all.sort();
    for start in all {
        let mut at = start.as_str();
        for _ in 0..merges.len() {
            match merges.get(at) {
                Some((number, target)) => {
                    at = &corrections.targets[*target as usize].id;
                    if at == start {
                        first = first.min(*number);
                        break;
                    }
                }
                None => break,
            }
        }
    }
    if first == u32::MAX { merges.get(id).map_or(0, |(number, _)| *number) } else { first }
}

/// What a line makes of what it is about.
fn outcome(line: &Line) -> (bool, Option<u32>, Option<crate::model::EntityType>) {
    (line.action == Action::NoName, line.target, line.kind)
}

fn contradiction(corrections: &Corrections, one: &Line, other: &Line) -> Error {
    let what = if other.surface.is_empty() { &other.instead_of } else { &other.surface };
    let file = &corrections.files[one.file];
    let place = if one.file == other.file {
        format!("line {}", one.line)
    } else {
        format!("{} line {}", file.display(), one.line)
    };
    let message =
        format!("contradicts {place}, which says something else of {what:?}: delete one of them, or name its article");
    error(corrections, other, &message)
}

fn error(corrections: &Corrections, line: &Line, message: &str) -> Error {
    Error::gazetteer(message).at_path(&corrections.files[line.file]).at_line(line.line)
}
