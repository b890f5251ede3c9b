//! One facet of a model: its labels and the classifier that tells them apart.

use serde::{Deserialize, Serialize};

use crate::bayes::nbsvm::NbSvm;
use crate::bayes::{NaiveBayes, Scores};
use crate::corpus::LabelSet;

use crate::places::focus::Candidates;

use super::{Countries, FacetAnalysis};

/// What an empty label cell says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmptyCells {
    /// "Not labelled" in a single-label facet, "none of these" in a multi-label one.
    #[default]
    Auto,
    /// Always "not labelled": the row is left out of the facet.
    Unlabelled,
    /// Always "none of these", an answer that counts; the facet is multi-label then.
    None,
}

/// How a facet's labels are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FacetSettings {
    /// Multi-label even where no row has two labels.
    pub multi_label: bool,
    /// What an empty cell says.
    pub empty: EmptyCells,
}

/// How the labels of a facet are told apart.
#[derive(Clone, Debug)]
pub enum Classifier {
    /// Counts and what follows from them.
    NaiveBayes(Box<NaiveBayes>),
    /// A linear model with a naive Bayes prior.
    NbSvm(Box<NbSvm>),
    /// Places and words, for labels that are countries.
    Countries(Box<Countries>),
}

/// The training rows of a facet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetRows {
    /// Rows of each label.
    pub by_label: Vec<u64>,
    /// Rows with at least one label.
    pub labelled: u64,
    /// Rows with an empty label cell.
    pub empty: u64,
}

/// A facet.
#[derive(Clone, Debug)]
pub struct Facet {
    name: String,
    labels: LabelSet,
    settings: FacetSettings,
    rows: FacetRows,
    classifier: Classifier,
}

impl Facet {
    pub(super) fn new(
        name: String,
        labels: LabelSet,
        settings: FacetSettings,
        rows: FacetRows,
        classifier: Classifier,
    ) -> Self {
        Facet { name, labels, settings, rows, classifier }
    }

    pub(super) fn naive_bayes(name: String, labels: LabelSet, settings: FacetSettings, model: NaiveBayes) -> Self {
        let counts = model.counts();
        let rows = FacetRows {
            by_label: counts.label_rows().to_vec(),
            labelled: counts.labelled_rows(),
            empty: counts.empty_rows(),
        };
        Facet::new(name, labels, settings, rows, Classifier::NaiveBayes(Box::new(model)))
    }

    /// The facet's name: a column, mostly.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its labels.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// Its training rows.
    pub fn rows(&self) -> &FacetRows {
        &self.rows
    }

    /// Whether a text can have several of its labels, or none.
    pub fn is_multi_label(&self) -> bool {
        match &self.classifier {
            Classifier::NaiveBayes(model) => model.is_multi_label(),
            Classifier::NbSvm(model) => model.is_multi_label(),
            Classifier::Countries(model) => model.is_multi_label(),
        }
    }

    /// Its model of countries, where its labels are countries.
    pub fn as_countries(&self) -> Option<&Countries> {
        match &self.classifier {
            Classifier::Countries(model) => Some(model),
            _ => None,
        }
    }

    /// Whether an empty gold cell is an empty answer (and not a row without a label).
    pub fn empty_is_none(&self) -> bool {
        self.settings.empty != EmptyCells::Unlabelled && self.is_multi_label()
    }

    /// How its labels were read.
    pub fn settings(&self) -> FacetSettings {
        self.settings
    }

    /// Whether training measured how sure the facet's answers are, so that a share of coverage can be asked for: in
    /// single-label facets of calibrated linear models.
    pub fn knows_confidence(&self) -> bool {
        self.threshold_for_coverage(1.0).is_some()
    }

    /// The least probability with which this share of training-like texts is answered.
    pub fn threshold_for_coverage(&self, coverage: f64) -> Option<f64> {
        match &self.classifier {
            Classifier::NbSvm(model) if !model.is_multi_label() => model.threshold_for_coverage(coverage),
            _ => None,
        }
    }

    /// Its classifier, where that is naive Bayes.
    pub fn as_naive_bayes(&self) -> Option<&NaiveBayes> {
        match &self.classifier {
            Classifier::NaiveBayes(model) => Some(model),
            _ => None,
        }
    }

    /// Its classifier.
    pub fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// Probabilities and decision for a row of features and the countries that the text names.
    pub(super) fn analyze(&self, row: &[(u32, u32)], candidates: Option<&Candidates>) -> FacetAnalysis {
        let (evidence, length) = match &self.classifier {
            Classifier::NaiveBayes(model) => {
                let mut scores = Scores::default();
                model.score_into(row.iter().copied(), &mut scores);
                (model.evidence(&scores), scores.length)
            }
            Classifier::NbSvm(model) => {
                let scores = model.score(row.iter().copied());
                (model.evidence(&scores), scores.known as f64)
            }
            Classifier::Countries(model) => {
                let none = Candidates::default();
                let scores = model.score(row, candidates.unwrap_or(&none));
                let analysis = self.judge(scores.evidence, scores.length);
                return FacetAnalysis { mentioned: scores.mentioned, ..analysis };
            }
        };
        self.judge(evidence, length)
    }

    /// Probabilities and decision from evidence; none is decided where no word is known.
    pub(super) fn judge(&self, evidence: Vec<f64>, length: f64) -> FacetAnalysis {
        let (probabilities, mut decided) = match &self.classifier {
            Classifier::NaiveBayes(model) => (model.probabilities(&evidence), model.decide(&evidence)),
            Classifier::NbSvm(model) => (model.probabilities(&evidence), model.decide(&evidence)),
            Classifier::Countries(model) => (model.probabilities(&evidence), model.decide(&evidence)),
        };
        if length == 0.0 {
            decided.clear();
        }
        FacetAnalysis { probabilities, decided, length, evidence, mentioned: Vec::new(), own: None }
    }
}
