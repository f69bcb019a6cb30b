//! JSON Lines: one object a row, every column in it. Numbers are numbers, `known` is true or false, and what is empty in the
//! tables is null.

use super::{Exported, source::Source, value::value, written};
use crate::error::{Error, Result};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

/// Writes every table into a file of its own in `folder`.
pub(super) fn write_folder(source: &Source<'_>, folder: &Path) -> Result<Exported> {
    let mut exported = Exported::default();
    for name in source.names() {
        let path = folder.join(format!("{name}.jsonl"));
        let file = File::create(&path).map_err(|error| Error::io(&path, error))?;
        let mut file = BufWriter::with_capacity(1 << 18, file);
        exported.counts.extend(write(source, name, &mut file).map_err(|error| super::at(error, &path))?.counts);
        file.flush().and_then(|()| file.get_ref().sync_all()).map_err(|error| Error::io(&path, error))?;
    }
    Ok(exported)
}

/// Writes one table.
pub(super) fn write(source: &Source<'_>, name: &str, out: &mut dyn Write) -> Result<Exported> {
    let mut table = source.table(name)?;
    let schema = table.schema();
    let keys: Vec<String> = schema.columns.iter().map(|column| format!("\"{}\":", column.name)).collect();
    let mut line = Vec::new();
    while let Some(row) = table.read()? {
        line.clear();
        for (place, (column, key)) in schema.columns.iter().zip(&keys).enumerate() {
            line.push(if place == 0 { b'{' } else { b',' });
            line.extend_from_slice(key.as_bytes());
            let value = source.typed(value(&row, place, column)?, column);
            value.write_json(&mut line).map_err(written)?;
        }
        line.extend_from_slice(b"}\n");
        out.write_all(&line).map_err(written)?;
    }
    Ok(Exported { counts: vec![(name.to_string(), table.count())], remarks: Vec::new() })
}
