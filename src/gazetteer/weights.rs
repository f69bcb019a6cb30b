//! Files of weights as tables of numbers. What they mean is [`crate::evidence`]'s to know.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The rows of a file of weights.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WeightTable {
    columns: Vec<String>,
    passes: Vec<String>,
    /// For each row the number of its pass.
    pass: Vec<u8>,
    evidence: Vec<String>,
    /// Row by row; an empty cell is 0, and one that is no number NaN.
    cells: Vec<f32>,
}

impl WeightTable {
    /// Reads CSV with the columns `pass` and `evidence`; all others hold weights.
    ///
    /// # Errors
    /// No CSV, or one of the two columns is missing.
    pub fn parse(text: &str) -> Result<WeightTable> {
        let fail = |error: csv::Error| Error::gazetteer(format!("weights: {error}"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(fail)?.clone();
        let at = |column: &str| header.iter().position(|cell| cell == column);
        let (Some(pass_at), Some(evidence_at)) = (at("pass"), at("evidence")) else {
            return Err(Error::gazetteer("weights: the columns `pass` and `evidence` must be there"));
        };
        let weights = |row: &csv::StringRecord| -> Vec<String> {
            let cells = row.iter().enumerate().filter(|(i, _)| *i != pass_at && *i != evidence_at);
            cells.map(|(_, cell)| cell.to_string()).collect()
        };
        let mut table = WeightTable { columns: weights(&header), ..WeightTable::default() };
        for row in reader.records() {
            let row = row.map_err(fail)?;
            let pass = row.get(pass_at).unwrap_or("");
            let number = table.passes.iter().position(|known| known == pass).unwrap_or_else(|| {
                table.passes.push(pass.to_string());
                table.passes.len() - 1
            });
            table.pass.push(number.min(255) as u8);
            table.evidence.push(row.get(evidence_at).unwrap_or("").to_string());
            table.cells.extend(weights(&row).iter().map(|cell| match cell.as_str() {
                "" => 0.0,
                number => number.parse().unwrap_or(f32::NAN),
            }));
        }
        Ok(table)
    }

    /// The columns of weights.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows: pass, evidence and its weights, column by column.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &str, &[f32])> {
        let cells = self.cells.chunks(self.columns.len().max(1));
        let rows = self.pass.iter().zip(&self.evidence).zip(cells);
        rows.map(|((pass, evidence), cells)| (self.passes[*pass as usize].as_str(), evidence.as_str(), cells))
    }
}
