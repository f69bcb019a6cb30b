//! The tables of a run on the disk. Files have names ending in `.partial` until everything is written: a folder with
//! `run.json` and without such files holds complete tables, of one run.

use super::{
    Report, checkpoint,
    examples::Kept,
    folder::{Folder, LEDGER},
    growing::{Growing, Layout, PARTIAL, TableFile},
    shard::Shard,
};
use crate::{
    error::{Error, Result},
    table::{Examples, Table, Totals, Written, WrittenFile},
};
use serde_json::Value;
use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::Arc,
};

/// The tables that are being written.
pub(super) struct Output {
    folder: Folder,
    tables: Vec<TableFile>,
    ledger: Option<Growing>,
    examples: Arc<Kept>,
    /// Whether there is something that a run can go on with.
    worthy: bool,
}

/// What lies safely on the disk.
pub(super) struct Lying {
    /// The files of each table.
    pub tables: Vec<Vec<WrittenFile>>,
    pub ledger: Option<WrittenFile>,
    pub examples: WrittenFile,
}

/// What else is put into the folder, when the tables are known: names and contents.
pub(super) type Others = Vec<(&'static str, Value)>;

impl Output {
    /// Makes an unfinished file for each of `tables`.
    pub(super) fn create(
        folder: Folder,
        tables: &[&'static dyn Table],
        layout: Layout,
        shard: Option<Shard>,
    ) -> Result<Output> {
        let examples = Arc::new(Kept::create(folder.path())?);
        let mut output = Output { folder, tables: Vec::new(), ledger: None, examples, worthy: false };
        for table in tables {
            let file = TableFile::create(output.path(), *table, layout)?;
            output.tables.push(file);
        }
        if shard.is_some() {
            output.ledger = Some(Growing::create(output.path(), LEDGER)?);
        }
        Ok(output)
    }

    /// Goes on with what an earlier run has left.
    pub(super) fn reopen(
        folder: Folder,
        tables: &[&'static dyn Table],
        layout: Layout,
        known: &checkpoint::Position,
    ) -> Result<Output> {
        let examples = Arc::new(Kept::reopen(folder.path(), &known.examples)?);
        let mut output = Output { folder, tables: Vec::new(), ledger: None, examples, worthy: true };
        for (table, known) in tables.iter().zip(&known.tables) {
            let file = TableFile::reopen(output.path(), *table, layout, known)?;
            output.tables.push(file);
        }
        if let Some(known) = &known.ledger {
            output.ledger = Some(Growing::reopen(output.path(), known)?);
        }
        let kept =
            known.tables.iter().flatten().chain(&known.ledger).chain([&known.examples]).map(|file| file.name.clone());
        let mut kept: Vec<String> = kept.collect();
        // The checkpoint stays until there is another one.
        kept.push(checkpoint::NAME.to_string());
        output.folder.clear(&kept)?;
        Ok(output)
    }

    /// The tables, in the order in which they were named.
    pub(super) fn tables(&mut self) -> &mut [TableFile] {
        &mut self.tables
    }

    /// Number of rows of the table called `name`.
    pub(super) fn rows(&self, name: &str) -> u64 {
        self.tables.iter().filter(|file| file.table.schema().name == name).map(TableFile::rows).sum()
    }

    /// Where the texts around candidates are kept.
    pub(super) fn examples(&self) -> Arc<dyn Examples> {
        self.examples.clone()
    }

    /// Adds what a shard keeps of a batch.
    pub(super) fn note(&mut self, entry: &[u8]) -> Result<()> {
        // From now on there is work to be lost.
        self.worthy = true;
        self.ledger.as_mut().map_or(Ok(()), |ledger| ledger.append(entry, 0))
    }

    /// Makes sure that everything lies safely on the disk, and tells what that is.
    pub(super) fn sync(&mut self) -> Result<Lying> {
        self.tables.iter_mut().try_for_each(TableFile::sync)?;
        self.ledger.iter_mut().try_for_each(Growing::sync)?;
        let examples = self.examples.sync()?;
        let tables = self.tables.iter().map(TableFile::written).collect();
        Ok(Lying { tables, ledger: self.ledger.as_ref().map(Growing::written), examples })
    }

    /// Writes the checkpoint.
    pub(super) fn checkpoint(&mut self, position: checkpoint::Position, totals: &Totals) -> Result<()> {
        checkpoint::save(self.path(), &checkpoint::State::Reading(Box::new(position)), totals)?;
        self.worthy = true;
        Ok(())
    }

    /// Puts everything in place: the tables, then the files that `others` makes of the report, in its order.
    pub(super) fn finish(
        mut self,
        report: impl FnOnce(Vec<Written>) -> Report,
        others: impl FnOnce(&Report, Option<&WrittenFile>) -> Others,
    ) -> Result<Report> {
        let Lying { tables, ledger, .. } = self.sync()?;
        let schemas = self.tables.iter().map(|file| file.table.schema());
        let report = report(schemas.zip(tables).map(|(schema, files)| Written { schema, files }).collect());
        let tables = report.tables.iter().flat_map(|table| &table.files);
        let mut names: Vec<String> = tables.chain(&ledger).map(|file| file.name.clone()).collect();
        for (name, value) in others(&report, ledger.as_ref()) {
            save(&self.path().join(format!("{name}{PARTIAL}")), &value)?;
            names.push(name.to_string());
        }
        // From here on it is finished whatever happens: what is left to do is written down before it begins.
        let settlement = self.folder.settlement(names)?;
        let state = checkpoint::State::Settling(settlement.clone());
        checkpoint::save(self.folder.path(), &state, &Totals::default())?;
        self.worthy = true;
        self.folder.settle(&settlement)?;
        Ok(report)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Writes `value` so that it lies safely on the disk.
fn save(path: &Path, value: &Value) -> Result<()> {
    let write = || -> io::Result<()> {
        // As one text: written piece by piece, a short file takes thousands of calls.
        let mut text = serde_json::to_vec_pretty(value)?;
        text.push(b'\n');
        let mut file = File::create(path)?;
        file.write_all(&text)?;
        file.sync_all()
    };
    write().map_err(|error| Error::io(path, error))
}

impl Drop for Output {
    /// Leaves nothing unfinished behind, unless a run can go on with it.
    fn drop(&mut self) {
        if !self.worthy {
            let _ = self.folder.clear(&[]);
        }
    }
}
