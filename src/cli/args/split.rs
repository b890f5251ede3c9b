//! What `split` can be told.

use std::path::PathBuf;

use clap::ValueHint;

use super::rows::RowInput;
use super::values::share;

#[derive(Debug, clap::Args)]
pub struct Split {
    /// Labelled rows; - is standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub input: PathBuf,

    /// Share of the rows that goes to test
    #[arg(long, value_name = "SHARE", default_value = "0.2", value_parser = share)]
    pub test: f64,

    /// Folder for train and test
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: PathBuf,

    /// Rows with the same value in this column stay together
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,

    /// Another number gives another split
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,

    #[command(flatten)]
    pub rows: RowInput,
}
