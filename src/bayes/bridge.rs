//! The way over to `linfa_bayes::MultinomialNb`.
//!
//! linfa-bayes keeps its fields private, so the model crosses in its serde form, in `f64`.

use linfa_bayes::MultinomialNb;
use serde_json::{Map, Value, json};

use crate::corpus::LabelId;

use super::{BayesError, Estimator, NaiveBayes, Smoothing};

/// Lets [`LabelId`] stand as a label in linfa's own estimators.
impl linfa::Label for LabelId {}

impl NaiveBayes {
    /// The same model as one of linfa-bayes; its `joint_log_likelihood` agrees with ours to rounding.
    ///
    /// Dense: `n_labels × n_features` numbers of 16 bytes, and more on the way. Made for models of one block of
    /// weight 1, single-label, multinomial with Lidstone smoothing and minimum document frequency 1: nothing else has a
    /// counterpart there.
    ///
    /// # Errors
    /// [`BayesError::Bridge`] says what has no counterpart.
    pub fn to_linfa(&self) -> Result<MultinomialNb<f64, LabelId>, BayesError> {
        let none = |why| Err(BayesError::Bridge(why));
        let params = self.params();
        if params.estimator != Estimator::Multinomial {
            return none("it is not multinomial");
        }
        if !matches!(params.smoothing, Smoothing::Lidstone(_)) {
            return none("its smoothing is not Lidstone's");
        }
        if self.is_multi_label() {
            return none("it is multi-label");
        }
        if params.min_df != 1 || self.blocks().len() != 1 || self.blocks().iter().any(|b| b.weight != 1.0) {
            return none("it has several blocks of features, weights or a minimum document frequency");
        }
        let counts = self.counts();
        let mut classes = Map::new();
        for label in 0..counts.n_labels() {
            let mut feature_count = vec![0.0; counts.n_features()];
            for (feature, count) in feature_count.iter_mut().enumerate() {
                let cells = counts.feature(feature);
                if let Ok(i) = cells.labels.binary_search(&(label as u32)) {
                    *count = f64::from(cells.counts[i]);
                }
            }
            let info = json!({
                "class_count": counts.label_rows()[label],
                "prior": libm::exp(self.log_prior()[label]),
                "feature_count": dense(&feature_count),
                "feature_log_prob": dense(&self.feature_weights(label)),
            });
            classes.insert(label.to_string(), info);
        }
        serde_json::from_value(json!({ "class_info": classes }))
            .map_err(|_| BayesError::Bridge("linfa-bayes has changed its stored form"))
    }
}

/// ndarray's stored form of a vector.
fn dense(values: &[f64]) -> Value {
    json!({ "v": 1, "dim": [values.len()], "data": values })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::BagOfWords;
    use approx::assert_abs_diff_eq;
    use linfa::prelude::*;
    use linfa_bayes::NaiveBayes as _;
    use ndarray::{Array1, Array2};

    /// A small linear congruential generator: reproducible counts and labels without a dependency.
    fn random(n: usize, below: u32) -> Vec<u32> {
        let mut state = 42u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as u32 % below
        };
        (0..n).map(|_| next()).collect()
    }

    fn data() -> (Array2<u32>, Array1<LabelId>) {
        let counts = Array2::from_shape_vec((60, 40), random(60 * 40, 5)).unwrap().mapv(|c| c.saturating_sub(2));
        (counts, (0..60u32).map(|i| LabelId(i * i % 4)).collect())
    }

    #[test]
    fn linfa_bayes_scores_as_we_do() {
        let (counts, targets) = data();
        let bag = BagOfWords::from_dense(&counts);
        for alpha in [0.01, 0.3, 1.0] {
            let dataset = DatasetBase::new(bag.clone(), targets.clone());
            let ours = NaiveBayes::multinomial().alpha(alpha).fit(&dataset).unwrap();
            let dense = DatasetBase::new(bag.to_dense(), targets.clone());
            let theirs = MultinomialNb::params().alpha(alpha).fit(&dense).unwrap();
            let bridged = ours.to_linfa().unwrap();
            let expected = ours.joint_log_likelihood(&bag);
            for model in [&theirs, &bridged] {
                for (label, scores) in model.joint_log_likelihood(bag.to_dense().view()) {
                    assert_abs_diff_eq!(scores, expected.column(label.index()).to_owned(), epsilon = 1e-9);
                }
                let (their_labels, our_labels): (Array1<LabelId>, Array1<LabelId>) =
                    (model.predict(&bag.to_dense()), ours.predict(&bag));
                assert_eq!(their_labels, our_labels);
            }
        }
    }

    #[test]
    fn models_without_a_counterpart_are_refused() {
        let (counts, targets) = data();
        let dataset = DatasetBase::new(BagOfWords::from_dense(&counts), targets);
        for params in [
            NaiveBayes::complement(),
            NaiveBayes::multinomial().jelinek_mercer(0.5),
            NaiveBayes::multinomial().min_df(2),
        ] {
            assert!(matches!(params.fit(&dataset).unwrap().to_linfa(), Err(BayesError::Bridge(_))));
        }
    }
}
