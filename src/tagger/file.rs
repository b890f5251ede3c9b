//! A model as a file. The format is described in `docs/formats.md`.

use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

use crate::bayes::{Estimator, LabelCounts, LabelCountsParts, NaiveBayes, NaiveBayesParams, Prior, Smoothing};
use crate::corpus::LabelSet;
use crate::features::{FeatureExtractor, FeatureSettings, Tokenizer, Vocabulary, VocabularyParts};

use super::container::{Arrays, Opened};
use super::{EmptyCells, Facet, FacetSettings, ModelCard, ModelError, Tagger};

/// The format that this release writes. Every released format stays readable.
const FORMAT: u64 = 1;

/// The metadata. Canonical JSON: the fields stand in byte order of their names, here and below.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    blake3: String,
    card: String,
    facets: Vec<FacetMetadata>,
    features: FeatureSettings,
    format: u64,
    kind: Kind,
    tokenizer: Tokenizer,
}

/// What the arrays hold.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// All integer counts of naive Bayes.
    Additive,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FacetMetadata {
    empty: EmptyCells,
    estimator: Estimator,
    labels: Vec<String>,
    min_df: u32,
    multi_label: bool,
    name: String,
    prior: Option<Prior>,
    smoothing: Smoothing,
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
        put_vocabulary(&mut arrays, &self.extractor.vocabulary().to_parts());
        for (i, facet) in self.facets.iter().enumerate() {
            put_counts(&mut arrays, i, facet.model().counts().parts());
        }
        let metadata = Metadata {
            blake3: String::new(),
            card: self.card.text().to_owned(),
            facets: self.facets.iter().map(facet_metadata).collect(),
            features: self.extractor.settings(),
            format: FORMAT,
            kind: Kind::Additive,
            tokenizer: self.extractor.tokenizer(),
        };
        let json = serde_json::to_string(&metadata).map_err(|e| ModelError::Inconsistent(e.to_string()))?;
        arrays.to_file(&json)
    }

    /// Loads the bytes of a model file, checking everything before use.
    ///
    /// # Errors
    /// [`ModelError`] for anything that is not as `to_bytes` writes it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
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
        let names: Vec<&str> = metadata.facets.iter().map(|f| f.name.as_str()).collect();
        if names.iter().enumerate().any(|(i, name)| names[..i].contains(name)) {
            return Err(ModelError::Inconsistent("metadata: two facets of one name".into()));
        }
        let vocabulary = Vocabulary::from_parts(vocabulary_parts(&file)?)
            .map_err(|e| ModelError::Inconsistent(format!("vocabulary: {e}")))?;
        if vocabulary.max_order() != ngrams as usize {
            return Err(ModelError::Inconsistent("vocabulary: n-grams of another length than the settings say".into()));
        }
        let facets = metadata.facets.into_iter().enumerate();
        let facets = facets.map(|(i, facet)| load_facet(&file, i, facet, &vocabulary)).collect::<Result<_, _>>()?;
        let extractor = FeatureExtractor::new(metadata.tokenizer, metadata.features, vocabulary);
        Ok(Tagger::new(extractor, facets, ModelCard::new(metadata.card)))
    }
}

fn facet_metadata(facet: &Facet) -> FacetMetadata {
    let params = facet.model().params();
    FacetMetadata {
        empty: facet.settings().empty,
        estimator: params.estimator(),
        labels: facet.labels().names().to_vec(),
        min_df: params.min_df(),
        multi_label: facet.settings().multi_label,
        name: facet.name().to_owned(),
        prior: params.prior().cloned(),
        smoothing: params.smoothing(),
    }
}

fn put_vocabulary(arrays: &mut Arrays, parts: &VocabularyParts) {
    arrays.put_bytes("vocabulary.words", parts.words.as_bytes());
    arrays.put_u32("vocabulary.word_lengths", &lengths(&parts.word_ends));
    arrays.put_bytes("vocabulary.prefixes", parts.prefixes.as_bytes());
    arrays.put_u32("vocabulary.prefix_lengths", &lengths(&parts.prefix_ends));
    arrays.put_u32("vocabulary.order_sizes", &parts.order_sizes);
    arrays.put_u32("vocabulary.child_counts", &parts.child_counts);
    arrays.put_u32("vocabulary.last_words", &parts.last_words);
}

fn vocabulary_parts(file: &Opened<'_>) -> Result<VocabularyParts, ModelError> {
    Ok(VocabularyParts {
        words: file.text("vocabulary.words")?,
        word_ends: ends(file.integers_u32("vocabulary.word_lengths")?)?,
        prefixes: file.text("vocabulary.prefixes")?,
        prefix_ends: ends(file.integers_u32("vocabulary.prefix_lengths")?)?,
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

fn put_counts(arrays: &mut Arrays, facet: usize, parts: &LabelCountsParts) {
    arrays.put(format!("facet.{facet}.rows"), &[parts.labelled_rows, parts.empty_rows]);
    arrays.put(format!("facet.{facet}.label_rows"), &parts.label_rows);
    arrays.put_u32(format!("facet.{facet}.document_frequency"), &parts.document_frequency);
    arrays.put_u32(format!("facet.{facet}.cell_counts"), &parts.cell_counts);
    arrays.put_u32(format!("facet.{facet}.columns"), &parts.columns);
    arrays.put_u32(format!("facet.{facet}.counts"), &parts.counts);
}

fn load_facet(
    file: &Opened<'_>,
    index: usize,
    facet: FacetMetadata,
    vocabulary: &Vocabulary,
) -> Result<Facet, ModelError> {
    let broken = |e: &dyn std::fmt::Display| ModelError::Inconsistent(format!("facet {index}: {e}"));
    let [labelled_rows, empty_rows] = file.integers(&format!("facet.{index}.rows"))?[..] else {
        return Err(broken(&"its number of rows is missing"));
    };
    let parts = LabelCountsParts {
        labelled_rows,
        empty_rows,
        label_rows: file.integers(&format!("facet.{index}.label_rows"))?,
        document_frequency: file.integers_u32(&format!("facet.{index}.document_frequency"))?,
        cell_counts: file.integers_u32(&format!("facet.{index}.cell_counts"))?,
        columns: file.integers_u32(&format!("facet.{index}.columns"))?,
        counts: file.integers_u32(&format!("facet.{index}.counts"))?,
    };
    let counts = LabelCounts::from_parts(parts).map_err(|e| broken(&e))?;
    let labels = LabelSet::new(facet.labels.iter().cloned());
    if labels.names() != facet.labels || labels.len() != counts.n_labels() {
        return Err(broken(&"its labels are not sorted, or not as many as its counts"));
    }
    let mut params = NaiveBayesParams::new(facet.estimator)
        .smoothing(facet.smoothing)
        .min_df(facet.min_df)
        .multi_label(facet.multi_label || facet.empty == EmptyCells::None);
    if let Some(prior) = facet.prior {
        params = params.prior(prior);
    }
    let settings = FacetSettings { multi_label: facet.multi_label, empty: facet.empty };
    let params = params.check().map_err(|e| broken(&e))?;
    let empty_is_none = facet.empty != EmptyCells::Unlabelled;
    let model = NaiveBayes::from_counts(counts, params, vocabulary.blocks().clone(), empty_is_none);
    Ok(Facet::new(facet.name, labels, settings, model.map_err(|e| broken(&e))?))
}
