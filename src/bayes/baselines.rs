//! linfa-bayes's dense estimators as baselines: Gaussian and Bernoulli naive Bayes over the most frequent features.
//!
//! What a newcomer would reach for first, measured by the same yardstick. They are fitted once over all rows (in
//! linfa-bayes 0.8 `BernoulliNb::fit_with` over batches gives NaN), and only their joint log likelihoods are used: their own
//! `predict_proba` is not normalised in log space, and their `predict` breaks ties by the order of a hash map. They
//! are dense, so features are few; they are not saved.
//!
//! ```
//! use ndarray::array;
//! use wiredesk::bayes::{BaselineKind, DenseBaseline};
//! use wiredesk::features::BagOfWords;
//!
//! let bag = BagOfWords::from_dense(&array![[2, 0, 1], [0, 1, 1], [1, 0, 0], [0, 2, 0]]);
//! let baseline = DenseBaseline::fit(BaselineKind::Bernoulli, &bag, &[0, 1, 0, 1], 2, DenseBaseline::TOP)?;
//! let p = baseline.probabilities([(0, 3)]);
//! assert!(p[0] > 0.8 && (p[0] + p[1] - 1.0).abs() < 1e-12);
//! # Ok::<(), wiredesk::bayes::BayesError>(())
//! ```

use linfa::prelude::*;
use linfa_bayes::{BernoulliNb, GaussianNb, NaiveBayes as _};
use ndarray::{Array1, Array2};

use super::BayesError;
use super::posterior::{arg_max, normalize};
use crate::features::BagOfWords;

/// Which of linfa-bayes's dense estimators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineKind {
    /// Counts as normally distributed within each label; `var_smoothing` 10⁻⁹, as in scikit-learn.
    Gaussian,
    /// Features as present or absent; `alpha` 1, as in scikit-learn.
    Bernoulli,
}

/// A fitted baseline of a single-label facet.
#[derive(Clone, Debug)]
pub struct DenseBaseline {
    /// The features looked at, as columns of the bag, ascending.
    columns: Vec<u32>,
    model: Model,
    n_labels: usize,
}

#[derive(Clone, Debug)]
enum Model {
    Gaussian(GaussianNb<f64, usize>),
    Bernoulli(BernoulliNb<f64, usize>),
    /// Log shares of the labels, where no feature varies: there nothing else is to be learnt.
    Prior(Vec<f64>),
}

/// Bytes of the dense table. Fitting holds up to three copies.
const MOST_BYTES: usize = 2_000_000_000;

impl DenseBaseline {
    /// How many features are looked at by default.
    pub const TOP: usize = 1000;
    const VAR_SMOOTHING: f64 = 1e-9;
    const ALPHA: f64 = 1.0;

    /// Fits to a bag of shape `(n_rows, n_features)`, `labels[d]` the label of row d, over the `top_k` features that most
    /// rows hold (of equals, the first columns).
    ///
    /// # Errors
    /// [`BayesError::Targets`] where rows and labels differ in number, [`BayesError::RowLabels`] where a label is not
    /// below `n_labels`, [`BayesError::NoRows`] without a row, [`BayesError::MaxFeatures`] where `top_k` is 0, and
    /// [`BayesError::TooDense`] where the dense table would pass 2 GB.
    pub fn fit(
        kind: BaselineKind,
        bag: &BagOfWords,
        labels: &[u32],
        n_labels: usize,
        top_k: usize,
    ) -> Result<DenseBaseline, BayesError> {
        let rows = bag.n_rows();
        if rows != labels.len() {
            return Err(BayesError::Targets { rows, targets: labels.len() });
        }
        if rows == 0 {
            return Err(BayesError::NoRows);
        }
        if let Some(row) = labels.iter().position(|&label| label as usize >= n_labels) {
            return Err(BayesError::RowLabels { row, labels: n_labels });
        }
        if top_k == 0 {
            return Err(BayesError::MaxFeatures(top_k));
        }
        let columns = most_frequent(bag, top_k);
        if columns.len().saturating_mul(rows).saturating_mul(8) > MOST_BYTES {
            let most = MOST_BYTES / 8 / rows;
            return Err(BayesError::TooDense { rows, features: columns.len(), most });
        }
        let mut table = Array2::zeros((rows, columns.len()));
        for (d, (of_row, counts)) in bag.rows().enumerate() {
            let mut cells = table.row_mut(d);
            put(kind, &columns, of_row.iter().copied().zip(counts.iter().copied()), |i, x| cells[i] = x);
        }
        let varies = table.columns().into_iter().any(|c| c.iter().any(|&x| x != c[0]));
        let targets: Array1<usize> = labels.iter().map(|&label| label as usize).collect();
        let model = match kind {
            _ if !varies => Model::Prior(shares(labels, n_labels)),
            BaselineKind::Gaussian => Model::Gaussian(
                GaussianNb::params().var_smoothing(Self::VAR_SMOOTHING).fit(&DatasetBase::new(table, targets))?,
            ),
            BaselineKind::Bernoulli => Model::Bernoulli(
                BernoulliNb::params().alpha(Self::ALPHA).binarize(None).fit(&DatasetBase::new(table, targets))?,
            ),
        };
        Ok(DenseBaseline { columns, model, n_labels })
    }

    /// The features looked at, as columns of the bag, ascending.
    pub fn columns(&self) -> &[u32] {
        &self.columns
    }

    /// Joint log likelihood of a row of (column, count), columns ascending, per label; −∞ for labels without a row.
    pub fn joint_log_likelihood(&self, row: impl IntoIterator<Item = (u32, u32)>) -> Vec<f64> {
        let mut dense = Array2::zeros((1, self.columns.len()));
        let fill = |kind| put(kind, &self.columns, row, |i, x| dense[[0, i]] = x);
        let mut scores = vec![f64::NEG_INFINITY; self.n_labels];
        let by_label = match &self.model {
            Model::Prior(shares) => return shares.clone(),
            Model::Gaussian(model) => {
                fill(BaselineKind::Gaussian);
                model.joint_log_likelihood(dense.view())
            }
            Model::Bernoulli(model) => {
                fill(BaselineKind::Bernoulli);
                model.joint_log_likelihood(dense.view())
            }
        };
        for (&label, score) in by_label {
            scores[label] = score[0];
        }
        scores
    }

    /// Probabilities of all labels for a row of (column, count), columns ascending; they sum to one.
    pub fn probabilities(&self, row: impl IntoIterator<Item = (u32, u32)>) -> Vec<f64> {
        let mut scores = self.joint_log_likelihood(row);
        normalize(&mut scores);
        scores
    }

    /// The most probable label of a row; ties go to the first.
    pub fn decide(&self, row: impl IntoIterator<Item = (u32, u32)>) -> Option<usize> {
        arg_max(&self.joint_log_likelihood(row))
    }
}

/// The columns that most rows hold, ascending; those that no row holds are never among them.
fn most_frequent(bag: &BagOfWords, top_k: usize) -> Vec<u32> {
    let mut document_frequency = vec![0u32; bag.blocks().n_features() as usize];
    for (columns, _) in bag.rows() {
        columns.iter().for_each(|&column| document_frequency[column as usize] += 1);
    }
    let mut columns: Vec<u32> =
        (0..bag.blocks().n_features()).filter(|&column| document_frequency[column as usize] > 0).collect();
    columns.sort_by_key(|&column| std::cmp::Reverse(document_frequency[column as usize]));
    columns.truncate(top_k);
    columns.sort_unstable();
    columns
}

/// Puts what a row holds of the columns: counts, or ones.
fn put(
    kind: BaselineKind,
    columns: &[u32],
    row: impl IntoIterator<Item = (u32, u32)>,
    mut cell: impl FnMut(usize, f64),
) {
    for (column, count) in row {
        if let Ok(i) = columns.binary_search(&column) {
            cell(i, if kind == BaselineKind::Bernoulli { f64::from(u8::from(count > 0)) } else { f64::from(count) });
        }
    }
}

fn shares(labels: &[u32], n_labels: usize) -> Vec<f64> {
    let mut rows = vec![0u32; n_labels];
    labels.iter().for_each(|&label| rows[label as usize] += 1);
    rows.into_iter().map(|n| libm::log(f64::from(n) / labels.len() as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Blocks;
    use ndarray::array;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Fixture {
        train: Vec<Vec<u32>>,
        labels: Vec<u32>,
        test: Vec<Vec<u32>>,
        kinds: Vec<Expected>,
    }

    #[derive(Deserialize)]
    struct Expected {
        top: usize,
        columns: Vec<u32>,
        gaussian: Vec<Vec<f64>>,
        gaussian_probabilities: Vec<Vec<f64>>,
        bernoulli: Vec<Vec<f64>>,
        bernoulli_probabilities: Vec<Vec<f64>>,
    }

    fn bag(rows: &[Vec<u32>]) -> BagOfWords {
        let mut bag = BagOfWords::new(Blocks::single(rows[0].len() as u32));
        for row in rows {
            bag.push((0..).zip(row.iter().copied()).filter(|&(_, count)| count > 0));
        }
        bag
    }

    fn pairs(row: &[u32]) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..).zip(row.iter().copied()).filter(|&(_, count)| count > 0)
    }

    #[test]
    fn both_score_as_scikit_learn_does() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nbsvm/baselines.json");
        let fixture: Fixture = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        for expected in &fixture.kinds {
            for (kind, scores, probabilities) in [
                (BaselineKind::Gaussian, &expected.gaussian, &expected.gaussian_probabilities),
                (BaselineKind::Bernoulli, &expected.bernoulli, &expected.bernoulli_probabilities),
            ] {
                let fitted = DenseBaseline::fit(kind, &bag(&fixture.train), &fixture.labels, 3, expected.top).unwrap();
                assert_eq!(fitted.columns(), expected.columns);
                for (d, row) in fixture.test.iter().enumerate() {
                    let (ours, p) = (fitted.joint_log_likelihood(pairs(row)), fitted.probabilities(pairs(row)));
                    for k in 0..3 {
                        let (theirs, their_p) = (scores[d][k], probabilities[d][k]);
                        let close = (ours[k] - theirs).abs() <= 1e-9 * theirs.abs().max(1.0);
                        assert!(close, "{kind:?} {d} {k}: {} and {theirs}", ours[k]);
                        assert!((p[k] - their_p).abs() < 1e-6, "{kind:?} {d} {k}: {} and {their_p}", p[k]);
                    }
                    assert_eq!(fitted.decide(pairs(row)), arg_max(&scores[d]));
                }
            }
        }
    }

    #[test]
    fn odd_rows_give_probabilities_or_a_sentence() {
        let zero = bag(&[vec![0, 0], vec![0, 0], vec![0, 0]]);
        let same = bag(&[vec![1, 2], vec![1, 2], vec![1, 2]]);
        let two = bag(&[vec![1, 0], vec![0, 9], vec![1, 0]]);
        for kind in [BaselineKind::Gaussian, BaselineKind::Bernoulli] {
            for bag in [&zero, &same, &two] {
                // Label 1 has no row.
                let fitted = DenseBaseline::fit(kind, bag, &[0, 2, 2], 3, 1000).unwrap();
                for row in [vec![], vec![(0, 1)], vec![(1, u32::MAX)], vec![(0, u32::MAX), (1, 1)]] {
                    let p = fitted.probabilities(row);
                    assert!(p.iter().all(|p| (0.0..=1.0).contains(p)), "{kind:?}: {p:?}");
                    assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9 && p[1] == 0.0, "{kind:?}: {p:?}");
                }
            }
            let fit = |labels: &[u32], top| DenseBaseline::fit(kind, &two, labels, 3, top).map(|_| ()).unwrap_err();
            assert_eq!(fit(&[0], 5), BayesError::Targets { rows: 3, targets: 1 });
            assert_eq!(fit(&[0, 3, 1], 5), BayesError::RowLabels { row: 1, labels: 3 });
            assert_eq!(fit(&[0, 1, 2], 0), BayesError::MaxFeatures(0));
            let none = DenseBaseline::fit(kind, &BagOfWords::default(), &[], 3, 5);
            assert_eq!(none.map(|_| ()).unwrap_err(), BayesError::NoRows);
        }
    }

    #[test]
    fn a_table_of_more_than_two_gigabytes_is_refused_before_it_is_made() {
        let mut bag = BagOfWords::new(Blocks::single(30_000));
        (0..10_000).for_each(|d| bag.push([(d, 1), (d + 10_000, 1), (d + 20_000, 1)]));
        let error =
            DenseBaseline::fit(BaselineKind::Gaussian, &bag, &vec![0; 10_000], 1, 30_000).map(|_| ()).unwrap_err();
        assert_eq!(error, BayesError::TooDense { rows: 10_000, features: 30_000, most: 25_000 });
        assert!(error.to_string().contains("keep at most 25000 features"), "{error}");
    }

    #[test]
    fn equals_are_decided_for_the_first_label_every_time() {
        let bag = BagOfWords::from_dense(&array![[1, 0], [1, 0], [0, 1], [0, 1]]);
        for kind in [BaselineKind::Gaussian, BaselineKind::Bernoulli] {
            for _ in 0..20 {
                let fitted = DenseBaseline::fit(kind, &bag, &[3, 1, 3, 1], 4, 10).unwrap();
                assert_eq!(fitted.decide([(0, 1)]), Some(1), "{kind:?}");
            }
        }
    }
}
