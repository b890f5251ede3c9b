//! How right the surest rows are: what a reader gains by answering less.

use serde::Serialize;

use super::Outcomes;
use super::top_label::{TopLabel, top_labels};

/// Accuracy among the surest share of rows, in percent steps: a risk-coverage curve (El-Yaniv and Wiener, *On the
/// Foundations of Noise-free Selective Classification*, JMLR 2010), accuracy being one less the risk.
///
/// A row is as sure as its most probable label is probable, and right if that label is a gold label: in a single-label
/// facet that is accuracy, in a multi-label one the share of rows whose most probable label is right, whatever else they
/// were given. Rows that are equally sure count in equal parts, so the order of rows decides nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskCoverage {
    /// The curve by rising coverage: a point for each percent, or for each row where there are fewer than a hundred.
    pub curve: Vec<CoveragePoint>,
    /// The points at [`COVERAGES`]. A coverage means the nearest whole number of rows, one at least.
    pub at: [CoveragePoint; 4],
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CoveragePoint {
    /// The share of rows, the surest.
    pub coverage: f64,
    /// The share of these whose most probable label is right; the expected one, where ties leave a choice.
    pub accuracy: f64,
    /// The probability of the least sure of them.
    pub probability: f64,
}

/// The coverages that reports show.
pub const COVERAGES: [f64; 4] = [0.8, 0.9, 0.95, 1.0];

impl RiskCoverage {
    /// The curve of these rows; `None` where no row has probabilities.
    pub fn of(outcomes: &Outcomes) -> Option<RiskCoverage> {
        let tops = top_labels(outcomes);
        if tops.is_empty() {
            return None;
        }
        let rows_at = |coverage: f64| ((coverage * tops.len() as f64).round_ties_even() as usize).max(1);
        let mut takes: Vec<usize> = (1..=100).map(|percent| rows_at(f64::from(percent) / 100.0)).collect();
        takes.dedup();
        let at = points(&tops, &COVERAGES.map(rows_at));
        Some(RiskCoverage { curve: points(&tops, &takes), at: std::array::from_fn(|i| at[i]) })
    }
}

/// The points after so many rows, ascending and at most all.
fn points(tops: &[TopLabel], takes: &[usize]) -> Vec<CoveragePoint> {
    let mut points = Vec::with_capacity(takes.len());
    let (mut before, mut right_before) = (0, 0);
    let mut takes = takes.iter().peekable();
    for level in tops.chunk_by(|a, b| a.probability == b.probability) {
        let right = level.iter().filter(|top| top.right).count();
        while let Some(&take) = takes.next_if(|&&take| take <= before + level.len()) {
            let part = (take - before) as f64 * right as f64 / level.len() as f64;
            points.push(CoveragePoint {
                coverage: take as f64 / tops.len() as f64,
                accuracy: (right_before as f64 + part) / take as f64,
                probability: level[0].probability,
            });
        }
        before += level.len();
        right_before += right;
    }
    points
}
