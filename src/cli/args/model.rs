//! Which model is asked.

use std::path::PathBuf;

use clap::ValueHint;

/// Which model is asked.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Model")]
pub struct ModelInput {
    /// Model file [default: the embedded news model]
    #[arg(short, long, value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub model: Option<PathBuf>,
}
