//! What every row was and what it was given: the memory behind figures that counts alone cannot give.

use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{Bootstrap, FacetDetails, FacetEvaluation};

/// Probabilities below this are not kept; they count as 0 wherever labels are ranked. Those of gold labels always are.
pub const LEAST_PROBABILITY: f64 = 1e-6;

/// One row, as it is handed over.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome<'a> {
    /// The labels it has; order and repeats do not matter.
    pub gold: &'a [&'a str],
    /// The labels it was given.
    pub predicted: &'a [&'a str],
    /// Labels with their probabilities, each label once; `None` where the tagger has no probabilities.
    pub probabilities: Option<&'a [(&'a str, f64)]>,
    /// Rows of the same group belong together, as the paragraphs of an article do; `None`: a group of its own.
    pub group: Option<&'a str>,
}

/// The rows of one facet, each with its labels, its tags and their probabilities.
///
/// Counts follow from it ([`counts`](Self::counts)), and so does all that needs single rows: intervals, curves,
/// calibration, comparisons. About 30 bytes a row and 12 for each probability of at least [`LEAST_PROBABILITY`].
#[derive(Clone, Debug)]
pub struct Outcomes {
    name: String,
    multi_label: bool,
    /// Labels by number, in order of first appearance, which no result may depend on.
    labels: Vec<String>,
    numbers: HashMap<String, u32, FixedState>,
    rows: Vec<Row>,
    /// Numbers of gold, then predicted labels, row after row; each part ascending by number.
    sets: Vec<u32>,
    scored: Vec<u32>,
    probabilities: Vec<f64>,
    groups: BTreeMap<String, u32>,
}

/// Where a row's parts end; each begins where that of the row before ends.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    gold_end: usize,
    predicted_end: usize,
    scored_end: usize,
    has_probabilities: bool,
    group: Option<u32>,
}

/// One row, as it is kept. Numbers are those of [`Outcomes::labels`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutcomeRow<'a> {
    /// The labels it has, ascending by number.
    pub gold: &'a [u32],
    /// The labels it was given, ascending by number.
    pub predicted: &'a [u32],
    /// The probabilities that were kept: numbers and values side by side. `None` where the tagger had none.
    pub probabilities: Option<(&'a [u32], &'a [f64])>,
    /// The number of its group.
    pub group: Option<u32>,
}

impl Outcomes {
    /// A facet without rows.
    pub fn new(name: &str, multi_label: bool) -> Self {
        Outcomes {
            name: name.to_owned(),
            multi_label,
            labels: Vec::new(),
            numbers: HashMap::default(),
            rows: Vec::new(),
            sets: Vec::new(),
            scored: Vec::new(),
            probabilities: Vec::new(),
            groups: BTreeMap::new(),
        }
    }

    /// Takes one row.
    pub fn add(&mut self, outcome: &Outcome<'_>) {
        self.add_set(outcome.gold);
        let gold_end = self.sets.len();
        self.add_set(outcome.predicted);
        for &(label, probability) in outcome.probabilities.unwrap_or_default() {
            if probability >= LEAST_PROBABILITY || outcome.gold.contains(&label) {
                let number = self.number(label);
                self.scored.push(number);
                self.probabilities.push(probability);
            }
        }
        let group = outcome.group.map(|group| match self.groups.get(group) {
            Some(&number) => number,
            None => {
                let number = self.groups.len() as u32;
                self.groups.insert(group.to_owned(), number);
                number
            }
        });
        self.rows.push(Row {
            gold_end,
            predicted_end: self.sets.len(),
            scored_end: self.scored.len(),
            has_probabilities: outcome.probabilities.is_some(),
            group,
        });
    }

    /// The facet's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a row can have several labels.
    pub fn multi_label(&self) -> bool {
        self.multi_label
    }

    /// The labels by their numbers, in order of first appearance. Sort by name whatever is shown or summed.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The labels in byte order, and the place in it of each number.
    pub(super) fn labels_in_order(&self) -> (Vec<String>, Vec<u32>) {
        let mut ranks = vec![0; self.labels.len()];
        let mut ascending: Vec<u32> = (0..self.labels.len() as u32).collect();
        ascending.sort_unstable_by_key(|&number| &self.labels[number as usize]);
        for (rank, &number) in (0..).zip(&ascending) {
            ranks[number as usize] = rank;
        }
        (ascending.iter().map(|&number| self.labels[number as usize].clone()).collect(), ranks)
    }

    /// The groups by name, with their numbers.
    pub fn groups(&self) -> &BTreeMap<String, u32> {
        &self.groups
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row, counted from 0.
    ///
    /// # Panics
    /// Where there is no such row.
    pub fn row(&self, index: usize) -> OutcomeRow<'_> {
        let before = index.checked_sub(1).map_or_else(Row::default, |before| self.rows[before]);
        let row = self.rows[index];
        let scored = before.scored_end..row.scored_end;
        OutcomeRow {
            gold: &self.sets[before.predicted_end..row.gold_end],
            predicted: &self.sets[row.gold_end..row.predicted_end],
            probabilities: row.has_probabilities.then(|| (&self.scored[scored.clone()], &self.probabilities[scored])),
            group: row.group,
        }
    }

    /// All rows, in the order in which they came.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = OutcomeRow<'_>> {
        (0..self.len()).map(|index| self.row(index))
    }

    /// The counts of these rows.
    pub fn counts(&self) -> FacetEvaluation {
        let mut counts = FacetEvaluation::new(&self.name, self.multi_label);
        let names = |numbers: &[u32]| numbers.iter().map(|&n| self.labels[n as usize].as_str()).collect::<Vec<_>>();
        for row in self.rows() {
            counts.add(&names(row.gold), &names(row.predicted));
        }
        counts
    }

    /// The counts of these rows, and [all that they cannot say](FacetDetails::of).
    pub fn evaluation<S: AsRef<str>>(&self, labels: &[S], bootstrap: &Bootstrap) -> FacetEvaluation {
        self.counts().with_details(FacetDetails::of(self, labels, bootstrap))
    }

    fn add_set(&mut self, labels: &[&str]) {
        let mut numbers: Vec<u32> = labels.iter().map(|label| self.number(label)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        self.sets.extend(numbers);
    }

    fn number(&mut self, label: &str) -> u32 {
        if let Some(&number) = self.numbers.get(label) {
            return number;
        }
        let number = self.labels.len() as u32;
        self.labels.push(label.to_owned());
        self.numbers.insert(label.to_owned(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_out_as_it_went_in() {
        let mut topic = Outcomes::new("topic", true);
        topic.add(&Outcome { gold: &["b", "a", "b"], predicted: &["c"], ..Outcome::default() });
        topic.add(&Outcome {
            gold: &["c"],
            predicted: &[],
            probabilities: Some(&[("a", 0.25), ("b", 1e-9), ("c", 1e-9)]),
            group: Some("x"),
        });
        assert_eq!(topic.labels(), ["b", "a", "c"]);
        let rows: Vec<OutcomeRow<'_>> = topic.rows().collect();
        assert_eq!(rows[0], OutcomeRow { gold: &[0, 1], predicted: &[2], probabilities: None, group: None });
        let kept: (&[u32], &[f64]) = (&[1, 2], &[0.25, 1e-9]);
        assert_eq!(rows[1], OutcomeRow { gold: &[2], predicted: &[], probabilities: Some(kept), group: Some(0) });
        assert_eq!(topic.counts().rows(), 2);
    }
}
