//! Training of linear models: the rows are kept, not only their sums.

use rayon::prelude::*;

use linfa::ParamGuard;

use crate::bayes::nbsvm::{NbSvmParams, OutOfFold, Problem};
use crate::features::{BagOfWords, Blocks, Vocabulary};

use super::facet::{Classifier, FacetRows};
use super::trainer::SortedFacet;
use super::{EmptyCells, Facet, TrainError};

/// Up to this many rows, sequences of letters are tried as features, and kept by each facet where out-of-fold likelihood
/// is better with them: with few rows, or many forms of a word, words alone are too rare to learn from.
pub(super) const CHARACTER_ROWS: usize = 4000;

/// Rows of (provisional column, count), eight bytes a non-zero count.
#[derive(Debug, Default)]
pub(super) struct KeptRows {
    ends: Vec<usize>,
    cells: Vec<(u32, u32)>,
    /// Per row, a hash of its words: an order of the rows that depends on nothing else.
    keys: Vec<[u8; 16]>,
}

impl KeptRows {
    /// Adds a row.
    pub fn push(&mut self, row: &[(u32, u32)], key: [u8; 16]) {
        self.keys.push(key);
        self.cells.extend_from_slice(row);
        self.ends.push(self.cells.len());
    }

    /// The rows over final columns: `columns[provisional]`.
    fn into_bag(mut self, columns: &[u32], blocks: &Blocks) -> BagOfWords {
        let mut bag = BagOfWords::new(blocks.clone());
        let mut start = 0;
        for &end in &self.ends {
            let row = &mut self.cells[start..end];
            row.iter_mut().for_each(|(column, _)| *column = columns[*column as usize]);
            row.sort_unstable();
            bag.push(row.iter().copied());
            start = end;
        }
        bag
    }
}

/// Facets, the vocabulary that they need, and what out-of-fold scores say of each.
type Fitted = (Vec<Facet>, Vocabulary, Vec<(String, OutOfFold)>);

/// Fits all facets; the vocabulary that comes back holds the features that one of them uses.
pub(super) fn fit(
    facets: Vec<SortedFacet>,
    mut kept: KeptRows,
    vocabulary: &Vocabulary,
    columns: &[u32],
    params: NbSvmParams,
) -> Result<Fitted, TrainError> {
    let keys = std::mem::take(&mut kept.keys);
    let rows = keys.len();
    let bag = kept.into_bag(columns, vocabulary.blocks());
    let params = params.check()?;
    let try_characters = vocabulary.has_characters() && rows <= CHARACTER_ROWS;
    let fit_one = |mut facet: SortedFacet| {
        let labels = facet.labels_of_rows();
        let settings = facet.settings;
        let multi_label =
            settings.multi_label || settings.empty == EmptyCells::None || labels.iter().any(|of_row| of_row.len() > 1);
        let empty_counts = multi_label && settings.empty != EmptyCells::Unlabelled;
        let mut rows = FacetRows { by_label: vec![0; facet.labels.len()], ..FacetRows::default() };
        for of_row in &labels {
            of_row.iter().for_each(|&label| rows.by_label[label as usize] += 1);
            match of_row.len() {
                0 => rows.empty += 1,
                _ => rows.labelled += 1,
            }
        }
        facet.check_labels(empty_counts && rows.empty > 0)?;
        let takes_part = |row: usize| empty_counts || !labels[row].is_empty();
        let problem = Problem::new(&bag, &labels, facet.labels.len(), multi_label, Some(&keys), takes_part)?;
        let (mut model, mut out_of_fold) = params.fit_problem(&problem.with_characters(false))?;
        if let Some(plain) = out_of_fold.filter(|_| try_characters) {
            let (with, report) = params.fit_problem(&problem)?;
            if report.is_some_and(|r| r.log_likelihood > plain.log_likelihood) {
                (model, out_of_fold) = (with, report);
            }
        }
        Ok((facet, rows, model, out_of_fold))
    };
    let fitted: Vec<_> = facets.into_par_iter().map(fit_one).collect::<Result<_, TrainError>>()?;
    let mut keep = vec![false; vocabulary.n_features() as usize];
    for (_, _, model, _) in &fitted {
        model.parts().design.columns().iter().for_each(|&column| keep[column as usize] = true);
    }
    let (smaller, renumbered) = vocabulary.retain(keep);
    // What is left out has no number, and no design asks for it.
    let renumbered: Vec<u32> = renumbered.into_iter().map(|column| column.unwrap_or(u32::MAX)).collect();
    let mut done = Vec::new();
    let mut reports = Vec::new();
    for (facet, rows, model, out_of_fold) in fitted {
        reports.extend(out_of_fold.map(|report| (facet.name.clone(), report)));
        let model = model.renumbered(&renumbered, smaller.blocks());
        done.push(Facet::new(facet.name, facet.labels, facet.settings, rows, Classifier::NbSvm(Box::new(model))));
    }
    Ok((done, smaller, reports))
}
