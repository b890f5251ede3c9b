//! NB-SVM on rows that nobody would choose to train on: it trains, or says in a sentence why not.

#![allow(clippy::unwrap_used)] // the helpers, too: a fit that fails is a failed test

use linfa::ParamGuard;
use ndarray::Array2;
use wiredesk::bayes::BayesError;
use wiredesk::bayes::nbsvm::{Design, NbSvm, NbSvmParams, NbSvmParts, OutOfFold, Problem};
use wiredesk::features::{BagOfWords, Blocks, FeatureExtractor, FeatureSettings};

fn fit(bag: &BagOfWords, labels: &[Vec<u32>], n_labels: usize, multi_label: bool) -> (NbSvm, Option<OutOfFold>) {
    let problem = Problem::new(bag, labels, n_labels, multi_label, None, |_| true).unwrap();
    NbSvmParams::default().check().unwrap().fit_problem(&problem).unwrap()
}

fn dense<const N: usize>(rows: &[&[u32; N]]) -> BagOfWords {
    BagOfWords::from_dense(&Array2::from_shape_fn((rows.len(), N), |(row, column)| rows[row][column]))
}

/// Whatever a text holds, every probability is one, and in a single-label model they sum to one.
#[track_caller]
fn assert_sound(model: &NbSvm, bag: &BagOfWords) {
    let last = bag.blocks().n_features().saturating_sub(1);
    let odd = [vec![], vec![(0, 1)], vec![(last, u32::MAX)], vec![(0, u32::MAX), (last.max(1), u32::MAX)]];
    let seen =
        (0..bag.n_rows().min(50)).map(|d| bag.row(d).0.iter().copied().zip(bag.row(d).1.iter().copied()).collect());
    for row in seen.chain(odd) {
        let scores = model.score(row.iter().copied());
        let p = model.probabilities(&model.evidence(&scores));
        assert!(p.iter().all(|p| p.is_finite() && (0.0..=1.0).contains(p)), "{row:?}: {p:?}");
        let sum: f64 = p.iter().sum();
        assert!(model.is_multi_label() || (sum - 1.0).abs() < 1e-9, "{row:?} sums to {sum}");
        let decided = model.decide(&model.evidence(&scores));
        assert!(decided.iter().all(|&k| k < model.n_labels()), "{row:?}: {decided:?}");
        assert!(model.is_multi_label() || decided.len() == 1, "{row:?}: {decided:?}");
    }
    for percent in 0..=100 {
        let threshold = model.threshold_for_coverage(f64::from(percent) / 100.0);
        assert!(threshold.is_none_or(|t| (0.0..=1.0).contains(&t)), "{threshold:?}");
    }
}

fn single(labels: &[u32]) -> Vec<Vec<u32>> {
    labels.iter().map(|&label| vec![label]).collect()
}

#[test]
fn one_label_is_always_the_answer() {
    let bag = dense(&[&[1, 0], &[0, 1], &[2, 1], &[1, 1], &[0, 2], &[1, 0], &[3, 3]]);
    let (model, report) = fit(&bag, &single(&[0; 7]), 1, false);
    assert_sound(&model, &bag);
    assert!(report.is_some_and(|r| r.accuracy == 1.0));
    let (model, _) = fit(&bag, &[vec![], vec![0], vec![], vec![0], vec![], vec![0], vec![0]], 1, true);
    assert_sound(&model, &bag);
    let (model, _) = fit(&bag, &single(&[0; 7]), 1, true);
    assert_sound(&model, &bag);
}

#[test]
fn labels_of_one_row_or_none_and_no_labels_at_all_train() {
    let bag = dense(&[&[1, 0, 0], &[1, 0, 0], &[2, 1, 0], &[0, 1, 0], &[0, 2, 0], &[0, 1, 1], &[0, 0, 3]]);
    let (model, _) = fit(&bag, &single(&[0, 0, 0, 1, 1, 1, 2]), 5, false);
    assert_sound(&model, &bag);
    let (model, _) = fit(&bag, &single(&[0, 1, 2, 3, 4, 5, 6]), 7, false);
    assert_sound(&model, &bag);
    let one_row_each: Vec<Vec<u32>> = vec![vec![0, 1], vec![], vec![2], vec![], vec![], vec![3], vec![4]];
    let (model, _) = fit(&bag, &one_row_each, 6, true);
    assert_sound(&model, &bag);
    let (model, _) = fit(&bag, &vec![vec![]; 7], 3, true);
    assert_sound(&model, &bag);
    assert!(model.decide(&model.evidence(&model.score([(0, 1)].into_iter()))).is_empty());
}

#[test]
fn equal_rows_with_different_labels_are_told_apart_by_how_often_they_have_them() {
    let bag = dense(&[&[1, 2]; 9]);
    let (model, _) = fit(&bag, &single(&[0, 1, 1, 0, 1, 1, 1, 1, 1]), 2, false);
    assert_sound(&model, &bag);
    let p = model.probabilities(&model.evidence(&model.score([(0, 1), (1, 2)].into_iter())));
    assert!(p[1] > p[0], "{p:?}");
    let (model, _) = fit(&bag, &single(&[0, 1, 2, 0, 1, 2, 0, 1, 2]), 3, false);
    assert_sound(&model, &bag);
}

#[test]
fn rows_without_features_and_only_such_rows_train() {
    let labels = single(&[0, 1, 1, 0, 1, 1, 1, 0]);
    let some = dense(&[&[0, 0], &[0, 0], &[1, 0], &[0, 1], &[0, 0], &[1, 1], &[0, 0], &[0, 0]]);
    let none = dense(&[&[0, 0]; 8]);
    let (_, texts) = FeatureExtractor::fit(&[""; 8], FeatureSettings::default()).unwrap();
    for bag in [some, none, texts] {
        for multi_label in [false, true] {
            let (model, _) = fit(&bag, &labels, 2, multi_label);
            let p = model.probabilities(&model.evidence(&model.score([].into_iter())));
            assert!(p.iter().all(|p| (0.0..=1.0).contains(p)), "{p:?}");
            if bag.blocks().n_features() > 0 {
                assert_sound(&model, &bag);
            }
        }
    }
}

#[test]
fn two_rows_train_and_one_row_and_six_rows_in_twenty_folds() {
    let two = dense(&[&[1, 0], &[0, 1]]);
    let (model, report) = fit(&two, &single(&[0, 1]), 2, false);
    assert_sound(&model, &two);
    assert_eq!((report, model.threshold_for_coverage(0.9)), (None, None));
    for (column, label) in [(0, 0), (1, 1)] {
        assert_eq!(model.decide(&model.evidence(&model.score([(column, 1)].into_iter()))), [label]);
    }
    let one = dense(&[&[1, 0]]);
    let (model, _) = fit(&one, &single(&[1]), 2, false);
    assert_sound(&model, &one);
    let six = dense(&[&[1, 0], &[0, 1], &[1, 1], &[2, 0], &[0, 2], &[0, 1]]);
    let labels = single(&[0, 1, 0, 0, 1, 1]);
    let problem = Problem::new(&six, &labels, 2, false, None, |_| true).unwrap();
    let params = NbSvmParams::default().folds(20).max_features(1).check().unwrap();
    assert_sound(&params.fit_problem(&problem).unwrap().0, &six);
}

#[test]
fn labels_and_rows_that_do_not_fit_are_refused_in_a_sentence() {
    let bag = dense(&[&[1, 0], &[0, 1]]);
    let problem = |labels: &[Vec<u32>], n_labels, multi_label| {
        Problem::new(&bag, labels, n_labels, multi_label, None, |_| true).map(|_| ()).unwrap_err()
    };
    assert_eq!(problem(&single(&[0]), 2, false), BayesError::Targets { rows: 2, targets: 1 });
    assert_eq!(problem(&single(&[0, 2]), 2, false), BayesError::RowLabels { row: 1, labels: 2 });
    assert_eq!(problem(&[vec![0], vec![]], 2, false), BayesError::RowLabels { row: 1, labels: 2 });
    assert_eq!(problem(&[vec![0, 1], vec![0]], 2, false), BayesError::RowLabels { row: 0, labels: 2 });
    assert_eq!(problem(&[vec![0], vec![1, 1]], 2, true), BayesError::RowLabels { row: 1, labels: 2 });
    assert_eq!(problem(&[vec![1, 0], vec![1]], 2, true), BayesError::RowLabels { row: 0, labels: 2 });
    assert_eq!(problem(&[vec![], vec![]], 0, true), BayesError::NoRows);
    let too_many = problem(&single(&[0, 1]), 200_000_000, false);
    assert!(matches!(too_many, BayesError::TooManyScores { rows: 2, labels: 200_000_000, .. }));
    assert!(too_many.to_string().contains("--estimator complement"), "{too_many}");
    let nobody = Problem::new(&bag, &single(&[0, 1]), 2, false, None, |_| false).map(|_| ()).unwrap_err();
    assert_eq!(nobody, BayesError::NoRows);
}

#[test]
fn stored_numbers_that_would_make_a_score_of_no_number_are_refused() {
    let bag = dense(&[&[1, 0], &[0, 1], &[1, 1]]);
    let (model, _) = fit(&bag, &single(&[0, 1, 1]), 2, false);
    let refused = |change: &dyn Fn(&mut NbSvmParts)| {
        let mut parts = model.parts().clone();
        change(&mut parts);
        matches!(NbSvm::from_parts(parts), Err(BayesError::Inconsistent(_)))
    };
    assert!(!refused(&|_| {}));
    for idf in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e-45] {
        let columns = model.parts().design.columns();
        assert!(
            refused(&|p| p.design = Design::new(bag.blocks(), columns.to_vec(), vec![idf; columns.len()])),
            "{idf}"
        );
    }
    for number in [f32::NAN, f32::NEG_INFINITY, 3e38] {
        assert!(refused(&|p| p.bias[1] = number));
        assert!(refused(&|p| p.weights.scales[0] = number));
        assert!(refused(&|p| p.companion.scales[0] = number));
        assert!(refused(&|p| p.calibration.a = f64::from(number)));
    }
}

#[test]
fn one_row_against_a_hundred_thousand_trains() {
    let n = 100_001;
    let mut bag = BagOfWords::new(Blocks::single(100));
    for d in 0..n {
        bag.push([(d % 99, 1), (99, 1 + u32::from(d == n / 2))]);
    }
    let labels: Vec<Vec<u32>> = (0..n).map(|d| vec![u32::from(d == n / 2)]).collect();
    for multi_label in [false, true] {
        let (model, report) = fit(&bag, &labels, 2, multi_label);
        assert_sound(&model, &bag);
        assert!(report.unwrap().accuracy > 0.999);
    }
}

#[test]
fn texts_of_one_word_and_of_ten_megabytes_train_together() {
    let long = "the bank raised its rates again ".repeat(10 << 15);
    let distinct: String = (0..200_000).map(|i| format!("w{i} ")).collect();
    assert!(long.len() >= 10_000_000);
    let mut texts = vec![long.as_str(), distinct.as_str()];
    texts.extend(["goal", "goal", "bank", "match", "rates", "goal", "bank"]);
    let labels = single(&[0, 1, 1, 1, 0, 1, 0, 1, 0]);
    let (_, bag) = FeatureExtractor::fit(&texts, FeatureSettings::default()).unwrap();
    let (model, _) = fit(&bag, &labels, 2, false);
    assert_sound(&model, &bag);
    let (column, _) = (bag.row(4).0[0], ());
    let p = model.probabilities(&model.evidence(&model.score([(column, u32::MAX)].into_iter())));
    assert!(p.iter().all(|p| (0.0..=1.0).contains(p)), "{p:?}");
}

/// Rows of eight words; word `label` and the next are the label's.
fn many_labels(n: u32, k: u32) -> (BagOfWords, Vec<Vec<u32>>) {
    let mut bag = BagOfWords::new(Blocks::single(2 * k));
    for d in 0..n {
        let mut columns: Vec<u32> =
            (0..6).map(|i| d.wrapping_mul(2_654_435_761).rotate_left(5 * i) % (2 * k)).collect();
        columns.extend([2 * (d % k), 2 * (d % k) + 1]);
        columns.sort_unstable();
        columns.dedup();
        bag.push(columns.into_iter().map(|column| (column, 1)));
    }
    (bag, (0..n).map(|d| vec![d % k]).collect())
}

#[test]
fn six_hundred_labels_of_three_rows_train() {
    let (bag, labels) = many_labels(1800, 600);
    let (model, report) = fit(&bag, &labels, 600, false);
    assert_sound(&model, &bag);
    assert!(report.unwrap().accuracy > 0.5, "{report:?}");
}

#[test]
#[ignore = "slow"]
fn ten_thousand_labels_of_twenty_thousand_rows_train() {
    let (bag, labels) = many_labels(20_000, 10_000);
    let (model, report) = fit(&bag, &labels, 10_000, false);
    assert_eq!(model.parts().design.len(), 10_000, "features are fewer, so that features × labels fit");
    assert_sound(&model, &bag);
    assert!(report.is_some());
}
