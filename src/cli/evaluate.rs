//! `evaluate`: how good tables are.

use super::{
    Outcome, print,
    shared::{counted, grouped, printable},
};
use crate::{
    error::{Error, Result},
    evaluate::{self, Gold, NameScores, Part, Prf, QuotationScores, TypeScores},
    model::EntityType,
};
use clap::ValueEnum;
use serde_json::{Map, Value, json};
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Measures tables against annotated articles: precision, recall and F1 of names and quotations.
///
/// The annotated articles are JSON Lines with `id`, `text` and `entities` or `attributions`, offsets in Unicode code
/// points. Extract that file first, then evaluate the tables.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  onrecord extract gold.jsonl --out tables
  onrecord evaluate --gold gold.jsonl tables --errors 20")]
pub(super) struct Args {
    /// The annotated articles.
    #[arg(long, value_name = "GOLD.jsonl")]
    gold: PathBuf,
    /// The folder with the tables.
    #[arg(value_name = "DIR")]
    tables: PathBuf,
    /// Take only the part for fitting (two thirds) or the part for scoring (the rest), told by a hash of the id.
    #[arg(long, value_name = "PART")]
    split: Option<Split>,
    /// Take only the first articles.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Show this many errors of each kind.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    errors: usize,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Split {
    Fit,
    Score,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome> {
    let part = match args.split {
        None => Part::All,
        Some(Split::Fit) => Part::Fit,
        Some(Split::Score) => Part::Score,
    };
    let gold = evaluate::load(&args.gold, part, args.limit)?;
    let has = |annotated: fn(&Gold) -> bool| gold.iter().any(annotated);
    let names = has(|g| g.entities.is_some()).then(|| evaluate::score_names(&gold, &args.tables)).transpose()?;
    let quotations =
        has(|g| g.attributions.is_some()).then(|| evaluate::score_quotations(&gold, &args.tables)).transpose()?;
    if names.is_none() && quotations.is_none() {
        let message = "has no article with `entities` or `attributions`";
        return Err(Error::format(message).at_path(&args.gold));
    }
    print(|out| {
        if args.json {
            let both = json!({
                "names": names.as_ref().map(names_json),
                "quotations": quotations.as_ref().map(quotations_json),
            });
            return writeln!(out, "{both:#}");
        }
        if let Some(scores) = &names {
            print_names(out, scores, args.errors)?;
        }
        if names.is_some() && quotations.is_some() {
            writeln!(out)?;
        }
        match &quotations {
            Some(scores) => print_quotations(out, scores, args.errors),
            None => Ok(()),
        }
    })?;
    Ok(Outcome::Clean)
}

fn print_names(out: &mut dyn Write, scores: &NameScores, errors: usize) -> io::Result<()> {
    writeln!(out, "names in {}", counted(scores.articles, "article"))?;
    if scores.ignored > 0 {
        writeln!(out, "{} in places that are not scored", grouped(scores.ignored))?;
    }
    writeln!(out, "{:<9}{:<14}{:>7}{:>7}{:>7}  {:>8}{:>8}{:>8}", "", "", "P", "R", "F1", "right", "wrong", "missed")?;
    let mut row = |way: &str, kind: &str, counts: evaluate::Counts| {
        let Prf { precision, recall, f1 } = counts.prf();
        writeln!(
            out,
            "{way:<9}{kind:<14}{precision:>7.3}{recall:>7.3}{f1:>7.3}  {:>8}{:>8}{:>8}",
            counts.hits, counts.false_alarms, counts.misses
        )
    };
    for (way, by_type) in [("exact", &scores.exact), ("overlap", &scores.overlap)] {
        for kind in EntityType::ALL {
            row(way, kind.as_str(), by_type.0[kind.index()])?;
        }
        row(way, "all", by_type.all())?;
    }
    row("span", "all", scores.span)?;
    for (error, count) in scores.errors.iter().take(errors) {
        let what = if error.missed { "missed" } else { "wrong" };
        let other = error.other.map(|kind| format!("  ({} on the other side)", kind.as_str())).unwrap_or_default();
        let surface = printable(&error.surface);
        writeln!(out, "{count:>5}  {what:<7} {:<13} {surface}{other}", error.kind.as_str())?;
    }
    Ok(())
}

fn print_quotations(out: &mut dyn Write, scores: &QuotationScores, errors: usize) -> io::Result<()> {
    writeln!(out, "quotations in {}", counted(scores.articles, "article"))?;
    for unit in &scores.units {
        writeln!(out, "\nunit {}, {} match; {} not scored", unit.unit, unit.threshold, grouped(unit.ignored))?;
        writeln!(
            out,
            "{:<13}{:>7}{:>7}{:>7} |{:>6}{:>6}{:>6} | speaker{:>6}{:>7} | with speaker{:>6}{:>6}{:>6}{:>10}",
            "kind", "gold", "found", "match", "P", "R", "F1", "right", "resolv", "P", "R", "F1", "F1-resolv"
        )?;
        for (kind, s) in &unit.kinds {
            writeln!(
                out,
                "{kind:<13}{:>7}{:>7}{:>7} |{:>6.3}{:>6.3}{:>6.3} |        {:>6.3}{:>7.3} |             {:>6.3}{:>6.3}{:>6.3}{:>10.3}",
                s.gold,
                s.found,
                s.matched,
                s.content.precision,
                s.content.recall,
                s.content.f1,
                s.speaker_right,
                s.speaker_resolved,
                s.end_to_end.precision,
                s.end_to_end.recall,
                s.end_to_end.f1,
                s.end_to_end_resolved
            )?;
        }
    }
    print_details(out, scores)?;
    for what in ["missed", "spurious", "speaker"] {
        for error in scores.errors.iter().filter(|error| error.what == what).take(errors) {
            let shown = |text: &str| printable(text);
            writeln!(out, "\n{what} ({}) in {}: {}", error.kind, shown(&error.article), shown(&error.text))?;
            writeln!(out, "    speaker: {:?}, found {:?}", shown(&error.gold), shown(&error.found))?;
        }
    }
    Ok(())
}

/// Speakers by class of their source, and how far confidence can be trusted.
fn print_details(out: &mut dyn Write, scores: &QuotationScores) -> io::Result<()> {
    writeln!(out, "\nspeakers of direct and mixed quotations found, by annotated source (whole quotations, strict)")?;
    writeln!(out, "{:<24}{:>7}{:>7}{:>8}{:>8}", "source", "gold", "match", "right", "resolv")?;
    for (class, s) in &scores.classes {
        let share = |part: u64| part as f64 / s.matched.max(1) as f64;
        let (right, resolved) = (share(s.right), share(s.resolved));
        writeln!(out, "{:<24}{:>7}{:>7}{right:>8.3}{resolved:>8.3}", printable(class), s.gold, s.matched)?;
    }
    for (what, sorts) in [("frame", &scores.frames), ("speaker told by", &scores.speakers)] {
        writeln!(out, "\nrows by {what}: words right, words and speaker right (whole quotations, strict)")?;
        writeln!(out, "{what:<24}{:>7}{:>8}{:>8}{:>8}", "rows", "words", "right", "wrong")?;
        for (name, s) in sorts {
            let wrong = s.rows - s.right;
            writeln!(out, "{:<24}{:>7}{:>8}{:>8}{wrong:>8}", printable(name), s.rows, s.words, s.right)?;
        }
    }
    let calibration = &scores.calibration;
    writeln!(out, "\nconfidence and share of rows with right words and speaker")?;
    writeln!(out, "{:<11}{:>7}{:>8}{:>8}", "confidence", "rows", "mean", "right")?;
    for (tenth, bin) in calibration.bins.iter().enumerate().filter(|(_, bin)| bin.rows > 0) {
        let rows = bin.rows as f64;
        let from = tenth as f64 / 10.0;
        let (mean, right) = (bin.confidence / rows, bin.right as f64 / rows);
        writeln!(out, "{:<11}{:>7}{mean:>8.3}{right:>8.3}", format!("{from:.1}-{:.1}", from + 0.1), bin.rows)?;
    }
    writeln!(
        out,
        "expected calibration error {:.3}; at 0.9 and above precision {:.3} with {:.3} of all right rows",
        calibration.error, calibration.sure_precision, calibration.sure_share
    )
}

fn prf_json(prf: Prf) -> Value {
    json!({ "precision": prf.precision, "recall": prf.recall, "f1": prf.f1 })
}

fn counts_json(counts: evaluate::Counts) -> Value {
    let mut value = prf_json(counts.prf());
    value["right"] = json!(counts.hits);
    value["wrong"] = json!(counts.false_alarms);
    value["missed"] = json!(counts.misses);
    value
}

fn names_json(scores: &NameScores) -> Value {
    let by_type = |types: &TypeScores| {
        let each = EntityType::ALL.map(|kind| (kind.as_str().to_string(), counts_json(types.0[kind.index()])));
        each.into_iter().chain([("all".to_string(), counts_json(types.all()))]).collect::<Map<_, _>>()
    };
    json!({
        "articles": scores.articles,
        "ignored": scores.ignored,
        "exact": by_type(&scores.exact),
        "overlap": by_type(&scores.overlap),
        "span": { "all": counts_json(scores.span) },
    })
}

fn quotations_json(scores: &QuotationScores) -> Value {
    let mut units = Map::new();
    for unit in &scores.units {
        let mut kinds = Map::new();
        for (kind, s) in &unit.kinds {
            let value = json!({
                "gold": s.gold, "found": s.found, "matched": s.matched,
                "content": prf_json(s.content),
                "speaker_right": s.speaker_right,
                "speaker_resolved": s.speaker_resolved,
                "speaker_lenient": s.speaker_lenient,
                "end_to_end": prf_json(s.end_to_end),
                "end_to_end_f1_resolved": s.end_to_end_resolved,
            });
            kinds.insert(kind.to_string(), value);
        }
        kinds.insert("ignored".to_string(), json!(unit.ignored));
        units.insert(format!("{}/{}", unit.unit, unit.threshold), Value::Object(kinds));
    }
    let classes = scores.classes.iter().map(|(class, s)| {
        let value = json!({ "gold": s.gold, "matched": s.matched, "right": s.right, "resolved": s.resolved });
        (class.clone(), value)
    });
    let sorts = |sorts: &[(String, evaluate::Sort)]| {
        let each = sorts
            .iter()
            .map(|(name, s)| (name.clone(), json!({ "rows": s.rows, "words_right": s.words, "right": s.right })));
        Value::Object(each.collect())
    };
    let calibration = &scores.calibration;
    let bins = calibration.bins.iter().map(|bin| {
        let mean = bin.confidence / bin.rows.max(1) as f64;
        json!({ "rows": bin.rows, "mean_confidence": mean, "right": bin.right })
    });
    json!({
        "articles": scores.articles,
        "units": units,
        "sources": classes.collect::<Map<_, _>>(),
        "frames": sorts(&scores.frames),
        "speakers": sorts(&scores.speakers),
        "confidence": {
            "tenths": bins.collect::<Vec<_>>(),
            "calibration_error": calibration.error,
            "precision_at_0.9": calibration.sure_precision,
            "share_at_0.9": calibration.sure_share,
        },
    })
}
