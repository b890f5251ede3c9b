//! What can be wrong with a model file and with training.

use crate::bayes::BayesError;
use crate::features::TooManyFeatures;
use crate::places::GazetteerError;
use crate::places::focus::RegionError;

/// Why a model could not be loaded or saved. The caller knows the file's name and puts it in front.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file could not be read.
    #[error("the model file cannot be read: {0}")]
    Read(#[source] std::io::Error),
    /// The file could not be written.
    #[error("the model file cannot be written: {0}")]
    Write(#[source] std::io::Error),
    /// Not the container, or cut short.
    #[error(
        "this is not a wiredesk model, or it was cut short: {0}; a model is a .safetensors file that `wiredesk train` wrote"
    )]
    Container(String),
    /// The container, but not ours.
    #[error(
        "this safetensors file was not written by wiredesk: it has no metadata key `wiredesk`; give a file that `wiredesk train` wrote"
    )]
    Foreign,
    /// Written by a later release.
    #[error("the model has format {found}, this release reads formats up to {known}; update wiredesk")]
    Newer {
        /// The file's format.
        found: u64,
        /// The newest format known here.
        known: u64,
    },
    /// Cut into words by the rules of a later release.
    #[error(
        "the model cuts words by version {found} of the rules, this release knows version {known}; update wiredesk"
    )]
    NewerTokenizer {
        /// The file's version.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// The hash does not fit the bytes.
    #[error("the model file was altered or damaged: its checksum does not match; copy it again from its source")]
    Hash,
    /// Counts of some rows only.
    #[error("this is a part of a model (train --part), not a model; put the parts together with `wiredesk merge`")]
    Part,
    /// Something inside contradicts something else.
    #[error("the model file is damaged: {0}")]
    Inconsistent(String),
}

/// Why training could not be finished.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// No facet to learn.
    #[error("no label column to learn from; name one with --label FACET or --label FACET=COLUMN")]
    NoFacets,
    /// N-grams of no word, or of too many.
    #[error("n-grams of up to {found} words; expected 1 to {most}")]
    Ngrams {
        /// What was asked for.
        found: u32,
        /// The longest.
        most: u32,
    },
    /// One facet named twice.
    #[error("facet '{facet}' is named twice; name each facet once")]
    RepeatedFacet {
        /// The facet.
        facet: String,
    },
    /// Not a single row.
    #[error("no rows to learn from; the input has a header at most, or none of its rows could be read")]
    NoRows,
    /// A facet whose cells are all empty.
    #[error(
        "facet '{facet}' has no labelled row among {rows}; leave it out with --label, or name its column with --label {facet}=COLUMN"
    )]
    NoLabels {
        /// The facet.
        facet: String,
        /// Rows read.
        rows: u64,
    },
    /// A facet with one label has nothing to tell apart.
    #[error(
        "facet '{facet}' has only one label, '{label}', in all its rows; a classifier needs two labels, or one and rows with none of them (empty cells and --empty none)"
    )]
    OneLabel {
        /// The facet.
        facet: String,
        /// Its label.
        label: String,
    },
    /// A prior for a label that the rows do not have.
    #[error("the prior names label '{label}' of facet '{facet}', which no row has; check its spelling")]
    PriorLabel {
        /// The facet.
        facet: String,
        /// The label.
        label: String,
    },
    /// A label without a prior.
    #[error("the prior leaves out label '{label}' of facet '{facet}'; give each label one")]
    PriorMissing {
        /// The facet.
        facet: String,
        /// The label.
        label: String,
    },
    /// `--multi` or a prior for a facet that is not learnt.
    #[error("facet '{facet}' is not among the facets to learn: {}", known.join(", "))]
    UnknownFacet {
        /// What was named.
        facet: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Additive counts of a linear model.
    #[error("nbsvm fits weights, which are no sums over rows; choose --estimator complement or multinomial")]
    NotAdditive,
    /// A prior for a linear model.
    #[error("a prior goes with the multinomial estimator; nbsvm learns its own")]
    NbSvmPrior,
    /// Parameters or counts.
    #[error(transparent)]
    Bayes(#[from] BayesError),
    /// Too large a vocabulary.
    #[error(transparent)]
    Features(#[from] TooManyFeatures),
    /// Entries of a user's gazetteer that cannot be used.
    #[error(transparent)]
    Gazetteer(#[from] GazetteerError),
    /// A model of countries that cannot be fitted.
    #[error("the model of countries cannot be fitted: {0}")]
    Region(#[from] RegionError),
    /// Nothing to learn countries from.
    #[error(
        "only {naming} of {rows} texts name a country clearly, and no two countries; give more texts, or label the countries"
    )]
    NoPlaces {
        /// Rows read.
        rows: u64,
        /// Rows that name a country.
        naming: u64,
    },
    /// Parts of such a model that do not fit together.
    #[error("the model of countries does not fit together: {0}")]
    Countries(&'static str),
}
