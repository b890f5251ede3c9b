//! What each feature of a row adds to a label's score.
//!
//! Letters as in [`naive_bayes`](super::NaiveBayes): a score is the prior plus `w x_f` times a weight per feature. In a
//! multi-label model that is a log odds and explains itself. In a single-label one it is a log likelihood, some −9 for any
//! word under any label; what tells labels apart is how far a label's is from the others'. There everything is *centred*:
//! from prior, contribution and score alike the mean over the labels is taken off. The centred parts sum to the
//! centred score, and the probabilities are the same, as they depend on differences only.

use super::{NaiveBayes, Scores};

impl NaiveBayes {
    /// What a label scores before any word: its log prior or log prior odds; centred in a single-label model.
    ///
    /// # Panics
    /// When there is no such label.
    pub fn bias(&self, label: usize) -> f64 {
        self.centred(self.log_prior(), label)
    }

    /// The score of a label, centred in a single-label model: `bias + Σ contributions`.
    ///
    /// # Panics
    /// When there is no such label.
    pub fn margin(&self, scores: &Scores, label: usize) -> f64 {
        self.centred(&scores.values[..self.counts().n_labels()], label)
    }

    /// What each feature of a row of (feature, count) adds to the score of a label, centred in a single-label model.
    /// Features that do not take part are left out.
    ///
    /// # Panics
    /// When there is no such label, or a feature is not below the number of features of the model.
    pub fn contributions(&self, row: impl IntoIterator<Item = (u32, u32)>, label: usize) -> Vec<(u32, f64)> {
        let n_labels = self.counts().n_labels();
        assert!(label < n_labels, "label {label} of {n_labels}");
        let mut weights = vec![0.0; n_labels];
        let mut contributions = Vec::new();
        for (feature, count) in row {
            let Some(cells) = self.scope.feature(self.counts(), feature as usize) else { continue };
            let g = self.blocks().block_of(feature);
            let totals = &self.totals()[g];
            let common = self.common(&cells, totals);
            for (weight, base) in weights.iter_mut().zip(self.base_of(g)) {
                *weight = base + common;
            }
            for (&k, &n) in cells.labels.iter().zip(cells.counts) {
                weights[k as usize] += self.delta(&cells, totals, k as usize, n);
            }
            let x = self.weight(g) * f64::from(count);
            contributions.push((feature, x * self.centred(&weights, label)));
        }
        contributions
    }

    /// One of the values, less their mean in a single-label model. A label without rows (ln 0) is not in the mean.
    fn centred(&self, values: &[f64], label: usize) -> f64 {
        if self.is_multi_label() {
            return values[label];
        }
        let finite = || values.iter().filter(|v| v.is_finite());
        let n = finite().count().max(1);
        values[label] - finite().sum::<f64>() / n as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::LabelId;
    use crate::features::BagOfWords;
    use approx::assert_abs_diff_eq;
    use linfa::prelude::*;
    use ndarray::array;

    #[test]
    fn a_word_contributes_how_much_likelier_it_is_than_under_the_mean_label() {
        // Label 0 has (3, 1) tokens, label 1 has (1, 3); alpha 1 makes that 4/6, 2/6 and 2/6, 4/6.
        let bag = BagOfWords::from_dense(&array![[3, 1], [1, 3]]);
        let model =
            NaiveBayes::multinomial().alpha(1.0).fit(&DatasetBase::new(bag, array![0, 1].mapv(LabelId))).unwrap();
        let contributions = model.contributions([(0, 2), (1, 1)], 0);
        // ln 4/6 less the mean of ln 4/6 and ln 2/6 is half of ln 2.
        assert_abs_diff_eq!(contributions[0].1, 2.0 * 0.5 * 2f64.ln(), epsilon = 1e-12);
        assert_abs_diff_eq!(contributions[1].1, -0.5 * 2f64.ln(), epsilon = 1e-12);
        assert_abs_diff_eq!(model.bias(0), 0.0, epsilon = 1e-12);
        let scores = model.score([(0, 2), (1, 1)]);
        assert_abs_diff_eq!(model.margin(&scores, 0), 0.5 * 2f64.ln(), epsilon = 1e-12);
    }
}
