//! What a worker does: annotate a batch, and render its rows into its own buffers.

use super::{Options, growing::TableFile, reading::Place, shard};
use crate::{
    error::Result,
    model::{Annotated, Article, Reject},
    read::{self, Batch, Item, Reason},
    table::{Document, Rows, Table, Totals},
};
use rayon::{ThreadPool, prelude::*};
use std::{
    any::Any,
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Buffers for the rows of one batch, one for each table. There are as many as batches may be under way: a batch is
/// read only when one is free.
pub(super) type Buffers = Vec<Vec<u8>>;

/// The rows of one batch.
pub(super) struct Rendered {
    /// For each table its rows and their number.
    pub tables: Vec<(Vec<u8>, u64)>,
    /// Sums over the batch.
    pub totals: Totals,
    /// Number of records, whatever became of them.
    pub records: u64,
    /// Where reading stands behind it.
    pub place: Place,
    /// What a shard keeps of it; empty if the run is no shard.
    pub entry: Vec<u8>,
}

/// Everything that rendering needs, shared by all workers.
pub(super) struct Renderer<'r> {
    pub annotate: &'r (dyn Fn(Article) -> Annotated + Sync),
    pub tables: &'r [&'static dyn Table],
    pub options: &'r Options,
}

impl Renderer<'_> {
    /// Renders a batch. An article on which the program fails becomes a reject: no input can end a run.
    pub(super) fn batch(&self, batch: &Batch, place: Place, buffers: Buffers) -> Result<Rendered> {
        let records = batch.records();
        let mut rendered = Rendered { records, place, ..self.rendered(batch, buffers)? };
        if self.options.shard.is_some() {
            rendered.entry = shard::entry(&rendered)?;
        }
        Ok(rendered)
    }

    fn rendered(&self, batch: &Batch, buffers: Buffers) -> Result<Rendered> {
        let none = || vec![Vec::new(); self.tables.len()];
        let buffers = Cell::new(Some(buffers));
        let parts = surviving(&batch.items, &|items| self.items(items, buffers.take().unwrap_or_else(none)))?;
        let mut parts = parts.into_iter();
        let mut all = parts.next().map_or_else(|| self.items(&[], none()), Ok)?;
        for one in parts {
            for ((rows, count), (more, more_count)) in all.tables.iter_mut().zip(one.tables) {
                rows.extend(more);
                *count += more_count;
            }
            all.totals.merge(&one.totals)?;
        }
        all.totals.passed_over = batch.passed_over;
        Ok(all)
    }

    fn items(&self, items: &[Item], buffers: Buffers) -> Result<Rendered> {
        let tables = self.tables.iter().zip(buffers);
        let mut rows: Vec<Rows> = tables
            .map(|(table, buffer)| Rows::new(table.schema(), self.options.dialect()).into_buffer(buffer))
            .collect();
        let Options { read, min_confidence, .. } = self.options;
        let annotator = Annotator {
            annotate: self.annotate,
            tables: self.tables,
            read,
            min_confidence: *min_confidence,
            sums: true,
        };
        let totals = annotator.fill(items, &mut rows);
        let tables = rows.into_iter().map(Rows::finish).collect::<Result<_>>()?;
        Ok(Rendered { tables, totals, records: 0, place: Place::default(), entry: Vec::new() })
    }
}

/// Makes rows of records, whatever becomes of the rows.
pub(super) struct Annotator<'a> {
    pub annotate: &'a (dyn Fn(Article) -> Annotated + Sync),
    pub tables: &'a [&'static dyn Table],
    pub read: &'a read::Options,
    pub min_confidence: f32,
    /// Whether sums are wanted, or only numbers of what was found.
    pub sums: bool,
}

impl Annotator<'_> {
    /// Annotates `items`, and adds what comes of them to the `rows` of each table.
    pub(super) fn fill(&self, items: &[Item], rows: &mut [Rows]) -> Totals {
        let mut totals = Totals::default();
        for item in items {
            match item {
                Item::Article { article, .. } => {
                    let mut article = article.clone();
                    self.read.tell_language(&mut article);
                    let annotated = (self.annotate)(article);
                    let document = Document::new(&annotated, self.min_confidence);
                    for (table, rows) in self.tables.iter().zip(&mut *rows) {
                        table.article(&document, rows);
                    }
                    if self.sums {
                        totals.add(&document);
                    } else {
                        totals.count(&document);
                    }
                }
                Item::Reject(reject) => {
                    for (table, rows) in self.tables.iter().zip(&mut *rows) {
                        table.reject(reject, rows);
                    }
                    totals.rejects += 1;
                }
            }
        }
        totals
    }
}

/// Does `work` on `items` all together. If that panics, it is done on each by itself, to find the culprit, which becomes a reject, and
/// keep the others.
pub(super) fn surviving<T>(items: &[Item], work: &dyn Fn(&[Item]) -> Result<T>) -> Result<Vec<T>> {
    if let Ok(done) = catch(|| work(items)) {
        return Ok(vec![done?]);
    }
    let one = |item| {
        catch(|| work(std::slice::from_ref(item)))
            .unwrap_or_else(|message| work(&[Item::Reject(internal_error(item, message))]))
    };
    items.iter().map(one).collect()
}

/// So many rows about the whole run are rendered at once by one worker.
const ROWS: usize = 1 << 11;

/// Adds the rows about the whole run to all tables. Each worker renders some, of one table or another.
pub(super) fn whole(workers: &ThreadPool, tables: &mut [TableFile], totals: &Totals) -> Result<()> {
    workers.install(|| {
        totals.rank(|order, compare| order.par_sort_unstable_by(compare));
        // Each by itself, however long the others take.
        tables.par_iter_mut().with_max_len(1).try_for_each(|file| one_table(file, totals))
    })
}

fn one_table(file: &mut TableFile, totals: &Totals) -> Result<()> {
    let (table, dialect) = (file.table, file.dialect());
    let Some(all) = table.of_run(totals) else { return Ok(()) };
    let together = ROWS * rayon::current_num_threads();
    for first in (0..all.count()).step_by(together) {
        let last = all.count().min(first + together);
        let part = |start: usize| {
            let mut rows = Rows::new(table.schema(), dialect);
            all.render(start..last.min(start + ROWS), &mut rows);
            rows.finish()
        };
        let parts: Vec<_> = (first..last).into_par_iter().step_by(ROWS).map(part).collect::<Result<_>>()?;
        parts.iter().try_for_each(|(bytes, count)| file.append(bytes, *count))?;
    }
    Ok(())
}

/// Runs `work`; the message of its panic if it panics. Nothing that `work` touches outlives a panic.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> std::result::Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload: Box<dyn Any + Send>| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_string());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_string())
    })
}

/// What the details of a failure of this program say.
pub(super) fn please_report(message: &str) -> String {
    format!("please report this: {message}")
}

fn internal_error(item: &Item, message: String) -> Reject {
    let detail = please_report(&message);
    match item {
        Item::Article { article, byte_offset } => Reject {
            source: article.source.clone(),
            record: article.record,
            byte_offset: *byte_offset,
            reason: Reason::Internal.as_str().to_string(),
            detail,
        },
        Item::Reject(reject) => reject.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::TABLES;

    fn annotated(article: Article) -> Annotated {
        assert!(article.text != "poison", "cannot swallow {}", article.id);
        Annotated { text: article.text.clone(), article, paragraphs: 1, ..Annotated::default() }
    }

    #[test]
    fn a_panic_costs_one_article() {
        let item = |id: &str, text: &str| {
            let article =
                Article { id: id.into(), source: "d".into(), record: 1, text: text.into(), ..Article::default() };
            Item::Article { article, byte_offset: 5 }
        };
        let batch =
            Batch { items: vec![item("a", "fine"), item("b", "poison"), item("c", "fine")], passed_over: 4, bytes: 9 };
        let options = Options::new("unused");
        let renderer = Renderer { annotate: &annotated, tables: TABLES, options: &options };
        let rendered = renderer.batch(&batch, Place::default(), vec![Vec::new(); TABLES.len()]).unwrap();
        let of = |name: &str| {
            let place = TABLES.iter().position(|table| table.schema().name == name).unwrap();
            (std::str::from_utf8(&rendered.tables[place].0).unwrap(), rendered.tables[place].1)
        };
        assert_eq!(of("articles"), ("a,d,1,,,,,,4,1,0,0,,,\nc,d,1,,,,,,4,1,0,0,,,\n", 2));
        assert_eq!(of("rejects"), ("d,1,5,internal error,please report this: cannot swallow b\n", 1));
        assert_eq!((rendered.totals.articles, rendered.totals.rejects, rendered.records), (2, 1, 7));
        assert_eq!(rendered.totals.passed_over, 4);
    }
}
