//! The rows that a linear model learns from, in an order that does not depend on how they came.

use crate::features::{BagOfWords, BlockKind};

use super::super::BayesError;

/// Rows of a bag, each with its labels; the targets of one facet.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    pub(super) bag: &'a BagOfWords,
    /// Labels of each row of the bag, ascending.
    pub(super) labels: &'a [Vec<u32>],
    /// The rows that take part, as positions in the bag, ordered by content.
    pub(super) rows: Vec<u32>,
    pub(super) n_labels: usize,
    pub(super) multi_label: bool,
    /// Kinds of features that take no part, where the bag has them.
    left_out: Vec<BlockKind>,
}

/// More scores than this (rows × labels) would take more than about five gigabytes.
const MOST_SCORES: usize = 250_000_000;

impl<'a> Problem<'a> {
    /// The rows of a bag that `takes_part` accepts. They are ordered by their `keys`, hashes of what they hold, so that
    /// the order in which they came does not show; without keys the features themselves are hashed.
    ///
    /// Memory and time grow with rows × labels and with features × labels. Up to 250 million rows × labels are taken
    /// (20,000 rows of eight words and 10,000 labels: 4.7 GB, by `/usr/bin/time -f %M` of the ignored test of
    /// `tests/nbsvm_bad_input.rs`); from 100 million features × labels on fewer features are kept, and from 50 million
    /// cells on folds are trained one after another instead of all at once.
    ///
    /// # Errors
    /// [`BayesError::Targets`] where rows and labels differ in number, [`BayesError::RowLabels`] where the labels of a row
    /// are not ascending or out of range, or not exactly one in a single-label problem, [`BayesError::NoRows`] where no
    /// row is left, and [`BayesError::TooManyScores`] where rows × labels would not fit.
    pub fn new(
        bag: &'a BagOfWords,
        labels: &'a [Vec<u32>],
        n_labels: usize,
        multi_label: bool,
        keys: Option<&[[u8; 16]]>,
        takes_part: impl Fn(usize) -> bool,
    ) -> Result<Self, BayesError> {
        if bag.n_rows() != labels.len() || keys.is_some_and(|keys| keys.len() != labels.len()) {
            return Err(BayesError::Targets { rows: bag.n_rows(), targets: labels.len() });
        }
        let key_of = |row: usize| match keys {
            Some(keys) => keys[row],
            None => hash_of_features(bag, row),
        };
        let taking: Vec<usize> = (0..labels.len()).filter(|&row| takes_part(row)).collect();
        for &row in &taking {
            let of_row = &labels[row];
            let in_order =
                of_row.windows(2).all(|w| w[0] < w[1]) && of_row.last().is_none_or(|&l| (l as usize) < n_labels);
            if !in_order || !(multi_label || of_row.len() == 1) {
                return Err(BayesError::RowLabels { row, labels: n_labels });
            }
        }
        let mut keyed: Vec<([u8; 16], &[u32], u32)> =
            taking.into_iter().map(|row| (key_of(row), labels[row].as_slice(), row as u32)).collect();
        if keyed.is_empty() || n_labels == 0 {
            return Err(BayesError::NoRows);
        }
        if keyed.len().saturating_mul(n_labels) > MOST_SCORES {
            return Err(BayesError::TooManyScores { rows: keyed.len(), labels: n_labels, most: MOST_SCORES });
        }
        // Rows of equal content and labels are interchangeable, so their own order says nothing.
        keyed.sort_unstable();
        let rows = keyed.into_iter().map(|(_, _, row)| row).collect();
        Ok(Problem { bag, labels, rows, n_labels, multi_label, left_out: Vec::new() })
    }

    /// The same rows without a kind of features.
    pub fn without(&self, kind: BlockKind) -> Self {
        let mut smaller = self.clone();
        smaller.left_out.push(kind);
        smaller
    }

    pub(super) fn leaves_out(&self, kind: BlockKind) -> bool {
        self.left_out.contains(&kind)
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The same with some of the rows only.
    #[cfg(test)]
    pub(super) fn with_rows(&self, rows: Vec<u32>) -> Self {
        Problem { rows, ..self.clone() }
    }

    /// Columns and counts of the row at a position of the order.
    pub(super) fn row(&self, position: usize) -> (&'a [u32], &'a [u32]) {
        self.bag.row(self.rows[position] as usize)
    }

    /// The labels of the row at a position of the order.
    pub(super) fn labels_of(&self, position: usize) -> &'a [u32] {
        &self.labels[self.rows[position] as usize]
    }

    /// The fold of every position: rows of equal labels go round the folds, so each fold holds its share of each.
    pub(super) fn folds(&self, n_folds: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| self.labels_of(a).cmp(self.labels_of(b)));
        let mut folds = vec![0; self.len()];
        for (turn, position) in order.into_iter().enumerate() {
            folds[position] = turn % n_folds;
        }
        folds
    }
}

fn hash_of_features(bag: &BagOfWords, row: usize) -> [u8; 16] {
    let (columns, counts) = bag.row(row);
    let mut hasher = blake3::Hasher::new();
    for numbers in [columns, counts] {
        for number in numbers {
            hasher.update(&number.to_le_bytes());
        }
    }
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    key
}
