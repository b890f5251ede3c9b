//! What a reader of an evaluation should know.

/// Something about the rows that the figures do not show. Its sentence is [`Display`](std::fmt::Display).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EvaluationWarning {
    /// Gold labels that the model does not have.
    UnknownLabels {
        /// The facet.
        facet: String,
        /// How many there are.
        labels: u64,
        /// The first of them, by name.
        example: String,
        /// A label that the model has.
        known: String,
    },
    /// Rows with several labels in a facet that the model gives one label.
    SeveralLabels {
        /// The facet.
        facet: String,
        /// How many there are.
        rows: u64,
    },
    /// Rows without a label, which say nothing.
    Unlabelled {
        /// The facet.
        facet: String,
        /// How many there are.
        rows: u64,
    },
}
