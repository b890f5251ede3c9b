//! A model without one of its rows, at the cost of scoring that row.
//!
//! Counts are sums over rows, so a row is left out by taking its counts away. Only the features that the row itself has
//! can change, and only they are needed to score it: the model that comes back holds these features alone, with the
//! totals, labels and rows of all the rest. It then scores by the same code, in the same order, as a model trained
//! without the row: the numbers are equal to the last bit.
//!
//! Whatever is derived changes with the counts: features that only this row had are gone from the vocabulary size, those
//! that fall below the minimum document frequency leave with all their tokens, a label whose only row it was is no
//! label any more, priors are taken anew.

use crate::features::Blocks;

use super::counts::LabelCountsParts;
use super::naive_bayes::NaiveBayes;
use super::{BayesError, LabelCounts, Prior};

/// A model without a row, and that row over its columns.
#[derive(Clone, Debug)]
pub struct LeftOut {
    model: Option<NaiveBayes>,
    labels: Vec<u32>,
    row: Vec<(u32, u32)>,
}

impl LeftOut {
    /// The model of the other rows; `None` where none of them is labelled. Good for [`row`](Self::row) only.
    pub fn model(&self) -> Option<&NaiveBayes> {
        self.model.as_ref()
    }

    /// Per label of [`model`](Self::model), its number in the model of all rows.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The row as (feature, count), features numbered as in [`model`](Self::model).
    pub fn row(&self) -> &[(u32, u32)] {
        &self.row
    }
}

const NOT_A_ROW: BayesError = BayesError::Inconsistent("the row to leave out is not among the training rows");

impl NaiveBayes {
    /// The model as it would be without a row of (feature, count), features ascending, that it was trained on with these
    /// labels, ascending; no label is an empty cell. Whether the model is multi-label stays as it is.
    ///
    /// # Errors
    /// [`BayesError::Inconsistent`] where the counts cannot hold such a row.
    pub fn without(&self, row: &[(u32, u32)], labels: &[u32]) -> Result<LeftOut, BayesError> {
        let counts = self.counts();
        let mut label_rows = counts.label_rows().to_vec();
        for &label in labels {
            let rows = label_rows.get_mut(label as usize).ok_or(NOT_A_ROW)?;
            *rows = rows.checked_sub(1).ok_or(NOT_A_ROW)?;
        }
        let gone = |rows: u64, is: bool| rows.checked_sub(u64::from(is)).ok_or(NOT_A_ROW);
        let kept: Vec<u32> = (0..).zip(&label_rows).filter(|(_, rows)| **rows > 0).map(|(label, _)| label).collect();
        label_rows.retain(|&rows| rows > 0);
        let mut parts = LabelCountsParts {
            label_rows,
            labelled_rows: gone(counts.labelled_rows(), !labels.is_empty())?,
            empty_rows: gone(counts.empty_rows(), labels.is_empty())?,
            ..LabelCountsParts::default()
        };
        if parts.labelled_rows == 0 {
            return Ok(LeftOut { model: None, labels: Vec::new(), row: Vec::new() });
        }
        let mut blocks = Blocks::default();
        let mut features = row.iter().map(|&(feature, _)| feature).peekable();
        for block in self.blocks() {
            let mut width = 0;
            while features.next_if(|feature| block.columns.contains(feature)).is_some() {
                width += 1;
            }
            blocks.push(block.kind, width);
        }
        if features.next().is_some() {
            return Err(NOT_A_ROW);
        }
        for &(feature, count) in row {
            take(counts, feature as usize, count, labels, &kept, &mut parts)?;
        }
        let small = LabelCounts::from_counted(parts)?;
        let mut totals = self.totals().to_vec();
        let all = counts.n_labels();
        for (g, block) in blocks.iter().enumerate() {
            for i in block.columns.clone() {
                let before = self.scope.feature(counts, row[i as usize].0 as usize);
                let after = self.scope.feature(&small, i as usize);
                // Integers up to 2⁵³ are exact in f64, whatever is added and taken first.
                let total = &mut totals[g];
                if let Some(cells) = before {
                    total.n_features -= 1.0;
                    total.tokens -= cells.total as f64;
                    for (&label, &n) in cells.labels.iter().zip(cells.counts) {
                        total.label_tokens[label as usize] -= f64::from(n);
                    }
                    total.label_tokens[all] -= f64::from(cells.empty);
                }
                if let Some(cells) = after {
                    total.n_features += 1.0;
                    total.tokens += cells.total as f64;
                    for (&label, &n) in cells.labels.iter().zip(cells.counts) {
                        total.label_tokens[kept[label as usize] as usize] += f64::from(n);
                    }
                    total.label_tokens[all] += f64::from(cells.empty);
                }
            }
        }
        for total in &mut totals {
            let of_kept = kept.iter().map(|&label| total.label_tokens[label as usize]);
            total.label_tokens = of_kept.chain([total.label_tokens[all]]).collect();
        }
        let mut params = self.params().clone();
        if let Some(Prior::Given(given)) = &mut params.prior {
            *given = kept.iter().filter_map(|&label| given.get(label as usize).copied()).collect();
        }
        let (multi_label, scope, ln) = (self.is_multi_label(), self.scope, self.ln.clone());
        let model = NaiveBayes::assemble(small, params, blocks, multi_label, scope, totals, ln)?;
        let row = (0..).zip(row).map(|(i, &(_, count))| (i, count)).collect();
        Ok(LeftOut { model: Some(model), labels: kept, row })
    }
}

/// Adds the cells of a feature, with the row's share taken away.
fn take(
    counts: &LabelCounts,
    feature: usize,
    count: u32,
    labels: &[u32],
    kept: &[u32],
    parts: &mut LabelCountsParts,
) -> Result<(), BayesError> {
    let minus = |from: u32, what: u32| from.checked_sub(what).ok_or(NOT_A_ROW);
    let cells = counts.feature(feature);
    let is_empty = labels.is_empty();
    let first = parts.columns.len();
    let mut repeated = 0u64;
    let mut found = 0;
    for (&label, &n) in cells.labels.iter().zip(cells.counts) {
        repeated += u64::from(n);
        let has_it = labels.contains(&label);
        found += usize::from(has_it);
        let left = minus(n, if has_it { count } else { 0 })?;
        if left > 0 {
            let column = kept.binary_search(&label).map_err(|_| NOT_A_ROW)?;
            parts.columns.push(column as u32);
            parts.counts.push(left);
        }
    }
    if found < labels.len() {
        return Err(NOT_A_ROW);
    }
    let repeats = count.checked_mul(labels.len().saturating_sub(1) as u32).ok_or(NOT_A_ROW)?;
    let repeated = u32::try_from(repeated - cells.labelled).map_err(|_| NOT_A_ROW)?;
    let extras = [
        minus(cells.empty, if is_empty { count } else { 0 })?,
        minus(cells.empty_rows, u32::from(is_empty))?,
        minus(repeated, repeats)?,
    ];
    for (extra, left) in (0..).zip(extras).filter(|(_, left)| *left > 0) {
        parts.columns.push(kept.len() as u32 + extra);
        parts.counts.push(left);
    }
    parts.cell_counts.push((parts.columns.len() - first) as u32);
    let df = counts.document_frequency().get(feature).copied().ok_or(NOT_A_ROW)?;
    parts.document_frequency.push(minus(df, u32::from(!is_empty))?);
    Ok(())
}

#[cfg(test)]
#[path = "leave_one_out_tests.rs"]
mod tests;
