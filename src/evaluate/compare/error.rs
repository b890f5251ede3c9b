//! Why contestants cannot be compared.

/// What can be wrong with outcomes that are to be compared. Contestants and rows count from 1.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompareError {
    /// There is nobody to compare with.
    #[error("{found} of the contestants were given where at least 2 are expected; name another one")]
    TooFew {
        /// How many there are.
        found: usize,
    },

    /// The contestants have not answered the same number of rows.
    #[error("contestant {contestant} has {found} rows where the first has {expected}; give both the same rows")]
    RowNumber {
        /// Which contestant.
        contestant: usize,
        /// Its rows.
        found: usize,
        /// Those of the first.
        expected: usize,
    },

    /// The contestants have been given different rows.
    #[error(
        "row {row}: the gold labels of contestant {contestant} are not those of the first; give both the same rows in the same order"
    )]
    Gold {
        /// Which row.
        row: usize,
        /// Which contestant.
        contestant: usize,
    },
}
