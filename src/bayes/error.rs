//! What can be wrong with parameters and data of an estimator.

/// Why an estimator could not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BayesError {
    /// The Lidstone constant is not a positive number.
    #[error("alpha is {0}, expected a number above 0 and at most 1000")]
    Alpha(f64),
    /// The share of the background is not a share.
    #[error("the Jelinek-Mercer weight is {0}, expected a number from 0.000001 to below 1")]
    JelinekMercer(f64),
    /// Complement naive Bayes has no Jelinek-Mercer form here.
    #[error("Jelinek-Mercer smoothing goes with the multinomial estimator, not with complement")]
    ComplementJelinekMercer,
    /// Complement naive Bayes would not look at the prior.
    #[error("the complement estimator ignores priors; leave the prior out or use the multinomial estimator")]
    ComplementPrior,
    /// A prior that is not a probability.
    #[error("the prior of label number {label} is {value}, expected a number above 0 and below 1")]
    PriorValue {
        /// Index of the label.
        label: usize,
        /// What was given.
        value: f64,
    },
    /// Priors and labels differ in number.
    #[error("{found} priors for {expected} labels; give each label exactly one")]
    PriorLength {
        /// How many priors were given.
        found: usize,
        /// How many labels there are.
        expected: usize,
    },
    /// Minimum document frequency of zero.
    #[error("the minimum document frequency is 0, expected 1 or more")]
    MinDf,
    /// No room for features, or more than can be numbered.
    #[error("the number of features to keep is {0}, expected 1 to 4,294,967,295")]
    MaxFeatures(usize),
    /// Too few or too many folds.
    #[error("{0} folds; expected 2 to 20")]
    Folds(usize),
    /// A linear model over so many rows and labels would not fit into memory.
    #[error(
        "{rows} rows with {labels} labels are more than nbsvm holds (rows × labels up to {most}); use --estimator complement"
    )]
    TooManyScores {
        /// Rows of the facet.
        rows: usize,
        /// Its labels.
        labels: usize,
        /// The most of their product.
        most: usize,
    },
    /// A row whose labels are not what the problem takes.
    #[error(
        "row {row} has labels that are not ascending, each once and below {labels}, or not exactly one in a single-label problem"
    )]
    RowLabels {
        /// Index of the row in the bag.
        row: usize,
        /// How many labels there are.
        labels: usize,
    },
    /// A dense table would not fit into memory.
    #[error(
        "{rows} rows × {features} features make a dense table of more than 2 GB; keep at most {most} features or train on fewer rows"
    )]
    TooDense {
        /// Rows of the table.
        rows: usize,
        /// Features of the table.
        features: usize,
        /// How many features would fit.
        most: usize,
    },
    /// Nothing to learn from.
    #[error("no labelled rows; at least one row with a label is needed")]
    NoRows,
    /// Rows and targets differ in number.
    #[error("{rows} rows and {targets} targets; each row needs exactly one")]
    Targets {
        /// Rows of the bag.
        rows: usize,
        /// Rows of the targets.
        targets: usize,
    },
    /// New rows have other columns than the model.
    #[error("the rows have {found} features and the model {expected}; use the same vocabulary for both")]
    Columns {
        /// Columns of the rows.
        found: usize,
        /// Columns of the model.
        expected: usize,
    },
    /// A count would pass 2³² − 1.
    #[error("a feature occurs more than 4,294,967,295 times with one label; train on fewer rows")]
    CountOverflow,
    /// Stored counts that do not fit together.
    #[error("counts that do not fit together: {0}")]
    Inconsistent(&'static str),
    /// The model is not a plain multinomial one.
    #[error("linfa-bayes has no form for this model: {0}")]
    Bridge(&'static str),
    /// An error of linfa itself.
    #[error(transparent)]
    Linfa(#[from] LinfaError),
}

/// linfa's error, kept as its text so that ours can be compared and cloned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LinfaError(String);

impl From<linfa_bayes::NaiveBayesError> for BayesError {
    fn from(error: linfa_bayes::NaiveBayesError) -> Self {
        BayesError::Linfa(LinfaError(error.to_string()))
    }
}

impl From<linfa::Error> for BayesError {
    fn from(error: linfa::Error) -> Self {
        BayesError::Linfa(LinfaError(error.to_string()))
    }
}
