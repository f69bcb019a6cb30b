//! An SQLite database: a table for each table, with primary keys, foreign keys and indexes, and a full-text index on quotations.
//!
//! The full-text index keeps no text of its own; triggers keep it right when quotations are changed. Tables are as in the
//! contract, but for `quotes.number`, which the index needs.

use super::{
    Exported,
    source::{Source, Table},
    value::{Value, value},
};
use crate::{
    error::{Error, Result},
    table::{Column, Kind, Schema},
};
use rusqlite::{
    Connection, ErrorCode, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use std::{io, path::Path};

/// How the database is written: nobody else reads it yet, and one that is not finished is thrown away.
const FRESH: &str = "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \
                     PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF; PRAGMA locking_mode = EXCLUSIVE;";

/// Columns that are looked up often, beside keys: tables and their columns.
const INDEXES: [(&str, &str); 12] = [
    ("articles", "published"),
    ("articles", "outlet"),
    ("articles", "duplicate_of"),
    ("mentions", "entity_id"),
    ("entities", "name"),
    ("quotes", "article_id"),
    ("quotes", "speaker_id"),
    ("quotes", "speaker"),
    ("quotes", "published"),
    ("quotes", "echo_of"),
    ("cooccurrences", "target"),
    ("candidates", "name"),
];

/// The full-text index. The column `number` stays the same when the database is packed, which a hidden row number does not.
const FULL_TEXT: &str = r#"
CREATE VIRTUAL TABLE "quotes_fts" USING fts5("quote", "speaker", "title", content="quotes", content_rowid="number", tokenize="unicode61 remove_diacritics 2");
INSERT INTO "quotes_fts"("quotes_fts") VALUES ('rebuild');
INSERT INTO "quotes_fts"("quotes_fts") VALUES ('optimize');
CREATE TRIGGER "quotes_added" AFTER INSERT ON "quotes" BEGIN
  INSERT INTO "quotes_fts"("rowid", "quote", "speaker", "title") VALUES (new."number", new."quote", new."speaker", new."title");
END;
CREATE TRIGGER "quotes_deleted" AFTER DELETE ON "quotes" BEGIN
  INSERT INTO "quotes_fts"("quotes_fts", "rowid", "quote", "speaker", "title") VALUES ('delete', old."number", old."quote", old."speaker", old."title");
END;
CREATE TRIGGER "quotes_changed" AFTER UPDATE ON "quotes" BEGIN
  INSERT INTO "quotes_fts"("quotes_fts", "rowid", "quote", "speaker", "title") VALUES ('delete', old."number", old."quote", old."speaker", old."title");
  INSERT INTO "quotes_fts"("rowid", "quote", "speaker", "title") VALUES (new."number", new."quote", new."speaker", new."title");
END;
"#;

/// Writes all tables into the file at `path`.
pub(super) fn write(source: &Source<'_>, path: &Path) -> Result<Exported> {
    let fails = |error: rusqlite::Error| failed(&error, path);
    let mut exported = Exported::default();
    let mut database = Connection::open(path).map_err(fails)?;
    database.execute_batch(FRESH).map_err(fails)?;
    let names = source.names();
    let transaction = database.transaction().map_err(fails)?;
    for name in names {
        let mut table = source.table(name)?;
        transaction.execute_batch(&create(table.schema(), names)).map_err(fails)?;
        fill(&mut table, &transaction, path)?;
        exported.counts.push(((*name).to_string(), table.count()));
    }
    for (table, column) in INDEXES.iter().filter(|(table, _)| names.contains(table)) {
        let index = format!("CREATE INDEX \"{table}_{column}\" ON \"{table}\" (\"{column}\");");
        transaction.execute_batch(&index).map_err(fails)?;
    }
    if names.contains(&"quotes") {
        transaction.execute_batch(FULL_TEXT).map_err(fails)?;
    }
    let orphans = "SELECT count(*) FROM pragma_foreign_key_check";
    let orphans: i64 = transaction.query_row(orphans, [], |row| row.get(0)).map_err(fails)?;
    if orphans > 0 {
        exported.remarks.push(format!("{orphans} rows name a row of another table that is not there"));
    }
    transaction.execute_batch("ANALYZE;").map_err(fails)?;
    transaction.commit().map_err(fails)?;
    database.close().map_err(|(_, error)| fails(error))?;
    Ok(exported)
}

/// Whether a table has a number of its own as its key, for the full-text index.
fn is_numbered(schema: &Schema) -> bool {
    schema.name == "quotes"
}

/// How a table is made; foreign keys only to tables in `names`.
fn create(schema: &Schema, names: &[&str]) -> String {
    let mut parts: Vec<String> = schema.columns.iter().map(|column| declared(column, schema)).collect();
    if is_numbered(schema) {
        parts.push("\"number\" INTEGER PRIMARY KEY".to_string());
    }
    let list = |columns: &[&str]| columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
    if !schema.key.is_empty() {
        let key = if is_numbered(schema) { "UNIQUE" } else { "PRIMARY KEY" };
        parts.push(format!("{key} ({})", list(schema.key)));
    }
    for (column, other, key) in schema.references.iter().filter(|(_, other, _)| names.contains(other)) {
        parts.push(format!("FOREIGN KEY (\"{column}\") REFERENCES \"{other}\" (\"{key}\")"));
    }
    format!("CREATE TABLE \"{}\" (\n  {}\n);", schema.name, parts.join(",\n  "))
}

fn declared(column: &Column, schema: &Schema) -> String {
    let kind = match column.kind {
        Kind::Integer | Kind::YesNo => "INTEGER",
        Kind::Number | Kind::Confidence => "REAL",
        Kind::Text | Kind::Id | Kind::Date | Kind::OneOf(_) => "TEXT",
    };
    let always = matches!(column.kind, Kind::Integer | Kind::Confidence) || schema.key.contains(&column.name);
    format!("\"{}\" {kind}{}", column.name, if always { " NOT NULL" } else { "" })
}

fn fill(table: &mut Table<'_>, database: &Connection, path: &Path) -> Result<()> {
    let fails = |error: rusqlite::Error| failed(&error, path);
    let schema = table.schema();
    let places = vec!["?"; schema.columns.len() + usize::from(is_numbered(schema))].join(", ");
    let mut insert = database.prepare(&format!("INSERT INTO \"{}\" VALUES ({places})", schema.name)).map_err(fails)?;
    let mut number = 0;
    while let Some(row) = table.read()? {
        let cells = schema.columns.iter().enumerate().map(|(place, column)| value(&row, place, column));
        let mut cells = cells.collect::<Result<Vec<_>>>()?;
        number += 1;
        if is_numbered(schema) {
            cells.push(Value::Integer(number));
        }
        insert.execute(params_from_iter(&cells)).map_err(fails)?;
    }
    Ok(())
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Value::Empty => ValueRef::Null,
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Integer(number) => ValueRef::Integer(number),
            Value::Number(number) => ValueRef::Real(number),
            Value::YesNo(yes) => ValueRef::Integer(yes.into()),
        }))
    }
}

/// The error of this program for one of the crate: what the disk has refused is a failed write like any other.
fn failed(error: &rusqlite::Error, path: &Path) -> Error {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => io::ErrorKind::StorageFull,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => io::ErrorKind::PermissionDenied,
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::FileLockingProtocolFailed) => {
            io::ErrorKind::Other
        }
        _ => return Error::format(format!("SQLite: {error}")).at_path(path),
    };
    Error::io(path, io::Error::new(kind, format!("SQLite: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_full_disk_is_a_failed_write() {
        let directory = tempfile::tempdir().unwrap();
        let database = Connection::open(directory.path().join("small.db")).unwrap();
        // As small as a disk that is full: no page more than there is.
        database.execute_batch("CREATE TABLE t (x); PRAGMA max_page_count = 2;").unwrap();
        let error = database.execute("INSERT INTO t VALUES (zeroblob(100000))", []).unwrap_err();
        let error = failed(&error, Path::new("small.db"));
        assert!(matches!(error.kind(), ErrorKind::Io(error) if error.kind() == io::ErrorKind::StorageFull), "{error}");
        let error = failed(&database.execute("INSERT INTO u VALUES (1)", []).unwrap_err(), Path::new("small.db"));
        assert!(matches!(error.kind(), ErrorKind::Format(_)), "{error}");
    }
}
