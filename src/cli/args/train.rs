//! What `train` can be told.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::learning::Learning;
use super::rows::RowInput;

/// How labels are told apart. Naive Bayes is sums of counts, so it trains fastest;
/// nbsvm is a linear model with a naive Bayes prior, the most accurate and the one whose probabilities are calibrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Estimator {
    /// Linear model with a naive Bayes prior: most accurate, calibrated; trained once
    Nbsvm,
    /// Naive Bayes over what a label is not: integer counts and nothing else, fastest to train
    Complement,
    /// The textbook's naive Bayes: integer counts and nothing else, fastest to train
    Multinomial,
}

#[derive(Debug, clap::Args)]
pub struct Train {
    /// Labelled rows: .csv, .tsv, .jsonl, fastText lines; also .gz and .zst; - is standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<PathBuf>,

    /// Where the model goes, for instance my.safetensors
    #[arg(short, long, value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,

    /// How labels are told apart [default: nbsvm; labels that are countries also by the places that a text names]
    #[arg(long, value_enum, help_heading = "Estimator")]
    pub estimator: Option<Estimator>,

    #[command(flatten)]
    pub learning: Learning,

    /// Another number gives another order of the rows in training, and a slightly different model (nbsvm only)
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Estimator")]
    pub seed: u64,

    /// Markdown file that goes into the model as its card
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Estimator")]
    pub card: Option<PathBuf>,

    /// Do not remember the rows (by hashes, 32 bytes a row): then evaluate cannot tell test rows that were in training,
    /// and nobody can ask the model whether a text was
    #[arg(long, help_heading = "Estimator")]
    pub no_fingerprints: bool,

    /// Write the counts of these rows as a part of a model, for merge; a part need not know two labels of each facet
    /// (naive Bayes only)
    #[arg(long, help_heading = "Estimator")]
    pub part: bool,

    #[command(flatten)]
    pub rows: RowInput,
}
