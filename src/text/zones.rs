//! What each paragraph is: headline, byline, metadata, running text or boilerplate; and datelines.

use super::{Part, credit, date};
use crate::{
    gazetteer::{Flags, Gazetteer},
    model::Span,
    token::{self, Token},
};
use regex::{Match, Regex};
use std::{ops::Range, sync::LazyLock};

/// "Published Date: ...", "- Updated on ...", "date 2021-05-03".
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i-u)^(?:[-*|\s]|•)*(?P<label>published|posted|modified|last modified|updated|last updated|created|date)(?: date| on| at)?\s*(?::|\s(?P<bare>\d))").ok()
});

/// "VALMORA, May 3 (Harbour Wire) — ", "Lisbon, Portugal – ", in the form that [`shape`] gives them: a pattern over a few
/// classes of letters is ready in no time, one over all of Unicode's is not.
static DATELINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let place = r"A[Aa'.\-]*(?: A[Aa'.\-]*){0,3}";
    let day = r"(?:[Aa]{3,9}\.? 0{1,2}|0{1,2} [Aa]{3,9}\.?)(?:,? 0{4})?";
    let agency = r"\((?P<agency>[Aa0~_ \t.,/:'\-]{2,40})\)";
    let dateline = format!(
        r"^(?P<place>{place}(?:[,/] ?{place}){{0,2}})(?:(?P<day>,? {day}):?)?(?: ?{agency})?[ \t]*(?P<dash>~|--|-|:)[ \t]*"
    );
    Regex::new(&dateline).ok()
});

/// Builds the patterns now: see [`prepare`](crate::run::prepare).
pub(super) fn prepare() {
    LazyLock::force(&LABEL);
    LazyLock::force(&DATELINE);
}

/// The characters of a dateline that are looked at.
const DATELINE_REACH: usize = 400;

/// What each character is: `A` a capital, `a` another letter, `0` a digit, `~` a dash; a mark or a space stands for itself.
fn shape(text: &str) -> String {
    text.chars()
        .take(DATELINE_REACH)
        .map(|c| match c {
            '’' | '\'' => '\'',
            '—' | '–' => '~',
            ' ' | '.' | ',' | '/' | '(' | ')' | ':' | '-' => c,
            _ if c.is_uppercase() => 'A',
            _ if c.is_alphabetic() => 'a',
            _ if c.is_numeric() => '0',
            _ if c.is_whitespace() => '\t',
            _ => '_',
        })
        .collect()
}

/// A line of the article, or a block of wrapped ones.
#[derive(Debug)]
pub(super) struct Line {
    /// Its bytes, without white space around.
    pub span: Span,
    /// Its tokens among those of the article.
    pub tokens: Range<usize>,
    /// What it is.
    pub part: Part,
}

/// What the lines of an article say.
#[derive(Debug, Default)]
pub(super) struct Zoned {
    pub lines: Vec<Line>,
    pub published: String,
    pub outlet: String,
    pub author: String,
}

/// A dateline at the start of a paragraph.
pub(super) struct Dateline {
    /// Bytes up to where the sentence begins.
    pub length: usize,
    /// The agency in brackets; empty if none.
    pub agency: String,
}

/// How many bytes of a line are looked at: a few hundred tell what it is.
const HEAD: usize = 600;

struct Zoner<'a> {
    text: &'a str,
    body_start: usize,
    gazetteer: &'a Gazetteer,
    lines: Vec<Line>,
    /// For each line its tokens within the first bytes.
    heads: Vec<&'a [Token]>,
    /// For each line the number of words among these.
    words: Vec<usize>,
    /// Dates by line, with their trust: 3 labelled, 2 with a time, 1 a date alone.
    dates: Vec<(usize, u8, String)>,
    published: String,
    outlet: String,
    author: String,
}

/// Tells what each of `lines` is. The title field, if any, is the one before `body_start`.
pub(super) fn classify(
    text: &str,
    tokens: &[Token],
    body_start: usize,
    lines: Vec<Line>,
    gazetteer: &Gazetteer,
) -> Zoned {
    let heads = lines.iter().map(|line| {
        let tokens = &tokens[line.tokens.clone()];
        &tokens[..tokens.partition_point(|t| (t.start as usize) < line.span.start + HEAD)]
    });
    let heads: Vec<&[Token]> = heads.collect();
    let words = heads.iter().map(|head| head.iter().filter(|t| t.is_word()).count()).collect();
    let mut zoner = Zoner {
        text,
        body_start,
        gazetteer,
        lines,
        heads,
        words,
        dates: Vec::new(),
        published: String::new(),
        outlet: String::new(),
        author: String::new(),
    };
    zoner.metadata();
    zoner.title();
    zoner.bylines();
    zoner.sidebars();
    zoner.publication();
    zoner.foreign();
    Zoned { lines: zoner.lines, published: zoner.published, outlet: zoner.outlet, author: zoner.author }
}

impl<'a> Zoner<'a> {
    fn line(&self, i: usize) -> &'a str {
        self.lines[i].span.of(self.text)
    }

    fn in_body(&self, i: usize) -> bool {
        self.lines[i].span.start >= self.body_start
    }

    fn ends_sentence(&self, i: usize) -> bool {
        self.line(i).ends_with(['.', '!', '?', '"', '”', '’', '…', ')', '\'', ':'])
    }

    /// Labelled dates, bare dates, rules of dashes, section names beside them.
    fn metadata(&mut self) {
        let mut labelled = Vec::new();
        for i in 0..self.lines.len() {
            if !self.in_body(i) {
                continue;
            }
            let line = self.line(i);
            if !line.contains(char::is_alphanumeric) {
                self.lines[i].part = Part::Boilerplate;
                continue;
            }
            if line.len() > 160 {
                continue;
            }
            let found = date::find(line, &self.gazetteer.lexicon);
            let label = LABEL.as_ref().filter(|_| may_be_label(line)).and_then(|l| l.captures(line));
            let trust = match (&label, &found) {
                (Some(label), Some(_)) => {
                    let published = label
                        .name("label")
                        .is_some_and(|m| m.as_str().to_ascii_lowercase().starts_with(['p', 'c', 'd']));
                    if published || label.name("bare").is_some() { 3 } else { 1 }
                }
                (Some(_), None) => 0,
                (None, Some(found)) if found.rest <= 12 => 1 + u8::from(found.has_time),
                _ => continue,
            };
            // Dates in a sidebar or at the very end say when a page was fetched.
            let early = i < 12 && self.lines[..i].iter().filter(|l| l.part == Part::Body).count() <= 4;
            self.lines[i].part = Part::Metadata;
            if let Some(found) = found.filter(|_| early) {
                self.dates.push((i, trust, found.iso));
            }
            if label.is_some() {
                labelled.push(i);
            }
        }
        // "- World", "- Agencies and A News": short bulleted lines right before the labels.
        for label in labelled {
            for i in (label.saturating_sub(3)..label).rev() {
                let bullet = self.line(i).starts_with(['-', '•', '*', '|']) && self.words[i] <= 6;
                if !bullet || !self.in_body(i) {
                    break;
                }
                self.lines[i].part = Part::Metadata;
            }
        }
    }

    /// The most trusted date of the lines that are no part of a sidebar, with the byline beside it.
    fn publication(&mut self) {
        let mut best = 0;
        for (i, trust, iso) in std::mem::take(&mut self.dates) {
            if trust <= best || self.lines[i].part != Part::Metadata {
                continue;
            }
            best = trust;
            self.published = iso;
            let (author, outlet) = self.byline_in(i);
            for (slot, found) in [(&mut self.author, author), (&mut self.outlet, outlet)] {
                if !found.is_empty() {
                    *slot = found;
                }
            }
        }
    }

    /// "By Harbour Wire" inside a metadata line: author or outlet.
    fn byline_in(&self, i: usize) -> (String, String) {
        let tokens = self.heads[i];
        let by = tokens.iter().position(|t| t.text(self.text) == "By");
        by.map(|by| self.name_after(&tokens[by + 1..])).unwrap_or_default()
    }

    fn name_after(&self, tokens: &[Token]) -> (String, String) {
        let length = tokens.iter().take_while(|t| t.is_capitalized() || t.is('-') || t.is('.')).count();
        let (Some(first), Some(last)) = (tokens.first(), length.checked_sub(1).and_then(|l| tokens.get(l))) else {
            return Default::default();
        };
        let name = self.text[first.start as usize..last.end as usize].to_string();
        if credit::is_outlet(&tokens[..length], self.gazetteer) { (String::new(), name) } else { (name, String::new()) }
    }

    /// The first line, if it is a headline.
    fn title(&mut self) {
        if self.body_start > 0 {
            if let Some(line) = self.lines.first_mut().filter(|line| line.span.start < self.body_start) {
                line.part = Part::Title;
            }
            let same = |a: &str, b: &str| token::fold(a.trim()) == token::fold(b.trim());
            if self.lines.len() > 1 && same(self.line(0), self.line(1)) {
                self.lines[1].part = Part::Boilerplate;
            }
            return;
        }
        let Some(first) = (0..self.lines.len()).find(|i| self.lines[*i].part != Part::Boilerplate) else { return };
        if self.lines[first].part == Part::Metadata || self.byline_length(first).is_some() {
            return;
        }
        let line = self.line(first);
        let words = self.words[first];
        let stop = line.ends_with('.') && !line.ends_with("...");
        if words == 0 || words > 25 || stop && words > 18 || line.ends_with([':', ',', ';']) {
            return;
        }
        let Some(next) = self.lines.get(first + 1) else { return };
        let gap = &self.text[self.lines[first].span.end..next.span.start];
        let blank = gap.bytes().filter(|b| *b == b'\n').count() > 1;
        let metadata = self.lines[first + 1..].iter().take(3).any(|l| l.part == Part::Metadata);
        let longer = next.span.len() * 2 >= self.lines[first].span.len() * 3 && self.ends_sentence(first + 1);
        let dateline = dateline(line, self.gazetteer).is_some();
        let titled = if stop { blank && longer && words <= 14 } else { blank || metadata || longer };
        if titled && !dateline {
            self.lines[first].part = Part::Title;
        }
    }

    /// "By Mira Delgado", near the start or the end.
    fn bylines(&mut self) {
        let count = self.lines.len();
        for i in 0..count {
            let near = i < 10 || i + 3 >= count;
            if !near || self.lines[i].part != Part::Body || !self.in_body(i) {
                continue;
            }
            if let Some(start) = self.byline_length(i).or_else(|| self.bare_byline(i)) {
                let (author, outlet) = self.name_after(&self.heads[i][start..]);
                if self.author.is_empty() {
                    self.author = author;
                }
                if self.outlet.is_empty() {
                    self.outlet = outlet;
                }
                self.lines[i].part = Part::Byline;
            }
        }
    }

    /// Where the name of a byline begins, if the line is one.
    fn byline_length(&self, i: usize) -> Option<usize> {
        let tokens = self.heads[i];
        let first = tokens.first()?;
        let by = first.text(self.text);
        if !matches!(by, "By" | "BY" | "by") || self.words[i] > 9 || self.line(i).ends_with(['.', '!', '?']) {
            return None;
        }
        let lexicon = &self.gazetteer.lexicon;
        let name = tokens.get(1).filter(|t| t.is_capitalized())?;
        let verb = tokens[1..].iter().any(|t| lexicon.is(t, Flags::VERB_PAST | Flags::AUX) && !t.is_capitalized());
        (!verb && !lexicon.is(name, Flags::DET | Flags::PRON)).then_some(1)
    }

    /// A name alone on the line under the headline: "Mira Delgado", "Mira Delgado in Tarnby".
    fn bare_byline(&self, i: usize) -> Option<usize> {
        let before = &self.lines[..i];
        let under =
            before.iter().all(|line| line.part != Part::Body) && before.iter().any(|line| line.part == Part::Title);
        let next = self.lines.get(i + 1).filter(|next| next.part == Part::Metadata || self.ends_sentence(i + 1));
        if !under || next.is_none() || self.words[i] > 7 || self.ends_sentence(i) {
            return None;
        }
        let lexicon = &self.gazetteer.lexicon;
        let tokens = self.heads[i];
        let name = tokens.iter().take_while(|t| t.is_capitalized() || t.is('-') || t.is('.')).count();
        let small = |t: &Token| t.is_word() && !t.is_capitalized() && !lexicon.is(t, Flags::LOCATIVE);
        let given = tokens.first().is_some_and(|t| lexicon.is(t, Flags::GIVEN));
        (given && (2..=4).contains(&name) && !tokens.iter().any(small)).then_some(0)
    }

    /// From a heading such as "Latest news" to the next running text; share lines, footers, credits; runs of
    /// headlines and dates without a heading.
    fn sidebars(&mut self) {
        let mut inside = false;
        for i in 0..self.lines.len() {
            if !self.in_body(i) || matches!(self.lines[i].part, Part::Title | Part::Byline) {
                continue;
            }
            let line = self.line(i);
            let words = self.words[i];
            let prose = words >= 18 && self.ends_sentence(i)
                || words >= 8 && self.ends_sentence(i) && line.contains(['"', '“']);
            let found =
                self.gazetteer.boilerplate.find(line).map(|(kind, length)| (kind == "heading", line.len() - length));
            match found {
                // A long paragraph that happens to begin like a footer is text.
                Some((heading, rest)) if rest < 160 && !(prose && rest > 60) => {
                    inside = heading && rest < 120;
                    self.lines[i].part = Part::Boilerplate;
                }
                _ if inside && !prose => self.lines[i].part = Part::Boilerplate,
                _ => inside = false,
            }
        }
        let dated = |zoner: &Self, i: usize| zoner.lines.get(i).is_some_and(|l| l.part == Part::Metadata);
        let headline = |zoner: &Self, i: usize| {
            zoner.lines.get(i).is_some_and(|l| l.part == Part::Body) && !zoner.line(i).ends_with('.')
        };
        for i in 1..self.lines.len() {
            let run = (0..3).all(|k| headline(self, i + 2 * k) && dated(self, i + 2 * k + 1));
            let mut j = i;
            while run && headline(self, j) && dated(self, j + 1) {
                self.lines[j].part = Part::Boilerplate;
                self.lines[j + 1].part = Part::Boilerplate;
                j += 2;
            }
        }
    }

    /// Lines in another language: three or more words and no English word of grammar among them.
    fn foreign(&mut self) {
        let lexicon = &self.gazetteer.lexicon;
        for i in 0..self.lines.len() {
            if self.lines[i].part != Part::Body || !self.in_body(i) {
                continue;
            }
            let (words, count) = (self.heads[i].iter().filter(|t| t.is_word()), self.words[i]);
            let english = words.clone().filter(|t| lexicon.is(t, Flags::COMMON | Flags::TITLE | Flags::ROLE));
            // No more of them need be counted than settle it.
            let english = english.take(count.div_ceil(8).max(1)).count();
            let lower = words.clone().filter(|t| !t.is_capitalized()).count();
            let latin = words.filter(|t| self.text.as_bytes()[t.start as usize].is_ascii()).count();
            let strange = count >= 3 && english * 8 < count && lower * 4 >= count;
            if strange || count >= 2 && latin * 3 < count && english == 0 {
                self.lines[i].part = Part::Boilerplate;
            }
        }
    }
}

/// Whether a line begins with the first letter of a label, dashes and bullets apart.
fn may_be_label(line: &str) -> bool {
    let start = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '•' | '*' | '|'));
    matches!(start.as_bytes().first().map(u8::to_ascii_lowercase), Some(b'p' | b'm' | b'l' | b'u' | b'c' | b'd'))
}

/// The dateline that a paragraph begins with.
pub(super) fn dateline(paragraph: &str, gazetteer: &Gazetteer) -> Option<Dateline> {
    // What begins otherwise, or has neither dash nor colon near, is none.
    let dashes = ['—', '–', '-', ':'];
    if !paragraph.starts_with(char::is_uppercase)
        || !paragraph.chars().take(DATELINE_REACH).any(|c| dashes.contains(&c))
    {
        return None;
    }
    let shape = shape(paragraph);
    let found = DATELINE.as_ref()?.captures(&shape)?;
    // Each character of the shape, one byte long, stands for one of the paragraph.
    let byte = |character: usize| paragraph.char_indices().nth(character).map_or(paragraph.len(), |(at, _)| at);
    let text = |part: Match<'_>| &paragraph[byte(part.start())..byte(part.end())];
    let (whole, place) = (text(found.get(0)?), text(found.name("place")?));
    let rest = &paragraph[whole.len()..];
    let begins = rest
        .trim_start_matches(['"', '“', '\'', '‘'])
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
    let dash = found.name("dash").map_or("", text);
    let agency = found.name("agency").map_or(String::new(), |part| text(part).to_string());
    let dated = found.name("day").is_some();
    let spaced = dash != "-" && dash != ":" || whole.ends_with(' ');
    let first = place.split([',', '/']).next().unwrap_or("");
    let capitals = first.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) && first.chars().count() > 2;
    let known = || {
        let mut tokens = token::tokenize(first);
        gazetteer.lexicon.number(first, &mut tokens);
        gazetteer.forms(&tokens).iter().any(|alias| alias.kind == crate::model::EntityType::Place)
    };
    let sure = !agency.is_empty() || dated || dash != ":" && (known() || capitals && dash != "-");
    (begins && spaced && sure).then_some(Dateline { length: whole.len(), agency })
}
