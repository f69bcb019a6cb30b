//! JRC-Names: `entities.gzip` of the European Commission's Joint Research Centre, one variant of a name a line.

use super::{
    Format,
    entry::Entry,
    geonames::short,
    input::{Form, Input, Lines},
    out::Out,
};
use crate::error::Result;

/// The table of variants.
pub(super) struct Jrc;

const LONGEST: usize = 1 << 20;

impl Format for Jrc {
    fn name(&self) -> &'static str {
        "jrc-names"
    }

    fn expected(&self) -> &'static str {
        "JRC-Names: number, type (P or O), language and name, separated by tabs"
    }

    fn source(&self) -> &'static str {
        "JRC-Names, European Commission, Joint Research Centre"
    }

    fn licence(&self) -> &'static str {
        "see the terms of JRC-Names; not to be passed on without reading them"
    }

    fn read(&self, input: &mut Input, out: &mut Out<'_>) -> Result<()> {
        Lines { longest: LONGEST, expected: self.expected(), skip: |_, text| text.starts_with('#') }
            .each(input, out, variant)
    }
}

fn variant(text: &str, out: &mut Out<'_>) -> Result<Form> {
    let cells: Vec<&str> = text.split('\t').collect();
    let &[number, class, language, name] = cells.as_slice() else {
        return Ok(Err(format!("the line has {} columns", cells.len())));
    };
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) || class.len() != 1 {
        return Ok(Err(format!("the line begins with `{}` and `{}`", short(number), short(class))));
    }
    let name = name.replace('+', " ");
    if number.bytes().all(|b| b == b'0') {
        out.drop("number 0: of no entity", &name);
    } else if let Some((kind, finer)) = out.class("jrc-names", &[class], &name) {
        if language != "u" && !out.options.has_language(language) {
            out.drop("language is not asked for", &name);
            return Ok(Ok(()));
        }
        let id = format!("jrc:{number}");
        out.part(number, u8::from(language != "u"), Entry { id, class: finer, ..Entry::new(&name, kind) })?;
    }
    Ok(Ok(()))
}
