//! Every row judged by a model that has not seen it: cross-validation and exact leave-one-out.
//!
//! [`cross_validate`] trains a model per fold and tags the rows that it was not trained on; [`leave_one_out`] trains a
//! single additive model and takes each row's counts away before the row is scored. Both give [`HeldOut`]: per facet,
//! each labelled row's gold labels, tags and probabilities.
//!
//! What a facet is, is decided by all rows: it is multi-label where any row has two labels, also for a model whose
//! training rows happen to have one each. A label that a model's training rows lack is one that it cannot name, and
//! counts as missed. Where they have a single label and no other answer, that label is the answer, as nothing else can be.

mod answers;
mod dense;
mod facets;
mod leave_one_out;
mod model;

use crate::corpus::{Folds, Row};
use crate::evaluate::Outcomes;
use crate::features::FeatureSettings;

use super::{EmptyCells, TrainError, TrainOptions};
use crate::bayes::BaselineKind;
use answers::Answers;
use facets::WholeFacet;
use model::FoldModel;

pub use leave_one_out::leave_one_out;

/// What learns from the rows of a fold.
#[derive(Clone, Debug)]
pub enum Learner {
    /// What [`Trainer`](super::Trainer) makes.
    Tagger(Box<TrainOptions>),
    /// linfa-bayes's dense estimators, in single-label facets.
    Dense(DenseOptions),
}

/// How a dense baseline is trained.
#[derive(Clone, Debug)]
pub struct DenseOptions {
    /// Which of the two.
    pub kind: BaselineKind,
    /// Which features a text has, before the most frequent are chosen.
    pub features: FeatureSettings,
    /// How many features are looked at, those of most rows.
    pub top: usize,
    /// Whether a facet that no row labels is left out; else it is an error.
    pub leave_out_unlabelled: bool,
}

/// Why rows cannot be judged by models that have not seen them.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HeldOutError {
    /// Options that fit no fold, or rows without labels.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// Training without one fold failed.
    #[error("training without fold {fold}: {error}")]
    Fold {
        /// The fold that was held out, counted from 1.
        fold: usize,
        /// What was wrong.
        error: TrainError,
    },
    /// Leave-one-out of a model that is no sum over rows.
    #[error(
        "leave-one-out takes a row's counts away, and nbsvm is no sum of counts; hold out folds instead (--folds 10), or use --estimator complement or multinomial"
    )]
    NotAdditive,
    /// Dense baselines in a multi-label facet.
    #[error(
        "facet '{facet}' is multi-label, and linfa's dense estimators give one label a row; use --estimator complement, or name another facet with --label"
    )]
    DenseMultiLabel {
        /// The facet.
        facet: String,
    },
}

/// What models that had not seen them made of the rows.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// How many rows were held out.
    pub rows: usize,
    /// Per facet that has labels, in order.
    pub facets: Vec<HeldOutFacet>,
    /// Facets that were left out because no row labels them.
    pub left_out: Vec<String>,
}

/// One facet of the rows that were held out.
#[derive(Clone, Debug)]
pub struct HeldOutFacet {
    /// Its position among the labels of a row.
    pub column: usize,
    /// The labelled rows, in the order of the input.
    pub outcomes: Outcomes,
    /// Per outcome, the index of its row.
    pub rows: Vec<usize>,
    /// Per outcome, the fold in which it was held out; all 0 in leave-one-out.
    pub folds: Vec<usize>,
    /// Where labels are countries, the same rows by sub-region and by region, without probabilities.
    pub wider: Vec<Outcomes>,
    /// Rows held out that are not labelled in this facet.
    pub unlabelled: usize,
}

impl Learner {
    /// Facets that are multi-label in any case.
    fn multi(&self) -> &[String] {
        match self {
            Learner::Tagger(options) => &options.multi,
            Learner::Dense(_) => &[],
        }
    }

    fn empty(&self) -> EmptyCells {
        match self {
            Learner::Tagger(options) => options.empty,
            Learner::Dense(_) => EmptyCells::Auto,
        }
    }

    fn leaves_out_unlabelled(&self) -> bool {
        match self {
            Learner::Tagger(options) => options.leave_out_unlabelled,
            Learner::Dense(options) => options.leave_out_unlabelled,
        }
    }
}

/// Trains a model per fold on the rows of the others and tags the rows of the fold. `facets` names the labels of each
/// row, `groups` may name what each row belongs to; `progress` hears how many folds are done of how many.
///
/// One model is in memory at a time, besides the rows.
///
/// # Errors
/// [`HeldOutError`] for options that do not fit the facets, a facet without labels, and dense baselines of a
/// multi-label facet.
pub fn cross_validate(
    rows: &[Row],
    facets: &[String],
    learner: &Learner,
    folds: &Folds,
    groups: Option<&[String]>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<HeldOut, HeldOutError> {
    let (facets, left_out) = WholeFacet::all(rows, facets, learner)?;
    let mut answers = Answers::new(rows, facets);
    let held_out = folds.held_out();
    progress(0, held_out.len());
    for (done, fold) in held_out.clone().enumerate() {
        let in_fold = |error| HeldOutError::Fold { fold: fold + 1, error };
        let model = FoldModel::train(rows, answers.facets(), &folds.train(fold), learner).map_err(in_fold)?;
        model.answer(&mut answers, &folds.test(fold), fold);
        progress(done + 1, held_out.len());
    }
    Ok(answers.finish(groups, left_out))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
