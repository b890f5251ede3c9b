//! How rows are held out.

use clap::ValueEnum;

use super::Estimator;

/// How labels are told apart, with the estimators that can be measured but not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AnyEstimator {
    /// Linear model with a naive Bayes prior: most accurate, calibrated
    Nbsvm,
    /// Naive Bayes over what a label is not: integer counts and nothing else, fastest to train
    Complement,
    /// The textbook's naive Bayes: integer counts and nothing else, fastest to train
    Multinomial,
    /// linfa's Gaussian naive Bayes over the 1000 most frequent features: a dense baseline, single-label facets only
    LinfaGaussian,
    /// linfa's Bernoulli naive Bayes over the 1000 most frequent features: a dense baseline, single-label facets only
    LinfaBernoulli,
}

impl AnyEstimator {
    /// The estimator that `train` knows, too.
    pub fn to_train(self) -> Option<Estimator> {
        match self {
            AnyEstimator::Nbsvm => Some(Estimator::Nbsvm),
            AnyEstimator::Complement => Some(Estimator::Complement),
            AnyEstimator::Multinomial => Some(Estimator::Multinomial),
            AnyEstimator::LinfaGaussian | AnyEstimator::LinfaBernoulli => None,
        }
    }
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Held-out rows")]
pub struct HoldingOut {
    /// How many parts the rows are dealt into, each answered by a model of the others; `loo` holds out single rows
    /// (complement and multinomial: exact, at the price of one training)
    #[arg(long, value_name = "K|loo", default_value = "5", value_parser = FoldCount::parse)]
    pub folds: FoldCount,

    /// Rows with the same value in this column are held out together, as the paragraphs of an article should be
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,

    /// Another number deals the rows out anew, and trains nbsvm in another order
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// How many rows are held out at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldCount {
    /// This many parts.
    Parts(usize),
    /// One row.
    LeaveOneOut,
}

impl FoldCount {
    fn parse(text: &str) -> Result<Self, String> {
        match text.parse::<usize>() {
            _ if text == "loo" => Ok(FoldCount::LeaveOneOut),
            Ok(parts) if parts >= 2 => Ok(FoldCount::Parts(parts)),
            _ => Err("expected a whole number, 2 or more, or loo for leave-one-out".to_owned()),
        }
    }
}
