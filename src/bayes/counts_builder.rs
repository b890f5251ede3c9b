//! Adds rows to counts, one after another.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::counts::{Extra, LabelCountsParts};
use super::{BayesError, LabelCounts};

/// Counts in the making. Memory is one entry per (feature, label) that occurs, whatever the number of rows.
///
/// Features and labels may be provisional numbers in order of appearance; [`finish`](Self::finish) puts them in order.
/// A hash map adds in any order and is sorted at the end, so no result depends on its order.
#[derive(Clone, Debug, Default)]
pub struct CountsBuilder {
    cells: HashMap<u64, u32, RandomState>,
    document_frequency: Vec<u32>,
    label_rows: Vec<u64>,
    labelled_rows: u64,
    empty_rows: u64,
}

/// Column keys of the extra columns while labels are still being found.
fn extra_key(extra: Extra) -> u32 {
    u32::MAX - 2 + extra as u32
}

fn key(feature: u32, column: u32) -> u64 {
    u64::from(feature) << 32 | u64::from(column)
}

impl CountsBuilder {
    /// Goes on from finished counts, whose features and labels keep their numbers.
    pub fn from_counts(counts: &LabelCounts) -> Self {
        let parts = counts.parts();
        let n_labels = counts.n_labels() as u32;
        let mut cells = HashMap::with_capacity_and_hasher(parts.columns.len(), RandomState::default());
        let features =
            parts.cell_counts.iter().enumerate().flat_map(|(f, &n)| std::iter::repeat_n(f as u32, n as usize));
        for ((feature, &column), &count) in features.zip(&parts.columns).zip(&parts.counts) {
            let column = if column < n_labels { column } else { column - n_labels + extra_key(Extra::Empty) };
            cells.insert(key(feature, column), count);
        }
        CountsBuilder {
            cells,
            document_frequency: parts.document_frequency.clone(),
            label_rows: parts.label_rows.clone(),
            labelled_rows: parts.labelled_rows,
            empty_rows: parts.empty_rows,
        }
    }

    /// Adds a row: its (feature, count), each feature once, and its labels, each once; no label is an empty cell.
    ///
    /// # Errors
    /// [`BayesError::CountOverflow`] when a count would pass 2³² − 1; the counts are of no use after that.
    pub fn add(&mut self, row: &[(u32, u32)], labels: &[u32]) -> Result<(), BayesError> {
        if labels.is_empty() {
            self.empty_rows += 1;
        } else {
            self.labelled_rows += 1;
        }
        for &label in labels {
            if self.label_rows.len() <= label as usize {
                self.label_rows.resize(label as usize + 1, 0);
            }
            self.label_rows[label as usize] += 1;
        }
        let repeats = labels.len().saturating_sub(1) as u32;
        for &(feature, count) in row {
            if self.document_frequency.len() <= feature as usize {
                self.document_frequency.resize(feature as usize + 1, 0);
            }
            for &label in labels {
                self.add_cell(feature, label, count)?;
            }
            if labels.is_empty() {
                self.add_cell(feature, extra_key(Extra::Empty), count)?;
                self.add_cell(feature, extra_key(Extra::EmptyRows), 1)?;
            } else {
                let df = &mut self.document_frequency[feature as usize];
                *df = df.checked_add(1).ok_or(BayesError::CountOverflow)?;
            }
            if repeats > 0 {
                let repeated = count.checked_mul(repeats).ok_or(BayesError::CountOverflow)?;
                self.add_cell(feature, extra_key(Extra::Repeated), repeated)?;
            }
        }
        Ok(())
    }

    fn add_cell(&mut self, feature: u32, column: u32, count: u32) -> Result<(), BayesError> {
        let cell = self.cells.entry(key(feature, column)).or_insert(0);
        *cell = cell.checked_add(count).ok_or(BayesError::CountOverflow)?;
        Ok(())
    }

    /// The counts with features and labels renumbered: `features[old]` and `labels[old]` are the new numbers, each a
    /// permutation.
    ///
    /// # Errors
    /// [`BayesError::CountOverflow`] with more than 2³² − 1 cells.
    pub fn finish(self, features: &[u32], labels: &[u32]) -> Result<LabelCounts, BayesError> {
        let n_labels = labels.len() as u32;
        let mut cells: Vec<(u64, u32)> = Vec::with_capacity(self.cells.len());
        for (key_, count) in self.cells {
            let (feature, column) = ((key_ >> 32) as u32, key_ as u32);
            let first_extra = extra_key(Extra::Empty);
            let column = if column < first_extra { labels[column as usize] } else { n_labels + (column - first_extra) };
            cells.push((key(features[feature as usize], column), count));
        }
        cells.sort_unstable();
        let mut parts = LabelCountsParts {
            label_rows: vec![0; labels.len()],
            labelled_rows: self.labelled_rows,
            empty_rows: self.empty_rows,
            document_frequency: vec![0; features.len()],
            cell_counts: vec![0; features.len()],
            columns: Vec::with_capacity(cells.len()),
            counts: Vec::with_capacity(cells.len()),
        };
        for (old, &rows) in self.label_rows.iter().enumerate() {
            parts.label_rows[labels[old] as usize] = rows;
        }
        for (old, &df) in self.document_frequency.iter().enumerate() {
            parts.document_frequency[features[old] as usize] = df;
        }
        for (key, count) in cells {
            parts.cell_counts[(key >> 32) as usize] += 1;
            parts.columns.push(key as u32);
            parts.counts.push(count);
        }
        LabelCounts::from_counted(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provisional_numbers_are_put_in_order() {
        let mut by_appearance = CountsBuilder::default();
        by_appearance.add(&[(0, 1), (1, 2)], &[0]).unwrap();
        by_appearance.add(&[(1, 5)], &[1]).unwrap();
        by_appearance.add(&[(0, 7)], &[]).unwrap();
        let mut in_order = CountsBuilder::default();
        in_order.add(&[(0, 7)], &[]).unwrap();
        in_order.add(&[(0, 5)], &[0]).unwrap();
        in_order.add(&[(0, 2), (1, 1)], &[1]).unwrap();
        // Feature 0 and 1 change places, as do the labels; the empty row moves with its feature.
        let mut moved = CountsBuilder::default();
        moved.add(&[(0, 5)], &[0]).unwrap();
        moved.add(&[(0, 2), (1, 1)], &[1]).unwrap();
        moved.add(&[(1, 7)], &[]).unwrap();
        let sorted = by_appearance.finish(&[1, 0], &[1, 0]).unwrap();
        assert_eq!(sorted, moved.finish(&[0, 1], &[0, 1]).unwrap());
        assert_ne!(sorted, in_order.finish(&[0, 1], &[0, 1]).unwrap());
    }

    #[test]
    fn going_on_equals_going_through() {
        type Row<'a> = (&'a [(u32, u32)], &'a [u32]);
        let rows: [Row<'_>; 4] = [(&[(0, 1), (2, 2)], &[0, 1]), (&[(1, 1)], &[]), (&[(0, 4)], &[1]), (&[], &[0])];
        let mut whole = CountsBuilder::default();
        let mut first = CountsBuilder::default();
        for (row, labels) in rows {
            whole.add(row, labels).unwrap();
        }
        for (row, labels) in &rows[..2] {
            first.add(row, labels).unwrap();
        }
        let mut rest = CountsBuilder::from_counts(&first.finish(&[0, 1, 2], &[0, 1]).unwrap());
        for (row, labels) in &rows[2..] {
            rest.add(row, labels).unwrap();
        }
        assert_eq!(rest.finish(&[0, 1, 2], &[0, 1]).unwrap(), whole.finish(&[0, 1, 2], &[0, 1]).unwrap());
    }

    #[test]
    fn counts_beyond_32_bits_are_an_error() {
        let mut builder = CountsBuilder::default();
        builder.add(&[(0, u32::MAX)], &[0]).unwrap();
        assert_eq!(builder.add(&[(0, 1)], &[0]), Err(BayesError::CountOverflow));
    }
}
