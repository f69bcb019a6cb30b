//! Finds the quotations of one article that is held in memory, and prints who said what.
//!
//! Run it with `cargo run --release --example extract_one`.

use onrecord::{error::Result, gazetteer::Gazetteer, model::Article, pipeline::Pipeline};

const TEXT: &str = "\
Bridge over the Marne stays closed

The old bridge will not open before June, mayor Odile Garnier said on Monday. “One cable is broken,” she told \
reporters. “We will not gamble with lives.”";

fn main() -> Result<()> {
    // Loading takes a moment; a pipeline can be shared by all threads and annotates any number of articles.
    let pipeline = Pipeline::new(Gazetteer::embedded()?)?;
    let article = Article { id: "bridge".to_string(), text: TEXT.to_string(), ..Article::default() };
    let annotated = pipeline.annotate(article);
    for quotation in &annotated.quotations {
        // Spans are bytes of `annotated.text`; a split quotation has several.
        let words: Vec<&str> = quotation.words.iter().map(|span| span.of(&annotated.text)).collect();
        let (speaker, kind) = (&quotation.speaker.name, quotation.kind.as_str());
        println!("{speaker} ({kind}, {:.2}): {}", quotation.confidence, words.join(" … "));
    }
    Ok(())
}
