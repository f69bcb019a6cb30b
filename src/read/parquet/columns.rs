//! Which columns of a Parquet file are which fields, by the same names as in JSON.

use super::{
    super::fields::{self, Field, Fields, fold},
    cells::{self, Cell, Shown},
};
use parquet::{
    basic::{ConvertedType, LogicalType, Repetition},
    column::reader::ColumnReader,
    errors::{ParquetError, Result},
    schema::types::{ColumnDescPtr, SchemaDescriptor, Type},
};

/// One column that may hold a field.
#[derive(Debug)]
pub(super) struct Column {
    pub field: Field,
    /// 0 is best; a column counts where better ones hold nothing.
    pub rank: usize,
    /// Its number among the columns of the file.
    pub leaf: usize,
    pick: Option<usize>,
    descriptor: ColumnDescPtr,
}

/// The columns that are read, best first.
#[derive(Debug)]
pub(super) struct Columns(Vec<Column>);

impl Columns {
    /// Finds the fields in the schema of a file.
    pub(super) fn of(schema: &SchemaDescriptor, fields: &Fields) -> Columns {
        let mut columns = Vec::new();
        for top in schema.root_schema().get_fields() {
            for (field, rank, path) in fields.wanted(top.name()) {
                let mut found = Place { path: vec![top.name().to_string()], pick: None };
                let keys: Vec<&str> = path.split('.').filter(|key| !key.is_empty()).collect();
                if !found.descend(top, &keys) {
                    continue;
                }
                let leaf = schema.columns().iter().position(|column| column.path().parts() == found.path);
                let descriptor = leaf.map(|leaf| schema.column(leaf));
                if let (Some(leaf), Some(descriptor)) = (leaf, descriptor) {
                    columns.push(Column { field, rank, leaf, pick: found.pick, descriptor });
                }
            }
        }
        columns.sort_by_key(|column| column.rank);
        Columns(columns)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Column> {
        self.0.iter()
    }

    pub(super) fn has_text(&self) -> bool {
        self.all().any(|column| column.field == Field::Text)
    }

    /// The next `count` rows of each column.
    pub(super) fn next(&self, readers: &mut [ColumnReader], count: usize) -> Result<Vec<Vec<Cell>>> {
        let named = |column: &Column, error| match error {
            ParquetError::General(what) => {
                ParquetError::General(format!("column {}: {what}", column.descriptor.path()))
            }
            other => other,
        };
        let both = self.all().zip(readers);
        both.map(|(column, reader)| {
            let shown = Shown { column: &column.descriptor, field: column.field, pick: column.pick };
            cells::next(reader, count, shown).map_err(|error| named(column, error))
        })
        .collect()
    }
}

/// A place in the schema.
struct Place {
    path: Vec<String>,
    pick: Option<usize>,
}

impl Place {
    /// Goes down from `from` to the column at `keys`, as JSON is descended: lists by number, or all of them; a group that is
    /// no end by the name of what it holds.
    fn descend(&mut self, from: &Type, keys: &[&str]) -> bool {
        if is_list(from) {
            // A list is a group with one repeated group, which holds the elements.
            let Some([repeated]) = from.is_group().then(|| from.get_fields()) else { return false };
            self.path.push(repeated.name().to_string());
            let element = match repeated.is_group().then(|| repeated.get_fields()) {
                Some([element]) => {
                    self.path.push(element.name().to_string());
                    element
                }
                _ => repeated,
            };
            return self.list(element, keys);
        }
        let is_repeated =
            from.get_basic_info().has_repetition() && from.get_basic_info().repetition() == Repetition::REPEATED;
        if is_repeated && self.pick.is_none() && keys.first().is_some_and(|key| key.parse::<usize>().is_ok()) {
            return self.list(from, keys);
        }
        if from.is_primitive() {
            return keys.is_empty();
        }
        let members = from.get_fields();
        let (member, rest) = match keys {
            [] => (fields::MEMBERS.iter().find_map(|key| members.iter().find(|member| member.name() == *key)), keys),
            [key, rest @ ..] => {
                let exact = members.iter().find(|member| member.name() == *key);
                (exact.or_else(|| members.iter().find(|member| fold(member.name()) == fold(key))), rest)
            }
        };
        let Some(member) = member else { return false };
        self.path.push(member.name().to_string());
        self.descend(member, rest)
    }

    /// Goes on below the elements of a list.
    fn list(&mut self, element: &Type, keys: &[&str]) -> bool {
        match keys {
            [key, rest @ ..] if key.parse::<usize>().is_ok() => {
                self.pick = key.parse().ok();
                self.descend(element, rest)
            }
            _ => self.descend(element, keys),
        }
    }
}

fn is_list(kind: &Type) -> bool {
    let info = kind.get_basic_info();
    kind.is_group()
        && (info.converted_type() == ConvertedType::LIST || info.logical_type_ref() == Some(&LogicalType::List))
}
