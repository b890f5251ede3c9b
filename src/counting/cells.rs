//! The counts of some features: per facet, how often each stood in rows of each label.
//!
//! Most features of a corpus are rare, and most rare ones are of one label: that cell lies beside the feature, and only
//! further ones go to a table. Per feature 8 bytes, and 12 for each facet; per further cell 16 and the table's slack.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::labels::RowLabels;
use crate::bayes::{BayesError, Extra};

/// The columns behind the labels have these numbers until all labels are known.
const FIRST_EXTRA: u32 = u32::MAX - 2;
const NONE: u32 = u32::MAX - 3;

fn extra(extra: Extra) -> u32 {
    FIRST_EXTRA + extra as u32
}

/// Counts of features numbered from 0.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    features: Vec<Seen>,
    facets: Vec<FacetCells>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    /// One more than the last row that held it.
    last_row: u32,
    /// How many rows held it.
    rows: u32,
}

#[derive(Clone, Debug, Default)]
struct FacetCells {
    first: Vec<First>,
    rest: HashMap<u64, u32, RandomState>,
}

/// The first label that a feature came with, and in how many labelled rows the feature stood.
#[derive(Clone, Copy, Debug)]
struct First {
    label: u32,
    count: u32,
    document_frequency: u32,
}

impl Cells {
    pub(super) fn new(n_facets: usize) -> Self {
        Cells { features: Vec::new(), facets: vec![FacetCells::default(); n_facets] }
    }

    pub(super) fn len(&self) -> usize {
        self.features.len()
    }

    /// How many rows held a feature.
    pub(super) fn rows(&self, feature: usize) -> u32 {
        self.features[feature].rows
    }

    /// Makes room for features up to this one.
    pub(super) fn reserve(&mut self, feature: usize) {
        if feature >= self.features.len() {
            self.features.resize(feature + 1, Seen { last_row: 0, rows: 0 });
            for facet in &mut self.facets {
                facet.first.resize(feature + 1, First { label: NONE, count: 0, document_frequency: 0 });
            }
        }
    }

    /// Counts a feature once in a row, which is the row `index` of `labels` and has the number `row` in all.
    #[inline]
    pub(super) fn add(&mut self, feature: usize, row: u32, index: usize, labels: &RowLabels) -> Result<(), BayesError> {
        let seen = &mut self.features[feature];
        let is_new = seen.last_row != row + 1;
        seen.last_row = row + 1;
        seen.rows += u32::from(is_new);
        for (number, facet) in self.facets.iter_mut().enumerate() {
            if let Some(labels) = labels.of(number, index) {
                facet.add(feature, labels, is_new)?;
            }
        }
        Ok(())
    }

    /// The counts of a facet, to be read feature by feature: `labels[old]` is the new number of a label.
    pub(super) fn facet<'a>(&'a self, facet: usize, labels: &'a [u32]) -> SortedCells<'a> {
        let facet = &self.facets[facet];
        let mut rest: Vec<(u32, u32, u32)> = Vec::with_capacity(facet.rest.len());
        rest.extend(facet.rest.iter().map(|(key, &count)| ((key >> 32) as u32, column(*key as u32, labels), count)));
        rest.sort_unstable();
        let mut starts = Vec::with_capacity(facet.first.len() + 1);
        let mut start = 0;
        for feature in 0..=facet.first.len() as u32 {
            while rest.get(start).is_some_and(|cell| cell.0 < feature) {
                start += 1;
            }
            starts.push(start as u32);
        }
        SortedCells { facet, labels, starts, rest }
    }
}

impl FacetCells {
    #[inline]
    fn add(&mut self, feature: usize, labels: &[u32], is_new_row: bool) -> Result<(), BayesError> {
        if let [label] = labels {
            self.first[feature].document_frequency += u32::from(is_new_row);
            return self.add_cell(feature, *label, 1);
        }
        if labels.is_empty() {
            self.add_cell(feature, extra(Extra::Empty), 1)?;
            return if is_new_row { self.add_cell(feature, extra(Extra::EmptyRows), 1) } else { Ok(()) };
        }
        self.first[feature].document_frequency += u32::from(is_new_row);
        for &label in labels {
            self.add_cell(feature, label, 1)?;
        }
        self.add_cell(feature, extra(Extra::Repeated), labels.len() as u32 - 1)
    }

    #[inline]
    fn add_cell(&mut self, feature: usize, label: u32, count: u32) -> Result<(), BayesError> {
        let first = &mut self.first[feature];
        if first.label == NONE {
            first.label = label;
        }
        let cell = match first.label == label {
            true => &mut first.count,
            false => self.rest.entry((feature as u64) << 32 | u64::from(label)).or_insert(0),
        };
        *cell = cell.checked_add(count).ok_or(BayesError::CountOverflow)?;
        Ok(())
    }
}

/// The final column of a label or of what stands behind the labels.
fn column(label: u32, labels: &[u32]) -> u32 {
    if label < NONE { labels[label as usize] } else { labels.len() as u32 + (label - FIRST_EXTRA) }
}

/// The counts of a facet with their final columns.
pub(super) struct SortedCells<'a> {
    facet: &'a FacetCells,
    labels: &'a [u32],
    starts: Vec<u32>,
    rest: Vec<(u32, u32, u32)>,
}

impl SortedCells<'_> {
    /// In how many labelled rows a feature stood.
    pub(super) fn document_frequency(&self, feature: usize) -> u32 {
        self.facet.first[feature].document_frequency
    }

    /// Adds the cells of a feature, columns ascending, to two arrays; gives their number.
    pub(super) fn append(&self, feature: usize, columns: &mut Vec<u32>, counts: &mut Vec<u32>) -> u32 {
        let First { label, count, .. } = self.facet.first[feature];
        let rest = &self.rest[self.starts[feature] as usize..self.starts[feature + 1] as usize];
        if label == NONE {
            return 0;
        }
        let label = column(label, self.labels);
        let before = rest.partition_point(|cell| cell.1 < label);
        let mut push = |column, count| {
            columns.push(column);
            counts.push(count);
        };
        rest[..before].iter().for_each(|cell| push(cell.1, cell.2));
        push(label, count);
        rest[before..].iter().for_each(|cell| push(cell.1, cell.2));
        rest.len() as u32 + 1
    }
}
