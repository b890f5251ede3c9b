//! What can be wrong with the parts and the rows of a region model.

/// Why a region model could not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RegionError {
    /// Nothing to learn from.
    #[error("no row is left to learn regions from; label some texts, or tag with the gazetteer alone")]
    NoRows,
    /// Scores and labels differ in number.
    #[error("the scores of text number {text} are {found}, expected one for each of {expected} labels or none at all")]
    Scores {
        /// Index of the text.
        text: usize,
        /// How many scores it has.
        found: usize,
        /// How many labels there are.
        expected: usize,
    },
    /// Labels out of order, of the model or of a text.
    #[error("the country labels are not sorted, or one stands there twice; sort them and leave out what is repeated")]
    Labels,
    /// A score that is no number.
    #[error("a words score of text number {0} is not a finite number")]
    NoNumber(usize),
    /// Too many folds.
    #[error("text number {text} is in fold {fold}, expected 0 to {most}")]
    Fold {
        /// Index of the text.
        text: usize,
        /// Its fold.
        fold: usize,
        /// The largest one.
        most: usize,
    },
    /// A penalty that is no penalty.
    #[error("the penalty is {0}, expected a number above 0 and at most 1000000")]
    Penalty(f64),
    /// Parts that do not belong together.
    #[error("the parts of the region model do not fit: {0}")]
    Inconsistent(&'static str),
}
