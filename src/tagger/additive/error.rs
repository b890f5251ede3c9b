//! Why a model cannot be changed, or not like this.

use crate::features::TooManyFeatures;

use super::super::{ModelError, TrainError};

/// Why models cannot learn, forget or be merged. The caller knows the files' names and puts them in front.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdditiveError {
    /// Weights that were fitted, not counted.
    #[error(
        "the weights of this model were fitted, so rows can neither be added nor taken away; train it again on all the rows it is to know, or train with --estimator complement, whose models can"
    )]
    Frozen,
    /// The file itself.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Models whose counts do not mean the same.
    #[error(
        "the models were trained with different settings ({setting}: {left} and {right}); train them with the same"
    )]
    Settings {
        /// What differs.
        setting: String,
        /// What it is in the first.
        left: String,
        /// What it is in the other.
        right: String,
    },
    /// Two cards.
    #[error("the models have different cards; name the one to keep with --card FILE")]
    Cards,
    /// One remembers its rows, the other does not.
    #[error("one model remembers its rows, the other does not; leave that out of both with --no-fingerprints")]
    Fingerprints,
    /// It cannot be known whether rows were learnt.
    #[error(
        "the model does not remember its rows (--no-fingerprints), so nothing tells whether these were among them; say --unchecked if you know"
    )]
    Unremembered,
    /// Counts would fall below zero.
    #[error("the rows to forget are not all among those that the model has learnt; nothing was changed")]
    NotLearnt,
    /// What is left, or what comes out, is no model.
    #[error(transparent)]
    Train(#[from] TrainError),
}

impl From<TooManyFeatures> for AdditiveError {
    fn from(error: TooManyFeatures) -> Self {
        AdditiveError::Train(error.into())
    }
}

impl From<crate::bayes::BayesError> for AdditiveError {
    fn from(error: crate::bayes::BayesError) -> Self {
        AdditiveError::Train(error.into())
    }
}
