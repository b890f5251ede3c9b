//! What `inspect` can be told.

use clap::ValueEnum;

use super::model::ModelInput;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InspectFormat {
    /// For reading
    Text,
    /// One JSON object
    Json,
}

#[derive(Debug, clap::Args)]
pub struct Inspect {
    /// Only this facet
    #[arg(long, value_name = "FACET")]
    pub facet: Option<String>,

    /// Only this label
    #[arg(long, value_name = "LABEL")]
    pub label: Option<String>,

    /// How many features to list for each label
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub top: usize,

    /// Show how this text is cut into tokens, and which of them the model knows
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["facet", "label"])]
    pub text: Option<String>,

    #[command(flatten)]
    pub model: ModelInput,

    /// Shape of the output
    #[arg(short, long, value_enum, default_value = "text", help_heading = "Output")]
    pub format: InspectFormat,
}
