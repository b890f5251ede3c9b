//! What `cross-validate` can be told.

use std::path::PathBuf;

use clap::ValueHint;

use crate::report::ReportFormat;

use super::folds::{AnyEstimator, HoldingOut};
use super::learning::Learning;
use super::rows::RowInput;
use super::values::share;

#[derive(Debug, clap::Args)]
pub struct CrossValidate {
    /// Labelled rows, kept in memory: .csv, .tsv, .jsonl, fastText lines; also .gz and .zst; - is standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<PathBuf>,

    /// Fail when the macro F1 of a facet is below this
    #[arg(long, value_name = "X", value_parser = share)]
    pub min_f1: Option<f64>,

    #[command(flatten)]
    pub holding_out: HoldingOut,

    /// Train on the past and test on what follows: the rows are put in order of this column (ISO dates or numbers) and
    /// cut into as many blocks as there are --folds, the first of which is only trained on
    #[arg(long, value_name = "time:COLUMN", help_heading = "Held-out rows")]
    pub split: Option<String>,

    /// How labels are told apart [default: nbsvm; labels that are countries also by the places that a text names]
    #[arg(long, value_enum, help_heading = "Estimator")]
    pub estimator: Option<AnyEstimator>,

    #[command(flatten)]
    pub learning: Learning,

    /// Shape of the output: table, csv, json, markdown
    #[arg(short, long, default_value = "table", help_heading = "Output")]
    pub format: ReportFormat,

    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub rows: RowInput,
}
