//! OpenSanctions: `targets.simple.csv`.

use super::{Format, entry::Entry, ftm::first_code, input::Input, out::Out, table::Columns};
use crate::error::Result;

/// The simple table of targets.
pub(super) struct OpenSanctions;

impl Format for OpenSanctions {
    fn name(&self) -> &'static str {
        "opensanctions"
    }

    fn expected(&self) -> &'static str {
        "OpenSanctions' targets.simple.csv: a CSV table with the columns id, schema, name and aliases"
    }

    fn source(&self) -> &'static str {
        "https://www.opensanctions.org/"
    }

    fn licence(&self) -> &'static str {
        "CC BY-NC 4.0: not for commercial use, and not to be bundled"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let mut table = Columns::open(input, b',', &["id", "schema", "name", "aliases"], self.expected())?;
        while table.next(out)? {
            let (id, schema, name) = (table.get("id"), table.get("schema"), table.get("name"));
            let Some((kind, finer)) = out.class("ftm", &[&schema], &format!("{schema}: {name}")) else { continue };
            let aliases = values(&table.get("aliases"));
            let country = first_code(values(&table.get("countries")).iter().map(String::as_str));
            let wikidata = if crate::workbench::facts::is_wikidata(&id) { id.clone() } else { String::new() };
            let entry = Entry { class: finer, aliases, country, wikidata, id: id.clone(), ..Entry::new(&name, kind) };
            out.part(&id, 0, entry)?;
        }
        Ok(())
    }
}

/// The values of a cell: a row of CSV with semicolons.
fn values(cell: &str) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(b';').from_reader(cell.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().filter(|value| !value.is_empty()).map(str::to_string).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn values_are_a_row_of_their_own() {
        assert_eq!(
            values(r#"Ada Okafor;"Okafor; Sons";;Ada "the" Okafor"#),
            ["Ada Okafor", "Okafor; Sons", "Ada \"the\" Okafor"]
        );
        assert!(values("").is_empty());
    }
}
