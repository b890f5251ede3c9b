//! The figures on which contestants are compared.

use serde::Serialize;

use crate::evaluate::{Averages, Interval, Tally, tally::share};

/// A headline figure, named by how it averages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Single-label facets: the share of rows whose label is right.
    Accuracy,
    /// Multi-label facets: the share of rows whose labels are all right, and no others given.
    ExactMatch,
    /// F1 of all decisions together; every row counts alike.
    MicroF1,
    /// The plain mean of the labels' F1; every label counts alike.
    MacroF1,
}

impl Figure {
    /// The three figures of a facet.
    pub fn of(multi_label: bool) -> [Figure; 3] {
        [if multi_label { Figure::ExactMatch } else { Figure::Accuracy }, Figure::MicroF1, Figure::MacroF1]
    }

    /// The name in JSON and CSV: `accuracy`, `exact_match`, `micro_f1`, `macro_f1`.
    pub fn key(self) -> &'static str {
        match self {
            Figure::Accuracy => "accuracy",
            Figure::ExactMatch => "exact_match",
            Figure::MicroF1 => "micro_f1",
            Figure::MacroF1 => "macro_f1",
        }
    }

    /// The name in sentences: `accuracy`, `exact match`, `micro-F1`, `macro-F1`.
    pub fn words(self) -> &'static str {
        match self {
            Figure::Accuracy => "accuracy",
            Figure::ExactMatch => "exact match",
            Figure::MicroF1 => "micro-F1",
            Figure::MacroF1 => "macro-F1",
        }
    }
}

/// A figure of one contestant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// On the rows as they are, 0 to 1; `None` where it is undefined.
    pub value: Option<f64>,
    /// Where it lies by the bootstrap.
    pub interval: Option<Interval>,
}

/// The three figures in the order of [`Figure::of`].
pub(super) type Values = [Option<f64>; 3];

/// The figures that follow from counts.
pub(super) fn values(exact: u64, rows: u64, tallies: &[Tally]) -> Values {
    let averages = Averages::of(tallies);
    [share(exact, rows), averages.micro.f1, averages.macro_.f1]
}
