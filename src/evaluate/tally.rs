//! Three integers per label, from which every figure about it follows.
//!
//! Counts add up over rows, files and threads without loss; shares do not. So counts are kept, and precision, recall
//! and F1 are derived when someone asks (fastText's `meter.h` does the same).

use std::ops::AddAssign;

use super::Scores;

/// What happened to one label over all rows: three counts of rows.
///
/// Letters as in scikit-learn's *Precision, recall and F-measures* (user guide, `modules/model_evaluation.html`):
/// tp = `correct`, fp = `predicted - correct`, fn = `gold - correct`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that have the label in truth: its support.
    pub gold: u64,
    /// Rows that were given the label.
    pub predicted: u64,
    /// Rows that have the label and were given it; never more than either of the other two.
    pub correct: u64,
}

impl Tally {
    /// Of the rows given the label, the share that has it: tp / (tp + fp). `None` when no row was given the label.
    pub fn precision(&self) -> Option<f64> {
        share(self.correct, self.predicted)
    }

    /// Of the rows that have the label, the share that was given it: tp / (tp + fn). `None` when no row has the label.
    pub fn recall(&self) -> Option<f64> {
        share(self.correct, self.gold)
    }

    /// The harmonic mean of precision and recall, 2·tp / (2·tp + fp + fn) = 2·correct / (predicted + gold).
    ///
    /// `None` when no row has the label and none was given it. Where only one of precision and recall is undefined,
    /// F1 is 0, as scikit-learn's `f1_score` has it.
    pub fn f1(&self) -> Option<f64> {
        share(2 * self.correct, self.predicted + self.gold)
    }

    /// The three figures together.
    pub fn scores(&self) -> Scores {
        Scores { precision: self.precision(), recall: self.recall(), f1: self.f1() }
    }

    /// Whether the label occurs in gold or prediction; averages run over the labels that do.
    pub fn occurs(&self) -> bool {
        self.gold > 0 || self.predicted > 0
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.gold += other.gold;
        self.predicted += other.predicted;
        self.correct += other.correct;
    }
}

/// `part / whole`, undefined when the whole is 0. Exact to the last bit for counts below 2⁵³.
pub(super) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_scores(gold: u64, predicted: u64, correct: u64, expected: [Option<f64>; 3]) {
        let scores = Tally { gold, predicted, correct }.scores();
        assert_eq!([scores.precision, scores.recall, scores.f1], expected, "{gold} {predicted} {correct}");
    }

    #[test]
    fn scores_follow_from_the_three_counts() {
        assert_scores(4, 8, 2, [Some(0.25), Some(0.5), Some(4.0 / 12.0)]);
        assert_scores(3, 3, 3, [Some(1.0), Some(1.0), Some(1.0)]);
    }

    #[test]
    fn a_zero_denominator_is_undefined_not_zero() {
        assert_scores(3, 0, 0, [None, Some(0.0), Some(0.0)]);
        assert_scores(0, 3, 0, [Some(0.0), None, Some(0.0)]);
        assert_scores(0, 0, 0, [None, None, None]);
    }
}
