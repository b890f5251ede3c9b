//! Counts of two sets of rows put together, or one taken from the other: what makes a model of counts exact to change.
//!
//! Features and labels of the two differ, so both say how theirs are numbered in the result; numbers ascend, and so each
//! feature's cells are merged like two sorted lists.

use super::counts::LabelCountsParts;
use super::{BayesError, LabelCounts};

/// A column that is past all labels, as it is in the other counts.
fn extra(column: u32, from: usize, to: usize) -> u32 {
    (column as usize - from + to) as u32
}

impl LabelCounts {
    /// The counts of all rows of both. Per feature of the result `features` has its number on the left and on the right,
    /// `labels` per side the new number of each label, in ascending order; the result has `n_labels`.
    ///
    /// # Errors
    /// [`BayesError::CountOverflow`] when a sum passes 2³² − 1 (2⁶⁴ − 1 for numbers of rows).
    pub(crate) fn sum(
        sides: [&LabelCounts; 2],
        features: &[[Option<u32>; 2]],
        labels: [&[u32]; 2],
        n_labels: usize,
    ) -> Result<LabelCounts, BayesError> {
        let parts = sides.map(LabelCounts::parts);
        let rows =
            |of: fn(&LabelCountsParts) -> u64| of(parts[0]).checked_add(of(parts[1])).ok_or(BayesError::CountOverflow);
        let mut sum = LabelCountsParts {
            label_rows: vec![0; n_labels],
            labelled_rows: rows(|parts| parts.labelled_rows)?,
            empty_rows: rows(|parts| parts.empty_rows)?,
            document_frequency: Vec::with_capacity(features.len()),
            cell_counts: Vec::with_capacity(features.len()),
            columns: Vec::with_capacity(parts[0].columns.len().max(parts[1].columns.len())),
            counts: Vec::with_capacity(parts[0].counts.len().max(parts[1].counts.len())),
        };
        for (side, labels) in parts.iter().zip(labels) {
            for (&rows, &label) in side.label_rows.iter().zip(labels) {
                let sum = &mut sum.label_rows[label as usize];
                *sum = sum.checked_add(rows).ok_or(BayesError::CountOverflow)?;
            }
        }
        for of_sides in features {
            let mut df = 0u32;
            let mut cells = [0, 1].map(|side| {
                let range = of_sides[side].map_or(0..0, |feature| sides[side].cells(feature as usize));
                let n_old = sides[side].n_labels();
                let label = move |&column: &u32| match labels[side].get(column as usize) {
                    Some(&label) => label,
                    None => extra(column, n_old, n_labels),
                };
                let columns = parts[side].columns[range.clone()].iter().map(label);
                columns.zip(parts[side].counts[range].iter().copied()).peekable()
            });
            for (side, feature) in parts.iter().zip(of_sides) {
                let rows = feature.map_or(0, |feature| side.document_frequency[feature as usize]);
                df = df.checked_add(rows).ok_or(BayesError::CountOverflow)?;
            }
            let before = sum.columns.len();
            while let Some(column) = cells.iter_mut().filter_map(|cells| cells.peek().map(|cell| cell.0)).min() {
                let mut count = 0u32;
                for cells in &mut cells {
                    if let Some((_, more)) = cells.next_if(|cell| cell.0 == column) {
                        count = count.checked_add(more).ok_or(BayesError::CountOverflow)?;
                    }
                }
                sum.columns.push(column);
                sum.counts.push(count);
            }
            sum.document_frequency.push(df);
            sum.cell_counts.push((sum.columns.len() - before) as u32);
        }
        LabelCounts::from_counted(sum)
    }

    /// The counts without the rows of `other`, whose every feature has the number `features[old]` here and every label
    /// `labels[old]`, both ascending. Labels without a row and features without a cell stay, with zeros.
    ///
    /// `None` where a count would be below zero: those rows are not among these.
    pub(crate) fn difference(&self, other: &LabelCounts, features: &[u32], labels: &[u32]) -> Option<LabelCounts> {
        let (ours, theirs) = (self.parts(), other.parts());
        let mut rest = LabelCountsParts {
            label_rows: ours.label_rows.clone(),
            labelled_rows: ours.labelled_rows.checked_sub(theirs.labelled_rows)?,
            empty_rows: ours.empty_rows.checked_sub(theirs.empty_rows)?,
            document_frequency: ours.document_frequency.clone(),
            cell_counts: Vec::with_capacity(ours.cell_counts.len()),
            columns: Vec::with_capacity(ours.columns.len()),
            counts: Vec::with_capacity(ours.counts.len()),
        };
        for (&rows, &label) in theirs.label_rows.iter().zip(labels) {
            let rest = rest.label_rows.get_mut(label as usize)?;
            *rest = rest.checked_sub(rows)?;
        }
        let mut gone = features.iter().zip(0..).peekable();
        for feature in 0..self.n_features() {
            let before = rest.columns.len();
            let range = self.cells(feature);
            let cells = ours.columns[range.clone()].iter().zip(&ours.counts[range]);
            let Some((_, old)) = gone.next_if(|&(&number, _)| number as usize == feature) else {
                cells.for_each(|(&column, &count)| {
                    rest.columns.push(column);
                    rest.counts.push(count);
                });
                rest.cell_counts.push((rest.columns.len() - before) as u32);
                continue;
            };
            let df = &mut rest.document_frequency[feature];
            *df = df.checked_sub(theirs.document_frequency[old])?;
            let range = other.cells(old);
            let column = |&column: &u32| match labels.get(column as usize) {
                Some(&label) => label,
                None => extra(column, other.n_labels(), self.n_labels()),
            };
            let less = theirs.columns[range.clone()].iter().map(column).zip(&theirs.counts[range]);
            let mut less = less.peekable();
            for (&column, &count) in cells {
                let less = less.next_if(|cell| cell.0 == column).map_or(0, |cell| *cell.1);
                let count = count.checked_sub(less)?;
                if count > 0 {
                    rest.columns.push(column);
                    rest.counts.push(count);
                }
            }
            if less.next().is_some() {
                return None;
            }
            rest.cell_counts.push((rest.columns.len() - before) as u32);
        }
        gone.next().is_none().then(|| LabelCounts::from_counted(rest).ok()).flatten()
    }

    /// Whether a feature has a cell.
    pub(crate) fn occurs(&self, feature: usize) -> bool {
        !self.cells(feature).is_empty()
    }

    /// The counts of the features and labels that have a new number, which ascends. `None` where a label that has none has
    /// a row or a cell.
    pub(crate) fn renumbered(&self, features: &[Option<u32>], labels: &[Option<u32>]) -> Option<LabelCounts> {
        let parts = self.parts();
        let n_labels = labels.iter().flatten().count();
        let mut kept = LabelCountsParts {
            labelled_rows: parts.labelled_rows,
            empty_rows: parts.empty_rows,
            ..LabelCountsParts::default()
        };
        for (&rows, label) in parts.label_rows.iter().zip(labels) {
            match label {
                Some(_) => kept.label_rows.push(rows),
                None if rows > 0 => return None,
                None => {}
            }
        }
        let features = features.iter().enumerate().filter(|(_, new)| new.is_some());
        for (feature, _) in features {
            let range = self.cells(feature);
            kept.document_frequency.push(parts.document_frequency[feature]);
            kept.cell_counts.push(range.len() as u32);
            kept.counts.extend_from_slice(&parts.counts[range.clone()]);
            for &column in &parts.columns[range] {
                kept.columns.push(match labels.get(column as usize) {
                    Some(label) => (*label)?,
                    None => extra(column, self.n_labels(), n_labels),
                });
            }
        }
        LabelCounts::from_counted(kept).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::CountsBuilder;
    use super::*;
    use proptest::prelude::*;

    const FEATURES: u32 = 4;
    const LABELS: u32 = 3;
    type Row = (Vec<(u32, u32)>, Vec<u32>);

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let cells = prop::collection::btree_map(0..FEATURES, 1u32..4, 0..4);
        let labels = prop::collection::btree_set(0..LABELS, 0..3);
        let row =
            (cells, labels).prop_map(|(cells, labels)| (cells.into_iter().collect(), labels.into_iter().collect()));
        prop::collection::vec(row, 0..6)
    }

    /// All features and labels, whether they occur or not.
    fn counts(rows: &[Row]) -> LabelCounts {
        let mut builder = CountsBuilder::default();
        for (cells, labels) in rows {
            builder.add(cells, labels).unwrap();
        }
        builder.finish(&[0, 1, 2, 3], &[0, 1, 2]).unwrap()
    }

    /// Only those that occur, and per old feature and label the new one.
    fn occurring(all: &LabelCounts) -> (LabelCounts, Vec<u32>, Vec<u32>) {
        let number = |occurs: &dyn Fn(usize) -> bool, n: u32| {
            let mut next = 0;
            let mut new = |old: u32| occurs(old as usize).then(|| (next, next += 1).0);
            (0..n).map(&mut new).collect::<Vec<Option<u32>>>()
        };
        let features = number(&|feature| all.occurs(feature), FEATURES);
        let labels = number(&|label| all.label_rows()[label] > 0, LABELS);
        let old = |new: &[Option<u32>]| (0..).zip(new).filter(|(_, new)| new.is_some()).map(|(old, _)| old).collect();
        (all.renumbered(&features, &labels).unwrap(), old(&features), old(&labels))
    }

    proptest! {
        #[test]
        fn sums_and_differences_are_counts_of_the_rows(left in rows(), right in rows()) {
            let both: Vec<Row> = left.iter().chain(&right).cloned().collect();
            let (a, a_features, a_labels) = occurring(&counts(&left));
            let (b, b_features, b_labels) = occurring(&counts(&right));
            let of = |features: &[u32], feature: u32| features.binary_search(&feature).ok().map(|i| i as u32);
            let features: Vec<[Option<u32>; 2]> =
                (0..FEATURES).map(|feature| [of(&a_features, feature), of(&b_features, feature)]).collect();
            let sum = LabelCounts::sum([&a, &b], &features, [&a_labels, &b_labels], LABELS as usize).unwrap();
            prop_assert_eq!(&sum, &counts(&both));
            let rest = sum.difference(&b, &b_features, &b_labels).unwrap();
            prop_assert_eq!(&rest, &counts(&left));
            // What is not there cannot be taken away.
            if !right.is_empty() {
                prop_assert_eq!(counts(&[]).difference(&b, &b_features, &b_labels), None);
            }
        }
    }

    #[test]
    fn sums_beyond_32_bits_are_an_error() {
        let mut builder = CountsBuilder::default();
        builder.add(&[(0, u32::MAX)], &[0]).unwrap();
        let most = builder.finish(&[0], &[0]).unwrap();
        let sum = LabelCounts::sum([&most, &most], &[[Some(0), Some(0)]], [&[0], &[0]], 1);
        assert_eq!(sum, Err(BayesError::CountOverflow));
    }
}
