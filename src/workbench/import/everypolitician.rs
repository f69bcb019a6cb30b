//! EveryPolitician's tables: `names.csv` (a name and the person it is of) and those of legislative terms.

use super::{Format, entry::Entry, input::Input, out::Out, table::Columns};
use crate::{error::Result, model::EntityType, workbench::facts::turned};

/// Either table.
pub(super) struct EveryPolitician;

impl Format for EveryPolitician {
    fn name(&self) -> &'static str {
        "everypolitician"
    }

    fn expected(&self) -> &'static str {
        "a table of EveryPolitician: names.csv (name, id) or that of a term (id, name, group, ...)"
    }

    fn source(&self) -> &'static str {
        "EveryPolitician"
    }

    fn licence(&self) -> &'static str {
        "not stated by the project: not to be bundled"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        let mut table = Columns::open(input, b',', &["id", "name"], self.expected())?;
        // A table of a term knows the person by its usual name.
        let term = table.header().len() > 2;
        while table.next(out)? {
            let (id, name) = (table.get("id"), table.get("name"));
            if id.is_empty() {
                out.drop("no id", &name);
                continue;
            }
            if !term && turned(&name).is_some() {
                out.drop("family name first", &name);
                continue;
            }
            let group = table.get("group");
            let note = if group.is_empty() { String::new() } else { format!("group: {group}") };
            let entry = Entry {
                class: "politician".to_string(),
                gender: table.get("gender"),
                wikidata: table.get("wikidata"),
                id: format!("ep:{id}"),
                note,
                ..Entry::new(&name, EntityType::Person)
            };
            out.part(&id, u8::from(!term), entry)?;
        }
        Ok(())
    }
}
