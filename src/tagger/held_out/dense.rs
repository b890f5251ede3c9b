//! linfa-bayes's dense estimators over texts.

use rayon::prelude::*;

use crate::bayes::DenseBaseline;
use crate::corpus::LabelSet;
use crate::features::{BagOfWords, FeatureExtractor, TokenBuffer};
use crate::tagger::TrainError;

use super::DenseOptions;

/// An extractor and a baseline per facet.
pub(super) struct DenseModel {
    extractor: FeatureExtractor,
    facets: Vec<(LabelSet, DenseBaseline)>,
}

/// What a baseline says of a text.
pub(super) struct DenseAnswer<'m> {
    pub predicted: Option<&'m str>,
    pub probabilities: Vec<(&'m str, f64)>,
}

impl DenseModel {
    /// Fits to texts and, per facet, the label of each.
    pub fn fit(texts: &[&str], labels: &[Vec<Option<&str>>], options: &DenseOptions) -> Result<Self, TrainError> {
        let (extractor, bag) = FeatureExtractor::fit(texts, options.features)?;
        let fit = |of_texts: &Vec<Option<&str>>| {
            let labels = LabelSet::new(of_texts.iter().flatten().copied());
            let mut labelled = BagOfWords::new(bag.blocks().clone());
            let mut numbers = Vec::new();
            for ((columns, counts), label) in bag.rows().zip(of_texts) {
                let Some(number) = label.and_then(|label| labels.id(label)) else { continue };
                labelled.push(columns.iter().copied().zip(counts.iter().copied()));
                numbers.push(number.0);
            }
            let model = DenseBaseline::fit(options.kind, &labelled, &numbers, labels.len(), options.top)?;
            Ok::<_, TrainError>((labels, model))
        };
        let facets = labels.iter().map(fit).collect::<Result<_, _>>()?;
        Ok(DenseModel { extractor, facets })
    }

    /// Per text and facet, the answer.
    pub fn answer_all<'m>(&'m self, texts: &[&str]) -> Vec<Vec<DenseAnswer<'m>>> {
        let answer = |buffer: &mut TokenBuffer, text: &&str| {
            let row = self.extractor.extract(text, buffer);
            let of_facet = |(labels, model): &'m (LabelSet, DenseBaseline)| {
                let probabilities = model.probabilities(row.iter().copied());
                let predicted = model.decide(row.iter().copied()).map(|k| labels.name(k.into()));
                let names = labels.names().iter().map(String::as_str);
                DenseAnswer { predicted, probabilities: names.zip(probabilities).collect() }
            };
            self.facets.iter().map(of_facet).collect()
        };
        texts.par_iter().map_init(TokenBuffer::default, answer).collect()
    }
}
