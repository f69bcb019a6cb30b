//! An annotated article -> what `explain` shows, in the terminal or on a page. All text is cleaned here.

use crate::{
    gazetteer::Corrections,
    model::{Annotated, Evidence, Span},
    report::{self, Piece, printable},
};
use serde::Serialize;

/// One article, ready to show.
#[derive(Debug, Serialize)]
pub(super) struct View {
    pub id: String,
    /// Names and values of what is known about the article.
    pub facts: Vec<(&'static str, String)>,
    pub pieces: Vec<Piece>,
    pub names: Vec<NameView>,
    pub quotations: Vec<QuotationView>,
    /// What a person has corrected to be no name, and where.
    pub no_names: Vec<(String, String)>,
}

/// One name, and why.
#[derive(Debug, Serialize)]
pub(super) struct NameView {
    pub surface: String,
    pub kind: &'static str,
    pub entity: String,
    pub id: String,
    pub known: bool,
    pub confidence: String,
    pub method: &'static str,
    pub role: String,
    pub evidence: Vec<(String, String)>,
    /// Where a person has corrected it.
    pub corrected: Vec<String>,
}

/// One quotation, and why.
#[derive(Debug, Serialize)]
pub(super) struct QuotationView {
    pub words: String,
    pub kind: &'static str,
    pub speaker: String,
    pub surface: String,
    pub role: String,
    pub cue: String,
    pub confidence: String,
    pub method: &'static str,
    pub details: Vec<(&'static str, String)>,
    pub evidence: Vec<(String, String)>,
}

impl View {
    /// Everything that `annotated` has to show.
    pub(super) fn of(annotated: &Annotated, corrections: Option<&Corrections>) -> View {
        let text = |span: Span| printable(span.of(&annotated.text));
        let article = &annotated.article;
        let facts = [
            ("source", article.source.as_str()),
            ("published", &annotated.published),
            ("outlet", &annotated.outlet),
            ("author", &annotated.author),
            ("url", article.url.as_deref().unwrap_or("")),
        ];
        let told = |line| printable(&corrections.map_or_else(String::new, |all| all.told(line)));
        let at = |span: Span| annotated.corrections.iter().filter(move |applied| applied.span == span);
        let named = |span: Span| annotated.mentions.binary_search_by_key(&span, |mention| mention.span).is_ok();
        let no_names = annotated.corrections.iter().filter(|applied| !named(applied.span));
        let no_names = no_names.map(|applied| (text(applied.span), told(applied.line))).collect();
        let names = annotated.mentions.iter().filter_map(|mention| {
            let entity = annotated.entities.get(mention.entity)?;
            Some(NameView {
                surface: text(mention.span),
                kind: mention.kind.as_str(),
                entity: printable(&entity.name),
                id: printable(&entity.id),
                known: entity.known,
                confidence: format!("{:.2}", mention.confidence),
                method: mention.method.as_str(),
                role: printable(&mention.role),
                evidence: evidence(&mention.evidence),
                corrected: at(mention.span).map(|applied| told(applied.line)).collect(),
            })
        });
        let quotations = annotated.quotations.iter().map(|quotation| {
            let echo = quotation.echo_of.map(|i| format!("quotation {}", i + 1)).unwrap_or_default();
            let details = [("medium", &quotation.medium), ("to", &quotation.addressee), ("repeats", &echo)];
            QuotationView {
                words: quotation.words.iter().map(|span| text(*span)).collect::<Vec<_>>().join(" … "),
                kind: quotation.kind.as_str(),
                speaker: printable(&quotation.speaker.name),
                surface: quotation.speaker.surface.map(text).unwrap_or_default(),
                role: printable(&quotation.speaker.role),
                cue: quotation.cue.map(text).unwrap_or_default(),
                confidence: format!("{:.2}", quotation.confidence),
                method: quotation.method,
                details: details.map(|(name, value)| (name, printable(value))).into_iter().filter(filled).collect(),
                evidence: evidence(&quotation.evidence),
            }
        });
        View {
            id: printable(&article.id),
            facts: facts.map(|(name, value)| (name, printable(value))).into_iter().filter(filled).collect(),
            pieces: pieces(annotated),
            names: names.collect(),
            quotations: quotations.collect(),
            no_names,
        }
    }
}

fn filled((_, value): &(&'static str, String)) -> bool {
    !value.is_empty()
}

fn evidence(evidence: &[Evidence]) -> Vec<(String, String)> {
    evidence.iter().map(|e| (e.name.to_string(), format!("{:+.2}", e.weight))).collect()
}

/// The text, cut wherever a name or a part of a quotation begins or ends.
fn pieces(annotated: &Annotated) -> Vec<Piece> {
    let names = annotated.mentions.iter().enumerate().map(|(i, m)| (m.span, i + 1));
    let parts = annotated.quotations.iter().enumerate();
    let parts = parts.flat_map(|(i, q)| q.parts.iter().map(move |part| (*part, i + 1)));
    report::pieces(&annotated.text, names.collect(), parts.collect())
}

#[cfg(test)]
mod tests {
    use super::super::terminal;
    use super::*;
    use crate::{model::*, report::is_unsafe};

    fn annotated() -> Annotated {
        let text = "“Go, Lee,” said Ann\u{1b}[31m Ray.\nBye <b>.".to_string();
        let at = |needle: &str| {
            let start = text.find(needle).unwrap();
            Span::new(start, start + needle.len())
        };
        let person = |name: &str| Entity {
            id: format!("per:{name}"),
            kind: EntityType::Person,
            name: name.to_string(),
            known: false,
            gender: Gender::Unknown,
            facts: Facts::default(),
        };
        let mention = |span: Span, entity| Mention {
            span,
            entity,
            kind: EntityType::Person,
            role: "mayor".to_string(),
            method: Method::Pattern,
            confidence: 0.9,
            zone: Zone::Body,
            paragraph: 1,
            sentence: 1,
            evidence: vec![Evidence { name: "given name", weight: 1.5 }],
        };
        Annotated {
            article: Article { id: "a\u{202e}b".into(), source: "f".into(), text: text.clone(), ..Article::default() },
            body_start: 0,
            title: None,
            published: String::new(),
            outlet: String::new(),
            author: String::new(),
            paragraphs: 2,
            entities: vec![person("Lee"), person("Ann Ray")],
            mentions: vec![mention(at("Lee"), 0), mention(at("Ann\u{1b}[31m Ray"), 1)],
            quotations: vec![Quotation {
                parts: vec![at("“Go, Lee,”")],
                words: vec![at("Go, Lee,")],
                kind: QuotationKind::Direct,
                cue: Some(at("said")),
                speaker: Speaker { entity: Some(1), name: "Ann Ray".into(), ..Speaker::default() },
                medium: "tweet".into(),
                addressee: String::new(),
                mentioned: vec![0],
                method: "verb-name",
                confidence: 0.8,
                zone: Zone::Body,
                paragraph: 1,
                echo_of: None,
                evidence: vec![Evidence { name: "cue", weight: -0.25 }],
            }],
            pairs: vec![],
            pair_ends: vec![],
            diagnostics: vec![],
            corrections: vec![],
            text,
        }
    }

    #[test]
    fn without_colours_everything_is_marked() {
        let shown = terminal::render(&View::of(&annotated(), None), false);
        assert!(shown.contains("{1: “Go, [Lee|person],”} said [Ann[31m Ray|person].\nBye <b>."), "{shown}");
        for part in ["given name +1.50", "cue -0.25", "per:Ann Ray", "mayor", "verb-name", "medium: tweet", "ab"] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert!(!shown.contains(|c: char| c != '\n' && is_unsafe(c)), "{shown:?}");
    }

    #[test]
    fn with_colours_only_our_own_escapes_are_there() {
        let shown = terminal::render(&View::of(&annotated(), None), true);
        assert!(shown.contains('\u{1b}') && !shown.contains("Ann\u{1b}[31m"), "{shown:?}");
        assert!(!shown.contains("|person]"), "{shown:?}");
    }

    #[test]
    fn a_page_holds_text_not_markup() {
        let page = super::super::page::render(&View::of(&annotated(), None)).unwrap();
        assert!(page.contains("Bye &lt;b&gt;.") && !page.contains("<b>"), "{page}");
        assert!(page.contains("Content-Security-Policy") && !page.contains("<script"), "{page}");
        assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
    }

    #[test]
    fn overlapping_spans_are_shown_once() {
        let mut annotated = annotated();
        annotated.mentions.push(Mention { span: Span::new(0, 9), ..annotated.mentions[0].clone() });
        annotated.mentions.push(Mention { span: Span::new(500, 600), ..annotated.mentions[0].clone() });
        let text: String = pieces(&annotated).iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(text, "“Go, Lee,” said Ann[31m Ray.\nBye <b>.");
    }
}
