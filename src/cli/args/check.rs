//! What `check` can be told.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::rows::RowInput;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For reading
    Text,
    /// One JSON object
    Json,
}

#[derive(Debug, clap::Args)]
pub struct Check {
    /// Labelled rows: .csv, .tsv, .jsonl, fastText lines; also .gz and .zst; several are looked at together, train and
    /// test for instance; - is standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<PathBuf>,

    /// How many rows to show of each finding
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub top: usize,

    /// Shape of the output
    #[arg(short, long, value_enum, default_value = "text", help_heading = "Output")]
    pub format: CheckFormat,

    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub rows: RowInput,
}
