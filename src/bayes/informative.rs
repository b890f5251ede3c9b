//! Which features speak for a label, for people who want to see what a model has learnt.

use super::NaiveBayes;

/// A feature that speaks for a label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InformativeFeature {
    /// The feature's column.
    pub feature: u32,
    /// How often it stands in rows of the label.
    pub count: u32,
    /// How many times likelier it is in rows of the label than in the others.
    pub ratio: f64,
}

/// Smoothing of the ratio: half an occurrence on either side.
const HALF: f64 = 0.5;

impl NaiveBayes {
    /// The `top` features that tell most about a label: those with the largest `p ln(p / q)`, where p is the share of
    /// the feature among the tokens of the label's rows and q among those of all other rows (the label's terms of the
    /// Kullback-Leibler divergence). The product keeps rare oddities and frequent platitudes down.
    ///
    /// # Panics
    /// When there is no such label.
    pub fn informative_features(&self, label: usize, top: usize) -> Vec<InformativeFeature> {
        let counts = self.counts();
        assert!(label < counts.n_labels(), "label {label} of {}", counts.n_labels());
        let mut found: Vec<(f64, InformativeFeature)> = Vec::new();
        for (block, totals) in self.blocks().iter().zip(self.totals()) {
            let own_tokens = totals.label_tokens[label];
            let other_tokens = totals.tokens - own_tokens;
            for feature in block.columns.clone() {
                let Some(cells) = self.scope.feature(counts, feature as usize) else { continue };
                let Ok(cell) = cells.labels.binary_search(&(label as u32)) else { continue };
                let count = cells.counts[cell];
                let p = (f64::from(count) + HALF) / (own_tokens + 2.0 * HALF);
                let q = ((cells.total - u64::from(count)) as f64 + HALF) / (other_tokens + 2.0 * HALF);
                let ratio = p / q;
                let weight = block.weight * p * libm::log(ratio);
                if weight > 0.0 {
                    found.push((weight, InformativeFeature { feature, count, ratio }));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.feature.cmp(&b.1.feature)));
        found.into_iter().take(top).map(|(_, feature)| feature).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::LabelId;
    use crate::features::BagOfWords;
    use linfa::prelude::*;
    use ndarray::array;

    #[test]
    fn a_feature_of_one_label_comes_before_one_of_both() {
        let bag = BagOfWords::from_dense(&array![[5, 4, 0, 1], [5, 6, 0, 0], [5, 0, 5, 0], [5, 0, 5, 0]]);
        let targets = array![0, 0, 1, 1].mapv(LabelId);
        let model = NaiveBayes::complement().fit(&DatasetBase::new(bag, targets)).unwrap();
        let features: Vec<u32> = model.informative_features(0, 9).iter().map(|f| f.feature).collect();
        assert_eq!(features, [1, 3]);
        let best = model.informative_features(1, 1)[0];
        assert_eq!((best.feature, best.count), (2, 10));
        assert!(best.ratio > 10.0);
    }
}
