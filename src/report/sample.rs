//! Evaluations to show in tests.

use super::Report;
use crate::evaluate::{Evaluation, FacetEvaluation};

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

/// What the report writes.
pub(super) fn written(report: &dyn Report, evaluation: &Evaluation) -> String {
    let mut out = Vec::new();
    report.write(evaluation, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
