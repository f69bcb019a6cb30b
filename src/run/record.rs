//! `run.json`: what was run, on what, with what outcome; and whether two runs are the same.

use super::{
    Options, Report, Shard,
    folder::{PACKAGE, RECORD},
    output::Others,
};
use crate::{
    error::Result,
    model::{EntityType, QuotationKind},
    pipeline::Pipeline,
    read::{self, Field, Inputs},
    table::{Dialect, TABLES, Totals, Written, WrittenFile, data_package},
};
use serde_json::{Map, Value, json};
use std::{path::Path, time::Duration};

/// What is run: everything that the tables depend on, but for the content of the input, of which `listing` tells names and
/// sizes.
pub(super) fn identity(pipeline: &Pipeline, inputs: &Inputs, listing: Value, options: &Options) -> Value {
    let mut gazetteers: Vec<Value> = pipeline
        .gazetteer()
        .sources
        .iter()
        .map(|source| {
            json!({ "name": source.name, "rows": source.rows, "sha256": source.sha256, "embedded": source.embedded })
        })
        .collect();
    let mut options = options_record(options);
    options["maxWork"] = json!(pipeline.work());
    // Which lines hold corrections, so that those of no effect can be told without the file.
    if let Some(corrections) = pipeline.gazetteer().corrections() {
        for (name, lines) in corrections.places() {
            let file = gazetteers.iter_mut().rev().find(|file| file["name"] == name && file["embedded"] == false);
            if let Some(file) = file {
                file["corrections"] = json!(ranges(&lines));
            }
        }
    }
    json!({
        "program": "onrecord",
        "version": env!("CARGO_PKG_VERSION"),
        "inputs": inputs.paths().iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
        "listing": listing,
        "options": options,
        "gazetteers": gazetteers,
    })
}

/// What only the run itself knows.
pub(super) struct Course<'c> {
    pub shard: Option<(Shard, &'c WrittenFile)>,
    pub started: &'c str,
    pub resumed: u32,
}

/// Now, as a record has it.
pub(super) fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Millisecond).unwrap_or(now).to_string()
}

/// What describes the tables of a finished run: the names of the files, and what they hold. The record comes last.
pub(super) fn files(identity: &Value, report: &Report, dialect: Dialect, course: &Course<'_>) -> Others {
    vec![(PACKAGE, data_package(&report.tables, dialect)), (RECORD, run_record(identity, report, course))]
}

/// The record of a finished run.
fn run_record(identity: &Value, report: &Report, course: &Course<'_>) -> Value {
    let totals = &report.totals;
    let by_type: Map<String, Value> =
        EntityType::ALL.iter().map(|kind| (kind.as_str().to_string(), json!(totals.mentions[kind.index()]))).collect();
    let by_kind: Map<String, Value> = QuotationKind::ALL
        .iter()
        .map(|kind| (kind.as_str().to_string(), json!(totals.quotations[*kind as usize])))
        .collect();
    let mut record = identity.clone();
    if let Some((shard, ledger)) = course.shard {
        let WrittenFile { name, bytes, sha256, .. } = ledger;
        let file = json!({ "path": name, "bytes": bytes, "sha256": sha256 });
        record["shard"] = json!({ "number": shard.number(), "of": shard.of(), "file": file });
    }
    record["counts"] = json!({
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
    });
    let (lines, unused) = corrections(identity, totals);
    if lines > 0 {
        let times: u64 = totals.corrections.iter().sum();
        let applied = lines - unused.len() as u64;
        let told: Vec<_> = unused.iter().take(TOLD).map(|(file, line)| format!("{file}:{line}")).collect();
        record["counts"]["corrections"] = json!({ "lines": lines, "applied": applied, "times": times, "unused": told });
    }
    record["tables"] = report.tables.iter().map(table_record).collect();
    record["started"] = json!(course.started);
    record["seconds"] = json!((report.elapsed.as_secs_f64() * 1e3).round() / 1e3);
    if course.resumed > 0 {
        record["resumed"] = json!(course.resumed);
    }
    record
}

/// Corrections of no effect that a record names.
const TOLD: usize = 1_000;

/// How many lines of corrections a run has, and which of them were never applied: their file and line.
pub(super) fn corrections(identity: &Value, totals: &Totals) -> (u64, Vec<(String, u64)>) {
    let files = identity["gazetteers"].as_array().map_or(&[][..], Vec::as_slice);
    let (mut number, mut unused) = (0, Vec::new());
    for (name, ranges) in files.iter().filter_map(|file| Some((file["name"].as_str()?, file["corrections"].as_str()?)))
    {
        for range in ranges.split(',') {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (Ok(first), Ok(last)) = (first.parse::<u64>(), last.parse::<u64>()) else { continue };
            for line in first..=last {
                if totals.corrections.get(number).is_none_or(|count| *count == 0) {
                    unused.push((name.to_string(), line));
                }
                number += 1;
            }
        }
    }
    (number as u64, unused)
}

/// Numbers in order as ranges: `2-5,7`.
fn ranges(numbers: &[u64]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        _ => run.iter().map(u64::to_string).collect(),
    });
    runs.collect::<Vec<_>>().join(",")
}

/// One file is told as it is; of several the sums, and each.
fn table_record(table: &Written) -> Value {
    let of = |file: &WrittenFile| json!({ "path": file.name, "rows": file.rows, "bytes": file.bytes, "sha256": file.sha256 });
    let mut record = json!({ "name": table.schema.name });
    match &table.files[..] {
        [file] => {
            if let (Some(record), Value::Object(more)) = (record.as_object_mut(), of(file)) {
                record.extend(more);
            }
        }
        files => {
            record["rows"] = json!(table.rows());
            record["bytes"] = json!(table.bytes());
            record["files"] = files.iter().map(of).collect();
        }
    }
    record
}

/// The files of each table that a record names, in its order; `None` if it is no such record, or names files of other folders.
pub(super) fn tables(record: &Value) -> Option<Vec<Written>> {
    let file = |value: &Value| {
        Some(WrittenFile {
            name: own(&value["path"])?.to_string(),
            rows: value["rows"].as_u64()?,
            bytes: value["bytes"].as_u64()?,
            sha256: value["sha256"].as_str()?.to_string(),
        })
    };
    let listed = record["tables"].as_array()?.iter().map(|value| {
        let schema = TABLES.iter().map(|table| table.schema()).find(|schema| value["name"] == schema.name)?;
        let files = match value["files"].as_array() {
            Some(files) => files.iter().map(file).collect::<Option<_>>()?,
            None => vec![file(value)?],
        };
        Some(Written { schema, files })
    });
    listed.collect()
}

/// The name of a file in the folder of the record.
fn own(name: &Value) -> Option<&str> {
    name.as_str().filter(|name| Path::new(name).file_name().is_some_and(|file| file == *name))
}

/// In what form a run has written its tables, by the options in its record; `None` if they are no such options.
pub(super) fn dialect(options: &Value) -> Option<Dialect> {
    Some(Dialect { guard: options["guard"].as_bool()?, excel: options["excel"].as_bool()? })
}

/// What a record tells of a run that was done before; `None` if it is no such record. Sums over single entities are not in it.
pub(super) fn report(record: &Value, out: &Path) -> Option<Report> {
    let counts = &record["counts"];
    let count = |name: &str| counts[name].as_u64();
    let mut totals = Totals::default();
    (totals.articles, totals.rejects) = (count("articles")?, count("rejects")?);
    totals.dropped_pairs = count("droppedPairs")?;
    (totals.passed_over, totals.duplicates) = (count("passedOver")?, count("duplicates")?);
    totals.skipped = count("skipped")?;
    for kind in EntityType::ALL {
        totals.mentions[kind.index()] = counts["mentions"][kind.as_str()].as_u64()?;
    }
    for kind in QuotationKind::ALL {
        totals.quotations[kind as usize] = counts["quotations"][kind.as_str()].as_u64()?;
    }
    Some(Report {
        out: out.to_path_buf(),
        tables: tables(record)?,
        totals,
        unused_corrections: Vec::new(),
        bytes: count("bytes")?,
        elapsed: Duration::try_from_secs_f64(record["seconds"].as_f64()?).ok()?,
        done_before: true,
    })
}

/// Which part of a run a record is about.
pub(super) fn shard(record: &Value) -> Option<Shard> {
    let (number, of) = (record["shard"]["number"].as_u64()?, record["shard"]["of"].as_u64()?);
    Shard::new(number, of).ok()
}

/// In what two runs differ, for a person; `None` if they give the same tables. The number of workers is nobody's business.
pub(super) fn difference(then: &Value, was: Option<Shard>, now: &Value, is: Option<Shard>) -> Option<String> {
    for (key, what) in [("version", "the version of onrecord"), ("inputs", "the input")] {
        if then[key] != now[key] {
            return Some(format!("{what} was {} and is {}", then[key], now[key]));
        }
    }
    if was != is {
        let name =
            |shard: Option<Shard>| shard.map_or("the whole".into(), |s| format!("shard {}/{}", s.number(), s.of()));
        return Some(format!("it was {} and is {}", name(was), name(is)));
    }
    let options = [&then["options"], &now["options"]].map(|options| options.as_object().cloned().unwrap_or_default());
    let [before, after] = &options;
    for key in before.keys().chain(after.keys()).filter(|key| *key != "threads") {
        let value = |options: &Map<String, Value>| options.get(key).cloned().unwrap_or_default();
        if value(before) != value(after) {
            return Some(format!("the option {} was {} and is {}", kebab(key), value(before), value(after)));
        }
    }
    let gazetteers = |record: &Value| record["gazetteers"].as_array().cloned().unwrap_or_default();
    let (before, after) = (gazetteers(then), gazetteers(now));
    if before == after {
        let files = |record: &Value| {
            let listing = &record["listing"];
            format!("{} files with {} bytes", listing["files"], listing["bytes"])
        };
        let differs = then["listing"] != now["listing"];
        return differs
            .then(|| format!("the input was {} and is {}, or their names or sizes differ", files(then), files(now)));
    }
    let name = |gazetteer: &Value| gazetteer["name"].as_str().unwrap_or_default().to_string();
    let changed = before.iter().zip(&after).find(|(a, b)| a != b && a["name"] == b["name"]);
    Some(match changed {
        Some((gazetteer, _)) => format!("the gazetteer {} has changed", name(gazetteer)),
        None => {
            let odd = before.iter().find(|a| !after.contains(a)).or_else(|| after.iter().find(|b| !before.contains(b)));
            format!("the gazetteers are not the same: {}", odd.map_or("another order".into(), name))
        }
    })
}

/// The name of an option as it is given.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// What a shard's record must have for [`super::merge`]: the path and hash of its ledger.
pub(super) fn ledger(record: &Value) -> Result<(&str, &str)> {
    let file = &record["shard"]["file"];
    let found = own(&file["path"]).zip(file["sha256"].as_str());
    found.ok_or_else(|| crate::error::Error::usage("is no shard: it was not made with --shard"))
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
    // Every field is named, so that a new one cannot be forgotten here: a run must not go on with another one.
    let Options {
        out: _,
        read,
        threads,
        force: _,
        resume: _,
        checkpoint: _,
        shard: _,
        split_rows: _,
        guard,
        excel,
        emit_text,
        min_confidence,
        max_pairs,
    } = options;
    let read::Options {
        format,
        fields: paths,
        max_text,
        max_depth,
        max_memory,
        max_members,
        max_unpacked,
        max_ratio,
        limit,
        conditions,
        sample,
        duplicates,
        skip_duplicates,
        languages,
        skip: _,
    } = read;
    let named: Map<String, Value> =
        fields.into_iter().filter_map(|(name, field)| Some((name.to_string(), json!(paths.named(field)?)))).collect();
    json!({
        "format": format.map(|format| format.name()),
        "fields": named,
        "maxText": max_text,
        "maxDepth": max_depth,
        "maxMemory": max_memory,
        "maxMembers": max_members,
        "maxUnpacked": max_unpacked,
        "maxRatio": max_ratio,
        "limit": limit,
        "where": conditions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "sample": sample.map(|sample| sample.rate),
        "seed": sample.map(|sample| sample.seed),
        "languages": languages,
        "duplicates": duplicates,
        "skipDuplicates": skip_duplicates,
        "threads": threads,
        "guard": guard,
        "excel": excel,
        "emitText": emit_text,
        "maxPairs": max_pairs,
        "splitRows": options.layout().split_rows,
        "minConfidence": min_confidence.to_string().parse::<f64>().unwrap_or_default(),
    })
}
