//! The spine: an article in, everything found in it out. No input or output, no threads, no failure.

use crate::{
    error::Result,
    gazetteer::Gazetteer,
    mention,
    model::{Annotated, Article},
    text,
};

/// Everything that annotating needs, loaded once and shared by all workers.
#[derive(Debug)]
pub struct Pipeline {
    gazetteer: Gazetteer,
    names: mention::Model,
}

impl Pipeline {
    /// Prepares the stages.
    ///
    /// # Errors
    /// Weights in the gazetteer that do not have the expected form.
    pub fn new(gazetteer: Gazetteer) -> Result<Pipeline> {
        let names = mention::Model::load(&gazetteer)?;
        Ok(Pipeline { gazetteer, names })
    }

    /// The gazetteer in use.
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// Finds names and quotations in one article.
    pub fn annotate(&self, article: Article) -> Annotated {
        self.run(article, false)
    }

    /// As [`Pipeline::annotate`], with the evidence for every decision.
    pub fn explain(&self, article: Article) -> Annotated {
        self.run(article, true)
    }

    fn run(&self, article: Article, explain: bool) -> Annotated {
        let segments = text::segment(&article, &self.gazetteer);
        let _found = mention::find(&segments, &self.gazetteer, &self.names, explain);
        Annotated {
            text: segments.text,
            body_start: segments.body_start,
            title: segments.title,
            published: segments.published,
            outlet: segments.outlet,
            author: segments.author,
            paragraphs: segments.paragraphs.iter().map(|p| p.number).max().unwrap_or(0),
            entities: Vec::new(),
            mentions: Vec::new(),
            quotations: Vec::new(),
            pairs: Vec::new(),
            diagnostics: segments.diagnostics,
            article,
        }
    }
}
