//! Cells in columns: the first column to the left, the others to the right, two spaces between.

use std::io::{self, Write};

use super::wording::columns;

const GAP: usize = 2;

/// Rows of cells; an empty row is a blank line.
#[derive(Default)]
pub(super) struct Grid {
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Adds a blank line.
    pub fn blank(&mut self) {
        self.rows.push(Vec::new());
    }

    /// The columns of the terminal that the widest row takes.
    pub fn width(&self) -> usize {
        let widths = self.widths();
        widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
    }

    /// Writes the rows, each behind `indent`.
    pub fn write(&self, indent: &str, out: &mut dyn Write) -> io::Result<()> {
        let widths = self.widths();
        for cells in &self.rows {
            let mut line = String::from(indent);
            for (i, (cell, width)) in cells.iter().zip(&widths).enumerate() {
                let padding = " ".repeat(width - columns(cell));
                if i == 0 {
                    line.extend([cell, padding.as_str()]);
                } else {
                    line.extend([" ".repeat(GAP).as_str(), &padding, cell]);
                }
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn widths(&self) -> Vec<usize> {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |i: usize| self.rows.iter().filter_map(|cells| cells.get(i)).map(|cell| columns(cell)).max();
        (0..count).map(|i| width(i).unwrap_or(0)).collect()
    }
}
