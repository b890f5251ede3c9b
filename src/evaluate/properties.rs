//! What holds for any rows whatever, and the shape that users rely on.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Evaluation, FacetEvaluation};

type Rows = Vec<(Vec<&'static str>, Vec<&'static str>)>;

fn labels(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(vec!["arts", "été", "sport", "war, peace", "健康"]), 0..=most)
}

fn rows(most: usize) -> impl Strategy<Value = Rows> {
    prop::collection::vec((labels(most), labels(most)), 0..40)
}

fn facet(rows: &[(Vec<&'static str>, Vec<&'static str>)], multi_label: bool) -> FacetEvaluation {
    let mut facet = FacetEvaluation::new("topic", multi_label);
    rows.iter().for_each(|(gold, predicted)| facet.add(gold, predicted));
    facet
}

fn json(facet: &FacetEvaluation) -> String {
    serde_json::to_string(facet).unwrap()
}

proptest! {
    #[test]
    fn merging_parts_gives_the_same_as_counting_at_once(rows in rows(3), cut in 0usize..40, multi: bool) {
        let (front, back) = rows.split_at(cut.min(rows.len()));
        let whole = json(&facet(&rows, multi));
        let mut forwards = facet(front, multi);
        forwards.merge(&facet(back, multi));
        prop_assert_eq!(&json(&forwards), &whole);
        let mut backwards = facet(back, multi);
        backwards.merge(&facet(front, multi));
        prop_assert_eq!(&json(&backwards), &whole);
    }

    #[test]
    fn a_single_label_confusion_adds_up_to_support_predictions_and_rows(rows in rows(1)) {
        let facet = facet(&rows, false);
        let pairs = facet.confusion();
        prop_assert_eq!(pairs.iter().map(|pair| pair.rows).sum::<u64>(), facet.rows());
        for (label, tally) in facet.labels() {
            let gold: u64 = pairs.iter().filter(|pair| pair.gold == Some(label)).map(|pair| pair.rows).sum();
            let predicted: u64 = pairs.iter().filter(|pair| pair.predicted == Some(label)).map(|pair| pair.rows).sum();
            prop_assert_eq!((gold, predicted), (tally.gold, tally.predicted));
        }
    }

    #[test]
    fn every_figure_is_a_share(rows in rows(3)) {
        let facet = facet(&rows, true);
        let averages = facet.averages();
        let scores = facet.labels().map(|(_, tally)| tally.scores());
        for scores in scores.chain([averages.micro, averages.macro_, averages.weighted]) {
            for figure in [scores.precision, scores.recall, scores.f1].into_iter().flatten() {
                prop_assert!((0.0..=1.0 + 1e-12).contains(&figure), "{}", figure);
            }
        }
    }
}

#[test]
fn repeats_in_a_row_count_once() {
    let mut facet = FacetEvaluation::new("topic", true);
    facet.add(&["arts", "arts"], &["sport", "arts", "sport"]);
    let tallies: Vec<_> = facet.labels().map(|(name, t)| (name, t.gold, t.predicted, t.correct)).collect();
    assert_eq!(tallies, [("arts", 1, 1, 1), ("sport", 0, 1, 0)]);
}

#[test]
fn an_untagged_row_counts_against_recall_and_accuracy_but_not_precision() {
    let facet = facet(&[(vec!["arts"], vec!["arts"]), (vec!["arts"], vec![])], false);
    let (_, arts) = facet.labels().next().unwrap();
    assert_eq!((arts.precision(), arts.recall()), (Some(1.0), Some(0.5)));
    assert_eq!((facet.accuracy(), facet.coverage(), facet.exact_match()), (Some(0.5), Some(0.5), None));
}

#[test]
fn no_tag_is_right_for_a_row_that_is_none_of_these() {
    let facet = facet(&[(vec![], vec![]), (vec![], vec!["war"])], true);
    assert_eq!((facet.exact_match(), facet.accuracy(), facet.coverage()), (Some(0.5), None, Some(0.5)));
}

#[test]
fn the_json_has_the_shape_users_rely_on() {
    let mut topic = FacetEvaluation::new("topic", false);
    topic.add(&["arts"], &["arts"]);
    topic.add(&["sport"], &[]);
    let evaluation = Evaluation { rows: 3, facets: vec![topic, FacetEvaluation::new("region", true)] };
    let text = serde_json::to_string(&evaluation).unwrap();
    assert!(text.find("\"topic\"").unwrap() < text.find("\"region\"").unwrap(), "facets keep their order");
    let undefined = json!({"precision": null, "recall": null, "f1": null});
    let expected = json!({"rows": 3, "facets": {
        "topic": {
            "rows": 2,
            "accuracy": 0.5,
            "micro": {"precision": 1.0, "recall": 0.5, "f1": 2.0 / 3.0},
            "macro": {"precision": 0.5, "recall": 0.5, "f1": 0.5},
            "weighted": {"precision": 0.5, "recall": 0.5, "f1": 0.5},
            "labels": {
                "arts": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1, "predicted": 1, "small_support": true},
                "sport": {"precision": null, "recall": 0.0, "f1": 0.0, "support": 1, "predicted": 0, "small_support": true},
            },
            "confusion": [
                {"gold": "arts", "predicted": "arts", "rows": 1},
                {"gold": "sport", "predicted": null, "rows": 1},
            ],
            "coverage": 0.5,
        },
        "region": {
            "rows": 0, "exact_match": null, "micro": undefined, "macro": undefined, "weighted": undefined,
            "labels": {}, "confusion": [], "coverage": null,
        },
    }});
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
}

#[test]
fn evaluations_merge_facet_by_facet() {
    let rows = [(vec!["arts"], vec!["arts"])];
    let mut ours = Evaluation { rows: 1, facets: vec![facet(&rows, false)] };
    ours.merge(Evaluation { rows: 2, facets: vec![FacetEvaluation::new("region", true), facet(&rows, false)] });
    assert_eq!(ours.rows, 3);
    assert_eq!(ours.facet("topic").unwrap().rows(), 2);
    assert_eq!(ours.facets.iter().map(FacetEvaluation::name).collect::<Vec<_>>(), ["topic", "region"]);
    assert!(ours.facet("genre").is_none());
}
