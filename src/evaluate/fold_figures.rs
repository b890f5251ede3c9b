//! How much the headline figures differ from fold to fold.

use serde::Serialize;

use super::{FacetEvaluation, Outcomes};

/// The figures of one facet in one fold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldLine {
    /// The fold, counted from 1.
    pub fold: usize,
    /// Rows scored.
    pub rows: u64,
    /// Accuracy, or exact match in a multi-label facet; micro-F1; macro-F1: in the order of [`FoldFigures::names`].
    pub figures: [Option<f64>; 3],
}

/// The headline figures of one facet, fold by fold.
///
/// The standard deviation says how much a figure moves with the rows that happen to be tested. It is no standard error of
/// the pooled figure: the folds share most of their training rows (Bengio and Grandvalet 2004, "No unbiased estimator of
/// the variance of K-fold cross-validation").
#[derive(Clone, Debug, PartialEq)]
pub struct FoldFigures {
    name: String,
    multi_label: bool,
    folds: Vec<FoldLine>,
}

/// Mean and standard deviation over folds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MeanAndSd {
    /// `Σx / n`.
    pub mean: Option<f64>,
    /// `√(Σ(x − mean)² / (n − 1))`; `None` for fewer than two folds.
    pub sd: Option<f64>,
}

impl FoldFigures {
    /// Figures of outcomes, `folds[i]` the fold of outcome i, counted from 0.
    pub fn new(outcomes: &Outcomes, folds: &[usize]) -> Self {
        let mut counts: Vec<Option<FacetEvaluation>> = Vec::new();
        let names = |numbers: &[u32]| -> Vec<&str> {
            numbers.iter().map(|&number| outcomes.labels()[number as usize].as_str()).collect()
        };
        for (row, &fold) in outcomes.rows().zip(folds) {
            if counts.len() <= fold {
                counts.resize(fold + 1, None);
            }
            counts[fold]
                .get_or_insert_with(|| FacetEvaluation::new(outcomes.name(), outcomes.multi_label()))
                .add(&names(row.gold), &names(row.predicted));
        }
        let lines = (1..).zip(counts).filter_map(|(fold, counts)| {
            let counts = counts?;
            let (exact, averages) = (counts.exact_share(), counts.averages());
            Some(FoldLine { fold, rows: counts.rows(), figures: [exact, averages.micro.f1, averages.macro_.f1] })
        });
        FoldFigures { name: outcomes.name().to_owned(), multi_label: outcomes.multi_label(), folds: lines.collect() }
    }

    /// The facet.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the figures: `accuracy` or `exact_match`, `micro_f1`, `macro_f1`.
    pub fn names(&self) -> [&'static str; 3] {
        [if self.multi_label { "exact_match" } else { "accuracy" }, "micro_f1", "macro_f1"]
    }

    /// The folds that have a row of the facet, in order.
    pub fn folds(&self) -> &[FoldLine] {
        &self.folds
    }

    /// Per figure, its mean and standard deviation over the folds where it is defined.
    pub fn over_folds(&self) -> [MeanAndSd; 3] {
        [0, 1, 2].map(|i| MeanAndSd::of(&self.folds.iter().filter_map(|line| line.figures[i]).collect::<Vec<_>>()))
    }
}

impl MeanAndSd {
    /// Of these values.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / n);
        let sd = mean.filter(|_| values.len() > 1).map(|mean| {
            let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
            (squares / (n - 1.0)).sqrt()
        });
        MeanAndSd { mean, sd }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Outcome;
    use super::*;

    #[test]
    fn the_deviation_is_that_of_a_sample() {
        // statistics.mean and statistics.stdev of Python.
        let found = MeanAndSd::of(&[0.8, 0.9, 0.7, 0.95]);
        assert!((found.mean.unwrap() - 0.8375).abs() < 1e-15);
        assert!((found.sd.unwrap() - 0.110867789130417).abs() < 1e-14);
        assert_eq!(MeanAndSd::of(&[0.5]), MeanAndSd { mean: Some(0.5), sd: None });
        assert_eq!(MeanAndSd::of(&[]), MeanAndSd { mean: None, sd: None });
    }

    #[test]
    fn each_fold_has_its_figures_and_a_fold_without_rows_none() {
        let mut topic = Outcomes::new("topic", false);
        for (gold, predicted) in [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")] {
            topic.add(&Outcome { gold: &[gold], predicted: &[predicted], ..Outcome::default() });
        }
        let figures = FoldFigures::new(&topic, &[1, 1, 3, 3]);
        let lines: Vec<(usize, u64, Option<f64>)> =
            figures.folds().iter().map(|line| (line.fold, line.rows, line.figures[0])).collect();
        assert_eq!(lines, [(2, 2, Some(0.5)), (4, 2, Some(1.0))]);
        let [accuracy, _, _] = figures.over_folds();
        assert_eq!((accuracy.mean, accuracy.sd), (Some(0.75), Some(0.3535533905932738)));
        assert_eq!(figures.names()[0], "accuracy");
    }
}
