use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const FIVE: StratifiedFolds = StratifiedFolds { folds: 5, seed: 1 };

/// Rows as (key, labels of one facet, group).
type Sample = (u128, Vec<Vec<String>>, Option<String>);

fn sample(key: u128, labels: &[&str], group: Option<&str>) -> Sample {
    (key, vec![labels.iter().map(|&l| l.to_owned()).collect()], group.map(str::to_owned))
}

fn rows(samples: &[Sample]) -> Vec<FoldRow<'_>> {
    samples.iter().map(|(key, labels, group)| FoldRow { key: *key, labels, group: group.as_deref() }).collect()
}

/// Rows of a label in each fold.
fn spread(samples: &[Sample], folds: &Folds, label: &str) -> Vec<usize> {
    let has = |row: &&usize| samples[**row].1[0].iter().any(|l| l == label);
    (0..folds.count()).map(|fold| folds.test(fold).iter().filter(has).count()).collect()
}

fn within(sizes: &[usize], rows: usize) -> bool {
    sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= rows
}

#[test]
fn every_label_and_the_whole_are_within_one_row_of_their_share() {
    let samples: Vec<Sample> =
        (0..503).map(|i| sample(i, &[["a", "b", "c", "d"][((i % 19).min(3)) as usize]], None)).collect();
    for seed in 0..10 {
        let folds = StratifiedFolds { folds: 5, seed }.deal(&rows(&samples)).unwrap();
        for label in ["a", "b", "c", "d"] {
            assert!(within(&spread(&samples, &folds, label), 1), "{label}");
        }
        assert!(within(&folds.held_out().map(|fold| folds.test(fold).len()).collect::<Vec<_>>(), 1));
    }
}

#[test]
fn the_labels_of_rows_with_several_are_shared_out_too() {
    let samples: Vec<Sample> = (0..1000)
        .map(|i| {
            let labels = ["a", "b", "c", "d", "e"];
            let of_row: Vec<&str> =
                (0..5).filter(|k| (i * 7 + k * i) % (k + 3) == 0 && i % 3 > 0).map(|k| labels[k as usize]).collect();
            sample(i, &of_row, None)
        })
        .collect();
    let folds = FIVE.deal(&rows(&samples)).unwrap();
    for label in ["a", "b", "c", "d", "e"] {
        let sizes = spread(&samples, &folds, label);
        assert!(within(&sizes, 4), "{label}: {sizes:?}");
    }
}

#[test]
fn a_label_of_fewer_rows_than_folds_is_in_as_many_folds_as_it_can() {
    let samples: Vec<Sample> = (0..40).map(|i| sample(i, &[if i < 3 { "rare" } else { "common" }], None)).collect();
    let folds = FIVE.deal(&rows(&samples)).unwrap();
    assert_eq!(spread(&samples, &folds, "rare").iter().sum::<usize>(), 3);
    assert!(within(&spread(&samples, &folds, "rare"), 1));
}

#[test]
fn groups_and_copies_of_a_text_share_a_fold() {
    let groups = ["u", "v", "w", "x", "y", "z"];
    let samples: Vec<Sample> = (0..600)
        .map(|i| sample(i / 2, &[["a", "b"][(i % 2) as usize]], (i < 60).then(|| groups[(i % 6) as usize])))
        .collect();
    let folds = FIVE.deal(&rows(&samples)).unwrap();
    let of_row = folds.of_rows();
    assert!((6..60).all(|i| of_row[i] == of_row[i - 6]));
    assert!((60..600).step_by(2).all(|i| of_row[i] == of_row[i + 1]));
    assert!(within(&spread(&samples, &folds, "a"), 10));
}

#[test]
fn a_model_is_trained_on_all_rows_that_it_does_not_answer() {
    let samples: Vec<Sample> = (0..23).map(|i| sample(i, &["a"], None)).collect();
    let folds = FIVE.deal(&rows(&samples)).unwrap();
    assert_eq!(folds.held_out(), 0..5);
    let mut held_out = BTreeSet::new();
    for fold in folds.held_out() {
        let (test, train) = (folds.test(fold), folds.train(fold));
        assert_eq!(test.len() + train.len(), 23);
        assert!(test.iter().all(|row| !train.contains(row)));
        held_out.extend(test);
    }
    assert_eq!(held_out.len(), 23);
}

#[test]
fn another_seed_gives_other_folds() {
    let samples: Vec<Sample> = (0..50).map(|i| sample(i, &["a"], None)).collect();
    let other = StratifiedFolds { seed: 2, ..FIVE };
    assert_ne!(FIVE.deal(&rows(&samples)), other.deal(&rows(&samples)));
}

#[test]
fn too_few_rows_or_folds_are_said() {
    let samples = vec![sample(1, &["a"], None), sample(1, &["b"], None), sample(2, &["a"], None)];
    let error = StratifiedFolds { folds: 3, seed: 0 }.deal(&rows(&samples)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "3 folds of 2 different texts; expected at least one in each fold, so ask for fewer folds"
    );
    let error = StratifiedFolds { folds: 1, seed: 0 }.deal(&rows(&samples)).unwrap_err();
    assert!(error.to_string().starts_with("1 folds; expected 2 or more"), "{error}");
    let grouped = [sample(1, &["a"], Some("x")), sample(2, &["a"], Some("x"))];
    let error = FIVE.deal(&rows(&grouped)).unwrap_err();
    assert_eq!(error, FoldError::TooFew { folds: 5, found: 1, units: Unit::Group });
}

#[test]
fn the_key_of_a_row_is_its_text() {
    let row = |text: &str, id: &str| Row {
        text: text.to_owned(),
        labels: vec![vec![id.to_owned()]],
        id: Some(id.to_owned()),
        columns: Vec::new(),
        place: crate::corpus::Place { source: "a".into(), row: 1, line: 1 },
    };
    assert_eq!(FoldRow::new(&row("t", "1"), None).key, FoldRow::new(&row("t", "2"), None).key);
    assert_ne!(FoldRow::new(&row("t", "1"), None).key, FoldRow::new(&row("u", "1"), None).key);
}

#[test]
fn time_is_cut_into_blocks_and_the_past_answers_the_future() {
    let written: Vec<String> = (0..100).map(|i| format!("2026-01-{:02}", (i * 7) % 30 + 1)).collect();
    let written: Vec<&str> = written.iter().map(String::as_str).collect();
    let of_time = times(&written).unwrap();
    let folds = Folds::by_time(&of_time, 4).unwrap();
    assert_eq!((folds.held_out(), folds.count()), (1..4, 4));
    for fold in folds.held_out() {
        let (test, train) = (folds.test(fold), folds.train(fold));
        assert!((21..=29).contains(&test.len()), "{}", test.len());
        let first = test.iter().map(|&row| of_time[row]).min().unwrap();
        assert!(train.iter().all(|&row| of_time[row] < first));
        assert_eq!(train.len() + test.len(), folds.of_rows().iter().filter(|&&f| f <= fold).count());
    }
}

#[test]
fn a_crowded_day_still_leaves_a_time_for_every_block() {
    let one = |n: usize| Instant::Number(n as f64);
    for times in [
        [vec![one(1); 97], vec![one(2), one(3), one(4)]].concat(),
        [vec![one(1), one(2), one(3)], vec![one(4); 97]].concat(),
        [vec![one(1), one(2)], vec![one(3); 90], vec![one(4)]].concat(),
    ] {
        let folds = Folds::by_time(&times, 4).unwrap();
        assert!((0..4).all(|block| !folds.test(block).is_empty()), "{:?}", folds.of_rows());
    }
    let error = Folds::by_time(&[one(1), one(1), one(2)], 3).unwrap_err();
    assert_eq!(error, FoldError::TooFew { folds: 3, found: 2, units: Unit::Time });
}

#[test]
fn a_time_that_cannot_be_read_is_named_with_its_row() {
    let (row, error) = times(&["2026-01-01", "soon"]).unwrap_err();
    assert_eq!((row, error), (1, TimeError::Unreadable { found: "soon".into() }));
    let (row, error) = times(&["2026-01-01", "2026-01-02", "2026"]).unwrap_err();
    assert_eq!(row, 2);
    assert_eq!(
        error.to_string(),
        "'2026' is a number where the first row has a date; expected one kind in the whole column"
    );
}

proptest! {
    #[test]
    fn the_order_of_the_rows_does_not_matter(
        samples in prop::collection::vec(
            (0_u8..60, prop::collection::btree_set(0_u8..4, 0..3), prop::option::of(0_u8..6)), 30..120,
        ),
        turn in any::<prop::sample::Index>(),
        seed: u64,
        count in 2_usize..6,
    ) {
        let samples: Vec<Sample> = samples.into_iter().map(|(key, labels, group)| {
            let labels: Vec<String> = labels.into_iter().map(|l| l.to_string()).collect();
            (key.into(), vec![labels], group.map(|g| g.to_string()))
        }).collect();
        let deal = |samples: &[Sample]| StratifiedFolds { folds: count, seed }.deal(&rows(samples));
        let mut turned = samples.clone();
        let turn = turn.index(samples.len());
        turned.rotate_left(turn);
        turned.reverse();
        match deal(&samples) {
            Err(error) => prop_assert_eq!(deal(&turned), Err(error)),
            Ok(folds) => {
                let mut expected = folds.of_rows().to_vec();
                expected.rotate_left(turn);
                expected.reverse();
                let found = deal(&turned).unwrap();
                prop_assert_eq!(found.of_rows(), &expected[..]);
                prop_assert!(folds.held_out().all(|fold| !folds.test(fold).is_empty()));
            }
        }
    }
}
