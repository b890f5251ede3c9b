//! What can be said on the command line. Checked and turned into options in the file of each verb.

mod additive;
mod audit;
mod check;
mod compare;
mod cross_validate;
mod evaluate;
mod folds;
mod inspect;
mod learning;
mod model;
mod rows;
#[cfg(feature = "serve")]
mod serve;
mod split;
mod tag;
mod train;
mod values;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueHint};

pub use additive::{Forget, Learn, Merge};
pub use audit::{Audit, AuditFormat};
pub use check::{Check, CheckFormat};
pub use compare::{Compare, CompareFormat};
pub use cross_validate::CrossValidate;
pub use evaluate::Evaluate;
pub use folds::{AnyEstimator, FoldCount, HoldingOut};
pub use inspect::{Inspect, InspectFormat};
pub use learning::Learning;
pub use model::ModelInput;
pub use rows::{OnBadRow, RowInput};
#[cfg(feature = "serve")]
pub use serve::Serve;
pub use split::Split;
pub use tag::{Tag, TagFormat};
pub use train::{Estimator, Train};
use values::at_least_one;

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
    Train(Box<Train>),
    /// Add rows to a model of counts, as if it had been trained with them
    #[command(
        after_help = "Example:\n  wiredesk train labelled.csv --estimator complement --output my.safetensors\n  wiredesk learn corrections.csv --model my.safetensors"
    )]
    Learn(Learn),
    /// Take rows out of a model of counts, as if it had never seen them
    #[command(after_help = "Example:\n  wiredesk forget withdrawn.csv --model my.safetensors")]
    Forget(Forget),
    /// Put models of counts together, as if one had been trained on all their rows
    #[command(
        after_help = "Example:\n  wiredesk merge monday.safetensors tuesday.safetensors --output both.safetensors"
    )]
    Merge(Merge),
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
    /// Which of several models is better on the same rows, and whether one may say so
    #[command(
        after_help = "Example:\n  wiredesk compare test.csv --model old.safetensors --model new.safetensors\n  wiredesk compare test.csv --label topic --model new.safetensors --predictions theirs=predictions.csv"
    )]
    Compare(Compare),
    /// What is wrong with labelled rows: bad rows, duplicates, contradicting and misspelt labels
    #[command(
        after_help = "Example:\n  wiredesk check labelled.csv\n  wiredesk check train.csv test.csv --format json --output findings.json"
    )]
    Check(Check),
    /// Precision and recall without a second file: each row judged by a model that has not seen it
    #[command(
        after_help = "Example:\n  wiredesk cross-validate labelled.csv\n  wiredesk cross-validate labelled.csv --folds 10 --group article --format json\n  wiredesk cross-validate labelled.csv --split time:date\n  wiredesk cross-validate labelled.csv --estimator complement --folds loo"
    )]
    CrossValidate(Box<CrossValidate>),
    /// Rows whose label is contradicted by a model that has not seen them, most suspicious first
    #[command(
        after_help = "Example:\n  wiredesk audit labelled.csv --output suspicious.csv\n  wiredesk audit labelled.csv --label topic --group article --format jsonl"
    )]
    Audit(Box<Audit>),
    /// Split labelled rows into train and test, each label in both
    #[command(after_help = "Example:\n  wiredesk split labelled.csv --test 0.2 --output parts")]
    Split(Split),
    /// What a model knows: card, labels, top features, sizes
    #[command(
        after_help = "Example:\n  wiredesk inspect --facet topic --label sport --top 20\n  wiredesk inspect --text 'Rates rose in Oslo.'"
    )]
    Inspect(Inspect),
    /// Tagging over HTTP, and a page to look at it: on this machine only, unless told otherwise
    #[cfg(feature = "serve")]
    #[command(
        after_help = "Example:\n  wiredesk serve\n  wiredesk serve --model news=my.safetensors --listen 127.0.0.1:9000\n  curl --data-binary @article.txt --header 'Content-Type: text/plain' http://127.0.0.1:8080/v1/tag"
    )]
    Serve(Serve),
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
