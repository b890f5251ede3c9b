//! Two contestants, label by label.

use serde::Serialize;

use super::joint::Joint;
use crate::evaluate::{McNemar, Tally};

/// One label in the answers of two contestants.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelComparison {
    /// The label.
    pub label: String,
    /// Rows that have it.
    pub support: u64,
    /// F1 of the baseline; undefined where it neither stands in gold nor was given.
    pub baseline_f1: Option<f64>,
    /// F1 of the challenger.
    pub challenger_f1: Option<f64>,
    /// The test of rows in which only one decides rightly whether the label is there; the first is the baseline.
    /// `None` where rows are grouped.
    pub test: Option<McNemar>,
    /// Its p-value after Holm's correction over all labels (and comparisons) of the facet.
    pub p_holm: Option<f64>,
}

impl LabelComparison {
    /// F1 of the challenger less that of the baseline; an undefined one counts 0, as inside macro-F1.
    pub fn difference(&self) -> f64 {
        self.challenger_f1.unwrap_or(0.0) - self.baseline_f1.unwrap_or(0.0)
    }
}

/// All labels that occur in gold or in an answer of the two.
pub(super) fn compare(joint: &Joint, challenger: usize, tallies: &[Vec<Tally>]) -> Vec<LabelComparison> {
    let mut only_right = vec![(0, 0); joint.labels.len()];
    for row in &joint.rows {
        let (baseline, challenger) = (&row.given[0], &row.given[challenger]);
        let is_gold = |label| row.gold.binary_search(label).is_ok();
        // Where both or neither give a label, both are right or both are wrong.
        for label in baseline.iter().filter(|label| challenger.binary_search(label).is_err()) {
            let (first, second) = &mut only_right[*label as usize];
            *(if is_gold(label) { first } else { second }) += 1;
        }
        for label in challenger.iter().filter(|label| baseline.binary_search(label).is_err()) {
            let (first, second) = &mut only_right[*label as usize];
            *(if is_gold(label) { second } else { first }) += 1;
        }
    }
    let mut labels = Vec::new();
    for (i, name) in joint.labels.iter().enumerate() {
        let (first, second) = (tallies[0][i], tallies[challenger][i]);
        if first.occurs() || second.occurs() {
            labels.push(LabelComparison {
                label: name.clone(),
                support: first.gold,
                baseline_f1: first.f1(),
                challenger_f1: second.f1(),
                test: (!joint.grouped).then(|| McNemar::exact(only_right[i].0, only_right[i].1)),
                p_holm: None,
            });
        }
    }
    labels
}
