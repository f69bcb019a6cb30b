//! What must hold for every input, for all fuzz targets. A broken rule is a panic, which the fuzzer reports with its input.

use onrecord::{
    gazetteer::Gazetteer,
    model::{Annotated, Article, Span},
    pipeline::Pipeline,
    table::{Dialect, Document, Rows, TABLES, Totals},
    token::{self, Token},
};
use std::{collections::HashSet, sync::LazyLock};

/// Loaded once for all cases.
pub static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Gazetteer::embedded().expect("the gazetteers load")).expect("the weights load"));

/// An article from bytes: what stands before the first NUL, if there is one, is its title. What is no UTF-8 is replaced.
pub fn article(bytes: &[u8]) -> Article {
    let (title, text) = match bytes.iter().position(|byte| *byte == 0) {
        Some(end) => (Some(&bytes[..end]), &bytes[end + 1..]),
        None => (None, bytes),
    };
    let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Article { id: "1".into(), record: 1, title: title.map(string), text: string(text), ..Article::default() }
}

/// Tokens lie one behind the other, on character boundaries, and hold something.
pub fn check_tokens(text: &str, tokens: &[Token]) {
    for token in tokens {
        assert!(token.start < token.end && !token.text(text).is_empty(), "{token:?}");
    }
    assert!(tokens.windows(2).all(|pair| pair[0].end <= pair[1].start), "tokens overlap");
    for token in tokens.iter().filter(|token| token.is_word()) {
        let folded = token::fold(token.text(text));
        assert!(token.hash == 0 || token.hash == token::hash(&folded), "{folded}");
    }
}

/// Everything found lies in the text, in order, and leads somewhere.
pub fn check_found(found: &Annotated) {
    let text = &found.text;
    let fits = |span: Span| span.start < span.end && text.get(span.start..span.end).is_some();
    let probable = |p: f32| (0.0..=1.0).contains(&p);
    assert!(text.ends_with(&found.article.text));
    assert!(found.title.is_none_or(fits));
    assert!(found.diagnostics.iter().all(|d| text.get(d.span.start..d.span.end).is_some()));
    assert!(found.mentions.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "mentions overlap");
    for mention in &found.mentions {
        assert!(fits(mention.span) && probable(mention.confidence), "{mention:?}");
        assert!(found.entities.get(mention.entity).is_some_and(|e| e.kind == mention.kind), "{mention:?}");
        let surface = mention.span.of(text);
        assert!(surface.trim() == surface && surface.chars().any(char::is_alphanumeric), "{surface:?}");
    }
    let ids: HashSet<&str> = found.entities.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids.len(), found.entities.len(), "two entities share an id");
    assert!(found.entities.iter().all(|e| !e.id.is_empty() && !e.name.is_empty()));
    assert!(found.pairs.iter().all(|(a, b)| a < b && *b < found.entities.len()));
    assert!(found.quotations.is_sorted_by_key(|q| q.start()), "quotations are out of order");
    for quotation in &found.quotations {
        assert!(!quotation.parts.is_empty() && quotation.parts.iter().all(|part| fits(*part)), "{quotation:?}");
        assert!(quotation.parts.windows(2).all(|pair| pair[0].end <= pair[1].start), "{quotation:?}");
        assert_eq!(quotation.parts.len(), quotation.words.len());
        assert!(quotation.words.iter().all(|words| text.get(words.start..words.end).is_some()), "{quotation:?}");
        assert!(quotation.cue.is_none_or(fits) && quotation.speaker.surface.is_none_or(fits), "{quotation:?}");
        let entities = quotation.speaker.entity.iter().chain(&quotation.speaker.others).chain(&quotation.mentioned);
        assert!(entities.into_iter().all(|e| *e < found.entities.len()), "{quotation:?}");
        assert!(probable(quotation.confidence), "{quotation:?}");
        assert!(quotation.echo_of.is_none_or(|of| of < found.quotations.len()));
    }
}

/// The rows of an article can be written, and are UTF-8 with as many cells as there are columns.
pub fn check_tables(found: &Annotated) {
    let document = Document::new(found, 0.0);
    let mut totals = Totals::default();
    totals.add(&document);
    for table in TABLES {
        let mut rows = Rows::new(table.schema(), Dialect::default());
        table.article(&document, &mut rows);
        table.finish(&totals, &mut rows);
        let (bytes, _) = rows.finish().expect("rows in memory");
        assert!(std::str::from_utf8(&bytes).is_ok(), "{} is no UTF-8", table.schema().name);
    }
}
