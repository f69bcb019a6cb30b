//! Bare cells of some rows, for those who make something else of them than CSV.

/// Bare cells, as [`Rows::raw`](super::Rows::raw) keeps them.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'r> {
    columns: usize,
    text: &'r str,
    ends: &'r [usize],
}

impl<'r> Cells<'r> {
    /// The cells of `text` end where `ends` says; `columns` of them (at least one) are a row.
    pub(super) fn new(columns: usize, text: &'r str, ends: &'r [usize]) -> Self {
        Cells { columns, text, ends }
    }

    /// The rows in order. What was begun and is no whole row is left out.
    pub fn rows(self) -> impl Iterator<Item = CellRow<'r>> {
        let starts = std::iter::once(0).chain(self.ends.chunks(self.columns).filter_map(|row| row.last().copied()));
        let rows = self.ends.chunks_exact(self.columns);
        rows.zip(starts).map(move |(ends, start)| CellRow { text: self.text, ends, start })
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct CellRow<'r> {
    text: &'r str,
    ends: &'r [usize],
    start: usize,
}

impl<'r> CellRow<'r> {
    /// The cell at `place`; empty where there is none.
    pub fn cell(&self, place: usize) -> &'r str {
        let start = if place == 0 { Some(self.start) } else { self.ends.get(place - 1).copied() };
        let range = start.zip(self.ends.get(place).copied());
        range.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Rows, Schema, column};

    const THREE: Schema = Schema {
        name: "three",
        about: "",
        columns: &[
            column("id", Kind::Id, ""),
            column("text", Kind::Text, ""),
            column("sure", Kind::Confidence, ""),
            column("n", Kind::Integer, ""),
        ],
        key: &[],
        references: &[],
    };

    #[test]
    fn cells_are_bare_and_those_that_are_kept_come_again() {
        let mut rows = Rows::raw(&THREE);
        for round in 0..2 {
            let (mut kept, mut last) = (None, None);
            for (i, text) in ["a, \"b\"", "", "=1\n+2", "’x"].into_iter().enumerate() {
                rows.again(&mut kept, |rows| rows.text("id"));
                rows.text(text);
                rows.again(&mut last, |rows| {
                    rows.confidence(0.5);
                    rows.number(12);
                });
                rows.end();
                assert_eq!(rows.cells().unwrap().rows().count(), i + 1, "round {round}");
            }
            let cells = rows.cells().unwrap();
            let shown: Vec<[&str; 4]> = cells.rows().map(|row| std::array::from_fn(|place| row.cell(place))).collect();
            let texts = ["a, \"b\"", "", "=1 +2", "’x"];
            assert_eq!(shown, texts.map(|text| ["id", text, "0.50", "12"]));
            assert_eq!(cells.rows().next().unwrap().cell(4), "");
            rows.clear();
        }
    }

    #[test]
    fn csv_has_no_bare_cells() {
        let mut rows = Rows::new(&THREE, super::super::Dialect { guard: true, excel: false });
        assert!(rows.cells().is_err());
    }
}
