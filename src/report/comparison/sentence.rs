//! What may be said, in one plain sentence.

use super::ComparisonReport;
use super::wording::{level, p_value, points};
use crate::evaluate::compare::{Difference, FacetComparison, PairComparison};
use crate::evaluate::{Bootstrap, Interval};
use crate::report::wording::printable;

/// The sentences of a comparison with the baseline, one a figure.
pub fn sentences(report: &ComparisonReport, facet: &FacetComparison, pair: &PairComparison) -> Vec<String> {
    let [baseline, challenger] = [0, pair.challenger].map(|c| printable(&facet.contestants[c].name));
    let names = [baseline.as_ref(), challenger.as_ref()];
    let several = facet.comparisons.len();
    pair.differences.iter().map(|difference| sentence(names, difference, several, &report.bootstrap)).collect()
}

/// "B is better than A on macro-F1 by 1.2 points (95 % CI 0.3 to 2.1, p = 0.004)", or that nothing can be claimed.
fn sentence([baseline, challenger]: [&str; 2], difference: &Difference, several: usize, drawn: &Bootstrap) -> String {
    let figure = difference.figure.words();
    let (Some(value), Some(interval), Some(p)) = (difference.value, difference.interval, difference.p_holm) else {
        return format!("nothing can be said on {figure} of {challenger} and {baseline}: it is undefined");
    };
    // The better one is the subject, so that the difference reads as a gain.
    let (better, worse, value, interval) = if value < 0.0 {
        (baseline, challenger, -value, Interval { low: -interval.high, high: -interval.low })
    } else {
        (challenger, baseline, value, interval)
    };
    let p = p_value(p);
    let p = if p.starts_with('<') { format!("p {p}") } else { format!("p = {p}") };
    let corrected = if several > 1 { format!(" by Holm over {several} comparisons") } else { String::new() };
    let (low, high) = (points(interval.low), points(interval.high));
    let sure = format!("{} CI {low} to {high}, {p}{corrected}", level(drawn));
    let by = points(value);
    if difference.is_claimed() {
        format!("{better} is better than {worse} on {figure} by {by} points ({sure})")
    } else if value == 0.0 {
        format!("no difference can be claimed between {better} and {worse} on {figure} (0.0 points, {sure})")
    } else {
        format!("no difference can be claimed on {figure} ({better} is {by} points above {worse}, {sure})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::compare::Figure;

    fn said(value: f64, low: f64, high: f64, p: f64, several: usize) -> String {
        let interval = Some(Interval { low, high });
        let (value, p) = (Some(value), Some(p));
        let difference = Difference { figure: Figure::MacroF1, value, interval, p, p_holm: p };
        sentence(["A", "B"], &difference, several, &Bootstrap::default())
    }

    #[test]
    fn the_better_one_is_named_first() {
        assert_eq!(
            said(0.012, 0.003, 0.021, 0.004, 1),
            "B is better than A on macro-F1 by 1.2 points (95 % CI 0.3 to 2.1, p = 0.004)"
        );
        assert_eq!(
            said(-0.012, -0.021, -0.003, 0.0001, 2),
            "A is better than B on macro-F1 by 1.2 points (95 % CI 0.3 to 2.1, p < 0.001 by Holm over 2 comparisons)"
        );
    }

    #[test]
    fn what_luck_could_give_is_not_claimed() {
        assert_eq!(
            said(0.003, -0.005, 0.011, 0.41, 1),
            "no difference can be claimed on macro-F1 (B is 0.3 points above A, 95 % CI −0.5 to 1.1, p = 0.41)"
        );
        assert_eq!(
            said(0.0, 0.0, 0.0, 1.0, 1),
            "no difference can be claimed between B and A on macro-F1 (0.0 points, 95 % CI 0.0 to 0.0, p = 1.00)"
        );
    }
}
