//! Records in memory -> all tables, in memory too, as batches of Arrow: for programs in other languages and for streams.
//!
//! The tables are those of a run over the same records, row for row.

use super::{Observer, Pool, Progress, ordered::in_order, render, workers};
use crate::{
    error::Result,
    model::{Annotated, Article},
    pipeline::{self, Pipeline},
    read::{self, Batch, Item, Memory, Parsed, read_memory},
    table::{Joined, Rows, Schema, Sizes, Table, Totals, arrow_schema},
};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use rayon::prelude::*;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

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
    /// The tables to make, in the order in which they are described.
    pub tables: &'o [&'static dyn Table],
    /// The most pairs of entities that are kept: see [`Options::max_pairs`](super::Options::max_pairs).
    pub max_pairs: usize,
}

/// Tables, and how much was found.
#[derive(Debug)]
pub struct Tabulated {
    tables: Vec<Part>,
    /// Number of articles.
    pub articles: u64,
    /// Number of records that are none.
    pub rejects: u64,
    /// Number of mentions.
    pub mentions: u64,
    /// Number of quotations.
    pub quotations: u64,
}

struct Part {
    table: &'static dyn Table,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.batches.iter().map(RecordBatch::num_rows).sum::<usize>();
        write!(f, "{:?}: {rows}", self.table)
    }
}

impl Tabulated {
    /// What the tables look like, in the order in which they are described.
    pub fn schemas(&self) -> impl Iterator<Item = &'static Schema> {
        self.tables.iter().map(|part| part.table.schema())
    }

    /// The table called `name`, if there is one.
    pub fn table(&self, name: &str) -> Option<(&SchemaRef, &[RecordBatch])> {
        let part = self.tables.iter().find(|part| part.table.schema().name == name)?;
        Some((&part.schema, &part.batches))
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
    let tables = options.tables;
    let schemas: Vec<SchemaRef> = tables.iter().map(|table| arrow_schema(table.schema())).collect();
    let sums = tables.iter().any(|table| table.is_of_run());
    let sizes = schemas.iter().map(|_| Mutex::default()).collect();
    let worker = Worker { annotate, options, schemas: &schemas, sizes, sums };
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
    let totals = &totals;
    let finish = |((table, schema), mut joined): ((&&'static dyn Table, SchemaRef), Joined)| {
        let mut rows = Rows::typed(table.schema(), Arc::clone(&schema));
        table.finish(totals, &mut rows);
        rows.batches()?.into_iter().try_for_each(|batch| joined.push(batch))?;
        Ok(Part { table: *table, schema, batches: joined.finish()? })
    };
    let parts = tables.par_iter().zip(schemas).zip(joined);
    let tables = pool.0.install(|| parts.map(finish).collect::<Result<_>>())?;
    let Totals { articles, rejects, .. } = *totals;
    let (mentions, quotations) = (totals.mentions.iter().sum(), totals.quotations.iter().sum());
    Ok(Tabulated { tables, articles, rejects, mentions, quotations })
}

/// What a worker needs.
struct Worker<'w> {
    annotate: &'w (dyn Fn(Article) -> Annotated + Sync),
    options: &'w Tabulating<'w>,
    schemas: &'w [SchemaRef],
    /// How large the tables of the last batch were.
    sizes: Vec<Mutex<Sizes>>,
    /// Whether there are tables about all articles.
    sums: bool,
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
        let Tabulating { read, tables, min_confidence, .. } = *self.options;
        let mut rows: Vec<Rows> = tables
            .iter()
            .zip(self.schemas)
            .map(|(table, schema)| Rows::typed(table.schema(), Arc::clone(schema)))
            .collect();
        for (rows, sizes) in rows.iter_mut().zip(&self.sizes) {
            rows.reserve(&lock(sizes));
        }
        let annotator = render::Annotator { annotate: self.annotate, tables, read, min_confidence, sums: self.sums };
        let totals = annotator.fill(items, &mut rows);
        for (rows, sizes) in rows.iter().zip(&self.sizes) {
            *lock(sizes) = rows.sizes();
        }
        let tables = rows.into_iter().map(Rows::batches).collect::<Result<_>>()?;
        Ok(Annotations { tables, totals })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
