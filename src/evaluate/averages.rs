//! Many labels in three figures: micro, macro and weighted averages, named by how they average.

use serde::Serialize;

use super::{Scores, Tally};

/// The averages over the labels L that occur in gold or prediction, as defined in scikit-learn's *Multiclass and
/// multilabel classification* (user guide, `modules/model_evaluation.html`) and `classification_report`.
///
/// A label whose figure is undefined counts 0 inside `macro_` and `weighted` (scikit-learn's `zero_division=0`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Averages {
    /// The scores of the summed tallies, Σ correct / Σ predicted and so on: every row counts alike. Undefined by the
    /// rules of [`Tally`], so precision is undefined when no row was given any label.
    pub micro: Scores,
    /// The plain mean over labels, Σ score(l) / |L|: every label counts alike. Undefined when no label occurs.
    #[serde(rename = "macro")]
    pub macro_: Scores,
    /// The mean weighted by support, Σ gold(l) · score(l) / Σ gold(l). Undefined when no row has a gold label, where
    /// scikit-learn prints 0 after a warning.
    pub weighted: Scores,
}

impl Averages {
    /// Averages over tallies, one per label. The sums are taken in the order given: hand them over in sorted order to
    /// have the same bits every time.
    pub fn of<'a>(tallies: impl IntoIterator<Item = &'a Tally>) -> Averages {
        let mut pooled = Tally::default();
        let mut by_label = Mean::default();
        let mut by_support = Mean::default();
        for tally in tallies.into_iter().filter(|tally| tally.occurs()) {
            pooled += *tally;
            by_label.add(tally, 1.0);
            by_support.add(tally, tally.gold as f64);
        }
        Averages { micro: pooled.scores(), macro_: by_label.scores(), weighted: by_support.scores() }
    }
}

/// A weighted mean of the three scores.
#[derive(Default)]
struct Mean {
    precision: f64,
    recall: f64,
    f1: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, tally: &Tally, weight: f64) {
        self.precision += weight * tally.precision().unwrap_or(0.0);
        self.recall += weight * tally.recall().unwrap_or(0.0);
        self.f1 += weight * tally.f1().unwrap_or(0.0);
        self.weight += weight;
    }

    fn scores(&self) -> Scores {
        let mean = |sum: f64| (self.weight > 0.0).then(|| sum / self.weight);
        Scores { precision: mean(self.precision), recall: mean(self.recall), f1: mean(self.f1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undefined_label_counts_zero_and_an_absent_one_not_at_all() {
        let right = Tally { gold: 3, predicted: 3, correct: 3 };
        let never_predicted = Tally { gold: 1, predicted: 0, correct: 0 };
        let averages = Averages::of(&[right, never_predicted, Tally::default()]);
        assert_eq!(averages.micro.precision, Some(1.0));
        assert_eq!(averages.macro_.precision, Some(0.5));
        assert_eq!(averages.weighted.precision, Some(0.75));
    }

    #[test]
    fn without_labels_every_average_is_undefined() {
        assert_eq!(Averages::of(&[]), Averages::default());
    }

    #[test]
    fn without_support_nothing_can_be_weighted_by_it() {
        let averages = Averages::of(&[Tally { gold: 0, predicted: 2, correct: 0 }]);
        assert_eq!(averages.weighted, Scores::default());
        assert_eq!(averages.macro_.recall, Some(0.0));
        assert_eq!(averages.micro.recall, None);
    }
}
