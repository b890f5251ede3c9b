//! What a model knows, for programs: the shape of `inspect --format json`.

use serde_json::{Value, json};

use crate::bayes::{Estimator, InformativeFeature, Smoothing};
use crate::features::{BlockKind, Vocabulary};
use crate::tagger::{Classifier, Facet, Tagger};

/// A model as JSON: blocks of features, facets with the given labels (by position) and their `top` features, card.
pub fn model_json(tagger: &Tagger, name: &str, bytes: u64, facets: &[(&Facet, Vec<usize>)], top: usize) -> Value {
    let vocabulary = tagger.extractor().vocabulary();
    let blocks: Vec<Value> = vocabulary
        .blocks()
        .iter()
        .map(|b| json!({"kind": block_name(b.kind), "features": b.columns.end - b.columns.start, "weight": b.weight}))
        .collect();
    let facets: Vec<Value> = facets
        .iter()
        .map(|(facet, labels)| {
            let labels: Vec<Value> = labels
                .iter()
                .map(|&label| {
                    let features: Vec<Value> =
                        TopFeature::of(facet, label, top).iter().map(|f| f.json(vocabulary)).collect();
                    let rows = facet.rows().by_label[label];
                    json!({"label": facet.labels().name(label.into()), "rows": rows, "features": features})
                })
                .collect();
            json!({
                "facet": facet.name(),
                "multi_label": facet.is_multi_label(),
                "labelled_rows": facet.rows().labelled,
                "empty_rows": facet.rows().empty,
                "model": describe(facet),
                "labels": labels,
            })
        })
        .collect();
    let card = tagger.card().text();
    let fingerprints = tagger
        .fingerprints()
        .map(|f| json!({"rows": f.n_rows(), "texts": f.n_texts(), "sketches": f.n_sketches(), "bytes": f.n_bytes()}));
    json!({
        "model": name,
        "bytes": bytes,
        "blocks": blocks,
        "facets": facets,
        "fingerprints": fingerprints,
        "card": card,
    })
}

/// How a facet's labels are told apart, in words.
pub(crate) fn describe(facet: &Facet) -> String {
    let model = match facet.classifier() {
        Classifier::NbSvm(model) if model.parts().confidence.is_empty() => return "nbsvm, not calibrated".to_owned(),
        Classifier::NbSvm(_) => return "nbsvm".to_owned(),
        Classifier::Countries(_) => return "countries: places and words (nbsvm)".to_owned(),
        Classifier::NaiveBayes(model) => model,
    };
    let estimator = match model.params().estimator() {
        Estimator::Complement => "complement naive Bayes",
        Estimator::Multinomial => "multinomial naive Bayes",
    };
    match model.params().smoothing() {
        Smoothing::Lidstone(alpha) => format!("{estimator}, alpha {alpha}"),
        Smoothing::JelinekMercer(share) => format!("{estimator}, Jelinek-Mercer {share}"),
    }
}

/// A feature that speaks for a label, and how strongly: how many times likelier it is there (naive Bayes), or its
/// weight (nbsvm).
pub(crate) enum TopFeature {
    Ratio(InformativeFeature),
    Weight(u32, f32),
}

impl TopFeature {
    pub(crate) fn of(facet: &Facet, label: usize, top: usize) -> Vec<Self> {
        match facet.classifier() {
            Classifier::NaiveBayes(model) => {
                model.informative_features(label, top).into_iter().map(TopFeature::Ratio).collect()
            }
            Classifier::NbSvm(model) => {
                model.largest_weights(label, top).into_iter().map(|(f, w)| TopFeature::Weight(f, w)).collect()
            }
            Classifier::Countries(model) => {
                model.largest_weights(label, top).into_iter().map(|(f, w)| TopFeature::Weight(f, w)).collect()
            }
        }
    }

    #[cfg(feature = "cli")]
    pub(crate) fn text(&self, vocabulary: &Vocabulary) -> String {
        match self {
            TopFeature::Ratio(f) => format!("{} ×{:.0}", vocabulary.name(f.feature), f.ratio),
            TopFeature::Weight(feature, weight) => format!("{} +{weight:.2}", vocabulary.name(*feature)),
        }
    }

    fn json(&self, vocabulary: &Vocabulary) -> Value {
        match self {
            TopFeature::Ratio(f) => {
                json!({"feature": vocabulary.name(f.feature), "count": f.count, "ratio": f.ratio})
            }
            TopFeature::Weight(feature, weight) => json!({"feature": vocabulary.name(*feature), "weight": weight}),
        }
    }
}

pub(crate) fn block_name(kind: BlockKind) -> String {
    match kind {
        BlockKind::Any => "features".to_owned(),
        BlockKind::Ngrams(1) => "words".to_owned(),
        BlockKind::Ngrams(2) => "word pairs".to_owned(),
        BlockKind::Ngrams(n) => format!("sequences of {n} words"),
        BlockKind::Prefixes => "prefixes".to_owned(),
        BlockKind::Characters => "sequences of letters".to_owned(),
        BlockKind::Concepts => "areas of places".to_owned(),
    }
}
