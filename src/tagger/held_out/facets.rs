//! What a facet is by all rows, whatever a fold leaves of them.

use std::collections::BTreeSet;

use crate::corpus::Row;
use crate::tagger::{EmptyCells, TrainError};

use super::{HeldOutError, Learner};

/// A facet as all rows say that it is.
#[derive(Clone, Debug)]
pub(super) struct WholeFacet {
    pub name: String,
    /// Its position in the labels of a row.
    pub column: usize,
    pub multi_label: bool,
    /// Whether an empty cell is an answer.
    pub empty_is_none: bool,
}

/// What training rows have of a facet.
pub(super) enum Present {
    /// No label at all.
    Nothing,
    /// One label and no other answer.
    Only(String),
    /// Something to tell apart.
    Enough,
}

impl WholeFacet {
    /// The facets that have labels, and the names of those that have none.
    pub fn all(rows: &[Row], names: &[String], learner: &Learner) -> Result<(Vec<Self>, Vec<String>), HeldOutError> {
        if rows.is_empty() {
            return Err(TrainError::NoRows.into());
        }
        if names.is_empty() {
            return Err(TrainError::NoFacets.into());
        }
        if let Some(facet) = learner.multi().iter().find(|facet| !names.contains(facet)) {
            return Err(TrainError::UnknownFacet { facet: facet.clone(), known: names.to_vec() }.into());
        }
        let (mut facets, mut left_out) = (Vec::new(), Vec::new());
        for (column, name) in names.iter().enumerate() {
            let most = rows.iter().filter_map(|row| row.labels.get(column)).map(Vec::len).max().unwrap_or(0);
            if most == 0 {
                left_out.push(name.clone());
                continue;
            }
            let asked = learner.multi().contains(name) || learner.empty() == EmptyCells::None;
            let multi_label = asked || most > 1;
            if multi_label && matches!(learner, Learner::Dense(_)) {
                return Err(HeldOutError::DenseMultiLabel { facet: name.clone() });
            }
            let empty_is_none = multi_label && learner.empty() != EmptyCells::Unlabelled;
            facets.push(WholeFacet { name: name.clone(), column, multi_label, empty_is_none });
        }
        if let Some(facet) = left_out.first()
            && (facets.is_empty() || !learner.leaves_out_unlabelled())
        {
            return Err(TrainError::NoLabels { facet: facet.clone(), rows: rows.len() as u64 }.into());
        }
        for facet in &facets {
            let all: Vec<usize> = (0..rows.len()).collect();
            if let Present::Only(label) = facet.present(rows, &all) {
                return Err(TrainError::OneLabel { facet: facet.name.clone(), label }.into());
            }
        }
        Ok((facets, left_out))
    }

    /// The labels of a row.
    pub fn gold<'r>(&self, row: &'r Row) -> &'r [String] {
        row.labels.get(self.column).map_or(&[], Vec::as_slice)
    }

    /// Whether a row says anything about the facet.
    pub fn is_labelled(&self, row: &Row) -> bool {
        self.empty_is_none || !self.gold(row).is_empty()
    }

    /// What these rows have of it.
    pub fn present(&self, rows: &[Row], among: &[usize]) -> Present {
        let mut labels: BTreeSet<&String> = BTreeSet::new();
        let mut says_none = false;
        for row in among.iter().map(|&row| &rows[row]) {
            let gold = self.gold(row);
            says_none |= gold.is_empty() && self.empty_is_none;
            labels.extend(gold);
            if labels.len() > 1 || (says_none && !labels.is_empty()) {
                return Present::Enough;
            }
        }
        labels.first().map_or(Present::Nothing, |label| Present::Only((*label).clone()))
    }
}
