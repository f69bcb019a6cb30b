//! Tables side by side: each article with its rows of the other tables, one article in memory at a time.
//!
//! The tables of a run are all in input order, so that one pass over each is enough, however large they are.

use crate::{
    error::{Error, Result},
    finished::{Finished, Reader, Row},
    model::EntityType,
};

/// Articles in input order.
pub(super) struct Joined {
    articles: Reader,
    number: u64,
    mentions: Follower<Mention>,
    quotes: Follower<Quote>,
    texts: Option<Follower<Text>>,
}

/// One article and what was found in it.
#[derive(Debug, Default)]
pub(super) struct Article {
    /// Its row in articles.csv, from 1.
    pub number: u64,
    pub id: String,
    pub source: String,
    pub record: u64,
    pub title: String,
    pub published: String,
    pub outlet: String,
    pub author: String,
    pub url: String,
    pub characters: u64,
    pub language: String,
    pub remarks: String,
    pub duplicate: bool,
    pub mentions: Vec<Mention>,
    pub quotes: Vec<Quote>,
    /// If the run has written texts.
    pub text: Option<Text>,
}

/// One row of mentions.csv; offsets count code points.
#[derive(Debug)]
pub(super) struct Mention {
    pub entity: String,
    pub kind: &'static str,
    pub name: String,
    pub surface: String,
    pub start: u64,
    pub end: u64,
    pub role: String,
    pub method: String,
    pub confidence: f64,
    pub in_title: bool,
}

/// One row of quotes.csv; offsets count code points.
#[derive(Debug)]
pub(super) struct Quote {
    pub speaker: String,
    pub speaker_id: String,
    pub surface: String,
    pub role: String,
    pub cue: String,
    pub kind: String,
    pub words: String,
    pub spans: Vec<(u64, u64)>,
    pub start: u64,
    pub end: u64,
    pub medium: String,
    pub addressee: String,
    pub method: String,
    pub confidence: f64,
    pub in_title: bool,
    /// Whether it is a headline that repeats a quotation of the body.
    pub echo: bool,
    pub co_speakers: String,
}

/// One row of texts.csv.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub title: String,
    pub body: String,
}

impl Joined {
    /// Begins with the first article; without texts unless `texts`.
    pub(super) fn open(finished: &Finished, texts: bool) -> Result<Joined> {
        let texts = texts && has_texts(finished);
        Ok(Joined {
            articles: finished.table("articles")?,
            number: 0,
            mentions: Follower::open(finished, "mentions", MENTION, mention)?,
            quotes: Follower::open(finished, "quotes", QUOTE, quote)?,
            texts: if texts { Some(Follower::open(finished, "texts", &["title", "text"], text)?) } else { None },
        })
    }

    /// The next article that is `wanted` by its number.
    ///
    /// # Errors
    /// Tables that cannot be read, or that do not belong together.
    pub(super) fn next(&mut self, wanted: impl Fn(u64) -> bool) -> Result<Option<Article>> {
        let columns = self.articles.columns([
            "article_id",
            "source",
            "record",
            "title",
            "published",
            "outlet",
            "author",
            "url",
            "characters",
            "language",
            "remarks",
            "duplicate_of",
        ])?;
        let [id, source, record, title, published, outlet, author, url, characters, language, remarks, duplicate] =
            columns;
        while let Some(row) = self.articles.read()? {
            self.number += 1;
            if !wanted(self.number) {
                let id = row.cell(id);
                self.mentions.pass(id)?;
                self.quotes.pass(id)?;
                if let Some(texts) = &mut self.texts {
                    texts.pass(id)?;
                }
                continue;
            }
            let cell = |place| row.cell(place).to_string();
            let mut article = Article {
                number: self.number,
                id: cell(id),
                source: cell(source),
                record: row.integer(record)?,
                title: cell(title),
                published: cell(published),
                outlet: cell(outlet),
                author: cell(author),
                url: cell(url),
                characters: row.integer(characters)?,
                language: cell(language),
                remarks: cell(remarks),
                duplicate: !row.cell(duplicate).is_empty(),
                ..Article::default()
            };
            article.mentions = self.mentions.take(&article.id)?;
            article.quotes = self.quotes.take(&article.id)?;
            article.text = match &mut self.texts {
                Some(texts) => texts.take(&article.id)?.pop(),
                None => None,
            };
            return Ok(Some(article));
        }
        self.mentions.end()?;
        self.quotes.end()?;
        self.texts.as_ref().map_or(Ok(()), Follower::end)?;
        Ok(None)
    }
}

/// Whether the run has written the texts of its articles.
pub(super) fn has_texts(finished: &Finished) -> bool {
    finished.tables().iter().any(|table| table.schema.name == "texts")
}

type Parse<T> = fn(&Row<'_>, &[usize]) -> Result<T>;

/// A table whose rows belong to articles.
struct Follower<T> {
    reader: Reader,
    table: &'static str,
    key: usize,
    columns: Vec<usize>,
    parse: Parse<T>,
    /// The row that was read too far, with its article.
    waiting: Option<(String, T)>,
}

impl<T> Follower<T> {
    fn open(finished: &Finished, table: &'static str, columns: &[&str], parse: Parse<T>) -> Result<Follower<T>> {
        let reader = finished.table(table)?;
        let key = reader.column("article_id")?;
        let columns = columns.iter().map(|name| reader.column(name)).collect::<Result<_>>()?;
        let mut follower = Follower { reader, table, key, columns, parse, waiting: None };
        follower.fetch()?;
        Ok(follower)
    }

    fn fetch(&mut self) -> Result<()> {
        if let Some(row) = self.reader.read()? {
            self.waiting = Some((row.cell(self.key).to_string(), (self.parse)(&row, &self.columns)?));
        }
        Ok(())
    }

    /// The rows of `article`, if they come next.
    fn take(&mut self, article: &str) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        while let Some((_, row)) = self.waiting.take_if(|(of, _)| of == article) {
            rows.push(row);
            self.fetch()?;
        }
        Ok(rows)
    }

    /// Passes over the rows of `article`.
    fn pass(&mut self, article: &str) -> Result<()> {
        if self.waiting.take_if(|(of, _)| of == article).is_none() {
            return Ok(());
        }
        while let Some(row) = self.reader.read()? {
            if row.cell(self.key) != article {
                self.waiting = Some((row.cell(self.key).to_string(), (self.parse)(&row, &self.columns)?));
                break;
            }
        }
        Ok(())
    }

    /// Checks that no row is left.
    fn end(&self) -> Result<()> {
        match &self.waiting {
            None => Ok(()),
            Some((of, _)) => Err(Error::usage(format!(
                "the table of {} has rows of the article {of:?} where articles.csv has none: the tables are not of one run",
                self.table
            ))),
        }
    }
}

const MENTION: &[&str] =
    &["entity_id", "type", "name", "surface", "start", "end", "role", "method", "confidence", "zone"];

fn mention(row: &Row<'_>, columns: &[usize]) -> Result<Mention> {
    let cell = |i: usize| row.cell(columns.get(i).copied().unwrap_or(usize::MAX));
    let whole = |i: usize| row.integer(columns.get(i).copied().unwrap_or(usize::MAX));
    Ok(Mention {
        entity: cell(0).to_string(),
        kind: kind(cell(1)),
        name: cell(2).to_string(),
        surface: cell(3).to_string(),
        start: whole(4)?,
        end: whole(5)?,
        role: cell(6).to_string(),
        method: cell(7).to_string(),
        confidence: probability(row, columns.get(8).copied())?,
        in_title: cell(9) == "title",
    })
}

const QUOTE: &[&str] = &[
    "speaker",
    "speaker_id",
    "speaker_surface",
    "speaker_role",
    "cue",
    "kind",
    "quote",
    "spans",
    "start",
    "end",
    "medium",
    "addressee",
    "method",
    "confidence",
    "zone",
    "echo_of",
    "co_speakers",
];

fn quote(row: &Row<'_>, columns: &[usize]) -> Result<Quote> {
    let cell = |i: usize| row.cell(columns.get(i).copied().unwrap_or(usize::MAX));
    let text = |i: usize| cell(i).to_string();
    let whole = |i: usize| row.integer(columns.get(i).copied().unwrap_or(usize::MAX));
    let span = |part: &str| {
        let (start, end) = part.split_once('-')?;
        Some((start.parse().ok()?, end.parse().ok()?))
    };
    let spans: Option<Vec<(u64, u64)>> = cell(7).split(';').map(span).collect();
    let odd =
        || Error::format(format!("quotes: the cell of spans is no list of spans: {:?}", cell(7))).at_line(row.line());
    Ok(Quote {
        speaker: text(0),
        speaker_id: text(1),
        surface: text(2),
        role: text(3),
        cue: text(4),
        kind: text(5),
        words: text(6),
        spans: spans.ok_or_else(odd)?,
        start: whole(8)?,
        end: whole(9)?,
        medium: text(10),
        addressee: text(11),
        method: text(12),
        confidence: probability(row, columns.get(13).copied())?,
        in_title: cell(14) == "title",
        echo: !cell(15).is_empty(),
        co_speakers: text(16),
    })
}

fn text(row: &Row<'_>, columns: &[usize]) -> Result<Text> {
    let cell = |i: usize| row.cell(columns.get(i).copied().unwrap_or(usize::MAX)).to_string();
    Ok(Text { title: cell(0), body: cell(1) })
}

fn probability(row: &Row<'_>, place: Option<usize>) -> Result<f64> {
    Ok(row.number(place.unwrap_or(usize::MAX))?.unwrap_or(0.0))
}

/// The types of entities; anything else counts as an organization.
pub(super) fn kinds() -> [&'static str; EntityType::ALL.len()] {
    EntityType::ALL.map(EntityType::as_str)
}

/// The word of [`kinds`] that `cell` is.
pub(super) fn kind(cell: &str) -> &'static str {
    kinds().into_iter().find(|kind| *kind == cell).unwrap_or(EntityType::Organization.as_str())
}
