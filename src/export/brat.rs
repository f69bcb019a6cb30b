//! Standoff annotations as brat reads them: for each article a text and a file of annotations, and one file that says what there
//! can be. Needs texts.csv.
//!
//! A text is the body; where the record has its title in a field of its own, the title and a line end come before it. Offsets
//! are code points, as in the tables. An annotation never crosses a line: what does is cut into parts there.

use super::{
    Exported,
    source::{Source, Table},
};
use crate::{
    error::{Error, Result},
    finished::Row,
};
use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    fs,
    ops::Range,
    path::Path,
};

/// What annotations there can be.
const CONFIGURATION: &str = "\
[entities]
Person
Place
Organization
Quotation

[relations]
Speaker\tArg1:Quotation, Arg2:Person|Place|Organization
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]

[attributes]
Kind\tArg:Quotation, Value:direct|mixed|indirect
Method\tArg:Person|Place|Organization, Value:gazetteer|pattern|coreference
";

/// The longest name of a file, without its ending, in bytes.
const LONGEST: usize = 100;

/// Writes two files for each article into `folder`, and one for all. They are not synchronized one by one, which would take
/// longer than to write them.
pub(super) fn write(source: &Source<'_>, folder: &Path) -> Result<Exported> {
    if !source.names().contains(&"texts") {
        let message = "holds no texts.csv, which annotations need: run extract again with --emit-text";
        return Err(Error::usage(message).at_path(source.run().folder()));
    }
    save(&folder.join("annotation.conf"), CONFIGURATION)?;
    let mut texts = source.table("texts")?;
    let [id, title, text] = texts.columns(["article_id", "title", "text"])?;
    let mut mentions = Following::new(source.table("mentions")?, Mention::COLUMNS, Mention::of)?;
    let mut quotations = Following::new(source.table("quotes")?, Quotation::COLUMNS, Quotation::of)?;
    let mut names = Names::default();
    let (mut entities, mut quotes, mut speakers) = (0, 0, 0);
    while let Some(row) = texts.read()? {
        if !row.truncated().is_empty() {
            let message = "has texts that --excel has cut, and offsets do not fit: run extract again without it";
            return Err(Error::usage(message).at_path(source.run().folder()));
        }
        let id = row.cell(id);
        let document = Document::new(row.cell(title), row.cell(text));
        let (mentions, quotations) = (mentions.of(id)?, quotations.of(id)?);
        let annotations = annotations(&document, &mentions, &quotations);
        let (annotations, related) = annotations.map_err(|odd| odd_span(source, id, &odd))?;
        let name = names.unique(id);
        save(&folder.join(format!("{name}.txt")), &document.text)?;
        save(&folder.join(format!("{name}.ann")), &annotations)?;
        entities += mentions.len() as u64;
        quotes += quotations.len() as u64;
        speakers += related;
    }
    mentions.finish(source)?;
    quotations.finish(source)?;
    let counts = [("articles", texts.count()), ("entities", entities), ("quotations", quotes), ("speakers", speakers)];
    Ok(Exported { counts: counts.map(|(name, count)| (name.to_string(), count)).to_vec(), remarks: Vec::new() })
}

fn save(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| Error::io(path, error))
}

fn odd_span(source: &Source<'_>, id: &str, span: &Range<usize>) -> Error {
    let message = format!("article {id}: its text has no characters {} to {}", span.start, span.end);
    Error::format(message).at_path(source.run().folder())
}

/// The text of an article, in which code points can be found.
struct Document {
    text: String,
    /// Where the body begins, in code points.
    body: usize,
    /// Where every [`Document::STEP`]th code point begins, in bytes.
    steps: Vec<usize>,
}

impl Document {
    const STEP: usize = 256;

    fn new(title: &str, body: &str) -> Document {
        let text = if title.is_empty() { body.to_string() } else { format!("{title}\n{body}") };
        let steps = text.char_indices().map(|(at, _)| at).step_by(Document::STEP).collect();
        let body = if title.is_empty() { 0 } else { title.chars().count() + 1 };
        Document { text, body, steps }
    }

    /// A range of the tables, which counts in the title or in the body, as one of the text.
    fn placed(&self, zone: &str, start: usize, end: usize) -> Range<usize> {
        // Without a title of its own, a headline is the first line of the body.
        let base = if zone == "title" { 0 } else { self.body };
        base + start..base + end
    }

    /// Where code point `at` begins, in bytes.
    fn byte(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(self.steps.get(at / Document::STEP).copied().unwrap_or(self.text.len())..)?;
        let base = self.text.len() - rest.len();
        match rest.char_indices().map(|(i, _)| i).nth(at % Document::STEP) {
            Some(i) => Some(base + i),
            None => (rest.chars().count() == at % Document::STEP).then_some(self.text.len()),
        }
    }

    /// The parts of `span` that lie on one line each, without white space around them, and their words. What cannot be found is
    /// given back.
    fn lines(&self, span: &Range<usize>) -> std::result::Result<Vec<(Range<usize>, &str)>, Range<usize>> {
        let bytes = self.byte(span.start).zip(self.byte(span.end)).filter(|(start, end)| start <= end);
        let text = bytes.and_then(|(start, end)| self.text.get(start..end)).ok_or_else(|| span.clone())?;
        let (mut parts, mut at) = (Vec::new(), span.start);
        for line in text.split_inclusive(breaks_line) {
            let words = line.trim();
            let start = at + line.chars().take_while(|c| c.is_whitespace()).count();
            if !words.is_empty() {
                parts.push((start..start + words.chars().count(), words));
            }
            at += line.chars().count();
        }
        Ok(parts)
    }
}

/// Whether some reader of annotations would take `c` for the end of a line.
fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A row of mentions.csv.
struct Mention {
    entity: String,
    kind: &'static str,
    name: String,
    surface: String,
    zone: String,
    start: usize,
    end: usize,
    method: String,
    confidence: String,
}

impl Mention {
    const COLUMNS: [&'static str; 10] =
        ["article_id", "entity_id", "type", "name", "surface", "zone", "start", "end", "method", "confidence"];

    fn of(row: &Row<'_>, places: &[usize; 10]) -> Result<Mention> {
        let [_, entity, kind, name, surface, zone, start, end, method, confidence] = *places;
        let text = |place| row.cell(place).to_string();
        Ok(Mention {
            entity: text(entity),
            kind: match row.cell(kind) {
                "person" => "Person",
                "place" => "Place",
                _ => "Organization",
            },
            name: text(name),
            surface: text(surface),
            zone: text(zone),
            start: offset(row, start)?,
            end: offset(row, end)?,
            method: text(method),
            confidence: text(confidence),
        })
    }
}

/// A row of quotes.csv.
struct Quotation {
    id: String,
    speaker: String,
    speaker_id: String,
    surface: String,
    kind: String,
    spans: Vec<Range<usize>>,
    zone: String,
    confidence: String,
}

impl Quotation {
    const COLUMNS: [&'static str; 9] =
        ["article_id", "quote_id", "speaker", "speaker_id", "speaker_surface", "kind", "spans", "zone", "confidence"];

    fn of(row: &Row<'_>, places: &[usize; 9]) -> Result<Quotation> {
        let [_, id, speaker, speaker_id, surface, kind, spans, zone, confidence] = *places;
        let text = |place| row.cell(place).to_string();
        let span = |span: &str| {
            let (start, end) = span.split_once('-')?;
            Some(start.parse().ok()?..end.parse().ok()?)
        };
        let parts = row.cell(spans).split(';').map(span).collect::<Option<Vec<_>>>();
        let odd = || Error::format(format!("quotes: {:?} are no spans", row.cell(spans))).at_line(row.line());
        Ok(Quotation {
            id: text(id),
            speaker: text(speaker),
            speaker_id: text(speaker_id),
            surface: text(surface),
            kind: text(kind),
            spans: parts.ok_or_else(odd)?,
            zone: text(zone),
            confidence: text(confidence),
        })
    }
}

fn offset(row: &Row<'_>, place: usize) -> Result<usize> {
    let number = row.integer(place)?;
    usize::try_from(number).map_err(|_| Error::format("an offset is too large").at_line(row.line()))
}

/// The annotations of an article, and how many of them name a speaker; a range of the text that is not there, if one is asked for.
fn annotations(
    document: &Document,
    mentions: &[Mention],
    quotations: &[Quotation],
) -> std::result::Result<(String, u64), Range<usize>> {
    let mut out = Standoff::default();
    // The number of a mention that has no characters on any line is 0.
    let mut numbers = Vec::new();
    for mention in mentions {
        let span = document.placed(&mention.zone, mention.start, mention.end);
        let number = out.text_bound(mention.kind, &document.lines(&span)?);
        out.about(number, "Method", &mention.method, [&mention.entity, &mention.name, &mention.confidence]);
        numbers.push(number);
    }
    for quotation in quotations {
        let mut parts = Vec::new();
        for span in &quotation.spans {
            parts.extend(document.lines(&document.placed(&quotation.zone, span.start, span.end))?);
        }
        let number = out.text_bound("Quotation", &parts);
        out.about(number, "Kind", &quotation.kind, [&quotation.id, &quotation.speaker, &quotation.confidence]);
        if let Some(speaker) = named(quotation, mentions).and_then(|place| numbers.get(place)) {
            out.relation(number, *speaker);
        }
    }
    Ok((out.text, out.relations))
}

/// The mention that stands for the speaker: one with the words that the quotation has for it where there is one, and of several
/// the one nearest to the quotation. Where the words are a pronoun, that is the nearest name.
fn named(quotation: &Quotation, mentions: &[Mention]) -> Option<usize> {
    if quotation.speaker_id.is_empty() {
        return None;
    }
    let (start, end) = (quotation.spans.first()?.start, quotation.spans.last()?.end);
    let distance = |mention: &Mention| start.saturating_sub(mention.end).max(mention.start.saturating_sub(end));
    let rank =
        |mention: &Mention| (mention.zone != quotation.zone, mention.surface != quotation.surface, distance(mention));
    let own = mentions.iter().enumerate().filter(|(_, mention)| mention.entity == quotation.speaker_id);
    own.min_by_key(|(_, mention)| rank(mention)).map(|(place, _)| place)
}

/// The lines of a file of annotations.
#[derive(Default)]
struct Standoff {
    text: String,
    bound: u64,
    attributes: u64,
    notes: u64,
    relations: u64,
}

impl Standoff {
    /// Adds an annotation of characters; its number, or 0 if there are none.
    fn text_bound(&mut self, kind: &str, parts: &[(Range<usize>, &str)]) -> u64 {
        if parts.is_empty() {
            return 0;
        }
        self.bound += 1;
        let spans: Vec<String> = parts.iter().map(|(span, _)| format!("{} {}", span.start, span.end)).collect();
        let words: Vec<&str> = parts.iter().map(|(_, words)| *words).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "T{}\t{kind} {}\t{}", self.bound, spans.join(";"), words.join(" "));
        self.bound
    }

    /// Says how annotation `number` was made, and what else is known of it.
    fn about(&mut self, number: u64, attribute: &str, value: &str, notes: [&String; 3]) {
        if number == 0 {
            return;
        }
        self.attributes += 1;
        self.notes += 1;
        let known: Vec<String> = notes.iter().filter(|note| !note.is_empty()).map(|note| one_line(note)).collect();
        let _ = writeln!(self.text, "A{}\t{attribute} T{number} {value}", self.attributes);
        let _ = writeln!(self.text, "#{}\tAnnotatorNotes T{number}\t{}", self.notes, known.join("; "));
    }

    fn relation(&mut self, quotation: u64, speaker: u64) {
        if quotation > 0 && speaker > 0 {
            self.relations += 1;
            let _ = writeln!(self.text, "R{}\tSpeaker Arg1:T{quotation} Arg2:T{speaker}", self.relations);
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace(breaks_line, " ")
}

/// A table whose rows come in the order of the articles.
struct Following<'s, T, const N: usize> {
    table: Table<'s>,
    places: [usize; N],
    make: fn(&Row<'_>, &[usize; N]) -> Result<T>,
    next: Option<(String, T)>,
}

impl<'s, T, const N: usize> Following<'s, T, N> {
    /// The first of `columns` is the article.
    fn new(
        table: Table<'s>,
        columns: [&str; N],
        make: fn(&Row<'_>, &[usize; N]) -> Result<T>,
    ) -> Result<Following<'s, T, N>> {
        let places = table.columns(columns)?;
        let mut following = Following { table, places, make, next: None };
        following.advance()?;
        Ok(following)
    }

    fn advance(&mut self) -> Result<Option<(String, T)>> {
        let next = match self.table.read()? {
            Some(row) => Some((row.cell(self.places[0]).to_string(), (self.make)(&row, &self.places)?)),
            None => None,
        };
        Ok(std::mem::replace(&mut self.next, next))
    }

    /// All rows of the article that comes next.
    fn of(&mut self, article: &str) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        while self.next.as_ref().is_some_and(|(id, _)| id == article) {
            rows.extend(self.advance()?.map(|(_, row)| row));
        }
        Ok(rows)
    }

    /// Checks that nothing is left.
    fn finish(self, source: &Source<'_>) -> Result<()> {
        let Some((id, _)) = self.next else { return Ok(()) };
        let message = format!(
            "{}.csv has rows of article {id} that do not come in the order of texts.csv",
            self.table.schema().name
        );
        Err(Error::format(message).at_path(source.run().folder()))
    }
}

/// Names of files, no two alike even where letter case does not count.
#[derive(Default)]
struct Names {
    given: HashSet<String>,
    /// How often a name was asked for that others have.
    repeats: HashMap<String, u64>,
}

impl Names {
    /// A name for an article: its id, with `_` for all that may mean something to a file system.
    fn unique(&mut self, id: &str) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
        // Ids are often names of files.
        let id = id.strip_suffix(".txt").unwrap_or(id);
        let mut base: String = id.chars().map(safe).take(LONGEST).collect();
        if base.is_empty() || base.starts_with(['.', '-']) || is_device(&base) {
            base.insert(0, '_');
        }
        let key = base.to_ascii_lowercase();
        if self.given.insert(key.clone()) {
            return base;
        }
        let number = self.repeats.entry(key).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{base}~{number}");
            if self.given.insert(name.to_ascii_lowercase()) {
                return name;
            }
        }
    }
}

/// Whether Windows takes a name for that of a device, with whatever ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    match stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt")) {
        Some(number) => matches!(number.as_bytes(), [b'0'..=b'9']),
        None => ["con", "prn", "aux", "nul"].contains(&stem.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_safe_and_differ() {
        let mut names = Names::default();
        let ids = [
            "port-1.txt",
            "PORT-1",
            "../../etc/passwd",
            "a/b",
            "a?b",
            "",
            ".",
            "été",
            "a_b~2",
            "CON",
            "com1.txt",
            "nul.a",
            "company",
        ];
        let given = ids.map(|id| names.unique(id));
        assert_eq!(
            given,
            [
                "port-1",
                "PORT-1~2",
                "_../.._etc_passwd".replace('/', "_").as_str(),
                "a_b",
                "a_b~2",
                "_",
                "_.",
                "_t_",
                "a_b_2",
                "_CON",
                "_com1",
                "_nul.a",
                "company"
            ]
        );
        assert!(names.unique(&"x".repeat(5000)).len() <= LONGEST);
    }

    #[test]
    fn parts_lie_on_one_line_each() {
        let body = format!("{}“We lost\r\n\r\n two boats,” 👩 said", "é".repeat(Document::STEP - 3));
        let document = Document::new("Ə title", &body);
        assert_eq!(document.placed("title", 0, 1), 0..1);
        let at = Document::STEP - 3;
        let span = document.placed("body", at, at + 24);
        let parts = document.lines(&span).unwrap();
        assert_eq!(parts.iter().map(|(_, words)| *words).collect::<Vec<_>>(), ["“We lost", "two boats,”"]);
        for (part, words) in &parts {
            let cut: String = document.text.chars().skip(part.start).take(part.len()).collect();
            assert_eq!(cut, *words);
        }
        let end = document.text.chars().count();
        assert!(document.lines(&(end - 4..end)).is_ok());
        assert!(document.lines(&(end - 4..end + 1)).is_err());
        assert!(document.lines(&(5 * end..5 * end + 1)).is_err());
    }
}
