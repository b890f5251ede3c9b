//! What `learn`, `forget` and `merge` can be told.

use std::path::PathBuf;

use clap::ValueHint;

use super::rows::RowInput;

#[derive(Debug, clap::Args)]
pub struct Learn {
    /// Labelled rows, read like those of train; - is standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<PathBuf>,

    /// Model that learns them; trained with --estimator complement or multinomial
    #[arg(short, long, value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub model: PathBuf,

    /// Where the new model goes [default: in the place of the old one]
    #[arg(short, long, value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Markdown file that replaces the model's card
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub card: Option<PathBuf>,

    #[command(flatten)]
    pub rows: RowInput,
}

#[derive(Debug, clap::Args)]
pub struct Forget {
    #[command(flatten)]
    pub change: Learn,

    /// Take rows away from a model that does not remember its rows: that it has learnt them is up to you
    #[arg(long)]
    pub unchecked: bool,
}

#[derive(Debug, clap::Args)]
pub struct Merge {
    /// Models of the same settings, or parts of one (train --part)
    #[arg(required = true, value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub models: Vec<PathBuf>,

    /// Where the model goes
    #[arg(short, long, value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,

    /// Markdown file that replaces the models' cards
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub card: Option<PathBuf>,

    /// Do not remember the rows, even where the models do
    #[arg(long)]
    pub no_fingerprints: bool,

    /// Write a part, which can be merged further; it need not know two labels of each facet
    #[arg(long)]
    pub part: bool,
}
