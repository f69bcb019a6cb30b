//! Records in memory -> all tables, in memory too, as batches of Arrow: for programs in other languages and for streams.
//!
//! The tables are those of a run over the same records, row for row.

use super::{Observer, Pool, Progress, ordered::in_order, render, workers};
use crate::{
    error::Result,
    model::{Annotated, Article},
    pipeline::{self, Pipeline},
    read::{self, Batch, Item, Memory, Parsed, read_memory},
    table::{Columns, Joined, Rows, Schema, Table, Totals, arrow_schema, chosen},
};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::{fmt, sync::Arc};

/// Workers that stay from one piece of work to the next. A process that was forked off has none of them: it needs its own.
#[derive(Debug)]
pub struct Team(rayon::ThreadPool);

impl Team {
    /// Starts `threads` workers, or one per core for 0.
    ///
    /// # Errors
    /// Threads that cannot be started.
    pub fn start(threads: usize) -> Result<Team> {
        workers(threads).map(Team)
    }
}

/// Builds whatever belongs to the whole process and is otherwise built when it is first needed: patterns and lists, some milliseconds.
/// A process that is forked off while a thread is just building something would find it half built, and wait for ever for a thread
/// that it does not have. Who lets programs fork calls this where nobody can, and [`Pipeline::prepare`] before a pipeline is used.
pub fn prepare() {
    pipeline::prepare();
    read::prepare();
}

/// What to tell.
#[derive(Debug)]
pub struct Tabulating<'o> {
    /// How to read. Of these options, those about files do not matter.
    pub read: &'o read::Options,
    /// Mentions and quotations below this confidence (0 to 1) are left out.
    pub min_confidence: f32,
    /// Whether there is a table of texts too.
    pub emit_text: bool,
    /// The most pairs of entities that are kept: see [`Options::max_pairs`](super::Options::max_pairs).
    pub max_pairs: usize,
}

/// All tables.
pub struct Tabulated {
    tables: Vec<Part>,
    /// Sums over all articles.
    pub totals: Totals,
}

/// A table, and its rows that are about single articles.
struct Part {
    table: &'static dyn Table,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl fmt::Debug for Tabulated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.tables.iter().map(|part| (part.table.schema().name, &part.batches));
        f.debug_map().entries(rows).finish()
    }
}

impl Tabulated {
    /// What the tables look like, in the order in which they are described.
    pub fn schemas(&self) -> impl Iterator<Item = &'static Schema> {
        self.tables.iter().map(|part| part.table.schema())
    }

    /// The table called `name`, if there is one. Tables about all articles are made here.
    ///
    /// # Errors
    /// None that a table of ours could bring about.
    pub fn table(&self, name: &str) -> Result<Option<(SchemaRef, Vec<RecordBatch>)>> {
        let Some(part) = self.tables.iter().find(|part| part.table.schema().name == name) else { return Ok(None) };
        let mut joined = Joined::new(Arc::clone(&part.schema));
        let mut rows = Rows::raw(part.table.schema());
        part.table.finish(&self.totals, &mut rows);
        let mut columns = Columns::new(part.table.schema(), Arc::clone(&part.schema));
        columns.add(rows.cells()?)?;
        for batch in columns.finish()? {
            joined.push(batch)?;
        }
        let batches = part.batches.iter().cloned().chain(joined.finish()?).collect();
        Ok(Some((Arc::clone(&part.schema), batches)))
    }
}

/// Annotates `records`, of which there is no source, number or id that must be.
///
/// # Errors
/// An observer that stopped it. Nothing in the records is an error: what is no article is a row of the table of rejects.
pub fn tabulate(
    pipeline: &Pipeline,
    team: &Team,
    options: &Tabulating<'_>,
    memory: Memory<'_>,
    records: &mut dyn Iterator<Item = Parsed>,
    observer: &dyn Observer,
) -> Result<Tabulated> {
    let annotate = |article| pipeline.annotate(article);
    tabulated(&annotate, &Pool(&team.0, pipeline), options, memory, records, observer)
        .and_then(|tabulated| pipeline.gazetteer().check().map(|()| tabulated))
}

fn tabulated(
    annotate: &(dyn Fn(Article) -> Annotated + Sync),
    pool: &Pool<'_>,
    options: &Tabulating<'_>,
    memory: Memory<'_>,
    records: &mut dyn Iterator<Item = Parsed>,
    observer: &dyn Observer,
) -> Result<Tabulated> {
    let tables = chosen(options.emit_text);
    let schemas: Vec<SchemaRef> = tables.iter().map(|table| arrow_schema(table.schema())).collect();
    let worker = Worker { annotate, options, tables: &tables, schemas: &schemas };
    let mut joined: Vec<Joined> = schemas.iter().map(|schema| Joined::new(Arc::clone(schema))).collect();
    let mut totals = Totals::bounded(options.max_pairs, None);
    let mut take = |batch: Result<Vec<Annotations>>| {
        for part in batch? {
            for (joined, batches) in joined.iter_mut().zip(part.tables) {
                batches.into_iter().try_for_each(|batch| joined.push(batch))?;
            }
            totals.merge(&part.totals)?;
        }
        let (articles, rejects) = (totals.articles, totals.rejects);
        observer.progress(Progress { bytes: 0, articles, rejects, catching_up: false });
        Ok(())
    };
    let mut read = |emit: &mut dyn FnMut(Batch) -> read::Flow, _: &dyn Fn() -> bool| {
        read_memory(memory, records, options.read, pool, emit);
    };
    in_order(pool.0, &mut read, &|batch| worker.batch(&batch), &mut take, observer)?;
    let parts = tables.into_iter().zip(schemas).zip(joined);
    let tables = parts
        .map(|((table, schema), joined)| Ok(Part { table, schema, batches: joined.finish()? }))
        .collect::<Result<_>>()?;
    Ok(Tabulated { tables, totals })
}

/// What a worker needs.
struct Worker<'w> {
    annotate: &'w (dyn Fn(Article) -> Annotated + Sync),
    options: &'w Tabulating<'w>,
    tables: &'w [&'static dyn Table],
    schemas: &'w [SchemaRef],
}

/// What comes of some records.
struct Annotations {
    /// For each table its rows.
    tables: Vec<Vec<RecordBatch>>,
    totals: Totals,
}

impl Worker<'_> {
    fn batch(&self, batch: &Batch) -> Result<Vec<Annotations>> {
        let mut parts = render::surviving(&batch.items, &|items| self.items(items))?;
        if let Some(first) = parts.first_mut() {
            first.totals.passed_over = batch.passed_over;
        }
        Ok(parts)
    }

    fn items(&self, items: &[Item]) -> Result<Annotations> {
        let mut rows: Vec<Rows<'_>> = self.tables.iter().map(|table| Rows::raw(table.schema())).collect();
        let Tabulating { read, min_confidence, .. } = self.options;
        let annotator =
            render::Annotator { annotate: self.annotate, tables: self.tables, read, min_confidence: *min_confidence };
        let totals = annotator.fill(items, &mut rows);
        let parts = rows.iter_mut().zip(self.tables).zip(self.schemas);
        let tables = parts.map(|((rows, table), schema)| {
            let mut columns = Columns::new(table.schema(), Arc::clone(schema));
            columns.add(rows.cells()?)?;
            columns.finish()
        });
        Ok(Annotations { tables: tables.collect::<Result<_>>()?, totals })
    }
}
