//! Speech inside speech: which of two statements that share words is told.

use super::{View, extent::all_quoted};
use crate::model::Statement;
use std::ops::Range;

/// How many statements away a statement is looked for that holds another.
pub(super) const NEAR: usize = 8;

/// Speech inside speech is one row: what Brandt says that Okafor said is Brandt's. A quotation with marks of its own is
/// kept, and so is what stands inside words that are less surely a statement.
pub(super) fn drop_nested(view: &View<'_>, from: usize, out: &mut Vec<Statement>) {
    let within = |inner: &Statement, outer: &Statement| {
        let holds = |p: &Range<usize>| outer.parts.iter().any(|q| q.start <= p.start && p.end <= q.end);
        inner.parts.iter().all(holds) && outer.parts.iter().any(|q| q.contains(&inner.cue.start))
    };
    if out.len() < from + 2 {
        return;
    }
    let found = &out[from..];
    let quotation = |s: &Statement| s.frame != "speaker, verb, fragment" && s.parts.iter().all(|p| all_quoted(view, p));
    // What holds a statement stands near it: a bounded look keeps the time linear.
    let nested = |(i, inner): (usize, &Statement)| {
        let near = &found[i.saturating_sub(NEAR)..found.len().min(i + NEAR)];
        !quotation(inner) && near.iter().any(|outer| outer.confidence > inner.confidence && within(inner, outer))
    };
    let nested: Vec<bool> = found.iter().enumerate().map(nested).collect();
    if nested.contains(&true) {
        let found = out.split_off(from);
        out.extend(found.into_iter().zip(nested).filter(|(_, nested)| !nested).map(|(statement, _)| statement));
    }
}
