//! What a sceptic asks beyond counts, for one facet.

use std::collections::BTreeSet;

use super::patterns::Patterns;
use super::{Baseline, Bootstrap, Calibration, Intervals, Outcomes, Ranking, RiskCoverage};

/// Labels with fewer gold rows than this are marked in reports: one row more or less right moves their recall by ten
/// points or more.
pub const SMALL_SUPPORT: u64 = 10;

/// Everything about a facet that its counts cannot say. What needs probabilities is `None` where no row has them.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetDetails {
    /// How far the figures could be off by the luck of the rows.
    pub intervals: Intervals,
    /// What always giving the most frequent label is worth; `None` where no row has a label.
    pub baseline: Option<Baseline>,
    /// How well the probabilities rank.
    pub ranking: Option<Ranking>,
    /// How right the surest rows are.
    pub risk_coverage: Option<RiskCoverage>,
    /// Whether the probabilities mean what they say.
    pub calibration: Option<Calibration>,
}

impl FacetDetails {
    /// The details of these rows. `labels` are those that the tagger can give; gold labels beside them are known to be
    /// at probability 0. Where nobody can tell, none: then the labels that occur are all there are.
    pub fn of<S: AsRef<str>>(outcomes: &Outcomes, labels: &[S], bootstrap: &Bootstrap) -> FacetDetails {
        let patterns = Patterns::of(outcomes);
        let all: BTreeSet<&str> =
            labels.iter().map(AsRef::as_ref).chain(patterns.labels.iter().map(String::as_str)).collect();
        FacetDetails {
            intervals: Intervals::of_patterns(&patterns, bootstrap),
            baseline: Baseline::of_patterns(&patterns),
            ranking: Ranking::of(outcomes, all.len()),
            risk_coverage: RiskCoverage::of(outcomes),
            calibration: Calibration::of(outcomes, all.len()),
        }
    }
}
