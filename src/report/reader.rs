//! The articles that can be read in the report, and where in them the lists lead.

use super::{
    collect::{Place, inside_of},
    dates,
    joined::{Article, Joined, Mention, Quote},
    lists::Lists,
    pieces::{Piece, line, pieces, printable},
};
use crate::{error::Result, finished::Finished, model::Span};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Characters of a text that are shown.
const LONGEST: usize = 20_000;
/// Names and quotations of an article that are shown.
const MOST_MENTIONS: usize = 1_500;
const MOST_QUOTES: usize = 400;
/// Bytes of a link.
const LONGEST_LINK: usize = 2_000;

/// What can be read, and where it leads.
#[derive(Default)]
pub(super) struct Reading {
    pub articles: Vec<ArticleView>,
    /// For a listed entity, the anchor of its first mention.
    entities: HashMap<usize, String>,
    /// For a speaker, the anchor of the first quotation.
    said: HashMap<usize, String>,
    /// For a speaker and an entity, the anchor of what the one says of the other.
    about: HashMap<(usize, usize), String>,
    /// For a speaker and a day, the anchor of a quotation.
    days: HashMap<(usize, i32), String>,
}

/// Where a row leads: to an anchor of the page, or to a place that can be looked up.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Link {
    /// Without `#`; empty if the article is not in the page.
    pub anchor: String,
    /// The article.
    pub article: String,
    /// The characters, in whatever zone.
    pub characters: String,
}

/// One article.
#[derive(Debug, Default, Serialize)]
pub(super) struct ArticleView {
    anchor: String,
    id: String,
    title: String,
    facts: Vec<(&'static str, String)>,
    /// The link, if it is one that leads to a page of the web.
    url: String,
    published: String,
    outlet: String,
    /// The title, if it is a field of its own.
    heading: Vec<Shown>,
    text: Vec<Shown>,
    has_text: bool,
    /// Characters that are not shown.
    cut: u64,
    /// Mentions and quotations beyond those shown.
    more_mentions: usize,
    more_quotes: usize,
    marks: Vec<Mark>,
    names: Vec<NameView>,
    quotes: Vec<QuoteView>,
}

/// A piece of text.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    piece: Piece,
    /// Whether the quotation begins here: its anchor is at its first part.
    first: bool,
}

/// A name in the text.
#[derive(Debug, Serialize)]
struct Mark {
    id: String,
    kind: &'static str,
    confidence: String,
    /// Tells names of one entity from others within the article.
    entity: usize,
    /// What is shown beside it; its first line is the name.
    note: String,
}

/// All mentions of one entity.
#[derive(Debug, Default, Serialize)]
struct NameView {
    name: String,
    kind: &'static str,
    role: String,
    /// Number of the mark, its words, and whether the text shows it.
    mentions: Vec<(usize, String, bool)>,
}

/// One quotation.
#[derive(Debug, Serialize)]
struct QuoteView {
    id: String,
    /// Whether the text shows it.
    shown: bool,
    speaker: String,
    surface: String,
    role: String,
    /// Number of the speaker among the entities of the article; 0 if it is none of them.
    entity: usize,
    kind: String,
    words: String,
    confidence: String,
    echo: bool,
    note: String,
    details: Vec<(&'static str, String)>,
}

impl Reading {
    /// Reads the articles with the numbers `chosen`.
    pub(super) fn read(finished: &Finished, lists: &Lists, chosen: &BTreeSet<u64>) -> Result<Reading> {
        let mut reading = Reading::default();
        let mut joined = Joined::open(finished, true)?;
        let last = chosen.last().copied().unwrap_or(0);
        while let Some(mut article) = joined.next(|number| chosen.contains(&number))? {
            let all = (article.mentions.len(), article.quotes.len());
            article.mentions.truncate(MOST_MENTIONS);
            article.quotes.truncate(MOST_QUOTES);
            reading.add(&article, all, lists);
            if article.number == last {
                break;
            }
        }
        Ok(reading)
    }

    /// Adds an article, of whose mentions and quotations there are so many in `all`.
    fn add(&mut self, article: &Article, all: (usize, usize), lists: &Lists) {
        let mut view = ArticleView::of(article);
        view.more_mentions = all.0 - article.mentions.len();
        view.more_quotes = all.1 - article.quotes.len();
        let day = dates::day(&article.published);
        for (mention, mark) in article.mentions.iter().zip(&view.marks) {
            if let Some(place) = lists.places.get(&mention.entity) {
                self.entities.entry(*place).or_insert_with(|| mark.id.clone());
            }
        }
        let by_start: HashMap<(bool, u64), &Mark> =
            article.mentions.iter().zip(&view.marks).map(|(m, mark)| ((m.in_title, m.start), mark)).collect();
        for (quote, shown) in article.quotes.iter().zip(&view.quotes).filter(|(quote, _)| !quote.echo) {
            let Some(speaker) = lists.places.get(&quote.speaker_id) else { continue };
            let anchor = || shown.id.clone();
            self.entities.entry(*speaker).or_insert_with(anchor);
            self.said.entry(*speaker).or_insert_with(anchor);
            if let Some(day) = day {
                self.days.entry((*speaker, day)).or_insert_with(anchor);
            }
            for mention in inside_of(quote, &article.mentions) {
                let mark = by_start.get(&(mention.in_title, mention.start));
                if let Some((about, mark)) = lists.places.get(&mention.entity).zip(mark) {
                    self.about.entry((*speaker, *about)).or_insert_with(|| mark.id.clone());
                }
            }
        }
        self.articles.push(view);
    }

    /// Where the row of an entity leads.
    pub(super) fn entity(&self, entity: usize, first: Option<&Place>) -> Link {
        link(self.entities.get(&entity), first)
    }

    /// Where the row of a speaker leads.
    pub(super) fn said(&self, speaker: usize, first: Option<&Place>) -> Link {
        link(self.said.get(&speaker), first)
    }

    /// Where a pair of a speaker and an entity leads.
    pub(super) fn about(&self, speaker: usize, entity: usize, first: &Place) -> Link {
        link(self.about.get(&(speaker, entity)), Some(first))
    }

    /// The anchor of something that the speaker said on one of these days.
    pub(super) fn on(&self, speaker: usize, days: impl Iterator<Item = i32>) -> String {
        let mut found = days.filter_map(|day| self.days.get(&(speaker, day)));
        found.next().cloned().unwrap_or_default()
    }
}

fn link(anchor: Option<&String>, first: Option<&Place>) -> Link {
    let zone = |place: &Place| if place.in_title { "title " } else { "" };
    Link {
        anchor: anchor.cloned().unwrap_or_default(),
        article: first.map(|place| line(&place.id)).unwrap_or_default(),
        characters: first.map(|p| format!("{}{}–{}", zone(p), p.start, p.end)).unwrap_or_default(),
    }
}

impl ArticleView {
    fn of(article: &Article) -> ArticleView {
        let anchor = format!("a{}", article.number);
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for mention in &article.mentions {
            let next = numbers.len() + 1;
            numbers.entry(&mention.entity).or_insert(next);
        }
        let mut taken = HashSet::new();
        let mut id = |wanted: String| {
            let id = (1..).map(|i| if i == 1 { wanted.clone() } else { format!("{wanted}-{i}") });
            let id = id.into_iter().find(|id| !taken.contains(id)).unwrap_or_default();
            taken.insert(id.clone());
            id
        };
        let marks: Vec<Mark> = article
            .mentions
            .iter()
            .map(|mention| Mark {
                id: id(format!("{anchor}-{}{}", if mention.in_title { "t" } else { "" }, mention.start)),
                kind: mention.kind,
                confidence: format!("{:.2}", mention.confidence),
                entity: numbers.get(mention.entity.as_str()).copied().unwrap_or(0),
                note: note_of_name(mention),
            })
            .collect();
        let mut quotes: Vec<QuoteView> = article
            .quotes
            .iter()
            .enumerate()
            .map(|(i, quote)| {
                let number = numbers.get(quote.speaker_id.as_str()).copied().unwrap_or(0);
                QuoteView::of(quote, id(format!("{anchor}-q{}", i + 1)), number)
            })
            .collect();
        let mut view = ArticleView {
            id: line(&article.id),
            title: line(if article.title.is_empty() { &article.id } else { &article.title }),
            facts: facts(article),
            url: web(&article.url),
            published: line(article.published.get(..10).unwrap_or(&article.published)),
            outlet: line(&article.outlet),
            anchor,
            ..ArticleView::default()
        };
        let mut shown: HashSet<usize> = HashSet::new();
        if let Some(text) = &article.text {
            // Without a title field, the title is the first line of the text, and its rows count there.
            let field = !text.title.is_empty();
            let (heading, _) = cut(&text.title, article, |in_title| in_title);
            let (body, left) = cut(&text.body, article, |in_title| !(in_title && field));
            view.cut = left;
            view.has_text = true;
            let mut show = |piece: Piece| {
                if piece.name_starts {
                    shown.insert(piece.name);
                }
                let quote = piece.quotation.checked_sub(1).and_then(|i| quotes.get_mut(i));
                let first = quote.is_some_and(|quote| !std::mem::replace(&mut quote.shown, true));
                Shown { piece, first }
            };
            view.heading = heading.into_iter().map(&mut show).collect();
            view.text = body.into_iter().map(&mut show).collect();
        }
        for (i, (mention, mark)) in article.mentions.iter().zip(&marks).enumerate() {
            let place = mark.entity.saturating_sub(1);
            if view.names.len() <= place {
                view.names.resize_with(place + 1, NameView::default);
            }
            let name = &mut view.names[place];
            if name.mentions.is_empty() {
                (name.name, name.kind) = (line(&mention.name), mention.kind);
            }
            if name.role.is_empty() {
                name.role = line(&mention.role);
            }
            name.mentions.push((i, line(&mention.surface), shown.contains(&(i + 1))));
        }
        ArticleView { marks, quotes, ..view }
    }
}

impl QuoteView {
    fn of(quote: &Quote, id: String, entity: usize) -> QuoteView {
        let speaker = if quote.speaker.is_empty() { "nobody that can be told" } else { &quote.speaker };
        let mut note = line(speaker);
        if !quote.surface.is_empty() && quote.surface != quote.speaker {
            note += &format!(" (“{}”)", line(&quote.surface));
        }
        note += &format!("\n{} quotation · confidence {:.2}", line(&quote.kind), quote.confidence);
        if !quote.cue.is_empty() {
            note += &format!("\ncue: {}", line(&quote.cue));
        }
        note += &format!("\nrule: {}", line(&quote.method));
        if !quote.role.is_empty() {
            note += &format!("\n{}", line(&quote.role));
        }
        let details = [
            ("cue", &quote.cue),
            ("medium", &quote.medium),
            ("to", &quote.addressee),
            ("together with", &quote.co_speakers),
            ("rule", &quote.method),
        ];
        QuoteView {
            id,
            shown: false,
            speaker: line(speaker),
            surface: line(if quote.surface == quote.speaker { "" } else { &quote.surface }),
            role: line(&quote.role),
            entity,
            kind: line(&quote.kind),
            words: line(&quote.words),
            confidence: format!("{:.2}", quote.confidence),
            echo: quote.echo,
            note,
            details: filled(details.map(|(name, value)| (name, line(value)))),
        }
    }
}

fn note_of_name(mention: &Mention) -> String {
    let mut note = format!("{}\n{} · confidence {:.2}", line(&mention.name), mention.kind, mention.confidence);
    note += &format!("\nfound by {}", line(&mention.method));
    if !mention.role.is_empty() {
        note += &format!("\n{}", line(&mention.role));
    }
    note
}

fn facts(article: &Article) -> Vec<(&'static str, String)> {
    let place = format!("{}, record {}", line(&article.source), article.record);
    filled([
        ("published", line(&article.published)),
        ("outlet", line(&article.outlet)),
        ("author", line(&article.author)),
        ("language", line(&article.language)),
        ("article", line(&article.id)),
        ("read from", place),
        ("remarks", line(&article.remarks)),
    ])
}

fn filled<const N: usize>(facts: [(&'static str, String); N]) -> Vec<(&'static str, String)> {
    facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// `url` if a click on it opens a page and nothing else.
fn web(url: &str) -> String {
    let url = printable(url.trim());
    let lower = url.get(..8).unwrap_or(&url).to_ascii_lowercase();
    let web = lower.starts_with("http://") || lower.starts_with("https://");
    if web && url.len() <= LONGEST_LINK { url } else { String::new() }
}

/// The first characters of a text in pieces, with the names and quotations of the zones that `here` tells; and how many
/// characters are left.
fn cut(text: &str, article: &Article, here: impl Fn(bool) -> bool) -> (Vec<Piece>, u64) {
    let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).take(LONGEST).collect();
    let left = text.chars().count() - bytes.len();
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    bytes.push(end);
    let byte = |at: u64| usize::try_from(at).ok().and_then(|at| bytes.get(at)).copied();
    let span = |start: u64, end: u64| {
        let (start, end) = (byte(start)?, byte(end)?);
        (start < end).then(|| Span::new(start, end))
    };
    let names = article.mentions.iter().enumerate().filter(|(_, mention)| here(mention.in_title));
    let names = names.filter_map(|(i, mention)| Some((span(mention.start, mention.end)?, i + 1)));
    let quotes = article.quotes.iter().enumerate().filter(|(_, quote)| here(quote.in_title));
    let parts = quotes
        .flat_map(|(i, quote)| quote.spans.iter().filter_map(move |(start, end)| Some((span(*start, *end)?, i + 1))));
    (pieces(text.get(..end).unwrap_or(text), names.collect(), parts.collect()), left as u64)
}
