//! The figures of a whole facet in a few lines, for people.

use super::wording::{figure, printable, shares, thousands};
use crate::evaluate::{Averages, Baseline, FacetDetails, FacetEvaluation, Interval, Intervals, Scores};

/// Named lines: accuracy or exact match, averages with their intervals beside what the majority class is worth, and
/// what probabilities are good for. Without details only the first, and coverage unless it is 1.
pub(super) fn lines(facet: &FacetEvaluation) -> Vec<(&'static str, String)> {
    let Some(details) = facet.details() else {
        return shares(facet).into_iter().map(|(name, share)| (name, figure(share))).collect();
    };
    let mut lines = Vec::new();
    let mut shares = shares(facet).into_iter();
    let averages = facet.averages();
    let intervals = &details.intervals;
    if let Some((name, share)) = shares.next() {
        lines.push((name, beside(share, intervals, intervals.exact.as_ref(), details, |baseline| baseline.exact)));
    }
    let average = |of: fn(&Averages) -> Scores, interval| {
        beside(of(&averages).f1, intervals, interval, details, |baseline| of(&baseline.averages).f1)
    };
    // In a single-label facet where every row is answered, micro-F1 is accuracy again.
    if averages.micro.f1 != facet.accuracy() {
        lines.push(("micro-F1", average(|a| a.micro, intervals.micro.f1.as_ref())));
    }
    lines.push(("macro-F1", average(|a| a.macro_, intervals.macro_.f1.as_ref())));
    lines.extend(shares.map(|(name, share)| (name, figure(share))));
    lines.extend(of_probabilities(details));
    lines
}

/// A figure, its interval, and what the majority class would have.
fn beside(
    share: Option<f64>,
    intervals: &Intervals,
    interval: Option<&Interval>,
    details: &FacetDetails,
    worth: impl Fn(&Baseline) -> Option<f64>,
) -> String {
    let mut text = figure(share);
    if let Some(Interval { low, high }) = interval.filter(|i| i.low < i.high) {
        text.push_str(&format!(" ({} CI {low:.4}–{high:.4})", percent(intervals.level)));
    }
    if let Some(baseline) = &details.baseline {
        text.push_str(&format!("; majority class {}", figure(worth(baseline))));
    }
    text
}

fn of_probabilities(details: &FacetDetails) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if let Some(found) = &details.risk_coverage {
        let at = |(point, coverage): (&crate::evaluate::CoveragePoint, &f64)| {
            format!("{}: {:.4}", percent(*coverage), point.accuracy)
        };
        let at: Vec<String> = found.at.iter().zip(&crate::evaluate::COVERAGES).map(at).collect();
        lines.push(("surest rows right", at.join(", ")));
    }
    if let Some(ranking) = &details.ranking {
        if !ranking.top_k.is_empty() {
            let top: Vec<String> = ranking.top_k.iter().map(|(k, share)| format!("top {k}: {share:.4}")).collect();
            lines.push(("top-k accuracy", top.join(", ")));
        }
        lines.push((
            "average precision",
            format!("{} (macro: mean over labels)", figure(ranking.mean_average_precision)),
        ));
    }
    if let Some(found) = &details.calibration {
        let text = format!("ECE {:.4}, Brier {:.4}, log loss {:.4}", found.ece, found.brier, found.log_loss);
        lines.push(("calibration", text));
    }
    lines
}

/// What CI and majority class stand for.
pub(super) fn legend(details: &FacetDetails) -> Vec<String> {
    let intervals = &details.intervals;
    let unit = match (intervals.grouped, intervals.units) {
        (true, 1) => "group",
        (true, _) => "groups",
        (false, 1) => "row",
        (false, _) => "rows",
    };
    let (units, draws) = (thousands(intervals.units), thousands(intervals.replicates.into()));
    let mut legend = vec![if intervals.units < 2 {
        format!("no confidence intervals from {units} {unit}")
    } else {
        format!("CI: confidence interval, bootstrap over {units} {unit}, {draws} draws; none if all are alike")
    }];
    if let Some(baseline) = &details.baseline {
        legend.push(format!("majority class: always \"{}\"", printable(&baseline.label)));
    }
    legend
}

/// `95 %`, `97.5 %`.
fn percent(share: f64) -> String {
    format!("{} %", (share * 1000.0).round() / 10.0)
}
