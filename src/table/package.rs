//! `datapackage.json`: what the tables hold, for programs that read Data Packages.

use super::{Column, Dialect, Kind, MOST_UNITS, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// One table that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// What it looks like.
    pub schema: &'static Schema,
    /// Its files, in the order of their rows; at least one.
    pub files: Vec<WrittenFile>,
}

impl Written {
    /// Number of rows without the headers.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// Size of the files in bytes.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// One file of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenFile {
    /// Its name.
    pub name: String,
    /// Number of rows without the header.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Describes `tables` after Data Package v2, and how they are written, so that a reader can take guards away.
pub fn data_package(tables: &[Written], dialect: Dialect) -> Value {
    let names: Vec<&str> = tables.iter().map(|table| table.schema.name).collect();
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "onrecord",
        "title": "Names and quotations in news articles",
        "version": env!("CARGO_PKG_VERSION"),
        "onrecord": {
            "formulaGuard": dialect.guard,
            "excel": dialect.excel,
            "longestCell": dialect.excel.then_some(MOST_UNITS),
            "files": "where a table has several, each begins with the header",
            "offsets": "Unicode code points, from 0, end exclusive"
        },
        "resources": tables.iter().map(|table| resource(table, &names, dialect)).collect::<Vec<_>>(),
    })
}

fn resource(table: &Written, names: &[&str], dialect: Dialect) -> Value {
    let schema = table.schema;
    let mut fields = json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": dialect.columns(schema).map(|column| field(&column)).collect::<Vec<_>>(),
        "missingValues": [""],
    });
    if !schema.key.is_empty() {
        fields["primaryKey"] = json!(schema.key);
    }
    let references: Vec<Value> = schema
        .references
        .iter()
        .filter(|(_, other, _)| names.contains(other))
        .map(|(column, other, key)| {
            let mut reference = Map::new();
            if *other != schema.name {
                reference.insert("resource".to_string(), json!(other));
            }
            reference.insert("fields".to_string(), json!([key]));
            json!({ "fields": [column], "reference": reference })
        })
        .collect();
    if !references.is_empty() {
        fields["foreignKeys"] = json!(references);
    }
    let paths = match &table.files[..] {
        [file] => json!(file.name),
        files => json!(files.iter().map(|file| &file.name).collect::<Vec<_>>()),
    };
    let mut resource = json!({
        "name": schema.name,
        "type": "table",
        "path": paths,
        "description": schema.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": if dialect.excel { "utf-8-sig" } else { "utf-8" },
        "dialect": {
            "delimiter": ",",
            "lineTerminator": if dialect.excel { "\r\n" } else { "\n" },
            "quoteChar": "\"",
            "doubleQuote": true,
            "header": true,
        },
    });
    // Size and hash are those of one file; of several they stand in run.json, and readers count without the headers in between.
    if let [file] = &table.files[..] {
        resource["bytes"] = json!(file.bytes);
        resource["hash"] = json!(format!("sha256:{}", file.sha256));
    }
    resource["schema"] = fields;
    resource
}

fn field(column: &Column) -> Value {
    let (kind, constraints) = match column.kind {
        Kind::Text | Kind::Id | Kind::Date => ("string", Value::Null),
        Kind::Integer => ("integer", json!({ "required": true, "minimum": 0 })),
        Kind::Number => ("number", Value::Null),
        Kind::Confidence => ("number", json!({ "required": true, "minimum": 0, "maximum": 1 })),
        Kind::YesNo => ("boolean", Value::Null),
        Kind::OneOf(words) => ("string", json!({ "enum": words })),
    };
    let mut field = json!({ "name": column.name, "type": kind, "description": column.about });
    if column.kind == Kind::YesNo {
        field["trueValues"] = json!(["yes"]);
        field["falseValues"] = json!(["no"]);
    }
    if !constraints.is_null() {
        field["constraints"] = constraints;
    }
    field
}
