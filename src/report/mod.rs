//! An evaluation, written out: one small trait, one file per format.
//!
//! | Format | For | Undefined figures | Whole confusion |
//! |---|---|---|---|
//! | [`Table`] | the terminal | `–` | up to 12 labels, if it fits |
//! | [`Markdown`] | a report that is committed or pasted | `–` | up to 12 labels |
//! | [`Csv`] | spreadsheets and data frames | empty | no |
//! | [`Json`] | programs | `null` | yes |
//! | [`Html`] | people, on a screen, a phone or paper | `–` | up to 20 labels |
//!
//! Table, Markdown and HTML round to four decimals and group thousands; CSV and JSON have every digit. All but HTML are
//! plain text without colour: whoever has a terminal adds it. [Mistakes](write_mistakes) have a CSV of their own.

pub(crate) mod because;
mod comparison;
mod csv;
mod evaluation_warning;
mod figures;
mod folds;
mod format;
mod grid;
mod html;
mod json;
mod leaks;
pub(crate) mod line;
mod markdown;
mod matrix;
mod mistakes;
#[cfg(test)]
mod sample;
mod table;
mod wording;

use std::io::{self, Write};

pub use self::csv::Csv;
pub use comparison::{ComparisonFormat, ComparisonReport, Entrant, EntrantKind};
pub use folds::FoldReport;
pub use format::{ReportError, ReportFormat};
pub use html::Html;
pub use json::Json;
pub use markdown::Markdown;
pub use mistakes::write_mistakes;
pub use table::Table;

pub(crate) use wording::{size, thousands};

use crate::evaluate::Evaluation;

/// A way to write an evaluation.
pub trait Report {
    /// Writes all of it, in many small pieces: hand over something buffered.
    ///
    /// # Errors
    /// Those of `out`; nothing else can go wrong.
    fn write(&self, evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()>;
}
