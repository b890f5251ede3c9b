//! A region model as plain numbers: the form in which it is stored.

use super::super::Code;
use super::RegionError;
use super::inputs::N_INPUTS;
use super::model::LARGEST;

/// A country that training rows were labelled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionLabel {
    /// The country.
    pub code: Code,
    /// How many training texts were labelled with it.
    pub texts: u32,
    /// How many texts of it the words model has seen: these, and those that only the gazetteer labelled.
    pub seen: u32,
}

/// All that a [`RegionStack`](super::RegionStack) is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionParts {
    /// The labels, sorted by code: the order of the words scores.
    pub labels: Vec<RegionLabel>,
    /// How many training texts there were.
    pub texts: u32,
    /// Labels that the words model has seen fewer texts of are treated as unknown to it.
    pub rare: u32,
    /// The country that the publisher writes from.
    pub home: Option<Code>,
    /// Weights of the focus model, [`FocusModel::N_WEIGHTS`](super::FocusModel::N_WEIGHTS).
    pub focus_weights: Vec<f64>,
    /// Weights of the stack, [`RegionParts::N_STACK_WEIGHTS`].
    pub stack_weights: Vec<f64>,
    /// Mean of the words scores out of fold, over all texts and labels.
    pub mean: f64,
    /// Their standard deviation; above 0.
    pub sd: f64,
    /// The probability from which a country is a tag.
    pub threshold: f64,
    /// Whether every training text had a label: the best country is a tag in any case then.
    pub at_least_one: bool,
}

impl RegionParts {
    /// How many weights the stack has: one for each input and one that is always on.
    pub const N_STACK_WEIGHTS: usize = N_INPUTS;

    /// Checks all but the weights of the focus model.
    ///
    /// # Errors
    /// [`RegionError`] for labels that are not sorted or without texts, for sizes and numbers out of range.
    pub(super) fn check(&self) -> Result<(), RegionError> {
        check_labels(self.labels.iter().map(|label| label.code))?;
        if self.labels.iter().any(|label| label.texts > self.texts) {
            return Err(RegionError::Inconsistent("a label has more texts than there are"));
        }
        if self.stack_weights.len() != N_INPUTS {
            return Err(RegionError::Inconsistent("the stack has another number of weights"));
        }
        if !self.stack_weights.iter().chain([&self.mean, &self.sd]).all(|number| number.abs() <= LARGEST) {
            return Err(RegionError::Inconsistent("a number of the stack is too large or none"));
        }
        if self.sd < 1e-9 {
            return Err(RegionError::Inconsistent("the deviation of the words scores is not above zero"));
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return Err(RegionError::Inconsistent("the threshold is no probability"));
        }
        Ok(())
    }

    /// The position of a country among the labels.
    pub(super) fn label(&self, code: Code) -> Option<usize> {
        self.labels.binary_search_by_key(&code, |label| label.code).ok()
    }

    /// Whether the words model has seen enough texts of a label.
    pub(super) fn is_known(&self, label: usize) -> bool {
        self.labels[label].seen >= self.rare.max(1)
    }

    /// The log of the share of the training texts that were about a label.
    pub(super) fn log_prior(&self, label: usize) -> f64 {
        libm::log(f64::from(self.labels[label].texts.max(1)) / f64::from(self.texts.max(1)))
    }
}

/// Mean and standard deviation of scores, row after row.
pub(super) fn mean_and_sd<'s, R: Iterator<Item = &'s [f32]>>(rows: impl Fn() -> R) -> (f64, f64) {
    let n = rows().map(<[f32]>::len).sum::<usize>().max(1) as f64;
    let mean = rows().map(|row| row.iter().map(|&score| f64::from(score)).sum::<f64>()).sum::<f64>() / n;
    let square = |score: f32| (f64::from(score) - mean) * (f64::from(score) - mean);
    let squares: f64 = rows().map(|row| row.iter().map(|&score| square(score)).sum::<f64>()).sum();
    let sd = libm::sqrt(squares / n);
    // Equal scores say nothing, whatever they are divided by.
    (mean, if sd > 1e-9 { sd } else { 1.0 })
}

/// Labels ascend.
pub(super) fn check_labels(codes: impl Iterator<Item = Code>) -> Result<(), RegionError> {
    if codes.is_sorted_by(|a, b| a < b) { Ok(()) } else { Err(RegionError::Labels) }
}
