//! What was run, and how sure it is.

use super::{
    collect::{Counts, Sure},
    joined::kinds,
    lists::Lists,
    pieces::line,
    timeline,
};
use crate::{error::Result, finished::Finished};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Rejects and outlets that are listed.
const ROWS: usize = 20;

/// What was run.
#[derive(Debug, Default, Serialize)]
pub(super) struct Facts {
    version: String,
    started: String,
    inputs: Vec<String>,
    files: u64,
    bytes: u64,
    seconds: f64,
    records: u64,
    articles: u64,
    duplicates: u64,
    passed_over: u64,
    skipped: u64,
    dropped_pairs: u64,
    undated: u64,
    characters: u64,
    mentions: u64,
    quotes: u64,
    echoes: u64,
    named: u64,
    unnamed: u64,
    nobody: u64,
    speaking: u64,
    /// Direct, mixed, indirect.
    kinds: [u64; 3],
    /// Type, mentions, distinct entities, those that a gazetteer has.
    types: Vec<(&'static str, u64, u64, u64)>,
    published: Option<(String, String)>,
    outlets: Vec<(String, u64)>,
    more_outlets: u64,
    languages: Vec<(String, u64)>,
    gazetteers: Vec<GazetteerRow>,
    embedded: usize,
    embedded_rows: u64,
    options: Vec<(String, String)>,
    rejects: u64,
    reasons: Vec<(String, u64)>,
    rejected: Vec<[String; 4]>,
    mention_bars: Bars,
    quote_bars: Bars,
}

/// A gazetteer of the user's.
#[derive(Debug, Serialize)]
struct GazetteerRow {
    name: String,
    rows: u64,
    sha256: String,
}

/// How many there are in each tenth of confidence.
#[derive(Debug, Default, Serialize)]
struct Bars {
    bars: Vec<Bar>,
    count: u64,
    /// How many of a hundred should be right.
    right: u64,
}

#[derive(Debug, Serialize)]
struct Bar {
    from: String,
    to: String,
    count: u64,
    percent: String,
    x: usize,
    height: f64,
}

impl Facts {
    /// Reads what `run.json` tells, and the table of rejects.
    pub(super) fn read(finished: &Finished, lists: &Lists, counts: &Counts) -> Result<Facts> {
        let record = finished.record();
        let text = |value: &Value| line(value.as_str().unwrap_or_default());
        let number = |value: &Value| value.as_u64().unwrap_or(0);
        let (told, listing) = (&record["counts"], &record["listing"]);
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let gazetteers = list(&record["gazetteers"]);
        let (embedded, own): (Vec<_>, Vec<_>) = gazetteers.iter().partition(|g| g["embedded"] == true);
        let options = record["options"].as_object().into_iter().flatten();
        let ranked = |words: &[(&str, u64)]| -> Vec<(String, u64)> {
            words.iter().take(ROWS).map(|(word, count)| (line(word), *count)).collect()
        };
        let outlets = counts.outlets.ranked();
        let mut facts = Facts {
            version: text(&record["version"]),
            started: text(&record["started"]),
            inputs: list(&record["inputs"]).iter().map(text).collect(),
            files: number(&listing["files"]),
            bytes: number(&listing["bytes"]),
            seconds: record["seconds"].as_f64().unwrap_or(0.0),
            records: number(&told["records"]),
            passed_over: number(&told["passedOver"]),
            skipped: number(&told["skipped"]),
            dropped_pairs: number(&told["droppedPairs"]),
            articles: counts.articles,
            duplicates: counts.duplicates,
            undated: counts.undated,
            characters: counts.characters,
            mentions: counts.mentions.count,
            quotes: counts.quotes.count,
            echoes: counts.echoes,
            named: counts.named,
            unnamed: counts.unnamed,
            nobody: counts.nobody,
            speaking: lists.speaking,
            kinds: counts.kinds,
            types: kinds()
                .into_iter()
                .zip(counts.mentions_by_kind)
                .zip(lists.distinct)
                .map(|((kind, mentions), (distinct, known))| (kind, mentions, distinct, known))
                .collect(),
            published: timeline::published(lists),
            more_outlets: counts.outlets.rest + outlets.iter().skip(ROWS).map(|(_, count)| count).sum::<u64>(),
            outlets: ranked(&outlets),
            languages: ranked(&counts.languages.ranked()),
            embedded: embedded.len(),
            embedded_rows: embedded.iter().map(|g| number(&g["rows"])).sum(),
            gazetteers: own
                .iter()
                .map(|g| GazetteerRow { name: text(&g["name"]), rows: number(&g["rows"]), sha256: text(&g["sha256"]) })
                .collect(),
            options: options
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (line(name), value.as_str().map_or_else(|| line(&value.to_string()), line)))
                .collect(),
            mention_bars: Bars::of(&counts.mentions),
            quote_bars: Bars::of(&counts.quotes),
            ..Facts::default()
        };
        facts.read_rejects(finished)?;
        Ok(facts)
    }

    fn read_rejects(&mut self, finished: &Finished) -> Result<()> {
        let mut reader = finished.table("rejects")?;
        let columns = reader.columns(["source", "record", "reason", "detail"])?;
        let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
        while let Some(row) = reader.read()? {
            self.rejects += 1;
            // There are some fifteen reasons; a table that was tampered with may not fill the memory.
            let reason = row.cell(columns[2]);
            if reasons.len() < 100 || reasons.contains_key(reason) {
                *reasons.entry(reason.to_string()).or_default() += 1;
            }
            if self.rejected.len() < ROWS {
                self.rejected.push(columns.map(|column| line(row.cell(column))));
            }
        }
        self.reasons = reasons.into_iter().map(|(reason, count)| (line(&reason), count)).collect();
        self.reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(())
    }
}

impl Bars {
    fn of(sure: &Sure) -> Bars {
        let most = sure.tenths.iter().copied().max().unwrap_or(0).max(1) as f64;
        let bars = sure.tenths.iter().enumerate().map(|(i, count)| Bar {
            from: format!("{:.1}", i as f64 / 10.0),
            to: format!("{:.1}", (i + 1) as f64 / 10.0),
            count: *count,
            percent: format!("{:.1}", 100.0 * *count as f64 / sure.count.max(1) as f64),
            x: i * 32,
            height: (1000.0 * *count as f64 / most).round() / 10.0,
        });
        let right = (100.0 * sure.sum / sure.count.max(1) as f64).round() as u64;
        Bars { bars: bars.collect(), count: sure.count, right }
    }
}
