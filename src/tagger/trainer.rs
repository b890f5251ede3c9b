//! From rows to a model, one pass, in chunks.
//!
//! Texts are cut into words on all threads; then one thread gives columns to features in the order of the rows, and
//! each facet adds to its counts on a thread of its own. Memory is the vocabulary, the counts and a chunk of rows.
//! Columns and labels are put in sorted order at the end, so neither the order of rows nor the threads show.

use std::collections::BTreeMap;

use linfa::ParamGuard;
use rayon::prelude::*;

use crate::bayes::{CountsBuilder, Estimator, NaiveBayes, NaiveBayesParams, Prior, Smoothing};
use crate::corpus::{LabelSet, Row};
use crate::features::{FeatureExtractor, FeatureSettings, Tokenizer, VocabularyBuilder, count_columns, fold_into};

use super::{EmptyCells, Facet, FacetSettings, ModelCard, Tagger, TrainError};

/// Label probabilities before any word.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PriorChoice {
    /// What the estimator takes by default: empirical for multinomial, none for complement.
    #[default]
    Default,
    /// As often as in training.
    Empirical,
    /// All the same.
    Uniform,
    /// Given per facet and label; a facet that is not named takes the default.
    Given(BTreeMap<String, BTreeMap<String, f64>>),
}

/// How a model is trained.
///
/// | Name | Default | Purpose |
/// |---|---|---|
/// | `features` | pairs of words, prefixes | which features a text has |
/// | `estimator` | complement | which naive Bayes |
/// | `smoothing` | Lidstone .3 | see [`Smoothing`] |
/// | `prior` | the estimator's | see [`PriorChoice`] |
/// | `min_df` | 1 | leave out features of fewer rows |
/// | `multi` | none | facets that are multi-label even where no row has two labels |
/// | `empty` | auto | what an empty label cell says |
/// | `leave_out_unlabelled` | no | a facet that no row labels is left out instead of being an error |
/// | `card` | empty | what the maker says about the model |
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// Which features a text has.
    pub features: FeatureSettings,
    /// Which naive Bayes.
    pub estimator: Estimator,
    /// How unseen words get a probability.
    pub smoothing: Smoothing,
    /// Label probabilities before any word.
    pub prior: PriorChoice,
    /// Least number of rows of a feature.
    pub min_df: u32,
    /// Facets that are multi-label in any case.
    pub multi: Vec<String>,
    /// What an empty label cell says.
    pub empty: EmptyCells,
    /// Whether a facet that no row labels is left out; else it is an error.
    pub leave_out_unlabelled: bool,
    /// The model's card.
    pub card: ModelCard,
}

impl Default for TrainOptions {
    fn default() -> Self {
        TrainOptions {
            features: FeatureSettings::default(),
            estimator: Estimator::Complement,
            smoothing: Smoothing::Lidstone(0.3),
            prior: PriorChoice::Default,
            min_df: 1,
            multi: Vec::new(),
            empty: EmptyCells::Auto,
            leave_out_unlabelled: false,
            card: ModelCard::default(),
        }
    }
}

/// What training found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingSummary {
    /// Rows that were added.
    pub rows: u64,
    /// Rows whose text is empty.
    pub empty_texts: u64,
    /// Facets that were left out because no row labels them.
    pub left_out: Vec<String>,
    /// Labels with a single row, per facet: they cannot be evaluated, and hardly learnt.
    pub rare_labels: Vec<(String, Vec<String>)>,
}

/// Collects rows into a model.
#[derive(Debug)]
pub struct Trainer {
    options: TrainOptions,
    params: NaiveBayesParams,
    tokenizer: Tokenizer,
    vocabulary: VocabularyBuilder,
    facets: Vec<FacetTrainer>,
    rows: u64,
    empty_texts: u64,
}

/// The counts of one facet, labels numbered as they appear.
#[derive(Debug)]
struct FacetTrainer {
    name: String,
    counts: CountsBuilder,
    labels: BTreeMap<String, u32>,
}

impl FacetTrainer {
    fn label_ids(&mut self, labels: &[String]) -> Vec<u32> {
        let mut ids = Vec::with_capacity(labels.len());
        for label in labels {
            let next = self.labels.len() as u32;
            let id = match self.labels.get(label) {
                Some(&id) => id,
                None => *self.labels.entry(label.clone()).or_insert(next),
            };
            // A row has a label or has it not; a hand-made row may say it twice.
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }
}

/// The words of a text in their counted form, one after another.
#[derive(Default)]
struct Words {
    bytes: String,
    /// Where each word ends, and whether it may have a prefix.
    ends: Vec<(usize, bool)>,
}

impl Words {
    fn of(tokenizer: Tokenizer, text: &str) -> Self {
        let mut words = Words { bytes: String::with_capacity(text.len()), ends: Vec::with_capacity(text.len() / 5) };
        let mut word = String::new();
        for token in tokenizer.tokens(text) {
            fold_into(token.text, &mut word);
            words.bytes.push_str(&word);
            words.ends.push((words.bytes.len(), !token.spaceless));
        }
        words
    }

    fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|e| e.0));
        starts.zip(&self.ends).map(|(start, &(end, has_prefix))| (&self.bytes[start..end], has_prefix))
    }
}

impl Trainer {
    /// Begins a model with these facets.
    ///
    /// # Errors
    /// [`TrainError`] for no facet, for parameters out of range, for an unknown facet in `multi` or `prior`.
    pub fn new(options: TrainOptions, facets: &[String]) -> Result<Self, TrainError> {
        if facets.is_empty() {
            return Err(TrainError::NoFacets);
        }
        let ngrams = options.features.ngrams;
        if !(1..=FeatureSettings::MAX_NGRAMS).contains(&ngrams) {
            return Err(TrainError::Ngrams { found: ngrams, most: FeatureSettings::MAX_NGRAMS });
        }
        if let Some(facet) = facets.iter().enumerate().find(|(i, f)| facets[..*i].contains(f)).map(|(_, f)| f) {
            return Err(TrainError::RepeatedFacet { facet: facet.clone() });
        }
        let mut named: Vec<&String> = options.multi.iter().collect();
        if let PriorChoice::Given(priors) = &options.prior {
            named.extend(priors.keys());
        }
        if let Some(facet) = named.into_iter().find(|f| !facets.contains(f)) {
            return Err(TrainError::UnknownFacet { facet: facet.clone(), known: facets.to_vec() });
        }
        let mut params = NaiveBayesParams::new(options.estimator).smoothing(options.smoothing).min_df(options.min_df);
        params = match &options.prior {
            PriorChoice::Default => params,
            PriorChoice::Empirical => params.prior(Prior::Empirical),
            PriorChoice::Uniform => params.prior(Prior::Uniform),
            // Stands for the values until the labels are known; that a prior goes with the estimator is known now.
            PriorChoice::Given(_) => params.prior(Prior::Empirical),
        };
        params.check_ref()?;
        let trainer = |name: &String| FacetTrainer {
            name: name.clone(),
            counts: CountsBuilder::default(),
            labels: BTreeMap::new(),
        };
        Ok(Trainer {
            vocabulary: VocabularyBuilder::new(options.features.ngrams as usize, options.features.prefixes),
            tokenizer: Tokenizer::default(),
            facets: facets.iter().map(trainer).collect(),
            options,
            params,
            rows: 0,
            empty_texts: 0,
        })
    }

    /// Adds rows whose labels are in the order of the facets.
    ///
    /// # Errors
    /// When a count or the vocabulary passes 2³² − 1.
    pub fn add(&mut self, rows: &[Row]) -> Result<(), TrainError> {
        let tokenizer = self.tokenizer;
        let texts: Vec<Words> = rows.par_iter().map(|row| Words::of(tokenizer, &row.text)).collect();
        let mut features = Vec::with_capacity(rows.len());
        let mut columns = Vec::new();
        for (row, words) in rows.iter().zip(&texts) {
            self.rows += 1;
            self.empty_texts += u64::from(words.ends.is_empty());
            let mut counted = Vec::new();
            // A row that no facet counts leaves no word behind.
            if self.options.empty != EmptyCells::Unlabelled || row.labels.iter().any(|cell| !cell.is_empty()) {
                columns.clear();
                self.vocabulary.begin_row();
                for (word, has_prefix) in words.iter() {
                    self.vocabulary.add_word(word, has_prefix, &mut columns)?;
                }
                count_columns(&mut columns, &mut counted);
            }
            features.push(counted);
        }
        drop(texts);
        let skip_empty = self.options.empty == EmptyCells::Unlabelled;
        self.facets.par_iter_mut().enumerate().try_for_each(|(i, facet)| {
            for (row, features) in rows.iter().zip(&features) {
                let labels = row.labels.get(i).map_or(&[][..], Vec::as_slice);
                if !(skip_empty && labels.is_empty()) {
                    let ids = facet.label_ids(labels);
                    facet.counts.add(features, &ids)?;
                }
            }
            Ok(())
        })
    }

    /// How many distinct features there are so far.
    pub fn n_features(&self) -> usize {
        self.vocabulary.n_features()
    }

    /// The model.
    ///
    /// # Errors
    /// [`TrainError`] without rows, for a facet without labels or with a single one, for priors that do not fit.
    pub fn finish(self) -> Result<(Tagger, TrainingSummary), TrainError> {
        let Trainer { options, params, tokenizer, vocabulary, facets, rows, empty_texts } = self;
        if rows == 0 {
            return Err(TrainError::NoRows);
        }
        let (facets, unlabelled): (Vec<_>, Vec<_>) = facets.into_iter().partition(|f| !f.labels.is_empty());
        if let Some(facet) = unlabelled.first()
            && (facets.is_empty() || !options.leave_out_unlabelled)
        {
            return Err(TrainError::NoLabels { facet: facet.name.clone(), rows });
        }
        let left_out = unlabelled.into_iter().map(|f| f.name).collect();
        let (vocabulary, columns) = vocabulary.finish();
        let blocks = vocabulary.blocks().clone();
        let build = |facet: FacetTrainer| -> Result<Facet, TrainError> {
            let mut ranks = vec![0u32; facet.labels.len()];
            for (rank, &id) in (0..).zip(facet.labels.values()) {
                ranks[id as usize] = rank;
            }
            let labels = LabelSet::new(facet.labels.into_keys());
            let counts = facet.counts.finish(&columns, &ranks)?;
            let settings = FacetSettings { multi_label: options.multi.contains(&facet.name), empty: options.empty };
            let params = params.clone().multi_label(settings.multi_label || settings.empty == EmptyCells::None);
            let params = match &options.prior {
                PriorChoice::Given(priors) => match priors.get(&facet.name) {
                    Some(given) => params.prior(Prior::Given(in_label_order(&facet.name, &labels, given)?)),
                    None => params.prior(Prior::Empirical),
                },
                _ => params,
            };
            let model = NaiveBayes::from_counts(
                counts,
                params.check()?,
                blocks.clone(),
                settings.empty != EmptyCells::Unlabelled,
            )?;
            let says_none = model.is_multi_label() && model.counts().empty_rows() > 0;
            if labels.len() == 1 && !says_none {
                return Err(TrainError::OneLabel { facet: facet.name, label: labels.names()[0].clone() });
            }
            Ok(Facet::new(facet.name, labels, settings, model))
        };
        let facets: Vec<Facet> = facets.into_par_iter().map(build).collect::<Result<_, _>>()?;
        let rare = |facet: &Facet| {
            let rows = facet.model().counts().label_rows();
            let labels = facet.labels().iter().filter(|(id, _)| rows[id.index()] == 1);
            (facet.name().to_owned(), labels.map(|(_, name)| name.to_owned()).collect())
        };
        let summary = TrainingSummary { rows, empty_texts, left_out, rare_labels: facets.iter().map(rare).collect() };
        let extractor = FeatureExtractor::new(tokenizer, options.features, vocabulary);
        Ok((Tagger::new(extractor, facets, options.card), summary))
    }
}

fn in_label_order(facet: &str, labels: &LabelSet, given: &BTreeMap<String, f64>) -> Result<Vec<f64>, TrainError> {
    if let Some(label) = given.keys().find(|l| labels.id(l).is_none()) {
        return Err(TrainError::PriorLabel { facet: facet.to_owned(), label: label.clone() });
    }
    let value = |label: &String| {
        let missing = || TrainError::PriorMissing { facet: facet.to_owned(), label: label.clone() };
        given.get(label).copied().ok_or_else(missing)
    };
    labels.names().iter().map(value).collect()
}
