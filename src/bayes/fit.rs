//! linfa's grammar over bags of words: fit, fit with, predict.
//!
//! Targets are `Array1<LabelId>` for one label a row and `Array2<bool>` of shape `(n_rows, n_labels)` for any number.
//! A row of `false` alone says "none of these".

use linfa::DatasetBase;
use linfa::dataset::Records;
use linfa::traits::{Fit, FitWith, Predict, PredictInplace};
use ndarray::{Array1, Array2, ArrayBase, Data, Ix1, Ix2};

use crate::corpus::LabelId;
use crate::features::BagOfWords;

use super::naive_bayes::pairs;
use super::posterior::arg_max;
use super::targets::Targets;
use super::{BayesError, CountsBuilder, Estimator, NaiveBayes, NaiveBayesParams, NaiveBayesValidParams, Scores};

impl NaiveBayes {
    /// Parameters of the multinomial estimator.
    pub fn multinomial() -> NaiveBayesParams {
        NaiveBayesParams::new(Estimator::Multinomial)
    }

    /// Parameters of the complement estimator.
    pub fn complement() -> NaiveBayesParams {
        NaiveBayesParams::new(Estimator::Complement)
    }
}

impl NaiveBayesValidParams {
    fn fit_targets(
        &self,
        model: Option<NaiveBayes>,
        bag: &BagOfWords,
        targets: &Targets,
    ) -> Result<NaiveBayes, BayesError> {
        if bag.nsamples() != targets.rows.len() {
            return Err(BayesError::Targets { rows: bag.nsamples(), targets: targets.rows.len() });
        }
        let mut builder = CountsBuilder::default();
        let mut n_labels = targets.n_labels.max(self.n_labels);
        if let Some(model) = &model {
            let (found, expected) = (bag.nfeatures(), model.counts().n_features());
            if found != expected {
                return Err(BayesError::Columns { found, expected });
            }
            n_labels = n_labels.max(model.counts().n_labels());
            builder = CountsBuilder::from_counts(model.counts());
        }
        let mut row = Vec::new();
        for ((columns, counts), labels) in bag.rows().zip(&targets.rows) {
            row.clear();
            row.extend(pairs(columns, counts));
            builder.add(&row, labels)?;
        }
        let features: Vec<u32> = (0..bag.blocks().n_features()).collect();
        let labels: Vec<u32> = (0..n_labels as u32).collect();
        let counts = builder.finish(&features, &labels)?;
        let mut params = self.clone();
        params.n_labels = n_labels;
        params.multi_label |= targets.multi_label || model.is_some_and(|m| m.is_multi_label());
        NaiveBayes::from_counts(counts, params, bag.blocks().clone(), true)
    }
}

impl<S: Data<Elem = LabelId>> Fit<BagOfWords, ArrayBase<S, Ix1>, BayesError> for NaiveBayesValidParams {
    type Object = NaiveBayes;

    fn fit(&self, dataset: &DatasetBase<BagOfWords, ArrayBase<S, Ix1>>) -> Result<NaiveBayes, BayesError> {
        self.fit_targets(None, dataset.records(), &Targets::single(dataset.targets()))
    }
}

impl<S: Data<Elem = bool>> Fit<BagOfWords, ArrayBase<S, Ix2>, BayesError> for NaiveBayesValidParams {
    type Object = NaiveBayes;

    fn fit(&self, dataset: &DatasetBase<BagOfWords, ArrayBase<S, Ix2>>) -> Result<NaiveBayes, BayesError> {
        self.fit_targets(None, dataset.records(), &Targets::multi(dataset.targets()))
    }
}

impl<'a, S: Data<Elem = LabelId>> FitWith<'a, BagOfWords, ArrayBase<S, Ix1>, BayesError> for NaiveBayesValidParams {
    type ObjectIn = Option<NaiveBayes>;
    type ObjectOut = NaiveBayes;

    fn fit_with(
        &self,
        model: Option<NaiveBayes>,
        dataset: &'a DatasetBase<BagOfWords, ArrayBase<S, Ix1>>,
    ) -> Result<NaiveBayes, BayesError> {
        self.fit_targets(model, dataset.records(), &Targets::single(dataset.targets()))
    }
}

impl<'a, S: Data<Elem = bool>> FitWith<'a, BagOfWords, ArrayBase<S, Ix2>, BayesError> for NaiveBayesValidParams {
    type ObjectIn = Option<NaiveBayes>;
    type ObjectOut = NaiveBayes;

    fn fit_with(
        &self,
        model: Option<NaiveBayes>,
        dataset: &'a DatasetBase<BagOfWords, ArrayBase<S, Ix2>>,
    ) -> Result<NaiveBayes, BayesError> {
        self.fit_targets(model, dataset.records(), &Targets::multi(dataset.targets()))
    }
}

impl PredictInplace<BagOfWords, Array1<LabelId>> for NaiveBayes {
    /// The best label of each row; ties go to the first label.
    ///
    /// # Panics
    /// When the bag has other columns than the model or `y` another length than the bag, as linfa's estimators do.
    fn predict_inplace<'a>(&'a self, bag: &'a BagOfWords, y: &mut Array1<LabelId>) {
        self.assert_columns(bag);
        assert_eq!(y.len(), bag.n_rows(), "one target a row");
        let mut scores = Scores::default();
        for ((columns, counts), target) in bag.rows().zip(y) {
            self.score_into(pairs(columns, counts), &mut scores);
            *target = arg_max(&scores.values[..self.counts().n_labels()]).unwrap_or(0).into();
        }
    }

    fn default_target(&self, bag: &BagOfWords) -> Array1<LabelId> {
        Array1::default(bag.n_rows())
    }
}

impl PredictInplace<BagOfWords, Array2<bool>> for NaiveBayes {
    /// The labels of each row, as [`NaiveBayes::decide`] finds them.
    ///
    /// # Panics
    /// When the bag has other columns than the model or `y` another shape than `(n_rows, n_labels)`.
    fn predict_inplace<'a>(&'a self, bag: &'a BagOfWords, y: &mut Array2<bool>) {
        self.assert_columns(bag);
        assert_eq!(y.dim(), (bag.n_rows(), self.counts().n_labels()), "one target a row and label");
        y.fill(false);
        let mut scores = Scores::default();
        for (i, (columns, counts)) in bag.rows().enumerate() {
            self.score_into(pairs(columns, counts), &mut scores);
            for label in self.decide(&self.evidence(&scores)) {
                y[[i, label]] = true;
            }
        }
    }

    fn default_target(&self, bag: &BagOfWords) -> Array2<bool> {
        Array2::default((bag.n_rows(), self.counts().n_labels()))
    }
}

impl<T> Predict<&BagOfWords, T> for NaiveBayes
where
    NaiveBayes: PredictInplace<BagOfWords, T>,
{
    fn predict(&self, bag: &BagOfWords) -> T {
        let mut targets = self.default_target(bag);
        self.predict_inplace(bag, &mut targets);
        targets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{array, s};

    #[test]
    fn fitting_in_batches_equals_fitting_at_once() {
        let rows = array![[1, 0, 2], [0, 3, 0], [1, 1, 1], [0, 0, 4]];
        let labels = array![0, 1, 0, 2].mapv(LabelId);
        let part = |range: std::ops::Range<usize>| {
            let records = BagOfWords::from_dense(&rows.slice(s![range.clone(), ..]).to_owned());
            DatasetBase::new(records, labels.slice(s![range]).to_owned())
        };
        let params = NaiveBayes::multinomial().alpha(0.5);
        let whole = params.fit(&part(0..4)).unwrap();
        let (first, second) = (part(0..2), part(2..4));
        let in_batches = params.fit_with(Some(params.fit_with(None, &first).unwrap()), &second).unwrap();
        assert_eq!(in_batches.counts(), whole.counts());
        assert_eq!(
            in_batches.joint_log_likelihood(&part(0..4).records),
            whole.joint_log_likelihood(&part(0..4).records)
        );
    }

    #[test]
    fn what_does_not_fit_together_is_an_error() {
        let bag = BagOfWords::from_dense(&array![[1, 0], [0, 1]]);
        let params = NaiveBayes::complement();
        let error = params.fit(&DatasetBase::new(bag.clone(), array![LabelId(0)])).unwrap_err();
        assert_eq!(error, BayesError::Targets { rows: 2, targets: 1 });
        let none = DatasetBase::new(bag.clone(), array![[false], [false]]);
        assert_eq!(params.fit(&none).unwrap_err(), BayesError::NoRows);
        let model = params.fit(&DatasetBase::new(bag, array![LabelId(0), LabelId(1)])).unwrap();
        let wider = DatasetBase::new(BagOfWords::from_dense(&array![[1, 0, 2]]), array![LabelId(0)]);
        assert_eq!(params.fit_with(Some(model), &wider).unwrap_err(), BayesError::Columns { found: 3, expected: 2 });
    }
}
