//! How well probabilities rank: precision-recall curves, average precision, top-k accuracy.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::{LEAST_PROBABILITY, OutcomeRow, Outcomes};

/// The k of [`Ranking::top_k`].
pub const TOP_K: [u32; 4] = [1, 2, 3, 5];

/// Points of a thinned curve, at most.
const CURVE_POINTS: usize = 100;

/// How well the probabilities put right before wrong. Only rows that have probabilities take part; below
/// [`LEAST_PROBABILITY`] they count as 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Per label with gold rows: how well its own probability ranks the rows.
    pub labels: BTreeMap<String, LabelRanking>,
    /// The plain mean of the labels' average precision: every label counts alike. `None` where no row has a gold label.
    pub mean_average_precision: Option<f64>,
    /// The share of rows with a gold label that have one among the k most probable labels (ties go to the first by name;
    /// a label of probability 0 is never among them). In a single-label facet that is scikit-learn's
    /// `top_k_accuracy_score`, in a multi-label one it asks for *a* gold label, not for all. Each k of [`TOP_K`] that is
    /// smaller than the number of labels.
    pub top_k: BTreeMap<u32, f64>,
}

/// How well the probability of one label ranks the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelRanking {
    /// Σ_n (R_n − R_{n−1}) P_n over the distinct probabilities from the largest down, P_n and R_n being precision and
    /// recall of the rows at least as probable: scikit-learn's `average_precision_score`.
    pub average_precision: f64,
    /// Points of scikit-learn's `precision_recall_curve` by rising recall, at most a hundred: where several have the same
    /// recall, the one of highest precision.
    pub curve: Vec<CurvePoint>,
}

/// What a label's precision and recall would be, if all rows from a probability on were given it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Of the rows at least as probable, the share that has the label.
    pub precision: f64,
    /// Of the rows that have the label, the share that is at least as probable.
    pub recall: f64,
    /// The probability.
    pub probability: f64,
}

impl Ranking {
    /// The ranking of these rows; `None` where no row has probabilities. `labels` is the number of labels that the
    /// probabilities are spread over.
    pub fn of(outcomes: &Outcomes, labels: usize) -> Option<Ranking> {
        let with_probabilities = |row: &OutcomeRow<'_>| row.probabilities.is_some();
        let rows = outcomes.rows().filter(with_probabilities).count();
        if rows == 0 {
            return None;
        }
        let mut by_label: Vec<Scored> = vec![Scored::default(); outcomes.labels().len()];
        for row in outcomes.rows() {
            let Some((scored, probabilities)) = row.probabilities else { continue };
            row.gold.iter().for_each(|&label| by_label[label as usize].gold += 1);
            for (&label, &probability) in scored.iter().zip(probabilities) {
                if probability >= LEAST_PROBABILITY {
                    by_label[label as usize].rows.push((probability, row.gold.contains(&label)));
                }
            }
        }
        let names = outcomes.labels();
        let ranked = by_label.into_par_iter().zip(names).filter(|(scored, _)| scored.gold > 0);
        let ranked = ranked.map(|(scored, name)| (name.clone(), scored.ranking(rows)));
        let labels_ranked: BTreeMap<String, LabelRanking> = ranked.collect();
        let sum: f64 = labels_ranked.values().map(|label| label.average_precision).sum();
        let mean = (!labels_ranked.is_empty()).then(|| sum / labels_ranked.len() as f64);
        Some(Ranking { labels: labels_ranked, mean_average_precision: mean, top_k: top_k(outcomes, labels) })
    }
}

/// A label's rows with a probability, and how many have it in gold.
#[derive(Clone, Default)]
struct Scored {
    rows: Vec<(f64, bool)>,
    gold: u64,
}

impl Scored {
    fn ranking(mut self, all_rows: usize) -> LabelRanking {
        self.rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut found = LabelRanking { average_precision: 0.0, curve: Vec::new() };
        let (mut rows, mut right) = (0, 0);
        for level in self.rows.chunk_by(|a, b| a.0 == b.0) {
            rows += level.len();
            let new = level.iter().filter(|(_, gold)| *gold).count() as u64;
            right += new;
            found.add(rows, right, new, self.gold, level[0].0);
        }
        if right < self.gold {
            // All rows that are left stand at 0 together.
            found.add(all_rows, self.gold, self.gold - right, self.gold, 0.0);
        }
        found.average_precision /= self.gold as f64;
        found.curve = thinned(&found.curve);
        found
    }
}

impl LabelRanking {
    fn add(&mut self, rows: usize, right: u64, new: u64, gold: u64, probability: f64) {
        if new == 0 {
            return;
        }
        let precision = right as f64 / rows as f64;
        // Divided by all gold rows at the end, so that a perfect ranking has 1 to the last bit.
        self.average_precision += new as f64 * precision;
        self.curve.push(CurvePoint { precision, recall: right as f64 / gold as f64, probability });
    }
}

/// The first and the last point, and between them the first at each step of recall.
fn thinned(curve: &[CurvePoint]) -> Vec<CurvePoint> {
    if curve.len() <= CURVE_POINTS {
        return curve.to_vec();
    }
    let steps = CURVE_POINTS - 1;
    let first_at = |step: usize| curve.partition_point(|point| point.recall < step as f64 / steps as f64);
    let mut places: Vec<usize> = (0..=steps).map(|step| first_at(step).min(curve.len() - 1)).collect();
    places.dedup();
    places.into_iter().map(|place| curve[place]).collect()
}

fn top_k(outcomes: &Outcomes, labels: usize) -> BTreeMap<u32, f64> {
    let (_, ranks) = outcomes.labels_in_order();
    let (mut rows, mut hits) = (0_u64, [0_u64; TOP_K.len()]);
    for row in outcomes.rows().filter(|row| !row.gold.is_empty()) {
        let Some((scored, probabilities)) = row.probabilities else { continue };
        rows += 1;
        let kept = || scored.iter().zip(probabilities).filter(|(_, p)| **p >= LEAST_PROBABILITY);
        // Ascending: the more probable first, ties by name.
        let order =
            |a: (&u32, &f64), b: (&u32, &f64)| b.1.total_cmp(a.1).then(ranks[*a.0 as usize].cmp(&ranks[*b.0 as usize]));
        let Some(best) = kept().filter(|(label, _)| row.gold.contains(label)).min_by(|a, b| order(*a, *b)) else {
            continue;
        };
        let before = kept().filter(|&other| order(other, best).is_lt()).count();
        for (hits, &k) in hits.iter_mut().zip(&TOP_K) {
            *hits += u64::from(before < k as usize);
        }
    }
    let shares = TOP_K.iter().zip(hits).filter(|(k, _)| rows > 0 && (**k as usize) < labels);
    shares.map(|(&k, hits)| (k, hits as f64 / rows as f64)).collect()
}
