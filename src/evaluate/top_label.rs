//! The most probable label of each row: how probable, and whether it is right.

use super::{LEAST_PROBABILITY, OutcomeRow, Outcomes};

/// The most probable label of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TopLabel {
    /// Its probability; 0 for a row without any.
    pub probability: f64,
    /// Whether it is a gold label.
    pub right: bool,
}

/// The most probable labels of all rows that have probabilities, surest first, wrong ones first among equals: in an order
/// that sums can follow, since it does not depend on the order of the rows.
pub(super) fn top_labels(outcomes: &Outcomes) -> Vec<TopLabel> {
    let (_, ranks) = outcomes.labels_in_order();
    let top = |row: OutcomeRow<'_>| {
        let (labels, probabilities) = row.probabilities?;
        let kept = labels.iter().zip(probabilities).filter(|(_, p)| **p >= LEAST_PROBABILITY);
        // Of labels that are equal, the first by name is the top, as it is in tagging.
        let top = kept.max_by(|a, b| a.1.total_cmp(b.1).then(ranks[*b.0 as usize].cmp(&ranks[*a.0 as usize])));
        Some(top.map_or(TopLabel { probability: 0.0, right: false }, |(label, &probability)| TopLabel {
            probability,
            right: row.gold.contains(label),
        }))
    };
    let mut tops: Vec<TopLabel> = outcomes.rows().filter_map(top).collect();
    tops.sort_unstable_by(|a, b| b.probability.total_cmp(&a.probability).then(a.right.cmp(&b.right)));
    tops
}
