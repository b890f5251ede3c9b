//! What `audit` can be told.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::folds::{AnyEstimator, HoldingOut};
use super::learning::Learning;
use super::rows::RowInput;

#[derive(Debug, clap::Args)]
pub struct Audit {
    /// Labelled rows, kept in memory: .csv, .tsv, .jsonl, fastText lines; also .gz and .zst; - is standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<PathBuf>,

    #[command(flatten)]
    pub holding_out: HoldingOut,

    /// How labels are told apart [default: nbsvm; labels that are countries also by the places that a text names]
    #[arg(long, value_enum, help_heading = "Estimator")]
    pub estimator: Option<AnyEstimator>,

    #[command(flatten)]
    pub learning: Learning,

    /// Shape of the output
    #[arg(short, long, value_enum, default_value = "csv", help_heading = "Output")]
    pub format: AuditFormat,

    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub rows: RowInput,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// Columns row, id, facet, label, suggested, score, text
    Csv,
    /// The same keys, an object a line
    Jsonl,
}
