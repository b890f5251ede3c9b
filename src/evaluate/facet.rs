//! One facet, scored row by row.

use std::collections::BTreeMap;

use super::confusion::{Confusion, Interned};
use super::tally::share;
use super::{Averages, ConfusionPair, FacetDetails, Mistake, Tally};

/// What was right and what was wrong in one facet: counts only, every figure is derived.
///
/// Labels are whatever occurs in gold or prediction, so a gold label that the model never learnt counts, too. Both
/// sides of a row are sets: order and repeats do not matter.
///
/// A row left without a tag counts against recall, accuracy and [`coverage`](Self::coverage), not against precision,
/// as if it had been given a special label over which nothing is averaged.
///
/// An empty gold set says "none of these", which no tag at all gets right. Rows that are *not labelled* in this facet
/// tell nothing about it: leave them out.
///
/// ```
/// use wiredesk::evaluate::FacetEvaluation;
///
/// let mut topic = FacetEvaluation::new("topic", false);
/// topic.add(&["sport"], &["sport"]);
/// topic.add(&["sport"], &["arts"]);
/// assert_eq!(topic.accuracy(), Some(0.5));
/// assert_eq!(topic.averages().macro_.precision, Some(0.5));
/// ```
#[derive(Clone, Debug)]
pub struct FacetEvaluation {
    name: String,
    multi_label: bool,
    rows: u64,
    exact: u64,
    tagged: u64,
    ids: BTreeMap<String, Interned>,
    tallies: Vec<Tally>,
    confusion: Confusion,
    details: Option<Box<FacetDetails>>,
    mistakes: Option<Vec<Mistake>>,
}

impl FacetEvaluation {
    /// A facet without rows. `multi_label` decides whether the share of exactly right rows is called
    /// [`accuracy`](Self::accuracy) or [`exact_match`](Self::exact_match); nothing else depends on it.
    pub fn new(name: &str, multi_label: bool) -> Self {
        FacetEvaluation {
            name: name.to_owned(),
            multi_label,
            rows: 0,
            exact: 0,
            tagged: 0,
            ids: BTreeMap::new(),
            tallies: Vec::new(),
            confusion: Confusion::default(),
            details: None,
            mistakes: None,
        }
    }

    /// Counts one row: the labels it has and the labels it was given.
    pub fn add(&mut self, gold: &[&str], predicted: &[&str]) {
        let gold = sorted_set(gold);
        let predicted = sorted_set(predicted);
        self.rows += 1;
        self.exact += u64::from(gold == predicted);
        self.tagged += u64::from(!predicted.is_empty());

        let (mut correct, mut missed, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for label in &gold {
            let id = self.intern(label);
            self.tallies[id as usize].gold += 1;
            if predicted.binary_search(label).is_ok() {
                self.tallies[id as usize].correct += 1;
                correct.push(id);
            } else {
                missed.push(id);
            }
        }
        for label in &predicted {
            let id = self.intern(label);
            self.tallies[id as usize].predicted += 1;
            if gold.binary_search(label).is_err() {
                wrong.push(id);
            }
        }
        self.confusion.add(&correct, &missed, &wrong);
    }

    /// Adds the rows of another evaluation of the same facet, say another thread's. The figures are then the same to
    /// the last bit as if all rows had been added to one, in any order. Name and kind stay those of `self`.
    pub fn merge(&mut self, other: &FacetEvaluation) {
        self.rows += other.rows;
        self.exact += other.exact;
        self.tagged += other.tagged;
        let renamed: Vec<Interned> = other.names().iter().map(|name| self.intern(name)).collect();
        for (tally, &id) in other.tallies.iter().zip(&renamed) {
            self.tallies[id as usize] += *tally;
        }
        self.confusion.merge(&other.confusion, &renamed);
        (self.details, self.mistakes) = (None, None);
    }

    /// With what counts alone cannot say; [`FacetDetails::of`] the outcomes that were counted.
    pub fn with_details(self, details: FacetDetails) -> Self {
        FacetEvaluation { details: Some(Box::new(details)), ..self }
    }

    /// With the rows it was surely wrong about, surest first.
    pub fn with_mistakes(self, mistakes: Vec<Mistake>) -> Self {
        FacetEvaluation { mistakes: Some(mistakes), ..self }
    }

    /// Without them, when they have been written elsewhere.
    pub fn without_mistakes(self) -> Self {
        FacetEvaluation { mistakes: None, ..self }
    }

    /// Intervals, baseline, ranking, calibration; where somebody computed them.
    pub fn details(&self) -> Option<&FacetDetails> {
        self.details.as_deref()
    }

    /// The mistakes, where somebody asked for them.
    pub fn mistakes(&self) -> Option<&[Mistake]> {
        self.mistakes.as_deref()
    }

    /// The name of the facet.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a row can have several labels.
    pub fn multi_label(&self) -> bool {
        self.multi_label
    }

    /// How many rows were scored.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Single-label: the share of rows whose label is right (scikit-learn's `accuracy_score`). `None` for a multi-label
    /// facet and for zero rows.
    pub fn accuracy(&self) -> Option<f64> {
        self.exact_share().filter(|_| !self.multi_label)
    }

    /// Multi-label: the share of rows whose set of labels is exactly right (subset accuracy: `accuracy_score` of
    /// scikit-learn on indicator matrices). `None` for a single-label facet and for zero rows.
    pub fn exact_match(&self) -> Option<f64> {
        self.exact_share().filter(|_| self.multi_label)
    }

    /// The share of rows that were given at least one label. `None` for zero rows.
    pub fn coverage(&self) -> Option<f64> {
        share(self.tagged, self.rows)
    }

    /// Micro, macro and weighted averages over the labels that occur.
    pub fn averages(&self) -> Averages {
        Averages::of(self.labels().map(|(_, tally)| tally))
    }

    /// The labels that occur in gold or prediction, in byte order, with their tallies.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = (&str, &Tally)> {
        self.ids.iter().map(|(name, &id)| (name.as_str(), &self.tallies[id as usize]))
    }

    /// Which label was taken for which, correct pairs included: most rows first, ties by gold and then predicted label.
    pub fn confusion(&self) -> Vec<ConfusionPair<'_>> {
        self.confusion.pairs(&self.names())
    }

    /// The most frequent mistakes, at most `limit`, in the order of [`confusion`](Self::confusion).
    pub fn most_confused(&self, limit: usize) -> Vec<ConfusionPair<'_>> {
        let mut pairs = self.confusion();
        pairs.retain(ConfusionPair::is_mistake);
        pairs.truncate(limit);
        pairs
    }

    /// The share of rows whose gold and predicted sets are equal, whatever the facet calls it.
    pub(super) fn exact_share(&self) -> Option<f64> {
        share(self.exact, self.rows)
    }

    /// The labels by their interned numbers.
    fn names(&self) -> Vec<&str> {
        let mut names = vec![""; self.ids.len()];
        for (name, &id) in &self.ids {
            names[id as usize] = name;
        }
        names
    }

    fn intern(&mut self, label: &str) -> Interned {
        if let Some(&id) = self.ids.get(label) {
            return id;
        }
        let id = self.tallies.len() as Interned;
        self.ids.insert(label.to_owned(), id);
        self.tallies.push(Tally::default());
        id
    }
}

fn sorted_set<'a>(labels: &[&'a str]) -> Vec<&'a str> {
    let mut set = labels.to_vec();
    set.sort_unstable();
    set.dedup();
    set
}
