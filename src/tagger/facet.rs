//! One facet of a model: its labels and the classifier that tells them apart.

use serde::{Deserialize, Serialize};

use crate::bayes::{NaiveBayes, Scores};
use crate::corpus::LabelSet;

use super::FacetAnalysis;

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

/// A facet.
#[derive(Clone, Debug)]
pub struct Facet {
    name: String,
    labels: LabelSet,
    settings: FacetSettings,
    model: NaiveBayes,
}

impl Facet {
    pub(super) fn new(name: String, labels: LabelSet, settings: FacetSettings, model: NaiveBayes) -> Self {
        Facet { name, labels, settings, model }
    }

    /// The facet's name: a column, mostly.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its labels.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// Whether a text can have several of its labels, or none.
    pub fn is_multi_label(&self) -> bool {
        self.model.is_multi_label()
    }

    /// Whether an empty gold cell is an empty answer (and not a row without a label).
    pub fn empty_is_none(&self) -> bool {
        self.settings.empty != EmptyCells::Unlabelled && self.is_multi_label()
    }

    /// How its labels were read.
    pub fn settings(&self) -> FacetSettings {
        self.settings
    }

    /// Its classifier.
    pub fn model(&self) -> &NaiveBayes {
        &self.model
    }

    /// Probabilities and decision for a row of features.
    pub(super) fn analyze(&self, row: &[(u32, u32)]) -> FacetAnalysis {
        let mut scores = Scores::default();
        self.model.score_into(row.iter().copied(), &mut scores);
        let probabilities = self.model.probabilities(&scores);
        let decided = if scores.length == 0.0 { Vec::new() } else { self.model.decide(&scores) };
        FacetAnalysis { probabilities, decided, length: scores.length }
    }
}
