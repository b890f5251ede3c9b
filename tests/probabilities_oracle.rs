//! Ranking, calibration, risk and coverage and the baseline against scikit-learn's figures, from the fixtures that
//! `scripts/evaluate_fixtures.py` wrote.

#![allow(clippy::unwrap_used)] // the helpers, too: a fixture that cannot be read is a failed test

use std::path::Path;

use serde_json::Value;
use wiredesk::evaluate::{Bootstrap, COVERAGES, FacetDetails, Outcome, Outcomes};

const TOLERANCE: f64 = 1e-9;

struct Fixture {
    name: String,
    expected: Value,
    details: FacetDetails,
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn details(expected: &Value, reversed: bool) -> FacetDetails {
    let labels = strings(&expected["labels"]);
    let mut outcomes = Outcomes::new("topic", expected["multi_label"].as_bool().unwrap());
    let (gold, probabilities) = (expected["gold"].as_array().unwrap(), expected["probabilities"].as_array().unwrap());
    assert_eq!(gold.len(), probabilities.len());
    let mut rows: Vec<_> = gold.iter().zip(probabilities).collect();
    if reversed {
        rows.reverse();
    }
    for (gold, row) in rows {
        let probabilities: Vec<(&str, f64)> = labels.iter().copied().zip(numbers(row)).collect();
        let (gold, probabilities) = (strings(gold), Some(probabilities.as_slice()));
        outcomes.add(&Outcome { gold: &gold, predicted: &[], probabilities, group: None });
    }
    FacetDetails::of(&outcomes, &labels, &Bootstrap { replicates: 2, ..Bootstrap::default() })
}

fn fixtures() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/probabilities");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 12, "{paths:?}");
    let read = |path: &Path| {
        let expected: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let details = details(&expected, false);
        Fixture { name: path.file_stem().unwrap().to_string_lossy().into_owned(), expected, details }
    };
    paths.iter().map(|path| read(path)).collect()
}

fn assert_close(ours: Option<f64>, theirs: &Value, place: &str) {
    match (ours, theirs.as_f64()) {
        (Some(ours), Some(theirs)) => assert!((ours - theirs).abs() <= TOLERANCE, "{place}: {ours} is not {theirs}"),
        (ours, theirs) => assert_eq!(ours, theirs, "{place}"),
    }
}

#[test]
fn average_precision_is_that_of_scikit_learn() {
    for Fixture { name, expected, details } in fixtures() {
        let ranking = details.ranking.unwrap();
        let theirs = expected["average_precision"].as_object().unwrap();
        assert_eq!(ranking.labels.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{name}");
        for (label, ours) in &ranking.labels {
            assert_close(Some(ours.average_precision), &theirs[label], &format!("{name}, {label}"));
        }
        assert_close(ranking.mean_average_precision, &expected["mean_average_precision"], &name);
    }
}

#[test]
fn curves_are_points_of_scikit_learns_curves() {
    let mut thinned = 0;
    for Fixture { name, expected, details } in fixtures() {
        for (label, ours) in &details.ranking.unwrap().labels {
            // Theirs has a last point of no recall, and points that only lose precision.
            let mut theirs: Vec<Vec<f64>> = Vec::new();
            for point in expected["curves"][label].as_array().unwrap().iter().rev().map(numbers) {
                if point[1] > theirs.last().map_or(0.0, |last| last[1]) {
                    theirs.push(point);
                }
            }
            let place = format!("{name}, {label}");
            if theirs.len() > 100 {
                thinned += 1;
                assert!((50..=100).contains(&ours.curve.len()), "{place}: {}", ours.curve.len());
            } else {
                assert_eq!(ours.curve.len(), theirs.len(), "{place}");
            }
            let mut left = theirs.iter();
            for point in &ours.curve {
                let same = |theirs: &&Vec<f64>| {
                    let ours = [point.precision, point.recall, point.probability];
                    ours.iter().zip(theirs.iter()).all(|(ours, theirs)| (ours - theirs).abs() <= TOLERANCE)
                };
                assert!(left.any(|theirs| same(&theirs)), "{place}: {point:?}");
            }
            assert_eq!(left.len(), 0, "{place}: the curve ends where theirs ends");
        }
    }
    assert!(thinned > 0);
}

#[test]
fn top_k_accuracy_is_that_of_scikit_learn() {
    for Fixture { name, expected, details } in fixtures() {
        let (ours, theirs) = (details.ranking.unwrap().top_k, expected["top_k"].as_object().unwrap());
        assert_eq!(ours.len(), theirs.len(), "{name}: {ours:?} {theirs:?}");
        for (k, share) in ours {
            assert_close(Some(share), &theirs[&k.to_string()], &format!("{name}, top {k}"));
        }
    }
}

#[test]
fn calibration_is_that_of_scikit_learn() {
    for Fixture { name, expected, details } in fixtures() {
        let ours = details.calibration.unwrap();
        assert_close(Some(ours.brier), &expected["brier"], &format!("{name}, Brier"));
        assert_close(Some(ours.log_loss), &expected["log_loss"], &format!("{name}, log loss"));
        assert_close(Some(ours.ece), &expected["ece"], &format!("{name}, ECE"));
        let filled: Vec<_> = ours.bins.iter().filter(|bin| bin.rows > 0).collect();
        let theirs = expected["reliability"].as_array().unwrap();
        assert_eq!((filled.len(), ours.bins.len()), (theirs.len(), 15), "{name}");
        for (ours, theirs) in filled.iter().zip(theirs) {
            assert_close(ours.probability, &theirs[0], &name);
            assert_close(ours.right, &theirs[1], &name);
            let inside = ours.probability.unwrap() <= ours.high + TOLERANCE && ours.probability.unwrap() >= ours.low;
            assert!(inside, "{name}: {ours:?}");
        }
    }
}

#[test]
fn the_surest_rows_are_as_right_as_over_all_orders_of_ties() {
    for Fixture { name, expected, details } in fixtures() {
        let ours = details.risk_coverage.unwrap();
        for (place, coverage) in COVERAGES.iter().enumerate() {
            assert_close(
                Some(ours.at[place].accuracy),
                &expected["accuracy_at"][place],
                &format!("{name}, {coverage}"),
            );
        }
        assert!(ours.curve.is_sorted_by(|a, b| a.coverage < b.coverage && a.probability >= b.probability), "{name}");
        assert_eq!(ours.curve.last().unwrap(), &ours.at[3], "{name}");
    }
}

#[test]
fn the_baseline_is_that_of_a_dummy_classifier() {
    for Fixture { name, expected, details } in fixtures() {
        let theirs = &expected["baseline"];
        let Some(ours) = details.baseline else {
            assert!(theirs.is_null(), "{name}");
            continue;
        };
        assert_eq!(Some(ours.label.as_str()), theirs["label"].as_str(), "{name}");
        assert_close(ours.exact, &theirs["accuracy_score"], &name);
        assert_close(ours.averages.micro.f1, &theirs["f1"]["micro"], &name);
        assert_close(ours.averages.macro_.f1, &theirs["f1"]["macro"], &name);
        assert_close(ours.averages.weighted.f1, &theirs["f1"]["weighted"], &name);
    }
}

#[test]
fn the_order_of_the_rows_changes_nothing_to_the_last_bit() {
    for Fixture { name, expected, details: ours } in fixtures() {
        assert_eq!(ours, details(&expected, true), "{name}");
    }
}

#[test]
fn without_rows_or_probabilities_there_is_nothing_to_say() {
    let mut outcomes = Outcomes::new("topic", false);
    for rows in 0..2 {
        let details = FacetDetails::of(&outcomes, &["arts"], &Bootstrap::default());
        assert!(details.ranking.is_none() && details.risk_coverage.is_none() && details.calibration.is_none());
        assert_eq!(details.baseline.is_some(), rows == 1);
        outcomes.add(&Outcome { gold: &["arts"], predicted: &["arts"], ..Outcome::default() });
    }
}
