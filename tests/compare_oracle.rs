//! Comparisons against statsmodels, scikit-learn and numpy, from the fixtures that `scripts/compare_fixtures.py` wrote,
//! and against what they claim to be: a difference that is not there is seldom claimed.

#![allow(clippy::unwrap_used)] // the helpers, too: a fixture that cannot be read is a failed test

use std::path::Path;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::Value;
use wiredesk::evaluate::compare::FacetComparison;
use wiredesk::evaluate::{Bootstrap, McNemar, Outcome, Outcomes, holm};

fn fixture(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/compare/{name}.json"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

const PAIRED: [&str; 6] =
    ["paired_single", "paired_single_equal", "paired_single_awkward", "paired_multi", "paired_groups", "paired_same"];

fn labels(row: &Value) -> Vec<&str> {
    row.as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect()
}

fn outcomes(fixture: &Value, contestant: &str) -> Outcomes {
    let mut outcomes = Outcomes::new("topic", fixture["multi_label"].as_bool().unwrap());
    let (gold, given) = (fixture["gold"].as_array().unwrap(), fixture[contestant].as_array().unwrap());
    for (i, (gold, given)) in gold.iter().zip(given).enumerate() {
        let group = fixture["groups"][i].as_str();
        outcomes.add(&Outcome { gold: &labels(gold), predicted: &labels(given), group, ..Outcome::default() });
    }
    outcomes
}

fn compared(fixture: &Value, bootstrap: &Bootstrap) -> FacetComparison {
    let (baseline, challenger) = (outcomes(fixture, "baseline"), outcomes(fixture, "challenger"));
    FacetComparison::of(&[("a", &baseline), ("b", &challenger)], bootstrap).unwrap()
}

fn assert_close(ours: f64, theirs: f64, tolerance: f64, place: &str) {
    assert!((ours - theirs).abs() <= tolerance, "{place}: {ours} is not {theirs}");
}

#[test]
fn mcnemar_is_that_of_statsmodels() {
    for case in fixture("mcnemar").as_array().unwrap() {
        let (first, second) = (case["only_first"].as_u64().unwrap(), case["only_second"].as_u64().unwrap());
        let theirs = case["p"].as_f64().unwrap();
        let ours = McNemar::exact(first, second).p;
        assert_close(ours, theirs, 1e-8 * theirs, &format!("{first} and {second}"));
    }
}

#[test]
fn holm_is_that_of_statsmodels() {
    for case in fixture("holm").as_array().unwrap() {
        let numbers = |key: &str| case[key].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect::<Vec<_>>();
        for (ours, theirs) in holm(&numbers("p")).into_iter().zip(numbers("adjusted")) {
            assert_close(ours, theirs, 1e-15, &case.to_string());
        }
    }
}

#[test]
fn figures_differences_and_tests_are_those_of_scikit_learn_and_statsmodels() {
    for name in PAIRED {
        let fixture = fixture(name);
        let facet = compared(&fixture, &Bootstrap { replicates: 10, ..Bootstrap::default() });
        for (contestant, theirs) in facet.contestants.iter().zip(fixture["figures"].as_array().unwrap()) {
            for (i, (figure, measured)) in contestant.figures.iter().enumerate() {
                let place = format!("{name}, {}, {figure:?}", contestant.name);
                assert_close(measured.value.unwrap(), theirs[i].as_f64().unwrap(), 1e-12, &place);
            }
        }
        let pair = &facet.comparisons[0];
        let expected = &fixture["mcnemar"];
        match pair.mcnemar {
            Some(test) => {
                let counts = (expected[0].as_u64().unwrap(), expected[1].as_u64().unwrap());
                assert_eq!((test.only_first, test.only_second), counts, "{name}");
                assert_close(test.p, expected[2].as_f64().unwrap(), 1e-12, name);
            }
            None => assert!(expected.is_null(), "{name}"),
        }
        let theirs = fixture["labels"].as_object().unwrap();
        assert_eq!(pair.labels.len(), theirs.len(), "{name}");
        for label in &pair.labels {
            let expected = &theirs[&label.label];
            let place = format!("{name}, {}", label.label);
            for (ours, theirs) in [(label.baseline_f1, &expected[0]), (label.challenger_f1, &expected[1])] {
                assert_eq!(ours.is_some(), theirs.is_number(), "{place}");
                assert_close(ours.unwrap_or(0.0), theirs.as_f64().unwrap_or(0.0), 1e-12, &place);
            }
            let Some(test) = label.test else {
                assert!(fixture["groups"].is_array(), "{place}");
                continue;
            };
            let counts = (expected[2].as_u64().unwrap(), expected[3].as_u64().unwrap());
            assert_eq!((test.only_first, test.only_second), counts, "{place}");
            assert_close(test.p, expected[4].as_f64().unwrap(), 1e-12, &place);
            assert_close(label.p_holm.unwrap(), expected[5].as_f64().unwrap(), 1e-12, &place);
        }
    }
}

/// Two bootstraps of as many draws differ by luck: the ends of the intervals by .02 standard deviations each, the
/// p-values by .007 at most.
#[test]
fn the_paired_bootstrap_is_that_of_numpy_within_the_luck_of_the_draws() {
    for name in PAIRED {
        let fixture = fixture(name);
        let facet = compared(&fixture, &Bootstrap { replicates: 20_000, ..Bootstrap::default() });
        for (i, difference) in facet.comparisons[0].differences.iter().enumerate() {
            let theirs = &fixture["differences"][i];
            let number = |key: &str| theirs[key].as_f64().unwrap();
            let place = format!("{name}, {:?}", difference.figure);
            assert_close(difference.value.unwrap(), number("value"), 1e-12, &place);
            let interval = difference.interval.unwrap();
            // Shares of rows go in steps of one row.
            let tolerance = 0.1 * number("deviation") + 1.01 / facet.rows as f64;
            assert_close(interval.low, number("low"), tolerance, &place);
            assert_close(interval.high, number("high"), tolerance, &place);
            assert_close(difference.p.unwrap(), number("p"), 0.025, &place);
        }
    }
}

/// Rows of four labels, the last of them rare; both contestants are right with the same chance, often on the same rows.
fn equally_good(random: &mut Xoshiro256PlusPlus, rows: usize) -> [Outcomes; 2] {
    const LABELS: [&str; 4] = ["a", "b", "c", "d"];
    let mut contestants = ["topic"; 2].map(|name| Outcomes::new(name, false));
    for _ in 0..rows {
        let gold = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3][random.gen_range(0..10)];
        let easy = random.gen_bool(0.5);
        for contestant in &mut contestants {
            let right = easy || random.gen_bool(0.6);
            let given = if right { gold } else { random.gen_range(0..4) };
            contestant.add(&Outcome { gold: &[LABELS[gold]], predicted: &[LABELS[given]], ..Outcome::default() });
        }
    }
    contestants
}

#[test]
fn of_equally_good_contestants_one_is_called_better_in_about_one_of_twenty_runs() {
    const RUNS: u32 = 600;
    let mut claims = [0; 3];
    let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
    for seed in 0..RUNS {
        let [a, b] = equally_good(&mut random, 500);
        let bootstrap = Bootstrap { replicates: 400, seed: seed.into(), ..Bootstrap::default() };
        let facet = FacetComparison::of(&[("a", &a), ("b", &b)], &bootstrap).unwrap();
        for (claims, difference) in claims.iter_mut().zip(&facet.comparisons[0].differences) {
            *claims += u32::from(difference.is_claimed());
        }
    }
    let shares = claims.map(|claims| f64::from(claims) / f64::from(RUNS));
    assert!(shares.iter().all(|share| (0.03..=0.07).contains(share)), "{shares:?}");
}

#[test]
fn a_difference_that_is_there_is_claimed() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(6);
    let (mut a, mut b) = (Outcomes::new("topic", false), Outcomes::new("topic", false));
    for _ in 0..1000 {
        let gold = ["x", "y"][random.gen_range(0..2)];
        let other = if gold == "x" { "y" } else { "x" };
        for (contestant, chance) in [(&mut a, 0.75), (&mut b, 0.85)] {
            let given = if random.gen_bool(chance) { gold } else { other };
            contestant.add(&Outcome { gold: &[gold], predicted: &[given], ..Outcome::default() });
        }
    }
    let facet = FacetComparison::of(&[("a", &a), ("b", &b)], &Bootstrap::default()).unwrap();
    for difference in facet.comparisons[0].differences {
        let interval = difference.interval.unwrap();
        assert!(difference.is_claimed() && interval.low > 0.0, "{difference:?}");
        assert!(interval.low < 0.1 && interval.high > 0.1, "{difference:?}");
    }
}
