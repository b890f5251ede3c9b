//! How a model is learnt, the same for every verb that trains one.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::ValueHint;

use super::rows::Empty;
use super::values::at_least_one;

#[derive(Debug, clap::Args)]
pub struct Learning {
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

    /// Count the areas of the places that a text names, too, and learn a facet 'region' of countries from the places
    /// alone where no row labels it
    #[arg(long, help_heading = "Places")]
    pub places: bool,

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
}
