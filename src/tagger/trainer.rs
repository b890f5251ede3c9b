//! From rows to a model, one pass, in chunks.
//!
//! The features of a chunk are counted on all threads ([`counting`](crate::counting)). Memory is the vocabulary, the counts
//! and a chunk of rows; a linear model keeps the rows, too, four bytes a word. Columns and labels are put in sorted order at
//! the end, so neither the order of rows nor the threads show.

use std::collections::BTreeMap;
use std::sync::Arc;

use linfa::ParamGuard;
use rayon::prelude::*;

use crate::bayes::nbsvm::{NbSvmParams, OutOfFold};
use crate::bayes::{Estimator, LabelCounts, LabelCountsParts, NaiveBayesParams, Prior, Smoothing};
use crate::corpus::{LabelSet, Row};
use crate::counting::{CountError, KeepingCounter, LabelCounter, RowLabels, Text};
use crate::features::{Concept, FeatureExtractor, FeatureSettings, Token, Tokenizer, Vocabulary};
use crate::places::Atlas;
use crate::places::focus::{Candidates, RegionReport};

use super::additive::{FacetCounts, check_labels};
use super::country_trainer::{CountryOptions, CountryRows};
use super::linear_trainer::{self, Fitted};
use super::{AdditiveModel, EmptyCells, Facet, FacetSettings, Fingerprints, ModelCard, Tagger, TrainError};

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

/// How labels are told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// Integer counts, which are sums over the rows.
    NaiveBayes(Estimator),
    /// A linear model with a naive Bayes prior: most accurate.
    NbSvm(NbSvmParams),
}

/// How a model is trained.
///
/// | Name | Default | Purpose |
/// |---|---|---|
/// | `features` | pairs of words, prefixes | which features a text has |
/// | `method` | nbsvm | how labels are told apart |
/// | `smoothing` | Lidstone .3 | of naive Bayes, see [`Smoothing`] |
/// | `prior` | the estimator's | see [`PriorChoice`] |
/// | `min_df` | 1 | leave out features of fewer rows |
/// | `multi` | none | facets that are multi-label even where no row has two labels |
/// | `empty` | auto | what an empty label cell says |
/// | `leave_out_unlabelled` | no | a facet that no row labels is left out instead of being an error |
/// | `countries` | recognised | how a facet whose labels are countries is trained, with `nbsvm` |
/// | `card` | empty | what the maker says about the model |
/// | `fingerprints` | yes | remember the rows by hashes of 32 bytes a row, so that [`LeakGuard`](super::LeakGuard) knows them |
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// Which features a text has.
    pub features: FeatureSettings,
    /// How labels are told apart.
    pub method: Method,
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
    /// How facets of countries are trained.
    pub countries: CountryOptions,
    /// The model's card.
    pub card: ModelCard,
    /// Whether the rows are remembered by their hashes.
    pub fingerprints: bool,
}

impl TrainOptions {
    /// The defaults, with a naive Bayes estimator.
    pub fn naive_bayes(estimator: Estimator) -> Self {
        TrainOptions { method: Method::NaiveBayes(estimator), ..TrainOptions::default() }
    }
}

impl Default for TrainOptions {
    fn default() -> Self {
        TrainOptions {
            features: FeatureSettings::default(),
            method: Method::NbSvm(NbSvmParams::default()),
            smoothing: Smoothing::Lidstone(0.3),
            prior: PriorChoice::Default,
            min_df: 1,
            multi: Vec::new(),
            empty: EmptyCells::Auto,
            leave_out_unlabelled: false,
            countries: CountryOptions::default(),
            card: ModelCard::default(),
            fingerprints: true,
        }
    }
}

/// What training found.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingSummary {
    /// Rows that were added.
    pub rows: u64,
    /// Rows whose text is empty.
    pub empty_texts: u64,
    /// Facets that were left out because no row labels them.
    pub left_out: Vec<String>,
    /// What out-of-fold scores say, per facet; only of linear models that were calibrated.
    pub out_of_fold: Vec<(String, OutOfFold)>,
    /// The facets whose labels are countries, and what answers out of fold say of them.
    pub countries: Vec<(String, RegionReport)>,
    /// The facet whose countries nobody labelled, and how many rows name a country clearly.
    pub by_places: Option<(String, u64)>,
    /// Labels with a single row, per facet: they cannot be evaluated, and hardly learnt.
    pub rare_labels: Vec<(String, Vec<String>)>,
}

/// Collects rows into a model.
#[derive(Debug)]
pub struct Trainer {
    options: TrainOptions,
    params: NaiveBayesParams,
    tokenizer: Tokenizer,
    counter: Counter,
    facets: Vec<FacetTrainer>,
    /// What looks places up, where a facet or a feature may ask for them.
    atlas: Option<Arc<Atlas>>,
    /// The places that the rows name, as long as a facet may be one of countries.
    countries: Option<CountryRows>,
    fingerprints: Option<Fingerprints>,
    rows: u64,
    /// The labels of a chunk.
    row_labels: RowLabels,
}

/// What is kept of the texts.
#[derive(Debug)]
enum Counter {
    /// Sums are all that naive Bayes needs.
    Labels(LabelCounter),
    /// A linear model goes through the rows again.
    Rows(KeepingCounter, NbSvmParams),
}

/// What one facet remembers of the rows, labels numbered as they appear.
#[derive(Debug)]
struct FacetTrainer {
    name: String,
    collected: Collected,
    labels: BTreeMap<String, u32>,
}

/// What a facet remembers of the rows.
#[derive(Debug)]
enum Collected {
    /// Sums are all that naive Bayes needs; those of features are in the counter.
    Sums(RowSums),
    /// The labels of every row.
    Labels(Vec<Vec<u32>>),
}

/// How many rows there are of each label.
#[derive(Clone, Debug, Default)]
struct RowSums {
    by_label: Vec<u64>,
    labelled: u64,
    empty: u64,
}

impl RowSums {
    fn add(&mut self, labels: &[u32]) {
        match labels.is_empty() {
            true => self.empty += 1,
            false => self.labelled += 1,
        }
        for &label in labels {
            if self.by_label.len() <= label as usize {
                self.by_label.resize(label as usize + 1, 0);
            }
            self.by_label[label as usize] += 1;
        }
    }
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

/// The places that a row names, where these are looked up.
#[derive(Default)]
struct RowPlaces<'a> {
    concepts: Vec<Concept<'a>>,
    candidates: Candidates,
}

impl<'a> RowPlaces<'a> {
    fn of(text: &str, tokenizer: Tokenizer, atlas: &'a Atlas, with_concepts: bool) -> Self {
        let tokens: Vec<Token<'_>> = tokenizer.tokens(text).collect();
        let mentions = atlas.mentions(text, &tokens);
        let concepts = if with_concepts { atlas.concepts(&mentions) } else { Vec::new() };
        RowPlaces { concepts, candidates: atlas.candidates(text, &mentions) }
    }
}

impl Trainer {
    /// Begins a model with these facets.
    ///
    /// # Errors
    /// [`TrainError`] for no facet, for parameters out of range, for an unknown facet in `multi` or `prior`.
    pub fn new(options: TrainOptions, facets: &[String]) -> Result<Self, TrainError> {
        if facets.is_empty() && options.countries.unlabelled.is_none() {
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
        let estimator = match &options.method {
            Method::NaiveBayes(estimator) => *estimator,
            Method::NbSvm(params) => {
                params.check_ref()?;
                if options.prior != PriorChoice::Default {
                    return Err(TrainError::NbSvmPrior);
                }
                Estimator::Complement
            }
        };
        let is_linear = matches!(options.method, Method::NbSvm(_));
        let mut params = NaiveBayesParams::new(estimator).smoothing(options.smoothing).min_df(options.min_df);
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
            collected: match is_linear {
                true => Collected::Labels(Vec::new()),
                false => Collected::Sums(RowSums::default()),
            },
            labels: BTreeMap::new(),
        };
        // Without calibration nothing is held out that places could be weighed by.
        let with_countries = matches!(options.method, Method::NbSvm(params) if params.check_ref()?.calibrates());
        let with_countries = with_countries && options.countries.recognise;
        let atlas = match with_countries || options.features.places {
            true => Some(Arc::new(Atlas::new(options.countries.gazetteer.clone())?)),
            false => None,
        };
        let countries = atlas
            .as_ref()
            .filter(|_| with_countries)
            .map(|atlas| CountryRows::new(&options.countries, atlas, facets.len()));
        Ok(Trainer {
            atlas,
            countries,
            counter: match options.method {
                Method::NbSvm(params) => Counter::Rows(KeepingCounter::new(options.features, 0), params),
                Method::NaiveBayes(_) => Counter::Labels(LabelCounter::new(options.features, facets.len())),
            },
            tokenizer: Tokenizer::default(),
            facets: facets.iter().map(trainer).collect(),
            row_labels: RowLabels::new(if is_linear { 0 } else { facets.len() }),
            fingerprints: options.fingerprints.then(Fingerprints::default),
            options,
            params,
            rows: 0,
        })
    }

    /// Adds rows whose labels are in the order of the facets.
    ///
    /// # Errors
    /// When a count or the vocabulary passes 2³² − 1.
    pub fn add(&mut self, rows: &[Row]) -> Result<(), TrainError> {
        if let Some(fingerprints) = &mut self.fingerprints {
            let names: Vec<&str> = self.facets.iter().map(|facet| facet.name.as_str()).collect();
            fingerprints.add(rows, &names);
        }
        let (tokenizer, atlas, with_concepts) = (self.tokenizer, self.atlas.clone(), self.options.features.places);
        let mut places: Vec<RowPlaces<'_>> = match &atlas {
            Some(atlas) => {
                rows.par_iter().map(|row| RowPlaces::of(&row.text, tokenizer, atlas, with_concepts)).collect()
            }
            None => Vec::new(),
        };
        if let Some(countries) = &mut self.countries {
            countries.add(places.iter_mut().map(|places| std::mem::take(&mut places.candidates)));
        }
        let skip_empty = self.options.empty == EmptyCells::Unlabelled;
        // A row that no facet counts leaves no word behind; of countries, what nobody labelled says something too.
        let all_count = !skip_empty || self.countries.is_some();
        let mut concepts = places.into_iter().map(|places| places.concepts);
        let texts = rows.iter().map(|row| Text {
            text: &row.text,
            concepts: concepts.next().unwrap_or_default(),
            counts: all_count || row.labels.iter().any(|cell| !cell.is_empty()),
        });
        let texts: Vec<Text<'_>> = texts.collect();
        self.row_labels.clear();
        for (i, facet) in self.facets.iter_mut().enumerate() {
            for row in rows {
                let ids = facet.label_ids(row.labels.get(i).map_or(&[][..], Vec::as_slice));
                let counts = !(skip_empty && ids.is_empty());
                match &mut facet.collected {
                    Collected::Labels(of_rows) => of_rows.push(ids),
                    Collected::Sums(sums) => {
                        self.row_labels.push(i, &ids, counts);
                        if counts {
                            sums.add(&ids);
                        }
                    }
                }
            }
        }
        self.rows += rows.len() as u64;
        match &mut self.counter {
            Counter::Labels(counter) => counter.add(&texts, &self.row_labels)?,
            Counter::Rows(counter, _) => counter.add(&texts, &self.row_labels)?,
        }
        if let Some(countries) = &mut self.countries {
            self.facets.iter().enumerate().for_each(|(i, facet)| countries.check(i, facet.labels.keys()));
            if !countries.any() {
                self.countries = None;
                self.atlas = self.atlas.take().filter(|_| with_concepts);
            }
        }
        Ok(())
    }

    /// How many distinct features there are so far.
    pub fn n_features(&self) -> usize {
        match &self.counter {
            Counter::Labels(counter) => counter.n_features(),
            Counter::Rows(counter, _) => counter.n_features(),
        }
    }

    /// The model.
    ///
    /// # Errors
    /// [`TrainError`] without rows, for a facet without labels or with a single one, for priors that do not fit.
    pub fn finish(self) -> Result<(Tagger, TrainingSummary), TrainError> {
        let Trainer {
            options,
            params,
            tokenizer,
            counter,
            facets,
            atlas,
            countries,
            fingerprints,
            rows,
            row_labels: _,
        } = self;
        let empty_texts = match &counter {
            Counter::Labels(counter) => counter.empty_texts(),
            Counter::Rows(counter, _) => counter.empty_texts(),
        };
        if rows == 0 {
            return Err(TrainError::NoRows);
        }
        let numbered = facets.into_iter().enumerate();
        let (facets, unlabelled): (Vec<_>, Vec<_>) = numbered.partition(|(_, f)| !f.labels.is_empty());
        // The places that texts name can stand in for labels that nobody gave.
        let by_places = options.countries.unlabelled.clone().filter(|name| facets.iter().all(|(_, f)| f.name != *name));
        let mut left_out: Vec<String> = unlabelled.into_iter().map(|(_, f)| f.name).collect();
        left_out.retain(|name| Some(name) != by_places.as_ref());
        if let Some(facet) = left_out.first()
            && ((facets.is_empty() && by_places.is_none()) || !options.leave_out_unlabelled)
        {
            return Err(TrainError::NoLabels { facet: facet.clone(), rows });
        }
        let sorted = |(number, facet)| {
            let mut sorted = SortedFacet::new(number, facet, &options);
            sorted.is_countries = countries.as_ref().is_some_and(|c| c.is_possible(number, &sorted.labels));
            sorted
        };
        let facets: Vec<SortedFacet> = facets.into_iter().map(sorted).collect();
        let Fitted { facets, vocabulary, out_of_fold, countries: reports, by_places } = match counter {
            Counter::Rows(counter, nbsvm) => {
                let kept = counter.rows(rows <= linear_trainer::CHARACTER_ROWS)?;
                linear_trainer::fit(facets, by_places.as_deref(), kept, countries.as_ref(), nbsvm)?
            }
            Counter::Labels(counter) => {
                let (vocabulary, facets) = counted(counter, facets, &params, &options)?;
                let facets = facets.into_par_iter().map(|facet| facet.into_facet(vocabulary.blocks()));
                let facets = facets.collect::<Result<Vec<_>, _>>()?;
                Fitted { facets, vocabulary, out_of_fold: Vec::new(), countries: Vec::new(), by_places: None }
            }
        };
        let rare = |facet: &Facet| {
            let labels = facet.labels().iter().filter(|(id, _)| facet.rows().by_label[id.index()] == 1);
            (facet.name().to_owned(), labels.map(|(_, name)| name.to_owned()).collect())
        };
        let rare_labels = facets.iter().map(rare).collect();
        let summary =
            TrainingSummary { rows, empty_texts, left_out, rare_labels, out_of_fold, countries: reports, by_places };
        let extractor = FeatureExtractor::new(tokenizer, options.features, vocabulary);
        let asks = options.features.places || facets.iter().any(|facet| facet.as_countries().is_some());
        let tagger = Tagger::new(extractor, facets, options.card, atlas.filter(|_| asks));
        Ok((tagger.remembering(fingerprints.map(Fingerprints::sorted)), summary))
    }
}

impl Trainer {
    /// What was counted, to be merged with other counts, learnt or forgotten. Facets keep their place whether or not a row
    /// labels them.
    ///
    /// # Errors
    /// [`TrainError::NotAdditive`] for a linear model; too many features.
    pub fn finish_additive(self) -> Result<AdditiveModel, TrainError> {
        let Trainer { options, params, tokenizer, counter, facets, atlas, fingerprints, .. } = self;
        let Counter::Labels(counter) = counter else { return Err(TrainError::NotAdditive) };
        let facets = facets.into_iter().enumerate().map(|(number, facet)| SortedFacet::new(number, facet, &options));
        let (vocabulary, facets) = counted(counter, facets.collect(), &params, &options)?;
        Ok(AdditiveModel {
            tokenizer,
            features: options.features,
            vocabulary,
            facets,
            card: options.card,
            atlas: atlas.filter(|_| options.features.places),
            fingerprints: fingerprints.map(Fingerprints::sorted),
            is_part: false,
        })
    }
}

/// A facet whose labels are known and sorted.
pub(super) struct SortedFacet {
    pub name: String,
    pub labels: LabelSet,
    pub settings: FacetSettings,
    /// Whether its labels are countries.
    pub is_countries: bool,
    /// Which facet it is of those that the trainer was asked for.
    number: usize,
    /// Per label in order of appearance, its rank.
    ranks: Vec<u32>,
    collected: Collected,
}

impl SortedFacet {
    fn new(number: usize, facet: FacetTrainer, options: &TrainOptions) -> Self {
        let mut ranks = vec![0u32; facet.labels.len()];
        for (rank, &id) in (0..).zip(facet.labels.values()) {
            ranks[id as usize] = rank;
        }
        SortedFacet {
            settings: FacetSettings { multi_label: options.multi.contains(&facet.name), empty: options.empty },
            name: facet.name,
            labels: LabelSet::new(facet.labels.into_keys()),
            is_countries: false,
            number,
            ranks,
            collected: facet.collected,
        }
    }

    /// The labels of every row, in label order.
    pub fn labels_of_rows(&mut self) -> Vec<Vec<u32>> {
        let Collected::Labels(mut rows) = std::mem::replace(&mut self.collected, Collected::Labels(Vec::new())) else {
            return Vec::new();
        };
        for labels in &mut rows {
            labels.iter_mut().for_each(|label| *label = self.ranks[*label as usize]);
            labels.sort_unstable();
        }
        rows
    }

    /// What the counter is asked for: the facet's number, the ranks of its labels, and the sums over rows.
    fn counted(&self) -> (usize, &[u32], LabelCountsParts) {
        let mut parts = LabelCountsParts { label_rows: vec![0; self.ranks.len()], ..LabelCountsParts::default() };
        if let Collected::Sums(sums) = &self.collected {
            sums.by_label.iter().zip(&self.ranks).for_each(|(&rows, &rank)| parts.label_rows[rank as usize] = rows);
            (parts.labelled_rows, parts.empty_rows) = (sums.labelled, sums.empty);
        }
        (self.number, &self.ranks, parts)
    }

    /// See [`check_labels`].
    pub fn check_labels(&self, says_none: bool) -> Result<(), TrainError> {
        check_labels(&self.name, &self.labels, says_none)
    }
}

/// The vocabulary, and the counts of each facet.
fn counted(
    counter: LabelCounter,
    facets: Vec<SortedFacet>,
    params: &NaiveBayesParams,
    options: &TrainOptions,
) -> Result<(Vocabulary, Vec<FacetCounts>), TrainError> {
    let asked: Vec<_> = facets.iter().map(SortedFacet::counted).collect();
    let (vocabulary, counts) = counter.label_counts(&asked)?;
    let facet = |(facet, counts): (SortedFacet, LabelCounts)| {
        let SortedFacet { name, labels, settings, .. } = facet;
        let given = match &options.prior {
            PriorChoice::Given(priors) => priors.get(&name).cloned(),
            _ => None,
        };
        FacetCounts { name, labels, settings, params: params.clone(), given, counts }
    };
    Ok((vocabulary, facets.into_iter().zip(counts).map(facet).collect()))
}

impl From<CountError> for TrainError {
    fn from(error: CountError) -> Self {
        match error {
            CountError::Features(error) => error.into(),
            CountError::Bayes(error) => error.into(),
        }
    }
}
