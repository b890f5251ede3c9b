//! Our figures against scikit-learn's, from the fixtures that `scripts/evaluate_fixtures.py` wrote.

#![allow(clippy::unwrap_used)] // the helpers, too: a fixture that cannot be read is a failed test

use std::path::Path;

use serde_json::Value;
use wiredesk::evaluate::{ConfusionPair, FacetEvaluation, Scores};

const TOLERANCE: f64 = 1e-12;

struct Fixture {
    name: String,
    expected: Value,
    facet: FacetEvaluation,
}

fn labels(row: &Value) -> Vec<&str> {
    row.as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect()
}

/// The fixtures of `tests/data/evaluate`, scored; at least the sixteen there were when this was written.
fn fixtures() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/evaluate");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 16, "{paths:?}");
    let read = |path: &Path| {
        let expected: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let mut facet = FacetEvaluation::new("topic", expected["multi_label"].as_bool().unwrap());
        let (gold, predicted) = (expected["gold"].as_array().unwrap(), expected["predicted"].as_array().unwrap());
        assert_eq!(gold.len(), predicted.len());
        for (gold, predicted) in gold.iter().zip(predicted) {
            facet.add(&labels(gold), &labels(predicted));
        }
        Fixture { name: path.file_stem().unwrap().to_string_lossy().into_owned(), expected, facet }
    };
    paths.iter().map(|path| read(path)).collect()
}

/// Those on which scikit-learn has a word to say: it refuses zero rows.
fn fixtures_with_rows() -> impl Iterator<Item = Fixture> {
    fixtures().into_iter().filter(|fixture| fixture.facet.rows() > 0)
}

fn assert_close(ours: Option<f64>, theirs: &Value, place: &str) {
    match (ours, theirs.as_f64()) {
        (Some(ours), Some(theirs)) => assert!((ours - theirs).abs() <= TOLERANCE, "{place}: {ours} is not {theirs}"),
        (ours, theirs) => assert_eq!(ours, theirs, "{place}"),
    }
}

fn assert_scores(ours: Scores, theirs: &Value, place: &str) {
    for (i, ours) in [ours.precision, ours.recall, ours.f1].into_iter().enumerate() {
        assert_close(ours, &theirs[i], &format!("{place}, figure {i}"));
    }
}

fn with_zeros(scores: Scores) -> Scores {
    let zero = |figure: Option<f64>| figure.or(Some(0.0));
    Scores { precision: zero(scores.precision), recall: zero(scores.recall), f1: zero(scores.f1) }
}

#[test]
fn each_label_has_the_figures_of_scikit_learn_and_null_where_it_has_nan() {
    for Fixture { name, expected, facet } in fixtures_with_rows() {
        let theirs = expected["undefined_as_null"]["labels"].as_object().unwrap();
        assert_eq!(facet.labels().len(), theirs.len(), "{name}");
        for (label, tally) in facet.labels() {
            let place = format!("{name}, {label}");
            assert_scores(tally.scores(), &theirs[label], &place);
            let printed = &expected["classification_report"][label];
            assert_close(Some(tally.gold as f64), &printed["support"], &place);
            let printed = serde_json::json!([printed["precision"], printed["recall"], printed["f1-score"]]);
            assert_scores(with_zeros(tally.scores()), &printed, &place);
        }
    }
}

#[test]
fn micro_macro_and_weighted_averages_are_those_of_scikit_learn() {
    for Fixture { name, expected, facet } in fixtures_with_rows() {
        let (ours, theirs) = (facet.averages(), &expected["averages"]);
        assert_scores(ours.micro, &expected["undefined_as_null"]["micro"], &format!("{name}, micro"));
        assert_scores(with_zeros(ours.micro), &theirs["micro"], &format!("{name}, micro"));
        assert_scores(ours.macro_, &theirs["macro"], &format!("{name}, macro"));
        if facet.labels().any(|(_, tally)| tally.gold > 0) {
            assert_scores(ours.weighted, &theirs["weighted"], &format!("{name}, weighted"));
        } else {
            assert_eq!(ours.weighted, Scores::default(), "{name}: nothing to weight by");
        }
    }
}

#[test]
fn accuracy_and_exact_match_are_scikit_learns_accuracy_score() {
    for Fixture { name, expected, facet } in fixtures_with_rows() {
        let (ours, other) = if facet.multi_label() {
            (facet.exact_match(), facet.accuracy())
        } else {
            (facet.accuracy(), facet.exact_match())
        };
        assert_close(ours, &expected["accuracy_score"], &name);
        assert_eq!(other, None, "{name}");
    }
}

#[test]
fn single_label_confusion_is_scikit_learns_matrix_cell_by_cell() {
    for Fixture { name, expected, facet } in fixtures_with_rows().filter(|fixture| !fixture.facet.multi_label()) {
        let columns = expected["confusion_matrix"]["labels"].as_array().unwrap();
        let mut pairs = facet.confusion();
        for (i, gold) in columns.iter().enumerate() {
            for (j, predicted) in columns.iter().enumerate() {
                let theirs = expected["confusion_matrix"]["counts"][i][j].as_u64().unwrap();
                let here =
                    |pair: &&ConfusionPair<'_>| pair.gold == gold.as_str() && pair.predicted == predicted.as_str();
                let ours = pairs.iter().find(here).map_or(0, |pair| pair.rows);
                assert_eq!(ours, theirs, "{name}: {gold} taken for {predicted}");
            }
        }
        let known = |label: Option<&str>| columns.iter().any(|column| column.as_str() == label);
        pairs.retain(|pair| !known(pair.gold) || !known(pair.predicted));
        assert_eq!(pairs, [], "{name}: pairs that scikit-learn does not have");
    }
}

#[test]
fn multi_label_tallies_are_scikit_learns_confusion_of_each_label() {
    for Fixture { name, expected, facet } in fixtures_with_rows().filter(|fixture| fixture.facet.multi_label()) {
        for (label, tally) in facet.labels() {
            let cells = [
                facet.rows() + tally.correct - tally.gold - tally.predicted,
                tally.predicted - tally.correct,
                tally.gold - tally.correct,
                tally.correct,
            ];
            let theirs = &expected["multilabel_confusion"][label];
            assert_eq!(serde_json::json!(cells), *theirs, "{name}, {label}: tn, fp, fn, tp");
        }
    }
}

#[test]
fn coverage_is_the_share_of_rows_with_a_tag() {
    for Fixture { name, expected, facet } in fixtures_with_rows() {
        let predicted = expected["predicted"].as_array().unwrap();
        let tagged = predicted.iter().filter(|row| !labels(row).is_empty()).count();
        assert_eq!(facet.coverage(), Some(tagged as f64 / predicted.len() as f64), "{name}");
    }
}

#[test]
fn zero_rows_leave_everything_undefined() {
    let mut seen = 0;
    for Fixture { name, facet, .. } in fixtures().into_iter().filter(|fixture| fixture.facet.rows() == 0) {
        let averages = facet.averages();
        assert_eq!([averages.micro, averages.macro_, averages.weighted], [Scores::default(); 3], "{name}");
        assert_eq!([facet.accuracy(), facet.exact_match(), facet.coverage()], [None; 3], "{name}");
        assert_eq!((facet.labels().len(), facet.confusion().len()), (0, 0), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 2);
}
