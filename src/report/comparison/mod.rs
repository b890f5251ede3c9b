//! A comparison, written out: for reading, for documents, for spreadsheets, for programs.

mod csv;
mod json;
mod markdown;
#[cfg(test)]
mod sample;
mod sentence;
mod table;
mod wording;

use std::io::{self, Write};

use serde::Serialize;

use crate::evaluate::Bootstrap;
use crate::evaluate::compare::FacetComparison;

/// Who takes part, how it was drawn, and what came out.
///
/// All but [`Entrant::rows_per_second`] and [`Entrant::training_seconds`] follows from rows, models and predictions alone;
/// JSON has these under two keys of their own, and CSV and Markdown leave them out.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparisonReport {
    /// Rows read, whether or not they are labelled in every facet.
    pub rows: u64,
    /// How intervals and p-values were drawn.
    pub bootstrap: Bootstrap,
    /// The contestants, the baseline first.
    pub entrants: Vec<Entrant>,
    /// A comparison per facet; contestants as in `entrants`.
    pub facets: Vec<FacetComparison>,
}

/// A contestant, besides its figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entrant {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: EntrantKind,
    /// The size of the model file; `None` for predictions.
    pub bytes: Option<u64>,
    /// Rows tagged in a second of this run; `None` for predictions.
    #[serde(skip)]
    pub rows_per_second: Option<f64>,
    /// Seconds of training, from reading to the bytes of the file; `None` where it was trained before.
    #[serde(skip)]
    pub training_seconds: Option<f64>,
}

/// What a contestant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntrantKind {
    /// A model, which tags the rows.
    Model,
    /// A file of predictions.
    Predictions,
}

/// The formats of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonFormat {
    /// Aligned columns for the terminal, `width` columns wide where labels allow.
    Table {
        /// The width of the terminal.
        width: usize,
    },
    /// One line per figure, difference, test and label.
    Csv,
    /// Everything, for programs.
    Json,
    /// Tables for documents.
    Markdown,
}

impl ComparisonReport {
    /// Writes all of it, in many small pieces: hand over something buffered.
    ///
    /// # Errors
    /// Those of `out`; nothing else can go wrong.
    pub fn write(&self, format: ComparisonFormat, out: &mut dyn Write) -> io::Result<()> {
        match format {
            ComparisonFormat::Table { width } => table::write(self, width, out),
            ComparisonFormat::Csv => csv::write(self, out),
            ComparisonFormat::Json => json::write(self, out),
            ComparisonFormat::Markdown => markdown::write(self, out),
        }
    }
}
