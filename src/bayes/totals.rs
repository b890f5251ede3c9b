//! Sums of counts per block and label: the denominators of every formula.

use crate::features::Blocks;

use super::LabelCounts;

/// Which of the counts take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Whether rows with an empty label cell count (as rows of no label).
    pub with_empty: bool,
    /// Features of fewer rows are left out.
    pub min_df: u32,
}

/// One feature within a scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScopedFeature<'a> {
    /// Labels with a count, ascending.
    pub labels: &'a [u32],
    /// Their counts.
    pub counts: &'a [u32],
    /// Count with no label.
    pub empty: u32,
    /// Count in all rows, each token once.
    pub total: u64,
}

impl Scope {
    /// The counts of a feature, or `None` where it does not take part.
    pub(crate) fn feature(self, counts: &LabelCounts, feature: usize) -> Option<ScopedFeature<'_>> {
        let cells = counts.feature(feature);
        let (empty, empty_rows) = if self.with_empty { (cells.empty, cells.empty_rows) } else { (0, 0) };
        let total = cells.labelled + u64::from(empty);
        let df = u64::from(counts.document_frequency()[feature]) + u64::from(empty_rows);
        let takes_part = total > 0 && df >= u64::from(self.min_df);
        takes_part.then_some(ScopedFeature { labels: cells.labels, counts: cells.counts, empty, total })
    }
}

/// Totals of one block.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BlockTotals {
    /// V: how many features take part.
    pub n_features: f64,
    /// T: tokens of all rows.
    pub tokens: f64,
    /// T_k: tokens of the rows of label k; one more at the end for rows without a label.
    pub label_tokens: Vec<f64>,
}

/// The totals of every block. Integers up to 2⁵³ are exact in `f64`.
pub(crate) fn totals(counts: &LabelCounts, blocks: &Blocks, scope: Scope) -> Vec<BlockTotals> {
    blocks
        .iter()
        .map(|block| {
            let (mut n_features, mut tokens) = (0u64, 0u64);
            let mut label_tokens = vec![0u64; counts.n_labels() + 1];
            for feature in block.columns.clone() {
                let Some(cells) = scope.feature(counts, feature as usize) else { continue };
                n_features += 1;
                tokens += cells.total;
                for (&label, &count) in cells.labels.iter().zip(cells.counts) {
                    label_tokens[label as usize] += u64::from(count);
                }
                label_tokens[counts.n_labels()] += u64::from(cells.empty);
            }
            BlockTotals {
                n_features: n_features as f64,
                tokens: tokens as f64,
                label_tokens: label_tokens.into_iter().map(|t| t as f64).collect(),
            }
        })
        .collect()
}
