//! The cells of one row: names, types, ids and facts.

use super::{Checker, header::Row, text};
use crate::{
    gazetteer::{self, Flags, Gazetteer},
    model::EntityType,
    token,
    workbench::{
        COLUMNS,
        facts::{degrees, is_code, is_number, is_wikidata, turned, wikidata_of},
        forms::Doubt,
    },
};
use rustc_hash::FxHashSet;

/// The codes of countries that the gazetteers have.
pub(super) fn countries(gazetteer: &Gazetteer) -> FxHashSet<String> {
    let mut codes = FxHashSet::default();
    for entry in gazetteer.entries().filter(|entry| entry.kind() == EntityType::Place) {
        if !codes.contains(entry.country()) {
            codes.insert(entry.country().to_string());
        }
    }
    codes
}

/// At most so many bytes of a compiled gazetteer come from the row.
pub(super) fn bytes(row: &Row<'_>) -> u64 {
    let cells: usize = COLUMNS.iter().map(|column| row.get(column).len()).sum();
    let forms = 1 + row.list("aliases").count();
    // A form with hyphens is written twice.
    (2 * cells + 40 * forms + 64) as u64
}

impl Checker<'_> {
    /// Tells what is wrong within a row.
    pub(super) fn row(&mut self, row: &Row<'_>) {
        for column in COLUMNS {
            text::characters(column, row.raw(column), &mut self.findings);
        }
        let kind = self.required(row);
        self.aliases(row);
        self.ids(row);
        self.place(row);
        self.words(row);
        let Some(kind) = kind else { return };
        self.form("name", row.get("name"), kind, row);
        if kind == EntityType::Person {
            self.person(row.get("name"));
        }
        for alias in row.list("aliases") {
            self.form("aliases", alias, kind, row);
        }
    }

    /// What the loader asks for: the same questions as in `gazetteer/compile.rs`.
    fn required(&mut self, row: &Row<'_>) -> Option<EntityType> {
        let findings = &mut self.findings;
        let name = gazetteer::level(row.get("name"));
        if name.is_empty() {
            findings.error("empty name", "name", "", "is empty", "write a name, or delete the row");
        }
        let word = row.get("type");
        let kind = EntityType::parse(word);
        if kind.is_none() {
            let message = if word.is_empty() { "is empty" } else { "is no type" };
            findings.error("bad type", "type", word, message, "write person, place or organization");
        }
        let long = |form: &&str| form.chars().count() > gazetteer::LONGEST;
        let alias = row.list("aliases").find(long);
        for (column, form) in [("name", Some(&*name).filter(long)), ("aliases", alias)] {
            if let Some(form) = form {
                let message = format!("has more than {} characters", gazetteer::LONGEST);
                let fix = "shorten it, or divide it by `|` if it is several aliases";
                findings.error("too long", column, form, message, fix);
            }
        }
        kind.filter(|_| !name.is_empty() && name.chars().count() <= gazetteer::LONGEST)
    }

    fn aliases(&mut self, row: &Row<'_>) {
        let (name, cell) = (row.get("name"), row.get("aliases"));
        let findings = &mut self.findings;
        if name.contains('|') {
            let fix = "keep one name, and put the others under `aliases`";
            findings.warn("separator", "name", name, "holds a `|`, which joins aliases", fix);
        }
        if cell.is_empty() {
            return;
        }
        if !cell.contains('|') && (cell.contains(';') || cell.matches(',').count() > 1) {
            let message = "seems to hold several aliases, and is read as one";
            findings.warn("separator", "aliases", cell, message, "join aliases by `|`");
        }
        if cell.split('|').any(|alias| alias.trim().is_empty()) {
            findings.warn("separator", "aliases", cell, "holds an empty alias", "delete the `|` beside it");
        }
        let mut seen = FxHashSet::default();
        seen.insert(name);
        for alias in row.list("aliases") {
            if !seen.insert(alias) {
                let message = if alias == name { "is the name itself" } else { "stands twice in the row" };
                findings.warn("repeated alias", "aliases", alias, message, "delete it");
            }
        }
    }

    fn ids(&mut self, row: &Row<'_>) {
        let (wikidata, geonames) = (row.get("wikidata"), row.get("geonames"));
        let id = row.get("id");
        if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') {
            let message = "looks like a number, which a spreadsheet may change";
            self.findings.warn("bad id", "id", id, message, format!("put letters before it, such as my:{id}"));
        }
        if !wikidata.is_empty() && !is_wikidata(wikidata) {
            let fix = match wikidata_of(wikidata) {
                Some(id) => format!("write {id}"),
                None if is_number(wikidata) => format!("write Q{wikidata} if that is the item"),
                None => "write the id of an item, such as Q42".to_string(),
            };
            self.findings.warn("bad id", "wikidata", wikidata, "is no Wikidata item", fix);
        }
        if !geonames.is_empty() && !is_number(geonames) {
            let message = "is no GeoNames number";
            self.findings.warn("bad id", "geonames", geonames, message, "write its digits alone");
        }
        let country = row.get("country");
        if country.is_empty() || (is_code(country) && self.countries.contains(country)) {
            return;
        }
        let upper = country.to_uppercase();
        let fix = match self.judge.country(country) {
            _ if is_code(&upper) && self.countries.contains(&upper) => format!("write {upper}"),
            Some(code) => format!("write {code}"),
            None => "write two letters, such as FI".to_string(),
        };
        self.findings.warn("bad country", "country", country, "is no code of ISO 3166-1 that is known", fix);
    }

    fn place(&mut self, row: &Row<'_>) {
        let (north, east) = (row.get("latitude"), row.get("longitude"));
        if north.is_empty() && east.is_empty() {
            return;
        }
        let findings = &mut self.findings;
        for (column, cell, other) in [("latitude", north, "longitude"), ("longitude", east, "latitude")] {
            if cell.is_empty() {
                let message = format!("is empty, and `{other}` is not");
                findings.warn("bad coordinates", column, cell, message, "write both or none");
            }
        }
        let outside = [("latitude", north, 90.0), ("longitude", east, 180.0)];
        for (column, cell, most) in outside.into_iter().filter(|(_, cell, _)| !cell.is_empty()) {
            if degrees(cell, most).is_some() {
                continue;
            }
            let fix = if degrees(&cell.replace(',', "."), most).is_some() {
                "write a period in place of the comma".to_string()
            } else if degrees(cell, 180.0).is_some() && degrees(east, 90.0).is_some() {
                "latitude and longitude seem to have changed places".to_string()
            } else {
                format!("write degrees from -{most} to {most} as a decimal number")
            };
            findings.warn("bad coordinates", column, cell, "is no such number of degrees", fix);
        }
        if degrees(north, 90.0) == Some(0.0) && degrees(east, 180.0) == Some(0.0) {
            let message = "0 degrees north and east is a point in the sea, and mostly stands for `unknown`";
            findings.warn("bad coordinates", "latitude", north, message, "empty both cells if so");
        }
    }

    /// Cells that take one of a few words, or a number.
    fn words(&mut self, row: &Row<'_>) {
        let findings = &mut self.findings;
        let population = row.get("population");
        if !population.is_empty() && population.parse::<u64>().is_err() {
            let message = "is no whole number, and is read as unknown";
            findings.warn("bad number", "population", population, message, "write digits alone");
        }
        let gender = row.get("gender");
        if !matches!(gender, "" | "m" | "f" | "x") {
            let fix = match gender.to_ascii_lowercase().as_str() {
                "male" | "man" | "m" => "write m",
                "female" | "woman" | "f" | "w" => "write f",
                _ => "write m or f, or nothing",
            };
            findings.warn("bad value", "gender", gender, "is not m or f, and is read as unknown", fix);
        }
        let matching = row.get("match");
        if !matches!(matching, "" | "exact" | "weak") {
            let message = "is not exact or weak, and is read as if it were empty";
            findings.warn("bad value", "match", matching, message, "write exact or weak, or nothing");
        }
        let lexicon = &self.gazetteer.lexicon;
        let is_noun = |role: &str| {
            let first = role.split(' ').next().unwrap_or("");
            let flags = lexicon.flags(lexicon.get(&token::fold(first)));
            first.len() > 1
                && first.chars().skip(1).all(char::is_lowercase)
                && flags.intersects(Flags::ROLE | Flags::TITLE)
                && !flags.intersects(Flags::ADJ | Flags::DEMONYM | Flags::DEMONYM_ADJ)
        };
        let capital = |role: &&str| role.chars().next().is_some_and(char::is_uppercase);
        if let Some(role) = row.list("roles").find(|role| capital(role) && is_noun(role)) {
            let message = "begins with a capital letter, and roles are compared in lower case";
            self.findings.warn("bad value", "roles", role, message, format!("write `{}`", lower_first(role)));
        }
    }

    /// What speaks against a form.
    fn form(&mut self, column: &'static str, form: &str, kind: EntityType, row: &Row<'_>) {
        text::scripts(column, form, &mut self.findings);
        let marks = ['"', '“', '”', '„', '«', '»'];
        if form.contains(marks) {
            let message = "holds quotation marks, which are no part of a name in a text";
            self.findings.warn("quotation marks", column, form, message, "delete them");
        }
        let matching = row.get("match");
        let told = |doubt: Doubt| match doubt {
            Doubt::NoWord | Doubt::OneLetter | Doubt::Number | Doubt::NoCapital => true,
            _ => matching.is_empty(),
        };
        if let Some(doubt) = self.judge.doubt(form, kind).filter(|doubt| told(*doubt)) {
            let fix = match (doubt, column) {
                (Doubt::NoWord | Doubt::OneLetter | Doubt::Number, "aliases") => "delete the alias",
                (Doubt::NoWord | Doubt::OneLetter | Doubt::Number, _) => "write the full name",
                (Doubt::NoCapital, _) => "write it with the capital letters that it has in a text",
                (_, "aliases") => "delete the alias, or write `weak` under `match`",
                _ => "write the full name, or `weak` under `match`",
            };
            self.findings.warn(doubt.as_str(), column, form, doubt.message(), fix);
        } else if matching.is_empty()
            && let Some((other, name)) = self.judge.other_type(form, kind)
        {
            let message = format!("is also a form of {name}, {} that the program knows", one(other));
            let fix = "if the type is right, write `weak` under `match`";
            self.findings.warn("two types", column, form, message, fix);
        }
    }

    /// Titles, and names that are turned around.
    fn person(&mut self, name: &str) {
        let after = |part: &str| {
            let lexicon = &self.gazetteer.lexicon;
            lexicon.flags(lexicon.get(&token::fold(part.trim()))).intersects(Flags::AFTER_NAME)
        };
        if let Some(turned) = turned(name).filter(|_| !name.split(", ").skip(1).any(after)) {
            let message = "has the family name first";
            self.findings.warn("order of names", "name", name, message, format!("write `{turned}`"));
        } else if let Some(title) = self.judge.title(name) {
            let message = format!("begins with a title, `{title}`, which is no part of a name");
            let fix = "delete it; it may stand under `roles`, in lower case";
            self.findings.warn("title", "name", name, message, fix);
        }
    }
}

/// "a place", "an organization".
pub(super) fn one(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Person => "a person",
        EntityType::Place => "a place",
        EntityType::Organization => "an organization",
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
