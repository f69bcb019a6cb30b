//! TEXT -> quotations: quotation marks are paired into stretches, cues with their subjects are found around them, and
//! each cue's content is cut out, inside marks or not.

mod alone;
mod clause;
mod content;
mod end_evidence;
mod end_reasons;
mod ends;
mod extent;
mod floating;
mod frames;
mod group;
mod marks;
mod nested;
mod nominal;
mod opening;
mod passive;
mod phrase;
mod reported;
mod sentences;
mod singles;
mod speech;
mod subject;
mod tail;

pub use end_reasons::{END_COLUMNS, END_NAMES};
pub use ends::{Ends, Model};

use crate::{
    gazetteer::Gazetteer,
    model::{Diagnostic, Resolved, Statement, Stretch},
    text::Segments,
};
use std::{
    cell::{Cell, RefCell},
    ops::Range,
};

/// What the rules look at: one article with its names and stretches.
pub(crate) struct View<'a> {
    pub segments: &'a Segments,
    pub gazetteer: &'a Gazetteer,
    pub names: &'a Resolved,
    pub stretches: &'a [Stretch],
    /// For each token, the number of its stretch plus one; 0 outside.
    pub inside: Vec<u32>,
    /// For each paragraph, whether it is a turn of an interview.
    pub turns: Vec<bool>,
    /// The first token behind too many statements.
    plenty: Cell<Option<usize>>,
    /// The weights of the ends.
    pub model: &'a Model,
    /// Where all ends that are compared are kept, for fitting.
    pub record: Option<&'a RefCell<Vec<Ends>>>,
}

/// So many statements an article may have, and one more for so many bytes of text before it: several times as many as news
/// has. Sentences and stretches behind more of them tell none until the text has made up for it, since a statement takes
/// a thousand bytes of memory, and "he said" has seven.
const PLENTY: usize = 5_000;
const BYTES_PER_STATEMENT: usize = 30;

/// The stretches between quotation marks, and the statements, in text order.
pub fn find(
    segments: &Segments,
    gazetteer: &Gazetteer,
    model: &Model,
    names: &Resolved,
) -> (Vec<Stretch>, Vec<Statement>) {
    search(segments, gazetteer, model, names, None, &mut Vec::new())
}

/// The same, with a remark where there were too many statements to tell them all.
pub fn find_and_remark(
    segments: &Segments,
    gazetteer: &Gazetteer,
    model: &Model,
    names: &Resolved,
    remarks: &mut Vec<Diagnostic>,
) -> (Vec<Stretch>, Vec<Statement>) {
    search(segments, gazetteer, model, names, None, remarks)
}

/// The ends of all statements that are compared, with the evidence for each.
pub fn ends(segments: &Segments, gazetteer: &Gazetteer, names: &Resolved) -> Vec<Ends> {
    let record = RefCell::new(Vec::new());
    search(segments, gazetteer, &Model::zero(), names, Some(&record), &mut Vec::new());
    record.into_inner()
}

fn search(
    segments: &Segments,
    gazetteer: &Gazetteer,
    model: &Model,
    names: &Resolved,
    record: Option<&RefCell<Vec<Ends>>>,
    remarks: &mut Vec<Diagnostic>,
) -> (Vec<Stretch>, Vec<Statement>) {
    let stretches = marks::stretches(segments, gazetteer);
    let mut inside = vec![0; segments.tokens.len()];
    for (i, stretch) in stretches.iter().enumerate() {
        inside[stretch.start()..stretch.end()].fill(i as u32 + 1);
    }
    let mut view = View {
        segments,
        gazetteer,
        names,
        stretches: &stretches,
        inside,
        turns: Vec::new(),
        plenty: Cell::new(None),
        model,
        record,
    };
    view.turns = content::turns(&view);
    // A nickname is part of the name around it, as if it had no marks.
    for stretch in &stretches {
        if speech::nickname(&view, stretch) {
            view.inside[stretch.start()..stretch.end()].fill(0);
        }
    }
    let mut statements = Vec::new();
    for (number, paragraph) in segments.paragraphs.iter().enumerate() {
        if paragraph.part.zone().is_some() {
            content::paragraph(&view, number, &mut statements);
        }
    }
    floating::continue_stretches(&view, &mut statements);
    floating::add(&view, &mut statements);
    statements.sort_by_key(|s| (s.start(), s.end()));
    if let Some(at) = view.plenty.get() {
        remarks.push(Diagnostic { code: "too many statements", span: segments.span(at..at + 1) });
    }
    (stretches, statements)
}

impl View<'_> {
    /// Sentences of a paragraph, joined where a break would fall inside a stretch.
    pub fn sentences(&self, paragraph: usize) -> Vec<Range<usize>> {
        let mut out: Vec<Range<usize>> = Vec::new();
        for sentence in &self.segments.sentences[self.segments.paragraphs[paragraph].sentences.clone()] {
            let tokens = sentence.tokens.clone();
            if tokens.is_empty() {
                continue;
            }
            let broken = out.last().is_some_and(|last| {
                let stretch = self.inside[tokens.start];
                stretch > 0 && self.inside[last.end - 1] == stretch
            });
            match out.last_mut().filter(|_| broken) {
                Some(last) => last.end = tokens.end,
                None => out.push(tokens),
            }
        }
        out
    }

    /// Whether so many statements before token `at` are more than any text has.
    fn has_plenty(&self, statements: usize, at: usize) -> bool {
        let bytes = self.segments.tokens.get(at).map_or(0, |token| token.start as usize);
        let plenty = statements / self.segments.work > PLENTY + bytes / BYTES_PER_STATEMENT;
        if plenty && self.plenty.get().is_none() {
            self.plenty.set(Some(at));
        }
        plenty
    }

    /// The stretch that token `at` is part of.
    pub fn stretch(&self, at: usize) -> Option<&Stretch> {
        let number = *self.inside.get(at)?;
        self.stretches.get((number as usize).checked_sub(1)?)
    }
}
