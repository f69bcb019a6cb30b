//! What a page says about its article: title, date, author, outlet, link, language.
//!
//! The order is from what is written for machines to what is written for people: JSON-LD, OpenGraph and other `meta`
//! elements, microdata, `time`, and in the end what stands beside the headline.

use super::{
    super::language_code,
    blocks::Blocks,
    body::{Body, letters},
    dom::{Attribute, Dom},
    signal::Signals,
    tag::Tag,
};

/// What is known of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    pub title: Option<String>,
    pub published: Option<String>,
    pub author: Option<String>,
    pub outlet: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
    /// The text as the page gives it to machines.
    pub text: Option<String>,
    /// Whether it says that all may read it.
    pub free: Option<bool>,
}

/// What `meta` elements say; each the best so far with its rank, 0 the best.
#[derive(Default)]
struct Metas<'d> {
    title: Option<(usize, &'d str)>,
    published: Option<(usize, &'d str)>,
    author: Option<(usize, &'d str)>,
    outlet: Option<(usize, &'d str)>,
    url: Option<(usize, &'d str)>,
    language: Option<(usize, &'d str)>,
}

const TITLES: &[&str] = &["og:title", "twitter:title", "parsely-title", "dc.title", "dcterms.title", "sailthru.title"];
const DATES: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "article:published",
    "parsely-pub-date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "originalpublicationdate",
    "article.published",
    "article_date_original",
    "publishdate",
    "publish-date",
    "publication_date",
    "pubdate",
    "date",
    "dc.date",
    "ptime",
    "created",
];
const AUTHORS: &[&str] = &[
    "author",
    "byl",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "article:author",
    "og:author",
];
const OUTLETS: &[&str] =
    &["og:site_name", "dc.publisher", "dcterms.publisher", "publisher", "source", "application-name"];
const URLS: &[&str] = &["canonical", "og:url", "parsely-link", "twitter:url"];
const LANGUAGES: &[&str] = &["content-language", "language", "dc.language", "og:locale"];

impl About {
    /// What `dom` says in elements that are not shown.
    pub(super) fn of(dom: &Dom) -> About {
        let (mut metas, mut described) = (Metas::default(), About::default());
        let (mut lang, mut heading) = (None, None);
        let mut items = About::default();
        for (number, node) in dom.elements() {
            let get = |attribute| dom.attribute(number, attribute);
            match node.tag {
                Tag::Meta => metas.read(&get),
                Tag::Script if get(Attribute::Type).is_some_and(|kind| kind.contains("ld+json")) => {
                    described.describe(&dom.whole_text(number));
                }
                Tag::Title if heading.is_none() => heading = Some(line(&dom.whole_text(number))),
                Tag::Page if lang.is_none() => lang = get(Attribute::Lang),
                _ => {}
            }
            if let Some(property) = get(Attribute::ItemProp) {
                items.item(dom, number, property);
            }
        }
        let meta = |found: Option<(usize, &str)>| found.map(|(_, value)| line(value)).filter(|value| !value.is_empty());
        let is_name = |name: &String| !name.starts_with("http") && !name.starts_with('@');
        let mut about = About {
            title: described.title.map(|title| line(&title)),
            published: described.published.or(meta(metas.published)).or(items.published),
            author: described.author.or(meta(metas.author).filter(is_name)).or(items.author).map(|name| by(&name)),
            outlet: described.outlet.or(meta(metas.outlet)).or(items.outlet),
            url: [meta(metas.url), described.url].into_iter().flatten().find(|url| url.starts_with("http")),
            language: lang
                .map(str::to_string)
                .or(described.language)
                .or(meta(metas.language))
                .and_then(|language| language_code(&language)),
            text: described.text,
            free: described.free,
        };
        about.entitle(meta(metas.title), items.title, heading);
        about
    }

    /// Decides on the title: `meta` and the `heading` of the window often have the outlet at their end.
    fn entitle(&mut self, meta: Option<String>, item: Option<String>, heading: Option<String>) {
        let told = self.title.take().map(|title| plain(&title)).filter(|title| !title.is_empty());
        // Some descriptions cut long titles.
        let cut = told.as_ref().is_some_and(|title| title.ends_with('…') || title.ends_with("..."));
        let title = told.clone().filter(|_| !cut).or(item).or(meta).or(told).or_else(|| heading.clone());
        let Some(mut title) = title.filter(|title| !title.is_empty()) else { return };
        if let Some(outlet) = &self.outlet {
            title = without_outlet(&title, outlet);
        }
        self.title = Some(title);
        if self.outlet.is_none()
            && let (Some(title), Some(heading)) = (&self.title, heading)
        {
            self.outlet = rest_of(&heading, title);
        }
    }

    /// Takes note of an element with microdata.
    fn item(&mut self, dom: &Dom, node: u32, property: &str) {
        let keep = |slot: &mut Option<String>, value: String| {
            if slot.is_none() && !value.is_empty() && value.len() < 500 {
                *slot = Some(value);
            }
        };
        let value = || {
            let given = dom.attribute(node, Attribute::Content).or_else(|| dom.attribute(node, Attribute::DateTime));
            given.map_or_else(|| line(&dom.whole_text(node)), line)
        };
        // A person's name stands in an element of its own, if there is one.
        let name = || {
            let inner = (node + 1..dom.nodes[node as usize].end)
                .find(|inner| dom.attribute(*inner, Attribute::ItemProp).is_some_and(|property| property == "name"));
            let Some(inner) = inner else { return value() };
            dom.attribute(inner, Attribute::Content).map_or_else(|| line(&dom.whole_text(inner)), line)
        };
        for property in property.split_ascii_whitespace() {
            match property {
                "headline" => keep(&mut self.title, value()),
                "datePublished" => keep(&mut self.published, value()),
                "author" | "creator" if self.author.is_none() => keep(&mut self.author, name()),
                "publisher" if self.outlet.is_none() => keep(&mut self.outlet, name()),
                _ => {}
            }
        }
    }

    /// Takes from what is shown what is not known yet: the text of the headline, and what stands beside it, which is no
    /// part of the body then.
    pub(super) fn complete(&mut self, dom: &Dom, blocks: &Blocks, body: &mut Body) {
        let headline = body.headline.map(|block| &blocks.all[block]);
        if let Some(block) = headline {
            let shown = blocks.text(block).replace('\n', " ");
            let (known, seen) = (self.title.as_deref().map(letters).unwrap_or_default(), letters(&shown));
            if known.is_empty() || known != seen && is_headline(dom, block.owner) && known.contains(&seen) {
                if self.outlet.is_none() {
                    self.outlet = self.title.as_deref().and_then(|title| rest_of(title, &shown));
                }
                self.title = Some(shown);
            } else if self.outlet.is_none() || known.len() > seen.len() && known.contains(&seen) {
                let rest = self.title.as_deref().and_then(|title| rest_of(title, &shown));
                if rest.is_some() {
                    self.outlet = self.outlet.take().or(rest);
                    self.title = Some(shown);
                }
            }
        }
        let near: Vec<u32> = nodes_near(dom, blocks, body);
        if self.published.is_none() {
            let of = |node: &u32| dom.attribute(*node, Attribute::DateTime).map(line).filter(|date| has_date(date));
            let marked = near.iter().filter(|node| dom.nodes[**node as usize].tag == Tag::Time).find_map(of);
            self.published = marked;
            if self.published.is_none() {
                let text = |block: &usize| blocks.text(&blocks.all[*block]);
                let found = body.about.iter().copied().find(|block| text(block).len() < 80 && has_date(text(block)));
                self.published = found.map(|block| line(text(&block)));
                body.blocks.retain(|block| Some(*block) != found);
            }
        }
        if self.author.is_none() {
            let marked = |node: &&u32| {
                dom.nodes[**node as usize].signals.contains(Signals::AUTHOR)
                    || dom.attribute(**node, Attribute::Rel).is_some_and(|rel| rel == "author")
            };
            // What is a link in it is the name; beside it may be what the author is.
            let text = |node: &u32| {
                let mut inner = *node..dom.nodes[*node as usize].end;
                let link = inner.find(|inner| dom.nodes[*inner as usize].linked && !dom.text(*inner).trim().is_empty());
                by(&link.map_or_else(|| line(&dom.whole_text(*node)), |link| line(dom.text(link))))
            };
            let named = |name: &String| (2..80).contains(&name.len()) && !has_date(name) && !name.ends_with('.');
            self.author = near.iter().filter(marked).map(text).find(named);
        }
        if self.author.is_none() {
            // "by Agneta Rask" in a line of its own.
            let named = |block: &usize| {
                blocks.text(&blocks.all[*block]).split('\n').find_map(|text| {
                    let name = by(text);
                    let capital = name.split(' ').all(|word| word.chars().next().is_some_and(char::is_uppercase));
                    (text.len() < 60 && name.len() < text.len() && capital && name.contains(' ')).then_some(name)
                })
            };
            let found = body.about.iter().find_map(|block| named(block).map(|name| (*block, name)));
            if let Some((found, name)) = found {
                self.author = Some(name);
                let alone = !blocks.text(&blocks.all[found]).contains('\n');
                body.blocks.retain(|block| *block != found || !alone);
            }
        }
    }
}

/// Whether an element is the headline, by its rank or its name.
fn is_headline(dom: &Dom, node: u32) -> bool {
    let node = &dom.nodes[node as usize];
    node.tag == Tag::Heading(1) || matches!(node.tag, Tag::Heading(_)) && node.signals.contains(Signals::HEADLINE)
}

/// The elements between the headline and the beginning of the text, and shortly before.
fn nodes_near(dom: &Dom, blocks: &Blocks, body: &Body) -> Vec<u32> {
    let start = body.headline.or(body.blocks.first().copied()).map_or(0, |block| blocks.all[block].nodes.start);
    let end = body.blocks.first().map_or(start, |block| blocks.all[*block].nodes.end);
    // The line above the headline belongs to it if both lie in the same element.
    let (from, to) = (start.saturating_sub(40), end.max(start).saturating_add(60).min(dom.nodes.len() as u32));
    (from..to).filter(|node| dom.nodes[*node as usize].tag != Tag::Text).collect()
}

impl<'d> Metas<'d> {
    fn read(&mut self, get: &dyn Fn(Attribute) -> Option<&'d str>) {
        let (name, value) = match get(Attribute::Rel) {
            Some(rel) => (Some(rel), get(Attribute::Href)),
            None => (get(Attribute::Property).or_else(|| get(Attribute::Name)), get(Attribute::Content)),
        };
        let (Some(name), Some(value)) = (name, value) else { return };
        if value.trim().is_empty() {
            return;
        }
        let name = name.trim().to_ascii_lowercase();
        for (slot, known) in [
            (&mut self.title, TITLES),
            (&mut self.published, DATES),
            (&mut self.author, AUTHORS),
            (&mut self.outlet, OUTLETS),
            (&mut self.url, URLS),
            (&mut self.language, LANGUAGES),
        ] {
            if let Some(rank) = known.iter().position(|known| *known == name)
                && slot.is_none_or(|(best, _)| rank < best)
                && !(rank > 5 && known == AUTHORS && value.starts_with("http"))
            {
                *slot = Some((rank, value));
            }
        }
    }
}

/// A text in one line, with entities that were encoded twice decoded.
pub(super) fn line(text: &str) -> String {
    plain(&text.split(|c: char| c.is_whitespace()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

/// A text without entities and tags.
fn plain(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return text.to_string();
    }
    crate::read::markup::without(text).into_owned()
}

/// A byline without its first word.
pub(in crate::read) fn by(name: &str) -> String {
    let name = name.trim();
    let rest = name.get(..3).filter(|start| start.eq_ignore_ascii_case("by ")).map_or(name, |_| &name[3..]);
    rest.trim().trim_end_matches([',', '|', '·']).trim().to_string()
}

/// What joins a title and the name of an outlet.
const JOINTS: &[&str] = &[" | ", " - ", " – ", " — ", " :: ", " • ", " · ", " « ", " » ", " / "];

fn without_outlet(title: &str, outlet: &str) -> String {
    let outlet = letters(outlet);
    for joint in JOINTS {
        if let Some((rest, end)) = title.rsplit_once(joint)
            && letters(end) == outlet
        {
            return rest.trim().to_string();
        }
        if let Some((start, rest)) = title.split_once(joint)
            && letters(start) == outlet
        {
            return rest.trim().to_string();
        }
    }
    title.to_string()
}

/// What is joined to `title` in `heading`: mostly the name of the outlet.
fn rest_of(heading: &str, title: &str) -> Option<String> {
    let rest = match heading.strip_prefix(title) {
        Some(rest) => {
            JOINTS.iter().filter_map(|joint| rest.rsplit_once(joint)).map(|(_, end)| end).min_by_key(|s| s.len())
        }
        None => {
            let rest = heading.strip_suffix(title)?;
            JOINTS.iter().find_map(|joint| rest.strip_suffix(joint))
        }
    };
    rest.map(|rest| rest.trim().to_string()).filter(|rest| (2..60).contains(&rest.len()))
}

/// Whether `text` has a year and another number or a long word beside it.
fn has_date(text: &str) -> bool {
    let numbers = || text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let year = |number: &str| number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    numbers().any(year) && numbers().any(|number| number.len() <= 2)
        || numbers().any(|number| number.len() == 8 && (number.starts_with("19") || number.starts_with("20")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_outlets_are_told_apart() {
        for (heading, title, outlet) in [
            ("A day - The Herald", "A day", Some("The Herald")),
            ("The Herald | A day", "A day", Some("The Herald")),
            ("A day – as it was | Politics | The Herald", "A day – as it was", Some("The Herald")),
            ("A day", "A day", None),
            ("A day off", "A day", None),
        ] {
            assert_eq!(rest_of(heading, title).as_deref(), outlet, "{heading}");
        }
        assert_eq!(without_outlet("A day - B | Herald", "herald"), "A day - B");
        assert_eq!(without_outlet("A day - B", "Herald"), "A day - B");
    }
}
