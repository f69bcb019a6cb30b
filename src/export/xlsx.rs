//! An Excel workbook: a sheet for each table, and more where a table has more rows than a sheet. The header stays in view and has
//! filters. Text is text, whatever it looks like: nothing is a formula, a link or a number by its looks. Whole days are dates.
//!
//! Rows go to temporary files as they come, so that a workbook of any size needs little memory.

use super::{
    Exported,
    source::{Source, Table},
    value::{Value, full_date, value},
};
use crate::{
    error::{Error, Result},
    finished::Row,
    read::guarded,
    table::{Column, Kind, Schema, TRUNCATED, fitting},
};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, Worksheet, XlsxError};
use std::{io, path::Path};

/// The rows by whose cells the width of a column is measured.
const MEASURED: u32 = 1_000;
/// The widest that a column gets by itself, in characters.
const WIDEST: usize = 60;
/// Room for the button of the filter beside the name of a column, in characters.
const BUTTON: usize = 4;

/// Writes all tables into the file at `path`; a sheet has at most `lines` lines, the header among them.
pub(super) fn write(source: &Source<'_>, path: &Path, lines: u32) -> Result<Exported> {
    // The crate panics when there is no room for its temporary files.
    let written = guarded(|| sheets(source, path, lines));
    written.unwrap_or_else(|message| Err(Error::io(path, io::Error::other(format!("cannot be written: {message}")))))
}

fn sheets(source: &Source<'_>, path: &Path, lines: u32) -> Result<Exported> {
    let mut book = Book::new(path, lines).map_err(|error| failed(error, path))?;
    let mut exported = Exported::default();
    for name in source.names() {
        let mut table = source.table(name)?;
        book.table(&mut table, path)?;
        exported.counts.push(((*name).to_string(), table.count()));
    }
    book.workbook.save(path).map_err(|error| failed(error, path))?;
    if book.cut > 0 {
        let cells = if book.cut == 1 { "1 cell was".to_string() } else { format!("{} cells were", book.cut) };
        let message = format!(
            "{cells} cut to the 32,767 UTF-16 code units that a cell holds; the column `truncated` says which, and the tables have all of it"
        );
        exported.remarks.push(message);
    }
    Ok(exported)
}

/// A workbook that is being written.
struct Book {
    workbook: Workbook,
    lines: u32,
    header: Format,
    date: Format,
    confidence: Format,
    /// Cells that were cut.
    cut: u64,
}

impl Book {
    fn new(path: &Path, lines: u32) -> std::result::Result<Book, XlsxError> {
        let mut workbook = Workbook::new();
        // The rows go through files beside the workbook: where it has room, they have, and elsewhere they may not.
        let beside = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        workbook.set_tempdir(beside)?;
        // The same tables give the same bytes, whenever they are exported.
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_author("onrecord").set_creation_datetime(&created));
        Ok(Book {
            workbook,
            lines: lines.max(2),
            header: Format::new().set_bold().set_border_bottom(FormatBorder::Thin),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            confidence: Format::new().set_num_format("0.00"),
            cut: 0,
        })
    }

    /// Writes one table, into as many sheets as it needs.
    fn table(&mut self, table: &mut Table<'_>, path: &Path) -> Result<()> {
        let (schema, mut cut) = (table.schema(), 0);
        let mut row = table.read()?;
        for number in 1.. {
            let fails = |error| failed(error, path);
            let sheet = self.workbook.add_worksheet_with_constant_memory().map_err(fails)?;
            let mut sheet = Sheet::new(sheet, schema, number, &self.header).map_err(fails)?;
            while let Some(found) = &row
                && sheet.line < self.lines
            {
                cut += sheet.row(found, &self.date, &self.confidence, path)?;
                row = table.read()?;
            }
            sheet.finish().map_err(fails)?;
            if row.is_none() {
                break;
            }
        }
        self.cut += cut;
        Ok(())
    }
}

/// A sheet that is being written.
struct Sheet<'s> {
    sheet: &'s mut Worksheet,
    columns: Vec<Column>,
    has_text: bool,
    /// The line to write next, from 0.
    line: u32,
    /// The longest cell of each column among the first rows, in characters.
    widths: Vec<usize>,
}

impl<'s> Sheet<'s> {
    /// A sheet with the header.
    fn new(
        sheet: &'s mut Worksheet,
        schema: &Schema,
        number: usize,
        header: &Format,
    ) -> std::result::Result<Sheet<'s>, XlsxError> {
        let name = if number == 1 { schema.name.to_string() } else { format!("{}-{number}", schema.name) };
        sheet.set_name(name)?;
        let has_text = schema.has_text();
        let columns: Vec<Column> = schema.columns.iter().copied().chain(has_text.then_some(TRUNCATED)).collect();
        let widths = columns.iter().map(|column| column.name.len() + BUTTON).collect();
        for (place, column) in columns.iter().enumerate() {
            sheet.write_string_with_format(0, at(place), column.name, header)?;
        }
        Ok(Sheet { sheet, columns, has_text, line: 1, widths })
    }

    /// Writes a row; how many of its cells had to be cut.
    fn row(&mut self, row: &Row<'_>, date: &Format, confidence: &Format, path: &Path) -> Result<u64> {
        let (cells, mut cut) = (self.columns.len() - usize::from(self.has_text), Vec::new());
        for place in 0..cells {
            let column = self.columns[place];
            let value = value(row, place, &column)?;
            if let Value::Text(text) = value
                && let Some(end) = fitting(text)
            {
                cut.push(column.name);
                self.cell(place, Value::Text(&text[..end]), date, confidence)
            } else {
                self.cell(place, value, date, confidence)
            }
            .map_err(|error| failed(error, path))?;
        }
        let count = cut.len() as u64;
        if self.has_text {
            // What was cut when the tables were written is told as well.
            let earlier = row.truncated();
            let all = cut.join(" | ");
            let told = if all.is_empty() || earlier == all { earlier } else { &all };
            let value = if told.is_empty() { Value::Empty } else { Value::Text(told) };
            self.cell(cells, value, date, confidence).map_err(|error| failed(error, path))?;
        }
        self.line += 1;
        Ok(count)
    }

    fn cell(
        &mut self,
        place: usize,
        value: Value<'_>,
        date: &Format,
        confidence: &Format,
    ) -> std::result::Result<(), XlsxError> {
        let (line, column) = (self.line, at(place));
        let width = match value {
            Value::Empty => 0,
            Value::Text(text) => {
                let day = (self.columns[place].kind == Kind::Date).then(|| excel_date(text)).flatten();
                match day {
                    Some(day) => self.sheet.write_datetime_with_format(line, column, &day, date)?,
                    None => self.sheet.write_string(line, column, text)?,
                };
                if line <= MEASURED { text.chars().take(WIDEST).count() } else { 0 }
            }
            // The largest whole number that a spreadsheet keeps has 15 digits; nothing that is counted here comes near it.
            Value::Integer(number) => {
                self.sheet.write_number(line, column, number as f64)?;
                number.max(1).ilog10() as usize + 1
            }
            Value::Number(number) if self.columns[place].kind == Kind::Confidence => {
                self.sheet.write_number_with_format(line, column, number, confidence)?;
                4
            }
            Value::Number(number) => {
                self.sheet.write_number(line, column, number)?;
                10
            }
            Value::YesNo(yes) => {
                self.sheet.write_string(line, column, if yes { "yes" } else { "no" })?;
                3
            }
        };
        self.widths[place] = self.widths[place].max(width);
        Ok(())
    }

    /// Keeps the header in view, and gives it filters and the columns their widths.
    fn finish(self) -> std::result::Result<(), XlsxError> {
        for (place, width) in self.widths.iter().enumerate() {
            self.sheet.set_column_width(at(place), (*width).min(WIDEST) as f64 + 1.0)?;
        }
        self.sheet.set_freeze_panes(1, 0)?;
        if self.line > 1 {
            self.sheet.autofilter(0, 0, self.line - 1, at(self.columns.len() - 1))?;
        }
        Ok(())
    }
}

/// The number of a column; a table has some twenty.
fn at(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// A whole day, where Excel has it: from 1900 on.
fn excel_date(text: &str) -> Option<ExcelDateTime> {
    let day = full_date(text)?;
    let number = |n: i8| u8::try_from(n).ok();
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, number(day.month())?, number(day.day())?).ok()
}

/// The error of this program for one of the crate.
fn failed(error: XlsxError, path: &Path) -> Error {
    match error {
        XlsxError::IoError(error) => Error::io(path, error),
        error => Error::format(error.to_string()).at_path(path),
    }
}
