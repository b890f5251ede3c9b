//! **1 READ**: from files to labelled rows, and from articles to paragraphs.
//!
//! [`CorpusReader`] turns CSV, TSV, JSONL and fastText lines, compressed or not, into [`Row`]s; every row of the
//! input is a [`Row`] or an error that says which row it was. [`Article`] splits running text into paragraphs with
//! byte offsets. Nothing here knows about words or models.

mod article;
mod decoding;
mod error;
mod fasttext;
mod folds;
mod instant;
mod jsonl;
mod label_set;
mod markdown;
mod options;
mod predictions;
mod reader;
mod row;
mod row_format;
mod separated;
mod source;
mod split;
mod unpacking;

pub use article::{Article, ArticleFormat, Paragraph};
pub use error::CorpusError;
pub use folds::{FoldError, FoldRow, Folds, StratifiedFolds, Unit, times};
pub use instant::{Instant, TimeError};
pub use label_set::{LabelId, LabelSet};
pub use options::{FacetColumn, InputFormat, ReadOptions};
pub use predictions::{PredictionError, PredictionOptions, Predictions};
pub use reader::CorpusReader;
pub use row::{Place, Row};
pub use source::{Source, decode};
pub use split::{SplitPart, SplitRow, StratifiedSplit};
