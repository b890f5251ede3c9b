//! What `tag` can be told.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::model::ModelInput;
use super::rows::RowInput;
use super::values::{at_least_one, context, share};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Each paragraph of an article
    Paragraph,
    /// Each article, with the paragraphs that carry each tag
    Article,
    /// Each row of a file of rows
    Row,
}

impl From<By> for crate::records::By {
    fn from(by: By) -> Self {
        match by {
            By::Paragraph => Self::Paragraph,
            By::Article => Self::Article,
            By::Row => Self::Row,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TagFormat {
    /// For reading
    Text,
    /// One JSON object a line
    Jsonl,
    /// One JSON array
    Json,
    /// One row a record
    Csv,
}

#[derive(Debug, clap::Args)]
pub struct Tag {
    /// Articles (.txt, .md) or rows (.csv, .tsv, .jsonl); also .gz and .zst; - is standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<PathBuf>,

    /// What gets a record [default: paragraph for articles, row for rows]
    #[arg(long, value_enum)]
    pub by: Option<By>,

    /// Only tags at least this probable, 0 to 1 [default: the model decides]
    #[arg(long, value_name = "P", value_parser = share)]
    pub threshold: Option<f64>,

    /// Answer only the surest share of texts like those of training, 0 to 1: .9 leaves the least sure tenth untagged
    /// (single-label facets of nbsvm models)
    #[arg(long, value_name = "C", value_parser = share, conflicts_with_all = ["threshold", "top"])]
    pub coverage: Option<f64>,

    /// The N most probable labels, whatever the model would decide
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroUsize>)]
    pub top: Option<NonZeroUsize>,

    /// Which countries: all that are named, those that the text is about, or the first of them (facets of
    /// countries) [default: major]
    #[arg(long, value_enum, value_name = "WHICH")]
    pub focus: Option<Focus>,

    /// Groups of countries that newsrooms speak of (gulf, sahel, nordics, …) beside each country, in JSON
    #[arg(long, value_enum, value_name = "WHICH")]
    pub groups: Option<Groups>,

    /// How much an article's paragraphs say about each other, 0 to 100; 0 judges each alone [default: 5]
    #[arg(long, value_name = "MU", value_parser = context)]
    pub context: Option<f64>,

    /// Say why: the N words, word pairs and prefixes that add most to each tag, with their places [default N: 5]
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "5",
          value_parser = at_least_one::<NonZeroUsize>)]
    pub explain: Option<NonZeroUsize>,

    #[command(flatten)]
    pub model: ModelInput,

    /// Shape of the output
    #[arg(short, long, value_enum, default_value = "text", help_heading = "Output")]
    pub format: TagFormat,

    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub rows: RowInput,
}

/// Which countries become tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Focus {
    /// All that are named beyond doubt
    All,
    /// Those that the text is about
    Major,
    /// The first of them
    Primary,
}

impl From<Focus> for crate::places::focus::Focus {
    fn from(focus: Focus) -> Self {
        match focus {
            Focus::All => Self::All,
            Focus::Major => Self::Major,
            Focus::Primary => Self::Primary,
        }
    }
}

/// Which groups of countries are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Groups {
    /// Those of newsrooms; they overlap
    Newsroom,
}
