//! Whether probabilities mean what they say.

use serde::Serialize;

use super::top_label::top_labels;
use super::{LEAST_PROBABILITY, Outcomes};

/// How many bins a reliability table has.
pub const RELIABILITY_BINS: usize = 15;

/// How far probabilities can be taken at their word.
///
/// Only rows that have probabilities take part. A gold label that the model does not know has probability 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Expected calibration error of the most probable label: the mean distance between its probability and how often
    /// it is right, Σ_b n_b/n |right_b − probability_b| over the bins (Guo et al., *On Calibration of Modern Neural
    /// Networks*, ICML 2017). A row without any probability counts as 0, and as not right.
    pub ece: f64,
    /// Brier score, the mean squared distance of probabilities from the truth y, 1 or 0. Single-label: mean over rows of
    /// Σ_k (p_k − y_k)², from 0 to 2 (Brier 1950; scikit-learn's `brier_score_loss` of several classes). Multi-label:
    /// the mean over rows and labels of (p − y)².
    pub brier: f64,
    /// Log loss, natural logarithm, probabilities clipped to at least [`LEAST_PROBABILITY`] and at most one less that.
    /// Single-label: mean over rows of −ln p of the gold label (of several, the mean). Multi-label: the mean over rows and
    /// labels of −ln p where the label is gold and −ln(1 − p) where it is not.
    pub log_loss: f64,
    /// The reliability table: [`RELIABILITY_BINS`] bins of equal width, those without rows included.
    pub bins: Vec<ReliabilityBin>,
}

/// The rows whose most probable label has a probability in one range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Probabilities above this, in the first bin from this on.
    pub low: f64,
    /// Probabilities up to this.
    pub high: f64,
    /// How many rows.
    pub rows: u64,
    /// The mean probability of their most probable label; `None` without rows.
    pub probability: Option<f64>,
    /// How often that label is right; `None` without rows.
    pub right: Option<f64>,
}

impl Calibration {
    /// The calibration of these rows; `None` where no row has probabilities. `labels` is the number of labels that the
    /// probabilities are spread over: those of the model and those of gold that it does not know.
    pub fn of(outcomes: &Outcomes, labels: usize) -> Option<Calibration> {
        let bins = reliability(outcomes);
        let rows: u64 = bins.iter().map(|bin| bin.rows).sum();
        let gap = |bin: &ReliabilityBin| Some((bin.right? - bin.probability?).abs() * bin.rows as f64);
        let [brier, log_loss] = losses(outcomes, labels)?;
        Some(Calibration { ece: bins.iter().filter_map(gap).sum::<f64>() / rows as f64, brier, log_loss, bins })
    }
}

fn reliability(outcomes: &Outcomes) -> Vec<ReliabilityBin> {
    let mut sums = [(0, 0.0, 0); RELIABILITY_BINS];
    for top in top_labels(outcomes) {
        let bin = (top.probability * RELIABILITY_BINS as f64).ceil() as usize;
        let sum = &mut sums[bin.clamp(1, RELIABILITY_BINS) - 1];
        sum.0 += 1;
        sum.1 += top.probability;
        sum.2 += u64::from(top.right);
    }
    let edge = |bin: usize| bin as f64 / RELIABILITY_BINS as f64;
    let bins = sums.iter().enumerate().map(|(bin, &(rows, probability, right))| {
        let mean = |sum: f64| (rows > 0).then(|| sum / rows as f64);
        let (probability, right) = (mean(probability), mean(right as f64));
        ReliabilityBin { low: edge(bin), high: edge(bin + 1), rows, probability, right }
    });
    bins.collect()
}

/// Brier score and log loss.
fn losses(outcomes: &Outcomes, labels: usize) -> Option<[f64; 2]> {
    let clipped = |p: f64| p.clamp(LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY);
    let (mut squares, mut logs) = (Vec::new(), Vec::new());
    for row in outcomes.rows() {
        let Some((scored, probabilities)) = row.probabilities else { continue };
        let (mut square, mut log) = (0.0, 0.0);
        // Gold labels without a probability, and in a multi-label facet the others without one, are at 0.
        let mut missing = row.gold.len();
        for (label, &probability) in scored.iter().zip(probabilities) {
            let probability = if probability < LEAST_PROBABILITY { 0.0 } else { probability };
            let gold = row.gold.contains(label);
            missing -= usize::from(gold);
            square += if gold { (1.0 - probability).powi(2) } else { probability.powi(2) };
            if gold {
                log -= libm::log(clipped(probability));
            } else if outcomes.multi_label() {
                log -= libm::log(1.0 - clipped(probability));
            }
        }
        square += missing as f64;
        log -= missing as f64 * libm::log(LEAST_PROBABILITY);
        if outcomes.multi_label() {
            let others = labels.saturating_sub(scored.len() + missing);
            log -= others as f64 * libm::log(1.0 - LEAST_PROBABILITY);
            square /= labels.max(1) as f64;
            log /= labels.max(1) as f64;
        } else {
            log /= row.gold.len().max(1) as f64;
        }
        squares.push(square);
        logs.push(log);
    }
    let rows = squares.len() as f64;
    // Summed in an order that does not depend on that of the rows.
    let mean = |mut terms: Vec<f64>| {
        terms.sort_unstable_by(f64::total_cmp);
        terms.iter().sum::<f64>() / rows
    };
    (rows > 0.0).then(|| [mean(squares), mean(logs)])
}
