//! What can be wrong with another tool's predictions.

use std::sync::Arc;

use crate::corpus::{CorpusError, Place};

/// Why predictions cannot be read, or do not fit the rows of the input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PredictionError {
    /// The file cannot be read as rows.
    #[error(transparent)]
    Corpus(#[from] CorpusError),

    /// A line of fastText output has something that is neither label nor probability.
    #[error(
        "{file}:{line}: has {found:?} where __label__NAME or its probability is expected, as fasttext predict-prob writes them; \
         predictions in columns need a name that ends in .csv, .tsv or .jsonl"
    )]
    NoLabel {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based line.
        line: u64,
        /// What stands there.
        found: String,
    },

    /// A cell cannot hold labels.
    #[error(
        "{file}:{line}: has {found} in {column:?} where a label, a list of labels or null is expected; write the predicted labels there"
    )]
    Cell {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based line.
        line: u64,
        /// The column or key.
        column: String,
        /// What stands there, in words.
        found: &'static str,
    },

    /// Two columns have the same name.
    #[error("{file}: has {times} columns {column:?} where one is expected; rename the others")]
    RepeatedColumn {
        /// The file as the user named it.
        file: Arc<str>,
        /// The name.
        column: String,
        /// How often it is there.
        times: usize,
    },

    /// The input has more rows than the file.
    #[error(
        "{file}: has {found} predictions, and the input goes on with row {} ({place}); write one for each row of the input in its order, \
         or match them by --id COLUMN",
        .place.row
    )]
    TooFew {
        /// The file as the user named it.
        file: Arc<str>,
        /// How many predictions it has.
        found: usize,
        /// The first row without one.
        place: Place,
    },

    /// The file has more rows than the input.
    #[error(
        "{file}:{line}: has {found} predictions where the input has {expected} rows, so this one belongs to none; write one for each row of the \
         input in its order, or match them by --id COLUMN"
    )]
    TooMany {
        /// The file as the user named it.
        file: Arc<str>,
        /// Line of the first that is left over.
        line: u64,
        /// How many predictions it has.
        found: usize,
        /// How many rows the input has.
        expected: usize,
    },

    /// The file, written by `tag`, says that the prediction is another row's.
    #[error("{file}:{line}: is the prediction for row {found} where that for row {} ({place}) is expected; give the same rows in the same order, or match them by --id COLUMN", .place.row)]
    OtherRow {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based line.
        line: u64,
        /// The row that it names.
        found: u64,
        /// The row that is next.
        place: Place,
    },

    /// A prediction has no id although others have.
    #[error(
        "{file}:{line}: has no id where every prediction needs one; fill the column, or leave out --id to match by order"
    )]
    NoId {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based line.
        line: u64,
    },

    /// Two predictions have the same id.
    #[error("{file}:{line}: has the id {id:?}, which stands on line {first} already; give each row one prediction")]
    RepeatedId {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based line.
        line: u64,
        /// The id.
        id: String,
        /// The line where it stands first.
        first: u64,
    },

    /// A prediction is for a row that the input does not have.
    #[error(
        "{file}:{line}: has the id {id:?}, which no row of the input has; give predictions for these rows only, or leave out --id to match by order"
    )]
    UnknownId {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based line.
        line: u64,
        /// The id.
        id: String,
    },

    /// A row of the input has no id.
    #[error("{place}: row {} has no id to match predictions by; fill the column of --id, or leave out --id to match by order", .place.row)]
    RowWithoutId {
        /// The row.
        place: Place,
    },

    /// A row of the input has no prediction.
    #[error("{file}: has no prediction for the id {id:?} of row {} ({place}); write one for each row, or leave out --id to match by order", .place.row)]
    MissingId {
        /// The file as the user named it.
        file: Arc<str>,
        /// The id.
        id: String,
        /// The row.
        place: Place,
    },

    /// Two rows of the input have the same id.
    #[error("{place}: row {} has the id {id:?}, which an earlier row has, so its prediction in {file} could be either's; give each row an id of its own, or leave out --id to match by order", .place.row)]
    RepeatedRow {
        /// The id.
        id: String,
        /// The second of the rows.
        place: Place,
        /// The file of predictions.
        file: Arc<str>,
    },
}
