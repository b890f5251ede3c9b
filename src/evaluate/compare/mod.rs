//! Which of two is better, and may one say so? Contestants over the same rows.
//!
//! [`FacetComparison::of`] takes the [`Outcomes`] of two or more contestants, a model or another tool's predictions
//! each, over the same rows. The first is the *baseline*; every other one is compared with it:
//!
//! - by a **paired bootstrap**: units are drawn with replacement, the same for all contestants, and the difference of
//!   accuracy (or exact match), micro-F1 and macro-F1 is computed again. Its middle 95 % are the interval.
//! - by **[`McNemar`]'s exact test** of the rows that only one of them gets right, in single-label facets;
//! - **label by label**: the difference of F1, and McNemar's test of the decision for or against the label, with
//!   [Holm's correction](crate::evaluate::holm) because many labels are asked.
//!
//! The p-value of a difference d is that level at which the percentile interval begins to hold 0 (Efron and
//! Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 15.4; for text, Koehn, *Statistical significance
//! tests for machine translation evaluation*, 2004): with d* the differences of the R draws,
//!
//! ```text
//! p = min(1, 2 min(#{d* ≤ 0} + 1, #{d* ≥ 0} + 1) / (R + 1))
//! ```
//!
//! The added ones keep p above 0: what never happened in R draws has a chance of about 1/R at most. With more than two contestants the
//! p-values of each figure are corrected by Holm over the comparisons, too. The figures themselves (three a facet) are
//! separate questions and not corrected for each other.
//!
//! McNemar's test takes rows for independent; where rows are grouped they are not, and it is left out.

mod error;
mod figure;
mod joint;
mod labels;
mod sums;
#[cfg(test)]
mod tests;

pub use error::CompareError;
pub use figure::{Figure, Measured};
pub use labels::LabelComparison;

use super::holm::holm_of_defined;
use super::{Bootstrap, Interval, McNemar, Outcomes};
use figure::Values;
use joint::Joint;
use sums::Sums;

/// Differences with a p-value below this are claimed.
pub const CLAIMED_BELOW: f64 = 0.05;

/// One facet, compared.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetComparison {
    /// The facet's name.
    pub name: String,
    /// Whether a row can have several labels.
    pub multi_label: bool,
    /// Rows compared.
    pub rows: u64,
    /// Groups of rows that were drawn together; `None` where each row is drawn by itself.
    pub groups: Option<u64>,
    /// The contestants, the baseline first.
    pub contestants: Vec<Contestant>,
    /// The others against the baseline, in their order.
    pub comparisons: Vec<PairComparison>,
}

/// The figures of one contestant.
#[derive(Clone, Debug, PartialEq)]
pub struct Contestant {
    /// Its name.
    pub name: String,
    /// The figures of [`Figure::of`].
    pub figures: [(Figure, Measured); 3],
}

/// One contestant against the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct PairComparison {
    /// Position of the challenger among the contestants; that of the baseline is 0.
    pub challenger: usize,
    /// The difference of each of the figures.
    pub differences: [Difference; 3],
    /// The test of rows that only one gets right; the first is the baseline. `None` in multi-label facets and where
    /// rows are grouped.
    pub mcnemar: Option<McNemar>,
    /// Its p-value after Holm's correction over the comparisons.
    pub mcnemar_p_holm: Option<f64>,
    /// Label by label, in byte order: all that occur in gold or in an answer of the two.
    pub labels: Vec<LabelComparison>,
}

/// The difference of a figure, challenger less baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Which figure.
    pub figure: Figure,
    /// On the rows as they are, −1 to 1.
    pub value: Option<f64>,
    /// Where it lies by the bootstrap.
    pub interval: Option<Interval>,
    /// How easily luck would give as large a difference.
    pub p: Option<f64>,
    /// The same after Holm's correction over the comparisons; with one comparison it is `p`.
    pub p_holm: Option<f64>,
}

impl Difference {
    /// Whether one may be called better: the corrected p-value is below [`CLAIMED_BELOW`].
    pub fn is_claimed(&self) -> bool {
        self.p_holm.is_some_and(|p| p < CLAIMED_BELOW)
    }
}

impl FacetComparison {
    /// Compares contestants, each a name and its outcomes, over the same rows in the same order. The result does not
    /// depend on that order. Groups are those of the first.
    ///
    /// # Errors
    /// When there are fewer than two, or their rows are not the same.
    pub fn of(contestants: &[(&str, &Outcomes)], bootstrap: &Bootstrap) -> Result<Self, CompareError> {
        let outcomes: Vec<&Outcomes> = contestants.iter().map(|&(_, outcomes)| outcomes).collect();
        let joint = Joint::of(&outcomes)?;
        let baseline = outcomes[0];
        let figures = Figure::of(baseline.multi_label());
        let sums = Sums::of(&joint, contestants.len());
        let draws: Vec<Vec<Values>> = bootstrap.draws(sums.units(), |times| sums.figures(times));
        let whole = sums.figures(&vec![1; sums.units()]);

        let measured = |contestant: usize, i: usize| Measured {
            value: whole[contestant][i],
            interval: bootstrap.interval(draws.iter().map(|draw| draw[contestant][i])),
        };
        let mut comparison = FacetComparison {
            name: baseline.name().to_owned(),
            multi_label: baseline.multi_label(),
            rows: joint.rows.len() as u64,
            groups: joint.grouped.then_some(sums.units() as u64),
            contestants: (contestants.iter().enumerate())
                .map(|(c, (name, _))| Contestant {
                    name: (*name).to_owned(),
                    figures: [0, 1, 2].map(|i| (figures[i], measured(c, i))),
                })
                .collect(),
            comparisons: Vec::new(),
        };
        let tallies = sums.counts();
        for challenger in 1..contestants.len() {
            let difference = |i: usize| {
                let less = |values: &[Values]| Some(values[challenger][i]? - values[0][i]?);
                let differences: Vec<Option<f64>> = draws.iter().map(|draw| less(draw)).collect();
                let p = p_value(&differences);
                Difference {
                    figure: figures[i],
                    value: less(&whole),
                    interval: bootstrap.interval(differences),
                    p,
                    p_holm: p,
                }
            };
            let single = !baseline.multi_label() && !joint.grouped;
            comparison.comparisons.push(PairComparison {
                challenger,
                differences: [0, 1, 2].map(difference),
                mcnemar: single.then(|| rows_test(&joint, challenger)),
                mcnemar_p_holm: None,
                labels: labels::compare(&joint, challenger, &tallies),
            });
        }
        comparison.correct();
        Ok(comparison)
    }

    /// Holm's correction: of each figure over the comparisons, and of the labels over all labels and comparisons.
    fn correct(&mut self) {
        for i in 0..3 {
            let p: Vec<Option<f64>> = self.comparisons.iter().map(|c| c.differences[i].p).collect();
            for (comparison, p) in self.comparisons.iter_mut().zip(holm_of_defined(&p)) {
                comparison.differences[i].p_holm = p;
            }
        }
        let p: Vec<Option<f64>> = self.comparisons.iter().map(|c| c.mcnemar.map(|test| test.p)).collect();
        for (comparison, p) in self.comparisons.iter_mut().zip(holm_of_defined(&p)) {
            comparison.mcnemar_p_holm = p;
        }
        let labels = || self.comparisons.iter().flat_map(|c| &c.labels);
        let p: Vec<Option<f64>> = labels().map(|label| label.test.map(|test| test.p)).collect();
        let corrected = holm_of_defined(&p);
        let labels = self.comparisons.iter_mut().flat_map(|c| &mut c.labels);
        labels.zip(corrected).for_each(|(label, p)| label.p_holm = p);
    }
}

/// The two-sided p-value of the differences of the draws; undefined ones are left out.
fn p_value(differences: &[Option<f64>]) -> Option<f64> {
    let defined = || differences.iter().flatten();
    let all = defined().count();
    if all == 0 {
        return None;
    }
    let (not_above, not_below) = (defined().filter(|&&d| d <= 0.0).count(), defined().filter(|&&d| d >= 0.0).count());
    Some((2.0 * (not_above.min(not_below) + 1) as f64 / (all + 1) as f64).min(1.0))
}

fn rows_test(joint: &Joint, challenger: usize) -> McNemar {
    let (mut only_baseline, mut only_challenger) = (0, 0);
    for row in &joint.rows {
        match (row.given[0] == row.gold, row.given[challenger] == row.gold) {
            (true, false) => only_baseline += 1,
            (false, true) => only_challenger += 1,
            _ => {}
        }
    }
    McNemar::exact(only_baseline, only_challenger)
}
