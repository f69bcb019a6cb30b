//! `run.json`: what was run, on what, with what outcome.

use super::{Options, Report};
use crate::{
    model::{EntityType, QuotationKind},
    pipeline::Pipeline,
    read::{Field, Inputs},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The record of a finished run.
pub(super) fn run_record(
    report: &Report,
    pipeline: &Pipeline,
    inputs: &Inputs,
    options: &Options,
    started: Timestamp,
) -> Value {
    let totals = &report.totals;
    let by_type: Map<String, Value> =
        EntityType::ALL.iter().map(|kind| (kind.as_str().to_string(), json!(totals.mentions[kind.index()]))).collect();
    let by_kind: Map<String, Value> = QuotationKind::ALL
        .iter()
        .map(|kind| (kind.as_str().to_string(), json!(totals.quotations[*kind as usize])))
        .collect();
    let gazetteers: Vec<Value> = pipeline
        .gazetteer()
        .sources
        .iter()
        .map(|source| {
            json!({ "name": source.name, "rows": source.rows, "sha256": source.sha256, "embedded": source.embedded })
        })
        .collect();
    let tables: Vec<Value> = report
        .tables
        .iter()
        .map(|table| {
            let path = format!("{}.csv", table.schema.name);
            json!({
                "name": table.schema.name, "path": path, "rows": table.rows, "bytes": table.bytes,
                "sha256": table.sha256,
            })
        })
        .collect();
    json!({
        "program": "onrecord",
        "version": env!("CARGO_PKG_VERSION"),
        "inputs": inputs.paths().iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
        "options": options_record(options),
        "gazetteers": gazetteers,
        "counts": {
            "records": totals.articles + totals.rejects + totals.passed_over,
            "articles": totals.articles,
            "rejects": totals.rejects,
            "passedOver": totals.passed_over,
            "duplicates": totals.duplicates,
            "skipped": totals.skipped,
            "bytes": report.bytes,
            "mentions": by_type,
            "quotations": by_kind,
            "droppedPairs": totals.dropped_pairs,
        },
        "tables": tables,
        "started": started.round(jiff::Unit::Millisecond).unwrap_or(started).to_string(),
        "seconds": (report.elapsed.as_secs_f64() * 1e3).round() / 1e3,
    })
}

fn options_record(options: &Options) -> Value {
    let fields = [
        ("id", Field::Id),
        ("text", Field::Text),
        ("title", Field::Title),
        ("date", Field::Published),
        ("source", Field::Outlet),
        ("author", Field::Author),
        ("url", Field::Url),
        ("language", Field::Language),
    ];
    let named: Map<String, Value> = fields
        .into_iter()
        .filter_map(|(name, field)| Some((name.to_string(), json!(options.read.fields.named(field)?))))
        .collect();
    json!({
        "format": options.read.format.map(|format| format.name()),
        "fields": named,
        "maxText": options.read.max_text,
        "limit": options.read.limit,
        "where": options.read.conditions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "sample": options.read.sample.map(|sample| sample.rate),
        "seed": options.read.sample.map(|sample| sample.seed),
        "languages": options.read.languages,
        "duplicates": options.read.duplicates,
        "skipDuplicates": options.read.skip_duplicates,
        "threads": options.threads,
        "guard": options.guard,
        "emitText": options.emit_text,
        "maxPairs": options.max_pairs,
        "minConfidence": (f64::from(options.min_confidence) * 1e4).round() / 1e4,
    })
}
