//! Labels against tags: how good is it?
//!
//! Pure counting, no files and no terminal. One [`Tally`] per label holds three integers; everything else follows:
//! precision, recall and F1 per label ([`Scores`]), micro, macro and weighted [`Averages`], accuracy or exact match,
//! coverage, and which label was taken for which ([`ConfusionPair`]). [`FacetEvaluation`] scores one facet row by row,
//! [`Evaluation`] holds them all; [`report`](crate::report) writes it out.
//!
//! What needs single rows comes from [`Outcomes`]: [`FacetDetails`] has [`Intervals`] by the [`Bootstrap`], the
//! majority-class [`Baseline`], [`Ranking`], [`RiskCoverage`] and [`Calibration`]; [`Mistakes`] keeps the surest ones.
//!
//! ```
//! use wiredesk::evaluate::{Bootstrap, Outcome, Outcomes};
//!
//! let mut outcomes = Outcomes::new("topic", false);
//! for (gold, predicted, p) in [("sport", "sport", 0.9), ("arts", "sport", 0.6), ("arts", "arts", 0.7)] {
//!     let other = if predicted == "sport" { "arts" } else { "sport" };
//!     let probabilities = [(predicted, p), (other, 1.0 - p)];
//!     outcomes.add(&Outcome { gold: &[gold], predicted: &[predicted], probabilities: Some(&probabilities), group: None });
//! }
//! let topic = outcomes.evaluation(&["arts", "sport"], &Bootstrap::default());
//! let details = topic.details().expect("just computed");
//! assert_eq!(details.baseline.as_ref().map(|baseline| baseline.label.as_str()), Some("arts"));
//! assert_eq!(details.risk_coverage.as_ref().map(|found| found.at[0].accuracy), Some(1.0));
//! ```
//!
//! The figures are those of scikit-learn's `classification_report` with `zero_division=0`, checked against it in
//! `tests/evaluate_oracle.rs` and `tests/probabilities_oracle.rs`. What is undefined stays undefined (`None`, `null`) and counts 0 only inside averages.
//!
//! [`Outcomes`] keeps rows instead of counts, for what counts cannot say: [`Bootstrap`] intervals, and
//! [`compare`] of two or more contestants over the same rows.
//!
//! # Shape when serialised
//!
//! Facets in the order given, labels in byte order, every figure between 0 and 1 or `null` where it is undefined:
//!
//! ```text
//! {"rows": N,
//!  "facets": {"topic": {
//!    "rows": …,                       rows scored in this facet
//!    "accuracy": …,                   single-label; "exact_match" in its place if multi-label
//!    "micro":    {"precision": …, "recall": …, "f1": …},
//!    "macro":    {"precision": …, "recall": …, "f1": …},
//!    "weighted": {"precision": …, "recall": …, "f1": …},
//!    "labels": {"arts": {"precision": …, "recall": …, "f1": …, "support": …, "predicted": …}, …},
//!    "confusion": [{"gold": "arts", "predicted": "sport", "rows": …}, …],
//!    "coverage": …}}}                 share of rows that were given at least one label
//! ```
//!
//! With [`FacetDetails`] follow `intervals`, `baseline` and, where there are probabilities, `mean_average_precision`, `top_k`,
//! `risk_coverage` and `calibration`, and in each label `f1_interval`, `average_precision` and `precision_recall`; with
//! [`Mistake`]s `errors`. A label with few rows has `"small_support": true`. `docs/formats.md` has the shapes.
//!
//! `confusion` lists every pair that occurs, correct ones included, most rows first, then by gold and predicted label;
//! `null` is "no label" and sorts last. See [`ConfusionPair`] for what a pair counts.

mod averages;
mod baseline;
mod bootstrap;
mod calibration;
pub mod compare;
mod confusion;
mod details;
mod details_view;
mod facet;
mod fold_figures;
mod holm;
mod intervals;
mod mcnemar;
mod mistakes;
mod outcomes;
mod patterns;
#[cfg(test)]
mod properties;
mod ranking;
mod risk_coverage;
mod scores;
mod suspicion;
mod tally;
mod top_label;
mod view;

pub use averages::Averages;
pub use baseline::Baseline;
pub use bootstrap::{Bootstrap, Interval};
pub use calibration::{Calibration, RELIABILITY_BINS, ReliabilityBin};
pub use confusion::ConfusionPair;
pub use details::{FacetDetails, SMALL_SUPPORT};
pub use facet::FacetEvaluation;
pub use fold_figures::{FoldFigures, FoldLine, MeanAndSd};
pub use holm::holm;
pub use intervals::{Intervals, ScoreIntervals};
pub use mcnemar::McNemar;
pub use mistakes::{Mistake, Mistakes};
pub use outcomes::{LEAST_PROBABILITY, Outcome, OutcomeRow, Outcomes};
pub use ranking::{CurvePoint, LabelRanking, Ranking, TOP_K};
pub use risk_coverage::{COVERAGES, CoveragePoint, RiskCoverage};
pub use scores::Scores;
pub use suspicion::{Suspicion, suspicions};
pub use tally::Tally;

/// An evaluation of all facets. [Serialises](self#shape-when-serialised) to the JSON of `evaluate --format json`.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// Rows read, whether or not they are labelled in every facet.
    pub rows: u64,
    /// One evaluation per facet, in the order in which they are shown; their names differ.
    pub facets: Vec<FacetEvaluation>,
}

impl Evaluation {
    /// The evaluation of a facet, if there is one of that name.
    pub fn facet(&self, name: &str) -> Option<&FacetEvaluation> {
        self.facets.iter().find(|facet| facet.name() == name)
    }

    /// Adds the rows of another evaluation: facets of the same name are merged, others are appended.
    pub fn merge(&mut self, other: Evaluation) {
        self.rows += other.rows;
        for theirs in other.facets {
            match self.facets.iter_mut().find(|ours| ours.name() == theirs.name()) {
                Some(ours) => ours.merge(&theirs),
                None => self.facets.push(theirs),
            }
        }
    }
}
