//! A table of weights: one row a reason, one column a decision.

use crate::{
    error::{Error, Result},
    gazetteer::WeightTable,
};
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

    /// The rows of `table` whose pass is `pass`; reasons without a row weigh nothing.
    ///
    /// # Errors
    /// A row that names an unknown reason, or a cell that is no number.
    pub fn read(table: &WeightTable, pass: &str, names: &[&'static str], columns: &[&'static str]) -> Result<Self> {
        let mut weights = Weights::zero(names, columns);
        let numbers: FxHashMap<&str, usize> = names.iter().copied().zip(0..).collect();
        let place = |column: &&str| table.columns().iter().position(|known| known == *column);
        let places: Vec<Option<usize>> = columns.iter().map(place).collect();
        for (_, reason, cells) in table.rows().filter(|(own, _, _)| *own == pass) {
            let Some(number) = numbers.get(reason) else {
                return Err(Error::gazetteer(format!("weights: `{reason}` is no evidence that this version knows")));
            };
            for (i, place) in places.iter().enumerate() {
                let cell = place.and_then(|place| cells.get(place)).copied().unwrap_or(0.0);
                if cell.is_nan() {
                    return Err(Error::gazetteer(format!("weights: `{}` of `{reason}` is no number", columns[i])));
                }
                weights.cells[number * columns.len() + i] = cell;
            }
        }
        Ok(weights)
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
