//! What knowing nothing is worth: the same answer for every row.

use super::patterns::Patterns;
use super::tally::share;
use super::{Averages, Outcomes};

/// The figures of giving every row the most frequent gold label and no other, scikit-learn's
/// `DummyClassifier(strategy="most_frequent")`. A model that is not clearly better has learnt nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// The label that most rows have; of several, the first by name.
    pub label: String,
    /// Accuracy; exact match in a multi-label facet.
    pub exact: Option<f64>,
    /// The averages over the labels in gold.
    pub averages: Averages,
}

impl Baseline {
    /// The baseline of these rows; `None` where no row has a label.
    pub fn of(outcomes: &Outcomes) -> Option<Baseline> {
        Self::of_patterns(&Patterns::of(outcomes))
    }

    pub(super) fn of_patterns(patterns: &Patterns) -> Option<Baseline> {
        let support = patterns.counts(&vec![1; patterns.units()]).tallies;
        // `max_by_key` gives the last of several; reversed, that is the first by name.
        let (label, most) = support.iter().enumerate().rev().max_by_key(|(_, tally)| tally.gold)?;
        if most.gold == 0 {
            return None;
        }
        let counts = patterns.counts_of_always(label as u32);
        Some(Baseline {
            label: patterns.labels[label].clone(),
            exact: share(counts.exact, counts.rows),
            averages: Averages::of(&counts.tallies),
        })
    }
}
