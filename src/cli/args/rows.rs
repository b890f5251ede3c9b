//! How rows are read.

use clap::ValueEnum;

use crate::{corpus, tagger};

/// How rows are read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Row input")]
pub struct RowInput {
    /// Column of the text; several are joined by a newline [default: text]
    #[arg(long = "text", value_name = "COLUMN")]
    pub text: Vec<String>,

    /// Label column, or facet and its column [default: topic and region where present]
    #[arg(long = "label", value_name = "FACET[=COLUMN]")]
    pub label: Vec<String>,

    /// Between several labels in one cell
    #[arg(long, value_name = "STRING", default_value = "|")]
    pub label_separator: String,

    /// Column that names each row
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,

    /// Encoding of the input, for instance windows-1252 [default: UTF-8, checked]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,

    /// Shape of the input [default: by the extension]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,

    /// What to do about a row that cannot be read
    #[arg(long, value_enum, value_name = "WHAT", default_value = "error")]
    pub on_bad_row: OnBadRow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// An article: paragraphs of running text
    Text,
    /// An article in Markdown
    Markdown,
    /// Comma-separated values with a header
    Csv,
    /// Tab-separated values with a header
    Tsv,
    /// One JSON object a line
    Jsonl,
    /// fastText lines: __label__NAME text
    Fasttext,
}

impl From<InputFormat> for corpus::InputFormat {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Text => corpus::InputFormat::Text,
            InputFormat::Markdown => corpus::InputFormat::Markdown,
            InputFormat::Csv => corpus::InputFormat::Csv,
            InputFormat::Tsv => corpus::InputFormat::Tsv,
            InputFormat::Jsonl => corpus::InputFormat::Jsonl,
            InputFormat::Fasttext => corpus::InputFormat::FastText,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnBadRow {
    /// Report it and fail
    Error,
    /// Leave it out, counted
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Empty {
    /// The row is not labelled and left out of the facet
    Unlabelled,
    /// None of the labels: an answer that counts
    None,
}

impl From<Empty> for tagger::EmptyCells {
    fn from(empty: Empty) -> Self {
        match empty {
            Empty::Unlabelled => tagger::EmptyCells::Unlabelled,
            Empty::None => tagger::EmptyCells::None,
        }
    }
}
