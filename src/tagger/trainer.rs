//! From rows to a model, one pass, in chunks.
//!
//! Texts are cut into words on all threads; then one thread gives columns to features in the order of the rows, and
//! each facet adds to its counts on a thread of its own. Memory is the vocabulary, the counts and a chunk of rows.
//! Columns and labels are put in sorted order at the end, so neither the order of rows nor the threads show.

use std::collections::BTreeMap;
use std::sync::Arc;

use linfa::ParamGuard;
use rayon::prelude::*;

use crate::bayes::nbsvm::{NbSvmParams, OutOfFold};
use crate::bayes::{CountsBuilder, Estimator, NaiveBayes, NaiveBayesParams, Prior, Smoothing};
use crate::corpus::{LabelSet, Row};
use crate::features::{
    Blocks, Concept, FeatureExtractor, FeatureSettings, Token, Tokenizer, VocabularyBuilder, count_columns,
};
use crate::places::Atlas;
use crate::places::focus::{Candidates, RegionReport};

use super::country_trainer::{CountryOptions, CountryRows};
use super::linear_trainer::{self, Fitted, KeptRows};
use super::words::Words;
use super::{EmptyCells, Facet, FacetSettings, Fingerprints, ModelCard, Tagger, TrainError};

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
    vocabulary: VocabularyBuilder,
    facets: Vec<FacetTrainer>,
    /// The rows themselves, for a linear model.
    kept: Option<KeptRows>,
    /// What looks places up, where a facet or a feature may ask for them.
    atlas: Option<Arc<Atlas>>,
    /// The places that the rows name, as long as a facet may be one of countries.
    countries: Option<CountryRows>,
    fingerprints: Option<Fingerprints>,
    rows: u64,
    empty_texts: u64,
}

/// The counts of one facet, labels numbered as they appear.
#[derive(Debug)]
struct FacetTrainer {
    name: String,
    collected: Collected,
    labels: BTreeMap<String, u32>,
}

/// What a facet remembers of the rows.
#[derive(Debug)]
enum Collected {
    /// Sums are all that naive Bayes needs.
    Counts(CountsBuilder),
    /// The labels of every row.
    Labels(Vec<Vec<u32>>),
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

/// A row as it is read: words, and the places that it names where these are looked up.
struct ReadRow<'a> {
    words: Words,
    concepts: Vec<Concept<'a>>,
    candidates: Candidates,
}

impl<'a> ReadRow<'a> {
    fn of(text: &str, tokenizer: Tokenizer, atlas: Option<&'a Atlas>, with_concepts: bool) -> Self {
        let tokens: Vec<Token<'_>> = tokenizer.tokens(text).collect();
        let words = Words::of(tokens.iter().copied());
        let Some(atlas) = atlas else {
            return ReadRow { words, concepts: Vec::new(), candidates: Candidates::default() };
        };
        let mentions = atlas.mentions(text, &tokens);
        let concepts = if with_concepts { atlas.concepts(&mentions) } else { Vec::new() };
        ReadRow { words, concepts, candidates: atlas.candidates(text, &mentions) }
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
            collected: if is_linear {
                Collected::Labels(Vec::new())
            } else {
                Collected::Counts(CountsBuilder::default())
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
            vocabulary: VocabularyBuilder::new(options.features.ngrams as usize, options.features.prefixes),
            tokenizer: Tokenizer::default(),
            facets: facets.iter().map(trainer).collect(),
            kept: is_linear.then(KeptRows::default),
            fingerprints: options.fingerprints.then(Fingerprints::default),
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
        if let Some(fingerprints) = &mut self.fingerprints {
            let names: Vec<&str> = self.facets.iter().map(|facet| facet.name.as_str()).collect();
            fingerprints.add(rows, &names);
        }
        let (tokenizer, atlas, with_concepts) = (self.tokenizer, self.atlas.clone(), self.options.features.places);
        let read = |row: &Row| ReadRow::of(&row.text, tokenizer, atlas.as_deref(), with_concepts);
        let mut texts: Vec<ReadRow<'_>> = rows.par_iter().map(read).collect();
        if self.kept.is_some() {
            // What was found before too many rows came is left out at the end.
            self.vocabulary.set_characters(self.rows as usize + rows.len() <= linear_trainer::CHARACTER_ROWS);
        }
        let mut features = Vec::with_capacity(rows.len());
        let mut columns = Vec::new();
        for (row, text) in rows.iter().zip(&texts) {
            self.rows += 1;
            self.empty_texts += u64::from(text.words.is_empty());
            let mut counted = Vec::new();
            // A row that no facet counts leaves no word behind; of countries, what nobody labelled says something too.
            let counts = self.options.empty != EmptyCells::Unlabelled || self.countries.is_some();
            if counts || row.labels.iter().any(|cell| !cell.is_empty()) {
                columns.clear();
                self.vocabulary.begin_row();
                for (word, spaceless) in text.words.iter() {
                    self.vocabulary.add_word(word, spaceless, &mut columns)?;
                }
                for concept in &text.concepts {
                    self.vocabulary.add_concept(concept.name, &mut columns)?;
                }
                count_columns(&mut columns, &mut counted);
            }
            features.push(counted);
        }
        if let Some(kept) = &mut self.kept {
            let keys: Vec<[u8; 16]> = texts.par_iter().map(|text| text.words.key()).collect();
            features.iter().zip(keys).for_each(|(row, key)| kept.push(row, key));
        }
        if let Some(countries) = &mut self.countries {
            countries.add(texts.iter_mut().map(|text| std::mem::take(&mut text.candidates)));
        }
        let skip_empty = self.options.empty == EmptyCells::Unlabelled;
        self.facets.par_iter_mut().enumerate().try_for_each(|(i, facet)| {
            for (row, features) in rows.iter().zip(&features) {
                let labels = row.labels.get(i).map_or(&[][..], Vec::as_slice);
                let ids = facet.label_ids(labels);
                match &mut facet.collected {
                    Collected::Labels(of_rows) => of_rows.push(ids),
                    Collected::Counts(_) if skip_empty && ids.is_empty() => {}
                    Collected::Counts(counts) => counts.add(features, &ids)?,
                }
            }
            Ok::<(), TrainError>(())
        })?;
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
        self.vocabulary.n_features()
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
            vocabulary,
            facets,
            kept,
            atlas,
            countries,
            fingerprints,
            rows,
            empty_texts,
        } = self;
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
            let mut sorted = SortedFacet::new(facet, &options);
            sorted.is_countries = countries.as_ref().is_some_and(|c| c.is_possible(number, &sorted.labels));
            sorted
        };
        let facets: Vec<SortedFacet> = facets.into_iter().map(sorted).collect();
        let (vocabulary, columns) = vocabulary.finish();
        let Fitted { facets, vocabulary, out_of_fold, countries: reports, by_places } = match (options.method, kept) {
            (Method::NbSvm(nbsvm), Some(kept)) => {
                let by_places = by_places.as_deref();
                linear_trainer::fit(facets, by_places, kept, countries.as_ref(), &vocabulary, &columns, nbsvm)?
            }
            _ => {
                let build = |facet| naive_bayes(facet, &columns, vocabulary.blocks(), &params, &options);
                let facets: Vec<Facet> = facets.into_par_iter().map(build).collect::<Result<_, _>>()?;
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

/// A facet whose labels are known and sorted.
pub(super) struct SortedFacet {
    pub name: String,
    pub labels: LabelSet,
    pub settings: FacetSettings,
    /// Whether its labels are countries.
    pub is_countries: bool,
    /// Per label in order of appearance, its rank.
    ranks: Vec<u32>,
    collected: Collected,
}

impl SortedFacet {
    fn new(facet: FacetTrainer, options: &TrainOptions) -> Self {
        let mut ranks = vec![0u32; facet.labels.len()];
        for (rank, &id) in (0..).zip(facet.labels.values()) {
            ranks[id as usize] = rank;
        }
        SortedFacet {
            settings: FacetSettings { multi_label: options.multi.contains(&facet.name), empty: options.empty },
            name: facet.name,
            labels: LabelSet::new(facet.labels.into_keys()),
            is_countries: false,
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

    /// A facet with one label has nothing to tell apart, unless rows can have none.
    pub fn check_labels(&self, says_none: bool) -> Result<(), TrainError> {
        if self.labels.len() == 1 && !says_none {
            return Err(TrainError::OneLabel { facet: self.name.clone(), label: self.labels.names()[0].clone() });
        }
        Ok(())
    }
}

fn naive_bayes(
    mut facet: SortedFacet,
    columns: &[u32],
    blocks: &Blocks,
    params: &NaiveBayesParams,
    options: &TrainOptions,
) -> Result<Facet, TrainError> {
    let settings = facet.settings;
    let counts = match std::mem::replace(&mut facet.collected, Collected::Labels(Vec::new())) {
        Collected::Counts(counts) => counts,
        Collected::Labels(_) => CountsBuilder::default(),
    };
    let counts = counts.finish(columns, &facet.ranks)?;
    let params = params.clone().multi_label(settings.multi_label || settings.empty == EmptyCells::None);
    let params = match &options.prior {
        PriorChoice::Given(priors) => match priors.get(&facet.name) {
            Some(given) => params.prior(Prior::Given(in_label_order(&facet.name, &facet.labels, given)?)),
            None => params.prior(Prior::Empirical),
        },
        _ => params,
    };
    let empty_is_none = settings.empty != EmptyCells::Unlabelled;
    let model = NaiveBayes::from_counts(counts, params.check()?, blocks.clone(), empty_is_none)?;
    facet.check_labels(model.is_multi_label() && model.counts().empty_rows() > 0)?;
    Ok(Facet::naive_bayes(facet.name, facet.labels, settings, model))
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
