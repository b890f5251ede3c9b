//! Models that are sums over their training rows: to learn and to merge is to add, to forget is to subtract.
//!
//! An [`AdditiveModel`] is what a naive Bayes model file holds, before anything is derived from it: a vocabulary, integer
//! counts, fingerprints, all in an order in which nothing of the rows' shows. So whatever way leads to the same multiset of
//! rows gives the same bytes: one training, trainings on parts that are merged in any order, rows learnt and forgotten again.
//!
//! ```
//! use wiredesk::bayes::Estimator;
//! use wiredesk::corpus::Row;
//! use wiredesk::tagger::{AdditiveModel, TrainOptions, Trainer};
//! # use wiredesk::corpus::Place;
//! # let row = |text: &str, label: &str| Row { text: text.into(), labels: vec![vec![label.into()]], id: None,
//! #     columns: vec![], place: Place { source: "".into(), row: 1, line: 1 } };
//! let rows: Vec<Row> = vec![row("the match", "sport"), row("the court", "crime"), row("a goal", "sport")];
//! let train = |rows: &[Row]| -> Result<AdditiveModel, Box<dyn std::error::Error>> {
//!     let mut trainer = Trainer::new(TrainOptions::naive_bayes(Estimator::Complement), &["topic".into()])?;
//!     trainer.add(rows)?;
//!     Ok(trainer.finish_additive()?)
//! };
//! let mut model = train(&rows[..2])?;
//! model.merge(&train(&rows[2..])?)?;
//! let whole = train(&rows)?.into_tagger()?;
//! assert_eq!(model.into_tagger()?.to_bytes()?, whole.to_bytes()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod facet;
mod file;
mod remembered;

use std::path::Path;
use std::sync::Arc;

use crate::bayes::{Estimator, LabelCounts};
use crate::corpus::LabelSet;
use crate::features::{FeatureExtractor, FeatureSettings, Tokenizer, Vocabulary};
use crate::places::Atlas;

use super::{CountryOptions, Fingerprints, Method, ModelCard, ModelError, Tagger, TrainOptions, Trainer};

pub use error::AdditiveError;
pub use facet::FacetCounts;
pub(super) use facet::check_labels;
pub use remembered::Remembered;

/// The sums that make a naive Bayes model. See the module's head.
#[derive(Clone, Debug)]
pub struct AdditiveModel {
    pub(super) tokenizer: Tokenizer,
    pub(super) features: FeatureSettings,
    pub(super) vocabulary: Vocabulary,
    pub(super) facets: Vec<FacetCounts>,
    pub(super) card: ModelCard,
    /// What looks up the places that are features.
    pub(super) atlas: Option<Arc<Atlas>>,
    pub(super) fingerprints: Option<Fingerprints>,
    /// Whether it was read from a part of a model.
    pub(super) is_part: bool,
}

impl AdditiveModel {
    /// Loads a model file of naive Bayes, or a part of one (`train --part`).
    ///
    /// # Errors
    /// [`AdditiveError::Frozen`] for a linear model, [`AdditiveError::Model`] for a file that is no model.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, AdditiveError> {
        let bytes = std::fs::read(path).map_err(ModelError::Read)?;
        Self::from_bytes(&bytes)
    }

    /// Whether it was read from a file that holds a part of a model (`train --part`).
    pub fn is_part(&self) -> bool {
        self.is_part
    }

    /// The names of the facets, in their order.
    pub fn facet_names(&self) -> Vec<String> {
        self.facets.iter().map(|facet| facet.name.clone()).collect()
    }

    /// The labels of each facet, and how many rows it has with a label and without.
    pub fn facets(&self) -> impl Iterator<Item = (&str, &LabelSet, u64, u64)> {
        self.facets
            .iter()
            .map(|facet| (facet.name.as_str(), &facet.labels, facet.counts.labelled_rows(), facet.counts.empty_rows()))
    }

    /// The features that are counted.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What the model remembers of its rows.
    pub fn fingerprints(&self) -> Option<&Fingerprints> {
        self.fingerprints.as_ref()
    }

    /// The same model without memory of its rows.
    pub fn without_fingerprints(self) -> Self {
        AdditiveModel { fingerprints: None, ..self }
    }

    /// The same model with another card.
    pub fn with_card(self, card: ModelCard) -> Self {
        AdditiveModel { card, ..self }
    }

    /// What its maker says about it.
    pub fn card(&self) -> &ModelCard {
        &self.card
    }

    /// A trainer that counts rows as this model's were counted. What it counts can be [learnt](Self::learn) or
    /// [forgotten](Self::forget).
    ///
    /// # Errors
    /// Never for a model that was loaded or trained.
    pub fn trainer(&self) -> Result<Trainer, AdditiveError> {
        let settings = self.facets.first().map(|facet| facet.settings).unwrap_or_default();
        let multi = self.facets.iter().filter(|facet| facet.settings.multi_label);
        let options = TrainOptions {
            features: self.features,
            // What is derived from counts is no matter of counting.
            method: Method::NaiveBayes(Estimator::Multinomial),
            multi: multi.map(|facet| facet.name.clone()).collect(),
            empty: settings.empty,
            countries: CountryOptions {
                recognise: false,
                gazetteer: self.atlas.as_ref().and_then(|atlas| atlas.added().cloned()),
                ..CountryOptions::default()
            },
            fingerprints: self.fingerprints.is_some(),
            ..TrainOptions::default()
        };
        Ok(Trainer::new(options, &self.facet_names())?)
    }

    /// Adds rows that the model's own [`trainer`](Self::trainer) has counted.
    ///
    /// # Errors
    /// Counts or features beyond 2³² − 1; the model is as before then.
    pub fn learn(&mut self, rows: &AdditiveModel) -> Result<(), AdditiveError> {
        let union = self.vocabulary.union(&rows.vocabulary)?;
        let mut facets = Vec::with_capacity(self.facets.len());
        for facet in &self.facets {
            let other = rows.facet(&facet.name).ok_or_else(|| self.other_facets(rows))?;
            let (labels, new) = united(&facet.labels, &other.labels);
            let numbers = new.each_ref().map(Vec::as_slice);
            let counts = LabelCounts::sum([&facet.counts, &other.counts], &union.columns, numbers, labels.len())?;
            facets.push(facet.recounted(labels, counts));
        }
        self.fingerprints = match (self.fingerprints.take(), &rows.fingerprints) {
            (Some(ours), Some(theirs)) => Some(ours.with(theirs)),
            _ => None,
        };
        (self.vocabulary, self.facets) = (union.vocabulary, facets);
        Ok(())
    }

    /// Adds the rows of another model, trained with the same settings.
    ///
    /// # Errors
    /// [`AdditiveError::Settings`] and the like where the two do not go together; the model is as before then.
    pub fn merge(&mut self, other: &AdditiveModel) -> Result<(), AdditiveError> {
        self.check_settings(other)?;
        let card = match (self.card.text(), other.card.text()) {
            (ours, theirs) if ours == theirs || theirs.is_empty() => self.card.clone(),
            ("", _) => other.card.clone(),
            _ => return Err(AdditiveError::Cards),
        };
        if self.fingerprints.is_some() != other.fingerprints.is_some() {
            return Err(AdditiveError::Fingerprints);
        }
        self.learn(other)?;
        self.card = card;
        Ok(())
    }

    /// Takes away rows that the model's own [`trainer`](Self::trainer) has counted. Words and labels that no row is left of
    /// disappear.
    ///
    /// # Errors
    /// [`AdditiveError::NotLearnt`] where not all rows are among the model's; the model is as before then.
    pub fn forget(&mut self, rows: &AdditiveModel) -> Result<(), AdditiveError> {
        let fingerprints = match (&self.fingerprints, &rows.fingerprints) {
            (Some(ours), Some(theirs)) => Some(ours.without(theirs).ok_or(AdditiveError::NotLearnt)?),
            _ => None,
        };
        let union = self.vocabulary.union(&rows.vocabulary)?;
        if union.columns.iter().any(|sides| sides[0].is_none()) {
            return Err(AdditiveError::NotLearnt);
        }
        // So the columns of the union are ours.
        let columns: Vec<u32> =
            (0..).zip(&union.columns).filter(|(_, sides)| sides[1].is_some()).map(|c| c.0).collect();
        let mut rests = Vec::with_capacity(self.facets.len());
        for facet in &self.facets {
            let other = rows.facet(&facet.name).ok_or_else(|| self.other_facets(rows))?;
            let (labels, [_, numbers]) = united(&facet.labels, &other.labels);
            let rest = Some(labels).filter(|labels| labels.len() == facet.labels.len());
            let rest = rest.and_then(|_| facet.counts.difference(&other.counts, &columns, &numbers));
            rests.push(rest.ok_or(AdditiveError::NotLearnt)?);
        }
        let n_features = self.vocabulary.n_features() as usize;
        let keep = (0..n_features).map(|feature| rests.iter().any(|counts| counts.occurs(feature))).collect();
        let (vocabulary, new) = self.vocabulary.retain(keep);
        let mut facets = Vec::with_capacity(self.facets.len());
        for (facet, rest) in self.facets.iter().zip(rests) {
            let mut left = (0..).zip(rest.label_rows()).filter(|&(_, &rows)| rows > 0).map(|(old, _)| old).peekable();
            let mut next = 0;
            let mut number = |old| left.next_if_eq(&old).map(|_| (next, next += 1).0);
            let numbers: Vec<Option<u32>> = (0..facet.labels.len() as u32).map(&mut number).collect();
            let names = facet.labels.names().iter().zip(&numbers).filter(|(_, number)| number.is_some());
            let labels = LabelSet::new(names.map(|(name, _)| name.clone()));
            let counts = rest.renumbered(&new, &numbers).ok_or(AdditiveError::NotLearnt)?;
            facets.push(facet.recounted(labels, counts));
        }
        (self.vocabulary, self.facets, self.fingerprints) = (vocabulary, facets, fingerprints);
        Ok(())
    }

    /// The model that tags. Facets without a label cannot be part of it.
    ///
    /// # Errors
    /// [`TrainError`](super::TrainError) where training on the same rows would have none: no row, a facet without a label or
    /// with a single one, priors that do not fit the labels.
    pub fn into_tagger(self) -> Result<Tagger, super::TrainError> {
        use rayon::prelude::*;
        let blocks = self.vocabulary.blocks();
        let facets =
            self.facets.into_par_iter().map(|facet| facet.into_facet(blocks)).collect::<Result<Vec<_>, _>>()?;
        if facets.is_empty() {
            return Err(super::TrainError::NoFacets);
        }
        let extractor = FeatureExtractor::new(self.tokenizer, self.features, self.vocabulary);
        Ok(Tagger::new(extractor, facets, self.card, self.atlas).remembering(self.fingerprints))
    }

    /// Leaves out the facets that no row labels, and names them.
    pub fn leave_out_unlabelled(&mut self) -> Vec<String> {
        let unlabelled = |facet: &FacetCounts| facet.labels.is_empty();
        let names = self.facets.iter().filter(|facet| unlabelled(facet)).map(|facet| facet.name.clone()).collect();
        self.facets.retain(|facet| !unlabelled(facet));
        names
    }

    fn facet(&self, name: &str) -> Option<&FacetCounts> {
        self.facets.iter().find(|facet| facet.name == name)
    }

    fn other_facets(&self, other: &AdditiveModel) -> AdditiveError {
        differ("facets", &self.facet_names().join(", "), &other.facet_names().join(", "))
    }

    /// Whether the counts of both mean the same.
    fn check_settings(&self, other: &AdditiveModel) -> Result<(), AdditiveError> {
        let added = |model: &AdditiveModel| model.atlas.as_ref().and_then(|atlas| atlas.added().cloned());
        let (ours, theirs) = (self.features, other.features);
        let pairs = [
            ("tokenizer version", self.tokenizer.version.to_string(), other.tokenizer.version.to_string()),
            ("--ngrams", ours.ngrams.to_string(), theirs.ngrams.to_string()),
            ("prefixes", ours.prefixes.to_string(), theirs.prefixes.to_string()),
            ("--places", ours.places.to_string(), theirs.places.to_string()),
        ];
        if let Some((setting, left, right)) = pairs.iter().find(|(_, left, right)| left != right) {
            return Err(differ(setting, left, right));
        }
        if added(self) != added(other) {
            let name = |model| added(model).map_or("none".into(), |(name, _)| name);
            return Err(differ("--gazetteer", &name(self), &name(other)));
        }
        if self.facets.len() != other.facets.len() {
            return Err(self.other_facets(other));
        }
        for facet in &self.facets {
            let theirs = other.facet(&facet.name).ok_or_else(|| self.other_facets(other))?;
            let differ = |setting: &str, ours: &dyn std::fmt::Debug, theirs: &dyn std::fmt::Debug| {
                let setting = format!("{setting} of facet '{}'", facet.name);
                Err(differ(&setting, &format!("{ours:?}"), &format!("{theirs:?}")))
            };
            if facet.settings != theirs.settings {
                return differ("empty cells and --multi", &facet.settings, &theirs.settings);
            }
            if facet.params != theirs.params {
                return differ("estimator", &facet.params, &theirs.params);
            }
            if facet.given != theirs.given {
                return differ("--prior", &facet.given, &theirs.given);
            }
        }
        Ok(())
    }
}

fn differ(setting: &str, left: &str, right: &str) -> AdditiveError {
    AdditiveError::Settings { setting: setting.to_owned(), left: left.to_owned(), right: right.to_owned() }
}

/// The labels of both, and per side the new number of each.
fn united(left: &LabelSet, right: &LabelSet) -> (LabelSet, [Vec<u32>; 2]) {
    let all: std::collections::BTreeSet<&String> = left.names().iter().chain(right.names()).collect();
    let all = LabelSet::new(all.into_iter().cloned());
    let numbers = [left, right].map(|side| {
        let id = |name: &String| all.id(name).map(|id| id.index() as u32);
        side.names().iter().filter_map(id).collect()
    });
    (all, numbers)
}
