//! One labelled text, and where it stood.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// Where a row stood in its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it, `-` for standard input.
    pub source: Arc<str>,
    /// 1-based number of the row among the rows of its file (a header is not a row).
    pub row: u64,
    /// 1-based line of the file on which the row begins (quoted newlines make it differ from `row`).
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source, self.line)
    }
}

/// One text with its labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The text; several text columns are joined by a newline. May be empty.
    pub text: String,
    /// Per facet, in the order of [`CorpusReader::facets`](super::CorpusReader::facets), the labels of the cell:
    /// trimmed, without empty ones and without repeats, in the order of the cell. Empty: the cell was empty.
    pub labels: Vec<Vec<String>>,
    /// The value of the id column, where one was named.
    pub id: Option<String>,
    /// The remaining columns in the order of the input, when [`ReadOptions::keep_columns`](super::ReadOptions) asks for them.
    pub columns: Vec<(Arc<str>, Value)>,
    /// Where the row stood.
    pub place: Place,
}
