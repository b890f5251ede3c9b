//! Counts from a model file, and a part of a model as a file of its own.

use std::sync::Arc;

use linfa::ParamGuard;

use crate::bayes::Prior;
use crate::places::Atlas;

use super::super::file::{self, Kind};
use super::super::{FacetRows, FacetSettings, ModelCard, ModelError};
use super::{AdditiveError, AdditiveModel, FacetCounts};

impl AdditiveModel {
    /// Loads the bytes of a model file, checking everything before use.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AdditiveError> {
        let (file, metadata) = file::open(bytes)?;
        if metadata.kind == Kind::Frozen {
            return Err(AdditiveError::Frozen);
        }
        let vocabulary = file::load_vocabulary(&file, &metadata)?;
        let atlas = metadata.features.places.then(|| Atlas::new(metadata.gazetteer)).transpose();
        let atlas =
            atlas.map_err(|e| ModelError::Inconsistent(format!("its own gazetteer entries: {e}")))?.map(Arc::new);
        let mut facets = Vec::with_capacity(metadata.facets.len());
        for (i, facet) in metadata.facets.into_iter().enumerate() {
            let broken = |e: &dyn std::fmt::Display| ModelError::Inconsistent(format!("facet {i}: {e}"));
            let (labels, rows) = file::load_rows(&file, i, &facet)?;
            let settings = FacetSettings { multi_label: facet.multi_label, empty: facet.empty };
            let file::ClassifierMetadata::NaiveBayes(metadata) = facet.classifier else {
                return Err(ModelError::Inconsistent("metadata: the kind does not fit the classifiers".into()).into());
            };
            let counts = file::load_counts(&file, i, &rows)?.map_err(|e| broken(&e))?;
            if counts.n_features() != vocabulary.n_features() as usize {
                return Err(broken(&"its counts do not fit the vocabulary").into());
            }
            let given = match &metadata.prior {
                Some(Prior::Given(values)) if values.len() != labels.len() => {
                    return Err(broken(&"priors and labels differ in number").into());
                }
                Some(Prior::Given(values)) => {
                    Some(labels.names().iter().cloned().zip(values.iter().copied()).collect())
                }
                _ => None,
            };
            let params = file::naive_bayes_params(metadata.clone());
            params.check_ref().map_err(|e| broken(&e))?;
            // The values of a given prior stand beside the parameters, by label.
            let params = file::naive_bayes_params(file::NaiveBayesMetadata {
                prior: metadata.prior.filter(|prior| !matches!(prior, Prior::Given(_))),
                ..metadata
            });
            facets.push(FacetCounts { name: facet.name, labels, settings, params, given, counts });
        }
        let rows = facets.iter().map(|facet| facet.counts.labelled_rows().saturating_add(facet.counts.empty_rows()));
        let fingerprints = file::load_fingerprints(&file, rows.max().unwrap_or(0))?;
        Ok(AdditiveModel {
            tokenizer: metadata.tokenizer,
            features: metadata.features,
            vocabulary,
            facets,
            card: ModelCard::new(metadata.card),
            atlas,
            fingerprints,
            is_part: metadata.kind == Kind::Part,
        })
    }

    /// The counts as the bytes of a file that only `merge`, `learn` and `forget` read: a part of a model need not know two
    /// labels of a facet, or any.
    ///
    /// # Errors
    /// When the container cannot hold it, or parameters are out of range.
    pub fn to_part_bytes(&self) -> Result<Vec<u8>, AdditiveError> {
        let mut arrays = file::Arrays::default();
        file::put_vocabulary(&mut arrays, &self.vocabulary.to_parts(), self.features.places);
        let mut facets = Vec::with_capacity(self.facets.len());
        for (i, facet) in self.facets.iter().enumerate() {
            let counts = &facet.counts;
            let rows = FacetRows {
                by_label: counts.label_rows().to_vec(),
                labelled: counts.labelled_rows(),
                empty: counts.empty_rows(),
            };
            file::put_rows(&mut arrays, i, &rows);
            file::put_counts(&mut arrays, i, counts.parts());
            let params = facet.full_params()?.check().map_err(super::super::TrainError::from)?;
            facets.push(file::FacetMetadata {
                classifier: file::ClassifierMetadata::NaiveBayes(file::naive_bayes_metadata(&params)),
                empty: facet.settings.empty,
                labels: facet.labels.names().to_vec(),
                multi_label: facet.settings.multi_label,
                name: facet.name.clone(),
            });
        }
        file::put_fingerprints(&mut arrays, self.fingerprints.as_ref());
        let gazetteer = self.atlas.as_ref().and_then(|atlas| atlas.added().cloned());
        let metadata =
            file::Metadata::new(self.card.text(), facets, self.features, gazetteer, Kind::Part, self.tokenizer);
        Ok(file::write(&arrays, &metadata)?)
    }
}
