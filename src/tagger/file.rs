//! A model as a file. The format is described in `docs/formats.md`.

use std::collections::BTreeSet;
use std::sync::Arc;

use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

use crate::bayes::nbsvm::{Calibration, Design, NbSvm, NbSvmParts, Quantized};
use crate::bayes::{
    BayesError, Estimator, LabelCounts, LabelCountsParts, NaiveBayes, NaiveBayesParams, NaiveBayesValidParams, Prior,
    Smoothing,
};
use crate::corpus::LabelSet;
use crate::features::{FeatureExtractor, FeatureSettings, Tokenizer, Vocabulary, VocabularyParts};
use crate::places::focus::{RegionLabel, RegionParts, RegionStack};
use crate::places::{Atlas, Code};

pub(super) use super::container::Arrays;
use super::container::Opened;
use super::{
    Classifier, Countries, EmptyCells, Facet, FacetRows, FacetSettings, Fingerprints, ModelCard, ModelError, Tagger,
};

/// The format that this release writes. Every released format stays readable.
const FORMAT: u64 = 1;

/// The metadata. Canonical JSON: the fields stand in byte order of their names, here and below.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Metadata {
    blake3: String,
    pub card: String,
    pub facets: Vec<FacetMetadata>,
    pub features: FeatureSettings,
    format: u64,
    /// Name and text of the user's entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gazetteer: Option<(String, String)>,
    pub kind: Kind,
    pub tokenizer: Tokenizer,
}

impl Metadata {
    /// Of a file in the format that is written today.
    pub fn new(
        card: &str,
        facets: Vec<FacetMetadata>,
        features: FeatureSettings,
        gazetteer: Option<(String, String)>,
        kind: Kind,
        tokenizer: Tokenizer,
    ) -> Self {
        let (blake3, card, format) = (String::new(), card.to_owned(), FORMAT);
        Metadata { blake3, card, facets, features, format, gazetteer, kind, tokenizer }
    }
}

/// What can be done with the model.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// All integer counts of naive Bayes: rows can be added and taken away.
    Additive,
    /// Fitted weights: trained once.
    Frozen,
    /// Integer counts of some of the rows, to be merged.
    Part,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FacetMetadata {
    pub classifier: ClassifierMetadata,
    pub empty: EmptyCells,
    pub labels: Vec<String>,
    pub multi_label: bool,
    pub name: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ClassifierMetadata {
    Countries(CountriesMetadata),
    NaiveBayes(NaiveBayesMetadata),
    Nbsvm(NbSvmMetadata),
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NaiveBayesMetadata {
    pub estimator: Estimator,
    pub min_df: u32,
    pub prior: Option<Prior>,
    pub smoothing: Smoothing,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NbSvmMetadata {
    a: f64,
    at_least_one: bool,
    b: f64,
    lambda: f64,
    multi_label: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountriesMetadata {
    at_least_one: bool,
    /// Per label of the facet.
    codes: Vec<String>,
    focus_weights: Vec<f64>,
    home: Option<String>,
    mean: f64,
    multi_label: bool,
    rare: u32,
    sd: f64,
    stack_weights: Vec<f64>,
    texts: u32,
    threshold: f64,
    words: NbSvmMetadata,
    /// Per label of the words model, its code, its number of labelled texts, and of all that it has seen.
    words_labels: Vec<(String, u32, u32)>,
}

/// Only the format, to tell a newer file from a damaged one.
#[derive(Deserialize)]
struct FormatOnly {
    format: u64,
}

impl Tagger {
    /// The model as the bytes of a model file. The same model gives the same bytes.
    ///
    /// # Errors
    /// When the container cannot hold it.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let mut arrays = Arrays::default();
        put_vocabulary(&mut arrays, &self.extractor.vocabulary().to_parts(), self.extractor.settings().places);
        for (i, facet) in self.facets.iter().enumerate() {
            put_rows(&mut arrays, i, facet.rows());
            match facet.classifier() {
                Classifier::NaiveBayes(model) => put_counts(&mut arrays, i, model.counts().parts()),
                Classifier::NbSvm(model) => put_weights(&mut arrays, i, model.parts()),
                Classifier::Countries(model) => put_weights(&mut arrays, i, model.words().parts()),
            }
        }
        put_fingerprints(&mut arrays, self.fingerprints());
        let facets = self.facets.iter().map(facet_metadata).collect();
        let gazetteer = self.atlas().and_then(|atlas| atlas.added().cloned());
        let (features, tokenizer) = (self.extractor.settings(), self.extractor.tokenizer());
        write(&arrays, &Metadata::new(self.card.text(), facets, features, gazetteer, self.kind(), tokenizer))
    }

    fn kind(&self) -> Kind {
        let additive = self.facets.iter().all(|f| matches!(f.classifier(), Classifier::NaiveBayes(_)));
        if additive { Kind::Additive } else { Kind::Frozen }
    }

    /// Loads the bytes of a model file, checking everything before use.
    ///
    /// # Errors
    /// [`ModelError`] for anything that is not as `to_bytes` writes it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let (file, metadata) = open(bytes)?;
        if metadata.kind == Kind::Part {
            return Err(ModelError::Part);
        }
        // The gazetteer takes longer to read than a small model, so it is read where it is needed, and at the same time.
        let is_countries = |facet: &FacetMetadata| matches!(facet.classifier, ClassifierMetadata::Countries(_));
        let asks = metadata.features.places || metadata.facets.iter().any(is_countries);
        let (atlas, vocabulary) = rayon::join(
            || asks.then(|| Atlas::new(metadata.gazetteer.clone())).transpose(),
            || load_vocabulary(&file, &metadata),
        );
        let vocabulary = vocabulary?;
        check_room(&metadata.facets, u64::from(vocabulary.n_features()), bytes.len() as u64)?;
        let kind = metadata.kind;
        let atlas =
            atlas.map_err(|e| ModelError::Inconsistent(format!("its own gazetteer entries: {e}")))?.map(Arc::new);
        let facets = metadata.facets.into_iter().enumerate();
        let load = |(i, facet)| load_facet(&file, i, facet, &vocabulary, atlas.as_ref());
        let facets = facets.map(load).collect::<Result<Vec<_>, _>>()?;
        let extractor = FeatureExtractor::new(metadata.tokenizer, metadata.features, vocabulary);
        let rows = facets.iter().map(|facet| facet.rows().labelled.saturating_add(facet.rows().empty));
        let fingerprints = load_fingerprints(&file, rows.max().unwrap_or(0))?;
        let tagger = Tagger::new(extractor, facets, ModelCard::new(metadata.card), atlas).remembering(fingerprints);
        if tagger.kind() != kind {
            return Err(ModelError::Inconsistent("metadata: the kind does not fit the classifiers".into()));
        }
        Ok(tagger)
    }
}

/// The file's arrays, and its metadata as far as these can be checked alone.
pub(super) fn open(bytes: &[u8]) -> Result<(Opened<'_>, Metadata), ModelError> {
    let file = Opened::new(bytes)?;
    let broken = |e: serde_json::Error| ModelError::Inconsistent(format!("metadata: {e}"));
    let FormatOnly { format } = serde_json::from_str(&file.metadata).map_err(broken)?;
    if format == 0 {
        return Err(ModelError::Inconsistent("metadata: format 0".into()));
    }
    if format > FORMAT {
        return Err(ModelError::Newer { found: format, known: FORMAT });
    }
    let metadata: Metadata = serde_json::from_str(&file.metadata).map_err(broken)?;
    if metadata.tokenizer.version != Tokenizer::VERSION {
        return Err(ModelError::NewerTokenizer { found: metadata.tokenizer.version, known: Tokenizer::VERSION });
    }
    let ngrams = metadata.features.ngrams;
    if !(1..=FeatureSettings::MAX_NGRAMS).contains(&ngrams) || metadata.facets.is_empty() {
        return Err(ModelError::Inconsistent("metadata: settings out of range".into()));
    }
    // A set: a header has room for a million facets.
    let names: BTreeSet<&str> = metadata.facets.iter().map(|f| f.name.as_str()).collect();
    if names.len() != metadata.facets.len() {
        return Err(ModelError::Inconsistent("metadata: two facets of one name".into()));
    }
    Ok((file, metadata))
}

/// The bytes of a file.
pub(super) fn write(arrays: &Arrays, metadata: &Metadata) -> Result<Vec<u8>, ModelError> {
    let json = serde_json::to_string(metadata).map_err(|e| ModelError::Inconsistent(e.to_string()))?;
    arrays.to_file(&json)
}

pub(super) fn load_vocabulary(file: &Opened<'_>, metadata: &Metadata) -> Result<Vocabulary, ModelError> {
    let parts = vocabulary_parts(file, metadata.features.places)?;
    let vocabulary = Vocabulary::from_parts(parts).map_err(|e| ModelError::Inconsistent(format!("vocabulary: {e}")))?;
    if vocabulary.max_order() != metadata.features.ngrams as usize {
        return Err(ModelError::Inconsistent("vocabulary: n-grams of another length than the settings say".into()));
    }
    Ok(vocabulary)
}

/// A linear classifier has four bytes for each feature of the vocabulary, whether it takes part or not: the only memory that
/// files can ask for without a byte of their own for it, a facet at a time. Models of a hundred facets stay far below.
fn check_room(facets: &[FacetMetadata], n_features: u64, file: u64) -> Result<(), ModelError> {
    const FREE: u64 = 256 << 20;
    const TIMES: u64 = 16;
    let is_linear = |facet: &&FacetMetadata| !matches!(facet.classifier, ClassifierMetadata::NaiveBayes(_));
    let n_linear = facets.iter().filter(is_linear).count() as u64;
    let room = n_linear.saturating_mul(4 * n_features);
    if room > FREE.saturating_add(TIMES.saturating_mul(file)) {
        let what = format!("{n_linear} facets over {n_features} features take {room} bytes, far more than the file");
        return Err(ModelError::Inconsistent(what));
    }
    Ok(())
}

fn facet_metadata(facet: &Facet) -> FacetMetadata {
    let classifier = match facet.classifier() {
        Classifier::NaiveBayes(model) => ClassifierMetadata::NaiveBayes(naive_bayes_metadata(model.params())),
        Classifier::NbSvm(model) => ClassifierMetadata::Nbsvm(nbsvm_metadata(model)),
        Classifier::Countries(model) => ClassifierMetadata::Countries(countries_metadata(model)),
    };
    FacetMetadata {
        classifier,
        empty: facet.settings().empty,
        labels: facet.labels().names().to_vec(),
        multi_label: facet.settings().multi_label,
        name: facet.name().to_owned(),
    }
}

pub(super) fn naive_bayes_metadata(params: &NaiveBayesValidParams) -> NaiveBayesMetadata {
    NaiveBayesMetadata {
        estimator: params.estimator(),
        min_df: params.min_df(),
        prior: params.prior().cloned(),
        smoothing: params.smoothing(),
    }
}

/// All parameters but whether the facet is multi-label.
pub(super) fn naive_bayes_params(metadata: NaiveBayesMetadata) -> NaiveBayesParams {
    let params = NaiveBayesParams::new(metadata.estimator).smoothing(metadata.smoothing).min_df(metadata.min_df);
    metadata.prior.into_iter().fold(params, NaiveBayesParams::prior)
}

fn nbsvm_metadata(model: &NbSvm) -> NbSvmMetadata {
    let NbSvmParts { calibration: Calibration { a, b, lambda }, at_least_one, multi_label, .. } = *model.parts();
    NbSvmMetadata { a, at_least_one, b, lambda, multi_label }
}

fn countries_metadata(model: &Countries) -> CountriesMetadata {
    let parts = model.stack().parts();
    CountriesMetadata {
        at_least_one: parts.at_least_one,
        codes: model.codes().iter().map(ToString::to_string).collect(),
        focus_weights: parts.focus_weights.clone(),
        home: parts.home.map(|code| code.to_string()),
        mean: parts.mean,
        multi_label: model.is_multi_label(),
        rare: parts.rare,
        sd: parts.sd,
        stack_weights: parts.stack_weights.clone(),
        texts: parts.texts,
        threshold: parts.threshold,
        words: nbsvm_metadata(model.words()),
        words_labels: parts.labels.iter().map(|label| (label.code.to_string(), label.texts, label.seen)).collect(),
    }
}

pub(super) fn put_vocabulary(arrays: &mut Arrays, parts: &VocabularyParts, places: bool) {
    arrays.put_bytes("vocabulary.words", parts.words.as_bytes());
    arrays.put_u32("vocabulary.word_lengths", &lengths(&parts.word_ends));
    arrays.put_bytes("vocabulary.prefixes", parts.prefixes.as_bytes());
    arrays.put_u32("vocabulary.prefix_lengths", &lengths(&parts.prefix_ends));
    arrays.put_bytes("vocabulary.characters", parts.characters.as_bytes());
    arrays.put_u32("vocabulary.character_lengths", &lengths(&parts.character_ends));
    if places {
        arrays.put_bytes("vocabulary.concepts", parts.concepts.as_bytes());
        arrays.put_u32("vocabulary.concept_lengths", &lengths(&parts.concept_ends));
    }
    arrays.put_u32("vocabulary.order_sizes", &parts.order_sizes);
    arrays.put_u32("vocabulary.child_counts", &parts.child_counts);
    arrays.put_u32("vocabulary.last_words", &parts.last_words);
}

fn vocabulary_parts(file: &Opened<'_>, places: bool) -> Result<VocabularyParts, ModelError> {
    let (concepts, concept_lengths) = match places {
        true => (file.text("vocabulary.concepts")?, file.integers_u32("vocabulary.concept_lengths")?),
        false => Default::default(),
    };
    Ok(VocabularyParts {
        words: file.text("vocabulary.words")?,
        word_ends: ends(file.integers_u32("vocabulary.word_lengths")?)?,
        prefixes: file.text("vocabulary.prefixes")?,
        prefix_ends: ends(file.integers_u32("vocabulary.prefix_lengths")?)?,
        characters: file.text("vocabulary.characters")?,
        character_ends: ends(file.integers_u32("vocabulary.character_lengths")?)?,
        concepts,
        concept_ends: ends(concept_lengths)?,
        order_sizes: file.integers_u32("vocabulary.order_sizes")?,
        child_counts: file.integers_u32("vocabulary.child_counts")?,
        last_words: file.integers_u32("vocabulary.last_words")?,
    })
}

/// Ends to lengths: small numbers, and so narrow arrays.
fn lengths(ends: &[u32]) -> Vec<u32> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    ends.iter().zip(starts).map(|(end, start)| end - start).collect()
}

fn ends(lengths: Vec<u32>) -> Result<Vec<u32>, ModelError> {
    let mut end = 0u32;
    let add = |length: u32| {
        end = end.checked_add(length)?;
        Some(end)
    };
    let ends: Option<Vec<u32>> = lengths.into_iter().map(add).collect();
    ends.ok_or_else(|| ModelError::Inconsistent("vocabulary: strings are longer than 4 GB".into()))
}

pub(super) fn put_rows(arrays: &mut Arrays, facet: usize, rows: &FacetRows) {
    arrays.put(format!("facet.{facet}.rows"), &[rows.labelled, rows.empty]);
    arrays.put(format!("facet.{facet}.label_rows"), &rows.by_label);
}

pub(super) fn put_counts(arrays: &mut Arrays, facet: usize, parts: &LabelCountsParts) {
    arrays.put_u32(format!("facet.{facet}.document_frequency"), &parts.document_frequency);
    arrays.put_u32(format!("facet.{facet}.cell_counts"), &parts.cell_counts);
    arrays.put_u32(format!("facet.{facet}.columns"), &parts.columns);
    arrays.put_u32(format!("facet.{facet}.counts"), &parts.counts);
}

fn put_weights(arrays: &mut Arrays, facet: usize, parts: &NbSvmParts) {
    // Columns ascend; the steps from one to the next are small numbers.
    arrays.put_u32(format!("facet.{facet}.feature_steps"), &lengths(parts.design.columns()));
    arrays.put_f32(format!("facet.{facet}.idf"), parts.design.idf());
    arrays.put_f32(format!("facet.{facet}.bias"), &parts.bias);
    arrays.put_i8(format!("facet.{facet}.weights"), &parts.weights.values);
    arrays.put_f32(format!("facet.{facet}.weight_scales"), &parts.weights.scales);
    arrays.put_f32(format!("facet.{facet}.companion_prior"), &parts.companion_prior);
    arrays.put_i8(format!("facet.{facet}.companion"), &parts.companion.values);
    arrays.put_f32(format!("facet.{facet}.companion_scales"), &parts.companion.scales);
    arrays.put_f32(format!("facet.{facet}.cuts"), &parts.cuts);
    arrays.put_f32(format!("facet.{facet}.confidence"), &parts.confidence);
}

/// Without them there are no arrays, as in files from before there were any.
pub(super) fn put_fingerprints(arrays: &mut Arrays, fingerprints: Option<&Fingerprints>) {
    if let Some(fingerprints) = fingerprints {
        arrays.put("fingerprints.exact", &fingerprints.rows);
        arrays.put("fingerprints.text", &fingerprints.texts);
        arrays.put("fingerprints.sketch", &fingerprints.sketch_halves());
    }
}

/// At least as many as the rows that a facet counts.
pub(super) fn load_fingerprints(file: &Opened<'_>, rows: u64) -> Result<Option<Fingerprints>, ModelError> {
    if !file.has("fingerprints.exact") && !file.has("fingerprints.text") && !file.has("fingerprints.sketch") {
        return Ok(None);
    }
    let integers = |name: &str| file.integers(&format!("fingerprints.{name}"));
    let fingerprints = Fingerprints::from_parts(integers("exact")?, integers("text")?, &integers("sketch")?)?;
    // Rows that say nothing about a facet may be left out of its counts, so there can be more fingerprints.
    if rows > fingerprints.n_rows() as u64 {
        return Err(ModelError::Inconsistent("fingerprints: fewer than training rows".into()));
    }
    Ok(Some(fingerprints))
}

/// The labels of a facet, and how many rows it has of each.
pub(super) fn load_rows(
    file: &Opened<'_>,
    index: usize,
    facet: &FacetMetadata,
) -> Result<(LabelSet, FacetRows), ModelError> {
    let broken = |what: &str| ModelError::Inconsistent(format!("facet {index}: {what}"));
    let [labelled, empty] = file.integers(&format!("facet.{index}.rows"))?[..] else {
        return Err(broken("its number of rows is missing"));
    };
    let by_label = file.integers(&format!("facet.{index}.label_rows"))?;
    let labels = LabelSet::new(facet.labels.iter().cloned());
    if labels.names() != facet.labels || labels.len() != by_label.len() {
        return Err(broken("its labels are not sorted, or not as many as its counts"));
    }
    Ok((labels, FacetRows { by_label, labelled, empty }))
}

fn load_facet(
    file: &Opened<'_>,
    index: usize,
    facet: FacetMetadata,
    vocabulary: &Vocabulary,
    atlas: Option<&Arc<Atlas>>,
) -> Result<Facet, ModelError> {
    let broken = |e: &dyn std::fmt::Display| ModelError::Inconsistent(format!("facet {index}: {e}"));
    let (labels, rows) = load_rows(file, index, &facet)?;
    let settings = FacetSettings { multi_label: facet.multi_label, empty: facet.empty };
    let classifier = match facet.classifier {
        ClassifierMetadata::NaiveBayes(metadata) => {
            let params =
                naive_bayes_params(metadata).multi_label(settings.multi_label || settings.empty == EmptyCells::None);
            let empty_is_none = settings.empty != EmptyCells::Unlabelled;
            let model = load_counts(file, index, &rows)?.and_then(|counts| {
                NaiveBayes::from_counts(counts, params.check()?, vocabulary.blocks().clone(), empty_is_none)
            });
            Classifier::NaiveBayes(Box::new(model.map_err(|e| broken(&e))?))
        }
        ClassifierMetadata::Nbsvm(metadata) => {
            let model = NbSvm::from_parts(load_weights(file, index, &metadata, vocabulary)?).map_err(|e| broken(&e))?;
            if model.n_labels() != labels.len() {
                return Err(broken(&"weights and labels differ in number"));
            }
            Classifier::NbSvm(Box::new(model))
        }
        ClassifierMetadata::Countries(metadata) => {
            let words = load_weights(file, index, &metadata.words, vocabulary)?;
            let words = NbSvm::from_parts(words).map_err(|e| broken(&e))?;
            let (codes, multi_label) = (codes(&metadata.codes)?, metadata.multi_label);
            let stack = RegionStack::from_parts(region_parts(metadata)?).map_err(|e| broken(&e))?;
            let atlas = atlas.ok_or_else(|| broken(&"it has no gazetteer"))?.clone();
            let model = (codes.len() == labels.len())
                .then(|| Countries::new(words, stack, codes, multi_label, atlas))
                .flatten()
                .ok_or_else(|| broken(&"countries and labels do not fit together"))?;
            Classifier::Countries(Box::new(model))
        }
    };
    Ok(Facet::new(facet.name, labels, settings, rows, classifier))
}

fn codes<'c>(codes: impl IntoIterator<Item = &'c String>) -> Result<Vec<Code>, ModelError> {
    let parse = |code: &String| {
        Code::parse(code)
            .ok_or_else(|| ModelError::Inconsistent(format!("\"{}\" is no country code", code.escape_debug())))
    };
    codes.into_iter().map(parse).collect()
}

fn region_parts(metadata: CountriesMetadata) -> Result<RegionParts, ModelError> {
    let label_codes = codes(metadata.words_labels.iter().map(|(code, _, _)| code))?;
    let labels = label_codes.into_iter().zip(&metadata.words_labels);
    Ok(RegionParts {
        labels: labels.map(|(code, &(_, texts, seen))| RegionLabel { code, texts, seen }).collect(),
        texts: metadata.texts,
        rare: metadata.rare,
        home: codes(metadata.home.as_ref())?.pop(),
        focus_weights: metadata.focus_weights,
        stack_weights: metadata.stack_weights,
        mean: metadata.mean,
        sd: metadata.sd,
        threshold: metadata.threshold,
        at_least_one: metadata.at_least_one,
    })
}

pub(super) fn load_counts(
    file: &Opened<'_>,
    index: usize,
    rows: &FacetRows,
) -> Result<Result<LabelCounts, BayesError>, ModelError> {
    Ok(LabelCounts::from_parts(LabelCountsParts {
        labelled_rows: rows.labelled,
        empty_rows: rows.empty,
        label_rows: rows.by_label.clone(),
        document_frequency: file.integers_u32(&format!("facet.{index}.document_frequency"))?,
        cell_counts: file.integers_u32(&format!("facet.{index}.cell_counts"))?,
        columns: file.integers_u32(&format!("facet.{index}.columns"))?,
        counts: file.integers_u32(&format!("facet.{index}.counts"))?,
    }))
}

fn load_weights(
    file: &Opened<'_>,
    index: usize,
    metadata: &NbSvmMetadata,
    vocabulary: &Vocabulary,
) -> Result<NbSvmParts, ModelError> {
    let floats = |name: &str| file.floats(&format!("facet.{index}.{name}"));
    let bytes = |name: &str| file.bytes(&format!("facet.{index}.{name}"));
    let columns = ends(file.integers_u32(&format!("facet.{index}.feature_steps"))?)?;
    let idf = floats("idf")?;
    let ascending = columns.windows(2).all(|w| w[0] < w[1]);
    if !ascending || columns.last().is_some_and(|&c| c >= vocabulary.n_features()) || columns.len() != idf.len() {
        return Err(ModelError::Inconsistent(format!("facet {index}: its features do not fit the vocabulary")));
    }
    Ok(NbSvmParts {
        multi_label: metadata.multi_label,
        design: Design::new(vocabulary.blocks(), columns, idf),
        bias: floats("bias")?,
        weights: Quantized { scales: floats("weight_scales")?, values: bytes("weights")? },
        companion_prior: floats("companion_prior")?,
        companion: Quantized { scales: floats("companion_scales")?, values: bytes("companion")? },
        calibration: Calibration { a: metadata.a, b: metadata.b, lambda: metadata.lambda },
        cuts: floats("cuts")?,
        at_least_one: metadata.at_least_one,
        confidence: floats("confidence")?,
    })
}
