//! Naive Bayes against scikit-learn's, from the fixtures that `scripts/bayes_fixtures.py` wrote.
//!
//! The script's head says what each file holds. Everything agrees to 1e-9, and predictions agree exactly.

#![allow(clippy::unwrap_used)] // the helpers, too: a fixture that cannot be read is a failed test

use std::path::Path;

use approx::assert_abs_diff_eq;
use linfa::prelude::*;
use ndarray::{Array1, Array2};
use serde::Deserialize;
use wiredesk::bayes::{NaiveBayes, NaiveBayesParams, Prior};
use wiredesk::corpus::LabelId;
use wiredesk::features::{BagOfWords, FeatureExtractor, FeatureSettings};

const TOLERANCE: f64 = 1e-9;

/// A file of single- or multi-label data; `T` is a row's targets, `C` what scikit-learn says with one set of parameters.
#[derive(Deserialize)]
struct Fixture<T, C> {
    min_df: u32,
    train: Vec<Vec<u32>>,
    targets: Vec<T>,
    test: Vec<Vec<u32>>,
    columns: Vec<usize>,
    multinomial: Vec<C>,
    complement: Vec<C>,
}

#[derive(Deserialize)]
struct SingleLabel {
    alpha: f64,
    prior: Option<PriorName>,
    feature_log_prob: Option<Vec<Vec<f64>>>,
    log_prior: Option<Vec<f64>>,
    joint_log_likelihood: Vec<Vec<f64>>,
    predictions: Vec<u32>,
}

#[derive(Deserialize)]
struct MultiLabel {
    alpha: f64,
    prior: Option<PriorName>,
    scores: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Text {
    texts: Vec<String>,
    names: Vec<String>,
    counts: Vec<std::collections::BTreeMap<String, u32>>,
}

/// `"empirical"`, `"uniform"` or the values themselves.
#[derive(Deserialize)]
#[serde(untagged)]
enum PriorName {
    Named(String),
    Given(Vec<f64>),
}

impl PriorName {
    fn prior(&self) -> Prior {
        match self {
            PriorName::Named(name) if name == "empirical" => Prior::Empirical,
            PriorName::Named(name) if name == "uniform" => Prior::Uniform,
            PriorName::Named(name) => panic!("no prior is called {name}"),
            PriorName::Given(values) => Prior::Given(values.clone()),
        }
    }
}

/// The fixtures whose name begins so, with their names; exactly as many as there were when this was written.
fn fixtures<F: for<'de> Deserialize<'de>>(kind: &str, how_many: usize) -> Vec<(String, F)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/bayes");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with(kind));
    paths.sort();
    assert_eq!(paths.len(), how_many, "{paths:?}");
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())).collect()
}

/// A matrix from its rows.
fn matrix<T: Clone>(rows: &[Vec<T>]) -> Array2<T> {
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap()
}

fn with_prior(params: NaiveBayesParams, prior: Option<&PriorName>) -> NaiveBayesParams {
    match prior {
        Some(name) => params.prior(name.prior()),
        None => params,
    }
}

fn assert_close(ours: &Array2<f64>, theirs: &[Vec<f64>], place: &str) {
    let theirs = matrix(theirs);
    assert_eq!(ours.dim(), theirs.dim(), "{place}");
    for ((row, column), &value) in ours.indexed_iter() {
        let expected = theirs[[row, column]];
        assert!((value - expected).abs() <= TOLERANCE, "{place}: [{row}, {column}] is {value}, expected {expected}");
    }
}

fn assert_single_label(
    fixture: &Fixture<u32, SingleLabel>,
    expected: &SingleLabel,
    params: NaiveBayesParams,
    place: &str,
) {
    let params = with_prior(params.alpha(expected.alpha).min_df(fixture.min_df), expected.prior.as_ref());
    let targets: Array1<LabelId> = fixture.targets.iter().map(|&label| LabelId(label)).collect();
    let data = DatasetBase::new(BagOfWords::from_dense(&matrix(&fixture.train)), targets);
    let model = params.fit(&data).unwrap();
    let test = BagOfWords::from_dense(&matrix(&fixture.test));
    assert_close(&model.joint_log_likelihood(&test), &expected.joint_log_likelihood, place);
    let predictions: Array1<LabelId> = model.predict(&test);
    assert_eq!(predictions.mapv(|label| label.0).to_vec(), expected.predictions, "{place}");
    if let Some(log_prior) = &expected.log_prior {
        assert_abs_diff_eq!(model.log_prior(), log_prior.as_slice(), epsilon = TOLERANCE);
    }
    if let Some(theirs) = &expected.feature_log_prob {
        let weights: Vec<Vec<f64>> = (0..theirs.len()).map(|label| model.feature_weights(label)).collect();
        let of_columns = |all: &Vec<f64>| fixture.columns.iter().map(|&column| all[column]).collect();
        let ours: Vec<Vec<f64>> = weights.iter().map(of_columns).collect();
        assert_close(&matrix(&ours), theirs, place);
        for (column, weight) in weights.iter().flat_map(|all| all.iter().enumerate()) {
            assert!(fixture.columns.contains(&column) || *weight == 0.0, "{place}: column {column} takes part");
        }
    }
}

#[test]
fn the_multinomial_estimator_scores_as_scikit_learn_does() {
    for (name, fixture) in fixtures::<Fixture<u32, SingleLabel>>("single", 8) {
        for (i, expected) in fixture.multinomial.iter().enumerate() {
            assert_single_label(&fixture, expected, NaiveBayes::multinomial(), &format!("{name}, multinomial {i}"));
        }
    }
}

#[test]
fn the_complement_estimator_scores_as_scikit_learn_does() {
    for (name, fixture) in fixtures::<Fixture<u32, SingleLabel>>("single", 8) {
        for (i, expected) in fixture.complement.iter().enumerate() {
            assert_single_label(&fixture, expected, NaiveBayes::complement(), &format!("{name}, complement {i}"));
        }
    }
}

fn assert_multi_label(
    fixture: &Fixture<Vec<u8>, MultiLabel>,
    expected: &MultiLabel,
    params: NaiveBayesParams,
    place: &str,
) {
    let params = with_prior(params.alpha(expected.alpha), expected.prior.as_ref());
    let targets = matrix(&fixture.targets).mapv(|target| target == 1);
    let data = DatasetBase::new(BagOfWords::from_dense(&matrix(&fixture.train)), targets);
    let model = params.fit(&data).unwrap();
    let test = BagOfWords::from_dense(&matrix(&fixture.test));
    let score = |row: (&[u32], &[u32])| model.score(row.0.iter().copied().zip(row.1.iter().copied())).values;
    let scores: Vec<Vec<f64>> = test.rows().map(score).collect();
    assert_close(&matrix(&scores), &expected.scores, place);
    let n_labels = model.counts().n_labels();
    let of_labels: Vec<Vec<f64>> = expected.scores.iter().map(|row| row[..n_labels].to_vec()).collect();
    assert_close(&model.joint_log_likelihood(&test), &of_labels, place);
}

#[test]
fn multi_label_multinomial_scores_are_one_against_the_rest_differences_of_scikit_learns() {
    for (name, fixture) in fixtures::<Fixture<Vec<u8>, MultiLabel>>("multi", 2) {
        for (i, expected) in fixture.multinomial.iter().enumerate() {
            assert_multi_label(&fixture, expected, NaiveBayes::multinomial(), &format!("{name}, multinomial {i}"));
        }
    }
}

#[test]
fn multi_label_complement_scores_compare_all_rows_with_scikit_learns_complement() {
    for (name, fixture) in fixtures::<Fixture<Vec<u8>, MultiLabel>>("multi", 2) {
        for (i, expected) in fixture.complement.iter().enumerate() {
            assert_multi_label(&fixture, expected, NaiveBayes::complement(), &format!("{name}, complement {i}"));
        }
    }
}

#[test]
fn words_and_pairs_are_counted_as_scikit_learn_counts_them() {
    for (_, fixture) in fixtures::<Text>("text", 1) {
        let settings = FeatureSettings { ngrams: 2, prefixes: false, places: false };
        let (extractor, bag) = FeatureExtractor::fit(&fixture.texts, settings).unwrap();
        let name = |column: &u32| extractor.vocabulary().name(*column);
        let mut names: Vec<String> = (0..extractor.vocabulary().n_features()).map(|column| name(&column)).collect();
        // Theirs are in one order, ours block by block.
        names.sort_unstable();
        assert_eq!(names, fixture.names);
        assert_eq!(bag.n_rows(), fixture.counts.len());
        for ((columns, counts), expected) in bag.rows().zip(&fixture.counts) {
            let ours = columns.iter().map(name).zip(counts.iter().copied()).collect();
            assert_eq!(expected, &ours);
        }
    }
}
