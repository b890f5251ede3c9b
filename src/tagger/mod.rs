//! **4 TAG**: one extractor, one classifier per facet; text in, tags out.
//!
//! [`Trainer`] reads rows and makes a [`Tagger`]; a tagger is saved as one file ([`model file`](Tagger::to_bytes)) and
//! loaded from it. [`Tagger::tag`] gives the plain answer, [`Tagger::analyze`] all the evidence, [`Tagger::explain`] the
//! words behind it, [`rollup`] the tags of an article from those of its paragraphs; [`held_out`] tags rows by models that
//! have not seen them. [`AdditiveModel`] learns and forgets rows, and merges models, as if it had been trained anew.

mod additive;
mod analysis;
mod areas;
mod card;
mod container;
mod context;
mod countries;
mod country_trainer;
mod error;
mod evaluation;
mod explain;
mod explanation_view;
mod facet;
mod file;
mod fingerprints;
pub mod held_out;
mod leak_guard;
mod linear_trainer;
mod reading;
mod rollup;
mod spelling;
mod tag;
mod trainer;
mod unlabelled_trainer;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::atomic_file::AtomicFile;
use crate::features::{Concept, FeatureExtractor, Token, TokenBuffer};
use crate::places::Atlas;

pub use additive::{AdditiveError, AdditiveModel, FacetCounts, Remembered};
pub use analysis::{Analysis, FacetAnalysis};
pub use areas::AreaLevel;
pub use card::ModelCard;
pub use context::Context;
pub use countries::Countries;
pub use country_trainer::CountryOptions;
pub use error::{ModelError, TrainError};
pub use evaluation::{EvaluationOptions, EvaluationWarning, ModelEvaluation, UnknownFacet};
pub use explain::{Contribution, Explanation, WordWeight};
pub use explanation_view::ExplanationView;
pub use facet::{Classifier, EmptyCells, Facet, FacetRows, FacetSettings};
pub use fingerprints::Fingerprints;
pub use leak_guard::{Leak, LeakCounts, LeakGuard, Leaks};
pub use rollup::{ArticleTag, ArticleTags, Rollup, rollup};
pub use tag::{FacetTags, Tag, TagOptions, Tags};
pub use trainer::{Method, PriorChoice, TrainOptions, Trainer, TrainingSummary};

/// A trained model: from text to tags. Plain data, shared freely between threads.
#[derive(Clone, Debug)]
pub struct Tagger {
    extractor: FeatureExtractor,
    facets: Vec<Facet>,
    card: ModelCard,
    /// What looks places up, where a facet or a feature asks for them.
    atlas: Option<Arc<Atlas>>,
    fingerprints: Option<Fingerprints>,
}

/// The model that ships inside the library.
static EMBEDDED: &[u8] = include_bytes!("../../models/news.safetensors");

impl Tagger {
    pub(crate) fn new(
        extractor: FeatureExtractor,
        facets: Vec<Facet>,
        card: ModelCard,
        atlas: Option<Arc<Atlas>>,
    ) -> Self {
        Tagger { extractor, facets, card, atlas, fingerprints: None }
    }

    /// The same model with what it remembers of its training rows.
    pub(crate) fn remembering(self, fingerprints: Option<Fingerprints>) -> Self {
        Tagger { fingerprints, ..self }
    }

    /// The embedded news model: 17 IPTC topics and the UN's sub-regions, English. See `models/news.md`.
    ///
    /// # Errors
    /// Never for a library built from the released sources.
    pub fn embedded() -> Result<Self, ModelError> {
        Self::from_bytes(EMBEDDED)
    }

    /// Loads a model file, checking everything in it before use.
    ///
    /// # Errors
    /// [`ModelError`] for a file that cannot be read, is no model, was cut short or altered, or is of a newer format.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        Self::from_bytes(&reading::read(path.as_ref())?)
    }

    /// Saves the model: to `PATH.partial` first, synced, then renamed.
    ///
    /// # Errors
    /// When the place cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ModelError> {
        let mut file = AtomicFile::create(path.as_ref()).map_err(ModelError::Write)?;
        let bytes = self.to_bytes()?;
        std::io::Write::write_all(&mut file, &bytes).and_then(|()| file.commit()).map_err(ModelError::Write)
    }

    /// Tags a text. An empty text, or one without a single known word, gets no tag.
    pub fn tag(&self, text: &str) -> Tags<'_> {
        self.tag_with(text, &TagOptions::default())
    }

    /// Tags a text with a threshold or a number of tags of the caller's choice.
    pub fn tag_with(&self, text: &str, options: &TagOptions) -> Tags<'_> {
        self.tags_of(&self.analyze(text), options)
    }

    /// What the model makes of a text: every label's probability.
    pub fn analyze(&self, text: &str) -> Analysis {
        self.analyze_with(text, &mut TokenBuffer::default())
    }

    /// The same with memory that is used again.
    pub fn analyze_with(&self, text: &str, buffer: &mut TokenBuffer) -> Analysis {
        let Some(atlas) = &self.atlas else {
            let row = self.extractor.extract(text, buffer);
            return Analysis { facets: self.facets.iter().map(|facet| facet.analyze(row, None)).collect() };
        };
        // The matcher reads the words that the classifiers read.
        let tokens: Vec<Token<'_>> = self.extractor.tokenizer().tokens(text).collect();
        let mentions = atlas.mentions(text, &tokens);
        let candidates = atlas.candidates(text, &mentions);
        let concepts = if self.extractor.settings().places { atlas.concepts(&mentions) } else { Vec::new() };
        let row = self.extractor.extract_tokens(tokens.iter().copied(), &concepts, buffer);
        Analysis { facets: self.facets.iter().map(|facet| facet.analyze(row, Some(&candidates))).collect() }
    }

    /// Analyses of many texts, in their order, on all threads.
    pub fn analyze_all<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Vec<Analysis> {
        texts
            .par_iter()
            .map_init(TokenBuffer::default, |buffer, text| self.analyze_with(text.as_ref(), buffer))
            .collect()
    }

    /// The tags that follow from an analysis.
    pub fn tags_of(&self, analysis: &Analysis, options: &TagOptions) -> Tags<'_> {
        let facets = self.facets.iter().zip(&analysis.facets);
        Tags { facets: facets.map(|(facet, analysis)| tag::decide(facet, analysis, options)).collect() }
    }

    /// The facets, in the order in which they are shown.
    pub fn facets(&self) -> &[Facet] {
        &self.facets
    }

    /// The facet of this name.
    pub fn facet(&self, name: &str) -> Option<&Facet> {
        self.facets.iter().find(|f| f.name() == name)
    }

    /// What looks places up, where the labels of a facet are countries or the areas of places are features.
    pub fn atlas(&self) -> Option<&Arc<Atlas>> {
        self.atlas.as_ref()
    }

    /// The features of one text in the order of the text, as (column, first byte, one past the last).
    pub fn features_with_places(&self, text: &str) -> Vec<(u32, usize, usize)> {
        let Some(atlas) = self.atlas.as_ref().filter(|_| self.extractor.settings().places) else {
            return self.extractor.features_with_places(text, &[]);
        };
        let tokens: Vec<Token<'_>> = self.extractor.tokenizer().tokens(text).collect();
        let concepts: Vec<Concept<'_>> = atlas.concepts(&atlas.mentions(text, &tokens));
        self.extractor.features_with_places(text, &concepts)
    }

    /// The extractor.
    pub fn extractor(&self) -> &FeatureExtractor {
        &self.extractor
    }

    /// What the maker of the model says about it.
    pub fn card(&self) -> &ModelCard {
        &self.card
    }

    /// What the model remembers of its training rows; `None` where it was trained without, or before there were any.
    pub fn fingerprints(&self) -> Option<&Fingerprints> {
        self.fingerprints.as_ref()
    }

    /// The size of the embedded model in bytes.
    pub fn embedded_size() -> usize {
        EMBEDDED.len()
    }

    /// The bytes of the embedded model, as the file that `train` wrote.
    pub fn embedded_bytes() -> Cow<'static, [u8]> {
        Cow::Borrowed(EMBEDDED)
    }
}
