//! What `compare` can be told.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::rows::{Empty, RowInput};
use super::train::Estimator;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompareFormat {
    /// For reading
    #[value(alias = "text")]
    Table,
    /// One line per figure, difference, test and label
    Csv,
    /// Everything
    Json,
    /// Tables for documents
    Markdown,
}

#[derive(Debug, clap::Args)]
pub struct Compare {
    /// Labelled rows: .csv, .tsv, .jsonl, fastText lines; also .gz and .zst; - is standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<PathBuf>,

    /// Model file; name at least two contestants, models, estimators and predictions together
    #[arg(short, long, value_name = "[NAME=]MODEL", value_hint = ValueHint::FilePath, help_heading = "Contestants")]
    pub model: Vec<String>,

    /// Another tool's answers to the same rows: .csv, .tsv, .jsonl, or output of fasttext predict-prob; matched by
    /// order, or by --id where the file has that column
    #[arg(long, value_name = "[NAME=]FILE", value_hint = ValueHint::FilePath, help_heading = "Contestants")]
    pub predictions: Vec<String>,

    /// Labelled rows to train contestants on, one for each --estimator
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "estimator", help_heading = "Contestants")]
    pub train: Vec<PathBuf>,

    /// An estimator with its default settings, trained on the --train rows; also tells how long that takes
    #[arg(long, value_enum, requires = "train", help_heading = "Contestants")]
    pub estimator: Vec<Estimator>,

    /// The contestant that all others are compared with [default: the first model, else the first estimator,
    /// else the first predictions]
    #[arg(long, value_name = "NAME", help_heading = "Contestants")]
    pub baseline: Option<String>,

    /// Rows with the same value in this column are drawn together, as the paragraphs of an article
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,

    /// Another number draws other rows for intervals and p-values
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,

    /// Facet that is multi-label although no model says so
    #[arg(long, value_name = "FACET", help_heading = "Row input")]
    pub multi: Vec<String>,

    /// What an empty label cell says [default: as in training; without a model: unlabelled; none of these in a
    /// multi-label facet]
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Row input")]
    pub empty: Option<Empty>,

    /// Shape of the output
    #[arg(short, long, value_enum, default_value = "table", help_heading = "Output")]
    pub format: CompareFormat,

    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub rows: RowInput,
}
