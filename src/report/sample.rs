//! Evaluations to show in tests.

use super::Report;
use crate::evaluate::{Bootstrap, Evaluation, FacetEvaluation, Mistake, Outcome, Outcomes};

/// scikit-learn's example: y_true = [0, 1, 2, 2, 2], y_pred = [0, 0, 2, 2, 1].
pub(super) fn textbook() -> Evaluation {
    let mut facet = FacetEvaluation::new("class", false);
    for (gold, predicted) in [("0", "0"), ("1", "0"), ("2", "2"), ("2", "2"), ("2", "1")] {
        facet.add(&[gold], &[predicted]);
    }
    Evaluation { rows: 5, facets: vec![facet] }
}

/// A single-label facet with untagged rows and hostile labels, and a multi-label one with "none of these".
pub(super) fn awkward() -> Evaluation {
    let mut topic = FacetEvaluation::new("topic", false);
    topic.add(&["politics | \"gov\""], &["politics | \"gov\""]);
    topic.add(&["conflict, war and peace"], &[]);
    topic.add(&["健康"], &["\u{1b}[31mred\nline"]);
    let mut region = FacetEvaluation::new("region", true);
    region.add(&[], &[]);
    region.add(&["AF", "PK"], &["AF"]);
    region.add(&["IR"], &["IQ", "IR"]);
    region.add(&["IR"], &["IQ"]);
    Evaluation { rows: 4, facets: vec![topic, region] }
}

/// Thousands of rows, long labels.
pub(super) fn news() -> Evaluation {
    let (arts, crime) = ("arts, culture, entertainment and media", "crime, law and justice");
    let mut facet = FacetEvaluation::new("topic", false);
    for (gold, predicted, rows) in [(arts, arts, 1_200), (crime, crime, 300), (crime, arts, 57), (arts, crime, 2)] {
        (0..rows).for_each(|_| facet.add(&[gold], &[predicted]));
    }
    Evaluation { rows: 1_559, facets: vec![facet] }
}

/// A facet with probabilities, details and a mistake.
pub(super) fn detailed() -> Evaluation {
    let labels = ["conflict, war and peace", "economy, business and finance", "sport"];
    let mut outcomes = Outcomes::new("topic", false);
    for (gold, predicted, rows) in [(0, 0, 40), (0, 2, 4), (1, 1, 12), (1, 0, 3), (2, 2, 5), (2, 1, 1)] {
        for row in 0..rows {
            let sure = 0.9 - f64::from(row % 5) / 10.0;
            let probability = |label: usize| if label == predicted { sure } else { (1.0 - sure) / 2.0 };
            let probabilities: Vec<(&str, f64)> = labels.iter().copied().zip((0..3).map(probability)).collect();
            let (gold, predicted) = (&[labels[gold]], &[labels[predicted]]);
            outcomes.add(&Outcome { gold, predicted, probabilities: Some(&probabilities), group: None });
        }
    }
    let mistake = Mistake {
        wrong: Some("sport".into()),
        probability: 0.9,
        gold: vec![labels[0].into()],
        predicted: vec!["sport".into()],
        text: "The line was held |\nuntil dawn, said a spokesman who asked not to be named in this report of events."
            .into(),
        source: "test.csv".into(),
        row: 17,
        id: Some("x7".into()),
        explanation: None,
    };
    let facet = outcomes.evaluation(&labels, &Bootstrap::default()).with_mistakes(vec![mistake]);
    Evaluation { rows: 65, facets: vec![facet] }
}

/// What the report writes.
pub(super) fn written(report: &dyn Report, evaluation: &Evaluation) -> String {
    let mut out = Vec::new();
    report.write(evaluation, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
