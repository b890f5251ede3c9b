//! linfa's targets as the labels of each row.

use linfa::dataset::{AsMultiTargets, AsSingleTargets};
use ndarray::{ArrayBase, ArrayView1, Data, Ix1, Ix2};

use crate::corpus::LabelId;

/// The labels of each row, and how many labels there are.
pub struct Targets {
    pub rows: Vec<Vec<u32>>,
    pub n_labels: usize,
    pub multi_label: bool,
}

impl Targets {
    pub fn single<S: Data<Elem = LabelId>>(targets: &ArrayBase<S, Ix1>) -> Self {
        let targets = targets.as_single_targets();
        let n_labels = targets.iter().map(|l| l.index() + 1).max().unwrap_or(0);
        Targets { rows: targets.iter().map(|l| vec![l.0]).collect(), n_labels, multi_label: false }
    }

    pub fn multi<S: Data<Elem = bool>>(targets: &ArrayBase<S, Ix2>) -> Self {
        let targets = targets.as_multi_targets();
        let labels_of = |row: ArrayView1<'_, bool>| (0..).zip(row).filter(|(_, t)| **t).map(|(k, _)| k).collect();
        let rows = targets.rows().into_iter().map(labels_of).collect();
        Targets { rows, n_labels: targets.ncols(), multi_label: true }
    }
}
