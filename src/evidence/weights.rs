//! A table of weights: one row a reason, one column a decision.

use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

/// Weights of named reasons for a fixed set of decisions.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    names: Vec<&'static str>,
    columns: Vec<&'static str>,
    cells: Vec<f32>,
}

impl Weights {
    /// All zero.
    pub fn zero(names: &[&'static str], columns: &[&'static str]) -> Self {
        Weights { names: names.to_vec(), columns: columns.to_vec(), cells: vec![0.0; names.len() * columns.len()] }
    }

    /// Reads the rows of `text` (CSV) whose column `pass` is `pass`; reasons without a row weigh nothing.
    ///
    /// # Errors
    /// A row that names an unknown reason, or a cell that is no number.
    pub fn read(text: &str, pass: &str, names: &[&'static str], columns: &[&'static str]) -> Result<Self> {
        let [weights] = Weights::read_passes(text, [pass], names, columns)?;
        Ok(weights)
    }

    /// The same for several passes at once.
    ///
    /// # Errors
    /// As for [`Weights::read`].
    pub fn read_passes<const N: usize>(
        text: &str,
        passes: [&str; N],
        names: &[&'static str],
        columns: &[&'static str],
    ) -> Result<[Self; N]> {
        let mut all = passes.map(|_| Weights::zero(names, columns));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| Error::gazetteer(format!("weights: {e}")))?.clone();
        let at = |column: &str| header.iter().position(|cell| cell == column);
        let (Some(pass_at), Some(reason_at)) = (at("pass"), at("evidence")) else {
            return Err(Error::gazetteer("weights: the columns `pass` and `evidence` must be there"));
        };
        let numbers: FxHashMap<&str, usize> = names.iter().copied().zip(0..).collect();
        let places: Vec<Option<usize>> = columns.iter().map(|column| at(column)).collect();
        let mut row = csv::StringRecord::new();
        while reader.read_record(&mut row).map_err(|e| Error::gazetteer(format!("weights: {e}")))? {
            let pass = row.get(pass_at).unwrap_or("");
            let Some(weights) = passes.iter().position(|own| *own == pass).map(|own| &mut all[own]) else { continue };
            let reason = row.get(reason_at).unwrap_or("");
            let Some(number) = numbers.get(reason) else {
                return Err(Error::gazetteer(format!("weights: `{reason}` is no evidence that this version knows")));
            };
            for (i, place) in places.iter().enumerate() {
                let cell = place.and_then(|place| row.get(place)).unwrap_or("");
                if cell.is_empty() {
                    continue;
                }
                weights.cells[number * columns.len() + i] = cell
                    .parse()
                    .map_err(|_| Error::gazetteer(format!("weights: `{cell}` of `{reason}` is no number")))?;
            }
        }
        Ok(all)
    }

    /// The rows as CSV, without a header: pass, reason, one cell a column, three decimals.
    pub fn write(&self, pass: &str) -> String {
        self.write_in(pass, &self.columns)
    }

    /// The same in a table with the columns of `header`, those of other decisions left empty.
    pub fn write_in(&self, pass: &str, header: &[&str]) -> String {
        let mut out = String::new();
        for (name, row) in self.names.iter().zip(self.cells.chunks(self.columns.len())) {
            let _ = if name.contains(',') { write!(out, "{pass},\"{name}\"") } else { write!(out, "{pass},{name}") };
            for column in header {
                let cell = self.columns.iter().position(|own| own == column).map_or(0.0, |at| row[at]);
                let _ = if cell == 0.0 { write!(out, ",") } else { write!(out, ",{cell:.3}") };
            }
            out.push('\n');
        }
        out
    }

    /// The weight of reason `name` for decision `column`.
    pub fn get(&self, name: u16, column: usize) -> f32 {
        self.cells[name as usize * self.columns.len() + column]
    }

    /// The sum of the weights of `reasons` for decision `column`.
    pub fn sum(&self, reasons: &[u16], column: usize) -> f32 {
        reasons.iter().map(|reason| self.get(*reason, column)).sum()
    }

    /// The sums of the weights of `reasons` for all decisions, in one pass over the table.
    pub fn sums(&self, reasons: &[u16], sums: &mut [f32]) {
        sums.fill(0.0);
        for reason in reasons {
            let row = &self.cells[*reason as usize * self.columns.len()..];
            for (sum, cell) in sums.iter_mut().zip(row) {
                *sum += cell;
            }
        }
    }

    /// Name of a reason.
    pub fn name(&self, reason: u16) -> &'static str {
        self.names.get(reason as usize).copied().unwrap_or("")
    }

    /// Sets the weight of a reason for a decision, both by name; unknown names change nothing.
    pub fn set(&mut self, name: &str, column: &str, weight: f32) {
        if let Some(cell) = self.cell(name, column) {
            self.cells[cell] = weight;
        }
    }

    /// The cell of a reason for a decision, both by name; for fitting.
    pub fn cell(&self, name: &str, column: &str) -> Option<usize> {
        let row = self.names.iter().position(|n| *n == name)?;
        let column = self.columns.iter().position(|c| *c == column)?;
        Some(row * self.columns.len() + column)
    }

    /// The cells, row by row; for fitting.
    pub fn cells_mut(&mut self) -> &mut [f32] {
        &mut self.cells
    }

    /// The same weights divided by `temperature`: above 1, all probabilities come nearer to each other, and no decision
    /// changes (Guo and others 2017 calibrate so).
    pub fn cooled(&self, temperature: f32) -> Weights {
        Weights { cells: self.cells.iter().map(|cell| cell / temperature).collect(), ..self.clone() }
    }

    /// Every weight replaced by 1 or -1: what is left if all reasons count the same.
    pub fn signs(&self) -> Weights {
        let sign = |cell: &f32| if *cell == 0.0 { 0.0 } else { cell.signum() };
        Weights { cells: self.cells.iter().map(sign).collect(), ..self.clone() }
    }

    /// Number of reasons.
    pub fn rows(&self) -> usize {
        self.names.len()
    }

    /// Number of decisions.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }
}
