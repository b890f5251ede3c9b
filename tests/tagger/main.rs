//! What a trained model does, from the outside: rows in, tags out, files that strangers may have touched.

#![allow(clippy::unwrap_used)] // the helpers, too

use std::collections::BTreeMap;

use proptest::prelude::*;
use wiredesk::bayes::{Estimator, Smoothing};
use wiredesk::corpus::{Place, Row};
use wiredesk::features::{FeatureSettings, Vocabulary, VocabularyParts};
use wiredesk::tagger::{
    EmptyCells, Method, ModelCard, ModelError, PriorChoice, TagOptions, Tagger, TrainError, TrainOptions, Trainer,
    TrainingSummary, rollup,
};

/// A row of a text and one cell per facet; `|` separates labels, as in a CSV file.
fn row(text: &str, cells: &[&str]) -> Row {
    let labels = |cell: &&str| cell.split('|').filter(|label| !label.is_empty()).map(str::to_owned).collect();
    let place = Place { source: "rows".into(), row: 1, line: 1 };
    Row { text: text.to_owned(), labels: cells.iter().map(labels).collect(), id: None, columns: Vec::new(), place }
}

fn try_train(options: TrainOptions, facets: &[&str], rows: &[Row]) -> Result<(Tagger, TrainingSummary), TrainError> {
    let facets: Vec<String> = facets.iter().map(|&facet| facet.to_owned()).collect();
    let mut trainer = Trainer::new(options, &facets)?;
    trainer.add(rows)?;
    trainer.finish()
}

fn train(options: TrainOptions, facets: &[&str], rows: &[Row]) -> Tagger {
    try_train(options, facets, rows).unwrap().0
}

fn error(options: TrainOptions, facets: &[&str], rows: &[Row]) -> TrainError {
    try_train(options, facets, rows).unwrap_err()
}

/// One topic and any number of regions, some rows without.
fn news() -> Vec<Row> {
    vec![
        row("The bank raised interest rates as inflation grew", &["economy", "europe"]),
        row("Inflation fell and the bank cut rates", &["economy", "asia"]),
        row("Shares in the bank rose on interest hopes in Tokyo", &["economy", "asia"]),
        row("The striker scored twice in the final in Berlin", &["sport", "europe"]),
        row("The team from Tokyo beat Berlin in the final", &["sport", "asia|europe"]),
        row("A late goal won the match for the team", &["sport", ""]),
        row("Heavy rain and wind are expected tonight", &["weather", ""]),
        row("Snow and strong wind will turn to rain", &["weather", ""]),
    ]
}

fn news_model() -> Tagger {
    train(TrainOptions::naive_bayes(Estimator::Complement), &["topic", "region"], &news())
}

fn labels<'m>(model: &'m Tagger, facet: &str, text: &str) -> Vec<&'m str> {
    labels_with(model, facet, text, TagOptions::default())
}

fn labels_with<'m>(model: &'m Tagger, facet: &str, text: &str, options: TagOptions) -> Vec<&'m str> {
    model.tag_with(text, &options).facet(facet).iter().map(|tag| tag.label).collect()
}

/// Every estimator and smoothing, single- and multi-label.
fn all_kinds() -> Vec<TrainOptions> {
    let mut kinds = Vec::new();
    for (estimator, smoothing) in [
        (Estimator::Complement, Smoothing::Lidstone(0.3)),
        (Estimator::Multinomial, Smoothing::Lidstone(0.3)),
        (Estimator::Multinomial, Smoothing::JelinekMercer(0.5)),
    ] {
        for multi in [vec![], vec!["topic".to_owned()]] {
            kinds.push(TrainOptions {
                method: Method::NaiveBayes(estimator),
                smoothing,
                multi,
                ..TrainOptions::naive_bayes(Estimator::Complement)
            });
        }
    }
    for multi in [vec![], vec!["topic".to_owned()]] {
        kinds.push(TrainOptions { multi, ..TrainOptions::default() });
    }
    kinds
}

mod tagging;

mod articles;
mod context;
mod countries;

mod explaining;

mod training;

mod files;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_probabilities_between_zero_and_one(
        text in prop_oneof![any::<String>(), "(the|bank|rain|Tokyo|中国|หนัง|goal|é|[ ,.]){0,40}"],
        threshold in prop::option::of(0.0..=1.0f64),
        top in prop::option::of(1..5usize),
    ) {
        for options in all_kinds() {
            let model = train(options, &["topic", "region"], &news());
            let analysis = model.analyze(&text);
            for facet in &analysis.facets {
                prop_assert!(facet.length.is_finite() && facet.length >= 0.0);
                prop_assert!(facet.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{:?}", facet);
                prop_assert!(facet.decided.is_sorted() && facet.decided.iter().all(|&k| k < facet.probabilities.len()));
            }
            let tags = model.tag_with(&text, &TagOptions { threshold, top, ..TagOptions::default() });
            for facet in &tags.facets {
                prop_assert!(facet.tags.len() <= top.unwrap_or(usize::MAX));
                prop_assert!(facet.tags.is_sorted_by(|a, b| a.probability >= b.probability));
                prop_assert!(facet.tags.iter().all(|tag| tag.probability >= threshold.unwrap_or(0.0)));
            }
            for (_, start, end) in model.extractor().features_with_places(&text, &[]) {
                prop_assert!(start < end && text.is_char_boundary(start) && text.is_char_boundary(end));
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_no_model_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Tagger::from_bytes(&bytes).is_err());
    }
}
