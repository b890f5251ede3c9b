use linfa::ParamGuard;
use proptest::prelude::*;

use super::*;
use crate::bayes::{CountsBuilder, Estimator, NaiveBayesParams, Smoothing};
use crate::features::BlockKind;

type Data = Vec<(Vec<(u32, u32)>, Vec<u32>)>;

const N_FEATURES: u32 = 12;
const N_LABELS: u32 = 4;

fn blocks() -> Blocks {
    let mut blocks = Blocks::default();
    blocks.push(BlockKind::Ngrams(1), 5);
    blocks.push(BlockKind::Ngrams(2), 4);
    blocks.push(BlockKind::Prefixes, 3);
    blocks
}

/// A model of these rows over the labels that they have, and which these are.
fn train(data: &Data, params: &NaiveBayesParams, prior: Option<&[f64]>) -> Option<(NaiveBayes, Vec<u32>)> {
    let mut present: Vec<u32> = data.iter().flat_map(|(_, labels)| labels.iter().copied()).collect();
    present.sort_unstable();
    present.dedup();
    let mut builder = CountsBuilder::default();
    for (row, labels) in data {
        let labels: Vec<u32> = labels.iter().map(|l| present.binary_search(l).unwrap() as u32).collect();
        builder.add(row, &labels).unwrap();
    }
    let numbers: Vec<u32> = (0..present.len() as u32).collect();
    let features: Vec<u32> = (0..N_FEATURES).collect();
    let counts = builder.finish(&features, &numbers).unwrap();
    let of_present = prior.map(|p| present.iter().map(|&l| p[l as usize]).collect());
    let params = of_present.map_or(params.clone(), |p| params.clone().prior(Prior::Given(p)));
    NaiveBayes::from_counts(counts, params.check().unwrap(), blocks(), true).ok().map(|model| (model, present))
}

fn agree(data: &Data, params: &NaiveBayesParams, prior: Option<&[f64]>) {
    let Some((whole, names)) = train(data, params, prior) else { return };
    for (i, (row, labels)) in data.iter().enumerate() {
        let labels: Vec<u32> = labels.iter().map(|l| names.binary_search(l).unwrap() as u32).collect();
        let left = whole.without(row, &labels).unwrap();
        let mut others = data.clone();
        others.remove(i);
        let Some((without, others_names)) = train(&others, params, prior) else {
            assert!(left.model().is_none());
            continue;
        };
        let model = left.model().unwrap();
        let left_names: Vec<u32> = left.labels().iter().map(|&l| names[l as usize]).collect();
        assert_eq!(left_names, others_names);
        let (ours, theirs) = (model.score(left.row().iter().copied()), without.score(row.iter().copied()));
        assert_eq!(ours, theirs, "row {i} of {data:?}");
        let (ours, theirs) = (model.evidence(&ours), without.evidence(&theirs));
        assert_eq!(model.decide(&ours), without.decide(&theirs));
        assert_eq!(model.probabilities(&ours), without.probabilities(&theirs));
        assert_eq!(model.has_none(), without.has_none());
    }
}

fn all_params() -> Vec<NaiveBayesParams> {
    let multinomial = || NaiveBayesParams::new(Estimator::Multinomial);
    let complement = || NaiveBayesParams::new(Estimator::Complement);
    vec![
        multinomial(),
        multinomial().min_df(2),
        multinomial().prior(Prior::Uniform),
        multinomial().smoothing(Smoothing::JelinekMercer(0.4)),
        complement(),
        complement().alpha(1.0).min_df(2),
        complement().min_df(3),
    ]
}

#[test]
fn a_label_with_one_row_and_words_of_one_row_go_with_it() {
    let data: Data = vec![
        (vec![(0, 2), (1, 1), (5, 1), (9, 1)], vec![0]),
        (vec![(0, 1), (2, 1), (6, 1)], vec![0]),
        (vec![(1, 3), (2, 1), (7, 2), (10, 1)], vec![1]),
        (vec![(1, 1), (3, 1)], vec![1]),
        (vec![(1, 1), (3, 1)], vec![1]),
        (vec![(4, 2), (8, 1), (11, 4)], vec![3]),
        (vec![], vec![1]),
    ];
    for params in all_params() {
        agree(&data, &params, None);
        agree(&data, &params.multi_label(true), None);
    }
    let multinomial = NaiveBayesParams::new(Estimator::Multinomial);
    agree(&data, &multinomial, Some(&[0.5, 0.2, 0.1, 0.2]));
    let (whole, names) = train(&data, &multinomial, None).unwrap();
    assert_eq!(names, [0, 1, 3]);
    let left = whole.without(&data[5].0, &[2]).unwrap();
    assert_eq!(left.labels(), [0, 1]);
    assert_eq!(left.model().unwrap().score(left.row().iter().copied()).length, 0.0);
}

#[test]
fn a_row_that_was_never_there_is_refused() {
    let data: Data = vec![(vec![(0, 1)], vec![0]), (vec![(1, 2)], vec![1]), (vec![(1, 1)], vec![1])];
    let (model, _) = train(&data, &NaiveBayesParams::new(Estimator::Complement), None).unwrap();
    type Row<'a> = (&'a [(u32, u32)], &'a [u32]);
    let wrong: [Row<'_>; 6] =
        [(&[(0, 2)], &[0]), (&[(1, 1)], &[0]), (&[(2, 1)], &[1]), (&[(0, 1)], &[9]), (&[], &[]), (&[(99, 1)], &[0])];
    for (row, labels) in wrong {
        assert_eq!(model.without(row, labels).map(|_| ()), Err(NOT_A_ROW), "{row:?} {labels:?}");
    }
}

fn some_rows(most_labels: usize) -> impl Strategy<Value = Data> {
    let row = prop::collection::btree_map(0..N_FEATURES, 1_u32..4, 0..8);
    let labels = prop::collection::btree_set(0..N_LABELS, 0..=most_labels);
    let rows = prop::collection::vec((row, labels), 2..14);
    // Some rows stand twice.
    (rows, 0_usize..3).prop_map(|(rows, copies)| {
        let mut data: Data =
            rows.into_iter().map(|(row, labels)| (row.into_iter().collect(), labels.into_iter().collect())).collect();
        data.extend(data.clone().into_iter().take(copies));
        data
    })
}

proptest! {
    #[test]
    fn single_label_scores_are_those_of_training_without_the_row(data in some_rows(1)) {
        for params in all_params() {
            agree(&data, &params, None);
        }
        agree(&data, &NaiveBayesParams::new(Estimator::Multinomial), Some(&[0.1, 0.2, 0.3, 0.4]));
    }

    #[test]
    fn multi_label_scores_are_those_of_training_without_the_row(data in some_rows(3)) {
        for params in all_params() {
            agree(&data, &params.multi_label(true), None);
        }
        let multinomial = NaiveBayesParams::new(Estimator::Multinomial).multi_label(true);
        agree(&data, &multinomial, Some(&[0.1, 0.2, 0.3, 0.4]));
    }
}
