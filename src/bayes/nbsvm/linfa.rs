//! NB-SVM in linfa's grammar: fit and predict over bags of words, with the same targets as naive Bayes.
//!
//! There is no `FitWith`: weights are fitted to all rows at once and cannot learn more.

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict, PredictInplace};
use ndarray::{Array1, Array2, ArrayBase, Data, Ix1, Ix2};

use crate::corpus::LabelId;
use crate::features::BagOfWords;

use super::super::BayesError;
use super::super::naive_bayes::pairs;
use super::super::posterior::arg_max;
use super::super::targets::Targets;
use super::{NbSvm, NbSvmValidParams, Problem};

impl NbSvmValidParams {
    fn fit_targets(&self, bag: &BagOfWords, targets: &Targets) -> Result<NbSvm, BayesError> {
        let problem = Problem::new(bag, &targets.rows, targets.n_labels, targets.multi_label, None, |_| true)?;
        Ok(self.fit_problem(&problem)?.0)
    }
}

impl<S: Data<Elem = LabelId>> Fit<BagOfWords, ArrayBase<S, Ix1>, BayesError> for NbSvmValidParams {
    type Object = NbSvm;

    fn fit(&self, dataset: &DatasetBase<BagOfWords, ArrayBase<S, Ix1>>) -> Result<NbSvm, BayesError> {
        self.fit_targets(dataset.records(), &Targets::single(dataset.targets()))
    }
}

impl<S: Data<Elem = bool>> Fit<BagOfWords, ArrayBase<S, Ix2>, BayesError> for NbSvmValidParams {
    type Object = NbSvm;

    fn fit(&self, dataset: &DatasetBase<BagOfWords, ArrayBase<S, Ix2>>) -> Result<NbSvm, BayesError> {
        self.fit_targets(dataset.records(), &Targets::multi(dataset.targets()))
    }
}

impl NbSvm {
    fn evidence_of(&self, bag: &BagOfWords, row: usize) -> Vec<f64> {
        let (columns, counts) = bag.row(row);
        self.evidence(&self.score(pairs(columns, counts)))
    }

    fn assert_columns(&self, bag: &BagOfWords) {
        let (found, expected) = (bag.blocks().n_features() as usize, self.parts().design.n_columns());
        assert_eq!(found, expected, "the bag has {found} columns, the model was fitted to {expected}");
    }
}

impl PredictInplace<BagOfWords, Array1<LabelId>> for NbSvm {
    /// The best label of each row; ties go to the first label.
    ///
    /// # Panics
    /// When the bag has other columns than the model or `y` another length than the bag, as linfa's estimators do.
    fn predict_inplace<'a>(&'a self, bag: &'a BagOfWords, y: &mut Array1<LabelId>) {
        self.assert_columns(bag);
        assert_eq!(y.len(), bag.n_rows(), "one target a row");
        for (row, target) in y.iter_mut().enumerate() {
            *target = arg_max(&self.evidence_of(bag, row)).unwrap_or(0).into();
        }
    }

    fn default_target(&self, bag: &BagOfWords) -> Array1<LabelId> {
        Array1::default(bag.n_rows())
    }
}

impl PredictInplace<BagOfWords, Array2<bool>> for NbSvm {
    /// The labels of each row, as [`NbSvm::decide`] finds them.
    ///
    /// # Panics
    /// When the bag has other columns than the model or `y` another shape than `(n_rows, n_labels)`.
    fn predict_inplace<'a>(&'a self, bag: &'a BagOfWords, y: &mut Array2<bool>) {
        self.assert_columns(bag);
        assert_eq!(y.dim(), (bag.n_rows(), self.n_labels()), "one target a row and label");
        y.fill(false);
        for row in 0..bag.n_rows() {
            for label in self.decide(&self.evidence_of(bag, row)) {
                y[[row, label]] = true;
            }
        }
    }

    fn default_target(&self, bag: &BagOfWords) -> Array2<bool> {
        Array2::default((bag.n_rows(), self.n_labels()))
    }
}

impl<T> Predict<&BagOfWords, T> for NbSvm
where
    NbSvm: PredictInplace<BagOfWords, T>,
{
    fn predict(&self, bag: &BagOfWords) -> T {
        let mut targets = self.default_target(bag);
        self.predict_inplace(bag, &mut targets);
        targets
    }
}

#[cfg(test)]
mod tests {
    use super::super::NbSvmParams;
    use super::*;
    use linfa::ParamGuard;
    use ndarray::array;

    fn bag() -> BagOfWords {
        BagOfWords::from_dense(&array![[2, 0, 1], [0, 2, 0], [1, 0, 0], [0, 1, 1], [3, 0, 0], [0, 1, 0], [1, 0, 1]])
    }

    #[test]
    fn linfas_words_fit_what_a_problem_fits() {
        let targets = array![0, 1, 0, 1, 0, 1, 0].mapv(LabelId);
        let dataset = DatasetBase::new(bag(), targets.clone());
        let model = NbSvmParams::default().fit(&dataset).unwrap();
        let labels: Vec<Vec<u32>> = targets.iter().map(|l| vec![l.0]).collect();
        let bag = bag();
        let problem = Problem::new(&bag, &labels, 2, false, None, |_| true).unwrap();
        let same = NbSvmParams::default().check().unwrap().fit_problem(&problem).unwrap().0;
        assert_eq!(model.parts(), same.parts());
        let predicted: Array1<LabelId> = model.predict(&bag);
        assert_eq!(predicted, targets);
    }

    #[test]
    fn rows_may_have_any_number_of_labels() {
        let targets = array![
            [true, true],
            [false, false],
            [true, false],
            [false, true],
            [true, false],
            [false, false],
            [true, true]
        ];
        let model = NbSvmParams::default().fit(&DatasetBase::new(bag(), targets)).unwrap();
        assert!(model.is_multi_label());
        let predicted: Array2<bool> = model.predict(&bag());
        assert_eq!(predicted.dim(), (7, 2));
        assert!(predicted[[4, 0]] && !predicted[[1, 0]]);
    }

    #[test]
    fn targets_that_do_not_fit_are_an_error() {
        let short = DatasetBase::new(bag(), array![LabelId(0)]);
        assert_eq!(NbSvmParams::default().fit(&short).unwrap_err(), BayesError::Targets { rows: 7, targets: 1 });
    }

    #[test]
    #[should_panic = "the bag has 2 columns"]
    fn other_columns_are_a_panic() {
        let targets = array![0, 1, 0, 1, 0, 1, 0].mapv(LabelId);
        let model = NbSvmParams::default().fit(&DatasetBase::new(bag(), targets)).unwrap();
        let _: Array1<LabelId> = model.predict(&BagOfWords::from_dense(&array![[1, 0]]));
    }
}
