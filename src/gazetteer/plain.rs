//! The embedded files as plain rows, for whoever needs the words themselves and matches nothing.

use super::{load::embedded_files, table::Table};
use crate::error::Result;

/// The cells of `columns` in all rows of the embedded files that have `role` in the manifest ("names", "surnames", ...), in
/// the order of the files. A column that a file does not have is empty.
///
/// # Errors
/// None for the files that are part of the program, unless one of them is no CSV.
pub fn embedded_rows<const N: usize>(role: &str, columns: [&str; N]) -> Result<Vec<[String; N]>> {
    let mut cells = Vec::new();
    for (name, _, text) in embedded_files().iter().filter(|(_, of, _)| *of == role) {
        let table = Table::parse(name, text, &[])?;
        cells.extend(table.rows().map(|row| columns.map(|column| row.get(column).to_string())));
    }
    Ok(cells)
}
