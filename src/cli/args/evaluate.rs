//! What `evaluate` can be told.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::ValueHint;

use crate::report::ReportFormat;

use super::model::ModelInput;
use super::rows::{Empty, RowInput};
use super::values::{at_least_one, share};

#[derive(Debug, clap::Args)]
pub struct Evaluate {
    /// Labelled rows: .csv, .tsv, .jsonl, fastText lines; also .gz and .zst; - is standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<PathBuf>,

    /// Only tags at least this probable, 0 to 1 [default: the model decides]
    #[arg(long, value_name = "P", value_parser = share)]
    pub threshold: Option<f64>,

    /// Column whose equal values make one group, for instance the article of each paragraph: intervals are drawn by group
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,

    /// List the N mistakes of each facet that the model was surest of, with text and explanation
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroUsize>)]
    pub errors: Option<NonZeroUsize>,

    /// Write these mistakes to a CSV file instead
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "errors")]
    pub errors_output: Option<PathBuf>,

    /// Fail when the macro F1 of a facet is below this
    #[arg(long, value_name = "X", value_parser = share)]
    pub min_f1: Option<f64>,

    /// Fail when test rows were in training, word for word or nearly
    #[arg(long)]
    pub deny_leaks: bool,

    /// What an empty label cell says [default: as in training]
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Row input")]
    pub empty: Option<Empty>,

    #[command(flatten)]
    pub model: ModelInput,

    /// Shape of the output: table, csv, json, markdown, html
    #[arg(short, long, default_value = "table", help_heading = "Output")]
    pub format: ReportFormat,

    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub rows: RowInput,
}
