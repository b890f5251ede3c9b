//! The counts of one facet, and how a classifier is derived from them.

use std::collections::BTreeMap;

use linfa::ParamGuard;

use crate::bayes::{LabelCounts, NaiveBayes, NaiveBayesParams, Prior};
use crate::corpus::LabelSet;
use crate::features::Blocks;

use super::super::{EmptyCells, Facet, FacetSettings, TrainError};

/// A facet without what is derived from its counts. It may have no label at all.
#[derive(Clone, Debug)]
pub struct FacetCounts {
    pub(in crate::tagger) name: String,
    pub(in crate::tagger) labels: LabelSet,
    pub(in crate::tagger) settings: FacetSettings,
    /// All but the prior of each label and whether it is multi-label, which follow.
    pub(in crate::tagger) params: NaiveBayesParams,
    /// The prior of each label, where these were given.
    pub(in crate::tagger) given: Option<BTreeMap<String, f64>>,
    pub(in crate::tagger) counts: LabelCounts,
}

impl FacetCounts {
    /// The same facet with other counts.
    pub(super) fn recounted(&self, labels: LabelSet, counts: LabelCounts) -> Self {
        let (name, params, given) = (self.name.clone(), self.params.clone(), self.given.clone());
        FacetCounts { name, labels, settings: self.settings, params, given, counts }
    }

    /// The parameters with everything that follows from the labels.
    pub(in crate::tagger) fn full_params(&self) -> Result<NaiveBayesParams, TrainError> {
        let settings = self.settings;
        let params = self.params.clone().multi_label(settings.multi_label || settings.empty == EmptyCells::None);
        Ok(match &self.given {
            Some(given) => params.prior(Prior::Given(self.in_label_order(given)?)),
            None => params,
        })
    }

    /// The facet with its classifier.
    pub(in crate::tagger) fn into_facet(self, blocks: &Blocks) -> Result<Facet, TrainError> {
        let params = self.full_params()?;
        let FacetCounts { name, labels, settings, counts, .. } = self;
        if labels.is_empty() {
            return Err(TrainError::NoLabels { facet: name, rows: counts.empty_rows() });
        }
        let empty_is_none = settings.empty != EmptyCells::Unlabelled;
        let model = NaiveBayes::from_counts(counts, params.check()?, blocks.clone(), empty_is_none)?;
        let says_none = model.is_multi_label() && model.counts().empty_rows() > 0;
        check_labels(&name, &labels, says_none)?;
        Ok(Facet::naive_bayes(name, labels, settings, model))
    }

    fn in_label_order(&self, given: &BTreeMap<String, f64>) -> Result<Vec<f64>, TrainError> {
        if let Some(label) = given.keys().find(|l| self.labels.id(l).is_none()) {
            return Err(TrainError::PriorLabel { facet: self.name.clone(), label: label.clone() });
        }
        let value = |label: &String| {
            let missing = || TrainError::PriorMissing { facet: self.name.clone(), label: label.clone() };
            given.get(label).copied().ok_or_else(missing)
        };
        self.labels.names().iter().map(value).collect()
    }
}

/// A facet with one label has nothing to tell apart, unless rows can have none.
pub(in crate::tagger) fn check_labels(facet: &str, labels: &LabelSet, says_none: bool) -> Result<(), TrainError> {
    if labels.len() == 1 && !says_none {
        return Err(TrainError::OneLabel { facet: facet.to_owned(), label: labels.names()[0].clone() });
    }
    Ok(())
}
