//! What can be said on the command line. Checked and turned into options in the file of each verb.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueEnum, ValueHint};

use crate::corpus;
use crate::report::ReportFormat;
use crate::tagger;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Learn from labelled paragraphs, tag articles by topic and region, say how good it is
#[derive(Debug, Parser)]
#[command(name = "wiredesk", version, styles = STYLES, disable_version_flag = true, disable_help_subcommand = true)]
#[command(
    after_help = "Example:\n  wiredesk tag article.txt\n  wiredesk train labelled.csv --output my.safetensors\n  wiredesk evaluate test.csv --model my.safetensors"
)]
pub struct Args {
    /// Print the version; with -v also the data and licences inside
    #[arg(short = 'V', long)]
    pub version: bool,

    #[command(flatten)]
    pub global: Global,

    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// Everywhere.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Number of threads; results are the same with any
    #[arg(long, global = true, value_name = "N", value_parser = at_least_one::<NonZeroUsize>)]
    pub threads: Option<NonZeroUsize>,

    /// No progress, no summary, no warnings; errors are still shown
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Say more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Learn a model from labelled rows
    #[command(
        after_help = "Example:\n  wiredesk train labelled.csv --label topic --label region --output my.safetensors"
    )]
    Train(Train),
    /// Tag articles or rows
    #[command(
        after_help = "Example:\n  wiredesk tag article.txt\n  wiredesk tag rows.csv --text body --format jsonl --output tagged.jsonl"
    )]
    Tag(Tag),
    /// Precision and recall of a model against labelled rows
    #[command(
        after_help = "Example:\n  wiredesk evaluate test.csv --model my.safetensors\n  wiredesk evaluate test.csv --model my.safetensors --min-f1 0.8 --format json"
    )]
    Evaluate(Evaluate),
    /// Split labelled rows into train and test, each label in both
    #[command(after_help = "Example:\n  wiredesk split labelled.csv --test 0.2 --output parts")]
    Split(Split),
    /// What a model knows: card, labels, top features, sizes
    #[command(
        after_help = "Example:\n  wiredesk inspect --facet topic --label sport --top 20\n  wiredesk inspect --text 'Rates rose in Oslo.'"
    )]
    Inspect(Inspect),
    /// Completions for a shell, to standard output
    #[command(
        after_help = "Example:\n  wiredesk completions bash > ~/.local/share/bash-completion/completions/wiredesk"
    )]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// The manual page, to standard output
    #[command(after_help = "Example:\n  wiredesk man | man -l -\n  wiredesk man --output man1")]
    Man {
        /// Write a page per verb into this folder instead
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        output: Option<PathBuf>,
    },
}

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

/// Which model is asked.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Model")]
pub struct ModelInput {
    /// Model file [default: the embedded news model]
    #[arg(short, long, value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub model: Option<PathBuf>,
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

    /// Longest sequence of words that counts as a feature, 1 to 5
    #[arg(long, value_name = "N", default_value_t = 2, help_heading = "Estimator",
          value_parser = clap::value_parser!(u32).range(1..=5))]
    pub ngrams: u32,

    /// Do not count longer words also by their first four letters
    #[arg(long, help_heading = "Estimator")]
    pub no_prefixes: bool,

    /// Leave out features that fewer rows have (naive Bayes only; nbsvm has rules of its own) [default: 1]
    #[arg(long, value_name = "N", help_heading = "Estimator", value_parser = at_least_one::<NonZeroU32>)]
    pub min_df: Option<NonZeroU32>,

    /// Lidstone smoothing: imagined occurrences of every feature (naive Bayes only) [default: 0.3]
    #[arg(
        long,
        value_name = "X",
        conflicts_with = "jelinek_mercer",
        help_heading = "Estimator",
        allow_negative_numbers = true
    )]
    pub alpha: Option<f64>,

    /// Jelinek-Mercer smoothing instead: share of the distribution over all labels, 0 to 1 (multinomial only)
    #[arg(long, value_name = "SHARE", help_heading = "Estimator")]
    pub jelinek_mercer: Option<f64>,

    /// Label probabilities before any word: empirical, uniform, or a CSV with columns label, prior and maybe facet
    /// (multinomial only) [default: empirical]
    #[arg(long, value_name = "empirical|uniform|FILE", help_heading = "Estimator")]
    pub prior: Option<String>,

    /// Facet that is multi-label even where no row has two labels
    #[arg(long, value_name = "FACET", help_heading = "Row input")]
    pub multi: Vec<String>,

    /// What an empty label cell says [default: unlabelled; none of these in a multi-label facet]
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Row input")]
    pub empty: Option<Empty>,

    /// Do not fit probabilities and cuts on out-of-fold scores: a third of the time, worse answers (nbsvm only)
    #[arg(long, help_heading = "Estimator")]
    pub no_calibrate: bool,

    /// The publisher's country, which its texts need not name: an ISO code (facets of countries)
    #[arg(long, value_name = "CODE", help_heading = "Places")]
    pub home: Option<String>,

    /// CSV of more names of places: place,kind,form,mark, as in datasets/gazetteer/places.csv (facets of countries)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Places")]
    pub gazetteer: Option<PathBuf>,

    /// CSV of label,code for country labels that are neither ISO codes nor English names
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Places")]
    pub country_labels: Option<PathBuf>,

    /// Features that nbsvm keeps in each facet, the most telling; fewer make a smaller model [default: 50000]
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroUsize>, help_heading = "Estimator")]
    pub max_features: Option<NonZeroUsize>,

    /// Another number gives another order of the rows in training, and a slightly different model (nbsvm only)
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Estimator")]
    pub seed: u64,

    /// Markdown file that goes into the model as its card
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Estimator")]
    pub card: Option<PathBuf>,

    #[command(flatten)]
    pub rows: RowInput,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Each paragraph of an article
    Paragraph,
    /// Each article, with the paragraphs that carry each tag
    Article,
    /// Each row of a file of rows
    Row,
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

#[derive(Debug, clap::Args)]
pub struct Evaluate {
    /// Labelled rows: .csv, .tsv, .jsonl, fastText lines; also .gz and .zst; - is standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<PathBuf>,

    /// Only tags at least this probable, 0 to 1 [default: the model decides]
    #[arg(long, value_name = "P", value_parser = share)]
    pub threshold: Option<f64>,

    /// Fail when the macro F1 of a facet is below this
    #[arg(long, value_name = "X", value_parser = share)]
    pub min_f1: Option<f64>,

    /// What an empty label cell says [default: as in training]
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Row input")]
    pub empty: Option<Empty>,

    #[command(flatten)]
    pub model: ModelInput,

    /// Shape of the output: table, csv, json, markdown
    #[arg(short, long, default_value = "table", help_heading = "Output")]
    pub format: ReportFormat,

    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub rows: RowInput,
}

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

/// A whole number that is not zero.
fn at_least_one<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "expected a whole number, 1 or more".to_owned())
}

/// The weight of an article's paragraphs for each other.
fn context(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=100.0).contains(&value) => Ok(value),
        _ => Err("expected a number from 0 to 100".to_owned()),
    }
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
}
