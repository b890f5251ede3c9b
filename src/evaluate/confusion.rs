//! Which label was taken for which: counted pairs of a gold and a predicted label.
//!
//! Only pairs that occur are stored, because a thousand labels would make a million cells, nearly all of them 0.

use std::collections::BTreeMap;

use serde::Serialize;

/// Of one row, at most this many missed and this many wrongly given labels are paired (the first in label order).
/// A row pairs each with each, so a hostile row with thousands of labels would otherwise cost millions of cells.
pub(super) const PAIRED_LABELS: usize = 64;

/// A pair of labels and the rows in which they met.
///
/// What meets in a row, for every kind of facet, is: each correct label with itself; each missed gold label with each
/// wrongly given label; where only one side is left over, each label of that side with `None`; and `None` with `None`
/// where the row has no label and was rightly given none.
///
/// - **Single-label**: each row counts in exactly one pair. The pairs are the non-zero cells of scikit-learn's
///   `confusion_matrix` (rows gold, columns predicted) with one more column, `None`, for rows that were given no tag.
/// - **Multi-label**: a row counts once in each of its pairs, so the counts do not add up to rows. A pair says "in so
///   many rows this label was missed and that one wrongly given"; of a row, at most the first 64 missed and the first
///   64 wrongly given labels (in label order) are paired.
///
/// In JSON: `{"gold":"sport","predicted":"arts","rows":3}`, `null` for `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ConfusionPair<'a> {
    /// The label in truth. `None`: no gold label was left over to be missed.
    pub gold: Option<&'a str>,
    /// The label given. `None`: no label was given in its place.
    pub predicted: Option<&'a str>,
    /// In how many rows; at least 1.
    pub rows: u64,
}

impl ConfusionPair<'_> {
    /// Whether the pair is a mistake, off the diagonal.
    pub fn is_mistake(&self) -> bool {
        self.gold != self.predicted
    }
}

/// Number of a label in its facet, in order of first appearance: an affair of one [`FacetEvaluation`], not a result.
///
/// [`FacetEvaluation`]: super::FacetEvaluation
pub(super) type Interned = u32;

/// The counts behind the pairs, keyed by gold and predicted.
#[derive(Clone, Debug, Default)]
pub(super) struct Confusion {
    rows: BTreeMap<(Option<Interned>, Option<Interned>), u64>,
}

impl Confusion {
    /// Counts one row; the slices are disjoint and in label order.
    pub fn add(&mut self, correct: &[Interned], missed: &[Interned], wrong: &[Interned]) {
        for &label in correct {
            self.count(Some(label), Some(label), 1);
        }
        let missed = &missed[..missed.len().min(PAIRED_LABELS)];
        let wrong = &wrong[..wrong.len().min(PAIRED_LABELS)];
        match (missed, wrong) {
            ([], []) if correct.is_empty() => self.count(None, None, 1),
            (_, []) => missed.iter().for_each(|&gold| self.count(Some(gold), None, 1)),
            ([], _) => wrong.iter().for_each(|&predicted| self.count(None, Some(predicted), 1)),
            _ => {
                for &gold in missed {
                    wrong.iter().for_each(|&predicted| self.count(Some(gold), Some(predicted), 1));
                }
            }
        }
    }

    /// Adds the counts of another facet evaluation, whose label `i` is `renamed[i]` here.
    pub fn merge(&mut self, other: &Confusion, renamed: &[Interned]) {
        let here = |label: Option<Interned>| label.map(|label| renamed[label as usize]);
        for (&(gold, predicted), &rows) in &other.rows {
            self.count(here(gold), here(predicted), rows);
        }
    }

    /// The pairs by name, most rows first, ties by gold and then predicted label, `None` after every label.
    pub fn pairs<'a>(&self, names: &[&'a str]) -> Vec<ConfusionPair<'a>> {
        let name = |label: Option<Interned>| label.map(|label| names[label as usize]);
        let mut pairs: Vec<ConfusionPair<'a>> = self
            .rows
            .iter()
            .map(|(&(gold, predicted), &rows)| ConfusionPair { gold: name(gold), predicted: name(predicted), rows })
            .collect();
        let last = |label: Option<&'a str>| (label.is_none(), label);
        pairs.sort_unstable_by(|a, b| {
            b.rows.cmp(&a.rows).then_with(|| (last(a.gold), last(a.predicted)).cmp(&(last(b.gold), last(b.predicted))))
        });
        pairs
    }

    fn count(&mut self, gold: Option<Interned>, predicted: Option<Interned>, rows: u64) {
        *self.rows.entry((gold, predicted)).or_default() += rows;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["arts", "health", "sport", "war"];

    fn pairs_of(rows: &[(&[u32], &[u32], &[u32])]) -> Vec<String> {
        let mut confusion = Confusion::default();
        for (correct, missed, wrong) in rows {
            confusion.add(correct, missed, wrong);
        }
        let show = |label: Option<&str>| label.unwrap_or("-").to_owned();
        confusion
            .pairs(&NAMES)
            .iter()
            .map(|pair| format!("{} {} {}", show(pair.gold), show(pair.predicted), pair.rows))
            .collect()
    }

    #[test]
    fn each_missed_label_meets_each_wrong_one() {
        assert_eq!(pairs_of(&[(&[0], &[1, 2], &[3])]), ["arts arts 1", "health war 1", "sport war 1"]);
    }

    #[test]
    fn what_is_left_over_meets_nothing() {
        assert_eq!(pairs_of(&[(&[0], &[2], &[])]), ["arts arts 1", "sport - 1"]);
        assert_eq!(pairs_of(&[(&[], &[], &[3])]), ["- war 1"]);
        assert_eq!(pairs_of(&[(&[], &[], &[])]), ["- - 1"]);
    }

    #[test]
    fn pairs_are_sorted_by_rows_then_names_with_nothing_last() {
        let rows: [(&[u32], &[u32], &[u32]); 6] = [
            (&[], &[], &[0]),
            (&[], &[0], &[]),
            (&[], &[0], &[3]),
            (&[], &[0], &[1]),
            (&[2], &[], &[]),
            (&[2], &[], &[]),
        ];
        assert_eq!(pairs_of(&rows), ["sport sport 2", "arts health 1", "arts war 1", "arts - 1", "- arts 1"]);
    }

    #[test]
    fn a_row_of_thousands_of_labels_costs_a_bounded_number_of_pairs() {
        let mut confusion = Confusion::default();
        let missed: Vec<u32> = (0..5_000).collect();
        let wrong: Vec<u32> = (5_000..10_000).collect();
        confusion.add(&[], &missed, &wrong);
        assert_eq!(confusion.rows.len(), PAIRED_LABELS * PAIRED_LABELS);
    }
}
