//! Comparisons for the tests of the formats.

use super::{ComparisonFormat, ComparisonReport, Entrant, EntrantKind};
use crate::evaluate::compare::FacetComparison;
use crate::evaluate::{Bootstrap, Outcome, Outcomes};

pub fn written(report: &ComparisonReport, format: ComparisonFormat) -> String {
    let mut out = Vec::new();
    report.write(format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// 40 rows: `small` is right in the first 30, `large` in the first 38, `theirs` in the first 20.
pub fn several() -> ComparisonReport {
    report("topic", false, &[("small", 30), ("large", 38), ("theirs", 20)])
}

/// Two contestants over rows in groups of four.
pub fn grouped() -> ComparisonReport {
    report("region", true, &[("small", 30), ("large", 31)])
}

fn report(facet: &str, multi_label: bool, contestants: &[(&str, usize)]) -> ComparisonReport {
    let bootstrap = Bootstrap { replicates: 200, ..Bootstrap::default() };
    let outcomes: Vec<Outcomes> = contestants.iter().map(|&(_, right)| outcomes(facet, multi_label, right)).collect();
    let named: Vec<(&str, &Outcomes)> = contestants.iter().map(|&(name, _)| name).zip(&outcomes).collect();
    let entrant = |(i, &(name, _)): (usize, &(&str, usize))| {
        let model = i < 2;
        Entrant {
            name: name.to_owned(),
            kind: if model { EntrantKind::Model } else { EntrantKind::Predictions },
            bytes: model.then_some(123_456),
            rows_per_second: model.then_some(12_345.0),
            training_seconds: None,
        }
    };
    ComparisonReport {
        rows: 40,
        bootstrap,
        entrants: contestants.iter().enumerate().map(entrant).collect(),
        facets: vec![FacetComparison::of(&named, &bootstrap).unwrap()],
    }
}

fn outcomes(facet: &str, multi_label: bool, right: usize) -> Outcomes {
    const LABELS: [&str; 2] = ["conflict, war and peace", "sport"];
    let mut outcomes = Outcomes::new(facet, multi_label);
    for row in 0..40 {
        let gold = usize::from(row % 4 == 0);
        let given = if row < right { gold } else { 1 - gold };
        let group = multi_label.then(|| format!("story {}", row / 4));
        outcomes.add(&Outcome {
            gold: &[LABELS[gold]],
            predicted: &[LABELS[given]],
            group: group.as_deref(),
            ..Outcome::default()
        });
    }
    outcomes
}
